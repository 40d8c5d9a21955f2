//! What the journal says of pupils beforehand.

use base::PupilId;
use base::sql::{Ctx, Done};
use chrono::NaiveDate;

use crate::attendance::in_words;
use crate::attendance::sheet::Hint;

/// The reasons that are known for days of a span. Whoever sees the journal sees the code that will stand in it, not the paper.
pub(crate) async fn hints(
    ctx: &mut Ctx,
    pupils: &[PupilId],
    from: NaiveDate,
    to: NaiveDate,
) -> Done<Vec<Hint>> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let pupils: Vec<i64> = pupils.iter().map(|p| p.0).collect();
    let rows = sqlx::query!(
        "select r.pupil_id, r.starts_on, r.ends_on, r.code, k.title
         from absence_reason r join attendance_code k on k.school_id = r.school_id and k.code = r.code
         where r.school_id = $1 and r.pupil_id = any ($2::bigint[]) and r.withdrawn_at is null
           and r.starts_on <= $4 and r.ends_on >= $3
         order by r.pupil_id, r.starts_on, r.id",
        school.0,
        &pupils,
        from,
        to,
    )
    .fetch_all(ctx.db())
    .await?;
    let hints = rows.into_iter().map(|r| Hint {
        pupil: PupilId(r.pupil_id),
        from: r.starts_on,
        to: r.ends_on,
        code: r.code,
        title: in_words(&r.title, lang),
    });
    Ok(hints.collect())
}
