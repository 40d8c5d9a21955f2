//! Lessons that belong together in time: facts in, verdict out; the same to the search.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use std::time::Duration;

use proptest::prelude::*;
use small_school::*;
use timetable::compose::{Budget, Composition, Crew, places};
use timetable::problem::{Constraint, Rule, breaches};
use timetable::search::{Ground, Search};
use timetable::*;

const ALL: [Tie; 12] = [
    Tie::Together,
    Tie::InOrder,
    Tie::RightAfter,
    Tie::NextTo,
    Tie::Apart,
    Tie::EndsDay,
    Tie::SameHour,
    Tie::WithinDays(0),
    Tie::WithinDays(2),
    Tie::Spaced(1),
    Tie::Spaced(3),
    Tie::BeforeOnDay,
];

/// Cards 0 and 1 are the ones, 2 and 3 the others, each pair of another class and teacher.
fn tied(tie: Tie, placed: [Option<(u16, u16)>; 4]) -> Board {
    as_firm(tie, placed, false)
}

/// The same, as a must or as a wish.
fn as_firm(tie: Tie, placed: [Option<(u16, u16)>; 4], hard: bool) -> Board {
    let mut spec = school();
    spec.ties = vec![TieSpec {
        first: vec![CardIx(0), CardIx(1)],
        second: vec![CardIx(2), CardIx(3)],
        tie,
        penalty: 7,
        hard,
    }];
    let card = |n: u32| lesson(n / 2, n / 2, class(n / 2));
    let cards = (0..4).map(card).zip(placed).map(|(card, place)| match place {
        Some((day, slot)) => at(card, day, slot),
        None => card,
    });
    board(spec, cards.collect())
}

fn found(board: &Board) -> Vec<Reason> {
    board.conflicts().into_iter().map(|p| p.reason).collect()
}

#[test]
fn lessons_held_at_once_are_partners_of_whoever_lies_there() {
    let apart = tied(Tie::Together, [None, Some((0, 1)), Some((0, 2)), Some((3, 3))]);
    // the one that lies has no partner; of the two others one will have none either, but the first is in the tray
    assert_eq!(found(&apart), [Reason::NotTogether { card: CardIx(1) }]);
    let reason = Reason::NotTogether { card: CardIx(3) };
    // beside one of the others it is held at once with it: nothing more is missed
    assert_eq!(judge(&apart, 0, 2).penalty, 0);
    let elsewhere = judge(&apart, 4, 4);
    assert_eq!((elsewhere.level, elsewhere.penalty), (Level::Poor, 7));
    assert!(elsewhere.reasons.contains(&reason), "{elsewhere:?}");
    // crosswise is as good as in order
    let crosswise = tied(
        Tie::Together,
        [Some((0, 2)), Some((3, 3)), Some((3, 3)), Some((0, 2))],
    );
    assert_eq!(found(&crosswise), []);
    // who has no partner by now asks for nothing
    assert_eq!(found(&tied(Tie::Together, [Some((0, 2)), None, None, None])), []);
    // a place that mends another pair is worth it
    let mends = tied(Tie::Together, [None, Some((0, 1)), Some((0, 2)), None]);
    assert_eq!(judge(&mends, 0, 2).penalty, -7);
}

#[test]
fn lessons_in_order_are_counted_through_the_week() {
    let turned = tied(
        Tie::InOrder,
        [Some((1, 0)), Some((3, 0)), Some((0, 4)), Some((2, 0))],
    );
    let reason = |card, first| Reason::OutOfOrder {
        card: CardIx(card),
        first,
    };
    assert_eq!(found(&turned), [reason(0, false), reason(1, false)]);
    let right = tied(
        Tie::InOrder,
        [Some((2, 0)), Some((0, 0)), Some((0, 1)), Some((2, 1))],
    );
    assert_eq!(found(&right), []);
    // the lesson that should come first, in the evening of the last day
    let first = tied(Tie::InOrder, [None, Some((0, 0)), Some((0, 1)), Some((2, 1))]);
    let late = judge(&first, 4, 5);
    assert_eq!((late.penalty, late.level), (7, Level::Poor));
    assert!(late.reasons.contains(&reason(3, true)), "{late:?}");
    assert_eq!(judge(&first, 2, 0).penalty, 0);
    // at one time is not after one another
    let at_once = tied(Tie::InOrder, [Some((0, 0)), None, Some((0, 0)), None]);
    assert_eq!(found(&at_once), [reason(0, false)]);
}

#[test]
fn lessons_right_after_one_another_are_neighbours_of_one_day() {
    let apart = tied(
        Tie::RightAfter,
        [Some((0, 1)), Some((3, 5)), Some((0, 3)), Some((4, 0))],
    );
    let reason = |card, first| Reason::NotRightAfter {
        card: CardIx(card),
        first,
    };
    // the last lesson of a day and the first of the next are no neighbours
    assert_eq!(found(&apart), [reason(0, false), reason(1, false)]);
    let right = tied(
        Tie::RightAfter,
        [Some((3, 4)), Some((0, 1)), Some((0, 2)), Some((3, 5))],
    );
    assert_eq!(found(&right), [], "whoever comes right after is the partner");
    // the wrong way round is as bad as far away
    let turned = tied(Tie::RightAfter, [Some((0, 2)), None, Some((0, 1)), None]);
    assert_eq!(found(&turned), [reason(0, false)]);
    // looking for a place for the first of the two
    let waiting = tied(Tie::RightAfter, [None, None, Some((2, 3)), None]);
    assert_eq!(
        (judge(&waiting, 2, 2).penalty, judge(&waiting, 2, 2).level),
        (0, Level::Good)
    );
    let late = judge(&waiting, 2, 4);
    assert_eq!((late.penalty, late.level), (7, Level::Poor));
    assert!(late.reasons.contains(&reason(2, true)), "{late:?}");
    // a double lesson ends later
    let mut spec = apart.spec().clone();
    spec.cards[0].duration = 2;
    assert_eq!(found(&Board::new(spec).unwrap()), [reason(1, false)]);
}

#[test]
fn the_search_puts_them_together_in_order_and_after_one_another() {
    for (tie, hard) in ALL.into_iter().flat_map(|tie| [(tie, false), (tie, true)]) {
        let from = [Some((4, 0)), None, Some((1, 1)), None];
        let board = as_firm(tie, from, hard);
        let composition = Composition::new(&board, &[]);
        let ground = Ground::new(composition.problem());
        let mut crew = Crew::new(&ground, 1, 1, None);
        crew.run(Budget::Work(20_000), &|| Duration::ZERO, &|_: &Search<'_>| true);
        let made = composition.settle(&crew.best().1);
        assert_eq!(made.unplaced(), [], "{tie:?}");
        let starts = |n: [u32; 2]| {
            let mut all = n.map(|n| made.placement(CardIx(n)).map(|p| (p.day, p.slot)).unwrap());
            all.sort_unstable();
            all
        };
        let (ones, others) = (starts([0, 1]), starts([2, 3]));
        match tie {
            Tie::Together => assert_eq!(ones, others),
            Tie::InOrder => assert!(ones[0] < others[0] && ones[1] < others[1], "{ones:?} {others:?}"),
            Tie::RightAfter => assert_eq!(ones.map(|(day, slot)| (day, slot + 1)), others),
            Tie::Apart => assert!(
                ones.iter().all(|one| !others.contains(one)),
                "{ones:?} {others:?}"
            ),
            Tie::EndsDay => assert!(
                ones.iter()
                    .all(|one| others.iter().all(|other| one.0 != other.0 || one.1 < other.1)),
                "{ones:?} {others:?}"
            ),
            Tie::NextTo => {
                let near = |(one, other): &((u16, u16), (u16, u16))| {
                    one.0 == other.0 && one.1.abs_diff(other.1) == 1
                };
                assert!(
                    ones.iter().copied().zip(others).all(|pair| near(&pair)),
                    "{ones:?} {others:?}"
                );
            }
            each => {
                let fits = |one: (u16, u16), other: (u16, u16)| match each {
                    Tie::SameHour => one.1 == other.1,
                    Tie::WithinDays(most) => one.0.abs_diff(other.0) <= most,
                    Tie::Spaced(least) => one.0 != other.0 || one.1.abs_diff(other.1) > least,
                    _ => one.0 != other.0 || one.1 < other.1,
                };
                let all = ones
                    .iter()
                    .flat_map(|one| others.iter().map(|other| (*one, *other)));
                for (one, other) in all {
                    assert!(fits(one, other), "{each:?}: {ones:?} {others:?}");
                }
            }
        }
        assert_eq!(found(&made), [], "{tie:?}");
        // what stays where it is is a partner as it lies
        let kept = Composition::new(&board, &[true, false, true, false]);
        assert!(kept.impossible().is_empty());
    }
}

#[test]
fn side_by_side_is_so_in_either_order_and_on_one_day() {
    let right = tied(
        Tie::NextTo,
        [Some((0, 2)), Some((3, 3)), Some((0, 1)), Some((3, 4))],
    );
    assert_eq!(found(&right), []);
    let over_night = tied(Tie::NextTo, [Some((0, 5)), None, Some((1, 0)), None]);
    assert_eq!(found(&over_night), [Reason::NotNextTo { card: CardIx(0) }]);
    let at_once = tied(Tie::NextTo, [Some((2, 2)), None, Some((2, 2)), None]);
    assert_eq!(found(&at_once), [Reason::NotNextTo { card: CardIx(0) }]);
    // a double lesson ends later, and begins where it begins
    let mut spec = right.spec().clone();
    spec.cards[2].duration = 2;
    spec.cards[2].placement = Some(Placement {
        day: 0,
        slot: 0,
        room: None,
    });
    assert_eq!(found(&Board::new(spec).unwrap()), []);
}

#[test]
fn lessons_that_are_never_at_once_count_each_pair_that_is() {
    let board = tied(
        Tie::Apart,
        [Some((0, 2)), Some((3, 3)), Some((0, 2)), Some((0, 3))],
    );
    assert_eq!(found(&board), [Reason::NotApart { card: CardIx(0) }]);
    // a double lesson is there in its second hour, too, and each that it meets is told
    let mut spec = tied(Tie::Apart, [None, None, Some((0, 2)), Some((0, 3))])
        .spec()
        .clone();
    spec.cards[0].duration = 2;
    let double = Board::new(spec.clone()).unwrap();
    let both = judge(&double, 0, 2);
    assert_eq!((both.level, both.penalty), (Level::Poor, 14));
    let named = [2, 3].map(|n| Reason::NotApart { card: CardIx(n) });
    assert_eq!(both.reasons, named);
    assert_eq!(judge(&double, 0, 0).level, Level::Good);
    // as a must the cell is closed, whatever waits
    spec.ties[0].hard = true;
    let hard = Board::new(spec.clone()).unwrap();
    assert_eq!(judge(&hard, 0, 3).level, Level::Clash);
    assert_eq!(judge(&hard, 0, 4).level, Level::Good);
    // odd and even weeks never meet
    spec.cards[0].weeks = Weeks::Odd;
    spec.cards[2].weeks = Weeks::Even;
    spec.cards[3].weeks = Weeks::Even;
    assert_eq!(judge(&Board::new(spec).unwrap(), 0, 2).level, Level::Good);
}

#[test]
fn hours_and_days_of_one_lesson_bind_another() {
    // lesson 2 begins with the third hour of Tuesday, lesson 0 is looked at in another cell: the reason, or none
    let cases: [(Tie, (u16, u16), Option<Reason>); 12] = [
        (Tie::SameHour, (3, 2), None),
        (
            Tie::SameHour,
            (1, 3),
            Some(Reason::NotSameHour { card: CardIx(2) }),
        ),
        (Tie::WithinDays(0), (1, 5), None),
        (Tie::WithinDays(0), (2, 2), too_many_days(0)),
        (Tie::WithinDays(2), (3, 0), None),
        (Tie::WithinDays(2), (4, 0), too_many_days(2)),
        (Tie::Spaced(2), (1, 5), None),
        (Tie::Spaced(2), (1, 4), too_little(2)),
        (Tie::Spaced(2), (1, 1), too_little(2)),
        (Tie::Spaced(2), (0, 2), None),
        (Tie::BeforeOnDay, (1, 1), None),
        (
            Tie::BeforeOnDay,
            (1, 3),
            Some(Reason::OutOfOrder {
                card: CardIx(2),
                first: true,
            }),
        ),
    ];
    for (tie, (day, slot), reason) in cases {
        for hard in [false, true] {
            let verdict = judge(&as_firm(tie, [None, None, Some((1, 2)), None], hard), day, slot);
            let level = match (&reason, hard) {
                (None, _) => Level::Good,
                (Some(_), false) => Level::Poor,
                (Some(_), true) => Level::Clash,
            };
            let told: Vec<Reason> = reason.into_iter().collect();
            assert_eq!(
                (verdict.level, &verdict.reasons),
                (level, &told),
                "{tie:?} {day} {slot}"
            );
            assert!(told.iter().all(|r| r.blocking_card() == Some(CardIx(2))));
        }
    }
    // a double lesson reaches further
    let mut spec = as_firm(Tie::Spaced(1), [None, None, Some((1, 3)), None], true)
        .spec()
        .clone();
    spec.cards[0].duration = 2;
    let double = Board::new(spec).unwrap();
    assert_eq!(judge(&double, 1, 0).level, Level::Good);
    assert_eq!(judge(&double, 1, 1).level, Level::Clash);
}

fn too_many_days(most: u16) -> Option<Reason> {
    let card = CardIx(2);
    Some(Reason::TooManyDays { card, most })
}

fn too_little(least: u16) -> Option<Reason> {
    let card = CardIx(2);
    Some(Reason::TooLittleBetween { card, least })
}

/// A double lesson that may begin with the first or the third hour covers the second, and may not begin there.
#[test]
fn a_lesson_lies_where_it_may_not_begin() {
    let mut card = lesson(0, 0, class(0));
    card.duration = 2;
    for slot in [1, 3, 4] {
        (0..5).for_each(|day| card.no_start.insert(day, slot));
    }
    let board = board(school(), vec![card]);
    assert_eq!(judge(&board, 0, 0).level, Level::Good);
    let second = judge(&board, 0, 1);
    let reason = Reason::CardStart {
        card: CardIx(0),
        slot: 1,
    };
    assert_eq!((second.level, second.reasons), (Level::Clash, vec![reason]));
    assert_eq!(judge(&board, 0, 2).level, Level::Good);
    let mut lying = board.clone();
    lying
        .restore(
            CardIx(0),
            Some(Placement {
                day: 2,
                slot: 3,
                room: None,
            }),
        )
        .unwrap();
    assert_eq!(
        found(&lying),
        [Reason::CardStart {
            card: CardIx(0),
            slot: 3
        }]
    );
    let composition = Composition::new(&board, &[]);
    let starts = composition
        .problem()
        .constraints
        .iter()
        .find_map(|c| match &c.rule {
            Rule::PreferTimes(rule) if c.required => Some(rule.times.clone()),
            _ => None,
        });
    let per_day = u32::from(board.slots());
    let expected: Vec<u32> = (0..u32::from(board.days()))
        .flat_map(|d| [d * per_day, d * per_day + 2])
        .collect();
    assert_eq!(starts.unwrap(), expected);
}

#[test]
fn after_a_lesson_that_ends_the_day_its_pupils_have_no_other() {
    // two lessons that end the day of a class, two others of it, one of another class
    let day = |places: [Option<(u16, u16)>; 5], hard| {
        let mut spec = school();
        spec.ties = vec![TieSpec {
            first: vec![],
            second: vec![CardIx(0), CardIx(1)],
            tie: Tie::EndsDay,
            penalty: 7,
            hard,
        }];
        let card = |n: u32| lesson(n, n.min(2), class(n / 4));
        let cards = (0..5).map(card).zip(places).map(|(card, place)| match place {
            Some((day, slot)) => at(card, day, slot),
            None => card,
        });
        board(spec, cards.collect())
    };
    let late = day(
        [
            Some((0, 2)),
            Some((0, 4)),
            Some((0, 3)),
            Some((1, 5)),
            Some((0, 5)),
        ],
        false,
    );
    assert_eq!(
        late.spec().ties[0].first,
        [CardIx(2), CardIx(3)],
        "of their pupils"
    );
    // the third lesson of the day is too late for the second, and not for the fourth, which ends the day, too
    let reason = |card, last| Reason::NotLast {
        card: CardIx(card),
        last,
    };
    assert_eq!(found(&late), [reason(2, true)]);
    let waiting = day([Some((0, 2)), None, None, None, None], true);
    let closed = waiting.judge(CardIx(2), 0, 3, None);
    assert_eq!(closed.level, Level::Clash);
    assert_eq!(closed.reasons, [reason(0, false)]);
    assert_eq!(closed.reasons[0].blocking_card(), Some(CardIx(0)));
    assert_eq!(waiting.judge(CardIx(2), 0, 1, None).level, Level::Good);
    assert_eq!(waiting.judge(CardIx(2), 1, 5, None).level, Level::Good);
    // looking for a place for the last lesson itself
    let before = day([None, None, Some((0, 3)), None, Some((0, 5))], true);
    assert_eq!(judge(&before, 0, 2).reasons, [reason(2, true)]);
    assert_eq!(judge(&before, 0, 4).level, Level::Good, "another class may stay");
}

#[test]
fn as_a_must_a_lesson_lies_where_its_partner_lets_it_and_the_partner_is_named() {
    // one of each lies, one of each waits: it may lie anywhere, who waits can still come beside it
    let waiting = as_firm(Tie::Together, [None, Some((0, 1)), None, Some((0, 1))], true);
    assert_eq!(found(&waiting), []);
    assert_eq!(judge(&waiting, 3, 3).level, Level::Good);
    // the last of them goes to its partner and nowhere else
    let last = as_firm(
        Tie::Together,
        [None, Some((0, 1)), Some((2, 2)), Some((0, 1))],
        true,
    );
    assert_eq!(judge(&last, 2, 2).level, Level::Good);
    let elsewhere = judge(&last, 3, 3);
    assert_eq!(elsewhere.level, Level::Clash);
    assert_eq!(elsewhere.reasons, [Reason::NotTogether { card: CardIx(2) }]);
    // a partner that lies apart is no breach while the other can still come to it
    let apart = as_firm(Tie::Together, [Some((1, 0)), None, Some((2, 2)), None], true);
    assert_eq!(found(&apart), []);
    let lost = as_firm(
        Tie::Together,
        [Some((1, 0)), None, Some((2, 2)), Some((3, 3))],
        true,
    );
    let told = lost.conflicts();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (told[0].level, told[0].reason.blocking_card()),
        (Level::Clash, Some(CardIx(0)))
    );
    // in order: who waits can still come before all others
    let early = as_firm(
        Tie::InOrder,
        [None, Some((1, 0)), Some((0, 0)), Some((2, 0))],
        true,
    );
    assert_eq!(found(&early), [], "the one that waits may come first");
    assert_eq!(judge(&early, 4, 0).level, Level::Clash);
    // why a card has no place at all: its partner
    let mut spec = last.spec().clone();
    spec.teachers[0].away.insert(2, 2);
    let nowhere = Board::new(spec)
        .unwrap()
        .why_nowhere(CardIx(0))
        .expect("no cell is left");
    assert!(
        nowhere
            .bars
            .iter()
            .any(|closed| closed.bar == timetable::why::Bar::Partner),
        "{nowhere:?}"
    );
}

#[test]
fn of_lists_of_different_lengths_the_longer_one_has_lessons_without_a_partner() {
    let mut spec = as_firm(
        Tie::Together,
        [Some((0, 1)), Some((4, 4)), Some((0, 1)), None],
        true,
    )
    .spec()
    .clone();
    spec.ties[0].second = vec![CardIx(2)];
    let board = Board::new(spec.clone()).unwrap();
    assert_eq!(found(&board), []);
    spec.cards[2].placement = Some(Placement {
        day: 2,
        slot: 2,
        room: None,
    });
    assert_eq!(Board::new(spec).unwrap().conflicts().len(), 1);
}

/// Two that are held at once are partners to the search, too, though others come before them in the lists; whose partner waits in the
/// tray misses nothing.
#[test]
fn the_search_settles_partners_as_the_cards_lie() {
    let board = tied(Tie::Together, [Some((0, 0)), Some((3, 3)), Some((3, 3)), None]);
    assert_eq!(found(&board), []);
    let composition = Composition::new(&board, &[]);
    let report = breaches(composition.problem(), &composition.solution(&places(&board)));
    let ties = report.breaches.iter().filter(|breach| {
        let constraint = &composition.problem().constraints[wide(breach.constraint)];
        matches!(constraint.rule, Rule::RelateEvents(_))
    });
    assert_eq!(ties.map(|breach| breach.cost).sum::<i64>(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// As a must: cells that the judge leaves open are those from which the rest can still be laid rightly.
    #[test]
    fn a_must_closes_what_the_tray_cannot_mend(
        tie in prop::sample::select(vec![Tie::Together, Tie::InOrder, Tie::RightAfter]),
        lie in prop::array::uniform4(prop::option::of((0u16..3, 0u16..3))),
    ) {
        let slots = |at: Option<(u16, u16)>| at.map(|(day, slot)| day * 6 + slot);
        // every way to lay those that wait, well apart from the week's ends
        let free: Vec<u16> = (0..5).flat_map(|d| (0..6).map(move |s| d * 6 + s)).collect();
        let fits = |ones: [u16; 2], others: [u16; 2]| {
            let (mut a, mut b) = (ones, others);
            a.sort_unstable();
            b.sort_unstable();
            match tie {
                Tie::Together => a == b,
                Tie::RightAfter => a.map(|t| t + 1) == b && a.iter().all(|t| t % 6 < 5),
                _ => a[0] < b[0] && a[1] < b[1],
            }
        };
        // a day earlier than all, so that there is room before the first
        let shifted = lie.map(|at| at.map(|(day, slot)| (day + 1, slot + 1)));
        let places = shifted.map(|at| slots(at).map_or_else(|| free.clone(), |t| vec![t]));
        let can = places[0].iter().any(|a| places[1].iter().any(|b| places[2].iter().any(|c| {
            places[3].iter().any(|d| fits([*a, *b], [*c, *d]))
        })));
        let board = as_firm(tie, shifted, true);
        let ties = found(&board).into_iter().filter(|r| r.blocking_card().is_some() && !matches!(r,
            Reason::TeacherBusy { .. } | Reason::AudienceBusy { .. } | Reason::RoomBusy { .. }));
        prop_assert_eq!(ties.count() == 0, can);
    }

    /// What the review counts is what the search counts, and what a verdict says is the difference that the card makes.
    #[test]
    fn judge_review_and_search_count_the_same(
        tie in prop::sample::select(ALL.to_vec()),
        lie in prop::array::uniform4(prop::option::of((0u16..5, 0u16..6))),
        cell in (0u16..5, 0u16..6),
    ) {
        let missed = |board: &Board| {
            let of = |r: &Reason| {
                matches!(r, Reason::NotTogether { .. } | Reason::OutOfOrder { .. } | Reason::NotRightAfter { .. }
                    | Reason::NotNextTo { .. } | Reason::NotApart { .. } | Reason::NotLast { .. } | Reason::NotSameHour { .. }
                    | Reason::TooManyDays { .. } | Reason::TooLittleBetween { .. })
            };
            i32::try_from(found(board).iter().filter(|r| of(r)).count()).unwrap()
        };
        let board = tied(tie, lie);
        let composition = Composition::new(&board, &[]);
        let problem = composition.problem();
        let is_tie = |c: &Constraint| matches!(c.rule, Rule::RelateEvents(_) | Rule::OrderEvents(_));
        let report = breaches(problem, &composition.solution(&places(&board)));
        let cost: i64 = report.breaches.iter()
            .filter(|b| is_tie(&problem.constraints[wide(b.constraint)]))
            .map(|b| b.cost)
            .sum();
        prop_assert_eq!(cost, i64::from(missed(&board)) * 7);
        let without = tied(tie, [None, lie[1], lie[2], lie[3]]);
        let with = tied(tie, [Some(cell), lie[1], lie[2], lie[3]]);
        let verdict = without.judge(CardIx(0), cell.0, cell.1, None);
        if verdict.level < Level::Clash {
            prop_assert_eq!(verdict.penalty, (missed(&with) - missed(&without)) * 7);
        }
    }
}
