use super::*;
use crate::grading::{Counted, Terms, propose};
use chrono::NaiveDate;
use proptest::prelude::*;

fn entry(code: &str, value: Option<i64>, counting: Counting) -> Entry {
    Entry {
        code: code.into(),
        title: code.into(),
        value: value.map(Hundredths::whole),
        counting,
    }
}

fn usual(values: &[i64]) -> Vec<Entry> {
    let best = Hundredths::whole(values.iter().copied().max().unwrap());
    let of = |v: &i64| {
        let code = v.to_string();
        entry(
            &code,
            Some(*v),
            Counting::usual(&code, Some(Hundredths::whole(*v)), best),
        )
    };
    values.iter().map(of).collect()
}

const FIVE: ScaleId = ScaleId(1);
const OTHER: ScaleId = ScaleId(2);

fn book(other: Vec<Entry>) -> Book {
    Book {
        scales: vec![(FIVE, usual(&[5, 4, 3, 2])), (OTHER, other)],
        results: vec![],
    }
}

/// A scale of letters, each of which says a mark of five.
fn letters() -> Vec<Entry> {
    let of = |(code, five, standing): (&str, i64, Standing)| {
        let five = Some(Hundredths::whole(five));
        entry(code, None, Counting { standing, five })
    };
    [
        ("A", 5, Standing::Five),
        ("B", 4, Standing::Four),
        ("C", 3, Standing::Three),
        ("D", 2, Standing::Two),
    ]
    .map(of)
    .into()
}

#[test]
fn what_is_usual() {
    let ten = book(usual(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]));
    let five = |code: &str| ten.counts(FIVE, OTHER, code).map(|v| v.0);
    assert_eq!(
        ["10", "9", "8", "7", "6", "5", "4", "1"].map(five),
        [500, 500, 400, 400, 300, 300, 200, 200].map(Some)
    );
    // among results by ten a mark of five counts as the best of its level
    let there = |code: &str| ten.counts(OTHER, FIVE, code).map(|v| v.0);
    assert_eq!(["5", "4", "3", "2"].map(there), [1000, 800, 600, 400].map(Some));
    // each on its own counts its value
    assert_eq!(ten.counts(OTHER, OTHER, "9"), Some(Hundredths::whole(9)));
    let bare = Counting::usual("н/а", None, Hundredths(0));
    assert_eq!((bare.standing, bare.five), (Standing::NotAttested, None));
    assert_eq!(ten.counts(FIVE, OTHER, "нет"), None);
}

#[test]
fn the_school_says_what_is_not_usual() {
    let read = |level, counts| Counting::read("+", None, 0, level, counts);
    assert_eq!(read(None, None), Counting::default());
    assert_eq!(read(Some("five"), Some(500)).five, Some(Hundredths::whole(5)));
    // a school that spells it in another way
    assert_eq!(read(Some("exempt"), None).standing, Standing::Exempt);
    assert_eq!(
        Counting::read("осв", None, 0, Some("none"), None).standing,
        Standing::Other
    );
}

#[test]
fn results_go_by_the_subject_s_scale_else_the_school_s_else_the_oldest() {
    let mut book = book(letters());
    let of = |book: &Book, n| book.results(SubjectId(n)).unwrap();
    assert_eq!(of(&book, 1), FIVE);
    book.results = vec![(Some(SubjectId(7)), OTHER)];
    assert_eq!((of(&book, 7), of(&book, 1)), (OTHER, FIVE));
    book.results.push((None, OTHER));
    assert_eq!(of(&book, 1), OTHER);
    assert_eq!(Book::default().results(SubjectId(1)), None);
}

proptest! {
    #[test]
    fn a_scale_mapped_onto_five_proposes_what_the_five_does(
        of in proptest::collection::vec((0usize..4, 0i64..=10, any::<bool>()), 0..40), weighted: bool, five_from in 401i64..=500,
    ) {
        let book = book(letters());
        let terms = Terms { weighted, five_from: Hundredths(five_from), ..Terms::usual(NaiveDate::from_ymd_opt(2026, 9, 1).unwrap()) };
        let marks = |mapped: &dyn Fn(bool) -> bool| -> Vec<Counted> {
            let mark = |(at, weight, some): &(usize, i64, bool)| {
                let (scale, code) = if mapped(*some) { (OTHER, ["A", "B", "C", "D"][*at]) } else { (FIVE, ["5", "4", "3", "2"][*at]) };
                (book.counts(FIVE, scale, code), Hundredths::whole(*weight))
            };
            of.iter().map(mark).collect()
        };
        let scale = book.items(FIVE, FIVE);
        let plain = propose(&marks(&|_| false), &terms, Hundredths(300), &scale);
        prop_assert_eq!(&propose(&marks(&|_| true), &terms, Hundredths(300), &scale), &plain);
        prop_assert_eq!(&propose(&marks(&|some| some), &terms, Hundredths(300), &scale), &plain, "mixed");
    }

    #[test]
    fn a_better_mark_never_counts_less(values in proptest::collection::btree_set(1i64..=100, 2..30), onto in 6i64..=100) {
        let values: Vec<i64> = values.into_iter().rev().collect();
        let mut book = book(usual(&values));
        let third = ScaleId(3);
        book.scales.push((third, usual(&(1..=onto).rev().collect::<Vec<_>>())));
        for results in [FIVE, third] {
            let counted: Vec<_> = values.iter().map(|v| book.counts(results, OTHER, &v.to_string()).unwrap()).collect();
            prop_assert!(counted.windows(2).all(|w| w[0] >= w[1]), "{:?}", counted);
            // and it is a value that the scale has, or lies within five
            prop_assert!(counted.iter().all(|c| *c <= Hundredths::whole(onto.max(5))));
        }
    }
}
