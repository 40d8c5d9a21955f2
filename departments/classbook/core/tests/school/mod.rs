//! The two schools of the small fixture, and who asks in them.
#![allow(dead_code, unused_imports, reason = "each test file uses a part of it")]

pub use base::number::Hundredths;
pub use base::rights::{Actor, Grant, Role, template};
pub use base::sql::{Ctx, Store};
pub use base::*;
pub use chrono::{DateTime, NaiveDate, Utc};
pub use classbook_core::journal::cell::*;
pub use classbook_core::journal::grid::{AssignmentEdit, Grid};
pub use classbook_core::journal::sql;
pub use classbook_core::owed::{Owed, Wish};
pub use sqlx::PgPool;
pub use uuid::Uuid;

pub const MATHS: LoadId = LoadId(500);

pub async fn store(pool: &PgPool) -> Store {
    Store::connect((*pool.connect_options()).clone(), 3)
        .await
        .unwrap()
}

pub fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-18T09:00:00Z")
        .unwrap()
        .to_utc()
}

pub fn staff(person: i64, school: i64, employee: i64, position: &str) -> Actor {
    Actor {
        person: PersonId(person),
        account: AccountId(person),
        school: SchoolId(school),
        role: Role::Staff {
            employee: EmployeeId(employee),
        },
        grants: template(position).unwrap().grants.to_vec(),
        must_change_password: false,
        utc_offset: 3 * 3600,
    }
}

/// Teaches maths in 7А and leads the class.
pub fn teacher() -> Actor {
    staff(2, 10, 1200, "teacher")
}

/// Teaches English to a subgroup; maths is not hers.
pub fn stranger() -> Actor {
    staff(3, 10, 1300, "teacher")
}

pub fn deputy() -> Actor {
    staff(1, 10, 1100, "deputy")
}

/// A person of a family in school 10.
pub fn family(person: i64, role: Role) -> Actor {
    Actor {
        role,
        grants: vec![],
        ..staff(person, 10, 0, "teacher")
    }
}

pub fn guardian(person: i64, pupil: i64) -> Actor {
    let pupils = vec![PupilId(pupil)];
    family(person, Role::Guardian { pupils })
}

/// Of pupil 1001.
pub fn mother() -> Actor {
    guardian(31, 1001)
}

/// Of pupil 1002.
pub fn father() -> Actor {
    guardian(32, 1002)
}

/// Pupil 1001.
pub fn pupil() -> Actor {
    family(11, Role::Pupil { pupil: PupilId(1001) })
}

pub async fn open(store: &Store, actor: Actor) -> Ctx {
    store.begin(actor, now(), Lang::Ru).await.unwrap()
}

pub fn mark(lesson: i64, assignment: i64, pupil: i64, code: Option<&str>, expected: i32) -> Edit {
    let change = Change::Mark {
        lesson: LessonId(lesson),
        assignment: (assignment > 0).then_some(AssignmentId(assignment)),
        pupil: PupilId(pupil),
        code: code.map(str::to_owned),
        comment: None,
        owed: Wish::Kept,
    };
    Edit {
        op_id: Uuid::new_v4(),
        change,
        expected,
    }
}

/// A dot in the place of a mark.
pub fn owe(lesson: i64, assignment: i64, pupil: i64, until: Option<&str>, expected: i32) -> Edit {
    let mut edit = mark(lesson, assignment, pupil, None, expected);
    if let Change::Mark { owed, .. } = &mut edit.change {
        *owed = Wish::Owed(Owed {
            until: until.map(|day| day.parse().unwrap()),
            handed_in: None,
        });
    }
    edit
}

pub fn attend(lesson: i64, pupil: i64, code: Option<&str>, expected: i32) -> Edit {
    let change = Change::Attendance {
        lesson: LessonId(lesson),
        pupil: PupilId(pupil),
        code: code.map(str::to_owned),
    };
    Edit {
        op_id: Uuid::new_v4(),
        change,
        expected,
    }
}

pub async fn save(store: &Store, actor: Actor, edits: Vec<Edit>) -> Result<Vec<Answer>, AppError> {
    let batch = Batch {
        person: actor.person,
        school: actor.school,
        edits,
    };
    let mut ctx = open(store, actor).await;
    let out = sql::save_cells(&mut ctx, &batch).await;
    ctx.close(out).await
}

pub async fn save_one(store: &Store, actor: Actor, edit: Edit) -> Outcome {
    save(store, actor, vec![edit]).await.unwrap().remove(0).outcome
}

pub async fn grid(store: &Store, actor: Actor, period: Option<i64>) -> Result<Grid, AppError> {
    let mut ctx = open(store, actor).await;
    let out = sql::grid(&mut ctx, MATHS, period.map(PeriodId)).await;
    ctx.close(out).await
}

/// Events and marks, counted past all walls.
pub async fn counts(pool: &PgPool) -> (i64, i64) {
    let events = sqlx::query_scalar!(r#"select count(*) as "n!" from audit_event"#)
        .fetch_one(pool)
        .await
        .unwrap();
    let marks = sqlx::query_scalar!(r#"select count(*) as "n!" from mark where code is not null"#)
        .fetch_one(pool)
        .await
        .unwrap();
    (events, marks)
}

pub fn refusal(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused { message } => message,
        other => panic!("not refused: {other:?}"),
    }
}

#[macro_export]
macro_rules! db_test {
    ($name:ident, $pool:ident, $body:block) => {
        #[sqlx::test(
            migrations = "../../../migrations",
            fixtures(path = "../../../../base/fixtures", scripts("small"))
        )]
        async fn $name($pool: sqlx::PgPool) $body
    };
}
