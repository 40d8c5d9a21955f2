//! One requirement: what is asked, of whom, from when to when.

use base::{ClassId, EmployeeId, Lang, LessonListId, LoadId, RequirementId, RoomId, SubjectId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::kind::{About, Figure, Kind};
use super::weight::Weight;
use crate::t;
use crate::timetable::NormRow;

/// The most rooms that may be named.
pub const MOST_ROOMS: usize = 40;

/// Of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The whole school: of a teacher's kind all teachers, of a class's all classes.
    School,
    /// A teacher.
    Teacher(EmployeeId),
    /// A class.
    Class(ClassId),
    /// A subject, all its loads.
    Subject(SubjectId),
    /// One load.
    Load(LoadId),
    /// Grades, first and last: of a norm, or all their classes.
    Grades(i16, i16),
    /// Two different loads; of lessons held at once or side by side the one with the lesser number first.
    Pair(LoadId, LoadId),
    /// Lessons that an imported file names together, in all versions of that file.
    Lessons(LessonListId),
}

impl Target {
    /// Whether a kind may be asked of it.
    fn takes(self, kind: Kind) -> bool {
        let about = kind.about();
        let of_all = match self {
            Self::School => matches!(about, About::Teacher | About::Class),
            Self::Grades(from, to) => about == About::Class && (1..=to).contains(&from),
            _ => false,
        };
        kind.of_all() && of_all
            || matches!(
                (self, about),
                (Self::School, About::School)
                    | (Self::Teacher(_), About::Teacher)
                    | (Self::Class(_), About::Class)
                    | (Self::Subject(_) | Self::Load(_), About::Subject)
                    | (Self::Grades(..), About::Norm)
            )
            || matches!((self, about), (Self::Pair(one, other), About::Pair) if one != other)
            || matches!(
                (self, kind),
                (Self::Lessons(_), Kind::RoomsAtMost | Kind::SameRoom)
            )
    }
}

/// What a requirement says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// What.
    pub kind: Kind,
    /// Of whom.
    pub target: Target,
    /// The figure, where the kind has one; of a norm `None`: as the law says.
    pub value: Option<i32>,
    /// The kind of room asked for.
    pub room_kind: Option<String>,
    /// The rooms asked for, the first wish first.
    pub rooms: Vec<RoomId>,
    /// How much it weighs.
    pub weight: Weight,
    /// In force from; `None`: always has been.
    pub valid_from: Option<NaiveDate>,
    /// In force until, that day included; `None`: without an end.
    pub valid_to: Option<NaiveDate>,
}

impl Terms {
    /// A new one with the usual weight and no dates.
    #[must_use]
    pub fn new(kind: Kind, target: Target, value: Option<i32>) -> Self {
        Self {
            kind,
            target,
            value,
            room_kind: None,
            rooms: vec![],
            weight: kind.usual(),
            valid_from: None,
            valid_to: None,
        }
    }

    /// As it is kept: of lessons held at once, side by side, or never at once, neither is the first.
    #[must_use]
    pub fn settled(mut self) -> Self {
        if let (Kind::Together | Kind::NextTo | Kind::Apart, Target::Pair(one, other)) =
            (self.kind, self.target)
        {
            self.target = Target::Pair(one.min(other), one.max(other));
        }
        self
    }

    /// In force on a day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// What is wrong with it: the field and a sentence. `law`: the norms in force, for what may only be stricter.
    #[must_use]
    pub fn fault(&self, law: &[NormRow], lang: Lang) -> Option<(&'static str, String)> {
        if self.kind == Kind::Hours || !self.target.takes(self.kind) {
            return Some(("target", t::requirement_wrong_target(lang).to_owned()));
        }
        if !self.kind.may_weigh(self.weight) {
            return Some(("weight", t::requirement_wrong_weight(lang).to_owned()));
        }
        if let (Some(from), Some(to)) = (self.valid_from, self.valid_to)
            && to < from
        {
            return Some(("valid_to", t::requirement_wrong_dates(lang).to_owned()));
        }
        let is_rooms = self.kind.figure() == Figure::Rooms;
        if !is_rooms && (self.room_kind.is_some() || !self.rooms.is_empty()) {
            return Some(("rooms", t::requirement_wrong_rooms(lang).to_owned()));
        }
        self.wrong_value(law, lang)
    }

    fn wrong_value(&self, law: &[NormRow], lang: Lang) -> Option<(&'static str, String)> {
        let value = |words: String| Some(("value", words));
        match (self.kind.figure(), self.value) {
            (Figure::None, None) => None,
            (Figure::Number(from, to), Some(n)) if (from..=to).contains(&n) => None,
            (Figure::Number(from, to), _) => value(t::requirement_wrong_number(lang, from, to)),
            (Figure::Weekday, Some(0..=6)) => None,
            (Figure::Rooms, None) => {
                let mut rooms = self.rooms.clone();
                rooms.sort_unstable();
                rooms.dedup();
                let none = rooms.is_empty() && self.room_kind.is_none();
                (none || rooms.len() != self.rooms.len() || rooms.len() > MOST_ROOMS)
                    .then(|| ("rooms", t::requirement_wrong_rooms(lang).to_owned()))
            }
            (Figure::LawLess | Figure::LawMore, None) => None,
            (figure @ (Figure::LawLess | Figure::LawMore), Some(n)) => {
                let Target::Grades(first, last) = self.target else {
                    return value(t::requirement_wrong_value(lang).to_owned());
                };
                let of_grades = law.iter().filter(|row| {
                    Kind::of_norm(&row.kind) == Some(self.kind)
                        && row.grade_from <= last
                        && first <= row.grade_to
                });
                // the mildest row: where another one of these grades is stricter, that one goes on counting
                let (limit, stricter) = if figure == Figure::LawLess {
                    let limit = of_grades.map(|row| row.value).max();
                    (limit, limit.is_some_and(|l| (1..=l).contains(&n)))
                } else {
                    let limit = of_grades.map(|row| row.value).min();
                    (limit, limit.is_some_and(|l| (l..=24 * 60).contains(&n)))
                };
                match limit {
                    _ if stricter => None,
                    Some(limit) => value(t::requirement_only_stricter(lang, limit)),
                    None => value(t::requirement_no_law(lang).to_owned()),
                }
            }
            _ => value(t::requirement_wrong_value(lang).to_owned()),
        }
    }
}

/// A requirement in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// Its id.
    pub id: RequirementId,
    /// Grows with every save.
    pub revision: i32,
    /// What it says.
    pub terms: Terms,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timetable::norms::tests::row;
    use proptest::prelude::*;

    fn law() -> Vec<NormRow> {
        vec![
            row("lessons_a_day", 5, 6, None, 6),
            row("lessons_a_day", 7, 11, None, 7),
            row("break_minutes", 1, 12, None, 10),
        ]
    }

    fn field(terms: &Terms) -> Option<&'static str> {
        terms.fault(&law(), Lang::Ru).map(|(field, _)| field)
    }

    #[test]
    fn a_norm_may_be_stricter_and_never_milder() {
        let day = |value| Terms::new(Kind::LessonsADay, Target::Grades(7, 11), value);
        for (value, wrong) in [
            (None, None),
            (Some(6), None),
            (Some(7), None),
            (Some(8), Some("value")),
            (Some(0), Some("value")),
        ] {
            assert_eq!(field(&day(value)), wrong, "{value:?}");
        }
        let pause = |n| Terms::new(Kind::BreakMinutes, Target::Grades(1, 12), Some(n));
        assert_eq!((field(&pause(15)), field(&pause(5))), (None, Some("value")));
        let nobody = Terms::new(Kind::LessonsADay, Target::Grades(1, 4), Some(3));
        assert_eq!(field(&nobody), Some("value"), "no law to be stricter than");
        let lighter = Terms {
            weight: Weight::Maybe,
            ..day(Some(6))
        };
        assert_eq!(field(&lighter), Some("weight"));
    }

    #[test]
    fn what_does_not_fit_its_kind_is_told_by_field() {
        let teacher = Target::Teacher(EmployeeId(1));
        let good = Terms::new(Kind::TeacherLessons, teacher, Some(5));
        assert_eq!(field(&good), None);
        let with = |change: fn(&mut Terms)| {
            let mut terms = good.clone();
            change(&mut terms);
            field(&terms)
        };
        assert_eq!(with(|t| t.target = Target::School), None, "of all teachers");
        assert_eq!(with(|t| t.target = Target::Class(ClassId(1))), Some("target"));
        assert_eq!(with(|t| t.target = Target::Grades(5, 9)), Some("target"));
        assert_eq!(with(|t| t.kind = Kind::Hours), Some("target"));
        assert_eq!(with(|t| t.value = None), Some("value"));
        assert_eq!(with(|t| t.value = Some(99)), Some("value"));
        assert_eq!(with(|t| t.rooms = vec![RoomId(1)]), Some("rooms"));
        assert_eq!(with(|t| t.weight = Weight::Off), Some("weight"));
        let day = |d| NaiveDate::from_ymd_opt(2026, 12, d);
        let turned = Terms {
            valid_from: day(2),
            valid_to: day(1),
            ..good.clone()
        };
        assert_eq!(field(&turned), Some("valid_to"));
        let rooms = |rooms: &[i64], kind: Option<&str>| Terms {
            rooms: rooms.iter().copied().map(RoomId).collect(),
            room_kind: kind.map(Into::into),
            ..Terms::new(Kind::Rooms, Target::Subject(SubjectId(1)), None)
        };
        assert_eq!(field(&rooms(&[2, 1], None)), None);
        assert_eq!(field(&rooms(&[], Some("gym"))), None);
        assert_eq!(field(&rooms(&[], None)), Some("rooms"));
        assert_eq!(field(&rooms(&[1, 1], None)), Some("rooms"));
    }

    proptest! {
        /// Whatever is sent, what is found right has a figure within its bounds and a weight that its kind knows.
        #[test]
        fn nothing_wild_is_found_right(
            kind in 0..Kind::ALL.len(),
            target in 0usize..9,
            value in prop::option::of(any::<i32>()),
            weight in 0usize..5,
        ) {
            let kind = Kind::ALL[kind];
            let targets = [
                Target::School, Target::Teacher(EmployeeId(1)), Target::Class(ClassId(1)), Target::Subject(SubjectId(1)),
                Target::Load(LoadId(1)), Target::Grades(7, 11), Target::Pair(LoadId(1), LoadId(2)), Target::Pair(LoadId(1), LoadId(1)),
                Target::Lessons(LessonListId(1)),
            ];
            let terms = Terms { weight: Weight::ALL[weight], ..Terms::new(kind, targets[target], value) };
            if terms.fault(&law(), Lang::En).is_none() {
                prop_assert!(kind.may_weigh(terms.weight) && kind != Kind::Hours);
                prop_assert!(terms.target != Target::Pair(LoadId(1), LoadId(1)), "no load is its own partner");
                let of_list = matches!(terms.target, Target::Lessons(_));
                prop_assert!(!of_list || matches!(kind, Kind::RoomsAtMost | Kind::SameRoom), "{:?}", kind);
                prop_assert!(value.is_none_or(|n| (0..=24 * 60).contains(&n)));
            }
        }
    }
}
