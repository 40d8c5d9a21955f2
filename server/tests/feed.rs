//! The address of a family's calendar through the whole router: made in the diary, read without a cookie, dead when revoked.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

#[path = "support/app.rs"]
mod support;

use axum::body::Body;
use axum::http::{Method, Request, header};
use support::Call::Form;
use support::{Answer, TestApp, Who, request};

/// As a calendar program asks: no cookie, no origin, perhaps the tag of what it has.
async fn program(app: &TestApp, path: &str, known: Option<&str>) -> Answer {
    let mut request = Request::builder()
        .uri(path)
        .header(header::HOST, "parta.test")
        .header(header::USER_AGENT, "Google-Calendar-Importer");
    if let Some(known) = known {
        request = request.header(header::IF_NONE_MATCH, known);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_calendar_lives_without_cookies_and_dies_when_it_is_revoked() {
    let app = TestApp::new().await;
    let made = app.call(Who::Mother, "feed/make", Form("pupil=1001")).await;
    let made: serde_json::Value = serde_json::from_str(&made.text).unwrap();
    let path = made["path"].as_str().unwrap();

    let first = program(&app, path, None).await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(first.header("cache-control"), "private, no-cache");
    assert_eq!(first.header("last-modified"), "Tue, 17 Nov 2026 09:00:00 GMT");
    assert_eq!(first.header("set-cookie"), "");
    assert_eq!(first.header("x-robots-tag"), "noindex, nofollow");
    assert!(
        first.text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"),
        "{}",
        first.text
    );
    assert!(first.text.ends_with("END:VCALENDAR\r\n"));
    assert!(first.text.contains("SUMMARY:Математика\r\n"));

    let again = program(&app, path, Some(first.header("etag"))).await;
    assert_eq!((again.status.as_u16(), &*again.text), (304, ""));
    assert_eq!(again.header("etag"), first.header("etag"));
    let stale = program(&app, path, Some("\"0\"")).await;
    assert_eq!(stale.status, 200);

    // the secret is nowhere in what is kept
    let secret = path.strip_prefix("/feed/").unwrap().strip_suffix(".ics").unwrap();
    let kept = app
        .count(&format!(
            "select count(*) from calendar_feed f where f::text like '%{secret}%'"
        ))
        .await;
    let told = app
        .count(&format!(
            "select count(*) from audit_event e where e::text like '%{secret}%'"
        ))
        .await;
    assert_eq!((kept, told), (0, 0));

    let form = format!("feed={}", made["id"].as_str().unwrap());
    let revoke = request(Who::Mother, Method::POST, "/api/feed/revoke")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .header("sec-fetch-site", "same-origin");
    let revoked = app.send(revoke.body(Body::from(form)).unwrap()).await;
    assert_eq!(revoked.status, 200, "{}", revoked.text);
    for path in [path, "/feed/x.ics", "/feed/.ics", &path.replace(".ics", "")] {
        let dead = program(&app, path, Some(first.header("etag"))).await;
        assert_eq!(dead.status, 404, "{path}");
        assert_eq!(dead.header("cache-control"), "private, no-store");
    }
    app.end().await;
}

#[tokio::test]
async fn a_program_that_asks_without_end_is_told_how_long_to_wait() {
    let app = TestApp::new().await;
    let made = app.call(Who::Pupil, "feed/make", Form("pupil=1001")).await;
    let made: serde_json::Value = serde_json::from_str(&made.text).unwrap();
    let path = made["path"].as_str().unwrap();
    for _ in 0..classbook_core::feed::sql::fetch::USES {
        assert_eq!(program(&app, path, None).await.status, 200);
    }
    let refused = program(&app, path, None).await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("retry-after")),
        (429, "600")
    );
    app.end().await;
}
