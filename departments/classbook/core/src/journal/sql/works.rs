//! The works (assignments) of a lesson: for what marks are given.

use base::number::Hundredths;
use base::rights::{Action, Kind};
use base::sql::{Ctx, Done, Event};
use base::{AppError, AssignmentId, LessonId, LoadId, ScaleId};
use serde_json::json;
use uuid::Uuid;

use super::facts::of_lesson;
use crate::journal::grid::AssignmentEdit;
use crate::t;

/// The first work of a lesson, if it has one, and the lesson's journal. The lesson stays locked, so that two who type at
/// once make one work.
pub async fn first_work(ctx: &mut Ctx, lesson: LessonId) -> Done<(LoadId, Option<AssignmentId>)> {
    let facts = of_lesson(ctx, lesson).await?;
    ctx.must(Action::Edit, &facts.whose.resource(ctx, Kind::Journal))?;
    let school = ctx.school();
    let first = sqlx::query_scalar!(
        "select id from assignment where school_id = $1 and lesson_id = $2 order by position, id limit 1",
        school.0,
        lesson.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok((facts.load, first.map(AssignmentId)))
}

/// Makes the first work of a lesson of this journal, with the school's default type and scale. The right was asked by
/// [`first_work`].
pub async fn make_first_work(ctx: &mut Ctx, load: LoadId, lesson: LessonId) -> Done<AssignmentId> {
    let school = ctx.school();
    let made = sqlx::query!(
        r#"insert into assignment (school_id, lesson_id, work_type_id, scale_id, weight)
         select $1, $2, w.id, results_scale_of($3), w.weight
         from work_type w where w.school_id = $1 order by w.position, w.id limit 1
         returning id, work_type_id, (weight * 100)::bigint as "weight!""#,
        school.0,
        lesson.0,
        load.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or_else(|| AppError::invalid("", t::journal_no_work_types(ctx.lang())))?;
    ctx.audit(Event {
        action: "assignment.added",
        entity: "assignment",
        key: made.id.to_string(),
        old: None,
        new: Some(json!({
            "lesson": lesson, "default": true, "version": 1, "work_type": made.work_type_id,
            "weight": Hundredths(made.weight).to_string(),
        })),
        op: None,
    })
    .await?;
    Ok(AssignmentId(made.id))
}

/// Adds a work or changes one; returns its id and version.
///
/// # Errors
/// [`AppError::Conflict`] when somebody changed it meanwhile, [`AppError::Invalid`] for a locked period.
pub async fn save_work(ctx: &mut Ctx, op_id: Uuid, edit: AssignmentEdit) -> Done<AssignmentId> {
    let facts = of_lesson(ctx, edit.lesson).await?;
    ctx.must(Action::Edit, &facts.whose.resource(ctx, Kind::Journal))?;
    let (school, lang) = (ctx.school(), ctx.lang());
    // a second press of the button, or a repeated send
    if let Some(key) = sqlx::query_scalar!(
        "select entity_key from audit_event where school_id = $1 and op_id = $2 and entity = 'assignment'",
        school.0,
        op_id,
    )
    .fetch_optional(ctx.db())
    .await?
    {
        return key.parse().map_err(|_| AppError::NotFound.into());
    }
    if facts.locked || facts.cancelled {
        let words = if facts.locked {
            t::journal_locked(lang)
        } else {
            t::journal_cancelled(lang)
        };
        return Err(AppError::invalid("", words).into());
    }
    if edit.weight < Hundredths(0) || edit.weight > Hundredths::whole(100) {
        return Err(AppError::invalid("weight", t::journal_weight_wrong(lang)).into());
    }
    let title = edit.title.as_deref().map(str::trim).filter(|t| !t.is_empty());
    let mut new = json!({
        "lesson": edit.lesson, "work_type": edit.work_type, "title": title, "weight": edit.weight.to_string(),
        "scale": edit.scale, "version": edit.expected + 1,
    });
    let (id, old) = match edit.id {
        None => (add(ctx, &edit, facts.load.0, title).await?, None),
        Some(id) => {
            let (old, reason) = change(ctx, id, &edit, title).await?;
            if let (Some(reason), Some(new)) = (reason, new.as_object_mut()) {
                new.insert("reason".to_owned(), json!(reason));
            }
            (id, Some(old))
        }
    };
    ctx.audit(Event {
        action: if old.is_some() {
            "assignment.changed"
        } else {
            "assignment.added"
        },
        entity: "assignment",
        key: id.to_string(),
        old,
        new: Some(new),
        op: Some(op_id),
    })
    .await?;
    Ok(id)
}

async fn add(ctx: &mut Ctx, edit: &AssignmentEdit, load: i64, title: Option<&str>) -> Done<AssignmentId> {
    let school = ctx.school();
    let id = sqlx::query_scalar!(
        "insert into assignment (school_id, lesson_id, work_type_id, scale_id, title, weight, position)
         select $1, $2, w.id, coalesce($7::bigint, results_scale_of($4)),
            $5, $6::bigint::numeric / 100,
            (select coalesce(max(position) + 1, 0) from assignment where school_id = $1 and lesson_id = $2)::smallint
         from work_type w where w.school_id = $1 and w.id = $3
            and ($7::bigint is null or exists (select from mark_scale s where s.school_id = $1 and s.id = $7))
         returning id",
        school.0,
        edit.lesson.0,
        edit.work_type.0,
        load,
        title,
        edit.weight.0,
        edit.scale.map(|s| s.0),
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    Ok(AssignmentId(id))
}

/// Writes a work anew; what it was, and why it became another if that was asked.
async fn change(
    ctx: &mut Ctx,
    id: AssignmentId,
    edit: &AssignmentEdit,
    title: Option<&str>,
) -> Done<(serde_json::Value, Option<String>)> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let old = sqlx::query!(
        r#"select work_type_id, title, (weight * 100)::bigint as "weight!", version, scale_id
           from assignment where school_id = $1 and id = $2 and lesson_id = $3 for update"#,
        school.0,
        id.0,
        edit.lesson.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if old.version != edit.expected {
        return Err(AppError::Conflict {
            message: t::journal_work_changed(lang).to_owned(),
        }
        .into());
    }
    if let Some(scale) = edit.scale.filter(|s| s.0 != old.scale_id) {
        may_have_scale(ctx, id, scale).await?;
    }
    let counts_otherwise = old.weight != edit.weight.0 || old.work_type_id != edit.work_type.0;
    let reason = if counts_otherwise {
        why(ctx, id, edit).await?
    } else {
        None
    };
    sqlx::query!(
        "update assignment set work_type_id = $3, title = $4, weight = $5::bigint::numeric / 100, scale_id = coalesce($6, scale_id),
            version = version + 1
         where school_id = $1 and id = $2",
        school.0,
        id.0,
        edit.work_type.0,
        title,
        edit.weight.0,
        edit.scale.map(|s| s.0),
    )
    .execute(ctx.db())
    .await?;
    let event = json!({
        "lesson": edit.lesson, "work_type": old.work_type_id, "title": old.title,
        "weight": Hundredths(old.weight).to_string(), "scale": old.scale_id, "version": old.version,
    });
    Ok((event, reason))
}

/// Why a work counts otherwise from now on: asked where marks of its period have been given that rest on marks of this work. They stay as they
/// are, and whoever opens one must find why it does not come to what is proposed.
async fn why(ctx: &mut Ctx, id: AssignmentId, edit: &AssignmentEdit) -> Done<Option<String>> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let given = sqlx::query_scalar!(
        r#"select count(distinct g.pupil_id) as "n!" from lesson l
           join teaching_load k on k.school_id = l.school_id and k.id = l.load_id
           join mark m on m.school_id = l.school_id and m.assignment_id = $2 and m.code is not null
           join period_mark g on g.school_id = l.school_id and g.pupil_id = m.pupil_id and g.year_id = k.year_id and g.subject_id = k.subject_id
              and g.stage = 'period' and g.code is not null
           join period d on d.school_id = l.school_id and d.id = g.period_id and l.held_on between d.starts_on and d.ends_on
           where l.school_id = $1 and l.id = $3"#,
        school.0,
        id.0,
        edit.lesson.0,
    )
    .fetch_one(ctx.db())
    .await?;
    let reason = edit.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
    match reason {
        None if given > 0 => {
            Err(AppError::invalid("reason", t::journal_weight_needs_reason(lang, given)).into())
        }
        None => Ok(None),
        Some(text) => Ok(Some(crate::grading::sql::reason_of(text, "reason", lang)?)),
    }
}

/// A work changes its scale while nothing is marked by the other one. What is left of cleared marks goes: its history stays in the
/// events.
async fn may_have_scale(ctx: &mut Ctx, id: AssignmentId, scale: ScaleId) -> Done<()> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let row = sqlx::query!(
        r#"select exists (select from mark_scale where school_id = $1 and id = $3) as "here!",
            exists (select from mark where school_id = $1 and assignment_id = $2 and (code is not null or comment is not null or owed)) as "used!""#,
        school.0,
        id.0,
        scale.0,
    )
    .fetch_one(ctx.db())
    .await?;
    if !row.here {
        return Err(AppError::NotFound.into());
    }
    if row.used {
        return Err(AppError::invalid("scale", t::journal_scale_has_marks(lang)).into());
    }
    sqlx::query!(
        "delete from mark where school_id = $1 and assignment_id = $2",
        school.0,
        id.0
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

/// Was this work of this lesson removed, and may the actor know? For words to whoever still types into it.
pub async fn was_removed(ctx: &mut Ctx, lesson: LessonId, assignment: AssignmentId) -> Done<bool> {
    let school = ctx.school();
    let removed = sqlx::query_scalar!(
        r#"select exists (select from audit_event
            where school_id = $1 and entity = 'assignment' and entity_key = $2 and action = 'assignment.removed'
              and (old ->> 'lesson')::bigint = $3) as "removed!""#,
        school.0,
        assignment.to_string(),
        lesson.0,
    )
    .fetch_one(ctx.db())
    .await?;
    if !removed {
        return Ok(false);
    }
    let facts = of_lesson(ctx, lesson).await?;
    ctx.must(Action::Edit, &facts.whose.resource(ctx, Kind::Journal))?;
    Ok(true)
}

/// Removes a work that holds no mark. Lesson and work stay locked until the end of the transaction, in this order (as in
/// [`first_work`]): whoever saves a mark holds the work as well, so the one waits for the other and sees what it did.
/// Answers with the lesson it was in.
///
/// # Errors
/// [`AppError::Invalid`] while a mark is in it or its period is locked.
pub async fn remove_work(ctx: &mut Ctx, assignment: AssignmentId) -> Done<LessonId> {
    let school = ctx.school();
    let lesson = sqlx::query_scalar!(
        "select lesson_id from assignment where school_id = $1 and id = $2",
        school.0,
        assignment.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .map(LessonId)
    .ok_or(AppError::NotFound)?;
    let facts = of_lesson(ctx, lesson).await?;
    ctx.must(Action::Edit, &facts.whose.resource(ctx, Kind::Journal))?;
    let lang = ctx.lang();
    if facts.locked {
        return Err(AppError::invalid("", t::journal_locked(lang)).into());
    }
    let work = sqlx::query!(
        r#"select work_type_id, title, (weight * 100)::bigint as "weight!" from assignment where school_id = $1 and id = $2 for update"#,
        school.0,
        assignment.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let used = sqlx::query_scalar!(
        r#"select exists (select from mark where school_id = $1 and assignment_id = $2
            and (code is not null or comment is not null or owed)) as "used!""#,
        school.0,
        assignment.0,
    )
    .fetch_one(ctx.db())
    .await?;
    if used {
        return Err(AppError::invalid("", t::journal_work_has_marks(lang)).into());
    }
    // what is left are cleared marks; their history stays in the events
    let cleared = sqlx::query!(
        "delete from mark where school_id = $1 and assignment_id = $2",
        school.0,
        assignment.0
    )
    .execute(ctx.db())
    .await?
    .rows_affected();
    sqlx::query!(
        "delete from assignment where school_id = $1 and id = $2",
        school.0,
        assignment.0
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "assignment.removed",
        entity: "assignment",
        key: assignment.to_string(),
        old: Some(json!({
            "lesson": lesson, "work_type": work.work_type_id, "title": work.title, "weight": Hundredths(work.weight).to_string(),
            "marks": cleared,
        })),
        new: None,
        op: None,
    })
    .await?;
    Ok(lesson)
}
