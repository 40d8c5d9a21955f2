//! Hours that activities should keep to: times at which they may begin, or slots that they may use; of one activity, or of all that a
//! filter leaves.

use super::draft::{Maker, unknown};
use super::error::FetError;
use super::parse::{MAX_ID, number};
use super::xml::Node;
use super::{Activity, Constraint, Rule, Time};
use crate::draft::{DraftTimes, TimesOf};
use crate::ids::{CardIx, ClassIx, SubjectIx, TeacherIx, TimeSet};
use crate::spec::Audience;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Which activities, by name. What is empty says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// This one alone.
    pub id: Option<u32>,
    /// Of a teacher.
    pub teacher: String,
    /// Of a year, group or subgroup: whoever has a student in common.
    pub students: String,
    /// Of a subject.
    pub subject: String,
    /// With an activity tag.
    pub tag: String,
    /// Of so many hours.
    pub duration: Option<u32>,
    /// The part of a divided activity, from 1.
    pub part: Option<u32>,
}

/// Hours as a file says them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Whose.
    pub of: Filter,
    /// The good ones; without a day: on any, without an hour: at any.
    pub times: Vec<Time>,
    /// Only the beginning is meant.
    pub starts: bool,
}

/// Cards by (load, card), the constraint, the good hours, whether only beginnings are meant.
pub(super) type Asked<'a> = (Vec<(usize, usize)>, &'a Constraint, TimeSet, bool);

/// Elements of a day and of an hour, in the names that versions of FET have given them.
const DAY: [&str; 3] = ["Preferred_Day", "Preferred_Starting_Day", "Day"];
const HOUR: [&str; 3] = ["Preferred_Hour", "Preferred_Starting_Hour", "Hour"];
const CELLS: [&str; 3] = ["Preferred_Time_Slot", "Preferred_Starting_Time", "Preferred_Time"];

fn first<'n>(node: &'n Node, names: &[&str]) -> &'n str {
    let mut texts = names.iter().map(|name| node.text_of(name));
    texts.find(|text| !text.is_empty()).unwrap_or_default()
}

fn time(node: &Node) -> Time {
    Time {
        day: first(node, &DAY).to_owned(),
        hour: first(node, &HOUR).to_owned(),
    }
}

fn figure(node: &Node, name: &str) -> Result<Option<u32>, FetError> {
    let child = node.child(name).filter(|child| !child.text.trim().is_empty());
    child.map(|child| number(child, 1, MAX_ID)).transpose()
}

/// Such a rule, if the constraint is one and names an hour.
///
/// # Errors
/// [`FetError`] for a number that is none.
pub(super) fn rule(kind: &str, node: &Node) -> Result<Option<Rule>, FetError> {
    let Some(name) = kind.strip_prefix("Constraint") else {
        return Ok(None);
    };
    let one = matches!(
        name,
        "ActivityPreferredStartingTime" | "ActivityPreferredTime" | "ActivityPreferredDay"
    );
    let whose = [
        "ActivityPreferred",
        "ActivitiesPreferred",
        "SubactivitiesPreferred",
    ];
    let rest = whose.iter().find_map(|whose| name.strip_prefix(whose));
    let starts = match rest {
        _ if one => true,
        Some("StartingTimes" | "Times") => true,
        Some("TimeSlots") => false,
        _ => return Ok(None),
    };
    let times: Vec<Time> = if one {
        vec![time(node)]
    } else {
        CELLS.iter().flat_map(|cell| node.all(cell)).map(time).collect()
    };
    let says = |time: &Time| !time.day.is_empty() || !time.hour.is_empty();
    if times.is_empty() || !times.iter().all(says) {
        return Ok(None);
    }
    let text = |names: &[&str]| first(node, names).to_owned();
    let of = if one || name.starts_with("ActivityP") {
        let Some(id) = figure(node, "Activity_Id")? else {
            return Ok(None);
        };
        Filter {
            id: Some(id),
            ..Filter::default()
        }
    } else {
        Filter {
            id: None,
            teacher: text(&["Teacher", "Teacher_Name"]),
            students: text(&["Students", "Students_Name"]),
            subject: text(&["Subject", "Subject_Name"]),
            tag: text(&["Activity_Tag", "Activity_Tag_Name"]),
            duration: figure(node, "Duration")?,
            part: figure(node, "Component_Number")?,
        }
    };
    Ok(Some(Rule::Hours(Hours { of, times, starts })))
}

/// Which part of its divided activity one is: they are numbered one after the other.
fn part(activity: &Activity) -> u32 {
    match activity.group {
        0 => 1,
        first => activity.id.saturating_add(1).saturating_sub(first),
    }
}

impl<'a> Maker<'a> {
    /// Notes the hours of activities. What is asked of a subgroup that nothing else names is told.
    pub(super) fn hours(&mut self, constraint: &'a Constraint, hours: &'a Hours) -> Result<(), FetError> {
        let line = constraint.line;
        let (days, slots) = (self.out.days.len(), self.out.slots.len());
        self.budget.look(hours.times.len(), line, &constraint.kind)?;
        let mut good = TimeSet::new();
        for time in &hours.times {
            let (day, slot) = self.cell(time, line)?;
            let of = |found: Option<u16>, count: usize| match found {
                Some(at) => at..at.saturating_add(1),
                None => 0..crate::ids::short(count),
            };
            for day in of(day, days) {
                of(slot, slots).for_each(|slot| good.insert(day, slot));
            }
        }
        let Some(cards) = self.meant(constraint, &hours.of)? else {
            self.ignore(&constraint.kind, line);
            return Ok(());
        };
        let longest = cards
            .iter()
            .map(|(load, card)| self.out.loads[*load].cards[*card].duration)
            .max();
        if constraint.weight > 0 && longest.is_some() {
            // a lesson of one hour begins where it lies
            let starts = hours.starts && longest > Some(1);
            let all = usize::from(hours.of == Filter::default()) * self.out.classes.len();
            self.budget.hold(cards.len() + all, line, &constraint.kind)?;
            self.times.push((cards, constraint, good, starts));
        }
        Ok(())
    }

    /// The activities that a filter leaves, as (load, card); `None`: it names students of whom the draft does not know.
    pub(super) fn meant(
        &mut self,
        constraint: &Constraint,
        of: &Filter,
    ) -> Result<Option<Vec<(usize, usize)>>, FetError> {
        let line = constraint.line;
        if let Some(id) = of.id {
            return Ok(Some(self.card(id, line)?.into_iter().collect()));
        }
        let students = match self.sets.get(of.students.as_str()) {
            _ if of.students.is_empty() => None,
            None => return Ok(None),
            Some(sets) => Some(
                sets.iter()
                    .flat_map(|set| self.atoms(*set))
                    .copied()
                    .collect::<HashSet<u32>>(),
            ),
        };
        let file = self.file;
        self.budget.look(file.activities.len(), line, &constraint.kind)?;
        let is = |asked: &str, own: &str| asked.is_empty() || asked == own;
        let has = |asked: &str, own: &[String]| asked.is_empty() || own.iter().any(|one| one == asked);
        let mut looks = 0;
        let mut meant = |activity: &&Activity| {
            let named = has(&of.teacher, &activity.teachers)
                && is(&of.subject, &activity.subject)
                && has(&of.tag, &activity.tags)
                && of.duration.is_none_or(|n| n == u32::from(activity.duration))
                && of.part.is_none_or(|n| n == part(activity));
            named
                && students.as_ref().is_none_or(|students| {
                    let own = activity
                        .students
                        .iter()
                        .filter_map(|name| self.sets.get(name.as_str()));
                    let mut own = own.flatten().flat_map(|set| self.atoms(*set));
                    own.any(|atom| {
                        looks += 1;
                        students.contains(atom)
                    })
                })
        };
        let ids: Vec<u32> = file
            .activities
            .iter()
            .filter(|a| meant(a))
            .map(|a| a.id)
            .collect();
        self.budget.look(looks, line, &constraint.kind)?;
        Ok(Some(
            ids.iter()
                .filter_map(|id| self.cards.get(id).copied().flatten())
                .collect(),
        ))
    }

    pub(super) fn atoms(&self, of: Audience) -> &[u32] {
        match of {
            Audience::Class(class) => &self.out.classes[class.ix()].atoms,
            Audience::Group(group) => &self.out.groups[group.ix()].atoms,
        }
    }

    fn cell(&self, time: &Time, line: u32) -> Result<(Option<u16>, Option<u16>), FetError> {
        let of = |name: &str, element: &str, known: &super::draft::Names<'a>| {
            if name.is_empty() {
                return Ok(None);
            }
            let at = known.get(name).ok_or_else(|| unknown(line, element, name))?;
            Ok(Some(crate::ids::short(*at)))
        };
        Ok((
            of(&time.day, "Day", &self.days)?,
            of(&time.hour, "Hour", &self.hours)?,
        ))
    }

    /// As the draft has them, once it is known how many cards each load has: `first` is the number of the first card of each.
    pub(super) fn times_of_draft(&self, first: &[usize]) -> Vec<DraftTimes> {
        let mut all = vec![];
        for (cards, constraint, good, starts) in &self.times {
            let Rule::Hours(hours) = &constraint.rule else {
                // a place that is only wished
                all.push(self.times_row(self.cards_at(cards, first), constraint, good, *starts));
                continue;
            };
            let whole = if *starts { None } else { self.everybody(&hours.of) };
            let of = whole.unwrap_or_else(|| vec![self.cards_at(cards, first)]);
            all.extend(
                of.into_iter()
                    .map(|of| self.times_row(of, constraint, good, *starts)),
            );
        }
        all
    }

    fn cards_at(&self, cards: &[(usize, usize)], first: &[usize]) -> TimesOf {
        let at = |(load, card): &(usize, usize)| Some(CardIx::at(first.get(*load)? + card));
        let mut cards: Vec<CardIx> = cards.iter().filter_map(at).collect();
        cards.sort_unstable();
        cards.dedup();
        TimesOf::Cards(cards)
    }

    fn times_row(&self, of: TimesOf, constraint: &Constraint, good: &TimeSet, starts: bool) -> DraftTimes {
        DraftTimes {
            of,
            good: good.clone(),
            starts,
            weight: constraint.weight,
            kind: constraint.kind.clone(),
            line: constraint.line,
        }
    }

    /// A teacher, a class or a subject whose every lesson is meant; all classes, where everything is.
    fn everybody(&self, of: &Filter) -> Option<Vec<TimesOf>> {
        if of.id.or(of.duration).or(of.part).is_some() || !of.tag.is_empty() {
            return None;
        }
        let only = match (of.teacher.as_str(), of.students.as_str(), of.subject.as_str()) {
            ("", "", "") => {
                let nobody = |load: &crate::draft::DraftLoad| load.audience.is_empty();
                if self.out.loads.iter().any(nobody) {
                    return None;
                }
                return Some(
                    (0..self.out.classes.len())
                        .map(|n| TimesOf::Class(ClassIx::at(n)))
                        .collect(),
                );
            }
            (teacher, "", "") => TimesOf::Teacher(TeacherIx::at(*self.teachers.get(teacher)?)),
            ("", "", subject) => TimesOf::Subject(SubjectIx::at(*self.subjects.get(subject)?)),
            ("", students, "") => match self.sets.get(students)?.as_slice() {
                [Audience::Class(class)] => TimesOf::Class(*class),
                _ => return None,
            },
            _ => return None,
        };
        Some(vec![only])
    }
}
