//! The dated rows of the law that homework and assessment works are counted against (domain facts 2.2).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A row of `norm`, in force on the asked day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Norm {
    /// Which rule.
    pub kind: String,
    /// First grade it is for.
    pub grade_from: i16,
    /// Last of them.
    pub grade_to: i16,
    /// Its figure.
    pub value: i32,
    /// Where it stands, and what it says.
    pub clause: String,
    /// In force since.
    pub valid_from: NaiveDate,
    /// False: known at second hand, shown as a setting to check.
    pub confirmed: bool,
}

/// Where a figure comes from, as it is told with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Where it stands, and what it says.
    pub clause: String,
    /// In force since; a server older than this page does not tell.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// False: known at second hand.
    #[serde(default)]
    pub confirmed: bool,
}

impl Norm {
    /// Where its figure comes from.
    #[must_use]
    pub fn basis(&self) -> Basis {
        Basis {
            clause: self.clause.clone(),
            since: Some(self.valid_from),
            confirmed: self.confirmed,
        }
    }
}

/// Minutes of homework a day, all subjects together.
pub const HOMEWORK: &str = "homework_minutes";
/// Of that, per cent for the days after days off.
pub const WEEKEND: &str = "homework_weekend_percent";

/// The row of a kind for a grade. The rows come with the nearer level first.
#[must_use]
pub fn find<'a>(norms: &'a [Norm], kind: &str, grade: i16) -> Option<&'a Norm> {
    norms
        .iter()
        .find(|n| n.kind == kind && (n.grade_from..=n.grade_to).contains(&grade))
}
