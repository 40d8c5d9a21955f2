//! The server's side of the forms: cookies, and where a plain form goes next.

use access_core::Entrance;
use access_core::sessions::sql::Opened;
use access_core::sessions::{COOKIE, DEVICE_COOKIE, set_cookie};
use base::AppError;
use http::request::Parts;
use http::{HeaderName, HeaderValue, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::auth::told;
use kit::server::plain_form;

/// How long a device is known again, and how long a language is remembered: a year, in seconds.
const YEAR: i32 = 365 * 24 * 60 * 60;

/// What the request brought along.
pub fn entrance() -> Result<Entrance, AppError> {
    use_context::<Parts>()
        .and_then(|p| p.extensions.get::<Entrance>().cloned())
        .ok_or(AppError::Unavailable)
}

/// Answers a form: cookies and the way on after success, the status after failure; a plain form goes back to `page`.
pub fn answer(outcome: Result<Opened, AppError>, page: &str, next: &str) -> Result<String, AppError> {
    match outcome {
        Ok(opened) => {
            remember(&opened);
            let to = if opened.must_change_password {
                format!("/password?return_to={}", encoded(next))
            } else {
                next.to_owned()
            };
            if plain_form() {
                leptos_axum::redirect(&to);
            }
            Ok(to)
        }
        Err(error) if plain_form() => {
            leptos_axum::redirect(&format!(
                "{page}?problem={}&return_to={}",
                told::code(&error),
                encoded(next)
            ));
            Err(error)
        }
        Err(error) => kit::server::status(Err(error)),
    }
}

/// Answers a form of a page for those who are signed in: `next` after success, the status after failure; a plain form goes back to
/// `page`, or to where an issued password is changed.
pub fn settle(outcome: Result<(), AppError>, page: &str, next: &str) -> Result<String, AppError> {
    if plain_form() {
        leptos_axum::redirect(&match &outcome {
            Ok(()) => next.to_owned(),
            Err(AppError::MustChangePassword) => "/password".to_owned(),
            Err(error) => format!("{page}?problem={}", told::code(error)),
        });
    }
    kit::server::status(outcome).map(|()| next.to_owned())
}

/// Sends a plain form on; a script finds its own way.
pub fn go(path: &str) {
    if plain_form() {
        leptos_axum::redirect(path);
    }
}

fn remember(opened: &Opened) {
    put(
        header::SET_COOKIE,
        &set_cookie(COOKIE, &opened.token.text(), opened.max_age),
    );
    if let Some(device) = &opened.device {
        put(
            header::SET_COOKIE,
            &set_cookie(DEVICE_COOKIE, &device.text(), Some(YEAR)),
        );
    }
}

/// The session is over: its cookie, and whatever this browser kept of it.
pub fn forget() {
    put(header::SET_COOKIE, &set_cookie(COOKIE, "", Some(0)));
    // not "cookies": language and theme stay, and the device is to be known again
    put(
        HeaderName::from_static("clear-site-data"),
        "\"cache\", \"storage\"",
    );
}

/// Remembers a choice that is no secret: `lang`, `theme`.
pub fn choose(name: &str, value: &str) {
    put(
        header::SET_COOKIE,
        &format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={YEAR}"),
    );
}

fn put(name: HeaderName, value: &str) {
    if let (Some(options), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(value)) {
        options.append_header(name, value);
    }
}

fn encoded(path: &str) -> String {
    kit::with_return_to(path)
        .split_once('=')
        .map(|(_, path)| path.to_owned())
        .unwrap_or_default()
}
