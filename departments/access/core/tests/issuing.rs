//! Passwords for a class and for the staff: who gets one, who keeps theirs, and that the slip opens the door.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod support;

use access_core::accounts::sql::{class_called, due, give, group, groups, passwords};
use access_core::accounts::{AS_MANY_AT_ONCE, Group, Part, Slip, State};
use base::ClassId;
use base::rights::template;
use base::sql::Ctx;
use support::*;

const CLASS: Group = Group::Class(ClassId(100));

/// A school's secretary in their place.
async fn secretary(door: &Door) -> Actor {
    actor_of(door, "admin").await
}

struct Office {
    door: Door,
    actor: Actor,
}

impl Office {
    async fn begin(&self, minutes: i64) -> Ctx {
        let now = start() + TimeDelta::minutes(minutes);
        self.door
            .store
            .begin(self.actor.clone(), now, Lang::Ru)
            .await
            .unwrap()
    }

    async fn issue(&self, of: Group, people: &[i64], minutes: i64) -> Result<Vec<Slip>, AppError> {
        let people: Vec<PersonId> = people.iter().map(|p| PersonId(*p)).collect();
        let mut ctx = self.begin(minutes).await;
        let found = due(&mut ctx, of, &people).await;
        let found = ctx.close(found).await?;
        let given = passwords(&self.door.hasher, &found).await?;
        assert!(!format!("{given:?}").contains('-'), "no password in a log");
        let mut ctx = self.begin(minutes).await;
        let out = give(&mut ctx, of, given).await;
        ctx.close(out).await
    }

    async fn states(&self, of: Group, minutes: i64) -> Vec<(i64, State, Part)> {
        let mut ctx = self.begin(minutes).await;
        let page = group(&mut ctx, of).await;
        let page = ctx.close(page).await.unwrap();
        page.people
            .into_iter()
            .map(|h| (h.person.0, h.state, h.part))
            .collect()
    }
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_class_gets_slips_that_open_the_door_and_nobody_loses_a_password(pool: PgPool) {
    let door = door(&pool).await;
    let office = Office {
        actor: secretary(&door).await,
        door: door.clone(),
    };
    let states = office.states(CLASS, 0).await;
    let of = |wards: &str| Part::Guardian(wards.to_owned());
    // each pupil with the guardians behind; the mother of two schools once
    assert_eq!(
        states,
        [
            (11, State::Own, Part::Pupil),
            (31, State::Own, of("Абрамов Артём")),
            (12, State::None, Part::Pupil),
            (32, State::Own, of("Белова Вера")),
            (13, State::None, Part::Pupil),
        ]
    );
    let slips = office
        .issue(CLASS, &[11, 31, 12, 32, 13, 21, 999], 0)
        .await
        .unwrap();
    assert_eq!(
        slips.iter().map(|s| s.person.0).collect::<Vec<_>>(),
        [12, 13],
        "only who has none"
    );
    assert_eq!(slips[0].login, "belova.v");
    // who works with their own password still does
    assert!(try_password(&door, "papa", PASSWORD, 1).await.is_ok());

    let opened = try_password(&door, &slips[0].login, &slips[0].password, 1)
        .await
        .unwrap();
    assert!(opened.must_change_password);
    let entrance = with(&door, &opened, 2).await;
    change_password(
        &entrance,
        slips[0].password.clone(),
        "слон на балконе".to_owned(),
        false,
    )
    .await
    .unwrap();
    assert!(
        try_password(&door, &slips[0].login, &slips[0].password, 3)
            .await
            .is_err(),
        "once"
    );

    // the lost slip of the other is replaced; who signed in meanwhile is not touched
    let again = office.issue(CLASS, &[12, 13], 5).await.unwrap();
    assert_eq!(again.iter().map(|s| s.person.0).collect::<Vec<_>>(), [13]);
    assert_eq!(again[0].login, slips[1].login);
    assert!(
        try_password(&door, &again[0].login, &slips[1].password, 6)
            .await
            .is_err()
    );
    assert!(
        try_password(&door, &again[0].login, &again[0].password, 6)
            .await
            .is_ok()
    );
    assert!(
        try_password(&door, "belova.v", "слон на балконе", 6)
            .await
            .is_ok()
    );

    // two weeks later an unused one is dead and due
    let later = 15 * 24 * 60;
    let found = office.states(CLASS, later).await;
    assert!(found.contains(&(13, State::Expired, Part::Pupil)), "{found:?}");

    let written: i64 = sqlx::query_scalar(
        "select count(*) from audit_event where action = 'account.password_issued' and actor_id = 40",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    let events: i64 = sqlx::query_scalar(
        "select count(*) from account_event where kind = 'password_issued' and actor_id = 40",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!((written, events), (3, 3));
    for slip in slips.iter().chain(&again) {
        let leaked: i64 = sqlx::query_scalar(
            "select (select count(*) from audit_event where new::text like '%' || $1 || '%')
                  + (select count(*) from account where password_hash like '%' || $1 || '%')",
        )
        .bind(&slip.password)
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(leaked, 0);
    }
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn whoever_changes_the_password_while_slips_are_made_keeps_it(pool: PgPool) {
    let door = door(&pool).await;
    let office = Office {
        actor: secretary(&door).await,
        door: door.clone(),
    };
    let slips = office.issue(CLASS, &[12], 0).await.unwrap();
    // the passwords are being hashed …
    let mut ctx = office.begin(1).await;
    let found = due(&mut ctx, CLASS, &[PersonId(12)]).await;
    let found = ctx.close(found).await.unwrap();
    let given = passwords(&door.hasher, &found).await.unwrap();
    assert_eq!(found.len(), 1);
    // … while the pupil signs in and chooses one
    let opened = try_password(&door, &slips[0].login, &slips[0].password, 1)
        .await
        .unwrap();
    let entrance = with(&door, &opened, 1).await;
    change_password(
        &entrance,
        slips[0].password.clone(),
        "слон на балконе".to_owned(),
        false,
    )
    .await
    .unwrap();
    let mut ctx = office.begin(2).await;
    let late = give(&mut ctx, CLASS, given).await;
    assert_eq!(ctx.close(late).await.unwrap(), []);
    assert!(
        try_password(&door, &slips[0].login, "слон на балконе", 3)
            .await
            .is_ok()
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn namesakes_get_logins_of_their_own_and_strangers_none(pool: PgPool) {
    let door = door(&pool).await;
    let mut office = Office {
        actor: secretary(&door).await,
        door: door.clone(),
    };
    // the first login is taken in another school, where this one sees nobody
    sqlx::raw_sql(
        "insert into person (id, last_name, first_name) select n, 'Белова', 'Вера' from generate_series(500, 502) n;
         insert into school_person (school_id, person_id) select 10, n from generate_series(500, 502) n;
         insert into employee (school_id, person_id) select 10, n from generate_series(500, 502) n;
         insert into account (person_id, login, password_hash, created_at, password_changed_at) values (21, 'belova.v', 'x', now(), now())",
    )
    .execute(&pool)
    .await
    .unwrap();
    let slips = office.issue(Group::Staff, &[500, 501, 502], 0).await.unwrap();
    let logins: Vec<_> = slips.iter().map(|s| s.login.as_str()).collect();
    assert_eq!(logins, ["belova.v2", "belova.v3", "belova.v4"]);

    let many: Vec<i64> = (0..=i64::try_from(AS_MANY_AT_ONCE).unwrap()).collect();
    assert_eq!(office.issue(CLASS, &many, 0).await.unwrap_err().status(), 422);
    // a class of another school, and a person of this school who is not in the class
    assert_eq!(
        office
            .issue(Group::Class(ClassId(200)), &[21], 0)
            .await
            .unwrap_err(),
        AppError::NotFound
    );
    assert_eq!(
        office.issue(Group::Class(ClassId(101)), &[13], 0).await.unwrap(),
        []
    );
    // who issues passwords elsewhere gets none here
    sqlx::raw_sql("insert into position_permission (school_id, position_id, resource, action, reach) values (20, 60, 'accounts', 'edit', 'school'); delete from account where person_id = 4")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(office.issue(Group::Staff, &[4], 0).await.unwrap(), []);
    assert!(
        office
            .states(Group::Staff, 0)
            .await
            .contains(&(4, State::Elsewhere, Part::Staff))
    );

    let mut ctx = office.begin(0).await;
    let list = groups(&mut ctx).await;
    let named = class_called(&mut ctx, "7а").await;
    ctx.close(Ok(())).await.unwrap();
    assert_eq!(named.unwrap(), ClassId(100));
    let rows = list.unwrap().rows;
    let told: Vec<_> = rows
        .iter()
        .map(|r| (r.name.as_str(), r.people, r.due, r.waiting))
        .collect();
    assert_eq!(told[1..], [("7А", 5, 2, 0), ("7Б", 1, 1, 0)]);
    // of the staff one has no password yet: the other, who has none either, gets it elsewhere
    assert_eq!((told[0].1, told[0].2, told[0].3), (8, 1, 3));
    office.agrees(Group::Staff, 0).await;
    office.agrees(CLASS, 0).await;
    // nor is one counted who may more than the reader, or the reader
    sqlx::raw_sql("update account set must_change_password = true where person_id in (1, 40)")
        .execute(&pool)
        .await
        .unwrap();
    office.agrees(Group::Staff, 0).await;

    for (position, expected) in [("deputy", AppError::NotFound), ("teacher", AppError::NotFound)] {
        office.actor.grants = template(position).unwrap().grants.to_vec();
        assert_eq!(
            office.issue(CLASS, &[12], 0).await.unwrap_err(),
            expected,
            "{position}"
        );
    }
    let may_see = template("administrator")
        .unwrap()
        .grants
        .iter()
        .filter(|g| g.action == Action::View);
    office.actor.grants = may_see.copied().collect();
    assert_eq!(
        office.issue(CLASS, &[12], 0).await.unwrap_err(),
        AppError::Forbidden
    );
}

impl Office {
    /// The list counts whom the page shows.
    async fn agrees(&self, of: Group, minutes: i64) {
        let states = self.states(of, minutes).await;
        let with =
            |wanted: fn(State) -> bool| u32::try_from(states.iter().filter(|s| wanted(s.1)).count()).unwrap();
        let mut ctx = self.begin(minutes).await;
        let list = groups(&mut ctx).await;
        let list = ctx.close(list).await.unwrap();
        let row = list.rows.iter().find(|r| r.group == of).unwrap();
        let shown = (with(|_| true), with(State::is_due), with(|s| s == State::Waiting));
        assert_eq!((row.people, row.due, row.waiting), shown, "{of:?}: {states:?}");
    }
}

/// A school's own position with a template's rights, held from a day by a person who has a staff card there.
async fn appoint(pool: &PgPool, school: i64, person: i64, like: &str, from: &str) {
    let grants = template(like).unwrap().grants;
    let column = |key: fn(&base::rights::Grant) -> &'static str| grants.iter().map(key).collect::<Vec<_>>();
    sqlx::query(
        "with p as (
            insert into position (school_id, template, title) values ($1, $2, $2 || now()::text || random()::text) returning id
         ), g as (
            insert into position_permission (school_id, position_id, resource, action, reach)
            select $1, p.id, g.* from p, unnest($3::text[], $4::text[], $5::text[]) g
         )
         insert into appointment (school_id, employee_id, position_id, valid_from)
         select $1, e.id, p.id, $6::date from p, employee e where e.school_id = $1 and e.person_id = $7",
    )
    .bind(school)
    .bind(like)
    .bind(column(|g| g.kind.key()))
    .bind(column(|g| g.action.key()))
    .bind(column(|g| g.reach.key()))
    .bind(from)
    .bind(person)
    .execute(pool)
    .await
    .unwrap();
}

/// A person's new staff card.
async fn card(pool: &PgPool, school: i64, person: i64) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "insert into person (id, last_name, first_name) values ({person}, 'Новый{person}', 'Иван') on conflict do nothing;
         insert into school_person (school_id, person_id) values ({school}, {person}) on conflict do nothing;
         insert into employee (school_id, person_id) values ({school}, {person})"
    )))
    .execute(pool)
    .await
    .unwrap();
}

async fn again(office: &Office, person: i64) -> Result<String, AppError> {
    let issued = reissue(&office.door, &office.actor, person).await;
    issued.map(|issued| issued.login)
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_secretary_gets_nobody_s_rights_by_handing_out_passwords(pool: PgPool) {
    let door = door(&pool).await;
    let mut office = Office {
        actor: secretary(&door).await,
        door: door.clone(),
    };
    office.actor.grants = template("secretary").unwrap().grants.to_vec();
    let from = "2026-01-01";
    // a director; a teacher who becomes the deputy next month; one who was it once; a teacher; another secretary
    for (person, like, from) in [
        (600, "director", from),
        (601, "teacher", from),
        (601, "deputy", "2026-12-20"),
        (602, "deputy", from),
        (603, "teacher", from),
        (604, "secretary", from),
    ] {
        if (person, like) != (601, "deputy") {
            card(&pool, 10, person).await;
        }
        appoint(&pool, 10, person, like, from).await;
    }
    sqlx::raw_sql("update appointment a set valid_to = '2026-11-19' from employee e where e.id = a.employee_id and e.person_id = 602")
        .execute(&pool)
        .await
        .unwrap();

    let all = [1, 600, 601, 602, 603, 604];
    let slips = office.issue(Group::Staff, &all, 0).await.unwrap();
    let got: Vec<i64> = slips.iter().map(|s| s.person.0).collect();
    assert_eq!(got, [602, 603, 604], "the bulk path leaves the others out");
    let states = office.states(Group::Staff, 0).await;
    for above in [1, 600, 601] {
        assert!(states.contains(&(above, State::Above, Part::Staff)), "{states:?}");
        let refused = again(&office, above).await.unwrap_err();
        assert!(message(&refused).contains("прав"), "{above}: {refused:?}");
    }
    // nothing was touched: the deputy's password still opens the door, and nobody got an account
    assert!(try_password(&door, "zavuch", PASSWORD, 1).await.is_ok());
    let made: i64 = sqlx::query_scalar("select count(*) from account where person_id in (600, 601)")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(made, 0);
    // teachers and families as ever
    for person in [2, 603, 11, 32] {
        assert!(again(&office, person).await.is_ok(), "{person}");
    }
    // a parent who is also the deputy is not reached through the class
    card(&pool, 10, 32).await;
    appoint(&pool, 10, 32, "deputy", from).await;
    assert!(again(&office, 32).await.is_err());
    assert!(
        office
            .states(CLASS, 0)
            .await
            .iter()
            .any(|s| s.0 == 32 && s.1 == State::Above)
    );
    // nobody issues to oneself, on neither path: whoever finds the screen unlocked would have the account
    let refused = again(&office, 40).await.unwrap_err();
    assert!(message(&refused).contains("Смена пароля"), "{refused:?}");
    sqlx::raw_sql("update account set must_change_password = true, issued_password_expires_at = '2026-11-21' where person_id = 40")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(office.issue(Group::Staff, &[40], 0).await.unwrap(), []);
    let states = office.states(Group::Staff, 0).await;
    assert!(states.contains(&(40, State::Oneself, Part::Staff)), "{states:?}");
    sqlx::raw_sql("update account set must_change_password = false, issued_password_expires_at = null where person_id = 40")
        .execute(&pool)
        .await
        .unwrap();
    assert!(try_password(&door, "admin", PASSWORD, 1).await.is_ok());

    // the director issues to all of them
    office.actor.grants = template("director").unwrap().grants.to_vec();
    for person in [1, 600, 601, 32, 604] {
        assert!(again(&office, person).await.is_ok(), "{person}");
    }
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn who_works_elsewhere_gets_a_password_there(pool: PgPool) {
    let door = door(&pool).await;
    let mut office = Office {
        actor: secretary(&door).await,
        door: door.clone(),
    };
    office.actor.grants = template("director").unwrap().grants.to_vec();
    let elsewhere = async |person: i64| {
        let refused = again(&office, person).await;
        refused.is_err_and(|e| message(&e).contains("в другой организации"))
    };
    // a father here
    assert!(!elsewhere(32).await);
    // … who begins to teach there: that school's, on both paths
    card(&pool, 20, 32).await;
    appoint(&pool, 20, 32, "teacher", "2026-01-01").await;
    assert!(elsewhere(32).await);
    let states = office.states(CLASS, 0).await;
    assert!(
        states.iter().any(|s| s.0 == 32 && s.1 == State::Elsewhere),
        "{states:?}"
    );
    sqlx::raw_sql("update account set must_change_password = true, issued_password_expires_at = '2026-12-01' where person_id = 32")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(office.issue(CLASS, &[32], 0).await.unwrap(), []);
    // … and stops
    sqlx::raw_sql("update appointment set valid_to = '2026-11-19' where school_id = 20 and id > 6")
        .execute(&pool)
        .await
        .unwrap();
    assert!(!elsewhere(32).await);

    // a teacher of both schools is in the hands of one: where they have worked longest
    assert!(!elsewhere(4).await);
    sqlx::raw_sql("update appointment set valid_from = '2025-09-01' where school_id = 20 and id = 6")
        .execute(&pool)
        .await
        .unwrap();
    assert!(elsewhere(4).await);
    sqlx::raw_sql("update appointment set valid_from = '2026-09-01' where school_id = 20 and id = 6")
        .execute(&pool)
        .await
        .unwrap();
    assert!(!elsewhere(4).await);
    // … but where they administer, nobody else hands out what opens that
    appoint(&pool, 20, 4, "deputy", "2026-11-01").await;
    assert!(elsewhere(4).await);
}
