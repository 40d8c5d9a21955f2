//! The schedule as the spreadsheet that a school publishes: approved works, no names of people.

use base::Lang;
use chrono::Datelike as _;

use super::schedule::{State, Work};
use crate::t;

/// A field as CSV has it (RFC 4180). What a spreadsheet would take for a formula is told to be text.
fn field(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let formula = text.trim_start().starts_with(['=', '+', '-', '@']);
    let text = if formula { format!("'{text}") } else { text };
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The approved works as CSV: with the mark by which Excel sees UTF-8, and semicolons, as Russian spreadsheets expect.
#[must_use]
pub fn csv(works: &[Work], lang: Lang) -> String {
    let heads = [
        t::assessment_csv_grade(lang),
        t::assessment_csv_class(lang),
        t::assessment_csv_subject(lang),
        t::assessment_csv_kind(lang),
        t::assessment_csv_title(lang),
        t::assessment_csv_date(lang),
        t::assessment_csv_lesson(lang),
        t::assessment_csv_minutes(lang),
    ];
    let mut text = String::from("\u{feff}");
    let mut line = |fields: &[String]| {
        text.push_str(&fields.join(";"));
        text.push_str("\r\n");
    };
    line(&heads.map(field));
    for work in works.iter().filter(|w| w.state == State::Approved) {
        let p = &work.planned;
        line(&[
            p.grade.to_string(),
            field(&work.audience),
            field(&p.subject_name),
            field(&work.kind),
            field(&p.title),
            format!("{:02}.{:02}.{}", p.date.day(), p.date.month(), p.date.year()),
            p.slot.saturating_add(1).to_string(),
            p.minutes.to_string(),
        ]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::Planned;
    use base::{AssessmentId, ClassId, LoadId, SubjectId, WorkTypeId};
    use chrono::NaiveDate;
    use proptest::prelude::*;

    fn work(title: &str, state: State) -> Work {
        Work {
            id: AssessmentId(1),
            load: LoadId(1),
            planned: Planned {
                id: Some(AssessmentId(1)),
                subject: SubjectId(1),
                subject_name: "Алгебра".into(),
                classes: vec![(ClassId(1), "7А".into())],
                grade: 7,
                date: NaiveDate::from_ymd_opt(2026, 12, 12).unwrap(),
                slot: 2,
                kind: WorkTypeId(2),
                title: title.into(),
                minutes: 45,
                whole_class: true,
                parts: vec![],
            },
            audience: "7А".into(),
            kind: "Контрольная работа".into(),
            state,
            note: Some("секрет".into()),
            by: "Учителева А. И.".into(),
            version: 1,
            remarks: vec![],
            fact: None,
        }
    }

    #[test]
    fn what_is_public_and_nothing_else() {
        let text = csv(
            &[
                work("Дроби; \"проценты\"", State::Approved),
                work("Черновик", State::Planned),
            ],
            Lang::Ru,
        );
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[1],
            "7;\"7А\";\"Алгебра\";\"Контрольная работа\";\"Дроби; \"\"проценты\"\"\";12.12.2026;3;45"
        );
        assert!(!text.contains("секрет") && !text.contains("Учителева") && !text.contains("Черновик"));
    }

    proptest! {
        #[test]
        fn a_title_is_one_field_and_no_formula(title in "[=+@\\-\"; \n\ra-z]{1,20}") {
            let text = csv(&[work(&title, State::Approved)], Lang::En);
            prop_assert_eq!(text.trim_end_matches("\r\n").split("\r\n").count(), 2);
            let line = text.split("\r\n").nth(1).unwrap();
            let quotes = line.matches('"').count();
            prop_assert_eq!(quotes % 2, 0);
            let field = line.split("\"Контрольная работа\";\"").nth(1).unwrap();
            prop_assert!(!field.trim_start().starts_with(['=', '+', '-', '@']));
        }
    }
}
