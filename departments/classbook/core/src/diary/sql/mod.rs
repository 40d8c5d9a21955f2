//! The diary's questions ([`read`]), its acts ([`write`], [`looked`], [`tick`](mod@tick)), and that something has happened while one looks ([`beat`]).

mod beat;
mod class_results;
mod frame;
mod given;
mod look;
mod own;
pub mod read;
mod subjects;
pub mod tick;
mod topics;
pub mod write;

pub use beat::{Watch, watch};
pub(crate) use class_results::class_results;
pub(crate) use frame::FrameKey;
pub use given::{FIRST_DAYS, NEWS_DAYS, SITTING_MINUTES};
pub use look::looked;
pub(crate) use look::{Shown, remember};
pub(crate) use own::OwnKey;
pub(crate) use read::calendar_days;
pub use read::week;
pub(crate) use subjects::of_year;
pub use subjects::subjects;
pub use tick::tick;
pub use topics::topics;
pub(crate) use write::leads;
pub use write::seen;

use base::AppError;
use base::PupilId;
use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};

/// Whose diary is asked for: the given pupil's, else one's own, else the first child's.
fn whose(ctx: &Ctx, pupil: Option<PupilId>) -> Result<PupilId, AppError> {
    pupil
        .or_else(|| ctx.actor().role.family().and_then(<[PupilId]>::first).copied())
        .ok_or(AppError::NotFound)
}

/// The diary as the policy sees it. `leads`: the actor leads the class the pupil is in now.
fn resource(ctx: &Ctx, pupil: PupilId, leads: bool) -> Resource {
    Resource {
        kind: Kind::Diary,
        school: ctx.school(),
        own: ctx.actor().role.family().is_some_and(|own| own.contains(&pupil)),
        own_class: leads,
    }
}

/// A family is refused before the database is asked; staff after the facts came along with the answer.
fn family_first(ctx: &Ctx, pupil: PupilId) -> Done<()> {
    if ctx.actor().role.family().is_some() {
        ctx.must(Action::View, &resource(ctx, pupil, false))?;
    }
    Ok(())
}
