//! Versions in a database: who sees what, stale saves, publishing, lessons on dates.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod school;

use base::rights::{Actor, Role};
use base::sql::Store;
use base::{AppError, CardId, RoomId, VersionId};
use chrono::NaiveDate;
use school::{act, count, deputy, mother, staff, store};
use sqlx::PgPool;
use study_core::opening::sql::open_school;
use study_core::timetable::board::DraftSource;
use study_core::timetable::moves::{CardState, Laid, Move, Saved, Seat};
use study_core::timetable::sql::{
    board, create_draft, delete_draft, lay_out_lessons, publish, rename_draft, save_moves, versions,
};
use study_core::timetable::{BoardData, VersionState};
use timetable::{Level, Reason};
use uuid::Uuid;

const IN_FORCE: VersionId = VersionId(600);

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

async fn load(store: &Store, version: VersionId) -> BoardData {
    act(store, deputy(), async |ctx| board(ctx, version).await)
        .await
        .unwrap()
}

async fn draft(store: &Store) -> VersionId {
    act(store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Copy(IN_FORCE), "Черновик")
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap()
}

/// The first card of a load, moved to a place.
fn to(data: &BoardData, load: i64, nth: usize, seat: Option<(i16, i16)>) -> Move {
    let load = data.loads.iter().position(|l| l.id.0 == load).unwrap();
    let card = data
        .cards
        .iter()
        .filter(|c| usize::try_from(c.load) == Ok(load))
        .nth(nth)
        .unwrap();
    let old = data.state_of(card);
    let room = old.seat.and_then(|s| s.room).or(Some(RoomId(300)));
    Move {
        card: card.id,
        old,
        new: CardState {
            seat: seat.map(|(day, slot)| Seat { day, slot, room }),
            ..old
        },
    }
}

async fn save(
    store: &Store,
    version: VersionId,
    base: i32,
    moves: &[Move],
    op: Uuid,
) -> Result<Saved, AppError> {
    act(store, deputy(), async |ctx| {
        save_moves(ctx, version, base, moves, op).await
    })
    .await
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn the_board_holds_everything_the_judge_needs(pool: PgPool) {
    let store = store(&pool).await;
    let data = load(&store, IN_FORCE).await;
    assert_eq!(
        (data.classes.len(), data.teachers.len(), data.cards.len()),
        (2, 2, 5)
    );
    assert_eq!(data.classes[0].pupils, 3, "enrolled pupils");
    assert_eq!(
        data.loads.iter().find(|l| l.id.0 == 501).unwrap().difficulty,
        10,
        "foreign language in grade 7"
    );
    assert!(
        data.norms
            .iter()
            .any(|n| n.kind == "lessons_a_week" && n.value == 32),
        "norms of the day"
    );
    assert!(
        data.classes[0].bells.contains(0, 2) && !data.classes[0].bells.contains(0, 3),
        "three bells ring"
    );
    let judge = data.board().unwrap();
    assert_eq!(judge.unplaced().len(), 1);
    let english = judge.unplaced()[0];
    let verdicts = judge.judge_all(english);
    // Monday, first lesson: the whole class has maths then
    assert!(
        verdicts[0]
            .reasons
            .iter()
            .any(|r| matches!(r, Reason::AudienceBusy { .. }))
    );
    assert!(verdicts.iter().any(|v| v.level != Level::Clash));
    assert!(!data.may_edit, "what is in force is not edited");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn norms_are_read_by_date(pool: PgPool) {
    let store = store(&pool).await;
    // the next edition of a norm: the old row is closed, another begins
    for sql in [
        "update norm set valid_to = '2026-08-31' where kind = 'lessons_a_day' and grade_from = 7",
        "insert into norm (kind, grade_from, grade_to, value, valid_from, level, clause) values ('lessons_a_day', 7, 11, 6, '2026-09-01', 'federal', 'новая редакция')",
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&pool)
            .await
            .unwrap();
    }
    let data = load(&store, IN_FORCE).await;
    let of_seven: Vec<i32> = data
        .norms
        .iter()
        .filter(|n| n.kind == "lessons_a_day" && n.grade_from == 7)
        .map(|n| n.value)
        .collect();
    assert_eq!(of_seven, [6]);
    assert_eq!(data.spec().classes[0].limits.per_day.unwrap().value, 6);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_stale_save_is_refused_with_who_and_when_and_changes_nothing(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let data = load(&store, version).await;
    let first = to(&data, 500, 0, Some((1, 0)));
    assert_eq!(
        save(&store, version, 0, &[first], Uuid::from_u128(1))
            .await
            .unwrap()
            .revision,
        1
    );
    // another person still works on revision 0
    let second = to(&data, 500, 0, Some((3, 0)));
    let Err(AppError::Conflict { message }) = save(&store, version, 0, &[second], Uuid::from_u128(2)).await
    else {
        panic!("silently overwritten");
    };
    assert!(
        message.contains("Завучева О. П.") && message.contains("21.11 11:00"),
        "{message}"
    );
    let after = load(&store, version).await;
    assert_eq!(after.version.revision, 1);
    let card = after.cards.iter().find(|c| c.id == first.card).unwrap();
    assert_eq!(after.state_of(card), first.new);
    // the client puts its own moves on top of the newer board
    let rebased = study_core::timetable::moves::rebased(&[second], &after);
    assert_eq!(rebased.len(), 1);
    assert!(rebased[0].1, "the same card was moved by both");
    assert_eq!(
        save(&store, version, 1, &[rebased[0].0], Uuid::from_u128(3))
            .await
            .unwrap()
            .revision,
        2
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_batch_sent_twice_counts_once_and_undo_is_a_save(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let data = load(&store, version).await;
    let step = to(&data, 500, 1, Some((1, 2)));
    let op = Uuid::from_u128(7);
    let once = save(&store, version, 0, &[step], op).await.unwrap();
    assert_eq!(
        save(&store, version, 0, &[step], op).await.unwrap(),
        once,
        "the answer was lost, the batch comes again"
    );
    let events = "select count(*) from audit_event where school_id = 10 and action = 'timetable.moved'";
    assert_eq!(count(&pool, events).await, 1);
    save(&store, version, 1, &[step.undone()], Uuid::from_u128(8))
        .await
        .unwrap();
    let after = load(&store, version).await;
    assert_eq!(
        after.state_of(after.cards.iter().find(|c| c.id == step.card).unwrap()),
        step.old
    );
    assert_eq!(count(&pool, events).await, 2);
    let told: (serde_json::Value, serde_json::Value) =
        sqlx::query_as("select old, new from audit_event where op_id = $1")
            .bind(op)
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(told.0[0]["slot"], 1, "what it was");
    assert_eq!(told.1["moves"][0]["to"]["seat"]["slot"], 2, "what it became");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn bad_moves_are_refused_whole(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let data = load(&store, version).await;
    let good = to(&data, 500, 0, Some((1, 0)));
    let outside = to(&data, 500, 1, Some((1, 30)));
    let Err(AppError::Invalid { .. }) = save(&store, version, 0, &[good, outside], Uuid::from_u128(1)).await
    else {
        panic!("a place outside the board");
    };
    let foreign = Move {
        card: CardId(1),
        ..good
    };
    assert_eq!(
        save(&store, version, 0, &[good, foreign], Uuid::from_u128(2))
            .await
            .unwrap_err(),
        AppError::NotFound,
        "a card of another version"
    );
    let elsewhere = Move {
        new: CardState {
            seat: Some(Seat {
                day: 0,
                slot: 0,
                room: Some(RoomId(310)),
            }),
            locked: false,
        },
        ..good
    };
    assert!(
        save(&store, version, 0, &[elsewhere], Uuid::from_u128(3))
            .await
            .is_err(),
        "a room of another school"
    );
    let Err(AppError::Invalid { .. }) = save(&store, IN_FORCE, 0, &[foreign], Uuid::from_u128(4)).await
    else {
        panic!("what is in force was changed");
    };
    let after = load(&store, version).await;
    assert_eq!(after.cards, data.cards);
    assert_eq!(after.version.revision, 0);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn nobody_sees_more_than_is_theirs(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let other = staff(20, 4, "deputy");
    assert_eq!(
        act(&store, other.clone(), async |ctx| board(ctx, IN_FORCE).await)
            .await
            .unwrap_err(),
        AppError::NotFound
    );
    assert_eq!(
        act(&store, other, async |ctx| publish(
            ctx,
            version,
            day(12, 1),
            false
        )
        .await)
        .await
        .unwrap_err(),
        AppError::NotFound
    );
    for reader in [mother(), staff(10, 2, "teacher")] {
        let data = act(&store, reader.clone(), async |ctx| board(ctx, IN_FORCE).await)
            .await
            .unwrap();
        assert!(!data.may_edit && data.version.changed_by.is_none());
        assert_eq!(
            act(&store, reader.clone(), async |ctx| board(ctx, version).await)
                .await
                .unwrap_err(),
            AppError::NotFound,
            "a draft"
        );
        let list = act(&store, reader.clone(), async |ctx| versions(ctx).await)
            .await
            .unwrap();
        assert!(list.versions.iter().all(|v| v.state == VersionState::Published) && !list.may_edit);
        let step = to(&data, 500, 0, None);
        let refused = act(&store, reader, async |ctx| {
            save_moves(ctx, version, 0, &[step], Uuid::from_u128(1)).await
        })
        .await;
        assert!(matches!(refused, Err(AppError::NotFound | AppError::Forbidden)));
    }
    let stranger = Actor {
        role: Role::Person,
        grants: vec![],
        ..deputy()
    };
    assert_eq!(
        act(&store, stranger, async |ctx| versions(ctx).await)
            .await
            .unwrap_err(),
        AppError::NotFound
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn publishing_closes_the_former_version_and_moves_future_lessons(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let data = load(&store, version).await;
    // maths of Monday goes to Tuesday
    let step = to(&data, 500, 0, Some((1, 0)));
    save(&store, version, 0, &[step], Uuid::from_u128(1))
        .await
        .unwrap();
    let done = act(&store, deputy(), async |ctx| {
        publish(ctx, version, day(11, 23), false).await
    })
    .await
    .unwrap();
    assert_eq!(done.closed.as_deref(), Some("С 1 сентября"));
    let former = load(&store, IN_FORCE).await;
    assert_eq!(former.version.valid_to, Some(day(11, 22)));
    // until the quarter's end on Sunday 2026-12-27: five Tuesdays, Wednesdays and Fridays of maths, five Mondays of English
    assert_eq!(
        count(
            &pool,
            "select count(*) from lesson where load_id = 500 and held_on >= '2026-11-23'"
        )
        .await,
        15
    );
    assert_eq!(count(&pool, "select count(*) from lesson where load_id = 500 and held_on >= '2026-11-23' and extract(isodow from held_on) = 1").await, 0);
    assert_eq!(
        count(
            &pool,
            "select count(*) from lesson where load_id = 501 and held_on >= '2026-11-23'"
        )
        .await,
        5
    );
    assert_eq!(
        count(&pool, "select count(*) from lesson where held_on > '2026-12-27'").await,
        0,
        "no period, no lessons"
    );
    assert_eq!(
        done.lessons,
        Laid {
            added: 20,
            changed: 0,
            removed: 0
        }
    );
    assert_eq!(
        count(
            &pool,
            "select count(*) from audit_event where action = 'timetable.published'"
        )
        .await,
        1
    );
    let list = act(&store, deputy(), async |ctx| versions(ctx).await)
        .await
        .unwrap();
    let in_force: Vec<_> = list
        .versions
        .iter()
        .filter(|v| v.in_force)
        .map(|v| v.id)
        .collect();
    assert_eq!(in_force, [IN_FORCE], "today is the day before yesterday of it");
    // and the next one takes over from this one, replacing what begins on the same day
    let next = act(&store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Copy(version), "")
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap();
    let again = act(&store, deputy(), async |ctx| {
        publish(ctx, next, day(11, 23), false).await
    })
    .await
    .unwrap();
    assert_eq!(again.closed, None);
    assert_eq!(load(&store, version).await.version.state, VersionState::Archived);
    assert_eq!(
        again.lessons,
        Laid {
            added: 0,
            changed: 20,
            removed: 0
        }
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_clash_is_refused_on_publishing_and_named(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let data = load(&store, version).await;
    // English of half the class, at the time of the whole class's maths
    let step = to(&data, 501, 0, Some((2, 1)));
    save(&store, version, 0, &[step], Uuid::from_u128(1))
        .await
        .unwrap();
    let Err(AppError::Invalid { fields }) = act(&store, deputy(), async |ctx| {
        publish(ctx, version, day(11, 23), false).await
    })
    .await
    else {
        panic!("published with a clash");
    };
    let words = fields
        .iter()
        .map(|f| f.message.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        words.contains("Ср, 2 урок") && words.contains("Математика, 7А"),
        "{words}"
    );
    assert_eq!(load(&store, version).await.version.state, VersionState::Draft);
    assert_eq!(load(&store, IN_FORCE).await.version.valid_to, None);
    for bad in [NaiveDate::from_ymd_opt(2028, 1, 1).unwrap(), day(8, 1)] {
        let refused = act(&store, deputy(), async |ctx| {
            publish(ctx, version, bad, false).await
        })
        .await;
        assert!(
            matches!(refused, Err(AppError::Invalid { .. })),
            "a day outside the year"
        );
    }
    let teacher = act(&store, staff(10, 2, "teacher"), async |ctx| {
        publish(ctx, version, day(11, 23), false).await
    })
    .await;
    assert_eq!(teacher.unwrap_err(), AppError::Forbidden);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn lessons_respect_holidays_weeks_bells_and_what_was_held(pool: PgPool) {
    let store = store(&pool).await;
    for sql in [
        "insert into holiday (school_id, year_id, title, starts_on, ends_on) values (10, 5, 'Праздник', '2026-11-25', '2026-11-25')",
        "insert into holiday (school_id, year_id, title, starts_on, ends_on, grade) values (10, 5, 'Первоклассники', '2026-11-27', '2026-11-27', 1)",
        "update card set weeks = 'even' where id = 1",
        // no bell rings for the seventh slot
        "update card set day = 1, slot = 6 where id = 5",
        // held lessons: one at a time that no card has, one cancelled
        "insert into lesson (school_id, load_id, held_on, slot, topic) values (10, 500, '2026-11-24', 2, 'Дроби')",
        "insert into lesson (school_id, load_id, held_on, slot, state) values (10, 500, '2026-11-26', 2, 'cancelled')",
        "insert into lesson (school_id, load_id, held_on, slot) values (10, 500, '2026-12-03', 2)",
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&pool)
            .await
            .unwrap();
    }
    let laid = act(&store, deputy(), async |ctx| {
        lay_out_lessons(ctx, day(11, 16), day(12, 6)).await
    })
    .await
    .unwrap();
    let dates: Vec<(NaiveDate, i16)> = sqlx::query_as("select held_on, slot from lesson where load_id = 500 and held_on between '2026-11-16' and '2026-12-06' order by 1, 2")
        .fetch_all(&pool)
        .await
        .unwrap();
    // 2026-08-31 begins the first week, which is odd: 11-16 is week 12, 11-23 week 13, 11-30 week 14
    assert_eq!(
        dates,
        [
            (day(11, 16), 0), // even week; a work was given, and it stays
            (day(11, 18), 1),
            (day(11, 20), 0),
            (day(11, 24), 2), // has a topic
            (day(11, 26), 2), // cancelled
            (day(11, 27), 0), // only the first grade rests
            (day(11, 30), 0), // even week
            (day(12, 2), 1),
            (day(12, 4), 0),
        ]
    );
    assert_eq!(laid.removed, 1, "the one planned without a card");
    assert_eq!(
        count(
            &pool,
            "select count(*) from lesson where load_id = 501 and slot = 6"
        )
        .await,
        0
    );
    let again = act(&store, deputy(), async |ctx| {
        lay_out_lessons(ctx, day(11, 16), day(12, 6)).await
    })
    .await
    .unwrap();
    assert_eq!(again, Laid::default(), "a second time there is nothing to do");
    // a locked period is history
    sqlx::query("update period set locked_at = now() where id = 2")
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query("delete from card where id = 3")
        .execute(&pool)
        .await
        .unwrap();
    let locked = act(&store, deputy(), async |ctx| {
        lay_out_lessons(ctx, day(11, 16), day(12, 6)).await
    })
    .await
    .unwrap();
    assert_eq!(locked, Laid::default());
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_draft_is_cut_from_the_load_and_only_a_draft_is_deleted(pool: PgPool) {
    let store = store(&pool).await;
    let version = act(&store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Loads, " ")
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap();
    let data = load(&store, version).await;
    assert_eq!(data.cards.len(), 5 + 3, "one card a weekly hour");
    assert!(data.cards.iter().all(|c| c.place.is_none()));
    assert_eq!((data.days.len(), data.slots.len()), (5, 3));
    act(&store, deputy(), async |ctx| delete_draft(ctx, version).await)
        .await
        .unwrap();
    assert_eq!(
        act(&store, deputy(), async |ctx| board(ctx, version).await)
            .await
            .unwrap_err(),
        AppError::NotFound
    );
    let refused = act(&store, deputy(), async |ctx| delete_draft(ctx, IN_FORCE).await).await;
    assert!(matches!(refused, Err(AppError::Invalid { .. })));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_new_school_is_opened_once(pool: PgPool) {
    sqlx::query("insert into organisation (id, parent_id, kind, name, short_name, path) values (30, 2, 'school', 'Новая', 'Новая', '{1,2,30}')")
        .execute(&pool)
        .await
        .unwrap();
    let store = store(&pool).await;
    let open = async || {
        act(&store, staff(30, 1, "director"), async |ctx| {
            open_school(ctx, 2026).await
        })
        .await
        .unwrap()
    };
    let year = open().await;
    assert_eq!(open().await, year, "a second time changes nothing");
    for (table, rows) in [
        ("mark_scale_item", 9),
        ("work_type", 14),
        ("attendance_code", 5),
        ("bell", 8),
        ("academic_year", 1),
        ("period", 6),
        ("position", 5),
        ("audit_event", 5),
        ("holiday", 9),
    ] {
        assert_eq!(
            count(
                &pool,
                &format!("select count(*) from {table} where school_id = 30")
            )
            .await,
            rows,
            "{table}"
        );
    }
    let overlaps = "select count(*) from period p join period_system s on s.id = p.system_id join holiday h on h.school_id = p.school_id and h.grade is null
        and h.title like '%шаблон%' and daterange(h.starts_on, h.ends_on, '[]') && daterange(p.starts_on, p.ends_on, '[]') where p.school_id = 30 and s.kind = 'quarter'";
    assert_eq!(count(&pool, overlaps).await, 0, "breaks lie between quarters");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_draft_is_renamed_by_who_saw_its_name(pool: PgPool) {
    let store = store(&pool).await;
    let made = act(&store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Copy(IN_FORCE), "Первый").await
    })
    .await
    .unwrap();
    let rename = async |version, seen: &str, title: &str| {
        act(&store, deputy(), async |ctx| {
            rename_draft(ctx, version, seen, title).await
        })
        .await
    };
    rename(made.version, "Первый", "  После каникул ").await.unwrap();
    let titles = || async {
        let all = act(&store, deputy(), async |ctx| versions(ctx).await)
            .await
            .unwrap();
        let found = all.versions.into_iter().find(|v| v.id == made.version);
        found.unwrap().title
    };
    assert_eq!(titles().await, "После каникул");
    // whoever saw an older name does not write over the newer one
    let late = rename(made.version, "Первый", "Другой").await;
    assert!(matches!(late, Err(AppError::Conflict { .. })), "{late:?}");
    for wrong in ["", "   ", &"щ".repeat(121)] {
        let refused = rename(made.version, "После каникул", wrong).await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })), "{refused:?}");
    }
    let refused = rename(IN_FORCE, "С 1 сентября", "Иначе").await;
    assert!(matches!(refused, Err(AppError::Invalid { .. })), "{refused:?}");
    assert_eq!(titles().await, "После каникул");
    let told = count(
        &pool,
        "select count(*) from audit_event where action = 'timetable.draft_renamed' and old ->> 'title' = 'Первый'",
    );
    assert_eq!(told.await, 1);
    // the same name once more is no event
    rename(made.version, "После каникул", "После каникул")
        .await
        .unwrap();
    assert_eq!(
        count(
            &pool,
            "select count(*) from audit_event where action = 'timetable.draft_renamed'"
        )
        .await,
        1
    );
}
