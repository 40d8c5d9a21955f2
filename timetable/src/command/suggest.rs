//! `timetable suggest`.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use timetable::problem::{Problem, Rule, Solution};
use timetable::search::Ground;
use timetable::search::suggest::{Advisor, Hunt};

use super::conflicts::Words;
use super::given::Given;
use super::language::{Language, told};
use super::{files, names, numbers};

#[derive(clap::Args)]
pub struct Arguments {
    /// XHSTT archive, FET file or file of aSc Timetables with a timetable, also compressed (.xz)
    input: PathBuf,
    /// The event, by its id or name
    #[arg(long)]
    event: String,
    /// Which of its meets, from 1 (all of them if not given)
    #[arg(long, value_parser = numbers::nth)]
    meet: Option<usize>,
    /// A time at which it may not start
    #[arg(long)]
    block: Vec<String>,
    /// Which instance of the file (the first one if not given)
    #[arg(long)]
    instance: Option<String>,
    /// Places to try for a chain of moves
    #[arg(long, default_value_t = 400_000, value_parser = numbers::large)]
    work: u64,
    /// Language of what is told
    #[arg(long, value_enum, default_value = "en")]
    pub language: Language,
}

/// Most moves of a chain.
const LONGEST: u32 = 3;

pub fn run(arguments: &Arguments) -> Result<()> {
    let given = Given::read(&arguments.input, arguments.instance.as_deref())?;
    given.tell_unknown(&arguments.input);
    let problem = &given.problem;
    let event = names::event(problem, &arguments.event).context("--event")?;
    let mut blocked = vec![];
    for text in &arguments.block {
        blocked.push(names::time(problem, text).context("--block")?);
    }
    // what moving a fixed card would cost is asked as if it were not
    let loose = unlocked(problem, event);
    let ground = Ground::new(&loose);
    let mut advisor = Advisor::new(&loose, &ground, &given.present);
    let own = (0..).zip(&given.present.meets).filter(|(_, m)| m.event == event);
    let own: Vec<u32> = own.map(|(at, _)| at).collect();
    let meets = match arguments.meet {
        None => own,
        Some(n) => match n.checked_sub(1).and_then(|at| own.get(at)) {
            Some(meet) => vec![*meet],
            None => {
                let (n, name) = (own.len(), &problem.event(event).label.name);
                bail!(told(
                    format!("--meet: {name} has meets 1 to {n}"),
                    format!("--meet: {name}: карточки с 1 по {n}"),
                ))
            }
        },
    };
    let words = Words {
        problem,
        language: arguments.language,
    };
    let asked = Asked {
        words: &words,
        solution: &given.present,
        blocked: &blocked,
        work: arguments.work,
    };
    let mut text = String::new();
    for meet in meets {
        about(&asked, &mut advisor, meet, &mut text)?;
    }
    files::say(&text)
}

/// The problem with the event, and what must run at once with it, at no fixed time.
fn unlocked(problem: &Problem, event: u32) -> Problem {
    let mut loose = problem.clone();
    let links = problem
        .constraints
        .iter()
        .filter(|c| matches!(c.rule, Rule::LinkEvents(_)));
    let groups = links.flat_map(|c| &c.scope.event_groups);
    let linked = groups.filter_map(|g| problem.event_groups.get(usize::try_from(*g).ok()?));
    let beside = linked
        .filter(|g| g.events.contains(&event))
        .flat_map(|g| &g.events);
    for event in beside.copied().chain([event]) {
        if let Some(of) = usize::try_from(event)
            .ok()
            .and_then(|at| loose.events.get_mut(at))
        {
            of.time = None;
        }
    }
    loose
}

/// What is asked of a card.
struct Asked<'a> {
    words: &'a Words<'a>,
    solution: &'a Solution,
    blocked: &'a [u32],
    work: u64,
}

/// Every cell for a card, then the shortest chain if no cell is free. Of a card whose time is fixed it is said what it would cost if
/// it were not.
fn about(asked: &Asked<'_>, advisor: &mut Advisor<'_>, meet: u32, text: &mut String) -> Result<()> {
    let (words, solution) = (asked.words, asked.solution);
    let card = &solution.meets[usize::try_from(meet)?];
    writeln!(text, "{}", words.card(card))?;
    if let Some(time) = words.problem.event(card.event).time {
        writeln!(text, "\t{}", words.fixed(time))?;
    }
    let mut free = false;
    for cell in &advisor.cells(meet) {
        let here = card.time == Some(cell.start);
        let barred = asked.blocked.contains(&cell.start);
        free |= cell.is_free() && !here && !barred;
        let lines = words.cell(solution, cell, here, barred);
        let [first, reasons @ ..] = lines.as_slice() else {
            continue;
        };
        writeln!(text, "\t{first}")?;
        for line in reasons {
            writeln!(text, "\t\t{line}")?;
        }
    }
    if !free || !asked.blocked.is_empty() {
        let hunt = Hunt {
            longest: LONGEST,
            work: asked.work,
        };
        let found = advisor.find(meet, asked.blocked, hunt);
        writeln!(text, "\t{}", words.chain(found.as_ref(), LONGEST))?;
        for way in found.iter().flat_map(|chain| &chain.moves) {
            writeln!(text, "\t\t{}", words.moved(way))?;
        }
    }
    Ok(())
}
