//! `timetable repair`.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use timetable::problem::{Breach, Problem, breaches};
use timetable::search::cards;
use timetable::search::explain::conflicts_while;
use timetable::search::repair::{Amended, Change, Price, Refusal, Repair};

use super::clock::{Clock, SHORTEST};
use super::conflicts::Words;
use super::given::Given;
use super::language::{Language, told};
use super::output::Output;
use super::stop::Stop;
use super::{Done, files, names, numbers};

#[derive(clap::Args)]
pub struct Arguments {
    /// XHSTT archive, FET file or file of aSc Timetables with a timetable, also compressed (.xz)
    input: PathBuf,
    /// File to write: `.fet` for a FET file, `.xhstt` for an archive; else aSc Timetables if the input is that, or an archive
    #[arg(short, long)]
    output: PathBuf,
    /// A teacher (or anybody else) who is not there, always or on one day
    #[arg(long, value_name = "WHO[:DAY]")]
    ill: Vec<String>,
    /// A room that cannot be used, always or on one day
    #[arg(long, value_name = "ROOM[:DAY]")]
    close: Vec<String>,
    /// An event that may not start at a time
    #[arg(long, value_name = "EVENT@TIME")]
    block: Vec<String>,
    /// One more event like this one
    #[arg(long, value_name = "EVENT")]
    another: Vec<String>,
    /// An event that takes so many times from now on; in a FET file what is more is new activities, what is less a shorter one
    #[arg(long, value_name = "EVENT=TIMES")]
    load: Vec<String>,
    /// Which instance of the file (the first one if not given)
    #[arg(long)]
    instance: Option<String>,
    /// Seconds to search at most
    #[arg(long, default_value_t = 2, value_parser = numbers::seconds)]
    seconds: u64,
    /// Moves to try on each thread, instead of as many as fit into the seconds: the result then depends on this number, the
    /// seed and the threads only
    #[arg(long, value_parser = numbers::large)]
    work: Option<u64>,
    /// Threads; if not given, as many as the machine runs at once. With another number of threads another result comes out, even
    /// with the same seed and work
    #[arg(long, default_value_t = numbers::all_threads(), value_parser = numbers::threads)]
    threads: u32,
    /// Counts the processor's seconds instead of the clock's, shared out among the threads: for a machine that others use too
    #[arg(long)]
    processor: bool,
    /// Language of what is told
    #[arg(long, value_enum, default_value = "en")]
    pub language: Language,
    /// Seed of all random choices
    #[arg(long, default_value_t = 1, value_parser = numbers::large)]
    seed: u64,
    /// Price of another time for a card, in units of soft cost (if not given: more than any single wish)
    #[arg(long, value_parser = numbers::price)]
    price: Option<u32>,
}

/// Work between two looks at the clock: a few milliseconds.
const PORTION: u64 = 1024;

/// Steps of reasoning about what is left unmet, and contradictions that are told.
const STEPS: u64 = 2_000_000;
const CONTRADICTIONS: usize = 3;

pub fn run(arguments: &Arguments) -> Result<Done> {
    let mut given = Given::read(&arguments.input, arguments.instance.as_deref())?;
    given.tell_unknown_for(&arguments.input, &arguments.output)?;
    let mut like = vec![];
    for text in &arguments.another {
        like.push(names::event(&given.problem, text).context("--another")?);
    }
    // what is named is named in the file as it is
    let mut changes = changes(&given.problem, arguments)?;
    let mut loads = vec![];
    for text in &arguments.load {
        loads.push(names::event_and_load(&given.problem, text)?);
    }
    let more = !like.is_empty() || !loads.is_empty();
    if more {
        let (with_more, another) = given.with_more(&like, &loads, &arguments.output)?;
        given = with_more;
        changes.extend(another);
    }
    let problem = &given.problem;
    if changes.is_empty() && !more {
        bail!(told(
            "nothing has changed: say --ill, --close, --block, --another or --load",
            "ничего не изменилось: укажите --ill, --close, --block, --another или --load",
        ));
    }
    let started = Clock::begin(arguments.processor, arguments.threads);
    let mut price = Price::high(problem);
    if let Some(time) = arguments.price {
        price = Price {
            time,
            seat: (time / 4).max(1),
        };
    }
    let amended =
        Amended::new(problem, &given.present, &changes, price).map_err(|r| anyhow::anyhow!(refusal(r)))?;
    let output = Output::at(&arguments.output)?;
    // until here there is nothing that could be kept: whoever interrupts ends it at once
    let stop = Stop::listen()?;
    // where only the clock ends it, all that fits into it is done
    let work = arguments.work.unwrap_or(u64::MAX);
    let mut repair = Repair::together(&amended, arguments.seed, work, arguments.threads);
    let words = Words {
        problem: &amended.problem,
        language: arguments.language,
    };
    let word = words.pick(
        "searching for few moves",
        "ищем правку, при которой меняется мало",
    );
    files::complain(&format!("{}: {word}", problem.id));
    let limit = Duration::from_secs(arguments.seconds);
    let timed = arguments.work.is_none();
    let is_late = || timed && started.elapsed() >= limit;
    let go_on = || !stop.is_wanted() && !is_late();
    let mut more = true;
    while more && go_on() {
        more = repair.run_while(PORTION, &go_on);
        if timed {
            let (done, _) = repair.progress();
            repair.fit(fitting(done, started.elapsed(), limit));
        }
    }
    if !stop.is_wanted() {
        repair.finish();
    }
    let solution = repair.best();
    let moves = repair.moves();
    let problem = &amended.problem;
    let report = breaches(problem, &solution);
    let cost = given.store(&output, problem, &solution, &changes)?;
    let mut text = String::new();
    for event in &amended.released {
        writeln!(text, "{}", words.released(*event))?;
    }
    for way in &moves {
        writeln!(text, "{}", words.moved(way))?;
    }
    let is_hard = |b: &&Breach| {
        let at = usize::try_from(b.constraint).unwrap_or(usize::MAX);
        problem.constraints.get(at).is_some_and(|c| c.required)
    };
    let unmet = words.breaches(report.breaches.iter().filter(is_hard));
    for line in &unmet {
        writeln!(text, "{} {line}", words.pick("not met:", "не выполнено:"))?;
    }
    if !unmet.is_empty() {
        // Whether it can be met at all: proved if it can be, else said to be open.
        let proved = conflicts_while(problem, CONTRADICTIONS, STEPS, &|| !stop.is_wanted());
        for conflict in &proved {
            let lines = words.conflict(conflict);
            for (at, line) in lines.iter().enumerate() {
                match at {
                    0 => writeln!(text, "{} {line}", words.pick("cannot be met:", "невыполнимо:"))?,
                    _ => writeln!(text, "\t{line}")?,
                }
            }
        }
        if proved.is_empty() {
            writeln!(text, "{}", words.longer(arguments.seconds))?;
        }
    }
    let (n, of) = (moves.len(), cards(&solution));
    writeln!(text, "{}", words.summary(n, of, cost))?;
    let (id, seconds) = (&problem.id, started.elapsed().as_secs_f64());
    files::complain(&match arguments.language {
        Language::En => format!("{id}: {n} moves after {seconds:.2} s"),
        Language::Ru => format!("{id}: перестановок: {n}, за {seconds:.2} с"),
    });
    files::say(&text)?;
    Ok(match unmet.is_empty() {
        true => Done::Whole,
        false => Done::Partly,
    })
}

/// How much work still fits into the time, by what was done so far.
fn fitting(done: u64, passed: Duration, limit: Duration) -> u64 {
    let rate = Duration::from_secs(done).as_secs_f64() / passed.max(SHORTEST).as_secs_f64();
    let left = limit.saturating_sub(passed).as_secs_f64();
    Duration::try_from_secs_f64(rate * left).map_or(u64::MAX, |d| d.as_secs())
}

fn changes(problem: &Problem, arguments: &Arguments) -> Result<Vec<Change>> {
    let mut changes = vec![];
    for text in arguments.ill.iter().chain(&arguments.close) {
        let (resource, times) = names::resource_and_times(problem, text)?;
        changes.push(Change::Away { resource, times });
    }
    for text in &arguments.block {
        let (event, time) = names::event_and_time(problem, text)?;
        let times = vec![time];
        changes.push(Change::Block { event, times });
    }
    Ok(changes)
}

fn refusal(refusal: Refusal) -> String {
    match refusal {
        Refusal::NoSuchEvent(at) => told(format!("there is no event {at}"), format!("нет события {at}")),
        Refusal::NoSuchResource(at) => {
            told(format!("there is no resource {at}"), format!("нет ресурса {at}"))
        }
        Refusal::NoSuchTime(at) => told(format!("there is no time {at}"), format!("нет времени {at}")),
        Refusal::BadDuration(times) => told(
            format!("an event cannot take {times} times"),
            format!("событие не может занимать столько часов: {times}"),
        ),
        Refusal::Misfit(what) => files::misfit(what).to_string(),
    }
}
