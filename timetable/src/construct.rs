//! Filling a board without clashes: most constrained card first; a card that fits nowhere pushes out what is in its way
//! (an ejection chain), and what was pushed out often becomes dear to push out again.
//!
//! Deterministic: the same board, seed and budget give the same timetable. It is a constructor, not an optimiser: class
//! windows are avoided by giving each class days of fixed length first, teachers' windows and repeated subjects are only
//! preferred against, and at the end lessons of a class change places where that lowers the judge's penalty.
//!
//! The next step (large-neighbourhood search) belongs beside this module and may start from its result.

mod polish;

use crate::board::Board;
use crate::ids::{CardIx, ClassIx, RoomIx, TeacherIx, bits, ones, short, span, wide};
use crate::judge::Level;
use crate::spec::Placement;
use std::collections::{BTreeMap, BinaryHeap};

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Cards that found no place. They are off the board.
    pub unplaced: Vec<CardIx>,
    /// How much of the budget was used.
    pub work: u64,
}

/// Places the cards that lie nowhere, so that nothing placed by it clashes.
///
/// Locked cards stay where they are; other placed cards may be moved, and are taken off if they clash. Hard limits count
/// as clashes. One unit of work is one card looked at in all its cells (some ten microseconds for an ordinary school);
/// 50 units per card are plenty for an ordinary school, and it stops early when everything has a place.
pub fn complete(board: &mut Board, seed: u64, work_budget: u64) -> Outcome {
    take_off_clashing(board);
    rooms_for_fixed(board);
    let mut search = Search::new(board, seed);
    // Days of just the length that each class needs; then the cards that were pushed about most may use all slots of
    // their people, and more and more of the others.
    for (pushed, eighths) in [(u64::MAX, 3), (200, 4), (60, 5), (20, 6), (0, 7)] {
        if pushed == u64::MAX || search.open_cards() > 0 {
            search.fix_days(pushed);
            search.fill(work_budget / 8 * eighths);
            search.restore_best();
        }
    }
    search.polish(work_budget);
    let work = search.work;
    Outcome {
        unplaced: board.unplaced(),
        work,
    }
}

/// Unlocked cards that clash as they lie have to be placed anew.
fn take_off_clashing(board: &mut Board) {
    for card in board.card_indices() {
        let Some(at) = board.placement(card) else { continue };
        let locked = board.card(card).is_some_and(|c| c.locked);
        if !locked && board.judge(card, at.day, at.slot, at.room).level == Level::Clash {
            board.unplace(card);
        }
    }
}

/// Cards that already lie somewhere but need a room yet.
fn rooms_for_fixed(board: &mut Board) {
    for card in board.card_indices() {
        let Some(at) = board.placement(card) else { continue };
        if at.room.is_none() && board.card(card).is_some_and(|c| c.room.needed) {
            let room = board.best_room(card, at.day, at.slot);
            let _ = board.restore(card, Some(Placement { room, ..at }));
        }
    }
}

/// Splitmix64: small, and good enough to break ties.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }
}

/// A cell with what must be pushed out for it.
struct Choice {
    cost: u64,
    at: Placement,
    out: Vec<CardIx>,
}

struct Search<'a> {
    board: &'a mut Board,
    random: Random,
    /// Slots that a card may use, `card * days + day`.
    may: Vec<u64>,
    /// How dear it is to push a card out.
    weight: Vec<u64>,
    /// How hard a card is to place from the start.
    rank: Vec<u64>,
    /// Until which unit of work a card shall not return to the cell it was pushed out of.
    barred: Vec<(u64, u16, u16)>,
    queue: BinaryHeap<(u64, u64, CardIx)>,
    stuck: Vec<CardIx>,
    best: Option<(usize, Vec<Option<Placement>>)>,
    has_hard_limits: bool,
    work: u64,
}

impl<'a> Search<'a> {
    fn new(board: &'a mut Board, seed: u64) -> Self {
        let cards = board.spec.cards.len();
        let days = board.spec.days;
        let has_hard_limits = {
            let of_class = |c: &crate::ClassSpec| {
                let l = &c.limits;
                let all = [
                    l.per_day,
                    l.per_day_with_pe,
                    l.per_week,
                    l.earliest_slot,
                    l.latest_slot,
                    l.subject_per_day,
                ];
                let more = [
                    l.windows_per_day,
                    l.points_per_day,
                    l.hard_in_row,
                    l.least_per_day,
                    l.late_start,
                ];
                all.iter().chain(&more).flatten().any(|l| l.hard)
            };
            let of_teacher = |t: &crate::TeacherSpec| {
                let all = [t.per_day, t.windows_per_day, t.least_per_day, t.in_a_row];
                let more = [t.days_per_week, t.windows_per_week];
                all.iter().chain(&more).flatten().any(|l| l.hard)
            };
            board.spec.classes.iter().any(of_class)
                || board.spec.teachers.iter().any(of_teacher)
                || !board.spec.bounds.is_empty()
                || board.spec.roomings.iter().any(|of| of.hard && of.counts())
                || board.spec.ties.iter().any(|tie| tie.hard)
                || board.spec.gaps.iter().any(|gap| gap.hard)
        };
        let mut search = Self {
            random: Random(seed),
            may: Vec::with_capacity(cards * usize::from(days)),
            weight: vec![10; cards],
            rank: vec![0; cards],
            barred: vec![(0, 0, 0); cards],
            queue: BinaryHeap::new(),
            stuck: vec![],
            best: None,
            has_hard_limits,
            work: 0,
            board,
        };
        search.fix_days(u64::MAX);
        search.rank_cards();
        search
    }

    /// Gives every class days of fixed length, so that a full timetable has no windows. Cards at least so dear to push
    /// out may use everything.
    fn fix_days(&mut self, pushed: u64) {
        self.may.clear();
        self.stuck.clear();
        let classes = (0..self.board.spec.classes.len()).map(ClassIx::at);
        let words: Vec<Vec<u64>> = classes.map(|c| self.class_words(c)).collect();
        for card in self.board.card_indices() {
            for day in 0..self.board.spec.days {
                let classes = self.board.card_classes[card.ix()].iter();
                let word = classes.fold(u64::MAX, |w, c| w & words[c.ix()][usize::from(day)]);
                let word = if self.weight[card.ix()] > pushed {
                    u64::MAX
                } else {
                    word
                };
                self.may.push(word & self.board.open(card, day));
            }
        }
    }

    fn class_words(&self, class: ClassIx) -> Vec<u64> {
        let board = &*self.board;
        let spec = &board.spec.classes[class.ix()];
        let atoms = &board.class_atoms[class.ix()];
        let mut hours = vec![[0u16; 2]; atoms.len()];
        // What a teacher gives to parts of the class cannot be given to two parts at once.
        let mut whole = [0u16; 2];
        let mut in_parts: BTreeMap<(TeacherIx, usize), u16> = BTreeMap::new();
        for card in board.card_indices() {
            let mine: Vec<usize> = board.card_atoms[card.ix()]
                .iter()
                .filter_map(|a| atoms.binary_search(a).ok())
                .collect();
            let spec = &board.spec.cards[card.ix()];
            for parity in spec.weeks.parities().filter(|_| !mine.is_empty()) {
                mine.iter().for_each(|n| hours[*n][parity] += spec.duration);
                if mine.len() == atoms.len() {
                    whole[parity] += spec.duration;
                } else {
                    spec.teachers
                        .iter()
                        .for_each(|t| *in_parts.entry((*t, parity)).or_default() += spec.duration);
                }
            }
        }
        let by_teachers = in_parts
            .iter()
            .map(|((_, parity), hours)| whole[*parity] + hours)
            .max()
            .unwrap_or(0);
        let days = board.spec.days;
        let mut need = hours.into_iter().flatten().max().unwrap_or(0).max(by_teachers);
        let open = |day: u16| {
            let away = atoms
                .iter()
                .fold(u64::MAX, |w, a| w & board.atom_away[wide(*a)].day(day));
            spec.bells.day(day) & !away & span(0, board.spec.slots)
        };
        let most = spec.limits.per_day.map_or(u16::MAX, |l| l.value);
        let mut lengths: Vec<u16> = vec![0; usize::from(days)];
        // Middle days first, so that the first and the last day are the shorter ones.
        let mut order: Vec<u16> = (0..days).collect();
        order.sort_by_key(|d| ((2 * d + 1).abs_diff(days), *d));
        while need > 0 {
            let fits = |d: &u16| lengths[usize::from(*d)] < ones(open(*d)).min(most);
            let Some(day) = order
                .iter()
                .copied()
                .filter(fits)
                .min_by_key(|d| lengths[usize::from(*d)])
            else {
                return (0..days).map(open).collect();
            };
            lengths[usize::from(day)] += 1;
            need -= 1;
        }
        let first =
            |(day, length): (u16, u16)| bits(open(day)).take(length.into()).fold(0, |w, s| w | span(s, 1));
        (0..days).zip(lengths).map(first).collect()
    }

    fn rank_cards(&mut self) {
        let spec = &self.board.spec;
        let mut load = vec![0u64; spec.teachers.len()];
        for card in &spec.cards {
            for t in &card.teachers {
                load[t.ix()] += u64::from(card.duration);
            }
        }
        let room = |t: &TeacherIx| {
            let away = (0..spec.days).map(|d| ones(spec.teachers[t.ix()].away.day(d) & span(0, spec.slots)));
            u64::from(spec.days * spec.slots)
                .saturating_sub(away.map(u64::from).sum())
                .max(1)
        };
        for card in self.board.card_indices() {
            let facts = &spec.cards[card.ix()];
            let teachers: u64 = facts.teachers.iter().map(|t| 200 * load[t.ix()] / room(t)).sum();
            let cells = self.cells(card).len().max(1);
            let rooms = if facts.room.needed {
                self.board.fit_rooms[card.ix()].len().max(1)
            } else {
                100
            };
            let classes = self.board.card_classes[card.ix()].len().max(1);
            let scarce = |n: usize| u64::from(1000 / short(n).max(1));
            self.rank[card.ix()] = teachers
                + 3 * scarce(cells)
                + scarce(rooms) / 5
                + u64::from(facts.duration - 1) * 400
                + 150 * u64::from(short(classes) - 1);
        }
    }

    fn cells(&self, card: CardIx) -> Vec<(u16, u16)> {
        let (days, slots) = (self.board.spec.days, self.board.spec.slots);
        let duration = self.board.spec.cards[card.ix()].duration;
        let mut cells = vec![];
        for day in 0..days {
            let may = self.may[card.ix() * usize::from(days) + usize::from(day)];
            for slot in bits(may) {
                let word = span(slot, duration);
                if slot + duration <= slots && word & !may == 0 {
                    cells.push((day, slot));
                }
            }
        }
        cells
    }

    fn open_cards(&self) -> usize {
        self.queue.len() + self.stuck.len()
    }

    fn enqueue(&mut self, card: CardIx) {
        let key = self.rank[card.ix()] + 20 * self.weight[card.ix()];
        self.queue.push((key, self.random.below(1 << 20), card));
    }

    /// Places cards until all have a place or the budget is used.
    fn fill(&mut self, budget: u64) {
        self.queue.clear();
        for card in self.board.unplaced() {
            if !self.board.spec.cards[card.ix()].locked {
                self.enqueue(card);
            }
        }
        while self.work < budget
            && let Some((_, _, card)) = self.queue.pop()
        {
            self.work += 1;
            self.insert(card);
        }
        let left: Vec<CardIx> = self.queue.drain().map(|(_, _, c)| c).collect();
        self.stuck.extend(left);
        self.remember();
    }

    fn insert(&mut self, card: CardIx) {
        let mut options: Vec<Choice> = vec![];
        for (day, slot) in self.cells(card) {
            if let Some(option) = self.option(card, day, slot) {
                options.push(option);
            }
        }
        options.sort_by_key(|o| o.cost);
        for option in options {
            if !option.out.is_empty() {
                self.remember_with(card);
            }
            let back: Vec<(CardIx, Option<Placement>)> =
                option.out.iter().map(|c| (*c, self.board.unplace(*c))).collect();
            let Placement { day, slot, room } = option.at;
            let breaks_limit =
                self.has_hard_limits && self.board.judge(card, day, slot, room).level == Level::Clash;
            if !breaks_limit && self.board.place(card, day, slot, room).is_ok() {
                for (out, place) in back {
                    self.weight[out.ix()] += 4;
                    if let Some(p) = place {
                        self.barred[out.ix()] = (self.work + 4 + self.random.below(12), p.day, p.slot);
                    }
                    self.enqueue(out);
                }
                return;
            }
            for (out, place) in back {
                let _ = self.board.restore(out, place);
            }
        }
        self.stuck.push(card);
    }

    /// What placing a card in a cell costs; `None` if a locked card is in the way.
    fn option(&mut self, card: CardIx, day: u16, slot: u16) -> Option<Choice> {
        let board = &*self.board;
        let spec = &board.spec.cards[card.ix()];
        let word = span(slot, spec.duration);
        let mut out: Vec<CardIx> = vec![];
        if !board.is_clear(card, day, slot) {
            for t in &spec.teachers {
                out.extend(board.lying(&board.teacher_cards[t.ix()], card, day, word));
            }
            for class in &board.card_classes[card.ix()] {
                let of_class = board.lying(&board.class_cards[class.ix()], card, day, word);
                out.extend(of_class.filter(|c| board.share_pupils(card, *c)));
            }
            out.sort_unstable();
            out.dedup();
        }
        let mut cost = self.price(&out)?;
        let (room, more) = self.room(card, day, slot, &out)?;
        cost += self.price(&more)?;
        out.extend(more);
        if self.barred[card.ix()].0 > self.work
            && self.barred[card.ix()].1 == day
            && self.barred[card.ix()].2 == slot
        {
            cost += 200;
        }
        cost = cost * 8 + self.dislike(card, day, slot, &out);
        cost = cost * 16 + self.random.below(16);
        Some(Choice {
            cost,
            at: Placement { day, slot, room },
            out,
        })
    }

    fn price(&self, out: &[CardIx]) -> Option<u64> {
        let mut cost = 0;
        for card in out {
            if self.board.spec.cards[card.ix()].locked {
                return None;
            }
            cost += self.weight[card.ix()];
        }
        Some(cost)
    }

    /// A free room, or the one that is cheapest to empty.
    fn room(
        &self,
        card: CardIx,
        day: u16,
        slot: u16,
        out: &[CardIx],
    ) -> Option<(Option<RoomIx>, Vec<CardIx>)> {
        let board = &*self.board;
        let need = &board.spec.cards[card.ix()].room;
        if let Some(room) = board.best_room(card, day, slot) {
            return Some((Some(room), vec![]));
        }
        if !need.needed {
            return Some((None, vec![]));
        }
        let word = span(slot, board.spec.cards[card.ix()].duration);
        let mut best: Option<(u64, RoomIx, Vec<CardIx>)> = None;
        for room in &board.fit_rooms[card.ix()] {
            let facts = &board.spec.rooms[room.ix()];
            if facts.away.day(day) & word != 0 {
                continue;
            }
            let mut there: Vec<CardIx> = board
                .lying(&board.room_cards[room.ix()], card, day, word)
                .collect();
            there.retain(|c| !out.contains(c));
            if let Some(price) = self.price(&there)
                && best.as_ref().is_none_or(|b| price < b.0)
            {
                best = Some((price, *room, there));
            }
        }
        match best {
            Some((_, room, there)) => Some((Some(room), there)),
            None if need.hard => None,
            None => Some((None, vec![])),
        }
    }

    /// Soft: the subject twice a day, a hole before the lesson.
    fn dislike(&self, card: CardIx, day: u16, slot: u16, out: &[CardIx]) -> u64 {
        let board = &*self.board;
        let subject = board.spec.cards[card.ix()].subject;
        let mut dislike = 0;
        if let Some(class) = board.card_classes[card.ix()].first() {
            for other in &board.class_cards[class.ix()] {
                let same = board.spec.cards[other.ix()].subject == subject && board.covers(*other, day) != 0;
                if same && !out.contains(other) && board.share_pupils(card, *other) {
                    dislike += 60;
                }
            }
        }
        dislike + u64::from(slot)
    }

    fn remember_with(&mut self, holding: CardIx) {
        let open = self.queue.len() + self.stuck.len() + usize::from(self.board.placement(holding).is_none());
        self.note(open);
    }

    fn remember(&mut self) {
        self.note(self.open_cards());
    }

    fn note(&mut self, open: usize) {
        if self.best.as_ref().is_none_or(|(n, _)| open < *n) {
            let places = self.board.spec.cards.iter().map(|c| c.placement).collect();
            self.best = Some((open, places));
        }
    }

    /// Goes back to the fullest timetable seen.
    fn restore_best(&mut self) {
        let Some((open, places)) = self.best.take() else {
            return;
        };
        if open >= self.open_cards() {
            return;
        }
        for card in self.board.card_indices() {
            self.board.unplace(card);
        }
        for (card, place) in self.board.card_indices().zip(places) {
            let _ = self.board.restore(card, place);
        }
    }
}
