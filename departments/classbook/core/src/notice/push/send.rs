//! Sending: one message to one device, and what came of it.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, Method, Request, StatusCode, Uri, header};
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioExecutor;
use web_push_native::Auth;
use web_push_native::p256::PublicKey;

use super::{Endpoint, Key, is_public};

/// No push service is waited for longer.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a service keeps a word for a device that is off: what is older is no news.
const TTL: TimeDelta = TimeDelta::days(1);
/// How long a signature is good; a service refuses one of more than a day.
const SIGNED: TimeDelta = TimeDelta::hours(12);
/// A later word replaces an earlier one that has not reached the device yet.
const TOPIC: &str = "parta";
/// A service that does not answer is left alone for so long.
const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// The bounds of «later», whatever a service asks for.
const LATER: (TimeDelta, TimeDelta) = (TimeDelta::minutes(1), TimeDelta::hours(6));

/// The way out for pushes; empty where they are off. Cheap to clone.
#[derive(Clone, Default)]
pub struct Pusher(Option<Arc<Post>>);

struct Post {
    key: Key,
    /// Whom a service may write to, a `mailto:` or `https:` address.
    contact: String,
    inside: Option<String>,
    client: Client<HttpsConnector<HttpConnector<Outside>>, Full<Bytes>>,
    /// Services that are left alone, and until when.
    paused: Mutex<HashMap<String, DateTime<Utc>>>,
}

impl std::fmt::Debug for Pusher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pusher({})", if self.works() { "on" } else { "off" })
    }
}

/// Why pushes cannot be sent.
#[derive(Debug, thiserror::Error)]
#[error("no certificates to check push services with: {0}")]
pub struct Misconfigured(#[from] io::Error);

/// A device, as its browser has told.
#[derive(Clone, Debug)]
pub struct Target {
    endpoint: Endpoint,
    public: PublicKey,
    auth: Auth,
}

impl Target {
    /// Reads what a browser told; `None` when one of the three is none.
    #[must_use]
    pub fn new(endpoint: Endpoint, p256dh: &[u8], auth: &[u8]) -> Option<Self> {
        let auth: [u8; 16] = auth.try_into().ok()?;
        Some(Self {
            endpoint,
            public: PublicKey::from_sec1_bytes(p256dh).ok()?,
            auth: auth.into(),
        })
    }

    /// Who is asked.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.endpoint.origin()
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The service has it.
    Taken,
    /// There is no such device any more.
    Gone,
    /// Not now, by the service's own word or ours.
    Later(TimeDelta),
    /// The service does not want it as it is: a device of another key, mostly.
    Refused,
    /// The service did not answer, or has a fault of its own.
    Failed,
}

impl Pusher {
    /// Pushes signed with `key`. `contact`: whom a service may write to. `inside`: the origin of a push service of one's own network.
    ///
    /// # Errors
    /// When the system has no certificates.
    pub fn new(key: Key, contact: &str, inside: Option<&str>) -> Result<Self, Misconfigured> {
        let believed = inside
            .and_then(|origin| origin.parse::<Uri>().ok())
            .and_then(|uri| uri.host().map(Arc::from));
        let mut http = HttpConnector::new_with_resolver(Outside { believed });
        http.enforce_http(false);
        http.set_connect_timeout(Some(PATIENCE));
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .wrap_connector(http);
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(Duration::from_secs(60))
            .pool_max_idle_per_host(4)
            .build(connector);
        Ok(Self(Some(Arc::new(Post {
            key,
            contact: contact.to_owned(),
            inside: inside.map(str::to_owned),
            client,
            paused: Mutex::default(),
        }))))
    }

    /// Can anything be sent at all?
    #[must_use]
    pub fn works(&self) -> bool {
        self.0.is_some()
    }

    /// What browsers subscribe with; none where pushes are off.
    #[must_use]
    pub fn public_key(&self) -> Option<String> {
        self.0.as_ref().map(|post| post.key.public())
    }

    /// Judges the address of a device.
    #[must_use]
    pub fn endpoint(&self, text: &str) -> Option<Endpoint> {
        Endpoint::new(text, self.0.as_ref()?.inside.as_deref())
    }

    /// Sends a message to a device. `now` dates the signature.
    pub async fn send(&self, target: &Target, message: &[u8], now: DateTime<Utc>) -> Sent {
        let Some(post) = &self.0 else {
            return Sent::Failed;
        };
        if let Some(wait) = post.paused_for(target.origin(), now) {
            return Sent::Later(wait);
        }
        let Some(request) = post.request(target, message, now) else {
            return Sent::Refused;
        };
        let answer = tokio::time::timeout(PATIENCE, post.client.request(request)).await;
        let sent = match answer {
            Ok(Ok(answer)) => judge(answer.status(), answer.headers(), now),
            Ok(Err(error)) => {
                // neither the device nor its address: only what kind of failure it was
                tracing::warn!(
                    connect = error.is_connect(),
                    origin = target.origin(),
                    "a push was not taken"
                );
                Sent::Failed
            }
            Err(_) => Sent::Failed,
        };
        match sent {
            Sent::Failed => post.pause(target.origin(), now + PAUSE),
            Sent::Later(wait) => post.pause(target.origin(), now + wait.min(PAUSE)),
            _ => {}
        }
        sent
    }
}

impl Post {
    fn request(&self, target: &Target, message: &[u8], now: DateTime<Utc>) -> Option<Request<Full<Bytes>>> {
        let body = web_push_native::encrypt(message.to_vec(), &target.public, &target.auth).ok()?;
        let authorization = self
            .key
            .authorization(target.origin(), &self.contact, now + SIGNED);
        Request::builder()
            .method(Method::POST)
            .uri(target.endpoint.uri().clone())
            .header(header::AUTHORIZATION, authorization)
            .header(header::CONTENT_ENCODING, "aes128gcm")
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header("ttl", TTL.num_seconds())
            .header("urgency", "normal")
            .header("topic", TOPIC)
            .body(Full::from(body))
            .ok()
    }

    /// How long this service is still left alone.
    fn paused_for(&self, origin: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
        let paused = self.paused.lock().unwrap_or_else(PoisonError::into_inner);
        let until = *paused.get(origin)?;
        (until > now).then(|| until - now)
    }

    fn pause(&self, origin: &str, until: DateTime<Utc>) {
        let mut paused = self.paused.lock().unwrap_or_else(PoisonError::into_inner);
        // of each service one entry; those that are over make room
        if paused.len() > 1000 {
            paused.retain(|_, end| *end + PAUSE > until);
        }
        paused.insert(origin.to_owned(), until);
    }
}

/// What an answer means (RFC 8030, 5 and 7.2; what Mozilla, Google, Apple and Microsoft say beyond it).
fn judge(status: StatusCode, headers: &HeaderMap, now: DateTime<Utc>) -> Sent {
    match status.as_u16() {
        200..=299 => Sent::Taken,
        404 | 410 => Sent::Gone,
        429 | 503 => Sent::Later(retry_after(headers, now)),
        // a redirect is followed nowhere: it would lead past what was judged
        300..=499 => Sent::Refused,
        _ => Sent::Failed,
    }
}

/// Seconds, or a date.
fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> TimeDelta {
    let value = headers
        .get(header::RETRY_AFTER)
        .and_then(|v| v.to_str().ok())
        .map(str::trim);
    let wait = value.and_then(|text| {
        let seconds = text.parse::<i64>().ok().and_then(TimeDelta::try_seconds);
        let date = || Some(DateTime::parse_from_rfc2822(text).ok()?.to_utc() - now);
        seconds.or_else(date)
    });
    wait.unwrap_or(LATER.0).clamp(LATER.0, LATER.1)
}

/// Finds addresses of names, and none that lie inside: asked when the connection is made, so a name that changes its mind after it was
/// judged gains nothing.
#[derive(Clone, Debug)]
struct Outside {
    /// The name of the push service of one's own network.
    believed: Option<Arc<str>>,
}

impl tower_service::Service<Name> for Outside {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let believed = self.believed.as_deref() == Some(name.as_str());
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // one address inside among those outside is a trap, not a service
            if !believed && found.iter().any(|address| !is_public(address.ip())) {
                return Err(io::Error::new(
                    io::ErrorKind::PermissionDenied,
                    "the name leads inside",
                ));
            }
            Ok(found.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower_service::Service as _;

    fn judged(status: u16, retry: Option<&str>) -> Sent {
        let mut headers = HeaderMap::new();
        if let Some(retry) = retry {
            headers.insert(header::RETRY_AFTER, retry.parse().unwrap());
        }
        let now = "2026-11-17T09:00:00Z".parse().unwrap();
        judge(StatusCode::from_u16(status).unwrap(), &headers, now)
    }

    #[test]
    fn answers_are_understood() {
        for taken in [200, 201, 202, 204] {
            assert_eq!(judged(taken, None), Sent::Taken);
        }
        assert_eq!((judged(404, None), judged(410, None)), (Sent::Gone, Sent::Gone));
        for refused in [301, 307, 400, 401, 403, 413] {
            assert_eq!(judged(refused, None), Sent::Refused, "{refused}");
        }
        assert_eq!(
            (judged(500, None), judged(502, None)),
            (Sent::Failed, Sent::Failed)
        );
    }

    #[test]
    fn later_is_when_the_service_says_within_reason() {
        for (retry, seconds) in [
            (None, 60),
            (Some("120"), 120),
            (Some("0"), 60),
            (Some("-5"), 60),
            (Some("99999999"), 6 * 3600),
            (Some("9223372036854775807"), 60),
            (Some("soon"), 60),
            (Some("Tue, 17 Nov 2026 09:10:00 GMT"), 600),
            (Some("Tue, 17 Nov 2020 09:10:00 GMT"), 60),
        ] {
            assert_eq!(
                judged(429, retry),
                Sent::Later(TimeDelta::seconds(seconds)),
                "{retry:?}"
            );
        }
        assert_eq!(judged(503, Some("90")), Sent::Later(TimeDelta::seconds(90)));
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_found() {
        let name = || "localhost".parse::<Name>().unwrap();
        for believed in [None, Some("push.school.lan".into())] {
            let mut outside = Outside { believed };
            let error = outside.call(name()).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        }
        let mut outside = Outside {
            believed: Some("localhost".into()),
        };
        assert!(outside.call(name()).await.unwrap().count() > 0);
    }
}
