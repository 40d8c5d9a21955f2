//! What the browser asks of attendance.

use base::{AbsenceNoteId, AbsenceReasonId, AppError, ClassId, PeriodId, PupilId};
use chrono::NaiveDate;
#[cfg(feature = "ssr")]
use classbook_core::attendance::sql;
use classbook_core::attendance::{Ask, ClassList, NotionRow, Paper, Preview, Sheet};
use classbook_core::grading::periods::RequestId;
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};
use serde::{Deserialize, Serialize};

/// What an act has done, for whoever did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The reason.
    pub id: AbsenceReasonId,
    /// Lessons that it changed.
    pub lessons: i64,
    /// Lessons that it left alone.
    pub kept: i64,
}

/// Tells open journals and diaries what has happened, once it has been kept.
#[cfg(feature = "ssr")]
fn told(school: base::SchoolId, done: &sql::Done) -> Outcome {
    use classbook_core::live::{Live, Topic};

    if !done.lessons.is_empty() {
        let lessons = done.lessons.iter().map(|l| Topic::Cells(school, *l));
        kit::server::shared::<Live>().tell(lessons.chain([Topic::Pupil(school, done.pupil)]));
    }
    Outcome {
        id: done.id,
        lessons: i64::try_from(done.lessons.len()).unwrap_or(i64::MAX),
        kept: done.kept,
    }
}

/// The classes whose attendance I see.
#[server(name = AttendanceClasses, prefix = "/api", endpoint = "attendance/classes", input = GetUrl)]
pub async fn classes() -> Result<ClassList, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::classes(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// A month of a class; without a date today's.
#[server(name = AttendanceSheet, prefix = "/api", endpoint = "attendance/sheet", input = GetUrl)]
pub async fn sheet(class: ClassId, month: Option<NaiveDate>) -> Result<Sheet, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::sheet(&mut ctx, class, month).await;
    kit::server::close(ctx, out).await
}

/// What a reason would change.
#[server(name = PreviewReason, prefix = "/api", endpoint = "attendance/preview", input = Json)]
pub async fn preview(ask: Ask) -> Result<Preview, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::preview(&mut ctx, &ask).await;
    kit::server::close(ctx, out).await
}

/// Sets a reason for a span of days; `seen`: so many changes were shown.
#[server(name = SetReason, prefix = "/api", endpoint = "attendance/set", input = Json)]
pub async fn set(
    ask: Ask,
    paper: Paper,
    note: Option<AbsenceNoteId>,
    seen: i64,
) -> Result<Outcome, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = sql::set(&mut ctx, &ask, paper, note, seen).await;
    let done = kit::server::close(ctx, out).await?;
    Ok(told(school, &done))
}

/// Asks to change reasons of absences of a pupil's class in a closed period.
#[server(name = AskReasons, prefix = "/api", endpoint = "attendance/ask", input = Json)]
pub async fn ask_reasons(pupil: PupilId, period: PeriodId, text: String) -> Result<RequestId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::ask_reasons(&mut ctx, pupil, period, text).await;
    kit::server::close(ctx, out).await
}

/// Sets a known reason once more, for absences recorded since.
#[server(name = ApplyReason, prefix = "/api", endpoint = "attendance/apply")]
pub async fn apply(reason: AbsenceReasonId) -> Result<Outcome, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = sql::apply(&mut ctx, reason).await;
    let done = kit::server::close(ctx, out).await?;
    Ok(told(school, &done))
}

/// Takes a reason back.
#[server(name = WithdrawReason, prefix = "/api", endpoint = "attendance/withdraw")]
pub async fn withdraw(reason: AbsenceReasonId) -> Result<Outcome, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = sql::withdraw(&mut ctx, reason).await;
    let done = kit::server::close(ctx, out).await?;
    Ok(told(school, &done))
}

/// Sets notions from a day on.
#[server(name = SaveAttendanceRule, prefix = "/api", endpoint = "attendance/save_rule", input = Json)]
pub async fn save_rule(row: NotionRow) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::save_rule(&mut ctx, row).await;
    kit::server::close(ctx, out).await
}
