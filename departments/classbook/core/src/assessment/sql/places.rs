//! Where in its day a lesson lies: the coming lessons of journals, and whether each is the first or last of a class that day.

use std::collections::HashMap;

use base::sql::{Ctx, Done};
use base::{LoadId, SchoolId};
use chrono::{Days, NaiveDate};

use crate::assessment::rule::Place;

/// Planned so many days ahead at most.
const AHEAD: Days = Days::new(150);

/// All that are coming of one journal.
pub(super) async fn of_load(ctx: &mut Ctx, year: i64, load: LoadId) -> Done<Vec<Place>> {
    let mut found = places(ctx, year, &[load.0], None).await?;
    Ok(found.remove(&load).unwrap_or_default())
}

/// Those of the works' days, of many journals at once; and of each journal one that is neither first nor last, if it has any: that is all that the
/// rules ask of the other days.
pub(super) async fn of_works(
    ctx: &mut Ctx,
    year: i64,
    works: &[(LoadId, NaiveDate)],
) -> Done<HashMap<LoadId, Vec<Place>>> {
    if works.is_empty() {
        return Ok(HashMap::new());
    }
    let (loads, days): (Vec<i64>, Vec<NaiveDate>) = works.iter().map(|(load, day)| (load.0, *day)).unzip();
    places(ctx, year, &loads, Some(&days)).await
}

/// Lessons of the journal, and beyond them those that the published timetable will lay out. `days`: one for each of `loads`.
async fn places(
    ctx: &mut Ctx,
    year: i64,
    loads: &[i64],
    days: Option<&[NaiveDate]>,
) -> Done<HashMap<LoadId, Vec<Place>>> {
    let (SchoolId(school), today) = (ctx.school(), ctx.today());
    let until: NaiveDate = today.checked_add_days(AHEAD).unwrap_or(today);
    let rows = sqlx::query!(
        r#"with
        heard as materialized (
            select distinct u.load_id, u.class_id from load_audience u where u.school_id = $1 and u.class_id in (
                select w.class_id from load_audience w where w.school_id = $1 and w.load_id = any ($3))
        ),
        load as materialized (
            select h.load_id, (select max(l.held_on) from lesson l where l.school_id = $1 and l.load_id = h.load_id) as last
            from (select distinct load_id from heard) h
        ),
        dates as materialized (
            select v.id as version_id, d::date as held_on, extract(isodow from d)::integer as weekday,
                case when (d::date - date_trunc('week', y.starts_on)::date) / 7 % 2 = 0 then 'odd' else 'even' end as week,
                v.cycle_weeks, cardinality(v.day_names) / v.cycle_weeks as days_a_week
            from timetable_version v
            join academic_year y on y.school_id = $1 and y.id = v.year_id
            cross join lateral generate_series(greatest(v.valid_from, y.starts_on, $4)::timestamp,
                least(v.valid_to, y.ends_on, $5)::timestamp, '1 day') d
            where v.school_id = $1 and v.state = 'published' and v.year_id = $2
        ),
        learning as materialized (
            select distinct e.class_id, t.held_on from dates t
            join class_period e on e.school_id = $1 and e.class_id in (select class_id from heard)
                and t.held_on between e.starts_on and e.ends_on
            where not exists (select from class_holiday h where h.school_id = $1 and h.class_id = e.class_id
                and t.held_on between h.starts_on and h.ends_on)
        ),
        open as materialized (
            select distinct h.load_id, g.held_on from heard h join learning g on g.class_id = h.class_id
        ),
        place as materialized (
            select l.load_id, l.held_on, l.slot::int as slot from load k
            join lesson l on l.school_id = $1 and l.load_id = k.load_id and l.held_on between $4 and $5 and l.state <> 'cancelled'
            union
            select c.load_id, t.held_on, c.slot + s from load k
            join card c on c.school_id = $1 and c.load_id = k.load_id and c.day is not null
            join dates t on t.version_id = c.version_id and t.weekday <= t.days_a_week and t.held_on > coalesce(k.last, '-infinity')
                and c.day = t.weekday - 1 + case when t.cycle_weeks = 2 and t.week = 'even' then t.days_a_week else 0 end
                and c.weeks in ('every', t.week)
            join open g on g.load_id = c.load_id and g.held_on = t.held_on
            cross join lateral generate_series(0, c.duration - 1) s
        ),
        edge as materialized (
            select h.class_id, p.held_on, min(p.slot) as first, max(p.slot) as last
            from heard h join place p on p.load_id = h.load_id group by h.class_id, p.held_on
        ),
        laid as materialized (
            select p.load_id, p.held_on, p.slot, bool_or(p.slot = e.first) as first, bool_or(p.slot = e.last) as last
            from place p join heard h on h.load_id = p.load_id
            join edge e on e.class_id = h.class_id and e.held_on = p.held_on
            where p.load_id = any ($3)
            group by p.load_id, p.held_on, p.slot
        ),
        inner_one as (
            select distinct on (l.load_id) l.load_id, l.held_on, l.slot from laid l where not l.first and not l.last
            order by l.load_id, l.held_on, l.slot
        )
        select l.load_id as "load!", l.held_on as "date!", l.slot::smallint as "slot!", l.first as "first!", l.last as "last!"
        from laid l
        where $6::date[] is null
           or exists (select from unnest($3::bigint[], $6::date[]) w (load_id, held_on) where w.load_id = l.load_id and w.held_on = l.held_on)
           or exists (select from inner_one i where i.load_id = l.load_id and i.held_on = l.held_on and i.slot = l.slot)
        order by l.load_id, l.held_on, l.slot"#,
        school,
        year,
        loads,
        today,
        until,
        days,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut found: HashMap<LoadId, Vec<Place>> = HashMap::new();
    for r in rows {
        found.entry(LoadId(r.load)).or_default().push(Place {
            date: r.date,
            slot: r.slot,
            first: r.first,
            last: r.last,
        });
    }
    Ok(found)
}
