//! Our interface vocabulary.
