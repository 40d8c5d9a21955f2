//! Writing a file whole or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

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
        let named = || path.display().to_string();
        if path.file_name().is_none() {
            bail!("{}: not a name of a file", named());
        }
        let found = match fs::metadata(path) {
            Ok(found) => found,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let output = Self {
                    path: path.to_owned(),
                    straight: false,
                };
                output.beside(b"").with_context(named)?;
                return Ok(output);
            }
            Err(e) => return Err(e).with_context(named),
        };
        if found.is_dir() {
            bail!("{}: is a folder", named());
        }
        if !found.is_file() {
            // A pipe behind `/dev/stdout` has no other name.
            return Ok(Self {
                path: path.to_owned(),
                straight: true,
            });
        }
        let output = Self {
            path: fs::canonicalize(path).with_context(named)?,
            straight: false,
        };
        output.beside(b"").with_context(named)?;
        Ok(output)
    }

    /// The name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file whole or not at all.
    pub fn store(&self, text: &str) -> Result<()> {
        let named = || self.path.display().to_string();
        if self.straight {
            let mut device = fs::OpenOptions::new()
                .write(true)
                .open(&self.path)
                .with_context(named)?;
            return device.write_all(text.as_bytes()).with_context(named);
        }
        let mut beside = self.beside(text.as_bytes()).with_context(named)?;
        fs::rename(&beside.0, &self.path).with_context(named)?;
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
