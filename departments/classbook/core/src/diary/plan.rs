//! Lays a span of days out: lessons of the journal, cards of the timetable where the journal has no lesson yet,
//! marks, absences and homework, each in its place. Pure: `sql::read` brings the rows.

use std::collections::BTreeMap;

use base::number::Hundredths;
use base::{CardId, EmployeeId, LessonId, LoadId, PersonId};
use chrono::{Datelike as _, Days, NaiveDate};

use crate::distance::Meeting;

use super::week::monday_of;
use super::{Absence, Assessment, Child, Day, Homework, Lesson, Mark, News, State};

mod rows;

pub(crate) use rows::{
    AbsenceRow, AssessmentRow, CardRow, Frame, Given, GivenRow, HomeworkRow, MarkRow, Own, PersonRow,
    SpanRow, TaughtRow, ToldRow,
};

impl PersonRow {
    pub(crate) fn child(&self) -> Child {
        Child {
            pupil: self.pupil,
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            class: self.class.clone(),
        }
    }
}

impl MarkRow {
    pub(crate) fn mark(self) -> Mark {
        let counting = self.said.counting(&self.code, self.value);
        Mark {
            assignment: self.assignment_id,
            code: self.code,
            words: self.words,
            // a mark without a value of its own may count among others
            value: self.value.map(Hundredths).or(counting.five),
            standing: counting.standing,
            weight: Hundredths(self.weight),
            work: self.work,
            title: self.title,
            comment: self.comment,
            by: self.by,
            changed_at: self.changed_at,
            corrected: self.version > 1,
            replaced: self.replaced,
            new: self.new,
        }
    }
}

/// The new ones among the marks, the newest first.
pub(crate) fn news(marks: &[MarkRow]) -> Vec<News> {
    let mut new: Vec<&MarkRow> = marks.iter().filter(|m| m.new).collect();
    new.sort_by_key(|m| (std::cmp::Reverse(m.changed_at), m.assignment_id));
    new.into_iter()
        .take(NEWS)
        .map(|m| News {
            date: m.held_on,
            subject: m.subject.clone(),
            mark: m.clone().mark(),
        })
        .collect()
}

/// So many new marks are shown at most.
const NEWS: usize = 20;

/// Every date from `from` to `until`, both included.
fn dates(from: NaiveDate, until: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().take_while(move |d| *d <= until)
}

impl CardRow {
    /// The dates of the span on which the card is in force and lies.
    fn dates(&self, from: NaiveDate, until: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let per_week = (self.days / self.cycle_weeks.max(1)).max(1);
        let (half, weekday) = (self.day / per_week, self.day % per_week);
        dates(from, until).filter(move |date| {
            let weeks = monday_of(*date)
                .signed_duration_since(monday_of(self.year_starts_on))
                .num_weeks();
            let even = weeks.rem_euclid(2) == 1;
            i64::from(date.weekday().num_days_from_monday()) == weekday
                && self.valid_from <= *date
                && self.valid_to.is_none_or(|to| *date <= to)
                && self.starts_on <= *date
                && self.ends_on.is_none_or(|to| *date <= to)
                && (self.cycle_weeks < 2 || (half == 1) == even)
                && match self.weeks.as_str() {
                    "odd" => !even,
                    "even" => even,
                    _ => true,
                }
        })
    }
}

/// The marks of a pupil, with all that the frame knows of them; the new ones are marked so where `news` is wanted.
pub(crate) fn marks(frame: &Frame, given: Given, news: bool) -> (Vec<MarkRow>, Vec<AbsenceRow>) {
    let Given {
        since,
        marks,
        news: elsewhere,
        names,
        absences,
        homework: _,
        owed: _,
        signed: _,
        told: _,
        timetable: _,
    } = given;
    let by = |person: PersonId| {
        let teacher = frame
            .teachers
            .iter()
            .find(|t| t.person == person)
            .map(|t| &t.name);
        teacher.or_else(|| names.iter().find(|n| n.person == person).map(|n| &n.name))
    };
    let row = |mark: GivenRow| {
        let work = frame.works.iter().find(|w| w.id == mark.assignment)?;
        let lesson = frame.lessons.iter().find(|l| l.id == work.lesson_id)?;
        let value = frame
            .scales
            .iter()
            .find(|s| s.scale == mark.scale && s.code == mark.code)?;
        Some(MarkRow {
            lesson_id: work.lesson_id,
            assignment_id: work.id,
            words: value.words.clone(),
            value: value.value,
            said: value.said.clone(),
            scale: Some(mark.scale),
            weight: work.weight,
            work: work.work.clone(),
            title: work.title.clone(),
            by: by(mark.by).cloned(),
            held_on: lesson.held_on,
            subject: frame.subject(lesson.load_id),
            new: false,
            code: mark.code,
            comment: mark.comment,
            changed_at: mark.at,
            version: mark.version,
            replaced: mark.replaced,
        })
    };
    let mut all: Vec<MarkRow> = marks.into_iter().filter_map(row).chain(elsewhere).collect();
    for mark in &mut all {
        mark.new = news && mark.changed_at > since;
    }
    all.sort_by_key(|m| m.assignment_id);
    (all, absences)
}

impl Frame {
    /// Assessment works from a day on, by day.
    pub(crate) fn assessments(&self, from: NaiveDate) -> Vec<Assessment> {
        let coming = self.assessments.iter().filter(|a| a.held_on >= from);
        let mut coming: Vec<Assessment> = coming.map(|row| self.assessment(row)).collect();
        coming.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| a.subject.cmp(&b.subject)));
        coming
    }

    fn assessment(&self, row: &AssessmentRow) -> Assessment {
        Assessment {
            date: row.held_on,
            subject: self.subject(row.load_id),
            kind: row.kind.clone(),
            title: row.title.clone(),
        }
    }

    /// The lesson's own goes before its class's.
    fn meeting(&self, lesson: Option<LessonId>, load: LoadId, date: NaiveDate) -> Option<Meeting> {
        let own = self
            .meetings
            .iter()
            .find(|m| lesson.is_some() && m.lesson_id == lesson);
        let class = || {
            self.meetings.iter().find(|m| {
                m.lesson_id.is_none() && m.load_id == load && m.starts_on <= date && date <= m.ends_on
            })
        };
        own.or_else(class).map(|m| m.meeting.clone())
    }

    fn subject(&self, load: LoadId) -> String {
        self.loads
            .iter()
            .find(|l| l.id == load)
            .map(|l| l.subject.clone())
            .unwrap_or_default()
    }
}

/// A span of days.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// Splits what a change of the timetable may still move from what has happened.
    pub today: NaiveDate,
}

/// The days of a span; `individual` is homework of this pupil alone.
pub(crate) fn days(
    frame: &Frame,
    spans: &[SpanRow],
    marks: Vec<MarkRow>,
    absences: Vec<AbsenceRow>,
    individual: &[HomeworkRow],
    Span { from, until, today }: Span,
) -> Vec<Day> {
    let Frame {
        works,
        lessons,
        cards,
        bells,
        holidays,
        periods,
        homework,
        ..
    } = frame;
    let subject_of = |load: LoadId| frame.subject(load);
    let span_on = |date: NaiveDate| {
        spans
            .iter()
            .find(|s| s.starts_on <= date && s.ends_on.is_none_or(|to| date <= to))
    };
    let grade_on = |date: NaiveDate| span_on(date).map(|s| s.grade);
    let holiday_on = |date: NaiveDate| {
        holidays
            .iter()
            .find(|h| {
                h.starts_on <= date
                    && date <= h.ends_on
                    && h.grade.is_none_or(|g| grade_on(date) == Some(g))
                    && h.system
                        .is_none_or(|s| span_on(date).is_some_and(|span| span.system == s))
            })
            .map(|h| h.title.clone())
    };
    // outside of all periods of its class; where there are none, nobody has said anything
    let outside = |date: NaiveDate| {
        let system = span_on(date).map(|s| s.system);
        let mut own = periods.iter().filter(|p| Some(p.system) == system).peekable();
        own.peek().is_some() && !own.any(|p| p.starts_on <= date && date <= p.ends_on)
    };
    let off_on = |date: NaiveDate| holiday_on(date).is_some() || outside(date);
    let bell_on = |date: NaiveDate, number: i16| {
        let grade = grade_on(date)?;
        let weekday = date.weekday().number_from_monday();
        bells
            .iter()
            .find(|b| b.grade == grade && b.weekday == weekday && b.number == number)
            .map(|b| (b.starts_at, b.ends_at))
    };

    // where the timetable in force puts cards
    let mut planned: BTreeMap<(NaiveDate, i16, LoadId), Option<String>> = BTreeMap::new();
    for card in cards {
        for date in card.dates(from, until).filter(|d| !off_on(*d)) {
            for slot in card.slot..card.slot.saturating_add(card.duration) {
                planned.insert((date, slot, card.load_id), card.room.clone());
            }
        }
    }
    let is_card = |id: CardId| cards.iter().any(|c| c.id == id);
    let mut placed: BTreeMap<(NaiveDate, i16, LoadId), Lesson> = BTreeMap::new();
    for row in lessons {
        let row = row.clone();
        let key = (row.held_on, row.slot, row.load_id);
        // an empty lesson to come whose card has left the timetable in force was planned by an older one
        let forgotten = row.state == State::Planned
            && row.held_on >= today
            && row.topic.is_none()
            && !works.iter().any(|w| w.lesson_id == row.id)
            && !homework.iter().chain(individual).any(|h| h.lesson_id == row.id)
            && !planned.contains_key(&key)
            && row.card_id.is_some_and(|c| !is_card(c));
        // a day declared off, or left out of the periods, after the timetable was laid out: `takes_place_for` of the database
        let off = row.state == State::Planned && off_on(row.held_on);
        let empty =
            !marks.iter().any(|m| m.lesson_id == row.id) && !absences.iter().any(|a| a.lesson_id == row.id);
        if forgotten || (off && empty) {
            continue;
        }
        // a lesson of the journal that was moved away from its card's place takes that place off the plan
        if let Some(card) = row.card_id {
            let moved: Vec<_> = cards
                .iter()
                .filter(|c| c.id == card && c.duration == 1)
                .flat_map(|c| {
                    let week = monday_of(row.held_on);
                    c.dates(week, week.checked_add_days(Days::new(6)).unwrap_or(week))
                        .map(|d| (d, c.slot, c.load_id))
                        .collect::<Vec<_>>()
                })
                .collect();
            for place in moved {
                planned.remove(&place);
            }
        }
        planned.remove(&key);
        placed.insert(
            key,
            Lesson {
                id: Some(row.id),
                load: row.load_id,
                number: row.slot.saturating_add(1),
                starts_at: None,
                ends_at: None,
                subject: subject_of(row.load_id),
                room: row.room,
                teacher: frame.name(row.load_id, row.employee_id),
                substitute: row.employee_id.is_some_and(|e| !frame.teaches(e, row.load_id)),
                topic: row.topic,
                state: if off { State::Cancelled } else { row.state },
                homework: Vec::new(),
                marks: Vec::new(),
                absence: None,
                meeting: None,
                assessments: Vec::new(),
            },
        );
    }
    for ((date, slot, load_id), room) in planned {
        placed.insert(
            (date, slot, load_id),
            Lesson {
                id: None,
                load: load_id,
                number: slot.saturating_add(1),
                starts_at: None,
                ends_at: None,
                subject: subject_of(load_id),
                room,
                teacher: frame.name(load_id, None),
                substitute: false,
                topic: None,
                state: State::Planned,
                homework: Vec::new(),
                marks: Vec::new(),
                absence: None,
                meeting: None,
                assessments: Vec::new(),
            },
        );
    }

    let mut by_lesson: BTreeMap<LessonId, (Vec<Mark>, Option<Absence>)> = BTreeMap::new();
    for row in marks {
        by_lesson.entry(row.lesson_id).or_default().0.push(row.mark());
    }
    for row in absences {
        by_lesson.entry(row.lesson_id).or_default().1 = Some(Absence {
            code: row.code,
            title: row.title,
            absent: row.absent,
        });
    }
    let mut without_lesson: BTreeMap<NaiveDate, Vec<Homework>> = BTreeMap::new();
    for row in homework.iter().chain(individual) {
        let subject = subject_of(row.load_id);
        let due = Homework {
            id: row.id,
            subject,
            text: row.text.clone(),
            minutes: row.minutes,
            given_on: row.held_on,
            links: row.links.clone(),
            files: row.files.clone(),
            individual: row.individual,
            done: false,
        };
        let place = placed
            .iter()
            .filter(|((_, _, load), lesson)| *load == row.load_id && lesson.state != State::Cancelled)
            .map(|(key, _)| *key)
            .find(|(date, slot, _)| match row.due_on {
                Some(day) => *date == day,
                None => (*date, *slot) > (row.held_on, row.slot),
            });
        match (place.and_then(|key| placed.get_mut(&key)), row.due_on) {
            (Some(lesson), _) => lesson.homework.push(due),
            (None, Some(day)) => without_lesson.entry(day).or_default().push(due),
            // by the next lesson, which lies after the span
            (None, None) => {}
        }
    }
    // on the first lesson of the group that day
    for row in &frame.assessments {
        let place = placed.iter_mut().find(|((date, _, load), lesson)| {
            *date == row.held_on && *load == row.load_id && lesson.state != State::Cancelled
        });
        if let Some((_, lesson)) = place {
            lesson.assessments.push(frame.assessment(row));
        }
    }
    let mut found: BTreeMap<NaiveDate, Vec<Lesson>> = BTreeMap::new();
    for ((date, _, load), mut lesson) in placed {
        lesson.meeting = frame.meeting(lesson.id, load, date);
        if let Some((marks, absence)) = lesson.id.and_then(|id| by_lesson.remove(&id)) {
            lesson.marks = marks;
            // what fell out was missed by nobody
            lesson.absence = absence.filter(|_| lesson.state != State::Cancelled);
        }
        if let Some((starts, ends)) = bell_on(date, lesson.number) {
            lesson.starts_at = Some(starts);
            lesson.ends_at = Some(ends);
        }
        found.entry(date).or_default().push(lesson);
    }
    dates(from, until)
        .map(|date| Day {
            date,
            holiday: holiday_on(date),
            lessons: found.remove(&date).unwrap_or_default(),
            homework: without_lesson.remove(&date).unwrap_or_default(),
        })
        .collect()
}

/// Who teaches what, and is called how.
impl Frame {
    fn teaches(&self, employee: EmployeeId, load: LoadId) -> bool {
        self.taught_by
            .iter()
            .any(|t| t.load == load && t.employee == employee)
    }

    /// The one who gives the lesson; all of the load's teachers when none is named: «Бритова Е., Учителева А. И.».
    fn name(&self, load: LoadId, employee: Option<EmployeeId>) -> Option<String> {
        let names: Vec<&str> = self
            .teachers
            .iter()
            .filter(|t| employee.map_or_else(|| self.teaches(t.id, load), |e| t.id == e))
            .map(|t| t.name.as_str())
            .collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

/// Parts the days of a span into the week's own (without empty days off) and the first one with lessons after it.
pub(crate) fn part(days: Vec<Day>, monday: NaiveDate, today: NaiveDate) -> (Vec<Day>, Option<Day>) {
    let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
    let (week, after): (Vec<Day>, Vec<Day>) = days.into_iter().partition(|d| d.date <= sunday);
    let next = |d: &Day| d.date > today && !d.lessons.is_empty();
    let ahead = if week.iter().any(|d| d.date == today) && !week.iter().any(next) {
        after.into_iter().find(next)
    } else {
        None
    };
    let week = week
        .into_iter()
        .filter(|d| {
            let school_day = d.date.weekday().num_days_from_monday() < 5;
            school_day || d.date == today || !d.lessons.is_empty() || !d.homework.is_empty()
        })
        .collect();
    (week, ahead)
}

#[cfg(test)]
mod tests;
