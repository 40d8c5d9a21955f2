//! Up to which day the school has laid lessons out: what a grid or a diary ends at, and a number of lessons to come is counted up to.

use base::sql::{Ctx, Done};
use base::{ClassId, LoadId};
use chrono::NaiveDate;

/// Whose days are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Of {
    /// All classes of a journal.
    Load(LoadId),
    /// A pupil's class.
    Class(ClassId),
}

/// The last day for which the school has lessons within a span of days, where some of these classes learn on a later day of the span: lessons are
/// missing there that will come with the next publication of the timetable. `None`: all of the span is laid out, or over, or nothing of it
/// is.
pub(crate) async fn laid_until(
    ctx: &mut Ctx,
    of: Of,
    (from, to): (NaiveDate, NaiveDate),
) -> Done<Option<NaiveDate>> {
    let (school, today) = (ctx.school(), ctx.today());
    if to < today {
        return Ok(None);
    }
    let (load, class) = match of {
        Of::Load(load) => (Some(load.0), None),
        Of::Class(class) => (None, Some(class.0)),
    };
    Ok(sqlx::query_scalar!(
        r#"select u.day as "day!" from (
            select max(l.held_on) as day from lesson l where l.school_id = $1 and l.held_on between $2 and $3) u
           where u.day is not null and exists (
            select from class_system k
            cross join lateral generate_series((greatest(u.day, $4) + 1)::timestamp, $3::date::timestamp, '1 day') d
            where k.school_id = $1
              and (k.class_id = $6 or k.class_id in (select a.class_id from load_audience a where a.school_id = $1 and a.load_id = $5))
              and extract(isodow from d) <= k.week_days
              and not exists (select from class_holiday h where h.school_id = $1 and h.class_id = k.class_id
                and d::date between h.starts_on and h.ends_on)
              -- of a whole year: between two periods nobody learns
              and exists (select from class_period p where p.school_id = $1 and p.class_id = k.class_id
                and d::date between p.starts_on and p.ends_on))"#,
        school.0,
        from,
        to,
        today,
        load,
        class,
    )
    .fetch_optional(ctx.db())
    .await?)
}
