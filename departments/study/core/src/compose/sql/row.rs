//! A search as the page is shown it: the last one of a version, or one by its id.

use base::sql::{Ctx, Done};
use base::{CardId, RunId, VersionId};
use sqlx::types::Json;

use crate::compose::{Failure, Figures, Run, RunState};

/// A row of the table.
struct Row {
    id: i64,
    state: String,
    stop_asked: bool,
    seconds: i16,
    spent_ms: i32,
    movable: i32,
    before: Json<Figures>,
    figures: Option<Json<Figures>>,
    unmet: Option<serde_json::Value>,
    change: Option<serde_json::Value>,
    keep: serde_json::Value,
    wishes: serde_json::Value,
    ahead: Option<i32>,
    failure: Option<String>,
    moved: Option<i32>,
    impossible: Vec<i64>,
    result_id: Option<i64>,
    title: String,
}

impl From<Row> for Run {
    fn from(r: Row) -> Self {
        let state = RunState::from_key(&r.state);
        Self {
            id: RunId(r.id),
            state,
            stopping: r.stop_asked && !state.is_over(),
            seconds: r.seconds,
            spent_ms: r.spent_ms,
            ahead: r.ahead.filter(|_| state == RunState::Waiting),
            failure: r.failure.as_deref().map(Failure::from_key),
            movable: r.movable,
            before: r.before.0,
            best: r.figures.map(|f| f.0),
            // a newer server may have written of rules that this one does not know
            unmet: r.unmet.and_then(|unmet| serde_json::from_value(unmet).ok()),
            change: r.change.and_then(|change| serde_json::from_value(change).ok()),
            keep: serde_json::from_value(r.keep).unwrap_or_default(),
            wishes: serde_json::from_value(r.wishes).unwrap_or_default(),
            moved: r.moved,
            impossible: r.impossible.into_iter().map(CardId).collect(),
            result: r.result_id.map(VersionId),
            title: r.title,
        }
    }
}

/// The search of a version that somebody waits for, else the last one. What was brought from a device meanwhile must not hide a
/// search that goes on: nobody could stop it.
pub(super) async fn last_of(ctx: &mut Ctx, version: VersionId) -> Done<Option<Run>> {
    let school = ctx.school();
    let row = sqlx::query_as!(
        Row,
        r#"select id, state, stop_asked, seconds, spent_ms, movable, before as "before: Json<Figures>",
            figures as "figures: Json<Figures>", unmet, change, keep, wishes, ahead, failure, moved, impossible, result_id, title
         from compose_run where school_id = $1 and version_id = $2
         order by (state in ('waiting', 'running')) desc, id desc limit 1"#,
        school.0,
        version.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(row.map(Run::from))
}

/// A search of a version by its id.
pub(super) async fn run_of(ctx: &mut Ctx, version: VersionId, run: RunId) -> Done<Option<Run>> {
    let school = ctx.school();
    let row = sqlx::query_as!(
        Row,
        r#"select id, state, stop_asked, seconds, spent_ms, movable, before as "before: Json<Figures>",
            figures as "figures: Json<Figures>", unmet, change, keep, wishes, ahead, failure, moved, impossible, result_id, title
         from compose_run where school_id = $1 and version_id = $2 and id = $3"#,
        school.0,
        version.0,
        run.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(row.map(Run::from))
}
