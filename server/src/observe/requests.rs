//! One span, one log line and two metrics for every request.
//!
//! The line holds the template of the route (`/classes/{id}`), never the path itself, a query or a body: a path may
//! name a child.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, Method};
use tower_http::request_id::{MakeRequestId, MakeRequestUuid, RequestId};
use tracing::Instrument;

/// The header that tells a person which line of the log is theirs.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Asked every few seconds by a machine, and worth no line.
const PROBES: [&str; 2] = ["/health", "/ready"];

/// Gives the request an id (ours: a stranger's could carry anything), logs and counts it.
pub async fn observe(mut request: Request, next: Next) -> Response {
    let since = Instant::now();
    let id = MakeRequestUuid.make_request_id(&request);
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "(none)".to_owned(), |path| path.as_str().to_owned());
    let method = method_name(request.method());
    let text = id
        .as_ref()
        .and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default();
    let span = tracing::info_span!("request", id = text, method, route);
    match &id {
        Some(id) => request
            .headers_mut()
            .insert(REQUEST_ID, id.header_value().clone()),
        None => request.headers_mut().remove(REQUEST_ID),
    };
    if let Some(id) = &id {
        request.extensions_mut().insert::<RequestId>(id.clone());
    }
    async move {
        let mut response = next.run(request).await;
        let status = response.status().as_u16();
        let took = since.elapsed();
        if status >= 500 {
            tracing::error!(status, took_ms = took.as_secs_f64() * 1000.0, "answered");
        } else if PROBES.contains(&route.as_str()) {
            tracing::debug!(status, took_ms = took.as_secs_f64() * 1000.0, "answered");
        } else {
            tracing::info!(status, took_ms = took.as_secs_f64() * 1000.0, "answered");
        }
        metrics::counter!("parta_http_requests_total", "method" => method, "route" => route.clone(),
            "status" => status.to_string())
        .increment(1);
        metrics::histogram!("parta_http_request_seconds", "method" => method, "route" => route)
            .record(took.as_secs_f64());
        if let Some(id) = id {
            response.headers_mut().insert(REQUEST_ID, id.into_header_value());
        }
        response
    }
    .instrument(span)
    .await
}

/// The methods we know; an invented one must not become a label.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
