//! Hours are saved as a whole, somebody's week at a time; a class's home room beside them.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use base::sql::{Ctx, Done, Event};
use base::{AppError, ClassId, EmployeeId, LoadId, RoomId, SubgroupId, SubjectId, YearId};
use chrono::NaiveDate;
use serde_json::json;

use super::{must_edit, stale};
use crate::requirement::hours::{Cell, Hours, Term, Who};
use crate::requirement::weight::Weight;
use crate::t;
use crate::timetable::sql::year_now;

/// Whose hours, as columns: employee, class, subgroup, room, subject, load.
pub(super) fn columns(who: Who) -> [Option<i64>; 6] {
    let mut columns = [None; 6];
    let [employee, class, group, room, subject, load] = &mut columns;
    match who {
        Who::Teacher(id) => *employee = Some(id.0),
        Who::Class(id) => *class = Some(id.0),
        Who::Group(id) => *group = Some(id.0),
        Who::Room(id) => *room = Some(id.0),
        Who::Subject(id) => *subject = Some(id.0),
        Who::Load(id) => *load = Some(id.0),
    }
    columns
}

/// Whose hours a row is; of what is nobody's `None`.
pub(crate) fn who([employee, class, group, room, subject, load]: [Option<i64>; 6]) -> Option<Who> {
    let person = employee.map(|id| Who::Teacher(EmployeeId(id)));
    let class = class.map(|id| Who::Class(ClassId(id)));
    let group = group.map(|id| Who::Group(SubgroupId(id)));
    let room = room.map(|id| Who::Room(RoomId(id)));
    let subject = subject.map(|id| Who::Subject(SubjectId(id)));
    let load = load.map(|id| Who::Load(LoadId(id)));
    person.or(class).or(group).or(room).or(subject).or(load)
}

/// The thing of an event.
pub(super) fn entity(who: Who) -> (&'static str, String) {
    match who {
        Who::Teacher(id) => ("employee_hours", id.to_string()),
        Who::Class(id) => ("class_hours", id.to_string()),
        Who::Group(id) => ("subgroup_hours", id.to_string()),
        Who::Room(id) => ("room_hours", id.to_string()),
        Who::Subject(id) => ("subject_hours", id.to_string()),
        Who::Load(id) => ("load_hours", id.to_string()),
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
    let [employee, class, group, room, subject, load] = columns(who);
    sqlx::query!(
        "delete from unavailability where school_id = $1 and year_id = $2
            and employee_id is not distinct from $3 and class_id is not distinct from $4
            and subgroup_id is not distinct from $5 and room_id is not distinct from $6
            and subject_id is not distinct from $7 and load_id is not distinct from $8",
        school.0,
        year.0,
        employee,
        class,
        group,
        room,
        subject,
        load,
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
            (school_id, year_id, employee_id, class_id, subgroup_id, room_id, subject_id, load_id, day, slot, weight, valid_from, valid_to)
         select $1, $2, $3, $4, $5, $6, $7, $8, c.day, c.slot, c.weight, c.valid_from, c.valid_to
         from unnest($9::smallint[], $10::smallint[], $11::text[], $12::date[], $13::date[])
            c (day, slot, weight, valid_from, valid_to)",
        school.0,
        year.0,
        employee,
        class,
        group,
        room,
        subject,
        load,
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
        Who::Subject(id) => {
            sqlx::query_scalar!(
                "select id from subject where school_id = $1 and id = $2 for no key update",
                school.0,
                id.0
            )
            .fetch_optional(ctx.db())
            .await?
        }
        Who::Load(id) => {
            sqlx::query_scalar!(
                "select id from teaching_load where school_id = $1 and id = $2 for no key update",
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
    let [employee, class, group, room, subject, load] = columns(who);
    let rows = sqlx::query!(
        "select day, slot, weight, valid_from, valid_to from unavailability where school_id = $1 and year_id = $2
            and employee_id is not distinct from $3 and class_id is not distinct from $4
            and subgroup_id is not distinct from $5 and room_id is not distinct from $6
            and subject_id is not distinct from $7 and load_id is not distinct from $8",
        school.0,
        year.0,
        employee,
        class,
        group,
        room,
        subject,
        load,
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
