//! What a file asks of lessons and other lessons, card by card, as requirements of two loads.
//!
//! A school asks of loads: each lesson of the one has a lesson of the other that it goes with, as far as there are as many. A file names
//! cards. It says the same where the pairs that it names join the whole of the smaller load; anything less is a wish about single lessons,
//! which no requirement says, and is told as lost.

use std::collections::{BTreeMap, BTreeSet};

use timetable::draft::{DraftTie, Ignored};
use timetable::{CardIx, SchoolDraft, Tie};

use super::limits::{Asked, MUST, Whom, weight};
use crate::requirement::Kind;

/// What the ties of a draft come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// As requirements.
    pub asked: Vec<Asked>,
    /// Those that no requirement says.
    pub lost: Vec<Ignored>,
}

/// Requirements of pairs of loads.
#[must_use]
pub fn pairs(draft: &SchoolDraft) -> Pairs {
    let load_of: Vec<usize> = draft
        .loads
        .iter()
        .enumerate()
        .flat_map(|(n, load)| load.cards.iter().map(move |_| n))
        .collect();
    let mut by_loads: BTreeMap<(Kind, usize, usize), Vec<&DraftTie>> = BTreeMap::new();
    let mut lost = Lost::default();
    for tie in &draft.ties {
        let of = |card: CardIx| load_of.get(card.ix()).copied();
        match (of(tie.first), of(tie.second)) {
            (Some(one), Some(other)) if one != other => {
                let key = match tie.tie {
                    // of lessons held at once neither is the first
                    Tie::Together => (Kind::Together, one.min(other), one.max(other)),
                    Tie::InOrder => (Kind::InOrder, one, other),
                    Tie::RightAfter => (Kind::RightAfter, one, other),
                    Tie::NextTo => (Kind::NextTo, one.min(other), one.max(other)),
                };
                by_loads.entry(key).or_default().push(tie);
            }
            _ => lost.add(tie),
        }
    }
    let mut asked = vec![];
    for ((kind, one, other), ties) in by_loads {
        let mut joined: BTreeSet<CardIx> = BTreeSet::new();
        let mut taken: Vec<&DraftTie> = vec![];
        let mut rest: Vec<&DraftTie> = vec![];
        for tie in ties {
            let said = |t: &&DraftTie| both(t) == both(tie);
            if both(tie).iter().all(|card| !joined.contains(card)) {
                joined.extend(both(tie));
                taken.push(tie);
            } else if !taken.iter().any(said) {
                rest.push(tie);
            }
        }
        let size = |load: usize| draft.loads.get(load).map_or(0, |load| load.cards.len());
        // as heavy as its lightest pair
        let lightest = taken.iter().map(|tie| tie.weight).min().unwrap_or(0);
        if joined.len() == 2 * size(one).min(size(other)) {
            asked.extend((lightest > 0).then(|| Asked {
                kind,
                whom: Whom::Pair(one, other),
                value: None,
                weight: weight(kind, lightest),
                must: lightest >= MUST,
            }));
        } else {
            taken.iter().for_each(|tie| lost.add(tie));
        }
        rest.iter().for_each(|tie| lost.add(tie));
    }
    Pairs {
        asked,
        lost: lost.told(),
    }
}

/// The two cards of a tie; of those held at once or side by side neither is the first.
fn both(tie: &DraftTie) -> [CardIx; 2] {
    let mut both = [tie.first, tie.second];
    if matches!(tie.tie, Tie::Together | Tie::NextTo) {
        both.sort_unstable();
    }
    both
}

/// Constraints that no requirement says: by their name in the file, each once.
#[derive(Default)]
struct Lost<'a>(BTreeMap<&'a str, BTreeSet<u32>>);

impl<'a> Lost<'a> {
    fn add(&mut self, tie: &'a DraftTie) {
        if tie.weight > 0 {
            self.0.entry(&tie.kind).or_default().insert(tie.line);
        }
    }

    fn told(self) -> Vec<Ignored> {
        let told = |(kind, lines): (&str, BTreeSet<u32>)| Ignored::at(kind, lines);
        self.0.into_iter().map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::Weight;
    use timetable::SubjectIx;
    use timetable::draft::{DraftCard, DraftLoad};

    /// Loads of so many lessons each.
    fn school(loads: &[usize], ties: Vec<DraftTie>) -> SchoolDraft {
        let card = DraftCard {
            source_id: 1,
            duration: 1,
            weeks: timetable::Weeks::Every,
            off: false,
            rooms: vec![],
            rooms_must: false,
            rooms_weight: None,
            placement: None,
            locked: false,
        };
        let load = |n: &usize| DraftLoad {
            subject: SubjectIx(0),
            teachers: vec![],
            audience: vec![],
            cards: vec![card.clone(); *n],
        };
        SchoolDraft {
            loads: loads.iter().map(load).collect(),
            ties,
            ..SchoolDraft::default()
        }
    }

    fn tie(tie: Tie, first: u32, second: u32, weight: u32, line: u32) -> DraftTie {
        DraftTie {
            first: CardIx(first),
            second: CardIx(second),
            tie,
            weight,
            kind: format!("{tie:?}"),
            line,
        }
    }

    /// A requirement that a file asks for, and how many constraints were lost at a line.
    type Asked = (Kind, Whom, Weight);
    type Lost = (u32, u32);

    fn found(loads: &[usize], ties: Vec<DraftTie>) -> (Vec<Asked>, Vec<Lost>) {
        let pairs = pairs(&school(loads, ties));
        let asked = pairs.asked.iter().map(|a| (a.kind, a.whom, a.weight)).collect();
        (asked, pairs.lost.iter().map(|l| (l.count, l.line)).collect())
    }

    #[test]
    fn whole_loads_are_a_requirement_as_heavy_as_their_lightest_pair() {
        // cards 0 1 | 2 3 | 4: language groups crosswise, the second turned round, and a seminar after a lecture
        let ties = vec![
            tie(Tie::Together, 0, 3, 100_000, 10),
            tie(Tie::Together, 2, 1, 50_000, 11),
            tie(Tie::RightAfter, 0, 4, 100_000, 12),
        ];
        let (asked, lost) = found(&[2, 2, 1], ties);
        assert_eq!(
            asked,
            [
                (Kind::Together, Whom::Pair(0, 1), weight(Kind::Together, 50_000)),
                // what must be, must be
                (Kind::RightAfter, Whom::Pair(0, 2), Weight::Must)
            ]
        );
        assert_eq!(lost, [], "the smaller load is joined whole");
    }

    #[test]
    fn a_wish_about_single_lessons_is_lost_and_told_once() {
        // one of two lessons; two lessons of one load; three at once of one constraint
        let ties = vec![
            tie(Tie::InOrder, 0, 2, 100_000, 10),
            tie(Tie::InOrder, 0, 1, 100_000, 11),
            tie(Tie::Together, 0, 2, 100_000, 12),
            tie(Tie::Together, 0, 4, 100_000, 12),
        ];
        let (asked, lost) = found(&[2, 2, 2], ties);
        assert_eq!(asked, []);
        assert_eq!(lost, [(2, 10), (1, 12)]);
    }

    #[test]
    fn what_goes_beyond_a_requirement_is_told_beside_it() {
        // each of the one before each of the other: the row says less
        let all = [(0, 2), (0, 3), (1, 2), (1, 3)];
        let ties = (10..)
            .zip(all)
            .map(|(line, (a, b))| tie(Tie::InOrder, a, b, 100_000, line));
        let (asked, lost) = found(&[2, 2], ties.collect());
        assert_eq!(asked, [(Kind::InOrder, Whom::Pair(0, 1), Weight::Must)]);
        assert_eq!(lost, [(2, 11)]);
        // said twice is said once, and what weighs nothing is nothing
        let twice = vec![
            tie(Tie::Together, 0, 1, 95_000, 10),
            tie(Tie::Together, 1, 0, 95_000, 11),
            tie(Tie::InOrder, 0, 1, 0, 12),
        ];
        let (asked, lost) = found(&[1, 1], twice);
        assert_eq!(asked.len(), 1);
        assert_eq!(lost, []);
    }
}
