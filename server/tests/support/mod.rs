//! A folder and a server for one test.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};

const PATIENCE: Duration = Duration::from_secs(60);

/// A data folder that vanishes with the test, and the cluster in it too.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("parta-test-{name}-{}", std::process::id()));
        std::fs::DirBuilder::new().mode(0o755).create(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A test that failed half-way leaves a postmaster.
        if let Ok(text) = std::fs::read_to_string(self.0.join("postgres/postmaster.pid"))
            && let Some(Ok(pid)) = text.lines().next().map(str::parse::<u32>)
            && std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(&self.0))
        {
            kill(pid, "QUIT");
        }
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Sends a signal.
pub fn kill(pid: u32, signal: &str) {
    let status = std::process::Command::new("kill")
        .arg(format!("-{signal}"))
        .arg(pid.to_string())
        .status();
    assert!(status.unwrap().success(), "kill -{signal} {pid}");
}

/// A command that runs as the account that owns `path`.
pub fn as_owner_of(path: &Path, program: &str) -> Command {
    let owner = std::fs::metadata(path).unwrap();
    let mut command = Command::new(program);
    if owner.uid() != std::fs::metadata("/proc/self").unwrap().uid() {
        command.uid(owner.uid()).gid(owner.gid());
    }
    command
}

/// The executable, blind to the developer's own settings.
fn parta() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parta"));
    for name in [
        "DATABASE_URL",
        "PARTA_DATA",
        "PARTA_ADDRESS",
        "PARTA_CONFIG",
        "PARTA_LOG",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs a command to its end.
pub async fn output(arguments: &[&str]) -> Output {
    parta().args(arguments).output().await.unwrap()
}

/// Runs a command to its end on a database of the test's.
pub async fn output_on(database: &str, arguments: &[&str]) -> Output {
    let mut command = parta();
    command.env("DATABASE_URL", database).args(arguments);
    command.output().await.unwrap()
}

/// A running server.
pub struct Parta {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    pub address: String,
}

impl Parta {
    /// Starts a server on a free port and waits until it says where it listens.
    pub async fn serve(data: &Path, arguments: &[&str]) -> Self {
        let mut child = parta()
            .args(["serve", "--address", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = tokio::time::timeout(PATIENCE, lines.next_line())
            .await
            .expect("it starts in time")
            .unwrap();
        let first = first.expect("it says where it listens");
        let address = first
            .rsplit("http://")
            .next()
            .unwrap()
            .trim_end_matches('/')
            .to_owned();
        Self {
            child,
            lines,
            address,
        }
    }

    /// Sends a signal to the server alone.
    pub fn signal(&self, signal: &str) {
        kill(self.child.id().unwrap(), signal);
    }

    /// kill -9, and waits until the process is gone.
    pub async fn kill(mut self) {
        self.signal("KILL");
        self.child.wait().await.unwrap();
    }

    /// SIGTERM, and how it ended.
    pub async fn terminate(self) -> ExitStatus {
        self.signal("TERM");
        self.ended().await
    }

    /// Waits for the end.
    pub async fn ended(mut self) -> ExitStatus {
        tokio::time::timeout(PATIENCE, self.child.wait())
            .await
            .expect("it ends in time")
            .unwrap()
    }

    /// One request, the whole answer as text.
    pub async fn get(&self, path: &str) -> String {
        let host = &self.address;
        self.raw(&format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        ))
        .await
        .unwrap()
    }

    /// Sends bytes and reads until the server closes.
    pub async fn raw(&self, request: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// Waits until a path answers with a status.
    pub async fn wait_for(&self, path: &str, status: u16) {
        let since = Instant::now();
        while !self.get(path).await.starts_with(&format!("HTTP/1.1 {status} ")) {
            assert!(since.elapsed() < PATIENCE, "{path} does not answer {status}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
