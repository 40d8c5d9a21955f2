//! Who may call what: every server function as nobody, as each role, and as strangers from another school.
//!
//! The rows lie in `access_table/<department>.rs`. A new server function without a row fails here, and so does a row
//! without a function. To add one: a row with a sample call that succeeds for whoever may, and a status for each client
//! of [`Who::ALL`], in that order. A row of a change names what must have changed by nobody who was refused: nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

#[path = "support/app.rs"]
mod support;

#[path = "access_table/access.rs"]
mod access;
#[path = "access_table/classbook.rs"]
mod classbook;
#[path = "access_table/pages.rs"]
mod pages;
#[path = "access_table/study.rs"]
mod study;

use std::collections::BTreeSet;

use axum::http::Method;
use support::{Call, TestApp, Who};

/// One server function.
pub struct Row {
    path: &'static str,
    call: Call,
    /// nobody, deputy, teacher, other teacher, administrator, mother, father, pupil, stranger, stranger parent, newcomer
    status: [u16; 11],
    /// Each call changes what the next one finds.
    fresh: bool,
}

pub const fn row(path: &'static str, call: Call, status: [u16; 11]) -> Row {
    Row {
        path,
        call,
        status,
        fresh: false,
    }
}

impl Row {
    /// Everyone who is let in gets an untouched database.
    pub const fn fresh(self) -> Self {
        Self { fresh: true, ..self }
    }
}

/// Functions that answer nobody: the way in, and what a page needs before anybody is known. Must only shrink.
const OPEN_TO_NOBODY: &[&str] = &[
    "access/me",
    "access/set_language",
    "access/set_theme",
    "access/sign_in",
    "access/sign_out",
];

fn rows() -> impl Iterator<Item = &'static Row> {
    access::ROWS.iter().chain(study::ROWS).chain(classbook::ROWS)
}

#[test]
fn every_server_function_has_a_row_and_every_row_a_function() {
    // linked, so that its functions are registered
    let _ = app::App;
    let functions: BTreeSet<(String, Method)> = server_fn::axum::server_fn_paths()
        .map(|(path, method)| (path.trim_start_matches("/api/").to_owned(), method))
        .collect();
    let listed: BTreeSet<(String, Method)> = rows()
        .map(|row| {
            let method = match row.call {
                Call::Get(_) => Method::GET,
                Call::Form(_) | Call::Json(_) => Method::POST,
            };
            (row.path.to_owned(), method)
        })
        .collect();
    let without_row: Vec<_> = functions.difference(&listed).collect();
    let without_function: Vec<_> = listed.difference(&functions).collect();
    assert!(
        without_row.is_empty() && without_function.is_empty(),
        "server functions without a row in server/tests/access_table: {without_row:#?}\nrows without a function: {without_function:#?}"
    );
    assert_eq!(listed.len(), rows().count(), "a function has two rows");
}

/// leptos' default path ends with a hash of the build folder: it kills cached clients and rolling updates.
#[test]
fn every_server_function_says_its_path() {
    let _ = app::App;
    for (path, _) in server_fn::axum::server_fn_paths() {
        let parts: Vec<_> = path.trim_start_matches("/api/").split('/').collect();
        let named = parts.len() == 2
            && parts
                .iter()
                .all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        assert!(
            path.starts_with("/api/") && named,
            "{path}: endpoint = \"feature/act\""
        );
    }
}

#[test]
fn nobody_and_strangers_are_kept_out() {
    for row in rows() {
        let status = |who| row.status[Who::ALL.iter().position(|w| *w == who).unwrap()];
        if !OPEN_TO_NOBODY.contains(&row.path) {
            assert_eq!(status(Who::Nobody), 401, "{}", row.path);
            assert!(
                matches!(status(Who::Newcomer), 403) || row.path.starts_with("access/"),
                "{} is open before the issued password is changed",
                row.path
            );
        }
        // What is one's own everywhere is in `access`; elsewhere the sample names a thing of school 10.
        if !row.path.starts_with("access/") {
            for who in [Who::Stranger, Who::StrangerParent] {
                assert!(
                    matches!(status(who), 404) || OWN_SCHOOL.contains(&row.path),
                    "{} lets {who:?} in",
                    row.path
                );
            }
        }
    }
}

/// Functions that name nothing and answer with one's own school, so that a stranger gets theirs. Must only shrink.
const OWN_SCHOOL: &[&str] = &[
    "absence/ahead",
    "assessment/schedule",
    "assessment/table",
    "bells/sheet",
    "distance/spans",
    "accounts/groups",
    "attendance/classes",
    "attendance/save_rule",
    "dispute/list",
    "dispute/set_days",
    "dispute/waiting",
    "deadline/board",
    "deadline/mine",
    "deadline/save",
    "homework/first_grade",
    "homework/set_first_grade",
    "import/fet",
    "import/preview_fet",
    "grading/calendar",
    "grading/rules",
    "scale/list",
    "scale/remove_letter",
    "scale/save_letter",
    "journal/list",
    "notice/choices",
    "notice/devices",
    "notice/email",
    "notice/forget_email",
    "notice/list",
    "notice/seen",
    "notice/set_quiet",
    "notice/subscribe",
    "notice/unread",
    "owed/debts",
    "requirement/sheet",
    "roll/classes",
    "roll/import",
    "roll/preview",
    "sheet/choices",
    "timetable/versions",
];

#[tokio::test]
async fn access() {
    keep(access::ROWS).await;
}

#[tokio::test]
async fn study() {
    keep(study::ROWS).await;
}

#[tokio::test]
async fn classbook() {
    keep(classbook::ROWS).await;
}

/// Opens each page as everyone. Nobody is sent to the sign-in page and from there back.
#[tokio::test]
async fn pages() {
    let app = TestApp::new().await;
    let mut wrong = Vec::new();
    let patterns: BTreeSet<String> = leptos_axum::generate_route_list(app::App)
        .iter()
        .map(|listing| listing.path().to_owned())
        .collect();
    let listed: BTreeSet<String> = pages::PAGES.iter().map(|page| page.pattern.to_owned()).collect();
    for pattern in patterns.symmetric_difference(&listed) {
        wrong.push(format!(
            "{pattern}: a page without a row, or a row without a page"
        ));
    }
    for page in pages::PAGES {
        for (who, status) in Who::ALL.iter().copied().zip(page.status) {
            let answer = app.open(who, page.path).await;
            if answer.status.as_u16() != status {
                wrong.push(format!(
                    "{} {who:?}: {} {} instead of {status}",
                    page.path,
                    answer.status,
                    answer.header("location")
                ));
            }
            let to = answer.header("location");
            let back = page
                .path
                .replace('?', "%3F")
                .replace('=', "%3D")
                .replace('&', "%26");
            if who == Who::Nobody && status == 302 && to != format!("/sign-in?return_to={back}") {
                wrong.push(format!("{}: nobody is sent to {to}", page.path));
            }
            if who == Who::Newcomer
                && status == 302
                && page.path != "/sign-in"
                && !to.starts_with("/password")
            {
                wrong.push(format!("{}: the newcomer is sent to {to}", page.path));
            }
        }
    }
    app.end().await;
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Calls each function as everyone. Whoever is refused has changed nothing.
async fn keep(rows: &[Row]) {
    let mut wrong = Vec::new();
    for row in rows {
        let (let_in, kept_out): (Vec<_>, Vec<_>) = Who::ALL
            .iter()
            .copied()
            .zip(row.status)
            .partition(|(_, status)| (200..400).contains(status));
        let mut app = TestApp::new().await;
        let before = app.print().await;
        for (who, status) in kept_out {
            let answer = app.call(who, row.path, row.call).await;
            if answer.status.as_u16() != status {
                wrong.push(format!(
                    "{} {who:?}: {} instead of {status}: {}",
                    row.path, answer.status, answer.text
                ));
            } else if answer.kind().is_empty() {
                wrong.push(format!("{} {who:?}: no kind in {:?}", row.path, answer.text));
            }
        }
        if app.print().await != before {
            wrong.push(format!(
                "{}: somebody who was refused has changed something",
                row.path
            ));
        }
        for (who, status) in let_in {
            let answer = app.call(who, row.path, row.call).await;
            if answer.status.as_u16() != status {
                wrong.push(format!(
                    "{} {who:?}: {} instead of {status}: {}",
                    row.path, answer.status, answer.text
                ));
            }
            if row.fresh {
                app.end().await;
                app = TestApp::new().await;
            }
        }
        app.end().await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
