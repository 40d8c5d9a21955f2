//! The homework's questions and acts: [`desk`] shows what stands beside a lesson's homework, [`days`] counts minutes, [`individual`]
//! and [`file`](mod@file) change, [`rule`] is the school's decision, [`sweep`](mod@sweep) removes contents that no row names.

mod days;
mod desk;
mod file;
mod individual;
mod rule;
mod sweep;

pub use days::day_of;
pub(crate) use days::norms;
pub use desk::desk;
pub use file::{Arrived, Opened, attach, file, may_attach, remove_file};
pub(crate) use file::{Owner, remove_files};
pub(crate) use individual::{links, save_queued};
pub use individual::{remove_individual, save_individual};
pub use rule::{first_grade, set_first_grade};
pub use sweep::{YOUNG, sweep};

use base::AppError;
use base::rights::{Action, Kind};
use base::sql::{Ctx, Done};

use crate::journal::sql::facts::{LessonFacts, of_lesson};
use crate::t;

/// The facts of a lesson whose homework is to be changed, the lesson held until the end.
async fn to_change(ctx: &mut Ctx, lesson: base::LessonId) -> Done<LessonFacts> {
    let facts = of_lesson(ctx, lesson).await?;
    ctx.must(Action::Edit, &facts.whose.resource(ctx, Kind::Journal))?;
    let lang = ctx.lang();
    if facts.locked {
        return Err(AppError::invalid("", t::journal_locked(lang)).into());
    }
    if facts.cancelled {
        return Err(AppError::invalid("", t::journal_topic_cancelled(lang)).into());
    }
    Ok(facts)
}
