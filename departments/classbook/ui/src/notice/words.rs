//! A notice and its kinds in words.

use base::Lang;
use classbook_core::notice::{Channel, Kind, Notice};

use crate::t;

/// «Отметка исправлена: 3 → 4».
pub fn said(one: &Notice, lang: Lang) -> String {
    let (old, new) = (one.old.clone(), one.new.clone());
    match (one.kind, old, new) {
        (Kind::MarkNew, _, new) => t::notice_mark_new(lang, new.unwrap_or_default()),
        (Kind::MarkChanged, old, new) => {
            t::notice_mark_changed(lang, new.unwrap_or_default(), old.unwrap_or_default())
        }
        (Kind::MarkRemoved, old, _) => t::notice_mark_removed(lang, old.unwrap_or_default()),
        (Kind::Absence, _, Some(new)) => t::notice_absence(lang, new),
        (Kind::Absence, old, None) => t::notice_absence_gone(lang, old.unwrap_or_default()),
        (Kind::Homework, _, new) => t::notice_homework(lang, new.unwrap_or_default()),
        (Kind::DisputeAnswered, ..) => t::notice_dispute_answered(lang).to_owned(),
        (Kind::PeriodMark, None, new) => t::notice_period_mark(lang, new.unwrap_or_default()),
        (Kind::PeriodMark, Some(old), Some(new)) => t::notice_period_mark_changed(lang, new, old),
        (Kind::PeriodMark, Some(old), None) => t::notice_period_mark_gone(lang, old),
    }
}

/// The kind's name in the settings.
pub fn kind(kind: Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::MarkNew => t::notice_kind_mark_new(lang),
        Kind::MarkChanged => t::notice_kind_mark_changed(lang),
        Kind::MarkRemoved => t::notice_kind_mark_removed(lang),
        Kind::Absence => t::notice_kind_absence(lang),
        Kind::Homework => t::notice_kind_homework(lang),
        Kind::DisputeAnswered => t::notice_kind_dispute_answered(lang),
        Kind::PeriodMark => t::notice_kind_period_mark(lang),
    }
}

/// The channel's name in the settings.
pub fn channel(channel: Channel, lang: Lang) -> &'static str {
    match channel {
        Channel::App => t::notice_in_app(lang),
        Channel::Email => t::notice_by_email(lang),
        Channel::Push => t::notice_by_push(lang),
    }
}
