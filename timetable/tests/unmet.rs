//! What a timetable leaves unmet, against the review point by point.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use std::collections::BTreeMap;

use proptest::prelude::*;
use small_school::*;
use timetable::unmet::{NAMED, Sort, Unmet, Whose};
use timetable::*;

fn strained() -> BoardSpec {
    let mut spec = school();
    spec.teachers[0].windows_per_week = limit(0);
    spec.teachers[1].per_day = limit(2);
    spec.classes[0].limits.subject_per_day = limit(1);
    spec.classes[1].limits.per_day = limit(2);
    spec
}

proptest! {
    /// Each point of the review is counted once under its rule, each window under its teacher, each card of the tray named; who is
    /// named has the most.
    #[test]
    fn nothing_is_lost_and_nothing_told_twice(
        cards in prop::collection::vec((0u32..3, 0u32..2, 0u32..2, prop::option::of((0u16..5, 0u16..6))), 0..30),
    ) {
        let cards = cards.into_iter().map(|(subject, teacher, of, place)| {
            let card = lesson(subject, teacher, class(of));
            place.map_or(card.clone(), |(day, slot)| at(card, day, slot))
        });
        let board = board(strained(), cards.collect());
        let unmet = Unmet::of(&board);
        prop_assert_eq!(&unmet.unplaced, &board.unplaced());
        let mut counts: BTreeMap<Sort, u32> = BTreeMap::new();
        for problem in board.conflicts() {
            *counts.entry(Sort::of(&problem)).or_default() += 1;
        }
        let windows: u32 = (0..3)
            .flat_map(|n| board.teacher_days(TeacherIx(n)))
            .map(|day| u32::from(day.windows))
            .sum();
        if windows > 0 {
            counts.insert(Sort::Windows, windows);
        }
        let told: BTreeMap<Sort, u32> = unmet.broken.iter().map(|b| (b.sort, b.count)).collect();
        prop_assert_eq!(told.len(), unmet.broken.len());
        prop_assert_eq!(told, counts);
        for broken in &unmet.broken {
            prop_assert!(broken.most.len() <= NAMED && !broken.most.is_empty());
            prop_assert!(broken.most.is_sorted_by_key(|(_, n)| std::cmp::Reverse(*n)));
            prop_assert!(broken.most.iter().map(|(_, n)| n).sum::<u32>() <= broken.count);
        }
        let clashes: Vec<usize> = unmet.broken.iter().enumerate().filter(|(_, b)| b.sort == Sort::Clash).map(|(n, _)| n).collect();
        prop_assert!(clashes.is_empty() || clashes == [0], "clashes come first");
    }
}

#[test]
fn windows_and_limits_are_told_with_whose_they_are() {
    let mut cards = vec![at(lesson(0, 0, class(0)), 0, 0), at(lesson(1, 0, class(0)), 0, 3)];
    cards.push(lesson(0, 1, class(1)));
    let unmet = Unmet::of(&board(strained(), cards));
    assert_eq!(unmet.unplaced, [CardIx(2)]);
    let told: Vec<_> = unmet
        .broken
        .iter()
        .map(|b| (b.sort, b.count, b.most.clone()))
        .collect();
    let teacher = Whose::Teacher(TeacherIx(0));
    assert_eq!(
        told,
        [
            (Sort::Windows, 2, vec![(teacher, 2)]),
            (Sort::Limit(LimitKind::WindowsPerWeek), 1, vec![(teacher, 1)]),
        ]
    );
}
