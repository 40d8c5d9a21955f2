//! Somebody stands in, and need not any more.

use std::collections::BTreeMap;

use base::sql::{Ctx, Done, Event};
use base::{AppError, EmployeeId, LessonId};
use serde_json::json;

use super::read::{given, people};
use crate::cancellation::sql::decides;
use crate::journal::sql::facts::employee;
use crate::substitution::{Act, MOST, REASON, Wish, clashes};
use crate::t;

/// Says who stands in at lessons of a day, and takes it back: all of it or nothing. The lesson's version stays as it is: of topic and homework
/// nothing has changed, and whoever is just typing them goes on.
///
/// # Errors
/// As [`day`](super::day); [`AppError::NotFound`] for a lesson or a person that is not there or writes in no journal, [`AppError::Invalid`]
/// for a reason that says nothing, a closed period, a lesson that does not take place, one that is this person's anyway, and, under
/// the name `busy`, for who gives another lesson at the time; [`AppError::Conflict`] when somebody else was faster.
pub async fn give(ctx: &mut Ctx, act: &Act) -> Done<()> {
    decides(ctx)?;
    let lang = ctx.lang();
    let wishes: BTreeMap<i64, Wish> = act.wishes.iter().map(|w| (w.lesson.0, *w)).collect();
    if wishes.is_empty() || wishes.len() > MOST || wishes.len() != act.wishes.len() {
        return Err(AppError::invalid("lessons", t::substitution_choose(lang)).into());
    }
    let reason = Some(act.reason.trim()).filter(|r| !r.is_empty());
    if reason.is_some_and(|r| !REASON.contains(&r.chars().count())) {
        return Err(AppError::invalid("reason", t::substitution_reason_wrong(lang)).into());
    }
    let (school, now, employee) = (ctx.school(), ctx.now(), employee(ctx));
    let ids: Vec<i64> = wishes.keys().copied().collect();
    let rows = sqlx::query!(
        r#"select l.id, l.slot, l.held_on, l.substitute_id, l.substitute_reason, not takes_place(l) as "off!", k.locked as "locked!",
            array(select t.employee_id from load_teacher t where t.school_id = $1 and t.load_id = l.load_id) as "own!"
           from lesson l cross join lateral closed_on($1, l.load_id, l.held_on, $4, $3) k
           where l.school_id = $1 and l.id = any ($2::bigint[])
           order by l.id for update of l"#,
        school.0,
        &ids,
        now,
        employee,
    )
    .fetch_all(ctx.db())
    .await?;
    let Some(day) = rows
        .first()
        .map(|r| r.held_on)
        .filter(|_| rows.len() == ids.len())
    else {
        return Err(AppError::NotFound.into());
    };
    if rows.iter().any(|r| r.held_on != day) {
        return Err(AppError::invalid("lessons", t::substitution_one_day(lang)).into());
    }
    if rows.iter().any(|r| r.locked) {
        return Err(AppError::invalid("", t::journal_locked(lang)).into());
    }
    let could = people(ctx, day).await?;
    let (mut changed, mut to, mut events) = (vec![], vec![], vec![]);
    for (row, wish) in rows.iter().zip(wishes.values()) {
        let number = (row.slot + 1).to_string();
        if row.substitute_id != wish.was.map(|e| e.0) {
            return Err(AppError::Conflict {
                message: t::substitution_meanwhile(lang, number),
            }
            .into());
        }
        if let Some(who) = wish.to {
            if row.off {
                return Err(AppError::invalid("lessons", t::substitution_off(lang, number)).into());
            }
            if row.own == [who.0] {
                return Err(AppError::invalid("lessons", t::substitution_own(lang, number)).into());
            }
            if wish.to != wish.was && could.iter().all(|p| p.employee != who) {
                return Err(AppError::NotFound.into());
            }
        }
        // without a reason the one that was written stays, as long as the same person stands in
        let why = match wish.to {
            Some(_) if wish.to == wish.was => reason.or(row.substitute_reason.as_deref()),
            Some(_) => reason,
            None => None,
        };
        if wish.to == wish.was && why == row.substitute_reason.as_deref() {
            continue;
        }
        changed.push((wish.lesson, wish.to != wish.was));
        to.push((wish.to.map(|e| e.0), why.map(str::to_owned)));
        let side = |who: Option<EmployeeId>, why: Option<&str>| {
            who.map(|who| json!({ "substitute": who, "reason": why }))
        };
        events.push(Event {
            action: if wish.to.is_some() {
                "lesson.substituted"
            } else {
                "lesson.substitution_ended"
            },
            entity: "lesson",
            key: wish.lesson.to_string(),
            old: side(wish.was, row.substitute_reason.as_deref()),
            new: side(wish.to, why),
            op: None,
        });
    }
    let lessons: Vec<i64> = changed.iter().map(|(l, _)| l.0).collect();
    let (who, why): (Vec<Option<i64>>, Vec<Option<String>>) = to.into_iter().unzip();
    write(ctx, &lessons, &who, &why).await?;
    let moved: Vec<LessonId> = changed
        .into_iter()
        .filter(|(_, moved)| *moved)
        .map(|(l, _)| l)
        .collect();
    if !act.even_so {
        let given = given(ctx, day).await?;
        // whose lesson goes back to its own teacher has asked for nothing
        let moved: Vec<LessonId> = moved
            .into_iter()
            .filter(|l| wishes.get(&l.0).is_some_and(|w| w.to.is_some()))
            .collect();
        let name = |id: EmployeeId| {
            could
                .iter()
                .find(|p| p.employee == id)
                .map_or("", |p| p.name.as_str())
        };
        let busy: Vec<String> = clashes(&given, &moved)
            .into_iter()
            .map(|g| t::substitution_busy_one(lang, name(g.employee), i64::from(g.slot) + 1, g.what.as_str()))
            .collect();
        if !busy.is_empty() {
            return Err(AppError::invalid("busy", t::substitution_busy(lang, busy.join("; "))).into());
        }
    }
    ctx.audit_all(&events).await
}

#[expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]
async fn write(ctx: &mut Ctx, lessons: &[i64], who: &[Option<i64>], why: &[Option<String>]) -> Done<()> {
    let school = ctx.school();
    sqlx::query!(
        "update lesson l set substitute_id = n.who, substitute_reason = n.why
         from unnest($2::bigint[], $3::bigint[], $4::text[]) n (id, who, why)
         where l.school_id = $1 and l.id = n.id",
        school.0,
        lessons,
        who as &[Option<i64>],
        why as &[Option<String>],
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}
