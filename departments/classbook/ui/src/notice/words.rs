//! Kinds and channels in words.

use base::Lang;
use classbook_core::notice::{Channel, Kind};

use crate::t;

/// The kind's name in the settings: of a child's, or of one's own.
pub fn kind(kind: Kind, own: bool, lang: Lang) -> &'static str {
    match kind {
        Kind::MarkNew => t::notice_kind_mark_new(lang),
        Kind::MarkChanged => t::notice_kind_mark_changed(lang),
        Kind::MarkRemoved => t::notice_kind_mark_removed(lang),
        Kind::Owed => t::notice_kind_owed(lang),
        Kind::Absence => t::notice_kind_absence(lang),
        Kind::Homework => t::notice_kind_homework(lang),
        Kind::DisputeAnswered => t::notice_kind_dispute_answered(lang),
        Kind::PeriodMark => t::notice_kind_period_mark(lang),
        Kind::WorkChanged => t::notice_kind_work_changed(lang),
        Kind::Substitution if own => t::notice_kind_substitution(lang),
        Kind::Substitution => t::notice_kind_other_teacher(lang),
        Kind::DayOff => t::notice_kind_day_off(lang),
        Kind::Distance => t::notice_kind_distance(lang),
        Kind::Timetable => t::notice_kind_timetable(lang),
        Kind::DisputeAsked => t::notice_kind_dispute_asked(lang),
        Kind::AbsenceTold => t::notice_kind_absence_told(lang),
        Kind::RequestAsked => t::notice_kind_request_asked(lang),
        Kind::RequestAnswered => t::notice_kind_request_answered(lang),
        Kind::Cancellation => t::notice_kind_cancellation(lang),
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
