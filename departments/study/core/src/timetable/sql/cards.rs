//! The cards of a version.

use std::collections::HashMap;

use base::sql::{Ctx, Done};
use base::{CardId, VersionId};
use timetable::{CardIx, Placement, RoomIx, Weeks};

use super::board::{Places, small};
use super::series;
use crate::requirement::Weight;
use crate::timetable::board::{CardRow, Series};

/// The cards, and which of them is which activity of the file that the version came from.
pub(super) async fn cards(
    ctx: &mut Ctx,
    version: VersionId,
    load_at: &Places,
    room_at: &Places,
) -> Done<(Vec<CardRow>, HashMap<u32, CardIx>)> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select id, load_id, duration, weeks, locked, day, slot, room_id, series, series_days, series_weight, more_series, activity
         from card where school_id = $1 and version_id = $2 order by load_id, id",
        school.0,
        version.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut activities = HashMap::new();
    let mut cards = Vec::with_capacity(rows.len());
    for r in rows {
        let load = load_at.get(&r.load_id).and_then(|n| u32::try_from(*n).ok());
        let Some(load) = load else { continue };
        if let Some(activity) = r.activity.and_then(|n| u32::try_from(n).ok()) {
            activities.insert(activity, CardIx::at(cards.len()));
        }
        cards.push(CardRow {
            id: CardId(r.id),
            load,
            duration: small(r.duration),
            weeks: match r.weeks.as_str() {
                "odd" => Weeks::Odd,
                "even" => Weeks::Even,
                _ => Weeks::Every,
            },
            locked: r.locked,
            series: r.series.zip(r.series_days).map(|(number, days)| Series {
                number,
                days: small(days),
                weight: r.series_weight.as_deref().and_then(Weight::from_key),
            }),
            more_series: r.more_series.map(series::read).unwrap_or_default(),
            place: r.day.zip(r.slot).map(|(day, slot)| Placement {
                day: small(day),
                slot: small(slot),
                room: r.room_id.and_then(|id| room_at.get(&id)).map(|n| RoomIx::at(*n)),
            }),
        });
    }
    Ok((cards, activities))
}
