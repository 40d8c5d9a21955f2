//! `timetable convert`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use timetable::SchoolDraft;
use timetable::draft::LimitedOf;
use timetable::schools::asc;
use timetable::schools::convert::{Converted, not_understood, of_problem, switch_off};
use timetable::xhstt::Archive;
use timetable::{fet, xhstt};

use super::files::{self, File, Format};
use super::language::{Language, told};
use super::left;
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
    /// Language of what is told
    #[arg(long, value_enum, default_value = "en")]
    pub language: Language,
}

/// Converts; what the other file has no word for is told, a line each.
pub fn run(arguments: &Arguments) -> Result<()> {
    let (input, output) = (&arguments.input, &arguments.output);
    let (file, present) = files::read_placed(input)?;
    let format = file.format_for(output)?;
    let output = Output::at(output)?;
    if arguments.instance.is_some() && (format == Format::Archive || !matches!(file, File::Archive(_))) {
        bail!(told(
            "--instance says which instance of an archive becomes a school's file; here all that there is goes over",
            "--instance говорит, какая задача архива станет файлом школы; здесь переходит всё, что есть",
        ));
    }
    match (&file, format) {
        // a draft tells by itself what goes into no other school's file
        (File::Fet(_), Format::Asc) | (File::Asc(_), Format::Fet) => {}
        // and of an archive only one instance does
        (File::Archive(_), Format::Fet | Format::Asc) => {}
        _ => file.tell_unknown(input, file.fate_in(format)),
    }
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
            if arguments.instance.is_none() && archive.problems.len() > 1 {
                bail!(told(
                    "the archive has several instances: --instance says which one becomes a school",
                    "в архиве несколько задач: --instance говорит, какая станет школой",
                ));
            }
            let at = files::instance_of(&archive, arguments.instance.as_deref())
                .with_context(|| input.display().to_string())?;
            school_of(&archive, at, format, input)?
        }
        (File::Fet(_), Format::Asc) => asc_of(&files::draft(input, Format::Fet)?, input),
        (File::Asc(_), Format::Fet) => {
            let mut draft = files::draft(input, Format::Asc)?;
            ignored(&draft, input);
            let (alternate, off) = switch_off(&mut draft)?;
            if alternate > 0 {
                tell(
                    input,
                    &told(
                        format!(
                            "{alternate} cards are not held every week, which FET does not know: {off} of them are switched \
                             off where they take turns with another; comments say their weeks"
                        ),
                        format!(
                            "карточки не каждой недели: {alternate}; FET такого не знает, и {off} из них выключены: они \
                             чередуются с другими, а недели названы в примечаниях"
                        ),
                    ),
                );
            }
            fet::write(&draft)
        }
    };
    output.store(&text)
}

/// Why a rule does not go into a file of aSc Timetables.
const NO_SUCH_RULE: &str = "aSc has no such rule";

fn tell(input: &Path, words: &str) {
    files::complain(&format!("{}: {words}", input.display()));
}

/// Tells that something is left out.
fn tell_left(input: &Path, what: &str) {
    tell(input, &format!("{}: {what}", told("left out", "не переходит")));
}

/// Tells what the reader of a school found no word for.
fn ignored(draft: &SchoolDraft, input: &Path) {
    for ignored in &draft.ignored {
        let (kind, count, line) = (&ignored.kind, ignored.count, ignored.line);
        let what = told(
            format!("{kind} ({count} times, first in line {line})"),
            format!("{kind} (раз: {count}, впервые в строке {line})"),
        );
        tell_left(input, &what);
    }
}

/// A problem of an archive as a school's file.
fn school_of(archive: &Archive, at: usize, format: Format, input: &Path) -> Result<String> {
    let Some(problem) = archive.problems.get(at) else {
        bail!(told("there is no such instance", "такой задачи нет"));
    };
    let made = of_problem(problem, archive.best_of(at));
    let Converted {
        mut draft,
        plain,
        left: mut all,
    } = made.map_err(|why| {
        let (file, id) = (input.display(), &problem.id);
        anyhow!(told(
            format!("{file}: instance \"{id}\" is no school: {why}"),
            format!("{file}: задача «{id}» — не школа: её времена не складываются в дни с уроками подряд"),
        ))
    })?;
    all.extend(not_understood(archive, at));
    for line in &all {
        tell_left(input, &left::left(line));
    }
    draft.comments = all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    if format == Format::Fet {
        return Ok(fet::write_with(&draft, &plain));
    }
    for plain in &plain {
        tell_left(input, &format!("{}: {}", plain.kind, left::why(NO_SUCH_RULE)));
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
        (
            away,
            told(
                "hours at which somebody or a room is away",
                "часы, когда кого-то или кабинета нет",
            ),
        ),
        (draft.breaks.len(), told("breaks", "перерывы")),
        (
            limits.sum(),
            told("limits of days, hours and gaps", "пределы дней, часов и окон"),
        ),
        (
            draft.gaps.len(),
            told(
                "rules about the days between lessons",
                "правила о днях между уроками",
            ),
        ),
        (
            draft.ties.len(),
            told(
                "rules about two lessons in time",
                "правила о двух уроках во времени",
            ),
        ),
        (
            draft.last.len(),
            told("lessons that end the day", "уроки, которыми кончается день"),
        ),
        (
            draft.bounds.len(),
            told(
                "bounds of hours and days of lessons",
                "пределы часов и дней у уроков",
            ),
        ),
        (
            draft.times.len(),
            told("rules about the hours of lessons", "правила о часах уроков"),
        ),
    ] {
        if count > 0 {
            tell_left(input, &format!("{what} ({count}): {}", left::why(NO_SUCH_RULE)));
        }
    }
    asc::write(draft)
}
