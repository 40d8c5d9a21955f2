//! The dialog, and the watch over a search that goes on on the server.

use std::sync::Arc;
use std::time::Duration;

use base::{AppError, Lang, RunId, VersionId};
use futures_util::StreamExt as _;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::compose::{Brought, Keep, Run, RunState, Wishes};
use study_core::timetable::BoardData;
use timetable::BoardSpec;

use super::api::{follow, start, stop, watch};
use super::form::Form;
use super::outcome;
use super::spare::Spare;
use super::unmet::Unmet;
use crate::engine::{Engine, MOST, cores, searches};
use crate::t;

/// Before it is asked again, where the stream of news has ended.
const BEAT: Duration = Duration::from_secs(1);

/// So long the form waits for what the last search came to; then it is drawn all the same.
const PATIENCE: Duration = Duration::from_secs(3);

/// What the dialog shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// Nothing yet: it is asked whether there is a search.
    Asking,
    /// The form, whatever the last one came to.
    Form,
    /// The last one: how far it is, or what it came to.
    Run,
}

/// A search as this page knows it. Cheap to copy into handlers.
#[derive(Clone, Copy)]
pub(super) struct Watch {
    pub lang: Lang,
    pub data: StoredValue<Arc<BoardData>>,
    /// The last one for this draft, once it is known.
    pub run: RwSignal<Option<Run>>,
    pub shown: RwSignal<Shown>,
    /// The one whose outcome somebody has left for the form.
    left: StoredValue<Option<RunId>>,
    pub error: RwSignal<Option<AppError>>,
    pub busy: RwSignal<bool>,
    /// Somebody listens already.
    asking: StoredValue<bool>,
    pub told: Callback<String>,
    /// The board as it lies now.
    pub spec: Callback<(), BoardSpec>,
    /// Advises about this board, and composes on this device: the first of [`Watch::engines`].
    pub engine: Engine,
    /// The others that compose with it.
    others: StoredValue<Vec<Engine>>,
    /// How many of them are there, once they have been begun.
    pub cores: RwSignal<Option<usize>>,
    /// The search goes on on this device.
    pub is_here: RwSignal<bool>,
    /// Asked to stop, here.
    pub stopping: RwSignal<bool>,
    /// The engines here read the board: they hear nothing until they have.
    pub(super) preparing: StoredValue<bool>,
    /// Found here, and not on the server yet.
    pub found: RwSignal<Option<Brought>>,
    /// Its spare copy.
    pub spare: StoredValue<Spare>,
}

impl Watch {
    fn new(data: Arc<BoardData>, lang: Lang, told: Callback<String>, spec: Callback<(), BoardSpec>) -> Self {
        Self {
            spare: StoredValue::new(Spare::new(data.version.id, data.person)),
            lang,
            data: StoredValue::new(data),
            run: RwSignal::new(None),
            shown: RwSignal::new(Shown::Asking),
            left: StoredValue::new(None),
            error: RwSignal::new(None),
            busy: RwSignal::new(false),
            asking: StoredValue::new(false),
            told,
            spec,
            engine: Engine::new(),
            others: StoredValue::new((1..MOST).map(|_| Engine::new()).collect()),
            cores: RwSignal::new(None),
            is_here: RwSignal::new(false),
            stopping: RwSignal::new(false),
            preparing: StoredValue::new(false),
            found: RwSignal::new(None),
        }
    }

    /// Those that compose here, as many as suit this device.
    pub(super) fn engines(self) -> Vec<Engine> {
        let others = self.others.with_value(Clone::clone);
        let all = std::iter::once(self.engine).chain(others);
        all.take(searches(cores())).collect()
    }

    /// Asks how far it is, and listens until it is over.
    fn ask(self) {
        if self.asking.try_get_value() != Some(false) {
            return;
        }
        self.asking.set_value(true);
        let version = self.data.with_value(|d| d.version.id);
        spawn_local(async move {
            let mut goes_on = match watch(version).await {
                Ok(run) => self.learn(run),
                Err(error) => self.miss(error),
            };
            if goes_on == Some(true) {
                goes_on = self.listen(version).await;
            }
            // the page may have gone meanwhile
            let Some(goes_on) = goes_on else { return };
            let _ = self.asking.try_set_value(false);
            if goes_on {
                set_timeout(move || self.ask(), BEAT);
            }
        });
    }

    /// Hears of every step. Whether it goes on; `None`: the page has gone.
    async fn listen(self, version: VersionId) -> Option<bool> {
        let mut steps = match follow(version).await {
            Ok(steps) => steps.into_inner(),
            Err(error) => return self.miss(error),
        };
        let mut goes_on = Some(true);
        let mut text = String::new();
        while let Some(chunk) = steps.next().await {
            match chunk {
                Ok(more) => text.push_str(&more),
                Err(error) => return self.miss(error),
            }
            // a chunk may hold several lines, and end in the middle of one
            while let Some((line, rest)) = text.split_once('\n') {
                let run = serde_json::from_str(line);
                text = rest.to_owned();
                goes_on = match run {
                    Ok(run) => self.learn(run),
                    Err(_) => self.miss(AppError::Network),
                };
            }
            goes_on?;
        }
        goes_on
    }

    /// Takes over what the server says.
    fn learn(self, run: Option<Run>) -> Option<bool> {
        let before = self.run.try_get_untracked()?;
        // what is composed on this device is not overwritten by an older one of the server
        if self.is_here.get_untracked() {
            return Some(false);
        }
        self.error.set(None);
        let goes_on = run.as_ref().is_some_and(|run| !run.state.is_over());
        if let (Some(now), Some(before)) = (&run, &before)
            && now.id == before.id
            && now.state.is_over()
            && !before.state.is_over()
        {
            self.told.run(outcome::words(self.lang, now));
        }
        // what is over is shown until somebody wants another one
        let shown = match &run {
            Some(_) if goes_on => Some(Shown::Run),
            _ if self.shown.get_untracked() != Shown::Asking => None,
            Some(run) if self.left.get_value() != Some(run.id) => Some(Shown::Run),
            _ => Some(Shown::Form),
        };
        if run != before {
            self.run.set(run);
        }
        if let Some(shown) = shown {
            self.shown.set(shown);
        }
        Some(goes_on)
    }

    /// The server was not heard. A search does not need us: a cut network is waited for.
    fn miss(self, error: AppError) -> Option<bool> {
        let waits = matches!(error, AppError::Network | AppError::Unavailable);
        if self.error.try_set(Some(error)).is_some() {
            return None;
        }
        self.form_at_last();
        let run = self.run.try_get_untracked()?;
        Some(waits && run.is_some_and(|run| !run.state.is_over()))
    }

    /// What is shown before it is asked again.
    fn known(self) -> Shown {
        match self.run.with_untracked(|run| run.as_ref().map(|run| run.id)) {
            None => Shown::Asking,
            Some(run) if self.left.get_value() == Some(run) => Shown::Form,
            Some(_) => Shown::Run,
        }
    }

    /// Where it is not known whether there is a search, one can begin another.
    fn form_at_last(self) {
        if self.shown.try_get_untracked() == Some(Shown::Asking) {
            self.shown.set(Shown::Form);
        }
    }

    /// The outcome is left for the form; the form leads back to it.
    pub(super) fn once_more(self) {
        let last = self.run.with_untracked(|run| run.as_ref().map(|run| run.id));
        self.left.set_value(last);
        self.is_here.set(false);
        self.shown.set(Shown::Form);
    }

    /// The outcome of the last one is shown again.
    pub(super) fn back(self) {
        self.left.set_value(None);
        self.shown.set(Shown::Run);
    }

    /// Begins a search.
    pub(super) fn begin(self, keep: Keep, wishes: Wishes, seconds: i16) {
        let version = self.data.with_value(|d| d.version.id);
        self.busy.set(true);
        self.error.set(None);
        self.is_here.set(false);
        // what an earlier search on this device has found is none of this one's; its spare copy stays
        self.found.set(None);
        spawn_local(async move {
            let outcome = start(version, keep, wishes, seconds, seed()).await;
            let _ = self.busy.try_set(false);
            match outcome {
                Ok(_) => {
                    self.run.set(None);
                    self.shown.set(Shown::Run);
                    self.ask();
                }
                // another window has begun one: it is shown
                Err(AppError::Conflict { .. }) => self.ask(),
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    fn end(self) {
        if self.is_here.get_untracked() {
            self.stopping.set(true);
            // there is no best so far yet that could be kept
            if self.preparing.get_value() {
                self.engines().into_iter().for_each(Engine::end);
            }
            return;
        }
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
pub(super) fn seed() -> i64 {
    let mut bytes = [0u8; 4];
    let crypto = web_sys::window().and_then(|w| w.crypto().ok());
    if let Some(crypto) = crypto {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    i64::from(u32::from_le_bytes(bytes))
}

/// The dialog. It is opened by `showModal` on its node; `open` says so. `saved`: every move lies on the server. `underway`: a search goes on.
#[component]
pub(crate) fn ComposeDialog(
    data: Arc<BoardData>,
    lang: Lang,
    node: NodeRef<html::Dialog>,
    open: RwSignal<bool>,
    saved: Signal<bool>,
    told: Callback<String>,
    spec: Callback<(), BoardSpec>,
    underway: RwSignal<bool>,
) -> impl IntoView {
    let this = Watch::new(data, lang, told, spec);
    // whoever comes back while it goes on is told on the board when it is over
    Effect::new(move || {
        let now = this.run.with(|run| run.as_ref().map(|run| !run.state.is_over()));
        match now {
            Some(now) => underway.set(now),
            None if underway.get_untracked() => this.ask(),
            None => {}
        }
    });
    Effect::new(move || {
        // what goes on here or on the server, or waits to be brought there, is shown again
        let here = this.is_here.get_untracked() && this.shown.get_untracked() == Shown::Run;
        let there = !this.is_here.get_untracked()
            && this
                .run
                .with_untracked(|run| run.as_ref().is_some_and(|run| !run.state.is_over()));
        if open.get() && !here && (there || !this.recover()) {
            this.shown.set(this.known());
            this.ask();
            set_timeout(move || this.form_at_last(), PATIENCE);
        }
    });
    // what a window left behind that was closed is told of at once
    Effect::new(move || {
        if this.spare.with_value(Spare::waits) {
            this.told.run(t::compose_here_left(lang).to_owned());
        }
    });
    let close = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    let stage = Memo::new(move |_| {
        match this.shown.get() {
            Shown::Asking => return Stage::Asking,
            Shown::Form => return Stage::Form,
            Shown::Run => {}
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
                    Stage::Asking => view! {
                        <p class="muted" aria-busy="true">{t::loading(lang)}</p>
                        <div class="dialog-actions"><button class="btn" type="button" on:click=move |_| close(())>{t::action_cancel(lang)}</button></div>
                    }.into_any(),
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
    Asking,
    Form,
    Going,
    Over,
}

/// What a screen reader is told: when something begins and ends, not every second.
fn status(this: Watch, stage: Stage) -> String {
    match stage {
        Stage::Asking | Stage::Form => String::new(),
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
    let cards = this.data.with_value(|d| d.cards.len());
    let words = move || {
        run.with(|run| match run {
            None => t::compose_preparing(lang).to_owned(),
            Some(run) if run.stopping || this.stopping.get() => t::compose_stopping(lang).to_owned(),
            Some(run) if run.state == RunState::Waiting => match run.ahead {
                Some(n @ 1..) => t::compose_waiting_behind(lang, i64::from(n)),
                Some(_) => t::compose_waiting_next(lang).to_owned(),
                None => t::compose_waiting(lang).to_owned(),
            },
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
    let stopping = move || {
        // what this device does can be stopped before it has found anything
        let no_run = || !this.is_here.get();
        this.busy.get()
            || this.stopping.get()
            || run.with(|run| run.as_ref().map_or_else(no_run, |run| run.stopping))
    };
    let may_close = move || {
        if this.is_here.get() {
            t::compose_here_stay(lang)
        } else {
            t::compose_may_close(lang)
        }
    };
    view! {
        <div class="stack">
            <kit::ErrorBanner error=this.error/>
            <p class="nums">{words}</p>
            <progress class="progress" aria-label=t::compose_progress(lang)
                max=move || part().map_or(1, |p| p.1) value=move || part().map_or(0, |p| p.0)></progress>
            <p class="small muted">{t::compose_best(lang)}</p>
            {move || run.with(|run| {
                let (before, best) = (run.as_ref().map(|r| r.before), run.as_ref().and_then(|r| r.best));
                match before.filter(|before| outcome::is_first(*before, cards)) {
                    Some(_) => outcome::first(lang, best, cards),
                    None => outcome::comparing(lang, before, best),
                }
            })}
            <Unmet watch=this/>
            <p class="small muted">{may_close}{move || this.is_here.get().then(|| super::form::cores(lang, this.cores.get()))}</p>
        </div>
        <div class="dialog-actions">
            <button class="btn" type="button" on:click=move |_| close.run(())>{t::action_cancel(lang)}</button>
            <button class="btn btn-primary" type="button" aria-busy=move || stopping().to_string() disabled=stopping
                on:click=move |_| this.end()>{t::compose_stop(lang)}</button>
        </div>
    }
    .into_any()
}
