//! Rules of marking and marks of periods in the database. Each change is compared with what the person saw, and leaves an audit event in its
//! transaction.

mod assign;
mod fallen;
mod holidays;
mod interim;
mod locks;
mod marks;
mod periods;
mod requests;
mod results;
mod rules;
mod topics;
mod totals;
mod unmarked;

use base::AppError;
use base::rights::{self, Action, Kind, Resource};
use base::sql::Ctx;

pub use assign::{assign_class, assign_grade};
pub use fallen::{assignment_falls_out, falls_out};
pub use holidays::{remove_holiday, save_holiday};
pub use interim::save_interim_form;
pub(crate) use locks::reason_of;
pub use locks::{lock_period, lock_year};
pub use marks::save_totals;
pub use periods::{calendar, save_system};
pub(crate) use requests::asked;
pub use requests::{answer_change, ask_change, waiting};
pub(crate) use results::results;
pub(crate) use rules::all;
pub use rules::{add_rule, rules, withdraw_rule};
pub use topics::save_topic;
pub use totals::{behind, column_givers, line, totals};
pub use unmarked::unmarked;

/// Rules and periods are set by whoever may close and open the school's journals; who may see a journal is told that it is not
/// theirs, for anybody else there is nothing.
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
