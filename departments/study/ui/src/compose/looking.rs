//! Looking for why lessons of an outcome have no place: what is asked of the engine, in which order, and how far it is. Draws nothing.

use base::{CardId, LoadId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::compose::Run;
use study_core::timetable::board::CardRow;
use study_core::timetable::{BoardData, Seat};
use timetable::compose::Stuck;
use timetable::{Board, BoardSpec, CardIx, Placement};

use super::dialog::Watch;
use super::here::as_it_lies;
use crate::engine::talk::{Answer, Ask, Told};

/// So many lessons are explained unasked.
const EXPLAINED: usize = 12;

/// A lesson without a place, and how many of it there are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub card: CardIx,
    pub load: Option<LoadId>,
    pub count: usize,
    /// It is looked for, or has been; the others wait for a click.
    pub asked: bool,
    /// `None`: not known yet.
    pub told: Option<Told>,
    /// How far the engine has looked.
    pub looked: Looked,
}

/// How far it was looked why a lesson has no place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Looked {
    /// The judge alone has said what closes its cells.
    #[default]
    Cells,
    /// For moves as well.
    Moves,
    /// For what cannot be met together as well: there is nothing more to find.
    All,
}

/// What the engine is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// This is looked for; so many of the lessons that were asked about are through, of so many.
    Looking(Looked, u32, u32),
    /// Somebody has stopped it; what was found stays.
    Stopped,
    /// There is no engine here: what the judge says is all.
    NoEngine,
    Over,
}

/// Cards without a place by their loads: the first ones are asked about.
fn lines(unplaced: impl Iterator<Item = (CardIx, Option<LoadId>)>) -> Vec<Line> {
    let mut lines: Vec<Line> = vec![];
    for (card, load) in unplaced {
        match lines.iter_mut().find(|line| line.load == load) {
            Some(line) => line.count += 1,
            None => lines.push(Line {
                card,
                load,
                count: 1,
                asked: lines.len() < EXPLAINED,
                told: None,
                looked: Looked::Cells,
            }),
        }
    }
    lines
}

/// The result's board, and its cards without a place.
#[derive(Clone, Debug)]
pub(super) struct Tray {
    /// The result; its places are those of `spec`.
    pub data: BoardData,
    spec: BoardSpec,
    /// By card: it was asked to stay, and it does.
    pub keep: Vec<bool>,
    pub lines: Vec<Line>,
}

impl Tray {
    fn judge(&mut self) {
        judge(&mut self.lines, &self.spec);
    }

    /// The board with the places of the result, judged as the search has judged it.
    pub fn of(watch: Watch, run: &Run, seats: &[(CardId, Option<Seat>)]) -> Option<Self> {
        let (source, mut spec) = watch.wished(&run.wishes);
        watch.data.with_value(|d| {
            for (id, seat) in seats {
                let Some(card) = d.card_ix(*id).and_then(|card| spec.cards.get_mut(card.ix())) else {
                    continue;
                };
                card.placement = seat.and_then(|seat| {
                    Some(Placement {
                        day: u16::try_from(seat.day).ok()?,
                        slot: u16::try_from(seat.slot).ok()?,
                        room: seat.room.and_then(|room| d.room_ix(room)),
                    })
                });
            }
        });
        let data = as_it_lies(&source, &spec);
        let time = |card: &CardRow| card.place.map(|at| (at.day, at.slot));
        // what has come to lie on a day that was to stay was not asked to, and may leave it
        let places = source.cards.iter().zip(&data.cards);
        let keep = run.keep.of(&source).into_iter().zip(places);
        let keep = keep
            .map(|(keep, (was, is))| keep && time(was) == time(is))
            .collect();
        let board = Board::new(spec.clone()).ok()?;
        let unplaced = board.unplaced().into_iter();
        let lines = lines(unplaced.map(|card| (card, data.load_of(card).map(|load| load.id))));
        Some(Self {
            data,
            spec,
            keep,
            lines,
        })
    }
}

/// What the judge says of each lesson that was asked about and of which nothing is known: it takes no time.
fn judge(lines: &mut [Line], spec: &BoardSpec) {
    let mut open = lines.iter_mut().filter(|line| line.asked && line.told.is_none());
    let Some(first) = open.next() else { return };
    let Ok(board) = Board::new(spec.clone()) else {
        return;
    };
    for line in std::iter::once(first).chain(open) {
        line.told = Some(Told {
            stuck: Stuck {
                card: line.card,
                collides: None,
                why: board.why_nowhere(line.card),
                ways: vec![],
            },
            released: None,
        });
    }
}

/// The looking, as the list sees it. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Looking {
    pub watch: Watch,
    pub tray: RwSignal<Option<Tray>>,
    pub work: RwSignal<Work>,
    /// Grows with every beginning and every stop: an answer to an older question is none.
    asked: StoredValue<u32>,
}

impl Looking {
    pub fn new(watch: Watch) -> Self {
        Self {
            watch,
            tray: RwSignal::new(None),
            work: RwSignal::new(Work::Over),
            asked: StoredValue::new(0),
        }
    }
}

impl Looking {
    /// Whatever the engine is at, it ends; what is known stays.
    pub fn stop(self) {
        self.asked.update_value(|n| *n = n.wrapping_add(1));
        self.watch.engine.end();
        self.work.set(Work::Stopped);
    }

    /// Whether this is still what was asked last, on a page that is still there.
    fn is_on(self, this: u32) -> bool {
        self.asked.try_get_value() == Some(this)
    }

    /// Says at once what closes the cells of each lesson that was asked about; then looks for moves, for all of them, and last for what
    /// cannot be met together. Each answer is shown as it comes.
    pub async fn explain(self) {
        self.asked.update_value(|n| *n = n.wrapping_add(1));
        let this = self.asked.get_value();
        let known = self.tray.try_update(|tray| {
            let tray = tray.as_mut()?;
            tray.judge();
            Some((tray.spec.clone(), tray.keep.clone()))
        });
        let Some((spec, keep)) = known.flatten() else {
            return;
        };
        if self.open(Looked::All).is_empty() {
            self.work.set(Work::Over);
            return;
        }
        self.tell(Looked::Moves);
        let mut engine = self.watch.engine.ask(&Ask::Board(Box::new(spec))).await.is_some();
        for step in [Looked::Moves, Looked::All] {
            // somebody may ask about one more meanwhile
            while engine && self.is_on(this) {
                let Some(card) = self.open(step).first().copied() else {
                    break;
                };
                self.tell(step);
                let keep = keep.clone();
                let ask = match step {
                    Looked::All => Ask::Collides { card, keep },
                    _ => Ask::Stuck { card, keep },
                };
                let answer = self.watch.engine.ask(&ask).await;
                if !self.is_on(this) {
                    return;
                }
                engine = self.show(card, step, answer);
            }
        }
        if self.is_on(this) {
            self.work.set(if engine { Work::Over } else { Work::NoEngine });
        }
    }

    /// The lessons that were asked about and that were not looked at so far.
    fn open(self, step: Looked) -> Vec<CardIx> {
        let open = |tray: &Option<Tray>| -> Vec<CardIx> {
            let lines = tray.iter().flat_map(|tray| &tray.lines);
            let open = lines.filter(|line| line.asked && line.looked < step);
            open.map(|line| line.card).collect()
        };
        self.tray.try_with_untracked(open).unwrap_or_default()
    }

    fn tell(self, step: Looked) {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let asked = |tray: &Option<Tray>| {
            tray.iter()
                .flat_map(|tray| &tray.lines)
                .filter(|l| l.asked)
                .count()
        };
        let all = self.tray.try_with_untracked(asked).unwrap_or_default();
        let done = all.saturating_sub(self.open(step).len());
        let _ = self.work.try_set(Work::Looking(step, count(done), count(all)));
    }

    /// One more lesson is asked about; where the engine is at work already, its turn comes.
    pub fn ask_one(self, card: CardIx) {
        self.tray.update(|tray| {
            let mine = tray.iter_mut().flat_map(|tray| &mut tray.lines);
            mine.filter(|line| line.card == card)
                .for_each(|line| line.asked = true);
            if let Some(tray) = tray {
                tray.judge();
            }
        });
        if !matches!(self.work.get_untracked(), Work::Looking(..)) {
            spawn_local(self.explain());
        }
    }

    /// Shows what was answered about a lesson. False: there is no answer, and no engine.
    fn show(self, card: CardIx, step: Looked, answer: Option<Answer>) -> bool {
        let shown = self.tray.try_update(|tray| {
            let mut mine = tray.iter_mut().flat_map(|tray| &mut tray.lines);
            let line = mine.find(|line| line.card == card)?;
            match (answer, &mut line.told) {
                (Some(Answer::Stuck(told)), known) => *known = Some(*told),
                (Some(Answer::Collides(found)), Some(known)) => {
                    known.stuck.collides = found.map(|found| *found)
                }
                _ => return None,
            }
            line.looked = step;
            Some(())
        });
        shown.flatten().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lessons of a load are one line; the first dozen is asked about, and each of the others is there to be.
    #[test]
    fn every_lesson_without_a_place_is_named_and_the_first_ones_are_asked_about() {
        let unplaced = (0..60u32).map(|n| (CardIx(n), Some(LoadId(i64::from(n) / 3))));
        let all = lines(unplaced);
        assert_eq!(all.len(), 20);
        assert!(all.iter().all(|line| line.count == 3 && line.told.is_none()));
        assert_eq!(all.iter().filter(|line| line.asked).count(), EXPLAINED);
        assert!(all.iter().take(EXPLAINED).all(|line| line.asked));
    }

    /// What the judge says is there before any engine is asked, for those that were asked about, and is not said anew over what was found.
    #[test]
    fn what_closes_the_cells_is_said_at_once() {
        use timetable::compose::Way;
        use timetable::{Audience, CardSpec, ClassIx, ClassSpec, SubjectIx, TeacherIx, TeacherSpec, TimeSet};
        // one hour, and the first of six lies there
        let mut spec = BoardSpec {
            days: 1,
            slots: 1,
            teachers: vec![TeacherSpec::default()],
            classes: vec![ClassSpec {
                bells: TimeSet::daily(1, 0, 1),
                ..ClassSpec::default()
            }],
            cards: vec![CardSpec::lesson(SubjectIx(0), TeacherIx(0), Audience::Class(ClassIx(0))); 6],
            ..BoardSpec::default()
        };
        spec.cards[0].placement = Some(Placement {
            day: 0,
            slot: 0,
            room: None,
        });
        let mut waiting = lines((1..6u32).map(|n| (CardIx(n), Some(LoadId(i64::from(n))))));
        waiting[4].asked = false;
        judge(&mut waiting, &spec);
        let said = waiting.iter().map(|line| {
            line.told
                .as_ref()
                .and_then(|t| t.stuck.why.as_ref())
                .map(|why| why.cells)
        });
        assert_eq!(
            said.collect::<Vec<_>>(),
            [Some(1), Some(1), Some(1), Some(1), None]
        );
        assert!(waiting.iter().all(|line| line.looked == Looked::Cells));
        let found = waiting[0].told.as_mut().unwrap();
        found.stuck.ways.push(Way {
            steps: vec![],
            price: 3,
        });
        judge(&mut waiting, &spec);
        assert_eq!(waiting[0].told.as_ref().unwrap().stuck.ways.len(), 1);
        assert!(Looked::Cells < Looked::Moves && Looked::Moves < Looked::All);
    }
}
