//! Requirements in a database: who may, what a changed row does to the judge and to the search, who was faster.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod asking;
mod school;

use asking::{MATHS, events, load, maths, page, paint, priced, put};
use base::{AppError, ClassId, EmployeeId, LoadId, RequirementId, RoomId, SubjectId};
use chrono::NaiveDate;
use school::{act, count, deputy, mother, staff, store};
use sqlx::PgPool;
use study_core::requirement::sql::{remove, save, save_home_room, save_hours, sheet};
use study_core::requirement::{Cell, Hours, Kind, Target, Term, Terms, Weight, Who};
use timetable::compose::Composition;
use timetable::{CardIx, Level, Reason};

fn hours(cells: &[(i16, i16, Weight)]) -> Hours {
    let cell = |(day, slot, weight): &(i16, i16, Weight)| Cell {
        day: *day,
        slot: *slot,
        weight: *weight,
        term: Term::ALWAYS,
    };
    Hours::from(cells.iter().map(cell).collect::<Vec<_>>())
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn painted_hours_are_seen_by_judge_and_search(pool: PgPool) {
    let store = store(&pool).await;
    let before = load(&store).await;
    assert_eq!(maths(&before, 1, 0).level, Level::Good);
    let (hard, soft) = priced(&before);
    let who = Who::Teacher(MATHS);
    // rather not on Tuesday's first lesson and on Monday's, where a card lies
    let wish = hours(&[(1, 0, Weight::Rather), (0, 0, Weight::Rather)]);
    paint(&store, who, &Hours::default(), &wish).await.unwrap();
    let wished = load(&store).await;
    let verdict = maths(&wished, 1, 0);
    assert_eq!((verdict.level, verdict.penalty), (Level::Poor, 6));
    assert!(matches!(
        verdict.reasons[0],
        Reason::TeacherUnwanted { slot: 0, .. }
    ));
    assert_eq!(
        priced(&wished),
        (hard, soft + 6),
        "the lying card costs the search as much"
    );
    // not at all
    let must = hours(&[(1, 0, Weight::Must), (0, 0, Weight::Must)]);
    paint(&store, who, &wish, &must).await.unwrap();
    let forbidden = load(&store).await;
    let verdict = maths(&forbidden, 1, 0);
    assert_eq!(verdict.level, Level::Clash);
    assert!(matches!(verdict.reasons[0], Reason::TeacherAway { slot: 0, .. }));
    assert!(
        priced(&forbidden).0 > hard,
        "the lying card is against a hard rule"
    );
    assert_eq!(page(&store).await.hours_of(who), must);
    // who closes hours is told of the lessons in force on them: of the teacher, and of nobody else
    let struck = page(&store).await.struck.unwrap();
    assert_eq!(struck.version.0, 600);
    let [(whose, lessons)] = struck.lessons.as_slice() else {
        panic!("{struck:?}");
    };
    let at: Vec<(i16, i16)> = lessons.iter().map(|l| (l.day, l.slot)).collect();
    assert_eq!((*whose, at), (who, vec![(0, 0)]));
    assert_eq!(events(&pool, "requirement.hours_saved").await, 2);
    // the same once more is no change, and no event
    paint(&store, who, &must, &must).await.unwrap();
    assert_eq!(events(&pool, "requirement.hours_saved").await, 2);
    paint(&store, who, &must, &Hours::default()).await.unwrap();
    assert_eq!(page(&store).await.struck.unwrap().lessons, []);
    assert_eq!(priced(&load(&store).await), (hard, soft));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_save_on_top_of_a_newer_one_is_refused_and_says_who(pool: PgPool) {
    let store = store(&pool).await;
    let who = Who::Class(ClassId(100));
    let theirs = hours(&[(0, 0, Weight::Must)]);
    paint(&store, who, &Hours::default(), &theirs).await.unwrap();
    let stale = paint(&store, who, &Hours::default(), &hours(&[(2, 2, Weight::Must)])).await;
    let Err(AppError::Conflict { message }) = stale else {
        panic!("{stale:?}")
    };
    assert!(
        message.contains("Завучева О. П.") && message.contains("21.11"),
        "{message}"
    );
    assert_eq!(page(&store).await.hours_of(who), theirs, "nothing is overwritten");

    let lessons = |n| Terms::new(Kind::TeacherLessons, Target::Teacher(MATHS), Some(n));
    let first = put(&store, lessons(5)).await.unwrap();
    let change = async |revision: i32, n: i32| {
        act(&store, deputy(), async |ctx| {
            save(ctx, Some((first.id, revision)), lessons(n)).await
        })
        .await
    };
    let second = change(first.revision, 4).await.unwrap();
    assert_eq!((second.id, second.revision), (first.id, 1));
    assert!(matches!(
        change(first.revision, 3).await,
        Err(AppError::Conflict { .. })
    ));
    let gone = act(&store, deputy(), async |ctx| {
        remove(ctx, first.id, first.revision).await
    })
    .await;
    assert!(matches!(gone, Err(AppError::Conflict { .. })), "{gone:?}");
    act(&store, deputy(), async |ctx| {
        remove(ctx, second.id, second.revision).await
    })
    .await
    .unwrap();
    let late = change(second.revision, 2).await;
    assert!(
        matches!(late, Err(AppError::Conflict { .. })),
        "what was removed is no new row: {late:?}"
    );
    assert!(page(&store).await.rows.is_empty());
    assert_eq!(events(&pool, "requirement.saved").await, 2);
    assert_eq!(events(&pool, "requirement.removed").await, 1);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_changed_row_changes_the_verdict_and_the_problem(pool: PgPool) {
    let store = store(&pool).await;
    let before = load(&store).await;
    let (hard, soft) = priced(&before);
    // a day without lessons: where a card lies it costs the search, elsewhere the judge says so
    let free = Terms::new(Kind::TeacherFreeDay, Target::Teacher(MATHS), Some(0));
    let row = put(&store, free.clone()).await.unwrap();
    let data = load(&store).await;
    assert_eq!(maths(&data, 0, 2).penalty - maths(&before, 0, 2).penalty, 20);
    assert_eq!(priced(&data), (hard, soft + 20));
    let must = Terms {
        weight: Weight::Must,
        ..free
    };
    act(&store, deputy(), async |ctx| {
        save(ctx, Some((row.id, 0)), must.clone()).await
    })
    .await
    .unwrap();
    let data = load(&store).await;
    assert_eq!(maths(&data, 0, 2).level, Level::Clash);
    assert!(priced(&data).0 > hard);
    act(&store, deputy(), async |ctx| remove(ctx, row.id, 1).await)
        .await
        .unwrap();
    // a wish of the school: windows of teachers count for nothing, or more
    let windows = |weight| Terms {
        weight,
        ..Terms::new(Kind::TeacherWindow, Target::School, None)
    };
    put(&store, windows(Weight::Off)).await.unwrap();
    assert_eq!(load(&store).await.spec().wishes.teacher_window, 0);
    // rooms of a subject: one that is not named is forbidden
    let rooms = Terms {
        rooms: vec![RoomId(301)],
        weight: Weight::Must,
        ..Terms::new(Kind::Rooms, Target::Subject(SubjectId(400)), None)
    };
    put(&store, rooms).await.unwrap();
    let board = load(&store).await.board().unwrap();
    let room = |n: usize| Some(timetable::RoomIx::at(n));
    assert_eq!(
        board.judge(CardIx(0), 1, 0, room(0)).level,
        Level::Clash,
        "room 12"
    );
    assert_eq!(
        board.judge(CardIx(0), 1, 0, room(1)).level,
        Level::Good,
        "room 14"
    );
    let kept: Vec<bool> = board.cards().iter().map(|_| false).collect();
    let settled = Composition::new(&board, &kept);
    assert!(settled.impossible().is_empty());
    // lessons of a load apart
    put(
        &store,
        Terms::new(Kind::Spread, Target::Load(LoadId(500)), Some(2)),
    )
    .await
    .unwrap();
    let data = load(&store).await;
    let near = maths(&data, 1, 0);
    assert!(
        near.reasons.iter().any(|r| matches!(
            r,
            Reason::TooClose {
                days: 1,
                least: 2,
                ..
            }
        )),
        "{near:?}"
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_norm_is_made_stricter_and_never_milder(pool: PgPool) {
    let store = store(&pool).await;
    let per_day = |value, weight| Terms {
        weight,
        ..Terms::new(Kind::LessonsADay, Target::Grades(7, 11), value)
    };
    let milder = put(&store, per_day(Some(9), Weight::Must)).await;
    assert!(
        matches!(milder, Err(AppError::Invalid { ref fields }) if fields[0].field == "value"),
        "{milder:?}"
    );
    let lighter = put(&store, per_day(Some(5), Weight::Maybe)).await;
    assert!(
        matches!(lighter, Err(AppError::Invalid { ref fields }) if fields[0].field == "weight"),
        "{lighter:?}"
    );
    put(&store, per_day(Some(2), Weight::Must)).await.unwrap();
    let data = load(&store).await;
    let limit = data.spec().classes[0].limits.per_day.unwrap();
    assert_eq!((limit.value, limit.hard), (2, true));
    let row = &data.norms[usize::try_from(limit.norm.0).unwrap()];
    assert!(
        row.clause.contains("Требование школы") && row.clause.contains("СанПиН"),
        "{}",
        row.clause
    );
    // of one thing one wish at a time
    let twice = put(&store, per_day(Some(3), Weight::Very)).await;
    assert!(matches!(twice, Err(AppError::Invalid { .. })), "{twice:?}");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_row_holds_within_its_dates(pool: PgPool) {
    let store = store(&pool).await;
    let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d);
    let lessons = |n, from, to| Terms {
        valid_from: from,
        valid_to: to,
        ..Terms::new(Kind::TeacherLessons, Target::Teacher(MATHS), Some(n))
    };
    put(&store, lessons(5, None, day(11, 20))).await.unwrap();
    put(&store, lessons(4, day(11, 21), day(11, 30))).await.unwrap();
    put(&store, lessons(3, day(12, 1), None)).await.unwrap();
    let meeting = put(&store, lessons(2, day(11, 30), day(11, 30))).await;
    assert!(matches!(meeting, Err(AppError::Invalid { .. })), "{meeting:?}");
    // today is the 21st
    let spec = load(&store).await.spec();
    let limits: Vec<u16> = spec
        .teachers
        .iter()
        .filter_map(|t| t.per_day)
        .map(|l| l.value)
        .collect();
    assert_eq!(limits, [4]);
    assert_eq!(
        page(&store)
            .await
            .rows_of(Kind::TeacherLessons, Target::Teacher(MATHS))
            .len(),
        3
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_home_room_is_the_first_wish(pool: PgPool) {
    let store = store(&pool).await;
    let give = async |seen: Option<i64>, room: Option<i64>| {
        act(&store, deputy(), async |ctx| {
            save_home_room(ctx, ClassId(100), seen.map(RoomId), room.map(RoomId)).await
        })
        .await
    };
    give(None, Some(301)).await.unwrap();
    let board = load(&store).await.board().unwrap();
    assert_eq!(board.best_room(CardIx(0), 1, 2), Some(timetable::RoomIx(1)));
    assert!(matches!(
        give(None, Some(300)).await,
        Err(AppError::Conflict { .. })
    ));
    assert_eq!(
        give(Some(301), Some(310)).await,
        Err(AppError::NotFound),
        "a room of another school"
    );
    give(Some(301), None).await.unwrap();
    assert_eq!(events(&pool, "requirement.home_room_saved").await, 2);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn who_may_only_read_sees_their_own_hours_and_changes_nothing(pool: PgPool) {
    let store = store(&pool).await;
    let who = Who::Teacher(MATHS);
    paint(&store, who, &Hours::default(), &hours(&[(0, 0, Weight::Must)]))
        .await
        .unwrap();
    put(
        &store,
        Terms::new(Kind::TeacherLessons, Target::Teacher(MATHS), Some(5)),
    )
    .await
    .unwrap();
    put(&store, Terms::new(Kind::TeacherWindow, Target::School, None))
        .await
        .unwrap();
    // a teacher who is not the one of maths
    let colleague = staff(10, 3, "teacher");
    let seen = act(&store, colleague.clone(), async |ctx| sheet(ctx).await)
        .await
        .unwrap();
    assert!(!seen.may_edit && seen.hours.is_empty() && seen.teachers.is_empty());
    assert_eq!(seen.rows.len(), 1, "what holds for the whole school");
    let mut myself = staff(10, 2, "teacher");
    myself.role = base::rights::Role::Staff { employee: MATHS };
    let mine = act(&store, myself.clone(), async |ctx| sheet(ctx).await)
        .await
        .unwrap();
    assert_eq!(
        (mine.hours.len(), mine.rows.len(), mine.teachers.len()),
        (1, 2, 1)
    );
    let nothing = Hours::default();
    let tries = async |actor: base::rights::Actor| {
        let painted = act(&store, actor.clone(), async |ctx| {
            save_hours(ctx, who, &nothing, &nothing).await
        })
        .await;
        let terms = Terms::new(Kind::ClassWindow, Target::School, None);
        let saved = act(&store, actor.clone(), async |ctx| {
            save(ctx, None, terms.clone()).await
        })
        .await;
        let removed = act(&store, actor.clone(), async |ctx| {
            remove(ctx, RequirementId(1), 0).await
        })
        .await;
        let room = act(&store, actor, async |ctx| {
            save_home_room(ctx, ClassId(100), None, None).await
        })
        .await;
        [painted.err(), saved.map(|_| ()).err(), removed.err(), room.err()]
    };
    assert_eq!(tries(myself).await, [const { Some(AppError::Forbidden) }; 4]);
    assert_eq!(tries(mother()).await, [const { Some(AppError::NotFound) }; 4]);
    let family = act(&store, mother(), async |ctx| sheet(ctx).await).await;
    assert_eq!(family.err(), Some(AppError::NotFound));
    // the deputy director of another school
    let stranger = staff(20, 4, "deputy");
    let foreign = act(&store, stranger.clone(), async |ctx| {
        save_hours(ctx, who, &nothing, &nothing).await
    })
    .await;
    assert_eq!(foreign, Err(AppError::NotFound));
    let terms = Terms::new(Kind::TeacherLessons, Target::Teacher(MATHS), Some(1));
    let row = act(&store, stranger.clone(), async |ctx| {
        save(ctx, None, terms.clone()).await
    })
    .await;
    assert_eq!(row.err(), Some(AppError::NotFound));
    let theirs = act(&store, stranger, async |ctx| sheet(ctx).await).await.unwrap();
    assert!(theirs.rows.is_empty() && theirs.hours.is_empty());
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn bad_input_changes_nothing(pool: PgPool) {
    let store = store(&pool).await;
    let who = Who::Room(RoomId(300));
    for wrong in [
        (0, 0, Weight::Rather),
        (40, 0, Weight::Must),
        (0, -1, Weight::Must),
    ] {
        let refused = paint(&store, who, &Hours::default(), &hours(&[wrong])).await;
        assert!(
            matches!(refused, Err(AppError::Invalid { .. })),
            "{wrong:?} {refused:?}"
        );
    }
    let nobody = paint(
        &store,
        Who::Teacher(EmployeeId(2100)),
        &Hours::default(),
        &Hours::default(),
    )
    .await;
    assert_eq!(nobody, Err(AppError::NotFound), "a teacher of another school");
    let rooms = |ids: &[i64]| Terms {
        rooms: ids.iter().copied().map(RoomId).collect(),
        ..Terms::new(Kind::Rooms, Target::Subject(SubjectId(400)), None)
    };
    assert_eq!(
        put(&store, rooms(&[300, 310])).await.err(),
        Some(AppError::NotFound),
        "a foreign room"
    );
    assert!(matches!(
        put(&store, rooms(&[])).await,
        Err(AppError::Invalid { .. })
    ));
    let wide = Terms::new(Kind::TeacherLessons, Target::Teacher(MATHS), Some(i32::MAX));
    assert!(matches!(put(&store, wide).await, Err(AppError::Invalid { .. })));
    for table in ["requirement", "requirement_room", "unavailability"] {
        assert_eq!(
            count(
                &pool,
                &format!("select count(*) from {table} where school_id = 10")
            )
            .await,
            0,
            "{table}"
        );
    }
    assert_eq!(
        count(
            &pool,
            "select count(*) from audit_event where action like 'requirement.%'"
        )
        .await,
        0
    );
}
