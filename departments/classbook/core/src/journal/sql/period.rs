//! The periods of a journal, and which one is looked at.

use base::sql::{Ctx, Done};
use base::{AppError, LoadId, PeriodId};
use chrono::NaiveDate;

use super::facts::employee;
use super::read::head;
use crate::journal::grid::{OUTSIDE, Period};

/// What of a journal is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View<'a> {
    /// A period.
    Of(&'a Period),
    /// What was held on days that lie in none.
    Outside,
    /// All of it: there are no periods.
    Year,
}

/// The asked period, else today's, else the last that has begun.
pub(super) fn choose(periods: &[Period], asked: Option<PeriodId>, today: NaiveDate) -> Done<View<'_>> {
    let begun = || periods.iter().rev().find(|p| p.starts_on <= today);
    match asked {
        Some(OUTSIDE) => Ok(View::Outside),
        Some(id) => {
            let found = periods.iter().find(|p| p.id == id);
            Ok(View::Of(found.ok_or(AppError::NotFound)?))
        }
        None => Ok(begun().or(periods.first()).map_or(View::Year, View::Of)),
    }
}

/// Does a day lie in none of the periods? Where there are none, no day is outside.
pub(super) fn is_outside(periods: &[Period], day: NaiveDate) -> bool {
    !periods.is_empty() && !periods.iter().any(|p| p.starts_on <= day && day <= p.ends_on)
}

/// The days that are looked at, chosen as [`grid`](super::grid) chooses them.
pub(super) async fn span(
    ctx: &mut Ctx,
    load: LoadId,
    period: Option<PeriodId>,
) -> Done<(NaiveDate, NaiveDate)> {
    let periods = periods(ctx, load).await?;
    if let View::Of(chosen) = choose(&periods, period, ctx.today())? {
        return Ok((chosen.starts_on, chosen.ends_on));
    }
    let head = head(ctx, load).await?;
    Ok((head.starts_on, head.ends_on))
}

/// How many lessons were held on days that lie in no period: a border was moved over them.
pub(super) async fn outside(ctx: &mut Ctx, load: LoadId, periods: &[Period]) -> Done<i64> {
    let school = ctx.school();
    let (from, to): (Vec<NaiveDate>, Vec<NaiveDate>) =
        periods.iter().map(|p| (p.starts_on, p.ends_on)).unzip();
    if from.is_empty() {
        return Ok(0);
    }
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "n!" from lesson l where l.school_id = $1 and l.load_id = $2 and l.state = 'held'
            and not exists (select from unnest($3::date[], $4::date[]) p (starts_on, ends_on) where l.held_on between p.starts_on and p.ends_on)"#,
        school.0,
        load.0,
        &from,
        &to,
    )
    .fetch_one(ctx.db())
    .await?)
}

/// The periods of the classes that a journal is of.
pub(crate) async fn periods(ctx: &mut Ctx, load: LoadId) -> Done<Vec<Period>> {
    let (school, now, employee) = (ctx.school(), ctx.now(), employee(ctx));
    let rows = sqlx::query!(
        r#"select distinct d.period_id as "id!", s.kind, d.number as "number!", d.starts_on as "starts_on!", d.ends_on as "ends_on!", coalesce(d.locked_at <= $3, false)
                and not exists (select from period_request q where q.school_id = $1 and q.load_id = $2 and q.period_id = d.period_id
                    and q.employee_id = $4 and q.open_until > $3) as "locked!"
           from load_audience u
           join class_period d on d.school_id = u.school_id and d.class_id = u.class_id
           join period_system s on s.school_id = d.school_id and s.id = d.system_id
           where u.school_id = $1 and u.load_id = $2
           order by d.starts_on, d.number"#,
        school.0,
        load.0,
        now,
        employee,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Period {
            id: PeriodId(r.id),
            kind: r.kind,
            number: r.number,
            starts_on: r.starts_on,
            ends_on: r.ends_on,
            locked: r.locked,
        })
        .collect())
}
