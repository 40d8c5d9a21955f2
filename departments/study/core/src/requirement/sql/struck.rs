//! Lessons of the timetable in force that lie on hours which somebody cannot any more.

use base::sql::{Ctx, Done};
use base::{VersionId, YearId};

use super::hours::who;
use crate::requirement::sheet::{Lying, Struck};

/// The version in force today, and by person or thing the lessons on hours that are closed to it: those that hold today or begin later. None where
/// no version is in force.
pub(super) async fn struck(ctx: &mut Ctx, year: YearId) -> Done<Option<Struck>> {
    let (school, today) = (ctx.school(), ctx.today());
    let version = sqlx::query!(
        "select id, title from timetable_version
         where school_id = $1 and year_id = $2 and state = 'published' and valid_from <= $3 and coalesce(valid_to, $3) >= $3",
        school.0,
        year.0,
        today,
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(version) = version else { return Ok(None) };
    let rows = sqlx::query!(
        r#"with lying as materialized (
            select k.id, k.load_id, k.day, k.slot, k.duration, k.room_id, l.subject_id from card k
            join teaching_load l on l.school_id = k.school_id and l.id = k.load_id
            where k.school_id = $1 and k.version_id = $2 and k.day is not null
         ), closed as materialized (
            select distinct u.employee_id, u.class_id, u.subgroup_id, u.room_id, u.subject_id, u.load_id, u.day, u.slot
            from unavailability u
            where u.school_id = $1 and u.year_id = $3 and u.weight = 'must' and coalesce(u.valid_to, $4) >= $4
         ), struck as (
            select distinct c.employee_id, c.class_id, c.subgroup_id, c.room_id, c.subject_id, c.load_id as own_load,
                k.id, k.load_id, k.day, k.slot, k.subject_id as of_subject
            from closed c
            join lying k on k.day = c.day and c.slot between k.slot and k.slot + k.duration - 1
            where case
                when c.employee_id is not null then exists (select from load_teacher t
                    where t.school_id = $1 and t.load_id = k.load_id and t.employee_id = c.employee_id)
                when c.class_id is not null then exists (select from load_audience a
                    where a.school_id = $1 and a.load_id = k.load_id and a.class_id = c.class_id)
                when c.subgroup_id is not null then exists (select from load_audience a
                    join subgroup g on g.school_id = $1 and g.id = c.subgroup_id
                    where a.school_id = $1 and a.load_id = k.load_id and a.class_id = g.class_id
                        and (a.subgroup_id is null or a.subgroup_id = g.id))
                when c.room_id is not null then k.room_id = c.room_id
                when c.subject_id is not null then k.subject_id = c.subject_id
                else k.load_id = c.load_id end
         )
         select s.employee_id, s.class_id, s.subgroup_id, s.room_id, s.subject_id, s.own_load, s.day as "day!", s.slot as "slot!",
            j.name as subject, coalesce(h.audience, '') as "audience!"
         from struck s
         join subject j on j.school_id = $1 and j.id = s.of_subject
         left join load_heard h on h.school_id = $1 and h.year_id = $3 and h.load_id = s.load_id
         order by s.day, s.slot, h.audience, s.id"#,
        school.0,
        version.id,
        year.0,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut lessons: Vec<(crate::requirement::Who, Vec<Lying>)> = vec![];
    for r in rows {
        let of = [
            r.employee_id,
            r.class_id,
            r.subgroup_id,
            r.room_id,
            r.subject_id,
            r.own_load,
        ];
        let Some(who) = who(of) else { continue };
        let lying = Lying {
            day: r.day,
            slot: r.slot,
            subject: r.subject,
            audience: r.audience,
        };
        match lessons.iter_mut().find(|(other, _)| *other == who) {
            Some((_, all)) => all.push(lying),
            None => lessons.push((who, vec![lying])),
        }
    }
    Ok(Some(Struck {
        version: VersionId(version.id),
        title: version.title,
        lessons,
    }))
}
