//! The language of what is told. Sentences about a problem carry theirs ([`Words`](super::conflicts::Words)); whatever else is said, a
//! refusal above all, is said in the one that the command line chose.

use std::sync::OnceLock;

/// The language of the sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// English
    #[default]
    En,
    /// Russian
    Ru,
}

/// What the command line says; nothing else ever sets it.
static CHOSEN: OnceLock<Language> = OnceLock::new();

/// Chooses the language of this run; the first choice holds.
pub fn choose(language: Language) {
    CHOSEN.get_or_init(|| language);
}

/// The language of this run.
pub fn chosen() -> Language {
    CHOSEN.get().copied().unwrap_or_default()
}

/// The Russian form that goes with a number: of 1 (21, 31), of 2 to 4, of 5 and more.
pub fn form(number: u64, [one, few, many]: [&str; 3]) -> &str {
    match (number % 10, number % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    }
}

/// «Нужно 22 урока».
pub fn needed_lessons(needed: u32) -> String {
    let verb = form(needed.into(), ["нужен", "нужно", "нужно"]);
    let lessons = form(needed.into(), ["урок", "урока", "уроков"]);
    format!("{verb} {needed} {lessons}")
}

/// «Не обойтись 1 окном».
pub fn needed_windows(allowed: u32) -> String {
    let word = form(allowed.into(), ["окном", "окнами", "окнами"]);
    match allowed {
        0 => "совсем без окон не обойтись".to_owned(),
        _ => format!("не обойтись {allowed} {word}, окон будет больше"),
    }
}

/// Of two texts the one in the language of this run.
pub fn told<T>(english: T, russian: T) -> T {
    match chosen() {
        Language::En => english,
        Language::Ru => russian,
    }
}

#[cfg(test)]
mod tests {
    use super::{form, needed_lessons, needed_windows};

    #[test]
    fn russian_words_go_with_their_number() {
        let word = |n| form(n, ["урок", "урока", "уроков"]);
        for n in [1, 21, 101, 1001] {
            assert_eq!(word(n), "урок", "{n}");
        }
        for n in [2, 3, 4, 22, 104] {
            assert_eq!(word(n), "урока", "{n}");
        }
        for n in [0, 5, 10, 11, 12, 14, 20, 111, 112] {
            assert_eq!(word(n), "уроков", "{n}");
        }
        let said = [1, 11, 22, 25, 31].map(needed_lessons);
        let wanted = [
            "нужен 1 урок",
            "нужно 11 уроков",
            "нужно 22 урока",
            "нужно 25 уроков",
            "нужен 31 урок",
        ];
        assert_eq!(said, wanted);
        let said = [0, 1, 2, 11].map(needed_windows);
        let wanted = [
            "совсем без окон не обойтись",
            "не обойтись 1 окном, окон будет больше",
            "не обойтись 2 окнами, окон будет больше",
            "не обойтись 11 окнами, окон будет больше",
        ];
        assert_eq!(said, wanted);
    }
}
