//! Above the board: how it is looked at, undo and redo, how saving stands, publishing.

use base::{AppError, Lang};
use leptos::prelude::*;
use study_core::timetable::parallels::{self, Parallel};
use study_core::timetable::{BoardData, Counts};
use timetable::{ClassIx, RoomIx, TeacherIx};

use super::desk::Desk;
use super::layout::View;
use super::saving::Status;
use crate::t;

/// The bar.
#[component]
pub fn Bar(
    desk: Desk,
    publish: Callback<()>,
    withdraw: Callback<()>,
    review: Callback<()>,
    printing: RwSignal<bool>,
) -> impl IntoView {
    let lang = desk.lang;
    let counts = Memo::new(move |_| desk.counts());
    let undo_none = move || desk.depth.get().0 == 0;
    let redo_none = move || desk.depth.get().1 == 0;
    let (may_publish, may_withdraw) = desk.data.with_value(|d| (d.may_publish, d.may_withdraw));
    view! {
        <div class="tt-bar">
            <Kinds desk/>
            <Choice desk/>
            {desk.may_edit().then(|| view! {
                <button class="btn btn-icon btn-quiet" type="button" aria-label=t::action_undo(lang) title=t::action_undo(lang)
                    disabled=undo_none on:click=move |_| desk.undo()><kit::Icon name="undo"/></button>
                <button class="btn btn-icon btn-quiet" type="button" aria-label=t::action_redo(lang) title=t::action_redo(lang)
                    disabled=redo_none on:click=move |_| desk.redo()><kit::Icon name="redo"/></button>
            })}
            <span class="spacer"></span>
            {desk.may_edit().then(|| view! { <SaveStatus desk/> })}
            <button class="btn btn-icon btn-quiet" type="button" aria-label=t::action_print(lang) title=t::action_print(lang)
                on:click=move |_| super::print::now(printing)><kit::Icon name="print"/></button>
            {desk.plans().then(|| view! {
                <button class="btn" type="button" title=move || words(lang, counts.get()) on:click=move |_| review.run(())>
                    {t::action_review(lang)}
                    {move || badge(lang, counts.get())}
                </button>
            })}
            {may_publish.then(|| view! {
                <button class="btn btn-primary" type="button" on:click=move |_| publish.run(())>{t::action_publish(lang)}</button>
            })}
            {may_withdraw.then(|| view! {
                <button class="btn" type="button" on:click=move |_| withdraw.run(())>{t::action_withdraw(lang)}</button>
            })}
        </div>
        <Trouble desk/>
    }
}

/// What stands on the button of the review: clashes, and where there are none the remarks.
fn badge(lang: Lang, of: Counts) -> AnyView {
    let (tone, n, words) = match of.clashes {
        0 => (None, of.remarks, t::publish_poor(lang, i64::from(of.remarks))),
        n => (Some("bad"), n, t::bar_clashes(lang, i64::from(n))),
    };
    let class = if tone.is_some() { "badge" } else { "count" };
    view! {
        <span class=class data-tone=tone><span aria-hidden="true">{n}</span><span class="visually-hidden">{words}</span></span>
    }
    .into_any()
}

/// «2 накладки · 34 карточки без места · 322 замечания»: each sort under its own name; remarks are said also where there are none.
pub(super) fn words(lang: Lang, of: Counts) -> String {
    let said = |n: u32, words: fn(Lang, i64) -> String| (n > 0).then(|| words(lang, i64::from(n)));
    let all = [
        said(of.clashes, t::bar_clashes),
        said(of.unplaced, t::bar_unplaced),
        Some(t::publish_poor(lang, i64::from(of.remarks))),
        said(of.regime, t::bar_regime),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Parallel, class, teacher, room.
#[component]
fn Kinds(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let kind = move || match desk.view.get() {
        View::Parallel(_) => 0,
        View::Class(_) => 1,
        View::Teacher(_) => 2,
        View::Room(_) => 3,
    };
    let choose = move |n: i32| {
        let sides = desk.sides();
        let class = match desk.view.get_untracked() {
            View::Class(class) => Some(class),
            View::Parallel(parallel) => sides
                .iter()
                .find(|s| s.parallel == parallel)
                .and_then(|s| s.classes.first().copied()),
            _ => None,
        }
        .or_else(|| parallels::first(&sides).and_then(|s| s.classes.first().copied()))
        .unwrap_or(ClassIx(0));
        // of the card last looked at, if there is one
        let card = desk.selected.get_untracked();
        let (teacher, room) = card.map_or((None, None), |card| {
            desk.ask(|b| {
                let teacher = b.card(card).and_then(|c| c.teachers.first().copied());
                (teacher, b.placement(card).and_then(|p| p.room))
            })
        });
        let view = match n {
            0 => View::Parallel(
                parallels::of_class(&sides, class).map_or(Parallel { grade: 0, part: 0 }, |s| s.parallel),
            ),
            1 => View::Class(class),
            2 => View::Teacher(teacher.unwrap_or(TeacherIx(0))),
            _ => View::Room(room.unwrap_or(RoomIx(0))),
        };
        desk.view.set(view);
    };
    let known = desk
        .data
        .with_value(|d| [true, true, !d.teachers.is_empty(), !d.rooms.is_empty()]);
    let names = [
        t::view_parallel(lang),
        t::view_class(lang),
        t::view_teacher(lang),
        t::view_room(lang),
    ];
    view! {
        <fieldset class="segmented">
            <legend class="visually-hidden">{t::view_legend(lang)}</legend>
            {names.into_iter().zip(known).enumerate().filter(|(_, (_, known))| *known).map(|(n, (name, _))| {
                let n = i32::try_from(n).unwrap_or(0);
                view! {
                    <label>
                        <input type="radio" name="tt-view" prop:checked=move || kind() == n on:change=move |_| choose(n)/>
                        <span>{name}</span>
                    </label>
                }
            }).collect_view()}
        </fieldset>
    }
}

/// Something to look at.
struct Choosable {
    value: String,
    name: String,
    /// Has cards in this version.
    used: bool,
}

fn parallel_value(parallel: Parallel) -> String {
    format!("{}.{}", parallel.grade, parallel.part)
}

fn choices(desk: Desk, data: &BoardData, view: View) -> Vec<Choosable> {
    let sides = desk.sides();
    let choosable = |n: usize, name: &str, used: bool| Choosable {
        value: n.to_string(),
        name: name.to_owned(),
        used,
    };
    match view {
        View::Parallel(_) => sides
            .iter()
            .map(|s| Choosable {
                value: parallel_value(s.parallel),
                name: s.title(desk.lang, data),
                used: s.has_cards,
            })
            .collect(),
        View::Class(_) => {
            let mut used = vec![false; data.classes.len()];
            let cards = desk.ask(|b| {
                b.card_indices()
                    .flat_map(|c| b.classes_of(c).to_vec())
                    .collect::<Vec<_>>()
            });
            for class in cards {
                if let Some(used) = used.get_mut(class.ix()) {
                    *used = true;
                }
            }
            let list = data.classes.iter().zip(used).enumerate();
            list.map(|(n, (c, used))| choosable(n, &c.name, used)).collect()
        }
        View::Teacher(_) => {
            let mut used = vec![false; data.teachers.len()];
            for card in desk.ask(|b| b.cards().to_vec()) {
                for teacher in card.teachers {
                    if let Some(used) = used.get_mut(teacher.ix()) {
                        *used = true;
                    }
                }
            }
            let list = data.teachers.iter().zip(used).enumerate();
            list.map(|(n, (t, used))| choosable(n, &t.name, used)).collect()
        }
        View::Room(_) => {
            let list = data.rooms.iter().enumerate();
            list.map(|(n, r)| choosable(n, &r.name, true)).collect()
        }
    }
}

/// Which parallel, class, teacher or room.
#[component]
fn Choice(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let options = move || {
        let data = desk.data();
        let view = desk.view.get();
        let now = match view {
            View::Parallel(parallel) => parallel_value(parallel),
            View::Class(ClassIx(n)) | View::Teacher(TeacherIx(n)) | View::Room(RoomIx(n)) => n.to_string(),
        };
        // what has no card in this version stands at the end
        let (used, unused): (Vec<_>, Vec<_>) = choices(desk, &data, view).into_iter().partition(|c| c.used);
        let list = move |list: Vec<Choosable>, now: &str| {
            let option = |c: Choosable| {
                let selected = c.value == now;
                view! { <option value=c.value selected=selected>{c.name}</option> }
            };
            list.into_iter().map(option).collect_view()
        };
        let rest = (!unused.is_empty())
            .then(|| view! { <optgroup label=t::view_unused(lang)>{list(unused, &now)}</optgroup> });
        view! { {list(used, &now)}{rest} }
    };
    let change = move |event| {
        let value = event_target_value(&event);
        let number = value.parse::<u32>().unwrap_or(0);
        let sides = desk.sides();
        desk.view.update(|view| match view {
            View::Parallel(parallel) => {
                let chosen = sides.iter().find(|s| parallel_value(s.parallel) == value);
                *parallel = chosen.map_or(*parallel, |s| s.parallel);
            }
            View::Class(class) => *class = ClassIx(number),
            View::Teacher(teacher) => *teacher = TeacherIx(number),
            View::Room(room) => *room = RoomIx(number),
        });
    };
    view! { <select class="select" aria-label=t::view_choice(lang) on:change=change>{options}</select> }
}

/// How saving stands, in words.
#[component]
fn SaveStatus(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let saver = desk.saver;
    let state = move || match saver.status.get() {
        Status::Saved => "saved",
        Status::Waiting => "waiting",
        Status::Offline => "offline",
        Status::Refused(_) | Status::Conflict(_) => "refused",
    };
    let words = move || {
        let n = i64::try_from(saver.waiting.get()).unwrap_or(0);
        match saver.status.get() {
            Status::Saved => t::status_saved(lang).to_owned(),
            Status::Waiting => t::status_waiting(lang, n),
            Status::Offline => t::status_offline(lang, n),
            Status::Refused(_) | Status::Conflict(_) => t::status_refused(lang, n),
        }
    };
    view! { <p class="save-status" role="status" data-state=state>{words}</p> }
}

/// A refusal that the person must settle. What is not saved waits in the browser.
#[component]
fn Trouble(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    move || match desk.saver.status.get() {
        Status::Refused(error) => {
            let way = match error {
                AppError::SignIn => view! {
                    <a class="btn btn-small" rel="external" href=kit::with_return_to(&kit::today_path())>{t::action_sign_in(lang)}</a>
                }
                .into_any(),
                _ => view! {
                    <button class="btn btn-small" type="button" on:click=move |_| desk.saver.again()>{t::action_again(lang)}</button>
                    <button class="btn btn-small btn-danger" type="button" on:click=move |_| {
                        desk.saver.forget();
                        if let Some(window) = web_sys::window() {
                            // a fresh board; what was refused is given up
                            let _ = window.location().reload();
                        }
                    }>{t::action_give_up(lang)}</button>
                }
                .into_any(),
            };
            Some(view! { <div class="banner banner-error" role="alert"><p><b>{t::status_kept(lang)}</b>" "{error.message(lang)}</p>{way}</div> }.into_any())
        }
        _ => None,
    }
}
