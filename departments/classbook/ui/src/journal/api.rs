//! What the browser asks of the journal.

use base::{AppError, AssignmentId, LessonId, LoadId, PeriodId, PupilId};
use chrono::{DateTime, Utc};
use classbook_core::journal::cell::{Answer, Batch, Looked, Past, Place, Uuid};
use classbook_core::journal::grid::{AssignmentEdit, Grid, Journals, LessonPlace};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json, StreamingText, TextStream};

/// The journals one may open.
#[server(name = JournalsOf, prefix = "/api", endpoint = "journal/list", input = GetUrl)]
pub async fn journals() -> Result<Journals, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::journal::sql::journals(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// Where lessons are, of the journals one may open.
#[server(name = PlacesOf, prefix = "/api", endpoint = "journal/places", input = Json)]
pub async fn places(lessons: Vec<LessonId>) -> Result<Vec<LessonPlace>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::journal::sql::places(&mut ctx, &lessons).await;
    kit::server::close(ctx, out).await
}

/// One period of a journal; without a period today's.
#[server(name = GridOf, prefix = "/api", endpoint = "journal/grid", input = GetUrl)]
pub async fn grid(load: LoadId, period: Option<PeriodId>) -> Result<Grid, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::journal::sql::grid(&mut ctx, load, period).await;
    kit::server::close(ctx, out).await
}

/// Saves what was typed, each change by itself.
#[server(name = SaveCells, prefix = "/api", endpoint = "journal/save_cells", input = Json)]
pub async fn save_cells(batch: Batch) -> Result<Vec<Answer>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::journal::sql::save_cells(&mut ctx, &batch).await;
    let answers = kit::server::close(ctx, out).await?;
    let live = kit::server::shared::<classbook_core::live::Live>();
    live.tell(classbook_core::journal::sql::told(&batch, &answers));
    Ok(answers)
}

/// Who changed a place, when, from what to what.
#[server(name = HistoryOf, prefix = "/api", endpoint = "journal/history", input = Json)]
pub async fn history(place: Place) -> Result<Vec<Past>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::journal::sql::history(&mut ctx, place).await;
    kit::server::close(ctx, out).await
}

/// Who of the family has seen a mark.
#[server(name = LookedAt, prefix = "/api", endpoint = "journal/looked", input = GetUrl)]
pub async fn looked(assignment: AssignmentId, pupil: PupilId) -> Result<Vec<Looked>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::journal::sql::looked(&mut ctx, assignment, pupil).await;
    kit::server::close(ctx, out).await
}

/// Adds a work to a lesson or changes one.
#[server(name = SaveWork, prefix = "/api", endpoint = "journal/save_work", input = Json)]
pub async fn save_work(op_id: Uuid, edit: AssignmentEdit) -> Result<AssignmentId, AppError> {
    use classbook_core::live::{Live, Topic};

    let mut ctx = kit::server::ctx().await?;
    let topic = Topic::Lesson(ctx.school(), edit.lesson);
    let out = classbook_core::journal::sql::save_work(&mut ctx, op_id, edit).await;
    let work = kit::server::close(ctx, out).await?;
    kit::server::shared::<Live>().tell([topic]);
    Ok(work)
}

/// Removes a work that holds no mark.
#[server(name = RemoveWork, prefix = "/api", endpoint = "journal/remove_work", input = Json)]
pub async fn remove_work(assignment: AssignmentId) -> Result<(), AppError> {
    use classbook_core::live::{Live, Topic};

    let mut ctx = kit::server::ctx().await?;
    let school = ctx.school();
    let out = classbook_core::journal::sql::remove_work(&mut ctx, assignment).await;
    let lesson = kit::server::close(ctx, out).await?;
    kit::server::shared::<Live>().tell([Topic::Lesson(school, lesson)]);
    Ok(())
}

/// What others do in a period of a journal: a line of JSON (a [`Step`](classbook_core::journal::news::Step)) at once, with what happened after
/// `since`, and one whenever something has happened. It ends after a minute, with `once` after the first line: whoever still
/// looks asks again from the moment of the last step.
#[server(name = FollowJournal, prefix = "/api", endpoint = "journal/follow", input = GetUrl, output = StreamingText)]
pub async fn follow(
    load: LoadId,
    period: Option<PeriodId>,
    since: Option<DateTime<Utc>>,
    once: bool,
) -> Result<TextStream<AppError>, AppError> {
    use classbook_core::journal::sql::{Look, follow};
    use futures_util::StreamExt as _;

    let visit = kit::server::visit().ok_or(AppError::Unavailable)?;
    let look = Look {
        actor: kit::server::status(visit.actor.ok_or(AppError::SignIn))?,
        store: visit.store,
        lang: visit.lang,
        load,
        period,
        since: since.unwrap_or(visit.now),
        now: visit.now,
    };
    let mut steps = Box::pin(follow(&kit::server::shared(), look, once));
    // who may not look is told so by the status, before anything is streamed
    let first = match steps.next().await {
        Some(first) => kit::server::status(first)?,
        None => return kit::server::status(Err(AppError::Unavailable)),
    };
    let steps = futures_util::stream::once(async move { Ok(first) }).chain(steps);
    Ok(TextStream::new(steps.map(|step| {
        let line = serde_json::to_string(&step?).map_err(|_| AppError::Unavailable)?;
        Ok(format!("{line}\n"))
    })))
}
