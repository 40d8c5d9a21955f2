//! What a password must be: long enough and not the first thing a stranger tries. No demands on kinds of letters, no
//! forced changes; checked exactly as typed (no trimming, no folding).
//!
//! The common ones lie in `common-passwords.txt`, one a line, lower case; add to it freely.

use base::{AppError, Lang};

use crate::t;

/// In characters.
pub const MIN_CHARS: usize = 8;
/// In bytes: far above the 64 characters that everyone must be allowed, far below what would keep the hasher busy.
pub const MAX_BYTES: usize = 256;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer than [`MIN_CHARS`].
    Short,
    /// More than [`MAX_BYTES`].
    Long,
    /// On the list, or one or two letters over and over.
    Common,
    /// The login, the name, the school or the product, and hardly anything besides.
    Context,
    /// The one that is to be changed.
    Same,
}

impl Weakness {
    /// For the person.
    #[must_use]
    pub fn message(self, lang: Lang) -> &'static str {
        match self {
            Self::Short => t::password_short(lang),
            Self::Long => t::password_long(lang),
            Self::Common => t::password_common(lang),
            Self::Context => t::password_context(lang),
            Self::Same => t::password_same(lang),
        }
    }

    /// As a form's error.
    #[must_use]
    pub fn error(self, lang: Lang) -> AppError {
        AppError::invalid("new", self.message(lang))
    }
}

/// Words that are in everybody's context.
const PRODUCT: &[&str] = &[
    "parta",
    "парта",
    "gfhnf",
    "зфкеф",
    "school",
    "школа",
    "irjkf",
    "дневник",
    "lytdybr",
    "журнал",
    "password",
    "пароль",
    "gfhjkm",
];

/// May it be a password? `context`: login, names, school names of its owner.
///
/// # Errors
/// The first weakness found.
pub fn check(typed: &str, context: &[&str]) -> Result<(), Weakness> {
    if typed.len() > MAX_BYTES {
        return Err(Weakness::Long);
    }
    if typed.chars().count() < MIN_CHARS {
        return Err(Weakness::Short);
    }
    let lower = typed.to_lowercase();
    if monotonous(&lower) || common(&lower) {
        return Err(Weakness::Common);
    }
    let mut rest = lower;
    let words = context
        .iter()
        .flat_map(|c| c.split(|c: char| !c.is_alphanumeric()))
        .map(str::to_lowercase);
    for word in words
        .chain(PRODUCT.iter().map(|w| (*w).to_owned()))
        .filter(|w| w.chars().count() >= 3)
    {
        rest = rest.replace(&word, "");
    }
    // «Орлова2026!» leaves «2026!»: nothing a stranger would not try
    let left = rest.chars().filter(|c| c.is_alphanumeric()).count();
    let taken = typed.chars().filter(|c| c.is_alphanumeric()).count() - left.min(typed.chars().count());
    if taken > 0 && left < 6 {
        Err(Weakness::Context)
    } else {
        Ok(())
    }
}

fn common(lower: &str) -> bool {
    include_str!("common-passwords.txt")
        .lines()
        .any(|line| line == lower)
}

/// «аааааааа», «12121212».
fn monotonous(lower: &str) -> bool {
    let mut seen: Vec<char> = Vec::new();
    for c in lower.chars() {
        if !seen.contains(&c) {
            seen.push(c);
            if seen.len() > 2 {
                return false;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_things_a_stranger_tries_are_refused() {
        for bad in [
            "йцукенгш",
            "пароль123",
            "qwertyuiop",
            "Password1",
            "12345678",
            "аааааааа",
            "1q2w3e4r",
        ] {
            assert_eq!(check(bad, &[]), Err(Weakness::Common), "{bad}");
        }
        for bad in [
            "parta2026",
            "Парта2026!",
            "orlova.m1",
            "Мария2010",
            "школа№12!!",
            "ОрловаМария",
            "gfhjkm2026",
        ] {
            assert_eq!(
                check(bad, &["orlova.m", "Орлова", "Мария", "Школа № 12"]),
                Err(Weakness::Context),
                "{bad}"
            );
        }
    }

    #[test]
    fn length_is_all_that_is_asked_for() {
        assert_eq!(check("семь777", &[]), Err(Weakness::Short));
        assert_eq!(check("лес и ёж", &[]), Ok(()));
        assert_eq!(check("correct horse battery staple", &[]), Ok(()));
        assert_eq!(check("Орлова любит чай с лимоном", &["Орлова"]), Ok(()));
        assert_eq!(check("vfhnsirf7", &[]), Ok(()));
        assert_eq!(check(&"корова и луна ".repeat(5), &[]), Ok(()));
        assert_eq!(check(&"ab1".repeat(86), &[]), Err(Weakness::Long));
        assert_eq!(check("        ", &[]), Err(Weakness::Common));
    }

    #[test]
    fn the_list_is_as_it_should_be() {
        let lines: Vec<_> = include_str!("common-passwords.txt").lines().collect();
        assert!(lines.len() >= 300);
        for line in &lines {
            assert_eq!(*line, line.to_lowercase().trim(), "{line}");
            assert!(
                line.chars().count() >= MIN_CHARS,
                "{line} is refused for its length anyway"
            );
        }
    }

    proptest! {
        #[test]
        fn sixty_four_random_letters_are_always_welcome(s in "[a-zа-я0-9]{64}") {
            prop_assert_eq!(check(&s, &["orlova"]), Ok(()));
        }

        #[test]
        fn anything_may_be_typed(s in ".{0,300}", word in ".{0,20}") {
            let _ = check(&s, &[&word]);
        }
    }
}
