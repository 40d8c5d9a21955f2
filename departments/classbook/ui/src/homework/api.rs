//! What the browser asks of homework.

use base::{AppError, HomeworkFileId, IndividualHomeworkId, LessonId};
use chrono::NaiveDate;
use classbook_core::homework::{Day, Desk};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// What stands beside a lesson's homework.
#[server(name = HomeworkDesk, prefix = "/api", endpoint = "homework/desk", input = GetUrl)]
pub async fn desk(lesson: LessonId) -> Result<Desk, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::homework::sql::desk(&mut ctx, lesson).await;
    kit::server::close(ctx, out).await
}

/// What is due on a day already, without that lesson's own homework.
#[server(name = HomeworkDay, prefix = "/api", endpoint = "homework/day", input = GetUrl)]
pub async fn day(lesson: LessonId, date: NaiveDate) -> Result<Day, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::homework::sql::day_of(&mut ctx, lesson, date).await;
    kit::server::close(ctx, out).await
}

/// Takes a homework for some pupils away.
#[server(name = RemoveIndividual, prefix = "/api", endpoint = "homework/remove_individual", input = Json)]
pub async fn remove_individual(homework: IndividualHomeworkId) -> Result<(), AppError> {
    use classbook_core::live::{Live, Topic};

    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = classbook_core::homework::sql::remove_individual(&mut ctx, homework).await;
    let lesson = kit::server::close(ctx, out).await?;
    kit::server::shared::<Live>().tell([Topic::Lesson(school, lesson)]);
    Ok(())
}

/// Takes a file away.
#[server(name = RemoveFile, prefix = "/api", endpoint = "homework/remove_file", input = Json)]
pub async fn remove_file(file: HomeworkFileId) -> Result<(), AppError> {
    use classbook_core::live::{Live, Topic};

    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = classbook_core::homework::sql::remove_file(&mut ctx, file).await;
    let lesson = kit::server::close(ctx, out).await?;
    kit::server::shared::<Live>().tell([Topic::Lesson(school, lesson)]);
    Ok(())
}

/// Is homework given in the first grade here?
#[server(name = FirstGradeHomework, prefix = "/api", endpoint = "homework/first_grade", input = GetUrl)]
pub async fn first_grade() -> Result<bool, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::homework::sql::first_grade(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// Decides whether homework is given in the first grade.
#[server(name = SetFirstGradeHomework, prefix = "/api", endpoint = "homework/set_first_grade", input = Json)]
pub async fn set_first_grade(on: bool) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::homework::sql::set_first_grade(&mut ctx, on).await;
    kit::server::close(ctx, out).await
}
