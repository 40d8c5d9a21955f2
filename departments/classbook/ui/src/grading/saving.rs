//! A text of the sheet of totals that is saved by itself: the form of interim attestation, the topic of a coursework.

use base::AppError;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How the saving of one text stands.
#[derive(Clone, Copy)]
pub struct Saving {
    /// What is typed.
    pub text: RwSignal<String>,
    /// It is on its way.
    pub busy: RwSignal<bool>,
    /// Why it was not taken.
    pub error: RwSignal<Option<AppError>>,
    saved: RwSignal<bool>,
}

impl Saving {
    /// Of a text as it is.
    pub fn new(first: Option<String>) -> Self {
        Self {
            text: RwSignal::new(first.unwrap_or_default()),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            saved: RwSignal::new(false),
        }
    }

    /// What is typed, without spaces around; `None`: nothing.
    fn typed(self) -> Option<String> {
        Some(self.text.get_untracked().trim().to_owned()).filter(|t| !t.is_empty())
    }

    /// Sends what is typed, once at a time; what was saved is `done` with what the server says.
    pub fn send<T, F>(
        self,
        event: &leptos::ev::SubmitEvent,
        act: impl FnOnce(Option<String>) -> F,
        done: impl FnOnce(Option<String>, T) + 'static,
    ) where
        F: Future<Output = Result<T, AppError>> + 'static,
    {
        event.prevent_default();
        if self.busy.get_untracked() {
            return;
        }
        let text = self.typed();
        self.busy.set(true);
        self.saved.set(false);
        self.error.set(None);
        let act = act(text.clone());
        spawn_local(async move {
            let answer = act.await;
            // the page may have been left meanwhile
            let _ = self.busy.try_set(false);
            match answer {
                Ok(answer) => {
                    done(text, answer);
                    let _ = self.saved.try_set(true);
                }
                Err(failed) => drop(self.error.try_set(Some(failed))),
            }
        });
    }

    /// What is not told beside the field.
    pub fn other(self) -> Signal<Option<AppError>> {
        let error = self.error;
        Signal::derive(move || error.get().filter(|e| !matches!(e, AppError::Invalid { .. })))
    }

    /// That it was saved, in these words.
    pub fn said(self, words: &'static str) -> AnyView {
        let saved = self.saved;
        view! { <p class="small" role="status">{move || saved.get().then_some(words)}</p> }.into_any()
    }
}
