//! Scales and types of work in the database. Each change is compared with what the person saw, and leaves an audit event in its
//! transaction. Works keep the weight that they have: a type's weight is what a new one gets.

mod book;
mod counted;
mod letters;
mod list;
mod read;
mod results;
mod scales;
mod types;

use base::AppError;
use base::rights::{self, Action, Kind, Resource};
use base::sql::Ctx;

pub(crate) use book::book;
pub(crate) use counted::Counted;
pub use letters::{remove_letter, save_letter};
pub use read::scales;
pub use results::save_results;
pub use scales::{remove_scale, save_scale};
pub use types::{order_types, remove_type, save_type};

/// They are set by whoever may close and open the school's journals; who may see a journal is told that it is not theirs, for anybody
/// else there is nothing.
fn must_set(ctx: &Ctx) -> Result<(), AppError> {
    if ctx.may(Action::Lock, &Resource::of_school(Kind::Journal, ctx.school())) {
        return Ok(());
    }
    Err(if rights::any(ctx.actor(), Action::View, Kind::Journal) {
        AppError::Forbidden
    } else {
        AppError::NotFound
    })
}
