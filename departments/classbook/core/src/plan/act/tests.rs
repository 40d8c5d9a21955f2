use super::super::lay::moved;
use super::super::lay::tests::{day, lessons, plan};
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn hours(plan: &Plan) -> Vec<(i32, i16)> {
    plan.rows.iter().map(|r| (r.id.0, r.terms.hours)).collect()
}

#[test]
fn rows_come_go_and_change_places() {
    let none = lessons(&[]);
    let before = plan(&[1, 2, 3]);
    let add = Act::Add {
        after: Some(RowId(1)),
        rows: vec![Terms::of(" Новая "), Terms::of("Ещё")],
    };
    let after = add.apply(&before, &none).unwrap();
    assert_eq!(hours(&after), [(1, 1), (4, 1), (5, 1), (2, 2), (3, 3)]);
    assert_eq!(after.row(RowId(4)).unwrap().terms.topic, "Новая");
    let first = Act::Move {
        row: RowId(3),
        after: None,
    }
    .apply(&after, &none)
    .unwrap();
    assert_eq!(hours(&first), [(3, 3), (1, 1), (4, 1), (5, 1), (2, 2)]);
    let gone = Act::Remove { row: RowId(5) }.apply(&first, &none).unwrap();
    // a number is never given twice
    let again = Act::Add {
        after: None,
        rows: vec![Terms::of("Сначала")],
    }
    .apply(&gone, &none)
    .unwrap();
    assert_eq!(hours(&again), [(6, 1), (3, 3), (1, 1), (4, 1), (2, 2)]);
    for wrong in [
        Act::Remove { row: RowId(5) },
        Act::Move {
            row: RowId(5),
            after: None,
        },
        Act::Move {
            row: RowId(1),
            after: Some(RowId(5)),
        },
        Act::Add {
            after: Some(RowId(5)),
            rows: vec![],
        },
        Act::Set {
            row: RowId(5),
            terms: Terms::of("x"),
        },
        Act::Split {
            row: RowId(5),
            hours: 1,
        },
    ] {
        assert_eq!(wrong.apply(&again, &none), Err(Fault::NoRow));
    }
    let same = Act::Move {
        row: RowId(1),
        after: Some(RowId(1)),
    }
    .apply(&again, &none)
    .unwrap();
    assert_eq!(same, again);
}

#[test]
fn hours_are_split_and_nothing_is_lost() {
    let none = lessons(&[]);
    let after = Act::Split {
        row: RowId(2),
        hours: 1,
    }
    .apply(&plan(&[1, 3]), &none)
    .unwrap();
    assert_eq!(hours(&after), [(1, 1), (2, 1), (3, 2)]);
    assert_eq!(after.rows[1].terms.topic, after.rows[2].terms.topic);
    for hours in [0, 3, -1, 4] {
        assert_eq!(
            Act::Split { row: RowId(2), hours }.apply(&plan(&[1, 3]), &none),
            Err(Fault::SplitWrong)
        );
    }
}

#[test]
fn what_is_no_row_is_named() {
    let set = |terms: Terms| Act::Set { row: RowId(1), terms }.apply(&plan(&[1]), &[]);
    let of = Terms::of;
    assert_eq!(set(of("   ")), Err(Fault::TopicMissing));
    assert_eq!(set(of(&"я".repeat(1001))), Err(Fault::TopicLong));
    assert_eq!(
        set(Terms {
            section: Some("я".repeat(301)),
            ..of("x")
        }),
        Err(Fault::SectionLong)
    );
    assert_eq!(
        set(Terms {
            homework: Some("я".repeat(4001)),
            ..of("x")
        }),
        Err(Fault::HomeworkLong)
    );
    for hours in [0, -1, 61] {
        assert_eq!(set(Terms { hours, ..of("x") }), Err(Fault::HoursWrong));
    }
    assert_eq!(
        set(Terms {
            minutes: Some(601),
            ..of("x")
        }),
        Err(Fault::MinutesWrong)
    );
    let kept = set(Terms {
        section: Some("  ".into()),
        homework: Some(" § 7 ".into()),
        ..of("x")
    })
    .unwrap();
    assert_eq!(kept.rows[0].terms.section, None);
    assert_eq!(kept.rows[0].terms.homework.as_deref(), Some("§ 7"));
    let many = vec![of("x"); Plan::ROWS + 1];
    assert_eq!(
        Act::Replace { rows: many }.apply(&plan(&[1]), &[]),
        Err(Fault::TooMany)
    );
    let full = Act::Replace {
        rows: vec![of("x"); Plan::ROWS],
    }
    .apply(&plan(&[1]), &[])
    .unwrap();
    assert_eq!(
        Act::Add {
            after: None,
            rows: vec![of("x")]
        }
        .apply(&full, &[]),
        Err(Fault::TooMany)
    );
}

#[test]
fn a_fallen_lesson_moves_the_rest_by_one() {
    let (before, lessons) = (plan(&[1, 1, 1]), lessons(&[true, true, true, true]));
    let act = Act::FallOut {
        lesson: LessonId(2),
        tighten: false,
    };
    let after = act.clone().apply(&before, &lessons).unwrap();
    let days: Vec<_> = moved(&before, &after, &lessons)
        .into_iter()
        .map(|m| (m.row.0, m.before, m.after))
        .collect();
    assert_eq!(
        days,
        [(2, vec![day(1)], vec![day(2)]), (3, vec![day(2)], vec![day(3)])]
    );
    assert_eq!(act.apply(&after, &lessons), Err(Fault::Already));
    let back = Act::TakeIn { lesson: LessonId(2) };
    assert_eq!(back.clone().apply(&after, &lessons).unwrap(), before);
    assert_eq!(back.apply(&before, &lessons), Err(Fault::Already));
    let unknown = Act::FallOut {
        lesson: LessonId(99),
        tighten: true,
    };
    assert_eq!(unknown.apply(&before, &lessons), Err(Fault::NoLesson));
}

#[test]
fn what_was_lost_is_caught_up_where_there_is_room() {
    let lessons = lessons(&[true, true, true, true, true]);
    let fall = |plan: &Plan| {
        Act::FallOut {
            lesson: LessonId(2),
            tighten: true,
        }
        .apply(plan, &lessons)
        .unwrap()
    };
    // row 3 has two lessons and gives one away; row 4 keeps its day
    let after = fall(&plan(&[1, 1, 2, 1]));
    assert_eq!(hours(&after), [(1, 1), (2, 1), (3, 1), (4, 1)]);
    assert_eq!(after.skipped, [LessonId(2)]);
    // nowhere is a second lesson: two topics share one
    let mut tight = plan(&[1, 1, 1, 1]);
    tight.rows[1].terms.homework = Some("§ 1".into());
    tight.rows[2].terms.homework = Some("§ 2".into());
    let after = fall(&tight);
    assert_eq!(hours(&after), [(1, 1), (2, 1), (4, 1)]);
    assert_eq!(after.rows[1].terms.topic, "Тема 2. Тема 3");
    assert_eq!(after.rows[1].terms.homework.as_deref(), Some("§ 1; § 2"));
}

#[test]
fn what_is_written_already_is_not_shortened() {
    let mut lessons = lessons(&[true, true, true, true, true, true]);
    for n in [0, 1, 2, 3] {
        lessons[n].topic = Some("записано".into());
    }
    // lesson 1 fell out long ago; row 1 with its two lessons is over, row 3 is not
    let act = Act::FallOut {
        lesson: LessonId(1),
        tighten: true,
    };
    let mut before = plan(&[2, 1, 1, 2]);
    before.skipped = vec![];
    let after = act.apply(&before, &lessons).unwrap();
    assert_eq!(hours(&after)[0], (1, 1), "the fallen lesson itself was row 1's");
    lessons[0].out = Some(super::super::lay::Out::Cancelled);
    let act = Act::FallOut {
        lesson: LessonId(1),
        tighten: true,
    };
    let after = act.apply(&before, &lessons).unwrap();
    assert!(
        after.skipped.is_empty(),
        "the plan goes past a cancelled lesson anyway"
    );
}

fn any_act() -> impl Strategy<Value = Act> {
    let row = || (1i32..12).prop_map(RowId);
    let lesson = || (1i64..20).prop_map(LessonId);
    prop_oneof![
        (proptest::option::of(row()), 0usize..3).prop_map(|(after, n)| Act::Add {
            after,
            rows: vec![Terms::of("новая"); n]
        }),
        (row(), 0i16..5).prop_map(|(row, hours)| Act::Set {
            row,
            terms: Terms {
                hours,
                ..Terms::of("другая")
            }
        }),
        (row(), proptest::option::of(row())).prop_map(|(row, after)| Act::Move { row, after }),
        row().prop_map(|row| Act::Remove { row }),
        (row(), 0i16..4).prop_map(|(row, hours)| Act::Split { row, hours }),
        (lesson(), any::<bool>()).prop_map(|(lesson, tighten)| Act::FallOut { lesson, tighten }),
        lesson().prop_map(|lesson| Act::TakeIn { lesson }),
    ]
}

proptest! {
    /// Whatever is done in whatever order: numbers are single, rows are as they may be, hours are kept where they must be.
    #[test]
    fn a_plan_stays_whole(
        start in proptest::collection::vec(1i16..4, 0..8), held in proptest::collection::vec(any::<bool>(), 0..20),
        acts in proptest::collection::vec(any_act(), 0..20),
    ) {
        let lessons = lessons(&held);
        let mut now = plan(&start);
        for act in acts {
            let before = now.clone();
            let Ok(after) = act.clone().apply(&now, &lessons) else { continue };
            let ids: BTreeSet<RowId> = after.rows.iter().map(|r| r.id).collect();
            prop_assert_eq!(ids.len(), after.rows.len());
            prop_assert!(after.rows.iter().all(|r| r.id.0 <= after.last_row && check(&r.terms).is_ok()));
            let skips: BTreeSet<LessonId> = after.skipped.iter().copied().collect();
            prop_assert_eq!(skips.len(), after.skipped.len());
            match act {
                Act::Move { .. } | Act::Split { .. } | Act::TakeIn { .. } | Act::FallOut { tighten: false, .. } => {
                    prop_assert_eq!(after.hours(), before.hours());
                }
                Act::FallOut { tighten: true, .. } => {
                    prop_assert!((0..=1).contains(&(before.hours() - after.hours())));
                }
                _ => {}
            }
            now = after;
        }
    }

    /// A fallen lesson moves nothing that was before it.
    #[test]
    fn what_was_before_stays(hours in proptest::collection::vec(1i16..4, 1..10), lesson in 1i64..15, tighten: bool) {
        let lessons = lessons(&[true; 15]);
        let before = plan(&hours);
        let after = Act::FallOut { lesson: LessonId(lesson), tighten }.apply(&before, &lessons).unwrap();
        let (old, new) = (lay(&before, &lessons), lay(&after, &lessons));
        let upto = usize::try_from(lesson).unwrap() - 1;
        if !tighten || before.hours() > lesson {
            prop_assert_eq!(&old.seats[..upto], &new.seats[..upto]);
        }
        prop_assert_eq!(new.seats[upto], None);
        if !tighten {
            prop_assert_eq!(new.over, (old.over + 1 - old.spare).max(0).max(old.over));
        }
    }
}
