//! What a letter of attendance means, and from which paper a reason is set.

use base::Lang;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::t;

/// What a code of attendance means, whatever letter the school types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Absent, the reason is not known yet: open.
    Unknown,
    /// Ill.
    Ill,
    /// Absent for a good reason.
    Excused,
    /// Absent without one.
    Unexcused,
    /// There, but late: no absence.
    Late,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Unknown,
        Self::Ill,
        Self::Excused,
        Self::Unexcused,
        Self::Late,
    ];

    /// Its key in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Ill => "ill",
            Self::Excused => "excused",
            Self::Unexcused => "unexcused",
            Self::Late => "late",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.key() == key)
    }

    /// The lesson was missed.
    #[must_use]
    pub fn is_absent(self) -> bool {
        self != Self::Late
    }

    /// For a person: «по болезни».
    #[must_use]
    pub fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Unknown => t::attendance_unknown(lang),
            Self::Ill => t::attendance_ill(lang),
            Self::Excused => t::attendance_excused(lang),
            Self::Unexcused => t::attendance_unexcused(lang),
            Self::Late => t::attendance_late(lang),
        }
    }
}

/// What the letters of attendance are called where a school has not called them otherwise, with what they mean.
const USUAL: [(&str, Reason); 5] = [
    ("не был, причина неизвестна", Reason::Unknown),
    ("болел", Reason::Ill),
    ("уважительная причина", Reason::Excused),
    ("без уважительной причины", Reason::Unexcused),
    ("опоздал", Reason::Late),
];

/// The name of a letter of attendance for a reader of a language. Schools name their letters in Russian; who reads another language is told the
/// meaning of the usual names. A name that a school gave itself stays as it is: nobody can translate it.
#[must_use]
pub fn in_words(title: &str, lang: Lang) -> String {
    let usual = USUAL.into_iter().find(|(usual, _)| *usual == title);
    match (lang, usual) {
        (Lang::Ru, _) | (_, None) => title.to_owned(),
        (_, Some((_, reason))) => reason.title(lang).to_owned(),
    }
}

/// A kind of paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// Справка медицинской организации.
    Certificate,
    /// Заявление родителей.
    Statement,
    /// Приказ.
    Order,
    /// Докладная, объяснительная.
    Memo,
    /// Another one.
    Other,
    /// No paper at all.
    None,
}

impl Document {
    /// All of them, as they are offered.
    pub const ALL: [Self; 6] = [
        Self::Certificate,
        Self::Statement,
        Self::Order,
        Self::Memo,
        Self::Other,
        Self::None,
    ];

    /// Its key in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Statement => "statement",
            Self::Order => "order",
            Self::Memo => "memo",
            Self::Other => "other",
            Self::None => "none",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.key() == key)
    }

    /// For a person.
    #[must_use]
    pub fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Certificate => t::attendance_certificate(lang),
            Self::Statement => t::attendance_statement(lang),
            Self::Order => t::attendance_order(lang),
            Self::Memo => t::attendance_memo(lang),
            Self::Other => t::attendance_other(lang),
            Self::None => t::attendance_no_paper(lang),
        }
    }
}

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Its kind.
    pub kind: Document,
    /// Its number; "" for none.
    #[serde(default)]
    pub number: String,
    /// Its date.
    #[serde(default)]
    pub on: Option<NaiveDate>,
}

/// The longest number of a paper, in characters.
pub const NUMBER: usize = 60;

/// What is wrong with a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperWrong {
    /// The number is too long, or no text.
    Number,
    /// It is dated in the future.
    Date,
    /// «No paper» has a number or a date.
    Nothing,
}

impl Paper {
    /// The paper with its number trimmed, if it can be one on this day.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn checked(mut self, today: NaiveDate) -> Result<Self, PaperWrong> {
        self.number = self.number.trim().to_owned();
        if self.number.chars().count() > NUMBER || self.number.contains('\0') {
            Err(PaperWrong::Number)
        } else if self.on.is_some_and(|on| on > today) {
            Err(PaperWrong::Date)
        } else if self.kind == Document::None && (self.on.is_some() || !self.number.is_empty()) {
            Err(PaperWrong::Nothing)
        } else {
            Ok(self)
        }
    }

    /// The number, if there is one.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        (!self.number.is_empty()).then_some(self.number.as_str())
    }

    /// «справка № 12».
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        match self.number() {
            Some(number) => t::attendance_numbered(lang, self.kind.title(lang), number),
            None => self.kind.title(lang).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_key(reason.key()), Some(reason));
        }
        for document in Document::ALL {
            assert_eq!(Document::from_key(document.key()), Some(document));
        }
        assert_eq!(Reason::from_key("truant"), None);
        assert_eq!(Reason::ALL.into_iter().filter(|r| !r.is_absent()).count(), 1);
    }

    #[test]
    fn usual_letters_are_told_in_the_readers_language() {
        // what a school opens with is what is known here
        for (_, title, absent) in study_core::opening::ATTENDANCE {
            let usual = USUAL.iter().find(|(usual, _)| usual == title);
            assert_eq!(
                usual.map(|(_, reason)| reason.is_absent()),
                Some(*absent),
                "{title}"
            );
            assert_eq!(in_words(title, Lang::Ru), *title);
            let words = in_words(title, Lang::En);
            assert!(words.is_ascii() && !words.is_empty(), "{words}");
        }
        assert_eq!(in_words("болел", Lang::En), "ill");
        for lang in [Lang::Ru, Lang::En] {
            assert_eq!(in_words("соревнования", lang), "соревнования");
        }
    }

    #[test]
    fn a_paper_is_no_paper_of_tomorrow() {
        let today: NaiveDate = "2026-11-18".parse().unwrap();
        let paper = |kind, number: &str, on: Option<&str>| {
            Paper {
                kind,
                number: number.to_owned(),
                on: on.map(|d| d.parse().unwrap()),
            }
            .checked(today)
        };
        let good = paper(Document::Certificate, "  12-а ", Some("2026-11-18")).unwrap();
        assert_eq!(good.number(), Some("12-а"));
        assert_eq!(
            paper(Document::Order, "1", Some("2026-11-19")),
            Err(PaperWrong::Date)
        );
        assert_eq!(
            paper(Document::Order, &"9".repeat(61), None),
            Err(PaperWrong::Number)
        );
        assert_eq!(paper(Document::None, "1", None), Err(PaperWrong::Nothing));
        assert!(paper(Document::None, " ", None).is_ok());
    }
}
