//! What stands on the pages, read from the pages themselves: every letter has a shape, every name is a name.

use super::*;
use crate::{Cell, Fact, Row, Sign};
use base::Lang;
use proptest::prelude::*;
use typst::layout::{Frame, FrameItem};

fn paper(tables: Vec<Table>) -> Paper {
    Paper {
        lang: Lang::Ru,
        school: "МБОУ «Школа № 1»".to_owned(),
        title: "Страница классного журнала".to_owned(),
        facts: vec![Fact {
            name: "Класс".to_owned(),
            value: "7А".to_owned(),
        }],
        tables,
        notes: vec!["% качества: доля «4» и «5»".to_owned()],
        signs: vec![Sign {
            role: "Классный руководитель".to_owned(),
            name: "Учителева А. И.".to_owned(),
        }],
        under_signs: ["подпись".to_owned(), "расшифровка подписи".to_owned()],
        made_on: chrono::NaiveDate::default(),
        made: "Напечатано 26.11.2026".to_owned(),
    }
}

fn column(head: &str, shape: Shape) -> Column {
    Column {
        group: None,
        head: head.to_owned(),
        shape,
        key: None,
    }
}

fn journal(names: &[&str], days: usize) -> Table {
    let mut columns = vec![column("№", Shape::Number), column("Ученик", Shape::Name)];
    columns.extend((0..days).map(|n| column(&format!("{:02}.09", n % 30 + 1), Shape::Day)));
    let row = |(n, name): (usize, &&str)| {
        let mut cells = vec![Cell::Count(i64::try_from(n + 1).unwrap()), Cell::text(*name)];
        cells.extend((0..days).map(|d| match (n + d) % 4 {
            0 => Cell::Mark("5".to_owned(), Some(5)),
            1 => Cell::text("н"),
            2 => Cell::text("5 4"),
            _ => Cell::Empty,
        }));
        Row::plain(cells)
    };
    Table {
        columns,
        rows: names.iter().enumerate().map(row).collect(),
        ..Table::default()
    }
}

/// What a page says, and how many of its letters have no shape.
fn read(frame: &Frame, text: &mut String, shapeless: &mut usize) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => read(&group.frame, text, shapeless),
            FrameItem::Text(run) => {
                text.push_str(&run.text);
                text.push('\n');
                *shapeless += run.glyphs.iter().filter(|g| g.id == 0).count();
            }
            _ => {}
        }
    }
}

struct Pages {
    pages: Vec<String>,
    shapeless: usize,
    warnings: Vec<String>,
}

fn pages(paper: &Paper) -> Pages {
    pages_of(std::slice::from_ref(paper))
}

fn pages_of(papers: &[Paper]) -> Pages {
    set(papers, |document, warnings| {
        let mut shapeless = 0;
        let pages = document
            .pages()
            .iter()
            .map(|page| {
                let mut text = String::new();
                read(&page.frame, &mut text, &mut shapeless);
                text.replace('\u{200b}', "")
            })
            .collect();
        Ok(Pages {
            pages,
            shapeless,
            warnings,
        })
    })
    .unwrap()
}

#[test]
fn both_fonts_lie_in_the_executable() {
    assert_eq!(PRESS.fonts.len(), 2);
    assert!(PRESS.book.contains_family("pt sans"));
}

#[test]
fn forty_pupils_and_a_hundred_and_fifty_days_take_several_pages_each_with_its_names() {
    let names: Vec<String> = (1..=40).map(|n| format!("Ученик{n} Имя")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let found = pages(&paper(vec![journal(&names, 150)]));
    assert!(found.pages.len() >= 5, "{} pages", found.pages.len());
    assert_eq!((found.shapeless, found.warnings), (0, vec![]));
    let all = found.pages.concat();
    // five parts beside each other
    assert_eq!(all.matches("Ученик40").count(), 5);
    for (n, page) in found.pages.iter().enumerate() {
        assert!(page.contains("Ученик\n"), "page {n} has no head: {page}");
        assert!(
            page.contains(&format!("{} / {}", n + 1, found.pages.len())),
            "page {n} has no number"
        );
        assert!(page.contains("Напечатано 26.11.2026"));
    }
    assert!(found.pages[0].contains("МБОУ «Школа № 1»"));
    assert!(found.pages.last().unwrap().contains("Учителева А. И."));
}

#[test]
fn several_sheets_are_one_file_each_with_pages_of_its_own() {
    let names: Vec<String> = (1..=40).map(|n| format!("Ученик{n} Имя")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let wide = pages(&paper(vec![journal(&names, 150)])).pages;
    let one = paper(vec![journal(&["Абрамов Артём"], 3)]);
    let found = pages_of(&[one.clone(), paper(vec![journal(&names, 150)]), one]);
    assert_eq!((found.shapeless, found.warnings), (0, vec![]));
    let (first, last) = (&found.pages[0], found.pages.last().unwrap());
    assert!(
        first.contains("1 / 1") && last.contains("1 / 1"),
        "{first} {last}"
    );
    // a sheet among others is what it is alone
    assert_eq!(found.pages[1..found.pages.len() - 1], wide);
}

#[test]
fn nothing_is_no_file_and_what_is_too_heavy_together_is_told() {
    assert!(matches!(write_all(&[]), Err(Unprinted::TooLarge)));
    let heavy = paper(vec![journal(&["Абрамов Артём"; 90], 150)]);
    assert!(heavy.is_printable());
    assert!(matches!(
        write_all(&[heavy.clone(), heavy]),
        Err(Unprinted::TooLarge)
    ));
}

#[test]
fn a_name_is_a_name_whatever_it_looks_like() {
    let long = "Я".repeat(100);
    let nasty = [
        "#panic(\"x\")",
        "=HYPERLINK(\"http://evil\")",
        "*жирный* _курсив_ $x$ @ref <label>",
        "]#read(\"/etc/passwd\")[",
        "\\u{0} \" ' \\",
        long.as_str(),
        "Ғафури Һәҙиә Ҡ. Ӓ Ӹ Ҫ Ҙ Ө Ү Ң Җ Ӗ Ӱ Ў І Ї Є Ґ",
    ];
    let found = pages(&paper(vec![journal(&nasty, 3)]));
    let all = flat(&found.pages.concat());
    for name in nasty {
        assert!(all.contains(&flat(name)), "{name} is not on the page: {all}");
    }
    assert_eq!((found.shapeless, found.warnings), (0, vec![]));
}

fn flat(text: &str) -> String {
    text.replace([' ', '\n', '\u{200b}'], "")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    // whatever looks like typst, in whatever place of a sheet
    #[test]
    fn all_that_a_sheet_says_is_plain_text(
        words in proptest::collection::vec("[a-zA-Zа-яА-ЯёЁ0-9#$*_@<>\\[\\]{}()\\\\\"'`~=+/^&%|;:,.!? -]{1,90}", 9)
    ) {
        let mut table = journal(&[words[0].as_str()], 2);
        table.title = Some(words[1].clone());
        table.columns[2].head = words[2].chars().take(20).collect();
        table.columns[3].group = Some(words[3].chars().take(12).collect());
        table.columns[3].head = "к".to_owned();
        table.columns.push(column(&words[4], Shape::Words));
        table.rows[0].cells.push(Cell::text(words[4].clone()));
        let mut sheet = paper(vec![table]);
        sheet.title = words[5].clone();
        sheet.school = words[6].clone();
        sheet.facts[0].value = words[7].clone();
        sheet.signs[0].name = words[8].clone();
        sheet.notes = vec![words[0].clone()];
        let found = pages(&sheet);
        prop_assert_eq!(found.shapeless, 0);
        let all = flat(&found.pages.concat());
        for (n, said) in words.iter().enumerate() {
            let said = match n {
                2 => said.chars().take(20).collect(),
                3 => said.chars().take(12).collect(),
                _ => said.clone(),
            };
            prop_assert!(all.contains(&flat(&said)), "{:?} is not on the page: {}", said, all);
        }
    }
}

#[test]
fn what_is_too_large_is_refused_and_a_long_term_of_a_large_class_is_not() {
    let names = ["Ученикова Анна"; 40];
    let term = paper(vec![journal(&names, 150)]);
    assert!(
        term.is_printable() && term.weight() > 40 * 152,
        "{}",
        term.weight()
    );
    let huge = paper(vec![journal(&names, 500)]);
    assert!(matches!(write(&huge), Err(Unprinted::TooLarge)));
    let wordy = paper(vec![journal(&["слово ".repeat(200_000).as_str()], 1)]);
    assert!(matches!(write(&wordy), Err(Unprinted::TooLarge)));
}

#[test]
fn words_over_several_columns_stand_over_them_in_each_part() {
    let mut table = journal(&["Абрамова Вера"], 60);
    for column in table.columns.iter_mut().skip(2) {
        column.group = Some("сентябрь".to_owned());
    }
    let found = pages(&paper(vec![table]));
    let all = found.pages.concat();
    assert_eq!(all.matches("сентябрь").count(), 2);
    // short parts stand under each other on one page, each with its names
    assert_eq!((found.pages.len(), all.matches("Абрамова").count()), (1, 2));
}

#[test]
fn a_place_to_sign_says_who_and_what_for() {
    let all = pages(&paper(vec![])).pages.concat();
    for words in [
        "Классный руководитель",
        "Учителева А. И.",
        "подпись",
        "расшифровка подписи",
    ] {
        assert!(all.contains(words), "{words}");
    }
}

#[test]
fn the_file_is_a_pdf_and_the_same_each_time() {
    let sheet = paper(vec![journal(&["Абрамова Вера", "Белов Иван"], 10)]);
    let (first, second) = (write(&sheet).unwrap(), write(&sheet).unwrap());
    assert!(first.starts_with(b"%PDF-1.7"));
    assert!(first.ends_with(b"%%EOF") || first.ends_with(b"%%EOF\n"));
    assert!(first.len() < 100 * 1024, "{} bytes", first.len());
    assert_eq!(first, second);
}

#[test]
fn an_empty_sheet_is_a_sheet() {
    let mut sheet = paper(vec![Table {
        title: Some("Пусто".to_owned()),
        columns: vec![column("№", Shape::Number), column("Тема", Shape::Words)],
        ..Table::default()
    }]);
    sheet.facts.clear();
    sheet.notes.clear();
    sheet.signs.clear();
    assert_eq!(pages(&sheet).pages.len(), 1);
}

#[test]
fn what_lies_apart_begins_a_page() {
    let mut right = journal(&["Тема"], 1);
    right.apart = true;
    assert_eq!(pages(&paper(vec![journal(&["Тема"], 1), right])).pages.len(), 2);
}
