//! Lists of pupils as people and programs send them, through the whole router: what is hostile or broken is refused in words and
//! changes nothing, what is merely wrong is shown row by row.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

#[path = "support/sent.rs"]
mod sent;
#[path = "support/app.rs"]
mod support;

use std::io::Cursor;

use axum::body::Body;
use axum::http::{Method, header};
use sent::{archive, call, encoded};
use serde_json::{Value, json};
use support::{TestApp, Who, request};
use zip::{ZipArchive, ZipWriter};

fn list(bytes: &[u8]) -> Value {
    let file = encoded(bytes);
    json!({ "file": file, "columns": null, "since": "year", "without_bad": false })
}

/// Sixty megabytes of spaces in sixty kilobytes: one of them is packed, the others are its copies.
fn bomb() -> Vec<u8> {
    let one = archive(&[("0.xml", &vec![b' '; 1024 * 1024])]);
    let mut one = ZipArchive::new(Cursor::new(one)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..60 {
        let entry = one.by_index_raw(0).unwrap();
        writer.raw_copy_file_rename(entry, format!("{n}.xml")).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[tokio::test]
async fn hostile_and_broken_files_are_refused_in_words() {
    let app = TestApp::new().await;
    let before = app.print().await;
    let bomb = bomb();
    let broken = archive(&[("xl/workbook.xml", b"<workbook>"), ("[Content_Types].xml", b"?")]);
    let rubbish: Vec<u8> = (0..10_000u32)
        .map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap())
        .collect();
    let files: [(&str, Vec<u8>, &str); 9] = [
        ("a bomb", bomb, "распаков"),
        ("a broken workbook", broken, "не открывается"),
        ("a cut archive", b"PK\x03\x04\x14\x00".to_vec(), "не открывается"),
        (
            "an archive of something else",
            archive(&[("a.txt", b"a")]),
            "не открывается",
        ),
        ("binary rubbish", rubbish, "не таблица"),
        (
            "an old workbook",
            vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1],
            "xlsx",
        ),
        ("nothing", vec![], "пустой"),
        (
            "heads alone",
            "ФИО;Класс;Дата рождения\r\n".as_bytes().to_vec(),
            "ни одной строки",
        ),
        ("five megabytes and one", vec![b'a'; 5 * 1024 * 1024 + 1], "5 МБ"),
    ];
    for path in ["/api/roll/preview", "/api/roll/import"] {
        for (what, file, words) in &files {
            let answer = call(&app, Who::Administrator, path, &list(file)).await;
            assert_eq!(
                (answer.status.as_u16(), &*answer.kind()),
                (422, "invalid"),
                "{path} {what}: {:.300}",
                answer.text
            );
            assert!(answer.text.contains(words), "{path} {what}: {:.300}", answer.text);
            // whoever may not is told only that, whatever the file is; and makes the server hold no large one
            let large = u64::try_from(file.len()).unwrap() > server::serve::site::BODY_LIMIT;
            for (who, status) in [(Who::Nobody, 401), (Who::Teacher, 403), (Who::Mother, 404)] {
                let answer = call(&app, who, path, &list(file)).await;
                let status = if large { 413 } else { status };
                assert_eq!(answer.status.as_u16(), status, "{path} {what} {who:?}");
            }
        }
        let mut no_base64 = list(b"");
        no_base64["file"] = json!("§§§");
        assert_eq!(
            call(&app, Who::Administrator, path, &no_base64)
                .await
                .status
                .as_u16(),
            422
        );
        let mut long = list(b"");
        long["file"] = json!("a".repeat(8 * 1024 * 1024));
        assert_eq!(
            call(&app, Who::Administrator, path, &long).await.status.as_u16(),
            413
        );
    }
    assert_eq!(app.print().await, before);
    app.end().await;
}

#[tokio::test]
async fn what_is_wrong_in_a_list_is_shown_and_not_imported() {
    let app = TestApp::new().await;
    let before = app.print().await;
    let told = async |bytes: &[u8]| -> Value {
        let answer = call(&app, Who::Administrator, "/api/roll/preview", &list(bytes)).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        serde_json::from_str(&answer.text).unwrap()
    };
    let wrong = "ФИО;Дата рождения;Класс\nКотов Пётр;31.02.2015;7А\nЛосев Ян;05.09.2013;7А\nлосев ян;05.09.2013;7А\nСов Лев;05.09.2013;12Щ\n";
    let preview = told(wrong.as_bytes()).await;
    let rows: Vec<u64> = preview["bad"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b["row"].as_u64().unwrap())
        .collect();
    assert_eq!(rows, [2, 4, 5], "{preview}");
    assert_eq!(preview["unmatched"], json!([{ "name": "12Щ", "rows": 1 }]));
    assert_eq!(preview["counts"]["new_pupils"], 1);
    // letters of another encoding: heads that nobody understands, and no import
    let koi = b"\xe6\xe9\xef;\xeb\xcc\xc1\xd3\xd3\n\xeb\xcf\xd4\xcf\xd7 \xf0\xc5\xd4\xd2;7\xe1\n";
    let lacking = "ФИО;Класс\nКотов Пётр;7А\n";
    assert_eq!(
        told(koi).await["missing"],
        json!(["full_name", "birth_date", "class"])
    );
    assert_eq!(told(lacking.as_bytes()).await["missing"], json!(["birth_date"]));
    for file in [wrong.as_bytes(), koi, lacking.as_bytes()] {
        let answer = call(&app, Who::Administrator, "/api/roll/import", &list(file)).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.kind()),
            (422, "invalid"),
            "{}",
            answer.text
        );
    }
    assert_eq!(app.print().await, before);
    app.end().await;
}

/// From the list to the slip to the signed-in mother, by calls alone.
#[tokio::test]
async fn a_listed_mother_signs_in_with_her_slip() {
    let app = TestApp::new().await;
    let file =
        "ФИО;Дата рождения;Класс;Мать;Телефон матери\nКотов Пётр;05.09.2013;7А;Котова Анна;89161234567\n";
    let answer = call(
        &app,
        Who::Administrator,
        "/api/roll/import",
        &list(file.as_bytes()),
    )
    .await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    let page = app
        .call(
            Who::Administrator,
            "accounts/group",
            support::Call::Get("group=100"),
        )
        .await;
    let page: Value = serde_json::from_str(&page.text).unwrap();
    let mother = page["people"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["name"] == "Котова Анна")
        .unwrap();
    assert_eq!(mother["state"], "none");
    assert_eq!(mother["part"], json!({ "guardian": "Котов Пётр" }));
    let chosen = json!({ "group": { "class": 100 }, "people": [mother["person"]] });
    let slips = call(&app, Who::Administrator, "/api/accounts/issue", &chosen).await;
    assert_eq!(slips.header("cache-control"), "no-store");
    let slips: Value = serde_json::from_str(&slips.text).unwrap();
    let (login, password) = (
        slips[0]["login"].as_str().unwrap(),
        slips[0]["password"].as_str().unwrap(),
    );
    let form = format!("login={login}&password={password}");
    let request = request(Who::Nobody, Method::POST, "/api/access/sign_in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .header("sec-fetch-site", "same-origin");
    let answer = app.send(request.body(Body::from(form)).unwrap()).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    assert!(
        answer.text.contains("/password"),
        "the slip's password opens only its change: {}",
        answer.text
    );
    app.end().await;
}
