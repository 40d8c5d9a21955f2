//! Owed works against a real database: the dot in the journal, in the diary, in the lists of who teaches and leads a class, in notices.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod school;

use base::sql::Done;
use chrono::Duration;
use classbook_core::diary::{Weeks, sql as diary};
use classbook_core::grading::Terms;
use classbook_core::grading::sql as grading;
use classbook_core::notice::{self, Kind};
use classbook_core::owed::{Debts, Standing, sql as owed};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use school::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn dot(until: Option<&str>, handed_in: Option<&str>) -> Option<Owed> {
    Some(Owed {
        until: until.map(day),
        handed_in: handed_in.map(day),
    })
}

fn wish(mut edit: Edit, wish: Wish) -> Edit {
    if let Change::Mark { owed, .. } = &mut edit.change {
        *owed = wish;
    }
    edit
}

/// Mark and dot of pupil 1001 in work 800, past all walls.
async fn stands(pool: &PgPool) -> (Option<String>, Option<Owed>) {
    let row = sqlx::query!(
        "select code, owed, owed_until, handed_in from mark where assignment_id = 800 and pupil_id = 1001"
    )
    .fetch_optional(pool)
    .await
    .unwrap();
    row.map_or((None, None), |r| {
        let owed = r.owed.then_some(Owed {
            until: r.owed_until,
            handed_in: r.handed_in,
        });
        (r.code, owed)
    })
}

async fn list(store: &Store, who: Actor, class: Option<i64>) -> Result<Debts, AppError> {
    let mut ctx = open(store, who).await;
    let out = owed::debts(&mut ctx, class.map(ClassId)).await;
    ctx.close(out).await
}

async fn ask<T>(
    store: &Store,
    who: Actor,
    act: impl AsyncFnOnce(&mut Ctx) -> Done<T>,
) -> Result<T, AppError> {
    let mut ctx = open(store, who).await;
    let out = act(&mut ctx).await;
    ctx.close(out).await
}

db_test!(a_dot_is_set_paid_and_comes_back, pool, {
    let store = store(&pool).await;
    let saved = |version| Outcome::Saved { version };
    let set = owe(700, 800, 1001, Some("2026-11-27"), 0);
    assert_eq!(save_one(&store, teacher(), set.clone()).await, saved(1));
    assert_eq!(
        save_one(&store, teacher(), set).await,
        Outcome::Duplicate { version: 1 }
    );
    assert_eq!(stands(&pool).await, (None, dot(Some("2026-11-27"), None)));
    // a page that knows no dots gives a mark: that pays, today
    let before = sql_grid(&store).await;
    assert_eq!(before, [(0, 0, dot(Some("2026-11-27"), None).unwrap())]);
    assert_eq!(
        save_one(&store, teacher(), mark(700, 800, 1001, Some("4"), 1)).await,
        saved(2)
    );
    let paid = dot(Some("2026-11-27"), Some("2026-11-18"));
    assert_eq!(stands(&pool).await, (Some("4".into()), paid));
    // another mark leaves the day; the same once more leaves no event
    save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 2)).await;
    let events = counts(&pool).await.0;
    assert_eq!(
        save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 3)).await,
        saved(3)
    );
    assert_eq!(counts(&pool).await.0, events);
    // it was handed in the day before the mark was given
    let earlier = wish(
        mark(700, 800, 1001, Some("5"), 3),
        Wish::Owed(dot(Some("2026-11-16"), Some("2026-11-17")).unwrap()),
    );
    assert_eq!(save_one(&store, teacher(), earlier).await, saved(4));
    let (_, now_stands) = stands(&pool).await;
    assert_eq!(now_stands.unwrap().standing(day("2026-11-18")), Standing::Late);
    // without the mark it is owed again, and then it is not
    save_one(&store, teacher(), mark(700, 800, 1001, None, 4)).await;
    assert_eq!(stands(&pool).await, (None, dot(Some("2026-11-16"), None)));
    save_one(&store, teacher(), wish(mark(700, 800, 1001, None, 5), Wish::Gone)).await;
    assert_eq!(stands(&pool).await, (None, None));
    // every step is told
    let mut ctx = open(&store, teacher()).await;
    let place = mark(700, 800, 1001, None, 0).change.place();
    let out = sql::history(&mut ctx, place).await;
    let past = ctx.close(out).await.unwrap();
    let told: Vec<_> = past
        .iter()
        .map(|p| (p.old.as_deref(), p.new.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (Some("• 16.11"), None),
            (Some("5"), Some("• 16.11")),
            (Some("5"), Some("5")),
            (Some("4"), Some("5")),
            (Some("• 27.11"), Some("4")),
            (None, Some("• 27.11")),
        ]
    );
});

async fn sql_grid(store: &Store) -> Vec<(u16, u16, Owed)> {
    let seen = grid(store, teacher(), None).await.unwrap();
    seen.owed.iter().map(|o| (o.0, o.1, o.2)).collect()
}

db_test!(a_dot_makes_the_first_work_and_holds_it, pool, {
    let store = store(&pool).await;
    let answers = save(&store, teacher(), vec![owe(701, 0, 1001, None, 0)])
        .await
        .unwrap();
    let work = answers[0].assignment.unwrap();
    assert_eq!(answers[0].outcome, Outcome::Saved { version: 1 });
    let mut ctx = open(&store, teacher()).await;
    let out = sql::remove_work(&mut ctx, work).await;
    assert!(matches!(ctx.close(out).await, Err(AppError::Invalid { .. })));
    // a refused one leaves no work behind
    refusal(&save_one(&store, teacher(), owe(702, 0, 1001, None, 0)).await);
    let works = sqlx::query_scalar!(r#"select count(*) as "n!" from assignment where lesson_id = 702"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(works, 0);
});

db_test!(what_a_dot_is_refused, pool, {
    let store = store(&pool).await;
    let refused = async |edit: Edit| refusal(&save_one(&store, teacher(), edit).await).to_owned();
    assert!(
        refused(owe(690, 790, 1001, None, 0))
            .await
            .contains("Период закрыт")
    );
    assert!(
        refused(owe(702, 0, 1001, None, 0))
            .await
            .contains("ещё не прошёл")
    );
    assert!(
        refused(owe(700, 800, 1004, None, 0))
            .await
            .contains("не числился")
    );
    for until in ["2026-11-15", "2027-09-01"] {
        let words = refused(owe(700, 800, 1001, Some(until), 0)).await;
        assert!(words.contains("Срок сдачи"), "{words}");
    }
    for on in ["2026-11-15", "2026-11-19"] {
        let edit = wish(
            mark(700, 800, 1001, Some("5"), 0),
            Wish::Owed(dot(None, Some(on)).unwrap()),
        );
        let words = refused(edit).await;
        assert!(words.contains("не раньше дня урока"), "{words}");
    }
    assert_eq!(counts(&pool).await, (0, 0));
    let foreign = save(&store, stranger(), vec![owe(700, 800, 1001, None, 0)]).await;
    assert_eq!(foreign, Err(AppError::NotFound));
    let family = save(&store, mother(), vec![owe(700, 800, 1001, None, 0)]).await;
    assert_eq!(family, Err(AppError::NotFound));
});

db_test!(a_conflict_brings_the_dot_of_the_other, pool, {
    let store = store(&pool).await;
    save_one(&store, deputy(), owe(700, 800, 1001, Some("2026-11-20"), 0)).await;
    match save_one(&store, teacher(), mark(700, 800, 1001, Some("2"), 0)).await {
        Outcome::Conflict(now) => {
            assert_eq!((now.value, now.owed), (None, dot(Some("2026-11-20"), None)));
        }
        other => panic!("{other:?}"),
    }
    // who wanted the same has none
    assert_eq!(
        save_one(&store, teacher(), owe(700, 800, 1001, Some("2026-11-20"), 0)).await,
        Outcome::Saved { version: 1 }
    );
});

db_test!(the_database_does_what_the_rule_says, pool, {
    let store = store(&pool).await;
    let mut rng = StdRng::seed_from_u64(27);
    let days = ["2026-11-16", "2026-11-17", "2026-11-18"];
    let some_day = move |rng: &mut StdRng| match rng.random_range(0..4) {
        3 => None,
        n => Some(day(days[n])),
    };
    let (mut code, mut held, mut version) = (None::<String>, None, 0);
    for step in 0..80 {
        let wanted = match rng.random_range(0..5) {
            0 => Wish::Gone,
            1 | 2 => Wish::Owed(Owed {
                until: some_day(&mut rng),
                handed_in: some_day(&mut rng),
            }),
            _ => Wish::Kept,
        };
        let to = ["5", "2", ""][rng.random_range(0..3)];
        let to = Some(to.to_owned()).filter(|c| !c.is_empty());
        let edit = wish(mark(700, 800, 1001, to.as_deref(), version), wanted);
        let after = wanted.after(held, to.is_some(), now().date_naive());
        let same = after == held && to == code;
        version += i32::from(!same);
        assert_eq!(
            save_one(&store, teacher(), edit).await,
            Outcome::Saved { version },
            "{step}: {wanted:?}"
        );
        (code, held) = (to, after);
        assert_eq!(stands(&pool).await, (code.clone(), held), "{step}: {wanted:?}");
    }
});

db_test!(who_teaches_and_leads_sees_what_is_owed, pool, {
    let store = store(&pool).await;
    sqlx::raw_sql(
        "insert into load_audience (school_id, load_id, class_id) values (10, 500, 101);
         insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at) values (10, 700, 1002, 'б', 2, now());
         insert into lesson (school_id, id, load_id, held_on, slot) values (10, 705, 501, '2026-11-17', 1);
         insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight, title) values (10, 805, 705, 2, 1, 3, 'Unit 3')",
    )
    .execute(&pool)
    .await
    .unwrap();
    save_one(&store, teacher(), owe(700, 800, 1001, None, 0)).await;
    save_one(&store, teacher(), owe(700, 800, 1002, Some("2026-11-17"), 0)).await;
    save_one(&store, teacher(), owe(700, 800, 1003, Some("2026-11-20"), 0)).await;
    save_one(&store, teacher(), owe(700, 800, 1004, Some("2026-11-19"), 0)).await;
    save_one(&store, stranger(), owe(705, 805, 1001, Some("2026-11-18"), 0)).await;
    // paid: not in the list
    save_one(&store, teacher(), mark(700, 800, 1003, Some("5"), 1)).await;
    let seen = |debts: &Debts| -> Vec<(i64, i64)> {
        let lines = debts.lines.iter();
        lines.map(|l| (l.pupil.0, l.work.assignment.0)).collect()
    };
    // what is due first; her own journal, and of her class also the English
    let hers = list(&store, teacher(), None).await.unwrap();
    assert_eq!(seen(&hers), [(1002, 800), (1001, 805), (1004, 800), (1001, 800)]);
    assert_eq!(hers.overdue(), 1);
    let first = &hers.lines[0];
    assert_eq!(
        (
            first.name.as_str(),
            first.class.as_str(),
            first.work.absence.as_deref()
        ),
        ("Белова Вера", "7А", Some("болел"))
    );
    assert_eq!(first.href(), "/journal/500?period=2&lesson=700");
    assert_eq!(
        hers.classes.iter().map(|c| c.1.as_str()).collect::<Vec<_>>(),
        ["7А", "7Б"]
    );
    let of_class = list(&store, teacher(), Some(101)).await.unwrap();
    assert_eq!(seen(&of_class), [(1004, 800)]);
    // the teacher of English: only that
    assert_eq!(
        seen(&list(&store, stranger(), None).await.unwrap()),
        [(1001, 805)]
    );
    assert_eq!(list(&store, stranger(), Some(101)).await, Err(AppError::NotFound));
    assert_eq!(seen(&list(&store, deputy(), None).await.unwrap()).len(), 4);
    for nobody in [mother(), pupil(), staff(40, 10, 1500, "administrator")] {
        assert_eq!(list(&store, nobody, None).await, Err(AppError::NotFound));
    }
    let other_school = staff(4, 20, 2100, "teacher");
    assert_eq!(seen(&list(&store, other_school.clone(), None).await.unwrap()), []);
    assert_eq!(
        list(&store, other_school, Some(100)).await,
        Err(AppError::NotFound)
    );
});

db_test!(a_family_reads_what_is_owed_and_what_was_paid, pool, {
    let store = store(&pool).await;
    save_one(&store, teacher(), owe(700, 800, 1001, Some("2026-11-17"), 0)).await;
    let later = owe(701, 0, 1001, None, 0);
    save_one(&store, teacher(), later).await;
    save_one(&store, teacher(), owe(700, 800, 1002, None, 0)).await;
    let week = async |who: Actor, monday: &str| {
        ask(&store, who, async |ctx| {
            diary::week(ctx, &Weeks::default(), None, Some(day(monday))).await
        })
        .await
        .unwrap()
    };
    // of whatever week
    let hers = week(mother(), "2026-11-23").await.owed;
    assert_eq!(
        hers.iter().map(|w| (w.date, w.owed.until)).collect::<Vec<_>>(),
        [
            (day("2026-11-16"), Some(day("2026-11-17"))),
            (day("2026-11-18"), None)
        ]
    );
    assert_eq!(
        (hers[0].subject.as_str(), hers[0].work.as_str()),
        ("Математика", "Ответ на уроке")
    );
    assert_eq!(week(pupil(), "2026-11-16").await.owed, hers);
    assert_eq!(week(father(), "2026-11-16").await.owed.len(), 1);
    save_one(&store, teacher(), mark(700, 800, 1001, Some("4"), 1)).await;
    assert_eq!(week(mother(), "2026-11-16").await.owed.len(), 1);
    let subjects = ask(&store, mother(), async |ctx| {
        diary::subjects(ctx, None, None).await
    })
    .await
    .unwrap();
    let maths = &subjects.subjects[1];
    let told: Vec<_> = maths
        .owed
        .iter()
        .map(|w| (w.owed.standing(subjects.today), w.code.as_deref()))
        .collect();
    // what is open stands first; the dot is in no average
    assert_eq!(told, [(Standing::Due, None), (Standing::Late, Some("4"))]);
    assert_eq!((maths.marks.len(), maths.plain.unwrap().0), (1, 400));
});

db_test!(the_school_s_days_are_offered_from_their_day_on, pool, {
    let store = store(&pool).await;
    assert_eq!(grid(&store, teacher(), None).await.unwrap().owed_until, None);
    let terms = |from: &str, days| Terms {
        owed_days: days,
        act_number: "1".into(),
        ..Terms::usual(day(from))
    };
    let mut seen = None;
    for (from, days) in [("2026-11-18", Some(14)), ("2026-11-19", Some(3))] {
        let rule = terms(from, days);
        seen = Some(
            ask(&store, deputy(), async |ctx| {
                grading::add_rule(ctx, Uuid::new_v4(), seen, rule, None).await
            })
            .await
            .unwrap(),
        );
    }
    let until = grid(&store, teacher(), None).await.unwrap().owed_until;
    assert_eq!(until, Some(day("2026-12-02")));
});

db_test!(a_family_is_told_of_a_dot_once_it_is_at_rest, pool, {
    sqlx::raw_sql(
        "drop trigger audit_event_keeps_for_notices on audit_event;
         create trigger audit_event_keeps_for_notices after insert on audit_event for each row
             when (new.entity = 'mark') execute function keep_for_notices()",
    )
    .execute(&pool)
    .await
    .unwrap();
    let store = store(&pool).await;
    let told = async || {
        while notice::sql::tell(&store, now() + Duration::minutes(2))
            .await
            .unwrap()
            .is_some()
        {}
        let all = ask(&store, mother(), async |ctx| notice::sql::notices(ctx).await)
            .await
            .unwrap();
        all.notices
            .iter()
            .map(|n| (n.kind, notice::said(n, Lang::Ru)))
            .collect::<Vec<_>>()
    };
    save_one(&store, teacher(), owe(700, 800, 1001, None, 0)).await;
    save_one(&store, teacher(), owe(700, 800, 1001, Some("2026-11-27"), 1)).await;
    let first = told().await;
    assert_eq!(first, [(Kind::Owed, "Нужно сдать работу до 27.11".to_owned())]);
    // another day
    save_one(&store, teacher(), owe(700, 800, 1001, Some("2026-12-01"), 2)).await;
    assert_eq!(told().await[0].1, "Новый срок сдачи работы: до 01.12");
    // a mark pays: that is told as a mark
    save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 3)).await;
    let paid = told().await;
    assert_eq!((paid.len(), paid[0].0), (3, Kind::MarkNew));
    // the mark goes: it is owed again; then it is not
    save_one(&store, teacher(), mark(700, 800, 1001, None, 4)).await;
    assert_eq!(told().await.len(), 5);
    save_one(&store, teacher(), wish(mark(700, 800, 1001, None, 5), Wish::Gone)).await;
    assert_eq!(
        told().await[0],
        (Kind::Owed, "Сдавать работу больше не нужно".to_owned())
    );
});
