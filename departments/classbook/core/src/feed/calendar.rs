//! Days of a diary as an iCalendar (RFC 5545). Escaping and line ends are the crate's; what goes in is ours.
//!
//! - Each moment is written in UTC (form 2 of 3.3.5): the school's wall clock has been turned into it by the rules of the school's
//!   time zone on that very date, so no reader needs to know them. `X-WR-TIMEZONE` names the zone for programs that show one.
//! - A UID is made of the feed, the load, the date and the bell: a lesson that stood in the timetable only and is then laid out, gets
//!   a topic or is cancelled stays one event.
//! - `DTSTAMP` is when the calendar became what it is (3.8.7.2, without a method), so that an unchanged calendar is the same text.

use base::Lang;
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use icalendar::{Calendar, Class, Component as _, Event, EventLike as _, EventStatus, Property};
use uuid::Uuid;

use crate::diary::{Child, Day, Homework, Lesson, State};
use crate::t;

/// Octets of a line.
const LINE: usize = 75;
/// How often a program should look again.
const LOOK: Duration = Duration::hours(1);

/// What all events of a calendar have in common.
#[derive(Clone, Debug)]
pub(crate) struct Frame<'a> {
    pub feed: Uuid,
    pub child: &'a Child,
    /// IANA name.
    pub time_zone: &'a str,
    /// The zone's offset from UTC in seconds, for each day of the calendar in turn.
    pub offsets: &'a [i32],
    /// Since when the calendar is what it is.
    pub since: DateTime<Utc>,
    pub lang: Lang,
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
        for one in &day.lessons {
            calendar.push(lesson(one, day.date, *offset, frame));
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

fn lesson(one: &Lesson, date: NaiveDate, offset: i32, frame: &Frame<'_>) -> Event {
    let lang = frame.lang;
    let cancelled = one.state == State::Cancelled;
    let subject = clean(&one.subject);
    let mut event = Event::new();
    event
        .uid(&format!(
            "{}-{}-{}-{}@parta",
            frame.feed,
            one.load,
            date.format("%Y%m%d"),
            one.number
        ))
        .timestamp(frame.since)
        .class(Class::Private);
    if cancelled {
        // many programs draw a cancelled event as any other: the words say it too
        event
            .status(EventStatus::Cancelled)
            .summary(&t::feed_cancelled(lang, subject))
            .add_property("TRANSP", "TRANSPARENT");
    } else {
        event.status(EventStatus::Confirmed).summary(&subject);
    }
    match (one.starts_at, one.ends_at) {
        (Some(starts), Some(ends)) if starts < ends => {
            event
                .starts(instant(date, starts, offset))
                .ends(instant(date, ends, offset));
        }
        // without bells it is known on which day, and no more
        _ => {
            whole_day(&mut event, date);
        }
    }
    if let Some(room) = &one.room {
        event.location(&clean(&t::feed_room(lang, room)));
    }
    let mut lines = Vec::new();
    lines.extend(one.topic.as_ref().map(|topic| t::feed_topic(lang, topic)));
    lines.extend(one.homework.iter().map(|work| t::feed_homework(lang, &work.text)));
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

/// Due on a day on which the subject has no lesson.
fn homework(work: &Homework, date: NaiveDate, frame: &Frame<'_>) -> Event {
    // the two kinds count for themselves
    let kind = if work.individual { "individual" } else { "homework" };
    let mut event = Event::new();
    event
        .uid(&format!("{}-{kind}-{}@parta", frame.feed, work.id))
        .timestamp(frame.since)
        .class(Class::Private)
        .status(EventStatus::Confirmed)
        .summary(&clean(&t::feed_due(frame.lang, &work.subject)))
        .description(&clean(&work.text))
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
