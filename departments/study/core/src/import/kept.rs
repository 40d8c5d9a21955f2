//! What of a file is kept beside names and cards, and what is not: told before anything is written.

use std::collections::HashMap;

use base::Lang;
use timetable::draft::{DraftGap, DraftLoad, Ignored};
use timetable::{CardIx, SchoolDraft};

use super::limits::{MUST, weight};
use super::{kinds, rooms};
use crate::requirement::Kind;
use crate::t;
use crate::timetable::board::Series;

/// So many days are the most that a series may ask for.
const MOST_DAYS: u16 = 40;

/// The series of each card: cards of one series should be spread over the week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// By card.
    pub of_card: Vec<Option<Series>>,
    /// How many rules became a series.
    pub kept: u32,
    /// How many of them must be kept.
    pub must: u32,
    /// How many could not: one of their cards belongs to another one already.
    pub lost: u32,
}

/// Numbers, days and weights of series, by card.
pub type Columns = (Vec<Option<i32>>, Vec<Option<i16>>, Vec<Option<String>>);

impl Spread {
    /// For the database.
    #[must_use]
    pub fn columns(&self) -> Columns {
        let all = || self.of_card.iter().copied();
        (
            all().map(|s| s.map(|s| s.number)).collect(),
            all()
                .map(|s| s.and_then(|s| i16::try_from(s.days).ok()))
                .collect(),
            all().map(|s| Some(s?.weight?.key().to_owned())).collect(),
        )
    }
}

/// A card belongs to one series: what must be goes before what is wished, of rules about the same cards the strictest counts, of others
/// that meet the larger one is kept.
#[must_use]
pub fn spread(draft: &SchoolDraft) -> Spread {
    let mut out = Spread {
        of_card: vec![None; draft.card_counts().0],
        ..Spread::default()
    };
    let mut rules: Vec<_> = draft
        .gaps
        .iter()
        .filter(|g| g.days > 0 && g.cards.len() > 1 && g.weight != Some(0))
        .collect();
    let must = |g: &DraftGap| g.weight.is_some_and(|w| w >= MUST);
    rules.sort_by_key(|g| std::cmp::Reverse((must(g), g.cards.len(), g.days, g.weight)));
    let mut number = 0;
    // the least days that are asked of the same cards already, no less heavily
    let mut sets: HashMap<&[CardIx], u16> = HashMap::new();
    for rule in rules {
        if sets
            .get(rule.cards.as_slice())
            .is_some_and(|days| *days >= rule.days)
        {
            // the same cards with fewer days: said already
            out.kept += 1;
            out.must += u32::from(must(rule));
            continue;
        }
        let free = |card: &CardIx| matches!(out.of_card.get(card.ix()), Some(None));
        if !rule.cards.iter().all(free) {
            out.lost += 1;
            continue;
        }
        number += 1;
        let series = Series {
            number,
            days: rule.days.min(MOST_DAYS),
            weight: rule.weight.map(|w| weight(Kind::Series, w)),
        };
        for card in &rule.cards {
            if let Some(place) = out.of_card.get_mut(card.ix()) {
                *place = Some(series);
            }
        }
        sets.insert(&rule.cards, rule.days);
        out.kept += 1;
        out.must += u32::from(must(rule));
    }
    out
}

/// How the rooms of a load's cards are kept: a load has one list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RoomsOf {
    /// No card asks for any.
    None,
    /// All ask for the same.
    Same,
    /// They ask for different ones: the load may use all of them.
    Joined,
    /// Some ask for none: the load stays free.
    Lost,
}

fn rooms_of(load: &DraftLoad) -> RoomsOf {
    let mut lists: Vec<Vec<_>> = load.cards.iter().map(|c| c.rooms.clone()).collect();
    lists.iter_mut().for_each(|l| l.sort_unstable());
    lists.sort();
    lists.dedup();
    match lists.as_slice() {
        [] => RoomsOf::None,
        [one] if one.is_empty() => RoomsOf::None,
        [_] => RoomsOf::Same,
        [first, ..] if first.is_empty() => RoomsOf::Lost,
        _ => RoomsOf::Joined,
    }
}

/// Whether a load is bound to the rooms of its cards.
#[must_use]
pub fn keeps_rooms(load: &DraftLoad) -> bool {
    matches!(rooms_of(load), RoomsOf::Same | RoomsOf::Joined)
}

fn plural(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What comes along, in sentences. `away`: hours of teachers, classes, subgroups, rooms that the school takes over.
#[must_use]
pub fn kept(lang: Lang, draft: &SchoolDraft, away: [usize; 4]) -> Vec<String> {
    let mut lines = vec![];
    if away.iter().any(|n| *n > 0) {
        let [teachers, classes, groups, rooms] = away;
        lines.push(t::import_kept_away(lang, classes, groups, rooms, teachers));
    }
    let locked = draft.card_list().filter(|(_, _, c)| c.locked).count();
    if locked > 0 {
        lines.push(t::import_kept_locked(lang, plural(locked)));
    }
    let Spread { kept, must, .. } = spread(draft);
    if kept > 0 {
        let line = t::import_kept_spread(lang, i64::from(kept));
        let firm = (must > 0).then(|| t::import_kept_spread_must(lang, must));
        lines.push(
            [Some(line), firm]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
        );
    }
    let bound = draft.loads.iter().filter(|l| keeps_rooms(l)).count();
    if bound > 0 {
        lines.push(t::import_kept_rooms(lang, plural(bound)));
    }
    let home = draft.classes.iter().filter(|c| c.home_room.is_some()).count();
    if home > 0 {
        lines.push(t::import_kept_home(lang, plural(home)));
    }
    lines
}

/// What is changed or lost, in sentences: by name and count. `limits`: those that no requirement says.
#[must_use]
pub fn lost(lang: Lang, draft: &SchoolDraft, limits: &[Ignored]) -> Vec<String> {
    let mut lines = vec![];
    let count = |what: RoomsOf| draft.loads.iter().filter(|l| rooms_of(l) == what).count();
    let (joined, free) = (count(RoomsOf::Joined), count(RoomsOf::Lost));
    if joined > 0 {
        lines.push(t::import_lost_rooms_joined(lang, plural(joined)));
    }
    if free > 0 {
        lines.push(t::import_lost_rooms(lang, plural(free)));
    }
    let rules = spread(draft).lost;
    if rules > 0 {
        lines.push(t::import_lost_spread(lang, i64::from(rules)));
    }
    let softer = rooms::softer(draft);
    if softer > 0 {
        lines.push(t::import_lost_rooms_softer(lang, plural(softer)));
    }
    lines.extend(
        together(&draft.ignored, limits)
            .iter()
            .map(|i| match kinds::words(lang, &i.kind) {
                Some(words) => t::import_lost_known(lang, i.count, &i.kind, i.line, words),
                None => t::import_lost_unknown(lang, i.count, &i.kind, i.line),
            }),
    );
    lines
}

/// One line a kind, in the order of the file.
fn together(ignored: &[Ignored], limits: &[Ignored]) -> Vec<Ignored> {
    let mut all: Vec<Ignored> = ignored.to_vec();
    for limit in limits {
        match all.iter_mut().find(|i| i.kind == limit.kind) {
            Some(told) => {
                told.count += limit.count;
                told.line = told.line.min(limit.line);
                told.lines.extend_from_slice(&limit.lines);
            }
            None => all.push(limit.clone()),
        }
    }
    all.sort_by(|a, b| a.line.cmp(&b.line).then(a.kind.cmp(&b.kind)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::Weight;
    use timetable::draft::DraftCard;
    use timetable::{RoomIx, SubjectIx};

    fn load(rooms: &[&[u32]]) -> DraftLoad {
        DraftLoad {
            subject: SubjectIx(0),
            teachers: vec![],
            audience: vec![],
            cards: rooms
                .iter()
                .map(|rooms| DraftCard {
                    source_id: 1,
                    duration: 1,
                    weeks: timetable::Weeks::Every,
                    off: false,
                    rooms: rooms.iter().map(|r| RoomIx(*r)).collect(),
                    rooms_must: false,
                    rooms_weight: None,
                    placement: None,
                    locked: false,
                })
                .collect(),
        }
    }

    fn gap(cards: &[u32], days: u16) -> DraftGap {
        DraftGap {
            cards: cards.iter().map(|c| CardIx(*c)).collect(),
            days,
            weight: None,
        }
    }

    #[test]
    fn a_card_belongs_to_one_series_and_what_does_not_fit_is_counted() {
        let draft = SchoolDraft {
            loads: vec![load(&[&[], &[], &[], &[], &[]])],
            gaps: vec![
                gap(&[0, 1], 1),
                gap(&[0, 1], 2),
                gap(&[1, 2], 1),
                gap(&[3, 4], 50),
                gap(&[2], 1),
                gap(&[2, 3], 0),
            ],
            ..SchoolDraft::default()
        };
        let found = spread(&draft);
        assert_eq!((found.kept, found.lost), (3, 1), "{found:?}");
        let series = |n: usize| found.of_card[n].unwrap();
        assert_eq!(series(0), series(1));
        assert_eq!(series(0).days, 2, "the stricter of two about the same cards");
        assert_eq!(found.of_card[2], None, "its rule meets another one");
        assert_eq!((series(3).number, series(3).days), (series(4).number, 40));
        assert_ne!(series(0).number, series(3).number);
        assert_eq!(
            series(0).weight,
            None,
            "who says no weight leaves it to the school"
        );
        assert!(
            lost(Lang::Ru, &draft, &[]).iter().any(|l| l.contains('1')),
            "{:?}",
            lost(Lang::Ru, &draft, &[])
        );
    }

    #[test]
    fn what_must_be_goes_before_what_is_wished_and_keeps_its_weight() {
        let of = |cards: &[u32], days, weight| DraftGap {
            weight: Some(weight),
            ..gap(cards, days)
        };
        let draft = SchoolDraft {
            loads: vec![load(&[&[], &[], &[], &[], &[]])],
            gaps: vec![
                of(&[0, 1, 2], 1, 95_000),
                of(&[0, 1], 1, MUST),
                // more days for the same cards, but only wished: a card has one series
                of(&[0, 1], 2, 95_000),
                of(&[3, 4], 1, 30_000),
                of(&[3, 4], 1, 0),
            ],
            ..SchoolDraft::default()
        };
        let found = spread(&draft);
        assert_eq!((found.kept, found.must, found.lost), (2, 1, 2), "{found:?}");
        let weights: Vec<_> = found.of_card.iter().map(|s| s.and_then(|s| s.weight)).collect();
        let (must, rather) = (Some(Weight::Must), Some(Weight::Rather));
        assert_eq!(weights, [must, must, None, rather, rather]);
        let (_, days, keys) = found.columns();
        assert_eq!((days[0], keys[0].as_deref()), (Some(1), Some("must")));
        assert!(!lost(Lang::Ru, &draft, &[]).is_empty());
    }

    #[test]
    fn rooms_are_kept_for_a_load_and_what_differs_is_told() {
        assert_eq!(rooms_of(&load(&[&[], &[]])), RoomsOf::None);
        assert_eq!(rooms_of(&load(&[&[1, 2], &[2, 1]])), RoomsOf::Same);
        assert_eq!(rooms_of(&load(&[&[1], &[2]])), RoomsOf::Joined);
        assert_eq!(rooms_of(&load(&[&[1], &[]])), RoomsOf::Lost);
        assert!(keeps_rooms(&load(&[&[1], &[2]])) && !keeps_rooms(&load(&[&[1], &[]])));
    }
}
