//! Works of a lesson with their marks: who got what, who was told, who asked, and the history of the cast's own.

use chrono::Days;
use rand::Rng;

use super::{Held, Writer};
use crate::demo::reference::WORKS;
use crate::demo::rows::{Maybe, Table};

impl Writer<'_, '_> {
    pub(super) fn assignments(&mut self, lesson: &Held) {
        // О, С, К: positions in WORKS
        let (work, share) = match lesson.number % 10 {
            9 if lesson.tested => (2, 1.0),
            4 if lesson.tested => (1, 0.97),
            _ => (0, 0.13),
        };
        if work == 0 && self.rng.random_bool(0.4) {
            return;
        }
        self.assignment(lesson, work, share, 0);
        if work > 0 && self.rng.random_bool(0.3) {
            self.assignment(lesson, 0, 0.06, 1);
        }
    }

    fn assignment(&mut self, lesson: &Held, work: usize, share: f64, position: i16) {
        let who: Vec<usize> = lesson
            .present
            .iter()
            .copied()
            .filter(|_| share >= 1.0 || self.rng.random_bool(share))
            .collect();
        if who.is_empty() {
            return;
        }
        let of = self.of;
        let (school, scale, id) = (of.seat.id, of.id(0), of.id(self.works));
        self.works += 1;
        let title = Maybe((work == 2).then(|| format!("Контрольная работа № {}", lesson.number / 10 + 1)));
        self.rows.add(
            Table::Assignment,
            &[
                &school,
                &id,
                &lesson.id,
                &of.id(work),
                &scale,
                &title,
                &WORKS[work].2,
                &position,
            ],
        );
        for pupil in who {
            let code = self.mark(of.people.pupils[pupil].ability, work);
            let comment = self.comment(code);
            let corrected = lesson.audited && code > 2 && self.rng.random_bool(0.06);
            let (version, comment) = (if corrected { 2 } else { 1 }, Maybe(comment));
            let dot = self.of_the_cast(lesson, work, pupil);
            let given = dot.as_ref().is_none_or(|dot| dot.handed_in.is_some());
            if given {
                self.tell(lesson, id, pupil, code);
                self.totals.add(
                    of,
                    lesson.grade,
                    pupil,
                    lesson.day,
                    code,
                    f64::from(WORKS[work].2),
                );
            }
            let pupil = of.id(pupil);
            self.rows.add(
                Table::Mark,
                &[
                    &school,
                    &id,
                    &pupil,
                    &scale,
                    &Maybe(given.then_some(code)),
                    &comment,
                    &version,
                    &lesson.by,
                    &lesson.at,
                    &dot.is_some(),
                    &Maybe(dot.as_ref().map(|dot| dot.until)),
                    &Maybe(dot.as_ref().and_then(|dot| dot.handed_in)),
                ],
            );
            if lesson.audited {
                self.events(lesson, id, pupil, code, comment.0, corrected);
            }
        }
        if work == 2 {
            self.missed(lesson, id, scale);
        }
    }

    /// The families of the cast were told of the last days' marks; one of them asks about one of the teacher's.
    fn tell(&mut self, lesson: &Held, work: i64, pupil: usize, code: i16) {
        let Some(guardian) = self.followed.get(&pupil).copied() else {
            return;
        };
        let (of, ward) = (self.of, self.of.id(pupil));
        let (school, today) = (of.seat.id, of.calendar.today);
        let ago = |days| today.checked_sub_days(Days::new(days)).unwrap_or(today);
        if lesson.day >= ago(6) {
            let id = of.id(self.notices);
            self.notices += 1;
            self.rows.add(
                Table::Notice,
                &[
                    &school,
                    &id,
                    &ward,
                    &"mark_new",
                    &lesson.at,
                    &lesson.subject,
                    &lesson.id,
                    &work,
                    &code,
                ],
            );
        }
        if self.asked || !lesson.audited || lesson.day < ago(21) {
            return;
        }
        self.asked = true;
        let id = of.id(0);
        let asked = format!("{} 15:20Z", ago(1));
        let due = classbook_core::dispute::due_on(ago(1), classbook_core::dispute::DAYS, |_| false);
        self.rows.add(
            Table::Dispute,
            &[&school, &id, &work, &ward, &code, &guardian, &asked, &due],
        );
        let words = "Здравствуйте! Подскажите, пожалуйста, за какую работу эта отметка: в тетради её нет.";
        self.rows.add(
            Table::DisputeMessage,
            &[&school, &id, &id, &ward, &guardian, &true, &asked, &words],
        );
    }

    fn mark(&mut self, ability: f64, work: usize) -> i16 {
        let harder = if work == 2 { 0.25 } else { 0.0 };
        match 4.05 + ability - harder + self.rng.random_range(-0.9..0.9) {
            s if s >= 4.5 => 5,
            s if s >= 3.5 => 4,
            s if s >= 2.5 => 3,
            _ => 2,
        }
    }

    fn comment(&mut self, code: i16) -> Option<&'static str> {
        if !self.rng.random_bool(0.02) {
            return None;
        }
        Some(match code {
            5 => "Отличная работа!",
            4 => "Хорошо, но проверяйте вычисления и знаки",
            3 => "Нужно повторить правило",
            _ => "Подойти на консультацию в четверг",
        })
    }

    /// The history of a mark; of some with a correction.
    fn events(
        &mut self,
        lesson: &Held,
        work: i64,
        pupil: i64,
        code: i16,
        comment: Option<&str>,
        corrected: bool,
    ) {
        let state = |code: i16, comment: Option<&str>, version: i32| {
            serde_json::json!({ "code": code.to_string(), "comment": comment, "version": version })
                .to_string()
        };
        let key = format!("{work}:{pupil}");
        let mut event = |at: &str, old: Option<String>, new: String| {
            let id = self.of.id(self.events);
            self.events += 1;
            let school = self.of.seat.id;
            self.rows.add(
                Table::Audit,
                &[
                    &school,
                    &id,
                    &at,
                    &lesson.by,
                    &"mark.set",
                    &"mark",
                    &key,
                    &Maybe(old),
                    &new,
                ],
            );
        };
        if corrected {
            let first = state(code - 1, None, 1);
            event(&format!("{} 06:05Z", lesson.day), None, first.clone());
            event(&lesson.at, Some(first), state(code, comment, 2));
        } else {
            event(&lesson.at, None, state(code, comment, 1));
        }
    }
}
