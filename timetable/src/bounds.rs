//! Most hours or days that lessons may take: of these lessons so many of certain hours, of a teacher or of pupils so many days with
//! lessons after noon, so many hours of rest from a day to the next.
//!
//! A file says them of lessons or persons that it names; they are musts. Another lesson never mends a breach, so a cell is closed at once.
//! Each is counted in rows: of the parts of a row (hours, or hours of a day) at most so many may be taken. The search counts the same rows.

use serde::{Deserialize, Serialize};

use crate::board::{Board, Table};
use crate::ids::{CardIx, NormId, TeacherIx, TimeSet, bits, narrow, ones, span, wide};
use crate::judge::{Level, Verdict};
use crate::limits::Limit;
use crate::reason::Reason;
use crate::review::Problem;
use crate::spec::{Audience, BoardSpec, Placement};

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Bounded {
    /// Of the hours at most so many are taken, all days together.
    #[default]
    Hours,
    /// On each day at most so many of them.
    HoursADay,
    /// At most so many of them one after the other.
    HoursInARow,
    /// On at most so many days any of them.
    Days,
    /// From the last lesson of a day to the first of the next one at least so many of the hours are free.
    Rest {
        /// From the last day to the first one, too.
        around: bool,
    },
}

/// Whose lessons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BoundOf {
    /// These, all together.
    Cards(Vec<CardIx>),
    /// All of a teacher.
    Teacher(TeacherIx),
    /// All of a class or subgroup, of each pupil by themselves.
    Pupils(Audience),
}

/// A bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundSpec {
    /// Whose lessons.
    pub of: BoundOf,
    /// What of them is counted.
    pub what: Bounded,
    /// The hours that it is about; what lies in others does not count.
    pub times: TimeSet,
    /// The figure.
    pub figure: u16,
}

/// Parts of the week, of which at most so many may be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// A day and hours of it.
    pub parts: Vec<(u16, u64)>,
    /// Each hour of a part counts, not the part as one.
    pub each: bool,
    /// Most.
    pub most: u16,
}

impl BoundSpec {
    /// What it comes to. Days are those of the board; what can never be broken has no row.
    pub(crate) fn rows(&self, days: u16, slots: u16) -> Vec<Row> {
        let word = |day: u16| self.times.day(day) & span(0, slots);
        let there = || {
            (0..days)
                .map(|day| (day, word(day)))
                .filter(|(_, word)| *word != 0)
        };
        let row = |parts, each, most| Row { parts, each, most };
        let mut rows = match self.what {
            Bounded::Hours => vec![row(there().collect(), true, self.figure)],
            Bounded::Days => vec![row(there().collect(), false, self.figure)],
            Bounded::HoursADay => there().map(|part| row(vec![part], true, self.figure)).collect(),
            Bounded::HoursInARow => {
                let length = self.figure.saturating_add(1).min(slots.saturating_add(1));
                let runs = there().flat_map(|(day, word)| {
                    let ends = (0..slots).filter(move |from| from.saturating_add(length) <= slots);
                    let runs = ends.map(move |from| span(from, length));
                    runs.filter(move |run| run & !word == 0)
                        .map(move |run| (day, run))
                });
                runs.map(|part| row(vec![part], true, self.figure)).collect()
            }
            Bounded::Rest { around } => {
                let next = |day: u16| match day + 1 {
                    next if next < days => Some(next),
                    _ => (around && day > 0).then_some(0),
                };
                let nights = (0..days).filter_map(|day| Some((day, next(day)?)));
                nights
                    .flat_map(|(day, next)| night((day, word(day)), (next, word(next)), self.figure))
                    .collect()
            }
        };
        let parts = |row: &Row| match row.each {
            true => row.parts.iter().map(|(_, word)| ones(*word)).sum(),
            false => crate::ids::short(row.parts.len()),
        };
        rows.retain(|row| parts(row) > row.most);
        rows
    }
}

/// After which hour of a day the next one may not begin with which hours.
fn night((day, word): (u16, u64), (next, other): (u16, u64), least: u16) -> Vec<Row> {
    let mut late: Vec<u16> = bits(word).collect();
    late.reverse();
    let early: Vec<u16> = bits(other).collect();
    let mut rows = vec![];
    for (left, slot) in (0..least).zip(late) {
        let first = early.iter().take(usize::from(least - left));
        let begins = first.fold(0, |word, slot| word | span(*slot, 1));
        if begins != 0 {
            rows.push(Row {
                parts: vec![(day, span(slot, 1)), (next, begins)],
                each: false,
                most: 1,
            });
        }
    }
    rows
}

/// Who is busy.
#[derive(Clone, Debug)]
enum Who {
    /// A list of cards, by its position.
    List(usize),
    Teacher(usize),
    Atoms(Vec<u32>),
}

#[derive(Clone, Debug)]
struct Bound {
    who: Who,
    rows: Vec<Row>,
}

/// The bounds of a board, and how the cards of their lists lie.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    all: Vec<Bound>,
    /// Positions of the bounds of each card.
    of_card: Vec<Vec<usize>>,
    /// Lists that each card stands in.
    lists: Vec<Vec<usize>>,
    table: Table,
}

impl Bounds {
    /// Of these facts; of each card its pupils, and those of classes and subgroups, are known already.
    pub fn new(spec: &BoardSpec, card_atoms: &[Vec<u32>], of: (&[Vec<u32>], &[Vec<u32>])) -> Self {
        let (mut of_card, mut lists) = (vec![vec![]; spec.cards.len()], vec![vec![]; spec.cards.len()]);
        let (mut all, mut count) = (vec![], 0);
        for (n, bound) in spec.bounds.iter().enumerate() {
            let who = match &bound.of {
                BoundOf::Cards(cards) => {
                    for card in cards {
                        lists[card.ix()].push(count);
                        of_card[card.ix()].push(n);
                    }
                    count += 1;
                    Who::List(count - 1)
                }
                BoundOf::Teacher(teacher) => {
                    let mine = spec.cards.iter().zip(&mut of_card);
                    for (_, bounds) in mine.filter(|(card, _)| card.teachers.contains(teacher)) {
                        bounds.push(n);
                    }
                    Who::Teacher(teacher.ix())
                }
                BoundOf::Pupils(audience) => {
                    let atoms = match audience {
                        Audience::Class(class) => &of.0[class.ix()],
                        Audience::Group(group) => &of.1[group.ix()],
                    };
                    let shares = |card: &Vec<u32>| card.iter().any(|atom| atoms.binary_search(atom).is_ok());
                    let mine = card_atoms.iter().zip(&mut of_card);
                    for (_, bounds) in mine.filter(|(card, _)| shares(card)) {
                        bounds.push(n);
                    }
                    Who::Atoms(atoms.clone())
                }
            };
            let rows = bound.rows(spec.days, spec.slots);
            all.push(Bound { who, rows });
        }
        Self {
            all,
            of_card,
            lists,
            table: Table::new(spec, vec![1; count]),
        }
    }

    /// A card comes to lie there, or leaves.
    pub fn change(&mut self, spec: &BoardSpec, card: CardIx, place: Placement, more: bool) {
        let of = &spec.cards[card.ix()];
        for list in &self.lists[card.ix()] {
            let word = span(place.slot, of.duration);
            self.table.change(*list, of.weeks, place.day, word, more);
        }
    }

    /// The pupils of a bound that is about pupils.
    #[cfg(feature = "engine")]
    pub fn atoms(&self, bound: usize) -> &[u32] {
        match self.all.get(bound).map(|bound| &bound.who) {
            Some(Who::Atoms(atoms)) => atoms,
            _ => &[],
        }
    }

    /// Its rows.
    #[cfg(feature = "engine")]
    pub fn rows(&self, bound: usize) -> &[Row] {
        self.all.get(bound).map_or(&[], |bound| &bound.rows)
    }
}

/// A table and whose row of it: who is busy, as if a card lay nowhere.
#[derive(Clone, Copy)]
struct Busy<'a> {
    table: &'a Table,
    entity: usize,
    parity: usize,
    /// The day on which the card lies now, and its hours.
    own: (u16, u64),
}

impl Busy<'_> {
    /// By how much more of a row is taken than may be, with this part besides.
    fn over(&self, row: &Row, more: (u16, u64)) -> u16 {
        let mut taken = 0;
        for (day, word) in &row.parts {
            let of = |(other, word): (u16, u64)| if other == *day { word } else { 0 };
            let busy = self.table.word(self.entity, self.parity, *day, of(self.own));
            let hours = ones((busy | of(more)) & word);
            taken += if row.each { hours } else { hours.min(1) };
        }
        taken.saturating_sub(row.most)
    }
}

impl Board {
    /// The bounds that a card at a time breaks, or breaks more than they are without it.
    pub(crate) fn bounds(&self, card: CardIx, (day, slot): (u16, u16), verdict: &mut Verdict) {
        let spec = &self.spec.cards[card.ix()];
        let word = span(slot, spec.duration);
        let own = spec
            .placement
            .map_or((0, 0), |at| (at.day, span(at.slot, spec.duration)));
        for n in &self.bounds.of_card[card.ix()] {
            let mut over = 0u16;
            let mine = |row: &&Row| {
                row.parts
                    .iter()
                    .any(|(on, hours)| *on == day && hours & word != 0)
            };
            let bound = &self.bounds.all[*n];
            for row in bound.rows.iter().filter(mine) {
                for parity in spec.weeks.parities() {
                    self.each_busy(&bound.who, Some(card), (parity, own), |busy| {
                        let more = busy.over(row, (day, word)) - busy.over(row, (day, 0));
                        over = over.saturating_add(more);
                    });
                }
            }
            if over > 0 {
                let bound = narrow(*n);
                verdict.limit(0, 1, MUST, Reason::Bound { bound, over });
            }
        }
    }

    /// Asks of whoever a bound is about; of pupils only of those who are in the card.
    fn each_busy(
        &self,
        who: &Who,
        card: Option<CardIx>,
        (parity, own): (usize, (u16, u64)),
        mut ask: impl FnMut(Busy<'_>),
    ) {
        let busy = |table, entity| Busy {
            table,
            entity,
            parity,
            own,
        };
        match who {
            Who::List(list) => ask(busy(&self.bounds.table, *list)),
            Who::Teacher(teacher) => ask(busy(&self.teachers, *teacher)),
            Who::Atoms(atoms) => {
                let there = |atom: &&u32| {
                    card.is_none_or(|card| self.card_atoms[card.ix()].binary_search(atom).is_ok())
                };
                for atom in atoms.iter().filter(there) {
                    ask(busy(&self.atoms, wide(*atom)));
                }
            }
        }
    }

    /// Bounds that are broken as things are, each once.
    pub(crate) fn bound_problems(&self, problems: &mut Vec<Problem>) {
        for (n, bound) in self.bounds.all.iter().enumerate() {
            let (mut over, mut days) = (0u16, 0u64);
            for row in &bound.rows {
                for parity in 0..2 {
                    self.each_busy(&bound.who, None, (parity, (0, 0)), |busy| {
                        let more = busy.over(row, (0, 0));
                        over = over.saturating_add(more);
                        let of_row = row.parts.iter().map(|(day, _)| span(*day, 1));
                        days = of_row.filter(|_| more > 0).fold(days, |all, day| all | day);
                    });
                }
            }
            if over > 0 {
                let bound = narrow(n);
                problems.push(Problem {
                    level: Level::Clash,
                    // where it is about one day
                    day: bits(days).next().filter(|_| ones(days) == 1),
                    card: None,
                    reason: Reason::Bound { bound, over },
                });
            }
        }
    }
}

/// What a file requires is a must.
const MUST: Limit = Limit {
    value: 0,
    norm: NormId(0),
    penalty: 0,
    hard: true,
};
