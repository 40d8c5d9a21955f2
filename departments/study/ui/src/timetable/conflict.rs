//! Two people at one draft: who saved, what they changed, and one's own moves put on top only when confirmed.

use std::sync::Arc;

use base::AppError;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::timetable::BoardData;
use study_core::timetable::moves::{CardState, Move, differences, rebased};
use study_core::timetable::words;

use super::api::board;
use super::desk::Desk;
use super::editor_page::Start;
use super::saving::Status;
use crate::t;

/// Opens by itself when a save is refused for somebody else's.
#[component]
pub fn ConflictDialog(desk: Desk, restart: WriteSignal<Option<Start>>) -> impl IntoView {
    let lang = desk.lang;
    let node = NodeRef::<html::Dialog>::new();
    let newer = RwSignal::new(None::<Result<Arc<BoardData>, AppError>>);
    let fetch = move || {
        newer.set(None);
        let version = desk.data.with_value(|d| d.version.id);
        spawn_local(async move { newer.set(Some(board(version).await.map(Arc::new))) });
    };
    let message = Memo::new(move |_| match desk.saver.status.get() {
        Status::Conflict(message) => Some(message),
        _ => None,
    });
    Effect::new(move || {
        if message.get().is_none() {
            return;
        }
        desk.held.set(None);
        if let Some(dialog) = node.get().filter(|d| !d.open()) {
            let _ = dialog.show_modal();
        }
        fetch();
    });
    let go_on = move |keep: bool| {
        let Some(Ok(fresh)) = newer.get_untracked() else {
            return;
        };
        let mine = if keep {
            rebased(&desk.saver.unsaved(), &fresh)
                .into_iter()
                .map(|m| m.0)
                .collect()
        } else {
            vec![]
        };
        desk.saver.forget();
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
        restart.set(Some(Start {
            data: fresh,
            moves: mine,
        }));
    };
    // a browser asks once about Esc and closes the second time, unless the key itself is taken
    let stay = |e: web_sys::KeyboardEvent| {
        if e.key() == "Escape" {
            e.prevent_default();
        }
    };
    view! {
        // Esc would leave the person with a board that cannot be saved
        <dialog class="dialog" node_ref=node aria-labelledby="tt-conflict" on:keydown=stay on:cancel=|e: leptos::ev::Event| e.prevent_default()>
            <h2 class="dialog-title" id="tt-conflict">{t::conflict_title(lang)}</h2>
            <div class="stack">
            <p>{message}</p>
            {move || match newer.get() {
                None => view! { <p aria-busy="true"><span class="spinner" aria-hidden="true"></span></p> }.into_any(),
                Some(Err(error)) => view! {
                    <div class="banner banner-error" role="alert"><p>{error.message(lang)}</p>
                        <button class="btn btn-small" type="button" on:click=move |_| fetch()>{t::action_again(lang)}</button></div>
                }
                .into_any(),
                Some(Ok(fresh)) => lists(desk, &fresh),
            }}
            </div>
            <div class="dialog-actions">
                <button class="btn" type="button" disabled=move || !matches!(newer.get(), Some(Ok(_))) on:click=move |_| go_on(false)>{t::conflict_drop(lang)}</button>
                <button class="btn btn-primary" type="button" disabled=move || !matches!(newer.get(), Some(Ok(_))) on:click=move |_| go_on(true)>{t::conflict_apply(lang)}</button>
            </div>
        </dialog>
    }
}

fn lists(desk: Desk, fresh: &Arc<BoardData>) -> AnyView {
    let lang = desk.lang;
    let theirs: Vec<Move> = differences(&desk.saver.known(), fresh);
    let mine = rebased(&desk.saver.unsaved(), fresh);
    let seat = |state: CardState| match state.seat {
        None => t::panel_in_tray(lang).to_owned(),
        Some(s) => words::place(
            lang,
            fresh,
            u16::try_from(s.day).unwrap_or(0),
            u16::try_from(s.slot).unwrap_or(0),
        ),
    };
    let line = |step: &Move| {
        let lesson = fresh
            .card_ix(step.card)
            .map(|c| words::lesson(fresh, c))
            .unwrap_or_default();
        format!("{lesson}: {} → {}", seat(step.old), seat(step.new))
    };
    view! {
        <h3>{t::conflict_theirs(lang)}</h3>
        <ul class="tt-problems">{theirs.iter().map(|m| view! { <li>{line(m)}</li> }).collect_view()}</ul>
        <h3>{t::conflict_mine(lang)}</h3>
        {mine.is_empty().then(|| view! { <p class="muted small">{t::conflict_same(lang)}</p> })}
        <ul class="tt-problems">
            {mine.iter().map(|(m, both)| view! {
                <li>{line(m)}{both.then(|| view! { " "<span class="badge" data-tone="warn">{t::conflict_both(lang)}</span> })}</li>
            }).collect_view()}
        </ul>
    }
    .into_any()
}
