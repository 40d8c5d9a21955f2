//! What the browser asks of substitutions.

use base::AppError;
use classbook_core::substitution::{Act, Ask, Day};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// The lessons of a day, and who could stand in.
#[server(name = SubstitutionDay, prefix = "/api", endpoint = "substitution/day", input = Json)]
pub async fn day(ask: Ask) -> Result<Day, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::substitution::sql::day(&mut ctx, ask).await;
    kit::server::close(ctx, out).await
}

/// Says who stands in, and takes it back: all of it or nothing.
#[server(name = GiveLessons, prefix = "/api", endpoint = "substitution/give", input = Json)]
pub async fn give(act: Act) -> Result<(), AppError> {
    use classbook_core::live::{Live, Topic};

    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = classbook_core::substitution::sql::give(&mut ctx, &act).await;
    kit::server::close(ctx, out).await?;
    let lessons = act.wishes.into_iter().map(|w| Topic::Lesson(school, w.lesson));
    kit::server::shared::<Live>().tell(lessons);
    Ok(())
}
