//! Owed works in the database. A dot is set by the statement that saves a mark (`journal::sql::save`); here it is read.

use base::rights::Action;
use base::sql::{Ctx, Done};
use base::{AppError, AssignmentId, ClassId, LessonId, LoadId, PeriodId, PupilId};
use chrono::NaiveDate;

use super::rule::{Owed, default_until};
use super::{Debts, Line, Work};
use crate::journal::sql::facts::{Reach, employee};

/// By when a work of a journal is owed that gets its dot today: by the rule that holds today for the lowest grade of its audience. The right to the
/// journal is the caller's to ask.
pub(crate) async fn by_the_school(ctx: &mut Ctx, load: LoadId) -> Done<Option<NaiveDate>> {
    let (school, today) = (ctx.school(), ctx.today());
    let row = sqlx::query!(
        r#"select y.ends_on, (
                select r.owed_days from load_audience u
                join class c on c.school_id = $1 and c.id = u.class_id
                join grading_rule r on r.school_id = $1 and c.grade between r.grade_from and r.grade_to and r.valid_from <= $3
                where u.school_id = $1 and u.load_id = $2
                order by c.grade, r.valid_from desc, r.id desc limit 1) as days
           from teaching_load l join academic_year y on y.school_id = $1 and y.id = l.year_id
           where l.school_id = $1 and l.id = $2"#,
        school.0,
        load.0,
        today,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(row.and_then(|r| default_until(r.days, today, r.ends_on)))
}

/// What is owed in the journals that the actor teaches, by the pupils of the class that they lead, or in the whole school; of one class.
///
/// # Errors
/// [`AppError::NotFound`] for someone without any right to journals, and for a class that has nothing to do with the actor.
pub async fn debts(ctx: &mut Ctx, class: Option<ClassId>) -> Done<Debts> {
    let reach = Reach::of(ctx, Action::View);
    if !reach.any() {
        return Err(AppError::NotFound.into());
    }
    if let Some(class) = class {
        must_know(ctx, class, reach).await?;
    }
    let (classes, all) = lines(ctx, reach).await?;
    let (today, most) = (ctx.today(), Debts::MOST);
    let mut lines: Vec<Line> = all
        .into_iter()
        .filter(|(of, _)| class.is_none_or(|c| c == *of))
        .map(|(_, line)| line)
        .collect();
    let more = lines.len() > most;
    lines.truncate(most);
    Ok(Debts {
        today,
        classes,
        class,
        lines,
        more,
        whole: reach.all,
    })
}

async fn must_know(ctx: &mut Ctx, class: ClassId, reach: Reach) -> Done<()> {
    let (school, employee) = (ctx.school(), employee(ctx));
    let known = sqlx::query_scalar!(
        r#"select exists (select from class c where c.school_id = $1 and c.id = $2 and ($4
                or ($6 and c.class_teacher_id = $3)
                or ($5 and exists (select from load_audience u
                    join load_teacher t on t.school_id = $1 and t.load_id = u.load_id and t.employee_id = $3
                    where u.school_id = $1 and u.class_id = c.id)))) as "known!""#,
        school.0,
        class.0,
        employee,
        reach.all,
        reach.own,
        reach.class,
    )
    .fetch_one(ctx.db())
    .await?;
    if known {
        Ok(())
    } else {
        Err(AppError::NotFound.into())
    }
}

/// So many are looked at, of all classes: a school in which more is owed has another trouble.
const LOOKED_AT: i64 = 5000;

/// The classes that owe something, and the works with the class of each, what is due first before the rest.
async fn lines(ctx: &mut Ctx, reach: Reach) -> Done<(Vec<(ClassId, String)>, Vec<(ClassId, Line)>)> {
    let (school, employee, today) = (ctx.school(), employee(ctx), ctx.today());
    let rows = sqlx::query!(
        r#"select m.pupil_id, concat_ws(' ', p.last_name, p.first_name) as "name!", c.id as class_id, c.name as class, c.grade,
            n.load_id, n.id as lesson_id, n.held_on, a.id as assignment_id, s.name as subject, w.title as work, a.title, m.comment, m.owed_until,
            (select k.title from attendance t join attendance_code k on k.school_id = $1 and k.code = t.code and k.absent
             where t.school_id = $1 and t.lesson_id = n.id and t.pupil_id = m.pupil_id) as absence,
            (select d.period_id from class_period d where d.school_id = $1 and d.class_id = c.id
               and n.held_on between d.starts_on and d.ends_on) as period_id
           from mark m
           join assignment a on a.school_id = $1 and a.id = m.assignment_id
           join work_type w on w.school_id = $1 and w.id = a.work_type_id
           join lesson n on n.school_id = $1 and n.id = a.lesson_id and n.state <> 'cancelled'
           join teaching_load l on l.school_id = $1 and l.id = n.load_id
           join subject s on s.school_id = $1 and s.id = l.subject_id
           join enrolment e on e.school_id = $1 and e.pupil_id = m.pupil_id and $3 between e.starts_on and coalesce(e.ends_on, 'infinity')
           join class c on c.school_id = $1 and c.id = e.class_id and c.year_id = l.year_id
           join pupil i on i.school_id = $1 and i.id = m.pupil_id
           join person p on p.id = i.person_id
           where m.school_id = $1 and m.owed and m.code is null
             and ($4 or ($6 and c.class_teacher_id = $2)
                  or ($5 and exists (select from load_teacher t where t.school_id = $1 and t.load_id = n.load_id and t.employee_id = $2)))
           order by m.owed_until nulls last, n.held_on, c.grade, c.name, p.last_name, p.first_name, m.pupil_id, a.id
           limit $7"#,
        school.0,
        employee,
        today,
        reach.all,
        reach.own,
        reach.class,
        LOOKED_AT,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut classes: Vec<(i16, String, ClassId)> = rows
        .iter()
        .map(|r| (r.grade, r.class.clone(), ClassId(r.class_id)))
        .collect();
    classes.sort();
    classes.dedup();
    let lines = rows.into_iter().map(|r| {
        let line = Line {
            pupil: PupilId(r.pupil_id),
            name: r.name,
            class: r.class,
            load: LoadId(r.load_id),
            period: r.period_id.map(PeriodId),
            work: Work {
                assignment: AssignmentId(r.assignment_id),
                lesson: LessonId(r.lesson_id),
                date: r.held_on,
                subject: r.subject,
                work: r.work,
                title: r.title,
                comment: r.comment,
                absence: r.absence,
                code: None,
                owed: Owed {
                    until: r.owed_until,
                    handed_in: None,
                },
            },
        };
        (ClassId(r.class_id), line)
    });
    Ok((
        classes.into_iter().map(|(_, name, id)| (id, name)).collect(),
        lines.collect(),
    ))
}
