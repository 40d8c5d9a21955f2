//! Reasons of the judge as sentences: a short one for the cell, a full one with the clause for the panel.

use base::Lang;
use timetable::{CardIx, ClassIx, LimitKind, NormId, Problem, Reason, RoomFault, RoomIx, TeacherIx};

use super::board::BoardData;
use super::norms::NormRow;
use crate::t;

fn class(data: &BoardData, ix: ClassIx) -> &str {
    data.classes.get(ix.ix()).map_or("—", |c| c.name.as_str())
}

fn teacher(data: &BoardData, ix: TeacherIx) -> &str {
    data.teachers.get(ix.ix()).map_or("—", |t| t.name.as_str())
}

fn room(data: &BoardData, ix: RoomIx) -> &str {
    data.rooms.get(ix.ix()).map_or("—", |r| r.name.as_str())
}

/// «Физика, 7А»: a card in a sentence.
#[must_use]
pub fn lesson(data: &BoardData, card: CardIx) -> String {
    let subject = data.subject_of(card).map_or("—", |s| s.name.as_str());
    let audience = data.audience_of(card);
    if audience.is_empty() {
        subject.to_owned()
    } else {
        format!("{subject}, {audience}")
    }
}

/// «Вт, 3 урок» or, where slots have names of their own, «Вт, 10:00».
#[must_use]
pub fn place(lang: Lang, data: &BoardData, day: u16, slot: u16) -> String {
    let name = |list: &[String], n: u16| list.get(usize::from(n)).cloned().unwrap_or_default();
    let (day, slot) = (name(&data.days, day), name(&data.slots, slot));
    if !slot.is_empty() && slot.chars().all(|c| c.is_ascii_digit()) {
        t::place_numbered(lang, day, slot)
    } else {
        format!("{day}, {slot}")
    }
}

/// The row of the law behind a reason.
#[must_use]
pub fn norm_of<'a>(data: &'a BoardData, reason: &Reason) -> Option<&'a NormRow> {
    let NormId(n) = match reason {
        Reason::Limit { norm, .. } | Reason::TeacherLimit { norm, .. } => *norm,
        _ => return None,
    };
    data.norms.get(usize::try_from(n).ok()?)
}

/// A few words for the cell.
#[must_use]
pub fn short(lang: Lang, data: &BoardData, reason: &Reason) -> String {
    match reason {
        Reason::OffBoard { .. } => t::short_off_board(lang).to_owned(),
        Reason::NoBell { .. } => t::short_no_bell(lang).to_owned(),
        Reason::ClassAway { .. } => t::short_class_away(lang).to_owned(),
        Reason::TeacherAway { .. } => t::short_teacher_away(lang).to_owned(),
        Reason::RoomAway { .. } => t::short_room_away(lang).to_owned(),
        Reason::TeacherBusy { card, .. } => t::short_teacher_busy(lang, data.audience_of(*card)),
        Reason::AudienceBusy { card, .. } => {
            let subject = data.subject_of(*card).map_or("", |s| s.short_name.as_str());
            t::short_class_busy(lang, subject)
        }
        Reason::RoomBusy { card, .. } => t::short_room_busy(lang, data.audience_of(*card)),
        Reason::RoomUnsuitable { fault, .. } => match fault {
            RoomFault::TooSmall { .. } => t::short_room_small(lang).to_owned(),
            _ => t::short_room_other(lang).to_owned(),
        },
        Reason::NoFreeRoom | Reason::NoRoom => t::short_no_room(lang).to_owned(),
        Reason::Limit {
            kind, found, limit, ..
        }
        | Reason::TeacherLimit {
            kind, found, limit, ..
        } => short_limit(lang, *kind, *found, *limit),
        Reason::TeacherWindow { .. } => t::short_teacher_window(lang).to_owned(),
        Reason::ClassWindow { .. } => t::short_class_window(lang).to_owned(),
    }
}

fn short_limit(lang: Lang, kind: LimitKind, found: u16, limit: u16) -> String {
    match kind {
        LimitKind::LessonsPerDay | LimitKind::LessonsPerDayWithPe => t::short_per_day(lang, found, limit),
        LimitKind::LessonsPerWeek => t::short_per_week(lang, found, limit),
        LimitKind::EarliestSlot | LimitKind::LatestSlot => t::short_time(lang).to_owned(),
        LimitKind::SubjectPerDay => t::short_subject_again(lang).to_owned(),
        LimitKind::WindowsPerDay => t::short_class_window(lang).to_owned(),
        LimitKind::PointsPerDay => t::short_points(lang, found, limit),
        LimitKind::HardAtEdge => t::short_hard_edge(lang).to_owned(),
        LimitKind::HardInRow => t::short_hard_row(lang).to_owned(),
        LimitKind::PeakDay => t::short_peak(lang).to_owned(),
    }
}

/// The whole sentence.
#[must_use]
pub fn full(lang: Lang, data: &BoardData, reason: &Reason) -> String {
    match reason {
        Reason::OffBoard { slots } => t::full_off_board(lang, i64::from(*slots)),
        Reason::NoBell { class: c, .. } => t::full_no_bell(lang, class(data, *c)),
        Reason::ClassAway { class: c, .. } => t::full_class_away(lang, class(data, *c)),
        Reason::TeacherAway { teacher: who, .. } => t::full_teacher_away(lang, teacher(data, *who)),
        Reason::RoomAway { room: r, .. } => t::full_room_away(lang, room(data, *r)),
        Reason::TeacherBusy { teacher: who, card } => {
            t::full_teacher_busy(lang, lesson(data, *card), teacher(data, *who))
        }
        Reason::AudienceBusy { class: c, card } => {
            t::full_class_busy(lang, class(data, *c), lesson(data, *card))
        }
        Reason::RoomBusy { room: r, card } => t::full_room_busy(lang, lesson(data, *card), room(data, *r)),
        Reason::RoomUnsuitable { room: r, fault } => match fault {
            RoomFault::OtherKind => t::full_room_kind(lang, room(data, *r)),
            RoomFault::NotAllowed => t::full_room_not_usual(lang, room(data, *r)),
            RoomFault::TooSmall { seats, pupils } => t::full_room_small(lang, pupils, room(data, *r), seats),
        },
        Reason::NoFreeRoom => t::full_no_room(lang).to_owned(),
        Reason::NoRoom => t::full_room_missing(lang).to_owned(),
        Reason::Limit {
            class: c,
            kind,
            found,
            limit,
            ..
        } => full_limit(lang, class(data, *c), *kind, *found, *limit),
        Reason::TeacherLimit {
            teacher: who,
            kind,
            found,
            limit,
            ..
        } => full_limit(lang, teacher(data, *who), *kind, *found, *limit),
        Reason::TeacherWindow {
            teacher: who,
            windows,
        } => t::full_teacher_window(lang, i64::from(*windows), teacher(data, *who)),
        Reason::ClassWindow { class: c, windows } => {
            t::full_class_window(lang, i64::from(*windows), class(data, *c))
        }
    }
}

fn full_limit(lang: Lang, who: &str, kind: LimitKind, found: u16, limit: u16) -> String {
    match kind {
        LimitKind::LessonsPerDay => t::full_per_day(lang, found, limit, who),
        LimitKind::LessonsPerDayWithPe => t::full_per_day_pe(lang, found, limit, who),
        LimitKind::LessonsPerWeek => t::full_per_week(lang, found, limit, who),
        LimitKind::EarliestSlot | LimitKind::LatestSlot => t::full_time(lang, who),
        LimitKind::SubjectPerDay => t::full_subject_again(lang, found, who),
        LimitKind::WindowsPerDay => t::full_class_window(lang, i64::from(found), who),
        LimitKind::PointsPerDay => t::full_points(lang, found, limit, who),
        LimitKind::HardAtEdge => t::full_hard_edge(lang, found, who),
        LimitKind::HardInRow => t::full_hard_row(lang, found, limit, who),
        LimitKind::PeakDay => t::full_peak(lang, found, limit, who),
    }
}

/// «Вт, 3 урок. Физика, 7А: …» — one problem of the whole board.
#[must_use]
pub fn problem(lang: Lang, data: &BoardData, problem: &Problem) -> String {
    let sentence = full(lang, data, &problem.reason);
    let seat = problem
        .card
        .and_then(|card| data.cards.get(card.ix()))
        .and_then(|card| card.place)
        .map(|p| place(lang, data, p.day, p.slot));
    let day = || {
        problem
            .day
            .and_then(|d| data.days.get(usize::from(d)))
            .cloned()
            .unwrap_or_default()
    };
    match problem.card {
        Some(card) => format!("{}. {}: {sentence}", seat.unwrap_or_else(day), lesson(data, card)),
        None if problem.day.is_some() => format!("{}. {sentence}", day()),
        None => sentence,
    }
}

/// «Волкова Е. А.»; parts that stand for nothing are left out.
#[must_use]
pub fn short_name(last: &str, first: &str, middle: Option<&str>) -> String {
    let mut out = last.to_owned();
    for part in [Some(first), middle].into_iter().flatten() {
        if let Some(letter) = part.chars().next().filter(|c| c.is_alphanumeric()) {
            out.push(' ');
            out.push(letter);
            out.push('.');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened() {
        assert_eq!(short_name("Волкова", "Елена", Some("Ан.")), "Волкова Е. А.");
        assert_eq!(short_name("Smith", "—", None), "Smith");
    }
}
