//! Reading and writing files, standard output and standard error.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use timetable::problem::Solution;
use timetable::schools::Unknown;
use timetable::schools::fet::{self, FetSchool};
use timetable::xhstt::{self, Archive};

/// Most bytes of a file, also once decompressed.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// Writes lines to standard output.
pub fn say(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).context("standard output")?;
    out.flush().context("standard output")
}

/// Writes a line to standard error; if even that fails, there is nobody left to tell.
pub fn complain(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = writeln!(err, "{text}");
}

/// A file's bytes, decompressed if it ends in `.xz`.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    let named = || path.display().to_string();
    let file = fs::File::open(path).with_context(named)?;
    let mut bytes = vec![];
    let most = MOST_BYTES + 1;
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xz")) {
        let reader = lzma_rust2::XzReader::new(std::io::BufReader::new(file), true);
        reader.take(most).read_to_end(&mut bytes).with_context(named)?;
    } else {
        file.take(most).read_to_end(&mut bytes).with_context(named)?;
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MOST_BYTES {
        bail!("{}: larger than {MOST_BYTES} bytes", named());
    }
    Ok(bytes)
}

/// An XHSTT archive.
pub fn archive(path: &Path) -> Result<Archive> {
    let bytes = bytes(path)?;
    xhstt::read(&bytes).with_context(|| path.display().to_string())
}

/// What a file holds.
pub enum File {
    /// An XHSTT archive.
    Archive(Box<Archive>),
    /// A FET file.
    Fet(Box<FetSchool>),
}

/// A file of any known sort: by what is in it, not by its name.
pub fn read(path: &Path) -> Result<File> {
    let bytes = bytes(path)?;
    let named = || path.display().to_string();
    if is_fet(&bytes) {
        let school = fet::read(&bytes).with_context(named)?;
        tell_unknown(path, &school.unknown);
        return Ok(File::Fet(Box::new(school)));
    }
    Ok(File::Archive(Box::new(xhstt::read(&bytes).with_context(named)?)))
}

/// The same, but a timetable in a school's file is a solution, no part of the problem.
pub fn read_placed(path: &Path) -> Result<(File, Option<Solution>)> {
    let bytes = bytes(path)?;
    if is_fet(&bytes) {
        let (school, solution) = fet::read_placed(&bytes).with_context(|| path.display().to_string())?;
        tell_unknown(path, &school.unknown);
        return Ok((File::Fet(Box::new(school)), Some(solution)));
    }
    Ok((read(path)?, None))
}

fn is_fet(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    head.contains("<fet")
}

fn tell_unknown(path: &Path, unknown: &[Unknown]) {
    for unknown in unknown {
        complain(&format!(
            "{}: {} (first in line {}, {} times) is kept, but has no effect",
            path.display(),
            unknown.kind,
            unknown.line,
            unknown.count
        ));
    }
}

/// Writes a file whole or not at all.
pub fn store(path: &Path, text: &str) -> Result<()> {
    let named = || path.display().to_string();
    let Some(name) = path.file_name() else {
        bail!("{}: not a name of a file", named());
    };
    let mut beside = name.to_owned();
    beside.push(".part");
    let beside = path.with_file_name(beside);
    fs::write(&beside, text).with_context(named)?;
    fs::rename(&beside, path).with_context(named)
}

/// `timetable convert`.
pub fn convert(input: &Path, output: &Path) -> Result<()> {
    let to_fet = output.extension().is_some_and(|e| e.eq_ignore_ascii_case("fet"));
    let text = match (read(input)?, to_fet) {
        (File::Archive(archive), false) => xhstt::write(&archive),
        (File::Fet(school), false) => xhstt::write(&Archive {
            problems: vec![school.problem],
            ..Archive::default()
        }),
        (File::Fet(school), true) => school.write(&Default::default()),
        (File::Archive(_), true) => bail!("an XHSTT archive cannot be written as a FET file"),
    };
    store(output, &text)
}
