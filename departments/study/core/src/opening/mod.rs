//! The standard reference data of a new organisation: positions, scale, work types, attendance codes, bells, a year
//! with its periods and holidays, cut as its kind of organisation does ([`Cut`]). All of it is a template that the school then changes; nothing of it is law.
//!
//! The next kind of reference data: a list here and a query in [`sql`], idempotent like the others.

mod cut;
#[cfg(feature = "sql")]
pub mod sql;

pub use cut::Cut;

/// A mark of the scale: code, hundredths of its value, title.
pub const MARKS: &[(&str, Option<i32>, &str)] = &[
    ("5", Some(500), "отлично"),
    ("4", Some(400), "хорошо"),
    ("3", Some(300), "удовлетворительно"),
    ("2", Some(200), "неудовлетворительно"),
    ("1", Some(100), "очень плохо"),
    ("зч", None, "зачёт"),
    ("нз", None, "незачёт"),
    ("осв", None, "освобождён"),
    ("н/а", None, "не аттестован"),
];

/// Work types: letter as teachers know it, title, weight.
pub const WORK_TYPES: &[(&str, &str, i32)] = &[
    ("О", "Ответ на уроке", 1),
    ("Д", "Домашняя работа", 1),
    ("А", "Практическая работа", 1),
    ("Л", "Лабораторная работа", 2),
    ("С", "Самостоятельная работа", 2),
    ("К", "Контрольная работа", 3),
    ("В", "Срезовая работа", 3),
    ("Т", "Тест", 2),
    ("З", "Зачёт", 2),
    ("Н", "Диктант", 3),
    ("И", "Изложение", 3),
    ("Ч", "Сочинение", 3),
    ("Р", "Реферат", 1),
    ("П", "Проект", 3),
];

/// Of them those that a whole class writes for half an hour and more: the limits of the schedule of assessment works hold for them.
pub const ASSESSMENTS: &[&str] = &["К", "В", "Н", "И", "Ч"];

/// Attendance: code, title, counts as an absence.
pub const ATTENDANCE: &[(&str, &str, bool)] = &[
    ("н", "не был, причина неизвестна", true),
    ("б", "болел", true),
    ("у", "уважительная причина", true),
    ("п", "без уважительной причины", true),
    ("о", "опоздал", false),
];

/// Usual bells, minutes after midnight.
pub const BELLS: &[(i32, i32)] = &[
    (510, 555),
    (565, 610),
    (630, 675),
    (695, 740),
    (755, 800),
    (810, 855),
    (865, 910),
    (920, 965),
];
