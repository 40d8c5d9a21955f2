//! Plan against fact: what became of a work of the schedule, by its day's lesson and the journal's columns.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::schedule::State;

/// What the journal has of a load on a day, as `lesson_on` of the database says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDay {
    /// A lesson that takes place, or one that the timetable will lay out.
    There,
    /// Its lessons do not take place: cancelled, or a day off.
    Off,
    /// It has none that day.
    None,
}

impl OnDay {
    /// Reads the database's word.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        match key {
            "there" => Self::There,
            "off" => Self::Off,
            _ => Self::None,
        }
    }
}

/// What became of a planned work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// Its day has not passed.
    Ahead,
    /// The journal has a column of its kind on its day.
    Column,
    /// Its day has passed, and the journal has no such column.
    Missing,
    /// The lesson of its day does not take place.
    Off,
    /// There is no lesson that day any more.
    NoLesson,
}

impl Fact {
    /// Somebody has to do something: to add the column, or to find another day.
    #[must_use]
    pub fn asks(self) -> bool {
        matches!(self, Self::Missing | Self::Off | Self::NoLesson)
    }

    /// The day cannot carry the work: families are not told of it.
    #[must_use]
    pub fn without_lesson(self) -> bool {
        matches!(self, Self::Off | Self::NoLesson)
    }
}

/// What became of a work of that state and day. A returned one is no plan; one that nobody has approved is not missed.
#[must_use]
pub fn fact(state: State, date: NaiveDate, today: NaiveDate, on: OnDay, column: bool) -> Option<Fact> {
    match (state, on) {
        (State::Returned, _) => None,
        _ if column => Some(Fact::Column),
        (_, OnDay::Off) => Some(Fact::Off),
        (_, OnDay::None) => Some(Fact::NoLesson),
        (State::Approved, OnDay::There) if date < today => Some(Fact::Missing),
        (_, OnDay::There) => Some(Fact::Ahead),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 1).unwrap() + chrono::Days::new(n)
    }

    #[test]
    fn a_work_is_missed_after_its_day_and_not_on_it() {
        let of = |date, column| fact(State::Approved, date, day(10), OnDay::There, column);
        assert_eq!(of(day(11), false), Some(Fact::Ahead));
        assert_eq!(of(day(10), false), Some(Fact::Ahead));
        assert_eq!(of(day(9), false), Some(Fact::Missing));
        assert_eq!(of(day(9), true), Some(Fact::Column));
        let waits = fact(State::Planned, day(9), day(10), OnDay::There, false);
        assert_eq!(waits, Some(Fact::Ahead));
    }

    proptest! {
        #[test]
        fn without_a_lesson_it_is_never_ahead_and_with_a_column_never_missed(
            date in 0u64..30, state in 0usize..3, on in 0usize..3, column: bool,
        ) {
            let state = [State::Planned, State::Approved, State::Returned][state];
            let on = [OnDay::There, OnDay::Off, OnDay::None][on];
            let found = fact(state, day(date), day(15), on, column);
            prop_assert_eq!(found.is_none(), state == State::Returned);
            if let Some(found) = found {
                prop_assert!(on == OnDay::There || found != Fact::Ahead && found != Fact::Missing);
                prop_assert_eq!(column, found == Fact::Column);
                prop_assert_eq!(found.without_lesson(), !column && on != OnDay::There);
            }
        }
    }
}
