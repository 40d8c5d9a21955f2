//! Security headers on every answer (ASVS 3.4). The policy with the nonce is told by the document itself
//! (`app::document`, through [`Policy`]), since only it knows the nonce; everything else gets the closed one here.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use kit::server::Policy;

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

/// A page that came without a policy of its own, which is a fault of ours: its styles and scripts are let in all the same, since a bare page
/// helps nobody, but no script that stands in it.
const PAGE: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The worker of the timetable engine, and what it may do: load the page's own script and wasm, nothing else.
const ENGINE: (&str, &str) = (
    "/engine.js",
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'; \
     base-uri 'none'; form-action 'none'",
);

/// Lays the headers on an answer, without touching what a page has set itself.
pub async fn lay(mut request: Request, next: Next) -> Response {
    let engine = request.uri().path() == ENGINE.0;
    let said = Policy::default();
    request.extensions_mut().insert(said.clone());
    let mut response = next.run(request).await;
    let page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    let headers = response.headers_mut();
    let policy = match (engine, page, said.said()) {
        (true, ..) => HeaderValue::from_static(ENGINE.1),
        (false, true, Some(own)) => own,
        (false, true, None) => {
            if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
                tracing::error!("a page came without its content security policy");
            }
            HeaderValue::from_static(PAGE)
        }
        (false, false, _) => HeaderValue::from_static(CLOSED),
    };
    for (name, value) in FIXED {
        headers
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use axum::middleware::from_fn;
    use axum::response::Html;
    use axum::routing::get;
    use axum::{Extension, Router};
    use tower::ServiceExt as _;

    use super::*;

    /// A page that tells its policy, as the document does.
    async fn own(Extension(policy): Extension<Policy>) -> Html<&'static str> {
        policy.say(HeaderValue::from_static("script-src 'nonce-7'"));
        Html("<p>")
    }

    async fn policy(path: &str) -> String {
        let app = Router::new()
            .route("/page", get(|| async { Html("<p>") }))
            .route("/own", get(own))
            .route("/data", get(|| async { "1" }))
            .layer(from_fn(lay));
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let answer = app.oneshot(request).await.expect("an answer");
        answer.headers()[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .expect("words")
            .to_owned()
    }

    #[tokio::test]
    async fn a_page_without_a_policy_is_no_bare_page_and_runs_nothing_that_stands_in_it() {
        let page = policy("/page").await;
        assert!(page.contains("style-src 'self'"), "{page}");
        assert!(
            !page.contains("unsafe-inline") && !page.contains("nonce-"),
            "{page}"
        );
        assert_eq!(policy("/own").await, "script-src 'nonce-7'");
        assert!(policy("/data").await.starts_with("default-src 'none'"));
    }
}
