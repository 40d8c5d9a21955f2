//! The walls between schools and around families, tried with generated statements on every table.
//!
//! What the code asks is no matter here: the connection acts as the application does, and the statements name the
//! other school outright.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use base::rights::{Actor, Role};
use base::sql::{Ctx, Store};
use base::{AccountId, EmployeeId, Lang, PersonId, PupilId, SchoolId};
use chrono::{DateTime, TimeZone as _, Utc};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use server::commands::database::MIGRATIONS;
use server::postgres::testing::TestDatabase;
use sqlx::{AssertSqlSafe, Executor as _, Row};

/// A database in which every table of school data holds rows of school 10 and of school 20.
struct Walls {
    database: TestDatabase,
    store: Store,
    tables: Vec<String>,
}

impl Walls {
    async fn new(connections: u32) -> Self {
        let scripts = [
            include_str!("../../base/fixtures/small.sql"),
            include_str!("fixtures/rest.sql"),
        ];
        let database = TestDatabase::filled(&MIGRATIONS, &scripts).await.unwrap();
        let store = Store::connect(database.options.clone(), connections)
            .await
            .unwrap();
        let owner = &database.pool;
        let found = owner
            .fetch_all(
                "select 'public.' || quote_ident(c.relname) from pg_class c
                 join pg_attribute a on a.attrelid = c.oid and a.attname = 'school_id' and not a.attisdropped
                 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1",
            )
            .await
            .unwrap();
        let tables: Vec<String> = found.iter().map(|row| row.get(0)).collect();
        // The other school gets a copy of each row; keys into people and years are beside the point here.
        let mut connection = owner.acquire().await.unwrap();
        connection
            .execute("set session_replication_role = replica")
            .await
            .unwrap();
        for table in &tables {
            let columns = columns(&mut connection, table).await;
            let others: Vec<String> = columns
                .iter()
                .map(|name| match name.as_str() {
                    "school_id" => "20".to_owned(),
                    // the one key that is unique without the school
                    "id" if table == "public.job" => "id + 1".to_owned(),
                    name => name.to_owned(),
                })
                .collect();
            // a key that is asked for only at the end cannot arbitrate; what is copied into another school meets nothing there
            let deferred = format!(
                "select exists (select from pg_constraint where conrelid = '{table}'::regclass and condeferrable and contype in ('u', 'x'))"
            );
            let deferred: bool = connection
                .fetch_one(AssertSqlSafe(deferred))
                .await
                .unwrap()
                .get(0);
            let sql = format!(
                "insert into {table} ({}) overriding system value select {} from {table} where school_id = 10 {}",
                columns.join(", "),
                others.join(", "),
                if deferred { "" } else { "on conflict do nothing" },
            );
            connection.execute(AssertSqlSafe(sql)).await.unwrap();
            // a trigger speaks before the wall is asked, and here the wall is asked
            let alone = format!("alter table {table} disable trigger user");
            connection.execute(AssertSqlSafe(alone)).await.unwrap();
        }
        connection
            .execute("set session_replication_role = origin")
            .await
            .unwrap();
        drop(connection);
        Self {
            database,
            store,
            tables,
        }
    }

    async fn as_owner(&self, question: String) -> i64 {
        let row = self
            .database
            .pool
            .fetch_one(AssertSqlSafe(question))
            .await
            .unwrap();
        row.get(0)
    }

    async fn end(self) {
        self.store.pool().close().await;
        self.database.remove().await.unwrap();
    }
}

async fn columns(connection: &mut sqlx::PgConnection, table: &str) -> Vec<String> {
    let sql = format!(
        "select attname::text from pg_attribute where attrelid = '{table}'::regclass and attnum > 0
         and not attisdropped and attgenerated = '' order by attnum"
    );
    let rows = connection.fetch_all(AssertSqlSafe(sql)).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 17, 9, 0, 0).unwrap()
}

fn actor(school: i64, person: i64, role: Role) -> Actor {
    Actor {
        person: PersonId(person),
        account: AccountId(1),
        school: SchoolId(school),
        role,
        grants: Vec::new(),
        must_change_password: false,
        utc_offset: 3 * 3600,
    }
}

fn staff(school: i64) -> Actor {
    let employee = EmployeeId(if school == 10 { 1400 } else { 2100 });
    actor(school, 4, Role::Staff { employee })
}

async fn enter(store: &Store, actor: Actor) -> Ctx {
    store.begin(actor, now(), Lang::Ru).await.unwrap()
}

async fn count(ctx: &mut Ctx, question: String) -> i64 {
    ctx.db().fetch_one(AssertSqlSafe(question)).await.unwrap().get(0)
}

/// The code of a refusal; `None` when the statement passed.
async fn refusal(ctx: &mut Ctx, statement: String) -> Option<String> {
    ctx.db().execute("savepoint before").await.unwrap();
    let outcome = ctx.db().execute(AssertSqlSafe(statement)).await;
    ctx.db().execute("rollback to savepoint before").await.unwrap();
    outcome
        .err()
        .and_then(|e| e.as_database_error().and_then(|e| e.code().map(Into::into)))
}

#[tokio::test]
async fn no_table_shows_or_takes_a_row_of_another_school() {
    let walls = Walls::new(1).await;
    assert!(walls.tables.len() > 30, "{:?}", walls.tables);
    for table in &walls.tables {
        let theirs = walls
            .as_owner(format!("select count(*) from {table} where school_id = 20"))
            .await;
        let ours = walls
            .as_owner(format!("select count(*) from {table} where school_id = 10"))
            .await;
        assert!(
            theirs > 0 && ours > 0,
            "{table} is empty: give it a row in server/tests/fixtures/rest.sql"
        );
        let row = walls
            .database
            .pool
            .fetch_one(AssertSqlSafe(format!(
                "select to_jsonb(t)::text from {table} t where school_id = 20 limit 1"
            )))
            .await
            .unwrap()
            .get::<String, _>(0)
            .replace('\'', "''");

        let mut ctx = enter(&walls.store, staff(10)).await;
        let all = count(&mut ctx, format!("select count(*) from {table}")).await;
        assert_eq!(all, ours, "{table} shows its own school and nothing else");
        let insert = format!(
            "insert into {table} overriding system value select * from jsonb_populate_record(null::{table}, '{row}')"
        );
        for (act, what) in [
            (insert, "takes a row for another school"),
            (
                format!("update {table} set school_id = 20"),
                "lets a row move to another school",
            ),
        ] {
            let refused = refusal(&mut ctx, act).await;
            assert_eq!(refused.as_deref(), Some("42501"), "{table} {what}");
        }
        for act in ["update {t} set school_id = school_id", "delete from {t}"] {
            let statement = format!("{} where school_id = 20", act.replace("{t}", table));
            ctx.db().execute("savepoint before").await.unwrap();
            match ctx.db().execute(AssertSqlSafe(statement.clone())).await {
                Ok(done) => assert_eq!(done.rows_affected(), 0, "{statement}"),
                Err(refused) => assert_eq!(
                    refused.as_database_error().unwrap().code().as_deref(),
                    Some("42501"),
                    "{statement}"
                ),
            }
            ctx.db().execute("rollback to savepoint before").await.unwrap();
        }
        drop(ctx);
    }
    walls.end().await;
}

#[tokio::test]
async fn without_a_context_there_is_nothing() {
    let walls = Walls::new(1).await;
    // before any transaction, and after one: then the settings are no longer null but empty
    for turn in ["fresh", "used"] {
        for table in &walls.tables {
            let sql = AssertSqlSafe(format!("select count(*) from {table}"));
            let seen: i64 = walls.store.pool().fetch_one(sql).await.unwrap().get(0);
            assert_eq!(seen, 0, "{table} on a {turn} connection");
        }
        for table in ["person", "guardianship", "account", "session", "account_event"] {
            let sql = AssertSqlSafe(format!("select count(*) from {table}"));
            let seen: i64 = walls.store.pool().fetch_one(sql).await.unwrap().get(0);
            assert_eq!(seen, 0, "{table} on a {turn} connection");
        }
        let ctx = enter(&walls.store, staff(10)).await;
        ctx.close(Ok(())).await.unwrap();
    }
    walls.end().await;
}

#[tokio::test]
async fn people_of_other_schools_are_not_seen_nor_changed() {
    let walls = Walls::new(1).await;
    let mut ctx = enter(&walls.store, staff(20)).await;
    let seen = count(
        &mut ctx,
        "select count(*) from person where id in (1, 2, 3, 11, 12)".into(),
    )
    .await;
    // the copy above gave school 20 cards of everybody, so they are taken away first
    assert_eq!(seen, 5);
    drop(ctx);
    walls
        .database
        .pool
        .execute("delete from school_person where school_id = 20 and person_id not in (4, 21, 31)")
        .await
        .expect_err("pupils and employees hold the cards");
    walls
        .database
        .pool
        .execute(
            "begin; set local session_replication_role = replica;
             delete from school_person where school_id = 20 and person_id not in (4, 21, 31); commit",
        )
        .await
        .unwrap();
    let mut ctx = enter(&walls.store, staff(20)).await;
    let seen = count(&mut ctx, "select count(*) from person".into()).await;
    assert_eq!(seen, 3, "the teacher, the pupil, her mother");
    let wards = count(
        &mut ctx,
        "select count(*) from guardianship where ward_id <> 21".into(),
    )
    .await;
    assert_eq!(wards, 0, "the mother's other child goes to another school");
    let done = ctx
        .db()
        .execute("update person set last_name = 'x' where id = 11")
        .await
        .unwrap();
    assert_eq!(done.rows_affected(), 0);
    let strange = "insert into guardianship (guardian_id, ward_id, kind, valid_from) values (4, 12, 'father', '2026-01-01')";
    assert_eq!(refusal(&mut ctx, strange.into()).await.as_deref(), Some("42501"));
    let branch = "insert into organisation (parent_id, kind, name, short_name, path, id)
                  values (1, 'school', 'Чужая', 'Чужая', '{1,99}', 99)";
    assert_eq!(refusal(&mut ctx, branch.into()).await.as_deref(), Some("42501"));
    let law = "update norm set value = 0";
    assert_eq!(refusal(&mut ctx, law.into()).await.as_deref(), Some("42501"));
    drop(ctx);
    walls.end().await;
}

#[tokio::test]
async fn a_family_sees_its_own_children_and_changes_no_journal() {
    let walls = Walls::new(1).await;
    walls
        .database
        .pool
        .execute(
            "insert into account (person_id, login, password_hash, created_at, password_changed_at)
             values (1, 'deputy', 'x', '2026-11-01 09:00Z', '2026-11-01 09:00Z')",
        )
        .await
        .unwrap();
    let mother = Role::Guardian {
        pupils: vec![PupilId(1001)],
    };
    let mut ctx = enter(&walls.store, actor(10, 31, mother)).await;
    for table in [
        "mark",
        "attendance",
        "diary_visit",
        "calendar_feed",
        "calendar_event",
        "dispute",
        "dispute_message",
        "notice",
        "notice_choice",
        "absence_note",
        "individual_homework_pupil",
        "exemption",
        "week_acknowledgement",
        "homework_tick",
        "mark_look",
    ] {
        let own = count(
            &mut ctx,
            format!("select count(*) from {table} where pupil_id = 1001"),
        )
        .await;
        let other = count(
            &mut ctx,
            format!("select count(*) from {table} where pupil_id <> 1001"),
        )
        .await;
        assert_eq!((own, other), (1, 0), "{table}");
    }
    // devices and quiet hours are one's own, whoever's child it is
    for table in ["push_device", "push_quiet"] {
        let seen = count(&mut ctx, format!("select count(*) from {table}")).await;
        let own = count(
            &mut ctx,
            format!("select count(*) from {table} where person_id = 31"),
        )
        .await;
        assert_eq!((seen, own), (1, 1), "{table}");
    }
    for statement in [
        "update mark set code = '5'",
        "update attendance set code = null",
        "delete from mark",
        "update lesson set topic = 'x'",
        "delete from homework",
        "update card set day = 1",
        "update timetable_version set title = 'x'",
        "update assignment set weight = 0",
        "update lesson_plan_row set topic = 'x'",
        "delete from lesson_plan_skip",
        "update lesson_plan_act set kind = 'x'",
        "update individual_homework set text = 'x'",
        "delete from homework_file",
        "update assessment set title = 'x'",
        "delete from lesson_format",
        "update distance_span set link = 'x'",
        "update exemption set withdrawn_at = now(), withdrawn_by = 31",
        "update absence_reason set withdrawn_at = now(), withdrawn_by = 31",
    ] {
        ctx.db().execute("savepoint before").await.unwrap();
        let done = ctx.db().execute(statement).await.unwrap();
        assert_eq!(done.rows_affected(), 0, "{statement}");
        ctx.db().execute("rollback to savepoint before").await.unwrap();
    }
    let forged =
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
                  values (10, 790, 1001, 1, '5', 31, '2026-11-17 09:00Z')";
    assert_eq!(refusal(&mut ctx, forged.into()).await.as_deref(), Some("42501"));
    // Other people's accounts and what others did are no family's business.
    let accounts = "select count(*) from account where person_id <> 31";
    let events = "select count(*) from audit_event";
    for question in [accounts, events] {
        assert_eq!(count(&mut ctx, question.into()).await, 0, "{question}");
    }
    let theft = ctx
        .db()
        .execute("update account set login = login || 'x' where person_id <> 31")
        .await
        .unwrap();
    assert_eq!(theft.rows_affected(), 0);
    drop(ctx);
    let mut ctx = enter(&walls.store, staff(10)).await;
    for question in [accounts, events] {
        assert!(
            count(&mut ctx, question.into()).await > 0,
            "the fixture has some: {question}"
        );
    }
    drop(ctx);

    // Somebody without position or child: no marks at all.
    let mut ctx = enter(&walls.store, actor(10, 31, Role::Person)).await;
    assert_eq!(count(&mut ctx, "select count(*) from mark".into()).await, 0);
    drop(ctx);
    walls.end().await;
}

/// What may happen on a connection between two tenants.
#[derive(Clone, Copy, Debug)]
enum Step {
    Commits(i64),
    RollsBack(i64),
    Fails(i64),
    IsDropped(i64),
    Family(i64),
    Nobody,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let school = prop_oneof![Just(10_i64), Just(20)];
    let step = (school, 0..6).prop_map(|(school, kind)| match kind {
        0 => Step::Commits(school),
        1 => Step::RollsBack(school),
        2 => Step::Fails(school),
        3 => Step::IsDropped(school),
        4 => Step::Family(school),
        _ => Step::Nobody,
    });
    proptest::collection::vec(step, 2..16)
}

/// Two tenants take turns on one connection, in any order and with any end: nothing of one is left for the next.
#[test]
fn turns_on_one_connection_never_leak() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let walls = runtime.block_on(Walls::new(1));
    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&steps(), |steps| {
        runtime.block_on(async {
            for step in steps {
                take(&walls.store, step).await;
            }
        });
        Ok(())
    });
    runtime.block_on(walls.end());
    outcome.unwrap();
}

async fn take(store: &Store, step: Step) {
    let (school, role) = match step {
        Step::Nobody => {
            let seen: i64 = store
                .pool()
                .fetch_one("select (select count(*) from mark) + (select count(*) from lesson) + (select count(*) from person)")
                .await
                .unwrap()
                .get(0);
            assert_eq!(seen, 0, "nobody sees nothing");
            return;
        }
        Step::Family(school) => (
            school,
            Role::Guardian {
                pupils: vec![PupilId(1002)],
            },
        ),
        Step::Commits(school) | Step::RollsBack(school) | Step::Fails(school) | Step::IsDropped(school) => {
            (school, staff(school).role)
        }
    };
    let mut ctx = enter(store, actor(school, 4, role)).await;
    let foreign = count(
        &mut ctx,
        format!(
            "select (select count(*) from mark where school_id <> {school}) \
             + (select count(*) from lesson where school_id <> {school})"
        ),
    )
    .await;
    assert_eq!(foreign, 0, "{step:?}");
    let marks = count(&mut ctx, "select count(distinct pupil_id) from mark".into()).await;
    assert_eq!(
        marks,
        if matches!(step, Step::Family(_)) { 1 } else { 2 },
        "{step:?}"
    );
    match step {
        Step::Commits(_) | Step::Family(_) | Step::Nobody => ctx.close(Ok(())).await.unwrap(),
        Step::RollsBack(_) => {
            ctx.close::<()>(Err(base::AppError::NotFound.into()))
                .await
                .unwrap_err();
        }
        Step::Fails(_) => {
            let failed = ctx.db().execute("select 1 / 0").await.unwrap_err();
            ctx.close::<()>(Err(failed.into())).await.unwrap_err();
        }
        Step::IsDropped(_) => drop(ctx),
    }
}
