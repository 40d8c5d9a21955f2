//! What holds for every region: the same seed gives the same rows, and the rows make sense.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::layout::Shape;
use super::load::{How, load_as, write};
use super::region::{Layouts, Region};
use super::rows::{Rows, Table};
use super::*;

fn demo(schools: u32, seed: u64) -> Demo {
    let today = NaiveDate::from_ymd_opt(2026, 11, 18).unwrap();
    Demo {
        schools,
        seed,
        today,
        now: today.and_hms_opt(9, 0, 0).unwrap().and_utc(),
    }
}

/// All rows of a region, one institution after another.
fn everything(demo: Demo) -> (Region, Layouts, Vec<Rows>) {
    // the weeks do not depend on the seed: a test that makes several regions finds them once
    static LAYOUTS: OnceLock<Layouts> = OnceLock::new();
    let region = Region::new(demo);
    let layouts = LAYOUTS
        .get_or_init(|| Region::new(Demo { schools: 3, ..demo }).solve().unwrap())
        .clone();
    let mut all = vec![region.ground()];
    all.extend(
        region
            .seats
            .iter()
            .map(|(seat, shape)| region.institution(seat, &layouts[shape])),
    );
    all.push(region.roof());
    (region, layouts, all)
}

/// FNV-1a over all rows.
fn digest(demo: Demo) -> u64 {
    let (_, _, all) = everything(demo);
    let bytes = all
        .iter()
        .flat_map(|rows| &rows.batches)
        .flat_map(|b| b.text.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[test]
fn the_same_seed_gives_the_same_region() {
    assert_eq!(digest(demo(1, 7)), digest(demo(1, 7)));
    assert_ne!(digest(demo(1, 7)), digest(demo(1, 8)));
}

#[test]
fn pupils_sit_in_one_class_and_marks_belong_to_who_was_there() {
    let (region, layouts, all) = everything(demo(3, 1));
    for ((seat, shape), rows) in region.seats.iter().zip(&all[1..]) {
        let mut class_of = BTreeMap::new();
        for row in rows.read(Table::Enrolment) {
            assert!(
                class_of.insert(row[2].to_owned(), row[3].to_owned()).is_none(),
                "a pupil in two classes"
            );
        }
        if *shape == Shape::Large {
            assert_eq!(rows.count(Table::Class), 30);
            assert!(
                (760..=860).contains(&rows.count(Table::Pupil)),
                "{} pupils",
                rows.count(Table::Pupil)
            );
            assert!((55..=65).contains(&layouts[shape].teachers.len()));
        }
        let of_group: BTreeSet<(String, String)> = rows
            .read(Table::SubgroupMember)
            .map(|r| (r[1].to_owned(), r[2].to_owned()))
            .collect();
        let audience: BTreeMap<String, (String, String)> = rows
            .read(Table::LoadAudience)
            .map(|r| (r[2].to_owned(), (r[3].to_owned(), r[4].to_owned())))
            .collect();
        let load_of: BTreeMap<String, String> = rows
            .read(Table::Lesson)
            .map(|r| (r[1].to_owned(), r[2].to_owned()))
            .collect();
        let lesson_of: BTreeMap<String, String> = rows
            .read(Table::Assignment)
            .map(|r| (r[1].to_owned(), r[2].to_owned()))
            .collect();
        let absent: BTreeSet<(String, String)> = rows
            .read(Table::Attendance)
            .filter(|r| r[3] != "о")
            .map(|r| (r[1].to_owned(), r[2].to_owned()))
            .collect();
        // a work that was owed is handed in later
        for mark in rows.read(Table::Mark).filter(|m| m[9] != "true") {
            let (lesson, pupil) = (&lesson_of[mark[1]], mark[2].to_owned());
            let (class, group) = &audience[&load_of[lesson]];
            assert_eq!(
                &class_of[&pupil], class,
                "{}: a mark of another class",
                seat.short
            );
            assert!(
                group == "\\N" || of_group.contains(&(group.clone(), pupil.clone())),
                "a mark of the other half"
            );
            assert!(
                !absent.contains(&(lesson.clone(), pupil)),
                "a mark of somebody who was not there"
            );
        }
        assert_eq!(rows.count(Table::Mark) == 0, *shape == Shape::Kindergarten);
    }
}

/// The numbers told in the module's documentation; other tests and people's notes rely on them.
#[test]
fn the_told_numbers_are_true() {
    let (_, _, all) = everything(demo(1, 5));
    let named = |id: &str| {
        all[1]
            .read(Table::Class)
            .find(|r| r[1] == id)
            .map(|r| r[4].to_owned())
    };
    assert_eq!(named("1100019").as_deref(), Some("7А"));
    assert_eq!(named("1100008").as_deref(), Some("3Б"));
    let audience = all[1]
        .read(Table::LoadAudience)
        .find(|r| r[2] == "1100118")
        .map(|r| r[3].to_owned());
    assert_eq!(audience.as_deref(), Some("1100019"));
    let teacher = all[1]
        .read(Table::LoadTeacher)
        .find(|r| r[1] == "1100118")
        .map(|r| r[2].to_owned())
        .unwrap();
    let person = all[1]
        .read(Table::Employee)
        .find(|r| r[1] == teacher)
        .map(|r| r[2].to_owned());
    assert_eq!(person.as_deref(), Some("12"), "the login `teacher`");
}

#[test]
fn marks_are_plausible() {
    let (_, _, all) = everything(demo(1, 3));
    let mut of_code = BTreeMap::<String, usize>::new();
    for row in all[1].read(Table::Mark) {
        *of_code.entry(row[4].to_owned()).or_default() += 1;
    }
    let all: usize = of_code.values().sum();
    let share = |code: &str| of_code[code] * 100 / all;
    assert!((25..50).contains(&share("5")), "{of_code:?}");
    assert!((30..50).contains(&share("4")), "{of_code:?}");
    assert!((10..30).contains(&share("3")), "{of_code:?}");
    assert!(share("2") < 8, "{of_code:?}");
}

#[test]
fn families_reach_into_two_schools() {
    let (_, _, all) = everything(demo(3, 1));
    let mut schools_of = BTreeMap::<String, BTreeSet<usize>>::new();
    for (n, rows) in all.iter().enumerate() {
        for row in rows.read(Table::Guardianship) {
            schools_of.entry(row[0].to_owned()).or_default().insert(n);
        }
    }
    let both = schools_of.values().filter(|s| s.len() > 1).count();
    assert!(both >= 10, "{both} families");
    assert_eq!(schools_of["15"].len(), 2, "the mother of three");
}

#[test]
fn every_day_of_the_year_makes_a_region() {
    for (year, month, day) in [
        (2026, 9, 1),
        (2026, 10, 28),
        (2027, 2, 17),
        (2027, 5, 26),
        (2027, 7, 15),
    ] {
        let today = NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let (_, _, all) = everything(Demo { today, ..demo(1, 1) });
        assert!(all[1].count(Table::Lesson) > 0, "{today}");
    }
}

/// Every constraint of the schema, every foreign key and trigger looks at every row.
#[sqlx::test(migrations = "../migrations")]
async fn the_database_accepts_every_row(pool: sqlx::PgPool) {
    let report = load_as(&pool, demo(3, 1), How::Checked).await.unwrap();
    assert_eq!(state(&pool).await.unwrap(), State::Complete);
    assert!(report.rows["mark"] > 50_000);
    for (table, least) in [
        ("individual_homework", 20),
        ("assessment", 5),
        ("lesson_format", 1),
        ("distance_span", 1),
        ("exemption", 1),
        ("absence_reason", 5),
        ("absence_note", 3),
        ("week_acknowledgement", 2),
        ("homework_file", 1),
    ] {
        assert!(report.rows[table] >= least, "{table}: {}", report.rows[table]);
    }
    assert!(is_present(&pool).await.unwrap());
    let again = load(&pool, demo(3, 1)).await.unwrap_err();
    assert!(again.to_string().contains("already"));
    let locked = sqlx::query_scalar!(
        r#"select count(*) as "n!" from period where number = 1 and locked_at is not null and school_id = 11"#
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(locked, 1, "the first quarter");
    let tomorrow = sqlx::query_scalar!(
        r#"select count(*) as "n!" from homework where school_id = 11 and due_on = '2026-11-19'"#
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert!(tomorrow > 50, "homework for tomorrow: {tomorrow}");
    // the mother of the cast finds something of each: a task of her son's own, a file, a lesson of her daughter's that falls out
    let hers = sqlx::query!(
        r#"with ward as (
            select p.school_id, p.id from guardianship g join pupil p on p.person_id = g.ward_id
            join account a on a.person_id = g.guardian_id and a.login = 'parent'),
        taught as (
            select distinct w.school_id, u.load_id from ward w
            join enrolment e on e.school_id = w.school_id and e.pupil_id = w.id
            join load_audience u on u.school_id = e.school_id and u.class_id = e.class_id)
        select (select count(*) from ward w join individual_homework_pupil i on i.school_id = w.school_id and i.pupil_id = w.id) as "own!",
            (select count(*) from taught t join homework h on h.school_id = t.school_id and h.load_id = t.load_id
                join homework_file f on f.school_id = h.school_id and f.homework_id = h.id) as "files!",
            (select count(*) from taught t join lesson l on l.school_id = t.school_id and l.load_id = t.load_id
                and l.state = 'cancelled' and l.cancel_reason is not null) as "cancelled!""#
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert!(hers.own >= 1 && hers.files >= 1, "{} {}", hers.own, hers.files);
    assert_eq!(hers.cancelled, 1);
}

/// A crash between two institutions: the next start makes the rest.
#[sqlx::test(migrations = "../migrations")]
async fn an_interrupted_region_is_completed(pool: sqlx::PgPool) {
    let region = Region::new(demo(1, 1));
    let layouts = region.solve().unwrap();
    let (seat, shape) = &region.seats[0];
    write(&pool, 1, How::Trusted, region.ground()).await.unwrap();
    write(
        &pool,
        seat.id,
        How::Trusted,
        region.institution(seat, &layouts[shape]),
    )
    .await
    .unwrap();
    assert_eq!(state(&pool).await.unwrap(), State::Begun);
    let report = load(&pool, demo(1, 1)).await.unwrap();
    assert_eq!(
        report.rows.get("mark_scale"),
        Some(&2),
        "the kindergarten and the college were missing"
    );
    assert_eq!(state(&pool).await.unwrap(), State::Complete);
}

#[sqlx::test(
    migrations = "../migrations",
    fixtures(path = "../../../base/fixtures", scripts("small"))
)]
async fn a_database_with_other_data_is_left_alone(pool: sqlx::PgPool) {
    assert_eq!(state(&pool).await.unwrap(), State::Foreign);
    let refused = load(&pool, demo(1, 1)).await.unwrap_err();
    assert!(refused.to_string().contains("not empty"), "{refused}");
}
