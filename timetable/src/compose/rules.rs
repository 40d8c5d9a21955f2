//! What holds for every school: a time for everything, nobody in two places, rooms, windows, spread.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::{Draft, ROOM, ROOM_ROLE};
use crate::ids::{CardIx, RoomIx, bits, narrow, span};
use crate::problem::rules::{
    assign_resource::AssignResource,
    assign_time::AssignTime,
    avoid_clashes::AvoidClashes,
    avoid_unavailable_times::AvoidUnavailableTimes,
    limit_idle_times::LimitIdleTimes,
    order_events::{OrderEvents, Pair},
    prefer_resources::PreferResources,
    prefer_times::PreferTimes,
    relate_events::{Partners, RelateEvents, Relation},
    split_events::SplitEvents,
    spread_events::SpreadEvents,
};
use crate::problem::{Rule, Seat};
use crate::ties::{Tie, TieSpec};

/// Least price of a pupil's window: it stays dear where a class is many kinds of pupils.
const LEAST_CLASS_WINDOW: u32 = 3;

/// Names of rules that are told apart by them.
pub(super) const KEPT_THERE: &str = "a card that stays lies in the room";
pub(super) const NO_TEACHER_WINDOWS: &str = "teachers have no windows";
pub(super) const NO_PUPIL_WINDOWS: &str = "pupils have no windows";
pub(super) const SPREAD: &str = "spread over the week";
pub(super) const TIED: &str = "lessons belong together in time";
pub(super) const SOME_ROOM: &str = "a room should be found";
pub(super) const SUITABLE_ROOM: &str = "a suitable room";

/// Adds them all.
pub(super) fn all(draft: &mut Draft<'_>) {
    times(draft);
    draft.for_resources(
        "nobody is in two places",
        None,
        (0..narrow(draft.problem.resources.len())).collect(),
        Rule::AvoidClashes(AvoidClashes),
    );
    let rest: [fn(&mut Draft<'_>); 9] = [
        rooms,
        closed_rooms,
        windows,
        gaps,
        ties,
        super::bounds::all,
        super::unwanted::all,
        super::ways::all,
        super::rooming::all,
    ];
    for more in rest {
        if draft.watch.is_over() {
            return;
        }
        more(draft);
    }
}

/// A rule that events start at certain times.
pub(super) fn start_at(times: Vec<u32>) -> Rule {
    Rule::PreferTimes(PreferTimes {
        times,
        ..PreferTimes::default()
    })
}

fn times(draft: &mut Draft<'_>) {
    let movable: Vec<u32> = (0..)
        .zip(&draft.lessons)
        .filter(|(_, l)| !l.kept)
        .map(|(e, _)| e)
        .collect();
    let mut by_starts: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
    for (event, lesson) in (0..).zip(&draft.lessons).filter(|(_, l)| !l.kept) {
        by_starts.entry(lesson.starts.clone()).or_default().push(event);
    }
    draft.for_events(
        "everything has a time",
        None,
        movable.clone(),
        Rule::AssignTime(AssignTime),
    );
    let long = movable
        .into_iter()
        .filter(|e| draft.problem.event(*e).duration > 1);
    let long = long.collect();
    let whole = SplitEvents {
        min_duration: 1,
        // more than any card has, and a number that every reader of archives takes
        max_duration: 1_000_000,
        min_amount: 1,
        max_amount: 1,
    };
    draft.for_events("a card is in one piece", None, long, Rule::SplitEvents(whole));
    for (starts, events) in by_starts {
        draft.for_events("bells ring and all are there", None, events, start_at(starts));
    }
}

/// Rooms are looked for where the card asks for one.
fn rooms(draft: &mut Draft<'_>) {
    let wishes = draft.board.spec.wishes;
    let (mut must, mut may) = (vec![], vec![]);
    let mut should: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut suitable: BTreeMap<Vec<RoomIx>, Vec<u32>> = BTreeMap::new();
    let mut first: BTreeMap<RoomIx, Vec<u32>> = BTreeMap::new();
    for event in 0..narrow(draft.lessons.len()) {
        let at = crate::ids::wide(event);
        let card = draft.lessons[at].card;
        let need = &draft.board.spec.cards[card.ix()].room;
        let wanted = need.needed || need.kind.is_some() || !need.allowed.is_empty();
        let fit = &draft.board.fit_rooms[card.ix()];
        if draft.lessons[at].kept || !wanted || fit.is_empty() {
            continue;
        }
        let seats = &mut draft.problem.events[at].seats;
        draft.lessons[at].room_seat = Some(narrow(seats.len()));
        seats.push(Seat {
            fixed: None,
            role: Some(ROOM_ROLE),
            kind: ROOM,
            workload: None,
        });
        match (need.needed, need.hard) {
            (true, true) => must.push(event),
            (true, false) => {
                let price = u32::from(need.price(&wishes)).max(1);
                should.entry(price).or_default().push(event);
            }
            (false, _) => may.push(event),
        }
        if let Some(best) = fit.first() {
            first.entry(*best).or_default().push(event);
        }
        let mut fit = fit.clone();
        fit.sort_unstable();
        suitable.entry(fit).or_default().push(event);
    }
    let assigned = || Rule::AssignResource(AssignResource { role: ROOM_ROLE });
    draft.for_events("a room must be found", None, must, assigned());
    for (price, events) in should {
        draft.for_events(SOME_ROOM, Some(price), events, assigned());
    }
    draft.for_events("a room, if there is one", Some(1), may, assigned());
    for (n, (fit, events)) in suitable.into_iter().enumerate() {
        if draft.watch.is_over_at(n) {
            return;
        }
        let rooms: Vec<u32> = fit.iter().flat_map(|room| draft.copies(*room)).collect();
        let group = draft.room_group(rooms);
        let rule = PreferResources {
            resource_groups: vec![group],
            resources: vec![],
            role: ROOM_ROLE,
        };
        draft.for_events(SUITABLE_ROOM, None, events, Rule::PreferResources(rule));
    }
    for (room, events) in first {
        let resources = draft.copies(room).collect();
        let rule = PreferResources {
            resource_groups: vec![],
            resources,
            role: ROOM_ROLE,
        };
        let price = Some(u32::from(wishes.other_room));
        draft.for_events(
            "the room wished first",
            price,
            events,
            Rule::PreferResources(rule),
        );
    }
}

/// Rooms are closed when they are away, and where a kept card lies in them.
fn closed_rooms(draft: &mut Draft<'_>) {
    let board = draft.board;
    for room in (0..board.spec.rooms.len()).map(RoomIx::at) {
        if draft.watch.is_over_at(room.ix()) {
            return;
        }
        let away = &board.spec.rooms[room.ix()].away;
        let always: BTreeSet<u32> = away
            .iter()
            .filter(|(day, slot)| *day < board.days() && *slot < board.slots())
            .map(|(day, slot)| draft.time(day, slot))
            .collect();
        let copies: Vec<u32> = draft.copies(room).collect();
        let mut taken: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); copies.len()];
        for card in board.cards_in_room(room) {
            let times = times_of(draft, *card);
            // the first copy that has them all; one too many clashes with another kept card, whatever we do, and still nobody
            // else goes where it lies
            let free = taken
                .iter()
                .position(|copy| times.iter().all(|t| !copy.contains(t)));
            if let Some(copy) = taken.get_mut(free.unwrap_or(0)) {
                copy.extend(times);
            }
        }
        for (copy, taken) in copies.into_iter().zip(taken) {
            // told apart, so that it can be said what closes it: its hours or cards that stay
            let kept: BTreeSet<u32> = taken.difference(&always).copied().collect();
            for (name, times) in [("the room is open", &always), (KEPT_THERE, &kept)] {
                if times.is_empty() {
                    continue;
                }
                let rule = AvoidUnavailableTimes {
                    time_groups: vec![],
                    times: times.iter().copied().collect(),
                };
                draft.for_resources(name, None, vec![copy], Rule::AvoidUnavailableTimes(rule));
            }
        }
    }
}

fn times_of(draft: &Draft<'_>, card: CardIx) -> Vec<u32> {
    let at = draft.board.placement(card);
    let word = |at: crate::Placement| span(at.slot, draft.board.spec.cards[card.ix()].duration);
    at.map_or_else(Vec::new, |at| {
        bits(word(at)).map(|slot| draft.time(at.day, slot)).collect()
    })
}

/// Windows of teachers and pupils.
fn windows(draft: &mut Draft<'_>) {
    let wishes = draft.board.spec.wishes;
    let none = |draft: &Draft<'_>| {
        Rule::LimitIdleTimes(LimitIdleTimes {
            time_groups: draft.days(),
            min: 0,
            max: 0,
        })
    };
    let teachers: BTreeSet<u32> = draft.teachers.iter().flatten().copied().collect();
    let rule = none(draft);
    draft.for_resources(
        NO_TEACHER_WINDOWS,
        Some(wishes.teacher_window.into()),
        teachers.into_iter().collect(),
        rule,
    );
    if wishes.class_window == 0 {
        return;
    }
    let mut by_price: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (n, (pupils, pair)) in draft.pupils.iter().zip(&draft.pupil_resources).enumerate() {
        if draft.watch.is_over_at(n) {
            return;
        }
        let class = pupils.classes.first();
        let kinds = draft.pupils.iter().filter(|p| p.classes.first() == class).count();
        let price = u32::from(wishes.class_window).div_ceil(narrow(kinds).max(1));
        let price = price.max(LEAST_CLASS_WINDOW.min(wishes.class_window.into()));
        by_price.entry(price).or_default().extend(pair);
    }
    for (price, pupils) in by_price {
        let rule = none(draft);
        let pupils = pupils.into_iter().collect();
        draft.for_resources(NO_PUPIL_WINDOWS, Some(price), pupils, rule);
    }
}

/// Cards that should be spread over the week: each missing day costs, or is a breach where there must be none, as [`Board::judge`](crate::Board::judge) counts it.
fn gaps(draft: &mut Draft<'_>) {
    let board = draft.board;
    let days = u32::from(board.days());
    for (n, gap) in board.spec.gaps.iter().enumerate().filter(|(_, gap)| gap.counts()) {
        if draft.watch.is_over_at(n) {
            return;
        }
        let length = u32::from(gap.days).min(days);
        if length == 0 {
            continue;
        }
        // two cards that lie n days apart are together in as many runs of days as days are missing
        let mut limits = vec![];
        for end in 1..=days + length - 1 {
            let run = end.saturating_sub(length)..end.min(days);
            let times = run.start * draft.slots..run.end * draft.slots;
            limits.push((draft.window(times.collect()), 0, 1));
        }
        let mut groups = BTreeSet::new();
        for week in 0..2 {
            let there = gap
                .cards
                .iter()
                .filter(|c| board.spec.cards[c.ix()].weeks.parities().contains(&week));
            let events: Vec<u32> = there.filter_map(|c| draft.event_of[c.ix()]).collect();
            if events.len() > 1 {
                groups.insert(draft.group(events));
            }
        }
        let groups = groups.into_iter().collect();
        draft.for_groups(
            SPREAD,
            (!gap.hard).then(|| gap.penalty.into()),
            groups,
            Rule::SpreadEvents(SpreadEvents { limits }),
        );
    }
}

/// Cards that belong together in time: each pair that does not lie so costs once, as [`Board::judge`](crate::Board::judge) counts it. Who is
/// whose partner is settled here, by how the cards lie: a timetable that meets these pairs meets the tie.
fn ties(draft: &mut Draft<'_>) {
    let board = draft.board;
    for tie in board.spec.ties.iter().filter(|tie| tie.counts()) {
        let event = |card: CardIx| draft.event_of.get(card.ix()).copied().flatten();
        let pairs = draft.lay.partners(tie).into_iter();
        let pairs: Vec<(u32, u32)> = pairs
            .filter_map(|(one, other)| Some((event(one)?, event(other)?)))
            .collect();
        let none = pairs.is_empty();
        let choice = choice(draft, tie);
        let related = |pairs, relation| {
            Rule::RelateEvents(RelateEvents {
                pairs,
                relation,
                day: draft.slots,
                choice: choice.clone(),
            })
        };
        let rule = match tie.tie {
            Tie::Together => related(pairs, Relation::SameStart),
            Tie::RightAfter => related(pairs, Relation::RightAfter),
            Tie::NextTo => related(pairs, Relation::NextTo),
            Tie::Apart => related(pairs, Relation::ApartOnDay(0)),
            Tie::EndsDay | Tie::BeforeOnDay => related(pairs, Relation::BeforeOnDay),
            Tie::SameHour => related(pairs, Relation::SameHour),
            Tie::WithinDays(most) => related(pairs, Relation::WithinDays(most.into())),
            Tie::Spaced(least) => related(pairs, Relation::ApartOnDay(least.into())),
            Tie::InOrder => {
                let max = draft.slots * u32::from(board.days());
                let pair = |(first, second)| Pair {
                    first,
                    second,
                    min: 0,
                    max,
                };
                let pairs = pairs.into_iter().map(pair).collect();
                Rule::OrderEvents(OrderEvents {
                    pairs,
                    choice: choice.clone(),
                })
            }
        };
        if !none {
            let price = (!tie.hard).then(|| tie.penalty.into());
            draft.for_pairs(TIED, price, rule);
        }
    }
}

/// Who may be whose partner, for proofs: a timetable that misses these pairs may meet the tie with others. Nothing where there is no
/// choice.
fn choice(draft: &Draft<'_>, tie: &TieSpec) -> Option<Partners> {
    if tie.tie.is_of_all() || tie.first.len() == 1 && tie.second.len() == 1 {
        return None;
    }
    // a card that has no event here may be the partner all the same
    let events = |cards: &[CardIx]| {
        let of = cards
            .iter()
            .map(|card| draft.event_of.get(card.ix()).copied().flatten());
        of.collect::<Option<Vec<u32>>>()
    };
    let known = events(&tie.first).zip(events(&tie.second));
    let known = known.filter(|(first, second)| first.iter().all(|one| !second.contains(one)));
    let lists = known.map(|(first, second)| Partners { first, second });
    Some(lists.unwrap_or_default())
}
