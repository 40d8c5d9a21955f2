//! What the lists of a school have in common, its scales, types of work and letters of attendance: they are held while one of them is changed, a line is
//! compared with what the person saw, and each change is told.

use base::sql::{Ctx, Done, Event};
use base::{AppError, Lang};
use serde_json::Value;

use crate::t;

/// A list of a school.
#[derive(Clone, Copy, Debug)]
pub(super) enum List {
    /// Scales of marks.
    Scales,
    /// Types of work.
    Types,
    /// Letters of attendance.
    Letters,
}

impl List {
    fn entity(self) -> &'static str {
        match self {
            Self::Scales => "mark_scale",
            Self::Types => "work_type",
            Self::Letters => "attendance_code",
        }
    }

    /// What is done to a line that was so and is so now.
    fn act(self, old: bool, new: bool) -> &'static str {
        match (self, old, new) {
            (Self::Scales, false, _) => "mark_scale.added",
            (Self::Scales, true, true) => "mark_scale.changed",
            (Self::Scales, true, false) => "mark_scale.removed",
            (Self::Types, false, _) => "work_type.added",
            (Self::Types, true, true) => "work_type.changed",
            (Self::Types, true, false) => "work_type.removed",
            (Self::Letters, false, _) => "attendance_code.added",
            (Self::Letters, true, true) => "attendance_code.changed",
            (Self::Letters, true, false) => "attendance_code.removed",
        }
    }

    /// Nobody else changes the list until the end of the transaction; it is read after this.
    pub(super) async fn hold(self, ctx: &mut Ctx) -> Done<()> {
        let school = ctx.school();
        match self {
            Self::Scales => {
                sqlx::query!(
                    "select from mark_scale where school_id = $1 order by id for update",
                    school.0
                )
                .execute(ctx.db())
                .await?
            }
            Self::Types => {
                sqlx::query!(
                    "select from work_type where school_id = $1 order by id for update",
                    school.0
                )
                .execute(ctx.db())
                .await?
            }
            Self::Letters => {
                sqlx::query!(
                    "select from attendance_code where school_id = $1 order by code for update",
                    school.0
                )
                .execute(ctx.db())
                .await?
            }
        };
        Ok(())
    }

    /// Tells of a line that was added (no `old`), changed, or taken away (no `new`).
    pub(super) async fn tell(
        self,
        ctx: &mut Ctx,
        key: String,
        old: Option<Value>,
        new: Option<Value>,
    ) -> Done<()> {
        ctx.audit(Event {
            action: self.act(old.is_some(), new.is_some()),
            entity: self.entity(),
            key,
            old,
            new,
            op: None,
        })
        .await
    }
}

/// Somebody else has changed it meanwhile.
pub(super) fn stale(ctx: &Ctx) -> AppError {
    AppError::Conflict {
        message: t::scale_stale(ctx.lang()).to_owned(),
    }
}

/// A line that is to be changed, if it is there and what was seen.
pub(super) fn as_seen<'a, T: PartialEq>(ctx: &Ctx, now: Option<&'a T>, seen: &T) -> Result<&'a T, AppError> {
    let now = now.ok_or(AppError::NotFound)?;
    if now == seen { Ok(now) } else { Err(stale(ctx)) }
}

/// A line of a list that is to be taken away, as it is and whether it is in use: it goes when it is what was seen, in no use, and not the
/// last of its list.
pub(super) fn must_go<'a, T: PartialEq>(
    ctx: &Ctx,
    line: Option<(&'a T, bool)>,
    seen: &T,
    all: usize,
    used: impl FnOnce(Lang, &T) -> String,
    last: fn(Lang) -> &'static str,
) -> Result<&'a T, AppError> {
    let lang = ctx.lang();
    let in_use = line.is_some_and(|(_, in_use)| in_use);
    let terms = as_seen(ctx, line.map(|(terms, _)| terms), seen)?;
    if in_use {
        return Err(AppError::invalid("", used(lang, terms)));
    }
    if all == 1 {
        return Err(AppError::invalid("", last(lang)));
    }
    Ok(terms)
}
