//! One's own account (`/account`): devices, language, theme, the way out. For everyone.

pub(crate) mod account_page;
mod api;
mod parts;

pub use api::{DevicesOf, RevokeDevice, RevokeOthers, SetLanguage, SetTheme};
pub use parts::{PersonMenu, Preferences, SignOutForm};
