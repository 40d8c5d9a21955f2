//! Server functions: url-encoded, so that plain forms call them as well.

use base::AppError;
use leptos::prelude::*;

/// Signs in; answers with the path to go to.
#[server(prefix = "/api", endpoint = "access/sign_in")]
pub async fn sign_in(
    login: String,
    password: String,
    return_to: Option<String>,
    shared: Option<String>,
) -> Result<String, AppError> {
    let entrance = crate::door::entrance()?;
    let to = return_to.unwrap_or_default();
    let opened = access_core::auth::sql::sign_in(&entrance, &login, password, shared.is_some());
    crate::door::answer(
        Box::pin(opened).await,
        "/sign-in",
        access_core::auth::local_path(&to),
    )
}

/// Changes the own password; answers with the path to go to.
#[server(prefix = "/api", endpoint = "access/change_password")]
pub async fn change_password(
    old: String,
    new: String,
    others: Option<String>,
    return_to: Option<String>,
) -> Result<String, AppError> {
    let entrance = crate::door::entrance()?;
    let to = return_to.unwrap_or_default();
    let opened = access_core::auth::sql::change_password(&entrance, old, new, others.is_some());
    crate::door::answer(
        Box::pin(opened).await,
        "/password",
        access_core::auth::local_path(&to),
    )
}

/// Signs this device out and has the browser forget what it kept.
#[server(prefix = "/api", endpoint = "access/sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    let entrance = crate::door::entrance()?;
    let ended = access_core::sessions::sql::end(&entrance).await;
    crate::door::forget();
    crate::door::go("/sign-in");
    kit::server::status(ended)
}
