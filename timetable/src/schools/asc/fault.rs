//! Why a file of aSc Timetables is refused, as data: a screen has words of its own for each.

use std::fmt;

use crate::markup::{Broken, Element};

pub use crate::markup::MarkupFault;

/// A refusal: the line (from 1) and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AscFault {
    /// Line of the file.
    pub line: u32,
    /// Reason.
    pub reason: AscReason,
}

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AscReason {
    /// It is not XML, or more of it than is read.
    Markup(MarkupFault),
    /// An encoding that nobody knows.
    Encoding(String),
    /// Its bytes are not of its encoding.
    NotEncoded(&'static str),
    /// Another file: it begins with this element.
    NotAsc(String),
    /// There is none of these.
    None(&'static str),
    /// More of these than are read: found, at most.
    TooMany(&'static str, u32, u32),
    /// A row without an id or number: its element.
    NoId(String),
    /// Two rows of one id: the element, the id.
    Twice(String, String),
    /// A row that a lesson names is not there: what, its id.
    Missing(&'static str, String),
    /// An attribute is no number: the attribute, its text.
    NotANumber(String, String),
    /// A lesson takes more periods than are read: its id.
    TooLong(String),
    /// A card of a lesson is longer than a day: the lesson's id.
    PastDayEnd(String),
    /// What a lesson names, with all lessons before it, comes to more than a school has: the lesson's id, most entries.
    TooMuch(String, u32),
    /// The cards do not fit the lessons.
    Misfit,
}

impl fmt::Display for AscReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Markup(fault) => fault.fmt(f),
            Self::Encoding(name) => write!(f, "the encoding \"{name}\" is not known"),
            Self::NotEncoded(name) => write!(f, "the file is not in its encoding, {name}"),
            Self::NotAsc(root) => write!(f, "this is <{root}>, not a file of aSc Timetables"),
            Self::None(what) => write!(f, "there are no {what}"),
            Self::TooMany(what, found, most) => {
                write!(f, "there are {found} {what}; at most {most} are read")
            }
            Self::NoId(element) => write!(f, "<{element}> has no id"),
            Self::Twice(element, id) => write!(f, "there are two <{element}> \"{id}\""),
            Self::Missing(what, id) => write!(f, "there is no {what} \"{id}\""),
            Self::NotANumber(attribute, text) => write!(f, "{attribute}: {text} is not a number"),
            Self::TooLong(lesson) => write!(f, "lesson {lesson} takes more periods than are read"),
            Self::PastDayEnd(lesson) => write!(f, "a card of lesson {lesson} does not fit into a day"),
            Self::TooMuch(lesson, most) => {
                write!(
                    f,
                    "lesson {lesson}, with all before it, comes to more than {most} entries"
                )
            }
            Self::Misfit => f.write_str("the cards do not fit the lessons"),
        }
    }
}

impl fmt::Display for AscFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for AscFault {}

impl From<Broken> for AscFault {
    fn from(broken: Broken) -> Self {
        Self {
            line: broken.line,
            reason: AscReason::Markup(broken.fault),
        }
    }
}

pub(super) fn fault(at: &Element, reason: AscReason) -> AscFault {
    AscFault {
        line: at.line,
        reason,
    }
}

/// A text for showing: not longer than a line.
pub(super) fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
