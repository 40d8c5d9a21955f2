//! Hostile and broken files are refused with a line and a reason, and nothing panics.
#![cfg(feature = "fet")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;
use timetable::fet::{self, FetReason};

const SMALL: &str = include_str!("small.fet");

fn refusal(text: &str) -> (u32, &'static str) {
    let e = fet::import(text.as_bytes()).unwrap_err();
    assert!(e.to_string().starts_with(&format!("line {}: ", e.line)), "{e}");
    (e.line, e.reason.code())
}

fn changed(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    SMALL.replacen(from, to, 1)
}

fn line_of(text: &str, part: &str) -> u32 {
    let before = &text[..text.find(part).unwrap()];
    1 + u32::try_from(before.matches('\n').count()).unwrap()
}

#[test]
fn the_small_file_is_a_school() {
    let draft = fet::import(SMALL.as_bytes()).unwrap();
    assert_eq!(draft.name, "Школа & сад");
    assert_eq!((draft.days.len(), draft.slots.len()), (5, 6));
    let classes: Vec<_> = draft
        .classes
        .iter()
        .map(|c| (c.name.as_str(), c.grade, c.pupils))
        .collect();
    assert_eq!(
        classes,
        [("5А", Some(5), 24), ("5Б", Some(5), 25), ("6А", Some(6), 20)]
    );
    let groups: Vec<_> = draft
        .groups
        .iter()
        .map(|g| (g.name.as_str(), g.class.0, g.split))
        .collect();
    assert_eq!(
        groups,
        [("5А 1", 0, 0), ("5А 2", 0, 0), ("6А м", 2, 0), ("6А д", 2, 0)]
    );
    assert_eq!(draft.classes[0].parallel.as_deref(), Some("5 параллель"));
    let loads: Vec<_> = draft
        .loads
        .iter()
        .map(|l| (l.subject.0, l.audience.len(), l.cards.len()))
        .collect();
    assert_eq!(
        loads,
        [(0, 1, 2), (1, 1, 1), (1, 1, 1), (2, 2, 1), (0, 1, 1), (2, 1, 1)]
    );
    let gaps: Vec<_> = draft.gaps.iter().map(|g| (g.cards.len(), g.days)).collect();
    assert_eq!(
        gaps,
        [(2, 1)],
        "both lessons of the first load, not on the same day"
    );
    let first = &draft.loads[0].cards[0];
    let place = first.placement.unwrap();
    assert_eq!((place.day, place.slot, first.locked), (0, 1, true));
    assert_eq!(place.room.map(|r| draft.rooms[r.ix()].name.as_str()), Some("101"));
    assert!(draft.teachers[0].away.contains(4, 5) && draft.breaks.contains(2, 5));
    let ignored: Vec<_> = draft.ignored.iter().map(|i| (i.kind.as_str(), i.count)).collect();
    assert_eq!(ignored, []);
    let limits: Vec<_> = draft.limits.iter().map(|l| (l.kind.as_str(), l.what)).collect();
    assert_eq!(
        limits,
        [(
            "ConstraintTeachersMaxGapsPerWeek",
            timetable::draft::Limited::GapsAWeek
        )]
    );
    assert!(
        draft
            .board()
            .unwrap()
            .conflicts()
            .iter()
            .all(|p| p.level != timetable::Level::Clash)
    );
}

#[test]
fn entity_bombs_and_external_entities() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE fet [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n<fet>&b;</fet>";
    assert_eq!(refusal(bomb).1, "document-type");
    let external = "<!DOCTYPE fet SYSTEM \"file:///etc/passwd\">\n<fet/>";
    assert_eq!(refusal(external), (1, "document-type"));
    let loose = changed("Школа &amp; сад", "Школа &xxe; сад");
    assert_eq!(refusal(&loose), (line_of(&loose, "&xxe;"), "entity"));
    assert_eq!(
        refusal(&changed("Школа &amp; сад", "&#x0;&#xFFFFFFFF;")).1,
        "entity"
    );
}

#[test]
fn a_hundred_thousand_nested_elements() {
    for list in ["<fet>", "<fet><Students_List>", "<fet><Nothing>"] {
        let deep = list.to_owned() + &"<a>".repeat(100_000) + &"</a>".repeat(100_000);
        assert_eq!(refusal(&deep).1, "too-deep");
    }
}

#[test]
fn truncated_anywhere() {
    for end in (1..SMALL.trim_end().len()).filter(|n| SMALL.is_char_boundary(*n)) {
        let e = fet::import(&SMALL.as_bytes()[..end]).unwrap_err();
        let code = e.reason.code();
        assert!(
            matches!(code, "truncated" | "missing" | "not-xml" | "not-fet"),
            "{end}: {e}"
        );
    }
    let cut = &SMALL[..SMALL.find("<Teacher>Иванова</Teacher>").unwrap()];
    let e = fet::import(cut.as_bytes()).unwrap_err();
    assert_eq!(
        e.reason,
        FetReason::Truncated {
            element: "Activity".to_owned()
        }
    );
    assert_eq!(e.line, line_of(SMALL, "<Teacher>Иванова</Teacher>"));
}

#[test]
fn numbers_without_sense() {
    let id = "<Id>1</Id>";
    for (text, code) in [
        ("99999999999999999999999999", "out-of-range"),
        ("-1", "out-of-range"),
        ("0", "out-of-range"),
        ("", "not-a-number"),
        ("one", "not-a-number"),
        ("1e9", "not-a-number"),
    ] {
        let file = changed(id, &format!("<Id>{text}</Id>"));
        assert_eq!(
            refusal(&file),
            (line_of(&file, &format!("<Id>{text}</Id>")), code),
            "{text}"
        );
    }
    assert_eq!(
        refusal(&changed("<Duration>2</Duration>", "<Duration>7</Duration>")).1,
        "past-day-end"
    );
    assert_eq!(
        refusal(&changed("<Duration>2</Duration>", "<Duration>700</Duration>")).1,
        "out-of-range"
    );
    assert_eq!(
        refusal(&changed("<Number_of_Days>5", "<Number_of_Days>6")).1,
        "count-differs"
    );
    assert_eq!(
        refusal(&changed("\n <Weight_Percentage>100", "\n <Weight_Percentage>NaN")).1,
        "not-a-number"
    );
    assert_eq!(
        refusal(&changed("\n <Weight_Percentage>100", "\n <Weight_Percentage>101")).1,
        "out-of-range"
    );
}

#[test]
fn names_twice_nowhere_or_empty() {
    let twice = changed("<Name>Математика</Name>", "<Name>Русский</Name>");
    assert_eq!(refusal(&twice).1, "duplicate");
    assert_eq!(
        refusal(&changed("<Name>5Б</Name>", "<Name>5А</Name>")).1,
        "duplicate"
    );
    assert_eq!(
        refusal(&changed("<Name>5А 1</Name>", "<Name>6А</Name>")).1,
        "duplicate"
    );
    assert_eq!(refusal(&changed("<Id>2</Id>", "<Id>1</Id>")).1, "duplicate");
    assert_eq!(
        refusal(&changed("<Name>Русский</Name>", "<Name></Name>")).1,
        "empty-name"
    );
    let nobody = changed("<Teacher>Иванова</Teacher>", "<Teacher>Никто</Teacher>");
    let e = fet::import(nobody.as_bytes()).unwrap_err();
    assert_eq!(
        e.reason,
        FetReason::Unknown {
            element: "Teacher".to_owned(),
            name: "Никто".to_owned()
        }
    );
    let nowhere = changed(
        "<Preferred_Day>Пн</Preferred_Day>",
        "<Preferred_Day>Вс</Preferred_Day>",
    );
    assert_eq!(refusal(&nowhere).1, "unknown");
    let late = changed(
        "<Preferred_Hour>2</Preferred_Hour>",
        "<Preferred_Hour>6</Preferred_Hour>",
    );
    assert_eq!(
        refusal(&late.replacen("<Duration>1</Duration>", "<Duration>2</Duration>", 1)).1,
        "past-day-end"
    );
}

#[test]
fn not_a_fet_file_at_all() {
    assert_eq!(refusal("").1, "missing");
    assert_eq!(refusal("<html><body/></html>").1, "not-fet");
    assert_eq!(refusal("hello").1, "missing");
    assert_eq!(refusal("<fet></fet>").1, "missing");
    assert_eq!(refusal("<fet><Days_List></Hours_List></fet>").1, "not-xml");
    let junk: Vec<u8> = (0..4096u32)
        .map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap())
        .collect();
    assert_eq!(fet::import(&junk).unwrap_err().reason, FetReason::NotUtf8);
    assert_eq!(fet::import(b"<fet>\n\n\xff</fet>").unwrap_err().line, 3);
    let long = changed("Школа &amp; сад", &"я".repeat(100_000));
    assert_eq!(refusal(&long).1, "text-too-long");
    let huge = vec![b' '; 33 * 1024 * 1024];
    assert_eq!(fet::import(&huge).unwrap_err().reason.code(), "too-large");
}

#[test]
fn unknown_elements_are_left_out() {
    let file = changed("<Teachers_List>", "<News><a><b>1</b></a></News><Teachers_List>");
    assert_eq!(
        fet::import(file.as_bytes()).unwrap(),
        fet::import(SMALL.as_bytes()).unwrap()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_never_panic(changes in prop::collection::vec((0usize..6000, any::<u8>()), 1..12)) {
        let mut bytes = SMALL.as_bytes().to_vec();
        for (at, byte) in changes {
            let length = bytes.len();
            bytes[at % length] = byte;
        }
        check(&bytes)?;
    }

    #[test]
    fn moved_pieces_never_panic(from in 0usize..6000, length in 0usize..400, to in 0usize..6000) {
        let mut bytes = SMALL.as_bytes().to_vec();
        let from = from % bytes.len();
        let piece: Vec<u8> = bytes.drain(from..(from + length).min(bytes.len())).collect();
        let to = to % (bytes.len() + 1);
        bytes.splice(to..to, piece);
        check(&bytes)?;
    }
}

fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    match fet::import(bytes) {
        Ok(draft) => {
            let board = draft.board();
            prop_assert!(board.is_ok(), "{:?}", board.err());
        }
        Err(e) => prop_assert!(e.line >= 1),
    }
    Ok(())
}
