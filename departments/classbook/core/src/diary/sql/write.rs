//! Remembers that somebody has looked.

use base::PupilId;
use base::rights::Action;
use base::sql::{Ctx, Done};
use chrono::{DateTime, Duration, Utc};

use super::given::sitting;
use super::{family_first, resource};

/// A mark may carry a moment a little before it became visible.
const OVERLAP_SECONDS: i64 = 5;

/// The family has looked at what was so at the moment `shown`. Nothing is remembered about staff.
///
/// # Errors
/// [`base::AppError::NotFound`] for a pupil whose diary is not for the actor to see.
pub async fn seen(ctx: &mut Ctx, pupil: PupilId, shown: DateTime<Utc>) -> Done<()> {
    family_first(ctx, pupil)?;
    if ctx.actor().role.family().is_none() {
        // staff: no visit; the policy still answers, so that a foreign pupil is hidden here as everywhere
        let leads = leads(ctx, pupil).await?;
        ctx.must(Action::View, &resource(ctx, pupil, leads))?;
        return Ok(());
    }
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let seen = moment(ctx, shown);
    let sitting = sitting(now);
    sqlx::query!(
        "insert into diary_visit (school_id, pupil_id, person_id, seen_at, previous_at) values ($1, $2, $3, $4, null)
         on conflict (school_id, pupil_id, person_id) do update set
             previous_at = case when diary_visit.seen_at <= $5 then diary_visit.seen_at else diary_visit.previous_at end,
             seen_at = greatest(diary_visit.seen_at, excluded.seen_at)",
        school.0,
        pupil.0,
        person.0,
        seen,
        sitting,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

/// The moment up to which a page of the moment `shown` shows what is so: not in the future, whatever a browser says, and a little before.
pub(super) fn moment(ctx: &Ctx, shown: DateTime<Utc>) -> DateTime<Utc> {
    let now = ctx.now();
    shown
        .min(now)
        .checked_sub_signed(Duration::seconds(OVERLAP_SECONDS))
        .unwrap_or(now)
}

/// Does the actor lead the class the pupil is in now? A pupil of nowhere is found by nobody.
pub(crate) async fn leads(ctx: &mut Ctx, pupil: PupilId) -> Done<bool> {
    let today = ctx.today();
    crate::attendance::sql::facts::leads(ctx, pupil, today, today).await
}
