//! The dialog, and the talk with the engine.

use std::sync::Arc;

use base::Lang;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::timetable::BoardData;
use timetable::BoardSpec;
use timetable::compose::{Fact, Mended, Shift, Terms};

use super::form::Form;
use super::outcome;
use crate::engine::Engine;
use crate::engine::talk::{Answer, Ask, Progress};
use crate::t;

/// The engine tells about so often, in milliseconds; so soon it hears that it shall stop.
const SLICE: u32 = 40;

/// What the dialog shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Form,
    Going,
    Over,
}

/// A repair as this page knows it. Cheap to copy into handlers.
#[derive(Clone, Copy)]
pub(super) struct Mend {
    pub lang: Lang,
    pub data: StoredValue<Arc<BoardData>>,
    /// What has changed, as said so far.
    pub facts: RwSignal<Vec<Fact>>,
    pub terms: RwSignal<Terms>,
    stage: RwSignal<Stage>,
    pub progress: RwSignal<Option<Progress>>,
    pub mended: RwSignal<Option<Mended>>,
    pub error: RwSignal<Option<&'static str>>,
    stopping: RwSignal<bool>,
    /// Another one goes another way.
    seed: StoredValue<u64>,
    /// Answers to an older question are none.
    asked: StoredValue<u32>,
    engine: Engine,
    /// Every move lies on the server.
    pub saved: Signal<bool>,
    /// The board as it lies now.
    pub spec: Callback<(), BoardSpec>,
    /// The board that was asked about.
    pub about: StoredValue<Option<BoardSpec>>,
    take: Callback<Vec<Shift>>,
}

impl Mend {
    /// Begins; `again`: another way than before.
    pub(super) fn begin(self, again: bool) {
        let spec = self.spec.run(());
        let ask = Ask::Mend {
            facts: self.facts.get_untracked(),
            terms: self.terms.get_untracked(),
            seed: self.seed.get_value() + u64::from(again),
        };
        self.seed.update_value(|n| *n += u64::from(again));
        self.about.set_value(Some(spec.clone()));
        self.error.set(None);
        self.stopping.set(false);
        self.progress.set(None);
        self.mended.set(None);
        self.stage.set(Stage::Going);
        self.asked.update_value(|n| *n = n.wrapping_add(1));
        let asked = self.asked.get_value();
        spawn_local(async move {
            let outcome = self.search(spec, ask, asked).await;
            if self.asked.try_get_value() != Some(asked) {
                return;
            }
            match outcome {
                // the engine stays for another way until the dialog is left: to begin one anew needs the network
                Some(mended) => {
                    self.mended.set(Some(mended));
                    self.stage.set(Stage::Over);
                }
                None => {
                    // whatever went wrong in it goes with it
                    self.engine.end();
                    self.error.set(Some(t::repair_failed(self.lang)));
                    self.stage.set(Stage::Form);
                }
            }
        });
    }

    /// Until it is over. `None`: there is no engine, or the page has gone.
    async fn search(self, spec: BoardSpec, ask: Ask, asked: u32) -> Option<Mended> {
        self.engine.ask(&Ask::Board(Box::new(spec))).await?;
        let mut answer = self.engine.ask(&ask).await?;
        loop {
            let Answer::Mending(mut progress) = answer else {
                return None;
            };
            if self.asked.try_get_value()? != asked {
                return None;
            }
            if let Some(mended) = progress.mended.take() {
                self.progress.set(Some(progress));
                return Some(*mended);
            }
            self.progress.set(Some(progress));
            let ask = Ask::MendOn {
                millis: SLICE,
                stop: self.stopping.get_untracked(),
            };
            answer = self.engine.ask(&ask).await?;
        }
    }

    /// Nothing is asked any more.
    fn forget(self) {
        self.asked.update_value(|n| *n = n.wrapping_add(1));
        self.engine.end();
    }

    pub(super) fn anew(self) {
        self.stage.set(Stage::Form);
    }

    /// Takes the outcome over: one act. False: the board is another one by now.
    fn take_over(self) -> bool {
        let same = self
            .about
            .with_value(|about| about.as_ref() == Some(&self.spec.run(())));
        if !same {
            self.error.set(Some(t::repair_stale(self.lang)));
            return false;
        }
        if let Some(mended) = self.mended.get_untracked() {
            self.take.run(mended.shifts);
        }
        self.facts.set(vec![]);
        self.stage.set(Stage::Form);
        true
    }
}

/// The dialog. It is opened by `showModal` on its node; `open` says so. `take`: the moves are taken over.
#[component]
pub(crate) fn RepairDialog(
    data: Arc<BoardData>,
    lang: Lang,
    node: NodeRef<html::Dialog>,
    open: RwSignal<bool>,
    saved: Signal<bool>,
    spec: Callback<(), BoardSpec>,
    take: Callback<Vec<Shift>>,
) -> impl IntoView {
    let this = Mend {
        lang,
        data: StoredValue::new(data),
        facts: RwSignal::new(vec![]),
        terms: RwSignal::new(Terms {
            tray: true,
            gladly: false,
        }),
        stage: RwSignal::new(Stage::Form),
        progress: RwSignal::new(None),
        mended: RwSignal::new(None),
        error: RwSignal::new(None),
        stopping: RwSignal::new(false),
        seed: StoredValue::new(1),
        asked: StoredValue::new(0),
        engine: Engine::new(),
        saved,
        spec,
        about: StoredValue::new(None),
        take,
    };
    let close = Callback::new(move |()| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    });
    let closed = move |_| {
        open.set(false);
        // a repair that nobody waits for is none; what it came to may be looked at again
        if this.stage.get_untracked() == Stage::Going {
            this.stage.set(Stage::Form);
        }
        // nothing is asked any more, and its memory is given back
        this.forget();
    };
    let take_over = Callback::new(move |()| {
        if this.take_over() {
            close.run(());
        }
    });
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby="tt-repair" on:close=closed>
            <p class="visually-hidden" role="status">{move || status(this)}</p>
            <div class="stack">
                <h2 class="dialog-title" id="tt-repair">{t::repair_title(lang)}</h2>
                {move || open.get().then(|| match this.stage.get() {
                    Stage::Form => view! { <Form mend=this close/> }.into_any(),
                    Stage::Going => going(this, close),
                    Stage::Over => outcome::over(this, take_over, close),
                })}
            </div>
        </dialog>
    }
}

/// What a screen reader is told: when it begins and ends.
fn status(this: Mend) -> String {
    match this.stage.get() {
        Stage::Form => String::new(),
        Stage::Going => t::repair_going(this.lang).to_owned(),
        Stage::Over => this.mended.with(|mended| {
            mended
                .as_ref()
                .map_or_else(String::new, |m| outcome::words(this.lang, m))
        }),
    }
}

fn going(this: Mend, close: Callback<()>) -> AnyView {
    let lang = this.lang;
    let words = move || {
        this.progress.with(|progress| match progress {
            None => t::compose_preparing(lang).to_owned(),
            Some(_) if this.stopping.get() => t::compose_stopping(lang).to_owned(),
            Some(now) if now.open > 0 => t::repair_open(lang, i64::from(now.open), now.moved),
            // nothing has been tried yet, or only rooms are looked for
            Some(now) if now.moved == 0 => t::repair_going(lang).to_owned(),
            Some(now) => t::repair_fewer(lang, i64::from(now.moved)),
        })
    };
    let done = move || this.progress.with(|p| p.as_ref().map_or(0, |p| p.done));
    let stopping = move || this.stopping.get() || this.progress.with(Option::is_none);
    view! {
        <div class="stack">
            <p class="nums">{words}</p>
            <progress class="progress" aria-label=t::repair_progress(lang) max="1000" value=done></progress>
            <p class="small muted">{t::repair_here(lang)}</p>
        </div>
        <div class="dialog-actions">
            <button class="btn" type="button" on:click=move |_| close.run(())>{t::action_cancel(lang)}</button>
            <button class="btn btn-primary" type="button" disabled=stopping
                on:click=move |_| this.stopping.set(true)>{t::repair_stop(lang)}</button>
        </div>
    }
    .into_any()
}
