//! Marks of every stage (decision 46) and what they hang on, behind the family's wall: statements that no function of ours would make. Against a
//! real database, as the server's role.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod school;

use school::*;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

const STAGES: [&str; 7] = ["coursework", "half_1", "half_2", "interim", "year", "exam", "final"];

/// What marks of stages hang on: forms, systems and days of periods, rules, scales, letters.
const TABLES: [&str; 14] = [
    "period_mark",
    "grading_rule",
    "period",
    "period_system",
    "parallel",
    "teaching_load",
    "load_audience",
    "load_teacher",
    "class",
    "academic_year",
    "attendance_code",
    "work_type",
    "mark_scale",
    "mark_scale_item",
];

async fn count(ctx: &mut Ctx, question: &str) -> i64 {
    let row = ctx
        .db()
        .fetch_one(AssertSqlSafe(question.to_owned()))
        .await
        .unwrap();
    row.get(0)
}

/// How many rows a statement has changed, or the code of its refusal; nothing of it stays.
async fn tried(ctx: &mut Ctx, statement: &str) -> Result<u64, String> {
    ctx.db().execute("savepoint before").await.unwrap();
    let outcome = ctx.db().execute(AssertSqlSafe(statement.to_owned())).await;
    ctx.db().execute("rollback to savepoint before").await.unwrap();
    outcome
        .map(|done| done.rows_affected())
        .map_err(|e| e.as_database_error().unwrap().code().unwrap().into_owned())
}

db_test!(every_stage_of_totals_stands_behind_the_familys_wall, pool, {
    let store = store(&pool).await;
    for (n, stage) in (10i64..).step_by(2).zip(STAGES) {
        let (period, topic) = match stage {
            "coursework" => ("1", "'Числа'"),
            _ => ("null", "null"),
        };
        let rows = format!(
            "insert into period_mark (school_id, id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, topic, changed_by, changed_at)
             select 10, {n} + p.pupil - 1001, 5, 400, p.pupil, '{stage}', {period}, 500, 1, '5', {topic}, 2, '2026-11-16 12:00Z'
             from (values (1001), (1002)) p (pupil)"
        );
        pool.execute(AssertSqlSafe(rows)).await.unwrap();
    }
    pool.execute(
        "insert into grading_rule (school_id, id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up, first_grade,
            class_average, rewritten, act_number, act_date, changed_by, changed_at)
         values (10, 1, 0, 12, '2026-09-01', true, 450, 350, 250, 50, false, false, 'new', '1', '2026-08-30', 1, '2026-08-30 12:00Z')",
    )
    .await
    .unwrap();
    let all = i64::try_from(STAGES.len()).unwrap();
    let whose = |sign: &str| format!("select count(*) from period_mark where pupil_id {sign} 1001");
    let nobody = family(31, Role::Person);
    for (who, own) in [(mother(), all), (pupil(), all), (nobody, 0)] {
        let mut ctx = open(&store, who).await;
        let seen = [
            count(&mut ctx, &whose("=")).await,
            count(&mut ctx, &whose("<>")).await,
        ];
        assert_eq!(seen, [own, 0]);
        for table in TABLES {
            let row: String = pool
                .fetch_one(AssertSqlSafe(format!(
                    "select to_jsonb(t)::text from {table} t where school_id = 10 limit 1"
                )))
                .await
                .unwrap()
                .get(0);
            for act in [
                format!("update {table} set school_id = school_id"),
                format!("delete from {table}"),
            ] {
                // what the role may not do at all is refused; what it may, finds no row
                let outcome = tried(&mut ctx, &act).await;
                assert!(matches!(&outcome, Ok(0)) || outcome == Err("42501".into()), "{act}: {outcome:?}");
            }
            let forged = format!(
                "insert into {table} overriding system value select * from jsonb_populate_record(null::{table}, '{}')",
                row.replace('\'', "''")
            );
            assert_eq!(tried(&mut ctx, &forged).await, Err("42501".into()), "{table}");
        }
    }
    // whoever works there passes: else the above would prove nothing
    let mut ctx = open(&store, deputy()).await;
    assert_eq!(count(&mut ctx, &whose("<>")).await, all);
    for table in ["period_mark", "teaching_load", "class", "attendance_code", "mark_scale_item"] {
        let act = format!("update {table} set school_id = school_id");
        assert!(tried(&mut ctx, &act).await.unwrap() > 0, "{table}");
    }
});
