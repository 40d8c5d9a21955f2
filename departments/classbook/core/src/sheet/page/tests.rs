//! A page by hand: two pupils, four lessons of which one is cancelled and one is to come.

use super::*;
use crate::grading::totals::{Column as TotalColumn, Current, Given, Work};
use crate::journal::cell::Homework;
use crate::journal::grid::{Assignment, AttendanceRow, MarkRow, OwedRow, Pupil, ScaleItem};
use crate::owed::Owed;
use base::number::Hundredths;
use base::{
    AssignmentId, Lang, LessonId, LoadId, PeriodId, PersonId, PupilId, ScaleId, SchoolId, SubjectId,
    WorkTypeId,
};

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn pupil(id: i64, name: &str) -> Pupil {
    Pupil {
        id: PupilId(id),
        name: name.to_owned(),
        spans: vec![(d("2026-11-02"), d("2026-12-27"))],
        gone: false,
    }
}

fn lesson(id: i64, date: &str, topic: Option<&str>, cancelled: bool) -> Lesson {
    Lesson {
        id: LessonId(id),
        date: d(date),
        slot: 0,
        topic: topic.map(str::to_owned),
        homework: topic.map(|_| Homework {
            text: "§ 7".to_owned(),
            due_on: Some(d("2026-11-18")),
            minutes: None,
            links: None,
        }),
        cancelled,
        locked: false,
        version: 1,
    }
}

fn scale() -> Vec<ScaleItem> {
    [
        ("5", Some(5)),
        ("4", Some(4)),
        ("3", Some(3)),
        ("2", Some(2)),
        ("н/а", None),
    ]
    .map(|(code, value)| ScaleItem::usual(code, value.map(Hundredths::whole), Hundredths::whole(5)))
    .to_vec()
}

fn work(id: i64, lesson: i64) -> Assignment {
    Assignment {
        id: AssignmentId(id),
        lesson: LessonId(lesson),
        work_type: WorkTypeId(1),
        scale: ScaleId(1),
        title: None,
        weight: Hundredths::whole(1),
        version: 1,
    }
}

fn page() -> Page {
    let mark = |pupil, work, code: &str| MarkRow(pupil, work, Some(code.to_owned()), 1, None);
    let paid = Owed {
        until: None,
        handed_in: Some(d("2026-11-16")),
    };
    // as a browser that is older than the server: what a page does not need is left out
    let grid = serde_json::json!({
        "person": 2,
        "school": 10,
        "load": 500,
        "subject": "Алгебра",
        "audience": "7А",
        "today": "2026-11-17",
        "periods": [],
        "period": 2,
        "may_edit": true,
        "may_see_history": true,
        "pupils": [pupil(1, "Абрамов Артём"), pupil(2, "Белова Вера")],
        "lessons": [
            lesson(700, "2026-11-09", Some("Дроби"), false),
            lesson(701, "2026-11-11", None, true),
            lesson(702, "2026-11-16", Some("=1+1"), false),
            lesson(703, "2026-11-20", None, false),
        ],
        "assignments": [work(800, 700), work(801, 700), work(802, 702)],
        "marks": [
            mark(0, 1, "4"),
            mark(0, 0, "5"),
            mark(1, 0, "3"),
            mark(1, 2, "2"),
            MarkRow(0, 2, None, 2, None),
        ],
        "attendance": [
            AttendanceRow(0, 2, Some("н".to_owned()), 1),
            AttendanceRow(1, 2, Some("о".to_owned()), 1),
            AttendanceRow(1, 0, None, 2),
        ],
        "owed": [OwedRow(0, 2, Owed::default()), OwedRow(1, 0, paid)],
        "scales": [{ "id": 1, "items": scale() }],
        "work_types": [],
        "codes": [{ "code": "н", "title": "не был", "absent": true }],
    });
    let grid: Grid = serde_json::from_value(grid).unwrap();
    let totals = Totals {
        person: PersonId(2),
        school: SchoolId(10),
        load: LoadId(500),
        subject_id: SubjectId(400),
        subject: "Алгебра".to_owned(),
        audience: "7А".to_owned(),
        grade: 7,
        week_hours: Hundredths::whole(3),
        today: d("2026-11-17"),
        may_edit: true,
        columns: vec![TotalColumn {
            stage: Stage::Period(PeriodId(2)),
            kind: "quarter".to_owned(),
            number: 2,
            starts_on: d("2026-11-02"),
            ends_on: d("2026-12-27"),
            shut: None,
        }],
        // of the year: in another order than the page's
        pupils: vec![pupil(2, "Белова Вера"), pupil(1, "Абрамов Артём")],
        scale: scale(),
        works: vec![Work {
            date: d("2026-11-09"),
            weight: Hundredths::whole(1),
        }],
        current: vec![
            Current(1, 0, Some(Hundredths::whole(5))),
            Current(0, 0, Some(Hundredths::whole(3))),
        ],
        given: vec![Given {
            pupil: PupilId(1),
            stage: Stage::Period(PeriodId(2)),
            code: Some("5".to_owned()),
            reason: None,
            version: 1,
        }],
        others: vec![],
        rules: vec![],
        interim_form: None,
        topics: vec![],
        exempt: vec![],
        asked: vec![],
        is_school: true,
    };
    Page {
        head: Head {
            lang: Lang::Ru,
            school: "Школа".to_owned(),
            class: String::new(),
            class_teacher: String::new(),
            year: "2026/27".to_owned(),
            term: "2 четверть".to_owned(),
            days: (d("2026-11-02"), d("2026-12-27")),
            today: d("2026-11-17"),
        },
        teachers: "Учителева А. И.".to_owned(),
        grid,
        totals,
    }
}

fn words(row: &Row) -> Vec<String> {
    row.cells.iter().map(|c| c.words(Lang::Ru)).collect()
}

#[test]
fn the_left_page_by_hand() {
    let paper = paper(&page(), When::Period(PeriodId(2)));
    let left = &paper.tables[0];
    let heads: Vec<&str> = left.columns.iter().map(|c| c.head.as_str()).collect();
    // neither the cancelled lesson nor the one to come
    assert_eq!(
        heads,
        [
            "№",
            "Ученик",
            "09.11",
            "16.11",
            "Средневзвешенный балл",
            "За период"
        ]
    );
    // works in their order; an absence before marks; a taken mark is none, a dot is one until a mark has paid it
    assert_eq!(
        words(&left.rows[0]),
        ["1", "Абрамов Артём", "5 4", "н •", "5,00", "5"]
    );
    assert_eq!(words(&left.rows[1]), ["2", "Белова Вера", "3", "о 2", "3,00", ""]);
    assert_eq!(left.rows[1].cells[2], Cell::Mark("3".to_owned(), Some(3)));
}

#[test]
fn the_right_page_by_hand() {
    let paper = paper(&page(), When::Period(PeriodId(2)));
    let right = &paper.tables[1];
    assert!(right.apart);
    assert_eq!(
        words(&right.rows[0]),
        ["1", "09.11.2026", "Дроби", "§ 7 (к 18.11)"]
    );
    assert_eq!(
        words(&right.rows[1]),
        ["2", "16.11.2026", "=1+1", "§ 7 (к 18.11)"]
    );
    assert_eq!(right.rows.len(), 2);
    let facts: Vec<&str> = paper.facts.iter().map(|f| f.value.as_str()).collect();
    assert_eq!(facts[..3], ["7А", "Алгебра", "Учителева А. И."]);
}

#[test]
fn a_month_has_no_mark_of_the_period() {
    let mut page = page();
    page.head.days = (d("2026-11-10"), d("2026-11-30"));
    let paper = paper(&page, When::Month(PeriodId(2), 2026, 11));
    let heads: Vec<&str> = paper.tables[0].columns.iter().map(|c| c.head.as_str()).collect();
    assert_eq!(heads, ["№", "Ученик", "16.11"]);
}
