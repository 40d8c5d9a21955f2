use super::*;
use proptest::prelude::*;

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn day(date: &str, lessons: i64, ill: i64) -> DayOf {
    DayOf {
        lessons,
        ill,
        ..DayOf::empty(d(date))
    }
}

fn november() -> (NaiveDate, NaiveDate) {
    (d("2026-11-01"), d("2026-11-30"))
}

#[test]
fn the_notions_of_a_day_differ() {
    let days = [
        day("2026-11-16", 6, 6), // full, and by the act
        day("2026-11-17", 6, 3), // by the act alone
        day("2026-11-18", 2, 2), // full alone
        day("2026-11-19", 6, 2),
        day("2026-11-20", 6, 0),
    ];
    let sum = tally(&days, november(), d("2026-11-30"), &Notions::default());
    assert_eq!((sum.lessons, sum.missed, sum.ill), (26, 13, 13));
    assert_eq!((sum.full_days, sum.days), (2, 2));
    assert_eq!(sum.weeks, 0, "exactly a half is not more than a half");
    assert_eq!(sum.share, Some(Hundredths(5000)));
    assert!(sum.systematic);
    let strict = Notions {
        day_lessons: 2,
        week_percent: 49,
        month_percent: 51,
        act: None,
        since: None,
    };
    let sum = tally(&days, november(), d("2026-11-30"), &strict);
    assert_eq!((sum.days, sum.weeks, sum.systematic), (4, 1, false));
}

#[test]
fn a_week_is_counted_where_it_ends_and_when_it_is_over() {
    // Monday the 30th to Sunday, 6 December
    let days = [
        day("2026-11-30", 6, 6),
        day("2026-12-01", 6, 6),
        day("2026-12-02", 6, 0),
    ];
    let at = |span, today: &str| tally(&days, span, d(today), &Notions::default()).weeks;
    let december = (d("2026-12-01"), d("2026-12-31"));
    assert_eq!(at(november(), "2026-12-31"), 0);
    assert_eq!(at(december, "2026-12-31"), 1);
    assert_eq!(at(december, "2026-12-05"), 0, "it is not over yet");
}

#[test]
fn lessons_to_come_are_part_of_the_months_time() {
    let mut days = vec![day("2026-11-02", 6, 6), day("2026-11-03", 6, 6)];
    let now = d("2026-11-03");
    assert!(tally(&days, november(), now, &Notions::default()).systematic);
    days.extend((9..=13).map(|n| day(&format!("2026-11-{n:02}"), 6, 0)));
    assert!(!tally(&days, november(), now, &Notions::default()).systematic);
}

#[test]
fn nothing_is_no_share() {
    let sum = tally(&[], november(), d("2026-11-30"), &Notions::default());
    assert_eq!(sum, Tally::default());
    // a day of nothing but lessons from which one is exempt
    let exempt = DayOf {
        exempt: 2,
        ..DayOf::empty(d("2026-11-16"))
    };
    assert!(!exempt.is_full());
    assert_eq!(exempt.reason(), None);
}

fn count<T>(all: impl Iterator<Item = T>) -> i64 {
    i64::try_from(all.count()).unwrap()
}

fn any_day() -> impl Strategy<Value = DayOf> {
    (0u64..90, proptest::collection::vec(0i64..4, 5), 0i64..4).prop_map(|(n, missed, there)| DayOf {
        date: d("2026-09-01") + Days::new(n),
        lessons: missed[..4].iter().sum::<i64>() + there,
        unknown: missed[0],
        ill: missed[1],
        excused: missed[2],
        unexcused: missed[3],
        late: missed[4].min(there),
        exempt: 0,
    })
}

/// Days in order, each once.
fn any_days() -> impl Strategy<Value = Vec<DayOf>> {
    proptest::collection::vec(any_day(), 0..60).prop_map(|days| {
        let by_date: BTreeMap<NaiveDate, DayOf> = days.into_iter().map(|x| (x.date, x)).collect();
        by_date.into_values().collect()
    })
}

proptest! {
    /// Reasons add up to what was missed, and nothing is missed more often than it took place.
    #[test]
    fn sums_hold_together(days in any_days(), day_lessons in 1i16..8, week_percent in 1i16..100, month_percent in 1i16..=100) {
        let notions = Notions { day_lessons, week_percent, month_percent, act: None, since: None };
        let span = (d("2026-09-01"), d("2026-11-29"));
        let sum = tally(&days, span, span.1, &notions);
        prop_assert_eq!(sum.missed, sum.unknown + sum.ill + sum.excused + sum.unexcused);
        prop_assert_eq!(sum.missed, days.iter().map(DayOf::missed).sum::<i64>());
        prop_assert!(sum.missed + sum.late <= sum.lessons);
        prop_assert!(sum.full_days <= count(days.iter()));
        prop_assert!(sum.share.is_none_or(|s| (0..=10_000).contains(&s.0)));
        prop_assert_eq!(sum.share.is_none(), sum.lessons == 0);
        // whoever missed nothing has missed no day, no week, no time
        if sum.missed == 0 {
            prop_assert_eq!((sum.full_days, sum.days, sum.weeks, sum.systematic), (0, 0, 0, false));
        }
        // whoever missed everything has missed each day on which there was something
        if sum.lessons > 0 && sum.missed == sum.lessons {
            prop_assert_eq!(sum.full_days, count(days.iter().filter(|x| x.lessons > 0)));
            prop_assert!(sum.systematic && sum.weeks > 0);
        }
    }

    /// Two spans beside each other come to what the whole comes to, weeks too.
    #[test]
    fn spans_add_up(days in any_days(), cut in 1u64..89) {
        let (from, to) = (d("2026-09-01"), d("2026-11-29"));
        let middle = from + Days::new(cut);
        let of = |span| tally(&days, span, to, &Notions::default());
        let (left, right, all) = (of((from, middle)), of((middle + Days::new(1), to)), of((from, to)));
        let both = |f: fn(&Tally) -> i64| f(&left) + f(&right);
        prop_assert_eq!(both(|s| s.lessons), all.lessons);
        prop_assert_eq!(both(|s| s.missed), all.missed);
        prop_assert_eq!(both(|s| s.late), all.late);
        prop_assert_eq!(both(|s| s.full_days), all.full_days);
        prop_assert_eq!(both(|s| s.days), all.days);
        prop_assert_eq!(both(|s| s.weeks), all.weeks);
    }

    /// The order of days says nothing, and neither does a day without a lesson.
    #[test]
    fn order_and_empty_days_change_nothing(days in any_days()) {
        let span = (d("2026-09-01"), d("2026-11-29"));
        let sum = tally(&days, span, span.1, &Notions::default());
        let mut other: Vec<DayOf> = days.iter().rev().copied().collect();
        other.push(DayOf::empty(d("2026-11-29")));
        prop_assert_eq!(tally(&other, span, span.1, &Notions::default()), sum);
    }

    /// To be there at one lesson more makes nothing worse.
    #[test]
    fn a_lesson_attended_makes_nothing_worse(days in any_days(), which in 0usize..60) {
        prop_assume!(!days.is_empty());
        let span = (d("2026-09-01"), d("2026-11-29"));
        let before = tally(&days, span, span.1, &Notions::default());
        let mut more = days.clone();
        let at = which % more.len();
        more[at].lessons += 1;
        let after = tally(&more, span, span.1, &Notions::default());
        prop_assert!(after.full_days <= before.full_days && after.weeks <= before.weeks);
        prop_assert!(!after.systematic || before.systematic);
        prop_assert_eq!(after.missed, before.missed);
    }

    /// The reason of a day is one of those that it has.
    #[test]
    fn a_days_reason_is_one_it_has(day in any_day()) {
        let of = |r| match r {
            Reason::Unknown => day.unknown,
            Reason::Ill => day.ill,
            Reason::Excused => day.excused,
            Reason::Unexcused => day.unexcused,
            Reason::Late => day.late,
        };
        match day.reason() {
            Some(reason) => prop_assert!(of(reason) > 0 && reason.is_absent()),
            None => prop_assert_eq!(day.missed(), 0),
        }
    }
}
