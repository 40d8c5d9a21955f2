//! Asking, answering, closing; each with its event, in the same transaction.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, DisputeId, PupilId};
use chrono::{Duration, NaiveDate};
use serde_json::json;

use super::read::days;
use super::{Facts, facts, mark_of, sets};
use crate::dispute::{A_DAY, About, OPEN, due_on, text};
use crate::t;

/// Asks about a mark.
///
/// # Errors
/// [`AppError::NotFound`] for a mark that is not the actor's own child's, [`AppError::Forbidden`] for staff,
/// [`AppError::Invalid`] without a mark, with an empty or too long text, with too many open threads or one on this mark
/// already, [`AppError::TooMany`] for somebody who writes without end.
pub async fn ask(ctx: &mut Ctx, pupil: PupilId, about: impl Into<About>, words: &str) -> Done<DisputeId> {
    let about = about.into();
    let facts = facts(ctx, pupil, about).await?;
    let (assignment, period_mark) = about.columns();
    if !facts.family {
        return Err(AppError::Forbidden.into());
    }
    let words = checked(ctx, words)?;
    let Some(code) = facts.code.clone() else {
        return Err(AppError::invalid("", t::dispute_no_mark(ctx.lang())).into());
    };
    not_too_often(ctx).await?;
    let (school, person, now, lang) = (ctx.school(), ctx.person(), ctx.now(), ctx.lang());
    let counted = sqlx::query!(
        r#"select count(*) as "open!", count(*) filter (where assignment_id = $3 or period_mark_id = $4) as "here!"
           from dispute where school_id = $1 and pupil_id = $2 and state <> 'closed'"#,
        school.0,
        pupil.0,
        assignment,
        period_mark,
    )
    .fetch_one(ctx.db())
    .await?;
    if counted.here > 0 {
        return Err(AppError::invalid("", t::dispute_open_already(lang)).into());
    }
    if counted.open >= OPEN {
        return Err(AppError::invalid("", t::dispute_too_many(lang, OPEN)).into());
    }
    let due = term(ctx, &facts).await?;
    let id = sqlx::query_scalar!(
        "insert into dispute (school_id, assignment_id, period_mark_id, pupil_id, code, asked_by, asked_at, due_on)
         values ($1, $2, $8, $3, $4, $5, $6, $7) returning id",
        school.0,
        assignment,
        pupil.0,
        code,
        person.0,
        now,
        due,
        period_mark,
    )
    .fetch_one(ctx.db())
    .await?;
    let dispute = DisputeId(id);
    write(ctx, dispute, pupil, true, &words).await?;
    tell(
        ctx,
        "dispute.asked",
        dispute,
        &facts,
        json!({ "code": code, "due_on": due }),
    )
    .await?;
    Ok(dispute)
}

/// The family asks on, or the school answers: by who says it.
///
/// # Errors
/// [`AppError::NotFound`] for a thread that is not for the actor to see, [`AppError::Forbidden`] for staff who may not write in
/// the journal, [`AppError::Invalid`] for a closed one and for the text, [`AppError::TooMany`].
pub async fn say(ctx: &mut Ctx, dispute: DisputeId, words: &str) -> Done<()> {
    let facts = of(ctx, dispute).await?;
    if !facts.family && !facts.answers {
        return Err(AppError::Forbidden.into());
    }
    let words = checked(ctx, words)?;
    if facts.family {
        not_too_often(ctx).await?;
    }
    let (school, lang) = (ctx.school(), ctx.lang());
    let before = state(ctx, dispute).await?;
    if before == "closed" {
        return Err(AppError::invalid("", t::dispute_closed(lang)).into());
    }
    // who asks on before there was an answer does not put the day off
    let due = if facts.family && before == "answered" {
        Some(term(ctx, &facts).await?)
    } else {
        None
    };
    let after = if facts.family { "open" } else { "answered" };
    sqlx::query!(
        "update dispute set state = $3, due_on = coalesce($4, due_on) where school_id = $1 and id = $2",
        school.0,
        dispute.0,
        after,
        due,
    )
    .execute(ctx.db())
    .await?;
    write(ctx, dispute, facts.pupil, facts.family, &words).await?;
    let action = if facts.family {
        "dispute.asked"
    } else {
        "dispute.answered"
    };
    tell(
        ctx,
        action,
        dispute,
        &facts,
        json!({ "state": after, "due_on": due }),
    )
    .await
}

/// Ends a thread: the family when it knows enough, or who looks after the school's terms.
///
/// # Errors
/// [`AppError::NotFound`] for a thread that is not for the actor to see, [`AppError::Forbidden`] for other staff,
/// [`AppError::Invalid`] for a closed one.
pub async fn close(ctx: &mut Ctx, dispute: DisputeId) -> Done<()> {
    let facts = of(ctx, dispute).await?;
    if !facts.family && !sets(ctx) {
        return Err(AppError::Forbidden.into());
    }
    let (school, person, now, lang) = (ctx.school(), ctx.person(), ctx.now(), ctx.lang());
    if state(ctx, dispute).await? == "closed" {
        return Err(AppError::invalid("", t::dispute_closed(lang)).into());
    }
    sqlx::query!(
        "update dispute set state = 'closed', closed_by = $3, closed_at = $4 where school_id = $1 and id = $2",
        school.0,
        dispute.0,
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    tell(
        ctx,
        "dispute.closed",
        dispute,
        &facts,
        json!({ "state": "closed" }),
    )
    .await
}

/// Sets the school's term. Threads that are open keep theirs.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Forbidden`] without the right to lock journals, [`AppError::Invalid`] out of bounds.
pub async fn set_days(ctx: &mut Ctx, wanted: i16) -> Done<()> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    ctx.must(Action::Lock, &Resource::of_school(Kind::Journal, school))?;
    if !(1..=20).contains(&wanted) {
        return Err(AppError::invalid("days", t::dispute_days_wrong(ctx.lang())).into());
    }
    let before = days(ctx).await?;
    sqlx::query!(
        "insert into dispute_rule (school_id, days, changed_by, changed_at) values ($1, $2, $3, $4)
         on conflict (school_id) do update set days = $2, changed_by = $3, changed_at = $4",
        school.0,
        wanted,
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "dispute.term",
        entity: "dispute_rule",
        key: school.to_string(),
        old: Some(json!({ "days": before })),
        new: Some(json!({ "days": wanted })),
        op: None,
    })
    .await
}

async fn of(ctx: &mut Ctx, dispute: DisputeId) -> Done<Facts> {
    let (pupil, about) = mark_of(ctx, dispute).await?;
    facts(ctx, pupil, about).await
}

/// How a thread stands, locked against others until the end of the transaction.
async fn state(ctx: &mut Ctx, dispute: DisputeId) -> Done<String> {
    let school = ctx.school();
    Ok(sqlx::query_scalar!(
        "select state from dispute where school_id = $1 and id = $2 for update",
        school.0,
        dispute.0,
    )
    .fetch_one(ctx.db())
    .await?)
}

fn checked(ctx: &Ctx, words: &str) -> Result<String, AppError> {
    text(words).ok_or_else(|| AppError::invalid("text", t::dispute_text_wrong(ctx.lang())))
}

/// A family may write some messages a day, over all its threads.
async fn not_too_often(ctx: &mut Ctx) -> Done<()> {
    let (school, person, since) = (ctx.school(), ctx.person(), ctx.now() - Duration::days(1));
    let row = sqlx::query!(
        r#"select count(*) as "n!", min(at) as first from dispute_message where school_id = $1 and author_id = $2 and at > $3"#,
        school.0,
        person.0,
        since,
    )
    .fetch_one(ctx.db())
    .await?;
    if row.n < A_DAY {
        return Ok(());
    }
    let wait = row
        .first
        .map_or(60, |first| (first - since).num_seconds().max(60));
    Err(AppError::TooMany {
        retry_after: u32::try_from(wait).unwrap_or(60),
    }
    .into())
}

/// The last day of a term that begins today.
async fn term(ctx: &mut Ctx, facts: &Facts) -> Done<NaiveDate> {
    let (school, today) = (ctx.school(), ctx.today());
    let days = days(ctx).await?;
    let holidays = sqlx::query!(
        // whose class is not known has the days off of everybody
        r#"select starts_on as "starts_on!", ends_on as "ends_on!" from class_holiday where school_id = $1 and ends_on > $2 and class_id = $3
           union all
           select starts_on, ends_on from holiday where school_id = $1 and ends_on > $2 and $3::bigint is null and grade is null and system_id is null"#,
        school.0,
        today,
        facts.class.map(|c| c.0),
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(due_on(today, days, |day| {
        holidays.iter().any(|h| h.starts_on <= day && day <= h.ends_on)
    }))
}

async fn write(ctx: &mut Ctx, dispute: DisputeId, pupil: PupilId, by_family: bool, words: &str) -> Done<()> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    sqlx::query!(
        "insert into dispute_message (school_id, dispute_id, pupil_id, author_id, by_family, at, text)
         values ($1, $2, $3, $4, $5, $6, $7)",
        school.0,
        dispute.0,
        pupil.0,
        person.0,
        by_family,
        now,
        words,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

/// The event says about what and how it stands; the words stay in the thread, which nobody changes either.
async fn tell(
    ctx: &mut Ctx,
    action: &'static str,
    dispute: DisputeId,
    facts: &Facts,
    new: serde_json::Value,
) -> Done<()> {
    let mut new = new;
    if let Some(all) = new.as_object_mut() {
        all.insert("pupil".into(), json!(facts.pupil));
        let (about, id) = match facts.about {
            About::Work(assignment) => ("assignment", assignment.0),
            About::Period(mark) => ("period_mark", mark.0),
        };
        all.insert(about.into(), json!(id));
    }
    ctx.audit(Event {
        action,
        entity: "dispute",
        key: dispute.to_string(),
        old: None,
        new: Some(new),
        op: None,
    })
    .await
}
