//! Types of work: added, changed, put in order, taken away.

use base::sql::{Ctx, Done, Event};
use base::{AppError, WorkTypeId};
use serde_json::json;

use super::list::{List, as_seen, must_go, stale};
use super::must_set;
use super::read::all_types;
use crate::scale::terms::{TYPES, TypeLine, TypeTerms};
use crate::t;

/// The types of the school, nobody else changing them until the end of the transaction.
async fn held(ctx: &mut Ctx) -> Done<Vec<TypeLine>> {
    List::Types.hold(ctx).await?;
    all_types(ctx).await
}

/// Writes a type of work: a new one at the end, or in place of what was seen.
///
/// # Errors
/// Forbidden and not found as the rights say; [`AppError::Conflict`] when somebody else has changed it; [`AppError::Invalid`] for a
/// field out of bounds or a title that another type has.
pub async fn save_type(
    ctx: &mut Ctx,
    at: Option<(WorkTypeId, TypeTerms)>,
    terms: TypeTerms,
) -> Done<WorkTypeId> {
    must_set(ctx)?;
    let (school, lang) = (ctx.school(), ctx.lang());
    let terms = terms.tidy();
    if let Some((field, words)) = terms.fault(lang) {
        return Err(AppError::invalid(field, words).into());
    }
    let all = held(ctx).await?;
    let id = at.as_ref().map(|(id, _)| *id);
    let before = match &at {
        None => None,
        Some((id, seen)) => {
            let now = all.iter().find(|t| t.id == *id).map(|t| &t.terms);
            Some(as_seen(ctx, now, seen)?.clone())
        }
    };
    if before.as_ref() == Some(&terms) {
        return id.ok_or_else(|| AppError::NotFound.into());
    }
    let same = |text: &str, other: &str| text.to_lowercase() == other.to_lowercase();
    let others = || all.iter().filter(|t| Some(t.id) != id);
    if others().any(|t| same(&t.terms.title, &terms.title)) {
        return Err(AppError::invalid("title", t::scale_title_taken(lang)).into());
    }
    if others().any(|t| same(&t.terms.code, &terms.code)) {
        return Err(AppError::invalid("code", t::scale_type_code_taken(lang)).into());
    }
    let id = match id {
        Some(id) => {
            sqlx::query!(
                "update work_type set code = $3, title = $4, weight = $5::bigint::numeric / 100, assessment = $6
                 where school_id = $1 and id = $2",
                school.0,
                id.0,
                terms.code,
                terms.title,
                terms.weight.0,
                terms.assessment,
            )
            .execute(ctx.db())
            .await?;
            id
        }
        None if all.len() >= TYPES => {
            return Err(AppError::invalid("", t::scale_too_many_types(lang)).into());
        }
        None => WorkTypeId(
            sqlx::query_scalar!(
                "insert into work_type (school_id, code, title, weight, assessment, position)
                 values ($1, $2, $3, $4::bigint::numeric / 100, $5,
                    (select coalesce(max(position) + 1, 0) from work_type where school_id = $1)::smallint) returning id",
                school.0,
                terms.code,
                terms.title,
                terms.weight.0,
                terms.assessment,
            )
            .fetch_one(ctx.db())
            .await?,
        ),
    };
    let old = before.map(|b| json!(b));
    List::Types
        .tell(ctx, id.to_string(), old, Some(json!(terms)))
        .await?;
    Ok(id)
}

/// Puts the types in another order; the first one is what a lesson's first mark is given for.
///
/// # Errors
/// As [`save_type`]; [`AppError::Conflict`] when the order is not what was seen.
pub async fn order_types(ctx: &mut Ctx, seen: Vec<WorkTypeId>, order: Vec<WorkTypeId>) -> Done<()> {
    must_set(ctx)?;
    let now: Vec<WorkTypeId> = held(ctx).await?.into_iter().map(|t| t.id).collect();
    // what is not of this school is not here
    if order.iter().chain(&seen).any(|id| !now.contains(id)) {
        return Err(AppError::NotFound.into());
    }
    let mut sorted = (order.clone(), now.clone());
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    if now != seen || sorted.0 != sorted.1 {
        return Err(stale(ctx).into());
    }
    if order == now {
        return Ok(());
    }
    let school = ctx.school();
    let ids: Vec<i64> = order.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update work_type w set position = (o.place - 1)::smallint
         from unnest($2::bigint[]) with ordinality o (id, place) where w.school_id = $1 and w.id = o.id",
        school.0,
        &ids,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "work_type.ordered",
        entity: "work_type",
        key: order.first().map(ToString::to_string).unwrap_or_default(),
        old: Some(json!(now)),
        new: Some(json!(order)),
        op: None,
    })
    .await
}

/// Takes a type away that no work is of.
///
/// # Errors
/// As [`save_type`]; [`AppError::Invalid`] while there are works of it, and for the last one.
pub async fn remove_type(ctx: &mut Ctx, id: WorkTypeId, seen: TypeTerms) -> Done<()> {
    must_set(ctx)?;
    let school = ctx.school();
    let all = held(ctx).await?;
    let line = all.iter().find(|t| t.id == id).map(|t| (&t.terms, t.used));
    let used = |lang, terms: &TypeTerms| t::scale_type_used_words(lang, &terms.title);
    let terms = must_go(ctx, line, &seen, all.len(), used, t::scale_last_type)?;
    sqlx::query!(
        "delete from work_type where school_id = $1 and id = $2",
        school.0,
        id.0
    )
    .execute(ctx.db())
    .await?;
    List::Types
        .tell(ctx, id.to_string(), Some(json!(terms)), None)
        .await
}
