//! A diary that is not there.

use base::AppError;

/// A page that is no page: the answer's status says so too.
pub fn mark_not_found<T>() -> Result<T, AppError> {
    #[cfg(feature = "ssr")]
    return kit::server::status(Err(AppError::NotFound));
    #[cfg(not(feature = "ssr"))]
    Err(AppError::NotFound)
}
