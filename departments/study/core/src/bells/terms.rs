//! A bell schedule as it is written, what is wrong with it, and moving it by minutes.

use std::collections::BTreeSet;

use base::Lang;
use chrono::{NaiveTime, Timelike as _};
use serde::{Deserialize, Serialize};

use crate::t;

/// So many lessons one schedule may have.
pub const LESSONS: usize = 30;

/// Numbers that a lesson may have: a second shift may go on counting.
pub const NUMBERS: std::ops::RangeInclusive<i16> = 1..=60;

/// Shifts of a day.
pub const SHIFTS: std::ops::RangeInclusive<i16> = 1..=3;

/// Minutes of a day.
const DAY: i32 = 24 * 60;

/// The longest title.
const TITLE: usize = 80;

/// For whom a schedule rings: grade and weekday (1 = Monday).
pub type Uses = BTreeSet<(i16, i16)>;

/// A lesson between two bells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Its number; the slot of the timetable is one less.
    pub number: i16,
    /// When it begins; `None` while nothing is filled in.
    pub starts: Option<NaiveTime>,
    /// When it ends.
    pub ends: Option<NaiveTime>,
}

/// A schedule, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// «Обычные звонки»
    pub title: String,
    /// 1, or 2 for the second shift.
    pub shift: i16,
    /// Its lessons in order.
    pub lessons: Vec<Lesson>,
    /// For whom it rings this year.
    pub uses: Uses,
}

/// Minutes after midnight.
#[must_use]
pub fn minute(time: NaiveTime) -> i32 {
    i32::try_from(time.num_seconds_from_midnight() / 60).unwrap_or(0)
}

/// A time from minutes after midnight; `None` outside of the day.
#[must_use]
pub fn at(minute: i32) -> Option<NaiveTime> {
    let seconds = u32::try_from(minute).ok()?.checked_mul(60)?;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)
}

impl Terms {
    /// As it is kept: the title without spaces around and twice, whole minutes.
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        let whole = |time: Option<NaiveTime>| time.and_then(|time| at(minute(time)));
        for lesson in &mut self.lessons {
            (lesson.starts, lesson.ends) = (whole(lesson.starts), whole(lesson.ends));
        }
        self
    }

    /// The first thing that is wrong with it: the field and a sentence.
    #[must_use]
    pub fn fault(&self, lang: Lang) -> Option<(&'static str, String)> {
        let title = self.title.chars().count();
        if title == 0 || title > TITLE || self.title.chars().any(char::is_control) {
            return Some(("title", t::bells_wrong_title(lang, TITLE)));
        }
        if !SHIFTS.contains(&self.shift) {
            let words = t::bells_wrong_shift(lang, *SHIFTS.start(), *SHIFTS.end());
            return Some(("shift", words));
        }
        if let Some(words) = self.wrong_lessons(lang) {
            return Some(("lessons", words));
        }
        let week = |(grade, weekday): &(i16, i16)| *grade >= 0 && (1..=7).contains(weekday);
        (!self.uses.iter().all(week)).then(|| ("uses", t::bells_wrong_day(lang).to_owned()))
    }

    fn wrong_lessons(&self, lang: Lang) -> Option<String> {
        if self.lessons.is_empty() {
            return Some(t::bells_none(lang).to_owned());
        }
        if self.lessons.len() > LESSONS {
            return Some(t::bells_too_many(lang, LESSONS));
        }
        let mut before: Option<(i16, NaiveTime)> = None;
        for lesson in &self.lessons {
            let number = lesson.number;
            if !NUMBERS.contains(&number) || before.is_some_and(|(last, _)| last >= number) {
                return Some(t::bells_wrong_number(lang, *NUMBERS.start(), *NUMBERS.end()));
            }
            let Some((starts, ends)) = lesson.starts.zip(lesson.ends) else {
                return Some(t::bells_no_time(lang, number));
            };
            if ends <= starts {
                return Some(t::bells_backwards(lang, number));
            }
            if let Some((last, _)) = before.filter(|(_, over)| starts < *over) {
                return Some(t::bells_overlap(lang, last, number));
            }
            before = Some((number, ends));
        }
        None
    }

    /// Moves the lessons from a number on by minutes, earlier where they are negative. `None`: one would leave the day; then
    /// nothing is moved.
    #[must_use]
    pub fn moved(&self, from: i16, minutes: i32) -> Option<Self> {
        let mut out = self.clone();
        for lesson in out.lessons.iter_mut().filter(|l| l.number >= from) {
            for time in [&mut lesson.starts, &mut lesson.ends] {
                if let Some(was) = *time {
                    let to = minute(was).checked_add(minutes)?;
                    *time = Some(at(to).filter(|_| to < DAY)?);
                }
            }
        }
        Some(out)
    }

    /// Numbers the lessons anew, one after the other from this one on: of a second shift that goes on counting.
    pub fn count_from(&mut self, first: i16) {
        for (number, lesson) in (first..).zip(&mut self.lessons) {
            lesson.number = number;
        }
    }

    /// One more lesson at the end: as long as the last one, after the same break.
    pub fn add(&mut self) {
        let next = match self.lessons.as_slice() {
            [] => Lesson {
                number: 1,
                starts: at(8 * 60 + 30),
                ends: at(9 * 60 + 15),
            },
            [.., last] => {
                let times = last.starts.zip(last.ends).map(|(a, z)| (minute(a), minute(z)));
                let pause = match self.lessons.as_slice() {
                    [.., before, last] => before.ends.zip(last.starts).map(|(z, a)| minute(a) - minute(z)),
                    _ => None,
                };
                let pause = pause.filter(|pause| (0..=60).contains(pause)).unwrap_or(10);
                let starts = times.map(|(_, end)| end + pause);
                let ends = times.and_then(|(start, end)| Some(starts? + (end - start)));
                Lesson {
                    number: last.number.saturating_add(1),
                    starts: starts.and_then(at),
                    ends: ends.and_then(at),
                }
            }
        };
        self.lessons.push(next);
    }

    /// The break after each lesson but the last, in minutes; `None` where a time is missing.
    #[must_use]
    pub fn breaks(&self) -> Vec<Option<i32>> {
        let pairs = self.lessons.windows(2);
        pairs
            .map(|pair| match pair {
                [a, b] => a
                    .ends
                    .zip(b.starts)
                    .map(|(end, start)| minute(start) - minute(end)),
                _ => None,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn time(text: &str) -> Option<NaiveTime> {
        NaiveTime::parse_from_str(text, "%H:%M").ok()
    }

    fn terms(times: &[(&str, &str)]) -> Terms {
        let lessons = (1..).zip(times).map(|(number, (starts, ends))| Lesson {
            number,
            starts: time(starts),
            ends: time(ends),
        });
        Terms {
            title: "Обычные".into(),
            shift: 1,
            lessons: lessons.collect(),
            uses: Uses::from([(5, 1)]),
        }
    }

    fn wrong(terms: &Terms) -> Option<&'static str> {
        terms.fault(Lang::Ru).map(|f| f.0)
    }

    #[test]
    fn each_fault_has_its_field_and_its_sentence() {
        let good = terms(&[("08:30", "09:15"), ("09:15", "10:00"), ("10:20", "11:05")]);
        assert_eq!(good.fault(Lang::Ru), None);
        let sentence = |times: &[(&str, &str)]| terms(times).fault(Lang::Ru).unwrap();
        let (field, words) = sentence(&[("08:30", "09:15"), ("09:10", "09:55")]);
        assert_eq!(field, "lessons");
        assert!(words.contains('1') && words.contains('2'), "{words}");
        let (_, backwards) = sentence(&[("08:30", "08:30")]);
        let (_, empty) = sentence(&[("08:30", "09:15"), ("09:25", "")]);
        let (_, none) = sentence(&[]);
        let (_, many) = sentence(&[("08:30", "08:31"); 31]);
        let all = [words, backwards, empty, none, many];
        for (n, one) in all.iter().enumerate() {
            assert!(!all[..n].contains(one), "each has words of its own: {one}");
        }
        let with = |change: &dyn Fn(&mut Terms)| {
            let mut terms = good.clone();
            change(&mut terms);
            wrong(&terms.settled())
        };
        assert_eq!(with(&|t| t.title = "  ".into()), Some("title"));
        assert_eq!(with(&|t| t.title = "ы".repeat(81)), Some("title"));
        assert_eq!(with(&|t| t.title = format!(" {} ", "ы".repeat(80))), None);
        assert_eq!(with(&|t| t.shift = 4), Some("shift"));
        assert_eq!(with(&|t| t.lessons[1].number = 1), Some("lessons"));
        assert_eq!(with(&|t| t.lessons[2].number = 61), Some("lessons"));
        assert_eq!(
            with(&|t| t.count_from(7)),
            None,
            "a second shift goes on counting"
        );
        assert_eq!(with(&|t| t.uses.extend([(5, 8)])), Some("uses"));
        assert_eq!(with(&|t| t.uses.clear()), None, "nobody's yet");
    }

    #[test]
    fn one_more_lesson_follows_the_rhythm() {
        let mut day = terms(&[("08:30", "09:10"), ("09:25", "10:05")]);
        day.add();
        assert_eq!(
            (day.lessons[2].number, day.lessons[2].starts, day.lessons[2].ends),
            (3, time("10:20"), time("11:00"))
        );
        let mut late = terms(&[("22:30", "23:30")]);
        late.add();
        assert_eq!(
            late.lessons[1].ends, None,
            "past midnight there is no time to propose"
        );
        assert_eq!(wrong(&late), Some("lessons"));
        let mut first = terms(&[]);
        first.add();
        assert_eq!(first.fault(Lang::En), None);
    }

    /// Lessons one after the other: minutes of break and of lesson.
    fn any_day() -> impl Strategy<Value = Terms> {
        let lessons = proptest::collection::vec((0i32..30, 1i32..46), 1..12);
        (300i32..500, lessons).prop_map(|(begin, list)| {
            let mut clock = begin;
            let mut day = terms(&[]);
            for (number, (pause, length)) in (1..).zip(list) {
                let starts = clock + pause;
                clock = starts + length;
                day.lessons.push(Lesson {
                    number,
                    starts: at(starts),
                    ends: at(clock),
                });
            }
            day
        })
    }

    proptest! {
        /// Moving keeps lengths and breaks, but for the one before the first that is moved; and moving back is as before.
        #[test]
        fn moving_keeps_the_rhythm(day in any_day(), from in 1i16..13, minutes in -200i32..200) {
            prop_assert_eq!(wrong(&day), None);
            let Some(moved) = day.moved(from, minutes) else {
                let out = day.lessons.iter().filter(|l| l.number >= from).any(|l| {
                    let end = minute(l.ends.unwrap()) + minutes;
                    minute(l.starts.unwrap()) + minutes < 0 || end >= DAY
                });
                prop_assert!(out);
                return Ok(());
            };
            for (was, is) in day.lessons.iter().zip(&moved.lessons) {
                let by = if was.number >= from { minutes } else { 0 };
                prop_assert_eq!(minute(is.starts.unwrap()), minute(was.starts.unwrap()) + by);
                prop_assert_eq!(minute(is.ends.unwrap()), minute(was.ends.unwrap()) + by);
            }
            for (n, (was, is)) in day.breaks().into_iter().zip(moved.breaks()).enumerate() {
                let here = day.lessons[n].number < from && day.lessons[n + 1].number >= from;
                prop_assert_eq!(is.unwrap(), was.unwrap() + if here { minutes } else { 0 });
            }
            // it is refused exactly where it comes into the lesson before
            let clash = moved.breaks().into_iter().any(|b| b.unwrap() < 0);
            prop_assert_eq!(wrong(&moved).is_some(), clash);
            prop_assert_eq!(moved.moved(from, -minutes), Some(day));
        }

        /// Whatever is filled in: either it is refused, or its lessons are in order and apart.
        #[test]
        fn what_is_accepted_is_in_order(list in proptest::collection::vec((0i16..64, proptest::option::of(0i32..1440), proptest::option::of(0i32..1440)), 0..6)) {
            let mut day = terms(&[]);
            day.lessons = list.into_iter().map(|(number, a, z)| Lesson {
                number,
                starts: a.and_then(at),
                ends: z.and_then(at),
            }).collect();
            if wrong(&day).is_none() {
                let flat: Vec<i32> = day.lessons.iter().flat_map(|l| [minute(l.starts.unwrap()), minute(l.ends.unwrap())]).collect();
                prop_assert!(!flat.is_empty() && flat.is_sorted());
                prop_assert!(day.lessons.iter().all(|l| l.starts < l.ends && l.number >= 1));
                prop_assert!(day.lessons.windows(2).all(|w| w[0].number < w[1].number));
            }
        }
    }
}
