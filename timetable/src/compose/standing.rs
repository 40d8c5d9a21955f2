//! Why a remark of the review stands: what it collides with, or what mending it would cost.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::collide::Contradiction;
use super::counsel::{Counsel, Step};
use super::problem::Composition;
use super::score::Score;
use super::{limits, rules, teachers, unwanted, ways};
use crate::ids::{CardIx, ClassIx, narrow, wide};
use crate::limits::LimitKind;
use crate::problem::rules::limit_idle_times::LimitIdleTimes;
use crate::problem::rules::limit_place_changes::LimitPlaceChanges;
use crate::problem::{Breach, Problem, Report, Rule, Subject, breaches};
use crate::reason::Reason;
use crate::review::Problem as Remark;
use crate::search::explain::{collision, demanded, unavoidable};
use crate::search::repair::{Amended, Price, Repair};
use crate::unmet::Whose;

/// Work of a repair between two looks whether it is over.
const PORTION: u64 = 4096;

/// How much may be done for an answer. Nothing reads a clock.
#[derive(Clone, Copy, Debug)]
pub struct Pains {
    /// Steps of reasoning of each proof that is tried.
    pub reasoning: u64,
    /// Work of each repair that is tried.
    pub repair: u64,
    /// Moves of each search of a part.
    pub moves: u64,
}

impl Default for Pains {
    /// Some seconds of an old laptop at most.
    fn default() -> Self {
        Self {
            reasoning: 1_500_000,
            repair: 200_000,
            moves: 20_000,
        }
    }
}

/// Why a remark stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// No timetable that meets the requirements has less of it than this.
    Certain {
        /// So much at least: windows, lessons, days.
        least: u32,
        /// What it collides with.
        by: Contradiction,
    },
    /// It can be mended, and this is what that does to the rest.
    Mendable {
        /// Moves, all done as one act.
        steps: Vec<Step>,
        /// How much of it is left then; nothing, most often.
        left: u32,
        /// The board as it lies.
        before: Score,
        /// The same after the moves.
        after: Score,
    },
    /// A search of the part around it never met these together.
    Colliding(Contradiction),
    /// Nothing that collides was found, and no moves that mend it.
    Open,
}

impl Counsel {
    /// Why a remark of the review stands; `None` if it is none of this board. Which windows of a teacher are meant by a remark about
    /// [`Reason::TeacherWindow`] does not matter: it is about the week.
    #[must_use]
    pub fn standing(&self, remark: &Remark, pains: Pains) -> Option<Standing> {
        let composition = self.composition();
        let problem = composition.problem();
        let report = breaches(problem, self.solution());
        let about = report.breaches.iter().filter(|b| composition.is_about(b, remark));
        let breach = about.max_by_key(|b| (b.cost, b.deviation))?;
        if let Some(found) = unavoidable(problem, breach, pains.reasoning) {
            let wish = narrow(found.problem.constraints.len()).checked_sub(1);
            return Some(Standing::Certain {
                least: u32::try_from(found.least).unwrap_or(u32::MAX),
                by: composition.told(&found.problem, &found.conflict, wish),
            });
        }
        if let Some(mended) = self.mended(breach, &report, pains.repair) {
            return Some(mended);
        }
        let (pointed, begins) = composition.pointed();
        let Some(breach) = pointed_at(problem, &pointed, &begins, breach) else {
            return Some(Standing::Open);
        };
        let found = collision(&pointed, &breach, pains.moves);
        Some(found.map_or(Standing::Open, |found| {
            Standing::Colliding(composition.searched(&pointed, &found, Some(breach.constraint)))
        }))
    }

    /// Moves that mend it, fewest first tried for: all of it, or else one less.
    fn mended(&self, breach: &Breach, broken: &Report, work: u64) -> Option<Standing> {
        let composition = self.composition();
        let problem = composition.problem();
        let mut allowed = vec![0];
        if matches!(
            problem.constraints[wide(breach.constraint)].rule,
            Rule::LimitIdleTimes(_) | Rule::ClusterBusyTimes(_)
        ) && breach.deviation > 1
        {
            allowed.push(u32::try_from(breach.deviation - 1).ok()?);
        }
        allowed.into_iter().find_map(|allowed| {
            let mut with = demanded(problem, breach, allowed)?;
            composition.guard(&mut with, &broken.breaches, breach);
            let amended = Amended::new(&with, self.solution(), &[], Price::high(&with)).ok()?;
            let mut repair = Repair::new(&amended, 1, work);
            while repair.run(PORTION) {}
            if repair.cost().hard > broken.cost.hard {
                return None;
            }
            let found = repair.best();
            let (steps, board) = self.between(&found)?;
            // counted once more, as it comes to lie on the board
            let after = Counsel::new(&board);
            let then = breaches(after.composition().problem(), after.solution());
            let same = |b: &&Breach| (b.constraint, b.subject) == (breach.constraint, breach.subject);
            let left = then.breaches.iter().find(same).map_or(0, |b| b.deviation);
            // what only has gone to another lesson, day or group of the same class or teacher is not mended
            let of_all = |all: &[Breach]| -> i64 {
                let alike = all.iter().filter(|b| composition.is_alike(breach, b));
                alike.map(|b| b.deviation).sum()
            };
            let lowered = left < breach.deviation && of_all(&then.breaches) < of_all(&broken.breaches);
            (lowered && !steps.is_empty()).then(|| Standing::Mendable {
                steps,
                left: u32::try_from(left).unwrap_or(u32::MAX),
                before: Score::of(self.board()),
                after: Score::of(&board),
            })
        })
    }
}

/// A broken point where each requirement is at one point only: what is required is found by whom it is about, a pair by its number.
fn pointed_at(problem: &Problem, pointed: &Problem, begins: &[u32], breach: &Breach) -> Option<Breach> {
    let at = wide(breach.constraint);
    let (begin, end) = (*begins.get(at)?, *begins.get(at + 1)?);
    let (constraint, subject) = match breach.subject {
        Subject::Pair(pair) if problem.constraints.get(at)?.required => (begin + pair, Subject::Pair(0)),
        subject => {
            let about = |n: &u32| pointed.constraints[wide(*n)].points(pointed).contains(&subject);
            ((begin..end).find(about)?, subject)
        }
    };
    (constraint < end).then(|| Breach {
        constraint,
        subject,
        ..breach.clone()
    })
}

impl Composition {
    /// Classes of whose lessons a subject is.
    fn classes_of(&self, subject: Subject) -> BTreeSet<ClassIx> {
        let events: &[u32] = match &subject {
            Subject::Event(event) | Subject::Seat(event, _) => std::slice::from_ref(event),
            Subject::Group(group) => &self.problem.event_groups[wide(*group)].events,
            Subject::Resource(_) | Subject::Pair(_) => &[],
        };
        let cards = events.iter().map(|event| self.lesson(*event));
        cards
            .flat_map(|card| self.board.card_classes[card.ix()].iter().copied())
            .collect()
    }

    /// Whether two broken points are the same to a person: the same rule, of the same class or teacher.
    fn is_alike(&self, one: &Breach, other: &Breach) -> bool {
        let rule = |breach: &Breach| &self.problem.constraints[wide(breach.constraint)].label.name;
        if rule(one) != rule(other) {
            return false;
        }
        match (one.subject, other.subject) {
            (Subject::Pair(_), Subject::Pair(_)) => one.constraint == other.constraint,
            (Subject::Resource(one), Subject::Resource(other)) => {
                // what counts the hard lessons of a class is nobody's
                one == other || self.whose(one).is_some() && self.whose(one) == self.whose(other)
            }
            (one, other) => !self.classes_of(one).is_disjoint(&self.classes_of(other)),
        }
    }

    /// Requires that no other lesson of the same class takes the place of a broken one: where the rule is about lessons each for
    /// itself, those that meet it now go on meeting it.
    fn guard(&self, with: &mut Problem, broken: &[Breach], breach: &Breach) {
        let (Subject::Event(_) | Subject::Seat(..)) = breach.subject else {
            return;
        };
        let classes = self.classes_of(breach.subject);
        let is_of = |event: &u32| !self.classes_of(Subject::Event(*event)).is_disjoint(&classes);
        let event_of = |b: &Breach| match b.subject {
            Subject::Event(event) | Subject::Seat(event, _) => Some(event),
            _ => None,
        };
        let name = &self.problem.constraints[wide(breach.constraint)].label.name;
        for (at, constraint) in (0..).zip(&self.problem.constraints) {
            if constraint.required || constraint.label.name != *name {
                continue;
            }
            let of_this = broken.iter().filter(|b| b.constraint == at);
            let is_broken: BTreeSet<u32> = of_this.filter_map(event_of).collect();
            let mut guarded = constraint.clone();
            guarded.required = true;
            guarded.weight = guarded.weight.max(1);
            guarded.scope.event_groups.clear();
            guarded
                .scope
                .events
                .retain(|event| is_of(event) && !is_broken.contains(event));
            if !guarded.scope.events.is_empty() {
                with.constraints.push(guarded);
            }
        }
    }

    /// Whether a broken point is what a remark of the review is about.
    fn is_about(&self, breach: &Breach, remark: &Remark) -> bool {
        let constraint = &self.problem.constraints[wide(breach.constraint)];
        let name = constraint.label.name.as_str();
        let is_of = |wanted: Whose| match breach.subject {
            // a counter of hard lessons is nobody's
            Subject::Resource(who) => self.whose(who) == Some(wanted),
            Subject::Group(group) => {
                let events = &self.problem.event_groups[wide(group)].events;
                let mut cards = events.iter().map(|event| self.lesson(*event));
                matches!(wanted, Whose::Class(class)
                    if cards.any(|card| self.board.card_classes[card.ix()].contains(&class)))
            }
            Subject::Event(event) => {
                let card = self.lesson(event);
                matches!(wanted, Whose::Class(class) if self.board.card_classes[card.ix()].contains(&class))
            }
            _ => false,
        };
        let day_fits = || match &constraint.rule {
            Rule::LimitIdleTimes(LimitIdleTimes { time_groups, .. })
            | Rule::LimitPlaceChanges(LimitPlaceChanges { time_groups, .. }) => {
                remark.day.is_none_or(|day| *time_groups == [u32::from(day)])
            }
            _ => true,
        };
        let has = |card: Option<CardIx>| {
            card.is_none_or(|card| match breach.subject {
                Subject::Event(event) | Subject::Seat(event, _) => self.lesson(event) == card,
                Subject::Group(group) => {
                    let mut events = self.problem.event_groups[wide(group)].events.iter();
                    events.any(|event| self.lesson(*event) == card)
                }
                Subject::Pair(pair) => self.pair(&constraint.rule, pair).contains(&Some(card)),
                Subject::Resource(_) => true,
            })
        };
        match remark.reason {
            Reason::TeacherLimit { teacher, kind, .. } => {
                let names: &[&str] = match kind {
                    LimitKind::LessonsPerDay => &[teachers::LESSONS_A_DAY],
                    LimitKind::WindowsPerDay => &[teachers::WINDOWS_A_DAY],
                    LimitKind::WindowsPerWeek => &[teachers::WINDOWS_A_WEEK],
                    LimitKind::DaysPerWeek => &[teachers::DAYS],
                    LimitKind::LessonsInRow => &[teachers::IN_A_ROW],
                    LimitKind::LeastPerDay => &[teachers::LEAST],
                    LimitKind::LeastDays => &[teachers::LEAST_DAYS],
                    LimitKind::MovesPerDay => &[ways::MOVES],
                    _ => &[],
                };
                let weekly = kind == LimitKind::WindowsPerWeek;
                names.contains(&name) && is_of(Whose::Teacher(teacher)) && (weekly || day_fits())
            }
            Reason::TeacherWindow { teacher, .. } => {
                name == rules::NO_TEACHER_WINDOWS && is_of(Whose::Teacher(teacher))
            }
            Reason::ClassWindow { class, .. } => {
                name == rules::NO_PUPIL_WINDOWS && is_of(Whose::Class(class))
            }
            Reason::Limit { class, kind, .. } => {
                let names: &[&str] = match kind {
                    LimitKind::LessonsPerDay | LimitKind::LessonsPerDayWithPe => {
                        &[limits::LESSONS_A_DAY, limits::LONG_DAYS, limits::LONG_DAYS_FEW]
                    }
                    LimitKind::WindowsPerDay => &[limits::WINDOWS_A_DAY],
                    LimitKind::LateStart => &[limits::EARLY],
                    LimitKind::LeastPerDay => &[limits::LEAST],
                    LimitKind::LeastDays => &[limits::LEAST_DAYS],
                    LimitKind::SubjectPerDay => &[limits::ONCE_A_DAY],
                    LimitKind::PointsPerDay => &[limits::HARD_DAY],
                    LimitKind::PeakDay => &[limits::PEAK],
                    LimitKind::LightDay => &[limits::LIGHT],
                    LimitKind::EdgeDay => &[limits::EDGES],
                    LimitKind::HomeworkPerDay => &[limits::HOMEWORK],
                    LimitKind::HardAtEdge => &[limits::HARD_IN_THE_MIDDLE],
                    LimitKind::EarliestSlot | LimitKind::LatestSlot => &[limits::HOURS_OF_THE_LAW],
                    LimitKind::MovesPerDay => &[ways::MOVES],
                    _ => &[],
                };
                let in_a_row = kind == LimitKind::HardInRow
                    && name == limits::HARD_IN_A_ROW
                    && self.counts(breach.subject, class);
                in_a_row
                    || names.contains(&name) && is_of(Whose::Class(class)) && has(remark.card) && day_fits()
            }
            Reason::TooClose { card, .. } => name == rules::SPREAD && has(remark.card) && has(Some(card)),
            Reason::NotTogether { card }
            | Reason::OutOfOrder { card, .. }
            | Reason::NotRightAfter { card, .. }
            | Reason::NotNextTo { card }
            | Reason::NotApart { card }
            | Reason::NotSameHour { card }
            | Reason::TooManyDays { card, .. }
            | Reason::TooLittleBetween { card, .. }
            // a search may have paired the lessons otherwise than the board: a pair with either of the two
            | Reason::NotLast { card, .. } => {
                name == rules::TIED && (remark.card.is_some() && has(remark.card) || has(Some(card)))
            }
            Reason::NoRoom | Reason::NoFreeRoom => {
                matches!(constraint.rule, Rule::AssignResource(_)) && has(remark.card)
            }
            Reason::RoomUnsuitable { .. } => name == rules::SUITABLE_ROOM && has(remark.card),
            Reason::TeacherUnwanted { .. } | Reason::ClassUnwanted { .. } | Reason::CardUnwanted { .. } => {
                name == unwanted::RATHER_NOT && remark.card.is_some() && has(remark.card)
            }
            Reason::TooManyRooms { rule, .. } | Reason::OtherRoom { rule, .. } => {
                super::rooming::position(name) == Some(rule) && has(remark.card)
            }
            Reason::TeacherTooFar { teacher, .. } => name == ways::WALK && is_of(Whose::Teacher(teacher)),
            Reason::ClassTooFar { class, .. } => name == ways::WALK && is_of(Whose::Class(class)),
            Reason::TeacherNotNear { teacher, .. } => name == ways::NEAR && is_of(Whose::Teacher(teacher)),
            Reason::ClassNotNear { class, .. } => name == ways::NEAR && is_of(Whose::Class(class)),
            _ => false,
        }
    }

    /// The cards of a pair of a tie.
    fn pair(&self, rule: &Rule, at: u32) -> [Option<CardIx>; 2] {
        let both = match rule {
            Rule::RelateEvents(rule) => rule.pairs.get(wide(at)).copied(),
            Rule::OrderEvents(rule) => rule.pairs.get(wide(at)).map(|pair| (pair.first, pair.second)),
            _ => None,
        };
        both.map_or([None; 2], |(one, other)| {
            [Some(self.lesson(one)), Some(self.lesson(other))]
        })
    }

    /// Whether a counter is that of a class's hard lessons.
    fn counts(&self, subject: Subject, class: ClassIx) -> bool {
        let Subject::Resource(who) = subject else {
            return false;
        };
        self.problem.resources[wide(who)].label.id == limits::counter(class)
    }
}
