//! Small boards for the tests of this feature.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use base::{CardId, ClassId, LoadId, PersonId, SubjectId, VersionId};
use chrono::{DateTime, NaiveDate};
use timetable::{Audience, ClassIx, Placement, SubjectIx, TimeSet, Weeks};

use super::board::{BoardData, CardRow, ClassRow, LoadRow, OrgKind, SubjectRow, VersionInfo, VersionState};
use super::norms::NormRow;

/// Five days of eight slots.
pub fn data(classes: Vec<ClassRow>) -> BoardData {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    BoardData {
        version: VersionInfo {
            id: VersionId(1),
            title: "Черновик".into(),
            state: VersionState::Draft,
            valid_from: None,
            valid_to: None,
            revision: 0,
            cycle_weeks: 1,
            changed_by: None,
            changed_at: DateTime::from_timestamp(0, 0).unwrap(),
            made_from: None,
            composing: false,
            year_from: day(2026, 9, 1),
            year_to: day(2027, 8, 31),
        },
        org_name: "Школа № 1".into(),
        org: OrgKind::School,
        days: ["Пн", "Вт", "Ср", "Чт", "Пт"].map(Into::into).to_vec(),
        slots: (1..=8).map(|n| n.to_string()).collect(),
        teachers: vec![],
        classes,
        groups: vec![],
        apart: vec![],
        rooms: vec![],
        buildings: vec![],
        walks: vec![],
        room_kinds: vec![],
        subjects: vec![SubjectRow {
            id: SubjectId(1),
            name: "Алгебра".into(),
            short_name: "Алг".into(),
            template: None,
        }],
        loads: vec![],
        cards: vec![],
        norms: vec![],
        requirements: vec![],
        dated: super::later::Dated::default(),
        single: super::single::Single::default(),
        lists: vec![],
        rings: vec![],
        plans: true,
        may_edit: true,
        may_publish: true,
        may_withdraw: false,
        person: PersonId(1),
        today: day(2026, 11, 21),
        utc_offset: 3 * 3600,
    }
}

/// A class with a bell in every slot.
pub fn class(name: &str, grade: i16) -> ClassRow {
    ClassRow {
        id: ClassId(1),
        name: name.into(),
        grade,
        shift: 1,
        week_days: 5,
        pupils: 25,
        home_room: None,
        bells: TimeSet::daily(5, 0, 8),
        starts: vec![None; 8],
        ends: vec![None; 8],
        away: TimeSet::new(),
        unwanted: vec![],
    }
}

/// A norm for all grades.
pub fn norm(kind: &str, value: i32) -> NormRow {
    NormRow {
        kind: kind.into(),
        grade_from: 0,
        grade_to: 12,
        week_days: None,
        value,
        clause: "СП, п. 1".into(),
        valid_from: NaiveDate::from_ymd_opt(2026, 9, 1).unwrap(),
        confirmed: true,
    }
}

/// A lesson of a class on Monday, in a slot or in the tray.
pub fn placed(data: &mut BoardData, class: u32, slot: Option<u16>) {
    let load = u32::try_from(data.loads.len()).unwrap();
    data.loads.push(LoadRow {
        id: LoadId(i64::from(load) + 1),
        subject: SubjectIx(0),
        teachers: vec![],
        audience: vec![Audience::Class(ClassIx(class))],
        room_kind: None,
        rooms: vec![],
        difficulty: 0,
        away: TimeSet::new(),
        unwanted: vec![],
    });
    data.cards.push(CardRow {
        id: CardId(i64::from(load) + 1),
        load,
        duration: 1,
        weeks: Weeks::Every,
        locked: false,
        series: None,
        more_series: vec![],
        place: slot.map(|slot| Placement {
            day: 0,
            slot,
            room: None,
        }),
    });
}
