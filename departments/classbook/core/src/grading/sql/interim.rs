//! The form of a journal's interim attestation.

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done, Event};
use base::{AppError, LoadId};
use serde_json::json;

use super::locks::year_is_locked;
use super::periods::stale;
use crate::journal::sql::facts::of_load;
use crate::t;

/// Says in what form the interim attestation of a journal is, or that it has none; `seen` is the form that the person saw. A repeated send
/// changes nothing.
///
/// # Errors
/// [`AppError::NotFound`] and [`AppError::Forbidden`] as the journal's rights say; [`AppError::Invalid`] for a form of another length than
/// it may have, and in a closed year; [`AppError::Conflict`] if somebody has changed it meanwhile.
pub async fn save_interim_form(
    ctx: &mut Ctx,
    load: LoadId,
    seen: Option<String>,
    form: Option<String>,
) -> Done<()> {
    let whose = of_load(ctx, load).await?;
    ctx.must(Action::Edit, &whose.resource(ctx, Kind::Journal))?;
    let (school, lang, now) = (ctx.school(), ctx.lang(), ctx.now());
    let form = form.as_deref().map(str::trim).filter(|f| !f.is_empty());
    if form.is_some_and(|f| !(2..=60).contains(&f.chars().count())) {
        return Err(AppError::invalid("form", t::grading_wrong_form(lang)).into());
    }
    let row = sqlx::query!(
        r#"select l.interim_form, coalesce(y.closed_at <= $3, false) as "closed!"
           from teaching_load l
           join academic_year y on y.school_id = l.school_id and y.id = l.year_id
           where l.school_id = $1 and l.id = $2 for no key update of l"#,
        school.0,
        load.0,
        now,
    )
    .fetch_one(ctx.db())
    .await?;
    if row.interim_form.as_deref() == form {
        return Ok(());
    }
    if row.closed || year_is_locked(ctx, load).await? {
        return Err(AppError::invalid("form", t::grading_year_locked(lang)).into());
    }
    if row.interim_form != seen {
        return Err(stale(ctx).into());
    }
    sqlx::query!(
        "update teaching_load set interim_form = $3 where school_id = $1 and id = $2",
        school.0,
        load.0,
        form,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "teaching_load.interim_form",
        entity: "teaching_load",
        key: load.to_string(),
        old: Some(json!({ "interim_form": row.interim_form })),
        new: Some(json!({ "interim_form": form })),
        op: None,
    })
    .await
}
