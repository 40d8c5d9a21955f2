//! What school 10 asks of its timetable: put down, seen by the judge, priced by the search.
#![allow(dead_code, reason = "each test file uses a part of it")]

use base::sql::Store;
use base::{AppError, EmployeeId, VersionId};
use sqlx::PgPool;
use study_core::requirement::sql::{save, save_hours, sheet};
use study_core::requirement::{Hours, Requirement, Sheet, Terms, Who};
use study_core::timetable::BoardData;
use study_core::timetable::sql::board;
use timetable::compose::{Composition, places};
use timetable::problem::evaluate;
use timetable::{CardIx, Verdict};

use super::school::{act, count, deputy};

pub const IN_FORCE: VersionId = VersionId(600);
pub const MATHS: EmployeeId = EmployeeId(1200);

/// The version in force as the editor has it.
pub async fn load(store: &Store) -> BoardData {
    act(store, deputy(), async |ctx| board(ctx, IN_FORCE).await)
        .await
        .unwrap()
}

/// «Требования».
pub async fn page(store: &Store) -> Sheet {
    act(store, deputy(), async |ctx| sheet(ctx).await).await.unwrap()
}

pub async fn put(store: &Store, terms: Terms) -> Result<Requirement, AppError> {
    act(store, deputy(), async |ctx| save(ctx, None, terms.clone()).await).await
}

pub async fn paint(store: &Store, who: Who, seen: &Hours, new: &Hours) -> Result<(), AppError> {
    act(store, deputy(), async |ctx| save_hours(ctx, who, seen, new).await).await
}

/// The first card of maths, which lies on Monday, first lesson, judged in a cell.
pub fn maths(data: &BoardData, day: u16, slot: u16) -> Verdict {
    data.board().unwrap().judge(CardIx(0), day, slot, None)
}

/// What the version as it lies costs in the problem that «Составить» searches.
pub fn priced(data: &BoardData) -> (i64, i64) {
    let board = data.board().unwrap();
    let composition = Composition::new(&board, &[]);
    let cost = evaluate(composition.problem(), &composition.solution(&places(&board)));
    (cost.hard, cost.soft)
}

/// Events of a kind in the audit of the school.
pub async fn events(pool: &PgPool, action: &str) -> i64 {
    let sql = format!("select count(*) from audit_event where school_id = 10 and action = '{action}'");
    count(pool, &sql).await
}
