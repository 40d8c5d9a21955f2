//! Homework against the database: a day's minutes, addresses, work for some pupils only, files and their sweep.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod school;

use std::sync::Arc;
use std::time::Duration;

use classbook_core::diary::{Homework as Shown, Weeks};
use classbook_core::homework::files::{FileStore as _, Files, Folder, Hash};
use classbook_core::homework::sql::{self, Arrived};
use classbook_core::homework::{Day, FileKind, IndividualEdit};
use school::*;

/// English of pupil 1001 on two days; homework of 40 minutes from the first to the second.
const ENGLISH: &str = "
    insert into lesson (school_id, id, load_id, held_on, slot) values (10, 720, 501, '2026-11-16', 1), (10, 721, 501, '2026-11-20', 2);
    insert into homework (school_id, load_id, lesson_id, text, minutes) values (10, 501, 720, 'Слова', 40)";

fn d(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn describe(text: &str, due: Option<NaiveDate>, minutes: i16, links: Option<&[&str]>, expected: i32) -> Edit {
    Edit {
        op_id: Uuid::new_v4(),
        change: Change::Lesson {
            files_go: None,
            lesson: LessonId(700),
            topic: Some("Дроби".into()),
            homework: Some(Homework {
                text: text.into(),
                due_on: due,
                minutes: Some(minutes),
                links: links.map(|l| l.iter().map(|a| (*a).to_owned()).collect()),
            }),
        },
        expected,
    }
}

fn given(lesson: i64, pupils: &[i64], minutes: i16) -> IndividualEdit {
    IndividualEdit {
        id: None,
        lesson: LessonId(lesson),
        pupils: pupils.iter().map(|p| PupilId(*p)).collect(),
        text: "Повторить".into(),
        due_on: Some(d(20)),
        minutes: Some(minutes),
        links: vec![],
        expected: 0,
    }
}

async fn give(store: &Store, actor: Actor, edit: IndividualEdit) -> Result<IndividualHomeworkId, AppError> {
    let mut ctx = open(store, actor).await;
    let out = sql::save_individual(&mut ctx, edit).await;
    ctx.close(out).await
}

async fn day(store: &Store, lesson: i64, date: NaiveDate) -> Day {
    let mut ctx = open(store, teacher()).await;
    let out = sql::day_of(&mut ctx, LessonId(lesson), date).await;
    ctx.close(out).await.unwrap()
}

fn family(person: i64, pupils: Vec<i64>) -> Actor {
    Actor {
        role: Role::Guardian {
            pupils: pupils.into_iter().map(PupilId).collect(),
        },
        grants: vec![],
        ..staff(person, 10, 0, "teacher")
    }
}

/// All homework of a pupil's week.
async fn week(store: &Store, actor: Actor, pupil: i64) -> Vec<Shown> {
    let mut ctx = open(store, actor).await;
    let out =
        classbook_core::diary::sql::week(&mut ctx, &Weeks::default(), Some(PupilId(pupil)), Some(d(18)))
            .await;
    let week = ctx.close(out).await.unwrap();
    let all = week.days.into_iter().flat_map(|d| {
        let lessons = d.lessons.into_iter().flat_map(|l| l.homework);
        lessons.chain(d.homework).collect::<Vec<_>>()
    });
    all.collect()
}

crate::db_test!(a_day_is_as_long_as_the_fullest_pupils, pool, {
    sqlx::raw_sql(ENGLISH).execute(&pool).await.unwrap();
    let store = store(&pool).await;
    // of lesson 701, due on Friday the 20th: the words of English, by the next lesson of that group
    let friday = day(&store, 701, d(20)).await;
    assert_eq!((friday.minutes, friday.unknown), (40, 0));
    assert_eq!(friday.subjects, [("Английский язык".to_owned(), 40)]);
    let limit = friday.limit.clone().unwrap();
    assert_eq!(
        (limit.minutes, limit.grade, limit.after_day_off, limit.confirmed),
        (150, 7, false, false)
    );
    assert!(limit.clause.contains("6–8 классы"), "{}", limit.clause);
    // work of another pupil is not added to it; work of the same pupil is
    give(&store, teacher(), given(700, &[1002], 30)).await.unwrap();
    assert_eq!(day(&store, 701, d(20)).await.minutes, 40);
    give(&store, teacher(), given(700, &[1001, 1003], 25))
        .await
        .unwrap();
    let friday = day(&store, 701, d(20)).await;
    assert_eq!(friday.minutes, 65);
    assert_eq!(
        friday.subjects,
        [("Английский язык".to_owned(), 40), ("Математика".to_owned(), 25)]
    );
    // not the homework that is being written itself
    save_one(&store, teacher(), describe("№ 5", Some(d(20)), 50, None, 1)).await;
    assert_eq!(day(&store, 701, d(20)).await.minutes, 115);
    assert_eq!(day(&store, 700, d(20)).await.minutes, 65);
    // over the weekend seven tenths
    let monday = day(&store, 701, d(23)).await;
    assert_eq!((monday.minutes, monday.limit.unwrap().minutes), (0, 105));

    // the sheet offers the coming lessons of the group, each with its day
    let mut ctx = open(&store, teacher()).await;
    let out = sql::desk(&mut ctx, LessonId(700)).await;
    let desk = ctx.close(out).await.unwrap();
    assert_eq!(
        desk.coming
            .iter()
            .map(|d| (d.date, d.minutes))
            .collect::<Vec<_>>(),
        [(d(18), 0), (d(20), 65)]
    );
    assert_eq!(
        (desk.may_edit, desk.given, desk.individual.len()),
        (true, true, 2)
    );
    assert_eq!(
        desk.pupils.iter().map(|p| p.0.0).collect::<Vec<_>>(),
        [1001, 1002, 1003]
    );
});

crate::db_test!(a_day_off_of_a_parallel_or_a_system_is_one, pool, {
    let store = store(&pool).await;
    let after_day_off = async || {
        let limit = day(&store, 701, d(20)).await.limit.unwrap();
        (limit.minutes, limit.after_day_off)
    };
    assert_eq!(after_day_off().await, (150, false));
    // Thursday is off for others only
    sqlx::raw_sql(
        "insert into holiday (school_id, year_id, title, starts_on, ends_on, grade) values (10, 5, 'Экскурсия', '2026-11-19', '2026-11-19', 8);
         insert into period_system (school_id, id, year_id, kind, title) values (10, 900, 5, 'trimester', 'Триместры');
         insert into holiday (school_id, year_id, title, starts_on, ends_on, system_id) values (10, 5, 'Каникулы триместров', '2026-11-19', '2026-11-19', 900)",
    )
    .execute(&pool)
    .await
    .unwrap();
    assert_eq!(after_day_off().await, (150, false));
    // and now for the seventh grade, or for the system that its classes go by
    sqlx::raw_sql("update holiday set grade = 7 where title = 'Экскурсия'")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(after_day_off().await, (105, true));
    sqlx::raw_sql(
        "update holiday set grade = 8 where title = 'Экскурсия';
         insert into period (school_id, system_id, number, starts_on, ends_on) values (10, 900, 1, '2026-11-02', '2026-12-27');
         update class set period_system_id = 900 where id = 100",
    )
    .execute(&pool)
    .await
    .unwrap();
    assert_eq!(after_day_off().await, (105, true));
});

crate::db_test!(the_first_grade_has_none_until_the_school_decides, pool, {
    sqlx::raw_sql("insert into parallel (school_id, year_id, grade, period_system_id) values (10, 5, 1, 5); update class set grade = 1 where id = 100")
        .execute(&pool)
        .await
        .unwrap();
    let store = store(&pool).await;
    let limit = day(&store, 701, d(20)).await.limit.unwrap();
    assert_eq!((limit.minutes, limit.none_given), (0, true));
    for (actor, error) in [(teacher(), AppError::NotFound), (mother(), AppError::NotFound)] {
        let mut ctx = open(&store, actor).await;
        let out = sql::set_first_grade(&mut ctx, true).await;
        assert_eq!(ctx.close(out).await, Err(error));
    }
    let mut ctx = open(&store, deputy()).await;
    let out = sql::set_first_grade(&mut ctx, true).await;
    ctx.close(out).await.unwrap();
    let limit = day(&store, 701, d(20)).await.limit.unwrap();
    assert_eq!((limit.minutes, limit.none_given), (60, false));
});

crate::db_test!(addresses_are_https_and_a_page_without_them_leaves_them, pool, {
    let store = store(&pool).await;
    let links = [
        "https://resh.edu.ru/subject/lesson/1234/",
        "HTTPS://resh.edu.ru/subject/lesson/1234/",
    ];
    let saved = save_one(&store, teacher(), describe("№ 5", None, 20, Some(&links), 1)).await;
    assert_eq!(saved, Outcome::Saved { version: 2 });
    let kept = |week: Vec<Shown>| {
        week.into_iter()
            .find(|h| h.subject == "Математика")
            .unwrap()
            .links
    };
    assert_eq!(
        kept(week(&store, mother(), 1001).await),
        ["https://resh.edu.ru/subject/lesson/1234/"]
    );
    for wrong in [
        "http://resh.edu.ru",
        "javascript:alert(1)",
        "https://sberbank.ru@evil.example",
    ] {
        let refused = save_one(&store, teacher(), describe("№ 5", None, 20, Some(&[wrong]), 2)).await;
        assert!(refusal(&refused).contains("https://"), "{wrong}: {refused:?}");
    }
    // a page that was opened before there were addresses
    let saved = save_one(&store, teacher(), describe("№ 6", None, 20, None, 2)).await;
    assert_eq!(saved, Outcome::Saved { version: 3 });
    assert_eq!(kept(week(&store, mother(), 1001).await).len(), 1);
    let saved = save_one(&store, teacher(), describe("№ 6", None, 20, Some(&[]), 3)).await;
    assert_eq!(saved, Outcome::Saved { version: 4 });
    assert!(kept(week(&store, mother(), 1001).await).is_empty());
});

crate::db_test!(what_some_were_given_others_do_not_see, pool, {
    let store = store(&pool).await;
    let before = counts(&pool).await;
    // a pupil of another class, a day before the lesson, no words, nobody
    for wrong in [
        given(700, &[1001, 1004], 10),
        IndividualEdit {
            due_on: Some(d(15)),
            ..given(700, &[1001], 10)
        },
        IndividualEdit {
            text: "  ".into(),
            ..given(700, &[1001], 10)
        },
        IndividualEdit {
            minutes: Some(601),
            ..given(700, &[1001], 10)
        },
        IndividualEdit {
            links: vec!["ftp://a.ru".into()],
            ..given(700, &[1001], 10)
        },
        given(700, &[], 10),
        // the first quarter is closed
        given(690, &[1001], 10),
    ] {
        assert!(
            matches!(
                give(&store, teacher(), wrong.clone()).await,
                Err(AppError::Invalid { .. })
            ),
            "{wrong:?}"
        );
    }
    for actor in [stranger(), mother()] {
        assert_eq!(
            give(&store, actor, given(700, &[1001], 10)).await,
            Err(AppError::NotFound)
        );
    }
    assert_eq!(counts(&pool).await, before);

    let id = give(&store, teacher(), given(700, &[1001], 10)).await.unwrap();
    let own = week(&store, mother(), 1001).await;
    assert_eq!(
        own.iter().map(|h| (&*h.text, h.individual)).collect::<Vec<_>>(),
        [("Повторить", true)]
    );
    assert!(week(&store, father(), 1002).await.is_empty());
    // on top of a version that somebody else has changed
    let edit = IndividualEdit {
        id: Some(id),
        expected: 1,
        ..given(700, &[1002], 10)
    };
    give(&store, teacher(), edit.clone()).await.unwrap();
    assert!(matches!(
        give(&store, teacher(), edit).await,
        Err(AppError::Conflict { .. })
    ));
    assert!(week(&store, mother(), 1001).await.is_empty());
    assert_eq!(week(&store, father(), 1002).await.len(), 1);
    // a timetable that is laid out anew leaves the lesson in which it was given
    sqlx::raw_sql("delete from card where load_id = 500")
        .execute(&pool)
        .await
        .unwrap();
    give(
        &store,
        teacher(),
        IndividualEdit {
            due_on: None,
            ..given(702, &[1003], 10)
        },
    )
    .await
    .unwrap();
    let mut ctx = open(&store, deputy()).await;
    let out = study_core::timetable::sql::lay_out_lessons(&mut ctx, d(16), d(20)).await;
    ctx.close(out).await.unwrap();
    let left = sqlx::query_scalar!(
        "select id from lesson where school_id = 10 and load_id = 500 and held_on >= '2026-11-16' order by id"
    );
    assert_eq!(left.fetch_all(&pool).await.unwrap(), [700, 702]);
});

crate::db_test!(files_follow_their_homework_and_the_sweep_follows_them, pool, {
    let store = store(&pool).await;
    let root = std::env::temp_dir().join(format!("parta-files-{}", Uuid::new_v4()));
    let folder = Arc::new(Folder::new(&root).unwrap());
    let files = Files::new(folder.clone());
    let school = SchoolId(10);
    let arrived = |text: &[u8]| Arrived {
        name: "a.txt".into(),
        kind: FileKind::Text,
        bytes: i32::try_from(text.len()).unwrap(),
        hash: folder.put(school, text).unwrap(),
    };
    let attach = async |actor: Actor, individual: Option<IndividualHomeworkId>, file: Arrived| {
        let mut ctx = open(&store, actor).await;
        let out = sql::attach(&mut ctx, LessonId(700), individual, file).await;
        ctx.close(out).await
    };
    let look = async |actor: Actor, file: HomeworkFileId| {
        let mut ctx = open(&store, actor).await;
        let out = sql::file(&mut ctx, file).await;
        ctx.close(out).await.map(|f| f.hash)
    };
    assert_eq!(
        attach(mother(), None, arrived(b"x")).await,
        Err(AppError::NotFound)
    );
    save_one(&store, teacher(), describe("№ 5", None, 20, None, 1)).await;
    let common = attach(teacher(), None, arrived(b"common")).await.unwrap();
    let one = give(&store, teacher(), given(700, &[1001], 10)).await.unwrap();
    let own = attach(teacher(), Some(one), arrived(b"own")).await.unwrap();
    assert_eq!(
        attach(stranger(), None, arrived(b"y")).await,
        Err(AppError::NotFound)
    );

    for actor in [teacher(), deputy(), mother(), father()] {
        assert_eq!(look(actor, common.id).await, Ok(Hash::of(b"common")));
    }
    assert_eq!(look(mother(), own.id).await, Ok(Hash::of(b"own")));
    for actor in [
        father(),
        stranger(),
        staff(4, 20, 2100, "deputy"),
        family(31, vec![]),
    ] {
        assert_eq!(look(actor, own.id).await, Err(AppError::NotFound));
    }
    assert_eq!(look(family(31, vec![]), common.id).await, Err(AppError::NotFound));
    // of 7Б
    assert_eq!(
        look(family(14, vec![1004]), common.id).await,
        Err(AppError::NotFound)
    );

    // what rows name stays, what they do not name goes, when it is old enough
    let later = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
    let orphans = 2; // «x» and «y» were put and never written down
    assert_eq!(
        sql::sweep(&store, &files, std::time::SystemTime::UNIX_EPOCH + sql::YOUNG)
            .await
            .unwrap(),
        0
    );
    assert_eq!(sql::sweep(&store, &files, later).await.unwrap(), orphans);
    assert!(folder.open(school, common_hash()).is_ok());
    // it goes with as many files as the person saw, or not at all; a page that says nothing of them removes none
    for (said, file) in [(None, "1 файл"), (Some(0), "1 файл"), (Some(2), "1 файл")] {
        let refused = save_one(&store, teacher(), nothing(said, 2)).await;
        assert!(refusal(&refused).contains(file), "{refused:?}");
    }
    assert_eq!(look(mother(), common.id).await, Ok(Hash::of(b"common")));
    // then its file goes with it; the other one's stays
    assert_eq!(
        save_one(&store, teacher(), nothing(Some(1), 2)).await,
        Outcome::Saved { version: 3 }
    );
    let told = sqlx::query_scalar!(
        r#"select old ->> 'sha256' as "sha256!" from audit_event
           where school_id = 10 and action = 'homework.file_removed' and entity = 'homework_file' and entity_key = $1"#,
        common.id.to_string(),
    );
    assert_eq!(told.fetch_all(&pool).await.unwrap(), [common_hash().to_string()]);
    assert_eq!(look(teacher(), common.id).await, Err(AppError::NotFound));
    assert_eq!(sql::sweep(&store, &files, later).await.unwrap(), 1);
    assert!(folder.open(school, common_hash()).is_err());
    assert!(folder.open(school, Hash::of(b"own")).is_ok());
    std::fs::remove_dir_all(root).unwrap();
});

/// Takes the homework of lesson 700 away, with so many files.
fn nothing(files_go: Option<i64>, expected: i32) -> Edit {
    Edit {
        change: Change::Lesson {
            lesson: LessonId(700),
            topic: Some("Дроби".into()),
            homework: None,
            files_go,
        },
        ..describe("", None, 0, None, expected)
    }
}

crate::db_test!(words_or_an_address_or_a_file_make_a_homework, pool, {
    let store = store(&pool).await;
    let attach = async || {
        let file = Arrived {
            name: "карточка.txt".into(),
            kind: FileKind::Text,
            bytes: 7,
            hash: Hash::of(b"card"),
        };
        let mut ctx = open(&store, teacher()).await;
        let out = sql::attach(&mut ctx, LessonId(700), None, file).await;
        ctx.close(out).await.unwrap()
    };
    let there = async || {
        sqlx::query_scalar!("select text from homework where school_id = 10 and lesson_id = 700")
            .fetch_optional(&pool)
            .await
            .unwrap()
    };
    let seen = async || -> Vec<(String, usize, usize)> {
        let week = week(&store, mother(), 1001).await;
        let math = week.into_iter().filter(|h| h.subject == "Математика");
        math.map(|h| (h.words(base::Lang::Ru), h.links.len(), h.files.len()))
            .collect()
    };
    let put = async |edit: Edit| save_one(&store, teacher(), edit).await;

    // minutes alone tell nobody what to do
    let refused = put(describe("  ", None, 20, Some(&[]), 1)).await;
    assert!(refusal(&refused).contains("что сделать"), "{refused:?}");
    assert_eq!(there().await, None);
    // an address does
    let link: &[&str] = &["https://resh.edu.ru/1"];
    assert_eq!(
        put(describe("", None, 20, Some(link), 1)).await,
        Outcome::Saved { version: 2 }
    );
    assert_eq!(seen().await, [("Задание по ссылке".to_owned(), 1, 0)]);
    // without it there is nothing, whatever minutes are left in the form
    assert_eq!(
        put(describe("", None, 20, Some(&[]), 2)).await,
        Outcome::Saved { version: 3 }
    );
    assert_eq!((there().await, seen().await), (None, vec![]));

    // a file does, and a page that has not heard of it describes the lesson and leaves it
    let file = attach().await;
    assert_eq!(seen().await, [("Задание в файле".to_owned(), 0, 1)]);
    let mut topic = nothing(None, 3);
    if let Change::Lesson { topic, .. } = &mut topic.change {
        *topic = Some("Проценты".into());
    }
    assert_eq!(put(topic).await, Outcome::Saved { version: 4 });
    assert_eq!(seen().await, [("Задание в файле".to_owned(), 0, 1)]);
    // words come and go, the file stays
    put(describe("№ 5", None, 20, Some(&[]), 4)).await;
    assert_eq!(seen().await, [("№ 5".to_owned(), 0, 1)]);
    assert!(!refusal(&put(nothing(None, 5)).await).is_empty());
    assert_eq!(
        put(describe("", None, 20, Some(&[]), 5)).await,
        Outcome::Saved { version: 6 }
    );
    assert_eq!(seen().await, [("Задание в файле".to_owned(), 0, 1)]);
    // the homework that was its file goes with it
    let mut ctx = open(&store, teacher()).await;
    let out = sql::remove_file(&mut ctx, file.id).await;
    ctx.close(out).await.unwrap();
    assert_eq!((there().await, seen().await), (None, vec![]));
});

crate::db_test!(what_some_were_given_goes_with_its_files_and_says_so, pool, {
    let store = store(&pool).await;
    let id = give(&store, teacher(), given(700, &[1001], 10)).await.unwrap();
    let mut ctx = open(&store, teacher()).await;
    let file = Arrived {
        name: "карточка.txt".into(),
        kind: FileKind::Text,
        bytes: 7,
        hash: Hash::of(b"card"),
    };
    let out = sql::attach(&mut ctx, LessonId(700), Some(id), file).await;
    let file = ctx.close(out).await.unwrap();
    let mut ctx = open(&store, teacher()).await;
    let out = sql::remove_individual(&mut ctx, id).await;
    ctx.close(out).await.unwrap();
    let told = sqlx::query_scalar!(
        "select entity_key from audit_event where school_id = 10 and action = 'homework.file_removed'"
    );
    assert_eq!(told.fetch_all(&pool).await.unwrap(), [file.id.to_string()]);
});

#[test]
fn an_act_of_before_there_was_a_word_of_files_is_read() {
    let kept = r#"{"to":"lesson","lesson":700,"topic":"Дроби","homework":null}"#;
    let change: Change = serde_json::from_str(kept).unwrap();
    assert_eq!(change, nothing(None, 0).change);
    // and a server of before reads what needs no word of them
    assert_eq!(serde_json::to_string(&change).unwrap(), kept);
}

fn common_hash() -> Hash {
    Hash::of(b"common")
}

/// As the journal's queue sends it.
fn queued(edit: IndividualEdit, expected: i32) -> Edit {
    Edit {
        op_id: Uuid::new_v4(),
        change: Change::Individual {
            draft: edit.id.is_none().then(Uuid::new_v4),
            edit,
        },
        expected,
    }
}

async fn individual(pool: &PgPool) -> Vec<(i64, String, i32)> {
    sqlx::query!("select id, text, version from individual_homework where school_id = 10 order by id")
        .fetch_all(pool)
        .await
        .unwrap()
        .into_iter()
        .map(|r| (r.id, r.text, r.version))
        .collect()
}

crate::db_test!(homework_for_some_comes_through_the_queue_once, pool, {
    let store = store(&pool).await;
    let first = queued(given(700, &[1001], 20), 0);
    assert_eq!(
        save_one(&store, teacher(), first.clone()).await,
        Outcome::Saved { version: 1 }
    );
    // the answer was lost on the way
    assert_eq!(
        save_one(&store, teacher(), first.clone()).await,
        Outcome::Duplicate { version: 1 }
    );
    // a second one of the same lesson is another one; both in one batch with what is no good
    let answers = save(
        &store,
        teacher(),
        vec![
            queued(given(700, &[1002], 20), 0),
            queued(given(700, &[1004], 20), 0),
            queued(given(700, &[1003], 20), 0),
        ],
    )
    .await
    .unwrap();
    let good = |a: &Answer| matches!(a.outcome, Outcome::Saved { version: 1 });
    assert_eq!(answers.iter().map(good).collect::<Vec<_>>(), [true, false, true]);
    assert!(!refusal(&answers[1].outcome).is_empty());
    let there = individual(&pool).await;
    assert_eq!(there.len(), 3);
    // changed on top of what was seen; the version of the act counts, not that of the form
    let id = IndividualHomeworkId(there[0].0);
    let other = |text: &str| IndividualEdit {
        id: Some(id),
        text: text.into(),
        expected: 7,
        ..given(700, &[1001], 20)
    };
    let change = queued(other("Другое"), 1);
    assert_eq!(
        save_one(&store, teacher(), change.clone()).await,
        Outcome::Saved { version: 2 }
    );
    assert_eq!(
        save_one(&store, teacher(), change).await,
        Outcome::Duplicate { version: 2 }
    );
    let late = save_one(&store, deputy(), queued(other("Третье"), 1)).await;
    let Outcome::Conflict(now) = late else {
        panic!("{late:?}")
    };
    assert_eq!((now.value.as_deref(), now.version), (Some("Другое"), 2));
    assert!(now.by.contains("Учителева"), "{now:?}");
    // an act that did something else is not done for this
    let second = IndividualEdit {
        id: Some(IndividualHomeworkId(there[1].0)),
        ..other("Третье")
    };
    let stolen = Edit {
        op_id: first.op_id,
        ..queued(second, 1)
    };
    assert!(!refusal(&save_one(&store, teacher(), stolen).await).is_empty());
    // somebody took it away meanwhile
    let mut ctx = open(&store, teacher()).await;
    let out = sql::remove_individual(&mut ctx, id).await;
    ctx.close(out).await.unwrap();
    let gone = save_one(&store, teacher(), queued(other("Третье"), 2)).await;
    assert!(refusal(&gone).contains("убрали"), "{gone:?}");
    // and whoever has nothing to do with the journal, or none of its rights, changes nothing
    let counted = counts(&pool).await;
    for actor in [stranger(), mother()] {
        let out = save(&store, actor, vec![queued(given(700, &[1001], 20), 0)]).await;
        assert_eq!(out, Err(AppError::NotFound));
    }
    assert_eq!(counts(&pool).await, counted);
});

#[test]
fn a_queued_homework_for_some_is_kept_and_read_as_it_was() {
    let change = queued(given(700, &[1001, 1002], 20), 0).change;
    let text = serde_json::to_string(&change).unwrap();
    assert_eq!(serde_json::from_str::<Change>(&text).unwrap(), change);
    // two that are being given do not wait for each other
    let other = queued(given(700, &[1001], 20), 0).change;
    assert_ne!(change.place().line(), other.place().line());
}
