//! Moves on their way to the server: one batch at a time, each with an id of its own, so that a batch sent twice counts
//! once. What waits also lies in the browser's storage: a cut network, an ended session or a closed window lose nothing.

use std::time::Duration;

use base::{AppError, CardId, PersonId, VersionId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use study_core::timetable::moves::{Batch, CardState, Move, joined};
use uuid::Uuid;

use super::api::save_moves;

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

/// What lies in the browser's storage.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Kept {
    revision: i32,
    sent: Option<Batch>,
    waiting: Vec<Move>,
}

#[derive(Clone, Debug)]
struct Queue {
    version: VersionId,
    person: PersonId,
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

impl Saver {
    /// An empty queue over a board as it was loaded.
    pub fn new(version: VersionId, person: PersonId, revision: i32, known: Vec<(CardId, CardState)>) -> Self {
        let kept = Kept {
            revision,
            ..Kept::default()
        };
        Self {
            queue: StoredValue::new(Queue {
                version,
                person,
                kept,
                known,
            }),
            status: RwSignal::new(Status::Saved),
            waiting: RwSignal::new(0),
        }
    }

    /// Takes over what an earlier visit could not save; returns the moves to show.
    pub fn recover(self) -> Vec<Move> {
        let key = self.queue.with_value(|q| key(q.version, q.person));
        let Some(kept) = storage()
            .and_then(|s| s.get_item(&key).ok().flatten())
            .and_then(|text| serde_json::from_str::<Kept>(&text).ok())
        else {
            return vec![];
        };
        let mut moves = kept.sent.as_ref().map(|b| b.moves.clone()).unwrap_or_default();
        moves.extend(kept.waiting.iter().copied());
        self.queue.update_value(|q| q.kept = kept);
        self.count();
        if self.queue.with_value(|q| q.kept.sent.is_some()) {
            self.status.set(Status::Waiting);
            spawn_local(self.send());
        } else {
            self.kick();
        }
        joined(&moves)
    }

    /// Takes moves and sends them as soon as the ones before have arrived.
    pub fn push(self, moves: &[Move]) {
        self.queue
            .update_value(|q| q.kept.waiting.extend_from_slice(moves));
        self.count();
        self.keep();
        self.kick();
    }

    /// Own moves that are not saved, joined; for showing and for putting on top of a newer board.
    pub fn unsaved(self) -> Vec<Move> {
        self.queue.with_value(|q| {
            let mut moves = q.kept.sent.as_ref().map(|b| b.moves.clone()).unwrap_or_default();
            moves.extend(q.kept.waiting.iter().copied());
            joined(&moves)
        })
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
        self.keep();
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
        let n = self
            .queue
            .with_value(|q| q.kept.waiting.len() + q.kept.sent.as_ref().map_or(0, |b| b.moves.len()));
        self.waiting.set(n);
    }

    fn keep(self) {
        self.queue.with_value(|q| {
            let Some(storage) = storage() else { return };
            let key = key(q.version, q.person);
            // a full storage loses the spare copy only
            let _ = if q.kept.sent.is_none() && q.kept.waiting.is_empty() {
                storage.remove_item(&key)
            } else {
                serde_json::to_string(&q.kept).map_or(Ok(()), |text| storage.set_item(&key, &text))
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
        self.queue.update_value(|q| {
            let moves = joined(&q.kept.waiting);
            q.kept.waiting.clear();
            q.kept.sent = Some(Batch { op: new_id(), moves });
        });
        self.keep();
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
                    for step in &batch.moves {
                        if let Some((_, state)) = q.known.iter_mut().find(|(id, _)| *id == step.card) {
                            *state = step.new;
                        }
                    }
                });
                self.count();
                self.keep();
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

/// Under «parta.outbox.», so that signing out asks before it is lost.
fn key(version: VersionId, person: PersonId) -> String {
    format!("parta.outbox.timetable.{version}.{person}.moves")
}

fn storage() -> Option<web_sys::Storage> {
    kit::storage()
}

/// Random, from the browser; a page without a secure context takes it from its clock, where it need only differ.
fn new_id() -> Uuid {
    let random = web_sys::window()
        .and_then(|w| w.crypto().ok())
        .and_then(|c| {
            let mut bytes = [0u8; 16];
            c.get_random_values_with_u8_array(&mut bytes).ok().map(|_| bytes)
        })
        .unwrap_or_default();
    uuid::Builder::from_random_bytes(random).into_uuid()
}
