//! What rows and columns a view of the board has.

use study_core::timetable::BoardData;
use study_core::timetable::parallels::{self, Parallel, Side};
use timetable::{Board, CardIx, ClassIx, RoomIx, TeacherIx};

/// How the board is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// All classes of a grade (or a part of them), days under each other.
    Parallel(Parallel),
    /// One class, days beside each other.
    Class(ClassIx),
    /// One teacher.
    Teacher(TeacherIx),
    /// One room.
    Room(RoomIx),
}

/// Whose cards a cell shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// A class.
    Class(ClassIx),
    /// A teacher.
    Teacher(TeacherIx),
    /// A room.
    Room(RoomIx),
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellAt {
    /// Day.
    pub day: u16,
    /// Slot.
    pub slot: u16,
    /// Whose.
    pub whom: Whom,
}

/// Rows that belong together: a day of a parallel, or the whole week of one class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The day's name, where the rows are one day's.
    pub title: Option<String>,
    /// Rows: slot and cells.
    pub rows: Vec<(u16, Vec<CellAt>)>,
}

/// The whole view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Heads of the columns.
    pub columns: Vec<String>,
    /// Groups of rows.
    pub groups: Vec<Group>,
}

impl View {
    /// The first view of a board: the first parallel with cards to place, else with any; on a narrow window one class of
    /// it.
    pub fn first(sides: &[Side], board: &Board, narrow: bool) -> Self {
        let Some(side) = parallels::first(sides) else {
            return Self::Class(ClassIx(0));
        };
        if !narrow {
            return Self::Parallel(side.parallel);
        }
        let waiting = board.unplaced().into_iter().find_map(|card| {
            let classes = board.classes_of(card).iter();
            classes.copied().find(|c| side.classes.contains(c))
        });
        let with_cards = || {
            side.classes
                .iter()
                .find(|c| !board.cards_of_class(**c).is_empty())
        };
        let class = waiting.or_else(|| with_cards().or(side.classes.first()).copied());
        Self::Class(class.unwrap_or(ClassIx(0)))
    }

    /// The classes of a parallel.
    fn side(parallel: Parallel, sides: &[Side]) -> &[ClassIx] {
        sides
            .iter()
            .find(|s| s.parallel == parallel)
            .map_or(&[], |s| s.classes.as_slice())
    }

    /// Does a card belong to what is seen?
    pub fn concerns(self, sides: &[Side], board: &Board, card: CardIx) -> bool {
        match self {
            Self::Parallel(parallel) => {
                let classes = board.classes_of(card);
                let seen = Self::side(parallel, sides);
                // a meeting of teachers belongs to no class: shown with every parallel
                classes.is_empty() || classes.iter().any(|c| seen.contains(c))
            }
            Self::Class(class) => board.classes_of(card).contains(&class),
            Self::Teacher(teacher) => board.card(card).is_some_and(|c| c.teachers.contains(&teacher)),
            Self::Room(_) => true,
        }
    }

    /// Its rows and columns. Slots at the end of the day in which nobody seen has a bell or a card are left out.
    pub fn layout(self, data: &BoardData, sides: &[Side], board: &Board) -> Layout {
        let size = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let (days, slots) = (size(data.days.len()), size(data.slots.len()));
        let classes: Vec<ClassIx> = match self {
            Self::Parallel(parallel) => Self::side(parallel, sides).to_vec(),
            Self::Class(class) => vec![class],
            Self::Teacher(_) | Self::Room(_) => (0..data.classes.len()).map(ClassIx::at).collect(),
        };
        let in_use = |slot: u16| {
            let rings = |c: &ClassIx| {
                data.classes
                    .get(c.ix())
                    .is_some_and(|c| (0..days).any(|d| c.bells.contains(d, slot)))
            };
            let holds = |c: &ClassIx| {
                let lies = |card: &CardIx| {
                    let end = |p: timetable::Placement| p.slot + board.card(*card).map_or(1, |c| c.duration);
                    board.placement(*card).is_some_and(|p| slot < end(p))
                };
                board.cards_of_class(*c).iter().any(lies)
            };
            classes.iter().any(rings) || classes.iter().any(holds)
        };
        let last = (0..slots).rev().find(|s| in_use(*s)).map_or(slots, |s| s + 1);
        match self {
            Self::Parallel(_) => Layout {
                columns: classes
                    .iter()
                    .filter_map(|c| data.classes.get(c.ix()))
                    .map(|c| c.name.clone())
                    .collect(),
                groups: (0..days)
                    .map(|day| Group {
                        title: data.days.get(usize::from(day)).cloned(),
                        rows: (0..last)
                            .map(|slot| {
                                (
                                    slot,
                                    classes
                                        .iter()
                                        .map(|c| CellAt {
                                            day,
                                            slot,
                                            whom: Whom::Class(*c),
                                        })
                                        .collect(),
                                )
                            })
                            .collect(),
                    })
                    .collect(),
            },
            Self::Class(_) | Self::Teacher(_) | Self::Room(_) => {
                let whom = match self {
                    Self::Teacher(t) => Whom::Teacher(t),
                    Self::Room(r) => Whom::Room(r),
                    Self::Class(c) => Whom::Class(c),
                    Self::Parallel(_) => Whom::Class(ClassIx(0)),
                };
                Layout {
                    columns: data.days.clone(),
                    groups: vec![Group {
                        title: None,
                        rows: (0..last)
                            .map(|slot| (slot, (0..days).map(|day| CellAt { day, slot, whom }).collect()))
                            .collect(),
                    }],
                }
            }
        }
    }
}

impl CellAt {
    /// The cards that lie here, in the board's order.
    pub fn cards(self, board: &Board) -> Vec<CardIx> {
        let of = match self.whom {
            Whom::Class(class) => board.cards_of_class(class),
            Whom::Teacher(teacher) => board.cards_of_teacher(teacher),
            Whom::Room(room) => board.cards_in_room(room),
        };
        let here = |card: &CardIx| {
            let length = board.card(*card).map_or(1, |c| c.duration);
            board
                .placement(*card)
                .is_some_and(|p| p.day == self.day && (p.slot..p.slot + length).contains(&self.slot))
        };
        let mut cards: Vec<CardIx> = of.iter().copied().filter(here).collect();
        cards.sort_unstable();
        cards
    }
}
