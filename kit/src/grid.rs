//! The keyboard of a grid: which key means what, and where it leads. Pure, so that every row of the contract
//! (`docs/grid.md`, WAI-ARIA's grid pattern with a spreadsheet's habits) is a test. A grid turns its `keydown` into a [`Key`],
//! asks [`intent`], and does what it says; [`go`] and [`after_commit`] know the way.
//!
//! Letters are found by the place of the key (`code`), so that Ctrl+C is Ctrl+C in the Russian layout too.

/// A pressed key, as the browser tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Key<'a> {
    /// `KeyboardEvent.key`.
    pub key: &'a str,
    /// `KeyboardEvent.code`.
    pub code: &'a str,
    /// Ctrl, or ⌘ on a Mac.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
    /// A cell is being typed in.
    pub editing: bool,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the row above.
    Up,
    /// To the row below.
    Down,
    /// To the column before.
    Left,
    /// To the column after.
    Right,
    /// To the first column of the row.
    Home,
    /// To the last column of the row.
    End,
    /// To the first cell.
    First,
    /// To the last cell.
    Last,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
}

/// What a person wants of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Go there.
    Move(Way),
    /// Stretch the selection there.
    Extend(Way),
    /// Keep what was typed and go there; outside editing just go there.
    Commit(Way),
    /// Begin to type this into the cell.
    Type(char),
    /// Edit the cell in place.
    Edit,
    /// Take back what was typed.
    Cancel,
    /// Empty the selected cells.
    Clear,
    /// The browser's own copy event does it.
    Copy,
    /// The browser's own cut event does it.
    Cut,
    /// The browser's own paste event does it.
    Paste,
    /// Copy the first row of the selection down.
    FillDown,
    /// Put the active cell's value into the whole selection.
    FillAll,
    /// Take back the last act.
    Undo,
    /// Do again what was taken back.
    Redo,
    /// Select everything.
    SelectAll,
    /// Select the column.
    SelectColumn,
    /// Select the row.
    SelectRow,
    /// Open what hangs on the cell: comment, history.
    Details,
    /// Open what hangs on the column: the lesson.
    ColumnDetails,
    /// Open what hangs on the end of the row: what it comes to.
    RowDetails,
}

/// What a key means; `None`: not ours, the browser does what it always does (Tab leaves the grid).
#[must_use]
pub fn intent(key: Key<'_>) -> Option<Intent> {
    if key.editing { editing(key) } else { moving(key) }
}

fn editing(key: Key<'_>) -> Option<Intent> {
    Some(match (key.key, key.shift) {
        ("Enter", false) => Intent::Commit(Way::Down),
        ("Enter", true) => Intent::Commit(Way::Up),
        ("Tab", false) => Intent::Commit(Way::Right),
        ("Tab", true) => Intent::Commit(Way::Left),
        ("ArrowDown", _) => Intent::Commit(Way::Down),
        ("ArrowUp", _) => Intent::Commit(Way::Up),
        ("Escape" | "F2", _) => Intent::Cancel,
        _ => return None,
    })
}

fn moving(key: Key<'_>) -> Option<Intent> {
    if key.alt {
        return match key.key {
            "Enter" => Some(Intent::ColumnDetails),
            "End" => Some(Intent::RowDetails),
            _ => None,
        };
    }
    if key.ctrl {
        return with_ctrl(key);
    }
    let go = |way| {
        if key.shift {
            Intent::Extend(way)
        } else {
            Intent::Move(way)
        }
    };
    Some(match key.key {
        "ArrowUp" => go(Way::Up),
        "ArrowDown" => go(Way::Down),
        "ArrowLeft" => go(Way::Left),
        "ArrowRight" => go(Way::Right),
        "Home" => go(Way::Home),
        "End" => go(Way::End),
        "PageUp" => go(Way::PageUp),
        "PageDown" => go(Way::PageDown),
        "Enter" => Intent::Commit(if key.shift { Way::Up } else { Way::Down }),
        "F2" if key.shift => Intent::Details,
        "F2" => Intent::Edit,
        "ContextMenu" => Intent::Details,
        "F10" if key.shift => Intent::Details,
        "Escape" => Intent::Cancel,
        "Delete" | "Backspace" => Intent::Clear,
        " " if key.shift => Intent::SelectRow,
        " " => return None,
        other => {
            let mut chars = other.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) if !c.is_control() => Intent::Type(c),
                _ => return None,
            }
        }
    })
}

fn with_ctrl(key: Key<'_>) -> Option<Intent> {
    // the place of the key first: with a Russian layout its letter is another
    let letter = match key.code {
        "KeyA" => "a",
        "KeyC" => "c",
        "KeyD" => "d",
        "KeyV" => "v",
        "KeyX" => "x",
        "KeyY" => "y",
        "KeyZ" => "z",
        "" => key.key,
        _ => "",
    };
    Some(match (key.key, letter) {
        ("Home", _) if key.shift => Intent::Extend(Way::First),
        ("End", _) if key.shift => Intent::Extend(Way::Last),
        ("Home", _) => Intent::Move(Way::First),
        ("End", _) => Intent::Move(Way::Last),
        ("Enter", _) => Intent::FillAll,
        (" ", _) => Intent::SelectColumn,
        (_, "a") => Intent::SelectAll,
        (_, "c") => Intent::Copy,
        (_, "x") => Intent::Cut,
        (_, "v") => Intent::Paste,
        (_, "d") => Intent::FillDown,
        (_, "z") if !key.shift => Intent::Undo,
        // a browser's own meaning of these keys ends where a grid begins, as in every spreadsheet
        (_, "z" | "y") => Intent::Redo,
        _ => return None,
    })
}

/// A cell by row and column, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The row.
    pub row: usize,
    /// The column.
    pub column: usize,
}

/// How large the grid is, and how many rows a page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Rows of a page.
    pub page: usize,
}

/// Where a way leads: it stops at the edges.
#[must_use]
pub fn go(from: Spot, way: Way, size: Size) -> Spot {
    let (last_row, last_column) = (size.rows.saturating_sub(1), size.columns.saturating_sub(1));
    let Spot { row, column } = from;
    let (row, column) = match way {
        Way::Up => (row.saturating_sub(1), column),
        Way::Down => (row.saturating_add(1), column),
        Way::Left => (row, column.saturating_sub(1)),
        Way::Right => (row, column.saturating_add(1)),
        Way::Home => (row, 0),
        Way::End => (row, last_column),
        Way::First => (0, 0),
        Way::Last => (last_row, last_column),
        Way::PageUp => (row.saturating_sub(size.page.max(1)), column),
        Way::PageDown => (row.saturating_add(size.page.max(1)), column),
    };
    Spot {
        row: row.min(last_row),
        column: column.min(last_column),
    }
}

/// Where one goes after typing a value or with Enter: down, and from the last row to the top of the next column; up, and from
/// the first row to the bottom of the column before.
#[must_use]
pub fn after_commit(from: Spot, way: Way, size: Size) -> Spot {
    let last_row = size.rows.saturating_sub(1);
    match way {
        Way::Down if from.row >= last_row && from.column + 1 < size.columns => Spot {
            row: 0,
            column: from.column + 1,
        },
        Way::Up if from.row == 0 && from.column > 0 => Spot {
            row: last_row,
            column: from.column - 1,
        },
        way => go(from, way, size),
    }
}

/// A selected rectangle, its corners included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its upper left cell.
    pub from: Spot,
    /// Its lower right cell.
    pub to: Spot,
}

impl Block {
    /// The rectangle between two cells.
    #[must_use]
    pub fn between(a: Spot, b: Spot) -> Self {
        Self {
            from: Spot {
                row: a.row.min(b.row),
                column: a.column.min(b.column),
            },
            to: Spot {
                row: a.row.max(b.row),
                column: a.column.max(b.column),
            },
        }
    }

    /// Does it hold the cell?
    #[must_use]
    pub fn holds(self, spot: Spot) -> bool {
        (self.from.row..=self.to.row).contains(&spot.row)
            && (self.from.column..=self.to.column).contains(&spot.column)
    }

    /// Its cells, row by row.
    pub fn spots(self) -> impl Iterator<Item = Spot> {
        (self.from.row..=self.to.row)
            .flat_map(move |row| (self.from.column..=self.to.column).map(move |column| Spot { row, column }))
    }

    /// Is it one cell?
    #[must_use]
    pub fn is_one(self) -> bool {
        self.from == self.to
    }
}

/// What a paste comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Laid {
    /// Which value goes where.
    pub cells: Vec<(Spot, String)>,
    /// Values for which there is no cell any more: rows below the last one, columns behind it. Whoever pasted must hear of them.
    pub beyond: u32,
}

/// Which of the values on the clipboard goes where: one value fills the selection, more are laid down from its first cell.
#[must_use]
pub fn paste(text: &str, into: Block, size: Size) -> Laid {
    let lines: Vec<Vec<&str>> = text
        .trim_end_matches(['\r', '\n'])
        .split('\n')
        .map(|line| line.trim_end_matches('\r').split('\t').collect())
        .collect();
    if let [line] = lines.as_slice()
        && let [value] = line.as_slice()
    {
        return Laid {
            cells: into.spots().map(|spot| (spot, (*value).to_owned())).collect(),
            beyond: 0,
        };
    }
    let mut laid = Laid::default();
    for (row, line) in lines.iter().enumerate() {
        for (column, value) in line.iter().enumerate() {
            let spot = Spot {
                row: into.from.row + row,
                column: into.from.column + column,
            };
            if spot.row < size.rows && spot.column < size.columns {
                laid.cells.push((spot, (*value).to_owned()));
            } else if !value.trim().is_empty() {
                laid.beyond += 1;
            }
        }
    }
    laid
}

#[cfg(test)]
mod tests;
