//! Reading and writing files, standard output and standard error.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use timetable::SchoolDraft;
use timetable::problem::{Misfit, Problem, Solution, evaluate};
use timetable::schools::Unknown;
use timetable::schools::asc::{self, AscSchool};
use timetable::schools::fet::{self, FetSchool};
use timetable::xhstt::{self, Archive, SolutionGroup, Solved};

use super::faults::{self, Refused};
use super::language::told;
use super::sorts;

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

/// A file's bytes; of a compressed one (`.xz`, or what begins as one does) those inside.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    let at = |error| system(path, &error);
    let mut file = std::io::BufReader::new(fs::File::open(path).map_err(at)?);
    let first = file.fill_buf().map_err(at)?;
    let packed = first.starts_with(XZ);
    if !packed && !first.is_empty() && path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xz")) {
        bail!(
            "{}: {}",
            path.display(),
            told(
                "the name ends in .xz, but the file is not compressed so",
                "имя кончается на .xz, но файл так не сжат",
            )
        );
    }
    let mut bytes = vec![];
    let most = MOST_BYTES + 1;
    if packed {
        let reader = lzma_rust2::XzReader::new_mem_limit(file, true, MOST_MEMORY);
        let read = reader.take(most).read_to_end(&mut bytes);
        read.map_err(|error| damaged(path, &error))?;
    } else {
        file.take(most).read_to_end(&mut bytes).map_err(at)?;
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MOST_BYTES {
        bail!(
            "{}: {} {MOST_BYTES}",
            path.display(),
            told("larger than this many bytes:", "больше допустимого, байт:")
        );
    }
    Ok(bytes)
}

/// The first bytes of a file that xz has compressed.
const XZ: &[u8] = b"\xfd7zXZ\0";

/// Why a compressed file is not read: the decompressor's words tell nobody anything.
fn damaged(path: &Path, error: &std::io::Error) -> anyhow::Error {
    if error.raw_os_error().is_some() {
        return system(path, error);
    }
    let words = error.to_string().to_lowercase();
    let why = if error.kind() == std::io::ErrorKind::UnexpectedEof {
        told(
            "the compressed file ends in the middle: it was cut off, or copied in part",
            "сжатый файл обрывается на середине: его обрезали или скопировали не целиком",
        )
    } else if error.kind() == std::io::ErrorKind::OutOfMemory || words.contains("memory") {
        told(
            "unpacking the compressed file would take more memory than is given (256 MiB)",
            "чтобы распаковать сжатый файл, нужно больше памяти, чем отведено (256 МиБ)",
        )
    } else {
        told(
            "the compressed file is damaged: it is not what was packed",
            "сжатый файл повреждён: внутри не то, что упаковали",
        )
    };
    anyhow::anyhow!("{}: {why}", path.display())
}

/// What the system has against a file, in the language of this run where we know its words.
pub fn system(path: &Path, error: &std::io::Error) -> anyhow::Error {
    use std::io::ErrorKind::{IsADirectory, NotADirectory, NotFound, PermissionDenied, StorageFull};
    let russian = match error.kind() {
        NotFound => "нет такого файла или папки".to_owned(),
        PermissionDenied => "нет прав на этот файл или папку".to_owned(),
        IsADirectory => "это папка".to_owned(),
        NotADirectory => "часть пути — не папка".to_owned(),
        StorageFull => "на диске нет места".to_owned(),
        _ => error.to_string(),
    };
    anyhow::anyhow!("{}: {}", path.display(), told(error.to_string(), russian))
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
                "{}: {}",
                output.display(),
                told(
                    "the answer is a file of the same sort, or an archive (.xhstt); `timetable convert` makes another of it",
                    "ответ — файл того же вида или архив (.xhstt); другой из него сделает `timetable convert`",
                )
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
                "{}: {}",
                output.display(),
                told(
                    "what is to be written is told by the name: .fet, .xml or .xhstt",
                    "что записать, говорит имя файла: .fet, .xml или .xhstt",
                )
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
    let plain = plain(&bytes);
    let refused = |why: Refused<'_>| faults::refusal(path, &plain, &why);
    Ok(match sort(path, &plain)? {
        Format::Fet => File::Fet(Box::new(
            fet::read(&plain).map_err(|e| refused(Refused::Fet(&e)))?,
        )),
        Format::Asc => File::Asc(Box::new(
            asc::read(&bytes).map_err(|e| refused(Refused::Asc(&e)))?,
        )),
        Format::Archive => File::Archive(Box::new(
            xhstt::read(&plain).map_err(|e| refused(Refused::Archive(&e)))?,
        )),
    })
}

/// The same, but a timetable in a school's file is a solution, no part of the problem.
pub fn read_placed(path: &Path) -> Result<(File, Option<Solution>)> {
    let bytes = bytes(path)?;
    let plain = plain(&bytes);
    let refused = |why: Refused<'_>| faults::refusal(path, &plain, &why);
    Ok(match sort(path, &plain)? {
        Format::Fet => {
            let placed = fet::read_placed(&plain).map_err(|e| refused(Refused::Fet(&e)));
            let (school, solution) = placed?;
            (File::Fet(Box::new(school)), Some(solution))
        }
        Format::Asc => {
            let school = asc::read(&bytes).map_err(|e| refused(Refused::Asc(&e)))?;
            let present = school.present.clone();
            (File::Asc(Box::new(school)), Some(present))
        }
        Format::Archive => {
            let archive = xhstt::read(&plain).map_err(|e| refused(Refused::Archive(&e)))?;
            (File::Archive(Box::new(archive)), None)
        }
    })
}

/// A school's file as a draft: for what a draft has more words than a problem.
pub fn draft(path: &Path, format: Format) -> Result<SchoolDraft> {
    let bytes = bytes(path)?;
    let plain = plain(&bytes);
    match format {
        Format::Asc => asc::import(&bytes).map_err(|e| faults::refusal(path, &plain, &Refused::Asc(&e))),
        _ => timetable::fet::import(&plain).map_err(|e| faults::refusal(path, &plain, &Refused::Draft(&e))),
    }
}

/// Which instance of an archive is meant: the named one, or the first.
pub fn instance_of(archive: &Archive, named: Option<&str>) -> Result<usize> {
    let found = archive
        .problems
        .iter()
        .position(|p| named.is_none_or(|id| p.id == id));
    match (found, named) {
        (Some(at), _) => Ok(at),
        (None, Some(id)) => bail!(told(
            format!("there is no instance \"{id}\" in this file"),
            format!("в этом файле нет задачи «{id}»"),
        )),
        (None, None) => bail!(told(
            "there is no instance in this file",
            "в этом файле нет ни одной задачи"
        )),
    }
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

/// Which sort of file it is, by its first element. Of one that is none of the three it is said what it seems to be: of its lines nothing
/// could be said that does not lead astray.
fn sort(path: &Path, plain: &[u8]) -> Result<Format> {
    let named = path.display();
    if plain.iter().all(u8::is_ascii_whitespace) {
        bail!("{named}: {}", told("the file is empty", "файл пуст"));
    }
    let root = root(plain);
    let none = told(
        "no FET file, file of aSc Timetables or XHSTT archive",
        "не файл FET, не файл aSc Timetables и не архив XHSTT",
    );
    match (sorts::seems(plain, &root), root.as_str()) {
        (Some(seems), "") => bail!(
            "{named}: {none}: {}; {} {seems}",
            told("there is no XML in it", "в нём нет XML"),
            told("it seems to be", "похоже, это"),
        ),
        (Some(seems), _) => bail!(
            "{named}: {none}; {} {seems}",
            told("it seems to be", "похоже, это")
        ),
        (None, "fet") => Ok(Format::Fet),
        (None, "timetable") => Ok(Format::Asc),
        (None, "highschooltimetablearchive") => Ok(Format::Archive),
        (None, other) => bail!(
            "{named}: {none}: {} <{other}>",
            told("it begins with", "начинается с")
        ),
    }
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

/// What becomes of what is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stands in what is written as it stood.
    Kept,
    /// What is written is of another sort, which has no place for it.
    LeftOut(Format),
    /// Nothing is written; no figure counts it.
    NotCounted,
}

impl File {
    /// What becomes of what is not understood once this is written.
    pub fn fate_in(&self, format: Format) -> Fate {
        match (self, format) {
            (Self::Archive(_), Format::Archive)
            | (Self::Fet(_), Format::Fet)
            | (Self::Asc(_), Format::Asc) => Fate::Kept,
            _ => Fate::LeftOut(format),
        }
    }

    /// What is not understood, each kind once.
    fn unknown(&self) -> Cow<'_, [Unknown]> {
        let archive = match self {
            Self::Fet(school) => return Cow::Borrowed(&school.unknown),
            Self::Asc(school) => return Cow::Borrowed(&school.unknown),
            Self::Archive(archive) => archive,
        };
        let mut kinds: Vec<Unknown> = vec![];
        for unknown in &archive.unknown {
            let required = u32::from(unknown.required);
            match kinds.iter_mut().find(|k| k.kind == unknown.kind) {
                Some(kind) => {
                    kind.count += 1;
                    kind.required += required;
                }
                None => kinds.push(Unknown {
                    kind: unknown.kind.clone(),
                    count: 1,
                    required,
                    line: unknown.line,
                }),
            }
        }
        Cow::Owned(kinds)
    }

    /// How many constraints of the problem no cost counts, and how many of those are requirements.
    pub fn uncounted(&self, at: usize) -> (u32, u32) {
        match self {
            Self::Archive(archive) => archive
                .unknown_of(at)
                .fold((0, 0), |(all, hard), u| (all + 1, hard + u32::from(u.required))),
            Self::Fet(school) => school
                .unknown
                .iter()
                .fold((0, 0), |(all, hard), u| (all + u.count, hard + u.required)),
            // what a file of aSc says beside its cards is no constraint
            Self::Asc(_) => (0, 0),
        }
    }

    /// Tells what is not understood and what becomes of it.
    pub fn tell_unknown(&self, path: &Path, fate: Fate) {
        let end = match fate {
            Fate::Kept => told(
                "is kept, but has no effect",
                "сохраняется, но ни на что не влияет",
            )
            .to_owned(),
            Fate::LeftOut(format) => {
                let sort = format.name();
                told(
                    format!("is not understood and left out: {sort} has no place for it"),
                    format!("не понято и пропадает: для него нет места в {sort}"),
                )
            }
            Fate::NotCounted => told(
                "is not understood: no figure here counts it",
                "не понято: ни одна цифра здесь его не учитывает",
            )
            .to_owned(),
        };
        for Unknown {
            kind,
            count,
            required,
            line,
        } in self.unknown().iter()
        {
            let must = match required {
                0 => String::new(),
                some => told(
                    format!(", {some} of them required"),
                    format!(", из них обязательных: {some}"),
                ),
            };
            let place = told(
                format!("first in line {line}, {count} times{must}"),
                format!("впервые в строке {line}, раз: {count}{must}"),
            );
            complain(&format!("{}: {kind} ({place}) {end}", path.display()));
        }
    }
}

impl Format {
    /// What such a file is called.
    fn name(self) -> &'static str {
        match self {
            Self::Archive => told("an XHSTT archive", "архиве XHSTT"),
            Self::Fet => told("a FET file", "файле FET"),
            Self::Asc => told("a file of aSc Timetables", "файле aSc Timetables"),
        }
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
        let id = &problem.id;
        complain(&told(
            format!("{id}: \"{name}\" ({kind}, {count} times) is left out: XHSTT has no such rule"),
            format!("{id}: «{name}» ({kind}, раз: {count}) пропадает: в XHSTT нет такого правила"),
        ));
    }
    problem
}

/// That a timetable is none of its problem.
pub fn misfit(what: Misfit) -> anyhow::Error {
    anyhow::anyhow!(
        "{}: {what:?}",
        told(
            "the timetable does not fit the problem",
            "расписание не подходит к задаче"
        )
    )
}

/// A problem with its timetable, if it has one, as an archive.
pub fn archive_of(problem: Problem, solution: Option<Solution>) -> Result<Archive> {
    let mut groups = vec![];
    if let Some(solution) = solution.filter(|s| s.meets.iter().any(|m| m.time.is_some())) {
        let solution = solution.completed(&problem).map_err(misfit)?;
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
