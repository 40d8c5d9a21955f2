//! Composing by several engines that work together: each searches in a worker of its own, they meet after fixed amounts of work, and
//! each round begins from the best of all ([`timetable::compose::Lead`]).

use std::time::Duration;

use futures_util::future::join_all;
use timetable::BoardSpec;
use timetable::compose::{Budget, Found, Lead, Next, Order};
use timetable::problem::Cost;

use super::talk::{Answer, Ask, Begun, Best};

/// More workers than that are not begun: each holds the school once more.
pub(crate) const MOST: usize = 4;

/// How many search together on a machine with so many cores: of more than two one is left to the page.
pub(crate) fn searches(cores: usize) -> usize {
    match cores {
        0..=2 => cores.max(1),
        _ => (cores - 1).min(MOST),
    }
}

/// Engines that compose together. `A` asks one of them and gives its answer, or `None` if it does not answer any more.
pub(crate) struct Together<A> {
    ask: A,
    lead: Lead,
    /// Cost of what was told.
    told: Cost,
    /// Clashes and cards without a place of what was told. On the board a timetable that costs less may have more of them for a while,
    /// for what clashes in it is taken off.
    figures: (u32, u32),
}

fn figures(of: &Best) -> (u32, u32) {
    (of.score.clashes, of.score.unplaced)
}

impl<A: AsyncFn(usize, Ask) -> Option<Answer>> Together<A> {
    /// So many engines begin. Who does not is left out; `None`: nobody does.
    pub async fn begin(
        ask: A,
        count: usize,
        question: (BoardSpec, Vec<bool>),
        seed: u64,
        budget: Budget,
    ) -> Option<(Self, Begun)> {
        let (spec, keep) = &question;
        let begin = |n: usize| {
            let ask = &ask;
            async move {
                match ask(n, Ask::Board(Box::new(spec.clone()))).await? {
                    Answer::Done => {}
                    _ => return None,
                }
                let begin = Ask::Begin {
                    keep: keep.clone(),
                    seed,
                    number: u32::try_from(n).unwrap_or(0),
                };
                match ask(n, begin).await? {
                    Answer::Begun(begun) => Some(*begun),
                    _ => None,
                }
            }
        };
        let all = join_all((0..count).map(begin)).await;
        let mut lead = Lead::new(count, budget);
        for (n, _) in all.iter().enumerate().filter(|(_, begun)| begun.is_none()) {
            lead.hear(n, None);
        }
        let begun = all.into_iter().flatten().next()?;
        let (told, figures) = (begun.cost, figures(&begun.before));
        let this = Self {
            ask,
            lead,
            told,
            figures,
        };
        Some((this, begun))
    }

    /// How many work.
    pub fn count(&self) -> usize {
        self.lead.count()
    }

    /// Each works for at most about so long; `gone`: the time since it began. False: it is over.
    pub async fn go(&mut self, gone: Duration, millis: u32) -> bool {
        let orders: Vec<(usize, Option<Order>)> = match self.lead.next(gone) {
            Next::Over => return false,
            Next::GoOn(who) => who.into_iter().map(|n| (n, None)).collect(),
            Next::Take(who, order) => who.into_iter().map(|n| (n, Some(order.clone()))).collect(),
            Next::Round { work, .. } => {
                let best = self.hand_over().await;
                let order = |n: usize| Order::Round {
                    work,
                    from: best
                        .as_ref()
                        .filter(|(leader, _)| *leader != n)
                        .map(|(_, found)| found.clone()),
                };
                self.lead
                    .members()
                    .into_iter()
                    .map(|n| (n, Some(order(n))))
                    .collect()
            }
        };
        let ask = &self.ask;
        let reports = join_all(orders.into_iter().map(|(n, order)| async move {
            let report = match ask(n, Ask::Go { order, millis }).await {
                Some(Answer::Went(report)) => Some(report),
                _ => None,
            };
            (n, report)
        }));
        for (n, report) in reports.await {
            self.lead.hear(n, report);
        }
        self.count() > 0
    }

    /// The best timetable and who has it, for the others; whoever does not answer is one of us no more. `None`: there are no others.
    async fn hand_over(&mut self) -> Option<(usize, Found)> {
        while self.count() > 1 {
            let (leader, _) = self.lead.best()?;
            if let Some(Answer::Found(found)) = (self.ask)(leader, Ask::Found).await {
                return Some((leader, *found));
            }
            self.lead.hear(leader, None);
        }
        None
    }

    /// The best of all, if it is better than what was told before: to the search, and not worse to a person.
    pub async fn best(&mut self) -> Option<Best> {
        let (leader, cost) = self.lead.best()?;
        if cost >= self.told {
            return None;
        }
        let Some(Answer::Best(best)) = (self.ask)(leader, Ask::Best).await else {
            self.lead.hear(leader, None);
            return None;
        };
        self.told = cost;
        let now = figures(&best);
        if now > self.figures {
            return None;
        }
        self.figures = now;
        Some(*best)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::atomic::{AtomicU64, Ordering};

    use futures_util::FutureExt as _;

    use super::super::inside::{Inside, samples};
    use super::*;

    #[test]
    fn one_core_is_left_to_the_page_where_there_are_more_than_two() {
        let found: Vec<usize> = [0, 1, 2, 3, 4, 5, 8, 64].into_iter().map(searches).collect();
        assert_eq!(found, [1, 1, 2, 2, 3, 4, 4, 4]);
    }

    /// What several engines came to, and the moves of each. `slices`: how long each of them works at a time; `deaf`: this one answers no
    /// more after so many questions.
    fn composed(slices: &[u32], deaf: Option<(usize, u32)>) -> (Best, Vec<u64>) {
        let clock = AtomicU64::new(0);
        let tick = || Duration::from_millis(clock.fetch_add(1, Ordering::Relaxed) + 1);
        let engines: Vec<RefCell<Inside>> = slices.iter().map(|_| RefCell::default()).collect();
        let moves = RefCell::new(vec![0; slices.len()]);
        let asked = RefCell::new(vec![0; slices.len()]);
        let ask = async |n: usize, ask: Ask| {
            let mut asked = asked.borrow_mut();
            asked[n] += 1;
            if deaf.is_some_and(|(who, after)| who == n && asked[n] > after) {
                return None;
            }
            let ask = match ask {
                Ask::Go { order, .. } => Ask::Go {
                    order,
                    millis: slices[n],
                },
                other => other,
            };
            let answer = engines[n].borrow_mut().answer(ask, tick);
            if let Answer::Went(report) = &answer {
                moves.borrow_mut()[n] = report.moves;
            }
            // what is said goes through JSON, as between a page and its workers
            serde_json::from_str(&serde_json::to_string(&answer).unwrap()).unwrap()
        };
        let run = async {
            let question = (samples::crowded(), vec![]);
            let budget = Budget::Work(40_000);
            let (mut together, begun) = Together::begin(&ask, slices.len(), question, 1, budget)
                .await
                .unwrap();
            assert_eq!(begun.before.score.unplaced, 20);
            let mut best = begun.before;
            while together.go(Duration::ZERO, 0).await {
                if let Some(better) = together.best().await {
                    best = better;
                }
            }
            if let Some(better) = together.best().await {
                best = better;
            }
            best
        };
        let best = run.now_or_never().unwrap();
        let moves = moves.borrow().clone();
        (best, moves)
    }

    #[test]
    fn two_engines_work_and_come_to_the_same_whoever_is_faster() {
        let (best, moves) = composed(&[5, 5], None);
        assert_eq!((best.score.unplaced, best.score.clashes), (0, 0));
        assert!(moves.iter().all(|n| *n > 30_000), "both have worked: {moves:?}");
        for slices in [[1, 40], [40, 2]] {
            assert_eq!(composed(&slices, None), (best.clone(), moves.clone()));
        }
    }

    /// What costs the search less may leave more cards without a place on the board; that is not shown as the best so far.
    #[test]
    fn the_best_so_far_never_gets_worse() {
        use timetable::compose::{At, Report, Score};
        let cost = std::cell::Cell::new(100);
        let unplaced = RefCell::new(vec![175, 197, 173, 197].into_iter());
        let best = |unplaced| Best {
            score: Score {
                unplaced,
                ..Score::default()
            },
            tally: timetable::unmet::Tally::of(&timetable::Board::new(samples::small()).unwrap()),
            places: vec![],
            moved: 0,
        };
        let ask = async |_: usize, ask: Ask| match ask {
            Ask::Board(_) => Some(Answer::Done),
            Ask::Begin { .. } => Some(Answer::Begun(Box::new(Begun {
                before: best(900),
                cost: Cost { hard: 900, soft: 0 },
                impossible: vec![],
            }))),
            Ask::Go { .. } => {
                cost.set(cost.get() - 1);
                Some(Answer::Went(Report {
                    at: At::Pause,
                    cost: Cost {
                        hard: cost.get(),
                        soft: 0,
                    },
                    moves: 1,
                }))
            }
            Ask::Best => Some(Answer::Best(Box::new(best(unplaced.borrow_mut().next()?)))),
            _ => None,
        };
        let run = async {
            let budget = Budget::Time(Duration::from_secs(60));
            let question = (samples::small(), vec![]);
            let (mut together, _) = Together::begin(ask, 1, question, 1, budget).await.unwrap();
            let mut shown = vec![];
            for n in 0..5 {
                together.go(Duration::from_millis(n), 1).await;
                shown.push(together.best().await.map(|best| best.score.unplaced));
            }
            shown
        };
        // the first timetable is being made at first
        assert_eq!(
            run.now_or_never().unwrap(),
            [None, Some(175), None, Some(173), None]
        );
    }

    #[test]
    fn one_that_does_not_begin_or_dies_is_left_out() {
        for after in [0, 1, 2, 9, 30] {
            let (best, moves) = composed(&[5, 5], Some((0, after)));
            assert_eq!((best.score.unplaced, best.score.clashes), (0, 0), "after {after}");
            assert!(moves[1] > 30_000, "{moves:?}");
        }
        let nobody = async |_: usize, _: Ask| None;
        let question = (samples::crowded(), vec![]);
        let begun = Together::begin(nobody, 3, question, 1, Budget::Work(1)).now_or_never();
        assert!(begun.unwrap().is_none());
    }

    #[test]
    fn what_is_kept_stays_and_the_time_ends_it() {
        let clock = AtomicU64::new(0);
        let tick = || Duration::from_millis(clock.fetch_add(1, Ordering::Relaxed) + 1);
        let engine = RefCell::new(Inside::default());
        let ask = async |_: usize, ask: Ask| Some(engine.borrow_mut().answer(ask, tick));
        let spec = samples::small();
        let place = spec.cards[0].placement;
        let run = async {
            let budget = Budget::Time(Duration::from_secs(1));
            let question = (spec, vec![true]);
            let (mut together, begun) = Together::begin(&ask, 1, question, 1, budget).await.unwrap();
            assert_eq!(
                (begun.before.score.unplaced, begun.before.tally.unplaced.len()),
                (5, 5)
            );
            let mut best = None;
            for _ in 0..10_000 {
                let gone = Duration::from_millis(clock.load(Ordering::Relaxed));
                let more = together.go(gone, 20).await;
                best = together.best().await.or(best);
                if !more {
                    return best.unwrap();
                }
            }
            panic!("it does not end");
        };
        let best = run.now_or_never().unwrap();
        assert_eq!((best.score.unplaced, best.score.clashes), (0, 0));
        assert_eq!(best.tally.unplaced, []);
        assert_eq!(best.places[0], place, "what is kept stays");
        assert_eq!(best.moved, 5);
    }
}
