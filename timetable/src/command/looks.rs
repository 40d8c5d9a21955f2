//! Why each thing that is broken in a timetable is broken. Whatever has the same answer as something before is not looked into again.

use timetable::problem::{Breach, Subject};
use timetable::search::explain::{Collision, Conflict, Requirement, collision_while, unavoidable_while};

use super::conflicts::Words;
use super::language::{Language, form};

/// Steps of reasoning about a wish: a part of those for all requirements together.
const STEPS_PART: u64 = 20;
/// Moves for each smaller problem that is tried around something broken: a part of those of the whole search, and at most so many.
const MOVES_PART: u64 = 20;
const MOVES: u64 = 50_000;

/// What there is for it.
#[derive(Clone, Copy)]
pub struct Budget {
    /// Steps of reasoning for all requirements together.
    pub steps: u64,
    /// Moves of the search for a timetable.
    pub work: u64,
    /// At most so many requirements, and so many wishes; `None`: each.
    pub most: Option<usize>,
}

/// Looks into what is broken, one after the other.
pub struct Looks<'a> {
    words: &'a Words<'a>,
    /// What is proved to collide.
    proved: &'a [Conflict],
    steps: u64,
    moves: u64,
    most: Option<usize>,
    /// What was looked into: constraint, by how much it is off, the events of whom it is about; and who that is.
    seen: Vec<(Alike, Subject)>,
    /// What search never met together so far.
    collisions: Vec<Collision>,
    /// Looked into, and passed over: requirements, and wishes.
    looked: [usize; 2],
    passed: [usize; 2],
    /// Broken requirements that take part in what is proved impossible, and others.
    impossible: u32,
    open: u32,
}

/// What makes two broken points have one answer: the halves of a class that are always together, say.
#[derive(PartialEq, Eq)]
struct Alike {
    constraint: u32,
    deviation: i64,
    events: Vec<u32>,
}

impl<'a> Looks<'a> {
    /// Nothing is looked into yet. `proved`: what is told already.
    pub fn new(words: &'a Words<'a>, proved: &'a [Conflict], budget: Budget) -> Self {
        Self {
            words,
            proved,
            steps: budget.steps / STEPS_PART,
            moves: (budget.work / MOVES_PART).min(MOVES),
            most: budget.most,
            seen: vec![],
            collisions: vec![],
            looked: [0; 2],
            passed: [0; 2],
            impossible: 0,
            open: 0,
        }
    }

    /// Why this is broken: proved if it can be, or else as far as search tells. Nothing of what was not looked through to its end.
    pub fn look(&mut self, breach: &Breach, hard: bool, go_on: &dyn Fn() -> bool) -> Vec<String> {
        let point = Requirement::Point(breach.constraint, breach.subject);
        let is_proved = hard && self.proved.iter().any(|c| c.requirements.contains(&point));
        if hard {
            *(if is_proved {
                &mut self.impossible
            } else {
                &mut self.open
            }) += 1;
        }
        if is_proved {
            let line = self.words.pick(
                "takes part in what is proved impossible above",
                "участвует в том, что выше названо невыполнимым",
            );
            return vec![line.to_owned()];
        }
        let sort = usize::from(!hard);
        let asked = self.most.is_none_or(|most| self.looked[sort] < most);
        if !asked || !go_on() {
            self.passed[sort] += 1;
            return vec![];
        }
        let mut lines = self.known(breach);
        if lines.is_empty() {
            lines = self.reasons(breach, hard, go_on);
        }
        // broken off in the middle of it
        let sort = if go_on() {
            &mut self.looked
        } else {
            &mut self.passed
        };
        sort[usize::from(!hard)] += 1;
        lines
    }

    /// What was said of something before holds for this as well.
    fn known(&self, breach: &Breach) -> Vec<String> {
        let point = (breach.constraint, breach.subject);
        if self.collisions.iter().any(|c| c.points.contains(&point)) {
            let line = self.words.pick(
                "takes part in what is named above as never met together",
                "участвует в том, что выше названо невыполненным вместе",
            );
            return vec![line.to_owned()];
        }
        let alike = self.alike(breach);
        let same = self.seen.iter().find(|(other, _)| *other == alike);
        let same = same.map(|(_, subject)| {
            let who = self.words.subjects(&[*subject]);
            match self.words.language {
                Language::En => format!("the same as with {who}, whose lessons are the same"),
                Language::Ru => format!("то же, что и здесь: {who} (уроки те же)"),
            }
        });
        same.into_iter().collect()
    }

    fn alike(&self, breach: &Breach) -> Alike {
        let problem = self.words.problem;
        let events = match breach.subject {
            Subject::Resource(who) => {
                let all = (0..).zip(&problem.events);
                let busy = all.filter(|(_, e)| e.seats.iter().any(|s| s.fixed == Some(who)));
                busy.map(|(at, _)| at).collect()
            }
            _ => vec![],
        };
        Alike {
            constraint: breach.constraint,
            deviation: breach.deviation,
            events,
        }
    }

    fn reasons(&mut self, breach: &Breach, hard: bool, go_on: &dyn Fn() -> bool) -> Vec<String> {
        let words = self.words;
        if let Subject::Resource(_) = breach.subject {
            let alike = self.alike(breach);
            if !alike.events.is_empty() {
                self.seen.push((alike, breach.subject));
            }
        }
        if !hard && let Some(found) = unavoidable_while(words.problem, breach, self.steps, go_on) {
            let with = Words {
                problem: &found.problem,
                language: words.language,
            };
            let mut lines = with.conflict(&found.conflict);
            let least = match words.language {
                Language::En => format!("at least {} of it cannot be avoided", found.least),
                Language::Ru => format!("не меньше {} здесь неизбежно", found.least),
            };
            lines.insert(0, least);
            return lines;
        }
        match collision_while(words.problem, breach, self.moves, go_on) {
            Some(found) => {
                let lines = words.collision(&found);
                self.collisions.push(found);
                lines
            }
            None if !go_on() => vec![],
            None => {
                let text = match (words.language, hard) {
                    (Language::En, true) => "nothing small collides around it; longer search may mend it",
                    (Language::Ru, true) => {
                        "вокруг ничего не противоречит; более долгий поиск может это исправить"
                    }
                    (Language::En, false) => {
                        "can be mended by itself; other wishes outweigh it, or longer search mends it"
                    }
                    (Language::Ru, false) => {
                        "само по себе исправимо: перевешивают другие пожелания или поиск был короток"
                    }
                };
                vec![text.to_owned()]
            }
        }
    }

    /// What is left to say at the end: what was passed over, and of what a search has not met, what is proved and what is not.
    pub fn end(&self, searched: bool) -> Vec<String> {
        let ru = self.words.language == Language::Ru;
        let mut lines = vec![];
        let [hard, soft] = self.passed;
        if hard + soft > 0 {
            let most = self
                .most
                .map_or_else(String::new, |most| format!(" (--most {most})"));
            lines.push(match ru {
                false => format!("not looked into: {hard} broken requirements, {soft} broken wishes{most}"),
                true => format!("не разобрано: нарушенных требований {hard}, пожеланий {soft}{most}"),
            });
        }
        if !searched {
            return lines;
        }
        let requirements = |n: u32| {
            let word = form(n.into(), ["требование", "требования", "требований"]);
            format!("{n} {word}")
        };
        let Self { impossible, open, .. } = *self;
        if impossible > 0 {
            lines.push(match ru {
                false => {
                    format!("broken requirements that take part in what is proved impossible: {impossible}")
                }
                true => format!(
                    "нарушено и участвует в доказанно невыполнимом: {}",
                    requirements(impossible)
                ),
            });
        }
        if open > 0 {
            lines.push(match ru {
                false => format!(
                    "not proved impossible, only not found by this search: {open}; a longer one may meet them (--work)"
                ),
                true => format!(
                    "не доказано, что невыполнимо, просто не нашлось: {}; более долгий поиск (--work) может найти",
                    requirements(open)
                ),
            });
        }
        lines
    }
}
