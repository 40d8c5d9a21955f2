//! `/journal/rules`: the school's rules of marking, by the day from which they hold.

use base::{AppError, Lang};
use classbook_core::grading::{Rewritten, Rule, Rules, in_force};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

use super::rule_form::RuleForm;
use super::{api, explain};
use crate::homework::FirstGrade;
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let data: Resource<Result<Rules, AppError>> = Resource::new_blocking(|| (), |()| api::rules());
    let lang = kit::lang();
    view! {
        <Title text=t::grading_title(lang)/>
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(rules) => page(rules, lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn page(rules: Rules, lang: Lang) -> AnyView {
    let may_edit = rules.may_edit;
    let rules = RwSignal::new(rules);
    let error = RwSignal::new(None::<AppError>);
    let said = RwSignal::new(None::<&'static str>);
    let adding = RwSignal::new(false);
    // what now holds is shown, whoever has changed it
    let refresh = move || {
        spawn_local(async move {
            if let Ok(now) = api::rules().await {
                rules.set(now);
            }
        });
    };
    let added = move || {
        adding.set(false);
        said.set(Some(t::grading_added(lang)));
        refresh();
    };
    let list = move || {
        rules.with(|all| {
            if all.rules.is_empty() {
                return view! { <kit::Empty title=t::grading_none(lang) text=t::grading_none_text(lang) icon="journal"/> }
                    .into_any();
            }
            let cards = all.rules.iter().map(|rule| {
                let id = rule.id;
                let state = state(all, rule);
                let withdraw = move |_| {
                    error.set(None);
                    said.set(None);
                    spawn_local(async move {
                        match api::withdraw_rule(id).await {
                            Ok(()) => said.set(Some(t::grading_withdrawn(lang))),
                            Err(e) => error.set(Some(e)),
                        }
                        refresh();
                    });
                };
                let button = (may_edit && state == State::ToCome).then(|| {
                    let day = kit::date::full(rule.terms.valid_from, lang);
                    view! { <button class="btn btn-small btn-quiet" type="button" aria-label=t::grading_withdraw_label(lang, day)
                        on:click=withdraw>{t::grading_withdraw(lang)}</button> }
                });
                view! { <li class="card stack">{card(rule, state, lang)}{button}</li> }
            });
            view! { <ul class="stack gr-rules">{cards.collect_view()}</ul> }.into_any()
        })
    };
    let form = move || {
        adding.get().then(|| {
            let seen = rules.get_untracked();
            view! { <RuleForm rules=seen done=Callback::new(move |()| added()) leave=Callback::new(move |()| adding.set(false))/> }
        })
    };
    view! {
        <div class="page stack">
            <nav class="crumbs" aria-label=t::grading_path(lang)><a href="/journal">{t::journal_journals(lang)}</a><span>{t::grading_title(lang)}</span></nav>
            <div class="page-head">
                <h1>{t::grading_title(lang)}</h1>
                {may_edit.then(|| view! {
                    <div class="page-actions">
                        <button class="btn btn-primary" type="button" disabled=move || adding.get()
                            on:click=move |_| { said.set(None); adding.set(true); }><kit::Icon name="plus"/>{t::grading_add(lang)}</button>
                    </div>
                })}
            </div>
            <p class="muted">{t::grading_note(lang)}</p>
            <kit::ErrorBanner error=error/>
            <div role="status">{move || said.get().map(|s| view! { <div class="banner banner-ok"><p>{s}</p></div> })}</div>
            {form}
            {list}
            {may_edit.then(|| view! { <FirstGrade/> })}
        </div>
    }
    .into_any()
}

/// Where a rule stands in time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// It holds for one grade at least.
    Holds,
    /// It begins later.
    ToCome,
    /// Others have taken its place.
    Past,
}

fn state(all: &Rules, rule: &Rule) -> State {
    if rule.terms.valid_from > all.today {
        return State::ToCome;
    }
    let holds = (rule.terms.grade_from..=rule.terms.grade_to)
        .any(|grade| in_force(&all.rules, grade, all.today).is_some_and(|r| r.id == rule.id));
    if holds { State::Holds } else { State::Past }
}

/// «5–9 классы».
fn grades(rule: &Rule, lang: Lang) -> String {
    let terms = &rule.terms;
    if terms.grade_from == 0 && terms.grade_to == 12 {
        t::grading_all_grades(lang).to_owned()
    } else if terms.grade_from == terms.grade_to {
        t::grading_one_grade(lang, terms.grade_from)
    } else {
        t::grading_some_grades(lang, terms.grade_from, terms.grade_to)
    }
}

fn card(rule: &Rule, state: State, lang: Lang) -> AnyView {
    let terms = &rule.terms;
    let (tone, word) = match state {
        State::Holds => ("ok", t::grading_holds(lang)),
        State::ToCome => ("info", t::grading_to_come(lang)),
        State::Past => ("", t::grading_past(lang)),
    };
    let yes = |is: bool| {
        if is {
            t::grading_yes(lang)
        } else {
            t::grading_no(lang)
        }
    };
    let minimums = if terms.minimums.is_empty() {
        t::grading_minimum_none(lang).to_owned()
    } else {
        let line = |m: &classbook_core::grading::Minimum| {
            let hours = explain::number(m.week_hours, lang);
            if m.week_hours.0 == 0 {
                t::grading_minimum_any(lang, m.marks)
            } else {
                t::grading_minimum_from(lang, hours, m.marks)
            }
        };
        terms.minimums.iter().map(line).collect::<Vec<_>>().join("; ")
    };
    let first = terms.is_for(1).then(|| {
        view! { <dt>{t::grading_first_grade(lang)}</dt><dd>{yes(terms.first_grade)}</dd> }
    });
    let rewritten = match terms.rewritten {
        Rewritten::New => t::grading_rewritten_new(lang),
        Rewritten::Both => t::grading_rewritten_both(lang),
    };
    let slips = match terms.slip_hours {
        0 => t::grading_slip_hours_none(lang).to_owned(),
        hours => t::grading_slip_hours_so_many(lang, i64::from(hours)),
    };
    let owed = terms.owed_days.map_or_else(
        || t::owed_days_none(lang).to_owned(),
        |days| t::owed_days_so_many(lang, i64::from(days)),
    );
    let who = t::grading_written_by(
        lang,
        kit::date::full(rule.at.date(), lang),
        kit::date::clock(rule.at.time()),
        &rule.by,
    );
    let reason = rule
        .reason
        .clone()
        .map(|r| view! { <dt>{t::grading_reason(lang)}</dt><dd>{r}</dd> });
    view! {
        <div class="card-head">
            <h2>{t::grading_from_day(lang, kit::date::full(terms.valid_from, lang))}</h2>
            <span class="badge" data-tone=tone>{word}</span>
        </div>
        <dl class="facts">
            <dt>{t::grading_for(lang)}</dt><dd>{grades(rule, lang)}</dd>
            <dt>{t::grading_average(lang)}</dt><dd>{explain::kind(terms, lang)}</dd>
            <dt>{t::grading_thresholds(lang)}</dt><dd>{explain::borders(terms, &[], lang)}<br/><span class="muted small">{t::grading_borders_of_five(lang)}</span></dd>
            <dt>{t::grading_year_up(lang)}</dt><dd>{t::grading_year_up_from(lang, explain::fixed(terms.year_up, lang))}</dd>
            <dt>{t::grading_minimum(lang)}</dt><dd>{minimums}</dd>
            {first}
            <dt>{t::grading_half_years(lang)}</dt><dd>{yes(terms.half_years)}</dd>
            <dt>{t::grading_interim(lang)}</dt><dd>{explain::interim(terms.interim, lang)}</dd>
            <dt>{t::grading_class_average(lang)}</dt><dd>{yes(terms.class_average)}</dd>
            <dt>{t::grading_rewritten(lang)}</dt><dd>{rewritten}{"; "}{slips}</dd>
            <dt>{t::owed_days(lang)}</dt><dd>{owed}</dd>
            <dt>{t::grading_act(lang)}</dt><dd>{explain::act(terms, lang)}</dd>
            {reason}
        </dl>
        <p class="small muted">{who}</p>
    }
    .into_any()
}
