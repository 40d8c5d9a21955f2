//! A letter of attendance, as a school writes it: what is typed, how it is read, and which of the five meanings it counts as.

use base::Lang;
use serde::{Deserialize, Serialize};

use crate::attendance::Reason;
use crate::t;

/// The most letters of a school.
pub const LETTERS: usize = 20;

/// What a letter is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterTerms {
    /// One small Russian letter that has a key of its own: so it is typed in either layout, and commits at once.
    pub code: String,
    /// «на олимпиаде»; one to eighty characters.
    pub title: String,
    /// What every figure counts it as.
    pub reason: Reason,
}

/// A letter of the school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterLine {
    /// What it is.
    pub terms: LetterTerms,
    /// It stands somewhere: it may be called otherwise, no more.
    pub used: bool,
}

impl LetterTerms {
    /// Without space around, the letter small.
    #[must_use]
    pub fn tidy(self) -> Self {
        Self {
            code: self.code.trim().to_lowercase(),
            title: self.title.trim().to_owned(),
            ..self
        }
    }

    /// The field that is wrong, and why.
    #[must_use]
    pub fn fault(&self, lang: Lang) -> Option<(&'static str, &'static str)> {
        let mut letters = self.code.chars();
        // «ё» has no key in the Latin layout
        let one = letters.next().is_some_and(|c| ('а'..='я').contains(&c)) && letters.next().is_none();
        if !one {
            return Some(("code", t::scale_wrong_letter(lang)));
        }
        let title = self.title.chars();
        if !(1..=80).contains(&title.clone().count()) || title.clone().any(char::is_control) {
            return Some(("title", t::scale_wrong_title(lang)));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(code: &str, title: &str) -> Option<&'static str> {
        let terms = LetterTerms {
            code: code.to_owned(),
            title: title.to_owned(),
            reason: Reason::Excused,
        };
        terms.tidy().fault(Lang::Ru).map(|f| f.0)
    }

    #[test]
    fn a_letter_is_one_russian_letter_with_a_name() {
        assert_eq!(
            (fault("с", "на соревнованиях"), fault(" С ", " x ")),
            (None, None)
        );
        for wrong in ["", "сс", "c", "5", ".", "ё", "/"] {
            assert_eq!(fault(wrong, "x"), Some("code"), "{wrong}");
        }
        assert_eq!(fault("с", " "), Some("title"));
        assert_eq!(fault("с", &"я".repeat(81)), Some("title"));
        assert_eq!(fault("с", "две\nстроки"), Some("title"));
    }
}
