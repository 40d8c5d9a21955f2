//! The letter of a day.

use super::*;

fn code(code: &str, reason: Reason) -> Code {
    Code {
        code: code.to_owned(),
        title: code.to_owned(),
        reason,
    }
}

#[test]
fn a_day_shows_the_code_that_stands_in_it() {
    let codes = [
        code("н", Reason::Unknown),
        code("у", Reason::Excused),
        code("с", Reason::Excused),
        code("о", Reason::Late),
        code("оп", Reason::Late),
    ];
    let of = |excused, unknown, late, recorded: &[&str]| {
        let day = DayOf {
            lessons: 6,
            excused,
            unknown,
            late,
            ..DayOf::empty("2026-11-16".parse().unwrap())
        };
        let recorded: Vec<String> = recorded.iter().map(|r| (*r).to_owned()).collect();
        letter(&day, &recorded, &codes).map(str::to_owned)
    };
    let is = |letter: &str| Some(letter.to_owned());
    assert_eq!(of(2, 0, 0, &["с", "с"]), is("с"), "not the first code of its reason");
    assert_eq!(of(3, 0, 0, &["у", "с", "с"]), is("с"));
    assert_eq!(of(2, 0, 0, &["с", "у"]), is("с"), "of equals the first of the day");
    assert_eq!(of(2, 0, 0, &["у", "с"]), is("у"));
    // the reason of most absences first, whatever else stands there
    assert_eq!(of(1, 2, 1, &["с", "н", "н", "о"]), is("н"));
    assert_eq!(of(0, 0, 2, &["оп", "оп"]), is("оп"));
    assert_eq!(of(1, 0, 0, &[]), None);
}
