//! Marks of periods, years and exams, saved: each edit has its own outcome, all that pass are written by one statement.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use std::collections::{HashMap, HashSet};

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done, Event};
use base::{AppError, Lang, LoadId, PeriodId, PupilId};
use serde_json::json;

use super::totals::{Read, key_of, read};
use crate::grading::proposal::asks_reason;
use crate::grading::totals::{Given, MOST, Shut, Stage, TotalEdit, Totals};
use crate::journal::cell::{Meanwhile, Outcome};
use crate::journal::sql::facts::of_load;
use crate::journal::sql::local;
use crate::t;

/// What an edit comes to.
enum Verdict {
    /// It is to be written, with what is proposed and why it differs.
    Save {
        proposed: Option<String>,
        reason: Option<String>,
    },
    /// It stands there already.
    Same(i32),
    /// Somebody was faster.
    Late,
    /// In a person's words.
    No(String),
}

/// Gives marks of a journal's periods, or takes them back; the outcomes are in the order of the edits. A repeated send finds what
/// it has done and changes nothing.
///
/// # Errors
/// [`AppError::NotFound`] and [`AppError::Forbidden`] as the journal's rights say; [`AppError::TooLarge`] for too many edits.
pub async fn save_totals(ctx: &mut Ctx, load: LoadId, edits: Vec<TotalEdit>) -> Done<Vec<Outcome>> {
    if edits.len() > MOST {
        return Err(AppError::TooLarge.into());
    }
    let whose = of_load(ctx, load).await?;
    ctx.must(Action::Edit, &whose.resource(ctx, Kind::Journal))?;
    let mut sheet = read(ctx, load, None, true).await?;
    let lang = ctx.lang();
    let mut seen = HashSet::new();
    let mut verdicts = Vec::with_capacity(edits.len());
    let mut before = HashMap::new();
    for edit in &edits {
        let verdict = if seen.insert((edit.pupil, edit.stage)) {
            judge(&sheet.totals, edit, lang)
        } else {
            Verdict::No(t::grading_twice(lang).to_owned())
        };
        // what is proposed for a year counts the quarter that is saved with it
        if let Verdict::Save { reason, .. } = &verdict {
            before.insert(
                (edit.pupil, edit.stage),
                put(&mut sheet.totals, edit, reason.clone()),
            );
        }
        verdicts.push(verdict);
    }
    let saved = write(ctx, &sheet, &edits, &verdicts).await?;
    events(ctx, &sheet, &edits, &verdicts, &saved, &before).await?;
    let late: Vec<(PupilId, Stage)> = edits
        .iter()
        .zip(&verdicts)
        .map(|(e, v)| ((e.pupil, e.stage), v))
        .filter(|(place, v)| {
            matches!(v, Verdict::Late) || (matches!(v, Verdict::Save { .. }) && !saved.contains_key(place))
        })
        .map(|(place, _)| place)
        .collect();
    let mut theirs = if late.is_empty() {
        HashMap::new()
    } else {
        meanwhile(ctx, &sheet).await?
    };
    let outcome = |(edit, verdict): (&TotalEdit, Verdict)| {
        let place = (edit.pupil, edit.stage);
        match (verdict, saved.get(&place)) {
            (Verdict::Save { .. }, Some(version)) => Outcome::Saved { version: *version },
            (Verdict::Same(version), _) => Outcome::Saved { version },
            (Verdict::No(message), _) => Outcome::Refused { message },
            (Verdict::Save { .. } | Verdict::Late, _) => theirs.remove(&place).map_or_else(
                || Outcome::Refused {
                    message: t::grading_twice(lang).to_owned(),
                },
                Outcome::Conflict,
            ),
        }
    };
    Ok(edits.iter().zip(verdicts).map(outcome).collect())
}

fn judge(totals: &Totals, edit: &TotalEdit, lang: Lang) -> Verdict {
    let no = |words: &str| Verdict::No(words.to_owned());
    let row = totals.pupils.iter().position(|p| p.id == edit.pupil);
    let column = totals.columns.iter().find(|c| c.stage == edit.stage);
    let (Some(row), Some(column)) = (row, column) else {
        return no(t::grading_not_here(lang));
    };
    let now = totals.given(edit.pupil, edit.stage);
    let (code, version) = (now.and_then(|g| g.code.as_deref()), now.map_or(0, |g| g.version));
    let reason = edit.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
    let kept = now.and_then(|g| g.reason.as_deref());
    if code == edit.code.as_deref() && (reason.is_none() || reason == kept) {
        return Verdict::Same(version);
    }
    match column.shut {
        Some(Shut::Locked) => return no(t::grading_locked(lang)),
        Some(Shut::ToCome) => return no(t::grading_to_come(lang)),
        None => {}
    }
    if !totals.pupils.get(row).is_some_and(|p| Totals::belongs(p, column)) {
        return no(t::grading_not_here(lang));
    }
    if version != edit.expected {
        return Verdict::Late;
    }
    let is_work = matches!(edit.stage, Stage::Coursework(_));
    if is_work && edit.code.is_some() && totals.topic(edit.pupil, edit.stage).is_none() {
        return no(t::grading_no_topic(lang));
    }
    let suggested = totals.suggest(row, column);
    let proposed = suggested.code().map(str::to_owned);
    let Some(code) = &edit.code else {
        return Verdict::Save {
            proposed,
            reason: None,
        };
    };
    let Some(item) = totals.item(code) else {
        return Verdict::No(t::journal_not_on_scale(
            lang,
            crate::journal::typing::listed(&totals.scale),
            code,
        ));
    };
    if item.value.is_some() && totals.is_markless(column) {
        return no(t::grading_first_grade(lang));
    }
    if !asks_reason(item, suggested.value(), suggested.is_enough()) {
        return Verdict::Save {
            proposed,
            reason: None,
        };
    }
    match reason {
        None => Verdict::No(t::grading_mark_needs_reason(
            lang,
            suggested.by_marks().unwrap_or_default(),
        )),
        Some(r) if !(3..=500).contains(&r.chars().count()) => no(t::grading_wrong_reason(lang)),
        Some(r) => Verdict::Save {
            proposed,
            reason: Some(r.to_owned()),
        },
    }
}

/// Puts what is to be saved into the sheet; returns what stood there.
fn put(totals: &mut Totals, edit: &TotalEdit, reason: Option<String>) -> Option<Given> {
    let new = Given {
        pupil: edit.pupil,
        stage: edit.stage,
        code: edit.code.clone(),
        reason,
        version: edit.expected + 1,
    };
    let found = totals
        .given
        .iter_mut()
        .find(|g| g.pupil == edit.pupil && g.stage == edit.stage);
    match found {
        Some(old) => Some(std::mem::replace(old, new)),
        None => {
            totals.given.push(new);
            None
        }
    }
}

type Places<T> = HashMap<(PupilId, Stage), T>;

async fn write(ctx: &mut Ctx, sheet: &Read, edits: &[TotalEdit], verdicts: &[Verdict]) -> Done<Places<i32>> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let (mut pupils, mut stages, mut periods, mut codes) = (vec![], vec![], vec![], vec![]);
    let (mut proposals, mut reasons, mut expected) = (vec![], vec![], vec![]);
    for (edit, verdict) in edits.iter().zip(verdicts) {
        if let Verdict::Save { proposed, reason } = verdict {
            pupils.push(edit.pupil.0);
            stages.push(edit.stage.key().to_owned());
            periods.push(edit.stage.term().map(|p| p.0));
            codes.push(edit.code.clone());
            proposals.push(proposed.clone());
            reasons.push(reason.clone());
            expected.push(edit.expected);
        }
    }
    if pupils.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        "insert into period_mark (school_id, year_id, subject_id, load_id, scale_id, changed_by, changed_at,
            pupil_id, stage, period_id, code, proposed, reason, version)
         select $1, $2, $3, $4, $5, $6, $7, e.pupil, e.stage, e.period, e.code, e.proposed, e.reason, e.expected + 1
         from unnest($8::bigint[], $9::text[], $10::bigint[], $11::text[], $12::text[], $13::text[], $14::integer[])
            e (pupil, stage, period, code, proposed, reason, expected)
         on conflict on constraint period_mark_place_key do update
            set load_id = excluded.load_id, scale_id = excluded.scale_id, code = excluded.code, proposed = excluded.proposed,
                reason = excluded.reason, version = excluded.version, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            where period_mark.version = excluded.version - 1
         returning pupil_id, stage, period_id, version",
        school.0,
        sheet.year.0,
        sheet.totals.subject_id.0,
        sheet.totals.load.0,
        sheet.scale,
        person.0,
        now,
        &pupils,
        &stages,
        &periods as &[Option<i64>],
        &codes as &[Option<String>],
        &proposals as &[Option<String>],
        &reasons as &[Option<String>],
        &expected,
    )
    .fetch_all(ctx.db())
    .await?;
    let place = |r: (i64, String, Option<i64>, i32)| {
        let stage = Stage::from_key(&r.1, r.2.map(PeriodId))?;
        Some(((PupilId(r.0), stage), r.3))
    };
    Ok(rows
        .into_iter()
        .filter_map(|r| place((r.pupil_id, r.stage, r.period_id, r.version)))
        .collect())
}

async fn events(
    ctx: &mut Ctx,
    sheet: &Read,
    edits: &[TotalEdit],
    verdicts: &[Verdict],
    saved: &Places<i32>,
    before: &Places<Option<Given>>,
) -> Done<()> {
    let mut events = vec![];
    for (edit, verdict) in edits.iter().zip(verdicts) {
        let place = (edit.pupil, edit.stage);
        let (Verdict::Save { proposed, reason }, Some(version)) = (verdict, saved.get(&place)) else {
            continue;
        };
        let old = before.get(&place).cloned().flatten();
        let old = old.map(|g| json!({ "code": g.code, "reason": g.reason, "version": g.version }));
        events.push(Event {
            action: if edit.code.is_some() {
                "period_mark.set"
            } else {
                "period_mark.cleared"
            },
            entity: "period_mark",
            key: key_of(edit.pupil, sheet.totals.subject_id, sheet.year, edit.stage),
            old,
            new: Some(
                json!({ "code": edit.code, "proposed": proposed, "reason": reason, "version": version }),
            ),
            op: None,
        });
    }
    ctx.audit_all(&events).await
}

/// What others have put into the places of this sheet meanwhile.
async fn meanwhile(ctx: &mut Ctx, sheet: &Read) -> Done<Places<Meanwhile>> {
    let school = ctx.school();
    let ids: Vec<i64> = sheet.totals.pupils.iter().map(|p| p.id.0).collect();
    let rows = sqlx::query!(
        r#"select m.pupil_id, m.stage, m.period_id, m.code, m.reason, m.version, m.changed_at,
            full_name(p.last_name, p.first_name, p.middle_name) as "by!"
           from period_mark m left join person p on p.id = m.changed_by
           where m.school_id = $1 and m.year_id = $2 and m.subject_id = $3 and m.pupil_id = any ($4::bigint[])"#,
        school.0,
        sheet.year.0,
        sheet.totals.subject_id.0,
        &ids,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut found = HashMap::new();
    for r in rows {
        if let Some(stage) = Stage::from_key(&r.stage, r.period_id.map(PeriodId)) {
            let now = Meanwhile {
                owed: None,
                value: r.code,
                comment: r.reason,
                version: r.version,
                by: r.by,
                at: local(ctx, r.changed_at),
            };
            found.insert((PupilId(r.pupil_id), stage), now);
        }
    }
    Ok(found)
}
