//! Who is in which class and subgroup. Names are for everybody who may see people; dates of birth and telephones for those who
//! keep the lists and for the class teacher.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, ClassId, PupilId, SubgroupId, YearId};
use chrono::NaiveDate;

use crate::roll::{ClassPage, ClassRow, Classes, GuardianRow, Kin, PupilRow, Split};
use crate::timetable::sql::year_now;

/// The classes of the year, with what is still to be done in each.
///
/// # Errors
/// [`AppError::NotFound`] for who may not see people.
pub async fn classes(ctx: &mut Ctx) -> Done<Classes> {
    let people = Resource::of_school(Kind::People, ctx.school());
    ctx.must(Action::View, &people)?;
    let may_edit = ctx.may(Action::Edit, &people);
    let may_issue = ctx.may(Action::View, &Resource::of_school(Kind::Accounts, ctx.school()));
    let Some((year, title)) = year_now(ctx).await? else {
        return Ok(Classes {
            year: None,
            rows: vec![],
            may_edit,
            may_issue,
        });
    };
    let (school, today) = (ctx.school(), ctx.today());
    let day = day(ctx, year).await?;
    let rows = sqlx::query!(
        r#"with here as (
             select n.class_id, n.pupil_id, p.person_id from enrolment n
             join pupil p on p.school_id = n.school_id and p.id = n.pupil_id
             where n.school_id = $1 and $3 between n.starts_on and coalesce(n.ends_on, $3)
           ), total as (
             select h.class_id, count(*) as pupils,
               count(*) filter (where not exists (select from guardianship g where g.ward_id = h.person_id
                                and $4 between g.valid_from and coalesce(g.valid_to, $4))) as alone
             from here h group by h.class_id
           ), seat as (
             select distinct g.class_id, g.split, m.pupil_id from subgroup g
             join subgroup_member m on m.school_id = g.school_id and m.subgroup_id = g.id
             where g.school_id = $1 and $3 between m.starts_on and coalesce(m.ends_on, $3)
           ), unplaced as (
             select h.class_id, count(*) as places from here h
             join (select distinct class_id, split from subgroup where school_id = $1) s on s.class_id = h.class_id
             where not exists (select from seat where seat.class_id = h.class_id and seat.split = s.split
                               and seat.pupil_id = h.pupil_id)
             group by h.class_id
           )
           select c.id, c.name, c.planned_pupils,
             nullif(full_name(w.last_name, w.first_name, w.middle_name), '') as teacher,
             coalesce(t.pupils, 0) as "pupils!", coalesce(t.alone, 0) as "alone!", coalesce(u.places, 0) as "unplaced!"
           from class c
           left join employee e on e.school_id = c.school_id and e.id = c.class_teacher_id
           left join person w on w.id = e.person_id
           left join total t on t.class_id = c.id left join unplaced u on u.class_id = c.id
           where c.school_id = $1 and c.year_id = $2 order by c.grade, c.name, c.id"#,
        school.0,
        year.0,
        day,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    let size = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Classes {
        year: Some(title),
        rows: rows
            .into_iter()
            .map(|r| ClassRow {
                id: ClassId(r.id),
                name: r.name,
                teacher: r.teacher,
                pupils: size(r.pupils),
                planned: r.planned_pupils.and_then(|n| u32::try_from(n).ok()),
                alone: size(r.alone),
                unplaced: size(r.unplaced),
            })
            .collect(),
        may_edit,
        may_issue,
    })
}

/// The day on which a year's classes are looked at: today, or the year's first or last day when today is outside.
pub(super) async fn day(ctx: &mut Ctx, year: YearId) -> Done<NaiveDate> {
    let (school, today) = (ctx.school(), ctx.today());
    Ok(sqlx::query_scalar!(
        r#"select least(greatest($3, starts_on), ends_on) as "day!" from academic_year where school_id = $1 and id = $2"#,
        school.0,
        year.0,
        today,
    )
    .fetch_one(ctx.db())
    .await?)
}

/// One class.
///
/// # Errors
/// [`AppError::NotFound`] for a class of another school and for who may not see people.
pub async fn class(ctx: &mut Ctx, class: ClassId) -> Done<ClassPage> {
    let people = Resource::of_school(Kind::People, ctx.school());
    ctx.must(Action::View, &people)?;
    let may_edit = ctx.may(Action::Edit, &people);
    let may_issue = ctx.may(Action::View, &Resource::of_school(Kind::Accounts, ctx.school()));
    let (school, me) = (ctx.school(), ctx.employee().map_or(0, |e| e.0));
    let head = sqlx::query!(
        r#"select c.name, c.year_id, coalesce(c.class_teacher_id = $3, false) as "mine!",
             nullif(full_name(w.last_name, w.first_name, w.middle_name), '') as teacher
           from class c
           left join employee e on e.school_id = c.school_id and e.id = c.class_teacher_id
           left join person w on w.id = e.person_id
           where c.school_id = $1 and c.id = $2"#,
        school.0,
        class.0,
        me,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let whole = may_edit || head.mine;
    let day = day(ctx, YearId(head.year_id)).await?;
    let pupils = pupils(ctx, class, day, whole).await?;
    let splits = splits(ctx, class, day, &pupils).await?;
    Ok(ClassPage {
        id: class,
        name: head.name,
        teacher: head.teacher,
        pupils,
        splits,
        may_edit,
        may_issue,
    })
}

async fn pupils(ctx: &mut Ctx, class: ClassId, day: NaiveDate, whole: bool) -> Done<Vec<PupilRow>> {
    let (school, today) = (ctx.school(), ctx.today());
    let rows = sqlx::query!(
        r#"select p.id, full_name(w.last_name, w.first_name, w.middle_name) as "name!", w.birth_date
           from enrolment n join pupil p on p.school_id = n.school_id and p.id = n.pupil_id
           join person w on w.id = p.person_id
           where n.school_id = $1 and n.class_id = $2 and $3 between n.starts_on and coalesce(n.ends_on, $3)
           order by w.last_name, w.first_name, w.middle_name, p.id"#,
        school.0,
        class.0,
        day,
    )
    .fetch_all(ctx.db())
    .await?;
    let families = sqlx::query!(
        r#"select p.id as pupil, full_name(w.last_name, w.first_name, w.middle_name) as "name!", g.kind, w.phone
           from enrolment n join pupil p on p.school_id = n.school_id and p.id = n.pupil_id
           join guardianship g on g.ward_id = p.person_id and $4 between g.valid_from and coalesce(g.valid_to, $4)
           join person w on w.id = g.guardian_id
           where n.school_id = $1 and n.class_id = $2 and $3 between n.starts_on and coalesce(n.ends_on, $3)
           order by g.kind = 'mother' desc, g.kind = 'father' desc, w.last_name, w.first_name, w.id"#,
        school.0,
        class.0,
        day,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| PupilRow {
            id: PupilId(r.id),
            name: r.name,
            born: r.birth_date.filter(|_| whole),
            guardians: families
                .iter()
                .filter(|g| g.pupil == r.id)
                .map(|g| GuardianRow {
                    name: g.name.clone(),
                    kin: Kin::from_key(&g.kind).unwrap_or(Kin::Guardian),
                    phone: g.phone.clone().filter(|_| whole),
                })
                .collect(),
        })
        .collect())
}

async fn splits(ctx: &mut Ctx, class: ClassId, day: NaiveDate, pupils: &[PupilRow]) -> Done<Vec<Split>> {
    let school = ctx.school();
    let groups = sqlx::query!(
        "select id, name, split from subgroup where school_id = $1 and class_id = $2
         order by split, name, id",
        school.0,
        class.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let members = sqlx::query!(
        "select m.pupil_id, m.subgroup_id from subgroup_member m
         join subgroup g on g.school_id = m.school_id and g.id = m.subgroup_id
         where m.school_id = $1 and g.class_id = $2 and $3 between m.starts_on and coalesce(m.ends_on, $3)",
        school.0,
        class.0,
        day,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut splits: Vec<Split> = Vec::new();
    for group in groups {
        let one = (SubgroupId(group.id), group.name);
        match splits.iter_mut().find(|s| s.name == group.split) {
            Some(split) => split.groups.push(one),
            None => splits.push(Split {
                name: group.split,
                groups: vec![one],
                seats: vec![],
            }),
        }
    }
    for split in &mut splits {
        let seat = |pupil: &PupilRow| {
            members
                .iter()
                .filter(|m| m.pupil_id == pupil.id.0)
                .map(|m| SubgroupId(m.subgroup_id))
                .find(|id| split.groups.iter().any(|(group, _)| group == id))
        };
        split.seats = pupils.iter().map(seat).collect();
    }
    Ok(splits)
}
