//! The days and slots of a school's week, and a moment by its clock.

use base::sql::{Ctx, Done};
use base::{VersionId, YearId};
use chrono::{DateTime, FixedOffset, Utc};

use crate::timetable::days::{in_language, short};

/// Days and slots by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Names of the days.
    pub days: Vec<String>,
    /// Names of the slots.
    pub slots: Vec<String>,
    /// How many of the days are one week.
    pub week: u16,
}

/// The week of the version in force, else of the newest, else by the bells.
pub(crate) async fn week_frame(ctx: &mut Ctx, year: YearId) -> Done<Frame> {
    let (school, today) = (ctx.school(), ctx.today());
    let row = sqlx::query!(
        "select day_names, slot_names, cycle_weeks from timetable_version where school_id = $1 and year_id = $2
         order by (state = 'published' and valid_from <= $3 and coalesce(valid_to, $3) >= $3) desc, id desc limit 1",
        school.0,
        year.0,
        today,
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(row) = row else {
        return by_bells(ctx, year).await;
    };
    let days = u16::try_from(row.day_names.len()).unwrap_or(u16::MAX);
    Ok(Frame {
        week: days / u16::try_from(row.cycle_weeks).unwrap_or(1).max(1),
        days: in_language(ctx.lang(), row.day_names),
        slots: row.slot_names,
    })
}

/// The days as the version itself calls them: what a file is written with, whoever asks for it.
pub(crate) async fn days_as_written(ctx: &mut Ctx, version: VersionId) -> Done<Vec<String>> {
    let school = ctx.school();
    let names = sqlx::query_scalar!(
        "select day_names from timetable_version where school_id = $1 and id = $2",
        school.0,
        version.0,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(names)
}

/// As many days as the longest week of a parallel, as many slots as the longest day of bells.
pub(super) async fn by_bells(ctx: &mut Ctx, year: YearId) -> Done<Frame> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let frame = sqlx::query!(
        r#"select coalesce(max(p.week_days), 5) as "days!",
            coalesce((select max(b.number) from bell_use u join bell b on b.school_id = u.school_id and b.schedule_id = u.schedule_id
                where u.school_id = $1 and u.year_id = $2), 8)::smallint as "slots!"
         from parallel p where p.school_id = $1 and p.year_id = $2"#,
        school.0,
        year.0,
    )
    .fetch_one(ctx.db())
    .await?;
    let week = u16::try_from(frame.days).unwrap_or(5);
    let names = short(lang);
    let days = names.iter().take(week.into()).map(|d| (*d).to_owned());
    Ok(Frame {
        days: days.collect(),
        slots: (1..=frame.slots.max(1)).map(|n| n.to_string()).collect(),
        week,
    })
}

/// A moment by the school's clock: «21.11 14:05».
pub(crate) fn when(at: DateTime<Utc>, offset: i32) -> String {
    let there =
        FixedOffset::east_opt(offset).map_or_else(|| at.naive_utc(), |o| at.with_timezone(&o).naive_local());
    there.format("%d.%m %H:%M").to_string()
}
