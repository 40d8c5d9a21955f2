//! By which row of the difficulty tables a subject weighs: chosen by hand, compared, told; which subjects weigh nothing.
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
use base::{AppError, SubjectId};
use school::{act, deputy, mother, store};
use sqlx::PgPool;
use study_core::requirement::sql::save_template;

const ENGLISH: SubjectId = SubjectId(401);

async fn choose(
    store: &base::sql::Store,
    of: SubjectId,
    seen: Option<&str>,
    row: Option<&str>,
) -> Result<(), AppError> {
    act(store, deputy(), async |ctx| {
        save_template(ctx, of, seen.map(str::to_owned), row.map(str::to_owned)).await
    })
    .await
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_subject_weighs_by_the_row_that_is_chosen(pool: PgPool) {
    let store = store(&pool).await;
    let points = async || {
        let data = load(&store).await;
        data.loads.iter().find(|l| l.id.0 == 501).unwrap().difficulty
    };
    let without = async || {
        let sheet = page(&store).await;
        let subject = sheet.subjects.iter().find(|s| s.id == ENGLISH).unwrap().clone();
        (subject.template, subject.pointless)
    };
    assert_eq!(points().await, 10, "a foreign language in grade 7");
    assert_eq!(without().await, (Some("иностранный".into()), vec![]));
    choose(&store, ENGLISH, Some("иностранный"), Some("русский"))
        .await
        .unwrap();
    assert_eq!(points().await, 11, "as Russian");
    // a row without points for the grade, and none at all
    choose(&store, ENGLISH, Some("русский"), Some("астрономия"))
        .await
        .unwrap();
    assert_eq!(
        (points().await, without().await),
        (0, (Some("астрономия".into()), vec![7]))
    );
    choose(&store, ENGLISH, Some("астрономия"), None).await.unwrap();
    assert_eq!((points().await, without().await), (0, (None, vec![7])));
    assert_eq!(events(&pool, "requirement.template_saved").await, 3);
    // chosen as it is: nothing to tell
    choose(&store, ENGLISH, None, None).await.unwrap();
    // somebody was faster; no such row; another school's; a family
    assert!(matches!(
        choose(&store, ENGLISH, Some("иностранный"), Some("физика")).await,
        Err(AppError::Conflict { .. })
    ));
    assert!(matches!(
        choose(&store, ENGLISH, None, Some("алхимия")).await,
        Err(AppError::Invalid { .. })
    ));
    assert_eq!(
        choose(&store, SubjectId(410), Some("математика"), None).await,
        Err(AppError::NotFound)
    );
    let family = act(&store, mother(), async |ctx| {
        save_template(ctx, ENGLISH, None, Some("физика".into())).await
    })
    .await;
    assert!(family.is_err());
    assert_eq!(events(&pool, "requirement.template_saved").await, 3);
    assert!(page(&store).await.scale.contains(&"физика".to_owned()));
}
