//! What the school's side is told: each of what waits for them, where they can answer it. What was settled within the minute is told to nobody, and
//! nobody of what they did themselves.

use base::SchoolId;
use sqlx::PgConnection;

use super::Taken;

/// To who teaches the load of the mark, of a work or of a period: a family has asked, or asked on, and waits.
pub(super) async fn questions(db: &mut PgConnection, school: SchoolId, taken: &Taken) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, person_id, about_pupil_id, kind, at, subject_id, lesson_id, assignment_id, period_mark_id, new)
         select distinct on (t.last, e.person_id) $1, e.person_id, d.pupil_id, 'dispute_asked', l.at, g.subject_id, n.id, a.id, v.id, d.code
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join lateral (
            select x.at, x.actor_id from audit_event x
            where x.school_id = $1 and x.entity = 'dispute' and x.entity_key = t.key and x.id between t.first and t.last
              and x.action = 'dispute.asked'
            order by x.id desc limit 1) l on true
         join dispute d on d.school_id = $1 and d.id = notice_key(t.key, 1) and d.state = 'open'
         left join assignment a on a.school_id = $1 and a.id = d.assignment_id
         left join lesson n on n.school_id = $1 and n.id = a.lesson_id
         left join period_mark v on v.school_id = $1 and v.id = d.period_mark_id
         join teaching_load g on g.school_id = $1 and g.id = coalesce(n.load_id, v.load_id)
         join load_teacher h on h.school_id = $1 and h.load_id = g.id
         join employee e on e.school_id = $1 and e.id = h.employee_id and e.person_id is distinct from l.actor_id
         order by t.last, e.person_id"
    )
}

/// To who leads the child's class on the first of the days, or leads it now: the child will not come, or comes after all. The reason is read in the
/// note: it is often about health.
pub(super) async fn absences(db: &mut PgConnection, school: SchoolId, taken: &Taken) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, person_id, about_pupil_id, kind, at, starts_on, ends_on, old, new)
         select distinct on (t.last, e.person_id) $1, e.person_id, b.pupil_id, 'absence_told', l.at, b.starts_on, b.ends_on,
            case when b.withdrawn_at is not null then 'told' end, case when b.withdrawn_at is null then 'told' end
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join audit_event f on f.school_id = $1 and f.id = t.first
         join audit_event l on l.school_id = $1 and l.id = t.last
         join organisation o on o.id = $1
         join absence_note b on b.school_id = $1 and b.id = notice_key(t.key, 1) and b.ends_on >= (l.at at time zone o.time_zone)::date
         join enrolment r on r.school_id = $1 and r.pupil_id = b.pupil_id and r.starts_on <= b.ends_on
            and coalesce(r.ends_on, 'infinity') >= b.starts_on
         join class c on c.school_id = $1 and c.id = r.class_id
         join employee e on e.school_id = $1 and e.id = c.class_teacher_id and e.person_id is distinct from l.actor_id
         where (f.action = 'absence.told') = (b.withdrawn_at is null) and (b.withdrawn_at is null or l.action = 'absence.withdrawn')
         order by t.last, e.person_id"
    )
}

/// To whoever closes and opens periods: a teacher waits for an answer.
pub(super) async fn requests(db: &mut PgConnection, school: SchoolId, taken: &Taken) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, person_id, kind, at, request_id, new)
         select distinct on (t.last, e.person_id) $1, e.person_id, 'request_asked', l.at, q.id, full_name(w.last_name, w.first_name, w.middle_name)
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join audit_event l on l.school_id = $1 and l.id = t.last and l.action = 'period_request.asked'
         join organisation o on o.id = $1
         join period_request q on q.school_id = $1 and q.id = notice_key(t.key, 1) and q.answer is null
         join employee k on k.school_id = $1 and k.id = q.employee_id
         join person w on w.id = k.person_id
         join position_permission r on r.school_id = $1 and r.resource = 'journal' and r.action = 'lock' and r.reach = 'school'
         join appointment v on v.school_id = $1 and v.position_id = r.position_id
            and (l.at at time zone o.time_zone)::date between v.valid_from and coalesce(v.valid_to, 'infinity')
         join employee e on e.school_id = $1 and e.id = v.employee_id and e.person_id is distinct from l.actor_id
         order by t.last, e.person_id"
    )
}

/// To who asked: they are let in until a moment, or are not.
pub(super) async fn answers_to_requests(
    db: &mut PgConnection,
    school: SchoolId,
    taken: &Taken,
) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, person_id, kind, at, request_id, new)
         select $1, e.person_id, 'request_answered', l.at, q.id, q.answer
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join audit_event l on l.school_id = $1 and l.id = t.last and l.action in ('period_request.allowed', 'period_request.refused')
         join period_request q on q.school_id = $1 and q.id = notice_key(t.key, 1) and q.answer is not null
         join employee e on e.school_id = $1 and e.id = q.employee_id and e.person_id is distinct from l.actor_id
         order by t.last"
    )
}
