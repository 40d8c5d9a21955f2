//! Most hours and days of lessons and persons that a file asks, and what is asked of the rooms that lessons take together, in words.

use base::Lang;
use timetable::{Bounded, CardIx, Reason, Rooming, TimeSet};

use crate::t;
use crate::timetable::BoardData;
use crate::timetable::single::{Bound, Person, Whose};

/// So many lessons are named.
const NAMED: usize = 3;

/// «Волкова Е. А.: дней с уроками 7–9 не больше 2»; of a bound by its position.
#[must_use]
pub fn bound(lang: Lang, data: &BoardData, bound: u32) -> String {
    let found = usize::try_from(bound)
        .ok()
        .and_then(|n| data.single.bounds.get(n));
    let Some(Bound {
        of,
        what,
        times,
        figure,
    }) = found
    else {
        return "—".to_owned();
    };
    let who = who(data, of);
    let hours = hours(data, times);
    match (what, hours) {
        (Bounded::Hours, None) => t::bound_all_hours(lang, *figure, who),
        (Bounded::Hours, Some(hours)) => t::bound_hours(lang, hours, *figure, who),
        (Bounded::HoursADay, _) => t::bound_hours_a_day(lang, *figure, who),
        (Bounded::HoursInARow, _) => t::bound_in_a_row(lang, *figure, who),
        (Bounded::Days, None) => t::bound_days(lang, *figure, who),
        (Bounded::Days, Some(hours)) => t::bound_days_hours(lang, hours, *figure, who),
        (Bounded::Rest { .. }, _) => t::bound_rest(lang, *figure, who),
    }
}

/// «Алгебра, 7А: кабинетов не больше 1»; of a rule about rooms that lessons take together by its position.
#[must_use]
pub fn rooming(lang: Lang, data: &BoardData, rule: u32) -> String {
    let at = usize::try_from(rule).unwrap_or(usize::MAX);
    let Some(of) = data.roomings().into_iter().nth(at) else {
        return "—".to_owned();
    };
    let who = lessons(data, &of.cards);
    match of.what {
        Rooming::AtMost(most) => t::rooming_at_most(lang, most, who),
        Rooming::InARow => t::rooming_in_a_row(lang, who),
    }
}

/// «Алгебра, 7А: кабинетов не больше 1, а занято 2: …»; a lesson and its room beside the one that is looked at.
pub(super) fn rooms(lang: Lang, data: &BoardData, reason: &Reason) -> String {
    let (lesson, room) = (|card| super::lesson(data, card), |at| super::room(data, at));
    match *reason {
        Reason::TooManyRooms {
            rule,
            card,
            room: at,
            found,
        } => {
            let rule = rooming(lang, data, rule);
            t::full_too_many_rooms(lang, i64::from(found), lesson(card), room(at), rule)
        }
        Reason::OtherRoom { card, room: at, .. } => t::full_other_room(lang, lesson(card), room(at)),
        _ => String::new(),
    }
}

/// The lessons by subject and class, each once.
fn lessons(data: &BoardData, lessons: &[CardIx]) -> String {
    let mut names: Vec<String> = vec![];
    for lesson in lessons {
        let name = super::lesson(data, *lesson);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.len() > NAMED {
        names.truncate(NAMED);
        names.push("…".to_owned());
    }
    names.join("; ")
}

fn who(data: &BoardData, of: &Whose<CardIx>) -> String {
    let at = |n: &i64| usize::try_from(*n).unwrap_or(usize::MAX);
    let name = match of {
        Whose::Lessons(of) => return lessons(data, of),
        Whose::All(Person::Teacher(n)) => data.teachers.get(at(n)).map(|t| t.name.clone()),
        Whose::All(Person::Class(n)) => data.classes.get(at(n)).map(|c| c.name.clone()),
        Whose::All(Person::Group(n)) => data.groups.get(at(n)).map(|group| {
            let class = data.classes.get(group.class.ix()).map_or("", |c| c.name.as_str());
            if group.name.starts_with(class) {
                group.name.clone()
            } else {
                format!("{class}, {}", group.name)
            }
        }),
    };
    name.unwrap_or_else(|| "—".to_owned())
}

/// «7–9», or «Пн 7; Вт 7, 8» where days differ; `None`: all hours.
fn hours(data: &BoardData, times: &TimeSet) -> Option<String> {
    let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let (days, slots) = (short(data.days.len()), short(data.slots.len()));
    let of_day = |day: u16| {
        (0..slots)
            .filter(move |slot| times.contains(day, *slot))
            .collect::<Vec<_>>()
    };
    let slot = |n: &u16| data.slots.get(usize::from(*n)).map_or("—", String::as_str);
    let first = of_day(0);
    if (0..days).all(|day| of_day(day) == first) {
        return match first.as_slice() {
            all if all.len() == usize::from(slots) => None,
            [one] => Some(slot(one).to_owned()),
            [from, .., to] if usize::from(to - from) + 1 == first.len() => {
                Some(format!("{}–{}", slot(from), slot(to)))
            }
            all => Some(all.iter().map(slot).collect::<Vec<_>>().join(", ")),
        };
    }
    let day = |(day, name): (u16, &String)| {
        let hours = of_day(day);
        let hours: Vec<&str> = hours.iter().map(slot).collect();
        (!hours.is_empty()).then(|| format!("{name} {}", hours.join(", ")))
    };
    let named: Vec<String> = (0u16..).zip(&data.days).filter_map(day).collect();
    Some(named.join("; "))
}
