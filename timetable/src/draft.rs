//! A school as an importer read it: names, loads, cards, unavailability. Neutral: nothing here knows of FET.
//!
//! A new importer makes a [`SchoolDraft`]; everything behind it (showing what will be imported, writing it to the
//! database, opening it as a [`Board`]) works from there. What the file asks of its lessons stands in a room of its own, `asked`.

mod asked;

pub use asked::{
    DraftBound, DraftBoundOf, DraftGap, DraftLast, DraftLimit, DraftRooming, DraftTie, DraftTimes, Limited,
    LimitedOf, TimesOf,
};

use crate::board::{Board, BoardError};
use crate::ids::{BuildingIx, CardIx, ClassIx, GroupIx, RoomIx, SubjectIx, TeacherIx, TimeSet, Weeks};
use crate::limits::Wishes;
use crate::spec::{
    Audience, BoardSpec, CardSpec, ClassSpec, GapSpec, GroupSpec, Placement, RoomNeed, RoomSpec, Site,
    TeacherSpec,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// What a day too few between two lessons costs on a draft's board: about a teacher's two windows.
const GAP_PENALTY: u16 = 6;

/// A school read from a file. All indices point into its own lists (checked by the importer).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SchoolDraft {
    /// Name of the institution, may be empty.
    pub name: String,
    /// Free remarks of the file.
    pub comments: String,
    /// Names of the days.
    pub days: Vec<String>,
    /// Names of the slots of a day.
    pub slots: Vec<String>,
    /// Names of the subjects; [`SubjectIx`] points here.
    pub subjects: Vec<String>,
    /// Teachers.
    pub teachers: Vec<DraftTeacher>,
    /// Names of the buildings.
    pub buildings: Vec<String>,
    /// Rooms.
    pub rooms: Vec<DraftRoom>,
    /// Classes.
    pub classes: Vec<DraftClass>,
    /// Subgroups of classes.
    pub groups: Vec<DraftGroup>,
    /// Who teaches what to whom.
    pub loads: Vec<DraftLoad>,
    /// Cards that should be spread over the week.
    pub gaps: Vec<DraftGap>,
    /// Cards that belong together in time, pair by pair.
    #[serde(default)]
    pub ties: Vec<DraftTie>,
    /// Cards that end the day of their students.
    #[serde(default)]
    pub last: Vec<DraftLast>,
    /// What is asked of the days and hours of teachers and classes.
    pub limits: Vec<DraftLimit>,
    /// Hours that lessons should keep to.
    #[serde(default)]
    pub times: Vec<DraftTimes>,
    /// Most hours or days of lessons and persons.
    #[serde(default)]
    pub bounds: Vec<DraftBound>,
    /// Rooms that cards take together.
    #[serde(default)]
    pub roomings: Vec<DraftRooming>,
    /// Times at which the whole school has no lessons (breaks).
    pub breaks: TimeSet,
    /// What the file says and this draft does not: kind and how often, by kind.
    pub ignored: Vec<Ignored>,
}

/// A teacher.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DraftTeacher {
    /// Name as in the file.
    pub name: String,
    /// Times at which the teacher cannot teach.
    pub away: TimeSet,
}

/// A room.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DraftRoom {
    /// Name as in the file.
    pub name: String,
    /// Position in [`SchoolDraft::buildings`].
    pub building: Option<u32>,
    /// Seats, if the file has a real figure.
    pub capacity: Option<u32>,
    /// Times at which the room cannot be used.
    pub away: TimeSet,
    /// How many lessons may be held in it at once, where the file says so; 0 and 1 mean one.
    #[serde(default)]
    pub shared_by: u16,
    /// What it is for: the school's word, where the file says it.
    #[serde(default)]
    pub kind: Option<String>,
}

/// A class.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DraftClass {
    /// Name as in the file.
    pub name: String,
    /// Name of the set above it (parallel, year), if the class is not the topmost.
    pub parallel: Option<String>,
    /// Grade, guessed from the name, see [`grade_in`].
    pub grade: Option<u8>,
    /// Pupils, 0 = unknown.
    pub pupils: u32,
    /// Times at which it cannot be taught.
    pub away: TimeSet,
    /// The room that its lessons prefer.
    pub home_room: Option<RoomIx>,
    /// Its pupils as atoms (see the crate's documentation).
    pub atoms: Vec<u32>,
}

/// A subgroup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftGroup {
    /// Its class.
    pub class: ClassIx,
    /// Name as in the file.
    pub name: String,
    /// Pupils, 0 = unknown.
    pub pupils: u32,
    /// Subgroups of a class with the same key share no pupils.
    pub split: u16,
    /// Times at which it cannot be taught.
    pub away: TimeSet,
    /// Its pupils as atoms. Subgroups of different splits share pupils exactly if they share atoms.
    pub atoms: Vec<u32>,
}

/// A subject taught by certain teachers to certain pupils.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftLoad {
    /// Subject.
    pub subject: SubjectIx,
    /// Teachers, may be empty.
    pub teachers: Vec<TeacherIx>,
    /// Classes and subgroups, may be empty (a meeting of teachers).
    pub audience: Vec<Audience>,
    /// Its lessons of the week.
    pub cards: Vec<DraftCard>,
}

/// One card of a load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftCard {
    /// The number that the file gives it.
    pub source_id: u32,
    /// Slots in a row.
    pub duration: u16,
    /// The weeks in which it is held.
    #[serde(default)]
    pub weeks: Weeks,
    /// Not to be planned: a file without odd and even weeks has it only to be kept.
    #[serde(default)]
    pub off: bool,
    /// Rooms that the file allows or prefers; empty = says nothing.
    pub rooms: Vec<RoomIx>,
    /// It allows no others.
    pub rooms_must: bool,
    /// Of rooms that are only preferred: weight in thousandths of a percent, where it is told.
    #[serde(default)]
    pub rooms_weight: Option<u32>,
    /// Where it lies, if the file has it.
    pub placement: Option<Placement>,
    /// Not to be moved.
    pub locked: bool,
}

/// Something in the file that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ignored {
    /// Its name in the file.
    pub kind: String,
    /// How often.
    pub count: u32,
    /// Line of the first one.
    pub line: u32,
    /// Lines of all of them.
    #[serde(default)]
    pub lines: Vec<u32>,
}

impl Ignored {
    /// Nothing of a kind yet.
    #[must_use]
    pub fn of(kind: &str, line: u32) -> Self {
        Self {
            kind: kind.to_owned(),
            count: 0,
            line,
            lines: vec![],
        }
    }

    /// One more.
    pub fn add(&mut self, line: u32) {
        self.count = self.count.saturating_add(1);
        self.line = self.line.min(line);
        self.lines.push(line);
    }

    /// A kind at these lines, once at each.
    #[must_use]
    pub fn at(kind: &str, lines: std::collections::BTreeSet<u32>) -> Self {
        Self {
            kind: kind.to_owned(),
            count: crate::ids::narrow(lines.len()),
            line: lines.first().copied().unwrap_or(0),
            lines: lines.into_iter().collect(),
        }
    }
}

impl SchoolDraft {
    /// Whether two subgroups have pupils in common.
    #[must_use]
    pub fn overlap(&self, a: GroupIx, b: GroupIx) -> bool {
        let (Some(a), Some(b)) = (self.groups.get(a.ix()), self.groups.get(b.ix())) else {
            return false;
        };
        a.atoms.iter().any(|atom| b.atoms.contains(atom))
    }

    /// Pairs of subgroups of one class that lie in different splits and still share no pupil.
    #[must_use]
    pub fn disjoint(&self) -> Vec<(GroupIx, GroupIx)> {
        let mut of_class: BTreeMap<ClassIx, Vec<usize>> = BTreeMap::new();
        for (at, group) in self.groups.iter().enumerate() {
            of_class.entry(group.class).or_default().push(at);
        }
        let mut pairs = vec![];
        for own in of_class.values() {
            for (nth, i) in own.iter().enumerate() {
                let Some(a) = self.groups.get(*i) else { continue };
                let atoms: HashSet<u32> = a.atoms.iter().copied().collect();
                for j in &own[nth + 1..] {
                    let other = self.groups.get(*j).filter(|b| a.split != b.split);
                    if other.is_some_and(|b| !b.atoms.iter().any(|atom| atoms.contains(atom))) {
                        pairs.push((GroupIx::at(*i), GroupIx::at(*j)));
                    }
                }
            }
        }
        pairs.sort_unstable();
        pairs
    }

    /// How many cards there are, and how many have a place.
    #[must_use]
    pub fn card_counts(&self) -> (usize, usize) {
        let cards = || self.loads.iter().flat_map(|l| &l.cards);
        (cards().count(), cards().filter(|c| c.placement.is_some()).count())
    }

    /// The cards in the order of the board: load by load.
    pub fn card_list(&self) -> impl Iterator<Item = (CardIx, &DraftLoad, &DraftCard)> {
        let cards = self
            .loads
            .iter()
            .flat_map(|load| load.cards.iter().map(move |card| (load, card)));
        cards
            .enumerate()
            .map(|(n, (load, card))| (CardIx::at(n), load, card))
    }

    /// Gives classes and subgroups their atoms, of splits and of subgroups told to share no pupil, unless they have some.
    pub fn cut_into_atoms(&mut self, disjoint: &[(GroupIx, GroupIx)]) {
        // of a board's facts only who is whose part: cards carry copies of what their loads name
        let class = |c: &DraftClass| ClassSpec {
            atoms: c.atoms.clone(),
            ..ClassSpec::default()
        };
        let group = |g: &DraftGroup| GroupSpec {
            class: g.class,
            split: g.split,
            pupils: g.pupils,
            away: TimeSet::new(),
            atoms: g.atoms.clone(),
        };
        let spec = BoardSpec {
            classes: self.classes.iter().map(class).collect(),
            groups: self.groups.iter().map(group).collect(),
            disjoint: disjoint.to_vec(),
            ..BoardSpec::default()
        };
        let atoms = crate::atoms::resolve(&spec);
        for (class, own) in self.classes.iter_mut().zip(atoms.classes) {
            class.atoms = own;
        }
        for (group, own) in self.groups.iter_mut().zip(atoms.groups) {
            group.atoms = own;
        }
    }

    /// The facts for a board: no norms, nothing that is asked of teachers, classes or pairs of lessons, every class with every slot as its bells, card order of [`Self::card_list`].
    #[must_use]
    pub fn board_spec(&self) -> BoardSpec {
        let days = crate::ids::short(self.days.len());
        let slots = crate::ids::short(self.slots.len());
        let mut bells = TimeSet::daily(days, 0, slots);
        for (day, slot) in self.breaks.iter() {
            bells.remove(day, slot);
        }
        let with_breaks = |away: &TimeSet| {
            let mut all = away.clone();
            all.union(&self.breaks);
            all
        };
        let class = |c: &DraftClass| ClassSpec {
            bells: bells.clone(),
            away: c.away.clone(),
            pupils: c.pupils,
            home_room: c.home_room,
            atoms: c.atoms.clone(),
            ..ClassSpec::default()
        };
        let group = |g: &DraftGroup| GroupSpec {
            class: g.class,
            split: g.split,
            pupils: g.pupils,
            away: g.away.clone(),
            atoms: g.atoms.clone(),
        };
        let card = |load: &DraftLoad, card: &DraftCard| CardSpec {
            subject: load.subject,
            teachers: load.teachers.clone(),
            audience: load.audience.clone(),
            duration: card.duration,
            room: RoomNeed {
                needed: card.rooms_must,
                kind: None,
                allowed: card.rooms.clone(),
                hard: card.rooms_must,
                penalty: None,
            },
            away: TimeSet::new(),
            no_start: TimeSet::new(),
            unwanted: vec![],
            weeks: card.weeks,
            difficulty: 0,
            is_pe: false,
            homework: false,
            beside: false,
            locked: card.locked,
            placement: card.placement,
        };
        let gap = |g: &DraftGap| GapSpec {
            cards: g.cards.clone(),
            days: g.days,
            penalty: GAP_PENALTY,
            hard: false,
        };
        let teacher = |t: &DraftTeacher| TeacherSpec {
            away: with_breaks(&t.away),
            ..TeacherSpec::default()
        };
        let room = |r: &DraftRoom| RoomSpec {
            capacity: r.capacity,
            away: r.away.clone(),
            building: r.building.map(BuildingIx),
            shared_by: r.shared_by,
            ..RoomSpec::default()
        };
        BoardSpec {
            days,
            slots,
            week: 0,
            teachers: self.teachers.iter().map(teacher).collect(),
            classes: self.classes.iter().map(class).collect(),
            groups: self.groups.iter().map(group).collect(),
            disjoint: vec![],
            rooms: self.rooms.iter().map(room).collect(),
            cards: self.card_list().map(|(_, l, c)| card(l, c)).collect(),
            gaps: self.gaps.iter().map(gap).collect(),
            ties: vec![],
            bounds: vec![],
            roomings: vec![],
            wishes: Wishes::default(),
            site: Site::default(),
        }
    }

    /// A board of the draft.
    ///
    /// # Errors
    /// [`BoardError`] if the draft contradicts itself (an importer's drafts do not) or exceeds the board's sizes.
    pub fn board(&self) -> Result<Board, BoardError> {
        Board::new(self.board_spec())
    }
}

/// The grade in a name: its first number from 1 to 12, else a Roman one that stands by itself («IX-a», «Clasa a XI-a»).
#[must_use]
pub fn grade_in(name: &str) -> Option<u8> {
    let runs = name
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty());
    let plain = runs
        .filter_map(|run| run.parse::<u8>().ok())
        .find(|n| (1..=12).contains(n));
    plain.or_else(|| {
        let words = name.split(|c: char| !c.is_alphanumeric());
        words.filter_map(roman).next()
    })
}

fn roman(word: &str) -> Option<u8> {
    const NUMERALS: [&str; 12] = [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
    ];
    (1u8..).zip(NUMERALS).find(|(_, n)| *n == word).map(|(n, _)| n)
}

#[cfg(test)]
mod tests {
    use super::grade_in;

    #[test]
    fn a_grade_is_read_from_arabic_and_roman_numbers() {
        for (name, grade) in [
            ("7А", Some(7)),
            ("Year 11 blue", Some(11)),
            ("IX-a", Some(9)),
            ("Clasa a XI-a B", Some(11)),
            ("ИС-21", None),
            ("2024", None),
            ("XIII", None),
            ("Villa", None),
            ("11 V", Some(11)),
        ] {
            assert_eq!(grade_in(name), grade, "{name}");
        }
    }
}
