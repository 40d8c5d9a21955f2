//! Days off, lessons from home and lessons that another teacher gives, told to the families of those who have them, against a real database.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use chrono::Duration;
use classbook_core::distance::{Format, Meeting, Span as Home, sql as distance};
use classbook_core::grading::periods::{HolidayId, HolidayTerms, Span, SystemId};
use classbook_core::grading::sql as grading;
use classbook_core::notice::sql as notice;
use classbook_core::notice::{Channel, Kind};
use classbook_core::substitution::{Act, Wish, sql as substitution};
use school::*;

fn d(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

/// The server's clock runs today, the events of the tests lie in November: the triggers take what is older than a day.
async fn ready(pool: &PgPool) {
    sqlx::raw_sql(
        "drop trigger audit_event_keeps_schedule on audit_event;
         create trigger audit_event_keeps_schedule after insert on audit_event for each row
             when (new.entity in ('holiday', 'distance_span', 'lesson_format')) execute function keep_for_notices();
         drop trigger audit_event_keeps_substitutions on audit_event;
         create trigger audit_event_keeps_substitutions after insert on audit_event for each row
             when (new.entity = 'lesson' and new.action in ('lesson.substituted', 'lesson.substitution_ended')) execute function keep_for_notices();",
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

fn off(title: &str, from: u32, to: u32, grade: Option<i16>, system: Option<i64>) -> HolidayTerms {
    HolidayTerms {
        title: title.into(),
        span: Span {
            from: d(from),
            to: d(to),
        },
        grade,
        system: system.map(SystemId),
    }
}

async fn declare(store: &Store, at: Option<(HolidayId, HolidayTerms)>, terms: HolidayTerms) -> HolidayId {
    let mut ctx = open(store, deputy()).await;
    let out = grading::save_holiday(&mut ctx, at, terms).await;
    ctx.close(out).await.unwrap()
}

async fn take_back(store: &Store, id: HolidayId, seen: HolidayTerms) {
    let mut ctx = open(store, deputy()).await;
    let out = grading::remove_holiday(&mut ctx, id, seen).await;
    ctx.close(out).await.unwrap();
}

fn meeting(format: Format, platform: Option<&str>) -> Meeting {
    Meeting {
        format,
        platform: platform.map(str::to_owned),
        starts_at: None,
        link: None,
    }
}

fn home(id: Option<DistanceSpanId>, class: i64, from: u32, to: u32, meeting: Meeting) -> Home {
    Home {
        id,
        class: ClassId(class),
        starts_on: d(from),
        ends_on: d(to),
        meeting,
        reason: Some("Карантин".into()),
    }
}

async fn save_home(store: &Store, span: Home) -> DistanceSpanId {
    let mut ctx = open(store, deputy()).await;
    let out = distance::save_span(&mut ctx, span).await;
    ctx.close(out).await.unwrap()
}

async fn set_lesson(store: &Store, lesson: i64, meeting: Option<Meeting>) {
    let mut ctx = open(store, teacher()).await;
    let out = distance::set_lesson(&mut ctx, LessonId(lesson), meeting).await;
    ctx.close(out).await.unwrap();
}

async fn stands_in(store: &Store, lesson: i64, to: Option<i64>, was: Option<i64>) {
    let act = Act {
        wishes: vec![Wish {
            lesson: LessonId(lesson),
            to: to.map(EmployeeId),
            was: was.map(EmployeeId),
        }],
        reason: String::new(),
        even_so: false,
    };
    let mut ctx = open(store, deputy()).await;
    let out = substitution::give(&mut ctx, &act).await;
    ctx.close(out).await.unwrap();
}

crate::db_test!(a_day_off_is_told_to_those_whose_lessons_fall_out, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    // Friday the 20th has a lesson of 7А; 7Б has none and is told nothing
    let first = off("Карантин", 20, 20, None, None);
    let id = declare(&store, None, first.clone()).await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(
        said(&store, mother()).await,
        ["Не учимся 20.11: Карантин /diary/1001/2026-11-20"]
    );
    assert_eq!(said(&store, pupil()).await.len(), 1);
    assert_eq!(said(&store, father()).await.len(), 1);
    assert!(said(&store, teacher()).await.is_empty());
    // another title is no news, other days are
    let titled = off("Карантин по гриппу", 20, 20, None, None);
    declare(&store, Some((id, first)), titled.clone()).await;
    assert_eq!(told(&store).await, 0);
    let longer = off("Карантин по гриппу", 18, 24, None, None);
    declare(&store, Some((id, titled)), longer.clone()).await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(
        said(&store, mother()).await[0],
        "Теперь не учимся 18.11–24.11: Карантин по гриппу /diary/1001/2026-11-18"
    );
    take_back(&store, id, longer).await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(
        said(&store, mother()).await[0],
        "Учимся как обычно, «Карантин по гриппу» отменяется: 18.11–24.11 /diary/1001/2026-11-18"
    );
});

crate::db_test!(a_day_off_that_is_no_news_is_told_to_nobody, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    // a day that is over, days without lessons, days off of another grade
    for terms in [
        off("Мороз", 16, 16, None, None),
        off("Каникулы", 23, 27, None, None),
        off("Экзамены", 20, 20, Some(9), None),
    ] {
        declare(&store, None, terms).await;
        assert_eq!(told(&store).await, 0);
    }
    // declared and taken back within the minute
    let slip = off("Ошибка", 20, 20, Some(7), None);
    let id = declare(&store, None, slip.clone()).await;
    take_back(&store, id, slip).await;
    assert_eq!(told(&store).await, 0);
    // days that are off anyway stay off when one of two reasons goes
    let one = off("Карантин", 20, 20, None, Some(5));
    let id = declare(&store, None, one.clone()).await;
    declare(&store, None, off("Ремонт", 20, 20, None, None)).await;
    told(&store).await;
    let before = said(&store, mother()).await.len();
    take_back(&store, id, one).await;
    assert_eq!(told(&store).await, 0);
    assert_eq!(said(&store, mother()).await.len(), before);
});

crate::db_test!(days_from_home_are_told_changed_and_taken_back, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    let online = || meeting(Format::Distance, Some("Сферум"));
    let id = save_home(&store, home(None, 100, 19, 20, online())).await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(
        said(&store, mother()).await,
        ["Учимся из дома 19.11–20.11 /diary/1001/2026-11-19"]
    );
    // the reason is the school's own; the same once more is no news
    assert!(!said(&store, mother()).await[0].contains("Карантин"));
    save_home(&store, home(Some(id), 100, 19, 20, online())).await;
    assert_eq!(told(&store).await, 0);
    save_home(&store, home(Some(id), 100, 19, 24, online())).await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(
        said(&store, mother()).await[0],
        "Учимся из дома 19.11–24.11: изменились дни или подключение /diary/1001/2026-11-19"
    );
    // it was another class: the one hears that it is at school, the other that it is not
    save_home(&store, home(Some(id), 101, 19, 24, meeting(Format::Mixed, None))).await;
    assert_eq!(told(&store).await, 4);
    assert_eq!(
        said(&store, mother()).await[0],
        "Снова учимся в школе: 19.11–24.11 /diary/1001/2026-11-19"
    );
    assert_eq!(
        said(&store, guardian(99, 1004)).await,
        ["19.11–24.11: часть класса учится в школе, часть — из дома /diary/1004/2026-11-19"]
    );
    let mut ctx = open(&store, deputy()).await;
    let out = distance::remove_span(&mut ctx, id).await;
    ctx.close(out).await.unwrap();
    assert_eq!(told(&store).await, 1);
    // what is over is told to nobody
    save_home(&store, home(None, 100, 9, 17, online())).await;
    assert_eq!(told(&store).await, 0);
});

crate::db_test!(a_lesson_from_home_is_told, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    set_lesson(&store, 702, Some(meeting(Format::Distance, None))).await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(
        said(&store, mother()).await,
        ["Математика: Урок пройдёт дистанционно /diary/1001/2026-11-20"]
    );
    set_lesson(&store, 702, Some(meeting(Format::Distance, Some("Сферум")))).await;
    told(&store).await;
    assert_eq!(
        said(&store, mother()).await[0],
        "Математика: Дистанционный урок: изменилось подключение /diary/1001/2026-11-20"
    );
    set_lesson(&store, 702, None).await;
    told(&store).await;
    assert_eq!(
        said(&store, mother()).await[0],
        "Математика: Урок пройдёт в школе /diary/1001/2026-11-20"
    );
    // at school, where it is anyway; and of a lesson that is over
    set_lesson(&store, 702, Some(meeting(Format::InPerson, None))).await;
    set_lesson(&store, 700, Some(meeting(Format::Distance, None))).await;
    assert_eq!(told(&store).await, 0);
});

crate::db_test!(a_family_is_told_who_gives_the_lesson_and_chooses_where, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    // who is exempt and not there has no such lesson
    sqlx::raw_sql(
        "insert into exemption (school_id, pupil_id, subject_id, starts_on, ends_on, attends, document_kind, made_by, made_at) values
            (10, 1003, 400, '2026-11-02', '2026-11-30', false, 'certificate', 2, '2026-11-02Z')",
    )
    .execute(&pool)
    .await
    .unwrap();
    stands_in(&store, 702, Some(1300), None).await;
    // two families, and who stands in
    assert_eq!(told(&store).await, 3);
    assert_eq!(
        said(&store, mother()).await,
        ["Математика: Урок проведёт другой учитель: Бритова Е. /diary/1001/2026-11-20"]
    );
    // the choice is the family's, child by child
    let mut ctx = open(&store, father()).await;
    let out = notice::choose(
        &mut ctx,
        Some(PupilId(1002)),
        Kind::Substitution,
        Channel::App,
        false,
    )
    .await;
    ctx.close(out).await.unwrap();
    assert!(said(&store, father()).await.is_empty());
    stands_in(&store, 702, None, Some(1300)).await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(
        said(&store, mother()).await[0],
        "Математика: Замены не будет: урок проведёт свой учитель /diary/1001/2026-11-20"
    );
    let mut ctx = open(&store, mother()).await;
    let out = notice::choices(&mut ctx).await;
    let kinds: Vec<Kind> = ctx.close(out).await.unwrap()[0]
        .choices
        .iter()
        .map(|c| c.kind)
        .collect();
    for kind in [
        Kind::Substitution,
        Kind::DayOff,
        Kind::Distance,
        Kind::Cancellation,
    ] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
});
