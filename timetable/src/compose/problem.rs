//! The board as a problem: times, resources, events. The rules are added by [`rules`](super::rules) and
//! [`limits`](super::limits).

use std::collections::{BTreeMap, BTreeSet};

use super::pupils::{Pupils, pupils};
use crate::board::Board;
use crate::ids::{CardIx, ClassIx, RoomIx, TeacherIx, Weeks, bits, narrow, span, wide};
use crate::problem::{
    Constraint, CostFunction, Event, EventGroup, Named, Problem, Resource, ResourceGroup, Rule, Scope, Seat,
    Span, TimeGroup,
};
use crate::unmet::Whose;
use crate::watch::Watch;

/// Kinds of resources.
pub(super) const TEACHER: u32 = 0;
pub(super) const PUPILS: u32 = 1;
pub(super) const ROOM: u32 = 2;
/// Counts a class's hard lessons; may be in several places.
pub(super) const COUNTER: u32 = 3;

/// The role of a seat for a room.
pub(super) const ROOM_ROLE: u32 = 0;

/// A card as an event.
#[derive(Clone, Debug)]
pub(super) struct Lesson {
    pub card: CardIx,
    /// It stays where it is.
    pub kept: bool,
    /// Times at which it may start.
    pub starts: Vec<u32>,
    /// Its seat for a room.
    pub room_seat: Option<u32>,
}

/// The question what a school's timetable should be.
#[derive(Clone, Debug)]
pub struct Composition {
    /// The board with its kept cards only.
    pub(super) board: Board,
    pub(super) problem: Problem,
    /// By event.
    pub(super) lessons: Vec<Lesson>,
    /// By resource, from [`Composition::first_room`] on: the room. One that holds several cards at once is several.
    pub(super) rooms: Vec<RoomIx>,
    pub(super) first_room: u32,
    /// By resource: whose time it is.
    pub(super) owners: Vec<Option<Whose>>,
    impossible: Vec<CardIx>,
}

impl Composition {
    /// Asks how the cards of a board should lie. `keep` names, by position, cards that stay where they are; of a card that
    /// lies nowhere it says nothing.
    #[must_use]
    pub fn new(board: &Board, keep: &[bool]) -> Self {
        Self::made(board, keep, &Watch::nobody())
    }

    /// The same, as long as `go_on` says so: it is asked every few steps. `None` if it has said no.
    #[must_use]
    pub fn watched(board: &Board, keep: &[bool], go_on: &dyn Fn() -> bool) -> Option<Self> {
        let watch = Watch::new(go_on);
        let made = Self::made(board, keep, &watch);
        watch.whole(made)
    }

    fn made(board: &Board, keep: &[bool], watch: &Watch<'_>) -> Self {
        let mut base = board.clone();
        for card in board.card_indices() {
            if watch.is_over_at(card.ix()) {
                break;
            }
            if !keep.get(card.ix()).copied().unwrap_or(false) {
                base.unplace(card);
            }
        }
        let mut draft = Draft::new(&base, board, watch);
        draft.lessons();
        super::rules::all(&mut draft);
        super::limits::all(&mut draft);
        let owners = draft.owners();
        let Draft {
            problem,
            lessons,
            rooms,
            first_room,
            impossible,
            ..
        } = draft;
        Self {
            problem,
            lessons,
            rooms,
            first_room,
            owners,
            impossible,
            board: base,
        }
    }

    /// The problem.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Cards that fit nowhere, however everything else lies: no time at which all of their people are there, or no room
    /// that suits. They are no part of the problem.
    #[must_use]
    pub fn impossible(&self) -> &[CardIx] {
        &self.impossible
    }

    /// How many cards are to be placed.
    #[must_use]
    pub fn movable(&self) -> u32 {
        narrow(self.lessons.iter().filter(|l| !l.kept).count())
    }
}

/// What is known while the problem is made.
pub(super) struct Draft<'a> {
    pub board: &'a Board,
    /// The board as it lay, with all its cards.
    pub lay: &'a Board,
    pub problem: Problem,
    pub lessons: Vec<Lesson>,
    pub event_of: Vec<Option<u32>>,
    /// Resources of each teacher in odd and in even weeks.
    pub teachers: Vec<[u32; 2]>,
    pub pupils: Vec<Pupils>,
    /// The same of the pupils.
    pub pupil_resources: Vec<[u32; 2]>,
    pub rooms: Vec<RoomIx>,
    pub first_room: u32,
    pub impossible: Vec<CardIx>,
    /// Counters of pupils' lessons, where something is held beside them, and whose they are.
    pub counted: Vec<(u32, ClassIx)>,
    pub slots: u32,
    /// Asked between the steps; once it is over the rest is left out.
    pub watch: &'a Watch<'a>,
    windows: BTreeMap<Vec<u32>, u32>,
    groups: BTreeMap<Vec<u32>, u32>,
    room_groups: BTreeMap<Vec<u32>, u32>,
}

fn named(id: String) -> Named {
    Named { name: id.clone(), id }
}

impl<'a> Draft<'a> {
    fn new(board: &'a Board, lay: &'a Board, watch: &'a Watch<'a>) -> Self {
        let slots = u32::from(board.slots());
        let mut problem = Problem {
            id: "school".to_owned(),
            kinds: ["teachers", "pupils", "rooms", "counters"]
                .map(|k| named(k.to_owned()))
                .to_vec(),
            roles: vec!["room".to_owned()],
            ..Problem::default()
        };
        for day in 0..u32::from(board.days()) {
            for slot in 0..slots {
                problem.times.push(named(format!("{day}:{slot}")));
            }
            problem.time_groups.push(TimeGroup {
                label: named(format!("day {day}")),
                span: Span::Day,
                times: (day * slots..(day + 1) * slots).collect(),
            });
        }
        let mut draft = Self {
            board,
            lay,
            problem,
            lessons: vec![],
            event_of: vec![None; board.cards().len()],
            teachers: vec![],
            pupils: pupils(board),
            pupil_resources: vec![],
            rooms: vec![],
            first_room: 0,
            impossible: vec![],
            counted: vec![],
            slots,
            watch,
            windows: BTreeMap::new(),
            groups: BTreeMap::new(),
            room_groups: BTreeMap::new(),
        };
        draft.resources();
        draft
    }

    fn resources(&mut self) {
        let board = self.board;
        let uneven = |cards: &[CardIx]| {
            let mut weeks = cards.iter().map(|card| board.cards()[card.ix()].weeks);
            weeks.any(|weeks| weeks != Weeks::Every)
        };
        let mut of_teacher: Vec<Vec<CardIx>> = vec![vec![]; board.spec.teachers.len()];
        for card in board.card_indices() {
            for teacher in &board.spec.cards[card.ix()].teachers {
                of_teacher[teacher.ix()].push(card);
            }
        }
        for (n, cards) in of_teacher.iter().enumerate() {
            let split = uneven(cards);
            let pair = self.pair(TEACHER, n, split);
            self.teachers.push(pair);
        }
        for n in 0..self.pupils.len() {
            let split = uneven(&self.pupils[n].cards);
            let pair = self.pair(PUPILS, n, split);
            self.pupil_resources.push(pair);
        }
        self.first_room = narrow(self.problem.resources.len());
        for (n, room) in board.spec.rooms.iter().enumerate() {
            for copy in 0..room.shared_by.max(1) {
                self.resource(ROOM, format!("room {n}.{copy}"));
                self.rooms.push(RoomIx::at(n));
            }
        }
    }

    /// Whose time each resource is; a counter is nobody, but one of lessons.
    fn owners(&self) -> Vec<Option<Whose>> {
        let mut owners = vec![None; self.problem.resources.len()];
        for (n, pair) in self.teachers.iter().enumerate() {
            for at in pair {
                owners[wide(*at)] = Some(Whose::Teacher(TeacherIx::at(n)));
            }
        }
        for (pupils, pair) in self.pupils.iter().zip(&self.pupil_resources) {
            for at in pair {
                owners[wide(*at)] = pupils.classes.first().copied().map(Whose::Class);
            }
        }
        for (at, room) in (self.first_room..).zip(&self.rooms) {
            owners[wide(at)] = Some(Whose::Room(*room));
        }
        for (at, class) in &self.counted {
            owners[wide(*at)] = Some(Whose::Class(*class));
        }
        owners
    }

    pub fn resource(&mut self, kind: u32, id: String) -> u32 {
        let at = narrow(self.problem.resources.len());
        let label = named(id);
        self.problem.resources.push(Resource { label, kind });
        at
    }

    fn pair(&mut self, kind: u32, n: usize, split: bool) -> [u32; 2] {
        let what = if kind == TEACHER { "teacher" } else { "pupils" };
        let odd = self.resource(kind, format!("{what} {n}"));
        let even = if split {
            self.resource(kind, format!("{what} {n} even"))
        } else {
            odd
        };
        [odd, even]
    }

    /// The times of a meet that starts there.
    pub fn time(&self, day: u16, slot: u16) -> u32 {
        u32::from(day) * self.slots + u32::from(slot)
    }

    /// Times at which a card may start, whoever else is where.
    fn starts(&self, card: CardIx) -> Vec<u32> {
        let duration = self.board.spec.cards[card.ix()].duration;
        let mut starts = vec![];
        for day in 0..self.board.days() {
            let open = self.board.open(card, day);
            for slot in bits(open) {
                let word = span(slot, duration);
                let fits = slot
                    .checked_add(duration)
                    .is_some_and(|end| end <= self.board.slots());
                let may = !self.board.spec.cards[card.ix()].no_start.contains(day, slot);
                if fits && may && word & !open == 0 && super::limits::may_lie(self.board, card, slot) {
                    starts.push(self.time(day, slot));
                }
            }
        }
        starts
    }

    /// Makes the events.
    fn lessons(&mut self) {
        let mut pupils_of: Vec<Vec<usize>> = vec![vec![]; self.board.cards().len()];
        for (n, pupils) in self.pupils.iter().enumerate() {
            for card in &pupils.cards {
                pupils_of[card.ix()].push(n);
            }
        }
        for card in self.board.card_indices() {
            if self.watch.is_over_at(card.ix()) {
                return;
            }
            let spec = &self.board.spec.cards[card.ix()];
            let kept = spec.placement;
            let mut starts = vec![];
            if kept.is_none() {
                starts = self.starts(card);
                let must = spec.room.needed && spec.room.hard;
                if starts.is_empty() || must && self.board.fit_rooms[card.ix()].is_empty() {
                    self.impossible.push(card);
                    continue;
                }
            }
            let mut who: BTreeSet<u32> = BTreeSet::new();
            for week in spec.weeks.parities() {
                who.extend(spec.teachers.iter().map(|t| self.teachers[t.ix()][week]));
                let pupils = pupils_of[card.ix()].iter();
                who.extend(pupils.map(|p| self.pupil_resources[*p][week]));
            }
            let fixed = who.into_iter().map(|at| Seat {
                fixed: Some(at),
                role: None,
                kind: self.problem.resources[wide(at)].kind,
                workload: None,
            });
            let seats = fixed.collect();
            self.event_of[card.ix()] = Some(narrow(self.problem.events.len()));
            self.lessons.push(Lesson {
                card,
                kept: kept.is_some(),
                starts,
                room_seat: None,
            });
            self.problem.events.push(Event {
                label: named(format!("card {}", card.0)),
                color: None,
                duration: spec.duration.into(),
                workload: None,
                time: kept.map(|at| self.time(at.day, at.slot)),
                course: None,
                seats,
                whole_groups: vec![],
            });
        }
    }

    /// A rule, required if it has no price. Nothing is added where it applies to nothing.
    fn add(&mut self, name: &str, price: Option<u32>, scope: Scope, rule: Rule) {
        let Scope {
            event_groups,
            events,
            resources,
            ..
        } = &scope;
        if price == Some(0) || event_groups.len() + events.len() + resources.len() == 0 {
            return;
        }
        let at = self.problem.constraints.len();
        self.problem.constraints.push(Constraint {
            label: Named {
                id: format!("c{at}"),
                name: name.to_owned(),
            },
            required: price.is_none(),
            weight: price.unwrap_or(1),
            cost: CostFunction::Linear,
            scope,
            rule,
        });
    }

    /// A rule about events.
    pub fn for_events(&mut self, name: &str, price: Option<u32>, events: Vec<u32>, rule: Rule) {
        let scope = Scope {
            events,
            ..Scope::default()
        };
        self.add(name, price, scope, rule);
    }

    /// A rule about resources.
    pub fn for_resources(&mut self, name: &str, price: Option<u32>, resources: Vec<u32>, rule: Rule) {
        let scope = Scope {
            resources,
            ..Scope::default()
        };
        self.add(name, price, scope, rule);
    }

    /// A rule about groups of events.
    pub fn for_groups(&mut self, name: &str, price: Option<u32>, event_groups: Vec<u32>, rule: Rule) {
        let scope = Scope {
            event_groups,
            ..Scope::default()
        };
        self.add(name, price, scope, rule);
    }

    /// A wish about pairs of events that its rule names: each that it misses costs once.
    pub fn for_pairs(&mut self, name: &str, price: Option<u32>, rule: Rule) {
        let at = self.problem.constraints.len();
        self.problem.constraints.push(Constraint {
            label: Named {
                id: format!("c{at}"),
                name: name.to_owned(),
            },
            required: price.is_none(),
            weight: price.unwrap_or(1),
            cost: CostFunction::Step,
            scope: Scope::default(),
            rule,
        });
    }

    /// A group of exactly these events. One may be in it several times: it then counts as several.
    pub fn group(&mut self, events: Vec<u32>) -> u32 {
        let next = narrow(self.problem.event_groups.len());
        let at = *self.groups.entry(events.clone()).or_insert(next);
        if at == next {
            self.problem.event_groups.push(EventGroup {
                label: named(format!("group {next}")),
                course: false,
                events,
            });
        }
        at
    }

    /// A group of exactly these times.
    pub fn window(&mut self, times: Vec<u32>) -> u32 {
        let next = narrow(self.problem.time_groups.len());
        let at = *self.windows.entry(times.clone()).or_insert(next);
        if at == next {
            self.problem.time_groups.push(TimeGroup {
                label: named(format!("times {next}")),
                span: Span::Plain,
                times,
            });
        }
        at
    }

    /// A group of exactly these rooms.
    pub fn room_group(&mut self, rooms: Vec<u32>) -> u32 {
        let next = narrow(self.problem.resource_groups.len());
        let at = *self.room_groups.entry(rooms.clone()).or_insert(next);
        if at == next {
            self.problem.resource_groups.push(ResourceGroup {
                label: named(format!("rooms {next}")),
                kind: ROOM,
                resources: rooms,
            });
        }
        at
    }

    /// The resources that a room is.
    pub fn copies(&self, room: RoomIx) -> impl Iterator<Item = u32> + '_ {
        let all = (self.first_room..).zip(&self.rooms);
        all.filter(move |(_, of)| **of == room).map(|(at, _)| at)
    }

    /// Groups of times one longer than so many in a row: each that is full is one too many.
    pub fn runs(&mut self, most: u16) -> Vec<u32> {
        let length = u32::from(most) + 1;
        let mut runs = vec![];
        for day in 0..u32::from(self.board.days()) {
            for first in 0..(self.slots + 1).saturating_sub(length) {
                let from = day * self.slots + first;
                runs.push(self.window((from..from + length).collect()));
            }
        }
        runs
    }

    /// The days of each calendar week, as groups of times.
    pub fn weeks(&self) -> Vec<Vec<u32>> {
        let mut weeks = vec![];
        let mut first = 0;
        while first < self.board.days() {
            let week = self.board.week_of(first);
            first = week.end.max(first + 1);
            weeks.push(week.map(u32::from).collect());
        }
        weeks
    }

    /// The groups of times that are days.
    pub fn days(&self) -> Vec<u32> {
        (0..u32::from(self.board.days())).collect()
    }
}
