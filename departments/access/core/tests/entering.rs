//! People enter: sign-in, limits, sessions, positions, issued passwords, against a real database with its walls up.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use access_core::accounts::sql::{NewPerson, create, issue_password, reset_login};
use access_core::auth::sql::{change_password, sign_in};
use access_core::auth::{hash_now, limit};
use access_core::positions::{Active, PositionKey, sql::switch};
use access_core::sessions::sql::{self as sessions, Opened};
use access_core::sessions::{Lifetime, Token};
use access_core::{Door, Entrance, Place};
use base::rights::{Action, Kind, Role};
use base::sql::{Failure, Store};
use base::{AppError, AppointmentId, EmployeeId, Lang, PersonId, PupilId, SchoolId};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;

const PASSWORD: &str = "корова в луже 7";

fn start() -> DateTime<Utc> {
    "2026-11-20T05:00:00Z".parse().unwrap()
}

/// A door over a test's database, as `parta_app`; accounts of some of the fixture's persons, one password for all.
async fn door(pool: &PgPool) -> Door {
    let phc = hash_now(PASSWORD, &[3; 16]).unwrap();
    sqlx::query!(
        "insert into account (id, person_id, login, phone, password_hash, created_at, password_changed_at)
         select i, i, l, case l when 'uchitel' then '79161234567' end, $1, $2, $2 from unnest($3::bigint[], $4::text[]) a (i, l)",
        phc,
        start(),
        &[1_i64, 2, 4, 11, 31, 32, 40],
        &["zavuch", "uchitel", "dvoe", "artem", "mama", "papa", "admin"].map(str::to_owned),
    )
    .execute(pool)
    .await
    .unwrap();
    let store = Store::connect((*pool.connect_options()).clone(), 4)
        .await
        .unwrap();
    Door::new(store).unwrap()
}

fn nobody(door: &Door, minutes: i64) -> Entrance {
    Entrance {
        door: door.clone(),
        place: Place {
            address: Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1))),
            device: None,
        },
        device: "Chrome, Android".to_owned(),
        token: None,
        who: None,
        now: start() + TimeDelta::minutes(minutes),
        lang: Lang::Ru,
    }
}

/// The same device later, with its cookies.
async fn with(door: &Door, opened: &Opened, minutes: i64) -> Entrance {
    let mut entrance = nobody(door, minutes);
    entrance.who = door
        .sessions
        .find(opened.token.hash(), entrance.now)
        .await
        .unwrap();
    entrance.token = Some(opened.token.clone());
    entrance.place.device = opened.device.clone();
    entrance
}

async fn enter(door: &Door, login: &str) -> Opened {
    sign_in(&nobody(door, 0), login, PASSWORD.to_owned(), false)
        .await
        .unwrap()
}

async fn try_password(door: &Door, login: &str, password: &str, minutes: i64) -> Result<Opened, AppError> {
    sign_in(&nobody(door, minutes), login, password.to_owned(), false).await
}

fn message(error: &AppError) -> String {
    error.message(Lang::Ru)
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn one_enters_by_login_or_phone_and_nobody_learns_which_logins_exist(pool: PgPool) {
    let door = door(&pool).await;
    for login in [
        "uchitel",
        " Uchitel ",
        "+7 (916) 123-45-67",
        "8 916 123-45-67",
        "9161234567",
    ] {
        let opened = try_password(&door, login, PASSWORD, 0).await.unwrap();
        let entrance = with(&door, &opened, 1).await;
        assert_eq!(entrance.known().unwrap().facts.person, PersonId(2), "{login}");
    }
    let wrong = try_password(&door, "uchitel", "не тот пароль", 0)
        .await
        .unwrap_err();
    let unknown = try_password(&door, "nobody-here", "не тот пароль", 0)
        .await
        .unwrap_err();
    assert_eq!(wrong, unknown);
    assert_eq!(wrong.status(), 422);
    // exactly as typed
    assert_eq!(
        try_password(&door, "uchitel", &format!(" {PASSWORD}"), 0)
            .await
            .unwrap_err(),
        wrong
    );
    assert_eq!(
        try_password(&door, "uchitel", &PASSWORD.to_uppercase(), 0)
            .await
            .unwrap_err(),
        wrong
    );
    assert_eq!(
        try_password(&door, "uchitel", &"я".repeat(1000), 0)
            .await
            .unwrap_err(),
        wrong
    );
    assert!(
        matches!(try_password(&door, "", "x", 0).await, Err(AppError::Invalid { fields }) if fields[0].field == "login")
    );
    assert!(
        matches!(try_password(&door, "x", "", 0).await, Err(AppError::Invalid { fields }) if fields[0].field == "password")
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn the_database_holds_argon2id_and_hashes_of_tokens_only(pool: PgPool) {
    let door = door(&pool).await;
    // an old hash is renewed by the way
    let weak = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21l$";
    let old = {
        use argon2::PasswordHasher as _;
        let params = argon2::Params::new(8, 1, 1, None).unwrap();
        let salt = argon2::password_hash::SaltString::encode_b64(&[1; 16]).unwrap();
        argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
            .hash_password(PASSWORD.as_bytes(), &salt)
            .unwrap()
            .to_string()
    };
    assert!(old.starts_with(&weak[..27]));
    sqlx::query!("update account set password_hash = $1 where id = 32", old)
        .execute(&pool)
        .await
        .unwrap();
    let opened = enter(&door, "papa").await;
    let phc = sqlx::query_scalar!("select password_hash from account where id = 32")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
    let hash = sqlx::query_scalar!("select token_hash from session")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(hash, opened.token.hash());
    assert_ne!(
        opened.token.text(),
        hash.iter().map(|b| format!("{b:02x}")).collect::<String>()
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn guessing_is_limited_per_account_and_place_never_per_address(pool: PgPool) {
    let door = door(&pool).await;
    let known = enter(&door, "uchitel").await;
    for login in ["uchitel", "no-such-login"] {
        for _ in 0..limit::ACCOUNT_AND_PLACE.failures {
            assert_eq!(
                try_password(&door, login, "мимо мимо", 1)
                    .await
                    .unwrap_err()
                    .status(),
                422
            );
        }
        // the right password is not heard any more, and an unknown login is limited alike
        let refused = try_password(&door, login, PASSWORD, 2).await.unwrap_err();
        assert_eq!(refused, AppError::TooMany { retry_after: 14 * 60 }, "{login}");
    }
    // the same address, other accounts: a school shares one
    assert!(try_password(&door, "zavuch", PASSWORD, 2).await.is_ok());
    // another address
    let mut home = nobody(&door, 2);
    home.place.address = Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2)));
    assert!(
        sign_in(&home, "uchitel", PASSWORD.to_owned(), false)
            .await
            .is_ok()
    );
    // the teacher's own device at the very address from which a pupil knocks
    let mut own = nobody(&door, 2);
    own.place.device = known.device;
    assert!(sign_in(&own, "uchitel", PASSWORD.to_owned(), false).await.is_ok());
    // and the quarter of an hour passes
    assert!(try_password(&door, "uchitel", PASSWORD, 16).await.is_ok());
    // a success clears the count
    assert_eq!(
        try_password(&door, "uchitel", "мимо мимо", 16)
            .await
            .unwrap_err()
            .status(),
        422
    );
    // the table lists neither logins nor addresses
    let kinds = sqlx::query_scalar!(r#"select count(*) as "n!" from account_event where kind = 'limited'"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(kinds, 1);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn many_addresses_together_are_limited_too_but_not_the_owners_device(pool: PgPool) {
    let door = door(&pool).await;
    let known = enter(&door, "uchitel").await;
    // as if that many other addresses had tried
    let mut refused = None;
    for n in 0..=limit::ACCOUNT.failures {
        let mut there = nobody(&door, 1);
        there.place.address = Some(IpAddr::V4(Ipv4Addr::new(10, 1, 0, u8::try_from(n).unwrap())));
        refused = sign_in(&there, "uchitel", "мимо мимо".to_owned(), false)
            .await
            .err();
    }
    assert!(matches!(refused, Some(AppError::TooMany { .. })), "{refused:?}");
    let mut own = nobody(&door, 2);
    own.place.device = known.device;
    assert!(sign_in(&own, "uchitel", PASSWORD.to_owned(), false).await.is_ok());
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_disabled_account_is_out_at_once_and_says_so_only_to_its_owner(pool: PgPool) {
    let door = door(&pool).await;
    let opened = enter(&door, "papa").await;
    assert!(with(&door, &opened, 1).await.who.is_some());
    sqlx::query!("update account set disabled_at = now() where login = 'papa'")
        .execute(&pool)
        .await
        .unwrap();
    assert!(with(&door, &opened, 1).await.who.is_none());
    let stranger = try_password(&door, "papa", "мимо мимо", 1).await.unwrap_err();
    let unknown = try_password(&door, "nobody-here", "мимо мимо", 1)
        .await
        .unwrap_err();
    assert_eq!(stranger, unknown);
    let owner = try_password(&door, "papa", PASSWORD, 1).await.unwrap_err();
    assert!(message(&owner).contains("отключена"), "{owner:?}");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn sessions_rest_and_live_as_documented(pool: PgPool) {
    let door = door(&pool).await;
    let family = enter(&door, "papa").await;
    let staff = enter(&door, "zavuch").await;
    let shared = sign_in(&nobody(&door, 0), "mama", PASSWORD.to_owned(), true)
        .await
        .unwrap();
    assert_eq!(family.max_age, Some(Lifetime::FAMILY.absolute));
    assert_eq!(staff.max_age, Some(Lifetime::STAFF.absolute));
    assert_eq!(shared.max_age, None);
    assert!(shared.device.is_none());
    let day = 24 * 60;
    assert!(with(&door, &shared, 29).await.who.is_some());
    assert!(with(&door, &shared, 29 + 31).await.who.is_none());
    assert!(with(&door, &staff, 8 * day).await.who.is_none());
    assert!(with(&door, &family, 29 * day).await.who.is_some());
    // that request was written down, so a month begins anew, but not for ever
    assert!(with(&door, &family, 58 * day).await.who.is_some());
    for at in (80..180).step_by(20) {
        assert!(with(&door, &family, at * day).await.who.is_some());
    }
    assert!(with(&door, &family, 180 * day).await.who.is_none());
    sessions::forget_old(&door.store, start() + TimeDelta::days(400))
        .await
        .unwrap();
    let left = sqlx::query_scalar!(r#"select count(*) as "n!" from session"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn devices_are_listed_and_revoked_by_their_owner_only(pool: PgPool) {
    let door = door(&pool).await;
    let (phone, laptop, stranger) = (
        enter(&door, "papa").await,
        enter(&door, "papa").await,
        enter(&door, "mama").await,
    );
    let mine = with(&door, &phone, 1).await;
    let known = mine.known().unwrap();
    let actor = known.facts.actor(known.active);
    let theirs = with(&door, &stranger, 1).await;
    let laptop_id = with(&door, &laptop, 1).await.known().unwrap().session;

    let mut ctx = door.store.begin(actor.clone(), mine.now, Lang::Ru).await.unwrap();
    let devices = sessions::devices(&mut ctx, Some(known.session)).await.unwrap();
    assert_eq!(devices.len(), 2);
    assert_eq!(devices.iter().filter(|d| d.current).count(), 1);
    // another's session does not exist
    let foreign = sessions::revoke(&mut ctx, theirs.known().unwrap().session).await;
    assert!(matches!(foreign, Err(Failure::App(AppError::NotFound))));
    let revoked = sessions::revoke(&mut ctx, laptop_id).await;
    ctx.close(revoked).await.unwrap();
    assert!(with(&door, &laptop, 1).await.who.is_none());
    assert!(with(&door, &phone, 1).await.who.is_some());
    assert!(with(&door, &stranger, 1).await.who.is_some());

    let again = enter(&door, "papa").await;
    let mut ctx = door.store.begin(actor, mine.now, Lang::Ru).await.unwrap();
    let others = sessions::revoke_others(&mut ctx, known.session).await;
    assert_eq!(ctx.close(others).await.unwrap(), 1);
    assert!(with(&door, &again, 1).await.who.is_none());
    assert!(with(&door, &phone, 1).await.who.is_some());

    sessions::end(&with(&door, &phone, 1).await).await.unwrap();
    assert!(with(&door, &phone, 1).await.who.is_none());
    // twice does no harm, nor does nobody
    sessions::end(&with(&door, &phone, 1).await).await.unwrap();
    sessions::end(&nobody(&door, 1)).await.unwrap();
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_new_sign_in_ends_the_session_the_browser_brought(pool: PgPool) {
    let door = door(&pool).await;
    let first = enter(&door, "papa").await;
    let again = sign_in(&with(&door, &first, 1).await, "mama", PASSWORD.to_owned(), false)
        .await
        .unwrap();
    assert_ne!(first.token, again.token);
    assert!(with(&door, &first, 1).await.who.is_none());
    // the person's name is not the token's only secret
    assert_eq!(format!("{:?}", again.token), "Token(…)");
    assert_ne!(Token::new([0; 32]), again.token);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn changing_the_password_asks_for_the_old_one_and_renews_the_token(pool: PgPool) {
    let door = door(&pool).await;
    let (phone, laptop) = (enter(&door, "papa").await, enter(&door, "papa").await);
    let entrance = with(&door, &phone, 1).await;
    let change = |old: &str, new: &str, others| {
        let (entrance, old, new) = (entrance.clone(), old.to_owned(), new.to_owned());
        async move { change_password(&entrance, old, new, others).await }
    };
    let field = |e: AppError| match e {
        AppError::Invalid { fields } => fields[0].field.clone(),
        other => format!("{other:?}"),
    };
    assert_eq!(
        field(change("мимо мимо", "новый хороший", false).await.unwrap_err()),
        "old"
    );
    assert_eq!(field(change(PASSWORD, PASSWORD, false).await.unwrap_err()), "new");
    assert_eq!(
        field(change(PASSWORD, "йцукенгш", false).await.unwrap_err()),
        "new"
    );
    assert_eq!(
        field(change(PASSWORD, "Белов2026", false).await.unwrap_err()),
        "new"
    );
    assert!(matches!(
        change_password(&nobody(&door, 1), "a".to_owned(), "b".to_owned(), false).await,
        Err(AppError::SignIn)
    ));

    let renewed = change(PASSWORD, "слон на балконе", false).await.unwrap();
    assert!(with(&door, &phone, 1).await.who.is_none());
    assert!(with(&door, &renewed, 1).await.who.is_some());
    assert!(with(&door, &laptop, 1).await.who.is_some());
    assert!(try_password(&door, "papa", PASSWORD, 1).await.is_err());

    let entrance = with(&door, &renewed, 2).await;
    let again = change_password(
        &entrance,
        "слон на балконе".to_owned(),
        "жираф на крыше".to_owned(),
        true,
    )
    .await
    .unwrap();
    assert!(with(&door, &laptop, 2).await.who.is_none());
    // a stolen session is no place to guess the password
    let entrance = with(&door, &again, 3).await;
    for _ in 0..limit::ACCOUNT_AND_PLACE.failures {
        assert_eq!(
            change_password(&entrance, "мимо мимо".to_owned(), "x".to_owned(), false)
                .await
                .unwrap_err()
                .status(),
            422
        );
    }
    let refused = change_password(
        &entrance,
        "жираф на крыше".to_owned(),
        "новый хороший".to_owned(),
        false,
    )
    .await;
    assert!(matches!(refused, Err(AppError::TooMany { .. })));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn an_issued_password_opens_nothing_but_its_change_and_dies(pool: PgPool) {
    let door = door(&pool).await;
    let admin = enter(&door, "admin").await;
    let entrance = with(&door, &admin, 0).await;
    let known = entrance.known().unwrap();
    let actor = known.facts.actor(known.active);
    let issue = |person: i64| {
        let (store, hasher, actor) = (door.store.clone(), door.hasher.clone(), actor.clone());
        async move {
            let mut ctx = store.begin(actor, start(), Lang::Ru).await.unwrap();
            let issued = issue_password(&mut ctx, &hasher, PersonId(person)).await;
            ctx.close(issued).await
        }
    };
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
    let deputy = enter(&door, "zavuch").await;
    let deputy = with(&door, &deputy, 0).await;
    let known = deputy.known().unwrap();
    let mut ctx = door
        .store
        .begin(known.facts.actor(known.active), start(), Lang::Ru)
        .await
        .unwrap();
    let refused = issue_password(&mut ctx, &door.hasher, PersonId(32)).await;
    assert!(matches!(
        refused,
        Err(Failure::App(AppError::NotFound | AppError::Forbidden))
    ));

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
