use std::net::Ipv4Addr;

use access_core::auth::hash_now;
use access_core::auth::sql::sign_in;
use axum::routing::{get, post};
use axum::{Extension, Router, middleware};
use base::sql::Store;
use sqlx::PgPool;
use tower::ServiceExt;

use super::*;

const PASSWORD: &str = "корова в луже 7";

fn now() -> DateTime<Utc> {
    "2026-11-20T05:00:00Z".parse().unwrap()
}

/// A door, and the token of the father of school 10.
async fn gate(pool: &PgPool) -> (Gate, Token) {
    let phc = hash_now(PASSWORD, &[3; 16]).unwrap();
    sqlx::query!(
        "insert into account (id, person_id, login, password_hash, created_at, password_changed_at, language, theme)
         values (32, 32, 'papa', $1, $2, $2, 'en', 'dark')",
        phc,
        now(),
    )
    .execute(pool)
    .await
    .unwrap();
    let store = Store::connect((*pool.connect_options()).clone(), 2)
        .await
        .unwrap();
    let door = Door::new(store).unwrap();
    let entrance = Entrance {
        door: door.clone(),
        place: Place::default(),
        device: "Firefox, Linux".to_owned(),
        token: None,
        who: None,
        now: now(),
        lang: Lang::Ru,
    };
    let opened = sign_in(&entrance, "papa", PASSWORD.to_owned(), false)
        .await
        .unwrap();
    let proxies = [IpAddr::V4(Ipv4Addr::LOCALHOST)];
    (
        Gate::new(door, "https://parta.example/", &proxies).with_clock(now),
        opened.token,
    )
}

async fn tell(Extension(visit): Extension<Visit>, Extension(entrance): Extension<Entrance>) -> String {
    let who = entrance
        .who
        .map_or("nobody".to_owned(), |w| w.facts.login.clone());
    let role = visit
        .actor
        .map_or("none".to_owned(), |a| format!("{}@{}", a.person, a.school));
    format!(
        "{who} {role} {} {} {}",
        visit.lang.code(),
        visit.theme.as_deref().unwrap_or("-"),
        visit.device
    )
}

fn router(gate: Gate) -> Router {
    Router::new()
        .route("/", get(tell))
        .route("/api/act", post(tell))
        .layer(middleware::from_fn_with_state(gate, find))
}

async fn ask(router: &Router, method: &str, headers: &[(&str, &str)]) -> (StatusCode, String, HeaderMap) {
    let path = if method == "GET" { "/" } else { "/api/act" };
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 10_000).await.unwrap();
    (
        parts.status,
        String::from_utf8(bytes.to_vec()).unwrap(),
        parts.headers,
    )
}

#[sqlx::test(
    migrations = "../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_cookie_becomes_a_visit_and_rubbish_becomes_nobody(pool: PgPool) {
    let (gate, token) = gate(&pool).await;
    let router = router(gate);
    let cookie = format!("a=b; __Host-parta={}", token.text());
    let chrome = "Mozilla/5.0 (Linux; Android 14) Chrome/140 Mobile";
    let (status, said, headers) = ask(&router, "GET", &[("cookie", &cookie), ("user-agent", chrome)]).await;
    assert_eq!(
        (status, said.as_str()),
        (StatusCode::OK, "papa 32@10 en dark Chrome, Android")
    );
    assert_eq!(headers[header::CACHE_CONTROL], "private, no-store");

    // the cookie's language and theme are above the account's
    let cookie = format!("{cookie}; lang=ru; theme=system");
    assert_eq!(
        ask(&router, "GET", &[("cookie", &cookie)]).await.1,
        "papa 32@10 ru - ?"
    );
    assert_eq!(
        ask(&router, "GET", &[("accept-language", "en")]).await.1,
        "nobody none en - ?"
    );
    let stranger = format!("__Host-parta={}", "0".repeat(64));
    for bad in [
        stranger.as_str(),
        "__Host-parta=",
        "__Host-parta=<script>",
        "lang=xx; theme=<b>",
        ";;=;",
    ] {
        assert_eq!(
            ask(&router, "GET", &[("cookie", bad)]).await.1,
            "nobody none ru - ?",
            "{bad}"
        );
    }
    // two cookie lines are one cookie header
    let own = format!("__Host-parta={}", token.text());
    assert!(
        ask(&router, "GET", &[("cookie", "x=1"), ("cookie", &own)])
            .await
            .1
            .starts_with("papa")
    );

    sqlx::query!("update session set revoked_at = now()")
        .execute(&pool)
        .await
        .unwrap();
    assert!(
        ask(&router, "GET", &[("cookie", &own)])
            .await
            .1
            .starts_with("nobody")
    );
}

#[sqlx::test(
    migrations = "../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn changes_are_taken_from_our_own_pages_only(pool: PgPool) {
    let (gate, token) = gate(&pool).await;
    let router = router(gate);
    let cookie = format!("__Host-parta={}", token.text());
    let signed_in = |more: &[(&'static str, &'static str)]| {
        let mut headers = vec![("cookie", cookie.clone())];
        headers.extend(more.iter().map(|(n, v)| (*n, (*v).to_owned())));
        let router = router.clone();
        async move {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
            ask(&router, "POST", &headers).await.0
        }
    };
    for ours in [
        &[("sec-fetch-site", "same-origin")][..],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://parta.example")],
        &[("origin", "http://localhost:3000"), ("host", "localhost:3000")],
    ] {
        assert_eq!(signed_in(ours).await, StatusCode::OK, "{ours:?}");
    }
    for foreign in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        // what says more is believed more
        &[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://parta.example"),
        ],
        &[("origin", "https://evil.example"), ("host", "parta.example")],
        &[("origin", "https://parta.example.evil.example")],
        &[("origin", "null")],
        &[("origin", "http://parta.example:444"), ("host", "parta.example")],
        &[],
    ] {
        assert_eq!(signed_in(foreign).await, StatusCode::FORBIDDEN, "{foreign:?}");
    }
    // nobody's script may knock, nobody's browser from elsewhere may not (a sign-in that one did not ask for)
    assert_eq!(ask(&router, "POST", &[]).await.0, StatusCode::OK);
    let (status, body, _) = ask(&router, "POST", &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(
        serde_json::from_str::<AppError>(&body).unwrap(),
        AppError::Forbidden
    );
    // reading is not changing
    assert_eq!(
        ask(&router, "GET", &[("sec-fetch-site", "cross-site")]).await.0,
        StatusCode::OK
    );
}

#[sqlx::test(
    migrations = "../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_database_that_is_away_is_said_not_taken_for_nobody(pool: PgPool) {
    let (gate, token) = gate(&pool).await;
    gate.door().store.pool().close().await;
    let router = router(gate);
    let cookie = format!("__Host-parta={}", token.text());
    assert_eq!(
        ask(&router, "GET", &[("cookie", &cookie)]).await.0,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(ask(&router, "GET", &[]).await.0, StatusCode::OK);
}

#[test]
fn only_trusted_proxies_are_believed() {
    let ip = |s: &str| s.parse::<IpAddr>().unwrap();
    let with = |peer: &str, forwarded: &[&str], proxies: &[&str]| {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
        }
        let proxies: Vec<_> = proxies.iter().map(|p| ip(p)).collect();
        client(ip(peer), &headers, &proxies)
    };
    assert_eq!(
        with("203.0.113.5", &["10.9.9.9"], &["127.0.0.1"]),
        ip("203.0.113.5")
    );
    assert_eq!(
        with("127.0.0.1", &["203.0.113.5"], &["127.0.0.1"]),
        ip("203.0.113.5")
    );
    // what the client itself wrote stands further left and is not reached
    assert_eq!(
        with("127.0.0.1", &["6.6.6.6, 203.0.113.5"], &["127.0.0.1"]),
        ip("203.0.113.5")
    );
    assert_eq!(
        with(
            "127.0.0.1",
            &["6.6.6.6", "203.0.113.5, 10.0.0.2"],
            &["127.0.0.1", "10.0.0.2"]
        ),
        ip("203.0.113.5")
    );
    assert_eq!(with("127.0.0.1", &["nonsense"], &["127.0.0.1"]), ip("127.0.0.1"));
    assert_eq!(with("127.0.0.1", &[], &["127.0.0.1"]), ip("127.0.0.1"));
    assert_eq!(
        with("::ffff:127.0.0.1", &["203.0.113.5"], &["127.0.0.1"]),
        ip("203.0.113.5")
    );
}
