//! What the browser asks of owed works.

use base::{AppError, ClassId};
use classbook_core::owed::Debts;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// What is owed in the journals that one sees; of one class.
#[server(name = OwedWorks, prefix = "/api", endpoint = "owed/debts", input = GetUrl)]
pub async fn debts(class: Option<ClassId>) -> Result<Debts, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::owed::sql::debts(&mut ctx, class).await;
    kit::server::close(ctx, out).await
}
