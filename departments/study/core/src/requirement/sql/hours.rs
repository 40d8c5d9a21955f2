//! Hours are saved as a whole, somebody's week at a time; a class's home room beside them.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use base::sql::{Ctx, Done, Event};
use base::{AppError, ClassId, RoomId, YearId};
use chrono::NaiveDate;
use serde_json::json;

use super::{must_edit, stale};
use crate::requirement::hours::{Cell, Hours, Term, Who};
use crate::requirement::weight::Weight;
use crate::t;
use crate::timetable::sql::year_now;

/// Whose hours, as columns: employee, class, subgroup, room.
pub(super) fn columns(who: Who) -> [Option<i64>; 4] {
    match who {
        Who::Teacher(id) => [Some(id.0), None, None, None],
        Who::Class(id) => [None, Some(id.0), None, None],
        Who::Group(id) => [None, None, Some(id.0), None],
        Who::Room(id) => [None, None, None, Some(id.0)],
    }
}

/// The thing of an event.
pub(super) fn entity(who: Who) -> (&'static str, String) {
    match who {
        Who::Teacher(id) => ("employee_hours", id.to_string()),
        Who::Class(id) => ("class_hours", id.to_string()),
        Who::Group(id) => ("subgroup_hours", id.to_string()),
        Who::Room(id) => ("room_hours", id.to_string()),
    }
}

/// Writes somebody's hours of the year in place of those that the person saw.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for somebody who is not of the school; invalid for a cell
/// outside the board, a weight that it cannot have or an end before the beginning; conflict if the hours are no longer those that were seen.
pub async fn save_hours(ctx: &mut Ctx, who: Who, seen: &Hours, hours: &Hours) -> Done<()> {
    must_edit(ctx)?;
    let lang = ctx.lang();
    lock(ctx, who).await?;
    if !hours.fit(who) {
        return Err(AppError::invalid("hours", t::requirement_wrong_hours(lang)).into());
    }
    let Some((year, _)) = year_now(ctx).await? else {
        return Err(AppError::invalid("", t::draft_no_year(lang)).into());
    };
    let (entity, key) = entity(who);
    let before = present(ctx, year, who).await?;
    if before != *seen {
        return Err(stale(ctx, entity, &key).await?.into());
    }
    if before == *hours {
        return Ok(());
    }
    let school = ctx.school();
    let [employee, class, group, room] = columns(who);
    sqlx::query!(
        "delete from unavailability where school_id = $1 and year_id = $2
            and employee_id is not distinct from $3 and class_id is not distinct from $4
            and subgroup_id is not distinct from $5 and room_id is not distinct from $6",
        school.0,
        year.0,
        employee,
        class,
        group,
        room,
    )
    .execute(ctx.db())
    .await?;
    let cells: Vec<Cell> = hours.cells().collect();
    let days: Vec<i16> = cells.iter().map(|c| c.day).collect();
    let slots: Vec<i16> = cells.iter().map(|c| c.slot).collect();
    let weights: Vec<String> = cells.iter().map(|c| c.weight.key().to_owned()).collect();
    let from: Vec<Option<NaiveDate>> = cells.iter().map(|c| c.term.from).collect();
    let to: Vec<Option<NaiveDate>> = cells.iter().map(|c| c.term.to).collect();
    sqlx::query!(
        "insert into unavailability
            (school_id, year_id, employee_id, class_id, subgroup_id, room_id, day, slot, weight, valid_from, valid_to)
         select $1, $2, $3, $4, $5, $6, c.day, c.slot, c.weight, c.valid_from, c.valid_to
         from unnest($7::smallint[], $8::smallint[], $9::text[], $10::date[], $11::date[])
            c (day, slot, weight, valid_from, valid_to)",
        school.0,
        year.0,
        employee,
        class,
        group,
        room,
        &days,
        &slots,
        &weights,
        &from as &[Option<NaiveDate>],
        &to as &[Option<NaiveDate>],
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "requirement.hours_saved",
        entity,
        key,
        old: Some(json!(before)),
        new: Some(json!(hours)),
        op: None,
    })
    .await
}

/// One save at a time for somebody; not found if they are not of the school.
async fn lock(ctx: &mut Ctx, who: Who) -> Done<()> {
    let school = ctx.school();
    let found = match who {
        Who::Teacher(id) => {
            sqlx::query_scalar!(
                "select id from employee where school_id = $1 and id = $2 for no key update",
                school.0,
                id.0
            )
            .fetch_optional(ctx.db())
            .await?
        }
        Who::Class(id) => {
            sqlx::query_scalar!(
                "select id from class where school_id = $1 and id = $2 for no key update",
                school.0,
                id.0
            )
            .fetch_optional(ctx.db())
            .await?
        }
        Who::Group(id) => {
            sqlx::query_scalar!(
                "select id from subgroup where school_id = $1 and id = $2 for no key update",
                school.0,
                id.0
            )
            .fetch_optional(ctx.db())
            .await?
        }
        Who::Room(id) => {
            sqlx::query_scalar!(
                "select id from room where school_id = $1 and id = $2 for no key update",
                school.0,
                id.0
            )
            .fetch_optional(ctx.db())
            .await?
        }
    };
    found.map(|_| ()).ok_or_else(|| AppError::NotFound.into())
}

async fn present(ctx: &mut Ctx, year: YearId, who: Who) -> Done<Hours> {
    let school = ctx.school();
    let [employee, class, group, room] = columns(who);
    let rows = sqlx::query!(
        "select day, slot, weight, valid_from, valid_to from unavailability where school_id = $1 and year_id = $2
            and employee_id is not distinct from $3 and class_id is not distinct from $4
            and subgroup_id is not distinct from $5 and room_id is not distinct from $6",
        school.0,
        year.0,
        employee,
        class,
        group,
        room,
    )
    .fetch_all(ctx.db())
    .await?;
    let cells = rows.into_iter().map(|r| Cell {
        day: r.day,
        slot: r.slot,
        weight: Weight::from_key(&r.weight).unwrap_or(Weight::Must),
        term: Term {
            from: r.valid_from,
            to: r.valid_to,
        },
    });
    Ok(Hours::from(cells.collect::<Vec<_>>()))
}

/// Gives a class its home room, or none.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign class or room; conflict if it is no longer
/// the one that was seen.
pub async fn save_home_room(
    ctx: &mut Ctx,
    class: ClassId,
    seen: Option<RoomId>,
    room: Option<RoomId>,
) -> Done<()> {
    must_edit(ctx)?;
    let school = ctx.school();
    let before = sqlx::query_scalar!(
        "select home_room_id from class where school_id = $1 and id = $2 for update",
        school.0,
        class.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let before = before.map(RoomId);
    let (entity, key) = ("class_home_room", class.to_string());
    if before != seen {
        return Err(stale(ctx, entity, &key).await?.into());
    }
    if before == room {
        return Ok(());
    }
    let known = sqlx::query_scalar!(
        r#"select $2::bigint is null or exists (select from room where school_id = $1 and id = $2) as "known!""#,
        school.0,
        room.map(|r| r.0),
    )
    .fetch_one(ctx.db())
    .await?;
    if !known {
        return Err(AppError::NotFound.into());
    }
    sqlx::query!(
        "update class set home_room_id = $3 where school_id = $1 and id = $2",
        school.0,
        class.0,
        room.map(|r| r.0),
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "requirement.home_room_saved",
        entity,
        key,
        old: Some(json!(before)),
        new: Some(json!(room)),
        op: None,
    })
    .await
}
