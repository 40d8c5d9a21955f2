//! What the policy needs to know: whose class it is, and whose pupil.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, ClassId, PupilId};
use chrono::NaiveDate;

use crate::journal::sql::facts::employee;

/// A class.
pub(crate) struct ClassFacts {
    pub name: String,
    pub teacher: String,
    pub leads: bool,
    pub year: i64,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

/// Staff see the attendance of those whose diary they may look at: the class teacher of the class, the deputies of all. A family has
/// its diary instead.
fn must_see(ctx: &Ctx, leads: bool) -> Result<(), AppError> {
    if ctx.actor().role.family().is_some() {
        return Err(AppError::NotFound);
    }
    let resource = Resource {
        kind: Kind::Diary,
        school: ctx.school(),
        own: false,
        own_class: leads,
    };
    ctx.must(Action::View, &resource)
}

/// Whoever leads the class sets reasons in it, and who looks after all journals.
pub(crate) fn may_set(ctx: &Ctx, leads: bool) -> bool {
    leads || ctx.may(Action::Lock, &Resource::of_school(Kind::Journal, ctx.school()))
}

/// A class that the actor may see.
pub(crate) async fn of_class(ctx: &mut Ctx, class: ClassId) -> Done<ClassFacts> {
    let (school, employee) = (ctx.school(), employee(ctx));
    let facts = sqlx::query_as!(
        ClassFacts,
        r#"select c.name, coalesce(c.class_teacher_id = $3, false) as "leads!", y.id as year, y.starts_on, y.ends_on,
            coalesce((select short_name(n.last_name, n.first_name, n.middle_name)
                from employee e join person n on n.id = e.person_id
                where e.school_id = $1 and e.id = c.class_teacher_id), '') as "teacher!"
           from class c join academic_year y on y.school_id = c.school_id and y.id = c.year_id
           where c.school_id = $1 and c.id = $2"#,
        school.0,
        class.0,
        employee,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    must_see(ctx, facts.leads)?;
    Ok(facts)
}

/// Does the actor lead a class in which the pupil was, is or will be on one of these days? Refused where they may not even see.
pub(crate) async fn of_pupil(ctx: &mut Ctx, pupil: PupilId, from: NaiveDate, to: NaiveDate) -> Done<bool> {
    let leads = leads(ctx, pupil, from, to).await?;
    must_see(ctx, leads)?;
    Ok(leads)
}

/// The same, whoever asks: what it means is the caller's to decide. [`AppError::NotFound`] for no pupil of this school.
pub(crate) async fn leads(ctx: &mut Ctx, pupil: PupilId, from: NaiveDate, to: NaiveDate) -> Done<bool> {
    let (school, employee) = (ctx.school(), employee(ctx));
    Ok(sqlx::query_scalar!(
        r#"select k.leads as "leads!" from pupil p cross join lateral leads_pupil($1, p.id, $3, $4, $5) k where p.school_id = $1 and p.id = $2"#,
        school.0,
        pupil.0,
        employee,
        from,
        to,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?)
}
