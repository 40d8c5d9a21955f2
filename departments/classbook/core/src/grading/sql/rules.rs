//! The rules: read by whoever sees a journal, added and withdrawn by the deputy director.

use base::number::Hundredths;
use base::rights::{self, Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, RuleId};
use serde::Deserialize;
use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

use super::must_set;
use crate::grading::rules::{Interim, Minimum, Rewritten, Rule, Rules, Terms};
use crate::journal::sql::local;
use crate::t;

/// The thing of events.
const ENTITY: &str = "grading_rule";

#[derive(Debug, Deserialize)]
struct MinimumRow {
    hours: i64,
    marks: i16,
}

/// All rules of the school, the latest first. Who may see them is the caller's to ask.
///
/// # Errors
/// The database's.
pub(crate) async fn all(ctx: &mut Ctx) -> Done<Vec<Rule>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select r.id, r.grade_from, r.grade_to, r.valid_from, r.weighted, r.five_from, r.four_from, r.three_from, r.year_up,
            r.first_grade, r.class_average, r.rewritten, r.slip_hours, r.owed_days, r.half_years, r.interim, r.act_number, r.act_date, r.reason, r.changed_at,
            coalesce((select full_name(p.last_name, p.first_name, p.middle_name) from person p where p.id = r.changed_by), '') as "by!",
            coalesce((select json_agg(json_build_object('hours', (m.week_hours * 100)::bigint, 'marks', m.marks) order by m.week_hours)
                from grading_minimum m where m.school_id = r.school_id and m.rule_id = r.id), '[]') as "minimums!: Json<Vec<MinimumRow>>"
           from grading_rule r where r.school_id = $1 order by r.valid_from desc, r.id desc"#,
        school.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let hundredths = |n: i16| Hundredths(i64::from(n));
    let rules = rows.into_iter().map(|r| Rule {
        id: RuleId(r.id),
        terms: Terms {
            grade_from: r.grade_from,
            grade_to: r.grade_to,
            valid_from: r.valid_from,
            weighted: r.weighted,
            five_from: hundredths(r.five_from),
            four_from: hundredths(r.four_from),
            three_from: hundredths(r.three_from),
            year_up: hundredths(r.year_up),
            minimums: r
                .minimums
                .0
                .into_iter()
                .map(|m| Minimum {
                    week_hours: Hundredths(m.hours),
                    marks: m.marks,
                })
                .collect(),
            first_grade: r.first_grade,
            class_average: r.class_average,
            rewritten: Rewritten::from_key(&r.rewritten),
            slip_hours: r.slip_hours,
            owed_days: r.owed_days,
            half_years: r.half_years,
            interim: Interim::from_key(&r.interim),
            act_number: r.act_number,
            act_date: r.act_date,
        },
        reason: r.reason,
        by: r.by,
        at: local(ctx, r.changed_at),
    });
    Ok(rules.collect())
}

/// The page of rules.
///
/// # Errors
/// [`AppError::NotFound`] for someone without any right to journals.
pub async fn rules(ctx: &mut Ctx) -> Done<Rules> {
    if !rights::any(ctx.actor(), Action::View, Kind::Journal) {
        return Err(AppError::NotFound.into());
    }
    let (school, today) = (ctx.school(), ctx.today());
    let year_from = sqlx::query_scalar!(
        "select starts_on from academic_year where school_id = $1 and starts_on <= $2 order by starts_on desc limit 1",
        school.0,
        today,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(Rules {
        may_edit: ctx.may(Action::Lock, &Resource::of_school(Kind::Journal, school)),
        today,
        year_from,
        rules: all(ctx).await?,
    })
}

/// Adds a rule from a day. `seen` is the rule written down last that the person saw. From a day that has passed it needs a reason,
/// and it may not reach a period that is closed.
///
/// # Errors
/// Forbidden and not found as the rights say; [`AppError::Conflict`] when another rule has come meanwhile; [`AppError::Invalid`] for
/// a field out of bounds, a second rule from one day, a day that reaches into a closed period.
pub async fn add_rule(
    ctx: &mut Ctx,
    op_id: Uuid,
    seen: Option<RuleId>,
    terms: Terms,
    reason: Option<String>,
) -> Done<RuleId> {
    must_set(ctx)?;
    let (school, lang, today) = (ctx.school(), ctx.lang(), ctx.today());
    if let Some(key) = sqlx::query_scalar!(
        "select entity_key from audit_event where school_id = $1 and op_id = $2 and entity = $3",
        school.0,
        op_id,
        ENTITY,
    )
    .fetch_optional(ctx.db())
    .await?
    {
        return key.parse().map_err(|_| AppError::NotFound.into());
    }
    still_the_last(ctx, seen).await?;
    let terms = terms.tidy();
    if let Some((field, words)) = terms.fault(lang) {
        return Err(AppError::invalid(field, words).into());
    }
    let reason = reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
    if reason.is_some_and(|r| !(3..=500).contains(&r.chars().count())) {
        return Err(AppError::invalid("reason", t::grading_wrong_reason(lang)).into());
    }
    if terms.valid_from < today {
        if reason.is_none() {
            return Err(AppError::invalid("reason", t::grading_needs_reason(lang)).into());
        }
        not_into_a_closed_period(ctx, &terms).await?;
    }
    let id = insert(ctx, &terms, reason).await?;
    ctx.audit(Event {
        action: "grading_rule.added",
        entity: ENTITY,
        key: id.to_string(),
        old: None,
        new: Some(json!({ "terms": terms, "reason": reason })),
        op: Some(op_id),
    })
    .await?;
    Ok(id)
}

/// The rule that the person saw as the last one is the school's, and still the last.
async fn still_the_last(ctx: &mut Ctx, seen: Option<RuleId>) -> Done<()> {
    let school = ctx.school();
    let row = sqlx::query!(
        r#"select max(id) as last, coalesce(bool_or(id = $2), false) as "here!" from grading_rule where school_id = $1"#,
        school.0,
        seen.map(|s| s.0),
    )
    .fetch_one(ctx.db())
    .await?;
    if row.last == seen.map(|s| s.0) {
        return Ok(());
    }
    // a rule that has been withdrawn meanwhile was the school's too
    if !row.here && !was_withdrawn(ctx, seen).await? && seen.is_some() {
        return Err(AppError::NotFound.into());
    }
    Err(AppError::Conflict {
        message: t::grading_stale(ctx.lang()).to_owned(),
    }
    .into())
}

async fn was_withdrawn(ctx: &mut Ctx, rule: Option<RuleId>) -> Done<bool> {
    let school = ctx.school();
    Ok(sqlx::query_scalar!(
        r#"select exists (select from audit_event where school_id = $1 and entity = $2 and entity_key = $3
            and action = 'grading_rule.withdrawn') as "was!""#,
        school.0,
        ENTITY,
        rule.map(|r| r.to_string()).unwrap_or_default(),
    )
    .fetch_one(ctx.db())
    .await?)
}

async fn not_into_a_closed_period(ctx: &mut Ctx, terms: &Terms) -> Done<()> {
    let (school, now, lang) = (ctx.school(), ctx.now(), ctx.lang());
    let last = sqlx::query_scalar!(
        "select max(d.ends_on) from class_period d
         join academic_year y on y.school_id = d.school_id and y.id = d.year_id
         where d.school_id = $1 and d.grade between $2 and $3 and d.ends_on >= $4
           and (d.locked_at <= $5 or y.closed_at <= $5)",
        school.0,
        terms.grade_from,
        terms.grade_to,
        terms.valid_from,
        now,
    )
    .fetch_one(ctx.db())
    .await?;
    match last {
        Some(day) => {
            let words = t::grading_reaches_closed(lang, day.format("%d.%m.%Y"));
            Err(AppError::invalid("valid_from", words).into())
        }
        None => Ok(()),
    }
}

async fn insert(ctx: &mut Ctx, terms: &Terms, reason: Option<&str>) -> Done<RuleId> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let hours: Vec<i64> = terms.minimums.iter().map(|m| m.week_hours.0).collect();
    let marks: Vec<i16> = terms.minimums.iter().map(|m| m.marks).collect();
    let id = sqlx::query_scalar!(
        r#"with made as (
            insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
                first_grade, class_average, rewritten, act_number, act_date, reason, changed_by, changed_at, owed_days, slip_hours, half_years, interim)
            values ($1, $2, $3, $4, $5, $6::bigint::smallint, $7::bigint::smallint, $8::bigint::smallint, $9::bigint::smallint,
                $10, $11, $12, $13, $14, $15, $16, $17, $20, $21, $22, $23)
            returning id
         ), least as (
            insert into grading_minimum (school_id, rule_id, week_hours, marks)
            select $1, made.id, m.hours::numeric / 100, m.marks from made, unnest($18::bigint[], $19::smallint[]) m (hours, marks)
         )
         select id as "id!" from made"#,
        school.0,
        terms.grade_from,
        terms.grade_to,
        terms.valid_from,
        terms.weighted,
        terms.five_from.0,
        terms.four_from.0,
        terms.three_from.0,
        terms.year_up.0,
        terms.first_grade,
        terms.class_average,
        terms.rewritten.key(),
        terms.act_number,
        terms.act_date,
        reason,
        person.0,
        now,
        &hours,
        &marks,
        terms.owed_days,
        terms.slip_hours,
        terms.half_years,
        terms.interim.key(),
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(RuleId(id))
}

/// Withdraws a rule that has not begun to hold.
///
/// # Errors
/// Forbidden and not found as the rights say; [`AppError::Invalid`] for a rule that holds or has held.
pub async fn withdraw_rule(ctx: &mut Ctx, id: RuleId) -> Done<()> {
    must_set(ctx)?;
    let (school, lang, today) = (ctx.school(), ctx.lang(), ctx.today());
    let before = all(ctx).await?.into_iter().find(|r| r.id == id);
    let Some(before) = before else {
        return Err(AppError::NotFound.into());
    };
    if before.terms.valid_from <= today {
        return Err(AppError::invalid("", t::grading_in_force(lang)).into());
    }
    let gone = sqlx::query!(
        "delete from grading_rule where school_id = $1 and id = $2",
        school.0,
        id.0
    )
    .execute(ctx.db())
    .await?;
    // somebody else was faster
    if gone.rows_affected() == 0 {
        return Err(AppError::NotFound.into());
    }
    ctx.audit(Event {
        action: "grading_rule.withdrawn",
        entity: ENTITY,
        key: id.to_string(),
        old: Some(json!({ "terms": before.terms, "reason": before.reason })),
        new: None,
        op: None,
    })
    .await
}
