//! The whole application in this process: [`TestApp`] is the router over a database of its own, filled with the small
//! fixture, and everyone in [`Who`] is signed in. No sockets, no waiting, and a clock that stands still.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use access_core::Door;
use access_core::auth::Hasher;
use access_core::sessions::Sessions;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use base::sql::Store;
use chrono::{DateTime, TimeZone as _, Utc};
use classbook_core::homework::files::{Files, Folder};
use classbook_core::notice::push::{Key, Pusher};
use server::commands::database::MIGRATIONS;
use server::postgres::testing::TestDatabase;
use server::serve::session::Gate;
use server::serve::site::Site;
use server::serve::{AppState, Lifecycle, router};
use sqlx::{AssertSqlSafe, Executor as _, Row};
use tower::ServiceExt as _;

/// How people reach the server of the tests.
pub const ORIGIN: &str = "https://parta.test";

static HASHER: OnceLock<Hasher> = OnceLock::new();

/// A Tuesday in the second quarter; the first one is locked.
fn clock() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 17, 9, 0, 0).unwrap()
}

/// Who calls; see `base/fixtures/small.sql` and `fixtures/clients.sql`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// Not signed in.
    Nobody,
    /// Deputy director of school 10.
    Deputy,
    /// Teaches load 500 (maths of 7А) and leads 7А.
    Teacher,
    /// Teaches load 501, another subject of another subgroup.
    OtherTeacher,
    /// Administrator of school 10: people and accounts.
    Administrator,
    /// Mother of pupil 1001, and of 2001 in school 20.
    Mother,
    /// Father of pupil 1002.
    Father,
    /// Pupil 1001.
    Pupil,
    /// Deputy director of school 20.
    Stranger,
    /// Father of pupil 2001 in school 20.
    StrangerParent,
    /// A teacher who has yet to change the issued password.
    Newcomer,
}

impl Who {
    /// Everyone a row of the access table speaks of, in its order.
    pub const ALL: [Self; 11] = [
        Self::Nobody,
        Self::Deputy,
        Self::Teacher,
        Self::OtherTeacher,
        Self::Administrator,
        Self::Mother,
        Self::Father,
        Self::Pupil,
        Self::Stranger,
        Self::StrangerParent,
        Self::Newcomer,
    ];

    /// Their person and the school they act in.
    fn fill(self, text: &str) -> String {
        let (person, school) = match self {
            Self::Nobody => (0, 10),
            Self::Deputy => (1, 10),
            Self::Teacher => (2, 10),
            Self::OtherTeacher => (3, 10),
            Self::Administrator => (40, 10),
            Self::Mother => (31, 10),
            Self::Father => (32, 10),
            Self::Pupil => (11, 10),
            Self::Stranger => (90, 20),
            Self::StrangerParent => (91, 20),
            Self::Newcomer => (92, 10),
        };
        text.replace("{person}", &person.to_string())
            .replace("{school}", &school.to_string())
    }

    /// The value of their session cookie.
    pub fn token(self) -> Option<String> {
        let place = Self::ALL.iter().position(|who| *who == self).unwrap();
        (place > 0).then(|| format!("{place:02x}").repeat(32))
    }
}

/// One call of a server function.
#[derive(Clone, Copy, Debug)]
pub enum Call {
    /// `input = GetUrl`: the query.
    Get(&'static str),
    /// A plain form.
    Form(&'static str),
    /// `input = Json`; `{person}` and `{school}` stand for the caller's own.
    Json(&'static str),
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// A header's value, "" without one.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    }

    /// The `kind` of the error in the body.
    pub fn kind(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.text).unwrap_or_default();
        body.get("kind")
            .and_then(|kind| kind.as_str())
            .unwrap_or_default()
            .to_owned()
    }
}

/// The application over a database of its own.
pub struct TestApp {
    pub database: TestDatabase,
    pub router: Router,
    store: Store,
    /// The folder of its files.
    pub files: PathBuf,
}

impl TestApp {
    /// Fills a fresh database and opens the router over it.
    pub async fn new() -> Self {
        let scripts = [
            include_str!("../../../base/fixtures/small.sql"),
            include_str!("../fixtures/rest.sql"),
            include_str!("../fixtures/clients.sql"),
        ];
        let database = TestDatabase::filled(&MIGRATIONS, &scripts).await.unwrap();
        let store = Store::connect(database.options.clone(), 4).await.unwrap();
        let door = Door {
            sessions: Sessions::new(store.clone()),
            // making one costs a hash
            hasher: HASHER.get_or_init(|| Hasher::new().unwrap()).clone(),
            store: store.clone(),
        };
        let files = std::env::temp_dir().join(format!("parta-files-{:x}", rand::random::<u128>()));
        let state = AppState {
            pool: store.pool().clone(),
            gate: Gate::new(door, ORIGIN, &[]).with_clock(clock),
            site: Site::find(),
            lifecycle: Lifecycle::default(),
            weeks: classbook_core::diary::Weeks::default(),
            followers: study_core::compose::sql::Followers::default(),
            mailer: classbook_core::notice::mail::Mailer::default(),
            // a key of the tests': what is registered with it is real, and nothing is sent, since no worker runs here
            pusher: Pusher::new(Key::from_random(&[7; 32]).unwrap(), ORIGIN, None).unwrap(),
            live: classbook_core::live::Live::default(),
            files: Files::new(Arc::new(Folder::new(&files).unwrap())),
        };
        Self {
            database,
            router: router(state),
            store,
            files,
        }
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 16 * 1024 * 1024).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Opens a page as a browser does.
    pub async fn open(&self, who: Who, path: &str) -> Answer {
        let request = request(who, Method::GET, path)
            .header(header::ACCEPT, "text/html,application/xhtml+xml")
            .header("sec-fetch-site", "none");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Calls a server function as our script does.
    pub async fn call(&self, who: Who, path: &str, call: Call) -> Answer {
        let path = if path.starts_with("/api/") {
            path.to_owned()
        } else {
            format!("/api/{path}")
        };
        let request = match call {
            Call::Get(query) => {
                let to = if query.is_empty() {
                    path
                } else {
                    format!("{path}?{query}")
                };
                request(who, Method::GET, &to).body(Body::empty())
            }
            Call::Form(form) => request(who, Method::POST, &path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(form)),
            Call::Json(json) => request(who, Method::POST, &path)
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(who.fill(json))),
        };
        let mut request = request.unwrap();
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, "application/json".parse().unwrap());
        headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
        self.send(request).await
    }

    /// One number from the database, past all walls.
    pub async fn count(&self, question: &str) -> i64 {
        let sql = AssertSqlSafe(question.to_owned());
        self.database.pool.fetch_one(sql).await.unwrap().get(0)
    }

    /// A fingerprint of all that a school keeps: equal before and after means nothing was changed.
    pub async fn print(&self) -> String {
        let tables = self
            .database
            .pool
            .fetch_all(
                "select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
                 and c.relname not in ('_sqlx_migrations', 'session', 'sign_in_limit', 'account_event', 'known_device')
                 order by 1",
            )
            .await
            .unwrap();
        let mut print = String::new();
        for table in tables {
            let name: String = table.get(0);
            let sql = format!(
                "select '{name} ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {name} t"
            );
            let line: String = self
                .database
                .pool
                .fetch_one(AssertSqlSafe(sql))
                .await
                .unwrap()
                .get(0);
            print.push_str(&line);
            print.push('\n');
        }
        print
    }

    /// Removes the database.
    pub async fn end(self) {
        self.store.pool().close().await;
        self.database.remove().await.unwrap();
        std::fs::remove_dir_all(&self.files).unwrap();
    }
}

/// The beginning of a request with somebody's cookie.
pub fn request(who: Who, method: Method, path: &str) -> axum::http::request::Builder {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "parta.test");
    match who.token() {
        Some(token) => request.header(header::COOKIE, format!("__Host-parta={token}")),
        None => request,
    }
}
