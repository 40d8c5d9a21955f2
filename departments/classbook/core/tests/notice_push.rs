//! Pushes against a real database and a push service of the test's own, which decrypts with the device's keys what came.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Duration, TimeDelta, Timelike as _};
use classbook_core::notice::device::{Devices, News, Quiet, Subscription};
use classbook_core::notice::push::{Key, Pusher};
use classbook_core::notice::sql::device::{self, Place};
use classbook_core::notice::sql::{self as notice, push};
use classbook_core::notice::{Channel, Kind};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use school::*;
use web_push_native::p256;

/// A message as it came.
#[derive(Debug)]
struct Got {
    device: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// A push service.
#[derive(Clone)]
struct Service {
    origin: String,
    got: Arc<Mutex<Vec<Got>>>,
    answer: Arc<Mutex<(u16, &'static str)>>,
}

impl Service {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let service = Self {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            got: Arc::default(),
            answer: Arc::new(Mutex::new((201, ""))),
        };
        let app = Router::new()
            .route("/push/{device}", post(Self::take))
            .with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        service
    }

    async fn take(
        State(service): State<Self>,
        Path(device): Path<String>,
        headers: HeaderMap,
        body: Bytes,
    ) -> (StatusCode, [(&'static str, &'static str); 1]) {
        let body = body.to_vec();
        service.got.lock().unwrap().push(Got {
            device,
            headers,
            body,
        });
        let (status, retry) = *service.answer.lock().unwrap();
        (StatusCode::from_u16(status).unwrap(), [("retry-after", retry)])
    }

    fn answers(&self, status: u16, retry: &'static str) {
        *self.answer.lock().unwrap() = (status, retry);
    }

    fn taken(&self) -> Vec<Got> {
        std::mem::take(&mut *self.got.lock().unwrap())
    }

    fn pusher(&self) -> Pusher {
        Pusher::new(key(), "https://parta.test", Some(&self.origin)).unwrap()
    }
}

fn key() -> Key {
    Key::from_random(&[7; 32]).unwrap()
}

/// A browser: what it keeps for itself.
struct Browser {
    secret: p256::SecretKey,
    auth: [u8; 16],
    endpoint: String,
}

impl Browser {
    fn new(service: &Service, name: &str) -> Self {
        let seed = name.bytes().fold(3, u8::wrapping_add).max(1);
        Self {
            secret: p256::SecretKey::from_slice(&[seed; 32]).unwrap(),
            auth: [seed; 16],
            endpoint: format!("{}/push/{name}", service.origin),
        }
    }

    fn tells(&self) -> Subscription {
        let public = self.secret.public_key().to_encoded_point(false);
        Subscription {
            endpoint: self.endpoint.clone(),
            p256dh: URL_SAFE_NO_PAD.encode(public.as_bytes()),
            auth: URL_SAFE_NO_PAD.encode(self.auth),
            expires: None,
            replaces: None,
        }
    }

    /// What a message holds, as this browser alone can read it.
    fn reads(&self, got: &Got) -> String {
        let plain = web_push_native::decrypt(got.body.clone(), &self.secret, &self.auth.into()).unwrap();
        String::from_utf8(plain).unwrap()
    }
}

fn phone() -> Place {
    Place {
        name: "Chrome, Android".into(),
        session: None,
        shared: false,
    }
}

async fn put(pool: &PgPool, statement: &'static str) {
    sqlx::raw_sql(statement).execute(pool).await.unwrap();
}

/// Families with accounts, and the events of the tests, which lie in November, are just done.
async fn ready(pool: &PgPool) {
    put(
        pool,
        "insert into account (person_id, login, password_hash, created_at, password_changed_at) values
            (31, 'mother', 'x', '2026-09-01Z', '2026-09-01Z'), (32, 'father', 'x', '2026-09-01Z', '2026-09-01Z');
         drop trigger audit_event_keeps_for_notices on audit_event;
         create trigger audit_event_keeps_for_notices after insert on audit_event for each row
             when (new.entity in ('mark', 'attendance', 'lesson', 'dispute', 'period_mark')) execute function keep_for_notices()",
    )
    .await;
}

async fn on(
    store: &Store,
    who: Actor,
    pusher: &Pusher,
    new: &Subscription,
    place: &Place,
) -> Result<Uuid, AppError> {
    let mut ctx = open(store, who).await;
    let out = device::subscribe(&mut ctx, pusher, new, place).await;
    ctx.close(out).await
}

async fn list(store: &Store, who: Actor, pusher: &Pusher) -> Devices {
    let mut ctx = open(store, who).await;
    let out = device::devices(&mut ctx, pusher, false).await;
    ctx.close(out).await.unwrap()
}

async fn news(store: &Store, who: Actor, device: Uuid) -> Result<News, AppError> {
    let mut ctx = open(store, who).await;
    let out = device::news(&mut ctx, device).await;
    ctx.close(out).await
}

/// A mark, told two minutes later.
async fn mark_told(store: &Store, pupil: i64, code: Option<&str>, expected: i32) {
    let outcome = save_one(store, teacher(), mark(700, 800, pupil, code, expected)).await;
    assert!(matches!(outcome, Outcome::Saved { .. }), "{outcome:?}");
    while notice::tell(store, now() + Duration::minutes(2))
        .await
        .unwrap()
        .is_some()
    {}
}

async fn devices_left(pool: &PgPool) -> i64 {
    sqlx::query_scalar!(r#"select count(*) as "n!" from push_device"#)
        .fetch_one(pool)
        .await
        .unwrap()
}

crate::db_test!(
    what_goes_through_a_push_service_is_the_number_of_a_device,
    pool,
    {
        ready(&pool).await;
        let store = store(&pool).await;
        let service = Service::start().await;
        let pusher = service.pusher();
        let (hers, his) = (Browser::new(&service, "mother"), Browser::new(&service, "father"));
        // what happened before is not told to a new device
        mark_told(&store, 1001, Some("3"), 0).await;
        let device = on(&store, mother(), &pusher, &hers.tells(), &phone())
            .await
            .unwrap();
        on(&store, father(), &pusher, &his.tells(), &phone())
            .await
            .unwrap();
        assert_eq!(push::send(&store, &pusher, now()).await.unwrap(), 0);

        mark_told(&store, 1001, Some("4"), 1).await;
        assert_eq!(push::send(&store, &pusher, now()).await.unwrap(), 1);
        let got = service.taken();
        assert_eq!(got.len(), 1, "the other child's father is not woken");
        let one = &got[0];
        assert_eq!(one.device, "mother");
        assert_eq!(
            hers.reads(one),
            format!(r#"{{"device":"{device}"}}"#),
            "that is all"
        );
        assert!(
            web_push_native::decrypt(one.body.clone(), &his.secret, &his.auth.into()).is_err(),
            "and nobody else reads even that"
        );
        let header = |name: &str| one.headers.get(name).unwrap().to_str().unwrap();
        assert_eq!(
            (
                header("ttl"),
                header("urgency"),
                header("topic"),
                header("content-encoding")
            ),
            ("86400", "normal", "parta", "aes128gcm")
        );
        // RFC 8292: for this service, by this server, for half a day
        let (token, public) = header("authorization")
            .strip_prefix("vapid t=")
            .unwrap()
            .split_once(", k=")
            .unwrap();
        assert_eq!(public, key().public());
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let verifying = VerifyingKey::from_sec1_bytes(&URL_SAFE_NO_PAD.decode(public).unwrap()).unwrap();
        let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        verifying.verify(signed.as_bytes(), &signature).unwrap();
        let claims = URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        let until = (now() + Duration::hours(12)).timestamp();
        assert_eq!(
            claims,
            serde_json::json!({"aud": service.origin, "exp": until, "sub": "https://parta.test"})
        );

        assert_eq!(push::send(&store, &pusher, now()).await.unwrap(), 0, "once");
        assert!(list(&store, mother(), &pusher).await.devices[0].told_at.is_some());

        // a tap leads to the child's day; the words only if she wants them shown
        let asked = news(&store, mother(), device).await.unwrap();
        assert_eq!(
            (asked.href.as_str(), asked.text),
            ("/diary/1001/2026-11-16", None)
        );
        let mut ctx = open(&store, mother()).await;
        let out = device::show(&mut ctx, device, true).await;
        ctx.close(out).await.unwrap();
        let asked = news(&store, mother(), device).await.unwrap();
        assert!(
            asked
                .text
                .unwrap()
                .starts_with("Математика: Отметка исправлена: 3 → 4")
        );
        for other in [father(), teacher(), deputy()] {
            assert_eq!(news(&store, other, device).await, Err(AppError::NotFound));
        }
    }
);

crate::db_test!(who_has_read_chose_otherwise_or_sleeps_is_not_woken, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    let service = Service::start().await;
    let pusher = service.pusher();
    on(
        &store,
        mother(),
        &pusher,
        &Browser::new(&service, "mother").tells(),
        &phone(),
    )
    .await
    .unwrap();

    mark_told(&store, 1001, Some("3"), 0).await;
    let mut ctx = open(&store, mother()).await;
    let out = notice::seen(&mut ctx, NoticeId(i64::MAX)).await;
    ctx.close(out).await.unwrap();
    assert_eq!(
        push::send(&store, &pusher, now()).await.unwrap(),
        0,
        "she has read it elsewhere"
    );

    let mut ctx = open(&store, mother()).await;
    let out = notice::choose(
        &mut ctx,
        Some(PupilId(1001)),
        Kind::MarkChanged,
        Channel::Push,
        false,
    )
    .await;
    ctx.close(out).await.unwrap();
    mark_told(&store, 1001, Some("4"), 1).await;
    assert_eq!(
        push::send(&store, &pusher, now()).await.unwrap(),
        0,
        "she does not want that by push"
    );

    // from ten in the evening in Moscow to seven in the morning
    mark_told(&store, 1001, None, 2).await;
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    for night in [
        "2026-11-18T19:00:00Z",
        "2026-11-18T23:30:00Z",
        "2026-11-19T03:59:59Z",
    ] {
        assert_eq!(
            push::send(&store, &pusher, at(night)).await.unwrap(),
            0,
            "{night}"
        );
    }
    let mut ctx = open(&store, mother()).await;
    let out = device::set_quiet(&mut ctx, Quiet { from: 9, to: 9 }).await;
    ctx.close(out).await.unwrap();
    assert_eq!(
        push::send(&store, &pusher, at("2026-11-18T19:00:00Z"))
            .await
            .unwrap(),
        1,
        "she wants no quiet"
    );
    let mut ctx = open(&store, mother()).await;
    let out = device::set_quiet(&mut ctx, Quiet { from: 24, to: 7 }).await;
    assert!(matches!(ctx.close(out).await, Err(AppError::Invalid { .. })));

    // a disabled account, a guardianship that has ended
    for (take, bring) in [
        (
            "update account set disabled_at = '2026-11-18Z' where person_id = 31",
            "update account set disabled_at = null",
        ),
        (
            "update guardianship set valid_to = '2026-11-17' where guardian_id = 31",
            "update guardianship set valid_to = null",
        ),
    ] {
        put(&pool, take).await;
        put(&pool, "insert into audit_event (school_id, at, actor_id, action, entity, entity_key, old, new) values
            (10, '2026-11-18 09:00Z', 2, 'period_mark.set', 'period_mark', '1001:400:5:period:2', null, '{\"code\": \"4\"}')").await;
        while notice::tell(&store, now() + Duration::minutes(2))
            .await
            .unwrap()
            .is_some()
        {}
        assert_eq!(push::send(&store, &pusher, now()).await.unwrap(), 0, "{take}");
        put(&pool, bring).await;
    }
    assert_eq!(service.taken().len(), 1);
});

crate::db_test!(what_a_service_answers_is_heeded, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    let service = Service::start().await;
    let pusher = service.pusher();
    let browser = Browser::new(&service, "mother");
    on(&store, mother(), &pusher, &browser.tells(), &phone())
        .await
        .unwrap();
    mark_told(&store, 1001, Some("3"), 0).await;
    let mut at = now();
    let send = async |at: DateTime<Utc>| push::send(&store, &pusher, at).await.unwrap();

    service.answers(429, "600");
    assert_eq!(send(at).await, 0);
    service.answers(201, "");
    at += Duration::seconds(599);
    assert_eq!(send(at).await, 0, "it asked for ten minutes");
    assert_eq!(service.taken().len(), 1);
    at += Duration::seconds(1);
    assert_eq!(send(at).await, 1);

    // a service with a fault is tried again, later and later, and the news given up in the end; the device is not
    service.taken();
    mark_told(&store, 1001, Some("4"), 1).await;
    service.answers(500, "");
    for pause in [1, 5, 15, 60, 180, 360, 0] {
        assert_eq!(send(at).await, 0);
        assert_eq!(send(at + Duration::seconds(pause * 60 - 1)).await, 0);
        at += Duration::minutes(pause);
        if at.hour() > 18 {
            // nobody is woken at night: on in the morning
            at += Duration::hours(10);
        }
    }
    assert_eq!(service.taken().len(), 7);
    service.answers(201, "");
    assert_eq!(send(at + Duration::hours(1)).await, 0, "given up");
    assert_eq!(devices_left(&pool).await, 1);

    // another one that is refused as often is taken away: it belongs to another key
    mark_told(&store, 1001, Some("5"), 2).await;
    at = now() + Duration::days(2);
    service.answers(403, "");
    for _ in 0..6 {
        assert_eq!(send(at).await, 0);
        at += Duration::days(1);
    }
    assert_eq!(devices_left(&pool).await, 0);

    // and one that is no more, at once; a later one of the same browser is another
    for gone in [404, 410] {
        let new = Subscription {
            expires: Some((at + Duration::days(400)).timestamp_millis()),
            ..browser.tells()
        };
        on(&store, mother(), &pusher, &new, &phone()).await.unwrap();
        service.answers(gone, "");
        let expected = if gone == 404 { 3 } else { 4 };
        mark_told(&store, 1001, Some(if gone == 404 { "4" } else { "3" }), expected).await;
        at += Duration::days(1);
        assert_eq!(send(at).await, 0);
        assert_eq!(devices_left(&pool).await, 0, "{gone}");
    }
});

crate::db_test!(a_server_that_dies_tells_later_and_two_do_not_tell_twice, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    let service = Service::start().await;
    let pusher = service.pusher();
    for n in 0..10 {
        on(
            &store,
            mother(),
            &pusher,
            &Browser::new(&service, &format!("phone{n}")).tells(),
            &phone(),
        )
        .await
        .unwrap();
    }
    mark_told(&store, 1001, Some("3"), 0).await;
    let (one, two) = tokio::join!(
        push::send(&store, &pusher, now()),
        push::send(&store, &pusher, now())
    );
    assert_eq!(one.unwrap() + two.unwrap(), 10);
    assert_eq!(service.taken().len(), 10);

    // taken in hand and never finished
    mark_told(&store, 1001, Some("4"), 1).await;
    put(&pool, "update push_device set retry_at = '2026-11-18 09:02Z'").await;
    assert_eq!(
        push::send(&store, &pusher, now() + Duration::seconds(119))
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        push::send(&store, &pusher, now() + Duration::seconds(120))
            .await
            .unwrap(),
        10
    );
});

crate::db_test!(who_may_turn_a_device_on, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    let service = Service::start().await;
    let pusher = service.pusher();
    let browser = Browser::new(&service, "mother");
    let good = browser.tells();
    assert_eq!(
        on(
            &store,
            staff(40, 10, 1500, "administrator"),
            &pusher,
            &good,
            &phone()
        )
        .await,
        Err(AppError::NotFound),
        "who is told nothing"
    );
    assert_eq!(
        on(&store, mother(), &Pusher::default(), &good, &phone()).await,
        Err(AppError::NotFound),
        "nothing is pushed here"
    );
    let shared = Place {
        shared: true,
        ..phone()
    };
    assert!(matches!(
        on(&store, mother(), &pusher, &good, &shared).await,
        Err(AppError::Invalid { .. })
    ));
    // addresses that would make the server knock at doors inside, and what is no key
    let outside = Pusher::new(key(), "https://parta.test", None).unwrap();
    for endpoint in [
        good.endpoint.as_str(),
        "https://127.0.0.1/push",
        "https://localhost/push",
        "https://[::1]/push",
        "https://169.254.169.254/latest/meta-data",
        "http://push.example.org/x",
        "https://push.example.org:5432/x",
        "file:///etc/passwd",
        "",
    ] {
        let new = Subscription {
            endpoint: endpoint.into(),
            ..good.clone()
        };
        let refused = on(&store, mother(), &outside, &new, &phone()).await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })), "{endpoint}");
    }
    let short = &good.p256dh[..80];
    for (p256dh, auth) in [
        ("", good.auth.as_str()),
        (short, &good.auth),
        (&good.p256dh, ""),
        (&good.p256dh, "AAAA"),
        ("AAAA", "!"),
        (&good.auth, &good.p256dh),
    ] {
        let new = Subscription {
            p256dh: p256dh.into(),
            auth: auth.into(),
            ..good.clone()
        };
        assert!(
            matches!(
                on(&store, mother(), &pusher, &new, &phone()).await,
                Err(AppError::Invalid { .. })
            ),
            "{p256dh} {auth}"
        );
    }
    assert_eq!(devices_left(&pool).await, 0);

    let first = on(&store, mother(), &pusher, &good, &phone()).await.unwrap();
    assert_eq!(
        on(&store, mother(), &pusher, &good, &phone()).await.unwrap(),
        first,
        "the same browser is the same device"
    );
    let mut ctx = open(&store, mother()).await;
    let out = device::show(&mut ctx, first, true).await;
    ctx.close(out).await.unwrap();
    // the browser changed its address: what was chosen for the device stays
    let moved = Subscription {
        replaces: Some(first),
        ..Browser::new(&service, "moved").tells()
    };
    let second = on(&store, mother(), &pusher, &moved, &phone()).await.unwrap();
    let all = list(&store, mother(), &pusher).await;
    assert_eq!(
        (all.devices.len(), all.devices[0].id, all.devices[0].detailed),
        (1, second, true)
    );
    assert_eq!(all.key, Some(key().public()));
    for n in 0..9 {
        on(
            &store,
            mother(),
            &pusher,
            &Browser::new(&service, &format!("more{n}")).tells(),
            &phone(),
        )
        .await
        .unwrap();
    }
    let eleventh = Browser::new(&service, "eleventh").tells();
    assert!(matches!(
        on(&store, mother(), &pusher, &eleventh, &phone()).await,
        Err(AppError::Invalid { .. })
    ));
    // nobody turns off, shows or lists another's
    assert!(list(&store, father(), &pusher).await.devices.is_empty());
    for other in [father(), teacher()] {
        let mut ctx = open(&store, other.clone()).await;
        let out = device::unsubscribe(&mut ctx, second).await;
        assert_eq!(ctx.close(out).await, Err(AppError::NotFound));
        let mut ctx = open(&store, other).await;
        let out = device::show(&mut ctx, second, true).await;
        assert_eq!(ctx.close(out).await, Err(AppError::NotFound));
    }
    let mut ctx = open(&store, mother()).await;
    let out = device::unsubscribe(&mut ctx, second).await;
    ctx.close(out).await.unwrap();
    assert_eq!(devices_left(&pool).await, 9);
    let events = sqlx::query_scalar!(
        "select action from audit_event where entity = 'push_device' and entity_key = $1 order by id",
        second.to_string(),
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(events, ["push.on", "push.off"]);
});

crate::db_test!(a_device_ends_with_its_session_and_with_its_address, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    let service = Service::start().await;
    let pusher = service.pusher();
    put(&pool, "insert into session (id, token_hash, account_id, device, created_at, last_seen_at, expires_at)
        select '00000000-0000-4000-8000-000000000031', sha256('mother'), id, 'Chrome', '2026-11-18Z', '2026-11-18Z', '2027-11-18Z'
        from account where person_id = 31").await;
    let session = Uuid::parse_str("00000000-0000-4000-8000-000000000031").unwrap();
    let signed_in = Place {
        session: Some(session),
        ..phone()
    };
    on(
        &store,
        mother(),
        &pusher,
        &Browser::new(&service, "mother").tells(),
        &signed_in,
    )
    .await
    .unwrap();
    mark_told(&store, 1001, Some("3"), 0).await;
    assert_eq!(push::send(&store, &pusher, now()).await.unwrap(), 1);
    put(&pool, "update session set revoked_at = '2026-11-18 09:00Z'").await;
    mark_told(&store, 1001, Some("4"), 1).await;
    assert_eq!(
        push::send(&store, &pusher, now()).await.unwrap(),
        0,
        "a lost phone is told nothing"
    );
    assert_eq!(devices_left(&pool).await, 0);

    let until = now() + Duration::days(1);
    let new = Subscription {
        expires: Some(until.timestamp_millis()),
        ..Browser::new(&service, "short").tells()
    };
    on(&store, mother(), &pusher, &new, &phone()).await.unwrap();
    assert_eq!(
        push::sweep(&store, until - TimeDelta::seconds(1)).await.unwrap(),
        0
    );
    assert_eq!(push::sweep(&store, until).await.unwrap(), 1);
});
