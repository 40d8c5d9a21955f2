//! Lessons of which something is not written, in one statement.

use std::collections::BTreeMap;

use base::sql::{Ctx, Done};
use base::{ClassId, EmployeeId, LessonId, LoadId, PeriodId};
use chrono::NaiveDate;

use crate::deadline::board::Debt;
use crate::deadline::rule::{Calendar, Gap, Term, Terms, debts, terms_on};

/// The present year: the one that has begun last.
#[derive(Clone, Copy, Debug)]
pub struct Year {
    /// Which.
    pub id: i64,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
}

pub async fn year(ctx: &mut Ctx) -> Done<Option<Year>> {
    let (school, today) = (ctx.school(), ctx.today());
    Ok(sqlx::query_as!(
        Year,
        "select id, starts_on, ends_on from academic_year where school_id = $1 and starts_on <= $2
         order by starts_on desc limit 1",
        school.0,
        today,
    )
    .fetch_optional(ctx.db())
    .await?)
}

/// What the lessons of the year up to today owe: of one teacher, or of all.
pub async fn owed(ctx: &mut Ctx, year: Year, rows: &[Term], of: Option<EmployeeId>) -> Done<Vec<Debt>> {
    let (school, today, now) = (ctx.school(), ctx.today(), ctx.now());
    let each = rows.iter().any(|r| r.terms.homework_each);
    let calendars = calendars(ctx, year).await?;
    let found = sqlx::query!(
        r#"with heard as materialized (
            select h.load_id, h.grade, h.class_id, h.classes, h.audience from load_heard h where h.school_id = $1 and h.year_id = $2
         ), shut as materialized (
            select d.class_id, d.starts_on, d.ends_on from class_period d where d.school_id = $1 and d.year_id = $2 and d.locked_at <= $6
         ), by as materialized (
            select t.load_id, array_agg(t.employee_id order by t.employee_id) as teachers from load_teacher t
            where t.school_id = $1 group by t.load_id
         ), gone as materialized (
            -- who stood in and has left can write nothing any more
            select e.id from employee e where e.school_id = $1 and not exists (select from appointment a
                join position_permission q on q.school_id = $1 and q.position_id = a.position_id and q.resource = 'journal' and q.action = 'edit'
                where a.school_id = $1 and a.employee_id = e.id and $8 between a.valid_from and coalesce(a.valid_to, 'infinity'))
         ), lessons as materialized (
            -- whose a lesson is comes first: of one teacher few are looked into. Each of several who teach a load owes its lessons, until
            -- one of them, or somebody else, stands in
            select l as whole, l.id, l.load_id, l.held_on, l.slot, l.topic, w.teacher,
                not exists (select from homework h where h.school_id = $1 and h.lesson_id = l.id) as no_homework,
                (select count(*) from assignment a where a.school_id = $1 and a.lesson_id = l.id
                    and not exists (select from mark m where m.school_id = $1 and m.assignment_id = a.id and (m.code is not null or m.owed))) as empty_works
            from lesson l
            left join by on by.load_id = l.load_id
            -- who stands in, else who teaches the load: of several the one whom the timetable names, or the first
            cross join lateral (select case when l.substitute_id not in (select g.id from gone g) then l.substitute_id end as id) i
            cross join lateral (select coalesce(i.id,
                case when l.employee_id = any (by.teachers) then l.employee_id end, by.teachers[1], l.employee_id) as teacher) w
            where l.school_id = $1 and l.held_on between $3 and $4 and l.state <> 'cancelled'
              and ($7::bigint is null or i.id = $7 or (i.id is null and l.load_id in (
                select k.load_id from load_teacher k where k.school_id = $1 and k.employee_id = $7)))
         )
         select l.id, l.load_id, l.held_on, l.slot, s.name as subject, a.audience as "audience!", a.grade as "grade!",
            a.class_id as "class!", a.classes as "classes!", l.teacher,
            (select d.period_id from class_period d
                where d.school_id = $1 and d.class_id = any (a.classes) and l.held_on between d.starts_on and d.ends_on
                order by d.class_id <> a.class_id, d.period_id limit 1) as period,
            coalesce(short_name(p.last_name, p.first_name, p.middle_name), '') as "teacher_name!",
            l.topic is null as "no_topic!", l.no_homework as "no_homework!", l.empty_works as "empty_works!",
            (l.topic is null
                and not exists (select from attendance t where t.school_id = $1 and t.lesson_id = l.id and t.code is not null)
                and not exists (select from assignment w join mark m on m.school_id = w.school_id and m.assignment_id = w.id
                    where w.school_id = $1 and w.lesson_id = l.id and (m.code is not null or m.owed))) as "untouched!"
         from lessons l
         join heard a on a.load_id = l.load_id
         join teaching_load k on k.school_id = $1 and k.id = l.load_id
         join subject s on s.school_id = $1 and s.id = k.subject_id
         left join employee e on e.school_id = $1 and e.id = l.teacher
         left join person p on p.id = e.person_id
         where (l.topic is null or l.empty_works > 0 or ($5 and l.no_homework))
           -- as the journal: closed for one class of the audience is closed (`closed_on`), off is what is off for all of them
           and not exists (select from shut where shut.class_id = any (a.classes) and l.held_on between shut.starts_on and shut.ends_on)
           and takes_place(l.whole)
           -- held and outside of every period (a border was moved): on no page of the journal, so nobody can pay it
           and (exists (select from class_period d where d.school_id = $1 and d.class_id = any (a.classes) and l.held_on between d.starts_on and d.ends_on)
                or not exists (select from class_period d where d.school_id = $1 and d.class_id = any (a.classes)))
         order by l.held_on, l.slot, a.audience, s.name"#,
        school.0,
        year.id,
        year.starts_on,
        today.min(year.ends_on),
        each,
        now,
        of.map(|e| e.0),
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    let none = Calendar::default();
    let mut owed = vec![];
    for r in found {
        let gap = Gap {
            date: r.held_on,
            grade: r.grade,
            no_topic: r.no_topic,
            no_homework: r.no_homework,
            untouched: r.untouched,
            empty_works: r.empty_works,
        };
        let calendar = calendars.get(&ClassId(r.class)).unwrap_or(&none);
        for (kind, due) in debts(&gap, &terms_on(rows, r.held_on), calendar) {
            owed.push(Debt {
                lesson: Some(LessonId(r.id)),
                load: Some(LoadId(r.load_id)),
                period: r.period.map(PeriodId),
                stage: None,
                date: r.held_on,
                number: r.slot + 1,
                pupils: 0,
                subject: r.subject.clone(),
                audience: r.audience.clone(),
                classes: r.classes.iter().copied().map(ClassId).collect(),
                teacher: r.teacher.map(EmployeeId),
                teacher_name: r.teacher_name.clone(),
                kind,
                due,
            });
        }
    }
    owed.extend(super::totals::of_periods(ctx, year, of).await?);
    owed.extend(super::year_marks::of_year(ctx, year, of).await?);
    owed.extend(super::coursework::of_coursework(ctx, year, of).await?);
    owed.extend(super::reasons::reasons(ctx, year, rows, of).await?);
    owed.sort_by_key(|d| (d.due, d.date, d.number));
    Ok(owed)
}

/// The days off of each class.
pub async fn calendars(ctx: &mut Ctx, year: Year) -> Done<BTreeMap<ClassId, Calendar>> {
    let school = ctx.school();
    let classes = sqlx::query!(
        r#"select class_id as "class!", week_days as "week_days!" from class_system where school_id = $1 and year_id = $2"#,
        school.0,
        year.id,
    )
    .fetch_all(ctx.db())
    .await?;
    // between two periods nobody learns, declared off or not; what follows the last one is the summer, in which terms run as ever
    let holidays = sqlx::query!(
        r#"select class_id as "class!", starts_on as "starts_on!", ends_on as "ends_on!" from class_holiday
           where school_id = $1 and year_id = $2
           union all
           select g.class_id, g.starts_on, g.ends_on from (
                select d.class_id, lag(d.ends_on) over (partition by d.class_id order by d.starts_on) + 1 as starts_on, d.starts_on - 1 as ends_on
                from class_period d where d.school_id = $1 and d.year_id = $2) g
           where g.starts_on <= g.ends_on"#,
        school.0,
        year.id,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut calendars: BTreeMap<ClassId, Calendar> = classes
        .into_iter()
        .map(|c| {
            let calendar = Calendar {
                week_days: c.week_days,
                holidays: vec![],
            };
            (ClassId(c.class), calendar)
        })
        .collect();
    for off in holidays {
        if let Some(calendar) = calendars.get_mut(&ClassId(off.class)) {
            calendar.holidays.push((off.starts_on, off.ends_on));
        }
    }
    Ok(calendars)
}

/// The terms that the school has set, the newest first.
pub async fn rules(ctx: &mut Ctx) -> Done<Vec<crate::deadline::board::Rule>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select valid_from, topic_days, homework_days, marks_days, reason_days, homework_each, act, revision
         from deadline_rule where school_id = $1 order by valid_from desc",
        school.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| crate::deadline::board::Rule {
            term: Term {
                valid_from: r.valid_from,
                terms: Terms {
                    topic_days: r.topic_days,
                    homework_days: r.homework_days,
                    marks_days: r.marks_days,
                    reason_days: r.reason_days,
                    homework_each: r.homework_each,
                    act: r.act,
                },
            },
            revision: r.revision,
        })
        .collect())
}
