//! What the browser asks of notices.

use base::{AppError, NoticeId, PupilId};
use classbook_core::notice::{Channel, Kind, Notices, OfChild, sql};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// What I am told, the newest first.
#[server(name = NoticesOf, prefix = "/api", endpoint = "notice/list", input = GetUrl)]
pub async fn notices() -> Result<Notices, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::notices(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// How many I have not read. `public/boot.js` asks it for the number beside the section's name.
#[server(name = UnreadOf, prefix = "/api", endpoint = "notice/unread", input = GetUrl)]
pub async fn unread() -> Result<i64, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::unread(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// I have read up to this one.
#[server(name = NoticesSeen, prefix = "/api", endpoint = "notice/seen", input = Json)]
pub async fn seen(upto: NoticeId) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::seen(&mut ctx, upto).await;
    kit::server::close(ctx, out).await
}

/// What I want to be told, child by child.
#[server(name = ChoicesOf, prefix = "/api", endpoint = "notice/choices", input = GetUrl)]
pub async fn choices() -> Result<Vec<OfChild>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::choices(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// Opens or closes one channel for one kind about one child.
#[server(name = Choose, prefix = "/api", endpoint = "notice/choose", input = Json)]
pub async fn choose(pupil: PupilId, kind: Kind, channel: Channel, on: bool) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::choose(&mut ctx, pupil, kind, channel, on).await;
    kit::server::close(ctx, out).await
}
