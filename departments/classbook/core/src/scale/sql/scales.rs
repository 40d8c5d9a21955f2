//! Scales of marks: added, changed, taken away.

use base::sql::{Ctx, Done};
use base::{AppError, ScaleId};
use serde_json::json;

use super::list::{List, as_seen, must_go};
use super::must_set;
use super::read::all_scales;
use crate::scale::terms::{SCALES, ScaleLine, ScaleTerms};
use crate::t;

/// The scales of the school, nobody else changing them until the end of the transaction.
async fn held(ctx: &mut Ctx) -> Done<Vec<ScaleLine>> {
    List::Scales.hold(ctx).await?;
    all_scales(ctx).await
}

/// Writes a scale: a new one, or in place of what was seen. Marks that have been given keep their values and stay.
///
/// # Errors
/// Forbidden and not found as the rights say; [`AppError::Conflict`] when somebody else has changed it; [`AppError::Invalid`] for a
/// field out of bounds, a title that another scale has, a code of attendance, a given mark that would go or count as something else.
pub async fn save_scale(
    ctx: &mut Ctx,
    at: Option<(ScaleId, ScaleTerms)>,
    terms: ScaleTerms,
) -> Done<ScaleId> {
    must_set(ctx)?;
    let lang = ctx.lang();
    let terms = terms.tidy();
    if let Some((field, words)) = terms.fault(lang) {
        return Err(AppError::invalid(field, words).into());
    }
    let all = held(ctx).await?;
    let id = at.as_ref().map(|(id, _)| *id);
    let before = match &at {
        None => None,
        Some((id, seen)) => {
            let now = all.iter().find(|s| s.id == *id);
            as_seen(ctx, now.map(|s| &s.terms), seen)?;
            now
        }
    };
    if before.is_some_and(|b| b.terms == terms) {
        return id.ok_or_else(|| AppError::NotFound.into());
    }
    let title = terms.title.to_lowercase();
    let mut others = all.iter().filter(|s| Some(s.id) != id);
    if others.any(|s| s.terms.title.to_lowercase() == title) {
        return Err(AppError::invalid("title", t::scale_title_taken(lang)).into());
    }
    if let Some(code) = before.and_then(|b| terms.breaks(&b.terms, &b.given)) {
        return Err(AppError::invalid("items", t::scale_given(lang, code)).into());
    }
    if let Some(code) = attendance_code(ctx, &terms).await? {
        return Err(AppError::invalid("items", t::scale_is_attendance(lang, code)).into());
    }
    if id.is_none() && all.len() >= SCALES {
        return Err(AppError::invalid("", t::scale_too_many_scales(lang)).into());
    }
    let written = write(ctx, id, &terms).await?;
    let old = before.map(|b| json!(b.terms));
    List::Scales
        .tell(ctx, written.to_string(), old, Some(json!(terms)))
        .await?;
    Ok(written)
}

/// A code of the scale that is a code of attendance: typed into a cell it would mean two things.
async fn attendance_code(ctx: &mut Ctx, terms: &ScaleTerms) -> Done<Option<String>> {
    let school = ctx.school();
    let codes: Vec<String> = terms.items.iter().map(|i| i.code.to_lowercase()).collect();
    Ok(sqlx::query_scalar!(
        "select code from attendance_code where school_id = $1 and lower(code) = any ($2::text[]) order by code limit 1",
        school.0,
        &codes,
    )
    .fetch_optional(ctx.db())
    .await?)
}

async fn write(ctx: &mut Ctx, id: Option<ScaleId>, terms: &ScaleTerms) -> Done<ScaleId> {
    let school = ctx.school();
    let id = match id {
        Some(id) => {
            sqlx::query!(
                "update mark_scale set title = $3 where school_id = $1 and id = $2",
                school.0,
                id.0,
                terms.title,
            )
            .execute(ctx.db())
            .await?;
            id
        }
        None => ScaleId(
            sqlx::query_scalar!(
                "insert into mark_scale (school_id, title) values ($1, $2) returning id",
                school.0,
                terms.title,
            )
            .fetch_one(ctx.db())
            .await?,
        ),
    };
    let codes: Vec<String> = terms.items.iter().map(|i| i.code.clone()).collect();
    let titles: Vec<String> = terms.items.iter().map(|i| i.title.clone()).collect();
    // nothing written: no value
    let values: Vec<String> = terms
        .items
        .iter()
        .map(|i| i.value.map(|v| v.fixed()).unwrap_or_default())
        .collect();
    // nothing written: what is usual
    let levels: Vec<String> = terms
        .items
        .iter()
        .map(|i| {
            i.counting
                .map(|c| c.standing.key().to_owned())
                .unwrap_or_default()
        })
        .collect();
    let counts: Vec<String> = terms
        .items
        .iter()
        .map(|i| {
            i.counting
                .and_then(|c| c.five)
                .map(|v| v.fixed())
                .unwrap_or_default()
        })
        .collect();
    sqlx::query!(
        "delete from mark_scale_item where school_id = $1 and scale_id = $2 and code <> all ($3::text[])",
        school.0,
        id.0,
        &codes,
    )
    .execute(ctx.db())
    .await?;
    sqlx::query!(
        "insert into mark_scale_item (school_id, scale_id, code, value, title, level, counts_as, position)
         select $1, $2, n.code, nullif(n.value, '')::numeric, n.title, nullif(n.level, ''), nullif(n.counts, '')::numeric,
            (n.place - 1)::smallint
         from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) with ordinality n (code, value, title, level, counts, place)
         on conflict (school_id, scale_id, code) do update
            set value = excluded.value, title = excluded.title, position = excluded.position, level = excluded.level,
                counts_as = excluded.counts_as",
        school.0,
        id.0,
        &codes,
        &values,
        &titles,
        &levels,
        &counts,
    )
    .execute(ctx.db())
    .await?;
    Ok(id)
}

/// Takes a scale away that nothing is marked by.
///
/// # Errors
/// As [`save_scale`]; [`AppError::Invalid`] while works are marked by it, and for the last one.
pub async fn remove_scale(ctx: &mut Ctx, id: ScaleId, seen: ScaleTerms) -> Done<()> {
    must_set(ctx)?;
    let school = ctx.school();
    let all = held(ctx).await?;
    let line = all.iter().find(|s| s.id == id).map(|s| (&s.terms, s.used));
    let used = |lang, terms: &ScaleTerms| t::scale_used(lang, &terms.title);
    let terms = must_go(ctx, line, &seen, all.len(), used, t::scale_last)?;
    sqlx::query!(
        "delete from mark_scale where school_id = $1 and id = $2",
        school.0,
        id.0
    )
    .execute(ctx.db())
    .await?;
    List::Scales
        .tell(ctx, id.to_string(), Some(json!(terms)), None)
        .await
}
