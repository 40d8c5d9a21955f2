//! Scales and types of work in the database. Each change is compared with what the person saw, and leaves an audit event in its
//! transaction. Works keep the weight that they have: a type's weight is what a new one gets.

mod book;
mod letters;
mod read;
mod results;
mod scales;
mod types;

use base::rights::{self, Action, Kind, Resource};
use base::sql::Ctx;
use base::{AppError, Lang};

pub(crate) use book::book;
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

/// Somebody else has changed it meanwhile.
fn stale(ctx: &Ctx) -> AppError {
    AppError::Conflict {
        message: crate::t::scale_stale(ctx.lang()).to_owned(),
    }
}

/// A line of a list that is to be taken away, as it is and whether it is in use: it goes when it is what was seen, in no use, and not the
/// last of its list.
fn must_go<'a, T: PartialEq>(
    ctx: &Ctx,
    line: Option<(&'a T, bool)>,
    seen: &T,
    all: usize,
    used: impl FnOnce(Lang, &T) -> String,
    last: fn(Lang) -> &'static str,
) -> Result<&'a T, AppError> {
    let lang = ctx.lang();
    let (terms, in_use) = line.ok_or(AppError::NotFound)?;
    if terms != seen {
        return Err(stale(ctx));
    }
    if in_use {
        return Err(AppError::invalid("", used(lang, terms)));
    }
    if all == 1 {
        return Err(AppError::invalid("", last(lang)));
    }
    Ok(terms)
}
