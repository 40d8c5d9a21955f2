//! By which system of periods a grade goes, and a class that goes by another one than its grade.

use base::sql::{Ctx, Done, Event};
use base::{AppError, ClassId};
use chrono::NaiveDate;
use serde_json::json;

use super::holidays::keep_held;
use super::must_set;
use super::periods::{Year, held, open_year, stale};
use crate::grading::periods::{ClassSystem, System, SystemId};
use crate::t;

/// The classes of a year, by grade and name.
pub(super) async fn classes(ctx: &mut Ctx, year: i64) -> Done<Vec<ClassSystem>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select id, name, grade, period_system_id from class where school_id = $1 and year_id = $2 order by grade, name, id",
        school.0,
        year,
    )
    .fetch_all(ctx.db())
    .await?;
    let class = rows.into_iter().map(|r| ClassSystem {
        id: ClassId(r.id),
        name: r.name,
        grade: r.grade,
        own: r.period_system_id.map(SystemId),
    });
    Ok(class.collect())
}

/// Whose system changes.
#[derive(Clone, Copy)]
enum Whose {
    /// All classes of a grade that have no system of their own.
    Grade(i16),
    /// One class.
    Class(ClassId),
}

/// Gives a grade another system; a class that has its own keeps it. Not while the one it has holds closed periods or marks of its pupils.
///
/// # Errors
/// Forbidden and not found as the rights say; invalid where something would be lost; conflict if it is no longer what was seen.
pub async fn assign_grade(ctx: &mut Ctx, grade: i16, seen: SystemId, system: SystemId) -> Done<()> {
    must_set(ctx)?;
    let year = open_year(ctx).await?;
    let school = ctx.school();
    let now = sqlx::query_scalar!(
        "select period_system_id from parallel where school_id = $1 and year_id = $2 and grade = $3 for update",
        school.0,
        year.id,
        grade,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    held(ctx, year.id, system).await?;
    if now != seen.0 {
        return Err(stale(ctx).into());
    }
    if now == system.0 {
        return Ok(());
    }
    let before = held(ctx, year.id, seen).await?;
    nothing_is_lost(ctx, &year, &before, Whose::Grade(grade)).await?;
    sqlx::query!(
        "update parallel set period_system_id = $4 where school_id = $1 and year_id = $2 and grade = $3",
        school.0,
        year.id,
        grade,
        system.0,
    )
    .execute(ctx.db())
    .await?;
    keep_held(ctx, year.span).await?;
    ctx.audit(Event {
        action: "parallel.system_saved",
        entity: "parallel",
        key: format!("{}:{grade}", year.id),
        old: Some(json!(seen)),
        new: Some(json!(system)),
        op: None,
    })
    .await
}

/// Gives a class a system of its own, as a profile in trimesters has beside a parallel in half-years; `None`: it goes by its grade's again.
///
/// # Errors
/// As [`assign_grade`]; of closed periods those hold it in which it has had lessons.
pub async fn assign_class(
    ctx: &mut Ctx,
    class: ClassId,
    seen: Option<SystemId>,
    system: Option<SystemId>,
) -> Done<()> {
    must_set(ctx)?;
    let year = open_year(ctx).await?;
    let school = ctx.school();
    let row = sqlx::query!(
        "select c.name, c.period_system_id as own, p.period_system_id as of_grade
         from class c join parallel p on p.school_id = c.school_id and p.year_id = c.year_id and p.grade = c.grade
         where c.school_id = $1 and c.year_id = $2 and c.id = $3 for update of c",
        school.0,
        year.id,
        class.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if let Some(system) = system {
        held(ctx, year.id, system).await?;
    }
    if row.own != seen.map(|s| s.0) {
        return Err(stale(ctx).into());
    }
    if seen == system {
        return Ok(());
    }
    let before = SystemId(row.own.unwrap_or(row.of_grade));
    // a class that takes for its own what it has already loses nothing
    if system.map_or(row.of_grade, |s| s.0) != before.0 {
        let before = held(ctx, year.id, before).await?;
        nothing_is_lost(ctx, &year, &before, Whose::Class(class)).await?;
    }
    sqlx::query!(
        "update class set period_system_id = $3 where school_id = $1 and id = $2",
        school.0,
        class.0,
        system.map(|s| s.0),
    )
    .execute(ctx.db())
    .await?;
    keep_held(ctx, year.span).await?;
    ctx.audit(Event {
        action: "class.system_saved",
        entity: "class",
        key: class.to_string(),
        old: Some(json!({ "class": row.name, "system": seen })),
        new: Some(json!({ "class": row.name, "system": system })),
        op: None,
    })
    .await
}

/// Closed periods and marks of periods stay where they are: with another system nobody would find them. A grade is held by whatever of its
/// system is closed; one class by what is its own: a closed period in which it has had lessons, as another system would open these days again,
/// and marks of the year once these are closed. So a class that was newly made, or has learnt nothing yet, may go its own way after the first quarter.
async fn nothing_is_lost(ctx: &mut Ctx, year: &Year, before: &System, whose: Whose) -> Done<()> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let (grade, class) = match whose {
        Whose::Grade(grade) => (Some(grade), None),
        Whose::Class(class) => (None, Some(class.0)),
    };
    let marked = sqlx::query_scalar!(
        r#"select exists (select from period_mark m join period d on d.school_id = m.school_id and d.id = m.period_id
            join load_audience u on u.school_id = m.school_id and u.load_id = m.load_id
            join class c on c.school_id = u.school_id and c.id = u.class_id
            where m.school_id = $1 and d.system_id = $2 and c.year_id = $3 and m.code is not null
              and (c.grade = $4 and c.period_system_id is null or c.id = $5)) as "marked!""#,
        school.0,
        before.id.0,
        year.id,
        grade,
        class,
    )
    .fetch_one(ctx.db())
    .await?;
    let (closed, words) = match whose {
        Whose::Grade(_) => (
            before.year_locked.is_some() || before.parts.iter().any(|p| p.locked.is_some()),
            t::periods_grade_keeps(lang),
        ),
        Whose::Class(class) => (depends(ctx, before, class).await?, t::periods_class_keeps(lang)),
    };
    if marked || closed {
        return Err(AppError::invalid("system", words).into());
    }
    Ok(())
}

/// Does anything of a class lie in what is closed of a system?
async fn depends(ctx: &mut Ctx, before: &System, class: ClassId) -> Done<bool> {
    let closed = before.parts.iter().filter(|p| p.locked.is_some());
    let (from, to): (Vec<NaiveDate>, Vec<NaiveDate>) = closed.map(|p| (p.span.from, p.span.to)).unzip();
    let (school, year_locked) = (ctx.school(), before.year_locked.is_some());
    Ok(sqlx::query_scalar!(
        r#"select exists (select from load_audience u
                join lesson l on l.school_id = u.school_id and l.load_id = u.load_id
                join unnest($3::date[], $4::date[]) d (starts_on, ends_on) on l.held_on between d.starts_on and d.ends_on
                where u.school_id = $1 and u.class_id = $2 and l.state <> 'cancelled'
                  and (l.state = 'held' or l.topic is not null
                    or exists (select from attendance a where a.school_id = $1 and a.lesson_id = l.id and a.code is not null)
                    or exists (select from assignment w join mark m on m.school_id = $1 and m.assignment_id = w.id
                        where w.school_id = $1 and w.lesson_id = l.id and (m.code is not null or m.owed))))
            or ($5 and exists (select from load_audience u
                join period_mark m on m.school_id = u.school_id and m.load_id = u.load_id
                where u.school_id = $1 and u.class_id = $2 and m.stage <> 'period' and m.code is not null)) as "depends!""#,
        school.0,
        class.0,
        &from,
        &to,
        year_locked,
    )
    .fetch_one(ctx.db())
    .await?)
}
