//! A class of five by hand.

use super::*;
use crate::sheet::When;
use chrono::NaiveDate;
use proptest::prelude::*;

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn pupil(id: i64, name: &str, until: &str) -> Pupil {
    Pupil {
        id: PupilId(id),
        name: name.to_owned(),
        spans: vec![(d("2026-09-01"), d(until))],
        gone: until != "2026-10-25",
    }
}

fn given(pupil: i64, subject: i64, code: &str) -> Given {
    Given {
        pupil: PupilId(pupil),
        subject: SubjectId(subject),
        stage: Stage::Year,
        code: code.to_owned(),
        value: Hundredths::parse(code),
        standing: Standing::of(code, Hundredths::parse(code), Hundredths::whole(5)),
    }
}

/// Subjects 1 and 2. Abramov 5 5, Belova 4 5, Vlasov 3 4, Gromova 2 н/а, Dyomin has left with 2 2, Ezhova is exempt and markless.
fn class() -> Marks {
    Marks {
        head: Head {
            lang: Lang::Ru,
            school: "Школа № 1".to_owned(),
            class: "7А".to_owned(),
            class_teacher: "Учителева Анна Ивановна".to_owned(),
            year: "2026/27".to_owned(),
            term: "1 четверть".to_owned(),
            days: (d("2026-09-01"), d("2026-10-25")),
            today: d("2026-11-17"),
        },
        subjects: [(1, "Алгебра"), (2, "Физика")]
            .map(|(id, name)| Subject {
                id: SubjectId(id),
                name: name.to_owned(),
            })
            .to_vec(),
        pupils: vec![
            pupil(1, "Абрамов Артём", "2026-10-25"),
            pupil(2, "Белова Вера", "2026-10-25"),
            pupil(3, "Власов Глеб", "2026-10-25"),
            pupil(4, "Громова Дарья", "2026-10-25"),
            pupil(5, "Дёмин Егор", "2026-10-10"),
            pupil(6, "Ежова Жанна", "2026-10-25"),
        ],
        given: vec![
            given(1, 1, "5"),
            given(1, 2, "5"),
            given(2, 1, "4"),
            given(2, 2, "5"),
            given(3, 1, "3"),
            given(3, 2, "4"),
            given(4, 1, "2"),
            given(4, 2, "н/а"),
            given(5, 1, "2"),
            given(5, 2, "2"),
            given(6, 1, "осв"),
        ],
    }
}

fn words(row: &Row) -> Vec<String> {
    row.cells.iter().skip(1).map(|c| c.words(Lang::Ru)).collect()
}

#[test]
fn each_pupil_by_hand() {
    let paper = paper(&class(), When::Year);
    let rows = &paper.tables[0].rows;
    // average, % успеваемости, % качества, СОУ
    assert_eq!(
        words(&rows[0]),
        ["Абрамов Артём", "5", "5", "5,00", "100,00", "100,00", "100,00"]
    );
    assert_eq!(
        words(&rows[1]),
        ["Белова Вера", "4", "5", "4,50", "100,00", "100,00", "82,00"]
    );
    assert_eq!(
        words(&rows[2]),
        ["Власов Глеб", "3", "4", "3,50", "100,00", "50,00", "50,00"]
    );
    // (16 + 7) / 2
    assert_eq!(
        words(&rows[3]),
        ["Громова Дарья", "2", "н/а", "2,00", "0,00", "0,00", "11,50"]
    );
    assert_eq!(rows[4].kind, RowKind::Gone);
    assert_eq!(words(&rows[5]), ["Ежова Жанна", "осв", "", "", "", "", ""]);
}

#[test]
fn each_subject_and_the_class_by_hand() {
    let paper = paper(&class(), When::Year);
    let sums: Vec<Vec<String>> = paper.tables[0]
        .rows
        .iter()
        .filter(|r| r.kind == RowKind::Total)
        .map(words)
        .collect();
    let algebra: Vec<&str> = sums.iter().map(|line| line[1].as_str()).collect();
    // N = 4: who has left and the exempt are out; (100 + 64 + 36 + 16) / 4
    assert_eq!(
        algebra,
        ["1", "1", "1", "1", "0", "75,00", "50,00", "54,00", "3,50"]
    );
    let physics: Vec<&str> = sums.iter().map(|line| line[2].as_str()).collect();
    // N = 4 with «н/а»: (200 + 64 + 7) / 4
    assert_eq!(
        physics,
        ["2", "1", "0", "0", "1", "75,00", "75,00", "67,75", "4,67"]
    );
    // all eight marks: (300 + 128 + 36 + 16 + 7) / 8
    assert_eq!(sums.last().unwrap()[3..], ["4,00", "75,00", "62,50", "60,88"]);
}

#[test]
fn each_pupil_is_in_one_group() {
    let paper = paper(&class(), When::Year);
    let groups: Vec<(String, String, String)> = paper.tables[1]
        .rows
        .iter()
        .map(|r| {
            (
                r.cells[1].words(Lang::Ru),
                r.cells[2].words(Lang::Ru),
                r.cells[3].words(Lang::Ru),
            )
        })
        .collect();
    let expected = [
        ("1", "25,00", "Абрамов Артём"),
        ("1", "25,00", "Белова Вера"),
        ("1", "25,00", "Власов Глеб"),
        ("0", "0,00", ""),
        ("0", "0,00", ""),
        ("1", "25,00", "Громова Дарья"),
        ("1", "", "Ежова Жанна"),
    ]
    .map(|(n, share, who)| (n.to_owned(), share.to_owned(), who.to_owned()));
    assert_eq!(groups, expected);
}

#[test]
fn exams_and_final_marks_stand_beside_the_year_and_change_none_of_its_figures() {
    let mut with = class();
    for (pupil, stage, code) in [
        (1, Stage::Exam, "4"),
        (1, Stage::Final, "5"),
        (2, Stage::Final, "4"),
    ] {
        with.given.push(Given {
            stage,
            ..given(pupil, 2, code)
        });
    }
    let (before, paper) = (paper(&class(), When::Year), paper(&with, When::Year));
    let heads: Vec<(Option<&str>, &str)> = paper.tables[0].columns[2..6]
        .iter()
        .map(|c| (c.group.as_deref(), c.head.as_str()))
        .collect();
    assert_eq!(
        heads,
        [
            (None, "Алгебра"),
            (Some("Физика"), "Годовая"),
            (Some("Физика"), "Экзамен"),
            (Some("Физика"), "Итоговая")
        ]
    );
    let rows = &paper.tables[0].rows;
    assert_eq!(words(&rows[0])[..5], ["Абрамов Артём", "5", "5", "4", "5"]);
    assert_eq!(words(&rows[1])[..5], ["Белова Вера", "4", "5", "", "4"]);
    // how many «5» and «4» each column has
    assert_eq!(words(&rows[6])[..5], ["«5»", "1", "2", "0", "1"]);
    assert_eq!(words(&rows[7])[..5], ["«4»", "1", "1", "1", "1"]);
    assert!(
        rows.iter()
            .all(|r| r.cells.len() <= paper.tables[0].columns.len())
    );
    for (row, old) in rows.iter().zip(&before.tables[0].rows) {
        let old = words(old);
        assert_eq!(words(row).get(5..), old.get(3..), "{}", old[0]);
    }
    assert_eq!(paper.tables[1], before.tables[1]);
    assert_eq!(paper.notes.len(), before.notes.len() + 1);
}

#[test]
fn half_years_and_attestation_stand_before_the_year_and_change_none_of_its_figures() {
    let mut with = class();
    let halves = Half::ALL.map(Stage::HalfYear);
    for (pupil, stage, code) in [
        (1, halves[0], "3"),
        (2, halves[0], "4"),
        (2, halves[1], "2"),
        (1, Stage::Interim, "4"),
    ] {
        with.given.push(Given {
            stage,
            ..given(pupil, 2, code)
        });
    }
    let (before, paper) = (paper(&class(), When::Year), paper(&with, When::Year));
    let heads: Vec<&str> = paper.tables[0].columns[2..7]
        .iter()
        .map(|c| c.head.as_str())
        .collect();
    assert_eq!(
        heads,
        [
            "Алгебра",
            "1 полугодие",
            "2 полугодие",
            "Промежуточная аттестация",
            "Годовая"
        ]
    );
    let keys: Vec<_> = paper.tables[0].columns[3..7]
        .iter()
        .filter_map(|c| c.key.as_deref())
        .collect();
    assert_eq!(keys, ["s2-half_1", "s2-half_2", "s2-interim", "s2"]);
    let rows = &paper.tables[0].rows;
    assert_eq!(words(&rows[0])[..6], ["Абрамов Артём", "5", "3", "", "4", "5"]);
    assert_eq!(words(&rows[1])[..6], ["Белова Вера", "4", "4", "2", "", "5"]);
    for (row, old) in rows.iter().zip(&before.tables[0].rows) {
        let old = words(old);
        assert_eq!(words(row).get(6..), old.get(3..), "{}", old[0]);
    }
    assert_eq!(paper.tables[1], before.tables[1]);
}

#[test]
fn coursework_stands_beside_the_mark_of_its_period() {
    let period = base::PeriodId(1);
    let of_period = |mut marks: Marks| {
        for given in &mut marks.given {
            given.stage = Stage::Period(period);
        }
        marks
    };
    let mut with = of_period(class());
    with.given.push(Given {
        stage: Stage::Coursework(period),
        ..given(1, 2, "3")
    });
    let when = When::Period(period);
    let (before, paper) = (paper(&of_period(class()), when), paper(&with, when));
    let heads: Vec<&str> = paper.tables[0].columns[2..5]
        .iter()
        .map(|c| c.head.as_str())
        .collect();
    assert_eq!(heads, ["Алгебра", "За период", "Курсовая"]);
    assert_eq!(paper.tables[0].columns[4].key.as_deref(), Some("s2-coursework"));
    for (row, old) in paper.tables[0].rows.iter().zip(&before.tables[0].rows) {
        assert_eq!(words(row).get(4..), words(old).get(3..), "no figure changes");
    }
    assert_eq!(paper.notes.len(), before.notes.len() + 1);
}

#[test]
fn the_head_says_what_it_is_and_a_name_leads_to_the_pupil() {
    let paper = paper(&class(), When::Period(base::PeriodId(1)));
    let facts: Vec<&str> = paper.facts.iter().map(|f| f.value.as_str()).collect();
    assert_eq!(facts, ["7А", "1 четверть, 01.09.2026 – 25.10.2026", "2026/27"]);
    assert_eq!(paper.signs[0].name, "Учителева Анна Ивановна");
    assert_eq!(
        paper.tables[0].rows[0].href.as_deref(),
        Some("/sheets/1?kind=report&when=1")
    );
    let wide = |row: &Row| row.cells.len() == paper.tables[0].columns.len() || row.kind == RowKind::Total;
    assert!(paper.tables[0].rows.iter().all(wide));
}

proptest! {
    #[test]
    fn every_group_is_reached_by_its_worst_mark(five in 0i64..4, four in 0i64..4, three in 0i64..4, two in 0i64..3, none in 0i64..3) {
        let all = Indicators { five, four, three, two, not_attested: none, exempt: 1, outside: 1 };
        let expected = if two > 0 { Group::Failing }
            else if none > 0 { Group::NotAttested }
            else if three > 1 { Group::Threes }
            else if three == 1 { Group::OneThree }
            else if four > 0 { Group::Good }
            else if five > 0 { Group::Excellent }
            else { Group::Markless };
        prop_assert_eq!(Group::of(&all), expected);
    }
}
