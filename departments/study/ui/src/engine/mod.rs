//! The timetable engine in the browser, beside the page: finds ways to give a card a place, and composes without the server.
//!
//! * [`talk`]: what is asked and answered, as data. A new question is a variant of [`talk::Ask`] and an arm in [`inside`].
//! * [`inside`]: the worker's side; knows one board. Its wasm chunk is fetched by the worker alone.
//! * [`Engine`]: the page's side.

mod inside;
mod page;
pub(crate) mod talk;

pub use inside::engine;
pub(crate) use page::Engine;
