//! What a person does: asks for a search, looks how far it is, stops it.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, RunId, VersionId};
use chrono::FixedOffset;
use serde_json::json;
use timetable::compose::Score;

use super::Question;
use crate::compose::{Figures, Keep, LONGEST, Run, RunState, Wishes};
use crate::t;
use crate::timetable::{BoardData, VersionState};

/// Longest title of the source inside the title of the outcome.
const TITLE: usize = 80;

/// Searches of a school that may wait or go on at once, each for another draft.
const OPEN: i64 = 5;

fn must(ctx: &Ctx) -> Result<(), AppError> {
    ctx.must(Action::Edit, &Resource::of_school(Kind::Timetable, ctx.school()))
}

/// Asks for a search from a draft. It begins as soon as the server has nobody before it.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign version; invalid for one that is no draft,
/// for seconds beyond bounds, for wishes that cannot be, where nothing is left to place, while many drafts of the school are composed; conflict while another search
/// for the draft is under way.
pub async fn start(
    ctx: &mut Ctx,
    version: VersionId,
    keep: &Keep,
    wishes: &Wishes,
    seconds: i16,
    seed: i64,
) -> Done<RunId> {
    must(ctx)?;
    let lang = ctx.lang();
    if !(1..=LONGEST).contains(&seconds) {
        return Err(AppError::invalid("seconds", t::compose_seconds(lang)).into());
    }
    if !wishes.are_sound() {
        return Err(AppError::invalid("wishes", t::compose_wishes(lang)).into());
    }
    let mut data = Box::pin(crate::timetable::sql::board(ctx, version)).await?;
    if data.version.state != VersionState::Draft {
        return Err(AppError::invalid("", t::compose_not_draft(lang)).into());
    }
    // from here on it is the board of this search: figures before and after are judged by one measure
    wishes.lay(&mut data);
    let board = data
        .board()
        .map_err(|_| AppError::invalid("", t::publish_too_large(lang)))?;
    let kept = keep.of(&data);
    let movable = kept.iter().filter(|kept| !**kept).count();
    let Ok(movable @ 1..) = i32::try_from(movable) else {
        return Err(AppError::invalid("keep", t::compose_nothing(lang)).into());
    };
    let before = Figures::from(Score::of(&board));
    let title = title(ctx, &data);
    let question = Question {
        spec: board.spec().clone(),
        keep: kept,
        cards: data.cards.iter().map(|c| c.id).collect(),
        rooms: data.rooms.iter().map(|r| r.id).collect(),
        teachers: data.teachers.iter().map(|t| t.id).collect(),
        classes: data.classes.iter().map(|c| c.id).collect(),
    };
    few(ctx).await?;
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let id = sqlx::query_scalar!(
        "insert into compose_run (school_id, version_id, asked_by, asked_at, title, keep, seconds, seed, question, movable, before, lang, wishes)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (school_id, version_id) where state in ('waiting', 'running') do nothing returning id",
        school.0,
        version.0,
        person.0,
        now,
        title,
        json!(keep),
        seconds,
        seed,
        json!(question),
        movable,
        json!(before),
        lang.code(),
        json!(wishes),
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(id) = id else {
        let message = t::compose_under_way(lang).to_owned();
        return Err(AppError::Conflict { message }.into());
    };
    ctx.audit(Event {
        action: "timetable.compose_asked",
        entity: "timetable_version",
        key: version.to_string(),
        old: None,
        new: Some(json!({ "run": id, "keep": keep, "wishes": wishes, "seconds": seconds, "seed": seed })),
        op: None,
    })
    .await?;
    Ok(RunId(id))
}

/// A school that has asked for many searches waits for them. Two who ask at once are counted one after the other: the second waits until
/// the first is written or refused.
async fn few(ctx: &mut Ctx) -> Done<()> {
    let school = ctx.school();
    sqlx::query_scalar!(
        r#"select pg_advisory_xact_lock(hashtextextended('compose_run:' || $1::bigint, 0))::text as "done!""#,
        school.0,
    )
    .fetch_one(ctx.db())
    .await?;
    let open = sqlx::query_scalar!(
        r#"select count(*) as "count!" from compose_run where school_id = $1 and state in ('waiting', 'running')"#,
        school.0,
    )
    .fetch_one(ctx.db())
    .await?;
    if open >= OPEN {
        return Err(AppError::invalid("", t::compose_many(ctx.lang())).into());
    }
    Ok(())
}

/// «Черновик от 25.11 — составлено 25.11 в 14:05».
pub(super) fn title(ctx: &Ctx, data: &BoardData) -> String {
    let now = ctx.now();
    let there = FixedOffset::east_opt(ctx.actor().utc_offset).map_or_else(
        || now.naive_utc(),
        |offset| now.with_timezone(&offset).naive_local(),
    );
    let source: String = data.version.title.chars().take(TITLE).collect();
    t::compose_title(ctx.lang(), there.format("%d.%m"), source, there.format("%H:%M"))
}

/// How far the search for a version is that goes on, else the last one; `None` if there never was one.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign version.
pub async fn watch(ctx: &mut Ctx, version: VersionId) -> Done<Option<Run>> {
    must(ctx)?;
    let school = ctx.school();
    sqlx::query_scalar!(
        "select id from timetable_version where school_id = $1 and id = $2",
        school.0,
        version.0
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    super::row::last_of(ctx, version).await
}

/// Stops a search; what it has found so far is kept. One that is over stays as it is.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign search.
pub async fn stop(ctx: &mut Ctx, run: RunId) -> Done<()> {
    must(ctx)?;
    let (school, now) = (ctx.school(), ctx.now());
    let known = sqlx::query!(
        "select version_id, state, stop_asked from compose_run where school_id = $1 and id = $2 for update",
        school.0,
        run.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if known.stop_asked || RunState::from_key(&known.state).is_over() {
        return Ok(());
    }
    // what nobody has begun has found nothing that could be kept
    sqlx::query!(
        "update compose_run set stop_asked = true,
            state = case when state = 'waiting' and best is null then 'stopped' else state end,
            question = case when state = 'waiting' and best is null then null else question end,
            finished_at = case when state = 'waiting' and best is null then $3::timestamptz end
         where school_id = $1 and id = $2",
        school.0,
        run.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "timetable.compose_stopped",
        entity: "timetable_version",
        key: known.version_id.to_string(),
        old: None,
        new: Some(json!({ "run": run })),
        op: None,
    })
    .await
}
