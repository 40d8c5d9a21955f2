//! What of a draft the school already has, by exact name.

use std::collections::HashMap;

use base::sql::{Ctx, Done};
use timetable::SchoolDraft;

use super::{Names, seat_of};
use crate::import::names::PersonName;
use crate::timetable::sql::year_now;

/// Ids of what is there, in the draft's order; `None` is to be created.
pub(super) struct Found {
    pub subjects: Vec<Option<i64>>,
    pub buildings: Vec<Option<i64>>,
    pub rooms: Vec<Option<i64>>,
    pub teachers: Vec<Option<i64>>,
    pub classes: Vec<Option<i64>>,
    pub groups: Vec<Option<i64>>,
    pub loads: Vec<Option<i64>>,
    /// The law knows how hard subjects are in an organisation of this kind.
    pub scaled: bool,
    /// Some new class is of a grade that has no bells yet.
    pub bare: bool,
}

/// What makes two loads the same: subject, teachers, classes with subgroups (0: the whole class).
type LoadKey = (i64, Vec<i64>, Vec<(i64, i64)>);

pub(super) async fn found(ctx: &mut Ctx, draft: &SchoolDraft, names: &Names) -> Done<Found> {
    let year = year_now(ctx).await?.map_or(0, |(id, _)| id.0);
    let subjects = by_name(&subjects(ctx).await?, &names.subjects);
    let buildings = by_name(&buildings(ctx).await?, &names.buildings);
    let rooms = by_name(&rooms(ctx).await?, &names.rooms);
    let classes = by_name(&classes(ctx, year).await?, &names.classes);
    let bare = bare(ctx, year, draft, &classes).await?;
    let known = people(ctx).await?;
    let teachers: Vec<Option<i64>> = names.teachers.iter().map(|n| known.get(n).copied()).collect();
    let known = groups(ctx, year).await?;
    let groups: Vec<Option<i64>> = draft
        .groups
        .iter()
        .zip(&names.groups)
        .map(|(group, name)| {
            let class = (*classes.get(group.class.ix())?)?;
            known.get(&(class, name.clone())).copied()
        })
        .collect();
    let mut known = loads(ctx, year).await?;
    let loads = draft
        .loads
        .iter()
        .map(|load| {
            let subject = (*subjects.get(load.subject.ix())?)?;
            let ids = load
                .teachers
                .iter()
                .map(|t| teachers.get(t.ix()).copied().flatten());
            let mut ids: Vec<i64> = ids.collect::<Option<_>>()?;
            let heard = load.audience.iter().map(|audience| {
                let (class, group) = seat_of(draft, *audience);
                let class = classes.get(class).copied().flatten()?;
                match group {
                    None => Some((class, 0)),
                    Some(group) => Some((class, groups.get(group).copied().flatten()?)),
                }
            });
            let mut heard: Vec<(i64, i64)> = heard.collect::<Option<_>>()?;
            ids.sort_unstable();
            ids.dedup();
            heard.sort_unstable();
            heard.dedup();
            // two equal loads in the file are two in the school
            known.get_mut(&(subject, ids, heard))?.pop()
        })
        .collect();
    Ok(Found {
        subjects,
        buildings,
        rooms,
        teachers,
        classes,
        groups,
        loads,
        scaled: scaled(ctx).await?,
        bare,
    })
}

/// Whether a class that is to be created is of a grade without any bells: an import gives it some.
async fn bare(ctx: &mut Ctx, year: i64, draft: &SchoolDraft, classes: &[Option<i64>]) -> Done<bool> {
    let school = ctx.school();
    let new = draft
        .classes
        .iter()
        .zip(classes)
        .filter(|(_, known)| known.is_none());
    let grades: Vec<i16> = new.map(|(class, _)| class.grade.map_or(0, i16::from)).collect();
    Ok(sqlx::query_scalar!(
        r#"select exists (select from unnest($3::smallint[]) g
            where not exists (select from bell_use u where u.school_id = $1 and u.year_id = $2 and u.grade = g)) as "bare!""#,
        school.0,
        year,
        &grades,
    )
    .fetch_one(ctx.db())
    .await?)
}

async fn scaled(ctx: &mut Ctx) -> Done<bool> {
    let (school, today) = (ctx.school(), ctx.today());
    Ok(sqlx::query_scalar!(
        r#"select exists (select from norm_difficulty d join organisation o on o.kind = d.org_kind
            where o.id = $1 and d.valid_from <= $2 and coalesce(d.valid_to, $2) >= $2) as "scaled!""#,
        school.0,
        today,
    )
    .fetch_one(ctx.db())
    .await?)
}

fn by_name(known: &HashMap<String, i64>, names: &[String]) -> Vec<Option<i64>> {
    names.iter().map(|n| known.get(n).copied()).collect()
}

async fn subjects(ctx: &mut Ctx) -> Done<HashMap<String, i64>> {
    let school = ctx.school();
    let rows = sqlx::query!("select name, id from subject where school_id = $1", school.0)
        .fetch_all(ctx.db())
        .await?;
    Ok(rows.into_iter().map(|r| (r.name, r.id)).collect())
}

async fn buildings(ctx: &mut Ctx) -> Done<HashMap<String, i64>> {
    let school = ctx.school();
    let rows = sqlx::query!("select name, id from building where school_id = $1", school.0)
        .fetch_all(ctx.db())
        .await?;
    Ok(rows.into_iter().map(|r| (r.name, r.id)).collect())
}

async fn rooms(ctx: &mut Ctx) -> Done<HashMap<String, i64>> {
    let school = ctx.school();
    let rows = sqlx::query!("select name, id from room where school_id = $1", school.0)
        .fetch_all(ctx.db())
        .await?;
    Ok(rows.into_iter().map(|r| (r.name, r.id)).collect())
}

async fn classes(ctx: &mut Ctx, year: i64) -> Done<HashMap<String, i64>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select name, id from class where school_id = $1 and year_id = $2",
        school.0,
        year
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.name, r.id)).collect())
}

async fn groups(ctx: &mut Ctx, year: i64) -> Done<HashMap<(i64, String), i64>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select g.class_id, g.name, g.id from subgroup g join class c on c.school_id = g.school_id and c.id = g.class_id
         where g.school_id = $1 and c.year_id = $2",
        school.0,
        year,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| ((r.class_id, r.name), r.id)).collect())
}

async fn people(ctx: &mut Ctx) -> Done<HashMap<PersonName, i64>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select e.id, p.last_name, p.first_name, p.middle_name from employee e join person p on p.id = e.person_id
         where e.school_id = $1",
        school.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let name = PersonName {
                last: r.last_name,
                first: if r.first_name.is_empty() {
                    base::name::NO_NAME.to_owned()
                } else {
                    r.first_name
                },
                middle: r.middle_name,
            };
            (name, r.id)
        })
        .collect())
}

async fn loads(ctx: &mut Ctx, year: i64) -> Done<HashMap<LoadKey, Vec<i64>>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select l.id, l.subject_id,
            array(select t.employee_id from load_teacher t where t.school_id = l.school_id and t.load_id = l.id
                order by 1) as "teachers!",
            array(select a.class_id from load_audience a where a.school_id = l.school_id and a.load_id = l.id
                order by a.class_id, coalesce(a.subgroup_id, 0)) as "classes!",
            array(select coalesce(a.subgroup_id, 0) from load_audience a where a.school_id = l.school_id
                and a.load_id = l.id order by a.class_id, coalesce(a.subgroup_id, 0)) as "groups!"
         from teaching_load l where l.school_id = $1 and l.year_id = $2 order by l.id desc"#,
        school.0,
        year,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut known: HashMap<LoadKey, Vec<i64>> = HashMap::new();
    for r in rows {
        let heard: Vec<(i64, i64)> = r.classes.into_iter().zip(r.groups).collect();
        known
            .entry((r.subject_id, r.teachers, heard))
            .or_default()
            .push(r.id);
    }
    Ok(known)
}
