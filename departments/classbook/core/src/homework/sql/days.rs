//! What is due on which days already, for the pupils of a lesson, and the limits in force.

use std::collections::BTreeMap;

use base::rights::Action;
use base::sql::{Ctx, Done};
use base::{LessonId, LoadId, PupilId, SchoolId};
use chrono::{Days, NaiveDate};

use crate::homework::day::{self, Day, Due};
use crate::homework::norm::{HOMEWORK, Norm, WEEKEND};
use crate::journal::sql::facts::of_load;

/// A lesson whose homework is being written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given {
    pub lesson: LessonId,
    pub load: LoadId,
    pub held_on: NaiveDate,
}

/// What is due on a day already for the pupils of a lesson, without that lesson's own homework.
///
/// # Errors
/// [`base::AppError::NotFound`] for a lesson whose journal the actor may not see.
pub async fn day_of(ctx: &mut Ctx, lesson: LessonId, date: NaiveDate) -> Done<Day> {
    let given = given(ctx, lesson).await?;
    let mut days = days(ctx, given, &[date]).await?;
    let none = || day::day(date, &[], None);
    Ok(days.pop().unwrap_or_else(none))
}

/// Whose lesson it is; it may be seen.
pub(super) async fn given(ctx: &mut Ctx, lesson: LessonId) -> Done<Given> {
    let SchoolId(school) = ctx.school();
    let row = sqlx::query!(
        "select load_id, held_on from lesson where school_id = $1 and id = $2",
        school,
        lesson.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(base::AppError::NotFound)?;
    let load = LoadId(row.load_id);
    let whose = of_load(ctx, load).await?;
    ctx.must(Action::View, &whose.to_read(ctx))?;
    Ok(Given {
        lesson,
        load,
        held_on: row.held_on,
    })
}

/// The days asked for, in their order.
pub(super) async fn days(ctx: &mut Ctx, given: Given, dates: &[NaiveDate]) -> Done<Vec<Day>> {
    let Some(last) = dates.iter().max().copied() else {
        return Ok(Vec::new());
    };
    let norms = norms(ctx, &[HOMEWORK, WEEKEND], last).await?;
    let (grades, first_grade) = grades(ctx, given.load).await?;
    let off = after_days_off(ctx, given.load, dates).await?;
    let mut dues = dues(ctx, given, dates).await?;
    Ok(dates
        .iter()
        .map(|date| {
            let limit = day::limit(&norms, &grades, off.contains(date), first_grade);
            day::day(*date, &dues.remove(date).unwrap_or_default(), limit)
        })
        .collect())
}

/// The rows of these kinds in force on a day, the nearer level first.
pub(crate) async fn norms(ctx: &mut Ctx, kinds: &[&str], on: NaiveDate) -> Done<Vec<Norm>> {
    let SchoolId(school) = ctx.school();
    let kinds: Vec<String> = kinds.iter().map(|k| (*k).to_owned()).collect();
    let rows = sqlx::query_as!(
        Norm,
        "select n.kind, n.grade_from, n.grade_to, n.value, n.clause, n.valid_from, n.confirmed
         from norm n join organisation o on o.id = $1 and o.kind = n.org_kind
         where n.kind = any ($2) and n.valid_from <= $3 and coalesce(n.valid_to, 'infinity') >= $3
         order by array_position(array['school', 'regional', 'federal'], n.level), n.kind, n.grade_from",
        school,
        &kinds,
        on,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows)
}

/// The grades that a load is taught to, and whether the first one is given homework here.
async fn grades(ctx: &mut Ctx, load: LoadId) -> Done<(Vec<i16>, bool)> {
    let SchoolId(school) = ctx.school();
    let row = sqlx::query!(
        r#"select coalesce(array_agg(distinct c.grade), '{}') as "grades!",
            coalesce((select r.first_grade from homework_rule r where r.school_id = $1), false) as "first_grade!"
           from load_audience u join class c on c.school_id = $1 and c.id = u.class_id
           where u.school_id = $1 and u.load_id = $2"#,
        school,
        load.0,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok((row.grades, row.first_grade))
}

/// Mondays, and days after one on which a class of the load does not learn: of the whole school, of its parallel, of its system of periods.
async fn after_days_off(ctx: &mut Ctx, load: LoadId, dates: &[NaiveDate]) -> Done<Vec<NaiveDate>> {
    let SchoolId(school) = ctx.school();
    Ok(sqlx::query_scalar!(
        r#"select d as "d!" from unnest($2::date[]) d
           where extract(isodow from d) = 1
              or exists (select from load_audience u where u.school_id = $1 and u.load_id = $3 and class_is_off($1, u.class_id, d - 1))"#,
        school,
        dates,
        load.0,
    )
    .fetch_all(ctx.db())
    .await?)
}

/// Who has what to do for which of the days. «By the next lesson» is the next one in the journal.
async fn dues(ctx: &mut Ctx, given: Given, dates: &[NaiveDate]) -> Done<BTreeMap<NaiveDate, Vec<Due>>> {
    let SchoolId(school) = ctx.school();
    let (first, last) = (
        dates.iter().min().copied().unwrap_or(given.held_on),
        dates.iter().max().copied().unwrap_or(given.held_on),
    );
    let since = first.checked_sub_days(Days::new(60)).unwrap_or(first);
    let rows = sqlx::query!(
        r#"with
        pupil as materialized (
            select distinct e.pupil_id from load_audience u
            join enrolment e on e.school_id = $1 and e.class_id = u.class_id
                and e.starts_on <= $4 and coalesce(e.ends_on, 'infinity') >= $4
            where u.school_id = $1 and u.load_id = $2
              and (u.subgroup_id is null or exists (select from subgroup_member m
                   where m.school_id = $1 and m.subgroup_id = u.subgroup_id and m.pupil_id = e.pupil_id
                     and m.starts_on <= $4 and coalesce(m.ends_on, 'infinity') >= $4))
        ),
        taught as materialized (
            select distinct p.pupil_id, u.load_id from pupil p
            join enrolment e on e.school_id = $1 and e.pupil_id = p.pupil_id
                and e.starts_on <= $4 and coalesce(e.ends_on, 'infinity') >= $4
            join load_audience u on u.school_id = $1 and u.class_id = e.class_id
            where u.subgroup_id is null or exists (select from subgroup_member m
                   where m.school_id = $1 and m.subgroup_id = u.subgroup_id and m.pupil_id = p.pupil_id
                     and m.starts_on <= $4 and coalesce(m.ends_on, 'infinity') >= $4)
        ),
        held as materialized (
            select l.id, l.load_id, n.held_on as next from (select distinct load_id from taught) t
            join lesson l on l.school_id = $1 and l.load_id = t.load_id and l.held_on between $5 and $6 and takes_place(l)
            left join lateral (
                select b.held_on from lesson b
                where b.school_id = $1 and b.load_id = l.load_id and (b.held_on, b.slot) > (l.held_on, l.slot) and takes_place(b)
                order by b.held_on, b.slot limit 1) n on true
        ),
        task as (
            select t.pupil_id, d.load_id, coalesce(h.due_on, d.next) as due, h.minutes
            from held d join homework h on h.school_id = $1 and h.lesson_id = d.id
            join taught t on t.load_id = d.load_id
            where d.id <> $3
            union all
            select p.pupil_id, d.load_id, coalesce(h.due_on, d.next), h.minutes
            from held d join individual_homework h on h.school_id = $1 and h.lesson_id = d.id
            join individual_homework_pupil o on o.school_id = $1 and o.homework_id = h.id
            join pupil p on p.pupil_id = o.pupil_id
        )
        select k.due as "due!", k.pupil_id as "pupil!", s.name as "subject!",
            coalesce(sum(k.minutes), 0)::int as "minutes!", (count(*) filter (where k.minutes is null))::int as "unknown!"
        from task k
        join teaching_load g on g.school_id = $1 and g.id = k.load_id
        join subject s on s.school_id = $1 and s.id = g.subject_id
        where k.due = any ($7::date[])
        group by k.due, k.pupil_id, s.name"#,
        school,
        given.load.0,
        given.lesson.0,
        given.held_on,
        since,
        last,
        dates,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut days: BTreeMap<NaiveDate, Vec<Due>> = BTreeMap::new();
    for r in rows {
        days.entry(r.due).or_default().push(Due {
            pupil: PupilId(r.pupil),
            subject: r.subject,
            minutes: r.minutes,
            unknown: r.unknown,
        });
    }
    Ok(days)
}
