//! `timetable repair`.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use timetable::problem::{Problem, breaches};
use timetable::search::cards;
use timetable::search::repair::{Amended, Change, Price, Refusal, Repair};

use super::given::Given;
use super::output::Output;
use super::solve::MOST_SECONDS;
use super::stop::Stop;
use super::{files, names, words};

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
    /// An event that takes so many times from now on
    #[arg(long, value_name = "EVENT=TIMES")]
    load: Vec<String>,
    /// Which instance of the file (the first one if not given)
    #[arg(long)]
    instance: Option<String>,
    /// Seconds to search at most
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(..=MOST_SECONDS))]
    seconds: u64,
    /// Moves to try, instead of as many as fit into the seconds: the result then depends on this number and the seed only
    #[arg(long)]
    work: Option<u64>,
    /// Seed of all random choices
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Price of another time for a card, in units of soft cost (if not given: more than any single wish)
    #[arg(long)]
    price: Option<u32>,
}

/// Work between two looks at the clock.
const PORTION: u64 = 4096;

/// Work that is planned for when only the clock ends it.
const PLANNED: u64 = 1_000_000;

pub fn run(arguments: &Arguments) -> Result<()> {
    let given = Given::read(&arguments.input, arguments.instance.as_deref())?;
    let problem = &given.problem;
    let changes = changes(problem, arguments)?;
    if changes.is_empty() {
        bail!("nothing has changed: say --ill, --close, --block, --another or --load");
    }
    let stop = Stop::listen()?;
    let started = Instant::now();
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
    let work = arguments
        .work
        .unwrap_or(PLANNED.saturating_mul(arguments.seconds.max(1)));
    let mut repair = Repair::new(&amended, arguments.seed, work);
    files::complain(&format!("{}: searching for few moves", problem.id));
    let limit = Duration::from_secs(arguments.seconds);
    let over = || arguments.work.is_none() && started.elapsed() >= limit;
    while !stop.is_wanted() && !over() && repair.run(PORTION) {}
    let solution = repair.best();
    let moves = repair.moves();
    let report = breaches(&amended.problem, &solution);
    given.store(&output, &amended.problem, &solution, &changes)?;
    let mut text = String::new();
    for event in &amended.released {
        let name = &amended.problem.event(*event).label.name;
        writeln!(text, "{name}: its fixed time gave way")?;
    }
    for way in &moves {
        writeln!(text, "{}", words::moved(&amended.problem, way))?;
    }
    let hard = report.breaches.iter().filter(|b| {
        let at = usize::try_from(b.constraint).unwrap_or(usize::MAX);
        amended.problem.constraints.get(at).is_some_and(|c| c.required)
    });
    for breach in hard {
        writeln!(text, "not met: {}", words::breach(&amended.problem, breach))?;
    }
    let (n, of) = (moves.len(), cards(&solution));
    writeln!(text, "{n} of {of} cards moved; cost {}", report.cost)?;
    files::complain(&format!(
        "{}: {n} moves after {:.2} s",
        problem.id,
        started.elapsed().as_secs_f64()
    ));
    files::say(&text)
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
    for text in &arguments.another {
        let like = names::event(problem, text).context("--another")?;
        changes.push(Change::Another { like });
    }
    for text in &arguments.load {
        let (event, duration) = names::event_and_load(problem, text)?;
        changes.push(Change::Load { event, duration });
    }
    Ok(changes)
}

fn refusal(refusal: Refusal) -> String {
    match refusal {
        Refusal::NoSuchEvent(at) => format!("there is no event {at}"),
        Refusal::NoSuchResource(at) => format!("there is no resource {at}"),
        Refusal::NoSuchTime(at) => format!("there is no time {at}"),
        Refusal::BadDuration(times) => format!("an event cannot take {times} times"),
        Refusal::Misfit(misfit) => format!("the timetable does not fit the problem: {misfit:?}"),
    }
}
