//! The rooms that a subject or a load asks for: a kind, and a list in the order of the wish.

use base::RoomId;
use leptos::prelude::*;
use study_core::requirement::words;

use super::form::Form;
use crate::t;

/// Draws kind and list.
pub(super) fn control(this: Form) -> AnyView {
    let lang = this.desk.lang;
    let sheet = this.desk.sheet.get_untracked();
    let kinds = sheet.room_kinds();
    let first = this.room_kind.get_untracked();
    let kind_options = kinds.into_iter().map(|kind| {
        let chosen = first.as_deref() == Some(kind.as_str());
        view! { <option value=kind.clone() selected=chosen>{words::room_kind(lang, &kind)}</option> }
    });
    let kind_options = kind_options.collect_view();
    let change = move |event| {
        let kind = event_target_value(&event);
        this.room_kind.set((!kind.is_empty()).then_some(kind));
    };
    let names = StoredValue::new(sheet.rooms.clone());
    let name = move |id: RoomId| {
        names.with_value(|all| {
            all.iter()
                .find(|r| r.id == id)
                .map_or_else(|| "—".to_owned(), |r| r.name.clone())
        })
    };
    let add = move |event: leptos::ev::Event| {
        if let Ok(id) = event_target_value(&event).parse::<RoomId>() {
            this.rooms.update(|rooms| {
                if !rooms.contains(&id) {
                    rooms.push(id);
                }
            });
        }
    };
    let others = move || {
        let chosen = this.rooms.get();
        names.with_value(|all| {
            let free = all.iter().filter(|r| !chosen.contains(&r.id));
            free.map(|r| view! { <option value=r.id.to_string()>{r.name.clone()}</option> })
                .collect_view()
        })
    };
    let chips = move || {
        let chosen = this.rooms.get();
        let one = |(n, id): (usize, RoomId)| {
            let title = name(id);
            let (up, off) = (
                t::requirement_room_first(lang, &title),
                t::requirement_room_off(lang, &title),
            );
            let earlier = move |_| {
                this.rooms.update(|rooms| {
                    if let Some(at) = rooms.iter().position(|r| *r == id).filter(|at| *at > 0) {
                        rooms.swap(at, at - 1);
                    }
                });
            };
            let away = move |_| this.rooms.update(|rooms| rooms.retain(|r| *r != id));
            view! {
                <li class="chip">
                    {(n > 0).then(|| view! { <button class="chip-x" type="button" aria-label=up on:click=earlier><kit::Icon name="previous"/></button> })}
                    <span>{n + 1} ". " {title}</span>
                    <button class="chip-x" type="button" aria-label=off on:click=away><kit::Icon name="cross"/></button>
                </li>
            }
        };
        chosen.into_iter().enumerate().map(one).collect_view()
    };
    view! {
        <div class="rq-rooms">
            <label class="rq-field"><span class="small muted">{t::requirement_room_kind(lang)}</span>
                <select class="select" on:change=change>
                    <option value="" selected=first.is_none()>{t::requirement_any_kind(lang)}</option>
                    {kind_options}
                </select></label>
            <ol class="rq-chips" aria-label=t::requirement_rooms_chosen(lang)>{chips}</ol>
            <label class="rq-field"><span class="small muted">{t::requirement_room_add(lang)}</span>
                <select class="select" prop:value=move || { this.rooms.track(); "" } on:change=add>
                    <option value="">{t::requirement_choose(lang)}</option>
                    {others}
                </select></label>
        </div>
    }
    .into_any()
}
