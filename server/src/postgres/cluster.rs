//! The life of the embedded cluster: make, start or adopt, watch, stop.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use tokio_util::sync::CancellationToken;

use super::account::Account;
use super::folder::{Folder, SOCKET_NAME, make_private};
use super::liveness::{self, State};
use super::programs::{self, Programs};
use super::settings::{self, Durability};

/// The role that owns the cluster and the database; the application itself works as a lesser one.
pub const OWNER: &str = "parta_owner";

/// The database of the application.
const DATABASE: &str = "parta";

/// Recovery after a crash replays the write-ahead log, which takes its time on a slow disk.
const START_PATIENCE: Duration = Duration::from_secs(300);

/// How long processes that lost their postmaster may need to notice.
const ORPHAN_PATIENCE: Duration = Duration::from_secs(10);

/// How a cluster is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// The data folder; made if missing.
    pub data: PathBuf,
    /// Whether what is committed must outlive a crash.
    pub durability: Durability,
    /// How long to wait for another Parta to let go of the data folder.
    pub patience: Duration,
}

impl Options {
    /// A durable cluster in `data`, for which another Parta gets two seconds to stop.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            durability: Durability::Safe,
            patience: Duration::from_secs(2),
        }
    }
}

/// A running cluster, locked for this process.
#[derive(Debug)]
pub struct Cluster {
    folder: Folder,
    sockets: PathBuf,
    programs: Programs,
    account: Account,
    durability: Durability,
    /// Held, not read: the lock falls when the cluster is dropped or the process dies.
    _lock: File,
}

impl Cluster {
    /// Opens the cluster of a data folder: makes it if missing, starts it or adopts the postmaster that runs already,
    /// and sees to it that the database exists.
    pub async fn open(options: Options) -> anyhow::Result<Self> {
        let folder = Folder::open(&options.data)?;
        let account = Account::choose(folder.root(), &folder.cluster())?;
        let programs = Programs::find(programs::cluster_version(&folder.cluster())?).await?;
        let lock = folder.lock(options.patience).await?;
        check_reachable(account, folder.root()).await?;
        let sockets = folder.sockets(account)?;
        let mut cluster = Self {
            folder,
            sockets,
            programs,
            account,
            durability: options.durability,
            _lock: lock,
        };
        if programs::cluster_version(&cluster.folder.cluster())?.is_none() {
            cluster.init().await?;
        }
        cluster.start().await?;
        cluster.ensure_database().await?;
        Ok(cluster)
    }

    /// The address of the database, for this program and for others on this machine.
    pub fn url(&self) -> String {
        url(&self.sockets)
    }

    /// Stops PostgreSQL: open transactions are rolled back, everything committed is written.
    pub async fn stop(&self) -> anyhow::Result<()> {
        for mode in ["fast", "immediate"] {
            if liveness::state(&self.folder.cluster()) == State::Stopped {
                return Ok(());
            }
            match self.pg_ctl(&["stop", "-m", mode, "-w", "-t", "60"]).await {
                Ok(()) => {
                    // pg_ctl is content when the lock file is gone; the last process ends a moment later.
                    let since = Instant::now();
                    while !liveness::processes(&self.folder.cluster()).is_empty()
                        && since.elapsed() < ORPHAN_PATIENCE
                    {
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                    self.folder.forget_sockets(&self.sockets);
                    return Ok(());
                }
                Err(error) => tracing::warn!(mode, %error, "PostgreSQL did not stop"),
            }
        }
        bail!("PostgreSQL in {} did not stop", self.folder.root().display())
    }

    /// Watches the postmaster until `stop` is cancelled, and starts it again when it dies.
    pub async fn supervise(&mut self, stop: CancellationToken) {
        let mut pause = Duration::from_secs(1);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            pause = Duration::from_secs(1);
            if matches!(liveness::state(&self.folder.cluster()), State::Live(_)) {
                continue;
            }
            tracing::warn!("PostgreSQL is gone, starting it again");
            match self.start().await {
                Ok(()) => tracing::info!("PostgreSQL runs again"),
                Err(error) => {
                    tracing::error!(error = format!("{error:#}"), "PostgreSQL does not start");
                    pause = Duration::from_secs(15);
                }
            }
        }
    }

    /// Makes the files of a new cluster beside their final place, so that a kill leaves no half of one.
    async fn init(&self) -> anyhow::Result<()> {
        let unfinished = self.folder.unfinished();
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished)
                .with_context(|| format!("cannot remove the unfinished {}", unfinished.display()))?;
        }
        make_private(&unfinished, self.account)?;
        let mut command = self.account.command(&self.programs.path("initdb"));
        command
            .arg("--pgdata")
            .arg(&unfinished)
            .args([
                "--username",
                OWNER,
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--locale",
                "C.UTF-8",
            ])
            .args(["--data-checksums", "--no-instructions"]);
        if self.durability == Durability::ThrowAway {
            command.arg("--no-sync");
        }
        let output = command
            .stdin(Stdio::null())
            .output()
            .await
            .context("cannot run initdb")?;
        if !output.status.success() {
            bail!("initdb failed: {}", last_words(&output.stderr));
        }
        let mut configuration = File::options()
            .append(true)
            .open(unfinished.join("postgresql.conf"))?;
        configuration.write_all(settings::INCLUDES.as_bytes())?;
        configuration.sync_all()?;
        fs::rename(&unfinished, self.folder.cluster()).context("cannot move the new cluster into place")
    }

    /// Starts the postmaster, or adopts the living one.
    async fn start(&mut self) -> anyhow::Result<()> {
        let cluster = self.folder.cluster();
        match liveness::state(&cluster) {
            State::Live(postmaster) => {
                tracing::info!(
                    pid = postmaster.pid,
                    "PostgreSQL runs already on this data folder"
                );
                self.sockets = postmaster.sockets;
                match self.wait_ready().await {
                    Ok(()) => return Ok(()),
                    // It was about to stop when we met it.
                    Err(_) if !matches!(liveness::state(&cluster), State::Live(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            State::Stale | State::Stopped => {}
        }
        self.sockets = self.folder.sockets(self.account)?;
        self.clear_remains().await?;
        let own = cluster.join("parta.conf");
        fs::write(&own, settings::text(&self.sockets, self.durability))
            .with_context(|| format!("cannot write {}", own.display()))?;
        self.account.own(&own)?;
        let log = cluster.join("start.log");
        fs::write(&log, "").with_context(|| format!("cannot write {}", log.display()))?;
        self.account.own(&log)?;
        let patience = START_PATIENCE.as_secs().to_string();
        let mut command = self.account.command(&self.programs.path("pg_ctl"));
        command
            .args(["start", "--silent", "-w", "-t", &patience, "--pgdata"])
            .arg(&cluster)
            .arg("--log")
            .arg(&log);
        // The postmaster inherits what pg_ctl has: never a pipe or a terminal of ours.
        let status = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .await;
        if !status.context("cannot run pg_ctl")?.success() {
            let words = fs::read(&log).unwrap_or_default();
            bail!(
                "PostgreSQL did not start: {} (its log is in {})",
                last_words(&words),
                cluster.join("log").display()
            );
        }
        self.wait_ready().await
    }

    /// Waits until nobody works in the cluster's folder, then removes the lock files of the dead.
    async fn clear_remains(&self) -> anyhow::Result<()> {
        let cluster = self.folder.cluster();
        let since = Instant::now();
        let mut asked = false;
        loop {
            let orphans = liveness::processes(&cluster);
            if orphans.is_empty() {
                break;
            }
            if since.elapsed() > ORPHAN_PATIENCE * 2 {
                bail!("old processes of PostgreSQL do not end: {orphans:?}");
            }
            if since.elapsed() > ORPHAN_PATIENCE && !asked {
                asked = true;
                for pid in orphans {
                    self.pg_ctl(&["kill", "QUIT", &pid.to_string()]).await?;
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let lock = self.sockets.join(format!("{SOCKET_NAME}.lock"));
        for remains in [
            cluster.join("postmaster.pid"),
            lock,
            self.sockets.join(SOCKET_NAME),
        ] {
            match fs::remove_file(&remains) {
                Ok(()) => tracing::info!(file = %remains.display(), "removed the remains of a crash"),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(error).with_context(|| format!("cannot remove {}", remains.display()));
                }
            }
        }
        Ok(())
    }

    /// Waits until a connection succeeds.
    async fn wait_ready(&self) -> anyhow::Result<()> {
        let since = Instant::now();
        loop {
            match self.connect("postgres").await {
                Ok(connection) => return Ok(connection.close().await?),
                Err(error) => {
                    let gone = !matches!(liveness::state(&self.folder.cluster()), State::Live(_));
                    if gone || since.elapsed() > START_PATIENCE {
                        return Err(error).context("PostgreSQL does not answer on its socket");
                    }
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Creates the application's database if it is missing.
    async fn ensure_database(&self) -> anyhow::Result<()> {
        match self.connect(DATABASE).await {
            Ok(connection) => return Ok(connection.close().await?),
            // invalid_catalog_name: there is no such database
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("3D000") => {}
            Err(error) => return Err(error).context("cannot reach the database"),
        }
        let mut connection = self.connect("postgres").await?;
        sqlx::raw_sql("create database parta")
            .execute(&mut connection)
            .await
            .context("cannot create the database")?;
        Ok(connection.close().await?)
    }

    async fn connect(&self, database: &str) -> Result<PgConnection, sqlx::Error> {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.sockets)
            .port(5432)
            .username(OWNER)
            .database(database)
            .connect()
            .await
    }

    async fn pg_ctl(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let mut command = self.account.command(&self.programs.path("pg_ctl"));
        if arguments.first() != Some(&"kill") {
            command.arg("--pgdata").arg(self.folder.cluster());
        }
        let output = command
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .await
            .context("cannot run pg_ctl")?;
        if output.status.success() {
            Ok(())
        } else {
            bail!("{}", last_words(&output.stderr))
        }
    }
}

/// The address of the cluster that runs on a data folder, `None` when none does.
pub fn running_url(data: &Path) -> Option<String> {
    let cluster = data.canonicalize().ok()?.join("postgres");
    match liveness::state(&cluster) {
        State::Live(postmaster) => Some(url(&postmaster.sockets)),
        State::Stale | State::Stopped => None,
    }
}

/// Builds the address that sqlx and libpq both read.
fn url(sockets: &Path) -> String {
    let escaped = escape(sockets.as_os_str());
    format!("postgres://{OWNER}@localhost:5432/{DATABASE}?host={escaped}")
}

/// Escapes a path for the query part of an address.
fn escape(path: &OsStr) -> String {
    path.as_bytes().iter().fold(String::new(), |mut text, &byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => {
                text.push(char::from(byte))
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
        text
    })
}

/// PostgreSQL's programs do not say much when they are shut out of a folder, so it is found out beforehand.
async fn check_reachable(account: Account, folder: &Path) -> anyhow::Result<()> {
    if !account.switches() {
        return Ok(());
    }
    let status = account
        .command(Path::new("test"))
        .arg("-x")
        .arg(folder)
        .status()
        .await;
    if status.context("cannot run `test`")?.success() {
        return Ok(());
    }
    bail!(
        "PostgreSQL does not run as root, and the account that it runs as cannot enter {}: \
         choose a folder outside private homes with --data, for example /var/lib/parta",
        folder.display()
    )
}

/// The last lines of what a program said.
fn last_words(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.split_at(lines.len().saturating_sub(4)).1.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_carries_any_path() {
        let url = url(Path::new("/srv/моя школа/run"));
        assert!(
            url.is_ascii() && url.ends_with("%20%D1%88%D0%BA%D0%BE%D0%BB%D0%B0/run"),
            "{url}"
        );
        let options: PgConnectOptions = url.parse().unwrap();
        assert_eq!(
            options.get_socket().map(PathBuf::as_path),
            Some(Path::new("/srv/моя школа/run"))
        );
        assert_eq!(options.get_username(), OWNER);
        assert_eq!(options.get_database(), Some(DATABASE));
    }

    #[test]
    fn only_the_end_of_a_long_story_is_told() {
        assert_eq!(last_words(b"a\nb\n\nc\nd\ne\n"), "b; c; d; e");
        assert_eq!(last_words(b""), "");
    }
}
