//! The roll: classes with their pupils, a list of pupils and families from a file, subgroups.
//!
//! Who: everybody who may see people looks; secretary, administrator, deputy and director load lists and form subgroups.
//! [`list_page`] shows the classes, [`load_page`] takes a file in, [`class_page`] shows a class and [`split`] forms its subgroups.
//! Passwords are the department `access`'s: linked by address.

mod api;
pub(crate) mod class_page;
pub(crate) mod list_page;
pub(crate) mod load_page;
mod outcome;
mod split;

pub use api::{ClassOf, ClassesOf, ImportRoll, PreviewRoll, SaveSplit};
