//! Activities that belong together in time: held at once, in an order through the week, one right after the other, or side by side; and
//! those that are never held at once, or end the day of their students.

use super::draft::Maker;
use super::error::FetError;
use super::hours::Filter;
use super::parse::{MAX_ID, number};
use super::xml::Node;
use super::{Constraint, Rule};
use crate::draft::{DraftLast, DraftTie};
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
        "ConstraintActivitiesNotOverlapping" => (Tie::Apart, &["Activity_Id"]),
        "ConstraintActivityEndsStudentsDay" | "ConstraintActivitiesEndStudentsDay" => {
            return ends_day(kind, node);
        }
        "ConstraintActivitiesSameStartingHour" => (Tie::SameHour, &["Activity_Id"]),
        "ConstraintActivitiesSameStartingDay" => (Tie::WithinDays(0), &["Activity_Id"]),
        "ConstraintMaxDaysBetweenActivities" => match figure(node, "MaxDays")? {
            Some(most) => (Tie::WithinDays(most), &["Activity_Id"]),
            None => return Ok(None),
        },
        "ConstraintMinGapsBetweenActivities" => match figure(node, "MinGaps")? {
            Some(least) => (Tie::Spaced(least), &["Activity_Id"]),
            None => return Ok(None),
        },
        "ConstraintTwoActivitiesOrderedIfSameDay" => {
            (Tie::BeforeOnDay, &["First_Activity_Id", "Second_Activity_Id"])
        }
        "ConstraintTwoActivitiesGrouped" => (Tie::NextTo, &["First_Activity_Id", "Second_Activity_Id"]),
        // no matter of time
        _ => return super::rooming::rule(kind, node),
    };
    let mut ids = vec![];
    for name in names {
        for child in node.all(name) {
            ids.push(number(child, 1, MAX_ID)?);
        }
    }
    let whole = match tie {
        Tie::Together | Tie::Apart | Tie::SameHour | Tie::WithinDays(_) | Tie::Spaced(_) => true,
        Tie::InOrder | Tie::RightAfter | Tie::NextTo | Tie::EndsDay | Tie::BeforeOnDay => ids.len() == 2,
    };
    Ok(whole.then_some(Rule::Tied(tie, ids)))
}

/// Most pairs that one rule about days or hours between is taken for: beyond that it is told, and a school that has it is read all the same.
const MOST_PAIRS: usize = 50_000;

/// Whether a rule counts days: those of a file with mornings and afternoons, or with blocks, are others than a school's.
pub(super) fn counts_days(rule: &Rule) -> bool {
    match rule {
        Rule::Tied(tie, _) => matches!(tie, Tie::WithinDays(_) | Tie::Spaced(_) | Tie::BeforeOnDay),
        Rule::Bound(_) => true,
        _ => false,
    }
}

/// A number of days or hours, if there is one.
fn figure(node: &Node, name: &str) -> Result<Option<u16>, FetError> {
    let child = node
        .child(name)
        .map(|child| number(child, 0, MAX_ID))
        .transpose()?;
    Ok(child.map(|n| u16::try_from(n).unwrap_or(u16::MAX)))
}

/// Of one activity, or of all that a filter leaves.
fn ends_day(kind: &str, node: &Node) -> Result<Option<Rule>, FetError> {
    if kind == "ConstraintActivityEndsStudentsDay" {
        let Some(id) = node.child("Activity_Id") else {
            return Ok(None);
        };
        return Ok(Some(Rule::EndsDay(Filter {
            id: Some(number(id, 1, MAX_ID)?),
            ..Filter::default()
        })));
    }
    let text = |names: [&str; 2]| {
        let texts = names.map(|name| node.text_of(name));
        let found = texts.iter().find(|text| !text.is_empty());
        found.map_or_else(String::new, |text| (*text).to_owned())
    };
    Ok(Some(Rule::EndsDay(Filter {
        teacher: text(["Teacher", "Teacher_Name"]),
        students: text(["Students", "Students_Name"]),
        subject: text(["Subject", "Subject_Name"]),
        tag: text(["Activity_Tag", "Activity_Tag_Name"]),
        ..Filter::default()
    })))
}

/// Cards by (load, card) that end the day of their students, and the constraint that says so.
pub(super) type Last<'a> = (Vec<(usize, usize)>, &'a Constraint);

/// Two cards by (load, card), how they belong together, and the constraint that says so.
pub(super) type Pair<'a> = ([(usize, usize); 2], Tie, &'a Constraint);

impl<'a> Maker<'a> {
    /// Notes a rule: of many activities held at once each with the first, of those that keep apart each with each. Those that are switched off ask nothing.
    pub(super) fn tied(&mut self, constraint: &'a Constraint, tie: Tie, ids: &[u32]) -> Result<(), FetError> {
        let line = constraint.line;
        let mut cards = vec![];
        for id in ids {
            cards.push(self.card(*id, line)?);
        }
        // what all share with the first, they share with one another
        if matches!(tie, Tie::Together | Tie::SameHour | Tie::WithinDays(0)) {
            let mut there: Vec<_> = cards.into_iter().flatten().collect();
            let mut seen = std::collections::HashSet::new();
            there.retain(|card| seen.insert(*card));
            let mut there = there.into_iter();
            if let Some(first) = there.next() {
                self.ties
                    .extend(there.map(|other| ([first, other], tie, constraint)));
            }
        } else if matches!(tie, Tie::Apart | Tie::WithinDays(_) | Tie::Spaced(_)) {
            let mut there: Vec<_> = cards.into_iter().flatten().collect();
            there.sort_unstable();
            there.dedup();
            let pairs = there.len().saturating_mul(there.len().saturating_sub(1)) / 2;
            if tie != Tie::Apart && pairs > MOST_PAIRS {
                self.ignore(&constraint.kind, line);
                return Ok(());
            }
            self.budget.hold(pairs, line, &constraint.kind)?;
            for (at, one) in there.iter().enumerate() {
                let rest = there.iter().skip(at + 1);
                self.ties
                    .extend(rest.map(|other| ([*one, *other], tie, constraint)));
            }
        } else if let [Some(first), Some(second)] = cards.as_slice() {
            self.ties.push(([*first, *second], tie, constraint));
        }
        Ok(())
    }

    /// Notes activities that end the day of their students. What is asked of a subgroup that nothing else names is told.
    pub(super) fn ends_day(&mut self, constraint: &'a Constraint, of: &Filter) -> Result<(), FetError> {
        let line = constraint.line;
        let Some(cards) = self.meant(constraint, of)? else {
            self.ignore(&constraint.kind, line);
            return Ok(());
        };
        self.budget.hold(cards.len(), line, &constraint.kind)?;
        if !cards.is_empty() && constraint.weight > 0 {
            self.last.push((cards, constraint));
        }
        Ok(())
    }
}

/// As the draft has them.
pub(super) fn last_of_draft(all: &[Last<'_>], first: &[usize]) -> Vec<DraftLast> {
    let at = |(load, card): &(usize, usize)| Some(CardIx::at(first.get(*load)? + card));
    let last = |(cards, constraint): &Last<'_>| DraftLast {
        cards: cards.iter().filter_map(at).collect(),
        weight: constraint.weight,
        kind: constraint.kind.clone(),
        line: constraint.line,
    };
    all.iter().map(last).collect()
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
