//! The lessons of a load in its year: those that the timetable has laid out, and those to be expected after them.

use base::sql::{Ctx, Done};
use base::{LessonId, LoadId};

use super::read::Head;
use crate::plan::lay::{Out, PlanLesson};

/// All of them, in the order of time.
pub async fn lessons(ctx: &mut Ctx, load: LoadId, head: &Head) -> Done<Vec<PlanLesson>> {
    let mut lessons = laid_out(ctx, load, head).await?;
    lessons.extend(expected(ctx, load, head).await?);
    Ok(lessons)
}

/// Those that are there. A lesson in a holiday of its whole audience that was not held is none.
pub async fn laid_out(ctx: &mut Ctx, load: LoadId, head: &Head) -> Done<Vec<PlanLesson>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select l.id, l.held_on, l.slot, l.topic, l.state = 'cancelled' as "cancelled!",
            l.state <> 'cancelled' and not takes_place(l) as "holiday!"
           from lesson l
           where l.school_id = $1 and l.load_id = $2 and l.held_on between $3 and $4
           order by l.held_on, l.slot"#,
        school.0,
        load.0,
        head.starts_on,
        head.ends_on,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| PlanLesson {
            id: Some(LessonId(r.id)),
            date: r.held_on,
            slot: r.slot,
            out: match (r.cancelled, r.holiday) {
                (true, _) => Some(Out::Cancelled),
                (_, true) => Some(Out::Holiday),
                _ => None,
            },
            topic: r.topic,
        })
        .collect())
}

/// Those after the last day for which the school has lessons, by the cards of the versions in force, periods and holidays:
/// as `study_core::timetable::sql::lay_out_lessons` would make them.
async fn expected(ctx: &mut Ctx, load: LoadId, head: &Head) -> Done<Vec<PlanLesson>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"with upto as materialized (
            select coalesce(max(held_on), $3::date - 1) as day from lesson where school_id = $1 and held_on between $3 and $4
         ), dates as (
            select v.id as version_id, d::date as held_on, extract(isodow from d)::integer as weekday,
                case when (d::date - date_trunc('week', $3::date)::date) / 7 % 2 = 0 then 'odd' else 'even' end as week,
                v.cycle_weeks, cardinality(v.day_names) / v.cycle_weeks as days_a_week
            from timetable_version v cross join upto u
            cross join lateral generate_series(greatest(v.valid_from, u.day + 1)::timestamp,
                least(v.valid_to, $4)::timestamp, '1 day') d
            where v.school_id = $1 and v.year_id = $5 and v.state = 'published'
         )
         select distinct t.held_on as "held_on!", (c.slot + s)::smallint as "slot!"
         from dates t
         join card c on c.school_id = $1 and c.version_id = t.version_id and c.load_id = $2 and t.weekday <= t.days_a_week
            and c.day = t.weekday - 1 + case when t.cycle_weeks = 2 and t.week = 'even' then t.days_a_week else 0 end
            and c.weeks in ('every', t.week)
         cross join lateral generate_series(0, c.duration - 1) s
         where exists (select from load_audience u
            join class_period e on e.school_id = u.school_id and e.class_id = u.class_id
                and t.held_on between e.starts_on and e.ends_on
            where u.school_id = $1 and u.load_id = $2
              and not exists (select from class_holiday h where h.school_id = $1 and h.class_id = u.class_id
                and t.held_on between h.starts_on and h.ends_on))
         order by 1, 2"#,
        school.0,
        load.0,
        head.starts_on,
        head.ends_on,
        head.year,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| PlanLesson {
            id: None,
            date: r.held_on,
            slot: r.slot,
            out: None,
            topic: None,
        })
        .collect())
}
