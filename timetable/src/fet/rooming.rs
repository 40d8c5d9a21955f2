//! Rooms that activities take together: few different ones, or one where they follow at once.

use super::draft::Maker;
use super::error::FetError;
use super::parse::{MAX_ID, number};
use super::xml::Node;
use super::{Constraint, Rule};
use crate::draft::DraftRooming;
use crate::ids::CardIx;
use crate::rooming::Rooming;

/// Such a rule, if the constraint is one and says how many.
///
/// # Errors
/// [`FetError`] for a number that is none.
pub(super) fn rule(kind: &str, node: &Node) -> Result<Option<Rule>, FetError> {
    let what = match kind {
        "ConstraintActivitiesSameRoomIfConsecutive" => Rooming::InARow,
        "ConstraintActivitiesOccupyMaxDifferentRooms" => {
            let Some(child) = node.child("Max_Number_of_Different_Rooms") else {
                return Ok(None);
            };
            let most = number(child, 1, MAX_ID)?;
            Rooming::AtMost(u16::try_from(most).unwrap_or(u16::MAX))
        }
        _ => return Ok(None),
    };
    let mut ids = vec![];
    for child in node.all("Activity_Id") {
        ids.push(number(child, 1, MAX_ID)?);
    }
    Ok(Some(Rule::Rooming(what, ids)))
}

/// Cards by (load, card), what is asked of their rooms, and the constraint that says so.
pub(super) type Asked<'a> = (Vec<(usize, usize)>, Rooming, &'a Constraint);

impl<'a> Maker<'a> {
    /// Notes it. A rule that is switched off asks nothing.
    pub(super) fn rooming(
        &mut self,
        constraint: &'a Constraint,
        what: Rooming,
        ids: &[u32],
    ) -> Result<(), FetError> {
        let line = constraint.line;
        let mut cards = vec![];
        for id in ids {
            cards.extend(self.card(*id, line)?);
        }
        cards.sort_unstable();
        cards.dedup();
        self.budget.hold(cards.len(), line, &constraint.kind)?;
        if constraint.weight > 0 {
            self.roomings.push((cards, what, constraint));
        }
        Ok(())
    }
}

/// As the draft has them: `first` is the number of the first card of each load.
pub(super) fn of_draft(all: &[Asked<'_>], first: &[usize]) -> Vec<DraftRooming> {
    let at = |(load, card): &(usize, usize)| Some(CardIx::at(first.get(*load)? + card));
    let rooming = |(cards, what, constraint): &Asked<'_>| DraftRooming {
        cards: cards.iter().filter_map(at).collect(),
        what: *what,
        weight: constraint.weight,
        kind: constraint.kind.clone(),
        line: constraint.line,
    };
    all.iter().map(rooming).collect()
}
