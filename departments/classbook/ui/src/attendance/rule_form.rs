//! What the school counts as a missed day, week and month: rows with their first day, and a form for who sets them.

use base::{AppError, Lang};
use chrono::NaiveDate;
use classbook_core::attendance::{NotionRow, Notions};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use crate::t;

/// «Пропущенный день — 3 урока и больше…».
pub(super) fn sentence(notions: &Notions, lang: Lang) -> String {
    let rule = t::attendance_notions(
        lang,
        notions.day_lessons,
        notions.month_percent,
        notions.week_percent,
    );
    match &notions.act {
        Some(act) => format!("{rule} {}", t::deadline_by_act(lang, act)),
        None => format!("{rule} {}", t::attendance_usual(lang)),
    }
}

/// The section of who may set them.
pub(super) fn section(
    rules: Vec<NotionRow>,
    again: impl Fn() + Copy + Send + Sync + 'static,
    lang: Lang,
) -> AnyView {
    let rows = rules
        .iter()
        .map(|r| {
            let from = kit::date::full(r.valid_from, lang);
            view! { <li><b>{t::deadline_from(lang, from)}</b>" "{sentence(&r.notions, lang)}</li> }
        })
        .collect_view();
    let none = rules
        .is_empty()
        .then(|| view! { <p>{sentence(&Notions::default(), lang)}</p> });
    view! {
        <details class="card stack">
            <summary>{t::attendance_rules(lang)}</summary>
            {none}
            <ul class="stack stack-s">{rows}</ul>
            {form(rules, again, lang)}
        </details>
    }
    .into_any()
}

fn form(rules: Vec<NotionRow>, again: impl Fn() + Copy + Send + Sync + 'static, lang: Lang) -> AnyView {
    let held = rules.first().map(|r| r.notions.clone()).unwrap_or_default();
    let error = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    let from = RwSignal::new(String::new());
    let day = RwSignal::new(held.day_lessons.to_string());
    let week = RwSignal::new(held.week_percent.to_string());
    let month = RwSignal::new(held.month_percent.to_string());
    let act = RwSignal::new(held.act.unwrap_or_default());
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(valid_from) = from.get_untracked().parse::<NaiveDate>() else {
            error.set(Some(AppError::invalid("valid_from", t::deadline_no_date(lang))));
            return;
        };
        // what is no number is refused by the server as a wrong one
        let number = |text: RwSignal<String>| text.get_untracked().trim().parse().unwrap_or(-1);
        let row = NotionRow {
            valid_from,
            notions: Notions {
                day_lessons: number(day),
                week_percent: number(week),
                month_percent: number(month),
                act: Some(act.get_untracked()),
                since: None,
            },
            revision: rules
                .iter()
                .find(|r| r.valid_from == valid_from)
                .map_or(0, |r| r.revision),
        };
        busy.set(true);
        spawn_local(async move {
            let answer = api::save_rule(row).await;
            busy.set(false);
            let done = answer.is_ok();
            error.set(answer.err());
            if done {
                again();
            }
        });
    };
    let number = |id: &'static str, label: &'static str, max: &'static str, value: RwSignal<String>| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input id=id type="number" min="1" max=max required inputmode="numeric" prop:value=value on:input=move |e| value.set(event_target_value(&e))/>
            </div>
        }
    };
    view! {
        <form class="stack" on:submit=save>
            <kit::ErrorBanner error/>
            <div class="field-row">
                <div class="field">
                    <label for="notion-from">{t::deadline_valid_from(lang)}</label>
                    <input id="notion-from" type="date" required prop:value=from on:input=move |e| from.set(event_target_value(&e))/>
                </div>
                {number("notion-day", t::attendance_day_lessons(lang), "12", day)}
                {number("notion-week", t::attendance_week_percent(lang), "99", week)}
                {number("notion-month", t::attendance_month_percent(lang), "100", month)}
            </div>
            <div class="field">
                <label for="notion-act">{t::deadline_act(lang)}</label>
                <input id="notion-act" maxlength="200" prop:value=act on:input=move |e| act.set(event_target_value(&e))/>
            </div>
            <div><button class="btn btn-primary" type="submit" disabled=move || busy.get() aria-busy=move || busy.get().to_string()>{t::journal_save(lang)}</button></div>
        </form>
    }
    .into_any()
}
