//! Threads of a mark, lists of them, how many wait.

use base::rights::Action;
use base::sql::{Ctx, Done};
use base::{AppError, AssignmentId, DisputeId, PeriodMarkId, PupilId};
use serde::Deserialize;
use sqlx::types::Json;

use super::{facts, sets};
use crate::dispute::{About, DAYS, Dispute, Disputes, Line, Message, OfMark, OfPeriod, State, Waiting};
use crate::journal::sql::facts::{Reach, employee};

#[derive(Debug, Deserialize)]
struct MessageRow {
    by: String,
    by_family: bool,
    at: chrono::DateTime<chrono::Utc>,
    text: String,
}

/// The school's term, in school days.
pub(super) async fn days(ctx: &mut Ctx) -> Done<i16> {
    let school = ctx.school();
    let days = sqlx::query_scalar!("select days from dispute_rule where school_id = $1", school.0)
        .fetch_optional(ctx.db())
        .await?;
    Ok(days.unwrap_or(DAYS))
}

/// A mark and what was asked about it.
///
/// # Errors
/// [`AppError::NotFound`] for a mark that is not for the actor to see.
pub async fn of_mark(ctx: &mut Ctx, pupil: PupilId, about: impl Into<About>) -> Done<OfMark> {
    let about = about.into();
    let facts = facts(ctx, pupil, about).await?;
    let (assignment, period_mark) = about.columns();
    let days = days(ctx).await?;
    let sets = sets(ctx);
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select d.id, d.state, d.code, d.due_on,
            (select json_agg(x order by x.id) from (
                select m.id, m.by_family, m.at, m.text,
                    coalesce((select short_name(h.last_name, h.first_name, h.middle_name)
                              from person h where h.id = m.author_id), '') as by
                from dispute_message m where m.school_id = $1 and m.dispute_id = d.id) x) as "messages: Json<Vec<MessageRow>>"
           from dispute d where d.school_id = $1 and (d.assignment_id = $2 or d.period_mark_id = $4) and d.pupil_id = $3
           order by d.id desc"#,
        school.0,
        assignment,
        pupil.0,
        period_mark,
    )
    .fetch_all(ctx.db())
    .await?;
    let disputes: Vec<Dispute> = rows
        .into_iter()
        .map(|r| {
            let state = State::from_key(&r.state);
            let living = state != State::Closed;
            Dispute {
                id: DisputeId(r.id),
                state,
                code: r.code,
                due_on: r.due_on,
                may_say: living && (facts.family || facts.answers),
                may_close: living && (facts.family || sets),
                messages: r
                    .messages
                    .map(|m| m.0)
                    .unwrap_or_default()
                    .into_iter()
                    .map(|m| Message {
                        by: m.by,
                        by_family: m.by_family,
                        at: m.at,
                        text: m.text,
                    })
                    .collect(),
            }
        })
        .collect();
    let living = disputes.iter().any(|d| d.state != State::Closed);
    Ok(OfMark {
        may_ask: facts.family && facts.code.is_some() && !living,
        pupil,
        assignment: assignment.map(AssignmentId),
        period: facts.period,
        load: facts.load,
        name: facts.name,
        subject: facts.subject,
        work: facts.work,
        date: facts.date,
        code: facts.code,
        family: facts.family,
        days,
        today: ctx.today(),
        utc_offset: ctx.actor().utc_offset,
        disputes,
    })
}

/// The threads that the actor may see: a family its own, a teacher those of the own loads and the own class, a deputy all. At most
/// two hundred.
///
/// # Errors
/// [`AppError::NotFound`] for someone who sees neither a diary nor a journal.
pub async fn disputes(ctx: &mut Ctx) -> Done<Disputes> {
    let family = ctx.actor().role.family().is_some();
    let reach = Reach::of(ctx, Action::View);
    if !family && !reach.any() || ctx.actor().role.family().is_some_and(<[_]>::is_empty) {
        return Err(AppError::NotFound.into());
    }
    let days = days(ctx).await?;
    let (school, employee, today) = (ctx.school(), employee(ctx), ctx.today());
    // a family's wall shows it its own children's and nothing else
    let rows = sqlx::query!(
        r#"select d.pupil_id, d.assignment_id, d.period_mark_id, v.stage as "stage?", y.kind as "kind?", q.number as "number?",
            d.code, d.state, d.due_on,
            (d.state = 'open' and d.due_on < $3) as "overdue!",
            concat_ws(' ', n.last_name, n.first_name) as "name!", s.name as subject,
            (select c.name from enrolment e join class c on c.school_id = $1 and c.id = e.class_id
             where e.school_id = $1 and e.pupil_id = d.pupil_id and e.starts_on <= $3 and (e.ends_on is null or e.ends_on >= $3)) as class,
            coalesce(h.names, '') as "teachers!"
           from dispute d
           left join assignment a on a.school_id = $1 and a.id = d.assignment_id
           left join lesson l on l.school_id = $1 and l.id = a.lesson_id
           left join period_mark v on v.school_id = $1 and v.id = d.period_mark_id
           left join period q on q.school_id = $1 and q.id = v.period_id
           left join period_system y on y.school_id = $1 and y.id = q.system_id
           join teaching_load g on g.school_id = $1 and g.id = coalesce(l.load_id, v.load_id)
           join subject s on s.school_id = $1 and s.id = g.subject_id
           join pupil p on p.school_id = $1 and p.id = d.pupil_id
           join person n on n.id = p.person_id
           cross join lateral teachers_of($1, g.id) h
           cross join lateral whose_load($1, g.id, $2) w
           where d.school_id = $1 and (d.state <> 'closed' or d.closed_at > $4)
             and ($5 or $6 or ($7 and w.own) or ($8 and w.own_class))
           order by (d.state = 'open' and d.due_on < $3) desc, array_position(array['open', 'answered', 'closed'], d.state), d.due_on, d.id
           limit 200"#,
        school.0,
        employee,
        today,
        ctx.now() - chrono::Duration::days(30),
        family,
        reach.all,
        reach.own,
        reach.class,
    )
    .fetch_all(ctx.db())
    .await?;
    let lines = rows
        .into_iter()
        .map(|r| Line {
            pupil: PupilId(r.pupil_id),
            assignment: r.assignment_id.map(AssignmentId),
            period: r.period_mark_id.zip(r.stage).map(|(mark, stage)| OfPeriod {
                mark: PeriodMarkId(mark),
                stage,
                kind: r.kind,
                number: r.number,
            }),
            name: r.name,
            class: r.class,
            subject: r.subject,
            teachers: r.teachers,
            code: r.code,
            state: State::from_key(&r.state),
            due_on: r.due_on,
            overdue: r.overdue,
        })
        .collect();
    Ok(Disputes {
        family,
        days,
        may_set: sets(ctx),
        lines,
    })
}

/// How many threads wait for an answer that the actor may give.
///
/// # Errors
/// [`AppError::NotFound`] for someone without any right to journals.
pub async fn waiting(ctx: &mut Ctx) -> Done<Waiting> {
    if !Reach::of(ctx, Action::View).any() {
        return Err(AppError::NotFound.into());
    }
    let reach = Reach::of(ctx, Action::Edit);
    // whoever looks after all terms is told of those that nobody else has answered
    let all = reach.all || sets(ctx);
    let (school, employee, today) = (ctx.school(), employee(ctx), ctx.today());
    let row = sqlx::query!(
        r#"select count(*) as "open!", count(*) filter (where d.due_on < $3) as "overdue!"
           from dispute d
           left join assignment a on a.school_id = $1 and a.id = d.assignment_id
           left join lesson l on l.school_id = $1 and l.id = a.lesson_id
           left join period_mark v on v.school_id = $1 and v.id = d.period_mark_id
           where d.school_id = $1 and d.state = 'open'
             and ($4 or ($5 and exists (select from load_teacher t
                            where t.school_id = $1 and t.load_id = coalesce(l.load_id, v.load_id) and t.employee_id = $2)))"#,
        school.0,
        employee,
        today,
        all,
        reach.own,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(Waiting {
        open: row.open,
        overdue: row.overdue,
    })
}
