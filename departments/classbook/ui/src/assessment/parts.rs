//! What both pages show alike: a state, what stands against a work.

use base::Lang;
use chrono::NaiveDate;
use classbook_core::assessment::{Remark, State};
use leptos::prelude::*;

use crate::t;

/// «чт, 3 дек».
pub(super) fn day(date: NaiveDate, lang: Lang) -> String {
    format!(
        "{}, {}",
        kit::date::weekday_short(date, lang),
        kit::date::day_month(date, lang)
    )
}

/// «на рассмотрении».
pub(super) fn badge(state: State, lang: Lang) -> impl IntoView {
    let (tone, words) = match state {
        State::Planned => ("info", t::assessment_planned(lang)),
        State::Approved => ("ok", t::assessment_approved(lang)),
        State::Returned => ("warn", t::assessment_returned(lang)),
    };
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

fn words(remark: &Remark, lang: Lang) -> String {
    match remark {
        Remark::Near {
            date,
            classes,
            days,
            need,
            ..
        } => t::assessment_near(lang, classes, kit::date::day_month(*date, lang), days, need),
        Remark::Share { count, most, .. } => t::assessment_share(lang, count, most),
        Remark::SameDay { subject, class, .. } => t::assessment_same_day(lang, class, subject),
        Remark::Edge { first: true, .. } => t::assessment_first(lang).to_owned(),
        Remark::Edge { first: false, .. } => t::assessment_last(lang).to_owned(),
        Remark::NoLesson => t::assessment_no_lesson_day(lang).to_owned(),
    }
}

/// Each remark with the row of the law behind it.
pub(super) fn remarks(remarks: &[Remark], lang: Lang) -> Option<AnyView> {
    if remarks.is_empty() {
        return None;
    }
    let lines = remarks.iter().map(|remark| {
        let clause = remark
            .basis()
            .map(|b| view! { <cite>{crate::homework::stands(b, lang)}</cite> });
        view! { <li><p class="norm" data-tone="warn"><b>{words(remark, lang)}</b>{clause}</p></li> }
    });
    Some(view! { <ul class="stack stack-s">{lines.collect_view()}</ul> }.into_any())
}
