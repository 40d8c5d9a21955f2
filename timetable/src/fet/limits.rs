//! Limits of days, hours and gaps: what is asked of teachers and students beside their lessons.

use super::draft::{Maker, unknown};
use super::error::FetError;
use super::xml::Node;
use super::{Constraint, Rule};
use crate::draft::{DraftLimit, Limited, LimitedOf};
use crate::ids::{ClassIx, TeacherIx};
use crate::spec::Audience;
use serde::{Deserialize, Serialize};

/// Whom a limit is for, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whose {
    /// All teachers, each by themselves.
    Teachers,
    /// One teacher.
    Teacher(String),
    /// All students.
    Students,
    /// A year, group or subgroup.
    StudentsSet(String),
}

/// Whom a constraint is about, if somebody, and the rest of its name.
pub(super) fn whose<'k>(kind: &'k str, node: &Node) -> Option<(Whose, &'k str)> {
    let text = |names: [&str; 2]| {
        let found = names.iter().find_map(|n| node.child(n))?;
        Some(found.text.clone())
    };
    let name = kind.strip_prefix("Constraint")?;
    Some(if let Some(rest) = name.strip_prefix("StudentsSet") {
        (Whose::StudentsSet(text(["Students", "Students_Name"])?), rest)
    } else if let Some(rest) = name.strip_prefix("Students") {
        (Whose::Students, rest)
    } else if let Some(rest) = name.strip_prefix("Teachers") {
        (Whose::Teachers, rest)
    } else {
        let rest = name.strip_prefix("Teacher")?;
        (Whose::Teacher(text(["Teacher", "Teacher_Name"])?), rest)
    })
}

/// A limit, if the constraint is one and says how much.
pub(super) fn rule(kind: &str, node: &Node) -> Option<Rule> {
    let (whose, rest) = whose(kind, node)?;
    let is_students = matches!(whose, Whose::Students | Whose::StudentsSet(_));
    let (what, figure) = match rest {
        "MaxDaysPerWeek" => (Limited::DaysAWeek, "Max_Days_Per_Week"),
        "MaxGapsPerWeek" => (Limited::GapsAWeek, "Max_Gaps"),
        "MaxGapsPerDay" => (Limited::GapsADay, "Max_Gaps"),
        "MaxBuildingChangesPerDay" => (Limited::MovesADay, "Max_Building_Changes_Per_Day"),
        "MaxHoursDaily" => (Limited::HoursADay, "Maximum_Hours_Daily"),
        "MaxHoursContinuously" => (Limited::HoursInARow, "Maximum_Hours_Continuously"),
        "MinHoursDaily" => {
            // that a day must not be empty is another thing, and no limit: a teacher's may be unless said otherwise, a
            // student's only if it is said
            let empty = node.child("Allow_Empty_Days").map(|n| n.text.trim() == "true");
            let what = match empty.unwrap_or(!is_students) {
                true => Limited::LeastHoursADay,
                false if is_students => Limited::LeastHoursEveryDay,
                false => return None,
            };
            (what, "Minimum_Hours_Daily")
        }
        "MinDaysPerWeek" => (Limited::LeastDaysAWeek, "Minimum_Days_Per_Week"),
        "EarlyMaxBeginningsAtSecondHour" if is_students => {
            (Limited::LateStartsAWeek, "Max_Beginnings_At_Second_Hour")
        }
        _ => return None,
    };
    let value = node.text_of(figure).trim().parse().ok()?;
    Some(Rule::Limit(whose, what, value))
}

impl Maker<'_> {
    /// Puts a limit into the draft. Subgroups have none of their own: theirs are told.
    pub(super) fn limit(
        &mut self,
        constraint: &Constraint,
        whose: &Whose,
        what: Limited,
        value: u32,
    ) -> Result<(), FetError> {
        let line = constraint.line;
        let whom = match whose {
            Whose::Teachers => self.out.teachers.len(),
            Whose::Teacher(_) => 1,
            Whose::Students => self.out.classes.len(),
            Whose::StudentsSet(name) => self.sets.get(name.as_str()).map_or(0, Vec::len),
        };
        self.budget.hold(whom, line, &constraint.kind)?;
        let of = match whose {
            Whose::Teachers => LimitedOf::Teachers((0..self.out.teachers.len()).map(TeacherIx::at).collect()),
            Whose::Teacher(name) => {
                let found = self.teachers.get(name.as_str());
                let teacher = found.ok_or_else(|| unknown(line, "Teacher", name))?;
                LimitedOf::Teachers(vec![TeacherIx::at(*teacher)])
            }
            Whose::Students => LimitedOf::Classes((0..self.out.classes.len()).map(ClassIx::at).collect()),
            Whose::StudentsSet(name) => {
                let class = |set: &Audience| match set {
                    Audience::Class(class) => Some(*class),
                    Audience::Group(_) => None,
                };
                // of a subgroup that nothing else names the draft does not know
                let sets = self.sets.get(name.as_str());
                let Some(classes) = sets.and_then(|sets| sets.iter().map(class).collect()) else {
                    self.ignore(&constraint.kind, line);
                    return Ok(());
                };
                LimitedOf::Classes(classes)
            }
        };
        self.out.limits.push(DraftLimit {
            what,
            of,
            value,
            weight: constraint.weight,
            kind: constraint.kind.clone(),
            line,
        });
        Ok(())
    }
}
