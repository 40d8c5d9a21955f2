//! Lessons of a class's day; cancelled, and taken back.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, ClassId, LessonId};
use chrono::NaiveDate;
use serde_json::json;

use super::{Day, Line, MOST, REASON};
use crate::journal::sql::facts::{employee, of_lesson};
use crate::t;

/// Who cancels: those who close and open journals.
pub(crate) fn decides(ctx: &Ctx) -> Result<(), AppError> {
    ctx.must(Action::Lock, &Resource::of_school(Kind::Journal, ctx.school()))
}

/// May this person cancel lessons?
pub(crate) fn may(ctx: &Ctx) -> bool {
    decides(ctx).is_ok()
}

/// The lessons of a class on a day; without them of the first class, today.
///
/// # Errors
/// [`AppError::NotFound`] and [`AppError::Forbidden`] for who cancels nothing, and for a class that is not of that year.
pub async fn day(ctx: &mut Ctx, class: Option<ClassId>, day: Option<NaiveDate>) -> Done<Day> {
    decides(ctx)?;
    let (school, day) = (ctx.school(), day.unwrap_or_else(|| ctx.today()));
    let classes = sqlx::query!(
        "select c.id, c.name from class c
         join academic_year y on y.school_id = $1 and y.id = c.year_id and $2 between y.starts_on and y.ends_on
         where c.school_id = $1 order by c.grade, c.name",
        school.0,
        day,
    )
    .fetch_all(ctx.db())
    .await?;
    let classes: Vec<(ClassId, String)> = classes.into_iter().map(|c| (ClassId(c.id), c.name)).collect();
    let class = match class {
        Some(asked) => Some(
            classes
                .iter()
                .map(|c| c.0)
                .find(|id| *id == asked)
                .ok_or(AppError::NotFound)?,
        ),
        None => classes.first().map(|c| c.0),
    };
    let lessons = match class {
        Some(class) => lessons(ctx, class, day).await?,
        None => vec![],
    };
    Ok(Day {
        day,
        classes,
        class,
        lessons,
    })
}

async fn lessons(ctx: &mut Ctx, class: ClassId, day: NaiveDate) -> Done<Vec<Line>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select l.id, l.slot, s.name as subject, l.state = 'cancelled' as "cancelled!", l.cancel_reason,
            coalesce(a.audience, '') as "audience!",
            coalesce(h.names, '') as "teachers!",
            exists (select from assignment a join mark m on m.school_id = $1 and m.assignment_id = a.id and (m.code is not null or m.owed)
                    where a.school_id = $1 and a.lesson_id = l.id) as "has_marks!"
           from lesson l
           join teaching_load k on k.school_id = $1 and k.id = l.load_id
           join subject s on s.school_id = $1 and s.id = k.subject_id
           cross join lateral audience_of($1, l.load_id) a
           cross join lateral teachers_of($1, l.load_id) h
           where l.school_id = $1 and l.held_on = $3
             and exists (select from load_audience u where u.school_id = $1 and u.load_id = l.load_id and u.class_id = $2)
           order by l.slot, s.name, l.id"#,
        school.0,
        class.0,
        day,
    )
    .fetch_all(ctx.db())
    .await?;
    let line = rows.into_iter().map(|r| Line {
        lesson: LessonId(r.id),
        slot: r.slot,
        subject: r.subject,
        audience: r.audience,
        teachers: r.teachers,
        cancelled: r.cancelled,
        reason: r.cancel_reason,
        has_marks: r.has_marks,
    });
    Ok(line.collect())
}

/// Cancels lessons: all of them or none. What was cancelled already gets the new reason.
///
/// # Errors
/// As [`day`]; [`AppError::NotFound`] for a lesson that is not there, [`AppError::Invalid`] for a reason that says nothing, a closed
/// period, and a lesson on which marks were given.
pub async fn cancel(ctx: &mut Ctx, lessons: &[LessonId], reason: &str) -> Done<()> {
    decides(ctx)?;
    let lang = ctx.lang();
    let mut ids: Vec<i64> = lessons.iter().map(|l| l.0).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > MOST {
        return Err(AppError::invalid("lessons", t::cancellation_choose(lang)).into());
    }
    let reason = reason.trim();
    if !REASON.contains(&reason.chars().count()) {
        return Err(AppError::invalid("reason", t::cancellation_reason_wrong(lang)).into());
    }
    let (school, now, employee) = (ctx.school(), ctx.now(), employee(ctx));
    let rows = sqlx::query!(
        r#"select l.id, l.slot, l.topic, l.version, l.state, l.cancel_reason, k.locked as "locked!",
            exists (select from assignment a join mark m on m.school_id = $1 and m.assignment_id = a.id and (m.code is not null or m.owed)
                    where a.school_id = $1 and a.lesson_id = l.id) as "has_marks!"
           from lesson l cross join lateral closed_on($1, l.load_id, l.held_on, $4, $3) k
           where l.school_id = $1 and l.id = any ($2::bigint[])
           order by l.id for update of l"#,
        school.0,
        &ids,
        now,
        employee,
    )
    .fetch_all(ctx.db())
    .await?;
    if rows.len() != ids.len() {
        return Err(AppError::NotFound.into());
    }
    if rows.iter().any(|r| r.locked) {
        return Err(AppError::invalid("", t::journal_locked(lang)).into());
    }
    let marked: Vec<String> = rows
        .iter()
        .filter(|r| r.has_marks)
        .map(|r| (r.slot + 1).to_string())
        .collect();
    if !marked.is_empty() {
        return Err(AppError::invalid("lessons", t::cancellation_has_marks(lang, marked.join(", "))).into());
    }
    let changed: Vec<i64> = rows
        .iter()
        .filter(|r| r.state != "cancelled" || r.cancel_reason.as_deref() != Some(reason))
        .map(|r| r.id)
        .collect();
    sqlx::query!(
        "update lesson set state = 'cancelled', cancel_reason = $3, version = version + 1 where school_id = $1 and id = any ($2::bigint[])",
        school.0,
        &changed,
        reason,
    )
    .execute(ctx.db())
    .await?;
    let events: Vec<Event<'_>> = rows
        .iter()
        .filter(|r| changed.contains(&r.id))
        .map(|r| Event {
            action: "lesson.cancelled",
            entity: "lesson",
            key: r.id.to_string(),
            old: Some(json!({ "topic": r.topic, "state": r.state, "reason": r.cancel_reason, "version": r.version })),
            new: Some(
                json!({ "topic": r.topic, "state": "cancelled", "reason": reason, "version": r.version + 1 }),
            ),
            op: None,
        })
        .collect();
    ctx.audit_all(&events).await
}

/// Takes a cancellation back: the lesson takes place, with what was written into it before.
///
/// # Errors
/// As [`cancel`].
pub async fn restore(ctx: &mut Ctx, lesson: LessonId) -> Done<()> {
    decides(ctx)?;
    let facts = of_lesson(ctx, lesson).await?;
    if facts.locked {
        return Err(AppError::invalid("", t::journal_locked(ctx.lang())).into());
    }
    if !facts.cancelled {
        return Ok(());
    }
    let (school, today) = (ctx.school(), ctx.today());
    let old = sqlx::query!(
        r#"update lesson l set state = case when l.topic is not null and l.held_on <= $3 then 'held' else 'planned' end,
            cancel_reason = null, version = l.version + 1
           from lesson before
           where l.school_id = $1 and l.id = $2 and before.school_id = $1 and before.id = $2 and before.state = 'cancelled'
           returning l.topic, l.state, l.version, before.cancel_reason as "reason?""#,
        school.0,
        lesson.0,
        today,
    )
    .fetch_optional(ctx.db())
    .await?;
    // it does not take place for another reason: a day off
    let Some(old) = old else {
        return Ok(());
    };
    ctx.audit(Event {
        action: "lesson.restored",
        entity: "lesson",
        key: lesson.to_string(),
        old: Some(json!({ "topic": old.topic, "state": "cancelled", "reason": old.reason, "version": old.version - 1 })),
        new: Some(json!({ "topic": old.topic, "state": old.state, "version": old.version })),
        op: None,
    })
    .await?;
    Ok(())
}
