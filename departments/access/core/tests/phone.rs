//! The number that one signs in with beside the login: its owner sets it with the password, nobody else's is taken.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "helpers of tests"
)]

mod support;

use support::*;

/// One who has signed in and says by which number to.
struct Owner {
    door: Door,
    opened: Opened,
}

impl Owner {
    async fn new(door: &Door, login: &str) -> Self {
        Self {
            door: door.clone(),
            opened: enter(door, login).await,
        }
    }

    async fn set(&self, number: &str, password: &str, minutes: i64) -> Result<(), AppError> {
        let entrance = with(&self.door, &self.opened, minutes).await;
        set_phone(&entrance, number, password.to_owned()).await
    }

    /// What the page shows.
    async fn number(&self, minutes: i64) -> Option<String> {
        let entrance = with(&self.door, &self.opened, minutes).await;
        let known = entrance.known().unwrap();
        let actor = known.facts.actor(known.active);
        let mut ctx = self
            .door
            .store
            .begin(actor, entrance.now, Lang::Ru)
            .await
            .unwrap();
        let found = phone(&mut ctx).await;
        ctx.close(found).await.unwrap()
    }
}

fn field(outcome: Result<(), AppError>) -> String {
    match outcome {
        Err(AppError::Invalid { fields }) => fields[0].field.clone(),
        other => panic!("{other:?}"),
    }
}

/// What the account's own journal tells of its number, in order.
async fn events(pool: &PgPool, account: i64) -> Vec<(String, Option<i64>, Option<String>)> {
    sqlx::query_as(
        "select kind, actor_id, device from account_event where account_id = $1 and kind like 'phone%' order by id",
    )
    .bind(account)
    .fetch_all(pool)
    .await
    .unwrap()
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_number_opens_the_door_once_its_owner_has_said_it_and_until_they_take_it_away(pool: PgPool) {
    let door = door(&pool).await;
    let papa = Owner::new(&door, "papa").await;
    assert_eq!(papa.number(1).await, None);
    // what stands in a school's list opens nothing
    sqlx::raw_sql("update person set phone = '79035550101' where id = 32")
        .execute(&pool)
        .await
        .unwrap();
    let refused = try_password(&door, "8 903 555-01-01", PASSWORD, 1).await;
    assert!(refused.is_err());

    papa.set("8 (903) 555-01-01", PASSWORD, 1).await.unwrap();
    assert_eq!(papa.number(2).await.as_deref(), Some("79035550101"));
    for typed in ["+7 903 555-01-01", "9035550101", "papa"] {
        let opened = try_password(&door, typed, PASSWORD, 2).await.unwrap();
        let entrance = with(&door, &opened, 3).await;
        assert_eq!(entrance.known().unwrap().facts.person, PersonId(32), "{typed}");
    }
    // the same again is no change
    papa.set("+79035550101", PASSWORD, 3).await.unwrap();
    // another takes the place of the first
    papa.set("+375 29 555-01-01", PASSWORD, 4).await.unwrap();
    assert!(
        try_password(&door, "+7 903 555-01-01", PASSWORD, 5)
            .await
            .is_err()
    );
    assert!(try_password(&door, "00375295550101", PASSWORD, 5).await.is_ok());
    papa.set("  ", PASSWORD, 6).await.unwrap();
    assert_eq!(papa.number(6).await, None);
    assert!(
        try_password(&door, "+375 29 555-01-01", PASSWORD, 7)
            .await
            .is_err()
    );
    assert!(try_password(&door, "papa", PASSWORD, 7).await.is_ok());

    let told = events(&pool, 32).await;
    let kinds: Vec<&str> = told.iter().map(|(kind, ..)| kind.as_str()).collect();
    assert_eq!(kinds, ["phone_set", "phone_set", "phone_removed"]);
    assert!(
        told.iter()
            .all(|(_, actor, device)| actor.is_none() && device.as_deref() == Some("Chrome, Android")),
        "{told:?}"
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn nothing_changes_without_the_password_a_number_or_a_free_one(pool: PgPool) {
    let door = door(&pool).await;
    let papa = Owner::new(&door, "papa").await;
    assert_eq!(field(papa.set("8 903 555-01-01", "мимо мимо", 1).await), "old");
    assert_eq!(field(papa.set("8 903 555-01-01", "", 1).await), "old");
    assert_eq!(field(papa.set("555-01-01", PASSWORD, 1).await), "phone");
    assert_eq!(field(papa.set("papa", PASSWORD, 1).await), "phone");
    // the teacher's
    let taken = papa.set("8 916 123-45-67", PASSWORD, 1).await.unwrap_err();
    assert!(message(&taken).contains("уже привязан"), "{taken:?}");
    assert_eq!(field(Err(taken)), "phone");
    assert_eq!(papa.number(2).await, None);
    assert!(events(&pool, 32).await.is_empty());
    let opened = try_password(&door, "8 916 123-45-67", PASSWORD, 2).await.unwrap();
    let teacher = with(&door, &opened, 3).await;
    assert_eq!(teacher.known().unwrap().facts.person, PersonId(2));

    // nobody; and who signs in with an issued password, which somebody else has read
    let stranger = set_phone(&nobody(&door, 3), "8 903 555-01-01", PASSWORD.to_owned()).await;
    assert_eq!(stranger, Err(AppError::SignIn));
    sqlx::raw_sql("update account set must_change_password = true where person_id = 31")
        .execute(&pool)
        .await
        .unwrap();
    let mama = Owner::new(&door, "mama").await;
    assert_eq!(
        mama.set("8 903 555-01-02", PASSWORD, 3).await,
        Err(AppError::MustChangePassword)
    );
    assert!(events(&pool, 31).await.is_empty());
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn the_form_is_no_place_to_guess_a_password_nor_to_ask_who_is_here(pool: PgPool) {
    let mut door = door(&pool).await;
    let papa = Owner::new(&door, "papa").await;
    // a stolen session: one count with the form that changes the password
    let guesses = limit::ACCOUNT_AND_PLACE.failures;
    for _ in 1..guesses {
        assert_eq!(field(papa.set("8 903 555-01-01", "мимо мимо", 1).await), "old");
    }
    let entrance = with(&door, &papa.opened, 1).await;
    let other = change_password(
        &entrance,
        "мимо мимо".to_owned(),
        "слон на балконе".to_owned(),
        false,
    );
    assert_eq!(other.await.unwrap_err().status(), 422);
    let refused = papa.set("8 903 555-01-01", PASSWORD, 1).await;
    assert!(matches!(refused, Err(AppError::TooMany { .. })), "{refused:?}");
    assert_eq!(papa.number(1).await, None);

    // who knows the password may try ten numbers a day; half of them are somebody's
    for n in 0..limit::NUMBERS.failures {
        let number = if n % 2 == 0 {
            "8 916 123-45-67".to_owned()
        } else {
            format!("8 903 555-01-{n:02}")
        };
        let outcome = papa.set(&number, PASSWORD, 20).await;
        assert_eq!(outcome.is_err(), n % 2 == 0, "{number}: {outcome:?}");
    }
    let refused = papa.set("8 903 555-02-00", PASSWORD, 21).await;
    assert!(matches!(refused, Err(AppError::TooMany { .. })), "{refused:?}");
    // a number may always be taken away, and the sweeping of old counts forgets nothing of the day
    papa.set("", PASSWORD, 22).await.unwrap();
    sessions::forget_old(&door.store, start() + TimeDelta::hours(23))
        .await
        .unwrap();
    let day = 24 * 60;
    assert!(papa.set("8 903 555-02-00", PASSWORD, day).await.is_err());
    papa.set("8 903 555-02-00", PASSWORD, day + 20).await.unwrap();

    // an overload is no guess
    let calm = door.hasher.clone();
    door.hasher = Hasher::with(0, std::time::Duration::from_millis(1)).unwrap();
    let hurried = Owner {
        door: door.clone(),
        opened: papa.opened,
    };
    for _ in 0..=guesses {
        let outcome = hurried.set("8 903 555-02-01", PASSWORD, day + 21).await;
        assert_eq!(outcome, Err(AppError::Unavailable));
    }
    door.hasher = calm;
    let papa = Owner {
        door,
        opened: hurried.opened,
    };
    papa.set("8 903 555-02-01", PASSWORD, day + 22).await.unwrap();
}
