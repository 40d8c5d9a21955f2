//! What is asked of the hours of a card, in words.

use base::Lang;
use timetable::{CardIx, TimeSet};

use crate::requirement;
use crate::requirement::facts::Asked;
use crate::timetable::BoardData;

/// «только в Пн, только первым уроком»: what is asked of the times of a card's subject, as a must or as a wish.
pub(super) fn rules(lang: Lang, data: &BoardData, card: CardIx, must: bool) -> String {
    let Some(load) = data.load_of(card) else {
        return String::new();
    };
    let subject = data.subject_of(card).map(|s| s.id);
    let asked = Asked(&data.requirements).times_of(load.id, subject);
    let asked = asked.filter(|t| t.kind.cost(t.weight).hard == must);
    let mut words: Vec<String> = asked
        .map(|t| requirement::words::rule(lang, &data.days, t))
        .collect();
    let mut closed = TimeSet::new();
    if must {
        closed.union(&load.away);
    } else {
        load.unwanted.iter().for_each(|(_, times)| closed.union(times));
    }
    if must && Asked(&data.requirements).single_lessons() {
        let hours = data.single.hours.iter().filter(|of| of.lessons.contains(&card));
        hours.for_each(|of| closed.union(&of.away));
    }
    words.extend(requirement::words::kept_out(
        lang,
        &data.days,
        &data.slots,
        &closed,
    ));
    words.join(", ")
}
