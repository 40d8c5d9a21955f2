//! Why a file is refused.

use std::fmt;

use crate::markup::{Broken, MarkupFault};

/// A refusal: the line (from 1) and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Line of the file, from 1.
    pub line: u32,
    /// Why.
    pub fault: Fault,
}

/// The reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not XML, or XML beyond the bounds; in words.
    Markup(String),
    /// XML, but no archive.
    NotAnArchive(String),
    /// An element or attribute must be there.
    Missing(String),
    /// A number, or one of a few words, was expected here.
    NotA(&'static str, String),
    /// A reference to something that is not there: what and which.
    Unknown(&'static str, String),
    /// Two things with one identifier: what and which.
    Twice(&'static str, String),
    /// A kind of constraint that we do not know. No reader says it any more: such a constraint is kept ([`super::Archive::unknown`]).
    UnknownConstraint(String),
    /// More of something than is read.
    TooMany(&'static str, u32),
    /// With this constraint, a cost would be larger than can be counted.
    TooDear(String),
    /// A solution that does not fit its problem: event and why.
    BadSolution(String, &'static str),
}

impl std::error::Error for ReadError {}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.fault)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Markup(words) => f.write_str(words),
            Self::NotAnArchive(root) => write!(f, "this is <{root}>, not <HighSchoolTimetableArchive>"),
            Self::Missing(what) => write!(f, "{what} is missing"),
            Self::NotA(what, found) => write!(f, "\"{found}\" is not {what}"),
            Self::Unknown(what, id) => write!(f, "there is no {what} \"{id}\""),
            Self::Twice(what, id) => write!(f, "there are two: {what} \"{id}\""),
            Self::UnknownConstraint(name) => write!(f, "constraints of the kind <{name}> are not known"),
            Self::TooMany(what, most) => write!(f, "more {what} than are read (at most {most})"),
            Self::TooDear(id) => {
                write!(
                    f,
                    "with the weight and limits of constraint \"{id}\", costs grow larger than can be counted"
                )
            }
            Self::BadSolution(event, why) => write!(f, "the solution of event \"{event}\" {why}"),
        }
    }
}

impl From<Broken> for ReadError {
    fn from(broken: Broken) -> Self {
        let words = match broken.fault {
            MarkupFault::TooLarge(most) => format!("the file is larger than {most} bytes"),
            MarkupFault::TooDeep(most) => format!("elements are nested deeper than {most} levels"),
            MarkupFault::TooMany(most) => format!("the file has more than {most} elements"),
            MarkupFault::TooManyAttributes(most) => format!("an element has more than {most} attributes"),
            MarkupFault::TextTooLong(most) => format!("a text is longer than {most} bytes"),
            MarkupFault::NotUtf8 => "the file is not UTF-8".to_owned(),
            MarkupFault::DocumentType => "document types are not read".to_owned(),
            MarkupFault::Entity(name) => format!("the entity {name} is not known"),
            MarkupFault::NotXml(words) => format!("not XML: {words}"),
            MarkupFault::Truncated(name) => format!("the file ends inside <{name}>"),
            MarkupFault::Empty => "the file is empty".to_owned(),
        };
        Self {
            line: broken.line,
            fault: Fault::Markup(words),
        }
    }
}
