//! The end of a search: its best becomes a new draft beside the one it was asked for, in the name of who asked — if they still may. The
//! right is asked again here: it was asked for when the search began, and minutes may lie between, or days where the server was away.
use base::rights::{Action, Actor, Decision, Grant, Kind, Reach, Resource, Role, decide};
use base::sql::{Ctx, Done, Event, Store};
use base::{AccountId, AppError, CardId, EmployeeId, RoomId};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::types::Json;
use timetable::Placement;

use super::Places;
use super::search::Told;
use super::turn::Taken;
use crate::compose::{Failure, Figures};
use crate::timetable::Seat;
use crate::timetable::sql::copy;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The time is over.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// Why it came to nothing.
    Failed(Failure),
}

/// What there is to be kept.
pub(super) struct Outcome {
    pub end: End,
    pub told: Told,
    /// What an earlier process had found: the best, where this one has not come to tell of any.
    pub earlier: Option<Places>,
    /// Ids in the order of the places.
    pub cards: Vec<CardId>,
    pub rooms: Vec<RoomId>,
}

/// Who asked. What they may is asked of the database, see [`still_may`].
fn in_the_name_of(taken: &Taken) -> Actor {
    Actor {
        person: taken.asked_by,
        account: AccountId(0),
        school: taken.school,
        role: Role::Staff {
            employee: EmployeeId(0),
        },
        grants: vec![],
        must_change_password: false,
        utc_offset: 0,
    }
}

/// Whether who asked may change the timetable now, in whatever position of the school they hold today.
async fn still_may(ctx: &mut Ctx) -> Done<bool> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let rows = sqlx::query!(
        "select r.resource, r.action, r.reach
         from employee e
         join organisation o on o.id = e.school_id
         join appointment t on t.school_id = e.school_id and t.employee_id = e.id
            and ($3 at time zone o.time_zone)::date between t.valid_from and coalesce(t.valid_to, 'infinity')
         join position_permission r on r.school_id = t.school_id and r.position_id = t.position_id
         where e.school_id = $1 and e.person_id = $2
            and not exists (select from account a where a.person_id = e.person_id and a.disabled_at is not null)",
        school.0,
        person.0,
        now,
    )
    .fetch_all(ctx.db())
    .await?;
    let grants = rows.iter().filter_map(|r| {
        Some(Grant {
            kind: Kind::from_key(&r.resource)?,
            action: Action::from_key(&r.action)?,
            reach: Reach::from_key(&r.reach)?,
        })
    });
    let actor = Actor {
        grants: grants.collect(),
        ..ctx.actor().clone()
    };
    let timetable = Resource::of_school(Kind::Timetable, school);
    Ok(decide(&actor, Action::Edit, &timetable) == Decision::Allow)
}

/// Writes the end. Nothing happens to a search that another process has taken meanwhile.
pub(super) async fn finish(
    store: &Store,
    now: DateTime<Utc>,
    taken: &Taken,
    outcome: Outcome,
) -> Result<(), AppError> {
    let mut ctx = store.begin(in_the_name_of(taken), now, taken.lang).await?;
    let done = write(&mut ctx, taken, &outcome).await;
    ctx.close(done).await
}

async fn write(ctx: &mut Ctx, taken: &Taken, outcome: &Outcome) -> Done<()> {
    let school = ctx.school();
    let ours = sqlx::query!(
        r#"select figures as "figures: Json<Figures>", keep, wishes from compose_run
         where school_id = $1 and id = $2 and attempts = $3 and state = 'running' for update"#,
        school.0,
        taken.run.0,
        taken.attempt,
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(ours) = ours else {
        return Ok(());
    };
    let found = outcome.told.best.as_ref();
    // whatever ended it, the best is not thrown away
    let kept = found.map(|f| &f.places).or(outcome.earlier.as_ref());
    let figures = found.map(|f| f.figures).or(ours.figures.map(|f| f.0));
    let mut result = None;
    let (state, failure) = match kept {
        // nobody is given what they may not make: what was found is gone, its figures stay
        Some(_) if !still_may(ctx).await? => ("failed", Some(Failure::Refused)),
        Some(places) => {
            let seats = seats(outcome, places);
            if cards_left(ctx, taken, &seats).await? {
                result = copy(ctx, taken.version, &taken.title, Some(&seats)).await?;
            }
            fate(outcome.end, Some(result.is_some()))
        }
        None => fate(outcome.end, None),
    };
    let id_of = |card: &timetable::CardIx| outcome.cards.get(card.ix()).map(|id| id.0);
    let impossible: Vec<i64> = outcome.told.impossible.iter().filter_map(id_of).collect();
    let spent = i32::try_from(outcome.told.spent.as_millis()).unwrap_or(i32::MAX);
    let moves = i64::try_from(outcome.told.moves).unwrap_or(i64::MAX);
    let now = ctx.now();
    sqlx::query!(
        "update compose_run set state = $3, failure = $4, result_id = $5, finished_at = $6, question = null, best = null,
            lease_until = null, spent_ms = $7, moves = $8, hard = coalesce($9, hard), soft = coalesce($10, soft),
            figures = coalesce($11, figures), moved = coalesce($12, moved), impossible = $13,
            unmet = coalesce($14, unmet), change = coalesce($15, change), ahead = null
         where school_id = $1 and id = $2",
        school.0,
        taken.run.0,
        state,
        failure.map(Failure::key),
        result.map(|version| version.0),
        now,
        taken.spent_ms.saturating_add(spent),
        taken.moves.saturating_add(moves),
        found.map(|f| f.cost.hard),
        found.map(|f| f.cost.soft),
        found.map(|f| json!(f.figures)),
        found.and_then(|f| i32::try_from(f.moved).ok()),
        &impossible,
        found.map(|f| json!(f.unmet)),
        found.map(|f| json!(f.change)),
    )
    .execute(ctx.db())
    .await?;
    // what somebody was refused is seen by those who look after the school, too
    let (action, key) = match (result, failure) {
        (Some(result), _) => ("timetable.composed", result.to_string()),
        (None, Some(Failure::Refused)) => ("timetable.compose_refused", taken.version.to_string()),
        (None, _) => return Ok(()),
    };
    ctx.audit(Event {
        action,
        entity: "timetable_version",
        key,
        old: None,
        new: Some(json!({
            "run": taken.run, "from": taken.version, "title": taken.title, "figures": figures,
            "failure": failure.map(Failure::key), "keep": ours.keep, "wishes": ours.wishes,
        })),
        op: None,
    })
    .await
}

/// The state that is written, and the reason beside it. `copied`: whether the best became a draft; `None`: there is no best.
fn fate(end: End, copied: Option<bool>) -> (&'static str, Option<Failure>) {
    match (end, copied) {
        (_, Some(false)) => ("failed", Some(Failure::Changed)),
        (End::Done, Some(true)) => ("done", None),
        (End::Done, None) => ("failed", Some(Failure::Nothing)),
        (End::Stopped, _) => ("stopped", None),
        // what was found until then is kept as with a stop, and why it ended stands beside it
        (End::Failed(why), Some(true)) => ("stopped", Some(why)),
        (End::Failed(why), None) => ("failed", Some(why)),
    }
}

/// Where each card lies, by id.
fn seats(outcome: &Outcome, places: &Places) -> Vec<(CardId, Option<Seat>)> {
    let small = |n: u16| i16::try_from(n).unwrap_or(i16::MAX);
    let seat = |at: Placement| Seat {
        day: small(at.day),
        slot: small(at.slot),
        room: at.room.and_then(|room| outcome.rooms.get(room.ix()).copied()),
    };
    outcome
        .cards
        .iter()
        .zip(places)
        .map(|(card, place)| (*card, place.map(seat)))
        .collect()
}

/// Whether any card that was searched for is there still: a card that has come since lies in the tray of the copy, one that has gone is
/// not missed, but a copy without any of them would be another timetable.
async fn cards_left(ctx: &mut Ctx, taken: &Taken, seats: &[(CardId, Option<Seat>)]) -> Done<bool> {
    let cards: Vec<i64> = seats.iter().map(|(card, _)| card.0).collect();
    let school = ctx.school();
    let left = sqlx::query_scalar!(
        r#"select exists (select from card where school_id = $1 and version_id = $2 and id = any ($3)) as "left!""#,
        school.0,
        taken.version.0,
        &cards,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However it ended: where a best was copied it is no failure, and the reason is not lost.
    #[test]
    fn a_best_is_never_thrown_away_and_the_reason_is_told() {
        let faults = [Failure::Interrupted, Failure::Fault, Failure::TooLarge];
        for why in faults {
            assert_eq!(fate(End::Failed(why), Some(true)), ("stopped", Some(why)));
            assert_eq!(fate(End::Failed(why), None), ("failed", Some(why)));
        }
        assert_eq!(fate(End::Done, Some(true)), ("done", None));
        assert_eq!(fate(End::Stopped, Some(true)), ("stopped", None));
        assert_eq!(fate(End::Stopped, None), ("stopped", None));
        assert_eq!(fate(End::Done, None), ("failed", Some(Failure::Nothing)));
        for end in [End::Done, End::Stopped, End::Failed(Failure::Fault)] {
            assert_eq!(fate(end, Some(false)), ("failed", Some(Failure::Changed)));
        }
    }
}
