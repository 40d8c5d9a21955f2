//! What a search was wished, what got better by it, and any two versions compared.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod composing;
mod school;

use base::sql::Store;
use base::{AppError, VersionId};
use composing::{IN_FORCE, Worker, draft, load, until};
use school::{act, count, deputy, mother, staff, store};
use sqlx::PgPool;
use study_core::compose::sql::{start, watch, weigh};
use study_core::compose::{Change, Compared, Counted, Keep, RuleChange, Wish, Wishes};
use study_core::requirement::{Kind, Weight};
use study_core::timetable::regime::remarks;
use study_core::timetable::{BoardData, Counts};
use timetable::unmet::{Sort, Tally};

fn wishes() -> Wishes {
    let wish = |kind, weight, value| Wish {
        kind,
        weight: Some(weight),
        value,
    };
    Wishes(vec![
        wish(Kind::TeacherWindow, Weight::Very, None),
        wish(Kind::LateStart, Weight::Rather, None),
        wish(Kind::HardInRow, Weight::Very, Some(2)),
    ])
}

async fn compared(store: &Store, first: VersionId, second: VersionId) -> Result<Compared, AppError> {
    act(store, deputy(), async |ctx| {
        weigh(ctx, Some(first), Some(second)).await
    })
    .await
}

fn change(first: &BoardData, second: &BoardData) -> Change {
    let ids = |data: &BoardData| data.teachers.iter().map(|t| t.id).collect::<Vec<_>>();
    let (had, has) = (
        Tally::of(&first.board().unwrap()),
        Tally::of(&second.board().unwrap()),
    );
    Change::between(
        Counted {
            tally: &had,
            teachers: &ids(first),
        },
        Counted {
            tally: &has,
            teachers: &ids(second),
        },
    )
}

/// What one search was wished is written where it was asked, done and compared; the school's own rows are as they were.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_search_is_wished_otherwise_and_says_so(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let keep = Keep {
        days: vec![1],
        ..Keep::default()
    };
    let rows = "select count(*) from requirement where school_id = 10";
    let before = count(&pool, rows).await;
    act(&store, deputy(), async |ctx| {
        start(ctx, version, &keep, &wishes(), 2, 1).await
    })
    .await
    .unwrap();
    // the board of the search is judged by them, and nobody else's
    let asked = "select (question -> 'spec' -> 'wishes' ->> 'teacher_window')::bigint from compose_run";
    assert_eq!(count(&pool, asked).await, 9);
    let own = load(&store, version).await;
    assert_eq!(own.spec().wishes.teacher_window, 3);
    let worker = Worker::spawn(&store);
    let done = until(&store, version, |run| run.state.is_over()).await;
    worker.end().await;
    assert_eq!((&done.wishes, &done.keep), (&wishes(), &keep));
    let result = done.result.unwrap();
    // what changed is told rule by rule, as the judge of the search counts it
    let (mut source, mut made) = (load(&store, version).await, load(&store, result).await);
    wishes().lay(&mut source);
    wishes().lay(&mut made);
    assert_eq!(done.change, Some(change(&source, &made)));
    for action in ["timetable.compose_asked", "timetable.composed"] {
        let told = format!(
            "select count(*) from audit_event where action = '{action}' and new -> 'wishes' -> 2 ->> 'value' = '2'
                and new -> 'keep' -> 'days' = '[1]'"
        );
        assert_eq!(count(&pool, &told).await, 1, "{action}");
    }
    assert_eq!(count(&pool, rows).await, before);
    // the result knows what it was made of, and the comparison what was wished
    assert_eq!(
        load(&store, result).await.version.made_from,
        Some((version, own.version.title.clone()))
    );
    assert_eq!(load(&store, version).await.version.made_from, None, "a copy");
    let pair = compared(&store, version, result).await.unwrap().pair.unwrap();
    assert_eq!(pair.composed, Some(wishes()));
    // two alike that have changed places have not moved
    assert!(pair.elsewhere <= u32::try_from(done.moved.unwrap()).unwrap());
    let back = compared(&store, result, version).await.unwrap().pair.unwrap();
    assert_eq!(back.composed, None, "the draft was not made of the result");
    assert_eq!((back.before, back.after), (pair.after, pair.before));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_cannot_be_wished_is_refused_and_nothing_is_written(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    for unsound in [
        (Kind::TeacherLessons, Weight::Very, Some(4)),
        (Kind::TeacherWindow, Weight::Must, None),
        (Kind::HardInRow, Weight::Very, Some(7)),
    ] {
        let (kind, weight, value) = unsound;
        let wish = Wish {
            kind,
            weight: Some(weight),
            value,
        };
        let asked = act(&store, deputy(), async |ctx| {
            start(ctx, version, &Keep::default(), &Wishes(vec![wish]), 10, 1).await
        });
        assert!(
            matches!(asked.await, Err(AppError::Invalid { .. })),
            "{unsound:?}"
        );
    }
    assert_eq!(count(&pool, "select count(*) from compose_run").await, 0);
}

/// Each is judged as its own editor judges it; whoever may not make timetables hears nothing.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn any_two_versions_are_laid_side_by_side(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    // everything of the draft is taken off but one card
    composing::sql(
        &pool,
        &format!(
            "update card set day = null, slot = null, room_id = null where school_id = 10 and version_id = {version}
                and id <> (select min(id) from card where version_id = {version} and day is not null)"
        ),
    )
    .await;
    let (one, other) = (load(&store, IN_FORCE).await, load(&store, version).await);
    let both = compared(&store, IN_FORCE, version).await.unwrap();
    assert!(both.versions.iter().any(|v| v.id == version) && both.versions.iter().any(|v| v.id == IN_FORCE));
    let pair = both.pair.unwrap();
    // the comparison's figures are those of the editor, and of whoever asks for a search
    for (figures, data) in [(pair.before, &one), (pair.after, &other)] {
        let board = data.board().unwrap();
        let of = Counts::of(&board, &board.conflicts(), &remarks(data, &board));
        let told = (figures.clashes, figures.unplaced, figures.remarks);
        assert_eq!(told, (of.clashes, of.unplaced, of.remarks));
    }
    act(&store, deputy(), async |ctx| {
        start(ctx, version, &Keep::default(), &Wishes::default(), 10, 1).await
    })
    .await
    .unwrap();
    let asked = act(&store, deputy(), async |ctx| watch(ctx, version).await).await;
    assert_eq!(asked.unwrap().unwrap().before, pair.after);
    assert_eq!((pair.first.id, pair.second.id), (IN_FORCE, version));
    assert_eq!(pair.after.unplaced, u32::try_from(other.cards.len() - 1).unwrap());
    assert_eq!(pair.cards, u32::try_from(one.cards.len()).unwrap());
    assert_eq!(pair.change, change(&one, &other));
    assert_eq!(pair.teachers.len(), pair.change.teachers.len());
    assert!(
        pair.moved.iter().all(|m| m.to.is_none() && m.from.is_some()),
        "to the tray"
    );
    assert_eq!(pair.moved.len(), usize::try_from(pair.elsewhere).unwrap());
    assert_eq!(pair.composed, None);
    // two lessons of a class at one hour: a row for the clash
    composing::sql(
        &pool,
        &format!("update card set day = 0, slot = 0, room_id = null where school_id = 10 and version_id = {version}"),
    )
    .await;
    let pair = compared(&store, IN_FORCE, version).await.unwrap().pair.unwrap();
    let first: &RuleChange = pair.change.rules.first().unwrap();
    assert_eq!((first.sort, first.before), (Sort::Clash, 0));
    assert!(first.after > 0);

    let same = compared(&store, version, version).await.unwrap();
    assert_eq!(same.pair, None, "nothing to compare");
    let strange = compared(&store, version, VersionId(77_777)).await;
    assert_eq!(strange.unwrap_err(), AppError::NotFound);
    for (who, refusal) in [
        (staff(20, 4, "deputy"), AppError::NotFound),
        (staff(10, 2, "teacher"), AppError::Forbidden),
        (mother(), AppError::NotFound),
    ] {
        let asked = act(&store, who, async |ctx| {
            weigh(ctx, Some(IN_FORCE), Some(version)).await
        });
        assert_eq!(asked.await.unwrap_err(), refusal);
    }
}
