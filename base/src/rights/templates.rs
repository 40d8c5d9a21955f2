//! The positions every organisation starts with (domain facts 2.11) and what each may. A school changes its copies.

use super::{Action, Grant, Kind, Reach};
use crate::Lang;

/// A position to copy into a new organisation.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// Its key in `position.template`.
    pub key: &'static str,
    /// Its Russian title, the one stored: positions are the school's own words.
    pub title: &'static str,
    /// Its English title, for screens in English while the school has not renamed it.
    pub title_en: &'static str,
    /// What it may.
    pub grants: &'static [Grant],
}

impl Template {
    /// The title in a language.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ru => self.title,
            Lang::En => self.title_en,
        }
    }
}

const fn g(kind: Kind, action: Action, reach: Reach) -> Grant {
    Grant { kind, action, reach }
}

use Action::{Edit, Lock, Publish, View};
use Kind::{Accounts, Audit, Diary, Journal, People, SchoolData, Timetable};
use Reach::{Class, Own, School, Subtree};

/// The templates, in the order in which a settings screen lists them.
pub const POSITIONS: &[Template] = &[
    Template {
        key: "director",
        title: "Директор",
        title_en: "Director",
        grants: &[
            g(Timetable, View, School),
            g(Timetable, Edit, School),
            g(Timetable, Publish, School),
            g(Journal, View, School),
            g(Journal, Lock, School),
            g(Diary, View, School),
            g(SchoolData, View, School),
            g(SchoolData, Edit, School),
            g(People, View, School),
            g(People, Edit, School),
            g(Accounts, View, School),
            g(Accounts, Edit, School),
            g(Audit, View, School),
        ],
    },
    Template {
        key: "deputy",
        title: "Заместитель директора",
        title_en: "Deputy director",
        grants: &[
            g(Timetable, View, School),
            g(Timetable, Edit, School),
            g(Timetable, Publish, School),
            g(Journal, View, School),
            g(Journal, Edit, School),
            g(Journal, Lock, School),
            g(Diary, View, School),
            g(SchoolData, View, School),
            g(SchoolData, Edit, School),
            g(People, View, School),
            // classes, their lists and subgroups are the deputy's work; accounts stay with those who hand passwords out
            g(People, Edit, School),
            g(Audit, View, School),
        ],
    },
    Template {
        key: "teacher",
        title: "Учитель",
        title_en: "Teacher",
        grants: &[
            g(Timetable, View, School),
            g(Journal, View, Class),
            g(Journal, Edit, Own),
            g(Diary, View, Class),
            g(SchoolData, View, School),
            g(People, View, School),
            g(Audit, View, Own),
        ],
    },
    Template {
        key: "secretary",
        title: "Секретарь",
        title_en: "Secretary",
        grants: &[
            g(Timetable, View, School),
            g(SchoolData, View, School),
            g(People, View, School),
            g(People, Edit, School),
            g(Accounts, View, School),
            g(Accounts, Edit, School),
        ],
    },
    Template {
        key: "administrator",
        title: "Администратор",
        title_en: "Administrator",
        grants: &[
            g(Timetable, View, School),
            g(SchoolData, View, School),
            g(SchoolData, Edit, School),
            g(People, View, School),
            g(People, Edit, School),
            g(Accounts, View, School),
            g(Accounts, Edit, School),
            g(Audit, View, School),
        ],
    },
    Template {
        key: "operator",
        title: "Оператор",
        title_en: "Operator",
        grants: &[
            g(SchoolData, View, Subtree),
            g(Accounts, View, Subtree),
            g(Accounts, Edit, Subtree),
            g(Audit, View, Subtree),
        ],
    },
];

/// The template of a key.
#[must_use]
pub fn template(key: &str) -> Option<&'static Template> {
    POSITIONS.iter().find(|t| t.key == key)
}
