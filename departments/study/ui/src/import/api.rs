//! Server functions. The file travels as text: FET writes UTF-8.

use base::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use study_core::import::{Imported, Preview};

/// What an import would do; changes nothing.
#[server(prefix = "/api", endpoint = "import/preview_fet", input = Json)]
pub async fn preview_fet(file: String) -> Result<Preview, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::import::sql::preview(&mut ctx, file.as_bytes()).await;
    kit::server::close(ctx, out).await
}

/// Imports, all of it or nothing.
#[server(prefix = "/api", endpoint = "import/fet", input = Json)]
pub async fn import_fet(file: String) -> Result<Imported, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = Box::pin(study_core::import::sql::import(&mut ctx, file.as_bytes())).await;
    kit::server::close(ctx, out).await
}
