//! What moves make worse: remarks and clashes of the board after them that it did not have before, or had milder.

use std::collections::HashMap;

use base::Lang;
use timetable::compose::Shift;
use timetable::{Board, BoardSpec, CardIx, Level, LimitKind, Problem, Reason};

use crate::timetable::{BoardData, words};

/// What a problem is about, whatever its figure: two with the same key are told apart by how bad they are.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    level: bool,
    /// Of a whole day: which.
    day: Option<u16>,
    card: Option<CardIx>,
    reason: Reason,
}

/// The reason without its figure, and how bad that is: the larger, the worse.
fn apart(reason: &Reason) -> (Reason, i32) {
    let mut plain = *reason;
    let mut worse = 0;
    match &mut plain {
        Reason::Limit {
            kind, found, card, ..
        } => {
            worse = badness(*kind, *found);
            *found = 0;
            // which of several lessons it is told of is chance
            *card = None;
        }
        Reason::TeacherLimit { kind, found, .. } => {
            worse = badness(*kind, *found);
            *found = 0;
        }
        Reason::TooClose { days, .. } => {
            worse = -i32::from(*days);
            *days = 0;
        }
        Reason::TeacherWindow { windows, .. } | Reason::ClassWindow { windows, .. } => {
            worse = i32::from(*windows);
            *windows = 0;
        }
        Reason::NoBell { slot, .. }
        | Reason::ClassAway { slot, .. }
        | Reason::TeacherAway { slot, .. }
        | Reason::RoomAway { slot, .. }
        | Reason::CardAway { slot, .. }
        | Reason::CardStart { slot, .. }
        | Reason::TeacherUnwanted { slot, .. }
        | Reason::ClassUnwanted { slot, .. }
        | Reason::CardUnwanted { slot, .. } => *slot = 0,
        _ => {}
    }
    (plain, worse)
}

/// Most limits say how much is too much; of some the smaller figure is the worse one, and of a hard lesson at either end of the day
/// none is.
fn badness(kind: LimitKind, found: u16) -> i32 {
    match kind {
        LimitKind::EarliestSlot | LimitKind::LeastPerDay | LimitKind::LeastDays => -i32::from(found),
        LimitKind::HardAtEdge => 0,
        _ => i32::from(found),
    }
}

fn key(problem: &Problem) -> (Key, i32) {
    let (reason, worse) = apart(&problem.reason);
    let key = Key {
        level: problem.level == Level::Clash,
        day: problem.day.filter(|_| problem.card.is_none()),
        card: problem.card,
        reason,
    };
    (key, worse)
}

/// The problems of `after` that `before` has not, or has milder; the clashes first, as the review orders them.
fn new_ones(before: &[Problem], after: Vec<Problem>) -> Vec<Problem> {
    let mut had: HashMap<Key, Vec<i32>> = HashMap::new();
    for problem in before {
        let (key, worse) = key(problem);
        had.entry(key).or_default().push(worse);
    }
    let is_new = |problem: &Problem| {
        let (key, worse) = key(problem);
        let Some(left) = had.get_mut(&key) else {
            return true;
        };
        // each of those before stands for one of those after
        let milder = left.iter().position(|was| *was >= worse);
        milder.map(|at| left.swap_remove(at)).is_none()
    };
    let mut is_new = is_new;
    after.into_iter().filter(|problem| is_new(problem)).collect()
}

/// What moves make worse, in sentences. `lies`: the board as it lies, of which the shifts were found.
#[must_use]
pub fn worse(lang: Lang, data: &BoardData, lies: &BoardSpec, shifts: &[Shift]) -> Vec<String> {
    let mut data = data.clone();
    let Ok(mut board) = Board::new(lies.clone()) else {
        return vec![];
    };
    let before = board.conflicts();
    // everything is taken off first: where it goes may be where another lay
    for shift in shifts {
        board.unplace(shift.card);
    }
    for shift in shifts {
        if board.restore(shift.card, shift.to).is_err() {
            return vec![];
        }
    }
    let found = new_ones(&before, board.conflicts());
    // the sentences say where cards lie then
    for (row, card) in data.cards.iter_mut().zip(board.cards()) {
        row.place = card.placement;
    }
    found.iter().map(|p| words::problem(lang, &data, p)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timetable::samples;
    use timetable::{ClassIx, NormId, Placement};

    fn day(kind: LimitKind, day: u16, found: u16) -> Problem {
        Problem {
            level: Level::Poor,
            day: Some(day),
            card: None,
            reason: Reason::Limit {
                class: ClassIx(0),
                kind,
                found,
                limit: 6,
                norm: NormId(0),
                hard: false,
                card: None,
            },
        }
    }

    #[test]
    fn what_was_as_bad_before_is_not_told() {
        use LimitKind::{LeastPerDay, LessonsPerDay};
        let before = [day(LessonsPerDay, 1, 8), day(LeastPerDay, 2, 3)];
        let told = |after: Problem| !new_ones(&before, vec![after]).is_empty();
        assert!(!told(day(LessonsPerDay, 1, 8)) && !told(day(LessonsPerDay, 1, 7)));
        assert!(told(day(LessonsPerDay, 1, 9)), "one more than before");
        assert!(told(day(LessonsPerDay, 3, 7)), "another day");
        assert!(
            !told(day(LeastPerDay, 2, 4)),
            "a longer day is nearer to the least"
        );
        assert!(told(day(LeastPerDay, 2, 1)));
        let twice = vec![day(LessonsPerDay, 1, 8), day(LessonsPerDay, 1, 8)];
        assert_eq!(new_ones(&before, twice).len(), 1, "one of two had been there");
    }

    #[test]
    fn two_lessons_of_a_subject_on_a_day_are_named() {
        let mut data = samples::data(vec![samples::class("7А", 7)]);
        samples::placed(&mut data, 0, Some(0));
        samples::placed(&mut data, 0, Some(0));
        data.cards[1].place = data.cards[1].place.map(|at| Placement { day: 1, ..at });
        let limit = |spec: &mut BoardSpec| {
            spec.classes[0].limits.subject_per_day = Some(timetable::Limit {
                value: 1,
                norm: NormId(0),
                penalty: 6,
                hard: false,
            });
        };
        let mut spec = data.spec();
        limit(&mut spec);
        let from = spec.cards[1].placement.unwrap();
        let beside = spec.cards[0].placement.unwrap();
        let to = Placement {
            slot: beside.slot + 1,
            ..beside
        };
        let shift = |from, to| Shift {
            card: CardIx(1),
            from: Some(from),
            to: Some(to),
        };
        assert_ne!(from.day, beside.day, "the sample has them on two days");
        let told = worse(Lang::Ru, &data, &spec, &[shift(from, to)]);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("Алгебра") && told[0].contains("2"), "{told:?}");
        // and back again nothing is worse
        spec.cards[1].placement = Some(to);
        assert_eq!(
            worse(Lang::Ru, &data, &spec, &[shift(to, from)]),
            Vec::<String>::new()
        );
    }
}
