//! What the browser asks of the schedule.

use base::{AppError, AssessmentId, LessonId, LoadId, WorkTypeId};
use classbook_core::assessment::{Against, Desk, Edit, Schedule};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json, StreamingText, TextStream};

/// What a teacher plans on.
#[server(name = AssessmentDesk, prefix = "/api", endpoint = "assessment/desk", input = GetUrl)]
pub async fn desk(load: LoadId) -> Result<Desk, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::assessment::sql::desk(&mut ctx, load).await;
    kit::server::close(ctx, out).await
}

/// What stands against a column of the journal.
#[server(name = AgainstColumn, prefix = "/api", endpoint = "assessment/against", input = GetUrl)]
pub async fn against(lesson: LessonId, kind: WorkTypeId, title: String) -> Result<Against, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::assessment::sql::against(&mut ctx, lesson, kind, &title).await;
    kit::server::close(ctx, out).await
}

/// Plans a work or changes one.
#[server(name = SaveAssessment, prefix = "/api", endpoint = "assessment/save", input = Json)]
pub async fn save(edit: Edit) -> Result<AssessmentId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::assessment::sql::save(&mut ctx, edit).await;
    kit::server::close(ctx, out).await
}

/// Takes a work out of the schedule.
#[server(name = RemoveAssessment, prefix = "/api", endpoint = "assessment/remove", input = Json)]
pub async fn remove(assessment: AssessmentId) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::assessment::sql::remove(&mut ctx, assessment).await;
    kit::server::close(ctx, out).await
}

/// The schedule of the school, or of one parallel.
#[server(name = AssessmentSchedule, prefix = "/api", endpoint = "assessment/schedule", input = GetUrl)]
pub async fn schedule(grade: Option<i16>) -> Result<Schedule, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::assessment::sql::schedule(&mut ctx, grade).await;
    kit::server::close(ctx, out).await
}

/// Approves a work, or returns it with words.
#[server(name = DecideAssessment, prefix = "/api", endpoint = "assessment/decide", input = Json)]
pub async fn decide(
    assessment: AssessmentId,
    approve: bool,
    note: String,
    expected: i32,
) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::assessment::sql::decide(&mut ctx, assessment, approve, &note, expected).await;
    kit::server::close(ctx, out).await
}

/// The approved works as the spreadsheet that a school publishes.
#[server(name = AssessmentTable, prefix = "/api", endpoint = "assessment/table", input = GetUrl, output = StreamingText)]
pub async fn table() -> Result<TextStream<AppError>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let lang = ctx.lang();
    let out = classbook_core::assessment::sql::public(&mut ctx).await;
    let text = kit::server::close(ctx, out).await?;
    kit::server::attachment(
        "text/csv; charset=utf-8",
        "assessments.csv",
        classbook_core::t::assessment_csv_name(lang),
    );
    Ok(TextStream::new(futures_util::stream::iter([Ok(text)])))
}
