//! Files of aSc Timetables as drafts, and drafts as such files.
#![cfg(feature = "schools")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod school_draft;

use proptest::prelude::*;
use school_draft::{card, school};
use timetable::draft::DraftCard;
use timetable::schools::asc::{import, import_text, is_one, read, write};
use timetable::{Audience, ClassIx, GroupIx, Placement, RoomIx, SchoolDraft, SubjectIx, TeacherIx, Weeks};

const SMALL: &str = include_str!("small_asc.xml");

#[test]
fn classes_subgroups_loads_and_cards_of_a_file() {
    let draft = import_text(SMALL).unwrap();
    assert_eq!(draft.name, "Школа \"Радуга\"");
    assert_eq!(draft.days, ["Понедельник", "Вторник", "day 3"]);
    assert_eq!(draft.slots, ["нулевой", "1", "2", "3"]);
    let classes: Vec<_> = draft.classes.iter().map(|c| (c.name.as_str(), c.grade)).collect();
    assert_eq!(classes, [("7А", Some(7)), ("7Б", Some(7))]);
    // the fourth group is in no lesson
    let groups: Vec<_> = draft
        .groups
        .iter()
        .map(|g| (g.name.as_str(), g.class, g.split))
        .collect();
    assert_eq!(
        groups,
        [
            ("1 группа", ClassIx(0), 0),
            ("2 группа", ClassIx(0), 0),
            ("Мальчики", ClassIx(0), 1)
        ]
    );
    assert!(!draft.overlap(GroupIx(0), GroupIx(1)) && draft.overlap(GroupIx(0), GroupIx(2)));
    assert_eq!(draft.loads.len(), 6);
    let english = &draft.loads[0];
    assert_eq!(
        (english.subject, &english.teachers, &english.audience),
        (
            SubjectIx(0),
            &vec![TeacherIx(0)],
            &vec![Audience::Group(GroupIx(0))]
        )
    );
    assert_eq!(english.cards.len(), 2, "two periods a week, one of them placed");
    let at = |day, slot, room: Option<u32>| {
        Some(Placement {
            day,
            slot,
            room: room.map(RoomIx),
        })
    };
    assert_eq!(english.cards[0].placement, at(0, 1, Some(0)));
    assert_eq!(
        (english.cards[1].placement, &english.cards[1].rooms),
        (None, &vec![RoomIx(0), RoomIx(1)])
    );
    assert_eq!(
        (draft.loads[2].cards.len(), draft.loads[2].cards[0].duration),
        (1, 2)
    );
    assert_eq!(draft.loads[3].cards[0].weeks, Weeks::Odd);
    assert_eq!(draft.loads[4].cards[0].weeks, Weeks::Even);
    let choir = &draft.loads[5];
    assert_eq!(
        choir.audience,
        [Audience::Class(ClassIx(0)), Audience::Class(ClassIx(1))]
    );
    assert!(choir.cards[0].locked);
    assert!(
        draft
            .board()
            .unwrap()
            .conflicts()
            .iter()
            .all(|p| p.level != timetable::Level::Clash)
    );
    let ignored: Vec<_> = draft.ignored.iter().map(|i| (i.kind.as_str(), i.count)).collect();
    assert_eq!(
        ignored,
        [
            ("lesson (days)", 3),
            ("card (no lesson or no place)", 1),
            ("teachercards", 1)
        ]
    );
}

#[test]
fn a_file_in_the_encoding_of_its_country_is_read() {
    let declared = SMALL.replace("encoding=\"UTF-8\"", "encoding=\"windows-1251\"");
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(&declared);
    let mut plain = import_text(SMALL).unwrap();
    assert_eq!(import(&bytes).unwrap(), plain);
    assert!(is_one(&bytes) && is_one(SMALL.as_bytes()) && !is_one(b"<fet version=\"6\"/>") && !is_one(b""));
    // what a browser has turned into UTF-8 still says what it was
    assert_eq!(import_text(&declared).unwrap(), plain);
    let old = SMALL.replace(
        "name=\"Анна\"",
        "name=\"Волкова А.\" lastname=\"Волкова\" firstname=\"Анна\"",
    );
    plain.teachers[0].name = "Волкова Анна".to_owned();
    assert_eq!(import_text(&old).unwrap(), plain, "the family name stands first");
}

/// What both ways say.
fn said(draft: &SchoolDraft) -> SchoolDraft {
    let mut said = draft.clone();
    (said.gaps, said.limits, said.times, said.ignored) = (vec![], vec![], vec![], vec![]);
    (said.comments, said.breaks) = (String::new(), timetable::TimeSet::new());
    for away in said
        .teachers
        .iter_mut()
        .map(|t| &mut t.away)
        .chain(said.classes.iter_mut().map(|c| &mut c.away))
        .chain(said.groups.iter_mut().map(|g| &mut g.away))
        .chain(said.rooms.iter_mut().map(|r| &mut r.away))
    {
        *away = timetable::TimeSet::new();
    }
    for load in &mut said.loads {
        let all: Vec<RoomIx> = load.cards.iter().flat_map(|c| c.rooms.clone()).collect();
        for card in &mut load.cards {
            // a lesson has one list of rooms
            let mut rooms = all.clone();
            rooms.sort_unstable();
            rooms.dedup();
            (
                card.rooms_must,
                card.rooms,
                card.rooms_weight,
                card.source_id,
                card.off,
            ) = (!rooms.is_empty(), rooms, None, 0, false);
        }
        load.cards
            .sort_by_key(|c| (c.duration, c.weeks, c.placement.is_none(), c.placement));
    }
    said
}

#[test]
fn a_draft_goes_out_and_comes_back() {
    let mut draft = school();
    draft.loads[1].cards[0].weeks = Weeks::Odd;
    draft.loads[4].cards.push(DraftCard {
        weeks: Weeks::Even,
        ..card(Some((1, 2, None)))
    });
    draft.comments = "первая -- вторая -->".to_owned();
    let text = write(&draft);
    assert!(
        text.contains("<!-- первая — вторая —&gt; -->") || text.contains("<!-- первая — вторая —> -->"),
        "{text}"
    );
    // a group in no lesson is not taken over
    let mut wanted = said(&draft);
    wanted.groups.pop();
    let again = said(&import(text.as_bytes()).unwrap());
    let atoms = |draft: &mut SchoolDraft| {
        draft.classes.iter_mut().for_each(|c| c.atoms = vec![]);
        draft.groups.iter_mut().for_each(|g| g.atoms = vec![]);
    };
    let (mut wanted, mut again) = (wanted, again);
    atoms(&mut wanted);
    atoms(&mut again);
    for (a, b) in again.loads.iter().zip(&wanted.loads) {
        assert_eq!(a, b);
    }
    assert_eq!(again.classes, wanted.classes);
    assert_eq!(again.groups, wanted.groups);
    assert_eq!(again, wanted);
    // and the reader of problems takes it as well
    let problem = read(text.as_bytes()).unwrap();
    assert!(problem.unknown.is_empty(), "{:?}", problem.unknown);
    let placed = problem.present.meets.iter().filter(|m| m.time.is_some()).count();
    assert_eq!(placed, draft.card_counts().1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// A damaged file is a draft or a refusal with a line of the file.
    #[test]
    fn damage_never_crashes(at in 0usize..SMALL.len(), length in 0usize..60, with in "[ -~]{0,12}") {
        let mut bytes = SMALL.as_bytes().to_vec();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, with.bytes());
        match import(&bytes) {
            Ok(draft) => prop_assert!(draft.board().is_ok() || draft.days.len() > 64),
            Err(fault) => {
                let lines = u32::try_from(bytes.iter().filter(|b| **b == b'\n').count()).unwrap() + 1;
                prop_assert!(fault.line <= lines && !fault.reason.to_string().is_empty());
            }
        }
    }

    /// Whatever names hold, the file is read again.
    #[test]
    fn names_do_not_get_out_of_their_place(names in proptest::collection::vec("\\PC{0,12}|[<>&\"' \\t\\n\u{0}-]{0,12}", 12)) {
        let mut draft = school();
        let mut names = names.into_iter();
        for to in draft.classes.iter_mut().map(|c| &mut c.name)
            .chain(draft.groups.iter_mut().map(|g| &mut g.name))
            .chain(draft.teachers.iter_mut().map(|t| &mut t.name))
            .chain(draft.rooms.iter_mut().map(|r| &mut r.name))
        {
            *to = names.next().unwrap();
        }
        draft.comments = draft.classes[0].name.clone() + "--><timetable>" + &draft.groups[0].name;
        let again = import(write(&draft).as_bytes()).unwrap();
        prop_assert_eq!(again.card_counts(), draft.card_counts());
        prop_assert_eq!(again.teachers.len(), draft.teachers.len());
    }
}
