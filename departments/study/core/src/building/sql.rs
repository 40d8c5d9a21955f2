//! Buildings in the database. Each change is compared with what the person saw, and leaves an audit event in its transaction.

use base::sql::{Ctx, Done, Event};
use base::{AppError, BuildingId, RoomId};
use serde_json::json;

use super::RoomUse;
use super::terms::{BuildingRow, BuildingTerms, FLOORS, MINUTES, Spot, WalkRow, ends};
use crate::requirement::sql::{must_edit, stale};
use crate::t;

/// The buildings of the school, by name.
///
/// # Errors
/// The database's. Who may see them is the caller's to ask.
pub(crate) async fn buildings(ctx: &mut Ctx) -> Done<Vec<BuildingRow>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select id, name, address from building where school_id = $1 order by name, id",
        school.0
    )
    .fetch_all(ctx.db())
    .await?;
    let row = rows.into_iter().map(|r| BuildingRow {
        id: BuildingId(r.id),
        terms: BuildingTerms {
            name: r.name,
            address: r.address,
        },
    });
    Ok(row.collect())
}

/// The ways between them.
///
/// # Errors
/// The database's. Who may see them is the caller's to ask.
pub(crate) async fn walks(ctx: &mut Ctx) -> Done<Vec<WalkRow>> {
    let school = ctx.school();
    Ok(sqlx::query_as!(
        WalkRow,
        r#"select building_id as "one: BuildingId", other_id as "other: BuildingId", minutes from building_walk
         where school_id = $1 order by building_id, other_id"#,
        school.0
    )
    .fetch_all(ctx.db())
    .await?)
}

/// Writes a building: a new one, or in place of what was seen.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign building; invalid for a name or address that is
/// missing or too long, and for a name that another building has; conflict if it is no longer what was seen.
pub async fn save(
    ctx: &mut Ctx,
    at: Option<(BuildingId, BuildingTerms)>,
    terms: BuildingTerms,
) -> Done<BuildingId> {
    must_edit(ctx)?;
    let terms = terms.trimmed();
    if let Some((field, words)) = terms.fault(ctx.lang()) {
        return Err(AppError::invalid(field, words).into());
    }
    let school = ctx.school();
    let (id, old) = match at {
        None => {
            let id = sqlx::query_scalar!(
                "insert into building (school_id, name, address) values ($1, $2, $3) returning id",
                school.0,
                terms.name,
                terms.address,
            )
            .fetch_one(ctx.db())
            .await?;
            (BuildingId(id), None)
        }
        Some((id, seen)) => {
            let before = held(ctx, id).await?;
            if before != seen {
                return Err(stale(ctx, ENTITY, &id.to_string()).await?.into());
            }
            if before == terms {
                return Ok(id);
            }
            sqlx::query!(
                "update building set name = $3, address = $4 where school_id = $1 and id = $2",
                school.0,
                id.0,
                terms.name,
                terms.address,
            )
            .execute(ctx.db())
            .await?;
            (id, Some(json!(before)))
        }
    };
    ctx.audit(Event {
        action: "building.saved",
        entity: ENTITY,
        key: id.to_string(),
        old,
        new: Some(json!(terms)),
        op: None,
    })
    .await?;
    Ok(id)
}

/// Takes a building away, with its ways. Its rooms must have left it before.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign building; invalid while rooms lie in it;
/// conflict if it is no longer what was seen.
pub async fn remove(ctx: &mut Ctx, id: BuildingId, seen: BuildingTerms) -> Done<()> {
    must_edit(ctx)?;
    let before = held(ctx, id).await?;
    if before != seen {
        return Err(stale(ctx, ENTITY, &id.to_string()).await?.into());
    }
    let school = ctx.school();
    let rooms = sqlx::query_scalar!(
        r#"select count(*) as "count!" from room where school_id = $1 and building_id = $2"#,
        school.0,
        id.0,
    )
    .fetch_one(ctx.db())
    .await?;
    if rooms > 0 {
        return Err(AppError::invalid("", t::building_has_rooms(ctx.lang(), rooms)).into());
    }
    // its ways go with it, and are told with what was
    let ways = walks(ctx).await?;
    let ways: Vec<WalkRow> = ways
        .into_iter()
        .filter(|way| way.one == id || way.other == id)
        .collect();
    sqlx::query!(
        "delete from building where school_id = $1 and id = $2",
        school.0,
        id.0
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "building.removed",
        entity: ENTITY,
        key: id.to_string(),
        old: Some(json!({ "name": before.name, "address": before.address, "ways": ways })),
        new: None,
        op: None,
    })
    .await
}

/// Says how many minutes one walks between two buildings, there and back; `None`: no time at all.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign building; invalid for a building and itself, and
/// for minutes out of bounds; conflict if they are no longer what was seen.
pub async fn save_walk(
    ctx: &mut Ctx,
    (a, b): (BuildingId, BuildingId),
    seen: Option<i16>,
    minutes: Option<i16>,
) -> Done<()> {
    must_edit(ctx)?;
    let lang = ctx.lang();
    let Some((one, other)) = ends(a, b) else {
        return Err(AppError::invalid("other", t::building_wrong_way(lang)).into());
    };
    if minutes.is_some_and(|m| !MINUTES.contains(&m)) {
        let words = t::building_wrong_minutes(lang, *MINUTES.start(), *MINUTES.end());
        return Err(AppError::invalid("minutes", words).into());
    }
    // one save at a time about a building
    held(ctx, one).await?;
    held(ctx, other).await?;
    let school = ctx.school();
    let before = sqlx::query_scalar!(
        "select minutes from building_walk where school_id = $1 and building_id = $2 and other_id = $3",
        school.0,
        one.0,
        other.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    let key = format!("{one}-{other}");
    if before != seen {
        return Err(stale(ctx, WALK, &key).await?.into());
    }
    if before == minutes {
        return Ok(());
    }
    match minutes {
        Some(minutes) => {
            sqlx::query!(
                "insert into building_walk (school_id, building_id, other_id, minutes) values ($1, $2, $3, $4)
                 on conflict (school_id, building_id, other_id) do update set minutes = excluded.minutes",
                school.0,
                one.0,
                other.0,
                minutes,
            )
            .execute(ctx.db())
            .await?;
        }
        None => {
            sqlx::query!(
                "delete from building_walk where school_id = $1 and building_id = $2 and other_id = $3",
                school.0,
                one.0,
                other.0,
            )
            .execute(ctx.db())
            .await?;
        }
    }
    ctx.audit(Event {
        action: "building.walk_saved",
        entity: WALK,
        key,
        old: Some(json!(before)),
        new: Some(json!(minutes)),
        op: None,
    })
    .await
}

/// Says in which building and on which floor a room lies.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign room or building; invalid for a floor out of
/// bounds; conflict if the room no longer lies where it was seen.
pub async fn save_room(ctx: &mut Ctx, room: RoomId, seen: Spot, spot: Spot) -> Done<()> {
    must_edit(ctx)?;
    if spot.floor.is_some_and(|f| !FLOORS.contains(&f)) {
        let words = t::building_wrong_floor(ctx.lang(), *FLOORS.start(), *FLOORS.end());
        return Err(AppError::invalid("floor", words).into());
    }
    let school = ctx.school();
    let found = sqlx::query!(
        "select building_id, floor from room where school_id = $1 and id = $2 for update",
        school.0,
        room.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let before = Spot {
        building: found.building_id.map(BuildingId),
        floor: found.floor,
    };
    let key = room.to_string();
    if before != seen {
        return Err(stale(ctx, SPOT, &key).await?.into());
    }
    if before == spot {
        return Ok(());
    }
    if let Some(building) = spot.building {
        held(ctx, building).await?;
    }
    sqlx::query!(
        "update room set building_id = $3, floor = $4 where school_id = $1 and id = $2",
        school.0,
        room.0,
        spot.building.map(|b| b.0),
        spot.floor,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "building.room_saved",
        entity: SPOT,
        key,
        old: Some(json!(before)),
        new: Some(json!(spot)),
        op: None,
    })
    .await
}

/// Says what a room is for, how many seats it has and how many lessons it takes at once.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign room; invalid for what [`RoomUse::fault`] finds; conflict if
/// it is no longer as it was seen.
pub async fn save_use(ctx: &mut Ctx, room: RoomId, seen: RoomUse, of: RoomUse) -> Done<()> {
    must_edit(ctx)?;
    let of = of.settled();
    if let Some((field, words)) = of.fault(ctx.lang()) {
        return Err(AppError::invalid(field, words).into());
    }
    let school = ctx.school();
    let before = sqlx::query_as!(
        RoomUse,
        "select kind, capacity as seats, shared_by from room where school_id = $1 and id = $2 for update",
        school.0,
        room.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let key = room.to_string();
    if before != seen {
        return Err(stale(ctx, USE, &key).await?.into());
    }
    if before == of {
        return Ok(());
    }
    sqlx::query!(
        "update room set kind = $3, capacity = $4, shared_by = $5 where school_id = $1 and id = $2",
        school.0,
        room.0,
        of.kind,
        of.seats,
        of.shared_by,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "building.use_saved",
        entity: USE,
        key,
        old: Some(json!(before)),
        new: Some(json!(of)),
        op: None,
    })
    .await
}

/// The things of events.
const ENTITY: &str = "building";
const WALK: &str = "building_walk";
const SPOT: &str = "room_spot";
const USE: &str = "room_use";

/// A building of the school, held for the rest of the transaction.
async fn held(ctx: &mut Ctx, id: BuildingId) -> Done<BuildingTerms> {
    let school = ctx.school();
    let row = sqlx::query!(
        "select name, address from building where school_id = $1 and id = $2 for update",
        school.0,
        id.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    Ok(BuildingTerms {
        name: row.name,
        address: row.address,
    })
}
