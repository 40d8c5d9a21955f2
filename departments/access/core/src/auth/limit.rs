//! How often one may guess a password. Documented limits (OWASP ASVS 6.1.1):
//!
//! | counted per | failures | in | for whom |
//! |---|---|---|---|
//! | account + place | 5 | 15 min | everyone; the place is the device where it is known, else the address |
//! | account | 30 | 15 min | places where this account has never signed in, all together |
//! | account | 10 numbers | 24 h | who says by which telephone number to sign in: «another account's» tells that its owner is here |
//!
//! Never per address alone: a whole school shares one. A device that once signed in has a count of its own and is not
//! under the second row, so nobody can lock a person out of their own phone by typing wrong passwords elsewhere.
//! An attempt is counted before the password is hashed, so guesses sent all at once are counted too; a success takes
//! its own count away, and so does an attempt that we could not judge (overload, a database that is away): only a wrong
//! password is a failure. The window begins with its first failure and is not prolonged by further ones. That somebody is
//! being held off is written into the account's events once a window, not at every knock.

use chrono::{DateTime, TimeDelta, Utc};

/// So many failures in such a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Failures that are still heard.
    pub failures: i32,
    /// How long they are remembered, in seconds.
    pub window: i32,
}

/// An account from one place.
pub const ACCOUNT_AND_PLACE: Limit = Limit {
    failures: 5,
    window: 15 * 60,
};
/// An account from all unknown places together.
pub const ACCOUNT: Limit = Limit {
    failures: 30,
    window: 15 * 60,
};

/// Telephone numbers that one account tries to make its own, with success or without.
pub const NUMBERS: Limit = Limit {
    failures: 10,
    window: 24 * 60 * 60,
};

/// What is remembered under one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Failures in this window, the current attempt included.
    pub failures: i32,
    /// When the window began.
    pub since: DateTime<Utc>,
}

impl Limit {
    /// Counts one more attempt. The statement in `sql` does the same in one step.
    #[must_use]
    pub fn count(self, before: Option<Count>, now: DateTime<Utc>) -> Count {
        match before {
            Some(c) if now < c.since + self.length() => Count {
                failures: c.failures.saturating_add(1),
                since: c.since,
            },
            _ => Count {
                failures: 1,
                since: now,
            },
        }
    }

    /// Seconds to wait, when this count is over the limit.
    #[must_use]
    pub fn wait(self, count: Count, now: DateTime<Utc>) -> Option<u32> {
        if count.failures <= self.failures {
            return None;
        }
        let left = (count.since + self.length() - now).num_seconds().max(1);
        Some(u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// Is this the attempt with which the limit was passed? Further ones of the window tell nothing new.
    #[must_use]
    pub fn just_passed(self, count: Count) -> bool {
        count.failures == self.failures.saturating_add(1)
    }

    fn length(self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.window))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn the_sixth_attempt_in_a_quarter_of_an_hour_waits_for_the_rest_of_it() {
        let mut count = None;
        for n in 0..5 {
            let c = ACCOUNT_AND_PLACE.count(count, at(n * 60));
            assert_eq!(ACCOUNT_AND_PLACE.wait(c, at(n * 60)), None);
            count = Some(c);
        }
        let sixth = ACCOUNT_AND_PLACE.count(count, at(300));
        assert_eq!(ACCOUNT_AND_PLACE.wait(sixth, at(300)), Some(600));
        assert!(ACCOUNT_AND_PLACE.just_passed(sixth));
        assert!(!ACCOUNT_AND_PLACE.just_passed(ACCOUNT_AND_PLACE.count(Some(sixth), at(301))));
        let later = ACCOUNT_AND_PLACE.count(Some(sixth), at(900));
        assert_eq!(
            later,
            Count {
                failures: 1,
                since: at(900)
            }
        );
    }

    proptest! {
        #[test]
        fn knocking_on_never_prolongs_the_wait(gaps in proptest::collection::vec(0i64..400, 1..60)) {
            let (mut now, mut count) = (0, None::<Count>);
            for gap in gaps {
                now += gap;
                let c = ACCOUNT_AND_PLACE.count(count, at(now));
                if let Some(wait) = ACCOUNT_AND_PLACE.wait(c, at(now)) {
                    prop_assert!(i64::from(wait) <= 900);
                    // after that wait the next attempt is heard
                    let then = at(now + i64::from(wait));
                    prop_assert_eq!(ACCOUNT_AND_PLACE.wait(ACCOUNT_AND_PLACE.count(Some(c), then), then), None);
                }
                count = Some(c);
            }
        }

        #[test]
        fn no_more_than_the_limit_is_heard_in_any_one_window(n in 1i32..100) {
            let mut count = None;
            let mut heard = 0;
            for _ in 0..n {
                let c = ACCOUNT.count(count, at(0));
                heard += i32::from(ACCOUNT.wait(c, at(0)).is_none());
                count = Some(c);
            }
            prop_assert_eq!(heard, n.min(ACCOUNT.failures));
        }
    }
}
