//! Who I am and as whom I act: [`me`](api::me) for the shell, one tap to another position.

mod api;
mod parts;

pub use api::{MeOf, SwitchPosition};
pub use parts::{MeResource, PositionSwitcher, provide_me, signed_in, use_me};
