//! Marks on their way: pasted, sent, sent again, taken back; what the server made of them.

use base::AppError;
use classbook_core::grading::totals::{Given, TotalEdit};
use classbook_core::journal::cell::Outcome;
use classbook_core::journal::typing::{Reading, read};
use kit::grid::{Spot, paste};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Act, Desk, Fate};
use crate::grading::api;
use crate::t;

impl Desk {
    /// What is pasted, cell by cell.
    pub fn pasted(self, text: &str) {
        let scale = self.totals.with_untracked(|t| t.scale.clone());
        let mut unknown = 0;
        let mut cells = vec![];
        let laid = paste(text, self.block(), self.size());
        for (spot, value) in laid.cells {
            match read(&value, &scale, &[]) {
                Reading::Mark(code) => cells.push((spot, Some(code))),
                Reading::Clear => cells.push((spot, None)),
                _ => unknown += 1,
            }
        }
        self.put(cells);
        let words = [
            (unknown > 0).then(|| t::totals_not_taken(self.lang, unknown)),
            (laid.beyond > 0).then(|| t::journal_beyond(self.lang, laid.beyond.into())),
        ];
        let words: Vec<_> = words.into_iter().flatten().collect();
        if !words.is_empty() {
            self.hint.set(words.join(" "));
        }
    }

    /// The selection as a spreadsheet reads it.
    pub fn copied(self) -> String {
        let block = self.block();
        let line = |row| {
            let cells = (block.from.column..=block.to.column)
                .map(|column| self.code_at(Spot { row, column }).unwrap_or_default());
            cells.collect::<Vec<_>>().join("\t")
        };
        (block.from.row..=block.to.row)
            .map(line)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Empties what has been cut.
    pub fn cut(self) {
        self.put(self.block().spots().map(|s| (s, None)).collect());
    }

    pub fn undo(self) {
        self.turn(self.done, self.undone, t::journal_nothing_to_undo(self.lang));
    }

    pub(super) fn redo(self) {
        self.turn(self.undone, self.done, t::journal_nothing_to_redo(self.lang));
    }

    /// Puts back what the last act of `from` had found, and keeps in `to` what turns that round again.
    fn turn(self, from: StoredValue<Vec<Act>>, to: StoredValue<Vec<Act>>, nothing: &str) {
        let last = from.try_update_value(Vec::pop).flatten();
        let Some(last) = last else {
            self.hint.set(nothing.to_owned());
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
        let edits: Vec<TotalEdit> = edits.collect();
        to.update_value(|acts| acts.push(self.standing(&edits)));
        self.send(edits, false);
    }

    /// What stands in the places of these edits.
    fn standing(self, edits: &[TotalEdit]) -> Act {
        let before = |e: &TotalEdit| {
            let given = self.totals.with_untracked(|t| t.given(e.pupil, e.stage).cloned());
            let (code, reason) = given.map(|g| (g.code, g.reason)).unwrap_or_default();
            ((e.pupil, e.stage), code, reason)
        };
        edits.iter().map(before).collect()
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
            let act = self.standing(&edits);
            self.done.update_value(|done| done.push(act));
            // what was taken back before a new act is not done again any more
            self.undone.update_value(Vec::clear);
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
