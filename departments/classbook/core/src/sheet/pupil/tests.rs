//! One pupil by hand.

use super::*;
use crate::diary::{Dated, Mark};
use crate::grading::Standing;
use base::number::Hundredths;
use base::{AssignmentId, Lang, PeriodId};

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn mark(date: &str, code: &str) -> Dated {
    Dated {
        date: d(date),
        mark: Mark {
            assignment: AssignmentId(1),
            code: code.to_owned(),
            words: String::new(),
            value: Hundredths::parse(code),
            standing: Standing::of(code, Hundredths::parse(code), Hundredths::whole(5)),
            weight: Hundredths::whole(1),
            work: "Ответ на уроке".to_owned(),
            title: None,
            comment: None,
            by: None,
            changed_at: chrono::DateTime::UNIX_EPOCH,
            corrected: false,
            replaced: None,
            new: false,
        },
    }
}

fn outcome(stage: &str, number: Option<i16>, code: &str) -> Outcome {
    Outcome {
        id: None,
        stage: stage.to_owned(),
        kind: number.map(|_| "quarter".to_owned()),
        number,
        code: code.to_owned(),
        words: String::new(),
        note: None,
        value: Hundredths::parse(code),
        standing: Standing::of(code, Hundredths::parse(code), Hundredths::whole(5)),
    }
}

fn subject(id: i64, name: &str, marks: Vec<Dated>, missed: i64, results: Vec<Outcome>) -> Subject {
    Subject {
        id: SubjectId(id),
        name: name.to_owned(),
        marks,
        plain: Some(Hundredths(450)),
        weighted: Some(Hundredths(433)),
        owed: vec![],
        missed,
        exempt_until: None,
        held: 0,
        left: 0,
        class_average: None,
        class_pupils: None,
        results,
        scale: vec![],
    }
}

fn data() -> OfPupil {
    let term = |n: i16, from: &str, to: &str| Term {
        id: PeriodId(i64::from(n)),
        kind: "quarter".to_owned(),
        number: n,
        starts_on: d(from),
        ends_on: d(to),
    };
    let day = |date: &str, lessons, ill, late| DayOf {
        lessons,
        ill,
        late,
        ..DayOf::empty(d(date))
    };
    OfPupil {
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
        name: "Абрамов Артём Ильич".to_owned(),
        subjects: vec![
            subject(
                1,
                "Алгебра",
                vec![
                    mark("2026-09-10", "5"),
                    mark("2026-09-10", "4"),
                    mark("2026-09-14", "н/а"),
                ],
                1,
                vec![
                    outcome("period", Some(1), "4"),
                    outcome("period", Some(2), "5"),
                    outcome("year", None, "5"),
                ],
            ),
            subject(
                2,
                "Физика",
                vec![mark("2026-09-14", "3")],
                0,
                vec![outcome("exam", None, "зч")],
            ),
        ],
        weighted: true,
        terms: vec![
            term(1, "2026-09-01", "2026-10-25"),
            term(2, "2026-11-02", "2026-12-27"),
        ],
        codes: [("б", "болел"), ("о", "опоздал")]
            .map(|(c, t)| (c.to_owned(), t.to_owned()))
            .to_vec(),
        absences: vec![
            Absence {
                subject: SubjectId(1),
                date: d("2026-09-08"),
                code: "б".to_owned(),
            },
            Absence {
                subject: SubjectId(2),
                date: d("2026-09-14"),
                code: "о".to_owned(),
            },
        ],
        days: vec![
            day("2026-09-08", 2, 2, 0),
            day("2026-09-10", 2, 0, 0),
            day("2026-09-14", 2, 0, 1),
            day("2026-11-03", 4, 1, 0),
            // to come
            day("2026-11-18", 4, 0, 0),
        ],
        notions: Notions::default(),
    }
}

fn words(row: &Row) -> Vec<String> {
    row.cells.iter().skip(1).map(|c| c.words(Lang::Ru)).collect()
}

#[test]
fn a_report_by_hand() {
    let data = data();
    let paper = report(&data, data.terms.first());
    let table = &paper.tables[0];
    let heads: Vec<&str> = table.columns.iter().skip(2).map(|c| c.head.as_str()).collect();
    assert_eq!(
        heads,
        [
            "08.09",
            "10.09",
            "14.09",
            "Средневзвешенный балл",
            "За период",
            "Пропущено уроков"
        ]
    );
    assert_eq!(
        words(&table.rows[0]),
        ["Алгебра", "б", "5 4", "н/а", "4,33", "4", "1"]
    );
    assert_eq!(words(&table.rows[1]), ["Физика", "", "", "о 3", "4,33", "", ""]);
    // the second quarter is not of this report
    let missed: Vec<Vec<String>> = paper.tables[1]
        .rows
        .iter()
        .map(|r| r.cells.iter().map(|c| c.words(Lang::Ru)).collect())
        .collect();
    assert_eq!(missed[0], ["Уроков всего", "6"]);
    assert_eq!(missed[1], ["Пропущено уроков", "2"]);
    assert_eq!(missed[2], ["по болезни", "2"]);
    assert_eq!(missed[5], ["причина неизвестна", ""]);
    assert_eq!(missed[6], ["Пропущено дней полностью", "1"]);
    assert_eq!(missed[7], ["Пропущено, %", "33,33"]);
    assert_eq!(missed[8], ["Опозданий", "1"]);
    assert!(paper.facts.iter().any(|f| f.value == "Абрамов Артём Ильич"));
    assert_eq!(paper.notes[0], "б — болел; о — опоздал");
}

#[test]
fn a_card_by_hand() {
    let mut data = data();
    data.head.days = (d("2026-09-01"), d("2027-05-26"));
    let paper = card(&data);
    let table = &paper.tables[0];
    let heads: Vec<&str> = table.columns.iter().skip(2).map(|c| c.head.as_str()).collect();
    assert_eq!(
        heads,
        ["1 четверть", "2 четверть", "Годовая", "Экзамен", "Итоговая"]
    );
    assert_eq!(words(&table.rows[0]), ["Алгебра", "4", "5", "5", "", ""]);
    assert_eq!(words(&table.rows[1]), ["Физика", "", "", "", "зч", ""]);
    // each quarter, and the year
    assert_eq!(words(&paper.tables[1].rows[0]), ["6", "4", "10"]);
    assert_eq!(words(&paper.tables[1].rows[1]), ["2", "1", "3"]);
    assert_eq!(paper.signs.len(), 3);
}

#[test]
fn a_report_leads_to_the_period_of_a_month() {
    let id = PupilId(7);
    assert_eq!(href(id, Kind::Report, When::Year), "/sheets/7?kind=report");
    assert_eq!(
        href(id, Kind::Report, When::Month(PeriodId(2), 2026, 11)),
        "/sheets/7?kind=report&when=2"
    );
    assert_eq!(
        href(id, Kind::Card, When::Period(PeriodId(2))),
        "/sheets/7?kind=card&when=2"
    );
}

#[test]
fn a_half_year_stands_after_its_quarters_where_one_was_given() {
    let mut data = data();
    let heads = |data: &OfPupil| -> Vec<String> {
        let columns = card(data).tables.swap_remove(0).columns;
        columns.into_iter().skip(2).map(|c| c.head).collect()
    };
    assert!(!heads(&data).iter().any(|h| h.contains("полугодие")));
    data.subjects[0].results.push(outcome("half_1", None, "4"));
    assert_eq!(
        heads(&data),
        [
            "1 четверть",
            "2 четверть",
            "1 полугодие",
            "Годовая",
            "Экзамен",
            "Итоговая"
        ]
    );
    let card = card(&data);
    assert_eq!(
        words(&card.tables[0].rows[0]),
        ["Алгебра", "4", "5", "4", "5", "", ""]
    );
    assert_eq!(words(&card.tables[0].rows[1])[3], "", "physics has none");
}

#[test]
fn interim_attestation_stands_before_the_year_where_one_was_given() {
    let mut data = data();
    data.subjects[1].results.push(Outcome {
        note: Some("зачёт".to_owned()),
        ..outcome("interim", None, "4")
    });
    let card = card(&data);
    let heads: Vec<&str> = card.tables[0].columns[2..]
        .iter()
        .map(|c| c.head.as_str())
        .collect();
    assert_eq!(
        heads,
        [
            "1 четверть",
            "2 четверть",
            "Промежуточная аттестация",
            "Годовая",
            "Экзамен",
            "Итоговая"
        ]
    );
    assert_eq!(
        words(&card.tables[0].rows[1]),
        ["Физика", "", "", "4", "", "зч", ""]
    );
}

#[test]
fn coursework_has_a_table_of_its_own_with_its_topics() {
    let mut data = data();
    assert_eq!(card(&data).tables.len(), 2);
    let before = card(&data).tables[0].clone();
    data.subjects[0].results.push(Outcome {
        note: Some("Учёт основных средств".to_owned()),
        ..outcome("coursework", Some(1), "5")
    });
    let card = card(&data);
    assert_eq!(card.tables[0], before, "it is not the mark of the period");
    let work: Vec<String> = card.tables[2].rows[0]
        .cells
        .iter()
        .map(|c| c.words(Lang::Ru))
        .collect();
    assert_eq!(work, ["Алгебра", "1 четверть", "Учёт основных средств", "5"]);
}
