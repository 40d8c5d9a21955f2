//! What the journal says of pupils beforehand.

use base::PupilId;
use base::sql::{Ctx, Done};
use chrono::NaiveDate;

use crate::attendance::in_words;
use crate::attendance::sheet::Hint;
use crate::t;

/// The reasons that are known for days of a span, and after them what families have told of it beforehand. Whoever sees the journal sees the
/// code that will stand in it, or that a family has told, neither the paper nor the words.
pub(crate) async fn hints(
    ctx: &mut Ctx,
    pupils: &[PupilId],
    from: NaiveDate,
    to: NaiveDate,
) -> Done<Vec<Hint>> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let pupils: Vec<i64> = pupils.iter().map(|p| p.0).collect();
    let rows = sqlx::query!(
        r#"select h.pupil_id as "pupil_id!", h.starts_on as "starts_on!", h.ends_on as "ends_on!", h.code, h.title from (
            select r.pupil_id, r.starts_on, r.ends_on, r.id, r.code, k.title
            from absence_reason r join attendance_code k on k.school_id = r.school_id and k.code = r.code
            where r.school_id = $1 and r.pupil_id = any ($2::bigint[]) and r.withdrawn_at is null
              and r.starts_on <= $4 and r.ends_on >= $3
            union all
            select n.pupil_id, n.starts_on, n.ends_on, n.id, null, null
            from absence_note n
            where n.school_id = $1 and n.pupil_id = any ($2::bigint[]) and n.withdrawn_at is null
              and n.starts_on <= $4 and n.ends_on >= $3) h
         -- the first of a day is shown: what the school has decided before what it was told
         order by h.pupil_id, h.code is null, h.starts_on, h.id"#,
        school.0,
        &pupils,
        from,
        to,
    )
    .fetch_all(ctx.db())
    .await?;
    let lang = ctx.lang();
    let hints = rows.into_iter().map(|r| Hint {
        pupil: PupilId(r.pupil_id),
        from: r.starts_on,
        to: r.ends_on,
        told: r.code.is_none(),
        code: r.code.unwrap_or_else(|| t::absence_told_sign(lang).to_owned()),
        title: r
            .title
            .map_or_else(|| t::absence_told(lang).to_owned(), |title| in_words(&title, lang)),
    });
    Ok(hints.collect())
}
