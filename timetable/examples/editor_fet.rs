//! What the editor asks of the engine, measured on a school of a FET file with a timetable: prices of all cells of a held card, chains
//! for a card whose cell is blocked, repairs after a teacher is given a free day. Each once as a general problem (the command line)
//! and once as a board (the editor). A figure a line: name, value, unit.
//! `cargo run --release -p timetable --all-features --example editor_fet -- FILE [CHAINS] [REPAIRS] [SECONDS]`.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use timetable::compose::{Counsel, Fact, Mending, Terms};
use timetable::problem::{Cost, Problem, Solution, evaluate};
use timetable::schools::fet;
use timetable::search::repair::{Amended, Change, Price, Repair};
use timetable::search::suggest::{Advisor, Hunt};
use timetable::search::{Ground, Plan, Random, Search, Tuning, moves};
use timetable::{Board, CardIx, TeacherIx, TimeSet};

/// Work of a repair between two looks at the clock, and planned for each second.
const PORTION: u64 = 4096;
const PLANNED: u64 = 450_000;

/// Figures, printed as they come.
struct Say(String);

impl Say {
    fn figure(&mut self, name: &str, value: f64, unit: &str) -> Result<()> {
        writeln!(self.0, "{name} {value:.3} {unit}")?;
        self.flush()
    }

    fn note(&mut self, words: &str) -> Result<()> {
        writeln!(self.0, "# {words}")?;
        self.flush()
    }

    fn flush(&mut self) -> Result<()> {
        std::io::Write::write_all(&mut std::io::stdout(), self.0.as_bytes())?;
        self.0.clear();
        Ok(())
    }

    /// Mean, middle and worst.
    fn spread(&mut self, name: &str, mut all: Vec<f64>, unit: &str) -> Result<()> {
        all.sort_by(f64::total_cmp);
        let sum: f64 = all.iter().sum();
        let count = f64::from(u32::try_from(all.len().max(1))?);
        self.figure(&format!("{name}_mean"), sum / count, unit)?;
        self.figure(
            &format!("{name}_median"),
            all.get(all.len() / 2).copied().unwrap_or(0.0),
            unit,
        )?;
        self.figure(&format!("{name}_worst"), all.last().copied().unwrap_or(0.0), unit)
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().context("name a FET file with a timetable")?;
    let chains: u32 = arguments.next().map_or(Ok(200), |n| n.parse())?;
    let repairs: u32 = arguments.next().map_or(Ok(20), |n| n.parse())?;
    let seconds: u32 = arguments.next().map_or(Ok(2), |n| n.parse())?;
    let bytes = std::fs::read(&path)?;
    let (school, solution) = fet::read_placed(&bytes)?;
    let problem = &school.problem;
    let fits = |m| anyhow!("the timetable does not fit: {m:?}");
    let solution = solution.completed(problem).map_err(fits)?;
    let board = timetable::fet::import(&bytes)?.board()?;
    let mut say = Say(String::new());
    say.figure("cards", f64::from(u32::try_from(solution.meets.len())?), "cards")?;
    say.note(&format!("as a problem it costs {}", evaluate(problem, &solution)))?;
    cells(&mut say, problem, &solution, &board)?;
    problem_chains(&mut say, problem, &solution, chains)?;
    board_chains(&mut say, &board, chains)?;
    problem_repairs(&mut say, problem, &solution, (repairs, seconds))?;
    board_repairs(&mut say, &board, (repairs, seconds))
}

fn cells(say: &mut Say, problem: &Problem, solution: &Solution, board: &Board) -> Result<()> {
    let ground = Ground::new(problem);
    let mut advisor = Advisor::new(problem, &ground, solution);
    let mut took = vec![];
    for meet in 0..u32::try_from(solution.meets.len())? {
        let one = Instant::now();
        if !advisor.cells(meet).is_empty() {
            took.push(millis(one.elapsed()));
        }
    }
    say.spread("cells_by_search", took, "ms")?;
    let mut took = vec![];
    for card in board.card_indices() {
        let one = Instant::now();
        std::hint::black_box(board.judge_all(card));
        took.push(millis(one.elapsed()));
    }
    say.spread("cells_by_judge", took, "ms")
}

/// How many chains there are of each length, and how long they took.
fn lengths(say: &mut Say, name: &str, found: Vec<(u32, f64)>) -> Result<()> {
    let cases = f64::from(u32::try_from(found.len().max(1))?);
    let of = |length: u32| found.iter().filter(|(l, _)| *l == length).count();
    say.note(&format!(
        "{name}: {} of one move, {} of two, {} of three, {} none",
        of(1),
        of(2),
        of(3),
        of(0)
    ))?;
    let good = found
        .iter()
        .filter(|(length, took)| *length > 0 && *took <= 1000.0);
    let good = f64::from(u32::try_from(good.count())?);
    say.figure(
        &format!("{name}_found_within_a_second"),
        100.0 * good / cases,
        "%",
    )?;
    say.spread(name, found.into_iter().map(|(_, took)| took).collect(), "ms")
}

fn problem_chains(say: &mut Say, problem: &Problem, solution: &Solution, cases: u32) -> Result<()> {
    let ground = Ground::new(problem);
    let mut random = Random::new(1);
    let all = u32::try_from(solution.meets.len())?;
    let mut found = vec![];
    while u32::try_from(found.len())? < cases {
        let meet = random.below(all);
        let mut cut = solution.clone();
        let meet_of = cut.meets.get_mut(usize::try_from(meet)?).context("a meet")?;
        if problem.event(meet_of.event).time.is_some() {
            continue;
        }
        let time = meet_of.time.take();
        let mut advisor = Advisor::new(problem, &ground, &cut);
        let one = Instant::now();
        let chain = advisor.find(meet, time.as_slice(), Hunt::default());
        found.push((chain.map_or(0, |c| c.steps), millis(one.elapsed())));
    }
    lengths(say, "chains_by_search", found)
}

fn board_chains(say: &mut Say, board: &Board, cases: u32) -> Result<()> {
    let one = Instant::now();
    let counsel = Counsel::new(board);
    say.figure("counsel_begins", millis(one.elapsed()), "ms")?;
    let mut random = Random::new(1);
    let mut found = vec![];
    while u32::try_from(found.len())? < cases {
        let card = CardIx(random.below(u32::try_from(board.cards().len())?));
        if board.card(card).is_none_or(|c| c.locked || c.placement.is_none()) {
            continue;
        }
        let one = Instant::now();
        // its own cell is none of the answers: it is as if it were blocked
        let ways = counsel.ways(card, None, 1, Hunt::default());
        let steps = ways
            .first()
            .map_or(0, |way| u32::try_from(way.steps.len()).unwrap_or(9));
        found.push((steps.min(3), millis(one.elapsed())));
    }
    lengths(say, "chains_by_board", found)
}

/// What repairs came to.
#[derive(Default)]
struct Tally {
    /// Of the processor.
    took: Vec<f64>,
    moved: Vec<f64>,
    failed: u32,
    lines: String,
}

impl Tally {
    fn tell(self, say: &mut Say, name: &str, cards: u32) -> Result<()> {
        let few = self
            .moved
            .iter()
            .filter(|n| **n <= f64::from(cards) * 0.02)
            .count();
        say.0.push_str(&self.lines);
        say.figure(
            &format!("{name}_cases"),
            f64::from(u32::try_from(self.took.len())?),
            "cases",
        )?;
        say.figure(&format!("{name}_unsolved"), f64::from(self.failed), "cases")?;
        say.figure(
            &format!("{name}_solved_with_two_percent"),
            f64::from(u32::try_from(few)?),
            "cases",
        )?;
        say.spread(&format!("{name}_moved"), self.moved, "cards")?;
        say.spread(name, self.took, "ms")
    }
}

/// Runs a repair for so long, of this thread's own time: a machine may have others to serve.
fn run(repair: &mut Repair<'_>, since: Duration, seconds: u32) {
    let whole = Duration::from_secs(seconds.into());
    while repair.run(PORTION) && used() - since < whole {}
}

/// What this thread has used of the processor.
fn used() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split(' ').next().and_then(|n| n.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

/// What a whole search comes to: whether the fact can be met at all.
fn from_nothing(problem: &Problem) -> Cost {
    let ground = Ground::new(problem);
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 1_500_000,
        tuning: Tuning::default(),
    };
    let mut search = Search::new(&ground, plan);
    while search.run(PORTION) && search.cost().hard > 0 {}
    search.cost()
}

/// Each teacher in turn gets the day free on which fewest lessons lie, but at least one.
fn problem_repairs(
    say: &mut Say,
    problem: &Problem,
    solution: &Solution,
    (most, seconds): (u32, u32),
) -> Result<()> {
    let mut tally = Tally::default();
    let days: Vec<&Vec<u32>> = problem
        .time_groups
        .iter()
        .filter(|g| g.span == timetable::problem::Span::Day)
        .map(|g| &g.times)
        .collect();
    let teachers = (0..).zip(&problem.resources).filter(|(_, r)| r.kind == 0);
    for (who, resource) in teachers {
        if u32::try_from(tally.took.len())? >= most {
            break;
        }
        let lessons = |day: &[u32]| {
            let there = solution.meets.iter().filter(|m| m.resources.contains(&Some(who)));
            there.filter(|m| m.time.is_some_and(|t| day.contains(&t))).count()
        };
        let day = days
            .iter()
            .filter(|day| lessons(day) > 0)
            .min_by_key(|day| lessons(day));
        let Some(day) = day else { continue };
        let since = used();
        let change = Change::Away {
            resource: who,
            times: (*day).clone(),
        };
        let amended = Amended::new(problem, solution, &[change], Price::high(problem));
        let amended = amended.map_err(|r| anyhow!("{r:?}"))?;
        let mut repair = Repair::new(&amended, 1, PLANNED * u64::from(seconds));
        run(&mut repair, since, seconds);
        let took = millis(used() - since);
        let best = repair.best();
        let hard = evaluate(&amended.problem, &best).hard - evaluate(problem, solution).hard;
        let moved = moves(&amended.problem, &amended.present, &best);
        let moved = moved.iter().filter(|m| m.from != m.to).count();
        tally.took.push(took);
        writeln!(
            tally.lines,
            "# {} {} lessons: {moved} moved, hard {hard}, {took:.0} ms",
            resource.label.name,
            lessons(day)
        )?;
        if hard > 0 {
            let least = from_nothing(&amended.problem);
            writeln!(tally.lines, "#   a search from nothing comes to {least}")?;
            tally.failed += 1;
        } else {
            tally.moved.push(f64::from(u32::try_from(moved)?));
        }
    }
    tally.tell(say, "repair_by_search", u32::try_from(solution.meets.len())?)
}

fn board_repairs(say: &mut Say, board: &Board, (most, seconds): (u32, u32)) -> Result<()> {
    let mut tally = Tally::default();
    for who in (0..board.spec().teachers.len()).map(TeacherIx::at) {
        if u32::try_from(tally.took.len())? >= most {
            break;
        }
        let lessons = |day: u16| {
            let cards = board.cards_of_teacher(who).iter();
            cards
                .filter(|c| board.placement(**c).is_some_and(|p| p.day == day))
                .count()
        };
        let day = (0..board.days())
            .filter(|day| lessons(*day) > 0)
            .min_by_key(|day| lessons(*day));
        let Some(day) = day else { continue };
        let mut times = TimeSet::new();
        for slot in 0..board.slots() {
            times.insert(day, slot);
        }
        let since = used();
        let terms = Terms {
            tray: false,
            gladly: false,
        };
        let mending = Mending::new(board, &[Fact::Teacher(who, times)], terms).context("the board")?;
        let mut repair = mending.repair(1, PLANNED * u64::from(seconds));
        run(&mut repair, since, seconds);
        let mended = mending.outcome(&repair.best());
        let took = millis(used() - since);
        let moved = mended.shifts.iter().filter(|s| !s.is_of_room()).count();
        tally.took.push(took);
        writeln!(
            tally.lines,
            "# {} lessons of {}: {moved} moved, {} stuck, clashes {} to {}, {took:.0} ms",
            lessons(day),
            who.0,
            mended.stuck.len(),
            mended.before.clashes,
            mended.after.clashes,
        )?;
        if !mended.stuck.is_empty() || mended.after.clashes > 0 {
            tally.failed += 1;
        } else {
            tally.moved.push(f64::from(u32::try_from(moved)?));
        }
    }
    tally.tell(say, "repair_by_board", u32::try_from(board.cards().len())?)
}
