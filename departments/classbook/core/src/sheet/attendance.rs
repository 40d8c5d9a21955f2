//! Сводная ведомость посещаемости: what each pupil of a class has missed, in lessons and in days, by the school's reasons.

use std::collections::HashMap;

use base::PupilId;
use base::number::Hundredths;
use paper::{Cell, Column, Paper, Row, RowKind, Shape, Table};

use super::head::Head;
use super::missed::{Code, Day, Missed, missed};
use crate::journal::grid::Pupil;
use crate::t;

/// What the sheet is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// What stands above it.
    pub head: Head,
    /// The pupils of the period, by name.
    pub pupils: Vec<Pupil>,
    /// The school's codes, in its order.
    pub codes: Vec<Code>,
    /// The days of each pupil, up to today.
    pub days: HashMap<PupilId, Vec<Day>>,
}

fn column(group: Option<&str>, head: impl Into<String>, shape: Shape) -> Column {
    Column {
        group: group.map(str::to_owned),
        head: head.into(),
        shape,
    }
}

/// A figure of a row, one for each column.
type Of = Box<dyn Fn(&Missed) -> i64>;

/// The columns of figures: what stands over them, and what they are of what was missed.
fn figures(data: &Attendance) -> Vec<(Column, Of)> {
    let lang = data.head.lang;
    let (lessons, days) = (t::sheet_missed_lessons(lang), t::sheet_missed_days(lang));
    let absent = || data.codes.iter().enumerate().filter(|(_, c)| c.absent);
    let mut out: Vec<(Column, Of)> = vec![];
    let mut add = |group: Option<&str>, head: String, of: Of| {
        out.push((column(group, head, Shape::Upright), of));
    };
    add(None, t::sheet_held(lang).to_owned(), Box::new(|m| m.held));
    for (n, code) in absent() {
        let head = format!("{} — {}", code.code, code.title);
        add(Some(lessons), head, Box::new(move |m| m.with(n)));
    }
    add(
        Some(lessons),
        t::sheet_all(lang).to_owned(),
        Box::new(|m| m.missed),
    );
    for (n, code) in absent() {
        let head = format!("{} — {}", code.code, code.title);
        add(Some(days), head, Box::new(move |m| m.days_with(n)));
    }
    add(
        Some(days),
        t::sheet_all(lang).to_owned(),
        Box::new(|m| m.whole_days),
    );
    add(
        None,
        t::sheet_three_lessons(lang).to_owned(),
        Box::new(|m| m.three_lessons),
    );
    add(
        None,
        t::sheet_missed_weeks(lang).to_owned(),
        Box::new(|m| m.weeks),
    );
    add(None, t::sheet_systematic(lang).to_owned(), Box::new(|m| m.months));
    for (n, code) in data.codes.iter().enumerate().filter(|(_, c)| !c.absent) {
        let head = format!("{} — {}", code.code, code.title);
        add(None, head, Box::new(move |m| m.with(n)));
    }
    out
}

/// The sheet.
#[must_use]
pub fn paper(data: &Attendance, when: super::When) -> Paper {
    let lang = data.head.lang;
    let figures = figures(data);
    let mut columns = vec![
        column(None, t::sheet_number(lang), Shape::Number),
        column(None, t::sheet_pupil(lang), Shape::Name),
    ];
    columns.extend(figures.iter().map(|(column, _)| column.clone()));
    columns.push(column(None, t::sheet_missed_share(lang), Shape::Figure));
    let of = |pupil: PupilId| missed(data.days.get(&pupil).map_or(&[], Vec::as_slice), &data.codes);
    let all: Vec<Missed> = data.pupils.iter().map(|p| of(p.id)).collect();
    let row = |(n, (pupil, missed)): (i64, (&Pupil, &Missed))| {
        let mut cells = vec![Cell::Count(n), Cell::text(pupil.name.clone())];
        cells.extend(figures.iter().map(|(_, of)| Cell::some(of(missed))));
        cells.push(Cell::figure(missed.share()));
        Row {
            kind: if pupil.gone { RowKind::Gone } else { RowKind::Plain },
            href: Some(super::pupil::href(pupil.id, super::Kind::Report, when)),
            cells,
        }
    };
    let mut rows: Vec<Row> = (1..).zip(data.pupils.iter().zip(&all)).map(row).collect();
    let mut cells = vec![Cell::Empty, Cell::text(t::sheet_class_total(lang))];
    cells.extend(
        figures
            .iter()
            .map(|(_, of)| Cell::Count(all.iter().map(of).sum())),
    );
    let (gone, held): (i64, i64) = (
        all.iter().map(|m| m.missed).sum(),
        all.iter().map(|m| m.held).sum(),
    );
    cells.push(Cell::figure(Hundredths::ratio(
        i128::from(gone) * 100,
        i128::from(held),
    )));
    rows.push(Row::total(cells));
    let table = Table {
        title: None,
        apart: false,
        columns,
        rows,
    };
    data.head.paper(
        t::sheet_attendance(lang),
        vec![],
        vec![table],
        notes(lang),
        data.head.signs(),
    )
}

/// How what was missed is counted.
pub(super) fn notes(lang: base::Lang) -> Vec<String> {
    vec![
        t::sheet_note_missed(lang).to_owned(),
        t::sheet_note_days(lang).to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Lang;

    #[test]
    fn each_row_and_the_class_by_hand() {
        let d = |text: &str| text.parse().unwrap();
        let code = |code: &str, absent| Code {
            code: code.to_owned(),
            title: "причина".to_owned(),
            absent,
        };
        let pupil = |id: i64, name: &str| Pupil {
            id: PupilId(id),
            name: name.to_owned(),
            spans: vec![],
            gone: id == 2,
        };
        let day = |lessons, codes: &[usize]| Day {
            date: d("2026-11-16"),
            lessons,
            codes: codes.to_vec(),
        };
        let data = Attendance {
            head: Head {
                lang: Lang::Ru,
                school: "Школа".to_owned(),
                class: "7А".to_owned(),
                class_teacher: String::new(),
                year: "2026/27".to_owned(),
                term: "2 четверть".to_owned(),
                days: (d("2026-11-02"), d("2026-12-27")),
                today: d("2026-11-17"),
            },
            pupils: vec![pupil(1, "Абрамов"), pupil(2, "Белова"), pupil(3, "Власов")],
            codes: vec![code("н", true), code("б", true), code("о", false)],
            days: HashMap::from([
                (PupilId(1), vec![day(4, &[1, 1, 1, 1])]),
                (PupilId(2), vec![day(4, &[0, 2])]),
            ]),
        };
        let paper = paper(&data, super::super::When::Year);
        let table = &paper.tables[0];
        let words = |row: usize| -> Vec<String> {
            let cells = &table.rows[row].cells;
            assert_eq!(cells.len(), table.columns.len());
            cells.iter().skip(2).map(|c| c.words(Lang::Ru)).collect()
        };
        // held; н, б, all lessons; н, б, all days; three lessons, weeks, months; late; share
        assert_eq!(
            words(0),
            ["4", "", "4", "4", "", "1", "1", "1", "1", "1", "", "100,00"]
        );
        assert_eq!(
            words(1),
            ["4", "1", "", "1", "", "", "", "", "", "", "1", "25,00"]
        );
        assert_eq!(words(2), ["", "", "", "", "", "", "", "", "", "", "", ""]);
        assert_eq!(
            words(3),
            ["8", "1", "4", "5", "0", "1", "1", "1", "1", "1", "1", "62,50"]
        );
        assert_eq!(table.rows[1].kind, RowKind::Gone);
    }
}
