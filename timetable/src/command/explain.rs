//! `timetable explain`.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};
use timetable::problem::{Problem, Solution, breaches};
use timetable::schools::fet::FetSchool;
use timetable::search::explain::{Conflict, conflicts_while};
use timetable::search::{Ground, Means, Plan, Search, Team, Tuning, Ways};

use super::conflicts::Words;
use super::files::{self, Fate, File};
use super::language::{Language, form, told};
use super::looks::{Budget, Looks};
use super::stop::Stop;
use super::{Done, numbers};

#[derive(clap::Args)]
pub struct Arguments {
    /// XHSTT archive, FET file or file of aSc Timetables, also compressed (.xz)
    input: PathBuf,
    /// Moves to try on each thread before what is required and still broken counts as not found
    #[arg(long, default_value_t = 4_000_000, value_parser = numbers::large)]
    work: u64,
    /// Threads of the search; if not given, as many as the machine runs at once. With another number of threads another result comes
    /// out, even with the same work
    #[arg(long, default_value_t = numbers::all_threads(), value_parser = numbers::threads)]
    threads: u32,
    /// Steps of reasoning for proofs; the usual number takes a few seconds at most
    #[arg(long, default_value_t = 100_000_000, value_parser = numbers::large)]
    steps: u64,
    /// Broken requirements, and broken wishes, to look into, instead of each
    #[arg(long, value_parser = numbers::count)]
    most: Option<usize>,
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
    let found = proved(&words, arguments, stop)?;
    let searched;
    let solution = match given {
        Some(given) => given,
        None if !found.is_empty() && !arguments.search => return Ok(()),
        None => {
            let Some(best) = search(&words, arguments, stop) else {
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
    let budget = Budget {
        steps: arguments.steps,
        work: arguments.work,
        most: arguments.most,
    };
    let mut looks = Looks::new(&words, &found, budget);
    for breach in &report.breaches {
        let hard = problem.constraints[usize::try_from(breach.constraint)?].required;
        // a search for something valid leaves wishes as they come
        if given.is_none() && !hard {
            continue;
        }
        writeln!(text, "\t{}", words.breach(breach))?;
        for line in looks.look(breach, hard, &|| !stop.is_wanted()) {
            writeln!(text, "\t\t{line}")?;
        }
    }
    for line in looks.end(given.is_none()) {
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

/// What is proved to collide, told at once.
fn proved(words: &Words<'_>, arguments: &Arguments, stop: &Stop) -> Result<Vec<Conflict>> {
    let problem = words.problem;
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
        writeln!(text, "\t{}", beyond(found.len()))?;
    }
    files::say(&text)?;
    Ok(found)
}

/// That contradictions were looked for up to this number.
fn beyond(n: usize) -> String {
    let number = u64::try_from(n).unwrap_or(u64::MAX);
    let word = form(number, ["противоречие", "противоречия", "противоречий"]);
    let first = match n {
        1 => "названо первое противоречие".to_owned(),
        _ => format!("названы первые {n} {word}"),
    };
    told(
        format!("not looked for: contradictions beyond these {n} (--conflicts {n})"),
        format!("дальше не искали: {first} (--conflicts {n})"),
    )
}

/// Moves between two looks whether somebody wants it to end.
const PORTION: u64 = 512;

/// The best of a search for what is required and nothing else, as `solve --until-complete` makes it; `None` if it ended before it had a
/// timetable.
fn search(words: &Words<'_>, arguments: &Arguments, stop: &Stop) -> Option<Solution> {
    let problem = words.problem;
    let word = words.pick("searching for a timetable", "ищем расписание");
    files::complain(&format!("{}: {word}", problem.id));
    // wishes would only draw the search away
    let mut required = problem.clone();
    required.constraints.retain(|c| c.required);
    let ground = Ground::watched(&required, &|| !stop.is_wanted())?;
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: arguments.work,
        tuning: Tuning::default(),
    };
    let mut team = Team::new(&ground, plan, arguments.threads);
    let going = team.build(&|_: &Search<'_>| !stop.is_wanted(), PORTION);
    if team.lanes().iter().all(Search::is_building) {
        return None;
    }
    if going {
        let ways = Ways {
            watch: &|search: &Search<'_>| search.cost().hard > 0 && !stop.is_wanted(),
            clock: &|| Duration::ZERO,
            portion: PORTION,
        };
        team.run(&Means::Work(arguments.work), None, &ways, |_| {});
    }
    let (_, solution) = team.best();
    solution.completed(problem).ok()
}

#[cfg(test)]
mod tests {
    use super::super::language::{Language, choose};

    #[test]
    fn how_many_contradictions_are_named_is_said_in_russian_words() {
        choose(Language::Ru);
        for (n, words) in [
            (1, "названо первое противоречие (--conflicts 1)"),
            (3, "названы первые 3 противоречия (--conflicts 3)"),
            (10, "названы первые 10 противоречий (--conflicts 10)"),
        ] {
            let said = super::beyond(n);
            assert!(said.ends_with(words), "{said}");
        }
    }
}
