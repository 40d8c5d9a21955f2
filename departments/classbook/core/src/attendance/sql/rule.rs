//! The school's notions of a missed day, week and month: a row from a day on.

use base::AppError;
use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use chrono::NaiveDate;
use serde_json::json;

use crate::attendance::tally::{NotionRow, Notions};
use crate::deadline::rule::Terms;
use crate::deadline::sql::year;
use crate::t;

/// The notions in force on a day.
pub(crate) async fn notions(ctx: &mut Ctx, on: NaiveDate) -> Done<Notions> {
    let rows = all(ctx).await?;
    let row = rows.into_iter().find(|r| r.valid_from <= on);
    Ok(row.map(|r| r.notions).unwrap_or_default())
}

/// What the school has set, the latest first, for who may set it.
pub(super) async fn rules(ctx: &mut Ctx) -> Done<Option<Vec<NotionRow>>> {
    let journals = Resource::of_school(Kind::Journal, ctx.school());
    if ctx.may(Action::Lock, &journals) {
        Ok(Some(all(ctx).await?))
    } else {
        Ok(None)
    }
}

async fn all(ctx: &mut Ctx) -> Done<Vec<NotionRow>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select valid_from, day_lessons, week_percent, month_percent, act, revision from attendance_rule
         where school_id = $1 order by valid_from desc",
        school.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| NotionRow {
            valid_from: r.valid_from,
            notions: Notions {
                day_lessons: r.day_lessons,
                week_percent: r.week_percent,
                month_percent: r.month_percent,
                act: r.act,
                since: Some(r.valid_from),
            },
            revision: r.revision,
        })
        .collect())
}

/// Sets notions from a day on. `row.revision`: of the row that was seen for this day, 0 for none.
///
/// # Errors
/// Not found or forbidden for who may not close periods; invalid for figures out of bounds and a first day outside the year; conflict
/// on top of somebody's newer row.
pub async fn save_rule(ctx: &mut Ctx, row: NotionRow) -> Done<()> {
    ctx.must(Action::Lock, &Resource::of_school(Kind::Journal, ctx.school()))?;
    let lang = ctx.lang();
    let mut notions = row.notions;
    // told by its row
    notions.since = None;
    notions.act = notions.act.map(|a| a.trim().to_owned()).filter(|a| !a.is_empty());
    if !(1..=12).contains(&notions.day_lessons) {
        return Err(AppError::invalid("day_lessons", t::attendance_day_wrong(lang)).into());
    }
    if !(1..=99).contains(&notions.week_percent) || !(1..=100).contains(&notions.month_percent) {
        return Err(AppError::invalid("percent", t::attendance_percent_wrong(lang)).into());
    }
    let too_long = |act: &String| act.chars().count() > Terms::ACT || act.contains('\0');
    if notions.act.as_ref().is_some_and(too_long) {
        return Err(AppError::invalid("act", t::deadline_act_long(lang)).into());
    }
    let inside = year(ctx)
        .await?
        .is_some_and(|y| (y.starts_on..=y.ends_on).contains(&row.valid_from));
    if !inside {
        return Err(AppError::invalid("valid_from", t::deadline_outside_year(lang)).into());
    }
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let held = all(ctx)
        .await?
        .into_iter()
        .find(|r| r.valid_from == row.valid_from);
    let saved = sqlx::query!(
        "insert into attendance_rule (school_id, valid_from, day_lessons, week_percent, month_percent, act, changed_by, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (school_id, valid_from) do update set day_lessons = excluded.day_lessons, week_percent = excluded.week_percent,
            month_percent = excluded.month_percent, act = excluded.act, revision = attendance_rule.revision + 1,
            changed_by = excluded.changed_by, changed_at = excluded.changed_at
            where attendance_rule.revision = $9",
        school.0,
        row.valid_from,
        notions.day_lessons,
        notions.week_percent,
        notions.month_percent,
        notions.act,
        person.0,
        now,
        row.revision,
    )
    .execute(ctx.db())
    .await?;
    // a row that was seen and is gone is somebody's newer word, too
    if saved.rows_affected() == 0 || held.as_ref().map_or(0, |h| h.revision) != row.revision {
        return Err(AppError::Conflict {
            message: t::deadline_changed(lang).to_owned(),
        }
        .into());
    }
    ctx.audit(Event {
        action: "attendance_rule.saved",
        entity: "attendance_rule",
        key: row.valid_from.to_string(),
        old: held.map(|h| json!(h.notions)),
        new: Some(json!(notions)),
        op: None,
    })
    .await
}
