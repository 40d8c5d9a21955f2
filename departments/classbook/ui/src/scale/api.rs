//! What the browser asks about scales and types of work.

use base::{AppError, ScaleId, WorkTypeId};
use classbook_core::scale::{LetterTerms, ResultsEdit, ScaleTerms, Scales, TypeTerms};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// The page.
#[server(name = ScalesOf, prefix = "/api", endpoint = "scale/list", input = GetUrl)]
pub async fn scales() -> Result<Scales, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::scale::sql::scales(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// Writes a type of work: a new one, or in place of what was seen.
#[server(name = SaveType, prefix = "/api", endpoint = "scale/save_type", input = Json)]
pub async fn save_type(
    at: Option<(WorkTypeId, TypeTerms)>,
    terms: TypeTerms,
) -> Result<WorkTypeId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::scale::sql::save_type(&mut ctx, at, terms).await;
    kit::server::close(ctx, out).await
}

/// Puts the types of work in another order.
#[server(name = OrderTypes, prefix = "/api", endpoint = "scale/order_types", input = Json)]
pub async fn order_types(seen: Vec<WorkTypeId>, order: Vec<WorkTypeId>) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::scale::sql::order_types(&mut ctx, seen, order).await;
    kit::server::close(ctx, out).await
}

/// Takes a type away that no work is of.
#[server(name = RemoveType, prefix = "/api", endpoint = "scale/remove_type", input = Json)]
pub async fn remove_type(id: WorkTypeId, seen: TypeTerms) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::scale::sql::remove_type(&mut ctx, id, seen).await;
    kit::server::close(ctx, out).await
}

/// Writes a letter of attendance: a new one, or in place of what was seen.
#[server(name = SaveLetter, prefix = "/api", endpoint = "scale/save_letter", input = Json)]
pub async fn save_letter(seen: Option<LetterTerms>, terms: LetterTerms) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::scale::sql::save_letter(&mut ctx, seen, terms).await;
    kit::server::close(ctx, out).await
}

/// Takes a letter of attendance away that stands nowhere.
#[server(name = RemoveLetter, prefix = "/api", endpoint = "scale/remove_letter", input = Json)]
pub async fn remove_letter(seen: LetterTerms) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::scale::sql::remove_letter(&mut ctx, seen).await;
    kit::server::close(ctx, out).await
}

/// Writes a scale: a new one, or in place of what was seen.
#[server(name = SaveScale, prefix = "/api", endpoint = "scale/save_scale", input = Json)]
pub async fn save_scale(at: Option<(ScaleId, ScaleTerms)>, terms: ScaleTerms) -> Result<ScaleId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::scale::sql::save_scale(&mut ctx, at, terms).await;
    kit::server::close(ctx, out).await
}

/// Takes a scale away that nothing is marked by.
#[server(name = RemoveScale, prefix = "/api", endpoint = "scale/remove_scale", input = Json)]
pub async fn remove_scale(id: ScaleId, seen: ScaleTerms) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::scale::sql::remove_scale(&mut ctx, id, seen).await;
    kit::server::close(ctx, out).await
}

/// Sets the scale of results, of the school or of a subject; `None`: what holds without.
#[server(name = SaveResults, prefix = "/api", endpoint = "scale/save_results", input = Json)]
pub async fn save_results(edit: ResultsEdit) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::scale::sql::save_results(&mut ctx, edit.subject, edit.scale).await;
    kit::server::close(ctx, out).await
}
