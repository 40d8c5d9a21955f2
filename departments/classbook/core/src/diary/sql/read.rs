//! The week, in one statement: the page's only question besides `begin` and `commit`.

use base::rights::Action;
use base::sql::{Ctx, Done};
use base::{AppError, PupilId};
use chrono::{Datelike as _, Days, NaiveDate};
use sqlx::types::Json;

use super::{family_first, resource, whose};
use crate::diary::plan::{self, PersonRow, Rows};
use crate::diary::week::monday_of;
use crate::diary::{Place, Week, nearest_week};

/// A visit lasts while its pauses are shorter; reloading does not make «new» old.
pub const SITTING_MINUTES: i64 = 30;
/// What is new for somebody who looks for the first time.
pub const FIRST_DAYS: i64 = 3;
/// Nothing older than this is news.
pub const NEWS_DAYS: i64 = 30;

/// The week of a date; of today when no date is given. Without a pupil: one's own, or the first child's.
///
/// # Errors
/// [`AppError::NotFound`] for a pupil whose diary is not for the actor to see.
pub async fn week(ctx: &mut Ctx, pupil: Option<PupilId>, date: Option<NaiveDate>) -> Done<Week> {
    let pupil = whose(ctx, pupil)?;
    family_first(ctx, pupil)?;
    let (school, person, now, today) = (ctx.school(), ctx.person(), ctx.now(), ctx.today());
    let monday = monday_of(date.unwrap_or(today));
    let after = |days| monday.checked_add_days(Days::new(days)).ok_or(AppError::NotFound);
    let sunday = after(6)?;
    // towards the weekend the next lessons lie in the next week
    let late = (monday..=sunday).contains(&today) && today.weekday().num_days_from_monday() >= 3;
    let until = if late { after(9)? } else { sunday };
    let minutes = |n| {
        now.checked_sub_signed(chrono::Duration::minutes(n))
            .unwrap_or(now)
    };
    let family: Vec<i64> = ctx
        .actor()
        .role
        .family()
        .map(|own| own.iter().map(|p| p.0).collect())
        .unwrap_or_default();
    let employee = ctx.employee().map(|e| e.0);
    let row = sqlx::query!(
        r#"with
        span as materialized ( -- the pupil's classes in these days
            select e.class_id, c.grade, c.year_id, e.starts_on, e.ends_on
            from enrolment e join class c on c.school_id = $1 and c.id = e.class_id
            where e.school_id = $1 and e.pupil_id = $2 and e.starts_on <= $4 and (e.ends_on is null or e.ends_on >= $3)
        ),
        taught as materialized ( -- what is taught to the class, and to the pupil's subgroups
            select a.load_id, s.starts_on, s.ends_on
            from span s join load_audience a on a.school_id = $1 and a.class_id = s.class_id and a.subgroup_id is null
            union
            select a.load_id, greatest(s.starts_on, m.starts_on), least(s.ends_on, m.ends_on)
            from subgroup_member m
            join load_audience a on a.school_id = $1 and a.subgroup_id = m.subgroup_id
            join span s on s.class_id = a.class_id
            where m.school_id = $1 and m.pupil_id = $2 and m.starts_on <= $4 and (m.ends_on is null or m.ends_on >= $3)
        ),
        one_load as materialized (select distinct load_id from taught),
        by as materialized (
            select lt.load_id, lt.employee_id from one_load t join load_teacher lt on lt.school_id = $1 and lt.load_id = t.load_id
        ),
        held as materialized (
            select distinct l.id, l.load_id, l.held_on, l.slot, l.card_id, l.room_id, l.employee_id, l.topic, l.state
            from taught t cross join lateral ( -- `offset 0`: by load, not through every lesson of the school's week
                select b.* from lesson b where b.school_id = $1 and b.load_id = t.load_id and b.held_on between $3 and $4
                    and b.held_on >= t.starts_on and (t.ends_on is null or b.held_on <= t.ends_on) offset 0) l
        ),
        work as materialized (
            select a.id, a.lesson_id, a.work_type_id, a.title, a.weight
            from held l join assignment a on a.school_id = $1 and a.lesson_id = l.id
        ),
        due as materialized (
            -- given in these days
            select h.id, h.load_id, h.lesson_id, h.due_on, h.text, h.minutes, l.held_on, l.slot
            from held l join homework h on h.school_id = $1 and h.lesson_id = l.id
            union -- due on one of these days
            select h.id, h.load_id, h.lesson_id, h.due_on, h.text, h.minutes, l.held_on, l.slot
            from one_load t join homework h on h.school_id = $1 and h.load_id = t.load_id and h.due_on between $3 and $4
            join lesson l on l.school_id = $1 and l.id = h.lesson_id
            union -- given on the last lesson before them, for the next one
            select h.id, h.load_id, h.lesson_id, h.due_on, h.text, h.minutes, l.held_on, l.slot
            from one_load t
            cross join lateral (
                select b.id, b.held_on, b.slot from lesson b
                where b.school_id = $1 and b.load_id = t.load_id and b.held_on < $3 and b.held_on >= $3::date - 35
                    and b.state <> 'cancelled'
                order by b.held_on desc, b.slot desc limit 1) l
            join homework h on h.school_id = $1 and h.lesson_id = l.id and h.due_on is null
        ),
        since as materialized ( -- the visit before this one
            select greatest($8::timestamptz - make_interval(days => $11), coalesce(
                (select case when v.seen_at <= $9 then v.seen_at
                             else coalesce(v.previous_at, v.seen_at - make_interval(days => $10)) end
                 from diary_visit v where v.school_id = $1 and v.pupil_id = $2 and v.person_id = $7),
                $8::timestamptz - make_interval(days => $10))) as at
        ),
        given as materialized ( -- marks of these days, and new ones of any day
            select m.assignment_id, m.scale_id, m.code, m.comment, m.changed_by, m.changed_at, m.version
            from work w join mark m on m.school_id = $1 and m.assignment_id = w.id and m.pupil_id = $2 and m.code is not null
            union
            (select m.assignment_id, m.scale_id, m.code, m.comment, m.changed_by, m.changed_at, m.version
            from mark m
            where m.school_id = $1 and m.pupil_id = $2 and m.code is not null and m.changed_at > (select at from since)
            order by m.changed_at desc limit 20)
        )
        select json_build_object(
            'people', coalesce((select json_agg(x) from ( -- whose diary, and the viewer's own children
                select p.id as pupil, n.first_name, n.last_name, c.name as class, coalesce(c.class_teacher_id = $5, false) as leads
                from pupil p
                join person n on n.id = p.person_id
                left join enrolment e on e.school_id = $1 and e.pupil_id = p.id and e.starts_on <= $12
                    and (e.ends_on is null or e.ends_on >= $12)
                left join class c on c.school_id = $1 and c.id = e.class_id
                where p.school_id = $1 and p.id = any(array_append($6, $2))) x), '[]'),
            'years', coalesce((select json_agg(x) from (
                select y.starts_on, y.ends_on from academic_year y where y.school_id = $1) x), '[]'),
            'spans', coalesce((select json_agg(x) from (select s.grade, s.starts_on, s.ends_on from span s) x), '[]'),
            'loads', coalesce((select json_agg(x) from (
                select tl.id, s.name as subject
                from one_load t
                join teaching_load tl on tl.school_id = $1 and tl.id = t.load_id
                join subject s on s.school_id = $1 and s.id = tl.subject_id) x), '[]'),
            'taught_by', coalesce((select json_agg(x) from (
                select b.load_id as load, b.employee_id as employee from by b order by b.employee_id) x), '[]'),
            'teachers', coalesce((select json_agg(x) from (
                -- the name by a scalar sub-select: else row-level security hashes every card of the school
                select e.id, (select h.last_name || ' ' || left(h.first_name, 1) || '.' || coalesce(' ' || left(h.middle_name, 1) || '.', '') from person h where h.id = e.person_id) as name
                from (select b.employee_id from by b union select l.employee_id from held l) t
                join employee e on e.school_id = $1 and e.id = t.employee_id) x), '[]'),
            'lessons', coalesce((select json_agg(x) from (
                select l.id, l.load_id, l.held_on, l.slot, l.card_id, l.employee_id, l.topic, l.state,
                    (select r.name from room r where r.school_id = $1 and r.id = l.room_id) as room
                from held l) x), '[]'),
            'works', coalesce((select json_agg(distinct w.lesson_id) from work w), '[]'),
            'cards', coalesce((select json_agg(x) from (
                select k.id, k.load_id, k.duration, k.weeks, k.day, k.slot, v.valid_from, v.valid_to,
                    cardinality(v.day_names) as days, v.cycle_weeks, y.starts_on as year_starts_on, t.starts_on, t.ends_on,
                    (select r.name from room r where r.school_id = $1 and r.id = k.room_id) as room
                from taught t
                cross join lateral (
                    select b.* from card b where b.school_id = $1 and b.load_id = t.load_id and b.day is not null offset 0) k
                join timetable_version v on v.school_id = $1 and v.id = k.version_id and v.state = 'published'
                    and v.valid_from <= $4 and (v.valid_to is null or v.valid_to >= $3)
                join academic_year y on y.school_id = $1 and y.id = v.year_id) x), '[]'),
            'bells', coalesce((select json_agg(x) from (
                select u.grade, u.weekday, b.number, b.starts_at, b.ends_at
                from (select distinct s.year_id, s.grade from span s) s
                join bell_use u on u.school_id = $1 and u.year_id = s.year_id and u.grade = s.grade
                join bell b on b.school_id = $1 and b.schedule_id = u.schedule_id) x), '[]'),
            'holidays', coalesce((select json_agg(x) from (
                select h.title, h.starts_on, h.ends_on, h.grade from holiday h
                where h.school_id = $1 and h.starts_on <= $4 and h.ends_on >= $3) x), '[]'),
            'homework', coalesce((select json_agg(x) from (
                select d.id, d.load_id, d.lesson_id, d.due_on, d.text, d.minutes, d.held_on, d.slot from due d order by d.held_on, d.slot) x), '[]'),
            'marks', coalesce((select json_agg(x) from (
                select a.lesson_id, g.assignment_id, g.code, i.title as words, (i.value * 100)::bigint as value, (a.weight * 100)::bigint as weight,
                    wt.title as work, a.title, g.comment, (select h.last_name || ' ' || left(h.first_name, 1) || '.' || coalesce(' ' || left(h.middle_name, 1) || '.', '') from person h where h.id = g.changed_by) as by,
                    g.changed_at, g.version, l.held_on, s.name as subject, g.changed_at > (select at from since) as new
                from given g
                join assignment a on a.school_id = $1 and a.id = g.assignment_id
                join lesson l on l.school_id = $1 and l.id = a.lesson_id
                join teaching_load tl on tl.school_id = $1 and tl.id = l.load_id
                join subject s on s.school_id = $1 and s.id = tl.subject_id
                join mark_scale_item i on i.school_id = $1 and i.scale_id = g.scale_id and i.code = g.code
                join work_type wt on wt.school_id = $1 and wt.id = a.work_type_id
                order by g.assignment_id) x), '[]'),
            'absences', coalesce((select json_agg(x) from (
                select a.lesson_id, a.code, k.title, k.absent
                from held l
                join attendance a on a.school_id = $1 and a.lesson_id = l.id and a.pupil_id = $2
                join attendance_code k on k.school_id = $1 and k.code = a.code) x), '[]')
        ) as "rows!: Json<Rows>""#,
        school.0,
        pupil.0,
        monday,
        until,
        employee,
        &family,
        person.0,
        now,
        minutes(SITTING_MINUTES),
        i32::try_from(FIRST_DAYS).unwrap_or(3),
        i32::try_from(NEWS_DAYS).unwrap_or(30),
        today,
    )
    .fetch_one(ctx.db())
    .await?;
    let mut rows = row.rows.0;
    let people = std::mem::take(&mut rows.people);
    let one = people
        .iter()
        .find(|p| p.pupil == pupil)
        .ok_or(AppError::NotFound)?;
    ctx.must(Action::View, &resource(ctx, pupil, one.leads))?;
    let child = one.child();
    let own = ctx.actor().role.family();
    let children = own
        .unwrap_or_default()
        .iter()
        .filter_map(|id| people.iter().find(|p| p.pupil == *id));
    let children = children.map(PersonRow::child).collect();
    // staff who look in leave no visit: nothing is new for them
    let family = own.is_some();
    if !family {
        rows.marks.iter_mut().for_each(|m| m.new = false);
    }
    let years: Vec<(NaiveDate, NaiveDate)> = rows.years.iter().map(|y| (y.starts_on, y.ends_on)).collect();
    let place = nearest_week(monday, &years);
    let news = plan::news(&rows.marks);
    let (days, ahead) = match place {
        Place::Inside => plan::part(plan::days(rows, monday, until, today), monday, today),
        Place::Outside { .. } => (Vec::new(), None),
    };
    Ok(Week {
        viewer: person,
        family,
        child,
        children,
        monday,
        today,
        as_of: now,
        utc_offset: ctx.actor().utc_offset,
        place,
        days,
        ahead,
        news,
    })
}
