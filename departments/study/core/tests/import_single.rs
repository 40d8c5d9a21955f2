//! What a FET file requires of single lessons closes cells here, lesson by lesson: judged, composed, copied, written back, switched off.
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
use school::{act, count, deputy, store};
use sqlx::PgPool;
use study_core::export::Format;
use study_core::export::sql::{file, source};
use study_core::import::Preview;
use study_core::import::sql::{import, kept, must_edit, preview, read};
use study_core::timetable::BoardData;
use study_core::timetable::board::DraftSource;
use study_core::timetable::sql::{board, create_draft};
use study_core::timetable::words::full;
use timetable::compose::{Composition, Demand};
use timetable::{Board, CardIx, Level, Reason};

fn said(kind: &str, weight: &str, fields: &str) -> String {
    format!(
        "<{kind}>\n<Weight_Percentage>{weight}</Weight_Percentage>\n{fields}\n<Active>true</Active>\n<Comments></Comments>\n</{kind}>\n"
    )
}

fn ids(all: &[u32]) -> String {
    let each = all.iter().map(|id| format!("<Activity_Id>{id}</Activity_Id>"));
    format!(
        "<Number_of_Activities>{}</Number_of_Activities>{}",
        all.len(),
        each.collect::<String>()
    )
}

const TEACHERS: [&str; 3] = ["Матова Анна Ивановна", "Бегов Пётр Ильич", "Языкова Вера Львовна"];

/// One class and three teachers, five days of five hours, three lessons of each teacher: 1 to 3, 4 to 6, 7 to 9. The last takes two hours.
fn text(rules: &[String]) -> String {
    let mut activities = String::new();
    for id in 1..=9usize {
        let of = (id - 1) / 3;
        let subject = ["Математика", "Физкультура", "Язык"][of];
        let duration = if id == 9 { 2 } else { 1 };
        activities.push_str(&format!(
            "<Activity><Teacher>{}</Teacher><Subject>{subject}</Subject><Students>5Я</Students><Duration>{duration}</Duration>\
             <Total_Duration>{duration}</Total_Duration><Id>{id}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>\n",
            TEACHERS[of]
        ));
    }
    let named = |element: &str, names: &[&str]| -> String {
        let each = names
            .iter()
            .map(|name| format!("<{element}><Name>{name}</Name></{element}>"));
        each.collect()
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<fet version=\"6.8.5\"><Mode>Official</Mode><Institution_Name>Школа уроков</Institution_Name><Comments></Comments>\
         <Days_List><Number_of_Days>5</Number_of_Days>{}</Days_List><Hours_List><Number_of_Hours>5</Number_of_Hours>{}</Hours_List>\
         <Subjects_List>{}</Subjects_List><Activity_Tags_List></Activity_Tags_List><Teachers_List>{}</Teachers_List><Students_List>{}</Students_List>\
         <Activities_List>\n{activities}</Activities_List><Buildings_List></Buildings_List><Rooms_List></Rooms_List>\
         <Time_Constraints_List>\n{}{}</Time_Constraints_List><Space_Constraints_List>\n{}</Space_Constraints_List></fet>",
        named("Day", &["Пн", "Вт", "Ср", "Чт", "Пт"]),
        named("Hour", &["1", "2", "3", "4", "5"]),
        named("Subject", &["Математика", "Физкультура", "Язык"]),
        named("Teacher", &TEACHERS),
        named("Year", &["5Я"]),
        said("ConstraintBasicCompulsoryTime", "100", ""),
        rules.concat(),
        said("ConstraintBasicCompulsorySpace", "100", ""),
    )
}

fn starts(id: u32, times: &[(&str, &str)]) -> String {
    let each = times.iter().map(|(day, hour)| {
        format!(
            "<Preferred_Starting_Time><Preferred_Starting_Day>{day}</Preferred_Starting_Day>\
             <Preferred_Starting_Hour>{hour}</Preferred_Starting_Hour></Preferred_Starting_Time>"
        )
    });
    let fields = format!(
        "<Activity_Id>{id}</Activity_Id><Number_of_Preferred_Starting_Times>{}</Number_of_Preferred_Starting_Times>{}",
        times.len(),
        each.collect::<String>()
    );
    said("ConstraintActivityPreferredStartingTimes", "100", &fields)
}

/// Of each kind one.
fn rules() -> Vec<String> {
    vec![
        said("ConstraintActivitiesSameStartingHour", "100", &ids(&[1, 4])),
        said("ConstraintActivitiesSameStartingDay", "100", &ids(&[2, 7])),
        said(
            "ConstraintMaxDaysBetweenActivities",
            "100",
            &format!("{}<MaxDays>1</MaxDays>", ids(&[1, 2, 5])),
        ),
        said(
            "ConstraintMinGapsBetweenActivities",
            "100",
            &format!("{}<MinGaps>1</MinGaps>", ids(&[3, 6])),
        ),
        said(
            "ConstraintActivityEndsStudentsDay",
            "100",
            "<Activity_Id>8</Activity_Id>",
        ),
        starts(9, &[("Пн", "1"), ("Пн", "3"), ("Ср", "2")]),
        starts(3, &[("Чт", "2"), ("Пт", "2")]),
        // a wish is told as before
        said("ConstraintActivitiesSameStartingDay", "90", &ids(&[3, 8])),
    ]
}

async fn taken(pool: &PgPool, text: &str) -> VersionId {
    let store = store(pool).await;
    act(&store, deputy(), async |ctx| {
        must_edit(ctx)?;
        let draft = read(ctx.lang(), text.as_bytes().to_vec()).await?;
        Ok(Box::pin(import(ctx, &draft)).await?.version)
    })
    .await
    .unwrap()
}

async fn told(pool: &PgPool, text: &str) -> Preview {
    let store = store(pool).await;
    act(&store, deputy(), async |ctx| {
        let draft = read(ctx.lang(), text.as_bytes().to_vec()).await?;
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

/// Why an activity may not begin on a day with an hour, both from 0.
fn closed(board: &Board, card: CardIx, at: (u16, u16)) -> Vec<Reason> {
    let verdict = board.judge(card, at.0, at.1, None);
    match verdict.level {
        Level::Clash => verdict.reasons,
        _ => vec![],
    }
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_must_be_of_single_lessons_closes_cells(pool: PgPool) {
    let version = taken(&pool, &text(&rules())).await;
    let data = load(&pool, version).await;
    let of = cards(&pool, &data).await;
    let card = |activity: usize| of[activity - 1];
    let mut lying = data.board().unwrap();
    for (activity, day, slot) in [(1, 0, 1), (2, 1, 0), (3, 3, 1), (8, 4, 2)] {
        lying.place(card(activity), day, slot, None).unwrap();
    }
    let cases = [
        (4, (2, 2), Some(Reason::NotSameHour { card: card(1) })),
        (4, (2, 1), None),
        (
            7,
            (2, 0),
            Some(Reason::TooManyDays {
                card: card(2),
                most: 0,
            }),
        ),
        (7, (1, 3), None),
        (
            5,
            (2, 0),
            Some(Reason::TooManyDays {
                card: card(1),
                most: 1,
            }),
        ),
        (5, (1, 3), None),
        (
            6,
            (3, 2),
            Some(Reason::TooLittleBetween {
                card: card(3),
                least: 1,
            }),
        ),
        (6, (3, 3), None),
        (
            6,
            (4, 3),
            Some(Reason::NotLast {
                card: card(8),
                last: false,
            }),
        ),
        (6, (4, 1), None),
        (9, (0, 2), None),
        (9, (2, 1), None),
        (
            9,
            (2, 2),
            Some(Reason::CardStart {
                card: card(9),
                slot: 2,
            }),
        ),
    ];
    for (activity, at, reason) in cases {
        let found = closed(&lying, card(activity), at);
        assert_eq!(
            found,
            reason.into_iter().collect::<Vec<_>>(),
            "{activity} at {at:?}"
        );
        for reason in found {
            let words = full(Lang::Ru, &data, &reason);
            // what a row of the school can say has the words of the row
            let of_a_row = matches!(reason, Reason::NotLast { .. });
            assert_eq!(words.contains("файла"), !of_a_row, "{words}");
        }
    }
    // hours of one lesson of a load: the others may lie anywhere
    let away = closed(&lying, card(3), (0, 4));
    assert!(matches!(away[..], [Reason::CardAway { .. }]), "{away:?}");
    assert!(
        full(Lang::Ru, &data, &away[0]).contains("Чт"),
        "{}",
        full(Lang::Ru, &data, &away[0])
    );
    assert_eq!(closed(&data.board().unwrap(), card(2), (0, 4)), []);
    // the search must keep to all of it, and finds a timetable
    let free = data.board().unwrap();
    let composition = Composition::new(&free, &[]);
    assert!(composition.contradictions(5, 10_000_000).is_empty());
    let required = |kind: &str| {
        let all = composition.problem().constraints.iter();
        all.filter(|c| c.required && c.rule.kind() == kind).count()
    };
    assert_eq!(
        required("RelateEvents"),
        6,
        "the three lessons within a day are two of them"
    );
    // only the wish is left out
    let store = store(&pool).await;
    let left = act(&store, deputy(), async |ctx| kept(ctx, version).await)
        .await
        .unwrap();
    assert_eq!((left.must, left.lines.len()), (0, 1), "{left:?}");
    assert!(left.lines[0].contains("SameStartingDay"), "{left:?}");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn they_are_copied_written_back_once_and_switched_off(pool: PgPool) {
    let text = text(&rules());
    let before = told(&pool, &text).await;
    assert!(
        before
            .kept
            .iter()
            .any(|l| l.starts_with("7 обязательных правил об отдельных")),
        "{before:?}"
    );
    assert_eq!(
        before.lost.iter().filter(|l| l.contains("Constraint")).count(),
        1,
        "{before:?}"
    );
    let version = taken(&pool, &text).await;
    let store = store(&pool).await;
    let copy = act(&store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Copy(version), "Копия")
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap();
    let data = load(&pool, copy).await;
    let hard = |data: &BoardData| data.spec().ties.iter().filter(|tie| tie.hard).count();
    assert_eq!(hard(&data), 6, "{:?}", data.single);
    let from = act(&store, deputy(), async |ctx| source(ctx, copy).await)
        .await
        .unwrap();
    let written = file(Lang::Ru, from, Format::Fet).await.unwrap().text;
    for kind in [
        "ActivitiesSameStartingHour",
        "MaxDaysBetweenActivities",
        "MinGapsBetweenActivities",
        "ActivityEndsStudentsDay",
    ] {
        let open = format!("<Constraint{kind}>");
        assert_eq!(written.matches(&open).count(), 1, "{kind}: {written}");
    }
    assert_eq!(
        written
            .matches("<ConstraintActivityPreferredStartingTimes>")
            .count(),
        2
    );
    // a lesson that is gone is asked nothing, the others still are
    sqlx::query("delete from card where version_id = $1 and activity = 2")
        .bind(copy.0)
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(hard(&load(&pool, copy).await), 4);
    // the school counts none of it: neither the page nor the next preview says otherwise
    sqlx::query(
        "insert into requirement (school_id, kind, weight, changed_at) values (10, 'file_lessons', 'off', now())",
    )
    .execute(&pool)
    .await
    .unwrap();
    let data = load(&pool, version).await;
    assert_eq!(hard(&data), 0);
    assert!(
        data.spec()
            .cards
            .iter()
            .all(|c| c.away.is_empty() && c.no_start.is_empty())
    );
    let left = act(&store, deputy(), async |ctx| kept(ctx, version).await)
        .await
        .unwrap();
    assert_eq!((left.must, left.lines.len()), (7, 6), "{left:?}");
    let after = told(&pool, &text).await;
    assert!(
        after.kept.iter().all(|l| !l.contains("об отдельных уроках")),
        "{after:?}"
    );
    assert_eq!(
        after.lost.iter().filter(|l| l.contains("Constraint")).count(),
        6,
        "{after:?}"
    );
    assert_eq!(
        count(&pool, "select count(*) from kept_rules where single is not null").await,
        1
    );
}

/// Two lessons on one day, of which one may lie on Monday only and the other on Tuesday: proved, with the rule among what to loosen.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn rules_of_single_lessons_collide(pool: PgPool) {
    let rules = [
        said("ConstraintActivitiesSameStartingDay", "100", &ids(&[2, 7])),
        starts(2, &[("Пн", "1"), ("Пн", "2")]),
        starts(7, &[("Вт", "1"), ("Вт", "2")]),
    ];
    let data = load(&pool, taken(&pool, &text(&rules)).await).await;
    let of = cards(&pool, &data).await;
    let found = Composition::new(&data.board().unwrap(), &[]).contradictions(5, 10_000_000);
    let tied = Demand::Tied(of[1], of[6]);
    assert!(
        found
            .iter()
            .any(|c| c.proved && c.demands.contains(&tied) && c.loosen.contains(&tied)),
        "{found:?}"
    );
}
