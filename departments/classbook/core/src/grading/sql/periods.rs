//! Periods of the year in the database.

use std::collections::BTreeMap;

use base::sql::{Ctx, Done, Event};
use base::{AppError, PeriodId};
use chrono::NaiveDate;
use serde_json::json;

use super::fallen::{fallen, known};
use super::holidays::holidays;
use super::must_set;
use super::requests::requests;
use crate::grading::periods::{Calendar, Part, Span, System, SystemId, SystemTerms};
use crate::journal::sql::local;
use crate::t;

/// The running year, or the one that begins next.
pub(super) struct Year {
    pub id: i64,
    title: String,
    pub span: Span,
    closed: bool,
}

async fn year(ctx: &mut Ctx) -> Done<Option<Year>> {
    let (school, today, now) = (ctx.school(), ctx.today(), ctx.now());
    let row = sqlx::query!(
        r#"select id, title, starts_on, ends_on, coalesce(closed_at <= $3, false) as "closed!" from academic_year where school_id = $1
           order by (starts_on <= $2) desc, case when starts_on <= $2 then $2 - starts_on else starts_on - $2 end limit 1"#,
        school.0,
        today,
        now,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(row.map(|r| Year {
        id: r.id,
        title: r.title,
        span: Span {
            from: r.starts_on,
            to: r.ends_on,
        },
        closed: r.closed,
    }))
}

/// The year that may be changed.
pub(super) async fn open_year(ctx: &mut Ctx) -> Done<Year> {
    let lang = ctx.lang();
    let year = year(ctx)
        .await?
        .ok_or_else(|| AppError::invalid("", t::periods_no_year(lang)))?;
    if year.closed {
        return Err(AppError::invalid("", t::periods_year_closed(lang)).into());
    }
    Ok(year)
}

pub(super) fn stale(ctx: &Ctx) -> AppError {
    AppError::Conflict {
        message: t::periods_stale(ctx.lang()).to_owned(),
    }
}

/// The page of periods.
///
/// # Errors
/// Forbidden and not found as the rights say: it is the page of whoever sets them.
pub async fn calendar(ctx: &mut Ctx) -> Done<Calendar> {
    must_set(ctx)?;
    let today = ctx.today();
    let Some(year) = year(ctx).await? else {
        return Ok(Calendar {
            year: None,
            closed: false,
            may_edit: false,
            today,
            systems: vec![],
            classes: vec![],
            holidays: vec![],
            requests: vec![],
            lockings: vec![],
        });
    };
    let systems = systems(ctx, year.id).await?;
    let holidays = holidays(ctx, year.id).await?;
    Ok(Calendar {
        closed: year.closed,
        may_edit: !year.closed,
        today,
        systems,
        classes: super::assign::classes(ctx, year.id).await?,
        holidays,
        requests: requests(ctx, year.id).await?,
        lockings: super::locks::lockings(ctx, year.id).await?,
        year: Some((year.title, year.span)),
    })
}

async fn systems(ctx: &mut Ctx, year: i64) -> Done<Vec<System>> {
    let (school, now) = (ctx.school(), ctx.now());
    let rows = sqlx::query!(
        r#"select s.id, s.kind, s.title, case when s.year_locked_at <= $3 then s.year_locked_at end as year_locked_at,
            case when s.year_locked_at <= $3 then s.year_lock_reason end as year_reason, d.id as "part?", d.number as "number?", d.starts_on as "from?", d.ends_on as "to?",
            case when d.locked_at <= $3 then d.locked_at end as locked_at, case when d.locked_at <= $3 then d.lock_reason end as reason,
            array(select p.grade from parallel p where p.school_id = s.school_id and p.year_id = s.year_id
                and p.period_system_id = s.id order by p.grade) as "grades!"
           from period_system s left join period d on d.school_id = s.school_id and d.system_id = s.id
           where s.school_id = $1 and s.year_id = $2 order by s.title, s.id, d.number"#,
        school.0,
        year,
        now,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut systems: Vec<System> = vec![];
    for r in rows {
        if systems.last().is_none_or(|s| s.id.0 != r.id) {
            systems.push(System {
                id: SystemId(r.id),
                kind: r.kind,
                title: r.title,
                parts: vec![],
                grades: r.grades,
                year_locked: r.year_locked_at.map(|at| local(ctx, at)),
                year_reason: r.year_reason,
            });
        }
        if let (Some(system), Some(id), Some(number), Some(from), Some(to)) =
            (systems.last_mut(), r.part, r.number, r.from, r.to)
        {
            system.parts.push(Part {
                id: PeriodId(id),
                number,
                span: Span { from, to },
                locked: r.locked_at.map(|at| local(ctx, at)),
                reason: r.reason,
            });
        }
    }
    Ok(systems)
}

/// Writes a system of the year: a new one, or in place of what was seen. A closed period keeps its days. A lesson that lies in no period any more
/// does not take place, but where marks, absences or a topic say that it did: these count in no average from then on, so it is not done until
/// whoever writes has said of how many such lessons they know (`accepted`).
///
/// # Errors
/// Forbidden and not found as the rights say; invalid for days that overlap or leave the year, for a closed period that would
/// move, for a period taken away that has marks, for lessons that would fall out and were not accepted; conflict if it is no longer what was
/// seen.
pub async fn save_system(
    ctx: &mut Ctx,
    at: Option<(SystemId, SystemTerms)>,
    terms: SystemTerms,
    accepted: Option<i64>,
) -> Done<SystemId> {
    must_set(ctx)?;
    let year = open_year(ctx).await?;
    let lang = ctx.lang();
    let mut lost = vec![];
    let (id, old) = match at {
        None => {
            terms.check(year.span, lang)?;
            let school = ctx.school();
            let id = sqlx::query_scalar!(
                "insert into period_system (school_id, year_id, kind, title) values ($1, $2, $3, $4) returning id",
                school.0,
                year.id,
                terms.kind,
                terms.title.trim(),
            )
            .fetch_one(ctx.db())
            .await?;
            (SystemId(id), None)
        }
        Some((id, seen)) => {
            let before = held(ctx, year.id, id).await?;
            terms.check(year.span, lang)?;
            if before.terms() != seen {
                return Err(stale(ctx).into());
            }
            if before.terms() == terms {
                return Ok(id);
            }
            closed_parts_stay(&before, &terms, ctx)?;
            lost = fallen(ctx, &before, &terms).await?;
            known(&lost, accepted, lang)?;
            let school = ctx.school();
            sqlx::query!(
                "update period_system set kind = $3, title = $4 where school_id = $1 and id = $2",
                school.0,
                id.0,
                terms.kind,
                terms.title.trim(),
            )
            .execute(ctx.db())
            .await?;
            (id, Some(json!(before.terms())))
        }
    };
    write_parts(ctx, id, &terms).await?;
    super::holidays::keep_held(ctx, year.span).await?;
    let mut new = json!(terms);
    if let (false, Some(new)) = (lost.is_empty(), new.as_object_mut()) {
        new.insert("outside".to_owned(), json!(lost));
    }
    ctx.audit(Event {
        action: "period_system.saved",
        entity: "period_system",
        key: id.to_string(),
        old,
        new: Some(new),
        op: None,
    })
    .await?;
    Ok(id)
}

/// A system of the year, held until the end of the transaction.
pub(super) async fn held(ctx: &mut Ctx, year: i64, id: SystemId) -> Done<System> {
    let school = ctx.school();
    sqlx::query_scalar!(
        "select id from period_system where school_id = $1 and year_id = $2 and id = $3 for update",
        school.0,
        year,
        id.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let found = systems(ctx, year).await?.into_iter().find(|s| s.id == id);
    Ok(found.ok_or(AppError::NotFound)?)
}

fn closed_parts_stay(before: &System, terms: &SystemTerms, ctx: &Ctx) -> Result<(), AppError> {
    let spans: BTreeMap<i16, Span> = (1..).zip(terms.spans.iter().copied()).collect();
    let moved = before
        .parts
        .iter()
        .any(|p| p.locked.is_some() && spans.get(&p.number) != Some(&p.span));
    if moved || (before.kind != terms.kind && before.parts.iter().any(|p| p.locked.is_some())) {
        return Err(AppError::invalid("spans", t::periods_closed_moves(ctx.lang())));
    }
    Ok(())
}

async fn write_parts(ctx: &mut Ctx, id: SystemId, terms: &SystemTerms) -> Done<()> {
    use sqlx::Executor as _;
    let school = ctx.school();
    let from: Vec<NaiveDate> = terms.spans.iter().map(|s| s.from).collect();
    let to: Vec<NaiveDate> = terms.spans.iter().map(|s| s.to).collect();
    // borders that move together touch for a moment
    ctx.db()
        .execute("set constraints period_not_overlapping deferred")
        .await?;
    let count = i16::try_from(terms.spans.len()).unwrap_or(i16::MAX);
    sqlx::query!(
        "delete from period where school_id = $1 and system_id = $2 and number > $3",
        school.0,
        id.0,
        count,
    )
    .execute(ctx.db())
    .await?;
    sqlx::query!(
        "insert into period (school_id, system_id, number, starts_on, ends_on)
         select $1, $2, n::smallint, f, t from unnest($3::date[], $4::date[]) with ordinality s (f, t, n)
         on conflict (school_id, system_id, number) do update set starts_on = excluded.starts_on, ends_on = excluded.ends_on
            where (period.starts_on, period.ends_on) is distinct from (excluded.starts_on, excluded.ends_on)",
        school.0,
        id.0,
        &from,
        &to,
    )
    .execute(ctx.db())
    .await?;
    ctx.db()
        .execute("set constraints period_not_overlapping immediate")
        .await?;
    Ok(())
}
