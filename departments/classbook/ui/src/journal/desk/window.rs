//! The desk's window: which columns are in the DOM, in which rows, where the keyboard stands, what is painted anew.

use std::ops::Range;
use std::time::Duration;

use base::LessonId;
use classbook_core::journal::cell::Place;
use kit::grid::{Block, Spot};
use leptos::prelude::*;
use web_sys::HtmlElement;

use super::Desk;
use super::dom::{self, Metrics, attribute, cell_of, focus, paint, row_of};
use super::draw::Drawing;

impl Desk {
    pub(super) fn count(&self) {
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
    pub(super) fn draw(&mut self) {
        let had_focus = self.has_focus();
        // what is being typed in place outlives the drawing
        let typing = self.input.take().map(|input| input.value());
        self.window = self.wanted_window();
        self.filled = self.metrics.rows(self.sheet.rows());
        let drawing = self.drawing(self.window.clone());
        self.head.set_inner_html(&drawing.head());
        self.body.set_inner_html(&drawing.body(&self.filled));
        self.names.set_inner_html(&drawing.names());
        self.ends.set_inner_html(&drawing.ends());
        self.ended.borrow_mut().clear();
        self.faces.borrow_mut().clear();
        self.set_gaps();
        self.painted = None;
        self.mark_active(true);
        self.paint_selection();
        if self.end.text.is_some() {
            self.repaint_average(self.active.row);
        }
        if had_focus {
            self.focus();
        }
        if let Some(text) = typing {
            self.edit(&text);
        }
    }

    pub(super) fn drawing(&self, window: Range<usize>) -> Drawing<'_> {
        Drawing {
            sheet: &self.sheet,
            lang: self.lang,
            window,
        }
    }

    /// The window around what is seen, with whole lessons only: a lesson has one head over all its works.
    pub(super) fn wanted_window(&self) -> Range<usize> {
        let columns = self.sheet.columns();
        let Range { mut start, mut end } = self.metrics.window(&self.all, self.sheet.rows());
        while start > self.all.start && columns.get(start).is_some_and(|c| !c.first) {
            start -= 1;
        }
        while end < self.all.end && columns.get(end).is_some_and(|c| !c.first) {
            end += 1;
        }
        start..end
    }

    /// Makes every row as wide as all columns, whichever of them it has. Each gap is told by itself: a property of the grid would be
    /// inherited by every cell, and each of them would be styled anew.
    pub(super) fn set_gaps(&self) {
        let gap = |columns: usize| {
            let width = i32::try_from(columns)
                .unwrap_or(0)
                .saturating_mul(self.metrics.cell);
            format!("{width}px")
        };
        let own = [
            gap(self.window.start - self.all.start),
            gap(self.all.end - self.window.end),
        ];
        // a row without cells is as wide as the others
        let bare = [gap(self.all.len()), gap(0)];
        for row in 0..2 {
            if let Some(row) = row_of(&self.head, row) {
                dom::set_gaps(&row, &own);
            }
        }
        for row in 0..self.sheet.rows() {
            let widths = if self.filled.contains(&row) { &own } else { &bare };
            if let Some(row) = row_of(&self.body, row) {
                dom::set_gaps(&row, widths);
            }
        }
    }

    /// Moves the window by the columns and rows that come and go; the others, and the keyboard's place, stay as they are.
    pub(super) fn shift(&mut self) {
        let (from, to) = (self.window.clone(), self.wanted_window());
        let (start, end) = (from.start.max(to.start), from.end.min(to.end));
        if start >= end {
            return self.draw();
        }
        let had_focus = self.has_focus();
        let (before, filled) = (self.filled.clone(), self.metrics.rows(self.sheet.rows()));
        let drawing = self.drawing(to.clone());
        for row in 0..self.sheet.rows() {
            let Some(element) = row_of(&self.body, row) else {
                continue;
            };
            match (before.contains(&row), filled.contains(&row)) {
                (true, true) => {
                    dom::remove_cells(&element, 2, start - from.start);
                    dom::remove_cells(&element, 2 + end - start, from.end - end);
                    dom::insert_cells(&element, true, &drawing.cells(row, to.start..start));
                    dom::insert_cells(&element, false, &drawing.cells(row, end..to.end));
                }
                (true, false) => dom::remove_cells(&element, 2, from.len()),
                (false, true) => dom::insert_cells(&element, true, &drawing.cells(row, to.clone())),
                (false, false) => continue,
            }
        }
        if from != to {
            self.head.set_inner_html(&drawing.head());
        }
        self.faces.borrow_mut().clear();
        self.filled = filled;
        self.window = to;
        self.set_gaps();
        self.painted = None;
        self.mark_active(true);
        self.paint_selection();
        if had_focus {
            self.focus();
        }
    }

    pub(super) fn has_focus(&self) -> bool {
        let active = self.root.owner_document().and_then(|d| d.active_element());
        active.is_some_and(|a| self.root.contains(Some(&a)))
    }

    /// Puts the keyboard on the active cell, or on the grid while that cell is not drawn.
    pub fn focus(&self) {
        if self.is_at_end() {
            if let [Some(cell), _] = self.end_cells(self.active.row) {
                focus(&cell);
                // on a narrow screen it scrolls along with the lessons
                if self.metrics.sides == 0 {
                    cell.scroll_into_view_with_bool(false);
                }
            }
            return;
        }
        match self.cell(self.active) {
            Some(cell) => focus(&cell),
            None => focus(&self.root),
        }
    }

    pub(super) fn cell(&self, spot: Spot) -> Option<HtmlElement> {
        if !self.filled.contains(&spot.row) {
            return None;
        }
        cell_of(&row_of(&self.body, spot.row)?, &self.window, spot.column)
    }

    pub(super) fn mark_active(&self, on: bool) {
        let Some(row) = row_of(&self.body, self.active.row) else {
            return;
        };
        attribute(&row, "data-active", on.then_some(""));
        if let Some(name) = row_of(&self.names, self.active.row) {
            attribute(&name, "data-active", on.then_some(""));
        }
        if self.is_at_end() {
            self.mark_end(on);
            if on {
                attribute(&self.root, "tabindex", Some("-1"));
            }
            return;
        }
        let cell = self.cell(self.active);
        if let Some(cell) = &cell {
            attribute(cell, "data-active", on.then_some(""));
            attribute(cell, "tabindex", Some(if on { "0" } else { "-1" }));
        }
        if on && self.signals.column.get_untracked() != self.active.column {
            self.signals.column.set(self.active.column);
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
    pub(super) fn move_to(&mut self, spot: Spot, extend: bool) {
        self.leave_end();
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

    /// Goes on after a mark that was typed. What the person waits for is the mark and where the next one will stand; what makes the browser lay
    /// the page out before its frame, the scroll and the keyboard's own place, comes in the task after that frame. Keys that come sooner are the
    /// grid's anyhow.
    pub(super) fn go_on(&mut self, spot: Spot) {
        let Some(me) = self.me.filter(|_| self.cell(spot).is_some() && self.has_focus()) else {
            return self.move_to(spot, false);
        };
        self.leave_end();
        self.mark_active(false);
        (self.active, self.anchor) = (spot, spot);
        self.mark_active(true);
        self.paint_selection();
        request_animation_frame(move || {
            set_timeout(
                move || {
                    me.run(Self::settle);
                },
                Duration::ZERO,
            );
        });
    }

    /// The active cell comes on the screen and takes the keyboard, unless it went elsewhere meanwhile: to a sheet; a cell that is typed in has it.
    fn settle(&mut self) {
        if self.is_at_end() || !self.has_focus() {
            return;
        }
        self.reveal();
        if self.input.is_none() {
            self.focus();
        }
    }

    pub(super) fn reveal(&mut self) {
        let column = self.active.column.saturating_sub(self.all.start);
        if let Some((left, top)) = self.metrics.scroll_to(self.active.row, column) {
            // each asks the browser for a layout
            if left != self.metrics.left {
                self.root.set_scroll_left(left);
            }
            if top != self.metrics.top {
                self.root.set_scroll_top(top);
            }
            (self.metrics.left, self.metrics.top) = (left, top);
        }
        self.follow();
    }

    /// Shows the current lesson in the middle.
    pub(super) fn centre(&mut self) {
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

    /// Moves the window when seen columns or rows are outside it.
    pub(super) fn follow(&mut self) {
        let holds =
            |outer: &Range<usize>, inner: &Range<usize>| outer.start <= inner.start && inner.end <= outer.end;
        let (columns, rows) = (
            self.metrics.seen(&self.all),
            self.metrics.seen_rows(self.sheet.rows()),
        );
        if self.input.is_none() && !(holds(&self.window, &columns) && holds(&self.filled, &rows)) {
            self.shift();
        }
    }

    /// Moves the window before it is needed: in the frame after a key, not in the key's own.
    pub(super) fn prepare(&mut self) {
        let rows = self.sheet.rows();
        let near = self.metrics.spare(rows) / 2;
        let (seen, below) = (self.metrics.seen(&self.all), self.metrics.seen_rows(rows));
        let near_start = self.window.start > self.all.start && seen.start < self.window.start + near;
        let near_end = self.window.end < self.all.end && seen.end + near > self.window.end;
        let near_top = self.filled.start > 0 && below.start <= self.filled.start;
        let near_bottom = self.filled.end < rows && below.end >= self.filled.end;
        if self.input.is_none() && (near_start || near_end || near_top || near_bottom) {
            self.shift();
        }
    }

    /// The grid has another size, or its first one: then the current lesson is shown.
    pub fn resized(&mut self) {
        let (before, now) = (self.metrics, Metrics::read(&self.root));
        if now.same_size(before) {
            return;
        }
        let in_sight = before.shows(self.active.row, self.active.column.saturating_sub(self.all.start));
        self.fit_names();
        self.metrics = Metrics::read(&self.root);
        self.draw();
        if !before.drawn() && self.signals.lesson.get_untracked().is_none() {
            self.centre();
        } else {
            self.scrolled();
        }
        // a pad that grows takes its room from the grid: whose mark is being typed stays in sight; who scrolled away stays there
        if (in_sight || !before.drawn()) && !self.is_at_end() {
            self.reveal();
        }
    }

    /// With one lesson alone the names take the room that is left.
    pub(super) fn fit_names(&mut self) {
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
        self.leave_end();
        // what was typed in place is kept, or goes when the cell does not take it
        if !self.keep() {
            self.input = None;
        }
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
        // the grid was scrolled for other columns: the first of these would lie under the names
        self.reveal();
    }

    pub(super) fn selection(&self) -> Block {
        Block::between(self.anchor, self.active)
    }

    pub(super) fn paint_selection(&mut self) {
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
    pub(super) fn repaint(&self, spot: Spot) {
        // an answer may arrive while somebody types in this very cell: what they type stays
        let typing = self.input.is_some() && spot == self.active;
        if let Some(cell) = self.cell(spot).filter(|_| !typing) {
            let face = self.face(spot);
            // written only where it changed: an answer that tells what is seen already costs no frame
            if self.faces.borrow().get(&spot) != Some(&face) {
                paint(&cell, &face);
                self.faces.borrow_mut().insert(spot, face);
            }
        }
        self.repaint_average(spot.row);
    }

    pub(super) fn repaint_average(&self, row: usize) {
        let Some(element) = row_of(&self.body, row) else {
            return;
        };
        let now: Vec<_> = self.ends_of(row).into();
        if self.ended.borrow().get(&row) == Some(&now) {
            return;
        }
        self.ended.borrow_mut().insert(row, now.clone());
        let (cells, pins) = (element.children(), row_of(&self.ends, row).map(|e| e.children()));
        for (place, end) in (0..).zip(now) {
            let (proposed, edit) = (end.proposed.then_some(""), end.typing.then_some(""));
            if let Some(cell) = cells.length().checked_sub(2 - place).and_then(|i| cells.item(i)) {
                cell.set_text_content(Some(&end.text));
                attribute(&cell, "data-tone", end.tone);
                attribute(&cell, "data-proposed", proposed);
                attribute(&cell, "data-state", end.state);
                attribute(&cell, "data-edit", edit);
                attribute(&cell, "aria-label", end.label.as_deref());
            }
            if let Some(pin) = pins.as_ref().and_then(|p| p.item(place)) {
                attribute(&pin, "data-text", Some(&end.text));
                attribute(&pin, "data-tone", end.tone);
                attribute(&pin, "data-proposed", proposed);
                attribute(&pin, "data-state", end.state);
                attribute(&pin, "data-edit", edit);
            }
        }
    }

    /// Where a place is drawn, drawn again.
    pub(super) fn repaint_place(&self, place: Place) {
        if let Some((row, column)) = self.sheet.find(place) {
            self.repaint(Spot { row, column });
        }
    }
}
