//! Marks on their way: sent, sent again, taken back; what the server made of them.

use base::AppError;
use classbook_core::grading::totals::{Given, TotalEdit};
use classbook_core::journal::cell::Outcome;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Desk, Fate};
use crate::grading::api;
use crate::t;

impl Desk {
    pub(super) fn undo(self) {
        let last = self.done.try_update_value(Vec::pop).flatten();
        let Some(last) = last else {
            self.hint.set(t::journal_nothing_to_undo(self.lang).to_owned());
            return;
        };
        let edits = last.into_iter().map(|((pupil, stage), code, reason)| TotalEdit {
            pupil,
            stage,
            code,
            reason,
            expected: self
                .totals
                .with_untracked(|t| t.given(pupil, stage).map_or(0, |g| g.version)),
        });
        self.send(edits.collect(), false);
    }

    /// Sends again what could not be sent.
    pub fn again(self) {
        let edits = self.fates.with_untracked(|f| {
            let failed = f.values().filter_map(|fate| match fate {
                Fate::Failed(edit) => Some(edit.clone()),
                _ => None,
            });
            failed.collect::<Vec<_>>()
        });
        self.send(edits, false);
    }

    pub(super) fn send(self, edits: Vec<TotalEdit>, keep: bool) {
        if edits.is_empty() {
            return;
        }
        let load = self.totals.with_untracked(|t| t.load);
        if keep {
            let before = |e: &TotalEdit| {
                let given = self.totals.with_untracked(|t| t.given(e.pupil, e.stage).cloned());
                let (code, reason) = given.map(|g| (g.code, g.reason)).unwrap_or_default();
                ((e.pupil, e.stage), code, reason)
            };
            let act = edits.iter().map(before).collect();
            self.done.update_value(|done| done.push(act));
        }
        self.fates.update(|f| {
            f.extend(
                edits
                    .iter()
                    .map(|e| ((e.pupil, e.stage), Fate::Waiting(e.clone()))),
            );
        });
        spawn_local(async move {
            match api::save_totals(load, edits.clone()).await {
                Ok(outcomes) => {
                    for (edit, outcome) in edits.into_iter().zip(outcomes) {
                        self.learn(edit, outcome);
                    }
                }
                Err(error) => self.fail(edits, &error),
            }
        });
    }

    fn fail(self, edits: Vec<TotalEdit>, error: &AppError) {
        let again = matches!(
            error,
            AppError::Network | AppError::Unavailable | AppError::SignIn | AppError::Fault { .. }
        );
        self.hint.set(error.message(self.lang));
        self.fates.update(|f| {
            for edit in edits {
                let place = (edit.pupil, edit.stage);
                let fate = if again {
                    Fate::Failed(edit)
                } else {
                    Fate::Refused(error.message(self.lang))
                };
                f.insert(place, fate);
            }
        });
    }

    /// What the server made of an edit.
    fn learn(self, edit: TotalEdit, outcome: Outcome) {
        let place = (edit.pupil, edit.stage);
        let (given, fate) = match outcome {
            Outcome::Saved { version } | Outcome::Duplicate { version } => {
                (Some((edit.code, edit.reason, version)), None)
            }
            Outcome::Conflict(now) => {
                let value = now
                    .value
                    .clone()
                    .unwrap_or_else(|| t::journal_empty_cell(self.lang).to_owned());
                let words = t::totals_conflict(self.lang, &now.by, value);
                (
                    Some((now.value, now.comment, now.version)),
                    Some(Fate::Refused(words)),
                )
            }
            Outcome::Refused { message } => (None, Some(Fate::Refused(message))),
        };
        if let Some((code, reason, version)) = given {
            self.totals.update(|t| {
                let new = Given {
                    pupil: place.0,
                    stage: place.1,
                    code,
                    reason,
                    version,
                };
                match t.given.iter_mut().find(|g| (g.pupil, g.stage) == place) {
                    Some(old) => *old = new,
                    None => t.given.push(new),
                }
            });
        }
        if let Some(Fate::Refused(words)) = &fate {
            self.hint.set(words.clone());
        }
        self.fates.update(|f| match fate {
            Some(fate) => drop(f.insert(place, fate)),
            None => drop(f.remove(&place)),
        });
    }
}
