//! Why a file is refused.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A refusal: the line (from 1) and the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetError {
    /// Line of the file, from 1.
    pub line: u32,
    /// Why.
    pub reason: FetReason,
}

/// The reasons, with what a sentence about them needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FetReason {
    /// The file has a document type declaration (where entity bombs live).
    DocumentType,
    /// A reference to an entity that XML does not define by itself.
    Entity {
        /// Name.
        name: String,
    },
    /// Not UTF-8.
    NotUtf8,
    /// More bytes than are read.
    TooLarge {
        /// Most bytes.
        limit: u32,
    },
    /// Elements inside each other beyond all sense.
    TooDeep {
        /// Most levels.
        limit: u32,
    },
    /// One text is too long.
    TextTooLong {
        /// Most bytes.
        limit: u32,
    },
    /// Not XML.
    NotXml {
        /// The reader's words, English.
        detail: String,
    },
    /// The file ends in the middle.
    Truncated {
        /// The innermost element that is not closed.
        element: String,
    },
    /// XML, but not FET.
    NotFet {
        /// The root element.
        root: String,
    },
    /// An element must be there.
    Missing {
        /// Its name.
        element: String,
    },
    /// Not a number where one belongs.
    NotANumber {
        /// Element.
        element: String,
        /// Its text, shortened.
        text: String,
    },
    /// A number that makes no sense.
    OutOfRange {
        /// Element.
        element: String,
        /// Its text, shortened.
        text: String,
        /// Least.
        min: u32,
        /// Most.
        max: u32,
    },
    /// A count that does not agree with what follows.
    CountDiffers {
        /// Element.
        element: String,
        /// The count told.
        told: u32,
        /// The count found.
        found: u32,
    },
    /// An empty name.
    EmptyName {
        /// Element.
        element: String,
    },
    /// A name that is already taken.
    Duplicate {
        /// Element.
        element: String,
        /// The name.
        name: String,
    },
    /// A name that is not defined.
    Unknown {
        /// Element.
        element: String,
        /// The name.
        name: String,
    },
    /// More elements than are read.
    TooMany {
        /// Element.
        element: String,
        /// Most.
        limit: u32,
    },
    /// What is said applies to more, all things before it included, than a school has.
    TooMuch {
        /// Element.
        element: String,
        /// Most entries.
        limit: u32,
    },
    /// An activity is longer than the day, or placed so that it runs past its end.
    PastDayEnd {
        /// Activity.
        activity: u32,
    },
}

impl FetReason {
    /// A stable name for texts and statistics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            FetReason::DocumentType => "document-type",
            FetReason::Entity { .. } => "entity",
            FetReason::NotUtf8 => "not-utf8",
            FetReason::TooLarge { .. } => "too-large",
            FetReason::TooDeep { .. } => "too-deep",
            FetReason::TextTooLong { .. } => "text-too-long",
            FetReason::NotXml { .. } => "not-xml",
            FetReason::Truncated { .. } => "truncated",
            FetReason::NotFet { .. } => "not-fet",
            FetReason::Missing { .. } => "missing",
            FetReason::NotANumber { .. } => "not-a-number",
            FetReason::OutOfRange { .. } => "out-of-range",
            FetReason::CountDiffers { .. } => "count-differs",
            FetReason::EmptyName { .. } => "empty-name",
            FetReason::Duplicate { .. } => "duplicate",
            FetReason::Unknown { .. } => "unknown",
            FetReason::TooMany { .. } => "too-many",
            FetReason::TooMuch { .. } => "too-much",
            FetReason::PastDayEnd { .. } => "past-day-end",
        }
    }
}

impl fmt::Display for FetReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FetReason::DocumentType => f.write_str("document type declarations are not allowed"),
            FetReason::Entity { name } => write!(f, "unknown entity &{name};"),
            FetReason::NotUtf8 => f.write_str("the text is not UTF-8"),
            FetReason::TooLarge { limit } => write!(f, "the file is larger than {limit} bytes"),
            FetReason::TooDeep { limit } => write!(f, "elements are nested more than {limit} deep"),
            FetReason::TextTooLong { limit } => write!(f, "a text is longer than {limit} bytes"),
            FetReason::NotXml { detail } => write!(f, "not well-formed XML: {detail}"),
            FetReason::Truncated { element } => write!(f, "the file ends inside <{element}>"),
            FetReason::NotFet { root } => write!(f, "the root element is <{root}>, not <fet>"),
            FetReason::Missing { element } => write!(f, "<{element}> is missing"),
            FetReason::NotANumber { element, text } => write!(f, "<{element}> is not a number: \"{text}\""),
            FetReason::OutOfRange {
                element,
                text,
                min,
                max,
            } => {
                write!(f, "<{element}> must be from {min} to {max}, not {text}")
            }
            FetReason::CountDiffers { element, told, found } => {
                write!(f, "<{element}> says {told}, but there are {found}")
            }
            FetReason::EmptyName { element } => write!(f, "<{element}> has an empty name"),
            FetReason::Duplicate { element, name } => write!(f, "<{element}> \"{name}\" is defined twice"),
            FetReason::Unknown { element, name } => write!(f, "<{element}> \"{name}\" is not defined"),
            FetReason::TooMany { element, limit } => write!(f, "more than {limit} of <{element}>"),
            FetReason::TooMuch { element, limit } => write!(
                f,
                "<{element}>, with all before it, applies to more than {limit} things"
            ),
            FetReason::PastDayEnd { activity } => {
                write!(f, "activity {activity} runs past the end of the day")
            }
        }
    }
}

impl fmt::Display for FetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for FetError {}

/// A text for showing: its first characters.
pub(crate) fn shortened(text: &str) -> String {
    let mut short: String = text.trim().chars().take(60).collect();
    if short.len() < text.trim().len() {
        short.push('…');
    }
    short
}
