//! Activities that belong together in time: held at once, in an order through the week, one right after the other, or side by side.

use super::draft::Maker;
use super::error::FetError;
use super::parse::{MAX_ID, number};
use super::xml::Node;
use super::{Constraint, Rule};
use crate::draft::DraftTie;
use crate::ids::CardIx;
use crate::ties::Tie;

/// Such a rule, if the constraint is one and names its activities.
///
/// # Errors
/// [`FetError`] for a number of an activity that is none.
pub(super) fn rule(kind: &str, node: &Node) -> Result<Option<Rule>, FetError> {
    let (tie, names): (_, &[&str]) = match kind {
        "ConstraintActivitiesSameStartingTime" => (Tie::Together, &["Activity_Id"]),
        "ConstraintTwoActivitiesOrdered" => (Tie::InOrder, &["First_Activity_Id", "Second_Activity_Id"]),
        "ConstraintTwoActivitiesConsecutive" => {
            (Tie::RightAfter, &["First_Activity_Id", "Second_Activity_Id"])
        }
        "ConstraintTwoActivitiesGrouped" => (Tie::NextTo, &["First_Activity_Id", "Second_Activity_Id"]),
        _ => return Ok(None),
    };
    let mut ids = vec![];
    for name in names {
        for child in node.all(name) {
            ids.push(number(child, 1, MAX_ID)?);
        }
    }
    let whole = match tie {
        Tie::Together => true,
        Tie::InOrder | Tie::RightAfter | Tie::NextTo => ids.len() == 2,
    };
    Ok(whole.then_some(Rule::Tied(tie, ids)))
}

/// Two cards by (load, card), how they belong together, and the constraint that says so.
pub(super) type Pair<'a> = ([(usize, usize); 2], Tie, &'a Constraint);

impl<'a> Maker<'a> {
    /// Notes a rule: of many activities held at once each with the first. Those that are switched off ask nothing.
    pub(super) fn tied(&mut self, constraint: &'a Constraint, tie: Tie, ids: &[u32]) -> Result<(), FetError> {
        let line = constraint.line;
        let mut cards = vec![];
        for id in ids {
            cards.push(self.card(*id, line)?);
        }
        if tie == Tie::Together {
            let mut there: Vec<_> = cards.into_iter().flatten().collect();
            let mut seen = std::collections::HashSet::new();
            there.retain(|card| seen.insert(*card));
            let mut there = there.into_iter();
            if let Some(first) = there.next() {
                self.ties
                    .extend(there.map(|other| ([first, other], tie, constraint)));
            }
        } else if let [Some(first), Some(second)] = cards.as_slice() {
            self.ties.push(([*first, *second], tie, constraint));
        }
        Ok(())
    }
}

/// As the draft has them, once it is known how many cards each load has: `first` is the number of the first card of each.
pub(super) fn of_draft(pairs: &[Pair<'_>], first: &[usize]) -> Vec<DraftTie> {
    let at = |(load, card): (usize, usize)| Some(CardIx::at(first.get(load)? + card));
    let tie = |([one, other], tie, constraint): &Pair<'_>| {
        Some(DraftTie {
            first: at(*one)?,
            second: at(*other)?,
            tie: *tie,
            weight: constraint.weight,
            kind: constraint.kind.clone(),
            line: constraint.line,
        })
    };
    pairs.iter().filter_map(tie).collect()
}
