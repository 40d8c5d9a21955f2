//! Parallels as they are looked at: the classes of a grade side by side, in parts where they are too many for a screen;
//! at the end those whose grade nobody knows (an imported file says only names).

use base::Lang;
use serde::{Deserialize, Serialize};
use timetable::{Board, ClassIx};

use super::board::{BoardData, OrgKind};
use crate::t;

/// Most classes side by side, and fewer where the week is long: so many cells are seen at once and drawn quickly.
const MOST: usize = 16;
const LEAST: usize = 4;
const CELLS: usize = 1600;

/// A parallel, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Parallel {
    /// Grade (course); 0: not known.
    pub grade: i16,
    /// Which part, from 0.
    pub part: u16,
}

/// A parallel with its classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Which.
    pub parallel: Parallel,
    /// Its classes, in the board's order; never none.
    pub classes: Vec<ClassIx>,
    /// How many parts the grade has.
    pub parts: usize,
    /// Some card of this version is theirs.
    pub has_cards: bool,
    /// … and has no place yet.
    pub has_unplaced: bool,
}

/// All parallels, by grade, the unknown grade last.
#[must_use]
pub fn parallels(data: &BoardData, board: &Board) -> Vec<Side> {
    let mut cards = vec![(false, false); data.classes.len()];
    for card in board.card_indices() {
        for class in board.classes_of(card) {
            if let Some((any, unplaced)) = cards.get_mut(class.ix()) {
                *any = true;
                *unplaced |= board.placement(card).is_none();
            }
        }
    }
    let mut grades: Vec<i16> = data.classes.iter().map(|c| c.grade).collect();
    grades.sort_by_key(|g| (*g == 0, *g));
    grades.dedup();
    let most = (CELLS / (data.days.len() * data.slots.len()).max(1)).clamp(LEAST, MOST);
    let mut sides = vec![];
    for grade in grades {
        let of_grade =
            (0..data.classes.len()).filter(|n| data.classes.get(*n).is_some_and(|c| c.grade == grade));
        // classes that this version is not about stand apart
        let (used, unused): (Vec<ClassIx>, Vec<ClassIx>) = of_grade
            .map(ClassIx::at)
            .partition(|c| cards.get(c.ix()).is_some_and(|c| c.0));
        let mut part = 0;
        for all in [used, unused].into_iter().filter(|list| !list.is_empty()) {
            let parts = all.len().div_ceil(most).max(1);
            // parts of about the same size
            for classes in all.chunks(all.len().div_ceil(parts).max(1)) {
                let of = |class: &ClassIx| cards.get(class.ix()).copied().unwrap_or_default();
                sides.push(Side {
                    parallel: Parallel { grade, part },
                    classes: classes.to_vec(),
                    parts,
                    has_cards: classes.iter().any(|c| of(c).0),
                    has_unplaced: classes.iter().any(|c| of(c).1),
                });
                part += 1;
            }
        }
    }
    sides
}

/// Where a board is opened: the first parallel with cards to place, else with any cards, else the first that there is.
#[must_use]
pub fn first(sides: &[Side]) -> Option<&Side> {
    sides
        .iter()
        .find(|s| s.has_unplaced)
        .or_else(|| sides.iter().find(|s| s.has_cards))
        .or_else(|| sides.first())
}

/// The parallel of a class.
#[must_use]
pub fn of_class(sides: &[Side], class: ClassIx) -> Option<&Side> {
    sides.iter().find(|s| s.classes.contains(&class))
}

impl Side {
    /// «7 классы», «2 курс», «Без параллели»; of several parts with the first and last class.
    #[must_use]
    pub fn title(&self, lang: Lang, data: &BoardData) -> String {
        let grade = self.parallel.grade;
        let title = match (grade, data.org) {
            (0, _) => t::parallel_unknown(lang).to_owned(),
            (_, OrgKind::College) => t::parallel_course(lang, grade),
            _ => t::parallel_grade(lang, grade),
        };
        let name = |class: Option<&ClassIx>| {
            class
                .and_then(|c| data.classes.get(c.ix()))
                .map_or("", |c| c.name.as_str())
        };
        if self.parts < 2 {
            return title;
        }
        t::parallel_part(lang, name(self.classes.first()), title, name(self.classes.last()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{class, data, placed};
    use super::*;

    #[test]
    fn a_board_opens_where_there_is_something_to_do_and_no_class_is_lost() {
        // what an import into a school with classes of its own looks like: the known grades have no cards here
        let mut school = data(vec![
            class("7А", 7),
            class("8А", 8),
            class("Bio-1", 0),
            class("Art", 0),
        ]);
        let sides = |school: &BoardData| parallels(school, &school.board().unwrap());
        let list = sides(&school);
        let grades: Vec<i16> = list.iter().map(|s| s.parallel.grade).collect();
        assert_eq!(grades, [7, 8, 0], "the unknown grade is the last");
        assert_eq!(
            first(&list).unwrap().parallel.grade,
            7,
            "nothing is known: the first"
        );
        placed(&mut school, 2, Some(0));
        let list = sides(&school);
        assert_eq!(first(&list).unwrap().parallel.grade, 0, "the only cards");
        assert_eq!(
            (list[2].classes.as_slice(), list[3].classes.as_slice()),
            (&[ClassIx(2)][..], &[ClassIx(3)][..])
        );
        assert_eq!(list[2].title(Lang::Ru, &school), "Без параллели");
        assert_eq!(list[2].title(Lang::En, &school), "Other classes");
        placed(&mut school, 1, Some(1));
        assert_eq!(first(&sides(&school)).unwrap().parallel.grade, 8);
        placed(&mut school, 3, None);
        assert_eq!(
            first(&sides(&school)).unwrap().parallel.grade,
            0,
            "a card waits in the tray"
        );
        school.org = OrgKind::College;
        assert_eq!(sides(&school)[0].title(Lang::Ru, &school), "7-й курс");
    }

    #[test]
    fn a_hundred_classes_are_looked_at_in_parts() {
        let names: Vec<String> = (1..=100).map(|n| format!("G{n:03}")).collect();
        let school = data(names.iter().map(|n| class(n, 0)).collect());
        let list = parallels(&school, &school.board().unwrap());
        assert_eq!(list.len(), 7);
        assert!(list.iter().all(|s| (1..=MOST).contains(&s.classes.len())));
        let all: Vec<ClassIx> = list.iter().flat_map(|s| s.classes.clone()).collect();
        assert_eq!(all, (0..100).map(ClassIx::at).collect::<Vec<_>>());
        assert_eq!(list[0].title(Lang::En, &school), "Other classes: G001 – G015");
        assert_eq!(of_class(&list, ClassIx(99)).unwrap().parallel.part, 6);
        // a «week» of 34 days: still a screen that is drawn quickly
        let mut school = school;
        school.days = (1..=34).map(|n| n.to_string()).collect();
        let list = parallels(&school, &school.board().unwrap());
        assert!(list.iter().all(|s| s.classes.len() <= 5), "{}", list.len());
        assert_eq!(list.iter().map(|s| s.classes.len()).sum::<usize>(), 100);
    }
}
