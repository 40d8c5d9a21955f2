//! Lessons at a distance against the database: one lesson, a class and some days, and what a family sees.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod school;

use classbook_core::diary::Weeks;
use classbook_core::distance::{Format, Meeting, Span, sql};
use school::*;

fn d(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn meeting(link: Option<&str>) -> Meeting {
    Meeting {
        format: Format::Distance,
        platform: Some(" Сферум ".into()),
        starts_at: chrono::NaiveTime::from_hms_opt(9, 30, 0),
        link: link.map(str::to_owned),
    }
}

fn span(class: i64, from: u32, to: u32) -> Span {
    Span {
        id: None,
        class: ClassId(class),
        starts_on: d(from),
        ends_on: d(to),
        meeting: Meeting {
            starts_at: None,
            ..meeting(Some("https://meet.example/class"))
        },
        reason: Some("Карантин".into()),
    }
}

async fn set(store: &Store, actor: Actor, lesson: i64, meeting: Option<Meeting>) -> Result<(), AppError> {
    let mut ctx = open(store, actor).await;
    let out = sql::set_lesson(&mut ctx, LessonId(lesson), meeting).await;
    ctx.close(out).await
}

async fn save_span(store: &Store, actor: Actor, span: Span) -> Result<DistanceSpanId, AppError> {
    let mut ctx = open(store, actor).await;
    let out = sql::save_span(&mut ctx, span).await;
    ctx.close(out).await
}

/// Day and address of the lessons that are not simply at school.
async fn seen(store: &Store) -> Vec<(NaiveDate, Option<String>)> {
    let mut ctx = open(store, mother()).await;
    let out =
        classbook_core::diary::sql::week(&mut ctx, &Weeks::default(), Some(PupilId(1001)), Some(d(18))).await;
    let week = ctx.close(out).await.unwrap();
    let lessons = week
        .days
        .into_iter()
        .flat_map(|day| day.lessons.into_iter().map(move |l| (day.date, l)));
    lessons
        .filter_map(|(date, l)| Some((date, l.meeting?.link)))
        .collect()
}

crate::db_test!(a_teacher_sets_one_lesson_and_the_family_joins_it, pool, {
    let store = store(&pool).await;
    let counted = counts(&pool).await;
    for wrong in [
        "http://meet.example/x",
        "javascript:alert(1)",
        "https://a.ru@evil.example/",
    ] {
        assert!(
            matches!(
                set(&store, teacher(), 701, Some(meeting(Some(wrong)))).await,
                Err(AppError::Invalid { .. })
            ),
            "{wrong}"
        );
    }
    for actor in [stranger(), mother()] {
        assert_eq!(
            set(&store, actor, 701, Some(meeting(None))).await,
            Err(AppError::NotFound)
        );
    }
    // the first quarter is closed
    assert!(matches!(
        set(&store, teacher(), 690, Some(meeting(None))).await,
        Err(AppError::Invalid { .. })
    ));
    assert_eq!(counts(&pool).await, counted);

    set(
        &store,
        teacher(),
        701,
        Some(meeting(Some("https://meet.example/7a"))),
    )
    .await
    .unwrap();
    assert_eq!(
        seen(&store).await,
        [(d(18), Some("https://meet.example/7a".to_owned()))]
    );
    let mut ctx = open(&store, teacher()).await;
    let out = sql::lesson(&mut ctx, LessonId(701)).await;
    let found = ctx.close(out).await.unwrap();
    assert_eq!(found.own.unwrap().platform.as_deref(), Some("Сферум"));
    assert!(found.may_edit && found.class.is_none());
    set(&store, teacher(), 701, None).await.unwrap();
    assert!(seen(&store).await.is_empty());
});

crate::db_test!(
    a_deputy_sets_a_class_and_days_and_a_lesson_goes_before_it,
    pool,
    {
        let store = store(&pool).await;
        for actor in [teacher(), mother()] {
            assert_eq!(
                save_span(&store, actor, span(100, 18, 20)).await,
                Err(AppError::NotFound)
            );
        }
        for wrong in [
            span(100, 20, 18),
            Span {
                meeting: Meeting {
                    format: Format::InPerson,
                    ..meeting(None)
                },
                ..span(100, 18, 20)
            },
            Span {
                ends_on: NaiveDate::from_ymd_opt(2027, 9, 1).unwrap(),
                ..span(100, 18, 20)
            },
        ] {
            assert!(
                matches!(
                    save_span(&store, deputy(), wrong.clone()).await,
                    Err(AppError::Invalid { .. })
                ),
                "{wrong:?}"
            );
        }
        // of another school
        assert_eq!(
            save_span(&store, deputy(), span(200, 18, 20)).await,
            Err(AppError::NotFound)
        );
        let id = save_span(&store, deputy(), span(100, 18, 20)).await.unwrap();
        assert!(matches!(
            save_span(&store, deputy(), span(100, 20, 25)).await,
            Err(AppError::Invalid { .. })
        ));
        let class = Some("https://meet.example/class".to_owned());
        assert_eq!(
            seen(&store).await,
            [(d(18), class.clone()), (d(20), class.clone())]
        );
        // the teacher's own address for one lesson; and one at school after all
        set(
            &store,
            teacher(),
            701,
            Some(meeting(Some("https://meet.example/7a"))),
        )
        .await
        .unwrap();
        set(
            &store,
            teacher(),
            702,
            Some(Meeting {
                format: Format::InPerson,
                ..meeting(None)
            }),
        )
        .await
        .unwrap();
        assert_eq!(
            seen(&store).await,
            [(d(18), Some("https://meet.example/7a".to_owned())), (d(20), None)]
        );
        let mut ctx = open(&store, deputy()).await;
        let out = sql::remove_span(&mut ctx, id).await;
        ctx.close(out).await.unwrap();
        let mut ctx = open(&store, deputy()).await;
        let out = sql::spans(&mut ctx).await;
        let left = ctx.close(out).await.unwrap();
        assert!(left.spans.is_empty() && left.classes.len() == 2);
    }
);
