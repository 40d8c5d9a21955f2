//! The mark of the period, typed at the end of a row: the column beside the last lesson. It takes the keys of a cell; a mark that stands a whole
//! mark from the proposed one opens the sheet that asks why. It is saved by itself, as on the page of totals: shown at once, and what
//! could not be sent stays, is told, and is sent again.

use base::{AppError, PupilId};
use classbook_core::grading::totals::TotalEdit;
use classbook_core::journal::cell::Outcome;
use classbook_core::journal::sheet::{No, State, Wanted};
use classbook_core::journal::typing::{Reading, listed, typed};
use kit::grid::{Intent, Key, Spot, Way, go};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

use super::dom::{attribute, row_of};
use super::ends::{End, ends};
use super::{Act, Desk, Open, Step};
use crate::grading::api::save_totals;
use crate::t;

/// Where the keyboard stands in the column of the period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AtEnd {
    /// It stands there.
    pub here: bool,
    /// What is being typed: the beginning of a longer mark, or what was there.
    pub text: Option<String>,
    /// A mark that was typed and is asked about in the sheet beside.
    asked: Option<String>,
    /// The row at which a selection began; `None`: the active one is all.
    pub from: Option<usize>,
    /// First and last row that are shown as selected.
    pub painted: Option<(usize, usize)>,
}

impl Desk {
    /// Does the keyboard stand in the column of the period?
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.end.here && self.sheet.grid().results.is_some()
    }

    /// Leads this way from the active cell into the column of the period?
    pub(super) fn enters_end(&self, way: Way) -> bool {
        let last = self.active.column + 1 == self.all.end;
        last && matches!(way, Way::Right | Way::End) && self.sheet.grid().results.is_some()
    }

    /// Stands at the end of a row.
    pub(super) fn stand_at_end(&mut self, row: usize) {
        self.stand_at(row, None);
    }

    /// Stands at the end of a row, with the rows from another one on selected.
    pub(super) fn stand_at(&mut self, row: usize, from: Option<usize>) {
        self.mark_active(false);
        self.end.here = true;
        self.end.text = None;
        self.end.from = from;
        self.active.row = row.min(self.sheet.rows().saturating_sub(1));
        self.anchor = self.active;
        self.reveal();
        self.mark_active(true);
        self.paint_selection();
        self.paint_end();
        self.focus();
    }

    /// Back among the lessons; what was being typed goes.
    pub(super) fn leave_end(&mut self) {
        if self.end.here {
            self.mark_active(false);
            self.end.here = false;
            self.end.from = None;
            self.paint_end();
            if self.end.text.take().is_some() {
                self.repaint_average(self.active.row);
            }
            self.mark_active(true);
        }
    }

    /// A key that means something in the column of the period; `false`: it means there what it means everywhere.
    pub(super) fn act_at_end(&mut self, wanted: Intent) -> bool {
        let Spot { row, .. } = self.active;
        match wanted {
            Intent::Move(Way::Left) | Intent::Extend(Way::Left) => {
                self.move_from_end(self.all.end.saturating_sub(1))
            }
            Intent::Move(Way::Home) | Intent::Extend(Way::Home) => self.move_from_end(self.all.start),
            Intent::Move(Way::First) => {
                self.leave_end();
                return false;
            }
            Intent::Move(way) => self.go_at_end(way),
            Intent::Extend(way) => self.extend_at_end(way),
            Intent::Commit(way) => self.commit_at_end(way),
            Intent::Type('=') if self.end.from.is_some() => self.propose_at_end(),
            Intent::Type('=') => match self.proposed(row) {
                Some(code) => self.finish(&code),
                None => self.say(t::totals_nothing_proposed(self.lang).to_owned()),
            },
            Intent::Type(c) => self.begin_at_end(&c.to_string()),
            Intent::Edit => match self.sheet.open_result(row) {
                Ok(_) => self.type_at_end(self.sheet.standing_result(row).0.unwrap_or_default()),
                Err(no) => self.say(self.why_result(no, "")),
            },
            Intent::Cancel => {
                if self.end.text.take().is_some() {
                    self.repaint_average(row);
                }
                self.say(String::new());
            }
            Intent::Clear => self.fill_end(""),
            Intent::FillDown => self.fill_down_at_end(),
            Intent::Details | Intent::RowDetails => self.open_result(row),
            Intent::FillAll => self.fill_all_at_end(),
            Intent::SelectColumn => self.select_end(),
            Intent::SelectAll | Intent::SelectRow => {
                self.leave_end();
                return false;
            }
            Intent::ColumnDetails
            | Intent::Copy
            | Intent::Cut
            | Intent::Paste
            | Intent::Undo
            | Intent::Redo => {
                return false;
            }
        }
        true
    }

    /// A key while a mark is being typed there that is no wish by itself.
    pub(super) fn type_more(&mut self, key: Key<'_>) -> bool {
        let Some(mut text) = self.end.text.clone() else {
            return false;
        };
        let mut chars = key.key.chars();
        match (key.key, chars.next(), chars.next()) {
            ("Backspace", ..) => {
                text.pop();
                self.type_at_end(text);
            }
            (_, Some(c), None) if !c.is_control() && !key.ctrl && !key.alt => {
                text.push(c);
                self.begin_at_end(&text);
            }
            _ => return false,
        }
        true
    }

    fn move_from_end(&mut self, column: usize) {
        let row = self.active.row;
        self.leave_end();
        self.move_to(Spot { row, column }, false);
    }

    fn go_at_end(&mut self, way: Way) {
        let to = go(self.active, way, self.size());
        self.stand_at_end(if way == Way::Last {
            self.sheet.rows()
        } else {
            to.row
        });
    }

    /// Enter, Tab: what was typed is given, then on. Nothing lies to the right, so Tab goes down there, as Enter does.
    fn commit_at_end(&mut self, way: Way) {
        if let Some(text) = self.end.text.take() {
            let row = self.active.row;
            self.repaint_average(row);
            if !self.put_results(vec![(row, text)]) {
                return;
            }
        }
        match way {
            Way::Left => self.move_from_end(self.all.end.saturating_sub(1)),
            Way::Right => self.go_at_end(Way::Down),
            way => self.go_at_end(way),
        }
    }

    /// Text is typed: a mark of the scale is given at once, unless a longer one begins with it.
    fn begin_at_end(&mut self, text: &str) {
        match typed(text, self.sheet.result_scale(), &[]) {
            Reading::Unfinished => match self.sheet.open_result(self.active.row) {
                Ok(_) => self.type_at_end(text.to_owned()),
                Err(no) => self.say(self.why_result(no, text)),
            },
            _ => self.finish(text),
        }
    }

    /// A whole mark: given, and down; a question about it, or a refusal, keeps the place.
    pub(super) fn finish(&mut self, text: &str) {
        let row = self.active.row;
        if self.end.text.take().is_some() {
            self.repaint_average(row);
        }
        if self.put_results(vec![(row, text.to_owned())]) {
            self.go_at_end(Way::Down);
        }
    }

    fn type_at_end(&mut self, text: String) {
        self.say(String::new());
        self.end.text = Some(text);
        self.repaint_average(self.active.row);
    }

    pub(super) fn proposed(&self, row: usize) -> Option<String> {
        self.sheet.result(row)?.1.code
    }

    /// Puts texts at the ends of rows, as one step of undo. One that asks for a reason opens the sheet that asks; of many they are
    /// left and told. `false`: the first took nothing yet.
    pub(super) fn put_results(&mut self, rows: Vec<(usize, String)>) -> bool {
        let alone = rows.len() == 1;
        let (mut edits, mut asks, mut refused) = (vec![], 0, None);
        for (row, text) in rows {
            match self.sheet.type_result(row, &text) {
                Ok(Wanted::Same) => {}
                Ok(Wanted::Give(edit)) => edits.push(edit),
                Ok(Wanted::Why(code)) if alone => {
                    self.say(String::new());
                    self.end.asked = Some(code);
                    self.signals.open.set(Some(Open::Result(row)));
                    return false;
                }
                Ok(Wanted::Why(_)) => asks += 1,
                Err(no) => refused = refused.or(Some(self.why_result(no, &text))),
            }
        }
        self.say(match (&refused, asks) {
            (Some(words), _) => words.clone(),
            (None, 0) => String::new(),
            (None, asks) => t::totals_reasons_alone(self.lang, asks),
        });
        let step = self.turned(&edits);
        self.remember(step);
        if !edits.is_empty() {
            // what could not be sent before goes along
            let mut all = self.sheet.unsent_results();
            all.retain(|old| edits.iter().all(|new| new.pupil != old.pupil));
            all.extend(edits);
            self.send_results(all);
        }
        refused.is_none() && asks == 0
    }

    /// The mark that was typed and is asked about in the sheet beside.
    #[must_use]
    pub fn asked(&self) -> Option<String> {
        self.end.asked.clone()
    }

    /// Nothing is asked any more; whether it was.
    pub fn no_more_asked(&mut self) -> bool {
        self.end.asked.take().is_some()
    }

    /// What turns these edits round: what stands in their places now.
    fn turned(&self, edits: &[TotalEdit]) -> Step {
        let stands = |edit: &TotalEdit| {
            let (code, reason) = self.sheet.standing_result(self.sheet.row_of(edit.pupil)?);
            Some(Act::Result {
                pupil: edit.pupil,
                code,
                reason,
                wrote: edit.code.clone(),
            })
        };
        edits.iter().filter_map(stands).collect()
    }

    /// Brings back what stood at the end of a row, if what was written there still does; what turns that round again, and the row.
    pub(super) fn turn_result(
        &mut self,
        pupil: PupilId,
        code: Option<String>,
        reason: Option<String>,
        wrote: Option<&str>,
    ) -> Option<(Act, usize)> {
        let row = self.sheet.row_of(pupil)?;
        if self.sheet.standing_result(row).0.as_deref() != wrote {
            self.say(t::journal_undo_passed(self.lang).to_owned());
            return None;
        }
        match self.sheet.result_edit(row, code, reason) {
            Ok(edit) => {
                let again = self.turned(std::slice::from_ref(&edit)).pop()?;
                self.send_results(vec![edit]);
                Some((again, row))
            }
            Err(no) => {
                self.say(self.why_result(no, ""));
                None
            }
        }
    }

    /// The mark of the period that the sheet beside has given to a pupil, or taken back; its row.
    pub fn give(
        &mut self,
        pupil: PupilId,
        code: Option<String>,
        reason: Option<String>,
        version: i32,
    ) -> Option<usize> {
        let row = self.sheet.row_of(pupil)?;
        let (stood, why) = self.sheet.standing_result(row);
        self.sheet.give(pupil, code.clone(), reason, version)?;
        self.remember(vec![Act::Result {
            pupil,
            code: stood,
            reason: why,
            wrote: code,
        }]);
        self.repaint_average(row);
        Some(row)
    }

    /// After the sheet has given what was typed: down, as after any mark.
    pub fn go_on_at_end(&mut self, row: usize) {
        if self.is_at_end() {
            self.stand_at_end(row + 1);
        }
    }

    fn send_results(&mut self, edits: Vec<TotalEdit>) {
        let (Some(me), false) = (self.me, edits.is_empty()) else {
            return;
        };
        for edit in &edits {
            self.sheet.set_result(edit.clone(), State::Waiting);
            if let Some(row) = self.sheet.row_of(edit.pupil) {
                self.repaint_average(row);
            }
        }
        let load = self.sheet.grid().load;
        spawn_local(async move {
            let answer = save_totals(load, edits.clone()).await;
            // nothing where the page has gone meanwhile
            me.run(|d| d.hear_results(edits, answer));
        });
    }

    fn hear_results(&mut self, edits: Vec<TotalEdit>, answer: Result<Vec<Outcome>, AppError>) {
        match answer {
            Ok(outcomes) => {
                for (edit, outcome) in edits.iter().zip(&outcomes) {
                    let row = self.sheet.answer_result(edit, outcome);
                    match outcome {
                        Outcome::Refused { message } => self.say(message.clone()),
                        Outcome::Conflict(now) => {
                            let value = now.value.clone();
                            let value = value.unwrap_or_else(|| t::journal_empty_cell(self.lang).to_owned());
                            self.say(t::totals_conflict(self.lang, &now.by, value));
                        }
                        Outcome::Saved { .. } | Outcome::Duplicate { .. } => {}
                    }
                    if let Some(row) = row {
                        self.repaint_average(row);
                    }
                }
            }
            Err(error) => {
                let words = error.message(self.lang);
                let again = matches!(
                    error,
                    AppError::Network | AppError::Unavailable | AppError::SignIn | AppError::Fault { .. }
                );
                for edit in edits {
                    let row = self.sheet.row_of(edit.pupil);
                    if again {
                        self.sheet.set_result(edit, State::Refused(words.clone()));
                    } else {
                        let message = words.clone();
                        self.sheet.answer_result(&edit, &Outcome::Refused { message });
                    }
                    if let Some(row) = row {
                        self.repaint_average(row);
                    }
                }
                self.say(words);
            }
        }
    }

    /// Sends again what could not be sent.
    pub fn send_results_again(&mut self) {
        let edits = self.sheet.unsent_results();
        self.send_results(edits);
    }

    /// Why the end of a row takes nothing.
    fn why_result(&self, no: No, text: &str) -> String {
        let lang = self.lang;
        match no {
            No::FirstGrade => t::journal_no_first_grade(lang).to_owned(),
            No::Outside | No::Right | No::Cancelled => t::journal_no_right(lang).to_owned(),
            No::Locked => t::totals_locked(lang).to_owned(),
            No::ToCome => t::totals_to_come(lang).to_owned(),
            No::Away => t::totals_not_here(lang).to_owned(),
            No::Waiting => t::totals_still_waiting(lang).to_owned(),
            No::Unknown => t::totals_unknown(lang, listed(self.sheet.result_scale()), text),
        }
    }

    /// The figures at the end of a row, with what is being typed there.
    pub(super) fn ends_of(&self, row: usize) -> [End; 2] {
        let [average, result] = ends(&self.sheet, row, self.lang);
        match &self.end.text {
            Some(text) if self.end.here && row == self.active.row => [
                average,
                End {
                    text: format!("{text}▏"),
                    label: Some(t::journal_value(self.lang).to_owned()),
                    typing: true,
                    ..End::default()
                },
            ],
            _ => [average, result],
        }
    }

    /// The element of the period at the end of a row, which takes the focus, and the pinned one over it, which shows it on wide screens.
    pub(super) fn end_cells(&self, row: usize) -> [Option<HtmlElement>; 2] {
        let last = |e: Element| -> Option<HtmlElement> { e.last_element_child()?.dyn_into().ok() };
        [
            row_of(&self.body, row).and_then(last),
            row_of(&self.ends, row).and_then(last),
        ]
    }

    /// Shows where the keyboard stands in the column of the period.
    pub(super) fn mark_end(&self, on: bool) {
        let [cell, pin] = self.end_cells(self.active.row);
        if let Some(cell) = &cell {
            attribute(cell, "tabindex", Some(if on { "0" } else { "-1" }));
        }
        for element in [cell, pin].into_iter().flatten() {
            attribute(&element, "data-active", on.then_some(""));
        }
    }
}
