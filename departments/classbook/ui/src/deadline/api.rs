//! What the browser asks of deadlines.

use base::{AppError, ClassId, EmployeeId, PeriodId};
use chrono::NaiveDate;
use classbook_core::deadline::{Board, Debt, Kind, Late, Mine, Term};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// What one owes oneself.
#[server(name = MyDeadlines, prefix = "/api", endpoint = "deadline/mine", input = GetUrl)]
pub async fn mine() -> Result<Mine, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::deadline::sql::mine(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// The board of the school.
#[server(name = DeadlineBoard, prefix = "/api", endpoint = "deadline/board", input = GetUrl)]
pub async fn board() -> Result<Board, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::deadline::sql::board(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// The lessons behind a figure.
#[server(name = DeadlineLessons, prefix = "/api", endpoint = "deadline/lessons", input = GetUrl)]
pub async fn lessons(
    teacher: Option<EmployeeId>,
    class: Option<ClassId>,
    kind: Option<Kind>,
    late: Option<bool>,
) -> Result<Vec<Debt>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::deadline::sql::lessons(&mut ctx, teacher, class, kind, late).await;
    kit::server::close(ctx, out).await
}

/// What was written after its term in a period: figures by teacher and the lessons behind one, or one's own lessons.
#[server(name = WrittenLate, prefix = "/api", endpoint = "deadline/late", input = GetUrl)]
pub async fn late(
    period: Option<PeriodId>,
    teacher: Option<EmployeeId>,
    kind: Option<Kind>,
) -> Result<Late, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::deadline::sql::late(&mut ctx, period, teacher, kind).await;
    kit::server::close(ctx, out).await
}

/// Sets terms from a day on; `revision` is that of the row that was seen for this day, 0 for none.
#[server(name = SaveDeadline, prefix = "/api", endpoint = "deadline/save", input = Json)]
pub async fn save(term: Term, revision: i32) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::deadline::sql::save(&mut ctx, term, revision).await;
    kit::server::close(ctx, out).await
}

/// Takes the terms of a day away.
#[server(name = RemoveDeadline, prefix = "/api", endpoint = "deadline/remove", input = Json)]
pub async fn remove(valid_from: NaiveDate, revision: i32) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::deadline::sql::remove(&mut ctx, valid_from, revision).await;
    kit::server::close(ctx, out).await
}
