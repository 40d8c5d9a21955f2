//! Who may do what: one pure function over few actions and many resource kinds.
//!
//! A position's rights are rows ([`Grant`]); a family's and everybody's own are built in ([`Role::built_in`]).
//! The function that answers is [`decide`]. It is asked in every `sql` function, before the query, and row-level
//! security holds the same walls again.
//!
//! To add a resource kind: a variant here with its key and texts, rows in [`templates`](mod@templates), and the printed
//! table (`docs/rights.txt`) changes: that diff is what one reviews.

mod templates;

use serde::{Deserialize, Serialize};

use crate::{AccountId, EmployeeId, Lang, PersonId, PupilId, SchoolId, t};
pub use templates::{POSITIONS, Template, template};

macro_rules! keyed {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The key in the database and in the printed table.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),* }
            }

            /// Reads a key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

keyed! {
    /// What is done.
    Action {
        /// Read.
        View = "view",
        /// Change.
        Edit = "edit",
        /// Put in force for everyone.
        Publish = "publish",
        /// Close and open for changes.
        Lock = "lock",
    }
}

keyed! {
    /// What it is done to.
    Kind {
        /// The timetable (расписание): drafts, versions, publishing.
        Timetable = "timetable",
        /// A class journal (журнал): lessons, marks, attendance, homework.
        Journal = "journal",
        /// A pupil's diary (дневник).
        Diary = "diary",
        /// Classes, subjects, rooms, load: what an import writes.
        SchoolData = "school_data",
        /// Cards of pupils, guardians and staff.
        People = "people",
        /// One's own account: password, devices, language.
        Account = "account",
        /// Other people's accounts: issue, reset, disable.
        Accounts = "accounts",
        /// Who changed what (ID-9).
        Audit = "audit",
    }
}

keyed! {
    /// How far a right reaches, from the narrowest.
    Reach {
        /// Only what is one's own: own load, own child, own account.
        Own = "own",
        /// Also the class one leads.
        Class = "class",
        /// The whole school.
        School = "school",
        /// The organisation and everything under it.
        Subtree = "subtree",
    }
}

impl Kind {
    /// Its name for a person.
    #[must_use]
    pub fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Timetable => t::resource_timetable(lang),
            Self::Journal => t::resource_journal(lang),
            Self::Diary => t::resource_diary(lang),
            Self::SchoolData => t::resource_school_data(lang),
            Self::People => t::resource_people(lang),
            Self::Account => t::resource_account(lang),
            Self::Accounts => t::resource_accounts(lang),
            Self::Audit => t::resource_audit(lang),
        }
    }
}

/// One right of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// What it is about.
    pub kind: Kind,
    /// What may be done.
    pub action: Action,
    /// How far it reaches.
    pub reach: Reach,
}

/// In what capacity a person asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Role {
    /// As a member of staff, in one position.
    Staff {
        /// The staff card in the active school.
        employee: EmployeeId,
    },
    /// As a guardian of these pupils of the active school.
    Guardian {
        /// Own children there.
        pupils: Vec<PupilId>,
    },
    /// As a pupil.
    Pupil {
        /// Oneself.
        pupil: PupilId,
    },
    /// Signed in, but without a position anywhere now.
    Person,
}

impl Role {
    /// Rights that need no row: everyone's own account, a family's own diary and the published timetable.
    #[must_use]
    pub fn built_in(&self) -> &'static [Grant] {
        const fn own(kind: Kind, action: Action) -> Grant {
            Grant {
                kind,
                action,
                reach: Reach::Own,
            }
        }
        const PERSON: &[Grant] = &[own(Kind::Account, Action::View), own(Kind::Account, Action::Edit)];
        const FAMILY: &[Grant] = &[
            own(Kind::Account, Action::View),
            own(Kind::Account, Action::Edit),
            own(Kind::Diary, Action::View),
        ];
        match self {
            Self::Staff { .. } | Self::Person => PERSON,
            Self::Guardian { .. } | Self::Pupil { .. } => FAMILY,
        }
    }

    /// The pupils a family's walls are built around; `None` for staff.
    #[must_use]
    pub fn family(&self) -> Option<&[PupilId]> {
        match self {
            Self::Guardian { pupils } => Some(pupils),
            Self::Pupil { pupil } => Some(std::slice::from_ref(pupil)),
            Self::Staff { .. } => None,
            Self::Person => Some(&[]),
        }
    }
}

/// Who asks: a person in their active position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// Their account.
    pub account: AccountId,
    /// The organisation whose segment is open.
    pub school: SchoolId,
    /// In what capacity.
    pub role: Role,
    /// The position's rights.
    pub grants: Vec<Grant>,
    /// Signed in with an issued password that must be changed first.
    pub must_change_password: bool,
    /// The active organisation's offset from UTC now, in seconds: its «today» is not the server's.
    pub utc_offset: i32,
}

/// What somebody wants to act on, with the facts the policy needs. Made by the `sql` functions from the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    /// What it is.
    pub kind: Kind,
    /// Whose segment it lies in.
    pub school: SchoolId,
    /// It is the actor's own: they teach the load, are the pupil's guardian, own the account.
    pub own: bool,
    /// It belongs to the class the actor leads.
    pub own_class: bool,
}

impl Resource {
    /// A thing of the whole school, nobody's own.
    #[must_use]
    pub fn of_school(kind: Kind, school: SchoolId) -> Self {
        Self {
            kind,
            school,
            own: false,
            own_class: false,
        }
    }
}

/// The answer of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go on.
    Allow,
    /// It may be seen, but this is not allowed: 403.
    Forbid,
    /// For this person it does not exist: 404.
    Hide,
}

/// May `actor` do `action` on `resource`?
///
/// What lies in another school is hidden; what may be viewed but not changed is forbidden; what may not be viewed
/// is hidden.
#[must_use]
pub fn decide(actor: &Actor, action: Action, resource: &Resource) -> Decision {
    if actor.school != resource.school {
        return Decision::Hide;
    }
    let holds = |wanted: Action| {
        actor
            .grants
            .iter()
            .chain(actor.role.built_in())
            .any(|g| g.kind == resource.kind && g.action == wanted && reaches(g.reach, resource))
    };
    if holds(action) {
        Decision::Allow
    } else if action != Action::View && holds(Action::View) {
        Decision::Forbid
    } else {
        Decision::Hide
    }
}

fn reaches(reach: Reach, resource: &Resource) -> bool {
    match reach {
        Reach::Own => resource.own,
        Reach::Class => resource.own || resource.own_class,
        Reach::School | Reach::Subtree => true,
    }
}

/// Has the actor any right at all of this kind and action, however narrow? For drawing navigation, never for guarding.
#[must_use]
pub fn any(actor: &Actor, action: Action, kind: Kind) -> bool {
    actor
        .grants
        .iter()
        .chain(actor.role.built_in())
        .any(|g| g.kind == kind && g.action == action)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fmt::Write as _;

    fn actor(role: Role, grants: Vec<Grant>) -> Actor {
        Actor {
            person: PersonId(1),
            account: AccountId(1),
            school: SchoolId(1),
            role,
            grants,
            must_change_password: false,
            utc_offset: 0,
        }
    }

    /// role × resource × action → the narrowest thing it reaches, printed; a change of rights is a diff of this file.
    #[test]
    fn the_printed_table_is_the_policy() {
        let mut table = String::from(
            "# Who may do what. Written by base/src/rights from the policy itself; compared by its test.\n\
             # own: only one's own; class: also the class one leads; school: all of the school; -: nothing.\n\n",
        );
        let mut rows: Vec<(String, Actor)> = POSITIONS
            .iter()
            .map(|t| {
                (
                    t.key.to_owned(),
                    actor(
                        Role::Staff {
                            employee: EmployeeId(1),
                        },
                        t.grants.to_vec(),
                    ),
                )
            })
            .collect();
        rows.push((
            "guardian".into(),
            actor(
                Role::Guardian {
                    pupils: vec![PupilId(1)],
                },
                vec![],
            ),
        ));
        rows.push(("pupil".into(), actor(Role::Pupil { pupil: PupilId(1) }, vec![])));
        rows.push(("person".into(), actor(Role::Person, vec![])));
        for (name, actor) in &rows {
            for kind in Kind::ALL {
                for action in Action::ALL {
                    let ask = |own, own_class| {
                        decide(
                            actor,
                            *action,
                            &Resource {
                                kind: *kind,
                                school: SchoolId(1),
                                own,
                                own_class,
                            },
                        ) == Decision::Allow
                    };
                    let reach = match (ask(false, false), ask(false, true), ask(true, false)) {
                        (true, _, _) => "school",
                        (_, true, _) => "class",
                        (_, _, true) => "own",
                        _ => continue,
                    };
                    let _ = writeln!(table, "{name:<14} {:<12} {:<8} {reach}", kind.key(), action.key());
                }
            }
            table.push('\n');
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/rights.txt");
        if std::env::var_os("UPDATE_RIGHTS").is_some() {
            std::fs::write(path, &table).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == table,
            "rights changed: run `UPDATE_RIGHTS=1 cargo test -p base` and review the diff of docs/rights.txt"
        );
    }

    #[test]
    fn keys_read_back() {
        for k in Kind::ALL {
            assert_eq!(Kind::from_key(k.key()), Some(*k));
        }
        for a in Action::ALL {
            assert_eq!(Action::from_key(a.key()), Some(*a));
        }
        for r in Reach::ALL {
            assert_eq!(Reach::from_key(r.key()), Some(*r));
        }
    }

    fn any_grant() -> impl Strategy<Value = Grant> {
        (0..Kind::ALL.len(), 0..Action::ALL.len(), 0..Reach::ALL.len()).prop_map(|(k, a, r)| Grant {
            kind: Kind::ALL[k],
            action: Action::ALL[a],
            reach: Reach::ALL[r],
        })
    }

    proptest! {
        #[test]
        fn nothing_of_another_school_is_ever_seen(
            grants in proptest::collection::vec(any_grant(), 0..20),
            k in 0..Kind::ALL.len(), a in 0..Action::ALL.len(), own: bool, own_class: bool,
        ) {
            let actor = actor(Role::Staff { employee: EmployeeId(1) }, grants);
            let foreign = Resource { kind: Kind::ALL[k], school: SchoolId(2), own, own_class };
            prop_assert_eq!(decide(&actor, Action::ALL[a], &foreign), Decision::Hide);
        }

        #[test]
        fn one_more_grant_never_takes_a_right_away(
            grants in proptest::collection::vec(any_grant(), 0..10), more in any_grant(),
            k in 0..Kind::ALL.len(), a in 0..Action::ALL.len(), own: bool, own_class: bool,
        ) {
            let resource = Resource { kind: Kind::ALL[k], school: SchoolId(1), own, own_class };
            let before = decide(&actor(Role::Person, grants.clone()), Action::ALL[a], &resource);
            let mut wider = grants;
            wider.push(more);
            let after = decide(&actor(Role::Person, wider), Action::ALL[a], &resource);
            if before == Decision::Allow { prop_assert_eq!(after, Decision::Allow); }
        }

        #[test]
        fn a_thing_one_may_not_view_is_hidden_not_forbidden(
            k in 0..Kind::ALL.len(), a in 0..Action::ALL.len(), own: bool, own_class: bool,
        ) {
            let nobody = actor(Role::Staff { employee: EmployeeId(1) }, vec![]);
            let resource = Resource { kind: Kind::ALL[k], school: SchoolId(1), own, own_class };
            if decide(&nobody, Action::View, &resource) == Decision::Hide {
                prop_assert_ne!(decide(&nobody, Action::ALL[a], &resource), Decision::Forbid);
            }
        }
    }
}
