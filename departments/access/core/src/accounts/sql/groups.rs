//! Who is in a class or on the staff, and how far each has come with their account.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, ClassId, PersonId};
use chrono::NaiveDate;

use super::Beyond;
use crate::accounts::{Group, GroupPage, GroupRow, Groups, Holder, Issuer, Part, state};

/// The classes of the year that runs (before it begins, of the coming one), by grade and name.
///
/// # Errors
/// [`AppError::NotFound`] for who may not see accounts; the database's.
pub async fn classes(ctx: &mut Ctx) -> Done<Vec<(ClassId, String)>> {
    ctx.must(Action::View, &Resource::of_school(Kind::Accounts, ctx.school()))?;
    let (school, today) = (ctx.school(), ctx.today());
    let rows = sqlx::query!(
        "select c.id, c.name from class c
         join lateral (select y.id from academic_year y where y.school_id = $1
            order by (y.starts_on <= $2 and y.ends_on >= $2) desc, y.starts_on > $2 desc, abs(y.starts_on - $2) limit 1) year
            on year.id = c.year_id
         where c.school_id = $1 order by c.grade, c.name, c.id",
        school.0,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (ClassId(r.id), r.name)).collect())
}

/// The day on which classes are looked at: today, or the first or last day of the year when today is outside it, so that who
/// comes in September gets a slip in August.
async fn day(ctx: &mut Ctx) -> Done<NaiveDate> {
    let (school, today) = (ctx.school(), ctx.today());
    let day = sqlx::query_scalar!(
        r#"select least(greatest($2, y.starts_on), y.ends_on) as "day!" from academic_year y where y.school_id = $1
           order by (y.starts_on <= $2 and y.ends_on >= $2) desc, y.starts_on > $2 desc, abs(y.starts_on - $2) limit 1"#,
        school.0,
        today,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(day.unwrap_or(today))
}

/// The class of a name, for the command line.
///
/// # Errors
/// [`AppError::NotFound`] for a name that no class of this year has.
pub async fn class_called(ctx: &mut Ctx, name: &str) -> Done<ClassId> {
    let wanted = name.to_lowercase();
    let all = classes(ctx).await?;
    let found = all.into_iter().find(|(_, name)| name.to_lowercase() == wanted);
    Ok(found.ok_or(AppError::NotFound)?.0)
}

/// The staff and the classes, with how many people of each wait for a password that is the reader's to issue: the same people
/// whom [`group`] shows so.
///
/// # Errors
/// As [`classes`].
pub async fn groups(ctx: &mut Ctx) -> Done<Groups> {
    let classes = classes(ctx).await?;
    let (me, beyond) = (ctx.person(), Beyond::of(ctx));
    let (school, today, now) = (ctx.school(), ctx.today(), ctx.now());
    let day = day(ctx).await?;
    let rows = sqlx::query!(
        r#"with member as (
             select null::bigint as class_id, e.person_id from employee e where e.school_id = $1
             union
             select n.class_id, p.person_id from enrolment n join pupil p on p.school_id = n.school_id and p.id = n.pupil_id
             where n.school_id = $1 and $4 between n.starts_on and coalesce(n.ends_on, $4)
             union
             select n.class_id, g.guardian_id from enrolment n
             join pupil p on p.school_id = n.school_id and p.id = n.pupil_id
             join guardianship g on g.ward_id = p.person_id and $2 between g.valid_from and coalesce(g.valid_to, $2)
             join school_person c on c.school_id = n.school_id and c.person_id = g.guardian_id
             where n.school_id = $1 and $4 between n.starts_on and coalesce(n.ends_on, $4)
           ), elsewhere as materialized (
             select unnest(issued_elsewhere(array(select person_id from member), $1, $2)) as person_id
           ), known as (
             select m.class_id,
               a.id is null or a.disabled_at is null and a.must_change_password and a.issued_password_expires_at <= $3 as due,
               a.disabled_at is null and a.must_change_password
                 and coalesce(a.issued_password_expires_at > $3, true) as waiting,
               m.person_id <> $5 and m.person_id not in (select person_id from elsewhere)
                 and not holds_one_of(m.person_id, $1, $2, $6, $7, $8) as mine
             from member m left join account a on a.person_id = m.person_id
           )
           select class_id, count(*) as "people!", count(*) filter (where due and mine) as "due!",
             count(*) filter (where waiting and mine) as "waiting!"
           from known group by class_id"#,
        school.0,
        today,
        now,
        day,
        me.0,
        &beyond.kinds,
        &beyond.actions,
        &beyond.reaches,
    )
    .fetch_all(ctx.db())
    .await?;
    let size = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let row = |group, name, class: Option<i64>| {
        let found = rows.iter().find(|r| r.class_id == class);
        GroupRow {
            group,
            name,
            people: found.map_or(0, |r| size(r.people)),
            due: found.map_or(0, |r| size(r.due)),
            waiting: found.map_or(0, |r| size(r.waiting)),
        }
    };
    let mut all = vec![row(Group::Staff, String::new(), None)];
    all.extend(
        classes
            .into_iter()
            .map(|(id, name)| row(Group::Class(id), name, Some(id.0))),
    );
    Ok(Groups { rows: all })
}

/// The people of a group.
///
/// # Errors
/// [`AppError::NotFound`] for a class of another school and for who may not see accounts.
pub async fn group(ctx: &mut Ctx, group: Group) -> Done<GroupPage> {
    let accounts = Resource::of_school(Kind::Accounts, ctx.school());
    ctx.must(Action::View, &accounts)?;
    let may_issue = ctx.may(Action::Edit, &accounts);
    let school_id = ctx.school();
    let class = match group {
        Group::Staff => None,
        Group::Class(class) => Some(class.0),
    };
    let head = sqlx::query!(
        r#"select o.name, c.name as "class?" from organisation o
           left join class c on c.school_id = o.id and c.id = $2 where o.id = $1"#,
        school_id.0,
        class,
    )
    .fetch_one(ctx.db())
    .await?;
    if class.is_some() && head.class.is_none() {
        return Err(AppError::NotFound.into());
    }
    let people = match class {
        None => staff(ctx).await?,
        Some(class) => family(ctx, class).await?,
    };
    Ok(GroupPage {
        group,
        name: head.class.unwrap_or_default(),
        school: head.name,
        school_id,
        utc_offset: ctx.actor().utc_offset,
        people,
        may_issue,
    })
}

async fn staff(ctx: &mut Ctx) -> Done<Vec<Holder>> {
    let (me, beyond) = (ctx.person(), Beyond::of(ctx));
    let (school, today, now) = (ctx.school(), ctx.today(), ctx.now());
    let rows = sqlx::query!(
        r#"select p.id, full_name(p.last_name, p.first_name, p.middle_name) as "name!", a.login as "login?",
             a.must_change_password as "must_change?", a.issued_password_expires_at, a.disabled_at is not null as "disabled!",
             password_issued_elsewhere(p.id, $1, $2) as "elsewhere!",
             holds_one_of(p.id, $1, $2, $3, $4, $5) as "above!"
           from employee e join person p on p.id = e.person_id left join account a on a.person_id = p.id
           where e.school_id = $1 order by p.last_name, p.first_name, p.middle_name, p.id"#,
        school.0,
        today,
        &beyond.kinds,
        &beyond.actions,
        &beyond.reaches,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let account = r
                .must_change
                .map(|must| (must, r.issued_password_expires_at, r.disabled));
            Holder {
                person: PersonId(r.id),
                name: r.name,
                part: Part::Staff,
                state: state(account, Issuer::of(r.id == me.0, r.elsewhere, r.above), now),
                login: r.login,
            }
        })
        .collect())
}

/// Each pupil of today, and behind the first of them each guardian, once.
async fn family(ctx: &mut Ctx, class: i64) -> Done<Vec<Holder>> {
    let (me, beyond) = (ctx.person(), Beyond::of(ctx));
    let (school, today, now) = (ctx.school(), ctx.today(), ctx.now());
    let day = day(ctx).await?;
    let rows = sqlx::query!(
        r#"with child as (
             select p.person_id, row_number() over (order by w.last_name, w.first_name, w.middle_name, w.id) as seat,
               concat_ws(' ', w.last_name, w.first_name) as name
             from enrolment n join pupil p on p.school_id = n.school_id and p.id = n.pupil_id join person w on w.id = p.person_id
             where n.school_id = $1 and n.class_id = $2 and $4 between n.starts_on and coalesce(n.ends_on, $4)
           ), member as (
             select person_id, seat, null::text as wards from child
             union all
             select g.guardian_id, min(child.seat), string_agg(child.name, ', ' order by child.seat)
             from child join guardianship g on g.ward_id = child.person_id and $3 between g.valid_from and coalesce(g.valid_to, $3)
             join school_person c on c.school_id = $1 and c.person_id = g.guardian_id
             group by g.guardian_id
           )
           select p.id, m.wards, full_name(p.last_name, p.first_name, p.middle_name) as "name!", a.login as "login?",
             a.must_change_password as "must_change?", a.issued_password_expires_at, a.disabled_at is not null as "disabled!",
             password_issued_elsewhere(p.id, $1, $3) as "elsewhere!",
             holds_one_of(p.id, $1, $3, $5, $6, $7) as "above!"
           from member m join person p on p.id = m.person_id left join account a on a.person_id = p.id
           order by m.seat, m.wards is not null, p.last_name, p.first_name, p.id"#,
        school.0,
        class,
        today,
        day,
        &beyond.kinds,
        &beyond.actions,
        &beyond.reaches,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let account = r
                .must_change
                .map(|must| (must, r.issued_password_expires_at, r.disabled));
            Holder {
                person: PersonId(r.id),
                name: r.name,
                part: r.wards.map_or(Part::Pupil, Part::Guardian),
                state: state(account, Issuer::of(r.id == me.0, r.elsewhere, r.above), now),
                login: r.login,
            }
        })
        .collect())
}
