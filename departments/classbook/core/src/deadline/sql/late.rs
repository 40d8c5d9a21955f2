//! What was written after its term in a period, in one statement: [`crate::deadline::late`] says what counts.

use std::collections::BTreeMap;

use base::rights::{Action, Kind as Of, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, ClassId, EmployeeId, LessonId, LoadId, PeriodId};
use chrono::NaiveDate;

use super::gaps::{Year, calendars, year};
use super::read::{MOST, terms};
use crate::deadline::late::{Late, Span, Written, figures};
use crate::deadline::rule::{Calendar, Kind, Term, due, terms_on};
use crate::journal::sql::facts::Reach;
use crate::journal::sql::local;

/// What was written late in a period of the present year; without one in today's. Whoever sees the board: figures by teacher, and the lessons
/// behind one; a teacher: their own lessons.
///
/// # Errors
/// [`AppError::NotFound`] for someone without any right to journals, for another's lessons, for a period of another year.
pub async fn late(
    ctx: &mut Ctx,
    period: Option<PeriodId>,
    teacher: Option<EmployeeId>,
    kind: Option<Kind>,
) -> Done<Late> {
    let reach = Reach::of(ctx, Action::View);
    if !reach.any() {
        return Err(AppError::NotFound.into());
    }
    let own = ctx.employee();
    if teacher.is_some() && teacher != own {
        ctx.must(Action::View, &Resource::of_school(Of::Journal, ctx.school()))?;
        known(ctx, teacher).await?;
    }
    let Some(year) = year(ctx).await? else {
        return Ok(Late::default());
    };
    let periods = periods(ctx, year).await?;
    let today = ctx.today();
    let chosen = match period {
        Some(id) => Some(periods.iter().find(|p| p.id == id).ok_or(AppError::NotFound)?),
        None => periods
            .iter()
            .find(|p| p.ends_on >= today)
            .or(periods.iter().max_by_key(|p| p.ends_on)),
    };
    let Some(chosen) = chosen.cloned() else {
        return Ok(Late::default());
    };
    let of = if reach.all { None } else { own };
    let found = if reach.all || of.is_some() {
        let span = (chosen.starts_on, chosen.ends_on.min(today));
        let rows = terms(ctx).await?;
        written(ctx, year, &rows, span, of).await?
    } else {
        vec![]
    };
    let figures = if reach.all { figures(&found) } else { vec![] };
    let opened = teacher.or(own.filter(|_| !reach.all));
    let lessons = found
        .into_iter()
        .filter(|w| opened.is_some_and(|t| w.teacher.map_or(0, |own| own.0) == t.0))
        .filter(|w| kind.is_none_or(|kind| w.kind == kind));
    Ok(Late {
        period: Some(chosen.id),
        figures,
        lessons: lessons.take(MOST).collect(),
        periods,
    })
}

/// Not found: a teacher of another school. 0 is nobody, whose lessons may be late as well.
async fn known(ctx: &mut Ctx, teacher: Option<EmployeeId>) -> Done<()> {
    let school = ctx.school();
    let Some(of) = teacher.map(|t| t.0).filter(|id| *id != 0) else {
        return Ok(());
    };
    let known = sqlx::query_scalar!(
        r#"select exists (select from employee e where e.school_id = $1 and e.id = $2) as "known!""#,
        school.0,
        of,
    )
    .fetch_one(ctx.db())
    .await?;
    if known {
        Ok(())
    } else {
        Err(AppError::NotFound.into())
    }
}

/// The periods that have begun; of several systems the one of most classes comes first.
async fn periods(ctx: &mut Ctx, year: Year) -> Done<Vec<Span>> {
    let (school, today) = (ctx.school(), ctx.today());
    Ok(sqlx::query!(
        r#"select d.period_id as "id!", s.kind, d.number as "number!", d.starts_on as "starts_on!", d.ends_on as "ends_on!"
           from class_period d
           join period_system s on s.school_id = $1 and s.id = d.system_id
           where d.school_id = $1 and d.year_id = $2 and d.starts_on <= $3
           group by d.system_id, d.period_id, s.kind, d.number, d.starts_on, d.ends_on
           order by count(*) desc, d.system_id, d.number"#,
        school.0,
        year.id,
        today,
    )
    .fetch_all(ctx.db())
    .await?
    .into_iter()
    .map(|r| Span {
        id: PeriodId(r.id),
        kind: r.kind,
        number: r.number,
        starts_on: r.starts_on,
        ends_on: r.ends_on,
    })
    .collect())
}

/// What was written late of the lessons of these days: of one teacher, or of all.
async fn written(
    ctx: &mut Ctx,
    year: Year,
    rows: &[Term],
    (from, to): (NaiveDate, NaiveDate),
    of: Option<EmployeeId>,
) -> Done<Vec<Written>> {
    let (school, today, offset) = (ctx.school(), ctx.today(), ctx.actor().utc_offset);
    let calendars: BTreeMap<ClassId, Calendar> = calendars(ctx, year).await?;
    let found = sqlx::query!(
        r#"with heard as materialized (
            select h.load_id, h.grade, h.class_id, h.classes, h.audience from load_heard h where h.school_id = $1 and h.year_id = $2
         ), by as materialized (
            select t.load_id, array_agg(t.employee_id order by t.employee_id) as teachers from load_teacher t
            where t.school_id = $1 group by t.load_id
         ), gone as materialized (
            select e.id from employee e where e.school_id = $1 and not exists (select from appointment a
                join position_permission q on q.school_id = $1 and q.position_id = a.position_id and q.resource = 'journal' and q.action = 'edit'
                where a.school_id = $1 and a.employee_id = e.id and $7 between a.valid_from and coalesce(a.valid_to, 'infinity'))
         ), lessons as materialized (
            -- whose a lesson is: as `gaps` has it
            select l as whole, l.id, l.load_id, l.held_on, l.slot, l.topic, w.teacher, e.person_id
            from lesson l
            left join by on by.load_id = l.load_id
            cross join lateral (select case when l.substitute_id not in (select g.id from gone g) then l.substitute_id end as id) i
            cross join lateral (select coalesce(i.id,
                case when l.employee_id = any (by.teachers) then l.employee_id end, by.teachers[1], l.employee_id) as teacher) w
            left join employee e on e.school_id = $1 and e.id = w.teacher
            where l.school_id = $1 and l.held_on between $3 and $4 and l.state <> 'cancelled'
              and ($5::bigint is null or i.id = $5 or (i.id is null and l.load_id in (
                select k.load_id from load_teacher k where k.school_id = $1 and k.employee_id = $5)))
         ), firsts as (
            select l.id, l.held_on, 'topic' as kind, e.at from lessons l
            cross join lateral (select e.at from audit_event e
                where e.school_id = $1 and e.entity = 'lesson' and e.entity_key = l.id::text and e.action = 'lesson.described'
                  and e.new ->> 'topic' is not null
                order by e.id limit 1) e
            where l.topic is not null
            union all
            -- with its words, or with its first file
            select l.id, l.held_on, 'homework', least(
                (select e.at from audit_event e
                 where e.school_id = $1 and e.entity = 'lesson' and e.entity_key = l.id::text and e.action = 'lesson.described'
                   and jsonb_typeof(e.new -> 'homework') = 'object'
                 order by e.id limit 1),
                (select min(f.uploaded_at) from homework_file f where f.school_id = $1 and f.homework_id = h.id))
            from lessons l join homework h on h.school_id = $1 and h.lesson_id = l.id
            union all
            -- of each work its first mark: in its row while nobody has changed it, else in the events
            select w.id, w.held_on, 'marks', min(w.at) from (
                select l.id, l.held_on, a.id as work, case when m.version = 1 then m.changed_at else coalesce(
                    (select e.at from audit_event e
                     where e.school_id = $1 and e.entity = 'mark' and e.entity_key = m.assignment_id::text || ':' || m.pupil_id::text
                     order by e.id limit 1), m.changed_at) end as at
                from lessons l
                join assignment a on a.school_id = $1 and a.lesson_id = l.id
                join mark m on m.school_id = $1 and m.assignment_id = a.id) w
            group by w.id, w.held_on, w.work
            union all
            -- absences that the lesson's own teacher was the first to write
            select l.id, l.held_on, 'marks', case when t.version = 1 then t.changed_at else e.at end
            from lessons l
            join attendance t on t.school_id = $1 and t.lesson_id = l.id and t.code is not null
            left join lateral (select e.at, e.actor_id from audit_event e
                where t.version > 1 and e.school_id = $1 and e.entity = 'attendance'
                  and e.entity_key = t.lesson_id::text || ':' || t.pupil_id::text
                order by e.id limit 1) e on true
            where l.person_id = case when t.version = 1 then t.changed_by else e.actor_id end
         ), later as materialized (
            -- no term is shorter than the lesson's own day
            select f.id, f.kind, max(f.at) as at from firsts f
            where (f.at at time zone 'UTC' + make_interval(secs => $6))::date > f.held_on
            group by f.id, f.kind
         ), taken as materialized (
            -- asked of the few that remain: of every lesson of a term, in a join that the planner takes for small, it took a minute
            select l.* from lessons l where l.id = any (array(select r.id from later r)) offset 0
         )
         select l.id, l.load_id, l.held_on, l.slot, s.name as subject, a.audience as "audience!", a.class_id as "class!", l.teacher,
            (select d.period_id from class_period d
                where d.school_id = $1 and d.class_id = any (a.classes) and l.held_on between d.starts_on and d.ends_on
                order by d.class_id <> a.class_id, d.period_id limit 1) as period,
            coalesce(short_name(p.last_name, p.first_name, p.middle_name), '') as "teacher_name!", r.kind as "kind!", r.at as "at!"
         from later r
         join (select t.* from taken t where takes_place(t.whole) offset 0) l on l.id = r.id
         join heard a on a.load_id = l.load_id
         join teaching_load k on k.school_id = $1 and k.id = l.load_id
         join subject s on s.school_id = $1 and s.id = k.subject_id
         left join employee e on e.school_id = $1 and e.id = l.teacher
         left join person p on p.id = e.person_id
         order by l.held_on desc, l.slot, a.audience, s.name, r.kind"#,
        school.0,
        year.id,
        from,
        to,
        of.map(|e| e.0),
        f64::from(offset),
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    let none = Calendar::default();
    let written = found.into_iter().filter_map(|r| {
        let kind = match r.kind.as_str() {
            "topic" => Kind::Topic,
            "homework" => Kind::Homework,
            _ => Kind::Marks,
        };
        let calendar = calendars.get(&ClassId(r.class)).unwrap_or(&none);
        let due = due(r.held_on, terms_on(rows, r.held_on).days(kind), calendar);
        let at = local(ctx, r.at);
        (at.date() > due).then_some(Written {
            lesson: LessonId(r.id),
            load: LoadId(r.load_id),
            period: r.period.map(PeriodId),
            date: r.held_on,
            number: r.slot + 1,
            subject: r.subject,
            audience: r.audience,
            teacher: r.teacher.map(EmployeeId),
            teacher_name: r.teacher_name,
            kind,
            due,
            at,
        })
    });
    Ok(written.collect())
}
