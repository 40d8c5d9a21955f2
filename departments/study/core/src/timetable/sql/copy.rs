//! A draft beside a version, with its cards: where they lie there, or elsewhere.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use base::sql::{Ctx, Done};
use base::{CardId, VersionId};

use crate::timetable::Seat;

/// A draft with the cards of a version. `seats`: where each of them lies, instead of where it lies in that version; a card that is not
/// named, or that is to lie nowhere, lies in the tray, and one that the version does not have is not missed. `None`: the version has gone.
///
/// # Errors
/// The database's. The right, and the audit event, are the caller's.
pub(crate) async fn copy(
    ctx: &mut Ctx,
    source: VersionId,
    title: &str,
    seats: Option<&[(CardId, Option<Seat>)]>,
) -> Done<Option<VersionId>> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let made = sqlx::query_scalar!(
        "insert into timetable_version
            (school_id, year_id, title, state, day_names, slot_names, cycle_weeks, changed_by, changed_at,
            kept_rules_id)
         select school_id, year_id, $3, 'draft', day_names, slot_names, cycle_weeks, $4, $5, kept_rules_id
         from timetable_version where school_id = $1 and id = $2
         returning id",
        school.0,
        source.0,
        title,
        person.0,
        now,
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(version) = made else { return Ok(None) };
    let (mut cards, mut days, mut slots, mut rooms) = (vec![], vec![], vec![], vec![]);
    for (card, seat) in seats.unwrap_or_default() {
        let Some(seat) = seat else { continue };
        cards.push(card.0);
        days.push(seat.day);
        slots.push(seat.slot);
        rooms.push(seat.room.map(|room| room.0));
    }
    sqlx::query!(
        "insert into card (school_id, version_id, load_id, duration, weeks, day, slot, room_id, locked, series, series_days,
            series_weight, more_series, activity)
         select c.school_id, $3, c.load_id, c.duration, c.weeks, case when $8 then c.day else p.day end,
            case when $8 then c.slot else p.slot end, case when $8 then c.room_id else r.id end, c.locked, c.series, c.series_days,
            c.series_weight, c.more_series, c.activity
         from card c
         left join unnest($4::bigint[], $5::smallint[], $6::smallint[], $7::bigint[]) p (id, day, slot, room_id) on p.id = c.id
         left join room r on r.school_id = c.school_id and r.id = p.room_id
         where c.school_id = $1 and c.version_id = $2 order by c.id",
        school.0,
        source.0,
        version,
        &cards,
        &days,
        &slots,
        &rooms as &[Option<i64>],
        seats.is_none(),
    )
    .execute(ctx.db())
    .await?;
    Ok(Some(VersionId(version)))
}
