//! The sheet of totals: who counts in a column, what waits for what, who is exempt.

use super::*;
use crate::grading::rules::Interim;
use base::PeriodId;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

fn column(number: i64, from: NaiveDate, to: NaiveDate) -> Column {
    Column {
        stage: Stage::Period(PeriodId(number)),
        kind: "quarter".into(),
        number: 1,
        starts_on: from,
        ends_on: to,
        shut: None,
    }
}

fn item(code: &str, value: Option<i64>) -> ScaleItem {
    ScaleItem::usual(code, value.map(Hundredths::whole), Hundredths::whole(5))
}

fn pupil(id: i64, until: NaiveDate) -> Pupil {
    Pupil {
        id: PupilId(id),
        name: String::new(),
        spans: vec![(day(9, 1), until)],
        gone: false,
    }
}

fn sheet() -> Totals {
    let (first, second) = (
        column(1, day(9, 1), day(10, 25)),
        column(2, day(11, 2), day(12, 27)),
    );
    let year = Column {
        stage: Stage::Year,
        ..column(0, day(9, 1), day(12, 27))
    };
    let given = |pupil, period, code: &str| Given {
        pupil: PupilId(pupil),
        stage: Stage::Period(PeriodId(period)),
        code: Some(code.into()),
        reason: None,
        version: 1,
    };
    Totals {
        person: PersonId(1),
        school: SchoolId(1),
        load: LoadId(1),
        subject_id: SubjectId(1),
        subject: String::new(),
        audience: String::new(),
        grade: 7,
        week_hours: Hundredths::whole(3),
        today: day(12, 1),
        may_edit: true,
        columns: vec![first, second, year],
        pupils: vec![pupil(1, day(12, 31)), pupil(2, day(10, 10))],
        scale: vec![
            item("5", Some(5)),
            item("4", Some(4)),
            item("3", Some(3)),
            item("2", Some(2)),
            item("н/а", None),
        ],
        works: vec![],
        current: vec![],
        given: vec![given(1, 1, "4"), given(2, 1, "2")],
        others: vec![],
        rules: vec![],
        interim_form: None,
        topics: vec![],
        exempt: vec![],
        asked: vec![],
        is_school: true,
    }
}

#[test]
fn a_mark_of_another_scale_says_what_it_says_there_until_it_is_written_anew() {
    let mut sheet = sheet();
    let [first, year] = [0, 2].map(|n| sheet.columns[n].clone());
    sheet.given[0].code = Some("9".into());
    sheet.others = vec![Other {
        pupil: PupilId(1),
        stage: first.stage,
        version: 1,
        counts: Some(Hundredths::whole(5)),
        standing: Standing::Five,
    }];
    assert_eq!(
        (sheet.indicators(&first).five, sheet.indicators(&first).outside),
        (1, 0)
    );
    assert_eq!(sheet.suggest(0, &year).value(), Some(Hundredths::whole(5)));
    sheet.given[0] = Given {
        code: Some("4".into()),
        version: 2,
        ..sheet.given[0].clone()
    };
    assert_eq!(
        (sheet.indicators(&first).four, sheet.indicators(&first).five),
        (1, 0)
    );
    // a word of the school's own for who is not attested or exempt
    sheet.scale.push(ScaleItem {
        standing: Standing::Exempt,
        ..item("н/о", None)
    });
    sheet.given[0].code = Some("н/о".into());
    assert_eq!(sheet.indicators(&first).exempt, 1);
}

#[test]
fn the_first_course_of_a_college_gets_marks() {
    let mut sheet = sheet();
    sheet.grade = 1;
    let first = sheet.columns[0].clone();
    assert!(sheet.is_markless(&first));
    sheet.is_school = false;
    assert!(!sheet.is_markless(&first));
}

#[test]
fn who_is_exempt_at_the_end_and_has_no_mark_is_proposed_as_exempt() {
    let mut sheet = sheet();
    sheet.scale.push(item("осв", None));
    sheet.given.clear();
    let second = sheet.columns[1].clone();
    let spell = |from, to| Spell {
        pupil: PupilId(1),
        from,
        to,
        attends: false,
    };
    sheet.exempt = vec![spell(day(11, 20), day(12, 26))];
    assert!(!sheet.is_exempt(0, &second), "comes back before the end");
    sheet.exempt = vec![spell(day(11, 20), day(12, 27))];
    assert_eq!(sheet.suggest(0, &second), Suggestion::Exempt("осв".into()));
    assert!(sheet.suggest(0, &second).is_enough());
    // N does without them, before «осв» is given and after it; and a mark that was given has the last word
    let of = |sheet: &Totals| {
        let i = sheet.indicators(&second);
        (i.n(), i.exempt, i.outside)
    };
    assert_eq!(of(&sheet), (0, 1, 0));
    let give = |sheet: &mut Totals, code: &str| {
        sheet.given = vec![Given {
            pupil: PupilId(1),
            stage: second.stage,
            code: Some(code.into()),
            reason: None,
            version: 1,
        }];
    };
    give(&mut sheet, "осв");
    assert_eq!(of(&sheet), (0, 1, 0));
    give(&mut sheet, "4");
    assert_eq!(of(&sheet), (1, 0, 0));
    // a current mark: attested like everybody
    sheet.works.push(Work {
        date: day(11, 10),
        weight: Hundredths(100),
    });
    sheet.current.push(Current(0, 0, Some(Hundredths::whole(5))));
    assert!(!sheet.is_exempt(0, &second));
    assert_eq!(sheet.suggest(0, &second).code(), Some("5"));
    // a year is no period, and a scale may have no word for it
    assert!(!sheet.is_exempt(0, &sheet.columns[2].clone()));
    sheet.current.clear();
    sheet.scale.retain(|i| i.code != "осв");
    assert!(matches!(sheet.suggest(0, &second), Suggestion::Marks(_)));
}

#[test]
fn who_left_before_the_end_is_out() {
    let sheet = sheet();
    let first = sheet.indicators(&sheet.columns[0]);
    assert_eq!((first.n(), first.four, first.two), (1, 1, 0));
}

#[test]
fn a_year_waits_for_the_periods_that_the_pupil_was_there_in() {
    let sheet = sheet();
    let year = &sheet.columns[2];
    let Suggestion::Totals(stays) = sheet.suggest(0, year) else {
        panic!()
    };
    assert_eq!(
        (stays.count, stays.missing, stays.code.as_deref()),
        (1, 1, Some("4"))
    );
    let Suggestion::Totals(left) = sheet.suggest(1, year) else {
        panic!()
    };
    assert_eq!((left.count, left.missing), (1, 0));
}

#[test]
fn stages_read_back() {
    let halves = Half::ALL.map(Stage::HalfYear);
    for stage in [
        Stage::Period(PeriodId(7)),
        Stage::Coursework(PeriodId(7)),
        Stage::Interim,
        Stage::Year,
        Stage::Exam,
        Stage::Final,
    ]
    .into_iter()
    .chain(halves)
    {
        assert_eq!(Stage::from_key(stage.key(), stage.term()), Some(stage));
    }
    assert_eq!(Stage::from_key("period", None), None);
    assert_eq!(Stage::from_key("year", Some(PeriodId(1))), None);
}

/// Four quarters and the half-years over them, then the year; the first pupil has 4 3 5 4 for the quarters.
fn with_half_years() -> Totals {
    let mut sheet = sheet();
    let last = |month, day| NaiveDate::from_ymd_opt(2027, month, day).unwrap();
    let quarter = |number: i16, from, to| Column {
        number,
        ..column(i64::from(number), from, to)
    };
    let quarters = [
        quarter(1, day(9, 1), day(10, 25)),
        quarter(2, day(11, 2), day(12, 27)),
        quarter(3, last(1, 11), last(3, 21)),
        quarter(4, last(3, 29), last(5, 26)),
    ];
    let year = Column {
        ends_on: last(5, 26),
        ..sheet.columns[2].clone()
    };
    let halves = half_years(&quarters);
    sheet.columns = quarters.into_iter().chain(halves).chain([year]).collect();
    sheet.pupils[0].spans = vec![(day(9, 1), last(5, 26))];
    sheet.given = [(1, "4"), (2, "3"), (3, "5"), (4, "4")]
        .map(|(period, code)| Given {
            pupil: PupilId(1),
            stage: Stage::Period(PeriodId(period)),
            code: Some(code.into()),
            reason: None,
            version: 1,
        })
        .to_vec();
    sheet
}

#[test]
fn a_half_year_is_proposed_from_its_two_quarters_and_the_year_from_all_four() {
    let mut sheet = with_half_years();
    let at = |sheet: &Totals, stage| sheet.columns.iter().find(|c| c.stage == stage).unwrap().clone();
    let halves = Half::ALL.map(|half| at(&sheet, Stage::HalfYear(half)));
    let of = |sheet: &Totals, column: &Column| match sheet.suggest(0, column) {
        Suggestion::Totals(made) => (made.count, made.missing, made.code),
        other => panic!("{other:?}"),
    };
    // 3,50 and 4,50 are rounded up, as a year's mean is
    assert_eq!(of(&sheet, &halves[0]), (2, 0, Some("4".to_owned())));
    assert_eq!(of(&sheet, &halves[1]), (2, 0, Some("5".to_owned())));
    let parts = |sheet: &Totals, column: &Column| -> Vec<Option<String>> {
        let parts = sheet.parts(&sheet.pupils[0], column);
        parts
            .into_iter()
            .map(|(_, code)| code.map(str::to_owned))
            .collect()
    };
    assert_eq!(
        parts(&sheet, &halves[0]),
        [Some("4".to_owned()), Some("3".to_owned())]
    );
    // a mark of the half-year changes nothing of the year, which is of the quarters
    let year = at(&sheet, Stage::Year);
    let before = of(&sheet, &year);
    assert_eq!((before.0, parts(&sheet, &year).len()), (4, 4));
    sheet.given.push(Given {
        pupil: PupilId(1),
        stage: halves[0].stage,
        code: Some("2".into()),
        reason: Some("Так решил педсовет".into()),
        version: 1,
    });
    assert_eq!(of(&sheet, &year), before);
    // without the later quarter it waits
    sheet.given.retain(|g| g.stage != Stage::Period(PeriodId(2)));
    assert_eq!(of(&sheet, &halves[0]), (1, 1, Some("4".to_owned())));
    // who came after the first quarter is judged by the second alone
    sheet.pupils[0].spans = vec![(day(11, 2), day(12, 27))];
    sheet.given.retain(|g| g.stage != Stage::Period(PeriodId(1)));
    assert_eq!(of(&sheet, &halves[0]), (0, 1, None));
}

#[test]
fn a_half_year_is_closed_with_its_later_quarter() {
    let sheet = with_half_years();
    let closed: Vec<_> = sheet.columns.iter().map(|c| sheet.closed_with(c)).collect();
    let ids = [1, 2, 3, 4, 2, 4].map(|id| Some(PeriodId(id)));
    assert_eq!(closed, ids.into_iter().chain([None]).collect::<Vec<_>>());
    let mut quarters = sheet.columns[..4].to_vec();
    quarters[0].shut = Some(Shut::Locked);
    assert_eq!(half_years(&quarters)[0].shut, None);
    quarters[1].shut = Some(Shut::Locked);
    quarters[3].shut = Some(Shut::ToCome);
    let shut = |all: &[Column]| -> Vec<_> { half_years(all).iter().map(|c| c.shut).collect() };
    assert_eq!(shut(&quarters), [Some(Shut::Locked), Some(Shut::ToCome)]);
}

#[test]
fn only_the_quarters_of_one_system_have_half_years() {
    let quarters = with_half_years().columns[..4].to_vec();
    let spans: Vec<_> = half_years(&quarters)
        .iter()
        .map(|c| (c.number, c.starts_on, c.ends_on))
        .collect();
    assert_eq!(
        spans,
        [
            (1, quarters[0].starts_on, quarters[1].ends_on),
            (2, quarters[2].starts_on, quarters[3].ends_on)
        ]
    );
    let of_kind = |kind: &str| -> Vec<Column> {
        let same = quarters.iter().cloned();
        same.map(|c| Column {
            kind: kind.to_owned(),
            ..c
        })
        .collect()
    };
    for kind in ["half_year", "trimester", "module", "semester"] {
        assert_eq!(half_years(&of_kind(kind)), [], "{kind}");
    }
    // a journal of two classes with quarters of their own
    assert_eq!(half_years(&[quarters.clone(), of_kind("quarter")].concat()), []);
    assert_eq!(half_years(&quarters[..1]), []);
    assert_eq!(half_years(&quarters[..3]).len(), 1);
}

#[test]
fn interim_attestation_enters_the_year_only_where_the_rule_says_so() {
    let mut sheet = with_half_years();
    let year = sheet.columns.last().unwrap().clone();
    let interim = Column {
        stage: Stage::Interim,
        kind: String::new(),
        ..year.clone()
    };
    sheet.columns.insert(6, interim.clone());
    let year_of = |sheet: &Totals| match sheet.suggest(0, &year) {
        Suggestion::Totals(made) => (made.count, made.missing, made.average.unwrap().0),
        other => panic!("{other:?}"),
    };
    let rule = |interim| Rule {
        id: base::RuleId(1),
        terms: Terms {
            interim,
            ..Terms::usual(day(9, 1))
        },
        reason: None,
        by: String::new(),
        at: day(9, 1).and_hms_opt(9, 0, 0).unwrap(),
    };
    let parts = |sheet: &Totals, column: &Column| sheet.parts(&sheet.pupils[0], column).len();
    sheet.interim_form = Some("зачёт".into());
    sheet.rules = vec![rule(Interim::Apart)];
    assert_eq!((year_of(&sheet), parts(&sheet, &year)), ((4, 0, 400), 4));
    sheet.rules = vec![rule(Interim::Period)];
    assert_eq!((year_of(&sheet), parts(&sheet, &year)), ((4, 1, 400), 5));
    // a subject without one waits for nothing
    sheet.interim_form = None;
    assert_eq!(year_of(&sheet), (4, 0, 400));
    sheet.given.push(Given {
        pupil: PupilId(1),
        stage: Stage::Interim,
        code: Some("2".into()),
        reason: None,
        version: 1,
    });
    // (4 + 3 + 5 + 4 + 2) / 5 = 3,60
    assert_eq!((year_of(&sheet), parts(&sheet, &year)), ((5, 0, 360), 5));
    // of a half-year it is no part, and it is proposed by nobody
    let half = sheet.columns[4].clone();
    assert_eq!(
        (half.stage, parts(&sheet, &half)),
        (Stage::HalfYear(Half::First), 2)
    );
    assert_eq!(sheet.suggest(0, &interim), Suggestion::Nothing);
    assert_eq!(sheet.closed_with(&interim), None);
    sheet.rules = vec![rule(Interim::Apart)];
    assert_eq!(year_of(&sheet), (4, 0, 400));
}
