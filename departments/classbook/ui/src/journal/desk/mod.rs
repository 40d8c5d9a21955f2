//! The desk: the open grid in the browser. It owns the sheet (what is known and typed) and the DOM of the grid, takes keys,
//! clicks and answers, and changes exactly the cells that changed. Nothing here is reactive but a few signals around the
//! grid: a key must be on the screen within a frame, also on a weak machine.

mod act;
mod beside;
pub mod dom;
pub mod draw;
mod ear;
mod end_block;
mod ends;
mod quiet;
mod result;
mod send;
mod window;

use act::{Act, Step};
pub use beside::Fate;
pub use ear::{Heard, listen};
pub use quiet::QUIET;
pub use send::{Problem, open_outbox, open_with, problems_of};

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use base::{Lang, LessonId};
use classbook_core::journal::grid::{Grid, ScaleItem};
use classbook_core::journal::sheet::{No, Sheet};
use classbook_core::journal::typing::{Reading, listed, typed};
use kit::grid::{Block, Intent, Key, Size, Spot, Way, after_commit, go, intent};
use kit::outbox::Outbox;
use leptos::prelude::*;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};

use crate::t;
use dom::{Metrics, attribute};

/// What a person asked to see beside the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// What hangs on a cell.
    Cell(Spot),
    /// What hangs on a lesson.
    Lesson(LessonId),
    /// What the period comes to for the pupil of a row.
    Result(usize),
    /// What was refused or is in conflict.
    Problems,
}

/// The signals around the grid.
#[derive(Clone, Copy, Debug)]
pub struct Signals {
    /// A sentence for the person: why a cell took nothing.
    pub hint: RwSignal<String>,
    /// What is open beside the grid.
    pub open: RwSignal<Option<Open>>,
    /// Grows when sheet or queue changed: for what is drawn beside the grid.
    pub changed: RwSignal<u32>,
    /// Which lesson alone is shown; `None`: all.
    pub lesson: RwSignal<Option<LessonId>>,
    /// The column of the active cell: what the pad offers is of its scale.
    pub column: RwSignal<usize>,
}

/// The desk as components and listeners hold it; empty on the server and before the grid is in the page.
#[derive(Clone, Copy, Debug)]
pub struct DeskRef(Option<StoredValue<Option<Rc<RefCell<Desk>>>, LocalStorage>>);

impl Default for DeskRef {
    fn default() -> Self {
        // on the server another thread may drop it, which a local value answers with a panic
        Self(cfg!(target_arch = "wasm32").then(|| StoredValue::new_local(None)))
    }
}

impl DeskRef {
    /// Puts the desk there.
    pub fn set(self, desk: Desk) {
        if let Some(place) = self.0 {
            let desk = Desk {
                me: Some(self),
                ..desk
            };
            place.set_value(Some(Rc::new(RefCell::new(desk))));
        }
    }

    /// Does something with the desk; nothing while there is none or it is at work (an event inside an event).
    pub fn run<T>(self, f: impl FnOnce(&mut Desk) -> T) -> Option<T> {
        let desk = self.0?.try_get_value().flatten()?;
        let mut desk = desk.try_borrow_mut().ok()?;
        Some(f(&mut desk))
    }
}

/// The marks of a column's scale, where no desk is there yet.
#[must_use]
pub fn scale_of(grid: &Grid, column: usize) -> Vec<ScaleItem> {
    let sheet = Sheet::new(grid.clone());
    sheet.scale(column).map(|s| s.items.clone()).unwrap_or_default()
}

/// The open grid.
#[derive(Debug)]
pub struct Desk {
    lang: Lang,
    sheet: Sheet,
    outbox: Outbox,
    signals: Signals,
    root: HtmlElement,
    head: Element,
    body: Element,
    /// Names and averages as they stay in sight while the cells scroll: two pinned columns laid over those of the rows.
    names: Element,
    ends: Element,
    metrics: Metrics,
    /// The columns shown: all, or one lesson's.
    all: Range<usize>,
    /// The columns that are in the DOM.
    window: Range<usize>,
    /// The rows that are filled with cells; the others have their names and averages alone.
    filled: Range<usize>,
    /// What the ends of rows show, where it was changed since the last drawing: what stays the same is not written again.
    ended: RefCell<HashMap<usize, Vec<ends::End>>>,
    /// How cells look that were painted one by one since the last drawing.
    faces: RefCell<HashMap<Spot, draw::Face>>,
    fresh: quiet::Fresh,
    active: Spot,
    anchor: Spot,
    end: result::AtEnd,
    /// Where it stands itself: for answers that come later.
    me: Option<DeskRef>,
    painted: Option<Block>,
    input: Option<HtmlInputElement>,
    undo: Vec<Step>,
    redo: Vec<Step>,
    stood: Option<beside::Stood>,
    /// Counts the homeworks for some pupils that the server has taken.
    individual: u32,
}

impl Desk {
    /// Sits down at a grid: draws it into `root` and shows the current lesson.
    #[must_use]
    pub fn new(grid: Grid, outbox: Outbox, signals: Signals, root: HtmlElement, lang: Lang) -> Option<Self> {
        let sheet = Sheet::new(grid);
        let document = root.owner_document()?;
        let part = |class: &str, name: &str, value: Option<&str>| {
            let part = document.create_element("div").ok()?;
            part.set_class_name(class);
            attribute(&part, name, value);
            Some(part)
        };
        let rows = |class: &str| part(class, "role", Some("rowgroup"));
        // who listens hears names and averages in their rows
        let pinned = |class: &str| part(class, "aria-hidden", Some("true"));
        let (head, body) = (rows("grid-head")?, rows("grid-body")?);
        let (names, ends) = (pinned("grid-names")?, pinned("grid-ends")?);
        let main = part("grid-main", "role", Some("presentation"))?;
        root.set_inner_html("");
        for (parent, child) in [
            (root.as_ref(), &head),
            (root.as_ref(), &main),
            (&main, &body),
            (&main, &names),
            (&main, &ends),
        ] {
            let _ = parent.append_child(child);
        }
        let column = sheet.current_column();
        let mut desk = Self {
            lang,
            all: 0..sheet.columns().len(),
            sheet,
            outbox,
            signals,
            metrics: Metrics::read(&root),
            root,
            head,
            body,
            names,
            ends,
            window: 0..0,
            filled: 0..0,
            ended: RefCell::default(),
            faces: RefCell::default(),
            fresh: quiet::Fresh::default(),
            active: Spot { row: 0, column },
            anchor: Spot { row: 0, column },
            end: result::AtEnd::default(),
            me: None,
            painted: None,
            input: None,
            undo: vec![],
            redo: vec![],
            stood: None,
            individual: 0,
        };
        desk.take_over_queue();
        attribute(&desk.root, "role", Some("grid"));
        attribute(&desk.root, "aria-multiselectable", Some("true"));
        attribute(&desk.root, "aria-busy", None);
        desk.count();
        desk.draw();
        // only now does the grid have its full width
        desk.metrics = Metrics::read(&desk.root);
        desk.centre();
        Some(desk)
    }

    /// The model.
    #[must_use]
    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// What waits for the server.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The active cell.
    #[must_use]
    pub fn active(&self) -> Spot {
        self.active
    }

    /// The lesson of the active cell.
    #[must_use]
    pub fn active_lesson(&self) -> Option<LessonId> {
        let c = self.sheet.columns().get(self.active.column)?;
        self.sheet.grid().lessons.get(c.lesson).map(|l| l.id)
    }

    fn size(&self) -> Size {
        Size {
            rows: self.sheet.rows(),
            columns: self.all.len(),
            page: self.metrics.page(),
        }
    }

    /// Walks inside the shown columns.
    fn walk(&self, way: Way, step: fn(Spot, Way, Size) -> Spot) -> Spot {
        let from = Spot {
            row: self.active.row,
            column: self.active.column.saturating_sub(self.all.start),
        };
        let to = step(from, way, self.size());
        Spot {
            row: to.row,
            column: to.column + self.all.start,
        }
    }

    fn why(&self, no: No, column: usize, text: &str) -> String {
        let lang = self.lang;
        match no {
            No::Outside | No::Right => t::journal_no_right(lang).to_owned(),
            No::Cancelled => {
                let grid = self.sheet.grid();
                let lesson = self
                    .sheet
                    .columns()
                    .get(column)
                    .and_then(|c| grid.lessons.get(c.lesson));
                let off = lesson.and_then(|l| grid.off.iter().find(|(id, _)| *id == l.id));
                off.map_or_else(
                    || t::journal_no_cancelled(lang).to_owned(),
                    |(_, title)| t::journal_is_off(lang, title),
                )
            }
            No::Locked => t::journal_no_locked(lang).to_owned(),
            No::ToCome => t::journal_no_to_come(lang).to_owned(),
            No::Away => t::journal_no_away(lang).to_owned(),
            No::Waiting => t::totals_still_waiting(lang).to_owned(),
            No::FirstGrade => t::journal_no_first_grade(lang).to_owned(),
            No::Unknown => {
                let marks = self
                    .sheet
                    .scale(column)
                    .map(|s| listed(&s.items))
                    .unwrap_or_default();
                let codes = self
                    .sheet
                    .grid()
                    .codes
                    .iter()
                    .map(|c| c.code.as_str())
                    .collect::<Vec<_>>()
                    .join(", ");
                t::journal_no_unknown(lang, codes, marks, text)
            }
        }
    }

    /// Takes a key; `true`: it was ours.
    pub fn key(&mut self, event: &KeyboardEvent) -> bool {
        let (key, code) = (event.key(), event.code());
        let pressed = Key {
            key: &key,
            code: &code,
            ctrl: event.ctrl_key() || event.meta_key(),
            shift: event.shift_key(),
            alt: event.alt_key(),
            editing: self.input.is_some() || self.end.text.is_some(),
        };
        if event.is_composing() {
            return false;
        }
        match intent(pressed) {
            // the browser's own events bring the clipboard
            None if self.end.text.is_some() => self.type_more(pressed),
            None | Some(Intent::Copy | Intent::Cut | Intent::Paste) => false,
            Some(intent) => {
                self.act(intent);
                true
            }
        }
    }

    fn act(&mut self, intent: Intent) {
        let rows = self.sheet.rows();
        if self.is_at_end() && self.act_at_end(intent) {
            return;
        }
        match intent {
            Intent::Move(way) if self.enters_end(way) => self.stand_at_end(self.active.row),
            Intent::Move(way) => self.move_to(self.walk(way, go), false),
            Intent::Extend(way) => self.move_to(self.walk(way, go), true),
            Intent::Commit(way) => self.commit(way),
            Intent::Type(c) => self.begin(c),
            Intent::Edit => self.edit(&self.sheet.text(self.active.row, self.active.column)),
            Intent::Cancel => self.cancel(),
            Intent::Clear => self.fill(""),
            Intent::FillAll => self.fill(&self.sheet.text(self.active.row, self.active.column)),
            Intent::FillDown => self.fill_down(),
            Intent::Undo => self.take_back(),
            Intent::Redo => self.do_again(),
            Intent::SelectAll => self.select(
                Spot {
                    row: 0,
                    column: self.all.start,
                },
                rows,
                self.all.len(),
            ),
            Intent::SelectColumn => self.select(
                Spot {
                    row: 0,
                    column: self.active.column,
                },
                rows,
                1,
            ),
            Intent::SelectRow => self.select(
                Spot {
                    row: self.active.row,
                    column: self.all.start,
                },
                1,
                self.all.len(),
            ),
            Intent::Details => self.signals.open.set(Some(Open::Cell(self.active))),
            Intent::ColumnDetails => self.signals.open.set(self.active_lesson().map(Open::Lesson)),
            Intent::RowDetails => self.open_result(self.active.row),
            Intent::Copy | Intent::Cut | Intent::Paste => {}
        }
    }

    /// Selects a block and stays where one is.
    fn select(&mut self, from: Spot, rows: usize, columns: usize) {
        self.mark_active(false);
        self.anchor = from;
        self.active = Spot {
            row: from.row + rows.saturating_sub(1),
            column: from.column + columns.saturating_sub(1),
        };
        self.reveal();
        self.mark_active(true);
        self.paint_selection();
        self.focus();
    }

    /// A mark or code commits at once and moves down; the beginning of a longer one opens the cell.
    fn begin(&mut self, c: char) {
        let Spot { row, column } = self.active;
        let items = self
            .sheet
            .scale(column)
            .map(|s| s.items.as_slice())
            .unwrap_or_default();
        let text = c.to_string();
        match typed(&text, items, &self.sheet.grid().codes) {
            Reading::Unfinished => match self.sheet.open(row, column) {
                Ok(()) => self.edit(&text),
                Err(no) => self.say(self.why(no, column, &text)),
            },
            _ => {
                if self.put(&text) {
                    self.go_on(self.walk(Way::Down, after_commit));
                }
            }
        }
    }

    /// A button of the pad, as if typed.
    pub fn press(&mut self, text: &str) {
        if self.is_at_end() {
            return self.finish(text);
        }
        self.cancel();
        if self.put(text) {
            self.move_to(self.walk(Way::Down, after_commit), false);
        }
    }

    /// The pad's arrow.
    pub fn next(&mut self) {
        if self.is_at_end() {
            return self.stand_at_end(self.active.row + 1);
        }
        self.move_to(self.walk(Way::Down, after_commit), false);
    }

    fn say(&self, words: String) {
        if self.signals.hint.with_untracked(|h| *h != words) {
            self.signals.hint.set(words);
        }
    }

    /// The cell under the mouse or finger becomes the active one.
    pub fn point(&mut self, spot: Spot, extend: bool) {
        if self.input.is_some() {
            if spot == self.active {
                return;
            }
            self.keep();
        }
        if spot.row < self.sheet.rows() && self.all.contains(&spot.column) {
            self.move_to(spot, extend);
        }
    }

    /// Opens what the period comes to for the pupil of a row, where it is summed up; the row becomes the active one.
    pub fn open_result(&mut self, row: usize) {
        if self.sheet.result(row).is_some() {
            if self.is_at_end() {
                self.stand_at_end(row);
            } else {
                self.point(Spot { row, ..self.active }, false);
            }
            self.signals.open.set(Some(Open::Result(row)));
        }
    }

    /// Stands at the end of a row and opens what lies behind it: a click there.
    pub fn open_end(&mut self, row: usize) {
        if self.sheet.grid().results.is_some() && self.keep() {
            self.stand_at_end(row);
        }
        self.open_result(row);
    }

    /// Opens the active cell for typing, as F2 does.
    pub fn edit_active(&mut self) {
        if self.input.is_none() {
            self.edit(&self.sheet.text(self.active.row, self.active.column));
        }
    }

    /// Opens the lesson of a column.
    pub fn open_column(&mut self, column: usize) {
        let lesson = self
            .sheet
            .columns()
            .get(column)
            .and_then(|c| self.sheet.grid().lessons.get(c.lesson));
        self.signals.open.set(lesson.map(|l| Open::Lesson(l.id)));
    }

    /// Is a cell being typed in?
    #[must_use]
    pub fn is_editing(&self) -> bool {
        self.input.is_some()
    }
}
