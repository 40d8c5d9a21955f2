//! By which scale results are given: of the school, or of a subject.

use base::sql::{Ctx, Done, Event};
use base::{AppError, ScaleId, SubjectId};
use serde_json::json;

use super::must_set;
use super::read::all_results;

/// Sets the scale of results, of the school or of a subject; `None` for a subject: as the school's, for the school: the oldest one. Marks
/// that stand keep their own scale; what they count among the others is told by [`crate::scale::counting`].
///
/// # Errors
/// Forbidden and not found as the rights say; [`AppError::NotFound`] for a scale or a subject that is not the school's.
pub async fn save_results(ctx: &mut Ctx, subject: Option<SubjectId>, scale: Option<ScaleId>) -> Done<()> {
    must_set(ctx)?;
    let school = ctx.school();
    let known = sqlx::query_scalar!(
        r#"select ($2::bigint is null or exists (select from mark_scale s where s.school_id = $1 and s.id = $2))
            and ($3::bigint is null or exists (select from subject s where s.school_id = $1 and s.id = $3)) as "known!""#,
        school.0,
        scale.map(|s| s.0),
        subject.map(|s| s.0),
    )
    .fetch_one(ctx.db())
    .await?;
    if !known {
        return Err(AppError::NotFound.into());
    }
    let before = all_results(ctx).await?;
    let old = match subject {
        None => before.school,
        Some(id) => before
            .subjects
            .iter()
            .find(|(s, _)| *s == id)
            .map(|(_, scale)| *scale),
    };
    if old == scale {
        return Ok(());
    }
    match scale {
        Some(scale) => {
            sqlx::query!(
                "insert into results_scale (school_id, subject_id, scale_id) values ($1, $2, $3)
                 on conflict on constraint results_scale_subject_key do update set scale_id = excluded.scale_id",
                school.0,
                subject.map(|s| s.0),
                scale.0,
            )
            .execute(ctx.db())
            .await?;
        }
        None => {
            sqlx::query!(
                "delete from results_scale where school_id = $1 and subject_id is not distinct from $2",
                school.0,
                subject.map(|s| s.0),
            )
            .execute(ctx.db())
            .await?;
        }
    }
    ctx.audit(Event {
        action: "results_scale.changed",
        entity: "results_scale",
        // the school's own has no number
        key: subject.map_or_else(|| "school".to_owned(), |s| s.to_string()),
        old: Some(json!({ "scale": old })),
        new: Some(json!({ "scale": scale })),
        op: None,
    })
    .await
}
