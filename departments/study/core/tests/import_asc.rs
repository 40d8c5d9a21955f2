//! A file of aSc Timetables becomes a draft, or is refused with its line.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod importing;
mod school;

use base::{AppError, Lang};
use importing::{import, preview, rows};
use school::{deputy, now, store};
use sqlx::PgPool;
use study_core::timetable::sql::board;
use timetable::CardIx;

/// A class in halves, odd and even weeks, a lock, in the encoding of its country.
const ASC: &str = r#"<?xml version="1.0" encoding="windows-1251"?>
<timetable displayname="Лицей">
<periods><period period="1" name="1"/><period period="2" name="2"/><period period="3" name="3"/></periods>
<daysdefs><daysdef id="a" days="10,01"/><daysdef id="b" days="10" name="Пн"/><daysdef id="c" days="01" name="Вт"/></daysdefs>
<weeksdefs><weeksdef id="w" weeks="11"/><weeksdef id="o" weeks="10"/><weeksdef id="e" weeks="01"/></weeksdefs>
<subjects><subject id="s" name="Математика"/><subject id="t" name="Труд"/></subjects>
<teachers><teacher id="p" name="Учителева Анна Ивановна"/><teacher id="q" name="Новый А.Б."/></teachers>
<classrooms><classroom id="r" name="12"/></classrooms>
<classes><class id="k" name="7А"/></classes>
<groups><group id="g" classid="k" name="Англ 1" divisiontag="1"/><group id="h" classid="k" name="Англ 2" divisiontag="1"/></groups>
<lessons>
<lesson id="l1" subjectid="s" classids="k" teacherids="p" classroomids="r" periodspercard="2" periodsperweek="2" daysdefid="a" weeksdefid="w"/>
<lesson id="l2" subjectid="t" classids="k" groupids="g" teacherids="q" periodspercard="1" periodsperweek="1" weeksdefid="o"/>
<lesson id="l3" subjectid="t" classids="k" groupids="h" teacherids="q" periodspercard="1" periodsperweek="1" weeksdefid="e"/>
</lessons>
<cards>
<card lessonid="l1" period="1" days="10" weeks="11" classroomids="r" locked="1"/>
<card lessonid="l2" period="3" days="01" weeks="10"/><card lessonid="l3" period="3" days="01" weeks="01"/>
</cards>
</timetable>"#;

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_file_of_asc_becomes_a_draft_or_is_refused_with_its_line(pool: PgPool) {
    let store = store(&pool).await;
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(ASC);
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = preview(&mut ctx, &bytes).await;
    let told = ctx.close(outcome).await.unwrap();
    assert_eq!((told.name.as_str(), told.cards, told.placed), ("Лицей", 3, 3));
    let known = told.counts.iter().map(|c| (c.what, (c.total, c.known)));
    let known: std::collections::HashMap<_, _> = known.map(|(w, c)| (format!("{w:?}"), c)).collect();
    assert_eq!(
        (
            known["Classes"],
            known["Groups"],
            known["Subjects"],
            known["Teachers"],
            known["Rooms"]
        ),
        ((1, 1), (2, 2), (2, 1), (2, 1), (1, 1))
    );
    let before = rows(&pool, 10).await;
    for (from, to, words) in [
        (
            "teacherids=\"p\"",
            "teacherids=\"z\"",
            "Строка 12: учитель с номером «z» нигде не описан.",
        ),
        (
            "periodspercard=\"2\"",
            "periodspercard=\"много\"",
            "Строка 12: в periodspercard вместо числа",
        ),
        (
            "<class id=\"k\" name=\"7А\"/>",
            "<class id=\"k\"/><class id=\"k\"/>",
            "Строка 9: <class> с номером «k» встречается дважды.",
        ),
        ("<periods>", "<!-- -->\n<periodes>", "Строка"),
        (
            "windows-1251",
            "klingon",
            "Строка 1: кодировка «klingon» неизвестна.",
        ),
    ] {
        let file = ASC.replacen(from, to, 1);
        assert_ne!(file, ASC, "{from}");
        let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(&file);
        let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
        let outcome = Box::pin(import(&mut ctx, &bytes)).await;
        match ctx.close(outcome).await {
            Err(AppError::Invalid { fields }) => {
                assert!(fields[0].message.starts_with(words), "{}", fields[0].message);
            }
            other => panic!("{from}: {other:?}"),
        }
    }
    assert_eq!(rows(&pool, 10).await, before, "a refused file changes nothing");
    // as a browser sends it: in UTF-8, whatever its head says
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = Box::pin(import(&mut ctx, ASC.as_bytes())).await;
    let done = ctx.close(outcome).await.unwrap();
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = Box::pin(board(&mut ctx, done.version)).await;
    let data = ctx.close(outcome).await.unwrap();
    let cards: Vec<_> = (0..3)
        .map(CardIx)
        .map(|card| {
            let row = &data.cards[card.ix()];
            let at = row.place.map(|p| (p.day, p.slot));
            (data.audience_of(card), row.duration, at, row.weeks, row.locked)
        })
        .collect();
    use timetable::Weeks;
    assert_eq!(
        cards,
        [
            ("7А".to_owned(), 2, Some((0, 0)), Weeks::Every, true),
            ("7А Англ 1".to_owned(), 1, Some((1, 2)), Weeks::Odd, false),
            ("7А Англ 2".to_owned(), 1, Some((1, 2)), Weeks::Even, false),
        ]
    );
}
