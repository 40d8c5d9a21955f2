//! Buildings: the server functions. They are shown and edited as a part of «Требования» (`requirement/buildings.rs`), whose sheet brings
//! them along.

mod api;

pub use api::{RemoveBuilding, SaveBuilding, SaveSpot, SaveUse, SaveWalk};
pub(crate) use api::{remove, save, save_room, save_use, save_walk};
