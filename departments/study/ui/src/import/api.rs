//! Server functions. They are called after the first format that was read; a page that is open while the server is replaced asks under these
//! names, so they stay, though aSc and XHSTT come in by them too. The file travels as text: the browser has read it in its own encoding; a compressed one as base64 (`packed`). It is read between two transactions, after the first has said
//! that the person may.

use base::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use study_core::import::{Imported, Preview};

/// What an import would do; changes nothing.
#[server(prefix = "/api", endpoint = "import/preview_fet", input = Json)]
pub async fn preview_fet(file: String, #[server(default)] packed: bool) -> Result<Preview, AppError> {
    let draft = draft(file, packed).await?;
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::import::sql::preview(&mut ctx, &draft).await;
    kit::server::close(ctx, out).await
}

/// Imports, all of it or nothing.
#[server(prefix = "/api", endpoint = "import/fet", input = Json)]
pub async fn import_fet(file: String, #[server(default)] packed: bool) -> Result<Imported, AppError> {
    let draft = draft(file, packed).await?;
    let mut ctx = kit::server::ctx().await?;
    let out = Box::pin(study_core::import::sql::import(&mut ctx, &draft)).await;
    kit::server::close(ctx, out).await
}

/// What a file says, for whoever may import; no connection waits meanwhile.
#[cfg(feature = "ssr")]
async fn draft(file: String, packed: bool) -> Result<study_core::import::sql::Draft, AppError> {
    let ctx = kit::server::ctx().await?;
    let lang = ctx.lang();
    let may = study_core::import::sql::must_edit(&ctx).map_err(Into::into);
    kit::server::close(ctx, may).await?;
    let bytes = if packed {
        kit::server::status(study_core::import::packed::carried(lang, &file))?
    } else {
        file.into_bytes()
    };
    kit::server::status(study_core::import::sql::read(lang, bytes).await)
}
