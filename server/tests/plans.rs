//! Plans of lessons as files, through the whole router: what is hostile or broken is refused in words and changes nothing, what is
//! merely wrong is shown row by row, what is good comes as one act.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

#[path = "support/sent.rs"]
mod sent;
#[path = "support/app.rs"]
mod support;

use sent::{archive, call, encoded};
use serde_json::{Value, json};
use support::{Call, TestApp, Who};

const PREVIEW: &str = "/api/plan/preview";
const IMPORT: &str = "/api/plan/import";

fn of(bytes: &[u8]) -> Value {
    let file = encoded(bytes);
    json!({ "load": 500, "revision": 3, "file": file, "columns": null, "append": false, "without_bad": false })
}

/// A workbook of one sheet whose cells are texts.
fn book(rows: &[&[&str]]) -> Vec<u8> {
    let mut sheet = String::from(
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    for (n, cells) in rows.iter().enumerate() {
        sheet += &format!(r#"<row r="{}">"#, n + 1);
        for (cell, column) in cells.iter().zip("ABCDEFG".chars()) {
            sheet += &format!(
                r#"<c r="{column}{}" t="inlineStr"><is><t>{cell}</t></is></c>"#,
                n + 1
            );
        }
        sheet += "</row>";
    }
    sheet += "</sheetData></worksheet>";
    archive(&[
        ("_rels/.rels", br#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("xl/workbook.xml", r#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="КТП" sheetId="1" r:id="rId1"/></sheets></workbook>"#.as_bytes()),
        ("xl/_rels/workbook.xml.rels", br#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[tokio::test]
async fn hostile_and_broken_files_are_refused_in_words() {
    let app = TestApp::new().await;
    let before = app.print().await;
    let rubbish: Vec<u8> = (0..10_000u32)
        .map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap())
        .collect();
    let entry = vec![b' '; 1024 * 1024];
    let names: Vec<String> = (0..60).map(|n| format!("{n}.xml")).collect();
    let bomb: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), entry.as_slice())).collect();
    let many = format!("Тема;Часы\n{}", "Дроби;1\n".repeat(601));
    let files: [(&str, Vec<u8>, &str); 9] = [
        ("a bomb", archive(&bomb), "распаков"),
        (
            "a broken workbook",
            archive(&[("xl/workbook.xml", b"<workbook>")]),
            "не открывается",
        ),
        ("a cut archive", b"PK\x03\x04\x14\x00".to_vec(), "не открывается"),
        ("binary rubbish", rubbish, "не таблица"),
        (
            "an old workbook",
            vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1],
            "xlsx",
        ),
        ("nothing", vec![], "пустой"),
        (
            "heads alone",
            "Тема;Часы\r\n".as_bytes().to_vec(),
            "ни одной строки",
        ),
        ("five megabytes and one", vec![b'a'; 5 * 1024 * 1024 + 1], "5 МБ"),
        ("more rows than a plan holds", many.into_bytes(), "600"),
    ];
    for path in [PREVIEW, IMPORT] {
        for (what, file, words) in &files {
            let answer = call(&app, Who::Teacher, path, &of(file)).await;
            assert_eq!(
                (answer.status.as_u16(), &*answer.kind()),
                (422, "invalid"),
                "{path} {what}: {:.300}",
                answer.text
            );
            assert!(answer.text.contains(words), "{path} {what}: {:.300}", answer.text);
        }
        let mut no_base64 = of(b"");
        no_base64["file"] = json!("§§§");
        assert_eq!(
            call(&app, Who::Teacher, path, &no_base64).await.status.as_u16(),
            422
        );
    }
    assert_eq!(app.print().await, before, "nothing is written");
    app.end().await;
}

#[tokio::test]
async fn what_is_wrong_in_a_plan_is_shown_and_not_imported() {
    let app = TestApp::new().await;
    let before = app.print().await;
    let wrong = "Тема;Часы\nДроби;две\n;1\nПроценты;1\n".as_bytes();
    let answer = call(&app, Who::Teacher, PREVIEW, &of(wrong)).await;
    let told: Value = serde_json::from_str(&answer.text).unwrap();
    let rows: Vec<u64> = told["bad"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b["row"].as_u64().unwrap())
        .collect();
    // a row with one filled cell in a table with hours is a section
    assert_eq!(rows, [2], "{told}");
    assert_eq!(told["rows"][0]["topic"], "Проценты");
    let nobody_knows = "Что;Сколько\nДроби;1\n".as_bytes();
    let answer = call(&app, Who::Teacher, PREVIEW, &of(nobody_knows)).await;
    assert!(answer.text.contains(r#""no_topic":true"#), "{}", answer.text);
    for file in [wrong, nobody_knows] {
        let answer = call(&app, Who::Teacher, IMPORT, &of(file)).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.kind()),
            (422, "invalid"),
            "{}",
            answer.text
        );
    }
    // columns of another file, and one chosen twice
    for columns in [json!(["topic"]), json!(["topic", "topic"])] {
        let mut odd = of("Тема;Часы\nДроби;1\n".as_bytes());
        odd["columns"] = columns;
        assert_eq!(call(&app, Who::Teacher, IMPORT, &odd).await.status.as_u16(), 422);
    }
    assert_eq!(app.print().await, before);
    app.end().await;
}

#[tokio::test]
async fn a_workbook_becomes_a_plan_is_remembered_and_taken_back() {
    let app = TestApp::new().await;
    let file = book(&[
        &["№", "Что проходим", "Кол-во часов", "Д/з"],
        &["Глава 1"],
        &["1", "=1+1", "2", "@SUM(A1)"],
        &["2", "Контрольная", "1", ""],
    ]);
    let mut body = of(&file);
    body["columns"] = json!(["skip", "topic", "hours", "homework"]);
    let answer = call(&app, Who::Teacher, IMPORT, &body).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    let plan = app.call(Who::Teacher, "plan/book", Call::Get("load=500")).await;
    let plan: Value = serde_json::from_str(&plan.text).unwrap();
    let rows = plan["plan"]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["terms"]["topic"], "=1+1", "a formula is text");
    assert_eq!(rows[0]["terms"]["homework"], "@SUM(A1)");
    assert_eq!(rows[0]["terms"]["section"], "Глава 1");
    assert_eq!(plan["undo"]["kind"], "imported");
    // what she took «Что проходим» for is remembered, for her and for nobody else
    let again = call(&app, Who::Teacher, PREVIEW, &of(&file)).await;
    assert!(again.text.contains(r#""no_topic":false"#), "{}", again.text);
    let other = call(&app, Who::Deputy, PREVIEW, &of(&file)).await;
    assert!(other.text.contains(r#""no_topic":true"#), "{}", other.text);
    // on top of a plan that is older than it, nothing is imported
    assert_eq!(call(&app, Who::Teacher, IMPORT, &body).await.status.as_u16(), 409);
    let back = app
        .call(
            Who::Teacher,
            "plan/undo",
            Call::Json(r#"{"load":500,"revision":4}"#),
        )
        .await;
    let back: Value = serde_json::from_str(&back.text).unwrap();
    assert_eq!(
        back["plan"]["rows"][0]["terms"]["topic"], "Дроби",
        "the plan before"
    );
    // behind what is there
    body["revision"] = json!(5);
    body["append"] = json!(true);
    assert_eq!(call(&app, Who::Teacher, IMPORT, &body).await.status.as_u16(), 200);
    let plan = app.call(Who::Teacher, "plan/book", Call::Get("load=500")).await;
    let plan: Value = serde_json::from_str(&plan.text).unwrap();
    assert_eq!(plan["plan"]["rows"].as_array().unwrap().len(), 4);
    app.end().await;
}
