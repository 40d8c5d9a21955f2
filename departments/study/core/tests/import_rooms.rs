//! Rooms that a FET file wants lessons to take together are requirements of the school: shown, made milder and removed one by one, judged,
//! composed, copied, written back.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod school;

use std::collections::BTreeSet;

use base::{AppError, Lang, VersionId};
use school::{act, count, deputy, mother, staff, store};
use sqlx::PgPool;
use study_core::compose::{Keep, words as told_words};
use study_core::export::Format;
use study_core::export::sql::{file, source};
use study_core::import::Preview;
use study_core::import::sql::{import, kept, must_edit, preview, read};
use study_core::requirement::sql::{remove, save, sheet};
use study_core::requirement::{Kind, Requirement, Sheet, Target, Terms, Weight, words};
use study_core::timetable::BoardData;
use study_core::timetable::bars::closed;
use study_core::timetable::board::DraftSource;
use study_core::timetable::sql::{board, create_draft, delete_draft};
use study_core::timetable::words::full;
use timetable::compose::{Composition, Demand, Lane};
use timetable::search::{Ground, Plan, Tuning};
use timetable::why::Bar;
use timetable::{CardIx, Level, Reason, Rooming};

fn said(kind: &str, weight: &str, fields: &str) -> String {
    format!(
        "<{kind}><Weight_Percentage>{weight}</Weight_Percentage>{fields}<Active>true</Active><Comments></Comments></{kind}>\n"
    )
}

const MOST: &str = "ConstraintActivitiesOccupyMaxDifferentRooms";
const SAME: &str = "ConstraintActivitiesSameRoomIfConsecutive";

fn ids(ids: &[u32]) -> String {
    let each = ids.iter().map(|id| format!("<Activity_Id>{id}</Activity_Id>"));
    format!(
        "<Number_of_Activities>{}</Number_of_Activities>{}",
        ids.len(),
        each.collect::<String>()
    )
}

fn most(weight: &str, of: &[u32], rooms: u32) -> String {
    let rooms = format!("<Max_Number_of_Different_Rooms>{rooms}</Max_Number_of_Different_Rooms>");
    said(MOST, weight, &(ids(of) + &rooms))
}

/// One class and three teachers, five days of five hours, three lessons of each teacher: 1 to 3, 4 to 6, 7 to 9. Three rooms.
fn text() -> String {
    let teachers = ["Матова Анна Ивановна", "Бегов Пётр Ильич", "Языкова Вера Львовна"];
    let mut activities = String::new();
    for id in 1..=9usize {
        let of = (id - 1) / 3;
        let subject = ["Математика", "Физкультура", "Язык"][of];
        activities.push_str(&format!(
            "<Activity><Teacher>{}</Teacher><Subject>{subject}</Subject><Students>5Я</Students><Duration>1</Duration>\
             <Total_Duration>1</Total_Duration><Id>{id}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>\n",
            teachers[of]
        ));
    }
    let named = |element: &str, names: &[&str]| -> String {
        let each = names
            .iter()
            .map(|name| format!("<{element}><Name>{name}</Name></{element}>"));
        each.collect()
    };
    let space = [
        said("ConstraintBasicCompulsorySpace", "100", ""),
        // all lessons of a load: a row of it, as a must and as a wish
        most("100", &[1, 2, 3], 1),
        most("60", &[7, 8, 9], 2),
        // some of them, and of several loads: a list
        most("100", &[4, 5], 1),
        said(SAME, "100", &ids(&[1, 4, 7])),
        // never broken, and more than a row says
        most("100", &[8, 9], 2),
    ];
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<fet version=\"6.8.5\"><Mode>Official</Mode><Institution_Name>Школа кабинетов</Institution_Name><Comments></Comments>\
         <Days_List><Number_of_Days>5</Number_of_Days>{}</Days_List><Hours_List><Number_of_Hours>5</Number_of_Hours>{}</Hours_List>\
         <Subjects_List>{}</Subjects_List><Activity_Tags_List></Activity_Tags_List><Teachers_List>{}</Teachers_List><Students_List>{}</Students_List>\
         <Activities_List>\n{activities}</Activities_List><Buildings_List></Buildings_List><Rooms_List>{}</Rooms_List>\
         <Time_Constraints_List>\n{}</Time_Constraints_List><Space_Constraints_List>\n{}</Space_Constraints_List></fet>",
        named("Day", &["Пн", "Вт", "Ср", "Чт", "Пт"]),
        named("Hour", &["1", "2", "3", "4", "5"]),
        named("Subject", &["Математика", "Физкультура", "Язык"]),
        named("Teacher", &teachers),
        named("Year", &["5Я"]),
        named("Room", &["К1", "К2", "К3"]).replace("</Name>", "</Name><Capacity>30</Capacity>"),
        said("ConstraintBasicCompulsoryTime", "100", ""),
        space.concat(),
    )
}

async fn taken_by(pool: &PgPool, school: i64, text: String) -> VersionId {
    let store = store(pool).await;
    let who = if school == 10 {
        deputy()
    } else {
        staff(20, 4, "deputy")
    };
    act(&store, who, async |ctx| {
        must_edit(ctx)?;
        let draft = read(ctx.lang(), text.into_bytes()).await?;
        Ok(Box::pin(import(ctx, &draft)).await?.version)
    })
    .await
    .unwrap()
}

async fn taken(pool: &PgPool) -> VersionId {
    taken_by(pool, 10, text()).await
}

async fn told(pool: &PgPool) -> Preview {
    let store = store(pool).await;
    act(&store, deputy(), async |ctx| {
        let draft = read(ctx.lang(), text().into_bytes()).await?;
        preview(ctx, &draft).await
    })
    .await
    .unwrap()
}

async fn page(pool: &PgPool) -> Sheet {
    let store = store(pool).await;
    act(&store, deputy(), async |ctx| sheet(ctx).await).await.unwrap()
}

async fn load(pool: &PgPool, version: VersionId) -> BoardData {
    let store = store(pool).await;
    act(&store, deputy(), async |ctx| board(ctx, version).await)
        .await
        .unwrap()
}

/// The cards in the order of the activities.
async fn cards(pool: &PgPool, data: &BoardData) -> Vec<CardIx> {
    let of: Vec<i64> = sqlx::query_scalar("select id from card where version_id = $1 order by activity")
        .bind(data.version.id.0)
        .fetch_all(pool)
        .await
        .unwrap();
    of.into_iter()
        .map(|id| data.card_ix(base::CardId(id)).unwrap())
        .collect()
}

/// The rows about rooms that lessons take together: kind, target, figure, weight.
fn rows(sheet: &Sheet) -> Vec<&Requirement> {
    let all = sheet.rows.iter();
    all.filter(|r| matches!(r.terms.kind, Kind::RoomsAtMost | Kind::SameRoom))
        .collect()
}

/// What an import asks, in an order that does not depend on ids.
fn figures(sheet: &Sheet) -> Vec<(Kind, bool, Option<i32>, Weight)> {
    let listed = |r: &Requirement| matches!(r.terms.target, Target::Lessons(_));
    let mut all: Vec<_> = rows(sheet)
        .iter()
        .map(|r| (r.terms.kind, listed(r), r.terms.value, r.terms.weight))
        .collect();
    all.sort_unstable();
    all
}

fn wanted() -> Vec<(Kind, bool, Option<i32>, Weight)> {
    vec![
        (Kind::RoomsAtMost, false, Some(1), Weight::Must),
        (Kind::RoomsAtMost, false, Some(2), Weight::Rather),
        (Kind::RoomsAtMost, true, Some(1), Weight::Must),
        (Kind::SameRoom, true, None, Weight::Must),
    ]
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_file_brings_them_as_rows_in_plain_words(pool: PgPool) {
    let before = told(&pool).await;
    let kept_line = |words: &str| before.kept.iter().any(|line| line.contains(words));
    assert!(
        kept_line("«Кабинетов на все уроки — не больше» у 2 предметов и нагрузок"),
        "{before:?}"
    );
    assert!(
        kept_line("«Кабинетов на все уроки — не больше» у 1 набора уроков"),
        "{before:?}"
    );
    assert!(
        kept_line("«Подряд — в одном кабинете» у 1 набора уроков (обязательно — 1)"),
        "{before:?}"
    );
    assert!(
        before.lost.iter().all(|line| !line.contains("Constraint")),
        "{before:?}"
    );
    let version = taken(&pool).await;
    let sheet = page(&pool).await;
    let mut wanted = wanted();
    wanted.sort_unstable();
    assert_eq!(figures(&sheet), wanted);
    let sentences: Vec<String> = rows(&sheet)
        .iter()
        .filter(|r| matches!(r.terms.target, Target::Lessons(_)))
        .map(|r| words::sentence(Lang::Ru, &sheet, &r.terms))
        .collect();
    let has = |words: &str| sentences.iter().any(|said| said == words);
    assert!(
        has("Кабинетов на все уроки — не больше: 1, Физкультура, 5Я — Бегов (2 из 3 уроков) — обязательно"),
        "{sentences:?}"
    );
    assert!(
        sentences
            .iter()
            .any(|said| said.starts_with("Подряд — в одном кабинете: ")
                && said.contains("Математика, 5Я — Матова (1 из 3 уроков)")
                && said.contains("Язык, 5Я — Языкова (1 из 3 уроков)")),
        "{sentences:?}"
    );
    // nothing of it is told as left out
    let store = store(&pool).await;
    let left = act(&store, deputy(), async |ctx| kept(ctx, version).await)
        .await
        .unwrap();
    assert_eq!((left.must, left.lines.len()), (0, 0), "{left:?}");
    // another import: rows of loads are there, its lessons are others
    taken(&pool).await;
    assert_eq!(rows(&page(&pool).await).len(), 4 + 2);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn they_are_judged_told_and_composed(pool: PgPool) {
    let data = load(&pool, taken(&pool).await).await;
    let of = cards(&pool, &data).await;
    let card = |activity: usize| of[activity - 1];
    let room = |name: &str| {
        let at = data.rooms.iter().position(|r| r.name == name).unwrap();
        timetable::RoomIx(u32::try_from(at).unwrap())
    };
    let mut lying = data.board().unwrap();
    assert_eq!(lying.spec().roomings.len(), 4);
    lying.place(card(4), 0, 0, Some(room("К2"))).unwrap();
    // the other lesson of the list may have that room only, and gets it
    assert_eq!(lying.best_room(card(5), 1, 0), Some(room("К2")));
    let verdict = lying.judge(card(5), 1, 0, Some(room("К1")));
    let [reason] = verdict.reasons.as_slice() else {
        panic!("{verdict:?}");
    };
    assert_eq!(verdict.level, Level::Clash);
    let Reason::TooManyRooms { rule, .. } = *reason else {
        panic!("{reason:?}");
    };
    assert_eq!(
        full(Lang::Ru, &data, reason),
        "Физкультура, 5Я: кабинетов не больше 1, а занято 2: Физкультура, 5Я — в кабинете К2"
    );
    for words in [
        closed(Lang::Ru, &data, Bar::of(reason).unwrap()),
        told_words::demand(Lang::Ru, &data, &Keep::default(), Demand::Rooming(rule)),
    ] {
        assert!(
            words.contains("Физкультура, 5Я: кабинетов не больше 1"),
            "{words}"
        );
    }
    // what follows at once keeps the room; an hour later it may change
    let later = lying.judge(card(7), 0, 2, Some(room("К1")));
    let is_other = |r: &Reason| matches!(r, Reason::OtherRoom { .. });
    assert!(
        later.level < Level::Clash && !later.reasons.iter().any(is_other),
        "{later:?}"
    );
    let next = lying.judge(card(7), 0, 1, Some(room("К1")));
    let other = next
        .reasons
        .iter()
        .find(|r| matches!(r, Reason::OtherRoom { .. }))
        .unwrap();
    assert_eq!(
        full(Lang::Ru, &data, other),
        "соседний по времени урок в другом кабинете: Физкультура, 5Я — в кабинете К2"
    );
    lying.place(card(7), 0, 1, Some(room("К1"))).unwrap();
    let clashes = lying.conflicts();
    let clashes: Vec<_> = clashes.iter().filter(|p| p.level == Level::Clash).collect();
    assert_eq!(clashes.len(), 1, "{clashes:?}");
    // the search keeps to all of it
    let composition = Composition::new(&data.board().unwrap(), &[]);
    let ground = Ground::new(composition.problem());
    let plan = Plan {
        seed: 5,
        lane: 0,
        work: 20_000,
        tuning: Tuning::default(),
    };
    let mut lane = Lane::new(&ground, plan, None);
    while lane.run(1_000) {}
    let settled = composition.settle(&lane.best());
    assert_eq!(settled.unplaced(), vec![]);
    assert!(
        settled.conflicts().iter().all(|p| p.level < Level::Clash),
        "{:?}",
        settled.conflicts()
    );
    let rooms = |activities: &[usize]| {
        let at = activities
            .iter()
            .map(|n| settled.placement(card(*n)).unwrap().room);
        at.collect::<BTreeSet<_>>().len()
    };
    assert_eq!((rooms(&[1, 2, 3]), rooms(&[4, 5])), (1, 1));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn one_is_made_milder_another_removed_and_copies_and_files_have_the_rest(pool: PgPool) {
    let version = taken(&pool).await;
    let store = store(&pool).await;
    let copy = act(&store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Copy(version), "Копия")
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap();
    let page_of = page(&pool).await;
    let of_list = |kind: Kind| {
        let listed = |r: &&&Requirement| r.terms.kind == kind && matches!(r.terms.target, Target::Lessons(_));
        (*rows(&page_of).iter().find(listed).unwrap()).clone()
    };
    let (few, same) = (of_list(Kind::RoomsAtMost), of_list(Kind::SameRoom));
    let milder = Terms {
        weight: Weight::Rather,
        ..few.terms.clone()
    };
    let saved = act(&store, deputy(), async |ctx| {
        save(ctx, Some((few.id, few.revision)), milder.clone()).await
    })
    .await
    .unwrap();
    assert_eq!(saved.revision, few.revision + 1);
    let stale = act(&store, deputy(), async |ctx| {
        remove(ctx, few.id, few.revision).await
    })
    .await;
    assert!(matches!(stale, Err(AppError::Conflict { .. })), "{stale:?}");
    act(&store, deputy(), async |ctx| {
        remove(ctx, same.id, same.revision).await
    })
    .await
    .unwrap();
    assert_eq!(
        count(&pool, "select count(*) from lesson_list").await,
        1,
        "a list of nothing goes"
    );
    assert_eq!(
        count(&pool, "select count(*) from audit_event where action = 'requirement.saved' and entity_key = any (select id::text from requirement where lesson_list_id is not null)").await,
        2,
        "when it came and when it was made milder"
    );
    // both versions
    for version in [version, copy] {
        let data = load(&pool, version).await;
        let roomings = data.spec().roomings;
        let hard = roomings.iter().filter(|of| of.hard).count();
        assert_eq!((roomings.len(), hard), (3, 1), "{roomings:?}");
        assert!(roomings.iter().all(|of| of.what != Rooming::InARow));
    }
    // a file says it as it is now, and a lesson that is gone is not in it
    sqlx::query("delete from card where version_id = $1 and activity = 9")
        .bind(copy.0)
        .execute(&pool)
        .await
        .unwrap();
    let from = act(&store, deputy(), async |ctx| source(ctx, copy).await)
        .await
        .unwrap();
    let written = file(Lang::Ru, from, Format::Fet).await.unwrap().text;
    let again = timetable::fet::import(written.as_bytes()).unwrap();
    let mut found: Vec<_> = again
        .roomings
        .iter()
        .map(|of| (of.what, of.cards.len(), of.weight))
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            (Rooming::AtMost(1), 2, 30_000),
            (Rooming::AtMost(1), 3, 100_000),
            // of two lessons two rooms ask nothing, and are said all the same
            (Rooming::AtMost(2), 2, 30_000),
        ]
    );
    assert_eq!(again.ignored.len(), 0, "{:?}", again.ignored);
    // with the last version of the file its lists go, and their rows; rows of loads stay
    for version in [version, copy] {
        assert_eq!(count(&pool, "select count(*) from lesson_list").await, 1);
        act(&store, deputy(), async |ctx| delete_draft(ctx, version).await)
            .await
            .unwrap();
    }
    assert_eq!(count(&pool, "select count(*) from lesson_list").await, 0);
    assert_eq!(rows(&page(&pool).await).len(), 2);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_school_asks_it_of_a_subject_without_any_file_and_only_who_may(pool: PgPool) {
    taken(&pool).await;
    let store = store(&pool).await;
    let page_of = page(&pool).await;
    let subject = page_of
        .subjects
        .iter()
        .find(|s| s.name == "Физкультура")
        .unwrap()
        .id;
    let terms = Terms {
        weight: Weight::Must,
        ..Terms::new(Kind::SameRoom, Target::Subject(subject), None)
    };
    let version = taken(&pool).await;
    let of_subject = |data: &BoardData| {
        let specs = data.spec().roomings;
        specs
            .iter()
            .filter(|of| of.what == Rooming::InARow && of.hard && of.cards.len() == 3)
            .count()
    };
    let before = of_subject(&load(&pool, version).await);
    act(&store, deputy(), async |ctx| save(ctx, None, terms.clone()).await)
        .await
        .unwrap();
    assert_eq!(of_subject(&load(&pool, version).await), before + 1);
    // what does not fit is refused
    let whole_school = Terms::new(Kind::SameRoom, Target::School, None);
    let many = Terms::new(Kind::RoomsAtMost, Target::Subject(subject), Some(21));
    for terms in [whole_school, many] {
        let refused = act(&store, deputy(), async |ctx| save(ctx, None, terms.clone()).await).await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })), "{refused:?}");
    }
    let list = page_of.lists[0].id;
    let of_list = Terms::new(Kind::RoomsAtMost, Target::Lessons(list), Some(3));
    let ask = async |who| act(&store, who, async |ctx| save(ctx, None, of_list.clone()).await).await;
    assert!(matches!(
        ask(staff(10, 2, "teacher")).await,
        Err(AppError::Forbidden)
    ));
    assert!(ask(mother()).await.is_err());
    assert!(matches!(
        ask(staff(20, 4, "deputy")).await,
        Err(AppError::NotFound)
    ));
    let seen = act(&store, mother(), async |ctx| {
        Ok(sqlx::query_scalar::<_, i64>("select count(*) from lesson_list")
            .fetch_one(ctx.db())
            .await?)
    })
    .await
    .unwrap();
    assert_eq!(seen, 0, "the wall of the database");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_written_file_asks_the_same_of_another_school(pool: PgPool) {
    let version = taken(&pool).await;
    let store = store(&pool).await;
    let from = act(&store, deputy(), async |ctx| source(ctx, version).await)
        .await
        .unwrap();
    let written = file(Lang::Ru, from, Format::Fet).await.unwrap().text;
    taken_by(&pool, 20, written).await;
    let sheet = act(&store, staff(20, 4, "deputy"), async |ctx| sheet(ctx).await)
        .await
        .unwrap();
    let mut wanted = wanted();
    wanted.sort_unstable();
    assert_eq!(figures(&sheet), wanted);
}
