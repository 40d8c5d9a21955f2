//! Ticks on homework against a real database: whose they are, which one stands, who may. Today is Wednesday, 18 November 2026.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod school;

use classbook_core::diary::{Tick, Weeks, sql as diary};
use school::*;

/// Homework 90 of maths, due on Friday, and 91 that pupil 1001 alone was given.
const GIVEN: &str = "
    insert into homework (school_id, id, load_id, lesson_id, text, due_on) values (10, 90, 500, 700, '№ 5', '2026-11-20');
    insert into individual_homework (school_id, id, load_id, lesson_id, text, due_on, changed_by, changed_at) values
        (10, 90, 500, 700, 'Повторить', '2026-11-20', 2, '2026-11-16 12:00Z');
    insert into individual_homework_pupil (school_id, homework_id, pupil_id) values (10, 90, 1001)";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn tick_of(pupil: i64, work: i64, individual: bool, done: bool, when: &str) -> Tick {
    Tick {
        pupil: PupilId(pupil),
        work,
        individual,
        done,
        at: at(when),
    }
}

async fn tick(store: &Store, who: Actor, ticks: Vec<Tick>) -> Result<DateTime<Utc>, AppError> {
    let mut ctx = open(store, who).await;
    let out = diary::tick(&mut ctx, ticks).await;
    ctx.close(out).await
}

/// What stands ticked in the week of pupil 1001 for whoever looks: (individual, number).
async fn done(store: &Store, who: Actor) -> Vec<(bool, i64)> {
    let mut ctx = open(store, who).await;
    let out = diary::week(&mut ctx, &Weeks::default(), Some(PupilId(1001)), None).await;
    let week = ctx.close(out).await.unwrap();
    let days = week.days.iter().chain(&week.ahead);
    let all = days.flat_map(|d| d.lessons.iter().flat_map(|l| &l.homework).chain(&d.homework));
    let mut done: Vec<_> = all.filter(|h| h.done).map(|h| (h.individual, h.id)).collect();
    done.sort_unstable();
    done
}

db_test!(a_tick_is_of_whoever_set_it_and_the_latest_stands, pool, {
    sqlx::raw_sql(GIVEN).execute(&pool).await.unwrap();
    let store = store(&pool).await;
    assert_eq!(done(&store, mother()).await, []);
    let events = counts(&pool).await;
    let first = tick_of(1001, 90, false, true, "2026-11-18T08:00:00Z");
    assert_eq!(tick(&store, mother(), vec![first]).await, Ok(now()));
    assert_eq!(done(&store, mother()).await, [(false, 90)]);
    // nobody else sees it: neither the child whose homework it is, nor the school
    assert_eq!(done(&store, pupil()).await, []);
    assert_eq!(done(&store, deputy()).await, []);
    let own = tick_of(1001, 90, true, true, "2026-11-18T08:10:00Z");
    tick(&store, pupil(), vec![own]).await.unwrap();
    assert_eq!(done(&store, pupil()).await, [(true, 90)]);

    // taken back; what an older act brings late, a repeated one, and one of a page of before change nothing
    let back = tick_of(1001, 90, false, false, "2026-11-18T08:20:00Z");
    tick(&store, mother(), vec![back, first, back]).await.unwrap();
    tick(&store, mother(), vec![first]).await.unwrap();
    let of_before = tick_of(1001, 90, false, true, "1970-01-01T00:00:00Z");
    tick(&store, mother(), vec![of_before]).await.unwrap();
    assert_eq!(done(&store, mother()).await, []);
    // a clock that runs ahead does not win for ever
    tick(
        &store,
        mother(),
        vec![tick_of(1001, 90, false, true, "2031-01-01T00:00:00Z")],
    )
    .await
    .unwrap();
    let kept = sqlx::query_scalar!("select ticked_at from homework_tick where person_id = 31")
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(kept, [now()]);
    assert_eq!(counts(&pool).await, events, "a note to oneself is no event");

    // the homework goes, and the ticks with it
    sqlx::raw_sql("delete from homework where school_id = 10 and id = 90")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(done(&store, mother()).await, []);
    assert_eq!(done(&store, pupil()).await, [(true, 90)]);
});

db_test!(only_ones_own_child_and_its_own_homework_is_ticked, pool, {
    sqlx::raw_sql(GIVEN).execute(&pool).await.unwrap();
    let store = store(&pool).await;
    let one = tick_of(1001, 90, false, true, "2026-11-18T08:00:00Z");
    for who in [father(), teacher(), deputy(), stranger()] {
        assert_eq!(tick(&store, who, vec![one]).await, Err(AppError::NotFound));
    }
    // one strange child among one's own: nothing is kept
    let other = tick_of(1002, 90, false, true, "2026-11-18T08:00:00Z");
    assert_eq!(
        tick(&store, mother(), vec![one, other]).await,
        Err(AppError::NotFound)
    );
    assert_eq!(
        tick(&store, mother(), vec![one; 201]).await,
        Err(AppError::TooLarge)
    );
    // what is no more, or was given to another child: not kept, and no trouble to the others
    let gone = tick_of(1001, 999, false, true, "2026-11-18T08:00:00Z");
    let theirs = tick_of(1002, 90, true, true, "2026-11-18T08:00:00Z");
    tick(&store, father(), vec![theirs]).await.unwrap();
    tick(&store, mother(), vec![gone, one]).await.unwrap();
    tick(&store, mother(), vec![]).await.unwrap();
    let kept = sqlx::query_scalar!(r#"select count(*) as "n!" from homework_tick"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(kept, 1);
    assert_eq!(done(&store, mother()).await, [(false, 90)]);
});
