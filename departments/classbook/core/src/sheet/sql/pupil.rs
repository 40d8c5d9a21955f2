//! Sheets of a pupil: what the diary says of a period or of the year.

use base::sql::{Ctx, Done};
use base::{AppError, ClassId, PupilId, SubjectId};
use chrono::NaiveDate;

use super::class::{facts, meant, named, pupils};
use crate::attendance::sql::{days, notions};
use crate::diary::Subjects;
use crate::grading::Terms;
use crate::sheet::pupil::{self, Absence, OfPupil};
use crate::sheet::when::Fine;
use crate::sheet::{At, Kind, Opened, Sheet, When};

/// The pupil's full name, and the class that they are in today.
async fn person(ctx: &mut Ctx, pupil: PupilId) -> Done<(String, Option<ClassId>)> {
    let (school, today) = (ctx.school(), ctx.today());
    let row = sqlx::query!(
        r#"select full_name(n.last_name, n.first_name, n.middle_name) as "name!", (
                select e.class_id from enrolment e where e.school_id = $1 and e.pupil_id = p.id and e.starts_on <= $3
                    and (e.ends_on is null or e.ends_on >= $3) limit 1) as class_id
           from pupil p join person n on n.id = p.person_id
           where p.school_id = $1 and p.id = $2"#,
        school.0,
        pupil.0,
        today,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    Ok((row.name, row.class_id.map(ClassId)))
}

/// What stands in the pupil's lessons between two days.
async fn absences(ctx: &mut Ctx, pupil: PupilId, (from, to): (NaiveDate, NaiveDate)) -> Done<Vec<Absence>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select t.subject_id, l.held_on, a.code as "code!"
           from attendance a
           join lesson l on l.school_id = a.school_id and l.id = a.lesson_id and l.held_on between $3 and $4 and l.state <> 'cancelled'
           join teaching_load t on t.school_id = l.school_id and t.id = l.load_id
           where a.school_id = $1 and a.pupil_id = $2 and a.code is not null
           order by l.held_on, l.slot"#,
        school.0,
        pupil.0,
        from,
        to,
    )
    .fetch_all(ctx.db())
    .await?;
    let absence = rows.into_iter().map(|r| Absence {
        subject: SubjectId(r.subject_id),
        date: r.held_on,
        code: r.code,
    });
    Ok(absence.collect())
}

/// What both sheets are made of. `diary` has been asked, and has let the actor in.
async fn of_pupil(
    ctx: &mut Ctx,
    pupil: PupilId,
    diary: Subjects,
    fine: Fine,
    asked: Option<When>,
) -> Done<(OfPupil, Sheet)> {
    let (name, class) = person(ctx, pupil).await?;
    // who is in no class has no year, and so no sheet
    let class = class.ok_or(AppError::NotFound)?;
    let facts = facts(ctx, class).await?;
    let meant = meant(ctx, &facts, fine, asked)?;
    let codes = crate::journal::sql::codes(ctx).await?;
    let notions = notions(ctx, meant.head.days.1).await?;
    let absences = absences(ctx, pupil, meant.head.days).await?;
    let mut all = days(ctx, class, meant.head.days).await?;
    let classmates = if diary.family {
        vec![]
    } else {
        named(&pupils(ctx, class, meant.head.days).await?)
    };
    let data = OfPupil {
        head: meant.head,
        name,
        weighted: diary.terms.weighted,
        subjects: diary.subjects,
        terms: facts.terms,
        codes: codes.into_iter().map(|c| (c.code, c.title)).collect(),
        absences,
        days: all.remove(&pupil.0).unwrap_or_default(),
        notions,
    };
    // the paper is laid in by the caller
    let sheet = Sheet {
        paper: pupil::card(&data),
        when: meant.when,
        terms: meant.terms,
        pupils: classmates,
        class: Some(class),
        family: diary.family,
        pdf: crate::sheet::file::PDF,
    };
    Ok((data, sheet))
}

/// Отчёт об успеваемости и посещаемости of a period.
pub(super) async fn report(ctx: &mut Ctx, pupil: PupilId, asked: Option<When>) -> Done<Sheet> {
    let (data, sheet, _) = of_report(ctx, pupil, asked).await?;
    let term = data.terms.iter().find(|t| sheet.when == When::Period(t.id));
    Ok(Sheet {
        paper: pupil::report(&data, term),
        ..sheet
    })
}

/// What lies behind a figure of the report, or of the card.
pub(super) async fn opened(
    ctx: &mut Ctx,
    pupil: PupilId,
    kind: Kind,
    asked: Option<When>,
    at: &At,
) -> Done<Opened> {
    let (data, sheet, rule) = match kind {
        Kind::Card => of_card(ctx, pupil).await?,
        _ => of_report(ctx, pupil, asked).await?,
    };
    let asked = pupil::Asked {
        kind,
        term: data.terms.iter().find(|t| sheet.when == When::Period(t.id)),
        terms: &rule,
        utc_offset: ctx.actor().utc_offset,
    };
    Ok(pupil::opened(&data, asked, at).ok_or(AppError::NotFound)?)
}

async fn of_report(ctx: &mut Ctx, pupil: PupilId, asked: Option<When>) -> Done<(OfPupil, Sheet, Terms)> {
    let period = asked.and_then(When::period);
    let diary = Box::pin(crate::diary::sql::subjects(ctx, Some(pupil), period)).await?;
    let fine = Fine {
        months: false,
        year: false,
    };
    let rule = diary.terms.clone();
    let (data, sheet) = of_pupil(ctx, pupil, diary, fine, asked).await?;
    Ok((data, sheet, rule))
}

/// Табель of the year.
pub(super) async fn card(ctx: &mut Ctx, pupil: PupilId) -> Done<Sheet> {
    Ok(of_card(ctx, pupil).await?.1)
}

async fn of_card(ctx: &mut Ctx, pupil: PupilId) -> Done<(OfPupil, Sheet, Terms)> {
    let diary = Box::pin(crate::diary::sql::of_year(ctx, pupil)).await?;
    let fine = Fine {
        months: false,
        year: true,
    };
    // a card is of the year, whatever period was looked at before
    let rule = diary.terms.clone();
    let (data, sheet) = of_pupil(ctx, pupil, diary, fine, Some(When::Year)).await?;
    let sheet = Sheet {
        terms: sheet
            .terms
            .into_iter()
            .filter(|(when, _)| *when == When::Year)
            .collect(),
        ..sheet
    };
    Ok((data, sheet, rule))
}
