//! What an event is in the file.

/// Where an event comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// Identifier of the lesson.
    pub lesson: String,
    /// Patterns of weeks and terms for its card.
    pub weeks: String,
    pub terms: String,
    /// Seats of rooms: the first and how many.
    pub rooms: (usize, usize),
    /// Whether the card is locked where it is.
    pub locked: bool,
}
