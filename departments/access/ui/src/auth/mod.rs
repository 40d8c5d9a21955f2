//! Signing in (`/sign-in`) and changing the password (`/password`), for everyone.
//!
//! `return_to` in the address says where one was; only paths of ours are followed (`access_core::auth::local_path`).

mod api;
pub(crate) mod parts;
pub(crate) mod password_page;
pub(crate) mod sign_in_page;
pub mod told;

pub use api::{ChangePassword, SignIn, SignOut};
