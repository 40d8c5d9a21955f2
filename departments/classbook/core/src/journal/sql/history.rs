//! Who changed a place, when, from what to what: read from the events of the audit.

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done};
use base::{AppError, LessonId};

use super::facts::of_load;
use super::save::local;
use crate::journal::cell::{Past, Place};
use crate::owed::Owed;
use crate::t;

/// The history of a place, the latest first; at most 50 entries.
///
/// # Errors
/// [`AppError::NotFound`] for a place whose journal is not the actor's to see, [`AppError::Forbidden`] without the right to
/// read histories.
pub async fn history(ctx: &mut Ctx, place: Place) -> Done<Vec<Past>> {
    let school = ctx.school();
    let LessonId(lesson) = place.lesson();
    let load = sqlx::query_scalar!(
        "select load_id from lesson where school_id = $1 and id = $2",
        school.0,
        lesson
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let whose = of_load(ctx, base::LoadId(load)).await?;
    ctx.must(Action::View, &whose.resource(ctx, Kind::Journal))?;
    if !ctx.may(Action::View, &whose.resource(ctx, Kind::Audit)) {
        return Err(AppError::Forbidden.into());
    }
    let (entity, key) = match place {
        Place::Mark {
            assignment: Some(assignment),
            pupil,
            ..
        } => {
            // the key names no lesson: the assignment must be of this one
            let here = sqlx::query_scalar!(
                r#"select exists (select from assignment where school_id = $1 and id = $2 and lesson_id = $3) as "here!""#,
                school.0,
                assignment.0,
                lesson,
            )
            .fetch_one(ctx.db())
            .await?;
            if !here {
                return Err(AppError::NotFound.into());
            }
            ("mark", format!("{assignment}:{pupil}"))
        }
        Place::Mark { assignment: None, .. } => return Ok(vec![]),
        Place::Attendance { lesson, pupil } => ("attendance", format!("{lesson}:{pupil}")),
        Place::Lesson { lesson } => ("lesson", lesson.to_string()),
        // told beside the homework itself
        Place::Individual { .. } => return Ok(vec![]),
    };
    let rows = sqlx::query!(
        r#"select e.at, e.action, full_name(p.last_name, p.first_name, p.middle_name) as "by!",
            coalesce(e.old ->> 'code', e.old ->> 'topic') as old, coalesce(e.new ->> 'code', e.new ->> 'topic') as new,
            e.old ->> 'code' is null and coalesce((e.old ->> 'owed')::boolean, false) as "old_dot!", (e.old ->> 'until')::date as old_until,
            e.new ->> 'code' is null and coalesce((e.new ->> 'owed')::boolean, false) as "new_dot!", (e.new ->> 'until')::date as new_until,
            case when e.old ->> 'comment' is distinct from e.new ->> 'comment' then coalesce(e.new ->> 'comment', '')
                 when e.old -> 'homework' is distinct from e.new -> 'homework' then coalesce(e.new -> 'homework' ->> 'text', '')
                 when e.action = 'lesson.cancelled' then e.new ->> 'reason'
            end as comment
           from audit_event e left join person p on p.id = e.actor_id
           where e.school_id = $1 and e.entity = $2 and e.entity_key = $3
           order by e.id desc limit 50"#,
        school.0,
        entity,
        key,
    )
    .fetch_all(ctx.db())
    .await?;
    let dot = |there: bool, until| {
        let owed = Owed {
            until,
            handed_in: None,
        };
        there.then(|| owed.text())
    };
    let cancelled = || Some(t::journal_history_cancelled(ctx.lang()).to_owned());
    Ok(rows
        .into_iter()
        .map(|r| Past {
            by: r.by,
            at: local(ctx, r.at),
            old: if r.action == "lesson.restored" {
                cancelled()
            } else {
                r.old.or_else(|| dot(r.old_dot, r.old_until))
            },
            new: if r.action == "lesson.cancelled" {
                cancelled()
            } else {
                r.new.or_else(|| dot(r.new_dot, r.new_until))
            },
            comment: r.comment,
        })
        .collect())
}
