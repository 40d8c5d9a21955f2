//! Drafts and moves. A save names the revision it was made on; if the version has moved on since, it is refused and
//! told who moved it, so that nobody's work is ever lost silently.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, VersionId};
use serde_json::json;
use uuid::Uuid;

use super::copy::copy;
use super::cut::from_loads;
use super::frame::when;
use super::{Sight, sight};
use crate::t;
use crate::timetable::board::{DraftSource, Drafted};
use crate::timetable::moves::{Move, Saved, Seat};

/// More moves at once than any hand makes.
const MOST_MOVES: usize = 5000;

/// Creates a draft for the current year.
///
/// # Errors
/// Invalid without an academic year or without loads; not found for a foreign version.
pub async fn create_draft(ctx: &mut Ctx, source: DraftSource, title: &str) -> Done<Drafted> {
    ctx.must(Action::Edit, &Resource::of_school(Kind::Timetable, ctx.school()))?;
    let lang = ctx.lang();
    let title = match title.trim() {
        "" => t::draft_title(lang, ctx.today().format("%d.%m.%Y")),
        given => given.to_owned(),
    };
    let made = match source {
        DraftSource::Copy(from) => Drafted {
            version: copy(ctx, from, &title, None).await?.ok_or(AppError::NotFound)?,
            uneven: vec![],
        },
        DraftSource::Loads => from_loads(ctx, &title).await?,
    };
    ctx.audit(Event {
        action: "timetable.draft_created",
        entity: "timetable_version",
        key: made.version.to_string(),
        old: None,
        new: Some(json!({ "title": title, "from": source })),
        op: None,
    })
    .await?;
    Ok(made)
}

/// The longest title of a version, in characters.
const LONGEST_TITLE: usize = 120;

/// Calls a draft otherwise, if it is still called as the person saw it.
///
/// # Errors
/// Not found; invalid for a title that is empty or too long, or for a published version, which lessons and notices name; conflict where somebody
/// else has renamed it.
pub async fn rename_draft(ctx: &mut Ctx, version: VersionId, seen: &str, title: &str) -> Done<()> {
    let (school, lang) = (ctx.school(), ctx.lang());
    ctx.must(Action::Edit, &Resource::of_school(Kind::Timetable, school))?;
    let title = title.trim();
    if title.is_empty() || title.chars().count() > LONGEST_TITLE {
        return Err(AppError::invalid("title", t::draft_wrong_title(lang, LONGEST_TITLE)).into());
    }
    let row = sqlx::query!(
        "select title, state from timetable_version where school_id = $1 and id = $2 for no key update",
        school.0,
        version.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if row.state != "draft" {
        return Err(AppError::invalid("", t::draft_named(lang)).into());
    }
    if row.title != seen {
        let message = t::draft_renamed(lang, &row.title);
        return Err(AppError::Conflict { message }.into());
    }
    if title == seen {
        return Ok(());
    }
    sqlx::query!(
        "update timetable_version set title = $3 where school_id = $1 and id = $2",
        school.0,
        version.0,
        title,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "timetable.draft_renamed",
        entity: "timetable_version",
        key: version.to_string(),
        old: Some(json!({ "title": seen })),
        new: Some(json!({ "title": title })),
        op: None,
    })
    .await
}

/// Deletes a draft with its cards. A published version stays: lessons were held by it.
///
/// # Errors
/// Not found, invalid for a published version.
pub async fn delete_draft(ctx: &mut Ctx, version: VersionId) -> Done<()> {
    let school = ctx.school();
    ctx.must(Action::Edit, &Resource::of_school(Kind::Timetable, school))?;
    let title = sqlx::query_scalar!(
        "delete from timetable_version where school_id = $1 and id = $2 and state = 'draft' returning title",
        school.0,
        version.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(title) = title else {
        let known = sqlx::query_scalar!(
            "select id from timetable_version where school_id = $1 and id = $2",
            school.0,
            version.0
        )
        .fetch_optional(ctx.db())
        .await?;
        return Err(match known {
            Some(_) => AppError::invalid("", t::draft_used(ctx.lang())),
            None => AppError::NotFound,
        }
        .into());
    };
    ctx.audit(Event {
        action: "timetable.draft_deleted",
        entity: "timetable_version",
        key: version.to_string(),
        old: Some(json!({ "title": title })),
        new: None,
        op: None,
    })
    .await
}

/// Saves moves on a draft. The same `op` sent twice counts once.
///
/// # Errors
/// Conflict when the version has moved on since `base_revision`; not found for a foreign version, card or room;
/// invalid for a published version or a place outside the board.
pub async fn save_moves(
    ctx: &mut Ctx,
    version: VersionId,
    base_revision: i32,
    moves: &[Move],
    op: Uuid,
) -> Done<Saved> {
    let school = ctx.school();
    let lang = ctx.lang();
    if sight(ctx)? != Sight::Everything {
        ctx.must(Action::Edit, &Resource::of_school(Kind::Timetable, school))?;
    }
    // whoever comes second waits here and then sees the newer revision
    let head = sqlx::query!(
        r#"select v.state, v.revision, v.changed_at, cardinality(v.day_names) as "days!", cardinality(v.slot_names) as "slots!",
            v.changed_by
         from timetable_version v where v.school_id = $1 and v.id = $2 for update"#,
        school.0,
        version.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if let Some(saved) = earlier(ctx, version, op).await? {
        return Ok(saved);
    }
    if head.state != "draft" {
        return Err(AppError::invalid("", t::save_not_draft(lang)).into());
    }
    if head.revision != base_revision {
        let who = name_of(ctx, head.changed_by).await?;
        let who = who.unwrap_or_else(|| t::save_somebody(lang).to_owned());
        let message = t::save_stale(lang, when(head.changed_at, ctx.actor().utc_offset), who);
        return Err(AppError::Conflict { message }.into());
    }
    if moves.is_empty() {
        return Ok(Saved {
            revision: head.revision,
        });
    }
    if moves.len() > MOST_MOVES {
        return Err(AppError::invalid("", t::save_too_many(lang)).into());
    }
    let on_board = |seat: &Seat| {
        (0..head.days).contains(&i32::from(seat.day)) && (0..head.slots).contains(&i32::from(seat.slot))
    };
    if !moves.iter().filter_map(|m| m.new.seat.as_ref()).all(on_board) {
        return Err(AppError::invalid("", t::save_off_board(lang)).into());
    }
    let moves = crate::timetable::moves::joined(moves);
    let old = write(ctx, version, &moves).await?;
    let revision = sqlx::query_scalar!(
        "update timetable_version set revision = revision + 1, changed_by = $3, changed_at = $4
         where school_id = $1 and id = $2 returning revision",
        school.0,
        version.0,
        ctx.person().0,
        ctx.now(),
    )
    .fetch_one(ctx.db())
    .await?;
    let new: Vec<_> = moves
        .iter()
        .map(|m| json!({ "card": m.card, "to": m.new }))
        .collect();
    ctx.audit(Event {
        action: "timetable.moved",
        entity: "timetable_version",
        key: version.to_string(),
        old,
        new: Some(json!({ "revision": revision, "moves": new })),
        op: Some(op),
    })
    .await?;
    Ok(Saved { revision })
}

/// The outcome of a batch that has been saved already.
async fn earlier(ctx: &mut Ctx, version: VersionId, op: Uuid) -> Done<Option<Saved>> {
    let school = ctx.school();
    let revision = sqlx::query_scalar!(
        r#"select (new ->> 'revision')::integer as revision from audit_event
         where school_id = $1 and op_id = $2 and entity = 'timetable_version' and entity_key = $3"#,
        school.0,
        op,
        version.to_string(),
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(revision.flatten().map(|revision| Saved { revision }))
}

async fn name_of(ctx: &mut Ctx, person: Option<i64>) -> Done<Option<String>> {
    let Some(person) = person else {
        return Ok(None);
    };
    let row = sqlx::query!(
        "select last_name, first_name, middle_name from person where id = $1",
        person
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(row.map(|r| base::name::short(&r.last_name, &r.first_name, r.middle_name.as_deref())))
}

/// Puts the cards where they belong; what they were before comes back for the journal of changes.
async fn write(ctx: &mut Ctx, version: VersionId, moves: &[Move]) -> Done<Option<serde_json::Value>> {
    let school = ctx.school();
    let ids: Vec<i64> = moves.iter().map(|m| m.card.0).collect();
    let day: Vec<Option<i16>> = moves.iter().map(|m| m.new.seat.map(|s| s.day)).collect();
    let slot: Vec<Option<i16>> = moves.iter().map(|m| m.new.seat.map(|s| s.slot)).collect();
    let room: Vec<Option<i64>> = moves
        .iter()
        .map(|m| m.new.seat.and_then(|s| s.room).map(|r| r.0))
        .collect();
    let locked: Vec<bool> = moves.iter().map(|m| m.new.locked).collect();
    let done = sqlx::query!(
        r#"with step as (
            select * from unnest($3::bigint[], $4::smallint[], $5::smallint[], $6::bigint[], $7::boolean[])
                as s (id, day, slot, room_id, locked)
         ), before as (
            select c.id, c.day, c.slot, c.room_id, c.locked from card c join step s on s.id = c.id
            where c.school_id = $1 and c.version_id = $2
         ), done as (
            update card c set day = s.day, slot = s.slot, room_id = s.room_id, locked = s.locked
            from step s where c.school_id = $1 and c.version_id = $2 and c.id = s.id returning c.id
         )
         select (select count(*) from done) as "n!", (select jsonb_agg(to_jsonb(b)) from before b) as old"#,
        school.0,
        version.0,
        &ids,
        &day as &[Option<i16>],
        &slot as &[Option<i16>],
        &room as &[Option<i64>],
        &locked,
    )
    .fetch_one(ctx.db())
    .await?;
    if usize::try_from(done.n) != Ok(moves.len()) {
        return Err(AppError::NotFound.into());
    }
    Ok(done.old)
}
