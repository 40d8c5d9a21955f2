//! People enter: sign-in, limits, sessions, passwords, against a real database with its walls up.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod support;

use support::*;

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
async fn an_overload_is_no_failure_of_the_person(pool: PgPool) {
    let mut door = door(&pool).await;
    let opened = enter(&door, "papa").await;
    let calm = door.hasher.clone();
    // nobody's turn ever comes
    door.hasher = Hasher::with(0, std::time::Duration::from_millis(1)).unwrap();
    for _ in 0..=limit::ACCOUNT.failures {
        for (login, password) in [
            ("uchitel", PASSWORD),
            ("uchitel", "мимо мимо"),
            ("nobody-here", "мимо мимо"),
        ] {
            assert_eq!(
                try_password(&door, login, password, 1).await.unwrap_err(),
                AppError::Unavailable,
                "{login}"
            );
        }
        let entrance = with(&door, &opened, 1).await;
        let (old, new) = (PASSWORD.to_owned(), "слон на балконе".to_owned());
        assert_eq!(
            change_password(&entrance, old, new, false).await.unwrap_err(),
            AppError::Unavailable
        );
    }
    let counted = sqlx::query_scalar!(r#"select coalesce(sum(failures), 0) as "n!" from sign_in_limit"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(counted, 0);
    door.hasher = calm;
    assert!(try_password(&door, "uchitel", PASSWORD, 1).await.is_ok());
    // failures before the overload stay counted through it
    let mut last = None;
    for n in 0..=limit::ACCOUNT_AND_PLACE.failures {
        let mut there = door.clone();
        if n == 2 {
            there.hasher = Hasher::with(0, std::time::Duration::from_millis(1)).unwrap();
            assert!(try_password(&there, "mama", "мимо мимо", 1).await.is_err());
        }
        last = try_password(&door, "mama", "мимо мимо", 1).await.err();
    }
    assert!(matches!(last, Some(AppError::TooMany { .. })), "{last:?}");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn being_held_off_is_one_event_a_window(pool: PgPool) {
    let door = door(&pool).await;
    let events = async || {
        sqlx::query_scalar!(r#"select count(*) as "n!" from account_event where kind = 'limited'"#)
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    for minute in [1, 2, 17] {
        for _ in 0..10 {
            assert!(try_password(&door, "uchitel", "мимо мимо", minute).await.is_err());
        }
        assert_eq!(events().await, if minute < 16 { 1 } else { 2 }, "minute {minute}");
    }
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_new_password_that_is_too_weak_is_no_guess(pool: PgPool) {
    let door = door(&pool).await;
    let opened = enter(&door, "papa").await;
    let entrance = with(&door, &opened, 1).await;
    let change = |old: &str, new: &str| {
        let (entrance, old, new) = (entrance.clone(), old.to_owned(), new.to_owned());
        async move { change_password(&entrance, old, new, false).await }
    };
    for _ in 0..2 * limit::ACCOUNT_AND_PLACE.failures {
        assert_eq!(change(PASSWORD, "12345678").await.unwrap_err().status(), 422);
    }
    assert!(change(PASSWORD, "слон на балконе").await.is_ok());
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
