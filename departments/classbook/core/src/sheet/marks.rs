//! Сводная ведомость успеваемости: a class, its subjects, the marks of a period or of the year, beside those of the year exams and
//! final marks where they were given; shares by the one definition of [`crate::grading::indicators`].

mod opened;

use std::collections::{HashMap, HashSet};

use base::number::Hundredths;
use base::{Lang, PupilId, SubjectId};
use paper::{Cell, Column, Paper, Row, RowKind, Shape, Table};

use super::head::Head;
use crate::grading::totals::{Half, counts};
use crate::grading::{Indicators, Stage, Standing, indicators};
use crate::journal::average;
use crate::journal::grid::Pupil;
use crate::t;

use opened::Share;
pub use opened::{Who, opened};

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
    /// For what: the period or the year of the sheet; beside the year half-years, interim attestation, the exam and the final mark.
    pub stage: Stage,
    /// «5», «н/а».
    pub code: String,
    /// What it counts among the results of the subject.
    pub value: Option<Hundredths>,
    /// Its level.
    pub standing: Standing,
}

/// Which of a subject's marks: the sheet's own, for the period or the year, or what stands beside the mark of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Beside {
    HalfYear(Half),
    Interim,
    Own,
    Coursework,
    Exam,
    Final,
}

impl Beside {
    /// In the order of the columns.
    const ALL: [Self; 7] = [
        Self::HalfYear(Half::First),
        Self::HalfYear(Half::Second),
        Self::Interim,
        Self::Own,
        Self::Coursework,
        Self::Exam,
        Self::Final,
    ];

    fn of(stage: Stage) -> Self {
        match stage {
            Stage::Period(_) | Stage::Year => Self::Own,
            Stage::HalfYear(half) => Self::HalfYear(half),
            Stage::Coursework(_) => Self::Coursework,
            Stage::Interim => Self::Interim,
            Stage::Exam => Self::Exam,
            Stage::Final => Self::Final,
        }
    }

    fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::HalfYear(Half::First) => t::sheet_half_1_mark(lang),
            Self::HalfYear(Half::Second) => t::sheet_half_2_mark(lang),
            Self::Interim => t::sheet_interim_mark(lang),
            Self::Own => t::sheet_year_mark(lang),
            Self::Coursework => t::sheet_coursework(lang),
            Self::Exam => t::sheet_exam_mark(lang),
            Self::Final => t::sheet_final_mark(lang),
        }
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

    fn key(self) -> &'static str {
        match self {
            Self::Excellent => "excellent",
            Self::Good => "good",
            Self::OneThree => "one_three",
            Self::Threes => "threes",
            Self::NotAttested => "not_attested",
            Self::Failing => "failing",
            Self::Markless => "markless",
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
    standing.level()
}

fn plain<'a>(marks: impl Iterator<Item = &'a Given>) -> Option<Hundredths> {
    average(marks.map(|m| (m.value, Hundredths::whole(1)))).plain
}

/// A line of the sums below: which, and what it is of the marks of a column.
type Line = (Share, fn(&Indicators) -> Cell);

/// The marks by place, for the makers below.
struct Places<'a> {
    by: HashMap<(PupilId, SubjectId, Beside), &'a Given>,
    /// The columns: each subject's own mark; where they were given, those of half-years and of interim attestation before it, the exam's and the final one after it.
    columns: Vec<(&'a Subject, Beside)>,
    counted: Vec<&'a Pupil>,
    /// The own marks are those of a period: coursework stands beside them.
    of_period: bool,
}

impl<'a> Places<'a> {
    fn of(marks: &'a Marks) -> Self {
        let (days, today) = (marks.head.days, marks.head.today);
        let beside: HashSet<(SubjectId, Beside)> = marks
            .given
            .iter()
            .map(|g| (g.subject, Beside::of(g.stage)))
            .collect();
        let columns = |subject: &'a Subject| {
            let given = |b: &Beside| *b == Beside::Own || beside.contains(&(subject.id, *b));
            let all: Vec<_> = Beside::ALL.into_iter().filter(given).collect();
            all.into_iter().map(move |b| (subject, b))
        };
        Self {
            by: marks
                .given
                .iter()
                .map(|g| ((g.pupil, g.subject, Beside::of(g.stage)), g))
                .collect(),
            columns: marks.subjects.iter().flat_map(columns).collect(),
            of_period: marks.given.iter().any(|g| g.stage.term().is_some()),
            counted: marks.pupils.iter().filter(|p| counts(p, days, today)).collect(),
        }
    }

    /// What a column is called beside others of its subject.
    fn name(&self, beside: Beside, lang: Lang) -> &'static str {
        match beside {
            Beside::Own if self.of_period => t::sheet_period_mark(lang),
            other => other.name(lang),
        }
    }

    fn at(&self, pupil: PupilId, (subject, beside): (&Subject, Beside)) -> Option<&'a Given> {
        self.by.get(&(pupil, subject.id, beside)).copied()
    }

    /// The columns that figures over all subjects are counted from.
    fn own(&self) -> impl Iterator<Item = (&'a Subject, Beside)> + Clone + '_ {
        self.columns.iter().copied().filter(|(_, b)| *b == Beside::Own)
    }

    fn of_pupil(&self, pupil: PupilId) -> impl Iterator<Item = Option<&'a Given>> + Clone + '_ {
        self.own().map(move |column| self.at(pupil, column))
    }

    fn of_column(&self, column: (&'a Subject, Beside)) -> impl Iterator<Item = Option<&'a Given>> + '_ {
        self.counted.iter().map(move |p| self.at(p.id, column))
    }
}

fn share<'a>(marks: impl Iterator<Item = Option<&'a Given>>) -> Indicators {
    indicators(marks.map(|m| m.map(|m| m.standing)))
}

/// The sheet.
#[must_use]
pub fn paper(marks: &Marks, when: super::When) -> Paper {
    let lang = marks.head.lang;
    let places = Places::of(marks);
    let main = Table {
        title: None,
        apart: false,
        columns: columns(&places, lang),
        rows: rows(marks, &places, when)
            .into_iter()
            .chain(sums(&places, lang))
            .collect(),
    };
    let mut notes = vec![
        t::sheet_note_figures(lang).to_owned(),
        t::sheet_note_counted(lang).to_owned(),
    ];
    if places.of_period {
        if places.columns.iter().any(|(_, b)| *b == Beside::Coursework) {
            notes.push(t::sheet_note_coursework(lang).to_owned());
        }
    } else if places.columns.iter().any(|(_, b)| *b != Beside::Own) {
        notes.push(t::sheet_note_final(lang).to_owned());
    }
    marks.head.paper(
        t::sheet_marks(lang),
        vec![],
        vec![main, groups(&places, lang)],
        notes,
        marks.head.signs(),
    )
}

fn column(group: Option<&str>, head: &str, shape: Shape) -> Column {
    Column {
        group: group.map(str::to_owned),
        head: head.to_owned(),
        shape,
        key: None,
    }
}

fn columns(places: &Places<'_>, lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        column(None, t::sheet_number(lang), Shape::Number),
        column(None, t::sheet_pupil(lang), Shape::Name),
    ];
    columns.extend(places.columns.iter().map(|(subject, beside)| {
        let several = places.columns.iter().filter(|(s, _)| s.id == subject.id).count() > 1;
        let made = if several {
            column(Some(&subject.name), places.name(*beside, lang), Shape::Upright)
        } else {
            column(None, &subject.name, Shape::Upright)
        };
        made.keyed(opened::column_key(subject.id, *beside))
    }));
    columns
        .extend(Share::WHOLE.map(|share| column(None, share.name(lang), Shape::Figure).keyed(share.key())));
    columns
}

fn rows(marks: &Marks, places: &Places<'_>, when: super::When) -> Vec<Row> {
    let row = |(n, pupil): (i64, &Pupil)| {
        let mut cells = vec![Cell::Count(n), Cell::text(pupil.name.clone())];
        cells.extend(
            places
                .columns
                .iter()
                .map(|column| match places.at(pupil.id, *column) {
                    Some(given) => Cell::Mark(given.code.clone(), level(given.standing)),
                    None => Cell::Empty,
                }),
        );
        let own = places.of_pupil(pupil.id);
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
            key: Some(super::opened::pupil_key(pupil.id)),
            cells,
        }
    };
    (1..).zip(&marks.pupils).map(row).collect()
}

/// Counts and shares of each column; in the last ones, of the own marks of all subjects together.
fn sums(places: &Places<'_>, lang: Lang) -> Vec<Row> {
    let lines: [Line; 8] = [
        (Share::Of(Standing::Five), |i| Cell::Count(i.five)),
        (Share::Of(Standing::Four), |i| Cell::Count(i.four)),
        (Share::Of(Standing::Three), |i| Cell::Count(i.three)),
        (Share::Of(Standing::Two), |i| Cell::Count(i.two)),
        (Share::Of(Standing::NotAttested), |i| Cell::Count(i.not_attested)),
        (Share::Progress, |i| Cell::figure(i.progress())),
        (Share::Quality, |i| Cell::figure(i.quality())),
        (Share::Learnedness, |i| Cell::figure(i.learnedness())),
    ];
    let by_column: Vec<Indicators> = places
        .columns
        .iter()
        .map(|column| share(places.of_column(*column)))
        .collect();
    let everything = || places.own().flat_map(|column| places.of_column(column));
    let all = share(everything());
    let whole = [
        Cell::figure(plain(everything().flatten())),
        Cell::figure(all.progress()),
        Cell::figure(all.quality()),
        Cell::figure(all.learnedness()),
    ];
    let mut rows = vec![];
    for (share, of) in lines {
        let mut cells = vec![Cell::Empty, Cell::text(share.name(lang))];
        cells.extend(by_column.iter().map(of));
        rows.push(Row::total(cells).keyed(share.key()));
    }
    let mut cells = vec![Cell::Empty, Cell::text(t::sheet_average(lang))];
    cells.extend(
        places
            .columns
            .iter()
            .map(|column| Cell::figure(plain(places.of_column(*column).flatten()))),
    );
    cells.extend(whole);
    rows.push(Row::total(cells).keyed(Share::Average.key()));
    rows
}

/// Who learns how: each counted pupil is in one group.
fn groups(places: &Places<'_>, lang: Lang) -> Table {
    let of = |pupil: &&Pupil| Group::of(&share(places.of_pupil(pupil.id)));
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
        .keyed(group.key())
    };
    Table {
        title: Some(t::sheet_groups(lang).to_owned()),
        apart: false,
        columns: vec![
            column(None, t::sheet_group(lang), Shape::Name),
            column(None, t::sheet_pupils(lang), Shape::Upright).keyed("count"),
            column(None, t::sheet_share(lang), Shape::Figure).keyed("share"),
            column(None, t::sheet_who(lang), Shape::Words),
        ],
        rows: Group::ALL.into_iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests;
