//! Closing and opening: a period, and the marks of the year.

use base::sql::{Ctx, Done, Event};
use base::{AppError, Lang, LoadId, PeriodId};
use serde_json::json;

use super::must_set;
use super::periods::stale;
use crate::grading::periods::{Locking, SystemId};
use crate::journal::sql::local;
use crate::t;

/// A text of the length that a reason has, without spaces around.
pub(crate) fn reason_of(text: &str, field: &str, lang: Lang) -> Result<String, AppError> {
    let text = text.trim();
    if (3..=500).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(AppError::invalid(field, t::grading_wrong_reason(lang)))
    }
}

/// Closes a period, or opens it; the reason is kept.
///
/// # Errors
/// Forbidden and not found as the rights say; invalid for a period that has not begun, of a closed year, or without a reason;
/// conflict if it is closed (open) already.
pub async fn lock_period(ctx: &mut Ctx, period: PeriodId, close: bool, reason: String) -> Done<()> {
    must_set(ctx)?;
    let (school, lang, now, today, person) = (ctx.school(), ctx.lang(), ctx.now(), ctx.today(), ctx.person());
    let row = sqlx::query!(
        r#"select d.starts_on, d.locked_at, d.lock_reason, coalesce(d.locked_at <= $3, false) as "locked!", coalesce(y.closed_at <= $3, false) as "closed!"
           from period d
           join period_system s on s.school_id = d.school_id and s.id = d.system_id
           join academic_year y on y.school_id = s.school_id and y.id = s.year_id
           where d.school_id = $1 and d.id = $2 for update of d"#,
        school.0,
        period.0,
        now,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if row.closed {
        return Err(AppError::invalid("", t::periods_year_closed(lang)).into());
    }
    let reason = reason_of(&reason, "reason", lang)?;
    if row.locked == close {
        return Err(stale(ctx).into());
    }
    if close && row.starts_on > today {
        return Err(AppError::invalid("", t::periods_not_begun(lang)).into());
    }
    sqlx::query!(
        "update period set locked_at = case when $3 then $4::timestamptz end, locked_by = case when $3 then $5::bigint end,
            lock_reason = case when $3 then $6 end where school_id = $1 and id = $2",
        school.0,
        period.0,
        close,
        now,
        person.0,
        reason,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: if close { "period.locked" } else { "period.unlocked" },
        entity: "period",
        key: period.to_string(),
        old: Some(json!({ "locked_at": row.locked_at, "reason": row.lock_reason })),
        new: Some(json!({ "locked": close, "reason": reason })),
        op: None,
    })
    .await
}

/// Closes the marks of the year, of exams, and the final ones for the grades of a system of periods, or opens them; the reason is kept.
///
/// # Errors
/// Forbidden and not found as the rights say; invalid before the last period has begun, in a closed year, or without a reason;
/// conflict if they are closed (open) already.
pub async fn lock_year(ctx: &mut Ctx, system: SystemId, close: bool, reason: String) -> Done<()> {
    must_set(ctx)?;
    let (school, lang, now, today, person) = (ctx.school(), ctx.lang(), ctx.now(), ctx.today(), ctx.person());
    let row = sqlx::query!(
        r#"select s.year_locked_at, s.year_lock_reason, coalesce(s.year_locked_at <= $3, false) as "locked!",
            coalesce(y.closed_at <= $3, false) as "closed!",
            (select max(d.starts_on) from period d where d.school_id = $1 and d.system_id = s.id) as last
           from period_system s
           join academic_year y on y.school_id = s.school_id and y.id = s.year_id
           where s.school_id = $1 and s.id = $2 for update of s"#,
        school.0,
        system.0,
        now,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if row.closed {
        return Err(AppError::invalid("", t::periods_year_closed(lang)).into());
    }
    let reason = reason_of(&reason, "reason", lang)?;
    if row.locked == close {
        return Err(stale(ctx).into());
    }
    if close && row.last.is_none_or(|day| day > today) {
        return Err(AppError::invalid("", t::periods_year_not_begun(lang)).into());
    }
    sqlx::query!(
        "update period_system set year_locked_at = case when $3 then $4::timestamptz end, year_locked_by = case when $3 then $5::bigint end,
            year_lock_reason = case when $3 then $6 end where school_id = $1 and id = $2",
        school.0,
        system.0,
        close,
        now,
        person.0,
        reason,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: if close {
            "period_system.year_locked"
        } else {
            "period_system.year_unlocked"
        },
        entity: "period_system",
        key: system.to_string(),
        old: Some(json!({ "locked_at": row.year_locked_at, "reason": row.year_lock_reason })),
        new: Some(json!({ "locked": close, "reason": reason })),
        op: None,
    })
    .await
}

/// What was closed and opened in a year, the latest first.
pub(super) async fn lockings(ctx: &mut Ctx, year: i64) -> Done<Vec<Locking>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"with place as (
             select 'period' as entity, d.id::text as key, s.title, s.kind, d.number
             from period_system s join period d on d.school_id = s.school_id and d.system_id = s.id
             where s.school_id = $1 and s.year_id = $2
             union all
             select 'period_system', s.id::text, s.title, s.kind, null from period_system s
             where s.school_id = $1 and s.year_id = $2
           )
           select w.title as "title!", w.kind as "kind!", w.number, e.at, e.action in ('period.locked', 'period_system.year_locked') as "closed!",
             coalesce(e.new ->> 'reason', '') as "reason!", coalesce(short_name(p.last_name, p.first_name, p.middle_name), '') as "by!"
           from place w
           join audit_event e on e.school_id = $1 and e.entity = w.entity and e.entity_key = w.key
           left join person p on p.id = e.actor_id
           where e.action in ('period.locked', 'period.unlocked', 'period_system.year_locked', 'period_system.year_unlocked')
           order by e.id desc limit 60"#,
        school.0,
        year,
    )
    .fetch_all(ctx.db())
    .await?;
    let locking = rows.into_iter().map(|r| Locking {
        system: r.title,
        kind: r.kind,
        number: r.number,
        closed: r.closed,
        at: local(ctx, r.at),
        by: r.by,
        reason: r.reason,
    });
    Ok(locking.collect())
}

/// Are the marks of the year closed for a class of this journal?
pub(super) async fn year_is_locked(ctx: &mut Ctx, load: LoadId) -> Done<bool> {
    let (school, now) = (ctx.school(), ctx.now());
    Ok(sqlx::query_scalar!(
        r#"select coalesce(bool_or(s.year_locked_at <= $3), false) as "locked!"
           from load_audience u
           join class_system k on k.school_id = u.school_id and k.class_id = u.class_id
           join period_system s on s.school_id = k.school_id and s.id = k.system_id
           where u.school_id = $1 and u.load_id = $2"#,
        school.0,
        load.0,
        now,
    )
    .fetch_one(ctx.db())
    .await?)
}
