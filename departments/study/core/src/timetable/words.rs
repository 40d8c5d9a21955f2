//! Reasons of the judge as sentences: a short one for the cell, a full one with the clause for the panel.

use base::Lang;
use chrono::{Datelike as _, NaiveTime, Timelike as _};
use timetable::{CardIx, ClassIx, LimitKind, NormId, Problem, Reason, RoomFault, RoomIx, TeacherIx};

use super::board::{BoardData, OrgKind};
use super::norms::NormRow;
use super::regime::{Bells, Fault, Remark};
use crate::requirement::facts::OWN;
use crate::t;

mod asked;
mod bound;

use asked::rules;
pub use bound::{bound, rooming};

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
    match reason {
        Reason::Limit { norm, .. } | Reason::TeacherLimit { norm, .. } => row(data, *norm),
        _ => None,
    }
}

fn row(data: &BoardData, NormId(n): NormId) -> Option<&NormRow> {
    data.norms.get(usize::try_from(n).ok()?)
}

/// «СанПиН 1.2.3685-21, табл. 6.6, с 01.03.2021 (не сверено с законом)»: where a norm stands, since when, how sure we are.
#[must_use]
pub fn clause(lang: Lang, norm: &NormRow) -> String {
    let from = norm.valid_from;
    let date = format!("{:02}.{:02}.{}", from.day(), from.month(), from.year());
    let place = t::norm_since(lang, norm.place(), date);
    if norm.confirmed {
        place
    } else {
        format!("{place} ({})", t::norm_unconfirmed(lang))
    }
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
        Reason::CardAway { .. } => t::short_card_away(lang).to_owned(),
        Reason::CardStart { .. } => t::short_card_start(lang).to_owned(),
        Reason::CardUnwanted { .. } => t::short_card_unwanted(lang).to_owned(),
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
        Reason::TeacherLimit {
            kind: LimitKind::WindowsPerDay | LimitKind::WindowsPerWeek,
            ..
        } => t::short_teacher_window(lang).to_owned(),
        Reason::TeacherLimit {
            kind: LimitKind::LessonsPerDay,
            found,
            limit,
            ..
        } => t::short_per_day_own(lang, found, limit),
        Reason::Limit {
            kind, found, limit, ..
        }
        | Reason::TeacherLimit {
            kind, found, limit, ..
        } => short_limit(lang, *kind, *found, *limit),
        Reason::TeacherUnwanted { .. } => t::short_teacher_unwanted(lang).to_owned(),
        Reason::ClassUnwanted { .. } => t::short_class_unwanted(lang).to_owned(),
        Reason::TeacherTooFar { needed, minutes, .. } | Reason::ClassTooFar { needed, minutes, .. } => {
            t::short_too_far(lang, minutes, needed)
        }
        Reason::TeacherNotNear { .. } | Reason::ClassNotNear { .. } => t::short_not_near(lang).to_owned(),
        Reason::NotTogether { .. } => t::short_not_together(lang).to_owned(),
        Reason::OutOfOrder { .. } => t::short_out_of_order(lang).to_owned(),
        Reason::NotRightAfter { .. } => t::short_not_right_after(lang).to_owned(),
        Reason::NotNextTo { .. } => t::short_not_next_to(lang).to_owned(),
        Reason::NotApart { .. } => t::short_not_apart(lang).to_owned(),
        Reason::NotSameHour { .. } => t::short_not_same_hour(lang).to_owned(),
        Reason::TooManyDays { .. } => t::short_too_many_days(lang).to_owned(),
        Reason::TooLittleBetween { .. } => t::short_too_close(lang).to_owned(),
        Reason::Bound { .. } => t::short_bound(lang).to_owned(),
        Reason::TooManyRooms { .. } => t::short_too_many_rooms(lang).to_owned(),
        Reason::OtherRoom { .. } => t::short_other_room(lang).to_owned(),
        Reason::NotLast { last: true, .. } => t::short_should_be_last(lang).to_owned(),
        Reason::NotLast { last: false, .. } => t::short_not_last(lang).to_owned(),
        Reason::TooClose { days: 0, .. } => t::short_same_day(lang).to_owned(),
        Reason::TooClose { .. } => t::short_too_close(lang).to_owned(),
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
        LimitKind::LightDay => t::short_light_day(lang).to_owned(),
        LimitKind::EdgeDay => t::short_edge_day(lang, found, limit),
        LimitKind::HomeworkPerDay => t::short_homework(lang, found, limit),
        LimitKind::LateStart => t::short_late_start(lang).to_owned(),
        LimitKind::LeastPerDay => t::short_least(lang, found, limit),
        LimitKind::LessonsInRow => t::short_in_row(lang, found, limit),
        LimitKind::DaysPerWeek => t::short_days(lang, found, limit),
        LimitKind::LeastDays => t::short_days_least(lang, found, limit),
        LimitKind::WindowsPerWeek => t::short_teacher_window(lang).to_owned(),
        LimitKind::MovesPerDay => t::short_moves(lang, found, limit),
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
        Reason::CardAway { card, .. } => {
            t::full_card_away(lang, lesson(data, *card), rules(lang, data, *card, true))
        }
        Reason::CardStart { card, .. } => t::full_card_start(lang, lesson(data, *card)),
        Reason::CardUnwanted { card, .. } => {
            t::full_card_unwanted(lang, lesson(data, *card), rules(lang, data, *card, false))
        }
        Reason::TeacherUnwanted { teacher: who, .. } => t::full_teacher_unwanted(lang, teacher(data, *who)),
        Reason::ClassUnwanted { class: c, .. } => t::full_class_unwanted(lang, class(data, *c)),
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
        Reason::NotTogether { card } => t::full_not_together(lang, lesson(data, *card)),
        Reason::OutOfOrder { card, first: true } => t::full_must_be_before(lang, lesson(data, *card)),
        Reason::OutOfOrder { card, first: false } => t::full_must_be_after(lang, lesson(data, *card)),
        Reason::NotRightAfter { card, first: true } => t::full_must_lead_to(lang, lesson(data, *card)),
        Reason::NotRightAfter { card, first: false } => t::full_must_follow(lang, lesson(data, *card)),
        Reason::NotNextTo { card } => t::full_not_next_to(lang, lesson(data, *card)),
        Reason::NotApart { card } => t::full_not_apart(lang, lesson(data, *card)),
        Reason::NotSameHour { card } => t::full_not_same_hour(lang, lesson(data, *card)),
        Reason::TooManyDays { card, most: 0 } => t::full_not_same_day(lang, lesson(data, *card)),
        Reason::TooManyDays { card, most } => {
            t::full_too_many_days(lang, i64::from(*most), lesson(data, *card))
        }
        Reason::TooLittleBetween { card, least } => {
            t::full_too_little_between(lang, i64::from(*least), lesson(data, *card))
        }
        Reason::Bound { bound: of, .. } => t::full_bound(lang, bound(lang, data, *of)),
        Reason::TooManyRooms { .. } | Reason::OtherRoom { .. } => bound::rooms(lang, data, reason),
        Reason::NotLast { card, last: true } => t::full_should_be_last(lang, lesson(data, *card)),
        Reason::NotLast { card, last: false } => t::full_not_last(lang, lesson(data, *card)),
        Reason::TooClose {
            card, days, least, ..
        } => {
            let at = data.cards.get(card.ix()).and_then(|c| c.place);
            let at = at.map_or_else(String::new, |p| place(lang, data, p.day, p.slot));
            if *days == 0 {
                t::full_same_day(lang, lesson(data, *card), at)
            } else {
                let between = i64::from(least.saturating_sub(1));
                t::full_too_close(lang, between, lesson(data, *card), at)
            }
        }
        Reason::Limit {
            class: c,
            kind: kind @ (LimitKind::EarliestSlot | LimitKind::LatestSlot),
            found,
            norm,
            ..
        } => hours(lang, data, *c, *kind, *found, *norm),
        Reason::Limit {
            class: c,
            kind: LimitKind::SubjectPerDay,
            found,
            card: Some(other),
            ..
        } => {
            let subject = data.subject_of(*other).map_or("—", |s| s.name.as_str());
            let at = data.cards.get(other.ix()).and_then(|c| c.place);
            let at = at.map_or_else(String::new, |p| place(lang, data, p.day, p.slot));
            t::full_subject_again(lang, i64::from(*found), at, subject, class(data, *c))
        }
        Reason::Limit {
            class: c,
            kind,
            found,
            limit,
            norm,
            ..
        } => full_limit(lang, class(data, *c), *kind, *found, *limit, *norm == OWN),
        Reason::TeacherLimit {
            teacher: who,
            kind,
            found,
            limit,
            ..
        } => full_limit(lang, teacher(data, *who), *kind, *found, *limit, true),
        Reason::TeacherTooFar { .. }
        | Reason::ClassTooFar { .. }
        | Reason::TeacherNotNear { .. }
        | Reason::ClassNotNear { .. } => way(lang, data, reason),
        Reason::TeacherWindow {
            teacher: who,
            windows,
        } => t::full_teacher_window(lang, i64::from(*windows), teacher(data, *who)),
        Reason::ClassWindow { class: c, windows } => {
            t::full_class_window(lang, i64::from(*windows), class(data, *c))
        }
    }
}

/// A way that is too long, or rooms that are not near: with the lesson at the other end and where that lies.
fn way(lang: Lang, data: &BoardData, reason: &Reason) -> String {
    let other = reason.blocking_card().unwrap_or(CardIx(u32::MAX));
    let at = data.cards.get(other.ix()).and_then(|c| c.place);
    let at = at.map_or_else(String::new, |p| place(lang, data, p.day, p.slot));
    let other = lesson(data, other);
    match *reason {
        Reason::TeacherTooFar {
            teacher: who,
            needed,
            minutes,
            ..
        } => t::full_teacher_too_far(lang, other, minutes, needed, at, teacher(data, who)),
        Reason::ClassTooFar {
            class: c,
            needed,
            minutes,
            ..
        } => t::full_class_too_far(lang, class(data, c), other, minutes, needed, at),
        Reason::TeacherNotNear { teacher: who, .. } => {
            t::full_teacher_not_near(lang, other, at, teacher(data, who))
        }
        Reason::ClassNotNear { class: c, .. } => t::full_class_not_near(lang, class(data, c), other, at),
        _ => String::new(),
    }
}

/// A slot outside the hours that the law allows, by the class's bells.
fn hours(lang: Lang, data: &BoardData, ix: ClassIx, kind: LimitKind, slot: u16, norm: NormId) -> String {
    let who = class(data, ix);
    let times = data.classes.get(ix.ix()).map(|c| match kind {
        LimitKind::EarliestSlot => &c.starts,
        _ => &c.ends,
    });
    let at = times.and_then(|t| t.get(usize::from(slot)).copied().flatten());
    match (at, row(data, norm)) {
        (Some(at), Some(row)) => {
            let (at, limit) = (clock(at), clock_of(row.value));
            match kind {
                LimitKind::EarliestSlot => t::full_early(lang, at, limit, who),
                _ => t::full_late(lang, at, limit, who),
            }
        }
        _ => t::full_time(lang, who),
    }
}

/// «8:30»
fn clock(at: NaiveTime) -> String {
    format!("{}:{:02}", at.hour(), at.minute())
}

/// Minutes after midnight as «8:30».
pub(crate) fn clock_of(minutes: i32) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// A fault of the bells or the shift as a sentence.
#[must_use]
pub fn remark(lang: Lang, data: &BoardData, remark: &Remark) -> String {
    let limit = remark.limit;
    let title = |b: &Bells| {
        data.rings
            .get(b.ring)
            .map_or("—", |r| r.title.as_str())
            .to_owned()
    };
    let minutes = |b: &Bells, one: fn(Lang, i32, i16) -> String| {
        let each: Vec<String> = b.found.iter().map(|(number, n)| one(lang, *n, *number)).collect();
        each.join(", ")
    };
    match &remark.fault {
        Fault::Shift { class: c, shift } if limit > 1 => {
            t::regime_third(lang, class(data, *c), limit, *shift)
        }
        Fault::Shift { class: c, shift } => t::regime_shift(lang, class(data, *c), *shift),
        Fault::Week { class: c, days } => t::regime_week(lang, i64::from(*days), class(data, *c), limit),
        Fault::Early(b) => {
            let at = b.found.iter().map(|f| f.1).min().unwrap_or(0);
            t::regime_early(
                lang,
                clock_of(at),
                grades(lang, data, &b.grades),
                clock_of(limit),
                title(b),
            )
        }
        Fault::Late(b) => {
            let at = b.found.iter().map(|f| f.1).max().unwrap_or(0);
            t::regime_late(
                lang,
                clock_of(at),
                grades(lang, data, &b.grades),
                clock_of(limit),
                title(b),
            )
        }
        Fault::Long(b) => {
            let lessons = minutes(b, t::regime_lesson);
            t::regime_long(lang, grades(lang, data, &b.grades), lessons, limit, title(b))
        }
        Fault::ShortBreak(b) => {
            let breaks = minutes(b, t::regime_after);
            t::regime_break(lang, breaks, grades(lang, data, &b.grades), limit, title(b))
        }
        Fault::NoLongBreak(b) => {
            let longest = b.found.iter().map(|f| f.1).max().unwrap_or(0);
            t::regime_big(lang, grades(lang, data, &b.grades), limit, longest, title(b))
        }
    }
}

/// The row of the law behind a remark.
#[must_use]
pub fn norm_of_remark<'a>(data: &'a BoardData, remark: &Remark) -> Option<&'a NormRow> {
    row(data, remark.norm)
}

fn grades(lang: Lang, data: &BoardData, list: &[i16]) -> String {
    grades_of(lang, data.org, list)
}

/// «1–4, 9 кл.»
pub(crate) fn grades_of(lang: Lang, org: OrgKind, list: &[i16]) -> String {
    let mut spans: Vec<(i16, i16)> = vec![];
    for grade in list.iter().copied().filter(|g| *g > 0) {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == grade => *last = grade,
            _ => spans.push((grade, grade)),
        }
    }
    if spans.is_empty() {
        return t::regime_others(lang).to_owned();
    }
    let words = spans.iter().map(|(a, z)| {
        if a == z {
            a.to_string()
        } else {
            format!("{a}–{z}")
        }
    });
    let words = words.collect::<Vec<_>>().join(", ");
    match org {
        OrgKind::College => t::regime_courses(lang, words),
        _ => t::regime_grades(lang, words),
    }
}

/// `own`: the limit is the school's, not the law's.
fn full_limit(lang: Lang, who: &str, kind: LimitKind, found: u16, limit: u16, own: bool) -> String {
    match kind {
        LimitKind::LessonsPerDay if own => t::full_per_day_own(lang, found, limit, who),
        LimitKind::WindowsPerDay if own => t::full_windows_own(lang, found, limit, who),
        LimitKind::LessonsPerDay => t::full_per_day(lang, found, limit, who),
        LimitKind::LessonsPerDayWithPe => t::full_per_day_pe(lang, found, limit, who),
        LimitKind::LessonsPerWeek => t::full_per_week(lang, found, limit, who),
        LimitKind::EarliestSlot | LimitKind::LatestSlot => t::full_time(lang, who),
        LimitKind::SubjectPerDay => t::full_subject_per_day(lang, i64::from(found), who),
        LimitKind::WindowsPerDay => t::full_class_window(lang, i64::from(found), who),
        LimitKind::PointsPerDay => t::full_points(lang, found, limit, who),
        LimitKind::HardAtEdge if found < limit => t::full_hard_early(lang, found, limit, who),
        LimitKind::HardAtEdge => t::full_hard_late(lang, found, limit, who),
        LimitKind::HardInRow => t::full_hard_row(lang, found, limit, who),
        LimitKind::PeakDay => t::full_peak(lang, found, limit, who),
        LimitKind::LightDay => t::full_light_day(lang, found, limit, who),
        LimitKind::EdgeDay => t::full_edge_day(lang, found, limit, who),
        LimitKind::HomeworkPerDay => t::full_homework(lang, found, limit, who),
        LimitKind::LateStart => t::full_late_start(lang, who),
        LimitKind::LeastPerDay => t::full_least(lang, found, limit, who),
        LimitKind::LessonsInRow => t::full_in_row(lang, found, limit, who),
        LimitKind::DaysPerWeek => t::full_days(lang, found, limit, who),
        LimitKind::LeastDays => t::full_days_least(lang, found, limit, who),
        LimitKind::WindowsPerWeek => t::full_windows_week(lang, found, limit, who),
        LimitKind::MovesPerDay => t::full_moves(lang, found, limit, who),
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
        // the sentence of a limit names the class itself
        Some(card) if matches!(problem.reason, Reason::Limit { .. }) => {
            let subject = data.subject_of(card).map_or("—", |s| s.name.as_str());
            format!("{}. {subject}. {sentence}", seat.unwrap_or_else(day))
        }
        Some(_)
            if matches!(
                problem.reason,
                Reason::CardAway { .. } | Reason::CardStart { .. } | Reason::CardUnwanted { .. }
            ) =>
        {
            format!("{}. {sentence}", seat.unwrap_or_else(day))
        }
        Some(card) => format!("{}. {}: {sentence}", seat.unwrap_or_else(day), lesson(data, card)),
        None if problem.day.is_some() => format!("{}. {sentence}", day()),
        None => sentence,
    }
}

#[cfg(test)]
mod tests;
