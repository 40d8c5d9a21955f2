//! What others do in an open journal and what happens in an open diary, told over a real PostgreSQL.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "helpers of tests")]

mod school;

use std::time::Duration;

use classbook_core::diary::{Beat, sql as diary};
use classbook_core::grading::sql::{answer_change, ask_change, lock_period, save_totals};
use classbook_core::grading::{Stage, TotalEdit};
use classbook_core::journal::news::Step;
use classbook_core::live::{Live, Topic};
use futures_util::{Stream, StreamExt as _};
use school::*;

/// Longer than anything here takes; never waited for in full.
const PATIENCE: Duration = Duration::from_secs(20);

fn look(store: &Store, actor: Actor, since: DateTime<Utc>) -> sql::Look {
    sql::Look {
        store: store.clone(),
        actor,
        lang: Lang::Ru,
        load: MATHS,
        period: None,
        since,
        now: now(),
    }
}

async fn next<T>(steps: &mut (impl Stream<Item = T> + Unpin)) -> Option<T> {
    tokio::time::timeout(PATIENCE, steps.next()).await.unwrap()
}

/// What comes without waiting for the next look.
async fn soon<E: std::fmt::Debug>(steps: &mut (impl Stream<Item = Result<Step, E>> + Unpin)) -> Step {
    let step = tokio::time::timeout(Duration::from_secs(2), steps.next()).await;
    step.unwrap().unwrap().unwrap()
}

/// Saves and tells, as the server function does.
async fn saves(store: &Store, live: &Live, actor: Actor, edit: Edit) -> Outcome {
    let batch = Batch {
        person: actor.person,
        school: actor.school,
        edits: vec![edit.clone()],
    };
    let answers = save(store, actor, vec![edit]).await.unwrap();
    live.tell(sql::told(&batch, &answers));
    answers.into_iter().next().unwrap().outcome
}

fn codes(step: &Step) -> Vec<(Option<&str>, i32)> {
    step.marks
        .iter()
        .map(|m| (m.code.as_deref(), m.version))
        .collect()
}

db_test!(others_see_a_mark_a_code_and_a_person_as_they_come, pool, {
    let (store, live) = (store(&pool).await, Live::default());
    let mut mine = Box::pin(sql::follow(&live, look(&store, teacher(), now()), false));
    let first = next(&mut mine).await.unwrap().unwrap();
    assert_eq!((codes(&first), first.others.as_slice()), (vec![], [].as_slice()));
    // somebody else comes
    let mut theirs = Box::pin(sql::follow(&live, look(&store, deputy(), now()), false));
    let seen = next(&mut theirs).await.unwrap().unwrap();
    assert_eq!(seen.others.len(), 1, "{seen:?}");
    let seen = next(&mut mine).await.unwrap().unwrap();
    assert_eq!(seen.others.len(), 1);
    assert_eq!(seen.pulse, first.pulse);
    // and marks
    saves(&store, &live, deputy(), mark(700, 800, 1001, Some("5"), 0)).await;
    let step = next(&mut mine).await.unwrap().unwrap();
    assert_eq!(codes(&step), [(Some("5"), 1)]);
    saves(&store, &live, deputy(), mark(700, 800, 1001, None, 1)).await;
    let step = next(&mut mine).await.unwrap().unwrap();
    assert_eq!(codes(&step), [(None, 2)], "a cleared mark is news as well");
    saves(&store, &live, deputy(), attend(700, 1001, Some("н"), 0)).await;
    let step = next(&mut mine).await.unwrap().unwrap();
    assert_eq!(step.attendance.len(), 1);
    // a work that is made is another pulse: the grid of the browser is not that one any more
    saves(&store, &live, deputy(), mark(701, 0, 1001, Some("4"), 0)).await;
    let step = next(&mut mine).await.unwrap().unwrap();
    assert_ne!(step.pulse, first.pulse);
    assert_eq!(step.pulse, grid(&store, teacher(), None).await.unwrap().pulse);
    // so is a mark of the period
    let before = step.pulse;
    let total = TotalEdit {
        pupil: PupilId(1001),
        stage: Stage::Period(PeriodId(2)),
        code: Some("4".into()),
        reason: None,
        expected: 0,
    };
    let mut ctx = open(&store, teacher()).await;
    let out = save_totals(&mut ctx, MATHS, vec![total]).await;
    assert_eq!(ctx.close(out).await.unwrap(), [Outcome::Saved { version: 1 }]);
    live.tell([Topic::Present(SchoolId(10), MATHS)]);
    let step = next(&mut mine).await.unwrap().unwrap();
    assert_ne!(step.pulse, before);
    let results = grid(&store, teacher(), None).await.unwrap().results.unwrap();
    let codes: Vec<_> = results
        .given
        .iter()
        .map(|g| g.1.as_deref().unwrap_or_default())
        .collect();
    assert_eq!(codes, ["4"]);
    // they go
    drop(theirs);
    let step = next(&mut mine).await.unwrap().unwrap();
    assert!(step.others.is_empty());
    live.end();
    assert!(next(&mut mine).await.is_none());
});

// what is typed into a period that was closed meanwhile would only be refused: the open grid closes at once, and opens again
db_test!(a_period_that_is_closed_closes_the_open_grid, pool, {
    let (store, live) = (store(&pool).await, Live::default());
    let mut mine = Box::pin(sql::follow(&live, look(&store, teacher(), now()), false));
    let mut seen = next(&mut mine).await.unwrap().unwrap();
    for close in [true, false] {
        let mut ctx = open(&store, deputy()).await;
        let out = lock_period(&mut ctx, PeriodId(2), close, "Итоги сданы".into()).await;
        ctx.close(out).await.unwrap();
        live.tell([Topic::Periods(SchoolId(10))]);
        let step = soon(&mut mine).await;
        assert_ne!(step.pulse, seen.pulse);
        seen = step;
        let page = grid(&store, teacher(), None).await.unwrap();
        assert_eq!(page.pulse, seen.pulse);
        assert!(page.lessons.iter().all(|l| l.locked == close));
    }
    // the periods of another school are no news here
    live.tell([Topic::Periods(SchoolId(11))]);
    let quiet = tokio::time::timeout(Duration::from_secs(1), mine.next()).await;
    assert!(quiet.is_err());
});

// a colleague's topic and homework are in no cell: the grid is another one by them
db_test!(a_topic_and_a_homework_are_news, pool, {
    let (store, live) = (store(&pool).await, Live::default());
    let mut mine = Box::pin(sql::follow(&live, look(&store, deputy(), now()), false));
    let mut seen = next(&mut mine).await.unwrap().unwrap();
    for homework in [None, Some("№ 5"), Some("№ 6")] {
        let stands: i32 = sqlx::query_scalar("select version from lesson where school_id = 10 and id = 700")
            .fetch_one(&pool)
            .await
            .unwrap();
        let edit = Edit {
            op_id: Uuid::new_v4(),
            change: Change::Lesson {
                files_go: None,
                lesson: LessonId(700),
                topic: Some("Сложение дробей".into()),
                homework: homework.map(|text| Homework {
                    text: text.into(),
                    due_on: None,
                    minutes: None,
                    links: None,
                }),
            },
            expected: stands,
        };
        let done = saves(&store, &live, teacher(), edit).await;
        assert!(matches!(done, Outcome::Saved { .. }), "{done:?}");
        let step = soon(&mut mine).await;
        assert_ne!(step.pulse, seen.pulse, "{homework:?}");
        assert_eq!(step.pulse, grid(&store, deputy(), None).await.unwrap().pulse);
        seen = step;
    }
});

// the deputy lets the teacher into a closed period: the open grid is told at once, and once more when the hours are over
db_test!(an_answer_opens_the_grid_that_waits_for_it, pool, {
    let (store, live) = (store(&pool).await, Live::default());
    sqlx::raw_sql("update period set locked_at = '2026-11-17 09:00Z' where school_id = 10 and id = 2")
        .execute(&pool)
        .await
        .unwrap();
    let mut mine = Box::pin(sql::follow(&live, look(&store, teacher(), now()), false));
    let closed = next(&mut mine).await.unwrap().unwrap();
    let page = grid(&store, teacher(), None).await.unwrap();
    assert_eq!(page.pulse, closed.pulse);
    assert!(page.lessons.iter().all(|l| l.locked) && page.asked.is_empty());

    // one's own question is news to the one who asks, and to nobody else
    let mut theirs = Box::pin(sql::follow(&live, look(&store, deputy(), now()), false));
    let before = next(&mut theirs).await.unwrap().unwrap();
    next(&mut mine).await.unwrap().unwrap();
    let mut ctx = open(&store, teacher()).await;
    let out = ask_change(&mut ctx, MATHS, PeriodId(2), "Работа сдана позже".into()).await;
    let question = ctx.close(out).await.unwrap();
    live.tell([Topic::Present(SchoolId(10), MATHS)]);
    let waits = next(&mut mine).await.unwrap().unwrap();
    assert_ne!(waits.pulse, closed.pulse);

    // as the server function does
    let mut ctx = open(&store, deputy()).await;
    let out = answer_change(&mut ctx, question, Some(24), None).await;
    let journal = ctx.close(out).await.unwrap();
    assert_eq!(journal, Some(MATHS));
    live.tell(journal.map(|load| Topic::Present(SchoolId(10), load)));
    let step = soon(&mut mine).await;
    assert_ne!(step.pulse, waits.pulse);
    let page = grid(&store, teacher(), None).await.unwrap();
    assert_eq!(page.pulse, step.pulse, "the grid is taken over once");
    assert!(page.lessons.iter().all(|l| !l.locked) && page.asked[0].open);
    // nobody else's grid is another one by it
    let other = grid(&store, deputy(), None).await.unwrap();
    assert_eq!(other.pulse, before.pulse);
    assert!(other.lessons.iter().all(|l| l.locked));

    let late = sql::Look {
        now: now() + chrono::TimeDelta::hours(25),
        ..look(&store, teacher(), now())
    };
    let mut after = Box::pin(sql::follow(&live, late, true));
    let over = next(&mut after).await.unwrap().unwrap();
    assert!(over.pulse != step.pulse && over.pulse != waits.pulse);
});

db_test!(what_happened_since_the_page_was_read_comes_first, pool, {
    let (store, live) = (store(&pool).await, Live::default());
    saves(&store, &live, teacher(), mark(700, 800, 1001, Some("5"), 0)).await;
    let early = now() - chrono::TimeDelta::minutes(5);
    let mut steps = Box::pin(sql::follow(&live, look(&store, teacher(), early), true));
    assert_eq!(codes(&next(&mut steps).await.unwrap().unwrap()), [(Some("5"), 1)]);
    assert!(next(&mut steps).await.is_none(), "once is once");
    let late = now() + chrono::TimeDelta::minutes(5);
    let mut steps = Box::pin(sql::follow(&live, look(&store, teacher(), late), true));
    assert_eq!(codes(&next(&mut steps).await.unwrap().unwrap()), []);
    assert!(
        live.present(SchoolId(10), MATHS).is_empty(),
        "one look is no presence"
    );
});

db_test!(who_may_not_see_a_journal_hears_nothing_of_it, pool, {
    let (store, live) = (store(&pool).await, Live::default());
    let mut steps = Box::pin(sql::follow(&live, look(&store, stranger(), now()), false));
    assert_eq!(next(&mut steps).await, Some(Err(AppError::NotFound)));
    assert!(next(&mut steps).await.is_none());
});

db_test!(what_was_not_saved_is_not_told, pool, {
    let (store, live) = (store(&pool).await, Live::default());
    let listener = live.listen([
        Topic::Cells(SchoolId(10), LessonId(700)),
        Topic::Pupil(SchoolId(10), PupilId(1001)),
    ]);
    saves(&store, &live, teacher(), mark(700, 800, 1001, Some("9"), 0)).await;
    let heard = tokio::time::timeout(Duration::from_millis(50), listener.heard()).await;
    assert!(heard.is_err(), "a refused mark is no news");
    saves(&store, &live, teacher(), mark(700, 800, 1001, Some("4"), 0)).await;
    tokio::time::timeout(PATIENCE, listener.heard()).await.unwrap();
});

fn watch(store: &Store, actor: Actor, pupil: i64, since: DateTime<Utc>) -> diary::Watch {
    diary::Watch {
        store: store.clone(),
        actor,
        lang: Lang::Ru,
        pupil: PupilId(pupil),
        since,
        now: now(),
    }
}

db_test!(a_diary_hears_of_its_own_pupil_only, pool, {
    let (store, live) = (store(&pool).await, Live::default());
    let early = now() - chrono::TimeDelta::minutes(5);
    let mut beats = Box::pin(
        diary::watch(&live, watch(&store, teacher(), 1001, early), false)
            .await
            .unwrap(),
    );
    assert!(!next(&mut beats).await.unwrap().changed);
    saves(&store, &live, teacher(), mark(700, 800, 1003, Some("5"), 0)).await;
    // longer than what happens is gathered
    let other = tokio::time::timeout(Duration::from_millis(600), beats.next()).await;
    assert!(other.is_err(), "a classmate's mark is none of this family's");
    saves(&store, &live, teacher(), mark(700, 800, 1001, Some("5"), 0)).await;
    assert!(matches!(next(&mut beats).await, Some(Beat { changed: true, .. })));
    // who comes back later learns it at once
    let mut beats = Box::pin(
        diary::watch(&live, watch(&store, teacher(), 1001, early), true)
            .await
            .unwrap(),
    );
    assert!(next(&mut beats).await.unwrap().changed);
    assert!(next(&mut beats).await.is_none());
    let foreign = diary::watch(&live, watch(&store, stranger(), 1001, early), true).await;
    assert!(matches!(foreign, Err(AppError::NotFound)));
});

db_test!(another_process_over_the_same_database_hears_it, pool, {
    let store = store(&pool).await;
    let (here, there) = (Live::new(Uuid::from_u128(1)), Live::new(Uuid::from_u128(2)));
    let work: Vec<_> = [&here, &there]
        .map(|live| tokio::spawn(live.clone().work(store.clone())))
        .into();
    let listener = there.listen([
        Topic::Lesson(SchoolId(10), LessonId(700)),
        Topic::Present(SchoolId(10), MATHS),
    ]);
    // until the channel is heard nothing is: said again, as somebody who types would
    let heard = async {
        loop {
            here.tell([Topic::Lesson(SchoolId(10), LessonId(700))]);
            if tokio::time::timeout(Duration::from_millis(300), listener.heard())
                .await
                .is_ok()
            {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, heard).await.unwrap();
    let mut window = here.listen([]);
    window.sit_down(SchoolId(10), MATHS, PersonId(2));
    let seen = async {
        while there.present(SchoolId(10), MATHS).is_empty() {
            listener.heard().await;
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.unwrap();
    drop(window);
    let gone = async {
        while !there.present(SchoolId(10), MATHS).is_empty() {
            listener.heard().await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.unwrap();
    work.iter().for_each(tokio::task::JoinHandle::abort);
});
