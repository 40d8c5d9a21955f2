//! Classbook: screens.
