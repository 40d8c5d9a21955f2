//! What lies ahead: assessment works in the schedule, a lesson and a class at a distance, a lesson that falls out, a pupil who will not come.

use chrono::{Days, NaiveDate};

use super::layout::STAR_CLASS;
use super::rows::{Rows, Table};
use super::school::Institution;

/// A lesson to come.
#[derive(Clone, Copy, Debug)]
pub struct Coming {
    /// Its row.
    pub lesson: i64,
    /// Its day.
    pub day: NaiveDate,
    /// Its slot.
    pub slot: u16,
}

/// Writes what is ahead of a load of the seventh grade, on its last lesson that is laid out.
pub fn write(of: &Institution<'_>, load: usize, last: Coming, rows: &mut Rows) {
    let facts = &of.layout.loads[load];
    let subject = &of.layout.subjects[facts.subject];
    let by = of.people.staff[facts.teacher].person.id;
    let (school, id) = (of.seat.id, of.id(load));
    let at = format!("{} 12:00Z", of.calendar.today - Days::new(3));
    if subject.name == "Информатика" {
        rows.add(
            Table::LessonFormat,
            &[
                &school,
                &id,
                &last.lesson,
                &"distance",
                &"Сферум",
                &"https://sferum.ru/",
                &by,
                &at,
            ],
        );
    }
    // a subject in three has a work, every second of them is in the schedule already
    if subject.points > 3 && load.is_multiple_of(3) && facts.group.is_none() {
        let state = if load.is_multiple_of(2) {
            "approved"
        } else {
            "planned"
        };
        rows.add(
            Table::Assessment,
            &[
                &school,
                &id,
                &id,
                &last.day,
                &last.slot,
                &of.id(2),
                &"Контрольная по пройденной теме",
                &45,
                &true,
                &state,
                &by,
                &at,
            ],
        );
    }
}

/// A class of the ninth grade learns from home for some days.
pub fn span(of: &Institution<'_>, rows: &mut Rows) {
    let Some(class) = of.layout.classes.iter().position(|c| c.grade == 9) else {
        return;
    };
    let by = of.people.staff.first().map_or(1, |s| s.person.id);
    let (from, to) = (of.calendar.today + Days::new(1), of.calendar.today + Days::new(3));
    let at = format!("{} 12:00Z", of.calendar.today - Days::new(1));
    rows.add(
        Table::DistanceSpan,
        &[
            &of.seat.id,
            &of.id(1),
            &of.id(class),
            &from,
            &to,
            &"distance",
            &"Сферум",
            &"https://sferum.ru/",
            &"Карантин",
            &by,
            &at,
        ],
    );
}

/// Why a lesson falls out.
pub const FELL_OUT: &str = "Зал занят: районные соревнования";

/// The class of the cast's other child.
const YOUNGER: &str = "3Б";

/// Is it a lesson to come of physical education in the class of the cast's other child? The first of them falls out.
pub fn falls_out(of: &Institution<'_>, load: usize, day: NaiveDate) -> bool {
    let facts = &of.layout.loads[load];
    day > of.calendar.today
        && of.layout.shape.is_school()
        && of.layout.classes[facts.class].name == YOUNGER
        && of.layout.subjects[facts.subject].name.contains("Физическая")
}

/// Somebody's parent has told the teacher of the star class that the child will not come.
pub fn note(of: &Institution<'_>, rows: &mut Rows) {
    let star = of.layout.classes.iter().position(|c| c.name == STAR_CLASS);
    let pupil = (0..of.people.pupils.len()).rfind(|p| Some(of.people.pupils[*p].class) == star);
    let Some(pupil) = pupil else { return };
    let ward = of.people.pupils[pupil].person.id;
    let Some((guardian, ..)) = of.people.wards.iter().find(|(_, of_whom, _)| *of_whom == ward) else {
        return;
    };
    let (from, to) = (of.calendar.today + Days::new(1), of.calendar.today + Days::new(2));
    let at = format!("{} 17:40Z", of.calendar.today - Days::new(1));
    rows.add(
        Table::AbsenceNote,
        &[
            &of.seat.id,
            &of.id(0),
            &of.id(pupil),
            &from,
            &to,
            &"Едем на соревнования, справку принесём",
            guardian,
            &at,
        ],
    );
}
