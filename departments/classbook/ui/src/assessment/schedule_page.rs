//! `/assessments`: the schedule of the school or of a parallel, week by week, to approve or return.

use base::{AppError, Lang};
use chrono::NaiveDate;
use classbook_core::assessment::{Fact, Schedule, State, Work};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{api, parts};
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let query = use_query_map();
    let grade = move || query.with(|q| q.get("grade").and_then(|g| g.parse::<i16>().ok()));
    let data = Resource::new_blocking(grade, api::schedule);
    let lang = kit::lang();
    view! {
        <Title text=t::assessment_schedule(lang)/>
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || {
                let asked = grade();
                Suspend::new(async move {
                    match data.await {
                        Ok(schedule) => page(schedule, asked),
                        Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

fn page(schedule: Schedule, grade: Option<i16>) -> AnyView {
    let lang = kit::lang();
    let tabs = std::iter::once(None)
        .chain(schedule.grades.iter().copied().map(Some))
        .map(|g| {
            let href = g.map_or_else(
                || "/assessments".to_owned(),
                |g| format!("/assessments?grade={g}"),
            );
            let words = g.map_or_else(
                || t::assessment_all(lang).to_owned(),
                |g| t::assessment_grade(lang, g),
            );
            view! { <a href=href aria-current=(g == grade).then_some("page")>{words}</a> }
        });
    let waiting = schedule
        .works
        .iter()
        .filter(|w| w.state == State::Planned)
        .count();
    let waiting = i64::try_from(waiting).unwrap_or(0);
    let may = schedule.may_decide;
    let shown = RwSignal::new(schedule.works);
    let error = RwSignal::new(None::<AppError>);
    let said = RwSignal::new(None::<&'static str>);
    let desk = Deciding {
        shown,
        error,
        said,
        grade,
        may,
        lang,
    };
    let only = RwSignal::new(false);
    let weeks = move || {
        let mut works = shown.get();
        if only.get() {
            works.retain(|w| w.fact.is_some_and(Fact::asks));
        }
        if works.is_empty() {
            return view! { <kit::Empty title=t::assessment_empty(lang) text=t::assessment_empty_text(lang) icon="journal"/> }.into_any();
        }
        let mut mondays: Vec<NaiveDate> = works.iter().map(|w| kit::date::monday(w.planned.date)).collect();
        mondays.dedup();
        mondays
            .into_iter()
            .map(|monday| {
                let own: Vec<Work> = works
                    .iter()
                    .filter(|w| kit::date::monday(w.planned.date) == monday)
                    .cloned()
                    .collect();
                let id = format!("week-{monday}");
                let span = kit::date::span(monday, kit::date::plus_days(monday, 6), lang);
                view! {
                    <section class="stack stack-s" aria-labelledby=id.clone()>
                        <h2 id=id.clone()>{span}</h2>
                        <ul class="stack stack-s">{own.into_iter().map(|w| row(desk, w)).collect_view()}</ul>
                    </section>
                }
            })
            .collect_view()
            .into_any()
    };
    view! {
        <div class="page stack">
            <nav class="crumbs" aria-label=t::assessment_path(lang)><a href="/journal">{t::journal_journals(lang)}</a><span>{t::assessment_schedule(lang)}</span></nav>
            <div class="page-head">
                <h1>{t::assessment_schedule(lang)}</h1>
                <p class="page-note">{t::assessment_waiting(lang, waiting)}</p>
                <div class="page-actions"><a class="btn" href="/api/assessment/table" download="" rel="external"><kit::Icon name="import"/>{t::assessment_download(lang)}</a></div>
            </div>
            <nav class="tabs" aria-label=t::assessment_parallels(lang)>{tabs.collect_view()}</nav>
            <kit::ErrorBanner error/>
            <div role="status">{move || said.get().map(|s| view! { <div class="banner banner-ok"><p>{s}</p></div> })}</div>
            {against_fact(shown, only, lang)}
            {weeks}
        </div>
    }
    .into_any()
}

/// How many works of the plan did not come into the journal, and a way to see them alone.
fn against_fact(shown: RwSignal<Vec<Work>>, only: RwSignal<bool>, lang: Lang) -> AnyView {
    let count = move |which: fn(Fact) -> bool| {
        shown.with(|all| {
            let found = all.iter().filter(|w| w.fact.is_some_and(which));
            i64::try_from(found.count()).unwrap_or(0)
        })
    };
    let missing = move || count(|f| f == Fact::Missing);
    let without = move || count(Fact::without_lesson);
    // the last of them was mended: what is shown is everything again
    Effect::new(move || {
        if missing() + without() == 0 {
            only.set(false);
        }
    });
    view! {
        <Show when={move || missing() + without() > 0}>
            <section class="banner banner-warn" aria-label=t::assessment_plan_and_fact(lang)>
                {move || Some(missing()).filter(|n| *n > 0).map(|n| view! { <p>{t::assessment_are_missing(lang, n)}</p> })}
                {move || Some(without()).filter(|n| *n > 0).map(|n| view! { <p>{t::assessment_are_without(lang, n)}</p> })}
                <button class="btn btn-small" type="button" aria-pressed=move || only.get().to_string() on:click=move |_| only.update(|o| *o = !*o)>{t::assessment_only_these(lang)}</button>
            </section>
        </Show>
    }
    .into_any()
}

#[derive(Clone, Copy)]
struct Deciding {
    shown: RwSignal<Vec<Work>>,
    error: RwSignal<Option<AppError>>,
    said: RwSignal<Option<&'static str>>,
    grade: Option<i16>,
    may: bool,
    lang: Lang,
}

impl Deciding {
    fn decide(self, work: &Work, approve: bool, note: String) {
        let (id, version, lang) = (work.id, work.version, self.lang);
        self.error.set(None);
        self.said.set(None);
        spawn_local(async move {
            let answer = api::decide(id, approve, note, version).await;
            if let Ok(schedule) = api::schedule(self.grade).await {
                self.shown.try_set(schedule.works);
            }
            match answer {
                Ok(()) => {
                    let words = if approve {
                        t::assessment_was_approved(lang)
                    } else {
                        t::assessment_was_returned(lang)
                    };
                    self.said.try_set(Some(words));
                }
                Err(e) => {
                    self.error.try_set(Some(e));
                }
            }
        });
    }
}

fn row(desk: Deciding, work: Work) -> AnyView {
    let lang = desk.lang;
    let p = &work.planned;
    let head = format!("{}, {}: {}", work.audience, p.subject_name, p.title);
    let when = format!(
        "{}, {}",
        parts::day(p.date, lang),
        t::journal_lesson_number(lang, p.slot + 1)
    );
    let about = t::assessment_about(lang, &work.kind, i64::from(p.minutes));
    let group = (!p.whole_class).then(|| t::assessment_not_whole(lang));
    let note = RwSignal::new(String::new());
    let approved = work.clone();
    let returned = work.clone();
    let buttons = desk.may.then(|| {
        let id = format!("assessment-note-{}", work.id);
        view! {
            <div class="cluster">
                {(work.state != State::Approved).then(|| view! { <button class="btn btn-small" type="button" aria-label=t::assessment_approve_label(lang, &head) on:click=move |_| desk.decide(&approved, true, String::new())>{t::assessment_approve(lang)}</button> })}
                <details>
                    <summary>{t::assessment_return(lang)}</summary>
                    <form class="stack stack-s" on:submit=move |e: web_sys::SubmitEvent| { e.prevent_default(); desk.decide(&returned, false, note.get_untracked()); }>
                        <div class="field"><label for=id.clone()>{t::assessment_return_words(lang)}</label>
                            <input id=id required maxlength="500" prop:value=note on:input=move |e| note.set(event_target_value(&e))/></div>
                        <button class="btn btn-small" type="submit">{t::assessment_return_do(lang)}</button>
                    </form>
                </details>
            </div>
        }
    });
    view! {
        <li class="card stack stack-s">
            <div class="card-head"><h3>{head.clone()}</h3>{parts::badge(work.state, lang)}</div>
            <p class="small muted">{when}" · "{about}" · "{work.by.clone()}{group.map(|g| format!(" · {g}"))}</p>
            {work.note.clone().map(|note| view! { <p><b>{t::assessment_deputy_says(lang)}</b>" "{note}</p> })}
            {parts::fact(&work, lang)}
            {parts::remarks(&work.remarks, lang)}
            {buttons}
        </li>
    }
    .into_any()
}
