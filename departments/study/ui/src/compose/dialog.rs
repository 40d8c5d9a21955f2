//! The dialog, and the watch over a search that goes on on the server.

use std::sync::Arc;
use std::time::Duration;

use base::{AppError, Lang};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::compose::{Keep, Run, RunState};
use study_core::timetable::BoardData;

use super::api::{start, stop, watch};
use super::form::Form;
use super::outcome;
use crate::t;

/// Between two questions how far it is.
const BEAT: Duration = Duration::from_secs(1);

/// A search as this page knows it. Cheap to copy into handlers.
#[derive(Clone, Copy)]
pub(super) struct Watch {
    pub lang: Lang,
    pub data: StoredValue<Arc<BoardData>>,
    /// The last one for this draft, once it is known.
    pub run: RwSignal<Option<Run>>,
    /// The form is drawn, whatever the last one came to.
    pub anew: RwSignal<bool>,
    pub error: RwSignal<Option<AppError>>,
    pub busy: RwSignal<bool>,
    /// Somebody asks once a second.
    asking: StoredValue<bool>,
    told: Callback<String>,
}

impl Watch {
    fn new(data: Arc<BoardData>, lang: Lang, told: Callback<String>) -> Self {
        Self {
            lang,
            data: StoredValue::new(data),
            run: RwSignal::new(None),
            anew: RwSignal::new(true),
            error: RwSignal::new(None),
            busy: RwSignal::new(false),
            asking: StoredValue::new(false),
            told,
        }
    }

    /// Asks how far it is, and once a second again until it is over.
    fn ask(self) {
        if self.asking.try_get_value() != Some(false) {
            return;
        }
        self.asking.set_value(true);
        let version = self.data.with_value(|d| d.version.id);
        spawn_local(async move {
            let answer = watch(version).await;
            // the page may have gone meanwhile
            if self.asking.try_get_value().is_none() {
                return;
            }
            self.asking.set_value(false);
            let goes_on = match answer {
                Ok(run) => {
                    self.error.set(None);
                    let goes_on = run.as_ref().is_some_and(|run| !run.state.is_over());
                    let before = self.run.get_untracked();
                    if let (Some(now), Some(before)) = (&run, &before)
                        && now.id == before.id
                        && now.state.is_over()
                        && !before.state.is_over()
                    {
                        self.told.run(outcome::words(self.lang, now));
                    }
                    if goes_on {
                        self.anew.set(false);
                    }
                    if run != before {
                        self.run.set(run);
                    }
                    goes_on
                }
                // the search does not need us: a cut network is waited for
                Err(error @ (AppError::Network | AppError::Unavailable)) => {
                    self.error.set(Some(error));
                    self.run
                        .with_untracked(|run| run.as_ref().is_some_and(|run| !run.state.is_over()))
                }
                Err(error) => {
                    self.error.set(Some(error));
                    false
                }
            };
            if goes_on {
                set_timeout(move || self.ask(), BEAT);
            }
        });
    }

    /// Begins a search.
    pub(super) fn begin(self, keep: Keep, seconds: i16) {
        let version = self.data.with_value(|d| d.version.id);
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let outcome = start(version, keep, seconds, seed()).await;
            let _ = self.busy.try_set(false);
            match outcome {
                Ok(_) => {
                    self.run.set(None);
                    self.anew.set(false);
                    self.ask();
                }
                // another window has begun one: it is shown
                Err(AppError::Conflict { .. }) => self.ask(),
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    fn end(self) {
        let Some(run) = self.run.with_untracked(|run| run.as_ref().map(|run| run.id)) else {
            return;
        };
        self.busy.set(true);
        spawn_local(async move {
            let outcome = stop(run).await;
            let _ = self.busy.try_set(false);
            match outcome {
                Ok(()) => self.ask(),
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}

/// Another search goes another way.
fn seed() -> i64 {
    let mut bytes = [0u8; 4];
    let crypto = web_sys::window().and_then(|w| w.crypto().ok());
    if let Some(crypto) = crypto {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    i64::from(u32::from_le_bytes(bytes))
}

/// The dialog. It is opened by `showModal` on its node; `open` says so. `saved`: every move lies on the server.
#[component]
pub(crate) fn ComposeDialog(
    data: Arc<BoardData>,
    lang: Lang,
    node: NodeRef<html::Dialog>,
    open: RwSignal<bool>,
    saved: Signal<bool>,
    told: Callback<String>,
) -> impl IntoView {
    let this = Watch::new(data, lang, told);
    Effect::new(move || {
        if open.get() {
            // what is over is asked for anew only by who wants it
            this.anew.set(true);
            this.ask();
        }
    });
    let close = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    let stage = Memo::new(move |_| {
        if this.anew.get() {
            return Stage::Form;
        }
        this.run.with(|run| match run {
            Some(run) if run.state.is_over() => Stage::Over,
            _ => Stage::Going,
        })
    });
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby="tt-compose" on:close=move |_| open.set(false)>
            <p class="visually-hidden" role="status">{move || status(this, stage.get())}</p>
            <div class="stack">
                <h2 class="dialog-title" id="tt-compose">{t::compose_title(lang)}</h2>
                {move || open.get().then(|| match stage.get() {
                    Stage::Form => view! { <Form watch=this saved close=Callback::new(close)/> }.into_any(),
                    Stage::Going => going(this, Callback::new(close)),
                    Stage::Over => outcome::over(this, Callback::new(close)),
                })}
            </div>
        </dialog>
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Form,
    Going,
    Over,
}

/// What a screen reader is told: when something begins and ends, not every second.
fn status(this: Watch, stage: Stage) -> String {
    match stage {
        Stage::Form => String::new(),
        Stage::Going => t::compose_running(this.lang).to_owned(),
        Stage::Over => this.run.with(|run| {
            run.as_ref()
                .map_or_else(String::new, |run| outcome::words(this.lang, run))
        }),
    }
}

fn going(this: Watch, close: Callback<()>) -> AnyView {
    let lang = this.lang;
    let run = this.run;
    let words = move || {
        run.with(|run| match run {
            None => t::compose_preparing(lang).to_owned(),
            Some(run) if run.stopping => t::compose_stopping(lang).to_owned(),
            Some(run) if run.state == RunState::Waiting => t::compose_waiting(lang).to_owned(),
            Some(run) if run.best.is_none() => t::compose_preparing(lang).to_owned(),
            Some(run) => t::compose_spent(lang, i64::from(run.seconds), i64::from(run.spent_ms / 1000)),
        })
    };
    let part = move || {
        run.with(|run| {
            let run = run.as_ref()?;
            let whole = i32::from(run.seconds).saturating_mul(1000).max(1);
            Some((run.spent_ms.min(whole), whole))
        })
    };
    let stopping = move || this.busy.get() || run.with(|run| run.as_ref().is_none_or(|run| run.stopping));
    view! {
        <div class="stack">
            <kit::ErrorBanner error=this.error/>
            <p class="nums">{words}</p>
            <progress class="progress" aria-label=t::compose_progress(lang)
                max=move || part().map_or(1, |p| p.1) value=move || part().map_or(0, |p| p.0)></progress>
            {move || run.with(|run| run.as_ref().and_then(|run| {
                let best = run.best?;
                Some(view! {
                    <p class="small muted">{t::compose_best(lang)}</p>
                    {outcome::comparison(lang, run.before, best)}
                })
            }))}
            <p class="small muted">{t::compose_may_close(lang)}</p>
        </div>
        <div class="dialog-actions">
            <button class="btn" type="button" on:click=move |_| close.run(())>{t::action_cancel(lang)}</button>
            <button class="btn btn-primary" type="button" aria-busy=move || stopping().to_string() disabled=stopping
                on:click=move |_| this.end()>{t::compose_stop(lang)}</button>
        </div>
    }
    .into_any()
}
