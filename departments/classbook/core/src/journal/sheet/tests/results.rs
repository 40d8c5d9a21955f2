//! What a period comes to, and its marks typed at the ends of the rows.

use super::*;
use crate::grading::rules::Terms;
use crate::grading::totals::{Stage, TotalEdit};
use crate::journal::cell::Outcome;
use crate::journal::grid::{OUTSIDE, Period, ResultRow, Results};
use base::PeriodId;
use chrono::NaiveDateTime;

fn sums(given: Vec<ResultRow>) -> Results {
    Results {
        terms: Terms::usual(day(1)),
        week_hours: Hundredths::whole(1),
        given,
        elsewhere: vec![],
    }
}

#[test]
fn a_period_comes_to_what_is_typed_so_far_by_the_rule_of_the_school() {
    let results = |given: &[(u16, &str)], elsewhere: Vec<_>| Results {
        elsewhere,
        ..sums(
            given
                .iter()
                .map(|(row, code)| ResultRow(*row, Some((*code).into()), None, 1))
                .collect(),
        )
    };
    let with = |results: Results| {
        Sheet::new(Grid {
            results: Some(results),
            ..grid()
        })
    };
    assert_eq!(Sheet::new(grid()).result(0), None, "nothing is summed up");
    let mut sheet = with(results(&[], vec![]));
    let (given, made) = sheet.result(0).unwrap();
    // 4 by 1 and 5 by 3
    assert_eq!(
        (given, made.average, made.count),
        (None, Some(Hundredths(475)), 2)
    );
    assert_eq!((made.code.as_deref(), made.is_enough()), (Some("5"), false));
    // what waits for the server counts already, and what a pupil got in another group counts too
    let (change, _) = type_one(&sheet, 0, 2, "2");
    sheet.set_local(
        change.place(),
        Some(Local {
            change,
            state: State::Waiting,
        }),
    );
    let typed = sheet.result(0).unwrap().1;
    assert_eq!((typed.count, typed.average), (3, Some(Hundredths(420))));
    let brought = with(results(
        &[(1, "4")],
        vec![
            (0, Some(Hundredths::whole(3)), Hundredths::whole(4)),
            (1, None, Hundredths::whole(1)),
        ],
    ));
    let (_, both) = brought.result(0).unwrap();
    assert_eq!((both.count, both.average), (3, Some(Hundredths(388))));
    assert_eq!(
        brought.average(0).weighted,
        both.average,
        "one figure, wherever it stands"
    );
    let (stands, nothing) = brought.result(1).unwrap();
    assert_eq!((stands, nothing.code), (Some("4"), None));
    // given and taken back in place; the next one is the next without a mark
    let mut brought = brought;
    assert_eq!(brought.next_without(0), Some(2));
    let give = |sheet: &mut Sheet, pupil: i64, code: Option<&str>, version: i32| {
        sheet.give(PupilId(pupil), code.map(Into::into), None, version)
    };
    assert_eq!(give(&mut brought, 1, Some("5"), 1), Some(0));
    assert_eq!(give(&mut brought, 1, Some("3"), 2), Some(0));
    assert_eq!(brought.result(0).unwrap().0, Some("3"));
    // an answer that was slow on its way
    assert_eq!(give(&mut brought, 1, Some("5"), 1), Some(0));
    assert_eq!(brought.result(0).unwrap().0, Some("3"));
    assert_eq!(give(&mut brought, 2, None, 2), Some(1));
    assert_eq!(brought.result(1).unwrap().0, None);
    assert_eq!(
        (brought.next_without(0), brought.next_without(2)),
        (Some(1), None)
    );
    assert_eq!(give(&mut brought, 9, None, 1), None);
    assert_eq!(give(&mut Sheet::new(grid()), 1, Some("5"), 1), None);
}

fn row(pupil: u16, code: &str, reason: Option<&str>, version: i32) -> ResultRow {
    let code = (!code.is_empty()).then(|| code.to_owned());
    ResultRow(pupil, code, reason.map(Into::into), version)
}

/// The grid in a running quarter; the first pupil's marks propose a 5.
fn in_period(given: Vec<ResultRow>, change: impl FnOnce(&mut Grid)) -> Sheet {
    let mut grid = Grid {
        results: Some(sums(given)),
        periods: vec![Period {
            id: PeriodId(2),
            kind: "quarter".into(),
            number: 2,
            starts_on: day(2),
            ends_on: day(30),
            locked: false,
        }],
        period: Some(PeriodId(2)),
        ..grid()
    };
    change(&mut grid);
    Sheet::new(grid)
}

fn give(pupil: i64, code: Option<&str>, expected: i32) -> TotalEdit {
    TotalEdit {
        pupil: PupilId(pupil),
        stage: Stage::Period(PeriodId(2)),
        code: code.map(Into::into),
        reason: None,
        expected,
    }
}

#[test]
fn a_mark_of_the_period_is_typed_at_the_end_of_its_row() {
    let sheet = in_period(vec![row(1, "4", None, 3)], |_| {});
    assert_eq!(sheet.type_result(0, "5"), Ok(Wanted::Give(give(1, Some("5"), 0))));
    // from the wrong layout or as a longer one: what the scale has
    assert_eq!(
        sheet.type_result(1, "зч"),
        Ok(Wanted::Give(give(2, Some("зч"), 3)))
    );
    assert_eq!(sheet.type_result(1, "4"), Ok(Wanted::Same));
    assert_eq!(sheet.type_result(1, ""), Ok(Wanted::Give(give(2, None, 3))));
    assert_eq!(sheet.type_result(0, ""), Ok(Wanted::Same), "nothing stands there");
    // a whole mark from what is proposed, up or down; where nothing is proposed none is asked
    for far in ["4", "2"] {
        assert_eq!(sheet.type_result(0, far), Ok(Wanted::Why(far.into())));
    }
    assert_eq!(sheet.type_result(1, "2"), Ok(Wanted::Give(give(2, Some("2"), 3))));
    for unknown in ["6", "н", "5/4"] {
        assert_eq!(sheet.type_result(0, unknown), Err(No::Unknown), "{unknown}");
    }
}

#[test]
fn the_end_of_a_row_proposes_not_attested_as_the_sheet_of_totals_does() {
    let ends = |today: u32| {
        in_period(vec![], |g| {
            g.today = day(today);
            for pupil in &mut g.pupils[..2] {
                pupil.spans = vec![(day(2), day(30))];
            }
            for scale in &mut g.scales {
                let best = Hundredths::whole(5);
                scale.items.push(ScaleItem::usual("н/а", None, best));
            }
        })
    };
    let made = |sheet: &Sheet, row| sheet.result(row).unwrap().1;
    // the period runs: what the marks come to
    assert_eq!(made(&ends(20), 0).code.as_deref(), Some("5"));
    let last = ends(24);
    assert_eq!(made(&last, 0).code.as_deref(), Some("н/а"));
    assert_eq!(made(&last, 0).by_marks().0, Some("5"));
    // who has left before its end is attested elsewhere
    assert_eq!(made(&last, 2).code, None);
    // as proposed, or what the marks say: no question; a whole mark from it: one
    assert_eq!(
        last.type_result(0, "н/а"),
        Ok(Wanted::Give(give(1, Some("н/а"), 0)))
    );
    assert_eq!(last.type_result(0, "5"), Ok(Wanted::Give(give(1, Some("5"), 0))));
    assert_eq!(last.type_result(0, "3"), Ok(Wanted::Why("3".into())));
}

#[test]
fn what_lies_in_no_period_is_in_no_average() {
    assert_ne!(in_period(vec![], |_| {}).average(0), Average::default());
    let outside = in_period(vec![], |g| g.period = Some(OUTSIDE));
    assert_eq!(outside.average(0), Average::default());
    assert_eq!(outside.type_result(0, "5"), Err(No::Outside));
}

#[test]
fn the_end_of_a_row_says_why_it_takes_nothing() {
    let of = |change: fn(&mut Grid)| in_period(vec![], change).type_result(0, "5");
    assert_eq!(of(|g| g.may_edit = false), Err(No::Right));
    assert_eq!(of(|g| g.periods[0].locked = true), Err(No::Locked));
    assert_eq!(of(|g| g.today = day(1)), Err(No::ToCome));
    assert_eq!(of(|g| g.pupils[0].spans = vec![]), Err(No::Away));
    assert_eq!(of(|g| g.results = None), Err(No::Outside));
    assert_eq!(of(|g| g.period = None), Err(No::Outside));
    assert_eq!(in_period(vec![], |_| {}).type_result(9, "5"), Err(No::Outside));
    // who has left during the period is still marked for it
    assert_eq!(
        in_period(vec![], |_| {}).type_result(2, "5"),
        Ok(Wanted::Give(give(3, Some("5"), 0)))
    );
    // a reading that is none says so only where something could stand
    let locked = in_period(vec![], |g| g.periods[0].locked = true);
    assert_eq!(locked.type_result(0, "6"), Err(No::Locked));
}

#[test]
fn what_was_typed_is_shown_until_the_server_has_said_its_word() {
    let mut sheet = in_period(vec![row(0, "3", Some("Пересдача"), 2)], |_| {});
    assert_eq!(
        sheet.standing_result(0),
        (Some("3".into()), Some("Пересдача".into()))
    );
    let edit = give(1, Some("5"), 2);
    sheet.set_result(edit.clone(), State::Waiting);
    assert_eq!(sheet.result(0).unwrap().0, Some("5"));
    assert_eq!(sheet.type_result(0, "5"), Err(No::Waiting), "one after the other");
    assert!(sheet.has_unsaved_results() && sheet.unsent_results().is_empty());
    // what could not be sent stays and is sent again
    sheet.set_result(edit.clone(), State::Refused("Нет сети".into()));
    assert_eq!(sheet.unsent_results(), std::slice::from_ref(&edit));
    // an answer about the lessons takes nothing of it back
    sheet.merge(
        in_period(vec![row(0, "3", Some("Пересдача"), 2)], |_| {})
            .grid
            .clone(),
    );
    assert_eq!(sheet.result(0).unwrap().0, Some("5"));
    assert_eq!(
        sheet.answer_result(&edit, &Outcome::Saved { version: 3 }),
        Some(0)
    );
    assert_eq!(sheet.standing_result(0), (Some("5".into()), None));
    assert!(!sheet.has_unsaved_results());
    // one that was slow on its way does not, either
    sheet.merge(
        in_period(vec![row(0, "3", Some("Пересдача"), 2)], |_| {})
            .grid
            .clone(),
    );
    assert_eq!(sheet.result(0).unwrap().0, Some("5"));
    assert_eq!(sheet.type_result(0, ""), Ok(Wanted::Give(give(1, None, 3))));

    // somebody was faster: theirs stands; a refusal leaves what stood
    let edit = give(1, None, 3);
    sheet.set_result(edit.clone(), State::Waiting);
    let now = Meanwhile {
        value: Some("4".into()),
        comment: None,
        owed: None,
        version: 4,
        by: "Завучева О. П.".into(),
        at: NaiveDateTime::default(),
    };
    assert_eq!(sheet.answer_result(&edit, &Outcome::Conflict(now)), Some(0));
    assert_eq!(sheet.result(0).unwrap().0, Some("4"));
    let edit = give(1, Some("2"), 4);
    sheet.set_result(edit.clone(), State::Waiting);
    let message = String::new();
    sheet.answer_result(&edit, &Outcome::Refused { message });
    assert_eq!(sheet.result(0).unwrap().0, Some("4"));
}
