//! The state of the sheet of totals: where one stands, what is typed, what is on its way.
//!
//! A mark is shown at once, and is saved when the server says so; what could not be sent waits here, is told, and is sent again
//! by a button. Nothing is kept on the device: totals are given at a desk with a network.

mod send;
mod unattested;

use std::collections::HashMap;

use base::{Lang, PupilId};
use classbook_core::grading::proposal::asks_reason;
use classbook_core::grading::totals::{Column, Given, Shut, Stage, Suggestion, TotalEdit, Totals};
use classbook_core::journal::typing::{Reading, listed, read, typed};
use kit::grid::{Block, Intent, Key, Size, Spot, Way, after_commit, go, intent};
use leptos::prelude::*;

use crate::t;

pub use unattested::Unattested;

/// Where a mark stands.
pub type Place = (PupilId, Stage);

/// What stood in the places of one act, code and reason: what undo or redo puts back.
type Act = Vec<(Place, Option<String>, Option<String>)>;

/// What became of what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// On its way.
    Waiting(TotalEdit),
    /// The server could not be reached, or the session has ended.
    Failed(TotalEdit),
    /// Not taken, with words.
    Refused(String),
}

/// A mark that waits for its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What is to be saved.
    pub edit: TotalEdit,
    /// What is proposed instead.
    pub proposed: String,
    /// «н/а» is proposed, and that is what the marks alone come to.
    pub few: bool,
}

/// What is opened beside the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A figure of a pupil.
    Figure(usize, Stage),
    /// The figures of a column.
    Column(Stage),
}

/// The sheet of totals.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The page's language.
    pub lang: Lang,
    /// As the server has it.
    pub totals: RwSignal<Totals>,
    /// Exam and final mark are shown.
    pub exams: RwSignal<bool>,
    /// Coursework is shown.
    pub coursework: RwSignal<bool>,
    /// The active cell.
    pub active: RwSignal<(usize, usize)>,
    /// The other corner of the selection.
    anchor: RwSignal<Option<(usize, usize)>>,
    /// What is being typed into the active cell.
    pub typed: RwSignal<Option<String>>,
    /// What is not saved.
    pub fates: RwSignal<HashMap<Place, Fate>>,
    /// A mark that waits for its reason.
    pub asking: RwSignal<Option<Ask>>,
    /// Those who are to get «н/а» are being named.
    pub naming: RwSignal<bool>,
    /// What is open.
    pub open: RwSignal<Option<Opened>>,
    /// What has just happened, in words.
    pub hint: RwSignal<String>,
    done: StoredValue<Vec<Act>>,
    undone: StoredValue<Vec<Act>>,
}

impl Desk {
    /// A desk over the sheet. Exams are shown where there is one in law (grades 9 and 11), or one was given.
    pub fn new(totals: Totals, lang: Lang) -> Self {
        let exam = |g: &Given| g.code.is_some() && matches!(g.stage, Stage::Exam | Stage::Final);
        let exams = matches!(totals.grade, 9 | 11) || totals.given.iter().any(exam);
        let today = totals.today;
        let begun = totals
            .columns
            .iter()
            .rposition(|c| c.stage.period().is_some() && c.starts_on <= today);
        Self {
            lang,
            exams: RwSignal::new(exams),
            coursework: RwSignal::new(!totals.topics.is_empty()),
            active: RwSignal::new((0, begun.unwrap_or(0))),
            anchor: RwSignal::new(None),
            typed: RwSignal::new(None),
            fates: RwSignal::new(HashMap::new()),
            asking: RwSignal::new(None),
            naming: RwSignal::new(false),
            open: RwSignal::new(None),
            hint: RwSignal::new(String::new()),
            done: StoredValue::new(vec![]),
            undone: StoredValue::new(vec![]),
            totals: RwSignal::new(totals),
        }
    }

    /// Opens a figure, if there is one, and stands there.
    pub fn open_at(self, pupil: PupilId, stage: Stage) {
        let found = self.totals.with_untracked(|t| {
            let row = t.pupils.iter().position(|p| p.id == pupil)?;
            Some((row, t.columns.iter().position(|c| c.stage == stage)?))
        });
        if let Some((row, column)) = found {
            self.active.set((row, column));
            self.open.set(Some(Opened::Figure(row, stage)));
        }
    }

    /// The columns that are shown.
    pub fn columns(self) -> Vec<Column> {
        let (exams, works) = (self.exams.get(), self.coursework.get());
        let shown = |c: &&Column| match c.stage {
            Stage::Exam | Stage::Final => exams,
            Stage::Coursework(_) => works,
            _ => true,
        };
        self.totals
            .with(|t| t.columns.iter().filter(shown).cloned().collect())
    }

    fn column(self, column: usize) -> Option<Column> {
        untrack(move || self.columns().into_iter().nth(column))
    }

    fn size(self) -> Size {
        Size {
            rows: self.totals.with_untracked(|t| t.pupils.len()),
            columns: untrack(move || self.columns().len()),
            page: 10,
        }
    }

    fn spot(self) -> Spot {
        let (row, column) = self.active.get_untracked();
        Spot { row, column }
    }

    fn block(self) -> Block {
        let here = self.spot();
        let other = self
            .anchor
            .get_untracked()
            .map(|(row, column)| Spot { row, column });
        Block::between(here, other.unwrap_or(here))
    }

    /// Is the cell selected beside others?
    pub fn is_selected(self, row: usize, column: usize) -> bool {
        let (active, anchor) = (self.active.get(), self.anchor.get());
        let spot = |(row, column)| Spot { row, column };
        anchor.is_some_and(|a| Block::between(spot(active), spot(a)).holds(spot((row, column))))
    }

    fn place(self, spot: Spot) -> Option<Place> {
        let pupil = self
            .totals
            .with_untracked(|t| t.pupils.get(spot.row).map(|p| p.id))?;
        Some((pupil, self.column(spot.column)?.stage))
    }

    /// What the cell shows: what is on its way, else what is saved.
    pub fn code(self, place: Place) -> Option<String> {
        let on_its_way = self.fates.with(|f| match f.get(&place) {
            Some(Fate::Waiting(edit) | Fate::Failed(edit)) => Some(edit.code.clone()),
            _ => None,
        });
        on_its_way.unwrap_or_else(|| self.totals.with(|t| t.code(place.0, place.1).map(str::to_owned)))
    }

    fn code_at(self, spot: Spot) -> Option<String> {
        let place = self.place(spot)?;
        untrack(move || self.code(place))
    }

    /// Stands in a cell.
    pub fn stand(self, row: usize, column: usize, extend: bool) {
        if extend {
            if self.anchor.with_untracked(Option::is_none) {
                self.anchor.set(Some(self.active.get_untracked()));
            }
        } else {
            self.anchor.set(None);
        }
        self.typed.set(None);
        self.active.set((row, column));
        self.focus();
    }

    /// The focus goes to the active cell.
    pub fn focus(self) {
        use wasm_bindgen::JsCast as _;
        let (row, column) = self.active.get_untracked();
        let cell = document().get_element_by_id(&cell_id(row, column));
        if let Some(cell) = cell.and_then(|c| c.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = cell.focus();
        }
    }

    /// A key; `true` if it was ours.
    pub fn key(self, key: Key<'_>) -> bool {
        let wanted = intent(key);
        if key.editing && wanted.is_none() {
            return self.more(key);
        }
        let Some(wanted) = wanted else { return false };
        let (here, size) = (self.spot(), self.size());
        let to = |spot: Spot, extend| self.stand(spot.row, spot.column, extend);
        match wanted {
            Intent::Move(way) => to(go(here, way, size), false),
            Intent::Extend(way) => to(go(here, way, size), true),
            Intent::Commit(way) => {
                if let Some(text) = self.typed.get_untracked() {
                    self.take(&text);
                }
                to(after_commit(here, way, size), false);
            }
            Intent::Type('=') => self.accept(),
            Intent::Type(c) => self.begin(&c.to_string()),
            Intent::Edit => self.typed.set(Some(self.code_at(here).unwrap_or_default())),
            Intent::Cancel => {
                self.typed.set(None);
                self.anchor.set(None);
                self.hint.set(String::new());
            }
            Intent::Clear => self.put(self.block().spots().map(|s| (s, None)).collect()),
            Intent::FillDown => self.fill(|block, spot| Spot {
                row: block.from.row,
                ..spot
            }),
            Intent::FillAll => self.fill(move |_, _| here),
            Intent::Undo => self.undo(),
            Intent::Redo => self.redo(),
            Intent::SelectAll | Intent::SelectColumn | Intent::SelectRow => self.select(wanted, size),
            Intent::Details => {
                if let Some((_, stage)) = self.place(here) {
                    self.open.set(Some(Opened::Figure(here.row, stage)));
                }
            }
            Intent::ColumnDetails => self
                .open
                .set(self.place(here).map(|(_, stage)| Opened::Column(stage))),
            // the browser's own events do it
            Intent::Copy | Intent::Cut | Intent::Paste | Intent::RowDetails => return false,
        }
        true
    }

    fn more(self, key: Key<'_>) -> bool {
        let mut text = self.typed.get_untracked().unwrap_or_default();
        let mut chars = key.key.chars();
        match (key.key, chars.next(), chars.next()) {
            ("Backspace", ..) => {
                text.pop();
                self.typed.set(Some(text));
            }
            (_, Some(c), None) if !c.is_control() && !key.ctrl && !key.alt => {
                text.push(c);
                self.begin(&text);
            }
            _ => return false,
        }
        true
    }

    fn select(self, what: Intent, size: Size) {
        let (row, column) = self.active.get_untracked();
        let (last_row, last_column) = (size.rows.saturating_sub(1), size.columns.saturating_sub(1));
        let (from, to) = match what {
            Intent::SelectColumn => ((0, column), (last_row, column)),
            Intent::SelectRow => ((row, 0), (row, last_column)),
            _ => ((0, 0), (last_row, last_column)),
        };
        self.anchor.set(Some(from));
        self.active.set(to);
        self.focus();
    }

    /// Text is typed: a mark of the scale is given at once, unless a longer one begins with it.
    fn begin(self, text: &str) {
        let scale = self.totals.with_untracked(|t| t.scale.clone());
        match typed(text, &scale, &[]) {
            Reading::Unfinished => {
                self.hint.set(String::new());
                self.typed.set(Some(text.to_owned()));
            }
            _ => {
                let here = self.spot();
                if self.take(text) {
                    let next = after_commit(here, Way::Down, self.size());
                    self.stand(next.row, next.column, false);
                }
            }
        }
    }

    /// Takes a finished text; `false` if it is no mark.
    fn take(self, text: &str) -> bool {
        let scale = self.totals.with_untracked(|t| t.scale.clone());
        self.typed.set(None);
        let code = match read(text, &scale, &[]) {
            Reading::Mark(code) => Some(code),
            Reading::Clear => None,
            _ => {
                self.hint.set(t::totals_unknown(self.lang, listed(&scale), text));
                return false;
            }
        };
        self.put(vec![(self.spot(), code)]);
        // a question about the reason keeps the cell
        self.asking.with_untracked(Option::is_none)
    }

    /// A button of the pad: a mark, or nothing.
    pub fn press(self, code: Option<String>) {
        let here = self.spot();
        self.put(vec![(here, code)]);
        if self.asking.with_untracked(Option::is_none) {
            self.next();
        }
    }

    /// The pupil below.
    pub fn next(self) {
        let next = after_commit(self.spot(), Way::Down, self.size());
        self.stand(next.row, next.column, false);
    }

    /// The active cell gets what is proposed.
    pub fn accept(self) {
        let here = self.spot();
        match self.proposed(here) {
            Some(code) => self.press(Some(code)),
            None => self.hint.set(t::totals_nothing_proposed(self.lang).to_owned()),
        }
    }

    /// All empty cells of the active column get what is proposed by enough marks; «н/а» is left out, and told.
    pub fn accept_column(self) {
        let (_, column) = self.active.get_untracked();
        let rows = self.size().rows;
        let spots = (0..rows).map(|row| Spot { row, column });
        let empty = spots.filter(|s| self.code_at(*s).is_none());
        let cells: Vec<_> = empty
            .filter_map(|s| Some((s, Some(self.proposed_enough(s)?))))
            .collect();
        let few = untrack(move || self.unattested().len());
        if !cells.is_empty() {
            self.put(cells);
        } else {
            let nothing = t::totals_nothing_proposed(self.lang);
            self.hint.set(if few == 0 { nothing } else { "" }.to_owned());
        }
        self.tell_unattested(few);
    }

    fn suggestion(self, spot: Spot) -> Option<Suggestion> {
        let column = self.column(spot.column)?;
        Some(self.totals.with_untracked(|t| t.suggest(spot.row, &column)))
    }

    fn proposed(self, spot: Spot) -> Option<String> {
        self.suggestion(spot)?.code().map(str::to_owned)
    }

    fn proposed_enough(self, spot: Spot) -> Option<String> {
        let made = self.suggestion(spot)?;
        made.is_enough().then(|| made.code().map(str::to_owned)).flatten()
    }

    fn fill(self, source: impl Fn(Block, Spot) -> Spot) {
        let block = self.block();
        let cells = block
            .spots()
            .map(|s| (s, source(block, s)))
            .filter(|(s, from)| s != from)
            .map(|(s, from)| (s, self.code_at(from)))
            .collect();
        self.put(cells);
    }

    /// Why nothing is put into a cell.
    fn why_not(self, spot: Spot) -> Option<&'static str> {
        let (may, column) = (
            self.totals.with_untracked(|t| t.may_edit),
            self.column(spot.column)?,
        );
        if !may {
            return Some(t::journal_no_right(self.lang));
        }
        match column.shut {
            Some(Shut::Locked) => return Some(t::totals_locked(self.lang)),
            Some(Shut::ToCome) => return Some(t::totals_to_come(self.lang)),
            None => {}
        }
        let there = self.totals.with_untracked(|t| {
            t.pupils
                .get(spot.row)
                .is_some_and(|p| Totals::belongs(p, &column))
        });
        (!there).then(|| t::totals_not_here(self.lang))
    }

    /// Puts marks into cells. What asks for a reason is asked for it where it stands alone; of many it is told.
    fn put(self, cells: Vec<(Spot, Option<String>)>) {
        self.hint.set(String::new());
        let alone = cells.len() == 1;
        let (mut edits, mut left) = (vec![], 0);
        for (spot, code) in cells {
            if let Some(words) = self.why_not(spot) {
                self.hint.set(words.to_owned());
                continue;
            }
            let Some((pupil, stage)) = self.place(spot) else {
                continue;
            };
            if self
                .fates
                .with_untracked(|f| matches!(f.get(&(pupil, stage)), Some(Fate::Waiting(_))))
            {
                self.hint.set(t::totals_still_waiting(self.lang).to_owned());
                continue;
            }
            let expected = self
                .totals
                .with_untracked(|t| t.given(pupil, stage).map_or(0, |g| g.version));
            let edit = TotalEdit {
                pupil,
                stage,
                code,
                reason: None,
                expected,
            };
            match self.question(spot, &edit) {
                Some(ask) if alone => self.asking.set(Some(ask)),
                Some(_) => left += 1,
                None => edits.push(edit),
            }
        }
        if left > 0 {
            self.hint.set(t::totals_reasons_alone(self.lang, left));
        }
        self.send(edits, true);
    }

    /// What is proposed instead, if the mark asks for a reason and is another one than stands there.
    fn question(self, spot: Spot, edit: &TotalEdit) -> Option<Ask> {
        let code = edit.code.as_deref()?;
        let made = self.suggestion(spot)?;
        let asks = self.totals.with_untracked(|t| {
            let item = t.item(code)?;
            let same = t.code(edit.pupil, edit.stage) == Some(code);
            Some(!same && asks_reason(item, made.value(), made.is_enough()))
        })?;
        asks.then(|| Ask {
            edit: edit.clone(),
            proposed: made.by_marks().unwrap_or_default().to_owned(),
            few: made.not_attested().is_some(),
        })
    }

    /// The reason is written.
    pub fn answer(self, reason: String) {
        let Some(Ask { mut edit, .. }) = self.asking.get_untracked() else {
            return;
        };
        edit.reason = Some(reason);
        self.asking.set(None);
        self.send(vec![edit], true);
        let next = after_commit(self.spot(), Way::Down, self.size());
        self.stand(next.row, next.column, false);
    }
}

/// The id of a cell.
#[must_use]
pub fn cell_id(row: usize, column: usize) -> String {
    format!("tm-{row}-{column}")
}
