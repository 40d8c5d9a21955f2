//! Rules that were kept of an imported file, back into a file of the same program.

use std::collections::HashMap;

use timetable::fet::kept::{Kept, Thing, Written};
use timetable::schools::fet::unsure;
use timetable::{CardIx, SchoolDraft};

use super::left::Left;
use super::school::Source;
use crate::import::sql::Stored;
use crate::timetable::BoardData;

/// The rules of a version with its positions in place of ids. Cards are numbered as the draft numbers them.
pub(super) fn kept(data: &BoardData, stored: Stored) -> Kept {
    let at = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let places = |ids: &mut dyn Iterator<Item = i64>| -> HashMap<i64, i64> { ids.zip(0i64..).collect() };
    let subjects = places(&mut data.subjects.iter().map(|row| row.id.0));
    let teachers = places(&mut data.teachers.iter().map(|row| row.id.0));
    let rooms = places(&mut data.rooms.iter().map(|row| row.id.0));
    let classes = places(&mut data.classes.iter().map(|row| row.id.0));
    let groups = places(&mut data.groups.iter().map(|row| row.id.0));
    let meaning = stored.names.turned(|thing| {
        Some(match thing {
            Thing::Day(n) if n >= at(data.days.len()) => return None,
            Thing::Hour(n) if n >= at(data.slots.len()) => return None,
            Thing::Day(_) | Thing::Hour(_) | Thing::Activity(_) => thing,
            Thing::Subject(id) => Thing::Subject(*subjects.get(&id)?),
            Thing::Teacher(id) => Thing::Teacher(*teachers.get(&id)?),
            Thing::Room(id) => Thing::Room(*rooms.get(&id)?),
            Thing::Class(id) => Thing::Class(*classes.get(&id)?),
            Thing::Group(id) => Thing::Group(*groups.get(&id)?),
            Thing::Building(_) => return None,
        })
    });
    let mut order: Vec<CardIx> = (0..data.cards.len()).map(CardIx::at).collect();
    order.sort_by_key(|card| (data.cards.get(card.ix()).map(|c| c.load), *card));
    let id = |card: &CardIx| data.cards.get(card.ix()).map(|c| c.id.0);
    let place: HashMap<i64, CardIx> = order.iter().filter_map(id).zip((0..).map(CardIx)).collect();
    let card = |(id, activity): &(i64, u32)| Some((*activity, *place.get(id)?));
    Kept {
        rules: stored.rules,
        meaning,
        cards: stored.cards.iter().filter_map(card).collect(),
    }
}

impl Source {
    /// The kept rules with the names of a draft of it, and what of them stays behind. FET could never complete a file whose places break a
    /// rule in force, so what the places break, or may break, is written out of force.
    pub(super) fn keep(&self, draft: &SchoolDraft, left: &mut Vec<Left>) -> Written {
        if self.kept.rules.is_empty() {
            return Written::default();
        }
        let mut written = timetable::fet::name_kept(draft, &self.kept);
        let before = written.on();
        if before > 0 && draft.card_list().any(|(_, _, card)| card.placement.is_some()) {
            let (text, lines) = timetable::fet::write_kept(draft, &written);
            let off = unsure(&text, &lines).unwrap_or_else(|_| vec![true; lines.len()]);
            written.switch_off(&off);
        }
        let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let off = size(before - written.on());
        if off > 0 {
            left.push(Left::KeptOff(off));
        }
        for ((kind, why), n) in &written.gone {
            left.push(Left::KeptGone(kind.clone(), *why, *n));
        }
        written
    }
}
