//! What the sheets beside the grid have in common: what became of a change, and that nothing typed is dropped unseen.

use base::{LoadId, PeriodId};
use kit::outbox::{Standing, Trouble};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use super::desk::{DeskRef, Fate, Open, Signals, draw};
use crate::t;

/// Typed in a sheet and not saved yet.
#[derive(Clone, Copy, Debug)]
pub struct Draft {
    /// There is something.
    pub dirty: RwSignal<bool>,
    /// The person wanted to close the sheet and is asked about it.
    asked: RwSignal<bool>,
}

impl Draft {
    /// Nothing typed.
    pub fn new() -> Self {
        Self {
            dirty: RwSignal::new(false),
            asked: RwSignal::new(false),
        }
    }

    /// Saved, or given up.
    pub fn done(self) {
        self.dirty.set(false);
        self.asked.set(false);
    }

    /// May the sheet close? Asks the first time when something typed would be lost.
    pub fn may_go(self) -> bool {
        if self.dirty.get_untracked() && !self.asked.get_untracked() {
            self.asked.set(true);
            return false;
        }
        self.done();
        true
    }
}

/// How a sheet with a form is left: by its button, by Esc, by the browser's way back. Asks first when something typed would be
/// lost.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    dialog: NodeRef<html::Dialog>,
    /// Is the sheet the one that is open?
    open: Signal<bool>,
    draft: Draft,
    desk: DeskRef,
    signals: Signals,
}

impl Way {
    /// Opens and closes the dialog with `open`.
    pub fn new(
        dialog: NodeRef<html::Dialog>,
        open: Signal<bool>,
        draft: Draft,
        desk: DeskRef,
        signals: Signals,
    ) -> Self {
        Effect::new(move || show(dialog, open.get()));
        Self {
            dialog,
            open,
            draft,
            desk,
            signals,
        }
    }

    /// Closes without asking.
    pub fn close(self) {
        self.draft.done();
        self.signals.open.set(None);
        // the grid takes no focus under an open dialog
        show(self.dialog, false);
        self.desk.run(|d| d.focus());
    }

    /// Closes, or asks.
    pub fn leave(self) {
        if self.draft.may_go() {
            self.close();
        }
    }

    /// Esc, before the browser takes it: it may ask a dialog once and close it the second time.
    pub fn key(self, event: &web_sys::KeyboardEvent) {
        if event.key() == "Escape" {
            event.prevent_default();
            self.leave();
        }
    }

    /// The browser's own wish to close, as a phone's way back.
    pub fn cancel(self, event: &leptos::ev::Event) {
        if !self.draft.may_go() {
            event.prevent_default();
        }
    }

    /// The dialog has closed. The event comes late: another sheet may be open by now.
    pub fn closed(self) {
        if self.open.get_untracked() {
            self.close();
        }
    }
}

/// May the field of a sheet take the keyboard as the sheet opens? Not under a finger: the screen's own keyboard would cover the sheet.
pub fn takes_keys() -> bool {
    let coarse = window().match_media("(pointer: coarse)").ok().flatten();
    !coarse.is_some_and(|m| m.matches())
}

/// Opens a dialog, or closes it.
pub fn show(dialog: NodeRef<html::Dialog>, open: bool) {
    if let Some(dialog) = dialog.get() {
        if open && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    }
}

/// The question about what is typed and not saved; inside its form.
#[component]
pub fn Unsaved(
    /// What is typed.
    draft: Draft,
    /// How the sheet is closed.
    way: Way,
) -> impl IntoView {
    let lang = kit::lang();
    view! {
        <Show when=move || draft.asked.get()>
            <div class="banner banner-warn" role="alert">
                <p>{t::journal_unsaved(lang)}</p>
                <div class="cluster">
                    <button class="btn btn-small btn-primary" type="submit">{t::journal_save(lang)}</button>
                    <button class="btn btn-small" type="button" on:click=move |_| way.close()>{t::journal_unsaved_leave(lang)}</button>
                </div>
            </div>
        </Show>
    }
}

/// What became of the sheet's last change, in the server's words.
#[component]
pub fn Outcome(
    /// The desk.
    desk: DeskRef,
    /// Its signals.
    signals: Signals,
    /// How the outbox stands.
    standing: RwSignal<Standing>,
) -> impl IntoView {
    let lang = kit::lang();
    let fate = Memo::new(move |_| {
        signals.changed.track();
        desk.run(|d| d.fate()).flatten()
    });
    let signed_out = move || standing.with(|s| s.trouble == Trouble::SignIn);
    let told = move || {
        fate.get().map(|fate| match fate {
            // the banner with the way to sign in lies behind the sheet
            Fate::Waiting if signed_out() => view! {
                <div class="banner banner-warn">
                    <p>{t::journal_trouble_sign_in(lang)}</p>
                    <a class="btn btn-small" rel="external" href=kit::with_return_to(&kit::today_path())>{t::journal_sign_in(lang)}</a>
                </div>
            }
            .into_any(),
            Fate::Waiting => view! { <p class="small muted">{t::journal_beside_waiting(lang)}</p> }.into_any(),
            Fate::Saved => view! { <p class="small">{t::journal_beside_saved(lang)}</p> }.into_any(),
            Fate::Refused(message) => view! {
                <div class="banner banner-error"><p><b>{t::journal_beside_refused(lang)}</b>" "{message}</p></div>
            }
            .into_any(),
            Fate::Conflict(now) => view! {
                <div class="banner banner-warn">
                    <p><b>{t::journal_beside_conflict(lang)}</b>" "{draw::other(&now, lang)}</p>
                    <button class="btn btn-small" type="button" on:click=move |_| signals.open.set(Some(Open::Problems))>{t::journal_look(lang)}</button>
                </div>
            }
            .into_any(),
            Fate::Old(day) => view! {
                <div class="banner banner-warn">
                    <p>{t::journal_old_act(lang, kit::date::day_month(day, lang))}</p>
                    <button class="btn btn-small" type="button" on:click=move |_| signals.open.set(Some(Open::Problems))>{t::journal_look(lang)}</button>
                </div>
            }
            .into_any(),
        })
    };
    view! { <div role="status">{told}</div> }
}

/// Asks the server what others did meanwhile. Without a network what is seen stays.
pub fn refetch(desk: DeskRef, load: LoadId, period: Option<PeriodId>) {
    spawn_local(async move {
        if let Ok(grid) = api::grid(load, period).await {
            desk.run(|d| d.merge(grid));
        }
    });
}
