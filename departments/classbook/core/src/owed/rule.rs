//! What becomes of a dot, and how it stands on a day. Dates alone: no clock.

use chrono::{Datelike as _, Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// How a dot is shown, printed and copied.
pub const DOT: char = '•';

/// The longest span that a school may give by its setting, in days.
pub const MOST_DAYS: i16 = 90;

/// What is typed for a dot: its key on either layout (that of «ю» types the Latin point, that of the Russian point a stroke), and
/// the signs that a spreadsheet or a sheet of ours has.
const TYPED: [char; 7] = ['.', '/', 'ю', 'Ю', DOT, '·', '●'];

/// A work that is owed, or was: the mark that stands beside it has paid it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Owed {
    /// The last day on which it is in time; `None`: no day was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// The day it was handed in; `None`: still owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_in: Option<NaiveDate>,
}

/// What a change of a mark wants of the dot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Nothing: a mark pays a dot that is there, and what else is there stays. A page older than the dot wants this.
    #[default]
    Kept,
    /// That there is none, nor a memory of one.
    Gone,
    /// That there is one, or that the mark has paid this one.
    Owed(Owed),
}

impl Wish {
    /// Nothing is wanted.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        *self == Self::Kept
    }

    /// The wish that brings back what was there.
    #[must_use]
    pub fn back_to(owed: Option<Owed>) -> Self {
        owed.map_or(Self::Gone, Self::Owed)
    }

    /// What stands after a change of its mark. `marked`: there is a mark then. The statement that saves a mark does the same.
    #[must_use]
    pub fn after(self, held: Option<Owed>, marked: bool, today: NaiveDate) -> Option<Owed> {
        let owed = match self {
            Self::Kept => held,
            Self::Gone => None,
            Self::Owed(owed) => Some(owed),
        }?;
        Some(Owed {
            until: owed.until,
            handed_in: marked.then(|| owed.handed_in.unwrap_or(today)),
        })
    }
}

/// How a work stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// To be handed in.
    Due,
    /// To be handed in, and its day has passed.
    Overdue,
    /// Handed in by its day, or no day was named.
    InTime,
    /// Handed in after its day.
    Late,
}

impl Owed {
    /// How it stands on a day.
    #[must_use]
    pub fn standing(&self, today: NaiveDate) -> Standing {
        match (self.handed_in, self.until) {
            (None, Some(until)) if until < today => Standing::Overdue,
            (None, _) => Standing::Due,
            (Some(on), Some(until)) if until < on => Standing::Late,
            (Some(_), _) => Standing::InTime,
        }
    }

    /// Still to be handed in?
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.handed_in.is_none()
    }

    /// As it is copied and typed: «•», «• 27.11».
    #[must_use]
    pub fn text(&self) -> String {
        match self.until {
            Some(day) => format!("{DOT} {:02}.{:02}", day.day(), day.month()),
            None => DOT.to_string(),
        }
    }
}

/// The day that was typed behind a dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    day: u32,
    month: u32,
    year: Option<i32>,
}

impl Due {
    /// The day that is meant: without a year the first such day from the lesson's on.
    #[must_use]
    pub fn on(self, lesson: NaiveDate) -> Option<NaiveDate> {
        let in_year = |year| NaiveDate::from_ymd_opt(year, self.month, self.day);
        match self.year {
            Some(year) => in_year(year),
            None => in_year(lesson.year())
                .filter(|d| *d >= lesson)
                .or_else(|| in_year(lesson.year() + 1)),
        }
    }
}

/// Reads a dot: «.», «ю», «• 27.11», «. 27.11.2026». `None`: it is none.
#[must_use]
pub fn read(text: &str) -> Option<Option<Due>> {
    let rest = text.trim().strip_prefix(TYPED)?.trim_start();
    if rest.is_empty() {
        return Some(None);
    }
    let mut parts = rest.split(['.', '/']);
    let mut number = || {
        let part = parts.next()?;
        let digits = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (day, month) = (number()?, number()?);
    let year = match parts.next() {
        None => None,
        Some(part) if part.bytes().all(|b| b.is_ascii_digit()) => {
            match (part.len(), part.parse::<i32>().ok()?) {
                (2, short) => Some(2000 + short),
                (4, year) => Some(year),
                _ => return None,
            }
        }
        Some(_) => return None,
    };
    let whole = parts.next().is_none() && (1..=31).contains(&day) && (1..=12).contains(&month);
    whole.then_some(Some(Due { day, month, year }))
}

/// The last day in time of a dot that is set today, where the school gives so many days: never past the year's last.
#[must_use]
pub fn default_until(days: Option<i16>, today: NaiveDate, year_ends: NaiveDate) -> Option<NaiveDate> {
    let days = u64::try_from(days?).ok()?;
    let until = today.checked_add_days(Days::new(days))?.min(year_ends);
    (until >= today).then_some(until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 16).unwrap() + chrono::Duration::days(n)
    }

    fn owed(until: Option<i64>, handed_in: Option<i64>) -> Owed {
        Owed {
            until: until.map(day),
            handed_in: handed_in.map(day),
        }
    }

    #[test]
    fn a_dot_is_read_from_either_layout_and_with_its_day() {
        for text in [".", " . ", "ю", "Ю", "/", "•", "·", "●"] {
            assert_eq!(read(text), Some(None), "{text}");
        }
        let lesson = day(0);
        let on = |text: &str| read(text).flatten().and_then(|due| due.on(lesson));
        for text in [
            ". 27.11",
            ".27.11",
            "• 27.11",
            "ю 27.11.2026",
            ". 27.11.26",
            ". 27/11",
            "·27.11",
        ] {
            assert_eq!(on(text), Some(day(11)), "{text}");
        }
        // before the lesson's day it is that of the next year
        assert_eq!(on(". 15.11"), NaiveDate::from_ymd_opt(2027, 11, 15));
        assert_eq!(on(". 31.02"), None);
        for text in [
            "",
            "5",
            "н",
            "..",
            ". 27",
            ". 27.11.",
            ". 27.11.202",
            ". 27.11.2026.1",
            ". 32.1",
            ". 1.13",
            ". x.1",
            "27.11",
            ". +1.2",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn it_is_overdue_from_the_day_after_its_own() {
        let standing = |until, handed_in| owed(until, handed_in).standing(day(0));
        assert_eq!(standing(None, None), Standing::Due);
        assert_eq!(standing(Some(0), None), Standing::Due);
        assert_eq!(standing(Some(-1), None), Standing::Overdue);
        assert_eq!(standing(Some(-5), Some(-5)), Standing::InTime);
        assert_eq!(standing(Some(-5), Some(-4)), Standing::Late);
        assert_eq!(standing(None, Some(0)), Standing::InTime);
    }

    #[test]
    fn a_mark_pays_and_taking_it_away_brings_the_dot_back() {
        let dot = owed(Some(3), None);
        let paid = Wish::Kept.after(Some(dot), true, day(5));
        assert_eq!(paid, Some(owed(Some(3), Some(5))));
        // another mark on a later day leaves the day on which it was handed in
        assert_eq!(Wish::Kept.after(paid, true, day(9)), paid);
        assert_eq!(Wish::Kept.after(paid, false, day(9)), Some(dot));
        assert_eq!(Wish::Kept.after(None, true, day(0)), None);
        assert_eq!(Wish::Gone.after(Some(dot), true, day(0)), None);
    }

    #[test]
    fn the_school_s_days_end_with_the_year() {
        assert_eq!(default_until(Some(7), day(0), day(100)), Some(day(7)));
        assert_eq!(default_until(Some(7), day(0), day(3)), Some(day(3)));
        assert_eq!(default_until(Some(7), day(0), day(-1)), None);
        assert_eq!(default_until(None, day(0), day(100)), None);
    }

    fn any_owed() -> impl Strategy<Value = Option<Owed>> {
        let date = proptest::option::of(0i64..400);
        proptest::option::of((date.clone(), date).prop_map(|(a, b)| owed(a, b)))
    }

    fn any_wish() -> impl Strategy<Value = Wish> {
        prop_oneof![
            Just(Wish::Kept),
            Just(Wish::Gone),
            any_owed().prop_map(|o| Wish::Owed(o.unwrap_or_default()))
        ]
    }

    proptest! {
        /// A dot is open exactly while there is no mark, whatever was wanted of it.
        #[test]
        fn it_is_open_exactly_without_a_mark(wish in any_wish(), held in any_owed(), marked: bool, today in 0i64..400) {
            if let Some(after) = wish.after(held, marked, day(today)) {
                prop_assert_eq!(after.is_open(), !marked);
            }
        }

        /// Whatever is done to a place, the wish made of what stood there brings it back.
        #[test]
        fn it_can_be_taken_back(held in any_owed(), marked: bool, wish in any_wish(), then: bool, on in 0i64..400, later in 0i64..400) {
            let stood = Wish::Kept.after(held, marked, day(on));
            let after = wish.after(stood, then, day(later));
            prop_assert_eq!(Wish::back_to(stood).after(after, marked, day(later)), stood);
        }

        /// As it is copied it is read again, at the same lesson and at any earlier one of that year.
        #[test]
        fn what_is_copied_is_read(days in 0i64..300) {
            let dot = owed(Some(days), None);
            let read = read(&dot.text()).flatten().and_then(|due| due.on(day(0)));
            prop_assert_eq!(read, dot.until);
        }

        #[test]
        fn nothing_typed_breaks_the_reading(text in "\\PC{0,14}") {
            let _ = read(&text).flatten().and_then(|due| due.on(day(0)));
        }

        /// In JSON as in memory, and an old page's silence is «kept».
        #[test]
        fn it_travels(wish in any_wish()) {
            let text = serde_json::to_string(&wish).unwrap();
            prop_assert_eq!(serde_json::from_str::<Wish>(&text).unwrap(), wish);
        }
    }
}
