//! Access: screens.
