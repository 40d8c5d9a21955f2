//! The end of a search: its best becomes a new draft beside the one it was asked for, in the name of who asked.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use base::rights::{Action, Actor, Grant, Kind, Reach, Resource, Role};
use base::sql::{Ctx, Done, Event, Store};
use base::{AccountId, AppError, CardId, EmployeeId, Lang, RoomId};
use chrono::{DateTime, Utc};
use serde_json::json;

use super::Places;
use super::search::Told;
use super::work::Taken;

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
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let made = sqlx::query_scalar!(
        "insert into timetable_version
            (school_id, year_id, title, state, day_names, slot_names, cycle_weeks, changed_by, changed_at)
         select school_id, year_id, $3, 'draft', day_names, slot_names, cycle_weeks, $4, $5
         from timetable_version where school_id = $1 and id = $2
         returning id",
        school.0,
        taken.version.0,
        taken.title,
        person.0,
        now,
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(version) = made else { return Ok(None) };
    let small = |n: u16| i16::try_from(n).unwrap_or(i16::MAX);
    let (mut cards, mut days, mut slots, mut rooms) = (vec![], vec![], vec![], vec![]);
    for (card, place) in outcome.cards.iter().zip(places) {
        let Some(at) = place else { continue };
        cards.push(card.0);
        days.push(small(at.day));
        slots.push(small(at.slot));
        let room = at.room.and_then(|room| outcome.rooms.get(room.ix()));
        rooms.push(room.map(|room| room.0));
    }
    sqlx::query!(
        "insert into card (school_id, version_id, load_id, duration, weeks, day, slot, room_id, locked, series, series_days)
         select c.school_id, $3, c.load_id, c.duration, c.weeks, p.day, p.slot, r.id, c.locked, c.series, c.series_days
         from card c
         left join unnest($4::bigint[], $5::smallint[], $6::smallint[], $7::bigint[]) p (id, day, slot, room_id) on p.id = c.id
         left join room r on r.school_id = c.school_id and r.id = p.room_id
         where c.school_id = $1 and c.version_id = $2 order by c.id",
        school.0,
        taken.version.0,
        version,
        &cards,
        &days,
        &slots,
        &rooms as &[Option<i64>],
    )
    .execute(ctx.db())
    .await?;
    Ok(Some(version))
}
