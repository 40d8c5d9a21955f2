//! One's own account (`/account`): the number one signs in with, devices, language, theme, the way out. For everyone.

pub(crate) mod account_page;
mod api;
mod parts;
mod phone;

pub use api::{DevicesOf, PhoneOf, RevokeDevice, RevokeOthers, SetLanguage, SetPhone, SetTheme};
pub use parts::{PersonMenu, Preferences, SignOutForm};
