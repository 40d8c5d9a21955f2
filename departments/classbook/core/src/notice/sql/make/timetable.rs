//! What is told of a timetable that was put in force or taken back: once to each family and each teacher whose lessons lie otherwise now,
//! not lesson by lesson. Whoever keeps all lessons hears nothing.

use base::SchoolId;
use sqlx::PgConnection;

use super::Taken;

/// To who has, and to who teaches, a load whose cards lie otherwise from that day on: at other hours, in other weeks or rooms. Compared are the
/// version that holds then and the one that would have held: the one before a new one, the withdrawn one itself. What was published and
/// withdrawn within the minute is nothing; of a day that is over it is told as of today. `new` is the title of what holds then, `old` that of
/// what was taken back.
pub(super) async fn published(db: &mut PgConnection, school: SchoolId, taken: &Taken) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "with told as materialized (
            select t.last, l.at, l.actor_id, d.day, v.id as version, v.year_id, l.action = 'timetable.withdrawn' as back, v.title
            from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
            join audit_event f on f.school_id = $1 and f.id = t.first
            join audit_event l on l.school_id = $1 and l.id = t.last
            join organisation o on o.id = $1
            join timetable_version v on v.school_id = $1 and v.id = notice_key(t.key, 1)
            cross join lateral (select greatest((l.at at time zone o.time_zone)::date,
                (l.new ->> case when l.action = 'timetable.withdrawn' then 'from' else 'valid_from' end)::date) as day) d
            where not (f.action = 'timetable.published' and l.action = 'timetable.withdrawn')
        ),
        compared as materialized (
            select s.last, s.at, s.actor_id, s.day, s.back, s.title,
                case when s.back then s.version else b.id end as before, case when s.back then b.id else s.version end as after
            from told s
            left join lateral (
                select w.id from timetable_version w
                where w.school_id = $1 and w.year_id = s.year_id and w.state = 'published' and w.id <> s.version
                  and case when s.back then s.day between w.valid_from and coalesce(w.valid_to, 'infinity') else w.valid_from < s.day end
                order by w.valid_from desc limit 1) b on true
            -- where nothing holds instead there is no «as before»
            where not (s.back and b.id is null)
        ),
        moved as materialized (
            select distinct s.last, s.at, s.actor_id, s.day, s.back, s.title, c.load_id
            from compared s
            cross join lateral (
                (select load_id, day, slot, duration, weeks, room_id from card where school_id = $1 and version_id = s.before and day is not null
                 except all
                 select load_id, day, slot, duration, weeks, room_id from card where school_id = $1 and version_id = s.after and day is not null)
                union all
                (select load_id, day, slot, duration, weeks, room_id from card where school_id = $1 and version_id = s.after and day is not null
                 except all
                 select load_id, day, slot, duration, weeks, room_id from card where school_id = $1 and version_id = s.before and day is not null)) c
        )
        insert into notice (school_id, pupil_id, person_id, kind, at, starts_on, ends_on, old, new)
        select distinct on (m.last, w.pupil, w.person) $1, w.pupil, w.person, 'timetable', m.at, m.day, m.day,
            case when m.back then left(m.title, 500) end, case when not m.back then left(m.title, 500) end
        from moved m
        join teaching_load g on g.school_id = $1 and g.id = m.load_id
        cross join lateral (
            select e.pupil_id as pupil, null::bigint as person from taught_on($1, m.load_id, m.day) e
            where not exists (
                select from exemption x where x.school_id = $1 and x.pupil_id = e.pupil_id and x.subject_id = g.subject_id
                    and not x.attends and x.withdrawn_at is null and m.day between x.starts_on and x.ends_on)
            union all
            select null::bigint, e.person_id from load_teacher h
            join employee e on e.school_id = $1 and e.id = h.employee_id
            where h.school_id = $1 and h.load_id = m.load_id and e.person_id is distinct from m.actor_id) w
        order by m.last, w.pupil, w.person"
    )
}
