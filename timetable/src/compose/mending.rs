//! A board after changed facts, with as few cards moved as can be: what the editor's «Исправить» asks.
//!
//! [`Mending::new`] takes the facts up, [`Mending::repair`] searches (in portions of work, without a clock), and
//! [`Mending::outcome`] says what has moved, what found no place, and why. Whatever the search was at, what comes out has no
//! clash that was not there before the facts: a card that would clash goes to the tray and is named.

use std::collections::BTreeSet;

use super::back::suspects;
use super::elsewhere;
use super::places;
use super::problem::Composition;
use super::score::Score;
use crate::board::Board;
use crate::ids::{CardIx, ClassIx, RoomIx, TeacherIx, TimeSet, narrow, wide};
use crate::judge::Level;
use crate::problem::{Meet, Solution};
use crate::reason::Reason;
use crate::search::repair::{Amended, Price, Repair};
use crate::spec::{Audience, BoardSpec, Placement};
use crate::watch::Watch;
use crate::why::Why;
use serde::{Deserialize, Serialize};

/// A fact that is not any more as the board has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// A teacher is not there.
    Teacher(TeacherIx, TimeSet),
    /// A class is not there.
    Class(ClassIx, TimeSet),
    /// A room is closed.
    Room(RoomIx, TimeSet),
    /// A teacher shall have a day of the week without lessons: of those on which the teacher could teach — classes of theirs have
    /// bells, and they are not away — the one with the fewest lessons now, the first of several; in every week of the board.
    FreeDay(TeacherIx),
}

/// What may be moved, and how gladly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Cards that lie nowhere are placed, too; else they stay in the tray.
    pub tray: bool,
    /// A move is worth a better timetable: it costs a quarter of what it usually does.
    pub gladly: bool,
}

/// A card that lies elsewhere, or only one of the two has a place; or it has another room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Which.
    pub card: CardIx,
    /// Where it lay.
    pub from: Option<Placement>,
    /// Where it lies now; `None`: in the tray.
    pub to: Option<Placement>,
}

impl Shift {
    /// Only the room is another one.
    #[must_use]
    pub fn is_of_room(&self) -> bool {
        let time = |at: &Option<Placement>| at.map(|p| (p.day, p.slot));
        time(&self.from) == time(&self.to)
    }

    /// It had a room, and lies without any now.
    #[must_use]
    pub fn loses_room(&self) -> bool {
        self.from.is_some_and(|at| at.room.is_some()) && self.to.is_some_and(|at| at.room.is_none())
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mended {
    /// What has changed, by day and slot of where it lay; what comes from the tray last.
    pub shifts: Vec<Shift>,
    /// Cards that ought to have a place and have none, each with what closes every cell to it as everything lies in the end. `None`:
    /// there would be a place now.
    pub stuck: Vec<(CardIx, Option<Why>)>,
    /// Cards that could not stay, by the facts.
    pub hit: u32,
    /// Locked ones among these: their lock gave way.
    pub released: Vec<CardIx>,
    /// Cards of the board.
    pub cards: u32,
    /// The board with the facts, as it lay.
    pub before: Score,
    /// The same as it lies now.
    pub after: Score,
}

/// A board with changed facts, ready to be repaired.
pub struct Mending {
    /// With the facts, all cards as they lie.
    whole: Board,
    /// The same without what is to stay in the tray.
    board: Board,
    /// By card of `board`: its position in `whole`.
    of_whole: Vec<CardIx>,
    composition: Composition,
    amended: Amended,
    hit: BTreeSet<CardIx>,
    released: Vec<CardIx>,
    /// Cards that clashed before the facts, in `board`.
    clashed: BTreeSet<CardIx>,
    facts: Vec<Fact>,
}

impl Mending {
    /// Takes facts up. `None`: they name somebody whom the board does not know.
    #[must_use]
    pub fn new(board: &Board, facts: &[Fact], terms: Terms) -> Option<Self> {
        let facts: Vec<Fact> = facts.iter().map(|fact| settled(board, fact)).collect();
        let mut spec = board.spec().clone();
        for fact in &facts {
            take_up(&mut spec, fact)?;
        }
        let whole = Board::new(spec).ok()?;
        let stays_out = |card: &CardIx| !terms.tray && whole.placement(*card).is_none();
        let of_whole: Vec<CardIx> = whole.card_indices().filter(|c| !stays_out(c)).collect();
        let now = Board::new(only(whole.spec(), &of_whole)).ok()?;
        let before = Board::new(only(board.spec(), &of_whole)).ok()?;
        let clashed = clashing(&before);
        let hit: BTreeSet<CardIx> = now
            .card_indices()
            .filter(|card| is_hit(&before, &now, *card))
            .collect();
        let now = elsewhere::looked_for(now, &hit)?;
        let locked = |card: CardIx| {
            let of = now.card(card);
            of.is_some_and(|c| c.locked && c.placement.is_some())
        };
        let keep: Vec<bool> = now
            .card_indices()
            .map(|card| locked(card) && !hit.contains(&card))
            .collect();
        let released = hit.iter().copied().filter(|c| locked(*c)).collect();
        let mut composition = Composition::new(&now, &keep);
        let present = composition.as_it_lies(&places(&now));
        let high = elsewhere::priced(&mut composition);
        let price = match terms.gladly {
            false => high,
            true => Price {
                time: (high.time / 4).max(1),
                seat: (high.seat / 4).max(1),
            },
        };
        let amended = Amended::new(composition.problem(), &present, &[], price).ok()?;
        Some(Self {
            whole,
            board: now,
            of_whole,
            composition,
            amended,
            hit,
            released,
            clashed,
            facts,
        })
    }

    /// The facts; which day a [`Fact::FreeDay`] has become is said by a [`Fact::Teacher`] in its place.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Begins a repair with so much work.
    #[must_use]
    pub fn repair(&self, seed: u64, work: u64) -> Repair<'_> {
        Repair::new(&self.amended, seed, work)
    }

    /// How many cards have another time in a timetable of the search.
    #[must_use]
    pub fn moved(&self, found: &Solution) -> u32 {
        let whole = self.whole_meets(found);
        let is = |was: &Meet| whole.get(wide(was.event)).copied().flatten();
        let meets = self.amended.present.meets.iter();
        narrow(
            meets
                .filter(|was| is(was).and_then(|m| m.time) != was.time)
                .count(),
        )
    }

    /// By event: its meet, if it is in one piece.
    fn whole_meets<'s>(&self, found: &'s Solution) -> Vec<Option<&'s Meet>> {
        let mut by_event = vec![None; self.composition.lessons.len()];
        for meet in &found.meets {
            let whole = meet.duration == self.composition.problem.event(meet.event).duration;
            if let Some(of) = by_event.get_mut(wide(meet.event)) {
                *of = Some(meet).filter(|_| whole);
            }
        }
        by_event
    }

    /// What a timetable of the search comes to.
    #[must_use]
    pub fn outcome(&self, found: &Solution) -> Mended {
        let after = self.settle(found);
        let mut whole = self.whole.clone();
        let mut shifts = vec![];
        for (card, original) in self.board.card_indices().zip(&self.of_whole) {
            let (from, to) = (self.board.placement(card), after.placement(card));
            if from != to {
                shifts.push(Shift {
                    card: *original,
                    from,
                    to,
                });
            }
        }
        for shift in &shifts {
            whole.unplace(shift.card);
        }
        for shift in &shifts {
            // from the board it came and to the board it goes
            let _ = whole.restore(shift.card, shift.to);
        }
        shifts.sort_by_key(|s| (s.from.is_none(), s.from.map(|p| (p.day, p.slot)), s.card));
        let mine = self.of_whole.iter().copied();
        let stuck = mine.filter(|card| whole.placement(*card).is_none());
        let of_whole = |card: &CardIx| self.of_whole.get(card.ix()).copied();
        Mended {
            stuck: stuck.map(|card| (card, whole.why_nowhere(card))).collect(),
            shifts,
            hit: narrow(self.hit.len()),
            released: self.released.iter().filter_map(of_whole).collect(),
            cards: narrow(self.whole.cards().len()),
            before: Score::of(&self.whole),
            after: Score::of(&whole),
        }
    }

    /// The timetable on the board: only what the search has moved is touched.
    fn settle(&self, found: &Solution) -> Board {
        let mut board = self.board.clone();
        let mut changed: Vec<(CardIx, Option<Placement>)> = vec![];
        let whole = self.whole_meets(found);
        for was in &self.amended.present.meets {
            let Some(lesson) = self.composition.lessons.get(wide(was.event)) else {
                continue;
            };
            if lesson.kept {
                continue;
            }
            let Some(is) = whole.get(wide(was.event)).copied().flatten() else {
                // a card in pieces is nowhere
                changed.push((lesson.card, None));
                continue;
            };
            let seat = lesson.room_seat;
            let (old, new) = (self.room(was, seat), self.room(is, seat));
            let same_room = old == new || old.is_none();
            // a card that asks for no room keeps the one it has, unless that is closed
            let closed = seat.is_none() && self.hit.contains(&lesson.card);
            if was.time == is.time && same_room && !closed {
                continue;
            }
            let had = self.board.placement(lesson.card).and_then(|at| at.room);
            let room = match seat {
                Some(_) => new,
                None => had.filter(|_| was.time != is.time),
            };
            changed.push((lesson.card, self.placement(is, room)));
        }
        // What the problem has no place for is no event: it cannot stay where a fact has hit it.
        let nowhere = self.composition.impossible().iter();
        let nowhere = nowhere.filter(|card| self.hit.contains(card));
        changed.extend(nowhere.map(|card| (*card, None)));
        for (card, _) in &changed {
            board.unplace(*card);
        }
        for (card, to) in changed {
            let Some(mut to) = to else { continue };
            let free = board.free_rooms(card, to.day, to.slot);
            if to.room.is_some_and(|room| !free.contains(&room)) {
                to.room = board.best_room(card, to.day, to.slot);
            }
            let _ = board.restore(card, Some(to));
        }
        let lessons = self.composition.lessons.iter();
        let free: BTreeSet<CardIx> = lessons.filter(|l| !l.kept).map(|l| l.card).collect();
        // what clashed before is not for us to take off
        let may_go: BTreeSet<CardIx> = free.difference(&self.clashed).copied().collect();
        Composition::take_off(&mut board, &may_go, &Watch::nobody());
        Composition::place_rest(&mut board, free.iter().copied(), &Watch::nobody());
        board
    }

    fn placement(&self, meet: &Meet, room: Option<RoomIx>) -> Option<Placement> {
        let slots = u32::from(self.board.slots()).max(1);
        let start = meet.time?;
        Some(Placement {
            day: u16::try_from(start / slots).ok()?,
            slot: u16::try_from(start % slots).ok()?,
            room,
        })
    }

    fn room(&self, meet: &Meet, seat: Option<u32>) -> Option<RoomIx> {
        let at = meet.resources.get(wide(seat?)).copied().flatten()?;
        let of = at.checked_sub(self.composition.first_room)?;
        self.composition.rooms.get(wide(of)).copied()
    }
}

/// A wish for a free day as a fact about a day of the week, of each week that the board has.
fn settled(board: &Board, fact: &Fact) -> Fact {
    let Fact::FreeDay(teacher) = fact else {
        return fact.clone();
    };
    let week = match board.spec().week {
        0 => board.days(),
        days => days.min(board.days()),
    };
    let of_weeks = |weekday: u16| (weekday..board.days()).step_by(usize::from(week.max(1)));
    let cards = board.cards_of_teacher(*teacher);
    let lessons = |weekday: u16| -> u32 {
        let there = |day| {
            cards
                .iter()
                .map(move |card| board.covers(*card, day).count_ones())
        };
        of_weeks(weekday).flat_map(there).sum()
    };
    let open = hours_of(board, *teacher);
    let could_teach = |weekday: &u16| of_weeks(*weekday).any(|day| open.day(day) != 0);
    let lightest = |days: Vec<u16>| days.into_iter().min_by_key(|day| (lessons(*day), *day));
    let day = lightest((0..week).filter(could_teach).collect()).or_else(|| lightest((0..week).collect()));
    let mut times = TimeSet::new();
    for day in of_weeks(day.unwrap_or(0)) {
        times.add(day, crate::ids::span(0, board.slots()));
    }
    Fact::Teacher(*teacher, times)
}

/// When a teacher could have a lesson at all: some class of theirs has bells and is there, and so is the teacher.
fn hours_of(board: &Board, teacher: TeacherIx) -> TimeSet {
    let spec = board.spec();
    let cards = board
        .cards_of_teacher(teacher)
        .iter()
        .filter_map(|c| board.card(*c));
    let class = |audience: &Audience| match audience {
        Audience::Class(class) => Some(*class),
        Audience::Group(group) => spec.groups.get(group.ix()).map(|g| g.class),
    };
    let classes: BTreeSet<ClassIx> = cards.flat_map(|c| &c.audience).filter_map(class).collect();
    let away = spec.teachers.get(teacher.ix()).map(|t| &t.away);
    let mut open = TimeSet::new();
    for class in classes.iter().filter_map(|c| spec.classes.get(c.ix())) {
        for day in 0..board.days() {
            let closed = class.away.day(day) | away.map_or(0, |away| away.day(day));
            open.add(day, class.bells.day(day) & !closed);
        }
    }
    open
}

/// Puts a fact into a board's facts.
fn take_up(spec: &mut BoardSpec, fact: &Fact) -> Option<()> {
    let (away, times) = match fact {
        Fact::Teacher(who, times) => (&mut spec.teachers.get_mut(who.ix())?.away, times),
        Fact::Class(class, times) => (&mut spec.classes.get_mut(class.ix())?.away, times),
        Fact::Room(room, times) => (&mut spec.rooms.get_mut(room.ix())?.away, times),
        // it is settled before
        Fact::FreeDay(_) => return None,
    };
    away.union(times);
    Some(())
}

/// The same facts with these cards only, in their order.
fn only(spec: &BoardSpec, cards: &[CardIx]) -> BoardSpec {
    if cards.len() == spec.cards.len() {
        return spec.clone();
    }
    let mut new = vec![None; spec.cards.len()];
    for (at, card) in cards.iter().enumerate() {
        if let Some(new) = new.get_mut(card.ix()) {
            *new = Some(CardIx::at(at));
        }
    }
    let mut fewer = spec.clone();
    fewer.cards = cards
        .iter()
        .filter_map(|c| spec.cards.get(c.ix()).cloned())
        .collect();
    for gap in &mut fewer.gaps {
        let known = gap.cards.iter();
        gap.cards = known.filter_map(|c| new.get(c.ix()).copied().flatten()).collect();
    }
    for list in fewer.ties.iter_mut().flat_map(|t| [&mut t.first, &mut t.second]) {
        let known = list.iter();
        *list = known.filter_map(|c| new.get(c.ix()).copied().flatten()).collect();
    }
    fewer
}

/// Cards that clash, or may be what another one clashes with.
fn clashing(board: &Board) -> BTreeSet<CardIx> {
    let faults = board.conflicts();
    let clashes = faults.iter().filter(|f| f.level == Level::Clash);
    clashes.flat_map(|fault| suspects(board, fault)).collect()
}

/// Whether a card cannot stay where it is, by the facts alone.
fn is_hit(before: &Board, now: &Board, card: CardIx) -> bool {
    let Some(at) = now.placement(card) else {
        return false;
    };
    let away = |board: &Board| {
        let verdict = board.judge(card, at.day, at.slot, at.room);
        let of = |r: &Reason| {
            matches!(
                r,
                Reason::TeacherAway { .. } | Reason::ClassAway { .. } | Reason::RoomAway { .. }
            )
        };
        let mut all = verdict.reasons;
        all.retain(of);
        all
    };
    let old = away(before);
    away(now).iter().any(|reason| !old.contains(reason))
}
