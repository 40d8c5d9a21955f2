//! The timetable in the database. Drafts are seen by those who may edit; everyone else sees what is published.

mod beside;
mod board;
mod cards;
mod copy;
pub(crate) mod cut;
mod frame;
mod lessons;
mod load;
mod publish;
mod read;
pub(crate) mod series;
mod single;
mod times;
mod withdraw;
mod write;

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, YearId};

pub use board::board;
pub(crate) use board::teachers;
pub(crate) use copy::copy;
pub(crate) use frame::{days_as_written, week_frame, when};
pub use lessons::lay_out_lessons;
pub use load::change_load;
pub use publish::publish;
pub use read::versions;
pub(crate) use times::norms;
pub use withdraw::{withdraw, withdrawal};
pub use write::{create_draft, delete_draft, rename_draft, save_moves};

/// What a person may see of the timetable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Drafts too.
    Everything,
    /// Published versions.
    Published,
}

/// May they see a timetable at all? Families read the published one by their right to the diary.
pub(crate) fn sight(ctx: &Ctx) -> Result<Sight, AppError> {
    let whole = Resource::of_school(Kind::Timetable, ctx.school());
    if ctx.may(Action::Edit, &whole) {
        return Ok(Sight::Everything);
    }
    let own_diary = Resource {
        own: true,
        ..Resource::of_school(Kind::Diary, ctx.school())
    };
    let family = ctx.actor().role.family().is_some_and(|pupils| !pupils.is_empty());
    if family && ctx.may(Action::View, &own_diary) {
        return Ok(Sight::Published);
    }
    ctx.must(Action::View, &whole)?;
    Ok(Sight::Published)
}

/// The academic year of the school's today; before the first of September the coming one, else the last one.
pub(crate) async fn year_now(ctx: &mut Ctx) -> Done<Option<(YearId, String)>> {
    let (school, today) = (ctx.school(), ctx.today());
    let row = sqlx::query!(
        "select id, title from academic_year where school_id = $1
         order by (starts_on <= $2 and ends_on >= $2) desc, starts_on > $2 desc, abs(starts_on - $2) limit 1",
        school.0,
        today,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(row.map(|r| (YearId(r.id), r.title)))
}
