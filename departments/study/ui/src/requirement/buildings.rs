//! The part «Здания»: buildings, the ways between them, where each room lies and what it is for, and what is asked of such ways.

use base::{BuildingId, RoomId};
use leptos::prelude::*;
use study_core::building::terms::{FLOORS, MINUTES, ends};
use study_core::building::{BuildingRow, BuildingTerms, Spot};
use study_core::requirement::{Kind, Target};

use super::desk::{Desk, Subject};
use super::form::slot;
use super::uses;
use crate::{building, t};

/// Draws the part.
pub(super) fn draw(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let kinds = [
        Kind::Walk,
        Kind::TeachersMoves,
        Kind::ClassesMoves,
        Kind::RoomsNear,
    ];
    let rows = kinds.map(|kind| slot(desk, kind, Target::School, None));
    view! {
        <p class="muted">{t::building_note(lang)}</p>
        {buildings(desk)}
        {walks(desk)}
        {rooms(desk)}
        <section class="card stack" aria-labelledby="bd-asked">
            <h2 id="bd-asked">{t::building_asked(lang)}</h2>
            {rows.into_iter().collect_view()}
        </section>
    }
    .into_any()
}

/// The buildings as they are now.
fn all(desk: Desk) -> Memo<Vec<BuildingRow>> {
    Memo::new(move |_| desk.sheet.with(|s| s.buildings.clone()))
}

fn buildings(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let all = all(desk);
    let none = move || {
        all.with(Vec::is_empty)
            .then(|| view! { <p class="muted">{t::building_none(lang)}</p> })
    };
    let list = if desk.may_edit() {
        view! {
            <ul class="stack bd-list">
                <For each=move || all.get() key=|b| b.id let:row><li>{building(desk, all, Some(row.id))}</li></For>
            </ul>
            <h3>{t::building_add(lang)}</h3>
            {building(desk, all, None)}
        }
        .into_any()
    } else {
        let line = |b: &BuildingRow| {
            let address = b.terms.address.clone().map(|a| format!(" · {a}"));
            view! { <li>{b.terms.name.clone()}{address}</li> }
        };
        view! { <ul>{move || all.with(|all| all.iter().map(line).collect_view())}</ul> }.into_any()
    };
    view! {
        <section class="card stack" aria-labelledby="bd-buildings">
            <h2 id="bd-buildings">{t::building_title(lang)}</h2>
            {none}
            {list}
        </section>
    }
    .into_any()
}

/// A form for a building, or for a new one.
fn building(desk: Desk, all: Memo<Vec<BuildingRow>>, id: Option<BuildingId>) -> AnyView {
    let lang = desk.lang;
    let seen = Memo::new(move |_| {
        let found = all.with(|all| all.iter().find(|b| Some(b.id) == id).map(|b| b.terms.clone()));
        found.unwrap_or(BuildingTerms {
            name: String::new(),
            address: None,
        })
    });
    let (name, address) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let show = move |terms: BuildingTerms| {
        name.set(terms.name);
        address.set(terms.address.unwrap_or_default());
    };
    show(seen.get_untracked());
    // what somebody else has written meanwhile is shown
    Effect::watch(move || seen.get(), move |now, _, _| show(now.clone()), false);
    let terms = move || {
        let terms = BuildingTerms {
            name: name.get(),
            address: Some(address.get()),
        };
        terms.trimmed()
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (before, terms) = (seen.get_untracked(), untrack(terms));
        let at = id.map(|id| (id, before));
        let act = async move { building::save(at, terms).await.map(|_| ()) };
        desk.act(Subject::Building(id), act, move || {
            if id.is_none() {
                name.set(String::new());
                address.set(String::new());
            }
        });
    };
    let remove = move |_| {
        if let Some(id) = id {
            let seen = seen.get_untracked();
            desk.act(Subject::Building(Some(id)), building::remove(id, seen), || ());
        }
    };
    let changed = move || terms() != seen.get() && !terms().name.is_empty();
    let removes = move || t::building_remove(lang, name.get());
    view! {
        <form class="rq-form" on:submit=save>
            <label class="rq-field"><span class="small muted">{t::building_name(lang)}</span>
                <input class="input" maxlength="200" prop:value=name on:input=move |event| name.set(event_target_value(&event))/></label>
            <label class="rq-field"><span class="small muted">{t::building_address(lang)}</span>
                <input class="input" maxlength="300" prop:value=address on:input=move |event| address.set(event_target_value(&event))/></label>
            <span class="rq-actions">
                <button class="btn btn-small btn-primary" type="submit" disabled=move || !changed() || desk.busy.get()>
                    {if id.is_some() { t::requirement_save(lang) } else { t::building_add_button(lang) }}</button>
                {id.is_some().then(|| view! {
                    <button class="btn btn-small btn-quiet" type="button" aria-label=removes disabled=move || desk.busy.get() on:click=remove>{t::requirement_remove(lang)}</button>
                })}
            </span>
        </form>
        <kit::ErrorBanner error=desk.error_of(Subject::Building(id))/>
    }
    .into_any()
}

/// Every two buildings with the minutes between them.
fn walks(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let all = all(desk);
    let pairs = Memo::new(move |_| {
        all.with(|all| {
            let ids: Vec<BuildingId> = all.iter().map(|b| b.id).collect();
            let later = |at: usize| ids.iter().skip(at + 1).copied();
            let pairs = ids
                .iter()
                .enumerate()
                .flat_map(|(at, a)| later(at).map(|b| (*a, b)));
            pairs.filter_map(|(a, b)| ends(a, b)).collect::<Vec<_>>()
        })
    });
    let section = move || {
        (!pairs.with(Vec::is_empty)).then(|| {
            view! {
                <section class="card stack" aria-labelledby="bd-walks">
                    <h2 id="bd-walks">{t::building_walks(lang)}</h2>
                    <p class="muted small">{t::building_walks_note(lang)}</p>
                    <ul class="stack bd-list">
                        <For each=move || pairs.get() key=|pair| *pair let:pair><li>{walk(desk, all, pair)}</li></For>
                    </ul>
                </section>
            }
        })
    };
    section.into_any()
}

fn walk(desk: Desk, all: Memo<Vec<BuildingRow>>, between: (BuildingId, BuildingId)) -> AnyView {
    let lang = desk.lang;
    let (one, other) = between;
    let name = move |id: BuildingId| {
        all.with(|all| {
            all.iter()
                .find(|b| b.id == id)
                .map_or_else(String::new, |b| b.terms.name.clone())
        })
    };
    let title = move || t::building_walk(lang, name(one), name(other));
    let now = Memo::new(move |_| {
        desk.sheet.with(|s| {
            let found = s.walks.iter().find(|w| (w.one, w.other) == (one, other));
            found.map(|w| w.minutes)
        })
    });
    if !desk.may_edit() {
        let minutes = move || {
            now.get()
                .map_or_else(|| "—".to_owned(), |n| t::building_minutes(lang, i64::from(n)))
        };
        return view! { <p>{title} ": " {minutes}</p> }.into_any();
    }
    let change = move |event| {
        let Some(minutes) = whole(&event) else { return };
        let act = building::save_walk(between, now.get_untracked(), minutes);
        desk.act(Subject::Way(one, other), act, || ());
    };
    let shown = move || now.get().map(|n| n.to_string()).unwrap_or_default();
    view! {
        <label class="rq-field"><span class="small">{title}</span>
            <input class="input bd-number" type="number" inputmode="numeric" min=MINUTES.start().to_string() max=MINUTES.end().to_string()
                prop:value=shown disabled=move || desk.busy.get() on:change=change/></label>
        <kit::ErrorBanner error=desk.error_of(Subject::Way(one, other))/>
    }
    .into_any()
}

/// The number in a field, if any. `None`: what stands there is none or out of bounds; the browser has said so, and nothing is
/// to be saved.
pub(super) fn whole<T: std::str::FromStr>(event: &leptos::ev::Event) -> Option<Option<T>> {
    let field = event_target::<web_sys::HtmlInputElement>(event);
    if !field.report_validity() {
        return None;
    }
    let text = field.value();
    match text.trim() {
        "" => Some(None),
        figures => figures.parse().ok().map(Some),
    }
}

/// Where each room lies, and what it is for.
fn rooms(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let all = all(desk);
    let list = desk.sheet.with_untracked(|s| s.rooms.clone());
    let body = if list.is_empty() {
        view! { <p class="muted">{t::building_no_rooms(lang)}</p> }.into_any()
    } else {
        let line =
            |(id, name): (RoomId, String)| view! { <li class="bd-room">{room(desk, all, id, &name)}</li> };
        let lines = list.into_iter().map(|r| line((r.id, r.name)));
        view! { <ul class="stack bd-list">{lines.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="card stack" aria-labelledby="bd-rooms">
            <h2 id="bd-rooms">{t::building_rooms(lang)}</h2>
            <p class="muted small">{t::building_rooms_note(lang)}</p>
            {body}
        </section>
    }
    .into_any()
}

fn room(desk: Desk, all: Memo<Vec<BuildingRow>>, id: RoomId, name: &str) -> AnyView {
    let lang = desk.lang;
    let now = Memo::new(move |_| {
        desk.sheet.with(|s| {
            let found = s.rooms.iter().find(|r| r.id == id);
            found.map(|r| r.spot).unwrap_or_default()
        })
    });
    let title = view! { <b class="bd-name">{name.to_owned()}</b> };
    if !desk.may_edit() {
        let said = move || {
            let spot = now.get();
            let building = all.with(|all| {
                let found = all.iter().find(|b| Some(b.id) == spot.building);
                found.map(|b| b.terms.name.clone())
            });
            let floor = spot.floor.map(|f| t::building_on_floor(lang, f));
            let parts: Vec<String> = building.into_iter().chain(floor).collect();
            if parts.is_empty() {
                t::requirement_nothing(lang).to_owned()
            } else {
                parts.join(", ")
            }
        };
        return view! { {title} <span>{said}</span> {uses::draw(desk, id, name)} }.into_any();
    }
    let put = move |spot: Spot| {
        desk.act(
            Subject::Spot(id),
            building::save_room(id, now.get_untracked(), spot),
            || (),
        )
    };
    let to_building = move |event| {
        let building = event_target_value(&event).parse::<BuildingId>().ok();
        put(Spot {
            building,
            ..now.get_untracked()
        });
    };
    let to_floor = move |event| {
        let Some(floor) = whole(&event) else { return };
        put(Spot {
            floor,
            ..now.get_untracked()
        });
    };
    let options = move || {
        let option = |b: &BuildingRow| {
            let id = b.id;
            view! { <option value=id.to_string() selected=now.get_untracked().building == Some(id) prop:selected=move || now.get().building == Some(id)>{b.terms.name.clone()}</option> }
        };
        all.with(|all| all.iter().map(option).collect_view())
    };
    let shown = move || now.get().floor.map(|n| n.to_string()).unwrap_or_default();
    view! {
        {title}
        <select class="select" aria-label=t::building_room_building(lang, name) disabled=move || desk.busy.get() on:change=to_building>
            <option value="" selected=now.get_untracked().building.is_none() prop:selected=move || now.get().building.is_none()>{t::building_unknown(lang)}</option>
            {options}
        </select>
        <label class="bd-floor"><span class="small muted" aria-hidden="true">{t::building_floor(lang)}</span>
            <input class="input bd-number" type="number" inputmode="numeric" aria-label=t::building_room_floor(lang, name)
                min=FLOORS.start().to_string() max=FLOORS.end().to_string() prop:value=shown disabled=move || desk.busy.get() on:change=to_floor/></label>
        {uses::draw(desk, id, name)}
        <kit::ErrorBanner error=desk.error_of(Subject::Spot(id))/>
    }
    .into_any()
}
