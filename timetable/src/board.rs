//! The board: cards, where they lie, and who is busy when.

mod table;

use crate::atoms;
use crate::bounds::{BoundOf, Bounds};
use crate::ids::{CardIx, ClassIx, RoomIx, TeacherIx, narrow, span, wide};
use crate::spec::{Audience, BoardSpec, CardSpec, Placement};
use std::fmt;
pub(crate) use table::Table;

/// Facts that contradict themselves: an index that points nowhere, a size beyond the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardError {
    /// Days or slots are 0 or above 64.
    Size {
        /// Days given.
        days: u16,
        /// Slots given.
        slots: u16,
    },
    /// An index of a teacher, class, group or room that is not in its list.
    Unknown {
        /// Which list.
        list: &'static str,
        /// The index.
        index: u32,
    },
    /// A card of duration 0.
    NoDuration(CardIx),
    /// A card is placed where the board has no such slots.
    OffBoard(CardIx),
}

impl fmt::Display for BoardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BoardError::Size { days, slots } => write!(f, "a board of {days} days and {slots} slots"),
            BoardError::Unknown { list, index } => write!(f, "there is no {index} in {list}"),
            BoardError::NoDuration(card) => write!(f, "card {} lasts 0 slots", card.0),
            BoardError::OffBoard(card) => write!(f, "card {} lies outside the board", card.0),
        }
    }
}

impl std::error::Error for BoardError {}

/// A card cannot be recorded there: no such card, day, room, or it would run past the day's last slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffBoard;

impl fmt::Display for OffBoard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outside the board")
    }
}

impl std::error::Error for OffBoard {}

/// A timetable in work. Placing never fails because of a clash: a board may hold clashes, [`Board::judge`] and
/// [`Board::conflicts`] tell of them.
#[derive(Clone, Debug)]
pub struct Board {
    pub(crate) spec: BoardSpec,
    pub(crate) class_atoms: Vec<Vec<u32>>,
    pub(crate) card_atoms: Vec<Vec<u32>>,
    /// Classes named by the card's audience.
    pub(crate) card_classes: Vec<Vec<ClassIx>>,
    /// Positions in the list of gaps, of each card.
    pub(crate) card_gaps: Vec<Vec<usize>>,
    /// Positions in the list of ties, of each card.
    pub(crate) card_ties: Vec<Vec<usize>>,
    /// Classes with pupils in the card: the named ones, and more where classes share pupils.
    card_touches: Vec<Vec<ClassIx>>,
    /// Most hours and days of lessons and persons.
    pub(crate) bounds: crate::bounds::Bounds,
    /// Positions in the list of roomings that ask for something, of each card.
    pub(crate) card_roomings: Vec<Vec<usize>>,
    /// By day the hours at which nobody has lessons; empty where nothing asks.
    pub(crate) breaks: Vec<u64>,
    /// Slots in which the card's people have a bell and are not away, `card * days + day`.
    open: Vec<u64>,
    pub(crate) fit_rooms: Vec<Vec<RoomIx>>,
    pub(crate) atom_away: Vec<crate::ids::TimeSet>,
    /// By atom: hours and cards that lie nowhere.
    pub(crate) atom_tray: Vec<(u32, u32)>,
    /// Where rooms lie, if anything is asked about it.
    pub(crate) charts: Option<crate::ways::Charts>,
    /// Points of each class's week and its days, if anything is asked about them.
    pub(crate) loads: Vec<(u32, u16)>,
    pub(crate) teachers: Table,
    pub(crate) atoms: Table,
    /// The same without what is held beside the lessons, where there is any.
    without_beside: Option<Table>,
    pub(crate) rooms: Table,
    pub(crate) teacher_cards: Vec<Vec<CardIx>>,
    pub(crate) class_cards: Vec<Vec<CardIx>>,
    pub(crate) room_cards: Vec<Vec<CardIx>>,
}

impl Board {
    /// Builds a board. Cards with a placement are placed.
    ///
    /// # Errors
    /// [`BoardError`] if an index points nowhere or a size is beyond the limits.
    pub fn new(mut spec: BoardSpec) -> Result<Self, BoardError> {
        crate::spec::check(&spec)?;
        for card in &mut spec.cards {
            card.teachers.sort_unstable();
            card.teachers.dedup();
            card.audience.sort_unstable();
            card.audience.dedup();
        }
        for gap in &mut spec.gaps {
            gap.cards.sort_unstable();
            gap.cards.dedup();
        }
        for tie in &mut spec.ties {
            for list in [&mut tie.first, &mut tie.second] {
                list.sort_unstable();
                list.dedup();
            }
            // a card is no partner of itself
            let first = &tie.first;
            tie.second.retain(|card| first.binary_search(card).is_err());
        }
        for bound in &mut spec.bounds {
            if let BoundOf::Cards(cards) = &mut bound.of {
                cards.sort_unstable();
                cards.dedup();
            }
        }
        crate::rooming::settle(&mut spec.roomings);
        let atoms = atoms::resolve(&spec);
        let mut atom_away = vec![crate::ids::TimeSet::new(); wide(atoms.count)];
        let sets = spec.classes.iter().map(|c| &c.away).zip(&atoms.classes);
        for (away, set) in sets.chain(spec.groups.iter().map(|g| &g.away).zip(&atoms.groups)) {
            for atom in set {
                atom_away[wide(*atom)].union(away);
            }
        }
        let mut holders: Vec<Vec<ClassIx>> = vec![vec![]; wide(atoms.count)];
        for (class, set) in atoms.classes.iter().enumerate() {
            for atom in set {
                holders[wide(*atom)].push(ClassIx::at(class));
            }
        }
        let mut board = Board {
            teachers: Table::new(&spec, vec![1; spec.teachers.len()]),
            atoms: Table::new(&spec, vec![1; wide(atoms.count)]),
            without_beside: (spec.cards.iter().any(|card| card.beside))
                .then(|| Table::new(&spec, vec![1; wide(atoms.count)])),
            rooms: Table::new(&spec, spec.rooms.iter().map(|r| r.shared_by.max(1)).collect()),
            teacher_cards: vec![vec![]; spec.teachers.len()],
            class_cards: vec![vec![]; spec.classes.len()],
            room_cards: vec![vec![]; spec.rooms.len()],
            card_atoms: Vec::with_capacity(spec.cards.len()),
            card_classes: Vec::with_capacity(spec.cards.len()),
            card_gaps: vec![vec![]; spec.cards.len()],
            card_ties: vec![vec![]; spec.cards.len()],
            card_touches: Vec::with_capacity(spec.cards.len()),
            bounds: Bounds::new(&BoardSpec::default(), &[], (&[], &[])),
            card_roomings: crate::rooming::of_cards(&spec),
            breaks: crate::rooming::breaks(&spec),
            open: Vec::with_capacity(spec.cards.len() * usize::from(spec.days)),
            fit_rooms: Vec::with_capacity(spec.cards.len()),
            class_atoms: atoms.classes,
            atom_tray: vec![(0, 0); atom_away.len()],
            atom_away,
            charts: crate::ways::Charts::of(&spec),
            loads: vec![],
            spec,
        };
        for (n, gap) in board.spec.gaps.iter().enumerate() {
            for card in &gap.cards {
                board.card_gaps[card.ix()].push(n);
            }
        }
        for card in 0..board.spec.cards.len() {
            board.derive(card, &atoms.groups, &holders);
            let hours = u32::from(board.spec.cards[card].duration);
            for atom in &board.card_atoms[card] {
                let (waiting, cards) = &mut board.atom_tray[wide(*atom)];
                *waiting = waiting.saturating_add(hours);
                *cards += 1;
            }
        }
        board.bounds = Bounds::new(
            &board.spec,
            &board.card_atoms,
            (&board.class_atoms, &atoms.groups),
        );
        board.fill_ties();
        for (n, tie) in board.spec.ties.iter().enumerate() {
            for card in tie.first.iter().chain(&tie.second) {
                board.card_ties[card.ix()].push(n);
            }
        }
        board.loads = crate::shape::loads(&board.spec, &board.class_atoms, &board.card_atoms);
        for card in (0..narrow(board.spec.cards.len())).map(CardIx) {
            if let Some(place) = board.spec.cards[card.ix()].placement.take() {
                board
                    .put(card, place)
                    .map_err(|OffBoard| BoardError::OffBoard(card))?;
            }
        }
        Ok(board)
    }

    fn derive(&mut self, card: usize, groups: &[Vec<u32>], holders: &[Vec<ClassIx>]) {
        let spec = &self.spec.cards[card];
        let mut set = vec![];
        let mut named = vec![];
        for audience in &spec.audience {
            match audience {
                Audience::Class(c) => {
                    set.extend_from_slice(&self.class_atoms[c.ix()]);
                    named.push(*c);
                }
                Audience::Group(g) => {
                    set.extend_from_slice(&groups[g.ix()]);
                    named.push(self.spec.groups[g.ix()].class);
                }
            }
        }
        let mut touches: Vec<ClassIx> = set
            .iter()
            .flat_map(|a| holders[wide(*a)].iter().copied())
            .collect();
        touches.extend_from_slice(&named);
        for list in [&mut named, &mut touches] {
            list.sort_unstable();
            list.dedup();
        }
        set.sort_unstable();
        set.dedup();
        for day in 0..self.spec.days {
            let bells = named.iter().map(|c| self.spec.classes[c.ix()].bells.day(day));
            let mut open = bells.fold(span(0, self.spec.slots), |a, b| a & b);
            for t in &spec.teachers {
                open &= !self.spec.teachers[t.ix()].away.day(day);
            }
            for atom in &set {
                open &= !self.atom_away[wide(*atom)].day(day);
            }
            open &= !spec.away.day(day);
            self.open.push(open);
        }
        self.card_atoms.push(set);
        self.card_classes.push(named);
        self.card_touches.push(touches);
        let fit = self.rooms_fitting(CardIx::at(card));
        self.fit_rooms.push(fit);
    }

    /// Days of the week.
    #[must_use]
    pub fn days(&self) -> u16 {
        self.spec.days
    }

    /// Slots per day.
    #[must_use]
    pub fn slots(&self) -> u16 {
        self.spec.slots
    }

    /// The facts, with the present placements in the cards. Send this, or keep it, to have the board again.
    #[must_use]
    pub fn spec(&self) -> &BoardSpec {
        &self.spec
    }

    /// All cards.
    #[must_use]
    pub fn cards(&self) -> &[CardSpec] {
        &self.spec.cards
    }

    /// One card.
    #[must_use]
    pub fn card(&self, card: CardIx) -> Option<&CardSpec> {
        self.spec.cards.get(card.ix())
    }

    /// Where a card lies.
    #[must_use]
    pub fn placement(&self, card: CardIx) -> Option<Placement> {
        self.card(card)?.placement
    }

    /// The indices of all cards.
    pub fn card_indices(&self) -> impl Iterator<Item = CardIx> + use<> {
        (0..narrow(self.spec.cards.len())).map(CardIx)
    }

    /// Cards that lie nowhere.
    #[must_use]
    pub fn unplaced(&self) -> Vec<CardIx> {
        self.card_indices()
            .filter(|c| self.placement(*c).is_none())
            .collect()
    }

    /// Placed cards with pupils of the class.
    #[must_use]
    pub fn cards_of_class(&self, class: ClassIx) -> &[CardIx] {
        self.class_cards.get(class.ix()).map_or(&[], Vec::as_slice)
    }

    /// Placed cards of the teacher.
    #[must_use]
    pub fn cards_of_teacher(&self, teacher: TeacherIx) -> &[CardIx] {
        self.teacher_cards.get(teacher.ix()).map_or(&[], Vec::as_slice)
    }

    /// Placed cards in the room.
    #[must_use]
    pub fn cards_in_room(&self, room: RoomIx) -> &[CardIx] {
        self.room_cards.get(room.ix()).map_or(&[], Vec::as_slice)
    }

    /// Classes named by the card's audience (also through their subgroups).
    #[must_use]
    pub fn classes_of(&self, card: CardIx) -> &[ClassIx] {
        self.card_classes.get(card.ix()).map_or(&[], Vec::as_slice)
    }

    /// Places a card, or moves it, and returns where it lay before; give that to [`Board::restore`] to undo. Clashes
    /// and locks do not hinder: ask [`Board::judge`] first.
    ///
    /// # Errors
    /// [`OffBoard`] if there is no such card, day, slot or room; nothing has changed then.
    pub fn place(
        &mut self,
        card: CardIx,
        day: u16,
        slot: u16,
        room: Option<RoomIx>,
    ) -> Result<Option<Placement>, OffBoard> {
        let place = Placement { day, slot, room };
        if !self.is_on(card, place) {
            return Err(OffBoard);
        }
        let before = self.unplace(card);
        self.put(card, place)?;
        Ok(before)
    }

    /// Takes a card off and returns where it lay.
    pub fn unplace(&mut self, card: CardIx) -> Option<Placement> {
        let place = self.spec.cards.get_mut(card.ix())?.placement.take()?;
        self.mark(card, place, false);
        let forget = |list: &mut Vec<CardIx>| list.retain(|c| *c != card);
        for t in &self.spec.cards[card.ix()].teachers {
            forget(&mut self.teacher_cards[t.ix()]);
        }
        for c in &self.card_touches[card.ix()] {
            forget(&mut self.class_cards[c.ix()]);
        }
        if let Some(room) = place.room {
            forget(&mut self.room_cards[room.ix()]);
        }
        Some(place)
    }

    /// Puts a card where it lay (`None` = takes it off), and returns where it lay until now.
    ///
    /// # Errors
    /// [`OffBoard`] as [`Board::place`].
    pub fn restore(&mut self, card: CardIx, place: Option<Placement>) -> Result<Option<Placement>, OffBoard> {
        match place {
            Some(p) => self.place(card, p.day, p.slot, p.room),
            None => Ok(self.unplace(card)),
        }
    }

    /// Locks or unlocks a card.
    pub fn set_locked(&mut self, card: CardIx, locked: bool) {
        if let Some(spec) = self.spec.cards.get_mut(card.ix()) {
            spec.locked = locked;
        }
    }

    /// Whether two cards want the same teacher or the same pupils in the same week, wherever they lie.
    #[must_use]
    pub fn compete(&self, a: CardIx, b: CardIx) -> bool {
        let (Some(x), Some(y)) = (self.card(a), self.card(b)) else {
            return false;
        };
        a != b
            && x.weeks.meets(y.weeks)
            && (shared(&x.teachers, &y.teachers).is_some() || self.share_pupils(a, b))
    }

    pub(crate) fn share_pupils(&self, a: CardIx, b: CardIx) -> bool {
        shared(&self.card_atoms[a.ix()], &self.card_atoms[b.ix()]).is_some()
    }

    pub(crate) fn open(&self, card: CardIx, day: u16) -> u64 {
        self.open[card.ix() * usize::from(self.spec.days) + usize::from(day)]
    }

    /// Whether anything is held beside the lessons.
    pub(crate) fn has_beside(&self) -> bool {
        self.without_beside.is_some()
    }

    /// Slots of a day with lessons of an atom, as if a card did not lie there: what is held beside the lessons is none.
    pub(crate) fn lessons(&self, atom: usize, parity: usize, day: u16, without: Option<CardIx>) -> u64 {
        let own = without.map_or(0, |card| self.covers(card, day));
        match &self.without_beside {
            // what is held beside them was never in it
            Some(table) if without.is_some_and(|card| self.spec.cards[card.ix()].beside) => {
                table.word(atom, parity, day, 0)
            }
            Some(table) => table.word(atom, parity, day, own),
            None => self.atoms.word(atom, parity, day, own),
        }
    }

    /// The word of slots that a placed card covers on a day.
    pub(crate) fn covers(&self, card: CardIx, day: u16) -> u64 {
        let card = &self.spec.cards[card.ix()];
        card.placement
            .filter(|p| p.day == day)
            .map_or(0, |p| span(p.slot, card.duration))
    }

    pub(crate) fn is_on(&self, card: CardIx, place: Placement) -> bool {
        self.card(card).is_some_and(|c| {
            place.day < self.spec.days
                && place
                    .slot
                    .checked_add(c.duration)
                    .is_some_and(|end| end <= self.spec.slots)
                && place.room.is_none_or(|r| r.ix() < self.spec.rooms.len())
        })
    }

    fn put(&mut self, card: CardIx, place: Placement) -> Result<(), OffBoard> {
        if !self.is_on(card, place) {
            return Err(OffBoard);
        }
        self.spec.cards[card.ix()].placement = Some(place);
        self.mark(card, place, true);
        for t in &self.spec.cards[card.ix()].teachers {
            self.teacher_cards[t.ix()].push(card);
        }
        for c in &self.card_touches[card.ix()] {
            self.class_cards[c.ix()].push(card);
        }
        if let Some(room) = place.room {
            self.room_cards[room.ix()].push(card);
        }
        Ok(())
    }

    fn mark(&mut self, card: CardIx, place: Placement, more: bool) {
        let spec = &self.spec.cards[card.ix()];
        let word = span(place.slot, spec.duration);
        for t in &spec.teachers {
            self.teachers.change(t.ix(), spec.weeks, place.day, word, more);
        }
        let hours = u32::from(spec.duration);
        for atom in &self.card_atoms[card.ix()] {
            self.atoms.change(wide(*atom), spec.weeks, place.day, word, more);
            if let Some(lessons) = self.without_beside.as_mut().filter(|_| !spec.beside) {
                lessons.change(wide(*atom), spec.weeks, place.day, word, more);
            }
            let (waiting, cards) = &mut self.atom_tray[wide(*atom)];
            (*waiting, *cards) = match more {
                true => (waiting.saturating_sub(hours), cards.saturating_sub(1)),
                false => (waiting.saturating_add(hours), cards.saturating_add(1)),
            };
        }
        self.bounds.change(&self.spec, card, place, more);
        if let Some(room) = place.room {
            self.rooms.change(room.ix(), spec.weeks, place.day, word, more);
        }
    }
}

/// The first element that two sorted lists share.
pub(crate) fn shared<T: Ord + Copy>(a: &[T], b: &[T]) -> Option<T> {
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Equal => return Some(*x),
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
        }
    }
    None
}
