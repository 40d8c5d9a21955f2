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
    /// By card; one may belong to several.
    pub of_card: Vec<Vec<Series>>,
    /// How many rules became a series, or are said by one that is stricter.
    pub kept: u32,
    /// How many of them must be kept.
    pub must: u32,
}

/// Numbers, days and weights of series, by card, and the further ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The number of its first series.
    pub series: Vec<Option<i32>>,
    /// Days of it.
    pub days: Vec<Option<i16>>,
    /// Its weight.
    pub weights: Vec<Option<String>>,
    /// The others.
    pub more: Vec<Vec<Series>>,
}

impl Spread {
    /// For the database.
    #[must_use]
    pub fn columns(&self) -> Columns {
        let first = || self.of_card.iter().map(|all| all.first().copied());
        Columns {
            series: first().map(|s| s.map(|s| s.number)).collect(),
            days: first()
                .map(|s| s.and_then(|s| i16::try_from(s.days).ok()))
                .collect(),
            weights: first().map(|s| Some(s?.weight?.key().to_owned())).collect(),
            more: self
                .of_card
                .iter()
                .map(|all| all.get(1..).unwrap_or_default().to_vec())
                .collect(),
        }
    }
}

/// Each rule is a series of its own, those that must be first; of rules about the same cards what a stricter one says is not said again.
#[must_use]
pub fn spread(draft: &SchoolDraft) -> Spread {
    let mut out = Spread {
        of_card: vec![vec![]; draft.card_counts().0],
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
    // days and weights that are asked of the same cards already; who says no weight is compared with none that does
    let mut sets: HashMap<&[CardIx], Vec<(u16, Option<u32>)>> = HashMap::new();
    for rule in rules {
        out.kept += 1;
        out.must += u32::from(must(rule));
        let said = sets.entry(rule.cards.as_slice()).or_default();
        let covers = |(days, weight): &(u16, Option<u32>)| {
            *days >= rule.days && weight.is_some() == rule.weight.is_some() && *weight >= rule.weight
        };
        if said.iter().any(covers) {
            continue;
        }
        said.push((rule.days, rule.weight));
        number += 1;
        let series = Series {
            number,
            days: rule.days.min(MOST_DAYS),
            weight: rule.weight.map(|w| weight(Kind::Series, w)),
        };
        for card in &rule.cards {
            if let Some(all) = out.of_card.get_mut(card.ix()) {
                all.push(series);
            }
        }
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

/// What comes along, in sentences. `away`: hours of teachers, classes, subgroups, rooms that the school takes over. `must`: rules of
/// days between that must be, in the school as in the file.
#[must_use]
pub fn kept(lang: Lang, draft: &SchoolDraft, away: [usize; 4], must: u32) -> Vec<String> {
    let mut lines = vec![];
    if away.iter().any(|n| *n > 0) {
        let [teachers, classes, groups, rooms] = away;
        lines.push(t::import_kept_away(lang, classes, groups, rooms, teachers));
    }
    let locked = draft.card_list().filter(|(_, _, c)| c.locked).count();
    if locked > 0 {
        lines.push(t::import_kept_locked(lang, plural(locked)));
    }
    let kept = spread(draft).kept;
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
    fn a_card_belongs_to_all_series_of_its_rules() {
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
        assert_eq!(found.kept, 4, "{found:?}");
        let series = |n: usize| found.of_card[n].as_slice();
        let [first] = series(0) else { panic!("{found:?}") };
        let [one, other] = series(1) else {
            panic!("{found:?}")
        };
        assert_eq!(
            (first, first.days),
            (one, 2),
            "the stricter of two about the same cards"
        );
        assert_eq!(series(2), [*other], "of a rule that meets another one");
        assert_eq!(series(3), series(4));
        assert_eq!(series(3)[0].days, 40);
        assert_eq!(first.weight, None, "who says no weight leaves it to the school");
        let columns = found.columns();
        assert_eq!(columns.series[1], Some(first.number));
        assert_eq!(columns.more[1], [*other]);
        assert!(columns.more[0].is_empty() && columns.more[2].is_empty());
        assert!(lost(Lang::Ru, &draft, &[]).is_empty());
    }

    #[test]
    fn what_must_be_goes_before_what_is_wished_and_each_keeps_its_weight() {
        let of = |cards: &[u32], days, weight| DraftGap {
            weight: Some(weight),
            ..gap(cards, days)
        };
        let draft = SchoolDraft {
            loads: vec![load(&[&[], &[], &[], &[], &[]])],
            gaps: vec![
                of(&[0, 1, 2], 1, 95_000),
                of(&[0, 1], 1, MUST),
                // more days for the same cards, but only wished
                of(&[0, 1], 2, 95_000),
                of(&[3, 4], 1, 30_000),
                of(&[3, 4], 1, 20_000),
                of(&[3, 4], 1, 0),
            ],
            ..SchoolDraft::default()
        };
        let found = spread(&draft);
        assert_eq!((found.kept, found.must), (5, 1), "{found:?}");
        let weights = |n: usize| -> Vec<_> {
            let all = found.of_card[n].iter();
            all.map(|s| (s.days, s.weight.unwrap())).collect()
        };
        let (must, very, rather) = (Weight::Must, Weight::Very, Weight::Rather);
        assert_eq!(weights(0), [(1, must), (1, very), (2, very)]);
        assert_eq!(weights(1), weights(0));
        assert_eq!(weights(2), [(1, very)]);
        assert_eq!(
            weights(3),
            [(1, rather)],
            "the lighter one is said by the heavier"
        );
        let columns = found.columns();
        assert_eq!(
            (columns.days[0], columns.weights[0].as_deref()),
            (Some(1), Some("must"))
        );
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
