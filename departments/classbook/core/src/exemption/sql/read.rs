//! The exemptions of a class, and of the pupils of a journal.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, ClassId, ExemptionId, PupilId, SubjectId};
use chrono::NaiveDate;

use crate::attendance::{Document, Paper};
use crate::exemption::{Exemption, Exemptions, Spell};
use crate::journal::sql::facts::employee;

/// Keeps the cards of pupils: enters exemptions of the whole school.
pub(super) fn keeps_cards(ctx: &Ctx) -> bool {
    ctx.may(Action::Edit, &Resource::of_school(Kind::People, ctx.school()))
}

/// Staff who may look at the diaries of the class see its exemptions, and whoever keeps cards.
pub(super) fn must_see(ctx: &Ctx, leads: bool) -> Result<bool, AppError> {
    if ctx.actor().role.family().is_some() {
        return Err(AppError::NotFound);
    }
    let diary = Resource {
        kind: Kind::Diary,
        school: ctx.school(),
        own: false,
        own_class: leads,
    };
    let sees = ctx.may(Action::View, &diary);
    if sees || keeps_cards(ctx) {
        Ok(sees)
    } else {
        Err(AppError::NotFound)
    }
}

/// The exemptions of the pupils of a class that reach into its year.
///
/// # Errors
/// [`AppError::NotFound`] for a class that is not for the actor to see.
pub async fn list(ctx: &mut Ctx, class: ClassId) -> Done<Exemptions> {
    let (school, employee, today) = (ctx.school(), employee(ctx), ctx.today());
    let facts = sqlx::query!(
        r#"select c.name, coalesce(c.class_teacher_id = $3, false) as "leads!", y.starts_on, y.ends_on
           from class c join academic_year y on y.school_id = c.school_id and y.id = c.year_id
           where c.school_id = $1 and c.id = $2"#,
        school.0,
        class.0,
        employee,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let sees_attendance = must_see(ctx, facts.leads)?;
    let may_edit = facts.leads || keeps_cards(ctx);
    let rows = sqlx::query!(
        r#"select x.id, x.pupil_id, concat_ws(' ', n.last_name, n.first_name) as "name!", s.name as subject, x.starts_on, x.ends_on,
            x.attends, x.document_kind, x.document_number, x.document_on, x.made_at, x.withdrawn_at is not null as "withdrawn!",
            coalesce((select short_name(h.last_name, h.first_name, h.middle_name)
                from person h where h.id = x.made_by), '') as "by!"
           from exemption x
           join pupil p on p.school_id = $1 and p.id = x.pupil_id
           join person n on n.id = p.person_id
           join subject s on s.school_id = $1 and s.id = x.subject_id
           where x.school_id = $1 and x.ends_on >= $3 and x.starts_on <= $4
             and exists (select from enrolment e where e.school_id = $1 and e.pupil_id = x.pupil_id and e.class_id = $2)
           order by x.withdrawn_at is null and x.ends_on >= $5 desc, x.starts_on desc, n.last_name, n.first_name, x.id desc
           limit 300"#,
        school.0,
        class.0,
        facts.starts_on,
        facts.ends_on,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    let list = rows
        .into_iter()
        .map(|r| Exemption {
            id: ExemptionId(r.id),
            pupil: PupilId(r.pupil_id),
            name: r.name,
            subject: r.subject,
            starts_on: r.starts_on,
            ends_on: r.ends_on,
            attends: r.attends,
            paper: Paper {
                kind: Document::from_key(&r.document_kind).unwrap_or(Document::Other),
                number: r.document_number.unwrap_or_default(),
                on: r.document_on,
            },
            by: r.by,
            at: r.made_at,
            withdrawn: r.withdrawn,
        })
        .collect();
    Ok(Exemptions {
        class,
        name: facts.name,
        today,
        utc_offset: ctx.actor().utc_offset,
        may_edit,
        sees_attendance,
        pupils: pupils(ctx, class).await?,
        subjects: subjects(ctx, class).await?,
        list,
    })
}

async fn pupils(ctx: &mut Ctx, class: ClassId) -> Done<Vec<(PupilId, String)>> {
    let (school, today) = (ctx.school(), ctx.today());
    let rows = sqlx::query!(
        r#"select e.pupil_id, concat_ws(' ', n.last_name, n.first_name) as "name!"
           from enrolment e
           join pupil p on p.school_id = $1 and p.id = e.pupil_id
           join person n on n.id = p.person_id
           where e.school_id = $1 and e.class_id = $2 and e.starts_on <= $3 and coalesce(e.ends_on, 'infinity') >= $3
           order by n.last_name, n.first_name, n.middle_name, e.pupil_id"#,
        school.0,
        class.0,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (PupilId(r.pupil_id), r.name)).collect())
}

/// What the class and its subgroups are taught. One is mostly exempt from physical education.
async fn subjects(ctx: &mut Ctx, class: ClassId) -> Done<Vec<(SubjectId, String)>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select s.id, s.name from subject s
           where s.school_id = $1 and exists (select from load_audience u
                join teaching_load t on t.school_id = $1 and t.id = u.load_id
                where u.school_id = $1 and u.class_id = $2 and t.subject_id = s.id)
           order by s.name ilike '%физическ%' desc, s.name, s.id"#,
        school.0,
        class.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (SubjectId(r.id), r.name)).collect())
}

/// The exemptions of these pupils from a subject that reach into a span.
pub(crate) async fn spells(
    ctx: &mut Ctx,
    subject: SubjectId,
    pupils: &[PupilId],
    (from, to): (NaiveDate, NaiveDate),
) -> Done<Vec<Spell>> {
    let school = ctx.school();
    let pupils: Vec<i64> = pupils.iter().map(|p| p.0).collect();
    let rows = sqlx::query!(
        "select pupil_id, starts_on, ends_on, attends from exemption
         where school_id = $1 and subject_id = $2 and pupil_id = any ($3::bigint[]) and withdrawn_at is null
           and starts_on <= $5 and ends_on >= $4
         order by pupil_id, starts_on",
        school.0,
        subject.0,
        &pupils,
        from,
        to,
    )
    .fetch_all(ctx.db())
    .await?;
    let spells = rows.into_iter().map(|r| Spell {
        pupil: PupilId(r.pupil_id),
        from: r.starts_on,
        to: r.ends_on,
        attends: r.attends,
    });
    Ok(spells.collect())
}
