//! Reasons of absences against a real PostgreSQL, as `parta_app`, with row-level security in force. Today is Wednesday, 18 November
//! 2026; maths of 7А is on Monday the 16th (700) and today (701).
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use classbook_core::attendance::sql::{self as attendance, Done};
use classbook_core::attendance::{Ask, Document, Fate, NotionRow, Notions, Paper, Preview, Sheet};
use classbook_core::deadline::{Kind, sql as deadlines};
use classbook_core::grading::sql as grading;
use school::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn ask(pupil: i64, from: &str, to: &str, code: &str) -> Ask {
    Ask {
        pupil: PupilId(pupil),
        starts_on: day(from),
        ends_on: day(to),
        code: code.to_owned(),
        all: false,
    }
}

/// The two days with lessons.
fn both(code: &str) -> Ask {
    ask(1001, "2026-11-16", "2026-11-18", code)
}

fn certificate() -> Paper {
    Paper {
        kind: Document::Certificate,
        number: "12".to_owned(),
        on: Some(day("2026-11-18")),
    }
}

async fn preview(store: &Store, who: Actor, ask: &Ask) -> Result<Preview, AppError> {
    let mut ctx = open(store, who).await;
    let out = attendance::preview(&mut ctx, ask).await;
    ctx.close(out).await
}

async fn set(store: &Store, who: Actor, ask: &Ask, seen: i64) -> Result<Done, AppError> {
    let mut ctx = open(store, who).await;
    let out = attendance::set(&mut ctx, ask, certificate(), None, seen).await;
    ctx.close(out).await
}

async fn withdraw(store: &Store, who: Actor, id: AbsenceReasonId) -> Result<Done, AppError> {
    let mut ctx = open(store, who).await;
    let out = attendance::withdraw(&mut ctx, id).await;
    ctx.close(out).await
}

async fn apply(store: &Store, who: Actor, id: AbsenceReasonId) -> Result<Done, AppError> {
    let mut ctx = open(store, who).await;
    let out = attendance::apply(&mut ctx, id).await;
    ctx.close(out).await
}

async fn sheet(store: &Store, who: Actor) -> Result<Sheet, AppError> {
    let mut ctx = open(store, who).await;
    let out = attendance::sheet(&mut ctx, ClassId(100), None).await;
    ctx.close(out).await
}

/// What stands in the journal for pupil 1001: lesson, code, version.
async fn journal(pool: &PgPool) -> Vec<(i64, Option<String>, i32)> {
    sqlx::query!("select lesson_id, code, version from attendance where pupil_id = 1001 order by lesson_id")
        .fetch_all(pool)
        .await
        .unwrap()
        .into_iter()
        .map(|r| (r.lesson_id, r.code, r.version))
        .collect()
}

fn here(code: &str, version: i32) -> [(i64, Option<String>, i32); 2] {
    [
        (700, Some(code.to_owned()), version),
        (701, Some(code.to_owned()), version),
    ]
}

async fn absent_twice(store: &Store) {
    for lesson in [700, 701] {
        save_one(store, teacher(), attend(lesson, 1001, Some("н"), 0)).await;
    }
}

async fn raw(pool: &PgPool, sql: &'static str) {
    sqlx::raw_sql(sql).execute(pool).await.unwrap();
}

/// Somebody who teaches maths in the class of another: may see the journal, sets no reason.
fn colleague() -> Actor {
    staff(4, 10, 1400, "teacher")
}

db_test!(
    a_reason_is_set_for_a_span_with_an_event_for_each_lesson_and_taken_back,
    pool,
    {
        let store = store(&pool).await;
        absent_twice(&store).await;
        let shown = preview(&store, teacher(), &both("б")).await.unwrap();
        assert_eq!((shown.changes(), shown.ahead), (2, false));
        let line = &shown.lines[0];
        assert_eq!(
            (line.lesson, line.number, line.was.as_str(), line.fate),
            (LessonId(700), 1, "н", Fate::Change)
        );
        assert_eq!(journal(&pool).await, here("н", 1), "looking changes nothing");
        let done = set(&store, teacher(), &both("б"), 2).await.unwrap();
        assert_eq!((done.lessons.len(), done.kept), (2, 0));
        assert_eq!(journal(&pool).await, here("б", 2));
        // the history of a cell tells of it like of any change
        let mut ctx = open(&store, teacher()).await;
        let place = Place::Attendance {
            lesson: LessonId(700),
            pupil: PupilId(1001),
        };
        let past = sql::history(&mut ctx, place).await.unwrap();
        assert_eq!(
            (
                past[0].old.as_deref(),
                past[0].new.as_deref(),
                past[0].by.as_str()
            ),
            (Some("н"), Some("б"), "Учителева Анна Ивановна")
        );
        drop(ctx);
        let seen = sheet(&store, teacher()).await.unwrap();
        let act = &seen.acts[0];
        assert_eq!(
            (
                act.lessons,
                act.paper.kind,
                act.paper.number.as_str(),
                act.withdrawn
            ),
            (2, Document::Certificate, "12", false)
        );
        let back = withdraw(&store, teacher(), done.id).await.unwrap();
        assert_eq!((back.lessons.len(), back.kept), (2, 0));
        assert_eq!(journal(&pool).await, here("н", 3), "as it was, a change further");
        assert!(sheet(&store, teacher()).await.unwrap().acts[0].withdrawn);
        assert_eq!(
            withdraw(&store, teacher(), done.id).await,
            Err(AppError::NotFound)
        );
        let actions = sqlx::query_scalar!(
            r#"select string_agg(action, ' ' order by id) as "a!" from audit_event where entity in ('absence_reason', 'attendance')"#
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(
            actions,
            "attendance.set attendance.set attendance.set attendance.set absence_reason.set \
             attendance.set attendance.set absence_reason.withdrawn"
        );
        // the paper stands in no event
        let said = sqlx::query_scalar!(
            r#"select count(*) as "n!" from audit_event where coalesce(old::text, '') || coalesce(new::text, '') ~ 'certificate|"12"'"#
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(said, 0);
    }
);

db_test!(what_somebody_changed_since_is_theirs, pool, {
    let store = store(&pool).await;
    absent_twice(&store).await;
    let done = set(&store, teacher(), &both("б"), 2).await.unwrap();
    save_one(&store, teacher(), attend(701, 1001, Some("у"), 2)).await;
    let back = withdraw(&store, teacher(), done.id).await.unwrap();
    assert_eq!((back.lessons, back.kept), (vec![LessonId(700)], 1));
    assert_eq!(
        journal(&pool).await,
        [(700, Some("н".into()), 3), (701, Some("у".into()), 3)]
    );
});

db_test!(a_journal_that_moved_on_is_looked_at_again, pool, {
    let store = store(&pool).await;
    save_one(&store, teacher(), attend(700, 1001, Some("н"), 0)).await;
    let shown = preview(&store, teacher(), &both("б")).await.unwrap().changes();
    save_one(&store, teacher(), attend(701, 1001, Some("н"), 0)).await;
    let answer = set(&store, teacher(), &both("б"), shown).await;
    assert!(matches!(answer, Err(AppError::Conflict { .. })), "{answer:?}");
    assert_eq!(journal(&pool).await, here("н", 1), "nothing by halves");
    assert!(sheet(&store, teacher()).await.unwrap().acts.is_empty());
});

db_test!(only_open_absences_change_unless_all_are_asked_for, pool, {
    let store = store(&pool).await;
    for (lesson, code) in [(700, "у"), (701, "о")] {
        save_one(&store, teacher(), attend(lesson, 1001, Some(code), 0)).await;
    }
    let shown = preview(&store, teacher(), &both("б")).await.unwrap();
    assert_eq!(shown.changes(), 0);
    assert_eq!(shown.lines.len(), 1, "to be late is no absence");
    assert_eq!(shown.lines[0].fate, Fate::Other);
    assert!(matches!(
        set(&store, teacher(), &both("б"), 0).await,
        Err(AppError::Invalid { .. })
    ));
    let all = Ask {
        all: true,
        ..both("б")
    };
    set(&store, teacher(), &all, 1).await.unwrap();
    assert_eq!(
        journal(&pool).await,
        [(700, Some("б".into()), 2), (701, Some("о".into()), 1)]
    );
    let again = preview(&store, teacher(), &both("б")).await.unwrap();
    assert_eq!(again.lines[0].fate, Fate::Same);
});

db_test!(who_does_not_lead_sets_nothing, pool, {
    let store = store(&pool).await;
    absent_twice(&store).await;
    // a subject teacher of the class sees its journal and not this page
    for who in [stranger(), colleague()] {
        assert_eq!(
            preview(&store, who.clone(), &both("б")).await,
            Err(AppError::NotFound)
        );
        assert_eq!(
            set(&store, who.clone(), &both("б"), 2).await,
            Err(AppError::NotFound)
        );
        assert_eq!(sheet(&store, who).await, Err(AppError::NotFound));
    }
    // of another school: not even that there is such a pupil
    let elsewhere = staff(4, 20, 2100, "deputy");
    assert_eq!(
        preview(&store, elsewhere, &both("б")).await,
        Err(AppError::NotFound)
    );
    assert_eq!(journal(&pool).await, here("н", 1));
    let done = set(&store, deputy(), &both("б"), 2).await.unwrap();
    assert_eq!(
        withdraw(&store, stranger(), done.id).await,
        Err(AppError::NotFound)
    );
    // who may look at all diaries but closes no periods looks
    let mut looks = deputy();
    looks.grants.retain(|g| g.action != base::rights::Action::Lock);
    assert_eq!(
        withdraw(&store, looks.clone(), done.id).await,
        Err(AppError::Forbidden)
    );
    assert!(!sheet(&store, looks).await.unwrap().may_edit);
    // a family has its diary
    let mother = Actor {
        role: Role::Guardian {
            pupils: vec![PupilId(1001)],
        },
        grants: vec![],
        ..staff(31, 10, 0, "teacher")
    };
    assert_eq!(
        preview(&store, mother.clone(), &both("б")).await,
        Err(AppError::NotFound)
    );
    assert_eq!(sheet(&store, mother).await, Err(AppError::NotFound));
});

db_test!(hostile_spans_codes_and_papers_change_nothing, pool, {
    let store = store(&pool).await;
    absent_twice(&store).await;
    let field = |answer: Result<Preview, AppError>| match answer {
        Err(AppError::Invalid { fields }) => fields[0].field.clone(),
        other => panic!("{other:?}"),
    };
    for (asked, wrong) in [
        (ask(1001, "2026-11-18", "2026-11-16", "б"), "ends_on"),
        (ask(1001, "2026-06-01", "2026-11-16", "б"), "starts_on"),
        (ask(1001, "2020-11-16", "2020-11-17", "б"), "starts_on"),
        (both("н"), "code"),
        (both("о"), "code"),
        (both("я"), "code"),
        (both("'; drop table attendance"), "code"),
    ] {
        assert_eq!(field(preview(&store, deputy(), &asked).await), wrong, "{asked:?}");
    }
    // days on which the pupil was in no class of hers are not the class teacher's
    let before = ask(1001, "2020-11-16", "2020-11-17", "б");
    assert_eq!(preview(&store, teacher(), &before).await, Err(AppError::NotFound));
    let mut ctx = open(&store, teacher()).await;
    let late = Paper {
        on: Some(day("2026-11-19")),
        ..certificate()
    };
    let out = attendance::set(&mut ctx, &both("б"), late, None, 2).await;
    assert!(matches!(ctx.close(out).await, Err(AppError::Invalid { .. })));
    let mut ctx = open(&store, teacher()).await;
    let note = Some(AbsenceNoteId(77));
    let out = attendance::set(&mut ctx, &both("б"), certificate(), note, 2).await;
    assert_eq!(ctx.close(out).await, Err(AppError::NotFound));
    assert_eq!(journal(&pool).await, here("н", 1));
    // pressed twice
    set(&store, teacher(), &both("б"), 2).await.unwrap();
    assert!(matches!(
        set(&store, teacher(), &both("б"), 0).await,
        Err(AppError::Invalid { .. })
    ));
});

db_test!(a_closed_period_keeps_what_it_has, pool, {
    let store = store(&pool).await;
    raw(
        &pool,
        "insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at)
         values (10, 690, 1001, 'н', 2, '2026-10-19 12:00Z'), (10, 700, 1001, 'н', 2, '2026-11-16 12:00Z')",
    )
    .await;
    let asked = ask(1001, "2026-10-19", "2026-11-16", "б");
    let shown = preview(&store, teacher(), &asked).await.unwrap();
    let fates: Vec<Fate> = shown.lines.iter().map(|l| l.fate).collect();
    assert_eq!(fates, [Fate::Locked, Fate::Change]);
    let done = set(&store, teacher(), &asked, 1).await.unwrap();
    assert_eq!((done.lessons, done.kept), (vec![LessonId(700)], 1));
    // and what a closed period holds of it is not taken back either
    raw(
        &pool,
        "update period set locked_at = '2026-11-18 08:00Z' where id = 2",
    )
    .await;
    let back = withdraw(&store, teacher(), done.id).await.unwrap();
    assert_eq!((back.lessons.len(), back.kept), (0, 1));
});

db_test!(a_class_teacher_asks_for_the_reasons_of_a_closed_period, pool, {
    let store = store(&pool).await;
    raw(
        &pool,
        "insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at)
         values (10, 690, 1001, 'н', 2, '2026-10-19 12:00Z')",
    )
    .await;
    let (first, second) = (PeriodId(1), PeriodId(2));
    let october = ask(1001, "2026-10-19", "2026-10-20", "б");
    let ask_for = async |who: Actor, period| {
        let mut ctx = open(&store, who).await;
        let words = "Справку принесли в ноябре".to_owned();
        let out = attendance::ask_reasons(&mut ctx, PupilId(1001), period, words).await;
        ctx.close(out).await
    };
    let shown = preview(&store, teacher(), &october).await.unwrap();
    assert_eq!(shown.lines[0].fate, Fate::Locked);
    assert_eq!((shown.closed.len(), shown.closed[0].period), (1, first));
    assert_eq!(shown.closed[0].asked, None);
    // not of a class that one does not lead; who may open the period has nobody to ask
    assert!(
        preview(&store, deputy(), &october)
            .await
            .unwrap()
            .closed
            .is_empty()
    );
    assert!(matches!(ask_for(deputy(), first).await, Err(AppError::Forbidden)));
    for who in [colleague(), mother()] {
        assert!(matches!(ask_for(who, first).await, Err(AppError::NotFound)));
    }
    assert!(matches!(
        ask_for(teacher(), second).await,
        Err(AppError::Invalid { .. })
    ));
    let id = ask_for(teacher(), first).await.unwrap();
    assert!(matches!(
        ask_for(teacher(), first).await,
        Err(AppError::Invalid { .. })
    ));
    let shown = preview(&store, teacher(), &october).await.unwrap();
    let asked = shown.closed[0].asked.clone().unwrap();
    assert_eq!((asked.answer, asked.open), (None, false));
    // the deputy reads what it is about, and lets in
    let mut ctx = open(&store, deputy()).await;
    let page = grading::calendar(&mut ctx).await.unwrap();
    assert_eq!(
        (page.requests[0].id, page.requests[0].journal.as_str()),
        (id, "Причины пропусков, 7А")
    );
    let out = grading::answer_change(&mut ctx, id, Some(24), None).await;
    ctx.close(out).await.unwrap();
    let shown = preview(&store, teacher(), &october).await.unwrap();
    assert_eq!(shown.lines[0].fate, Fate::Change);
    assert!(shown.closed[0].asked.as_ref().unwrap().open);
    // the reasons alone
    let words = save_one(&store, teacher(), attend(690, 1002, Some("н"), 0)).await;
    assert!(refusal(&words).contains("Период закрыт"), "{words:?}");
    let done = set(&store, teacher(), &october, 1).await.unwrap();
    assert_eq!((done.lessons, done.kept), (vec![LessonId(690)], 0));
    // for a day
    let tomorrow = now() + chrono::TimeDelta::hours(25);
    let mut ctx = store.begin(teacher(), tomorrow, Lang::Ru).await.unwrap();
    let out = attendance::withdraw(&mut ctx, done.id).await;
    let back = ctx.close(out).await.unwrap();
    assert_eq!((back.lessons.len(), back.kept), (0, 1));
});

db_test!(a_cancelled_lesson_has_no_absences, pool, {
    let store = store(&pool).await;
    absent_twice(&store).await;
    raw(
        &pool,
        "update lesson set state = 'cancelled' where school_id = 10 and id = 701",
    )
    .await;
    let shown = preview(&store, teacher(), &both("б")).await.unwrap();
    assert_eq!(shown.lines.iter().map(|l| l.lesson.0).collect::<Vec<_>>(), [700]);
    let seen = sheet(&store, teacher()).await.unwrap();
    let line = seen.lines.iter().find(|l| l.pupil == PupilId(1001)).unwrap();
    assert_eq!((line.tally.missed, line.tally.unknown), (1, 1));
    assert_eq!(line.tally.lessons, 2, "700 and 702; the cancelled one is none");
    assert_eq!(seen.open.len(), 1);
    assert_eq!((seen.open[0].lessons, seen.open[0].to), (1, day("2026-11-16")));
    // a reason that had been set goes back where the lesson took place, and nothing is written into one that did not
    let done = set(&store, teacher(), &both("б"), 1).await.unwrap();
    raw(
        &pool,
        "update lesson set state = 'cancelled' where school_id = 10 and id = 700",
    )
    .await;
    let back = withdraw(&store, teacher(), done.id).await.unwrap();
    assert_eq!((back.lessons.len(), back.kept), (0, 1));
    assert!(sheet(&store, teacher()).await.unwrap().open.is_empty());
    // nor does anybody type into it
    let typed = save_one(&store, teacher(), attend(701, 1002, Some("н"), 0)).await;
    assert!(refusal(&typed).contains("отмен"), "{typed:?}");
});

db_test!(a_lesson_with_an_absence_stays_when_the_timetable_changes, pool, {
    let store = store(&pool).await;
    save_one(&store, teacher(), attend(700, 1001, Some("н"), 0)).await;
    // from Monday on maths is an hour later: the card that lesson 700 came from is moved
    raw(&pool, "update card set slot = 2 where school_id = 10 and id = 1").await;
    let mut ctx = open(&store, deputy()).await;
    let out =
        study_core::timetable::sql::lay_out_lessons(&mut ctx, day("2026-11-16"), day("2026-11-20")).await;
    ctx.close(out).await.unwrap();
    let monday: Vec<(i64, i16)> = sqlx::query!(
        "select id, slot from lesson where school_id = 10 and load_id = 500 and held_on = '2026-11-16' order by slot"
    )
    .fetch_all(&pool)
    .await
    .unwrap()
    .into_iter()
    .map(|r| (r.id, r.slot))
    .collect();
    assert_eq!(monday[0], (700, 0), "held by what was recorded in it");
    // the absence is still there, still open, and can be closed
    let seen = sheet(&store, teacher()).await.unwrap();
    assert_eq!(seen.open.iter().map(|o| o.lessons).collect::<Vec<_>>(), [1]);
    set(&store, teacher(), &both("б"), 1).await.unwrap();
});

db_test!(days_ahead_tell_the_journal_and_are_set_once_they_come, pool, {
    let store = store(&pool).await;
    let asked = ask(1001, "2026-11-18", "2026-11-20", "б");
    let shown = preview(&store, teacher(), &asked).await.unwrap();
    assert_eq!((shown.changes(), shown.ahead), (0, true));
    let done = set(&store, teacher(), &asked, 0).await.unwrap();
    assert_eq!(done.lessons, []);
    let mut ctx = open(&store, teacher()).await;
    let grid = sql::grid(&mut ctx, MATHS, None).await.unwrap();
    drop(ctx);
    let hint = grid.hint(PupilId(1001), day("2026-11-20")).unwrap();
    assert_eq!((hint.code.as_str(), hint.to), ("б", day("2026-11-20")));
    assert_eq!(grid.hint(PupilId(1002), day("2026-11-20")), None);
    assert!(matches!(
        apply(&store, teacher(), done.id).await,
        Err(AppError::Invalid { .. })
    ));
    // the teacher of the lesson records the absence; one press sets the reason that is known
    save_one(&store, teacher(), attend(701, 1001, Some("н"), 0)).await;
    let open_one = sheet(&store, teacher()).await.unwrap().open.remove(0);
    assert_eq!(open_one.known, Some(done.id));
    assert_eq!(
        apply(&store, teacher(), done.id).await.unwrap().lessons,
        [LessonId(701)]
    );
    assert!(sheet(&store, teacher()).await.unwrap().open.is_empty());
    assert_eq!(
        withdraw(&store, teacher(), done.id).await.unwrap().lessons,
        [LessonId(701)]
    );
    assert_eq!(journal(&pool).await, [(701, Some("н".into()), 3)]);
});

db_test!(the_term_counts_from_the_absence_and_from_the_paper, pool, {
    let store = store(&pool).await;
    save_one(&store, teacher(), attend(700, 1001, Some("н"), 0)).await;
    let open_one = |sheet: Sheet| sheet.open.into_iter().next().unwrap();
    let first = open_one(sheet(&store, teacher()).await.unwrap());
    // Monday's absence: Wednesday, today
    assert_eq!((first.due, first.left), (day("2026-11-18"), 0));
    let debts = |who: Actor| {
        let store = store.clone();
        async move {
            let mut ctx = open(&store, who).await;
            let out = deadlines::mine(&mut ctx).await;
            let mine = ctx.close(out).await.unwrap();
            mine.debts
                .into_iter()
                .filter(|d| d.kind == Kind::Reasons)
                .map(|d| (d.audience, d.pupils, d.due))
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(debts(teacher()).await, [("7А".to_owned(), 1, day("2026-11-18"))]);
    assert_eq!(debts(stranger()).await, [], "not hers to set");
    // the family told of it, and the paper came today: two working days from it
    raw(
        &pool,
        "insert into absence_note (school_id, id, pupil_id, starts_on, ends_on, reason, made_by, made_at, document_on, document_by)
         values (10, 5, 1001, '2026-11-16', '2026-11-17', 'Температура', 31, '2026-11-16 06:00Z', '2026-11-18', 2)",
    )
    .await;
    let later = open_one(sheet(&store, teacher()).await.unwrap());
    assert_eq!((later.due, later.left), (day("2026-11-20"), 2));
    assert_eq!(later.told.as_ref().map(|t| t.note), Some(AbsenceNoteId(5)));
    // another absence on the next school day makes one run of it
    raw(
        &pool,
        "update lesson set held_on = '2026-11-17' where school_id = 10 and id = 701",
    )
    .await;
    save_one(&store, teacher(), attend(701, 1001, Some("н"), 0)).await;
    let run = open_one(sheet(&store, teacher()).await.unwrap());
    assert_eq!(
        (run.from, run.to, run.lessons),
        (day("2026-11-16"), day("2026-11-17"), 2)
    );
    // the deputy's board counts it as late once its day has passed
    raw(&pool, "delete from absence_note where id = 5; insert into deadline_rule (school_id, valid_from, topic_days, homework_days, marks_days,
        homework_each, changed_by, changed_at, reason_days) values (10, '2026-09-01', 0, 0, 1, false, 1, '2026-09-01 09:00Z', 0)").await;
    let mut ctx = open(&store, deputy()).await;
    let board = deadlines::board(&mut ctx).await.unwrap();
    drop(ctx);
    let line = board.classes.iter().find(|l| l.name == "7А").unwrap();
    let count = line.counts.iter().find(|(k, _)| *k == Kind::Reasons).unwrap().1;
    assert_eq!((count.open, count.late), (0, 1));
    // set from the note: nothing is owed
    let mut ctx = open(&store, teacher()).await;
    let out = attendance::set(
        &mut ctx,
        &both("у"),
        Paper {
            kind: Document::Statement,
            ..certificate()
        },
        None,
        2,
    )
    .await;
    ctx.close(out).await.unwrap();
    assert_eq!(debts(teacher()).await, []);
});

db_test!(a_month_counts_lessons_days_and_weeks_by_the_schools_act, pool, {
    let store = store(&pool).await;
    absent_twice(&store).await;
    set(&store, teacher(), &ask(1001, "2026-11-16", "2026-11-16", "б"), 1)
        .await
        .unwrap();
    let of = |sheet: &Sheet, pupil: i64| {
        sheet
            .lines
            .iter()
            .find(|l| l.pupil == PupilId(pupil))
            .unwrap()
            .clone()
    };
    let seen = sheet(&store, teacher()).await.unwrap();
    assert_eq!((seen.month, seen.may_edit), (day("2026-11-01"), true));
    assert_eq!(
        seen.days,
        [day("2026-11-16"), day("2026-11-18")],
        "days that have come"
    );
    assert_eq!(seen.lines.len(), 3, "the class, and nobody of 7Б");
    let line = of(&seen, 1001);
    let sum = line.tally;
    assert_eq!((sum.lessons, sum.missed, sum.ill, sum.unknown), (3, 2, 1, 1));
    // one lesson a day: both days in full, none of three lessons
    assert_eq!((sum.full_days, sum.days, sum.weeks), (2, 0, 0));
    assert!(sum.systematic);
    assert_eq!(of(&seen, 1002).tally.missed, 0);
    // the school's own act
    let row = NotionRow {
        valid_from: day("2026-11-01"),
        notions: Notions {
            day_lessons: 1,
            week_percent: 50,
            month_percent: 90,
            act: Some(" Положение № 4 ".into()),
            since: None,
        },
        revision: 0,
    };
    let save = |row: NotionRow, who: Actor| {
        let store = store.clone();
        async move {
            let mut ctx = open(&store, who).await;
            let out = attendance::save_rule(&mut ctx, row).await;
            ctx.close(out).await
        }
    };
    assert_eq!(save(row.clone(), teacher()).await, Err(AppError::NotFound));
    save(row.clone(), deputy()).await.unwrap();
    assert!(matches!(
        save(row.clone(), deputy()).await,
        Err(AppError::Conflict { .. })
    ));
    for wrong in [0, 13, -1] {
        let mut bad = row.clone();
        bad.notions.day_lessons = wrong;
        assert!(matches!(save(bad, deputy()).await, Err(AppError::Invalid { .. })));
    }
    let seen = sheet(&store, teacher()).await.unwrap();
    assert_eq!(seen.notions.act.as_deref(), Some("Положение № 4"));
    let sum = of(&seen, 1001).tally;
    assert_eq!((sum.days, sum.systematic), (2, false));
});

db_test!(classes_say_how_many_pupils_are_open, pool, {
    let store = store(&pool).await;
    absent_twice(&store).await;
    let list = |who: Actor| {
        let store = store.clone();
        async move {
            let mut ctx = open(&store, who).await;
            let out = attendance::classes(&mut ctx).await;
            ctx.close(out).await
        }
    };
    let seen = list(teacher()).await.unwrap();
    assert_eq!(seen.rules, None, "the deputy's to set");
    let own = seen.classes;
    assert_eq!(
        own.iter()
            .map(|c| (c.name.as_str(), c.own, c.open))
            .collect::<Vec<_>>(),
        [("7А", true, 1)]
    );
    let seen = list(deputy()).await.unwrap();
    assert_eq!(seen.rules.as_deref(), Some(&[][..]));
    let all = seen.classes;
    assert_eq!(
        all.iter()
            .map(|c| (c.name.as_str(), c.own, c.open))
            .collect::<Vec<_>>(),
        [("7А", false, 1), ("7Б", false, 0)]
    );
    assert_eq!(list(stranger()).await.unwrap().classes, [], "leads none");
});

db_test!(a_month_shows_the_school_s_own_code, pool, {
    raw(
        &pool,
        "insert into attendance_code (school_id, code, title, absent, reason, position) values (10, 'с', 'соревнования', true, 'excused', 90)",
    )
    .await;
    let store = store(&pool).await;
    save_one(&store, teacher(), attend(700, 1001, Some("с"), 0)).await;
    save_one(&store, teacher(), attend(701, 1001, Some("н"), 0)).await;
    let seen = sheet(&store, teacher()).await.unwrap();
    let line = seen.lines.iter().find(|l| l.pupil == PupilId(1001)).unwrap();
    let shown: Vec<(NaiveDate, &str, &str)> = line
        .days
        .iter()
        .map(|d| {
            let code = line.code(d.date, &seen.codes).unwrap();
            (d.date, code.code.as_str(), code.title.as_str())
        })
        .collect();
    assert_eq!(shown[0], (day("2026-11-16"), "с", "соревнования"));
    assert_eq!((shown[1].0, shown[1].1), (day("2026-11-18"), "н"));
    assert_eq!(line.tally.excused, 1);
});
