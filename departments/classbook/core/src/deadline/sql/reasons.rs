//! Absences whose reason is open: what a class teacher owes, a debt for each class and term.

use std::collections::BTreeMap;

use base::EmployeeId;
use base::sql::{Ctx, Done};
use chrono::NaiveDate;

use super::gaps::Year;
use crate::attendance::sql::open::{Of, OfClass, open};
use crate::deadline::board::Debt;
use crate::deadline::rule::{Kind, Term};

/// Of the classes of one teacher, or of all.
pub async fn reasons(ctx: &mut Ctx, year: Year, terms: &[Term], of: Option<EmployeeId>) -> Done<Vec<Debt>> {
    let of = of.map_or(Of::All, Of::Teacher);
    let mut debts: BTreeMap<(OfClass, NaiveDate), (i64, NaiveDate)> = BTreeMap::new();
    for (class, run) in open(ctx, year, terms, of).await? {
        let (pupils, last) = debts.entry((class, run.due)).or_insert((0, run.to));
        *pupils += 1;
        *last = run.to.max(*last);
    }
    Ok(debts
        .into_iter()
        .map(|((class, due), (pupils, last))| Debt {
            lesson: None,
            load: None,
            period: None,
            stage: None,
            date: last,
            number: 0,
            pupils,
            subject: String::new(),
            audience: class.name,
            classes: vec![class.class],
            teacher: class.teacher,
            teacher_name: class.teacher_name,
            kind: Kind::Reasons,
            due,
        })
        .collect())
}
