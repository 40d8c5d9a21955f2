//! What the browser asks of cancelled lessons.

use base::{AppError, ClassId, LessonId};
use chrono::NaiveDate;
use classbook_core::cancellation::Day;
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// The lessons of a class on a day.
#[server(name = CancellationDay, prefix = "/api", endpoint = "cancellation/day", input = GetUrl)]
pub async fn day(class: Option<ClassId>, day: Option<NaiveDate>) -> Result<Day, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::cancellation::sql::day(&mut ctx, class, day).await;
    kit::server::close(ctx, out).await
}

/// Cancels lessons, all of them or none.
#[server(name = CancelLessons, prefix = "/api", endpoint = "cancellation/cancel", input = Json)]
pub async fn cancel(lessons: Vec<LessonId>, reason: String) -> Result<(), AppError> {
    use classbook_core::live::{Live, Topic};

    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = classbook_core::cancellation::sql::cancel(&mut ctx, &lessons, &reason).await;
    kit::server::close(ctx, out).await?;
    kit::server::shared::<Live>().tell(lessons.into_iter().map(|l| Topic::Lesson(school, l)));
    Ok(())
}

/// Takes a cancellation back.
#[server(name = RestoreLesson, prefix = "/api", endpoint = "cancellation/restore", input = Json)]
pub async fn restore(lesson: LessonId) -> Result<(), AppError> {
    use classbook_core::live::{Live, Topic};

    let mut ctx = kit::server::ctx().await?;
    let topic = Topic::Lesson(ctx.school(), lesson);
    let out = classbook_core::cancellation::sql::restore(&mut ctx, lesson).await;
    kit::server::close(ctx, out).await?;
    kit::server::shared::<Live>().tell([topic]);
    Ok(())
}
