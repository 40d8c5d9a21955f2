//! What the browser asks of exemptions.

use base::{AppError, ClassId, ExemptionId};
#[cfg(feature = "ssr")]
use classbook_core::exemption::sql;
use classbook_core::exemption::{Exemptions, NewExemption};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// The exemptions of a class.
#[server(name = ExemptionsOf, prefix = "/api", endpoint = "exemption/list", input = GetUrl)]
pub async fn exemptions(class: ClassId) -> Result<Exemptions, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::list(&mut ctx, class).await;
    kit::server::close(ctx, out).await
}

/// Enters an exemption.
#[server(name = AddExemption, prefix = "/api", endpoint = "exemption/add", input = Json)]
pub async fn add(new: NewExemption) -> Result<ExemptionId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::add(&mut ctx, new).await;
    kit::server::close(ctx, out).await
}

/// Takes an exemption back.
#[server(name = WithdrawExemption, prefix = "/api", endpoint = "exemption/withdraw")]
pub async fn withdraw(exemption: ExemptionId) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::withdraw(&mut ctx, exemption).await;
    kit::server::close(ctx, out).await
}
