//! The grid as HTML text: pure, from the sheet. One string for a window of columns is the quickest way from wasm to the
//! screen; single cells are then changed in place by their [`Face`].

mod head;

use std::fmt::Write as _;
use std::ops::Range;

use base::number::Hundredths;
use base::{Lang, PupilId};
use chrono::Datelike as _;
use classbook_core::journal::cell::Meanwhile;
use classbook_core::journal::grid::Lesson;
use classbook_core::journal::sheet::{Column, No, Sheet, Shown, State};
use classbook_core::owed::{self, DOT, Owed, Standing};
use kit::date;

use super::ends::ends;
use crate::t;

/// How a cell looks: its text and the attributes that `grid.css` knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Face {
    /// What stands in it.
    pub text: String,
    /// The other's value, in a conflict.
    pub other: Option<String>,
    /// `data-kind`.
    pub kind: Option<&'static str>,
    /// `data-tone`.
    pub tone: Option<&'static str>,
    /// `data-state`.
    pub state: Option<&'static str>,
    /// The mark that was there before, struck out.
    pub was: Option<String>,
    /// `data-comment`.
    pub comment: bool,
    /// `data-locked`, `aria-readonly`.
    pub locked: bool,
    /// What a screen reader says instead of the bare text.
    pub label: Option<String>,
}

/// The tint of a value on a scale whose best is `best`.
#[must_use]
pub fn tone(value: Hundredths, best: Hundredths) -> Option<&'static str> {
    if best.0 <= 0 {
        return None;
    }
    // as a share of five, rounded
    Some(match (value.0 * 500 + best.0 * 50) / (best.0 * 100) {
        n if n >= 5 => "5",
        4 => "4",
        3 => "3",
        _ => "2",
    })
}

/// What a conflict's other side is, in words.
#[must_use]
pub fn other(now: &Meanwhile, lang: Lang) -> String {
    let value = now
        .value
        .clone()
        .or_else(|| now.owed.map(|dot| dot.text()))
        .unwrap_or_else(|| t::journal_empty_cell(lang).to_owned());
    let when = format!(
        "{}, {}",
        date::day_month_short(now.at.date(), lang),
        date::clock(now.at.time())
    );
    t::journal_conflict_words(lang, value, when, &now.by)
}

/// How a cell looks.
#[must_use]
pub fn face(shown: &Shown, best: Hundredths, lang: Lang) -> Face {
    let dot = shown.owed.filter(Owed::is_open);
    let (text, kind) = match (&shown.attendance, &shown.mark) {
        // a sign for what is overdue, not colour alone
        (a, None) if dot.is_some() => {
            let (sign, kind) = if shown.overdue {
                ("!", "overdue")
            } else {
                ("", "owed")
            };
            let absent = a.as_ref().map(|a| format!("{a}/")).unwrap_or_default();
            (format!("{absent}{DOT}{sign}"), Some(kind))
        }
        (Some(a), Some(m)) => (format!("{a}/{m}"), Some("mark")),
        (Some(a), None) => (a.clone(), Some("absence")),
        (None, Some(m)) => (
            m.clone(),
            Some(if shown.value.is_some() { "mark" } else { "note" }),
        ),
        // softly: nothing was written, and something may be
        (None, None) if shown.exempt => (t::journal_exempt_short(lang).to_owned(), Some("note")),
        (None, None) => (String::new(), None),
    };
    let (state, words, theirs) = match &shown.state {
        None => (None, None, None),
        Some(State::Waiting) => (
            Some("waiting"),
            Some(t::journal_cell_waiting(lang).to_owned()),
            None,
        ),
        Some(State::Refused(message)) => (
            Some("refused"),
            Some(t::journal_cell_refused(lang, message)),
            None,
        ),
        Some(State::Old(day)) => (
            Some("refused"),
            Some(t::journal_old_act(lang, date::day_month(*day, lang))),
            None,
        ),
        Some(State::Conflict(now)) => (
            Some("conflict"),
            Some(other(now, lang)),
            Some(
                now.value
                    .clone()
                    .unwrap_or_else(|| now.owed.map_or('–', |_| DOT).to_string()),
            ),
        ),
    };
    let comment = shown.comment.as_ref().map(|c| t::journal_cell_comment(lang, c));
    let exempt = shown.exempt && kind == Some("note") && shown.mark.is_none();
    let was = shown
        .replaced
        .as_ref()
        .map(|before| t::journal_cell_replaced(lang, before));
    let standing = if shown.overdue {
        Standing::Overdue
    } else {
        Standing::Due
    };
    let day = |day| date::day_month(day, lang);
    let owed = dot.map(|dot| {
        let words = t::owed_cell(lang, owed::said(&dot, standing, day, lang));
        let absent = shown.attendance.as_ref().map(|a| format!("{a}, "));
        absent.unwrap_or_default() + &words
    });
    let label =
        (words.is_some() || comment.is_some() || was.is_some() || exempt || owed.is_some()).then(|| {
            let value = if let Some(owed) = &owed {
                owed.as_str()
            } else if exempt {
                t::journal_exempt(lang)
            } else if text.is_empty() {
                t::journal_empty_cell(lang)
            } else {
                &text
            };
            [Some(value.to_owned()), was, words, comment.clone()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", ")
        });
    Face {
        text,
        was: shown.replaced.clone(),
        other: theirs,
        kind,
        tone: shown.value.and_then(|v| tone(v, best)),
        state,
        comment: comment.is_some(),
        locked: shown.closed,
        label,
    }
}

/// An average as people write it: «4,25»; empty without a mark.
#[must_use]
pub fn number(value: Option<Hundredths>, lang: Lang) -> String {
    value.map(|v| lang.decimal(&v.fixed())).unwrap_or_default()
}

/// Text that may stand in HTML, attributes included.
fn safe(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

/// The first of the two figures at the end of a row says so to the style sheet.
fn first(place: usize) -> &'static str {
    if place == 0 { " data-average" } else { "" }
}

/// Draws a window of a sheet.
#[derive(Clone, Debug)]
pub struct Drawing<'a> {
    /// What is drawn.
    pub sheet: &'a Sheet,
    /// The language.
    pub lang: Lang,
    /// The columns that are in the DOM.
    pub window: Range<usize>,
}

impl Drawing<'_> {
    /// The best value of a column's scale.
    #[must_use]
    pub fn best(sheet: &Sheet, column: usize) -> Hundredths {
        sheet
            .scale(column)
            .and_then(|s| s.items.iter().filter_map(|i| i.value).max())
            .unwrap_or_default()
    }

    fn columns(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.sheet
            .columns()
            .iter()
            .enumerate()
            .take(self.window.end)
            .skip(self.window.start)
    }

    fn lesson(&self, c: &Column) -> Option<&Lesson> {
        self.sheet.grid().lessons.get(c.lesson)
    }

    /// Does a month begin with this lesson?
    fn turns(&self, c: &Column) -> bool {
        let before = c
            .lesson
            .checked_sub(1)
            .and_then(|i| self.sheet.grid().lessons.get(i));
        self.lesson(c)
            .is_some_and(|l| before.is_none_or(|b| b.date.month() != l.date.month()))
    }

    /// Some cells of a row.
    #[must_use]
    pub fn cells(&self, row: usize, columns: Range<usize>) -> String {
        let mut out = String::with_capacity(columns.len() * 110);
        for (column, c) in self
            .sheet
            .columns()
            .iter()
            .enumerate()
            .take(columns.end)
            .skip(columns.start)
        {
            self.cell(row, column, c, Self::best(self.sheet, column), &mut out);
        }
        out
    }

    fn marks_of_column(&self, c: &Column, out: &mut String) {
        if c.first && self.turns(c) {
            out.push_str(" data-term");
        }
        if self.lesson(c).is_some_and(|l| l.date == self.sheet.grid().today) {
            out.push_str(" data-today");
        }
        if self.is_to_come(c) {
            out.push_str(" data-to-come");
        }
    }

    /// Its day has not come: planned, not yet filled.
    fn is_to_come(&self, c: &Column) -> bool {
        self.lesson(c).is_some_and(|l| l.date > self.sheet.grid().today)
    }

    /// All rows of pupils; those that are not filled have their names and averages alone.
    #[must_use]
    pub fn body(&self, filled: &Range<usize>) -> String {
        let mut out = String::with_capacity(self.sheet.rows() * self.window.len() * 110);
        let bests: Vec<Hundredths> = self.window.clone().map(|c| Self::best(self.sheet, c)).collect();
        for row in 0..self.sheet.rows() {
            self.row(row, filled.contains(&row), &bests, &mut out);
        }
        out
    }

    /// The pinned names, a line a pupil. Their words are in attributes, drawn by the style sheet: in the page's text each name
    /// stands once, in its row.
    #[must_use]
    pub fn names(&self) -> String {
        let mut out = String::with_capacity(self.sheet.rows() * 80);
        for (row, pupil) in self.sheet.grid().pupils.iter().enumerate() {
            let gone = if pupil.gone { " data-gone" } else { "" };
            let _ = write!(
                out,
                r#"<div class="grid-name"{gone} data-number="{}" data-text=""#,
                row + 1
            );
            safe(&pupil.name, &mut out);
            safe(
                &self.sign(pupil.id).map(|s| format!(" · {s}")).unwrap_or_default(),
                &mut out,
            );
            out.push_str(r#""></div>"#);
        }
        out
    }

    /// What is known of a pupil today: exempt from the subject, or a reason of absence with its last day.
    fn sign(&self, pupil: PupilId) -> Option<String> {
        let grid = self.sheet.grid();
        if grid.exempt.iter().any(|s| s.on(pupil, grid.today)) {
            return Some(t::journal_exempt_short(self.lang).to_owned());
        }
        let hint = grid.hint(pupil, grid.today)?;
        let until = date::day_month_short(hint.to, self.lang);
        Some(if hint.told {
            t::journal_told_until(self.lang, until)
        } else {
            t::journal_reason_until(self.lang, &hint.code, until)
        })
    }

    /// The pinned ends of the rows, a line a pupil.
    #[must_use]
    pub fn ends(&self) -> String {
        let mut out = String::with_capacity(self.sheet.rows() * 160);
        for row in 0..self.sheet.rows() {
            out.push_str(r#"<div class="grid-end">"#);
            for (i, end) in ends(self.sheet, row, self.lang).into_iter().enumerate() {
                let _ = write!(
                    out,
                    r#"<div class="grid-avg"{} data-text="{}""#,
                    first(i),
                    end.text
                );
                end.signs(&mut out);
                out.push_str("></div>");
            }
            out.push_str("</div>");
        }
        out
    }

    fn row(&self, row: usize, filled: bool, bests: &[Hundredths], out: &mut String) {
        let Some(pupil) = self.sheet.grid().pupils.get(row) else {
            return;
        };
        let _ = write!(
            out,
            r#"<div class="grid-row" role="row" aria-rowindex="{}"{}><div class="grid-name" role="rowheader" aria-colindex="1"><small>{}</small><span>"#,
            row + 3,
            if pupil.gone { " data-gone" } else { "" },
            row + 1,
        );
        safe(&pupil.name, out);
        if let Some(sign) = self.sign(pupil.id) {
            out.push_str(" · ");
            safe(&sign, out);
        }
        if pupil.gone {
            let _ = write!(
                out,
                r#"<span class="visually-hidden">, {}</span>"#,
                t::journal_gone(self.lang)
            );
        }
        out.push_str(r#"</span></div><div class="grid-gap" data-side="before" aria-hidden="true"></div>"#);
        for ((column, c), best) in self.columns().zip(bests).filter(|_| filled) {
            self.cell(row, column, c, *best, out);
        }
        out.push_str(r#"<div class="grid-gap" data-side="after" aria-hidden="true"></div>"#);
        let last = self.sheet.columns().len() + 2;
        for (i, end) in ends(self.sheet, row, self.lang).into_iter().enumerate() {
            let _ = write!(
                out,
                r#"<div class="grid-avg"{} role="gridcell" aria-colindex="{}""#,
                first(i),
                last + i
            );
            // the mark of the period is typed in place, like any other
            if i == 1 && self.sheet.grid().results.is_some() {
                out.push_str(r#" tabindex="-1""#);
            }
            if i == 0 || self.sheet.open_result(row).is_err_and(|no| no != No::Waiting) {
                out.push_str(r#" aria-readonly="true""#);
            }
            end.signs(out);
            if let Some(label) = &end.label {
                out.push_str(" aria-label=\"");
                safe(label, out);
                out.push('"');
            }
            out.push('>');
            safe(&end.text, out);
            out.push_str("</div>");
        }
        out.push_str("</div>");
    }

    fn cell(&self, row: usize, column: usize, c: &Column, best: Hundredths, out: &mut String) {
        let face = face(&self.sheet.shown(row, column), best, self.lang);
        let _ = write!(
            out,
            r#"<div class="grid-cell" role="gridcell" tabindex="-1" aria-colindex="{}""#,
            column + 2
        );
        self.marks_of_column(c, out);
        for (name, value) in [
            ("data-kind", face.kind),
            ("data-tone", face.tone),
            ("data-state", face.state),
        ] {
            if let Some(value) = value {
                let _ = write!(out, r#" {name}="{value}""#);
            }
        }
        if face.comment {
            out.push_str(" data-comment");
        }
        if face.locked {
            out.push_str(r#" data-locked aria-readonly="true""#);
        }
        if let Some(label) = &face.label {
            out.push_str(" aria-label=\"");
            safe(label, out);
            out.push('"');
        }
        out.push('>');
        safe(&face.text, out);
        if let Some(was) = &face.was {
            // drawn by the style sheet: the cell's name says it in words
            out.push_str("<s data-text=\"");
            safe(was, out);
            out.push_str("\"></s>");
        }
        if let Some(other) = &face.other {
            out.push_str("<small>");
            out.push('⇄');
            safe(other, out);
            out.push_str("</small>");
        }
        out.push_str("</div>");
    }
}

#[cfg(test)]
mod tests;
