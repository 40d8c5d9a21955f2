//! In how many pieces the events of a problem are held.

use super::{Stays, Told};
use crate::ids::wide;
use crate::problem::{Meet, Problem, Rule, Solution};

/// The pieces of each event: those of the timetable, else as few as the rules allow, of nearly equal lengths.
pub(super) fn pieces(
    problem: &Problem,
    solution: Option<&Solution>,
    height: u16,
    told: &mut Told,
) -> Vec<Vec<Meet>> {
    let mut pieces: Vec<Vec<Meet>> = vec![vec![]; problem.events.len()];
    if let Some(solution) = solution {
        for meet in &solution.meets {
            if let Some(of) = pieces.get_mut(wide(meet.event)) {
                of.push(meet.clone());
            }
        }
    }
    let mut bounds = vec![(1, u32::MAX, 1, u32::MAX); problem.events.len()];
    for constraint in problem.constraints.iter().filter(|c| c.required) {
        if let Rule::SplitEvents(rule) = &constraint.rule {
            for event in constraint.scope.all_events(problem) {
                if let Some(b) = bounds.get_mut(wide(event)) {
                    b.0 = b.0.max(rule.min_duration);
                    b.1 = b.1.min(rule.max_duration);
                    b.2 = b.2.max(rule.min_amount);
                    b.3 = b.3.min(rule.max_amount);
                }
            }
        }
    }
    for ((event, of), (shortest, longest, least, most)) in (0..).zip(&mut pieces).zip(bounds) {
        let duration = problem.event(event).duration;
        if !of.is_empty() || duration == 0 {
            continue;
        }
        // and none is longer than a day
        let longest = longest.min(height.into()).clamp(1, duration);
        let whole = duration.div_ceil(longest);
        let fewest = whole.max(least);
        let most = most.max(1).min(duration / shortest.clamp(1, duration));
        let count = fewest.min(most).max(whole).max(1);
        if problem.event(event).time.is_none() && count > 1 {
            told.note(Stays::Pieces);
        }
        for nth in 0..count {
            let length = duration / count + u32::from(nth < duration % count);
            of.push(Meet::bare(problem, event, length));
        }
    }
    pieces
}
