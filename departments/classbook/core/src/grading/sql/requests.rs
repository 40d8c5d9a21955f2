//! A teacher's question for a change in a closed period (of a class teacher about absences: `attendance::sql::ask`), its answer, and who hears of either.

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done, Event};
use base::{AppError, LoadId, PeriodId};
use chrono::TimeDelta;
use serde_json::json;

use super::locks::reason_of;
use super::must_set;
use crate::grading::periods::{Answer, Asked, HOURS, Request, RequestId};
use crate::journal::sql::facts::of_load;
use crate::journal::sql::{local, periods};
use crate::t;

/// Those of a year: what waits first, then the latest.
pub(super) async fn requests(ctx: &mut Ctx, year: i64) -> Done<Vec<Request>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select q.id, q.load_id, q.text, q.asked_at, q.answer, q.note, q.open_until, d.number, s.kind,
            full_name(p.last_name, p.first_name, p.middle_name) as "by!",
            coalesce((select full_name(a.last_name, a.first_name, a.middle_name) from person a where a.id = q.answered_by), '') as "answered_by!",
            concat_ws(', ', j.name, u.audience) as "journal!", c.name as "class?"
           from period_request q
           cross join lateral audience_of($1, q.load_id) u
           join period d on d.school_id = q.school_id and d.id = q.period_id
           join period_system s on s.school_id = d.school_id and s.id = d.system_id
           left join class c on c.school_id = q.school_id and c.id = q.class_id
           left join teaching_load l on l.school_id = q.school_id and l.id = q.load_id
           left join subject j on j.school_id = l.school_id and j.id = l.subject_id
           join employee e on e.school_id = q.school_id and e.id = q.employee_id
           join person p on p.id = e.person_id
           where q.school_id = $1 and s.year_id = $2 order by (q.answer is null) desc, q.id desc limit 100"#,
        school.0,
        year,
    )
    .fetch_all(ctx.db())
    .await?;
    let lang = ctx.lang();
    let request = rows.into_iter().map(|r| Request {
        id: RequestId(r.id),
        by: r.by,
        load: r.load_id.map(LoadId),
        journal: match r.class {
            Some(class) => t::periods_reasons_of(lang, class),
            None => r.journal,
        },
        period: (r.kind, r.number),
        text: r.text,
        at: local(ctx, r.asked_at),
        answer: r.answer.map(|_| Answer {
            until: r.open_until.map(|at| local(ctx, at)),
            note: r.note,
            by: r.answered_by,
        }),
    });
    Ok(request.collect())
}

/// How many questions of the school wait, for whoever answers them; nobody else has any.
///
/// # Errors
/// The database's.
pub async fn waiting(ctx: &mut Ctx) -> Done<i64> {
    if must_set(ctx).is_err() {
        return Ok(0);
    }
    let school = ctx.school();
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "waiting!" from period_request where school_id = $1 and answer is null"#,
        school.0,
    )
    .fetch_one(ctx.db())
    .await?)
}

/// How the actor's own last questions about a journal stand, one a period.
///
/// # Errors
/// The database's: the right to the journal is the caller's to ask.
pub(crate) async fn asked(ctx: &mut Ctx, load: LoadId) -> Done<Vec<Asked>> {
    let (school, now) = (ctx.school(), ctx.now());
    let Some(employee) = ctx.employee() else {
        return Ok(vec![]);
    };
    let rows = sqlx::query!(
        r#"select distinct on (q.period_id) q.period_id, q.text, q.asked_at, q.answer, q.note, q.open_until,
            full_name(p.last_name, p.first_name, p.middle_name) as "by!"
           from period_request q left join person p on p.id = q.answered_by
           where q.school_id = $1 and q.load_id = $2 and q.employee_id = $3
           order by q.period_id, q.id desc"#,
        school.0,
        load.0,
        employee.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let asked = rows.into_iter().map(|r| Asked {
        period: PeriodId(r.period_id),
        text: r.text,
        at: local(ctx, r.asked_at),
        open: r.open_until.is_some_and(|until| until > now),
        answer: r.answer.map(|_| Answer {
            until: r.open_until.map(|at| local(ctx, at)),
            note: r.note,
            by: r.by,
        }),
    });
    Ok(asked.collect())
}

/// A teacher asks for a change in a closed period of their journal.
///
/// # Errors
/// Forbidden and not found as the journal's rights say; invalid for a period that is open, a text that is too short or long, a
/// question that waits already.
pub async fn ask_change(ctx: &mut Ctx, load: LoadId, period: PeriodId, text: String) -> Done<RequestId> {
    let whose = of_load(ctx, load).await?;
    ctx.must(Action::Edit, &whose.resource(ctx, Kind::Journal))?;
    let (school, lang, now) = (ctx.school(), ctx.lang(), ctx.now());
    let employee = ctx.employee().ok_or(AppError::Forbidden)?;
    let found = periods(ctx, load).await?.into_iter().find(|p| p.id == period);
    let found = found.ok_or(AppError::NotFound)?;
    let text = reason_of(&text, "text", lang)?;
    if !found.locked {
        return Err(AppError::invalid("", t::periods_is_open(lang)).into());
    }
    let made = sqlx::query_scalar!(
        "insert into period_request (school_id, period_id, load_id, employee_id, text, asked_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (school_id, period_id, load_id, employee_id) where answer is null do nothing returning id",
        school.0,
        period.0,
        load.0,
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
        new: Some(json!({ "period": period, "load": load, "text": text })),
        op: None,
    })
    .await?;
    Ok(RequestId(made))
}

/// Answers a question: lets the teacher into the journal for so many hours, or refuses with words. Returns the journal, where it is about one: whoever
/// has it open is to be told.
///
/// # Errors
/// Forbidden and not found as the rights say; invalid for hours out of bounds or a refusal without words; conflict if somebody
/// has answered already.
pub async fn answer_change(
    ctx: &mut Ctx,
    request: RequestId,
    hours: Option<i16>,
    note: Option<String>,
) -> Done<Option<LoadId>> {
    must_set(ctx)?;
    let (school, lang, now, person) = (ctx.school(), ctx.lang(), ctx.now(), ctx.person());
    let asked = sqlx::query!(
        "select answer, load_id from period_request where school_id = $1 and id = $2 for update",
        school.0,
        request.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if asked.answer.is_some() {
        return Err(AppError::Conflict {
            message: t::periods_answered(lang).to_owned(),
        }
        .into());
    }
    let note = note.as_deref().map(str::trim).filter(|n| !n.is_empty());
    let note = note.map(|n| reason_of(n, "note", lang)).transpose()?;
    if hours.is_some_and(|h| !HOURS.contains(&h)) {
        return Err(AppError::invalid("hours", t::periods_wrong_hours(lang)).into());
    }
    if hours.is_none() && note.is_none() {
        return Err(AppError::invalid("note", t::periods_refusal_words(lang)).into());
    }
    let until = hours.map(|h| now + TimeDelta::hours(i64::from(h)));
    let said = if until.is_some() { "allowed" } else { "refused" };
    sqlx::query!(
        "update period_request set answer = $3, note = $4, open_until = $5, answered_by = $6, answered_at = $7
         where school_id = $1 and id = $2",
        school.0,
        request.0,
        said,
        note,
        until,
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: if until.is_some() {
            "period_request.allowed"
        } else {
            "period_request.refused"
        },
        entity: "period_request",
        key: request.to_string(),
        old: None,
        new: Some(json!({ "until": until, "note": note })),
        op: None,
    })
    .await?;
    Ok(asked.load_id.map(LoadId))
}
