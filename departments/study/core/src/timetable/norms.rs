//! Rows of the law turned into the judge's limits. No figure of a norm stands in code; what each *breach costs* does.

use serde::{Deserialize, Serialize};
use timetable::{Limit, Limits, NormId, PeakDays, SlotRange};

use super::board::ClassRow;

/// One row of `norm`, in force on the asked day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NormRow {
    /// Which rule.
    pub kind: String,
    /// Grades it is for.
    pub grade_from: i16,
    /// Last of them.
    pub grade_to: i16,
    /// For a week of this length only.
    pub week_days: Option<i16>,
    /// Its figure.
    pub value: i32,
    /// Where it stands.
    pub clause: String,
    /// False: known at second hand, shown as a setting to check.
    pub confirmed: bool,
}

impl NormRow {
    fn is_for(&self, kind: &str, class: &ClassRow) -> bool {
        self.kind == kind
            && (self.grade_from..=self.grade_to).contains(&class.grade)
            && self.week_days.is_none_or(|days| days == class.week_days)
    }
}

/// The row of a kind for a class, the one for its very week before the one for any.
fn find<'a>(rows: &'a [NormRow], kind: &str, class: &ClassRow) -> Option<(NormId, &'a NormRow)> {
    let mut found: Vec<(usize, &NormRow)> = rows
        .iter()
        .enumerate()
        .filter(|(_, r)| r.is_for(kind, class))
        .collect();
    found.sort_by_key(|(_, r)| r.week_days.is_none());
    found.first().map(|(n, r)| (NormId::at(*n), *r))
}

fn figure(value: i32) -> u16 {
    u16::try_from(value).unwrap_or(0)
}

/// The limits of a class. A breach is told and costs, but does not forbid: what the law means for a school (its
/// regime, its exceptions) is the deputy director's to decide, and an overfull plan is no fault of a single card.
#[must_use]
pub fn limits(rows: &[NormRow], class: &ClassRow) -> Limits {
    let limit = |kind: &str, penalty: u16| {
        find(rows, kind, class).map(|(norm, row)| Limit {
            value: figure(row.value),
            norm,
            penalty,
            hard: false,
        })
    };
    let with_pe = limit("lessons_one_day_with_pe", 40);
    let hard_lessons = match (
        find(rows, "hard_lesson_from", class),
        find(rows, "hard_lesson_to", class),
    ) {
        (Some((_, from)), Some((norm, to))) => Some(SlotRange {
            from: figure(from.value),
            to: figure(to.value),
            norm,
            penalty: 2,
        }),
        _ => None,
    };
    let peak_days = find(rows, "peak_days", class).map(|(norm, row)| PeakDays {
        days: u64::try_from(row.value).unwrap_or(0),
        norm,
        penalty: 1,
    });
    Limits {
        per_day: limit("lessons_a_day", 40),
        per_day_with_pe: with_pe,
        long_days: u16::from(with_pe.is_some()),
        per_week: limit("lessons_a_week", 60),
        subject_per_day: limit("subject_a_day", 6),
        hard_from: find(rows, "hard_points_from", class).map_or(0, |(_, row)| figure(row.value)),
        hard_lessons,
        peak_days,
        ..Limits::default()
    }
}

/// The key of the difficulty tables for a subject's name as schools write it, if it is one of theirs.
#[must_use]
pub fn template_of(name: &str) -> Option<&'static str> {
    /// Beginnings of names, lower case, the longer before the shorter.
    const NAMES: &[(&str, &str)] = &[
        ("алгебра", "алгебра"),
        ("геометрия", "геометрия"),
        ("математик", "математика"),
        ("вероятность", "алгебра"),
        ("русск", "русский"),
        ("литератур", "литература"),
        ("чтение", "литература"),
        ("родная литература", "литература"),
        ("англ", "иностранный"),
        ("немецк", "иностранный"),
        ("французск", "иностранный"),
        ("иностранн", "иностранный"),
        ("испанск", "иностранный"),
        ("китайск", "иностранный"),
        ("окружающ", "природоведение"),
        ("природоведение", "природоведение"),
        ("информатик", "информатика"),
        ("истори", "история"),
        ("обществозн", "обществознание"),
        ("граждановедение", "обществознание"),
        ("географ", "география"),
        ("биолог", "биология"),
        ("физик", "физика"),
        ("хими", "химия"),
        ("астроном", "астрономия"),
        ("эколог", "экология"),
        ("экономик", "экономика"),
        ("краевед", "краеведение"),
        ("музык", "музыка"),
        ("изо", "изо"),
        ("черчение", "черчение"),
        ("мхк", "мхк"),
        ("ритмика", "ритмика"),
        ("труд", "труд"),
        ("технолог", "труд"),
        ("физическ", "физкультура"),
        ("физкультур", "физкультура"),
        ("физ-ра", "физкультура"),
        ("обж", "обж"),
        ("обзр", "обж"),
        ("основы безопасности", "обж"),
    ];
    let name = name.trim().to_lowercase();
    NAMES
        .iter()
        .find(|(start, _)| name.starts_with(start))
        .map(|(_, key)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use timetable::TimeSet;

    fn class(grade: i16, week_days: i16) -> ClassRow {
        ClassRow {
            id: base::ClassId(1),
            name: "7А".into(),
            grade,
            shift: 1,
            week_days,
            pupils: 25,
            home_room: None,
            bells: TimeSet::daily(5, 0, 7),
            starts: vec![],
            away: TimeSet::new(),
        }
    }

    fn row(kind: &str, from: i16, to: i16, week_days: Option<i16>, value: i32) -> NormRow {
        NormRow {
            kind: kind.into(),
            grade_from: from,
            grade_to: to,
            week_days,
            value,
            clause: "п. 1".into(),
            confirmed: false,
        }
    }

    #[test]
    fn a_norm_is_taken_by_grade_and_length_of_the_week() {
        let rows = [
            row("lessons_a_week", 7, 7, Some(5), 32),
            row("lessons_a_week", 7, 7, Some(6), 35),
            row("lessons_a_day", 7, 11, None, 7),
        ];
        let five = limits(&rows, &class(7, 5));
        assert_eq!(five.per_week.map(|l| (l.value, l.norm)), Some((32, NormId(0))));
        assert_eq!(five.per_day.map(|l| l.value), Some(7));
        assert_eq!(limits(&rows, &class(7, 6)).per_week.map(|l| l.value), Some(35));
        assert_eq!(limits(&rows, &class(5, 5)).per_week, None);
        assert_eq!(five.long_days, 0, "no day is longer without a row that says so");
    }

    #[test]
    fn names_of_subjects_find_their_scale() {
        assert_eq!(template_of("Английский язык"), Some("иностранный"));
        assert_eq!(template_of("Физика"), Some("физика"));
        assert_eq!(template_of("Физическая культура"), Some(super::super::board::PE));
        assert_eq!(template_of("Разговоры о важном"), None);
    }
}
