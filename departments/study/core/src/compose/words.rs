//! What cannot be met together, as sentences.

use base::Lang;
use timetable::CardIx;
use timetable::compose::{Cause, Contradiction, Demand, Whose};

use super::Keep;
use crate::t;
use crate::timetable::bars::limit;
use crate::timetable::{BoardData, words};

/// How many lessons or demands are named.
const NAMED: usize = 6;

/// «Волкова Е. А.», «7А», «Кабинет 21».
#[must_use]
pub fn who(lang: Lang, data: &BoardData, whose: Whose) -> String {
    match whose {
        Whose::Teacher(ix) => data
            .teachers
            .get(ix.ix())
            .map_or("—", |t| t.name.as_str())
            .to_owned(),
        Whose::Class(ix) => data
            .classes
            .get(ix.ix())
            .map_or("—", |c| c.name.as_str())
            .to_owned(),
        Whose::Room(ix) => t::collide_room(lang, data.rooms.get(ix.ix()).map_or("—", |r| r.name.as_str())),
    }
}

fn named(lang: Lang, data: &BoardData, whose: Option<Whose>) -> String {
    whose.map_or_else(
        || t::collide_somebody(lang).to_owned(),
        |whose| who(lang, data, whose),
    )
}

/// «7А: уроков 36, а часов для них — 35».
#[must_use]
pub fn cause(lang: Lang, data: &BoardData, of: &Contradiction) -> String {
    let n = i64::from;
    match &of.cause {
        Cause::Nowhere(card) => t::collide_nowhere(lang, words::lesson(data, *card)),
        Cause::NoRoom(card) => t::collide_no_room(lang, words::lesson(data, *card)),
        Cause::Clash {
            whose,
            day,
            slot,
            cards,
        } => {
            let place = words::place(lang, data, *day, *slot);
            let both = lessons(lang, data, cards);
            match whose {
                Some(whose) => t::collide_clash(lang, both, place, who(lang, data, *whose)),
                None => t::collide_clash_bare(lang, both, place),
            }
        }
        Cause::Times {
            whose,
            needed,
            available,
        } => t::collide_times(lang, available, needed, named(lang, data, *whose)),
        Cause::Days { whose, allowed } => t::collide_days(lang, n(*allowed), named(lang, data, *whose)),
        Cause::Windows { whose, allowed } => t::collide_windows(lang, allowed, named(lang, data, *whose)),
        Cause::Rooms {
            rooms,
            needed,
            available,
        } => {
            let names = rooms
                .iter()
                .filter_map(|r| data.rooms.get(r.ix()))
                .map(|r| r.name.clone());
            t::collide_rooms(lang, available, needed, list(lang, names.collect()))
        }
        Cause::Spread { needed, available } => t::collide_spread(lang, available, needed),
        Cause::Begins {
            whose,
            needed,
            available,
        } => t::collide_begins(lang, available, needed, named(lang, data, *whose)),
        Cause::Way { whose, cards } => {
            t::collide_no_way(lang, lessons(lang, data, cards), named(lang, data, *whose))
        }
        Cause::Moves { whose, allowed } => t::collide_moves(lang, allowed, named(lang, data, *whose)),
        Cause::Other => t::collide_other(lang).to_owned(),
    }
}

/// Whose requirements to look at: of whom it is said, or the teachers and the class that all its lessons have.
#[must_use]
pub fn about(data: &BoardData, of: &Contradiction) -> Vec<Whose> {
    let mut all: Vec<Whose> = of.cause.whose().into_iter().collect();
    if let Cause::Rooms { rooms, .. } = &of.cause {
        all.extend(rooms.iter().take(NAMED).map(|room| Whose::Room(*room)));
    }
    let loads: Vec<_> = of.cards.iter().filter_map(|card| data.load_of(*card)).collect();
    let Some(first) = loads.first() else { return all };
    let shared = first.teachers.iter().copied();
    for teacher in shared.filter(|t| loads.iter().all(|load| load.teachers.contains(t))) {
        if !all.contains(&Whose::Teacher(teacher)) {
            all.push(Whose::Teacher(teacher));
        }
    }
    all
}

/// «Не хватает места для 7 уроков.»
#[must_use]
pub fn lack(lang: Lang, of: &Contradiction) -> String {
    t::collide_lack(lang, i64::from(of.lack))
}

/// «Алгебра, 7А × 5; Физика, 7А × 2; и ещё 4».
#[must_use]
pub fn lessons(lang: Lang, data: &BoardData, cards: &[CardIx]) -> String {
    let mut names: Vec<(String, usize)> = vec![];
    for card in cards {
        let name = words::lesson(data, *card);
        match names.iter_mut().find(|(other, _)| *other == name) {
            Some((_, count)) => *count += 1,
            None => names.push((name, 1)),
        }
    }
    let name = |(name, count)| {
        if count == 1 {
            name
        } else {
            t::collide_times_over(lang, count, name)
        }
    };
    list(lang, names.into_iter().map(name).collect())
}

/// «закреплено: Физика, 7А; Химия, 7Б»: demands of one kind together. `keep`: what was asked to stay, so that it is said why a
/// card does.
#[must_use]
pub fn demands(lang: Lang, data: &BoardData, keep: &Keep, of: &[Demand]) -> String {
    let of_kind = |card: fn(&Demand) -> Option<CardIx>, words: fn(Lang, String) -> String| {
        let cards: Vec<CardIx> = of.iter().filter_map(card).collect();
        (!cards.is_empty()).then(|| words(lang, lessons(lang, data, &cards)))
    };
    let cards_kept: Vec<CardIx> = of
        .iter()
        .filter_map(|d| {
            if let Demand::Kept(card) = d {
                Some(*card)
            } else {
                None
            }
        })
        .collect();
    let mut all = kept(lang, data, keep, &cards_kept);
    let kinds = [
        of_kind(
            |d| {
                if let Demand::Hours(card) = d {
                    Some(*card)
                } else {
                    None
                }
            },
            t::collide_hours,
        ),
        of_kind(
            |d| {
                if let Demand::Law(card) = d {
                    Some(*card)
                } else {
                    None
                }
            },
            t::collide_law,
        ),
        of_kind(
            |d| {
                if let Demand::Room(card) = d {
                    Some(*card)
                } else {
                    None
                }
            },
            t::collide_need_room,
        ),
        of_kind(
            |d| {
                if let Demand::Spread(card) = d {
                    Some(*card)
                } else {
                    None
                }
            },
            t::collide_apart,
        ),
        of_kind(
            |d| {
                if let Demand::Unwanted(card) = d {
                    Some(*card)
                } else {
                    None
                }
            },
            t::collide_unwanted,
        ),
    ];
    all.extend(kinds.into_iter().flatten());
    for one in of {
        if matches!(
            one,
            Demand::RoomHours(_)
                | Demand::KeptIn(_)
                | Demand::Limit(..)
                | Demand::Way(_)
                | Demand::Tied(..)
                | Demand::Bound(_)
                | Demand::Rooming(_)
        ) {
            all.push(demand(lang, data, keep, *one));
        }
    }
    // each is a sentence, but for the first, before which words stand
    let capital = |words: &String| {
        let mut letters = words.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    };
    let rest: Vec<String> = all.iter().skip(1).map(capital).collect();
    let first = all.into_iter().take(1);
    first.chain(rest).collect::<Vec<_>>().join(". ")
}

/// Why cards stay where they are: they are locked, or their day or class was asked to stay, or all that lies somewhere.
fn kept(lang: Lang, data: &BoardData, keep: &Keep, cards: &[CardIx]) -> Vec<String> {
    let mut by_reason: Vec<(Stays, Vec<CardIx>)> = vec![];
    for card in cards {
        let reason = stays(data, keep, *card);
        match by_reason.iter_mut().find(|(other, _)| *other == reason) {
            Some((_, list)) => list.push(*card),
            None => by_reason.push((reason, vec![*card])),
        }
    }
    let words = |(reason, cards): (Stays, Vec<CardIx>)| {
        let list = lessons(lang, data, &cards);
        match reason {
            Stays::Locked => t::collide_kept(lang, list),
            Stays::Placed => t::collide_kept_placed(lang, list),
            Stays::Day(day) => {
                let name = data.days.get(usize::from(day)).map_or("—", String::as_str);
                t::collide_kept_day(lang, name, list)
            }
            Stays::Class(class) => {
                let name = data.classes.get(class.ix()).map_or("—", |c| c.name.as_str());
                t::collide_kept_class(lang, name, list)
            }
        }
    };
    by_reason.into_iter().map(words).collect()
}

/// «день Вт», «класс 7А», «всё, что уже стоит»: why cards stay that were only asked to, each reason once. Of locked cards nothing.
#[must_use]
pub fn stays_by(lang: Lang, data: &BoardData, keep: &Keep, cards: &[CardIx]) -> Vec<String> {
    let mut names: Vec<String> = vec![];
    for card in cards {
        let name = match stays(data, keep, *card) {
            Stays::Locked => continue,
            Stays::Placed => t::collide_stays_placed(lang).to_owned(),
            Stays::Day(day) => {
                let name = data.days.get(usize::from(day)).map_or("—", String::as_str);
                t::collide_stays_day(lang, name)
            }
            Stays::Class(class) => {
                let name = data.classes.get(class.ix()).map_or("—", |c| c.name.as_str());
                t::collide_stays_class(lang, name)
            }
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Why a card stays.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stays {
    Locked,
    Placed,
    Day(u16),
    Class(timetable::ClassIx),
}

fn stays(data: &BoardData, keep: &Keep, card: CardIx) -> Stays {
    let Some(row) = data.cards.get(card.ix()).filter(|row| !row.locked) else {
        return Stays::Locked;
    };
    if keep.placed {
        return Stays::Placed;
    }
    let day = row.place.map(|at| at.day);
    if let Some(day) = day.filter(|day| i16::try_from(*day).is_ok_and(|day| keep.days.contains(&day))) {
        return Stays::Day(day);
    }
    match keep.class_of(data, row) {
        Some(class) => Stays::Class(class),
        None => Stays::Locked,
    }
}

/// One demand.
#[must_use]
pub fn demand(lang: Lang, data: &BoardData, keep: &Keep, of: Demand) -> String {
    let lesson = |card| words::lesson(data, card);
    let room = |room: timetable::RoomIx| data.rooms.get(room.ix()).map_or("—", |r| r.name.as_str());
    match of {
        Demand::Kept(card) => kept(lang, data, keep, &[card]).concat(),
        Demand::Hours(card) => t::collide_hours(lang, lesson(card)),
        Demand::Law(card) => t::collide_law(lang, lesson(card)),
        Demand::Room(card) => t::collide_need_room(lang, lesson(card)),
        Demand::RoomHours(of) => t::collide_room_hours(lang, room(of)),
        Demand::KeptIn(of) => {
            let stays = keep.of(data);
            let there = data.cards.iter().zip(stays).enumerate();
            let there =
                there.filter(|(_, (row, stays))| *stays && row.place.and_then(|p| p.room) == Some(of));
            let cards: Vec<CardIx> = there.map(|(n, _)| CardIx::at(n)).collect();
            t::collide_kept_in(lang, lessons(lang, data, &cards), room(of))
        }
        Demand::Limit(whose, kind) => limit(lang, &who(lang, data, whose), kind),
        Demand::Way(whose) => t::collide_way(lang, who(lang, data, whose)),
        Demand::Spread(card) => t::collide_apart(lang, lesson(card)),
        Demand::Tied(one, other) => t::collide_tied(lang, lesson(one), lesson(other)),
        Demand::Bound(of) => t::collide_bound(lang, words::bound(lang, data, of)),
        Demand::Rooming(of) => t::collide_rooming(lang, words::rooming(lang, data, of)),
        Demand::Unwanted(card) => t::collide_unwanted(lang, lesson(card)),
    }
}

fn list(lang: Lang, mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(t::collide_more(lang, more));
    }
    names.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timetable::samples;
    use base::ClassId;

    #[test]
    fn what_was_asked_to_stay_is_named_once_and_a_lock_never() {
        let mut second = samples::class("7Б", 7);
        second.id = ClassId(2);
        let mut data = samples::data(vec![samples::class("7А", 7), second]);
        for class in [0, 0, 1, 1] {
            samples::placed(&mut data, class, Some(0));
        }
        for (n, day) in [1u16, 1, 3, 4].into_iter().enumerate() {
            data.cards[n].place = Some(timetable::Placement {
                day,
                slot: 0,
                room: None,
            });
        }
        data.cards[3].locked = true;
        let all: Vec<CardIx> = (0..4).map(CardIx).collect();
        let told = |keep: Keep| stays_by(Lang::Ru, &data, &keep, &all);
        let days_and_classes = Keep {
            days: vec![1],
            classes: vec![ClassId(2)],
            ..Keep::default()
        };
        assert_eq!(told(days_and_classes), ["день Вт", "класс 7Б"]);
        let placed = Keep {
            placed: true,
            ..Keep::default()
        };
        assert_eq!(told(placed), ["всё, что уже стоит"]);
        assert_eq!(told(Keep::default()), Vec::<String>::new());
        assert_eq!(
            stays_by(
                Lang::En,
                &data,
                &Keep {
                    days: vec![1],
                    ..Keep::default()
                },
                &all
            ),
            ["the day Вт"]
        );
    }

    /// The teacher whose lessons these are is named where the cause itself says nobody, once.
    #[test]
    fn whose_requirements_it_is_about() {
        let mut data = samples::data(vec![samples::class("7А", 7)]);
        samples::placed(&mut data, 0, Some(0));
        samples::placed(&mut data, 0, Some(1));
        let cards: Vec<CardIx> = vec![CardIx(0), CardIx(1)];
        let teachers: Vec<Whose> = data
            .load_of(CardIx(0))
            .unwrap()
            .teachers
            .iter()
            .map(|t| Whose::Teacher(*t))
            .collect();
        for card in &mut data.cards {
            card.load = 0;
        }
        let of = |cause| Contradiction {
            cause,
            cards: cards.clone(),
            demands: vec![],
            lack: 1,
            loosen: vec![],
            proved: true,
            minimal: true,
        };
        let spread = Cause::Spread {
            needed: 2,
            available: 1,
        };
        assert_eq!(about(&data, &of(spread)), teachers);
        let class = Whose::Class(timetable::ClassIx(0));
        let times = Cause::Times {
            whose: Some(class),
            needed: 2,
            available: 1,
        };
        assert_eq!(about(&data, &of(times)), [vec![class], teachers].concat());
    }
}
