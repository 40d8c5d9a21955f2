//! The end of a search: its best becomes a new draft beside the one it was asked for, in the name of who asked.
use base::rights::{Action, Actor, Grant, Kind, Reach, Resource, Role};
use base::sql::{Ctx, Done, Event, Store};
use base::{AccountId, AppError, CardId, EmployeeId, Lang, RoomId};
use chrono::{DateTime, Utc};
use serde_json::json;

use timetable::Placement;

use super::Places;
use super::search::Told;
use super::work::Taken;
use crate::timetable::Seat;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The time is over.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// Why it came to nothing: a code.
    Failed(&'static str),
}

/// What there is to be kept.
pub(super) struct Outcome {
    pub end: End,
    pub told: Told,
    /// Ids in the order of the places.
    pub cards: Vec<CardId>,
    pub rooms: Vec<RoomId>,
}

/// Who asked, with the one right that this needs. It was asked for when the search began.
fn in_the_name_of(taken: &Taken) -> Actor {
    Actor {
        person: taken.asked_by,
        account: AccountId(0),
        school: taken.school,
        role: Role::Staff {
            employee: EmployeeId(0),
        },
        grants: vec![Grant {
            kind: Kind::Timetable,
            action: Action::Edit,
            reach: Reach::School,
        }],
        must_change_password: false,
        utc_offset: 0,
    }
}

/// Writes the end. Nothing happens to a search that another process has taken meanwhile.
pub(super) async fn finish(
    store: &Store,
    now: DateTime<Utc>,
    taken: &Taken,
    outcome: Outcome,
) -> Result<(), AppError> {
    let mut ctx = store.begin(in_the_name_of(taken), now, Lang::Ru).await?;
    let done = write(&mut ctx, taken, &outcome).await;
    ctx.close(done).await
}

async fn write(ctx: &mut Ctx, taken: &Taken, outcome: &Outcome) -> Done<()> {
    let school = ctx.school();
    ctx.must(Action::Edit, &Resource::of_school(Kind::Timetable, school))?;
    let ours = sqlx::query_scalar!(
        "select id from compose_run where school_id = $1 and id = $2 and attempts = $3 and state = 'running' for update",
        school.0,
        taken.run.0,
        taken.attempt,
    )
    .fetch_optional(ctx.db())
    .await?;
    if ours.is_none() {
        return Ok(());
    }
    let found = outcome.told.best.as_ref();
    let result = match (outcome.end, found) {
        (End::Done | End::Stopped, Some(found)) => draft(ctx, taken, outcome, &found.places).await?,
        _ => None,
    };
    let (state, failure) = match outcome.end {
        End::Done if result.is_none() => ("failed", Some("nothing")),
        End::Done => ("done", None),
        End::Stopped => ("stopped", None),
        End::Failed(code) => ("failed", Some(code)),
    };
    let id_of = |card: &timetable::CardIx| outcome.cards.get(card.ix()).map(|id| id.0);
    let impossible: Vec<i64> = outcome.told.impossible.iter().filter_map(id_of).collect();
    let spent = i32::try_from(outcome.told.spent.as_millis()).unwrap_or(i32::MAX);
    let moves = i64::try_from(outcome.told.moves).unwrap_or(i64::MAX);
    let now = ctx.now();
    sqlx::query!(
        "update compose_run set state = $3, failure = $4, result_id = $5, finished_at = $6, question = null, best = null,
            lease_until = null, spent_ms = $7, moves = $8, hard = coalesce($9, hard), soft = coalesce($10, soft),
            figures = coalesce($11, figures), moved = coalesce($12, moved), impossible = $13
         where school_id = $1 and id = $2",
        school.0,
        taken.run.0,
        state,
        failure,
        result,
        now,
        taken.spent_ms.saturating_add(spent),
        taken.moves.saturating_add(moves),
        found.map(|f| f.cost.hard),
        found.map(|f| f.cost.soft),
        found.map(|f| json!(f.figures)),
        found.and_then(|f| i32::try_from(f.moved).ok()),
        &impossible,
    )
    .execute(ctx.db())
    .await?;
    let Some(result) = result else { return Ok(()) };
    ctx.audit(Event {
        action: "timetable.composed",
        entity: "timetable_version",
        key: result.to_string(),
        old: None,
        new: Some(json!({
            "run": taken.run, "from": taken.version, "title": taken.title, "figures": found.map(|f| f.figures),
        })),
        op: None,
    })
    .await
}

/// A copy of the version with the places that were found. A card that has come since lies in the tray, one that has gone is
/// not missed. `None`: the version has gone.
async fn draft(ctx: &mut Ctx, taken: &Taken, outcome: &Outcome, places: &Places) -> Done<Option<i64>> {
    let small = |n: u16| i16::try_from(n).unwrap_or(i16::MAX);
    let seat = |at: Placement| Seat {
        day: small(at.day),
        slot: small(at.slot),
        room: at.room.and_then(|room| outcome.rooms.get(room.ix()).copied()),
    };
    let seats: Vec<(CardId, Option<Seat>)> = outcome
        .cards
        .iter()
        .zip(places)
        .map(|(card, place)| (*card, place.map(seat)))
        .collect();
    super::draft::copy(ctx, taken.version, &taken.title, &seats).await
}
