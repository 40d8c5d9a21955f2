//! What a file asks of lessons and other lessons, card by card, as requirements of two loads.
//!
//! A school asks of loads: each lesson of the one has a lesson of the other that it goes with, as far as there are as many. A file names
//! cards. Of lessons that are never held at once it is all with all. It says the same where the pairs that it names join the whole of the smaller load; anything less is a wish about single lessons,
//! which no requirement says, and is told as lost.

use std::collections::{BTreeMap, BTreeSet};

use timetable::draft::{DraftLoad, DraftTie, Ignored};
use timetable::{Audience, CardIx, SchoolDraft, Tie};

use super::limits::{Asked, MUST, Whom, weight};
use crate::requirement::Kind;

/// What the ties of a draft come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// As requirements.
    pub asked: Vec<Asked>,
    /// Those that no requirement says.
    pub lost: Vec<Ignored>,
    /// Of these, pairs that must lie so: the draft's rules about single lessons, see [`single`](super::single).
    pub single: Vec<DraftTie>,
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
    let mut apart: BTreeMap<(usize, usize), Vec<&DraftTie>> = BTreeMap::new();
    for tie in &draft.ties {
        let of = |card: CardIx| load_of.get(card.ix()).copied();
        match (of(tie.first), of(tie.second)) {
            (Some(one), Some(other)) if tie.tie == Tie::Apart => {
                apart
                    .entry((one.min(other), one.max(other)))
                    .or_default()
                    .push(tie);
            }
            (Some(one), Some(other)) if one != other => {
                let key = match tie.tie {
                    // of lessons held at once neither is the first
                    Tie::Together => (Kind::Together, one.min(other), one.max(other)),
                    Tie::InOrder => (Kind::InOrder, one, other),
                    Tie::RightAfter => (Kind::RightAfter, one, other),
                    Tie::NextTo => (Kind::NextTo, one.min(other), one.max(other)),
                    // the one is counted below, the other is no tie of a file
                    Tie::Apart | Tie::EndsDay => continue,
                    // no requirement of two loads says these
                    Tie::SameHour | Tie::WithinDays(_) | Tie::Spaced(_) | Tie::BeforeOnDay => {
                        lost.add(tie);
                        continue;
                    }
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
    for ((one, other), ties) in apart {
        match never_at_once(draft, (one, other), &ties) {
            Never::Anyway => {}
            Never::Asked(row) if asked.len() < MOST_ROWS => asked.push(row),
            Never::Asked(_) | Never::Lost => ties.iter().for_each(|tie| lost.add(tie)),
        }
    }
    let single = std::mem::take(&mut lost.single);
    Pairs {
        asked,
        lost: lost.told(),
        single,
    }
}

/// Rows of pairs at most: a file that keeps hundreds of loads out of one another's way says it in a line, the page in a row for each two.
const MOST_ROWS: usize = 2000;

/// What becomes of lessons of two loads that are never held at once.
enum Never {
    /// They have a teacher or pupils in common.
    Anyway,
    /// A requirement says so.
    Asked(Asked),
    /// It is said of some of them only.
    Lost,
}

fn never_at_once(draft: &SchoolDraft, (one, other): (usize, usize), ties: &[&DraftTie]) -> Never {
    let (Some(first), Some(second)) = (draft.loads.get(one), draft.loads.get(other)) else {
        return Never::Lost;
    };
    let class = |audience: &Audience| match audience {
        Audience::Class(class) => Some(*class),
        Audience::Group(group) => draft.groups.get(group.ix()).map(|group| group.class),
    };
    let meets = |a: &Audience, b: &Audience| match (a, b) {
        // two subgroups may have nobody in common
        (Audience::Group(_), Audience::Group(_)) => a == b,
        _ => class(a) == class(b),
    };
    let teacher = first.teachers.iter().any(|t| second.teachers.contains(t));
    let pupils = || {
        let mut all = first.audience.iter();
        all.any(|a| second.audience.iter().any(|b| meets(a, b)))
    };
    if teacher || pupils() {
        return Never::Anyway;
    }
    let mut said: BTreeMap<[CardIx; 2], u32> = BTreeMap::new();
    for tie in ties.iter().filter(|tie| tie.weight > 0) {
        let weight = said.entry(both(tie)).or_default();
        *weight = tie.weight.max(*weight);
    }
    let held = |load: &DraftLoad| load.cards.iter().filter(|card| !card.off).count();
    match said.values().min() {
        None => Never::Anyway,
        Some(lightest) if one != other && said.len() == held(first) * held(second) => Never::Asked(Asked {
            kind: Kind::Apart,
            whom: Whom::Pair(one, other),
            value: None,
            weight: weight(Kind::Apart, *lightest),
            must: *lightest >= MUST,
        }),
        Some(_) => Never::Lost,
    }
}

/// The two cards of a tie; of those held at once, side by side or never at once neither is the first.
fn both(tie: &DraftTie) -> [CardIx; 2] {
    let mut both = [tie.first, tie.second];
    if !matches!(tie.tie, Tie::InOrder | Tie::RightAfter | Tie::BeforeOnDay) {
        both.sort_unstable();
    }
    both
}

/// Constraints that no requirement says: by their name in the file, each once.
#[derive(Default)]
struct Lost<'a> {
    lines: BTreeMap<&'a str, BTreeSet<u32>>,
    single: Vec<DraftTie>,
}

impl<'a> Lost<'a> {
    fn add(&mut self, tie: &'a DraftTie) {
        if tie.weight > 0 {
            self.lines.entry(&tie.kind).or_default().insert(tie.line);
        }
        if tie.weight >= MUST {
            self.single.push(tie.clone());
        }
    }

    fn told(self) -> Vec<Ignored> {
        let told = |(kind, lines): (&str, BTreeSet<u32>)| Ignored::at(kind, lines);
        self.lines.into_iter().map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::Weight;
    use timetable::draft::DraftCard;
    use timetable::{SubjectIx, TeacherIx};

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

    #[test]
    fn lessons_that_are_never_at_once_are_a_requirement_where_each_is_said_of_each() {
        // cards 0 1 | 2 | 3 4: all three loads of one line, and the last lesson of none
        let pairs = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)];
        let ties = || pairs.map(|(a, b)| tie(Tie::Apart, a, b, 100_000, 10)).to_vec();
        let (asked, lost) = found(&[2, 1, 2], ties());
        assert_eq!(asked, [(Kind::Apart, Whom::Pair(0, 1), Weight::Must)]);
        assert_eq!(
            lost,
            [(1, 10)],
            "the two loads with a lesson that is not named, and two of a load of nobody"
        );
        let mut with_people = school(&[2, 1, 2], ties());
        for load in &mut with_people.loads {
            load.teachers = vec![TeacherIx(0)];
        }
        assert_eq!(
            super::pairs(&with_people),
            Pairs::default(),
            "one teacher keeps them apart already"
        );
        // what is lighter in one pair is as light in all; said twice the heavier counts
        let light = vec![
            tie(Tie::Apart, 0, 1, 95_000, 10),
            tie(Tie::Apart, 1, 0, 40_000, 11),
        ];
        let (asked, lost) = found(&[1, 1], light);
        assert_eq!(
            asked,
            [(Kind::Apart, Whom::Pair(0, 1), weight(Kind::Apart, 95_000))]
        );
        assert_eq!(lost, []);
    }
}
