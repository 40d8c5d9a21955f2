//! Cancelled lessons, told to those who have them and to who teaches them, against a real database.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use chrono::Duration;
use classbook_core::cancellation::sql as cancellation;
use classbook_core::notice::sql as notice;
use classbook_core::notice::{Channel, Kind, Notices};
use school::*;

async fn put(pool: &PgPool, statement: &'static str) {
    sqlx::raw_sql(statement).execute(pool).await.unwrap();
}

/// The server's clock runs today, the events of the tests lie in November. English of the subgroup of 1001 is on Thursday.
async fn ready(pool: &PgPool) {
    put(
        pool,
        "drop trigger audit_event_keeps_cancellations on audit_event;
         create trigger audit_event_keeps_cancellations after insert on audit_event for each row
             when (new.entity = 'lesson' and new.action in ('lesson.cancelled', 'lesson.restored')) execute function keep_for_notices();
         insert into lesson (school_id, id, load_id, held_on, slot, employee_id) values (10, 750, 501, '2026-11-19', 1, 1300)",
    )
    .await;
}

async fn cancel(store: &Store, lessons: &[i64], why: &str) {
    let lessons: Vec<LessonId> = lessons.iter().copied().map(LessonId).collect();
    let mut ctx = open(store, deputy()).await;
    let out = cancellation::cancel(&mut ctx, &lessons, why).await;
    ctx.close(out).await.unwrap();
}

async fn restore(store: &Store, lesson: i64) {
    let mut ctx = open(store, deputy()).await;
    let out = cancellation::restore(&mut ctx, LessonId(lesson)).await;
    ctx.close(out).await.unwrap();
}

/// Everything that is at rest two minutes later.
async fn told(store: &Store) -> u64 {
    let mut all = 0;
    while let Some(made) = notice::tell(store, now() + Duration::minutes(2)).await.unwrap() {
        all += made;
    }
    all
}

async fn list(store: &Store, who: Actor) -> Notices {
    let mut ctx = open(store, who).await;
    let out = notice::notices(&mut ctx).await;
    ctx.close(out).await.unwrap()
}

async fn unread(store: &Store, who: Actor) -> i64 {
    let mut ctx = open(store, who).await;
    let out = notice::unread(&mut ctx).await;
    ctx.close(out).await.unwrap()
}

/// In words, the newest first.
async fn said(store: &Store, who: Actor) -> Vec<String> {
    let all = list(store, who).await;
    let said = |n: &classbook_core::notice::Notice| {
        let subject = n.subject.clone().unwrap_or_default();
        format!("{subject}: {}", classbook_core::notice::said(n, Lang::Ru))
    };
    all.notices.iter().map(said).collect()
}

crate::db_test!(who_has_the_lesson_is_told_and_nobody_else, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    // who is exempt and not at the lessons does not have it; who is at them all the same does
    put(
        &pool,
        "insert into exemption (school_id, pupil_id, subject_id, starts_on, ends_on, attends, document_kind, made_by, made_at) values
            (10, 1002, 400, '2026-11-02', '2026-11-30', false, 'certificate', 2, '2026-11-02Z'),
            (10, 1003, 400, '2026-11-02', '2026-11-30', true, 'certificate', 2, '2026-11-02Z')",
    )
    .await;
    cancel(&store, &[702], "Авария отопления").await;
    // three pupils of the class but the exempt one, and the teacher; 7Б is not taught it
    assert_eq!(told(&store).await, 3);
    assert_eq!(said(&store, mother()).await, ["Математика: Урок отменён"]);
    assert_eq!(
        list(&store, mother()).await.notices[0].href(),
        "/diary/1001/2026-11-20"
    );
    assert_eq!(said(&store, pupil()).await.len(), 1);
    assert!(said(&store, father()).await.is_empty());
    // the reason is the school's own: who teaches it reads it, and where to look
    assert_eq!(
        said(&store, teacher()).await,
        ["Математика, 7А: Урок отменён: Авария отопления"]
    );
    assert_eq!(
        list(&store, teacher()).await.notices[0].href(),
        "/journal/500?lesson=702"
    );
    assert!(said(&store, stranger()).await.is_empty());
    assert!(said(&store, deputy()).await.is_empty());

    // a lesson of a subgroup is told to its families and its teacher
    cancel(&store, &[750], "Мороз").await;
    assert_eq!(told(&store).await, 2);
    assert_eq!(said(&store, mother()).await[0], "Английский язык: Урок отменён");
    assert_eq!(
        said(&store, stranger()).await,
        ["Английский язык, 7А (Англ 1): Урок отменён: Мороз"]
    );
    assert!(said(&store, father()).await.is_empty());
});

crate::db_test!(
    what_is_taken_back_is_told_and_within_the_minute_is_nothing,
    pool,
    {
        ready(&pool).await;
        let store = store(&pool).await;
        cancel(&store, &[701, 702], "Мороз").await;
        restore(&store, 702).await;
        assert_eq!(told(&store).await, 4, "the lesson that falls out");
        // another reason is no news
        cancel(&store, &[701], "Карантин").await;
        assert_eq!(told(&store).await, 0);
        restore(&store, 701).await;
        assert_eq!(told(&store).await, 4);
        assert_eq!(
            said(&store, mother()).await,
            ["Математика: Урок всё-таки состоится", "Математика: Урок отменён"]
        );
        assert_eq!(
            said(&store, teacher()).await[0],
            "Математика, 7А: Урок всё-таки состоится"
        );
        // nobody is told what to do yesterday
        cancel(&store, &[700], "Так записано в приказе").await;
        assert_eq!(told(&store).await, 0);
    }
);

crate::db_test!(who_cancels_their_own_lesson_is_not_told_of_it, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    put(
        &pool,
        "insert into load_teacher (school_id, load_id, employee_id) values (10, 500, 1100)",
    )
    .await;
    cancel(&store, &[701], "Совещание").await;
    assert_eq!(told(&store).await, 4);
    assert!(said(&store, deputy()).await.is_empty());
    assert_eq!(said(&store, teacher()).await.len(), 1);
});

crate::db_test!(each_is_told_where_they_want_it, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    put(
        &pool,
        "insert into account (person_id, login, password_hash, created_at, password_changed_at)
            select p, 'person' || p, 'x', '2026-09-01Z', '2026-09-01Z' from unnest('{2,3,31,32}'::bigint[]) p;
         insert into push_device (school_id, id, person_id, endpoint, endpoint_hash, p256dh, auth, name, made_at, news, upto)
            select 10, gen_random_uuid(), p, 'https://push.example.org/' || p, sha256(p::text::bytea), decode(repeat('04', 65), 'hex'),
                decode(repeat('01', 16), 'hex'), 'x', '2026-11-16Z', 0, 0 from unnest('{2,3,31,32}'::bigint[]) p",
    )
    .await;
    let choose = async |who: Actor, pupil: Option<i64>, kind: Kind, channel: Channel| {
        let mut ctx = open(&store, who).await;
        let out = notice::choose(&mut ctx, pupil.map(PupilId), kind, channel, false).await;
        ctx.close(out).await
    };
    choose(father(), Some(1002), Kind::Cancellation, Channel::Push)
        .await
        .unwrap();
    choose(father(), Some(1002), Kind::Cancellation, Channel::App)
        .await
        .unwrap();
    // a teacher chooses of their lessons, and there is nothing else to choose
    let refused = Err(AppError::NotFound);
    assert_eq!(
        choose(teacher(), None, Kind::MarkNew, Channel::App).await,
        refused
    );
    assert_eq!(
        choose(teacher(), Some(1001), Kind::Cancellation, Channel::App).await,
        refused
    );
    assert_eq!(
        choose(mother(), None, Kind::Cancellation, Channel::App).await,
        refused
    );
    cancel(&store, &[701], "Мороз").await;
    told(&store).await;
    let woken = sqlx::query_scalar!("select person_id from push_device where news > upto order by person_id")
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(woken, [2, 31]);
    assert!(said(&store, father()).await.is_empty());
    choose(teacher(), None, Kind::Cancellation, Channel::App)
        .await
        .unwrap();
    assert!(said(&store, teacher()).await.is_empty());
    let mut ctx = open(&store, teacher()).await;
    let out = notice::choices(&mut ctx).await;
    let all = ctx.close(out).await.unwrap();
    assert_eq!((all.len(), all[0].pupil), (1, None));
    let kinds: Vec<_> = all[0]
        .choices
        .iter()
        .map(|c| (c.kind, c.in_app, c.by_push))
        .collect();
    assert_eq!(
        kinds,
        [
            (Kind::Cancellation, false, true),
            (Kind::Substitution, true, true),
            (Kind::Timetable, true, true),
            (Kind::DisputeAsked, true, true),
            (Kind::AbsenceTold, true, true),
            (Kind::RequestAnswered, true, true)
        ]
    );
});

crate::db_test!(
    two_lists_of_one_person_are_read_apart_and_each_reads_their_own,
    pool,
    {
        ready(&pool).await;
        let store = store(&pool).await;
        // the teacher of maths is the father of 1002, too
        let at_home = guardian(2, 1002);
        cancel(&store, &[701], "Мороз").await;
        told(&store).await;
        assert_eq!(
            (
                unread(&store, teacher()).await,
                unread(&store, at_home.clone()).await
            ),
            (1, 1)
        );
        let latest = list(&store, teacher()).await.notices[0].id;
        let mut ctx = open(&store, teacher()).await;
        let out = notice::seen(&mut ctx, latest).await;
        ctx.close(out).await.unwrap();
        assert_eq!(
            (unread(&store, teacher()).await, unread(&store, at_home).await),
            (0, 1)
        );

        // the wall: somebody's own notice is no other's, whatever a statement asks
        for (who, sees) in [(teacher(), 1), (stranger(), 0), (deputy(), 0), (mother(), 0)] {
            let mut ctx = open(&store, who).await;
            let found =
                sqlx::query_scalar!(r#"select count(*) as "n!" from notice where person_id is not null"#)
                    .fetch_one(ctx.db())
                    .await
                    .unwrap();
            assert_eq!(found, sees);
        }
        // who has neither children nor journals is told nothing
        let mut ctx = open(&store, staff(40, 10, 1500, "administrator")).await;
        let out = notice::notices(&mut ctx).await;
        assert_eq!(ctx.close(out).await.unwrap_err(), AppError::NotFound);
    }
);
