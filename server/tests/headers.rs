//! What every answer carries (OWASP ASVS 3.3, 3.4, 14.3.2), over every page, every server function and some files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

#[path = "support/app.rs"]
mod support;

use access_core::auth::hash_now;
use axum::body::Body;
use axum::http::{Method, header};
use sqlx::{AssertSqlSafe, Executor as _};
use support::{Answer, Call, TestApp, Who, request};

/// Answers of every kind: pages for somebody and nobody, functions, files, errors.
async fn answers(app: &TestApp) -> Vec<(String, Answer)> {
    let mut paths: Vec<String> = leptos_axum::generate_route_list(app::App)
        .iter()
        .map(|listing| listing.path().to_owned())
        .collect();
    paths.extend(
        [
            "/no/such/page",
            "/api/no/such",
            "/pkg/none.js",
            "/health",
            "/ready",
        ]
        .map(str::to_owned),
    );
    paths.extend(server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()));
    let mut answers = Vec::new();
    for path in paths {
        for who in [Who::Nobody, Who::Deputy, Who::Mother] {
            answers.push((format!("{path} {who:?}"), app.open(who, &path).await));
        }
    }
    assert!(answers.len() > 50);
    answers
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let app = TestApp::new().await;
    for (what, answer) in answers(&app).await {
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
        let hsts = answer.header("strict-transport-security");
        assert!(
            hsts.contains("max-age=63072000") && hsts.contains("includeSubDomains"),
            "{what}: {hsts}"
        );
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{what}");
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{what}"
        );
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            "same-origin",
            "{what}"
        );
        assert!(!answer.header("x-request-id").is_empty(), "{what}");
        assert!(
            !answer.headers.contains_key("server") && !answer.headers.contains_key("x-powered-by"),
            "{what}"
        );
        let policy = answer.header("content-security-policy");
        for part in ["default-src", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{what}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("unsafe-eval'")
                || policy.contains("'wasm-unsafe-eval'"),
            "{what}: {policy}"
        );
        assert!(
            !policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"),
            "{what}: {policy}"
        );
        if !what.starts_with("/health") && !what.starts_with("/ready") {
            let cache = answer.header("cache-control");
            assert!(
                cache.contains("no-store") || cache.contains("no-cache"),
                "{what}: {cache}"
            );
        }
        assert_eq!(
            answer
                .headers
                .get_all(header::CONTENT_SECURITY_POLICY)
                .iter()
                .count(),
            1,
            "{what}"
        );
    }
    app.end().await;
}

#[tokio::test]
async fn every_script_of_a_page_carries_a_nonce_of_its_own() {
    let app = TestApp::new().await;
    let mut seen = std::collections::HashSet::new();
    for (path, who) in [
        ("/sign-in", Who::Nobody),
        ("/sign-in", Who::Nobody),
        ("/account", Who::Mother),
        ("/diary", Who::Mother),
    ] {
        let page = app.open(who, path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        let policy = page.header("content-security-policy");
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .and_then(|rest| rest.split('\'').next())
            .unwrap_or_else(|| panic!("{path} has no nonce: {policy}"))
            .to_owned();
        assert!(nonce.len() >= 16, "{nonce}");
        assert!(policy.contains("object-src 'none'"), "{policy}");
        for script in page.text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(
                tag.contains(&format!("nonce=\"{nonce}\"")),
                "{path}: <script{tag}>"
            );
        }
        assert!(
            !page.text.contains(" onclick=") && !page.text.contains("javascript:"),
            "{path}"
        );
        assert!(seen.insert(nonce), "{path}: a nonce was used twice");
    }
    app.end().await;
}

/// Signs the teacher in with a real password; `accept` says whether a script or a plain form asks.
async fn sign_in(app: &TestApp, form: &str, accept: &str) -> Answer {
    let request = request(Who::Nobody, Method::POST, "/api/access/sign_in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, accept)
        .header("sec-fetch-site", "same-origin");
    app.send(request.body(Body::from(form.to_owned())).unwrap()).await
}

async fn with_password() -> TestApp {
    let app = TestApp::new().await;
    let hash = hash_now("a long sentence", &[3; 16]).unwrap();
    let sql = AssertSqlSafe(format!(
        "update account set password_hash = '{hash}' where login = 'teacher'"
    ));
    app.database.pool.execute(sql).await.unwrap();
    app
}

#[tokio::test]
async fn a_sign_in_sets_strict_cookies_and_a_new_token_each_time() {
    let app = with_password().await;
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let answer = sign_in(&app, "login=teacher&password=a+long+sentence", "application/json").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let cookies: Vec<_> = answer
            .headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect();
        assert!(!cookies.is_empty());
        for cookie in &cookies {
            assert!(cookie.starts_with("__Host-"), "{cookie}");
            for part in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
                assert!(cookie.split("; ").any(|p| p == part), "{cookie}: {part}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
        let session = cookies.iter().find(|c| c.starts_with("__Host-parta=")).unwrap();
        tokens.push(session.split(['=', ';']).nth(1).unwrap().to_owned());
    }
    assert_ne!(tokens[0], tokens[1]);
    assert!(tokens.iter().all(|token| token.len() == 64), "256 bits");
    // the cookie opens what it should, and is dead after signing out
    for (act, status) in [
        (Call::Get(""), 200_u16),
        (Call::Form(""), 200),
        (Call::Get(""), 401),
    ] {
        let (method, path) = match act {
            Call::Get(_) => (Method::GET, "/api/access/devices"),
            Call::Form(_) | Call::Json(_) => (Method::POST, "/api/access/sign_out"),
        };
        let request = request(Who::Nobody, method, path)
            .header(header::COOKIE, format!("__Host-parta={}", tokens[0]))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
        if path.ends_with("sign_out") {
            assert!(
                answer.header("clear-site-data").contains("storage"),
                "{:?}",
                answer.headers
            );
        }
    }
    app.end().await;
}

#[tokio::test]
async fn nobody_is_sent_to_a_foreign_site_after_signing_in() {
    let app = with_password().await;
    for (wanted, gets) in [
        ("/journal", "/journal"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/%09/evil.example", "/%09/evil.example"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-in", "/"),
    ] {
        let encoded: String = wanted.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let form = format!("login=teacher&password=a+long+sentence&return_to={encoded}");
        let script = sign_in(&app, &form, "application/json").await;
        assert_eq!(script.text, format!("\"{gets}\""), "{wanted}");
        let plain = sign_in(&app, &form, "text/html").await;
        assert_eq!(
            (plain.status.as_u16(), plain.header("location")),
            (302, gets),
            "{wanted}"
        );
        let failed = sign_in(&app, &form.replace("sentence", "x"), "text/html").await;
        let to = failed.header("location");
        assert!(to.starts_with("/sign-in?"), "{wanted}: {to}");
        let page = app
            .open(Who::Nobody, &format!("/sign-in?return_to={encoded}"))
            .await;
        assert!(
            !page.text.contains("href=\"https://evil") && !page.text.contains("href=\"//evil"),
            "{wanted}"
        );
    }
    app.end().await;
}

/// An unknown login and a wrong password are one answer.
#[tokio::test]
async fn a_stranger_learns_nothing_about_logins() {
    let app = with_password().await;
    let wrong = sign_in(&app, "login=teacher&password=wrong+one", "application/json").await;
    let unknown = sign_in(&app, "login=nobody-at-all&password=wrong+one", "application/json").await;
    assert_eq!(wrong.status, 422);
    assert_eq!((wrong.status, &wrong.text), (unknown.status, &unknown.text));
    let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&wrong), names(&unknown));
    app.end().await;
}

/// «Чужой компьютер»: page and answers say so, and by this the service worker and the storages keep nothing.
#[tokio::test]
async fn on_somebody_elses_computer_every_answer_forbids_to_keep_it() {
    let app = TestApp::new().await;
    let says = async |path: &str| {
        let answer = if path.starts_with("/api/") {
            app.call(Who::Mother, path, Call::Get("")).await
        } else {
            app.open(Who::Mother, path).await
        };
        assert!(answer.status.is_success(), "{path}: {}", answer.status);
        (
            answer.headers.contains_key("x-parta-shared"),
            answer.text.contains("data-shared"),
        )
    };
    for path in ["/diary", "/account"] {
        assert_eq!(says(path).await, (false, false), "{path}");
    }
    assert_eq!(says("/api/access/me").await, (false, false));
    app.database
        .pool
        .execute("update session set idle_seconds = 1800 where account_id = 5")
        .await
        .unwrap();
    for path in ["/diary", "/account"] {
        assert_eq!(says(path).await, (true, true), "{path}");
    }
    assert_eq!(says("/api/access/me").await, (true, false));
    app.end().await;
}
