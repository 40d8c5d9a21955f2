//! What is said about buildings, and what is wrong with it.

use base::{BuildingId, Lang};
use serde::{Deserialize, Serialize};

use crate::t;

/// Floors that a room may lie on; 0 and below are under the ground.
pub const FLOORS: std::ops::RangeInclusive<i16> = -5..=60;

/// Minutes that a way between two buildings may take.
pub const MINUTES: std::ops::RangeInclusive<i16> = 1..=180;

/// The longest name and address.
const NAME: usize = 200;
const ADDRESS: usize = 300;

/// A building, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildingTerms {
    /// «Главный», «Начальная школа»
    pub name: String,
    /// Where it stands.
    pub address: Option<String>,
}

/// A building of the school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildingRow {
    /// Its id.
    pub id: BuildingId,
    /// What it is called, and where it stands.
    #[serde(flatten)]
    pub terms: BuildingTerms,
}

/// A way between two buildings, there and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkRow {
    /// The building with the lesser number.
    pub one: BuildingId,
    /// The other one.
    pub other: BuildingId,
    /// On foot.
    pub minutes: i16,
}

/// Where a room lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// In which building, if that is known.
    pub building: Option<BuildingId>,
    /// On which floor.
    pub floor: Option<i16>,
}

impl BuildingTerms {
    /// Without spaces around; an empty address is none.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let address = self.address.as_deref().map(str::trim).filter(|a| !a.is_empty());
        Self {
            name: self.name.trim().to_owned(),
            address: address.map(str::to_owned),
        }
    }

    /// What is wrong with it: the field and a sentence.
    #[must_use]
    pub fn fault(&self, lang: Lang) -> Option<(&'static str, &'static str)> {
        let name = self.name.chars().count();
        if name == 0 || name > NAME {
            return Some(("name", t::building_wrong_name(lang)));
        }
        let address = self.address.as_ref().map_or(0, |a| a.chars().count());
        (address > ADDRESS).then(|| ("address", t::building_wrong_address(lang)))
    }
}

/// The two ends of a way in their order; `None` for a building and itself.
#[must_use]
pub fn ends(a: BuildingId, b: BuildingId) -> Option<(BuildingId, BuildingId)> {
    (a != b).then(|| (a.min(b), a.max(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_building_has_a_name_and_perhaps_an_address() {
        let fault = |name: &str, address: Option<&str>| {
            let terms = BuildingTerms {
                name: name.into(),
                address: address.map(Into::into),
            };
            terms.trimmed().fault(Lang::Ru).map(|f| f.0)
        };
        assert_eq!(fault(" Главный ", Some("  ")), None);
        assert_eq!(fault("   ", None), Some("name"));
        assert_eq!(fault(&"ы".repeat(201), None), Some("name"));
        assert_eq!(fault("Б", Some(&"у".repeat(301))), Some("address"));
        assert_eq!(
            ends(BuildingId(7), BuildingId(3)),
            Some((BuildingId(3), BuildingId(7)))
        );
        assert_eq!(ends(BuildingId(3), BuildingId(3)), None);
    }
}
