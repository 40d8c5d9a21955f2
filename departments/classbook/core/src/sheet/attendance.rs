//! Сводная ведомость посещаемости: what each pupil of a class has missed, in lessons and in days, by reason.

use std::collections::BTreeMap;

use base::number::Hundredths;
use paper::{Cell, Column, Paper, Row, RowKind, Shape, Table};

use super::head::Head;
use super::missed::{Missed, REASONS, missed};
use super::missed_opened::What;
use super::opened::{At, Line, Opened, pupil_of};
use crate::attendance::{DayOf, Notions, Reason};
use crate::journal::grid::Pupil;
use crate::t;

/// What the sheet is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// What stands above it.
    pub head: Head,
    /// The pupils of the period, by name.
    pub pupils: Vec<Pupil>,
    /// The school's notions of missed days and weeks.
    pub notions: Notions,
    /// The days of each pupil, by their number.
    pub days: BTreeMap<i64, Vec<DayOf>>,
}

fn column(group: Option<&str>, head: impl Into<String>, shape: Shape) -> Column {
    Column {
        group: group.map(str::to_owned),
        head: head.into(),
        shape,
        key: None,
    }
}

/// A figure of a row, one for each column.
type Of = Box<dyn Fn(&Missed) -> i64>;

/// The columns of figures: what stands over them, and what they are of what was missed.
fn figures(data: &Attendance) -> Vec<(Column, Of)> {
    let (lang, notions) = (data.head.lang, &data.notions);
    let (lessons, days) = (t::sheet_missed_lessons(lang), t::sheet_missed_days(lang));
    let mut out: Vec<(Column, Of)> = vec![];
    let mut add = |group: Option<&str>, head: String, what: What, of: Of| {
        out.push((column(group, head, Shape::Upright).keyed(what.key()), of));
    };
    add(
        None,
        t::sheet_held(lang).to_owned(),
        What::Held,
        Box::new(|m| m.tally.lessons),
    );
    for reason in REASONS {
        let head = reason.title(lang).to_owned();
        add(
            Some(lessons),
            head,
            What::Lessons(reason),
            Box::new(move |m| m.lessons(reason)),
        );
    }
    add(
        Some(lessons),
        t::sheet_all(lang).to_owned(),
        What::Missed,
        Box::new(|m| m.tally.missed),
    );
    for reason in REASONS {
        let head = reason.title(lang).to_owned();
        add(
            Some(days),
            head,
            What::Days(reason),
            Box::new(move |m| m.days(reason)),
        );
    }
    add(
        Some(days),
        t::sheet_all(lang).to_owned(),
        What::FullDays,
        Box::new(|m| m.tally.full_days),
    );
    add(
        None,
        t::sheet_act_days(lang, notions.day_lessons),
        What::ActDays,
        Box::new(|m| m.tally.days),
    );
    add(
        None,
        t::sheet_missed_weeks(lang, notions.week_percent),
        What::Weeks,
        Box::new(|m| m.tally.weeks),
    );
    add(
        None,
        t::sheet_systematic(lang, notions.month_percent),
        What::Months,
        Box::new(|m| m.months),
    );
    add(
        None,
        t::sheet_late(lang).to_owned(),
        What::Lessons(Reason::Late),
        Box::new(|m| m.lessons(Reason::Late)),
    );
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
    columns.push(column(None, t::sheet_missed_share(lang), Shape::Figure).keyed(What::Share.key()));
    let (days, today) = (data.head.days, data.head.today);
    let of = |pupil: &Pupil| {
        let own = data.days.get(&pupil.id.0).map(Vec::as_slice).unwrap_or_default();
        missed(own, days, today, &data.notions)
    };
    let all: Vec<Missed> = data.pupils.iter().map(of).collect();
    let row = |(n, (pupil, missed)): (i64, (&Pupil, &Missed))| {
        let mut cells = vec![Cell::Count(n), Cell::text(pupil.name.clone())];
        cells.extend(figures.iter().map(|(_, of)| Cell::some(of(missed))));
        cells.push(Cell::figure(missed.share()));
        Row {
            kind: if pupil.gone { RowKind::Gone } else { RowKind::Plain },
            href: Some(super::pupil::href(pupil.id, super::Kind::Report, when)),
            key: Some(super::opened::pupil_key(pupil.id)),
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
    let gone: i64 = all.iter().map(|m| m.tally.missed).sum();
    let held: i64 = all.iter().map(|m| m.tally.lessons).sum();
    cells.push(Cell::figure(Hundredths::ratio(
        i128::from(gone) * 100,
        i128::from(held),
    )));
    rows.push(Row::total(cells).keyed(ALL));
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

/// The row of the class.
const ALL: &str = "all";

/// What lies behind a figure: the days of a pupil, the pupils of the class; none for what is no place of this sheet.
#[must_use]
pub fn opened(data: &Attendance, at: &At) -> Option<Opened> {
    let (lang, today) = (data.head.lang, data.head.today);
    let what = What::from_key(&at.column)?;
    let own = |pupil: &Pupil| data.days.get(&pupil.id.0).map(Vec::as_slice).unwrap_or_default();
    let of = |pupil: &Pupil| missed(own(pupil), data.head.days, today, &data.notions);
    let name = |row: &str| format!("{row}: {}", what.name(&data.notions, lang));
    if at.row == ALL {
        let all: Vec<(&Pupil, Missed)> = data.pupils.iter().map(|p| (p, of(p))).collect();
        let lines = all.iter().filter_map(|(pupil, missed)| {
            let figure = what.figure(missed);
            (figure != Cell::Empty).then(|| Line {
                name: pupil.name.clone(),
                says: figure.words(lang),
                at: Some(At::new(super::opened::pupil_key(pupil.id), at.column.clone())),
                ..Line::default()
            })
        });
        let sums = all.iter().map(|(_, m)| (m.tally.missed, m.tally.lessons));
        let sums = sums.fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
        return Some(Opened {
            title: name(t::sheet_class_total(lang)),
            how: what.how(sums, &data.notions, lang),
            lines: lines.collect(),
            ..Opened::default()
        });
    }
    let id = pupil_of(&at.row)?;
    let pupil = data.pupils.iter().find(|p| p.id == id)?;
    let counted = of(pupil);
    let span = (data.head.days.0, data.head.days.1.min(today));
    Some(Opened {
        title: name(&pupil.name),
        how: what.how((counted.tally.missed, counted.tally.lessons), &data.notions, lang),
        lines: what.days(own(pupil), span, &data.notions, lang),
        ..Opened::default()
    })
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
    use base::{Lang, PupilId};

    #[test]
    fn each_row_and_the_class_by_hand() {
        let d = |text: &str| text.parse().unwrap();
        let pupil = |id: i64, name: &str| Pupil {
            id: PupilId(id),
            name: name.to_owned(),
            spans: vec![],
            gone: id == 2,
        };
        let monday = DayOf {
            lessons: 4,
            ..DayOf::empty(d("2026-11-09"))
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
            notions: Notions::default(),
            days: BTreeMap::from([
                (1, vec![DayOf { ill: 4, ..monday }]),
                (
                    2,
                    vec![DayOf {
                        unknown: 1,
                        late: 1,
                        ..monday
                    }],
                ),
            ]),
        };
        let paper = paper(&data, super::super::When::Year);
        let table = &paper.tables[0];
        let words = |row: usize| -> Vec<String> {
            let cells = &table.rows[row].cells;
            assert_eq!(cells.len(), table.columns.len());
            cells.iter().skip(2).map(|c| c.words(Lang::Ru)).collect()
        };
        // held; ill, excused, unexcused, unknown, all lessons; the same of whole days; by the act, weeks, months; late; share
        assert_eq!(
            words(0),
            [
                "4", "4", "", "", "", "4", "1", "", "", "", "1", "1", "1", "1", "", "100,00"
            ]
        );
        assert_eq!(
            words(1),
            [
                "4", "", "", "", "1", "1", "", "", "", "", "", "", "", "", "1", "25,00"
            ]
        );
        assert_eq!(words(2), [""; 16]);
        assert_eq!(
            words(3),
            [
                "8", "4", "0", "0", "1", "5", "1", "0", "0", "0", "1", "1", "1", "1", "1", "62,50"
            ]
        );
        assert_eq!(table.rows[1].kind, RowKind::Gone);
    }
}
