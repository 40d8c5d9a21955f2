//! What got better and what worse between two timetables: a row for each rule, and the teachers for whom most has changed. It is
//! stored with a run, by ids, and holds no name.

use std::collections::BTreeMap;

use base::EmployeeId;
use serde::{Deserialize, Serialize};
use timetable::unmet::{Sort, Tally, Whose};

/// So many teachers are named of those for whom it got worse, and as many of the others.
pub const NAMED: usize = 6;
/// So many rules are named of a teacher.
const RULES: usize = 3;

/// A rule: how often it was broken, and how often it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleChange {
    /// The rule.
    pub sort: Sort,
    /// Of the first timetable.
    pub before: u32,
    /// Of the second.
    pub after: u32,
}

/// A teacher: how much of the rules about them was broken, and how much is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeacherChange {
    /// By the staff card.
    pub teacher: EmployeeId,
    /// Of the first timetable, windows among them.
    pub before: u32,
    /// Of the second.
    pub after: u32,
    /// The rules that make most of the difference.
    pub rules: Vec<RuleChange>,
}

/// What has changed from one timetable to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Rules that are broken in either, clashes first, then by how much has changed.
    pub rules: Vec<RuleChange>,
    /// Teachers for whom something has changed: those for whom it got worse first, and of each sort the greatest change first.
    pub teachers: Vec<TeacherChange>,
}

/// What a timetable breaks, and the staff cards of its teachers in the order of its board.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// What is broken.
    pub tally: &'a Tally,
    /// Ids of teachers.
    pub teachers: &'a [EmployeeId],
}

type Counts<K> = BTreeMap<K, (u32, u32)>;

impl Change {
    /// From the first to the second.
    #[must_use]
    pub fn between(first: Counted<'_>, second: Counted<'_>) -> Self {
        let mut rules: Counts<Sort> = BTreeMap::new();
        let mut people: BTreeMap<EmployeeId, Counts<Sort>> = BTreeMap::new();
        for (of, is_second) in [(first, false), (second, true)] {
            let add = |counts: &mut Counts<Sort>, sort: Sort, n: u32| {
                let entry = counts.entry(sort).or_default();
                *(if is_second { &mut entry.1 } else { &mut entry.0 }) += n;
            };
            for rule in &of.tally.rules {
                add(&mut rules, rule.sort, rule.count);
                for (whose, n) in &rule.of {
                    let Whose::Teacher(ix) = whose else { continue };
                    if let Some(id) = of.teachers.get(ix.ix()) {
                        add(people.entry(*id).or_default(), rule.sort, *n);
                    }
                }
            }
        }
        let mut teachers: Vec<TeacherChange> = people.into_iter().filter_map(teacher).collect();
        // of alike ones the lesser id, whoever counts
        teachers.sort_by_key(|t| {
            let worse = t.after > t.before;
            (!worse, std::cmp::Reverse(t.before.abs_diff(t.after)), t.teacher)
        });
        let (mut worse, mut better): (Vec<_>, Vec<_>) =
            teachers.into_iter().partition(|t| t.after > t.before);
        worse.truncate(NAMED);
        better.truncate(NAMED);
        worse.append(&mut better);
        Self {
            rules: listed(rules),
            teachers: worse,
        }
    }
}

/// Clashes first, then by how much has changed.
fn listed(counts: Counts<Sort>) -> Vec<RuleChange> {
    let row = |(sort, (before, after))| RuleChange { sort, before, after };
    let mut rows: Vec<RuleChange> = counts.into_iter().map(row).collect();
    rows.sort_by_key(|r| {
        let change = r.before.abs_diff(r.after);
        (r.sort != Sort::Clash, std::cmp::Reverse(change), r.sort)
    });
    rows
}

/// `None`: nothing has changed in sum.
fn teacher((teacher, counts): (EmployeeId, Counts<Sort>)) -> Option<TeacherChange> {
    let sum = |of: fn(&(u32, u32)) -> u32| counts.values().map(of).sum::<u32>();
    let (before, after) = (sum(|c| c.0), sum(|c| c.1));
    if before == after {
        return None;
    }
    let mut rules = listed(counts);
    rules.retain(|r| r.before != r.after);
    rules.truncate(RULES);
    Some(TeacherChange {
        teacher,
        before,
        after,
        rules,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use timetable::unmet::Rule;
    use timetable::{LimitKind, TeacherIx};

    const SORTS: [Sort; 3] = [Sort::Clash, Sort::Windows, Sort::Limit(LimitKind::PeakDay)];

    fn tally(points: &[(usize, u32, u32)]) -> Tally {
        let mut counts: BTreeMap<Sort, BTreeMap<Whose, u32>> = BTreeMap::new();
        for (sort, who, n) in points {
            let of = counts.entry(SORTS[*sort]).or_default();
            *of.entry(Whose::Teacher(TeacherIx(*who))).or_default() += n;
        }
        let rules = counts.into_iter().map(|(sort, of)| Rule {
            sort,
            count: of.values().sum(),
            of: of.into_iter().collect(),
        });
        Tally {
            unplaced: vec![],
            rules: rules.collect(),
        }
    }

    fn points() -> impl Strategy<Value = Vec<(usize, u32, u32)>> {
        proptest::collection::vec((0usize..3, 0u32..20, 1u32..6), 0..40)
    }

    #[test]
    fn whoever_got_worse_is_named_before_all_others() {
        let ids: Vec<EmployeeId> = (0..20).map(|n| EmployeeId(100 + n)).collect();
        let before = tally(&[(1, 0, 9), (1, 1, 2), (2, 3, 1)]);
        let after = tally(&[(1, 1, 3), (0, 1, 1), (2, 3, 1)]);
        let counted = |tally| Counted {
            tally,
            teachers: &ids,
        };
        let change = Change::between(counted(&before), counted(&after));
        let named: Vec<_> = change
            .teachers
            .iter()
            .map(|t| (t.teacher.0, t.before, t.after))
            .collect();
        assert_eq!(
            named,
            [(101, 2, 4), (100, 9, 0)],
            "nothing has changed for the third"
        );
        assert_eq!(change.teachers[0].rules.len(), 2, "a window more, and a clash");
        let rows: Vec<_> = change.rules.iter().map(|r| (r.sort, r.before, r.after)).collect();
        assert_eq!(
            rows,
            [(Sort::Clash, 0, 1), (Sort::Windows, 11, 3), (SORTS[2], 1, 1)],
            "what has not changed is named, too"
        );
        let text = serde_json::to_string(&change).unwrap();
        assert_eq!(serde_json::from_str::<Change>(&text).unwrap(), change);
    }

    proptest! {
        /// The rows of the rules add up to all that is broken; the way back is the same with the sides changed; the order of the teachers
        /// on a board has no say.
        #[test]
        fn nothing_is_lost_and_the_way_back_is_the_same(first in points(), second in points()) {
            let ids: Vec<EmployeeId> = (0..20).map(EmployeeId).collect();
            let (a, b) = (tally(&first), tally(&second));
            let there = Change::between(Counted { tally: &a, teachers: &ids }, Counted { tally: &b, teachers: &ids });
            let back = Change::between(Counted { tally: &b, teachers: &ids }, Counted { tally: &a, teachers: &ids });
            let sum = |points: &[(usize, u32, u32)]| points.iter().map(|p| p.2).sum::<u32>();
            prop_assert_eq!(there.rules.iter().map(|r| r.before).sum::<u32>(), sum(&first));
            prop_assert_eq!(there.rules.iter().map(|r| r.after).sum::<u32>(), sum(&second));
            let turned: Vec<_> = back.rules.iter().map(|r| RuleChange { sort: r.sort, before: r.after, after: r.before }).collect();
            prop_assert_eq!(&there.rules, &turned);
            for t in &there.teachers {
                prop_assert_ne!(t.before, t.after);
                prop_assert!(!t.rules.is_empty());
            }
            let worse = |c: &Change| c.teachers.iter().filter(|t| t.after > t.before).count();
            prop_assert!(worse(&there) <= NAMED && there.teachers.len() <= 2 * NAMED);
            prop_assert_eq!(worse(&back), there.teachers.len() - worse(&there));
            // the second board has its teachers in another order
            let turned_ids: Vec<EmployeeId> = ids.iter().rev().copied().collect();
            let turned_points: Vec<_> = second.iter().map(|(sort, who, n)| (*sort, 19 - who, *n)).collect();
            let c = tally(&turned_points);
            let other = Change::between(Counted { tally: &a, teachers: &ids }, Counted { tally: &c, teachers: &turned_ids });
            prop_assert_eq!(other, there);
        }
    }
}
