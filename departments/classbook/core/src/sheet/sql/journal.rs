//! A page of a journal: what the journal and its totals say.

use base::sql::{Ctx, Done};
use base::{AppError, LoadId};
use chrono::NaiveDate;

use crate::sheet::head::Head;
use crate::sheet::page::{self, Page};
use crate::sheet::when::{Fine, choices, chosen, days};
use crate::sheet::{Sheet, Term, When};

struct Facts {
    school: String,
    year: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    teachers: String,
}

async fn facts(ctx: &mut Ctx, load: LoadId) -> Done<Facts> {
    let school = ctx.school();
    Ok(sqlx::query_as!(
        Facts,
        r#"select o.name as school, y.title as year, y.starts_on, y.ends_on,
            coalesce(h.names, '') as "teachers!"
           from teaching_load l
           cross join lateral teachers_of($1, l.id) h
           join academic_year y on y.school_id = l.school_id and y.id = l.year_id
           join organisation o on o.id = l.school_id
           where l.school_id = $1 and l.id = $2"#,
        school.0,
        load.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?)
}

/// The page; the journal itself says who may see it.
pub(super) async fn page(ctx: &mut Ctx, load: LoadId, asked: Option<When>) -> Done<Sheet> {
    let (data, when) = of_page(ctx, load, asked).await?;
    Ok(Sheet {
        paper: page::paper(&data, when),
        when,
        terms: terms(&of_grid(&data.grid), ctx.lang()),
        pupils: vec![],
        class: None,
        family: false,
        pdf: crate::sheet::file::PDF,
    })
}

/// For when a page could be: a journal without periods is of the year.
fn terms(terms: &[Term], lang: base::Lang) -> Vec<(When, String)> {
    let fine = Fine {
        months: true,
        year: false,
    };
    choices(terms, fine, lang)
}

fn of_grid(grid: &crate::journal::Grid) -> Vec<Term> {
    let term = |p: &crate::journal::grid::Period| Term {
        id: p.id,
        kind: p.kind.clone(),
        number: p.number,
        starts_on: p.starts_on,
        ends_on: p.ends_on,
    };
    grid.periods.iter().map(term).collect()
}

/// What the page is made of, and for when it is.
pub(super) async fn of_page(ctx: &mut Ctx, load: LoadId, asked: Option<When>) -> Done<(Page, When)> {
    let known = crate::journal::sql::periods(ctx, load).await?;
    let period = asked
        .and_then(When::period)
        .filter(|id| known.iter().any(|p| p.id == *id));
    let grid = Box::pin(crate::journal::sql::grid(ctx, load, period)).await?;
    let totals = Box::pin(crate::grading::sql::totals(ctx, load)).await?;
    let facts = facts(ctx, load).await?;
    let known = of_grid(&grid);
    let (today, lang) = (ctx.today(), ctx.lang());
    let all = terms(&known, lang);
    let when = chosen(&known, &all, asked, today).ok_or(AppError::NotFound)?;
    let span = days(when, &known, (facts.starts_on, facts.ends_on)).ok_or(AppError::NotFound)?;
    let term = all.iter().find(|(w, _)| *w == when).map(|(_, name)| name.clone());
    let data = Page {
        head: Head {
            lang,
            school: facts.school,
            class: String::new(),
            class_teacher: String::new(),
            year: facts.year,
            term: term.unwrap_or_default(),
            days: span,
            today,
        },
        teachers: facts.teachers,
        grid,
        totals,
    };
    Ok((data, when))
}
