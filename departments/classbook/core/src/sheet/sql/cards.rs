//! Табели of a whole class at once, for the printer: at the end of a quarter a class teacher hands out thirty.

use base::sql::{Ctx, Done, Event};
use base::{AppError, ClassId};
use paper::Paper;
use serde_json::json;

use super::class::{meant, permitted, pupils};
use crate::attendance::sql::{days, notions};
use crate::sheet::pupil::{self, OfPupil};
use crate::sheet::when::Fine;
use crate::sheet::{Format, When, words};
use crate::t;

/// Sheets for one file, and its name for the person's folder.
#[derive(Clone, Debug)]
pub struct Cards {
    /// «Табели успеваемости 7А 2026-27.pdf».
    pub name: String,
    /// One a pupil.
    pub papers: Vec<Paper>,
}

/// The card of each pupil who is in the class today, by name; that they were taken is written down.
///
/// # Errors
/// [`AppError::NotFound`] for a class whose sheets are not for the actor, [`AppError::Invalid`] for one without pupils and for more than can be printed at once.
pub async fn cards(ctx: &mut Ctx, class: ClassId) -> Done<Cards> {
    let lang = ctx.lang();
    let facts = permitted(ctx, class).await?;
    let fine = Fine {
        months: false,
        year: true,
    };
    let head = meant(ctx, &facts, fine, Some(When::Year))?.head;
    let here: Vec<_> = pupils(ctx, class, head.days)
        .await?
        .into_iter()
        .filter(|p| !p.gone)
        .collect();
    let ids: Vec<i64> = here.iter().map(|p| p.id.0).collect();
    let names = full_names(ctx, &ids).await?;
    let first = facts.terms.iter().map(|t| t.starts_on).min();
    let last = facts.terms.iter().map(|t| t.ends_on).max();
    let span = first.zip(last).unwrap_or(head.days);
    let mut results = Box::pin(crate::diary::sql::class_results(ctx, &ids, facts.year_id, span)).await?;
    let notions = notions(ctx, head.days.1).await?;
    let mut all_days = days(ctx, class, head.days).await?;
    let papers: Vec<Paper> = here
        .into_iter()
        .map(|p| {
            let data = OfPupil {
                head: head.clone(),
                name: names.get(&p.id.0).cloned().unwrap_or(p.name),
                // no average stands on a card, and no single lesson
                weighted: false,
                codes: vec![],
                absences: vec![],
                subjects: results.remove(&p.id).unwrap_or_default(),
                terms: facts.terms.clone(),
                days: all_days.remove(&p.id.0).unwrap_or_default(),
                notions: notions.clone(),
            };
            pupil::card(&data)
        })
        .collect();
    let Some(first) = papers.first() else {
        return Err(AppError::invalid("class", t::sheet_nobody(lang)).into());
    };
    let named = Paper {
        title: t::sheet_cards(lang).to_owned(),
        facts: vec![
            words::fact(t::sheet_class(lang), head.class.clone()),
            words::fact(t::sheet_school_year(lang), head.year.clone()),
        ],
        tables: vec![],
        ..first.clone()
    };
    let name = named.file_name(Format::Pdf.key());
    if !paper::are_printable(&papers) {
        return Err(AppError::invalid("class", t::sheet_too_large(lang)).into());
    }
    ctx.audit(Event {
        action: "sheet.exported",
        entity: "class",
        key: class.to_string(),
        old: None,
        new: Some(json!({ "sheet": "cards", "format": Format::Pdf, "pupils": papers.len() })),
        op: None,
    })
    .await?;
    Ok(Cards { name, papers })
}

async fn full_names(ctx: &mut Ctx, pupils: &[i64]) -> Done<std::collections::BTreeMap<i64, String>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select p.id, full_name(n.last_name, n.first_name, n.middle_name) as "name!"
           from pupil p join person n on n.id = p.person_id where p.school_id = $1 and p.id = any($2)"#,
        school.0,
        pupils,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.name)).collect())
}
