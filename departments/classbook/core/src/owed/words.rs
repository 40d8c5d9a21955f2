//! How a work stands, in words.

use base::Lang;
use chrono::NaiveDate;

use super::{Owed, Standing};
use crate::t;

/// «сдать до 27.11», «просрочено: сдать надо было до 20.11», «сдано 18.11, вовремя». `date` writes a day as its place does.
#[must_use]
pub fn said(owed: &Owed, standing: Standing, date: impl Fn(NaiveDate) -> String, lang: Lang) -> String {
    match (standing, owed.until, owed.handed_in) {
        (Standing::Due, Some(until), _) => t::owed_due(lang, date(until)),
        (Standing::Overdue, Some(until), _) => t::owed_overdue(lang, date(until)),
        (Standing::Late, _, Some(on)) => t::owed_late(lang, date(on)),
        (Standing::InTime, Some(_), Some(on)) => t::owed_in_time(lang, date(on)),
        (_, None, Some(on)) => t::owed_handed_in(lang, date(on)),
        _ => t::owed_due_some_day(lang).to_owned(),
    }
}
