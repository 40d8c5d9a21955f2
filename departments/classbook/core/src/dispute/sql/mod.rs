//! The questions about threads ([`read`]) and the acts ([`write`]).

pub mod read;
pub mod write;

pub use read::{disputes, of_mark, waiting};
pub use write::{ask, close, say, set_days};

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, AssignmentId, ClassId, DisputeId, LoadId, PeriodMarkId, PupilId};
use chrono::NaiveDate;

use crate::dispute::{About, OfPeriod};
use crate::journal::sql::facts::{Whose, of_load};

/// A mark, and what the actor may do about it.
pub(super) struct Facts {
    pub pupil: PupilId,
    pub about: About,
    pub period: Option<OfPeriod>,
    pub load: LoadId,
    pub name: String,
    pub subject: String,
    pub work: String,
    pub date: Option<NaiveDate>,
    pub code: Option<String>,
    /// The class whose days off count for the term.
    pub class: Option<ClassId>,
    /// The actor asks as the pupil's family.
    pub family: bool,
    /// The actor may answer for the school.
    pub answers: bool,
}

/// The facts of a mark, for who may see it: the family through its diary, the school through its journal.
///
/// # Errors
/// [`AppError::NotFound`] for a mark that there never was, or that is not for the actor.
pub(super) async fn facts(ctx: &mut Ctx, pupil: PupilId, about: About) -> Done<Facts> {
    let family = ctx.actor().role.family().map(|own| own.contains(&pupil));
    if let Some(own) = family {
        ctx.must(Action::View, &diary(ctx, own))?;
    }
    let (school, today) = (ctx.school(), ctx.today());
    let (assignment, period_mark) = about.columns();
    let row = sqlx::query!(
        r#"select f.load_id as "load_id!", f.held_on as "held_on?", f.code as "code?", s.name as subject, f.work as "work!",
            f.stage as "stage?", f.kind as "kind?", f.number as "number?",
            concat_ws(' ', n.last_name, n.first_name) as "name!",
            (select e.class_id from enrolment e
             where e.school_id = $1 and e.pupil_id = $2 and e.starts_on <= $4 and (e.ends_on is null or e.ends_on >= $4)) as class
           from (
            select l.load_id, l.held_on, m.code, w.title as work, t.subject_id, null as stage, null as kind, null::smallint as number
            from mark m
            join assignment a on a.school_id = $1 and a.id = m.assignment_id
            join work_type w on w.school_id = $1 and w.id = a.work_type_id
            join lesson l on l.school_id = $1 and l.id = a.lesson_id
            join teaching_load t on t.school_id = $1 and t.id = l.load_id
            where m.school_id = $1 and m.pupil_id = $2 and m.assignment_id = $3
            union all
            select v.load_id, null, v.code, '', v.subject_id, v.stage, y.kind, q.number
            from period_mark v
            left join period q on q.school_id = $1 and q.id = v.period_id
            left join period_system y on y.school_id = $1 and y.id = q.system_id
            where v.school_id = $1 and v.pupil_id = $2 and v.id = $5) f
           join subject s on s.school_id = $1 and s.id = f.subject_id
           join pupil p on p.school_id = $1 and p.id = $2
           join person n on n.id = p.person_id"#,
        school.0,
        pupil.0,
        assignment,
        today,
        period_mark,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let load = LoadId(row.load_id);
    let answers = match family {
        Some(_) => false,
        None => staff(ctx, load).await?,
    };
    let period = match about {
        About::Work(_) => None,
        About::Period(mark) => Some(OfPeriod {
            mark,
            stage: row.stage.unwrap_or_default(),
            kind: row.kind,
            number: row.number,
        }),
    };
    Ok(Facts {
        pupil,
        about,
        period,
        load,
        name: row.name,
        subject: row.subject,
        work: row.work,
        date: row.held_on,
        code: row.code,
        class: row.class.map(ClassId),
        family: family.is_some(),
        answers,
    })
}

/// Staff see a thread with the journal; who may write in the journal answers.
async fn staff(ctx: &mut Ctx, load: LoadId) -> Done<bool> {
    let whose: Whose = of_load(ctx, load).await?;
    let journal = whose.resource(ctx, Kind::Journal);
    ctx.must(Action::View, &journal)?;
    Ok(ctx.may(Action::Edit, &journal))
}

fn diary(ctx: &Ctx, own: bool) -> Resource {
    Resource {
        kind: Kind::Diary,
        school: ctx.school(),
        own,
        own_class: false,
    }
}

/// The mark that a thread is about.
async fn mark_of(ctx: &mut Ctx, dispute: DisputeId) -> Done<(PupilId, About)> {
    let school = ctx.school();
    let row = sqlx::query!(
        "select pupil_id, assignment_id, period_mark_id from dispute where school_id = $1 and id = $2",
        school.0,
        dispute.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let work = row.assignment_id.map(|id| About::Work(AssignmentId(id)));
    let about = work.or_else(|| row.period_mark_id.map(|id| About::Period(PeriodMarkId(id))));
    Ok((PupilId(row.pupil_id), about.ok_or(AppError::NotFound)?))
}

/// May the actor look after the term of all answers? Whoever may close and open a school's periods.
fn sets(ctx: &Ctx) -> bool {
    ctx.may(Action::Lock, &Resource::of_school(Kind::Journal, ctx.school()))
}
