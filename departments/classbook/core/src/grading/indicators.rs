//! % успеваемости, % качества, СОУ: one definition for all sheets (domain facts 2.1, the vendor's own formulas).
//!
//! N counts all pupils but the exempt and those without any mark; «н/а» stays in N. A pass («зч», «нз») is no mark of five
//! levels and stands outside. Who has left before the period's end is the caller's to leave out.

use base::number::Hundredths;
use serde::{Deserialize, Serialize};

/// What a period mark says about a pupil, whatever the scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// отлично
    Five,
    /// хорошо
    Four,
    /// удовлетворительно
    Three,
    /// неудовлетворительно
    Two,
    /// не аттестован
    NotAttested,
    /// освобождён
    Exempt,
    /// A pass, a fail: a mark without a level.
    #[default]
    Other,
}

impl Standing {
    /// All of them, the best first.
    pub const ALL: [Self; 7] = [
        Self::Five,
        Self::Four,
        Self::Three,
        Self::Two,
        Self::NotAttested,
        Self::Exempt,
        Self::Other,
    ];

    /// Its key in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Five => "five",
            Self::Four => "four",
            Self::Three => "three",
            Self::Two => "two",
            Self::NotAttested => "not_attested",
            Self::Exempt => "exempt",
            Self::Other => "none",
        }
    }

    /// Reads a key; anything else has no level.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        Self::ALL.into_iter().find(|s| s.key() == key).unwrap_or_default()
    }

    /// The level as a figure.
    #[must_use]
    pub fn level(self) -> Option<u8> {
        match self {
            Self::Five => Some(5),
            Self::Four => Some(4),
            Self::Three => Some(3),
            Self::Two => Some(2),
            Self::NotAttested | Self::Exempt | Self::Other => None,
        }
    }

    /// The level as a tint.
    #[must_use]
    pub fn tone(self) -> Option<&'static str> {
        match self {
            Self::Five => Some("5"),
            Self::Four => Some("4"),
            Self::Three => Some("3"),
            Self::Two => Some("2"),
            Self::NotAttested | Self::Exempt | Self::Other => None,
        }
    }

    /// The usual standing of a mark of a scale, where the school has said nothing else: by its code, else by its value against the best
    /// of the scale. On a scale to ten 10 and
    /// 9 are «отлично», 8 and 7 «хорошо», 6 and 5 «удовлетворительно»; other scales by the same shares.
    #[must_use]
    pub fn of(code: &str, value: Option<Hundredths>, best: Hundredths) -> Self {
        let Some(value) = value else {
            return match code.to_lowercase().as_str() {
                "н/а" | "на" => Self::NotAttested,
                "осв" => Self::Exempt,
                _ => Self::Other,
            };
        };
        if best <= Hundredths(500) {
            return match value.0 {
                450.. => Self::Five,
                350..450 => Self::Four,
                250..350 => Self::Three,
                _ => Self::Two,
            };
        }
        // shares of the best, in tenths: 9 and 10 of ten, 7 and 8, 5 and 6
        match value.0.saturating_mul(10) / best.0.max(1) {
            9.. => Self::Five,
            7..9 => Self::Four,
            5..7 => Self::Three,
            _ => Self::Two,
        }
    }
}

/// The figures of a group of pupils in a subject and period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicators {
    /// How many «5».
    pub five: i64,
    /// How many «4».
    pub four: i64,
    /// How many «3».
    pub three: i64,
    /// How many «2».
    pub two: i64,
    /// How many «н/а».
    pub not_attested: i64,
    /// How many «осв»: not in N.
    pub exempt: i64,
    /// Without any mark, or with a pass: not in N.
    pub outside: i64,
}

impl Indicators {
    /// N: all but the exempt and those without a mark.
    #[must_use]
    pub fn n(&self) -> i64 {
        self.five + self.four + self.three + self.two + self.not_attested
    }

    /// % успеваемости: (n5 + n4 + n3) · 100 / N.
    #[must_use]
    pub fn progress(&self) -> Option<Hundredths> {
        self.share((self.five + self.four + self.three) * 100)
    }

    /// % качества: (n5 + n4) · 100 / N.
    #[must_use]
    pub fn quality(&self) -> Option<Hundredths> {
        self.share((self.five + self.four) * 100)
    }

    /// СОУ, the degree of learnedness: (100·n5 + 64·n4 + 36·n3 + 16·n2 + 7·n(н/а)) / N.
    #[must_use]
    pub fn learnedness(&self) -> Option<Hundredths> {
        self.share(100 * self.five + 64 * self.four + 36 * self.three + 16 * self.two + 7 * self.not_attested)
    }

    fn share(&self, numerator: i64) -> Option<Hundredths> {
        Hundredths::ratio(i128::from(numerator), i128::from(self.n()))
    }
}

/// Counts standings; `None` is a pupil without a mark.
#[must_use]
pub fn indicators(standings: impl IntoIterator<Item = Option<Standing>>) -> Indicators {
    let mut out = Indicators::default();
    for standing in standings {
        let place = match standing {
            Some(Standing::Five) => &mut out.five,
            Some(Standing::Four) => &mut out.four,
            Some(Standing::Three) => &mut out.three,
            Some(Standing::Two) => &mut out.two,
            Some(Standing::NotAttested) => &mut out.not_attested,
            Some(Standing::Exempt) => &mut out.exempt,
            Some(Standing::Other) | None => &mut out.outside,
        };
        *place += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Option<Standing>; 8] = [
        Some(Standing::Five),
        Some(Standing::Four),
        Some(Standing::Three),
        Some(Standing::Two),
        Some(Standing::NotAttested),
        Some(Standing::Exempt),
        Some(Standing::Other),
        None,
    ];

    #[test]
    fn the_formulas_of_the_field() {
        // 5, 5, 4, 3, 2, н/а, one exempt, one without a mark: N = 6
        let of = [0, 0, 1, 2, 3, 4, 5, 7].map(|n: usize| ALL[n]);
        let i = indicators(of);
        assert_eq!(i.n(), 6);
        assert_eq!(i.progress(), Some(Hundredths(6667)));
        assert_eq!(i.quality(), Some(Hundredths(5000)));
        // (200 + 64 + 36 + 16 + 7) / 6 = 53.83
        assert_eq!(i.learnedness(), Some(Hundredths(5383)));
        assert_eq!(indicators([None, Some(Standing::Exempt)]).progress(), None);
    }

    #[test]
    fn keys_are_read_back() {
        for standing in Standing::ALL {
            assert_eq!(Standing::from_key(standing.key()), standing);
        }
        assert_eq!(Standing::from_key("?"), Standing::Other);
    }

    #[test]
    fn other_scales_by_their_level() {
        let five =
            |code: &str, n: Option<i64>| Standing::of(code, n.map(Hundredths::whole), Hundredths::whole(5));
        assert_eq!(five("5", Some(5)), Standing::Five);
        assert_eq!(five("1", Some(1)), Standing::Two);
        assert_eq!(five("н/а", None), Standing::NotAttested);
        assert_eq!(five("осв", None), Standing::Exempt);
        assert_eq!(five("зч", None), Standing::Other);
        let ten = |n| Standing::of("", Some(Hundredths::whole(n)), Hundredths::whole(10));
        let all: Vec<Standing> = (1..=10).map(ten).collect();
        assert_eq!(
            all,
            [
                [Standing::Two; 4].as_slice(),
                &[Standing::Three; 2],
                &[Standing::Four; 2],
                &[Standing::Five; 2]
            ]
            .concat()
        );
    }

    proptest! {
        #[test]
        fn shares_lie_between_nothing_and_all(who in proptest::collection::vec(0usize..8, 0..60)) {
            let i = indicators(who.iter().map(|n| ALL[*n]));
            prop_assert_eq!(i.n() + i.exempt + i.outside, i64::try_from(who.len()).unwrap());
            prop_assert_eq!(i.progress().is_some(), i.n() > 0);
            if let (Some(progress), Some(quality), Some(sou)) = (i.progress(), i.quality(), i.learnedness()) {
                prop_assert!(quality <= progress && progress <= Hundredths(10_000));
                prop_assert!(Hundredths(700) <= sou && sou <= Hundredths(10_000));
            }
        }

        #[test]
        fn a_better_mark_never_lowers_a_figure(who in proptest::collection::vec(0usize..5, 1..40), at in 0usize..40) {
            let at = at % who.len();
            let before = indicators(who.iter().map(|n| ALL[*n]));
            let mut better = who;
            better[at] = better[at].saturating_sub(1);
            let after = indicators(better.iter().map(|n| ALL[*n]));
            prop_assert!(before.progress() <= after.progress());
            prop_assert!(before.quality() <= after.quality());
            prop_assert!(before.learnedness() <= after.learnedness());
        }

        #[test]
        fn the_exempt_and_the_markless_change_nothing(who in proptest::collection::vec(0usize..5, 0..40), more in proptest::collection::vec(5usize..8, 0..10)) {
            let alone = indicators(who.iter().map(|n| ALL[*n]));
            let with = indicators(who.iter().chain(&more).map(|n| ALL[*n]));
            prop_assert_eq!((alone.progress(), alone.quality(), alone.learnedness()), (with.progress(), with.quality(), with.learnedness()));
        }
    }
}
