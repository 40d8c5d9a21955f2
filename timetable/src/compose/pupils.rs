//! Which pupils stand for all: atoms with the same cards are one, and of very many only as many as are needed.

use std::collections::{BTreeMap, BTreeSet};

use crate::board::Board;
use crate::bounds::BoundOf;
use crate::ids::{CardIx, ClassIx, wide};
use crate::spec::Audience;

/// Up to how many kinds of pupils of a class are all taken.
pub const MOST: usize = 8;

/// Pupils who always sit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pupils {
    /// Their classes.
    pub classes: Vec<ClassIx>,
    /// Their cards, ascending.
    pub cards: Vec<CardIx>,
    /// By class, then by day: the first bell at which they can be there, as a word. No days where the class may begin at any.
    pub begins: Vec<Vec<u64>>,
}

/// What makes kinds of pupils alike: their classes, their cards, and the bells at which the days of each class begin for them.
type Alike = (Vec<ClassIx>, Vec<CardIx>, Vec<Vec<u64>>);

/// The pupils to reckon with.
pub fn pupils(board: &Board) -> Vec<Pupils> {
    let atoms = board.atom_away.len();
    let mut cards_of: Vec<Vec<CardIx>> = vec![vec![]; atoms];
    for card in board.card_indices() {
        for atom in &board.card_atoms[card.ix()] {
            cards_of[wide(*atom)].push(card);
        }
    }
    let mut classes_of: Vec<Vec<ClassIx>> = vec![vec![]; atoms];
    for (class, of_class) in board.class_atoms.iter().enumerate() {
        for atom in of_class {
            classes_of[wide(*atom)].push(ClassIx::at(class));
        }
    }
    let begins = |atom: usize, class: &ClassIx| {
        let asked = board.spec.classes[class.ix()].limits.late_start.is_some();
        let days = 0..if asked { board.days() } else { 0 };
        days.map(|day| board.first_bell(*class, atom, day)).collect()
    };
    // equal cards, equal classes, days that begin at the same bells: one
    let mut kinds: BTreeSet<Alike> = BTreeSet::new();
    for (atom, (classes, cards)) in classes_of.into_iter().zip(cards_of).enumerate() {
        if !cards.is_empty() {
            let begins = classes.iter().map(|class| begins(atom, class)).collect();
            kinds.insert((classes, cards, begins));
        }
    }
    let mut by_class: BTreeMap<Option<ClassIx>, Vec<Pupils>> = BTreeMap::new();
    for (classes, cards, begins) in kinds {
        let first = classes.first().copied();
        let kind = Pupils {
            classes,
            cards,
            begins,
        };
        by_class.entry(first).or_default().push(kind);
    }
    let few = |kinds: Vec<Pupils>| {
        let mut classes = kinds.iter().flat_map(|kind| &kind.classes);
        if kinds.len() <= MOST || classes.any(|class| counts_pupils(board, *class)) {
            kinds
        } else {
            covering(kinds)
        }
    };
    by_class.into_values().flat_map(few).collect()
}

/// Whether a hard limit or a bound of the class speaks of single pupils.
fn counts_pupils(board: &Board, class: ClassIx) -> bool {
    if board.charts.is_some() && board.spec.site.walk.is_some_and(|l| l.hard) {
        return true;
    }
    let bounded = board.spec.bounds.iter().any(|bound| match &bound.of {
        BoundOf::Pupils(Audience::Class(of)) => *of == class,
        BoundOf::Pupils(Audience::Group(of)) => board.spec.groups[of.ix()].class == class,
        BoundOf::Cards(_) | BoundOf::Teacher(_) => false,
    });
    if bounded {
        return true;
    }
    let limits = &board.spec.classes[class.ix()].limits;
    let all = [
        limits.per_day,
        limits.per_day_with_pe,
        limits.per_week,
        limits.windows_per_day,
        limits.subject_per_day,
        limits.moves_per_day,
        limits.least_per_day,
        limits.least_days,
        limits.late_start,
    ];
    all.iter().flatten().any(|limit| limit.hard)
}

/// So many of them that any two cards that some pupils have in common are in common for one that is taken.
fn covering(kinds: Vec<Pupils>) -> Vec<Pupils> {
    // cards that are always together in the lists are one sort
    let mut lists_of: BTreeMap<CardIx, Vec<usize>> = BTreeMap::new();
    for (n, kind) in kinds.iter().enumerate() {
        for card in &kind.cards {
            lists_of.entry(*card).or_default().push(n);
        }
    }
    let sorts: BTreeSet<Vec<usize>> = lists_of.into_values().collect();
    let mut sorts_of: Vec<Vec<usize>> = vec![vec![]; kinds.len()];
    for (sort, lists) in sorts.iter().enumerate() {
        for list in lists {
            sorts_of[*list].push(sort);
        }
    }
    let pairs = |list: &[usize]| {
        let list = list.to_vec();
        let all = list.iter().enumerate();
        all.flat_map(|(n, a)| list[n..].iter().map(move |b| (*a, *b)))
            .collect::<BTreeSet<(usize, usize)>>()
    };
    let pairs_of: Vec<BTreeSet<(usize, usize)>> = sorts_of.iter().map(|list| pairs(list)).collect();
    let mut open: BTreeSet<(usize, usize)> = pairs_of.iter().flatten().copied().collect();
    let mut taken = vec![false; kinds.len()];
    while !open.is_empty() {
        let gain = |n: &usize| (pairs_of[*n].intersection(&open).count(), std::cmp::Reverse(*n));
        let Some(best) = (0..kinds.len()).filter(|n| !taken[*n]).max_by_key(gain) else {
            break;
        };
        taken[best] = true;
        open.retain(|pair| !pairs_of[best].contains(pair));
    }
    let kept = kinds.into_iter().zip(taken).filter(|(_, taken)| *taken);
    kept.map(|(kind, _)| kind).collect()
}
