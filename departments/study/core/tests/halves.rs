//! Half an hour a week: which weeks its card is of, and what is said of hours that make no whole lessons.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod school;

use school::{act, deputy, store};
use sqlx::PgPool;
use study_core::timetable::board::{DraftSource, Drafted};
use study_core::timetable::sql::{board, create_draft};
use timetable::{CardIx, Level, Weeks};

async fn cut(store: &base::sql::Store) -> Drafted {
    act(store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Loads, "Новый").await
    })
    .await
    .unwrap()
}

/// Two subjects of half an hour for 7А, one and a half hours for 7Б by the teacher of the first, a third and seven quarters.
const LOADS: &str = "
    insert into subject (school_id, id, name, short_name) values
        (10, 450, 'Родной язык', 'Родн'), (10, 451, 'Родная литература', 'Родлит'), (10, 452, 'Шахматы', 'Шахм'), (10, 453, 'Проект', 'Проект');
    insert into teaching_load (school_id, id, year_id, subject_id, week_hours) values
        (10, 550, 5, 450, 0.5), (10, 551, 5, 451, 0.5), (10, 552, 5, 450, 1.5), (10, 553, 5, 452, 0.33), (10, 554, 5, 453, 1.75);
    insert into load_teacher (school_id, load_id, employee_id) values (10, 550, 1200), (10, 551, 1300), (10, 552, 1200);
    insert into load_audience (school_id, load_id, class_id) values
        (10, 550, 100), (10, 551, 100), (10, 552, 101), (10, 553, 101), (10, 554, 101);";

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn half_hours_of_a_class_share_an_hour_of_the_timetable(pool: PgPool) {
    let store = store(&pool).await;
    assert_eq!(cut(&store).await.uneven, Vec::<String>::new(), "whole hours");
    sqlx::raw_sql(LOADS).execute(&pool).await.unwrap();
    let made = cut(&store).await;
    let data = act(&store, deputy(), async |ctx| board(ctx, made.version).await)
        .await
        .unwrap();
    let of = |load: i64| {
        let cards = data
            .cards
            .iter()
            .filter(|c| data.loads[usize::try_from(c.load).unwrap()].id.0 == load);
        cards.map(|c| (c.duration, c.weeks)).collect::<Vec<_>>()
    };
    assert_eq!(of(550), [(1, Weeks::Odd)]);
    assert_eq!(of(551), [(1, Weeks::Even)], "in turn with the other one");
    assert_eq!(
        of(552),
        [(1, Weeks::Every), (1, Weeks::Even)],
        "its teacher is in 7А in odd weeks"
    );
    assert_eq!(of(553), [(1, Weeks::Odd)], "a third: a lesson every other week");
    assert_eq!(of(554), [(1, Weeks::Every); 2], "seven quarters: two lessons");
    // both lie in one hour, and the judge has nothing against it
    let card = |load: i64| {
        let at = data
            .cards
            .iter()
            .position(|c| data.loads[usize::try_from(c.load).unwrap()].id.0 == load);
        CardIx::at(at.unwrap())
    };
    let mut judge = data.board().unwrap();
    judge.place(card(550), 1, 0, None).unwrap();
    assert!(judge.judge(card(551), 1, 0, None).level < Level::Clash);
    assert_eq!(
        made.uneven,
        [
            "«7Б», Шахматы: 0,33 ч в неделю — карточек на 0,5.",
            "«7Б», Проект: 1,75 ч в неделю — карточек на 2."
        ]
    );
}
