//! What speaks for and against a card in a cell, as data.

use crate::board::Board;
use crate::ids::{CardIx, RoomIx, bits, span, wide, windows};
use crate::limits::Limit;
use crate::norms::{self, ClassDay};
use crate::reason::Reason;
use crate::spec::Placement;
use serde::{Deserialize, Serialize};

/// How a cell suits a card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Nothing speaks against it.
    #[default]
    Good,
    /// It can be held, but something is worse than it should be.
    Poor,
    /// It cannot be held.
    Clash,
}

/// The judgement of one card in one cell. If the level is [`Level::Clash`] only clashes are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The worst of the reasons.
    pub level: Level,
    /// Cost of the reasons that are not clashes; below 0 if the place mends something (fills a window).
    pub penalty: i32,
    /// What speaks against it.
    pub reasons: Vec<Reason>,
    /// While a cell is judged: once something clashes only clashes are kept. The review collects everything.
    #[serde(skip)]
    clashes_alone: bool,
}

impl Verdict {
    fn of_a_cell() -> Self {
        Self {
            clashes_alone: true,
            ..Self::default()
        }
    }

    pub(crate) fn add(&mut self, level: Level, penalty: u16, reason: Reason) {
        // whoever may not put a card there at all is not told what would only be poor
        if self.clashes_alone && level > self.level && level == Level::Clash {
            self.reasons.clear();
        }
        let untold = self.clashes_alone && self.level == Level::Clash && level < Level::Clash;
        self.level = self.level.max(level);
        self.penalty += i32::from(penalty);
        if untold {
            return;
        }
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    /// Priced against where the card lies now, instead of against lying nowhere: below 0 is better than now. What clashes, and what is
    /// compared with a clash, has no price.
    pub fn against(&mut self, now: &Self) {
        if self.level < Level::Clash && now.level < Level::Clash {
            self.penalty -= now.penalty;
        }
    }

    fn clash(&mut self, reason: Reason) {
        self.add(Level::Clash, 0, reason);
    }

    /// A limit that was broken by so much before, and is after.
    pub(crate) fn limit(&mut self, before: u16, after: u16, limit: Limit, reason: Reason) {
        if !limit.hard {
            self.soft(before, after, limit.penalty, reason);
        } else if after > before {
            self.add(Level::Clash, limit.penalty, reason);
        }
    }

    fn soft(&mut self, before: u16, after: u16, each: u16, reason: Reason) {
        if each > 0 && after > before {
            self.add(Level::Poor, each.saturating_mul(after - before), reason);
        } else {
            self.penalty -= i32::from(each) * i32::from(before.saturating_sub(after));
        }
    }
}

/// What lies on a day, leaving out one card.
struct DayBase {
    classes: Vec<ClassDay>,
    trails: Vec<crate::ways::Trail>,
}

/// A place that a card could have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Day, first slot and best room.
    pub at: Placement,
    /// The judgement.
    pub verdict: Verdict,
}

impl Board {
    /// Judges a card in a cell as if it lay nowhere now. `room: None` means "a room will be found": then only a needed
    /// room of which none is free is told.
    #[must_use]
    pub fn judge(&self, card: CardIx, day: u16, slot: u16, room: Option<RoomIx>) -> Verdict {
        let mut verdict = Verdict::of_a_cell();
        if !self.is_on(card, Placement { day, slot, room }) {
            verdict.clash(Reason::OffBoard {
                slots: self.spec.slots,
            });
            tidy(&mut verdict);
            return verdict;
        }
        self.clashes(card, day, slot, &mut verdict);
        self.judge_room(card, day, slot, room, &mut verdict);
        if verdict.level < Level::Clash {
            let base = self.day_base(card, day);
            self.norms_and_wishes(card, day, (slot, room), &base, &mut verdict);
        }
        tidy(&mut verdict);
        verdict
    }

    /// Judges every cell: the verdict of (day, slot) is at `day * slots() + slot`. Empty for a card that does not exist.
    #[must_use]
    pub fn judge_all(&self, card: CardIx) -> Vec<Verdict> {
        if self.card(card).is_none() {
            return vec![];
        }
        let mut all = Vec::with_capacity(usize::from(self.spec.days) * usize::from(self.spec.slots));
        for day in 0..self.spec.days {
            let mut base = None;
            for slot in 0..self.spec.slots {
                let mut verdict = Verdict::of_a_cell();
                if self.is_on(
                    card,
                    Placement {
                        day,
                        slot,
                        room: None,
                    },
                ) {
                    self.clashes(card, day, slot, &mut verdict);
                    self.judge_room(card, day, slot, None, &mut verdict);
                    if verdict.level < Level::Clash {
                        let base = base.get_or_insert_with(|| self.day_base(card, day));
                        self.norms_and_wishes(card, day, (slot, None), base, &mut verdict);
                    }
                } else {
                    verdict.clash(Reason::OffBoard {
                        slots: self.spec.slots,
                    });
                }
                tidy(&mut verdict);
                all.push(verdict);
            }
        }
        all
    }

    /// The cells without a clash, best first, each with its best free room.
    #[must_use]
    pub fn best_places(&self, card: CardIx) -> Vec<Place> {
        let cells = (0..self.spec.days).flat_map(|d| (0..self.spec.slots).map(move |s| (d, s)));
        let mut places: Vec<Place> = cells
            .zip(self.judge_all(card))
            .filter(|(_, verdict)| verdict.level < Level::Clash)
            .map(|((day, slot), verdict)| {
                let room = self.best_room(card, day, slot);
                Place {
                    at: Placement { day, slot, room },
                    verdict,
                }
            })
            .collect();
        places.sort_by_key(|p| (p.verdict.penalty, p.verdict.level, p.at.slot, p.at.day));
        places
    }

    /// Whether nothing makes the cell impossible, rooms and hard limits aside. Quick.
    pub(crate) fn is_clear(&self, card: CardIx, day: u16, slot: u16) -> bool {
        let spec = &self.spec.cards[card.ix()];
        let word = span(slot, spec.duration);
        if word & !self.open(card, day) != 0 || spec.no_start.day(day) & span(slot, 1) != 0 {
            return false;
        }
        let own = self.covers(card, day);
        let busy = |t: &crate::board::Table, e: usize| t.any(e, spec.weeks, day, own) & word != 0;
        !spec.teachers.iter().any(|t| busy(&self.teachers, t.ix()))
            && !self.card_atoms[card.ix()]
                .iter()
                .any(|a| busy(&self.atoms, wide(*a)))
    }

    /// Clashes of time, teachers and pupils.
    fn clashes(&self, card: CardIx, day: u16, slot: u16, verdict: &mut Verdict) {
        if self.is_clear(card, day, slot) {
            return;
        }
        let spec = &self.spec.cards[card.ix()];
        let word = span(slot, spec.duration);
        self.closed(card, day, word, verdict);
        let own = self.covers(card, day);
        for t in &spec.teachers {
            if self.teachers.any(t.ix(), spec.weeks, day, own) & word != 0 {
                for other in self.lying(&self.teacher_cards[t.ix()], card, day, word) {
                    verdict.clash(Reason::TeacherBusy {
                        teacher: *t,
                        card: other,
                    });
                }
            }
        }
        let atoms = &self.card_atoms[card.ix()];
        if atoms
            .iter()
            .any(|a| self.atoms.any(wide(*a), spec.weeks, day, own) & word != 0)
        {
            for class in self.card_classes[card.ix()].iter() {
                for other in self.lying(&self.class_cards[class.ix()], card, day, word) {
                    let told = verdict.reasons.iter();
                    let told = told.filter(|r| matches!(r, Reason::AudienceBusy { .. }));
                    if self.share_pupils(card, other)
                        && !told.filter_map(Reason::blocking_card).any(|c| c == other)
                    {
                        verdict.clash(Reason::AudienceBusy {
                            class: *class,
                            card: other,
                        });
                    }
                }
            }
        }
    }

    /// Bells and times away, of everybody and of the card itself, for slots of a word.
    pub(crate) fn closed(&self, card: CardIx, day: u16, word: u64, verdict: &mut Verdict) {
        let spec = &self.spec.cards[card.ix()];
        if let Some(slot) = bits(word).next()
            && spec.no_start.day(day) & span(slot, 1) != 0
        {
            verdict.clash(Reason::CardStart { card, slot });
        }
        if word & !self.open(card, day) == 0 {
            return;
        }
        let first = |closed: u64| bits(word & closed).next();
        for class in &self.card_classes[card.ix()] {
            if let Some(slot) = first(!self.spec.classes[class.ix()].bells.day(day)) {
                verdict.clash(Reason::NoBell { class: *class, slot });
            }
            let mine = self.card_atoms[card.ix()].iter();
            let of_class = &self.class_atoms[class.ix()];
            let mine = mine.filter(|a| of_class.binary_search(a).is_ok());
            let away = mine.fold(0, |word, a| word | self.atom_away[wide(*a)].day(day));
            if let Some(slot) = first(away) {
                verdict.clash(Reason::ClassAway { class: *class, slot });
            }
        }
        for t in &spec.teachers {
            if let Some(slot) = first(self.spec.teachers[t.ix()].away.day(day)) {
                verdict.clash(Reason::TeacherAway { teacher: *t, slot });
            }
        }
        if let Some(slot) = first(spec.away.day(day)) {
            verdict.clash(Reason::CardAway { card, slot });
        }
    }

    /// Cards of a list, other than `card`, that lie on the slots in a common week.
    pub(crate) fn lying<'a>(
        &'a self,
        list: &'a [CardIx],
        card: CardIx,
        day: u16,
        word: u64,
    ) -> impl Iterator<Item = CardIx> + 'a {
        let weeks = self.spec.cards[card.ix()].weeks;
        list.iter().copied().filter(move |other| {
            *other != card
                && self.spec.cards[other.ix()].weeks.meets(weeks)
                && self.covers(*other, day) & word != 0
        })
    }

    fn judge_room(&self, card: CardIx, day: u16, slot: u16, room: Option<RoomIx>, verdict: &mut Verdict) {
        let spec = &self.spec.cards[card.ix()];
        let word = span(slot, spec.duration);
        let wishes = self.spec.wishes;
        let price = spec.room.price(&wishes);
        let fault_level = if spec.room.hard { Level::Clash } else { Level::Poor };
        let Some(room) = room else {
            if spec.room.needed
                && !self.fit_rooms[card.ix()]
                    .iter()
                    .any(|r| self.room_is_free(card, *r, day, slot))
            {
                verdict.add(fault_level, price, Reason::NoFreeRoom);
            }
            return;
        };
        if let Some(slot) = bits(word & self.spec.rooms[room.ix()].away.day(day)).next() {
            verdict.clash(Reason::RoomAway { room, slot });
        }
        let own = self.own_room_word(card, room, day);
        if self.rooms.any(room.ix(), spec.weeks, day, own) & word != 0 {
            for other in self.lying(&self.room_cards[room.ix()], card, day, word) {
                verdict.clash(Reason::RoomBusy { room, card: other });
            }
        }
        if let Some(fault) = self.room_fault(card, room) {
            verdict.add(fault_level, price, Reason::RoomUnsuitable { room, fault });
        } else if self.fit_rooms[card.ix()].first() != Some(&room) {
            verdict.penalty += i32::from(wishes.other_room);
        }
    }

    fn day_base(&self, card: CardIx, day: u16) -> DayBase {
        let classes = self.card_classes[card.ix()].iter();
        DayBase {
            classes: classes
                .map(|class| ClassDay::new(self, *class, day, Some(card)))
                .collect(),
            trails: self.trails_without(card, day),
        }
    }

    fn norms_and_wishes(
        &self,
        card: CardIx,
        day: u16,
        (slot, room): (u16, Option<RoomIx>),
        base: &DayBase,
        verdict: &mut Verdict,
    ) {
        if self.charts.is_some() || self.has_rooming(card) {
            self.judge_ways(card, (day, slot), room, &base.trails, verdict);
            if verdict.level == Level::Clash {
                return;
            }
        }
        let spec = &self.spec.cards[card.ix()];
        let wishes = self.spec.wishes;
        for class_day in &base.classes {
            norms::judge(self, class_day, card, slot, verdict);
            let (before, after) = class_day.windows_with(spec, slot);
            let reason = Reason::ClassWindow {
                class: class_day.class,
                windows: after,
            };
            verdict.soft(before, after, wishes.class_window, reason);
        }
        self.gaps(card, day, verdict);
        self.ties(card, (day, slot), verdict);
        self.bounds(card, (day, slot), verdict);
        let word = span(slot, spec.duration);
        self.unwanted(card, day, word, verdict);
        let own = self.covers(card, day);
        for t in &spec.teachers {
            let of_weeks = |f: fn(u64) -> u16, more: u64| {
                let words = spec
                    .weeks
                    .parities()
                    .map(|p| self.teachers.word(t.ix(), p, day, own) | more);
                words.map(f).max().unwrap_or(0)
            };
            let (before, after) = (of_weeks(windows, 0), of_weeks(windows, word));
            verdict.soft(
                before,
                after,
                wishes.teacher_window,
                Reason::TeacherWindow {
                    teacher: *t,
                    windows: after,
                },
            );
            self.teacher_limits(*t, card, day, word, verdict);
        }
    }
}

/// A clash makes everything else unimportant.
fn tidy(verdict: &mut Verdict) {
    verdict.clashes_alone = false;
    if verdict.level == Level::Clash {
        verdict.penalty = 0;
    }
}
