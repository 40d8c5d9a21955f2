//! What the sheets beside the grid have in common: what became of a change, and that nothing typed is dropped unseen.

use kit::outbox::{Standing, Trouble};
use leptos::prelude::*;

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

/// The question about what is typed and not saved; inside its form.
#[component]
pub fn Unsaved(
    /// What is typed.
    draft: Draft,
    /// The signals of the desk, to close the sheet.
    signals: Signals,
) -> impl IntoView {
    let lang = kit::lang();
    let leave = move |_| {
        draft.done();
        signals.open.set(None);
    };
    view! {
        <Show when=move || draft.asked.get()>
            <div class="banner banner-warn" role="alert">
                <p>{t::journal_unsaved(lang)}</p>
                <div class="cluster">
                    <button class="btn btn-small btn-primary" type="submit">{t::journal_save(lang)}</button>
                    <button class="btn btn-small" type="button" on:click=leave>{t::journal_unsaved_leave(lang)}</button>
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
        })
    };
    view! { <div role="status">{told}</div> }
}
