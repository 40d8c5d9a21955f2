//! What lies behind a figure of a sheet: how it was counted, by which act, and the rows that it was counted from.
//!
//! A cell has an address, made of the keys of its row and its column; the maker of a sheet answers for its own ([`super::marks::opened`],
//! [`super::attendance::opened`], [`super::pupil::opened`]; a page of the journal asks the database for who gave its marks).

use base::number::Hundredths;
use base::{LoadId, PupilId, SubjectId};
use serde::{Deserialize, Serialize};

use crate::grading::{Indicators, Stage, Standing, Totals};
use crate::t;

/// A place of a sheet. In an address: `p1001.s400`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct At {
    /// The key of its row.
    pub row: String,
    /// The key of its column.
    pub column: String,
}

impl At {
    /// So many letters a key has at most.
    const LONG: usize = 40;

    /// A place by its keys.
    #[must_use]
    pub fn new(row: impl Into<String>, column: impl Into<String>) -> Self {
        Self {
            row: row.into(),
            column: column.into(),
        }
    }
}

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.row, self.column)
    }
}

/// It names no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPlace;

impl std::fmt::Display for NoPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not the keys of a row and a column")
    }
}

impl std::error::Error for NoPlace {}

impl std::str::FromStr for At {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let good = |key: &str| {
            (1..=Self::LONG).contains(&key.len())
                && key
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        };
        match text.split_once('.') {
            Some((row, column)) if good(row) && good(column) => Ok(Self::new(row, column)),
            _ => Err(NoPlace),
        }
    }
}

impl TryFrom<String> for At {
    type Error = NoPlace;

    fn try_from(text: String) -> Result<Self, NoPlace> {
        text.parse()
    }
}

impl From<At> for String {
    fn from(at: At) -> Self {
        at.to_string()
    }
}

/// What lies behind a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Which figure: «Абрамов Артём: Алгебра».
    pub title: String,
    /// How it was counted and by which act, in sentences.
    pub how: Vec<String>,
    /// From what.
    pub lines: Vec<Line>,
    /// The mark of a period or a year: its line of the totals, which has formula, rule, current marks and history.
    #[serde(default)]
    pub mark: Option<Box<OfMark>>,
}

/// A row behind a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// A pupil, a subject, a day, a work.
    pub name: String,
    /// A mark, a figure, what was missed.
    pub says: String,
    /// Who gave it and when, what weight it has.
    pub by: String,
    /// The place of the same sheet where this row is a figure itself.
    #[serde(default)]
    pub at: Option<At>,
}

/// The totals of one pupil in a journal, and of them the mark that was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfMark {
    /// One line.
    pub totals: Totals,
    /// The mark.
    pub stage: Stage,
}

/// Where the totals of a mark are: journal, pupil, stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Where {
    /// The journal.
    pub load: LoadId,
    /// The pupil.
    pub pupil: PupilId,
    /// For what.
    pub stage: Stage,
}

/// The key of a pupil's row.
pub(super) fn pupil_key(pupil: PupilId) -> String {
    format!("p{pupil}")
}

/// The pupil of a row.
pub(super) fn pupil_of(key: &str) -> Option<PupilId> {
    key.strip_prefix('p')?.parse().ok()
}

/// The subject of a row.
pub(super) fn subject_of(key: &str) -> Option<SubjectId> {
    key.strip_prefix('s')?.parse().ok()
}

/// Which figure over marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    Average,
    Progress,
    Quality,
    Learnedness,
    Of(Standing),
}

impl Share {
    /// What is counted over a pupil's subjects and over the whole sheet.
    pub const WHOLE: [Self; 4] = [Self::Average, Self::Progress, Self::Quality, Self::Learnedness];
    /// The rows of sums.
    const COUNTS: [Self; 5] = [
        Self::Of(Standing::Five),
        Self::Of(Standing::Four),
        Self::Of(Standing::Three),
        Self::Of(Standing::Two),
        Self::Of(Standing::NotAttested),
    ];

    pub fn key(self) -> &'static str {
        match self {
            Self::Average => "average",
            Self::Progress => "progress",
            Self::Quality => "quality",
            Self::Learnedness => "learnedness",
            Self::Of(Standing::Five) => "fives",
            Self::Of(Standing::Four) => "fours",
            Self::Of(Standing::Three) => "threes",
            Self::Of(Standing::Two) => "twos",
            Self::Of(_) => "not_attested",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        let mut all = Self::WHOLE.into_iter().chain(Self::COUNTS);
        all.find(|share| share.key() == key)
    }

    pub fn name(self, lang: base::Lang) -> &'static str {
        match self {
            Self::Average => t::sheet_average(lang),
            Self::Progress => t::sheet_progress(lang),
            Self::Quality => t::sheet_quality(lang),
            Self::Learnedness => t::sheet_learnedness(lang),
            Self::Of(Standing::Five) => t::sheet_fives(lang),
            Self::Of(Standing::Four) => t::sheet_fours(lang),
            Self::Of(Standing::Three) => t::sheet_threes(lang),
            Self::Of(Standing::Two) => t::sheet_twos(lang),
            Self::Of(_) => t::sheet_not_attested(lang),
        }
    }

    /// Does a mark that is counted so stand behind the figure? Of a share those stand behind it whom it leaves out, too.
    pub fn has(self, one: &Indicators) -> bool {
        match self {
            Self::Of(Standing::Five) => one.five > 0,
            Self::Of(Standing::Four) => one.four > 0,
            Self::Of(Standing::Three) => one.three > 0,
            Self::Of(Standing::Two) => one.two > 0,
            Self::Of(_) => one.not_attested > 0,
            Self::Average | Self::Progress | Self::Quality | Self::Learnedness => true,
        }
    }

    /// How it was counted: the formula with the counts in it, and what counts. `mean`: the sum of the marks, how many, the average.
    pub fn how(self, all: &Indicators, mean: (Hundredths, i64), lang: base::Lang) -> Vec<String> {
        let figure = |n: Option<Hundredths>| n.map(|n| lang.decimal(&n.fixed())).unwrap_or_default();
        let n = all.n();
        let formula = match self {
            Self::Average => {
                let average = Hundredths::ratio(i128::from(mean.0.0), i128::from(mean.1) * 100);
                let sum = lang.decimal(&mean.0.to_string());
                return vec![format!("{sum} : {} = {}", mean.1, figure(average))];
            }
            Self::Progress => format!(
                "({} + {} + {}) · 100 : {n} = {}",
                all.five,
                all.four,
                all.three,
                figure(all.progress())
            ),
            Self::Quality => format!(
                "({} + {}) · 100 : {n} = {}",
                all.five,
                all.four,
                figure(all.quality())
            ),
            Self::Learnedness => format!(
                "(100·{} + 64·{} + 36·{} + 16·{} + 7·{}) : {n} = {}",
                all.five,
                all.four,
                all.three,
                all.two,
                all.not_attested,
                figure(all.learnedness())
            ),
            Self::Of(_) => return vec![],
        };
        vec![
            formula,
            t::sheet_open_counts(lang, all.five, all.four, all.not_attested, all.three, all.two),
            t::sheet_note_figures(lang).to_owned(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Lang;

    #[test]
    fn an_address_reads_back_and_nothing_else_does() {
        let at = At::new("p1001", "s400-exam");
        assert_eq!(at.to_string().parse(), Ok(at));
        for bad in ["", "p1001", ".", "p1.", ".s1", "p1.s1&x", "p1.s1.t1", "п1.s1"] {
            assert_eq!(bad.parse::<At>(), Err(NoPlace), "{bad}");
        }
        assert!(format!("p{}.s1", "1".repeat(60)).parse::<At>().is_err());
    }

    #[test]
    fn shares_read_back_and_say_their_formula() {
        for share in Share::WHOLE.into_iter().chain(Share::COUNTS) {
            assert_eq!(Share::from_key(share.key()), Some(share));
        }
        let all = Indicators {
            five: 1,
            four: 2,
            three: 1,
            ..Indicators::default()
        };
        let how = |share: Share| share.how(&all, (Hundredths::whole(16), 4), Lang::Ru)[0].clone();
        assert_eq!(how(Share::Average), "16 : 4 = 4,00");
        assert_eq!(how(Share::Progress), "(1 + 2 + 1) · 100 : 4 = 100,00");
        assert_eq!(how(Share::Quality), "(1 + 2) · 100 : 4 = 75,00");
        assert_eq!(
            how(Share::Learnedness),
            "(100·1 + 64·2 + 36·1 + 16·0 + 7·0) : 4 = 66,00"
        );
    }
}
