//! Reading and writing files, standard output and standard error.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use timetable::problem::{Problem, Solution, evaluate};
use timetable::schools::Unknown;
use timetable::schools::asc::{self, AscSchool};
use timetable::schools::fet::{self, FetSchool};
use timetable::xhstt::{self, Archive, SolutionGroup, Solved};

/// Most bytes of a file, also once decompressed.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// Most memory for decompression, in KiB: `xz -9` asks for a quarter of it, a hostile header for 4 GiB.
const MOST_MEMORY: u32 = 256 * 1024;

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
        let reader = lzma_rust2::XzReader::new_mem_limit(std::io::BufReader::new(file), true, MOST_MEMORY);
        reader.take(most).read_to_end(&mut bytes).with_context(named)?;
    } else {
        file.take(most).read_to_end(&mut bytes).with_context(named)?;
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MOST_BYTES {
        bail!("{}: larger than {MOST_BYTES} bytes", named());
    }
    Ok(bytes)
}

/// The group of an archive that our solutions stand in.
pub const OWN_GROUP: &str = "Parta";

/// What a file holds.
pub enum File {
    /// An XHSTT archive.
    Archive(Box<Archive>),
    /// A FET file.
    Fet(Box<FetSchool>),
    /// A file of aSc Timetables.
    Asc(Box<AscSchool>),
}

/// What is to be written, by the name of the file and what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// An XHSTT archive.
    Archive,
    /// A FET file.
    Fet,
    /// A file of aSc Timetables.
    Asc,
}

impl File {
    /// The same for an answer to a question about the file: only what its own sort and archives hold.
    pub fn answer_for(&self, output: &Path) -> Result<Format> {
        let format = self.format_for(output)?;
        match (self, format) {
            (Self::Fet(_), Format::Fet) | (Self::Asc(_), Format::Asc) | (_, Format::Archive) => Ok(format),
            _ => bail!(
                "{}: the answer is a file of the same sort, or an archive (.xhstt); `timetable convert` makes another of it",
                output.display()
            ),
        }
    }

    /// The format for an output: `.fet` is a FET file, `.asc.xml` one of aSc Timetables, `.xhstt` and `.xhstt.xml` an archive; any
    /// other name a file of the same sort as the input for aSc Timetables, and an archive otherwise.
    pub fn format_for(&self, output: &Path) -> Result<Format> {
        let name = output
            .file_name()
            .map(|n| n.to_string_lossy().to_ascii_lowercase());
        let name = name.unwrap_or_default();
        // a device or a pipe has no ending; of a folder it is said later that it is one
        let is_no_file =
            output.file_name().is_none() || fs::metadata(output).is_ok_and(|found| !found.is_file());
        let known = |ending: &std::ffi::OsStr| {
            let mut all = ["fet", "xml", "xhstt"].iter();
            all.any(|known| ending.eq_ignore_ascii_case(known))
        };
        if !is_no_file && !output.extension().is_some_and(known) {
            bail!(
                "{}: what is to be written is told by the name: .fet, .xml or .xhstt",
                output.display()
            );
        }
        let archive = name.ends_with(".xhstt") || name.ends_with(".xhstt.xml");
        Ok(if name.ends_with(".fet") {
            Format::Fet
        } else if name.ends_with(".asc.xml") || matches!(self, Self::Asc(_)) && !archive {
            Format::Asc
        } else {
            Format::Archive
        })
    }
}

/// A file of any known sort: by what is in it, not by its name.
pub fn read(path: &Path) -> Result<File> {
    let bytes = bytes(path)?;
    let named = || path.display().to_string();
    must_be_xml(&bytes).with_context(named)?;
    let plain = plain(&bytes);
    if is_fet(&plain) {
        let school = fet::read(&plain).with_context(named)?;
        tell_unknown(path, &school.unknown);
        return Ok(File::Fet(Box::new(school)));
    }
    if root(&plain) == "timetable" {
        let school = asc::read(&bytes).with_context(named)?;
        tell_unknown(path, &school.unknown);
        return Ok(File::Asc(Box::new(school)));
    }
    Ok(File::Archive(Box::new(xhstt::read(&plain).with_context(named)?)))
}

/// The same, but a timetable in a school's file is a solution, no part of the problem.
pub fn read_placed(path: &Path) -> Result<(File, Option<Solution>)> {
    let bytes = bytes(path)?;
    let plain = plain(&bytes);
    if is_fet(&plain) {
        let (school, solution) = fet::read_placed(&plain).with_context(|| path.display().to_string())?;
        tell_unknown(path, &school.unknown);
        return Ok((File::Fet(Box::new(school)), Some(solution)));
    }
    let file = read(path)?;
    let present = match &file {
        File::Asc(school) => Some(school.present.clone()),
        _ => None,
    };
    Ok((file, present))
}

/// The text as UTF-8, where a byte order mark says that it is UTF-16: so the page reads it, too.
fn plain(bytes: &[u8]) -> Cow<'_, [u8]> {
    let (rest, big) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, false),
        [0xfe, 0xff, rest @ ..] => (rest, true),
        _ => return Cow::Borrowed(bytes),
    };
    let units = rest.chunks_exact(2).map(|pair| match (pair, big) {
        ([high, low], true) | ([low, high], false) => u16::from_be_bytes([*high, *low]),
        _ => 0,
    });
    let text: String = char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    Cow::Owned(text.into_bytes())
}

/// A file without a single element is none of the three sorts; what is said of its lines would lead astray.
fn must_be_xml(bytes: &[u8]) -> Result<()> {
    let plain = plain(bytes);
    if plain.iter().all(u8::is_ascii_whitespace) {
        bail!("the file is empty");
    }
    if root(&plain).is_empty() {
        bail!("no FET file, file of aSc Timetables or XHSTT archive: there is no XML in it");
    }
    Ok(())
}

fn is_fet(bytes: &[u8]) -> bool {
    root(bytes) == "fet"
}

/// The name of the first element, in lower case.
fn root(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let tags = head.split('<').skip(1);
    let name = tags.map(|tag| {
        tag.chars()
            .take_while(|c| c.is_alphanumeric())
            .collect::<String>()
    });
    let mut names = name.filter(|n| !n.is_empty());
    names.next().unwrap_or_default()
}

fn tell_unknown(path: &Path, unknown: &[Unknown]) {
    for unknown in unknown {
        let required = match unknown.required {
            0 => String::new(),
            some => format!(", {some} of them required"),
        };
        complain(&format!(
            "{}: {} (first in line {}, {} times{required}) is kept, but has no effect",
            path.display(),
            unknown.kind,
            unknown.line,
            unknown.count
        ));
    }
}

/// The problem without the rules that XHSTT cannot say; they are told.
pub fn in_xhstt(mut problem: Problem) -> Problem {
    let mut left_out: BTreeMap<(&'static str, String), u32> = BTreeMap::new();
    problem.constraints.retain(|constraint| {
        let says = constraint.rule.is_in_xhstt();
        if !says {
            let name = (constraint.rule.kind(), constraint.label.name.clone());
            *left_out.entry(name).or_default() += 1;
        }
        says
    });
    for ((kind, name), count) in left_out {
        complain(&format!(
            "{}: \"{name}\" ({kind}, {count} times) is left out: XHSTT has no such rule",
            problem.id
        ));
    }
    problem
}

/// A problem with its timetable, if it has one, as an archive.
pub fn archive_of(problem: Problem, solution: Option<Solution>) -> Result<Archive> {
    let mut groups = vec![];
    if let Some(solution) = solution.filter(|s| s.meets.iter().any(|m| m.time.is_some())) {
        let solution = solution
            .completed(&problem)
            .map_err(|m| anyhow::anyhow!("the timetable does not fit the problem: {m:?}"))?;
        groups.push(SolutionGroup {
            id: OWN_GROUP.to_owned(),
            solutions: vec![Solved {
                problem: 0,
                description: String::new(),
                running_time: String::new(),
                stated: Some(evaluate(&problem, &solution)),
                solution,
            }],
            ..SolutionGroup::default()
        });
    }
    Ok(Archive {
        problems: vec![problem],
        groups,
        ..Archive::default()
    })
}
