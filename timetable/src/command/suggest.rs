//! `timetable suggest`.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::{Result, bail};
use timetable::problem::Problem;
use timetable::search::Ground;
use timetable::search::suggest::{Advisor, Hunt};

use super::given::Given;
use super::{files, names, words};

#[derive(clap::Args)]
pub struct Arguments {
    /// XHSTT archive, FET file or file of aSc Timetables with a timetable, also compressed (.xz)
    input: PathBuf,
    /// The event, by its id or name
    #[arg(long)]
    event: String,
    /// Which of its meets, from 1 (all of them if not given)
    #[arg(long)]
    meet: Option<usize>,
    /// A time at which it may not start
    #[arg(long)]
    block: Vec<String>,
    /// Which instance of the file (the first one if not given)
    #[arg(long)]
    instance: Option<String>,
    /// Places to try for a chain of moves
    #[arg(long, default_value_t = 400_000)]
    work: u64,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let given = Given::read(&arguments.input, arguments.instance.as_deref())?;
    let problem = &given.problem;
    let event = names::event(problem, &arguments.event)?;
    let mut blocked = vec![];
    for text in &arguments.block {
        blocked.push(names::time(problem, text)?);
    }
    let ground = Ground::new(problem);
    let mut advisor = Advisor::new(problem, &ground, &given.present);
    let own = (0..).zip(&given.present.meets).filter(|(_, m)| m.event == event);
    let own: Vec<u32> = own.map(|(at, _)| at).collect();
    let meets = match arguments.meet {
        None => own,
        Some(n) => match n.checked_sub(1).and_then(|at| own.get(at)) {
            Some(meet) => vec![*meet],
            None => bail!("this event has {} meets", own.len()),
        },
    };
    let mut text = String::new();
    for meet in meets {
        about(
            problem,
            &mut advisor,
            &given,
            meet,
            &blocked,
            arguments.work,
            &mut text,
        )?;
    }
    files::say(&text)
}

/// Every cell for a card, then the shortest chain if no cell is free.
fn about(
    problem: &Problem,
    advisor: &mut Advisor<'_>,
    given: &Given,
    meet: u32,
    blocked: &[u32],
    work: u64,
    text: &mut String,
) -> Result<()> {
    let solution = &given.present;
    let card = &solution.meets[usize::try_from(meet)?];
    writeln!(text, "{}", words::card(problem, card))?;
    let cells = advisor.cells(meet);
    if cells.is_empty() {
        writeln!(text, "\tits time is fixed")?;
        return Ok(());
    }
    let mut free = false;
    for cell in &cells {
        let here = card.time == Some(cell.start);
        let barred = blocked.contains(&cell.start);
        free |= cell.is_free() && !here && !barred;
        writeln!(text, "{}", words::cell(problem, solution, cell, here, barred))?;
    }
    if !free || !blocked.is_empty() {
        let hunt = Hunt { longest: 3, work };
        match advisor.find(meet, blocked, hunt) {
            Some(chain) => {
                writeln!(
                    text,
                    "\tshortest chain: {} moves, hard {:+}, soft {:+}",
                    chain.steps, chain.delta.hard, chain.delta.soft
                )?;
                for way in &chain.moves {
                    writeln!(text, "\t\t{}", words::moved(problem, way))?;
                }
            }
            None => writeln!(text, "\tno chain of at most 3 moves was found")?,
        }
    }
    Ok(())
}
