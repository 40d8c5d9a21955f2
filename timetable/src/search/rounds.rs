//! How the work of a search is shared out among its rounds.

/// The last rounds, as parts of the work that is left for them.
const LATER: [u64; 2] = [32, 68];

/// The first round is short, so that a timetable without broken requirements is there early: so many moves a meet, and at most
/// this part of the work (in hundredths).
const OPENING: u64 = 300;
const OPENING_PART: u64 = 12;

/// If it did not lead to one, it is repeated with twice the moves, as long as all of them together are at most this part of the
/// work (in hundredths).
const OPENINGS_PART: u64 = 30;

/// Moves of each round.
#[derive(Clone, Debug)]
pub(super) struct Rounds {
    moves: Vec<u64>,
    /// Moves that further openings may take from the later rounds.
    spare: u64,
    /// Whether more openings may come.
    open: bool,
}

impl Rounds {
    /// Shares out so much work for so many meets.
    pub fn new(work: u64, meets: u64) -> Self {
        let opening = (work / 100 * OPENING_PART).min(meets * OPENING).max(1);
        let mut rounds = Self {
            moves: vec![opening],
            spare: (work / 100 * OPENINGS_PART).saturating_sub(opening),
            open: true,
        };
        rounds.moves.extend(later(work.saturating_sub(opening), &LATER));
        rounds
    }

    /// These rounds and no others.
    pub fn set(moves: &[u64]) -> Self {
        Self {
            moves: moves.iter().map(|m| (*m).max(1)).collect(),
            spare: 0,
            open: false,
        }
    }

    /// Moves of each round, as far as is known.
    pub fn moves(&self) -> &[u64] {
        &self.moves
    }

    /// Shares so much work out among the rounds from this one on.
    pub fn share(&mut self, from: usize, work: u64) {
        let first = self.moves.len().saturating_sub(LATER.len()).max(from);
        let Some(parts) = LATER.get(LATER.len().saturating_sub(self.moves.len().saturating_sub(first))..)
        else {
            return;
        };
        self.moves.truncate(first);
        self.moves.extend(later(work, parts));
    }

    /// Whether the round at this place is the last one.
    pub fn is_last(&self, at: usize) -> bool {
        at + 1 == self.moves.len()
    }

    /// How many rounds come after the one at this place, as far as is known.
    pub fn after(&self, at: usize) -> usize {
        self.moves.len().saturating_sub(at + 1)
    }

    /// Moves of the round at this place; `met`: a timetable that breaks no requirement is known.
    pub fn next(&mut self, at: usize, met: bool) -> Option<u64> {
        let openings = self.moves.len().saturating_sub(LATER.len());
        if self.open && at == openings && at > 0 {
            let again = self.moves[at - 1] * 2;
            if !met && again <= self.spare {
                self.spare -= again;
                let rest: u64 = self.moves[at..].iter().sum();
                self.moves.insert(at, again);
                self.share(at + 1, rest.saturating_sub(again));
            } else {
                self.open = false;
            }
        }
        self.moves.get(at).copied()
    }
}

fn later(work: u64, parts: &[u64]) -> Vec<u64> {
    let sum: u64 = parts.iter().sum();
    let sum = sum.max(1);
    let part = |part: &u64| (work / sum * part + work % sum * part / sum).max(1);
    parts.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::Rounds;

    #[test]
    fn openings_are_repeated_until_one_meets_everything_and_the_work_stays_the_same() {
        let mut rounds = Rounds::new(10_000_000, 1000);
        assert_eq!(rounds.next(0, false), Some(300_000));
        assert_eq!(rounds.next(1, false), Some(600_000));
        assert_eq!(rounds.next(2, false), Some(1_200_000));
        let long = rounds.next(3, false).unwrap();
        assert!(long > 2_000_000, "no fourth: {long}");
        assert!(rounds.next(4, false).unwrap() > long);
        assert_eq!(rounds.next(5, false), None);
        let sum: u64 = rounds.moves().iter().sum();
        assert!((9_990_000..=10_000_000).contains(&sum), "{sum}");
        // Told as they were, they are the same again.
        let mut again = Rounds::set(rounds.moves());
        for at in 0..6 {
            assert_eq!(again.next(at, false), rounds.moves().get(at).copied());
        }
    }

    #[test]
    fn what_is_met_at_once_leaves_two_long_rounds_that_may_be_planned_anew() {
        let mut rounds = Rounds::new(10_000_000, 1000);
        rounds.next(0, false);
        rounds.share(1, 1_000_000);
        assert_eq!(rounds.next(1, true), Some(320_000));
        rounds.share(2, 500_000);
        assert_eq!(rounds.moves(), [300_000, 320_000, 500_000]);
        assert_eq!(rounds.next(2, false), Some(500_000));
        assert_eq!(rounds.next(3, false), None);
    }

    #[test]
    fn little_work_makes_short_rounds_and_none_of_nothing() {
        for work in [0, 1, 99, 1000] {
            let mut rounds = Rounds::new(work, 50);
            let moves: Vec<u64> = (0..9).map_while(|at| rounds.next(at, false)).collect();
            assert!(moves.iter().all(|m| *m > 0));
            assert!(moves.iter().sum::<u64>() <= work + 5, "{moves:?} of {work}");
        }
    }
}
