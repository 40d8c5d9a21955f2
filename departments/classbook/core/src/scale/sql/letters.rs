//! The letters of attendance: added, changed, taken away. What stands in journals keeps its meaning, so that no figure of the past moves.

use base::AppError;
use base::sql::{Ctx, Done};
use serde_json::json;

use super::list::{List, must_go, stale};
use super::must_set;
use crate::attendance::Reason;
use crate::scale::letters::{LETTERS, LetterLine, LetterTerms};
use crate::t;

/// The letters, in order.
pub(super) async fn all_letters(ctx: &mut Ctx) -> Done<Vec<LetterLine>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select k.code, k.title, k.reason,
            exists (select from attendance a where a.school_id = $1 and a.code = k.code)
            or exists (select from absence_reason r where r.school_id = $1 and r.code = k.code)
            -- a reason that is withdrawn puts back what was there
            or exists (select from absence_reason_lesson l where l.school_id = $1 and l.was = k.code) as "used!"
           from attendance_code k where k.school_id = $1 order by k.position, k.code"#,
        school.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let line = rows.into_iter().filter_map(|r| {
        Some(LetterLine {
            terms: LetterTerms {
                reason: r.reason.as_deref().and_then(Reason::from_key)?,
                code: r.code,
                title: r.title,
            },
            used: r.used,
        })
    });
    Ok(line.collect())
}

/// The letters, nobody else changing them until the end of the transaction.
async fn held(ctx: &mut Ctx) -> Done<Vec<LetterLine>> {
    List::Letters.hold(ctx).await?;
    all_letters(ctx).await
}

/// How many letters have a meaning. The only one stays: absences of that meaning could be written no more.
fn of_meaning(all: &[LetterLine], of: &LetterTerms) -> usize {
    all.iter().filter(|l| l.terms.reason == of.reason).count()
}

/// Writes a letter of attendance: a new one at the end, or in place of `seen`.
///
/// # Errors
/// Forbidden and not found as the rights say; [`AppError::Conflict`] when somebody else has changed it; [`AppError::Invalid`] for a field out
/// of bounds, a letter that a mark or another absence has, another letter or meaning for one that stands in a journal or is the last of its
/// meaning.
pub async fn save_letter(ctx: &mut Ctx, seen: Option<LetterTerms>, terms: LetterTerms) -> Done<()> {
    must_set(ctx)?;
    let lang = ctx.lang();
    let terms = terms.tidy();
    if let Some((field, words)) = terms.fault(lang) {
        return Err(AppError::invalid(field, words).into());
    }
    let all = held(ctx).await?;
    // a repeated send
    if all.iter().any(|l| l.terms == terms) {
        return Ok(());
    }
    let before = match &seen {
        None => None,
        Some(seen) => Some(all.iter().find(|l| l.terms == *seen).ok_or_else(|| stale(ctx))?),
    };
    let old = before.map(|b| b.terms.code.as_str());
    if all
        .iter()
        .any(|l| l.terms.code == terms.code && Some(l.terms.code.as_str()) != old)
    {
        return Err(AppError::invalid("code", t::scale_letter_taken(lang)).into());
    }
    if let Some(before) = before {
        let same = before.terms.code == terms.code && before.terms.reason == terms.reason;
        if before.used && !same {
            return Err(AppError::invalid("code", t::scale_letter_given(lang)).into());
        }
        if before.terms.reason != terms.reason && of_meaning(&all, &before.terms) == 1 {
            return Err(AppError::invalid("reason", t::scale_letter_last(lang)).into());
        }
    } else if all.len() >= LETTERS {
        return Err(AppError::invalid("", t::scale_too_many_letters(lang)).into());
    }
    if let Some(mark) = mark(ctx, &terms.code).await? {
        return Err(AppError::invalid("code", t::scale_letter_is_mark(lang, mark)).into());
    }
    write(ctx, old, &terms).await?;
    let old = before.map(|b| json!(b.terms));
    List::Letters
        .tell(ctx, terms.code.clone(), old, Some(json!(terms)))
        .await
}

/// A mark of some scale that is this letter: typed into a cell it would mean two things.
async fn mark(ctx: &mut Ctx, code: &str) -> Done<Option<String>> {
    let school = ctx.school();
    Ok(sqlx::query_scalar!(
        "select code from mark_scale_item where school_id = $1 and lower(code) = $2 limit 1",
        school.0,
        code,
    )
    .fetch_optional(ctx.db())
    .await?)
}

async fn write(ctx: &mut Ctx, old: Option<&str>, terms: &LetterTerms) -> Done<()> {
    let school = ctx.school();
    match old {
        Some(old) => {
            sqlx::query!(
                "update attendance_code set code = $3, title = $4, absent = $5, reason = $6 where school_id = $1 and code = $2",
                school.0,
                old,
                terms.code,
                terms.title,
                terms.reason.is_absent(),
                terms.reason.key(),
            )
            .execute(ctx.db())
            .await?
        }
        None => {
            sqlx::query!(
                "insert into attendance_code (school_id, code, title, absent, reason, position)
                 values ($1, $2, $3, $4, $5,
                    (select coalesce(max(position) + 1, 0) from attendance_code where school_id = $1)::smallint)",
                school.0,
                terms.code,
                terms.title,
                terms.reason.is_absent(),
                terms.reason.key(),
            )
            .execute(ctx.db())
            .await?
        }
    };
    Ok(())
}

/// Takes a letter away that stands nowhere.
///
/// # Errors
/// As [`save_letter`]; [`AppError::Invalid`] while it stands somewhere, and for the last one of its meaning.
pub async fn remove_letter(ctx: &mut Ctx, seen: LetterTerms) -> Done<()> {
    must_set(ctx)?;
    let school = ctx.school();
    let all = held(ctx).await?;
    let line = all.iter().find(|l| l.terms.code == seen.code);
    let line = line.map(|l| (&l.terms, l.used));
    let used = |lang, _: &LetterTerms| t::scale_letter_given(lang).to_owned();
    must_go(
        ctx,
        line,
        &seen,
        of_meaning(&all, &seen),
        used,
        t::scale_letter_last,
    )?;
    sqlx::query!(
        "delete from attendance_code where school_id = $1 and code = $2",
        school.0,
        seen.code
    )
    .execute(ctx.db())
    .await?;
    List::Letters
        .tell(ctx, seen.code.clone(), Some(json!(seen)), None)
        .await
}
