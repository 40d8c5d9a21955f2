//! Two versions of the school, compared.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, CardId, LoadId, RoomId, VersionId};

use crate::compose::compare::{Difference, Lying, differences};
use crate::timetable::Seat;

/// The lessons of a version that lie elsewhere in another one.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign version.
pub async fn compare(ctx: &mut Ctx, first: VersionId, second: VersionId) -> Done<Vec<Difference>> {
    let school = ctx.school();
    ctx.must(Action::Edit, &Resource::of_school(Kind::Timetable, school))?;
    let known = sqlx::query_scalar!(
        r#"select count(*) as "count!" from timetable_version where school_id = $1 and id in ($2, $3)"#,
        school.0,
        first.0,
        second.0,
    )
    .fetch_one(ctx.db())
    .await?;
    if known < if first == second { 1 } else { 2 } {
        return Err(AppError::NotFound.into());
    }
    let rows = sqlx::query!(
        r#"select version_id, id, load_id, duration, day, slot, room_id,
            (case weeks when 'odd' then 1 when 'even' then 2 else 0 end)::smallint as "weeks!"
         from card where school_id = $1 and version_id in ($2, $3) order by id"#,
        school.0,
        first.0,
        second.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let (mut before, mut after) = (vec![], vec![]);
    for row in rows {
        let lying = Lying {
            card: CardId(row.id),
            kind: (LoadId(row.load_id), row.duration, row.weeks),
            spot: row.day.zip(row.slot).map(|(day, slot)| Seat {
                day,
                slot,
                room: row.room_id.map(RoomId),
            }),
        };
        if row.version_id == first.0 {
            before.push(lying);
        } else {
            after.push(lying);
        }
    }
    if first == second {
        return Ok(vec![]);
    }
    Ok(differences(&before, &after))
}
