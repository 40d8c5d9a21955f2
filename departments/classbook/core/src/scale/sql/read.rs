//! The school's types of work and scales, each with whether it is in use.

use base::number::Hundredths;
use base::rights::{self, Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, ScaleId, SubjectId, WorkTypeId};

use crate::grading::Standing;
use crate::scale::counting::Counting;
use crate::scale::terms::{ItemTerms, Results, ScaleLine, ScaleTerms, Scales, TypeLine, TypeTerms};

/// The page.
///
/// # Errors
/// [`AppError::NotFound`] for someone without any right to journals.
pub async fn scales(ctx: &mut Ctx) -> Done<Scales> {
    if !rights::any(ctx.actor(), Action::View, Kind::Journal) {
        return Err(AppError::NotFound.into());
    }
    let school = ctx.school();
    Ok(Scales {
        may_edit: ctx.may(Action::Lock, &Resource::of_school(Kind::Journal, school)),
        types: all_types(ctx).await?,
        scales: all_scales(ctx).await?,
        letters: super::letters::all_letters(ctx).await?,
        results: all_results(ctx).await?,
        subjects: subjects(ctx).await?,
    })
}

/// By which scale results are given.
pub(super) async fn all_results(ctx: &mut Ctx) -> Done<Results> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select r.subject_id, r.scale_id from results_scale r
         left join subject s on s.school_id = r.school_id and s.id = r.subject_id
         where r.school_id = $1 order by s.name nulls first",
        school.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut results = Results::default();
    for r in rows {
        match r.subject_id {
            None => results.school = Some(ScaleId(r.scale_id)),
            Some(subject) => results.subjects.push((SubjectId(subject), ScaleId(r.scale_id))),
        }
    }
    Ok(results)
}

async fn subjects(ctx: &mut Ctx) -> Done<Vec<(SubjectId, String)>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select id, name from subject where school_id = $1 order by name, id",
        school.0
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (SubjectId(r.id), r.name)).collect())
}

/// The types of work, in order.
pub(super) async fn all_types(ctx: &mut Ctx) -> Done<Vec<TypeLine>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select w.id, w.code, w.title, (w.weight * 100)::bigint as "weight!", w.assessment,
            exists (select from assignment a where a.school_id = $1 and a.work_type_id = w.id) as "used!"
           from work_type w where w.school_id = $1 order by w.position, w.id"#,
        school.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let lines = rows.into_iter().map(|r| TypeLine {
        id: WorkTypeId(r.id),
        terms: TypeTerms {
            code: r.code,
            title: r.title,
            weight: Hundredths(r.weight),
            assessment: r.assessment,
        },
        used: r.used,
    });
    Ok(lines.collect())
}

/// The scales, the oldest first: it is the one that a new journal begins with.
pub(super) async fn all_scales(ctx: &mut Ctx) -> Done<Vec<ScaleLine>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select s.id, s.title as scale, i.code as "code?", (i.value * 100)::bigint as value, i.title as "title?",
            i.level as "level?", (i.counts_as * 100)::bigint as counts_as,
            exists (select from assignment a where a.school_id = $1 and a.scale_id = s.id)
            or exists (select from results_scale r where r.school_id = $1 and r.scale_id = s.id) as "used!",
            exists (select from mark m where m.school_id = $1 and m.scale_id = s.id and m.code = i.code)
            or exists (select from period_mark p where p.school_id = $1 and p.scale_id = s.id and p.code = i.code) as "given!"
           from mark_scale s left join mark_scale_item i on i.school_id = s.school_id and i.scale_id = s.id
           where s.school_id = $1 order by s.id, i.position, i.code"#,
        school.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut scales: Vec<ScaleLine> = vec![];
    for r in rows {
        if scales.last().is_none_or(|s| s.id.0 != r.id) {
            scales.push(ScaleLine {
                id: ScaleId(r.id),
                terms: ScaleTerms {
                    title: r.scale,
                    items: vec![],
                },
                given: vec![],
                used: r.used,
            });
        }
        if let (Some(scale), Some(code), Some(title)) = (scales.last_mut(), r.code, r.title) {
            scale.used |= r.given;
            scale.given.extend(r.given.then(|| code.clone()));
            scale.terms.items.push(ItemTerms {
                code,
                value: r.value.map(Hundredths),
                title,
                counting: r.level.map(|level| Counting {
                    standing: Standing::from_key(&level),
                    five: r.counts_as.map(Hundredths),
                }),
            });
        }
    }
    Ok(scales)
}
