//! A load that changes in the course of the year: a lesson a week more or less, in a draft and in the plan of the year.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, CardId, LoadId, VersionId};
use serde_json::json;

use crate::t;
use crate::timetable::moves::Saved;

/// The load gets a lesson more, as a card in the tray of a draft; or it loses a card of the draft. The weekly hours of the load follow,
/// so that a draft cut from the loads later agrees; other versions stay as they are.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign version, a load of another year or school, a card that the
/// load does not have there; invalid for a version that is no draft, and where the load would have more hours than a week.
pub async fn change_load(
    ctx: &mut Ctx,
    version: VersionId,
    load: LoadId,
    remove: Option<CardId>,
) -> Done<Saved> {
    let school = ctx.school();
    let lang = ctx.lang();
    ctx.must(Action::Edit, &Resource::of_school(Kind::Timetable, school))?;
    // whoever comes second waits here
    let head = sqlx::query!(
        "select state, year_id from timetable_version where school_id = $1 and id = $2 for update",
        school.0,
        version.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if head.state != "draft" {
        return Err(AppError::invalid("", t::save_not_draft(lang)).into());
    }
    let before = sqlx::query_scalar!(
        r#"select week_hours::float8 as "hours!" from teaching_load where school_id = $1 and id = $2 and year_id = $3 for update"#,
        school.0,
        load.0,
        head.year_id,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let (card, by) = match remove {
        None => (add(ctx, version, load).await?, 1.0),
        Some(card) => (card, -take(ctx, version, load, card).await?),
    };
    let after = (before + by).max(0.0);
    if after > MOST {
        return Err(AppError::invalid("load", t::load_too_many(lang)).into());
    }
    sqlx::query!(
        "update teaching_load set week_hours = ($3::float8)::numeric where school_id = $1 and id = $2",
        school.0,
        load.0,
        after,
    )
    .execute(ctx.db())
    .await?;
    let revision = sqlx::query_scalar!(
        "update timetable_version set revision = revision + 1, changed_by = $3, changed_at = $4
         where school_id = $1 and id = $2 returning revision",
        school.0,
        version.0,
        ctx.person().0,
        ctx.now(),
    )
    .fetch_one(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "timetable.load_changed",
        entity: "timetable_version",
        key: version.to_string(),
        old: Some(json!({ "load": load, "week_hours": before })),
        new: Some(json!({
            "load": load, "week_hours": after, "revision": revision,
            "card": card, "removed": remove.is_some(),
        })),
        op: None,
    })
    .await?;
    Ok(Saved { revision })
}

/// More lessons a week no load has.
const MOST: f64 = 200.0;

async fn add(ctx: &mut Ctx, version: VersionId, load: LoadId) -> Done<CardId> {
    let school = ctx.school();
    let id = sqlx::query_scalar!(
        "insert into card (school_id, version_id, load_id, duration, weeks) values ($1, $2, $3, 1, 'every') returning id",
        school.0,
        version.0,
        load.0,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(CardId(id))
}

/// Takes a card off the draft; the lessons a week that it was.
async fn take(ctx: &mut Ctx, version: VersionId, load: LoadId, card: CardId) -> Done<f64> {
    let school = ctx.school();
    let gone = sqlx::query!(
        "delete from card where school_id = $1 and version_id = $2 and load_id = $3 and id = $4 returning duration, weeks",
        school.0,
        version.0,
        load.0,
        card.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let lessons = f64::from(gone.duration);
    Ok(if gone.weeks == "every" {
        lessons
    } else {
        lessons / 2.0
    })
}
