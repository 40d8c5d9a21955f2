//! What the browser asks of notices.

use base::{AppError, NoticeId, PupilId};
use classbook_core::notice::device::{Devices, News, Quiet, Subscription};
#[cfg(feature = "ssr")]
use classbook_core::notice::push::Pusher;
#[cfg(feature = "ssr")]
use classbook_core::notice::sql;
use classbook_core::notice::{Channel, Email, Kind, Notices, OfChild};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};
use uuid::Uuid;

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

/// What I want to be told, child by child, or of the lessons that I teach.
#[server(name = ChoicesOf, prefix = "/api", endpoint = "notice/choices", input = GetUrl)]
pub async fn choices() -> Result<Vec<OfChild>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::choices(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// Opens or closes one channel for one kind about one child, or about the lessons that I teach.
#[server(name = Choose, prefix = "/api", endpoint = "notice/choose", input = Json)]
pub async fn choose(pupil: Option<PupilId>, kind: Kind, channel: Channel, on: bool) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::choose(&mut ctx, pupil, kind, channel, on).await;
    kit::server::close(ctx, out).await
}

/// Where my letter of the day goes.
#[server(name = EmailOf, prefix = "/api", endpoint = "notice/email", input = GetUrl)]
pub async fn email() -> Result<Email, AppError> {
    let mailer = kit::server::shared::<classbook_core::notice::mail::Mailer>();
    let mut ctx = kit::server::ctx().await?;
    let out = sql::email::email(&mut ctx, &mailer).await;
    kit::server::close(ctx, out).await
}

/// Sets the address and the hour; a new address is sent digits, which I then type in.
#[server(prefix = "/api", endpoint = "notice/set_email")]
pub async fn set_email(address: String, hour: i16) -> Result<(), AppError> {
    let mailer = kit::server::shared::<classbook_core::notice::mail::Mailer>();
    let random = kit::server::status(sql::email::random())?;
    let mut ctx = kit::server::ctx().await?;
    let out = sql::email::set(&mut ctx, &mailer, &address, hour, random).await;
    match kit::server::close(ctx, out).await? {
        Some(letter) => kit::server::status(letter.send(&mailer).await),
        None => Ok(()),
    }
}

/// Takes the digits that came by letter.
#[server(prefix = "/api", endpoint = "notice/confirm_email")]
pub async fn confirm_email(code: String) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let lang = ctx.lang();
    let out = sql::email::confirm(&mut ctx, &code).await;
    let good = kit::server::close(ctx, out).await?;
    kit::server::status(if good {
        Ok(())
    } else {
        Err(sql::email::wrong_code(lang))
    })
}

/// Gives the address up.
#[server(prefix = "/api", endpoint = "notice/forget_email")]
pub async fn forget_email() -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::email::forget(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// My devices that are told by push, and what a browser needs to become one.
#[server(name = DevicesOf, prefix = "/api", endpoint = "notice/devices", input = GetUrl)]
pub async fn devices() -> Result<Devices, AppError> {
    let pusher = kit::server::shared::<Pusher>();
    let shared = kit::server::visit().is_some_and(|visit| visit.shared);
    let mut ctx = kit::server::ctx().await?;
    let out = sql::device::devices(&mut ctx, &pusher, shared).await;
    kit::server::close(ctx, out).await
}

/// Turns this device on; `public/push.js` and `public/sw.js` ask it with what the browser told them.
#[server(name = Subscribe, prefix = "/api", endpoint = "notice/subscribe", input = Json)]
pub async fn subscribe(subscription: Subscription) -> Result<Uuid, AppError> {
    let pusher = kit::server::shared::<Pusher>();
    let visit = kit::server::visit().ok_or(AppError::Unavailable)?;
    let place = sql::device::Place {
        name: visit.device,
        session: visit.session,
        shared: visit.shared,
    };
    let mut ctx = kit::server::ctx().await?;
    let out = sql::device::subscribe(&mut ctx, &pusher, &subscription, &place).await;
    kit::server::close(ctx, out).await
}

/// Turns one of my devices off.
#[server(name = Unsubscribe, prefix = "/api", endpoint = "notice/unsubscribe", input = Json)]
pub async fn unsubscribe(device: Uuid) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::device::unsubscribe(&mut ctx, device).await;
    kit::server::close(ctx, out).await
}

/// Whether one of my devices shows what happened.
#[server(name = ShowOn, prefix = "/api", endpoint = "notice/show", input = Json)]
pub async fn show(device: Uuid, detailed: bool) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::device::show(&mut ctx, device, detailed).await;
    kit::server::close(ctx, out).await
}

/// When my devices are left in peace.
#[server(name = SetQuiet, prefix = "/api", endpoint = "notice/set_quiet", input = Json)]
pub async fn set_quiet(quiet: Quiet) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::device::set_quiet(&mut ctx, quiet).await;
    kit::server::close(ctx, out).await
}

/// What this device was woken for; `public/sw.js` asks it.
#[server(name = NewsOf, prefix = "/api", endpoint = "notice/news", input = GetUrl)]
pub async fn news(device: Uuid) -> Result<News, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::device::news(&mut ctx, device).await;
    kit::server::close(ctx, out).await
}
