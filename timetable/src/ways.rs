//! Ways between buildings, and lessons in a row that are near: who is where in the course of a day, with a card added and as things are.
//!
//! Somebody is at a slot where their card's room is; a card without a room is where all rooms that suit it are. With no card, a room
//! that lies nowhere in particular, or two cards at once, one is nowhere. What counts is each change from one place to the next of the
//! day: whether there is time for the way, whether the two are near, and how many changes of building there are. The search counts the
//! same (`compose/ways.rs`).

use std::collections::BTreeSet;

use crate::board::Board;
use crate::ids::{CardIx, ClassIx, RoomIx, TeacherIx, bits, short, span};
use crate::judge::{Level, Verdict};
use crate::limits::{Limit, LimitKind};
use crate::reason::Reason;
use crate::review::{Problem, push};
use crate::rooming::Met;

mod chart;

pub(crate) use chart::{Chart, Charts, Stop};

/// A place in a building and on a floor.
type Spot = (Option<u16>, Option<u16>);

/// Who goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Goer {
    Teacher(TeacherIx),
    Class(ClassIx),
}

impl Goer {
    fn too_far(self, card: CardIx, needed: u16, minutes: u16) -> Reason {
        match self {
            Self::Teacher(teacher) => Reason::TeacherTooFar {
                teacher,
                card,
                needed,
                minutes,
            },
            Self::Class(class) => Reason::ClassTooFar {
                class,
                card,
                needed,
                minutes,
            },
        }
    }

    fn not_near(self, card: CardIx) -> Reason {
        match self {
            Self::Teacher(teacher) => Reason::TeacherNotNear { teacher, card },
            Self::Class(class) => Reason::ClassNotNear { class, card },
        }
    }

    fn moves(self, found: u16, limit: Limit) -> Reason {
        let kind = LimitKind::MovesPerDay;
        match self {
            Self::Teacher(teacher) => Reason::TeacherLimit {
                teacher,
                kind,
                found,
                limit: limit.value,
                norm: limit.norm,
                hard: limit.hard,
            },
            Self::Class(class) => Reason::Limit {
                class,
                kind,
                found,
                limit: limit.value,
                norm: limit.norm,
                hard: limit.hard,
                card: None,
            },
        }
    }
}

/// What is asked of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// There is time for it.
    InTime,
    /// Lessons in a row are near.
    Near,
}

impl Asked {
    fn chart(self, charts: &Charts) -> &Chart {
        match self {
            Self::InTime => &charts.buildings,
            Self::Near => &charts.floors,
        }
    }

    fn stops(self, trail: &Trail) -> &[Stop] {
        match self {
            Self::InTime => &trail.buildings,
            Self::Near => &trail.floors,
        }
    }

    /// What is told of a way that is too long, with the card at its other end.
    fn reason(self, chart: &Chart, who: Goer, other: CardIx, (from, to): (Stop, Stop)) -> Reason {
        match self {
            Self::InTime => {
                let needed = chart.takes(from.place, to.place);
                who.too_far(other, needed, from.minutes_to(to))
            }
            Self::Near => who.not_near(other),
        }
    }
}

/// Where a teacher in one of the weeks, or pupils of a class, are on a day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Trail {
    who: Goer,
    day: u16,
    buildings: Vec<Stop>,
    floors: Vec<Stop>,
}

/// Changes of place.
fn changes(trail: &[Stop]) -> u16 {
    short(trail.windows(2).filter(|w| w[0].place != w[1].place).count())
}

/// A trail with a card at the slots of a word; none where somebody is in two places.
fn with(
    chart: &Chart,
    day: u16,
    trail: &[Stop],
    (card, word): (CardIx, u64),
    place: Option<u16>,
) -> Vec<Stop> {
    let Some(place) = place else { return trail.to_vec() };
    let taken = |slot: u16| trail.iter().any(|s| s.slot == slot);
    let mut all: Vec<Stop> = trail
        .iter()
        .filter(|s| word & span(s.slot, 1) == 0)
        .copied()
        .collect();
    let free = bits(word).filter(|slot| !taken(*slot));
    all.extend(free.map(|slot| Stop {
        slot,
        place,
        card,
        bell: chart.clocks.bell(card, day, slot),
    }));
    all.sort_unstable();
    all
}

impl Board {
    /// Where a card is that has a room, or none.
    pub(crate) fn place_of(&self, card: CardIx, room: Option<RoomIx>, chart: &Chart) -> Option<u16> {
        if room.is_some() {
            return chart.place(room);
        }
        let mut all = self.fit_rooms[card.ix()].iter().map(|r| chart.place(Some(*r)));
        let first = all.next().flatten().filter(|_| self.wants_room(card))?;
        all.all(|other| other == Some(first)).then_some(first)
    }

    fn moves_limit(&self, who: Goer) -> Option<Limit> {
        match who {
            Goer::Teacher(t) => self.spec.teachers[t.ix()].moves_per_day,
            Goer::Class(c) => self.spec.classes[c.ix()].limits.moves_per_day,
        }
    }

    fn trail(&self, who: Goer, cards: &[CardIx], day: u16) -> Option<Trail> {
        let charts = self.charts.as_ref()?;
        let stops = |chart: &Chart| {
            let mut stops: Vec<Stop> = vec![];
            for card in cards {
                let room = self.placement(*card).and_then(|at| at.room);
                let Some(place) = self.place_of(*card, room, chart) else {
                    continue;
                };
                let slots = bits(self.covers(*card, day));
                stops.extend(slots.map(|slot| Stop {
                    slot,
                    place,
                    card: *card,
                    bell: chart.clocks.bell(*card, day, slot),
                }));
            }
            stops.sort_unstable();
            let same = |at: usize, other: Option<usize>| {
                other
                    .and_then(|o| stops.get(o))
                    .is_some_and(|s| s.slot == stops[at].slot)
            };
            let alone = |at: &usize| !same(*at, at.checked_sub(1)) && !same(*at, Some(at + 1));
            (0..stops.len()).filter(alone).map(|at| stops[at]).collect()
        };
        Some(Trail {
            who,
            day,
            buildings: stops(&charts.buildings),
            floors: stops(&charts.floors),
        })
    }

    /// The trails of a teacher on a day, in the weeks of a range.
    fn teacher_trails(
        &self,
        t: TeacherIx,
        day: u16,
        weeks: std::ops::Range<usize>,
        without: Option<CardIx>,
    ) -> Vec<Trail> {
        let cards = |week: usize| {
            let all = self.teacher_cards[t.ix()].iter().copied();
            let there = all.filter(|c| {
                Some(*c) != without
                    && self.covers(*c, day) != 0
                    && self.spec.cards[c.ix()].weeks.parities().contains(&week)
            });
            there.collect::<Vec<CardIx>>()
        };
        let mut all: Vec<Trail> = weeks
            .filter_map(|w| self.trail(Goer::Teacher(t), &cards(w), day))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The trails of the pupils of a class on a day; with a card, of those who attend it, without it.
    fn class_trails(
        &self,
        class: ClassIx,
        day: u16,
        weeks: std::ops::Range<usize>,
        without: Option<CardIx>,
    ) -> Vec<Trail> {
        let today: Vec<CardIx> = self.class_cards[class.ix()]
            .iter()
            .copied()
            .filter(|c| Some(*c) != without && self.covers(*c, day) != 0)
            .collect();
        let mut lists: BTreeSet<Vec<CardIx>> = BTreeSet::new();
        let of_card = without.map(|c| &self.card_atoms[c.ix()]);
        let attend = |atom: &&u32| of_card.is_none_or(|of| of.binary_search(atom).is_ok());
        for atom in self.class_atoms[class.ix()].iter().filter(attend) {
            for week in weeks.clone() {
                let there = today.iter().copied().filter(|c| {
                    let spec = &self.spec.cards[c.ix()];
                    spec.weeks.parities().contains(&week)
                        && self.card_atoms[c.ix()].binary_search(atom).is_ok()
                });
                lists.insert(there.collect());
            }
        }
        let mut all: Vec<Trail> = lists
            .iter()
            .filter_map(|cards| self.trail(Goer::Class(class), cards, day))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Where those who attend a card are on a day without it; nothing where nothing is asked about places.
    pub(crate) fn trails_without(&self, card: CardIx, day: u16) -> Vec<Trail> {
        if self.charts.is_none() {
            return vec![];
        }
        let spec = &self.spec.cards[card.ix()];
        let weeks = spec.weeks.parities();
        let teachers = spec.teachers.iter();
        let mut all: Vec<Trail> = teachers
            .flat_map(|t| self.teacher_trails(*t, day, weeks.clone(), Some(card)))
            .collect();
        let classes = self.card_classes[card.ix()].iter();
        all.extend(classes.flat_map(|c| self.class_trails(*c, day, weeks.clone(), Some(card))));
        all
    }

    /// What a card in a room does to the ways of those who attend it.
    pub(crate) fn ways(
        &self,
        card: CardIx,
        slot: u16,
        room: Option<RoomIx>,
        trails: &[Trail],
        verdict: &mut Verdict,
    ) {
        // beside a clash nothing else counts
        self.ways_of(true, card, (slot, room), trails, verdict);
        if verdict.level < Level::Clash {
            self.ways_of(false, card, (slot, room), trails, verdict);
        }
    }

    fn ways_of(
        &self,
        hard: bool,
        card: CardIx,
        (slot, room): (u16, Option<RoomIx>),
        trails: &[Trail],
        verdict: &mut Verdict,
    ) {
        let Some(charts) = &self.charts else { return };
        let word = span(slot, self.spec.cards[card.ix()].duration);
        for group in trails.chunk_by(|a, b| a.who == b.who) {
            let Some(who) = group.first().map(|t| t.who) else {
                continue;
            };
            for (asked, limit) in self.asked().filter(|(_, limit)| limit.hard == hard) {
                self.late(group, asked, limit, (card, word, room), verdict);
            }
            if let Some(limit) = self.moves_limit(who).filter(|limit| limit.hard == hard) {
                let place = self.place_of(card, room, &charts.buildings);
                let over = |trail: &[Stop]| changes(trail).saturating_sub(limit.value);
                let then = |t: &Trail| with(&charts.buildings, t.day, &t.buildings, (card, word), place);
                let worst = |f: &dyn Fn(&Trail) -> u16| group.iter().map(f).max().unwrap_or(0);
                let before = worst(&|t| over(&t.buildings));
                let after = worst(&|t| over(&then(t)));
                let found = worst(&|t| changes(&then(t)));
                verdict.limit(before, after, limit, who.moves(found, limit));
            }
        }
    }

    /// What is asked of ways, with its price.
    fn asked(&self) -> impl Iterator<Item = (Asked, Limit)> + '_ {
        let site = &self.spec.site;
        let all = [(Asked::InTime, site.walk), (Asked::Near, site.near)];
        all.into_iter().filter_map(|(asked, limit)| Some((asked, limit?)))
    }

    /// Ways that are too long with a card in a room, of one goer.
    fn late(
        &self,
        trails: &[Trail],
        asked: Asked,
        limit: Limit,
        (card, word, room): (CardIx, u64, Option<RoomIx>),
        verdict: &mut Verdict,
    ) {
        let Some(charts) = &self.charts else { return };
        let chart = asked.chart(charts);
        let place = self.place_of(card, room, chart);
        let (mut before, mut after, mut told) = (0, 0, vec![]);
        for trail in trails {
            let now = asked.stops(trail);
            let then = with(chart, trail.day, now, (card, word), place);
            let (old, new) = (short(chart.late(now).count()), short(chart.late(&then).count()));
            if new > old {
                let mine = chart
                    .late(&then)
                    .filter(|(a, b)| a.card == card || b.card == card);
                told.extend(mine.map(|(from, to)| {
                    let other = if from.card == card { to.card } else { from.card };
                    asked.reason(chart, trail.who, other, (from, to))
                }));
            }
            before = before.max(old);
            after = after.max(new);
        }
        if limit.hard {
            for reason in told {
                verdict.add(Level::Clash, limit.penalty, reason);
            }
        } else if after > before {
            for (n, reason) in told.into_iter().enumerate() {
                let price = limit.penalty.saturating_mul(after - before);
                verdict.add(Level::Poor, if n == 0 { price } else { 0 }, reason);
            }
        } else {
            verdict.penalty -= i32::from(limit.penalty) * i32::from(before - after);
        }
    }

    /// The free room of a card that its people reach in time, if any: of those with which least is broken (ways, and what is asked of rooms that
    /// it takes together with others), the one wished most. Where none is in reach, and the card may be without a room, `None` with what speaks against the best of them.
    pub(crate) fn room_in_reach(
        &self,
        card: CardIx,
        (day, slot): (u16, u16),
        trails: &[Trail],
        met: &[Met],
    ) -> (Option<RoomIx>, Option<Verdict>) {
        let mut known: Vec<(Spot, Verdict)> = vec![];
        let mut best: Option<((bool, i32), usize, RoomIx)> = None;
        for room in self.fit_rooms[card.ix()].iter().copied() {
            if !self.room_is_free(card, room, day, slot) {
                continue;
            }
            // without ways all rooms are at one place
            let at = self.charts.as_ref().map_or((None, None), |charts| {
                let floor = charts.floors.place(Some(room));
                (charts.buildings.place(Some(room)), floor)
            });
            let found = known.iter().position(|(place, _)| *place == at);
            let now = found.unwrap_or_else(|| {
                let mut verdict = Verdict::default();
                self.ways(card, slot, Some(room), trails, &mut verdict);
                known.push((at, verdict));
                known.len() - 1
            });
            let of_way = &known[now].1;
            let (clash, price) = Self::rooming_cost(met, room);
            let cost = (
                clash || of_way.level == Level::Clash,
                of_way.penalty.saturating_add(price),
            );
            if best.is_none_or(|(least, ..)| cost < least) {
                best = Some((cost, now, room));
            }
        }
        let Some((_, at, room)) = best else {
            return (None, None);
        };
        let mut verdict = known.swap_remove(at).1;
        Self::rooming(met, Some(room), &mut verdict);
        let roomless = !self.spec.cards[card.ix()].room.hard;
        let charts = self.charts.as_ref();
        let anywhere = charts.is_none_or(|charts| self.place_of(card, None, &charts.buildings).is_none());
        if verdict.level == Level::Clash && roomless && anywhere {
            return (None, Some(verdict));
        }
        (Some(room), None)
    }

    /// What a card does to the ways of those who attend it, and to the rooms that it takes together with others, in a room or in the best one
    /// that is free.
    pub(crate) fn judge_ways(
        &self,
        card: CardIx,
        (day, slot): (u16, u16),
        room: Option<RoomIx>,
        trails: &[Trail],
        verdict: &mut Verdict,
    ) {
        let mut room = room;
        let met = self.rooming_at(card, (day, slot));
        if room.is_none() && self.wants_room(card) {
            let (found, against) = self.room_in_reach(card, (day, slot), trails, &met);
            room = found;
            let need = &self.spec.cards[card.ix()].room;
            for reason in against
                .into_iter()
                .filter(|_| need.needed)
                .flat_map(|v| v.reasons)
            {
                let told = verdict.reasons.iter().any(|r| matches!(r, Reason::NoFreeRoom));
                let price = if told { 0 } else { need.price(&self.spec.wishes) };
                verdict.add(Level::Poor, price, reason);
                verdict.add(Level::Poor, 0, Reason::NoFreeRoom);
            }
        }
        self.ways(card, slot, room, trails, verdict);
        Self::rooming(&met, room, verdict);
    }

    /// Ways that are too long, rooms that are not near, and too many changes of building, as things lie.
    pub(crate) fn way_problems(&self, problems: &mut Vec<Problem>) {
        let Some(charts) = &self.charts else { return };
        for day in 0..self.spec.days {
            let mut all: Vec<Trail> = vec![];
            for t in (0..self.spec.teachers.len()).map(TeacherIx::at) {
                all.extend(self.teacher_trails(t, day, 0..2, None));
            }
            for class in (0..self.spec.classes.len()).map(ClassIx::at) {
                all.extend(self.class_trails(class, day, 0..2, None));
            }
            for group in all.chunk_by(|a, b| a.who == b.who) {
                for (asked, limit) in self.asked() {
                    let chart = asked.chart(charts);
                    let level = if limit.hard { Level::Clash } else { Level::Poor };
                    let mut told = BTreeSet::new();
                    for trail in group {
                        for (from, to) in chart.late(asked.stops(trail)) {
                            if told.insert((from.card, to.card)) {
                                let reason = asked.reason(chart, trail.who, from.card, (from, to));
                                push(problems, level, day, Some(to.card), reason);
                            }
                        }
                    }
                }
                let who = group[0].who;
                let found = group.iter().map(|t| changes(&t.buildings)).max().unwrap_or(0);
                if let Some(limit) = self.moves_limit(who).filter(|l| found > l.value) {
                    let level = if limit.hard { Level::Clash } else { Level::Poor };
                    push(problems, level, day, None, who.moves(found, limit));
                }
            }
        }
    }
}
