//! What is the pupil's own in a week: marks, absences, and what is new since the last visit. Asked for each time.

use base::sql::{Ctx, Done};
use base::{PupilId, SchoolId};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use sqlx::types::Json;

use crate::diary::plan::{Frame, Given, HomeworkRow, Span};

/// A visit lasts while its pauses are shorter; reloading does not make «new» old.
pub const SITTING_MINUTES: i64 = 30;
/// What is new for somebody who looks for the first time.
pub const FIRST_DAYS: i64 = 3;
/// Nothing older than this is news.
pub const NEWS_DAYS: i64 = 30;

/// The moment before which a visit is over.
pub(super) fn sitting(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_sub_signed(Duration::minutes(SITTING_MINUTES))
        .unwrap_or(now)
}

pub(super) async fn given(
    ctx: &mut Ctx,
    pupil: PupilId,
    frame: &Frame,
    span: Span,
    monday: NaiveDate,
) -> Done<Given> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let works: Vec<i64> = frame.works.iter().map(|w| w.id.0).collect();
    let lessons: Vec<i64> = frame.lessons.iter().map(|l| l.id.0).collect();
    let known: Vec<i64> = frame.teachers.iter().map(|t| t.person.0).collect();
    let given = sqlx::query_scalar!(
        r#"with
        since as materialized ( -- the visit before this one
            select greatest($6::timestamptz - make_interval(days => $9), coalesce(
                (select case when v.seen_at <= $7 then v.seen_at
                             else coalesce(v.previous_at, v.seen_at - make_interval(days => $8)) end
                 from diary_visit v where v.school_id = $1 and v.pupil_id = $2 and v.person_id = $5),
                $6::timestamptz - make_interval(days => $8))) as at
        ),
        shown as ( -- «5 вместо 3», where the rule in force for the pupil's grade says so: asked only for a mark that was rewritten
            select coalesce((
                select r.rewritten = 'both' from enrolment e
                join class c on c.school_id = $1 and c.id = e.class_id
                join grading_rule r on r.school_id = $1 and c.grade between r.grade_from and r.grade_to and r.valid_from <= $13
                where e.school_id = $1 and e.pupil_id = $2 and e.starts_on <= $13 and (e.ends_on is null or e.ends_on >= $13)
                order by r.valid_from desc limit 1), false) as both
        ),
        mine as materialized (
            select m.assignment_id, m.scale_id, m.code, m.comment, m.changed_by, m.changed_at, m.version,
                case when m.replaced_code is not null and (select s.both from shown s) then m.replaced_code end as replaced
            from mark m where m.school_id = $1 and m.assignment_id = any($3) and m.pupil_id = $2 and m.code is not null
        ),
        elsewhere as materialized (
            select m.assignment_id, m.scale_id, m.code, m.comment, m.changed_by, m.changed_at, m.version,
                case when m.replaced_code is not null and (select s.both from shown s) then m.replaced_code end as replaced
            from mark m
            where m.school_id = $1 and m.pupil_id = $2 and m.code is not null and m.changed_at > (select at from since)
                and m.assignment_id <> all($3)
            order by m.changed_at desc limit 20
        )
        select json_build_object(
            'since', (select at from since),
            'marks', coalesce((select json_agg(x) from (
                select m.assignment_id as assignment, m.scale_id as scale, m.code, m.comment, m.changed_by as by, m.changed_at as at, m.version, m.replaced
                from mine m) x), '[]'),
            'news', coalesce((select json_agg(x) from (
                select a.lesson_id, g.assignment_id, g.code, i.title as words, (i.value * 100)::bigint as value, (a.weight * 100)::bigint as weight,
                    wt.title as work, a.title, g.comment, (select short_name(h.last_name, h.first_name, h.middle_name) from person h where h.id = g.changed_by) as by,
                    g.changed_at, g.version, l.held_on, s.name as subject, g.replaced, i.level, (i.counts_as * 100)::bigint as counts_as,
                    (select (max(x.value) * 100)::bigint from mark_scale_item x where x.school_id = $1 and x.scale_id = g.scale_id) as best
                from elsewhere g
                join assignment a on a.school_id = $1 and a.id = g.assignment_id
                join lesson l on l.school_id = $1 and l.id = a.lesson_id
                join teaching_load tl on tl.school_id = $1 and tl.id = l.load_id
                join subject s on s.school_id = $1 and s.id = tl.subject_id
                join mark_scale_item i on i.school_id = $1 and i.scale_id = g.scale_id and i.code = g.code
                join work_type wt on wt.school_id = $1 and wt.id = a.work_type_id) x), '[]'),
            'names', coalesce((select json_agg(x) from (
                select m.changed_by as person, (select short_name(h.last_name, h.first_name, h.middle_name) from person h where h.id = m.changed_by) as name
                from (select distinct m.changed_by from mine m where m.changed_by <> all($10)) m) x where x.name is not null), '[]'),
            'absences', coalesce((select json_agg(x) from (
                select a.lesson_id, a.code, k.title, k.absent
                from attendance a join attendance_code k on k.school_id = $1 and k.code = a.code
                where a.school_id = $1 and a.lesson_id = any($4) and a.pupil_id = $2) x), '[]'),
            'homework', coalesce((select json_agg(x) from ( -- what not the whole class was given
                select i.id, i.load_id, i.lesson_id, i.due_on, i.text, i.minutes, i.links, l.held_on, l.slot, true as individual,
                    coalesce((select json_agg(json_build_object('id', f.id, 'name', f.name, 'kind', f.kind, 'bytes', f.bytes) order by f.id)
                              from homework_file f where f.school_id = $1 and f.individual_id = i.id), '[]') as files
                from individual_homework_pupil p
                join individual_homework i on i.school_id = $1 and i.id = p.homework_id
                join lesson l on l.school_id = $1 and l.id = i.lesson_id and l.state <> 'cancelled'
                where p.school_id = $1 and p.pupil_id = $2
                  and (i.due_on between $11 and $12 or i.due_on is null and l.held_on between $11::date - 35 and $12)
                order by l.held_on, l.slot, i.id) x), '[]'),
            'told', coalesce((select json_agg(x) from ( -- what the family was told of since; new marks stand on the page themselves
                select n.id, n.kind, n.at, s.name as subject, coalesce(l.held_on, n.starts_on) as date, n.ends_on as until,
                    n.lesson_id as lesson, n.assignment_id as assignment, n.period_mark_id as period_mark, n.old, n.new, n.change
                from notice n
                left join subject s on s.school_id = $1 and s.id = n.subject_id
                left join lesson l on l.school_id = $1 and l.id = n.lesson_id
                where n.school_id = $1 and n.pupil_id = $2 and n.at > (select at from since) and n.kind not in ('mark_new', 'mark_changed')
                order by n.id desc limit 60) x), '[]'),
            -- one that holds again, as the one after it was withdrawn, is told with that day; if it never came to it, with its own
            'timetable', (select max(case when v.again_from <= coalesce(v.valid_to, 'infinity') then v.again_from else v.valid_from end)
                from timetable_version v
                where v.school_id = $1 and v.state = 'published' and v.published_at > (select at from since)
                  and (v.valid_to is null or v.valid_to >= $13)),
            'owed', coalesce((select json_agg(x) from (
                select m.assignment_id as assignment, l.id as lesson, l.held_on as date, s.name as subject, wt.title as work, a.title, m.comment,
                    m.owed_until as until,
                    (select k.title from attendance t join attendance_code k on k.school_id = $1 and k.code = t.code and k.absent
                     where t.school_id = $1 and t.lesson_id = l.id and t.pupil_id = $2) as absence
                from mark m
                join assignment a on a.school_id = $1 and a.id = m.assignment_id
                join lesson l on l.school_id = $1 and l.id = a.lesson_id and l.state <> 'cancelled'
                join teaching_load tl on tl.school_id = $1 and tl.id = l.load_id
                join academic_year y on y.school_id = $1 and y.id = tl.year_id and y.ends_on >= $13
                join subject s on s.school_id = $1 and s.id = tl.subject_id
                join work_type wt on wt.school_id = $1 and wt.id = a.work_type_id
                where m.school_id = $1 and m.pupil_id = $2 and m.owed and m.code is null
                order by m.owed_until nulls last, l.held_on, m.assignment_id limit 50) x), '[]'),
            'signed', coalesce((select json_agg(x) from (
                select w.person_id as person, w.at, coalesce((select short_name(h.last_name, h.first_name, h.middle_name) from person h where h.id = w.person_id), '') as name,
                    week_changed($1, $2, w.monday, w.shown_at) as changed
                from week_acknowledgement w where w.school_id = $1 and w.pupil_id = $2 and w.monday = $14 order by w.at) x), '[]')
        ) as "given!: Json<Given>""#,
        school.0,
        pupil.0,
        &works,
        &lessons,
        person.0,
        now,
        sitting(now),
        i32::try_from(FIRST_DAYS).unwrap_or(3),
        i32::try_from(NEWS_DAYS).unwrap_or(30),
        &known,
        span.from,
        span.until,
        ctx.today(),
        monday,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(given.0)
}

/// The homework that was given to a pupil and not to the whole class, as [`given`] brings it along, for a calendar.
pub(super) async fn individual(ctx: &mut Ctx, pupil: PupilId, span: Span) -> Done<Vec<HomeworkRow>> {
    let SchoolId(school) = ctx.school();
    let rows = sqlx::query_scalar!(
        r#"select coalesce(json_agg(x), '[]') as "rows!: Json<Vec<HomeworkRow>>" from (
            select i.id, i.load_id, i.lesson_id, i.due_on, i.text, i.minutes, i.links, l.held_on, l.slot, true as individual,
                '[]'::json as files
            from individual_homework_pupil p
            join individual_homework i on i.school_id = $1 and i.id = p.homework_id
            join lesson l on l.school_id = $1 and l.id = i.lesson_id and l.state <> 'cancelled'
            where p.school_id = $1 and p.pupil_id = $2
              and (i.due_on between $3 and $4 or i.due_on is null and l.held_on between $3::date - 35 and $4)
            order by l.held_on, l.slot, i.id) x"#,
        school,
        pupil.0,
        span.from,
        span.until,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(rows.0)
}
