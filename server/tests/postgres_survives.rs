//! The embedded PostgreSQL against kills, left-over files and impatient neighbours.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod support;

use std::path::{Path, PathBuf};
use std::time::Duration;

use server::postgres::{Cluster, Durability, Options};
use sqlx::postgres::PgPool;
use support::{Folder, Parta, kill, output};

fn throw_away(data: &Path) -> Options {
    Options {
        data: data.to_path_buf(),
        durability: Durability::ThrowAway,
        patience: Duration::from_millis(300),
    }
}

fn postmaster(data: &Path) -> u32 {
    postmaster_if_any(data).unwrap()
}

/// None while the file is being written, or gone.
fn postmaster_if_any(data: &Path) -> Option<u32> {
    let text = std::fs::read_to_string(data.join("postgres/postmaster.pid")).ok()?;
    text.lines().next()?.parse().ok()
}

async fn write(url: &str) {
    let pool = PgPool::connect(url).await.unwrap();
    sqlx::raw_sql("create table survivor (id int); insert into survivor values (7)")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
}

async fn still_there(url: &str) -> bool {
    let pool = PgPool::connect(url).await.unwrap();
    let found = sqlx::raw_sql("select from survivor where id = 7")
        .fetch_all(&pool)
        .await
        .unwrap();
    pool.close().await;
    found.len() == 1
}

#[tokio::test]
async fn a_cluster_is_made_started_stopped_and_found_again() {
    let folder = Folder::new("again");
    let cluster = Cluster::open(throw_away(folder.path())).await.unwrap();
    write(&cluster.url()).await;
    cluster.stop().await.unwrap();
    assert_eq!(server::postgres::running_url(folder.path()), None);
    drop(cluster);

    let cluster = Cluster::open(throw_away(folder.path())).await.unwrap();
    assert_eq!(server::postgres::running_url(folder.path()), Some(cluster.url()));
    assert!(still_there(&cluster.url()).await);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_parta_is_told_who_has_the_folder() {
    let folder = Folder::new("two");
    let first = Cluster::open(throw_away(folder.path())).await.unwrap();
    let refusal = Cluster::open(throw_away(folder.path()))
        .await
        .unwrap_err()
        .to_string();
    assert!(refusal.contains("in use by another parta"), "{refusal}");
    assert!(refusal.contains(&std::process::id().to_string()), "{refusal}");
    assert!(refusal.contains("--data"), "{refusal}");
    first.stop().await.unwrap();
}

#[tokio::test]
async fn the_postmaster_of_a_killed_parta_is_adopted() {
    let folder = Folder::new("adopt");
    let parta = Parta::serve(folder.path(), &[]).await;
    let before = postmaster(folder.path());
    write(&server::postgres::running_url(folder.path()).unwrap()).await;
    parta.kill().await;
    assert!(
        Path::new(&format!("/proc/{before}")).exists(),
        "PostgreSQL outlives a killed parta"
    );

    let parta = Parta::serve(folder.path(), &[]).await;
    assert_eq!(postmaster(folder.path()), before);
    assert!(still_there(&server::postgres::running_url(folder.path()).unwrap()).await);
    assert!(parta.terminate().await.success());
    assert_eq!(
        server::postgres::running_url(folder.path()),
        None,
        "and stops with the next one"
    );
}

#[tokio::test]
async fn both_killed_at_once_start_again_with_everything() {
    let folder = Folder::new("both");
    let parta = Parta::serve(folder.path(), &[]).await;
    write(&server::postgres::running_url(folder.path()).unwrap()).await;
    let pid = postmaster(folder.path());
    parta.kill().await;
    kill(pid, "KILL");
    let parta = Parta::serve(folder.path(), &[]).await;
    assert_ne!(postmaster(folder.path()), pid);
    assert!(still_there(&server::postgres::running_url(folder.path()).unwrap()).await);
    assert!(parta.terminate().await.success());
}

#[tokio::test]
async fn a_killed_postgres_is_started_again_under_a_running_parta() {
    let folder = Folder::new("supervised");
    let parta = Parta::serve(folder.path(), &[]).await;
    write(&server::postgres::running_url(folder.path()).unwrap()).await;
    let killed = postmaster(folder.path());
    kill(killed, "KILL");
    // Until the supervisor has seen it, connections that were open already may still answer; so the new one is waited for.
    for _ in 0..100 {
        if postmaster_if_any(folder.path()).is_some_and(|pid| pid != killed) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_ne!(postmaster(folder.path()), killed);
    // Requests wait for the connection meanwhile, so that people notice a pause and no error.
    parta.wait_for("/ready", 200).await;
    assert!(still_there(&server::postgres::running_url(folder.path()).unwrap()).await);
    assert!(parta.terminate().await.success());
}

#[tokio::test]
async fn a_lock_file_with_somebody_elses_number_is_stale() {
    let folder = Folder::new("stale");
    let cluster = Cluster::open(throw_away(folder.path())).await.unwrap();
    write(&cluster.url()).await;
    let lock = folder.path().join("postgres/postmaster.pid");
    let text = std::fs::read_to_string(&lock).unwrap();
    let sockets: PathBuf = text.lines().nth(4).unwrap().into();
    cluster.stop().await.unwrap();
    drop(cluster);

    // After a restart of the machine the number belongs to a process of the same account, and PostgreSQL itself
    // would refuse to start.
    let mut other = support::as_owner_of(&folder.path().join("postgres"), "sleep")
        .arg("60")
        .spawn()
        .unwrap();
    let pid = other.id().unwrap();
    let forged = std::iter::once(pid.to_string()).chain(text.lines().skip(1).map(str::to_owned));
    let forged = forged.collect::<Vec<_>>().join("\n");
    std::fs::write(&lock, &forged).unwrap();
    std::fs::write(sockets.join(".s.PGSQL.5432.lock"), &forged).unwrap();

    let cluster = Cluster::open(throw_away(folder.path())).await.unwrap();
    assert!(still_there(&cluster.url()).await);
    assert!(
        Path::new(&format!("/proc/{pid}")).exists(),
        "the innocent process lives"
    );
    cluster.stop().await.unwrap();
    other.kill().await.unwrap();
}

#[tokio::test]
async fn half_a_cluster_is_thrown_away() {
    let folder = Folder::new("half");
    let unfinished = folder.path().join("postgres.new");
    std::fs::create_dir_all(unfinished.join("base")).unwrap();
    std::fs::write(unfinished.join("PG_VERSION"), "15\n").unwrap();
    let cluster = Cluster::open(throw_away(folder.path())).await.unwrap();
    assert!(!unfinished.exists());
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_works() {
    let folder = Folder::new("long");
    let deep = folder
        .path()
        .join("очень-длинный-путь-'x'".repeat(4))
        .join("y".repeat(80));
    let cluster = Cluster::open(throw_away(&deep)).await.unwrap();
    assert!(cluster.url().len() < 120, "{}", cluster.url());
    write(&cluster.url()).await;
    assert!(still_there(&cluster.url()).await);
    let sockets = cluster.url().rsplit_once("?host=").unwrap().1.to_owned();
    assert!(Path::new(&sockets).is_dir());
    cluster.stop().await.unwrap();
    assert!(!Path::new(&sockets).exists(), "nothing is left in /tmp");
}

#[tokio::test]
async fn nobody_else_can_enter_and_the_settings_hold() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folder = Folder::new("private");
    let cluster = Cluster::open(throw_away(folder.path())).await.unwrap();
    for private in ["postgres", "run"] {
        let found = std::fs::metadata(folder.path().join(private)).unwrap();
        assert_eq!(found.permissions().mode() & 0o777, 0o700, "{private}");
        assert_ne!(found.uid(), 0, "PostgreSQL never runs as root");
    }
    let pool = PgPool::connect(&cluster.url()).await.unwrap();
    for (setting, value) in [
        ("data_checksums", "on"),
        ("listen_addresses", ""),
        ("server_encoding", "UTF8"),
        ("fsync", "off"),
    ] {
        let ask = sqlx::AssertSqlSafe(format!(
            "select from pg_settings where name = '{setting}' and setting = '{value}'"
        ));
        let found = sqlx::raw_sql(ask).fetch_all(&pool).await.unwrap();
        assert_eq!(found.len(), 1, "{setting} should be `{value}`");
    }
    pool.close().await;
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn the_command_starts_prints_and_stops() {
    let folder = Folder::new("command");
    let data = folder.path().to_str().unwrap();
    let started = output(&["postgres", "start", "--throw-away", "--data", data]).await;
    assert!(started.status.success(), "{started:?}");
    let url = String::from_utf8(started.stdout).unwrap();
    write(url.trim()).await;
    assert_eq!(
        output(&["postgres", "url", "--data", data]).await.stdout,
        url.as_bytes()
    );
    assert!(
        output(&["postgres", "stop", "--data", data])
            .await
            .status
            .success()
    );
    assert!(
        output(&["postgres", "stop", "--data", data])
            .await
            .status
            .success(),
        "twice is no mistake"
    );
    let gone = output(&["postgres", "url", "--data", data]).await;
    assert!(!gone.status.success() && String::from_utf8_lossy(&gone.stderr).contains("no PostgreSQL runs"));
}
