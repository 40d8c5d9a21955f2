//! What the lessons of a subject are about in a period: topics that were written down, and those that the plan has for lessons to come.

use std::collections::BTreeMap;

use base::rights::Action;
use base::sql::{Ctx, Done};
use base::{AppError, LessonId, LoadId, PeriodId, PupilId, SubjectId};

use super::subjects::head;
use super::{family_first, resource, whose};
use crate::diary::Topic;

/// Lesson by lesson, of the load that the pupil is taught last in the period.
///
/// # Errors
/// [`AppError::NotFound`] for a pupil whose diary is not for the actor to see, or a period that is not theirs.
pub async fn topics(ctx: &mut Ctx, pupil: PupilId, subject: SubjectId, period: PeriodId) -> Done<Vec<Topic>> {
    let pupil = whose(ctx, Some(pupil))?;
    family_first(ctx, pupil)?;
    let head = head(ctx, pupil).await?;
    ctx.must(Action::View, &resource(ctx, pupil, head.leads))?;
    let of = head
        .periods
        .iter()
        .find(|p| p.id == period)
        .ok_or(AppError::NotFound)?;
    let (school, from, until) = (ctx.school(), of.starts_on, of.ends_on);
    let load = sqlx::query_scalar!(
        r#"select t.load_id as "load!" from (
            select a.load_id, e.starts_on
            from enrolment e
            join load_audience a on a.school_id = $1 and a.class_id = e.class_id and a.subgroup_id is null
            where e.school_id = $1 and e.pupil_id = $2 and e.starts_on <= $5 and (e.ends_on is null or e.ends_on >= $4)
            union all
            select a.load_id, m.starts_on
            from subgroup_member m
            join load_audience a on a.school_id = $1 and a.subgroup_id = m.subgroup_id
            where m.school_id = $1 and m.pupil_id = $2 and m.starts_on <= $5 and (m.ends_on is null or m.ends_on >= $4)) t
           join teaching_load l on l.school_id = $1 and l.id = t.load_id and l.subject_id = $3
           order by t.starts_on desc, t.load_id desc limit 1"#,
        school.0,
        pupil.0,
        subject.0,
        from,
        until,
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(load) = load else {
        return Ok(Vec::new());
    };
    let planned: BTreeMap<LessonId, String> = crate::plan::sql::offers(ctx, LoadId(load))
        .await?
        .into_iter()
        .map(|offer| (offer.lesson, offer.topic))
        .collect();
    let today = ctx.today();
    let rows = sqlx::query!(
        "select l.id, l.held_on, l.topic from lesson l
         where l.school_id = $1 and l.load_id = $2 and l.held_on between $3 and $4 and takes_place(l)
         order by l.held_on, l.slot",
        school.0,
        load,
        from,
        until,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|r| {
            // what the plan had for a lesson that is over and was not written down may not have been so
            let ahead = || {
                planned
                    .get(&LessonId(r.id))
                    .filter(|_| r.held_on >= today)
                    .cloned()
            };
            let planned = r.topic.is_none();
            Some(Topic {
                date: r.held_on,
                topic: r.topic.clone().or_else(ahead)?,
                planned,
            })
        })
        .collect())
}
