//! A card that has no place: what closes every cell to it, and which moves of others would make room.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::timetable::bars;
use timetable::compose::{Shift, Step, Way};
use timetable::{CardIx, Placement};

use super::desk::Desk;
use crate::engine::Engine;
use crate::engine::talk::{Answer, Ask};
use crate::t;

/// So many ways are offered.
const WAYS: u8 = 3;

/// What is known of ways to place the held card.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Found {
    /// Nobody has asked.
    #[default]
    Nothing,
    /// They are looked for.
    Looking,
    /// These, the shortest first; and whether others are looked for.
    Ways(Vec<Way>, bool),
    /// Somebody has stopped it before anything was found.
    Stopped,
    /// No engine can be begun here.
    NoEngine,
}

/// The search for ways, as a part of the desk. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Advice {
    engine: Engine,
    /// Of the last question.
    pub found: RwSignal<Found>,
    /// The last question was about one cell.
    pub here: RwSignal<bool>,
    /// Grows with every question: an answer to an older one is none.
    asked: StoredValue<u32>,
    /// Which state of the board the engine knows.
    known: StoredValue<Option<u32>>,
}

impl Advice {
    pub(super) fn new() -> Self {
        Self {
            engine: Engine::new(),
            found: RwSignal::new(Found::Nothing),
            here: RwSignal::new(false),
            asked: StoredValue::new(0),
            known: StoredValue::new(None),
        }
    }

    /// Whatever the engine is at, it ends; the next question begins another one.
    pub(super) fn stop(self) {
        let _ = self.known.try_set_value(None);
        self.engine.end();
    }

    /// Nobody waits any longer: the engine ends, what was found stays.
    pub(super) fn enough(self) {
        self.asked.update_value(|n| *n = n.wrapping_add(1));
        self.stop();
        self.found.update(|found| match found {
            Found::Ways(_, more) => *more = false,
            other => *other = Found::Stopped,
        });
    }

    /// Nothing is asked any more.
    pub(super) fn forget(self) {
        self.asked.update_value(|n| *n = n.wrapping_add(1));
        if self.found.with_untracked(|f| *f != Found::Nothing) {
            self.found.set(Found::Nothing);
        }
    }
}

impl Desk {
    /// Begins the engine and tells it the board, so that the first answer does not wait for its files.
    pub(super) fn warm(self) {
        let advice = self.advice;
        let Some(tick) = self.tick.try_get_untracked() else {
            return;
        };
        if advice.known.try_get_value() != Some(None) {
            return;
        }
        let spec = self.ask(|b| b.spec().clone());
        advice.known.set_value(Some(tick));
        spawn_local(async move {
            if advice.engine.ask(&Ask::Board(Box::new(spec))).await.is_none() {
                let _ = advice.known.try_set_value(None);
            }
        });
    }

    /// Asks the engine about the board as it lies. `None`: there is none here, or it was stopped.
    pub(super) async fn consult(self, ask: &Ask) -> Option<Answer> {
        let advice = self.advice;
        let tick = self.tick.try_get_untracked()?;
        // the engine hears of a board only when it is another one
        if advice.known.try_get_value()? != Some(tick) {
            let spec = self.ask(|b| b.spec().clone());
            advice.known.set_value(Some(tick));
            // ended meanwhile: another question has begun another engine, which is none of ours
            advice.engine.ask(&Ask::Board(Box::new(spec))).await?;
        }
        advice.engine.ask(ask).await
    }

    /// Looks for ways to place a card, to one cell if it is named.
    pub(super) fn seek(self, card: CardIx, cell: Option<(u16, u16)>) {
        let advice = self.advice;
        advice.forget();
        let asked = advice.asked.get_value();
        advice.here.set(cell.is_some());
        advice.found.set(Found::Looking);
        spawn_local(async move {
            // the shortest is known long before the others are
            for most in [1, WAYS] {
                let answer = self.consult(&Ask::Ways { card, cell, most }).await;
                if advice.asked.try_get_value() != Some(asked) {
                    return;
                }
                let Some(Answer::Ways(ways)) = answer else {
                    advice.stop();
                    advice.found.set(Found::NoEngine);
                    return;
                };
                // to one cell there is one, and where there is none there are no others
                let more = most < WAYS && cell.is_none() && !ways.is_empty();
                if !more {
                    self.say(match i64::try_from(ways.len()) {
                        Ok(n @ 1..) => t::advice_said(self.lang, n),
                        _ => t::advice_none(self.lang).to_owned(),
                    });
                }
                advice.found.set(Found::Ways(ways, more));
                if !more {
                    return;
                }
            }
        });
    }

    /// Carries a way out: one act, undone as one.
    pub(super) fn take(self, way: &Way) {
        self.hold_nothing();
        let steps = way.steps.iter().map(|s| self.step(s.card, Some(s.to))).collect();
        self.act(steps);
        let mut moved = way.steps.iter().map(|s| self.lesson(s.card));
        let first = moved.next().unwrap_or_default();
        let others: Vec<String> = moved.collect();
        let place = way.steps.first().map(|s| self.place_words(s.to.day, s.to.slot));
        let place = place.unwrap_or_default();
        self.say(if others.is_empty() {
            t::say_placed(self.lang, first, place)
        } else {
            t::advice_done(self.lang, first, others.join("; "), place)
        });
    }

    /// Takes a repair over: one act, undone as one; what it has moved is marked.
    pub(super) fn take_repair(self, shifts: &[Shift]) {
        self.hold_nothing();
        self.act(shifts.iter().map(|s| self.step(s.card, s.to)).collect());
        self.marked.set(Arc::new(shifts.iter().map(|s| s.card).collect()));
        let words = t::repair_taken(self.lang, i64::try_from(shifts.len()).unwrap_or(i64::MAX));
        self.note.set(Some(words.clone()));
        self.say(words);
    }

    fn spot(self, place: Option<Placement>) -> String {
        place.map_or_else(
            || t::advice_tray(self.lang).to_owned(),
            |at| self.place_words(at.day, at.slot),
        )
    }
}

/// Why the card has no place: the fewest limits that together close every cell.
pub fn why(desk: Desk, card: CardIx) -> AnyView {
    let lang = desk.lang;
    let Some(why) = desk.ask(|b| b.why_nowhere(card)) else {
        return ().into_any();
    };
    let words = |bar| desk.data.with_value(|d| bars::closed(lang, d, bar));
    let bars = why.bars.iter().map(|closed| {
        let cells = t::advice_covers(lang, i64::from(closed.cells));
        view! { <li>{words(closed.bar)}<small>{cells}</small></li> }
    });
    let bars = bars.collect_view();
    let loosen = match why.loosen {
        _ if why.cells == 0 => t::advice_too_long(lang).to_owned(),
        _ if why.never => t::advice_never(lang).to_owned(),
        Some(closed) => t::advice_loosen(lang, i64::from(closed.opens), words(closed.bar)),
        None => t::advice_loosen_none(lang).to_owned(),
    };
    view! {
        <section class="tt-bars">
            <h3>{t::advice_why(lang)}</h3>
            <ul class="tt-closed">{bars}</ul>
            <p>{loosen}</p>
        </section>
    }
    .into_any()
}

/// Ways to make room, as buttons.
pub fn ways(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let advice = desk.advice;
    let title = move || {
        if advice.here.get() {
            t::advice_ways_here(lang)
        } else {
            t::advice_ways(lang)
        }
    };
    // what was found first stays as it is drawn when others come: somebody may be on its button
    let known = Memo::new(move |_| advice.found.with(Known::of));
    let all = move || {
        advice.found.with(|found| match found {
            Found::Ways(ways, _) => ways.clone(),
            _ => vec![],
        })
    };
    let more = Memo::new(move |_| advice.found.with(|found| matches!(found, Found::Ways(_, true))));
    view! {
        {move || {
            let body = match known.get() {
                Known::Nothing => return None,
                Known::Looking => view! { <kit::Working words=t::advice_looking(lang)/>{enough(desk)} }.into_any(),
                Known::NoEngine => view! { <p>{t::advice_unknown(lang)}</p> }.into_any(),
                Known::Stopped => view! { <p>{t::advice_stopped(lang)}</p> }.into_any(),
                Known::NoWay => view! { <p>{t::advice_none(lang)}</p> }.into_any(),
                Known::Ways => view! {
                    <ol class="tt-ways">
                        <For each=all key=|way| format!("{:?}", way.steps) let:way>{one(desk, &way)}</For>
                    </ol>
                    {move || more.get().then(|| view! { <kit::Working words=t::advice_more(lang)/>{enough(desk)} })}
                }
                .into_any(),
            };
            Some(view! { <section class="tt-advice"><h3>{title}</h3>{body}</section> })
        }}
    }
    .into_any()
}

/// What there is to draw.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Nothing,
    Looking,
    Ways,
    NoWay,
    Stopped,
    NoEngine,
}

impl Known {
    fn of(found: &Found) -> Self {
        match found {
            Found::Nothing => Self::Nothing,
            Found::Looking => Self::Looking,
            Found::Ways(ways, _) if ways.is_empty() => Self::NoWay,
            Found::Ways(..) => Self::Ways,
            Found::Stopped => Self::Stopped,
            Found::NoEngine => Self::NoEngine,
        }
    }
}

/// The button that ends the looking; what was found stays.
fn enough(desk: Desk) -> AnyView {
    view! { <div><button class="btn btn-small" type="button" on:click=move |_| desk.advice.enough()>{t::standing_stop(desk.lang)}</button></div> }
        .into_any()
}

fn one(desk: Desk, way: &Way) -> AnyView {
    let lang = desk.lang;
    let price = price_words(lang, way.price);
    let (first, others) = match way.steps.split_first() {
        Some((first, others)) => (desk.place_words(first.to.day, first.to.slot), others),
        None => return ().into_any(),
    };
    let moved = |step: &Step| {
        let from = desk.ask(|b| b.placement(step.card));
        let words = t::advice_moves(
            lang,
            desk.spot(from),
            desk.lesson(step.card),
            desk.spot(Some(step.to)),
        );
        view! { <small>{words}</small> }
    };
    let others = others.iter().map(moved).collect_view();
    let way = way.clone();
    view! {
        <li>
            <button type="button" on:click=move |_| desk.take(&way)>{t::advice_do(lang, first)}</button>
            {others}
            <small class="muted">{price}</small>
        </li>
    }
    .into_any()
}

/// «хуже на 4».
pub fn price_words(lang: base::Lang, price: i64) -> String {
    match price {
        0 => t::advice_price_same(lang).to_owned(),
        1.. => t::advice_price_more(lang, price),
        _ => t::advice_price_less(lang, -price),
    }
}
