//! The journals that one may open, with their lessons of today and of the next day that one teaches on.

use std::collections::HashMap;

use base::rights::Action;
use base::sql::{Ctx, Done};
use base::{AppError, LessonId, LoadId};
use chrono::{Days, NaiveDate};

use super::facts::{Reach, employee};
use crate::journal::cell::Batch;
use crate::journal::grid::{Journal, Journals, LessonPlace, TodayLesson};
use crate::substitution::READ_AFTER;

/// The journals of the current year that the actor may see: those they teach or stand in at, those of the class they lead, or all.
///
/// # Errors
/// [`AppError::NotFound`] for someone without any right to journals.
pub async fn journals(ctx: &mut Ctx) -> Done<Journals> {
    let reach = Reach::of(ctx, Action::View);
    if !reach.any() {
        return Err(AppError::NotFound.into());
    }
    let (school, employee, today, now) = (ctx.school(), employee(ctx), ctx.today(), ctx.now());
    let rows = sqlx::query!(
        r#"
        with current_year as (
            -- in the summer gap the latest year that has begun, else the first one
            select id from academic_year where school_id = $1
            order by (starts_on <= $3) desc, case when starts_on <= $3 then $3 - starts_on else starts_on - $3 end limit 1
        ),
        instead as (
            -- those that open: of the last weeks, or with something to be written up
            select s.load_id from (select distinct l.load_id from lesson l where l.school_id = $1 and l.substitute_id = $2) s
            where stands_in($1, s.load_id, $2, $3, $7, $8)
        ),
        mine as (
            select l.id, l.subject_id, w.own, w.own_class, i.load_id is not null as stands_in
            from teaching_load l cross join lateral whose_load($1, l.id, $2) w
            left join instead i on i.load_id = l.id
            where l.school_id = $1 and l.year_id = (select id from current_year)
        )
        select m.id, s.name as subject, m.own as "own!", m.stands_in as "stands_in!",
            a.audience as "audience!", a.grade as "grade!",
            coalesce(h.names, '') as "teachers!"
        from mine m
        cross join lateral teachers_of($1, m.id) h
        join subject s on s.school_id = $1 and s.id = m.subject_id
        join lateral audience_of($1, m.id) a on a.audience is not null
        where $4 or ($5 and (m.own or m.stands_in)) or ($6 and m.own_class)
        order by m.own desc, a.grade, a.audience, s.name"#,
        school.0,
        employee,
        today,
        reach.all,
        reach.own,
        reach.class,
        READ_AFTER,
        now,
    )
    .fetch_all(ctx.db())
    .await?;
    let ids: Vec<i64> = rows.iter().map(|r| r.id).collect();
    let own: Vec<i64> = rows.iter().filter(|r| r.own).map(|r| r.id).collect();
    let next_day = next_day(ctx, &own).await?;
    let mut today_lessons = lessons_of(ctx, today, &ids).await?;
    let mut next_lessons = match next_day {
        Some(day) => lessons_of(ctx, day, &ids).await?,
        None => HashMap::new(),
    };
    let journals = rows
        .into_iter()
        .map(|r| Journal {
            load: LoadId(r.id),
            subject: r.subject,
            audience: r.audience,
            grade: r.grade,
            teachers: r.teachers,
            own: r.own,
            stands_in: r.stands_in,
            today: today_lessons.remove(&r.id).unwrap_or_default(),
            next: next_lessons.remove(&r.id).unwrap_or_default(),
        })
        .collect();
    let whose = format!("{}@{}", ctx.person(), ctx.school());
    let may_set = Reach::of(ctx, Action::Lock).all;
    let asked = crate::grading::sql::waiting(ctx).await?;
    Ok(Journals {
        today,
        next_day,
        may_set,
        asked,
        journals,
        whose,
    })
}

/// Where lessons are, of the journals that the actor may see.
///
/// # Errors
/// As [`journals`]; [`AppError::NotFound`], too, where none of them is in such a journal, and [`AppError::TooLarge`] for more than a queue sends at
/// once.
pub async fn places(ctx: &mut Ctx, lessons: &[LessonId]) -> Done<Vec<LessonPlace>> {
    if lessons.len() > Batch::MOST {
        return Err(AppError::TooLarge.into());
    }
    let seen = journals(ctx).await?.journals;
    let school = ctx.school();
    let wanted: Vec<i64> = lessons.iter().map(|l| l.0).collect();
    let loads: Vec<i64> = seen.iter().map(|j| j.load.0).collect();
    let rows = sqlx::query!(
        "select id, load_id, held_on from lesson
         where school_id = $1 and id = any ($2::bigint[]) and load_id = any ($3::bigint[]) order by held_on, slot, id",
        school.0,
        &wanted,
        &loads,
    )
    .fetch_all(ctx.db())
    .await?;
    let places: Vec<LessonPlace> = rows
        .into_iter()
        .filter_map(|r| {
            let journal = seen.iter().find(|j| j.load.0 == r.load_id)?;
            Some(LessonPlace {
                lesson: LessonId(r.id),
                load: journal.load,
                journal: format!("{}, {}", journal.audience, journal.subject),
                date: r.held_on,
            })
        })
        .collect();
    if places.is_empty() {
        return Err(AppError::NotFound.into());
    }
    Ok(places)
}

/// So far ahead is looked for the next day: over the holidays nothing would be young enough to be shown.
const AHEAD: Days = Days::new(14);

/// The first day after today on which the actor gives a lesson, of one's own loads or instead of somebody.
async fn next_day(ctx: &mut Ctx, own: &[i64]) -> Done<Option<NaiveDate>> {
    let (school, today, employee) = (ctx.school(), ctx.today(), employee(ctx));
    let until = today.checked_add_days(AHEAD).unwrap_or(today);
    Ok(sqlx::query_scalar!(
        "select min(d.held_on) from (
            select l.held_on from lesson l
            where l.school_id = $1 and l.load_id = any ($2::bigint[]) and l.held_on > $4 and l.held_on <= $5 and takes_place(l)
            union all
            select l.held_on from lesson l
            where l.school_id = $1 and l.substitute_id = $3 and l.held_on > $4 and l.held_on <= $5 and takes_place(l)) d",
        school.0,
        own,
        employee,
        today,
        until,
    )
    .fetch_one(ctx.db())
    .await?)
}

async fn lessons_of(ctx: &mut Ctx, day: NaiveDate, loads: &[i64]) -> Done<HashMap<i64, Vec<TodayLesson>>> {
    let (school, employee) = (ctx.school(), employee(ctx));
    let rows = sqlx::query!(
        r#"select l.id, l.load_id, l.slot, coalesce(l.substitute_id = $4, false) as "stands_in!", (
                select short_name(p.last_name, p.first_name, p.middle_name) from employee e join person p on p.id = e.person_id
                where e.school_id = $1 and e.id = l.substitute_id) as substitute, (
                select b.starts_at from load_audience u
                join class c on c.school_id = u.school_id and c.id = u.class_id
                join bell_use n on n.school_id = c.school_id and n.year_id = c.year_id and n.grade = c.grade
                    and n.weekday = extract(isodow from l.held_on)
                join bell b on b.school_id = n.school_id and b.schedule_id = n.schedule_id and b.number = l.slot + 1
                where u.school_id = $1 and u.load_id = l.load_id limit 1) as starts_at
           from lesson l
           where l.school_id = $1 and l.held_on = $2 and l.load_id = any ($3::bigint[]) and takes_place(l)
           order by l.slot"#,
        school.0,
        day,
        loads,
        employee,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut by_load: HashMap<i64, Vec<TodayLesson>> = HashMap::new();
    for r in rows {
        by_load.entry(r.load_id).or_default().push(TodayLesson {
            lesson: LessonId(r.id),
            number: r.slot + 1,
            starts_at: r.starts_at,
            substitute: r.substitute,
            stands_in: r.stands_in,
        });
    }
    Ok(by_load)
}
