//! Moves on their way to the server: one batch at a time, each with an id of its own, so that a batch sent twice counts
//! once. What waits also lies in the browser's storage ([`spare`]): a cut network, an ended session or a closed
//! window lose nothing.

mod locks;
mod spare;

use std::time::Duration;

use base::{AppError, CardId, Lang, PersonId, VersionId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use spare::Kept;
use study_core::timetable::moves::{Batch, CardState, Move, joined};
use uuid::Uuid;

pub use locks::held;

use super::api::save_moves;
use crate::t;

/// How saving stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Everything lies on the server.
    #[default]
    Saved,
    /// On its way.
    Waiting,
    /// No network; it is tried again by itself.
    Offline,
    /// Refused for good; the person decides.
    Refused(AppError),
    /// Somebody else has saved meanwhile.
    Conflict(String),
}

#[derive(Clone, Debug)]
struct Queue {
    lang: Lang,
    version: VersionId,
    person: PersonId,
    /// Where its spare copy lies; `None` in a browser that makes no ids.
    name: Option<String>,
    /// The revision that the board was loaded with.
    loaded: i32,
    kept: Kept,
    /// The state of each card as the server has it.
    known: Vec<(CardId, CardState)>,
}

/// The queue of one open board.
#[derive(Clone, Copy, Debug)]
pub struct Saver {
    queue: StoredValue<Queue>,
    /// How it stands.
    pub status: RwSignal<Status>,
    /// How many moves are not on the server yet.
    pub waiting: RwSignal<usize>,
}

const RETRY: Duration = Duration::from_secs(3);
/// How often an open board gives a sign of life and looks for what others have left.
const BEAT: Duration = Duration::from_secs(5);

impl Saver {
    /// An empty queue over a board as it was loaded.
    pub fn new(
        lang: Lang,
        (version, person): (VersionId, PersonId),
        revision: i32,
        known: Vec<(CardId, CardState)>,
    ) -> Self {
        let kept = Kept {
            revision,
            ..Kept::default()
        };
        Self {
            queue: StoredValue::new(Queue {
                lang,
                version,
                person,
                name: None,
                loaded: revision,
                kept,
                known,
            }),
            status: RwSignal::new(Status::Saved),
            waiting: RwSignal::new(0),
        }
    }

    /// Begins to keep a spare copy, until the board goes; `look` is called now and then, to [`Saver::recover`]. In the
    /// browser only.
    pub fn attend(self, look: impl Fn() + 'static) {
        self.queue
            .update_value(|q| q.name = new_id().map(|id| spare::name(q.version, q.person, id)));
        // let go with everything else of the board
        let _ = StoredValue::new_local(self.queue.with_value(|q| q.name.as_deref().and_then(locks::hold)));
        let beat = move || {
            self.keep(now());
            look();
        };
        let beats = set_interval_with_handle(beat, BEAT).ok();
        let gone = window_event_listener_untyped("pagehide", move |_| self.keep(0.0));
        // back from the browser's memory of pages
        let back = window_event_listener_untyped("pageshow", move |_| self.keep(now()));
        on_cleanup(move || {
            if let Some(beats) = beats {
                beats.clear();
            }
            gone.remove();
            back.remove();
            self.keep(0.0);
        });
    }

    /// Takes over what a board that is gone could not save; returns the moves to show. Only when nothing of one's own
    /// waits: two batches stand on two revisions. `held`: the boards that are open, where the browser tells.
    pub fn recover(self, held: Option<&[String]>) -> Vec<Move> {
        let Some((prefix, own)) = self
            .queue
            .try_with_value(|q| {
                let free = q.kept.is_empty();
                free.then(|| (spare::prefix(q.version, q.person), q.name.clone()))
            })
            .flatten()
        else {
            return vec![];
        };
        kit::bring_over(&prefix);
        let Some(storage) = kit::storage() else {
            return vec![];
        };
        let stored = kit::entries(&storage, &prefix);
        let Some((name, kept)) = spare::left_behind(stored, own.as_deref(), held, now()) else {
            return vec![];
        };
        // first taken away, so that nobody else takes it over too
        if storage.remove_item(&name).is_err() {
            return vec![];
        }
        let moves = kept.moves();
        self.queue.update_value(|q| q.kept = kept);
        self.count();
        self.keep(now());
        if self.queue.with_value(|q| q.kept.sent.is_some()) {
            self.status.set(Status::Waiting);
            spawn_local(self.send());
        } else {
            self.kick();
        }
        moves
    }

    /// Takes moves and sends them as soon as the ones before have arrived.
    pub fn push(self, moves: &[Move]) {
        self.queue
            .update_value(|q| q.kept.waiting.extend_from_slice(moves));
        self.count();
        self.keep(now());
        self.kick();
    }

    /// Own moves that are not saved, joined; for showing and for putting on top of a newer board.
    pub fn unsaved(self) -> Vec<Move> {
        self.queue.with_value(|q| q.kept.moves())
    }

    /// The cards as the server last had them.
    pub fn known(self) -> Vec<(CardId, CardState)> {
        self.queue.with_value(|q| q.known.clone())
    }

    /// Forgets what was not saved (the board is loaded anew).
    pub fn forget(self) {
        self.queue.update_value(|q| {
            q.kept.sent = None;
            q.kept.waiting.clear();
        });
        self.count();
        self.keep(now());
    }

    /// Tries again after the person has done something about a refusal.
    pub fn again(self) {
        if self.queue.with_value(|q| q.kept.sent.is_some()) {
            self.status.set(Status::Waiting);
            spawn_local(self.send());
        } else {
            self.kick();
        }
    }

    fn count(self) {
        self.waiting.set(self.queue.with_value(|q| q.kept.count()));
    }

    /// Writes the spare copy, with a sign of life; 0: the board goes.
    fn keep(self, alive: f64) {
        // the board may have gone before its listeners
        let _ = self.queue.try_update_value(|q| {
            let (Some(storage), Some(name)) = (kit::storage(), &q.name) else {
                return;
            };
            q.kept.alive = alive;
            // a full storage loses the spare copy only
            let _ = if q.kept.is_empty() {
                storage.remove_item(name)
            } else {
                serde_json::to_string(&q.kept).map_or(Ok(()), |text| storage.set_item(name, &text))
            };
        });
    }

    fn kick(self) {
        let (busy, empty) = self
            .queue
            .with_value(|q| (q.kept.sent.is_some(), q.kept.waiting.is_empty()));
        if busy {
            return;
        }
        if empty {
            self.status.set(Status::Saved);
            return;
        }
        // without an id a batch sent twice would count twice: it waits
        let Some(op) = new_id() else {
            let lang = self.queue.with_value(|q| q.lang);
            self.status
                .set(Status::Refused(AppError::invalid("", t::status_no_ids(lang))));
            return;
        };
        self.queue.update_value(|q| {
            let moves = joined(&q.kept.waiting);
            q.kept.waiting.clear();
            q.kept.sent = Some(Batch { op, moves });
        });
        self.keep(now());
        self.status.set(Status::Waiting);
        spawn_local(self.send());
    }

    async fn send(self) {
        let Some((version, revision, batch)) = self
            .queue
            .try_with_value(|q| q.kept.sent.clone().map(|b| (q.version, q.kept.revision, b)))
            .flatten()
        else {
            return;
        };
        let outcome = save_moves(version, revision, batch.moves.clone(), batch.op).await;
        // the page may have gone meanwhile
        if self.queue.try_with_value(|_| ()).is_none() {
            return;
        }
        match outcome {
            Ok(saved) => {
                self.queue.update_value(|q| {
                    q.kept.revision = saved.revision;
                    q.kept.sent = None;
                    if q.kept.waiting.is_empty() {
                        // a batch taken over may have been saved long before this board was loaded
                        q.kept.revision = q.kept.revision.max(q.loaded);
                    }
                    for step in &batch.moves {
                        if let Some((_, state)) = q.known.iter_mut().find(|(id, _)| *id == step.card) {
                            *state = step.new;
                        }
                    }
                });
                self.count();
                self.keep(now());
                self.kick();
            }
            Err(AppError::Network | AppError::Unavailable | AppError::TooMany { .. }) => {
                self.status.set(Status::Offline);
                set_timeout(
                    move || {
                        if self.status.try_get_untracked() == Some(Status::Offline) {
                            spawn_local(self.send());
                        }
                    },
                    RETRY,
                );
            }
            Err(AppError::Conflict { message }) => self.status.set(Status::Conflict(message)),
            Err(error) => self.status.set(Status::Refused(error)),
        }
    }
}

/// The browser's clock, in milliseconds since 1970.
fn now() -> f64 {
    js_sys::Date::now()
}

/// Random, from the browser; unlike `randomUUID` also in a page without a secure context.
fn new_id() -> Option<Uuid> {
    let mut bytes = [0u8; 16];
    web_sys::window()?
        .crypto()
        .ok()?
        .get_random_values_with_u8_array(&mut bytes)
        .ok()?;
    Some(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
