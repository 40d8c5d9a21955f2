//! Accounts made and passwords issued by a school. Nobody chooses or sees the password that somebody uses: what a
//! school issues is random, opens nothing but the form that changes it, and dies there.

mod beyond;
mod group;
mod login;
#[cfg(feature = "sql")]
pub mod sql;

use base::AccountId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use beyond::beyond;
pub use group::{
    AS_MANY_AT_ONCE, Group, GroupPage, GroupRow, Groups, Holder, Issuer, Part, Slip, State, csv, state,
};
pub use login::suggest;

/// A password to hand over: shown once, stored nowhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The account.
    pub account: AccountId,
    /// What one signs in with.
    pub login: String,
    /// The temporary password.
    pub password: String,
    /// Dead after this moment.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}
