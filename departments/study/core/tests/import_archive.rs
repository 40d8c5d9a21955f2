//! An archive of XHSTT becomes a draft, with its best timetable, or is refused with its line.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod importing;
mod school;

use std::io::Write as _;

use base::{AppError, Lang, VersionId};
use base64::Engine as _;
use importing::{import, preview, rows};
use school::{act, deputy, now, staff, store};
use sqlx::PgPool;
use study_core::export::Format;
use study_core::export::sql::{file, source};
use study_core::timetable::sql::board;

/// Two days of three times, a class, two teachers, three events (one of two hours), two solutions: the second is the better one.
const ARCHIVE: &str = r#"<HighSchoolTimetableArchive Id="a">
<Instances><Instance Id="i"><MetaData><Name>Лицей</Name><Contributor>c</Contributor><Date>d</Date><Country>r</Country><Description>x</Description></MetaData>
<Times><TimeGroups><Day Id="d1"><Name>Пн</Name></Day><Day Id="d2"><Name>Вт</Name></Day></TimeGroups>
<Time Id="t1"><Name>1</Name><Day Reference="d1"/></Time><Time Id="t2"><Name>2</Name><Day Reference="d1"/></Time><Time Id="t3"><Name>3</Name><Day Reference="d1"/></Time>
<Time Id="t4"><Name>4</Name><Day Reference="d2"/></Time><Time Id="t5"><Name>5</Name><Day Reference="d2"/></Time><Time Id="t6"><Name>6</Name><Day Reference="d2"/></Time></Times>
<Resources><ResourceTypes><ResourceType Id="Teacher"><Name>Teacher</Name></ResourceType><ResourceType Id="Class"><Name>Class</Name></ResourceType></ResourceTypes>
<ResourceGroups/>
<Resource Id="p"><Name>Учителева Анна Ивановна</Name><ResourceType Reference="Teacher"/></Resource>
<Resource Id="q"><Name>Новый А.Б.</Name><ResourceType Reference="Teacher"/></Resource>
<Resource Id="k"><Name>7А</Name><ResourceType Reference="Class"/></Resource></Resources>
<Events><EventGroups><EventGroup Id="all"><Name>all</Name></EventGroup></EventGroups>
<Event Id="e1"><Name>Математика</Name><Duration>2</Duration><Resources><Resource Reference="p"/><Resource Reference="k"/></Resources><EventGroups><EventGroup Reference="all"/></EventGroups></Event>
<Event Id="e2"><Name>Труд</Name><Duration>1</Duration><Resources><Resource Reference="q"/><Resource Reference="k"/></Resources><EventGroups><EventGroup Reference="all"/></EventGroups></Event>
<Event Id="e3"><Name>Пение</Name><Duration>1</Duration><Resources><Resource Reference="q"/><Resource Reference="k"/></Resources><EventGroups><EventGroup Reference="all"/></EventGroups></Event></Events>
<Constraints>
<AssignTimeConstraint Id="c1"><Name>time</Name><Required>true</Required><Weight>1</Weight><CostFunction>Linear</CostFunction><AppliesTo><EventGroups><EventGroup Reference="all"/></EventGroups></AppliesTo></AssignTimeConstraint>
<AvoidClashesConstraint Id="c2"><Name>clash</Name><Required>true</Required><Weight>1</Weight><CostFunction>Linear</CostFunction><AppliesTo><Resources><Resource Reference="p"/><Resource Reference="q"/><Resource Reference="k"/></Resources></AppliesTo></AvoidClashesConstraint>
<AvoidUnavailableTimesConstraint Id="c3"><Name>away</Name><Required>true</Required><Weight>1</Weight><CostFunction>Linear</CostFunction><AppliesTo><Resources><Resource Reference="q"/></Resources></AppliesTo><Times><Time Reference="t1"/></Times></AvoidUnavailableTimesConstraint>
<LimitWorkloadConstraint Id="c4"><Name>work</Name><Required>true</Required><Weight>1</Weight><CostFunction>Linear</CostFunction><AppliesTo><Resources><Resource Reference="q"/></Resources></AppliesTo><Minimum>0</Minimum><Maximum>5</Maximum></LimitWorkloadConstraint>
</Constraints></Instance></Instances>
<SolutionGroups><SolutionGroup Id="g"><MetaData><Contributor>c</Contributor><Date>d</Date><Description>x</Description></MetaData>
<Solution Reference="i"><Description>bad</Description><Events>
<Event Reference="e1"><Duration>2</Duration><Time Reference="t1"/></Event><Event Reference="e2"><Duration>1</Duration><Time Reference="t1"/></Event><Event Reference="e3"><Duration>1</Duration><Time Reference="t1"/></Event></Events></Solution>
<Solution Reference="i"><Description>good</Description><Events>
<Event Reference="e1"><Duration>2</Duration><Time Reference="t5"/></Event><Event Reference="e2"><Duration>1</Duration><Time Reference="t2"/></Event><Event Reference="e3"><Duration>1</Duration><Time Reference="t3"/></Event></Events></Solution>
</SolutionGroup></SolutionGroups></HighSchoolTimetableArchive>"#;

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn an_archive_becomes_a_draft_with_its_best_timetable(pool: PgPool) {
    let store = store(&pool).await;
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = preview(&mut ctx, ARCHIVE.as_bytes()).await;
    let told = ctx.close(outcome).await.unwrap();
    assert_eq!(
        (told.cards, told.placed, told.days.len(), told.slots),
        (3, 3, 2, 3)
    );
    let work = told.lost.iter().find(|line| line.contains("work"));
    assert!(
        work.is_some_and(|l| l.starts_with("Обязательное правило «work» (LimitWorkload)")),
        "{:?}",
        told.lost
    );
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = import(&mut ctx, ARCHIVE.as_bytes()).await;
    let made = ctx.close(outcome).await.unwrap();
    let data = act(&store, deputy(), async |ctx| board(ctx, made.version).await)
        .await
        .unwrap();
    let mut places: Vec<_> = data
        .cards
        .iter()
        .map(|c| (c.duration, c.place.map(|p| (p.day, p.slot))))
        .collect();
    places.sort();
    assert_eq!(places, [(1, Some((0, 1))), (1, Some((0, 2))), (2, Some((1, 1)))]);
    let away: usize = data.teachers.iter().map(|t| t.away.len()).sum();
    assert_eq!(away, 1, "the hour of the one who is away");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn an_archive_that_is_no_school_changes_nothing(pool: PgPool) {
    let store = store(&pool).await;
    let before = rows(&pool, 10).await;
    let second = ARCHIVE.replace(
        "</Instance></Instances>",
        "</Instance><Instance Id=\"j\"><MetaData><Name>x</Name><Contributor>c</Contributor><Date>d</Date><Country>r</Country><Description>x</Description></MetaData>\
         <Times><TimeGroups/></Times><Resources><ResourceTypes/><ResourceGroups/></Resources><Events><EventGroups/></Events><Constraints/></Instance></Instances>",
    );
    let unknown = ARCHIVE.replace(
        "<ResourceType Reference=\"Class\"/>",
        "<ResourceType Reference=\"Klass\"/>",
    );
    let cut: String = ARCHIVE.chars().take(1500).collect();
    for (text, words) in [
        (second.as_str(), "В архиве 2 школы. Оставьте в нём одну"),
        (unknown.as_str(), "Строка 10: нет такого:"),
        (cut.as_str(), "это не правильный XML"),
    ] {
        let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
        let outcome = import(&mut ctx, text.as_bytes()).await;
        let refused = ctx.close(outcome).await;
        let Err(AppError::Invalid { .. }) = &refused else {
            panic!("{words}: {refused:?}");
        };
        let told = refused.unwrap_err().message(Lang::Ru);
        assert!(told.contains(words), "{told}");
    }
    assert_eq!(rows(&pool, 10).await, before);
}

/// What the page gives away comes back into another school.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn an_export_comes_in_again(pool: PgPool) {
    let store = store(&pool).await;
    let from = act(&store, deputy(), async |ctx| source(ctx, VersionId(600)).await)
        .await
        .unwrap();
    let ours = act(&store, deputy(), async |ctx| board(ctx, VersionId(600)).await)
        .await
        .unwrap();
    let text = file(Lang::Ru, from, Format::Xhstt).await.unwrap().text;
    let there = staff(20, 4, "deputy");
    let version = act(&store, there.clone(), async |ctx| {
        Ok(import(ctx, text.as_bytes()).await?.version)
    })
    .await
    .unwrap();
    let copy = act(&store, there, async |ctx| board(ctx, version).await)
        .await
        .unwrap();
    let places = |data: &study_core::timetable::BoardData| {
        let mut all: Vec<_> = data
            .cards
            .iter()
            .map(|c| (c.duration, c.place.map(|p| (p.day, p.slot))))
            .collect();
        all.sort();
        all
    };
    assert!(!ours.cards.is_empty());
    assert_eq!(places(&copy), places(&ours));
    // a lesson is of its subject, not of one of its own
    let subjects = |data: &study_core::timetable::BoardData| {
        let cards = (0..).map(timetable::CardIx).take(data.cards.len());
        let names: std::collections::BTreeSet<String> = cards
            .filter_map(|card| data.subject_of(card).map(|s| s.name.clone()))
            .collect();
        names
    };
    assert_eq!(subjects(&copy), subjects(&ours));
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = lzma_rust2::XzWriter::new(vec![], lzma_rust2::XzOptions::with_preset(0)).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum: u32, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |s, _| {
            if s & 1 == 1 { s >> 1 ^ 0xEDB8_8320 } else { s >> 1 }
        })
    })
}

/// As the browser sends it: base64, unpacked by the server.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_compressed_archive_is_unpacked(pool: PgPool) {
    let store = store(&pool).await;
    let packed = xz(ARCHIVE.as_bytes());
    let sent = base64::engine::general_purpose::STANDARD.encode(&packed);
    let carried = study_core::import::packed::carried(Lang::Ru, &sent).unwrap();
    assert_eq!(carried, packed);
    let told = async |file: &[u8]| {
        let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
        let outcome = preview(&mut ctx, file).await;
        ctx.close(outcome).await
    };
    assert_eq!(
        told(&carried).await.unwrap(),
        told(ARCHIVE.as_bytes()).await.unwrap()
    );
    assert!(
        study_core::import::packed::carried(Lang::Ru, "<fet>").is_err(),
        "no base64"
    );
    // damaged, broken off
    for place in (6..packed.len()).step_by(packed.len() / 16) {
        let mut bad = packed.clone();
        bad[place] ^= 0x55;
        assert!(told(&bad).await.is_err(), "byte {place}");
        assert!(told(&packed[..place]).await.is_err(), "up to {place}");
    }
    let words =
        |refused: Result<study_core::import::Preview, AppError>| refused.unwrap_err().message(Lang::Ru);
    // a dictionary of 4 GiB in a header whose checksum is right
    let header = usize::from(packed[12]) * 4 + 4;
    let mut greedy = packed.clone();
    let block = &mut greedy[12..12 + header];
    let at = block.windows(2).position(|w| w == [0x21, 0x01]).unwrap() + 2;
    block[at] = 40;
    let sum = crc32(&block[..header - 4]);
    block[header - 4..].copy_from_slice(&sum.to_le_bytes());
    assert!(words(told(&greedy).await).contains(".xz повреждён"));
    // a few kilobytes that swell to more than is taken
    let bomb = xz(&vec![b' '; study_core::import::LARGEST_FILE + 1]);
    assert!(bomb.len() < 1 << 16, "{}", bomb.len());
    assert!(words(told(&bomb).await).contains("20 МБ"));
}
