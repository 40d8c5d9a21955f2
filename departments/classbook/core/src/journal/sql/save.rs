//! What a teacher types, saved: each change by itself, with its version, its event and its outcome.
//!
//! The common path (one mark or one code) is one statement between `begin` and `commit`: it finds the facts, decides by the
//! reach that the policy gave for each of them, writes the value with version + 1 and its event. Batches go change by
//! change, each under a savepoint, so that one that fails takes no other with it.

use base::rights::{self, Action, Kind};
use base::sql::{Ctx, Done, Failure, to_app};
use base::{AppError, AssignmentId, LessonId, PupilId};
use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use uuid::Uuid;

use super::facts::{Reach, employee};
use super::{lesson, works};
use crate::journal::cell::{Answer, Batch, Change, Edit, Meanwhile, Outcome};
use crate::t;

/// Saves what was typed, each change by itself; the outcomes are in the order of the changes.
///
/// # Errors
/// [`AppError::SignIn`] when somebody else has signed in meanwhile, [`AppError::NotFound`] and [`AppError::Forbidden`] when
/// none of the changes is this person's to make; else every change has its own outcome.
pub async fn save_cells(ctx: &mut Ctx, batch: &Batch) -> Done<Vec<Answer>> {
    if !rights::any(ctx.actor(), Action::View, Kind::Journal) {
        return Err(AppError::NotFound.into());
    }
    if !rights::any(ctx.actor(), Action::Edit, Kind::Journal) {
        return Err(AppError::Forbidden.into());
    }
    if batch.person != ctx.person() {
        return Err(AppError::SignIn.into());
    }
    if batch.school != ctx.school() {
        return Err(AppError::Conflict {
            message: t::journal_other_school(ctx.lang()).to_owned(),
        }
        .into());
    }
    if batch.edits.len() > Batch::MOST {
        return Err(AppError::TooLarge.into());
    }
    if let [edit] = batch.edits.as_slice() {
        return Ok(vec![save_one(ctx, edit).await?]);
    }
    let mut answers = Vec::with_capacity(batch.edits.len());
    let mut error = None;
    for edit in &batch.edits {
        savepoint(ctx, Point::Set).await?;
        match save_one(ctx, edit).await {
            Ok(answer) => {
                savepoint(ctx, Point::Keep).await?;
                answers.push(answer);
            }
            Err(failure) => {
                savepoint(ctx, Point::Undo).await?;
                let e = to_app(failure, ctx.lang());
                answers.push(Answer {
                    op_id: edit.op_id,
                    assignment: None,
                    outcome: Outcome::refused(&e, ctx.lang()),
                });
                error = Some(e);
            }
        }
    }
    match error {
        // not one of them was this person's to make: the same answer as for a single one
        Some(e @ (AppError::NotFound | AppError::Forbidden))
            if answers
                .iter()
                .all(|a| matches!(a.outcome, Outcome::Refused { .. })) =>
        {
            Err(e.into())
        }
        _ => Ok(answers),
    }
}

/// The steps of a savepoint.
#[derive(Clone, Copy, Debug)]
pub enum Point {
    /// Begins it.
    Set,
    /// Keeps what was done since.
    Keep,
    /// Takes back what was done since.
    Undo,
}

/// Moves the savepoint of one change; one inside another is moved first.
pub async fn savepoint(ctx: &mut Ctx, point: Point) -> Done<()> {
    use sqlx::Executor as _;
    let sql = match point {
        Point::Set => "savepoint one_change",
        Point::Keep => "release savepoint one_change",
        Point::Undo => "rollback to savepoint one_change; release savepoint one_change",
    };
    ctx.db().execute(sql).await?;
    Ok(())
}

async fn save_one(ctx: &mut Ctx, edit: &Edit) -> Done<Answer> {
    let answer = |assignment, outcome| Answer {
        op_id: edit.op_id,
        assignment,
        outcome,
    };
    match &edit.change {
        Change::Mark {
            lesson,
            assignment: Some(assignment),
            pupil,
            code,
            comment,
        } => {
            let to = Mark {
                lesson: *lesson,
                assignment: *assignment,
                pupil: *pupil,
                code,
                comment,
            };
            Ok(answer(Some(*assignment), save_mark(ctx, edit, to).await?))
        }
        Change::Mark {
            lesson,
            assignment: None,
            pupil,
            code,
            comment,
        } => {
            let (load, first) = works::first_work(ctx, *lesson).await?;
            let to = |assignment| Mark {
                lesson: *lesson,
                assignment,
                pupil: *pupil,
                code,
                comment,
            };
            if let Some(assignment) = first {
                let outcome = save_mark(ctx, edit, to(assignment)).await?;
                return Ok(answer(Some(assignment), outcome));
            }
            if code.is_none() {
                // clearing what was never there
                return Ok(answer(None, Outcome::Saved { version: 0 }));
            }
            // a mark that is refused leaves no trace of the work that was made for it, not even an event
            savepoint(ctx, Point::Set).await?;
            let assignment = works::make_first_work(ctx, load, *lesson).await?;
            let outcome = save_mark(ctx, edit, to(assignment)).await;
            let kept = matches!(outcome, Ok(Outcome::Saved { .. }));
            savepoint(ctx, if kept { Point::Keep } else { Point::Undo }).await?;
            Ok(answer(kept.then_some(assignment), outcome?))
        }
        Change::Attendance { lesson, pupil, code } => Ok(answer(
            None,
            save_attendance(ctx, edit, *lesson, *pupil, code.as_deref()).await?,
        )),
        Change::Lesson {
            lesson,
            topic,
            homework,
        } => Ok(answer(
            None,
            lesson::save(ctx, edit, *lesson, topic.as_deref(), homework.as_ref()).await?,
        )),
        Change::Individual { edit: wanted, .. } => Ok(answer(
            None,
            crate::homework::sql::save_queued(ctx, edit, wanted).await?,
        )),
    }
}

/// A mark to give.
#[derive(Clone, Copy, Debug)]
struct Mark<'a> {
    lesson: LessonId,
    assignment: AssignmentId,
    pupil: PupilId,
    code: &'a Option<String>,
    comment: &'a Option<String>,
}

/// What the statement found and did.
struct Found {
    verdict: String,
    new_version: Option<i32>,
    code: Option<String>,
    comment: Option<String>,
    version: i32,
    done_version: Option<i32>,
    changed_by: Option<String>,
    changed_at: Option<DateTime<Utc>>,
}

/// The longest comment, as in the table.
const COMMENT: usize = 1000;

async fn save_mark(ctx: &mut Ctx, edit: &Edit, to: Mark<'_>) -> Done<Outcome> {
    if to.comment.as_ref().is_some_and(|c| c.chars().count() > COMMENT) {
        return Ok(Outcome::Refused {
            message: t::journal_comment_too_long(ctx.lang()).to_owned(),
        });
    }
    // a second look is needed only when two wrote the same cell in the same instant
    for _ in 0..3 {
        let Some(found) = mark_statement(ctx, edit, to).await? else {
            if works::was_removed(ctx, to.lesson, to.assignment).await? {
                return Ok(Outcome::Refused {
                    message: t::journal_work_removed(ctx.lang()).to_owned(),
                });
            }
            return Err(AppError::NotFound.into());
        };
        if let Some(outcome) = outcome(ctx, found, to.code.as_deref())? {
            return match outcome {
                Outcome::Refused { message } if message.is_empty() => {
                    let have = scale_of(ctx, to.assignment).await?;
                    let lang = ctx.lang();
                    let mark = to.code.as_deref().unwrap_or_default();
                    Ok(Outcome::Refused {
                        message: t::journal_not_on_scale(lang, have, mark),
                    })
                }
                outcome => Ok(outcome),
            };
        }
    }
    Err(AppError::Unavailable.into())
}

async fn mark_statement(ctx: &mut Ctx, edit: &Edit, to: Mark<'_>) -> Done<Option<Found>> {
    let (view, may) = (Reach::of(ctx, Action::View), Reach::of(ctx, Action::Edit));
    let (school, person, employee, now) = (ctx.school(), ctx.person(), employee(ctx), ctx.now());
    let today = ctx.today();
    let found = sqlx::query_as!(
        Found,
        r#"
        with fact as materialized (
            select a.scale_id, l.state = 'cancelled' as cancelled, l.held_on > $18 as to_come,
                exists (select from load_teacher t
                        where t.school_id = $1 and t.load_id = l.load_id and t.employee_id = $9) as own,
                exists (select from load_audience u join class c on c.school_id = u.school_id and c.id = u.class_id
                        where u.school_id = $1 and u.load_id = l.load_id and c.class_teacher_id = $9) as own_class,
                exists (select from load_audience u
                        join class c on c.school_id = u.school_id and c.id = u.class_id
                        join parallel p on p.school_id = c.school_id and p.year_id = c.year_id and p.grade = c.grade
                        join period d on d.school_id = p.school_id and d.system_id = p.period_system_id
                        where u.school_id = $1 and u.load_id = l.load_id and l.held_on between d.starts_on and d.ends_on
                          and d.locked_at <= $11
                          and not exists (select from period_request q where q.school_id = $1 and q.load_id = l.load_id
                                and q.period_id = d.id and q.employee_id = $9 and q.open_until > $11)) as period_locked,
                exists (select from teaching_load t
                        join academic_year y on y.school_id = t.school_id and y.id = t.year_id
                        where t.school_id = $1 and t.id = l.load_id and y.closed_at <= $11) as year_closed,
                exists (select from load_audience u
                        join enrolment e on e.school_id = u.school_id and e.class_id = u.class_id
                        where u.school_id = $1 and u.load_id = l.load_id and e.pupil_id = $4
                          and l.held_on between e.starts_on and coalesce(e.ends_on, 'infinity')
                          and (u.subgroup_id is null or exists (
                               select from subgroup_member s
                               where s.school_id = $1 and s.subgroup_id = u.subgroup_id and s.pupil_id = $4
                                 and l.held_on between s.starts_on and coalesce(s.ends_on, 'infinity')))) as in_class,
                $5::text is null or exists (select from mark_scale_item i
                        where i.school_id = $1 and i.scale_id = a.scale_id and i.code = $5) as on_scale,
                m.code, m.comment, coalesce(m.version, 0) as version, m.changed_by, m.changed_at,
                case when $6::text is null then m.comment else nullif($6, '') end as new_comment,
                d.id is not null as done,
                d.entity = 'mark' and d.entity_key = $2::bigint::text || ':' || $4::bigint::text as done_here,
                (d.new ->> 'version')::int as done_version
            from assignment a
            join lesson l on l.school_id = a.school_id and l.id = a.lesson_id
            left join mark m on m.school_id = a.school_id and m.assignment_id = a.id and m.pupil_id = $4
            left join audit_event d on d.school_id = a.school_id and d.op_id = $8
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
                when period_locked or year_closed then 'locked'
                when to_come and ($5::text is not null or $6::text <> '') then 'to_come'
                when not in_class then 'not_in_class'
                when not on_scale then 'not_on_scale'
                when code is not distinct from $5 and comment is not distinct from new_comment then 'same'
                when version <> $7 then 'conflict'
                else 'save' end as verdict
            from fact
        ),
        saved as (
            insert into mark (school_id, assignment_id, pupil_id, scale_id, code, comment, version, changed_by, changed_at)
            select $1, $2, $4, scale_id, $5, new_comment, 1, $10, $11 from verdict where verdict = 'save'
            on conflict (school_id, assignment_id, pupil_id) do update
                set code = excluded.code, comment = excluded.comment, version = mark.version + 1,
                    changed_by = excluded.changed_by, changed_at = excluded.changed_at
                where mark.version = $7
            returning version
        ),
        event as (
            insert into audit_event (school_id, at, actor_id, action, entity, entity_key, old, new, op_id)
            select $1, $11, $10, case when $5::text is null and v.code is not null then 'mark.cleared' else 'mark.set' end,
                'mark', $2::bigint::text || ':' || $4::bigint::text,
                case when v.version > 0 then jsonb_build_object('code', v.code, 'comment', v.comment, 'version', v.version) end,
                jsonb_build_object('code', $5::text, 'comment', v.new_comment, 'version', s.version), $8
            from saved s, verdict v
        )
        select v.verdict as "verdict!", s.version as "new_version?", v.code as "code?", v.comment as "comment?", v.version as "version!",
            v.done_version as "done_version?",
            case when v.verdict = 'conflict' then
                (select concat_ws(' ', p.last_name, p.first_name, p.middle_name) from person p where p.id = v.changed_by)
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
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(found)
}

async fn save_attendance(
    ctx: &mut Ctx,
    edit: &Edit,
    lesson: LessonId,
    pupil: PupilId,
    code: Option<&str>,
) -> Done<Outcome> {
    for _ in 0..3 {
        let found = attendance_statement(ctx, edit, lesson, pupil, code)
            .await?
            .ok_or(AppError::NotFound)?;
        if let Some(outcome) = outcome(ctx, found, code)? {
            return match outcome {
                Outcome::Refused { message } if message.is_empty() => {
                    let have = codes(ctx).await?;
                    let lang = ctx.lang();
                    Ok(Outcome::Refused {
                        message: t::journal_no_such_code(lang, code.unwrap_or_default(), have),
                    })
                }
                outcome => Ok(outcome),
            };
        }
    }
    Err(AppError::Unavailable.into())
}

async fn attendance_statement(
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
            select l.state = 'cancelled' as cancelled, l.held_on > $16 as to_come,
                exists (select from load_teacher t
                        where t.school_id = $1 and t.load_id = l.load_id and t.employee_id = $7) as own,
                exists (select from load_audience u join class c on c.school_id = u.school_id and c.id = u.class_id
                        where u.school_id = $1 and u.load_id = l.load_id and c.class_teacher_id = $7) as own_class,
                exists (select from load_audience u
                        join class c on c.school_id = u.school_id and c.id = u.class_id
                        join parallel p on p.school_id = c.school_id and p.year_id = c.year_id and p.grade = c.grade
                        join period d on d.school_id = p.school_id and d.system_id = p.period_system_id
                        where u.school_id = $1 and u.load_id = l.load_id and l.held_on between d.starts_on and d.ends_on
                          and d.locked_at <= $9
                          and not exists (select from period_request q where q.school_id = $1 and q.load_id = l.load_id
                                and q.period_id = d.id and q.employee_id = $7 and q.open_until > $9)) as period_locked,
                exists (select from teaching_load t
                        join academic_year y on y.school_id = t.school_id and y.id = t.year_id
                        where t.school_id = $1 and t.id = l.load_id and y.closed_at <= $9) as year_closed,
                exists (select from load_audience u
                        join enrolment e on e.school_id = u.school_id and e.class_id = u.class_id
                        where u.school_id = $1 and u.load_id = l.load_id and e.pupil_id = $3
                          and l.held_on between e.starts_on and coalesce(e.ends_on, 'infinity')
                          and (u.subgroup_id is null or exists (
                               select from subgroup_member s
                               where s.school_id = $1 and s.subgroup_id = u.subgroup_id and s.pupil_id = $3
                                 and l.held_on between s.starts_on and coalesce(s.ends_on, 'infinity')))) as in_class,
                $4::text is null or exists (select from attendance_code i
                        where i.school_id = $1 and i.code = $4) as known,
                m.code, coalesce(m.version, 0) as version, m.changed_by, m.changed_at,
                d.id is not null as done,
                d.entity = 'attendance' and d.entity_key = $2::bigint::text || ':' || $3::bigint::text as done_here,
                (d.new ->> 'version')::int as done_version
            from lesson l
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
                when period_locked or year_closed then 'locked'
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
            v.done_version as "done_version?",
            case when v.verdict = 'conflict' then
                (select concat_ws(' ', p.last_name, p.first_name, p.middle_name) from person p where p.id = v.changed_by)
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

/// What the statement's verdict means; `None`: somebody wrote the cell in the same instant, look again. A refusal for a
/// value that does not exist comes without words: what exists must be asked for first.
fn outcome(ctx: &Ctx, found: Found, code: Option<&str>) -> Result<Option<Outcome>, Failure> {
    let lang = ctx.lang();
    let refused = |message: &str| {
        Some(Outcome::Refused {
            message: message.to_owned(),
        })
    };
    Ok(match found.verdict.as_str() {
        "save" => found.new_version.map(|version| Outcome::Saved { version }),
        "same" => Some(Outcome::Saved {
            version: found.version,
        }),
        "duplicate" => Some(Outcome::Duplicate {
            version: found.done_version.unwrap_or(found.version),
        }),
        "conflict" => Some(Outcome::Conflict(Meanwhile {
            value: found.code,
            comment: found.comment,
            version: found.version,
            by: found.changed_by.unwrap_or_default(),
            at: found.changed_at.map(|at| local(ctx, at)).unwrap_or_default(),
        })),
        "locked" => refused(t::journal_locked(lang)),
        "to_come" => refused(t::journal_to_come(lang)),
        "cancelled" => refused(t::journal_cancelled(lang)),
        "not_in_class" => refused(t::journal_not_in_class(lang)),
        "not_on_scale" if code.is_some() => refused(""),
        "taken" => refused(t::journal_op_taken(lang)),
        "forbidden" => return Err(AppError::Forbidden.into()),
        _ => return Err(AppError::NotFound.into()),
    })
}

/// A moment by the school's clock.
pub fn local(ctx: &Ctx, at: DateTime<Utc>) -> NaiveDateTime {
    FixedOffset::east_opt(ctx.actor().utc_offset).map_or_else(
        || at.naive_utc(),
        |offset| at.with_timezone(&offset).naive_local(),
    )
}

async fn scale_of(ctx: &mut Ctx, assignment: AssignmentId) -> Done<String> {
    let school = ctx.school();
    let codes = sqlx::query_scalar!(
        "select i.code from mark_scale_item i
         join assignment a on a.school_id = i.school_id and a.scale_id = i.scale_id
         where i.school_id = $1 and a.id = $2 order by i.position",
        school.0,
        assignment.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(codes.join(", "))
}

async fn codes(ctx: &mut Ctx) -> Done<String> {
    let school = ctx.school();
    let codes = sqlx::query_scalar!(
        "select code from attendance_code where school_id = $1 order by position",
        school.0
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(codes.join(", "))
}

/// The version that an earlier sending of an act made of this thing (without a key: of a thing that it made); refused when the act was
/// another one.
pub async fn done_before(ctx: &mut Ctx, op: Uuid, entity: &str, key: Option<&str>) -> Done<Option<Outcome>> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let row = sqlx::query!(
        r#"select entity = $3 and entity_key = coalesce($4, entity_key) as "here!", (new ->> 'version')::int as version
           from audit_event where school_id = $1 and op_id = $2"#,
        school.0,
        op,
        entity,
        key,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(row.map(|r| {
        if r.here {
            Outcome::Duplicate {
                version: r.version.unwrap_or(0),
            }
        } else {
            Outcome::Refused {
                message: t::journal_op_taken(lang).to_owned(),
            }
        }
    }))
}
