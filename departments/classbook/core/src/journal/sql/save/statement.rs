//! The two statements that save a mark and a code of attendance: facts, verdict, value, event.

use base::rights::Action;
use base::sql::{Ctx, Done};
use base::{AssignmentId, LessonId, PupilId};
use chrono::{DateTime, NaiveDate, Utc};

use crate::journal::cell::Edit;
use crate::journal::sql::facts::{Reach, employee};
use crate::owed::{Owed, Wish};

/// A mark to give.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark<'a> {
    pub lesson: LessonId,
    pub assignment: AssignmentId,
    pub pupil: PupilId,
    pub code: &'a Option<String>,
    pub comment: &'a Option<String>,
    pub owed: Wish,
}

/// What the statement found and did.
pub(super) struct Found {
    pub verdict: String,
    pub new_version: Option<i32>,
    pub code: Option<String>,
    pub comment: Option<String>,
    pub owed: bool,
    pub until: Option<NaiveDate>,
    pub handed_in: Option<NaiveDate>,
    pub version: i32,
    pub done_version: Option<i32>,
    pub changed_by: Option<String>,
    pub changed_at: Option<DateTime<Utc>>,
}

impl Found {
    /// The dot that stands there then.
    pub fn dot(&self) -> Option<Owed> {
        self.owed.then_some(Owed {
            until: self.until,
            handed_in: self.handed_in,
        })
    }
}

/// What becomes of the dot is [`Wish::after`], in the words of the database.
pub(super) async fn mark_statement(ctx: &mut Ctx, edit: &Edit, to: Mark<'_>) -> Done<Option<Found>> {
    let (view, may) = (Reach::of(ctx, Action::View), Reach::of(ctx, Action::Edit));
    let (school, person, employee, now) = (ctx.school(), ctx.person(), employee(ctx), ctx.now());
    let today = ctx.today();
    let (wish, dot) = match to.owed {
        Wish::Kept => ("kept", Owed::default()),
        Wish::Gone => ("gone", Owed::default()),
        Wish::Owed(dot) => ("owed", dot),
    };
    let found = sqlx::query_as!(
        Found,
        r#"
        with fact as materialized (
            select a.scale_id, not takes_place(l) as cancelled, l.held_on > $18 as to_come, l.held_on,
                w.own, w.own_class, k.locked,
                exists (select from taught_on($1, l.load_id, l.held_on) p where p.pupil_id = $4) as in_class,
                $5::text is null or exists (select from mark_scale_item i
                        where i.school_id = $1 and i.scale_id = a.scale_id and i.code = $5) as on_scale,
                l.load_id, exists (select from mark_scale_item i
                        where i.school_id = $1 and i.scale_id = a.scale_id and i.code = $5 and i.value is not null) as valued,
                exists (select from load_audience u join class c on c.school_id = u.school_id and c.id = u.class_id
                        where u.school_id = $1 and u.load_id = l.load_id and c.grade = 1) as first_grade,
                m.code, m.comment, coalesce(m.version, 0) as version, m.changed_by, m.changed_at,
                coalesce(m.owed, false) as owed, m.owed_until, m.handed_in,
                case when $6::text is null then m.comment else nullif($6, '') end as new_comment,
                n.owed as new_owed, case when n.owed then n.until end as new_until,
                case when n.owed and $5::text is not null then coalesce(n.handed_in, $18) end as new_handed_in,
                d.id is not null as done,
                d.entity = 'mark' and d.entity_key = $2::bigint::text || ':' || $4::bigint::text as done_here,
                (d.new ->> 'version')::int as done_version
            from assignment a
            join lesson l on l.school_id = a.school_id and l.id = a.lesson_id
            cross join lateral whose_lesson($1, l.load_id, l.substitute_id, $9) w
            cross join lateral closed_on($1, l.load_id, l.held_on, $9, $11) k
            left join mark m on m.school_id = a.school_id and m.assignment_id = a.id and m.pupil_id = $4
            left join audit_event d on d.school_id = a.school_id and d.op_id = $8
            cross join lateral (select
                case $19::text when 'kept' then coalesce(m.owed, false) else $19 = 'owed' end as owed,
                case $19 when 'kept' then m.owed_until else $20::date end as until,
                case $19 when 'kept' then m.handed_in else $21::date end as handed_in) n
            where a.school_id = $1 and a.id = $2 and a.lesson_id = $3
            -- the key of the mark to come asks for this lock anyway; here it also waits for whoever removes the work
            for key share of a
        ),
        verdict as materialized (
            select fact.*, case
                when not ($12 or ($13 and own) or ($14 and own_class)) then 'hidden'
                when not ($15 or ($16 and own) or ($17 and own_class)) then 'forbidden'
                when done and done_here then 'duplicate'
                when done then 'taken'
                when cancelled then 'cancelled'
                when locked then 'locked'
                when to_come and ($5::text is not null or $6::text <> '' or $19 = 'owed') then 'to_come'
                when not in_class then 'not_in_class'
                when not on_scale then 'not_on_scale'
                when first_grade and valued and code is distinct from $5 and not marks_given(load_id, held_on) then 'first_grade'
                when code is not distinct from $5 and comment is not distinct from new_comment and owed = new_owed
                    and owed_until is not distinct from new_until and handed_in is not distinct from new_handed_in then 'same'
                when new_until is distinct from owed_until and (new_until < held_on or new_until > (
                    select y.ends_on from lesson l join teaching_load t on t.school_id = $1 and t.id = l.load_id
                    join academic_year y on y.school_id = $1 and y.id = t.year_id
                    where l.school_id = $1 and l.id = $3)) then 'until_wrong'
                when new_handed_in is distinct from handed_in and (new_handed_in < held_on or new_handed_in > $18) then 'handed_in_wrong'
                when version <> $7 then 'conflict'
                else 'save' end as verdict
            from fact
        ),
        saved as (
            insert into mark (school_id, assignment_id, pupil_id, scale_id, code, comment, owed, owed_until, handed_in,
                version, changed_by, changed_at)
            select $1, $2, $4, scale_id, $5, new_comment, new_owed, new_until, new_handed_in, 1, $10, $11 from verdict where verdict = 'save'
            on conflict (school_id, assignment_id, pupil_id) do update
                set code = excluded.code, comment = excluded.comment, owed = excluded.owed, owed_until = excluded.owed_until,
                    handed_in = excluded.handed_in, version = mark.version + 1,
                    changed_by = excluded.changed_by, changed_at = excluded.changed_at
                where mark.version = $7
            returning version
        ),
        event as (
            insert into audit_event (school_id, at, actor_id, action, entity, entity_key, old, new, op_id)
            select $1, $11, $10,
                case when $5::text is not null then 'mark.set' when v.new_owed then 'mark.owed'
                     when v.code is not null or v.owed then 'mark.cleared' else 'mark.set' end,
                'mark', $2::bigint::text || ':' || $4::bigint::text,
                case when v.version > 0 then jsonb_build_object('code', v.code, 'comment', v.comment, 'version', v.version)
                    || case when v.owed then jsonb_build_object('owed', true, 'until', v.owed_until, 'handed_in', v.handed_in)
                            else '{}' end end,
                jsonb_build_object('code', $5::text, 'comment', v.new_comment, 'version', s.version)
                    || case when v.new_owed then jsonb_build_object('owed', true, 'until', v.new_until, 'handed_in', v.new_handed_in)
                            else '{}' end, $8
            from saved s, verdict v
        )
        select v.verdict as "verdict!", s.version as "new_version?", v.code as "code?",
            case when v.verdict = 'save' then v.new_comment else v.comment end as "comment?", v.version as "version!",
            case when v.verdict = 'save' then v.new_owed else v.owed end as "owed!",
            case when v.verdict = 'save' then v.new_until else v.owed_until end as "until?",
            case when v.verdict = 'save' then v.new_handed_in else v.handed_in end as "handed_in?",
            v.done_version as "done_version?",
            case when v.verdict = 'conflict' then
                (select full_name(p.last_name, p.first_name, p.middle_name) from person p where p.id = v.changed_by)
            end as "changed_by?",
            v.changed_at as "changed_at?"
        from verdict v left join saved s on true
        "#,
        school.0,
        to.assignment.0,
        to.lesson.0,
        to.pupil.0,
        to.code.as_deref(),
        to.comment.as_deref(),
        edit.expected,
        edit.op_id,
        employee,
        person.0,
        now,
        view.all,
        view.own,
        view.class,
        may.all,
        may.own,
        may.class,
        today,
        wish,
        dot.until,
        dot.handed_in,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(found)
}

pub(super) async fn attendance_statement(
    ctx: &mut Ctx,
    edit: &Edit,
    lesson: LessonId,
    pupil: PupilId,
    code: Option<&str>,
) -> Done<Option<Found>> {
    let (view, may) = (Reach::of(ctx, Action::View), Reach::of(ctx, Action::Edit));
    let (school, person, employee, now) = (ctx.school(), ctx.person(), employee(ctx), ctx.now());
    let today = ctx.today();
    let found = sqlx::query_as!(
        Found,
        r#"
        with fact as materialized (
            select not takes_place(l) as cancelled, l.held_on > $16 as to_come,
                w.own, w.own_class, k.locked,
                exists (select from taught_on($1, l.load_id, l.held_on) p where p.pupil_id = $3) as in_class,
                $4::text is null or exists (select from attendance_code i
                        where i.school_id = $1 and i.code = $4) as known,
                m.code, coalesce(m.version, 0) as version, m.changed_by, m.changed_at,
                d.id is not null as done,
                d.entity = 'attendance' and d.entity_key = $2::bigint::text || ':' || $3::bigint::text as done_here,
                (d.new ->> 'version')::int as done_version
            from lesson l
            cross join lateral whose_lesson($1, l.load_id, l.substitute_id, $7) w
            cross join lateral closed_on($1, l.load_id, l.held_on, $7, $9) k
            left join attendance m on m.school_id = l.school_id and m.lesson_id = l.id and m.pupil_id = $3
            left join audit_event d on d.school_id = l.school_id and d.op_id = $6
            where l.school_id = $1 and l.id = $2
        ),
        verdict as materialized (
            select fact.*, case
                when not ($10 or ($11 and own) or ($12 and own_class)) then 'hidden'
                when not ($13 or ($14 and own) or ($15 and own_class)) then 'forbidden'
                when done and done_here then 'duplicate'
                when done then 'taken'
                when cancelled then 'cancelled'
                when locked then 'locked'
                when to_come and $4::text is not null then 'to_come'
                when not in_class then 'not_in_class'
                when not known then 'not_on_scale'
                when code is not distinct from $4 then 'same'
                when version <> $5 then 'conflict'
                else 'save' end as verdict
            from fact
        ),
        saved as (
            insert into attendance (school_id, lesson_id, pupil_id, code, version, changed_by, changed_at)
            select $1, $2, $3, $4, 1, $8, $9 from verdict where verdict = 'save'
            on conflict (school_id, lesson_id, pupil_id) do update
                set code = excluded.code, version = attendance.version + 1,
                    changed_by = excluded.changed_by, changed_at = excluded.changed_at
                where attendance.version = $5
            returning version
        ),
        event as (
            insert into audit_event (school_id, at, actor_id, action, entity, entity_key, old, new, op_id)
            select $1, $9, $8, case when $4::text is null then 'attendance.cleared' else 'attendance.set' end,
                'attendance', $2::bigint::text || ':' || $3::bigint::text,
                case when v.version > 0 then jsonb_build_object('code', v.code, 'version', v.version) end,
                jsonb_build_object('code', $4::text, 'version', s.version), $6
            from saved s, verdict v
        )
        select v.verdict as "verdict!", s.version as "new_version?", v.code as "code?", null::text as "comment?", v.version as "version!",
            false as "owed!", null::date as "until?", null::date as "handed_in?",
            v.done_version as "done_version?",
            case when v.verdict = 'conflict' then
                (select full_name(p.last_name, p.first_name, p.middle_name) from person p where p.id = v.changed_by)
            end as "changed_by?",
            v.changed_at as "changed_at?"
        from verdict v left join saved s on true
        "#,
        school.0,
        lesson.0,
        pupil.0,
        code,
        edit.expected,
        edit.op_id,
        employee,
        person.0,
        now,
        view.all,
        view.own,
        view.class,
        may.all,
        may.own,
        may.class,
        today,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(found)
}
