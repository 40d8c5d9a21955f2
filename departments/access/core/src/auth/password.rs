//! What a password must be: long enough and not the first thing a stranger tries. No demands on kinds of letters, no
//! forced changes; checked exactly as typed (no trimming, no folding). Server side only: the lists are large.
//!
//! Who tries first has lists. `zxcvbn` knows 30,000 common passwords (ASVS 6.2.4 asks for 3,000), English words, names,
//! dates, rows of keys and what people make of them; what Russians choose it does not know: that lies in
//! `common-passwords.txt`, one a line, lower case; add to it freely. Everything is asked of the password as it was typed
//! and as the other keyboard layout would have typed it («зфыыцщкв» is «password», `gfhjkm` is «пароль»).

use base::{AppError, Lang};
use zxcvbn::{Score, zxcvbn};

use crate::t;

/// In characters.
pub const MIN_CHARS: usize = 8;
/// In bytes: far above the 64 characters that everyone must be allowed, far below what would keep the hasher busy.
pub const MAX_BYTES: usize = 256;

/// So many characters are judged for what can be guessed. More make a password no weaker, and judging takes longer the
/// longer it is.
const JUDGED: usize = 32;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer than [`MIN_CHARS`].
    Short,
    /// More than [`MAX_BYTES`].
    Long,
    /// On the list, or one or two letters over and over.
    Common,
    /// A machine guesses it in less than a million attempts: a word and a year, a date, a row of keys.
    Guessable,
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
            Self::Guessable => t::password_guessable(lang),
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
    // as typed, and as the other layouts would have typed it
    let latin = slip(&lower, CYRILLIC, LATIN);
    let forms = [slip(&lower, LATIN, CYRILLIC), latin.clone(), lower.clone()];
    if forms.iter().any(|form| monotonous(form) || common(form)) {
        return Err(Weakness::Common);
    }
    let words: Vec<String> = context
        .iter()
        .flat_map(|c| c.split(|c: char| !c.is_alphanumeric()))
        .map(str::to_lowercase)
        .chain(PRODUCT.iter().map(|w| (*w).to_owned()))
        .filter(|w| w.chars().count() >= 3)
        .collect();
    if forms.iter().any(|form| only_context(form, &words)) {
        return Err(Weakness::Context);
    }
    let known: Vec<&str> = words.iter().map(String::as_str).collect();
    // `zxcvbn` knows no Cyrillic words: the third form would tell it nothing
    if guessable(&lower, &known) || (latin != lower && guessable(&latin, &known)) {
        return Err(Weakness::Guessable);
    }
    Ok(())
}

/// The same keys on two keyboards.
const LATIN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const CYRILLIC: &str = "йцукенгшщзхъфывапролджэячсмитьбюё";

/// What the keys of one layout would have written in the other.
fn slip(typed: &str, from: &str, to: &str) -> String {
    let key = |c: char| {
        from.chars()
            .position(|f| f == c)
            .and_then(|at| to.chars().nth(at))
    };
    typed.chars().map(|c| key(c).unwrap_or(c)).collect()
}

/// «Орлова2026!» leaves «2026!»: nothing a stranger would not try.
fn only_context(form: &str, words: &[String]) -> bool {
    let mut rest = form.to_owned();
    for word in words {
        rest = rest.replace(word.as_str(), "");
    }
    let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let (all, left) = (count(form), count(&rest));
    left < all && left < 6
}

fn guessable(form: &str, context: &[&str]) -> bool {
    let judged: String = form.chars().take(JUDGED).collect();
    zxcvbn(&judged, context).score() < Score::Two
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
        ] {
            assert_eq!(
                check(bad, &["orlova.m", "Орлова", "Мария", "Школа № 12"]),
                Err(Weakness::Context),
                "{bad}"
            );
        }
    }

    #[test]
    fn so_is_what_a_machine_guesses_at_once() {
        for bad in [
            "Football1987",
            "sunshine2",
            "Dr@gon2015",
            "12.05.1985",
            "zxcvfdsa",
            "trustno1!",
            "monkeymonkey",
            // the same in the other layout
            "ащщеифдд1987",
            // «мартышка», as many have slipped
            "vfhnsirf7",
        ] {
            assert_eq!(check(bad, &[]), Err(Weakness::Guessable), "{bad}");
        }
        // leet of a name is still the name
        assert_eq!(check("0rl0va1!", &["orlova.m"]), Err(Weakness::Guessable));
        assert_eq!(check("0rl0va1!", &[]), Ok(()));
    }

    #[test]
    fn a_slip_of_the_layout_hides_nothing() {
        for bad in ["зфыыцщкв", "gfhjkm123", "cjkysirj", "gfhjkmgfhjkm", "gfhjkm2026"] {
            assert_eq!(check(bad, &[]), Err(Weakness::Common), "{bad}");
        }
        assert_eq!(check("Jhkjdf2026", &["Орлова"]), Err(Weakness::Context));
        assert_eq!(slip("[jhjitt ltkj", LATIN, CYRILLIC), "хорошее дело");
        assert_eq!(LATIN.chars().count(), CYRILLIC.chars().count());
    }

    /// ASVS 6.2.4: whatever of the three thousand most common passwords is long enough is refused. The list is not shipped a
    /// second time: `zxcvbn` gives a password of its list no more guesses than its rank, and the bar is far above.
    #[test]
    fn a_common_password_is_guessed_by_its_rank() {
        for common in [
            "password",
            "12345678",
            "baseball",
            "football",
            "jennifer",
            "superman",
            "computer",
            "michelle",
            "princess",
            "starwars",
            "whatever",
            "iloveyou",
            "changeme",
            "mercedes",
            "corvette",
            "sunshine",
            "internet",
            "dolphins",
            "chocolate",
            "liverpool",
            "butterfly",
            "Elizabeth",
            "CHARLOTTE",
        ] {
            assert!(check(common, &[]).is_err(), "{common}");
        }
    }

    #[test]
    fn length_is_all_that_is_asked_for() {
        assert_eq!(check("семь777", &[]), Err(Weakness::Short));
        assert_eq!(check("лес и ёж", &[]), Ok(()));
        assert_eq!(check("correct horse battery staple", &[]), Ok(()));
        assert_eq!(check("Орлова любит чай с лимоном", &["Орлова"]), Ok(()));
        assert_eq!(check("рельс7под", &[]), Ok(()));
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
