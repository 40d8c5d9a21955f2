//! The two figures at the end of a row of the grid: the average, and what the period comes to.

use std::fmt::Write as _;

use base::Lang;
use base::number::Hundredths;
use classbook_core::journal::average::Average;
use classbook_core::journal::sheet::{Sheet, State};

use super::draw::{Drawing, number, other, tone};
use crate::t;

/// One of the two figures at the end of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// What stands there: «4,25», «5», «(4)».
    pub text: String,
    /// `data-tone`.
    pub tone: Option<&'static str>,
    /// `data-proposed`: nobody has given it yet.
    pub proposed: bool,
    /// `data-state`: on its way, or not sent.
    pub state: Option<&'static str>,
    /// `data-edit`: it is being typed in.
    pub typing: bool,
    /// What a screen reader says instead.
    pub label: Option<String>,
}

impl End {
    /// Its attributes.
    pub fn signs(&self, out: &mut String) {
        if let Some(tone) = self.tone {
            let _ = write!(out, r#" data-tone="{tone}""#);
        }
        if self.proposed {
            out.push_str(" data-proposed");
        }
        if let Some(state) = self.state {
            let _ = write!(out, r#" data-state="{state}""#);
        }
    }
}

/// The figures at the end of a row: the average that counts by the school's rule, and what the period comes to. Where nothing is
/// summed up, the two averages.
#[must_use]
pub fn ends(sheet: &Sheet, row: usize, lang: Lang) -> [End; 2] {
    let best = Drawing::best(sheet, 0);
    let figure = |value: Option<Hundredths>| End {
        text: number(value, lang),
        tone: value.and_then(|v| tone(v, best)),
        ..End::default()
    };
    let Some((given, made)) = sheet.result(row) else {
        let Average { plain, weighted } = sheet.average(row);
        return [figure(plain), figure(weighted)];
    };
    let items = sheet.grid().scales.first().map_or(&[][..], |s| &s.items);
    let value_of = |code: &str| items.iter().find(|i| i.code == code).and_then(|i| i.value);
    let (state, words) = match sheet.typed_result(row).map(|t| &t.state) {
        None => (None, None),
        Some(State::Waiting) => (Some("waiting"), Some(t::journal_cell_waiting(lang).to_owned())),
        Some(State::Refused(message)) => (Some("refused"), Some(t::journal_cell_refused(lang, message))),
        Some(State::Conflict(now)) => (Some("conflict"), Some(other(now, lang))),
        // what a period comes to is sent at once or not at all: it never lies in the queue
        Some(State::Old(_)) => (None, None),
    };
    if let Some(words) = words {
        let text = given.unwrap_or_default().to_owned();
        let value = match given {
            Some(code) => code,
            None => t::journal_empty_cell(lang),
        };
        let label = Some(format!("{value}, {words}"));
        let tone = given.and_then(value_of).and_then(|v| tone(v, best));
        let result = End {
            text,
            tone,
            state,
            label,
            ..End::default()
        };
        return [figure(made.average), result];
    }
    let result = match (given, made.code.as_deref()) {
        (Some(code), _) => End {
            text: code.to_owned(),
            tone: value_of(code).and_then(|v| tone(v, best)),
            ..End::default()
        },
        (None, Some(code)) if made.alone.is_some() => End {
            text: format!("({code})"),
            proposed: true,
            label: Some(t::journal_result_not_attested(
                lang,
                code,
                made.count,
                made.minimum,
            )),
            ..End::default()
        },
        (None, Some(code)) => {
            let enough = made.is_enough();
            let words = if enough {
                t::journal_result_proposed
            } else {
                t::journal_result_few
            };
            End {
                text: format!("({code}{})", if enough { "" } else { "?" }),
                tone: made.value.and_then(|v| tone(v, best)),
                proposed: true,
                label: Some(words(lang, code)),
                ..End::default()
            }
        }
        (None, None) => End::default(),
    };
    [figure(made.average), result]
}
