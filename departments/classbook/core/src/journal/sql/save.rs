//! What a teacher types, saved: each change by itself, with its version, its event and its outcome.
//!
//! The common path (one mark or one code) is one statement between `begin` and `commit`: it finds the facts, decides by the
//! reach that the policy gave for each of them, writes the value with version + 1 and its event. Batches go change by
//! change, each under a savepoint, so that one that fails takes no other with it.

mod statement;

use base::rights::{self, Action, Kind};
use base::sql::{Ctx, Done, Failure, to_app};
use base::{AppError, AssignmentId, LessonId, PupilId};
use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use uuid::Uuid;

use self::statement::{Found, Mark, attendance_statement, mark_statement};
use super::{lesson, works};
use crate::journal::cell::{Answer, Batch, Change, Edit, Meanwhile, Outcome};
use crate::owed::{Owed, Wish};
use crate::t;

/// Saves what was typed, each change by itself; the outcomes are in the order of the changes.
///
/// # Errors
/// [`AppError::SignIn`] when somebody else has signed in meanwhile, [`AppError::NotFound`] and [`AppError::Forbidden`] when
/// none of the changes is this person's to make; else every change has its own outcome.
pub async fn save_cells(ctx: &mut Ctx, batch: &Batch) -> Done<Vec<Answer>> {
    if !rights::any(ctx.actor(), Action::View, Kind::Journal) {
        return Err(AppError::NotFound.into());
    }
    if !rights::any(ctx.actor(), Action::Edit, Kind::Journal) {
        return Err(AppError::Forbidden.into());
    }
    if batch.person != ctx.person() {
        return Err(AppError::SignIn.into());
    }
    if batch.school != ctx.school() {
        return Err(AppError::Conflict {
            message: t::journal_other_school(ctx.lang()).to_owned(),
        }
        .into());
    }
    if batch.edits.len() > Batch::MOST {
        return Err(AppError::TooLarge.into());
    }
    if let [edit] = batch.edits.as_slice() {
        return Ok(vec![save_one(ctx, edit).await?]);
    }
    let mut answers = Vec::with_capacity(batch.edits.len());
    let mut error = None;
    for edit in &batch.edits {
        savepoint(ctx, Point::Set).await?;
        match save_one(ctx, edit).await {
            Ok(answer) => {
                savepoint(ctx, Point::Keep).await?;
                answers.push(answer);
            }
            Err(failure) => {
                savepoint(ctx, Point::Undo).await?;
                let e = to_app(failure, ctx.lang());
                answers.push(Answer {
                    op_id: edit.op_id,
                    assignment: None,
                    owed: None,
                    comment: None,
                    outcome: Outcome::refused(&e, ctx.lang()),
                });
                error = Some(e);
            }
        }
    }
    match error {
        // not one of them was this person's to make: the same answer as for a single one
        Some(e @ (AppError::NotFound | AppError::Forbidden))
            if answers
                .iter()
                .all(|a| matches!(a.outcome, Outcome::Refused { .. })) =>
        {
            Err(e.into())
        }
        _ => Ok(answers),
    }
}

/// The steps of a savepoint.
#[derive(Clone, Copy, Debug)]
pub enum Point {
    /// Begins it.
    Set,
    /// Keeps what was done since.
    Keep,
    /// Takes back what was done since.
    Undo,
}

/// Moves the savepoint of one change; one inside another is moved first.
pub async fn savepoint(ctx: &mut Ctx, point: Point) -> Done<()> {
    use sqlx::Executor as _;
    let sql = match point {
        Point::Set => "savepoint one_change",
        Point::Keep => "release savepoint one_change",
        Point::Undo => "rollback to savepoint one_change; release savepoint one_change",
    };
    ctx.db().execute(sql).await?;
    Ok(())
}

async fn save_one(ctx: &mut Ctx, edit: &Edit) -> Done<Answer> {
    let answer = |assignment, outcome| Answer {
        op_id: edit.op_id,
        assignment,
        owed: None,
        comment: None,
        outcome,
    };
    let marked = |assignment, (outcome, Beside { owed, comment })| Answer {
        owed,
        comment,
        ..answer(assignment, outcome)
    };
    match &edit.change {
        Change::Mark {
            lesson,
            assignment: Some(assignment),
            pupil,
            code,
            comment,
            owed,
        } => {
            let to = Mark {
                lesson: *lesson,
                assignment: *assignment,
                pupil: *pupil,
                code,
                comment,
                owed: *owed,
            };
            Ok(marked(Some(*assignment), save_mark(ctx, edit, to).await?))
        }
        Change::Mark {
            lesson,
            assignment: None,
            pupil,
            code,
            comment,
            owed,
        } => {
            let (load, first) = works::first_work(ctx, *lesson).await?;
            let to = |assignment| Mark {
                lesson: *lesson,
                assignment,
                pupil: *pupil,
                code,
                comment,
                owed: *owed,
            };
            if let Some(assignment) = first {
                let done = save_mark(ctx, edit, to(assignment)).await?;
                return Ok(marked(Some(assignment), done));
            }
            let said = comment.as_deref().is_some_and(|text| !text.is_empty());
            if code.is_none() && !said && !matches!(owed, Wish::Owed(_)) {
                // clearing what was never there
                return Ok(answer(None, Outcome::Saved { version: 0 }));
            }
            // a mark that is refused leaves no trace of the work that was made for it, not even an event
            savepoint(ctx, Point::Set).await?;
            let assignment = works::make_first_work(ctx, load, *lesson).await?;
            let done = save_mark(ctx, edit, to(assignment)).await;
            let kept = matches!(done, Ok((Outcome::Saved { .. }, _)));
            savepoint(ctx, if kept { Point::Keep } else { Point::Undo }).await?;
            Ok(marked(kept.then_some(assignment), done?))
        }
        Change::Attendance { lesson, pupil, code } => Ok(answer(
            None,
            save_attendance(ctx, edit, *lesson, *pupil, code.as_deref()).await?,
        )),
        Change::Lesson {
            lesson,
            topic,
            homework,
            files_go,
        } => Ok(answer(
            None,
            lesson::save(
                ctx,
                edit,
                *lesson,
                topic.as_deref(),
                (homework.as_ref(), *files_go),
            )
            .await?,
        )),
        Change::Individual { edit: wanted, .. } => Ok(answer(
            None,
            crate::homework::sql::save_queued(ctx, edit, wanted).await?,
        )),
    }
}

/// The longest comment, as in the table.
const COMMENT: usize = 1000;

/// What stands beside a mark then.
#[derive(Clone, Debug, Default)]
struct Beside {
    owed: Option<Owed>,
    comment: Option<String>,
}

/// What became of it, and what stands beside it.
async fn save_mark(ctx: &mut Ctx, edit: &Edit, to: Mark<'_>) -> Done<(Outcome, Beside)> {
    let refused = |message| Ok((Outcome::Refused { message }, Beside::default()));
    if to.comment.as_ref().is_some_and(|c| c.chars().count() > COMMENT) {
        return refused(t::journal_comment_too_long(ctx.lang()).to_owned());
    }
    // a second look is needed only when two wrote the same cell in the same instant
    for _ in 0..3 {
        let Some(found) = mark_statement(ctx, edit, to).await? else {
            if works::was_removed(ctx, to.lesson, to.assignment).await? {
                return refused(t::journal_work_removed(ctx.lang()).to_owned());
            }
            return Err(AppError::NotFound.into());
        };
        let beside = Beside {
            owed: found.dot(),
            comment: found.comment.clone(),
        };
        if let Some(outcome) = outcome(ctx, found, to.code.as_deref())? {
            return match outcome {
                Outcome::Refused { message } if message.is_empty() => {
                    let have = scale_of(ctx, to.assignment).await?;
                    let mark = to.code.as_deref().unwrap_or_default();
                    refused(t::journal_not_on_scale(ctx.lang(), have, mark))
                }
                outcome => Ok((outcome, beside)),
            };
        }
    }
    Err(AppError::Unavailable.into())
}

async fn save_attendance(
    ctx: &mut Ctx,
    edit: &Edit,
    lesson: LessonId,
    pupil: PupilId,
    code: Option<&str>,
) -> Done<Outcome> {
    for _ in 0..3 {
        let found = attendance_statement(ctx, edit, lesson, pupil, code)
            .await?
            .ok_or(AppError::NotFound)?;
        if let Some(outcome) = outcome(ctx, found, code)? {
            return match outcome {
                Outcome::Refused { message } if message.is_empty() => {
                    let have = codes(ctx).await?;
                    let lang = ctx.lang();
                    Ok(Outcome::Refused {
                        message: t::journal_no_such_code(lang, code.unwrap_or_default(), have),
                    })
                }
                outcome => Ok(outcome),
            };
        }
    }
    Err(AppError::Unavailable.into())
}

/// What the statement's verdict means; `None`: somebody wrote the cell in the same instant, look again. A refusal for a
/// value that does not exist comes without words: what exists must be asked for first.
fn outcome(ctx: &Ctx, found: Found, code: Option<&str>) -> Result<Option<Outcome>, Failure> {
    let lang = ctx.lang();
    let refused = |message: &str| {
        Some(Outcome::Refused {
            message: message.to_owned(),
        })
    };
    Ok(match found.verdict.as_str() {
        "save" => found.new_version.map(|version| Outcome::Saved { version }),
        "same" => Some(Outcome::Saved {
            version: found.version,
        }),
        "duplicate" => Some(Outcome::Duplicate {
            version: found.done_version.unwrap_or(found.version),
        }),
        "conflict" => Some(Outcome::Conflict(Meanwhile {
            owed: found.dot(),
            value: found.code,
            comment: found.comment,
            version: found.version,
            by: found.changed_by.unwrap_or_default(),
            at: found.changed_at.map(|at| local(ctx, at)).unwrap_or_default(),
        })),
        "locked" => refused(t::journal_locked(lang)),
        "to_come" => refused(t::journal_to_come(lang)),
        "cancelled" => refused(t::journal_cancelled(lang)),
        "first_grade" => refused(t::grading_first_grade(lang)),
        "not_in_class" => refused(t::journal_not_in_class(lang)),
        "until_wrong" => refused(t::owed_until_wrong(lang)),
        "handed_in_wrong" => refused(t::owed_handed_in_wrong(lang)),
        "not_on_scale" if code.is_some() => refused(""),
        "taken" => refused(t::journal_op_taken(lang)),
        "forbidden" => return Err(AppError::Forbidden.into()),
        _ => return Err(AppError::NotFound.into()),
    })
}

/// A moment by the school's clock.
pub fn local(ctx: &Ctx, at: DateTime<Utc>) -> NaiveDateTime {
    FixedOffset::east_opt(ctx.actor().utc_offset).map_or_else(
        || at.naive_utc(),
        |offset| at.with_timezone(&offset).naive_local(),
    )
}

async fn scale_of(ctx: &mut Ctx, assignment: AssignmentId) -> Done<String> {
    let school = ctx.school();
    let codes = sqlx::query_scalar!(
        "select i.code from mark_scale_item i
         join assignment a on a.school_id = i.school_id and a.scale_id = i.scale_id
         where i.school_id = $1 and a.id = $2 order by i.position",
        school.0,
        assignment.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(codes.join(", "))
}

async fn codes(ctx: &mut Ctx) -> Done<String> {
    let school = ctx.school();
    let codes = sqlx::query_scalar!(
        "select code from attendance_code where school_id = $1 order by position",
        school.0
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(codes.join(", "))
}

/// The version that an earlier sending of an act made of this thing (without a key: of a thing that it made); refused when the act was
/// another one.
pub async fn done_before(ctx: &mut Ctx, op: Uuid, entity: &str, key: Option<&str>) -> Done<Option<Outcome>> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let row = sqlx::query!(
        r#"select entity = $3 and entity_key = coalesce($4, entity_key) as "here!", (new ->> 'version')::int as version
           from audit_event where school_id = $1 and op_id = $2"#,
        school.0,
        op,
        entity,
        key,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(row.map(|r| {
        if r.here {
            Outcome::Duplicate {
                version: r.version.unwrap_or(0),
            }
        } else {
            Outcome::Refused {
                message: t::journal_op_taken(lang).to_owned(),
            }
        }
    }))
}
