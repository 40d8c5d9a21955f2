//! `timetable`: evaluates, solves, repairs, converts and explains timetables on the command line.
//!
//! Exit status 0 only for a run that did its work, 3 for one that did a part of it; everything that is not a result goes to standard error.

mod archives;
mod clock;
mod collisions;
mod conflicts;
mod convert;
mod evaluate;
mod explain;
mod faults;
mod files;
mod given;
mod language;
mod left;
mod looks;
mod names;
mod numbers;
mod output;
mod repair;
mod reread;
mod solve;
mod sorts;
mod spans;
mod stop;
mod suggest;
mod teller;
mod warm;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use language::Language;

#[derive(Parser)]
#[command(
    name = "timetable",
    version,
    about = "Evaluates, solves, repairs, converts and explains timetables",
    after_help = STATUS
)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

const STATUS: &str = "Exit status: 0 the work is done; 1 it could not be done, and nothing is written; 2 the command line is wrong; \
3 `solve --until-complete` or `repair` wrote a timetable that breaks a requirement, or `explain` was interrupted: what there is was \
written or told, but is not what was asked for; 130 interrupted before there was anything, and nothing is written.";

/// What became of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    /// All that was asked for.
    Whole,
    /// There is a result, but it is not what was asked for.
    Partly,
    /// Interrupted before there was anything that could be kept.
    Stopped,
}

/// Exit status of that.
const PARTLY: u8 = 3;
const STOPPED: u8 = 130;

#[derive(Subcommand)]
enum What {
    /// The cost of each solution of a file
    Evaluate {
        /// XHSTT archive, FET file or file of aSc Timetables, also compressed (.xz)
        file: PathBuf,
        /// Also everything that is broken
        #[arg(long)]
        details: bool,
        /// Language of what is told
        #[arg(long, value_enum, default_value = "en")]
        language: Language,
    },
    /// Makes a timetable
    Solve(solve::Arguments),
    /// Mends a timetable after changed facts, with few moves
    Repair(repair::Arguments),
    /// What every place for an event's cards costs and why, and which moves would free one
    Suggest(suggest::Arguments),
    /// The same problems and solutions in another file; what it has no word for is told on standard error
    Convert(convert::Arguments),
    /// What is broken in a file's solutions and why; without solutions, what cannot be met
    Explain(explain::Arguments),
}

impl What {
    fn language(&self) -> Language {
        match self {
            Self::Evaluate { language, .. } => *language,
            Self::Solve(arguments) => arguments.language,
            Self::Repair(arguments) => arguments.language,
            Self::Suggest(arguments) => arguments.language,
            Self::Convert(arguments) => arguments.language,
            Self::Explain(arguments) => arguments.language,
        }
    }
}

fn main() -> ExitCode {
    let what = Arguments::parse().what;
    language::choose(what.language());
    let done = match what {
        What::Evaluate {
            file,
            details,
            language,
        } => evaluate::run(&file, details, language).map(|()| Done::Whole),
        What::Solve(arguments) => solve::run(&arguments),
        What::Repair(arguments) => repair::run(&arguments),
        What::Suggest(arguments) => suggest::run(&arguments).map(|()| Done::Whole),
        What::Convert(arguments) => convert::run(&arguments).map(|()| Done::Whole),
        What::Explain(arguments) => explain::run(&arguments),
    };
    match done {
        Ok(Done::Whole) => ExitCode::SUCCESS,
        Ok(Done::Partly) => ExitCode::from(PARTLY),
        Ok(Done::Stopped) => ExitCode::from(STOPPED),
        Err(error) => {
            files::complain(&format!("timetable: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
