//! Columns of the journal that are assessments: they count beside the works of the schedule, and are laid against the same limits.

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done};
use base::{ClassId, LessonId, LoadId, SchoolId, SubjectId, WorkTypeId};

use super::parts::parts;
use super::read::{Group, group, known, remarks, works};
use crate::assessment::rule::{HOUR, Planned, Remark};
use crate::assessment::schedule::{Against, State};
use crate::journal::sql::facts::of_lesson;

/// Those of a year that no work of the schedule stands behind: of a group's classes and of its subject in its parallel, or of the whole school. Two
/// columns of a kind in one lesson are one work with two marks.
pub(super) async fn columns(ctx: &mut Ctx, year: i64, of: Option<&Group>) -> Done<Vec<Planned>> {
    let SchoolId(school) = ctx.school();
    let classes: Option<Vec<i64>> = of.map(|g| g.classes.iter().map(|(class, _)| class.0).collect());
    let parts = parts(ctx, year).await?;
    let rows = sqlx::query!(
        r#"select distinct on (l.held_on, l.load_id, a.work_type_id) l.load_id, l.held_on, l.slot, a.work_type_id, coalesce(a.title, w.title) as "title!",
            t.subject_id, s.name as subject, u.classes as "classes!", u.names as "names!", u.grade as "grade!"
           from work_type w
           join assignment a on a.school_id = $1 and a.work_type_id = w.id
           join lesson l on l.school_id = $1 and l.id = a.lesson_id and l.state <> 'cancelled'
           join teaching_load t on t.school_id = $1 and t.id = l.load_id and t.year_id = $2
           join subject s on s.school_id = $1 and s.id = t.subject_id
           join lateral (
               select array_agg(c.id order by c.name, c.id) as classes, array_agg(c.name order by c.name, c.id) as names, min(c.grade) as grade
               from class c where c.school_id = $1
                 and c.id in (select e.class_id from load_audience e where e.school_id = $1 and e.load_id = l.load_id)) u on u.grade is not null
           where w.school_id = $1 and w.assessment
             and ($3::bigint[] is null or u.classes && $3 or (t.subject_id = $4 and u.grade = $5))
             and not exists (
                select from assessment p where p.school_id = $1 and p.load_id = l.load_id and p.held_on = l.held_on
                    and p.work_type_id = a.work_type_id and p.state <> 'returned')
           order by l.held_on, l.load_id, a.work_type_id, l.slot, a.id"#,
        school,
        year,
        classes.as_deref(),
        of.map(|g| g.subject.0),
        of.map(|g| g.grade),
    )
    .fetch_all(ctx.db())
    .await?;
    let column = rows.into_iter().map(|r| Planned {
        id: None,
        subject: SubjectId(r.subject_id),
        subject_name: r.subject,
        classes: r.classes.into_iter().map(ClassId).zip(r.names).collect(),
        grade: r.grade,
        date: r.held_on,
        slot: r.slot,
        kind: WorkTypeId(r.work_type_id),
        title: r.title,
        // a column tells no minutes: it takes its lesson
        minutes: HOUR,
        whole_class: true,
        parts: parts.get(&LoadId(r.load_id)).cloned().unwrap_or_default(),
    });
    Ok(column.collect())
}

/// What stands against a column of a kind in a lesson, by the rules of the schedule; nothing against one that is no assessment.
///
/// # Errors
/// [`AppError::NotFound`](base::AppError::NotFound) and [`AppError::Forbidden`](base::AppError::Forbidden) for a lesson whose journal the actor does not write.
pub async fn against(ctx: &mut Ctx, lesson: LessonId, kind: WorkTypeId, title: &str) -> Done<Against> {
    let facts = of_lesson(ctx, lesson).await?;
    ctx.must(Action::Edit, &facts.whose.resource(ctx, Kind::Journal))?;
    let SchoolId(school) = ctx.school();
    let row = sqlx::query!(
        r#"select w.title, l.slot from work_type w join lesson l on l.school_id = $1 and l.id = $3
           where w.school_id = $1 and w.id = $2 and w.assessment"#,
        school,
        kind.0,
        lesson.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(row) = row else {
        return Ok(Against {
            planned: false,
            remarks: vec![],
        });
    };
    let group = group(ctx, facts.load).await?;
    let mut known = known(ctx, &group).await?;
    let day = facts.held_on;
    let plan = works(ctx, group.year).await?.into_iter().find(|w| {
        w.load == facts.load && w.planned.date == day && w.planned.kind == kind && w.state != State::Returned
    });
    let planned = plan.is_some();
    let title = Some(title.trim()).filter(|t| !t.is_empty());
    let work = plan.map_or_else(
        || Planned {
            id: None,
            subject: group.subject,
            subject_name: group.subject_name.clone(),
            classes: group.classes.clone(),
            grade: group.grade,
            date: day,
            slot: row.slot,
            kind,
            title: title.unwrap_or(&row.title).to_owned(),
            // a column tells no minutes: it takes its lesson
            minutes: HOUR,
            whole_class: true,
            parts: group.parts.clone(),
        },
        |w| w.planned,
    );
    // the columns of this very lesson are the work itself
    known
        .others
        .retain(|o| o.id.is_some() || o.date != day || !group.has(o));
    let mut remarks = remarks(&work, &known);
    // the lesson is there: the column stands in it
    remarks.retain(|r| !matches!(r, Remark::NoLesson));
    Ok(Against { planned, remarks })
}
