//! The topics of coursework.

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done, Event};
use base::{AppError, LoadId, PeriodId, PupilId};
use serde_json::json;

use super::periods::stale;
use super::totals::{Read, key_of, read};
use crate::grading::totals::{Shut, Stage, Totals};
use crate::journal::sql::facts::of_load;
use crate::t;

/// Says what a pupil's coursework of a period is about, or that there is none; `seen` is the topic that the person saw. It may be said before
/// the period begins. A repeated send changes nothing. Returns the version of the place, which its mark goes on from.
///
/// # Errors
/// [`AppError::NotFound`] and [`AppError::Forbidden`] as the journal's rights say; [`AppError::Invalid`] outside of a college, for a pupil or a
/// period that is not of the journal, in a closed period, for a topic of another length than it may have, and for none where a mark stands;
/// [`AppError::Conflict`] if somebody has changed it meanwhile.
pub async fn save_topic(
    ctx: &mut Ctx,
    load: LoadId,
    pupil: PupilId,
    period: PeriodId,
    (seen, topic): (Option<String>, Option<String>),
) -> Done<i32> {
    let whose = of_load(ctx, load).await?;
    ctx.must(Action::Edit, &whose.resource(ctx, Kind::Journal))?;
    let sheet = read(ctx, load, Some(pupil), true).await?;
    let topic = topic.as_deref().map(str::trim).filter(|t| !t.is_empty());
    let stage = Stage::Coursework(period);
    let lang = ctx.lang();
    let invalid = |words: &str| AppError::invalid("topic", words);
    let totals = &sheet.totals;
    let works = |c: &&crate::grading::totals::Column| matches!(c.stage, Stage::Coursework(_));
    if totals.columns.iter().find(works).is_none() {
        return Err(invalid(t::grading_no_coursework(lang)).into());
    }
    let column = totals.columns.iter().find(|c| c.stage == stage);
    let column = column.filter(|c| totals.pupils.first().is_some_and(|p| Totals::belongs(p, c)));
    let Some(column) = column else {
        return Err(invalid(t::grading_not_here(lang)).into());
    };
    let now = totals.topic(pupil, stage);
    let version = totals.given(pupil, stage).map_or(0, |g| g.version);
    if now == topic {
        return Ok(version);
    }
    if column.shut == Some(Shut::Locked) {
        return Err(invalid(t::grading_locked(lang)).into());
    }
    if topic.is_some_and(|t| !(3..=300).contains(&t.chars().count())) {
        return Err(invalid(t::grading_wrong_topic(lang)).into());
    }
    if topic.is_none() && totals.code(pupil, stage).is_some() {
        return Err(invalid(t::grading_mark_without_topic(lang)).into());
    }
    if now != seen.as_deref() {
        return Err(stale(ctx).into());
    }
    let kept = write(ctx, &sheet, (pupil, period), seen.as_deref(), topic).await?;
    let Some(kept) = kept else {
        return Err(stale(ctx).into());
    };
    // not of «period_mark»: its history is that of the mark, and a family is told of marks
    ctx.audit(Event {
        action: "coursework.topic",
        entity: "coursework",
        key: key_of(pupil, sheet.totals.subject_id, sheet.year, stage),
        old: Some(json!({ "topic": seen })),
        new: Some(json!({ "topic": topic, "version": kept })),
        op: None,
    })
    .await?;
    Ok(kept)
}

/// Writes it, unless somebody was faster; whoever gave the mark stays the one who did.
async fn write(
    ctx: &mut Ctx,
    sheet: &Read,
    (pupil, period): (PupilId, PeriodId),
    seen: Option<&str>,
    topic: Option<&str>,
) -> Done<Option<i32>> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    Ok(sqlx::query_scalar!(
        "insert into period_mark (school_id, year_id, subject_id, load_id, scale_id, changed_by, changed_at, pupil_id, stage, period_id, topic)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'coursework', $9, $10)
         on conflict on constraint period_mark_place_key do update
            set topic = excluded.topic, version = period_mark.version + 1
            where period_mark.topic is not distinct from $11
         returning version",
        school.0,
        sheet.year.0,
        sheet.totals.subject_id.0,
        sheet.totals.load.0,
        sheet.scale,
        person.0,
        now,
        pupil.0,
        period.0,
        topic,
        seen,
    )
    .fetch_optional(ctx.db())
    .await?)
}
