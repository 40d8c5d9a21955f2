//! A repair in sentences.

use base::Lang;
use timetable::compose::{Fact, Shift};
use timetable::why::Why;
use timetable::{CardIx, Placement, RoomIx, TeacherIx, TimeSet};

use crate::t;
use crate::timetable::{BoardData, bars, words};

fn teacher(data: &BoardData, ix: TeacherIx) -> &str {
    data.teachers.get(ix.ix()).map_or("—", |t| t.name.as_str())
}

fn room(lang: Lang, data: &BoardData, ix: Option<RoomIx>) -> String {
    let row = ix.and_then(|ix| data.rooms.get(ix.ix()));
    row.map_or_else(|| t::repair_no_room(lang).to_owned(), |room| room.name.clone())
}

/// «Волкова Е. А.: нет — Вт, 1–3 уроки».
#[must_use]
pub fn fact(lang: Lang, data: &BoardData, of: &Fact) -> String {
    match of {
        Fact::Teacher(who, times) => t::repair_teacher(lang, teacher(data, *who), hours(lang, data, times)),
        Fact::Class(class, times) => {
            let name = data.classes.get(class.ix()).map_or("—", |c| c.name.as_str());
            t::repair_class(lang, name, hours(lang, data, times))
        }
        Fact::Room(ix, times) => t::repair_room(lang, room(lang, data, Some(*ix)), hours(lang, data, times)),
        Fact::FreeDay(who) => t::repair_free_day(lang, teacher(data, *who)),
    }
}

/// «Вт; Чт, 1–3 уроки»: whole days by their names.
#[must_use]
pub fn hours(lang: Lang, data: &BoardData, times: &TimeSet) -> String {
    let slots: Vec<u16> = (0..).zip(&data.slots).map(|(n, _)| n).collect();
    let whole = |day: u16| slots.iter().all(|slot| times.contains(day, *slot));
    let days = || (0u16..).zip(&data.days);
    if days().all(|(day, _)| whole(day)) {
        return t::repair_always(lang).to_owned();
    }
    let one = |(day, name): (u16, &String)| {
        if whole(day) {
            return Some(name.clone());
        }
        let mut spans: Vec<(u16, u16)> = vec![];
        for slot in slots.iter().filter(|slot| times.contains(day, **slot)) {
            match spans.last_mut() {
                Some((_, last)) if *last + 1 == *slot => *last = *slot,
                _ => spans.push((*slot, *slot)),
            }
        }
        let slot = |n: u16| data.slots.get(usize::from(n)).cloned().unwrap_or_default();
        let span = |(from, to): (u16, u16)| {
            if from == to {
                slot(from)
            } else {
                format!("{}–{}", slot(from), slot(to))
            }
        };
        let spans: Vec<String> = spans.into_iter().map(span).collect();
        (!spans.is_empty()).then(|| t::repair_hours(lang, name, spans.join(", ")))
    };
    days().filter_map(one).collect::<Vec<_>>().join("; ")
}

/// «Алгебра, 7А: Вт, 3 урок → Чт, 2 урок; кабинет 21 → 14».
#[must_use]
pub fn shift(lang: Lang, data: &BoardData, of: &Shift) -> String {
    let lesson = words::lesson(data, of.card);
    let time = |at: Placement| words::place(lang, data, at.day, at.slot);
    let with_room = |at: Placement| match at.room {
        Some(ix) => t::repair_in_room(lang, time(at), room(lang, data, Some(ix))),
        None => time(at),
    };
    match (of.from, of.to) {
        (Some(from), Some(to)) if of.is_of_room() => t::repair_other_room(
            lang,
            lesson,
            room(lang, data, from.room),
            time(to),
            room(lang, data, to.room),
        ),
        (Some(from), Some(to)) if from.room == to.room => t::repair_moved(lang, time(from), lesson, time(to)),
        (Some(from), Some(to)) if from.room.is_none() => {
            t::repair_moved(lang, time(from), lesson, with_room(to))
        }
        (Some(from), Some(to)) => t::repair_moved_and_room(
            lang,
            time(from),
            lesson,
            room(lang, data, from.room),
            room(lang, data, to.room),
            time(to),
        ),
        (None, Some(to)) => t::repair_placed(lang, lesson, with_room(to)),
        (Some(from), None) => t::repair_to_tray(lang, with_room(from), lesson),
        (None, None) => lesson,
    }
}

/// «Алгебра, 7А: Волкова Е. А.: в эти часы не работает; 7А: идут другие уроки».
#[must_use]
pub fn stuck(lang: Lang, data: &BoardData, card: CardIx, why: Option<&Why>) -> String {
    let lesson = words::lesson(data, card);
    let bars = why.map_or(&[][..], |why| why.bars.as_slice());
    let bars: Vec<String> = bars
        .iter()
        .map(|closed| bars::closed(lang, data, closed.bar))
        .collect();
    if bars.is_empty() {
        lesson
    } else {
        t::repair_stuck_by(lang, lesson, bars.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timetable::board::{RoomRow, TeacherRow};
    use crate::timetable::samples;
    use base::{EmployeeId, RoomId};
    use timetable::RoomKind;

    fn data() -> BoardData {
        let mut data = samples::data(vec![samples::class("7А", 7)]);
        samples::placed(&mut data, 0, Some(0));
        data.teachers.push(TeacherRow {
            id: EmployeeId(1),
            name: "Волкова Е. А.".into(),
            away: TimeSet::new(),
            unwanted: vec![],
        });
        for (id, name) in [(1, "21"), (2, "14")] {
            data.rooms.push(RoomRow {
                id: RoomId(id),
                name: name.into(),
                kind: RoomKind(0),
                capacity: None,
                shared_by: 1,
                away: TimeSet::new(),
                building: None,
                floor: None,
            });
        }
        data
    }

    fn at(day: u16, slot: u16, room: Option<u32>) -> Option<Placement> {
        let room = room.map(RoomIx);
        Some(Placement { day, slot, room })
    }

    #[test]
    fn a_fact_names_whole_days_and_spans_of_lessons() {
        let data = data();
        let mut times = TimeSet::daily(2, 0, 8);
        assert_eq!(hours(Lang::Ru, &data, &times), "Пн; Вт");
        times = TimeSet::new();
        for slot in [0, 1, 2, 5] {
            times.insert(3, slot);
        }
        let words = fact(Lang::Ru, &data, &Fact::Teacher(TeacherIx(0), times.clone()));
        assert!(
            words.contains("Волкова Е. А.") && words.contains("Чт") && words.contains("1–3, 6"),
            "{words}"
        );
        assert_eq!(
            hours(Lang::Ru, &data, &TimeSet::daily(5, 0, 8)),
            t::repair_always(Lang::Ru)
        );
        let words = fact(Lang::Ru, &data, &Fact::Room(RoomIx(1), times));
        assert!(words.contains("14"), "{words}");
    }

    #[test]
    fn each_kind_of_shift_is_a_sentence_with_what_has_changed() {
        let data = data();
        let say = |from, to| {
            let card = CardIx(0);
            shift(Lang::Ru, &data, &Shift { card, from, to })
        };
        let moved = say(at(1, 2, Some(0)), at(3, 1, Some(1)));
        assert_eq!(moved, "Алгебра, 7А: Вт, 3 урок → Чт, 2 урок; кабинет 21 → 14");
        assert_eq!(
            say(at(1, 2, Some(0)), at(3, 1, Some(0))),
            "Алгебра, 7А: Вт, 3 урок → Чт, 2 урок"
        );
        assert_eq!(
            say(at(1, 2, Some(0)), at(1, 2, Some(1))),
            "Алгебра, 7А: Вт, 3 урок — кабинет 21 → 14"
        );
        assert_eq!(
            say(at(1, 2, Some(0)), None),
            "Алгебра, 7А: Вт, 3 урок, кабинет 21 → лоток"
        );
        assert_eq!(
            say(None, at(3, 1, Some(1))),
            "Алгебра, 7А: лоток → Чт, 2 урок, кабинет 14"
        );
        assert_eq!(
            say(at(1, 2, None), at(3, 1, Some(1))),
            "Алгебра, 7А: Вт, 3 урок → Чт, 2 урок, кабинет 14"
        );
        let none = say(at(1, 2, Some(0)), at(3, 1, None));
        assert!(none.ends_with("кабинет 21 → без кабинета"), "{none}");
    }

    #[test]
    fn what_is_stuck_says_why() {
        let data = data();
        let why = Why {
            cells: 40,
            bars: vec![timetable::why::Closed {
                bar: timetable::why::Bar::TeacherAway(TeacherIx(0)),
                cells: 40,
                opens: 40,
            }],
            loosen: None,
            never: true,
        };
        let words = stuck(Lang::Ru, &data, CardIx(0), Some(&why));
        assert_eq!(words, "Алгебра, 7А — Волкова Е. А.: в эти часы не работает");
        assert_eq!(stuck(Lang::Ru, &data, CardIx(0), None), "Алгебра, 7А");
    }
}
