//! A notice in words, in the list and in letters.

use base::Lang;
use chrono::{Datelike as _, NaiveDate};

use super::{Kind, Notice};
use crate::attendance::in_words;
use crate::t;

/// «25.11»: the browser's half of the dates' library does not write by a pattern.
fn day(date: NaiveDate) -> String {
    format!("{:02}.{:02}", date.day(), date.month())
}

/// «Отметка исправлена: 3 → 4».
#[must_use]
pub fn said(one: &Notice, lang: Lang) -> String {
    let (old, new) = (one.old.clone(), one.new.clone());
    match (one.kind, old, new) {
        (Kind::MarkNew, _, new) => t::notice_mark_new(lang, new.unwrap_or_default()),
        (Kind::MarkChanged, old, new) => {
            t::notice_mark_changed(lang, new.unwrap_or_default(), old.unwrap_or_default())
        }
        (Kind::MarkRemoved, old, _) => t::notice_mark_removed(lang, old.unwrap_or_default()),
        (Kind::Owed, old, Some(new)) => match (new.parse::<NaiveDate>(), old) {
            (Ok(until), None) => t::notice_owed_until(lang, day(until)),
            (Ok(until), Some(_)) => t::notice_owed_until_now(lang, day(until)),
            (Err(_), None) => t::notice_owed(lang).to_owned(),
            (Err(_), Some(_)) => t::notice_owed_some_day(lang).to_owned(),
        },
        (Kind::Owed, _, None) => t::notice_owed_gone(lang).to_owned(),
        (Kind::Absence, _, Some(new)) => t::notice_absence(lang, in_words(&new, lang)),
        (Kind::Absence, old, None) => t::notice_absence_gone(lang, in_words(&old.unwrap_or_default(), lang)),
        (Kind::Homework, _, new) => t::notice_homework(lang, new.unwrap_or_default()),
        (Kind::DisputeAnswered, ..) => t::notice_dispute_answered(lang).to_owned(),
        (Kind::WorkChanged, old, new) => {
            t::notice_work_changed(lang, new.unwrap_or_default(), old.unwrap_or_default())
        }
        (Kind::PeriodMark, None, new) => t::notice_period_mark(lang, new.unwrap_or_default()),
        (Kind::PeriodMark, Some(old), Some(new)) => t::notice_period_mark_changed(lang, new, old),
        (Kind::PeriodMark, Some(old), None) => t::notice_period_mark_gone(lang, old),
        // the reason is the school's own: who teaches reads it, a family does not
        (Kind::Cancellation, _, Some(why)) if one.pupil.is_none() => t::notice_cancelled_why(lang, why),
        (Kind::Cancellation, _, Some(_)) => t::notice_cancelled(lang).to_owned(),
        (Kind::Substitution, _, Some(number)) => t::notice_substitution(lang, number),
        (Kind::Substitution, number, None) => t::notice_substitution_over(lang, number.unwrap_or_default()),
        (Kind::Cancellation, _, None) => t::notice_restored(lang).to_owned(),
    }
}
