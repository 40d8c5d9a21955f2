//! Sheets of one pupil: отчёт об успеваемости и посещаемости of a period, табель of a year. Marks, averages and results are the
//! diary's own ([`crate::diary::Subjects`]), so that a family reads the same figures in both.

mod opened;

use base::{Lang, PupilId, SubjectId};
use chrono::NaiveDate;
use paper::{Cell, Column, Paper, Row, Shape, Table};

use super::head::Head;
use super::missed::{Missed, REASONS, missed};
use super::missed_opened::What;
use super::when::Term;
use super::{Kind, When, attendance, words};
use crate::attendance::{DayOf, Notions, Reason};
use crate::diary::{Outcome, Subject};
use crate::t;

pub use opened::{Asked, opened};

/// A code that stands in a lesson of the pupil.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// In what.
    pub subject: SubjectId,
    /// The day.
    pub date: NaiveDate,
    /// «б».
    pub code: String,
}

/// What the sheets are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfPupil {
    /// What stands above it.
    pub head: Head,
    /// «Абрамов Артём Ильич».
    pub name: String,
    /// The subjects with marks and results.
    pub subjects: Vec<Subject>,
    /// Averages are weighted by the school's rule.
    pub weighted: bool,
    /// The periods of the pupil's year.
    pub terms: Vec<Term>,
    /// The school's codes of attendance: letter and words.
    pub codes: Vec<(String, String)>,
    /// What stands in lessons, by date.
    pub absences: Vec<Absence>,
    /// The pupil's days.
    pub days: Vec<DayOf>,
    /// The school's notions of missed days.
    pub notions: Notions,
}

/// Where a pupil's sheet is.
#[must_use]
pub fn href(pupil: PupilId, kind: Kind, when: When) -> String {
    // a report is of a period
    let when = match when {
        When::Year => String::new(),
        When::Period(id) | When::Month(id, ..) => format!("&when={id}"),
    };
    format!("/sheets/{pupil}?kind={}{when}", kind.key())
}

fn column(group: Option<&str>, head: impl Into<String>, shape: Shape) -> Column {
    Column {
        group: group.map(str::to_owned),
        head: head.into(),
        shape,
        key: None,
    }
}

fn given(outcome: Option<&Outcome>) -> Cell {
    let marked = outcome.filter(|o| !o.code.is_empty());
    marked.map_or(Cell::Empty, |o| {
        Cell::Mark(o.code.clone(), super::marks::level(o.standing))
    })
}

fn result<'a>(subject: &'a Subject, term: &Term) -> Option<&'a Outcome> {
    subject.results.iter().find(|o| {
        o.stage == "period" && o.kind.as_deref() == Some(term.kind.as_str()) && o.number == Some(term.number)
    })
}

fn stage<'a>(subject: &'a Subject, stage: &str) -> Option<&'a Outcome> {
    subject.results.iter().find(|o| o.stage == stage)
}

/// What was missed between two days, both counted.
fn between(data: &OfPupil, span: (NaiveDate, NaiveDate)) -> Missed {
    missed(&data.days, span, data.head.today, &data.notions)
}

/// Отчёт об успеваемости и посещаемости of a period: each day with its marks and absences, the average, the mark of the period.
#[must_use]
pub fn report(data: &OfPupil, term: Option<&Term>) -> Paper {
    let lang = data.head.lang;
    let mut days: Vec<NaiveDate> = data
        .subjects
        .iter()
        .flat_map(|s| s.marks.iter().map(|m| m.date))
        .chain(data.absences.iter().map(|a| a.date))
        .collect();
    days.sort_unstable();
    days.dedup();
    let mut columns = vec![
        column(None, t::sheet_number(lang), Shape::Number),
        column(None, t::sheet_subject(lang), Shape::Name),
    ];
    columns.extend(
        days.iter()
            .map(|d| column(None, words::short_date(*d), Shape::Day).keyed(format!("d{d}"))),
    );
    let average = if data.weighted {
        t::sheet_weighted(lang)
    } else {
        t::sheet_average(lang)
    };
    columns.push(column(None, average, Shape::Figure).keyed("average"));
    columns.push(column(None, t::sheet_period_mark(lang), Shape::Upright).keyed("mark"));
    columns.push(column(None, t::sheet_missed_lessons(lang), Shape::Upright).keyed("missed"));
    let row = |(n, subject): (i64, &Subject)| {
        let mut cells = vec![Cell::Count(n), Cell::text(subject.name.clone())];
        cells.extend(days.iter().map(|day| on(data, subject, *day)));
        let average = if data.weighted {
            subject.weighted
        } else {
            subject.plain
        };
        cells.push(Cell::figure(average));
        cells.push(given(term.and_then(|term| result(subject, term))));
        cells.push(Cell::some(subject.missed));
        Row::plain(cells).keyed(format!("s{}", subject.id))
    };
    let marks = Table {
        title: None,
        apart: false,
        columns,
        rows: (1..).zip(&data.subjects).map(row).collect(),
    };
    let counted = [(data.head.term.clone(), between(data, data.head.days))];
    let mut notes = vec![legend(data.codes.iter().map(|(c, t)| (c.as_str(), t.as_str())))];
    let mut all = data.subjects.iter().flat_map(|s| &s.marks);
    if all.any(|m| m.mark.replaced.is_some()) {
        notes.push(t::sheet_rewritten(lang).to_owned());
    }
    notes.extend(attendance::notes(lang));
    data.head.paper(
        t::sheet_report(lang),
        vec![words::fact(t::sheet_pupil(lang), data.name.clone())],
        vec![marks, missed_table(data, &counted)],
        notes,
        vec![
            words::sign(t::sheet_class_teacher(lang), data.head.class_teacher.clone()),
            words::sign(t::sheet_parent(lang), ""),
        ],
    )
}

/// Marks and absences of a subject on a day, in a cell.
fn on(data: &OfPupil, subject: &Subject, day: NaiveDate) -> Cell {
    let marks: Vec<&crate::diary::Mark> = subject
        .marks
        .iter()
        .filter(|m| m.date == day)
        .map(|m| &m.mark)
        .collect();
    let absent = data
        .absences
        .iter()
        .filter(|a| a.subject == subject.id && a.date == day);
    let absent: Vec<&str> = absent.map(|a| a.code.as_str()).collect();
    if let ([mark], []) = (marks.as_slice(), absent.as_slice()) {
        let code = rewritten(&mark.code, mark.replaced.as_deref());
        return Cell::Mark(code, super::marks::level(mark.standing));
    }
    let marks = marks.iter().map(|m| rewritten(&m.code, m.replaced.as_deref()));
    let all: Vec<String> = absent.into_iter().map(str::to_owned).chain(marks).collect();
    Cell::text(all.join(" "))
}

/// «5 (3)»: a mark with the one that was there before, where the school shows both.
pub(super) fn rewritten(code: &str, before: Option<&str>) -> String {
    before.map_or_else(|| code.to_owned(), |before| format!("{code} ({before})"))
}

/// «н — не был; б — болел».
pub(super) fn legend<'a>(codes: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let each: Vec<String> = codes.map(|(code, title)| format!("{code} — {title}")).collect();
    each.join("; ")
}

/// What was missed, by reason, for each of some times.
fn missed_table(data: &OfPupil, times: &[(String, Missed)]) -> Table {
    let lang = data.head.lang;
    let mut columns = vec![column(None, t::sheet_missed_what(lang), Shape::Name)];
    columns.extend(
        times
            .iter()
            .enumerate()
            .map(|(n, (name, _))| column(None, name.clone(), Shape::Upright).keyed(format!("n{n}"))),
    );
    let row = |name: String, what: What, of: &dyn Fn(&Missed) -> Cell| {
        let mut cells = vec![Cell::text(name)];
        cells.extend(times.iter().map(|(_, m)| of(m)));
        Row::plain(cells).keyed(what.key())
    };
    let mut rows = vec![
        row(t::sheet_held(lang).to_owned(), What::Held, &|m| {
            Cell::Count(m.tally.lessons)
        }),
        row(t::sheet_missed_lessons(lang).to_owned(), What::Missed, &|m| {
            Cell::Count(m.tally.missed)
        }),
    ];
    for reason in REASONS {
        rows.push(row(reason.title(lang).to_owned(), What::Lessons(reason), &|m| {
            Cell::some(m.lessons(reason))
        }));
    }
    rows.push(row(t::sheet_missed_days(lang).to_owned(), What::FullDays, &|m| {
        Cell::Count(m.tally.full_days)
    }));
    rows.push(row(t::sheet_missed_share(lang).to_owned(), What::Share, &|m| {
        Cell::figure(m.share())
    }));
    rows.push(row(
        t::sheet_late(lang).to_owned(),
        What::Lessons(Reason::Late),
        &|m| Cell::some(m.lessons(Reason::Late)),
    ));
    Table {
        title: Some(t::sheet_missed_title(lang).to_owned()),
        apart: false,
        columns,
        rows,
    }
}

/// The times of a card's table of absences: each period, the year.
fn spans(data: &OfPupil) -> Vec<(String, (NaiveDate, NaiveDate))> {
    let lang = data.head.lang;
    let term = |term: &Term| (term.name(lang), (term.starts_on, term.ends_on));
    let year = (words::year(lang), data.head.days);
    data.terms.iter().map(term).chain([year]).collect()
}

/// The coursework of the year, with its topics; none is no table.
fn coursework(data: &OfPupil) -> Option<Table> {
    let lang = data.head.lang;
    let works = data.subjects.iter().flat_map(|s| {
        let works = s.results.iter().filter(|o| o.stage == "coursework");
        works.map(move |o| (s, o))
    });
    let row = |(subject, work): (&Subject, &Outcome)| {
        let mut terms = data.terms.iter();
        let term =
            terms.find(|t| Some(t.kind.as_str()) == work.kind.as_deref() && Some(t.number) == work.number);
        Row::plain(vec![
            Cell::text(subject.name.clone()),
            Cell::text(term.map(|t| t.name(lang)).unwrap_or_default()),
            Cell::text(work.note.clone().unwrap_or_default()),
            given(Some(work)),
        ])
    };
    let rows: Vec<Row> = works.map(row).collect();
    (!rows.is_empty()).then(|| Table {
        title: Some(t::sheet_courseworks(lang).to_owned()),
        apart: false,
        columns: vec![
            column(None, t::sheet_subject(lang), Shape::Name),
            column(None, t::sheet_period(lang), Shape::Name),
            column(None, t::sheet_coursework_topic(lang), Shape::Words),
            column(None, t::sheet_mark(lang), Shape::Upright),
        ],
        rows,
    })
}

/// A column of the card.
#[derive(Clone, Copy)]
enum Place<'a> {
    Term(&'a Term),
    /// By the key of the stage.
    Stage(&'static str),
}

impl Place<'_> {
    fn key(self) -> String {
        match self {
            Self::Term(term) => format!("t{}", term.id),
            Self::Stage(key) => key.to_owned(),
        }
    }

    fn name(self, lang: Lang) -> String {
        let name = match self {
            Self::Term(term) => return term.name(lang),
            Self::Stage("half_1") => t::sheet_half_1_mark(lang),
            Self::Stage("half_2") => t::sheet_half_2_mark(lang),
            Self::Stage("interim") => t::sheet_interim_mark(lang),
            Self::Stage("exam") => t::sheet_exam_mark(lang),
            Self::Stage("final") => t::sheet_final_mark(lang),
            Self::Stage(_) => t::sheet_year_mark(lang),
        };
        name.to_owned()
    }

    fn outcome(self, subject: &Subject) -> Option<&Outcome> {
        match self {
            Self::Term(term) => result(subject, term),
            Self::Stage(key) => stage(subject, key),
        }
    }
}

/// The columns of the card: the periods, after its quarters a half-year where one is summed up, interim attestation where
/// there is one, then the year.
fn places(data: &OfPupil) -> Vec<Place<'_>> {
    let has = |key: &str| data.subjects.iter().any(|s| stage(s, key).is_some());
    let mut places = vec![];
    for term in &data.terms {
        places.push(Place::Term(term));
        let half = match (term.kind.as_str(), term.number) {
            ("quarter", 2) => Some("half_1"),
            ("quarter", 4) => Some("half_2"),
            _ => None,
        };
        places.extend(half.filter(|key| has(key)).map(Place::Stage));
    }
    places.extend(Some("interim").filter(|key| has(key)).map(Place::Stage));
    places.extend(["year", "exam", "final"].map(Place::Stage));
    places
}

/// Табель of the year: subjects and the marks of periods, year, exam and the final one; what was missed in each period.
#[must_use]
pub fn card(data: &OfPupil) -> Paper {
    let lang = data.head.lang;
    let mut columns = vec![
        column(None, t::sheet_number(lang), Shape::Number),
        column(None, t::sheet_subject(lang), Shape::Name),
    ];
    let places = places(data);
    columns.extend(
        places
            .iter()
            .map(|place| column(None, place.name(lang), Shape::Upright).keyed(place.key())),
    );
    let row = |(n, subject): (i64, &Subject)| {
        let mut cells = vec![Cell::Count(n), Cell::text(subject.name.clone())];
        cells.extend(places.iter().map(|place| given(place.outcome(subject))));
        Row::plain(cells).keyed(format!("s{}", subject.id))
    };
    let marks = Table {
        title: None,
        apart: false,
        columns,
        rows: (1..).zip(&data.subjects).map(row).collect(),
    };
    let times: Vec<(String, Missed)> = spans(data)
        .into_iter()
        .map(|(name, span)| (name, between(data, span)))
        .collect();
    data.head.paper(
        t::sheet_card(lang),
        vec![words::fact(t::sheet_pupil(lang), data.name.clone())],
        [marks, missed_table(data, &times)]
            .into_iter()
            .chain(coursework(data))
            .collect(),
        attendance::notes(lang),
        vec![
            words::sign(t::sheet_class_teacher(lang), data.head.class_teacher.clone()),
            words::sign(t::sheet_director(lang), ""),
            words::sign(t::sheet_parent(lang), ""),
        ],
    )
}

#[cfg(test)]
mod tests;
