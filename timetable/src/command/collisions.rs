//! What search never met together, in words with names.

use timetable::problem::Subject;
use timetable::search::explain::Collision;

use super::conflicts::Words;
use super::language::Language;

impl Words<'_> {
    /// What search never met together: whom it is about, a line for each kind of requirement, what would help.
    pub fn collision(&self, found: &Collision) -> Vec<String> {
        let lessons = found.events.len();
        let (about, help) = match self.language {
            Language::En => (
                format!("search never met these together, whatever it tried ({lessons} lessons take part):"),
                "each of them is needed for that; easiest to loosen:",
            ),
            Language::Ru => (
                format!("поиск ни разу не выполнил всё это вместе (участвуют уроки: {lessons}):"),
                "без любого из них остальное выполнимо; проще всего уступить:",
            ),
        };
        let mut lines = vec![about];
        let all = self.alike(&found.points, |_| true);
        lines.extend(all.iter().map(|line| format!("- {line}")));
        let easiest = found.loosen.first();
        let first = self.alike(&found.points, |constraint| Some(&constraint) == easiest);
        lines.extend(first.first().map(|line| format!("{help} {line}")));
        if !found.minimal {
            let cut = self.pick("not each was tried alone", "не каждое проверено отдельно");
            lines.push(cut.to_owned());
        }
        lines
    }

    /// Requirements that say the same, each with all whom it is about.
    fn alike(&self, points: &[(u32, Subject)], is: impl Fn(u32) -> bool) -> Vec<String> {
        let mut told: Vec<(String, Vec<Subject>)> = vec![];
        for (at, subject) in points.iter().filter(|(at, _)| is(*at)) {
            let Some(constraint) = usize::try_from(*at)
                .ok()
                .and_then(|at| self.problem.constraints.get(at))
            else {
                continue;
            };
            let said = format!(
                "{} [{}]",
                self.said(&constraint.rule, *subject),
                constraint.label.name
            );
            match told.iter_mut().find(|(other, _)| *other == said) {
                Some((_, subjects)) => subjects.push(*subject),
                None => told.push((said, vec![*subject])),
            }
        }
        let line = |(said, subjects): (String, Vec<Subject>)| format!("{}: {said}", self.subjects(&subjects));
        told.into_iter().map(line).collect()
    }

    pub(super) fn subjects(&self, all: &[Subject]) -> String {
        let (mut events, mut people) = (vec![], vec![]);
        for subject in all {
            match subject {
                Subject::Event(e) | Subject::Seat(e, _) => events.push(*e),
                Subject::Group(g) => {
                    let group = usize::try_from(*g)
                        .ok()
                        .and_then(|g| self.problem.event_groups.get(g));
                    events.extend(group.into_iter().flat_map(|g| &g.events));
                }
                Subject::Resource(r) => people.push(self.who(*r)),
                Subject::Pair(_) => {}
            }
        }
        if people.is_empty() {
            self.events(&events)
        } else {
            self.list(people)
        }
    }
}
