//! Devices that are signed in.
//!
//! The cookie holds 256 random bits, the database their SHA-256 and nothing else. Documented lifetimes (OWASP ASVS
//! 7.1.1), chosen at sign-in and stored with the session:
//!
//! | who | rests at most | lives at most | why |
//! |---|---|---|---|
//! | family | 30 days | 180 days | a diary that asks for a password every week is not opened; devices are listed and revoked |
//! | staff | 7 days | 60 days | a journal stands on a teacher's desk: a weekend yes, a holiday no |
//! | «чужой компьютер», anyone | 30 minutes | 12 hours | and the cookie dies with the browser |
//!
//! A token is new at every sign-in and at every change of the password; signing out kills it in the database.
//! `last_seen_at` is written at most once in [`TOUCH_EVERY`].

pub mod device;
#[cfg(feature = "sql")]
mod memory;
#[cfg(feature = "sql")]
pub mod sql;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[cfg(feature = "sql")]
pub use memory::Sessions;

/// The cookie that holds the token.
pub const COOKIE: &str = "__Host-parta";
/// The cookie by which a device is known again: it opens nothing (see [`crate::auth::limit`]).
pub const DEVICE_COOKIE: &str = "__Host-parta-device";
/// How often `last_seen_at` is written.
pub const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(5);

/// How long a session may rest and live, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// Without a request.
    pub idle: i32,
    /// In all.
    pub absolute: i32,
}

const DAY: i32 = 24 * 60 * 60;

impl Lifetime {
    /// For a family's own device.
    pub const FAMILY: Self = Self {
        idle: 30 * DAY,
        absolute: 180 * DAY,
    };
    /// For staff.
    pub const STAFF: Self = Self {
        idle: 7 * DAY,
        absolute: 60 * DAY,
    };
    /// For a computer that is somebody else's too.
    pub const SHARED: Self = Self {
        idle: 30 * 60,
        absolute: DAY / 2,
    };

    /// The one that fits.
    #[must_use]
    pub fn of(staff: bool, shared_device: bool) -> Self {
        match (shared_device, staff) {
            (true, _) => Self::SHARED,
            (false, true) => Self::STAFF,
            (false, false) => Self::FAMILY,
        }
    }
}

/// The dates by which a session lives or is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Last written request.
    pub last_seen: DateTime<Utc>,
    /// The absolute end.
    pub expires: DateTime<Utc>,
    /// Seconds it may rest.
    pub idle: i32,
}

impl Span {
    /// Is it alive at this moment?
    #[must_use]
    pub fn alive(self, now: DateTime<Utc>) -> bool {
        now < self.expires && now < self.last_seen + TimeDelta::seconds(i64::from(self.idle))
    }

    /// Should this request be written down?
    #[must_use]
    pub fn to_touch(self, now: DateTime<Utc>) -> bool {
        now >= self.last_seen + TOUCH_EVERY
    }
}

/// A token as the cookie holds it. Its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// From 256 random bits.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// Reads a cookie's value; anything but 64 lower-case hexadecimal digits is no token.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 || !digits.iter().all(|d| matches!(d, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        let mut bytes = [0; 32];
        for (n, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// The cookie's value.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// What the database knows.
    #[cfg(feature = "sql")]
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        use sha2::Digest as _;
        sha2::Sha256::digest(self.0).into()
    }
}

/// `Set-Cookie` for a token. `max_age` in seconds; `None`: until the browser is closed; `Some(0)`: away with it.
#[must_use]
pub fn set_cookie(name: &str, value: &str, max_age: Option<i32>) -> String {
    let age = max_age.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}")
}

/// The value of a cookie in a `Cookie` header.
#[must_use]
pub fn cookie<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

/// One of my devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The session.
    pub id: Uuid,
    /// «Chrome, Android»; [`device::UNKNOWN`] when it did not say.
    pub name: String,
    /// Signed in.
    pub since: DateTime<Utc>,
    /// Last seen, to some minutes.
    pub last_seen: DateTime<Utc>,
    /// The one that asks.
    pub current: bool,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_session_rests_and_lives_no_longer_than_allowed() {
        let start = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let span = Span {
            last_seen: start,
            expires: start + TimeDelta::days(60),
            idle: Lifetime::STAFF.idle,
        };
        assert!(span.alive(start + TimeDelta::days(7) - TimeDelta::seconds(1)));
        assert!(!span.alive(start + TimeDelta::days(7)));
        let busy = Span {
            last_seen: start + TimeDelta::days(59),
            ..span
        };
        assert!(!busy.alive(start + TimeDelta::days(60)));
        assert!(!span.to_touch(start + TimeDelta::minutes(4)));
        assert!(span.to_touch(start + TimeDelta::minutes(5)));
        assert_eq!(Lifetime::of(true, true), Lifetime::SHARED);
        assert_eq!(Lifetime::of(false, false), Lifetime::FAMILY);
    }

    #[test]
    fn the_cookie_is_as_strict_as_cookies_get() {
        let line = set_cookie(COOKIE, "abc", Some(60));
        assert_eq!(
            line,
            "__Host-parta=abc; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60"
        );
        assert_eq!(cookie("a=1; __Host-parta=abc;b=2", COOKIE), Some("abc"));
        assert_eq!(cookie("x__Host-parta=abc", COOKIE), None);
        assert_eq!(cookie("", COOKIE), None);
    }

    proptest! {
        #[test]
        fn a_token_survives_the_cookie(random in proptest::array::uniform32(any::<u8>())) {
            let token = Token::new(random);
            prop_assert_eq!(Token::parse(&token.text()), Some(token));
        }

        #[test]
        fn nothing_else_is_a_token(s in ".{0,80}") {
            if let Some(token) = Token::parse(&s) { prop_assert_eq!(token.text(), s); }
        }
    }
}
