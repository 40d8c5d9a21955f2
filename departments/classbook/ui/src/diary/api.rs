//! What the browser asks of the diary.

use base::{AppError, PeriodId, PupilId, SubjectId};
use chrono::{DateTime, NaiveDate, Utc};
use classbook_core::diary::{Subjects, Tick, Topic, Week};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json, StreamingText, TextStream};

/// A week; without a pupil the own or the first child's, without a date today's.
#[server(name = WeekOf, prefix = "/api", endpoint = "diary/week", input = GetUrl)]
pub async fn week(pupil: Option<PupilId>, date: Option<NaiveDate>) -> Result<Week, AppError> {
    let weeks = kit::server::shared::<classbook_core::diary::Weeks>();
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::diary::sql::week(&mut ctx, &weeks, pupil, date).await;
    kit::server::close(ctx, out).await
}

/// Marks and averages of a period; without one today's.
#[server(name = SubjectsOf, prefix = "/api", endpoint = "diary/subjects", input = GetUrl)]
pub async fn subjects(pupil: Option<PupilId>, period: Option<PeriodId>) -> Result<Subjects, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::diary::sql::subjects(&mut ctx, pupil, period).await;
    kit::server::close(ctx, out).await
}

/// What the lessons of a subject are about in a period, by what was written down and by the plan.
#[server(name = TopicsOf, prefix = "/api", endpoint = "diary/topics", input = GetUrl)]
pub async fn topics(pupil: PupilId, subject: SubjectId, period: PeriodId) -> Result<Vec<Topic>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::diary::sql::topics(&mut ctx, pupil, subject, period).await;
    kit::server::close(ctx, out).await
}

/// The viewer has looked at what was so at the moment `shown`: what is «new» next time is counted from there. With a period at its marks alone.
#[server(name = Seen, prefix = "/api", endpoint = "diary/seen", input = Json)]
pub async fn seen(pupil: PupilId, shown: DateTime<Utc>, period: Option<PeriodId>) -> Result<(), AppError> {
    use classbook_core::diary::sql;

    let mut ctx = kit::server::ctx().await?;
    let out = match period {
        Some(period) => sql::looked(&mut ctx, pupil, period, shown).await,
        None => sql::seen(&mut ctx, pupil, shown).await,
    };
    kit::server::close(ctx, out).await
}

/// Ticks on homework, of whoever asks: what waited on the device, at once. Answers with the moment from which pages know them.
#[server(name = TickHomework, prefix = "/api", endpoint = "diary/tick", input = Json)]
pub async fn tick(ticks: Vec<Tick>) -> Result<DateTime<Utc>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::diary::sql::tick(&mut ctx, ticks).await;
    kit::server::close(ctx, out).await
}

/// That something has happened in a diary: a line of JSON (a [`Beat`](classbook_core::diary::Beat)) at once, which tells
/// whether anything has changed after `since`, and one whenever something has happened. It ends after two minutes, with
/// `once` after the first line. `public/diary.js` asks.
#[server(name = WatchDiary, prefix = "/api", endpoint = "diary/watch", input = GetUrl, output = StreamingText)]
pub async fn watch(
    pupil: PupilId,
    since: DateTime<Utc>,
    once: bool,
) -> Result<TextStream<AppError>, AppError> {
    use classbook_core::diary::sql::{Watch, watch};
    use futures_util::StreamExt as _;

    let visit = kit::server::visit().ok_or(AppError::Unavailable)?;
    let look = Watch {
        actor: kit::server::status(visit.actor.ok_or(AppError::SignIn))?,
        store: visit.store,
        lang: visit.lang,
        pupil,
        since,
        now: visit.now,
    };
    let beats = kit::server::status(watch(&kit::server::shared(), look, once).await)?;
    Ok(TextStream::new(beats.map(|beat| {
        let line = serde_json::to_string(&beat).map_err(|_| AppError::Unavailable)?;
        Ok(format!("{line}\n"))
    })))
}
