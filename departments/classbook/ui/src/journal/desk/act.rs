//! What changes cells: typing, filling, pasting, undo. Each is one step of undo, whatever the number of cells.

use base::{AssignmentId, LessonId, PupilId};
use classbook_core::journal::cell::Change;
use classbook_core::journal::sheet::{Local, No, State};
use classbook_core::journal::typing::{Reading, typed};
use classbook_core::owed::DOT;
use kit::grid::{Block, Laid, Spot, Way, after_commit, go, paste};
use leptos::prelude::GetUntracked as _;
use leptos::wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;

use super::Desk;
use super::dom::{attribute, focus};
use crate::journal::lines::{self, Turn};
use crate::t;

/// So many refused values are named one by one.
const NAMED: usize = 4;

/// Steps of undo, and of redo, that are kept.
const STEPS: usize = 200;

/// A change that can be turned round.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// What brings a place back, and what was written there.
    Cell(Change, Change),
    /// The mark of the period that stood for a pupil, and the one that was given.
    Result {
        pupil: PupilId,
        code: Option<String>,
        reason: Option<String>,
        wrote: Option<String>,
    },
    /// What cannot be turned round: files went with it.
    Lasting,
}

/// What one act of a person changed.
pub(super) type Step = Vec<Act>;

/// Lays a step down on what is kept.
fn keep(steps: &mut Vec<Step>, step: Step) {
    if !step.is_empty() {
        steps.push(step);
        if steps.len() > STEPS {
            steps.remove(0);
        }
    }
}

impl Desk {
    /// Puts a text into the active cell; `false`: it took nothing, and the person was told why.
    pub(super) fn put(&mut self, text: &str) -> bool {
        self.put_all(vec![(self.active, text.to_owned())])
    }

    /// Puts texts into cells: each is checked by itself, those that take nothing are told.
    pub(super) fn put_all(&mut self, cells: Vec<(Spot, String)>) -> bool {
        let (mut back, mut refused) = (vec![], vec![]);
        let one = cells.len() == 1;
        for (spot, text) in cells {
            match self.sheet.type_text(spot.row, spot.column, &text) {
                Ok(changes) => {
                    for (change, expected) in changes {
                        let reverse = self.sheet.reverse(change.place());
                        back.extend(reverse.map(|r| Act::Cell(r, change.clone())));
                        self.make(change, expected);
                    }
                    self.repaint(spot);
                }
                Err(no) => refused.push((no, spot, text)),
            }
        }
        self.remember(back);
        match refused.as_slice() {
            [] => {
                self.say(String::new());
                true
            }
            [(no, spot, text)] if one => {
                self.say(self.why(*no, spot.column, text));
                false
            }
            all => {
                self.say(self.refusal(all));
                false
            }
        }
    }

    /// What of many values was not taken: how many, which and where, and why, each reason once.
    fn refusal(&self, refused: &[(No, Spot, String)]) -> String {
        let lang = self.lang;
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let mut which: Vec<String> = refused
            .iter()
            .take(NAMED)
            .map(|(_, spot, text)| self.refused_at(*spot, text))
            .collect();
        if refused.len() > NAMED {
            which.push(t::journal_refused_more(lang, count(refused.len() - NAMED)));
        }
        let mut told: Vec<No> = vec![];
        let mut why: Vec<String> = vec![];
        for (no, spot, text) in refused {
            if !told.contains(no) {
                told.push(*no);
                why.push(self.why(*no, spot.column, text));
            }
        }
        let heading = t::journal_not_taken(lang, count(refused.len()));
        format!("{heading} {}. {}", which.join("; "), why.join(" "))
    }

    /// «4,» — Власов Егор, 27 ноя.
    fn refused_at(&self, Spot { row, column }: Spot, text: &str) -> String {
        let grid = self.sheet.grid();
        let name = grid.pupils.get(row).map(|p| p.name.as_str()).unwrap_or_default();
        let of = self.sheet.columns().get(column);
        let day = of
            .and_then(|c| grid.lessons.get(c.lesson))
            .map(|l| kit::date::day_month_short(l.date, self.lang))
            .unwrap_or_default();
        // a lesson of several works has a column each
        let work = of
            .filter(|c| c.span > 1 || !c.first)
            .and_then(|c| grid.assignments.get(c.assignment?))
            .and_then(|a| grid.work_types.iter().find(|w| w.id == a.work_type));
        let place = match work {
            Some(work) => format!("{day}, {}", work.code),
            None => day,
        };
        let value = match text.trim() {
            "" => t::journal_empty_cell(self.lang),
            text => text,
        };
        t::journal_refused_at(self.lang, name, place, value)
    }

    /// One change: shown, written down, and soon sent. Its id, where the browser makes one.
    pub(super) fn make(&mut self, change: Change, expected: i32) -> Option<String> {
        let change = self.sheet.told(change);
        let place = change.place();
        if !matches!(change, Change::Lesson { .. } | Change::Individual { .. }) {
            self.sheet.set_local(
                place,
                Some(Local {
                    change: change.clone(),
                    state: State::Waiting,
                }),
            );
            self.hush(place);
        }
        let (id, body) = (kit::outbox::new_id()?, lines::body(&change)?);
        self.outbox.push(id.clone(), place.line(), expected, body);
        Some(id)
    }

    /// A new act: what was taken back before it is not done again any more.
    pub(super) fn remember(&mut self, back: Step) {
        if !back.is_empty() {
            self.redo.clear();
            keep(&mut self.undo, back);
        }
    }

    /// Undo: the opposite acts, saved and kept in the history like any other.
    pub fn take_back(&mut self) {
        match self.undo.pop() {
            Some(step) if self.waits(&step) => self.undo.push(step),
            Some(step) => {
                let again = self.turn(step);
                keep(&mut self.redo, again);
            }
            None => self.say(t::journal_nothing_to_undo(self.lang).to_owned()),
        }
    }

    /// Redo: what was taken back is done once more, again as an act of its own.
    pub fn do_again(&mut self) {
        match self.redo.pop() {
            Some(step) if self.waits(&step) => self.redo.push(step),
            Some(step) => {
                let back = self.turn(step);
                keep(&mut self.undo, back);
            }
            None => self.say(t::journal_nothing_to_redo(self.lang).to_owned()),
        }
    }

    /// A mark of the period that is still on its way cannot be turned round yet: the step is kept for the next press, and the person told.
    fn waits(&self, step: &Step) -> bool {
        let waits = step.iter().any(|act| match act {
            Act::Result { pupil, .. } => self.sheet.result_waits(*pupil),
            Act::Cell(..) | Act::Lasting => false,
        });
        if waits {
            self.say(t::totals_still_waiting(self.lang).to_owned());
        }
        waits
    }

    /// Turns a step round, its last change first; the step that turns it round again.
    fn turn(&mut self, step: Step) -> Step {
        let (mut last, mut other, mut end) = (None, vec![], None);
        for act in step.into_iter().rev() {
            let (change, wrote) = match act {
                Act::Cell(change, wrote) => (change, wrote),
                Act::Lasting => {
                    self.say(t::journal_undo_files(self.lang).to_owned());
                    continue;
                }
                Act::Result {
                    pupil,
                    code,
                    reason,
                    wrote,
                } => {
                    if let Some((again, row)) = self.turn_result(pupil, code, reason, wrote.as_deref()) {
                        other.push(again);
                        end = Some(row);
                    }
                    continue;
                }
            };
            let of_lesson = match change {
                Change::Lesson { lesson, .. } => Some(lesson),
                _ => None,
            };
            let turned = self.outbox.with(|q| lines::turn(&self.sheet, q, &change, &wrote));
            let (expected, again, (row, column)) = match turned {
                Turn::Back { expected, again, at } => (expected, again, at),
                Turn::Gone => continue,
                // one takes back one's own, not what somebody else has written there since
                Turn::Passed => {
                    self.say(t::journal_undo_passed(self.lang).to_owned());
                    continue;
                }
                Turn::Shut(no, column) => {
                    self.say(self.why(no, column, ""));
                    continue;
                }
            };
            let place = change.place();
            other.extend(again.map(|stood| Act::Cell(stood, change.clone())));
            self.make(change, expected);
            self.repaint_place(place);
            if let Some(id) = of_lesson {
                self.say_lesson_turned(id);
                self.tell_changed();
                last = Some(Spot {
                    row: self.active.row,
                    column,
                });
                continue;
            }
            last = Some(Spot { row, column });
        }
        if let Some(row) = end {
            self.stand_at_end(row);
        } else if let Some(spot) = last.filter(|s| self.all.contains(&s.column)) {
            self.move_to(spot, false);
        }
        other
    }

    /// Topic and homework are in no cell where one would see them come back.
    fn say_lesson_turned(&mut self, id: LessonId) {
        let lesson = self.sheet.grid().lessons.iter().find(|l| l.id == id);
        if let Some(date) = lesson.map(|l| l.date) {
            self.say(t::journal_undo_lesson(
                self.lang,
                kit::date::day_month_short(date, self.lang),
            ));
        }
    }

    /// The same text into every selected cell; closed cells of a larger selection are passed over.
    pub(super) fn fill(&mut self, text: &str) {
        let block = self.selection();
        let cells = block
            .spots()
            .filter(|s| block.is_one() || self.sheet.open(s.row, s.column).is_ok())
            .map(|s| (s, text.to_owned()))
            .collect();
        self.put_all(cells);
    }

    /// A dot to everybody who has neither mark nor dot for a work, was to be there and is not exempt: one step of undo.
    pub fn owe_the_rest(&mut self, work: AssignmentId) {
        let column = self.sheet.columns().iter().position(|c| {
            let of = c.assignment.and_then(|a| self.sheet.grid().assignments.get(a));
            of.is_some_and(|a| a.id == work)
        });
        let Some(column) = column else { return };
        let rest = |row: &usize| {
            let shown = self.sheet.shown(*row, column);
            !shown.closed && !shown.exempt && shown.mark.is_none() && shown.owed.is_none()
        };
        let rows: Vec<usize> = (0..self.sheet.rows()).filter(rest).collect();
        let cells = rows
            .into_iter()
            .map(|row| (Spot { row, column }, DOT.to_string()));
        self.put_all(cells.collect());
        self.tell_changed();
    }

    /// The selection's first row into the rows below; a single cell takes the value above.
    pub(super) fn fill_down(&mut self) {
        let Block { from, to } = self.selection();
        let (source, first) = if from.row == to.row {
            (from.row.checked_sub(1), from.row)
        } else {
            (Some(from.row), from.row + 1)
        };
        let Some(source) = source else { return };
        let cells = (from.column..=to.column)
            .flat_map(|column| (first..=to.row).map(move |row| Spot { row, column }))
            .filter(|s| self.sheet.open(s.row, s.column).is_ok())
            .map(|s| (s, self.sheet.text(source, s.column)))
            .collect();
        self.put_all(cells);
    }

    /// The selection as text for the clipboard: rows by line, columns by tab.
    #[must_use]
    pub fn copied(&self) -> String {
        if self.is_at_end() {
            return self.copied_at_end();
        }
        let Block { from, to } = self.selection();
        (from.row..=to.row)
            .map(|row| {
                (from.column..=to.column)
                    .map(|c| self.sheet.text(row, c))
                    .collect::<Vec<_>>()
                    .join("\t")
            })
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Empties what was just copied.
    pub fn cut(&mut self) {
        if self.is_at_end() {
            self.fill_end("");
            return;
        }
        self.fill("");
    }

    /// Lays text of the clipboard down, cell by cell.
    pub fn pasted(&mut self, text: &str) {
        if self.is_at_end() {
            return self.paste_results(text);
        }
        let size = kit::grid::Size {
            columns: self.all.end,
            ..self.size()
        };
        let Laid { cells, beyond } = paste(text, self.selection(), size);
        let last = cells.last().map(|c| c.0);
        self.put_all(cells);
        if beyond > 0 {
            let words = t::journal_beyond(self.lang, beyond.into());
            let before = self.signals.hint.get_untracked();
            self.say(if before.is_empty() {
                words
            } else {
                format!("{words} {before}")
            });
        }
        if let Some(last) = last {
            let start = self.selection().from;
            self.anchor = start;
            self.move_to(last, true);
        }
    }

    /// Opens the active cell for typing in place.
    pub(super) fn edit(&mut self, text: &str) {
        if let Err(no) = self.sheet.open(self.active.row, self.active.column) {
            self.say(self.why(no, self.active.column, ""));
            return;
        }
        let Some(cell) = self.cell(self.active) else {
            return;
        };
        let Some(input) = cell
            .owner_document()
            .and_then(|d| d.create_element("input").ok())
            .and_then(|e| e.dyn_into::<HtmlInputElement>().ok())
        else {
            return;
        };
        input.set_value(text);
        attribute(&input, "aria-label", Some(t::journal_value(self.lang)));
        attribute(&input, "autocomplete", Some("off"));
        attribute(&input, "maxlength", Some("12"));
        self.faces.borrow_mut().remove(&self.active);
        cell.set_text_content(None);
        attribute(&cell, "data-edit", Some(""));
        let _ = cell.append_child(&input);
        focus(&input);
        let end = u32::try_from(text.encode_utf16().count()).unwrap_or(0);
        let _ = input.set_selection_range(if text.is_empty() { 0 } else { end }, end);
        self.input = Some(input);
    }

    /// Something was typed in place: a whole mark commits at once.
    pub fn typed_in_place(&mut self) {
        let Some(text) = self.input.as_ref().map(HtmlInputElement::value) else {
            return;
        };
        let items = self
            .sheet
            .scale(self.active.column)
            .map(|s| s.items.as_slice())
            .unwrap_or_default();
        let done = matches!(typed(&text, items, &self.sheet.grid().codes), Reading::Mark(_));
        if done && text.chars().count() > 1 {
            self.commit(Way::Down);
        }
    }

    /// Keeps what was typed in place; `false`: the cell does not take it and stays open.
    pub(super) fn keep(&mut self) -> bool {
        let Some(text) = self.input.as_ref().map(HtmlInputElement::value) else {
            return true;
        };
        if self.sheet.type_text(self.active.row, self.active.column, &text) == Err(No::Unknown) {
            self.say(self.why(No::Unknown, self.active.column, &text));
            return false;
        }
        self.close_input();
        self.put(&text);
        true
    }

    /// Enter, Tab: keeps what was typed and goes on.
    pub(super) fn commit(&mut self, way: Way) {
        if self.input.is_some() && !self.keep() {
            return;
        }
        if self.enters_end(way) {
            return self.stand_at_end(self.active.row);
        }
        let to = match way {
            Way::Down | Way::Up => self.walk(way, after_commit),
            way => self.walk(way, go),
        };
        self.move_to(to, false);
    }

    fn close_input(&mut self) {
        if self.input.take().is_some() {
            if let Some(cell) = self.cell(self.active) {
                attribute(&cell, "data-edit", None);
            }
            self.repaint(self.active);
        }
    }

    /// Escape: out of the typed cell; else out of the selection; else a refused value goes.
    pub(super) fn cancel(&mut self) {
        if self.input.is_some() {
            self.close_input();
            self.focus();
            return;
        }
        self.say(String::new());
        if self.anchor != self.active {
            self.anchor = self.active;
            self.paint_selection();
        }
    }
}
