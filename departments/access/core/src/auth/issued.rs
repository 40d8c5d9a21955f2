//! Passwords that a school issues: printed or read out, good for nothing but choosing one's own, and dead from then on or after
//! [`LIFETIME`].

use chrono::{DateTime, TimeDelta, Utc};

/// How long an issued password lives.
pub const LIFETIME: TimeDelta = TimeDelta::days(14);

/// Random bytes that [`text`] asks for.
pub const BYTES: usize = 32;

/// No l, o, i, 0, 1: they are mistaken for each other on paper.
const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// «kf7m-2xqp-9wtz»: 12 letters of 31, 59 bits.
#[must_use]
pub fn text(random: &[u8; BYTES]) -> String {
    // 248 = 8 × 31: larger bytes would favour some letters; 32 bytes have 12 good ones but once in 10²⁰
    let good = random.iter().filter(|b| **b < 248).chain(random.iter()).take(12);
    let mut text = String::with_capacity(14);
    for (n, byte) in good.enumerate() {
        if n == 4 || n == 8 {
            text.push('-');
        }
        let letter = LETTERS.get(usize::from(byte % 31)).copied().unwrap_or(b'a');
        text.push(char::from(letter));
    }
    text
}

/// Is an issued password still good?
#[must_use]
pub fn alive(expires_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    expires_at.is_none_or(|at| now < at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_dies_at_its_moment() {
        let at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        assert!(alive(Some(at), at - TimeDelta::seconds(1)));
        assert!(!alive(Some(at), at));
        assert!(alive(None, at));
    }

    proptest! {
        #[test]
        fn it_can_be_read_from_paper(random in proptest::array::uniform32(any::<u8>())) {
            let text = text(&random);
            prop_assert_eq!(text.len(), 14);
            prop_assert!(text.chars().all(|c| c == '-' || LETTERS.contains(&u8::try_from(c).unwrap())));
        }
    }
}
