//! The side panel: where the held card may go and why, or what is known of the chosen card.

use leptos::prelude::*;
use study_core::timetable::words;
use timetable::judge::Place;
use timetable::{CardIx, Level, Reason, RoomIx};

use super::advice::{price_words, ways, why};
use super::desk::{Desk, Held};
use super::layout::{CellAt, Whom};
use crate::t;

/// How many places are listed.
const LISTED: usize = 24;

/// The panel.
#[component]
pub fn Panel(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    view! {
        <aside class="tt-reasons" aria-label=t::panel_label(lang)>
            {move || match desk.at.get() {
                Some(at) => Some(here(desk, at)),
                // the place is kept free, so that the list below does not jump
                None => desk.held_card.get().map(|_| view! { <div class="tt-at"><p>{t::panel_point(lang)}</p></div> }.into_any()),
            }}
            {move || match (desk.held.get(), desk.selected.get()) {
                (Some(held), _) => places(desk, &held),
                (None, Some(card)) => {
                    desk.tick.track();
                    about(desk, card)
                }
                (None, None) => hint(desk),
            }}
        </aside>
    }
}

/// The cell under the pointer or the focus, in full: its place (heads cut long names off), what lies there, and how it
/// suits the card in the hand.
fn here(desk: Desk, at: CellAt) -> AnyView {
    let lang = desk.lang;
    desk.tick.track();
    let place = desk.place_words(at.day, at.slot);
    let held = desk.held.get();
    let verdict = held.as_ref().and_then(|held| desk.verdict(held, at));
    let lessons = desk.ask(|b| at.cards(b));
    let (key, words) = match (&held, &verdict) {
        (Some(_), None) => ("none", t::verdict_elsewhere(lang)),
        (Some(_), Some(v)) => match v.level {
            Level::Clash => ("clash", t::verdict_clash(lang)),
            Level::Poor => ("poor", t::verdict_poor(lang)),
            Level::Good if v.penalty < 0 && held.as_ref().is_some_and(|h| h.now.is_none()) => {
                ("good", t::verdict_mends(lang))
            }
            Level::Good => ("good", t::verdict_good(lang)),
        },
        (None, _) if lessons.is_empty() => ("none", t::say_empty(lang)),
        (None, _) => ("none", ""),
    };
    let reasons = verdict
        .iter()
        .flat_map(|v| &v.reasons)
        .map(|r| reason(desk, r))
        .collect_view();
    let against = held.as_ref().zip(verdict.as_ref());
    let price = against.and_then(|(held, v)| desk.against_now(held, at, v));
    // what is wrong where it lies, and would not be here
    let better = against.and_then(|(held, v)| {
        let (_, now) = held.now.as_ref().filter(|_| v.level < Level::Clash)?;
        let gone = now.reasons.iter().filter(|r| !v.reasons.contains(r));
        let gone: Vec<String> = desk
            .data
            .with_value(|d| gone.map(|r| words::full(lang, d, r)).collect());
        (!gone.is_empty()).then(|| view! { <small>{t::verdict_no_more(lang, gone.join("; "))}</small> })
    });
    // of many cards in a cell each can be taken from here
    let lessons = held.is_none().then(|| {
        let one = |card: CardIx| view! { <li><button type="button" on:click=move |_| desk.pick(card)>{desk.lesson(card)}</button></li> };
        view! { <ul class="tt-here">{lessons.into_iter().map(one).collect_view()}</ul> }
    });
    view! {
        <div class="tt-at" data-verdict=key>
            <p><b>{place}</b>" "<span>{words}</span></p>
            {price.map(|price| view! { <small class="muted">{price}</small> })}
            {lessons}
            {reasons}
            {better}
        </div>
    }
    .into_any()
}

fn hint(desk: Desk) -> AnyView {
    let lang = desk.lang;
    view! {
        <h2>{t::panel_label(lang)}</h2>
        <p>{if desk.may_edit() { t::panel_hint(lang) } else { t::panel_hint_read(lang) }}</p>
        {desk.may_edit().then(|| view! {
            <div class="tt-legend">
                <span data-verdict="good">{t::verdict_good(lang)}</span>
                <span data-verdict="poor">{t::verdict_poor(lang)}</span>
                <span data-verdict="clash">{t::verdict_clash(lang)}</span>
            </div>
            <dl class="facts tt-keys">
                <dt><kbd class="kbd">"Enter"</kbd></dt><dd>{t::keys_enter(lang)}</dd>
                <dt><kbd class="kbd">"← ↑ → ↓"</kbd></dt><dd>{t::keys_arrows(lang)}</dd>
                <dt><kbd class="kbd">"Esc"</kbd></dt><dd>{t::keys_escape(lang)}</dd>
                <dt><kbd class="kbd">"Del"</kbd></dt><dd>{t::keys_delete(lang)}</dd>
                <dt><kbd class="kbd">"L"</kbd></dt><dd>{t::keys_lock(lang)}</dd>
                <dt><kbd class="kbd">"Ctrl Z"</kbd></dt><dd>{t::keys_undo(lang)}</dd>
            </dl>
        })}
    }
    .into_any()
}

/// A reason with the clause it comes from.
fn reason(desk: Desk, reason: &Reason) -> AnyView {
    let lang = desk.lang;
    let (sentence, norm) = desk.data.with_value(|d| {
        (
            words::full(lang, d, reason),
            // the place of the clause; what it says stands before it in words
            words::norm_of(d, reason).map(|n| words::clause(lang, n)),
        )
    });
    view! {
        <small>
            {sentence}
            {norm.map(|clause| view! { " · "<cite>{clause}</cite> })}
        </small>
    }
    .into_any()
}

/// «Куда можно поставить»: by penalty, the best first; choosing one places the card.
fn places(desk: Desk, held: &Held) -> AnyView {
    let lang = desk.lang;
    let count = held.places.len();
    let items = held
        .places
        .iter()
        .take(LISTED)
        .map(|p| place_item(desk, held, p))
        .collect_view();
    let rest = count.saturating_sub(LISTED);
    view! {
        <h2>{t::panel_where(lang)}<span class="count">{count}</span></h2>
        <p><b>{desk.lesson(held.card)}</b></p>
        <div class="row">
            <button class="btn btn-small" type="button" on:click=move |_| desk.release()>{t::action_release(lang)}</button>
        </div>
        {move || desk.refused.get().map(|r| refusal(desk, &r))}
        {ways(desk)}
        {(count == 0).then(|| view! { <p>{t::panel_nowhere(lang)}</p> {why(desk, held.card)} })}
        <ol>{items}</ol>
        {(rest > 0).then(|| view! { <p>{t::panel_more(lang, i64::try_from(rest).unwrap_or(0))}</p> })}
    }
    .into_any()
}

fn place_item(desk: Desk, held: &Held, place: &Place) -> AnyView {
    let card = held.card;
    let key = if place.verdict.level == Level::Good {
        "good"
    } else {
        "poor"
    };
    let at = place.at;
    let room = at.room.and_then(|r| {
        desk.data
            .with_value(|d| d.rooms.get(r.ix()).map(|r| r.name.clone()))
    });
    // the place is one of the card's own, whatever is looked at
    let whom = desk.ask(|b| {
        b.classes_of(card)
            .first()
            .map(|c| Whom::Class(*c))
            .or_else(|| {
                b.card(card)
                    .and_then(|c| c.teachers.first().copied())
                    .map(Whom::Teacher)
            })
            .unwrap_or(Whom::Class(timetable::ClassIx(0)))
    });
    let cell = CellAt {
        day: at.day,
        slot: at.slot,
        whom,
    };
    let reasons = place
        .verdict
        .reasons
        .iter()
        .map(|r| reason(desk, r))
        .collect_view();
    let price = desk.against_now(held, cell, &place.verdict).or_else(|| {
        let price = Some(i64::from(place.verdict.penalty)).filter(|price| *price != 0);
        price.map(|price| price_words(desk.lang, price))
    });
    let price = price.map(|price| view! { <small class="muted">{price}</small> });
    view! {
        <li data-verdict=key>
            <button type="button" on:click=move |_| { desk.place_with(cell, at.room); }>
                {desk.place_words(at.day, at.slot)}
                <span class="visually-hidden">{if key == "good" { t::verdict_good(desk.lang) } else { t::verdict_poor(desk.lang) }}</span>
            </button>
            {room.map(|r| view! { <small>{t::panel_room(desk.lang, r)}</small> })}
            {price}
            {reasons}
        </li>
    }
    .into_any()
}

/// Why the last wish was refused, and what would make room.
fn refusal(desk: Desk, refused: &super::desk::Refused) -> AnyView {
    let lang = desk.lang;
    let place = desk.place_words(refused.at.day, refused.at.slot);
    let others: Vec<String> = refused.evict.iter().map(|c| desk.lesson(*c)).collect();
    let again = refused.clone();
    view! {
        <div class="banner banner-error" role="alert">
            <div>
                <p><b>{t::panel_refused(lang, place)}</b></p>
                {refused.reasons.iter().map(|r| view! { <p>{r.clone()}</p> }).collect_view()}
                {(!others.is_empty()).then(|| view! {
                    <button class="btn btn-small" type="button" on:click=move |_| desk.evict(&again)>
                        {t::action_evict(lang, others.join("; "))}
                    </button>
                })}
            </div>
        </div>
    }
    .into_any()
}

/// What is known of a card that lies somewhere, and what can be done with it.
fn about(desk: Desk, card: CardIx) -> AnyView {
    let lang = desk.lang;
    let data = desk.data();
    let (place, locked) = desk.ask(|b| (b.placement(card), b.card(card).is_some_and(|c| c.locked)));
    let where_ = place.map_or_else(
        || t::panel_in_tray(lang).to_owned(),
        |p| desk.place_words(p.day, p.slot),
    );
    let reasons = place.map(|p| {
        let verdict = desk.ask(|b| b.judge(card, p.day, p.slot, p.room));
        verdict.reasons.iter().map(|r| view! { <li data-verdict=if verdict.level == Level::Clash { "clash" } else { "poor" }>{reason(desk, r)}</li> }).collect_view()
    });
    let subject = data.subject_of(card).map(|s| s.name.clone()).unwrap_or_default();
    view! {
        <h2>{subject}</h2>
        <dl class="facts">
            <dt>{t::about_class(lang)}</dt><dd>{data.audience_of(card)}</dd>
            <dt>{t::about_teacher(lang)}</dt><dd>{data.teachers_of(card)}</dd>
            <dt>{t::about_place(lang)}</dt><dd>{where_}</dd>
        </dl>
        {(desk.may_edit() && place.is_some()).then(|| view! {
            {room_choice(desk, card)}
            <div class="cluster">
                <button class="btn btn-small" type="button" disabled=locked on:click=move |_| desk.pick(card)>{t::action_pick(lang)}</button>
                <button class="btn btn-small" type="button" disabled=locked on:click=move |_| desk.unplace(card)>{t::action_unplace(lang)}</button>
                <button class="btn btn-small" type="button" aria-pressed=locked.to_string() on:click=move |_| desk.toggle_lock(card)>{t::action_lock(lang)}</button>
            </div>
        })}
        <ul>{reasons}</ul>
    }
    .into_any()
}

/// The rooms for a card where it lies: its own first, then the free ones, best first.
fn room_choice(desk: Desk, card: CardIx) -> AnyView {
    let lang = desk.lang;
    let data = desk.data();
    let Some(place) = desk.ask(|b| b.placement(card)) else {
        return ().into_any();
    };
    if data.rooms.is_empty() {
        return ().into_any();
    }
    let free = desk.ask(|b| b.free_rooms(card, place.day, place.slot));
    let mut rooms: Vec<RoomIx> = place.room.into_iter().collect();
    rooms.extend(free.into_iter().filter(|r| Some(*r) != place.room));
    let options = rooms
        .into_iter()
        .filter_map(|r| data.rooms.get(r.ix()).map(|room| (r, room.clone())))
        .map(|(ix, room)| {
            let seats = room.capacity.map(|n| t::room_seats(lang, i64::from(n)));
            let words = seats.map_or_else(|| room.name.clone(), |s| format!("{} · {s}", room.name));
            view! { <option value=ix.0.to_string() selected=place.room == Some(ix)>{words}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for="tt-room">{t::about_room(lang)}</label>
            <select class="select" id="tt-room" on:change=move |event| {
                let room = event_target_value(&event).parse().ok().map(RoomIx);
                desk.change_room(card, room);
            }>
                <option value="" selected=place.room.is_none()>{t::room_none(lang)}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}
