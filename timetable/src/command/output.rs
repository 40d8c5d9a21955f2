//! Writing a file whole or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::files::system;
use super::language::told;

/// Where a file will be written, found out before a search, so that no long one is for nothing.
pub struct Output {
    /// What was asked for, or what that name leads to.
    path: PathBuf,
    /// A device or a pipe: written straight into.
    straight: bool,
}

impl Output {
    /// Looks whether a file can be written there; nothing is changed.
    pub fn at(path: &Path) -> Result<Self> {
        let failed = |error: std::io::Error| system(path, &error);
        if path.file_name().is_none() {
            bail!(
                "{}: {}",
                path.display(),
                told("not a name of a file", "это не имя файла")
            );
        }
        let found = match fs::metadata(path) {
            Ok(found) => found,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let output = Self {
                    path: path.to_owned(),
                    straight: false,
                };
                output.beside(b"").map_err(failed)?;
                return Ok(output);
            }
            Err(error) => return Err(failed(error)),
        };
        if found.is_dir() {
            bail!("{}: {}", path.display(), told("is a folder", "это папка"));
        }
        if !found.is_file() {
            // A pipe behind `/dev/stdout` has no other name.
            return Ok(Self {
                path: path.to_owned(),
                straight: true,
            });
        }
        let output = Self {
            path: fs::canonicalize(path).map_err(failed)?,
            straight: false,
        };
        output.beside(b"").map_err(failed)?;
        Ok(output)
    }

    /// The name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file whole or not at all.
    pub fn store(&self, text: &str) -> Result<()> {
        let failed = |error: std::io::Error| system(&self.path, &error);
        if self.straight {
            let mut device = fs::OpenOptions::new()
                .write(true)
                .open(&self.path)
                .map_err(failed)?;
            return device.write_all(text.as_bytes()).map_err(failed);
        }
        let mut beside = self.beside(text.as_bytes()).map_err(failed)?;
        fs::rename(&beside.0, &self.path).map_err(failed)?;
        beside.0.clear();
        Ok(())
    }

    /// The content in a new file beside, under a name that nobody else has.
    fn beside(&self, content: &[u8]) -> std::io::Result<Beside> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let beside = self
            .path
            .with_file_name(format!(".{name}.{}.part", std::process::id()));
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside)?;
        let beside = Beside(beside);
        file.write_all(content)?;
        file.sync_all()?;
        Ok(beside)
    }
}

/// A file that goes when it is no longer wanted.
struct Beside(PathBuf);

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            // It is ours, and there is nothing else to be done about it.
            let _ = fs::remove_file(&self.0);
        }
    }
}
