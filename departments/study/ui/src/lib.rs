//! Study: screens.
