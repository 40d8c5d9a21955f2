//! What cannot be met together, told in the board's own terms.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use small_school::*;
use timetable::compose::{Cause, Composition, Contradiction, Demand, Whose};
use timetable::*;

const STEPS: u64 = 10_000_000;

fn told(spec: BoardSpec, cards: Vec<CardSpec>) -> Vec<Contradiction> {
    let keep: Vec<bool> = cards.iter().map(|c| c.placement.is_some()).collect();
    Composition::new(&board(spec, cards), &keep).contradictions(3, STEPS)
}

fn hard(value: u16) -> Option<Limit> {
    limit(value).map(|l| Limit { hard: true, ..l })
}

fn lessons(count: u32, teacher: u32) -> Vec<CardSpec> {
    (0..count).map(|n| lesson(n, teacher, class(0))).collect()
}

#[test]
fn nothing_is_said_of_a_board_that_can_be_filled() {
    assert_eq!(told(school(), lessons(30, 0)), []);
}

/// Where the steps end before each requirement was tried, that is said with what was found.
#[test]
fn what_was_not_cut_down_to_its_end_says_so() {
    let mut spec = school();
    // no plain count shows it
    spec.classes[0].limits.per_day = hard(4);
    let cards = lessons(21, 0);
    let keep = vec![false; cards.len()];
    let composition = Composition::new(&board(spec, cards), &keep);
    let whole = composition.contradictions(3, STEPS);
    assert!(!whole.is_empty() && whole.iter().all(|c| c.minimal), "{whole:?}");
    let cut = (6..24).flat_map(|n| [1 << n, 3 << (n - 1)].map(|steps| composition.contradictions(1, steps)));
    let cut: Vec<Contradiction> = cut.flatten().collect();
    let early = cut.iter().find(|c| !c.minimal);
    assert!(early.is_some_and(|c| c.proved), "{cut:?}");
    assert!(cut.iter().any(|c| c.minimal));
}

/// A server of before this was told says nothing of it.
#[test]
fn a_contradiction_of_before_is_taken_for_cut_down() {
    use serde::Deserialize;
    use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
    use serde::de::{IntoDeserializer, Visitor};
    use serde::forward_to_deserialize_any;

    #[derive(Clone, Copy)]
    enum Value {
        Name(&'static str),
        Nothing,
        Number(u32),
        Yes(bool),
    }
    impl<'de> IntoDeserializer<'de, Error> for Value {
        type Deserializer = Self;
        fn into_deserializer(self) -> Self {
            self
        }
    }
    impl<'de> serde::Deserializer<'de> for Value {
        type Error = Error;
        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self {
                Self::Name(name) => visitor.visit_enum(name.into_deserializer()),
                Self::Nothing => visitor.visit_seq(SeqDeserializer::new(std::iter::empty::<u32>())),
                Self::Number(number) => visitor.visit_u32(number),
                Self::Yes(yes) => visitor.visit_bool(yes),
            }
        }
        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }
    let mut fields = vec![
        ("cause", Value::Name("Other")),
        ("cards", Value::Nothing),
        ("demands", Value::Nothing),
        ("lack", Value::Number(1)),
        ("loosen", Value::Nothing),
        ("proved", Value::Yes(true)),
    ];
    let read = |fields: &[(&'static str, Value)]| {
        Contradiction::deserialize(MapDeserializer::new(fields.iter().copied())).unwrap()
    };
    assert!(read(&fields).minimal);
    fields.push(("minimal", Value::Yes(false)));
    assert!(!read(&fields).minimal);
}

#[test]
fn more_lessons_than_bells_or_than_the_teacher_s_hours() {
    let found = told(school(), lessons(31, 0));
    let Cause::Times {
        whose,
        needed,
        available,
    } = found[0].cause
    else {
        panic!("{found:?}")
    };
    assert!(matches!(
        whose,
        Some(Whose::Class(ClassIx(0)) | Whose::Teacher(TeacherIx(0)))
    ));
    assert_eq!((needed, available, found[0].lack), (31, 30, 1));
    assert_eq!(found[0].cards.len(), 31);
    assert!(found.len() <= 2, "the class and its only teacher: {found:?}");

    let mut spec = school();
    spec.teachers[0].away = TimeSet::daily(5, 0, 5);
    let of_two_classes = (0..6).map(|n| lesson(n, 0, class(n % 2)));
    let found = told(spec, of_two_classes.collect());
    let Cause::Times {
        whose,
        needed,
        available,
    } = found[0].cause
    else {
        panic!("{found:?}")
    };
    assert_eq!(
        (whose, needed, available),
        (Some(Whose::Teacher(TeacherIx(0))), 6, 5)
    );
    assert!(
        found[0].demands.iter().all(|d| matches!(d, Demand::Hours(_))),
        "{found:?}"
    );
    assert!(matches!(found[0].loosen[0], Demand::Hours(_)));
}

/// Four lessons of two subjects of a teacher who is never there have one cause, and it is told as one.
#[test]
fn what_would_be_read_twice_is_told_once() {
    let mut spec = school();
    spec.teachers[0].away = TimeSet::daily(5, 0, 6);
    let cards = vec![
        lesson(0, 0, class(0)),
        lesson(0, 0, class(0)),
        lesson(1, 0, class(0)),
        lesson(0, 0, class(0)),
    ];
    let found = told(spec, cards);
    let told: Vec<_> = found.iter().map(|c| (&c.cause, c.lack, c.cards.len())).collect();
    let cause = Cause::Times {
        whose: Some(Whose::Teacher(TeacherIx(0))),
        needed: 4,
        available: 0,
    };
    assert_eq!(told, [(&cause, 4, 4)]);
}

/// A teacher with one hour has many pairs of lessons that clash: they are one thing, and told once.
#[test]
fn who_is_short_of_hours_is_told_once() {
    let mut spec = school();
    spec.teachers[0].away = TimeSet::daily(5, 0, 6);
    spec.teachers[0].away.remove(1, 1);
    let of_two_classes = (0..8).map(|n| lesson(n, 0, class(n % 2)));
    let found = told(spec, of_two_classes.collect());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].cause.whose(), found[0].lack),
        (Some(Whose::Teacher(TeacherIx(0))), 7)
    );
    assert_eq!(found[0].cards.len(), 8);
}

/// Of one subject of one class it is said of its lessons, counted together.
#[test]
fn lessons_of_one_kind_are_named_themselves() {
    let mut spec = school();
    spec.teachers[0].away = TimeSet::daily(5, 0, 6);
    let found = told(spec, vec![lesson(0, 0, class(0)); 3]);
    let told: Vec<_> = found.iter().map(|c| (&c.cause, c.lack, c.cards.len())).collect();
    assert_eq!(told, [(&Cause::Nowhere(CardIx(0)), 3, 3)]);
}

#[test]
fn nobody_common_at_any_hour() {
    let mut spec = school();
    spec.teachers[0].away = TimeSet::daily(5, 0, 6);
    let found = told(spec, lessons(1, 0));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].cause, Cause::Nowhere(CardIx(0)));
}

#[test]
fn two_kept_cards_of_one_teacher() {
    let cards = vec![at(lesson(0, 1, class(0)), 2, 3), at(lesson(1, 1, class(1)), 2, 3)];
    let found = told(school(), cards);
    let Cause::Clash {
        whose,
        day,
        slot,
        mut cards,
    } = found[0].cause.clone()
    else {
        panic!("{found:?}")
    };
    cards.sort_unstable();
    assert_eq!((whose, day, slot), (Some(Whose::Teacher(TeacherIx(1))), 2, 3));
    assert_eq!(cards, [CardIx(0), CardIx(1)]);
    assert_eq!(
        found[0].demands,
        [Demand::Kept(CardIx(0)), Demand::Kept(CardIx(1))]
    );
}

#[test]
fn a_limit_of_the_day_is_named_with_its_class() {
    let mut spec = school();
    spec.classes[0].limits.per_day = hard(4);
    let found = told(spec, lessons(21, 0));
    let per_day = Demand::Limit(Whose::Class(ClassIx(0)), LimitKind::LessonsPerDay);
    assert!(found[0].demands.contains(&per_day), "{found:?}");
    assert_eq!(found[0].loosen.first(), Some(&per_day));
}

#[test]
fn too_few_rooms_of_a_kind() {
    let need = RoomNeed {
        needed: true,
        kind: Some(RoomKind(7)),
        allowed: vec![],
        hard: true,
        ..RoomNeed::default()
    };
    let mut cards = vec![];
    for n in 0..2 {
        cards.extend((0..16).map(|_| CardSpec {
            room: need.clone(),
            ..lesson(1, n, Audience::Group(GroupIx(n)))
        }));
    }
    let found = told(school(), cards);
    let Cause::Times { whose, available, .. } = found[0].cause else {
        panic!("{found:?}")
    };
    assert_eq!((whose, available), (Some(Whose::Room(RoomIx(1))), 30));
    assert!(
        found[0].demands.iter().all(|d| matches!(d, Demand::Room(_))),
        "{found:?}"
    );
    assert_eq!(found[0].lack, 2);
}
