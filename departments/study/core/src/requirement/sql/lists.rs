//! Lessons that an imported file names together, and what is asked of them. A list belongs to the file: the cards of each of its versions carry
//! its numbers.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use base::sql::{Ctx, Done, Event};
use base::{LessonListId, LoadId, VersionId, YearId};
use serde_json::json;

use super::{ENTITY, must_edit};
use crate::import::sql::ids;
use crate::requirement::sheet::LessonList;
use crate::requirement::terms::{Target, Terms};

/// The lists of files that versions of a year came from.
pub(super) async fn lists(ctx: &mut Ctx, year: YearId) -> Done<Vec<LessonList>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"with newest as materialized (
            select distinct on (v.kept_rules_id) v.id, v.kept_rules_id, v.title from timetable_version v
            where v.school_id = $1 and v.year_id = $2 and v.kept_rules_id is not null order by v.kept_rules_id, v.id desc
         ), asked as materialized (
            select l.id, n.id as version_id, n.title, a.activity from lesson_list l
            join newest n on n.kept_rules_id = l.kept_rules_id
            cross join unnest(l.activities) a (activity)
            where l.school_id = $1
         ), lying as materialized (
            select k.version_id, k.load_id, k.activity, count(*) over (partition by k.version_id, k.load_id) as of_load
            from card k where k.school_id = $1 and k.version_id in (select version_id from asked)
         )
         select a.id as "id!", a.title as "title!", k.load_id as "load_id!", count(*)::integer as "lessons!", max(k.of_load)::integer as "of_load!"
         from asked a join lying k on k.version_id = a.version_id and k.activity = a.activity
         group by a.id, a.title, k.load_id order by a.id, k.load_id"#,
        school.0,
        year.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let size = |n: i32| u32::try_from(n).unwrap_or(0);
    let mut all: Vec<LessonList> = vec![];
    for r in rows {
        let of = (LoadId(r.load_id), size(r.lessons), size(r.of_load));
        match all.last_mut() {
            Some(last) if last.id.0 == r.id => last.loads.push(of),
            _ => all.push(LessonList {
                id: LessonListId(r.id),
                version: r.title,
                loads: vec![of],
            }),
        }
    }
    Ok(all)
}

/// The lists of the file of a version, by numbers of activities. Who may see them is the caller's to ask.
pub(crate) async fn of_version(ctx: &mut Ctx, version: VersionId) -> Done<Vec<(LessonListId, Vec<i32>)>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select l.id, l.activities from timetable_version v
         join lesson_list l on l.school_id = v.school_id and l.kept_rules_id = v.kept_rules_id
         where v.school_id = $1 and v.id = $2 order by l.id",
        school.0,
        version.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (LessonListId(r.id), r.activities))
        .collect())
}

/// Adds lists of a file with what is asked of each: `asked` says it for a list of whatever number.
///
/// # Errors
/// Forbidden without the right to change the timetable.
pub(crate) async fn add(ctx: &mut Ctx, kept: i64, asked: &[(Vec<u32>, Terms)]) -> Done<()> {
    must_edit(ctx)?;
    if asked.is_empty() {
        return Ok(());
    }
    let (school, now) = (ctx.school(), ctx.now());
    // `parta import` on the command line is nobody's act
    let person = Some(ctx.person().0).filter(|id| *id > 0);
    let lists = ids(ctx, "lesson_list", asked.len()).await?;
    let named: Vec<&[u32]> = asked.iter().map(|(lessons, _)| lessons.as_slice()).collect();
    sqlx::query!(
        "insert into lesson_list (school_id, kept_rules_id, id, activities)
         select $1, $2, i.id, array(select n.activity::integer from jsonb_array_elements_text($4::jsonb -> (i.place - 1)::integer) n (activity))
         from unnest($3::bigint[]) with ordinality i (id, place)",
        school.0,
        kept,
        &lists,
        json!(named),
    )
    .execute(ctx.db())
    .await?;
    let terms: Vec<Terms> = lists
        .iter()
        .zip(asked)
        .map(|(id, (_, terms))| Terms {
            target: Target::Lessons(LessonListId(*id)),
            ..terms.clone()
        })
        .collect();
    let rows = ids(ctx, "requirement", terms.len()).await?;
    let kinds: Vec<String> = terms.iter().map(|t| t.kind.key().to_owned()).collect();
    let values: Vec<Option<i32>> = terms.iter().map(|t| t.value).collect();
    let weights: Vec<String> = terms.iter().map(|t| t.weight.key().to_owned()).collect();
    sqlx::query!(
        "insert into requirement (school_id, id, kind, lesson_list_id, value, weight, changed_by, changed_at)
         select $1, a.id, a.kind, a.list, a.value, a.weight, $2, $3
         from unnest($4::bigint[], $5::text[], $6::bigint[], $7::integer[], $8::text[]) a (id, kind, list, value, weight)",
        school.0,
        person,
        now,
        &rows,
        &kinds,
        &lists,
        &values as &[Option<i32>],
        &weights,
    )
    .execute(ctx.db())
    .await?;
    let event = |(id, terms): (&i64, &Terms)| Event {
        action: "requirement.saved",
        entity: ENTITY,
        key: id.to_string(),
        old: None,
        new: Some(json!(terms)),
        op: None,
    };
    let events: Vec<_> = rows.iter().zip(&terms).map(event).collect();
    ctx.audit_all(&events).await
}
