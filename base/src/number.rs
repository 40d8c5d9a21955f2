//! Exact decimals without a library: hundredths in an `i64`. Weights and marks have at most two decimals
//! (`numeric(5, 2)`), and an average computed in the browser must equal the server's to the last digit.

use serde::{Deserialize, Serialize};

/// A decimal number with two places: `Hundredths(465)` is 4.65.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hundredths(pub i64);

impl Hundredths {
    /// The whole number `n`.
    #[must_use]
    pub fn whole(n: i64) -> Self {
        Self(n.saturating_mul(100))
    }

    /// `numerator / denominator` rounded half away from zero, where both count the same unit; `None` for zero.
    #[must_use]
    pub fn ratio(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let scaled = numerator * 200;
        let twice = denominator * 2;
        let rounded = if (scaled < 0) == (denominator < 0) {
            (scaled + denominator) / twice
        } else {
            (scaled - denominator) / twice
        };
        i64::try_from(rounded).ok().map(Self)
    }

    /// Always two places: «4.50».
    #[must_use]
    pub fn fixed(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let n = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", n / 100, n % 100)
    }

    /// Reads «4», «4.5», «4,65»; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
        if part.len() > 2
            || whole.is_empty()
            || !whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let padded = format!("{part:0<2}");
        whole
            .parse::<i64>()
            .ok()?
            .checked_mul(100)?
            .checked_add(padded.parse::<i64>().ok()?)
            .map(Self)
    }
}

/// Without needless zeros: «4», «4.5», «4.65».
impl std::fmt::Display for Hundredths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fixed = self.fixed();
        let short = fixed.trim_end_matches('0').trim_end_matches('.');
        f.write_str(short)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_example_of_the_field() {
        // marks 2 (weight 10) and 5 (weight 40) give 4.4: domain facts 2.1
        assert_eq!(Hundredths::ratio(2 * 10 + 5 * 40, 10 + 40), Some(Hundredths(440)));
        assert_eq!(Hundredths(440).to_string(), "4.4");
        assert_eq!(Hundredths(440).fixed(), "4.40");
        assert_eq!(Hundredths::ratio(1, 0), None);
        assert_eq!(Hundredths::ratio(2, 3), Some(Hundredths(67)));
        assert_eq!(Hundredths::ratio(-2, 3), Some(Hundredths(-67)));
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(n in 0i64..1_000_000) {
            prop_assert_eq!(Hundredths::parse(&Hundredths(n).to_string()), Some(Hundredths(n)));
            prop_assert_eq!(Hundredths::parse(&Hundredths(n).fixed()), Some(Hundredths(n)));
        }

        #[test]
        fn a_ratio_is_the_nearest_hundredth(a in -10_000i128..10_000, b in 1i128..10_000) {
            let Some(r) = Hundredths::ratio(a, b) else { return Err(TestCaseError::fail("none")) };
            let error = (i128::from(r.0) * b - a * 100).abs();
            prop_assert!(error * 2 <= b);
        }
    }
}
