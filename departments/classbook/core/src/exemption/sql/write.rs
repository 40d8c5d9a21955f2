//! Enters an exemption, takes one back.

use base::sql::{Ctx, Done, Event};
use base::{AppError, ExemptionId, PupilId};
use chrono::NaiveDate;
use serde_json::json;

use super::read::{keeps_cards, must_see};
use crate::attendance::sheet::{SpanWrong, check};
use crate::attendance::sql::checked;
use crate::attendance::sql::facts::leads;
use crate::exemption::{NewExemption, SPAN};
use crate::t;

/// Whoever leads a class in which the pupil is on one of these days, or keeps cards.
async fn must(ctx: &mut Ctx, pupil: PupilId, from: NaiveDate, to: NaiveDate) -> Done<()> {
    let leads = leads(ctx, pupil, from, to).await?;
    must_see(ctx, leads)?;
    if leads || keeps_cards(ctx) {
        Ok(())
    } else {
        Err(AppError::Forbidden.into())
    }
}

/// Enters an exemption.
///
/// # Errors
/// [`AppError::NotFound`] for a pupil who is not for the actor to see and a subject that the school has not, [`AppError::Forbidden`] for
/// who neither leads the class nor keeps cards, [`AppError::Invalid`] for the span, the paper, and a time that is covered already.
pub async fn add(ctx: &mut Ctx, new: NewExemption) -> Done<ExemptionId> {
    must(ctx, new.pupil, new.starts_on, new.ends_on).await?;
    let (school, person, now, today, lang) = (ctx.school(), ctx.person(), ctx.now(), ctx.today(), ctx.lang());
    match check(today, new.starts_on, new.ends_on, SPAN) {
        Ok(()) => {}
        Err(SpanWrong::Order) => return Err(AppError::invalid("ends_on", t::absence_order(lang)).into()),
        Err(SpanWrong::Far) => {
            return Err(AppError::invalid("starts_on", t::attendance_far(lang, SPAN)).into());
        }
    }
    let paper = checked(new.paper, today, lang)?;
    let known = sqlx::query!(
        r#"select exists (select from subject where school_id = $1 and id = $2) as "subject!",
            exists (select from exemption where school_id = $1 and pupil_id = $3 and subject_id = $2 and withdrawn_at is null
                and starts_on <= $5 and ends_on >= $4) as "covered!""#,
        school.0,
        new.subject.0,
        new.pupil.0,
        new.starts_on,
        new.ends_on,
    )
    .fetch_one(ctx.db())
    .await?;
    if !known.subject {
        return Err(AppError::NotFound.into());
    }
    if known.covered {
        return Err(AppError::invalid("starts_on", t::exemption_covered(lang)).into());
    }
    let id = sqlx::query_scalar!(
        "insert into exemption (school_id, pupil_id, subject_id, starts_on, ends_on, attends, document_kind, document_number, document_on,
            made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id",
        school.0,
        new.pupil.0,
        new.subject.0,
        new.starts_on,
        new.ends_on,
        new.attends,
        paper.kind.key(),
        paper.number(),
        paper.on,
        person.0,
        now,
    )
    .fetch_one(ctx.db())
    .await?;
    // the paper is often about health, and stands in the row
    let said = json!({ "pupil": new.pupil, "subject": new.subject, "starts_on": new.starts_on, "ends_on": new.ends_on,
        "attends": new.attends });
    audit(ctx, "exemption.entered", id, None, Some(said)).await?;
    Ok(ExemptionId(id))
}

/// Takes an exemption back.
///
/// # Errors
/// [`AppError::NotFound`] for one that is not for the actor to see or was taken back, [`AppError::Forbidden`] as for [`add`].
pub async fn withdraw(ctx: &mut Ctx, id: ExemptionId) -> Done<()> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let row = sqlx::query!(
        "select pupil_id, subject_id, starts_on, ends_on from exemption
         where school_id = $1 and id = $2 and withdrawn_at is null for update",
        school.0,
        id.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    must(ctx, PupilId(row.pupil_id), row.starts_on, row.ends_on).await?;
    sqlx::query!(
        "update exemption set withdrawn_at = $3, withdrawn_by = $4 where school_id = $1 and id = $2",
        school.0,
        id.0,
        now,
        person.0,
    )
    .execute(ctx.db())
    .await?;
    let old = json!({ "pupil": row.pupil_id, "subject": row.subject_id, "starts_on": row.starts_on, "ends_on": row.ends_on });
    audit(ctx, "exemption.withdrawn", id.0, Some(old), None).await
}

async fn audit(
    ctx: &mut Ctx,
    action: &'static str,
    id: i64,
    old: Option<serde_json::Value>,
    new: Option<serde_json::Value>,
) -> Done<()> {
    ctx.audit(Event {
        action,
        entity: "exemption",
        key: id.to_string(),
        old,
        new,
        op: None,
    })
    .await
}
