//! Requirements of an imported file: they are added where the school asks nothing of the kind yet, and change nothing.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use base::sql::{Ctx, Done, Event};
use base::{ClassId, EmployeeId};
use serde_json::json;

use super::{ENTITY, must_edit};
use crate::requirement::terms::{Target, Terms};
use crate::requirement::{Kind, Weight};

/// Adds requirements of teachers, classes and the school, each unless one of its kind is there for whatever dates.
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
    let made = sqlx::query!(
        "insert into requirement (school_id, kind, employee_id, class_id, value, weight, changed_by, changed_at)
         select $1, a.kind, a.employee, a.class, a.value, a.weight, $7, $8
         from unnest($2::text[], $3::bigint[], $4::bigint[], $5::integer[], $6::text[]) with ordinality
            a (kind, employee, class, value, weight, n)
         where not exists (select from requirement r where r.school_id = $1 and r.kind = a.kind
            and r.employee_id is not distinct from a.employee and r.class_id is not distinct from a.class)
         order by a.n
         on conflict do nothing
         returning id, kind, employee_id, class_id, value, weight",
        school.0,
        &kinds,
        &employees as &[Option<i64>],
        &classes as &[Option<i64>],
        &values as &[Option<i32>],
        &weights,
        person,
        now,
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
    for row in made {
        let target = match (row.employee_id, row.class_id) {
            (Some(id), _) => Target::Teacher(EmployeeId(id)),
            (None, Some(id)) => Target::Class(ClassId(id)),
            (None, None) => Target::School,
        };
        if let (Some(kind), Some(weight)) = (Kind::from_key(&row.kind), Weight::from_key(&row.weight)) {
            let terms = Terms {
                weight,
                ..Terms::new(kind, target, row.value)
            };
            events.push(event(row.id, &terms));
        }
    }
    ctx.audit_all(&events).await
}
