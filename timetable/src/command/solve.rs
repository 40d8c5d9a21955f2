//! `timetable solve`.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use timetable::problem::{Cost, Problem, Solution, evaluate};
use timetable::search::{Ground, Plan, Search, Tuning};
use timetable::xhstt;

use super::files::{self, File, Format};

#[derive(clap::Args)]
pub struct Arguments {
    /// XHSTT archive, FET file or file of aSc Timetables, also compressed (.xz)
    input: PathBuf,
    /// File to write: `.fet` for a FET file, `.xhstt` for an archive; else aSc Timetables if the input is that, or an archive
    #[arg(short, long)]
    output: PathBuf,
    /// Seconds to search
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Seed of all random choices
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=64))]
    threads: u32,
    /// Moves to try on each thread, instead of as many as fit into the seconds: the result then depends on
    /// the seed, the threads and this number only
    #[arg(long)]
    work: Option<u64>,
    /// Which instance of the file (the first one if not given)
    #[arg(long)]
    instance: Option<String>,
    /// For a FET file: also wish that teachers have no gaps
    #[arg(long)]
    few_gaps: bool,
    /// Settings of the annealing, for experiments: hot, reheat, cold, hard, reach, strict, pace as NAME=VALUE
    #[arg(long, hide = true, value_parser = setting)]
    tune: Vec<(String, f64)>,
    /// Says every second where each thread is
    #[arg(long)]
    verbose: bool,
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
            _ => bail!("there is no setting \"{name}\""),
        }
    }
    Ok(tuning)
}

/// Moves between two looks at the clock.
const PORTION: u64 = 4096;

pub fn run(arguments: &Arguments) -> Result<()> {
    let mut file = files::read(&arguments.input)?;
    if arguments.few_gaps {
        match &mut file {
            File::Fet(school) => school.wish_few_gaps(),
            File::Archive(_) | File::Asc(_) => bail!("--few-gaps is for FET files; other files have wishes"),
        }
    }
    let problem = match &file {
        File::Fet(school) => &school.problem,
        File::Asc(school) => &school.problem,
        File::Archive(archive) => {
            let at = match &arguments.instance {
                None => 0,
                Some(id) => {
                    let found = archive.problems.iter().position(|p| p.id == *id);
                    found.with_context(|| format!("there is no instance \"{id}\" in this file"))?
                }
            };
            let Some(problem) = archive.problems.get(at) else {
                bail!("{}: there is no instance in this file", arguments.input.display());
            };
            problem
        }
    };
    let format = file.format_for(&arguments.output)?;
    let started = Instant::now();
    let (solution, cost) = solve(problem, arguments, started)?;
    // The answer is judged again from nothing, by the other evaluation.
    let solution = solution
        .completed(problem)
        .map_err(|m| anyhow::anyhow!("the solver's timetable does not fit the problem: {m:?}"))?;
    let judged = evaluate(problem, &solution);
    if judged != cost {
        bail!("the solver counted {cost}, the evaluation {judged}");
    }
    let seconds = started.elapsed().as_secs_f64();
    let text = match (&file, format) {
        (File::Fet(school), Format::Fet) => school.write(&solution),
        (File::Asc(school), Format::Asc) => school.write(&solution),
        _ => {
            let mut out = files::archive_of(problem.clone(), Some(solution))?;
            for solved in out.groups.iter_mut().flat_map(|g| &mut g.solutions) {
                solved.running_time = format!("{seconds:.1}");
            }
            xhstt::write(&out)
        }
    };
    files::store(&arguments.output, &text)?;
    files::complain(&format!(
        "{}: {} {} after {seconds:.1} s",
        problem.id, cost.hard, cost.soft
    ));
    files::say(&format!("{}\t{}\t{}\n", problem.id, cost.hard, cost.soft))
}

/// Searches on all threads and gives the best timetable.
fn solve(problem: &Problem, arguments: &Arguments, started: Instant) -> Result<(Solution, Cost)> {
    let ground = Ground::new(problem);
    let tuning = tuning(&arguments.tune)?;
    let limit = Duration::from_secs(arguments.seconds);
    let timed = arguments.work.is_none();
    let work = match arguments.work {
        Some(work) => work,
        None => {
            // How fast the machine is on this problem decides how much work is planned for.
            let trial = Plan {
                seed: arguments.seed,
                lane: 0,
                work: 1 << 40,
                tuning,
            };
            let mut search = Search::new(&ground.net, &ground.domains, trial);
            let (from, mut moves) = (Instant::now(), 0_u64);
            let enough = Duration::from_millis(400).min(limit / 20);
            while from.elapsed() < enough && search.run(PORTION) {
                moves += PORTION;
            }
            let rate = Duration::from_secs(moves).as_secs_f64() / from.elapsed().as_secs_f64().max(1e-3);
            let left = limit.saturating_sub(started.elapsed()).as_secs_f64();
            files::complain(&format!("{}: {rate:.0} moves a second on one thread", problem.id));
            Duration::try_from_secs_f64(rate * left * 0.95)?
                .as_secs()
                .max(PORTION)
        }
    };
    files::complain(&format!(
        "{}: work {work}, {} threads",
        problem.id, arguments.threads
    ));
    let stop = AtomicBool::new(false);
    let told: Mutex<Option<Cost>> = Mutex::new(None);
    let results: Vec<(Cost, Solution)> = std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..arguments.threads)
            .map(|lane| {
                let (ground, stop, told) = (&ground, &stop, &told);
                scope.spawn(move || {
                    let plan = Plan {
                        seed: arguments.seed,
                        lane,
                        work,
                        tuning,
                    };
                    let mut search = Search::new(&ground.net, &ground.domains, plan);
                    let mut last = None;
                    let mut spoken = started.elapsed();
                    loop {
                        let more = search.run(PORTION);
                        if arguments.verbose && started.elapsed() > spoken + Duration::from_secs(1) {
                            spoken = started.elapsed();
                            let (heat, hard, part) = search.heat();
                            files::complain(&format!(
                                "thread {lane}: {:.0} s, round {}, {:.0} %, temperature {heat:.2}, a hard unit weighs {hard:.1}, at {}, best {}",
                                spoken.as_secs_f64(),
                                search.round(),
                                part * 100.0,
                                search.present(),
                                search.cost()
                            ));
                            let words = ["shift", "kempe", "turn", "seat", "cut", "chase"];
                            let tally = words.iter().zip(search.tally()).map(|(word, t)| {
                                format!("{word} {}/{}/{}/{}", t.tried, t.made, t.kept, t.better)
                            });
                            files::complain(&tally.collect::<Vec<_>>().join(", "));
                        }
                        if last != Some(search.cost()) {
                            last = Some(search.cost());
                            tell(&problem.id, search.cost(), told, started, search.round());
                        }
                        if search.cost() == Cost::default() {
                            stop.store(true, Ordering::Relaxed);
                        }
                        let late = timed && started.elapsed() >= limit;
                        if !more || late || stop.load(Ordering::Relaxed) {
                            break (search.cost(), search.best());
                        }
                    }
                })
            })
            .collect();
        lanes.into_iter().filter_map(|lane| lane.join().ok()).collect()
    });
    let best = results.into_iter().min_by_key(|r| r.0);
    best.map(|(cost, solution)| (solution, cost))
        .context("no thread came to an end")
}

/// A line for each new best over all threads.
fn tell(id: &str, cost: Cost, told: &Mutex<Option<Cost>>, started: Instant, round: usize) {
    let Ok(mut told) = told.lock() else { return };
    if told.is_none_or(|t| cost < t) {
        *told = Some(cost);
        let seconds = started.elapsed().as_secs_f64();
        files::complain(&format!(
            "{seconds:8.2} s  {id}  hard {}  soft {}  (round {round})",
            cost.hard, cost.soft
        ));
    }
}
