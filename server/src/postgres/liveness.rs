//! Does a postmaster really run on our cluster?
//!
//! `postmaster.pid` alone cannot be trusted: after a crash or a restart of the machine its number may belong to any
//! process, and PostgreSQL itself then refuses to start. A process of PostgreSQL works *in* its data folder, so that
//! `/proc/<pid>/cwd` tells the truth.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A living postmaster of our cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postmaster {
    /// Its process id.
    pub pid: u32,
    /// The folder of its socket.
    pub sockets: PathBuf,
}

/// What `postmaster.pid` and the process table say together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// A postmaster works on this cluster.
    Live(Postmaster),
    /// A lock file is left over, its postmaster is gone.
    Stale,
    /// Nothing runs, nothing is left over.
    Stopped,
}

/// Reads the state of a cluster.
pub fn state(cluster: &Path) -> State {
    match fs::read_to_string(cluster.join("postmaster.pid")) {
        Ok(text) => match parse(&text) {
            Some(postmaster) if works_in(postmaster.pid, cluster) => State::Live(postmaster),
            _ => State::Stale,
        },
        Err(error) if error.kind() == ErrorKind::NotFound => State::Stopped,
        Err(_) => State::Stale,
    }
}

/// All processes that work in the cluster's folder, also those that outlived their postmaster.
pub fn processes(cluster: &Path) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|&pid| works_in(pid, cluster))
        .collect()
}

/// Whether a process is PostgreSQL at work in this folder.
fn works_in(pid: u32, cluster: &Path) -> bool {
    let process = PathBuf::from(format!("/proc/{pid}"));
    fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == cluster)
        && fs::read_to_string(process.join("comm")).is_ok_and(|name| name.starts_with("postgres"))
}

/// Reads process id (line 1) and socket folder (line 5).
fn parse(text: &str) -> Option<Postmaster> {
    let mut lines = text.lines();
    let pid = lines.next()?.trim().parse().ok()?;
    let sockets = lines.nth(3)?.trim();
    Some(Postmaster {
        pid,
        sockets: PathBuf::from(sockets),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_is_read() {
        let text = "4711\n/srv/data/postgres\n1700000000\n5432\n/srv/data/run\n\n  123 4\nready\n";
        let expected = Postmaster {
            pid: 4711,
            sockets: PathBuf::from("/srv/data/run"),
        };
        assert_eq!(parse(text), Some(expected));
        assert_eq!(parse(""), None);
        assert_eq!(parse("4711\n/srv"), None);
    }

    #[test]
    fn a_living_process_with_the_right_number_is_not_enough() {
        let folder = std::env::temp_dir().join(format!("parta-liveness-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        assert_eq!(state(&folder), State::Stopped);
        let me = std::process::id();
        fs::write(
            folder.join("postmaster.pid"),
            format!("{me}\n{}\n0\n5432\n/tmp\n", folder.display()),
        )
        .unwrap();
        assert_eq!(state(&folder), State::Stale);
        assert_eq!(processes(&folder), Vec::<u32>::new());
        fs::remove_dir_all(&folder).unwrap();
    }
}
