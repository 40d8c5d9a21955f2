//! How a lesson is held, in one line: in the diary and in the sheet of a lesson. A plain link: it works without scripts.

use base::Lang;
use classbook_core::distance::{Format, Meeting};
use leptos::prelude::*;

use crate::t;

/// «дистанционно».
pub(super) fn words(format: Format, lang: Lang) -> &'static str {
    match format {
        Format::InPerson => t::distance_in_person(lang),
        Format::Distance => t::distance_distance(lang),
        Format::Mixed => t::distance_mixed(lang),
    }
}

/// «Дистанционно · Сферум · 10:15 · Подключиться»; nothing for a lesson at school. `subject` tells links of one day apart.
pub(crate) fn line(meeting: &Meeting, subject: &str, lang: Lang) -> Option<AnyView> {
    if meeting.format == Format::InPerson {
        return None;
    }
    let parts: Vec<String> = [
        Some(words(meeting.format, lang).to_owned()),
        meeting.platform.clone(),
        meeting.starts_at.map(kit::date::clock),
    ]
    .into_iter()
    .flatten()
    .collect();
    let link = meeting.link.clone().map(|address| {
        view! { " · "<a href=address target="_blank" rel="noopener noreferrer external" referrerpolicy="no-referrer" aria-label=t::distance_join_label(lang, subject)>{t::distance_join(lang)}</a> }
    });
    Some(view! { <p class="lesson-meet">{parts.join(" · ")}{link}</p> }.into_any())
}
