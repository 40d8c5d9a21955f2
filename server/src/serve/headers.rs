//! Security headers on every answer (ASVS 3.4). The policy with the nonce is set by the document itself
//! (`app::document`), since only it knows the nonce; everything else gets the closed one here.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

const FIXED: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Nothing may be done with what is no page.
const CLOSED: &str =
    "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The worker of the timetable engine, and what it may do: load the page's own script and wasm, nothing else.
const ENGINE: (&str, &str) = (
    "/engine.js",
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'; \
     base-uri 'none'; form-action 'none'",
);

/// Lays the headers on an answer, without touching what a page has set itself.
pub async fn lay(request: Request, next: Next) -> Response {
    let policy = if request.uri().path() == ENGINE.0 {
        ENGINE.1
    } else {
        CLOSED
    };
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(policy));
    response
}
