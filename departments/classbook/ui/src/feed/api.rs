//! What the browser asks of a family's addresses.

use base::{AppError, PupilId};
use classbook_core::feed::{Feeds, Made};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

/// The addresses that I have made for a child.
#[server(name = FeedsOf, prefix = "/api", endpoint = "feed/list", input = GetUrl)]
pub async fn feeds(pupil: PupilId) -> Result<Feeds, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::feed::sql::feeds(&mut ctx, pupil).await;
    kit::server::close(ctx, out).await
}

/// Makes an address; this answer is the only one that holds it.
#[server(prefix = "/api", endpoint = "feed/make")]
pub async fn make_feed(pupil: PupilId) -> Result<Made, AppError> {
    let secret = kit::server::status(classbook_core::feed::sql::secret())?;
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::feed::sql::make(&mut ctx, pupil, secret).await;
    kit::server::close(ctx, out).await
}

/// Ends an address.
#[server(prefix = "/api", endpoint = "feed/revoke")]
pub async fn revoke_feed(feed: Uuid) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::feed::sql::revoke(&mut ctx, feed).await;
    kit::server::close(ctx, out).await
}
