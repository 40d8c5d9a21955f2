//! Between the sheet and the queue, without a browser: what waits in a line is to the cell it lies over, what an answer teaches, how a
//! lesson's first mark gets the address of the work that it made, what a step of undo does. The desk draws what comes of it; the histories
//! of `tests/histories.rs` drive the same.

use base::{AssignmentId, LessonId};
use chrono::{DateTime, NaiveDate};
use classbook_core::journal::cell::{Change, Homework, Meanwhile, Place};
use classbook_core::journal::grid::Lesson;
use classbook_core::journal::sheet::{Local, No, Sheet, State};
use classbook_core::owed::{Owed, Wish};
use kit::outbox::queue::{Queue, Write};
use kit::outbox::{Op, Progress, Verdict};

/// A change as the queue keeps it.
#[must_use]
pub fn body(change: &Change) -> Option<String> {
    serde_json::to_string(change).ok()
}

/// What a queued act does.
#[must_use]
pub fn change_of(body: &str) -> Option<Change> {
    serde_json::from_str(body).ok()
}

/// What somebody else did, as the queue keeps it.
#[must_use]
pub fn meanwhile(body: &str) -> Option<Meanwhile> {
    serde_json::from_str(body).ok()
}

/// How far a queued act got, as the sheet says it; `offset`: the school's, in seconds east of Greenwich.
#[must_use]
pub fn state(op: &Op, offset: i32) -> Option<State> {
    Some(match &op.state {
        Progress::Waiting => State::Waiting,
        Progress::Refused { message } => State::Refused(message.clone()),
        Progress::Conflict { body, .. } => State::Conflict(meanwhile(body)?),
        Progress::Old => State::Old(typed_on(op, offset)),
    })
}

/// The day on which an act was typed, as the school counts days: what is typed after midnight in Moscow was not typed yesterday.
#[must_use]
pub fn typed_on(op: &Op, offset: i32) -> NaiveDate {
    DateTime::from_timestamp_millis(op.made).map_or(NaiveDate::MIN, |at| kit::date::local(at, offset).0)
}

/// What a cell shows of its line: what is wanted last. A line that is stuck shows where, one that moves how far its last act got.
#[must_use]
pub fn shown(queue: &Queue, line: &str, offset: i32) -> Option<Local> {
    let (head, last) = (queue.line(line).next()?, queue.last(line)?);
    let stuck = head.state != Progress::Waiting;
    Some(Local {
        change: change_of(&last.body)?,
        state: state(if stuck { head } else { last }, offset)?,
    })
}

/// A lesson's topic and homework as this person wants them: what waits for the server, else what it holds.
#[must_use]
pub fn lesson_now(sheet: &Sheet, queue: &Queue, id: LessonId) -> Option<Lesson> {
    let mut lesson = sheet.grid().lessons.iter().find(|l| l.id == id)?.clone();
    let waiting = queue.last(&Place::Lesson { lesson: id }.line());
    if let Some(Change::Lesson { topic, homework, .. }) = waiting.and_then(|op| change_of(&op.body)) {
        lesson.topic = topic;
        lesson.homework = homework.map(|h| Homework { ..h });
    }
    Some(lesson)
}

/// What an answer tells beside its outcome.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Which work a mark went to.
    pub work: Option<AssignmentId>,
    /// The dot that stands there.
    pub owed: Option<Owed>,
    /// The comment of the mark.
    pub comment: Option<String>,
}

/// Where an answer belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The place, with its work if it has learned it.
    pub place: Place,
    /// Its line.
    pub line: String,
    /// The lesson has got its first work.
    pub grown: bool,
}

/// Puts an answer into the sheet. A place whose lesson has got its work meanwhile is where its acts are now, whatever the answer: nothing
/// may be left behind at the address that it was sent from.
pub fn learn(sheet: &mut Sheet, op: &Op, verdict: &Verdict, told: &Told) -> Option<Heard> {
    let mut change = change_of(&op.body)?;
    let sent = change.place();
    let mut grown = false;
    if let Verdict::Saved { version } = verdict {
        grown = sheet.saved(&change, told.work, *version);
        if let Change::Mark {
            assignment: assignment @ None,
            ..
        } = &mut change
        {
            *assignment = told.work;
        }
    }
    address(sheet, &mut change);
    let place = change.place();
    if let Verdict::Saved { version } = verdict {
        sheet.saved_with(place, *version, told.owed, told.comment.clone());
    }
    Some(Heard {
        place,
        line: if place == sent {
            op.line.clone()
        } else {
            place.line()
        },
        grown,
    })
}

/// The work of a lesson whose first mark was typed before there was any.
fn first_work(sheet: &Sheet, lesson: LessonId) -> Option<AssignmentId> {
    let column = sheet.columns().get(sheet.columns_of(lesson).start)?;
    let work = sheet.grid().assignments.get(column.assignment?)?;
    (work.lesson == lesson).then_some(work.id)
}

/// Gives a change for a lesson's first mark the address of the work that it has meanwhile; `true`: it has got one.
pub fn address(sheet: &Sheet, change: &mut Change) -> bool {
    if let Change::Mark {
        lesson, assignment, ..
    } = change
        && assignment.is_none()
    {
        *assignment = first_work(sheet, *lesson);
        return assignment.is_some();
    }
    false
}

/// The same of all acts that wait: what is to be written down, and which line went where.
pub fn readdress(sheet: &mut Sheet, queue: &mut Queue) -> (Vec<Write>, Vec<(String, Place)>) {
    let mut moved: Vec<(String, Place)> = vec![];
    for op in queue.ops() {
        let Some(mut change) = change_of(&op.body) else {
            continue;
        };
        let before = change.place();
        if moved.iter().all(|(line, _)| *line != op.line) && address(sheet, &mut change) {
            // what was shown there is shown where it is now
            sheet.set_local(before, None);
            moved.push((op.line.clone(), change.place()));
        }
    }
    let mut writes = vec![];
    for (line, place) in &moved {
        let with_work = |text: &str| {
            let changed = change_of(text).and_then(|mut change| {
                address(sheet, &mut change);
                body(&change)
            });
            changed.unwrap_or_else(|| text.to_owned())
        };
        writes.extend(queue.readdress(line, &place.line(), with_work));
    }
    (writes, moved)
}

/// What a conflict tells of the place, as a change: learned without asking again. Of what hangs on a lesson it tells too little.
#[must_use]
pub fn theirs(wanted: &Change, now: &Meanwhile) -> Option<Change> {
    match *wanted {
        Change::Mark {
            lesson,
            assignment,
            pupil,
            ..
        } => Some(Change::Mark {
            lesson,
            assignment,
            pupil,
            code: now.value.clone(),
            comment: Some(now.comment.clone().unwrap_or_default()),
            owed: Wish::back_to(now.owed),
        }),
        Change::Attendance { lesson, pupil, .. } => Some(Change::Attendance {
            lesson,
            pupil,
            code: now.value.clone(),
        }),
        Change::Lesson { .. } | Change::Individual { .. } => None,
    }
}

/// What becomes of a change that is to be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// There is no such place any more.
    Gone,
    /// Somebody else has written there since: one takes back one's own.
    Passed,
    /// Nothing may be written there, for a reason; the column.
    Shut(No, usize),
    /// It may: on top of this version, and the change that would turn it round again. Row and column.
    Back {
        /// The version it goes on top of.
        expected: i32,
        /// What turns it round again.
        again: Option<Change>,
        /// Its row and column.
        at: (usize, usize),
    },
}

/// The change that would bring a place back to what its person sees now: remembered before an act, for undo.
#[must_use]
pub fn way_back(sheet: &Sheet, queue: &Queue, place: Place) -> Option<Change> {
    match place {
        Place::Lesson { lesson } => lesson_back(sheet, queue, lesson),
        place => sheet.reverse(place),
    }
}

/// May a change be made that takes back what was written?
#[must_use]
pub fn turn(sheet: &Sheet, queue: &Queue, back: &Change, wrote: &Change) -> Turn {
    let place = back.place();
    if let Place::Lesson { lesson } = place {
        return turn_lesson(sheet, queue, lesson, wrote);
    }
    let Some((row, column)) = sheet.find(place) else {
        return Turn::Gone;
    };
    if !sheet.holds(wrote, place) {
        return Turn::Passed;
    }
    if let Err(no) = sheet.open(row, column) {
        return Turn::Shut(no, column);
    }
    Turn::Back {
        expected: sheet.version(place),
        again: sheet.reverse(place),
        at: (row, column),
    }
}

/// Topic and homework lie in no cell: what they are is asked of the queue as well.
fn lesson_back(sheet: &Sheet, queue: &Queue, id: LessonId) -> Option<Change> {
    let now = lesson_now(sheet, queue, id)?;
    Some(Change::Lesson {
        lesson: id,
        topic: now.topic,
        homework: now.homework,
        files_go: None,
    })
}

fn turn_lesson(sheet: &Sheet, queue: &Queue, id: LessonId, wrote: &Change) -> Turn {
    let Some(lesson) = sheet.grid().lessons.iter().find(|l| l.id == id) else {
        return Turn::Gone;
    };
    let place = Place::Lesson { lesson: id };
    let stuck = queue.line(&place.line()).any(|op| op.state != Progress::Waiting);
    let again = lesson_back(sheet, queue, id);
    if stuck || !again.as_ref().is_some_and(|now| same_lesson(now, wrote)) {
        return Turn::Passed;
    }
    let column = sheet.columns_of(id).start;
    let shut = if !sheet.grid().writes_into(id) {
        Some(No::Right)
    } else if lesson.cancelled {
        Some(No::Cancelled)
    } else {
        lesson.locked.then_some(No::Locked)
    };
    match shut {
        Some(no) => Turn::Shut(no, column),
        None => Turn::Back {
            expected: sheet.version(place),
            again,
            at: (0, column),
        },
    }
}

/// Does a lesson stand as it was written? Addresses that were not said stayed as they were, and a homework that says nothing is none.
fn same_lesson(now: &Change, wrote: &Change) -> bool {
    let (
        Change::Lesson {
            topic: a,
            homework: x,
            ..
        },
        Change::Lesson {
            topic: b,
            homework: y,
            ..
        },
    ) = (now, wrote)
    else {
        return false;
    };
    let plain = |homework: &Option<Homework>| {
        homework.clone().filter(Homework::says).map(|h| {
            (
                h.text.trim().to_owned(),
                h.due_on,
                h.minutes,
                h.links.unwrap_or_default(),
            )
        })
    };
    a == b && plain(x) == plain(y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_an_act_is_the_school_s() {
        // half past ten in the evening in London is the next day in Moscow, and in Kamchatka
        let at = DateTime::parse_from_rfc3339("2026-11-18T22:30:00Z").unwrap();
        let op = Op {
            id: String::new(),
            seq: 1,
            line: String::new(),
            expected: 0,
            body: String::new(),
            state: Progress::Old,
            made: at.timestamp_millis(),
            wished: 0,
        };
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
        assert_eq!(typed_on(&op, 0), day(18));
        assert_eq!(typed_on(&op, 3 * 3600), day(19));
        assert_eq!(typed_on(&op, 12 * 3600), day(19));
        assert_eq!(state(&op, 3 * 3600), Some(State::Old(day(19))));
        // sent after all, it was typed when it was typed
        let sent = Op {
            wished: at.timestamp_millis() + 86_400_000,
            ..op
        };
        assert_eq!(typed_on(&sent, 3 * 3600), day(19));
    }
}
