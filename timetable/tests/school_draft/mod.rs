//! A small school as a draft, for the tests of files.
#![allow(dead_code, reason = "each test file uses a part of it")]

use timetable::draft::{
    DraftCard, DraftClass, DraftGap, DraftGroup, DraftLimit, DraftLoad, DraftRoom, DraftTeacher, Limited,
    LimitedOf,
};
use timetable::{
    Audience, CardIx, ClassIx, GroupIx, Placement, RoomIx, SchoolDraft, SubjectIx, TeacherIx, TimeSet, Weeks,
};

/// A lesson of one slot, somewhere or nowhere: day, slot, room.
pub fn card(placement: Option<(u16, u16, Option<u32>)>) -> DraftCard {
    DraftCard {
        source_id: 0,
        duration: 1,
        weeks: Weeks::Every,
        off: false,
        rooms: vec![],
        rooms_must: false,
        rooms_weight: None,
        placement: placement.map(|(day, slot, room)| Placement {
            day,
            slot,
            room: room.map(RoomIx),
        }),
        locked: false,
    }
}

/// Two classes, one in halves for English and in boys and girls, who overlap; a double lesson; a lesson of both classes.
pub fn school() -> SchoolDraft {
    let group = |class, name: &str, split| DraftGroup {
        class: ClassIx(class),
        name: name.to_owned(),
        pupils: 12,
        split,
        away: TimeSet::new(),
        atoms: vec![],
    };
    let class = |name: &str, grade| DraftClass {
        name: name.to_owned(),
        grade,
        pupils: 24,
        ..DraftClass::default()
    };
    let load = |subject, teacher, audience, cards| DraftLoad {
        subject: SubjectIx(subject),
        teachers: vec![TeacherIx(teacher)],
        audience,
        cards,
    };
    let whole = |class| vec![Audience::Class(ClassIx(class))];
    let half = |group| vec![Audience::Group(GroupIx(group))];
    let mut double = card(None);
    double.duration = 2;
    double.locked = false;
    let mut locked = card(Some((0, 0, Some(0))));
    locked.locked = true;
    locked.rooms = vec![RoomIx(0), RoomIx(1)];
    locked.rooms_must = true;
    let mut draft = SchoolDraft {
        name: "Школа № 1 <&\"'>".to_owned(),
        comments: "первая\nвторая".to_owned(),
        days: ["Пн", "Вт", "Ср"].map(str::to_owned).to_vec(),
        slots: ["1", "2", "3", "4"].map(str::to_owned).to_vec(),
        subjects: ["Алгебра", "Английский", "Физкультура", "Хор"]
            .map(str::to_owned)
            .to_vec(),
        teachers: ["Волкова Елена Андреевна", "Бритова Анна", "Силин Пётр"]
            .map(|name| DraftTeacher {
                name: name.to_owned(),
                away: TimeSet::new(),
            })
            .to_vec(),
        buildings: vec![],
        rooms: [("12", Some(30)), ("Зал", None), ("14", Some(10))]
            .map(|(name, capacity)| DraftRoom {
                name: name.to_owned(),
                capacity,
                ..DraftRoom::default()
            })
            .to_vec(),
        classes: vec![class("7А", Some(7)), class("7Б", Some(7))],
        groups: vec![
            group(0, "Англ 1", 0),
            group(0, "Англ 2", 0),
            group(0, "Мальчики", 1),
            group(0, "Девочки", 1),
        ],
        loads: vec![
            load(
                0,
                0,
                whole(0),
                vec![locked, card(Some((1, 1, Some(0)))), card(None)],
            ),
            load(1, 1, half(0), vec![card(Some((0, 1, Some(2)))), card(None)]),
            load(1, 2, half(1), vec![card(Some((0, 1, Some(1)))), card(None)]),
            load(2, 2, half(2), vec![double]),
            load(
                3,
                1,
                vec![Audience::Class(ClassIx(0)), Audience::Class(ClassIx(1))],
                vec![card(None)],
            ),
        ],
        gaps: vec![DraftGap {
            cards: vec![CardIx(0), CardIx(1), CardIx(2)],
            days: 1,
            weight: Some(95_000),
        }],
        ..SchoolDraft::default()
    };
    draft.teachers[0].away.insert(2, 3);
    draft.classes[1].away.insert(0, 0);
    draft.groups[3].away.insert(2, 0);
    draft.rooms[1].away.insert(2, 2);
    draft.classes[0].home_room = Some(RoomIx(0));
    draft.limits = vec![
        limit(
            Limited::HoursADay,
            LimitedOf::Teachers(vec![TeacherIx(0)]),
            3,
            100_000,
        ),
        limit(
            Limited::GapsADay,
            LimitedOf::Classes(vec![ClassIx(0)]),
            2,
            100_000,
        ),
        limit(
            Limited::HoursInARow,
            LimitedOf::Teachers(vec![TeacherIx(1)]),
            2,
            30_000,
        ),
    ];
    draft.cut_into_atoms(&[]);
    draft
}

pub fn limit(what: Limited, of: LimitedOf, value: u32, weight: u32) -> DraftLimit {
    DraftLimit {
        what,
        of,
        value,
        weight,
        kind: String::new(),
        line: 0,
    }
}
