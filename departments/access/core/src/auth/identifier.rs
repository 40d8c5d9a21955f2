//! A login or a phone number, in any usual writing.

/// What was typed into «Логин или телефон».
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// Trimmed and lower-cased, as logins are stored.
    pub login: String,
    /// Digits with the country code, when it reads like a phone number.
    pub phone: Option<String>,
}

impl Identifier {
    /// Reads it. `None` when nothing of the kind can be meant (empty or absurdly long).
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let trimmed = typed.trim();
        let length = trimmed.chars().count();
        if length == 0 || length > 100 || trimmed.contains('\0') {
            return None;
        }
        Some(Self {
            login: trimmed.to_lowercase(),
            phone: phone(trimmed),
        })
    }

    /// One text for counting attempts: the phone in its one writing, else the login.
    #[must_use]
    pub fn key(&self) -> &str {
        self.phone.as_deref().unwrap_or(&self.login)
    }
}

/// «+7 (916) 123-45-67», «8 916 123 45 67», «9161234567» → «79161234567»; other countries with «+» or «00».
#[must_use]
pub fn phone(typed: &str) -> Option<String> {
    let mut digits = String::new();
    let mut plus = false;
    for c in typed.trim().chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() && !plus => plus = true,
            '(' | ')' | '-' | '‐' | '‑' | '–' | '—' | '−' | '.' | '/' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    let national = match (plus, digits.len()) {
        (true, 10..=15) => return Some(digits),
        (false, 12..=17) if digits.starts_with("00") => return digits.get(2..).map(str::to_owned),
        (false, 11) if digits.starts_with('8') => digits.get(1..)?.to_owned(),
        (false, 11) if digits.starts_with('7') => return Some(digits),
        (false, 10) => digits,
        _ => return None,
    };
    Some(format!("7{national}"))
}

/// What was typed is no telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no telephone number")]
pub struct NoPhone;

/// The number that somebody wants to sign in with: digits with the country code; `None` when the field was emptied.
///
/// # Errors
/// [`NoPhone`].
pub fn wished_phone(typed: &str) -> Result<Option<String>, NoPhone> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    phone(typed).map(Some).ok_or(NoPhone)
}

/// A stored number as one writes it: «+7 916 123-45-67»; of other countries, whose habits we do not know, «+375291234567».
/// [`phone`] reads it back.
#[must_use]
pub fn phone_in_words(digits: &str) -> String {
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    if digits.len() == 11 && digits.starts_with('7') {
        let (area, number) = (part(1, 4), part(4, 7));
        format!("+7 {area} {number}-{}-{}", part(7, 9), part(9, 11))
    } else {
        format!("+{digits}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_usual_writing_of_a_number_is_one_number() {
        for typed in [
            "+7 (916) 123-45-67",
            "89161234567",
            "8 916 123 45 67",
            "8-916-123-45-67",
            "79161234567",
            "9161234567",
            " +79161234567 ",
            "+7\u{a0}916\u{a0}123–45–67",
            "007 916 123 45 67",
            "8(916)1234567",
            "+7.916.123.45.67",
        ] {
            assert_eq!(phone(typed).as_deref(), Some("79161234567"), "{typed}");
        }
        assert_eq!(phone("+375 29 123-45-67").as_deref(), Some("375291234567"));
        assert_eq!(phone("00375291234567").as_deref(), Some("375291234567"));
    }

    #[test]
    fn a_login_is_no_phone() {
        for typed in [
            "orlova.m",
            "12345",
            "8916123456a",
            "7+9161234567",
            "ivan-2010",
            "",
            "123456789012345678",
        ] {
            assert_eq!(phone(typed), None, "{typed}");
        }
        assert_eq!(Identifier::parse("  Орлова.М ").unwrap().login, "орлова.м");
        assert_eq!(Identifier::parse(" "), None);
        assert_eq!(Identifier::parse(&"я".repeat(101)), None);
        assert_eq!(Identifier::parse("a\0b"), None);
    }

    #[test]
    fn an_emptied_field_takes_the_number_away_and_nonsense_does_not() {
        assert_eq!(wished_phone(" \u{a0} "), Ok(None));
        assert_eq!(wished_phone("8 916 123-45-67"), Ok(Some("79161234567".into())));
        for typed in [
            "123",
            "orlova.ms",
            "8 916 123-45-6x",
            "+",
            "9".repeat(1000).as_str(),
        ] {
            assert_eq!(wished_phone(typed), Err(NoPhone), "{typed}");
        }
        assert_eq!(phone_in_words("79161234567"), "+7 916 123-45-67");
        assert_eq!(phone_in_words("375291234567"), "+375291234567");
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(digits in "[0-9]{10,15}") {
            prop_assert_eq!(phone(&phone_in_words(&digits)), Some(digits));
        }

        #[test]
        fn anything_may_be_typed(s in ".{0,120}") {
            if let Some(id) = Identifier::parse(&s) {
                prop_assert!(!id.login.is_empty());
                if let Some(p) = id.phone {
                    prop_assert!((10..=15).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()));
                }
            }
        }

        #[test]
        fn separators_change_nothing(n in "[0-9]{10}", seps in proptest::collection::vec(" |-|\\(|\\)", 12)) {
            let spaced: String = format!("8{n}").chars().zip(&seps).map(|(c, s)| format!("{c}{s}")).collect();
            prop_assert_eq!(phone(&spaced), Some(format!("7{n}")));
        }
    }
}
