//! The cards of an import as a new draft of the timetable.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use base::sql::{Ctx, Done, Event};
use base::{VersionId, YearId};
use serde_json::json;
use timetable::SchoolDraft;

use super::write::{at, short};
use crate::import::Preview;
use crate::import::kept::{Columns, spread};
use crate::import::names::cycle_weeks;
use crate::t;
use crate::timetable::sql::cut::word;
use crate::timetable::sql::series::written;

pub(super) async fn cards(
    ctx: &mut Ctx,
    (year, kept): (YearId, Option<i64>),
    draft: &SchoolDraft,
    loads: &[i64],
    rooms: &[i64],
) -> Done<VersionId> {
    let (school, lang, now) = (ctx.school(), ctx.lang(), ctx.now());
    // `parta import` on the command line is nobody's act
    let person = Some(ctx.person().0).filter(|id| *id > 0);
    let name: String = draft.name.trim().chars().take(80).collect();
    let title = if name.is_empty() {
        t::import_title_plain(lang).to_owned()
    } else {
        t::import_title(lang, name)
    };
    let version = sqlx::query_scalar!(
        "insert into timetable_version
            (school_id, year_id, title, state, day_names, slot_names, cycle_weeks, changed_by, changed_at, kept_rules_id)
         values ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9) returning id",
        school.0,
        year.0,
        title,
        &draft.days,
        &draft.slots,
        cycle_weeks(draft.days.len()),
        person,
        now,
        kept,
    )
    .fetch_one(ctx.db())
    .await?;
    let cards: Vec<_> = draft
        .loads
        .iter()
        .enumerate()
        .flat_map(|(n, load)| load.cards.iter().map(move |card| (at(loads, n), card)))
        .collect();
    let load: Vec<i64> = cards.iter().map(|c| c.0).collect();
    let duration: Vec<i16> = cards.iter().map(|c| short(c.1.duration)).collect();
    let place = |c: &timetable::draft::DraftCard| c.placement;
    let day: Vec<Option<i16>> = cards.iter().map(|c| place(c.1).map(|p| short(p.day))).collect();
    let slot: Vec<Option<i16>> = cards.iter().map(|c| place(c.1).map(|p| short(p.slot))).collect();
    let room: Vec<Option<i64>> = cards
        .iter()
        .map(|c| place(c.1).and_then(|p| p.room).map(|r| at(rooms, r.ix())))
        .collect();
    let locked: Vec<bool> = cards.iter().map(|c| c.1.locked).collect();
    let weeks: Vec<String> = cards.iter().map(|c| word(c.1.weeks).to_owned()).collect();
    let Columns {
        series,
        days: series_days,
        weights: series_weight,
        more,
    } = spread(draft).columns();
    let more: Vec<_> = more.iter().map(|series| written(series)).collect();
    // by these the kept rules know them
    let number = |c: &timetable::draft::DraftCard| i32::try_from(c.source_id).ok().filter(|n| *n > 0);
    let activity: Vec<Option<i32>> = cards.iter().map(|c| kept.and_then(|_| number(c.1))).collect();
    sqlx::query!(
        "insert into card (school_id, version_id, load_id, duration, day, slot, room_id, locked, series, series_days, series_weight,
            weeks, activity, more_series)
         select $1, $2, c.load, c.duration, c.day, c.slot, c.room, c.locked, c.series, c.series_days, c.series_weight,
            c.weeks, c.activity, c.more_series
         from unnest($3::bigint[], $4::smallint[], $5::smallint[], $6::smallint[], $7::bigint[], $8::boolean[],
                $9::integer[], $10::smallint[], $11::text[], $12::text[], $13::integer[],
                $14::jsonb[])
            with ordinality c (load, duration, day, slot, room, locked, series, series_days, series_weight, weeks, activity,
                more_series, n) order by n",
        school.0,
        version,
        &load,
        &duration,
        &day as &[Option<i16>],
        &slot as &[Option<i16>],
        &room as &[Option<i64>],
        &locked,
        &series as &[Option<i32>],
        &series_days as &[Option<i16>],
        &series_weight as &[Option<String>],
        &weeks,
        &activity as &[Option<i32>],
        &more as &[Option<serde_json::Value>],
    )
    .execute(ctx.db())
    .await?;
    Ok(VersionId(version))
}

/// The one event of an import; the people it made have theirs.
pub(super) async fn audit(ctx: &mut Ctx, version: VersionId, told: &Preview) -> Done<()> {
    let new = json!({ "name": told.name, "counts": told.counts, "cards": told.cards, "placed": told.placed });
    ctx.audit(Event {
        action: "school.imported",
        entity: "timetable_version",
        key: version.to_string(),
        old: None,
        new: Some(new),
        op: None,
    })
    .await
}
