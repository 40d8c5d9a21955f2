//! argon2id, no more at once than there are cores: on the first of September the rest waits its turn or is told so.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use base::AppError;
use tokio::sync::Semaphore;

/// Memory in KiB, passes, lanes: OWASP's t = 2, m = 19 MiB, p = 1.
pub const PARAMS: (u32, u32, u32) = (19_456, 2, 1);

/// How long a sign-in may wait for a free core.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hashes and checks passwords. Cheap to clone; all clones share the cores.
#[derive(Clone, Debug)]
pub struct Hasher {
    cores: Arc<Semaphore>,
    patience: Duration,
    /// Checked for unknown logins, so that they take the same time.
    dummy: Arc<str>,
}

impl Hasher {
    /// One for the process: as many hashes at once as there are cores.
    ///
    /// # Errors
    /// [`AppError::Fault`] should argon2 refuse our own parameters.
    pub fn new() -> Result<Self, AppError> {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self::with(cores, PATIENCE)
    }

    /// With other numbers, for tests.
    ///
    /// # Errors
    /// As [`Hasher::new`].
    pub fn with(cores: usize, patience: Duration) -> Result<Self, AppError> {
        let dummy = hash_now("nobody's password", &[7; 16])?.into();
        Ok(Self {
            cores: Arc::new(Semaphore::new(cores)),
            patience,
            dummy,
        })
    }

    /// Hashes a new password; `salt` is random.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when no core came free in time.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, AppError> {
        self.run(move || hash_now(&password, &salt)).await?
    }

    /// Is it the password of this hash? Without a hash the same work is done, and the answer is no.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when no core came free in time.
    pub async fn verify(&self, password: String, phc: Option<String>) -> Result<bool, AppError> {
        let known = phc.is_some();
        let phc = phc.unwrap_or_else(|| self.dummy.as_ref().to_owned());
        let matches = self
            .run(move || match PasswordHash::new(&phc) {
                Ok(hash) => Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok(),
                Err(_) => {
                    tracing::error!("a stored password hash cannot be read");
                    false
                }
            })
            .await?;
        Ok(matches && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
        let waiting = tokio::time::timeout(self.patience, Arc::clone(&self.cores).acquire_owned());
        let Ok(Ok(core)) = waiting.await else {
            tracing::warn!("too many passwords to check at once");
            return Err(AppError::Unavailable);
        };
        let outcome = tokio::task::spawn_blocking(move || {
            // held until the work is done, even if the asker went away meanwhile
            let _core = core;
            work()
        });
        outcome.await.map_err(|_| AppError::Unavailable)
    }
}

/// Was it hashed with other parameters than today's?
pub(super) fn outdated(phc: &str) -> bool {
    let (memory, passes, lanes) = PARAMS;
    !phc.starts_with(&format!("$argon2id$v=19$m={memory},t={passes},p={lanes}$"))
}

/// Hashes at once, on this thread: for commands and test data, never in a request.
///
/// # Errors
/// [`AppError::Fault`] should argon2 refuse.
pub fn hash_now(password: &str, salt: &[u8; 16]) -> Result<String, AppError> {
    let (memory, passes, lanes) = PARAMS;
    let hash = || -> Result<String, argon2::password_hash::Error> {
        let params = Params::new(memory, passes, lanes, None)?;
        let salt = SaltString::encode_b64(salt)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(argon.hash_password(password.as_bytes(), &salt)?.to_string())
    };
    hash().map_err(|e| {
        tracing::error!(error = %e, "argon2");
        AppError::Fault {
            ticket: "ARGON2".to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_one_opens_and_nothing_else() {
        let hasher = Hasher::with(1, PATIENCE).unwrap();
        let phc = hasher
            .hash(" Пароль с пробелом ".to_owned(), [1; 16])
            .await
            .unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(
            hasher
                .verify(" Пароль с пробелом ".to_owned(), Some(phc.clone()))
                .await
                .unwrap()
        );
        // exactly as typed: no trimming, no folding
        assert!(
            !hasher
                .verify("Пароль с пробелом".to_owned(), Some(phc.clone()))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(" пароль с пробелом ".to_owned(), Some(phc))
                .await
                .unwrap()
        );
        // nobody's password opens nothing, the dummy's own words included
        assert!(!hasher.verify("nobody's password".to_owned(), None).await.unwrap());
        assert!(
            !hasher
                .verify("x".to_owned(), Some("not a hash".to_owned()))
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn a_queue_too_long_is_said_not_endured() {
        let hasher = Hasher::with(0, Duration::from_millis(1)).unwrap();
        assert_eq!(
            hasher.verify("x".to_owned(), None).await,
            Err(AppError::Unavailable)
        );
    }
}
