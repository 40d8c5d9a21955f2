//! What the browser asks of lessons at a distance.

use base::{AppError, DistanceSpanId, LessonId};
use classbook_core::distance::{Meeting, OfLesson, Span, Spans};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// How a lesson is held.
#[server(name = LessonFormat, prefix = "/api", endpoint = "distance/lesson", input = GetUrl)]
pub async fn lesson(lesson: LessonId) -> Result<OfLesson, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::distance::sql::lesson(&mut ctx, lesson).await;
    kit::server::close(ctx, out).await
}

/// Sets how a lesson is held; without a meeting: as its class.
#[server(name = SetLessonFormat, prefix = "/api", endpoint = "distance/set_lesson", input = Json)]
pub async fn set_lesson(lesson: LessonId, meeting: Option<Meeting>) -> Result<(), AppError> {
    use classbook_core::live::{Live, Topic};

    let mut ctx = kit::server::ctx().await?;
    let topic = Topic::Lesson(ctx.school(), lesson);
    let out = classbook_core::distance::sql::set_lesson(&mut ctx, lesson, meeting).await;
    kit::server::close(ctx, out).await?;
    kit::server::shared::<Live>().tell([topic]);
    Ok(())
}

/// Classes and days.
#[server(name = DistanceSpans, prefix = "/api", endpoint = "distance/spans", input = GetUrl)]
pub async fn spans() -> Result<Spans, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::distance::sql::spans(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// Sets a class and some days.
#[server(name = SaveDistanceSpan, prefix = "/api", endpoint = "distance/save_span", input = Json)]
pub async fn save_span(span: Span) -> Result<DistanceSpanId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::distance::sql::save_span(&mut ctx, span).await;
    kit::server::close(ctx, out).await
}

/// Takes a class's days away.
#[server(name = RemoveDistanceSpan, prefix = "/api", endpoint = "distance/remove_span", input = Json)]
pub async fn remove_span(span: DistanceSpanId) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::distance::sql::remove_span(&mut ctx, span).await;
    kit::server::close(ctx, out).await
}
