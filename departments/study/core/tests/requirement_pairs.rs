//! Lessons of two loads that belong together in time: from a row in the database to the judge's verdict and the price of the search.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod asking;
mod school;

use asking::{events, load, page, priced, put};
use base::{AppError, Lang, LoadId};
use school::{act, deputy, mother, store};
use sqlx::PgPool;
use study_core::requirement::sql::{remove, save};
use study_core::requirement::{Kind, Target, Terms, Weight, words};
use study_core::timetable::BoardData;
use timetable::{CardIx, Level, Reason};

const MATHS: LoadId = LoadId(500);
const ENGLISH: LoadId = LoadId(501);

fn pair(kind: Kind, one: LoadId, other: LoadId) -> Terms {
    Terms::new(kind, Target::Pair(one, other), None)
}

/// Points of the review about pairs.
fn told(data: &BoardData) -> Vec<(Level, Reason)> {
    let of = |r: &Reason| {
        matches!(
            r,
            Reason::NotTogether { .. }
                | Reason::OutOfOrder { .. }
                | Reason::NotRightAfter { .. }
                | Reason::NotNextTo { .. }
                | Reason::NotApart { .. }
                | Reason::NotLast { .. }
        )
    };
    let all = data.board().unwrap().conflicts().into_iter();
    all.filter(|p| of(&p.reason))
        .map(|p| (p.level, p.reason))
        .collect()
}

/// Maths of 7А lies on Mo 1, We 2, Fr 1; English of its half on Mo 2, and once in the tray.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_pair_is_one_to_judge_review_and_search(pool: PgPool) {
    let store = store(&pool).await;
    let before = load(&store).await;
    assert_eq!(told(&before), []);
    let (hard, soft) = priced(&before);
    // neither of those that are held at once is the first
    let row = put(&store, pair(Kind::Together, ENGLISH, MATHS)).await.unwrap();
    assert_eq!(row.terms.target, Target::Pair(MATHS, ENGLISH));
    let data = load(&store).await;
    assert_eq!(
        told(&data).len(),
        1,
        "one lesson of English has no partner at its time"
    );
    assert_eq!(priced(&data), (hard, soft + 40));
    let waiting = data.board().unwrap().judge(CardIx(4), 2, 2, None);
    assert!(
        waiting
            .reasons
            .iter()
            .any(|r| matches!(r, Reason::NotTogether { .. })),
        "{waiting:?}"
    );
    // who looks at the page reads both names
    let sheet = page(&store).await;
    let said = words::sentence(Lang::Ru, &sheet, &row.terms);
    assert!(
        said.contains("Математика") && said.contains("Английский язык"),
        "{said}"
    );
    // in order it is as it should be, and the other way round it is not
    act(&store, deputy(), async |ctx| {
        remove(ctx, row.id, row.revision).await
    })
    .await
    .unwrap();
    put(&store, pair(Kind::InOrder, MATHS, ENGLISH)).await.unwrap();
    assert_eq!(told(&load(&store).await), []);
    put(&store, pair(Kind::InOrder, ENGLISH, MATHS)).await.unwrap();
    let data = load(&store).await;
    assert!(matches!(
        told(&data)[..],
        [(Level::Poor, Reason::OutOfOrder { .. })]
    ));
    assert_eq!(priced(&data), (hard, soft + 6));
    // maths at one, English right after it: that is so; the other way round it is not
    put(&store, pair(Kind::RightAfter, MATHS, ENGLISH)).await.unwrap();
    assert_eq!(told(&load(&store).await).len(), 1, "of the order only");
    put(&store, pair(Kind::RightAfter, ENGLISH, MATHS)).await.unwrap();
    let data = load(&store).await;
    let after = |(_, r): &&(Level, Reason)| matches!(r, Reason::NotRightAfter { .. });
    assert_eq!(told(&data).iter().filter(after).count(), 1);
    assert_eq!(priced(&data), (hard, soft + 6 + 40));
    assert_eq!(events(&pool, "requirement.saved").await, 5);
}

/// Maths of 7А lies on Mo 1, We 2, Fr 1; English of its half on Mo 2, and once in the tray.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_pair_that_must_be_closes_cells_and_is_required_of_the_search(pool: PgPool) {
    let store = store(&pool).await;
    let (hard, _) = priced(&load(&store).await);
    let must = |kind, one, other| Terms {
        weight: Weight::Must,
        ..pair(kind, one, other)
    };
    // side by side: of Monday that is so, and the lesson in the tray goes beside one of the others only
    let row = put(&store, must(Kind::NextTo, ENGLISH, MATHS)).await.unwrap();
    assert_eq!(
        row.terms.target,
        Target::Pair(MATHS, ENGLISH),
        "neither is the first"
    );
    let data = load(&store).await;
    assert_eq!(told(&data), []);
    assert_eq!(priced(&data).0, hard);
    let board = data.board().unwrap();
    assert_ne!(
        board.judge(CardIx(4), 2, 2, None).level,
        Level::Clash,
        "beside Wednesday's"
    );
    let far = board.judge(CardIx(4), 3, 1, None);
    assert_eq!(far.level, Level::Clash);
    let reason = far
        .reasons
        .iter()
        .find(|r| matches!(r, Reason::NotNextTo { .. }))
        .unwrap();
    let said = study_core::timetable::words::full(Lang::Ru, &data, reason);
    assert!(said.contains("рядом") && said.contains("Математика"), "{said}");
    // at once: Monday's English cannot be where its class has maths, and the other would have to be, too
    act(&store, deputy(), async |ctx| {
        remove(ctx, row.id, row.revision).await
    })
    .await
    .unwrap();
    put(&store, must(Kind::InOrder, ENGLISH, MATHS)).await.unwrap();
    let data = load(&store).await;
    let told = told(&data);
    assert!(
        matches!(told[..], [(Level::Clash, Reason::OutOfOrder { .. })]) || told.is_empty(),
        "{told:?}"
    );
    let late = data.board().unwrap().judge(CardIx(4), 4, 6, None);
    assert_eq!(
        late.level,
        Level::Clash,
        "the second lesson of English after the second of maths"
    );
}

/// Maths of 7А lies on Mo 1, We 2, Fr 1; English of its half on Mo 2, and once in the tray.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn lessons_keep_out_of_each_others_way(pool: PgPool) {
    let store = store(&pool).await;
    let (hard, soft) = priced(&load(&store).await);
    // never at once, and neither is the first
    let row = put(&store, pair(Kind::Apart, ENGLISH, MATHS)).await.unwrap();
    assert_eq!(row.terms.weight, Weight::Must);
    assert_eq!(row.terms.target, Target::Pair(MATHS, ENGLISH));
    let data = load(&store).await;
    assert_eq!((told(&data), priced(&data)), (vec![], (hard, soft)));
    let reason = |data: &BoardData, (day, slot), of: fn(&Reason) -> bool| {
        let verdict = data.board().unwrap().judge(CardIx(4), day, slot, None);
        let found = verdict.reasons.iter().find(|r| of(r));
        found.map(|r| study_core::timetable::words::full(Lang::Ru, data, r))
    };
    // both at one time: their pupils are in two places, and the row is broken, too
    sqlx::query("update card set slot = 0 where school_id = 10 and load_id = 501 and day = 0")
        .execute(&pool)
        .await
        .unwrap();
    let data = load(&store).await;
    let broken = told(&data);
    let [(Level::Clash, apart @ Reason::NotApart { .. })] = &broken[..] else {
        panic!("{broken:?}");
    };
    let said = study_core::timetable::words::full(Lang::Ru, &data, apart);
    assert!(said.contains("не ставить в одно время"), "{said}");
    sqlx::query("update card set slot = 1 where school_id = 10 and load_id = 501 and day = 0")
        .execute(&pool)
        .await
        .unwrap();
    act(&store, deputy(), async |ctx| {
        remove(ctx, row.id, row.revision).await
    })
    .await
    .unwrap();
    // maths ends the day: on Monday English is after it
    let ends = Terms::new(Kind::EndsDay, Target::Load(MATHS), None);
    let row = put(&store, ends.clone()).await.unwrap();
    let data = load(&store).await;
    assert!(
        matches!(
            told(&data)[..],
            [(Level::Poor, Reason::NotLast { last: true, .. })]
        ),
        "{:?}",
        told(&data)
    );
    assert_eq!(priced(&data), (hard, soft + 40));
    let last: fn(&Reason) -> bool = |r| matches!(r, Reason::NotLast { last: false, .. });
    let cell = data.board().unwrap().judge(CardIx(4), 2, 2, None);
    let said = reason(&data, (2, 2), last);
    let said = said.unwrap_or_else(|| panic!("{cell:?}"));
    assert!(
        said.contains("день кончался") && said.contains("Математика"),
        "{said}"
    );
    assert_eq!(reason(&data, (2, 0), last), None);
    act(&store, deputy(), async |ctx| {
        remove(ctx, row.id, row.revision).await
    })
    .await
    .unwrap();
    // the same of its subject, and as a must
    let subject = load(&store).await;
    let subject = subject.loads.iter().find(|l| l.id == MATHS).unwrap().subject;
    let subject = load(&store).await.subjects[subject.ix()].id;
    let must = Terms {
        weight: Weight::Must,
        ..Terms::new(Kind::EndsDay, Target::Subject(subject), None)
    };
    put(&store, must).await.unwrap();
    let data = load(&store).await;
    assert!(told(&data).iter().any(|(level, _)| *level == Level::Clash));
    assert!(priced(&data).0 > hard);
    let refused = put(&store, Terms::new(Kind::EndsDay, Target::School, None)).await;
    assert!(matches!(refused, Err(AppError::Invalid { .. })), "{refused:?}");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_is_no_pair_is_refused(pool: PgPool) {
    let store = store(&pool).await;
    let wrong = [
        pair(Kind::Together, MATHS, MATHS),
        pair(Kind::Spread, MATHS, ENGLISH),
        Terms::new(Kind::Together, Target::Load(MATHS), None),
        Terms {
            weight: Weight::Off,
            ..pair(Kind::Together, MATHS, ENGLISH)
        },
    ];
    for terms in wrong {
        let refused = put(&store, terms.clone()).await;
        assert!(
            matches!(refused, Err(AppError::Invalid { .. })),
            "{terms:?}: {refused:?}"
        );
    }
    // a load of another school is not there
    for (one, other) in [(MATHS, LoadId(510)), (LoadId(510), MATHS)] {
        let refused = put(&store, pair(Kind::InOrder, one, other)).await;
        assert!(matches!(refused, Err(AppError::NotFound)), "{refused:?}");
    }
    put(&store, pair(Kind::Together, MATHS, ENGLISH)).await.unwrap();
    let twice = put(&store, pair(Kind::Together, ENGLISH, MATHS)).await;
    assert!(matches!(twice, Err(AppError::Invalid { .. })), "{twice:?}");
    let hers = act(&store, mother(), async |ctx| {
        save(ctx, None, pair(Kind::InOrder, MATHS, ENGLISH)).await
    })
    .await;
    assert!(
        matches!(hers, Err(AppError::Forbidden | AppError::NotFound)),
        "{hers:?}"
    );
}
