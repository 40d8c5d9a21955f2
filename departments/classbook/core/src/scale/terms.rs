//! A type of work and a scale of marks, as a school writes them.

use std::collections::HashSet;

use base::number::Hundredths;
use base::{Lang, ScaleId, SubjectId, WorkTypeId};
use serde::{Deserialize, Serialize};

use super::counting::Counting;
use super::letters::LetterLine;
use crate::t;

/// The most types of work of a school.
pub const TYPES: usize = 40;
/// The most scales of a school.
pub const SCALES: usize = 20;
/// The most marks of a scale.
pub const ITEMS: usize = 30;

/// What a type of work is («вид работы»).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeTerms {
    /// The letter in the head of a column: «К», «ПР»; one to four characters.
    pub code: String,
    /// «Контрольная работа»; one to eighty characters, one of a kind in the school.
    pub title: String,
    /// The weight that a new work of it gets; 0: it is not counted.
    pub weight: Hundredths,
    /// An assessment: the whole class writes it for half an hour and more, so the schedule's limits hold for it.
    #[serde(default)]
    pub assessment: bool,
}

/// A type of work of the school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeLine {
    /// Its id.
    pub id: WorkTypeId,
    /// What it is.
    pub terms: TypeTerms,
    /// There are works of it: it cannot be taken away.
    pub used: bool,
}

/// A mark of a scale («отметка шкалы»).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemTerms {
    /// What is typed and shown: «5», «зч», «н/а»; one to eight characters without spaces.
    pub code: String,
    /// What it counts as in averages; `None`: it takes no part.
    pub value: Option<Hundredths>,
    /// «отлично»; one to eighty characters.
    pub title: String,
    /// What it says, where the school has said so; else what is usual. It may change while the mark is in use: an average that mixes
    /// scales is counted anew.
    #[serde(default)]
    pub counting: Option<Counting>,
}

/// What a scale is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleTerms {
    /// «Пятибалльная»; one to eighty characters, one of a kind in the school.
    pub title: String,
    /// Its marks in the order in which they are offered, the best first.
    pub items: Vec<ItemTerms>,
}

/// A scale of the school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleLine {
    /// Its id.
    pub id: ScaleId,
    /// What it is.
    pub terms: ScaleTerms,
    /// Codes that have been given: they keep their values and stay.
    pub given: Vec<String>,
    /// There are works marked by it: it cannot be taken away.
    pub used: bool,
}

/// By which scale results are given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    /// The school's own; `None`: the oldest one.
    pub school: Option<ScaleId>,
    /// Those of single subjects, by name.
    pub subjects: Vec<(SubjectId, ScaleId)>,
}

/// The page of scales and types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scales {
    /// This person may change them.
    pub may_edit: bool,
    /// The types, the one of a first work first.
    pub types: Vec<TypeLine>,
    /// The scales, the one of a new journal first.
    pub scales: Vec<ScaleLine>,
    /// The letters of attendance.
    #[serde(default)]
    pub letters: Vec<LetterLine>,
    /// By which of them results are given.
    pub results: Results,
    /// The subjects of the school, by name.
    pub subjects: Vec<(SubjectId, String)>,
}

fn fits(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

impl TypeTerms {
    /// Without space around.
    #[must_use]
    pub fn tidy(self) -> Self {
        Self {
            code: self.code.trim().to_owned(),
            title: self.title.trim().to_owned(),
            ..self
        }
    }

    /// The field that is wrong, and why.
    #[must_use]
    pub fn fault(&self, lang: Lang) -> Option<(&'static str, String)> {
        if !fits(&self.code, 4) || self.code.contains(char::is_whitespace) {
            Some(("code", t::scale_wrong_type_code(lang).to_owned()))
        } else if !fits(&self.title, 80) {
            Some(("title", t::scale_wrong_title(lang).to_owned()))
        } else if !(Hundredths(0)..=Hundredths::whole(100)).contains(&self.weight) {
            Some(("weight", t::journal_weight_wrong(lang).to_owned()))
        } else {
            None
        }
    }
}

impl ScaleTerms {
    /// Without space around.
    #[must_use]
    pub fn tidy(self) -> Self {
        let item = |i: ItemTerms| ItemTerms {
            code: i.code.trim().to_owned(),
            title: i.title.trim().to_owned(),
            ..i
        };
        Self {
            title: self.title.trim().to_owned(),
            items: self.items.into_iter().map(item).collect(),
        }
    }

    /// The field that is wrong, and why.
    #[must_use]
    pub fn fault(&self, lang: Lang) -> Option<(&'static str, String)> {
        if !fits(&self.title, 80) {
            return Some(("title", t::scale_wrong_title(lang).to_owned()));
        }
        if self.items.is_empty() || self.items.len() > ITEMS {
            let most = i64::try_from(ITEMS).unwrap_or(i64::MAX);
            return Some(("items", t::scale_wrong_count(lang, most)));
        }
        let mut seen = HashSet::new();
        for item in &self.items {
            let code = &item.code;
            if !fits(code, 8) || code.contains(char::is_whitespace) {
                return Some(("items", t::scale_wrong_code(lang, code)));
            }
            // a mark is typed in either case
            if !seen.insert(code.to_lowercase()) {
                return Some(("items", t::scale_twice(lang, code)));
            }
            if !fits(&item.title, 80) {
                return Some(("items", t::scale_wrong_item_title(lang, code)));
            }
            let bounds = Hundredths(0)..=Hundredths(99_999);
            if item.value.is_some_and(|v| !bounds.contains(&v)) {
                return Some(("items", t::scale_wrong_value(lang, code)));
            }
            let most = Hundredths(0)..=Hundredths::whole(5);
            let five = item.counting.and_then(|c| c.five);
            if five.is_some_and(|v| !most.contains(&v)) {
                return Some(("items", t::scale_wrong_counts(lang, code)));
            }
        }
        None
    }

    /// What of the scale as it stands must stay and would not: a mark that has been given and is taken away or counts as something
    /// else.
    #[must_use]
    pub fn breaks<'a>(&self, before: &'a Self, given: &[String]) -> Option<&'a str> {
        let stays = |item: &&ItemTerms| {
            !given.contains(&item.code)
                || self
                    .items
                    .iter()
                    .any(|i| i.code == item.code && i.value == item.value)
        };
        before
            .items
            .iter()
            .find(|item| !stays(item))
            .map(|item| item.code.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(code: &str, value: Option<i64>) -> ItemTerms {
        ItemTerms {
            code: code.into(),
            value: value.map(Hundredths::whole),
            title: code.into(),
            counting: None,
        }
    }

    fn five() -> ScaleTerms {
        ScaleTerms {
            title: "Пятибалльная".into(),
            items: vec![item("5", Some(5)), item("4", Some(4)), item("н/а", None)],
        }
    }

    #[test]
    fn what_cannot_be_typed_or_told_apart_is_no_scale() {
        let fault = |change: &dyn Fn(&mut ScaleTerms)| {
            let mut scale = five();
            change(&mut scale);
            scale.tidy().fault(Lang::Ru).map(|f| f.0)
        };
        assert_eq!(fault(&|_| {}), None);
        assert_eq!(fault(&|s| s.title = "  ".into()), Some("title"));
        assert_eq!(fault(&|s| s.items.clear()), Some("items"));
        for wrong in ["", "пять с +", "123456789", "5\t"] {
            assert_eq!(
                fault(&|s| s.items[1].code = format!("{wrong}\u{b}")),
                Some("items")
            );
        }
        assert_eq!(
            fault(&|s| s.items[1].code = "Н/А".into()),
            Some("items"),
            "either case"
        );
        assert_eq!(fault(&|s| s.items[1].title = String::new()), Some("items"));
        assert_eq!(
            fault(&|s| s.items[0].value = Some(Hundredths(100_000))),
            Some("items")
        );
        assert_eq!(fault(&|s| s.items[0].value = Some(Hundredths(-1))), Some("items"));
        let five = |n| {
            Some(Counting {
                five: Some(Hundredths(n)),
                ..Counting::default()
            })
        };
        assert_eq!(fault(&|s| s.items[2].counting = five(500)), None);
        assert_eq!(fault(&|s| s.items[2].counting = five(501)), Some("items"));
        assert_eq!(
            fault(&|s| s.items = (0..31).map(|n| item(&n.to_string(), None)).collect()),
            Some("items")
        );
    }

    #[test]
    fn a_type_has_a_short_letter_and_a_weight_within_bounds() {
        let fault = |code: &str, title: &str, weight| {
            let terms = TypeTerms {
                code: code.into(),
                title: title.into(),
                weight: Hundredths(weight),
                assessment: false,
            };
            terms.tidy().fault(Lang::Ru).map(|f| f.0)
        };
        assert_eq!(fault(" К ", "Контрольная", 150), None);
        assert_eq!(fault("К", "Контрольная", 0), None, "not counted");
        assert_eq!(fault("", "Контрольная", 100), Some("code"));
        assert_eq!(fault("КОНТР", "Контрольная", 100), Some("code"));
        assert_eq!(fault("К", " ", 100), Some("title"));
        assert_eq!(fault("К", "Контрольная", 10_001), Some("weight"));
        assert_eq!(fault("К", "Контрольная", -1), Some("weight"));
    }

    proptest! {
        #[test]
        fn given_marks_may_be_renamed_and_moved_but_neither_revalued_nor_taken_away(
            given in proptest::sample::subsequence(vec!["5", "4", "н/а"], 0..=3), gone in 0usize..3, value in 0i64..6, shift in 0usize..3,
        ) {
            let before = five();
            let given: Vec<String> = given.into_iter().map(str::to_owned).collect();
            let mut named = before.clone();
            named.title = "Другая".into();
            named.items[gone].title = "иначе".into();
            named.items.rotate_left(shift);
            named.items.push(item("зч", None));
            prop_assert_eq!(named.breaks(&before, &given), None);
            let mut cut = before.clone();
            let code = cut.items.remove(gone).code;
            prop_assert_eq!(cut.breaks(&before, &given).is_some(), given.contains(&code));
            let mut valued = before.clone();
            valued.items[gone].value = Some(Hundredths::whole(value));
            let other = valued.items[gone] != before.items[gone];
            prop_assert_eq!(valued.breaks(&before, &given).is_some(), other && given.contains(&code));
        }
    }
}

/// The scale of results of the school, or of a subject, as it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultsEdit {
    /// Of which subject; `None`: of the school.
    pub subject: Option<SubjectId>,
    /// Which; `None`: what holds without.
    pub scale: Option<ScaleId>,
}
