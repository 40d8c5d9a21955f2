//! Buildings in a database: who may, what ways do to the judge and to the search, who was faster, what is wrong.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod asking;
mod school;

use asking::{events, load, page};
use base::sql::Store;
use base::{AppError, BuildingId, CardId, EmployeeId, RoomId};
use school::{act, deputy, mother, staff, store};
use sqlx::PgPool;
use study_core::building::sql::{remove, save, save_room, save_walk};
use study_core::building::{BuildingTerms, Spot};
use study_core::requirement::sql::save as ask;
use study_core::requirement::{Kind, Target, Terms, Weight};
use study_core::timetable::BoardData;
use timetable::compose::{Composition, places};
use timetable::problem::{Breach, Rule, breaches};
use timetable::{Level, Reason, RoomIx};

const ROOM_12: RoomId = RoomId(300);
const ROOM_14: RoomId = RoomId(301);

fn called(name: &str) -> BuildingTerms {
    BuildingTerms {
        name: name.into(),
        address: None,
    }
}

async fn build(store: &Store, name: &str) -> Result<BuildingId, AppError> {
    act(store, deputy(), async |ctx| save(ctx, None, called(name)).await).await
}

async fn walk(
    store: &Store,
    between: (BuildingId, BuildingId),
    seen: Option<i16>,
    minutes: Option<i16>,
) -> Result<(), AppError> {
    act(store, deputy(), async |ctx| {
        save_walk(ctx, between, seen, minutes).await
    })
    .await
}

async fn put(store: &Store, room: RoomId, seen: Spot, spot: Spot) -> Result<(), AppError> {
    act(store, deputy(), async |ctx| {
        save_room(ctx, room, seen, spot).await
    })
    .await
}

fn spot(building: BuildingId, floor: i16) -> Spot {
    Spot {
        building: Some(building),
        floor: Some(floor),
    }
}

/// What ways cost that are required, of the version as it lies, in the problem that «Составить» searches.
fn hard(data: &BoardData) -> i64 {
    let board = data.board().unwrap();
    let composition = Composition::new(&board, &[]);
    let problem = composition.problem();
    let required = |breach: &Breach| {
        let constraint = &problem.constraints[usize::try_from(breach.constraint).unwrap()];
        constraint.required && matches!(constraint.rule, Rule::WalkInTime(_))
    };
    let all = breaches(problem, &composition.solution(&places(&board))).breaches;
    all.iter()
        .filter(|breach| required(breach))
        .map(|breach| breach.cost)
        .sum()
}

/// Clashes about ways.
fn too_far(data: &BoardData) -> Vec<(Level, Reason)> {
    let all = data.board().unwrap().conflicts();
    let far = |r: &Reason| matches!(r, Reason::ClassTooFar { .. } | Reason::TeacherTooFar { .. });
    all.into_iter()
        .filter(|p| far(&p.reason))
        .map(|p| (p.level, p.reason))
        .collect()
}

/// 7А has maths in 12 on Monday, first lesson, and half of it English in 14 right after, ten minutes later.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_way_that_is_longer_than_the_break_is_a_clash_to_judge_and_search(pool: PgPool) {
    let store = store(&pool).await;
    let (old, new) = (
        build(&store, "Старый").await.unwrap(),
        build(&store, "Новый").await.unwrap(),
    );
    put(&store, ROOM_12, Spot::default(), spot(old, 1)).await.unwrap();
    put(&store, ROOM_14, Spot::default(), spot(new, 2)).await.unwrap();
    let before = load(&store).await;
    assert_eq!(
        (too_far(&before), hard(&before)),
        (vec![], 0),
        "no way takes time yet"
    );
    // there and back, whichever is named first
    walk(&store, (new, old), None, Some(15)).await.unwrap();
    let data = load(&store).await;
    let maths = data.card_ix(CardId(1)).unwrap();
    let english = data.card_ix(CardId(4)).unwrap();
    let class = timetable::ClassIx(0);
    let told = Reason::ClassTooFar {
        class,
        card: maths,
        needed: 15,
        minutes: 10,
    };
    assert_eq!(too_far(&data), [(Level::Clash, told)]);
    assert_eq!(hard(&data), 1);
    let board = data.board().unwrap();
    assert_eq!(board.judge(english, 0, 1, Some(RoomIx(1))).reasons, [told]);
    let later = board.judge(english, 0, 2, Some(RoomIx(1)));
    assert!(
        later.level != Level::Clash && !later.reasons.contains(&told),
        "with an hour between there is time: {later:?}"
    );
    assert_eq!(
        board.best_room(english, 0, 1),
        Some(RoomIx(0)),
        "the room in reach"
    );
    // the words name the lesson, where it lies, the minutes
    let said = study_core::timetable::words::full(base::Lang::Ru, &data, &told);
    for word in ["7А", "Математика", "Пн", "15", "10"] {
        assert!(said.contains(word), "{said}");
    }
    // a wish instead of a must
    let wish = Terms {
        weight: Weight::Rather,
        ..Terms::new(Kind::Walk, Target::School, None)
    };
    act(&store, deputy(), async |ctx| ask(ctx, None, wish.clone()).await)
        .await
        .unwrap();
    let data = load(&store).await;
    assert_eq!((too_far(&data)[0].0, hard(&data)), (Level::Poor, 0));
    // ten minutes are enough
    walk(&store, (old, new), Some(15), Some(10)).await.unwrap();
    assert_eq!(too_far(&load(&store).await), []);
    walk(&store, (old, new), Some(10), None).await.unwrap();
    assert!(page(&store).await.walks.is_empty());
    assert_eq!(events(&pool, "building.saved").await, 2);
    assert_eq!(events(&pool, "building.walk_saved").await, 3);
    assert_eq!(events(&pool, "building.room_saved").await, 2);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn changes_and_near_rooms_are_asked_of_all_or_of_one(pool: PgPool) {
    let store = store(&pool).await;
    let (old, new) = (
        build(&store, "Старый").await.unwrap(),
        build(&store, "Новый").await.unwrap(),
    );
    put(&store, ROOM_12, Spot::default(), spot(old, 1)).await.unwrap();
    put(&store, ROOM_14, Spot::default(), spot(new, 1)).await.unwrap();
    let rows = [
        Terms::new(Kind::TeachersMoves, Target::School, Some(2)),
        Terms::new(Kind::TeacherMoves, Target::Teacher(EmployeeId(1200)), Some(0)),
        Terms::new(Kind::ClassesMoves, Target::School, Some(0)),
        Terms {
            weight: Weight::Maybe,
            ..Terms::new(Kind::RoomsNear, Target::School, None)
        },
    ];
    for terms in rows {
        act(&store, deputy(), async |ctx| ask(ctx, None, terms.clone()).await)
            .await
            .unwrap();
    }
    let data = load(&store).await;
    let spec = data.spec();
    let at = data
        .teachers
        .iter()
        .position(|t| t.id == EmployeeId(1200))
        .unwrap();
    let of = |n: usize| spec.teachers[n].moves_per_day.map(|l| (l.value, l.hard));
    assert_eq!((of(at), of(1 - at)), (Some((0, false)), Some((2, false))));
    let found: Vec<Reason> = data
        .board()
        .unwrap()
        .conflicts()
        .into_iter()
        .map(|p| p.reason)
        .collect();
    let of_class = |r: &Reason| {
        matches!(
            r,
            Reason::Limit {
                kind: timetable::LimitKind::MovesPerDay,
                found: 1,
                ..
            }
        )
    };
    assert!(found.iter().any(of_class), "{found:?}");
    assert!(
        found.iter().any(|r| matches!(r, Reason::ClassNotNear { .. })),
        "{found:?}"
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn who_was_faster_is_told_and_what_is_wrong_changes_nothing(pool: PgPool) {
    let store = store(&pool).await;
    let old = build(&store, "  Старый ").await.unwrap();
    assert_eq!(page(&store).await.buildings[0].terms, called("Старый"));
    let invalid = |r: Result<BuildingId, AppError>| matches!(r, Err(AppError::Invalid { .. }));
    assert!(invalid(build(&store, "Старый").await), "the name is taken");
    assert!(invalid(build(&store, "  ").await));
    let again = act(&store, deputy(), async |ctx| {
        save(ctx, Some((old, called("Прежний"))), called("Новый")).await
    })
    .await;
    assert!(matches!(again, Err(AppError::Conflict { .. })), "{again:?}");
    let new = build(&store, "Новый").await.unwrap();
    for (between, minutes) in [((old, old), 5), ((old, new), 0), ((old, new), 181)] {
        let answer = walk(&store, between, None, Some(minutes)).await;
        assert!(matches!(answer, Err(AppError::Invalid { .. })), "{answer:?}");
    }
    let foreign = walk(&store, (old, BuildingId(999)), None, Some(5)).await;
    assert_eq!(foreign, Err(AppError::NotFound));
    walk(&store, (old, new), None, Some(5)).await.unwrap();
    let late = walk(&store, (old, new), None, Some(7)).await;
    assert!(matches!(late, Err(AppError::Conflict { .. })), "{late:?}");
    let high = put(&store, ROOM_12, Spot::default(), spot(old, 99)).await;
    assert!(matches!(high, Err(AppError::Invalid { .. })), "{high:?}");
    assert_eq!(
        put(&store, RoomId(310), Spot::default(), spot(old, 1)).await,
        Err(AppError::NotFound)
    );
    put(&store, ROOM_12, Spot::default(), spot(old, 1)).await.unwrap();
    let seen = put(&store, ROOM_12, Spot::default(), spot(new, 1)).await;
    assert!(matches!(seen, Err(AppError::Conflict { .. })), "{seen:?}");
    // a building with rooms stays; an empty one goes with its ways
    let go =
        async |id, name: &str| act(&store, deputy(), async |ctx| remove(ctx, id, called(name)).await).await;
    assert!(matches!(go(old, "Старый").await, Err(AppError::Invalid { .. })));
    go(new, "Новый").await.unwrap();
    let sheet = page(&store).await;
    assert_eq!((sheet.buildings.len(), sheet.walks.len()), (1, 0));
    assert_eq!(events(&pool, "building.removed").await, 1);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn only_who_changes_the_timetable_changes_buildings(pool: PgPool) {
    let store = store(&pool).await;
    let old = build(&store, "Старый").await.unwrap();
    for (who, error) in [
        (staff(10, 12, "teacher"), AppError::Forbidden),
        (mother(), AppError::NotFound),
    ] {
        let answers = [
            act(&store, who.clone(), async |ctx| {
                save(ctx, None, called("Новый")).await.map(|_| ())
            })
            .await,
            act(&store, who.clone(), async |ctx| {
                remove(ctx, old, called("Старый")).await
            })
            .await,
            act(&store, who.clone(), async |ctx| {
                save_walk(ctx, (old, BuildingId(2)), None, Some(5)).await
            })
            .await,
            act(&store, who.clone(), async |ctx| {
                save_room(ctx, ROOM_12, Spot::default(), spot(old, 1)).await
            })
            .await,
        ];
        for answer in answers {
            assert_eq!(answer, Err(error.clone()));
        }
    }
    assert_eq!(page(&store).await.buildings.len(), 1);
}
