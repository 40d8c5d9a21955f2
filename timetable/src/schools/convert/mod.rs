//! From one program's file to another's: what the other has a word for goes over, the rest is told by name.
//!
//! * [`of_problem`]: a general problem (of an XHSTT archive) as a [`SchoolDraft`], with constraints of FET that a draft has no word
//!   for. Two school formats meet in a draft directly: `fet::import` or `asc::import`, and the other one's `write`.
//! * [`switch_off`]: lessons that alternate, for a format without odd and even weeks.

mod grid;
mod people;
mod pieces;
mod rules;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::board::BoardError;
use crate::compose::taking_turns;
use crate::draft::{DraftCard, DraftLoad, SchoolDraft};
use crate::fet::Plain;
use crate::ids::{CardIx, SubjectIx, Weeks};
use crate::problem::{Problem, Solution};
use grid::Grid;
use people::People;

/// What a wish weighs in FET, in thousandths of a percent: XHSTT's prices have no percentage.
const WISH: u32 = 95_000;
/// A weight that means "must".
const MUST: u32 = 100_000;

/// A problem as a school.
#[derive(Clone, Debug)]
pub struct Converted {
    /// The school.
    pub draft: SchoolDraft,
    /// Constraints that a draft has no word for.
    pub plain: Vec<Plain>,
    /// What has no word at all.
    pub left: Vec<Left>,
}

/// Something of a problem that no school's file says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stays {
    /// A rule, or a part of it.
    Rule {
        /// What its constraint is called.
        name: String,
        /// Which kind it is, by the format's word.
        kind: Cow<'static, str>,
        /// Whether it is a requirement.
        required: bool,
        /// Why, in English: for the command.
        why: &'static str,
    },
    /// A second room of one event.
    SecondRoom,
    /// A resource that is no room and would have to be chosen; of which kind.
    Chosen(String),
    /// Into which pieces an event is cut.
    Pieces,
    /// Gaps of some days only.
    GapsOfSomeDays,
}

impl fmt::Display for Stays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule {
                name,
                kind,
                required,
                why,
            } => {
                let required = if *required { "required" } else { "wished" };
                write!(f, "\"{name}\" ({kind}, {required}): {why}")
            }
            Self::SecondRoom => f.write_str("a second room of one event: FET has one room for each activity"),
            Self::Chosen(kind) => write!(
                f,
                "a {kind} that is to be chosen: FET and aSc choose rooms only, the event is written without"
            ),
            Self::Pieces => f.write_str(
                "an event that may be cut in several ways: it is written in as few pieces as its rules allow",
            ),
            Self::GapsOfSomeDays => f.write_str("gaps of some days only cannot be said"),
        }
    }
}

/// The same, with how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// What.
    pub what: Stays,
    /// How often.
    pub count: u32,
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => write!(f, "{}", self.what),
            n => write!(f, "{} ({n} times)", self.what),
        }
    }
}

/// The constraints of an archive's problem that nobody here understands: none of them goes over.
#[cfg(feature = "xhstt")]
#[must_use]
pub fn not_understood(archive: &crate::xhstt::Archive, at: usize) -> Vec<Left> {
    let mut told = Told::default();
    for unknown in archive.unknown_of(at) {
        told.note(Stays::Rule {
            name: unknown.name.clone(),
            kind: unknown.kind.clone().into(),
            required: unknown.required,
            why: "it is not understood",
        });
    }
    told.lines()
}

/// What is told: the same once, with how often.
#[derive(Default)]
pub(super) struct Told(BTreeMap<Stays, u32>);

impl Told {
    pub fn note(&mut self, what: Stays) {
        *self.0.entry(what).or_default() += 1;
    }

    fn lines(self) -> Vec<Left> {
        let line = |(what, count)| Left { what, count };
        self.0.into_iter().map(line).collect()
    }
}

/// A problem and its timetable, if it has one, as a school. Events are in as many pieces as in the timetable, else as few as their
/// rules allow.
///
/// # Errors
/// Why there is no week of days and hours in it, or more of something than such a school has.
pub fn of_problem(problem: &Problem, solution: Option<&Solution>) -> Result<Converted, String> {
    let grid = Grid::of(problem)?;
    let mut told = Told::default();
    let mut draft = SchoolDraft {
        name: problem.id.clone(),
        days: grid.names.clone(),
        slots: (1..=grid.height).map(|n| n.to_string()).collect(),
        breaks: grid.breaks(),
        ..SchoolDraft::default()
    };
    let people = People::of(problem, &mut draft);
    let pieces = pieces::pieces(problem, solution, grid.height, &mut told);
    let mut cards_of: Vec<Vec<CardIx>> = vec![vec![]; problem.events.len()];
    let mut next = 0;
    let mut loads: Vec<DraftLoad> = vec![];
    let mut subjects: BTreeMap<&str, SubjectIx> = BTreeMap::new();
    for (event, meets) in (0..).zip(&pieces) {
        let of = problem.event(event);
        // a course is a subject; without one each event is its own, and those of one name are one
        let course = of
            .course
            .and_then(|c| problem.event_groups.get(crate::ids::wide(c)));
        let name = course.map_or(&of.label.name, |c| &c.label.name);
        let subject = *subjects.entry(name.as_str()).or_insert_with(|| {
            draft.subjects.push(name.clone());
            SubjectIx::at(draft.subjects.len() - 1)
        });
        // pieces that are held by others are loads of their own
        let mut own: Vec<DraftLoad> = vec![];
        for meet in meets {
            let (teachers, audience, card) = people.card(problem, &grid, meet, &mut told);
            let known = own
                .iter()
                .position(|load| load.teachers == teachers && load.audience == audience);
            let at = known.unwrap_or_else(|| {
                own.push(DraftLoad {
                    subject,
                    teachers,
                    audience,
                    cards: vec![],
                });
                own.len() - 1
            });
            if let Some(load) = own.get_mut(at) {
                load.cards.push(card);
            }
        }
        let count: usize = own.iter().map(|load| load.cards.len()).sum();
        for _ in 0..count {
            if let Some(cards) = cards_of.get_mut(crate::ids::wide(event)) {
                cards.push(CardIx(next));
            }
            next += 1;
        }
        loads.extend(own);
    }
    draft.loads = loads;
    draft.cut_into_atoms(&[]);
    let plain = rules::all(problem, &grid, &people, &cards_of, &mut draft, &mut told);
    Ok(Converted {
        draft,
        plain,
        left: told.lines(),
    })
}

/// Switches off lessons of odd and even weeks that meet others once every lesson is held every week, even ones first; gives how many
/// alternate and how many of them are off.
///
/// # Errors
/// [`BoardError`] for a school that no board holds.
pub fn switch_off(draft: &mut SchoolDraft) -> Result<(u32, u32), BoardError> {
    let alternates = |card: &DraftCard| card.weeks != Weeks::Every;
    let alternating = draft.card_list().filter(|(_, _, card)| alternates(card)).count();
    if alternating == 0 {
        return Ok((0, 0));
    }
    let turns = taking_turns(&draft.board_spec())?;
    let cards = draft.loads.iter_mut().flat_map(|load| &mut load.cards);
    let mut off = 0;
    for (at, card) in (0..).map(CardIx).zip(cards) {
        card.off = turns.contains(&at);
        off += u32::from(card.off);
    }
    Ok((crate::ids::narrow(alternating), off))
}
