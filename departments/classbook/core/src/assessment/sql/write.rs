//! Plans, takes away, approves, returns.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, AssessmentId, LoadId, SchoolId};
use chrono::NaiveDate;
use serde_json::json;

use super::read::{group, known};
use crate::assessment::rule::Place;
use crate::assessment::schedule::{Edit, State};
use crate::journal::sql::facts::of_load;
use crate::t;

/// A work as it lies, held until the end.
struct Row {
    load: LoadId,
    held_on: NaiveDate,
    title: String,
    state: State,
    version: i32,
}

async fn row(ctx: &mut Ctx, id: AssessmentId) -> Done<Row> {
    let SchoolId(school) = ctx.school();
    let r = sqlx::query!(
        "select load_id, held_on, title, state, version from assessment where school_id = $1 and id = $2 for update",
        school,
        id.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    Ok(Row {
        load: LoadId(r.load_id),
        held_on: r.held_on,
        title: r.title,
        state: State::from_key(&r.state),
        version: r.version,
    })
}

fn meanwhile(ctx: &Ctx) -> AppError {
    AppError::Conflict {
        message: t::assessment_changed_meanwhile(ctx.lang()).to_owned(),
    }
}

/// Plans a work or changes one; a changed one waits for the deputy again.
///
/// # Errors
/// [`AppError::NotFound`] and [`AppError::Forbidden`] for a journal that is not the actor's, [`AppError::Conflict`] on top of a newer
/// one, [`AppError::Invalid`] for what is wrong in it. What the law says against it is no error: the answer of `desk` has it.
pub async fn save(ctx: &mut Ctx, edit: Edit) -> Done<AssessmentId> {
    let whose = of_load(ctx, edit.load).await?;
    ctx.must(Action::Edit, &whose.resource(ctx, Kind::Journal))?;
    let old = match edit.id {
        Some(id) => Some(row(ctx, id).await?),
        None => None,
    };
    if old.as_ref().is_some_and(|o| o.load != edit.load) {
        return Err(AppError::NotFound.into());
    }
    if old.as_ref().is_some_and(|o| o.version != edit.expected) {
        return Err(meanwhile(ctx).into());
    }
    let place = checked(ctx, &edit, old.as_ref()).await?;
    let (SchoolId(school), person, now) = (ctx.school(), ctx.person(), ctx.now());
    let title = edit.title.trim();
    let id = match edit.id {
        Some(id) => {
            sqlx::query!(
                "update assessment set held_on = $3, slot = $4, work_type_id = $5, title = $6, minutes = $7, whole_class = $8,
                    state = 'planned', note = null, decided_by = null, decided_at = null, version = version + 1,
                    planned_by = $9, planned_at = $10
                 where school_id = $1 and id = $2",
                school,
                id.0,
                edit.date,
                place.slot,
                edit.kind.0,
                title,
                edit.minutes,
                edit.whole_class,
                person.0,
                now,
            )
            .execute(ctx.db())
            .await?;
            id
        }
        None => AssessmentId(
            sqlx::query_scalar!(
                "insert into assessment (school_id, load_id, held_on, slot, work_type_id, title, minutes, whole_class, planned_by, planned_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id",
                school,
                edit.load.0,
                edit.date,
                place.slot,
                edit.kind.0,
                title,
                edit.minutes,
                edit.whole_class,
                person.0,
                now,
            )
            .fetch_one(ctx.db())
            .await?,
        ),
    };
    ctx.audit(Event {
        action: if old.is_some() {
            "assessment.changed"
        } else {
            "assessment.planned"
        },
        entity: "assessment",
        key: id.to_string(),
        old: old
            .map(|o| json!({"date": o.held_on, "title": o.title, "state": o.state, "version": o.version})),
        new: Some(json!({
            "load": edit.load, "date": edit.date, "kind": edit.kind, "title": title, "minutes": edit.minutes,
            "whole_class": edit.whole_class,
        })),
        op: None,
    })
    .await?;
    Ok(id)
}

/// The lesson on which it will lie.
async fn checked(ctx: &mut Ctx, edit: &Edit, old: Option<&Row>) -> Done<Place> {
    let (SchoolId(school), lang, today) = (ctx.school(), ctx.lang(), ctx.today());
    let refuse = |field: &str, text: &str| Err(AppError::invalid(field, text).into());
    let title = edit.title.trim();
    if title.is_empty() || title.chars().count() > 200 {
        return refuse("title", t::assessment_title_wrong(lang));
    }
    if !(1..=360).contains(&edit.minutes) {
        return refuse("minutes", t::assessment_minutes_wrong(lang));
    }
    if edit.date < today || old.is_some_and(|o| o.held_on < today) {
        return refuse("date", t::assessment_past(lang));
    }
    let kind = sqlx::query_scalar!(
        r#"select exists (select from work_type where school_id = $1 and id = $2) as "known!""#,
        school,
        edit.kind.0,
    )
    .fetch_one(ctx.db())
    .await?;
    if !kind {
        return refuse("kind", t::assessment_kind_wrong(lang));
    }
    let group = group(ctx, edit.load).await?;
    let known = known(ctx, &group).await?;
    let taken = known.others.iter().any(|o| {
        // a column of the journal is no entry of the schedule
        o.id.is_some() && o.date == edit.date && group.has(o) && o.id != edit.id
    });
    if taken {
        return refuse("date", t::assessment_day_taken(lang));
    }
    match known.places.iter().find(|p| p.date == edit.date) {
        Some(place) => Ok(*place),
        None => refuse("date", t::assessment_no_lesson(lang)),
    }
}

/// Takes a work out of the schedule.
///
/// # Errors
/// As [`save`].
pub async fn remove(ctx: &mut Ctx, id: AssessmentId) -> Done<()> {
    let old = row(ctx, id).await?;
    let whose = of_load(ctx, old.load).await?;
    ctx.must(Action::Edit, &whose.resource(ctx, Kind::Journal))?;
    let (SchoolId(school), lang) = (ctx.school(), ctx.lang());
    if old.held_on < ctx.today() {
        return Err(AppError::invalid("date", t::assessment_past(lang)).into());
    }
    sqlx::query!(
        "delete from assessment where school_id = $1 and id = $2",
        school,
        id.0
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "assessment.removed",
        entity: "assessment",
        key: id.to_string(),
        old: Some(json!({"load": old.load, "date": old.held_on, "title": old.title, "state": old.state, "version": old.version})),
        new: None,
        op: None,
    })
    .await?;
    Ok(())
}

/// Approves a work, or returns it with words.
///
/// # Errors
/// [`AppError::NotFound`] and [`AppError::Forbidden`] for who does not decide, [`AppError::Conflict`] on top of a newer version,
/// [`AppError::Invalid`] for a return without words.
pub async fn decide(ctx: &mut Ctx, id: AssessmentId, approve: bool, note: &str, expected: i32) -> Done<()> {
    ctx.must(Action::Lock, &Resource::of_school(Kind::Journal, ctx.school()))?;
    let old = row(ctx, id).await?;
    let lang = ctx.lang();
    if old.version != expected {
        return Err(meanwhile(ctx).into());
    }
    let note = Some(note.trim()).filter(|n| !n.is_empty());
    if !approve && note.is_none() {
        return Err(AppError::invalid("note", t::assessment_note_missing(lang)).into());
    }
    if note.is_some_and(|n| n.chars().count() > 500) {
        return Err(AppError::invalid("note", t::journal_text_too_long(lang)).into());
    }
    let state = if approve { State::Approved } else { State::Returned };
    let (SchoolId(school), person, now) = (ctx.school(), ctx.person(), ctx.now());
    sqlx::query!(
        "update assessment set state = $3, note = $4, decided_by = $5, decided_at = $6, version = version + 1
         where school_id = $1 and id = $2",
        school,
        id.0,
        state.key(),
        note,
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: if approve {
            "assessment.approved"
        } else {
            "assessment.returned"
        },
        entity: "assessment",
        key: id.to_string(),
        old: Some(json!({"state": old.state, "version": old.version})),
        new: Some(json!({"state": state, "note": note, "version": old.version + 1})),
        op: None,
    })
    .await?;
    Ok(())
}
