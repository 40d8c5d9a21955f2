//! Every file of Debian's `fet-data` becomes a school, or is refused with its line and leaves nothing behind.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod importing;
mod school;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use base::rights::{Actor, template};
use base::{AppError, Lang};
use importing::{import, preview, rows};
use school::{deputy, now, staff, store};
use sqlx::PgPool;
use study_core::import::sql;
use study_core::import::{Counted, LARGEST_FILE};
use study_core::requirement::{Target, Weight};
use study_core::timetable::BoardData;
use study_core::timetable::board::DraftSource;
use study_core::timetable::sql::{board, create_draft};
use study_core::timetable::words;
use timetable::CardIx;

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|e| e == "fet") {
            into.push(path);
        }
    }
}

async fn found(pool: &PgPool, id: i64) {
    sqlx::query("insert into organisation (id, parent_id, kind, name, short_name, path) values ($1, 2, 'school', $2, $2, array[1, 2, $1])")
        .bind(id)
        .bind(format!("Школа {id}"))
        .execute(pool)
        .await
        .unwrap();
    sqlx::query("insert into school_person (school_id, person_id) values ($1, 1)")
        .bind(id)
        .execute(pool)
        .await
        .unwrap();
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn every_real_file_imports_or_is_refused_with_its_line(pool: PgPool) {
    let mut all = vec![];
    files(Path::new("/usr/share/fet"), &mut all);
    files(Path::new("/usr/share/doc/fet-data"), &mut all);
    all.sort();
    assert!(all.len() > 200, "install fet-data: {} files found", all.len());
    let store = store(&pool).await;
    let (mut imported, mut refused, mut placed, mut pairs) = (0, 0, 0, 0);
    for (n, path) in all.iter().enumerate() {
        let id = 1000 + i64::try_from(n).unwrap();
        found(&pool, id).await;
        let bytes = std::fs::read(path).unwrap();
        let mut ctx = store
            .begin(staff(id, 1, "deputy"), now(), Lang::Ru)
            .await
            .unwrap();
        let outcome = Box::pin(import(&mut ctx, &bytes)).await;
        match ctx.close(outcome).await {
            Ok(done) => {
                let mut ctx = store
                    .begin(staff(id, 1, "deputy"), now(), Lang::Ru)
                    .await
                    .unwrap();
                let outcome = Box::pin(board(&mut ctx, done.version)).await;
                let data = ctx.close(outcome).await.unwrap();
                assert_eq!(
                    data.cards.len(),
                    usize::try_from(done.done.cards).unwrap(),
                    "{}",
                    path.display()
                );
                let on_board = data.cards.iter().filter(|c| c.place.is_some()).count();
                assert_eq!(
                    on_board,
                    usize::try_from(done.done.placed).unwrap(),
                    "{}",
                    path.display()
                );
                assert!(data.board().is_ok(), "{}: opens in the editor", path.display());
                assert_eq!(kept(&data), wanted(&bytes), "{}", path.display());
                imported += 1;
                placed += on_board;
                pairs += kept(&data).3;
            }
            Err(AppError::Invalid { fields }) => {
                let words = &fields[0].message;
                assert!(words.contains("Строка"), "{}: {words}", path.display());
                assert!(
                    rows(&pool, id).await.iter().all(|n| *n == 0),
                    "{}: half-written",
                    path.display()
                );
                refused += 1;
                println!("refused {}: {words}", path.display());
            }
            Err(other) => panic!("{}: {other:?}", path.display()),
        }
    }
    println!("{imported} imported with {placed} placed cards and {pairs} pairs of loads, {refused} refused");
    assert!(imported > 200 && pairs > 500);
}

/// Hours away of teachers, classes, subgroups and rooms; locked cards; cards that are to be spread; loads that belong together.
type Kept = ([usize; 4], usize, usize, usize);

/// What the database gave back.
fn kept(data: &BoardData) -> Kept {
    let away = [
        data.teachers.iter().map(|t| t.away.len()).sum(),
        data.classes.iter().map(|c| c.away.len()).sum(),
        data.groups.iter().map(|g| g.away.len()).sum(),
        data.rooms.iter().map(|r| r.away.len()).sum(),
    ];
    let locked = data.cards.iter().filter(|c| c.locked).count();
    let pair = |r: &&study_core::requirement::Requirement| matches!(r.terms.target, Target::Pair(..));
    (
        away,
        locked,
        data.cards.iter().map(|c| c.all_series().count()).sum(),
        data.requirements.iter().filter(pair).count(),
    )
}

/// What the file says: breaks are nobody's hours, so all classes are away then. And who has lessons at certain hours only is away at the others.
fn wanted(bytes: &[u8]) -> Kept {
    use study_core::import::times::Whose;
    let draft = timetable::fet::import(bytes).unwrap();
    let painted = study_core::import::times::times(&draft).painted;
    let hours = |whose: Whose, away: &timetable::TimeSet| {
        let mut all: BTreeSet<(u16, u16)> = away.iter().collect();
        if matches!(whose, Whose::Class(_)) {
            all.extend(draft.breaks.iter());
        }
        let must = painted.get(&whose).into_iter().flat_map(|hours| hours.cells());
        all.extend(must.filter(|cell| cell.weight == Weight::Must).map(|cell| {
            (
                u16::try_from(cell.day).unwrap(),
                u16::try_from(cell.slot).unwrap(),
            )
        }));
        all.len()
    };
    // only teachers with a load are the editor's
    let teaches = |n: usize| draft.loads.iter().any(|l| l.teachers.iter().any(|t| t.ix() == n));
    let teachers = draft.teachers.iter().enumerate().filter(|(n, _)| teaches(*n));
    let away = [
        teachers.map(|(n, t)| hours(Whose::Teacher(n), &t.away)).sum(),
        draft
            .classes
            .iter()
            .enumerate()
            .map(|(n, c)| hours(Whose::Class(n), &c.away))
            .sum(),
        draft
            .groups
            .iter()
            .enumerate()
            .map(|(n, g)| hours(Whose::Group(n), &g.away))
            .sum(),
        draft
            .rooms
            .iter()
            .enumerate()
            .map(|(n, r)| hours(Whose::Room(n), &r.away))
            .sum(),
    ];
    let locked = draft.card_list().filter(|(_, _, c)| c.locked).count();
    let spread = study_core::import::kept::spread(&draft);
    let pairs = study_core::import::pairs::pairs(&draft);
    (
        away,
        locked,
        spread.of_card.iter().map(Vec::len).sum(),
        pairs.asked.len(),
    )
}

const TINY: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.0.0">
<Institution_Name>Лицей</Institution_Name>
<Comments></Comments>
<Days_List><Number_of_Days>2</Number_of_Days><Day><Name>Пн</Name></Day><Day><Name>Вт</Name></Day></Days_List>
<Hours_List><Number_of_Hours>3</Number_of_Hours><Hour><Name>1</Name></Hour><Hour><Name>2</Name></Hour><Hour><Name>3</Name></Hour></Hours_List>
<Subjects_List><Subject><Name>Математика</Name></Subject><Subject><Name>Физика</Name></Subject></Subjects_List>
<Activity_Tags_List></Activity_Tags_List>
<Teachers_List><Teacher><Name>Учителева Анна Ивановна</Name></Teacher><Teacher><Name>Новый А.Б.</Name></Teacher></Teachers_List>
<Students_List><Year><Name>7А</Name><Number_of_Students>25</Number_of_Students></Year></Students_List>
<Activities_List>
<Activity><Teacher>Учителева Анна Ивановна</Teacher><Subject>Математика</Subject><Students>7А</Students><Duration>1</Duration><Total_Duration>1</Total_Duration><Id>1</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>
<Activity><Teacher>Новый А.Б.</Teacher><Subject>Физика</Subject><Students>7А</Students><Duration>2</Duration><Total_Duration>2</Total_Duration><Id>2</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>
</Activities_List>
<Buildings_List></Buildings_List>
<Rooms_List><Room><Name>12</Name><Building></Building><Capacity>30</Capacity></Room></Rooms_List>
<Time_Constraints_List>
<ConstraintActivityPreferredStartingTime><Weight_Percentage>100</Weight_Percentage><Activity_Id>2</Activity_Id><Preferred_Day>Вт</Preferred_Day><Preferred_Hour>1</Preferred_Hour><Permanently_Locked>true</Permanently_Locked><Active>true</Active></ConstraintActivityPreferredStartingTime>
</Time_Constraints_List>
<Space_Constraints_List></Space_Constraints_List>
</fet>"#;

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_the_school_has_is_recognised_and_a_second_import_adds_only_a_draft(pool: PgPool) {
    let store = store(&pool).await;
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = preview(&mut ctx, TINY.as_bytes()).await;
    let told = ctx.close(outcome).await.unwrap();
    let known = |what| {
        told.counts
            .iter()
            .find(|c| c.what == what)
            .map(|c| (c.total, c.known))
            .unwrap()
    };
    assert_eq!(known(Counted::Classes), (1, 1), "7А is there");
    assert_eq!(known(Counted::Subjects), (2, 1));
    assert_eq!(known(Counted::Teachers), (2, 1));
    assert_eq!(known(Counted::Rooms), (1, 1));
    assert_eq!(
        known(Counted::Loads),
        (2, 1),
        "maths of 7А by the same teacher is the load that exists"
    );
    let before = rows(&pool, 10).await;
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = import(&mut ctx, TINY.as_bytes()).await;
    let first = ctx.close(outcome).await.unwrap();
    let between = rows(&pool, 10).await;
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = import(&mut ctx, TINY.as_bytes()).await;
    let second = ctx.close(outcome).await.unwrap();
    let after = rows(&pool, 10).await;
    assert_ne!(first.version, second.version);
    assert_eq!(
        (between[0] - before[0], after[0] - between[0]),
        (1, 0),
        "subjects"
    );
    assert_eq!((between[5] - before[5], after[5] - between[5]), (1, 0), "loads");
    assert_eq!((between[6] - before[6], after[6] - between[6]), (2, 2), "cards");
    assert_eq!(
        (between[11] - before[11], after[11] - between[11]),
        (5, 1),
        "audit: the import each time; once the new teacher, the appointment, and the positions of director and secretary"
    );
    // who got which rights is written down, and no other appointment or position was made
    let made: Vec<(String, serde_json::Value)> = sqlx::query_as(
        "select action, new from audit_event where school_id = 10 and actor_id = 1
           and action in ('appointment.created', 'position.created') order by action, id",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let actions: Vec<&str> = made.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(
        actions,
        ["appointment.created", "position.created", "position.created"]
    );
    let appointed = &made[0].1;
    let held: i64 = sqlx::query_scalar(
        "select count(*) from appointment a join employee e on e.school_id = a.school_id and e.id = a.employee_id
         where a.school_id = 10 and e.person_id = $1 and a.position_id = $2 and a.valid_from = $3::date",
    )
    .bind(appointed["person"].as_i64())
    .bind(appointed["position"].as_i64())
    .bind(appointed["valid_from"].as_str())
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(held, 1, "{appointed}");
    for (_, position) in &made[1..] {
        let key = position["template"].as_str().unwrap();
        assert!(["director", "secretary"].contains(&key), "{position}");
        let grants = template(key).unwrap().grants.len();
        assert_eq!(position["grants"].as_array().unwrap().len(), grants, "{position}");
    }
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn hostile_and_broken_files_are_refused_with_line_and_reason_in_the_persons_language(pool: PgPool) {
    let store = store(&pool).await;
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY b \"&lol;&lol;\">]>\n<fet version=\"6\">&b;</fet>";
    let huge = vec![b'x'; LARGEST_FILE + 1];
    let cases: [(&[u8], &str); 5] = [
        (bomb.as_bytes(), "DOCTYPE"),
        (&TINY.as_bytes()[..TINY.len() / 2], "обрывается"),
        (b"<html></html>", "не файл FET"),
        (b"  \n", "пустой"),
        (&huge, "20 МБ"),
    ];
    let before = rows(&pool, 10).await;
    for (file, words) in cases {
        let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
        let outcome = import(&mut ctx, file).await;
        let Err(AppError::Invalid { fields }) = ctx.close(outcome).await else {
            panic!("taken: {words}");
        };
        assert!(
            fields[0].message.contains(words),
            "{} — {words}",
            fields[0].message
        );
    }
    assert_eq!(rows(&pool, 10).await, before);
    let mut ctx = store.begin(deputy(), now(), Lang::En).await.unwrap();
    let outcome = import(&mut ctx, bomb.as_bytes()).await;
    let Err(AppError::Invalid { fields }) = ctx.close(outcome).await else {
        panic!("taken")
    };
    assert!(fields[0].message.starts_with("Line 2:"), "{}", fields[0].message);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_teacher_may_not_import(pool: PgPool) {
    let store = store(&pool).await;
    let actor = Actor {
        grants: template("teacher").unwrap().grants.to_vec(),
        ..staff(10, 2, "deputy")
    };
    let mut ctx = store.begin(actor, now(), Lang::Ru).await.unwrap();
    assert_eq!(sql::must_edit(&ctx), Err(AppError::Forbidden));
    // nor with a file that somebody has read
    let draft = sql::read(Lang::Ru, TINY.as_bytes().to_vec()).await.unwrap();
    let outcome = sql::import(&mut ctx, &draft).await;
    assert_eq!(ctx.close(outcome).await.unwrap_err(), AppError::Forbidden);
}

/// A school whose file says when it is away, what is locked, what is to be spread and where it is taught; and more than
/// that.
const RICH: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.8.5">
<Institution_Name>Гимназия</Institution_Name>
<Days_List><Number_of_Days>3</Number_of_Days><Day><Name>Пн</Name></Day><Day><Name>Вт</Name></Day><Day><Name>Ср</Name></Day></Days_List>
<Hours_List><Number_of_Hours>3</Number_of_Hours><Hour><Name>1</Name></Hour><Hour><Name>2</Name></Hour><Hour><Name>3</Name></Hour></Hours_List>
<Subjects_List><Subject><Name>Химия</Name></Subject><Subject><Name>Немецкий язык</Name></Subject></Subjects_List>
<Teachers_List><Teacher><Name>Веберова Инга</Name></Teacher></Teachers_List>
<Students_List><Year><Name>8 параллель</Name><Group><Name>8В</Name><Subgroup><Name>8В нем</Name></Subgroup><Subgroup><Name>8В англ</Name></Subgroup></Group><Group><Name>8Г</Name></Group></Year></Students_List>
<Activities_List>
<Activity><Teacher>Веберова Инга</Teacher><Subject>Химия</Subject><Students>8В</Students><Duration>1</Duration><Id>1</Id><Activity_Group_Id>1</Activity_Group_Id><Active>true</Active></Activity>
<Activity><Teacher>Веберова Инга</Teacher><Subject>Химия</Subject><Students>8В</Students><Duration>1</Duration><Id>2</Id><Activity_Group_Id>1</Activity_Group_Id><Active>true</Active></Activity>
<Activity><Teacher>Веберова Инга</Teacher><Subject>Немецкий язык</Subject><Students>8В нем</Students><Duration>1</Duration><Id>3</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>
</Activities_List>
<Rooms_List><Room><Name>Хим</Name></Room><Room><Name>21</Name></Room></Rooms_List>
<Time_Constraints_List>
<ConstraintStudentsSetNotAvailableTimes><Weight_Percentage>100</Weight_Percentage><Students>8В нем</Students><Number_of_Not_Available_Times>1</Number_of_Not_Available_Times><Not_Available_Time><Day>Ср</Day><Hour>3</Hour></Not_Available_Time></ConstraintStudentsSetNotAvailableTimes>
<ConstraintStudentsSetNotAvailableTimes><Weight_Percentage>100</Weight_Percentage><Students>8 параллель</Students><Number_of_Not_Available_Times>1</Number_of_Not_Available_Times><Not_Available_Time><Day>Пн</Day><Hour>1</Hour></Not_Available_Time></ConstraintStudentsSetNotAvailableTimes>
<ConstraintRoomNotAvailableTimes><Weight_Percentage>100</Weight_Percentage><Room>Хим</Room><Number_of_Not_Available_Times>1</Number_of_Not_Available_Times><Not_Available_Time><Day>Вт</Day><Hour>2</Hour></Not_Available_Time></ConstraintRoomNotAvailableTimes>
<ConstraintMinDaysBetweenActivities><Weight_Percentage>95</Weight_Percentage><Number_of_Activities>2</Number_of_Activities><Activity_Id>1</Activity_Id><Activity_Id>2</Activity_Id><MinDays>2</MinDays></ConstraintMinDaysBetweenActivities>
<ConstraintActivityPreferredStartingTime><Weight_Percentage>100</Weight_Percentage><Activity_Id>1</Activity_Id><Preferred_Day>Вт</Preferred_Day><Preferred_Hour>1</Preferred_Hour><Permanently_Locked>true</Permanently_Locked></ConstraintActivityPreferredStartingTime>
<ConstraintTeachersMaxGapsPerWeek><Weight_Percentage>100</Weight_Percentage><Max_Gaps>2</Max_Gaps></ConstraintTeachersMaxGapsPerWeek>
<ConstraintStudentsMaxGapsPerSomething><Weight_Percentage>100</Weight_Percentage></ConstraintStudentsMaxGapsPerSomething>
</Time_Constraints_List>
<Space_Constraints_List>
<ConstraintSubjectPreferredRoom><Weight_Percentage>95</Weight_Percentage><Subject>Химия</Subject><Room>Хим</Room></ConstraintSubjectPreferredRoom>
</Space_Constraints_List>
</fet>"#;

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_a_file_says_beside_cards_is_kept_and_the_rest_is_told_by_name(pool: PgPool) {
    let store = store(&pool).await;
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = preview(&mut ctx, RICH.as_bytes()).await;
    let told = ctx.close(outcome).await.unwrap();
    let has =
        |lines: &[String], part: &str| assert!(lines.iter().any(|l| l.contains(part)), "{part}: {lines:?}");
    has(&told.kept, "у классов — 2, у подгрупп — 1, у кабинетов — 1");
    has(&told.kept, "1 карточка закреплена");
    has(&told.kept, "1 правило «не в один день»");
    has(&told.kept, "у 1 нагрузки");
    has(
        &told.kept,
        "«Окон в неделю — не больше» у 1 учителя (обязательно — 1)",
    );
    has(&told.lost, "ConstraintStudentsMaxGapsPerSomething: 1");
    assert_eq!(told.lost.len(), 1, "{:?}", told.lost);
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = import(&mut ctx, RICH.as_bytes()).await;
    let done = ctx.close(outcome).await.unwrap();
    let opened = async |version| {
        let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
        let outcome = Box::pin(board(&mut ctx, version)).await;
        ctx.close(outcome).await.unwrap()
    };
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = create_draft(&mut ctx, DraftSource::Copy(done.version), "Копия").await;
    let copy = ctx.close(outcome).await.unwrap();
    // a copy of the draft knows it all as well
    for version in [done.version, copy.version] {
        let data = opened(version).await;
        let class = |name: &str| data.classes.iter().find(|c| c.name == name).unwrap();
        assert!(
            class("8В").away.contains(0, 0) && class("8Г").away.contains(0, 0),
            "the whole year"
        );
        let group = data.groups.iter().find(|g| g.name == "8В нем").unwrap();
        assert!(group.away.contains(2, 2) && !class("8В").away.contains(2, 2));
        let room = data.rooms.iter().find(|r| r.name == "Хим").unwrap();
        assert!(room.away.contains(1, 1));
        let judge = data.board().unwrap();
        let of = |subject: &str| {
            let cards = judge.card_indices();
            cards
                .filter(|c| data.subject_of(*c).is_some_and(|s| s.name == subject))
                .collect::<Vec<_>>()
        };
        let said = |card, day, slot| -> Vec<String> {
            let verdict = judge.judge(card, day, slot, None);
            verdict
                .reasons
                .iter()
                .map(|r| words::full(Lang::Ru, &data, r))
                .collect()
        };
        let german = of("Немецкий язык")[0];
        assert_eq!(said(german, 2, 2), ["8В в это время не учится"]);
        let chemistry = of("Химия");
        let (fixed, free): (Vec<&CardIx>, Vec<&CardIx>) =
            chemistry.iter().partition(|c| judge.card(**c).unwrap().locked);
        assert_eq!((fixed.len(), free.len()), (1, 1));
        assert_eq!(
            said(*free[0], 2, 1),
            ["Слишком близко к уроку Химия, 8В (Вт, 1 урок): между ними нужен хотя бы 1 день"]
        );
        assert_eq!(
            judge
                .best_room(*free[0], 2, 1)
                .map(|r| data.rooms[r.ix()].name.as_str()),
            Some("Хим")
        );
    }
}
