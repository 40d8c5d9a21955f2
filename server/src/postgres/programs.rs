//! Where PostgreSQL's programs are.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tokio::process::Command;

/// The oldest major version that Parta is written for.
const OLDEST: u32 = 15;

/// One installed PostgreSQL: the folder of its programs and its major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    folder: PathBuf,
    major: u32,
}

impl Programs {
    /// Finds the newest usable PostgreSQL, or the one of `wanted` version when a cluster already exists.
    pub async fn find(wanted: Option<u32>) -> anyhow::Result<Self> {
        let mut found: Vec<Self> = Vec::new();
        for folder in candidates().await {
            if found.iter().all(|known| known.folder != folder)
                && let Some(major) = version(&folder).await
            {
                found.push(Self { folder, major });
            }
        }
        choose(found, wanted)
    }

    /// The path of one of the programs.
    pub fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }
}

/// Picks from what is installed, or says in one sentence what to install.
fn choose(found: Vec<Programs>, wanted: Option<u32>) -> anyhow::Result<Programs> {
    let newest = found.iter().map(|programs| programs.major).max();
    let pick = match wanted {
        Some(wanted) => found.into_iter().find(|programs| programs.major == wanted),
        None => found
            .into_iter()
            .filter(|programs| programs.major >= OLDEST)
            .max_by_key(|programs| programs.major),
    };
    match (pick, wanted, newest) {
        (Some(programs), _, _) => Ok(programs),
        (None, Some(wanted), _) => bail!(
            "the data folder was made by PostgreSQL {wanted}, which is not installed: \
             install the Debian package `postgresql-{wanted}`, or set DATABASE_URL to a server of yours"
        ),
        (None, None, Some(newest)) => bail!(
            "PostgreSQL {newest} is too old: install version {OLDEST} or newer (Debian package `postgresql`), \
             or set DATABASE_URL to a server of yours"
        ),
        (None, None, None) => bail!(
            "PostgreSQL's programs were not found: install the Debian package `postgresql`, \
             or set DATABASE_URL to a server of yours"
        ),
    }
}

/// Folders that may hold the programs, the most trusted first.
async fn candidates() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output().await
        && output.status.success()
    {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    if let Some(path) = std::env::var_os("PATH") {
        // A link in /usr/local/bin leads to the folder that has all of them.
        folders.extend(std::env::split_paths(&path).filter_map(|folder| {
            folder
                .join("postgres")
                .canonicalize()
                .ok()?
                .parent()
                .map(Path::to_path_buf)
        }));
    }
    folders.retain(|folder| {
        ["postgres", "initdb", "pg_ctl"]
            .iter()
            .all(|name| folder.join(name).is_file())
    });
    folders
}

/// The major version of the programs in a folder.
async fn version(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres"))
        .arg("--version")
        .output()
        .await
        .ok()?;
    parse_version(&String::from_utf8_lossy(&output.stdout))
}

/// Reads the major version from `postgres (PostgreSQL) 15.18 (Debian …)`.
fn parse_version(line: &str) -> Option<u32> {
    let number = line.split_once(") ")?.1;
    number
        .chars()
        .take_while(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .ok()
}

/// The major version that made an existing cluster, `None` when there is no cluster.
pub fn cluster_version(cluster: &Path) -> anyhow::Result<Option<u32>> {
    let file = cluster.join("PG_VERSION");
    match std::fs::read_to_string(&file) {
        Ok(text) => text
            .trim()
            .parse()
            .map(Some)
            .with_context(|| format!("{} holds no version", file.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed(majors: &[u32]) -> Vec<Programs> {
        majors
            .iter()
            .map(|&major| Programs {
                folder: PathBuf::from(format!("/{major}")),
                major,
            })
            .collect()
    }

    #[test]
    fn the_version_is_read_as_distributions_print_it() {
        assert_eq!(
            parse_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(parse_version("postgres (PostgreSQL) 19beta1"), Some(19));
        assert_eq!(parse_version("something else"), None);
    }

    #[test]
    fn the_newest_is_taken_and_an_old_cluster_gets_its_own() {
        assert_eq!(choose(installed(&[15, 17, 16]), None).unwrap().major, 17);
        assert_eq!(choose(installed(&[15, 17, 16]), Some(15)).unwrap().major, 15);
    }

    #[test]
    fn what_is_missing_is_said_with_the_package() {
        let says = |found: &[u32], wanted| choose(installed(found), wanted).unwrap_err().to_string();
        assert!(says(&[], None).contains("Debian package `postgresql`"));
        assert!(says(&[13], None).contains("PostgreSQL 13 is too old"));
        assert!(says(&[17], Some(15)).contains("Debian package `postgresql-15`"));
    }
}
