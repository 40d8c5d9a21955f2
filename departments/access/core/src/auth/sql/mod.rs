//! The acts of signing in, of changing a password and of the number one signs in with. No transaction is open while a password is
//! hashed.

mod asked;
mod change;
mod count;
mod phone;
mod sign_in;

pub use change::change_password;
pub use phone::{phone, set_phone};
pub use sign_in::sign_in;
