//! What a parent has seen, through the whole router: on which pages a mark counts as seen, what a page that is only fetched leaves behind, and
//! whose look is whose.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

#[path = "support/app.rs"]
mod support;

use serde_json::Value;
use sqlx::Executor as _;
use support::Call::{Get, Json};
use support::{TestApp, Who};

/// A mark of 1001 that nobody has seen: given on the morning of the seventeenth, when nobody had looked since.
async fn with_a_mark() -> TestApp {
    let app = TestApp::new().await;
    app.database
        .pool
        .execute(
            "delete from mark_look;
             update mark set code = '4', changed_at = '2026-11-17 06:00Z' where school_id = 10 and assignment_id = 800 and pupil_id = 1001",
        )
        .await
        .unwrap();
    app
}

/// Who has seen it, as its teacher is told: guardians, and the pupil.
async fn seen(app: &TestApp) -> (bool, bool) {
    let answer = app
        .call(Who::Teacher, "journal/looked", Get("assignment=800&pupil=1001"))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let all: Vec<Value> = serde_json::from_str(&answer.text).unwrap();
    let by = |pupil: bool| all.iter().any(|l| l["pupil"] == pupil && l["seen"] == true);
    (by(false), by(true))
}

#[tokio::test]
async fn a_page_that_is_only_fetched_has_been_seen_by_nobody() {
    let app = with_a_mark().await;
    let before = app.print().await;
    for (path, tells) in [
        ("/diary", r#"data-seen="1001""#),
        ("/diary/1001/2026-11-16", r#"data-seen="1001""#),
        ("/diary/1001/subjects", r#"data-period="2""#),
        ("/diary/1001/subjects?period=1", r#"data-period="1""#),
        ("/notices", ""),
    ] {
        let page = app.open(Who::Mother, path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(
            page.text.contains(tells),
            "{path} says to its script what it shows"
        );
    }
    assert_eq!(app.print().await, before, "a prefetch, a service worker, a robot");
    // staff are asked for nothing
    let page = app.open(Who::Teacher, "/diary/1001/subjects").await;
    assert!(page.status == 200 && !page.text.contains("data-seen"));
    assert_eq!(seen(&app).await, (false, false));
    app.end().await;
}

#[tokio::test]
async fn a_mark_is_seen_on_each_page_that_shows_it() {
    for (endpoint, body) in [
        ("diary/seen", r#"{"pupil":1001,"shown":"2026-11-17T08:59:00Z"}"#),
        (
            "diary/seen",
            r#"{"pupil":1001,"shown":"2026-11-17T08:59:00Z","period":2}"#,
        ),
    ] {
        let app = with_a_mark().await;
        let answer = app.call(Who::Mother, endpoint, Json(body)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(seen(&app).await, (true, false), "{body}");
        // looked at again: nothing is written
        let after = app.print().await;
        app.call(Who::Mother, endpoint, Json(body)).await;
        assert_eq!(app.print().await, after, "{body}");
        app.end().await;
    }
}

#[tokio::test]
async fn a_list_of_notices_shows_the_mark_that_it_tells() {
    let app = with_a_mark().await;
    // the list told of the five that the four has replaced
    app.call(Who::Mother, "notice/seen", Json(r#"{"upto":1}"#)).await;
    assert_eq!(seen(&app).await, (false, false));
    app.database
        .pool
        .execute(
            "insert into notice (school_id, id, pupil_id, kind, at, subject_id, lesson_id, assignment_id, old, new) values
                 (10, 50, 1001, 'mark_changed', '2026-11-17 06:00Z', 400, 700, 800, '5', '4')",
        )
        .await
        .unwrap();
    app.call(Who::Mother, "notice/seen", Json(r#"{"upto":49}"#)).await;
    assert_eq!(seen(&app).await, (false, false), "not so far down");
    app.call(Who::Mother, "notice/seen", Json(r#"{"upto":50}"#)).await;
    assert_eq!(seen(&app).await, (true, false));
    let after = app.print().await;
    app.call(Who::Mother, "notice/seen", Json(r#"{"upto":50}"#)).await;
    assert_eq!(app.print().await, after);
    app.end().await;
}

#[tokio::test]
async fn a_look_is_ones_own_and_of_what_was_there() {
    let app = with_a_mark().await;
    let subjects = Json(r#"{"pupil":1001,"shown":"2026-11-17T08:59:00Z","period":2}"#);
    // a pupil's own look is no parent's, a stranger's and a teacher's is none
    for who in [Who::Father, Who::Teacher, Who::Stranger, Who::Administrator] {
        app.call(who, "diary/seen", subjects).await;
    }
    assert_eq!(seen(&app).await, (false, false));
    app.call(Who::Pupil, "diary/seen", subjects).await;
    assert_eq!(seen(&app).await, (false, true));
    // another period is another page; a stored copy is of the time when the mark was not there, whatever the clock says
    for earlier in [
        r#"{"pupil":1001,"shown":"2026-11-17T08:59:00Z","period":1}"#,
        r#"{"pupil":1001,"shown":"2026-11-17T05:00:00Z","period":2}"#,
    ] {
        let answer = app.call(Who::Mother, "diary/seen", Json(earlier)).await;
        assert_eq!(answer.status, 200);
        assert_eq!(seen(&app).await, (false, true), "{earlier}");
    }
    app.call(Who::Mother, "diary/seen", subjects).await;
    assert_eq!(seen(&app).await, (true, true));
    // what is new in the diary is another question: subjects are no visit
    let visits = "select count(*) from diary_visit where pupil_id = 1001 and seen_at > '2026-11-17'";
    assert_eq!(app.count(visits).await, 0);
    // the mark changes: what they saw was another one
    app.database
        .pool
        .execute("update mark set code = '3', changed_at = '2026-11-17 08:59Z' where school_id = 10 and assignment_id = 800 and pupil_id = 1001")
        .await
        .unwrap();
    assert_eq!(seen(&app).await, (false, false));
    app.end().await;
}
