//! Most hours and days: of activities that are named, of the activities of a tag that somebody has, of certain hours of the day; and hours
//! of rest from a day to the next.

use std::collections::BTreeSet;

use super::draft::{Maker, unknown};
use super::error::FetError;
use super::limits::Whose;
use super::parse::{MAX_ID, number};
use super::xml::Node;
use super::{Constraint, Rule, Time};
use crate::bounds::Bounded;
use crate::draft::{DraftBound, DraftBoundOf};
use crate::ids::{CardIx, TeacherIx, TimeSet, short};
use crate::spec::Audience;
use serde::{Deserialize, Serialize};

/// Of whose activities, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Of {
    /// These.
    Activities(Vec<u32>),
    /// All of somebody.
    All(Whose),
    /// Those of a tag that somebody has.
    Tag(Whose, String),
}

/// Of which hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hours {
    /// All.
    All,
    /// These.
    Selected(Vec<Time>),
    /// On each day from one up to another; empty: to the end of the day.
    Between(String, String),
}

/// A bound as a file says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// Whose.
    pub of: Of,
    /// What is counted.
    pub what: Bounded,
    /// Of which hours.
    pub hours: Hours,
    /// The figure.
    pub figure: u16,
}

/// Such a rule, if the constraint is one and says how much.
///
/// # Errors
/// [`FetError`] for a number that is none.
pub(super) fn rule(kind: &str, node: &Node) -> Result<Option<Rule>, FetError> {
    let figure = |name: &str| -> Result<Option<u16>, FetError> {
        let child = node.child(name).filter(|child| !child.text.trim().is_empty());
        let figure = child.map(|child| number(child, 0, MAX_ID)).transpose()?;
        Ok(figure.map(|n| u16::try_from(n).unwrap_or(u16::MAX)))
    };
    let bound = |of, what, hours, figure: Option<u16>| {
        figure.map(|figure| {
            Rule::Bound(Bound {
                of,
                what,
                hours,
                figure,
            })
        })
    };
    if kind == "ConstraintActivitiesOccupyMaxTimeSlotsFromSelection" {
        let mut ids = vec![];
        for child in node.all("Activity_Id") {
            ids.push(number(child, 1, MAX_ID)?);
        }
        let time = |slot: &Node| Time {
            day: slot.text_of("Selected_Day").to_owned(),
            hour: slot.text_of("Selected_Hour").to_owned(),
        };
        let times = node.all("Selected_Time_Slot").map(time).collect();
        let most = figure("Max_Number_of_Occupied_Time_Slots")?;
        return Ok(bound(
            Of::Activities(ids),
            Bounded::Hours,
            Hours::Selected(times),
            most,
        ));
    }
    let Some((whose, rest)) = super::limits::whose(kind, node) else {
        return Ok(None);
    };
    let text = |names: [&str; 2]| {
        let texts = names.map(|name| node.text_of(name));
        texts
            .iter()
            .find(|text| !text.is_empty())
            .map(|text| (*text).to_owned())
    };
    Ok(match rest {
        "IntervalMaxDaysPerWeek" => {
            let from = node.text_of("Interval_Start_Hour").to_owned();
            let to = node.text_of("Interval_End_Hour").to_owned();
            let most = figure("Max_Days_Per_Week")?.filter(|_| !from.is_empty());
            bound(Of::All(whose), Bounded::Days, Hours::Between(from, to), most)
        }
        "MinRestingHours" => {
            let around = node.text_of("Circular").trim() == "true";
            let least = figure("Minimum_Resting_Hours")?;
            bound(Of::All(whose), Bounded::Rest { around }, Hours::All, least)
        }
        "ActivityTagMaxHoursDaily" | "ActivityTagMaxHoursContinuously" => {
            let Some(tag) = text(["Activity_Tag", "Activity_Tag_Name"]) else {
                return Ok(None);
            };
            let (what, name) = match rest {
                "ActivityTagMaxHoursDaily" => (Bounded::HoursADay, "Maximum_Hours_Daily"),
                _ => (Bounded::HoursInARow, "Maximum_Hours_Continuously"),
            };
            bound(Of::Tag(whose, tag), what, Hours::All, figure(name)?)
        }
        _ => None,
    })
}

/// Whose lessons, by (load, card) where it names some.
enum Whom {
    Lists(Vec<Vec<(usize, usize)>>),
    Teachers(Vec<TeacherIx>),
    Pupils(Vec<Audience>),
}

/// A bound of the draft whose cards are not yet numbered.
pub(super) struct Asked<'a> {
    whom: Whom,
    bound: &'a Bound,
    times: TimeSet,
    constraint: &'a Constraint,
}

impl<'a> Maker<'a> {
    /// Notes a bound. What is asked of students of whom the draft does not know is told.
    pub(super) fn bound(&mut self, constraint: &'a Constraint, bound: &'a Bound) -> Result<(), FetError> {
        let line = constraint.line;
        let times = self.hours_of(&bound.hours, line)?;
        let Some(whom) = self.whom(constraint, &bound.of)? else {
            self.ignore(&constraint.kind, line);
            return Ok(());
        };
        let entries = match &whom {
            Whom::Lists(lists) => lists.iter().map(Vec::len).sum(),
            Whom::Teachers(all) => all.len(),
            Whom::Pupils(all) => all.len(),
        };
        self.budget.hold(entries, line, &constraint.kind)?;
        if constraint.weight > 0 {
            self.bounds.push(Asked {
                whom,
                bound,
                times,
                constraint,
            });
        }
        Ok(())
    }

    fn hours_of(&self, hours: &Hours, line: u32) -> Result<TimeSet, FetError> {
        let (days, slots) = (short(self.out.days.len()), short(self.out.slots.len()));
        let hour = |name: &str| {
            let found = self.hours.get(name).copied().map(short);
            found.ok_or_else(|| unknown(line, "Hour", name))
        };
        Ok(match hours {
            Hours::All => TimeSet::daily(days, 0, slots),
            Hours::Selected(times) => self.times(times, line)?,
            Hours::Between(from, to) => {
                let from = hour(from)?;
                let to = if to.is_empty() { slots } else { hour(to)? };
                TimeSet::daily(days, from, to.max(from))
            }
        })
    }

    fn whom(&mut self, constraint: &Constraint, of: &Of) -> Result<Option<Whom>, FetError> {
        Ok(match of {
            Of::Activities(ids) => {
                let mut cards = vec![];
                for id in ids {
                    cards.extend(self.card(*id, constraint.line)?);
                }
                cards.sort_unstable();
                cards.dedup();
                Some(Whom::Lists(vec![cards]))
            }
            Of::All(whose) => self.people(whose, constraint.line)?,
            Of::Tag(whose, tag) => match self.people(whose, constraint.line)? {
                Some(people) => Some(Whom::Lists(self.tagged(constraint, &people, tag)?)),
                None => None,
            },
        })
    }

    fn people(&self, whose: &Whose, line: u32) -> Result<Option<Whom>, FetError> {
        Ok(match whose {
            Whose::Teachers => {
                let all = (0..self.out.teachers.len()).map(TeacherIx::at);
                Some(Whom::Teachers(all.collect()))
            }
            Whose::Teacher(name) => {
                let found = self.teachers.get(name.as_str());
                let teacher = found.ok_or_else(|| unknown(line, "Teacher", name))?;
                Some(Whom::Teachers(vec![TeacherIx::at(*teacher)]))
            }
            Whose::Students => {
                let all = (0..self.out.classes.len()).map(crate::ids::ClassIx::at);
                Some(Whom::Pupils(all.map(Audience::Class).collect()))
            }
            Whose::StudentsSet(name) => {
                let sets = self.sets.get(name.as_str()).filter(|sets| !sets.is_empty());
                sets.map(|sets| Whom::Pupils(sets.clone()))
            }
        })
    }

    /// The activities of a tag that each of these has; of pupils each list once.
    fn tagged(
        &mut self,
        constraint: &Constraint,
        people: &Whom,
        tag: &str,
    ) -> Result<Vec<Vec<(usize, usize)>>, FetError> {
        let (line, file) = (constraint.line, self.file);
        self.budget.look(file.activities.len(), line, &constraint.kind)?;
        let tagged = file
            .activities
            .iter()
            .filter(|a| a.tags.iter().any(|own| own == tag));
        let cards: Vec<(usize, usize)> = tagged
            .filter_map(|a| self.cards.get(&a.id).copied().flatten())
            .collect();
        let mut lists: BTreeSet<Vec<(usize, usize)>> = BTreeSet::new();
        match people {
            Whom::Teachers(all) => {
                self.budget
                    .look(cards.len().saturating_mul(all.len()), line, &constraint.kind)?;
                for teacher in all {
                    let has = |(load, _): &&(usize, usize)| self.out.loads[*load].teachers.contains(teacher);
                    lists.insert(cards.iter().filter(has).copied().collect());
                }
            }
            Whom::Pupils(all) => {
                let atoms: BTreeSet<u32> = all.iter().flat_map(|of| self.atoms(*of)).copied().collect();
                self.budget
                    .look(cards.len().saturating_mul(atoms.len()), line, &constraint.kind)?;
                for atom in atoms {
                    let has = |(load, _): &&(usize, usize)| {
                        let mut audience = self.out.loads[*load].audience.iter();
                        audience.any(|of| self.atoms(*of).binary_search(&atom).is_ok())
                    };
                    lists.insert(cards.iter().filter(has).copied().collect());
                }
            }
            Whom::Lists(_) => {}
        }
        lists.remove(&vec![]);
        Ok(lists.into_iter().collect())
    }
}

/// As the draft has them: `first` is the number of the first card of each load.
pub(super) fn of_draft(all: &[Asked<'_>], first: &[usize]) -> Vec<DraftBound> {
    let card = |(load, card): &(usize, usize)| Some(CardIx::at(first.get(*load)? + card));
    let bound = |asked: &Asked<'_>| DraftBound {
        of: match &asked.whom {
            Whom::Lists(lists) => {
                let list = |cards: &Vec<_>| cards.iter().filter_map(card).collect();
                DraftBoundOf::Lists(lists.iter().map(list).collect())
            }
            Whom::Teachers(all) => DraftBoundOf::Teachers(all.clone()),
            Whom::Pupils(all) => DraftBoundOf::Pupils(all.clone()),
        },
        what: asked.bound.what,
        times: asked.times.clone(),
        figure: asked.bound.figure,
        weight: asked.constraint.weight,
        kind: asked.constraint.kind.clone(),
        line: asked.constraint.line,
    };
    all.iter().map(bound).collect()
}
