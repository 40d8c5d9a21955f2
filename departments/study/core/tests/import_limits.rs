//! Limits of a FET file become requirements of the school, and leave alone what a deputy director has entered.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod school;

use base::rights::Actor;
use base::sql::Ctx;
use base::{Lang, PersonId};
use school::{deputy, now, store};
use sqlx::PgPool;
use study_core::import::Preview;
use study_core::import::sql;

const LIMITS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
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
<Time_Constraints_List>
<ConstraintTeacherMaxDaysPerWeek><Weight_Percentage>100</Weight_Percentage><Teacher_Name>Новый А.Б.</Teacher_Name><Max_Days_Per_Week>3</Max_Days_Per_Week><Active>true</Active></ConstraintTeacherMaxDaysPerWeek>
<ConstraintTeachersMaxGapsPerWeek><Weight_Percentage>95</Weight_Percentage><Max_Gaps>2</Max_Gaps></ConstraintTeachersMaxGapsPerWeek>
<ConstraintTeachersMaxHoursDaily><Weight_Percentage>100</Weight_Percentage><Maximum_Hours_Daily>6</Maximum_Hours_Daily></ConstraintTeachersMaxHoursDaily>
<ConstraintTeacherMinHoursDaily><Weight_Percentage>100</Weight_Percentage><Teacher>Новый А.Б.</Teacher><Minimum_Hours_Daily>2</Minimum_Hours_Daily><Allow_Empty_Days>true</Allow_Empty_Days></ConstraintTeacherMinHoursDaily>
<ConstraintTeacherMaxHoursContinuously><Weight_Percentage>30</Weight_Percentage><Teacher>Новый А.Б.</Teacher><Maximum_Hours_Continuously>4</Maximum_Hours_Continuously></ConstraintTeacherMaxHoursContinuously>
<ConstraintStudentsSetMaxHoursDaily><Weight_Percentage>100</Weight_Percentage><Students>7А</Students><Maximum_Hours_Daily>6</Maximum_Hours_Daily></ConstraintStudentsSetMaxHoursDaily>
<ConstraintStudentsMaxGapsPerWeek><Weight_Percentage>100</Weight_Percentage><Max_Gaps>0</Max_Gaps></ConstraintStudentsMaxGapsPerWeek>
<ConstraintStudentsMinHoursDaily><Weight_Percentage>100</Weight_Percentage><Minimum_Hours_Daily>4</Minimum_Hours_Daily><Allow_Empty_Days>true</Allow_Empty_Days></ConstraintStudentsMinHoursDaily>
</Time_Constraints_List>
</fet>"#;

async fn import(pool: &PgPool, actor: Actor) -> Preview {
    import_text(pool, actor, LIMITS).await
}

async fn import_text(pool: &PgPool, actor: Actor, text: &str) -> Preview {
    let store = store(pool).await;
    let draft = sql::read(Lang::Ru, text.as_bytes().to_vec()).await.unwrap();
    let mut ctx: Ctx = store.begin(actor, now(), Lang::Ru).await.unwrap();
    let outcome = Box::pin(sql::import(&mut ctx, &draft)).await;
    ctx.close(outcome).await.unwrap().done
}

/// Kind, whose, figure, weight.
type Row = (String, String, Option<i32>, String);

async fn rows(pool: &PgPool) -> Vec<Row> {
    sqlx::query_as(
        "select r.kind, coalesce(p.last_name, c.name, ''), r.value, r.weight from requirement r
         left join employee e on e.school_id = r.school_id and e.id = r.employee_id left join person p on p.id = e.person_id
         left join class c on c.school_id = r.school_id and c.id = r.class_id
         where r.school_id = 10 order by r.kind, 2",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn saved(pool: &PgPool) -> i64 {
    sqlx::query_scalar(
        "select count(*) from audit_event a join requirement r on r.school_id = a.school_id and r.id::text = a.entity_key
         where a.school_id = 10 and a.entity = 'requirement' and a.action = 'requirement.saved'
           and a.new ->> 'kind' = r.kind",
    )
    .fetch_one(pool)
    .await
    .unwrap()
}

fn row(kind: &str, whose: &str, value: i32, weight: &str) -> Row {
    (kind.into(), whose.into(), Some(value), weight.into())
}

fn has(lines: &[String], part: &str) {
    assert!(lines.iter().any(|l| l.contains(part)), "{part}: {lines:?}");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn limits_become_rows_and_a_second_import_leaves_an_edited_one_alone(pool: PgPool) {
    let told = import(&pool, deputy()).await;
    let all = [
        row("class_lessons_a_day", "7А", 6, "must"),
        row("teacher_days_a_week", "Новый", 3, "must"),
        row("teacher_lessons_a_day", "Новый", 6, "must"),
        row("teacher_lessons_a_day", "Учителева", 6, "must"),
        row("teacher_lessons_at_least", "Новый", 2, "must"),
        row("teacher_lessons_in_a_row", "Новый", 4, "rather"),
        row("teacher_windows_a_week", "Новый", 2, "very"),
        row("teacher_windows_a_week", "Учителева", 2, "very"),
    ];
    let found = rows(&pool).await;
    for wanted in &all {
        assert!(found.contains(wanted), "{wanted:?} of {found:?}");
    }
    let windows = found.iter().filter(|r| r.0 == "class_windows_a_day");
    assert!(
        windows.clone().count() > 0 && windows.clone().all(|r| r.2 == Some(0)),
        "no gaps of pupils"
    );
    let least = found
        .iter()
        .filter(|r| r.0.starts_with("class_") && r.0.ends_with("_at_least"));
    assert!(least.clone().count() > 0, "fewest lessons of pupils");
    assert_eq!(found.len(), all.len() + windows.count() + least.count());
    assert_eq!(
        saved(&pool).await,
        i64::try_from(found.len()).unwrap(),
        "an event each"
    );
    has(
        &told.kept,
        "«Уроков в день — не больше» у 2 учителей (обязательно — 2)",
    );
    has(
        &told.kept,
        "«Уроков в рабочий день — не меньше» у 1 учителя (обязательно — 1)",
    );
    assert!(told.lost.is_empty(), "{:?}", told.lost);

    sqlx::query("update requirement set value = 4, weight = 'rather' where school_id = 10 and kind = 'teacher_days_a_week'")
        .execute(&pool)
        .await
        .unwrap();
    let edited = rows(&pool).await;
    let told = import(&pool, deputy()).await;
    assert_eq!(rows(&pool).await, edited, "nothing is overwritten or doubled");
    assert_eq!(saved(&pool).await, i64::try_from(found.len()).unwrap());
    has(&told.lost, "1 требование файла отличается");
    assert!(
        !told.kept.iter().any(|l| l.contains("Рабочих дней")),
        "{:?}",
        told.kept
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn the_operator_at_the_terminal_is_no_person(pool: PgPool) {
    let operator = Actor {
        person: PersonId(0),
        ..deputy()
    };
    import(&pool, operator).await;
    let by_somebody: i64 = sqlx::query_scalar(
        "select count(*) from requirement where school_id = 10 and changed_by is not null",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert!(!rows(&pool).await.is_empty() && by_somebody == 0);
}

/// The file with more activities (number, teacher, subject) of 7А and constraints about them.
fn with(activities: &[(u32, &str, &str)], constraints: &[String]) -> String {
    let subjects = "<Subject><Name>Лекция</Name></Subject><Subject><Name>Семинар</Name></Subject>";
    let activity = |(id, teacher, subject): &(u32, &str, &str)| {
        format!(
            "<Activity><Teacher>{teacher}</Teacher><Subject>{subject}</Subject><Students>7А</Students>\
             <Duration>1</Duration><Id>{id}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>"
        )
    };
    let more: String = activities.iter().map(activity).collect();
    LIMITS
        .replace("</Subjects_List>", &format!("{subjects}</Subjects_List>"))
        .replace("</Activities_List>", &format!("{more}</Activities_List>"))
        .replace(
            "<Time_Constraints_List>",
            &format!("<Time_Constraints_List>\n{}", constraints.join("\n")),
        )
}

fn at_once(weight: u32, ids: [u32; 2]) -> String {
    let ids = ids.map(|id| format!("<Activity_Id>{id}</Activity_Id>")).concat();
    format!(
        "<ConstraintActivitiesSameStartingTime><Weight_Percentage>{weight}</Weight_Percentage>\
         <Number_of_Activities>2</Number_of_Activities>{ids}</ConstraintActivitiesSameStartingTime>"
    )
}

fn two(kind: &str, weight: u32, [first, second]: [u32; 2]) -> String {
    format!(
        "<ConstraintTwoActivities{kind}><Weight_Percentage>{weight}</Weight_Percentage><First_Activity_Id>{first}</First_Activity_Id>\
         <Second_Activity_Id>{second}</Second_Activity_Id></ConstraintTwoActivities{kind}>"
    )
}

/// Mathematics has one lesson, the lecture one, each seminar two.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn lessons_that_belong_together_become_rows_of_two_loads(pool: PgPool) {
    let anna = "Учителева Анна Ивановна";
    let activities = [
        (2, anna, "Лекция"),
        (3, anna, "Семинар"),
        (4, anna, "Семинар"),
        (5, "Новый А.Б.", "Семинар"),
        (6, "Новый А.Б.", "Семинар"),
    ];
    let constraints = [
        at_once(100, [1, 2]),
        two("Consecutive", 95, [2, 3]),
        two("Ordered", 50, [1, 5]),
        // one of two lessons: no row says so, it is held lesson by lesson
        at_once(100, [4, 6]),
        two("Grouped", 100, [1, 2]),
    ];
    let text = with(&activities, &constraints);
    let told = import_text(&pool, deputy(), &text).await;
    let pairs = async || {
        let mut rows = rows(&pool).await;
        rows.retain(|row| row.0.starts_with("loads_"));
        rows
    };
    let row = |kind: &str, weight: &str| (kind.to_owned(), String::new(), None, weight.to_owned());
    let wanted = [
        row("loads_in_order", "rather"),
        row("loads_next_to", "must"),
        row("loads_right_after", "very"),
        row("loads_together", "must"),
    ];
    assert_eq!(pairs().await, wanted);
    let subjects: Vec<(String, String)> = sqlx::query_as(
        "select one.name, two.name from requirement r
         join teaching_load l on l.school_id = r.school_id and l.id = r.load_id
         join subject one on one.school_id = l.school_id and one.id = l.subject_id
         join teaching_load m on m.school_id = r.school_id and m.id = r.other_load_id
         join subject two on two.school_id = m.school_id and two.id = m.subject_id
         where r.school_id = 10 and r.kind = 'loads_right_after'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(subjects, [("Лекция".to_owned(), "Семинар".to_owned())]);
    has(
        &told.kept,
        "«Сразу друг за другом» у 1 пары нагрузок (очень важно — 1)",
    );
    has(&told.kept, "1 обязательное правило об отдельных уроках");
    has(
        &told.kept,
        "«Рядом в любом порядке» у 1 пары нагрузок (обязательно — 1)",
    );
    let all = rows(&pool).await.len();
    assert_eq!(saved(&pool).await, i64::try_from(all).unwrap(), "an event each");
    // a second time nothing is doubled, and what a deputy has changed stays
    sqlx::query("update requirement set weight = 'maybe' where school_id = 10 and kind = 'loads_in_order'")
        .execute(&pool)
        .await
        .unwrap();
    let told = import_text(&pool, deputy(), &text).await;
    assert_eq!(pairs().await[0], row("loads_in_order", "maybe"));
    assert_eq!(pairs().await.len(), 4);
    has(&told.lost, "1 требование файла отличается");
}

/// A file does not say what is no lesson of the curriculum; the name of a new subject does, once.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_new_subject_is_extracurricular_by_its_name_until_the_school_says_otherwise(pool: PgPool) {
    let file = LIMITS
        .replace("<Subjects_List>", "<Subjects_List><Subject><Name>Разговоры о важном</Name></Subject>")
        .replace(
            "</Activities_List>",
            "<Activity><Teacher>Новый А.Б.</Teacher><Subject>Разговоры о важном</Subject><Students>7А</Students><Duration>1</Duration>\
             <Id>2</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity></Activities_List>",
        );
    let told = import_text(&pool, deputy(), &file).await;
    has(
        &told.kept,
        "как внеурочное занятие и в норму часов не входит: Разговоры о важном",
    );
    let marked = || async {
        sqlx::query_scalar::<_, String>(
            "select s.name from requirement r join subject s on s.school_id = r.school_id and s.id = r.subject_id
             where r.school_id = 10 and r.kind = 'extracurricular'",
        )
        .fetch_all(&pool)
        .await
        .unwrap()
    };
    assert_eq!(marked().await, ["Разговоры о важном"]);
    sqlx::query("delete from requirement where school_id = 10 and kind = 'extracurricular'")
        .execute(&pool)
        .await
        .unwrap();
    let again = import_text(&pool, deputy(), &file).await;
    assert!(
        !again.kept.iter().any(|line| line.contains("внеурочн")),
        "{again:?}"
    );
    assert_eq!(
        marked().await,
        Vec::<String>::new(),
        "what the school took back stays taken back"
    );
}
