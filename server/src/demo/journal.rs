//! Lessons with their topics, homework, assignments, marks and absences: what a quarter leaves in the journals.

mod marks;
mod owed;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::ahead;
use super::attendance::Acts;
use super::calendar::Span;
use super::cast;
use super::files;
use super::layout::Shape;
use super::people::Person;
use super::plan;
use super::rows::{Maybe, Rows, Table};
use super::school::Institution;
use super::topics;
use super::totals::Totals;
use owed::Owing;

/// Which days a pupil misses, and why.
pub type Absences = BTreeMap<NaiveDate, &'static str>;

/// Writes the journals of all loads.
pub fn write(of: &Institution<'_>, seed: u64, rows: &mut Rows) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(u64::try_from(of.seat.id).unwrap_or(0) + (1 << 33));
    let mut days = BTreeMap::<i16, Vec<NaiveDate>>::new();
    for class in &of.layout.classes {
        let grade = if of.layout.shape.is_school() {
            class.grade
        } else {
            0
        };
        days.entry(class.grade)
            .or_insert_with(|| of.calendar.lesson_days(grade));
    }
    let absences = absences(of, &mut rng, &days);
    let acts = Acts::write(of, &absences, rows);
    let mut writer = Writer {
        of,
        acts,
        rng,
        rows,
        absences,
        lessons: 0,
        works: 0,
        tasks: 0,
        events: 0,
        followed: followed(of),
        notices: 0,
        files: 0,
        asked: false,
        owing: Owing::default(),
        totals: Totals::default(),
    };
    for load in 0..of.layout.loads.len() {
        let grade = of.layout.classes[of.layout.loads[load].class].grade;
        if let Some(days) = days.get(&grade) {
            writer.load(load, grade, days);
        }
    }
    visits(of, rows);
    if of.layout.shape.is_school() {
        ahead::span(of, rows);
        ahead::note(of, rows);
    }
}

fn absences(
    of: &Institution<'_>,
    rng: &mut ChaCha8Rng,
    days: &BTreeMap<i16, Vec<NaiveDate>>,
) -> Vec<Absences> {
    let of_pupil = |pupil: &super::people::Pupil| {
        let mut absences = Absences::new();
        let grade = of.layout.classes[pupil.class].grade;
        let mut ill = 0;
        for day in days
            .get(&grade)
            .into_iter()
            .flatten()
            .take_while(|d| **d < of.calendar.today)
        {
            // of the last days the paper is still to come: a teacher knows no more than that somebody is not there
            let fresh = *day + Days::new(4) > of.calendar.today;
            let ill_code = if fresh { "н" } else { "б" };
            if ill > 0 {
                ill -= 1;
                absences.insert(*day, ill_code);
                continue;
            }
            match rng.random_range(0..1000) {
                0..9 => {
                    ill = rng.random_range(1..6);
                    absences.insert(*day, ill_code);
                }
                9..13 => drop(absences.insert(*day, "у")),
                // what was not known has become known since, or nobody had a reason
                13..18 => drop(absences.insert(*day, if fresh { "н" } else { "п" })),
                _ => {}
            }
        }
        absences
    };
    of.people.pupils.iter().map(of_pupil).collect()
}

struct Writer<'a, 'b> {
    of: &'a Institution<'a>,
    /// The reasons that the class teacher of the cast has set.
    acts: Acts,
    rng: ChaCha8Rng,
    rows: &'b mut Rows,
    absences: Vec<Absences>,
    lessons: usize,
    works: usize,
    tasks: usize,
    events: usize,
    /// Children whose guardian is one of the cast, and that guardian.
    followed: BTreeMap<usize, i64>,
    notices: usize,
    files: usize,
    /// A question about a mark has been asked.
    asked: bool,
    /// What the children of the cast owe.
    owing: Owing,
    /// What the periods that are over come to.
    totals: Totals,
}

/// A lesson that is being written.
struct Held {
    id: i64,
    number: usize,
    day: NaiveDate,
    subject: i64,
    /// When its marks were put in.
    at: String,
    /// Pupils who were there.
    present: Vec<usize>,
    /// And those who were not.
    absent: Vec<usize>,
    /// Who teaches it.
    by: i64,
    /// Is there ever a test in the subject?
    tested: bool,
    audited: bool,
    grade: i16,
}

impl Writer<'_, '_> {
    fn load(&mut self, load: usize, grade: i16, days: &[NaiveDate]) {
        let (of, layout) = (self.of, self.of.layout);
        let facts = &layout.loads[load];
        let subject = &layout.subjects[facts.subject];
        let teacher = &of.people.staff[facts.teacher].person;
        let audience: Vec<usize> = (0..of.people.pupils.len())
            .filter(|p| match facts.group {
                Some(group) => of.is_in_group(*p, group),
                None => of.people.pupils[*p].class == facts.class,
            })
            .collect();
        let cards: Vec<(usize, &super::layout::Card)> = layout
            .cards
            .iter()
            .enumerate()
            .filter(|(_, c)| c.load == load)
            .collect();
        if grade == 7 && layout.shape.is_school() {
            plan::write(of, load, grade, cards.len(), self.rows);
        }
        let weekday = |d: &NaiveDate| chrono::Datelike::weekday(d).num_days_from_monday();
        let mut lessons = vec![];
        for day in days {
            let mut of_day: Vec<_> = cards
                .iter()
                .filter(|(_, c)| u32::from(c.day) == weekday(day))
                .collect();
            of_day.sort_by_key(|(_, c)| c.slot);
            lessons.extend(of_day.into_iter().map(|(n, c)| (*day, c.slot, *n)));
        }
        let school = of.seat.id;
        let (room, employee) = (of.id(layout.room_of(load)), of.id(facts.teacher));
        let (mut last, mut cancelled) = (None, false);
        for (number, (day, slot, card)) in lessons.iter().enumerate() {
            let id = of.id(self.lessons);
            self.lessons += 1;
            if number + 1 == lessons.len()
                && *day > of.calendar.today
                && grade == 7
                && layout.shape.is_school()
            {
                last = Some(ahead::Coming {
                    lesson: id,
                    day: *day,
                    slot: *slot,
                });
            }
            // of the last days a topic in nine is not written yet: what the deadlines are for
            let fresh = *day < of.calendar.today && *day + Days::new(6) > of.calendar.today;
            let forgotten = fresh && (number + load).is_multiple_of(9);
            let topic = Maybe((!forgotten).then(|| topics::topic(subject.name, grade, number)));
            let fell_out = !cancelled && ahead::falls_out(of, load, *day);
            cancelled |= fell_out;
            let state = if fell_out {
                "cancelled"
            } else if *day < of.calendar.today {
                "held"
            } else {
                "planned"
            };
            self.rows.add(
                Table::Lesson,
                &[
                    &school,
                    &id,
                    &of.id(load),
                    day,
                    slot,
                    &of.id(*card),
                    &room,
                    &employee,
                    &topic,
                    &state,
                    &Maybe(fell_out.then_some(ahead::FELL_OUT)),
                ],
            );
            if *day >= of.calendar.today {
                continue;
            }
            let next = lessons
                .get(number + 1..)
                .and_then(|rest| rest.iter().find(|l| l.0 > *day))
                .map(|l| l.0);
            let given = self.homework(load, id, grade, number, next);
            let audited = teacher.login.as_deref() == Some("teacher");
            let star = grade == 7 && audited && layout.shape.is_school();
            if let Some(task) = given.filter(|_| fresh && star) {
                self.files += 1;
                files::write(of, self.files, task, teacher.id, *day, self.rows);
            }
            let last = lessons.get(number + 1).is_none_or(|l| l.0 >= of.calendar.today);
            if last && grade == 7 && layout.shape.is_school() {
                self.individual(load, id, *day, &audience, teacher);
            }
            // the lessons begin at half past five Universal Time
            let at = format!("{day} {:02}:{:02}Z", 6 + slot, self.rng.random_range(10..50));
            let present = self.attendance(id, *day, &at, &audience, teacher.id);
            let absent = audience.iter().copied().filter(|p| !present.contains(p));
            let held = Held {
                id,
                number,
                day: *day,
                subject: of.id(facts.subject),
                absent: absent.collect(),
                present,
                at,
                by: teacher.id,
                tested: !matches!(subject.room, "gym" | "workshop") && subject.points > 3,
                audited,
                grade,
            };
            if of.layout.shape == Shape::College || (of.layout.shape.is_school() && grade >= 2) {
                self.assignments(&held);
            }
        }
        if let Some(last) = last {
            ahead::write(of, load, last, self.rows);
        }
        if of.layout.shape == Shape::College || (of.layout.shape.is_school() && grade >= 2) {
            let (absences, totals) = (&self.absences, &mut self.totals);
            let missed = |pupil: usize, span: &Span| absences[pupil].keys().filter(|d| span.has(**d)).count();
            totals.write(of, load, grade, &audience, missed, self.rows);
        }
    }

    /// What is given on a lesson; its number, if anything is.
    fn homework(
        &mut self,
        load: usize,
        lesson: i64,
        grade: i16,
        number: usize,
        due: Option<NaiveDate>,
    ) -> Option<i64> {
        let (of, subject) = (
            self.of,
            &self.of.layout.subjects[self.of.layout.loads[load].subject],
        );
        let college = of.layout.shape == Shape::College;
        let given = self.rng.random_bool(if college { 0.4 } else { 0.75 });
        if !given || of.layout.shape == Shape::Kindergarten || (grade < 2 && !college) {
            return None;
        }
        let (text, minutes) = topics::homework(subject.name, grade, number)?;
        let id = of.id(self.tasks);
        self.tasks += 1;
        self.rows.add(
            Table::Homework,
            &[
                &of.seat.id,
                &id,
                &of.id(load),
                &lesson,
                &Maybe(due),
                &text,
                &minutes,
                &topics::links(subject.name, number),
            ],
        );
        Some(id)
    }

    /// Two pupils at the end of the list are given something of their own; in the cast's own journals so are its children.
    fn individual(&mut self, load: usize, lesson: i64, day: NaiveDate, audience: &[usize], by: &Person) {
        let of = self.of;
        let id = of.id(load);
        let at = format!("{day} 12:00Z");
        let text = "Карточка с дополнительными задачами по теме урока";
        self.rows.add(
            Table::IndividualHomework,
            &[&of.seat.id, &id, &id, &lesson, &text, &15, &by.id, &at],
        );
        let last = audience.iter().rev().take(2);
        let cast = by.login.as_deref() == Some("teacher");
        let own = audience.iter().filter(|p| cast && self.followed.contains_key(p));
        let pupils: BTreeSet<usize> = last.chain(own).copied().collect();
        for pupil in &pupils {
            self.rows.add(
                Table::IndividualHomeworkPupil,
                &[&of.seat.id, &id, &of.id(*pupil)],
            );
        }
    }

    /// Writes who was absent or late; returns who was there.
    fn attendance(
        &mut self,
        lesson: i64,
        day: NaiveDate,
        at: &str,
        audience: &[usize],
        by: i64,
    ) -> Vec<usize> {
        let mut present = Vec::with_capacity(audience.len());
        for pupil in audience {
            let absent = self.absences[*pupil].get(&day).copied();
            let code = absent.or_else(|| self.rng.random_bool(0.004).then_some("о"));
            if let Some(code) = code {
                self.rows.add(
                    Table::Attendance,
                    &[&self.of.seat.id, &lesson, &self.of.id(*pupil), &code, &by, &at],
                );
                self.acts.lesson(self.of, *pupil, day, lesson, self.rows);
            }
            if absent.is_none() {
                present.push(*pupil);
            }
        }
        present
    }
}

/// Pupils whose guardian is one of the cast and nothing else.
fn followed(of: &Institution<'_>) -> BTreeMap<usize, i64> {
    let cast = |guardian: i64| {
        cast::ACTORS
            .iter()
            .any(|a| a.id == guardian && a.posts.is_empty())
    };
    of.people
        .wards
        .iter()
        .filter(|(guardian, ..)| cast(*guardian))
        .filter_map(|(guardian, ward, _)| {
            let pupil = of.people.pupils.iter().position(|p| p.person.id == *ward)?;
            Some((pupil, *guardian))
        })
        .collect()
}

/// The mother of the cast looked into the diaries some days ago: there is something new since.
fn visits(of: &Institution<'_>, rows: &mut Rows) {
    let ago = |days| {
        of.calendar
            .today
            .checked_sub_days(Days::new(days))
            .unwrap_or(of.calendar.today)
    };
    for (guardian, ward, _) in &of.people.wards {
        let pupil = of.people.pupils.iter().position(|p| p.person.id == *ward);
        if let (Some(pupil), true) = (
            pupil,
            cast::ACTORS
                .iter()
                .any(|a| a.id == *guardian && a.posts.is_empty()),
        ) {
            let (seen, previous) = (format!("{} 16:30Z", ago(4)), format!("{} 16:10Z", ago(6)));
            rows.add(
                Table::DiaryVisit,
                &[&of.seat.id, &of.id(pupil), guardian, &seen, &previous],
            );
            // and said of the week before last, on its Sunday, that she had seen it
            let long_ago = ago(14);
            let since_monday = u64::from(chrono::Datelike::weekday(&long_ago).num_days_from_monday());
            let monday = long_ago
                .checked_sub_days(Days::new(since_monday))
                .unwrap_or(long_ago);
            let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
            let (at, shown) = (format!("{sunday} 17:05Z"), format!("{sunday} 17:04Z"));
            rows.add(
                Table::WeekAcknowledgement,
                &[&of.seat.id, &of.id(pupil), &monday, guardian, &at, &shown],
            );
        }
    }
}
