//! What rooms are for: two classes in one gym, kinds that a requirement asks for, what an import takes from names, what a file keeps.
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

use asking::{events, load, page, priced, put};
use base::{AppError, Lang, RoomId, SubjectId, VersionId};
use importing::{import, preview};
use school::{act, deputy, mother, now, store};
use sqlx::PgPool;
use study_core::building::RoomUse;
use study_core::building::sql::save_use;
use study_core::export::Format;
use study_core::export::sql::{file, source};
use study_core::requirement::{Kind, Target, Terms, Weight};
use study_core::timetable::sql::board;
use timetable::compose::Composition;
use timetable::{CardIx, Level, Reason, RoomIx};

const ROOM_12: RoomId = RoomId(300);

fn uses(kind: &str, seats: Option<i32>, shared_by: i16) -> RoomUse {
    RoomUse {
        kind: kind.into(),
        seats,
        shared_by,
    }
}

async fn write(store: &base::sql::Store, seen: RoomUse, of: RoomUse) -> Result<(), AppError> {
    act(store, deputy(), async |ctx| {
        save_use(ctx, ROOM_12, seen, of).await
    })
    .await
}

/// A lesson of 7Б in room 12 at the hour of one of 7А.
const BOTH: &str = "
    insert into teaching_load (school_id, id, year_id, subject_id, week_hours) values (10, 560, 5, 400, 1);
    insert into load_teacher (school_id, load_id, employee_id) values (10, 560, 1400);
    insert into load_audience (school_id, load_id, class_id) values (10, 560, 101);
    insert into card (school_id, id, version_id, load_id, day, slot, room_id) values (10, 60, 600, 560, 0, 0, 300);";

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_large_gym_takes_two_classes(pool: PgPool) {
    let store = store(&pool).await;
    sqlx::raw_sql(BOTH).execute(&pool).await.unwrap();
    let busy = |data: &study_core::timetable::BoardData| {
        let all = data.board().unwrap().conflicts().into_iter();
        all.filter(|p| matches!(p.reason, Reason::RoomBusy { .. }))
            .count()
    };
    let before = load(&store).await;
    assert!(busy(&before) > 0, "one class at a time");
    write(
        &store,
        uses("ordinary", Some(30), 1),
        uses("Спортзал", Some(60), 2),
    )
    .await
    .unwrap();
    let after = load(&store).await;
    let room = after.rooms.iter().find(|r| r.id == ROOM_12).unwrap();
    assert_eq!((room.capacity, room.shared_by), (Some(60), 2));
    assert_eq!(
        after.room_kinds[room.kind.ix()],
        "gym",
        "by its key, whatever was typed"
    );
    assert_eq!(busy(&after), 0, "two classes at once");
    // the search sees the same: its problem has the room twice, and nothing required is broken by them
    let judge = after.board().unwrap();
    let composition = Composition::new(&judge, &[]);
    assert!(
        priced(&before).0 > priced(&after).0,
        "required, and broken before"
    );
    assert_eq!(
        composition.problem().resources.len(),
        Composition::new(&before.board().unwrap(), &[])
            .problem()
            .resources
            .len()
            + 1
    );
    // a third one is too many
    let third = CardIx::at(after.cards.iter().position(|c| c.place.is_none()).unwrap());
    let room = RoomIx::at(after.rooms.iter().position(|r| r.id == ROOM_12).unwrap());
    let verdict = judge.judge(third, 0, 0, Some(room));
    assert!(
        verdict
            .reasons
            .iter()
            .any(|r| matches!(r, Reason::RoomBusy { .. }))
    );
    // told, compared, refused
    assert_eq!(events(&pool, "building.use_saved").await, 1);
    assert!(matches!(
        write(&store, uses("ordinary", Some(30), 1), uses("lab", None, 1)).await,
        Err(AppError::Conflict { .. })
    ));
    for wrong in [
        uses("gym", Some(60), 0),
        uses("gym", Some(60), 9),
        uses("gym", Some(0), 2),
        uses(&"ы".repeat(41), None, 1),
    ] {
        assert!(
            matches!(
                write(&store, uses("gym", Some(60), 2), wrong.clone()).await,
                Err(AppError::Invalid { .. })
            ),
            "{wrong:?}"
        );
    }
    let foreign = act(&store, deputy(), async |ctx| {
        save_use(
            ctx,
            RoomId(310),
            uses("ordinary", Some(30), 1),
            uses("gym", None, 1),
        )
        .await
    })
    .await;
    assert_eq!(foreign, Err(AppError::NotFound));
    let family = act(&store, mother(), async |ctx| {
        save_use(ctx, ROOM_12, uses("gym", Some(60), 2), uses("lab", None, 1)).await
    })
    .await;
    assert!(family.is_err());
    assert_eq!(
        events(&pool, "building.use_saved").await,
        1,
        "nothing of it was written"
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_kind_may_be_asked_for(pool: PgPool) {
    let store = store(&pool).await;
    write(
        &store,
        uses("ordinary", Some(30), 1),
        uses("спортзал", Some(30), 1),
    )
    .await
    .unwrap();
    assert!(page(&store).await.room_kinds().contains(&"gym".to_owned()));
    let asked = Terms {
        room_kind: Some("gym".into()),
        weight: Weight::Must,
        ..Terms::new(Kind::Rooms, Target::Subject(SubjectId(401)), None)
    };
    put(&store, asked).await.unwrap();
    let data = load(&store).await;
    let judge = data.board().unwrap();
    let english = CardIx::at(data.cards.iter().position(|c| c.place.is_none()).unwrap());
    let room = |id: i64| RoomIx::at(data.rooms.iter().position(|r| r.id.0 == id).unwrap());
    assert_eq!(
        judge.judge(english, 1, 0, Some(room(301))).level,
        Level::Clash,
        "no gym"
    );
    assert!(judge.judge(english, 1, 0, Some(room(300))).level < Level::Clash);
}

const FET: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.18.0"><Institution_Name>Лицей</Institution_Name>
<Days_List><Number_of_Days>1</Number_of_Days><Day><Name>Пн</Name></Day></Days_List>
<Hours_List><Number_of_Hours>2</Number_of_Hours><Hour><Name>1</Name></Hour><Hour><Name>2</Name></Hour></Hours_List>
<Subjects_List><Subject><Name>Матем.</Name></Subject><Subject><Name>Кружок лепки</Name></Subject></Subjects_List>
<Teachers_List><Teacher><Name>Учителева Анна Ивановна</Name></Teacher></Teachers_List>
<Students_List><Year><Name>8В</Name><Number_of_Students>20</Number_of_Students></Year></Students_List>
<Activities_List>
<Activity><Teacher>Учителева Анна Ивановна</Teacher><Subject>Матем.</Subject><Students>8В</Students><Duration>1</Duration><Total_Duration>1</Total_Duration><Id>1</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>
<Activity><Teacher>Учителева Анна Ивановна</Teacher><Subject>Кружок лепки</Subject><Students>8В</Students><Duration>1</Duration><Total_Duration>1</Total_Duration><Id>2</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>
</Activities_List>
<Buildings_List></Buildings_List>
<Rooms_List><Room><Name>12</Name><Building></Building><Capacity>30</Capacity></Room>
<Room><Name>Большой спортзал</Name><Building></Building><Capacity>60</Capacity></Room>
<Room><Name>Каб. информатики</Name><Building></Building><Capacity>15</Capacity></Room>
<Room><Name>Зал</Name><Building></Building><Capacity>60</Capacity><Comments>parta:room:2:gym</Comments></Room>
<Room><Name>208</Name><Building></Building><Capacity>30</Capacity></Room></Rooms_List>
<Time_Constraints_List></Time_Constraints_List><Space_Constraints_List></Space_Constraints_List></fet>"#;

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn an_import_knows_kinds_by_names_and_says_so(pool: PgPool) {
    let store = store(&pool).await;
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = preview(&mut ctx, FET.as_bytes()).await;
    let told = ctx.close(outcome).await.unwrap();
    let kinds = told.kept.iter().find(|l| l.starts_with("Вид кабинета"));
    assert_eq!(
        kinds.unwrap(),
        "Вид кабинета понят по названию — компьютерный класс: Каб. информатики; спортзал: Большой спортзал. \
         Поправить: «Требования» → «Здания»."
    );
    let points = told
        .warnings
        .iter()
        .find(|l| l.starts_with("Без баллов трудности"));
    assert!(
        points.is_some_and(|l| l.contains("предметы: Кружок лепки.")),
        "{:?}",
        told.warnings
    );
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = import(&mut ctx, FET.as_bytes()).await;
    ctx.close(outcome).await.unwrap();
    let rooms: Vec<(String, String, Option<i32>, i16)> = sqlx::query_as(
        "select name, kind, capacity, shared_by from room where school_id = 10 order by name collate \"C\"",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let room = |name: &str| {
        rooms
            .iter()
            .find(|r| r.0 == name)
            .map(|r| (r.1.as_str(), r.2, r.3))
    };
    assert_eq!(room("Большой спортзал"), Some(("gym", Some(60), 1)));
    assert_eq!(room("Каб. информатики"), Some(("computer", Some(15), 1)));
    assert_eq!(
        room("Зал"),
        Some(("gym", Some(60), 2)),
        "what a file of ours says"
    );
    assert_eq!(room("208"), Some(("ordinary", Some(30), 1)));
    assert_eq!(room("12"), Some(("ordinary", Some(30), 1)), "known: as it was");
    let template: Option<String> =
        sqlx::query_scalar("select template from subject where school_id = 10 and name = 'Матем.'")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(template.as_deref(), Some("математика"));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_shared_gym_goes_out_and_comes_in_again(pool: PgPool) {
    let store = store(&pool).await;
    sqlx::raw_sql(BOTH).execute(&pool).await.unwrap();
    write(&store, uses("ordinary", Some(30), 1), uses("gym", Some(60), 2))
        .await
        .unwrap();
    let from = act(&store, deputy(), async |ctx| source(ctx, VersionId(600)).await)
        .await
        .unwrap();
    let made = file(Lang::Ru, from, Format::Fet).await.unwrap();
    assert!(
        made.text
            .contains("1 урок идёт в кабинете, где занимаются несколько классов сразу"),
        "{}",
        made.text
    );
    // into a school that has no such room
    let there = school::staff(20, 4, "deputy");
    let version = act(&store, there.clone(), async |ctx| {
        Ok(import(ctx, made.text.as_bytes()).await?.version)
    })
    .await
    .unwrap();
    let copy = act(&store, there, async |ctx| board(ctx, version).await)
        .await
        .unwrap();
    let room = copy.rooms.iter().find(|r| r.name == "12").unwrap();
    assert_eq!((room.shared_by, room.capacity), (2, Some(60)));
    assert_eq!(copy.room_kinds[room.kind.ix()], "gym");
    let at = |hour: (u16, u16)| {
        let mine = copy
            .cards
            .iter()
            .filter_map(|c| c.place)
            .filter(|p| (p.day, p.slot) == hour);
        let mut rooms: Vec<bool> = mine.map(|p| p.room.is_some()).collect();
        rooms.sort_unstable();
        rooms
    };
    assert_eq!(at((0, 0)), [false, true], "both keep their hour");
}
