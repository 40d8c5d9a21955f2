//! What one owes, and the board of the school.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, ClassId, EmployeeId};

use super::gaps::{owed, rules, year};
use crate::deadline::board::{Board, Debt, Mine, Rule, count};
use crate::deadline::rule::{self, Term, terms_on};
use crate::journal::sql::facts::Reach;

/// Most lessons that are told one by one.
pub(super) const MOST: usize = 500;

/// What the actor owes as a teacher.
///
/// # Errors
/// [`AppError::NotFound`] for someone without any right to journals.
pub async fn mine(ctx: &mut Ctx) -> Done<Mine> {
    let reach = Reach::of(ctx, Action::View);
    if !reach.any() {
        return Err(AppError::NotFound.into());
    }
    let today = ctx.today();
    let debts = match (ctx.employee(), year(ctx).await?) {
        (Some(employee), Some(year)) => {
            let terms = terms(ctx).await?;
            owed(ctx, year, &terms, Some(employee)).await?
        }
        _ => vec![],
    };
    Ok(Mine {
        today,
        debts,
        board: reach.all,
        whose: format!("{}@{}", ctx.person(), ctx.school()),
    })
}

/// The board of the school.
///
/// # Errors
/// [`AppError::NotFound`] for who does not see every journal.
pub async fn board(ctx: &mut Ctx) -> Done<Board> {
    let journals = Resource::of_school(Kind::Journal, ctx.school());
    ctx.must(Action::View, &journals)?;
    let today = ctx.today();
    let rules = rules(ctx).await?;
    let terms: Vec<Term> = rules.iter().map(|r| r.term.clone()).collect();
    let year = year(ctx).await?;
    let debts = match year {
        Some(year) => owed(ctx, year, &terms, None).await?,
        None => vec![],
    };
    let span = year.map_or((today, today), |y| (y.starts_on, y.ends_on));
    let usual = || Rule {
        term: Term {
            valid_from: span.0,
            terms: terms_on(&[], today),
        },
        revision: 0,
    };
    let rule = rules
        .iter()
        .find(|r| r.term.valid_from <= today)
        .cloned()
        .unwrap_or_else(usual);
    let nobody = |name: &String| name.trim().trim_end_matches('.').is_empty();
    Ok(Board {
        today,
        teachers: count(&debts, today, |d| {
            let name = if nobody(&d.teacher_name) {
                "—".to_owned()
            } else {
                d.teacher_name.clone()
            };
            vec![(d.teacher.map_or(0, |t| t.0), name)]
        }),
        classes: by_class(ctx, &debts, today).await?,
        rule,
        may_edit: ctx.may(Action::Lock, &journals),
        rules,
        year: span,
    })
}

/// The lessons behind a figure: of a teacher, of a class, of a kind, late ones or those still in time.
///
/// # Errors
/// As [`board`]; not found for a foreign teacher or class.
pub async fn lessons(
    ctx: &mut Ctx,
    teacher: Option<EmployeeId>,
    class: Option<ClassId>,
    kind: Option<rule::Kind>,
    late: Option<bool>,
) -> Done<Vec<Debt>> {
    ctx.must(Action::View, &Resource::of_school(Kind::Journal, ctx.school()))?;
    let (school, today) = (ctx.school(), ctx.today());
    let known = sqlx::query_scalar!(
        r#"select ($2::bigint is null or exists (select from employee e where e.school_id = $1 and e.id = $2))
            and ($3::bigint is null or exists (select from class c where c.school_id = $1 and c.id = $3)) as "known!""#,
        school.0,
        teacher.map(|t| t.0).filter(|id| *id != 0),
        class.map(|c| c.0),
    )
    .fetch_one(ctx.db())
    .await?;
    if !known {
        return Err(AppError::NotFound.into());
    }
    let Some(year) = year(ctx).await? else {
        return Ok(vec![]);
    };
    let terms = terms(ctx).await?;
    let of = teacher.filter(|t| t.0 != 0);
    let mut debts = owed(ctx, year, &terms, of).await?;
    debts.retain(|d| {
        teacher.is_none_or(|t| d.teacher.map_or(0, |t| t.0) == t.0)
            && class.is_none_or(|c| d.classes.contains(&c))
            && kind.is_none_or(|k| d.kind == k)
            && late.is_none_or(|l| d.late(today) == l)
    });
    debts.truncate(MOST);
    Ok(debts)
}

/// The terms that the school has set.
pub async fn terms(ctx: &mut Ctx) -> Done<Vec<Term>> {
    Ok(rules(ctx).await?.into_iter().map(|r| r.term).collect())
}

async fn by_class(
    ctx: &mut Ctx,
    debts: &[Debt],
    today: chrono::NaiveDate,
) -> Done<Vec<crate::deadline::board::Line>> {
    let school = ctx.school();
    let mut ids: Vec<i64> = debts.iter().flat_map(|d| d.classes.iter().map(|c| c.0)).collect();
    ids.sort_unstable();
    ids.dedup();
    let names: std::collections::BTreeMap<i64, String> = sqlx::query!(
        "select id, name from class where school_id = $1 and id = any ($2::bigint[])",
        school.0,
        &ids,
    )
    .fetch_all(ctx.db())
    .await?
    .into_iter()
    .map(|r| (r.id, r.name))
    .collect();
    Ok(count(debts, today, |d| {
        let of = d
            .classes
            .iter()
            .map(|c| (c.0, names.get(&c.0).cloned().unwrap_or_default()));
        of.collect()
    }))
}
