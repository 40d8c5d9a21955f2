//! Our timetable in the archive that its problem came from: whatever else is in there stays.

use timetable::problem::{Problem, Solution, evaluate};
use timetable::xhstt::{Archive, SolutionGroup, Solved};

use super::files::{OWN_GROUP, complain};
use super::language::told;

/// A timetable of the instance at this place, to stand in an archive.
fn solved(archive: &Archive, at: usize, solution: Solution) -> Option<Solved> {
    let problem = archive.problems.get(at)?;
    let unknown = archive.unknown_of(at).count();
    let mut solved = Solved {
        problem: u32::try_from(at).ok()?,
        description: String::new(),
        running_time: String::new(),
        stated: None,
        solution,
    };
    if unknown == 0 {
        solved.stated = Some(evaluate(problem, &solved.solution));
    } else {
        // no report: it would say that nothing of them is broken
        solved.description =
            format!("found without {unknown} constraints of the instance, which were not understood");
    }
    Some(solved)
}

/// Where our timetables stand.
fn own(archive: &mut Archive) -> Option<&mut SolutionGroup> {
    if !archive.groups.iter().any(|g| g.id == OWN_GROUP) {
        archive.groups.push(SolutionGroup {
            id: OWN_GROUP.to_owned(),
            ..SolutionGroup::default()
        });
    }
    archive.groups.iter_mut().find(|g| g.id == OWN_GROUP)
}

/// The archive with one more timetable of the instance at this place, as the last of our group. One of ours that is no better gives way
/// to it; timetables of others, and other instances, stay.
pub fn with_solution(mut archive: Archive, at: usize, solution: Solution, running_time: &str) -> Archive {
    let Some(mut new) = solved(&archive, at, solution) else {
        return archive;
    };
    new.running_time = running_time.to_owned();
    let Some(problem) = archive.problems.get(at).cloned() else {
        return archive;
    };
    let cost = evaluate(&problem, &new.solution);
    let Some(group) = own(&mut archive) else {
        return archive;
    };
    let before = group.solutions.len();
    group
        .solutions
        .retain(|old| old.problem != new.problem || evaluate(&problem, &old.solution) < cost);
    let gone = before - group.solutions.len();
    if gone > 0 {
        let id = &problem.id;
        complain(&told(
            format!("{id}: takes the place of {gone} timetables of the group {OWN_GROUP} that are no better"),
            format!("{id}: встаёт на место расписаний группы {OWN_GROUP}, которые не лучше: {gone}"),
        ));
    }
    group.solutions.push(new);
    archive
}

/// The archive with a changed instance at this place and its only timetable: the others are of the instance as it was.
pub fn with_changed(mut archive: Archive, at: usize, problem: Problem, solution: Solution) -> Archive {
    let Some(place) = archive.problems.get_mut(at) else {
        return archive;
    };
    let id = problem.id.clone();
    *place = problem;
    let count = |archive: &Archive| archive.groups.iter().map(|g| g.solutions.len()).sum::<usize>();
    let before = count(&archive);
    for group in &mut archive.groups {
        group.solutions.retain(|s| usize::try_from(s.problem) != Ok(at));
    }
    let gone = before - count(&archive);
    if gone > 0 {
        complain(&told(
            format!(
                "{id}: {gone} timetables are left out: they are of the instance as it was before the change"
            ),
            format!("{id}: пропадают расписания: {gone}; они сделаны для задачи до изменения"),
        ));
    }
    if let Some(new) = solved(&archive, at, solution)
        && let Some(group) = own(&mut archive)
    {
        group.solutions.push(new);
    }
    archive
}
