//! The school's terms: what holds, since when, by which act; set by who closes periods.

use base::{AppError, Lang};
use classbook_core::deadline::{Board, Rule, Term, Terms};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use crate::t;

/// «Тема — в день урока, задание — …».
pub(super) fn sentence(terms: &Terms, lang: Lang) -> String {
    let until = |days: i16| match days {
        0 => t::deadline_same_day(lang).to_owned(),
        n => t::deadline_days(lang, i64::from(n)),
    };
    let act = terms
        .act
        .clone()
        .map(|act| format!(" {}", t::deadline_by_act(lang, act)))
        .unwrap_or_default();
    let reasons = t::deadline_days(lang, i64::from(terms.reason_days));
    let rule = t::deadline_rule(
        lang,
        until(terms.homework_days),
        until(terms.marks_days),
        reasons,
        until(terms.topic_days),
    );
    let each = if terms.homework_each {
        format!(" {}", t::deadline_each(lang))
    } else {
        String::new()
    };
    format!("{rule}{each}{act}")
}

/// The rows, and a form for who may set them.
pub(super) fn rules(board: &Board, again: impl Fn() + Copy + Send + Sync + 'static, lang: Lang) -> AnyView {
    if board.rules.is_empty() && !board.may_edit {
        return ().into_any();
    }
    let error = RwSignal::new(None::<AppError>);
    let may_edit = board.may_edit;
    let rows = board
        .rules
        .iter()
        .map(|rule| {
            let (from, revision) = (rule.term.valid_from, rule.revision);
            let remove = move |_| {
                spawn_local(async move {
                    let answer = api::remove(from, revision).await;
                    error.set(answer.err());
                    again();
                });
            };
            view! {
                <li><b>{t::deadline_from(lang, kit::date::full(from, lang))}</b>" "{sentence(&rule.term.terms, lang)}
                    {may_edit.then(|| view! { " "<button class="btn btn-small btn-quiet" type="button" on:click=remove>{t::journal_remove(lang)}</button> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="card stack">
            <summary>{t::deadline_rules(lang)}</summary>
            <p class="muted small">{t::deadline_rules_note(lang)}</p>
            <ul class="stack stack-s">{rows}</ul>
            <kit::ErrorBanner error/>
            {may_edit.then(|| form(board, error, again, lang))}
        </details>
    }
    .into_any()
}

fn form(
    board: &Board,
    error: RwSignal<Option<AppError>>,
    again: impl Fn() + Copy + Send + Sync + 'static,
    lang: Lang,
) -> AnyView {
    let terms = board.rule.term.terms.clone();
    let known: Vec<Rule> = board.rules.clone();
    let (first, last) = board.year;
    let from = RwSignal::new(board.today.clamp(first, last).to_string());
    let topic = RwSignal::new(terms.topic_days.to_string());
    let homework = RwSignal::new(terms.homework_days.to_string());
    let marks = RwSignal::new(terms.marks_days.to_string());
    let reasons = RwSignal::new(terms.reason_days.to_string());
    let each = RwSignal::new(terms.homework_each);
    let act = RwSignal::new(terms.act.unwrap_or_default());
    let busy = RwSignal::new(false);
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Ok(valid_from) = from.get_untracked().parse::<chrono::NaiveDate>() else {
            error.set(Some(AppError::invalid("valid_from", t::deadline_no_date(lang))));
            return;
        };
        // what is no number is refused by the server as a wrong one
        let days = |text: RwSignal<String>| text.get_untracked().trim().parse().unwrap_or(-1);
        let terms = Terms {
            topic_days: days(topic),
            homework_days: days(homework),
            marks_days: days(marks),
            reason_days: days(reasons),
            homework_each: each.get_untracked(),
            act: Some(act.get_untracked()),
        };
        let revision = known
            .iter()
            .find(|r| r.term.valid_from == valid_from)
            .map_or(0, |r| r.revision);
        busy.set(true);
        spawn_local(async move {
            let answer = api::save(Term { valid_from, terms }, revision).await;
            busy.set(false);
            let done = answer.is_ok();
            error.set(answer.err());
            if done {
                again();
            }
        });
    };
    let number = |id: &'static str, label: &'static str, value: RwSignal<String>| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input id=id type="number" min="0" max="14" required inputmode="numeric" prop:value=value on:input=move |e| value.set(event_target_value(&e))/>
            </div>
        }
    };
    view! {
        <form class="stack" on:submit=save>
            <div class="field-row">
                <div class="field">
                    <label for="deadline-from">{t::deadline_valid_from(lang)}</label>
                    <input id="deadline-from" type="date" required min=first.to_string() max=last.to_string() prop:value=from on:input=move |e| from.set(event_target_value(&e))/>
                </div>
                {number("deadline-topic", t::deadline_topic_days(lang), topic)}
                {number("deadline-homework", t::deadline_homework_days(lang), homework)}
                {number("deadline-marks", t::deadline_marks_days(lang), marks)}
                {number("deadline-reasons", t::deadline_reason_days(lang), reasons)}
            </div>
            <label class="check"><input type="checkbox" prop:checked=each on:change=move |e| each.set(event_target_checked(&e))/><span>{t::deadline_each_field(lang)}</span></label>
            <div class="field">
                <label for="deadline-act">{t::deadline_act(lang)}</label>
                <input id="deadline-act" maxlength="200" prop:value=act on:input=move |e| act.set(event_target_value(&e))/>
            </div>
            <div><button class="btn btn-primary" type="submit" disabled=move || busy.get() aria-busy=move || busy.get().to_string()>{t::journal_save(lang)}</button></div>
        </form>
    }
    .into_any()
}
