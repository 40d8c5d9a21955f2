//! FET files.
