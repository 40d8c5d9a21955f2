//! An XHSTT archive as a school's file of FET: what a program that reads FET does with an archive. Placements are those of its best solution.

use std::fmt;

use super::convert::{Converted, Left, not_understood, of_problem};
use crate::{fet, xhstt};

/// An archive's school.
#[derive(Clone, Debug)]
pub struct Adopted {
    /// As a file of FET.
    pub fet: String,
    /// What no such file says.
    pub left: Vec<Left>,
}

/// Why an archive is no school's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoSchool {
    /// The file is refused, with its line.
    File(xhstt::ReadError),
    /// It has so many schools, not one.
    Count(u32),
    /// Its times are no week of days and hours; in English.
    NoWeek(String),
}

impl fmt::Display for NoSchool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(f, "{error}"),
            Self::Count(n) => write!(f, "the archive has {n} instances, not one"),
            Self::NoWeek(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for NoSchool {}

/// Whether a file is an archive, by its first element.
#[must_use]
pub fn is_one(bytes: &[u8]) -> bool {
    super::first_element(bytes) == "highschooltimetablearchive"
}

/// The only school of an archive.
///
/// # Errors
/// [`NoSchool`]: it is not read, it has none or several, or its times are no week.
pub fn adopt(bytes: &[u8]) -> Result<Adopted, NoSchool> {
    let archive = xhstt::read(bytes).map_err(NoSchool::File)?;
    let [problem] = archive.problems.as_slice() else {
        return Err(NoSchool::Count(crate::ids::narrow(archive.problems.len())));
    };
    let made = of_problem(problem, archive.best_of(0)).map_err(NoSchool::NoWeek)?;
    let Converted {
        draft,
        plain,
        mut left,
    } = made;
    left.extend(not_understood(&archive, 0));
    Ok(Adopted {
        fet: fet::write_with(&draft, &plain),
        left,
    })
}
