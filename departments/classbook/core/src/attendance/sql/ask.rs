//! A class teacher asks to change reasons of absences in a closed period: the paper came when the period had been closed, and the lessons are
//! mostly other people's. Answered where the questions of teachers are (`grading::sql`).

use base::sql::{Ctx, Done, Event};
use base::{AppError, PeriodId, PupilId};
use serde_json::json;

use super::facts::of_pupil;
use crate::attendance::sheet::{Ask, Closed};
use crate::grading::periods::{Answer, Asked, RequestId};
use crate::grading::sql::reason_of;
use crate::journal::sql::local;
use crate::t;

/// The closed periods that a span of days meets in a class of the pupil that the actor leads, with how their own last question stands.
pub(super) async fn closed(ctx: &mut Ctx, ask: &Ask) -> Done<Vec<Closed>> {
    let (school, now) = (ctx.school(), ctx.now());
    let Some(employee) = ctx.employee() else {
        return Ok(vec![]);
    };
    let rows = sqlx::query!(
        r#"select distinct on (d.starts_on, d.period_id) d.period_id as "id!", d.number as "number!", s.kind, q.text as "text?", q.asked_at as "asked_at?", q.answer as "answer?",
            q.note as "note?", q.open_until as "open_until?", full_name(n.last_name, n.first_name, n.middle_name) as "by!"
           from enrolment e
           join class c on c.school_id = $1 and c.id = e.class_id and c.class_teacher_id = $3
           join class_period d on d.school_id = $1 and d.class_id = c.id and d.locked_at <= $6
                and d.starts_on <= $5 and d.ends_on >= $4
                and d.starts_on <= coalesce(e.ends_on, 'infinity') and d.ends_on >= e.starts_on
           join period_system s on s.school_id = $1 and s.id = d.system_id
           left join period_request q on q.school_id = $1 and q.period_id = d.period_id and q.class_id = c.id and q.employee_id = $3
           left join person n on n.id = q.answered_by
           where e.school_id = $1 and e.pupil_id = $2
           order by d.starts_on, d.period_id, q.id desc nulls last"#,
        school.0,
        ask.pupil.0,
        employee.0,
        ask.starts_on,
        ask.ends_on,
        now,
    )
    .fetch_all(ctx.db())
    .await?;
    let closed = rows.into_iter().map(|r| {
        let period = PeriodId(r.id);
        Closed {
            period,
            kind: r.kind,
            number: r.number,
            asked: r.text.zip(r.asked_at).map(|(text, at)| Asked {
                period,
                text,
                at: local(ctx, at),
                open: r.open_until.is_some_and(|until| until > now),
                answer: r.answer.map(|_| Answer {
                    until: r.open_until.map(|at| local(ctx, at)),
                    note: r.note,
                    by: r.by,
                }),
            }),
        }
    });
    Ok(closed.collect())
}

/// Asks to change reasons of absences of a pupil's class in a closed period.
///
/// # Errors
/// [`AppError::NotFound`] for a period or a pupil that is not for the actor to see, [`AppError::Forbidden`] for who does not lead the pupil's class
/// in it; invalid for a period that is open, a text that is too short or long, a question that waits already.
pub async fn ask_reasons(ctx: &mut Ctx, pupil: PupilId, period: PeriodId, text: String) -> Done<RequestId> {
    let (school, lang, now) = (ctx.school(), ctx.lang(), ctx.now());
    let found = sqlx::query!(
        r#"select starts_on, ends_on, coalesce(locked_at <= $3, false) as "locked!" from period where school_id = $1 and id = $2"#,
        school.0,
        period.0,
        now,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    // a deputy opens the period itself
    if !of_pupil(ctx, pupil, found.starts_on, found.ends_on).await? {
        return Err(AppError::Forbidden.into());
    }
    let employee = ctx.employee().ok_or(AppError::Forbidden)?;
    let text = reason_of(&text, "text", lang)?;
    // of its own periods, and the last one that the pupil was in
    let class = sqlx::query_scalar!(
        "select c.id from enrolment e
         join class c on c.school_id = $1 and c.id = e.class_id and c.class_teacher_id = $3
         join class_period d on d.school_id = $1 and d.class_id = c.id and d.period_id = $4
            and d.starts_on <= coalesce(e.ends_on, 'infinity') and d.ends_on >= e.starts_on
         where e.school_id = $1 and e.pupil_id = $2 order by e.starts_on desc, c.id limit 1",
        school.0,
        pupil.0,
        employee.0,
        period.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if !found.locked {
        return Err(AppError::invalid("", t::periods_is_open(lang)).into());
    }
    let made = sqlx::query_scalar!(
        "insert into period_request (school_id, period_id, class_id, employee_id, text, asked_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (school_id, period_id, class_id, employee_id) where answer is null and class_id is not null do nothing returning id",
        school.0,
        period.0,
        class,
        employee.0,
        text,
        now,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or_else(|| AppError::invalid("", t::periods_asked_already(lang)))?;
    ctx.audit(Event {
        action: "period_request.asked",
        entity: "period_request",
        key: made.to_string(),
        old: None,
        new: Some(json!({ "period": period, "class": class, "text": text })),
        op: None,
    })
    .await?;
    Ok(RequestId(made))
}
