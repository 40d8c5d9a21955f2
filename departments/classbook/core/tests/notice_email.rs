//! The letter of the day against a real database and a mail server of the test's own.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use base64::Engine as _;
use chrono::Duration;
use classbook_core::notice::mail::Mailer;
use classbook_core::notice::sql as notice;
use classbook_core::notice::{Channel, Kind};
use school::*;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A letter as it came.
#[derive(Debug)]
struct Letter {
    to: String,
    subject: String,
    text: String,
}

/// A mail server of a few words; `refuses` takes no letter.
async fn catcher(refuses: bool) -> (Mailer, UnboundedReceiver<Letter>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, receiver) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let sender = sender.clone();
            tokio::spawn(async move {
                let (reader, mut writer) = stream.into_split();
                let mut lines = BufReader::new(reader).lines();
                writer.write_all(b"220 catcher\r\n").await.unwrap();
                let mut to = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    let answer: &[u8] = match line.split_whitespace().next().unwrap_or_default() {
                        "EHLO" => b"250-catcher\r\n250 8BITMIME\r\n",
                        "RCPT" if refuses => b"451 later\r\n",
                        "RCPT" => {
                            to = line
                                .trim_start_matches("RCPT TO:")
                                .trim_matches(['<', '>'])
                                .to_owned();
                            b"250 ok\r\n"
                        }
                        "DATA" => {
                            writer.write_all(b"354 go on\r\n").await.unwrap();
                            let mut raw = Vec::new();
                            while let Some(line) = lines.next_line().await.unwrap() {
                                if line == "." {
                                    break;
                                }
                                raw.push(line);
                            }
                            sender.send(read(&to, &raw)).unwrap();
                            b"250 taken\r\n"
                        }
                        "QUIT" => b"221 bye\r\n",
                        _ => b"250 ok\r\n",
                    };
                    writer.write_all(answer).await.unwrap();
                }
            });
        }
    });
    let server = format!("smtp://127.0.0.1:{port}");
    let mailer = Mailer::new(&server, "Парта <parta@example.org>", "https://parta.test").unwrap();
    (mailer, receiver)
}

fn read(to: &str, raw: &[String]) -> Letter {
    let empty = raw.iter().position(String::is_empty).unwrap();
    let (head, body) = raw.split_at(empty);
    // a folded header goes on in the next line
    let head = head.join("\n").replace("\n ", " ");
    let field = |name: &str| {
        head.lines()
            .find_map(|l| l.strip_prefix(name))
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let base64 = |text: &str| {
        let bytes = base64::engine::general_purpose::STANDARD.decode(text).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    // RFC 2047, 6.2: white space is a part of the text but between two encoded words
    let mut subject = String::new();
    let mut encoded_before = false;
    for word in field("Subject:").split_whitespace() {
        let encoded = word.strip_prefix("=?utf-8?b?");
        if !(subject.is_empty() || encoded.is_some() && encoded_before) {
            subject.push(' ');
        }
        match encoded {
            Some(rest) => subject.push_str(&base64(rest.trim_end_matches("?="))),
            None => subject.push_str(word),
        }
        encoded_before = encoded.is_some();
    }
    let text = match field("Content-Transfer-Encoding:").as_str() {
        "base64" => base64(&body.concat()),
        "quoted-printable" => printable(&body[1..].join("\n")),
        _ => body[1..].join("\n"),
    };
    Letter {
        to: to.to_owned(),
        subject,
        text: text.replace("\r\n", "\n"),
    }
}

fn printable(text: &str) -> String {
    let text = text.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        if *first == b'=' {
            let digits = std::str::from_utf8(&more[..2]).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &more[2..];
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8(bytes).unwrap()
}

async fn put(pool: &PgPool, statement: &'static str) {
    sqlx::raw_sql(statement).execute(pool).await.unwrap();
}

const ACCOUNT: &str =
    "insert into account (person_id, login, password_hash, created_at, password_changed_at) values
    (31, 'mother', 'x', '2026-09-01Z', '2026-09-01Z')";

/// What happened on Wednesday morning.
const HAPPENED: &str =
    "insert into notice (school_id, pupil_id, kind, at, subject_id, lesson_id, old, new) values
    (10, 1001, 'mark_changed', '2026-11-18 08:00Z', 400, 700, '3', '4'),
    (10, 1001, 'homework', '2026-11-18 08:00Z', 400, 700, null, '№ 312'),
    (10, 1002, 'mark_new', '2026-11-18 08:00Z', 400, 700, null, '2')";

async fn set(store: &Store, mailer: &Mailer, address: &str, hour: i16) -> Result<(), AppError> {
    let mut ctx = open(store, mother()).await;
    let out = notice::email::set(&mut ctx, mailer, address, hour, [7; 8]).await;
    match ctx.close(out).await? {
        Some(letter) => letter.send(mailer).await,
        None => Ok(()),
    }
}

async fn confirm(store: &Store, code: &str) -> Result<bool, AppError> {
    let mut ctx = open(store, mother()).await;
    let out = notice::email::confirm(&mut ctx, code).await;
    ctx.close(out).await
}

fn digits(letter: &Letter) -> String {
    let code = letter
        .text
        .split(|c: char| !c.is_ascii_digit())
        .find(|word| word.len() == 6);
    code.unwrap().to_owned()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

crate::db_test!(a_letter_a_day_goes_to_a_confirmed_address, pool, {
    put(&pool, ACCOUNT).await;
    let store = store(&pool).await;
    let (mailer, mut letters) = catcher(false).await;
    set(&store, &mailer, "mother@example.org", 18).await.unwrap();
    let first = letters.try_recv().unwrap();
    assert_eq!(
        (first.to.as_str(), first.subject.trim()),
        ("mother@example.org", "Парта: подтвердите адрес")
    );
    put(&pool, HAPPENED).await;
    // six in the evening in Moscow
    let evening = at("2026-11-18T15:00:00Z");
    assert_eq!(
        notice::digest::send(&store, &mailer, evening).await.unwrap(),
        0,
        "not confirmed yet"
    );
    assert!(!confirm(&store, "000000").await.unwrap());
    assert!(confirm(&store, &digits(&first)).await.unwrap());

    assert_eq!(
        notice::digest::send(&store, &mailer, evening - Duration::minutes(1))
            .await
            .unwrap(),
        0,
        "not her hour yet"
    );
    assert_eq!(notice::digest::send(&store, &mailer, evening).await.unwrap(), 1);
    let letter = letters.try_recv().unwrap();
    assert_eq!(
        (letter.to.as_str(), letter.subject.trim()),
        ("mother@example.org", "Парта: 1 новость за день")
    );
    assert!(
        letter
            .text
            .contains("Артём\n— Математика: Отметка исправлена: 3 → 4 (16.11)"),
        "{}",
        letter.text
    );
    // homework goes by letter to nobody who did not ask for it, another's child to nobody at all
    assert!(
        !letter.text.contains("312") && !letter.text.contains("Отметка 2"),
        "{}",
        letter.text
    );
    assert!(letter.text.contains("https://parta.test/notices/settings"));
    assert_eq!(
        notice::digest::send(&store, &mailer, evening + Duration::hours(5))
            .await
            .unwrap(),
        0,
        "once a day"
    );

    // the next day: what is told is told; nothing happened, so no letter
    let next = evening + Duration::days(1);
    assert_eq!(notice::digest::send(&store, &mailer, next).await.unwrap(), 0);
    let mut ctx = open(&store, mother()).await;
    let out = notice::choose(
        &mut ctx,
        Some(PupilId(1001)),
        Kind::Homework,
        Channel::Email,
        true,
    )
    .await;
    ctx.close(out).await.unwrap();
    put(&pool, "insert into notice (school_id, pupil_id, kind, at, subject_id, new) values (10, 1001, 'homework', '2026-11-20 08:00Z', 400, '№ 313')").await;
    assert_eq!(
        notice::digest::send(&store, &mailer, next + Duration::days(1))
            .await
            .unwrap(),
        1
    );
    assert!(letters.try_recv().unwrap().text.contains("№ 313"));

    let mut ctx = open(&store, mother()).await;
    let out = notice::email::forget(&mut ctx).await;
    ctx.close(out).await.unwrap();
    // the settings ask for no digits any more, and name nobody
    let mut ctx = open(&store, mother()).await;
    let seen = notice::email::email(&mut ctx, &mailer).await;
    let seen = ctx.close(seen).await.unwrap();
    assert_eq!((seen.address, seen.confirmed), (None, false));
    put(&pool, "insert into notice (school_id, pupil_id, kind, at, subject_id, new) values (10, 1001, 'mark_new', '2026-11-21 08:00Z', 400, '5')").await;
    assert_eq!(
        notice::digest::send(&store, &mailer, next + Duration::days(2))
            .await
            .unwrap(),
        0
    );
    assert!(letters.try_recv().is_err());
});

crate::db_test!(nobody_is_flooded_and_digits_are_not_guessed, pool, {
    put(&pool, ACCOUNT).await;
    let store = store(&pool).await;
    let (mailer, mut letters) = catcher(false).await;
    for wrong in ["", "mother", "a@b@c", "мама@школа.рф"] {
        assert!(
            matches!(
                set(&store, &mailer, wrong, 18).await,
                Err(AppError::Invalid { .. })
            ),
            "{wrong}"
        );
    }
    for hour in [-1, 24] {
        assert!(matches!(
            set(&store, &mailer, "a@example.org", hour).await,
            Err(AppError::Invalid { .. })
        ));
    }
    assert_eq!(
        set(&store, &Mailer::default(), "a@example.org", 18).await,
        Err(AppError::NotFound),
        "no letters are sent here"
    );
    for n in 0..5 {
        set(&store, &mailer, &format!("a{n}@example.org"), 18)
            .await
            .unwrap();
    }
    assert!(matches!(
        set(&store, &mailer, "a5@example.org", 18).await,
        Err(AppError::TooMany { .. })
    ));
    let mut last = None;
    while let Ok(letter) = letters.try_recv() {
        last = Some(letter);
    }
    let last = last.unwrap();
    assert_eq!(last.to, "a4@example.org");
    for _ in 0..5 {
        assert!(!confirm(&store, "111111").await.unwrap());
    }
    assert!(!confirm(&store, &digits(&last)).await.unwrap(), "too many tries");
});

crate::db_test!(
    a_letter_that_is_not_taken_is_tried_again_and_not_for_ever,
    pool,
    {
        put(&pool, ACCOUNT).await;
        let store = store(&pool).await;
        put(&pool, "insert into notice_email (school_id, person_id, address, hour, language, confirmed_at) values (10, 31, 'm@example.org', 18, 'ru', '2026-11-17Z')").await;
        put(&pool, HAPPENED).await;
        let (closed, mut none) = catcher(true).await;
        let mut now = at("2026-11-18T15:00:00Z");
        assert_eq!(notice::digest::send(&store, &closed, now).await.unwrap(), 0);
        // at once again: it waits for its quarter of an hour
        let (open, mut letters) = catcher(false).await;
        assert_eq!(notice::digest::send(&store, &open, now).await.unwrap(), 0);
        now += Duration::minutes(15);
        assert_eq!(notice::digest::send(&store, &open, now).await.unwrap(), 1);
        assert!(letters.try_recv().unwrap().text.contains("3 → 4"));
        assert!(none.try_recv().is_err());

        put(&pool, "insert into notice (school_id, pupil_id, kind, at, subject_id, new) values (10, 1001, 'mark_new', '2026-11-19 08:00Z', 400, '5')").await;
        let mut now = at("2026-11-19T15:00:00Z");
        for _ in 0..8 {
            assert_eq!(notice::digest::send(&store, &closed, now).await.unwrap(), 0);
            now += Duration::minutes(15);
        }
        assert_eq!(
            notice::digest::send(&store, &open, now).await.unwrap(),
            0,
            "given up for the day"
        );
        assert_eq!(
            notice::digest::send(&store, &open, now + Duration::days(1))
                .await
                .unwrap(),
            1,
            "and told the next"
        );
        assert!(letters.try_recv().unwrap().text.contains("Отметка 5"));
    }
);

crate::db_test!(a_teacher_reads_of_their_lessons_in_a_letter, pool, {
    put(
        &pool,
        "insert into account (person_id, login, password_hash, created_at, password_changed_at) values
            (2, 'teacher', 'x', '2026-09-01Z', '2026-09-01Z'), (3, 'other', 'x', '2026-09-01Z', '2026-09-01Z');
         insert into notice_email (school_id, person_id, address, hour, language, confirmed_at) values
            (10, 2, 'teacher@example.org', 18, 'ru', '2026-11-16Z'), (10, 3, 'other@example.org', 18, 'ru', '2026-11-16Z');
         insert into notice (school_id, person_id, kind, at, subject_id, lesson_id, new) values
            (10, 2, 'cancellation', '2026-11-18 08:00Z', 400, 702, 'Мороз')",
    )
    .await;
    let store = store(&pool).await;
    let (mailer, mut letters) = catcher(false).await;
    let sent = notice::digest::send(&store, &mailer, at("2026-11-18T15:00:00Z")).await;
    assert_eq!(sent.unwrap(), 1);
    let letter = letters.try_recv().unwrap();
    assert_eq!(letter.to, "teacher@example.org");
    let text = letter.text;
    assert!(
        text.starts_with("По вашей работе") && text.contains("— Математика, 7А: Урок отменён: Мороз (20.11)"),
        "{text}"
    );
});
