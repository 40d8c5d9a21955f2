//! Holidays of the year in the database. What they mean for lessons that are laid out already is `takes_place` of the database.

use base::AppError;
use base::sql::{Ctx, Done, Event};
use serde_json::json;

use super::must_set;
use super::periods::{held, open_year, stale};
use crate::grading::periods::{Holiday, HolidayId, HolidayTerms, Span, SystemId};

/// By date.
pub(super) async fn holidays(ctx: &mut Ctx, year: i64) -> Done<Vec<Holiday>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select id, title, starts_on, ends_on, grade, system_id from holiday where school_id = $1 and year_id = $2 order by starts_on, id",
        school.0,
        year,
    )
    .fetch_all(ctx.db())
    .await?;
    let holiday = rows.into_iter().map(|r| Holiday {
        id: HolidayId(r.id),
        terms: HolidayTerms {
            title: r.title,
            span: Span {
                from: r.starts_on,
                to: r.ends_on,
            },
            grade: r.grade,
            system: r.system_id.map(SystemId),
        },
    });
    Ok(holiday.collect())
}

/// Writes holidays: new ones, or in place of what was seen.
///
/// # Errors
/// Forbidden and not found as the rights say; invalid for wrong days or title; conflict if they are no longer what was seen.
pub async fn save_holiday(
    ctx: &mut Ctx,
    at: Option<(HolidayId, HolidayTerms)>,
    terms: HolidayTerms,
) -> Done<HolidayId> {
    must_set(ctx)?;
    let year = open_year(ctx).await?;
    let (school, lang) = (ctx.school(), ctx.lang());
    if let Some(system) = terms.system {
        held(ctx, year.id, system).await?;
    }
    let (id, old) = match at {
        None => {
            terms.check(year.span, lang)?;
            let id = sqlx::query_scalar!(
                "insert into holiday (school_id, year_id, title, starts_on, ends_on, grade, system_id) values ($1, $2, $3, $4, $5, $6, $7) returning id",
                school.0,
                year.id,
                terms.title.trim(),
                terms.span.from,
                terms.span.to,
                terms.grade,
                terms.system.map(|s| s.0),
            )
            .fetch_one(ctx.db())
            .await?;
            (HolidayId(id), None)
        }
        Some((id, seen)) => {
            let before = held_holiday(ctx, year.id, id).await?;
            terms.check(year.span, lang)?;
            if before != seen {
                return Err(stale(ctx).into());
            }
            sqlx::query!(
                "update holiday set title = $3, starts_on = $4, ends_on = $5, grade = $6, system_id = $7 where school_id = $1 and id = $2",
                school.0,
                id.0,
                terms.title.trim(),
                terms.span.from,
                terms.span.to,
                terms.grade,
                terms.system.map(|s| s.0),
            )
            .execute(ctx.db())
            .await?;
            (id, Some(json!(before)))
        }
    };
    keep_held(ctx, terms.span).await?;
    ctx.audit(Event {
        action: "holiday.saved",
        entity: "holiday",
        key: id.to_string(),
        old,
        new: Some(json!(terms)),
        op: None,
    })
    .await?;
    Ok(id)
}

async fn held_holiday(ctx: &mut Ctx, year: i64, id: HolidayId) -> Done<HolidayTerms> {
    let school = ctx.school();
    let row = sqlx::query!(
        "select title, starts_on, ends_on, grade, system_id from holiday where school_id = $1 and year_id = $2 and id = $3 for update",
        school.0,
        year,
        id.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    Ok(HolidayTerms {
        title: row.title,
        span: Span {
            from: row.starts_on,
            to: row.ends_on,
        },
        grade: row.grade,
        system: row.system_id.map(SystemId),
    })
}

/// Takes holidays away.
///
/// # Errors
/// Forbidden and not found as the rights say; conflict if they are no longer what was seen.
pub async fn remove_holiday(ctx: &mut Ctx, id: HolidayId, seen: HolidayTerms) -> Done<()> {
    must_set(ctx)?;
    let year = open_year(ctx).await?;
    let before = held_holiday(ctx, year.id, id).await?;
    if before != seen {
        return Err(stale(ctx).into());
    }
    let school = ctx.school();
    sqlx::query!(
        "delete from holiday where school_id = $1 and id = $2",
        school.0,
        id.0
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "holiday.removed",
        entity: "holiday",
        key: id.to_string(),
        old: Some(json!(before)),
        new: None,
        op: None,
    })
    .await
}

/// A lesson on which marks, dots or absences stand took place, whatever is declared off afterwards or lies outside of all periods now: it is held
/// from now on. So did one with a topic whose day has passed; a topic that was written ahead proves nothing.
pub(super) async fn keep_held(ctx: &mut Ctx, span: Span) -> Done<()> {
    let (school, today) = (ctx.school(), ctx.today());
    sqlx::query!(
        "update lesson l set state = 'held'
         where l.school_id = $1 and l.held_on between $2 and $3 and l.state = 'planned' and not takes_place(l)
           and (l.topic is not null and l.held_on < $4
             or exists (select from attendance a where a.school_id = $1 and a.lesson_id = l.id and a.code is not null)
             or exists (select from assignment w join mark m on m.school_id = $1 and m.assignment_id = w.id and (m.code is not null or m.owed)
                        where w.school_id = $1 and w.lesson_id = l.id))",
        school.0,
        span.from,
        span.to,
        today,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}
