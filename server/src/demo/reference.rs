//! Reference data of an institution: the year with its periods and holidays, bells, the vocabulary of marks.

use super::calendar::Span;
use super::layout::Shape;
use super::rows::{Maybe, Rows, Table};
use super::school::Institution;
use super::week::DAYS;

/// Whose place in `mark_scale_item` a code has.
const SCALE: &[(&str, Option<i16>, &str)] = &[
    ("5", Some(5), "отлично"),
    ("4", Some(4), "хорошо"),
    ("3", Some(3), "удовлетворительно"),
    ("2", Some(2), "неудовлетворительно"),
    ("зч", None, "зачёт"),
    ("нз", None, "незачёт"),
    ("осв", None, "освобождён"),
    ("н/а", None, "не аттестован"),
];

/// Work types: code, title, weight.
pub const WORKS: &[(&str, &str, i16)] = &[
    ("О", "Ответ на уроке", 1),
    ("С", "Самостоятельная работа", 2),
    ("К", "Контрольная работа", 3),
    ("Д", "Домашняя работа", 1),
    ("П", "Практическая работа", 2),
];

const ATTENDANCE: &[(&str, &str, bool, &str)] = &[
    ("н", "не был, причина неизвестна", true, "unknown"),
    ("б", "болел", true, "ill"),
    ("у", "уважительная причина", true, "excused"),
    ("п", "без уважительной причины", true, "unexcused"),
    ("о", "опоздал", false, "late"),
];

impl Institution<'_> {
    /// The year, its periods, the parallels, the holidays.
    pub fn year(&self, rows: &mut Rows) {
        let (school, year, calendar) = (self.seat.id, self.id(0), self.calendar);
        rows.add(
            Table::Year,
            &[
                &school,
                &year,
                &calendar.title,
                &calendar.year.from,
                &calendar.year.to,
            ],
        );
        let whole = vec![Span {
            from: calendar.quarters[0].from,
            to: calendar.quarters[3].to,
        }];
        let systems = match self.layout.shape {
            Shape::Kindergarten => vec![("year", "Учебный год", &whole)],
            Shape::College => vec![("semester", "Семестры", &calendar.halves)],
            _ => vec![
                ("quarter", "Четверти", &calendar.quarters),
                ("half_year", "Полугодия", &calendar.halves),
            ],
        };
        let mut periods = 0;
        for (n, (kind, title, spans)) in systems.iter().enumerate() {
            rows.add(Table::PeriodSystem, &[&school, &self.id(n), &year, kind, title]);
            for (number, span) in (1..).zip(*spans) {
                let locked = span
                    .to
                    .checked_add_days(chrono::Days::new(4))
                    .filter(|d| *d <= calendar.today);
                let locked = Maybe(locked.map(|d| format!("{d} 09:00Z")));
                let number: i32 = number;
                rows.add(
                    Table::Period,
                    &[
                        &school,
                        &self.id(periods),
                        &self.id(n),
                        &number,
                        &span.from,
                        &span.to,
                        &locked,
                    ],
                );
                periods += 1;
            }
        }
        for grade in self.grades() {
            let system = if self.layout.shape.is_school() && grade >= 10 {
                self.id(1)
            } else {
                self.id(0)
            };
            rows.add(Table::Parallel, &[&school, &year, &grade, &system]);
        }
        for (n, h) in calendar.holidays.iter().enumerate() {
            let grade = Maybe(h.grade.filter(|_| self.layout.shape.is_school()));
            if h.grade.is_some() && !self.layout.shape.is_school() {
                continue;
            }
            rows.add(
                Table::Holiday,
                &[
                    &school,
                    &self.id(n),
                    &year,
                    &h.title,
                    &h.span.from,
                    &h.span.to,
                    &grade,
                ],
            );
        }
    }

    /// Bell schedules, and which one rings for whom.
    pub fn bells(&self, rows: &mut Rows) {
        let school = self.seat.id;
        #[rustfmt::skip]
        let schedules: &[(&str, &[(&str, &str)])] = match self.layout.shape {
            Shape::Kindergarten => &[("Режим дня", &[("09:00", "09:20"), ("09:30", "09:50"), ("10:00", "10:20"), ("16:00", "16:25")])],
            Shape::College => &[(
                "Пары",
                &[
                    ("09:00", "09:45"), ("09:50", "10:35"), ("10:45", "11:30"), ("11:35", "12:20"), ("13:00", "13:45"), ("13:50", "14:35"),
                    ("14:45", "15:30"), ("15:35", "16:20"),
                ],
            )],
            _ => &[
                (
                    "Обычные звонки",
                    &[
                        ("08:30", "09:15"), ("09:25", "10:10"), ("10:30", "11:15"), ("11:35", "12:20"), ("12:30", "13:15"), ("13:25", "14:10"),
                        ("14:20", "15:05"), ("15:15", "16:00"),
                    ],
                ),
                ("Первые классы", &[("08:30", "09:05"), ("09:20", "09:55"), ("10:35", "11:10"), ("11:25", "12:00"), ("12:15", "12:50")]),
                (
                    "Сокращённые уроки",
                    &[
                        ("08:30", "09:00"), ("09:10", "09:40"), ("10:00", "10:30"), ("10:50", "11:20"), ("11:30", "12:00"), ("12:10", "12:40"),
                        ("12:50", "13:20"), ("13:30", "14:00"),
                    ],
                ),
            ],
        };
        for (n, (title, bells)) in schedules.iter().enumerate() {
            rows.add(Table::BellSchedule, &[&school, &self.id(n), title]);
            for (number, (from, to)) in (1..).zip(*bells) {
                let number: i32 = number;
                rows.add(Table::Bell, &[&school, &self.id(n), &number, from, to]);
            }
        }
        for grade in self.grades() {
            let schedule = usize::from(self.layout.shape.is_school() && grade == 1);
            for weekday in 1..=DAYS {
                rows.add(
                    Table::BellUse,
                    &[&school, &self.id(0), &grade, &weekday, &self.id(schedule)],
                );
            }
        }
    }

    /// The rules of marking: one for the school's year, by its act.
    fn grading(&self, rows: &mut Rows) {
        let Some(author) = self.people.staff.iter().find(|e| e.post == "deputy") else {
            return;
        };
        let (school, rule) = (self.seat.id, self.id(0));
        let from = self.calendar.year.from;
        let act = from.checked_sub_days(chrono::Days::new(2)).unwrap_or(from);
        let at = format!("{act} 12:00Z");
        rows.add(
            Table::GradingRule,
            &[
                &school,
                &rule,
                &0,
                &12,
                &from,
                &true,
                &465,
                &365,
                &265,
                &50,
                &false,
                &true,
                &"both",
                &"№ 12 (положение о текущем контроле)",
                &act,
                &author.person.id,
                &at,
                &14,
            ],
        );
        for (hours, marks) in [(0, 3), (2, 5)] {
            rows.add(Table::GradingMinimum, &[&school, &rule, &hours, &marks]);
        }
    }

    /// The scale, work types, attendance codes; by which rules marks are counted.
    pub fn marks_vocabulary(&self, rows: &mut Rows) {
        let school = self.seat.id;
        self.grading(rows);
        rows.add(Table::Scale, &[&school, &self.id(0), &"Пятибалльная"]);
        for (position, (code, value, title)) in (1..).zip(SCALE) {
            let position: i32 = position;
            rows.add(
                Table::ScaleItem,
                &[&school, &self.id(0), code, &Maybe(*value), title, &position],
            );
        }
        for (n, (code, title, weight)) in WORKS.iter().enumerate() {
            rows.add(
                Table::WorkType,
                &[
                    &school,
                    &self.id(n),
                    code,
                    title,
                    weight,
                    &(n + 1),
                    &(*code == "К"),
                ],
            );
        }
        for (n, (code, title, absent, reason)) in ATTENDANCE.iter().enumerate() {
            rows.add(
                Table::AttendanceCode,
                &[&school, code, title, absent, &(n + 1), reason],
            );
        }
    }
}
