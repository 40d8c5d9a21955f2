//! Accounts of a class or of the staff, and the slips (листки) on which their first passwords are handed over.

use base::{ClassId, Lang, PersonId, SchoolId};
use chrono::{DateTime, Datelike as _, FixedOffset, Timelike as _, Utc};
use serde::{Deserialize, Serialize};

use crate::auth::issued;
use crate::t;

/// How many passwords are issued in one call: a second or two of hashing, so that a person sees the work go on and nobody waits
/// behind a whole school.
pub const AS_MANY_AT_ONCE: usize = 12;

/// Whose accounts one looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// All staff.
    Staff,
    /// A class: its pupils of today and their guardians.
    Class(ClassId),
}

/// «staff» or the class's number: its place in an address.
impl std::fmt::Display for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Staff => f.write_str("staff"),
            Self::Class(class) => class.fmt(f),
        }
    }
}

impl std::str::FromStr for Group {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "staff" => Ok(Self::Staff),
            class => class.parse().map(Self::Class),
        }
    }
}

/// How far somebody has come with their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// No account yet.
    None,
    /// A password is issued and good, but nobody has used it.
    Waiting,
    /// The issued password died unused.
    Expired,
    /// They work with a password of their own, which nobody here knows or touches unasked.
    Own,
    /// Closed.
    Disabled,
    /// Another organisation, where they work, issues their password.
    Elsewhere,
    /// They may more in this school than who reads the list, who issues them none ([`super::beyond`]).
    Above,
    /// The reader: one's own password is changed with the old one, never issued.
    Oneself,
}

/// Whether it is the reader's to issue somebody a password, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// The reader may.
    Reader,
    /// It is the reader's own.
    Oneself,
    /// Another organisation's.
    Elsewhere,
    /// Somebody's with more rights here.
    Above,
}

impl Issuer {
    /// From the facts; the first that holds decides.
    #[must_use]
    pub fn of(oneself: bool, elsewhere: bool, above: bool) -> Self {
        match (oneself, elsewhere, above) {
            (true, _, _) => Self::Oneself,
            (_, true, _) => Self::Elsewhere,
            (_, _, true) => Self::Above,
            (false, false, false) => Self::Reader,
        }
    }
}

impl State {
    /// Gets a password when a whole group gets theirs: who never had one, and whose has died.
    #[must_use]
    pub fn is_due(self) -> bool {
        matches!(self, Self::None | Self::Expired)
    }

    /// May get a new one on a slip among others: also who still holds an unused one (the slip was lost).
    #[must_use]
    pub fn may_be_chosen(self) -> bool {
        self.is_due() || self == Self::Waiting
    }
}

/// The facts of an account: is there one, must its password be changed, until when is it good, is it closed; and who issues its
/// owner's passwords.
#[must_use]
pub fn state(
    account: Option<(bool, Option<DateTime<Utc>>, bool)>,
    issuer: Issuer,
    now: DateTime<Utc>,
) -> State {
    match (issuer, account) {
        (Issuer::Oneself, _) => State::Oneself,
        (Issuer::Elsewhere, _) => State::Elsewhere,
        (Issuer::Above, _) => State::Above,
        (Issuer::Reader, None) => State::None,
        (Issuer::Reader, Some((_, _, true))) => State::Disabled,
        (Issuer::Reader, Some((false, _, _))) => State::Own,
        (Issuer::Reader, Some((true, until, _))) if issued::alive(until, now) => State::Waiting,
        (Issuer::Reader, Some(_)) => State::Expired,
    }
}

/// As whom somebody stands in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A member of staff.
    Staff,
    /// A pupil.
    Pupil,
    /// A guardian of these pupils, «Абрамов Артём, Абрамова Ева».
    Guardian(String),
}

/// Somebody of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Who.
    pub person: PersonId,
    /// «Абрамова Мария Ивановна».
    pub name: String,
    /// As whom.
    pub part: Part,
    /// How far with the account.
    pub state: State,
    /// What they sign in with, if they have an account.
    pub login: Option<String>,
}

/// A group with its people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPage {
    /// Which.
    pub group: Group,
    /// «7А»; empty for the staff.
    pub name: String,
    /// The school's name, for the slips.
    pub school: String,
    /// Which one: a password is shown in no other school's page.
    pub school_id: SchoolId,
    /// Its offset from UTC, in seconds: until when a password is good is told by its clock.
    pub utc_offset: i32,
    /// Staff by name; of a class each pupil with the guardians behind.
    pub people: Vec<Holder>,
    /// May the reader issue passwords?
    pub may_issue: bool,
}

/// A group in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    /// Which.
    pub group: Group,
    /// «7А»; empty for the staff.
    pub name: String,
    /// How many people.
    pub people: u32,
    /// Without an account, or with an issued password that died; only those to whom the reader may issue one.
    pub due: u32,
    /// With an issued password that its owner has not replaced yet; of the same people.
    pub waiting: u32,
}

/// All groups of a school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    /// The staff first, then classes by grade and name.
    pub rows: Vec<GroupRow>,
}

/// A slip: the only place where the password stands in clear.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// Whose.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub login: String,
    /// The temporary password.
    pub password: String,
    /// Dead after this moment.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for Slip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slip")
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

/// Slips as a table for a spreadsheet: UTF-8 with its mark, semicolons, CRLF, as Excel in Russia opens it by itself. Group,
/// name, login, password, and until when it is good by the school's clock, whose offset from UTC is given in seconds.
#[must_use]
pub fn csv(lang: Lang, slips: &[(String, Slip)], utc_offset: i32) -> String {
    let mut out = String::from("\u{feff}");
    let heads = [
        t::slip_group(lang),
        t::slip_name(lang),
        t::slip_login(lang),
        t::slip_password(lang),
        t::slip_until(lang),
    ];
    line(&mut out, &heads);
    for (group, slip) in slips {
        let last = FixedOffset::east_opt(utc_offset).map_or(slip.expires_at.naive_utc(), |o| {
            slip.expires_at.with_timezone(&o).naive_local()
        });
        // chrono formats nothing in the browser's build
        let until = format!(
            "{:02}.{:02}.{} {:02}:{:02}",
            last.day(),
            last.month(),
            last.year(),
            last.hour(),
            last.minute()
        );
        line(
            &mut out,
            &[group, &slip.name, &slip.login, &slip.password, &until],
        );
    }
    out
}

/// One line; what a spreadsheet would run as a formula is made text (ASVS 1.2.10).
fn line(out: &mut String, cells: &[&str]) {
    for (n, cell) in cells.iter().enumerate() {
        if n > 0 {
            out.push(';');
        }
        let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\0', '\r']);
        let safe = format!("{}{cell}", if formula { "'" } else { "" });
        if safe.contains([';', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&safe.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&safe);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn who_works_with_a_password_of_their_own_is_never_due() {
        let now = at(0);
        let cases = [
            (None, State::None),
            (Some((true, Some(at(1)), false)), State::Waiting),
            (Some((true, Some(at(0)), false)), State::Expired),
            (Some((true, None, false)), State::Waiting),
            (Some((false, None, false)), State::Own),
            (Some((false, None, true)), State::Disabled),
            (Some((true, Some(at(-1)), true)), State::Disabled),
        ];
        for (account, expected) in cases {
            assert_eq!(state(account, Issuer::Reader, now), expected, "{account:?}");
            for (issuer, whose) in [
                (Issuer::Oneself, State::Oneself),
                (Issuer::Elsewhere, State::Elsewhere),
                (Issuer::Above, State::Above),
            ] {
                assert_eq!(state(account, issuer, now), whose, "{account:?}");
            }
        }
        assert_eq!(Issuer::of(true, true, true), Issuer::Oneself);
        assert_eq!(Issuer::of(false, true, true), Issuer::Elsewhere);
        assert_eq!(Issuer::of(false, false, true), Issuer::Above);
        assert_eq!(Issuer::of(false, false, false), Issuer::Reader);
        for never in [
            State::Own,
            State::Disabled,
            State::Elsewhere,
            State::Above,
            State::Oneself,
        ] {
            assert!(!never.is_due() && !never.may_be_chosen());
        }
        assert!(State::Waiting.may_be_chosen() && !State::Waiting.is_due());
    }

    #[test]
    fn a_group_has_one_address() {
        for group in [Group::Staff, Group::Class(ClassId(7))] {
            assert_eq!(group.to_string().parse(), Ok(group));
        }
        assert!("".parse::<Group>().is_err() && "7a".parse::<Group>().is_err());
    }

    #[test]
    fn a_table_of_slips_runs_no_formula_and_a_slip_is_not_logged() {
        let slip = Slip {
            person: PersonId(1),
            name: "=cmd|' /C calc'!A0".into(),
            login: "ли\"ли;ли".into(),
            password: "secret".into(),
            // in Vladivostok it is the morning of the next day
            expires_at: "2026-12-10T22:30:00Z".parse().unwrap(),
        };
        assert!(!format!("{slip:?}").contains("secret"));
        let table = csv(Lang::Ru, &[("7А".into(), slip)], 10 * 3600);
        assert!(
            table.contains("7А;'=cmd|' /C calc'!A0;\"ли\"\"ли;ли\";secret;11.12.2026 08:30\r\n"),
            "{table}"
        );
        assert!(table.starts_with('\u{feff}') && table.ends_with("\r\n"));
    }
}
