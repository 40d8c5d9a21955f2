//! Devices that are told by push: which, of whom, what they show, when they are left in peace.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// So many devices of one person in one school.
pub const AT_MOST: i64 = 10;

/// What a browser tells of itself when its owner turns pushes on, each as base64url, and `replaces`: the device that it was before
/// the browser changed its address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// The address at the push service.
    pub endpoint: String,
    /// The public key.
    pub p256dh: String,
    /// The secret that only we and the browser share.
    pub auth: String,
    /// Until when the address is good, in milliseconds of Unix time; most have no end.
    #[serde(default)]
    pub expires: Option<i64>,
    /// The device that it was before.
    #[serde(default)]
    pub replaces: Option<Uuid>,
}

/// A device of mine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its number.
    pub id: Uuid,
    /// By which a browser knows itself in the list: the first 16 hexadecimal digits of the SHA-256 of its address.
    pub tag: String,
    /// «Chrome, Android».
    pub name: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it was told last.
    pub told_at: Option<DateTime<Utc>>,
    /// It shows what happened, also on a locked screen.
    pub detailed: bool,
}

/// From one hour to another, by the school's clock, nothing is pushed. The same hour twice: always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// From this hour.
    pub from: i16,
    /// To this hour.
    pub to: i16,
}

impl Default for Quiet {
    /// Teachers write marks late; families sleep.
    fn default() -> Self {
        Self { from: 22, to: 7 }
    }
}

impl Quiet {
    /// Are both hours of a clock?
    #[must_use]
    pub fn is_plausible(self) -> bool {
        (0..24).contains(&self.from) && (0..24).contains(&self.to)
    }
}

/// What the settings show of pushes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    /// With which a browser subscribes; none where the server pushes nothing.
    pub key: Option<String>,
    /// Signed in on somebody else's computer: it is not to be told.
    pub shared: bool,
    /// When it is quiet.
    pub quiet: Quiet,
    /// The school's offset from UTC, in seconds.
    pub utc_offset: i32,
    /// Mine, the newest first.
    pub devices: Vec<Device>,
}

/// What a device asks when it was woken: where a tap leads, and what to show if its owner wants to see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The address to open.
    pub href: String,
    /// What happened; none for a device that shows nothing.
    pub text: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_those_of_a_clock() {
        for (from, to, good) in [
            (22, 7, true),
            (0, 0, true),
            (23, 0, true),
            (24, 7, false),
            (-1, 7, false),
            (22, 24, false),
        ] {
            assert_eq!(Quiet { from, to }.is_plausible(), good, "{from} {to}");
        }
        assert!(Quiet::default().is_plausible());
    }
}
