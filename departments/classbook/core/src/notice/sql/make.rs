//! Notices of what has come to rest: entries are taken and notices made in one transaction, so a server that dies in between has done
//! neither, and two servers never tell twice (`for update skip locked`).

use base::sql::{Store, Task, to_app};
use base::{AppError, Lang, SchoolId};
use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;

use super::push;

/// How long a thing must have been left alone before it is told.
pub const REST: Duration = Duration::minutes(1);
/// So many are taken at once.
const BATCH: i64 = 500;

/// What was taken, of one kind of entity.
#[derive(Debug, Default)]
struct Taken {
    keys: Vec<String>,
    first: Vec<i64>,
    last: Vec<i64>,
}

/// Makes the notices of one kind: a statement whose parameters are the school, and of what was taken the keys, the first and the last events. How
/// many it made.
macro_rules! make {
    ($db:expr, $school:expr, $taken:expr, $statement:literal) => {
        sqlx::query!($statement, $school.0, &$taken.keys, &$taken.first, &$taken.last)
            .execute($db)
            .await
            .map(|done| done.rows_affected())
    };
}

mod homework;
mod schedule;
mod school_side;
mod timetable;

/// Tells of what has been at rest in one school, the one that has waited longest. How many notices were made; none when nothing waits.
///
/// # Errors
/// The database's.
pub async fn tell(store: &Store, now: DateTime<Utc>) -> Result<Option<u64>, AppError> {
    let before = now - REST;
    let Some(school) = waits(store, before).await? else {
        return Ok(None);
    };
    let mut tx = store.task(Task::Job, Some(school)).await?;
    let rows = sqlx::query!(
        "delete from notice_pending p using (
            select entity, entity_key from notice_pending where school_id = $1 and at <= $2
            order by at limit $3 for update skip locked) t
         where p.school_id = $1 and p.entity = t.entity and p.entity_key = t.entity_key
         returning p.entity, p.entity_key, p.first_event, p.last_event",
        school.0,
        before,
        BATCH,
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(fault)?;
    if rows.is_empty() {
        // another server has them
        return Ok(None);
    }
    let of = |entity: &str| {
        let mut taken = Taken::default();
        for row in rows.iter().filter(|r| r.entity == entity) {
            taken.keys.push(row.entity_key.clone());
            taken.first.push(row.first_event);
            taken.last.push(row.last_event);
        }
        taken
    };
    let since = latest(&mut tx, school).await.map_err(fault)?;
    let mut made = marks(&mut tx, school, &of("mark")).await.map_err(fault)?;
    made += owed(&mut tx, school, &of("mark")).await.map_err(fault)?;
    made += attendance(&mut tx, school, &of("attendance"))
        .await
        .map_err(fault)?;
    made += homework::of_class(&mut tx, school, &of("lesson"), &of("homework_file"))
        .await
        .map_err(fault)?;
    made += homework::of_some(
        &mut tx,
        school,
        &of("individual_homework"),
        &of("individual_file"),
    )
    .await
    .map_err(fault)?;
    let threads = of("dispute");
    made += answers(&mut tx, school, &threads).await.map_err(fault)?;
    made += school_side::questions(&mut tx, school, &threads)
        .await
        .map_err(fault)?;
    made += school_side::absences(&mut tx, school, &of("absence_note"))
        .await
        .map_err(fault)?;
    let requests = of("period_request");
    made += school_side::requests(&mut tx, school, &requests)
        .await
        .map_err(fault)?;
    made += school_side::answers_to_requests(&mut tx, school, &requests)
        .await
        .map_err(fault)?;
    made += period_marks(&mut tx, school, &of("period_mark"))
        .await
        .map_err(fault)?;
    made += works(&mut tx, school, &of("assignment")).await.map_err(fault)?;
    made += schedule::cancellations(&mut tx, school, &of("cancellation"))
        .await
        .map_err(fault)?;
    let substitutions = of("substitution");
    made += schedule::substitutions(&mut tx, school, &substitutions)
        .await
        .map_err(fault)?;
    made += schedule::other_teachers(&mut tx, school, &substitutions)
        .await
        .map_err(fault)?;
    made += schedule::days_off(&mut tx, school, &of("holiday"))
        .await
        .map_err(fault)?;
    made += schedule::days_from_home(&mut tx, school, &of("distance_span"))
        .await
        .map_err(fault)?;
    made += schedule::lessons_from_home(&mut tx, school, &of("lesson_format"))
        .await
        .map_err(fault)?;
    made += timetable::published(&mut tx, school, &of("timetable_version"))
        .await
        .map_err(fault)?;
    if made > 0 {
        push::wanted(&mut tx, school, since, now).await.map_err(fault)?;
    }
    tx.commit().await.map_err(fault)?;
    Ok(Some(made))
}

/// The latest notice of a school, before there are others.
async fn latest(db: &mut PgConnection, school: SchoolId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(max(id), 0) as "id!" from notice where school_id = $1"#,
        school.0
    )
    .fetch_one(db)
    .await
}

/// The school that has waited longest.
async fn waits(store: &Store, before: DateTime<Utc>) -> Result<Option<SchoolId>, AppError> {
    let mut tx = store.task(Task::Job, None).await?;
    let school = sqlx::query_scalar!(
        "select school_id from notice_pending where at <= $1 order by at limit 1",
        before
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    Ok(school.map(SchoolId))
}

/// From the mark before the first event to the mark after the last: a slip that was mended is nothing.
async fn marks(db: &mut PgConnection, school: SchoolId, taken: &Taken) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, pupil_id, kind, at, subject_id, lesson_id, assignment_id, old, new)
         select $1, p.id, case when f.old ->> 'code' is null then 'mark_new' when l.new ->> 'code' is null then 'mark_removed' else 'mark_changed' end,
            l.at, g.subject_id, n.id, a.id, f.old ->> 'code', l.new ->> 'code'
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join audit_event f on f.school_id = $1 and f.id = t.first
         join audit_event l on l.school_id = $1 and l.id = t.last
         join assignment a on a.school_id = $1 and a.id = notice_key(t.key, 1)
         join pupil p on p.school_id = $1 and p.id = notice_key(t.key, 2)
         join lesson n on n.school_id = $1 and n.id = a.lesson_id
         join teaching_load g on g.school_id = $1 and g.id = n.load_id
         where f.old ->> 'code' is distinct from l.new ->> 'code'
         order by t.last"
    )
}

/// What is owed now and was not, or by another day, or what was taken back. That a mark has paid it says the mark.
async fn owed(db: &mut PgConnection, school: SchoolId, taken: &Taken) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, pupil_id, kind, at, subject_id, lesson_id, assignment_id, old, new)
         select $1, p.id, 'owed', l.at, g.subject_id, n.id, a.id, d.old, d.new
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join audit_event f on f.school_id = $1 and f.id = t.first
         join audit_event l on l.school_id = $1 and l.id = t.last
         cross join lateral (select
            case when f.old ->> 'code' is null and f.old -> 'owed' is not null then coalesce(f.old ->> 'until', '') end as old,
            case when l.new ->> 'code' is null and l.new -> 'owed' is not null then coalesce(l.new ->> 'until', '') end as new) d
         join assignment a on a.school_id = $1 and a.id = notice_key(t.key, 1)
         join pupil p on p.school_id = $1 and p.id = notice_key(t.key, 2)
         join lesson n on n.school_id = $1 and n.id = a.lesson_id
         join teaching_load g on g.school_id = $1 and g.id = n.load_id
         where d.old is distinct from d.new and l.new ->> 'code' is null
         order by t.last"
    )
}

/// In the words of the school's codes.
async fn attendance(db: &mut PgConnection, school: SchoolId, taken: &Taken) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, pupil_id, kind, at, subject_id, lesson_id, old, new)
         select $1, p.id, 'absence', l.at, g.subject_id, n.id,
            (select c.title from attendance_code c where c.school_id = $1 and c.code = f.old ->> 'code'),
            (select c.title from attendance_code c where c.school_id = $1 and c.code = l.new ->> 'code')
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join audit_event f on f.school_id = $1 and f.id = t.first
         join audit_event l on l.school_id = $1 and l.id = t.last
         join lesson n on n.school_id = $1 and n.id = notice_key(t.key, 1)
         join pupil p on p.school_id = $1 and p.id = notice_key(t.key, 2)
         join teaching_load g on g.school_id = $1 and g.id = n.load_id
         where f.old ->> 'code' is distinct from l.new ->> 'code'
         order by t.last"
    )
}

/// The school has answered, and nobody of the family has said anything after that. A deputy who closes the thread within the same
/// minute takes nothing of the answer back.
async fn answers(db: &mut PgConnection, school: SchoolId, taken: &Taken) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, pupil_id, kind, at, subject_id, lesson_id, assignment_id, period_mark_id)
         select $1, d.pupil_id, 'dispute_answered', l.at, g.subject_id, n.id, a.id, v.id
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join lateral (
            select x.id, x.at from audit_event x
            where x.school_id = $1 and x.entity = 'dispute' and x.entity_key = t.key and x.id between t.first and t.last
              and x.action = 'dispute.answered'
            order by x.id desc limit 1) l on true
         join dispute d on d.school_id = $1 and d.id = notice_key(t.key, 1)
         left join assignment a on a.school_id = $1 and a.id = d.assignment_id
         left join lesson n on n.school_id = $1 and n.id = a.lesson_id
         left join period_mark v on v.school_id = $1 and v.id = d.period_mark_id
         join teaching_load g on g.school_id = $1 and g.id = coalesce(n.load_id, v.load_id)
         where not exists (
            select from audit_event y
            where y.school_id = $1 and y.entity = 'dispute' and y.entity_key = t.key and y.id > l.id and y.id <= t.last
              and (y.action = 'dispute.asked' or exists (
                    select from dispute_message m
                    where m.school_id = $1 and m.dispute_id = d.id and m.by_family and m.author_id = y.actor_id)))
         order by t.last"
    )
}

/// The key of a mark of a period begins with the pupil and the subject.
async fn period_marks(db: &mut PgConnection, school: SchoolId, taken: &Taken) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "insert into notice (school_id, pupil_id, kind, at, subject_id, old, new)
         select $1, p.id, 'period_mark', l.at, s.id, f.old ->> 'code', l.new ->> 'code'
         from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
         join audit_event f on f.school_id = $1 and f.id = t.first
         join audit_event l on l.school_id = $1 and l.id = t.last
         join pupil p on p.school_id = $1 and p.id = notice_key(t.key, 1)
         join subject s on s.school_id = $1 and s.id = notice_key(t.key, 2)
         where f.old ->> 'code' is distinct from l.new ->> 'code'
         order by t.last"
    )
}

/// A work that weighs otherwise than before: to those who have a mark in it and whose average of the period, in the two places that it is
/// shown with, is another one for it. By the rule in force on the period's last day.
async fn works(db: &mut PgConnection, school: SchoolId, taken: &Taken) -> sqlx::Result<u64> {
    make!(
        db,
        school,
        taken,
        "with changed as materialized (
            select t.last, l.at, a.id, n.id as lesson, n.held_on, g.id as load, g.subject_id, g.year_id,
                (f.old ->> 'weight')::numeric as old, (l.new ->> 'weight')::numeric as new
            from unnest($2::text[], $3::bigint[], $4::bigint[]) t (key, first, last)
            join audit_event f on f.school_id = $1 and f.id = t.first
            join audit_event l on l.school_id = $1 and l.id = t.last
            join assignment a on a.school_id = $1 and a.id = notice_key(t.key, 1)
            join lesson n on n.school_id = $1 and n.id = a.lesson_id
            join teaching_load g on g.school_id = $1 and g.id = n.load_id
            where f.old ->> 'weight' is distinct from l.new ->> 'weight'
        ),
        theirs as materialized ( -- whose mark it is, and the days and the rule of its average
            select c.*, m.pupil_id, i.value, d.starts_on, d.ends_on, coalesce(r.weighted, true) as weighted
            from changed c
            join mark m on m.school_id = $1 and m.assignment_id = c.id
            join mark_scale_item i on i.school_id = $1 and i.scale_id = m.scale_id and i.code = m.code and i.value is not null
            join enrolment e on e.school_id = $1 and e.pupil_id = m.pupil_id and c.held_on between e.starts_on and coalesce(e.ends_on, 'infinity')
            join class k on k.school_id = $1 and k.id = e.class_id
            join class_period d on d.school_id = $1 and d.class_id = k.id and d.year_id = c.year_id and c.held_on between d.starts_on and d.ends_on
            left join lateral (
                select x.weighted from grading_rule x
                where x.school_id = $1 and k.grade between x.grade_from and x.grade_to and x.valid_from <= d.ends_on
                order by x.valid_from desc limit 1) r on true
        ),
        others as (
            select t.id, t.pupil_id, sum(j.value * case when t.weighted then b.weight else 1 end) as sum,
                sum(case when t.weighted then b.weight else 1 end) as weight
            from theirs t
            join lesson o on o.school_id = $1 and o.held_on between t.starts_on and t.ends_on
            join teaching_load h on h.school_id = $1 and h.id = o.load_id and h.subject_id = t.subject_id and h.year_id = t.year_id
            join assignment b on b.school_id = $1 and b.lesson_id = o.id and b.id <> t.id and b.weight > 0
            join mark q on q.school_id = $1 and q.assignment_id = b.id and q.pupil_id = t.pupil_id
            join mark_scale_item j on j.school_id = $1 and j.scale_id = q.scale_id and j.code = q.code and j.value is not null
            group by t.id, t.pupil_id
        )
        insert into notice (school_id, pupil_id, kind, at, subject_id, lesson_id, assignment_id, old, new)
        select $1, t.pupil_id, 'work_changed', t.at, t.subject_id, t.lesson, t.id, trim_scale(t.old)::text, trim_scale(t.new)::text
        from theirs t
        left join others o on o.id = t.id and o.pupil_id = t.pupil_id
        cross join lateral (
            select case when t.weighted then t.old else sign(t.old) end as was, case when t.weighted then t.new else sign(t.new) end as now) w
        where round((coalesce(o.sum, 0) + t.value * w.was) / nullif(coalesce(o.weight, 0) + w.was, 0), 2)
            is distinct from round((coalesce(o.sum, 0) + t.value * w.now) / nullif(coalesce(o.weight, 0) + w.now, 0), 2)
        order by t.last, t.pupil_id"
    )
}

fn fault(error: sqlx::Error) -> AppError {
    to_app(error.into(), Lang::default())
}
