//! Bells in a database: who may, what is refused, who was faster, which lessons would lose their bell, what is told.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod asking;
mod importing;
mod school;

use asking::{events, load};
use base::sql::Store;
use base::{AppError, BellsId, Lang};
use chrono::NaiveTime;
use school::{act, count, deputy, mother, now, staff, store};
use sqlx::PgPool;
use study_core::bells::sql::{remove, save, sheet};
use study_core::bells::{Answer, Lost, Schedule, Sheet, Taken, Terms, Uses, notes};

const USUAL: BellsId = BellsId(1);

async fn page(store: &Store) -> Sheet {
    act(store, deputy(), async |ctx| sheet(ctx).await).await.unwrap()
}

async fn usual(store: &Store) -> Schedule {
    let page = page(store).await;
    page.schedules.into_iter().find(|s| s.id == USUAL).unwrap()
}

async fn write(
    store: &Store,
    at: Option<(BellsId, Terms)>,
    terms: Terms,
    others: &[Taken],
    known: &[Lost],
) -> Result<Answer, AppError> {
    act(store, deputy(), async |ctx| {
        save(ctx, at, terms, others, known).await
    })
    .await
}

fn time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

/// The field that is wrong, and the sentence.
fn wrong<T: std::fmt::Debug>(outcome: Result<T, AppError>) -> (String, String) {
    match outcome {
        Err(AppError::Invalid { fields }) => (fields[0].field.clone(), fields[0].message.clone()),
        other => panic!("{other:?}"),
    }
}

/// All that a refusal must leave as it was.
async fn print(pool: &PgPool) -> String {
    sqlx::query_scalar::<_, String>(
        "select concat((select string_agg(s::text, ';' order by s.id) from bell_schedule s),
            (select string_agg(b::text, ';' order by b.schedule_id, b.number) from bell b),
            (select string_agg(u::text, ';' order by u.school_id, u.grade, u.weekday) from bell_use u),
            (select count(*) from audit_event))",
    )
    .fetch_one(pool)
    .await
    .unwrap()
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn the_page_says_when_lessons_ring_for_whom(pool: PgPool) {
    let store = store(&pool).await;
    let page = page(&store).await;
    assert_eq!(page.schedules.len(), 1, "the other school's are not seen");
    let schedule = &page.schedules[0];
    assert_eq!((schedule.id, schedule.terms.title.as_str()), (USUAL, "Обычное"));
    assert_eq!(schedule.terms.lessons.len(), 3);
    assert_eq!(schedule.terms.lessons[1].starts, time("09:25"));
    assert_eq!(schedule.terms.uses, (1..=5).map(|d| (7, d)).collect::<Uses>());
    assert!(page.may_edit && !schedule.other_years && page.days == 5);
    // of the version in force the seventh grade has two lessons a day
    assert_eq!((page.grades[0].grade, page.grades[0].last), (7, Some(2)));
    // the law comes along, and finds a short break where there is one
    let mut terms = schedule.terms.clone();
    assert!(
        notes::notes(&page, &terms)
            .iter()
            .all(|n| n.rule != notes::Rule::ShortBreak)
    );
    terms.lessons[1].starts = time("09:20");
    let found = notes::notes(&page, &terms);
    let short = found.iter().find(|n| n.rule == notes::Rule::ShortBreak).unwrap();
    assert_eq!((short.spot, short.found), (notes::Spot::After(1), 5));
    assert!(
        short.norm.clause.contains("СП") || short.norm.clause.contains("СанПиН"),
        "{:?}",
        short.norm
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn times_are_saved_and_the_editor_goes_by_them(pool: PgPool) {
    let store = store(&pool).await;
    let seen = usual(&store).await.terms;
    let mut terms = seen.moved(2, 10).unwrap();
    terms.add();
    terms.title = "  Обычные   звонки ".into();
    terms.shift = 2;
    let answer = write(&store, Some((USUAL, seen.clone())), terms, &[], &[]).await;
    assert_eq!(answer, Ok(Answer::Saved(USUAL)));
    let saved = usual(&store).await.terms;
    assert_eq!(
        (saved.title.as_str(), saved.shift, saved.lessons.len()),
        ("Обычные звонки", 2, 4)
    );
    assert_eq!(saved.lessons[0].starts, time("08:30"));
    assert_eq!(
        (saved.lessons[1].starts, saved.lessons[3].ends),
        (time("09:35"), time("12:30"))
    );
    let data = load(&store).await;
    let class = data.classes.iter().find(|c| c.grade == 7).unwrap();
    assert_eq!(class.starts[1], time("09:35"));
    assert_eq!(data.rings[0].times.len(), 4);
    assert_eq!(events(&pool, "bells.saved").await, 1);
    let told: serde_json::Value = sqlx::query_scalar(
        "select jsonb_build_array(old, new) from audit_event where action = 'bells.saved'",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(told[0]["title"], "Обычное");
    assert_eq!(told[1]["terms"]["lessons"][1]["starts"], "09:35:00");
    // the same once more is no change
    let again = write(&store, Some((USUAL, saved.clone())), saved, &[], &[]).await;
    assert_eq!(again, Ok(Answer::Saved(USUAL)));
    assert_eq!(events(&pool, "bells.saved").await, 1);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_is_wrong_changes_nothing_and_says_what(pool: PgPool) {
    let store = store(&pool).await;
    let seen = usual(&store).await.terms;
    let second = Terms {
        title: "Сокращённые".into(),
        uses: Uses::new(),
        ..seen.clone()
    };
    let made = write(&store, None, second.clone(), &[], &[]).await.unwrap();
    let Answer::Saved(short) = made else {
        panic!("{made:?}")
    };
    let before = print(&pool).await;
    type Change = fn(&mut Terms);
    let changes: [(&str, Change); 11] = [
        ("title", |t| t.title = " ".into()),
        ("title", |t| t.title = "ы".repeat(81)),
        ("title", |t| t.title = "сокращённые".into()),
        ("shift", |t| t.shift = 0),
        ("lessons", |t| t.lessons.clear()),
        ("lessons", |t| t.lessons[1].starts = None),
        ("lessons", |t| t.lessons[1].ends = t.lessons[1].starts),
        ("lessons", |t| t.lessons[1].starts = t.lessons[0].starts),
        ("lessons", |t| t.lessons[2].number = 2),
        ("lessons", |t| (0..28).for_each(|_| t.add())),
        ("uses", |t| t.uses.extend([(7, 8)])),
    ];
    let mut sentences = vec![];
    for (field, change) in changes {
        let mut terms = seen.clone();
        change(&mut terms);
        let (of, words) = wrong(write(&store, Some((USUAL, seen.clone())), terms, &[], &[]).await);
        assert_eq!(of, field, "{words}");
        assert!(
            words.ends_with('.') && words.chars().any(|c| ('а'..='я').contains(&c)),
            "{words}"
        );
        sentences.push(words);
    }
    assert!(sentences[2].contains("«Сокращённые»"), "{}", sentences[2]);
    // a grade that the school does not have, and a schedule of another school
    let mut foreign = seen.clone();
    foreign.uses.extend([(11, 1)]);
    let outcome = write(&store, Some((USUAL, seen.clone())), foreign, &[], &[]).await;
    assert_eq!(outcome, Err(AppError::NotFound));
    let outcome = write(&store, Some((BellsId(2), seen.clone())), seen.clone(), &[], &[]).await;
    assert_eq!(outcome, Err(AppError::NotFound));
    // one that rings for somebody is not removed
    let outcome = act(&store, deputy(), async |ctx| {
        remove(ctx, USUAL, seen.clone()).await
    })
    .await;
    assert!(wrong(outcome).1.contains("Сначала"));
    let outcome = act(&store, deputy(), async |ctx| {
        remove(ctx, BellsId(2), seen.clone()).await
    })
    .await;
    assert_eq!(outcome, Err(AppError::NotFound));
    assert_eq!(print(&pool).await, before);
    // in another year it still rings
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "insert into academic_year (school_id, id, title, starts_on, ends_on) values (10, 4, '2025/26', '2025-09-01', '2026-08-31');
         insert into period_system (school_id, id, year_id, kind, title) values (10, 4, 4, 'quarter', 'Четверти');
         insert into parallel (school_id, year_id, grade, period_system_id) values (10, 4, 7, 4);
         insert into bell_use (school_id, year_id, grade, weekday, schedule_id) values (10, 4, 7, 1, {short})"
    )))
    .execute(&pool)
    .await
    .unwrap();
    let outcome = act(&store, deputy(), async |ctx| {
        remove(ctx, short, second.clone()).await
    })
    .await;
    assert!(wrong(outcome).1.contains("Сначала"));
    sqlx::raw_sql("delete from bell_use where year_id = 4")
        .execute(&pool)
        .await
        .unwrap();
    act(&store, deputy(), async |ctx| {
        remove(ctx, short, second.clone()).await
    })
    .await
    .unwrap();
    assert_eq!(
        count(&pool, "select count(*) from bell where school_id = 10").await,
        3
    );
    assert_eq!(events(&pool, "bells.removed").await, 1);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn of_two_people_the_later_one_hears_of_the_earlier(pool: PgPool) {
    let store = store(&pool).await;
    let seen = usual(&store).await.terms;
    let director = || staff(10, 2, "director");
    let theirs = seen.moved(1, 5).unwrap();
    let at = Some((USUAL, seen.clone()));
    act(&store, director(), async |ctx| {
        save(ctx, at, theirs.clone(), &[], &[]).await
    })
    .await
    .unwrap();
    let mine = seen.moved(1, 15).unwrap();
    let outcome = write(&store, Some((USUAL, seen.clone())), mine.clone(), &[], &[]).await;
    let Err(AppError::Conflict { message }) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(message.contains("Учителева А. И."), "{message}");
    assert_eq!(usual(&store).await.terms, theirs);
    let outcome = act(&store, deputy(), async |ctx| {
        remove(ctx, USUAL, seen.clone()).await
    })
    .await;
    assert!(matches!(outcome, Err(AppError::Conflict { .. })), "{outcome:?}");
    // knowingly on top of it
    let answer = write(&store, Some((USUAL, theirs)), mine.clone(), &[], &[]).await;
    assert_eq!(answer, Ok(Answer::Saved(USUAL)));
    // a Monday that goes to another schedule is taken from this one, and whoever has not seen that is told
    let monday = Terms {
        title: "Понедельник".into(),
        uses: Uses::from([(7, 1)]),
        ..mine.clone()
    };
    let outcome = write(&store, None, monday.clone(), &[], &[]).await;
    assert!(matches!(outcome, Err(AppError::Conflict { .. })), "{outcome:?}");
    let takes = [Taken {
        grade: 7,
        weekday: 1,
        from: USUAL,
    }];
    let made = write(&store, None, monday, &takes, &[]).await.unwrap();
    let Answer::Saved(id) = made else {
        panic!("{made:?}")
    };
    let left = usual(&store).await.terms;
    assert_eq!(left.uses, (2..=5).map(|d| (7, d)).collect::<Uses>());
    assert_eq!(page(&store).await.schedules.len(), 2);
    assert_eq!(events(&pool, "bells.taken").await, 1);
    // the other one's form is stale by that, too
    let outcome = write(&store, Some((USUAL, mine.clone())), mine, &[], &[]).await;
    assert!(matches!(outcome, Err(AppError::Conflict { .. })), "{outcome:?}");
    assert_eq!(
        count(
            &pool,
            &format!("select count(*) from bell_use where schedule_id = {id}")
        )
        .await,
        1
    );
}

/// Two saves at the same moment: the second waits for the first, and then sees what it did.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn at_the_same_moment_one_of_two_is_written(pool: PgPool) {
    let store = store(&pool).await;
    let seen = usual(&store).await.terms;
    let one = |minutes: i32| {
        let (store, seen) = (store.clone(), seen.clone());
        async move {
            let terms = seen.moved(1, minutes).unwrap();
            write(&store, Some((USUAL, seen)), terms, &[], &[]).await
        }
    };
    let (a, b) = tokio::join!(one(5), one(-5));
    let stale = |outcome: &Result<Answer, AppError>| matches!(outcome, Err(AppError::Conflict { .. }));
    assert!(a.is_ok() != b.is_ok() && (stale(&a) || stale(&b)), "{a:?} {b:?}");
    assert_eq!(events(&pool, "bells.saved").await, 1);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn lessons_that_would_lose_their_bell_are_told_before_it_is_saved(pool: PgPool) {
    let store = store(&pool).await;
    let seen = usual(&store).await.terms;
    let cards = "select count(*) from card where day is not null";
    let before = (print(&pool).await, count(&pool, cards).await);
    // the second lesson goes: mathematics on Wednesday, English on Monday
    let mut shorter = seen.clone();
    shorter.lessons.truncate(1);
    let at = || Some((USUAL, seen.clone()));
    let asks = write(&store, at(), shorter.clone(), &[], &[]).await.unwrap();
    let Answer::Asks { lost, titles } = asks else {
        panic!("{asks:?}")
    };
    let told: Vec<_> = lost.iter().map(|l| (l.weekday, l.number, l.lessons)).collect();
    assert_eq!(told, [(1, 2, 1), (3, 2, 1)]);
    assert_eq!(titles.len(), 1);
    assert_eq!(
        study_core::bells::words::lost(Lang::Ru, &lost[0], None),
        "Пн, 2-й урок: стоит 1 урок — у него не станет звонка"
    );
    assert_eq!((print(&pool).await, count(&pool, cards).await), before);
    // a yes to something else is none
    let asks = write(&store, at(), shorter.clone(), &[], &lost[..1])
        .await
        .unwrap();
    assert!(matches!(asks, Answer::Asks { .. }), "{asks:?}");
    assert_eq!(print(&pool).await, before.0);
    // a weekday that is taken away: two lessons of Monday
    let mut without = seen.clone();
    without.uses.remove(&(7, 1));
    let asks = write(&store, at(), without, &[], &[]).await.unwrap();
    let Answer::Asks { lost: monday, .. } = asks else {
        panic!("{asks:?}")
    };
    let told: Vec<_> = monday.iter().map(|l| (l.weekday, l.number, l.lessons)).collect();
    assert_eq!(told, [(1, 1, 1), (1, 2, 1)]);
    // knowingly: it is written, and no card has moved
    let answer = write(&store, at(), shorter, &[], &lost).await;
    assert_eq!(answer, Ok(Answer::Saved(USUAL)));
    assert_eq!(count(&pool, cards).await, before.1);
    assert_eq!(usual(&store).await.terms.lessons.len(), 1);
    // a version that is over does not count
    sqlx::query("update timetable_version set valid_to = '2026-11-20' where id = 600")
        .execute(&pool)
        .await
        .unwrap();
    let seen = usual(&store).await.terms;
    let mut nothing = seen.clone();
    nothing.uses.remove(&(7, 1));
    let answer = write(&store, Some((USUAL, seen)), nothing, &[], &[]).await;
    assert_eq!(answer, Ok(Answer::Saved(USUAL)));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn who_may_see_the_timetable_reads_and_who_plans_changes(pool: PgPool) {
    let store = store(&pool).await;
    let seen = usual(&store).await.terms;
    let before = print(&pool).await;
    let read = async |who| act(&store, who, async |ctx| sheet(ctx).await).await;
    for who in [staff(10, 2, "teacher"), mother()] {
        let page = read(who).await.unwrap();
        assert!(!page.may_edit && page.schedules.len() == 1);
        assert!(page.norms.is_empty(), "what breaks a norm is for those who plan");
    }
    let mut nobody = staff(10, 40, "teacher");
    nobody.grants.clear();
    assert_eq!(read(nobody).await.unwrap_err(), AppError::NotFound);
    let other = read(staff(20, 4, "deputy")).await.unwrap();
    assert_eq!(
        other.schedules.iter().map(|s| s.id).collect::<Vec<_>>(),
        [BellsId(2)]
    );
    let terms = seen.moved(1, 5).unwrap();
    for (who, error) in [
        (staff(10, 2, "teacher"), AppError::Forbidden),
        (mother(), AppError::NotFound),
        (staff(20, 4, "deputy"), AppError::NotFound),
    ] {
        let outcome = act(&store, who.clone(), async |ctx| {
            save(ctx, Some((USUAL, seen.clone())), terms.clone(), &[], &[]).await
        });
        assert_eq!(outcome.await.unwrap_err(), error);
        let outcome = act(&store, who, async |ctx| remove(ctx, USUAL, seen.clone()).await);
        assert_eq!(outcome.await.unwrap_err(), error);
    }
    assert_eq!(print(&pool).await, before);
}

/// A class of a grade that the school does not have yet; the hours are named as given.
fn file(hours: [&str; 2]) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.2.7"><Institution_Name>Звонки</Institution_Name>
<Days_List><Number_of_Days>1</Number_of_Days><Day><Name>Пн</Name></Day></Days_List>
<Hours_List><Number_of_Hours>2</Number_of_Hours><Hour><Name>{}</Name></Hour><Hour><Name>{}</Name></Hour></Hours_List>
<Subjects_List><Subject><Name>Русский язык</Name></Subject></Subjects_List>
<Activity_Tags_List></Activity_Tags_List>
<Teachers_List><Teacher><Name>Новая Анна</Name></Teacher></Teachers_List>
<Students_List><Year><Name>9А</Name><Number_of_Students>25</Number_of_Students></Year></Students_List>
<Activities_List><Activity><Teacher>Новая Анна</Teacher><Subject>Русский язык</Subject><Students>9А</Students>
<Duration>1</Duration><Total_Duration>1</Total_Duration><Id>1</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity></Activities_List>
<Buildings_List></Buildings_List><Rooms_List></Rooms_List>
<Time_Constraints_List><ConstraintBasicCompulsoryTime><Weight_Percentage>100</Weight_Percentage></ConstraintBasicCompulsoryTime></Time_Constraints_List>
<Space_Constraints_List><ConstraintBasicCompulsorySpace><Weight_Percentage>100</Weight_Percentage></ConstraintBasicCompulsorySpace></Space_Constraints_List>
</fet>"#,
        hours[0], hours[1]
    )
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn an_import_says_where_bells_come_from(pool: PgPool) {
    let store = store(&pool).await;
    let look = async |file: String, lang| {
        let mut ctx = store.begin(deputy(), now(), lang).await.unwrap();
        let outcome = importing::preview(&mut ctx, file.as_bytes()).await;
        ctx.close(outcome).await.unwrap()
    };
    let told = look(file(["1", "2"]), Lang::Ru).await;
    let words =
        "Звонков в файле нет: поставлены обычные, с 8:30 по 45 минут — проверьте их на странице «Звонки».";
    assert!(told.warnings.iter().any(|w| w == words), "{:?}", told.warnings);
    let told = look(file(["1", "2"]), Lang::En).await;
    assert!(
        told.warnings
            .iter()
            .any(|w| w.contains("from 8:30, 45 minutes each")),
        "{:?}",
        told.warnings
    );
    let told = look(file(["8:00-8:40", "8:50-9:30"]), Lang::Ru).await;
    assert!(
        told.warnings.iter().all(|w| !w.contains("Звонк")),
        "{:?}",
        told.warnings
    );
    let words = "Звонки взяты из названий уроков в файле, с 8:00: проверьте их на странице «Звонки».";
    assert!(told.kept.iter().any(|w| w == words), "{:?}", told.kept);
    // what was promised is what is on the page
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = importing::import(&mut ctx, file(["8:00-8:40", "8:50-9:30"]).as_bytes()).await;
    let done = ctx.close(outcome).await.unwrap().done;
    assert!(done.kept.iter().any(|w| w == words), "{:?}", done.kept);
    let page = page(&store).await;
    let made = page.schedules.iter().find(|s| s.id != USUAL).unwrap();
    assert_eq!(made.terms.uses, Uses::from([(9, 1)]));
    assert_eq!(
        (made.terms.lessons[0].starts, made.terms.lessons[1].ends),
        (time("08:00"), time("09:30"))
    );
    // a grade that has bells keeps them, and nothing is said
    let told = look(file(["1", "2"]).replace("9А", "7В"), Lang::Ru).await;
    let lines = told.warnings.iter().chain(&told.kept);
    assert!(lines.clone().all(|w| !w.starts_with("Звонк")), "{told:?}");
}
