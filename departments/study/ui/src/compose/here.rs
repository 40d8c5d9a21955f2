//! Composing on this device, by the page's own engines, one a core: for a school whose server is weak, and where there is no network.

use std::time::Duration;

use base::{AppError, RunId};
use futures_util::future::join_all;
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::compose::{Brought, Change, Counted, Figures, Keep, Run, RunState, Unmet, Wishes};
use study_core::timetable::{BoardData, Seat};
use timetable::compose::Budget;
use timetable::unmet::Tally;
use timetable::{BoardSpec, CardIx, Placement};

use super::api::bring;
use super::dialog::{Shown, Watch};
use super::spare::Spare;
use crate::engine::talk::{Ask, Best};
use crate::engine::{Engine, Together, clock};
use crate::t;

/// Engines work so long before they are asked again, in milliseconds: so soon it can be stopped.
const SLICE: u32 = 100;
/// What is found is shown about so often.
const TELL: Duration = Duration::from_millis(300);

/// The loaded board with what has been moved since.
pub(super) fn as_it_lies(data: &BoardData, spec: &BoardSpec) -> BoardData {
    let mut now = data.clone();
    for (row, card) in now.cards.iter_mut().zip(&spec.cards) {
        row.place = card.placement;
        row.locked = card.locked;
    }
    now
}

impl Watch {
    /// Begins a search on this device.
    pub(super) fn begin_here(self, keep: Keep, wishes: Wishes, seconds: i16) {
        let (data, spec) = self.wished(&wishes);
        let stays = keep.of(&data);
        let movable = i32::try_from(stays.iter().filter(|kept| !**kept).count()).unwrap_or(0);
        if movable == 0 {
            self.error
                .set(Some(AppError::invalid("keep", t::compose_nothing(self.lang))));
            return;
        }
        self.error.set(None);
        self.stopping.set(false);
        self.found.set(None);
        self.spare.update_value(Spare::renew);
        self.is_here.set(true);
        self.run.set(None);
        self.shown.set(Shown::Run);
        // from now on there is something to stop, though no engine has been asked yet
        self.preparing.set_value(true);
        let run = Run {
            id: RunId(0),
            state: RunState::Running,
            stopping: false,
            seconds,
            spent_ms: 0,
            ahead: None,
            failure: None,
            movable,
            before: Figures::default(),
            best: None,
            unmet: None,
            change: None,
            keep,
            wishes,
            moved: None,
            impossible: vec![],
            result: None,
            title: String::new(),
        };
        spawn_local(async move {
            let _ = self.search(spec, stays, run).await;
        });
    }

    /// The board as it lies, judged by the wishes of a search.
    pub(super) fn wished(self, wishes: &Wishes) -> (BoardData, BoardSpec) {
        let spec = self.spec.run(());
        let mut data = self.data.with_value(|d| as_it_lies(d, &spec));
        if wishes.is_empty() {
            return (data, spec);
        }
        wishes.lay(&mut data);
        let spec = data.spec();
        (data, spec)
    }

    /// Begins the engines that will compose, so that their files are here whatever becomes of the network.
    pub(super) fn warm(self) {
        let engines = self.engines();
        spawn_local(async move {
            // a question that needs the engine's own files and no board
            let all = join_all(engines.iter().map(|engine| engine.ask(&Ask::Found)));
            let there = all.await.into_iter().flatten().count();
            let _ = self.cores.try_set(Some(there).filter(|n| *n > 0));
        });
    }

    /// Gives back what they hold, but for the one that advises.
    pub(super) fn cool(self) {
        self.engines().into_iter().skip(1).for_each(Engine::end);
        self.cores.set(None);
    }

    /// Until it is over, and brings the result to the server. `None`: it has not come so far.
    async fn search(self, spec: BoardSpec, keep: Vec<bool>, mut run: Run) -> Option<()> {
        let whole = Duration::from_secs(u64::try_from(run.seconds).unwrap_or(10));
        let seed = u64::try_from(super::dialog::seed()).unwrap_or(0);
        let engines = self.engines();
        let ask = async |n: usize, ask: Ask| {
            // an engine that was ended would begin anew with the next question
            if self.preparing.try_get_value()? && self.stopping.try_get_untracked()? {
                return None;
            }
            engines.get(n)?.ask(&ask).await
        };
        // their memory is given back with them; who explains the outcome begins another one
        let end = || engines.iter().for_each(|engine| engine.end());
        let budget = Budget::Time(whole);
        let begun = Together::begin(ask, engines.len(), (spec, keep), seed, budget).await;
        self.preparing.try_set_value(false);
        // whether or not some of them had read the board by then: there is no best so far
        if self.stopping.try_get_untracked()? {
            end();
            self.forget_here();
            self.told.run(t::compose_stopped_early(self.lang).to_owned());
            return None;
        }
        let Some((mut together, first)) = begun else {
            end();
            let error = AppError::invalid("", t::compose_here_failed(self.lang));
            let _ = self.error.try_set(Some(error));
            let _ = self.shown.try_set(Shown::Form);
            return None;
        };
        run.before = Figures::from(first.before.score);
        run.impossible = self.ids(&first.impossible);
        let had = first.before.tally;
        let since = clock();
        let gone = || clock().saturating_sub(since);
        let mut told = gone();
        let state = loop {
            let _ = self.cores.try_set(Some(together.count()));
            let more = together.go(gone(), SLICE).await;
            // the page may have gone meanwhile
            let stop = self.stopping.try_get_untracked()?;
            let over = match (together.count(), stop, more) {
                (0, ..) => Some(RunState::Failed),
                (_, true, _) => Some(RunState::Stopped),
                (_, _, false) => Some(RunState::Done),
                _ => None,
            };
            if over.is_none() && gone().saturating_sub(told) < TELL {
                continue;
            }
            told = gone();
            let better = together.best().await;
            self.stopping.try_get_untracked()?;
            run.spent_ms = i32::try_from(told.as_millis()).unwrap_or(i32::MAX);
            if let Some(best) = better {
                self.take_over(&mut run, &had, best);
            }
            if let Some(over) = over {
                break over;
            }
            self.run.set(Some(run.clone()));
        };
        run.state = state;
        if state != RunState::Failed {
            self.told.run(super::outcome::words(self.lang, &run));
        }
        end();
        self.run.set(Some(run));
        if state != RunState::Failed {
            self.keep_here().await;
        }
        Some(())
    }

    fn take_over(self, run: &mut Run, had: &Tally, best: Best) {
        let Best {
            score,
            tally,
            places,
            moved,
        } = best;
        run.best = Some(score.into());
        self.data.with_value(|d| {
            let teachers: Vec<_> = d.teachers.iter().map(|t| t.id).collect();
            let counted = |tally| Counted {
                tally,
                teachers: &teachers,
            };
            run.unmet = Some(Unmet::of(&tally.unmet(), d));
            run.change = Some(Change::between(counted(had), counted(&tally)));
        });
        run.moved = i32::try_from(moved).ok();
        let brought = self.brought(run, &places);
        // whatever happens to the window, the best so far is found again
        self.spare.update_value(|spare| spare.keep(run, &brought));
        self.found.set(Some(brought));
    }

    /// Places as the server is told them.
    fn brought(self, run: &Run, places: &[Option<Placement>]) -> Brought {
        self.data.with_value(|d| {
            let seat = |at: Placement| Seat {
                day: i16::try_from(at.day).unwrap_or(0),
                slot: i16::try_from(at.slot).unwrap_or(0),
                room: at
                    .room
                    .and_then(|room| d.rooms.get(room.ix()))
                    .map(|room| room.id),
            };
            let cards = d.cards.iter().zip(places);
            Brought {
                version: d.version.id,
                seconds: run.seconds,
                spent_ms: run.spent_ms,
                places: cards.map(|(card, at)| (card.id, at.map(seat))).collect(),
                // another one is another thing to bring; the same, brought again, is not
                op: super::spare::random(),
                keep: run.keep.clone(),
                wishes: run.wishes.clone(),
                stopped: false,
            }
        })
    }

    /// Shows what an earlier window has found on this device and not brought. False: there is nothing.
    pub(super) fn recover(self) -> bool {
        let mut found = None;
        self.spare.update_value(|spare| found = spare.recover());
        let Some((run, brought)) = found else {
            return false;
        };
        self.is_here.set(true);
        self.run.set(Some(run));
        self.found.set(Some(brought));
        self.shown.set(Shown::Run);
        true
    }

    /// Gives up what was found here.
    pub(super) fn forget_here(self) {
        self.spare.update_value(Spare::forget);
        self.found.set(None);
        self.error.set(None);
        self.is_here.set(false);
        self.run.set(None);
        self.shown.set(Shown::Form);
    }

    fn ids(self, cards: &[CardIx]) -> Vec<base::CardId> {
        self.data.with_value(|d| {
            let row = |card: &CardIx| d.cards.get(card.ix()).map(|row| row.id);
            cards.iter().filter_map(row).collect()
        })
    }

    /// Brings what was found to the server, as another draft. Asked again by the person where the network was away.
    pub(super) async fn keep_here(self) {
        let Some(mut brought) = self.found.get_untracked() else {
            return;
        };
        if let Some(run) = self.run.get_untracked() {
            brought.spent_ms = run.spent_ms;
            brought.stopped = run.state == RunState::Stopped;
        }
        self.busy.set(true);
        let outcome = bring(brought).await;
        let _ = self.busy.try_set(false);
        match outcome {
            Ok(run) => {
                let _ = self.spare.try_update_value(Spare::forget);
                let _ = self.found.try_set(None);
                let _ = self.error.try_set(None);
                let _ = self.run.try_set(Some(run));
            }
            Err(error) => {
                let _ = self.error.try_set(Some(error));
            }
        }
    }
}
