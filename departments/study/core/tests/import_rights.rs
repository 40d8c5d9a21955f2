//! An import changes what a timetable is made of: it takes the right to, leaves alone the hours that the school has, and writes down
//! each that it adds.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod school;

use base::rights::{Action, Actor, Grant, Kind, Reach};
use base::sql::Store;
use base::{AppError, Lang, VersionId};
use school::{act, count, deputy, staff, store};
use sqlx::PgPool;
use study_core::import::{Imported, Preview, sql};
use study_core::timetable::sql::{board, versions};

/// Two teachers, a class and a room, all of whom the school may know; each has hours at which they are away.
const FILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.0.0">
<Institution_Name>Лицей</Institution_Name>
<Days_List><Number_of_Days>5</Number_of_Days><Day><Name>Пн</Name></Day><Day><Name>Вт</Name></Day><Day><Name>Ср</Name></Day><Day><Name>Чт</Name></Day><Day><Name>Пт</Name></Day></Days_List>
<Hours_List><Number_of_Hours>7</Number_of_Hours><Hour><Name>1</Name></Hour><Hour><Name>2</Name></Hour><Hour><Name>3</Name></Hour><Hour><Name>4</Name></Hour><Hour><Name>5</Name></Hour><Hour><Name>6</Name></Hour><Hour><Name>7</Name></Hour></Hours_List>
<Subjects_List><Subject><Name>Математика</Name></Subject></Subjects_List>
<Teachers_List><Teacher><Name>Учителева Анна Ивановна</Name></Teacher><Teacher><Name>Новый А.Б.</Name></Teacher></Teachers_List>
<Students_List><Year><Name>7А</Name><Number_of_Students>25</Number_of_Students></Year></Students_List>
<Activities_List>
<Activity><Teacher>Новый А.Б.</Teacher><Subject>Математика</Subject><Students>7А</Students><Duration>1</Duration><Id>1</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>
</Activities_List>
<Rooms_List><Room><Name>12</Name><Building></Building><Capacity>30</Capacity></Room></Rooms_List>
<Time_Constraints_List>
<ConstraintTeacherNotAvailableTimes><Weight_Percentage>100</Weight_Percentage><Teacher>Учителева Анна Ивановна</Teacher><Number_of_Not_Available_Times>2</Number_of_Not_Available_Times><Not_Available_Time><Day>Пн</Day><Hour>1</Hour></Not_Available_Time><Not_Available_Time><Day>Вт</Day><Hour>1</Hour></Not_Available_Time><Active>true</Active></ConstraintTeacherNotAvailableTimes>
<ConstraintTeacherNotAvailableTimes><Weight_Percentage>100</Weight_Percentage><Teacher>Новый А.Б.</Teacher><Number_of_Not_Available_Times>1</Number_of_Not_Available_Times><Not_Available_Time><Day>Ср</Day><Hour>2</Hour></Not_Available_Time><Active>true</Active></ConstraintTeacherNotAvailableTimes>
<ConstraintStudentsSetNotAvailableTimes><Weight_Percentage>100</Weight_Percentage><Students>7А</Students><Number_of_Not_Available_Times>1</Number_of_Not_Available_Times><Not_Available_Time><Day>Пт</Day><Hour>7</Hour></Not_Available_Time><Active>true</Active></ConstraintStudentsSetNotAvailableTimes>
</Time_Constraints_List>
<Space_Constraints_List>
<ConstraintRoomNotAvailableTimes><Weight_Percentage>100</Weight_Percentage><Room>12</Room><Number_of_Not_Available_Times>1</Number_of_Not_Available_Times><Not_Available_Time><Day>Чт</Day><Hour>3</Hour></Not_Available_Time><Active>true</Active></ConstraintRoomNotAvailableTimes>
</Space_Constraints_List>
</fet>"#;

const HOURS: &str = "select count(*) from unavailability where school_id = 10";

async fn preview(store: &Store, who: Actor) -> Result<Preview, AppError> {
    let draft = sql::read(Lang::Ru, FILE.as_bytes().to_vec()).await.unwrap();
    act(store, who, async |ctx| sql::preview(ctx, &draft).await).await
}

async fn import(store: &Store, who: Actor) -> Result<Imported, AppError> {
    let draft = sql::read(Lang::Ru, FILE.as_bytes().to_vec()).await.unwrap();
    act(store, who, async |ctx| Box::pin(sql::import(ctx, &draft)).await).await
}

/// Whose hours, which, and with which weight.
async fn hours(pool: &PgPool) -> Vec<(String, i16, i16, String)> {
    sqlx::query_as(
        "select coalesce(p.last_name, c.name, r.name), u.day, u.slot, u.weight from unavailability u
         left join employee e on e.school_id = u.school_id and e.id = u.employee_id left join person p on p.id = e.person_id
         left join class c on c.school_id = u.school_id and c.id = u.class_id
         left join room r on r.school_id = u.school_id and r.id = u.room_id
         where u.school_id = 10 order by coalesce(p.last_name, c.name, r.name) collate \"C\", u.day, u.slot",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

/// Things with an event about their hours, and the cells that it names.
async fn told(pool: &PgPool) -> Vec<(String, serde_json::Value)> {
    sqlx::query_as(
        "select entity, new from audit_event where school_id = 10 and action = 'requirement.hours_saved' order by entity, id",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

fn cell(whose: &str, day: i16, slot: i16, weight: &str) -> (String, i16, i16, String) {
    (whose.to_owned(), day, slot, weight.to_owned())
}

/// An administrator may change the data of the school, and not its timetable: neither hours nor home rooms nor a draft come in by a file.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn an_import_takes_the_right_to_change_the_timetable(pool: PgPool) {
    let store = store(&pool).await;
    let before = hours(&pool).await;
    let audit = count(&pool, "select count(*) from audit_event").await;
    let administrator = || staff(10, 3, "administrator");
    let grants = administrator().grants;
    let holds = |kind| grants.iter().any(|g| g.kind == kind && g.action == Action::Edit);
    assert!(holds(Kind::SchoolData) && !holds(Kind::Timetable));
    assert_eq!(preview(&store, administrator()).await, Err(AppError::Forbidden));
    assert_eq!(import(&store, administrator()).await, Err(AppError::Forbidden));
    let list = act(&store, administrator(), async |ctx| versions(ctx).await).await;
    assert!(!list.unwrap().may_import, "nor is the way there shown");
    // the other right alone is not enough either
    let mut half = deputy();
    half.grants.retain(|g| g.kind != Kind::SchoolData);
    assert!(half.grants.contains(&Grant {
        kind: Kind::Timetable,
        action: Action::Edit,
        reach: Reach::School
    }));
    assert!(import(&store, half).await.is_err());
    assert_eq!(hours(&pool).await, before);
    assert_eq!(count(&pool, "select count(*) from audit_event").await, audit);
    let list = act(&store, deputy(), async |ctx| versions(ctx).await).await;
    assert!(list.unwrap().may_import);
    import(&store, deputy()).await.unwrap();
}

/// Who has hours in the school keeps them, and it is said; who has none gets the file's, with an event each; a second time adds none.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn hours_that_the_school_has_are_left_alone(pool: PgPool) {
    let store = store(&pool).await;
    sqlx::query("delete from unavailability where school_id = 10")
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query(
        "insert into unavailability (school_id, year_id, employee_id, day, slot, weight)
         select 10, 5, e.id, 4, 6, 'rather' from employee e join person p on p.id = e.person_id
         where e.school_id = 10 and p.last_name = 'Учителева'",
    )
    .execute(&pool)
    .await
    .unwrap();
    let has = cell("Учителева", 4, 6, "rather");
    assert_eq!(hours(&pool).await, std::slice::from_ref(&has));
    let in_force = async || {
        let data = act(&store, deputy(), async |ctx| board(ctx, VersionId(600)).await);
        data.await.unwrap().board().unwrap().conflicts().len()
    };
    let remarks = in_force().await;
    let said = |told: &Preview, part: &str| {
        let lines = told.lost.iter().chain(&told.kept).chain(&told.warnings);
        lines.filter(|line| line.contains(part)).count()
    };
    let first = preview(&store, deputy()).await.unwrap();
    assert_eq!(said(&first, "(1) часы в школе уже заданы"), 1, "{:?}", first.lost);
    assert_eq!(
        said(
            &first,
            "часы: у учителей — 1, у классов — 1, у подгрупп — 0, у кабинетов — 1."
        ),
        1,
        "the hours that stay out are not counted as taken over: {:?}",
        first.kept
    );
    assert_eq!(
        said(&first, "которые в школе уже есть (2)"),
        1,
        "{:?}",
        first.warnings
    );
    assert_eq!(count(&pool, HOURS).await, 1, "a preview writes nothing");
    let done = import(&store, deputy()).await.unwrap();
    assert_eq!(done.done, first, "what was promised is what was done");
    let all = [
        cell("12", 3, 2, "must"),
        cell("7А", 4, 6, "must"),
        cell("Новый", 2, 1, "must"),
        has,
    ];
    assert_eq!(hours(&pool).await, all);
    let events = told(&pool).await;
    let of = |entity: &str| events.iter().filter(|(of, _)| of == entity).collect::<Vec<_>>();
    assert_eq!(
        (
            events.len(),
            of("employee_hours").len(),
            of("class_hours").len(),
            of("room_hours").len()
        ),
        (3, 1, 1, 1)
    );
    let (_, room) = of("room_hours")[0];
    assert_eq!(room[0]["day"], 3);
    assert_eq!(
        (&room[0]["slot"], &room[0]["weight"]),
        (&2.into(), &"must".into())
    );
    assert_eq!(
        in_force().await,
        remarks,
        "of the teacher in force nothing has changed"
    );
    // the same once more: all of it is there
    let again = import(&store, deputy()).await.unwrap();
    assert_eq!(
        said(&again.done, "которые в школе уже есть"),
        0,
        "{:?}",
        again.done.warnings
    );
    assert_eq!(hours(&pool).await, all);
    assert_eq!(told(&pool).await.len(), 3);
}
