//! `/feed/….ics`: the calendar of an address that a family has made (`classbook_core::feed`). The address is the whole
//! proof of who asks: cookies are neither asked for nor read, and nothing is told to whoever has none that lives.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use base::AppError;
use chrono::{DateTime, Utc};
use classbook_core::diary::Weeks;
use classbook_core::feed;
use kit::server::Visit;

/// The route; the session middleware is laid around it by the caller and brings the database and the clock.
pub fn routes() -> Router {
    Router::new().route("/feed/{file}", get(serve))
}

async fn serve(
    Path(file): Path<String>,
    Extension(weeks): Extension<Weeks>,
    Extension(visit): Extension<Visit>,
    asked: HeaderMap,
) -> Response {
    let known = asked
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let token = file.strip_suffix(".ics").unwrap_or_default();
    match Box::pin(feed::sql::calendar(&visit.store, &weeks, token, known, visit.now)).await {
        Ok(answer) => hand_out(answer),
        Err(error) => refuse(&error),
    }
}

fn hand_out(answer: feed::sql::Answer) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    if let Ok(etag) = HeaderValue::from_str(&answer.etag) {
        headers.insert(header::ETAG, etag);
    }
    if let Ok(since) = HeaderValue::from_str(&http_date(answer.since)) {
        headers.insert(header::LAST_MODIFIED, since);
    }
    let Some(text) = answer.text else {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    };
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/calendar; charset=utf-8"),
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("inline; filename=\"parta.ics\""),
    );
    (StatusCode::OK, headers, text).into_response()
}

/// «Tue, 17 Nov 2026 09:00:00 GMT».
fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// A program reads the status; a person who pasted the address into a browser reads a word.
fn refuse(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, error.message(base::Lang::default())).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    if let AppError::TooMany { retry_after } = error {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
    }
    response
}
