//! A timetable that was composed on somebody's device, kept as a draft beside the one that it came from.

use std::collections::BTreeMap;

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, RunId, VersionId};
use serde_json::json;
use timetable::Placement;
use timetable::compose::{Score, moved, places};
use timetable::unmet::Tally;
use uuid::Uuid;

use crate::compose::{Brought, Change, Counted, Figures, LONGEST, Run, RunState, Unmet};
use crate::t;
use crate::timetable::VersionState;
use crate::timetable::sql::copy;

/// Keeps it. What comes back is the search as if the server had done it; what has been brought already, whose answer was lost on the
/// way, comes to what it came to first. A search of the server for the draft goes on beside it.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign version; invalid for one that is no draft,
/// for a card that it does not have, a place that is none, a locked card that was moved.
pub async fn bring(ctx: &mut Ctx, brought: &Brought) -> Done<Run> {
    let school = ctx.school();
    ctx.must(Action::Edit, &Resource::of_school(Kind::Timetable, school))?;
    let lang = ctx.lang();
    if !(1..=LONGEST).contains(&brought.seconds) {
        return Err(AppError::invalid("seconds", t::compose_seconds(lang)).into());
    }
    if !brought.wishes.are_sound() {
        return Err(AppError::invalid("wishes", t::compose_wishes(lang)).into());
    }
    if let Some(op) = brought.op
        && let Some(first) = earlier(ctx, brought.version, op).await?
    {
        return Ok(first);
    }
    let mut data = Box::pin(crate::timetable::sql::board(ctx, brought.version)).await?;
    if data.version.state != VersionState::Draft {
        return Err(AppError::invalid("", t::compose_not_draft(lang)).into());
    }
    brought.wishes.lay(&mut data);
    let before = data
        .board()
        .map_err(|_| AppError::invalid("", t::publish_too_large(lang)))?;
    let unfit = || AppError::invalid("places", t::compose_unfit(lang));
    let mut seats: BTreeMap<_, _> = data.cards.iter().map(|c| (c.id, data.state_of(c).seat)).collect();
    let mut after = before.clone();
    for (id, seat) in &brought.places {
        let (card, known) = data.card_ix(*id).zip(seats.get_mut(id)).ok_or_else(unfit)?;
        if before.card(card).is_some_and(|c| c.locked) && *seat != *known {
            return Err(unfit().into());
        }
        let place = seat.map(|seat| {
            Some(Placement {
                day: u16::try_from(seat.day).ok()?,
                slot: u16::try_from(seat.slot).ok()?,
                room: match seat.room {
                    Some(room) => Some(data.room_ix(room)?),
                    None => None,
                },
            })
        });
        let place = match place {
            Some(place) => Some(place.ok_or_else(unfit)?),
            None => None,
        };
        after.restore(card, place).map_err(|_| unfit())?;
        *known = *seat;
    }
    let (was, is) = (
        Figures::from(Score::of(&before)),
        Figures::from(Score::of(&after)),
    );
    let (had, has) = (Tally::of(&before), Tally::of(&after));
    let unmet = Unmet::of(&has.unmet(), &data);
    let teachers: Vec<_> = data.teachers.iter().map(|t| t.id).collect();
    let counted = |tally| Counted {
        tally,
        teachers: &teachers,
    };
    let change = Change::between(counted(&had), counted(&has));
    let moved = i32::try_from(moved(&places(&before), &places(&after))).unwrap_or(i32::MAX);
    let movable = i32::try_from(brought.places.len()).unwrap_or(i32::MAX);
    let title = super::ask::title(ctx, &data);
    let seats: Vec<_> = seats.into_iter().collect();
    let result = copy(ctx, brought.version, &title, Some(&seats)).await?;
    let result = result.ok_or(AppError::NotFound)?;
    let spent = brought.spent_ms.clamp(0, i32::from(LONGEST) * 2000);
    let (person, now) = (ctx.person(), ctx.now());
    let id = sqlx::query_scalar!(
        "insert into compose_run (school_id, version_id, asked_by, asked_at, title, keep, seconds, seed, state, movable, before,
            started_at, finished_at, spent_ms, figures, moved, result_id, unmet, change, wishes)
         values ($1, $2, $3, $4, $5, $15, $6, 0, $17, $7, $8, $4, $4, $9, $10, $11, $12, $13, $14, $16) returning id",
        school.0,
        brought.version.0,
        person.0,
        now,
        title,
        brought.seconds,
        movable,
        json!(was),
        spent,
        json!(is),
        moved,
        result.0,
        json!(unmet),
        json!(change),
        json!(brought.keep),
        json!(brought.wishes),
        if brought.stopped { "stopped" } else { "done" },
    )
    .fetch_one(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "timetable.composed",
        entity: "timetable_version",
        key: result.to_string(),
        old: None,
        new: Some(json!({
            "run": id, "from": brought.version, "title": title, "figures": is, "on_device": true,
            "keep": brought.keep, "wishes": brought.wishes,
        })),
        op: brought.op,
    })
    .await?;
    Ok(Run {
        id: RunId(id),
        state: if brought.stopped {
            RunState::Stopped
        } else {
            RunState::Done
        },
        stopping: false,
        seconds: brought.seconds,
        spent_ms: spent,
        ahead: None,
        failure: None,
        movable,
        before: was,
        best: Some(is),
        unmet: Some(unmet),
        change: Some(change),
        keep: brought.keep.clone(),
        wishes: brought.wishes.clone(),
        moved: Some(moved),
        impossible: vec![],
        result: Some(result),
        title,
    })
}

/// What the same thing came to when it was brought before. Whoever brings it a second time while the first is still being written
/// waits here.
async fn earlier(ctx: &mut Ctx, version: VersionId, op: Uuid) -> Done<Option<Run>> {
    let school = ctx.school();
    sqlx::query_scalar!(
        "select id from timetable_version where school_id = $1 and id = $2 for no key update",
        school.0,
        version.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let run = sqlx::query_scalar!(
        r#"select (new ->> 'run')::bigint as run from audit_event
         where school_id = $1 and op_id = $2 and action = 'timetable.composed'"#,
        school.0,
        op,
    )
    .fetch_optional(ctx.db())
    .await?;
    match run.flatten() {
        Some(run) => super::row::run_of(ctx, version, RunId(run)).await,
        None => Ok(None),
    }
}
