//! Works in a list: what, how it stands in words, of which lesson.

use base::Lang;
use chrono::NaiveDate;
use classbook_core::attendance::in_words;
use classbook_core::owed::{Standing, Work, said};
use leptos::prelude::*;

use crate::t;

/// How a work stands: words, and a tone beside them.
pub(crate) fn badge(work: &Work, today: NaiveDate, lang: Lang) -> AnyView {
    let standing = work.owed.standing(today);
    let tone = match standing {
        Standing::Due => "info",
        Standing::Overdue | Standing::Late => "bad",
        Standing::InTime => "ok",
    };
    let words = said(&work.owed, standing, |day| kit::date::day_month(day, lang), lang);
    view! { <span class="badge" data-tone=tone>{words}</span> }.into_any()
}

/// «урок 20 ноября, болел; оценка 4».
pub(crate) fn note(work: &Work, lang: Lang) -> String {
    let date = kit::date::day_month(work.date, lang);
    let lesson = match &work.absence {
        Some(why) => t::owed_line_absent(lang, date, in_words(why, lang)),
        None => t::owed_line_lesson(lang, date),
    };
    let mark = work.code.as_ref().map(|code| t::owed_mark(lang, code));
    [Some(lesson), mark, work.comment.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

/// Works of one pupil; `named`: with their subjects.
pub(crate) fn works<'a>(
    all: impl Iterator<Item = &'a Work>,
    today: NaiveDate,
    named: bool,
    lang: Lang,
) -> AnyView {
    let items = all.map(|work| {
        let name = if named {
            t::owed_line(lang, &work.subject, work.name())
        } else {
            work.name()
        };
        view! { <li><span><b>{name}</b><small class="muted">{note(work, lang)}</small></span>{badge(work, today, lang)}</li> }
    });
    view! { <ul class="owed-list">{items.collect_view()}</ul> }.into_any()
}
