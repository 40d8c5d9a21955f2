//! The school's wishes as one search is to weigh them: «this time fewer windows, and rooms do not matter». The school's own rows stay
//! as they are; what is chosen takes their place on the board of this search only.

use base::RequirementId;
use serde::{Deserialize, Serialize};

use crate::requirement::kind::{About, Figure};
use crate::requirement::{Kind, Requirement, Target, Terms, Weight};
use crate::timetable::BoardData;

/// One wish of the whole school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Which.
    pub kind: Kind,
    /// How much it weighs; `None`: it is not asked (of those with a figure).
    pub weight: Option<Weight>,
    /// Its figure, where it has one.
    #[serde(default)]
    pub value: Option<i32>,
}

impl Wish {
    /// Whether it can be wished so.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let may = |weight: Option<Weight>| weight.is_some_and(|w| self.kind.may_weigh(w));
        self.kind.about() == About::School
            && match (self.kind.figure(), self.value) {
                (Figure::None, None) => may(self.weight),
                (Figure::Number(from, to), Some(n)) => may(self.weight) && (from..=to).contains(&n),
                (Figure::Number(..), None) => self.weight.is_none(),
                _ => false,
            }
    }
}

/// Wishes of a search that differ from the school's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Wishes(pub Vec<Wish>);

/// Every wish that a search can weigh otherwise, as the school has it.
#[must_use]
pub fn of_school(data: &BoardData) -> Vec<Wish> {
    let wish = |kind: Kind| {
        let row = data.requirements.iter().map(|r| &r.terms);
        let row = row
            .into_iter()
            .find(|t| t.kind == kind && t.target == Target::School);
        match row {
            Some(terms) => Wish {
                kind,
                weight: Some(terms.weight),
                value: terms.value,
            },
            None => Wish {
                kind,
                weight: (kind.figure() == Figure::None).then(|| kind.usual()),
                value: None,
            },
        }
    };
    let of_school = Kind::ALL
        .iter()
        .copied()
        .filter(|kind| kind.about() == About::School);
    of_school
        .filter(|kind| matches!(kind.figure(), Figure::None | Figure::Number(..)))
        .map(wish)
        .collect()
}

impl Wishes {
    /// What is chosen otherwise than the school has it.
    #[must_use]
    pub fn chosen(chosen: &[Wish], school: &[Wish]) -> Self {
        Self(
            chosen
                .iter()
                .filter(|wish| !school.contains(wish))
                .copied()
                .collect(),
        )
    }

    /// Whether each can be wished so, and none twice.
    #[must_use]
    pub fn are_sound(&self) -> bool {
        let twice = |n: usize, wish: &Wish| self.0.iter().skip(n + 1).any(|other| other.kind == wish.kind);
        self.0
            .iter()
            .enumerate()
            .all(|(n, wish)| wish.is_sound() && !twice(n, wish))
    }

    /// Nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Lays them over a board that was loaded: from now on it is judged by them.
    pub fn lay(&self, data: &mut BoardData) {
        for wish in &self.0 {
            let mine = |r: &Requirement| r.terms.kind == wish.kind && r.terms.target == Target::School;
            data.requirements.retain(|r| !mine(r));
            let Some(weight) = wish.weight else { continue };
            data.requirements.push(Requirement {
                id: RequirementId(0),
                revision: 0,
                terms: Terms {
                    weight,
                    ..Terms::new(wish.kind, Target::School, wish.value)
                },
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timetable::samples;
    use proptest::prelude::*;

    fn wish(kind: Kind, weight: Weight) -> Wish {
        Wish {
            kind,
            weight: Some(weight),
            value: None,
        }
    }

    #[test]
    fn the_board_of_the_search_is_judged_by_them_and_nothing_else_changes() {
        let mut data = samples::data(vec![samples::class("7А", 7)]);
        let before = data.spec();
        let hard = Wish {
            kind: Kind::HardInRow,
            weight: Some(Weight::Very),
            value: Some(2),
        };
        let wishes = Wishes(vec![
            wish(Kind::TeacherWindow, Weight::Very),
            wish(Kind::NoRoom, Weight::Off),
            wish(Kind::LateStart, Weight::Rather),
            wish(Kind::RoomsNear, Weight::Maybe),
            hard,
        ]);
        assert!(wishes.are_sound());
        wishes.lay(&mut data);
        let after = data.spec();
        assert_eq!(
            (before.wishes.teacher_window, after.wishes.teacher_window),
            (3, 9)
        );
        assert_eq!((before.wishes.no_room, after.wishes.no_room), (10, 0));
        assert_eq!(before.wishes.class_window, after.wishes.class_window);
        let (was, is) = (&before.classes[0].limits, &after.classes[0].limits);
        assert_eq!(
            (was.late_start, is.late_start.map(|l| l.penalty)),
            (None, Some(6))
        );
        assert_eq!(is.hard_in_row.map(|l| (l.value, l.penalty)), Some((2, 18)));
        assert_eq!(after.site.near.map(|l| l.penalty), Some(1));
        // and what is not asked in this search goes away again
        Wishes(vec![Wish {
            weight: None,
            value: None,
            ..hard
        }])
        .lay(&mut data);
        assert_eq!(data.spec().classes[0].limits.hard_in_row, None);
    }

    #[test]
    fn what_cannot_be_wished_is_refused() {
        let unsound = [
            // the law is no wish of a search, a teacher's row neither
            wish(Kind::LessonsADay, Weight::Must),
            wish(Kind::TeacherLessons, Weight::Very),
            // heavier than the search knows
            wish(Kind::TeacherWindow, Weight::Must),
            wish(Kind::HardInRow, Weight::Very),
            Wish {
                value: Some(7),
                ..wish(Kind::HardInRow, Weight::Very)
            },
            Wish {
                weight: None,
                ..wish(Kind::TeacherWindow, Weight::Off)
            },
        ];
        for one in unsound {
            assert!(!Wishes(vec![one]).are_sound(), "{one:?}");
        }
        let once = wish(Kind::TeacherWindow, Weight::Off);
        assert!(
            !Wishes(vec![once, wish(Kind::TeacherWindow, Weight::Very)]).are_sound(),
            "twice"
        );
    }

    proptest! {
        /// The school's own wishes, chosen as they are, change nothing; whatever differs is laid, and then the school «has» it.
        #[test]
        fn what_differs_is_what_is_laid(picks in proptest::collection::vec((0usize..40, 0usize..5, 0i32..8), 0..12)) {
            let mut data = samples::data(vec![samples::class("7А", 7)]);
            let school = of_school(&data);
            prop_assert!(school.iter().all(Wish::is_sound));
            prop_assert!(Wishes::chosen(&school, &school).is_empty());
            let mut chosen = school.clone();
            for (n, weight, value) in picks {
                let at = n % chosen.len();
                let kind = chosen[at].kind;
                let weights: Vec<Weight> = kind.weights().collect();
                let value = match kind.figure() {
                    Figure::Number(from, to) => Some(value.clamp(from, to)),
                    _ => None,
                };
                chosen[at] = Wish { kind, weight: Some(weights[weight % weights.len()]), value };
            }
            let wishes = Wishes::chosen(&chosen, &school);
            prop_assert!(wishes.are_sound());
            wishes.lay(&mut data);
            prop_assert_eq!(of_school(&data), chosen);
            let text = serde_json::to_string(&wishes).unwrap();
            prop_assert_eq!(serde_json::from_str::<Wishes>(&text).unwrap(), wishes);
        }
    }
}
