//! Exemptions from a subject against a real PostgreSQL. Today is Wednesday, 18 November 2026.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use classbook_core::attendance::sql as attendance;
use classbook_core::attendance::{Document, Paper, Tally};
use classbook_core::exemption::{Exemptions, NewExemption, sql as exemption};
use classbook_core::grading::{Suggestion, sql as grading};
use school::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn maths(pupil: i64, from: &str, to: &str, attends: bool) -> NewExemption {
    NewExemption {
        pupil: PupilId(pupil),
        subject: SubjectId(400),
        starts_on: day(from),
        ends_on: day(to),
        attends,
        paper: Paper {
            kind: Document::Certificate,
            number: "7".into(),
            on: None,
        },
    }
}

async fn add(store: &Store, who: Actor, new: NewExemption) -> Result<ExemptionId, AppError> {
    let mut ctx = open(store, who).await;
    let out = exemption::add(&mut ctx, new).await;
    ctx.close(out).await
}

async fn withdraw(store: &Store, who: Actor, id: ExemptionId) -> Result<(), AppError> {
    let mut ctx = open(store, who).await;
    let out = exemption::withdraw(&mut ctx, id).await;
    ctx.close(out).await
}

async fn list(store: &Store, who: Actor) -> Result<Exemptions, AppError> {
    let mut ctx = open(store, who).await;
    let out = exemption::list(&mut ctx, ClassId(100)).await;
    ctx.close(out).await
}

async fn tally(store: &Store, pupil: i64) -> Tally {
    let mut ctx = open(store, teacher()).await;
    let sheet = attendance::sheet(&mut ctx, ClassId(100), None).await.unwrap();
    sheet
        .lines
        .iter()
        .find(|l| l.pupil == PupilId(pupil))
        .unwrap()
        .tally
}

fn secretary() -> Actor {
    staff(40, 10, 1500, "secretary")
}

db_test!(the_journal_sums_and_totals_know_who_is_exempt, pool, {
    let store = store(&pool).await;
    save_one(&store, teacher(), attend(700, 1001, Some("н"), 0)).await;
    assert_eq!(tally(&store, 1001).await.missed, 1);
    let id = add(&store, teacher(), maths(1001, "2026-11-02", "2026-12-27", false))
        .await
        .unwrap();
    // no lesson of maths is missed, or counted
    let sum = tally(&store, 1001).await;
    assert_eq!((sum.missed, sum.lessons), (0, 0));
    let seen = grid(&store, teacher(), None).await.unwrap();
    assert!(seen.is_exempt(PupilId(1001), day("2026-11-20")));
    assert!(
        !seen.is_exempt(PupilId(1001), day("2026-12-28"))
            && !seen.is_exempt(PupilId(1002), day("2026-11-20"))
    );
    // without a mark «осв» is proposed, and N does without them
    let totals = |store: Store| async move {
        let mut ctx = open(&store, teacher()).await;
        grading::totals(&mut ctx, MATHS).await.unwrap()
    };
    let sheet = totals(store.clone()).await;
    let row = sheet.pupils.iter().position(|p| p.id == PupilId(1001)).unwrap();
    let second = sheet
        .columns
        .iter()
        .find(|c| c.stage.period() == Some(PeriodId(2)))
        .unwrap()
        .clone();
    assert_eq!(sheet.suggest(row, &second), Suggestion::Exempt("осв".into()));
    assert_eq!(sheet.indicators(&second).exempt, 1);
    // with a mark they are attested like everybody
    save_one(&store, teacher(), mark(700, 800, 1001, Some("4"), 0)).await;
    let sheet = totals(store.clone()).await;
    assert!(matches!(sheet.suggest(row, &second), Suggestion::Marks(_)));
    withdraw(&store, teacher(), id).await.unwrap();
    assert_eq!(tally(&store, 1001).await.missed, 1);
    assert!(
        !grid(&store, teacher(), None)
            .await
            .unwrap()
            .is_exempt(PupilId(1001), day("2026-11-20"))
    );
    assert!(list(&store, teacher()).await.unwrap().list[0].withdrawn);
    assert_eq!(withdraw(&store, teacher(), id).await, Err(AppError::NotFound));
});

db_test!(who_attends_is_absent_like_everybody, pool, {
    let store = store(&pool).await;
    save_one(&store, teacher(), attend(700, 1001, Some("н"), 0)).await;
    add(&store, teacher(), maths(1001, "2026-11-02", "2026-12-27", true))
        .await
        .unwrap();
    assert_eq!(tally(&store, 1001).await.missed, 1);
    let seen = grid(&store, teacher(), None).await.unwrap();
    assert!(!seen.is_exempt(PupilId(1001), day("2026-11-20")));
    assert_eq!(seen.exempt.len(), 1, "the row carries a sign all the same");
});

db_test!(the_class_teacher_and_who_keeps_cards_enter_them, pool, {
    let store = store(&pool).await;
    let new = || maths(1001, "2026-11-18", "2026-11-30", false);
    for who in [stranger(), staff(4, 20, 2100, "deputy")] {
        assert_eq!(add(&store, who.clone(), new()).await, Err(AppError::NotFound));
        assert_eq!(list(&store, who).await, Err(AppError::NotFound));
    }
    let id = add(&store, secretary(), new()).await.unwrap();
    let seen = list(&store, secretary()).await.unwrap();
    assert!(seen.may_edit && !seen.sees_attendance);
    assert_eq!(
        (
            seen.list[0].id,
            seen.list[0].subject.as_str(),
            seen.list[0].by.as_str()
        ),
        (id, "Математика", "Админов О.")
    );
    assert_eq!(seen.pupils.len(), 3);
    withdraw(&store, deputy(), id).await.unwrap();
    // the director's card rights aside: who only looks is told so
    let mut looks = deputy();
    looks.grants.retain(|g| g.kind != base::rights::Kind::People);
    assert_eq!(add(&store, looks.clone(), new()).await, Err(AppError::Forbidden));
    assert!(!list(&store, looks).await.unwrap().may_edit);
    let mother = Actor {
        role: Role::Guardian {
            pupils: vec![PupilId(1001)],
        },
        grants: vec![],
        ..staff(31, 10, 0, "teacher")
    };
    assert_eq!(add(&store, mother, new()).await, Err(AppError::NotFound));
    let events = sqlx::query_scalar!(
        r#"select string_agg(action, ' ' order by id) as "a!" from audit_event where entity = 'exemption'"#
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(events, "exemption.entered exemption.withdrawn");
});

db_test!(two_at_a_time_and_nonsense_are_refused, pool, {
    let store = store(&pool).await;
    add(&store, teacher(), maths(1001, "2026-11-18", "2026-11-30", false))
        .await
        .unwrap();
    let invalid = |answer: Result<ExemptionId, AppError>| matches!(answer, Err(AppError::Invalid { .. }));
    assert!(invalid(
        add(&store, teacher(), maths(1001, "2026-11-30", "2026-12-05", false)).await
    ));
    assert!(invalid(
        add(&store, teacher(), maths(1001, "2026-12-05", "2026-12-04", false)).await
    ));
    assert!(invalid(
        add(&store, teacher(), maths(1001, "2026-12-05", "2028-12-04", false)).await
    ));
    let mut late = maths(1001, "2026-12-05", "2026-12-06", false);
    late.paper.on = Some(day("2026-11-19"));
    assert!(invalid(add(&store, teacher(), late).await));
    let mut foreign = maths(1001, "2026-12-05", "2026-12-06", false);
    foreign.subject = SubjectId(410);
    assert_eq!(add(&store, teacher(), foreign).await, Err(AppError::NotFound));
    assert_eq!(
        add(&store, teacher(), maths(2001, "2026-12-05", "2026-12-06", false)).await,
        Err(AppError::NotFound)
    );
    // beside it there is room
    add(&store, teacher(), maths(1001, "2026-12-01", "2026-12-05", false))
        .await
        .unwrap();
    add(&store, teacher(), maths(1002, "2026-11-18", "2026-11-30", false))
        .await
        .unwrap();
});
