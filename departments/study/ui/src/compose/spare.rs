//! The spare copy of what is composed on this device: whatever becomes of the window, the best so far is found again and can be
//! brought to the server. In the browser's storage, under «parta.outbox.», so that signing out asks before it is lost and wipes
//! it (`docs/decisions/0005`). Each search writes under a name of its own: two tabs never overwrite each other.

use base::{PersonId, VersionId};
use serde::{Deserialize, Serialize};
use study_core::compose::{Brought, Run, RunState};
use uuid::Uuid;

/// What lies in the storage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    /// When it was written, in milliseconds since 1970.
    at: f64,
    run: Run,
    brought: Brought,
}

/// Where the copies of a draft and a person lie.
#[derive(Clone, Debug)]
pub(super) struct Spare {
    prefix: String,
    /// The name of the present one.
    name: Option<String>,
}

impl Spare {
    pub fn new(version: VersionId, person: PersonId) -> Self {
        Self {
            prefix: format!("parta.outbox.compose.{version}.{person}."),
            name: None,
        }
    }

    /// Another search begins: it has a name of its own.
    pub fn renew(&mut self) {
        self.name = Some(self.named(random().unwrap_or_default()));
    }

    fn named(&self, id: Uuid) -> String {
        format!("{}{id}", self.prefix)
    }

    /// Keeps the best so far. A full storage loses the copy only.
    pub fn keep(&mut self, run: &Run, brought: &Brought) {
        let (Some(storage), Some(name)) = (kit::storage(), &self.name) else {
            return;
        };
        let kept = Kept {
            at: js_sys::Date::now(),
            run: run.clone(),
            brought: brought.clone(),
        };
        if let Ok(text) = serde_json::to_string(&kept) {
            let _ = storage.set_item(name, &text);
        }
    }

    /// Whether something waits.
    pub fn waits(&self) -> bool {
        newest(self.entries()).is_some()
    }

    /// The last that was kept and not brought; from now on it is the present one.
    pub fn recover(&mut self) -> Option<(Run, Brought)> {
        let (name, kept) = newest(self.entries())?;
        self.name = Some(name);
        let mut run = kept.run;
        // whoever was at it has gone
        if !run.state.is_over() {
            run.state = RunState::Stopped;
        }
        Some((run, kept.brought))
    }

    /// The present one is not needed any more.
    pub fn forget(&mut self) {
        if let (Some(storage), Some(name)) = (kit::storage(), self.name.take()) {
            let _ = storage.remove_item(&name);
        }
    }

    fn entries(&self) -> Vec<(String, String)> {
        kit::bring_over(&self.prefix);
        kit::storage().map_or(vec![], |storage| kit::entries(&storage, &self.prefix))
    }
}

/// An id that nobody else makes; `None` where the browser has no random numbers.
pub(super) fn random() -> Option<Uuid> {
    let mut bytes = [0u8; 16];
    let crypto = web_sys::window().and_then(|w| w.crypto().ok())?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// The last one written; what cannot be read stays where it is.
fn newest(entries: Vec<(String, String)>) -> Option<(String, Kept)> {
    let read = entries
        .into_iter()
        .filter_map(|(name, text)| Some((name, serde_json::from_str::<Kept>(&text).ok()?)));
    read.max_by(|(a, x), (b, y)| x.at.total_cmp(&y.at).then_with(|| a.cmp(b)))
}

#[cfg(test)]
mod tests {
    use base::{CardId, RunId};
    use study_core::compose::{Figures, Keep, Wishes};
    use study_core::timetable::Seat;

    use super::*;

    fn entry(name: &str, at: f64) -> (String, String) {
        let run = Run {
            id: RunId(0),
            state: RunState::Running,
            stopping: false,
            seconds: 60,
            spent_ms: 900,
            ahead: None,
            failure: None,
            movable: 1,
            before: Figures::default(),
            best: None,
            unmet: None,
            change: None,
            keep: Keep::default(),
            wishes: Wishes::default(),
            moved: Some(1),
            impossible: vec![],
            result: None,
            title: String::new(),
        };
        let seat = Seat {
            day: 1,
            slot: 2,
            room: None,
        };
        let brought = Brought {
            version: VersionId(600),
            seconds: 60,
            spent_ms: 900,
            places: vec![(CardId(7), Some(seat)), (CardId(8), None)],
            op: None,
            keep: Keep::default(),
            wishes: Wishes::default(),
            stopped: false,
        };
        let kept = Kept { at, run, brought };
        (name.to_owned(), serde_json::to_string(&kept).unwrap())
    }

    #[test]
    fn the_newest_that_can_be_read_is_found_whole() {
        assert_eq!(newest(vec![]), None);
        let stored = vec![
            entry("a", 5.0),
            entry("c", 9.0),
            ("d".to_owned(), "{".to_owned()),
            entry("b", 7.0),
        ];
        let (name, kept) = newest(stored.clone()).unwrap();
        assert_eq!(name, "c");
        assert_eq!(kept.brought.places.len(), 2);
        assert_eq!(serde_json::to_string(&kept).unwrap(), stored[1].1);
    }

    #[test]
    fn a_name_belongs_to_one_draft_and_one_person() {
        let prefix = |version, person| Spare::new(VersionId(version), PersonId(person)).prefix;
        assert!(prefix(600, 1).starts_with("parta.outbox."), "signing out asks");
        assert!(!prefix(600, 11).starts_with(&prefix(600, 1)));
        assert!(!prefix(6001, 1).starts_with(&prefix(600, 1)));
    }
}
