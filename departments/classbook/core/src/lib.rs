//! Classbook.
