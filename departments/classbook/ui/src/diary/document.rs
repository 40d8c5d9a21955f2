//! In the browser a week is no page to draw: whoever is led there by the router loads the document.

pub use kit::load_document as draw;
