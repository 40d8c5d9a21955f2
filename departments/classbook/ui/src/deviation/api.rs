//! What the browser asks of marks that stand apart.

use base::{AppError, EmployeeId};
use classbook_core::deviation::{Deviations, Way};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// Figures by teacher, and the marks behind one of them; `teacher` 0 is who has none.
#[server(name = DeviationsOf, prefix = "/api", endpoint = "deviation/list", input = GetUrl)]
pub async fn deviations(teacher: Option<EmployeeId>, way: Option<Way>) -> Result<Deviations, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::deviation::sql::deviations(&mut ctx, teacher, way).await;
    kit::server::close(ctx, out).await
}
