//! A published version is withdrawn: who holds the days again, what happens to lessons, who has to know what.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests; statements that no application makes"
)]

mod school;

use base::sql::Store;
use base::{AppError, VersionId};
use chrono::NaiveDate;
use school::{act, count, deputy, mother, staff, store};
use sqlx::PgPool;
use study_core::timetable::VersionState;
use study_core::timetable::board::DraftSource;
use study_core::timetable::moves::{Known, Laid, Withdrawal};
use study_core::timetable::sql::{board, create_draft, lay_out_lessons, publish, withdraw, withdrawal};

const IN_FORCE: VersionId = VersionId(600);
const WHY: &str = "Опубликовано по ошибке";

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// A copy of the timetable in force with Monday's mathematics on Tuesday, published.
async fn published(store: &Store, pool: &PgPool, title: &str, from: NaiveDate) -> VersionId {
    let version = act(store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Copy(IN_FORCE), title)
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap();
    sqlx::query(
        "update card set day = 1 where school_id = 10 and version_id = $1 and load_id = 500 and day = 0",
    )
    .bind(version.0)
    .execute(pool)
    .await
    .unwrap();
    act(store, deputy(), async |ctx| {
        publish(ctx, version, from, false).await
    })
    .await
    .unwrap();
    version
}

async fn look(store: &Store, version: VersionId, from: NaiveDate) -> Result<Withdrawal, AppError> {
    act(store, deputy(), async |ctx| withdrawal(ctx, version, from).await).await
}

async fn take(
    store: &Store,
    version: VersionId,
    from: NaiveDate,
    why: &str,
    known: Known,
) -> Result<Withdrawal, AppError> {
    act(store, deputy(), async |ctx| {
        withdraw(ctx, version, from, why, known).await
    })
    .await
}

fn lessons(n: i64) -> Known {
    Known {
        lessons: n,
        classes: 0,
    }
}

/// State, first and last day, since when it holds again.
type Dates = (String, Option<NaiveDate>, Option<NaiveDate>, Option<NaiveDate>);

async fn dates(pool: &PgPool, version: VersionId) -> Dates {
    sqlx::query_as("select state, valid_from, valid_to, again_from from timetable_version where school_id = 10 and id = $1")
        .bind(version.0)
        .fetch_one(pool)
        .await
        .unwrap()
}

fn is(state: &str, from: Option<NaiveDate>, to: Option<NaiveDate>, again: Option<NaiveDate>) -> Dates {
    (state.to_owned(), from, to, again)
}

/// Mathematics of the weeks from a day on: weekday and how many.
async fn maths(pool: &PgPool, from: NaiveDate) -> Vec<(i32, i64)> {
    sqlx::query_as(
        "select extract(isodow from held_on)::integer, count(*) from lesson where school_id = 10 and load_id = 500 and held_on >= $1
         group by 1 order by 1",
    )
    .bind(from)
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn lay(store: &Store) {
    act(store, deputy(), async |ctx| {
        lay_out_lessons(ctx, day(11, 16), day(12, 27)).await
    })
    .await
    .unwrap();
}

fn field(error: &AppError) -> &str {
    match error {
        AppError::Invalid { fields } => &fields[0].field,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn before_it_begins_it_is_a_draft_again_and_the_former_goes_on(pool: PgPool) {
    let store = store(&pool).await;
    lay(&store).await;
    let version = published(&store, &pool, "Ошибка", day(11, 30)).await;
    // a teacher has written homework into a Tuesday that the former timetable does not have
    sqlx::query(
        "insert into homework (school_id, load_id, lesson_id, text)
         select 10, 500, id, '§ 7' from lesson where school_id = 10 and load_id = 500 and held_on = '2026-12-01'",
    )
    .execute(&pool)
    .await
    .unwrap();
    let tuesdays = [(2, 4), (3, 4), (5, 4)];
    assert_eq!(maths(&pool, day(11, 30)).await, tuesdays);
    let all = "select count(*) from lesson";
    let before = count(&pool, all).await;

    let told = look(&store, version, day(11, 30)).await.unwrap();
    assert!(told.whole);
    let year_ends = NaiveDate::from_ymd_opt(2027, 8, 31).unwrap();
    assert_eq!((told.from, told.last), (day(11, 30), year_ends));
    assert_eq!(told.again.as_deref(), Some("С 1 сентября"));
    assert_eq!((told.clashes, told.bare.len()), (0, 0));
    assert_eq!(told.known(), lessons(1));
    assert_eq!(told.beside[0].date, day(12, 1));
    let laid = Laid {
        added: 4,
        changed: 12,
        removed: 3,
    };
    assert_eq!(told.lessons, laid, "Mondays come, Tuesdays go but for one");
    // it was only looked
    assert_eq!(count(&pool, all).await, before);
    assert_eq!(maths(&pool, day(11, 30)).await, tuesdays);
    let held = is("published", Some(day(11, 30)), None, None);
    assert_eq!(dates(&pool, version).await, held);

    // who knows of less, and who says nothing, is refused, and nothing has happened
    let refused = take(&store, version, day(11, 30), WHY, Known::default()).await;
    let error = refused.unwrap_err();
    assert_eq!(field(&error), "known");
    let AppError::Invalid { fields } = &error else {
        panic!()
    };
    assert!(fields[0].message.contains("уроков: 1"), "{error:?}");
    let refused = take(&store, version, day(11, 30), "  но ", lessons(1)).await;
    assert_eq!(field(&refused.unwrap_err()), "reason");
    assert_eq!(dates(&pool, version).await, held);
    assert_eq!(maths(&pool, day(11, 30)).await, tuesdays);
    let audit = "select count(*) from audit_event where action = 'timetable.withdrawn'";
    assert_eq!(count(&pool, audit).await, 0);

    let done = take(&store, version, day(11, 30), WHY, lessons(1)).await.unwrap();
    assert_eq!(done, told, "what was told is what happens");
    assert_eq!(dates(&pool, version).await, is("draft", None, None, None));
    let former = is("published", Some(day(9, 1)), None, Some(day(11, 30)));
    assert_eq!(dates(&pool, IN_FORCE).await, former);
    assert_eq!(maths(&pool, day(11, 30)).await, [(1, 4), (2, 1), (3, 4), (5, 4)]);
    let said = format!(
        "{audit} and new ->> 'reason' = '{WHY}' and new ->> 'state' = 'draft' and new ->> 'again' = 'С 1 сентября'
            and old ->> 'valid_from' = '2026-11-30' and entity_key = '{version}'"
    );
    assert_eq!(count(&pool, &said).await, 1);
    // mended, it is published once more
    act(&store, deputy(), async |ctx| {
        publish(ctx, version, day(12, 7), false).await
    })
    .await
    .unwrap();
    assert_eq!(
        dates(&pool, IN_FORCE).await,
        is("published", Some(day(9, 1)), Some(day(12, 6)), Some(day(11, 30)))
    );
    assert_eq!(maths(&pool, day(12, 7)).await, [(2, 3), (3, 3), (5, 3)]);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn once_it_has_held_its_days_stay_its_own(pool: PgPool) {
    let store = store(&pool).await;
    lay(&store).await;
    let version = published(&store, &pool, "Неделя", day(11, 16)).await;
    let gone = maths(&pool, day(11, 16)).await;
    // yesterday cannot be taken back, nor a day after the year
    for from in [day(11, 16), day(11, 20), day(9, 1)] {
        assert_eq!(field(&look(&store, version, from).await.unwrap_err()), "from");
    }
    let late = NaiveDate::from_ymd_opt(2027, 9, 1).unwrap();
    assert_eq!(field(&look(&store, version, late).await.unwrap_err()), "from");

    let told = look(&store, version, day(11, 23)).await.unwrap();
    assert!(!told.whole);
    assert_eq!(told.again.as_deref(), Some("С 1 сентября (снова с 23.11)"));
    let done = take(&store, version, day(11, 23), WHY, told.known())
        .await
        .unwrap();
    assert_eq!(done, told);
    let held = is("published", Some(day(11, 16)), Some(day(11, 22)), None);
    assert_eq!(dates(&pool, version).await, held);
    let former = is("published", Some(day(9, 1)), Some(day(11, 15)), None);
    assert_eq!(dates(&pool, IN_FORCE).await, former, "a copy goes on");
    let copies = "select count(*) from timetable_version v where school_id = 10 and state = 'published' and valid_from = '2026-11-23'
        and valid_to is null and again_from = '2026-11-23' and title = 'С 1 сентября (снова с 23.11)'
        and (select count(*) from card c where c.version_id = v.id) = 5";
    assert_eq!(count(&pool, copies).await, 1);
    assert_eq!(maths(&pool, day(11, 23)).await, [(1, 5), (3, 5), (5, 5)]);
    // the week that was is as it was
    let week = |all: &[(i32, i64)]| all.iter().map(|(_, n)| n).sum::<i64>();
    let after = maths(&pool, day(11, 16)).await;
    assert_eq!(week(&gone), week(&after));
    // it is over tomorrow: what is left of it can be taken back still, what is over cannot
    let copy = VersionId(
        count(
            &pool,
            "select id from timetable_version where school_id = 10 and valid_from = '2026-11-23'",
        )
        .await,
    );
    sqlx::query("update timetable_version set valid_to = '2026-11-20' where school_id = 10 and id = $1")
        .bind(version.0)
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(field(&look(&store, version, day(11, 20)).await.unwrap_err()), "");
    assert!(look(&store, copy, day(11, 23)).await.unwrap().whole);
}

/// Two mistakes in a row: the one that the second replaced comes back first.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn the_one_that_it_replaced_on_the_same_day_comes_back(pool: PgPool) {
    let store = store(&pool).await;
    lay(&store).await;
    let first = published(&store, &pool, "Первая", day(11, 30)).await;
    let second = published(&store, &pool, "Вторая", day(11, 30)).await;
    assert_eq!(dates(&pool, first).await.0, "archived");
    let done = take(&store, second, day(11, 30), WHY, Known::default())
        .await
        .unwrap();
    assert_eq!(done.again.as_deref(), Some("Первая"));
    let back = is("published", Some(day(11, 30)), None, Some(day(11, 30)));
    assert_eq!(dates(&pool, first).await, back);
    assert_eq!(dates(&pool, second).await.0, "draft");
    let closed = is("published", Some(day(9, 1)), Some(day(11, 29)), None);
    assert_eq!(dates(&pool, IN_FORCE).await, closed);
    assert_eq!(maths(&pool, day(11, 30)).await, [(2, 4), (3, 4), (5, 4)]);
    let done = take(&store, first, day(11, 30), WHY, Known::default())
        .await
        .unwrap();
    assert_eq!(done.again.as_deref(), Some("С 1 сентября"));
    assert_eq!(maths(&pool, day(11, 30)).await, [(1, 4), (3, 4), (5, 4)]);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn without_another_one_there_are_no_lessons_until_the_next_and_that_has_to_be_known(pool: PgPool) {
    let store = store(&pool).await;
    lay(&store).await;
    let next = published(&store, &pool, "С 14 декабря", day(12, 14)).await;
    let told = look(&store, IN_FORCE, day(11, 30)).await.unwrap();
    assert_eq!((told.again.as_ref(), told.last), (None, day(12, 13)));
    assert_eq!(told.bare, ["7А"]);
    let refused = take(&store, IN_FORCE, day(11, 30), WHY, Known::default()).await;
    assert_eq!(field(&refused.unwrap_err()), "known");
    let known = Known {
        lessons: 0,
        classes: 1,
    };
    take(&store, IN_FORCE, day(11, 30), WHY, known).await.unwrap();
    let between =
        "select count(*) from lesson where school_id = 10 and held_on between '2026-11-30' and '2026-12-13'";
    assert_eq!(count(&pool, between).await, 0);
    assert_eq!(maths(&pool, day(12, 14)).await, [(2, 2), (3, 2), (5, 2)]);
    assert!(!maths(&pool, day(11, 16)).await.is_empty());
    // days lie between: the next one gives its days back to nobody
    let told = look(&store, next, day(12, 14)).await.unwrap();
    assert_eq!((told.again, told.whole), (None, true));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn only_who_publishes_withdraws_and_only_what_is_published(pool: PgPool) {
    let store = store(&pool).await;
    let version = act(&store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Copy(IN_FORCE), "Черновик")
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap();
    assert_eq!(field(&look(&store, version, day(11, 30)).await.unwrap_err()), "");
    for (who, refusal) in [
        (staff(20, 4, "deputy"), AppError::NotFound),
        (staff(10, 2, "teacher"), AppError::Forbidden),
        (mother(), AppError::NotFound),
    ] {
        let looked = act(&store, who.clone(), async |ctx| {
            withdrawal(ctx, IN_FORCE, day(11, 30)).await
        });
        assert_eq!(looked.await.unwrap_err(), refusal);
        let known = Known {
            lessons: 0,
            classes: 1,
        };
        let taken = act(&store, who, async |ctx| {
            withdraw(ctx, IN_FORCE, day(11, 30), WHY, known).await
        });
        assert_eq!(taken.await.unwrap_err(), refusal);
    }
    // the page offers it where it can be done
    for (version, may, state) in [
        (IN_FORCE, true, VersionState::Published),
        (version, false, VersionState::Draft),
    ] {
        let data = act(&store, deputy(), async |ctx| board(ctx, version).await)
            .await
            .unwrap();
        assert_eq!((data.may_withdraw, data.version.state), (may, state));
    }
    let teacher = act(&store, staff(10, 2, "teacher"), async |ctx| {
        board(ctx, IN_FORCE).await
    });
    assert!(!teacher.await.unwrap().may_withdraw);
}
