//! Which subjects of a file are held beside the lessons: a file does not say it, their names do. What is found becomes a requirement of the
//! school, which a deputy sees and may take back.

use timetable::SchoolDraft;

use super::limits::{Asked, Whom};
use crate::requirement::{Kind, Weight};
use crate::timetable::norms::scale::begins_as;

/// Beginnings of names, written as those of the difficulty tables.
const NAMES: &[&str] = &[
    "разговор* о важном",
    "россия мои горизонты",
    "внеурочн*",
    "классн* час*",
    "кружок",
    "профминимум",
];

/// The requirements for subjects that are new to the school and extracurricular by their names. Of a subject that it has already the school
/// has said what it is, by a mark or by none.
pub(super) fn extracurricular<'a>(
    draft: &'a SchoolDraft,
    known: &'a [Option<i64>],
) -> impl Iterator<Item = Asked> + 'a {
    let named = draft.subjects.iter().zip(known).enumerate();
    let found = named.filter(|(_, (name, known))| known.is_none() && is_extracurricular(name));
    found.map(|(n, _)| Asked {
        kind: Kind::Extracurricular,
        whom: Whom::Subject(n),
        value: None,
        weight: Weight::Must,
        must: false,
    })
}

fn is_extracurricular(name: &str) -> bool {
    NAMES.iter().any(|pattern| begins_as(name, pattern))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_schools_write_them() {
        for name in [
            "Разговоры о важном",
            "РАЗГОВОР О ВАЖНОМ",
            "Россия — мои горизонты",
            "Внеурочная деятельность: шахматы",
            "Классный час",
        ] {
            assert!(is_extracurricular(name), "{name}");
        }
        for name in ["Россия в мире", "История", "Кружева", "О важном", ""] {
            assert!(!is_extracurricular(name), "{name}");
        }
    }
}
