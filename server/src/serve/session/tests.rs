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

/// The server functions behind the middleware, as the application mounts them.
fn forms(gate: Gate) -> Router {
    // the functions register themselves wherever their crate is linked
    let _ = app::App;
    Router::new()
        .route("/api/{*path}", axum::routing::any(leptos_axum::handle_server_fns))
        .layer(middleware::from_fn_with_state(gate, find))
}

struct Answer {
    status: StatusCode,
    location: Option<String>,
    cookies: Vec<String>,
    headers: HeaderMap,
    body: String,
}

async fn post_form(router: &Router, path: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder()
        .method("POST")
        .uri(format!("/api/access/{path}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router
        .clone()
        .oneshot(request.body(Body::from(form.to_owned())).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 100_000).await.unwrap();
    let text = |v: &HeaderValue| v.to_str().unwrap().to_owned();
    Answer {
        status: parts.status,
        location: parts.headers.get(header::LOCATION).map(text),
        cookies: parts
            .headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(text)
            .collect(),
        headers: parts.headers,
        body: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml");
const JSON: (&str, &str) = ("accept", "application/json");
/// «корова в луже 7», url-encoded.
const ENCODED: &str = "%D0%BA%D0%BE%D1%80%D0%BE%D0%B2%D0%B0+%D0%B2+%D0%BB%D1%83%D0%B6%D0%B5+7";

#[sqlx::test(
    migrations = "../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_plain_form_signs_in_and_a_script_does_too(pool: PgPool) {
    let (gate, _) = gate(&pool).await;
    let router = forms(gate);
    let good = format!("login=PAPA&password={ENCODED}&return_to=%2Fdiary%2F1002");
    let plain = post_form(&router, "sign_in", &good, &[HTML]).await;
    assert_eq!(
        (plain.status, plain.location.as_deref()),
        (StatusCode::FOUND, Some("/diary/1002"))
    );
    let session = plain
        .cookies
        .iter()
        .find(|c| c.starts_with("__Host-parta="))
        .unwrap();
    assert!(
        session.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=15552000"),
        "{session}"
    );
    assert!(
        plain
            .cookies
            .iter()
            .any(|c| c.starts_with("__Host-parta-device="))
    );
    assert_eq!(plain.headers[header::CACHE_CONTROL], "private, no-store");

    let script = post_form(&router, "sign_in", &good, &[JSON]).await;
    assert_eq!(
        (script.status, script.location, script.body.as_str()),
        (StatusCode::OK, None, "\"/diary/1002\"")
    );
    // on somebody else's computer both cookies stay away or die with the browser
    let shared = post_form(&router, "sign_in", &format!("{good}&shared=1"), &[HTML]).await;
    assert_eq!(shared.cookies.len(), 1);
    assert!(
        shared.cookies[0].ends_with("SameSite=Lax"),
        "{:?}",
        shared.cookies
    );

    for away in [
        "%2F%2Fevil.example",
        "https%3A%2F%2Fevil.example",
        "%2F%5Cevil.example",
        "javascript%3Aalert(1)",
    ] {
        let form = format!("login=papa&password={ENCODED}&return_to={away}");
        assert_eq!(
            post_form(&router, "sign_in", &form, &[HTML])
                .await
                .location
                .as_deref(),
            Some("/"),
            "{away}"
        );
    }

    let wrong = "login=papa&password=nope-nope&return_to=%2Fdiary";
    let plain = post_form(
        &router,
        "sign_in",
        wrong,
        &[HTML, ("referer", "https://parta.example/sign-in")],
    )
    .await;
    let back = plain.location.as_deref();
    assert_eq!(
        (plain.status, back),
        (StatusCode::FOUND, Some("/sign-in?problem=wrong&return_to=/diary"))
    );
    assert!(plain.cookies.is_empty());
    let script = post_form(&router, "sign_in", wrong, &[JSON]).await;
    assert_eq!(script.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        matches!(serde_json::from_str(&script.body), Ok(AppError::Invalid { .. })),
        "{}",
        script.body
    );
    assert!(script.cookies.is_empty());
    // unknown and known logins answer alike, to the byte
    let unknown = post_form(&router, "sign_in", "login=nobody&password=nope-nope", &[JSON]).await;
    assert_eq!((unknown.status, unknown.body), (script.status, script.body));
}

#[sqlx::test(
    migrations = "../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn signing_out_kills_the_session_and_cleans_the_browser(pool: PgPool) {
    let (gate, token) = gate(&pool).await;
    let router = forms(gate);
    let cookie = format!("__Host-parta={}", token.text());
    let out = post_form(&router, "sign_out", "", &[HTML, ("cookie", &cookie)]).await;
    assert_eq!(
        (out.status, out.location.as_deref()),
        (StatusCode::FOUND, Some("/sign-in"))
    );
    assert_eq!(out.headers["clear-site-data"], "\"cache\", \"storage\"");
    assert_eq!(
        out.cookies,
        ["__Host-parta=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"]
    );
    let left = sqlx::query_scalar!(r#"select count(*) as "n!" from session where revoked_at is null"#)
        .fetch_one(&pool)
        .await;
    assert_eq!(left.unwrap(), 0);
    // nobody may do nothing of one's own
    for (path, form) in [
        ("revoke_others", ""),
        ("revoke_device", "session=00000000-0000-0000-0000-000000000000"),
        ("switch_position", "position=guardian%3A10"),
        ("change_password", "old=a&new=b"),
    ] {
        let refused = post_form(&router, path, form, &[JSON, ("cookie", &cookie)]).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[sqlx::test(
    migrations = "../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn language_theme_and_position_are_plain_forms(pool: PgPool) {
    let (gate, token) = gate(&pool).await;
    let router = forms(gate);
    let cookie = format!("__Host-parta={}", token.text());
    let page = ("referer", "https://parta.example/sign-in?return_to=/diary");
    let nobody = post_form(&router, "set_language", "lang=en", &[HTML, page]).await;
    assert_eq!(nobody.status, StatusCode::FOUND);
    assert!(
        nobody
            .location
            .is_some_and(|l| l.starts_with("https://parta.example/sign-in?return_to="))
    );
    assert_eq!(
        nobody.cookies,
        ["lang=en; Path=/; SameSite=Lax; Max-Age=31536000"]
    );
    let evil = post_form(&router, "set_theme", "theme=%3Bx", &[JSON]).await;
    assert_eq!((evil.status, evil.cookies.len()), (StatusCode::NOT_FOUND, 0));
    post_form(
        &router,
        "set_theme",
        "theme=light",
        &[HTML, page, ("cookie", &cookie)],
    )
    .await;
    let theme = sqlx::query_scalar!("select theme from account where id = 32")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(theme.as_deref(), Some("light"));

    let mine = post_form(
        &router,
        "switch_position",
        "position=guardian%3A10%2F1002",
        &[HTML, ("cookie", &cookie)],
    )
    .await;
    assert_eq!(
        (mine.status, mine.location.as_deref()),
        (StatusCode::FOUND, Some("/"))
    );
    for foreign in [
        "staff%3A10%3A1",
        "guardian%3A20",
        "guardian%3A10%2F1001",
        "rubbish",
    ] {
        let form = format!("position={foreign}");
        let refused = post_form(&router, "switch_position", &form, &[JSON, ("cookie", &cookie)]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{foreign}");
    }
    let active = sqlx::query_scalar!("select active_position from session where revoked_at is null")
        .fetch_one(&pool)
        .await;
    assert_eq!(active.unwrap().as_deref(), Some("guardian:10/1002"));
}
