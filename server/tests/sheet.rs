//! Sheets as files through the whole router: their headers, their names, what is in them, and who is refused.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

#[path = "support/pdf.rs"]
mod pdf;
#[path = "support/app.rs"]
mod support;

use std::io::{Cursor, Read as _};

use axum::body::Body;
use axum::http::{HeaderMap, Method, StatusCode, header};
use sqlx::{AssertSqlSafe, Executor as _};
use support::{TestApp, Who, request};
use tower::ServiceExt as _;
use zip::ZipArchive;

/// The server under test makes PDF.
const PDF: bool = cfg!(feature = "pdf");

struct File {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl File {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

async fn file(app: &TestApp, who: Who, query: &str) -> File {
    path(app, who, &format!("/api/sheet/file?{query}")).await
}

async fn path(app: &TestApp, who: Who, path: &str) -> File {
    let request = request(who, Method::GET, path);
    let request = request
        .header("sec-fetch-site", "same-origin")
        .body(Body::empty())
        .unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    File {
        status: parts.status,
        headers: parts.headers,
        bytes: axum::body::to_bytes(body, 16 * 1024 * 1024)
            .await
            .unwrap()
            .to_vec(),
    }
}

/// The words stand in the file, in letters that can be searched and copied.
fn says(pdf: &[u8], words: &str) -> bool {
    let words: String = words.split_whitespace().collect();
    pdf::words(pdf).iter().any(|all| all.contains(&words))
}

/// All parts of a file of Office Open XML, one after the other.
fn unpacked(bytes: &[u8]) -> String {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    for n in 0..archive.len() {
        archive.by_index(n).unwrap().read_to_string(&mut text).unwrap();
    }
    text
}

#[tokio::test]
async fn each_sheet_is_a_file_of_either_kind() {
    let app = TestApp::new().await;
    for query in [
        "kind=marks&id=100&when=1",
        "kind=marks&id=100&when=year",
        "kind=attendance&id=100&when=2-2026-11",
        "kind=journal&id=500&when=2",
        "kind=report&id=1001&when=2",
        "kind=card&id=1001&when=year",
    ] {
        let pdf = file(&app, Who::Deputy, &format!("{query}&format=pdf")).await;
        if PDF {
            assert_eq!(pdf.status, 200, "{query}");
            assert_eq!(pdf.header(header::CONTENT_TYPE), "application/pdf");
            assert!(pdf.bytes.starts_with(b"%PDF-"), "{query}");
            assert!(says(&pdf.bytes, "Абрамов Артём"), "{query}");
            assert!(!says(&pdf.bytes, "Нездешний"), "{query}");
            let name = pdf.header(header::CONTENT_DISPOSITION);
            assert!(name.ends_with(".pdf"), "{name}");
        } else {
            assert_eq!(pdf.status, 503, "{query}");
        }
        let xlsx = file(&app, Who::Deputy, &format!("{query}&format=xlsx")).await;
        assert_eq!(xlsx.status, 200, "{query}");
        assert!(xlsx.header(header::CONTENT_TYPE).ends_with("spreadsheetml.sheet"));
        let text = unpacked(&xlsx.bytes);
        assert!(text.contains("Абрамов"), "{query}");
        assert!(!text.contains("<f>"), "{query} has a formula");
        for made in [PDF.then_some(pdf), Some(xlsx)].into_iter().flatten() {
            let disposition = made.header(header::CONTENT_DISPOSITION);
            assert!(
                disposition.starts_with("attachment; filename=\""),
                "{disposition}"
            );
            assert!(disposition.contains("filename*=UTF-8''%D0"), "{disposition}");
            assert_eq!(made.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
            assert_eq!(made.header(header::CACHE_CONTROL), "no-store");
        }
    }
    let taken = "select count(*) from audit_event where action = 'sheet.exported' and actor_id = 1 and school_id = 10";
    assert_eq!(app.count(taken).await, 12);
    app.end().await;
}

#[tokio::test]
async fn the_cards_of_a_class_are_one_file_with_a_page_for_each_pupil_that_is_there() {
    let app = TestApp::new().await;
    let cards = path(&app, Who::Deputy, "/api/sheet/cards?class=100").await;
    if !PDF {
        assert_eq!(cards.status, 503);
        return app.end().await;
    }
    assert_eq!(cards.status, 200);
    let name = cards.header(header::CONTENT_DISPOSITION);
    assert!(name.contains("7%D0%90%202026-27.pdf"), "{name}");
    // the same words as on the card of each
    for words in ["Абрамов Артём", "Табель успеваемости"] {
        assert!(says(&cards.bytes, words), "{words}");
    }
    let here = app
        .count("select count(*) from enrolment where school_id = 10 and class_id = 100 and ends_on is null")
        .await;
    // the title stands once on each card, and in the foot of its pages
    let titles = |all: &String| all.matches("Табельуспеваемости").count();
    let titles = pdf::words(&cards.bytes)
        .iter()
        .map(titles)
        .filter(|n| *n > 0)
        .min();
    assert!(here > 1);
    assert_eq!(i64::try_from(titles.unwrap()).unwrap(), here);
    let taken = "select count(*) from audit_event where action = 'sheet.exported' and entity = 'class' and entity_key = '100' and new ->> 'sheet' = 'cards'";
    assert_eq!(app.count(taken).await, 1);
    // who leads another class, or none, learns nothing; a class that is not there looks the same
    for (who, class) in [(Who::OtherTeacher, 100), (Who::Deputy, 999)] {
        let no = path(&app, who, &format!("/api/sheet/cards?class={class}")).await;
        assert_eq!(no.status, 404);
    }
    app.end().await;
}

#[tokio::test]
async fn a_name_that_looks_like_a_formula_or_a_program_is_a_name() {
    let app = TestApp::new().await;
    for name in [
        "=HYPERLINK(\"http://evil\")",
        "@SUM(1)",
        "+1",
        "-1",
        "#panic(\"x\")",
        "$x$ *y* _z_ @r <l> ]#[",
        "\\u{41} `a` // b /* c",
    ] {
        // a backslash is a backslash in a string of SQL
        let rename = AssertSqlSafe(format!("update person set last_name = '{name}' where id = 11"));
        app.database.pool.execute(rename).await.unwrap();
        if PDF {
            let pdf = file(&app, Who::Teacher, "kind=marks&id=100&when=1&format=pdf").await;
            assert!(pdf.status == 200 && pdf.bytes.starts_with(b"%PDF-"), "{name}");
            assert!(says(&pdf.bytes, name), "{name}");
        }
        let xlsx = file(&app, Who::Teacher, "kind=marks&id=100&when=1&format=xlsx").await;
        let text = unpacked(&xlsx.bytes);
        let written = name
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;");
        let shown = text.contains(&written) || text.contains(name);
        assert!(shown && !text.contains("<f>"), "{name}");
        if name.starts_with(['=', '@', '+', '-']) {
            let apostrophe = text.contains(&format!("'{written}")) || text.contains(&format!("'{name}"));
            assert!(apostrophe, "{name} is left as it is for who saves it as CSV");
        }
    }
    app.end().await;
}

#[tokio::test]
async fn nonsense_is_refused_and_nothing_is_written() {
    let app = TestApp::new().await;
    let before = app.print().await;
    for (query, status) in [
        ("kind=marks&id=100&when=1&format=docx", 422),
        ("kind=salaries&id=100&format=pdf", 422),
        ("kind=marks&id=x&format=pdf", 422),
        ("kind=marks&id=100&when=tomorrow&format=pdf", 422),
        ("kind=marks&id=100&when=99&format=pdf", 404),
        ("kind=attendance&id=100&when=2-2026-09&format=pdf", 404),
        ("kind=marks&id=9223372036854775807&format=pdf", 404),
        ("kind=marks&id=200&format=pdf", 404),
    ] {
        let answer = file(&app, Who::Deputy, query).await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{query}: {}",
            String::from_utf8_lossy(&answer.bytes)
        );
        assert!(answer.header(header::CONTENT_DISPOSITION).is_empty());
    }
    for (who, query) in [
        (Who::Father, "kind=report&id=1001&format=pdf"),
        (Who::Mother, "kind=marks&id=100&format=pdf"),
        (Who::OtherTeacher, "kind=attendance&id=100&format=xlsx"),
        (Who::OtherTeacher, "kind=journal&id=500&format=xlsx"),
        (Who::Stranger, "kind=card&id=1001&format=pdf"),
        (Who::Administrator, "kind=marks&id=100&format=pdf"),
    ] {
        assert_eq!(file(&app, who, query).await.status, 404, "{who:?} {query}");
    }
    assert_eq!(app.print().await, before);
    app.end().await;
}

#[tokio::test]
async fn the_page_shows_the_sheet_without_a_script() {
    let app = TestApp::new().await;
    let page = app.open(Who::Teacher, "/sheets?kind=marks&id=100&when=1").await;
    assert_eq!(page.status, 200);
    for words in [
        "Сводная ведомость успеваемости",
        "Абрамов Артём",
        "% качества",
        "kind=marks&amp;id=100&amp;when=1&amp;format=xlsx",
    ] {
        assert!(page.text.contains(words), "{words}");
    }
    // a button for the printer beside that for a table program, on every page of a sheet
    for (who, path) in [
        (Who::Teacher, "/sheets?kind=marks&id=100&when=1"),
        (Who::Teacher, "/sheets?kind=attendance&id=100&when=2"),
        (Who::Teacher, "/sheets?kind=journal&id=500&when=2"),
        (Who::Teacher, "/sheets/1001?kind=report&when=2"),
        (Who::Mother, "/sheets/1001?kind=card"),
    ] {
        let page = app.open(who, path).await;
        assert_eq!(page.text.contains("format=pdf"), PDF, "{path}");
    }
    let family = app.open(Who::Mother, "/sheets/1001?kind=card").await;
    assert!(family.text.contains("Табель успеваемости") && family.text.contains("/diary/1001/subjects"));
    // of her own child alone: no other name of the class
    assert!(!family.text.contains("Белова") && !family.text.contains("Власов"));
    app.end().await;
}
