//! Lessons on dates, laid out from the cards of the versions in force.

use base::LessonId;
use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use chrono::NaiveDate;

use crate::timetable::moves::Laid;

/// Lessons that do not simply follow their cards.
#[derive(Clone, Debug, Default)]
pub(super) struct Touched {
    /// What is written into them stays where it is, though no card is there any more.
    pub kept: Vec<LessonId>,
    /// With a substitution they went to another time of their day; the slot at which they were.
    pub moved: Vec<(LessonId, i16)>,
}

/// Lays out the lessons from one date to another, both included: one statement for the whole school.
///
/// A card becomes a lesson on each date of its weekday (and of its week, odd or even, counted from the year's first)
/// on which at least one class of its audience learns: inside a period that is not locked, in no holiday, with a bell.
/// A lesson whose card is no longer there goes away; one whose time stays passes to the new card. Lessons with a topic,
/// homework, a work or attendance, and all that were held or cancelled, are never touched,
/// nor one into which somebody is writing at this moment. One at which somebody stands in stays too, but follows its load to another
/// time of the same day: else the class had both.
///
/// # Errors
/// Forbidden for those who may not publish; the database's.
pub async fn lay_out_lessons(ctx: &mut Ctx, from: NaiveDate, to: NaiveDate) -> Done<Laid> {
    Ok(lay(ctx, from, to).await?.0)
}

/// As [`lay_out_lessons`], with what did not follow its card.
pub(super) async fn lay(ctx: &mut Ctx, from: NaiveDate, to: NaiveDate) -> Done<(Laid, Touched)> {
    let (school, today) = (ctx.school(), ctx.today());
    ctx.must(Action::Publish, &Resource::of_school(Kind::Timetable, school))?;
    wait_for_teachers(ctx, from, to).await?;
    let row = sqlx::query!(
        r#"with dates as materialized (
            select v.id as version_id, v.year_id, d::date as held_on, extract(isodow from d)::integer as weekday,
                -- the week of the year's first day is odd
                case when (d::date - date_trunc('week', y.starts_on)::date) / 7 % 2 = 0 then 'odd' else 'even' end as week,
                v.cycle_weeks, cardinality(v.day_names) / v.cycle_weeks as days_a_week
            from timetable_version v
            join academic_year y on y.school_id = v.school_id and y.id = v.year_id
            cross join lateral generate_series(greatest(v.valid_from, y.starts_on, $2)::timestamp,
                least(v.valid_to, y.ends_on, $3)::timestamp, '1 day') d
            where v.school_id = $1 and v.state = 'published'
         ), learning as materialized (
            -- on which dates classes of a grade learn that go by one system of periods
            select p.year_id, p.grade, p.system_id, t.held_on, t.weekday
            from (select distinct year_id, held_on, weekday from dates) t
            join (select distinct k.year_id, k.grade, k.system_id from class_system k where k.school_id = $1) p on p.year_id = t.year_id
            join period e on e.school_id = $1 and e.system_id = p.system_id
                and t.held_on between e.starts_on and e.ends_on and e.locked_at is null
            where not exists (select from holiday h where h.school_id = $1 and h.year_id = t.year_id
                and t.held_on between h.starts_on and h.ends_on and coalesce(h.grade, p.grade) = p.grade
                and coalesce(h.system_id, p.system_id) = p.system_id)
         ), ringing as materialized (
            select u.year_id, u.grade, u.weekday, b.number - 1 as slot from bell_use u
            join bell b on b.school_id = u.school_id and b.schedule_id = u.schedule_id
            where u.school_id = $1
         ), heard as materialized (
            select l.id as load_id, c.grade, c.system_id,
                (select min(k.employee_id) from load_teacher k where k.school_id = $1 and k.load_id = l.id) as employee_id,
                not exists (select from bell_use u where u.school_id = $1 and u.year_id = l.year_id and u.grade = c.grade) as any_time
            from teaching_load l
            join load_audience a on a.school_id = l.school_id and a.load_id = l.id
            join class_system c on c.school_id = l.school_id and c.class_id = a.class_id
            where l.school_id = $1 group by l.id, l.year_id, c.grade, c.system_id
         ), laid as materialized (
            -- each lesson of a week, once a grade and system: with these a card meets a date on which they learn, and not all of them
            select c.id as card_id, c.version_id, c.load_id, c.day, (c.slot + s)::smallint as slot, c.weeks, c.room_id,
                h.employee_id, h.grade, h.system_id, h.any_time
            from card c
            join heard h on h.load_id = c.load_id
            cross join lateral generate_series(0, c.duration - 1) s
            where c.school_id = $1 and c.day is not null and c.version_id in (select version_id from dates)
         ), wanted as materialized (
            select distinct on (c.load_id, t.held_on, c.slot) c.load_id, t.held_on, c.slot, c.card_id, c.room_id, c.employee_id
            from dates t
            join laid c on c.version_id = t.version_id and t.weekday <= t.days_a_week
                and c.day = t.weekday - 1 + case when t.cycle_weeks = 2 and t.week = 'even' then t.days_a_week else 0 end
                and c.weeks in ('every', t.week)
            join learning g on g.year_id = t.year_id and g.grade = c.grade and g.system_id = c.system_id and g.held_on = t.held_on
            where c.any_time or exists (select from ringing r where r.year_id = t.year_id and r.grade = c.grade
                and r.weekday = t.weekday and r.slot = c.slot)
            order by c.load_id, t.held_on, c.slot, c.card_id
         ), untouched as materialized (
            select l.id, l.load_id, l.held_on, l.slot, l.card_id, l.substitute_id from lesson l
            join teaching_load k on k.school_id = l.school_id and k.id = l.load_id
            where l.school_id = $1 and l.held_on between $2 and $3 and l.state = 'planned' and l.topic is null
                and not exists (select from assignment a where a.school_id = $1 and a.lesson_id = l.id)
                and not exists (select from homework h where h.school_id = $1 and h.lesson_id = l.id)
                and not exists (select from individual_homework h where h.school_id = $1 and h.lesson_id = l.id)
                and not exists (select from lesson_format f where f.school_id = $1 and f.lesson_id = l.id)
                and not exists (select from attendance a where a.school_id = $1 and a.lesson_id = l.id)
                -- a locked period is history
                and not exists (select from load_audience a
                    join class_period e on e.school_id = a.school_id and e.class_id = a.class_id
                    where a.school_id = $1 and a.load_id = l.load_id and e.locked_at is not null
                        and l.held_on between e.starts_on and e.ends_on)
         ), removed as (
            delete from lesson l using untouched u where l.school_id = $1 and l.id = u.id and u.substitute_id is null
                and not exists (select from wanted w where w.load_id = u.load_id and w.held_on = u.held_on and w.slot = u.slot)
            returning l.id
         ), changed as (
            update lesson l set card_id = w.card_id, room_id = w.room_id, employee_id = w.employee_id
            from untouched u join wanted w on w.load_id = u.load_id and w.held_on = u.held_on and w.slot = u.slot
            where l.school_id = $1 and l.id = u.id and u.card_id is distinct from w.card_id
                -- a substitution keeps who stands in and gets the new room; what has been given stays as it was given
                and (u.substitute_id is null or u.held_on >= $4)
            returning l.id
         ), pairs as materialized (
            -- of a day and a load: the substitutions that have lost their place, and the places that have no lesson yet
            select a.id, a.slot as was, o.load_id, o.held_on, o.slot, o.card_id, o.room_id, o.employee_id
            from (select u.*, row_number() over (partition by u.load_id, u.held_on order by u.slot) as n from untouched u
                where u.substitute_id is not null and u.held_on >= $4
                    and not exists (select from wanted w where w.load_id = u.load_id and w.held_on = u.held_on and w.slot = u.slot)) a
            join (select w.*, row_number() over (partition by w.load_id, w.held_on order by w.slot) as n from wanted w
                where not exists (select from lesson b
                    where b.school_id = $1 and b.load_id = w.load_id and b.held_on = w.held_on and b.slot = w.slot)) o
                on o.load_id = a.load_id and o.held_on = a.held_on and o.n = a.n
         ), moved as (
            update lesson l set slot = p.slot, card_id = p.card_id, room_id = p.room_id, employee_id = p.employee_id
            from pairs p where l.school_id = $1 and l.id = p.id
            returning l.id
         ), kept as (
            select l.id, l.held_on, l.slot from lesson l
            join teaching_load k on k.school_id = l.school_id and k.id = l.load_id
            where l.school_id = $1 and l.held_on between greatest($2, $4) and $3 and l.state <> 'cancelled'
                and not exists (select from wanted w where w.load_id = l.load_id and w.held_on = l.held_on and w.slot = l.slot)
                and not exists (select from untouched u where u.id = l.id and u.substitute_id is null)
                and not exists (select from pairs p where p.id = l.id)
                and not exists (select from load_audience a
                    join class_period e on e.school_id = a.school_id and e.class_id = a.class_id
                    where a.school_id = $1 and a.load_id = l.load_id and e.locked_at is not null
                        and l.held_on between e.starts_on and e.ends_on)
                and takes_place(l)
         ), added as (
            insert into lesson (school_id, load_id, held_on, slot, card_id, room_id, employee_id)
            select $1, load_id, held_on, slot, card_id, room_id, employee_id from wanted w
            where not exists (select from pairs p where p.load_id = w.load_id and p.held_on = w.held_on and p.slot = w.slot)
            order by held_on, slot, load_id
            on conflict (school_id, load_id, held_on, slot) do nothing
            returning id
         )
         select (select count(*) from added) as "added!", (select count(*) from changed) as "changed!",
            (select count(*) from removed) as "removed!",
            array(select id from kept order by held_on, slot, id) as "kept!",
            array(select id from pairs order by held_on, slot, id) as "moved!",
            array(select was from pairs order by held_on, slot, id) as "was!""#,
        school.0,
        from,
        to,
        today,
    )
    .fetch_one(ctx.db())
    .await?;
    let laid = Laid {
        added: row.added,
        changed: row.changed,
        removed: row.removed,
    };
    let moved = row.moved.into_iter().map(LessonId).zip(row.was).collect();
    let kept = row.kept.into_iter().map(LessonId).collect();
    Ok((laid, Touched { kept, moved }))
}

/// Waits for whoever is writing a topic, homework, a work or an absence into a lesson that could go, or says who stands in at it, and holds these lessons
/// until the end: the next statement then sees what was written. Without this it would judge a lesson by what was there before
/// it waited, and delete it with what a teacher has just saved.
async fn wait_for_teachers(ctx: &mut Ctx, from: NaiveDate, to: NaiveDate) -> Done<()> {
    let school = ctx.school();
    sqlx::query!(
        "select id from lesson where school_id = $1 and held_on between $2 and $3 and state = 'planned' and topic is null
         order by id for update",
        school.0,
        from,
        to,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(())
}
