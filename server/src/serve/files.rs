//! `/files/homework`: files of homework on their way in and out (`classbook_core::homework`). Not server functions, so that a browser
//! can show how much of a file has gone, and so that a download is a plain link, which a diary without scripts has too.
//!
//! In: rights and room are asked before a byte is read; what is larger than allowed is not read to its end; the content says what it is.
//! Out: never as a page (docs/decisions/0022).

use std::io::Read;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use base::sql::Ctx;
use base::{AppError, HomeworkFileId, IndividualHomeworkId, Lang, LessonId};
use classbook_core::homework::files::{FileStore, Files};
use classbook_core::homework::kind::{Refusal, recognise};
use classbook_core::homework::sql::{Arrived, Opened, attach, file, may_attach};
use classbook_core::homework::{Attached, MOST_FILE_BYTES, name};
use classbook_core::live::{Live, Topic};
use classbook_core::t;
use futures_util::stream::unfold;
use kit::server::Visit;
use serde::Deserialize;
use tokio::sync::Semaphore;

/// So many files are on their way in at once: each is held in memory until it is whole.
static UNDER_WAY: Semaphore = Semaphore::const_new(16);
/// Nobody sends longer than this: 10 MB over a slow telephone take a minute and a half.
const LONGEST: Duration = Duration::from_secs(180);
/// A download goes out in pieces of so many bytes.
const PIECE: usize = 64 * 1024;
/// Whatever a browser makes of an answer, it runs nothing, opens nothing, and has no origin.
const NO_PAGE: &str =
    "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The routes; the session middleware is laid around them by the caller and brings the database, the clock and who asks.
pub fn routes() -> Router {
    Router::new()
        .route("/files/homework", post(bring))
        .route("/files/homework/{file}", get(fetch))
}

/// What the address says of a file that is brought.
#[derive(Debug, Deserialize)]
struct Asked {
    lesson: LessonId,
    individual: Option<IndividualHomeworkId>,
    name: String,
}

async fn bring(
    asked: Result<Query<Asked>, QueryRejection>,
    Extension(files): Extension<Files>,
    Extension(live): Extension<Live>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Response {
    let outcome = match asked {
        Ok(Query(asked)) => Box::pin(take(&visit, &files, &asked, request)).await,
        Err(_) => Err(AppError::NotFound),
    };
    match outcome {
        Ok((file, topic)) => {
            live.tell([topic]);
            Json(file).into_response()
        }
        Err(error) => refuse(&error),
    }
}

async fn take(
    visit: &Visit,
    files: &Files,
    asked: &Asked,
    request: Request,
) -> Result<(Attached, Topic), AppError> {
    let lang = visit.lang;
    let too_large = || {
        AppError::invalid(
            "file",
            t::homework_file_large(lang, MOST_FILE_BYTES / 1024 / 1024),
        )
    };
    let told = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<i64>().ok());
    let mut ctx = open(visit).await?;
    let topic = Topic::Lesson(ctx.school(), asked.lesson);
    let school = ctx.school();
    let may = may_attach(&mut ctx, asked.lesson, asked.individual, told.unwrap_or(0)).await;
    ctx.close(may).await?;
    let place = files.store().ok_or(AppError::Unavailable)?;
    if told.is_some_and(|length| usize::try_from(length).map_or(true, |l| l > MOST_FILE_BYTES)) {
        return Err(too_large());
    }
    let busy = || AppError::invalid("file", t::homework_file_busy(lang));
    let under_way = UNDER_WAY.try_acquire().map_err(|_| busy())?;
    let content = read(request.into_body(), told, lang).await?;
    let sent = asked.name.clone();
    let arrived = tokio::task::spawn_blocking(move || keep(&*place, school, &sent, &content, lang));
    let arrived = arrived.await.map_err(|_| AppError::Unavailable)??;
    drop(under_way);
    // asked again: the journal may have been closed, or the homework removed, meanwhile. A content without a row is swept.
    let mut ctx = open(visit).await?;
    let file = attach(&mut ctx, asked.lesson, asked.individual, arrived).await;
    Ok((ctx.close(file).await?, topic))
}

async fn open(visit: &Visit) -> Result<Ctx, AppError> {
    let actor = visit.actor.clone().ok_or(AppError::SignIn)?;
    visit.store.begin(actor, visit.now, visit.lang).await
}

/// The whole content, or nothing.
async fn read(body: Body, told: Option<i64>, lang: Lang) -> Result<Bytes, AppError> {
    let broken = || AppError::invalid("file", t::homework_file_broken_off(lang));
    let read = tokio::time::timeout(LONGEST, axum::body::to_bytes(body, MOST_FILE_BYTES))
        .await
        .map_err(|_| broken())?;
    match read {
        Ok(content) if told.is_none_or(|told| usize::try_from(told) == Ok(content.len())) => Ok(content),
        Ok(_) => Err(broken()),
        // a length was told and fits: then the connection was cut; else it went on beyond what is allowed
        Err(_) if told.is_some() => Err(broken()),
        Err(_) => Err(AppError::invalid(
            "file",
            t::homework_file_large(lang, MOST_FILE_BYTES / 1024 / 1024),
        )),
    }
}

/// Looks at a content and keeps it.
fn keep(
    place: &dyn FileStore,
    school: base::SchoolId,
    sent: &str,
    content: &[u8],
    lang: Lang,
) -> Result<Arrived, AppError> {
    let kind = recognise(sent, content).map_err(|refusal| {
        let words = match refusal {
            Refusal::Empty => t::homework_file_empty(lang).to_owned(),
            Refusal::Unknown => t::homework_file_unknown(lang).to_owned(),
            Refusal::Macros => t::homework_file_macros(lang).to_owned(),
            Refusal::Bomb => t::homework_file_bomb(lang).to_owned(),
            Refusal::OtherName(kind) => t::homework_file_other_name(lang, kind.shown()),
        };
        AppError::invalid("file", words)
    })?;
    let hash = place.put(school, content).map_err(|error| {
        tracing::error!(kind = %error.kind(), "a file could not be kept");
        AppError::Unavailable
    })?;
    Ok(Arrived {
        name: name::safe(sent, kind),
        kind,
        bytes: i32::try_from(content.len()).map_err(|_| AppError::TooLarge)?,
        hash,
    })
}

async fn fetch(
    Path(asked): Path<String>,
    Extension(files): Extension<Files>,
    Extension(visit): Extension<Visit>,
) -> Response {
    match find(&visit, &files, &asked).await {
        Ok((opened, content)) => hand_out(&asked, &opened, content),
        Err(error) => refuse_page(&error, visit.lang),
    }
}

async fn find(visit: &Visit, files: &Files, asked: &str) -> Result<(Opened, Box<dyn Read + Send>), AppError> {
    let id: HomeworkFileId = asked.parse().map_err(|_| AppError::NotFound)?;
    let mut ctx = open(visit).await?;
    let school = ctx.school();
    let opened = file(&mut ctx, id).await;
    let opened = ctx.close(opened).await?;
    let place = files.store().ok_or(AppError::Unavailable)?;
    let hash = opened.hash;
    let content = tokio::task::spawn_blocking(move || place.open(school, hash))
        .await
        .map_err(|_| AppError::Unavailable)?
        .map_err(|error| {
            tracing::error!(kind = %error.kind(), "a file that a row names could not be opened");
            AppError::Unavailable
        })?;
    Ok((opened, content))
}

fn hand_out(asked: &str, opened: &Opened, content: Box<dyn Read + Send>) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(opened.kind.media_type()),
    );
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(opened.bytes));
    let ending = opened.kind.endings().first().copied().unwrap_or("bin");
    let plain = format!("homework-{asked}.{ending}");
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&kit::server::disposition(&plain, &opened.name))
            .unwrap_or(HeaderValue::from_static("attachment")),
    );
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NO_PAGE));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    (StatusCode::OK, headers, Body::from_stream(pieces(content))).into_response()
}

/// The content in pieces, read on threads that may wait for a disk.
fn pieces(content: Box<dyn Read + Send>) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> {
    unfold(Some(content), |content| async move {
        let mut content = content?;
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0u8; PIECE];
            let length = content.read(&mut piece)?;
            piece.truncate(length);
            Ok::<_, std::io::Error>((piece, content))
        });
        match read.await {
            Ok(Ok((piece, _))) if piece.is_empty() => None,
            Ok(Ok((piece, content))) => Some((Ok(Bytes::from(piece)), Some(content))),
            Ok(Err(error)) => Some((Err(error), None)),
            Err(_) => Some((Err(std::io::Error::other("a reading thread broke off")), None)),
        }
    })
}

/// For the script that sent a file: the error as server functions tell it.
fn refuse(error: &AppError) -> Response {
    (status(error), Json(error)).into_response()
}

/// For a person who followed a link: a word.
fn refuse_page(error: &AppError, lang: Lang) -> Response {
    (status(error), error.message(lang)).into_response()
}

fn status(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
