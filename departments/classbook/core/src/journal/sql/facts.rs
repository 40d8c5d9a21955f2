//! What the policy needs to know of a load or a lesson, and how far the actor's rights reach.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, LessonId, LoadId};
use chrono::NaiveDate;

use crate::substitution::READ_AFTER;

/// How far one right of the actor over journals reaches; the policy itself is asked, so that a statement can decide by the
/// facts that it finds.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// Every journal of the school.
    pub all: bool,
    /// Those the actor teaches.
    pub own: bool,
    /// Those of the class the actor leads.
    pub class: bool,
}

impl Reach {
    /// The reach of an action over journals.
    pub fn of(ctx: &Ctx, action: Action) -> Self {
        Self::of_kind(ctx, action, Kind::Journal)
    }

    /// The reach of an action over things that hang on a journal, such as its history.
    pub fn of_kind(ctx: &Ctx, action: Action, kind: Kind) -> Self {
        let ask = |own, own_class| {
            ctx.may(
                action,
                &Resource {
                    kind,
                    school: ctx.school(),
                    own,
                    own_class,
                },
            )
        };
        Self {
            all: ask(false, false),
            own: ask(true, false),
            class: ask(false, true),
        }
    }

    /// Does it reach anything at all?
    pub fn any(self) -> bool {
        self.all || self.own || self.class
    }
}

/// The actor's staff card; «0» is nobody's.
pub fn employee(ctx: &Ctx) -> i64 {
    ctx.employee().map_or(0, |e| e.0)
}

/// Whose a load is.
#[derive(Clone, Copy, Debug)]
pub struct Whose {
    own: bool,
    own_class: bool,
    /// The actor stands in at a lesson of it.
    stands_in: bool,
}

impl Whose {
    /// The same for reading the journal: who stands in at one of its lessons reads all of it, as its teacher does, for a term ([`READ_AFTER`]).
    pub fn to_read(self, ctx: &Ctx) -> Resource {
        Resource {
            own: self.own || self.stands_in,
            ..self.resource(ctx, Kind::Journal)
        }
    }

    /// Does the actor teach it, or stand in at a lesson of it? Then it belongs to their day, and stays on their device.
    pub fn teaches(self) -> bool {
        self.own || self.stands_in
    }

    /// The resource the policy decides about.
    pub fn resource(self, ctx: &Ctx, kind: Kind) -> Resource {
        Resource {
            kind,
            school: ctx.school(),
            own: self.own,
            own_class: self.own_class,
        }
    }
}

/// Whose a load is; [`AppError::NotFound`] for no load of this school.
pub async fn of_load(ctx: &mut Ctx, load: LoadId) -> Done<Whose> {
    let (school, employee, today, now) = (ctx.school(), employee(ctx), ctx.today(), ctx.now());
    let row = sqlx::query!(
        r#"select w.own as "own!", w.own_class as "own_class!", stands_in($1, l.id, $3, $4, $5, $6) as "stands_in!"
           from teaching_load l cross join lateral whose_load($1, l.id, $3) w where l.school_id = $1 and l.id = $2"#,
        school.0,
        load.0,
        employee,
        today,
        READ_AFTER,
        now,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    Ok(Whose {
        own: row.own,
        own_class: row.own_class,
        stands_in: row.stands_in,
    })
}

/// What a change of a lesson needs to know.
#[derive(Clone, Debug)]
pub struct LessonFacts {
    /// Its journal.
    pub load: LoadId,
    /// Its day.
    pub held_on: NaiveDate,
    /// It does not take place: cancelled, or a day off.
    pub cancelled: bool,
    /// Nothing of its period changes any more.
    pub locked: bool,
    /// Whose it is: of who teaches the load, and of who stands in at this very lesson.
    pub whose: Whose,
}

/// The facts of a lesson, the lesson locked against other changes until the end of the transaction.
pub async fn of_lesson(ctx: &mut Ctx, lesson: LessonId) -> Done<LessonFacts> {
    let (school, now, employee) = (ctx.school(), ctx.now(), employee(ctx));
    let row = sqlx::query!(
        r#"select l.load_id, l.held_on, not takes_place(l) as "cancelled!", k.locked as "locked!",
            coalesce(l.substitute_id = $4, false) as "substitute!"
           from lesson l cross join lateral closed_on($1, l.load_id, l.held_on, $4, $3) k where l.school_id = $1 and l.id = $2
           for update of l"#,
        school.0,
        lesson.0,
        now,
        employee,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let load = LoadId(row.load_id);
    let of_load = of_load(ctx, load).await?;
    let whose = Whose {
        own: of_load.own || row.substitute,
        ..of_load
    };
    Ok(LessonFacts {
        load,
        held_on: row.held_on,
        cancelled: row.cancelled,
        locked: row.locked,
        whose,
    })
}
