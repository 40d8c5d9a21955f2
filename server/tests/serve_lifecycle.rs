//! The server from outside: health, limits, what it logs and how it ends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod support;

use std::time::Duration;

use sqlx::{Executor as _, Row as _};
use support::{Folder, Parta, output};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn it_lives_is_ready_and_gives_every_answer_an_id() {
    let folder = Folder::new("health");
    let parta = Parta::serve(folder.path(), &[]).await;
    assert!(parta.get("/health").await.starts_with("HTTP/1.1 200 "));
    let ready = parta.get("/ready").await;
    assert!(
        ready.starts_with("HTTP/1.1 200 ") && ready.contains("x-request-id: "),
        "{ready}"
    );

    let host = &parta.address;
    let forged =
        format!("GET /health HTTP/1.1\r\nHost: {host}\r\nX-Request-Id: forged\r\nConnection: close\r\n\r\n");
    assert!(!parta.raw(&forged).await.unwrap().contains("forged"));

    let huge = format!(
        "POST /api/access/sign_in HTTP/1.1\r\nHost: {host}\r\nContent-Length: 104857600\r\nConnection: close\r\n\r\n"
    );
    assert!(parta.raw(&huge).await.unwrap().starts_with("HTTP/1.1 413 "));
    assert!(parta.terminate().await.success());
}

#[tokio::test]
async fn metrics_are_for_this_machine_alone() {
    let folder = Folder::new("metrics");
    let data = folder.path().to_str().unwrap();
    let refused = output(&["serve", "--data", data, "--metrics-address", "0.0.0.0:0"]).await;
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("not for the public"));

    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let mut parta = Parta::serve(folder.path(), &["--metrics-address", &free]).await;
    assert!(
        parta.get("/metrics").await.starts_with("HTTP/1.1 404 "),
        "not at the public address"
    );
    parta.get("/health?name=secret").await;
    let public = std::mem::replace(&mut parta.address, free);
    let text = parta.get("/metrics").await;
    assert!(text.contains("parta_http_requests_total{"), "{text}");
    assert!(
        text.contains("route=\"/health\"") && !text.contains("secret"),
        "{text}"
    );
    parta.address = public;
    assert!(parta.terminate().await.success());
}

#[tokio::test]
async fn a_begun_request_is_finished_and_a_new_one_not_accepted() {
    let folder = Folder::new("graceful");
    let parta = Parta::serve(folder.path(), &[]).await;
    let address = parta.address.clone();
    let mut begun = TcpStream::connect(&address).await.unwrap();
    begun
        .write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    parta.signal("TERM");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(
        TcpStream::connect(&address).await.is_err(),
        "nothing new is accepted"
    );
    begun.write_all(b"\r\n").await.unwrap();
    let mut answer = String::new();
    begun.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(parta.ended().await.success());
    assert_eq!(server::postgres::running_url(folder.path()), None);
}

#[tokio::test]
async fn it_works_with_a_login_that_owns_nothing() {
    let folder = Folder::new("login");
    let parta = Parta::serve(folder.path(), &[]).await;
    parta.wait_for("/ready", 200).await;
    let url = server::postgres::running_url(folder.path()).unwrap();
    let owner = sqlx::PgPool::connect(&url).await.unwrap();
    let rows = owner
        .fetch_all(
            "select distinct usename::text from pg_stat_activity
             where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()",
        )
        .await
        .unwrap();
    let logins: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(logins, ["parta_server"], "nobody is connected as the owner");
    owner.close().await;
    assert!(parta.terminate().await.success());
}

#[tokio::test]
async fn the_second_signal_does_not_wait() {
    let folder = Folder::new("twice");
    let parta = Parta::serve(folder.path(), &[]).await;
    let mut stuck = TcpStream::connect(&parta.address).await.unwrap();
    stuck.write_all(b"GET /health HTTP/1.1\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    parta.signal("INT");
    tokio::time::sleep(Duration::from_millis(300)).await;
    parta.signal("INT");
    let ended = tokio::time::timeout(Duration::from_secs(10), parta.ended()).await;
    assert!(ended.expect("at once").success());
    assert_eq!(server::postgres::running_url(folder.path()), None);
}

#[tokio::test]
async fn a_taken_port_is_said_before_anything_is_touched() {
    let folder = Folder::new("port");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = output(&[
        "serve",
        "--data",
        folder.path().to_str().unwrap(),
        "--address",
        &address,
    ])
    .await;
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("--address"), "{said}");
    assert!(!folder.path().join("postgres").exists());
}

#[tokio::test]
async fn help_shows_examples_and_no_secret() {
    let help = output(&["--help"]).await;
    let text = String::from_utf8(help.stdout).unwrap();
    for word in [
        "serve",
        "migrate",
        "demo",
        "import",
        "account",
        "postgres",
        "DATABASE_URL",
        "Examples:",
    ] {
        assert!(text.contains(word), "{word}");
    }
}
