//! The data folder: where the cluster, its socket and the lock lie.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::account::Account;

/// What a Unix socket's address holds, without the closing zero byte.
const LONGEST_SOCKET_PATH: usize = 107;

/// The file name that PostgreSQL gives its socket.
pub const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// A data folder that exists, by its real path.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Makes the data folder if it is missing.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        // A cluster of another account must be able to pass through, nobody else needs to look inside.
        DirBuilder::new()
            .recursive(true)
            .mode(0o711)
            .create(path)
            .with_context(|| format!("cannot make the data folder {}", path.display()))?;
        let root = path
            .canonicalize()
            .with_context(|| format!("cannot open the data folder {}", path.display()))?;
        Ok(Self { root })
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// PostgreSQL's own folder.
    pub fn cluster(&self) -> PathBuf {
        self.root.join("postgres")
    }

    /// Where `initdb` works until the cluster is complete.
    pub fn unfinished(&self) -> PathBuf {
        self.root.join("postgres.new")
    }

    /// Takes the folder for this process until the returned file is closed, also by kill -9.
    pub async fn lock(&self, patience: Duration) -> anyhow::Result<File> {
        let path = self.root.join("parta.lock");
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot write to the data folder {}", self.root.display()))?;
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if since.elapsed() < patience => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    file.read_to_string(&mut holder).unwrap_or_default();
                    bail!(
                        "the data folder {} is in use by another parta (process {}): stop that one, \
                         or choose another folder with --data",
                        self.root.display(),
                        holder.trim()
                    );
                }
                Err(TryLockError::Error(error)) => {
                    return Err(error).with_context(|| format!("cannot lock {}", path.display()));
                }
            }
        }
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())?;
        Ok(file)
    }

    /// Makes the private folder of the socket: in the data folder, or, where that path is too long for a socket, a
    /// short one whose name is derived from the data folder's.
    pub fn sockets(&self, account: Account) -> anyhow::Result<PathBuf> {
        let runtime = std::env::var_os("XDG_RUNTIME_DIR")
            .filter(|_| !account.switches())
            .map(PathBuf::from);
        let sockets = socket_folder(&self.root, runtime.as_deref());
        make_private(&sockets, account)?;
        Ok(sockets)
    }

    /// Removes the folder of the socket again if it lies outside; best effort, it is empty and found again by name.
    pub fn forget_sockets(&self, sockets: &Path) {
        if !sockets.starts_with(&self.root)
            && let Err(error) = fs::remove_dir(sockets)
        {
            tracing::debug!(%error, folder = %sockets.display(), "the folder of the socket stays");
        }
    }
}

/// Chooses the folder of the socket.
fn socket_folder(root: &Path, runtime: Option<&Path>) -> PathBuf {
    let fits = |folder: &Path| folder.join(SOCKET_NAME).as_os_str().as_bytes().len() <= LONGEST_SOCKET_PATH;
    let inside = root.join("run");
    if fits(&inside) {
        return inside;
    }
    let name = format!("parta-{:016x}", hash(root.as_os_str().as_bytes()));
    runtime
        .map(|runtime| runtime.join(&name))
        .filter(|folder| fits(folder) && folder.parent().is_some_and(Path::is_dir))
        .unwrap_or_else(|| Path::new("/tmp").join(name))
}

/// FNV-1a: the same in every version of Parta, so that a socket is found again after an upgrade.
pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Makes a folder that only `account` can enter, and refuses one that somebody else has put in its place.
pub fn make_private(folder: &Path, account: Account) -> anyhow::Result<()> {
    let failed = || format!("cannot prepare the folder {}", folder.display());
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error).with_context(failed),
        _ => {}
    }
    let found = fs::symlink_metadata(folder).with_context(failed)?;
    let left_by_root = account.switches() && found.uid() == 0;
    if !found.is_dir() || (found.uid() != account.uid() && !left_by_root) {
        bail!(
            "{} belongs to somebody else: remove it, or choose another folder with --data",
            folder.display()
        );
    }
    fs::set_permissions(folder, Permissions::from_mode(0o700)).with_context(failed)?;
    account.own(folder).with_context(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_gets_a_short_socket() {
        let short = Path::new("/srv/parta");
        assert_eq!(socket_folder(short, None), Path::new("/srv/parta/run"));

        let long = Path::new("/srv").join("x".repeat(100));
        let fallback = socket_folder(&long, None);
        assert!(
            fallback.starts_with("/tmp") && fallback.as_os_str().len() < 40,
            "{fallback:?}"
        );
        assert_eq!(fallback, socket_folder(&long, None));
        assert_ne!(fallback, socket_folder(&long.join("y"), None));
        assert!(socket_folder(&long, Some(Path::new("/run"))).starts_with("/run"));
        assert!(socket_folder(&long, Some(Path::new("/no/such/place"))).starts_with("/tmp"));
        assert!(socket_folder(&long, Some(&long)).starts_with("/tmp"));
    }

    #[test]
    fn the_limit_is_exact() {
        let room = LONGEST_SOCKET_PATH - "/run/".len() - SOCKET_NAME.len();
        let fits = PathBuf::from(format!("/{}", "x".repeat(room - 1)));
        assert_eq!(socket_folder(&fits, None), fits.join("run"));
        let over = PathBuf::from(format!("/{}", "x".repeat(room)));
        assert!(socket_folder(&over, None).starts_with("/tmp"));
    }
}
