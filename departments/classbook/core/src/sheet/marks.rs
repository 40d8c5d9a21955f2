//! Сводная ведомость успеваемости: a class, its subjects, the marks of a period or of the year; shares by the one definition of
//! [`crate::grading::indicators`].

use std::collections::HashMap;

use base::number::Hundredths;
use base::{Lang, PupilId, SubjectId};
use paper::{Cell, Column, Paper, Row, RowKind, Shape, Table};

use super::head::Head;
use crate::grading::totals::counts;
use crate::grading::{Indicators, Standing, indicators};
use crate::journal::average;
use crate::journal::grid::Pupil;
use crate::t;

/// A subject of the class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The subject.
    pub id: SubjectId,
    /// Its name.
    pub name: String,
}

/// A mark that was given for the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// To whom.
    pub pupil: PupilId,
    /// In what.
    pub subject: SubjectId,
    /// «5», «н/а».
    pub code: String,
    /// Its value on its scale.
    pub value: Option<Hundredths>,
    /// The best of its scale.
    pub best: Hundredths,
}

impl Given {
    fn standing(&self) -> Standing {
        Standing::of(&self.code, self.value, self.best)
    }
}

/// What the sheet is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    /// What stands above it.
    pub head: Head,
    /// The subjects, in the order of the columns.
    pub subjects: Vec<Subject>,
    /// The pupils of the period, by name.
    pub pupils: Vec<Pupil>,
    /// Their marks.
    pub given: Vec<Given>,
}

/// In which of the groups that schools count a pupil is: by the worst of the marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// All «5».
    Excellent,
    /// «5» and «4».
    Good,
    /// One «3», else better.
    OneThree,
    /// Several «3».
    Threes,
    /// «н/а», no «2».
    NotAttested,
    /// A «2».
    Failing,
    /// No mark with a level.
    Markless,
}

impl Group {
    /// All of them, best first.
    pub const ALL: [Self; 7] = [
        Self::Excellent,
        Self::Good,
        Self::OneThree,
        Self::Threes,
        Self::NotAttested,
        Self::Failing,
        Self::Markless,
    ];

    /// The group of somebody with these marks.
    #[must_use]
    pub fn of(all: &Indicators) -> Self {
        match (all.two, all.not_attested, all.three, all.four, all.five) {
            (1.., ..) => Self::Failing,
            (_, 1.., ..) => Self::NotAttested,
            (_, _, 0, 0, 0) => Self::Markless,
            (_, _, 0, 0, _) => Self::Excellent,
            (_, _, 0, ..) => Self::Good,
            (_, _, 1, ..) => Self::OneThree,
            _ => Self::Threes,
        }
    }

    fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Excellent => t::sheet_group_excellent(lang),
            Self::Good => t::sheet_group_good(lang),
            Self::OneThree => t::sheet_group_one_three(lang),
            Self::Threes => t::sheet_group_threes(lang),
            Self::NotAttested => t::sheet_group_not_attested(lang),
            Self::Failing => t::sheet_group_failing(lang),
            Self::Markless => t::sheet_group_markless(lang),
        }
    }
}

/// The level of a mark, for its tint.
pub(super) fn level(standing: Standing) -> Option<u8> {
    match standing {
        Standing::Five => Some(5),
        Standing::Four => Some(4),
        Standing::Three => Some(3),
        Standing::Two => Some(2),
        Standing::NotAttested | Standing::Exempt | Standing::Other => None,
    }
}

fn plain<'a>(marks: impl Iterator<Item = &'a Given>) -> Option<Hundredths> {
    average(marks.map(|m| (m.value, Hundredths::whole(1)))).plain
}

/// A line of the sums below: its name, and what it is of the marks of a column.
type Line = (&'static str, fn(&Indicators) -> Cell);

/// The marks by place, for the makers below.
struct Places<'a> {
    by: HashMap<(PupilId, SubjectId), &'a Given>,
    counted: Vec<&'a Pupil>,
}

impl<'a> Places<'a> {
    fn of(marks: &'a Marks) -> Self {
        let (days, today) = (marks.head.days, marks.head.today);
        Self {
            by: marks.given.iter().map(|g| ((g.pupil, g.subject), g)).collect(),
            counted: marks.pupils.iter().filter(|p| counts(p, days, today)).collect(),
        }
    }

    fn at(&self, pupil: PupilId, subject: SubjectId) -> Option<&'a Given> {
        self.by.get(&(pupil, subject)).copied()
    }

    fn of_pupil<'b>(
        &'b self,
        pupil: PupilId,
        subjects: &'b [Subject],
    ) -> impl Iterator<Item = Option<&'a Given>> + Clone + 'b {
        subjects.iter().map(move |s| self.at(pupil, s.id))
    }

    fn of_subject(&self, subject: SubjectId) -> impl Iterator<Item = Option<&'a Given>> + Clone + '_ {
        self.counted.iter().map(move |p| self.at(p.id, subject))
    }
}

fn share<'a>(marks: impl Iterator<Item = Option<&'a Given>>) -> Indicators {
    indicators(marks.map(|m| m.map(|m| m.standing())))
}

/// The sheet.
#[must_use]
pub fn paper(marks: &Marks, when: super::When) -> Paper {
    let lang = marks.head.lang;
    let places = Places::of(marks);
    let main = Table {
        title: None,
        apart: false,
        columns: columns(marks, lang),
        rows: rows(marks, &places, when)
            .into_iter()
            .chain(sums(marks, &places, lang))
            .collect(),
    };
    let notes = vec![
        t::sheet_note_figures(lang).to_owned(),
        t::sheet_note_counted(lang).to_owned(),
    ];
    marks.head.paper(
        t::sheet_marks(lang),
        vec![],
        vec![main, groups(marks, &places, lang)],
        notes,
        marks.head.signs(),
    )
}

fn column(group: Option<&str>, head: &str, shape: Shape) -> Column {
    Column {
        group: group.map(str::to_owned),
        head: head.to_owned(),
        shape,
    }
}

fn columns(marks: &Marks, lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        column(None, t::sheet_number(lang), Shape::Number),
        column(None, t::sheet_pupil(lang), Shape::Name),
    ];
    columns.extend(
        marks
            .subjects
            .iter()
            .map(|s| column(None, &s.name, Shape::Upright)),
    );
    columns.extend(
        [
            t::sheet_average(lang),
            t::sheet_progress(lang),
            t::sheet_quality(lang),
            t::sheet_learnedness(lang),
        ]
        .map(|head| column(None, head, Shape::Figure)),
    );
    columns
}

fn rows(marks: &Marks, places: &Places<'_>, when: super::When) -> Vec<Row> {
    let row = |(n, pupil): (i64, &Pupil)| {
        let mut cells = vec![Cell::Count(n), Cell::text(pupil.name.clone())];
        let own = places.of_pupil(pupil.id, &marks.subjects);
        cells.extend(own.clone().map(|given| match given {
            Some(given) => Cell::Mark(given.code.clone(), level(given.standing())),
            None => Cell::Empty,
        }));
        let all = share(own.clone());
        cells.extend(
            [
                plain(own.flatten()),
                all.progress(),
                all.quality(),
                all.learnedness(),
            ]
            .map(Cell::figure),
        );
        let here = places.counted.iter().any(|p| p.id == pupil.id);
        Row {
            kind: if here { RowKind::Plain } else { RowKind::Gone },
            href: Some(super::pupil::href(pupil.id, super::Kind::Report, when)),
            cells,
        }
    };
    (1..).zip(&marks.pupils).map(row).collect()
}

/// Counts and shares of each subject; in the last columns, of all marks together.
fn sums(marks: &Marks, places: &Places<'_>, lang: Lang) -> Vec<Row> {
    let lines: [Line; 8] = [
        (t::sheet_fives(lang), |i| Cell::Count(i.five)),
        (t::sheet_fours(lang), |i| Cell::Count(i.four)),
        (t::sheet_threes(lang), |i| Cell::Count(i.three)),
        (t::sheet_twos(lang), |i| Cell::Count(i.two)),
        (t::sheet_not_attested(lang), |i| Cell::Count(i.not_attested)),
        (t::sheet_progress(lang), |i| Cell::figure(i.progress())),
        (t::sheet_quality(lang), |i| Cell::figure(i.quality())),
        (t::sheet_learnedness(lang), |i| Cell::figure(i.learnedness())),
    ];
    let by_subject: Vec<Indicators> = marks
        .subjects
        .iter()
        .map(|s| share(places.of_subject(s.id)))
        .collect();
    let everything = || marks.subjects.iter().flat_map(|s| places.of_subject(s.id));
    let all = share(everything());
    let whole = [
        Cell::figure(plain(everything().flatten())),
        Cell::figure(all.progress()),
        Cell::figure(all.quality()),
        Cell::figure(all.learnedness()),
    ];
    let mut rows = vec![];
    for (name, of) in lines {
        let mut cells = vec![Cell::Empty, Cell::text(name)];
        cells.extend(by_subject.iter().map(of));
        rows.push(Row::total(cells));
    }
    let mut cells = vec![Cell::Empty, Cell::text(t::sheet_average(lang))];
    cells.extend(
        marks
            .subjects
            .iter()
            .map(|s| Cell::figure(plain(places.of_subject(s.id).flatten()))),
    );
    cells.extend(whole);
    rows.push(Row::total(cells));
    rows
}

/// Who learns how: each counted pupil is in one group.
fn groups(marks: &Marks, places: &Places<'_>, lang: Lang) -> Table {
    let of = |pupil: &&Pupil| Group::of(&share(places.of_pupil(pupil.id, &marks.subjects)));
    let grouped: Vec<(Group, &str)> = places.counted.iter().map(|p| (of(p), p.name.as_str())).collect();
    let with_marks = grouped.iter().filter(|(g, _)| *g != Group::Markless).count();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let row = |group: Group| {
        let names: Vec<&str> = grouped
            .iter()
            .filter(|(g, _)| *g == group)
            .map(|(_, name)| *name)
            .collect();
        let share = (group != Group::Markless)
            .then(|| {
                Hundredths::ratio(
                    i128::from(count(names.len())) * 100,
                    i128::from(count(with_marks)),
                )
            })
            .flatten();
        Row::plain(vec![
            Cell::text(group.name(lang)),
            Cell::Count(count(names.len())),
            Cell::figure(share),
            Cell::text(names.join(", ")),
        ])
    };
    Table {
        title: Some(t::sheet_groups(lang).to_owned()),
        apart: false,
        columns: vec![
            column(None, t::sheet_group(lang), Shape::Name),
            column(None, t::sheet_pupils(lang), Shape::Upright),
            column(None, t::sheet_share(lang), Shape::Figure),
            column(None, t::sheet_who(lang), Shape::Words),
        ],
        rows: Group::ALL.into_iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests;
