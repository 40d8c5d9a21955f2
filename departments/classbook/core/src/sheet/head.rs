//! What stands above every sheet, and under it.

use base::Lang;
use chrono::NaiveDate;
use paper::{Fact, Paper, Sign, Table};

use super::words;
use crate::t;

/// School, class, year and time of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// In which language.
    pub lang: Lang,
    /// The school's full name.
    pub school: String,
    /// «7А»; empty where there is none.
    pub class: String,
    /// Who leads it: «Учителева Анна Ивановна»; empty where nobody does.
    pub class_teacher: String,
    /// «2026/27».
    pub year: String,
    /// «1 четверть».
    pub term: String,
    /// Its days.
    pub days: (NaiveDate, NaiveDate),
    /// Today in the school.
    pub today: NaiveDate,
}

impl Head {
    /// «1 четверть, 01.09.2026 – 25.10.2026».
    #[must_use]
    pub fn span(&self) -> Fact {
        words::fact(t::sheet_period(self.lang), words::span(&self.term, self.days))
    }

    /// A sheet under this head: class, what else it is about, time, year.
    pub(super) fn paper(
        &self,
        title: &str,
        about: Vec<Fact>,
        tables: Vec<Table>,
        notes: Vec<String>,
        signs: Vec<Sign>,
    ) -> Paper {
        let lang = self.lang;
        let mut facts = vec![];
        if !self.class.is_empty() {
            facts.push(words::fact(t::sheet_class(lang), self.class.clone()));
        }
        facts.extend(about);
        facts.push(self.span());
        facts.push(words::fact(t::sheet_school_year(lang), self.year.clone()));
        Paper {
            lang,
            school: self.school.clone(),
            title: title.to_owned(),
            facts,
            tables,
            notes: notes.into_iter().filter(|n| !n.is_empty()).collect(),
            signs,
            under_signs: [t::sheet_under_sign(lang), t::sheet_under_name(lang)].map(str::to_owned),
            made_on: self.today,
            made: t::sheet_made(lang, words::date(self.today)),
        }
    }

    /// The places where class teacher and deputy sign.
    pub(super) fn signs(&self) -> Vec<Sign> {
        vec![
            words::sign(t::sheet_class_teacher(self.lang), self.class_teacher.clone()),
            words::sign(t::sheet_deputy(self.lang), ""),
        ]
    }
}
