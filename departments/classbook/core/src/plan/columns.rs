//! What stands in which column of a plan's file, by its head: the usual words, or what this person took it for last time.

use std::collections::BTreeMap;

use base::Lang;
use serde::{Deserialize, Serialize};

use crate::t;

/// What a column is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// Is not imported.
    Skip,
    /// Раздел.
    Section,
    /// Тема.
    Topic,
    /// Часов.
    Hours,
    /// Домашнее задание.
    Homework,
    /// Minutes of it.
    Minutes,
    /// Вид работы.
    Work,
}

impl Column {
    /// All of them, in the order of a list to choose from.
    pub const ALL: [Self; 7] = [
        Self::Skip,
        Self::Topic,
        Self::Section,
        Self::Hours,
        Self::Homework,
        Self::Minutes,
        Self::Work,
    ];

    /// The key in the database and on the wire.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Section => "section",
            Self::Topic => "topic",
            Self::Hours => "hours",
            Self::Homework => "homework",
            Self::Minutes => "minutes",
            Self::Work => "work",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.key() == key)
    }

    /// For a person.
    #[must_use]
    pub fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Skip => t::plan_column_skip(lang),
            Self::Section => t::plan_column_section(lang),
            Self::Topic => t::plan_column_topic(lang),
            Self::Hours => t::plan_column_hours(lang),
            Self::Homework => t::plan_column_homework(lang),
            Self::Minutes => t::plan_column_minutes(lang),
            Self::Work => t::plan_column_work(lang),
        }
    }
}

/// Most letters of a head that are compared.
const HEAD: usize = 200;

/// A head as it is compared: small letters, single spaces.
#[must_use]
pub fn head_key(head: &str) -> String {
    let words: Vec<&str> = head
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect();
    words.join(" ").to_lowercase().chars().take(HEAD).collect()
}

/// What the heads say. `remembered`: what this person took heads for, by [`head_key`]. No column is recognised twice.
#[must_use]
pub fn recognise(heads: &[String], remembered: &BTreeMap<String, Column>) -> Vec<Column> {
    let keys: Vec<String> = heads.iter().map(|h| head_key(h)).collect();
    let mut columns: Vec<Column> = Vec::with_capacity(keys.len());
    // a word of a person goes before any guess, wherever it stands
    let told: Vec<Option<Column>> = keys.iter().map(|k| remembered.get(k).copied()).collect();
    for (key, told_here) in keys.iter().zip(&told) {
        let column = told_here.unwrap_or_else(|| {
            let guess = guess(key);
            if told.contains(&Some(guess)) {
                Column::Skip
            } else {
                guess
            }
        });
        let free = column == Column::Skip || !columns.contains(&column);
        columns.push(if free { column } else { Column::Skip });
    }
    columns
}

/// How many heads are recognised.
#[must_use]
pub fn recognised(heads: &[String]) -> usize {
    let columns = recognise(heads, &BTreeMap::new());
    columns.iter().filter(|c| **c != Column::Skip).count()
}

/// The first column that stands twice.
#[must_use]
pub fn doubled(columns: &[Column]) -> Option<Column> {
    columns.iter().enumerate().find_map(|(n, c)| {
        let twice = *c != Column::Skip && columns.iter().take(n).any(|other| other == c);
        twice.then_some(*c)
    })
}

fn guess(key: &str) -> Column {
    let words: Vec<&str> = key
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let begins = |stems: &[&str]| words.iter().any(|w| stems.iter().any(|s| w.starts_with(s)));
    let is = |whole: &[&str]| words.iter().any(|w| whole.contains(w));
    // a head of a column is a few words; a sentence is a title above the table
    if words.is_empty() || words.len() > 12 {
        Column::Skip
    } else if begins(&["минут"]) || is(&["мин", "minutes"]) {
        Column::Minutes
    } else if begins(&["домашн", "homework"]) || is(&["дз"]) || key.contains("д/з") {
        Column::Homework
    } else if begins(&["вид", "тип", "форма", "kind", "type"])
        && begins(&["работ", "контрол", "урок", "занят", "деятельн", "work", "lesson"])
    {
        Column::Work
    } else if begins(&["тем", "содержан", "topic", "subject", "title"]) && !begins(&["количест", "кол"])
    {
        Column::Topic
    } else if begins(&["раздел", "глава", "модул", "блок", "section", "unit", "chapter"])
    {
        Column::Section
    } else if begins(&["час", "количест", "hours", "lessons"]) || is(&["кол", "ч"]) {
        Column::Hours
    } else {
        Column::Skip
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(heads: &[&str]) -> Vec<Column> {
        let heads: Vec<String> = heads.iter().map(|h| (*h).to_owned()).collect();
        recognise(&heads, &BTreeMap::new())
    }

    #[test]
    fn usual_heads_are_understood() {
        use Column::{Homework, Hours, Minutes, Section, Skip, Topic, Work};
        assert_eq!(
            of(&[
                "№ п/п",
                "Тема урока",
                "Кол-во часов",
                "Дата по плану",
                "Дата по факту",
                "Домашнее задание"
            ]),
            [Skip, Topic, Hours, Skip, Skip, Homework]
        );
        assert_eq!(
            of(&["Раздел", "Содержание", "Часы", "Вид работы", "Д/з", "Минут"]),
            [Section, Topic, Hours, Work, Homework, Minutes]
        );
        assert_eq!(
            of(&["Тема", "Количество часов на тему", "Тема"]),
            [Topic, Hours, Skip],
            "no column twice"
        );
        assert_eq!(of(&["Topic", "Hours", "Homework"]), [Topic, Hours, Homework]);
        assert_eq!(of(&["", "  ", "Примечание"]), [Skip, Skip, Skip]);
    }

    #[test]
    fn what_a_person_said_goes_before_a_guess() {
        let remembered = BTreeMap::from([
            ("что проходим".to_owned(), Column::Topic),
            ("тема".to_owned(), Column::Section),
        ]);
        let heads = [
            "Тема".to_owned(),
            "Что  проходим".to_owned(),
            "Содержание".to_owned(),
        ];
        assert_eq!(
            recognise(&heads, &remembered),
            [Column::Section, Column::Topic, Column::Skip]
        );
    }

    #[test]
    fn keys_read_back() {
        assert!(
            Column::ALL
                .into_iter()
                .all(|c| Column::from_key(c.key()) == Some(c))
        );
        assert_eq!(Column::from_key("x"), None);
        assert_eq!(doubled(&[Column::Skip, Column::Skip]), None);
        assert_eq!(
            doubled(&[Column::Topic, Column::Skip, Column::Topic]),
            Some(Column::Topic)
        );
    }

    proptest! {
        #[test]
        fn no_column_is_taken_twice(heads in proptest::collection::vec("[а-я /]{0,12}|Тема|Часы|Раздел|Д/з", 0..9), told in 0usize..7) {
            let remembered = heads.first().map(|h| (head_key(h), Column::ALL[told])).into_iter().collect();
            let columns = recognise(&heads, &remembered);
            prop_assert_eq!(columns.len(), heads.len());
            prop_assert_eq!(doubled(&columns), None);
        }
    }
}
