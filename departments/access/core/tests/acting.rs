//! People act: issued passwords, positions, what other servers say, the operator's commands.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "helpers of tests"
)]

mod support;

use support::*;

/// What a school's journal of changes says of acts that no person did: act and what is new, by act.
async fn audit(pool: &PgPool, school: i64) -> Vec<(String, serde_json::Value)> {
    sqlx::query_as(
        "select action, new from audit_event where school_id = $1 and actor_id is null order by action, id",
    )
    .bind(school)
    .fetch_all(pool)
    .await
    .unwrap()
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn an_issued_password_opens_nothing_but_its_change_and_dies(pool: PgPool) {
    let door = door(&pool).await;
    let actor = actor_of(&door, "admin").await;
    let issue = async |person: i64| reissue(&door, &actor, person).await;
    let before = enter(&door, "papa").await;
    let issued = issue(32).await.unwrap();
    assert_eq!(issued.login, "papa");
    // the old password and the old devices are dead
    assert!(with(&door, &before, 1).await.who.is_none());
    assert!(try_password(&door, "papa", PASSWORD, 1).await.is_err());

    let opened = try_password(&door, "papa", &issued.password, 1).await.unwrap();
    assert!(opened.must_change_password);
    let papa = with(&door, &opened, 2).await;
    let known_papa = papa.known().unwrap();
    let closed = door
        .store
        .begin(known_papa.facts.actor(known_papa.active), papa.now, Lang::Ru)
        .await;
    assert!(matches!(closed, Err(AppError::MustChangePassword)));
    let own = change_password(
        &papa,
        issued.password.clone(),
        "слон на балконе".to_owned(),
        false,
    )
    .await
    .unwrap();
    let papa = with(&door, &own, 3).await;
    assert!(!papa.known().unwrap().facts.must_change_password);
    // used up
    assert!(try_password(&door, "papa", &issued.password, 4).await.is_err());

    // a child without an account gets one, with a login from the name
    let child = issue(12).await.unwrap();
    assert_eq!(child.login, "belova.v");
    let late = try_password(&door, "belova.v", &child.password, 14 * 24 * 60)
        .await
        .unwrap_err();
    assert!(message(&late).contains("истёк"), "{late:?}");
    assert!(
        try_password(&door, "belova.v", &child.password, 14 * 24 * 60 - 1)
            .await
            .is_ok()
    );

    // another school's pupil does not exist here; the deputy may not
    assert_eq!(issue(21).await.unwrap_err(), AppError::NotFound);
    let deputy = actor_of(&door, "zavuch").await;
    let refused = reissue(&door, &deputy, 32).await;
    assert!(matches!(refused, Err(AppError::NotFound | AppError::Forbidden)));

    // who issues passwords elsewhere is out of this school's hands
    sqlx::query!("insert into position_permission (school_id, position_id, resource, action, reach) values (20, 60, 'accounts', 'edit', 'school')")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(issue(4).await.unwrap_err().status(), 422);

    let events = sqlx::query_scalar!(
        r#"select count(*) as "n!" from account_event where kind = 'password_issued' and actor_id = 40"#
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    let audit = sqlx::query_scalar!(r#"select count(*) as "n!" from audit_event where action = 'account.password_issued' and actor_id = 40"#)
        .fetch_one(&pool).await.unwrap();
    assert_eq!((events, audit), (2, 2));
    // and nowhere is the password itself
    let leaked = sqlx::query_scalar!(
        r#"select count(*) as "n!" from audit_event where new::text like '%' || $1 || '%'"#,
        issued.password
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(leaked, 0);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_parent_of_two_schools_has_two_entries_and_switches_in_one_act(pool: PgPool) {
    let door = door(&pool).await;
    let mama = enter(&door, "mama").await;
    let entrance = with(&door, &mama, 1).await;
    let known = entrance.known().unwrap();
    let me = known.facts.me(known.active, known.session, Lang::Ru);
    let keys: Vec<_> = me.positions.iter().map(|p| p.key).collect();
    assert_eq!(
        keys,
        [
            PositionKey::Guardian(SchoolId(10)),
            PositionKey::Guardian(SchoolId(20))
        ]
    );
    assert_eq!(me.positions[1].children[0].class.as_deref(), Some("7А"));
    assert_eq!(me.positions[1].school, "Школа 2");
    assert_eq!(me.child, Some(PupilId(1001)));

    let second = Active {
        key: PositionKey::Guardian(SchoolId(20)),
        child: Some(PupilId(2001)),
    };
    switch(&entrance, second).await.unwrap();
    let known = with(&door, &mama, 1).await.who.unwrap();
    let actor = known.facts.actor(known.active);
    assert_eq!(
        (actor.school, actor.role),
        (
            SchoolId(20),
            Role::Guardian {
                pupils: vec![PupilId(2001)]
            }
        )
    );

    for foreign in [
        Active {
            key: PositionKey::Guardian(SchoolId(20)),
            child: Some(PupilId(1001)),
        },
        Active {
            key: PositionKey::Staff(SchoolId(10), AppointmentId(1)),
            child: None,
        },
        Active {
            key: PositionKey::Pupil(SchoolId(10), PupilId(1001)),
            child: None,
        },
    ] {
        assert_eq!(
            switch(&entrance, foreign).await,
            Err(AppError::NotFound),
            "{foreign}"
        );
    }
    assert_eq!(switch(&nobody(&door, 1), second).await, Err(AppError::SignIn));
    // the next sign-in begins where she was
    let again = enter(&door, "mama").await;
    assert_eq!(with(&door, &again, 1).await.known().unwrap().active, Some(second));
    // guardianship that ended shows nothing from the next day on
    sqlx::query!("update guardianship set valid_to = '2026-11-19' where guardian_id = 31 and ward_id = 21")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(
        with(&door, &again, 1)
            .await
            .known()
            .unwrap()
            .active
            .map(|a| a.key),
        Some(PositionKey::Guardian(SchoolId(10)))
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_teacher_of_two_schools_acts_in_one_at_a_time_and_days_are_the_schools(pool: PgPool) {
    let door = door(&pool).await;
    let teacher = enter(&door, "dvoe").await;
    let known = with(&door, &teacher, 1).await.who.unwrap();
    assert_eq!(known.facts.keys().len(), 2);
    let actor = known.facts.actor(known.active);
    assert_eq!(
        (actor.school, actor.role.clone()),
        (
            SchoolId(10),
            Role::Staff {
                employee: EmployeeId(1400)
            }
        )
    );
    assert_eq!(actor.utc_offset, 3 * 3600);
    // 05:00 UTC is 12:00 in Novosibirsk; 20:00 UTC is already tomorrow there
    sqlx::query!("update organisation set time_zone = 'Asia/Novosibirsk' where id = 10")
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query!("update appointment set valid_to = '2026-11-20' where id = 4")
        .execute(&pool)
        .await
        .unwrap();
    let known = with(&door, &teacher, 2).await.who.unwrap();
    assert_eq!(known.facts.actor(known.active).utc_offset, 7 * 3600);
    let evening = with(&door, &teacher, 15 * 60).await.who.unwrap();
    assert_eq!(
        evening.facts.keys(),
        [PositionKey::Staff(SchoolId(20), AppointmentId(6))]
    );
    let pupil = enter(&door, "artem").await;
    let known = with(&door, &pupil, 1).await.who.unwrap();
    assert_eq!(
        known.facts.actor(known.active).role,
        Role::Pupil { pupil: PupilId(1001) }
    );
}

/// Waits until the memory's epoch of a message has passed: the channel is quick but not instant.
async fn until(mut done: impl AsyncFnMut() -> bool) {
    for _ in 0..200 {
        if done().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the channel was not heard");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_changes_elsewhere_is_heard_by_a_server_that_remembers(pool: PgPool) {
    let door = door(&pool).await;
    let hearing = tokio::spawn(door.sessions.clone().listen());
    until(async || door.sessions.hearing()).await;
    let teacher = enter(&door, "uchitel").await;
    let first = with(&door, &teacher, 1).await.who.unwrap();
    let again = with(&door, &teacher, 1).await.who.unwrap();
    assert!(Arc::ptr_eq(&first, &again), "remembered");
    let may_edit = async || {
        let known = with(&door, &teacher, 1).await.who.unwrap();
        base::rights::any(&known.facts.actor(known.active), Action::Edit, Kind::Journal)
    };
    assert!(may_edit().await);
    // by another server: a right taken away, a position ended, a session revoked
    sqlx::query!("delete from position_permission where school_id = 10 and position_id = 51 and resource = 'journal' and action = 'edit'")
        .execute(&pool).await.unwrap();
    until(async || !may_edit().await).await;
    sqlx::query!("update appointment set valid_to = '2026-11-19' where id = 2")
        .execute(&pool)
        .await
        .unwrap();
    until(async || {
        with(&door, &teacher, 1)
            .await
            .who
            .unwrap()
            .facts
            .keys()
            .is_empty()
    })
    .await;
    sqlx::query!("update session set revoked_at = now()")
        .execute(&pool)
        .await
        .unwrap();
    until(async || with(&door, &teacher, 1).await.who.is_none()).await;
    // remembered or not, an ended session is ended by the request's own clock
    let mama = sign_in(&nobody(&door, 0), "mama", PASSWORD.to_owned(), true)
        .await
        .unwrap();
    assert!(with(&door, &mama, 29).await.who.is_some());
    assert!(with(&door, &mama, 29 + 30).await.who.is_none());
    hearing.abort();
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn the_operator_makes_the_first_person_and_resets_a_login(pool: PgPool) {
    let door = door(&pool).await;
    let new = NewPerson {
        school: SchoolId(20),
        name: ("Директорова", "Нина", Some("Павловна")),
        position: "director",
        login: None,
    };
    let issued = create(&door.store, &door.hasher, new.clone(), start())
        .await
        .unwrap();
    assert_eq!(issued.login, "direktorova.np");
    let opened = try_password(&door, &issued.login, &issued.password, 1)
        .await
        .unwrap();
    let known = with(&door, &opened, 2).await.who.unwrap();
    let me = known.facts.me(known.active, known.session, Lang::En);
    assert_eq!(
        (me.positions[0].title.as_str(), me.must_change_password),
        ("Director", true)
    );
    assert!(me.may.contains(&(Kind::Accounts, Action::Edit)));
    // the school reads of all these acts in its own journal, in the same transaction, and no person is named as the actor
    let told = audit(&pool, 20).await;
    let acts: Vec<&str> = told.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(
        acts,
        [
            "account.password_issued",
            "appointment.created",
            "person.created",
            "position.created"
        ]
    );
    let rights = base::rights::template("director").unwrap().grants;
    assert_eq!(told[3].1["grants"], serde_json::to_value(rights).unwrap());
    assert!(told.iter().all(|(_, new)| new["by"] == "operator"), "{told:?}");
    assert!(
        told[..2].iter().all(|(_, new)| new["person"].as_i64() > Some(0)),
        "{told:?}"
    );
    assert!(!format!("{told:?}").contains(&issued.password));
    // a namesake gets a number; a position is copied once
    let second = create(&door.store, &door.hasher, new.clone(), start())
        .await
        .unwrap();
    assert_eq!(second.login, "direktorova.np2");
    let copies = sqlx::query_scalar!(
        r#"select count(*) as "n!" from position where school_id = 20 and template = 'director'"#
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(copies, 1);
    let nowhere = create(
        &door.store,
        &door.hasher,
        NewPerson {
            school: SchoolId(99),
            ..new.clone()
        },
        start(),
    )
    .await;
    assert_eq!(nowhere.unwrap_err(), AppError::NotFound);
    let nothing = create(
        &door.store,
        &door.hasher,
        NewPerson {
            position: "wizard",
            ..new.clone()
        },
        start(),
    )
    .await;
    assert_eq!(nothing.unwrap_err(), AppError::NotFound);
    let taken = create(
        &door.store,
        &door.hasher,
        NewPerson {
            login: Some("mama"),
            ..new
        },
        start(),
    )
    .await;
    assert_eq!(taken.unwrap_err().status(), 422);

    // what failed left no trace: twice three events and the position once, and none of the refused acts
    assert_eq!(audit(&pool, 20).await.len(), 7);

    let mama = enter(&door, "mama").await;
    let reset = reset_login(&door.store, &door.hasher, " Mama ", start())
        .await
        .unwrap();
    assert!(with(&door, &mama, 1).await.who.is_none());
    assert!(
        try_password(&door, "mama", &reset.password, 1)
            .await
            .unwrap()
            .must_change_password
    );
    // both schools where she has a child read of it
    let told = audit(&pool, 10).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (told[0].0.as_str(), &told[0].1["person"], &told[0].1["by"]),
        ("account.password_issued", &31.into(), &"operator".into())
    );
    assert_eq!(audit(&pool, 20).await.len(), 8);
    assert_eq!(
        reset_login(&door.store, &door.hasher, "nobody-here", start())
            .await
            .unwrap_err(),
        AppError::NotFound
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn walls_hold_for_accounts_and_sessions(pool: PgPool) {
    let door = door(&pool).await;
    let (papa, _admin) = (enter(&door, "papa").await, enter(&door, "admin").await);
    let known = with(&door, &papa, 1).await.who.unwrap();
    let mut ctx = door
        .store
        .begin(known.facts.actor(known.active), start(), Lang::Ru)
        .await
        .unwrap();
    // limits and known devices are nobody's to read
    let limits = sqlx::query_scalar!(r#"select count(*) as "n!" from known_device"#)
        .fetch_one(ctx.db())
        .await
        .unwrap();
    assert_eq!(limits, 0);
    drop(ctx);
    // without any scope there is nothing at all
    let mut nobody = door.store.pool().acquire().await.unwrap();
    let seen = sqlx::query_scalar!(
        r#"select (select count(*) from account) + (select count(*) from session) as "n!""#
    )
    .fetch_one(&mut *nobody)
    .await
    .unwrap();
    assert_eq!(seen, 0);
}
