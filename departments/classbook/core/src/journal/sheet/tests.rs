mod results;

use super::*;
use crate::journal::average::Average;
use crate::journal::cell::Homework;
use crate::journal::grid::{Assignment, AttendanceCode, Lesson, Pupil, ScaleItem, WorkType};
use crate::journal::news::Pulse;
use crate::owed::{Owed, Wish};
use base::{AssignmentId, LoadId, PersonId, ScaleId, SchoolId, WorkTypeId};
use chrono::NaiveDate;
use proptest::prelude::*;

pub(crate) fn day(d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, d).unwrap()
}

/// Three pupils (the last has left), lessons 700 (works 800, 801), 701 (none, today), 702 (none, still to come).
pub(crate) fn grid() -> Grid {
    let lesson = |id, d| Lesson {
        id: LessonId(id),
        date: day(d),
        slot: 0,
        topic: None,
        homework: None,
        cancelled: false,
        locked: false,
        version: 1,
    };
    let work = |id, weight| Assignment {
        id: AssignmentId(id),
        lesson: LessonId(700),
        work_type: WorkTypeId(1),
        scale: ScaleId(1),
        title: None,
        weight: Hundredths::whole(weight),
        version: 1,
    };
    let pupil = |id, to| Pupil {
        id: PupilId(id),
        name: format!("Ученик {id}"),
        spans: vec![(day(2), day(to))],
        gone: to < 28,
    };
    let item = |c: &str| ScaleItem {
        title: c.into(),
        ..ScaleItem::usual(c, Hundredths::parse(c), Hundredths::whole(5))
    };
    Grid {
        person: PersonId(2),
        school: SchoolId(10),
        load: LoadId(500),
        subject: "Математика".into(),
        audience: "7А".into(),
        today: day(18),
        periods: vec![],
        period: None,
        may_edit: true,
        may_see_history: true,
        pupils: vec![pupil(1, 28), pupil(2, 28), pupil(3, 17)],
        lessons: vec![lesson(700, 16), lesson(701, 18), lesson(702, 20)],
        assignments: vec![work(800, 1), work(801, 3)],
        marks: vec![
            MarkRow(0, 0, Some("4".into()), 2, None),
            MarkRow(0, 1, Some("5".into()), 1, Some("молодец".into())),
        ],
        attendance: vec![AttendanceRow(1, 0, Some("н".into()), 1)],
        scales: vec![Scale {
            id: ScaleId(1),
            items: ["5", "4", "3", "2", "зч"].map(item).into(),
        }],
        work_types: vec![WorkType {
            id: WorkTypeId(1),
            code: "О".into(),
            title: "Ответ".into(),
            weight: Hundredths::whole(1),
            assessment: false,
        }],
        codes: ["н", "о"]
            .map(|c| AttendanceCode {
                code: c.into(),
                title: c.into(),
                absent: c == "н",
            })
            .into(),
        owed: vec![],
        owed_until: None,
        read_at: None,
        utc_offset: 0,
        pulse: Pulse::default(),
        plan: vec![],
        scheduled: vec![],
        all_scales: vec![],
        results: None,
        markless: false,
        replaced: vec![],
        outside: 0,
        laid_until: None,
        exempt: vec![],
        cancelled: vec![],
        off: vec![],
        asked: vec![],
        may_cancel: false,
        substitutes: vec![],
        stands_in: vec![],
        hints: vec![],
    }
}

fn type_one(sheet: &Sheet, row: usize, column: usize, text: &str) -> (Change, i32) {
    let mut changes = sheet.type_text(row, column, text).unwrap();
    assert_eq!(changes.len(), 1, "{changes:?}");
    changes.remove(0)
}

#[test]
fn each_work_is_a_column_and_a_lesson_without_works_is_one() {
    let sheet = Sheet::new(grid());
    let seen: Vec<_> = sheet
        .columns()
        .iter()
        .map(|c| (c.lesson, c.assignment, c.first, c.span))
        .collect();
    assert_eq!(
        seen,
        [
            (0, Some(0), true, 2),
            (0, Some(1), false, 2),
            (1, None, true, 1),
            (2, None, true, 1)
        ]
    );
    assert_eq!(sheet.current_column(), 2);
    assert_eq!(sheet.columns_of(LessonId(700)), 0..2);
}

#[test]
fn a_cell_shows_mark_attendance_and_average() {
    let sheet = Sheet::new(grid());
    assert_eq!(sheet.text(0, 0), "4");
    assert_eq!(sheet.shown(0, 1).comment.as_deref(), Some("молодец"));
    assert_eq!(sheet.text(1, 0), "н");
    assert_eq!(sheet.text(1, 1), "", "attendance is shown once a lesson");
    assert_eq!(
        sheet.average(0),
        Average {
            plain: Some(Hundredths(450)),
            weighted: Some(Hundredths(475))
        }
    );
    assert_eq!(sheet.average(1), Average::default());
}

#[test]
fn a_typed_mark_counts_at_once_and_a_refused_one_does_not() {
    let mut sheet = Sheet::new(grid());
    let (change, expected) = type_one(&sheet, 1, 0, "3");
    assert_eq!(expected, 0);
    let place = change.place();
    sheet.set_local(
        place,
        Some(Local {
            change: change.clone(),
            state: State::Waiting,
        }),
    );
    assert_eq!(sheet.text(1, 0), "н/3");
    assert_eq!(sheet.average(1).plain, Some(Hundredths(300)));
    sheet.set_local(
        place,
        Some(Local {
            change,
            state: State::Refused("нет".into()),
        }),
    );
    assert_eq!(sheet.average(1).plain, None);
    assert_eq!(sheet.shown(1, 0).state, Some(State::Refused("нет".into())));
}

#[test]
fn the_first_mark_of_a_lesson_makes_its_work() {
    let mut sheet = Sheet::new(grid());
    let (first, _) = type_one(&sheet, 0, 2, "5");
    let (second, _) = type_one(&sheet, 1, 2, "4");
    for change in [&first, &second] {
        assert!(matches!(change, Change::Mark { assignment: None, .. }));
        sheet.set_local(
            change.place(),
            Some(Local {
                change: change.clone(),
                state: State::Waiting,
            }),
        );
    }
    assert!(sheet.saved(&first, Some(AssignmentId(900)), 1));
    // both keep their values; the second waits under the new address
    assert_eq!(
        (sheet.text(0, 2), sheet.text(1, 2)),
        ("5".to_owned(), "4".to_owned())
    );
    let place = Place::Mark {
        lesson: LessonId(701),
        assignment: Some(AssignmentId(900)),
        pupil: PupilId(2),
    };
    assert!(sheet.local(place).is_some());
    assert!(!sheet.saved(&second, Some(AssignmentId(900)), 1));
    sheet.set_local(place, None);
    assert_eq!(sheet.text(1, 2), "4");
    assert_eq!(sheet.columns().len(), 4);
}

#[test]
fn closed_cells_take_nothing_and_say_why() {
    let mut data = grid();
    data.lessons[0].locked = true;
    data.lessons[2].cancelled = true;
    let sheet = Sheet::new(data.clone());
    assert_eq!(sheet.type_text(0, 0, "5"), Err(No::Locked));
    assert_eq!(sheet.type_text(0, 3, "5"), Err(No::Cancelled));
    assert_eq!(sheet.type_text(2, 2, "5"), Err(No::Away));
    assert_eq!(sheet.type_text(0, 2, "7"), Err(No::Unknown));
    assert_eq!(sheet.type_text(9, 9, "5"), Err(No::Outside));
    data.lessons[2].cancelled = false;
    let sheet = Sheet::new(data.clone());
    assert_eq!(sheet.type_text(0, 3, "5"), Err(No::ToCome));
    assert_eq!(sheet.type_text(0, 3, "н"), Err(No::ToCome));
    assert!(sheet.shown(0, 3).closed && !sheet.shown(0, 3).locked);
    assert_eq!(
        sheet.type_text(0, 3, ""),
        Ok(vec![]),
        "what should not be there may go"
    );
    // midnight passes
    data.today = day(20);
    assert_eq!(
        Sheet::new(data.clone()).type_text(0, 3, "5").map(|c| c.len()),
        Ok(1)
    );
    data.may_edit = false;
    assert_eq!(Sheet::new(data).type_text(0, 2, "5"), Err(No::Right));
}

#[test]
fn clearing_takes_both_and_undo_brings_them_back() {
    let mut sheet = Sheet::new(grid());
    let (change, _) = type_one(&sheet, 1, 0, "2");
    let undo = sheet.reverse(change.place()).unwrap();
    assert!(matches!(undo, Change::Mark { code: None, .. }));
    sheet.saved(&change, Some(AssignmentId(800)), 1);
    let cleared = sheet.type_text(1, 0, "").unwrap();
    assert_eq!(cleared.len(), 2, "mark and attendance");
    assert_eq!(
        sheet.type_text(0, 1, "").unwrap().len(),
        1,
        "a later column leaves attendance"
    );
    assert_eq!(sheet.type_text(1, 2, "").unwrap(), vec![], "nothing to clear");
    assert_eq!(sheet.type_text(0, 0, "4").unwrap(), vec![], "it is there already");
}

#[test]
fn pasted_pairs_set_both() {
    let sheet = Sheet::new(grid());
    let changes = sheet.type_text(0, 2, "н/4").unwrap();
    assert_eq!(changes.len(), 2);
    assert_eq!(sheet.type_text(0, 2, "н/7"), Err(No::Unknown));
}

#[test]
fn a_slow_answer_takes_nothing_back() {
    let mut sheet = Sheet::new(grid());
    let (change, _) = type_one(&sheet, 0, 0, "5");
    assert!(!sheet.saved(&change, Some(AssignmentId(800)), 3));
    let lesson = Change::Lesson {
        files_go: None,
        lesson: LessonId(700),
        topic: Some("Дроби".into()),
        homework: Some(Homework {
            text: "№ 5".into(),
            due_on: None,
            minutes: None,
            links: None,
        }),
    };
    sheet.saved(&lesson, None, 2);
    sheet.merge(grid());
    assert_eq!(sheet.text(0, 0), "5");
    assert_eq!(sheet.grid().lessons[0].topic.as_deref(), Some("Дроби"));
    // … and a newer one is taken
    let mut newer = grid();
    newer.marks[0] = MarkRow(0, 0, Some("2".into()), 4, None);
    sheet.merge(newer);
    assert_eq!(sheet.text(0, 0), "2");
}

proptest! {
    /// Whatever is typed wherever, what is shown after the server took it is what was typed, in this cell and no other.
    #[test]
    fn a_saved_change_changes_its_cell_only(row in 0usize..2, column in 0usize..4, mark in 0usize..5) {
        let mut sheet = Sheet::new(grid());
        let before: Vec<String> = (0..3).flat_map(|r| (0..4).map(move |c| (r, c))).map(|(r, c)| sheet.text(r, c)).collect();
        let code = ["5", "4", "3", "2", "зч"][mark];
        if let Some((change, expected)) = sheet.mark(row, column, Some(code.to_owned())) {
            let id = match change { Change::Mark { assignment, .. } => assignment.or(Some(AssignmentId(999))), _ => None };
            sheet.saved(&change, id, expected + 1);
        }
        for r in 0..3 {
            for c in 0..4 {
                if (r, c) == (row, column) {
                    prop_assert_eq!(sheet.shown(r, c).mark, Some(code.to_owned()));
                } else {
                    prop_assert_eq!(&sheet.text(r, c), &before[r * 4 + c]);
                }
            }
        }
    }

    #[test]
    fn places_are_found_where_they_are_drawn(row in 0usize..3, column in 0usize..4) {
        let sheet = Sheet::new(grid());
        prop_assert_eq!(sheet.find(sheet.mark_place(row, column).unwrap()), Some((row, column)));
        let (r, c) = sheet.find(sheet.attendance_place(row, column).unwrap()).unwrap();
        prop_assert_eq!(r, row);
        prop_assert_eq!(sheet.columns()[c].lesson, sheet.columns()[column].lesson);
    }
}

#[test]
fn what_somebody_else_wrote_is_not_ours_to_take_back() {
    let mut sheet = Sheet::new(grid());
    let place = sheet.mark_place(0, 0).unwrap();
    let wrote = |code: &str, comment: Option<&str>| Change::Mark {
        lesson: LessonId(700),
        assignment: Some(AssignmentId(800)),
        pupil: PupilId(1),
        code: Some(code.into()),
        comment: comment.map(Into::into),
        owed: Wish::Kept,
    };
    // saved by us: the four is there
    assert!(sheet.holds(&wrote("4", None), place));
    assert!(!sheet.holds(&wrote("4", Some("зачем")), place), "another comment");
    // still on its way
    let five = wrote("5", Some(""));
    sheet.set_local(
        place,
        Some(Local {
            change: five.clone(),
            state: State::Waiting,
        }),
    );
    assert!(sheet.holds(&five, place));
    assert!(!sheet.holds(&wrote("4", None), place));
    // in conflict with somebody's: nothing of it is undone by a key
    let theirs = Meanwhile {
        owed: None,
        value: Some("2".into()),
        comment: None,
        version: 3,
        by: "Другой".into(),
        at: day(18).and_hms_opt(9, 0, 0).unwrap(),
    };
    sheet.set_local(
        place,
        Some(Local {
            change: five.clone(),
            state: State::Conflict(theirs),
        }),
    );
    assert!(!sheet.holds(&five, place));
    sheet.set_local(place, None);
    // a colleague's two came with a newer state of the period
    let mut newer = grid();
    newer.marks[0] = MarkRow(0, 0, Some("2".into()), 3, None);
    sheet.merge(newer);
    assert!(!sheet.holds(&wrote("4", None), place));
    assert!(sheet.holds(&wrote("2", None), place));
}

fn made(sheet: &mut Sheet, changes: Vec<(Change, i32)>) {
    for (change, _) in changes {
        let place = change.place();
        sheet.set_local(
            place,
            Some(Local {
                change,
                state: State::Waiting,
            }),
        );
    }
}

#[test]
fn a_dot_is_typed_copied_paid_and_cleared_in_two_steps() {
    let mut data = grid();
    data.owed_until = Some(day(25));
    let mut sheet = Sheet::new(data);
    for key in [".", "ю", "/", "•"] {
        let (change, _) = type_one(&sheet, 1, 0, key);
        assert!(
            matches!(change, Change::Mark { code: None, owed: Wish::Owed(o), .. } if o.until == Some(day(25)))
        );
    }
    let changes = sheet.type_text(1, 0, ".").unwrap();
    made(&mut sheet, changes);
    // the absence stays, the dot is in no average, and it is copied with its day
    assert_eq!(sheet.text(1, 0), "н/• 25.11");
    assert_eq!(sheet.average(1), Average::default());
    assert!(!sheet.shown(1, 0).overdue);
    assert_eq!(sheet.type_text(1, 0, ".").unwrap(), vec![], "it is there already");
    // pasted into another cell with its day, and over a mark
    let copied = sheet.text(1, 0);
    assert_eq!(sheet.type_text(0, 2, &copied).unwrap().len(), 2);
    let (over, expected) = type_one(&sheet, 0, 0, "• 20.11");
    assert!(matches!(over, Change::Mark { code: None, owed: Wish::Owed(o), .. } if o.until == Some(day(20))));
    assert_eq!(expected, 2);
    // a mark pays and is one step of undo
    let back = sheet.reverse(sheet.mark_place(1, 0).unwrap()).unwrap();
    let paid = sheet.type_text(1, 0, "4").unwrap();
    let wrote = paid[0].0.clone();
    made(&mut sheet, paid);
    assert_eq!(sheet.text(1, 0), "н/4");
    assert_eq!(
        sheet.shown(1, 0).owed.unwrap().handed_in,
        Some(day(18)),
        "today, as long as nobody says otherwise"
    );
    assert!(sheet.holds(&wrote, wrote.place()));
    let mut undone = sheet.clone();
    made(&mut undone, vec![(back, 0)]);
    assert_eq!(undone.text(1, 0), "н/• 25.11");
    // clearing the mark brings the dot back, clearing the dot leaves nothing
    let clear = |sheet: &Sheet| -> Vec<(Change, i32)> {
        let all = sheet.type_text(1, 0, "").unwrap();
        all.into_iter()
            .filter(|c| matches!(c.0, Change::Mark { .. }))
            .collect()
    };
    let once = clear(&sheet);
    made(&mut sheet, once);
    assert_eq!(sheet.text(1, 0), "н/• 25.11");
    let twice = clear(&sheet);
    assert!(matches!(twice[0].0, Change::Mark { owed: Wish::Gone, .. }));
    made(&mut sheet, twice);
    assert_eq!(sheet.text(1, 0), "н");
    // where no mark may be typed no dot may
    assert_eq!(sheet.type_text(0, 3, "."), Err(No::ToCome));
    assert_eq!(sheet.type_text(0, 2, ". 31.02"), Err(No::Unknown));
}

#[test]
fn a_dot_of_the_server_is_seen_and_a_newer_one_stays() {
    let mut data = grid();
    data.marks.push(MarkRow(1, 0, None, 3, None));
    let past = Owed {
        until: Some(day(17)),
        handed_in: None,
    };
    data.owed = vec![OwedRow(1, 0, past), OwedRow(9, 9, past)];
    let mut sheet = Sheet::new(data.clone());
    assert_eq!(
        (sheet.text(1, 0), sheet.shown(1, 0).overdue),
        ("н/• 17.11".to_owned(), true)
    );
    // saved by us as 4: an answer that is slow on its way takes nothing back
    let (change, _) = type_one(&sheet, 1, 0, "3");
    sheet.saved(&change, Some(AssignmentId(800)), 4);
    assert_eq!(sheet.owed(change.place()).unwrap().handed_in, Some(day(18)));
    sheet.merge(data);
    assert_eq!(sheet.text(1, 0), "н/3");
}

#[test]
fn a_comment_typed_over_a_waiting_dot_keeps_it() {
    let mut sheet = Sheet::new(grid());
    let (change, _) = type_one(&sheet, 1, 0, ". 20.11");
    let place = change.place();
    made(&mut sheet, vec![(change, 0)]);
    let comment = Change::Mark {
        lesson: LessonId(700),
        assignment: Some(AssignmentId(800)),
        pupil: PupilId(2),
        code: None,
        comment: Some("до пятницы".into()),
        owed: Wish::Kept,
    };
    let told = sheet.told(comment.clone());
    assert_eq!(told.place(), place);
    made(&mut sheet, vec![(told, 0)]);
    assert_eq!(sheet.text(1, 0), "н/• 20.11");
    // where nothing waits the server keeps what it has
    assert_eq!(Sheet::new(grid()).told(comment.clone()), comment);
}
