//! Server functions.

use access_core::sessions::Device;
use base::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

/// My devices that are signed in.
#[server(name = DevicesOf, prefix = "/api", endpoint = "access/devices", input = GetUrl)]
pub async fn devices() -> Result<Vec<Device>, AppError> {
    let mut ctx = kit::server::account_ctx().await?;
    let current = kit::server::visit().and_then(|v| v.session);
    let out = access_core::sessions::sql::devices(&mut ctx, current).await;
    kit::server::close(ctx, out).await
}

/// The telephone number I may sign in with beside my login: digits with the country code.
#[server(name = PhoneOf, prefix = "/api", endpoint = "access/phone", input = GetUrl)]
pub async fn phone() -> Result<Option<String>, AppError> {
    let mut ctx = kit::server::account_ctx().await?;
    let out = access_core::auth::sql::phone(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// Makes a number mine to sign in with, or, empty, takes it away; `old` is my password. Answers with the path to go to.
#[server(prefix = "/api", endpoint = "access/set_phone")]
pub async fn set_phone(phone: String, old: String) -> Result<String, AppError> {
    let entrance = crate::door::entrance()?;
    let done = Box::pin(access_core::auth::sql::set_phone(&entrance, &phone, old)).await;
    crate::door::settle(done, "/account", "/account?phone=saved")
}

/// Signs one of my devices out.
#[server(prefix = "/api", endpoint = "access/revoke_device")]
pub async fn revoke_device(session: Uuid) -> Result<(), AppError> {
    let mut ctx = kit::server::account_ctx().await?;
    let account = ctx.actor().account;
    let out = access_core::sessions::sql::revoke(&mut ctx, session).await;
    let done = kit::server::close(ctx, out).await;
    crate::door::entrance()?.door.sessions.forget(account);
    done
}

/// Signs all my devices out but this one; says how many.
#[server(prefix = "/api", endpoint = "access/revoke_others")]
pub async fn revoke_others() -> Result<i64, AppError> {
    let mut ctx = kit::server::account_ctx().await?;
    let account = ctx.actor().account;
    let current = crate::door::entrance()?.known()?.session;
    let out = access_core::sessions::sql::revoke_others(&mut ctx, current).await;
    let done = kit::server::close(ctx, out).await;
    crate::door::entrance()?.door.sessions.forget(account);
    done
}

/// Chooses the language: of this browser, and of the account when somebody is signed in.
#[server(prefix = "/api", endpoint = "access/set_language")]
pub async fn set_language(lang: String) -> Result<(), AppError> {
    let lang = kit::server::status(base::Lang::from_code(&lang).ok_or(AppError::NotFound))?;
    crate::door::choose("lang", lang.code());
    if crate::door::entrance()?.who.is_none() {
        return Ok(());
    }
    let mut ctx = kit::server::account_ctx().await?;
    let out = access_core::sessions::sql::set_language(&mut ctx, lang).await;
    kit::server::close(ctx, out).await
}

/// Chooses the theme: «light», «dark», or «system».
#[server(prefix = "/api", endpoint = "access/set_theme")]
pub async fn set_theme(theme: String) -> Result<(), AppError> {
    let known = matches!(theme.as_str(), "light" | "dark" | "system").then_some(theme);
    let theme = kit::server::status(known.ok_or(AppError::NotFound))?;
    crate::door::choose("theme", &theme);
    if crate::door::entrance()?.who.is_none() {
        return Ok(());
    }
    let mut ctx = kit::server::account_ctx().await?;
    let out = access_core::sessions::sql::set_theme(&mut ctx, (theme != "system").then_some(&theme)).await;
    kit::server::close(ctx, out).await
}
