//! Where the bytes of files lie: one trait, and the folder that keeps it. Names, owners and rights are rows of the database; here is
//! only content under its SHA-256, apart for each school (docs/decisions/0022).
//!
//! Another place (an object store) implements [`FileStore`] and is chosen where the server starts. Everything blocks: callers go to a
//! thread for it.

use std::collections::HashSet;
use std::fmt::{self, Debug, Write as _};
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use base::SchoolId;
use sha2::{Digest as _, Sha256};

/// The SHA-256 of a content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Of a content.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self(Sha256::digest(content).into())
    }

    /// Reads what [`Display`](fmt::Display) writes.
    fn read(text: &str) -> Option<Self> {
        let mut bytes = [0u8; 32];
        if text.len() != 64 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        for (n, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            write!(text, "{byte:02x}")?;
        }
        f.write_str(&text)
    }
}

impl Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A place for contents.
pub trait FileStore: Debug + Send + Sync {
    /// Keeps a content, whole or not at all, also over a power cut; again is no error, and makes it young again for [`sweep`](Self::sweep).
    ///
    /// # Errors
    /// The place's.
    fn put(&self, school: SchoolId, content: &[u8]) -> io::Result<Hash>;

    /// Opens a content to be read.
    ///
    /// # Errors
    /// `NotFound` where it is not; the place's.
    fn open(&self, school: SchoolId, hash: Hash) -> io::Result<Box<dyn Read + Send>>;

    /// The schools that have something here.
    ///
    /// # Errors
    /// The place's.
    fn schools(&self) -> io::Result<Vec<SchoolId>>;

    /// Removes what is not named in `keep` and was put before `before`; how many.
    ///
    /// # Errors
    /// The place's.
    fn sweep(&self, school: SchoolId, keep: &HashSet<Hash>, before: SystemTime) -> io::Result<u64>;
}

/// The place that this server has; none in a server that takes no files.
#[derive(Clone, Debug, Default)]
pub struct Files(Option<Arc<dyn FileStore>>);

impl Files {
    /// Over a place.
    #[must_use]
    pub fn new(store: Arc<dyn FileStore>) -> Self {
        Self(Some(store))
    }

    /// The place.
    #[must_use]
    pub fn store(&self) -> Option<Arc<dyn FileStore>> {
        self.0.clone()
    }
}

/// A folder: `<school>/<first two digits>/<sha-256>`, and `<school>/incoming/` for what is being written.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
}

/// What is being written lies here.
const INCOMING: &str = "incoming";
/// Held by whoever puts (shared) and whoever removes (alone), also by other servers on this folder.
const LOCK: &str = ".lock";

impl Folder {
    /// Over a folder, made where there is none. Nobody but the server's user reads it.
    ///
    /// # Errors
    /// The file system's.
    pub fn new(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        make(&root)?;
        File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(root.join(LOCK))?;
        Ok(Self { root })
    }

    fn school(&self, school: SchoolId) -> PathBuf {
        self.root.join(school.to_string())
    }

    fn place(&self, school: SchoolId, hash: Hash) -> PathBuf {
        let name = hash.to_string();
        let shelf = name.get(..2).unwrap_or_default().to_owned();
        self.school(school).join(shelf).join(name)
    }

    fn lock(&self) -> io::Result<File> {
        File::options().write(true).open(self.root.join(LOCK))
    }
}

/// A file that goes when nothing came of it.
struct Unfinished(Option<PathBuf>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // what cannot be removed now is swept later
            let _ = fs::remove_file(path);
        }
    }
}

impl FileStore for Folder {
    fn put(&self, school: SchoolId, content: &[u8]) -> io::Result<Hash> {
        let hash = Hash::of(content);
        let place = self.place(school, hash);
        let (incoming, shelf) = (
            self.school(school).join(INCOMING),
            place.parent().unwrap_or(&self.root),
        );
        make(&incoming)?;
        make(shelf)?;
        let path = incoming.join(uuid::Uuid::new_v4().simple().to_string());
        let mut unfinished = Unfinished(Some(path.clone()));
        let mut file = create(&path)?;
        file.write_all(content)?;
        file.sync_all()?;
        drop(file);
        let lock = self.lock()?;
        lock.lock_shared()?;
        // over an older copy of the same: that makes it young
        fs::rename(&path, &place)?;
        unfinished.0 = None;
        lock.unlock()?;
        File::open(shelf)?.sync_all()?;
        Ok(hash)
    }

    fn open(&self, school: SchoolId, hash: Hash) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self.place(school, hash))?))
    }

    fn schools(&self) -> io::Result<Vec<SchoolId>> {
        let mut schools = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            let name = entry.file_name();
            if let Some(school) = name.to_str().and_then(|n| n.parse().ok())
                && entry.file_type()?.is_dir()
            {
                schools.push(school);
            }
        }
        schools.sort_unstable();
        Ok(schools)
    }

    fn sweep(&self, school: SchoolId, keep: &HashSet<Hash>, before: SystemTime) -> io::Result<u64> {
        let mut removed = 0;
        for shelf in fs::read_dir(self.school(school))? {
            let shelf = shelf?;
            if !shelf.file_type()?.is_dir() {
                continue;
            }
            for entry in fs::read_dir(shelf.path())? {
                let entry = entry?;
                let name = entry.file_name();
                let kept = name
                    .to_str()
                    .and_then(Hash::read)
                    .is_some_and(|hash| keep.contains(&hash));
                if !kept && self.remove_old(&entry.path(), before)? {
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }
}

impl Folder {
    /// Looks at its age and removes it while nobody puts: what was put again a moment ago stays.
    fn remove_old(&self, path: &Path, before: SystemTime) -> io::Result<bool> {
        let lock = self.lock()?;
        lock.lock()?;
        let old = match fs::metadata(path) {
            Ok(facts) => facts.is_file() && facts.modified()? < before,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        if old {
            fs::remove_file(path)?;
        }
        Ok(old)
    }
}

/// Makes a folder that only its owner enters.
fn make(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes a file that only its owner reads.
fn create(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn folder() -> (PathBuf, Folder) {
        let root = std::env::temp_dir().join(format!("parta-files-{}", uuid::Uuid::new_v4().simple()));
        (root.clone(), Folder::new(&root).unwrap())
    }

    fn read(folder: &Folder, school: i64, hash: Hash) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        folder.open(SchoolId(school), hash)?.read_to_end(&mut content)?;
        Ok(content)
    }

    #[test]
    fn what_is_put_is_read_by_its_school_alone() {
        let (root, folder) = folder();
        let hash = folder.put(SchoolId(10), b"abc").unwrap();
        assert_eq!(
            hash.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(Hash::read(&hash.to_string()), Some(hash));
        assert_eq!(folder.put(SchoolId(10), b"abc").unwrap(), hash);
        assert_eq!(read(&folder, 10, hash).unwrap(), b"abc");
        assert_eq!(
            read(&folder, 20, hash).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
        assert_eq!(folder.schools().unwrap(), [SchoolId(10)]);
        // nothing is left half-written
        assert_eq!(fs::read_dir(root.join("10").join(INCOMING)).unwrap().count(), 0);
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_sweep_takes_what_nobody_names_and_is_old() {
        let (root, folder) = folder();
        let school = SchoolId(10);
        let (named, orphan) = (
            folder.put(school, b"named").unwrap(),
            folder.put(school, b"orphan").unwrap(),
        );
        // an upload whose server was killed
        fs::write(root.join("10").join(INCOMING).join("left"), b"half").unwrap();
        let now = fs::metadata(folder.place(school, named))
            .unwrap()
            .modified()
            .unwrap();
        let (keep, later) = (HashSet::from([named]), now + Duration::from_secs(60));
        let earlier = now - Duration::from_secs(60);
        assert_eq!(folder.sweep(school, &keep, earlier).unwrap(), 0);
        assert_eq!(folder.sweep(school, &keep, later).unwrap(), 2);
        assert!(read(&folder, 10, orphan).is_err());
        assert_eq!(read(&folder, 10, named).unwrap(), b"named");
        assert_eq!(folder.sweep(school, &keep, later).unwrap(), 0);
        fs::remove_dir_all(root).unwrap();
    }
}
