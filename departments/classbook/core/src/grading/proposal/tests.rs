//! Proposals: borders, «н/а», years, reasons.

use super::*;
use chrono::NaiveDate;
use proptest::prelude::*;

fn scale(values: &[i64]) -> Vec<ScaleItem> {
    let best = Hundredths::whole(values.iter().copied().max().unwrap_or_default());
    let item = |v: &i64| ScaleItem::usual(&v.to_string(), Some(Hundredths::whole(*v)), best);
    let bare = |code: &str| ScaleItem::usual(code, None, best);
    values
        .iter()
        .map(item)
        .chain([bare("осв"), bare("н/а"), bare("зч")])
        .collect()
}

fn five() -> Vec<ScaleItem> {
    scale(&[5, 4, 3, 2])
}

fn terms() -> Terms {
    Terms {
        five_from: Hundredths(465),
        four_from: Hundredths(365),
        three_from: Hundredths(265),
        ..Terms::usual(NaiveDate::from_ymd_opt(2026, 9, 1).unwrap())
    }
}

fn marks(of: &[(i64, i64)]) -> Vec<Counted> {
    of.iter()
        .map(|(v, w)| (Some(Hundredths::whole(*v)), Hundredths::whole(*w)))
        .collect()
}

#[test]
fn the_usual_bands_of_a_ministry() {
    // 2 (weight 10) and 5 (weight 40): 220 / 50 = 4,40; «4» from 3,65
    let p = propose(&marks(&[(2, 10), (5, 40)]), &terms(), Hundredths(500), &five());
    assert_eq!((p.count, p.sum, p.divisor), (2, 2_200_000, Hundredths(5000)));
    assert_eq!(
        (p.average, p.threshold),
        (Some(Hundredths(440)), Some(Hundredths(365)))
    );
    assert_eq!(p.code.as_deref(), Some("4"));
    assert!(!p.is_enough(), "two marks of three");
    let plain = Terms {
        weighted: false,
        ..terms()
    };
    let p = propose(
        &marks(&[(2, 10), (5, 40), (5, 0)]),
        &plain,
        Hundredths(500),
        &five(),
    );
    assert_eq!(
        (p.sum, p.divisor, p.average),
        (70_000, Hundredths(200), Some(Hundredths(350)))
    );
    assert_eq!(p.code.as_deref(), Some("3"));
    let none = propose(&[(None, Hundredths(100))], &terms(), Hundredths(100), &five());
    assert_eq!((none.count, none.code, none.average), (0, None, None));
}

#[test]
fn other_scales_take_the_nearest() {
    let p = propose(
        &marks(&[(9, 1), (8, 1)]),
        &terms(),
        Hundredths(100),
        &scale(&[10, 9, 8, 7]),
    );
    assert_eq!(
        (p.code.as_deref(), p.threshold, p.nearest),
        (Some("9"), None, true)
    );
    let of_five = propose(&marks(&[(2, 1)]), &terms(), Hundredths(100), &five());
    assert_eq!(
        (of_five.code.as_deref(), of_five.threshold, of_five.nearest),
        (Some("2"), None, false)
    );
}

#[test]
fn a_year_of_its_periods() {
    let v = |n: i64| Some(Some(Hundredths::whole(n)));
    let year = |marks: &[Option<Option<Hundredths>>]| propose_year(marks, &terms(), &five());
    assert_eq!(
        year(&[v(4), v(5), v(4), v(5)]).code.as_deref(),
        Some("5"),
        "4,50 is rounded up"
    );
    assert_eq!(year(&[v(4), v(4), v(5)]).code.as_deref(), Some("4"));
    let part = year(&[v(3), Some(None), None, v(4)]);
    assert_eq!((part.count, part.missing, part.valueless), (2, 1, 1));
    assert_eq!(part.average, Some(Hundredths(350)));
    assert_eq!(year(&[None, Some(None)]).code, None);
    let strict = Terms {
        year_up: Hundredths(60),
        ..terms()
    };
    assert_eq!(
        propose_year(&[v(4), v(5)], &strict, &five()).code.as_deref(),
        Some("4")
    );
}

#[test]
fn when_a_reason_is_asked_for() {
    let scale = five();
    let of = |code: &str| scale.iter().find(|i| i.code == code).unwrap();
    let asks =
        |code, proposed: Option<i64>, enough| asks_reason(of(code), proposed.map(Hundredths::whole), enough);
    assert!(!asks("4", Some(4), true) && asks("5", Some(4), true) && asks("3", Some(4), false));
    assert!(!asks("5", None, false), "nothing is proposed");
    assert!(asks("н/а", Some(4), true) && !asks("н/а", Some(4), false));
    // a mark without a level takes a «2» out of the percentages: not without a word
    assert!(asks("осв", Some(2), true) && asks("осв", Some(2), false) && asks("зч", Some(2), true));
    assert!(!asks("осв", None, false), "by a paper: no level is proposed");
}

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, n).unwrap()
}

fn pupil(spans: &[(u32, u32)]) -> Pupil {
    Pupil {
        id: base::PupilId(1),
        name: String::new(),
        spans: spans.iter().map(|(from, to)| (day(*from), day(*to))).collect(),
        gone: false,
    }
}

#[test]
fn too_few_marks_propose_not_attested_when_the_period_ends() {
    let made = |of: &[(i64, i64)], closing| attest(&marks(of), &terms(), Hundredths(100), &five(), closing);
    let few = made(&[(4, 1)], true);
    assert_eq!(
        (few.code.as_deref(), few.value, few.count, few.minimum),
        (Some("н/а"), None, 1, 3)
    );
    assert_eq!(few.by_marks(), (Some("4"), Some(Hundredths::whole(4))));
    assert!(!few.is_enough() && few.average.is_some());
    let none = made(&[], true);
    assert_eq!(
        (none.code.as_deref(), none.by_marks()),
        (Some("н/а"), (None, None))
    );
    assert!(!none.is_enough(), "nothing is given along with others");
    // the period runs; and as many as are asked for
    assert_eq!(made(&[(4, 1)], false).code.as_deref(), Some("4"));
    assert_eq!(made(&[], false).code, None);
    assert_eq!(made(&[(4, 1), (4, 1), (5, 1)], true).code.as_deref(), Some("4"));
    // exempt by a paper has the last word
    let exempt = none.with_code("осв");
    assert!(exempt.is_enough() && exempt.by_marks().0 == Some("осв"));
}

#[test]
fn not_attested_is_not_proposed_where_it_says_nothing() {
    let made = |of: &[Counted], terms: &Terms, scale: &[ScaleItem]| {
        attest(of, terms, Hundredths(100), scale, true).code
    };
    // three passes: in no average, but something to attest by
    let passes = [(None, Hundredths(100)); 3];
    assert_eq!(made(&passes, &terms(), &five()), None);
    assert_eq!(made(&passes[..2], &terms(), &five()).as_deref(), Some("н/а"));
    // a school that asks for no marks
    let any = Terms {
        minimums: vec![],
        ..terms()
    };
    assert_eq!(made(&[], &any, &five()), None);
    // scales without the word, and of words alone
    let mut bare = five();
    bare.retain(|i| i.standing != Standing::NotAttested);
    assert_eq!(made(&[], &terms(), &bare), None);
    assert_eq!(made(&[], &terms(), &scale(&[])), None);
}

#[test]
fn it_is_asked_in_the_last_days_of_who_was_there_to_the_end() {
    let there = pupil(&[(1, 31)]);
    let on = |p: &Pupil, today| is_closing(p, day(27), day(today));
    assert!(!on(&there, 19) && on(&there, 20) && on(&there, 31));
    assert!(!on(&pupil(&[(1, 26)]), 31), "left before it ended");
    assert!(on(&pupil(&[(1, 5), (20, 27)]), 31), "came back");
}

proptest! {
    #[test]
    fn not_attested_takes_nothing_from_what_the_marks_say(
        of in proptest::collection::vec((proptest::option::of(2i64..=5), 0i64..=10), 0..8), least in 0i16..6, closing: bool,
    ) {
        let marks: Vec<Counted> = of.iter().map(|(v, w)| (v.map(Hundredths::whole), Hundredths::whole(*w))).collect();
        let terms = Terms { minimums: vec![crate::grading::Minimum { week_hours: Hundredths(0), marks: least }], ..terms() };
        let (made, plain) = (attest(&marks, &terms, Hundredths(100), &five(), closing), propose(&marks, &terms, Hundredths(100), &five()));
        // of weight 0 is none to attest by
        let all = marks.iter().filter(|(_, w)| w.0 > 0).count();
        let few = closing && i64::try_from(all).unwrap() < i64::from(least);
        prop_assert_eq!(made.alone.is_some(), few);
        prop_assert_eq!(made.code.as_deref() == Some("н/а"), few);
        prop_assert_eq!(made.by_marks(), (plain.code.as_deref(), plain.value));
        prop_assert_eq!((made.count, made.sum, made.divisor, made.average), (plain.count, plain.sum, plain.divisor, plain.average));
        // it never comes along with others, and what is not it is as before
        prop_assert!(!few || !made.is_enough());
        prop_assert!(few || made == plain);
    }

    #[test]
    fn the_proposal_is_the_shown_average(of in proptest::collection::vec((2i64..=5, 0i64..=10), 0..60), weighted: bool) {
        let marks = marks(&of);
        let terms = Terms { weighted, ..terms() };
        let p = propose(&marks, &terms, Hundredths(300), &five());
        let both = average(marks.iter().copied());
        prop_assert_eq!(p.average, if weighted { both.weighted } else { both.plain });
        prop_assert_eq!(p.average, Hundredths::ratio(i128::from(p.sum), i128::from(p.divisor.0) * 100));
        prop_assert_eq!(p.code.is_some(), p.count > 0);
        if let (Some(average), Some(value)) = (p.average, p.value) {
            let reached = |from: Hundredths| average >= from;
            prop_assert_eq!(value.0 >= 500, reached(terms.five_from));
            prop_assert_eq!(value.0 >= 400, reached(terms.four_from));
            prop_assert_eq!(value.0 >= 300, reached(terms.three_from));
        }
    }

    #[test]
    fn one_more_five_never_lowers_a_proposal(of in proptest::collection::vec((2i64..=5, 1i64..=10), 1..40), weight in 1i64..10) {
        let before = propose(&marks(&of), &terms(), Hundredths(300), &five());
        let mut more = of;
        more.push((5, weight));
        let after = propose(&marks(&more), &terms(), Hundredths(300), &five());
        prop_assert!(before.value <= after.value && before.average <= after.average);
    }

    #[test]
    fn a_year_lies_between_its_periods(of in proptest::collection::vec(2i64..=5, 1..6), up in 1i64..=99) {
        let marks: Vec<_> = of.iter().map(|v| Some(Some(Hundredths::whole(*v)))).collect();
        let terms = Terms { year_up: Hundredths(up), ..terms() };
        let value = propose_year(&marks, &terms, &five()).value.unwrap();
        let (low, high) = (of.iter().min().unwrap(), of.iter().max().unwrap());
        prop_assert!(Hundredths::whole(*low) <= value && value <= Hundredths::whole(*high));
    }
}
