//! A plan becomes rows: sets, never row by row. Ids are taken from the sequences first, so that everything that points to a new
//! person is known before the person is written. Each person, tie, enrolment and place leaves its audit event.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use std::collections::HashMap;

use base::sql::{Ctx, Done, Event};
use base::{AppError, PersonId};
use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::import::sql::ids;
use crate::roll::plan::{Known, Plan, Who};

/// Ids of the plan's people.
struct Ids<'a> {
    new: Vec<i64>,
    known: HashMap<PersonId, &'a crate::roll::plan::KnownPerson>,
    pupils: HashMap<i64, i64>,
}

impl Ids<'_> {
    fn person(&self, who: Who) -> Result<i64, AppError> {
        match who {
            Who::Known(id) => Ok(id.0),
            Who::New(n) => self.new.get(n).copied().ok_or(AppError::Unavailable),
        }
    }

    fn pupil(&self, who: Who) -> Result<i64, AppError> {
        let person = self.person(who)?;
        let card = || {
            self.known
                .get(&PersonId(person))
                .and_then(|k| k.pupil)
                .map(|p| p.0)
        };
        self.pupils
            .get(&person)
            .copied()
            .or_else(card)
            .ok_or(AppError::Unavailable)
    }
}

fn event(
    action: &'static str,
    entity: &'static str,
    key: String,
    (old, new): (Option<Value>, Value),
) -> Event<'static> {
    Event {
        action,
        entity,
        key,
        old,
        new: Some(new),
        op: None,
    }
}

pub(super) async fn write(ctx: &mut Ctx, plan: Plan, known: &Known, since: NaiveDate) -> Done<()> {
    let mut of = Ids {
        new: ids(ctx, "person", plan.people.len()).await?,
        known: known.people.iter().map(|p| (p.id, p)).collect(),
        pupils: HashMap::new(),
    };
    people(ctx, &plan, &of).await?;
    facts(ctx, &plan, &of).await?;
    pupils(ctx, &plan, &mut of).await?;
    enrolments(ctx, &plan, &of, since).await?;
    seats(ctx, &plan, &of, since).await?;
    ties(ctx, &plan, &of).await?;
    if plan.counts.changes_anything() {
        let counts = json!({ "counts": plan.counts, "since": since });
        let school = ctx.school();
        ctx.audit_all(&[event(
            "roll.imported",
            "school",
            school.to_string(),
            (None, counts),
        )])
        .await?;
    }
    Ok(())
}

async fn people(ctx: &mut Ctx, plan: &Plan, of: &Ids<'_>) -> Done<()> {
    if plan.people.is_empty() {
        return Ok(());
    }
    let school = ctx.school();
    let last: Vec<String> = plan.people.iter().map(|p| p.name.last.clone()).collect();
    let first: Vec<String> = plan.people.iter().map(|p| p.name.first.clone()).collect();
    let middle: Vec<Option<String>> = plan.people.iter().map(|p| p.name.middle.clone()).collect();
    let born: Vec<Option<NaiveDate>> = plan.people.iter().map(|p| p.born).collect();
    let sex: Vec<Option<String>> = plan.people.iter().map(|p| p.sex.map(str::to_owned)).collect();
    let phone: Vec<Option<String>> = plan.people.iter().map(|p| p.phone.clone()).collect();
    sqlx::query!(
        "insert into person (id, last_name, first_name, middle_name, birth_date, sex, phone)
         select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[], $7::text[])",
        &of.new,
        &last,
        &first,
        &middle as &[Option<String>],
        &born as &[Option<NaiveDate>],
        &sex as &[Option<String>],
        &phone as &[Option<String>],
    )
    .execute(ctx.db())
    .await?;
    sqlx::query!(
        "insert into school_person (school_id, person_id) select $1, * from unnest($2::bigint[])",
        school.0,
        &of.new,
    )
    .execute(ctx.db())
    .await?;
    let events: Vec<Event<'_>> = plan
        .people
        .iter()
        .zip(&of.new)
        .map(|(person, id)| {
            let part = if person.pupil { "pupil" } else { "guardian" };
            event(
                "person.created",
                "person",
                id.to_string(),
                (None, json!({ "as": part })),
            )
        })
        .collect();
    ctx.audit_all(&events).await
}

/// Telephones and dates of birth that were not known or have changed.
async fn facts(ctx: &mut Ctx, plan: &Plan, of: &Ids<'_>) -> Done<()> {
    if plan.phones.is_empty() && plan.births.is_empty() {
        return Ok(());
    }
    let (id, phone): (Vec<i64>, Vec<String>) = plan.phones.iter().map(|(p, n)| (p.0, n.clone())).unzip();
    sqlx::query!(
        "update person p set phone = f.phone from unnest($1::bigint[], $2::text[]) f (id, phone) where p.id = f.id",
        &id,
        &phone,
    )
    .execute(ctx.db())
    .await?;
    let (id, born): (Vec<i64>, Vec<NaiveDate>) = plan.births.iter().map(|(p, d)| (p.0, *d)).unzip();
    sqlx::query!(
        "update person p set birth_date = f.born from unnest($1::bigint[], $2::date[]) f (id, born) where p.id = f.id",
        &id,
        &born,
    )
    .execute(ctx.db())
    .await?;
    let before = |id: &PersonId| of.known.get(id).and_then(|k| k.phones.first().cloned());
    let phones = plan.phones.iter().map(|(id, new)| {
        let change = (Some(json!({ "phone": before(id) })), json!({ "phone": new }));
        event("person.changed", "person", id.to_string(), change)
    });
    let births = plan.births.iter().map(|(id, new)| {
        let change = (Some(json!({ "birth_date": null })), json!({ "birth_date": new }));
        event("person.changed", "person", id.to_string(), change)
    });
    let events: Vec<Event<'_>> = phones.chain(births).collect();
    ctx.audit_all(&events).await
}

async fn pupils(ctx: &mut Ctx, plan: &Plan, of: &mut Ids<'_>) -> Done<()> {
    let school = ctx.school();
    let id = ids(ctx, "pupil", plan.pupils.len()).await?;
    let person: Vec<i64> = plan
        .pupils
        .iter()
        .map(|w| of.person(*w))
        .collect::<Result<_, _>>()?;
    sqlx::query!(
        "insert into pupil (school_id, id, person_id) select $1, * from unnest($2::bigint[], $3::bigint[])",
        school.0,
        &id,
        &person,
    )
    .execute(ctx.db())
    .await?;
    of.pupils = person.into_iter().zip(id).collect();
    Ok(())
}

async fn enrolments(ctx: &mut Ctx, plan: &Plan, of: &Ids<'_>, since: NaiveDate) -> Done<()> {
    let school = ctx.school();
    let (mut pupil, mut class, mut events) = (vec![], vec![], vec![]);
    for (who, id) in &plan.enrolments {
        let one = of.pupil(*who)?;
        pupil.push(one);
        class.push(id.0);
        let new = json!({ "class": id, "since": since });
        events.push(event("pupil.enrolled", "pupil", one.to_string(), (None, new)));
    }
    sqlx::query!(
        "insert into enrolment (school_id, pupil_id, class_id, starts_on)
         select $1, e.pupil, e.class, $4 from unnest($2::bigint[], $3::bigint[]) e (pupil, class)",
        school.0,
        &pupil,
        &class,
        since,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit_all(&events).await
}

async fn seats(ctx: &mut Ctx, plan: &Plan, of: &Ids<'_>, since: NaiveDate) -> Done<()> {
    let school = ctx.school();
    let (mut pupil, mut group, mut events) = (vec![], vec![], vec![]);
    for (who, id) in &plan.seats {
        let one = of.pupil(*who)?;
        pupil.push(one);
        group.push(id.0);
        let new = json!({ "subgroup": id, "since": since });
        events.push(event("pupil.subgroup", "pupil", one.to_string(), (None, new)));
    }
    sqlx::query!(
        "insert into subgroup_member (school_id, subgroup_id, pupil_id, starts_on)
         select $1, m.subgroup, m.pupil, $4 from unnest($2::bigint[], $3::bigint[]) m (subgroup, pupil)",
        school.0,
        &group,
        &pupil,
        since,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit_all(&events).await
}

async fn ties(ctx: &mut Ctx, plan: &Plan, of: &Ids<'_>) -> Done<()> {
    // a guardian reads the diary from today on, whenever the child's year begins
    let today = ctx.today();
    let (mut guardian, mut ward, mut kin, mut events) = (vec![], vec![], vec![], vec![]);
    for (who, child, kind) in &plan.ties {
        let (one, other) = (of.person(*who)?, of.person(*child)?);
        guardian.push(one);
        ward.push(other);
        kin.push(kind.key().to_owned());
        let key = format!("{one}:{other}");
        events.push(event(
            "guardianship.created",
            "guardianship",
            key,
            (None, json!({ "kind": kind })),
        ));
    }
    sqlx::query!(
        "insert into guardianship (guardian_id, ward_id, kind, valid_from)
         select g.guardian, g.ward, g.kin, $4 from unnest($1::bigint[], $2::bigint[], $3::text[]) g (guardian, ward, kin)",
        &guardian,
        &ward,
        &kin,
        today,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit_all(&events).await
}
