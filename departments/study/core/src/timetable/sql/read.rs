//! The list of versions.

use base::VersionId;
use base::sql::{Ctx, Done};

use super::{Sight, sight, year_now};
use crate::timetable::board::{VersionRow, VersionState, Versions};

/// The versions of the current academic year, the newest first.
///
/// # Errors
/// Not found for those who may not see the timetable at all; the database's.
pub async fn versions(ctx: &mut Ctx) -> Done<Versions> {
    let sight = sight(ctx)?;
    let may_edit = sight == Sight::Everything;
    let may_import = crate::import::sql::may_edit(ctx);
    let utc_offset = ctx.actor().utc_offset;
    let Some((year, title)) = year_now(ctx).await? else {
        return Ok(Versions {
            year: None,
            versions: vec![],
            loads: 0,
            may_edit,
            may_import,
            utc_offset,
        });
    };
    let (school, today) = (ctx.school(), ctx.today());
    let rows = sqlx::query!(
        r#"select v.id, v.title, v.state, v.valid_from, v.valid_to, v.changed_at,
            p.last_name as "last_name?", p.first_name as "first_name?", p.middle_name,
            coalesce(c.cards, 0) as "cards!", coalesce(c.placed, 0) as "placed!", exists (
                select from compose_run g where g.school_id = v.school_id and g.version_id = v.id and g.state in ('waiting', 'running')
            ) as "composing!"
         from timetable_version v
         left join person p on p.id = v.changed_by
         left join lateral (
            select count(*) cards, count(day) placed from card c where c.school_id = v.school_id and c.version_id = v.id
         ) c on true
         where v.school_id = $1 and v.year_id = $2 and ($3 or v.state = 'published')
         order by v.valid_from desc nulls first, v.id desc"#,
        school.0,
        year.0,
        may_edit,
    )
    .fetch_all(ctx.db())
    .await?;
    let loads = sqlx::query_scalar!(
        r#"select count(*) as "n!" from teaching_load where school_id = $1 and year_id = $2"#,
        school.0,
        year.0,
    )
    .fetch_one(ctx.db())
    .await?;
    let versions = rows
        .into_iter()
        .map(|r| {
            let state = VersionState::from_key(&r.state);
            VersionRow {
                id: VersionId(r.id),
                title: r.title,
                state,
                valid_from: r.valid_from,
                valid_to: r.valid_to,
                in_force: state == VersionState::Published
                    && r.valid_from.is_some_and(|d| d <= today)
                    && r.valid_to.is_none_or(|d| d >= today),
                composing: r.composing && may_edit,
                cards: r.cards,
                placed: r.placed,
                // who works on it is no business of those who only read
                changed_by: r
                    .last_name
                    .zip(r.first_name)
                    .filter(|_| may_edit)
                    .map(|(last, first)| base::name::short(&last, &first, r.middle_name.as_deref())),
                changed_at: r.changed_at,
            }
        })
        .collect();
    Ok(Versions {
        year: Some(title),
        versions,
        loads,
        may_edit,
        may_import,
        utc_offset,
    })
}
