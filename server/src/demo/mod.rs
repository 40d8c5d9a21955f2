//! The demo region: invented, deterministic, complete enough to live a school day in.
//!
//! [`load`] fills an empty database with a region of two municipalities, a kindergarten, a college and N schools; the
//! same [`Demo`] gives the same rows. `week` constructs the timetables with the crate `timetable`, `people` invents
//! families, `school` and `journal` write rows, `load` copies them. To give the region something new: a table in
//! `rows`, the rows in `school` or `journal`, a fact below if people rely on it.
//!
//! # What always holds, whatever the seed
//! Password of all logins: `parta-demo`; of `newcomer`: `first-sign-in`, to be changed at once.
//!
//! | login | who | sees |
//! |---|---|---|
//! | `deputy` | deputy director, School 1 (organisation 11) | published timetable and a draft with three algebra lessons of 7А in the tray |
//! | `teacher` | Лебедева А. В., algebra in 7А, School 1; Thursdays statistics in School 2 (12); mother of Лебедев Илья, 5Б | three positions to switch between; her marks have histories |
//! | `classteacher` | Орлова Н. М., Russian and class teacher of 7А, School 1 | 7А and other classes |
//! | `parent` | Соколова М. А. | Артём (7А) and Полина (3Б), School 1; last visit four days ago |
//! | `parent3` | Белкина О. С. | Тимофей (5А), Варвара (2А) in School 1, Матвей (3А) in School 2 |
//! | `pupil` | Соколов Артём, 7А, School 1 | own diary |
//! | `director`, `admin`, `newcomer` | director, administrator, secretary of School 1 | |
//! | `deputy2` | deputy director, School 2 | |
//! | `college` | teacher of the college (5) | groups ИС-11 … ПД-41, double lessons |
//! | `operator` | operator of the region (1) | |
//!
//! Артём's algebra has a file and a task of his own, a lesson of physical education of 3Б falls out, 7А has papers of illnesses, an exemption
//! and a note of an absence to come, a ninth grade learns from home, and the seventh grade has works in the schedule.
//!
//! All other people have logins like `ivanova-1100042` with the same password. Ids of an organisation's rows are
//! `organisation * 100000 + n`; persons of the cast are 11 … 36. Classes and loads do not depend on the seed: 7А of
//! School 1 is class 1100019, its algebra load 1100118; 3Б is class 1100008.
//! Lessons exist for the first quarter and for the running one until two weeks after `today`; those before `today`
//! are held, with marks. Periods that ended four days ago or earlier are locked.

mod ahead;
mod attendance;
mod calendar;
mod cast;
mod files;
mod journal;
mod layout;
mod load;
mod names;
mod people;
mod plan;
mod reference;
mod region;
mod rows;
mod school;
mod subjects;
mod topics;
mod totals;
mod week;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

pub use cast::{ISSUED, PASSWORD};
pub use files::put as put_files;
pub use load::{State, is_present, load, state};

/// What region to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demo {
    /// How many schools beside the kindergarten and the college; 3 for the README.
    pub schools: u32,
    /// The same seed gives the same people and marks.
    pub seed: u64,
    /// The day that it is «today» in the region.
    pub today: NaiveDate,
    /// The moment at which accounts are created.
    pub now: DateTime<Utc>,
}

/// An account to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Login {
    /// Who it is, in English.
    pub role: &'static str,
    /// What to type.
    pub login: &'static str,
    /// The password.
    pub password: &'static str,
}

/// What was loaded.
#[derive(Clone, Debug)]
pub struct Report {
    /// Institutions, the kindergarten and the college among them.
    pub schools: usize,
    /// Rows by table.
    pub rows: BTreeMap<&'static str, u64>,
    /// How long it took.
    pub seconds: f64,
    /// The logins.
    pub logins: Vec<Login>,
}

impl Report {
    fn add(&mut self, counts: BTreeMap<&'static str, u64>) {
        for (table, rows) in counts {
            *self.rows.entry(table).or_default() += rows;
        }
    }

    /// Rows of all tables.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.rows.values().sum()
    }

    /// For the terminal.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let count = |table| self.rows.get(table).copied().unwrap_or(0);
        let mut lines = vec![format!(
            "Demo region: {} institutions, {} pupils, {} lessons, {} marks; {} rows in {:.1} s.",
            self.schools,
            count("pupil"),
            count("lesson"),
            count("mark"),
            self.total(),
            self.seconds
        )];
        lines.extend(login_lines());
        lines
    }
}

/// The logins of the region, the most useful first.
#[must_use]
pub fn logins() -> Vec<Login> {
    let mut logins: Vec<Login> = cast::ACTORS
        .iter()
        .map(|a| Login {
            role: a.role,
            login: a.login,
            password: if a.newcomer { ISSUED } else { PASSWORD },
        })
        .collect();
    logins.insert(
        4,
        Login {
            role: "pupil of 7А, School 1",
            login: "pupil",
            password: PASSWORD,
        },
    );
    logins
}

/// The logins as lines for the terminal.
#[must_use]
pub fn login_lines() -> Vec<String> {
    let line = |l: Login| format!("  {:<13} {:<14} {}", l.login, l.password, l.role);
    let mut lines = vec!["Logins (login, password, who):".to_owned()];
    lines.extend(logins().into_iter().map(line));
    lines
}
