//! Days, runs and windows of a teacher, a subject's time, hours for a term and of subgroups, double lessons: from a row in the
//! database to the judge's verdict and the price that «Составить» counts.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod asking;
mod school;

use asking::{MATHS, load, maths, paint, priced, put};
use base::{AppError, LoadId, SubgroupId, SubjectId};
use chrono::NaiveDate;
use school::{act, count, deputy, store};
use sqlx::PgPool;
use study_core::requirement::sql::sheet;
use study_core::requirement::{Hours, Kind, Target, Term, Terms, Weight, Who};
use study_core::timetable::board::DraftSource;
use study_core::timetable::sql::{board, create_draft};
use study_core::timetable::{BoardData, words};
use timetable::{Level, LimitKind, Reason};

const ALGEBRA: SubjectId = SubjectId(400);

fn teacher(kind: Kind, value: i32) -> Terms {
    Terms::new(kind, Target::Teacher(MATHS), Some(value))
}

/// What the review of the board says of the teacher's limits.
fn told(data: &BoardData) -> Vec<(LimitKind, u16)> {
    let all = data.board().unwrap().conflicts().into_iter();
    let limit = |reason| match reason {
        Reason::TeacherLimit { kind, found, .. } => Some((kind, found)),
        _ => None,
    };
    all.filter_map(|p| limit(p.reason)).collect()
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn limits_of_a_teachers_week_are_one_to_judge_review_and_search(pool: PgPool) {
    let store = store(&pool).await;
    let before = load(&store).await;
    let (hard, soft) = priced(&before);
    assert!(told(&before).is_empty());
    // one lesson on a day is told and costs the missing one; nobody is forbidden to begin a day
    put(&store, teacher(Kind::TeacherLeast, 2)).await.unwrap();
    let data = load(&store).await;
    let single = told(&data);
    assert!(
        !single.is_empty() && single.iter().all(|t| *t == (LimitKind::LeastPerDay, 1)),
        "{single:?}"
    );
    let missing = i64::try_from(single.len()).unwrap();
    assert_eq!(priced(&data), (hard, soft + 6 * missing));
    let must = Terms {
        weight: Weight::Must,
        ..teacher(Kind::TeacherLeast, 3)
    };
    assert!(matches!(put(&store, must).await, Err(AppError::Invalid { .. })));
    // at most one day of the week: wherever it lies, another day is one too many
    let days = Terms {
        weight: Weight::Must,
        ..teacher(Kind::TeacherDays, 1)
    };
    put(&store, days).await.unwrap();
    let data = load(&store).await;
    let placed: Vec<u16> = data
        .cards
        .iter()
        .skip(1)
        .filter(|c| c.load == data.cards[0].load)
        .filter_map(|c| c.place.map(|p| p.day))
        .collect();
    let free = (0..5).find(|d| !placed.contains(d)).unwrap();
    let verdict = maths(&data, free, 2);
    let limit = |r: &Reason| {
        matches!(
            r,
            Reason::TeacherLimit {
                kind: LimitKind::DaysPerWeek,
                hard: true,
                ..
            }
        )
    };
    assert_eq!(
        verdict.reasons.iter().any(limit),
        !placed.is_empty(),
        "{verdict:?}"
    );
    let broken = told(&data)
        .iter()
        .filter(|t| t.0 == LimitKind::DaysPerWeek)
        .count();
    assert_eq!(
        priced(&data).0 > hard,
        broken > 0,
        "the search breaks it where the review does"
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_subject_keeps_to_its_day_and_lesson(pool: PgPool) {
    let store = store(&pool).await;
    let (hard, soft) = priced(&load(&store).await);
    let subject = |kind, value, weight| Terms {
        weight,
        ..Terms::new(kind, Target::Subject(ALGEBRA), Some(value))
    };
    // the lying card is on Monday, first
    put(&store, subject(Kind::SubjectFrom, 2, Weight::Rather))
        .await
        .unwrap();
    let data = load(&store).await;
    let first = data.cards.iter().filter(|c| c.load == data.cards[0].load);
    let first = first.filter(|c| c.place.is_some_and(|p| p.slot == 0)).count();
    assert_eq!(priced(&data), (hard, soft + 6 * i64::try_from(first).unwrap()));
    assert_eq!(maths(&data, 1, 0).penalty - maths(&data, 1, 1).penalty, 6);
    let reason = maths(&data, 1, 0)
        .reasons
        .into_iter()
        .find(|r| matches!(r, Reason::CardUnwanted { .. }));
    let said = words::full(base::Lang::Ru, &data, &reason.unwrap());
    assert!(said.contains("не раньше 2-го урока"), "{said}");
    // its own load goes another way, and must
    let own = Terms {
        weight: Weight::Must,
        ..Terms::new(Kind::SubjectDay, Target::Load(LoadId(500)), Some(3))
    };
    put(&store, own).await.unwrap();
    let data = load(&store).await;
    let verdict = maths(&data, 1, 2);
    assert_eq!(verdict.level, Level::Clash);
    let said = words::full(base::Lang::Ru, &data, &verdict.reasons[0]);
    assert!(said.contains("требует ставить только в Чт"), "{said}");
    assert_ne!(maths(&data, 3, 2).level, Level::Clash);
    assert!(priced(&data).0 > hard, "the lying card is against it");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_ban_for_a_term_ends_by_itself(pool: PgPool) {
    let store = store(&pool).await;
    let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d);
    let who = Who::Teacher(MATHS);
    // today is the 21st of November
    let term = |from, to| Term { from, to };
    let mut hours = Hours::default();
    hours.set(Term::ALWAYS, 1, 0, Some(Weight::Rather));
    hours.set(term(day(11, 16), day(11, 21)), 1, 0, Some(Weight::Must));
    hours.set(term(day(11, 9), day(11, 20)), 2, 0, Some(Weight::Must));
    hours.set(term(day(11, 22), None), 3, 0, Some(Weight::Must));
    paint(&store, who, &Hours::default(), &hours).await.unwrap();
    let data = load(&store).await;
    assert_eq!(
        maths(&data, 1, 0).level,
        Level::Clash,
        "the heavier of two terms, on its last day"
    );
    assert_ne!(maths(&data, 2, 0).level, Level::Clash, "it was over yesterday");
    assert_ne!(maths(&data, 3, 0).level, Level::Clash, "it begins tomorrow");
    let page = act(&store, deputy(), async |ctx| sheet(ctx).await).await.unwrap();
    assert_eq!(page.hours_of(who), hours, "all of them stand on the page");
    let turned = {
        let mut turned = Hours::default();
        turned.set(term(day(12, 2), day(12, 1)), 0, 0, Some(Weight::Must));
        turned
    };
    let refused = paint(&store, who, &hours, &turned).await;
    assert!(matches!(refused, Err(AppError::Invalid { .. })), "{refused:?}");
    // what is taken out is gone, and nothing else
    let mut fewer = hours.clone();
    fewer.set(term(day(11, 16), day(11, 21)), 1, 0, None);
    paint(&store, who, &hours, &fewer).await.unwrap();
    assert_eq!(maths(&load(&store).await, 1, 0).level, Level::Poor);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_subgroup_has_hours_of_its_own(pool: PgPool) {
    let store = store(&pool).await;
    let who = Who::Group(SubgroupId(150));
    let mut hours = Hours::default();
    hours.set(Term::ALWAYS, 1, 0, Some(Weight::Must));
    paint(&store, who, &Hours::default(), &hours).await.unwrap();
    let data = load(&store).await;
    let board = data.board().unwrap();
    let english = board
        .card_indices()
        .find(|c| data.load_of(*c).unwrap().id == LoadId(501))
        .unwrap();
    assert_eq!(board.judge(english, 1, 0, None).level, Level::Clash);
    // the whole class cannot be taught without its half
    assert_eq!(maths(&data, 1, 0).level, Level::Clash);
    let page = act(&store, deputy(), async |ctx| sheet(ctx).await).await.unwrap();
    assert_eq!(page.hours_of(who), hours);
    let names: Vec<&str> = page.groups.iter().map(|g| g.name.as_str()).collect();
    assert_eq!(names, ["7А Англ 1", "7А Англ 2"]);
    let rather = {
        let mut rather = Hours::default();
        rather.set(Term::ALWAYS, 1, 0, Some(Weight::Rather));
        rather
    };
    assert!(matches!(
        paint(&store, who, &hours, &rather).await,
        Err(AppError::Invalid { .. })
    ));
    let foreign = paint(&store, Who::Group(SubgroupId(9999)), &Hours::default(), &hours).await;
    assert_eq!(foreign, Err(AppError::NotFound));
    assert_eq!(
        count(
            &pool,
            "select count(*) from audit_event where entity = 'subgroup_hours'"
        )
        .await,
        1
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn double_lessons_are_cut_from_the_load(pool: PgPool) {
    let store = store(&pool).await;
    let cut = async || {
        let id = act(&store, deputy(), async |ctx| {
            create_draft(ctx, DraftSource::Loads, "Новый")
                .await
                .map(|made| made.version)
        })
        .await
        .unwrap();
        let data = act(&store, deputy(), async |ctx| board(ctx, id).await)
            .await
            .unwrap();
        let of = |load: i64| {
            let cards = data
                .cards
                .iter()
                .filter(|c| data.loads[usize::try_from(c.load).unwrap()].id == LoadId(load));
            let mut lengths: Vec<u16> = cards.map(|c| c.duration).collect();
            lengths.sort_unstable();
            lengths
        };
        (of(500), of(501))
    };
    assert_eq!(cut().await, (vec![1; 5], vec![1; 3]));
    let doubles = |target, n| Terms::new(Kind::Doubles, target, Some(n));
    put(&store, doubles(Target::Subject(ALGEBRA), 1)).await.unwrap();
    assert_eq!(cut().await, (vec![1, 1, 1, 2], vec![1; 3]));
    // a load's own row goes first, and never more pairs than there are hours
    put(&store, doubles(Target::Load(LoadId(500)), 9)).await.unwrap();
    assert_eq!(cut().await, (vec![1, 2, 2], vec![1; 3]));
}
