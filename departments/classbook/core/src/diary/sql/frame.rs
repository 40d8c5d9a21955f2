//! What is alike for everybody who is taught the same: lessons, works, homework, cards of the timetable, bells, days off.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use base::SchoolId;
use base::sql::{Ctx, Done};
use chrono::NaiveDate;
use sqlx::types::Json;

use crate::diary::plan::{Frame, Own, Span, SpanRow, TaughtRow};

/// What the answer depends on: classmates in the same subgroups have the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FrameKey {
    school: SchoolId,
    from: NaiveDate,
    until: NaiveDate,
    taught: Vec<TaughtRow>,
    spans: Vec<SpanRow>,
}

impl FrameKey {
    pub(crate) fn new(school: SchoolId, own: &Own, span: Span) -> Self {
        let (mut taught, mut spans) = (own.taught.clone(), own.spans.clone());
        let end = |on: Option<NaiveDate>| on.unwrap_or(NaiveDate::MAX);
        taught.sort_by_key(|t| (t.load, t.starts_on, end(t.ends_on)));
        spans.sort_by_key(|s| (s.starts_on, s.year, s.grade, end(s.ends_on)));
        Self {
            school,
            from: span.from,
            until: span.until,
            taught,
            spans,
        }
    }
}

pub(super) async fn frame(ctx: &mut Ctx, key: &FrameKey) -> Done<Frame> {
    let school = key.school;
    let loads: Vec<i64> = key.taught.iter().map(|t| t.load.0).collect();
    let starts: Vec<NaiveDate> = key.taught.iter().map(|t| t.starts_on).collect();
    let ends: Vec<Option<NaiveDate>> = key.taught.iter().map(|t| t.ends_on).collect();
    let years: Vec<i64> = key.spans.iter().map(|s| s.year).collect();
    let systems: Vec<i64> = key.spans.iter().map(|s| s.system).collect();
    let grades: Vec<i16> = key.spans.iter().map(|s| s.grade).collect();
    let frame = sqlx::query_scalar!(
        r#"with
        taught as materialized (
            select t.load_id, t.starts_on, t.ends_on
            from unnest($4::bigint[], $5::date[], $6::date[]) as t(load_id, starts_on, ends_on)
        ),
        one_load as materialized (select distinct load_id from taught),
        by as materialized (
            select lt.load_id, lt.employee_id from one_load t join load_teacher lt on lt.school_id = $1 and lt.load_id = t.load_id
        ),
        held as materialized (
            select distinct l.id, l.load_id, l.held_on, l.slot, l.card_id, l.room_id, coalesce(l.substitute_id, l.employee_id) as employee_id,
                l.topic, l.state
            from taught t cross join lateral ( -- `offset 0`: by load, not through every lesson of the school's week
                select b.* from lesson b where b.school_id = $1 and b.load_id = t.load_id and b.held_on between $2 and $3
                    and b.held_on >= t.starts_on and (t.ends_on is null or b.held_on <= t.ends_on) offset 0) l
        ),
        work as materialized (
            select a.id, a.lesson_id, a.work_type_id, a.title, a.weight, a.scale_id
            from held l join assignment a on a.school_id = $1 and a.lesson_id = l.id
        ),
        due as materialized (
            -- given in these days
            select h.id, h.load_id, h.lesson_id, h.due_on, h.text, h.minutes, h.links, l.held_on, l.slot
            from held l join homework h on h.school_id = $1 and h.lesson_id = l.id
            union -- due on one of these days
            select h.id, h.load_id, h.lesson_id, h.due_on, h.text, h.minutes, h.links, l.held_on, l.slot
            from one_load t join homework h on h.school_id = $1 and h.load_id = t.load_id and h.due_on between $2 and $3
            join lesson l on l.school_id = $1 and l.id = h.lesson_id
            union -- given on the last lesson before them, for the next one
            select h.id, h.load_id, h.lesson_id, h.due_on, h.text, h.minutes, h.links, l.held_on, l.slot
            from one_load t
            cross join lateral (
                select b.id, b.held_on, b.slot from lesson b
                where b.school_id = $1 and b.load_id = t.load_id and b.held_on < $2 and b.held_on >= $2::date - 35
                    and takes_place(b)
                order by b.held_on desc, b.slot desc limit 1) l
            join homework h on h.school_id = $1 and h.lesson_id = l.id and h.due_on is null
        )
        select json_build_object(
            'loads', coalesce((select json_agg(x) from (
                select tl.id, s.name as subject
                from one_load t
                join teaching_load tl on tl.school_id = $1 and tl.id = t.load_id
                join subject s on s.school_id = $1 and s.id = tl.subject_id) x), '[]'),
            'taught_by', coalesce((select json_agg(x) from (
                select b.load_id as load, b.employee_id as employee from by b order by b.employee_id) x), '[]'),
            'teachers', coalesce((select json_agg(x) from (
                -- the name by a scalar sub-select: else row-level security hashes every card of the school
                select e.id, e.person_id as person, (select short_name(h.last_name, h.first_name, h.middle_name) from person h where h.id = e.person_id) as name
                from (select b.employee_id from by b union select l.employee_id from held l) t
                join employee e on e.school_id = $1 and e.id = t.employee_id) x), '[]'),
            'lessons', coalesce((select json_agg(x) from (
                select l.id, l.load_id, l.held_on, l.slot, l.card_id, l.employee_id, l.topic, l.state,
                    (select r.name from room r where r.school_id = $1 and r.id = l.room_id) as room
                from held l) x), '[]'),
            'works', coalesce((select json_agg(x) from (
                select w.id, w.lesson_id, (w.weight * 100)::bigint as weight, w.title,
                    (select wt.title from work_type wt where wt.school_id = $1 and wt.id = w.work_type_id) as work
                from work w order by w.id) x), '[]'),
            'scales', coalesce((select json_agg(x) from (
                select i.scale_id as scale, i.code, i.title as words, (i.value * 100)::bigint as value,
                    i.level, (i.counts_as * 100)::bigint as counts_as, (max(i.value) over (partition by i.scale_id) * 100)::bigint as best
                from mark_scale_item i where i.school_id = $1 and i.scale_id in (select w.scale_id from work w)) x), '[]'),
            'cards', coalesce((select json_agg(x) from (
                select k.id, k.load_id, k.duration, k.weeks, k.day, k.slot, v.valid_from, v.valid_to,
                    cardinality(v.day_names) as days, v.cycle_weeks, y.starts_on as year_starts_on, t.starts_on, t.ends_on,
                    (select r.name from room r where r.school_id = $1 and r.id = k.room_id) as room
                from taught t
                cross join lateral (
                    select b.* from card b where b.school_id = $1 and b.load_id = t.load_id and b.day is not null offset 0) k
                join timetable_version v on v.school_id = $1 and v.id = k.version_id and v.state = 'published'
                    and v.valid_from <= $3 and (v.valid_to is null or v.valid_to >= $2)
                join academic_year y on y.school_id = $1 and y.id = v.year_id) x), '[]'),
            'bells', coalesce((select json_agg(x) from (
                select u.grade, u.weekday, b.number, b.starts_at, b.ends_at
                from (select distinct s.year_id, s.grade from unnest($7::bigint[], $8::smallint[]) as s(year_id, grade)) s
                join bell_use u on u.school_id = $1 and u.year_id = s.year_id and u.grade = s.grade
                join bell b on b.school_id = $1 and b.schedule_id = u.schedule_id) x), '[]'),
            'holidays', coalesce((select json_agg(x) from (
                select h.title, h.starts_on, h.ends_on, h.grade, h.system_id as system from holiday h
                where h.school_id = $1 and h.starts_on <= $3 and h.ends_on >= $2) x), '[]'),
            'periods', coalesce((select json_agg(x) from (
                select d.system_id as system, d.starts_on, d.ends_on from period d
                where d.school_id = $1 and d.system_id = any ($9::bigint[])) x), '[]'),
            'homework', coalesce((select json_agg(x) from (
                select d.id, d.load_id, d.lesson_id, d.due_on, d.text, d.minutes, d.links, d.held_on, d.slot,
                    coalesce((select json_agg(json_build_object('id', f.id, 'name', f.name, 'kind', f.kind, 'bytes', f.bytes) order by f.id)
                              from homework_file f where f.school_id = $1 and f.homework_id = d.id), '[]') as files
                from due d order by d.held_on, d.slot) x), '[]'),
            'assessments', coalesce((select json_agg(x) from ( -- three weeks further than the days: one prepares for them
                select a.load_id, a.held_on, a.title,
                    (select w.title from work_type w where w.school_id = $1 and w.id = a.work_type_id) as kind
                from one_load t join assessment a on a.school_id = $1 and a.load_id = t.load_id
                    and a.held_on between $2 and $3::date + 21 and a.state <> 'returned'
                    -- one whose lesson does not take place is not ahead, until it has another day
                    and lesson_on($1, a.load_id, a.held_on) = 'there'
                order by a.held_on, a.id) x), '[]'),
            'meetings', coalesce((select json_agg(x) from (
                select m.load_id, m.lesson_id, l.held_on as starts_on, l.held_on as ends_on, m.format, m.platform, m.starts_at, m.link
                from held l join lesson_format m on m.school_id = $1 and m.lesson_id = l.id
                union all
                select u.load_id, null, d.starts_on, d.ends_on, d.format, d.platform, null, d.link
                from one_load t join load_audience u on u.school_id = $1 and u.load_id = t.load_id
                join distance_span d on d.school_id = $1 and d.class_id = u.class_id and d.starts_on <= $3 and d.ends_on >= $2) x), '[]')
        ) as "frame!: Json<Frame>""#,
        school.0,
        key.from,
        key.until,
        &loads,
        &starts,
        &ends as &[Option<NaiveDate>],
        &years,
        &grades,
        &systems,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(frame.0)
}
