//! The school's own terms: a row from a day on.

use base::AppError;
use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use chrono::NaiveDate;
use serde_json::json;

use super::gaps::{rules, year};
use crate::deadline::board::Rule;
use crate::deadline::rule::{Term, Terms};
use crate::t;

/// Sets terms from a day on. `revision`: of the row that was seen for this day, 0 for none.
///
/// # Errors
/// Forbidden for who may not close periods; invalid for days out of bounds and a first day outside the year; conflict on top of somebody's
/// newer row.
pub async fn save(ctx: &mut Ctx, term: Term, revision: i32) -> Done<()> {
    must(ctx)?;
    let lang = ctx.lang();
    let mut terms = term.terms;
    terms.act = terms.act.map(|a| a.trim().to_owned()).filter(|a| !a.is_empty());
    let days = [
        terms.topic_days,
        terms.homework_days,
        terms.marks_days,
        terms.reason_days,
    ];
    if days.iter().any(|d| !(0..=Terms::DAYS).contains(d)) {
        return Err(AppError::invalid("days", t::deadline_days_wrong(lang)).into());
    }
    if terms.act.as_ref().is_some_and(|a| a.chars().count() > Terms::ACT) {
        return Err(AppError::invalid("act", t::deadline_act_long(lang)).into());
    }
    let from = term.valid_from;
    let inside = year(ctx)
        .await?
        .is_some_and(|y| (y.starts_on..=y.ends_on).contains(&from));
    if !inside {
        return Err(AppError::invalid("valid_from", t::deadline_outside_year(lang)).into());
    }
    let held = held(ctx, from).await?;
    if held.as_ref().map_or(0, |h| h.revision) != revision {
        return Err(AppError::Conflict {
            message: t::deadline_changed(lang).to_owned(),
        }
        .into());
    }
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    sqlx::query!(
        "insert into deadline_rule (school_id, valid_from, topic_days, homework_days, marks_days, homework_each, act, changed_by, changed_at,
            reason_days)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (school_id, valid_from) do update set topic_days = excluded.topic_days, homework_days = excluded.homework_days,
            marks_days = excluded.marks_days, homework_each = excluded.homework_each, act = excluded.act,
            reason_days = excluded.reason_days, revision = deadline_rule.revision + 1, changed_by = excluded.changed_by, changed_at = excluded.changed_at",
        school.0,
        from,
        terms.topic_days,
        terms.homework_days,
        terms.marks_days,
        terms.homework_each,
        terms.act,
        person.0,
        now,
        terms.reason_days,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "deadline.saved",
        entity: "deadline_rule",
        key: from.to_string(),
        old: held.map(|h| json!(h.term.terms)),
        new: Some(json!(terms)),
        op: None,
    })
    .await
}

/// Takes a row away: the terms before it hold on.
///
/// # Errors
/// As [`save`]; not found for a day without a row.
pub async fn remove(ctx: &mut Ctx, valid_from: NaiveDate, revision: i32) -> Done<()> {
    must(ctx)?;
    let lang = ctx.lang();
    let held = held(ctx, valid_from).await?.ok_or(AppError::NotFound)?;
    if held.revision != revision {
        return Err(AppError::Conflict {
            message: t::deadline_changed(lang).to_owned(),
        }
        .into());
    }
    let school = ctx.school();
    sqlx::query!(
        "delete from deadline_rule where school_id = $1 and valid_from = $2",
        school.0,
        valid_from,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "deadline.removed",
        entity: "deadline_rule",
        key: valid_from.to_string(),
        old: Some(json!(held.term.terms)),
        new: None,
        op: None,
    })
    .await
}

/// Who closes periods sets the terms.
fn must(ctx: &Ctx) -> Result<(), AppError> {
    ctx.must(Action::Lock, &Resource::of_school(Kind::Journal, ctx.school()))
}

/// The row of a day, while nobody else sets one.
async fn held(ctx: &mut Ctx, from: NaiveDate) -> Done<Option<Rule>> {
    let school = ctx.school();
    sqlx::query!(
        "select id from academic_year where school_id = $1 order by id for no key update",
        school.0
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rules(ctx).await?.into_iter().find(|r| r.term.valid_from == from))
}
