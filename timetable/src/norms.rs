//! Sanitary limits: figures of a class's day, and what they break. Used by the judge (with a card added) and by the
//! review (as things are).

use crate::board::Board;
use crate::ids::{CardIx, ClassIx, bits, ones, short, span, wide, windows};
use crate::judge::{Level, Verdict};
use crate::limits::{Limit, LimitKind, Limits};
use crate::reason::Reason;
use crate::spec::CardSpec;

mod few;

use few::{Few, tray};

/// What lies on a class's day, leaving out one card.
pub(crate) struct ClassDay {
    pub class: ClassIx,
    pub day: u16,
    /// Busy slots (odd, even), one for each different group of pupils.
    masks: Vec<[u64; 2]>,
    /// The same of lessons alone, where something is held beside them.
    lessons: Option<Vec<[u64; 2]>>,
    /// The same beside the first bell at which the group can be there: nothing where no limit asks when a day begins.
    begins: Vec<(u64, [u64; 2])>,
    /// Largest difficulty per slot (odd, even).
    points: [Vec<u16>; 2],
    cards: Vec<CardIx>,
    pe: bool,
    /// Lessons of the whole week without the card, of the busiest pupil.
    week: u16,
    /// Other days that already use the exception for physical education.
    long_elsewhere: u16,
    /// Largest sum of difficulty among the peak days other than this one.
    peak: Option<u16>,
    /// What the fewest lessons and days are counted by: nothing where no limit asks.
    few: Vec<Few>,
}

/// The figures that limits speak about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub lessons: u16,
    pub windows: u16,
    /// 1: some pupils begin later than with the first bell.
    pub late: u16,
    pub points: u16,
    pub hard_run: u16,
    pub pe: bool,
}

impl ClassDay {
    /// Gathers a day. With a card only its pupils count, without one all of the class.
    pub(crate) fn new(board: &Board, class: ClassIx, day: u16, without: Option<CardIx>) -> Self {
        let limits = &board.spec.classes[class.ix()].limits;
        let of_class = &board.class_atoms[class.ix()];
        let atoms: Vec<usize> = match without {
            Some(card) => {
                let mine = board.card_atoms[card.ix()].iter();
                mine.filter(|a| of_class.binary_search(a).is_ok())
                    .map(|a| wide(*a))
                    .collect()
            }
            None => of_class.iter().map(|a| wide(*a)).collect(),
        };
        let words = |atom: usize, day: u16| {
            let own = without.map_or(0, |card| board.covers(card, day));
            [
                board.atoms.word(atom, 0, day, own),
                board.atoms.word(atom, 1, day, own),
            ]
        };
        let distinct = |day: u16| {
            let mut masks: Vec<[u64; 2]> = atoms.iter().map(|a| words(*a, day)).collect();
            masks.sort_unstable();
            masks.dedup();
            masks
        };
        let lessons_of = |day: u16| {
            let of = |atom: &usize| [0, 1].map(|parity| board.lessons(*atom, parity, day, without));
            let mut masks: Vec<[u64; 2]> = atoms.iter().map(of).collect();
            masks.sort_unstable();
            masks.dedup();
            masks
        };
        let mut week = 0;
        if limits.per_week.is_some() {
            let total = |atom: usize, parity: usize| {
                (0..board.spec.days)
                    .map(|d| ones(board.lessons(atom, parity, d, without)))
                    .sum::<u16>()
            };
            week = atoms
                .iter()
                .map(|a| total(*a, 0).max(total(*a, 1)))
                .max()
                .unwrap_or(0);
        }
        let others = || (0..board.spec.days).filter(|d| *d != day);
        let mut long_elsewhere = 0;
        if let Some(limit) = limits.per_day.filter(|_| limits.per_day_with_pe.is_some()) {
            let long = others().filter(|d| lessons(&lessons_of(*d)) > limit.value);
            long_elsewhere = short(long.count());
        }
        let peak = limits.peak_days.and_then(|peak| {
            let days = others().filter(|d| peak.days & span(*d, 1) != 0);
            days.map(|d| sum(&day_points(board, &day_cards(board, class, d, without), d)))
                .max()
        });
        let mut few = vec![];
        let must_begin = limits.late_start.is_some_and(|l| l.hard);
        if must_begin || limits.least_per_day.is_some() || limits.least_days.is_some() {
            let tray = |atom: usize| tray(board, atom, without);
            let others = |atom: usize, parity: usize| {
                let days = board.week_of(day).filter(|other| *other != day);
                short(days.filter(|d| words(atom, *d)[parity] != 0).count())
            };
            few = atoms
                .iter()
                // whoever has no lessons at all misses none
                .filter(|atom| {
                    let somewhere = |d: u16| words(**atom, d) != [0, 0];
                    without.is_some() || tray(**atom).1 > 0 || (0..board.spec.days).any(somewhere)
                })
                .map(|atom| Few {
                    day: words(*atom, day),
                    first: board.first_bell(class, *atom, day),
                    others: [others(*atom, 0), others(*atom, 1)],
                    tray: tray(*atom),
                })
                .collect();
            few.sort_unstable();
            few.dedup();
        }
        let mut begins = vec![];
        if limits.late_start.is_some() {
            let of = |atom: &usize| (board.first_bell(class, *atom, day), words(*atom, day));
            begins = atoms.iter().map(of).collect();
            begins.sort_unstable();
            begins.dedup();
        }
        let cards = day_cards(board, class, day, without);
        let points = day_points(board, &cards, day);
        let pe = cards.iter().any(|c| board.spec.cards[c.ix()].is_pe);
        Self {
            class,
            day,
            masks: distinct(day),
            lessons: board.has_beside().then(|| lessons_of(day)),
            begins,
            points,
            cards,
            pe,
            week,
            long_elsewhere,
            peak,
            few,
        }
    }

    /// Windows of the day before and after adding a card.
    pub(crate) fn windows_with(&self, card: &CardSpec, slot: u16) -> (u16, u16) {
        let word = span(slot, card.duration);
        let most = |more: u64| {
            let all = self
                .masks
                .iter()
                .flat_map(|m| card.weeks.parities().map(move |p| windows(m[p] | more)));
            all.max().unwrap_or(0)
        };
        (most(0), most(word))
    }

    /// The figures, with a card added at a slot.
    pub(crate) fn figures(&self, with: Option<(&CardSpec, u16)>, hard_from: u16) -> Figures {
        let mut points = self.points.clone();
        let mut masks = self.masks.clone();
        let mut counted = self.lessons.clone();
        let mut begins = self.begins.clone();
        let mut pe = self.pe;
        if let Some((card, slot)) = with {
            let word = span(slot, card.duration);
            pe |= card.is_pe;
            for parity in card.weeks.parities() {
                masks.iter_mut().for_each(|m| m[parity] |= word);
                if let Some(counted) = counted.as_mut().filter(|_| !card.beside) {
                    counted.iter_mut().for_each(|m| m[parity] |= word);
                }
                begins.iter_mut().for_each(|(_, m)| m[parity] |= word);
                for slot in bits(word) {
                    let cell = &mut points[parity][usize::from(slot)];
                    *cell = (*cell).max(card.difficulty);
                }
            }
        }
        let most = |f: fn(u64) -> u16| masks.iter().flatten().map(|w| f(*w)).max().unwrap_or(0);
        Figures {
            lessons: lessons(counted.as_ref().unwrap_or(&masks)),
            windows: most(windows),
            late: u16::from(begins.iter().any(|(first, words)| {
                let late = |word: &u64| *word != 0 && word & first == 0;
                words.iter().any(late)
            })),
            points: sum(&points),
            hard_run: points.iter().map(|p| longest(p, hard_from)).max().unwrap_or(0),
            pe,
        }
    }

    /// How many lessons of the day are missing of a limit, with a card added.
    pub(crate) fn too_short(&self, with: Option<(&CardSpec, u16)>, limit: Limit) -> u16 {
        let all = self.few.iter().map(|of| of.short(with, limit));
        all.max().unwrap_or(0)
    }

    /// 1 where the day begins late, with a card added, and nothing can begin it any more: what a must says.
    pub(crate) fn begins_late(&self, with: Option<(&CardSpec, u16)>) -> u16 {
        u16::from(self.few.iter().any(|of| of.late(with)))
    }

    /// How many days of the week are missing of a limit, with a card added.
    pub(crate) fn too_few(&self, with: Option<(&CardSpec, u16)>, limit: Limit) -> u16 {
        let all = self.few.iter().map(|of| of.missing(with, limit));
        all.max().unwrap_or(0)
    }

    /// The same that no card of the tray can mend, each a day at most.
    pub(crate) fn days_lost(&self, limit: Limit) -> u16 {
        let all = self.few.iter();
        let lost = all.map(|of| of.missing(None, limit).saturating_sub(of.tray.1));
        lost.max().unwrap_or(0)
    }

    /// The limits of a day that the figures break: kind, figure, limit. What the tray may still mend is asked of the day itself
    /// ([`Self::begins_late`], [`Self::too_short`]).
    pub(crate) fn breaches(&self, limits: &Limits, f: &Figures) -> Vec<(LimitKind, u16, Limit)> {
        let mut found = vec![];
        if let Some(limit) = limits.per_day.filter(|l| f.lessons > l.value) {
            let exception = limits
                .per_day_with_pe
                .filter(|_| f.pe && self.long_elsewhere < limits.long_days);
            match exception {
                Some(longer) if f.lessons > longer.value => {
                    found.push((LimitKind::LessonsPerDayWithPe, f.lessons, longer));
                }
                Some(_) => {}
                None => found.push((LimitKind::LessonsPerDay, f.lessons, limit)),
            }
        }
        let plain = [
            (LimitKind::WindowsPerDay, f.windows, limits.windows_per_day),
            (
                LimitKind::LateStart,
                f.late,
                limits
                    .late_start
                    .filter(|l| !l.hard)
                    .map(|l| Limit { value: 0, ..l }),
            ),
            (LimitKind::PointsPerDay, f.points, limits.points_per_day),
            (LimitKind::HardInRow, f.hard_run, limits.hard_in_row),
        ];
        for (kind, figure, limit) in plain {
            found.extend(limit.filter(|l| figure > l.value).map(|l| (kind, figure, l)));
        }
        if let (Some(peak), Some(most)) = (limits.peak_days, self.peak)
            && peak.days & span(self.day, 1) == 0
            && f.points > most
        {
            let limit = Limit {
                value: most,
                norm: peak.norm,
                penalty: peak.penalty,
                hard: false,
            };
            found.push((LimitKind::PeakDay, f.points, limit));
        }
        found
    }
}

impl Board {
    /// The first bell of a class at which some of its pupils can be there: their own hours count, not only the class's. 0: there is none.
    pub(crate) fn first_bell(&self, class: ClassIx, atom: usize, day: u16) -> u64 {
        let bells = self.spec.classes[class.ix()].bells.day(day) & span(0, self.spec.slots);
        let there = bells & !self.atom_away[atom].day(day);
        there & there.wrapping_neg()
    }
}

/// Judges a card at a slot of a class's day against the class's limits.
pub(crate) fn judge(board: &Board, day: &ClassDay, card: CardIx, slot: u16, verdict: &mut Verdict) {
    let limits = &board.spec.classes[day.class.ix()].limits;
    if *limits == Limits::default() {
        return;
    }
    let spec = &board.spec.cards[card.ix()];
    let alone = day.figures(None, limits.hard_from);
    let before = day.breaches(limits, &alone);
    let after = day.figures(Some((spec, slot)), limits.hard_from);
    let broken = day.breaches(limits, &after);
    for (kind, found, limit) in broken.iter().copied() {
        let worse = before.iter().all(|(k, f, _)| *k != kind || *f < found);
        if worse && (kind != LimitKind::PeakDay || spec.difficulty > 0) {
            add(verdict, day.class, kind, found, limit, None);
        }
    }
    // the card that begins the day mends it
    let late = |list: &[(LimitKind, u16, Limit)]| list.iter().any(|(kind, ..)| *kind == LimitKind::LateStart);
    if let Some(limit) = limits.late_start.filter(|_| late(&before) && !late(&broken)) {
        verdict.penalty -= i32::from(limit.penalty);
    }
    let points = (alone.points, after.points);
    let with = Some((spec, slot));
    let reason = |kind: LimitKind, found: u16, limit: Limit| Reason::Limit {
        class: day.class,
        kind,
        found,
        limit: limit.value,
        norm: limit.norm,
        hard: limit.hard,
        card: None,
    };
    if let Some(limit) = limits.late_start.filter(|l| l.hard) {
        let limit = Limit { value: 0, ..limit };
        let (before, after) = (day.begins_late(None), day.begins_late(with));
        verdict.limit(before, after, limit, reason(LimitKind::LateStart, 1, limit));
    }
    if let Some(limit) = limits.least_per_day {
        let (before, after) = (day.too_short(None, limit), day.too_short(with, limit));
        let found = limit.value.saturating_sub(after);
        verdict.limit(before, after, limit, reason(LimitKind::LeastPerDay, found, limit));
    }
    if let Some(limit) = limits.least_days {
        let (before, after) = (day.too_few(None, limit), day.too_few(with, limit));
        let found = limit.value.saturating_sub(after);
        verdict.limit(before, after, limit, reason(LimitKind::LeastDays, found, limit));
    }
    let week = day.week + spec.duration;
    if let Some(limit) = limits.per_week.filter(|l| week > l.value && !spec.beside) {
        add(verdict, day.class, LimitKind::LessonsPerWeek, week, limit, None);
    }
    own_limits(board, day.class, day.day, card, slot, verdict);
    board.judge_shape(day.class, day.day, card, points, verdict);
    if let Some(limit) = limits.subject_per_day {
        let same = same_subject(board, card, &day.cards);
        if let (Some(other), true) = (same.first(), same.len() >= usize::from(limit.value)) {
            let found = short(same.len()) + 1;
            add(
                verdict,
                day.class,
                LimitKind::SubjectPerDay,
                found,
                limit,
                Some(*other),
            );
        }
    }
}

/// Limits that speak about one card alone, wherever others lie.
pub(crate) fn own_limits(
    board: &Board,
    class: ClassIx,
    day: u16,
    card: CardIx,
    slot: u16,
    verdict: &mut Verdict,
) {
    let facts = &board.spec.classes[class.ix()];
    let spec = &board.spec.cards[card.ix()];
    let last = slot + spec.duration - 1;
    if let Some(limit) = facts.limits.earliest_slot.filter(|l| slot < l.value) {
        add(verdict, class, LimitKind::EarliestSlot, slot, limit, None);
    }
    if let Some(limit) = facts.limits.latest_slot.filter(|l| last > l.value) {
        add(verdict, class, LimitKind::LatestSlot, last, limit, None);
    }
    let is_hard = facts.limits.hard_from > 0 && spec.difficulty >= facts.limits.hard_from;
    if let Some(range) = facts.limits.hard_lessons.filter(|_| is_hard) {
        let bells = facts.bells.day(day);
        let lesson = |slot: u16| ones(bells & span(0, slot + 1));
        let (first, last) = (lesson(slot), lesson(last));
        let limit = |value| Limit {
            value,
            norm: range.norm,
            penalty: range.penalty,
            hard: false,
        };
        if first < range.from {
            add(
                verdict,
                class,
                LimitKind::HardAtEdge,
                first,
                limit(range.from),
                None,
            );
        } else if last > range.to {
            add(verdict, class, LimitKind::HardAtEdge, last, limit(range.to), None);
        }
    }
}

/// Cards of a list with the subject and some of the pupils of a card, in a common week.
pub(crate) fn same_subject(board: &Board, card: CardIx, list: &[CardIx]) -> Vec<CardIx> {
    let spec = &board.spec.cards[card.ix()];
    let same = list.iter().copied().filter(|other| {
        let o = &board.spec.cards[other.ix()];
        *other != card
            && o.subject == spec.subject
            && o.weeks.meets(spec.weeks)
            && board.share_pupils(card, *other)
    });
    same.collect()
}

pub(crate) fn add(
    verdict: &mut Verdict,
    class: ClassIx,
    kind: LimitKind,
    found: u16,
    limit: Limit,
    card: Option<CardIx>,
) {
    let level = if limit.hard { Level::Clash } else { Level::Poor };
    let Limit {
        value,
        norm,
        penalty,
        hard,
    } = limit;
    verdict.add(
        level,
        penalty,
        Reason::Limit {
            class,
            kind,
            found,
            limit: value,
            norm,
            hard,
            card,
        },
    );
}

pub(crate) fn day_cards(board: &Board, class: ClassIx, day: u16, without: Option<CardIx>) -> Vec<CardIx> {
    let of_class = board.class_cards[class.ix()].iter().copied();
    let today = of_class.filter(|c| Some(*c) != without && board.covers(*c, day) != 0);
    today
        .filter(|c| without.is_none_or(|card| board.share_pupils(card, *c)))
        .collect()
}

pub(crate) fn day_points(board: &Board, cards: &[CardIx], day: u16) -> [Vec<u16>; 2] {
    let mut points = [
        vec![0; usize::from(board.spec.slots)],
        vec![0; usize::from(board.spec.slots)],
    ];
    for card in cards {
        let spec = &board.spec.cards[card.ix()];
        for parity in spec.weeks.parities() {
            for slot in bits(board.covers(*card, day)) {
                let cell: &mut u16 = &mut points[parity][usize::from(slot)];
                *cell = (*cell).max(spec.difficulty);
            }
        }
    }
    points
}

fn lessons(masks: &[[u64; 2]]) -> u16 {
    masks.iter().flatten().map(|w| ones(*w)).max().unwrap_or(0)
}

pub(crate) fn sum(points: &[Vec<u16>; 2]) -> u16 {
    let sums = points
        .iter()
        .map(|p| p.iter().fold(0u16, |a, b| a.saturating_add(*b)));
    sums.max().unwrap_or(0)
}

fn longest(points: &[u16], hard_from: u16) -> u16 {
    if hard_from == 0 {
        return 0;
    }
    let (mut run, mut best) = (0, 0);
    for p in points {
        run = if *p >= hard_from { run + 1 } else { 0 };
        best = best.max(run);
    }
    best
}
