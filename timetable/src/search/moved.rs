//! What differs between two timetables of one problem, card by card.

use crate::ids::{narrow, wide};
use crate::problem::{Meet, Problem, Solution};

/// A card (a meet of an event) that has changed its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Event.
    pub event: u32,
    /// Times that the card takes.
    pub duration: u32,
    /// Where it started; `None`: nowhere.
    pub from: Option<u32>,
    /// Where it starts now; `None`: nowhere.
    pub to: Option<u32>,
    /// Seats with somebody else, ascending.
    pub seats: Vec<Reseat>,
}

/// Somebody else on a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reseat {
    /// Position among the event's seats.
    pub seat: u32,
    /// Who sat there.
    pub from: Option<u32>,
    /// Who sits there now.
    pub to: Option<u32>,
}

impl Move {
    /// The way from one meet to another of the same event; `None` if they are at one place.
    #[must_use]
    pub fn between(before: &Meet, after: &Meet) -> Option<Self> {
        let seats: Vec<Reseat> = (0..)
            .zip(before.resources.iter().zip(&after.resources))
            .filter(|(_, (from, to))| from != to)
            .map(|(seat, (from, to))| Reseat {
                seat,
                from: *from,
                to: *to,
            })
            .collect();
        let same = before.time == after.time && seats.is_empty();
        (!same).then_some(Self {
            event: after.event,
            duration: after.duration,
            from: before.time,
            to: after.time,
            seats,
        })
    }
}

/// The moves from one timetable to another, by event.
///
/// Of an event with several meets, those at one time belong together, then those of one duration. A meet that has no partner
/// (its event is cut otherwise) goes from somewhere to nowhere, or the other way round.
#[must_use]
pub fn moves(problem: &Problem, before: &Solution, after: &Solution) -> Vec<Move> {
    let (mut old, mut new) = (by_event(problem, before), by_event(problem, after));
    let mut found = vec![];
    for event in 0..problem.events.len() {
        let (old, new) = (&mut old[event], &mut new[event]);
        pair(old, new, &mut found, |a, b| a == b);
        pair(old, new, &mut found, |a, b| {
            a.duration == b.duration && a.time == b.time
        });
        pair(old, new, &mut found, |a, b| a.duration == b.duration);
        let nowhere = |meet: &Meet| Meet::bare(problem, meet.event, meet.duration);
        for gone in old.drain(..) {
            let after = Meet {
                time: None,
                ..nowhere(gone)
            };
            found.extend(Move::between(gone, &after));
        }
        for come in new.drain(..) {
            let before = Meet {
                time: None,
                ..nowhere(come)
            };
            found.extend(Move::between(&before, come));
        }
    }
    found
}

fn by_event<'a>(problem: &Problem, solution: &'a Solution) -> Vec<Vec<&'a Meet>> {
    let mut lists = vec![vec![]; problem.events.len()];
    for meet in &solution.meets {
        lists[wide(meet.event)].push(meet);
    }
    lists
}

/// Takes pairs that belong together out of both lists and notes how they moved.
fn pair(
    old: &mut Vec<&Meet>,
    new: &mut Vec<&Meet>,
    found: &mut Vec<Move>,
    together: impl Fn(&Meet, &Meet) -> bool,
) {
    old.retain(|before| {
        let Some(at) = new.iter().position(|after| together(before, after)) else {
            return true;
        };
        found.extend(Move::between(before, new.remove(at)));
        false
    });
}

/// How many cards of a timetable there are, for the share that moved.
#[must_use]
pub fn cards(solution: &Solution) -> u32 {
    narrow(solution.meets.len())
}
