//! What is asked of all teachers, all classes or some grades at once: a default, before which one's own row goes.

use timetable::Limit;

use super::facts::{Asked, OWN, limit};
use super::kind::Kind;
use super::terms::{Target, Terms};

impl<'a> Asked<'a> {
    /// What is asked of somebody: their own row, else that of their grade, else that of all. So one's own may be milder, too.
    #[must_use]
    pub fn counting(self, kind: Kind, own: Target, grade: Option<i16>) -> Option<&'a Terms> {
        let of_grade = |terms: &&Terms| match (terms.target, grade) {
            (Target::Grades(from, to), Some(grade)) => (from..=to).contains(&grade),
            _ => false,
        };
        self.of(kind, own)
            .or_else(|| self.all(kind).find(of_grade))
            .or_else(|| self.of(kind, Target::School))
    }

    /// The same as a limit.
    pub(super) fn counting_limit(self, kind: Kind, own: Target, grade: Option<i16>) -> Option<Limit> {
        let terms = self.counting(kind, own, grade)?;
        limit(terms.value?, OWN, kind.cost(terms.weight))
    }

    /// The wish that classes have no windows, where it is a must.
    pub(super) fn no_windows(self) -> Option<Limit> {
        let cost = self.school(Kind::ClassWindow);
        limit(0, OWN, cost).filter(|l| l.hard)
    }
}

#[cfg(test)]
mod tests {
    use base::{ClassId, EmployeeId, RequirementId};
    use proptest::prelude::*;
    use timetable::Limits;

    use super::*;
    use crate::requirement::kind::About;
    use crate::requirement::{Requirement, Weight};

    fn rows(terms: Vec<Terms>) -> Vec<Requirement> {
        let rows = (1..).zip(terms);
        rows.map(|(id, terms)| Requirement {
            id: RequirementId(id),
            revision: 0,
            terms,
        })
        .collect()
    }

    #[test]
    fn no_windows_as_a_must_binds_every_class_that_says_nothing_itself() {
        let windows = |weight| Terms {
            weight,
            ..Terms::new(Kind::ClassWindow, Target::School, None)
        };
        let own = Terms::new(Kind::ClassWindows, Target::Class(ClassId(2)), Some(1));
        let found = |weight, class| {
            let rows = rows(vec![windows(weight), own.clone()]);
            let mut limits = Limits::default();
            Asked(&rows).class(ClassId(class), 7, &mut limits);
            limits.windows_per_day.map(|l| (l.value, l.hard))
        };
        assert_eq!(found(Weight::Must, 1), Some((0, true)));
        assert_eq!(found(Weight::Must, 2), Some((1, false)));
        assert_eq!(found(Weight::Very, 1), None, "a price, and no limit");
    }

    #[test]
    fn kinds_of_all_are_those_of_a_teacher_or_a_class() {
        for kind in Kind::ALL.iter().filter(|k| k.of_all()) {
            assert!(matches!(kind.about(), About::Teacher | About::Class), "{kind:?}");
        }
        assert!(!Kind::TeacherFreeDay.of_all() && !Kind::Hours.of_all());
    }

    proptest! {
        /// Whoever asks: the nearest row counts, whatever the others say.
        #[test]
        fn the_nearest_row_counts(
            own in prop::option::of(0i32..9), of_grade in prop::option::of(0i32..9), of_all in prop::option::of(0i32..9),
            (from, length, grade) in (1i16..9, 0i16..4, 1i16..12),
        ) {
            let kind = Kind::ClassWindows;
            let row = |target, value: Option<i32>| value.map(|n| Terms::new(kind, target, Some(n)));
            let (mine, band) = (Target::Class(ClassId(1)), Target::Grades(from, from + length));
            let all = [
                row(Target::School, of_all), row(band, of_grade), row(mine, own),
                // others' rows are nobody else's
                row(Target::Class(ClassId(2)), Some(7)),
            ];
            let rows = rows(all.into_iter().flatten().collect());
            let found = Asked(&rows).counting(kind, mine, Some(grade)).and_then(|t| t.value);
            let here = (from..=from + length).contains(&grade);
            prop_assert_eq!(found, own.or(of_grade.filter(|_| here)).or(of_all));
            let teacher = Terms::new(Kind::TeacherDays, Target::School, of_all);
            let rows = self::rows(vec![teacher]);
            let found = Asked(&rows).counting(Kind::TeacherDays, Target::Teacher(EmployeeId(4)), None);
            prop_assert_eq!(found.and_then(|t| t.value), of_all);
        }
    }
}
