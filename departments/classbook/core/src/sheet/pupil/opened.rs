//! What lies behind a figure of a pupil's report or табель: the marks of a day, of a period, the lessons missed.

use base::Lang;
use base::number::Hundredths;
use chrono::{Duration, NaiveDate, NaiveDateTime};

use super::{OfPupil, Place, between, places, result, spans};
use crate::diary::{Dated, Outcome, Subject};
use crate::grading::totals::Half;
use crate::grading::{Interim, Terms, has_borders, propose};
use crate::sheet::Kind;
use crate::sheet::missed_opened::What;
use crate::sheet::opened::{At, Line, Opened, subject_of};
use crate::sheet::when::Term;
use crate::sheet::words;
use crate::t;

/// What a figure is asked with, beside the sheet's own data.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Which of the two sheets.
    pub kind: Kind,
    /// The period of a report.
    pub term: Option<&'a Term>,
    /// By what rule the pupil's averages are counted.
    pub terms: &'a Terms,
    /// The school's offset from UTC, in seconds.
    pub utc_offset: i32,
}

/// What lies behind a figure; none for what is no place of this sheet.
#[must_use]
pub fn opened(data: &OfPupil, asked: Asked<'_>, at: &At) -> Option<Opened> {
    let lang = data.head.lang;
    if let Some(what) = What::from_key(&at.row) {
        let n: usize = at.column.strip_prefix('n')?.parse().ok()?;
        let all = match asked.kind {
            Kind::Card => spans(data),
            _ => vec![(data.head.term.clone(), data.head.days)],
        };
        let (name, span) = all.into_iter().nth(n)?;
        let counted = between(data, span);
        let until = (span.0, span.1.min(data.head.today));
        return Some(Opened {
            title: format!("{}: {name}", what.name(&data.notions, lang)),
            how: what.how((counted.tally.missed, counted.tally.lessons), &data.notions, lang),
            lines: what.days(&data.days, until, &data.notions, lang),
            ..Opened::default()
        });
    }
    let id = subject_of(&at.row)?;
    let subject = data.subjects.iter().find(|s| s.id == id)?;
    let title = |what: &str| format!("{}: {what}", subject.name);
    let marks = |all: Vec<&Dated>| -> Vec<Line> {
        all.into_iter()
            .map(|dated| line(dated, asked.utc_offset, lang))
            .collect()
    };
    let opened = match (asked.kind, at.column.as_str()) {
        (Kind::Card, key) => results(data, subject, key, asked.terms)?,
        (_, "average") => Opened {
            title: title(t::sheet_average(lang)),
            how: average(subject, asked.terms, lang),
            lines: marks(subject.marks.iter().collect()),
            ..Opened::default()
        },
        (_, "mark") => {
            let given = asked.term.and_then(|term| result(subject, term));
            let mut how: Vec<String> = given
                .map(|g| format!("{} — {}", g.code, g.words))
                .into_iter()
                .collect();
            how.extend(average(subject, asked.terms, lang));
            Opened {
                title: title(t::sheet_period_mark(lang)),
                how,
                lines: marks(subject.marks.iter().collect()),
                ..Opened::default()
            }
        }
        (_, "missed") => Opened {
            title: title(t::sheet_missed_lessons(lang)),
            how: vec![t::sheet_note_missed(lang).to_owned()],
            lines: absences(data, subject, None),
            ..Opened::default()
        },
        (_, key) => {
            let day: NaiveDate = key.strip_prefix('d')?.parse().ok()?;
            let mut lines = marks(subject.marks.iter().filter(|m| m.date == day).collect());
            lines.extend(absences(data, subject, Some(day)));
            Opened {
                title: title(&words::date(day)),
                lines,
                ..Opened::default()
            }
        }
    };
    Some(opened)
}

/// A mark with its work, weight, and who gave it.
fn line(dated: &Dated, offset: i32, lang: Lang) -> Line {
    let mark = &dated.mark;
    let work = crate::journal::work_name(&mark.work, mark.title.as_deref());
    let weight = if mark.value.is_some() && mark.weight.0 > 0 {
        t::sheet_open_weight(lang, lang.decimal(&mark.weight.to_string()))
    } else {
        t::sheet_open_not_counted(lang).to_owned()
    };
    let at: NaiveDateTime = (mark.changed_at + Duration::seconds(i64::from(offset))).naive_utc();
    let by = mark.by.as_ref().map(|by| words::who(by, at));
    Line {
        name: format!("{}, {work}", words::date(dated.date)),
        says: mark.code.clone(),
        by: [Some(weight), by]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("; "),
        at: None,
    }
}

fn absences(data: &OfPupil, subject: &Subject, on: Option<NaiveDate>) -> Vec<Line> {
    let here = data
        .absences
        .iter()
        .filter(|a| a.subject == subject.id && on.is_none_or(|day| a.date == day));
    let words_of = |code: &str| {
        data.codes
            .iter()
            .find(|(c, _)| c == code)
            .map(|(_, words)| words.clone())
    };
    here.map(|a| Line {
        name: words::date(a.date),
        says: a.code.clone(),
        by: words_of(&a.code).unwrap_or_default(),
        at: None,
    })
    .collect()
}

/// How an average came about, by which borders and act.
fn average(subject: &Subject, terms: &Terms, lang: Lang) -> Vec<String> {
    let marks: Vec<_> = subject
        .marks
        .iter()
        .map(|m| (m.mark.value, m.mark.weight))
        .collect();
    let made = propose(&marks, terms, Hundredths(0), &[]);
    let Some(average) = made.average else {
        return vec![t::sheet_open_nothing(lang).to_owned()];
    };
    let sum = Hundredths(made.sum / 100);
    let mut said = vec![format!(
        "{} : {} = {}",
        lang.decimal(&sum.to_string()),
        lang.decimal(&made.divisor.to_string()),
        lang.decimal(&average.fixed())
    )];
    if subject.scale.is_empty() || has_borders(&subject.scale) {
        let borders = [terms.five_from, terms.four_from, terms.three_from].map(|b| lang.decimal(&b.fixed()));
        let [five, four, three] = borders;
        said.push(t::sheet_open_borders(lang, five, four, three));
    } else {
        said.push(t::sheet_open_nearest(lang).to_owned());
    }
    said.push(act(terms, lang));
    said
}

fn act(terms: &Terms, lang: Lang) -> String {
    if terms.act_number.is_empty() {
        t::sheet_open_usual(lang).to_owned()
    } else {
        t::sheet_open_act_since(lang, &terms.act_number, words::date(terms.valid_from))
    }
}

/// A mark of the card and the marks beside it, by which a year is counted.
fn results(data: &OfPupil, subject: &Subject, key: &str, terms: &Terms) -> Option<Opened> {
    let lang = data.head.lang;
    let all = places(data);
    let place = all.iter().find(|p| p.key() == key)?;
    let (name, given): (String, &Outcome) = (place.name(lang), place.outcome(subject)?);
    let row = |name: String, outcome: &Outcome| Line {
        name,
        says: outcome.code.clone(),
        by: outcome.words.clone(),
        at: None,
    };
    // what it is counted from, as the sheet of totals counts it
    let part = |place: &Place<'_>| match (key, place) {
        ("half_1", Place::Term(term)) => Half::First.quarters().contains(&term.number),
        ("half_2", Place::Term(term)) => Half::Second.quarters().contains(&term.number),
        ("year", Place::Stage("interim")) => terms.interim == Interim::Period,
        ("year", Place::Term(_)) | ("final", Place::Stage("year" | "exam")) => true,
        _ => false,
    };
    let parts = all.iter().filter(|p| part(p));
    let lines = parts.filter_map(|p| Some(row(p.name(lang), p.outcome(subject)?)));
    let lines: Vec<Line> = lines.collect();
    let mut how = vec![format!("{} — {}", given.code, given.words)];
    how.extend(given.note.clone());
    if matches!(key, "half_1" | "half_2" | "year" | "final") {
        how.push(t::sheet_open_year(lang, lang.decimal(&terms.year_up.fixed())));
    }
    how.push(act(terms, lang));
    Some(Opened {
        title: format!("{}: {name}", subject.name),
        how,
        lines,
        ..Opened::default()
    })
}
