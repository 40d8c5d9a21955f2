//! What a room is for: its kind, its seats, how many classes at once. Each is saved as soon as it is chosen or left.

use base::{Lang, RoomId};
use leptos::prelude::*;
use study_core::building::RoomUse;
use study_core::building::uses::{AT_ONCE, KINDS, SEATS};
use study_core::requirement::words;

use super::buildings::whole;
use super::desk::{Desk, Subject};
use crate::{building, t};

/// The choice of a word that the list does not have.
const OTHER: &str = "?";

/// The kinds that may be chosen: the usual ones, and the school's own.
fn kinds(desk: Desk) -> Vec<String> {
    let own = desk.sheet.with(study_core::requirement::Sheet::room_kinds);
    let own = own.into_iter().filter(|kind| !KINDS.contains(&kind.as_str()));
    KINDS.into_iter().map(str::to_owned).chain(own).collect()
}

/// The choice of a kind; one of the school's own words is typed.
fn kind(desk: Desk, now: Memo<RoomUse>, name: &str, put: impl Fn(String) + Copy + Send + 'static) -> AnyView {
    let lang = desk.lang;
    let typed = RwSignal::new(false);
    let change = move |event| {
        let chosen = event_target_value(&event);
        typed.set(chosen == OTHER);
        if chosen != OTHER {
            put(chosen);
        }
    };
    let write = move |event| {
        let word = event_target_value(&event);
        typed.set(false);
        if !word.trim().is_empty() {
            put(word);
        }
    };
    let all = Memo::new(move |_| kinds(desk));
    let options = move || {
        let option = |kind: String| {
            let mine = kind.clone();
            let words = words::room_kind(lang, &kind);
            let first = now.with_untracked(|of| of.kind == kind);
            view! { <option value=kind selected=first prop:selected=move || !typed.get() && now.with(|of| of.kind == mine)>{words}</option> }
        };
        all.get().into_iter().map(option).collect_view()
    };
    let own = t::building_room_kind_own(lang, name);
    view! {
        <label class="bd-floor"><span class="small muted" aria-hidden="true">{t::building_kind(lang)}</span>
            <select class="select bd-kind" aria-label=t::building_room_kind(lang, name) disabled=move || desk.busy.get() on:change=change>
                {options}
                <option value=OTHER prop:selected=move || typed.get()>{t::building_kind_own(lang)}</option>
            </select></label>
        {move || typed.get().then(|| view! {
            <input class="input bd-kind" maxlength="40" aria-label=own.clone() on:change=write/>
        })}
    }
    .into_any()
}

/// «спортзал, мест 60, классов сразу 2»
fn said(lang: Lang, of: &RoomUse) -> String {
    let kind = words::room_kind(lang, &of.kind);
    let seats = of.seats.map(|n| t::building_seats_of(lang, i64::from(n)));
    let at_once = (of.shared_by > 1).then(|| t::building_at_once_of(lang, i64::from(of.shared_by)));
    let parts: Vec<String> = [kind].into_iter().chain(seats).chain(at_once).collect();
    parts.join(", ")
}

/// The fields of a room, or what they say to who may only read.
pub(super) fn draw(desk: Desk, id: RoomId, name: &str) -> AnyView {
    let lang = desk.lang;
    let now = Memo::new(move |_| {
        desk.sheet.with(|s| {
            let found = s.rooms.iter().find(|r| r.id == id);
            found.map(|r| r.uses.clone()).unwrap_or_default()
        })
    });
    if !desk.may_edit() {
        return view! { <span class="muted">{move || now.with(|of| said(lang, of))}</span> }.into_any();
    }
    let put = move |of: RoomUse| {
        let act = building::save_use(id, now.get_untracked(), of);
        desk.act(Subject::Use(id), act, || ());
    };
    let to_kind = move |kind: String| {
        put(RoomUse {
            kind,
            ..now.get_untracked()
        });
    };
    let to_seats = move |event| {
        let Some(seats) = whole(&event) else { return };
        put(RoomUse {
            seats,
            ..now.get_untracked()
        });
    };
    let to_at_once = move |event| {
        let Some(count) = whole(&event) else { return };
        put(RoomUse {
            shared_by: count.unwrap_or(1),
            ..now.get_untracked()
        });
    };
    let seats = move || now.with(|of| of.seats.map(|n| n.to_string()).unwrap_or_default());
    let at_once = move || now.with(|of| of.shared_by.to_string());
    view! {
        {kind(desk, now, name, to_kind)}
        <label class="bd-floor"><span class="small muted" aria-hidden="true">{t::building_seats(lang)}</span>
            <input class="input bd-number" type="number" inputmode="numeric" aria-label=t::building_room_seats(lang, name)
                min=SEATS.start().to_string() max=SEATS.end().to_string() prop:value=seats disabled=move || desk.busy.get() on:change=to_seats/></label>
        <label class="bd-floor"><span class="small muted" aria-hidden="true">{t::building_at_once(lang)}</span>
            <input class="input bd-number" type="number" inputmode="numeric" aria-label=t::building_room_at_once(lang, name)
                min=AT_ONCE.start().to_string() max=AT_ONCE.end().to_string() prop:value=at_once disabled=move || desk.busy.get() on:change=to_at_once/></label>
        <kit::ErrorBanner error=desk.error_of(Subject::Use(id))/>
    }
    .into_any()
}
