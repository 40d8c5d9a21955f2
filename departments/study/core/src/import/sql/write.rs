//! The writing half of an import: sets, never rows. Ids are taken from the sequences first, so that everything that
//! points to a new thing is known before the thing is written.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use base::sql::{Ctx, Done, Event};
use base::{AppError, VersionId, YearId};
use chrono::NaiveTime;
use serde_json::json;
use timetable::SchoolDraft;
use timetable::fet::kept::Keeping;

use super::hours::{self, Away};
use super::{Found, Names, Wishes, appoint, asked, seat_of, week, weekdays};
use crate::import::Preview;
use crate::import::kept::keeps_rooms;
use crate::import::names::{bells, cycle_weeks};
use crate::import::uses::uses;
use crate::opening::Cut;
use crate::opening::sql::{cut, first_year, open_school, positions};
use crate::t;
use crate::timetable::norms::scale::template_of;
use crate::timetable::single::Single;
use crate::timetable::sql::year_now;

/// Takes ids for `count` new rows of a table.
pub(crate) async fn ids(ctx: &mut Ctx, table: &str, count: usize) -> Done<Vec<i64>> {
    let count = i32::try_from(count).unwrap_or(0);
    Ok(sqlx::query_scalar!(
        r#"select nextval(pg_get_serial_sequence($1, 'id')::regclass) as "id!" from generate_series(1, $2)"#,
        table,
        count,
    )
    .fetch_all(ctx.db())
    .await?)
}

/// Ids for everything, in the draft's order; and the positions of what is new.
async fn complete(ctx: &mut Ctx, table: &str, known: &[Option<i64>]) -> Done<(Vec<i64>, Vec<usize>)> {
    let new: Vec<usize> = (0..known.len())
        .filter(|n| matches!(known.get(*n), Some(None)))
        .collect();
    let mut fresh = ids(ctx, table, new.len()).await?.into_iter();
    let all = known
        .iter()
        .map(|id| id.or_else(|| fresh.next()).ok_or(AppError::Unavailable))
        .collect::<Result<_, _>>()?;
    Ok((all, new))
}

/// The values of new rows: of the positions in `new`, what `of` makes.
fn rows<T>(new: &[usize], of: impl Fn(usize) -> Option<T>) -> Vec<T> {
    new.iter().filter_map(|n| of(*n)).collect()
}

pub(super) fn at(all: &[i64], n: usize) -> i64 {
    all.get(n).copied().unwrap_or(0)
}

pub(super) fn short(n: impl TryInto<i16>) -> i16 {
    n.try_into().unwrap_or(i16::MAX)
}

/// The year to import into; a school without one is opened with the standard reference data.
pub(super) async fn year(ctx: &mut Ctx) -> Done<YearId> {
    let school = ctx.school();
    let Some((year, _)) = year_now(ctx).await? else {
        let first = first_year(ctx.today());
        return open_school(ctx, first).await;
    };
    // two imports at once would both find the same teachers and loads missing: the second waits for the first
    let closed = sqlx::query_scalar!(
        "select closed_at from academic_year where school_id = $1 and id = $2 for no key update",
        school.0,
        year.0
    )
    .fetch_one(ctx.db())
    .await?;
    match closed {
        None => Ok(year),
        Some(_) => Err(AppError::invalid("file", t::import_year_closed(ctx.lang())).into()),
    }
}

pub(super) async fn write(
    ctx: &mut Ctx,
    year: YearId,
    (draft, keeping, single): (&SchoolDraft, &Keeping, &Single<u32>),
    names: &Names,
    found: Found,
    (wishes, away, told): (&Wishes, &Away, &Preview),
) -> Done<VersionId> {
    let subjects = subjects(ctx, names, &found.subjects).await?;
    let rooms = rooms(ctx, draft, names, &found).await?;
    let teachers = teachers(ctx, names, &found.teachers, year).await?;
    let classes = classes(ctx, year, draft, names, &found.classes, &rooms).await?;
    let groups = groups(ctx, draft, names, &found.groups, &classes).await?;
    let of = Ids {
        subjects,
        rooms,
        teachers,
        classes,
        groups,
    };
    let loads = loads(ctx, year, draft, &found.loads, &of).await?;
    hours::write(ctx, year, away, &of, &loads).await?;
    asked::write(ctx, draft, wishes, &of, &loads).await?;
    let kept = super::keeping::write(ctx, (keeping, single), !wishes.lists.is_empty(), &of).await?;
    asked::write_lists(ctx, draft, wishes, kept).await?;
    let version = week::cards(ctx, (year, kept), draft, &loads, &of.rooms).await?;
    week::audit(ctx, version, told).await?;
    Ok(version)
}

/// Ids of everything in the draft's order.
pub(super) struct Ids {
    pub subjects: Vec<i64>,
    pub rooms: Vec<i64>,
    pub teachers: Vec<i64>,
    pub classes: Vec<i64>,
    pub groups: Vec<i64>,
}

async fn subjects(ctx: &mut Ctx, names: &Names, known: &[Option<i64>]) -> Done<Vec<i64>> {
    let school = ctx.school();
    let (all, new) = complete(ctx, "subject", known).await?;
    let id = rows(&new, |n| all.get(n).copied());
    let name = rows(&new, |n| names.subjects.get(n).cloned());
    let short_name: Vec<String> = name
        .iter()
        .map(|n| n.chars().take(40).collect::<String>().trim().to_owned())
        .collect();
    let template: Vec<Option<String>> = name.iter().map(|n| template_of(n).map(str::to_owned)).collect();
    sqlx::query!(
        "insert into subject (school_id, id, name, short_name, template)
         select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::text[])",
        school.0,
        &id,
        &name,
        &short_name,
        &template as &[Option<String>],
    )
    .execute(ctx.db())
    .await?;
    Ok(all)
}

async fn rooms(ctx: &mut Ctx, draft: &SchoolDraft, names: &Names, found: &Found) -> Done<Vec<i64>> {
    let school = ctx.school();
    let (buildings, new) = complete(ctx, "building", &found.buildings).await?;
    let id = rows(&new, |n| buildings.get(n).copied());
    let name = rows(&new, |n| names.buildings.get(n).cloned());
    sqlx::query!(
        "insert into building (school_id, id, name) select $1, * from unnest($2::bigint[], $3::text[])",
        school.0,
        &id,
        &name,
    )
    .execute(ctx.db())
    .await?;
    let (all, new) = complete(ctx, "room", &found.rooms).await?;
    let id = rows(&new, |n| all.get(n).copied());
    let name = rows(&new, |n| names.rooms.get(n).cloned());
    let building: Vec<Option<i64>> = rows(&new, |n| {
        let room = draft.rooms.get(n)?;
        Some(
            room.building
                .and_then(|b| usize::try_from(b).ok())
                .and_then(|b| buildings.get(b).copied()),
        )
    });
    let uses = uses(draft);
    let kind = rows(&new, |n| uses.get(n).map(|of| of.kind.clone()));
    let capacity: Vec<Option<i32>> = rows(&new, |n| uses.get(n).map(|of| of.seats));
    let shared: Vec<i16> = rows(&new, |n| uses.get(n).map(|of| of.shared_by));
    sqlx::query!(
        "insert into room (school_id, id, name, building_id, kind, capacity, shared_by)
         select $1, * from unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::integer[], $7::smallint[])",
        school.0,
        &id,
        &name,
        &building as &[Option<i64>],
        &kind,
        &capacity as &[Option<i32>],
        &shared,
    )
    .execute(ctx.db())
    .await?;
    Ok(all)
}

/// Person, card of the school, staff card, and the appointment as a teacher: without one nobody sees their journals. Who was
/// on the staff already and holds some position keeps it and gets no other.
async fn teachers(ctx: &mut Ctx, names: &Names, known: &[Option<i64>], year: YearId) -> Done<Vec<i64>> {
    let school = ctx.school();
    let (all, new) = complete(ctx, "employee", known).await?;
    let person = ids(ctx, "person", new.len()).await?;
    let employee = rows(&new, |n| all.get(n).copied());
    let last = rows(&new, |n| names.teachers.get(n).map(|p| p.last.clone()));
    let first = rows(&new, |n| names.teachers.get(n).map(|p| p.first.clone()));
    let middle: Vec<Option<String>> = rows(&new, |n| names.teachers.get(n).map(|p| p.middle.clone()));
    sqlx::query!(
        "insert into person (id, last_name, first_name, middle_name)
         select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[])",
        &person,
        &last,
        &first,
        &middle as &[Option<String>],
    )
    .execute(ctx.db())
    .await?;
    sqlx::query!(
        "insert into school_person (school_id, person_id) select $1, * from unnest($2::bigint[])",
        school.0,
        &person,
    )
    .execute(ctx.db())
    .await?;
    sqlx::query!(
        "insert into employee (school_id, id, person_id) select $1, * from unnest($2::bigint[], $3::bigint[])",
        school.0,
        &employee,
        &person,
    )
    .execute(ctx.db())
    .await?;
    let events: Vec<Event<'_>> = person
        .iter()
        .map(|id| Event {
            action: "person.created",
            entity: "person",
            key: id.to_string(),
            old: None,
            new: Some(json!({ "as": "employee" })),
            op: None,
        })
        .collect();
    ctx.audit_all(&events).await?;
    positions(ctx).await?;
    appoint::as_teachers(ctx, &all, year).await?;
    Ok(all)
}

async fn classes(
    ctx: &mut Ctx,
    year: YearId,
    draft: &SchoolDraft,
    names: &Names,
    known: &[Option<i64>],
    room_ids: &[i64],
) -> Done<Vec<i64>> {
    let school = ctx.school();
    let (all, new) = complete(ctx, "class", known).await?;
    let id = rows(&new, |n| all.get(n).copied());
    let name = rows(&new, |n| names.classes.get(n).cloned());
    let grade: Vec<i16> = rows(&new, |n| {
        draft.classes.get(n).map(|c| c.grade.map_or(0, i16::from))
    });
    let home: Vec<Option<i64>> = rows(&new, |n| {
        let class = draft.classes.get(n)?;
        Some(class.home_room.and_then(|r| room_ids.get(r.ix()).copied()))
    });
    let pupils: Vec<Option<i32>> = rows(&new, |n| draft.classes.get(n).map(|c| planned(c.pupils)));
    parallels(ctx, year, draft, &grade).await?;
    sqlx::query!(
        "insert into class (school_id, id, year_id, grade, name, home_room_id, planned_pupils)
         select $1, c.id, $2, c.grade, c.name, c.home, c.pupils
         from unnest($3::bigint[], $4::smallint[], $5::text[], $6::bigint[], $7::integer[]) c (id, grade, name, home, pupils)",
        school.0,
        year.0,
        &id,
        &grade,
        &name,
        &home as &[Option<i64>],
        &pupils as &[Option<i32>],
    )
    .execute(ctx.db())
    .await?;
    Ok(all)
}

fn planned(pupils: u32) -> Option<i32> {
    i32::try_from(pupils).ok().filter(|n| (1..=100_000).contains(n))
}

/// Parallels of new grades, and bells for parallels that have none.
async fn parallels(ctx: &mut Ctx, year: YearId, draft: &SchoolDraft, grades: &[i16]) -> Done<()> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let week = draft.days.len() / usize::try_from(cycle_weeks(draft.days.len())).unwrap_or(1);
    let week = short(week.min(7));
    let weeks = weekdays::of_grades(ctx, year, draft, (grades, week)).await?;
    let cut = cut(ctx).await?;
    let (kind, title) = match cut {
        Cut::Quarters => ("quarter", t::opening_quarters(lang)),
        Cut::Semesters => ("semester", t::opening_semesters(lang)),
        Cut::Whole => ("year", t::opening_whole_year(lang)),
    };
    sqlx::query!(
        "insert into period_system (school_id, year_id, kind, title)
         select $1, $2, $4, $3
         where not exists (select from period_system where school_id = $1 and year_id = $2)",
        school.0,
        year.0,
        title,
        kind,
    )
    .execute(ctx.db())
    .await?;
    // each grade by the system that is meant for it, where the year has several
    let words = |grade| -> Vec<String> { cut.kinds(grade).iter().map(|k| (*k).to_owned()).collect() };
    sqlx::query!(
        "insert into parallel (school_id, year_id, grade, period_system_id, week_days)
         select distinct on (g) $1::bigint, $2::bigint, g, s.id, w from unnest($3::smallint[], $4::smallint[]) x (g, w)
         cross join lateral (select id from period_system where school_id = $1 and year_id = $2
            order by array_position(case when g >= 10 then $6::text[] else $5::text[] end, kind), id limit 1) s
         on conflict do nothing",
        school.0,
        year.0,
        grades,
        &weeks,
        &words(1),
        &words(10),
    )
    .execute(ctx.db())
    .await?;
    let times = bells(&draft.slots);
    let (from, to): (Vec<NaiveTime>, Vec<NaiveTime>) = times.into_iter().unzip();
    sqlx::query!(
        "with bare as (
            select p.grade, p.week_days from parallel p where p.school_id = $1 and p.year_id = $2 and p.grade = any ($3)
            and not exists (select from bell_use u where u.school_id = $1 and u.year_id = $2 and u.grade = p.grade)
         ), made as (
            insert into bell_schedule (school_id, title)
            select $1, $4 || coalesce((select ' ' || count(*) + 1 from bell_schedule where school_id = $1 and title like $4 || '%'
                having count(*) > 0), '')
            where exists (select from bare) returning id
         ), rung as (
            insert into bell (school_id, schedule_id, number, starts_at, ends_at)
            select $1, made.id, b.n, b.a, b.z from made, unnest($5::time[], $6::time[]) with ordinality b (a, z, n)
         )
         insert into bell_use (school_id, year_id, grade, weekday, schedule_id)
         select $1, $2, bare.grade, d, made.id from bare, made, generate_series(1, bare.week_days) d",
        school.0,
        year.0,
        grades,
        t::import_bells(lang, draft.slots.len()),
        &from,
        &to,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

async fn groups(
    ctx: &mut Ctx,
    draft: &SchoolDraft,
    names: &Names,
    known: &[Option<i64>],
    class_ids: &[i64],
) -> Done<Vec<i64>> {
    let school = ctx.school();
    let (all, new) = complete(ctx, "subgroup", known).await?;
    let id = rows(&new, |n| all.get(n).copied());
    let name = rows(&new, |n| names.groups.get(n).cloned());
    let class: Vec<i64> = rows(&new, |n| draft.groups.get(n).map(|g| at(class_ids, g.class.ix())));
    let split: Vec<String> = rows(&new, |n| draft.groups.get(n).map(|g| (g.split + 1).to_string()));
    let pupils: Vec<Option<i32>> = rows(&new, |n| draft.groups.get(n).map(|g| planned(g.pupils)));
    sqlx::query!(
        "insert into subgroup (school_id, id, class_id, name, split, planned_pupils)
         select $1, * from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::integer[])",
        school.0,
        &id,
        &class,
        &name,
        &split,
        &pupils as &[Option<i32>],
    )
    .execute(ctx.db())
    .await?;
    let apart = draft.disjoint();
    let one: Vec<i64> = apart.iter().map(|(a, _)| at(&all, a.ix())).collect();
    let other: Vec<i64> = apart.iter().map(|(_, b)| at(&all, b.ix())).collect();
    sqlx::query!(
        "insert into subgroup_apart (school_id, subgroup_id, other_id)
         select distinct $1::bigint, least(a, b), greatest(a, b) from unnest($2::bigint[], $3::bigint[]) p (a, b) where a <> b
         on conflict do nothing",
        school.0,
        &one,
        &other,
    )
    .execute(ctx.db())
    .await?;
    Ok(all)
}

async fn loads(
    ctx: &mut Ctx,
    year: YearId,
    draft: &SchoolDraft,
    known: &[Option<i64>],
    of: &Ids,
) -> Done<Vec<i64>> {
    let school = ctx.school();
    let (all, new) = complete(ctx, "teaching_load", known).await?;
    let id = rows(&new, |n| all.get(n).copied());
    let subject: Vec<i64> = rows(&new, |n| {
        draft.loads.get(n).map(|l| at(&of.subjects, l.subject.ix()))
    });
    let cycle = i32::from(cycle_weeks(draft.days.len()));
    let hours: Vec<i32> = rows(&new, |n| {
        let load = draft.loads.get(n)?;
        // what is held every other week counts half
        let halves = |c: &timetable::draft::DraftCard| {
            let weeks = if c.weeks == timetable::Weeks::Every { 2 } else { 1 };
            i32::from(c.duration).saturating_mul(weeks)
        };
        let halves: i32 = load.cards.iter().map(halves).sum();
        Some((halves.saturating_mul(50) / cycle).min(20_000))
    });
    sqlx::query!(
        "insert into teaching_load (school_id, id, year_id, subject_id, week_hours)
         select $1, l.id, $2, l.subject, l.hours / 100.0
         from unnest($3::bigint[], $4::bigint[], $5::integer[]) l (id, subject, hours)",
        school.0,
        year.0,
        &id,
        &subject,
        &hours,
    )
    .execute(ctx.db())
    .await?;
    let (mut load, mut teacher) = (vec![], vec![]);
    let (mut heard, mut class, mut group) = (vec![], vec![], vec![]);
    let (mut placed, mut room) = (vec![], vec![]);
    for n in &new {
        let Some(row) = draft.loads.get(*n) else { continue };
        for t in &row.teachers {
            load.push(at(&all, *n));
            teacher.push(at(&of.teachers, t.ix()));
        }
        for audience in &row.audience {
            let (c, g) = seat_of(draft, *audience);
            heard.push(at(&all, *n));
            class.push(at(&of.classes, c));
            group.push(g.map(|g| at(&of.groups, g)));
        }
        if keeps_rooms(row) {
            for r in row.cards.iter().flat_map(|c| &c.rooms) {
                placed.push(at(&all, *n));
                room.push(at(&of.rooms, r.ix()));
            }
        }
    }
    sqlx::query!(
        "insert into load_teacher (school_id, load_id, employee_id)
         select distinct $1::bigint, * from unnest($2::bigint[], $3::bigint[])",
        school.0,
        &load,
        &teacher,
    )
    .execute(ctx.db())
    .await?;
    sqlx::query!(
        "insert into load_audience (school_id, load_id, class_id, subgroup_id)
         select distinct $1::bigint, * from unnest($2::bigint[], $3::bigint[], $4::bigint[])",
        school.0,
        &heard,
        &class,
        &group as &[Option<i64>],
    )
    .execute(ctx.db())
    .await?;
    sqlx::query!(
        "insert into load_room (school_id, load_id, room_id)
         select distinct $1::bigint, * from unnest($2::bigint[], $3::bigint[])",
        school.0,
        &placed,
        &room,
    )
    .execute(ctx.db())
    .await?;
    Ok(all)
}
