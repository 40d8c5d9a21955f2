//! Preferred times, pairs and rooms of a FET file: rows of the school, met by the search, and back into a file that FET itself takes.
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
use std::time::Duration;

use base::{Lang, VersionId};
use school::{act, count, deputy, staff, store};
use sqlx::PgPool;
use study_core::export::Format;
use study_core::export::sql::{file, source};
use study_core::import::Imported;
use study_core::import::sql::{import, must_edit, read};
use study_core::timetable::BoardData;
use study_core::timetable::sql::board;
use timetable::Board;
use timetable::compose::{Budget, Composition, Crew};
use timetable::search::{Ground, Search};

/// Two classes, five days of six hours: mathematics (three lessons each) in the mornings, a lecture and its seminar right after one another, art and craft side by
/// side, PE in its hall and never first (a wish), one teacher who would rather come on Mondays and Tuesdays.
fn text() -> String {
    let hours: Vec<u32> = (1..=6).collect();
    let days = ["Пн", "Вт", "Ср", "Чт", "Пт"];
    let mut activities = String::new();
    let mut apart = String::new();
    let mut id = 0;
    let mut add = |count: u32, teacher: &str, subject: &str, students: &str| -> Vec<u32> {
        let ids: Vec<u32> = (0..count).map(|n| id + 1 + n).collect();
        for own in &ids {
            let group = if count > 1 { ids[0] } else { 0 };
            activities.push_str(&format!(
                "<Activity><Teacher>{teacher}</Teacher><Subject>{subject}</Subject><Students>{students}</Students><Duration>1</Duration>\
                 <Total_Duration>{count}</Total_Duration><Id>{own}</Id><Activity_Group_Id>{group}</Activity_Group_Id><Active>true</Active></Activity>"
            ));
        }
        if count > 1 {
            let all: String = ids
                .iter()
                .map(|own| format!("<Activity_Id>{own}</Activity_Id>"))
                .collect();
            apart.push_str(&format!(
                "<ConstraintMinDaysBetweenActivities><Weight_Percentage>95</Weight_Percentage><Consecutive_If_Same_Day>false</Consecutive_If_Same_Day>\
                 <Number_of_Activities>{count}</Number_of_Activities>{all}<MinDays>1</MinDays><Active>true</Active></ConstraintMinDaysBetweenActivities>"
            ));
        }
        id += count;
        ids
    };
    for class in ["5А", "5Б"] {
        add(3, "Матова Анна Ивановна", "Математика", class);
        add(2, "Бегов Пётр Ильич", "Физкультура", class);
        add(2, "Красова Инна Львовна", "Чтение", class);
    }
    let lecture = add(1, "Лектов Олег Петрович", "Лекция", "5А")[0];
    let seminar = add(1, "Матова Анна Ивановна", "Семинар", "5А")[0];
    let art = add(1, "Красова Инна Львовна", "Рисование", "5Б")[0];
    let craft = add(1, "Лектов Олег Петрович", "Труд", "5Б")[0];
    let slots = |good: &[(usize, u32)]| {
        let one = |(day, hour): &(usize, u32)| {
            format!(
                "<Preferred_Time_Slot><Preferred_Day>{}</Preferred_Day><Preferred_Hour>{hour}</Preferred_Hour></Preferred_Time_Slot>",
                days[*day]
            )
        };
        let all: String = good.iter().map(one).collect();
        format!(
            "<Number_of_Preferred_Time_Slots>{}</Number_of_Preferred_Time_Slots>{all}",
            good.len()
        )
    };
    let times = |weight: u32, teacher: &str, subject: &str, good: &[(usize, u32)]| {
        format!(
            "<ConstraintActivitiesPreferredTimeSlots><Weight_Percentage>{weight}</Weight_Percentage><Teacher_Name>{teacher}</Teacher_Name><Students_Name></Students_Name>\
             <Subject_Name>{subject}</Subject_Name><Activity_Tag_Name></Activity_Tag_Name><Duration></Duration>{}<Active>true</Active></ConstraintActivitiesPreferredTimeSlots>",
            slots(good)
        )
    };
    let grid = |may: &dyn Fn(usize, u32) -> bool| -> Vec<(usize, u32)> {
        let all = (0..days.len()).flat_map(|day| hours.iter().map(move |hour| (day, *hour)));
        all.filter(|(day, hour)| may(*day, *hour)).collect()
    };
    let two = |kind: &str, one: u32, other: u32| {
        format!(
            "<ConstraintTwoActivities{kind}><Weight_Percentage>100</Weight_Percentage><First_Activity_Id>{one}</First_Activity_Id>\
             <Second_Activity_Id>{other}</Second_Activity_Id><Active>true</Active></ConstraintTwoActivities{kind}>"
        )
    };
    let constraints = [
        "<ConstraintBasicCompulsoryTime><Weight_Percentage>100</Weight_Percentage><Active>true</Active></ConstraintBasicCompulsoryTime>".to_owned(),
        apart,
        times(100, "", "Математика", &grid(&|_, hour| hour <= 3)),
        times(60, "", "Физкультура", &grid(&|_, hour| hour > 1)),
        times(80, "Лектов Олег Петрович", "", &grid(&|day, _| day < 2)),
        two("Consecutive", lecture, seminar),
        two("Grouped", art, craft),
    ]
    .concat();
    let named = |element: &str, names: &[&str]| -> String {
        names
            .iter()
            .map(|name| format!("<{element}><Name>{name}</Name></{element}>"))
            .collect()
    };
    let of_hours: Vec<String> = hours.iter().map(u32::to_string).collect();
    let of_hours: Vec<&str> = of_hours.iter().map(String::as_str).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><fet version=\"6.8.5\"><Mode>Official</Mode><Institution_Name>Школа часов</Institution_Name><Comments></Comments>\
         <Days_List><Number_of_Days>5</Number_of_Days>{}</Days_List><Hours_List><Number_of_Hours>6</Number_of_Hours>{}</Hours_List>\
         <Subjects_List>{}</Subjects_List><Activity_Tags_List></Activity_Tags_List><Teachers_List>{}</Teachers_List><Students_List>{}</Students_List>\
         <Activities_List>{activities}</Activities_List><Buildings_List></Buildings_List>\
         <Rooms_List><Room><Name>Зал</Name><Capacity>60</Capacity></Room><Room><Name>101</Name><Capacity>30</Capacity></Room><Room><Name>102</Name><Capacity>30</Capacity></Room></Rooms_List>\
         <Time_Constraints_List>{constraints}</Time_Constraints_List><Space_Constraints_List>\
         <ConstraintBasicCompulsorySpace><Weight_Percentage>100</Weight_Percentage><Active>true</Active></ConstraintBasicCompulsorySpace>\
         <ConstraintSubjectPreferredRoom><Weight_Percentage>100</Weight_Percentage><Subject>Физкультура</Subject><Room>Зал</Room><Active>true</Active></ConstraintSubjectPreferredRoom>\
         </Space_Constraints_List></fet>",
        named("Day", &days),
        named("Hour", &of_hours),
        named(
            "Subject",
            &[
                "Математика",
                "Физкультура",
                "Чтение",
                "Лекция",
                "Семинар",
                "Рисование",
                "Труд"
            ]
        ),
        named(
            "Teacher",
            &[
                "Матова Анна Ивановна",
                "Бегов Пётр Ильич",
                "Красова Инна Львовна",
                "Лектов Олег Петрович"
            ]
        ),
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

async fn data(pool: &PgPool, version: VersionId) -> BoardData {
    let store = store(pool).await;
    act(&store, deputy(), async |ctx| board(ctx, version).await)
        .await
        .unwrap()
}

/// What is painted: whose, and the hours of each weight.
async fn painted(pool: &PgPool, school: i64) -> Vec<(String, String, i64)> {
    sqlx::query_as(
        "select coalesce(s.name, t.name || ' (нагрузка)', p.last_name, ''), u.weight, count(*) from unavailability u
         left join subject s on s.school_id = u.school_id and s.id = u.subject_id
         left join teaching_load l on l.school_id = u.school_id and l.id = u.load_id left join subject t on t.school_id = l.school_id and t.id = l.subject_id
         left join employee e on e.school_id = u.school_id and e.id = u.employee_id left join person p on p.id = e.person_id
         where u.school_id = $1 group by 1, 2 order by 1, 2",
    )
    .bind(school)
    .fetch_all(pool)
    .await
    .unwrap()
}

/// The best timetable of a short search.
fn composed(data: &BoardData) -> Board {
    let board = data.board().unwrap();
    let composition = Composition::new(&board, &[]);
    assert_eq!(composition.impossible(), []);
    let ground = Ground::new(composition.problem());
    let mut crew = Crew::new(&ground, 1, 1, None);
    crew.run(Budget::Work(200_000), &|| Duration::ZERO, &|_: &Search<'_>| true);
    composition.settle(&crew.best().1)
}

/// Day and slot of each lesson of a subject.
fn lies(data: &BoardData, board: &Board, subject: &str) -> Vec<(u16, u16)> {
    let of = |card: &timetable::CardIx| data.subject_of(*card).is_some_and(|s| s.name == subject);
    let cards = board.card_indices().filter(of);
    cards
        .map(|card| board.placement(card).map(|at| (at.day, at.slot)).unwrap())
        .collect()
}

fn has(lines: &[String], part: &str) {
    assert!(lines.iter().any(|l| l.contains(part)), "{part}: {lines:#?}");
}

fn fet_cl(text: &str) -> (bool, String) {
    let folder = std::env::temp_dir().join(format!("parta-import-times.{}", std::process::id()));
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
    (words.contains("Simulation successful"), words)
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn preferred_times_and_pairs_go_through_rows_and_search_back_to_fet(pool: PgPool) {
    let imported = take(&pool, &text(), 10).await;
    let (kept, lost) = (&imported.done.kept, &imported.done.lost);
    let row = |whose: &str, weight: &str, n: i64| (whose.to_owned(), weight.to_owned(), n);
    assert_eq!(
        painted(&pool, 10).await,
        [
            // eighty percent of the dearest wish is nearest to the dearest; sixty to the middle one
            row("Лектов", "very", 18),
            row("Математика", "must", 15),
            row("Физкультура", "rather", 5),
        ]
    );
    has(
        kept,
        "Часы, когда предмет не ставят (предметов: обязательно — 1, желательно — 1)",
    );
    has(
        kept,
        "Часы, в которые учителя лучше не ставить (учителей: очень важно — 1)",
    );
    has(kept, "«Сразу друг за другом» у 1 пары нагрузок (обязательно — 1)");
    has(
        kept,
        "«Рядом в любом порядке» у 1 пары нагрузок (обязательно — 1)",
    );
    has(kept, "«Кабинеты» у 1 предмета или нагрузки (обязательно — 1)");
    assert_eq!(*lost, Vec::<String>::new());
    assert_eq!(
        count(
            &pool,
            "select count(*) from requirement_room where school_id = 10"
        )
        .await,
        1
    );
    // all of it holds in what the search finds
    let data = data(&pool, imported.version).await;
    let board = composed(&data);
    assert_eq!(board.unplaced(), []);
    let clashes = board
        .conflicts()
        .into_iter()
        .filter(|p| p.level == timetable::Level::Clash);
    assert_eq!(clashes.count(), 0);
    assert!(
        lies(&data, &board, "Математика")
            .iter()
            .all(|(_, slot)| *slot < 3)
    );
    assert!(
        lies(&data, &board, "Физкультура")
            .iter()
            .all(|(_, slot)| *slot > 0),
        "nothing speaks against the wish"
    );
    let (lecture, seminar) = (
        lies(&data, &board, "Лекция")[0],
        lies(&data, &board, "Семинар")[0],
    );
    assert_eq!((lecture.0, lecture.1 + 1), seminar);
    let (art, craft) = (
        lies(&data, &board, "Рисование")[0],
        lies(&data, &board, "Труд")[0],
    );
    assert!(
        art.0 == craft.0 && art.1.abs_diff(craft.1) == 1,
        "{art:?} {craft:?}"
    );
    assert!(lies(&data, &board, "Труд")[0].0 < 2, "the teacher's wish");
    // … and goes back into a file that FET itself takes, with all places fixed
    for (card, row) in board.card_indices().zip(&data.cards) {
        let at = board.placement(card).unwrap();
        let room = at.room.map(|room| data.rooms[room.ix()].id.0);
        sqlx::query("update card set day = $2, slot = $3, room_id = $4 where school_id = 10 and id = $1")
            .bind(row.id.0)
            .bind(i16::try_from(at.day).unwrap())
            .bind(i16::try_from(at.slot).unwrap())
            .bind(room)
            .execute(&pool)
            .await
            .unwrap();
    }
    let store = store(&pool).await;
    let from = act(&store, deputy(), async |ctx| source(ctx, imported.version).await)
        .await
        .unwrap();
    let back = file(Lang::Ru, from, Format::Fet).await.unwrap().text;
    for wanted in [
        "ConstraintTwoActivitiesConsecutive",
        "ConstraintTwoActivitiesGrouped",
        "PreferredTimeSlots",
    ] {
        assert!(back.contains(wanted), "{wanted}");
    }
    let (done, words) = fet_cl(&back);
    assert!(done, "{words}");
    // another school that takes it gets the same rows
    take(&pool, &back, 20).await;
    let mut there = painted(&pool, 20).await;
    there.retain(|(whose, ..)| ["Математика", "Физкультура", "Лектов"].contains(&whose.as_str()));
    assert_eq!(there, painted(&pool, 10).await);
    let pairs = "select count(*) from requirement where school_id = 20 and kind in ('loads_next_to', 'loads_right_after') and weight = 'must'";
    assert_eq!(count(&pool, pairs).await, 2);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn hours_that_a_deputy_has_painted_stay_and_the_file_s_are_told(pool: PgPool) {
    take(&pool, &text(), 10).await;
    let events = "select count(*) from audit_event where school_id = 10 and action = 'requirement.hours_saved' and entity = 'subject_hours'";
    assert_eq!(count(&pool, events).await, 2);
    sqlx::query("update unavailability set weight = 'maybe' where school_id = 10 and subject_id = (select id from subject where school_id = 10 and name = 'Физкультура')")
        .execute(&pool)
        .await
        .unwrap();
    let before = painted(&pool, 10).await;
    let again = take(&pool, &text(), 10).await;
    assert_eq!(
        painted(&pool, 10).await,
        before,
        "nothing is overwritten or doubled"
    );
    has(&again.done.lost, "предметов и нагрузок (1) часы");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_is_said_of_single_lessons_is_told_by_name_and_count(pool: PgPool) {
    // what must be of one lesson is held
    let must = "<ConstraintActivityPreferredTimeSlots><Weight_Percentage>100</Weight_Percentage><Activity_Id>1</Activity_Id>\
        <Number_of_Preferred_Time_Slots>1</Number_of_Preferred_Time_Slots><Preferred_Time_Slot><Preferred_Day>Пн</Preferred_Day><Preferred_Hour>1</Preferred_Hour></Preferred_Time_Slot>\
        <Active>true</Active></ConstraintActivityPreferredTimeSlots>";
    let others = "<ConstraintTeachersMaxAfternoonsPerWeek><Weight_Percentage>100</Weight_Percentage><Max_Afternoons_Per_Week>2</Max_Afternoons_Per_Week></ConstraintTeachersMaxAfternoonsPerWeek>\
        <ConstraintTeacherMaxDaysPerWeek><Weight_Percentage>100</Weight_Percentage><Teacher_Name>Бегов Пётр Ильич</Teacher_Name><Max_Days_Per_Week>3</Max_Days_Per_Week><Active>false</Active></ConstraintTeacherMaxDaysPerWeek>";
    let text = text().replace(
        "</Time_Constraints_List>",
        &format!("{must}{others}</Time_Constraints_List>"),
    );
    let done = take(&pool, &text, 10).await.done;
    has(&done.kept, "1 обязательное правило об отдельных уроках");
    let lost = done.lost;
    has(
        &lost,
        "Пределы утренних и дневных занятий: 1 (ConstraintTeachersMaxAfternoonsPerWeek",
    );
    has(&lost, "Выключенные в файле правила: 1");
    assert_eq!(lost.len(), 2, "{lost:#?}");
}
