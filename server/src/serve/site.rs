//! The application's pages, its server functions and its files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::{App, document};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRef, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use base::AppError;
use base::rights::{self, Action, Kind};
use kit::server::Visit;
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes as _, generate_route_list, handle_server_fns};
use server_fn::error::{FromServerFnError as _, ServerFnErrorErr};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::services::ServeDir;
use tracing::Instrument as _;

/// The largest body of an ordinary call.
pub const BODY_LIMIT: u64 = 2 * 1024 * 1024;
/// The largest body of a call that brings a timetable's file, from who may import one.
pub const FILE_LIMIT: u64 = 21 * 1024 * 1024;
/// The largest body of a call that brings a list of people or a plan of lessons, from who may import one: 5 MB as base64.
pub const LIST_LIMIT: u64 = 7 * 1024 * 1024;

/// Of which build the server is.
const BUILD: HeaderName = HeaderName::from_static("x-parta-build");
/// The server did not understand the question: there is no such function, or it takes other arguments. A page that is of an older build
/// knows then that it is too old; one of the same build has a fault.
const DEAF: HeaderName = HeaderName::from_static("x-parta-deaf");

/// Where the built site lies and how its files are called.
#[derive(Clone, Debug)]
pub struct Site {
    options: LeptosOptions,
    /// What the service worker keeps: `/sw-assets.json`.
    assets: Arc<str>,
    /// The build's name: it changes with any file.
    build: Arc<str>,
}

impl FromRef<Site> for LeptosOptions {
    fn from_ref(site: &Site) -> Self {
        site.options.clone()
    }
}

impl Site {
    /// Finds the site: `LEPTOS_SITE_ROOT` or `PARTA_SITE`, else `site` beside the executable's folder (as cargo-leptos
    /// builds it), else beside the executable (as it is packed).
    #[must_use]
    pub fn find() -> Self {
        let exe = std::env::current_exe().ok();
        let folder = exe.as_deref().and_then(Path::parent);
        let named = ["PARTA_SITE", "LEPTOS_SITE_ROOT"]
            .iter()
            .find_map(|name| std::env::var_os(name).map(PathBuf::from));
        let root = named
            .or_else(|| {
                let beside = [
                    folder.and_then(Path::parent),
                    folder,
                    folder.and_then(Path::parent).and_then(Path::parent),
                ];
                beside
                    .into_iter()
                    .flatten()
                    .map(|f| f.join("site"))
                    .find(|p| p.is_dir())
            })
            .unwrap_or_else(|| PathBuf::from("target/site"));
        let hashed = folder.is_some_and(|f| f.join("hash.txt").is_file());
        let options = LeptosOptions::builder()
            .output_name("parta")
            .site_root(root.to_string_lossy().into_owned())
            .site_pkg_dir("pkg")
            .hash_files(hashed)
            .build();
        let (build, assets) = assets(&root);
        Self {
            options,
            assets: assets.into(),
            build: build.into(),
        }
    }
}

/// The build's name, which changes with any file, and what the service worker chooses from: name and all files. It keeps the
/// styles at once and everything else as it is used, so that a family never fetches the office (`public/sw.js`).
fn assets(root: &Path) -> (String, String) {
    let mut files: Vec<String> = std::fs::read_dir(root.join("pkg"))
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| {
            [".js", ".wasm", ".css"]
                .iter()
                .any(|ending| name.ends_with(ending))
        })
        .map(|name| format!("/pkg/{name}"))
        .collect();
    files.sort();
    let version = files
        .iter()
        .flat_map(|f| f.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let version = format!("{version:016x}");
    let list = serde_json::json!({ "version": version, "files": files }).to_string();
    (version, list)
}

/// Pages, server functions and files; the session middleware is laid around it by the caller.
pub fn routes(site: Site) -> Router {
    let pages = generate_route_list(App);
    let options = site.options.clone();
    let root = options.site_root.to_string();
    let dynamic = Router::new()
        // what no server function is called; those that are, `leptos_routes` adds
        .route("/api/{*function}", any(handle_server_fns))
        .leptos_routes(&site, pages, {
            let (options, build) = (options.clone(), Arc::clone(&site.build));
            move || document(options.clone(), Arc::clone(&build))
        })
        // `call` has limits of its own; without this axum's, two megabytes, would stand before a school's file
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(call))
        .layer(from_fn_with_state(site.clone(), named))
        .layer(from_fn(known_only))
        .layer(from_fn(no_store));
    let files = Router::new()
        .route("/sw-assets.json", get(sw_assets))
        .route("/build", get(build))
        .nest_service(
            "/pkg",
            ServeDir::new(format!("{root}/pkg"))
                .precompressed_br()
                .precompressed_gzip(),
        );
    let shell = {
        let (options, build) = (options.clone(), Arc::clone(&site.build));
        move |_: LeptosOptions| document(options.clone(), Arc::clone(&build))
    };
    let loose = leptos_axum::file_and_error_handler::<Site, _>(shell);
    Router::new()
        .merge(dynamic)
        .merge(files)
        .fallback(loose)
        .with_state(site)
        .layer(from_fn(cached))
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Fastest)
                .compress_when(DefaultPredicate::new().and(NotForContentType::const_new(AS_IT_IS))),
        )
}

/// A program of twenty megabytes, squeezed by a server that is itself not optimised, takes seconds at each opening of a page; nobody is
/// far away while one builds or tests. Built for release it is small, and squeezed beforehand (`precompress`).
const AS_IT_IS: &str = if cfg!(debug_assertions) {
    "application/wasm"
} else {
    "text/event-stream"
};

async fn sw_assets(State(site): State<Site>) -> Response {
    (
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        site.assets.to_string(),
    )
        .into_response()
}

/// The build's name alone: an open page asks now and then whether it is still the one that it is of (`public/boot.js`).
async fn build(State(site): State<Site>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, site.build.to_string()).into_response()
}

/// Each answer of a server function says of which build the server is: an open page of another one learns it by the way.
async fn named(State(site): State<Site>, request: Request, next: Next) -> Response {
    let function = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    if function && let Ok(build) = HeaderValue::from_str(&site.build) {
        response.headers_mut().insert(BUILD, build);
    }
    response
}

/// Names in `/pkg` carry a hash: they never change. The service worker and its start must be asked for anew each time;
/// icons and the like may be an hour old. Everything else says for itself.
async fn cached(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (hashed, script) = (path.starts_with("/pkg/"), path.ends_with(".js"));
    let mut response = next.run(request).await;
    let html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    if response.status() == StatusCode::OK && !html && !response.headers().contains_key(header::CACHE_CONTROL)
    {
        let value = match (hashed, script) {
            (true, _) => "public, max-age=31536000, immutable",
            (false, true) => "no-cache",
            (false, false) => "public, max-age=3600",
        };
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    }
    response
}

/// Nobody sees a page but the sign-in page, and with an issued password only what is needed to change it: whatever a page
/// itself asks or forgets to ask. Server functions answer for themselves, in words that a script understands.
async fn known_only(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") || path == "/sign-in" {
        return next.run(request).await;
    }
    let actor = request
        .extensions()
        .get::<Visit>()
        .map(|visit| visit.actor.as_ref());
    match actor {
        Some(Some(actor)) if actor.must_change_password && !matches!(path, "/password" | "/account") => {
            see_other("/password")
        }
        Some(Some(_)) => next.run(request).await,
        Some(None) | None => {
            let wanted = request.uri().path_and_query().map_or("/", |p| p.as_str());
            see_other(&kit::with_return_to(wanted))
        }
    }
}

/// As leptos' own redirects.
fn see_other(path: &str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, path)]).into_response()
}

/// Pages and answers hold personal data: no cache but our own, which is wiped on sign-out, may keep them.
async fn no_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The largest body of a call. Only who could have a file read may make the server hold one; everybody else is refused as for
/// an ordinary call.
fn largest_body(request: &Request) -> u64 {
    let brings = |kind| {
        let actor = request.extensions().get::<Visit>().and_then(|v| v.actor.as_ref());
        actor.is_some_and(|a| !a.must_change_password && rights::any(a, Action::Edit, kind))
    };
    match request.uri().path() {
        // an import takes both rights
        path if path.starts_with("/api/import/") && brings(Kind::SchoolData) && brings(Kind::Timetable) => {
            FILE_LIMIT
        }
        "/api/roll/preview" | "/api/roll/import" if brings(Kind::People) => LIST_LIMIT,
        "/api/plan/preview" | "/api/plan/import" if brings(Kind::Journal) => LIST_LIMIT,
        _ => BODY_LIMIT,
    }
}

/// What a person has asked for is carried out, also when they leave the page meanwhile: publishing takes a large school many seconds, and
/// whoever has pressed thinks that it is done. What only reads ends with the page. None: it has panicked.
async fn to_its_end(request: Request, next: Next) -> Option<Response> {
    if request.method().is_safe() {
        return Some(next.run(request).await);
    }
    tokio::spawn(next.run(request).in_current_span()).await.ok()
}

/// Around every server function: refuses what is too large before reading it, and gives an answer that leptos calls a
/// fault the status of the error it carries. Whatever goes wrong, the body is an [`AppError`].
async fn call(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let file = request.uri().path().starts_with("/api/import/");
    let limit = largest_body(&request);
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.parse::<u64>().ok());
    if length.is_some_and(|l| l > limit) {
        return refusal(&AppError::TooLarge);
    }
    let (parts, body) = request.into_parts();
    let Ok(limit) = usize::try_from(limit) else {
        return refusal(&AppError::TooLarge);
    };
    let Ok(bytes) = axum::body::to_bytes(body, limit).await else {
        return refusal(&AppError::TooLarge);
    };
    if !file && std::str::from_utf8(&bytes).is_err() {
        return refusal(&AppError::from_server_fn_error(ServerFnErrorErr::Args(
            String::new(),
        )));
    }
    let Some(response) = to_its_end(Request::from_parts(parts, Body::from(bytes)), next).await else {
        return refusal(&AppError::Unavailable);
    };
    if response.status().is_success() || response.status().is_redirection() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, 64 * 1024).await else {
        return refusal(&AppError::Unavailable);
    };
    let args = || AppError::from_server_fn_error(ServerFnErrorErr::Args(String::new()));
    let Ok(error) = serde_json::from_slice::<AppError>(&bytes) else {
        // leptos' own words, and axum's: no such function, no such method, a body of another kind
        return match parts.status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => deaf(&AppError::NotFound),
            status if status.is_client_error() => deaf(&args()),
            _ => refusal(&AppError::Unavailable),
        };
    };
    // the first is the browser's word for an answer it cannot read; said by the server it was the request
    if error == AppError::Network || error == args() {
        return deaf(&args());
    }
    if let Ok(status) = StatusCode::from_u16(error.status()) {
        parts.status = status;
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// A question that was not understood.
fn deaf(error: &AppError) -> Response {
    let mut response = refusal(error);
    response.headers_mut().insert(DEAF, HeaderValue::from_static("1"));
    response
}

/// An error as the browser's half of a server function reads it.
pub fn refusal(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_string(error).unwrap_or_default();
    (
        status,
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        body,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::Method;
    use tokio::sync::mpsc;
    use tower::ServiceExt as _;

    use super::*;

    /// Whether what was asked for is carried out although whoever asked goes away in the middle.
    async fn is_carried_out(method: Method) -> bool {
        let (tell, mut told) = mpsc::unbounded_channel();
        let (open, gate) = tokio::sync::watch::channel(false);
        let work = move || {
            let (tell, mut gate) = (tell.clone(), gate.clone());
            async move {
                let _ = tell.send("begun");
                let _ = gate.wait_for(|open| *open).await;
                let _ = tell.send("done");
            }
        };
        let router = Router::new().route("/api/work", any(work)).layer(from_fn(call));
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = axum::http::Uri::from_static("/api/work");
        let asks = tokio::spawn(router.oneshot(request));
        assert_eq!(told.recv().await, Some("begun"));
        asks.abort();
        assert!(asks.await.is_err_and(|gone| gone.is_cancelled()));
        // whoever is still at work hears it, whoever was dropped has dropped what it tells by
        let _ = open.send(true);
        let heard = tokio::time::timeout(Duration::from_secs(20), told.recv()).await;
        heard.is_ok_and(|word| word == Some("done"))
    }

    #[tokio::test]
    async fn what_changes_something_is_carried_out_also_when_the_page_is_left() {
        assert!(is_carried_out(Method::POST).await);
        assert!(!is_carried_out(Method::GET).await);
    }
}
