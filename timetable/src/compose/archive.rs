//! A composition as an archive of the XHSTT benchmark, with names for people.

use std::collections::BTreeMap;

use super::problem::Composition;
use crate::problem::{EventGroup, Named, Problem, Solution, evaluate};
use crate::spec::Placement;
use crate::unmet::Whose;
use crate::xhstt::{Archive, SolutionGroup, Solved};

/// Names of what a board only counts, in its order.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// The school.
    pub school: String,
    /// Days.
    pub days: Vec<String>,
    /// Slots of a day.
    pub slots: Vec<String>,
    /// Teachers.
    pub teachers: Vec<String>,
    /// Classes.
    pub classes: Vec<String>,
    /// Rooms.
    pub rooms: Vec<String>,
    /// Cards: subject and audience.
    pub cards: Vec<String>,
    /// The subject of each card: a course of the archive.
    pub subjects: Vec<String>,
}

fn named(to: &mut String, list: &[String], at: usize) {
    if let Some(name) = list.get(at) {
        let plain: String = name
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        plain.trim().clone_into(to);
    }
}

impl Composition {
    /// The problem and the timetable as an archive, and how many rules of which kind it leaves out because the format has no such
    /// rule.
    #[must_use]
    pub fn archive(
        &self,
        labels: &Labels,
        places: &[Option<Placement>],
    ) -> (Archive, BTreeMap<&'static str, u32>) {
        let mut problem = self.problem.clone();
        self.name(&mut problem, labels);
        let mut left_out = BTreeMap::new();
        problem.constraints.retain(|constraint| {
            // an event that counts several times in a group (by its points) is in it once in a file
            let groups = constraint.scope.event_groups.iter();
            let weighed = groups
                .filter_map(|g| self.problem.event_groups.get(crate::ids::wide(*g)))
                .any(|group| {
                    let once: std::collections::BTreeSet<&u32> = group.events.iter().collect();
                    once.len() < group.events.len()
                });
            let says = constraint.rule.is_in_xhstt() && !weighed;
            if !says {
                *left_out.entry(constraint.rule.kind()).or_default() += 1;
            }
            says
        });
        let solution = self.solution(places);
        let groups = if solution.meets.iter().any(|meet| meet.time.is_some()) {
            vec![group(&problem, solution)]
        } else {
            vec![]
        };
        let archive = Archive {
            id: "Parta".to_owned(),
            problems: vec![problem],
            groups,
            ..Archive::default()
        };
        (archive, left_out)
    }

    fn name(&self, problem: &mut Problem, labels: &Labels) {
        named(
            &mut problem.metadata.name,
            std::slice::from_ref(&labels.school),
            0,
        );
        let slots = usize::from(self.board.slots()).max(1);
        for (at, time) in problem.times.iter_mut().enumerate() {
            let (mut day, mut slot) = (String::new(), String::new());
            named(&mut day, &labels.days, at / slots);
            named(&mut slot, &labels.slots, at % slots);
            time.name = format!("{day} {slot}");
        }
        for (at, group) in problem
            .time_groups
            .iter_mut()
            .take(usize::from(self.board.days()))
            .enumerate()
        {
            named(&mut group.label.name, &labels.days, at);
        }
        for (resource, owner) in problem.resources.iter_mut().zip(&self.owners) {
            let even = resource.label.id.ends_with(" even");
            let to = &mut resource.label.name;
            match owner {
                Some(Whose::Teacher(teacher)) => named(to, &labels.teachers, teacher.ix()),
                Some(Whose::Class(class)) => named(to, &labels.classes, class.ix()),
                Some(Whose::Room(room)) => named(to, &labels.rooms, room.ix()),
                None => {}
            }
            if even && owner.is_some() {
                to.push_str(" (even weeks)");
            }
        }
        for (event, lesson) in problem.events.iter_mut().zip(&self.lessons) {
            named(&mut event.label.name, &labels.cards, lesson.card.ix());
        }
        // whoever reads the archive learns of which subject a lesson is
        let mut courses: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (at, lesson) in (0..).zip(&self.lessons) {
            if let Some(subject) = labels.subjects.get(lesson.card.ix()) {
                courses.entry(subject).or_default().push(at);
            }
        }
        for (number, (subject, events)) in (0_u32..).zip(courses) {
            let course = crate::ids::narrow(problem.event_groups.len());
            for event in &events {
                if let Some(event) = problem.events.get_mut(crate::ids::wide(*event)) {
                    event.course = Some(course);
                }
            }
            let mut label = Named {
                id: format!("subject {number}"),
                name: String::new(),
            };
            named(&mut label.name, &[subject.to_owned()], 0);
            problem.event_groups.push(EventGroup {
                label,
                course: true,
                events,
            });
        }
    }
}

fn group(problem: &Problem, solution: Solution) -> SolutionGroup {
    let stated = Some(evaluate(problem, &solution));
    SolutionGroup {
        id: "Parta".to_owned(),
        solutions: vec![Solved {
            problem: 0,
            description: String::new(),
            running_time: String::new(),
            stated,
            solution,
        }],
        ..SolutionGroup::default()
    }
}
