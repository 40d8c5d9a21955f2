//! The acts of signing in and of changing a password. No transaction is open while a password is hashed.

mod change;
mod count;
mod sign_in;

pub use change::change_password;
pub use sign_in::sign_in;
