//! Rooms that lessons take together: a list of lessons in few different rooms, or in one and the same where they follow at once.
//!
//! What is asked is about rooms, and a lesson gets its room when it lies. So a cell is judged with the best room that is free in it, and a
//! room is chosen by what it breaks before it is chosen by what is wished (see [`Board::best_room`]). A lesson without a room takes none
//! and breaks nothing. Another lesson never mends a breach, so where it must not be, a cell without another room is closed at once.
//!
//! The search counts the same (`compose/rooming.rs`).

use serde::{Deserialize, Serialize};

use crate::board::Board;
use crate::ids::{CardIx, NormId, RoomIx, narrow, short, span};
use crate::judge::{Level, Verdict};
use crate::limits::Limit;
use crate::reason::Reason;
use crate::review::{Problem, push};
use crate::spec::{BoardSpec, ClassSpec};

/// What is asked of the rooms of a list of lessons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Rooming {
    /// All together they take at most so many different ones.
    AtMost(u16),
    /// Where one begins as another ends, on one day and with nobody's lessons between, both are in one room.
    InARow,
}

/// Lessons and what is asked of their rooms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomingSpec {
    /// The lessons.
    pub cards: Vec<CardIx>,
    /// What is asked.
    pub what: Rooming,
    /// What each room too many, or each change between two lessons, costs.
    pub penalty: u16,
    /// It is a clash.
    #[serde(default)]
    pub hard: bool,
}

impl RoomingSpec {
    /// Whether it asks for anything.
    #[must_use]
    pub fn counts(&self) -> bool {
        let few = match self.what {
            Rooming::AtMost(most) => self.cards.len() > usize::from(most),
            Rooming::InARow => self.cards.len() > 1,
        };
        few && (self.hard || self.penalty > 0)
    }

    fn limit(&self) -> Limit {
        Limit {
            value: 0,
            norm: NormId(0),
            penalty: self.penalty,
            hard: self.hard,
        }
    }
}

/// What of a rule a card meets at a time: rooms that others of its list have, each once, with one of the lessons.
#[derive(Clone, Debug)]
pub(crate) struct Met {
    rule: usize,
    what: Rooming,
    limit: Limit,
    rooms: Vec<(RoomIx, CardIx)>,
}

impl Met {
    /// By how much more of it is broken with the card in a room.
    fn more(&self, room: RoomIx) -> u16 {
        let others = self.rooms.iter().filter(|(other, _)| *other != room).count();
        match self.what {
            Rooming::InARow => short(others),
            Rooming::AtMost(most) => {
                let anew = others == self.rooms.len() && others >= usize::from(most);
                u16::from(anew)
            }
        }
    }

    fn reasons(&self, room: RoomIx) -> Vec<Reason> {
        let rule = narrow(self.rule);
        let mut others = self.rooms.iter().filter(|(other, _)| *other != room);
        match self.what {
            Rooming::InARow => others
                .map(|(room, card)| Reason::OtherRoom {
                    rule,
                    card: *card,
                    room: *room,
                })
                .collect(),
            Rooming::AtMost(_) => {
                let found = short(self.rooms.len() + 1);
                let other = others.next();
                let reason = |(room, card): &(RoomIx, CardIx)| Reason::TooManyRooms {
                    rule,
                    card: *card,
                    room: *room,
                    found,
                };
                other.map(reason).into_iter().collect()
            }
        }
    }
}

/// Each card of a list once.
pub(crate) fn settle(all: &mut [RoomingSpec]) {
    for of in all {
        of.cards.sort_unstable();
        of.cards.dedup();
    }
}

/// Positions of those that ask for something, of each card.
pub(crate) fn of_cards(spec: &BoardSpec) -> Vec<Vec<usize>> {
    let mut of_cards = vec![vec![]; spec.cards.len()];
    for (n, of) in spec.roomings.iter().enumerate().filter(|(_, of)| of.counts()) {
        for card in &of.cards {
            of_cards[card.ix()].push(n);
        }
    }
    of_cards
}

/// By day the hours at which nobody has lessons: what lies on both sides of them follows at once. Empty where nothing asks.
pub(crate) fn breaks(spec: &BoardSpec) -> Vec<u64> {
    let asks = |of: &RoomingSpec| of.what == Rooming::InARow && of.counts();
    if spec.classes.is_empty() || !spec.roomings.iter().any(asks) {
        return vec![];
    }
    let of_day = |day: u16| {
        let closed = |class: &ClassSpec| !class.bells.day(day) | class.away.day(day);
        let all = spec.classes.iter().map(closed);
        all.fold(span(0, spec.slots), |word, closed| word & closed)
    };
    (0..spec.days).map(of_day).collect()
}

impl Board {
    /// Whether anything is asked of the rooms of a card and others.
    pub(crate) fn has_rooming(&self, card: CardIx) -> bool {
        self.card_roomings.get(card.ix()).is_some_and(|of| !of.is_empty())
    }

    /// Whether one of two stays on a day begins as the other ends.
    fn follow(&self, day: u16, one: (u16, u16), other: (u16, u16)) -> bool {
        let (early, late) = if one.0 <= other.0 {
            (one, other)
        } else {
            (other, one)
        };
        let between = late.0.checked_sub(early.1).map(|length| span(early.1, length));
        between.is_some_and(|word| {
            let breaks = self.breaks.get(usize::from(day)).copied().unwrap_or(0);
            word & !breaks == 0
        })
    }

    fn neighbours(&self, of: &RoomingSpec, card: CardIx, (day, slot): (u16, u16)) -> Vec<CardIx> {
        let spec = &self.spec.cards[card.ix()];
        let own = (slot, slot.saturating_add(spec.duration));
        let follows = |other: &CardIx| {
            let it = &self.spec.cards[other.ix()];
            let at = it.placement.filter(|at| *other != card && at.day == day);
            at.is_some_and(|at| {
                it.weeks.meets(spec.weeks)
                    && self.follow(day, own, (at.slot, at.slot.saturating_add(it.duration)))
            })
        };
        of.cards.iter().copied().filter(follows).collect()
    }

    fn rooms_of(&self, cards: &[CardIx], without: Option<CardIx>) -> Vec<(RoomIx, CardIx)> {
        let lies = |card: &CardIx| Some((self.placement(*card)?.room?, *card));
        let others = cards.iter().filter(|card| Some(**card) != without);
        let mut rooms: Vec<(RoomIx, CardIx)> = others.filter_map(lies).collect();
        rooms.sort_unstable();
        rooms
    }

    /// What a card meets at a time, as if it lay nowhere.
    pub(crate) fn rooming_at(&self, card: CardIx, at: (u16, u16)) -> Vec<Met> {
        let Some(of_card) = self.card_roomings.get(card.ix()) else {
            return vec![];
        };
        let met = |rule: &usize| {
            let of = &self.spec.roomings[*rule];
            let rooms = match of.what {
                Rooming::AtMost(_) => {
                    let mut rooms = self.rooms_of(&of.cards, Some(card));
                    rooms.dedup_by_key(|(room, _)| *room);
                    rooms
                }
                Rooming::InARow => self.rooms_of(&self.neighbours(of, card, at), Some(card)),
            };
            Met {
                rule: *rule,
                what: of.what,
                limit: of.limit(),
                rooms,
            }
        };
        of_card
            .iter()
            .map(met)
            .filter(|met| !met.rooms.is_empty())
            .collect()
    }

    /// What a room costs a card that meets this: whether it is a clash, and the price.
    pub(crate) fn rooming_cost(met: &[Met], room: RoomIx) -> (bool, i32) {
        let (mut clash, mut price) = (false, 0i32);
        for of in met {
            let more = of.more(room);
            clash |= of.limit.hard && more > 0;
            price = price.saturating_add(i32::from(of.limit.penalty) * i32::from(more));
        }
        (clash, price)
    }

    /// What a card in a room does to the rooms of its lists.
    pub(crate) fn rooming(met: &[Met], room: Option<RoomIx>, verdict: &mut Verdict) {
        let Some(room) = room else { return };
        for of in met {
            let more = of.more(room);
            let mut reasons = of.reasons(room).into_iter();
            if let Some(first) = reasons.next().filter(|_| more > 0) {
                verdict.limit(0, more, of.limit, first);
                for reason in reasons {
                    let level = if of.limit.hard { Level::Clash } else { Level::Poor };
                    verdict.add(level, 0, reason);
                }
            }
        }
    }

    /// Whether a room breaks nothing that must be of the rooms of a card and others.
    #[must_use]
    pub fn keeps_rooming(&self, card: CardIx, (day, slot): (u16, u16), room: RoomIx) -> bool {
        !Self::rooming_cost(&self.rooming_at(card, (day, slot)), room).0
    }

    /// Rooms too many, and changes of room between lessons that follow at once, as things lie.
    pub(crate) fn rooming_problems(&self, problems: &mut Vec<Problem>) {
        for (n, of) in self
            .spec
            .roomings
            .iter()
            .enumerate()
            .filter(|(_, of)| of.counts())
        {
            let level = if of.hard { Level::Clash } else { Level::Poor };
            let rule = narrow(n);
            match of.what {
                Rooming::AtMost(most) => {
                    let all = self.rooms_of(&of.cards, None);
                    let mut rooms: Vec<&[(RoomIx, CardIx)]> = all.chunk_by(|a, b| a.0 == b.0).collect();
                    let found = short(rooms.len());
                    // those that most of the lessons have may stay
                    rooms.sort_by_key(|of_room| std::cmp::Reverse(of_room.len()));
                    let kept = rooms.first().and_then(|of_room| of_room.first()).copied();
                    for (_, card) in rooms
                        .iter()
                        .skip(most.into())
                        .filter_map(|of_room| of_room.first())
                    {
                        let Some((room, other)) = kept else { continue };
                        let day = self.placement(*card).map_or(0, |at| at.day);
                        let reason = Reason::TooManyRooms {
                            rule,
                            card: other,
                            room,
                            found,
                        };
                        push(problems, level, day, Some(*card), reason);
                    }
                }
                Rooming::InARow => {
                    for card in &of.cards {
                        let Some(at) = self.placement(*card) else { continue };
                        let Some(own) = at.room else { continue };
                        let later = self.neighbours(of, *card, (at.day, at.slot));
                        let later = later.into_iter().filter(|other| {
                            let there = self.placement(*other);
                            there.is_some_and(|there| (there.slot, *other) > (at.slot, *card))
                        });
                        let later: Vec<CardIx> = later.collect();
                        for (room, other) in self.rooms_of(&later, None) {
                            if room != own {
                                let reason = Reason::OtherRoom {
                                    rule,
                                    card: *card,
                                    room: own,
                                };
                                push(problems, level, at.day, Some(other), reason);
                            }
                        }
                    }
                }
            }
        }
    }
}
