//! What a room is for: its kind, its seats, and how many lessons are held in it at once.

use base::Lang;
use serde::{Deserialize, Serialize};

use crate::requirement::words;
use crate::t;

/// Seats that a room may have.
pub const SEATS: std::ops::RangeInclusive<i32> = 1..=100_000;

/// Lessons that a room may take at once.
pub const AT_ONCE: std::ops::RangeInclusive<i16> = 1..=8;

/// The longest name of a kind.
const KIND: usize = 40;

/// The kinds that have words in every language; a school may have others, in its own words.
pub const KINDS: [&str; 7] = [
    "ordinary", "gym", "lab", "workshop", "computer", "library", "hall",
];

/// What a room is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomUse {
    /// One of [`KINDS`], or the school's own word: equal to what a requirement asks for.
    pub kind: String,
    /// Seats, where they are counted.
    pub seats: Option<i32>,
    /// Lessons at once: a large gym takes two classes.
    pub shared_by: i16,
}

impl Default for RoomUse {
    fn default() -> Self {
        Self {
            kind: "ordinary".to_owned(),
            seats: None,
            shared_by: 1,
        }
    }
}

impl RoomUse {
    /// As it is kept: a kind that has words by its key, whatever the language in which it was written; no kind is an ordinary room.
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.kind = kind_of(&self.kind);
        self
    }

    /// What is wrong with it: the field and a sentence.
    #[must_use]
    pub fn fault(&self, lang: Lang) -> Option<(&'static str, String)> {
        if self.kind.chars().count() > KIND || self.kind.chars().any(char::is_control) {
            return Some(("kind", t::building_wrong_kind(lang, KIND)));
        }
        if self.seats.is_some_and(|n| !SEATS.contains(&n)) {
            return Some((
                "seats",
                t::building_wrong_seats(lang, *SEATS.start(), *SEATS.end()),
            ));
        }
        (!AT_ONCE.contains(&self.shared_by)).then(|| {
            let words = t::building_wrong_at_once(lang, *AT_ONCE.start(), *AT_ONCE.end());
            ("shared_by", words)
        })
    }
}

/// The key of a kind that was typed, or the word itself.
#[must_use]
pub fn kind_of(typed: &str) -> String {
    let typed = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if typed.is_empty() {
        return "ordinary".to_owned();
    }
    let low = typed.to_lowercase();
    let same = |key: &&str| {
        let said = |lang| words::room_kind(lang, key).to_lowercase() == low;
        **key == low || said(Lang::Ru) || said(Lang::En)
    };
    KINDS.into_iter().find(same).map_or(typed, str::to_owned)
}

/// The kind that a room's name tells, if it tells one.
#[must_use]
pub fn guess(name: &str) -> Option<&'static str> {
    /// Beginnings of words; a whole word where it ends in a space.
    const WORDS: &[(&str, &str)] = &[
        ("спортзал", "gym"),
        ("спортивн", "gym"),
        ("физкультур", "gym"),
        ("гимнастическ", "gym"),
        ("gym", "gym"),
        ("sport", "gym"),
        ("мастерск", "workshop"),
        ("workshop", "workshop"),
        ("информатик", "computer"),
        ("компьютер", "computer"),
        ("икт ", "computer"),
        ("computer", "computer"),
        ("ict ", "computer"),
        ("лаборатор", "lab"),
        ("laborator", "lab"),
        ("lab ", "lab"),
        ("библиотек", "library"),
        ("читальн", "library"),
        ("library", "library"),
        ("актов", "hall"),
        ("assembly", "hall"),
    ];
    let name = name.to_lowercase();
    // «с/з», «спорт. зал», «сп. зал»: abbreviations that are no words of their own
    let squeezed: String = name.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    if ["с/з", "спортзал", "спзал"]
        .iter()
        .any(|short| squeezed.starts_with(short))
    {
        return Some("gym");
    }
    let words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty());
    let of_word = |word: &str| {
        WORDS.iter().find_map(|(start, kind)| {
            let told = match start.strip_suffix(' ') {
                Some(whole) => word == whole,
                None => word.starts_with(start),
            };
            told.then_some(*kind)
        })
    };
    let mut kinds: Vec<&'static str> = words.filter_map(of_word).collect();
    kinds.dedup();
    // «мастерская и лаборатория» tells neither
    match kinds.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_kinds() {
        for (name, kind) in [
            ("Спортзал", Some("gym")),
            ("Большой спортивный зал", Some("gym")),
            ("спорт. зал 2", Some("gym")),
            ("Сп.зал", Some("gym")),
            ("С/З", Some("gym")),
            ("Gymnasium", Some("gym")),
            ("Мастерская (мальчики)", Some("workshop")),
            ("Столярная мастерская", Some("workshop")),
            ("Каб. информатики 31", Some("computer")),
            ("Компьютерный класс", Some("computer")),
            ("ИКТ-1", Some("computer")),
            ("Лаборатория химии", Some("lab")),
            ("Lab 3", Some("lab")),
            ("Актовый зал", Some("hall")),
            ("Библиотека", Some("library")),
            // a number, a subject that has no kind, a word that only begins alike, two kinds at once
            ("204", None),
            ("Кабинет химии", None),
            ("Labour room", None),
            ("Активити", None),
            ("Мастерская-лаборатория", None),
        ] {
            assert_eq!(guess(name), kind, "{name}");
        }
    }

    #[test]
    fn a_typed_word_is_the_kind_that_it_means() {
        assert_eq!(kind_of(" Спортзал "), "gym");
        assert_eq!(kind_of("GYM"), "gym");
        assert_eq!(kind_of("актовый   зал"), "hall");
        assert_eq!(kind_of("Кабинет  химии"), "Кабинет химии");
        assert_eq!(kind_of("  "), "ordinary");
        for lang in [Lang::Ru, Lang::En] {
            for kind in KINDS {
                assert_eq!(kind_of(&words::room_kind(lang, kind)), kind);
            }
        }
    }

    #[test]
    fn figures_out_of_bounds_are_refused() {
        let fault = |kind: &str, seats, shared_by| {
            let of = RoomUse {
                kind: kind.into(),
                seats,
                shared_by,
            };
            of.settled().fault(Lang::Ru).map(|f| f.0)
        };
        assert_eq!(fault("gym", Some(60), 2), None);
        assert_eq!(fault("", None, 1), None);
        assert_eq!(fault(&"ы".repeat(41), None, 1), Some("kind"));
        assert_eq!(fault("gym", Some(0), 1), Some("seats"));
        assert_eq!(fault("gym", None, 0), Some("shared_by"));
        assert_eq!(fault("gym", None, 9), Some("shared_by"));
    }
}
