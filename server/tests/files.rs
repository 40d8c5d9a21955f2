//! Files of homework through the whole router: who may bring and open one, what is not taken, and that a download is no page.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

#[path = "support/app.rs"]
mod support;

use std::path::Path;

use axum::body::{Body, Bytes};
use axum::http::{Method, header};
use support::Call::{Get, Json};
use support::{Answer, ORIGIN, TestApp, Who, request};

const PDF: &[u8] = b"%PDF-1.7\nhello\n";

/// Sends a file as a browser does. `%D0%97…` is «Задание».
async fn bring(app: &TestApp, who: Who, query: &str, content: &[u8]) -> Answer {
    let request = request(who, Method::POST, &format!("/files/homework?{query}"))
        .header(header::CONTENT_LENGTH, content.len())
        .header("sec-fetch-site", "same-origin");
    app.send(request.body(Body::from(content.to_vec())).unwrap())
        .await
}

async fn fetch(app: &TestApp, who: Who, file: &str) -> Answer {
    let request = request(who, Method::GET, &format!("/files/homework/{file}"));
    app.send(request.body(Body::empty()).unwrap()).await
}

/// How many contents and half-written files a folder holds.
fn lying(folder: &Path) -> (usize, usize) {
    let (mut whole, mut half) = (0, 0);
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.parent().unwrap().ends_with("incoming") {
                half += 1;
            } else if !path.ends_with(".lock") {
                whole += 1;
            }
        }
    }
    (whole, half)
}

#[tokio::test]
async fn a_file_goes_from_the_teacher_to_the_family_and_is_never_a_page() {
    let app = TestApp::new().await;
    let sent = bring(
        &app,
        Who::Teacher,
        "lesson=700&name=..%2F%D0%97%D0%B0%D0%B4%D0%B0%D0%BD%D0%B8%D0%B5%22.pdf",
        PDF,
    )
    .await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    let file: serde_json::Value = serde_json::from_str(&sent.text).unwrap();
    assert_eq!(
        (file["name"].as_str(), file["kind"].as_str()),
        (Some("Задание_.pdf"), Some("pdf"))
    );
    let id = file["id"].to_string();
    // the same once more is the same
    let again = bring(&app, Who::Teacher, "lesson=700&name=a.pdf", PDF).await;
    assert_eq!(again.text, sent.text);
    assert_eq!(lying(&app.files), (1, 0));

    for who in [Who::Teacher, Who::Deputy, Who::Mother, Who::Father, Who::Pupil] {
        let opened = fetch(&app, who, &id).await;
        assert_eq!(
            (opened.status.as_u16(), opened.text.as_bytes()),
            (200, PDF),
            "{who:?}"
        );
        assert_eq!(opened.header("content-type"), "application/pdf");
        assert_eq!(
            opened.header("content-disposition"),
            format!(
                "attachment; filename=\"homework-{id}.pdf\"; filename*=UTF-8''%D0%97%D0%B0%D0%B4%D0%B0%D0%BD%D0%B8%D0%B5_.pdf"
            )
        );
        assert_eq!(opened.header("x-content-type-options"), "nosniff");
        assert!(
            opened
                .header("content-security-policy")
                .contains("default-src 'none'; sandbox")
        );
        assert_eq!(opened.header("cache-control"), "private, no-store");
        assert_eq!(opened.header("content-length"), PDF.len().to_string());
    }
    for (who, status) in [
        (Who::Nobody, 401),
        (Who::OtherTeacher, 404),
        (Who::Administrator, 404),
        (Who::Stranger, 404),
        (Who::StrangerParent, 404),
        (Who::Newcomer, 403),
    ] {
        let refused = fetch(&app, who, &id).await;
        assert_eq!(refused.status, status, "{who:?}");
        assert!(!refused.text.contains("hello"));
    }
    for nothing in ["0", "-1", "99999999", "x", "1%2F..%2F2", "9223372036854775808"] {
        assert_eq!(fetch(&app, Who::Mother, nothing).await.status, 404, "{nothing}");
    }
    app.end().await;
}

#[tokio::test]
async fn what_some_pupils_were_given_is_opened_by_their_families_alone() {
    let app = TestApp::new().await;
    let sent = bring(&app, Who::Teacher, "lesson=700&individual=1&name=a.pdf", PDF).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    let file: serde_json::Value = serde_json::from_str(&sent.text).unwrap();
    let id = file["id"].to_string();
    for (who, status) in [
        (Who::Mother, 200),
        (Who::Pupil, 200),
        (Who::Teacher, 200),
        (Who::Father, 404),
        (Who::StrangerParent, 404),
    ] {
        assert_eq!(fetch(&app, who, &id).await.status, status, "{who:?}");
    }
    let week = |who| app.call(who, "diary/week", Get("pupil=1001&date=2026-11-18"));
    let mothers = week(Who::Mother).await;
    assert!(
        mothers.text.contains("Повторить дроби") && mothers.text.contains("a.pdf"),
        "{}",
        mothers.text
    );
    let fathers = app
        .call(Who::Father, "diary/week", Get("pupil=1002&date=2026-11-18"))
        .await;
    assert!(!fathers.text.contains("Повторить дроби") && fathers.text.contains("Задача со звёздочкой"));
    // taken away with the homework
    let removed = app
        .call(
            Who::Teacher,
            "homework/remove_individual",
            Json(r#"{"homework":1}"#),
        )
        .await;
    assert_eq!(removed.status, 200, "{}", removed.text);
    assert_eq!(fetch(&app, Who::Mother, &id).await.status, 404);
    app.end().await;
}

#[tokio::test]
async fn what_is_not_taken_leaves_nothing() {
    let app = TestApp::new().await;
    let before = app.print().await;
    for (who, query, content, status, kind) in [
        (Who::Nobody, "lesson=700&name=a.pdf", PDF, 401, "sign_in"),
        (Who::OtherTeacher, "lesson=700&name=a.pdf", PDF, 404, "not_found"),
        (Who::Administrator, "lesson=700&name=a.pdf", PDF, 404, "not_found"),
        (Who::Mother, "lesson=700&name=a.pdf", PDF, 404, "not_found"),
        (Who::Pupil, "lesson=700&name=a.pdf", PDF, 404, "not_found"),
        (Who::Stranger, "lesson=700&name=a.pdf", PDF, 404, "not_found"),
        (
            Who::Newcomer,
            "lesson=700&name=a.pdf",
            PDF,
            403,
            "must_change_password",
        ),
        // of a closed period, of a homework of another lesson
        (Who::Teacher, "lesson=690&name=a.pdf", PDF, 422, "invalid"),
        (
            Who::Teacher,
            "lesson=701&individual=1&name=a.pdf",
            PDF,
            404,
            "not_found",
        ),
        (Who::Teacher, "lesson=700", PDF, 404, "not_found"),
        (Who::Teacher, "lesson=x&name=a.pdf", PDF, 404, "not_found"),
        // what lies about itself
        (
            Who::Teacher,
            "lesson=700&name=a.pdf",
            b"<script>alert(1)</script>",
            422,
            "invalid",
        ),
        (
            Who::Teacher,
            "lesson=700&name=a.html",
            b"<script>alert(1)</script>",
            422,
            "invalid",
        ),
        (Who::Teacher, "lesson=700&name=a.pdf.exe", PDF, 422, "invalid"),
        (
            Who::Teacher,
            "lesson=700&name=a.exe",
            b"MZ\x90\x00\x03\x00",
            422,
            "invalid",
        ),
        (Who::Teacher, "lesson=700&name=a.pdf", b"", 422, "invalid"),
    ] {
        let refused = bring(&app, who, query, content).await;
        assert_eq!(
            (refused.status.as_u16(), &*refused.kind()),
            (status, kind),
            "{who:?} {query} {}",
            refused.text
        );
    }
    // larger than allowed: by what is told, and by what comes without being told
    let huge = vec![b' '; classbook_core::homework::MOST_FILE_BYTES + 1];
    let told = bring(&app, Who::Teacher, "lesson=700&name=a.txt", &huge).await;
    assert!(told.status == 422 && told.text.contains("10 МБ"), "{}", told.text);
    let pieces = huge
        .chunks(1 << 20)
        .map(|c| Ok::<_, std::io::Error>(Bytes::copy_from_slice(c)))
        .collect::<Vec<_>>();
    let untold = request(
        Who::Teacher,
        Method::POST,
        "/files/homework?lesson=700&name=a.txt",
    )
    .header("sec-fetch-site", "same-origin");
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    let untold = app.send(untold.body(body).unwrap()).await;
    assert!(
        untold.status == 422 && untold.text.contains("10 МБ"),
        "{}",
        untold.text
    );
    // an upload that was killed: less came than was told, or the connection broke
    for broken in [false, true] {
        let mut pieces = vec![Ok(Bytes::from_static(PDF))];
        if broken {
            pieces.push(Err(std::io::Error::other("cut")));
        }
        let cut = request(
            Who::Teacher,
            Method::POST,
            "/files/homework?lesson=700&name=a.pdf",
        )
        .header(header::CONTENT_LENGTH, 1000)
        .header("sec-fetch-site", "same-origin");
        let cut = app
            .send(
                cut.body(Body::from_stream(futures_util::stream::iter(pieces)))
                    .unwrap(),
            )
            .await;
        assert!(
            cut.status == 422 && cut.text.contains("не целиком"),
            "{}",
            cut.text
        );
    }
    // a foreign page
    for sign in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ] {
        let foreign = request(
            Who::Teacher,
            Method::POST,
            "/files/homework?lesson=700&name=a.pdf",
        )
        .header(sign.0, sign.1);
        assert_eq!(
            app.send(foreign.body(Body::from(PDF)).unwrap()).await.status,
            403,
            "{sign:?}"
        );
    }
    assert_eq!(app.print().await, before);
    assert_eq!(lying(&app.files), (0, 0));
    let ours = request(
        Who::Teacher,
        Method::POST,
        "/files/homework?lesson=700&name=a.pdf",
    )
    .header("origin", ORIGIN);
    assert_eq!(app.send(ours.body(Body::from(PDF)).unwrap()).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn a_lesson_has_room_for_so_many() {
    let app = TestApp::new().await;
    // two are there: file 1, and file 2 of a homework for some pupils
    for n in 0..8 {
        let sent = bring(
            &app,
            Who::Teacher,
            &format!("lesson=700&name={n}.txt"),
            format!("задание {n}").as_bytes(),
        )
        .await;
        assert_eq!(sent.status, 200, "{}", sent.text);
    }
    let full = bring(&app, Who::Teacher, "lesson=700&name=9.txt", b"9").await;
    assert!(
        full.status == 422 && full.text.contains("10 файлов"),
        "{}",
        full.text
    );
    let removed = app
        .call(Who::Teacher, "homework/remove_file", Json(r#"{"file":1}"#))
        .await;
    assert_eq!(removed.status, 200);
    assert_eq!(
        bring(&app, Who::Teacher, "lesson=700&name=9.txt", b"9")
            .await
            .status,
        200
    );
    app.end().await;
}
