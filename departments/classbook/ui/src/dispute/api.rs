//! What the browser asks of questions about marks.

use base::{AppError, AssignmentId, DisputeId, PeriodMarkId, PupilId};
#[cfg(feature = "ssr")]
use classbook_core::dispute::sql;
use classbook_core::dispute::{Disputes, OfMark, Waiting};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// The threads that I may see.
#[server(name = DisputesOf, prefix = "/api", endpoint = "dispute/list", input = GetUrl)]
pub async fn disputes() -> Result<Disputes, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::disputes(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// How many wait for an answer that I may give.
#[server(name = WaitingOf, prefix = "/api", endpoint = "dispute/waiting", input = GetUrl)]
pub async fn waiting() -> Result<Waiting, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::waiting(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// A mark and what was asked about it.
#[server(name = DisputesOfMark, prefix = "/api", endpoint = "dispute/of_mark", input = GetUrl)]
pub async fn of_mark(pupil: PupilId, assignment: AssignmentId) -> Result<OfMark, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::of_mark(&mut ctx, pupil, assignment).await;
    kit::server::close(ctx, out).await
}

/// Asks about a mark.
#[server(prefix = "/api", endpoint = "dispute/ask")]
pub async fn ask_about(
    pupil: PupilId,
    assignment: AssignmentId,
    text: String,
) -> Result<DisputeId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::ask(&mut ctx, pupil, assignment, &text).await;
    kit::server::close(ctx, out).await
}

/// A mark of a period and what was asked about it.
#[server(name = DisputesOfPeriod, prefix = "/api", endpoint = "dispute/of_period", input = GetUrl)]
pub async fn of_period(pupil: PupilId, mark: PeriodMarkId) -> Result<OfMark, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::of_mark(&mut ctx, pupil, mark).await;
    kit::server::close(ctx, out).await
}

/// Asks about a mark of a period.
#[server(prefix = "/api", endpoint = "dispute/ask_period")]
pub async fn ask_about_period(
    pupil: PupilId,
    mark: PeriodMarkId,
    text: String,
) -> Result<DisputeId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::ask(&mut ctx, pupil, mark, &text).await;
    kit::server::close(ctx, out).await
}

/// Asks on, or answers.
#[server(prefix = "/api", endpoint = "dispute/say")]
pub async fn say_in(dispute: DisputeId, text: String) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::say(&mut ctx, dispute, &text).await;
    kit::server::close(ctx, out).await
}

/// Ends a thread.
#[server(prefix = "/api", endpoint = "dispute/close")]
pub async fn close_dispute(dispute: DisputeId) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::close(&mut ctx, dispute).await;
    kit::server::close(ctx, out).await
}

/// Sets the school's term to answer, in school days.
#[server(prefix = "/api", endpoint = "dispute/set_days")]
pub async fn set_dispute_days(days: i16) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::set_days(&mut ctx, days).await;
    kit::server::close(ctx, out).await
}
