//! What the class teacher of the star class has done about absences: reasons set from certificates, and an exemption.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::journal::Absences;
use super::layout::STAR_CLASS;
use super::rows::{Rows, Table};
use super::school::Institution;

/// The reasons that were set: of a pupil the illnesses, by their first and last day.
#[derive(Debug, Default)]
pub struct Acts {
    of: BTreeMap<usize, Vec<(NaiveDate, NaiveDate, i64)>>,
}

impl Acts {
    /// Writes the reasons of the star class, and somebody's exemption from physical education. Other classes have none.
    pub fn write(of: &Institution<'_>, absences: &[Absences], rows: &mut Rows) -> Self {
        let mut acts = Self::default();
        let teacher = of
            .people
            .staff
            .iter()
            .find(|e| e.person.login.as_deref() == Some("classteacher"));
        let Some(teacher) = teacher else { return acts };
        let star = of.layout.classes.iter().position(|c| c.name == STAR_CLASS);
        let theirs = |pupil: &usize| Some(of.people.pupils[*pupil].class) == star;
        let mut number = 0;
        for pupil in (0..of.people.pupils.len()).filter(theirs) {
            for (from, to) in illnesses(&absences[pupil]) {
                let id = of.id(number);
                number += 1;
                let came = to.checked_add_days(Days::new(1)).unwrap_or(to);
                rows.add(
                    Table::AbsenceReason,
                    &[
                        &of.seat.id,
                        &id,
                        &of.id(pupil),
                        &from,
                        &to,
                        &"б",
                        &"certificate",
                        &(100 + number),
                        &to,
                        &teacher.person.id,
                        &format!("{came} 12:00Z"),
                    ],
                );
                acts.of.entry(pupil).or_default().push((from, to, id));
            }
        }
        let subject = of
            .layout
            .subjects
            .iter()
            .position(|s| s.name.contains("Физическая"));
        let pupil = (0..of.people.pupils.len()).rfind(theirs);
        if let (Some(subject), Some(pupil)) = (subject, pupil) {
            let today = of.calendar.today;
            let from = today.checked_sub_days(Days::new(21)).unwrap_or(today);
            let to = today.checked_add_days(Days::new(14)).unwrap_or(today);
            rows.add(
                Table::Exemption,
                &[
                    &of.seat.id,
                    &of.id(0),
                    &of.id(pupil),
                    &of.id(subject),
                    &from,
                    &to,
                    &false,
                    &"certificate",
                    &"118",
                    &from,
                    &teacher.person.id,
                    &format!("{from} 12:00Z"),
                ],
            );
        }
        acts
    }

    /// A lesson that a reason has changed.
    pub fn lesson(&self, of: &Institution<'_>, pupil: usize, day: NaiveDate, lesson: i64, rows: &mut Rows) {
        let act = self
            .of
            .get(&pupil)
            .and_then(|acts| acts.iter().find(|(from, to, _)| *from <= day && day <= *to));
        if let Some((.., id)) = act {
            rows.add(
                Table::AbsenceReasonLesson,
                &[&of.seat.id, id, &lesson, &of.id(pupil), &"н", &1],
            );
        }
    }
}

/// Days of illness in runs; over a weekend it is one.
fn illnesses(absences: &Absences) -> Vec<(NaiveDate, NaiveDate)> {
    let mut runs: Vec<(NaiveDate, NaiveDate)> = vec![];
    for (day, code) in absences {
        if *code != "б" {
            continue;
        }
        match runs.last_mut() {
            Some((_, last)) if *last + Days::new(3) >= *day => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    runs
}
