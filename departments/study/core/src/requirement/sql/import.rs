//! Requirements and hours of an imported file: they are added where the school asks nothing of the kind yet, and change nothing.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use std::collections::BTreeMap;

use base::sql::{Ctx, Done, Event};
use base::{ClassId, EmployeeId, LoadId, SubjectId, YearId};
use serde_json::json;

use super::hours::{columns, entity, who};
use super::{ENTITY, must_edit};
use crate::requirement::hours::{Hours, Term, Who};
use crate::requirement::terms::{Target, Terms};
use crate::requirement::{Kind, Weight};

/// Adds requirements of teachers, classes, subjects, loads, pairs of loads and the school, each unless one of its kind is there for whatever dates.
///
/// # Errors
/// Forbidden without the right to change the timetable.
pub(crate) async fn add_missing(ctx: &mut Ctx, all: &[Terms]) -> Done<()> {
    must_edit(ctx)?;
    let (school, now) = (ctx.school(), ctx.now());
    // `parta import` on the command line is nobody's act
    let person = Some(ctx.person().0).filter(|id| *id > 0);
    let kinds: Vec<String> = all.iter().map(|t| t.kind.key().to_owned()).collect();
    let weights: Vec<String> = all.iter().map(|t| t.weight.key().to_owned()).collect();
    let values: Vec<Option<i32>> = all.iter().map(|t| t.value).collect();
    let (employees, classes): (Vec<Option<i64>>, Vec<Option<i64>>) = all
        .iter()
        .map(|t| match t.target {
            Target::Teacher(id) => (Some(id.0), None),
            Target::Class(id) => (None, Some(id.0)),
            _ => (None, None),
        })
        .unzip();
    let (loads, others): (Vec<Option<i64>>, Vec<Option<i64>>) = all
        .iter()
        .map(|t| match t.target {
            Target::Pair(one, other) => (Some(one.0), Some(other.0)),
            Target::Load(id) => (Some(id.0), None),
            _ => (None, None),
        })
        .unzip();
    let subjects: Vec<Option<i64>> = all
        .iter()
        .map(|t| match t.target {
            Target::Subject(id) => Some(id.0),
            _ => None,
        })
        .collect();
    let made = sqlx::query!(
        "insert into requirement
            (school_id, kind, employee_id, class_id, load_id, other_load_id, subject_id, value, weight, changed_by, changed_at)
         select $1, a.kind, a.employee, a.class, a.load, a.other, a.subject, a.value, a.weight, $9, $10
         from unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::integer[], $8::text[], $11::bigint[])
            with ordinality a (kind, employee, class, load, other, value, weight, subject, n)
         where not exists (select from requirement r where r.school_id = $1 and r.kind = a.kind
            and r.employee_id is not distinct from a.employee and r.class_id is not distinct from a.class
            and r.load_id is not distinct from a.load and r.other_load_id is not distinct from a.other
            and r.subject_id is not distinct from a.subject and r.grade_from is null)
         order by a.n
         on conflict do nothing
         returning id, kind, employee_id, class_id, load_id, other_load_id, subject_id, value, weight",
        school.0,
        &kinds,
        &employees as &[Option<i64>],
        &classes as &[Option<i64>],
        &loads as &[Option<i64>],
        &others as &[Option<i64>],
        &values as &[Option<i32>],
        &weights,
        person,
        now,
        &subjects as &[Option<i64>],
    )
    .fetch_all(ctx.db())
    .await?;
    let event = |id: i64, terms: &Terms| Event {
        action: "requirement.saved",
        entity: ENTITY,
        key: id.to_string(),
        old: None,
        new: Some(json!(terms)),
        op: None,
    };
    let mut events = vec![];
    let (mut of, mut places, mut rooms) = (vec![], vec![], vec![]);
    for row in made {
        let target = match (row.employee_id, row.class_id, row.load_id, row.other_load_id) {
            (Some(id), ..) => Target::Teacher(EmployeeId(id)),
            (_, Some(id), ..) => Target::Class(ClassId(id)),
            (_, _, Some(one), Some(other)) => Target::Pair(LoadId(one), LoadId(other)),
            (_, _, Some(id), None) => Target::Load(LoadId(id)),
            (None, None, None, _) => row
                .subject_id
                .map_or(Target::School, |id| Target::Subject(SubjectId(id))),
        };
        if let (Some(kind), Some(weight)) = (Kind::from_key(&row.kind), Weight::from_key(&row.weight)) {
            let asked = all.iter().find(|t| t.kind == kind && t.target == target);
            let terms = Terms {
                weight,
                rooms: asked.map(|t| t.rooms.clone()).unwrap_or_default(),
                ..Terms::new(kind, target, row.value)
            };
            for (place, room) in (1i16..).zip(&terms.rooms) {
                of.push(row.id);
                places.push(place);
                rooms.push(room.0);
            }
            events.push(event(row.id, &terms));
        }
    }
    sqlx::query!(
        "insert into requirement_room (school_id, requirement_id, place, room_id)
         select $1, * from unnest($2::bigint[], $3::smallint[], $4::bigint[])",
        school.0,
        &of,
        &places,
        &rooms,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit_all(&events).await
}

/// Adds hours of those who have none in the year yet, and writes down of each what they are: they close cells of every version.
///
/// # Errors
/// Forbidden without the right to change the timetable.
pub(crate) async fn add_hours(ctx: &mut Ctx, year: YearId, all: &BTreeMap<Who, Hours>) -> Done<()> {
    must_edit(ctx)?;
    let school = ctx.school();
    let mut of: [Vec<Option<i64>>; 6] = Default::default();
    let (mut days, mut slots, mut weights) = (vec![], vec![], vec![]);
    for (who, hours) in all {
        for cell in hours.cells() {
            for (column, id) in of.iter_mut().zip(columns(*who)) {
                column.push(id);
            }
            days.push(cell.day);
            slots.push(cell.slot);
            weights.push(cell.weight.key().to_owned());
        }
    }
    let [employees, classes, groups, rooms, subjects, loads] = of;
    let made = sqlx::query!(
        "insert into unavailability (school_id, year_id, employee_id, class_id, subgroup_id, room_id, subject_id, load_id, day, slot, weight)
         select $1, $2, a.employee, a.class, a.subgroup, a.room, a.subject, a.load, a.day, a.slot, a.weight
         from unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::smallint[], $8::smallint[], $9::text[],
            $10::bigint[], $11::bigint[]) a (employee, class, subgroup, room, day, slot, weight, subject, load)
         where not exists (select from unavailability u where u.school_id = $1 and u.year_id = $2
            and u.employee_id is not distinct from a.employee and u.class_id is not distinct from a.class
            and u.subgroup_id is not distinct from a.subgroup and u.room_id is not distinct from a.room
            and u.subject_id is not distinct from a.subject and u.load_id is not distinct from a.load)
         on conflict do nothing
         returning employee_id, class_id, subgroup_id, room_id, subject_id, load_id, day, slot, weight",
        school.0,
        year.0,
        &employees as &[Option<i64>],
        &classes as &[Option<i64>],
        &groups as &[Option<i64>],
        &rooms as &[Option<i64>],
        &days,
        &slots,
        &weights,
        &subjects as &[Option<i64>],
        &loads as &[Option<i64>],
    )
    .fetch_all(ctx.db())
    .await?;
    let mut given: BTreeMap<Who, Hours> = BTreeMap::new();
    for row in made {
        let columns = [
            row.employee_id,
            row.class_id,
            row.subgroup_id,
            row.room_id,
            row.subject_id,
            row.load_id,
        ];
        let Some(who) = who(columns) else { continue };
        let weight = Weight::from_key(&row.weight).unwrap_or(Weight::Must);
        given
            .entry(who)
            .or_default()
            .set(Term::ALWAYS, row.day, row.slot, Some(weight));
    }
    let events: Vec<Event<'_>> = given
        .iter()
        .map(|(who, hours)| {
            let (entity, key) = entity(*who);
            Event {
                action: "requirement.hours_saved",
                entity,
                key,
                old: Some(json!(Hours::default())),
                new: Some(json!(hours)),
                op: None,
            }
        })
        .collect();
    ctx.audit_all(&events).await
}
