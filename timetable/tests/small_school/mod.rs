//! A small school that the tests of rules put cards into.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(dead_code, reason = "each test file uses its part")]

use timetable::*;

pub const NORM: NormId = NormId(66);

pub fn limit(value: u16) -> Option<Limit> {
    Some(Limit {
        value,
        norm: NORM,
        penalty: 5,
        hard: false,
    })
}

/// Two classes (the first with subgroups 0, 1 of one split and 2, 3 of another), two teachers, two rooms, 5 x 6.
pub fn school() -> BoardSpec {
    let class = ClassSpec {
        bells: TimeSet::daily(5, 0, 6),
        pupils: 25,
        ..ClassSpec::default()
    };
    let group = |split| GroupSpec {
        class: ClassIx(0),
        split,
        pupils: 12,
        away: TimeSet::new(),
        atoms: vec![],
    };
    BoardSpec {
        days: 5,
        slots: 6,
        teachers: vec![
            TeacherSpec::default(),
            TeacherSpec::default(),
            TeacherSpec::default(),
        ],
        classes: vec![class.clone(), class],
        groups: vec![group(1), group(1), group(2), group(2)],
        rooms: vec![
            RoomSpec {
                capacity: Some(30),
                ..RoomSpec::default()
            },
            RoomSpec {
                capacity: Some(12),
                kind: Some(RoomKind(7)),
                ..RoomSpec::default()
            },
        ],
        wishes: Wishes {
            teacher_window: 0,
            class_window: 0,
            other_room: 0,
            no_room: 10,
        },
        ..BoardSpec::default()
    }
}

/// The same with one hour of the first teacher: the third day, the fourth lesson.
pub fn one_hour() -> BoardSpec {
    let mut spec = school();
    spec.teachers[0].away = TimeSet::daily(5, 0, 6);
    spec.teachers[0].away.remove(2, 3);
    spec
}

pub fn lesson(subject: u32, teacher: u32, audience: Audience) -> CardSpec {
    CardSpec::lesson(SubjectIx(subject), TeacherIx(teacher), audience)
}

pub fn class(n: u32) -> Audience {
    Audience::Class(ClassIx(n))
}

pub fn group(n: u32) -> Audience {
    Audience::Group(GroupIx(n))
}

pub fn at(mut card: CardSpec, day: u16, slot: u16) -> CardSpec {
    card.placement = Some(Placement {
        day,
        slot,
        room: None,
    });
    card
}

pub fn in_room(mut card: CardSpec, day: u16, slot: u16, room: u32) -> CardSpec {
    card.placement = Some(Placement {
        day,
        slot,
        room: Some(RoomIx(room)),
    });
    card
}

/// A board whose card 0 is to be judged.
pub fn board(mut spec: BoardSpec, cards: Vec<CardSpec>) -> Board {
    spec.cards = cards;
    Board::new(spec).unwrap()
}

pub fn judge(board: &Board, day: u16, slot: u16) -> Verdict {
    let one = board.judge(CardIx(0), day, slot, None);
    let all = board.judge_all(CardIx(0));
    assert_eq!(
        all.get(usize::from(day * board.slots() + slot)),
        Some(&one),
        "judge_all is judge everywhere"
    );
    one
}

pub fn reasons(board: &Board, day: u16, slot: u16, level: Level) -> Vec<Reason> {
    let verdict = judge(board, day, slot);
    assert_eq!(verdict.level, level, "{verdict:?}");
    verdict.reasons
}

pub fn limit_reason(kind: LimitKind, found: u16, limit: u16) -> Reason {
    Reason::Limit {
        class: ClassIx(0),
        kind,
        found,
        limit,
        norm: NORM,
        hard: false,
        card: None,
    }
}

pub fn wide(n: u32) -> usize {
    usize::try_from(n).unwrap()
}
