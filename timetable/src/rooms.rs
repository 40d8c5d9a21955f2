//! Which room a card may have, and which are free.

use crate::board::Board;
use crate::ids::{CardIx, RoomIx, span};
use crate::spec::Audience;
use serde::{Deserialize, Serialize};

/// Why a room does not suit a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RoomFault {
    /// The card wants a room of another kind.
    OtherKind,
    /// The card has a list of rooms, and this is not in it.
    NotAllowed,
    /// Fewer seats than pupils.
    TooSmall {
        /// Seats.
        seats: u32,
        /// Pupils.
        pupils: u32,
    },
}

impl Board {
    /// How many pupils attend a card; 0 = unknown.
    #[must_use]
    pub fn pupils(&self, card: CardIx) -> u32 {
        let Some(spec) = self.card(card) else { return 0 };
        let sizes = spec.audience.iter().map(|a| match a {
            Audience::Class(c) => self.spec.classes[c.ix()].pupils,
            Audience::Group(g) => self.spec.groups[g.ix()].pupils,
        });
        sizes.fold(0, u32::saturating_add)
    }

    /// What speaks against a room for a card, whatever the time.
    #[must_use]
    pub fn room_fault(&self, card: CardIx, room: RoomIx) -> Option<RoomFault> {
        let (Some(spec), Some(facts)) = (self.card(card), self.spec.rooms.get(room.ix())) else {
            return None;
        };
        if spec.room.kind.is_some() && spec.room.kind != facts.kind {
            return Some(RoomFault::OtherKind);
        }
        if !spec.room.allowed.is_empty() && !spec.room.allowed.contains(&room) {
            return Some(RoomFault::NotAllowed);
        }
        let pupils = self.pupils(card);
        match facts.capacity {
            Some(seats) if seats < pupils => Some(RoomFault::TooSmall { seats, pupils }),
            _ => None,
        }
    }

    /// The rooms that suit a card and are free there, best first: home room of the class, then the order of the allowed
    /// list, then the smallest that is large enough. Those that break what must be of its rooms and others' come last.
    #[must_use]
    pub fn free_rooms(&self, card: CardIx, day: u16, slot: u16) -> Vec<RoomIx> {
        let fits = self.fit_rooms.get(card.ix()).map_or(&[][..], Vec::as_slice);
        let free = fits.iter().copied();
        let mut free: Vec<RoomIx> = free.filter(|r| self.room_is_free(card, *r, day, slot)).collect();
        let met = self.rooming_at(card, (day, slot));
        if !met.is_empty() {
            free.sort_by_key(|room| Self::rooming_cost(&met, *room).0);
        }
        free
    }

    /// Whether a card asks for a room.
    pub(crate) fn wants_room(&self, card: CardIx) -> bool {
        let wants = &self.spec.cards[card.ix()].room;
        wants.needed || wants.kind.is_some() || !wants.allowed.is_empty()
    }

    /// The best free room, if the card wants one; where ways between rooms matter, one that its people reach in time, and where it takes rooms
    /// [together with others](crate::RoomingSpec), one that breaks least of that.
    #[must_use]
    pub fn best_room(&self, card: CardIx, day: u16, slot: u16) -> Option<RoomIx> {
        self.card(card)?;
        if !self.wants_room(card) {
            return None;
        }
        if (self.charts.is_some() || self.has_rooming(card)) && day < self.spec.days {
            let trails = self.trails_without(card, day);
            let met = self.rooming_at(card, (day, slot));
            return self.room_in_reach(card, (day, slot), &trails, &met).0;
        }
        let fits = self.fit_rooms.get(card.ix())?;
        fits.iter()
            .copied()
            .find(|r| self.room_is_free(card, *r, day, slot))
    }

    pub(crate) fn room_is_free(&self, card: CardIx, room: RoomIx, day: u16, slot: u16) -> bool {
        let Some(spec) = self.card(card) else { return false };
        if day >= self.spec.days {
            return false;
        }
        let word = span(slot, spec.duration);
        let own = self.own_room_word(card, room, day);
        word & (self.spec.rooms[room.ix()].away.day(day) | self.rooms.any(room.ix(), spec.weeks, day, own))
            == 0
    }

    pub(crate) fn own_room_word(&self, card: CardIx, room: RoomIx, day: u16) -> u64 {
        let here = self.placement(card).is_some_and(|p| p.room == Some(room));
        if here { self.covers(card, day) } else { 0 }
    }

    pub(crate) fn rooms_fitting(&self, card: CardIx) -> Vec<RoomIx> {
        let spec = &self.spec.cards[card.ix()];
        let mut home = None;
        if let [one] = &self.card_classes[card.ix()][..] {
            home = self.spec.classes[one.ix()].home_room;
        }
        let listed = !spec.room.allowed.is_empty();
        let mut all: Vec<RoomIx> = if listed {
            spec.room.allowed.clone()
        } else {
            (0..self.spec.rooms.len()).map(RoomIx::at).collect()
        };
        all.retain(|r| self.room_fault(card, *r).is_none());
        if listed {
            all.sort_by_key(|r| Some(*r) != home);
        } else {
            all.sort_by_key(|r| {
                (
                    Some(*r) != home,
                    self.spec.rooms[r.ix()].capacity.unwrap_or(u32::MAX),
                )
            });
        }
        all
    }
}
