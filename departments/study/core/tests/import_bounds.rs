//! Most hours and days that a FET file requires of lessons, teachers and classes close cells here: judged, composed, copied, written back,
//! switched off.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod school;

use base::{Lang, VersionId};
use school::{act, deputy, store};
use sqlx::PgPool;
use study_core::compose::{Keep, words};
use study_core::export::Format;
use study_core::export::sql::{file, source};
use study_core::import::Preview;
use study_core::import::sql::{import, kept, must_edit, preview, read};
use study_core::timetable::BoardData;
use study_core::timetable::bars::closed;
use study_core::timetable::board::DraftSource;
use study_core::timetable::sql::{board, create_draft};
use study_core::timetable::words::full;
use timetable::compose::{Composition, Demand};
use timetable::why::Bar;
use timetable::{BoundOf, CardIx, Level, Reason, TeacherIx};

fn said(kind: &str, weight: &str, fields: &str) -> String {
    format!(
        "<{kind}><Weight_Percentage>{weight}</Weight_Percentage>{fields}<Active>true</Active><Comments></Comments></{kind}>\n"
    )
}

const TEACHERS: [&str; 3] = ["Матова Анна Ивановна", "Бегов Пётр Ильич", "Языкова Вера Львовна"];

/// One class and three teachers, five days of five hours, three lessons of each teacher: 1 to 3, 4 to 6, 7 to 9. The first of each has
/// a tag.
fn text() -> String {
    let mut activities = String::new();
    for id in 1..=9usize {
        let of = (id - 1) / 3;
        let subject = ["Математика", "Физкультура", "Язык"][of];
        let tag = if id % 3 == 1 {
            "<Activity_Tag>Опыт</Activity_Tag>"
        } else {
            ""
        };
        activities.push_str(&format!(
            "<Activity><Teacher>{}</Teacher><Subject>{subject}</Subject>{tag}<Students>5Я</Students><Duration>1</Duration>\
             <Total_Duration>1</Total_Duration><Id>{id}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>\n",
            TEACHERS[of]
        ));
    }
    let named = |element: &str, names: &[&str]| -> String {
        let each = names
            .iter()
            .map(|name| format!("<{element}><Name>{name}</Name></{element}>"));
        each.collect()
    };
    let ids: String = [1, 4, 7]
        .map(|id| format!("<Activity_Id>{id}</Activity_Id>"))
        .concat();
    let slots: String = ["Пн", "Вт", "Ср"]
        .map(|day| format!("<Selected_Time_Slot><Selected_Day>{day}</Selected_Day><Selected_Hour>1</Selected_Hour></Selected_Time_Slot>"))
        .concat();
    let late = |teacher: &str| {
        format!(
            "<Teacher>{teacher}</Teacher><Interval_Start_Hour>4</Interval_Start_Hour><Interval_End_Hour></Interval_End_Hour>\
             <Max_Days_Per_Week>1</Max_Days_Per_Week>"
        )
    };
    let rules = [
        said(
            "ConstraintActivitiesOccupyMaxTimeSlotsFromSelection",
            "100",
            &format!(
                "<Number_of_Activities>3</Number_of_Activities>{ids}<Number_of_Selected_Time_Slots>3</Number_of_Selected_Time_Slots>{slots}\
                 <Max_Number_of_Occupied_Time_Slots>1</Max_Number_of_Occupied_Time_Slots>"
            ),
        ),
        said(
            "ConstraintTeacherIntervalMaxDaysPerWeek",
            "100",
            &late(TEACHERS[0]),
        ),
        said(
            "ConstraintStudentsSetMinRestingHours",
            "100",
            "<Minimum_Resting_Hours>2</Minimum_Resting_Hours><Students>5Я</Students><Circular>false</Circular>",
        ),
        said(
            "ConstraintStudentsActivityTagMaxHoursDaily",
            "100",
            "<Activity_Tag>Опыт</Activity_Tag><Maximum_Hours_Daily>1</Maximum_Hours_Daily>",
        ),
        // a wish is told as before
        said(
            "ConstraintTeacherIntervalMaxDaysPerWeek",
            "90",
            &late(TEACHERS[1]),
        ),
    ];
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<fet version=\"6.8.5\"><Mode>Official</Mode><Institution_Name>Школа пределов</Institution_Name><Comments></Comments>\
         <Days_List><Number_of_Days>5</Number_of_Days>{}</Days_List><Hours_List><Number_of_Hours>5</Number_of_Hours>{}</Hours_List>\
         <Subjects_List>{}</Subjects_List><Activity_Tags_List>{}</Activity_Tags_List><Teachers_List>{}</Teachers_List><Students_List>{}</Students_List>\
         <Activities_List>\n{activities}</Activities_List><Buildings_List></Buildings_List><Rooms_List></Rooms_List>\
         <Time_Constraints_List>\n{}{}</Time_Constraints_List><Space_Constraints_List>\n{}</Space_Constraints_List></fet>",
        named("Day", &["Пн", "Вт", "Ср", "Чт", "Пт"]),
        named("Hour", &["1", "2", "3", "4", "5"]),
        named("Subject", &["Математика", "Физкультура", "Язык"]),
        named("Activity_Tag", &["Опыт"]),
        named("Teacher", &TEACHERS),
        named("Year", &["5Я"]),
        said("ConstraintBasicCompulsoryTime", "100", ""),
        rules.concat(),
        said("ConstraintBasicCompulsorySpace", "100", ""),
    )
}

async fn taken(pool: &PgPool) -> VersionId {
    let store = store(pool).await;
    act(&store, deputy(), async |ctx| {
        must_edit(ctx)?;
        let draft = read(ctx.lang(), text().into_bytes()).await?;
        Ok(Box::pin(import(ctx, &draft)).await?.version)
    })
    .await
    .unwrap()
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

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn most_hours_and_days_close_cells(pool: PgPool) {
    let data = load(&pool, taken(&pool).await).await;
    let of = cards(&pool, &data).await;
    let card = |activity: usize| of[activity - 1];
    let mut lying = data.board().unwrap();
    for (activity, day, slot) in [(1, 0, 0), (2, 0, 3)] {
        lying.place(card(activity), day, slot, None).unwrap();
    }
    let cases = [
        // of three hours one is taken already
        (4, (2, 0), Some((0, "Вт 1; Ср 1"))),
        (4, (3, 0), None),
        // late on a second day; other teachers may, and the same day once more
        (3, (3, 4), Some((1, "дней с уроками в часы 4–5 не больше 1"))),
        (3, (0, 4), None),
        (9, (3, 4), None),
        // after the fourth hour two are free until the next day
        (5, (1, 0), Some((2, "5Я: от последнего урока"))),
        (5, (1, 1), None),
        // two experiments on a day
        (
            7,
            (0, 2),
            Some((
                3,
                "Математика, 5Я; Физкультура, 5Я; Язык, 5Я: уроков в день не больше 1",
            )),
        ),
        (8, (0, 2), None),
    ];
    for (activity, at, expected) in cases {
        let verdict = lying.judge(card(activity), at.0, at.1, None);
        let found: Vec<u32> = verdict
            .reasons
            .iter()
            .filter_map(|reason| match reason {
                Reason::Bound { bound, .. } => Some(*bound),
                _ => None,
            })
            .collect();
        let bound = expected.map(|(bound, _)| bound);
        assert_eq!(
            found,
            bound.into_iter().collect::<Vec<_>>(),
            "{activity} at {at:?}"
        );
        assert_eq!(verdict.level == Level::Clash, expected.is_some(), "{verdict:?}");
        for (reason, (bound, rule)) in verdict.reasons.iter().zip(expected) {
            for words in [
                full(Lang::Ru, &data, reason),
                closed(Lang::Ru, &data, Bar::of(reason).unwrap()),
                words::demand(Lang::Ru, &data, &Keep::default(), Demand::Bound(bound)),
            ] {
                assert!(words.contains("файла") && words.contains(rule), "{words}");
            }
        }
    }
    // the review tells it of whom it is about
    lying.place(card(3), 3, 4, None).unwrap();
    let clashes = lying.conflicts();
    let clashes: Vec<_> = clashes.iter().filter(|p| p.level == Level::Clash).collect();
    let [clash] = clashes.as_slice() else {
        panic!("{clashes:?}");
    };
    assert!(
        matches!(clash.reason, Reason::Bound { bound: 1, .. }),
        "{clash:?}"
    );
    let teacher = data
        .teachers
        .iter()
        .position(|t| t.name.starts_with("Матова"))
        .unwrap();
    let teacher = TeacherIx(u32::try_from(teacher).unwrap());
    let whose = timetable::unmet::whose(&lying, clash);
    assert_eq!(whose, Some(timetable::unmet::Whose::Teacher(teacher)));
    // a lesson that the teacher gets later counts, too: the rule names her
    assert_eq!(data.spec().bounds[1].of, BoundOf::Teacher(teacher));
    // the search must keep to all of it
    let composition = Composition::new(&data.board().unwrap(), &[]);
    assert!(composition.contradictions(5, 10_000_000).is_empty());
    let required = |kind: &str| {
        let all = composition.problem().constraints.iter();
        let of_bounds = all.filter(|c| c.label.name.contains("bounds"));
        of_bounds.filter(|c| c.required && c.rule.kind() == kind).count()
    };
    // days, and two hours after which one or two others may not begin on each of four nights
    assert_eq!(
        (required("ClusterBusyTimes"), required("LimitBusyTimes")),
        (1 + 2 * 4, 2)
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn they_are_copied_written_back_once_and_switched_off(pool: PgPool) {
    let before = told(&pool).await;
    let has = |lines: &[String]| {
        lines
            .iter()
            .any(|l| l.starts_with("4 обязательных правила об отдельных"))
    };
    assert!(has(&before.kept), "{before:?}");
    let lost = |told: &Preview| told.lost.iter().filter(|l| l.contains("Constraint")).count();
    assert_eq!(lost(&before), 1, "{before:?}");
    let version = taken(&pool).await;
    let store = store(&pool).await;
    let copy = act(&store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Copy(version), "Копия")
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap();
    assert_eq!(load(&pool, copy).await.spec().bounds.len(), 4);
    // a name of today
    sqlx::query("update person set first_name = 'Инна' where last_name = 'Матова'")
        .execute(&pool)
        .await
        .unwrap();
    let from = act(&store, deputy(), async |ctx| source(ctx, copy).await)
        .await
        .unwrap();
    let written = file(Lang::Ru, from, Format::Fet).await.unwrap().text;
    for (kind, times) in [
        ("ActivitiesOccupyMaxTimeSlotsFromSelection", 1),
        ("TeacherIntervalMaxDaysPerWeek", 2),
        ("StudentsSetMinRestingHours", 1),
        ("StudentsActivityTagMaxHoursDaily", 1),
    ] {
        let open = format!("<Constraint{kind}>");
        assert_eq!(written.matches(&open).count(), times, "{kind}: {written}");
    }
    assert!(written.contains("Матова Инна Ивановна</Teacher>"), "{written}");
    // and means the same when it is read again
    let again = timetable::fet::import(written.as_bytes()).unwrap();
    let rules = study_core::import::single::single(&again).rules.bounds;
    assert_eq!(rules.len(), 4, "{rules:?}");
    // lessons that are gone are asked nothing, the others still are
    sqlx::query("delete from card where version_id = $1 and activity in (1, 4, 7)")
        .bind(copy.0)
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(load(&pool, copy).await.spec().bounds.len(), 2);
    sqlx::query(
        "insert into requirement (school_id, kind, weight, changed_at) values (10, 'file_lessons', 'off', now())",
    )
    .execute(&pool)
    .await
    .unwrap();
    assert_eq!(load(&pool, version).await.spec().bounds, []);
    let left = act(&store, deputy(), async |ctx| kept(ctx, version).await)
        .await
        .unwrap();
    assert_eq!((left.must, left.lines.len()), (4, 4), "{left:?}");
    let after = told(&pool).await;
    assert!(
        after.kept.iter().all(|l| !l.contains("об отдельных уроках")),
        "{after:?}"
    );
    assert_eq!(lost(&after), 4, "{after:?}");
}
