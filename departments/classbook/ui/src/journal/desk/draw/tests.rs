//! How cells look and are called.

use super::*;

#[test]
fn values_are_tinted_by_their_share_of_the_best() {
    let five = Hundredths(500);
    assert_eq!(
        ["5", "4", "3", "2"].map(|v| tone(Hundredths::parse(v).unwrap(), five)),
        [Some("5"), Some("4"), Some("3"), Some("2")]
    );
    assert_eq!(tone(Hundredths(450), five), Some("5"));
    assert_eq!(tone(Hundredths(449), five), Some("4"));
    assert_eq!(tone(Hundredths(100), five), Some("2"));
    assert_eq!(tone(Hundredths(800), Hundredths(1000)), Some("4"));
}

#[test]
fn names_cannot_break_out_of_the_markup() {
    let mut out = String::new();
    safe(r#"<b onclick="x">&"#, &mut out);
    assert_eq!(out, "&lt;b onclick=&quot;x&quot;&gt;&amp;");
}

#[test]
fn a_cell_says_what_its_sign_means() {
    let shown = Shown {
        mark: Some("5".into()),
        value: Some(Hundredths(500)),
        state: Some(State::Waiting),
        ..Shown::default()
    };
    let face = face(&shown, Hundredths(500), Lang::Ru);
    assert_eq!(
        (face.text.as_str(), face.kind, face.tone, face.state),
        ("5", Some("mark"), Some("5"), Some("waiting"))
    );
    assert!(face.label.unwrap().starts_with("5, "));
    let both = Shown {
        mark: Some("4".into()),
        attendance: Some("н".into()),
        ..Shown::default()
    };
    assert_eq!(super::face(&both, Hundredths(500), Lang::Ru).text, "н/4");
}

#[test]
fn a_dot_says_by_when_and_that_its_day_has_passed() {
    let until = chrono::NaiveDate::from_ymd_opt(2026, 11, 20);
    let dot = |overdue, handed_in| Shown {
        attendance: Some("н".into()),
        owed: Some(Owed { until, handed_in }),
        overdue,
        ..Shown::default()
    };
    let due = face(&dot(false, None), Hundredths(500), Lang::Ru);
    assert_eq!((due.text.as_str(), due.kind), ("н/•", Some("owed")));
    assert!(due.label.unwrap().contains("до 20 ноября"));
    let past = face(&dot(true, None), Hundredths(500), Lang::Ru);
    assert_eq!((past.text.as_str(), past.kind), ("н/•!", Some("overdue")));
    assert!(past.label.unwrap().contains("просрочено"));
    // a mark has paid it
    let paid = Shown {
        mark: Some("4".into()),
        ..dot(false, until)
    };
    let paid = face(&paid, Hundredths(500), Lang::Ru);
    assert_eq!((paid.text.as_str(), paid.label), ("н/4", None));
}
