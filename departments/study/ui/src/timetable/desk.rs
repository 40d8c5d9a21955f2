//! The state of an open board: what is held and where it may go, what is looked at, what can be undone.
//!
//! Nothing here draws. A move goes: judged by the crate `timetable` → put on the board → remembered for undo → saved; the last three
//! are in [`moving`](super::moving).

use std::collections::BTreeSet;
use std::sync::Arc;

use base::Lang;
use leptos::prelude::*;
use study_core::timetable::Counts;
use study_core::timetable::board::BoardData;
use study_core::timetable::moves::Move;
use study_core::timetable::parallels::{Side, parallels};
use study_core::timetable::regime::{Remark, remarks};
use study_core::timetable::words;
use timetable::judge::Place;
use timetable::{Board, CardIx, Level, Placement, Problem, RoomIx, Verdict};

use super::advice::Advice;
use super::layout::{CellAt, View, Whom};
use super::saving::{Saver, Status};
use crate::t;

/// A card in the hand, judged for every cell at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Which.
    pub card: CardIx,
    /// By `day * slots + slot`; of a card that lies somewhere each is priced against there.
    pub verdicts: Arc<Vec<Verdict>>,
    /// Where it lies and how that suits it; `None`: in the tray.
    pub now: Option<(Placement, Verdict)>,
    /// Where it may go, best first.
    pub places: Arc<Vec<Place>>,
}

/// What a refused place says, and what could be done about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Where.
    pub at: CellAt,
    /// Why.
    pub reasons: Vec<String>,
    /// Cards that could go into the tray to make room; empty: it cannot be done.
    pub evict: Vec<CardIx>,
}

/// Moves done and undone.
pub(super) type History = (Vec<Vec<Move>>, Vec<Vec<Move>>);

/// The open board. Cheap to copy into handlers.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Language of the words.
    pub lang: Lang,
    /// As loaded.
    pub data: StoredValue<Arc<BoardData>>,
    /// Parallels, as they are chosen from.
    pub sides: StoredValue<Arc<Vec<Side>>>,
    pub(super) board: StoredValue<Board>,
    /// Changes with every change of the board.
    pub tick: RwSignal<u32>,
    /// In the hand.
    pub held: RwSignal<Option<Held>>,
    /// In the hand: which card, for cards that only ask that.
    pub held_card: Memo<Option<CardIx>>,
    /// Looked at in the panel.
    pub selected: RwSignal<Option<CardIx>>,
    /// The last refused place.
    pub refused: RwSignal<Option<Refused>>,
    /// For screen readers.
    pub spoken: RwSignal<String>,
    /// How the board is looked at.
    pub view: RwSignal<View>,
    /// Everything wrong with the board.
    pub problems: Memo<Arc<Vec<Problem>>>,
    /// Cards that clash, themselves or as the other one.
    pub clashing: Memo<Arc<BTreeSet<CardIx>>>,
    /// What the bells and shifts do against the norms.
    pub remarks: Memo<Arc<Vec<Remark>>>,
    /// How many cards lie nowhere, now.
    pub unplaced: Memo<usize>,
    /// The cell under the pointer or the keyboard's focus.
    pub at: RwSignal<Option<CellAt>>,
    /// Shown for a while: a name too long for its head, a refusal where the panel is out of sight.
    pub note: RwSignal<Option<String>>,
    /// Moved by the last repair: marked until the next act.
    pub marked: RwSignal<Arc<BTreeSet<CardIx>>>,
    pub(super) history: StoredValue<History>,
    /// How much can be undone and redone.
    pub depth: RwSignal<(usize, usize)>,
    /// Sends moves.
    pub saver: Saver,
    /// Ways to place the held card.
    pub advice: Advice,
}

/// On narrow windows the panel lies under the board, out of sight (`timetable.css`).
fn panel_is_below() -> bool {
    let media = web_sys::window().and_then(|w| w.match_media("(width < 64rem)").ok().flatten());
    media.is_some_and(|m| m.matches())
}

fn clashing(problems: &[Problem]) -> BTreeSet<CardIx> {
    problems
        .iter()
        .filter(|p| p.level == Level::Clash)
        .flat_map(|p| p.card.into_iter().chain(p.reason.blocking_card()))
        .collect()
}

impl Held {
    /// Whether it lies in a cell now.
    pub fn lies_at(&self, day: u16, slot: u16) -> bool {
        self.now
            .as_ref()
            .is_some_and(|(at, _)| (at.day, at.slot) == (day, slot))
    }
}

impl Desk {
    /// Opens a board. `None` when it is larger than the judge can hold.
    pub fn open(data: Arc<BoardData>, lang: Lang, narrow: bool) -> Option<Self> {
        let board = data.board().ok()?;
        let known = data.cards.iter().map(|c| (c.id, data.state_of(c))).collect();
        let saver = Saver::new(lang, (data.version.id, data.person), data.version.revision, known);
        let sides = Arc::new(parallels(&data, &board));
        let view = RwSignal::new(View::first(&sides, &board, narrow));
        let board = StoredValue::new(board);
        let shared = StoredValue::new(data);
        let tick = RwSignal::new(0u32);
        let held = RwSignal::new(None::<Held>);
        let problems = Memo::new(move |_| {
            tick.track();
            Arc::new(board.with_value(Board::conflicts))
        });
        Some(Self {
            lang,
            data: shared,
            sides: StoredValue::new(sides),
            board,
            tick,
            held,
            held_card: Memo::new(move |_| held.with(|h| h.as_ref().map(|h| h.card))),
            selected: RwSignal::new(None),
            refused: RwSignal::new(None),
            spoken: RwSignal::new(String::new()),
            view,
            problems,
            clashing: Memo::new(move |_| Arc::new(problems.with(|list| clashing(list)))),
            remarks: Memo::new(move |_| {
                tick.track();
                Arc::new(shared.with_value(|d| board.with_value(|b| remarks(d, b))))
            }),
            unplaced: Memo::new(move |_| {
                tick.track();
                board.with_value(|b| b.unplaced().len())
            }),
            at: RwSignal::new(None),
            note: RwSignal::new(None),
            marked: RwSignal::new(Arc::default()),
            history: StoredValue::new((vec![], vec![])),
            depth: RwSignal::new((0, 0)),
            saver,
            advice: Advice::new(),
        })
    }

    /// The data.
    pub fn data(self) -> Arc<BoardData> {
        self.data.get_value()
    }

    /// Asks the board.
    pub fn ask<T>(self, question: impl FnOnce(&Board) -> T) -> T {
        self.board.with_value(question)
    }

    /// The parallels.
    pub fn sides(self) -> Arc<Vec<Side>> {
        self.sides.get_value()
    }

    /// May cards be moved here?
    pub fn may_edit(self) -> bool {
        self.data.with_value(|d| d.may_edit)
    }

    /// Does the person plan (and not only read)? A published version is reviewed too.
    pub fn plans(self) -> bool {
        self.data.with_value(|d| d.plans)
    }

    /// How much there is to say about the board as it lies.
    pub fn counts(self) -> Counts {
        self.tick.track();
        let of = |regime: &[Remark]| self.problems.with(|p| self.ask(|b| Counts::of(b, p, regime)));
        self.remarks.with(|regime| of(regime))
    }

    pub(super) fn say(self, words: String) {
        self.spoken.set(words);
    }

    /// «Физика, 7А».
    pub fn lesson(self, card: CardIx) -> String {
        self.data.with_value(|d| words::lesson(d, card))
    }

    /// «Вт, 3 урок».
    pub fn place_words(self, day: u16, slot: u16) -> String {
        self.data.with_value(|d| words::place(self.lang, d, day, slot))
    }

    /// Takes a card into the hand and judges all cells.
    pub fn pick(self, card: CardIx) {
        self.selected.set(Some(card));
        self.refused.set(None);
        self.at.set(None);
        if !self.may_edit() {
            return;
        }
        if self.ask(|b| b.card(card).is_some_and(|c| c.locked)) {
            self.held.set(None);
            self.say(t::say_locked(self.lang, self.lesson(card)));
            return;
        }
        let room = match self.view.get_untracked() {
            View::Room(room) => Some(room),
            _ => None,
        };
        let (verdicts, places, now) = self.ask(|b| {
            let mut verdicts: Vec<Verdict> = match room {
                None => b.judge_all(card),
                Some(_) => (0..b.days())
                    .flat_map(|d| (0..b.slots()).map(move |s| (d, s)))
                    .map(|(d, s)| b.judge(card, d, s, room))
                    .collect(),
            };
            let mut places = b.best_places(card);
            let Some(at) = b.placement(card) else {
                return (verdicts, places, None);
            };
            let own = usize::from(at.day) * usize::from(b.slots()) + usize::from(at.slot);
            if let Some(here) = verdicts.get(own).cloned() {
                verdicts.iter_mut().for_each(|v| v.against(&here));
            }
            let here = b.judge(card, at.day, at.slot, None);
            places.iter_mut().for_each(|p| p.verdict.against(&here));
            (verdicts, places, Some((at, here)))
        });
        let free = i64::try_from(places.len()).unwrap_or(i64::MAX);
        self.say(t::say_held(self.lang, free, self.lesson(card)));
        // where no move of others would help none is looked for
        let helps = || !self.ask(|b| b.why_nowhere(card)).is_some_and(|why| why.never);
        if free == 0 && helps() {
            self.seek(card, None);
        } else {
            self.advice.forget();
        }
        self.held.set(Some(Held {
            card,
            verdicts: Arc::new(verdicts),
            places: Arc::new(places),
            now,
        }));
    }

    /// Puts the held card back where it was.
    pub fn release(self) {
        if let Some(held) = self.held.get_untracked() {
            self.hold_nothing();
            self.say(t::say_released(self.lang, self.lesson(held.card)));
        }
    }

    /// The room for a card in a place: where the view is, else its last one if that is free, else the best.
    fn room_for(self, card: CardIx, day: u16, slot: u16, wanted: Option<RoomIx>) -> Option<RoomIx> {
        wanted.or_else(|| {
            self.ask(|b| {
                let last = b.placement(card).and_then(|p| p.room);
                let stays = |r: &RoomIx| {
                    b.free_rooms(card, day, slot).contains(r) && b.keeps_rooming(card, (day, slot), *r)
                };
                last.filter(stays).or_else(|| b.best_room(card, day, slot))
            })
        })
    }

    /// Places the held card. True when it lies there now.
    pub fn place(self, at: CellAt) -> bool {
        let wanted = match at.whom {
            Whom::Room(room) => Some(room),
            _ => None,
        };
        self.place_with(at, wanted)
    }

    /// Places the held card with a room.
    pub fn place_with(self, at: CellAt, wanted: Option<RoomIx>) -> bool {
        let Some(held) = self.held.get_untracked() else {
            return false;
        };
        let Some(verdict) = self.verdict(&held, at) else {
            self.say(t::verdict_elsewhere(self.lang).to_owned());
            return false;
        };
        if verdict.level == Level::Clash {
            self.refuse(held.card, at, &verdict);
            return false;
        }
        let room = self.room_for(held.card, at.day, at.slot, wanted);
        self.hold_nothing();
        self.act(vec![self.step(
            held.card,
            Some(Placement {
                day: at.day,
                slot: at.slot,
                room,
            }),
        )]);
        self.say(t::say_placed(
            self.lang,
            self.lesson(held.card),
            self.place_words(at.day, at.slot),
        ));
        true
    }

    pub(super) fn hold_nothing(self) {
        self.advice.forget();
        self.held.set(None);
        self.refused.set(None);
        self.at.set(None);
    }

    fn refuse(self, card: CardIx, at: CellAt, verdict: &Verdict) {
        let reasons: Vec<String> = self.data.with_value(|d| {
            verdict
                .reasons
                .iter()
                .map(|r| words::full(self.lang, d, r))
                .collect()
        });
        let mut evict: Vec<CardIx> = verdict.reasons.iter().filter_map(|r| r.blocking_card()).collect();
        evict.sort_unstable();
        evict.dedup();
        let movable = |c: &CardIx| *c != card && self.ask(|b| b.card(*c).is_some_and(|c| !c.locked));
        if verdict.reasons.iter().any(|r| r.blocking_card().is_none()) || !evict.iter().all(movable) {
            evict.clear();
        }
        let words = format!("{}: {}", t::verdict_clash(self.lang), reasons.join("; "));
        if panel_is_below() {
            self.note.set(Some(words.clone()));
        }
        self.say(words);
        self.refused.set(Some(Refused { at, reasons, evict }));
        self.seek(card, Some((at.day, at.slot)));
    }

    /// Places the held card and puts those in its way into the tray: one act, undone as one.
    pub fn evict(self, refused: &Refused) {
        let Some(held) = self.held.get_untracked() else {
            return;
        };
        let wanted = match refused.at.whom {
            Whom::Room(room) => Some(room),
            _ => None,
        };
        self.hold_nothing();
        let mut steps: Vec<Move> = refused.evict.iter().map(|c| self.step(*c, None)).collect();
        for step in &steps {
            self.lay(step);
        }
        let (day, slot) = (refused.at.day, refused.at.slot);
        let room = self.room_for(held.card, day, slot, wanted);
        steps.push(self.step(held.card, Some(Placement { day, slot, room })));
        self.act(steps);
        self.say(t::say_placed(
            self.lang,
            self.lesson(held.card),
            self.place_words(day, slot),
        ));
    }

    /// Into the tray.
    pub fn unplace(self, card: CardIx) {
        self.hold_nothing();
        let (lies, locked) = self.ask(|b| {
            (
                b.placement(card).is_some(),
                b.card(card).is_some_and(|c| c.locked),
            )
        });
        if !self.may_edit() || !lies {
            return;
        }
        if locked {
            self.say(t::say_locked(self.lang, self.lesson(card)));
            return;
        }
        self.act(vec![self.step(card, None)]);
        self.say(t::say_unplaced(self.lang, self.lesson(card)));
    }

    /// Another room for a card that lies somewhere.
    pub fn change_room(self, card: CardIx, room: Option<RoomIx>) {
        let Some(now) = self.ask(|b| b.placement(card)) else {
            return;
        };
        self.act(vec![self.step(card, Some(Placement { room, ..now }))]);
    }

    /// Locks or unlocks.
    pub fn toggle_lock(self, card: CardIx) {
        if !self.may_edit() {
            return;
        }
        self.hold_nothing();
        let mut step = self.step(card, self.ask(|b| b.placement(card)));
        step.new.locked = !step.old.locked;
        let words = if step.new.locked {
            t::say_now_locked(self.lang, self.lesson(card))
        } else {
            t::say_now_unlocked(self.lang, self.lesson(card))
        };
        self.act(vec![step]);
        self.say(words);
    }

    /// Is everything on the server?
    pub fn all_saved(self) -> bool {
        self.saver.status.get() == Status::Saved
    }
}
