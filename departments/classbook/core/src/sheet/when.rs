//! For what time a sheet is: a period, a month of a period, the year.

use base::{Lang, PeriodId};
use chrono::{Datelike as _, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::words;

/// For when. In an address: `12` (a period), `12-2026-11` (a month of it), `year`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum When {
    /// The whole year.
    Year,
    /// A study period.
    Period(PeriodId),
    /// The days of a month that lie in a period: year, month.
    Month(PeriodId, i32, u32),
}

impl When {
    /// The period it is or lies in.
    #[must_use]
    pub fn period(self) -> Option<PeriodId> {
        match self {
            Self::Year => None,
            Self::Period(id) | Self::Month(id, ..) => Some(id),
        }
    }
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Year => f.write_str("year"),
            Self::Period(id) => id.fmt(f),
            Self::Month(id, year, month) => write!(f, "{id}-{year}-{month:02}"),
        }
    }
}

/// It says no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoWhen;

impl std::fmt::Display for NoWhen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("neither a period, nor a month, nor the year")
    }
}

impl std::error::Error for NoWhen {}

impl std::str::FromStr for When {
    type Err = NoWhen;

    fn from_str(text: &str) -> Result<Self, NoWhen> {
        if text == "year" {
            return Ok(Self::Year);
        }
        let mut parts = text.split('-');
        let period = parts.next().and_then(|id| id.parse().ok()).ok_or(NoWhen)?;
        let (year, month, rest) = (parts.next(), parts.next(), parts.next());
        match (year, month, rest) {
            (None, None, None) => Ok(Self::Period(period)),
            (Some(year), Some(month), None) => {
                let (year, month) = (
                    year.parse().map_err(|_| NoWhen)?,
                    month.parse().map_err(|_| NoWhen)?,
                );
                NaiveDate::from_ymd_opt(year, month, 1).ok_or(NoWhen)?;
                Ok(Self::Month(period, year, month))
            }
            _ => Err(NoWhen),
        }
    }
}

impl TryFrom<String> for When {
    type Error = NoWhen;

    fn try_from(text: String) -> Result<Self, NoWhen> {
        text.parse()
    }
}

impl From<When> for String {
    fn from(when: When) -> Self {
        when.to_string()
    }
}

/// A study period, as sheets need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The period.
    pub id: PeriodId,
    /// «quarter», «half_year», …
    pub kind: String,
    /// From 1.
    pub number: i16,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
}

impl Term {
    /// «1 четверть».
    #[must_use]
    pub fn name(&self, lang: Lang) -> String {
        words::period(&self.kind, self.number, lang)
    }

    /// The months that it touches: year, month.
    #[must_use]
    pub fn months(&self) -> Vec<(i32, u32)> {
        let mut months = vec![];
        let mut day = self.starts_on.with_day(1).unwrap_or(self.starts_on);
        // a period of twenty years is no period
        while day <= self.ends_on && months.len() < 24 {
            months.push((day.year(), day.month()));
            let Some(next) = day.checked_add_months(Months::new(1)) else {
                break;
            };
            day = next;
        }
        months
    }
}

/// How finely a sheet may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fine {
    /// By the months of periods.
    pub months: bool,
    /// For the whole year.
    pub year: bool,
}

/// For when a sheet could be, in the order of time, the year last.
#[must_use]
pub fn choices(terms: &[Term], fine: Fine, lang: Lang) -> Vec<(When, String)> {
    let mut out = vec![];
    for term in terms {
        out.push((When::Period(term.id), term.name(lang)));
        let months = term.months();
        if fine.months && months.len() > 1 {
            for (year, month) in months {
                let name = format!("{}, {}", words::month(month, lang), term.name(lang));
                out.push((When::Month(term.id, year, month), name));
            }
        }
    }
    if fine.year || terms.is_empty() {
        out.push((When::Year, words::year(lang)));
    }
    out
}

/// The chosen one of the choices: the asked one if it is among them (another class may have other periods), else the period that
/// runs or was the last to begin; `None` where there is no choice.
#[must_use]
pub fn chosen(
    terms: &[Term],
    choices: &[(When, String)],
    asked: Option<When>,
    today: NaiveDate,
) -> Option<When> {
    if let Some((when, _)) = choices.iter().find(|(when, _)| Some(*when) == asked) {
        return Some(*when);
    }
    let running = terms
        .iter()
        .rev()
        .find(|t| t.starts_on <= today)
        .or(terms.first());
    running
        .map(|t| When::Period(t.id))
        .or_else(|| choices.first().map(|(when, _)| *when))
}

/// The days of it; the year is given by its own.
#[must_use]
pub fn days(when: When, terms: &[Term], year: (NaiveDate, NaiveDate)) -> Option<(NaiveDate, NaiveDate)> {
    let term = |id| terms.iter().find(|t| t.id == id);
    match when {
        When::Year => Some(year),
        When::Period(id) => term(id).map(|t| (t.starts_on, t.ends_on)),
        When::Month(id, year, month) => {
            let term = term(id)?;
            let first = NaiveDate::from_ymd_opt(year, month, 1)?;
            let last = first
                .checked_add_months(Months::new(1))?
                .checked_sub_days(Days::new(1))?;
            let (from, to) = (first.max(term.starts_on), last.min(term.ends_on));
            (from <= to).then_some((from, to))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn quarters() -> Vec<Term> {
        [(1, "2026-09-01", "2026-10-25"), (2, "2026-11-02", "2026-12-27")]
            .map(|(n, from, to)| Term {
                id: PeriodId(i64::from(n)),
                kind: "quarter".to_owned(),
                number: n,
                starts_on: d(from),
                ends_on: d(to),
            })
            .to_vec()
    }

    const YEAR: (&str, &str) = ("2026-09-01", "2027-08-31");

    #[test]
    fn the_running_period_is_meant_when_nothing_is_said() {
        let terms = quarters();
        let all = choices(
            &terms,
            Fine {
                months: true,
                year: true,
            },
            Lang::Ru,
        );
        let names: Vec<&str> = all.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "1 четверть",
                "сентябрь, 1 четверть",
                "октябрь, 1 четверть",
                "2 четверть",
                "ноябрь, 2 четверть",
                "декабрь, 2 четверть",
                "учебный год"
            ]
        );
        let at = |day| chosen(&terms, &all, None, d(day));
        assert_eq!(at("2026-11-17"), Some(When::Period(PeriodId(2))));
        // in the holidays: the one that is over
        assert_eq!(at("2026-10-28"), Some(When::Period(PeriodId(1))));
        assert_eq!(at("2026-08-01"), Some(When::Period(PeriodId(1))));
        let asked = |when| chosen(&terms, &all, Some(when), d("2026-11-17"));
        assert_eq!(asked(When::Year), Some(When::Year));
        assert_eq!(asked(When::Period(PeriodId(9))), Some(When::Period(PeriodId(2))));
        assert_eq!(chosen(&[], &[], None, d("2026-11-17")), None);
    }

    #[test]
    fn a_month_is_cut_by_its_period() {
        let terms = quarters();
        let year = (d(YEAR.0), d(YEAR.1));
        let of = |when| days(when, &terms, year);
        assert_eq!(
            of(When::Month(PeriodId(1), 2026, 10)),
            Some((d("2026-10-01"), d("2026-10-25")))
        );
        assert_eq!(
            of(When::Month(PeriodId(2), 2026, 11)),
            Some((d("2026-11-02"), d("2026-11-30")))
        );
        assert_eq!(of(When::Month(PeriodId(1), 2026, 12)), None);
        assert_eq!(of(When::Year), Some(year));
    }

    #[test]
    fn nonsense_is_no_time() {
        for text in [
            "",
            "x",
            "1-2",
            "1-2026-13",
            "1-2026-01-01",
            "-1-2026-1",
            "1-",
            "99999999999999999999",
        ] {
            assert_eq!(text.parse::<When>(), Err(NoWhen), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(id in 0i64..1_000_000, year in 1990i32..2100, month in 1u32..13) {
            for when in [When::Year, When::Period(PeriodId(id)), When::Month(PeriodId(id), year, month)] {
                prop_assert_eq!(when.to_string().parse(), Ok(when));
            }
        }
    }
}
