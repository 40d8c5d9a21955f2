//! What `timetable solve` says while it searches.

use std::sync::Mutex;
use std::time::Duration;

use timetable::problem::{Cost, Problem, breaches};
use timetable::search::Search;

use super::clock::Clock;
use super::conflicts::Words;
use super::files;
use super::language::told;
use super::solve::Arguments;

/// What is unmet is said again after so long, and so many requirements of it.
const EACH: Duration = Duration::from_secs(10);
const MOST: usize = 3;

/// Says how a search goes.
pub struct Teller<'a> {
    words: Words<'a>,
    verbose: bool,
    started: &'a Clock,
    told: Mutex<Told>,
}

/// What was said last.
struct Told {
    best: Option<Cost>,
    /// When what is unmet was said last.
    unmet: Duration,
    /// When each thread spoke.
    spoken: Vec<Duration>,
}

impl<'a> Teller<'a> {
    pub fn new(problem: &'a Problem, arguments: &Arguments, started: &'a Clock) -> Self {
        Self {
            words: Words {
                problem,
                language: arguments.language,
            },
            verbose: arguments.verbose,
            started,
            told: Mutex::new(Told {
                best: None,
                unmet: Duration::ZERO,
                spoken: (0..arguments.threads).map(|_| Duration::ZERO).collect(),
            }),
        }
    }

    /// A line for each new best over all threads; if wanted, one a second for each thread.
    pub fn look(&self, search: &Search<'_>) {
        let Ok(mut told) = self.told.lock() else { return };
        let (cost, now) = (search.cost(), self.started.elapsed());
        if !search.is_building() && told.best.is_none_or(|t| cost < t) {
            told.best = Some(cost);
            files::complain(&self.words.reached(now, cost, Some(search.round())));
        }
        let is_best = !search.is_building() && told.best == Some(cost);
        if cost.hard > 0 && is_best && now >= told.unmet + EACH {
            told.unmet = now;
            self.unmet(search);
        }
        let lane = usize::try_from(search.lane()).unwrap_or(usize::MAX);
        if self.verbose
            && let Some(spoken) = told.spoken.get_mut(lane)
            && now > *spoken + Duration::from_secs(1)
        {
            *spoken = now;
            self.describe(search, now);
        }
    }

    /// What the best timetable so far leaves unmet.
    fn unmet(&self, search: &Search<'_>) {
        let Ok(best) = search.best().completed(self.words.problem) else {
            return;
        };
        let report = breaches(self.words.problem, &best);
        for line in self.words.unmet(&report.breaches, MOST) {
            files::complain(&format!("            {line}"));
        }
    }

    fn describe(&self, search: &Search<'_>, now: Duration) {
        let (heat, hard, part) = search.heat();
        let (lane, round, present, best) = (search.lane(), search.round(), search.present(), search.cost());
        let (seconds, done) = (now.as_secs_f64(), part * 100.0);
        files::complain(&told(
            format!(
                "thread {lane}: {seconds:.0} s, round {round}, {done:.0} %, temperature {heat:.2}, a hard unit weighs \
                 {hard:.1}, at {present}, best {best}"
            ),
            format!(
                "поток {lane}: {seconds:.0} с, круг {round}, {done:.0} %, температура {heat:.2}, единица обязательного \
                 весит {hard:.1}, сейчас {present}, лучшее {best}"
            ),
        ));
        let broken = search.broken().take(3).map(|(c, s)| format!("{c} {s:?}"));
        let word = told("broken", "нарушено");
        files::complain(&format!("{word}: {}", broken.collect::<Vec<_>>().join(", ")));
        let words = ["shift", "kempe", "turn", "seat", "cut", "chase"];
        let tally = words
            .iter()
            .zip(search.tally())
            .map(|(word, t)| format!("{word} {}/{}/{}/{}", t.tried, t.made, t.kept, t.better));
        files::complain(&tally.collect::<Vec<_>>().join(", "));
    }
}
