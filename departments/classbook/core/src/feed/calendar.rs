//! Days of a diary as an iCalendar (RFC 5545). Escaping and line ends are the crate's; what goes in is ours.
//!
//! - Each moment is written in UTC (form 2 of 3.3.5): the school's wall clock has been turned into it by the rules of the school's
//!   time zone on that very date, so no reader needs to know them. `X-WR-TIMEZONE` names the zone for programs that show one.
//! - A UID is made of the pupil, the load, the date and which of the load's lessons of that day it is: a lesson that stood in the timetable
//!   only and is then laid out, gets a topic, moves to another bell or is cancelled stays one event, whichever of the child's addresses
//!   is read.
//! - `DTSTAMP` (3.8.7.2, without a method) and `LAST-MODIFIED` are when the event became what it is, `SEQUENCE` how often it has changed: an
//!   unchanged event is the same text, a changed one is taken for newer. Both are kept (`calendar_event`); see [`events`].

use std::collections::BTreeMap;

use base::{Lang, LoadId, PupilId, SchoolId};
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use icalendar::{Calendar, Class, Component as _, Event, EventLike as _, EventStatus, Property};
use sha2::{Digest as _, Sha256};

use crate::diary::{Child, Day, Homework, Lesson, State};
use crate::distance::{Format, Meeting};
use crate::t;

/// Octets of a line.
const LINE: usize = 75;
/// How often a program should look again.
const LOOK: Duration = Duration::hours(1);

/// What all events of a calendar have in common.
#[derive(Clone, Debug)]
pub(crate) struct Frame<'a> {
    pub school: SchoolId,
    pub child: &'a Child,
    /// IANA name.
    pub time_zone: &'a str,
    /// The zone's offset from UTC in seconds, for each day of the calendar in turn.
    pub offsets: &'a [i32],
    /// Since when the calendar is what it is: of an event that has no stamp.
    pub since: DateTime<Utc>,
    /// By UID.
    pub stamps: &'a BTreeMap<String, Stamp>,
    pub lang: Lang,
}

/// What is kept of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// How often it has changed.
    pub sequence: i32,
    /// Since when it is what it is.
    pub at: DateTime<Utc>,
}

/// Leaves of these days what a calendar tells, so that nothing else makes an event newer: no link to a meeting (a calendar's address is
/// easily passed on, and lets nobody into a lesson), no meeting at school, and no works of the schedule.
pub(crate) fn told(mut days: Vec<Day>) -> Vec<Day> {
    for lesson in days.iter_mut().flat_map(|day| &mut day.lessons) {
        let meeting = lesson.meeting.take();
        lesson.meeting = meeting
            .filter(|m| m.format != Format::InPerson)
            .map(|m| Meeting { link: None, ..m });
        lesson.assessments.clear();
    }
    days
}

/// The UID of each event of these days, and SHA-256 of what it says, whatever the language. The days are as [`told`] leaves them.
pub(crate) fn events(
    days: &[Day],
    offsets: &[i32],
    school: SchoolId,
    pupil: PupilId,
) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![];
    for (day, offset) in days.iter().zip(offsets) {
        let hash = |what: serde_json::Result<Vec<u8>>| Sha256::digest(what.unwrap_or_default()).to_vec();
        for (one, uid) in day.lessons.iter().zip(uids(day, school, pupil)) {
            // an older server kept these hashes and told nothing of a meeting: its events are others since
            let meets = one.meeting.as_ref().map(|_| "meets");
            let plain = serde_json::to_vec(&(one, day.date, offset));
            all.push((
                uid,
                hash(meets.map_or(plain, |meets| serde_json::to_vec(&(one, day.date, offset, meets)))),
            ));
        }
        for work in &day.homework {
            all.push((
                due_uid(work, school, pupil),
                hash(serde_json::to_vec(&(work, day.date))),
            ));
        }
    }
    all
}

/// The UIDs of a day's lessons, in their order.
fn uids(day: &Day, school: SchoolId, pupil: PupilId) -> Vec<String> {
    let mut met: BTreeMap<LoadId, u8> = BTreeMap::new();
    let date = day.date.format("%Y%m%d");
    let uid = |one: &Lesson| {
        let nth = met.entry(one.load).or_default();
        *nth = nth.saturating_add(1);
        format!("{school}-{pupil}-{}-{date}-{nth}@parta", one.load)
    };
    day.lessons.iter().map(uid).collect()
}

/// The UID of homework without a lesson; the two kinds count for themselves.
fn due_uid(work: &Homework, school: SchoolId, pupil: PupilId) -> String {
    let kind = if work.individual { "individual" } else { "homework" };
    format!("{school}-{pupil}-{kind}-{}@parta", work.id)
}

/// Name, version and age of an event.
fn stamp(event: &mut Event, uid: &str, frame: &Frame<'_>) {
    let stamp = frame.stamps.get(uid).copied();
    let at = stamp.map_or(frame.since, |s| s.at);
    event
        .uid(uid)
        .timestamp(at)
        .last_modified(at)
        .sequence(stamp.map_or(0, |s| u32::try_from(s.sequence).unwrap_or(0)))
        .class(Class::Private);
}

/// The calendar of these days.
pub(crate) fn text(days: &[Day], frame: &Frame<'_>) -> String {
    let mut calendar = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//Parta//Diary//RU"),
        ("CALSCALE", "GREGORIAN"),
    ] {
        calendar.append_property(Property::new(key, value));
    }
    calendar
        .name(&name(frame.child, frame.lang))
        .timezone(frame.time_zone)
        .ttl(&LOOK);
    for (day, offset) in days.iter().zip(frame.offsets) {
        let pupil = frame.child.pupil;
        for (one, uid) in day.lessons.iter().zip(uids(day, frame.school, pupil)) {
            calendar.push(lesson(one, &uid, day.date, *offset, frame));
        }
        for work in &day.homework {
            calendar.push(homework(work, day.date, frame));
        }
    }
    fold(&calendar.to_string())
}

/// Folds anew (3.1: a line holds 75 octets, the space that continues one among them): the crate's last piece of a long line may be
/// an octet longer.
fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    for line in text.replace("\r\n ", "").split_terminator("\r\n") {
        let mut room = LINE;
        for sign in line.chars() {
            if sign.len_utf8() > room {
                out.push_str("\r\n ");
                room = LINE - 1;
            }
            room -= sign.len_utf8();
            out.push(sign);
        }
        out.push_str("\r\n");
    }
    out
}

/// «Уроки: Артём (7А)». An `X-` property of the crate is written as it is, so nothing that would need escaping stays in.
fn name(child: &Child, lang: Lang) -> String {
    let class = child
        .class
        .as_ref()
        .map(|class| format!(" ({class})"))
        .unwrap_or_default();
    let name = format!("{}{class}", child.first_name);
    let harmless: String = name
        .chars()
        .filter(|c| !c.is_control() && !"\\;,".contains(*c))
        .collect();
    t::feed_name(lang, harmless)
}

/// A line end is the only sign of its kind that a text may hold (3.1, 3.3.11).
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|c| *c == '\n' || !c.is_control())
        .collect()
}

fn lesson(one: &Lesson, uid: &str, date: NaiveDate, offset: i32, frame: &Frame<'_>) -> Event {
    let lang = frame.lang;
    let cancelled = one.state == State::Cancelled;
    let subject = clean(&one.subject);
    let mut event = Event::new();
    stamp(&mut event, uid, frame);
    if cancelled {
        // many programs draw a cancelled event as any other: the words say it too
        event
            .status(EventStatus::Cancelled)
            .summary(&t::feed_cancelled(lang, subject))
            .add_property("TRANSP", "TRANSPARENT");
    } else {
        event.status(EventStatus::Confirmed).summary(&subject);
    }
    match hours(one) {
        Some((starts, ends)) => {
            event.starts(instant(date, starts, offset));
            if let Some(ends) = ends {
                event.ends(instant(date, ends, offset));
            }
        }
        // without bells it is known on which day, and no more
        None => {
            whole_day(&mut event, date);
        }
    }
    if let Some(place) = place(one, lang) {
        event.location(&clean(&place));
    }
    let mut lines = Vec::new();
    // who sits in the room goes by the bell, so the event does
    let mixed = one.meeting.as_ref().filter(|m| m.format == Format::Mixed);
    lines.extend(
        mixed
            .and_then(|m| m.starts_at)
            .map(|at| t::feed_joins(lang, at.format("%H:%M"))),
    );
    lines.extend(one.topic.as_ref().map(|topic| t::feed_topic(lang, topic)));
    lines.extend(
        one.homework
            .iter()
            .map(|work| t::feed_homework(lang, work.words(lang))),
    );
    if let Some(teacher) = &one.teacher {
        lines.push(if one.substitute {
            t::feed_substitute(lang, teacher)
        } else {
            t::feed_teacher(lang, teacher)
        });
    }
    lines.push(t::feed_number(lang, one.number));
    event.description(&clean(&lines.join("\n")));
    event.done()
}

/// From when to when: by the bells, or as its meeting says. A meeting that begins while the bell's lesson runs ends with it, another one takes
/// as long as that; where there are no bells, nobody knows how long.
fn hours(one: &Lesson) -> Option<(NaiveTime, Option<NaiveTime>)> {
    let bell = one.starts_at.zip(one.ends_at).filter(|(from, to)| from < to);
    let distance = one.meeting.as_ref().filter(|m| m.format == Format::Distance);
    match (distance.and_then(|m| m.starts_at), bell) {
        (None, bell) => bell.map(|(from, to)| (from, Some(to))),
        (Some(joins), None) => Some((joins, None)),
        (Some(joins), Some((from, to))) if (from..to).contains(&joins) => Some((joins, Some(to))),
        (Some(joins), Some((from, to))) => {
            let (ends, past_midnight) = joins.overflowing_add_signed(to.signed_duration_since(from));
            Some((joins, (past_midnight == 0).then_some(ends)))
        }
    }
}

/// «каб. 204», «дистанционно, Сферум», and both where some sit in the room and some at home.
fn place(one: &Lesson, lang: Lang) -> Option<String> {
    let room = one.room.as_ref().map(|room| t::feed_room(lang, room));
    let Some(meeting) = one.meeting.as_ref().filter(|m| m.format != Format::InPerson) else {
        return room;
    };
    let from_home = meeting.platform.as_ref().map_or_else(
        || t::feed_distance(lang).to_owned(),
        |platform| t::feed_distance_by(lang, platform),
    );
    Some(if meeting.format == Format::Mixed {
        let here = room.unwrap_or_else(|| t::feed_at_school(lang).to_owned());
        format!("{here}; {from_home}")
    } else {
        from_home
    })
}

/// Due on a day on which the subject has no lesson.
fn homework(work: &Homework, date: NaiveDate, frame: &Frame<'_>) -> Event {
    let mut event = Event::new();
    stamp(&mut event, &due_uid(work, frame.school, frame.child.pupil), frame);
    event
        .status(EventStatus::Confirmed)
        .summary(&clean(&t::feed_due(frame.lang, &work.subject)))
        .description(&clean(&work.words(frame.lang)))
        .add_property("TRANSP", "TRANSPARENT");
    whole_day(&mut event, date);
    event.done()
}

fn whole_day(event: &mut Event, date: NaiveDate) {
    let next = date.checked_add_days(Days::new(1)).unwrap_or(date);
    event.starts(date).ends(next);
}

fn instant(date: NaiveDate, time: NaiveTime, offset: i32) -> DateTime<Utc> {
    let there = date.and_time(time).and_utc();
    there
        .checked_sub_signed(Duration::seconds(i64::from(offset)))
        .unwrap_or(there)
}

#[cfg(test)]
mod tests;
