//! How processes speak to each other: lines of digits and letters, ids only, small enough for a notification.

use base::{LessonId, LoadId, PersonId, PupilId, SchoolId};
use uuid::Uuid;

/// A server process, by a name of its own.
pub type Node = Uuid;

/// PostgreSQL refuses notifications of 8,000 bytes and more.
const LONGEST: usize = 7_500;

/// What something has happened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// What a whole class is told of a lesson: its works, topic, homework, format.
    Lesson(SchoolId, LessonId),
    /// Marks and attendance of a lesson, each of them one pupil's own: for journals, not for the families of the others.
    Cells(SchoolId, LessonId),
    /// What a pupil was given: marks and attendance.
    Pupil(SchoolId, PupilId),
    /// Who has a journal open.
    Present(SchoolId, LoadId),
    /// The periods of a school: closed, opened again, moved. For every journal that is open there.
    Periods(SchoolId),
}

/// One thing that a process says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Something has happened to this.
    Of(Topic),
    /// These have a journal open at this process; nobody: the last one has left.
    Here(SchoolId, LoadId, Vec<PersonId>),
}

impl Said {
    fn word(&self) -> String {
        match self {
            Self::Of(Topic::Lesson(school, id)) => format!("l{school}.{id}"),
            Self::Of(Topic::Cells(school, id)) => format!("c{school}.{id}"),
            Self::Of(Topic::Pupil(school, id)) => format!("p{school}.{id}"),
            Self::Of(Topic::Present(school, id)) => format!("n{school}.{id}"),
            // an older server drops a line with a word that it does not know: its journals look again by themselves
            Self::Of(Topic::Periods(school)) => format!("t{school}.0"),
            Self::Here(school, load, who) => {
                let who: Vec<String> = who.iter().map(ToString::to_string).collect();
                format!("h{school}.{load}.{}", who.join("+"))
            }
        }
    }

    fn read(word: &str) -> Option<Self> {
        let (letter, rest) = word.split_at_checked(1)?;
        let mut parts = rest.split('.');
        let mut number = || parts.next()?.parse::<i64>().ok();
        let (school, id) = (SchoolId(number()?), number()?);
        let what = match letter {
            "l" => Self::Of(Topic::Lesson(school, LessonId(id))),
            "c" => Self::Of(Topic::Cells(school, LessonId(id))),
            "p" => Self::Of(Topic::Pupil(school, PupilId(id))),
            "n" => Self::Of(Topic::Present(school, LoadId(id))),
            "t" => Self::Of(Topic::Periods(school)),
            "h" => {
                let who = parts.next()?.split('+').filter(|p| !p.is_empty());
                let who = who
                    .map(|p| p.parse().map(PersonId))
                    .collect::<Result<Vec<_>, _>>();
                Self::Here(school, LoadId(id), who.ok()?)
            }
            _ => return None,
        };
        parts.next().is_none().then_some(what)
    }
}

/// What is said, in notifications that PostgreSQL takes.
pub(super) fn write(node: Node, all: &[Said]) -> Vec<String> {
    let mut out: Vec<String> = vec![];
    for word in all.iter().map(Said::word) {
        match out.last_mut().filter(|line| line.len() + word.len() < LONGEST) {
            Some(line) => {
                line.push(' ');
                line.push_str(&word);
            }
            None => out.push(format!("{} {word}", node.simple())),
        }
    }
    out
}

/// Who says what; `None` for what is no line of ours.
pub(super) fn read(line: &str) -> Option<(Node, Vec<Said>)> {
    let mut words = line.split(' ');
    let node = words.next()?.parse().ok()?;
    Some((node, words.map(Said::read).collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said() -> impl Strategy<Value = Said> {
        let id = || any::<i64>();
        prop_oneof![
            (id(), id()).prop_map(|(s, i)| Said::Of(Topic::Lesson(SchoolId(s), LessonId(i)))),
            (id(), id()).prop_map(|(s, i)| Said::Of(Topic::Cells(SchoolId(s), LessonId(i)))),
            (id(), id()).prop_map(|(s, i)| Said::Of(Topic::Pupil(SchoolId(s), PupilId(i)))),
            (id(), id()).prop_map(|(s, i)| Said::Of(Topic::Present(SchoolId(s), LoadId(i)))),
            id().prop_map(|s| Said::Of(Topic::Periods(SchoolId(s)))),
            (id(), id(), prop::collection::vec(id(), 0..5)).prop_map(|(s, l, who)| Said::Here(
                SchoolId(s),
                LoadId(l),
                who.into_iter().map(PersonId).collect()
            )),
        ]
    }

    proptest! {
        #[test]
        fn what_is_said_is_heard(node in any::<u128>(), all in prop::collection::vec(said(), 0..600)) {
            let node = Uuid::from_u128(node);
            let lines = write(node, &all);
            prop_assert!(lines.iter().all(|line| line.len() < 8_000 && line.is_ascii()));
            let mut heard = vec![];
            for line in &lines {
                let (who, what) = read(line).unwrap();
                prop_assert_eq!(who, node);
                heard.extend(what);
            }
            prop_assert_eq!(heard, all);
        }

        #[test]
        fn nonsense_is_nothing(line in ".{0,60}") {
            let _ = read(&line);
        }
    }

    #[test]
    fn a_line_that_is_half_understood_is_not_ours() {
        let node = Uuid::from_u128(7);
        assert!(read(&format!("{} l1.2", node.simple())).is_some());
        for bad in ["", "x1.2", "l1", "l1.2.3", "h1.2", "h1.2.3.4", "h1.2.a", "lя.2"] {
            assert_eq!(read(&format!("{} {bad}", node.simple())), None, "{bad}");
        }
    }
}
