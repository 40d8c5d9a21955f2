//! The key that push services know this server by: made at the first start, kept in a file that only its owner reads.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use classbook_core::notice::push::Key;

/// Reads the key, or makes it. `random` gives the bytes of a new one.
///
/// # Errors
/// A file that holds no key or that others can read is refused rather than replaced: with another key every device would have to
/// be turned on again, and a key that others may have read should be.
pub fn open(path: &Path, random: impl FnMut() -> anyhow::Result<[u8; 32]>) -> anyhow::Result<Key> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let mode = fs::metadata(path)
                .with_context(|| format!("cannot look at {}", path.display()))?
                .mode();
            if mode & 0o077 != 0 {
                bail!(
                    "the key of pushes {} can be read by others: chmod 600 it, or take it away to get a new one",
                    path.display()
                );
            }
            Key::from_text(&text).with_context(|| {
                format!(
                    "{} holds no key of pushes: bring the right file back, or take this one away to get a new key (devices must then be turned on again)",
                    path.display()
                )
            })
        }
        Err(error) if error.kind() == ErrorKind::NotFound => make(path, random),
        Err(error) => Err(error).with_context(|| format!("cannot read the key of pushes {}", path.display())),
    }
}

fn make(path: &Path, mut random: impl FnMut() -> anyhow::Result<[u8; 32]>) -> anyhow::Result<Key> {
    let key = loop {
        // one in 2^32 is no key
        if let Some(key) = Key::from_random(&random()?) {
            break key;
        }
    };
    let failed = || format!("cannot keep the key of pushes in {}", path.display());
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o711)
            .create(folder)
            .with_context(failed)?;
    }
    // written whole under another name first: a start that is cut leaves no half a key behind
    let unfinished = path.with_extension(format!("{}.new", std::process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&unfinished)
        .and_then(|mut file| {
            writeln!(file, "{}", key.to_text())?;
            file.sync_all()
        })
        // a second server that starts at the same moment keeps what the first one made
        .and_then(|()| fs::hard_link(&unfinished, path));
    let _ = fs::remove_file(&unfinished);
    match written {
        Ok(()) => Ok(key),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.exists() => open(path, random),
        Err(error) => Err(error).with_context(failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        let folder = std::env::temp_dir().join(format!("parta-push-key-{}", std::process::id()));
        let path = folder.join("push.key");
        let mut bytes = vec![[7; 32], [0; 32]];
        let made = open(&path, || Ok(bytes.pop().unwrap())).unwrap();
        assert!(bytes.is_empty(), "what is no key was not taken");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let again = open(&path, || panic!("there is a key")).unwrap();
        assert_eq!(again.public(), made.public());
        assert_eq!(
            fs::read_dir(&folder).unwrap().count(),
            1,
            "nothing unfinished is left"
        );

        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(
            open(&path, || panic!())
                .unwrap_err()
                .to_string()
                .contains("chmod 600")
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "nonsense").unwrap();
        assert!(
            open(&path, || panic!())
                .unwrap_err()
                .to_string()
                .contains("holds no key")
        );
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "nonsense",
            "it is not replaced"
        );
        fs::remove_dir_all(&folder).unwrap();
    }
}
