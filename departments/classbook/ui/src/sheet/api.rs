//! Server functions. They read, and write down who took a file; the file is made when the transaction has ended.

use base::{AppError, ClassId};
use classbook_core::sheet::{At, Choices, Format, Kind, Opened, Sheet, When};
use leptos::prelude::*;
use leptos::server_fn::codec::{ByteStream, GetUrl, Streaming};

/// Of what one may ask for sheets.
#[server(name = SheetChoices, prefix = "/api", endpoint = "sheet/choices", input = GetUrl)]
pub async fn choices() -> Result<Choices, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::sheet::sql::choices(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// A sheet: of a class, a journal or a pupil, as the kind says.
#[server(name = SheetOf, prefix = "/api", endpoint = "sheet/show", input = GetUrl)]
pub async fn show(kind: Kind, id: i64, when: Option<When>) -> Result<Sheet, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let ask = classbook_core::sheet::Ask { kind, id, when };
    let out = classbook_core::sheet::sql::sheet(&mut ctx, ask).await;
    kit::server::close(ctx, out).await
}

/// What lies behind a figure of a sheet.
#[server(name = SheetBehind, prefix = "/api", endpoint = "sheet/behind", input = GetUrl)]
pub async fn behind(kind: Kind, id: i64, when: Option<When>, at: At) -> Result<Opened, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let ask = classbook_core::sheet::Ask { kind, id, when };
    let out = classbook_core::sheet::sql::opened(&mut ctx, ask, &at).await;
    kit::server::close(ctx, out).await
}

/// The same as a file, to be kept.
#[server(name = SheetFile, prefix = "/api", endpoint = "sheet/file", input = GetUrl, output = Streaming)]
pub async fn file(
    kind: Kind,
    id: i64,
    when: Option<When>,
    format: Format,
) -> Result<ByteStream<AppError>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let ask = classbook_core::sheet::Ask { kind, id, when };
    let out = classbook_core::sheet::sql::taken(&mut ctx, ask, format).await;
    let sheet = kit::server::close(ctx, out).await?;
    let file = kit::server::status(classbook_core::sheet::file::make(sheet.paper, format).await)?;
    let plain = format!("{}-{id}.{}", kind.key(), format.key());
    kit::server::attachment(file.content_type, &plain, &file.name);
    Ok(ByteStream::new(futures_util::stream::iter([Ok(file.bytes)])))
}

/// The cards of a whole class as one file, each on a page of its own.
#[server(name = SheetCards, prefix = "/api", endpoint = "sheet/cards", input = GetUrl, output = Streaming)]
pub async fn cards(class: ClassId) -> Result<ByteStream<AppError>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::sheet::sql::cards(&mut ctx, class).await;
    let cards = kit::server::close(ctx, out).await?;
    let file = classbook_core::sheet::file::print_all(cards.papers, cards.name).await;
    let file = kit::server::status(file)?;
    kit::server::attachment(file.content_type, &format!("cards-{class}.pdf"), &file.name);
    Ok(ByteStream::new(futures_util::stream::iter([Ok(file.bytes)])))
}
