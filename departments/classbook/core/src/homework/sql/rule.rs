//! Is homework given in the first grade? The school decides; until it does, there is none.

use base::SchoolId;
use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use serde_json::json;

/// What the school has decided, and whether the actor may decide.
///
/// # Errors
/// [`base::AppError::NotFound`] for whoever sees no journals of the school.
pub async fn first_grade(ctx: &mut Ctx) -> Done<bool> {
    ctx.must(Action::Lock, &Resource::of_school(Kind::Journal, ctx.school()))?;
    let SchoolId(school) = ctx.school();
    let row = sqlx::query_scalar!(
        "select first_grade from homework_rule where school_id = $1",
        school
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(row.unwrap_or(false))
}

/// Decides.
///
/// # Errors
/// [`base::AppError::Forbidden`] for whoever may not, [`base::AppError::NotFound`] for whoever sees no journals of the school.
pub async fn set_first_grade(ctx: &mut Ctx, on: bool) -> Done<()> {
    let old = first_grade(ctx).await?;
    if old == on {
        return Ok(());
    }
    let (SchoolId(school), person, now) = (ctx.school(), ctx.person(), ctx.now());
    sqlx::query!(
        "insert into homework_rule (school_id, first_grade, changed_by, changed_at) values ($1, $2, $3, $4)
         on conflict (school_id) do update set first_grade = excluded.first_grade,
            changed_by = excluded.changed_by, changed_at = excluded.changed_at",
        school,
        on,
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "homework.rule_set",
        entity: "homework_rule",
        key: school.to_string(),
        old: Some(json!({"first_grade": old})),
        new: Some(json!({"first_grade": on})),
        op: None,
    })
    .await?;
    Ok(())
}
