//! What waits for people of the school, told to them: questions about marks, notes of absences, requests to open a period; against a real database.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use chrono::Duration;
use classbook_core::absence::sql as absence;
use classbook_core::dispute::sql as dispute;
use classbook_core::grading::periods::RequestId;
use classbook_core::grading::sql as grading;
use classbook_core::notice::sql as notice;
use classbook_core::notice::{Channel, Kind};
use school::*;

const FIRST: PeriodId = PeriodId(1);

/// The server's clock runs today, the events of the tests lie in November: the triggers take what is older than a day.
async fn ready(pool: &PgPool) {
    sqlx::raw_sql(
        "drop trigger audit_event_keeps_school_side on audit_event;
         create trigger audit_event_keeps_school_side after insert on audit_event for each row
             when (new.entity in ('absence_note', 'period_request', 'dispute')) execute function keep_for_notices();",
    )
    .execute(pool)
    .await
    .unwrap();
}

/// Everything that is at rest two minutes later.
async fn told(store: &Store) -> u64 {
    let mut all = 0;
    while let Some(made) = notice::tell(store, now() + Duration::minutes(2)).await.unwrap() {
        all += made;
    }
    all
}

/// In words and with the place each opens, the newest first.
async fn said(store: &Store, who: Actor) -> Vec<String> {
    let mut ctx = open(store, who).await;
    let out = notice::notices(&mut ctx).await;
    let all = ctx.close(out).await.unwrap();
    let said = |n: &classbook_core::notice::Notice| {
        let subject = n.subject.as_ref().map(|s| format!("{s}: ")).unwrap_or_default();
        format!(
            "{subject}{} {}",
            classbook_core::notice::said(n, Lang::Ru),
            n.href()
        )
    };
    all.notices.iter().map(said).collect()
}

fn d(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

async fn ask(store: &Store) -> DisputeId {
    let mut ctx = open(store, mother()).await;
    let out = dispute::ask(&mut ctx, PupilId(1001), AssignmentId(800), "За что?").await;
    ctx.close(out).await.unwrap()
}

async fn say(store: &Store, who: Actor, id: DisputeId) {
    let mut ctx = open(store, who).await;
    let out = dispute::say(&mut ctx, id, "Посмотрите ещё раз").await;
    ctx.close(out).await.unwrap();
}

async fn absent(store: &Store, from: u32, to: u32) -> AbsenceNoteId {
    let mut ctx = open(store, mother()).await;
    let out = absence::tell(&mut ctx, PupilId(1001), d(from), d(to), "К врачу").await;
    ctx.close(out).await.unwrap()
}

async fn take_back(store: &Store, id: AbsenceNoteId) {
    let mut ctx = open(store, mother()).await;
    let out = absence::withdraw(&mut ctx, id).await;
    ctx.close(out).await.unwrap();
}

async fn request(store: &Store) -> RequestId {
    let mut ctx = open(store, teacher()).await;
    let out = grading::ask_change(&mut ctx, MATHS, FIRST, "Пропущена отметка".into()).await;
    ctx.close(out).await.unwrap()
}

async fn answer(store: &Store, id: RequestId, hours: Option<i16>, note: Option<&str>) {
    let mut ctx = open(store, deputy()).await;
    let out = grading::answer_change(&mut ctx, id, hours, note.map(str::to_owned)).await;
    ctx.close(out).await.unwrap();
}

crate::db_test!(who_teaches_is_told_of_a_question_about_a_mark, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    save_one(&store, teacher(), mark(700, 800, 1001, Some("3"), 0)).await;
    let id = ask(&store).await;
    assert_eq!(told(&store).await, 1);
    assert_eq!(
        said(&store, teacher()).await,
        ["Математика, 7А: Вопрос об отметке 3: Абрамов Артём /disputes/1001/800"]
    );
    for nobody in [stranger(), deputy(), mother(), father(), pupil()] {
        assert!(said(&store, nobody).await.is_empty());
    }
    // an answer is the family's to read, and no news to who gave it
    say(&store, teacher(), id).await;
    assert_eq!(told(&store).await, 1);
    assert_eq!(said(&store, teacher()).await.len(), 1);
    assert_eq!(said(&store, mother()).await.len(), 1);
    // asking on is told again; what was answered within the minute is not
    say(&store, mother(), id).await;
    assert_eq!(told(&store).await, 1);
    assert_eq!(said(&store, teacher()).await.len(), 2);
    say(&store, mother(), id).await;
    say(&store, teacher(), id).await;
    told(&store).await;
    assert_eq!(said(&store, teacher()).await.len(), 2);
    // closed by the family within the minute: there is nothing to answer
    let mut ctx = open(&store, mother()).await;
    let out = dispute::close(&mut ctx, id).await;
    ctx.close(out).await.unwrap();
    let again = ask(&store).await;
    let mut ctx = open(&store, mother()).await;
    let out = dispute::close(&mut ctx, again).await;
    ctx.close(out).await.unwrap();
    assert_eq!(told(&store).await, 0);
});

crate::db_test!(the_class_teacher_is_told_who_will_not_come, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    let id = absent(&store, 19, 20).await;
    assert_eq!(told(&store).await, 1);
    assert_eq!(
        said(&store, teacher()).await,
        ["Абрамов Артём: не придёт 19.11–20.11 /absences/1001"]
    );
    assert!(said(&store, stranger()).await.is_empty());
    assert!(said(&store, mother()).await.is_empty());
    // that the paper came is no news
    let mut ctx = open(&store, deputy()).await;
    let out = absence::document(&mut ctx, id).await;
    ctx.close(out).await.unwrap();
    assert_eq!(told(&store).await, 0);
    take_back(&store, id).await;
    assert_eq!(told(&store).await, 1);
    assert_eq!(
        said(&store, teacher()).await[0],
        "Абрамов Артём: придёт, сообщение об отсутствии 19.11–20.11 отозвано /absences/1001"
    );
    let slip = absent(&store, 24, 24).await;
    take_back(&store, slip).await;
    assert_eq!(told(&store).await, 0);
});

crate::db_test!(
    a_request_is_told_to_who_decides_and_its_answer_to_who_asked,
    pool,
    {
        ready(&pool).await;
        let store = store(&pool).await;
        let id = request(&store).await;
        assert_eq!(told(&store).await, 1);
        assert_eq!(
            said(&store, deputy()).await,
            ["Математика, 7А: Просит открыть закрытый период: Учителева Анна Ивановна /journal/periods"]
        );
        assert!(said(&store, teacher()).await.is_empty());
        answer(&store, id, None, Some("Спросите меня лично")).await;
        assert_eq!(told(&store).await, 1);
        assert_eq!(
            said(&store, teacher()).await,
            ["Математика, 7А: Открыть период отказали: причина — в журнале /journal/500"]
        );
        // asked and answered within the minute: only who asked hears of it
        let id = request(&store).await;
        answer(&store, id, Some(24), None).await;
        assert_eq!(told(&store).await, 1);
        assert_eq!(
            said(&store, teacher()).await[0],
            "Математика, 7А: Период для вас открыт: можно исправлять /journal/500"
        );
        assert_eq!(said(&store, deputy()).await.len(), 1);
    }
);

crate::db_test!(people_at_work_choose_and_only_of_what_they_are_told, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    let kinds = async |who: Actor| {
        let mut ctx = open(&store, who).await;
        let out = notice::choices(&mut ctx).await;
        let of = ctx.close(out).await.unwrap().remove(0);
        of.choices.iter().map(|c| c.kind).collect::<Vec<_>>()
    };
    let teachers = kinds(teacher()).await;
    assert!(teachers.contains(&Kind::DisputeAsked) && teachers.contains(&Kind::AbsenceTold));
    assert!(!teachers.contains(&Kind::RequestAsked) && !teachers.contains(&Kind::MarkNew));
    assert!(kinds(deputy()).await.contains(&Kind::RequestAsked));
    assert!(!kinds(mother()).await.contains(&Kind::DisputeAsked));

    let choose = async |who: Actor, pupil: Option<i64>, kind: Kind, channel: Channel| {
        let mut ctx = open(&store, who).await;
        let out = notice::choose(&mut ctx, pupil.map(PupilId), kind, channel, false).await;
        ctx.close(out).await
    };
    let refused = Err(AppError::NotFound);
    assert_eq!(
        choose(teacher(), None, Kind::RequestAsked, Channel::App).await,
        refused
    );
    assert_eq!(
        choose(mother(), Some(1001), Kind::DisputeAsked, Channel::App).await,
        refused
    );
    // woken is who wants to be, and by nothing but that there is something
    sqlx::raw_sql(
        "insert into account (person_id, login, password_hash, created_at, password_changed_at)
            select p, 'person' || p, 'x', '2026-09-01Z', '2026-09-01Z' from unnest('{1,2}'::bigint[]) p;
         insert into push_device (school_id, id, person_id, endpoint, endpoint_hash, p256dh, auth, name, made_at, news, upto)
            select 10, gen_random_uuid(), p, 'https://push.example.org/' || p, sha256(p::text::bytea), decode(repeat('04', 65), 'hex'),
                decode(repeat('01', 16), 'hex'), 'x', '2026-11-16Z', 0, 0 from unnest('{1,2}'::bigint[]) p",
    )
    .execute(&pool)
    .await
    .unwrap();
    let woken = async || {
        sqlx::query_scalar!("select person_id from push_device where news > upto order by person_id")
            .fetch_all(&pool)
            .await
            .unwrap()
    };
    choose(teacher(), None, Kind::AbsenceTold, Channel::Push)
        .await
        .unwrap();
    absent(&store, 19, 19).await;
    told(&store).await;
    assert!(woken().await.is_empty());
    request(&store).await;
    told(&store).await;
    assert_eq!(woken().await, [1]);
    choose(teacher(), None, Kind::AbsenceTold, Channel::App)
        .await
        .unwrap();
    assert!(said(&store, teacher()).await.is_empty());
});

crate::db_test!(a_question_about_a_mark_of_a_period_leads_to_it, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    sqlx::raw_sql(
        "insert into period_mark (school_id, id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, changed_by, changed_at)
            values (10, 1, 5, 400, 1001, 'period', 1, 500, 1, '4', 2, '2026-10-24 12:00Z')",
    )
    .execute(&pool)
    .await
    .unwrap();
    let mut ctx = open(&store, mother()).await;
    let out = dispute::ask(&mut ctx, PupilId(1001), PeriodMarkId(1), "Почему не пять?").await;
    let id = ctx.close(out).await.unwrap();
    assert_eq!(told(&store).await, 1);
    assert_eq!(
        said(&store, teacher()).await,
        ["Математика, 7А: Вопрос об отметке 4 за период: Абрамов Артём /disputes/1001/period/1"]
    );
    say(&store, teacher(), id).await;
    assert_eq!(told(&store).await, 1);
    assert_eq!(
        said(&store, mother()).await,
        ["Математика: Учитель ответил на вопрос об отметке /disputes/1001/period/1"]
    );
});
