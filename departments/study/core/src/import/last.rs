//! Lessons of a file that end the day of their pupils, as a requirement of their load.
//!
//! A file names lessons, a school asks of loads: where all lessons of a load end the day, the load has the row, as heavy as the lightest of
//! them; what is said of some of them only is told as lost.

use std::collections::{BTreeMap, BTreeSet};

use timetable::SchoolDraft;
use timetable::draft::{DraftLast, Ignored};

use super::limits::{Asked, MUST, Whom, weight};
use crate::requirement::Kind;

/// What the last lessons of a draft come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Last {
    /// As requirements of loads.
    pub asked: Vec<Asked>,
    /// Those that no requirement says.
    pub lost: Vec<Ignored>,
    /// Of these, lessons that must end the day, with the constraint that says so.
    pub single: Vec<DraftLast>,
}

/// Requirements of loads that end the day.
#[must_use]
pub fn last(draft: &SchoolDraft) -> Last {
    let mut heaviest: BTreeMap<usize, u32> = BTreeMap::new();
    for row in draft.last.iter().filter(|row| row.weight > 0) {
        for card in &row.cards {
            let held = heaviest.entry(card.ix()).or_default();
            *held = row.weight.max(*held);
        }
    }
    let mut out = Last::default();
    let mut loose: BTreeSet<usize> = BTreeSet::new();
    let mut first = 0;
    for (n, load) in draft.loads.iter().enumerate() {
        let cards = first..first + load.cards.len();
        first = cards.end;
        let held: Vec<usize> = cards
            .zip(&load.cards)
            .filter(|(_, card)| !card.off)
            .map(|(at, _)| at)
            .collect();
        let lightest = held.iter().map(|at| heaviest.get(at).copied().unwrap_or(0)).min();
        match lightest {
            Some(lightest) if lightest > 0 => out.asked.push(Asked {
                kind: Kind::EndsDay,
                whom: Whom::Load(n),
                value: None,
                weight: weight(Kind::EndsDay, lightest),
                must: lightest >= MUST,
            }),
            _ => loose.extend(held),
        }
    }
    let mut lines: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for row in draft.last.iter().filter(|row| row.weight > 0) {
        if row.cards.iter().any(|card| loose.contains(&card.ix())) {
            lines.entry(&row.kind).or_default().insert(row.line);
            if row.weight >= MUST {
                let mut single = row.clone();
                single.cards.retain(|card| loose.contains(&card.ix()));
                out.single.push(single);
            }
        }
    }
    let told = lines.into_iter().map(|(kind, lines)| Ignored::at(kind, lines));
    out.lost = told.collect();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::Weight;
    use timetable::draft::{DraftCard, DraftLast, DraftLoad};
    use timetable::{CardIx, SubjectIx};

    fn school(loads: &[usize], last: &[(&[u32], u32, u32)]) -> SchoolDraft {
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
        SchoolDraft {
            loads: loads
                .iter()
                .map(|n| DraftLoad {
                    subject: SubjectIx(0),
                    teachers: vec![],
                    audience: vec![],
                    cards: vec![card.clone(); *n],
                })
                .collect(),
            last: last
                .iter()
                .map(|(cards, weight, line)| DraftLast {
                    cards: cards.iter().map(|n| CardIx(*n)).collect(),
                    weight: *weight,
                    kind: "Ends".into(),
                    line: *line,
                })
                .collect(),
            ..SchoolDraft::default()
        }
    }

    #[test]
    fn whole_loads_end_the_day_and_single_lessons_are_told() {
        // cards 0 1 | 2 | 3 4
        let found = last(&school(
            &[2, 1, 2],
            &[(&[0], MUST, 7), (&[1, 2], MUST, 8), (&[3], MUST, 9)],
        ));
        let asked: Vec<_> = found.asked.iter().map(|a| (a.kind, a.whom, a.weight)).collect();
        assert_eq!(
            asked,
            [
                (Kind::EndsDay, Whom::Load(0), Weight::Must),
                (Kind::EndsDay, Whom::Load(1), Weight::Must)
            ]
        );
        let lost: Vec<_> = found.lost.iter().map(|l| (l.count, l.line)).collect();
        assert_eq!(lost, [(1, 9)]);
    }

    #[test]
    fn a_load_is_as_heavy_as_its_lightest_lesson_and_a_switched_off_one_asks_nothing() {
        let rows: &[(&[u32], u32, u32)] = &[(&[0], MUST, 7), (&[1], 50_000, 8), (&[1], 0, 9)];
        let mut draft = school(&[3], rows);
        draft.loads[0].cards[2].off = true;
        let found = last(&draft);
        assert_eq!(found.asked.len(), 1);
        assert_eq!(
            (found.asked[0].weight, found.asked[0].must),
            (weight(Kind::EndsDay, 50_000), false)
        );
        assert_eq!(found.lost, []);
    }
}
