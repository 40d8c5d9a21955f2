//! Closing and opening periods; a teacher's question for a change in a closed one, and its answer.

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done, Event};
use base::{AppError, Lang, LoadId, PeriodId};
use chrono::TimeDelta;
use serde_json::json;

use super::must_set;
use crate::grading::periods::{HOURS, RequestId};
use crate::journal::sql::facts::of_load;
use crate::journal::sql::periods;
use crate::t;

/// A text of the length that a reason has, without spaces around.
fn reason_of(text: &str, field: &str, lang: Lang) -> Result<String, AppError> {
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
        return Err(AppError::Conflict {
            message: t::periods_stale(lang).to_owned(),
        }
        .into());
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

/// A teacher asks for a change in a closed period of their journal.
///
/// # Errors
/// Forbidden and not found as the journal's rights say; invalid for a period that is open, a text that is too short or long, a
/// question that waits already.
pub async fn ask_change(ctx: &mut Ctx, load: LoadId, period: PeriodId, text: String) -> Done<RequestId> {
    let whose = of_load(ctx, load).await?;
    ctx.must(Action::Edit, &whose.resource(ctx, Kind::Journal))?;
    let (school, lang, now) = (ctx.school(), ctx.lang(), ctx.now());
    let employee = ctx.employee().ok_or(AppError::Forbidden)?;
    let found = periods(ctx, load).await?.into_iter().find(|p| p.id == period);
    let found = found.ok_or(AppError::NotFound)?;
    let text = reason_of(&text, "text", lang)?;
    if !found.locked {
        return Err(AppError::invalid("", t::periods_is_open(lang)).into());
    }
    let made = sqlx::query_scalar!(
        "insert into period_request (school_id, period_id, load_id, employee_id, text, asked_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (school_id, period_id, load_id, employee_id) where answer is null do nothing returning id",
        school.0,
        period.0,
        load.0,
        employee.0,
        text,
        now,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or_else(|| AppError::invalid("", t::periods_asked_already(lang)))?;
    ctx.audit(Event {
        action: "period_request.asked",
        entity: "period_request",
        key: made.to_string(),
        old: None,
        new: Some(json!({ "period": period, "load": load, "text": text })),
        op: None,
    })
    .await?;
    Ok(RequestId(made))
}

/// Answers a question: lets the teacher into the journal for so many hours, or refuses with words.
///
/// # Errors
/// Forbidden and not found as the rights say; invalid for hours out of bounds or a refusal without words; conflict if somebody
/// has answered already.
pub async fn answer_change(
    ctx: &mut Ctx,
    request: RequestId,
    hours: Option<i16>,
    note: Option<String>,
) -> Done<()> {
    must_set(ctx)?;
    let (school, lang, now, person) = (ctx.school(), ctx.lang(), ctx.now(), ctx.person());
    let answer = sqlx::query_scalar!(
        "select answer from period_request where school_id = $1 and id = $2 for update",
        school.0,
        request.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if answer.is_some() {
        return Err(AppError::Conflict {
            message: t::periods_answered(lang).to_owned(),
        }
        .into());
    }
    let note = note.as_deref().map(str::trim).filter(|n| !n.is_empty());
    let note = note.map(|n| reason_of(n, "note", lang)).transpose()?;
    if hours.is_some_and(|h| !HOURS.contains(&h)) {
        return Err(AppError::invalid("hours", t::periods_wrong_hours(lang)).into());
    }
    if hours.is_none() && note.is_none() {
        return Err(AppError::invalid("note", t::periods_refusal_words(lang)).into());
    }
    let until = hours.map(|h| now + TimeDelta::hours(i64::from(h)));
    let said = if until.is_some() { "allowed" } else { "refused" };
    sqlx::query!(
        "update period_request set answer = $3, note = $4, open_until = $5, answered_by = $6, answered_at = $7
         where school_id = $1 and id = $2",
        school.0,
        request.0,
        said,
        note,
        until,
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: if until.is_some() {
            "period_request.allowed"
        } else {
            "period_request.refused"
        },
        entity: "period_request",
        key: request.to_string(),
        old: None,
        new: Some(json!({ "until": until, "note": note })),
        op: None,
    })
    .await
}
