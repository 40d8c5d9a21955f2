//! Hours of subjects and loads: painted on the page, seen by the judge, priced by the search, told in words.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod asking;
mod school;

use asking::{events, load, maths, page, paint, priced};
use base::{AppError, Lang, LoadId, SubjectId};
use chrono::NaiveDate;
use school::{act, mother, staff, store};
use sqlx::PgPool;
use study_core::requirement::sql::save_hours;
use study_core::requirement::{Hours, Term, Weight, Who};
use study_core::timetable::words;
use timetable::{Level, Reason};

const MATHS: SubjectId = SubjectId(400);
const LOAD: LoadId = LoadId(500);

fn hours(cells: &[(i16, i16, Weight)]) -> Hours {
    let mut hours = Hours::default();
    for (day, slot, weight) in cells {
        hours.set(Term::ALWAYS, *day, *slot, Some(*weight));
    }
    hours
}

/// The first card of maths lies on Monday, first lesson; others on Wednesday, second, and Friday, first.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn hours_of_a_subject_are_closed_and_those_of_its_load_come_on_top(pool: PgPool) {
    let store = store(&pool).await;
    let (hard, soft) = priced(&load(&store).await);
    let free = maths(&load(&store).await, 1, 0).penalty;
    let of_subject = hours(&[(1, 0, Weight::Must), (0, 0, Weight::Rather)]);
    paint(&store, Who::Subject(MATHS), &Hours::default(), &of_subject)
        .await
        .unwrap();
    let of_load = hours(&[(1, 1, Weight::Very)]);
    paint(&store, Who::Load(LOAD), &Hours::default(), &of_load)
        .await
        .unwrap();
    let data = load(&store).await;
    let closed = maths(&data, 1, 0);
    assert_eq!(closed.level, Level::Clash);
    let said = words::full(Lang::Ru, &data, &closed.reasons[0]);
    assert!(said.contains("требует ставить не в часы: Вт 1"), "{said}");
    let wished = maths(&data, 1, 1);
    assert_eq!(wished.level, Level::Poor);
    assert_eq!(wished.penalty - free, 20, "the dearest wish");
    let reason = wished
        .reasons
        .iter()
        .find(|r| matches!(r, Reason::CardUnwanted { .. }));
    let said = words::full(Lang::Ru, &data, reason.unwrap());
    assert!(said.contains("просит ставить не в часы: Пн 1, Вт 2"), "{said}");
    // the lying card is where the subject would rather not be; the search counts the same
    assert_eq!(priced(&data), (hard, soft + 6));
    assert_eq!(events(&pool, "requirement.hours_saved").await, 2);
    let sheet = page(&store).await;
    assert_eq!(sheet.hours_of(Who::Subject(MATHS)), of_subject);
    assert_eq!(sheet.hours_of(Who::Load(LOAD)), of_load);
    // where hardly any hour is left, those that are left are told
    let mut narrow = Hours::default();
    for (day, slot) in (0..5)
        .flat_map(|d| (0..7).map(move |s| (d, s)))
        .filter(|at| *at != (3, 1))
    {
        narrow.set(Term::ALWAYS, day, slot, Some(Weight::Must));
    }
    paint(&store, Who::Load(LOAD), &of_load, &narrow).await.unwrap();
    let data = load(&store).await;
    let said = words::full(Lang::Ru, &data, &maths(&data, 4, 4).reasons[0]);
    assert!(said.contains("только в часы: Чт 2"), "{said}");
    assert!(priced(&data).0 > hard, "as a must the lying cards are against it");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_begins_later_is_told_then_and_strangers_change_nothing(pool: PgPool) {
    let store = store(&pool).await;
    let mut later = Hours::default();
    let term = Term {
        from: NaiveDate::from_ymd_opt(2026, 12, 7),
        to: None,
    };
    later.set(term, 0, 0, Some(Weight::Must));
    paint(&store, Who::Subject(MATHS), &Hours::default(), &later)
        .await
        .unwrap();
    let data = load(&store).await;
    assert_ne!(maths(&data, 0, 0).level, Level::Clash, "today it may be");
    let outlook = study_core::timetable::later::later(&data, &data.board().unwrap());
    let clashes: Vec<_> = outlook.clashes().map(|(day, p)| (day, p.reason)).collect();
    assert!(
        matches!(clashes[..], [(day, Reason::CardAway { .. })] if Some(day) == term.from),
        "{clashes:?}"
    );
    // another school's subject and load are not there
    for who in [
        Who::Subject(SubjectId(410)),
        Who::Load(LoadId(510)),
        Who::Load(LoadId(9)),
    ] {
        let refused = paint(&store, who, &Hours::default(), &hours(&[(0, 0, Weight::Must)])).await;
        assert!(matches!(refused, Err(AppError::NotFound)), "{who:?}: {refused:?}");
    }
    let off = hours(&[(0, 0, Weight::Off)]);
    let refused = paint(&store, Who::Load(LOAD), &Hours::default(), &off).await;
    assert!(matches!(refused, Err(AppError::Invalid { .. })), "{refused:?}");
    // on top of somebody's newer hours nothing is written
    let stale = paint(
        &store,
        Who::Subject(MATHS),
        &Hours::default(),
        &hours(&[(2, 2, Weight::Must)]),
    )
    .await;
    assert!(matches!(stale, Err(AppError::Conflict { .. })), "{stale:?}");
    for who in [mother(), staff(10, 32, "teacher"), staff(20, 4, "deputy")] {
        let refused = act(&store, who, async |ctx| {
            save_hours(ctx, Who::Subject(MATHS), &later, &Hours::default()).await
        })
        .await;
        assert!(
            matches!(refused, Err(AppError::Forbidden | AppError::NotFound)),
            "{refused:?}"
        );
    }
    assert_eq!(page(&store).await.hours_of(Who::Subject(MATHS)), later);
}
