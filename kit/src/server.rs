//! What a server function needs: who asks ([`visit`]), a transaction ([`ctx`]) and an answer with its status ([`close`]).

use std::net::IpAddr;

use base::rights::Actor;
use base::sql::{Ctx, Done, Store};
use base::{AppError, Lang};
use chrono::{DateTime, Utc};
use http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use uuid::Uuid;

/// One request, as the session middleware found it; it lies in the request's extensions.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The database.
    pub store: Store,
    /// Who asks; `None` for nobody.
    pub actor: Option<Actor>,
    /// Their session.
    pub session: Option<Uuid>,
    /// They signed in on somebody else's computer («чужой компьютер»): the browser is to keep nothing.
    pub shared: bool,
    /// The moment of the request.
    pub now: DateTime<Utc>,
    /// The language of the page.
    pub lang: Lang,
    /// «light», «dark», or the system's.
    pub theme: Option<String>,
    /// What the device calls itself, in words: «Chrome, Android».
    pub device: String,
    /// Where the request comes from, for limits; never logged.
    pub address: Option<IpAddr>,
}

/// The content security policy of the page that answers this request: the page, which alone knows its nonce, writes it; the layer of headers
/// reads it. It goes with the request and not through leptos' `ResponseOptions`: once in some hundred starts of a browser a page came without
/// what lay there.
#[derive(Clone, Debug, Default)]
pub struct Policy(std::sync::Arc<std::sync::OnceLock<http::HeaderValue>>);

impl Policy {
    /// Of the page being drawn. The first word holds.
    pub fn say(&self, policy: http::HeaderValue) {
        let _ = self.0.set(policy);
    }

    /// What the page said; `None` where no page was drawn.
    #[must_use]
    pub fn said(&self) -> Option<http::HeaderValue> {
        self.0.get().cloned()
    }
}

/// The request's parts, in a page or in a server function.
fn parts() -> Option<http::request::Parts> {
    use_context::<http::request::Parts>()
}

/// The visit of the current request; `None` outside one.
#[must_use]
pub fn visit() -> Option<Visit> {
    parts().and_then(|p| p.extensions.get::<Visit>().cloned())
}

/// What the server lays into each request for a department, such as a memory; empty where it laid nothing.
#[must_use]
pub fn shared<T: Clone + Default + Send + Sync + 'static>() -> T {
    parts()
        .and_then(|p| p.extensions.get::<T>().cloned())
        .unwrap_or_default()
}

/// The path and query of the page being drawn; `None` in a call of a server function.
#[must_use]
pub fn page_path() -> Option<String> {
    parts().and_then(|p| {
        let path = p.uri.path_and_query().map_or("/", |pq| pq.as_str()).to_owned();
        (!path.starts_with("/api/")).then_some(path)
    })
}

/// Was the current call of a server function sent by a plain form, with nobody to read the answer but the browser?
#[must_use]
pub fn plain_form() -> bool {
    parts().is_some_and(|p| {
        let accepts = p
            .headers
            .get(http::header::ACCEPT)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        p.uri.path().starts_with("/api/") && accepts.contains("text/html")
    })
}

/// Sends a plain form back to its page, whatever became of it; whoever has to sign in first comes back there.
pub fn after_form<T>(outcome: &Result<T, AppError>, page: &str) {
    if plain_form() {
        leptos_axum::redirect(&match outcome {
            Err(AppError::SignIn) => crate::with_return_to(page),
            Err(AppError::MustChangePassword) => "/password".to_owned(),
            _ => page.to_owned(),
        });
    }
}

/// The transaction of the one who asks.
///
/// # Errors
/// [`AppError::SignIn`] for nobody (a page is sent to the sign-in page and back), [`AppError::MustChangePassword`],
/// [`AppError::Unavailable`].
pub async fn ctx() -> Result<Ctx, AppError> {
    let outcome = open(false).await;
    status(outcome)
}

/// As [`ctx`], also for someone who has yet to change an issued password. For the own account's pages only.
///
/// # Errors
/// As [`ctx`], without [`AppError::MustChangePassword`].
pub async fn account_ctx() -> Result<Ctx, AppError> {
    let outcome = open(true).await;
    status(outcome)
}

async fn open(any: bool) -> Result<Ctx, AppError> {
    let visit = visit().ok_or(AppError::Unavailable)?;
    let actor = visit.actor.ok_or(AppError::SignIn)?;
    if any {
        visit.store.begin_any(actor, visit.now, visit.lang).await
    } else {
        visit.store.begin(actor, visit.now, visit.lang).await
    }
}

/// Ends the transaction and gives the answer its status.
///
/// # Errors
/// What went wrong, as a person reads it.
pub async fn close<T>(ctx: Ctx, outcome: Done<T>) -> Result<T, AppError> {
    status(ctx.close(outcome).await)
}

/// Gives the answer its HTTP status; a page that nobody may see without signing in is sent to the sign-in page.
///
/// # Errors
/// The same that came in.
pub fn status<T>(outcome: Result<T, AppError>) -> Result<T, AppError> {
    if let Err(error) = &outcome {
        match (error, page_path()) {
            (AppError::SignIn, Some(path)) => leptos_axum::redirect(&crate::with_return_to(&path)),
            (AppError::MustChangePassword, Some(path)) if !path.starts_with("/password") => {
                leptos_axum::redirect("/password");
            }
            // a form sent without scripts is sent back to its page; a status of ours would leave it on an empty answer
            _ if plain_form() => {}
            _ => {
                if let (Some(options), Ok(code)) = (
                    use_context::<ResponseOptions>(),
                    StatusCode::from_u16(error.status()),
                ) {
                    options.set_status(code);
                }
            }
        }
    }
    outcome
}

/// The answer of a server function is a file to be kept, not a page: its type, and its name for the person's folder. What a
/// header cannot hold of a name stands in it percent-encoded (RFC 6266, RFC 8187); a browser that does not read that gets `plain`.
pub fn attachment(content_type: &'static str, plain: &str, name: &str) {
    let Some(options) = use_context::<ResponseOptions>() else {
        return;
    };
    options.insert_header(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static(content_type),
    );
    if let Ok(value) = http::HeaderValue::from_str(&disposition(plain, name)) {
        options.insert_header(http::header::CONTENT_DISPOSITION, value);
    }
}

/// The value of `content-disposition` for a file to be kept; see [`attachment`].
#[must_use]
pub fn disposition(plain: &str, name: &str) -> String {
    let plain: String = plain
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_is_told_twice_and_never_ends_the_header() {
        assert_eq!(
            disposition("timetable-7.fet", "Со 2.fet"),
            "attachment; filename=\"timetable-7.fet\"; filename*=UTF-8''%D0%A1%D0%BE%202.fet"
        );
        let nasty = disposition("a\"\r\nX: y;.fet", "a\"\r\nX: y; b=c.fet");
        assert!(
            nasty.starts_with("attachment; filename=\"aXy.fet\"; filename*=UTF-8''a%22%0D%0AX%3A%20y%3B")
        );
        assert!(http::HeaderValue::from_str(&nasty).is_ok());
    }
}
