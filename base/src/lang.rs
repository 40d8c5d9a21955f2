//! The languages of the interface.

use serde::{Deserialize, Serialize};

/// The language a person reads. Russian first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Русский.
    #[default]
    Ru,
    /// English.
    En,
}

impl Lang {
    /// The two-letter code, as in `<html lang>` and in the cookie `lang`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// Reads a code; `None` for a language we do not speak.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "ru" => Some(Self::Ru),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that we speak; Russian if none. A header that names only
    /// languages we do not speak gets Russian too: the schools are Russian.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|part| part.trim().split(['-', ';']).next())
            .find_map(Self::from_code)
            .unwrap_or_default()
    }

    /// A number with two decimals at most, as this language writes it: «4,5» or “4.5”.
    #[must_use]
    pub fn decimal(self, text: &str) -> String {
        match self {
            Self::Ru => text.replace('.', ","),
            Self::En => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_is_read_in_order() {
        assert_eq!(Lang::from_accept_language("en-GB,en;q=0.8,ru;q=0.5"), Lang::En);
        assert_eq!(Lang::from_accept_language("de, ru;q=0.5, en"), Lang::Ru);
        assert_eq!(Lang::from_accept_language(""), Lang::Ru);
        assert_eq!(Lang::from_accept_language(";;,,"), Lang::Ru);
    }
}
