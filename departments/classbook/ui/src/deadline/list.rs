//! Lessons of which something is due, each a way into its journal.

use base::Lang;
use chrono::NaiveDate;
use classbook_core::deadline::{Debt, Kind};
use leptos::prelude::*;

use crate::t;

/// Draws them; `named`: with the teacher.
pub fn list(debts: &[Debt], today: NaiveDate, named: bool, lang: Lang) -> AnyView {
    let rows = debts.iter().map(|d| row(d, today, named, lang)).collect_view();
    view! { <ul class="list card card-flush">{rows}</ul> }.into_any()
}

fn row(debt: &Debt, today: NaiveDate, named: bool, lang: Lang) -> AnyView {
    let (tone, words) = if debt.late(today) {
        let days = (today - debt.due).num_days();
        ("bad", t::deadline_late(lang, days))
    } else if debt.due == today {
        ("warn", t::deadline_today(lang).to_owned())
    } else {
        (
            "info",
            t::deadline_until(lang, kit::date::day_month(debt.due, lang)),
        )
    };
    let load = debt.load.unwrap_or(base::LoadId(0));
    let class = debt.classes.first().copied().unwrap_or(base::ClassId(0));
    let (what, href) = match debt.lesson {
        _ if debt.kind == Kind::Reasons => (
            t::deadline_reasons_of(lang, debt.pupils),
            format!("/attendance/{class}"),
        ),
        Some(lesson) => {
            let words = format!(
                "{}, {}",
                kit::date::day_month(debt.date, lang),
                t::journal_lesson_number(lang, debt.number)
            );
            let period = debt.period.map(|p| format!("period={p}&")).unwrap_or_default();
            (words, format!("/journal/{load}?{period}lesson={lesson}"))
        }
        None => (
            t::deadline_pupils(lang, debt.pupils),
            format!("/journal/{load}/totals"),
        ),
    };
    let title = if debt.subject.is_empty() {
        debt.audience.clone()
    } else {
        format!("{}, {}", debt.audience, debt.subject)
    };
    let teacher = named.then(|| view! { <small class="muted">{debt.teacher_name.clone()}</small> });
    view! {
        <li>
            <a class="list-link deadline-row" href=href>
                <span class="deadline-what"><b>{title}</b><small class="muted">{what}</small>{teacher}</span>
                <span class="spacer"></span>
                <span>{debt.title(lang)}</span>
                <span class="badge" data-tone=tone>{words}</span>
            </a>
        </li>
    }
    .into_any()
}
