//! The spare copy of unsaved moves in the browser's storage. Each open board writes under a name of its own, so two tabs
//! never overwrite each other; a board that opens takes over what a board left behind that is gone.
//!
//! Gone is a board that said so when its page was closed or left, or whose lock the browser no longer holds ([`super::locks`]):
//! a tab that crashed says nothing any more. Where a browser knows no locks, a board counts as gone that has been silent for
//! [`GONE`]: a hidden tab is woken once a minute. Should two boards take over one copy at the same moment, or a board wake up after its copy
//! was taken, the server counts a batch once by its id and answers everything else with a conflict: nothing is doubled.

use base::{PersonId, VersionId};
use serde::{Deserialize, Serialize};
use study_core::timetable::moves::{Batch, Move, joined};
use uuid::Uuid;

/// After this silence, in milliseconds, a board counts as gone.
pub const GONE: f64 = 150_000.0;

/// What lies in the browser's storage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The version's revision that the moves stand on.
    pub revision: i32,
    /// On its way to the server.
    pub sent: Option<Batch>,
    /// To be sent after it.
    pub waiting: Vec<Move>,
    /// When its board last gave a sign of life, in milliseconds since 1970; 0: it has gone.
    #[serde(default)]
    pub alive: f64,
}

impl Kept {
    /// Is everything on the server?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sent.is_none() && self.waiting.is_empty()
    }

    /// How many moves are not on the server yet.
    #[must_use]
    pub fn count(&self) -> usize {
        self.waiting.len() + self.sent.as_ref().map_or(0, |b| b.moves.len())
    }

    /// All its moves in their order, joined.
    #[must_use]
    pub fn moves(&self) -> Vec<Move> {
        let mut moves = self.sent.as_ref().map(|b| b.moves.clone()).unwrap_or_default();
        moves.extend(self.waiting.iter().copied());
        joined(&moves)
    }

    /// `open`: does its board's lock still stand? `None`: this browser knows no locks.
    fn is_left(&self, open: Option<bool>, now: f64) -> bool {
        let said_so = self.alive == 0.0;
        match open {
            Some(open) => said_so || !open,
            // a clock that was set back must not keep it for ever
            None => (now - self.alive).abs() > GONE,
        }
    }
}

/// How the names of all boards of a version and a person begin. Under «parta.outbox.», so that signing out asks before
/// it is lost.
#[must_use]
pub fn prefix(version: VersionId, person: PersonId) -> String {
    format!("parta.outbox.timetable.{version}.{person}.")
}

/// The name of one board.
#[must_use]
pub fn name(version: VersionId, person: PersonId, board: Uuid) -> String {
    format!("{}{board}", prefix(version, person))
}

/// What a board that is gone left behind: one copy, by the order of names. `own` is never taken; what cannot be read
/// stays where it is. `held`: the names of boards that are open, where the browser tells.
#[must_use]
pub fn left_behind(
    entries: Vec<(String, String)>,
    own: Option<&str>,
    held: Option<&[String]>,
    now: f64,
) -> Option<(String, Kept)> {
    let mut entries = entries;
    entries.sort();
    entries
        .into_iter()
        .filter(|(name, _)| Some(name.as_str()) != own)
        .filter_map(|(name, text)| Some((name, serde_json::from_str::<Kept>(&text).ok()?)))
        .find(|(name, kept)| {
            let open = held.map(|held| held.contains(name));
            !kept.is_empty() && kept.is_left(open, now)
        })
}

#[cfg(test)]
mod tests {
    use base::CardId;
    use study_core::timetable::moves::{CardState, Seat};

    use super::*;

    const NOW: f64 = 1_800_000_000_000.0;

    fn step(card: i64, day: i16) -> Move {
        let seat = Seat {
            day,
            slot: 0,
            room: None,
        };
        Move {
            card: CardId(card),
            old: CardState::default(),
            new: CardState {
                seat: Some(seat),
                locked: false,
            },
        }
    }

    fn kept(alive: f64) -> Kept {
        Kept {
            revision: 3,
            sent: Some(Batch {
                op: Uuid::from_u128(7),
                moves: vec![step(1, 0)],
            }),
            waiting: vec![step(2, 1)],
            alive,
        }
    }

    fn entry(board: u128, kept: &Kept) -> (String, String) {
        let name = name(VersionId(600), PersonId(1), Uuid::from_u128(board));
        (name, serde_json::to_string(kept).unwrap())
    }

    #[test]
    fn boards_of_one_person_have_names_of_their_own_under_one_prefix() {
        let (a, b) = (entry(1, &kept(NOW)).0, entry(2, &kept(NOW)).0);
        assert_ne!(a, b);
        let prefix = prefix(VersionId(600), PersonId(1));
        assert!(a.starts_with(&prefix) && b.starts_with(&prefix));
        assert!(!name(VersionId(600), PersonId(11), Uuid::nil()).starts_with(&prefix));
        assert!(!name(VersionId(6001), PersonId(1), Uuid::nil()).starts_with(&prefix));
    }

    #[test]
    fn only_what_a_board_that_is_gone_left_is_taken_whole_and_with_its_batch() {
        let (closed, silent, open) = (kept(0.0), kept(NOW - GONE - 1.0), kept(NOW - 60_000.0));
        assert_eq!(left_behind(vec![entry(1, &open)], None, None, NOW), None);
        for gone in [closed, silent] {
            let found = left_behind(vec![entry(1, &open), entry(2, &gone)], None, None, NOW);
            assert_eq!(found, Some((entry(2, &gone).0, gone)));
        }
        // nor for ever what a clock set back has left
        assert!(left_behind(vec![entry(1, &kept(NOW + GONE + 1.0))], None, None, NOW).is_some());
    }

    #[test]
    fn the_browser_s_lock_says_who_is_open_whatever_the_clock_says() {
        let (silent, fresh, closed) = (kept(NOW - 10.0 * GONE), kept(NOW), kept(0.0));
        let stored = vec![entry(1, &silent), entry(2, &fresh), entry(3, &closed)];
        let open = |boards: &[u128]| boards.iter().map(|b| entry(*b, &fresh).0).collect::<Vec<_>>();
        let found = |boards: &[u128]| {
            left_behind(stored.clone(), None, Some(&open(boards)), NOW).map(|(name, _)| name)
        };
        assert_eq!(
            found(&[1, 2]),
            Some(entry(3, &closed).0),
            "a tab asleep is not gone"
        );
        assert_eq!(
            found(&[1]),
            Some(entry(2, &fresh).0),
            "a tab that crashed a moment ago is"
        );
        assert_eq!(
            found(&[1, 2, 3]),
            Some(entry(3, &closed).0),
            "who said so is gone"
        );
    }

    #[test]
    fn a_copy_is_taken_once_and_the_next_one_after_it() {
        let mut stored = vec![entry(2, &kept(0.0)), entry(1, &kept(0.0))];
        let mut taken = vec![];
        while let Some((name, _)) = left_behind(stored.clone(), None, None, NOW) {
            stored.retain(|(n, _)| *n != name);
            taken.push(name);
        }
        assert_eq!(taken, [entry(1, &kept(0.0)).0, entry(2, &kept(0.0)).0]);
    }

    #[test]
    fn ones_own_an_empty_and_an_unreadable_copy_are_let_be() {
        let (own, text) = entry(1, &kept(0.0));
        let empty = Kept {
            alive: 0.0,
            ..Kept::default()
        };
        let stored = vec![
            (own.clone(), text),
            entry(2, &empty),
            ("parta.outbox.timetable.600.1.x".to_owned(), "{".to_owned()),
        ];
        assert_eq!(left_behind(stored, Some(&own), None, NOW), None);
    }

    #[test]
    fn what_an_older_page_kept_without_a_sign_of_life_is_found() {
        let mut old = serde_json::to_value(kept(0.0)).unwrap();
        old.as_object_mut().unwrap().remove("alive");
        let stored = vec![("parta.outbox.timetable.600.1.moves".to_owned(), old.to_string())];
        let (_, found) = left_behind(stored, None, None, NOW).unwrap();
        assert_eq!((found.count(), found.moves().len()), (2, 2));
    }
}
