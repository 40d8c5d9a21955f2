//! What a period of a journal comes to, for the grade grid: the rule, what was given, and what pupils got elsewhere.

use std::collections::HashMap;

use base::LoadId;
use base::number::Hundredths;
use base::sql::{Ctx, Done};

use super::all;
use super::totals::{current, given, head};
use crate::grading::rules::terms_on;
use crate::grading::totals::Stage;
use crate::journal::grid::{Period, Pupil, ResultRow, Results};
use crate::scale::Book;

/// What a period comes to; `None` for a grade without marks. The right to the journal is the caller's to ask.
pub(crate) async fn results(
    ctx: &mut Ctx,
    load: LoadId,
    period: &Period,
    pupils: &[Pupil],
    book: &Book,
) -> Done<Option<Results>> {
    let head = head(ctx, load).await?;
    let terms = terms_on(&all(ctx).await?, head.grade, period.ends_on);
    if head.is_school && !terms.marks_given(head.grade) {
        return Ok(None);
    }
    let days = (period.starts_on, period.ends_on);
    let (works, marks) = current(ctx, &head, pupils, days, Some(load), book).await?;
    let elsewhere = marks.into_iter().filter_map(|mark| {
        let work = works.get(usize::from(mark.1))?;
        Some((mark.0, mark.2, work.weight))
    });
    let row_of: HashMap<_, u16> = pupils.iter().map(|p| p.id).zip(0u16..).collect();
    let standing = given(ctx, &head, pupils, book).await?.0.into_iter();
    let standing = standing.filter(|g| g.stage == Stage::Period(period.id));
    let given = standing.filter_map(|g| Some(ResultRow(*row_of.get(&g.pupil)?, g.code, g.reason, g.version)));
    Ok(Some(Results {
        terms,
        week_hours: Hundredths(head.week_hours),
        given: given.collect(),
        elsewhere: elsewhere.collect(),
    }))
}
