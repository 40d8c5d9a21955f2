//! What others do in the open journal, heard while the page is looked at. A hidden page lets go: a browser keeps few
//! connections to one server open, and who is not looking is not there.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use base::{AppError, LoadId, PeriodId};
use chrono::{DateTime, Utc};
use classbook_core::journal::news::Step;
use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::{Desk, DeskRef};
use crate::journal::api::{follow, grid};

/// Between two streams, and between two tries while there is no network.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Before the grid is taken over once more.
const AGAIN: Duration = Duration::from_secs(2);

/// Ends what is being waited for.
#[derive(Clone, Default)]
struct Bell {
    ring: Rc<RefCell<Option<js_sys::Function>>>,
    gone: Rc<Cell<bool>>,
}

impl Bell {
    /// Comes true when the bell is rung, or after a while if one is given.
    fn rung(&self, within: Option<Duration>) -> JsFuture {
        let ring = Rc::clone(&self.ring);
        let promise = js_sys::Promise::new(&mut |resolve: js_sys::Function, _| {
            if let Some(within) = within {
                let resolve = resolve.clone();
                set_timeout(
                    move || {
                        let _ = resolve.call0(&JsValue::NULL);
                    },
                    within,
                );
            }
            ring.replace(Some(resolve));
        });
        JsFuture::from(promise)
    }

    fn ring(&self) {
        if let Some(resolve) = self.ring.take() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    }
}

/// What is learned by listening.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    /// Who else has the journal open: «Петрова М. И.».
    pub others: RwSignal<Vec<String>>,
    /// When the copy that is seen was stored; `None` as soon as the server was heard, for then it is up to date.
    pub stored: RwSignal<Option<f64>>,
}

/// A journal that is listened to.
#[derive(Clone, Copy)]
struct Ear {
    desk: DeskRef,
    load: LoadId,
    period: Option<PeriodId>,
    heard: Heard,
}

fn hidden() -> bool {
    document().visibility_state() != web_sys::VisibilityState::Visible
}

/// Listens for as long as the component lives: cells of others appear as they are saved.
pub fn listen(desk: DeskRef, load: LoadId, period: Option<PeriodId>, heard: Heard) {
    let bell = Bell::default();
    let kept = StoredValue::new_local(bell.clone());
    let seen = window_event_listener_untyped("visibilitychange", move |_| {
        let _ = kept.try_with_value(Bell::ring);
    });
    let online = window_event_listener_untyped("online", move |_| {
        let _ = kept.try_with_value(Bell::ring);
    });
    on_cleanup(move || {
        seen.remove();
        online.remove();
        let _ = kept.try_with_value(|bell| {
            bell.gone.set(true);
            bell.ring();
        });
    });
    let ear = Ear {
        desk,
        load,
        period,
        heard,
    };
    spawn_local(async move {
        let mut since = desk.run(|d| d.sheet().grid().read_at).flatten();
        let mut pause = PAUSE;
        // what draws the page comes first
        let _ = bell.rung(Some(PAUSE)).await;
        while !bell.gone.get() {
            if hidden() {
                let _ = bell.rung(None).await;
                continue;
            }
            match ear.hear(&bell, &mut since).await {
                Ok(()) => pause = PAUSE,
                // whose right or session has ended is told so by what they do next
                Err(AppError::Network | AppError::Unavailable) => pause = (pause * 2).min(LONGEST_PAUSE),
                Err(_) => pause = LONGEST_PAUSE,
            }
            if bell.gone.get() {
                return;
            }
            // who cannot be heard is not known to be there
            let _ = heard.others.try_set(vec![]);
            let _ = bell.rung(Some(pause)).await;
        }
    });
}

impl Ear {
    /// One stream: until it ends by itself, the page is hidden or gone.
    async fn hear(self, bell: &Bell, since: &mut Option<DateTime<Utc>>) -> Result<(), AppError> {
        let mut steps = follow(self.load, self.period, *since, false).await?.into_inner();
        let mut text = String::new();
        loop {
            let chunk = match select(steps.next(), bell.rung(None)).await {
                Either::Left((Some(chunk), _)) => chunk?,
                Either::Left((None, _)) => return Ok(()),
                Either::Right(_) if bell.gone.get() || hidden() => return Ok(()),
                Either::Right(_) => continue,
            };
            text.push_str(&chunk);
            while let Some((line, rest)) = text.split_once('\n') {
                let step: Result<Step, _> = serde_json::from_str(line);
                text = rest.to_owned();
                let step = step.map_err(|_| AppError::Network)?;
                *since = Some(step.at);
                self.take(bell, step).await;
                if bell.gone.get() {
                    return Ok(());
                }
            }
        }
    }

    async fn take(self, bell: &Bell, step: Step) {
        let Heard { others, stored } = self.heard;
        if others.try_with_untracked(|o| *o != step.others) == Some(true) {
            others.set(step.others.clone());
        }
        if stored.try_with_untracked(Option::is_some) == Some(true) {
            stored.set(None);
        }
        self.desk.run(|d| d.overhear(&step));
        // while a cell is being typed in, the grid stays under the hand
        while self.desk.run(|d| d.sheet().grid().pulse == step.pulse) == Some(false) && !bell.gone.get() {
            let Ok(new) = grid(self.load, self.period).await else {
                return;
            };
            if self.desk.run(|d| d.merge(new)) == Some(true) {
                return;
            }
            let _ = bell.rung(Some(AGAIN)).await;
        }
    }
}

impl Desk {
    /// Cells that others changed. What is being typed or waits for the server stays in sight: the server's answer decides.
    fn overhear(&mut self, step: &Step) {
        let mut news = false;
        for (change, version) in step.changes() {
            let place = change.place();
            if self.sheet.version(place) >= version || self.sheet.find(place).is_none() {
                continue;
            }
            self.sheet.saved(&change, None, version);
            self.repaint_place(place);
            news = true;
        }
        if news {
            self.tell_changed();
        }
    }
}
