//! The lessons of a day, and who could stand in.

use base::sql::{Ctx, Done};
use base::{AppError, ClassId, EmployeeId, LessonId, SubjectId};
use chrono::NaiveDate;

use crate::cancellation::sql::decides;
use crate::substitution::{Ask, Day, Given, Line, Person};

/// The lessons of a teacher or a class on a day, or, of neither, those at which somebody stands in.
///
/// # Errors
/// [`AppError::NotFound`] and [`AppError::Forbidden`] for who decides nothing, and for a teacher or a class that is not there.
pub async fn day(ctx: &mut Ctx, ask: Ask) -> Done<Day> {
    decides(ctx)?;
    let (school, day) = (ctx.school(), ask.day.unwrap_or_else(|| ctx.today()));
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
    if ask
        .class
        .is_some_and(|class| classes.iter().all(|(id, _)| *id != class))
    {
        return Err(AppError::NotFound.into());
    }
    if let Some(teacher) = ask.teacher {
        sqlx::query_scalar!(
            "select id from employee where school_id = $1 and id = $2",
            school.0,
            teacher.0
        )
        .fetch_optional(ctx.db())
        .await?
        .ok_or(AppError::NotFound)?;
    }
    Ok(Day {
        day,
        teacher: ask.teacher,
        class: ask.class,
        classes,
        lessons: lessons(ctx, ask, day).await?,
        people: people(ctx, day).await?,
        given: given(ctx, day).await?,
    })
}

async fn lessons(ctx: &mut Ctx, ask: Ask, day: NaiveDate) -> Done<Vec<Line>> {
    let (school, now) = (ctx.school(), ctx.now());
    let employee = crate::journal::sql::facts::employee(ctx);
    let rows = sqlx::query!(
        r#"select l.id, l.slot, s.id as subject, s.name as title, coalesce(a.audience, '') as "audience!", coalesce(h.names, '') as "teachers!",
            array(select t.employee_id from load_teacher t where t.school_id = $1 and t.load_id = l.load_id order by 1) as "own!",
            l.substitute_id, l.substitute_reason,
            (select short_name(p.last_name, p.first_name, p.middle_name) from employee e join person p on p.id = e.person_id
             where e.school_id = $1 and e.id = l.substitute_id) as substitute,
            not takes_place(l) as "off!", c.locked as "locked!"
           from lesson l
           join teaching_load k on k.school_id = $1 and k.id = l.load_id
           join subject s on s.school_id = $1 and s.id = k.subject_id
           cross join lateral audience_of($1, l.load_id) a
           cross join lateral teachers_of($1, l.load_id) h
           cross join lateral closed_on($1, l.load_id, l.held_on, $5, $6) c
           where l.school_id = $1 and l.held_on = $2
             and ($3::bigint is null or l.substitute_id = $3
                or exists (select from load_teacher t where t.school_id = $1 and t.load_id = l.load_id and t.employee_id = $3))
             and ($4::bigint is null or exists (select from load_audience u where u.school_id = $1 and u.load_id = l.load_id and u.class_id = $4))
             and ($3 is not null or $4 is not null or l.substitute_id is not null)
           order by l.slot, a.grade, a.audience, s.name, l.id"#,
        school.0,
        day,
        ask.teacher.map(|t| t.0),
        ask.class.map(|c| c.0),
        employee,
        now,
    )
    .fetch_all(ctx.db())
    .await?;
    let line = rows.into_iter().map(|r| Line {
        lesson: LessonId(r.id),
        slot: r.slot,
        subject: SubjectId(r.subject),
        title: r.title,
        audience: r.audience,
        teachers: r.teachers,
        own: r.own.into_iter().map(EmployeeId).collect(),
        substitute: r.substitute_id.map(EmployeeId).zip(r.substitute),
        reason: r.substitute_reason,
        off: r.off,
        locked: r.locked,
    });
    Ok(line.collect())
}

/// Who might write in journals on that day; of a past day also who may today: somebody who came since writes it up, and that somebody who has
/// left gave the lesson stays true (what is not written of it is its teacher's to write then).
pub(super) async fn people(ctx: &mut Ctx, day: NaiveDate) -> Done<Vec<Person>> {
    let (school, later) = (ctx.school(), day.max(ctx.today()));
    let rows = sqlx::query!(
        r#"select e.id, short_name(p.last_name, p.first_name, p.middle_name) as "name!",
            array(select distinct k.subject_id from load_teacher t
                join teaching_load k on k.school_id = $1 and k.id = t.load_id
                join academic_year y on y.school_id = $1 and y.id = k.year_id and $3 between y.starts_on and y.ends_on
                where t.school_id = $1 and t.employee_id = e.id) as "subjects!"
           from employee e join person p on p.id = e.person_id
           where e.school_id = $1 and exists (
                select from appointment a
                join position_permission q on q.school_id = $1 and q.position_id = a.position_id and q.resource = 'journal' and q.action = 'edit'
                where a.school_id = $1 and a.employee_id = e.id and ($2 between a.valid_from and coalesce(a.valid_to, 'infinity') or $3 between a.valid_from and coalesce(a.valid_to, 'infinity')))
           order by p.last_name, p.first_name, p.middle_name, e.id"#,
        school.0,
        later,
        day,
    )
    .fetch_all(ctx.db())
    .await?;
    let person = rows.into_iter().map(|r| Person {
        employee: EmployeeId(r.id),
        name: r.name,
        subjects: r.subjects.into_iter().map(SubjectId).collect(),
    });
    Ok(person.collect())
}

/// The lessons of the school on a day that take place, each with everybody who gives it.
pub(super) async fn given(ctx: &mut Ctx, day: NaiveDate) -> Done<Vec<Given>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select g.employee_id as "employee!", l.id, l.slot, concat_ws(', ', a.audience, s.name) as "what!"
           from lesson l
           join teaching_load k on k.school_id = $1 and k.id = l.load_id
           join subject s on s.school_id = $1 and s.id = k.subject_id
           cross join lateral audience_of($1, l.load_id) a
           cross join lateral (
                select l.substitute_id as employee_id where l.substitute_id is not null
                union all
                select t.employee_id from load_teacher t
                where t.school_id = $1 and t.load_id = l.load_id and l.substitute_id is null) g
           where l.school_id = $1 and l.held_on = $2 and takes_place(l)
           order by l.slot, l.id, g.employee_id"#,
        school.0,
        day,
    )
    .fetch_all(ctx.db())
    .await?;
    let given = rows.into_iter().map(|r| Given {
        employee: EmployeeId(r.employee),
        lesson: LessonId(r.id),
        slot: r.slot,
        what: r.what,
    });
    Ok(given.collect())
}
