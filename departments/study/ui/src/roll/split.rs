//! One split of a class: the subgroup of each pupil, chosen one by one or all at once by the alphabet.

use base::{AppError, ClassId, Lang, SubgroupId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::roll::{ClassPage, Seat, Since, Split, by_alphabet};

use super::api::save_split;
use crate::t;

/// Where the person is with one split.
#[derive(Clone, Copy)]
struct Desk {
    class: ClassId,
    lang: Lang,
    split: StoredValue<String>,
    pupils: StoredValue<Vec<base::PupilId>>,
    groups: StoredValue<Vec<SubgroupId>>,
    /// As the server has it.
    saved: RwSignal<Vec<Option<SubgroupId>>>,
    /// As it is chosen.
    seats: RwSignal<Vec<Option<SubgroupId>>>,
    since: RwSignal<Since>,
    busy: RwSignal<bool>,
    done: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
}

impl Desk {
    fn seat(self, n: usize) -> Option<SubgroupId> {
        self.seats.with(|s| s.get(n).copied().flatten())
    }

    fn put(self, n: usize, group: Option<SubgroupId>) {
        self.done.set(false);
        self.seats.update(|seats| {
            if let Some(seat) = seats.get_mut(n) {
                *seat = group;
            }
        });
    }

    fn by_alphabet(self) {
        self.done.set(false);
        let groups = self.groups.get_value();
        let places = by_alphabet(self.seats.with_untracked(Vec::len), groups.len());
        self.seats
            .set(places.into_iter().map(|n| groups.get(n).copied()).collect());
    }

    fn changes(self) -> Vec<Seat> {
        let (saved, seats) = (self.saved.get(), self.seats.get());
        let pupils = self.pupils.get_value();
        let all = pupils.into_iter().zip(saved.into_iter().zip(seats));
        all.filter(|(_, (old, new))| old != new)
            .map(|(pupil, (old, new))| Seat { pupil, old, new })
            .collect()
    }

    fn save(self, data: Resource<Result<ClassPage, AppError>>) {
        let changes = untrack(move || self.changes());
        let seats = self.seats.get_untracked();
        self.busy.set(true);
        spawn_local(async move {
            let split = self.split.get_value();
            let answer = save_split(self.class, split, changes, self.since.get_untracked()).await;
            self.busy.set(false);
            match answer {
                Ok(_) => {
                    self.error.set(None);
                    self.saved.set(seats);
                    self.since.set(Since::Today);
                    self.done.set(true);
                }
                // somebody else was faster: their places are drawn, with the words kept above
                Err(error @ AppError::Conflict { .. }) => {
                    self.error.set(Some(error));
                    data.refetch();
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}

/// Draws one split.
pub(super) fn card(
    n: usize,
    split: &Split,
    class: &ClassPage,
    data: Resource<Result<ClassPage, AppError>>,
    lang: Lang,
) -> AnyView {
    let title = split
        .groups
        .iter()
        .map(|(_, name)| name.as_str())
        .collect::<Vec<_>>()
        .join(" / ");
    let alone = split.seats.iter().filter(|s| s.is_none()).count();
    let untouched = split.seats.iter().all(Option::is_none);
    let desk = Desk {
        class: class.id,
        lang,
        split: StoredValue::new(split.name.clone()),
        pupils: StoredValue::new(class.pupils.iter().map(|p| p.id).collect()),
        groups: StoredValue::new(split.groups.iter().map(|(id, _)| *id).collect()),
        saved: RwSignal::new(split.seats.clone()),
        seats: RwSignal::new(split.seats.clone()),
        // the first list of a class speaks of the whole year, a later change of today
        since: RwSignal::new(if untouched { Since::Year } else { Since::Today }),
        busy: RwSignal::new(false),
        done: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    let rows = class
        .pupils
        .iter()
        .enumerate()
        .map(|(at, pupil)| row(desk, at, &pupil.name, split, class.may_edit));
    let unplaced = alone > 0;
    let badge = (alone > 0).then(|| {
        let words = t::roll_unplaced(lang, i64::try_from(alone).unwrap_or(0));
        view! { " " <span class="badge" data-tone="warn">{words}</span> }
    });
    view! {
        <details class="card stack" open=unplaced>
            <summary><b>{title}</b>{badge}</summary>
            <div class="table-wrap" tabindex="0" role="group" aria-label=t::roll_groups(lang)>
                <table class="table">
                    <thead><tr><th scope="col">{t::roll_pupil(lang)}</th><th scope="col">{t::roll_group(lang)}</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            <p class="cluster">{totals(desk, split)}</p>
            {class.may_edit.then(|| actions(desk, n, data))}
        </details>
    }
    .into_any()
}

fn row(desk: Desk, at: usize, name: &str, split: &Split, may_edit: bool) -> AnyView {
    let first = split.seats.get(at).copied().flatten();
    let lang = desk.lang;
    let place = if may_edit {
        let change = move |event: leptos::ev::Event| {
            let group = event_target_value(&event).parse::<SubgroupId>().ok();
            desk.put(at, group);
        };
        let options = split.groups.iter().map(|(id, name)| {
            let id = *id;
            view! { <option value=id.to_string() selected=first == Some(id) prop:selected=move || desk.seat(at) == Some(id)>{name.clone()}</option> }
        });
        view! {
            <select class="select" aria-label=t::roll_group_of(lang, name) on:change=change>
                <option value="" selected=first.is_none() prop:selected=move || desk.seat(at).is_none()>{t::roll_no_group(lang)}</option>
                {options.collect_view()}
            </select>
        }
        .into_any()
    } else {
        let name = split
            .groups
            .iter()
            .find(|(id, _)| Some(*id) == first)
            .map(|(_, n)| n.clone());
        view! { {name.unwrap_or_else(|| t::roll_no_group(lang).to_owned())} }.into_any()
    };
    view! { <tr><th scope="row">{name.to_owned()}</th><td>{place}</td></tr> }.into_any()
}

/// How many are in each, as it is chosen.
fn totals(desk: Desk, split: &Split) -> AnyView {
    split
        .groups
        .iter()
        .map(|(id, name)| {
            let id = *id;
            let count = move || desk.seats.with(|s| s.iter().filter(|g| **g == Some(id)).count());
            view! { <span class="badge">{name.clone()} ": " {count}</span> }
        })
        .collect_view()
        .into_any()
}

fn actions(desk: Desk, n: usize, data: Resource<Result<ClassPage, AppError>>) -> AnyView {
    let lang = desk.lang;
    let since = format!("roll-since-{n}");
    let nothing = move || desk.changes().is_empty();
    view! {
        <kit::ErrorBanner error=desk.error/>
        <div class="field">
            <label for=since.clone()>{t::roll_since(lang)}</label>
            <select class="select" id=since on:change=move |event| {
                desk.since.set(if event_target_value(&event) == "today" { Since::Today } else { Since::Year });
            }>
                <option value="year" selected=desk.since.get_untracked() == Since::Year prop:selected=move || desk.since.get() == Since::Year>{t::roll_since_year(lang)}</option>
                <option value="today" selected=desk.since.get_untracked() == Since::Today prop:selected=move || desk.since.get() == Since::Today>{t::roll_since_today(lang)}</option>
            </select>
        </div>
        <div class="cluster">
            <button class="btn" type="button" on:click=move |_| desk.by_alphabet()>{t::roll_by_alphabet(lang)}</button>
            <span class="spacer"></span>
            <span role="status">{move || desk.done.get().then(|| t::roll_saved(lang))}</span>
            <button class="btn btn-primary" type="button" disabled=move || nothing() || desk.busy.get()
                aria-busy=move || desk.busy.get().to_string() on:click=move |_| desk.save(data)>{t::roll_save(lang)}</button>
        </div>
    }
    .into_any()
}
