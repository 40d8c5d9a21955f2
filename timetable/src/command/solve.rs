//! `timetable solve`.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use timetable::problem::{Cost, Problem, Solution, breaches, evaluate};
use timetable::search::explain::conflicts_while;
use timetable::search::{Ground, Means, Mix, Plan, Search, Team, Tuning, Ways};
use timetable::xhstt;

use super::Done;
use super::clock::Clock;
use super::conflicts::Words;
use super::files::{self, File, Format, misfit};
use super::language::{Language, told};
use super::numbers::Round;
use super::output::Output;
use super::stop::Stop;
use super::teller::Teller;
use super::{archives, numbers, reread, warm};

#[derive(clap::Args)]
pub struct Arguments {
    /// XHSTT archive, FET file or file of aSc Timetables, also compressed (.xz)
    input: PathBuf,
    /// File to write: `.fet` for a FET file, `.xhstt` for an archive; else aSc Timetables if the input is that, or an archive
    #[arg(short, long)]
    output: PathBuf,
    /// Seconds to search
    #[arg(long, default_value_t = 60, value_parser = numbers::seconds)]
    seconds: u64,
    /// Seed of all random choices
    #[arg(long, default_value_t = 1, value_parser = numbers::large)]
    seed: u64,
    /// Threads; if not given, as many as the machine runs at once. With another number of threads another result comes out, even
    /// with the same seed and work
    #[arg(long, default_value_t = numbers::all_threads(), value_parser = numbers::threads)]
    pub threads: u32,
    /// Moves to try on each thread, instead of as many as fit into the seconds: the result then depends on
    /// the seed, the threads and this only. One number, or one for each round, as a search by seconds prints them: with a plus
    /// between the legs of the last one
    #[arg(long, value_delimiter = ',', value_parser = numbers::round)]
    work: Vec<Round>,
    /// Which instance of the file (the first one if not given)
    #[arg(long)]
    instance: Option<String>,
    /// For a FET file: also wish that teachers have no gaps, even if the file does not speak of their gaps
    #[arg(long)]
    few_gaps: bool,
    /// For a FET file: no wishes but the file's. Without this, teachers' gaps are kept few where the file limits them, and the
    /// hardest days of a Russian school's classes are Tuesday and Wednesday
    #[arg(long, conflicts_with = "few_gaps")]
    as_given: bool,
    /// Improves the timetable that the file already has, instead of making one from nothing: of a FET file where its activities are
    /// placed, of aSc Timetables its cards, of an archive the instance's best solution. What is placed may move (what FET has locked may
    /// not), and what comes out is never worse; a file without a timetable is refused. Without this option what a FET file places
    /// stays where it is, and timetables of the other files are not looked at
    #[arg(long)]
    from_present: bool,
    /// Looks only for a timetable that breaks nothing required, and stops as soon as there is one; wishes are left aside
    #[arg(long)]
    until_complete: bool,
    /// Settings of the annealing, for experiments: hot, reheat, cold, hard, reach, strict, pace as NAME=VALUE
    #[arg(long, hide = true, value_parser = setting)]
    tune: Vec<(String, f64)>,
    /// Counts the processor's seconds instead of the clock's, shared out among the threads: for a machine that others use too
    #[arg(long)]
    processor: bool,
    /// Language of what is told
    #[arg(long, value_enum, default_value = "en")]
    pub language: Language,
    /// Says every second where each thread is
    #[arg(long)]
    pub verbose: bool,
}

fn setting(text: &str) -> Result<(String, f64), String> {
    let (name, value) = text.split_once('=').ok_or("NAME=VALUE is wanted")?;
    let value = value.parse().map_err(|_| "VALUE is not a number".to_owned())?;
    Ok((name.to_owned(), value))
}

fn tuning(settings: &[(String, f64)]) -> Result<Tuning> {
    let mut tuning = Tuning::default();
    for (name, value) in settings {
        match name.as_str() {
            "hot" => tuning.hot = *value,
            "reheat" => tuning.reheat = *value,
            "cold" => tuning.cold = *value,
            "hard" => tuning.hard = *value,
            "reach" => tuning.reach = *value,
            "strict" => tuning.strict = *value,
            "pace" => tuning.pace = *value,
            "turns" => tuning.turns = *value,
            "from" => tuning.ratios.0 = *value,
            "to" => tuning.ratios.1 = *value,
            "second" => tuning.second = *value,
            "scout" => tuning.scout = *value,
            "stern" => tuning.stern = *value,
            "press" => tuning.press = whole(*value),
            "forgive" => tuning.forgive = i64::try_from(whole(*value)).unwrap_or(100),
            "shift" | "kempe" | "turn" | "seat" | "cut" | "chase" | "focus" | "brief" | "deal" => {}
            _ => bail!("{} \"{name}\"", told("there is no setting", "нет настройки")),
        }
    }
    Ok(tuning)
}

/// A setting that is a whole number.
fn whole(value: f64) -> u64 {
    Duration::try_from_secs_f64(value).map_or(0, |d| d.as_secs())
}

/// Settings of the mix of moves.
fn mix(mix: &mut Mix, settings: &[(String, f64)]) {
    for (name, value) in settings {
        let value = u32::try_from(whole(*value)).unwrap_or(0);
        match name.as_str() {
            "shift" => mix.shift = value,
            "kempe" => mix.kempe = value,
            "turn" => mix.turn = value,
            "seat" => mix.seat = value,
            "cut" => mix.cut = value,
            "chase" => mix.chase = value,
            "focus" => mix.focus = value,
            "brief" => mix.brief = value,
            "deal" => mix.deal = value,
            _ => {}
        }
    }
}

/// Moves between two looks at the clock.
const PORTION: u64 = 512;

pub fn run(arguments: &Arguments) -> Result<Done> {
    // What is placed in a FET file binds a search from nothing, and is where one begins that goes on from it.
    let (mut file, present) = if arguments.from_present {
        files::read_placed(&arguments.input)?
    } else {
        (files::read(&arguments.input)?, None)
    };
    // what is added to the wishes of a FET file comes after its own constraints
    let of_the_file = match &file {
        File::Fet(school) => school.problem.constraints.len(),
        _ => usize::MAX,
    };
    match &mut file {
        File::Fet(school) if !arguments.as_given && (arguments.few_gaps || school.speaks_of_gaps()) => {
            school.wish_few_gaps();
            school.wish_hard_days_in_the_middle();
        }
        File::Archive(_) | File::Asc(_) if arguments.few_gaps => {
            bail!(told(
                "--few-gaps is for FET files; other files have wishes of their own",
                "--few-gaps — для файлов FET; в других файлах свои пожелания",
            ))
        }
        _ => {}
    }
    let named = || arguments.input.display().to_string();
    let at = match &file {
        File::Archive(archive) => {
            files::instance_of(archive, arguments.instance.as_deref()).with_context(named)?
        }
        _ => 0,
    };
    let (problem, present) = match &file {
        File::Fet(school) => (&school.problem, present),
        File::Asc(school) => (&school.problem, present),
        File::Archive(archive) => (&archive.problems[at], archive.best_of(at).cloned()),
    };
    let present = if arguments.from_present {
        let given = present.filter(|p| p.meets.iter().any(|m| m.time.is_some()));
        let Some(given) = given else {
            let words = told(
                "there is no timetable in this file to start from",
                "в этом файле нет расписания, с которого начать",
            );
            bail!("{}: {words}", named());
        };
        Some(given.completed(problem).map_err(misfit)?)
    } else {
        None
    };
    let format = file.answer_for(&arguments.output)?;
    file.tell_unknown(&arguments.input, file.fate_in(format));
    let output = Output::at(&arguments.output)?;
    let stop = Stop::listen()?;
    let started = Clock::begin(arguments.processor, arguments.threads);
    warn(problem, arguments, &stop);
    // Where requirements are all that is asked, wishes would only draw the search away from them.
    let required = arguments.until_complete.then(|| {
        let mut required = problem.clone();
        required.constraints.retain(|c| c.required);
        required
    });
    let searched = required.as_ref().unwrap_or(problem);
    let (solution, counted) = match &present {
        None => match solve(searched, arguments, &started, &stop)? {
            Some(found) => found,
            None => {
                let words = Words {
                    problem,
                    language: arguments.language,
                };
                let word = words.pick(
                    "stopped before there was a timetable; nothing is written",
                    "остановлено раньше, чем появилось расписание; ничего не записано",
                );
                files::complain(&format!("{}: {word}", problem.id));
                return Ok(Done::Stopped);
            }
        },
        Some(present) => {
            let asked = warm::Asked {
                seed: arguments.seed,
                threads: arguments.threads,
                limit: Duration::from_secs(arguments.seconds),
                work: &arguments.work.iter().map(Round::moves).collect::<Vec<_>>(),
                tuning: tuning(&arguments.tune)?,
                until_complete: arguments.until_complete,
                language: arguments.language,
                started: &started,
            };
            warm::search(searched, present, &asked, &stop)?
        }
    };
    // The answer is judged again from nothing, by the other evaluation.
    let solution = solution.completed(problem).map_err(misfit)?;
    let judged = evaluate(searched, &solution);
    if judged != counted {
        bail!(told(
            format!("the solver counted {counted}, the evaluation {judged}"),
            format!("поиск насчитал {counted}, а оценка {judged}"),
        ));
    }
    let cost = evaluate(problem, &solution);
    let added = match problem.constraints.len() > of_the_file {
        true => {
            let mut own = problem.clone();
            own.constraints.truncate(of_the_file);
            Some(cost.soft - evaluate(&own, &solution).soft)
        }
        false => None,
    };
    let report = breaches(problem, &solution);
    let seconds = started.elapsed().as_secs_f64();
    let text = match (&file, format) {
        (File::Fet(school), Format::Fet) => school.write(&solution),
        (File::Asc(school), Format::Asc) => school.write(&solution),
        (file, _) => {
            // with a given work the file depends on nothing else
            let time = match arguments.work.is_empty() {
                true => format!("{seconds:.1}"),
                false => String::new(),
            };
            let made = match file {
                File::Archive(archive) => archives::with_solution((**archive).clone(), at, solution, &time),
                _ => {
                    let whole = files::archive_of(files::in_xhstt(problem.clone()), None)?;
                    archives::with_solution(whole, 0, solution, &time)
                }
            };
            let text = xhstt::write(&made);
            reread::archive(&text, &made)?;
            text
        }
    };
    // the file's own cost, which anybody who evaluates the file finds; what was wished beside it is another figure
    let own = Cost {
        soft: cost.soft - added.unwrap_or(0),
        ..cost
    };
    let read = reread::cost(&text, format, own, true)?;
    // what the file said of an open room, and what it wished of places, goes with the new ones
    let own = if format == Format::Fet { read } else { own };
    output.store(&text)?;
    let words = Words {
        problem,
        language: arguments.language,
    };
    for line in words.unmet(&report.breaches, MOST_UNMET) {
        files::complain(&format!("{}: {line}", problem.id));
    }
    let (after, second) = (words.pick("after", "через"), words.pick("s", "с"));
    files::complain(&format!(
        "{}: {} {} {after} {seconds:.1} {second}",
        problem.id, own.hard, own.soft
    ));
    // A timetable that meets all that is understood may break the rest: whoever reads only the figures is to know.
    let (_, ignored) = file.uncounted(at);
    let ignored = match ignored {
        0 => String::new(),
        some => {
            let word = words.pick("requirements not understood", "непонятых требований");
            format!("\t{some} {word}")
        }
    };
    let added = added.map_or_else(String::new, |soft| {
        format!(
            "\t{} {soft}",
            words.pick("added wishes:", "добавленные пожелания:")
        )
    });
    let id = &problem.id;
    files::say(&format!("{id}\t{}\t{}{added}{ignored}\n", own.hard, own.soft))?;
    Ok(match arguments.until_complete && own.hard > 0 {
        true => Done::Partly,
        false => Done::Whole,
    })
}

/// Steps of reasoning, and contradictions, before a search: a school is looked through in less than a tenth of a second.
const STEPS: u64 = 2_000_000;
const MOST_WARNINGS: usize = 3;
/// Requirements that are named as unmet in the end.
const MOST_UNMET: usize = 10;

/// Says beforehand what no search can meet.
fn warn(problem: &Problem, arguments: &Arguments, stop: &Stop) {
    let words = Words {
        problem,
        language: arguments.language,
    };
    let found = conflicts_while(problem, MOST_WARNINGS, STEPS, &|| !stop.is_wanted());
    let word = words.pick("cannot be met", "невыполнимо");
    for conflict in &found {
        if let Some(first) = words.conflict(conflict).first() {
            files::complain(&format!("{}: {word}: {first}", problem.id));
        }
    }
    if !found.is_empty() {
        let why = words.pick("says why", "объяснит почему");
        files::complain(&format!(
            "`timetable explain {}` {why}",
            arguments.input.display()
        ));
    }
}

/// Searches on all threads and gives the best timetable; `None` if somebody stopped it before there was one. A first timetable is made
/// whatever the clock says.
fn solve(
    problem: &Problem,
    arguments: &Arguments,
    started: &Clock,
    stop: &Stop,
) -> Result<Option<(Solution, Cost)>> {
    let limit = Duration::from_secs(arguments.seconds);
    let timed = arguments.work.is_empty();
    let Some(ground) = Ground::watched(problem, &|| !stop.is_wanted()) else {
        return Ok(None);
    };
    let whole_work = arguments
        .work
        .iter()
        .map(Round::moves)
        .fold(0, u64::saturating_add);
    let plan = Plan {
        seed: arguments.seed,
        lane: 0,
        work: whole_work,
        tuning: tuning(&arguments.tune)?,
    };
    let mut team = Team::new(&ground, plan, arguments.threads);
    team.for_each(|search| mix(search.mix(), &arguments.tune));
    let teller = Teller::new(problem, arguments, started);
    let words = Words {
        problem,
        language: arguments.language,
    };
    let watch = |search: &Search<'_>| {
        teller.look(search);
        let complete = arguments.until_complete && !search.is_building() && search.cost().hard == 0;
        !complete && !stop.is_wanted() && (!timed || started.elapsed() < limit)
    };
    let building = |search: &Search<'_>| {
        teller.look(search);
        !stop.is_wanted()
    };
    let going = team.build(&building, PORTION);
    if team.lanes().iter().all(Search::is_building) {
        return Ok(None);
    }
    if going {
        let means = match arguments.work.as_slice() {
            [] => Means::Time(limit),
            [Round(legs)] if legs.len() == 1 => Means::Work(whole_work),
            rounds => Means::Rounds(rounds.iter().map(|round| round.0.clone()).collect()),
        };
        let ways = Ways {
            watch: &watch,
            clock: &|| started.elapsed(),
            portion: PORTION,
        };
        team.run(&means, None, &ways, |rate| {
            if timed {
                let word = words.pick("moves a second on one thread", "ходов в секунду на одном потоке");
                files::complain(&format!("{}: {rate:.0} {word}", problem.id));
            }
        });
    }
    if team.has_fallen() {
        let word = words.pick(
            "a thread broke off; what follows is the best of the others",
            "один поток оборвался; дальше — лучшее из найденного остальными",
        );
        files::complain(&format!("{}: {word}", problem.id));
    }
    let rounds: Vec<String> = team
        .worked()
        .into_iter()
        .map(|legs| Round(legs).to_string())
        .collect();
    let (rounds, threads) = (rounds.join(","), arguments.threads);
    files::complain(&match arguments.language {
        Language::En => format!("{}: work {rounds}, {threads} threads", problem.id),
        Language::Ru => format!("{}: работа {rounds}, потоков: {threads}", problem.id),
    });
    let (cost, solution) = team.best();
    Ok(Some((solution, cost)))
}
