//! Accounts of the school's people, and the slips on which their first passwords are handed over.
//!
//! Who: secretary, administrator, director; the region's operator for its own staff. [`list_page`] shows how many in the staff and in
//! each class still wait, [`group_page`] issues passwords to those who are chosen and draws the slips for printing. A password is
//! in the answer of the call that made it and nowhere else: whoever closes the page without printing issues a new one.

mod api;
pub(crate) mod group_page;
pub(crate) mod list_page;
mod slips;

pub use api::{GroupOf, GroupsOf, Issue, Reissue};
