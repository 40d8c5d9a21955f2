//! A block of marks of the period: rows selected with Shift, then cleared, filled, copied and pasted as one, as a block of cells is. One act
//! is one step of undo; a mark that asks for a reason is left out of a block and told ([`Desk::put_results`]).

use kit::grid::{Block, Laid, Spot, Way, go, paste};

use super::Desk;
use super::dom::attribute;

impl Desk {
    /// First and last selected row.
    pub(super) fn rows_at_end(&self) -> (usize, usize) {
        let row = self.active.row;
        let from = self.end.from.unwrap_or(row);
        (from.min(row), from.max(row))
    }

    /// Rows of the selection that take something; one alone is asked, and says why not.
    fn open_rows(&self) -> Vec<usize> {
        let (from, to) = self.rows_at_end();
        (from..=to)
            .filter(|row| from == to || self.sheet.open_result(*row).is_ok())
            .collect()
    }

    /// Goes on to another row; what lies between is selected.
    pub(super) fn extend_at_end(&mut self, way: Way) {
        let from = self.end.from.unwrap_or(self.active.row);
        let to = match way {
            Way::First => 0,
            Way::Last => self.sheet.rows(),
            way => go(self.active, way, self.size()).row,
        };
        self.stand_at(to, Some(from));
    }

    /// Selects the whole column.
    pub(super) fn select_end(&mut self) {
        self.stand_at(self.sheet.rows(), Some(0));
    }

    /// One text for all selected rows: a mark, or nothing.
    pub(super) fn fill_end(&mut self, text: &str) {
        let rows = self.open_rows();
        self.put_results(rows.into_iter().map(|row| (row, text.to_owned())).collect());
    }

    /// The mark of the active row for all selected ones.
    pub(super) fn fill_all_at_end(&mut self) {
        if self.end.from.is_some() {
            let code = self.sheet.standing_result(self.active.row).0.unwrap_or_default();
            self.fill_end(&code);
        }
    }

    /// To each of the selected rows what is proposed for it.
    pub(super) fn propose_at_end(&mut self) {
        let rows = self.open_rows();
        let made = rows
            .into_iter()
            .filter_map(|row| Some((row, self.proposed(row)?)));
        self.put_results(made.collect());
    }

    /// The first selected mark into the rows below; a single row takes the mark above.
    pub(super) fn fill_down_at_end(&mut self) {
        let (from, to) = self.rows_at_end();
        let (source, rows) = if from == to {
            (from.checked_sub(1), vec![from])
        } else {
            let rows = self.open_rows();
            (Some(from), rows.into_iter().filter(|row| *row > from).collect())
        };
        if let Some(source) = source {
            let code = self.sheet.standing_result(source).0.unwrap_or_default();
            self.put_results(rows.into_iter().map(|row| (row, code.clone())).collect());
        }
    }

    /// The selected marks, one a line.
    pub(super) fn copied_at_end(&self) -> String {
        let (from, to) = self.rows_at_end();
        let marks = (from..=to).map(|row| self.sheet.standing_result(row).0.unwrap_or_default());
        marks.collect::<Vec<_>>().join("\n")
    }

    /// Text of the clipboard, laid down from the first selected row: of each line its first value; a single one into all of them.
    pub(super) fn paste_results(&mut self, text: &str) {
        let size = kit::grid::Size {
            columns: 1,
            ..self.size()
        };
        let (from, to) = self.rows_at_end();
        let at = |row| Spot { row, column: 0 };
        let Laid { cells, .. } = paste(text, Block::between(at(from), at(to)), size);
        self.put_results(cells.into_iter().map(|(spot, text)| (spot.row, text)).collect());
    }

    /// Shows which rows are selected.
    pub(super) fn paint_end(&mut self) {
        let now = self.end.from.map(|_| self.rows_at_end());
        if now == self.end.painted {
            return;
        }
        let rows = [self.end.painted, now].into_iter().flatten();
        for row in rows.flat_map(|(from, to)| from..=to) {
            let selected = now.is_some_and(|(from, to)| (from..=to).contains(&row));
            for cell in self.end_cells(row).into_iter().flatten() {
                attribute(&cell, "data-selected", selected.then_some(""));
                attribute(&cell, "aria-selected", selected.then_some("true"));
            }
        }
        self.end.painted = now;
    }
}
