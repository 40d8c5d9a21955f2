//! The worker's side.

use std::cell::RefCell;
use std::time::Duration;

use timetable::compose::{Composition, Counsel, Member, Mending, Order, Pains, Report, Score, moved, places};
use timetable::problem::evaluate;
use timetable::search::Ground;
use timetable::search::repair::Repair;
use timetable::search::suggest::Hunt;
use timetable::unmet::Tally;
use timetable::{Board, CardIx};

use super::clock;
use super::kept::{CONTRADICTIONS, Kept, REASONING};
use super::talk::{Answer, Ask, Begun, Best, Progress, Told};

/// Work of a repair: a few seconds, also on an old laptop.
const REPAIRING: u64 = 900_000;
/// Work of a repair between two looks at the clock.
const PORTION: u64 = 2048;
thread_local! {
    static INSIDE: RefCell<Inside> = RefCell::default();
}

/// Answers a question, both as JSON. Called by `public/engine.js`, in a worker of its own.
#[leptos::lazy]
pub fn engine(ask: String) -> String {
    let answer = match serde_json::from_str(&ask) {
        Ok(ask) => INSIDE.with_borrow_mut(|inside| inside.answer(ask, clock)),
        Err(_) => Answer::Nothing,
    };
    serde_json::to_string(&answer).unwrap_or_default()
}

/// A search that goes on.
struct Running {
    composition: &'static Composition,
    member: Member<'static>,
    board: Board,
}

/// What the engine knows.
#[derive(Default)]
pub(super) struct Inside {
    board: Option<Board>,
    counsel: Option<Counsel>,
    kept: Option<Kept>,
    running: Option<Running>,
    mending: Option<(&'static Mending, Repair<'static>)>,
}

impl Inside {
    pub(super) fn answer(&mut self, ask: Ask, clock: impl Fn() -> Duration + Sync) -> Answer {
        match ask {
            Ask::Board(spec) => {
                *self = Self {
                    board: Board::new(*spec).ok(),
                    ..Self::default()
                };
                if self.board.is_some() {
                    Answer::Done
                } else {
                    Answer::Nothing
                }
            }
            Ask::Ways { card, cell, most } => {
                let Some(board) = &self.board else {
                    return Answer::Nothing;
                };
                let counsel = self.counsel.get_or_insert_with(|| Counsel::new(board));
                Answer::Ways(counsel.ways(card, cell, most.into(), Hunt::default()))
            }
            Ask::Stuck { card, keep } => match self.stuck(card, &keep) {
                Some(told) => Answer::Stuck(Box::new(told)),
                None => Answer::Nothing,
            },
            Ask::Collides { card, keep } => match self.kept(&keep) {
                Some(kept) => Answer::Collides(kept.collides(card).map(Box::new)),
                None => Answer::Nothing,
            },
            Ask::Standing { remark } => {
                let Some(board) = &self.board else {
                    return Answer::Nothing;
                };
                let counsel = self.counsel.get_or_insert_with(|| Counsel::new(board));
                Answer::Standing(counsel.standing(&remark, Pains::default()).map(Box::new))
            }
            Ask::Collide { keep } => match &self.board {
                Some(board) => {
                    let composition = Composition::new(board, &keep);
                    Answer::Collide(composition.contradictions(CONTRADICTIONS, REASONING))
                }
                None => Answer::Nothing,
            },
            Ask::Begin { keep, seed, number } => {
                let Some(board) = &self.board else {
                    return Answer::Nothing;
                };
                // A worker composes once and is ended with all that it holds, so nothing is lost by never giving it back.
                let composition: &'static Composition = Box::leak(Box::new(Composition::new(board, &keep)));
                let ground: &'static Ground = Box::leak(Box::new(Ground::new(composition.problem())));
                let source = composition.solution(&places(board));
                self.running = Some(Running {
                    composition,
                    member: Member::new(composition, ground, seed, number),
                    board: board.clone(),
                });
                Answer::Begun(Box::new(Begun {
                    before: best(board, board),
                    cost: evaluate(composition.problem(), &source),
                    impossible: composition.impossible().to_vec(),
                }))
            }
            Ask::Go { order, millis } => match &mut self.running {
                Some(running) => Answer::Went(running.go(order, Duration::from_millis(millis.into()), clock)),
                None => Answer::Nothing,
            },
            Ask::Found => match &self.running {
                Some(running) => Answer::Found(Box::new(running.member.found())),
                None => Answer::Nothing,
            },
            Ask::Best => match &self.running {
                Some(running) => Answer::Best(Box::new(running.best())),
                None => Answer::Nothing,
            },
            Ask::Mend { facts, terms, seed } => {
                let mending = self
                    .board
                    .as_ref()
                    .and_then(|board| Mending::new(board, &facts, terms));
                let Some(mending) = mending else {
                    return Answer::Nothing;
                };
                // As with a search: the worker ends with it.
                let mending: &'static Mending = Box::leak(Box::new(mending));
                self.mending = Some((mending, mending.repair(seed, REPAIRING)));
                self.mend_on(Duration::ZERO, false, clock)
            }
            Ask::MendOn { millis, stop } => self.mend_on(Duration::from_millis(millis.into()), stop, clock),
        }
    }

    /// The board with what was asked to stay where it is; made anew where that is something else than last time.
    fn kept(&mut self, keep: &[bool]) -> Option<&mut Kept> {
        let board = self.board.as_ref()?;
        let keep = Kept::asked(board, keep);
        if self.kept.as_ref().is_none_or(|kept| !kept.is_of(&keep)) {
            self.kept = Some(Kept::new(board, keep));
        }
        self.kept.as_mut()
    }

    /// Which moves would give a card a place. `keep`: cards that were asked to stay; they are never moved.
    fn stuck(&mut self, card: CardIx, keep: &[bool]) -> Option<Told> {
        let kept = self.kept(keep)?;
        let (stuck, keeps) = (kept.moves(card), kept.keeps_any());
        let mut released = None;
        if stuck.ways.is_empty() && keeps {
            let board = self.board.as_ref()?;
            let counsel = self.counsel.get_or_insert_with(|| Counsel::new(board));
            released = counsel.ways(card, None, 1, Hunt::default()).pop();
        }
        Some(Told { stuck, released })
    }

    /// Goes on with a repair for so long; it is left where the time is over, in the middle of a card's chain if need be, and gone on with
    /// there.
    fn mend_on(&mut self, slice: Duration, stop: bool, clock: impl Fn() -> Duration + Sync) -> Answer {
        let Some((mending, repair)) = &mut self.mending else {
            return Answer::Nothing;
        };
        let since = clock();
        let mut more = !stop;
        let go_on = || clock().saturating_sub(since) < slice;
        while more && go_on() {
            more = repair.slice(PORTION, &go_on);
        }
        let best = repair.best();
        let (done, work) = repair.progress();
        let part = done.saturating_mul(1000) / work.max(1);
        Answer::Mending(Progress {
            done: u32::try_from(part).unwrap_or(1000),
            moved: mending.moved(&best),
            open: u32::try_from(repair.cost().hard).unwrap_or(u32::MAX),
            facts: mending.facts().to_vec(),
            mended: (!more).then(|| Box::new(mending.outcome(&best))),
        })
    }
}

impl Running {
    fn go(&mut self, order: Option<Order>, slice: Duration, clock: impl Fn() -> Duration) -> Report {
        let since = clock();
        if let Some(order) = order {
            self.member.take(order);
        }
        while self.member.step() && clock().saturating_sub(since) < slice {}
        self.member.report()
    }

    fn best(&self) -> Best {
        let settled = self.composition.settle(&self.member.found().solution);
        best(&self.board, &settled)
    }
}

fn best(before: &Board, after: &Board) -> Best {
    let places = places(after);
    Best {
        score: Score::of(after),
        tally: Tally::of(after),
        moved: moved(&timetable::compose::places(before), &places),
        places,
    }
}

/// Boards for tests.
#[cfg(test)]
pub(super) mod samples {
    use timetable::{
        Audience, BoardSpec, CardSpec, ClassIx, ClassSpec, Limit, NormId, SubjectIx, TeacherIx, TeacherSpec,
        TimeSet, Wishes,
    };

    /// One class, one teacher, four lessons a day of two days, six lessons to place, one of them placed.
    pub fn small() -> BoardSpec {
        let lesson = CardSpec::lesson(SubjectIx(0), TeacherIx(0), Audience::Class(ClassIx(0)));
        let mut cards = vec![lesson; 6];
        cards[0].placement = Some(timetable::Placement {
            day: 1,
            slot: 2,
            room: None,
        });
        BoardSpec {
            days: 2,
            slots: 4,
            teachers: vec![TeacherSpec::default()],
            classes: vec![ClassSpec {
                bells: TimeSet::daily(2, 0, 4),
                ..ClassSpec::default()
            }],
            cards,
            ..BoardSpec::default()
        }
    }

    /// Two classes, two teachers with wishes that cannot all be met, twenty lessons to place: a search has enough to do.
    pub fn crowded() -> BoardSpec {
        let class = ClassSpec {
            bells: TimeSet::daily(5, 0, 6),
            ..ClassSpec::default()
        };
        let teacher = TeacherSpec {
            // ten lessons do not fit into the six hours of one day
            days_per_week: Some(Limit {
                value: 1,
                norm: NormId(0),
                penalty: 5,
                hard: false,
            }),
            ..TeacherSpec::default()
        };
        let lesson = |n: u32| {
            let (teacher, class) = (TeacherIx(n % 2), Audience::Class(ClassIx(n / 2 % 2)));
            CardSpec::lesson(SubjectIx(n % 5), teacher, class)
        };
        BoardSpec {
            days: 5,
            slots: 6,
            teachers: vec![teacher; 2],
            classes: vec![class; 2],
            cards: (0..20).map(lesson).collect(),
            wishes: Wishes {
                teacher_window: 2,
                ..Wishes::default()
            },
            ..BoardSpec::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::small as spec;
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};
    use timetable::{BoardSpec, TeacherIx, TimeSet};

    #[test]
    fn a_repair_goes_on_in_slices_and_says_what_has_moved() {
        let now = AtomicU64::new(0);
        let clock = || Duration::from_millis(now.fetch_add(1, Ordering::Relaxed) + 1);
        let mut inside = Inside::default();
        let mut away = TimeSet::new();
        away.add(1, 0b1111);
        let mend = || Ask::Mend {
            facts: vec![timetable::compose::Fact::Teacher(TeacherIx(0), away.clone())],
            terms: timetable::compose::Terms {
                tray: false,
                gladly: false,
            },
            seed: 1,
        };
        assert_eq!(inside.answer(mend(), clock), Answer::Nothing, "no board yet");
        inside.answer(Ask::Board(Box::new(spec())), clock);
        let on = |inside: &mut Inside, stop| inside.answer(Ask::MendOn { millis: 5, stop }, clock);
        assert_eq!(on(&mut inside, false), Answer::Nothing, "nothing was begun");
        let Answer::Mending(first) = inside.answer(mend(), clock) else {
            panic!()
        };
        assert_eq!((first.done, first.open, first.mended), (0, 1, None));
        // five looks at the clock each: a chain is gone on with where it was left
        let before = now.load(Ordering::Relaxed);
        on(&mut inside, false);
        assert!(
            now.load(Ordering::Relaxed) - before < 12,
            "it looks, and stops at once"
        );
        (0..20).for_each(|_| drop(on(&mut inside, false)));
        let Answer::Mending(Progress {
            mended: Some(mended), ..
        }) = on(&mut inside, true)
        else {
            panic!()
        };
        assert_eq!((mended.hit, mended.shifts.len(), mended.stuck.len()), (1, 1, 0));
        assert_eq!(mended.shifts[0].to.map(|at| at.day), Some(0), "to the other day");
        assert_eq!((mended.before.clashes, mended.after.clashes), (1, 0));
    }

    #[test]
    fn why_a_card_has_no_place_and_why_a_remark_stands() {
        use timetable::{Level, Problem, Reason};
        let mut inside = Inside::default();
        let clock = || Duration::ZERO;
        let stuck = Ask::Stuck {
            card: CardIx(8),
            keep: vec![],
        };
        let remark = Problem {
            level: Level::Poor,
            day: None,
            card: None,
            reason: Reason::TeacherWindow {
                teacher: TeacherIx(0),
                windows: 1,
            },
        };
        let standing = Ask::Standing { remark };
        assert_eq!(
            inside.answer(stuck.clone(), clock),
            Answer::Nothing,
            "no board yet"
        );
        assert_eq!(inside.answer(standing.clone(), clock), Answer::Nothing);
        let mut full = spec();
        full.cards = vec![full.cards[1].clone(); 9];
        for (n, card) in (0..8).zip(&mut full.cards) {
            card.placement = Some(timetable::Placement {
                day: n / 4,
                slot: n % 4,
                room: None,
            });
        }
        inside.answer(Ask::Board(Box::new(full)), clock);
        let Answer::Stuck(told) = inside.answer(stuck, clock) else {
            panic!()
        };
        assert_eq!(told.released, None, "nothing was asked to stay");
        let told = told.stuck;
        assert_eq!(
            (told.collides, told.why.unwrap().cells, told.ways),
            (None, 8, vec![])
        );
        let (card, keep) = (CardIx(8), vec![]);
        let Answer::Collides(Some(found)) = inside.answer(Ask::Collides { card, keep }, clock) else {
            panic!()
        };
        assert_eq!(found.lack, 1, "nine lessons, eight hours");
        assert_eq!(
            inside.answer(standing.clone(), clock),
            Answer::Standing(None),
            "there is no window"
        );
        // two lessons with an hour between them
        let mut gap = spec();
        gap.cards.truncate(2);
        gap.cards[1].placement = Some(timetable::Placement {
            day: 1,
            slot: 0,
            room: None,
        });
        inside.answer(Ask::Board(Box::new(gap)), clock);
        let Answer::Standing(Some(told)) = inside.answer(standing, clock) else {
            panic!()
        };
        let timetable::compose::Standing::Mendable { left, after, .. } = *told else {
            panic!("{told:?}")
        };
        assert_eq!((left, after.teacher_windows), (0, 0));
    }

    /// A lesson can be held at one hour only, and there another lies. Asked to stay, that one is named and no chain moves it; what letting
    /// it go would bring is told beside it.
    #[test]
    fn what_was_asked_to_stay_is_named_and_moved_only_where_it_is_let_go() {
        use timetable::compose::Demand;
        let mut inside = Inside::default();
        let clock = || Duration::ZERO;
        let mut tight = spec();
        tight.cards.truncate(2);
        // the first lies on the second day; the other can be held at that very hour only
        tight.cards[1].away.add(0, 0b1111);
        tight.cards[1].away.add(1, 0b1011);
        inside.answer(Ask::Board(Box::new(tight)), clock);
        let ask = |inside: &mut Inside, keep: Vec<bool>| {
            let card = CardIx(1);
            let more = Ask::Collides {
                card,
                keep: keep.clone(),
            };
            let Answer::Stuck(mut told) = inside.answer(Ask::Stuck { card, keep }, clock) else {
                panic!()
            };
            let Answer::Collides(found) = inside.answer(more, clock) else {
                panic!()
            };
            told.stuck.collides = found.map(|found| *found);
            *told
        };
        let free = ask(&mut inside, vec![]);
        assert_eq!((free.stuck.collides, free.released), (None, None));
        assert_eq!(
            free.stuck.ways[0].steps[1].card,
            CardIx(0),
            "the other makes room"
        );
        let kept = ask(&mut inside, vec![true, true]);
        assert_eq!(kept.stuck.ways, [], "no chain moves what was asked to stay");
        let collides = kept.stuck.collides.unwrap();
        assert_eq!(collides.loosen.first(), Some(&Demand::Kept(CardIx(0))));
        assert_eq!(kept.released.unwrap().steps[1].card, CardIx(0));
        // and the answer before is as it was
        assert_eq!(ask(&mut inside, vec![false, true]).stuck.ways.len(), 1);
    }

    #[test]
    fn a_way_is_found_and_nonsense_is_no_crash() {
        let mut inside = Inside::default();
        let clock = || Duration::ZERO;
        inside.answer(Ask::Board(Box::new(spec())), clock);
        let ways = |inside: &mut Inside, card, cell| {
            inside.answer(
                Ask::Ways {
                    card: CardIx(card),
                    cell,
                    most: 3,
                },
                clock,
            )
        };
        let Answer::Ways(found) = ways(&mut inside, 1, Some((1, 2))) else {
            panic!()
        };
        assert_eq!((found[0].steps[0].to.day, found[0].steps[0].to.slot), (1, 2));
        assert_eq!(found[0].steps[1].card, CardIx(0), "the other makes room");
        assert_eq!(ways(&mut inside, 99, None), Answer::Ways(vec![]));
        let keep = vec![false; 6];
        assert_eq!(
            inside.answer(Ask::Collide { keep: keep.clone() }, clock),
            Answer::Collide(vec![])
        );
        let mut full = spec();
        full.cards = vec![full.cards[1].clone(); 9];
        inside.answer(Ask::Board(Box::new(full)), clock);
        let Answer::Collide(found) = inside.answer(Ask::Collide { keep }, clock) else {
            panic!()
        };
        assert_eq!(found[0].lack, 1, "nine lessons, eight hours");
        let go = Ask::Go {
            order: None,
            millis: 1,
        };
        for early in [go, Ask::Found, Ask::Best] {
            assert_eq!(inside.answer(early, clock), Answer::Nothing, "nothing was begun");
        }
        let broken = BoardSpec { days: 0, ..spec() };
        assert_eq!(
            inside.answer(Ask::Board(Box::new(broken)), clock),
            Answer::Nothing
        );
    }
}
