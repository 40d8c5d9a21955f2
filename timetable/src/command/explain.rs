//! `timetable explain`.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::{Result, bail};
use timetable::problem::{Breach, Problem, Solution, breaches};
use timetable::schools::fet::FetSchool;
use timetable::search::explain::{collision_while, conflicts_while, unavoidable_while};
use timetable::search::{Ground, Plan, Search, Tuning};

use super::conflicts::Words;
use super::files::{self, Fate, File};
use super::language::{Language, told};
use super::stop::Stop;
use super::{Done, numbers};

#[derive(clap::Args)]
pub struct Arguments {
    /// XHSTT archive, FET file or file of aSc Timetables, also compressed (.xz)
    input: PathBuf,
    /// Moves to try before something that is not proved impossible counts as such
    #[arg(long, default_value_t = 1_000_000, value_parser = numbers::large)]
    work: u64,
    /// Steps of reasoning for proofs
    #[arg(long, default_value_t = 20_000_000, value_parser = numbers::large)]
    steps: u64,
    /// Broken requirements, and broken wishes, to look into
    #[arg(long, default_value_t = 3, value_parser = numbers::count)]
    most: usize,
    /// Contradictions to name
    #[arg(long, default_value_t = 10, value_parser = numbers::count)]
    conflicts: usize,
    /// Searches also where contradictions are proved
    #[arg(long)]
    search: bool,
    /// Language of what is told
    #[arg(long, value_enum, default_value = "en")]
    pub language: Language,
}

pub fn run(arguments: &Arguments) -> Result<Done> {
    let file = files::read(&arguments.input)?;
    let placed = match &file {
        File::Fet(_) => finished(arguments)?,
        _ => None,
    };
    file.tell_unknown(&arguments.input, Fate::NotCounted);
    // until here there is nothing that could be told: whoever interrupts ends it at once
    let stop = &Stop::listen()?;
    look(&file, placed.as_ref(), arguments, stop)?;
    Ok(match stop.is_wanted() {
        true => Done::Partly,
        false => Done::Whole,
    })
}

fn look(
    file: &File,
    placed: Option<&(FetSchool, Solution)>,
    arguments: &Arguments,
    stop: &Stop,
) -> Result<()> {
    match file {
        File::Fet(school) => match placed {
            Some((school, solution)) => about(&school.problem, Some(solution), arguments, stop),
            None => about(&school.problem, None, arguments, stop),
        },
        File::Asc(school) => {
            let present = &school.present;
            let placed = present.meets.iter().any(|m| m.time.is_some());
            about(&school.problem, placed.then_some(present), arguments, stop)
        }
        File::Archive(archive) => {
            if archive.problems.is_empty() {
                let words = told(
                    "there is no instance in this file",
                    "в этом файле нет ни одной задачи",
                );
                bail!("{}: {words}", arguments.input.display());
            }
            let mut passed = 0_u32;
            for (at, problem) in archive.problems.iter().enumerate() {
                let solutions = archive.groups.iter().flat_map(|g| &g.solutions);
                let mut own = solutions
                    .filter(|s| usize::try_from(s.problem) == Ok(at))
                    .peekable();
                if own.peek().is_none() {
                    passed += u32::from(stop.is_wanted());
                    about(problem, None, arguments, stop)?;
                }
                for solved in own {
                    passed += u32::from(stop.is_wanted());
                    about(problem, Some(&solved.solution), arguments, stop)?;
                }
            }
            if passed > 0 {
                files::complain(&told(
                    format!("not looked into: {passed} more of the file's instances and timetables"),
                    format!("не разобрано: ещё задач и расписаний этого файла: {passed}"),
                ));
            }
            Ok(())
        }
    }
}

/// A FET file with a whole timetable in it: what it places but does not lock is then to be judged, not to be kept.
fn finished(arguments: &Arguments) -> Result<Option<(FetSchool, Solution)>> {
    let (File::Fet(school), Some(solution)) = files::read_placed(&arguments.input)? else {
        return Ok(None);
    };
    let whole = !solution.meets.is_empty() && solution.meets.iter().all(|m| m.time.is_some());
    if !whole {
        return Ok(None);
    }
    let solution = solution.completed(&school.problem);
    Ok(solution.ok().map(|solution| (*school, solution)))
}

/// What is proved to collide, said at once; then what is broken in a timetable (the given one, or the best of a search) and what
/// collides there.
fn about(problem: &Problem, given: Option<&Solution>, arguments: &Arguments, stop: &Stop) -> Result<()> {
    if stop.is_wanted() {
        return Ok(());
    }
    let words = Words {
        problem,
        language: arguments.language,
    };
    // In three goes, each with more reasoning: whoever interrupts has what was proved so far.
    let mut found = vec![];
    for part in [100, 10, 1] {
        if !stop.is_wanted() {
            let steps = arguments.steps / part;
            let more = conflicts_while(problem, arguments.conflicts, steps, &|| !stop.is_wanted());
            // what an interrupted go has found is the beginning of what the one before has, or more
            if !stop.is_wanted() || more.len() > found.len() {
                found = more;
            }
        }
    }
    let mut text = format!("{}\n", problem.id);
    let many = !found.is_empty() && found.len() >= arguments.conflicts;
    for conflict in &found {
        let lines = words.conflict(conflict);
        let [first, rest @ ..] = lines.as_slice() else {
            continue;
        };
        writeln!(text, "\t{} {first}", words.pick("impossible:", "невыполнимо:"))?;
        for line in rest {
            writeln!(text, "\t\t{line}")?;
        }
    }
    if many {
        let n = found.len();
        let line = told(
            format!("not looked for: contradictions beyond these {n} (--conflicts {n})"),
            format!("дальше не искали: названы первые {n} противоречий (--conflicts {n})"),
        );
        writeln!(text, "\t{line}")?;
    }
    files::say(&text)?;
    let searched;
    let solution = match given {
        Some(given) => given,
        None if !found.is_empty() && !arguments.search => return Ok(()),
        None => {
            let Some(best) = search(&words, arguments.work, stop) else {
                let word = words.pick(
                    "interrupted before there was a timetable",
                    "прервано раньше, чем появилось расписание",
                );
                files::complain(&format!("{}: {word}", problem.id));
                return Ok(());
            };
            searched = best;
            &searched
        }
    };
    let report = breaches(problem, solution);
    let mut text = format!("\t{} {}\n", words.pick("cost", "цена"), report.cost);
    let (mut hard_seen, mut soft_seen) = (0, 0);
    let mut passed = Passed::default();
    for breach in &report.breaches {
        let hard = problem.constraints[usize::try_from(breach.constraint)?].required;
        // a search for something valid leaves wishes as they come
        if given.is_none() && !hard {
            continue;
        }
        writeln!(text, "\t{}", words.breach(breach))?;
        let seen = if hard { &mut hard_seen } else { &mut soft_seen };
        if *seen < arguments.most && !stop.is_wanted() {
            *seen += 1;
            for line in reasons(&words, breach, hard, arguments, stop) {
                writeln!(text, "\t\t{line}")?;
            }
        } else if hard {
            passed.hard += 1;
        } else {
            passed.soft += 1;
        }
    }
    if let Some(line) = passed.line(&words, arguments.most) {
        writeln!(text, "\t{line}")?;
    }
    if stop.is_wanted() {
        let word = words.pick(
            "interrupted, what was found so far is told",
            "прервано, сказано то, что успело найтись",
        );
        files::complain(&format!("{}: {word}", problem.id));
    }
    if report.cost.hard == 0 {
        let word = words.pick("every requirement can be met", "все требования выполнимы");
        writeln!(text, "\t{word}")?;
    }
    files::say(&text)
}

/// What is broken and was not looked into.
#[derive(Default)]
struct Passed {
    hard: u32,
    soft: u32,
}

impl Passed {
    fn line(&self, words: &Words<'_>, most: usize) -> Option<String> {
        let Self { hard, soft } = self;
        if hard + soft == 0 {
            return None;
        }
        Some(match words.language {
            Language::En => {
                format!("not looked into: {hard} broken requirements, {soft} broken wishes (--most {most})")
            }
            Language::Ru => {
                format!("не разобрано: нарушенных требований {hard}, пожеланий {soft} (--most {most})")
            }
        })
    }
}

/// Why a point is broken: proved if it can be, or else as far as search tells.
fn reasons(
    words: &Words<'_>,
    breach: &Breach,
    hard: bool,
    arguments: &Arguments,
    stop: &Stop,
) -> Vec<String> {
    let go_on = || !stop.is_wanted();
    if !hard && let Some(found) = unavoidable_while(words.problem, breach, arguments.steps / 4, &go_on) {
        let with = Words {
            problem: &found.problem,
            language: words.language,
        };
        let mut lines = with.conflict(&found.conflict);
        let least = match words.language {
            Language::En => format!("at least {} of it cannot be avoided", found.least),
            Language::Ru => format!("не меньше {} здесь неизбежно", found.least),
        };
        lines.insert(0, least);
        return lines;
    }
    match collision_while(words.problem, breach, arguments.work / 20, &go_on) {
        Some(found) => words.collision(&found),
        // not looked through to its end: nothing is said of it
        None if stop.is_wanted() => vec![],
        None => {
            let text = match (words.language, hard) {
                (Language::En, true) => "nothing small collides around it; longer search may mend it",
                (Language::Ru, true) => {
                    "вокруг ничего не противоречит; более долгий поиск может это исправить"
                }
                (Language::En, false) => {
                    "can be mended by itself; other wishes outweigh it, or longer search mends it"
                }
                (Language::Ru, false) => {
                    "само по себе исправимо: перевешивают другие пожелания или поиск был короток"
                }
            };
            vec![text.to_owned()]
        }
    }
}

/// Moves between two looks whether somebody wants it to end.
const STRIDE: u64 = 64;

/// The best of a search; `None` if it ended before it had a timetable.
fn search(words: &Words<'_>, work: u64, stop: &Stop) -> Option<Solution> {
    let problem = words.problem;
    let word = words.pick("searching for a timetable", "ищем расписание");
    files::complain(&format!("{}: {word}", problem.id));
    let ground = Ground::watched(problem, &|| !stop.is_wanted())?;
    let plan = Plan {
        seed: 1,
        lane: 0,
        work,
        tuning: Tuning::default(),
    };
    let mut search = Search::begin(&ground, plan);
    let open = |search: &Search<'_>| search.is_building() || search.cost().hard > 0;
    while open(&search) && !stop.is_wanted() && search.run(STRIDE) {}
    (!search.is_building()).then(|| search.best())
}
