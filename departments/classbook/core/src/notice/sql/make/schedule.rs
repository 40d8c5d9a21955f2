//! What is told of the days ahead: lessons that fall out, lessons that another teacher gives, days off, lessons from home. Of days that
//! are over nobody is told; what is taken back is told as what was announced was.

use base::SchoolId;
use sqlx::PgConnection;

use super::Taken;

/// To everybody who is to have the lesson, and to who teaches it, unless they did it themselves; of days that are over to nobody. Cancelled and
/// taken back within the minute is nothing; another reason is no news.
pub(super) async fn cancellations(
    db: &mut PgConnection,
    school: SchoolId,
    taken: &Taken,
) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, pupil_id, person_id, kind, at, subject_id, lesson_id, old, new)
         select $1, w.pupil, w.person, 'cancellation', l.at, g.subject_id, n.id,
            case when not s.cancelled then w.word end, case when s.cancelled then w.word end
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join audit_event f on f.school_id = $1 and f.id = t.first
         join audit_event l on l.school_id = $1 and l.id = t.last
         join organisation o on o.id = $1
         join lesson n on n.school_id = $1 and n.id = notice_key(t.key, 1) and n.held_on >= (l.at at time zone o.time_zone)::date
         join teaching_load g on g.school_id = $1 and g.id = n.load_id
         cross join lateral (
            select l.new ->> 'state' is not distinct from 'cancelled' as cancelled, f.old ->> 'state' is not distinct from 'cancelled' as was) s
         cross join lateral (
            select distinct e.pupil_id as pupil, null::bigint as person, 'cancelled' as word
            from taught_on($1, n.load_id, n.held_on) e
            where not exists (
                    select from exemption x where x.school_id = $1 and x.pupil_id = e.pupil_id and x.subject_id = g.subject_id
                        and not x.attends and x.withdrawn_at is null and n.held_on between x.starts_on and x.ends_on)
            union all
            select distinct null::bigint, e.person_id, coalesce(l.new ->> 'reason', f.old ->> 'reason', 'cancelled')
            from employee e
            where e.school_id = $1 and e.person_id is distinct from l.actor_id
              and (e.id = n.employee_id or e.id = n.substitute_id or exists (
                    select from load_teacher h where h.school_id = $1 and h.load_id = n.load_id and h.employee_id = e.id))) w
         where s.cancelled <> s.was
         order by t.last, w.pupil, w.person"
    )
}

/// To who stands in now and did not, and to who did and does not; the number of the lesson is what they are told. Of days that are over, of
/// a lesson that falls out, and of what one did oneself: nothing.
pub(super) async fn substitutions(
    db: &mut PgConnection,
    school: SchoolId,
    taken: &Taken,
) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, person_id, kind, at, subject_id, lesson_id, old, new)
         select $1, e.person_id, 'substitution', l.at, g.subject_id, n.id,
            case when not w.now then (n.slot + 1)::text end, case when w.now then (n.slot + 1)::text end
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join audit_event f on f.school_id = $1 and f.id = t.first
         join audit_event l on l.school_id = $1 and l.id = t.last
         join organisation o on o.id = $1
         join lesson n on n.school_id = $1 and n.id = notice_key(t.key, 1) and n.held_on >= (l.at at time zone o.time_zone)::date
            and n.state <> 'cancelled'
         join teaching_load g on g.school_id = $1 and g.id = n.load_id
         cross join lateral (values (f.old ->> 'substitute', false), (l.new ->> 'substitute', true)) w (who, now)
         join employee e on e.school_id = $1 and e.id = notice_key(w.who, 1) and e.person_id is distinct from l.actor_id
         where f.old ->> 'substitute' is distinct from l.new ->> 'substitute'
         order by t.last, w.now"
    )
}

/// To the families of those who have the lesson: who gives it instead, or that its own teacher does after all.
pub(super) async fn other_teachers(
    db: &mut PgConnection,
    school: SchoolId,
    taken: &Taken,
) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, pupil_id, kind, at, subject_id, lesson_id, old, new)
         select distinct on (t.last, e.pupil_id) $1, e.pupil_id, 'substitution', l.at, g.subject_id, n.id, w.was, w.now
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join audit_event f on f.school_id = $1 and f.id = t.first
         join audit_event l on l.school_id = $1 and l.id = t.last
         join organisation o on o.id = $1
         join lesson n on n.school_id = $1 and n.id = notice_key(t.key, 1) and n.held_on >= (l.at at time zone o.time_zone)::date
            and n.state <> 'cancelled'
         join teaching_load g on g.school_id = $1 and g.id = n.load_id
         cross join lateral (
            select max(short_name(p.last_name, p.first_name, p.middle_name)) filter (where e.id = notice_key(f.old ->> 'substitute', 1)) as was,
                max(short_name(p.last_name, p.first_name, p.middle_name)) filter (where e.id = notice_key(l.new ->> 'substitute', 1)) as now
            from employee e
            join person p on p.id = e.person_id
            where e.school_id = $1 and e.id in (notice_key(f.old ->> 'substitute', 1), notice_key(l.new ->> 'substitute', 1))) w
         cross join lateral taught_on($1, n.load_id, n.held_on) e
         where f.old ->> 'substitute' is distinct from l.new ->> 'substitute' and (w.was is not null or w.now is not null)
           and not exists (
                select from exemption x where x.school_id = $1 and x.pupil_id = e.pupil_id and x.subject_id = g.subject_id
                    and not x.attends and x.withdrawn_at is null and n.held_on between x.starts_on and x.ends_on)
         order by t.last, e.pupil_id"
    )
}

/// To all of a class that has lessons laid out on a day that it is off now and was not, or is not now and was. So the holidays of a year, which are
/// entered before its timetable, are no news.
pub(super) async fn days_off(db: &mut PgConnection, school: SchoolId, taken: &Taken) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "with told as materialized (
            select t.last, l.at, k.class_id, y.today, d.was, d.now, f.old ->> 'title' as old, l.new ->> 'title' as new
            from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
            join audit_event f on f.school_id = $1 and f.id = t.first
            join audit_event l on l.school_id = $1 and l.id = t.last
            join organisation o on o.id = $1
            cross join lateral (select (l.at at time zone o.time_zone)::date as today) y
            join class_system k on k.school_id = $1
            cross join lateral (select
                case when jsonb_typeof(f.old) = 'object' and k.grade = coalesce((f.old ->> 'grade')::int, k.grade)
                        and k.system_id = coalesce(notice_key(f.old ->> 'system', 1), k.system_id)
                    then daterange((f.old #>> '{span,from}')::date, (f.old #>> '{span,to}')::date, '[]') end as was,
                case when jsonb_typeof(l.new) = 'object' and k.grade = coalesce((l.new ->> 'grade')::int, k.grade)
                        and k.system_id = coalesce(notice_key(l.new ->> 'system', 1), k.system_id)
                    then daterange((l.new #>> '{span,from}')::date, (l.new #>> '{span,to}')::date, '[]') end as now) d
            where d.was is distinct from d.now
        ),
        news as materialized (
            select s.*, coalesce(s.now, s.was) as days from told s
            where exists (
                select from load_audience u
                join lesson n on n.school_id = $1 and n.load_id = u.load_id and n.state = 'planned' and n.held_on >= s.today
                    and n.held_on between least(lower(s.was), lower(s.now)) and greatest(upper(s.was), upper(s.now))
                where u.school_id = $1 and u.class_id = s.class_id
                  and case when class_is_off($1, s.class_id, n.held_on) then n.held_on <@ s.now and (n.held_on <@ s.was) is not true
                        else n.held_on <@ s.was and (n.held_on <@ s.now) is not true end)
        )
        insert into notice (school_id, pupil_id, kind, at, starts_on, ends_on, old, new)
        select distinct on (s.last, e.pupil_id) $1, e.pupil_id, 'day_off', s.at, lower(s.days), upper(s.days) - 1,
            case when s.was is not null then left(btrim(s.old), 500) end, case when s.now is not null then left(btrim(s.new), 500) end
        from news s
        join enrolment e on e.school_id = $1 and e.class_id = s.class_id and e.starts_on < upper(s.days)
            and coalesce(e.ends_on, 'infinity') >= greatest(s.today, lower(s.days))
        order by s.last, e.pupil_id"
    )
}

/// To all of a class that learns from home on some days, on other ones or otherwise than was said, or not any more. The reason is the school's own.
pub(super) async fn days_from_home(
    db: &mut PgConnection,
    school: SchoolId,
    taken: &Taken,
) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, pupil_id, kind, at, starts_on, ends_on, old, new)
         select distinct on (t.last, e.pupil_id) $1, e.pupil_id, 'distance', l.at, d.starts_on, d.ends_on, s.was, s.now
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join audit_event f on f.school_id = $1 and f.id = t.first
         join audit_event l on l.school_id = $1 and l.id = t.last
         join organisation o on o.id = $1
         cross join lateral (select (l.at at time zone o.time_zone)::date as today) y
         cross join lateral (select f.old ->> 'class' as key union select l.new ->> 'class') c
         cross join lateral (select
            case when f.old ->> 'class' = c.key and (f.old ->> 'ends_on')::date >= y.today
                then coalesce(f.old #>> '{meeting,format}', f.old ->> 'format') end as was,
            case when l.new ->> 'class' = c.key and (l.new ->> 'ends_on')::date >= y.today then l.new #>> '{meeting,format}' end as now) s
         cross join lateral (select case when s.now is null then f.old else l.new end as it) i
         cross join lateral (select (i.it ->> 'starts_on')::date as starts_on, (i.it ->> 'ends_on')::date as ends_on) d
         join enrolment e on e.school_id = $1 and e.class_id = notice_key(c.key, 1) and e.starts_on <= d.ends_on
            and coalesce(e.ends_on, 'infinity') >= greatest(y.today, d.starts_on)
         where (s.was is null) <> (s.now is null) or s.now is not null and f.old - 'reason' <> l.new - 'reason'
         order by t.last, e.pupil_id, s.now nulls last"
    )
}

/// To everybody who has a lesson that is held from home, or in another way than was said, or at school after all. What holds for its class counts where
/// the lesson has no way of its own.
pub(super) async fn lessons_from_home(
    db: &mut PgConnection,
    school: SchoolId,
    taken: &Taken,
) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, pupil_id, kind, at, subject_id, lesson_id, old, new)
         select distinct on (t.last, e.pupil_id) $1, e.pupil_id, 'distance', l.at, g.subject_id, n.id,
            nullif(s.was, 'in_person'), nullif(s.now, 'in_person')
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join audit_event f on f.school_id = $1 and f.id = t.first
         join audit_event l on l.school_id = $1 and l.id = t.last
         join organisation o on o.id = $1
         join lesson n on n.school_id = $1 and n.id = notice_key(t.key, 1) and n.held_on >= (l.at at time zone o.time_zone)::date
            and n.state <> 'cancelled'
         join teaching_load g on g.school_id = $1 and g.id = n.load_id
         left join lateral (
            select d.format from load_audience u
            join distance_span d on d.school_id = $1 and d.class_id = u.class_id and n.held_on between d.starts_on and d.ends_on
            where u.school_id = $1 and u.load_id = n.load_id order by d.id limit 1) c on true
         cross join lateral (select
            coalesce(f.old ->> 'format', c.format, 'in_person') as was, coalesce(l.new ->> 'format', c.format, 'in_person') as now) s
         cross join lateral taught_on($1, n.load_id, n.held_on) e
         where (s.was <> s.now or s.now <> 'in_person' and f.old is distinct from l.new)
           and not exists (
                select from exemption x where x.school_id = $1 and x.pupil_id = e.pupil_id and x.subject_id = g.subject_id
                    and not x.attends and x.withdrawn_at is null and n.held_on between x.starts_on and x.ends_on)
         order by t.last, e.pupil_id"
    )
}
