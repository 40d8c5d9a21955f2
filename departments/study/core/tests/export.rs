//! Export: what a version says stands in the file, what the file cannot say is told, and another school gets the same lessons.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod school;

use std::collections::BTreeMap;

use base::{AppError, Lang, VersionId};
use school::{act, count, deputy, mother, staff, store};
use sqlx::PgPool;
use study_core::export::Format;
use study_core::export::sql::{file, look, source, taken};
use study_core::import::sql::{import, must_edit, read};
use study_core::timetable::BoardData;
use study_core::timetable::sql::board;
use timetable::Weeks;

/// Things of which a file speaks: hours, a lock, odd and even weeks, a clash, a full room, rows of all sorts.
const MORE: &str = "
    insert into teaching_load (school_id, id, year_id, subject_id, week_hours) values (10, 502, 5, 401, 3), (10, 503, 5, 400, 1), (10, 504, 5, 401, 1);
    insert into load_teacher (school_id, load_id, employee_id) values (10, 502, 1400), (10, 503, 1400), (10, 504, 1300);
    insert into load_audience (school_id, load_id, class_id, subgroup_id) values (10, 502, 100, 151), (10, 503, 101, null), (10, 504, 101, null);
    insert into load_room (school_id, load_id, room_id) values (10, 501, 301);
    insert into timetable_version (school_id, id, year_id, title, state, day_names, slot_names, changed_at) values
        (10, 610, 5, 'Вторая <четверть> & \"новая\"', 'draft', '{Пн,Вт,Ср,Чт,Пт}', '{1,2,3,4,5,6,7}', '2026-08-30 12:00Z');
    insert into card (school_id, id, version_id, load_id, duration, weeks, locked, day, slot, room_id, series, series_days) values
        (10, 20, 610, 500, 1, 'every', true, 0, 0, 300, 1, 1), (10, 21, 610, 500, 2, 'every', false, 2, 1, 300, 1, 1),
        (10, 22, 610, 501, 1, 'every', false, 0, 1, 301, null, null), (10, 23, 610, 502, 1, 'every', false, 0, 1, 300, null, null),
        (10, 24, 610, 503, 1, 'odd', false, 1, 1, null, null, null), (10, 25, 610, 504, 1, 'even', false, 1, 1, null, null, null),
        (10, 26, 610, 503, 1, 'every', false, 3, 0, 300, null, null), (10, 27, 610, 504, 1, 'every', false, 3, 0, null, null, null),
        (10, 28, 610, 501, 1, 'every', false, null, null, null, null, null);
    update room set capacity = 1 where school_id = 10 and id = 300;
    insert into unavailability (school_id, year_id, employee_id, day, slot, weight) values (10, 5, 1200, 4, 0, 'must'), (10, 5, 1200, 4, 1, 'rather');
    insert into requirement (school_id, kind, employee_id, value, weight, changed_at) values
        (10, 'teacher_lessons_a_day', 1200, 4, 'must', now()), (10, 'teacher_windows_a_day', 1200, 1, 'must', now()),
        (10, 'teacher_days_a_week', 1300, 3, 'rather', now()), (10, 'teacher_lessons_at_least', 1300, 2, 'rather', now());
    insert into requirement (school_id, kind, subject_id, value, weight, changed_at) values (10, 'subject_lesson_from', 400, 1, 'must', now());
    insert into requirement (school_id, kind, load_id, other_load_id, weight, changed_at) values (10, 'loads_right_after', 500, 501, 'very', now());
";

async fn prepared(pool: &PgPool) {
    sqlx::raw_sql(MORE).execute(pool).await.unwrap();
}

async fn exported(pool: &PgPool, version: i64, format: Format) -> String {
    let store = store(pool).await;
    let source = act(&store, deputy(), async |ctx| {
        source(ctx, VersionId(version)).await
    })
    .await
    .unwrap();
    file(Lang::Ru, source, format).await.unwrap().text
}

/// A lesson in words: what, who, to whom, how long, when, where, locked, in which weeks.
type Lesson = (
    String,
    Vec<String>,
    String,
    u16,
    Option<(u16, u16, Option<String>)>,
    bool,
    Weeks,
);

fn lessons(data: &BoardData) -> BTreeMap<Lesson, usize> {
    let mut all = BTreeMap::new();
    for (at, card) in data.cards.iter().enumerate() {
        let ix = timetable::CardIx::at(at);
        let load = data.load_of(ix).unwrap();
        // another school has only what the file says of a name: the family name
        let teachers = load.teachers.iter().map(|t| data.teachers[t.ix()].name.clone());
        let place = card
            .place
            .map(|p| (p.day, p.slot, p.room.map(|r| data.rooms[r.ix()].name.clone())));
        let lesson = (
            data.subject_of(ix).unwrap().name.clone(),
            teachers.collect(),
            data.audience_of(ix),
            card.duration,
            place,
            card.locked,
            card.weeks,
        );
        *all.entry(lesson).or_default() += 1;
    }
    all
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn another_school_gets_the_same_lessons(pool: PgPool) {
    prepared(&pool).await;
    let store = store(&pool).await;
    let data = act(&store, deputy(), async |ctx| board(ctx, VersionId(610)).await)
        .await
        .unwrap();
    let mut wanted = lessons(&data);
    // the two that clash in room 12 and with each other: one of them comes without a place
    let text = exported(&pool, 610, Format::Fet).await;
    let there = staff(20, 4, "deputy");
    let version = act(&store, there.clone(), async |ctx| {
        must_edit(ctx)?;
        let draft = read(ctx.lang(), text.clone().into_bytes()).await?;
        Ok(import(ctx, &draft).await?.version)
    })
    .await
    .unwrap();
    let copy = act(&store, there, async |ctx| board(ctx, version).await)
        .await
        .unwrap();
    let got = lessons(&copy);
    let differ: Vec<_> = wanted.keys().filter(|k| !got.contains_key(*k)).cloned().collect();
    assert_eq!(differ.len(), 1, "only the clash: {differ:#?}\n{got:#?}");
    assert_eq!(differ[0].4.as_ref().map(|p| (p.0, p.1)), Some((3, 0)));
    wanted.remove(&differ[0]);
    let mut freed = differ[0].clone();
    freed.4 = None;
    *wanted.entry(freed).or_default() += 1;
    assert_eq!(got, wanted);
    let away = |data: &BoardData| data.teachers.iter().map(|t| t.away.len()).sum::<usize>();
    assert_eq!(away(&copy), away(&data));
    assert!(away(&data) > 0);
    let series = |data: &BoardData| data.cards.iter().filter(|c| c.series.is_some()).count();
    assert_eq!((series(&copy), series(&data)), (2, 2));
    let limit = copy
        .requirements
        .iter()
        .map(|r| (r.terms.kind.key(), r.terms.value, r.terms.weight.key()));
    let limits: Vec<_> = limit.collect();
    assert!(
        limits.contains(&("teacher_lessons_a_day", Some(4), "must")),
        "{limits:?}"
    );
    assert!(
        limits.contains(&("teacher_windows_a_day", Some(1), "must")),
        "{limits:?}"
    );
    assert!(
        limits.contains(&("loads_right_after", None, "very")),
        "{limits:?}"
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_a_file_cannot_say_is_told_and_the_rest_stands_in_it(pool: PgPool) {
    prepared(&pool).await;
    let store = store(&pool).await;
    let from = act(&store, deputy(), async |ctx| source(ctx, VersionId(610)).await)
        .await
        .unwrap();
    let seen = look(Lang::Ru, from).await.unwrap();
    assert_eq!((seen.cards, seen.placed), (9, 8));
    let of = |format| &seen.offers.iter().find(|o| o.format == format).unwrap().left;
    let fet = of(Format::Fet);
    let says = |words: &str| fet.iter().filter(|line| line.contains(words)).count();
    for words in [
        "1 урок стоит с накладкой",
        "2 урока — через неделю",
        "мест меньше, чем учеников",
        "«Рабочих дней в неделю",
        "FET знает такое только как обязательное",
        "у которых в FET нет цены",
    ] {
        assert!(says(words) >= 1, "{words}: {fet:#?}");
    }
    assert!(
        of(Format::Asc).iter().any(|line| line.contains("требований (6)")),
        "{:#?}",
        of(Format::Asc)
    );
    let text = exported(&pool, 610, Format::Fet).await;
    for piece in [
        "<Name>7А Англ 1</Name>",
        "<Permanently_Locked>true</Permanently_Locked>",
        "<Room>12</Room>",
        "<ConstraintTeacherNotAvailableTimes>",
        "<ConstraintTeacherMaxHoursDaily>",
        "<ConstraintTeacherMaxGapsPerDay>",
        "<ConstraintActivitiesPreferredTimeSlots>",
        "<ConstraintMinDaysBetweenActivities>",
        "<ConstraintTwoActivitiesConsecutive>",
        "<Number_Of_Students>1</Number_Of_Students>",
        "&lt;четверть&gt; &amp; &quot;новая&quot;",
        "1 урок стоит с накладкой",
    ] {
        assert!(text.contains(piece), "{piece}");
    }
    assert!(!text.contains("MinHoursDaily") && !text.contains("MaxDaysPerWeek"));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn every_format_is_read_again_by_its_own_reader(pool: PgPool) {
    prepared(&pool).await;
    let fet = timetable::schools::fet::read(exported(&pool, 610, Format::Fet).await.as_bytes()).unwrap();
    assert!(fet.unknown.is_empty(), "{:?}", fet.unknown);
    assert_eq!(
        fet.problem.events.len(),
        8,
        "one of two that alternate is switched off"
    );
    let asc = timetable::schools::asc::read(exported(&pool, 610, Format::Asc).await.as_bytes()).unwrap();
    assert!(asc.unknown.is_empty(), "{:?}", asc.unknown);
    assert_eq!(asc.problem.events.len(), 9);
    let placed = asc.present.meets.iter().filter(|m| m.time.is_some()).count();
    assert_eq!(placed, 7, "all but the clash and the one in the tray");
    let archive = timetable::xhstt::read(exported(&pool, 610, Format::Xhstt).await.as_bytes()).unwrap();
    assert_eq!(archive.problems[0].events.len(), 9);
    let solved = &archive.groups[0].solutions[0];
    let cost = timetable::problem::evaluate(&archive.problems[0], &solved.solution);
    assert_eq!(Some(cost), solved.stated);
    assert!(
        archive.problems[0]
            .resources
            .iter()
            .any(|r| r.label.name.starts_with("Учителева"))
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn who_takes_a_file_is_written_down(pool: PgPool) {
    let store = store(&pool).await;
    let events = "select count(*) from audit_event where school_id = 10 and actor_id = 1 and action = 'timetable.exported'
        and entity_key = '600' and new ->> 'format' = 'asc'";
    // looking at what there would be is no export
    act(&store, deputy(), async |ctx| source(ctx, VersionId(600)).await)
        .await
        .unwrap();
    assert_eq!(count(&pool, events).await, 0);
    act(&store, deputy(), async |ctx| {
        taken(ctx, VersionId(600), Format::Asc).await
    })
    .await
    .unwrap();
    assert_eq!(count(&pool, events).await, 1);
    let refused = act(&store, mother(), async |ctx| {
        taken(ctx, VersionId(600), Format::Asc).await
    })
    .await;
    assert!(refused.is_err());
    assert_eq!(count(&pool, events).await, 1);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn nobody_else_gets_a_file(pool: PgPool) {
    let store = store(&pool).await;
    let asked = async |who, version| {
        act(&store, who, async |ctx| source(ctx, VersionId(version)).await)
            .await
            .map(|s| s.data.cards.len())
    };
    assert_eq!(asked(deputy(), 600).await, Ok(5));
    assert_eq!(asked(deputy(), 99).await, Err(AppError::NotFound));
    assert_eq!(
        asked(staff(10, 2, "teacher"), 600).await,
        Err(AppError::Forbidden)
    );
    assert_eq!(
        asked(staff(20, 4, "deputy"), 600).await,
        Err(AppError::NotFound),
        "another school's"
    );
    assert_eq!(asked(mother(), 600).await, Err(AppError::NotFound));
}
