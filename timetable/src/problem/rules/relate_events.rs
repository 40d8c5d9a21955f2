//! Two events stand in a relation that their days decide. Not a kind of XHSTT; files of FET have it in many dresses. Deviation: by how
//! many times (or days) the relation is missed; nothing while one of the two has no time at all.

use super::Judge;
use crate::ids::{narrow, wide};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// How the second event lies to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// On one day, the first ends before the second starts.
    BeforeOnDay,
    /// On one day, at least so many times lie between them, whichever is first.
    ApartOnDay(u32),
    /// On one day, they follow one another, whichever is first.
    AdjacentOnDay,
    /// On one day, they follow one another within one of its parts of so many times: a morning or an afternoon.
    AdjacentInPart(u32),
    /// On one day, the second starts where the first ends.
    RightAfter,
    /// On one day, one starts where the other ends, whichever is first.
    NextTo,
    /// They start at the same time.
    SameStart,
    /// They start at the same time of day, on whatever days.
    SameHour,
    /// Their days are at most so many apart.
    WithinDays(u32),
}

/// Of which lists the pairs of a rule are one choice: each of the shorter list has a partner of its own in the other, and it is all the
/// same which. A search keeps to the pairs; a proof may use only what holds for every choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Partners {
    /// The ones.
    pub first: Vec<u32>,
    /// The others. Where both lists are empty, nothing is known of who may be whose partner.
    pub second: Vec<u32>,
}

impl Partners {
    /// The same events under other numbers; where one has none, nothing is known any more.
    #[must_use]
    pub fn renumbered(&self, number: &dyn Fn(u32) -> Option<u32>) -> Self {
        let list = |events: &[u32]| {
            events
                .iter()
                .map(|event| number(*event))
                .collect::<Option<Vec<u32>>>()
        };
        match (list(&self.first), list(&self.second)) {
            (Some(first), Some(second)) => Self { first, second },
            _ => Self::default(),
        }
    }
}

/// When an event runs: its first time, and the first time after it.
pub type Stay = (u32, u32);

impl Relation {
    /// By how much two stays miss the relation, where a day has so many times.
    #[must_use]
    #[inline]
    pub fn missed_by(self, first: Stay, second: Stay, day: u32) -> i64 {
        let day = day.max(1);
        let (one, other) = (first.0 / day, second.0 / day);
        let between = || {
            let (late, early) = (first.0.max(second.0), first.1.min(second.1));
            i64::from(late) - i64::from(early)
        };
        match self {
            Self::BeforeOnDay if one == other => (i64::from(first.1) - i64::from(second.0)).max(0),
            Self::ApartOnDay(least) if one == other => (i64::from(least) - between()).max(0),
            Self::AdjacentOnDay if one == other => between().max(0),
            Self::AdjacentInPart(part) if one == other => {
                let split = first.0 / part.max(1) != second.0 / part.max(1);
                between().max(i64::from(split))
            }
            Self::RightAfter => i64::from(one != other || first.1 != second.0),
            Self::NextTo => i64::from(one != other || first.1 != second.0 && second.1 != first.0),
            Self::SameStart => i64::from(first.0 != second.0),
            Self::SameHour => i64::from(first.0 % day != second.0 % day),
            Self::WithinDays(most) => i64::from(one.abs_diff(other).saturating_sub(most)),
            Self::BeforeOnDay | Self::ApartOnDay(_) | Self::AdjacentOnDay | Self::AdjacentInPart(_) => 0,
        }
    }
}

/// The rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelateEvents {
    /// First and second event; they are the points of application.
    pub pairs: Vec<(u32, u32)>,
    /// What holds between them.
    pub relation: Relation,
    /// Times of a day; the week is days of this length, one after another.
    pub day: u32,
    /// `None`: the pairs are what is asked for; else one choice among these.
    pub choice: Option<Partners>,
}

impl Judge for RelateEvents {
    fn points(&self, _: &Scope, _: &Problem) -> Vec<Subject> {
        (0..narrow(self.pairs.len())).map(Subject::Pair).collect()
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Pair(pair) = at else { return 0 };
        let (first, second) = self.pairs[wide(pair)];
        let stay = |event: u32| {
            let meets = || {
                facts
                    .meets(event)
                    .filter_map(|m| m.time.map(|t| (t, t + m.duration)))
            };
            let start = meets().map(|(start, _)| start).min();
            start.zip(meets().map(|(_, end)| end).max())
        };
        let missed = match (stay(first), stay(second)) {
            (Some(one), Some(other)) => self.relation.missed_by(one, other, self.day),
            _ => 0,
        };
        if missed > 0 && notes.wanted() {
            for event in [first, second] {
                notes.event(event);
                stay(event).iter().for_each(|(start, _)| notes.time(*start));
            }
        }
        missed
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Pair(pair) = at else { return };
        wiring.relate(point, self.pairs[wide(pair)], self.relation, self.day);
    }
}

#[cfg(test)]
mod tests {
    use super::{RelateEvents, Relation};
    use crate::problem::Rule;
    use crate::problem::rules::counted::{deviations, week};

    /// Two days of six hours, a lesson of two hours and one of one hour at these times.
    fn missed(relation: Relation, first: Option<u32>, second: Option<u32>) -> i64 {
        let rule = RelateEvents {
            pairs: vec![(0, 1)],
            relation,
            day: 6,
            choice: None,
        };
        let lessons: [(u32, Option<u32>, &[u32]); 2] = [(2, first, &[0]), (1, second, &[1])];
        let found = deviations(Rule::RelateEvents(rule), week(2, 6, 2, &lessons));
        assert_eq!(found.len(), 1, "one point a pair");
        found[0]
    }

    #[test]
    fn a_relation_is_missed_by_times_or_days_and_by_nothing_where_one_has_no_time() {
        // the relation; where the two start; by how much it is missed
        let counted = [
            (Relation::BeforeOnDay, 0, 2, 0),
            (Relation::BeforeOnDay, 0, 1, 1),
            (Relation::BeforeOnDay, 3, 1, 4),
            (Relation::BeforeOnDay, 6, 1, 0),
            (Relation::ApartOnDay(0), 2, 3, 1),
            (Relation::ApartOnDay(0), 2, 4, 0),
            (Relation::ApartOnDay(0), 4, 10, 0),
            (Relation::ApartOnDay(2), 0, 3, 1),
            (Relation::ApartOnDay(2), 3, 2, 2),
            (Relation::AdjacentOnDay, 0, 2, 0),
            (Relation::AdjacentOnDay, 3, 2, 0),
            (Relation::AdjacentOnDay, 0, 5, 3),
            (Relation::AdjacentOnDay, 0, 8, 0),
            (Relation::AdjacentInPart(3), 1, 3, 1),
            (Relation::AdjacentInPart(3), 3, 5, 0),
            (Relation::RightAfter, 0, 2, 0),
            (Relation::RightAfter, 3, 2, 1),
            (Relation::RightAfter, 4, 6, 1),
            (Relation::NextTo, 3, 2, 0),
            (Relation::NextTo, 3, 5, 0),
            (Relation::NextTo, 3, 4, 1),
            (Relation::SameStart, 3, 3, 0),
            (Relation::SameStart, 3, 9, 1),
            (Relation::SameHour, 3, 9, 0),
            (Relation::SameHour, 3, 8, 1),
            (Relation::WithinDays(0), 0, 4, 0),
            (Relation::WithinDays(0), 0, 7, 1),
            (Relation::WithinDays(1), 0, 7, 0),
        ];
        for (relation, first, second, by) in counted {
            assert_eq!(
                missed(relation, Some(first), Some(second)),
                by,
                "{relation:?} {first} {second}"
            );
            assert_eq!(missed(relation, None, Some(second)), 0);
        }
    }
}
