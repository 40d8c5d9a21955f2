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

/// Of two texts the one in the language of this run.
pub fn told<T>(english: T, russian: T) -> T {
    match chosen() {
        Language::En => english,
        Language::Ru => russian,
    }
}
