//! The week of a layout: the crate `timetable` places the cards, and its judge confirms that nothing clashes.
//!
//! Halves of a class have their lessons at the same time, so nobody waits for the other half: both are one card of
//! the class with two teachers while the week is constructed, and two cards afterwards.

use anyhow::ensure;
use timetable::{
    Audience, Board, BoardSpec, CardSpec, ClassIx, ClassSpec, GroupIx, GroupSpec, Level, Limit, Limits,
    NormId, PeakDays, Placement, RoomIx, RoomKind, RoomNeed, RoomSpec, SlotRange, SubjectIx, TeacherIx,
    TeacherSpec, TimeSet, construct,
};

use super::layout::{Card, Layout, Shape, Teacher};

/// Days of the week of every demo institution.
pub const DAYS: u16 = 5;
/// Work per card that the constructor may spend.
const WORK_PER_CARD: u64 = 150;

/// Finds the week. The seed is the shape's, not the region's: schools of one shape share it.
pub fn solve(mut layout: Layout) -> anyhow::Result<Layout> {
    let (spec, loads) = fused(&layout);
    let cards = u64::try_from(spec.cards.len()).unwrap_or(0);
    let mut left = 0;
    for seed in 1..=8 {
        let mut board = Board::new(spec.clone()).map_err(|e| anyhow::anyhow!("{e:?}"))?;
        let outcome = construct::complete(&mut board, seed, cards * WORK_PER_CARD);
        left = outcome.unplaced.len();
        if left > 0 {
            continue;
        }
        let duration = layout.shape.duration();
        for (card, load) in board.card_indices().zip(&loads) {
            let Some(at) = board.placement(card) else { continue };
            for load in std::iter::once(*load).chain(layout.loads[*load].twin) {
                layout.cards.push(Card {
                    load,
                    day: at.day,
                    slot: at.slot,
                    duration,
                });
            }
        }
        let verdict = judged(&layout)?;
        let clashes = verdict
            .conflicts()
            .into_iter()
            .filter(|p| p.level == Level::Clash)
            .count();
        ensure!(
            clashes == 0,
            "the judge finds {clashes} clashes in the week of {:?}",
            layout.shape
        );
        return Ok(layout);
    }
    anyhow::bail!("{left} lessons of {:?} find no place in the week", layout.shape)
}

/// The finished week on a board of its own: every half by itself, with rooms.
pub fn judged(layout: &Layout) -> anyhow::Result<Board> {
    let mut spec = ground(layout);
    let split = |name: &str| layout.subjects.iter().position(|s| s.name == name).unwrap_or(0);
    spec.groups = layout
        .groups
        .iter()
        .map(|g| GroupSpec {
            class: ClassIx::at(g.class),
            split: u16::try_from(split(g.split)).unwrap_or(0),
            pupils: 0,
            away: TimeSet::new(),
            atoms: vec![],
        })
        .collect();
    for card in &layout.cards {
        let load = layout.loads[card.load];
        let audience = load.group.map_or(Audience::Class(ClassIx::at(load.class)), |g| {
            Audience::Group(GroupIx::at(g))
        });
        let mut lesson = lesson(layout, card.load, audience);
        let room = RoomIx::at(layout.room_of(card.load));
        lesson.room = RoomNeed {
            needed: true,
            kind: None,
            allowed: vec![room],
            hard: true,
            penalty: None,
        };
        lesson.placement = Some(Placement {
            day: card.day,
            slot: card.slot,
            room: Some(room),
        });
        spec.cards.push(lesson);
    }
    Board::new(spec).map_err(|e| anyhow::anyhow!("{e:?}"))
}

/// The board to construct on, and the load of each of its cards.
fn fused(layout: &Layout) -> (BoardSpec, Vec<usize>) {
    let mut spec = ground(layout);
    let mut loads = vec![];
    for (index, load) in layout.loads.iter().enumerate() {
        if load.twin.is_some_and(|twin| twin < index) {
            continue;
        }
        for _ in 0..load.hours / layout.shape.duration() {
            let mut card = lesson(layout, index, Audience::Class(ClassIx::at(load.class)));
            card.teachers
                .extend(load.twin.map(|twin| TeacherIx::at(layout.loads[twin].teacher)));
            spec.cards.push(card);
            loads.push(index);
        }
    }
    (spec, loads)
}

fn lesson(layout: &Layout, load: usize, audience: Audience) -> CardSpec {
    let facts = layout.loads[load];
    let subject = &layout.subjects[facts.subject];
    CardSpec {
        duration: layout.shape.duration(),
        difficulty: subject.points,
        is_pe: subject.room == "gym",
        homework: false,
        ..CardSpec::lesson(
            SubjectIx::at(facts.subject),
            TeacherIx::at(facts.teacher),
            audience,
        )
    }
}

/// Teachers, classes and rooms.
fn ground(layout: &Layout) -> BoardSpec {
    let slots = layout.shape.slots();
    let teacher = |t: &Teacher| {
        let mut away = TimeSet::new();
        for day in 0..DAYS {
            if t.away == Some(day) || t.only.is_some_and(|only| only != day) {
                (0..slots).for_each(|slot| away.insert(day, slot));
            }
        }
        TeacherSpec {
            away,
            ..TeacherSpec::default()
        }
    };
    BoardSpec {
        days: DAYS,
        slots,
        teachers: layout.teachers.iter().map(teacher).collect(),
        classes: layout
            .classes
            .iter()
            .map(|c| ClassSpec {
                bells: TimeSet::daily(DAYS, 0, slots),
                pupils: u32::try_from(c.size.1).unwrap_or(0),
                limits: limits(layout.shape, c.grade),
                ..ClassSpec::default()
            })
            .collect(),
        rooms: layout
            .rooms
            .iter()
            .map(|r| RoomSpec {
                capacity: u32::try_from(r.seats).ok(),
                kind: Some(RoomKind(0)),
                ..RoomSpec::default()
            })
            .collect(),
        ..BoardSpec::default()
    }
}

/// Lessons a day and a week that no class may pass (domain facts 2.4), and what makes a good day.
pub fn limits(shape: Shape, grade: i16) -> Limits {
    let limit = |value, penalty, hard| {
        Some(Limit {
            value,
            norm: NormId(0),
            penalty,
            hard,
        })
    };
    if !shape.is_school() {
        let most = if shape == Shape::College { 8 } else { 3 };
        return Limits {
            per_day: limit(most, 20, true),
            subject_per_day: limit(1, 10, false),
            ..Limits::default()
        };
    }
    let (day, week) = match grade {
        ..=1 => (4, 21),
        2..=4 => (5, 23),
        5 => (6, 29),
        6 => (6, 30),
        7 => (7, 32),
        8..=9 => (7, 33),
        _ => (7, 34),
    };
    Limits {
        per_day: limit(day, 20, true),
        per_week: limit(week, 20, true),
        subject_per_day: limit(1, 12, false),
        hard_from: if grade <= 4 { 7 } else { 8 },
        hard_lessons: Some(SlotRange {
            from: 2,
            to: if grade <= 4 { 3 } else { 4 },
            norm: NormId(0),
            penalty: 2,
        }),
        peak_days: Some(PeakDays {
            days: 0b110,
            norm: NormId(0),
            penalty: 3,
        }),
        ..Limits::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use timetable::Reason;

    #[test]
    fn every_shape_has_a_complete_week_without_clashes_and_windows() {
        for shape in [
            Shape::Large,
            Shape::Middle,
            Shape::Small,
            Shape::Common,
            Shape::Basic,
            Shape::Kindergarten,
            Shape::College,
        ] {
            let layout = solve(Layout::new(shape)).unwrap();
            for (index, load) in layout.loads.iter().enumerate() {
                let placed: u16 = layout
                    .cards
                    .iter()
                    .filter(|c| c.load == index)
                    .map(|c| c.duration)
                    .sum();
                assert_eq!(placed, load.hours, "{shape:?}");
            }
            let board = judged(&layout).unwrap();
            let problems = board.conflicts();
            assert!(problems.iter().all(|p| p.level != Level::Clash), "{shape:?}");
            let windows = problems
                .iter()
                .filter(|p| matches!(p.reason, Reason::ClassWindow { .. }))
                .count();
            assert_eq!(windows, 0, "{shape:?}: classes wait");
            for (n, teacher) in layout.teachers.iter().enumerate() {
                let hours: u16 = layout
                    .loads
                    .iter()
                    .filter(|l| l.teacher == n)
                    .map(|l| l.hours)
                    .sum();
                assert_eq!(hours, teacher.hours);
                assert!(
                    (1..=27).contains(&hours),
                    "{shape:?}: {hours} hours of {teacher:?}"
                );
            }
        }
    }

    #[test]
    fn the_large_school_is_large_and_its_weeks_stay_inside_the_norm() {
        let layout = Layout::new(Shape::Large);
        assert_eq!(layout.classes.len(), 30);
        assert!(
            (55..=65).contains(&layout.teachers.len()),
            "{}",
            layout.teachers.len()
        );
        let fewest: usize = layout.classes.iter().map(|c| c.size.0).sum();
        let most: usize = layout.classes.iter().map(|c| c.size.1).sum();
        assert!(fewest >= 760 && most <= 860);
        for (n, class) in layout.classes.iter().enumerate() {
            // of two halves one counts
            let attended = layout
                .loads
                .iter()
                .filter(|l| l.class == n && l.group.is_none_or(|g| layout.groups[g].half == 0));
            let hours: u16 = attended.map(|l| l.hours).sum();
            let week = limits(Shape::Large, class.grade).per_week.unwrap().value;
            assert!(
                (week - 5..=week).contains(&hours),
                "{}: {hours} of {week}",
                class.name
            );
        }
    }
}
