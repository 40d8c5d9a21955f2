//! What the rooms of a file are for: what a file of ours says, else what their names tell.

use std::collections::BTreeMap;

use base::Lang;
use timetable::SchoolDraft;

use crate::building::RoomUse;
use crate::building::uses::{AT_ONCE, SEATS, guess};
use crate::requirement::words;
use crate::t;

/// Of each room of the draft.
#[must_use]
pub fn uses(draft: &SchoolDraft) -> Vec<RoomUse> {
    let of = |room: &timetable::draft::DraftRoom| {
        let said = room.kind.clone();
        let of = RoomUse {
            kind: said.unwrap_or_else(|| guess(&room.name).unwrap_or("ordinary").to_owned()),
            seats: room
                .capacity
                .and_then(|n| i32::try_from(n).ok())
                .filter(|n| SEATS.contains(n)),
            shared_by: i16::try_from(room.shared_by)
                .unwrap_or(1)
                .clamp(*AT_ONCE.start(), *AT_ONCE.end()),
        };
        let of = of.settled();
        // a word that nobody could write in our own form is none
        if of.fault(Lang::En).is_some() {
            RoomUse::default()
        } else {
            of
        }
    };
    draft.rooms.iter().map(of).collect()
}

/// Which kinds were taken from the names of new rooms, for whoever says yes to it.
#[must_use]
pub fn told(lang: Lang, draft: &SchoolDraft, known: &[Option<i64>]) -> Option<String> {
    let mut kinds: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let rooms = draft.rooms.iter().zip(uses(draft)).zip(known);
    for ((room, of), _) in rooms.filter(|((room, _), known)| known.is_none() && room.kind.is_none()) {
        if of.kind != "ordinary" {
            kinds
                .entry(words::room_kind(lang, &of.kind))
                .or_default()
                .push(&room.name);
        }
    }
    let said = kinds
        .iter()
        .map(|(kind, rooms)| format!("{kind}: {}", rooms.join(", ")));
    let said = said.collect::<Vec<_>>().join("; ");
    (!said.is_empty()).then(|| t::import_kept_room_kinds(lang, said))
}
