//! The desk: the open grid in the browser. It owns the sheet (what is known and typed) and the DOM of the grid, takes keys,
//! clicks and answers, and changes exactly the cells that changed. Nothing here is reactive but a few signals around the
//! grid: a key must be on the screen within a frame, also on a weak machine.

mod act;
pub mod dom;
pub mod draw;
mod send;

pub use send::{Problem, new_id, open_outbox};

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use base::{Lang, LessonId};
use classbook_core::journal::cell::{Change, Place};
use classbook_core::journal::grid::Grid;
use classbook_core::journal::sheet::{No, Sheet};
use classbook_core::journal::typing::{Reading, listed, typed};
use kit::grid::{Block, Intent, Key, Size, Spot, Way, after_commit, go, intent};
use kit::outbox::Outbox;
use leptos::prelude::*;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};

use crate::t;
use dom::{Metrics, attribute, cell_of, focus, paint, row_of};
use draw::{Drawing, face, number, tone};

/// What a person asked to see beside the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// What hangs on a cell.
    Cell(Spot),
    /// What hangs on a lesson.
    Lesson(LessonId),
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
    metrics: Metrics,
    /// The columns shown: all, or one lesson's.
    all: Range<usize>,
    /// The columns that are in the DOM.
    window: Range<usize>,
    active: Spot,
    anchor: Spot,
    painted: Option<Block>,
    input: Option<HtmlInputElement>,
    undo: Vec<Vec<Change>>,
}

impl Desk {
    /// Sits down at a grid: draws it into `root` and shows the current lesson.
    #[must_use]
    pub fn new(grid: Grid, outbox: Outbox, signals: Signals, root: HtmlElement, lang: Lang) -> Option<Self> {
        let sheet = Sheet::new(grid);
        let document = root.owner_document()?;
        let part = |class: &str| {
            let part = document.create_element("div").ok()?;
            part.set_class_name(class);
            attribute(&part, "role", Some("rowgroup"));
            Some(part)
        };
        let (head, body) = (part("grid-head")?, part("grid-body")?);
        root.set_inner_html("");
        let _ = root.append_child(&head);
        let _ = root.append_child(&body);
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
            window: 0..0,
            active: Spot { row: 0, column },
            anchor: Spot { row: 0, column },
            painted: None,
            input: None,
            undo: vec![],
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

    fn count(&self) {
        attribute(
            &self.root,
            "aria-rowcount",
            Some(&(self.sheet.rows() + 2).to_string()),
        );
        attribute(
            &self.root,
            "aria-colcount",
            Some(&(self.sheet.columns().len() + 3).to_string()),
        );
    }

    /// Draws the window anew.
    fn draw(&mut self) {
        let had_focus = self.has_focus();
        self.window = self.wanted_window();
        let drawing = self.drawing(self.window.clone());
        self.head.set_inner_html(&drawing.head());
        self.body.set_inner_html(&drawing.body());
        self.set_gaps();
        self.painted = None;
        self.input = None;
        self.mark_active(true);
        self.paint_selection();
        if had_focus {
            self.focus();
        }
    }

    fn drawing(&self, window: Range<usize>) -> Drawing<'_> {
        Drawing {
            sheet: &self.sheet,
            lang: self.lang,
            window,
        }
    }

    /// The window around what is seen, with whole lessons only: a lesson has one head over all its works.
    fn wanted_window(&self) -> Range<usize> {
        let columns = self.sheet.columns();
        let Range { mut start, mut end } = self.metrics.window(&self.all);
        while start > self.all.start && columns.get(start).is_some_and(|c| !c.first) {
            start -= 1;
        }
        while end < self.all.end && columns.get(end).is_some_and(|c| !c.first) {
            end += 1;
        }
        start..end
    }

    fn set_gaps(&self) {
        let gap = |columns: usize| {
            let width = i32::try_from(columns).unwrap_or(0).saturating_mul(self.metrics.cell);
            format!("{width}px")
        };
        let style = self.root.style();
        let _ = style.set_property("--gap-before", &gap(self.window.start - self.all.start));
        let _ = style.set_property("--gap-after", &gap(self.all.end - self.window.end));
    }

    /// Moves the window by the columns that come and go; the others, and the keyboard's place, stay as they are.
    fn shift(&mut self) {
        let (from, to) = (self.window.clone(), self.wanted_window());
        let (start, end) = (from.start.max(to.start), from.end.min(to.end));
        if start >= end {
            return self.draw();
        }
        let had_focus = self.has_focus();
        let drawing = self.drawing(to.clone());
        for row in 0..self.sheet.rows() {
            let Some(element) = row_of(&self.body, row) else { continue };
            dom::remove_cells(&element, 2, start - from.start);
            dom::remove_cells(&element, 2 + end - start, from.end - end);
            dom::insert_cells(&element, true, &drawing.cells(row, to.start..start));
            dom::insert_cells(&element, false, &drawing.cells(row, end..to.end));
        }
        self.head.set_inner_html(&drawing.head());
        self.window = to;
        self.set_gaps();
        self.painted = None;
        self.mark_active(true);
        self.paint_selection();
        if had_focus {
            self.focus();
        }
    }

    fn has_focus(&self) -> bool {
        let active = self.root.owner_document().and_then(|d| d.active_element());
        active.is_some_and(|a| self.root.contains(Some(&a)))
    }

    /// Puts the keyboard on the active cell, or on the grid while that cell is not drawn.
    pub fn focus(&self) {
        match self.cell(self.active) {
            Some(cell) => focus(&cell),
            None => focus(&self.root),
        }
    }

    fn cell(&self, spot: Spot) -> Option<HtmlElement> {
        cell_of(&row_of(&self.body, spot.row)?, &self.window, spot.column)
    }

    fn mark_active(&self, on: bool) {
        let Some(row) = row_of(&self.body, self.active.row) else {
            return;
        };
        attribute(&row, "data-active", on.then_some(""));
        let cell = cell_of(&row, &self.window, self.active.column);
        if let Some(cell) = &cell {
            attribute(cell, "data-active", on.then_some(""));
            attribute(cell, "tabindex", Some(if on { "0" } else { "-1" }));
        }
        if on {
            // one tab stop always: the cell, or the grid while the cell is far away
            attribute(
                &self.root,
                "tabindex",
                Some(if cell.is_some() { "-1" } else { "0" }),
            );
        }
    }

    /// Makes a cell the active one.
    fn move_to(&mut self, spot: Spot, extend: bool) {
        self.mark_active(false);
        self.active = spot;
        if !extend {
            self.anchor = spot;
        }
        self.reveal();
        self.mark_active(true);
        self.paint_selection();
        self.focus();
    }

    fn reveal(&mut self) {
        let column = self.active.column.saturating_sub(self.all.start);
        if let Some((left, top)) = self.metrics.scroll_to(self.active.row, column) {
            self.root.set_scroll_left(left);
            self.root.set_scroll_top(top);
            (self.metrics.left, self.metrics.top) = (left, top);
        }
        self.follow();
    }

    /// Shows the current lesson in the middle.
    fn centre(&mut self) {
        let column = self.active.column.saturating_sub(self.all.start);
        let x = i32::try_from(column)
            .unwrap_or(0)
            .saturating_mul(self.metrics.cell);
        self.root
            .set_scroll_left(x - (self.metrics.wide - self.metrics.name - self.metrics.sides) * 2 / 3);
        self.scrolled();
    }

    /// The scroller has moved.
    pub fn scrolled(&mut self) {
        self.metrics.left = self.root.scroll_left();
        self.metrics.top = self.root.scroll_top();
        self.metrics.wide = self.root.client_width();
        self.metrics.high = self.root.client_height();
        self.follow();
        self.prepare();
    }

    /// Moves the window when seen columns are outside it.
    fn follow(&mut self) {
        let seen = self.metrics.seen(&self.all);
        if self.input.is_none() && (seen.start < self.window.start || seen.end > self.window.end) {
            self.shift();
        }
    }

    /// Moves the window before it is needed: in the frame after a key, not in the key's own.
    fn prepare(&mut self) {
        const NEAR: usize = 4;
        let seen = self.metrics.seen(&self.all);
        let near_start = self.window.start > self.all.start && seen.start < self.window.start + NEAR;
        let near_end = self.window.end < self.all.end && seen.end + NEAR > self.window.end;
        if self.input.is_none() && (near_start || near_end) {
            self.shift();
        }
    }

    /// The window of the browser has another size.
    pub fn resized(&mut self) {
        self.fit_names();
        self.metrics = Metrics::read(&self.root);
        self.draw();
        self.scrolled();
    }

    /// With one lesson alone the names take the room that is left.
    fn fit_names(&mut self) {
        let style = self.root.style();
        let _ = style.remove_property("--name-w");
        if self.signals.lesson.get_untracked().is_some() {
            let m = Metrics::read(&self.root);
            // the grid is only as wide as its columns: what it may take is its parent's
            let wide = self.root.parent_element().map_or(m.wide, |p| m.inside(&p));
            let cells = i32::try_from(self.all.len()).unwrap_or(1).saturating_mul(m.cell);
            let averages = if m.sides > 0 { m.sides } else { 112 };
            let room = wide - cells - averages;
            let room = if room < 150 {
                wide - cells - averages / 2
            } else {
                room
            };
            let _ = style.set_property("--name-w", &format!("{}px", room.clamp(110, 420)));
        }
    }

    /// Shows one lesson alone (the phone's view), or all.
    pub fn show_lesson(&mut self, lesson: Option<LessonId>) {
        self.signals.lesson.set(lesson);
        self.all = match lesson {
            Some(id) => self.sheet.columns_of(id),
            None => 0..self.sheet.columns().len(),
        };
        if !self.all.contains(&self.active.column) {
            self.active.column = self.all.start;
        }
        self.anchor = self.active;
        self.fit_names();
        self.metrics = Metrics::read(&self.root);
        self.draw();
        if lesson.is_none() {
            self.centre();
        } else {
            self.scrolled();
        }
    }

    fn selection(&self) -> Block {
        Block::between(self.anchor, self.active)
    }

    fn paint_selection(&mut self) {
        let block = Some(self.selection()).filter(|b| !b.is_one());
        if block == self.painted {
            return;
        }
        let touched = self
            .painted
            .into_iter()
            .chain(block)
            .flat_map(Block::spots)
            .filter(|s| self.window.contains(&s.column));
        for spot in touched {
            if let Some(cell) = self.cell(spot) {
                let selected = block.is_some_and(|b| b.holds(spot));
                attribute(&cell, "data-selected", selected.then_some(""));
                attribute(&cell, "aria-selected", selected.then_some("true"));
            }
        }
        self.painted = block;
    }

    /// Draws one cell and its row's averages.
    fn repaint(&self, spot: Spot) {
        if let Some(cell) = self.cell(spot) {
            let best = Drawing::best(&self.sheet, spot.column);
            paint(
                &cell,
                &face(&self.sheet.shown(spot.row, spot.column), best, self.lang),
            );
        }
        self.repaint_average(spot.row);
    }

    fn repaint_average(&self, row: usize) {
        let Some(element) = row_of(&self.body, row) else {
            return;
        };
        let average = self.sheet.average(row);
        let cells = element.children();
        let best = Drawing::best(&self.sheet, 0);
        for (from_end, value) in [(2, average.plain), (1, average.weighted)] {
            if let Some(cell) = cells.length().checked_sub(from_end).and_then(|i| cells.item(i)) {
                cell.set_text_content(Some(&number(value, self.lang)));
                attribute(&cell, "data-tone", value.and_then(|v| tone(v, best)));
            }
        }
    }

    /// Where a place is drawn, drawn again.
    fn repaint_place(&self, place: Place) {
        if let Some((row, column)) = self.sheet.find(place) {
            self.repaint(Spot { row, column });
        }
    }

    fn why(&self, no: No, column: usize, text: &str) -> String {
        let lang = self.lang;
        match no {
            No::Outside | No::Right => t::journal_no_right(lang).to_owned(),
            No::Cancelled => t::journal_no_cancelled(lang).to_owned(),
            No::Locked => t::journal_no_locked(lang).to_owned(),
            No::Away => t::journal_no_away(lang).to_owned(),
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
            editing: self.input.is_some(),
        };
        if event.is_composing() {
            return false;
        }
        match intent(pressed) {
            // the browser's own events bring the clipboard
            None | Some(Intent::Copy | Intent::Cut | Intent::Paste) => false,
            Some(intent) => {
                self.act(intent);
                true
            }
        }
    }

    fn act(&mut self, intent: Intent) {
        let rows = self.sheet.rows();
        match intent {
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
                    self.move_to(self.walk(Way::Down, after_commit), false);
                }
            }
        }
    }

    /// A button of the pad, as if typed.
    pub fn press(&mut self, text: &str) {
        self.cancel();
        if self.put(text) {
            self.move_to(self.walk(Way::Down, after_commit), false);
        }
    }

    /// The pad's arrow.
    pub fn next(&mut self) {
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
