//! Requirements in the database: the page, hours, rows, home rooms. Each change is compared with what the person saw, and
//! leaves an audit event in its transaction.

mod hours;
mod import;
mod lists;
mod read;
mod rows;
mod struck;
mod templates;

use base::AppError;
use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};

pub(crate) use hours::who;
pub use hours::{save_home_room, save_hours};
pub(crate) use import::{add_hours, add_missing};
pub(crate) use lists::{add, of_version};
pub use read::sheet;
pub(crate) use read::{hours, in_force, law_of};
pub use rows::{remove, save};
pub use templates::save_template;

use crate::t;
use crate::timetable::sql::when;

/// The thing of an event about a row.
const ENTITY: &str = "requirement";

/// Whoever changes what the timetable is made of must be allowed to change the timetable.
pub(crate) fn must_edit(ctx: &Ctx) -> Result<(), AppError> {
    ctx.must(Action::Edit, &Resource::of_school(Kind::Timetable, ctx.school()))
}

/// Somebody else was faster: who and when, by the last event about the thing.
pub(crate) async fn stale(ctx: &mut Ctx, entity: &str, key: &str) -> Done<AppError> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let last = sqlx::query!(
        r#"select a.at, p.last_name as "last_name?", p.first_name as "first_name?", p.middle_name
         from audit_event a left join person p on p.id = a.actor_id
         where a.school_id = $1 and a.entity = $2 and a.entity_key = $3 order by a.id desc limit 1"#,
        school.0,
        entity,
        key,
    )
    .fetch_optional(ctx.db())
    .await?;
    let offset = ctx.actor().utc_offset;
    let message = match last {
        Some(r) => {
            let who = r
                .last_name
                .zip(r.first_name)
                .map(|(last, first)| base::name::short(&last, &first, r.middle_name.as_deref()));
            let who = who.unwrap_or_else(|| t::save_somebody(lang).to_owned());
            t::requirement_stale(lang, when(r.at, offset), who)
        }
        // what the demo has, and what an older import brought, has no event of its own
        None => t::requirement_stale_unknown(lang).to_owned(),
    };
    Ok(AppError::Conflict { message })
}
