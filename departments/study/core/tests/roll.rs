//! Lists of pupils and families, and subgroups, against a database.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

use base::rights::{Actor, Role, template};
use base::sql::{Ctx, Store};
use base::{AccountId, AppError, ClassId, EmployeeId, Lang, PersonId, PupilId, SchoolId, SubgroupId};
use chrono::{DateTime, Utc};
use sqlx::PgPool;
use study_core::roll::sql::{class, classes, import, preview, read, save_split};
use study_core::roll::{Column, Preview, Seat, Since};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_248_000, 0).unwrap() // 2026-11-21
}

fn as_a(position: &str, school: i64) -> Actor {
    Actor {
        person: PersonId(1),
        account: AccountId(1),
        school: SchoolId(school),
        role: Role::Staff {
            employee: EmployeeId(1100),
        },
        grants: template(position).unwrap().grants.to_vec(),
        must_change_password: false,
        utc_offset: 3 * 3600,
    }
}

struct Here {
    store: Store,
    pool: PgPool,
}

impl Here {
    async fn new(pool: PgPool) -> Self {
        let store = Store::connect((*pool.connect_options()).clone(), 2)
            .await
            .unwrap();
        Self { store, pool }
    }

    async fn begin(&self, actor: Actor) -> Ctx {
        self.store.begin(actor, now(), Lang::Ru).await.unwrap()
    }

    async fn preview(&self, list: &str) -> Preview {
        let table = read(Lang::Ru, list.as_bytes().to_vec()).await.unwrap();
        let mut ctx = self.begin(as_a("secretary", 10)).await;
        let out = preview(&mut ctx, &table, None, Since::Year).await;
        ctx.close(out).await.unwrap()
    }

    async fn import_as(
        &self,
        actor: Actor,
        list: &[u8],
        columns: Option<Vec<Column>>,
        without_bad: bool,
    ) -> Result<Preview, AppError> {
        let table = read(Lang::Ru, list.to_vec()).await?;
        let mut ctx = self.begin(actor).await;
        let out = import(&mut ctx, &table, columns, Since::Year, without_bad).await;
        ctx.close(out).await
    }

    async fn import(&self, list: &str) -> Result<Preview, AppError> {
        self.import_as(as_a("secretary", 10), list.as_bytes(), None, false)
            .await
    }

    async fn one(&self, question: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(question.to_owned()))
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    /// What an import writes, counted.
    async fn rows(&self) -> Vec<i64> {
        let mut all = vec![];
        for table in [
            "person",
            "school_person",
            "pupil",
            "enrolment",
            "guardianship",
            "subgroup_member",
            "audit_event",
            "account",
        ] {
            all.push(self.one(&format!("select count(*) from {table}")).await);
        }
        all.push(
            self.one("select count(*) from person where phone is not null")
                .await,
        );
        all
    }
}

const LIST: &str = "Фамилия;Имя;Отчество;Дата рождения;Пол;Класс;Подгруппа;Родитель;Телефон родителя;Родство\r\n\
    Котов;Пётр;Ильич;05.09.2013;м;7 а;1;Котова Анна Олеговна;8 (916) 123-45-67;мать\r\n\
    Котова;Вера;Ильинична;07.01.2013;ж;7-Б;;Котова Анна Олеговна;+7 916 123-45-67;мать\r\n\
    Лосев;Ян;;30.12.2012;;7А;Англ 2;Лосев Игорь;89160000000;отец\r\n";

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_list_becomes_pupils_with_families_and_a_second_time_nothing(pool: PgPool) {
    let here = Here::new(pool).await;
    let before = here.rows().await;
    let told = here.preview(LIST).await;
    assert_eq!(
        (
            told.counts.new_pupils,
            told.counts.new_guardians,
            told.counts.families
        ),
        (3, 2, 2)
    );
    assert_eq!((told.bad_rows, told.rows), (0, 3));
    assert_eq!(here.rows().await, before, "a preview changes nothing");

    let done = here.import(LIST).await.unwrap();
    assert_eq!(done.counts, told.counts, "what was told is what was done");
    let after = here.rows().await;
    let grown: Vec<i64> = after.iter().zip(&before).map(|(a, b)| a - b).collect();
    // people and their cards 5, pupils and enrolments 3, ties 3, places 2; events 5 + 3 + 3 + 2 + 1; telephones 2
    assert_eq!(grown, [5, 5, 3, 3, 3, 2, 14, 0, 2]);
    assert_eq!(
        here.one("select count(*) from enrolment n join class c on c.id = n.class_id where n.starts_on = '2026-09-01' and c.name = '7А' and n.school_id = 10").await,
        5
    );
    let made = here
        .one("select count(*) from audit_event where action = 'person.created' and actor_id = 1")
        .await;
    assert_eq!(made, 5, "every person made leaves an event");

    let again = here.import(LIST).await.unwrap();
    assert!(!again.counts.changes_anything());
    assert_eq!(
        (
            again.counts.new_pupils,
            again.counts.known_pupils,
            again.counts.known_guardians
        ),
        (0, 3, 2)
    );
    assert_eq!(here.rows().await, after, "a second import changes nothing");

    // the journal of the subgroup now has its pupil, and the mother is one person with two children
    let mother = "select count(*) from guardianship g join person p on p.id = g.guardian_id where p.phone = '79161234567'";
    assert_eq!(here.one(mother).await, 2);
    assert_eq!(
        here.one("select count(*) from subgroup_member where subgroup_id = 150")
            .await,
        2
    );
    assert_eq!(
        here.one("select count(*) from school_person where school_id = 20")
            .await,
        3,
        "the other school is as it was"
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn who_is_known_without_a_date_is_known_by_the_class(pool: PgPool) {
    let here = Here::new(pool).await;
    // Абрамов Артём of 7А and his mother are in the fixture, without date and number
    let list = "ФИО,Дата рождения,Класс,Мать,Телефон матери\nАбрамов Артем,05.09.2013,7A,Абрамова Мария,9161234567\n";
    let done = here.import(list).await.unwrap();
    assert_eq!(
        (
            done.counts.new_pupils,
            done.counts.known_pupils,
            done.counts.new_guardians
        ),
        (0, 1, 0)
    );
    assert_eq!(done.counts.facts, 2);
    assert_eq!(
        here.one("select count(*) from person where id = 11 and birth_date = '2013-09-05'")
            .await,
        1
    );
    assert_eq!(
        here.one("select count(*) from person where id = 31 and phone = '79161234567'")
            .await,
        1
    );
    assert_eq!(
        here.one("select count(*) from audit_event where action = 'person.changed'")
            .await,
        2
    );
    let other = "ФИО,Дата рождения,Класс\nАбрамов Артём,05.09.2013,7Б\n";
    let told = here.preview(other).await;
    assert!(told.bad[0].reason.contains("7А"), "{:?}", told.bad);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn bad_rows_are_told_and_nothing_is_half_written(pool: PgPool) {
    let here = Here::new(pool).await;
    let before = here.rows().await;
    let list = "ФИО;Дата рождения;Класс\nКотов Пётр;31.02.2015;7А\nЛосев Ян;05.09.2013;9Я\nСов Ян;05.09.2013;7А\nсов ян;05.09.2013;7Б\n";
    let told = here.preview(list).await;
    assert_eq!((told.counts.new_pupils, told.bad_rows), (1, 3));
    assert_eq!(told.bad.iter().map(|b| b.row).collect::<Vec<_>>(), [2, 3, 5]);
    assert_eq!(told.unmatched.len(), 1);
    let refused = here.import(list).await.unwrap_err().message(Lang::Ru);
    assert!(
        refused.contains("31.02.2015") && refused.contains('3'),
        "{refused}"
    );
    assert_eq!(here.rows().await, before);
    let done = here
        .import_as(as_a("deputy", 10), list.as_bytes(), None, true)
        .await
        .unwrap();
    assert_eq!(done.counts.new_pupils, 1);

    // a column that is not understood is named by a person
    let odd = "Кто;Когда;Где\nБобров Лев;05.09.2013;7Б\n";
    let told = here.preview(odd).await;
    assert_eq!(told.missing, [Column::FullName, Column::BirthDate, Column::Class]);
    let error = here.import(odd).await.unwrap_err();
    assert!(error.message(Lang::Ru).contains("столбцов"));
    let columns = vec![Column::FullName, Column::BirthDate, Column::Class];
    let secretary = || as_a("secretary", 10);
    here.import_as(secretary(), odd.as_bytes(), Some(columns), false)
        .await
        .unwrap();
    for wrong in [
        vec![Column::Class],
        vec![Column::Class, Column::Class, Column::FullName],
    ] {
        let error = here
            .import_as(secretary(), odd.as_bytes(), Some(wrong), false)
            .await
            .unwrap_err();
        assert_eq!(error.status(), 422);
    }
    let nobody = "ФИО;Дата рождения;Класс\nСов Лев;05.09.2013;9Я\n";
    let error = here
        .import_as(secretary(), nobody.as_bytes(), None, true)
        .await
        .unwrap_err();
    assert!(error.message(Lang::Ru).contains("ни одной"), "{error:?}");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn who_may_not_is_refused_and_a_closed_year_stays_closed(pool: PgPool) {
    let here = Here::new(pool).await;
    let before = here.rows().await;
    for (position, expected) in [("teacher", AppError::Forbidden), ("operator", AppError::NotFound)] {
        let refused = here
            .import_as(as_a(position, 10), LIST.as_bytes(), None, false)
            .await
            .unwrap_err();
        assert_eq!(refused, expected, "{position}");
        let mut ctx = here.begin(as_a(position, 10)).await;
        let seat = Seat {
            pupil: PupilId(1001),
            old: Some(SubgroupId(150)),
            new: None,
        };
        let out = save_split(&mut ctx, ClassId(100), "Англ", &[seat], Since::Today).await;
        assert_eq!(ctx.close(out).await.unwrap_err(), expected, "{position}");
    }
    // a secretary of the other school names this one's class: the list goes to the own school's 7А
    here.import_as(
        as_a("secretary", 20),
        "ФИО;Дата рождения;Класс\nСов Лев;05.09.2013;7А\n".as_bytes(),
        None,
        false,
    )
    .await
    .unwrap();
    assert_eq!(
        here.one("select count(*) from enrolment where school_id = 10")
            .await,
        4
    );
    let mut ctx = here.begin(as_a("secretary", 20)).await;
    let out = class(&mut ctx, ClassId(100)).await;
    assert_eq!(ctx.close(out).await.unwrap_err(), AppError::NotFound);

    sqlx::query("update academic_year set closed_at = now() where school_id = 10")
        .execute(&here.pool)
        .await
        .unwrap();
    let error = here.import(LIST).await.unwrap_err();
    assert_eq!(error.status(), 422);
    assert_eq!(
        here.one("select count(*) from pupil where school_id = 10").await,
        before[2] - 1
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_list_in_windows_encoding_and_five_thousand_rows(pool: PgPool) {
    let here = Here::new(pool).await;
    let windows = encoding_rs::WINDOWS_1251.encode(LIST).0.into_owned();
    let done = here
        .import_as(as_a("secretary", 10), &windows, None, false)
        .await
        .unwrap();
    assert_eq!(done.counts.new_pupils, 3);
    let mut long = String::from("ФИО;Дата рождения;Класс;Мать;Телефон матери\n");
    for n in 0..5_000u32 {
        let name: String = format!("{n:04}")
            .bytes()
            .map(|b| char::from_u32(u32::from('а') + u32::from(b - b'0')).unwrap())
            .collect();
        long.push_str(&format!(
            "Длинный {name};05.09.2013;7А;Длинная {name};89{:09}\n",
            n + 160_000_000
        ));
    }
    let done = here.import(&long).await.unwrap();
    assert_eq!(
        (done.counts.new_pupils, done.counts.new_guardians),
        (5_000, 5_000)
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn subgroups_are_formed_and_marks_are_not_lost(pool: PgPool) {
    let here = Here::new(pool).await;
    let secretary = || as_a("secretary", 10);
    let seat = |pupil, old: Option<i64>, new: Option<i64>| Seat {
        pupil: PupilId(pupil),
        old: old.map(SubgroupId),
        new: new.map(SubgroupId),
    };
    let save = async |seats: &[Seat], since| {
        let mut ctx = here.begin(secretary()).await;
        let out = save_split(&mut ctx, ClassId(100), "Англ", seats, since).await;
        ctx.close(out).await
    };
    let members = "select count(*) from subgroup_member where school_id = 10";
    // today: the old place ends yesterday, the new one begins
    assert_eq!(
        save(
            &[seat(1001, Some(150), Some(151)), seat(1002, Some(151), Some(151))],
            Since::Today
        )
        .await,
        Ok(1)
    );
    assert_eq!(here.one(members).await, 4);
    assert_eq!(
        here.one("select count(*) from subgroup_member where pupil_id = 1001 and subgroup_id = 150 and ends_on = '2026-11-20'").await,
        1
    );
    // somebody else was faster
    let late = save(&[seat(1001, Some(150), None)], Since::Today)
        .await
        .unwrap_err();
    assert_eq!(late.status(), 409);
    // the whole year, back again: the places of before are gone
    assert_eq!(
        save(&[seat(1001, Some(151), Some(150))], Since::Year).await,
        Ok(1)
    );
    assert_eq!(
        here.one("select count(*) from subgroup_member where pupil_id = 1001")
            .await,
        1
    );
    assert_eq!(here.one("select count(*) from subgroup_member where pupil_id = 1001 and starts_on = '2026-09-01' and ends_on is null").await, 1);
    // marks in the old subgroup's journal stay visible: only from today
    sqlx::raw_sql(
        "insert into lesson (school_id, id, load_id, held_on, slot, employee_id) values (10, 900, 501, '2026-11-16', 1, 1300);
         insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight) values (10, 900, 900, 1, 1, 1);
         insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values (10, 900, 1001, 1, '5', 3, now())",
    )
    .execute(&here.pool)
    .await
    .unwrap();
    let refused = save(&[seat(1001, Some(150), Some(151))], Since::Year)
        .await
        .unwrap_err();
    assert!(
        refused.message(Lang::Ru).contains("с сегодняшнего дня"),
        "{refused:?}"
    );
    assert_eq!(
        save(&[seat(1001, Some(150), Some(151))], Since::Today).await,
        Ok(1)
    );
    // nonsense: another class's pupil, another class's split, a subgroup that is not there, one pupil twice
    for (seats, status) in [
        (vec![seat(1004, None, Some(150))], 404),
        (vec![seat(1002, Some(151), Some(999))], 404),
        (vec![seat(2001, None, Some(150))], 404),
        (
            vec![seat(1002, Some(151), None), seat(1002, Some(151), Some(150))],
            422,
        ),
    ] {
        let before = here.one(members).await;
        assert_eq!(
            save(&seats, Since::Today).await.unwrap_err().status(),
            status,
            "{seats:?}"
        );
        assert_eq!(here.one(members).await, before);
    }
    assert_eq!(
        here.one("select count(*) from audit_event where action = 'pupil.subgroup'")
            .await,
        3
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_class_shows_its_pupils_and_telephones_to_those_who_keep_the_lists(pool: PgPool) {
    let here = Here::new(pool).await;
    here.import(LIST).await.unwrap();
    let see = async |position: &str, employee: i64| {
        let mut actor = as_a(position, 10);
        actor.role = Role::Staff {
            employee: EmployeeId(employee),
        };
        let mut ctx = here.begin(actor).await;
        let out = class(&mut ctx, ClassId(100)).await;
        ctx.close(out).await.unwrap()
    };
    let page = see("secretary", 1500).await;
    assert_eq!(page.pupils.len(), 5);
    let kotov = page
        .pupils
        .iter()
        .position(|p| p.name == "Котов Пётр Ильич")
        .unwrap();
    assert_eq!(
        page.pupils[kotov].guardians[0].phone.as_deref(),
        Some("79161234567")
    );
    assert!(page.pupils[kotov].born.is_some());
    assert_eq!(page.splits.len(), 1);
    assert_eq!(page.splits[0].seats[kotov], Some(SubgroupId(150)));
    assert!(page.may_edit && page.may_issue);
    // the class teacher too; another teacher sees names
    assert!(see("teacher", 1200).await.pupils[kotov].born.is_some());
    let other = see("teacher", 1300).await;
    assert!(other.pupils[kotov].born.is_none() && other.pupils[kotov].guardians[0].phone.is_none());
    assert_eq!(other.pupils[kotov].guardians[0].name, "Котова Анна Олеговна");
    assert!(!other.may_edit && !other.may_issue);

    let mut ctx = here.begin(as_a("deputy", 10)).await;
    let out = classes(&mut ctx).await;
    let list = ctx.close(out).await.unwrap();
    let told: Vec<_> = list
        .rows
        .iter()
        .map(|r| (r.name.as_str(), r.pupils, r.alone, r.unplaced))
        .collect();
    // of the fixture 1003 in 7А and 1004 in 7Б have no guardian
    assert_eq!(told, [("7А", 5, 1, 0), ("7Б", 2, 1, 0)]);
    assert!(list.may_edit && !list.may_issue, "passwords are not the deputy's");
}
