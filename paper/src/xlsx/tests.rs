//! The file, read back by the library that reads the files of people.

use std::io::Cursor;

use super::*;
use crate::{Fact, Sign};
use base::Lang;
use base::number::Hundredths;
use calamine::{Data, Reader as _, Xlsx};
use proptest::prelude::*;

fn paper(names: &[&str]) -> Paper {
    let column = |head: &str, shape| Column {
        group: (shape == Shape::Upright).then(|| "Отметки".to_owned()),
        head: head.to_owned(),
        shape,
        key: None,
    };
    Paper {
        lang: Lang::Ru,
        school: "=Школа".to_owned(),
        title: "Сводная ведомость: 1/2 [успеваемости] *?".to_owned(),
        facts: vec![Fact {
            name: "Класс".to_owned(),
            value: "7А".to_owned(),
        }],
        tables: vec![Table {
            title: None,
            apart: false,
            columns: vec![
                column("№", Shape::Number),
                column("Ученик", Shape::Name),
                column("@Алгебра", Shape::Upright),
                column("Физика", Shape::Upright),
                column("Средний балл", Shape::Figure),
            ],
            rows: names
                .iter()
                .map(|name| {
                    Row::plain(vec![
                        Cell::Count(1),
                        Cell::text(*name),
                        Cell::Mark("5".to_owned(), Some(5)),
                        Cell::Mark("н/а".to_owned(), None),
                        Cell::Figure(Hundredths(450)),
                    ])
                })
                .collect(),
        }],
        notes: vec!["-примечание".to_owned()],
        signs: vec![Sign {
            role: "Директор".to_owned(),
            name: String::new(),
        }],
        under_signs: <[String; 2]>::default(),
        made_on: chrono::NaiveDate::default(),
        made: "Напечатано".to_owned(),
    }
}

fn back(paper: &Paper) -> (Vec<Data>, Vec<String>, usize) {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(write(paper).unwrap())).unwrap();
    let names = book.sheet_names();
    let (mut cells, mut formulas) = (vec![], 0);
    for name in &names {
        cells.extend(
            book.worksheet_range(name)
                .unwrap()
                .cells()
                .map(|(_, _, v)| v.clone()),
        );
        let range = book.worksheet_formula(name).unwrap();
        formulas += range.cells().filter(|(_, _, f)| !f.is_empty()).count();
    }
    (cells, names, formulas)
}

#[test]
fn numbers_are_numbers_and_words_are_words() {
    let (cells, names, formulas) = back(&paper(&["Абрамова Вера", "=1+1"]));
    assert_eq!(formulas, 0);
    assert_eq!(names, ["Сводная ведомость  1 2  ус"]);
    let has = |wanted: &Data| cells.contains(wanted);
    for text in [
        "Абрамова Вера",
        "'=1+1",
        "'=Школа",
        "'@Алгебра",
        "н/а",
        "Отметки",
        "'-примечание",
    ] {
        assert!(has(&Data::String(text.to_owned())), "{text}: {cells:?}");
    }
    assert!(has(&Data::Float(5.0)) && has(&Data::Float(4.5)), "{cells:?}");
}

#[test]
fn several_tables_are_several_worksheets_of_different_names() {
    let mut sheet = paper(&["Имя"]);
    let again = sheet.tables[0].clone();
    sheet.tables.push(again);
    let (_, names, _) = back(&sheet);
    assert_eq!(names.len(), 2);
    assert_ne!(names[0], names[1]);
}

proptest! {
    #[test]
    fn nothing_that_is_written_is_a_formula(name in "[=+\\-@\t\r\n＝＋－＠а-яА-Я0-9(\"') ]{1,30}") {
        let (cells, _, formulas) = back(&paper(&[&name]));
        prop_assert_eq!(formulas, 0);
        for cell in cells {
            if let Data::String(text) = cell {
                prop_assert!(!text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{:?}", text);
            }
        }
    }

    #[test]
    fn what_is_harmless_stays_as_it_is(name in "[А-Яа-я0-9«][А-Яа-я =+@-]{0,30}") {
        prop_assert_eq!(harmless(&name), name);
    }
}
