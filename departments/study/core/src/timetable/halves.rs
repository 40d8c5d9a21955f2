//! Cards of a load's weekly hours. Half an hour a week is a lesson every other week: odd and even weeks are dealt out to the same pupils in turn, so
//! that two such loads can share an hour of the timetable.

use std::collections::{BTreeMap, BTreeSet};

use timetable::Weeks;

/// A load that is to be cut into cards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Weekly hours in hundredths.
    pub hours: u32,
    /// So many double lessons are asked for.
    pub doubles: u32,
    /// Class, and the subgroup unless it is the whole class.
    pub pupils: Vec<(i64, Option<i64>)>,
    /// Who teaches.
    pub teachers: Vec<i64>,
}

/// Cards of one load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    /// Cards of two lessons.
    pub doubles: u32,
    /// Cards of one lesson each week.
    pub singles: u32,
    /// The card of one lesson every other week.
    pub half: Option<Weeks>,
}

impl Cut {
    /// Lessons of each week, and whether there is one every other week. A figure between is rounded up to the next half: no hour of the plan
    /// is lost.
    #[must_use]
    pub const fn lessons(&self) -> (u32, bool) {
        let (whole, rest) = (self.hours / 100, self.hours % 100);
        match rest {
            0 => (whole, false),
            1..=50 => (whole, true),
            _ => (whole + 1, false),
        }
    }

    /// Do its hours make neither whole lessons nor half ones?
    #[must_use]
    pub const fn is_uneven(&self) -> bool {
        !self.hours.is_multiple_of(50)
    }
}

/// Those who have lessons together: a class where it is not divided, or one of its subgroups.
type Seat = (i64, Option<i64>);

/// The pieces of each load, in their order.
#[must_use]
pub fn pieces(loads: &[Cut]) -> Vec<Pieces> {
    // the subgroups of a class that have half a lesson of their own
    let mut groups: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for (class, group) in loads.iter().filter(|l| l.lessons().1).flat_map(|l| &l.pupils) {
        groups.entry(*class).or_default().extend(group);
    }
    let seats = |(class, group): Seat| -> Vec<Seat> {
        let divided = groups.get(&class).into_iter().flatten();
        match group {
            Some(_) => vec![(class, group)],
            None => [(class, None)]
                .into_iter()
                .chain(divided.map(|g| (class, Some(*g))))
                .collect(),
        }
    };
    // odd lessons less even ones
    let mut pupils: BTreeMap<Seat, i32> = BTreeMap::new();
    let mut teachers: BTreeMap<i64, i32> = BTreeMap::new();
    let mut deal = |load: &Cut| {
        let seats: Vec<Seat> = load.pupils.iter().flat_map(|p| seats(*p)).collect();
        let of_pupils: i32 = seats.iter().filter_map(|s| pupils.get(s)).sum();
        let of_teachers: i32 = load.teachers.iter().filter_map(|t| teachers.get(t)).sum();
        // the pupils first: whoever teaches may have other lessons in the other week
        let (weeks, step) = if of_pupils > 0 || of_pupils == 0 && of_teachers > 0 {
            (Weeks::Even, -1)
        } else {
            (Weeks::Odd, 1)
        };
        seats
            .into_iter()
            .for_each(|s| *pupils.entry(s).or_default() += step);
        load.teachers
            .iter()
            .for_each(|t| *teachers.entry(*t).or_default() += step);
        weeks
    };
    let piece = |load: &Cut| {
        let (lessons, half) = load.lessons();
        // never more pairs than there are whole hours for
        let doubles = load.doubles.min(load.hours / 200);
        Pieces {
            doubles,
            singles: lessons - 2 * doubles,
            half: half.then(|| deal(load)),
        }
    };
    loads.iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn half(pupils: &[Seat], teacher: i64) -> Cut {
        Cut {
            hours: 50,
            doubles: 0,
            pupils: pupils.to_vec(),
            teachers: vec![teacher],
        }
    }

    fn weeks(loads: &[Cut]) -> Vec<Weeks> {
        pieces(loads).into_iter().filter_map(|p| p.half).collect()
    }

    #[test]
    fn two_half_hours_of_a_class_share_an_hour() {
        let (a, b) = ((1, None), (2, None));
        let loads = [
            half(&[a], 10),
            half(&[b], 11),
            half(&[a], 12),
            half(&[b], 13),
            half(&[a], 14),
        ];
        use Weeks::{Even, Odd};
        assert_eq!(weeks(&loads), [Odd, Odd, Even, Even, Odd]);
        // one teacher of both classes: the second class in the other week
        assert_eq!(weeks(&[half(&[a], 10), half(&[b], 10)]), [Odd, Even]);
    }

    #[test]
    fn subgroups_go_at_once_and_their_class_in_the_other_week() {
        let (class, one, two) = ((1, None), (1, Some(5)), (1, Some(6)));
        use Weeks::{Even, Odd};
        assert_eq!(
            weeks(&[half(&[one], 10), half(&[two], 11), half(&[class], 12)]),
            [Odd, Odd, Even]
        );
        assert_eq!(
            weeks(&[half(&[class], 12), half(&[one], 10), half(&[two], 11)]),
            [Odd, Even, Even]
        );
    }

    #[test]
    fn a_load_is_cut_into_doubles_lessons_and_a_half() {
        let cut = |hours, doubles| {
            let load = Cut {
                hours,
                doubles,
                ..Cut::default()
            };
            let p = pieces(&[load])[0];
            (p.doubles, p.singles, p.half.is_some())
        };
        for (hours, doubles, expected) in [
            (0, 1, (0, 0, false)),
            (50, 1, (0, 0, true)),
            (150, 0, (0, 1, true)),
            (350, 9, (1, 1, true)),
            (500, 1, (1, 3, false)),
            // neither whole nor half: nothing of it is lost
            (25, 0, (0, 0, true)),
            (33, 0, (0, 0, true)),
            (175, 1, (0, 2, false)),
            (299, 1, (1, 1, false)),
        ] {
            assert_eq!(cut(hours, doubles), expected, "{hours} hundredths");
        }
        let uneven = |hours| {
            Cut {
                hours,
                ..Cut::default()
            }
            .is_uneven()
        };
        assert_eq!(
            [0, 50, 100, 33, 175, 10].map(uneven),
            [false, false, false, true, true, true]
        );
    }

    proptest! {
        /// Whoever is taught undivided has as many lessons in odd weeks as in even ones, but for one; and no hour gets lost.
        #[test]
        fn odd_and_even_are_even(loads in proptest::collection::vec((0i64..3, 0u32..600, 0u32..3, 0i64..4), 0..30)) {
            let loads: Vec<Cut> = loads
                .into_iter()
                .map(|(class, hours, doubles, teacher)| Cut { hours, doubles, pupils: vec![(class, None)], teachers: vec![teacher] })
                .collect();
            let cut = pieces(&loads);
            for class in 0..3 {
                let mine = loads.iter().zip(&cut).filter(|(l, _)| l.pupils == [(class, None)]);
                let odd: i32 = mine
                    .filter_map(|(_, p)| p.half)
                    .map(|w| if w == Weeks::Odd { 1 } else { -1 })
                    .sum();
                prop_assert!(odd.abs() <= 1, "{odd}");
            }
            for (load, p) in loads.iter().zip(&cut) {
                let hours = 200 * p.doubles + 100 * p.singles + if p.half.is_some() { 50 } else { 0 };
                prop_assert!(hours >= load.hours && hours < load.hours + 50, "{hours} of {}", load.hours);
                prop_assert!(load.is_uneven() || hours == load.hours);
            }
        }
    }
}
