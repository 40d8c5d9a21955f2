//! Rows: one requirement is saved or removed at a time, naming the revision that the person saw.

use base::sql::{Ctx, Done, Event};
use base::{AppError, RequirementId};
use serde_json::json;

use super::read::{in_force, law_of};
use super::{ENTITY, must_edit, stale};
use crate::requirement::kind::About;
use crate::requirement::terms::{Requirement, Target, Terms};
use crate::t;
use crate::timetable::NormRow;
use crate::timetable::sql::{norms, year_now};

/// Writes a requirement: a new one, or in place of the revision that was seen.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign requirement, teacher, class, subject, load or
/// room; invalid for what [`Terms::fault`] finds and for two requirements of one kind at one time; conflict if somebody else
/// has saved since.
pub async fn save(ctx: &mut Ctx, at: Option<(RequirementId, i32)>, terms: Terms) -> Done<Requirement> {
    must_edit(ctx)?;
    let terms = terms.settled();
    known(ctx, terms.target).await?;
    let law = if terms.kind.about() == About::Norm {
        law(ctx).await?
    } else {
        vec![]
    };
    if let Some((field, words)) = terms.fault(&law, ctx.lang()) {
        return Err(AppError::invalid(field, words).into());
    }
    let before = match at {
        Some((id, revision)) => Some(held(ctx, id, revision).await?),
        None => None,
    };
    if before
        .as_ref()
        .is_some_and(|old| old.terms.kind != terms.kind || old.terms.target != terms.target)
    {
        return Err(AppError::invalid("target", t::requirement_wrong_target(ctx.lang())).into());
    }
    let saved = match &before {
        Some(old) if old.terms == terms => return Ok(old.clone()),
        Some(old) => update(ctx, old, terms).await?,
        None => insert(ctx, terms).await?,
    };
    rooms(ctx, &saved).await?;
    ctx.audit(Event {
        action: "requirement.saved",
        entity: ENTITY,
        key: saved.id.to_string(),
        old: before.map(|old| json!(old.terms)),
        new: Some(json!(saved.terms)),
        op: None,
    })
    .await?;
    Ok(saved)
}

/// Removes a requirement of the revision that was seen.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign one; conflict if somebody else has saved since.
pub async fn remove(ctx: &mut Ctx, id: RequirementId, revision: i32) -> Done<()> {
    must_edit(ctx)?;
    let old = held(ctx, id, revision).await?;
    let school = ctx.school();
    sqlx::query!(
        "delete from requirement where school_id = $1 and id = $2",
        school.0,
        id.0
    )
    .execute(ctx.db())
    .await?;
    // a list of which nothing is asked is nothing
    if let Target::Lessons(list) = old.terms.target {
        sqlx::query!(
            "delete from lesson_list l where l.school_id = $1 and l.id = $2
             and not exists (select from requirement r where r.school_id = $1 and r.lesson_list_id = l.id)",
            school.0,
            list.0,
        )
        .execute(ctx.db())
        .await?;
    }
    ctx.audit(Event {
        action: "requirement.removed",
        entity: ENTITY,
        key: id.to_string(),
        old: Some(json!(old.terms)),
        new: None,
        op: None,
    })
    .await
}

/// The law of now, for what may only be stricter.
async fn law(ctx: &mut Ctx) -> Done<Vec<NormRow>> {
    let Some((year, _)) = year_now(ctx).await? else {
        return Ok(vec![]);
    };
    let (on, org) = law_of(ctx, year).await?;
    norms(ctx, on, &org).await
}

/// Of whom it is asked is of the school.
async fn known(ctx: &mut Ctx, target: Target) -> Done<()> {
    let school = ctx.school();
    let mut list = None;
    let (employee, class, subject, load) = match target {
        Target::Lessons(id) => {
            list = Some(id.0);
            (None, None, None, vec![])
        }
        Target::Teacher(id) => (Some(id.0), None, None, vec![]),
        Target::Class(id) => (None, Some(id.0), None, vec![]),
        Target::Subject(id) => (None, None, Some(id.0), vec![]),
        Target::Load(id) => (None, None, None, vec![id.0]),
        Target::Pair(one, other) if one == other => (None, None, None, vec![one.0]),
        Target::Pair(one, other) => (None, None, None, vec![one.0, other.0]),
        Target::School | Target::Grades(..) => return Ok(()),
    };
    let known = sqlx::query_scalar!(
        r#"select exists (select from employee where school_id = $1 and id = $2)
            or exists (select from class where school_id = $1 and id = $3)
            or exists (select from subject where school_id = $1 and id = $4)
            or exists (select from lesson_list where school_id = $1 and id = $6)
            or (cardinality($5::bigint[]) > 0
                and (select count(*) from teaching_load where school_id = $1 and id = any ($5)) = cardinality($5)) as "known!""#,
        school.0,
        employee,
        class,
        subject,
        &load,
        list,
    )
    .fetch_one(ctx.db())
    .await?;
    if known {
        Ok(())
    } else {
        Err(AppError::NotFound.into())
    }
}

/// The requirement, locked, if it still is the one that was seen.
async fn held(ctx: &mut Ctx, id: RequirementId, revision: i32) -> Done<Requirement> {
    let school = ctx.school();
    let found = sqlx::query_scalar!(
        "select revision from requirement where school_id = $1 and id = $2 for update",
        school.0,
        id.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(now) = found else {
        // removed by somebody, or never ours
        let error = gone(ctx, id).await?;
        return Err(error.into());
    };
    if now != revision {
        return Err(stale(ctx, ENTITY, &id.to_string()).await?.into());
    }
    let all = in_force(ctx, None).await?;
    let row = all.into_iter().find(|r| r.id == id);
    row.ok_or_else(|| AppError::NotFound.into())
}

async fn gone(ctx: &mut Ctx, id: RequirementId) -> Done<AppError> {
    let school = ctx.school();
    let ours = sqlx::query_scalar!(
        r#"select exists (select from audit_event where school_id = $1 and entity = $2 and entity_key = $3) as "ours!""#,
        school.0,
        ENTITY,
        id.to_string(),
    )
    .fetch_one(ctx.db())
    .await?;
    if ours {
        stale(ctx, ENTITY, &id.to_string()).await
    } else {
        Ok(AppError::NotFound)
    }
}

async fn update(ctx: &mut Ctx, old: &Requirement, terms: Terms) -> Done<Requirement> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let revision = sqlx::query_scalar!(
        "update requirement set value = $3, room_kind = $4, weight = $5, valid_from = $6, valid_to = $7,
            revision = revision + 1, changed_by = $8, changed_at = $9
         where school_id = $1 and id = $2 returning revision",
        school.0,
        old.id.0,
        terms.value,
        terms.room_kind,
        terms.weight.key(),
        terms.valid_from,
        terms.valid_to,
        person.0,
        now,
    )
    .fetch_one(ctx.db())
    .await?;
    sqlx::query!(
        "delete from requirement_room where school_id = $1 and requirement_id = $2",
        school.0,
        old.id.0
    )
    .execute(ctx.db())
    .await?;
    Ok(Requirement {
        id: old.id,
        revision,
        terms,
    })
}

async fn insert(ctx: &mut Ctx, terms: Terms) -> Done<Requirement> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let (mut employee, mut class, mut subject, mut load, mut grades) = (None, None, None, None, None);
    let (mut other, mut list) = (None, None);
    match terms.target {
        Target::School => {}
        Target::Teacher(id) => employee = Some(id.0),
        Target::Class(id) => class = Some(id.0),
        Target::Subject(id) => subject = Some(id.0),
        Target::Load(id) => load = Some(id.0),
        Target::Lessons(id) => list = Some(id.0),
        Target::Pair(one, two) => (load, other) = (Some(one.0), Some(two.0)),
        Target::Grades(from, to) => grades = Some((from, to)),
    }
    let id = sqlx::query_scalar!(
        "insert into requirement (school_id, kind, employee_id, class_id, subject_id, load_id, grade_from, grade_to, value,
            room_kind, weight, valid_from, valid_to, changed_by, changed_at, other_load_id, lesson_list_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) returning id",
        school.0,
        terms.kind.key(),
        employee,
        class,
        subject,
        load,
        grades.map(|g| g.0),
        grades.map(|g| g.1),
        terms.value,
        terms.room_kind,
        terms.weight.key(),
        terms.valid_from,
        terms.valid_to,
        person.0,
        now,
        other,
        list,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(Requirement {
        id: RequirementId(id),
        revision: 0,
        terms,
    })
}

/// Writes the rooms of a requirement, in their order.
async fn rooms(ctx: &mut Ctx, saved: &Requirement) -> Done<()> {
    if saved.terms.rooms.is_empty() {
        return Ok(());
    }
    let school = ctx.school();
    let ids: Vec<i64> = saved.terms.rooms.iter().map(|r| r.0).collect();
    let written = sqlx::query!(
        "insert into requirement_room (school_id, requirement_id, place, room_id)
         select $1, $2, r.place, r.id from unnest($3::bigint[]) with ordinality r (id, place)
         join room on room.school_id = $1 and room.id = r.id",
        school.0,
        saved.id.0,
        &ids,
    )
    .execute(ctx.db())
    .await?
    .rows_affected();
    if usize::try_from(written).ok() == Some(ids.len()) {
        Ok(())
    } else {
        Err(AppError::NotFound.into())
    }
}
