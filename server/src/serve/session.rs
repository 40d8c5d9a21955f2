//! Who asks: from the cookie to [`Visit`] and [`Entrance`] in the request's extensions, and the check that a change
//! was asked for by a page of ours.
//!
//! - The session cookie is looked up in the memory of [`access_core::sessions::Sessions`], else in one statement.
//! - Language: cookie `lang`, else the account's, else `Accept-Language`. Theme: cookie `theme`, else the account's.
//! - `X-Forwarded-For` is believed only from the configured proxies, and only as far as they reach.
//! - Everything but GET, HEAD and OPTIONS must come from our own origin: `Sec-Fetch-Site`, else `Origin`. A request that
//!   has neither is no browser's; it passes unless it brings a session cookie (scripts add `Sec-Fetch-Site: same-origin`).
//!
//! What comes out is not to be cached by anybody unless the answer itself says otherwise. Answers to a session of «чужой
//! компьютер» carry `x-parta-shared`, by which the service worker keeps nothing of them (docs/decisions/0005).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use access_core::sessions::{self, Token};
use access_core::{Door, Entrance, Place};
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{AppError, Lang};
use chrono::{DateTime, Utc};
use kit::server::Visit;

/// What the middleware needs; one for the process.
#[derive(Clone, Debug)]
pub struct Gate {
    door: Door,
    /// Our own origin, lower case: `https://parta.example`.
    origin: Arc<str>,
    proxies: Arc<[IpAddr]>,
    clock: fn() -> DateTime<Utc>,
}

impl Gate {
    /// Over a door, with the origin that people type and the proxies that are believed.
    #[must_use]
    pub fn new(door: Door, public_url: &str, proxies: &[IpAddr]) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the clock of every request begins here")]
        let clock: fn() -> DateTime<Utc> = Utc::now;
        Self {
            door,
            origin: public_url.trim_end_matches('/').to_lowercase().into(),
            proxies: proxies.into(),
            clock,
        }
    }

    /// With another clock, for tests.
    #[must_use]
    pub fn with_clock(self, clock: fn() -> DateTime<Utc>) -> Self {
        Self { clock, ..self }
    }

    /// The door, for what runs beside the requests: hearing session changes, sweeping.
    #[must_use]
    pub fn door(&self) -> &Door {
        &self.door
    }
}

/// Says to `public/sw.js`: keep nothing of this answer, and nothing that was kept before.
pub const SHARED: &str = "x-parta-shared";

/// The middleware: `router.layer(axum::middleware::from_fn_with_state(gate, session::find))`.
pub async fn find(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let cookies = Cookies::read(headers);
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && !from_us(headers, &gate.origin, cookies.session.is_some()) {
        // without the address: it is whatever the foreign page wrote into it
        tracing::warn!("a change asked for by a foreign page was refused");
        return refuse(&AppError::Forbidden, cookies.lang.unwrap_or_default());
    }
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|c| c.0.ip());
    let address = peer.map(|ip| client(ip, headers, &gate.proxies));
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let device = sessions::device::describe(agent);
    let accepted = accepted_language(headers);
    let now = (gate.clock)();
    let who = match &cookies.session {
        Some(token) => match gate.door.sessions.find(token.hash(), now).await {
            Ok(who) => who,
            Err(error) => return refuse(&error, cookies.lang.unwrap_or(accepted)),
        },
        None => None,
    };
    let lang = cookies
        .lang
        .or_else(|| who.as_ref().and_then(|w| w.lang))
        .unwrap_or(accepted);
    let theme = match cookies.theme {
        Some(theme) => theme,
        None => who.as_ref().and_then(|w| w.theme.clone()),
    };
    let shared = who.as_ref().is_some_and(|w| w.on_shared_device());
    let visit = Visit {
        store: gate.door.store.clone(),
        actor: who.as_ref().map(|w| w.facts.actor(w.active)),
        session: who.as_ref().map(|w| w.session),
        shared,
        now,
        lang,
        theme,
        device: device.clone(),
        address,
    };
    let place = Place {
        address,
        device: cookies.device,
    };
    let entrance = Entrance {
        door: gate.door,
        place,
        device,
        token: cookies.session,
        who,
        now,
        lang,
    };
    request.extensions_mut().insert(visit);
    request.extensions_mut().insert(entrance);
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-store"));
    if shared {
        // our own service worker keeps pages of a family for days without a network: not on somebody else's computer
        response
            .headers_mut()
            .insert(SHARED, HeaderValue::from_static("1"));
    }
    response
}

/// What we read from the cookies.
#[derive(Debug, Default)]
struct Cookies {
    session: Option<Token>,
    device: Option<Token>,
    lang: Option<Lang>,
    /// The outer `None`: no cookie; the inner one: the system's theme was chosen.
    theme: Option<Option<String>>,
}

impl Cookies {
    fn read(headers: &HeaderMap) -> Self {
        let get = |name: &str| {
            let mut lines = headers
                .get_all(header::COOKIE)
                .iter()
                .filter_map(|v| v.to_str().ok());
            lines.find_map(|line| sessions::cookie(line, name))
        };
        Self {
            session: get(sessions::COOKIE).and_then(Token::parse),
            device: get(sessions::DEVICE_COOKIE).and_then(Token::parse),
            lang: get("lang").and_then(Lang::from_code),
            theme: get("theme").map(|t| matches!(t, "light" | "dark").then(|| t.to_owned())),
        }
    }
}

fn accepted_language(headers: &HeaderMap) -> Lang {
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    Lang::from_accept_language(header.unwrap_or_default())
}

/// Was this change asked for by a page of ours?
fn from_us(headers: &HeaderMap, origin: &str, signed_in: bool) -> bool {
    let text = |name| {
        headers
            .get(name)
            .map(|v: &HeaderValue| v.to_str().unwrap_or("?").to_lowercase())
    };
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        // «none»: typed or reloaded by the person themselves
        return matches!(site.as_str(), "same-origin" | "none");
    }
    match text(header::ORIGIN) {
        Some(theirs) => {
            let host = theirs.split_once("://").map(|(_, host)| host.to_owned());
            theirs == origin || (host.is_some() && host == text(header::HOST))
        }
        None => !signed_in,
    }
}

/// The address of the person's device: the peer, or what trusted proxies say, read from our end of the chain.
fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let trusted = |ip: IpAddr| proxies.contains(&ip.to_canonical());
    let mut nearest = peer;
    let lines: Vec<_> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .collect();
    for said in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        if !trusted(nearest) {
            break;
        }
        match said.trim().parse::<IpAddr>() {
            Ok(ip) => nearest = ip,
            Err(_) => break,
        }
    }
    nearest.to_canonical()
}

/// An answer that both a server function's caller and a person understand.
fn refuse(error: &AppError, lang: Lang) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let body = serde_json::to_string(error).unwrap_or_else(|_| error.message(lang));
    let kind = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, kind, Body::from(body)).into_response()
}

#[cfg(test)]
mod tests;
