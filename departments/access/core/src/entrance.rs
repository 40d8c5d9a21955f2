//! What a request brings along to the door: where it comes from, which device, who it is if anybody.

use std::net::IpAddr;
use std::sync::Arc;

use base::sql::Store;
use base::{AppError, Lang};
use chrono::{DateTime, Utc};
use rand::TryRngCore as _;

use crate::auth::Hasher;
use crate::sessions::sql::Known;
use crate::sessions::{Sessions, Token};

/// One for the process: the database, the hasher, the memory of sessions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Door {
    /// The database.
    pub store: Store,
    /// Passwords.
    pub hasher: Hasher,
    /// Who is signed in, remembered for some seconds.
    pub sessions: Sessions,
}

impl Door {
    /// Opens it.
    ///
    /// # Errors
    /// Those of [`Hasher::new`].
    pub fn new(store: Store) -> Result<Self, AppError> {
        Ok(Self {
            sessions: Sessions::new(store.clone()),
            hasher: Hasher::new()?,
            store,
        })
    }
}

/// Where a request comes from, for limits.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The address.
    pub address: Option<IpAddr>,
    /// The cookie of a device that has been here before.
    pub device: Option<Token>,
}

/// One request at the door; it lies in the request's extensions beside `kit::server::Visit`.
#[derive(Clone, Debug)]
pub struct Entrance {
    /// The process's door.
    pub door: Door,
    /// Where from.
    pub place: Place,
    /// «Chrome, Android».
    pub device: String,
    /// The cookie's token, whether it opens anything or not.
    pub token: Option<Token>,
    /// Who it is.
    pub who: Option<Arc<Known>>,
    /// The moment of the request.
    pub now: DateTime<Utc>,
    /// The language of the page.
    pub lang: Lang,
}

impl Entrance {
    /// Who it is, or an invitation to sign in.
    ///
    /// # Errors
    /// [`AppError::SignIn`] for nobody.
    pub fn known(&self) -> Result<&Known, AppError> {
        self.who.as_deref().ok_or(AppError::SignIn)
    }
}

/// Random bytes from the system, the only place that asks for them where a secret is made.
///
/// # Errors
/// [`AppError::Unavailable`] when the system has none.
pub fn random<const N: usize>() -> Result<[u8; N], AppError> {
    let mut bytes = [0; N];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).map_err(|e| {
        tracing::error!(error = %e, "no randomness");
        AppError::Unavailable
    })?;
    Ok(bytes)
}
