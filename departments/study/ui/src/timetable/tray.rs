//! The tray: cards that have no place yet, counted by load.

use leptos::prelude::*;
use timetable::{CardIx, Weeks};

use super::desk::Desk;
use super::grid::hue;
use crate::t;

/// How many piles are drawn: a view of everything may have thousands.
const SHOWN: usize = 150;

/// Cards of one load that look alike.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pile {
    first: CardIx,
    cards: Vec<CardIx>,
}

fn piles(desk: Desk) -> Vec<Pile> {
    let view = desk.view.get();
    desk.tick.track();
    let data = desk.data();
    let sides = desk.sides();
    desk.ask(|b| {
        let mut piles: Vec<(u32, u16, Weeks, Pile)> = Vec::new();
        for card in b.unplaced() {
            if !view.concerns(&sides, b, card) {
                continue;
            }
            let Some(row) = data.cards.get(card.ix()) else {
                continue;
            };
            match piles
                .iter_mut()
                .find(|p| (p.0, p.1, p.2) == (row.load, row.duration, row.weeks))
            {
                Some(pile) => pile.3.cards.push(card),
                None => piles.push((
                    row.load,
                    row.duration,
                    row.weeks,
                    Pile {
                        first: card,
                        cards: vec![card],
                    },
                )),
            }
        }
        let mut piles: Vec<Pile> = piles.into_iter().map(|p| p.3).collect();
        // the scarcest first: the fuller the week gets, the harder these are to place
        piles.sort_by_key(|p| (data.audience_of(p.first), std::cmp::Reverse(p.cards.len())));
        piles
    })
}

/// The tray of the present view.
#[component]
pub fn Tray(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let piles = Memo::new(move |_| piles(desk));
    let count = move || piles.with(|p| p.iter().map(|p| p.cards.len()).sum::<usize>());
    view! {
        <aside class="tt-tray" aria-label=t::tray_title(lang)>
            <h2>{t::tray_title(lang)}<span class="count">{count}</span></h2>
            {move || (count() == 0).then(|| {
                let rest = desk.unplaced.get();
                let words = if rest == 0 { t::tray_empty(lang).to_owned() } else { t::tray_elsewhere(lang, i64::try_from(rest).unwrap_or(0)) };
                view! { <p>{words}</p> }
            })}
            {move || piles.get().into_iter().take(SHOWN).enumerate().map(|(n, pile)| pile_view(desk, &pile, n == 0)).collect_view()}
            {move || {
                let rest = piles.with(|p| p.iter().skip(SHOWN).map(|p| p.cards.len()).sum::<usize>());
                (rest > 0).then(|| view! { <p>{t::tray_more(lang, i64::try_from(rest).unwrap_or(0))}</p> })
            }}
        </aside>
    }
}

fn pile_view(desk: Desk, pile: &Pile, first: bool) -> AnyView {
    let (card, cards) = (pile.first, pile.cards.clone());
    let data = desk.data();
    let subject = data.subject_of(card).map(|s| s.name.clone()).unwrap_or_default();
    let who = [data.audience_of(card), data.teachers_of(card)];
    let who: Vec<String> = who.into_iter().filter(|w| !w.is_empty()).collect();
    let who = who.join(" · ");
    let count = cards.len();
    let (long, weeks) = data
        .cards
        .get(card.ix())
        .map_or((1, Weeks::Every), |c| (c.duration, c.weeks));
    let mut notes = Vec::new();
    if long > 1 {
        notes.push(t::card_long(desk.lang, i64::from(long)));
    }
    match weeks {
        Weeks::Odd => notes.push(t::card_odd(desk.lang).to_owned()),
        Weeks::Even => notes.push(t::card_even(desk.lang).to_owned()),
        Weeks::Every => {}
    }
    let notes = notes.join(", ");
    let label = t::tray_left(desk.lang, i64::try_from(count).unwrap_or(0));
    let title = if notes.is_empty() {
        subject
    } else {
        format!("{subject} ({notes})")
    };
    view! {
        <button class="tt-card" type="button" tabindex=if first { "0" } else { "-1" } data-card=card.0.to_string() data-hue=hue(desk, card)
            title=desk.lesson(card)
            data-held=move || desk.held_card.get().is_some_and(|h| cards.contains(&h)).then_some("")>
            <b>{title}</b>
            <span>{who}</span>
            <span class="tt-left"><span aria-hidden="true">{count}</span><span class="visually-hidden">{label}</span></span>
        </button>
    }
    .into_any()
}
