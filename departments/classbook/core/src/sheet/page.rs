//! A page of the class journal, as on paper: on the left pupils and dates with marks and absences, on the right the dates with topics
//! and homework. It says what the journal itself says ([`Grid`], [`Totals`]).

use std::collections::HashMap;

use base::Lang;
use chrono::NaiveDate;
use paper::{Cell, Column, Paper, Row, RowKind, Shape, Table};

use super::head::Head;
use super::marks::level;
use super::{When, pupil, words};
use crate::grading::{Stage, Totals};
use crate::journal::Grid;
use crate::journal::grid::Lesson;
use crate::owed::DOT;
use crate::t;

/// What a page is made of.
#[derive(Clone, Debug)]
pub struct Page {
    /// What stands above it; its days say which lessons.
    pub head: Head,
    /// Who teaches: «Учителева А. И.».
    pub teachers: String,
    /// The period of the journal.
    pub grid: Grid,
    /// Its totals, for the marks of the period.
    pub totals: Totals,
}

fn column(head: impl Into<String>, shape: Shape) -> Column {
    Column {
        group: None,
        head: head.into(),
        shape,
        key: None,
    }
}

/// The column of averages.
pub(super) const AVERAGE: &str = "average";
/// The column of the period's marks.
pub(super) const MARK: &str = "mark";

/// The key of a lesson's column.
pub(super) fn lesson_key(lesson: base::LessonId) -> String {
    format!("l{lesson}")
}

/// The lessons that a page shows: those that were held, in its days, up to today.
fn lessons(page: &Page) -> Vec<(u16, &Lesson)> {
    let (from, to) = page.head.days;
    let to: NaiveDate = to.min(page.head.today);
    (0u16..)
        .zip(&page.grid.lessons)
        .filter(|(_, l)| !l.cancelled && from <= l.date && l.date <= to)
        .collect()
}

/// A mark and its level.
type Leveled = (String, Option<u8>);

/// What stands in the cells: by pupil and lesson, absences first, then marks with their levels.
struct Cells {
    marks: HashMap<(u16, u16), Vec<Leveled>>,
    absent: HashMap<(u16, u16), String>,
}

impl Cells {
    fn of(grid: &Grid) -> Self {
        let lesson_at: HashMap<_, u16> = grid.lessons.iter().map(|l| l.id).zip(0u16..).collect();
        let mut marks: HashMap<(u16, u16), Vec<Leveled>> = HashMap::new();
        let mut rows: Vec<_> = grid.marks.iter().collect();
        rows.sort_by_key(|m| (m.0, m.1));
        for mark in rows {
            let Some((code, work)) = mark.2.as_ref().zip(grid.assignments.get(usize::from(mark.1))) else {
                continue;
            };
            let Some(lesson) = lesson_at.get(&work.lesson) else {
                continue;
            };
            let scale = grid.scales.iter().find(|s| s.id == work.scale);
            let item = scale.and_then(|s| s.items.iter().find(|i| i.code == *code));
            let standing = item.map(|i| i.standing).unwrap_or_default();
            let before = grid.replaced.iter().find(|r| (r.0, r.1) == (mark.0, mark.1));
            marks.entry((mark.0, *lesson)).or_default().push((
                pupil::rewritten(code, before.map(|r| r.2.as_str())),
                level(standing),
            ));
        }
        // a mark that stands there has paid it
        let dots = grid.owed.iter().filter(|dot| dot.2.is_open());
        for (pupil, work) in dots.filter_map(|dot| Some((dot.0, grid.assignments.get(usize::from(dot.1))?))) {
            if let Some(lesson) = lesson_at.get(&work.lesson) {
                let there = marks.entry((pupil, *lesson)).or_default();
                there.push((DOT.to_string(), None));
            }
        }
        let absent = grid
            .attendance
            .iter()
            .filter_map(|a| Some(((a.0, a.1), a.2.clone()?)))
            .collect();
        Self { marks, absent }
    }

    fn at(&self, place: (u16, u16)) -> Cell {
        let marks = self.marks.get(&place).map_or(&[][..], Vec::as_slice);
        match (self.absent.get(&place), marks) {
            (None, [(code, level)]) => Cell::Mark(code.clone(), *level),
            (absent, marks) => {
                let all: Vec<&str> = absent
                    .map(String::as_str)
                    .into_iter()
                    .chain(marks.iter().map(|(code, _)| code.as_str()))
                    .collect();
                Cell::text(all.join(" "))
            }
        }
    }
}

/// The page.
#[must_use]
pub fn paper(page: &Page, when: When) -> Paper {
    let lang = page.head.lang;
    let codes = page
        .grid
        .codes
        .iter()
        .map(|c| (c.code.as_str(), c.title.as_str()));
    let about = vec![
        words::fact(t::sheet_class(lang), page.grid.audience.clone()),
        words::fact(t::sheet_subject(lang), page.grid.subject.clone()),
        words::fact(t::sheet_teacher(lang), page.teachers.clone()),
    ];
    page.head.paper(
        t::sheet_journal(lang),
        about,
        vec![left(page, when), right(page)],
        vec![
            format!("{}; {DOT} — {}", pupil::legend(codes), t::owed_legend(lang)),
            rewritten(&page.grid, lang),
        ]
        .into_iter()
        .filter(|l| !l.is_empty())
        .collect(),
        vec![
            words::sign(t::sheet_teacher(lang), page.teachers.clone()),
            words::sign(t::sheet_deputy(lang), ""),
        ],
    )
}

/// What a former mark in brackets is, where there is one.
fn rewritten(grid: &Grid, lang: Lang) -> String {
    match grid.replaced.first() {
        None => String::new(),
        Some(_) => t::sheet_rewritten(lang).to_owned(),
    }
}

fn left(page: &Page, when: When) -> Table {
    let lang = page.head.lang;
    let shown = lessons(page);
    let cells = Cells::of(&page.grid);
    // only a whole period has an average and a mark of its own
    let total = match when {
        When::Period(id) => page.totals.columns.iter().find(|c| c.stage == Stage::Period(id)),
        When::Year | When::Month(..) => None,
    };
    let mut columns = vec![
        column(t::sheet_number(lang), Shape::Number),
        column(t::sheet_pupil(lang), Shape::Name),
    ];
    columns.extend(
        shown
            .iter()
            .map(|(_, l)| column(words::short_date(l.date), Shape::Day).keyed(lesson_key(l.id))),
    );
    if let Some(total) = total {
        let average = if page.totals.terms(total).weighted {
            t::sheet_weighted(lang)
        } else {
            t::sheet_average(lang)
        };
        columns.push(column(average, Shape::Figure).keyed(AVERAGE));
        columns.push(column(t::sheet_period_mark(lang), Shape::Upright).keyed(MARK));
    }
    let row = |(n, person): (u16, &crate::journal::grid::Pupil)| {
        let mut line = vec![Cell::Count(i64::from(n) + 1), Cell::text(person.name.clone())];
        line.extend(shown.iter().map(|(at, _)| cells.at((n, *at))));
        if let Some(column) = total {
            let at = page.totals.pupils.iter().position(|p| p.id == person.id);
            let average = at.and_then(|row| page.totals.suggest(row, column).average());
            line.push(Cell::figure(average));
            line.push(
                page.totals
                    .code(person.id, column.stage)
                    .map_or(Cell::Empty, |code| {
                        let standing = page.totals.level(person.id, column.stage);
                        Cell::Mark(code.to_owned(), level(standing.unwrap_or_default()))
                    }),
            );
        }
        Row {
            kind: if person.gone {
                RowKind::Gone
            } else {
                RowKind::Plain
            },
            href: None,
            key: Some(super::opened::pupil_key(person.id)),
            cells: line,
        }
    };
    Table {
        title: None,
        apart: false,
        columns,
        rows: (0u16..).zip(&page.grid.pupils).map(row).collect(),
    }
}

fn right(page: &Page) -> Table {
    let lang = page.head.lang;
    let row = |(n, (_, lesson)): (i64, (u16, &Lesson))| {
        let homework = lesson.homework.as_ref().map(|h| {
            let due = h.due_on.map(|d| t::sheet_due(lang, words::short_date(d)));
            [Some(h.words(lang)), due]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ")
        });
        Row::plain(vec![
            Cell::Count(n),
            Cell::text(words::date(lesson.date)),
            Cell::text(lesson.topic.clone().unwrap_or_default()),
            Cell::text(homework.unwrap_or_default()),
        ])
    };
    Table {
        title: Some(t::sheet_topics(lang).to_owned()),
        apart: true,
        columns: vec![
            column(t::sheet_number(lang), Shape::Number),
            column(t::sheet_date(lang), Shape::Date),
            column(t::sheet_topic(lang), Shape::Words),
            column(t::sheet_homework(lang), Shape::Words),
        ],
        rows: (1..).zip(lessons(page)).map(row).collect(),
    }
}

#[cfg(test)]
mod tests;
