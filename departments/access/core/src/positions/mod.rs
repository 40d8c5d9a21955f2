//! What a person may act as, and the actor that follows: appointments valid on the school's today, «Родитель» once a
//! school with children in it, and being a pupil. One tap switches; nothing that is not in this list can be chosen.
//!
//! To add a way of acting (an alumnus, a supplier): a variant of [`PositionKey`], its facts in the statement of
//! `sessions::sql`, its arms here.

#[cfg(feature = "sql")]
pub mod sql;

use std::fmt;
use std::str::FromStr;

use base::rights::{self, Action, Actor, Grant, Kind, Reach, Role};
use base::{AccountId, AppointmentId, EmployeeId, Lang, PersonId, PupilId, SchoolId, name};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::t;

/// Which of one's positions: «staff:10:5», «guardian:10», «pupil:10:1001».
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PositionKey {
    /// An appointment.
    Staff(SchoolId, AppointmentId),
    /// Guardian of the children in a school.
    Guardian(SchoolId),
    /// Pupil of a school.
    Pupil(SchoolId, PupilId),
}

impl PositionKey {
    /// Where one acts.
    #[must_use]
    pub fn school(self) -> SchoolId {
        match self {
            Self::Staff(school, _) | Self::Guardian(school) | Self::Pupil(school, _) => school,
        }
    }
}

impl fmt::Display for PositionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Staff(school, id) => write!(f, "staff:{school}:{id}"),
            Self::Guardian(school) => write!(f, "guardian:{school}"),
            Self::Pupil(school, id) => write!(f, "pupil:{school}:{id}"),
        }
    }
}

/// The text is no position's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no position's key")]
pub struct NoKey;

impl FromStr for PositionKey {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Self, NoKey> {
        let number = |part: Option<&str>| part.and_then(|p| p.parse::<i64>().ok()).ok_or(NoKey);
        let mut parts = text.split(':');
        let kind = parts.next().ok_or(NoKey)?;
        let school = SchoolId(number(parts.next())?);
        let key = match kind {
            "staff" => Self::Staff(school, AppointmentId(number(parts.next())?)),
            "guardian" => Self::Guardian(school),
            "pupil" => Self::Pupil(school, PupilId(number(parts.next())?)),
            _ => return Err(NoKey),
        };
        if parts.next().is_some() {
            Err(NoKey)
        } else {
            Ok(key)
        }
    }
}

impl Serialize for PositionKey {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PositionKey {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What a session remembers: the position, and for a guardian the child last looked at («guardian:10/1001»).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Active {
    /// The position.
    pub key: PositionKey,
    /// The child.
    pub child: Option<PupilId>,
}

impl fmt::Display for Active {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.child {
            Some(child) => write!(f, "{}/{child}", self.key),
            None => self.key.fmt(f),
        }
    }
}

impl FromStr for Active {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Self, NoKey> {
        match text.split_once('/') {
            Some((key, child)) => Ok(Self {
                key: key.parse()?,
                child: Some(child.parse().map_err(|_| NoKey)?),
            }),
            None => Ok(Self {
                key: text.parse()?,
                child: None,
            }),
        }
    }
}

/// A child of a guardian, or oneself as a pupil.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    /// In the school.
    pub pupil: PupilId,
    /// Given name: at home nobody needs the rest.
    pub name: String,
    /// «Абрамов Артём».
    pub full_name: String,
    /// «7А»; none between two classes.
    pub class: Option<String>,
}

/// One thing a person may act as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// For switching to it.
    pub key: PositionKey,
    /// «Учитель», «Родитель».
    pub title: String,
    /// «Школа 1».
    pub school: String,
    /// A guardian's children in that school, or oneself as a pupil; empty for staff.
    pub children: Vec<Child>,
}

/// Who I am: what the shell of the application draws.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// «Орлова Мария Сергеевна».
    pub name: String,
    /// «М. С. Орлова».
    pub short_name: String,
    /// «МО».
    pub initials: String,
    /// What one signs in with.
    pub login: String,
    /// All I may act as, in a steady order.
    pub positions: Vec<Position>,
    /// The active one; none for a person without positions.
    pub active: Option<PositionKey>,
    /// The child looked at, when the active position has children.
    pub child: Option<PupilId>,
    /// What the active position may do at all: for navigation, never for guarding.
    pub may: Vec<(Kind, Action)>,
    /// Signed in with an issued password: nothing but changing it is open.
    pub must_change_password: bool,
    /// This device's session.
    pub session: Uuid,
    /// The active school's offset from UTC now, in seconds, for drawing moments.
    pub utc_offset: i32,
}

/// An appointment, as the session statement finds it.
#[derive(Clone, Debug, Deserialize)]
pub struct StaffFact {
    school: i64,
    school_name: String,
    utc_offset: i32,
    appointment: i64,
    employee: i64,
    title: String,
    template: Option<String>,
    grants: Vec<(String, String, String)>,
}

/// A pupil: one's child, or oneself.
#[derive(Clone, Debug, Deserialize)]
pub struct PupilFact {
    school: i64,
    school_name: String,
    utc_offset: i32,
    pupil: i64,
    first_name: String,
    last_name: String,
    class: Option<String>,
}

/// Everything about a signed-in person that a request needs.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Their account.
    pub account: AccountId,
    /// The person.
    pub person: PersonId,
    /// Family name, given name, patronymic.
    pub name: (String, String, Option<String>),
    /// What they sign in with.
    pub login: String,
    /// The issued password has yet to be changed.
    pub must_change_password: bool,
    /// Appointments of today.
    pub staff: Vec<StaffFact>,
    /// Children.
    pub children: Vec<PupilFact>,
    /// Being a pupil.
    pub pupils: Vec<PupilFact>,
}

impl Facts {
    /// Is there any staff position among them?
    #[must_use]
    pub fn is_staff(&self) -> bool {
        !self.staff.is_empty()
    }

    /// Short names of their schools: words that no password should consist of.
    #[must_use]
    pub fn school_names(&self) -> Vec<&str> {
        let staff = self.staff.iter().map(|s| s.school_name.as_str());
        staff
            .chain(
                self.children
                    .iter()
                    .chain(&self.pupils)
                    .map(|p| p.school_name.as_str()),
            )
            .collect()
    }

    /// Keys of all positions, in a steady order: staff, children, oneself.
    #[must_use]
    pub fn keys(&self) -> Vec<PositionKey> {
        let mut keys: Vec<PositionKey> = self
            .staff
            .iter()
            .map(|s| PositionKey::Staff(SchoolId(s.school), AppointmentId(s.appointment)))
            .collect();
        for child in &self.children {
            let key = PositionKey::Guardian(SchoolId(child.school));
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys.extend(
            self.pupils
                .iter()
                .map(|p| PositionKey::Pupil(SchoolId(p.school), PupilId(p.pupil))),
        );
        keys
    }

    /// What is active: the wanted one while it is still theirs, else the first.
    #[must_use]
    pub fn active(&self, wanted: Option<&str>) -> Option<Active> {
        let keys = self.keys();
        let wanted = wanted
            .and_then(|text| text.parse::<Active>().ok())
            .filter(|a| keys.contains(&a.key));
        let key = wanted.map(|a| a.key).or_else(|| keys.first().copied())?;
        let child = match key {
            PositionKey::Guardian(school) => wanted
                .and_then(|a| a.child)
                .filter(|c| self.children_in(school).any(|p| p.pupil == c.0))
                .or_else(|| self.children_in(school).next().map(|p| PupilId(p.pupil))),
            PositionKey::Pupil(_, pupil) => Some(pupil),
            PositionKey::Staff(..) => None,
        };
        Some(Active { key, child })
    }

    /// May they switch to this? A child, when given, must be theirs in that school.
    #[must_use]
    pub fn holds(&self, wanted: Active) -> bool {
        self.keys().contains(&wanted.key)
            && wanted.child.is_none_or(|child| match wanted.key {
                PositionKey::Guardian(school) => self.children_in(school).any(|p| p.pupil == child.0),
                PositionKey::Pupil(_, pupil) => pupil == child,
                PositionKey::Staff(..) => false,
            })
    }

    /// The actor of the active position.
    #[must_use]
    pub fn actor(&self, active: Option<Active>) -> Actor {
        let nobody = Actor {
            person: self.person,
            account: self.account,
            // no organisation has this number
            school: SchoolId(0),
            role: Role::Person,
            grants: Vec::new(),
            must_change_password: self.must_change_password,
            utc_offset: 3 * 3600,
        };
        match active.map(|a| a.key) {
            Some(PositionKey::Staff(school, appointment)) => {
                let found = self
                    .staff
                    .iter()
                    .find(|s| s.school == school.0 && s.appointment == appointment.0);
                found.map_or_else(
                    || nobody.clone(),
                    |s| Actor {
                        school,
                        role: Role::Staff {
                            employee: EmployeeId(s.employee),
                        },
                        grants: s.grants(),
                        utc_offset: s.utc_offset,
                        ..nobody.clone()
                    },
                )
            }
            Some(PositionKey::Guardian(school)) => {
                let pupils: Vec<_> = self.children_in(school).map(|p| PupilId(p.pupil)).collect();
                let utc_offset = self
                    .children_in(school)
                    .next()
                    .map_or(nobody.utc_offset, |p| p.utc_offset);
                Actor {
                    school,
                    role: Role::Guardian { pupils },
                    utc_offset,
                    ..nobody
                }
            }
            Some(PositionKey::Pupil(school, pupil)) => {
                let own = self.pupils.iter().find(|p| p.school == school.0);
                let utc_offset = own.map_or(nobody.utc_offset, |p| p.utc_offset);
                Actor {
                    school,
                    role: Role::Pupil { pupil },
                    utc_offset,
                    ..nobody
                }
            }
            None => nobody,
        }
    }

    /// What the shell draws.
    #[must_use]
    pub fn me(&self, active: Option<Active>, session: Uuid, lang: Lang) -> Me {
        let actor = self.actor(active);
        let may = Kind::ALL
            .iter()
            .flat_map(|k| Action::ALL.iter().map(move |a| (*k, *a)))
            .filter(|(k, a)| rights::any(&actor, *a, *k))
            .collect();
        let (last, first, middle) = &self.name;
        Me {
            name: name::full(last, first, middle.as_deref()),
            short_name: name::signed(last, first, middle.as_deref()),
            initials: name::initials(last, first),
            login: self.login.clone(),
            positions: self
                .keys()
                .into_iter()
                .filter_map(|key| self.position(key, lang))
                .collect(),
            active: active.map(|a| a.key),
            child: active.and_then(|a| a.child),
            may,
            must_change_password: self.must_change_password,
            session,
            utc_offset: actor.utc_offset,
        }
    }

    fn position(&self, key: PositionKey, lang: Lang) -> Option<Position> {
        let (title, school, children) = match key {
            PositionKey::Staff(school, id) => {
                let fact = self
                    .staff
                    .iter()
                    .find(|s| s.school == school.0 && s.appointment == id.0)?;
                (fact.title(lang), fact.school_name.clone(), Vec::new())
            }
            PositionKey::Guardian(school) => (
                t::position_guardian(lang).to_owned(),
                self.children_in(school).next()?.school_name.clone(),
                self.children_in(school).map(PupilFact::child).collect(),
            ),
            PositionKey::Pupil(school, id) => {
                let own = self
                    .pupils
                    .iter()
                    .find(|p| p.school == school.0 && p.pupil == id.0)?;
                (
                    t::position_pupil(lang).to_owned(),
                    own.school_name.clone(),
                    vec![own.child()],
                )
            }
        };
        Some(Position {
            key,
            title,
            school,
            children,
        })
    }

    fn children_in(&self, school: SchoolId) -> impl Iterator<Item = &PupilFact> {
        self.children.iter().filter(move |p| p.school == school.0)
    }
}

impl StaffFact {
    /// Rows with words that this version does not know give no right.
    fn grants(&self) -> Vec<Grant> {
        self.grants
            .iter()
            .filter_map(|(kind, action, reach)| {
                Some(Grant {
                    kind: Kind::from_key(kind)?,
                    action: Action::from_key(action)?,
                    reach: Reach::from_key(reach)?,
                })
            })
            .collect()
    }

    /// The template's English title stands in while the school has not renamed it.
    fn title(&self, lang: Lang) -> String {
        let template = self
            .template
            .as_deref()
            .and_then(rights::template)
            .filter(|t| t.title == self.title);
        template.map_or_else(|| self.title.clone(), |t| t.title(lang).to_owned())
    }
}

impl PupilFact {
    fn child(&self) -> Child {
        Child {
            pupil: PupilId(self.pupil),
            name: self.first_name.clone(),
            full_name: format!("{} {}", self.last_name, self.first_name),
            class: self.class.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
