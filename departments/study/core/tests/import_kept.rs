//! Rules of a FET file that no requirement says: kept with the draft and its copies, told to who may edit, written back; and rules of lessons
//! and days that are rows.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod school;

use std::process::Command;

use base::{AppError, Lang, VersionId};
use school::{act, count, deputy, mother, staff, store};
use sqlx::PgPool;
use study_core::export::Format;
use study_core::export::sql::{file, look, source};
use study_core::import::Imported;
use study_core::import::keeping::LeftOut;
use study_core::import::sql::{import, kept, must_edit, read};
use study_core::timetable::board::DraftSource;

fn said(kind: &str, fields: &str) -> String {
    format!(
        "<{kind}>\n<Weight_Percentage>100</Weight_Percentage>\n{fields}\n<Active>true</Active>\n<Comments></Comments>\n</{kind}>\n"
    )
}

/// Two classes and two teachers, five days of five hours, three lessons of each with each; nothing lies anywhere.
fn text() -> String {
    let teachers = ["Матова Анна Ивановна", "Бегов Пётр Ильич"];
    let (mut activities, mut id) = (String::new(), 0);
    for (teacher, subject) in teachers.iter().zip(["Математика", "Физкультура"]) {
        for class in ["5А", "5Б"] {
            for _ in 0..3 {
                id += 1;
                activities.push_str(&format!(
                    "<Activity><Teacher>{teacher}</Teacher><Subject>{subject}</Subject><Students>{class}</Students><Duration>1</Duration>\
                     <Total_Duration>1</Total_Duration><Id>{id}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>\n"
                ));
            }
        }
    }
    let time = [
        said("ConstraintBasicCompulsoryTime", ""),
        // rows of the school
        said(
            "ConstraintStudentsMinHoursDaily",
            "<Minimum_Hours_Daily>2</Minimum_Hours_Daily><Allow_Empty_Days>true</Allow_Empty_Days>",
        ),
        said(
            "ConstraintTeacherMinDaysPerWeek",
            "<Teacher_Name>Матова Анна Ивановна</Teacher_Name><Minimum_Days_Per_Week>2</Minimum_Days_Per_Week>",
        ),
        // no rows of ours, and heeded all the same
        said(
            "ConstraintTeacherIntervalMaxDaysPerWeek",
            "<Teacher_Name>Бегов Пётр Ильич</Teacher_Name><Interval_Start_Hour>4</Interval_Start_Hour>\
             <Interval_End_Hour></Interval_End_Hour><Max_Days_Per_Week>1</Max_Days_Per_Week>",
        ),
        said("ConstraintActivityEndsStudentsDay", "<Activity_Id>7</Activity_Id>"),
        said(
            "ConstraintStudentsSetMaxHoursContinuously",
            "<Maximum_Hours_Continuously>4</Maximum_Hours_Continuously><Students>5Б</Students>",
        ),
    ]
    .concat();
    let space = [
        said("ConstraintBasicCompulsorySpace", ""),
        said(
            "ConstraintTeacherHomeRoom",
            "<Teacher>Бегов Пётр Ильич</Teacher><Room>Зал</Room>",
        ),
        // neither rows nor heeded
        said(
            "ConstraintTeacherMinGapsBetweenBuildingChanges",
            "<Teacher>Матова Анна Ивановна</Teacher><Min_Gaps_Between_Building_Changes>1</Min_Gaps_Between_Building_Changes>",
        ),
        said(
            "ConstraintTeachersMaxBuildingChangesPerWeek",
            "<Max_Building_Changes_Per_Week>3</Max_Building_Changes_Per_Week>",
        ),
    ]
    .concat();
    let named = |element: &str, names: &[&str]| -> String {
        names
            .iter()
            .map(|name| format!("<{element}><Name>{name}</Name></{element}>"))
            .collect()
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<fet version=\"6.8.5\"><Mode>Official</Mode><Institution_Name>Школа правил</Institution_Name><Comments></Comments>\
         <Days_List><Number_of_Days>5</Number_of_Days>{}</Days_List><Hours_List><Number_of_Hours>5</Number_of_Hours>{}</Hours_List>\
         <Subjects_List>{}</Subjects_List><Activity_Tags_List></Activity_Tags_List><Teachers_List>{}</Teachers_List><Students_List>{}</Students_List>\
         <Activities_List>\n{activities}</Activities_List><Buildings_List></Buildings_List>\
         <Rooms_List><Room><Name>Зал</Name><Capacity>60</Capacity></Room><Room><Name>101</Name><Capacity>30</Capacity></Room></Rooms_List>\
         <Time_Constraints_List>\n{time}</Time_Constraints_List><Space_Constraints_List>\n{space}</Space_Constraints_List></fet>",
        named("Day", &["Пн", "Вт", "Ср", "Чт", "Пт"]),
        named("Hour", &["1", "2", "3", "4", "5"]),
        named("Subject", &["Математика", "Физкультура"]),
        named("Teacher", &teachers),
        named("Year", &["5А", "5Б"]),
    )
}

async fn take(pool: &PgPool, text: &str, school: i64) -> Imported {
    let store = store(pool).await;
    let who = if school == 10 {
        deputy()
    } else {
        staff(20, 4, "deputy")
    };
    act(&store, who, async |ctx| {
        must_edit(ctx)?;
        let draft = read(ctx.lang(), text.as_bytes().to_vec()).await?;
        Box::pin(import(ctx, &draft)).await
    })
    .await
    .unwrap()
}

async fn exported(pool: &PgPool, version: VersionId) -> (String, Vec<String>) {
    let store = store(pool).await;
    let from = act(&store, deputy(), async |ctx| source(ctx, version).await)
        .await
        .unwrap();
    let told = look(Lang::Ru, from.clone()).await.unwrap();
    let fet = told.offers.into_iter().find(|o| o.format == Format::Fet).unwrap();
    (file(Lang::Ru, from, Format::Fet).await.unwrap().text, fet.left)
}

async fn left_out(pool: &PgPool, version: VersionId) -> LeftOut {
    let store = store(pool).await;
    act(&store, deputy(), async |ctx| kept(ctx, version).await)
        .await
        .unwrap()
}

fn times(text: &str, kind: &str) -> usize {
    text.matches(&format!("<{kind}>")).count()
}

/// Whether FET finds a timetable, or at least looks for one.
fn fet_takes(text: &str) -> bool {
    let folder = std::env::temp_dir().join(format!("parta-import-kept.{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("school.fet");
    std::fs::write(&file, text).unwrap();
    let run = Command::new("timeout")
        .args(["60", "fet-cl"])
        .arg(format!("--inputfile={}", file.display()))
        .arg(format!("--outputdir={}", folder.display()))
        .args(["--timelimitseconds=30", "--htmllevel=0"])
        .output()
        .expect("`./parta setup` installs fet-cl");
    std::fs::remove_dir_all(&folder).unwrap();
    let words = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    words.contains("Simulation successful")
}

const KEPT: [&str; 5] = [
    "ConstraintTeacherIntervalMaxDaysPerWeek",
    "ConstraintActivityEndsStudentsDay",
    "ConstraintStudentsSetMaxHoursContinuously",
    "ConstraintTeacherMinGapsBetweenBuildingChanges",
    "ConstraintTeachersMaxBuildingChangesPerWeek",
];

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_no_row_says_is_kept_told_and_written_back(pool: PgPool) {
    let imported = take(&pool, &text(), 10).await;
    let told = left_out(&pool, imported.version).await;
    // what no row says and closes cells all the same is not among them
    assert_eq!((told.must, told.lines.len()), (2, 2), "{told:?}");
    let rows: Vec<(String, Option<i32>, String)> =
        sqlx::query_as("select kind, value, weight from requirement where school_id = 10 order by kind, id")
            .fetch_all(&pool)
            .await
            .unwrap();
    let rows: Vec<_> = rows
        .iter()
        .map(|(k, v, w)| (k.as_str(), *v, w.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            ("class_lessons_at_least", Some(2), "must"),
            ("class_lessons_at_least", Some(2), "must"),
            ("rooms", None, "must"),
            ("teacher_days_at_least", Some(2), "must"),
        ]
    );
    let (text, left) = exported(&pool, imported.version).await;
    for kind in KEPT {
        assert_eq!(times(&text, kind), 1, "{kind}");
    }
    assert_eq!(
        times(&text, "ConstraintStudentsSetMinHoursDaily"),
        2,
        "one for each class"
    );
    assert_eq!(times(&text, "ConstraintTeacherMinDaysPerWeek"), 1);
    assert!(!left.iter().any(|l| l.contains("исходного файла")), "{left:#?}");
    assert!(fet_takes(&text), "{text}");
    // the file that was written says the same again, to another school
    let again = take(&pool, &text, 20).await;
    assert_eq!(
        (again.done.cards, again.done.lost.len()),
        (imported.done.cards, imported.done.lost.len())
    );
    assert_eq!(count(&pool, "select count(*) from kept_rules").await, 2);
}

/// What a file says of all lessons of a load is a row, and is written again.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn lessons_that_are_never_at_once_and_those_that_end_the_day_are_rows(pool: PgPool) {
    // maths of the one class and physical education of the other; the latter end the day
    let ids = [1, 2, 3, 10, 11, 12].map(|id| format!("<Activity_Id>{id}</Activity_Id>"));
    let apart = said(
        "ConstraintActivitiesNotOverlapping",
        &format!("<Number_of_Activities>6</Number_of_Activities>{}", ids.concat()),
    );
    let ends = [10, 11, 12].map(|id| {
        let id = format!("<Activity_Id>{id}</Activity_Id>");
        said("ConstraintActivityEndsStudentsDay", &id)
    });
    let whole = text().replace(
        "<Time_Constraints_List>\n",
        &format!("<Time_Constraints_List>\n{apart}{}", ends.concat()),
    );
    let rows = async |school: i64| {
        let rows: Vec<(String, bool, bool, String)> = sqlx::query_as(
            "select kind, load_id is not null, other_load_id is not null, weight from requirement
             where school_id = $1 and kind in ('loads_apart', 'subject_ends_day') order by kind",
        )
        .bind(school)
        .fetch_all(&pool)
        .await
        .unwrap();
        rows
    };
    let wanted = [
        ("loads_apart".to_owned(), true, true, "must".to_owned()),
        ("subject_ends_day".to_owned(), true, false, "must".to_owned()),
    ];
    let imported = take(&pool, &whole, 10).await;
    assert_eq!(rows(10).await, wanted);
    let told = left_out(&pool, imported.version).await;
    assert_eq!(told.must, 2, "the others of the file: {told:?}");
    let (text, _) = exported(&pool, imported.version).await;
    assert_eq!(
        times(&text, "ConstraintActivitiesNotOverlapping"),
        9,
        "each with each"
    );
    assert_eq!(times(&text, "ConstraintActivityEndsStudentsDay"), 4);
    assert!(fet_takes(&text), "{text}");
    take(&pool, &text, 20).await;
    assert_eq!(rows(20).await, wanted);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn names_are_those_of_today_and_what_is_gone_stays_behind(pool: PgPool) {
    let imported = take(&pool, &text(), 10).await;
    sqlx::raw_sql(
        "update class set name = '6Б' where school_id = 10 and name = '5Б';
         update person set last_name = 'Бегунов' where last_name = 'Бегов';
         delete from card where school_id = 10 and activity = 7;",
    )
    .execute(&pool)
    .await
    .unwrap();
    let (text, left) = exported(&pool, imported.version).await;
    assert!(text.contains("<Teacher_Name>Бегунов Пётр Ильич</Teacher_Name>"));
    assert!(text.contains("<Students>6Б</Students>"));
    assert_eq!(times(&text, "ConstraintActivityEndsStudentsDay"), 0);
    assert!(
        left.iter()
            .any(|l| l.contains("ConstraintActivityEndsStudentsDay") && l.contains("больше нет")),
        "{left:#?}"
    );
    assert!(fet_takes(&text), "{text}");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_rule_that_the_places_break_is_written_out_of_force(pool: PgPool) {
    let imported = take(&pool, &text(), 10).await;
    // the lesson that ends the day lies first; the other rules hold
    sqlx::raw_sql(
        "update card set day = 0, slot = 0 where school_id = 10 and activity = 7;
         update card set day = 0, slot = 1 where school_id = 10 and activity = 1;",
    )
    .execute(&pool)
    .await
    .unwrap();
    let (text, left) = exported(&pool, imported.version).await;
    assert!(left.iter().any(|l| l.contains("выключен")), "{left:#?}");
    let of = |kind: &str| {
        let rest = text.split_once(&format!("<{kind}>")).unwrap().1;
        rest.split_once(&format!("</{kind}>")).unwrap().0.to_owned()
    };
    assert!(of(KEPT[0]).contains("<Active>true"));
    assert!(of(KEPT[1]).contains("<Active>false"));
    assert!(fet_takes(&text), "{text}");
    // it comes back as a rule of the file
    let again = take(&pool, &text, 20).await;
    assert_eq!(again.done.lost.len(), imported.done.lost.len());
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_copy_has_them_too_and_with_the_last_version_they_go(pool: PgPool) {
    let imported = take(&pool, &text(), 10).await;
    let store = store(&pool).await;
    let copy = act(&store, deputy(), async |ctx| {
        study_core::timetable::sql::create_draft(ctx, DraftSource::Copy(imported.version), "Ещё один")
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap();
    let told = left_out(&pool, copy).await;
    assert_eq!(told, left_out(&pool, imported.version).await);
    assert_eq!(
        exported(&pool, copy).await.1,
        exported(&pool, imported.version).await.1
    );
    for version in [imported.version, copy] {
        assert_eq!(count(&pool, "select count(*) from kept_rules").await, 1);
        act(&store, deputy(), async |ctx| {
            study_core::timetable::sql::delete_draft(ctx, version).await
        })
        .await
        .unwrap();
    }
    assert_eq!(count(&pool, "select count(*) from kept_rules").await, 0);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn only_who_may_edit_hears_of_them(pool: PgPool) {
    let imported = take(&pool, &text(), 10).await;
    let store = store(&pool).await;
    let ask = async |who| act(&store, who, async |ctx| kept(ctx, imported.version).await).await;
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
        Ok(sqlx::query_scalar::<_, i64>("select count(*) from kept_rules")
            .fetch_one(ctx.db())
            .await?)
    })
    .await
    .unwrap();
    assert_eq!(seen, 0, "the wall of the database");
}
