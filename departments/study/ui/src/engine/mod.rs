//! The timetable engine in the browser, beside the page: finds ways to give a card a place, and composes without the server.
//!
//! * [`talk`]: what is asked and answered, as data. A new question is a variant of [`talk::Ask`] and an arm in [`inside`].
//! * [`inside`]: the worker's side; knows one board. Its wasm chunk is fetched by the worker alone.
//! * [`Engine`]: the page's side, [`Together`] several of them that compose.

mod inside;
mod kept;
mod page;
pub(crate) mod talk;
mod together;

pub use inside::engine;
pub(crate) use page::{Engine, cores};
pub(crate) use together::{MOST, Together, searches};

/// Time since some moment.
pub(crate) fn clock() -> std::time::Duration {
    std::time::Duration::try_from_secs_f64(js_sys::Date::now() / 1000.0).unwrap_or_default()
}
