//! `timetable convert`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use timetable::SchoolDraft;
use timetable::draft::LimitedOf;
use timetable::problem::{Problem, Solution};
use timetable::schools::asc;
use timetable::schools::convert::{Converted, of_problem, switch_off};
use timetable::{fet, xhstt};

use super::files::{self, File, Format};
use super::output::Output;

#[derive(clap::Args)]
pub struct Arguments {
    /// File to read: XHSTT archive, FET file or file of aSc Timetables, also compressed (.xz)
    input: PathBuf,
    /// File to write: `.fet` for a FET file, `.asc.xml` for aSc Timetables, `.xhstt` or `.xhstt.xml` for an archive; any other
    /// `.xml` is aSc Timetables if the input is that, else an archive
    output: PathBuf,
    /// For an archive that becomes a school's file: which instance of it (the only one if not given), with its best solution
    #[arg(long)]
    instance: Option<String>,
}

/// Converts; what the other file has no word for is told, a line each.
pub fn run(arguments: &Arguments) -> Result<()> {
    let (input, output) = (&arguments.input, &arguments.output);
    let (file, present) = files::read_placed(input)?;
    let format = file.format_for(output)?;
    let output = Output::at(output)?;
    let text = match (file, format) {
        (File::Archive(archive), Format::Archive) => xhstt::write(&archive),
        (File::Fet(school), Format::Fet) => school.write(&present.unwrap_or_default()),
        (File::Asc(school), Format::Asc) => school.write(&school.present),
        (File::Fet(school), Format::Archive) => {
            xhstt::write(&files::archive_of(files::in_xhstt(school.problem), present)?)
        }
        (File::Asc(school), Format::Archive) => {
            xhstt::write(&files::archive_of(files::in_xhstt(school.problem), present)?)
        }
        (File::Archive(archive), format) => {
            let at = match &arguments.instance {
                Some(id) => {
                    let found = archive.problems.iter().position(|p| p.id == *id);
                    found.with_context(|| format!("there is no instance \"{id}\" in this file"))?
                }
                None if archive.problems.len() > 1 => {
                    bail!("the archive has several instances: --instance says which one becomes a school")
                }
                None => 0,
            };
            let Some(problem) = archive.problems.get(at) else {
                bail!("{}: there is no instance in this file", input.display());
            };
            school_of(problem, archive.best_of(at), format, input)?
        }
        (File::Fet(_), Format::Asc) => {
            let draft =
                fet::import(&files::bytes(input)?).map_err(|e| anyhow!("{}: {e}", input.display()))?;
            asc_of(&draft, input)
        }
        (File::Asc(_), Format::Fet) => {
            let mut draft =
                asc::import(&files::bytes(input)?).with_context(|| input.display().to_string())?;
            ignored(&draft, input);
            let (alternate, off) = switch_off(&mut draft)?;
            if alternate > 0 {
                tell(
                    input,
                    &format!(
                        "{alternate} cards are not held every week, which FET does not know: {off} of them are switched off \
                         where they take turns with another; comments say their weeks"
                    ),
                );
            }
            fet::write(&draft)
        }
    };
    output.store(&text)
}

fn tell(input: &Path, words: &str) {
    files::complain(&format!("{}: {words}", input.display()));
}

/// Tells what the reader of a school found no word for.
fn ignored(draft: &SchoolDraft, input: &Path) {
    for ignored in &draft.ignored {
        tell(
            input,
            &format!(
                "left out: {} ({} times, first in line {})",
                ignored.kind, ignored.count, ignored.line
            ),
        );
    }
}

/// A problem of an archive as a school's file.
fn school_of(problem: &Problem, solution: Option<&Solution>, format: Format, input: &Path) -> Result<String> {
    let made = of_problem(problem, solution);
    let Converted {
        mut draft,
        plain,
        left,
    } = made.map_err(|why| {
        anyhow!(
            "{}: instance \"{}\" is no school: {why}",
            input.display(),
            problem.id
        )
    })?;
    for line in &left {
        tell(input, &format!("left out: {line}"));
    }
    draft.comments = left
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n");
    if format == Format::Fet {
        return Ok(fet::write_with(&draft, &plain));
    }
    for plain in &plain {
        tell(input, &format!("left out: {}: aSc has no such rule", plain.kind));
    }
    Ok(asc_of(&draft, input))
}

/// A school as a file of aSc Timetables, which holds no rule at all.
fn asc_of(draft: &SchoolDraft, input: &Path) -> String {
    ignored(draft, input);
    let away = draft.teachers.iter().map(|t| t.away.len());
    let away = away.chain(draft.classes.iter().map(|c| c.away.len()));
    let away = away.chain(draft.groups.iter().map(|g| g.away.len()));
    let away: usize = away.chain(draft.rooms.iter().map(|r| r.away.len())).sum();
    let limits = draft.limits.iter().map(|limit| match &limit.of {
        LimitedOf::Teachers(all) => all.len(),
        LimitedOf::Classes(all) => all.len(),
    });
    for (count, what) in [
        (away, "hours at which somebody or a room is away"),
        (draft.breaks.len(), "breaks"),
        (limits.sum(), "limits of days, hours and gaps"),
        (draft.gaps.len(), "rules about the days between lessons"),
        (draft.times.len(), "rules about the hours of lessons"),
    ] {
        if count > 0 {
            tell(
                input,
                &format!("left out: {what} ({count}): aSc has no such rule"),
            );
        }
    }
    asc::write(draft)
}
