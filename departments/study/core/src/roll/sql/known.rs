//! What the school knows before a list comes: a question for each kind of thing, joined here.

use std::collections::HashMap;

use base::sql::{Ctx, Done};
use base::{ClassId, PersonId, PupilId, SubgroupId, YearId};
use chrono::NaiveDate;

use crate::import::names::PersonName;
use crate::roll::plan::{Known, KnownClass, KnownGroup, KnownPerson};

pub(super) async fn known(ctx: &mut Ctx, year: YearId, since: NaiveDate) -> Done<Known> {
    let mut people = people(ctx).await?;
    let place: HashMap<i64, usize> = people.iter().enumerate().map(|(n, p)| (p.id.0, n)).collect();
    let mut with = |person: i64, act: &mut dyn FnMut(&mut KnownPerson)| {
        if let Some(known) = place.get(&person).and_then(|n| people.get_mut(*n)) {
            act(known);
        }
    };
    for (person, class, name) in enrolments(ctx, since).await? {
        // the earliest: the one that a new enrolment would meet first
        with(person, &mut |p| {
            p.class.get_or_insert((class, name.clone()));
        });
    }
    for (person, group) in seats(ctx, since).await? {
        with(person, &mut |p| p.seats.push(group));
    }
    for (ward, guardian) in guardians(ctx).await? {
        with(ward, &mut |p| p.guardians.push(guardian));
    }
    let mut classes = classes(ctx, year).await?;
    for (class, group) in groups(ctx, year).await? {
        if let Some(class) = classes.iter_mut().find(|c| c.id == class) {
            class.groups.push(group);
        }
    }
    Ok(Known { people, classes })
}

async fn people(ctx: &mut Ctx) -> Done<Vec<KnownPerson>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select p.id, p.last_name, p.first_name, p.middle_name, p.birth_date, p.phone, a.phone as "account_phone?",
             u.id as "pupil?"
           from school_person c join person p on p.id = c.person_id
           left join account a on a.person_id = p.id
           left join pupil u on u.school_id = c.school_id and u.person_id = p.id
           where c.school_id = $1 order by p.id"#,
        school.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| KnownPerson {
            id: PersonId(r.id),
            name: PersonName {
                last: r.last_name,
                first: r.first_name,
                middle: r.middle_name,
            },
            born: r.birth_date,
            phones: r.phone.into_iter().chain(r.account_phone).collect(),
            pupil: r.pupil.map(PupilId),
            class: None,
            seats: vec![],
            guardians: vec![],
        })
        .collect())
}

async fn enrolments(ctx: &mut Ctx, since: NaiveDate) -> Done<Vec<(i64, ClassId, String)>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select p.person_id, n.class_id, c.name from enrolment n
         join pupil p on p.school_id = n.school_id and p.id = n.pupil_id
         join class c on c.school_id = n.school_id and c.id = n.class_id
         where n.school_id = $1 and coalesce(n.ends_on, $2) >= $2 order by n.starts_on",
        school.0,
        since,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.person_id, ClassId(r.class_id), r.name))
        .collect())
}

async fn seats(ctx: &mut Ctx, since: NaiveDate) -> Done<Vec<(i64, SubgroupId)>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select p.person_id, m.subgroup_id from subgroup_member m
         join pupil p on p.school_id = m.school_id and p.id = m.pupil_id
         where m.school_id = $1 and coalesce(m.ends_on, $2) >= $2",
        school.0,
        since,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.person_id, SubgroupId(r.subgroup_id)))
        .collect())
}

async fn guardians(ctx: &mut Ctx) -> Done<Vec<(i64, PersonId)>> {
    let (school, today) = (ctx.school(), ctx.today());
    let rows = sqlx::query!(
        "select g.ward_id, g.guardian_id from guardianship g join school_person c on c.person_id = g.ward_id
         where c.school_id = $1 and coalesce(g.valid_to, $2) >= $2 order by g.guardian_id",
        school.0,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.ward_id, PersonId(r.guardian_id)))
        .collect())
}

async fn classes(ctx: &mut Ctx, year: YearId) -> Done<Vec<KnownClass>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select id, name from class where school_id = $1 and year_id = $2 order by grade, name, id",
        school.0,
        year.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| KnownClass {
            id: ClassId(r.id),
            name: r.name,
            groups: vec![],
        })
        .collect())
}

async fn groups(ctx: &mut Ctx, year: YearId) -> Done<Vec<(ClassId, KnownGroup)>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select g.class_id, g.id, g.name, g.split from subgroup g
         join class c on c.school_id = g.school_id and c.id = g.class_id
         where g.school_id = $1 and c.year_id = $2 order by g.split, g.name, g.id",
        school.0,
        year.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let group = KnownGroup {
                id: SubgroupId(r.id),
                name: r.name,
                split: r.split,
            };
            (ClassId(r.class_id), group)
        })
        .collect())
}
