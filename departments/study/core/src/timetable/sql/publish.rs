//! Putting a draft in force from a date.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, FieldError, VersionId};
use chrono::{Days, NaiveDate};
use serde_json::json;
use timetable::Level;

use super::{board, lay_out_lessons};
use crate::t;
use crate::timetable::board::{BoardData, VersionState};
use crate::timetable::moves::Published;
use crate::timetable::words;

/// How many clashes are told by name.
const TOLD: usize = 30;

/// Publishes a draft from a date: the version in force ends the day before, one that begins the same day is replaced,
/// a later one takes over when its day comes. Lessons are laid out on the dates that follow.
///
/// # Errors
/// Invalid for a date outside the year, for clashes (each named), for a version that is no draft; not found.
pub async fn publish(ctx: &mut Ctx, version: VersionId, valid_from: NaiveDate) -> Done<Published> {
    let school = ctx.school();
    let lang = ctx.lang();
    ctx.must(Action::Publish, &Resource::of_school(Kind::Timetable, school))?;
    // nobody moves a card, and nobody publishes another version, while this one is judged
    sqlx::query!(
        "select id from timetable_version where school_id = $1 and (id = $2 or state = 'published') order by id for update",
        school.0,
        version.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let data = board(ctx, version).await?;
    if data.version.state != VersionState::Draft {
        return Err(AppError::invalid("", t::publish_not_draft(lang)).into());
    }
    let (from, to) = (data.version.year_from, data.version.year_to);
    if !(from..=to).contains(&valid_from) {
        let words = t::publish_outside_year(lang, from.format("%d.%m.%Y"), to.format("%d.%m.%Y"));
        return Err(AppError::invalid("valid_from", words).into());
    }
    if data.days_a_week() > 7 {
        return Err(AppError::invalid("", t::publish_too_many_days(lang)).into());
    }
    // judged by the day on which it begins: a ban of that day is no ban of today
    let then = super::board::board_on(ctx, version, Some(valid_from.max(ctx.today()))).await?;
    no_clashes(ctx, &then)?;
    let closed = take_over(ctx, &data, valid_from).await?;
    let lessons = lay_out_lessons(ctx, valid_from, to).await?;
    ctx.audit(Event {
        action: "timetable.published",
        entity: "timetable_version",
        key: version.to_string(),
        old: Some(json!({ "state": "draft" })),
        new: Some(
            json!({ "state": "published", "valid_from": valid_from, "closed": closed, "lessons": lessons }),
        ),
        op: None,
    })
    .await?;
    Ok(Published { closed, lessons })
}

/// The server judges with the same code as the browser.
fn no_clashes(ctx: &Ctx, data: &BoardData) -> Result<(), AppError> {
    let lang = ctx.lang();
    let board = data
        .board()
        .map_err(|_| AppError::invalid("", t::publish_too_large(lang)))?;
    let clashes: Vec<String> = board
        .conflicts()
        .iter()
        .filter(|p| p.level == Level::Clash)
        .map(|p| words::problem(lang, data, p))
        .collect();
    if clashes.is_empty() {
        return Ok(());
    }
    let field = |message: String| FieldError {
        field: "clash".to_owned(),
        message,
    };
    let mut fields = vec![field(t::publish_clash(lang).to_owned())];
    fields.extend(clashes.iter().take(TOLD).cloned().map(field));
    if let Some(more) = clashes.len().checked_sub(TOLD).filter(|n| *n > 0) {
        fields.push(field(t::publish_more_clashes(
            lang,
            i64::try_from(more).unwrap_or(i64::MAX),
        )));
    }
    Err(AppError::Invalid { fields })
}

async fn take_over(ctx: &mut Ctx, data: &BoardData, valid_from: NaiveDate) -> Done<Option<String>> {
    let (school, person, now, version) = (ctx.school(), ctx.person(), ctx.now(), data.version.id);
    let day_before = valid_from.checked_sub_days(Days::new(1)).unwrap_or(valid_from);
    let year = sqlx::query_scalar!(
        "select year_id from timetable_version where school_id = $1 and id = $2",
        school.0,
        version.0
    )
    .fetch_one(ctx.db())
    .await?;
    // one that was to begin on the same day never comes into force
    sqlx::query!(
        "update timetable_version set state = 'archived', changed_by = $4, changed_at = $5
         where school_id = $1 and year_id = $2 and state = 'published' and valid_from = $3",
        school.0,
        year,
        valid_from,
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    let closed = sqlx::query_scalar!(
        "update timetable_version set valid_to = $4
         where school_id = $1 and year_id = $2 and state = 'published'
            and valid_from < $3 and coalesce(valid_to, $3) >= $3
         returning title",
        school.0,
        year,
        valid_from,
        day_before,
    )
    .fetch_optional(ctx.db())
    .await?;
    sqlx::query!(
        "update timetable_version v set state = 'published', valid_from = $3, published_at = $5, changed_by = $4, changed_at = $5,
            valid_to = (select min(n.valid_from) - 1 from timetable_version n
                where n.school_id = $1 and n.year_id = v.year_id and n.state = 'published' and n.valid_from > $3)
         where v.school_id = $1 and v.id = $2",
        school.0,
        version.0,
        valid_from,
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    Ok(closed)
}
