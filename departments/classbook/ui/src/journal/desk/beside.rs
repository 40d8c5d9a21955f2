//! What a sheet changes beside the grid: on which version it stands, and what became of its change.

use classbook_core::journal::cell::{Change, Meanwhile, Place};
use classbook_core::journal::grid::Lesson;
use classbook_core::journal::sheet::State;
use kit::outbox::Progress;

use base::LessonId;
use chrono::NaiveDate;

use super::{Act, Desk};
use crate::journal::lines::{self, change_of, meanwhile};

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// On its way, or waiting for the network.
    Waiting,
    /// On the server.
    Saved,
    /// The server said no, with these words.
    Refused(String),
    /// Somebody changed the place meanwhile.
    Conflict(Meanwhile),
    /// Typed on that day, longer ago than is sent without asking.
    Old(NaiveDate),
}

/// The sheet that is open: what it looks at, the version that its person saw, its last change.
#[derive(Clone, Debug)]
pub(super) struct Stood {
    place: Place,
    expected: i32,
    op: Option<String>,
    saved: bool,
    /// How many of its changes the server has taken.
    times: u32,
}

impl Desk {
    /// A sheet opens on a place. It saves on top of what is seen now, whatever others do while it is open; only one's own
    /// answers move it on.
    pub fn stand_on(&mut self, place: Place) {
        let op = self
            .outbox
            .with(|q| q.last(&place.line()).map(|op| op.id.clone()));
        self.stood = Some(Stood {
            place,
            expected: self.sheet.version(place),
            op,
            saved: false,
            times: 0,
        });
    }

    /// A change made in the open sheet: a comment, a topic.
    pub fn make_beside(&mut self, change: Change) {
        let place = change.place();
        let expected = match &self.stood {
            Some(stood) if stood.place == place => stood.expected,
            _ => self.sheet.version(place),
        };
        self.remember(self.way_back(&change).into_iter().collect());
        let op = self.make(change, expected);
        if let Some(stood) = self.stood.as_mut().filter(|s| s.place == place) {
            stood.op = op;
            stood.saved = false;
        }
        self.repaint_place(place);
        self.tell_changed();
    }

    /// What undoes a change that is about to be made.
    fn way_back(&self, change: &Change) -> Option<Act> {
        // files that went with their homework are gone: undo says so, and does not take back the mark that was given before
        if matches!(
            change,
            Change::Lesson {
                files_go: Some(1..),
                ..
            }
        ) {
            return Some(Act::Lasting);
        }
        let place = change.place();
        let back = self.outbox.with(|q| lines::way_back(&self.sheet, q, place))?;
        Some(Act::Cell(back, change.clone()))
    }

    /// An answer to one's own act: the open sheet goes on from it.
    pub(super) fn stand_on_answer(&mut self, id: &str, place: Place, version: i32) {
        if let Some(stood) = self.stood.as_mut().filter(|s| s.place == place) {
            stood.expected = version;
            stood.times = stood.times.saturating_add(1);
            stood.saved |= stood.op.as_deref() == Some(id);
        }
    }

    /// A place has learned its work: the sheet that looks at it goes with it.
    pub(super) fn stand_moved(&mut self, line: &str, place: Place) {
        if let Some(stood) = self.stood.as_mut().filter(|s| s.place.line() == line) {
            stood.place = place;
        }
    }

    /// How many changes of the open sheet the server has taken: what it says of its past is then older.
    #[must_use]
    pub fn saved_in_sheet(&self) -> u32 {
        self.stood.as_ref().map_or(0, |s| s.times)
    }

    /// Homework for some pupils, given or changed in the open sheet.
    pub fn give_some(&mut self, change: Change, expected: i32) {
        self.make(change, expected);
        self.tell_changed();
    }

    /// How many homeworks for some pupils the server has taken.
    #[must_use]
    pub fn given_to_some(&self) -> u32 {
        self.individual
    }

    /// Homework for some pupils of a lesson that the server has not taken, and how far each got.
    #[must_use]
    pub fn unsent_to_some(&self, lesson: LessonId) -> Vec<(Change, State)> {
        let offset = self.sheet.grid().utc_offset;
        self.outbox.with(|q| {
            let own = q.ops().iter().filter_map(|op| {
                let change = change_of(&op.body)?;
                let mine = matches!(change.place(), Place::Individual { lesson: l, .. } if l == lesson);
                mine.then_some((op, change))
            });
            let stands = own.filter_map(|(op, change)| Some((change, lines::state(op, offset)?)));
            stands.collect()
        })
    }

    /// What became of the open sheet's last change; `None`: it made none.
    #[must_use]
    pub fn fate(&self) -> Option<Fate> {
        let stood = self.stood.as_ref()?;
        if stood.saved {
            return Some(Fate::Saved);
        }
        let id = stood.op.as_deref()?;
        let offset = self.sheet.grid().utc_offset;
        self.outbox.with(|q| {
            let own = q.ops().iter().find(|op| op.id == id)?;
            // what is before it in the line holds it up
            let head = q.line(&own.line).next().unwrap_or(own);
            Some(match &head.state {
                Progress::Waiting => Fate::Waiting,
                Progress::Refused { message } => Fate::Refused(message.clone()),
                Progress::Conflict { body, .. } => meanwhile(body).map_or(Fate::Waiting, Fate::Conflict),
                Progress::Old => Fate::Old(lines::typed_on(head, offset)),
            })
        })
    }

    /// A lesson's topic and homework as this person wants them: what waits for the server, else what it holds.
    #[must_use]
    pub fn lesson_now(&self, id: LessonId) -> Option<Lesson> {
        self.outbox.with(|q| lines::lesson_now(&self.sheet, q, id))
    }
}
