//! A board after changed facts: what must move moves, little else does, nothing clashes, and what is told is what was done.
#![cfg(all(feature = "engine", feature = "fet"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod fet_school;
mod small_school;

use proptest::prelude::*;
use small_school::*;
use timetable::compose::{Composition, Fact, Lane, Mended, Mending, Shift, Terms};
use timetable::search::{Ground, Plan, Tuning};
use timetable::*;

const STILL: Terms = Terms {
    tray: false,
    gladly: false,
};
const ALL: Terms = Terms {
    tray: true,
    gladly: false,
};

fn clashes(board: &Board) -> usize {
    let all = board.conflicts();
    all.iter().filter(|p| p.level == Level::Clash).count()
}

fn day(day: u16, slots: u16) -> TimeSet {
    let mut times = TimeSet::new();
    for slot in 0..slots {
        times.insert(day, slot);
    }
    times
}

fn mended(board: &Board, facts: &[Fact], terms: Terms, work: u64) -> Mended {
    let mending = Mending::new(board, facts, terms).unwrap();
    let mut repair = mending.repair(1, work);
    while repair.run(3000) {}
    mending.outcome(&repair.best())
}

/// The board with the facts and the shifts carried out.
fn carried_out(board: &Board, facts: &[Fact], mended: &Mended) -> Board {
    let mut spec = board.spec().clone();
    for fact in facts {
        match fact {
            Fact::Teacher(who, times) => spec.teachers[who.ix()].away.union(times),
            Fact::Class(who, times) => spec.classes[who.ix()].away.union(times),
            Fact::Room(who, times) => spec.rooms[who.ix()].away.union(times),
            Fact::FreeDay(_) => panic!("its day is not known here"),
        }
    }
    for shift in &mended.shifts {
        assert_eq!(spec.cards[shift.card.ix()].placement, shift.from);
        assert_ne!(shift.from, shift.to);
        spec.cards[shift.card.ix()].placement = shift.to;
    }
    Board::new(spec).unwrap()
}

/// The small school of the FET tests, as a board with a full timetable.
fn solved() -> Board {
    let draft = fet::import(fet_school::School::new().text().as_bytes()).unwrap();
    let board = draft.board().unwrap();
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    let plan = Plan {
        seed: 3,
        lane: 0,
        work: 300_000,
        tuning: Tuning::default(),
    };
    let mut lane = Lane::new(&ground, plan, None);
    while lane.run(10_000) {}
    let board = composition.settle(&lane.best());
    assert_eq!((clashes(&board), board.unplaced().len()), (0, 0));
    board
}

#[test]
fn each_teacher_in_turn_gets_a_day_free_with_few_moves() {
    let board = solved();
    let (mut all, mut must) = (0, 0);
    // every second one: halves of a class are taught at once, so the other of the two would ask the same again
    for who in (0..board.spec().teachers.len()).step_by(2).map(TeacherIx::at) {
        let lessons = |day: u16| {
            let cards = board.cards_of_teacher(who).iter();
            cards
                .filter(|c| board.placement(**c).is_some_and(|p| p.day == day))
                .count()
        };
        let free = (0..board.days())
            .filter(|d| lessons(*d) > 0)
            .min_by_key(|d| lessons(*d));
        let facts = [Fact::Teacher(who, day(free.unwrap(), board.slots()))];
        let mended = mended(&board, &facts, STILL, 60_000);
        let after = carried_out(&board, &facts, &mended);
        assert_eq!(clashes(&after), 0);
        assert_eq!(mended.hit, u32::try_from(lessons(free.unwrap())).unwrap());
        let moved = mended.shifts.iter().filter(|s| !s.is_of_room()).count();
        assert!(moved >= lessons(free.unwrap()) || !mended.stuck.is_empty());
        assert_eq!(mended.stuck, vec![], "teacher {}", who.0);
        all += moved;
        must += lessons(free.unwrap());
    }
    // each lesson that must go needs one that makes room for it; a new timetable would move nearly all of two hundred each time
    assert!(all <= must * 3, "{all} moves where {must} lessons had to go");
}

#[test]
fn a_free_day_takes_the_one_with_the_fewest_lessons() {
    let mut spec = school();
    spec.classes.truncate(1);
    spec.groups.clear();
    let mut cards = vec![];
    for d in 0..5 {
        for slot in 0..if d == 3 { 1 } else { 2 } {
            cards.push(at(lesson(0, 0, class(0)), d, slot));
        }
    }
    let board = board(spec, cards);
    let mending = Mending::new(&board, &[Fact::FreeDay(TeacherIx(0))], STILL).unwrap();
    assert_eq!(mending.facts(), [Fact::Teacher(TeacherIx(0), day(3, 6))]);
    let mut repair = mending.repair(1, 20_000);
    while repair.run(100) {}
    let mended = mending.outcome(&repair.best());
    assert_eq!((mended.hit, mended.shifts.len(), mended.stuck.len()), (1, 1, 0));
    assert_ne!(mended.shifts[0].to.unwrap().day, 3);
}

/// Of the days on which the teacher could teach: not the Saturday without bells, not the day at which they are away, nor one at which
/// their classes are; and of a board of two weeks the same day of both.
#[test]
fn a_free_day_is_one_that_could_be_taught_on_and_of_every_week() {
    let mut spec = school();
    spec.classes.truncate(1);
    spec.groups.clear();
    spec.days = 6;
    spec.teachers[0].away = day(0, 6);
    spec.classes[0].away = day(1, 6);
    let taught = |at_all: &[(u16, u16)]| -> Vec<CardSpec> {
        let days = at_all
            .iter()
            .flat_map(|(d, n)| (0..*n).map(move |slot| (*d, slot)));
        days.map(|(d, slot)| at(lesson(0, 0, class(0)), d, slot))
            .collect()
    };
    let free = |board: &Board| {
        Mending::new(board, &[Fact::FreeDay(TeacherIx(0))], STILL).map(|m| m.facts().to_vec())
    };
    let is = |times| Some(vec![Fact::Teacher(TeacherIx(0), times)]);
    let one = board(spec.clone(), taught(&[(2, 3), (3, 2), (4, 3)]));
    assert_eq!(free(&one), is(day(3, 6)));
    // an hour of the morning away is no day away
    spec.teachers[0].away.add(3, 1);
    assert_eq!(
        free(&board(spec.clone(), taught(&[(2, 3), (3, 2), (4, 3)]))),
        is(day(3, 6))
    );
    // a day without lessons that could have some is free already
    assert_eq!(
        free(&board(spec.clone(), taught(&[(2, 3), (4, 3)]))),
        is(day(3, 6))
    );
    // odd and even weeks one after the other: Thursdays have two lessons together, Fridays three, Wednesdays four
    spec.days = 12;
    spec.week = 6;
    spec.teachers[0].away = day(0, 6);
    for late in 6..11 {
        spec.classes[0].bells.add(late, 0b11_1111);
    }
    spec.teachers[0].away.union(&day(6, 6));
    spec.classes[0].away.union(&day(7, 6));
    let two = taught(&[(2, 1), (8, 3), (3, 1), (9, 1), (4, 1), (10, 2)]);
    let mut thursdays = day(3, 6);
    thursdays.union(&day(9, 6));
    assert_eq!(free(&board(spec.clone(), two.clone())), is(thursdays.clone()));
    let mending = Mending::new(&board(spec, two), &[Fact::FreeDay(TeacherIx(0))], STILL).unwrap();
    let mut repair = mending.repair(1, 20_000);
    while repair.run(100) {}
    let mended = mending.outcome(&repair.best());
    assert_eq!((mended.hit, mended.stuck.len()), (2, 0));
    let to = |shift: &compose::Shift| shift.to.unwrap().day;
    assert!(mended.shifts.iter().all(|shift| ![3, 9].contains(&to(shift))));
    // whoever teaches nobody gets some day, and nothing moves
    let mut nobody = school();
    nobody.classes.truncate(1);
    nobody.groups.clear();
    let board = board(nobody, vec![at(lesson(0, 1, class(0)), 0, 0)]);
    let mending = Mending::new(&board, &[Fact::FreeDay(TeacherIx(0))], STILL).unwrap();
    assert_eq!(mending.facts(), [Fact::Teacher(TeacherIx(0), day(0, 6))]);
}

#[test]
fn a_closed_room_is_left_for_another_one_at_the_same_time() {
    let mut spec = school();
    spec.rooms[1].capacity = Some(30);
    let card = |d, slot, room| {
        let mut card = in_room(lesson(0, 0, class(0)), d, slot, room);
        card.room.needed = true;
        card
    };
    let board = board(spec, vec![card(0, 0, 0), card(0, 1, 0), card(1, 0, 0)]);
    let mended = mended(&board, &[Fact::Room(RoomIx(0), day(0, 6))], STILL, 20_000);
    assert_eq!(mended.shifts.len(), 2);
    assert!(mended.shifts.iter().all(|s| s.is_of_room()));
    assert!(
        mended
            .shifts
            .iter()
            .all(|s| s.to.unwrap().room == Some(RoomIx(1)))
    );
}

/// A gym is closed for the week. Its lessons name it alone, as what they would gladly have: the other gym takes those that meet nobody
/// in it, one moves to an hour at which that one is free, and a library is no gym.
#[test]
fn lessons_of_a_closed_gym_go_to_the_other_one_or_to_another_hour() {
    let mut spec = school();
    let gym = |seats| RoomSpec {
        capacity: Some(seats),
        kind: Some(RoomKind(7)),
        ..RoomSpec::default()
    };
    let library = RoomSpec {
        capacity: Some(99),
        kind: Some(RoomKind(8)),
        ..RoomSpec::default()
    };
    // the smallest is too small
    spec.rooms = vec![gym(60), gym(40), gym(10), library];
    let pe = |teacher, of, at: (u16, u16), room: u32| {
        let mut card = in_room(lesson(1, teacher, class(of)), at.0, at.1, room);
        card.room = RoomNeed {
            needed: true,
            kind: Some(RoomKind(7)),
            allowed: vec![RoomIx(room)],
            ..RoomNeed::default()
        };
        card
    };
    let cards = vec![
        pe(0, 0, (0, 0), 0),
        pe(0, 0, (1, 1), 0),
        pe(0, 0, (2, 2), 0),
        pe(1, 1, (2, 2), 1),
    ];
    let closed = [Fact::Room(RoomIx(0), TimeSet::daily(5, 0, 6))];
    let laid = board(spec.clone(), cards.clone());
    let found = mended(&laid, &closed, STILL, 60_000);
    assert_eq!((found.hit, found.stuck.len()), (3, 0));
    // at the hour of the fourth either of the two may move
    assert!((3..=4).contains(&found.shifts.len()), "{:?}", found.shifts);
    assert!(found.shifts.iter().all(|s| s.to.unwrap().room == Some(RoomIx(1))));
    assert!(!found.shifts.iter().any(Shift::loses_room));
    let moved = found.shifts.iter().filter(|s| !s.is_of_room()).count();
    assert_eq!(moved, 1, "{:?}", found.shifts);
    assert_eq!(clashes(&carried_out(&laid, &closed, &found)), 0);
    // where there is no other, it is said that they are left without
    spec.rooms.truncate(1);
    let laid = board(spec, cards[..3].to_vec());
    let found = mended(&laid, &closed, STILL, 20_000);
    assert_eq!(found.shifts.iter().filter(|s| s.loses_room()).count(), 3);
    assert!(
        found.shifts.iter().all(Shift::is_of_room),
        "nothing moves for nothing"
    );
}

#[test]
fn a_card_that_asks_for_no_room_gives_a_closed_one_up_and_stays() {
    let board = board(school(), vec![in_room(lesson(0, 0, class(0)), 0, 0, 0)]);
    let mended = mended(&board, &[Fact::Room(RoomIx(0), day(0, 6))], STILL, 2_000);
    assert_eq!((mended.hit, mended.shifts.len(), mended.stuck.len()), (1, 1, 0));
    assert_eq!(
        mended.shifts[0].to,
        Some(Placement {
            day: 0,
            slot: 0,
            room: None
        })
    );
}

#[test]
fn what_can_lie_nowhere_goes_to_the_tray_and_says_why() {
    let cards = vec![at(lesson(0, 0, class(0)), 0, 0), at(lesson(0, 1, class(0)), 0, 1)];
    let board = board(school(), cards);
    let facts = [Fact::Teacher(TeacherIx(0), TimeSet::daily(5, 0, 6))];
    let mended = mended(&board, &facts, STILL, 20_000);
    assert_eq!(mended.shifts.len(), 1);
    assert_eq!((mended.shifts[0].card, mended.shifts[0].to), (CardIx(0), None));
    let (card, why) = &mended.stuck[0];
    assert_eq!(*card, CardIx(0));
    let bars = &why.as_ref().unwrap().bars;
    assert_eq!(bars[0].bar, timetable::why::Bar::TeacherAway(TeacherIx(0)));
    assert_eq!((mended.before.clashes, mended.after.clashes), (1, 0));
    assert_eq!((mended.before.unplaced, mended.after.unplaced), (0, 1));
}

#[test]
fn a_lock_that_a_fact_contradicts_gives_way_and_others_stay() {
    let locked = |d, slot, teacher| {
        let mut card = at(lesson(0, teacher, class(0)), d, slot);
        card.locked = true;
        card
    };
    let board = board(school(), vec![locked(0, 0, 0), locked(1, 0, 1)]);
    let mended = mended(&board, &[Fact::Teacher(TeacherIx(0), day(0, 6))], STILL, 20_000);
    assert_eq!(mended.released, [CardIx(0)]);
    assert_eq!(mended.shifts.len(), 1);
    assert_eq!(mended.shifts[0].card, CardIx(0));
}

#[test]
fn the_tray_is_placed_only_if_asked_for() {
    let cards = vec![
        lesson(0, 0, class(0)),
        at(lesson(0, 1, class(0)), 0, 1),
        lesson(1, 0, class(1)),
    ];
    let board = board(school(), cards);
    let still = mended(&board, &[], STILL, 5_000);
    assert_eq!((still.shifts, still.stuck), (vec![], vec![]));
    let placed = mended(&board, &[], ALL, 5_000);
    assert_eq!(placed.shifts.iter().map(|s| s.card.0).collect::<Vec<_>>(), [0, 2]);
    assert!(placed.shifts.iter().all(|s| s.from.is_none() && s.to.is_some()));
    // a card in the middle of the list that stays out does not shift the others' names
    let facts = [Fact::Teacher(TeacherIx(1), day(0, 6))];
    let moved = mended(&board, &facts, STILL, 5_000);
    assert_eq!(moved.shifts.iter().map(|s| s.card.0).collect::<Vec<_>>(), [1]);
}

#[test]
fn whom_the_board_does_not_know_is_refused() {
    let board = board(school(), vec![lesson(0, 0, class(0))]);
    let times = day(0, 6);
    for fact in [
        Fact::Teacher(TeacherIx(99), times.clone()),
        Fact::Class(ClassIx(99), times.clone()),
        Fact::Room(RoomIx(99), times.clone()),
        Fact::FreeDay(TeacherIx(99)),
    ] {
        assert!(Mending::new(&board, &[fact], STILL).is_none());
    }
    // hours that the board does not have are nobody's
    let mut late = TimeSet::new();
    late.insert(60, 60);
    assert!(Mending::new(&board, &[Fact::Teacher(TeacherIx(0), late)], STILL).is_some());
}

/// Teacher, class, place, lock.
type Laid = (u32, u32, Option<(u16, u16)>, bool);

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    /// Whatever lies where, clashing or not: no clash is new, locks that nothing contradicts hold, the list of shifts is the whole
    /// difference, and the same question has the same answer.
    #[test]
    fn nothing_clashes_that_did_not(
        cards in prop::collection::vec((0u32..3, 0u32..2, prop::option::of((0u16..5, 0u16..6)), prop::bool::weighted(0.15)), 1..30),
        who in 0u32..3,
        off in 0u16..5,
        tray: bool,
        gladly: bool,
    ) {
        let lay = |(teacher, of, place, locked): &Laid| {
            let mut card = lesson(1, *teacher, class(*of));
            card.locked = *locked;
            card.placement = place.map(|(day, slot)| Placement { day, slot, room: None });
            card
        };
        let board = board(school(), cards.iter().map(lay).collect());
        let facts = [Fact::Teacher(TeacherIx(who), day(off, 6))];
        let terms = Terms { tray, gladly };
        let mended = mended(&board, &facts, terms, 8_000);
        let after = carried_out(&board, &facts, &mended);
        prop_assert!(clashes(&after) <= clashes(&board), "{} of {}", clashes(&after), clashes(&board));
        prop_assert_eq!(mended.after.clashes, u32::try_from(clashes(&after)).unwrap());
        for shift in &mended.shifts {
            let card = board.card(shift.card).unwrap();
            let lay = card.placement.is_some();
            prop_assert!(!(card.locked && lay) || mended.released.contains(&shift.card));
            prop_assert!(tray || lay, "what stays in the tray stays there");
        }
        for (card, _) in &mended.stuck {
            prop_assert!(after.placement(*card).is_none());
        }
        let again = {
            let mending = Mending::new(&board, &facts, terms).unwrap();
            let mut repair = mending.repair(1, 8_000);
            while repair.run(77) {}
            mending.outcome(&repair.best())
        };
        prop_assert_eq!(mended, again, "portions do not matter");
    }
}
