//! Server functions. They read, and write down who took a file; the work on the board is done when the transaction has ended.

use base::{AppError, VersionId};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, StreamingText, TextStream};
use study_core::export::{Format, Look};

/// What each format gives of a version, and what it leaves behind.
#[server(name = LookExport, prefix = "/api", endpoint = "export/look", input = GetUrl)]
pub async fn look(version: VersionId) -> Result<Look, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let lang = ctx.lang();
    let out = study_core::export::sql::source(&mut ctx, version).await;
    let source = kit::server::close(ctx, out).await?;
    kit::server::status(study_core::export::sql::look(lang, source).await)
}

/// The file, to be kept.
#[server(name = ExportFile, prefix = "/api", endpoint = "export/file", input = GetUrl, output = StreamingText)]
pub async fn file(version: VersionId, format: Format) -> Result<TextStream<AppError>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let lang = ctx.lang();
    let out = study_core::export::sql::taken(&mut ctx, version, format).await;
    let source = kit::server::close(ctx, out).await?;
    let file = kit::server::status(study_core::export::sql::file(lang, source, format).await)?;
    let plain = format!("timetable-{version}{}", format.ending());
    kit::server::attachment("application/xml; charset=utf-8", &plain, &file.name);
    Ok(TextStream::new(futures_util::stream::iter([Ok(file.text)])))
}
