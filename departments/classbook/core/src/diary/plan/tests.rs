use super::rows::{
    HolidayRow, LessonRow, LoadRow, NameRow, PeriodRow, ScaleRow, TeacherRow, TeachesRow, WorkRow,
};
use super::*;
use base::AssignmentId;
use chrono::{DateTime, Utc};
use proptest::prelude::*;

fn d(m: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, m, day).unwrap()
}

fn card(id: i64, day: i64, slot: i16) -> CardRow {
    CardRow {
        id: CardId(id),
        load_id: LoadId(500),
        duration: 1,
        weeks: "every".into(),
        day,
        slot,
        room: Some("12".into()),
        valid_from: d(9, 1),
        valid_to: None,
        days: 5,
        cycle_weeks: 1,
        year_starts_on: d(9, 1),
        starts_on: d(9, 1),
        ends_on: None,
    }
}

fn lesson(id: i64, on: NaiveDate, slot: i16, card: Option<i64>) -> LessonRow {
    LessonRow {
        id: LessonId(id),
        load_id: LoadId(500),
        held_on: on,
        slot,
        card_id: card.map(CardId),
        room: None,
        employee_id: Some(EmployeeId(1)),
        topic: None,
        state: State::Planned,
    }
}

fn homework(id: i64, given: NaiveDate, due: Option<NaiveDate>) -> HomeworkRow {
    HomeworkRow {
        id,
        load_id: LoadId(500),
        lesson_id: LessonId(1),
        due_on: due,
        text: "№ 1".into(),
        minutes: None,
        held_on: given,
        slot: 0,
        links: vec![],
        files: vec![],
        individual: false,
    }
}

fn frame(lessons: Vec<LessonRow>, cards: Vec<CardRow>) -> Frame {
    Frame {
        loads: vec![LoadRow {
            id: LoadId(500),
            subject: "Алгебра".into(),
        }],
        taught_by: vec![TeachesRow {
            load: LoadId(500),
            employee: EmployeeId(1),
        }],
        teachers: vec![TeacherRow {
            id: EmployeeId(1),
            person: PersonId(41),
            name: "Учителева А. И.".into(),
        }],
        lessons,
        cards,
        ..Frame::default()
    }
}

fn spans() -> Vec<SpanRow> {
    vec![SpanRow {
        year: 1,
        grade: 7,
        system: 5,
        starts_on: d(9, 1),
        ends_on: None,
    }]
}

// the week of 16 November 2026 is the 12th of the year: even
const MONDAY: (u32, u32) = (11, 16);

fn week(frame: Frame) -> Vec<Day> {
    let from = d(MONDAY.0, MONDAY.1);
    let span = Span {
        from,
        until: d(11, 22),
        today: d(11, 18),
    };
    days(&frame, &spans(), vec![], vec![], &[], span)
}

fn places(days: &[Day]) -> Vec<(u32, i16, Option<i64>)> {
    days.iter()
        .flat_map(|day| {
            day.lessons
                .iter()
                .map(|l| (day.date.day(), l.number, l.id.map(|i| i.0)))
        })
        .collect()
}

#[test]
fn a_card_stands_where_the_journal_has_no_lesson_yet() {
    let found = week(frame(
        vec![lesson(700, d(11, 16), 0, Some(1))],
        vec![card(1, 0, 0), card(2, 2, 1)],
    ));
    assert_eq!(places(&found), [(16, 1, Some(700)), (18, 2, None)]);
    assert_eq!(found[2].lessons[0].teacher.as_deref(), Some("Учителева А. И."));
}

#[test]
fn a_double_card_is_two_lessons_and_a_holiday_has_none() {
    let mut double = card(1, 0, 2);
    double.duration = 2;
    let mut all = frame(vec![], vec![double, card(2, 1, 0)]);
    all.holidays = vec![
        HolidayRow {
            title: "Каникулы".into(),
            starts_on: d(11, 17),
            ends_on: d(11, 17),
            grade: None,
            system: None,
        },
        // of another grade: not ours
        HolidayRow {
            title: "Первоклассники".into(),
            starts_on: d(11, 16),
            ends_on: d(11, 16),
            grade: Some(1),
            system: None,
        },
        // of another system of periods: not ours either
        HolidayRow {
            title: "Между модулями".into(),
            starts_on: d(11, 16),
            ends_on: d(11, 16),
            grade: None,
            system: Some(6),
        },
    ];
    let found = week(all);
    assert_eq!(places(&found), [(16, 3, None), (16, 4, None)]);
    assert_eq!(found[1].holiday.as_deref(), Some("Каникулы"));
    assert_eq!(found[0].holiday, None);
}

#[test]
fn a_day_declared_off_has_no_lesson_but_what_was_held() {
    let (monday, tuesday) = (d(11, 16), d(11, 17));
    let off = HolidayRow {
        title: "Карантин".into(),
        starts_on: monday,
        ends_on: d(11, 22),
        grade: Some(7),
        system: None,
    };
    let held = LessonRow {
        state: State::Held,
        ..lesson(700, monday, 0, Some(1))
    };
    let written = LessonRow {
        topic: Some("Дроби".into()),
        ..lesson(701, monday, 1, None)
    };
    let empty = lesson(702, tuesday, 0, Some(2));
    let mut all = frame(
        vec![held, written, empty],
        vec![card(1, 0, 0), card(2, 1, 0), card(3, 2, 0)],
    );
    assert_eq!(
        places(&week(all.clone())).len(),
        4,
        "three of the journal, one of the timetable"
    );
    all.holidays = vec![off.clone()];
    let found = week(all.clone());
    // a topic that was written ahead proves nothing
    assert_eq!(places(&found), [(16, 1, Some(700))]);
    assert!(found[0].lessons.iter().all(|l| l.state != State::Cancelled));
    assert_eq!(found[1].holiday.as_deref(), Some("Карантин"));
    // of another grade: as before
    all.holidays = vec![HolidayRow {
        grade: Some(8),
        ..off.clone()
    }];
    assert_eq!(places(&week(all.clone())).len(), 4);
    // of those who go by one system of periods
    for (system, left) in [(5, 1), (6, 4)] {
        all.holidays = vec![HolidayRow {
            grade: None,
            system: Some(system),
            ..off.clone()
        }];
        assert_eq!(places(&week(all.clone())).len(), left);
    }
}

#[test]
fn outside_of_its_periods_a_class_has_no_lesson_but_what_was_held() {
    let held = LessonRow {
        state: State::Held,
        ..lesson(700, d(11, 17), 0, Some(1))
    };
    let mut all = frame(
        vec![held, lesson(701, d(11, 18), 1, None)],
        vec![card(1, 1, 0), card(2, 3, 0)],
    );
    assert_eq!(places(&week(all.clone())).len(), 3);
    let period = |system, from, to| PeriodRow {
        system,
        starts_on: d(11, from),
        ends_on: d(11, to),
    };
    // of another system: as before; of its own: what they hold
    all.periods = vec![period(6, 23, 29)];
    assert_eq!(places(&week(all.clone())).len(), 3);
    all.periods.push(period(5, 2, 15));
    assert_eq!(places(&week(all.clone())), [(17, 1, Some(700))]);
    all.periods.push(period(5, 18, 29));
    assert_eq!(
        places(&week(all)),
        [(17, 1, Some(700)), (18, 2, Some(701)), (19, 1, None)]
    );
}

#[test]
fn odd_and_even_weeks_are_counted_from_the_week_of_the_first_day() {
    let odd = CardRow {
        weeks: "odd".into(),
        ..card(1, 0, 0)
    };
    let even = CardRow {
        weeks: "even".into(),
        ..card(2, 0, 1)
    };
    let first = CardRow {
        cycle_weeks: 2,
        days: 10,
        ..card(3, 0, 2)
    };
    let second = CardRow {
        cycle_weeks: 2,
        days: 10,
        ..card(4, 5, 3)
    };
    assert_eq!(
        places(&week(frame(vec![], vec![odd, even, first, second]))),
        [(16, 2, None), (16, 4, None)]
    );
}

#[test]
fn a_lesson_moved_in_the_journal_leaves_its_cards_place() {
    let found = week(frame(
        vec![lesson(700, d(11, 19), 3, Some(1))],
        vec![card(1, 0, 0)],
    ));
    assert_eq!(places(&found), [(19, 4, Some(700))]);
}

#[test]
fn an_empty_lesson_of_an_older_timetable_is_forgotten_a_prepared_one_is_kept() {
    let stale = lesson(700, d(11, 19), 3, Some(99));
    assert_eq!(
        places(&week(frame(vec![stale.clone()], vec![card(1, 0, 0)]))),
        [(16, 1, None)]
    );
    let mut prepared = frame(vec![stale.clone()], vec![]);
    prepared.works = vec![work(1, 700)];
    assert_eq!(places(&week(prepared)), [(19, 4, Some(700))]);
    let past = LessonRow {
        held_on: d(11, 17),
        ..stale
    };
    assert_eq!(places(&week(frame(vec![past], vec![]))), [(17, 4, Some(700))]);
}

#[test]
fn homework_goes_to_the_next_lesson_or_to_its_day() {
    let mut all = frame(vec![], vec![card(1, 0, 0), card(2, 2, 0), card(3, 4, 0)]);
    all.homework = vec![
        homework(1, d(11, 13), None),
        homework(2, d(11, 16), None),
        homework(3, d(11, 9), Some(d(11, 20))),
        homework(4, d(11, 9), Some(d(11, 17))),
        homework(5, d(11, 20), None),
    ];
    let found = week(all);
    let due = |i: usize| {
        found[i]
            .lessons
            .iter()
            .flat_map(|l| &l.homework)
            .map(|h| h.id)
            .collect::<Vec<_>>()
    };
    assert_eq!((due(0), due(2), due(4)), (vec![1], vec![2], vec![3]));
    assert_eq!(found[1].homework.iter().map(|h| h.id).collect::<Vec<_>>(), [4]);
}

#[test]
fn homework_skips_a_cancelled_lesson() {
    let cancelled = LessonRow {
        state: State::Cancelled,
        ..lesson(700, d(11, 18), 0, Some(2))
    };
    let mut all = frame(vec![cancelled], vec![card(1, 0, 0), card(2, 2, 0), card(3, 4, 0)]);
    all.homework = vec![homework(2, d(11, 16), None)];
    let found = week(all);
    assert!(found[2].lessons[0].homework.is_empty());
    assert_eq!(found[4].lessons[0].homework.len(), 1);
}

fn work(id: i64, lesson: i64) -> WorkRow {
    WorkRow {
        id: AssignmentId(id),
        lesson_id: LessonId(lesson),
        weight: 300,
        work: "Контрольная работа".into(),
        title: None,
    }
}

#[test]
fn a_mark_learns_from_the_frame_what_it_was_for() {
    let mut all = frame(vec![lesson(700, d(11, 16), 0, None)], vec![]);
    all.works = vec![work(8, 700)];
    all.scales = vec![ScaleRow {
        scale: 1,
        code: "5".into(),
        words: "отлично".into(),
        value: Some(500),
        said: crate::diary::plan::rows::Said::default(),
    }];
    let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let given = |by| Given {
        since: moment("2026-11-16T12:00:00Z"),
        marks: vec![GivenRow {
            assignment: AssignmentId(8),
            scale: 1,
            code: "5".into(),
            comment: None,
            by: PersonId(by),
            at: moment("2026-11-16T12:00:01Z"),
            version: 2,
            replaced: Some("3".into()),
        }],
        names: vec![NameRow {
            person: PersonId(7),
            name: "Завучева Е.".into(),
        }],
        ..Given::default()
    };
    let (found, _) = marks(&all, given(41), true);
    let mark = &found[0];
    assert_eq!(
        (
            mark.words.as_str(),
            mark.weight,
            mark.subject.as_str(),
            mark.held_on,
            mark.new
        ),
        ("отлично", 300, "Алгебра", d(11, 16), true)
    );
    assert_eq!(mark.by.as_deref(), Some("Учителева А. И."));
    assert_eq!(
        mark.replaced.as_deref(),
        Some("3"),
        "«5 вместо 3», as the school shows it"
    );
    assert_eq!(
        marks(&all, given(7), true).0[0].by.as_deref(),
        Some("Завучева Е.")
    );
    // staff who look in: nothing is new
    assert!(!marks(&all, given(41), false).0[0].new);
}

#[test]
fn another_teacher_than_the_loads_is_a_substitute() {
    let found = week(frame(
        vec![LessonRow {
            employee_id: Some(EmployeeId(9)),
            ..lesson(1, d(11, 16), 0, None)
        }],
        vec![],
    ));
    assert!(found[0].lessons[0].substitute);
}

#[test]
fn on_friday_evening_one_looks_at_monday() {
    let all = || frame(vec![], vec![card(1, 0, 0), card(2, 4, 0)]);
    let monday = d(11, 16);
    let on = |today| {
        let span = Span {
            from: monday,
            until: d(11, 25),
            today,
        };
        part(days(&all(), &spans(), vec![], vec![], &[], span), monday, today)
    };
    let (week, ahead) = on(d(11, 20));
    assert_eq!(week.len(), 5);
    assert_eq!(ahead.map(|day| day.date), Some(d(11, 23)));
    // on Sunday the day itself is shown too; on Wednesday the next lessons are in the week; in another week nothing
    let (week, ahead) = on(d(11, 22));
    assert_eq!((week.len(), ahead.map(|day| day.date)), (6, Some(d(11, 23))));
    assert_eq!(on(d(11, 18)).1, None);
    assert_eq!(on(d(11, 25)).1, None);
}

proptest! {
    #[test]
    fn each_place_is_taken_once_and_no_lesson_of_the_past_is_lost(
        cards in proptest::collection::vec((0i64..5, 0i16..6), 0..12),
        lessons in proptest::collection::vec((0u64..2, 0i16..6, proptest::option::of(0i64..12)), 0..8),
    ) {
        let monday = d(11, 16);
        let cards = cards.into_iter().enumerate().map(|(i, (day, slot))| card(i64::try_from(i).unwrap(), day, slot)).collect();
        let mut written: Vec<LessonRow> = lessons.into_iter().enumerate()
            .map(|(i, (day, slot, c))| lesson(1000 + i64::try_from(i).unwrap(), monday + Days::new(day), slot, c)).collect();
        written.sort_by_key(|l| (l.held_on, l.slot));
        written.dedup_by_key(|l| (l.held_on, l.slot));
        let ids: Vec<i64> = written.iter().map(|l| l.id.0).collect();
        let found = week(frame(written, cards));
        let mut shown = places(&found);
        for id in ids { prop_assert!(shown.iter().any(|p| p.2 == Some(id))); }
        let all = shown.len();
        shown.dedup_by_key(|p| (p.0, p.1));
        prop_assert_eq!(shown.len(), all);
    }
}
