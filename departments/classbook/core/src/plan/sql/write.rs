//! Acts on a plan: each names the revision on which it was made, is kept for going back, and leaves an audit event.

use std::collections::BTreeSet;

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done, Event};
use base::{AppError, LessonId, LoadId, WorkTypeId};
use serde_json::{Value, json};

use super::lessons;
use super::read::{Head, book, head, plan, works};
use crate::journal::sql::facts::of_load;
use crate::plan::act::{Act, Fault};
use crate::plan::row::{Book, Plan, Row, RowId};
use crate::t;

/// How many acts can be taken back.
const KEPT: i32 = 20;

/// Does one act on a plan.
///
/// # Errors
/// Not found and forbidden as the journal's; conflict on top of somebody's newer act; invalid for what cannot be, and in a closed
/// year.
pub async fn change(ctx: &mut Ctx, load: LoadId, revision: i32, act: Act) -> Done<Book> {
    let head = begin(ctx, load, revision).await?;
    let kind = act.kind();
    act_on(ctx, load, &head, act, kind).await?;
    book(ctx, load).await
}

/// Copies the plan of one load to another of the same subject; what was there can be had back.
///
/// # Errors
/// As [`change`]; invalid for another subject and for a plan without rows.
pub async fn copy(ctx: &mut Ctx, from: LoadId, to: LoadId, revision: i32) -> Done<()> {
    let source = of_load(ctx, from).await?;
    ctx.must(Action::View, &source.resource(ctx, Kind::Journal))?;
    let target = begin(ctx, to, revision).await?;
    let lang = ctx.lang();
    let subject = head(ctx, from).await?.subject_id;
    if subject != target.subject_id {
        return Err(AppError::invalid("to", t::plan_other_subject(lang)).into());
    }
    let rows: Vec<_> = plan(ctx, from).await?.rows.into_iter().map(|r| r.terms).collect();
    if rows.is_empty() {
        return Err(AppError::invalid("from", t::plan_nothing_to_copy(lang)).into());
    }
    act_on(ctx, to, &target, Act::Replace { rows }, "copied").await
}

/// Takes the last act back.
///
/// # Errors
/// As [`change`]; invalid when there is nothing to take back.
pub async fn undo(ctx: &mut Ctx, load: LoadId, revision: i32) -> Done<Book> {
    begin(ctx, load, revision).await?;
    let (school, lang) = (ctx.school(), ctx.lang());
    let last = sqlx::query!(
        "delete from lesson_plan_act a where a.school_id = $1 and a.load_id = $2 and a.revision =
            (select max(b.revision) from lesson_plan_act b where b.school_id = $1 and b.load_id = $2)
         returning a.kind, a.before",
        school.0,
        load.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    let before = last.and_then(|l| serde_json::from_value::<Plan>(l.before).ok());
    let Some(mut before) = before else {
        return Err(AppError::invalid("", t::plan_nothing_to_undo(lang)).into());
    };
    let now = plan(ctx, load).await?;
    // what has gone meanwhile does not come back with the plan
    before.last_row = now.last_row;
    let works: BTreeSet<WorkTypeId> = works(ctx).await?.into_iter().map(|w| w.id).collect();
    for row in &mut before.rows {
        row.terms.work = row.terms.work.filter(|w| works.contains(w));
    }
    let there = still_there(ctx, load, &before.skipped).await?;
    before.skipped.retain(|l| there.contains(l));
    write(ctx, load, &now, &before).await?;
    tell(ctx, load, "plan.undone", &now, &before).await?;
    book(ctx, load).await
}

/// Asks the right, holds the plan until the end, and compares the revision.
pub(super) async fn begin(ctx: &mut Ctx, load: LoadId, revision: i32) -> Done<Head> {
    let whose = of_load(ctx, load).await?;
    ctx.must(Action::Edit, &whose.resource(ctx, Kind::Journal))?;
    let (school, person, now, lang) = (ctx.school(), ctx.person(), ctx.now(), ctx.lang());
    let head = head(ctx, load).await?;
    if head.closed {
        return Err(AppError::invalid("", t::plan_year_closed(lang)).into());
    }
    sqlx::query!(
        "insert into lesson_plan (school_id, load_id, changed_by, changed_at) values ($1, $2, $3, $4)
         on conflict (school_id, load_id) do nothing",
        school.0,
        load.0,
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    let held = sqlx::query!(
        r#"select l.revision, short_name(p.last_name, p.first_name, p.middle_name) as "by!"
           from lesson_plan l left join person p on p.id = l.changed_by
           where l.school_id = $1 and l.load_id = $2 for update of l"#,
        school.0,
        load.0,
    )
    .fetch_one(ctx.db())
    .await?;
    if held.revision != revision {
        return Err(AppError::Conflict {
            message: t::plan_changed(lang, held.by),
        }
        .into());
    }
    Ok(head)
}

/// Does an act on a plan that is held.
pub(super) async fn act_on(ctx: &mut Ctx, load: LoadId, head: &Head, act: Act, kind: &str) -> Done<()> {
    let lang = ctx.lang();
    let before = plan(ctx, load).await?;
    let lessons = lessons::lessons(ctx, load, head).await?;
    let refused = |fault: Fault| AppError::invalid(fault.field(), fault.words(lang));
    let after = act.apply(&before, &lessons).map_err(refused)?;
    if after == before {
        return Ok(());
    }
    let revision = write(ctx, load, &before, &after).await?;
    keep(ctx, load, revision, kind, &before).await?;
    tell(ctx, load, &format!("plan.{kind}"), &before, &after).await
}

/// Writes what differs; the new revision.
async fn write(ctx: &mut Ctx, load: LoadId, before: &Plan, after: &Plan) -> Done<i32> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let ids: Vec<i32> = after.rows.iter().map(|r| r.id.0).collect();
    sqlx::query!(
        "delete from lesson_plan_row where school_id = $1 and load_id = $2 and number <> all ($3::int[])",
        school.0,
        load.0,
        &ids,
    )
    .execute(ctx.db())
    .await?;
    let changed: Vec<(i16, &Row)> = (0i16..)
        .zip(&after.rows)
        .filter(|(n, row)| before.rows.get(usize::from(n.unsigned_abs())) != Some(*row))
        .collect();
    upsert(ctx, load, &changed).await?;
    let skipped: Vec<i64> = after.skipped.iter().map(|l| l.0).collect();
    sqlx::query!(
        "delete from lesson_plan_skip where school_id = $1 and load_id = $2 and lesson_id <> all ($3::bigint[])",
        school.0,
        load.0,
        &skipped,
    )
    .execute(ctx.db())
    .await?;
    sqlx::query!(
        "insert into lesson_plan_skip (school_id, load_id, lesson_id) select $1, $2, unnest($3::bigint[])
         on conflict (school_id, load_id, lesson_id) do nothing",
        school.0,
        load.0,
        &skipped,
    )
    .execute(ctx.db())
    .await?;
    Ok(sqlx::query_scalar!(
        "update lesson_plan set revision = revision + 1, last_row = $3, changed_by = $4, changed_at = $5
         where school_id = $1 and load_id = $2 returning revision",
        school.0,
        load.0,
        after.last_row,
        person.0,
        now,
    )
    .fetch_one(ctx.db())
    .await?)
}

#[expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]
async fn upsert(ctx: &mut Ctx, load: LoadId, rows: &[(i16, &Row)]) -> Done<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let school = ctx.school();
    let ids: Vec<i32> = rows.iter().map(|(_, r)| r.id.0).collect();
    let places: Vec<i16> = rows.iter().map(|(n, _)| *n).collect();
    let sections: Vec<Option<String>> = rows.iter().map(|(_, r)| r.terms.section.clone()).collect();
    let topics: Vec<String> = rows.iter().map(|(_, r)| r.terms.topic.clone()).collect();
    let hours: Vec<i16> = rows.iter().map(|(_, r)| r.terms.hours).collect();
    let homework: Vec<Option<String>> = rows.iter().map(|(_, r)| r.terms.homework.clone()).collect();
    let minutes: Vec<Option<i16>> = rows.iter().map(|(_, r)| r.terms.minutes).collect();
    let works: Vec<Option<i64>> = rows.iter().map(|(_, r)| r.terms.work.map(|w| w.0)).collect();
    sqlx::query!(
        "insert into lesson_plan_row (school_id, load_id, number, position, section, topic, hours, homework, minutes, work_type_id)
         select $1, $2, r.* from unnest($3::int[], $4::smallint[], $5::text[], $6::text[], $7::smallint[], $8::text[],
            $9::smallint[], $10::bigint[]) r
         on conflict (school_id, load_id, number) do update set position = excluded.position, section = excluded.section,
            topic = excluded.topic, hours = excluded.hours, homework = excluded.homework, minutes = excluded.minutes,
            work_type_id = excluded.work_type_id",
        school.0,
        load.0,
        &ids,
        &places,
        &sections as &[Option<String>],
        &topics,
        &hours,
        &homework as &[Option<String>],
        &minutes as &[Option<i16>],
        &works as &[Option<i64>],
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

/// Keeps the plan before an act; forgets the oldest.
async fn keep(ctx: &mut Ctx, load: LoadId, revision: i32, kind: &str, before: &Plan) -> Done<()> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    sqlx::query!(
        "insert into lesson_plan_act (school_id, load_id, revision, kind, before, acted_by, acted_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        school.0,
        load.0,
        revision,
        kind,
        json!(before),
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    sqlx::query!(
        "delete from lesson_plan_act where school_id = $1 and load_id = $2 and revision <= $3",
        school.0,
        load.0,
        revision - KEPT,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

async fn tell(ctx: &mut Ctx, load: LoadId, action: &str, before: &Plan, after: &Plan) -> Done<()> {
    ctx.audit(Event {
        action,
        entity: "plan",
        key: load.to_string(),
        old: Some(difference(before, after)),
        new: Some(difference(after, before)),
        op: None,
    })
    .await
}

/// What of one plan the other has not, and the order where that has changed.
fn difference(of: &Plan, to: &Plan) -> Value {
    let common = |plan: &Plan, other: &Plan| -> Vec<RowId> {
        let ids: BTreeSet<RowId> = other.rows.iter().map(|r| r.id).collect();
        plan.rows
            .iter()
            .map(|r| r.id)
            .filter(|id| ids.contains(id))
            .collect()
    };
    let rows: Vec<&Row> = of.rows.iter().filter(|r| to.row(r.id) != Some(r)).collect();
    let skipped: Vec<LessonId> = of
        .skipped
        .iter()
        .copied()
        .filter(|l| !to.skipped.contains(l))
        .collect();
    let order = common(of, to);
    if order == common(to, of) {
        json!({ "rows": rows, "skipped": skipped })
    } else {
        json!({ "rows": rows, "skipped": skipped, "order": order })
    }
}

async fn still_there(ctx: &mut Ctx, load: LoadId, lessons: &[LessonId]) -> Done<BTreeSet<LessonId>> {
    let school = ctx.school();
    let ids: Vec<i64> = lessons.iter().map(|l| l.0).collect();
    let there = sqlx::query_scalar!(
        "select id from lesson where school_id = $1 and load_id = $2 and id = any ($3::bigint[])",
        school.0,
        load.0,
        &ids,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(there.into_iter().map(LessonId).collect())
}
