//! What people and programs send that they should not: too much, broken, from elsewhere, about things that do not exist.
//! The answer says so, is no fault of ours, and nothing was changed.
//!
//! The loops go over all server functions and all pages, so that a new one is tried without being named here.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

#[path = "support/app.rs"]
mod support;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{Method, header};
use support::{Call, ORIGIN, TestApp, Who, request};

/// Every server function.
fn functions() -> Vec<(&'static str, Method)> {
    let _ = app::App;
    let mut found: Vec<_> = server_fn::axum::server_fn_paths().collect();
    found.sort_by_key(|(path, _)| *path);
    assert!(found.len() > 10, "{found:?}");
    found
}

/// A body that never ends and tells how much of it was read.
struct Endless(Arc<AtomicUsize>);

impl futures_core::Stream for Endless {
    type Item = Result<Bytes, std::io::Error>;
    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = vec![b'a'; 64 * 1024];
        self.0.fetch_add(piece.len(), Ordering::Relaxed);
        Poll::Ready(Some(Ok(piece.into())))
    }
}

#[tokio::test]
async fn a_hundred_megabytes_are_refused_unread() {
    let app = TestApp::new().await;
    for (path, method) in functions() {
        if method != Method::POST {
            continue;
        }
        let announced = request(Who::Deputy, Method::POST, path)
            .header(header::CONTENT_LENGTH, "104857600")
            .header(header::CONTENT_TYPE, "application/json")
            .header("sec-fetch-site", "same-origin");
        let read = Arc::new(AtomicUsize::new(0));
        let body = Body::from_stream(Endless(Arc::clone(&read)));
        let answer = app.send(announced.body(body).unwrap()).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.kind()),
            (413, "too_large"),
            "{path}"
        );
        assert_eq!(read.load(Ordering::Relaxed), 0, "{path} reads what it refuses");

        let chunked = request(Who::Deputy, Method::POST, path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("sec-fetch-site", "same-origin");
        let read = Arc::new(AtomicUsize::new(0));
        let body = Body::from_stream(Endless(Arc::clone(&read)));
        let answer = app.send(chunked.body(body).unwrap()).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.kind()),
            (413, "too_large"),
            "{path} in pieces"
        );
        assert!(
            read.load(Ordering::Relaxed) < 32 * 1024 * 1024,
            "{path} reads on and on"
        );
    }
    app.end().await;
}

#[tokio::test]
async fn broken_bodies_are_told_and_change_nothing() {
    let app = TestApp::new().await;
    let before = app.print().await;
    let deep = "[".repeat(100_000);
    let bodies: &[(&str, &[u8])] = &[
        ("application/json", b""),
        ("application/json", b"{"),
        ("application/json", b"null"),
        ("application/json", b"[]"),
        ("application/json", b"{\"a\":1e999}"),
        ("application/json", b"\xff\xfe\x00"),
        ("application/json", deep.as_bytes()),
        ("text/xml", b"<?xml version=\"1.0\"?><a/>"),
        ("application/x-www-form-urlencoded", b"%"),
        ("application/x-www-form-urlencoded", b"a[b][c][d][e][f][g]=1&a=2"),
        ("application/x-www-form-urlencoded", b"\xff=\xff"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("multipart/form-data", b""),
        ("", b"?"),
    ];
    for (path, method) in functions() {
        if method != Method::POST || OF_NOTHING.contains(&path) {
            continue;
        }
        for who in [Who::Deputy, Who::Teacher, Who::Mother] {
            for (kind, body) in bodies {
                let request = request(who, Method::POST, path)
                    .header(header::CONTENT_TYPE, *kind)
                    .header(header::ACCEPT, "application/json")
                    .header("sec-fetch-site", "same-origin");
                let answer = app.send(request.body(Body::from(body.to_vec())).unwrap()).await;
                let said = format!(
                    "{path} {who:?} {kind} {:?}: {} {}",
                    String::from_utf8_lossy(body).chars().take(40).collect::<String>(),
                    answer.status,
                    answer.text
                );
                assert!(answer.status.is_client_error(), "{said}");
                assert!(!answer.kind().is_empty(), "{said}");
            }
        }
    }
    assert_eq!(app.print().await, before);
    app.end().await;
}

/// Functions that take no arguments: whatever the body says, they do their one thing.
const OF_NOTHING: &[&str] = &[
    "/api/access/sign_out",
    "/api/access/revoke_others",
    "/api/notice/forget_email",
];

#[tokio::test]
async fn a_foreign_page_changes_nothing() {
    let app = TestApp::new().await;
    let before = app.print().await;
    let signs: &[&[(&str, &str)]] = &[
        &[("sec-fetch-site", "cross-site"), ("origin", ORIGIN)],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "https://parta.test.evil.example")],
        &[("origin", "null")],
        &[],
    ];
    for (path, _) in functions() {
        for who in [Who::Deputy, Who::Mother] {
            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                for sign in signs {
                    let mut request = request(who, method.clone(), path)
                        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                    for (name, value) in *sign {
                        request = request.header(*name, *value);
                    }
                    let body = Body::from("lang=en&theme=dark&position=guardian:20");
                    let answer = app.send(request.body(body).unwrap()).await;
                    assert_eq!(
                        (answer.status.as_u16(), &*answer.kind()),
                        (403, "forbidden"),
                        "{method} {path} {sign:?}"
                    );
                    assert!(!answer.headers.contains_key(header::SET_COOKIE), "{path}");
                }
            }
        }
    }
    assert_eq!(app.print().await, before);
    let sessions = app
        .count("select count(*) from session where revoked_at is null")
        .await;
    assert_eq!(sessions, 10, "nobody was signed out");
    app.end().await;
}

/// Entity bombs, foreign files and nonsense in the place of a FET file: refused in words, nothing is written.
#[tokio::test]
async fn a_hostile_file_is_refused_in_words() {
    let app = TestApp::new().await;
    let before = app.print().await;
    let laughs: String = (1..10)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let files = [
        String::new(),
        "no XML at all".to_owned(),
        "\0".repeat(100),
        format!("<?xml version=\"1.0\"?><!DOCTYPE fet [<!ENTITY l0 \"ha\">{laughs}]><fet>&l9;</fet>"),
        "<!DOCTYPE fet [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><fet version=\"6\"><Comments>&x;</Comments></fet>".to_owned(),
        "<!DOCTYPE fet SYSTEM \"http://127.0.0.1:1/evil.dtd\"><fet version=\"6\"/>".to_owned(),
        "<a>".repeat(200_000),
        format!("<fet version=\"6\"><a {}></a></fet>", "b=\"c\" ".repeat(100_000)),
        "<fet version=\"6\"><Days_List><Number_of_Days>99999999999</Number_of_Days></Days_List></fet>".to_owned(),
    ];
    for path in ["/api/import/preview_fet", "/api/import/fet"] {
        for file in &files {
            let request = request(Who::Deputy, Method::POST, path)
                .header(header::CONTENT_TYPE, "application/json")
                .header("sec-fetch-site", "same-origin");
            let body = serde_json::json!({ "file": file }).to_string();
            let answer = app.send(request.body(Body::from(body)).unwrap()).await;
            let said = format!("{path} {:.60}: {} {:.300}", file, answer.status, answer.text);
            assert_eq!(
                (answer.status.as_u16(), &*answer.kind()),
                (422, "invalid"),
                "{said}"
            );
            assert!(
                answer.text.len() < 10_000 && !answer.text.contains("root:"),
                "{said}"
            );
        }
    }
    assert_eq!(app.print().await, before);
    app.end().await;
}

/// A real school's file may be larger than an ordinary call: it is read, up to a limit of its own.
#[tokio::test]
async fn a_file_of_several_megabytes_is_read() {
    let app = TestApp::new().await;
    let request = request(Who::Deputy, Method::POST, "/api/import/preview_fet")
        .header(header::CONTENT_TYPE, "application/json")
        .header("sec-fetch-site", "same-origin");
    let file = format!("<fet version=\"6\">{}</wrong>", "\n".repeat(5 << 20));
    let body = serde_json::json!({ "file": file }).to_string();
    let answer = app.send(request.body(Body::from(body)).unwrap()).await;
    // the reader has come to the last line
    assert!(
        answer.text.contains("5242881"),
        "{} {:.300}",
        answer.status,
        answer.text
    );
    app.end().await;
}

/// Who could not import a file anyway makes the server hold no more of one than of any other call.
#[tokio::test]
async fn only_who_may_import_makes_the_server_hold_a_file() {
    let app = TestApp::new().await;
    let before = app.print().await;
    let ordinary = usize::try_from(server::serve::site::BODY_LIMIT).unwrap();
    for path in [
        "/api/import/preview_fet",
        "/api/import/fet",
        "/api/import/no_such",
        "/api/roll/preview",
        "/api/roll/import",
    ] {
        for who in [Who::Nobody, Who::Newcomer, Who::Teacher, Who::Mother] {
            let call = || {
                request(who, Method::POST, path)
                    .header(header::CONTENT_TYPE, "application/json")
                    .header("sec-fetch-site", "same-origin")
            };
            let read = Arc::new(AtomicUsize::new(0));
            let body = Body::from_stream(Endless(Arc::clone(&read)));
            let answer = app.send(call().body(body).unwrap()).await;
            let kind = answer.kind();
            assert_eq!(
                (answer.status.as_u16(), &*kind),
                (413, "too_large"),
                "{path} {who:?}"
            );
            let held = read.load(Ordering::Relaxed);
            assert!(held <= ordinary + 128 * 1024, "{path} {who:?} holds {held}");

            let read = Arc::new(AtomicUsize::new(0));
            let body = Body::from_stream(Endless(Arc::clone(&read)));
            let announced = call().header(header::CONTENT_LENGTH, (ordinary + 1).to_string());
            let answer = app.send(announced.body(body).unwrap()).await;
            assert_eq!(answer.status, 413, "{path} {who:?} announced");
            assert_eq!(read.load(Ordering::Relaxed), 0, "{path} {who:?} announced");
        }
    }
    assert_eq!(app.print().await, before);
    app.end().await;
}

/// A function that changes something is no GET: a link in a letter must not do it.
#[tokio::test]
async fn reading_changes_nothing() {
    let app = TestApp::new().await;
    let before = app.print().await;
    for (path, method) in functions() {
        for who in [Who::Deputy, Who::Teacher, Who::Mother, Who::Administrator] {
            let answer = app
                .call(
                    who,
                    path,
                    Call::Get("lang=en&theme=dark&position=guardian:20&pupil=1001&load=500"),
                )
                .await;
            assert!(
                !answer.status.is_server_error(),
                "{path}: {} {}",
                answer.status,
                answer.text
            );
            if method == Method::POST {
                assert!(answer.status.is_client_error(), "GET {path}: {}", answer.status);
            }
        }
    }
    assert_eq!(app.print().await, before);
    app.end().await;
}

/// Routes with a parameter, filled with what nobody has.
fn strange_paths() -> Vec<String> {
    let strange = [
        "-1",
        "0",
        "9223372036854775807",
        "-9223372036854775808",
        "99999999999999999999",
        "1e3",
        "0x10",
        "%00",
        "%FF",
        "..%2F..%2Fetc%2Fpasswd",
        "%D0%B0",
        "<script>alert(1)<%2Fscript>",
        "'%20or%201=1--",
        "2026-13-45",
        "99999-01-01",
    ];
    let mut paths = Vec::new();
    for listing in leptos_axum::generate_route_list(app::App) {
        let pattern = listing.path().to_owned();
        for value in strange {
            let path: Vec<String> = pattern
                .split('/')
                .map(|part| {
                    if part.starts_with([':', '{', '*']) {
                        value.to_owned()
                    } else {
                        part.to_owned()
                    }
                })
                .collect();
            paths.push(path.join("/"));
        }
        paths.push(format!("{pattern}?{}", "a=b&".repeat(5_000)));
        paths.push(format!("{pattern}?return_to=%00&pupil=-1&date=nonsense&week=%FF"));
    }
    paths.sort();
    paths.dedup();
    paths
}

#[tokio::test]
async fn strange_addresses_are_no_fault() {
    let app = TestApp::new().await;
    let before = app.print().await;
    let mut wrong = Vec::new();
    let more = [
        "/%00",
        "/no/such/page",
        "/api/no/such",
        "/api/",
        "//evil.example",
        "/pkg/..%2f..%2fetc%2fpasswd",
        "/.git/config",
        "/.env",
    ];
    for path in strange_paths().into_iter().chain(more.map(str::to_owned)) {
        for who in [Who::Nobody, Who::Deputy, Who::Teacher, Who::Mother] {
            let Ok(_) = path.parse::<axum::http::Uri>() else {
                continue;
            };
            let answer = app.open(who, &path).await;
            if answer.status.is_server_error() {
                wrong.push(format!("{path} {who:?}: {}", answer.status));
            }
            if answer.text.contains("<script>alert(1)") {
                wrong.push(format!("{path} {who:?}: comes back as it was sent"));
            }
            for words in [
                "invalid input syntax",
                "out of range for type",
                "sqlx",
                "panicked",
            ] {
                if answer.text.contains(words) {
                    wrong.push(format!("{path} {who:?}: says {words}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(app.print().await, before);
    app.end().await;
}

#[tokio::test]
async fn strange_cookies_and_headers_are_nobody() {
    let app = TestApp::new().await;
    let long = "a".repeat(8_000);
    let foreign = format!("__Host-parta={}", "ff".repeat(32));
    for cookie in [
        "__Host-parta=",
        "__Host-parta=' or 1=1",
        &foreign,
        &long,
        "lang=xx; theme=<script>; __Host-parta-device=zz",
        "__Host-parta=0202; __Host-parta=0303",
    ] {
        let request = request(Who::Nobody, Method::GET, "/api/access/devices")
            .header(header::COOKIE, cookie)
            .header("x-forwarded-for", "nonsense, 1.2.3.4.5")
            .header(header::ACCEPT_LANGUAGE, "\u{7f}".replace('\u{7f}', ";;;q=,,,"))
            .header(header::USER_AGENT, &long);
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.kind()),
            (401, "sign_in"),
            "{cookie}"
        );
    }
    app.end().await;
}

/// The session ended while somebody was typing: the answer says so and nothing else, for each way of ending.
#[tokio::test]
async fn an_ended_session_is_an_invitation_to_sign_in() {
    for end in [
        "update session set expires_at = '2026-11-17 08:59Z' where id::text like '%2'",
        "update session set last_seen_at = '2026-11-01 08:59Z' where id::text like '%2'",
        "update session set revoked_at = '2026-11-17 08:59Z' where id::text like '%2'",
        "update account set disabled_at = '2026-11-17 08:59Z' where id = 2",
    ] {
        let app = TestApp::new().await;
        assert_eq!(
            app.call(Who::Teacher, "access/devices", Call::Get(""))
                .await
                .status,
            200
        );
        sqlx::Executor::execute(&app.database.pool, end).await.unwrap();
        let answer = app.call(Who::Teacher, "access/devices", Call::Get("")).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.kind()),
            (401, "sign_in"),
            "{end}"
        );
        let page = app.open(Who::Teacher, "/account").await;
        assert_eq!(page.status, 302, "{end}");
        assert_eq!(page.header("location"), "/sign-in?return_to=/account", "{end}");
        app.end().await;
    }
}
