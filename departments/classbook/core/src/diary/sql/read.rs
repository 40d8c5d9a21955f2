//! A week: whose it is ([`own`]), what is alike for the whole class ([`frame`]), and the pupil's marks ([`given`]). The first
//! two are remembered (`diary::memory`), so that what a page costs when a whole class looks is the third alone.
//!
//! [`own`]: super::own
//! [`frame`]: super::frame
//! [`given`]: super::given

use std::sync::Arc;

use base::rights::{Action, Role};
use base::sql::{Ctx, Done};
use base::{AppError, PupilId};
use chrono::{Datelike as _, Days, NaiveDate};

use super::frame::{FrameKey, frame};
use super::given::{given, individual};
use super::own::{OwnKey, own};
use super::{family_first, resource, whose};
use crate::acknowledgement::may_sign;
use crate::diary::changes::{Changes, changes};
use crate::diary::memory::{At, Weeks};
use crate::diary::plan::{self, Frame, Own, PersonRow, Span};
use crate::diary::week::monday_of;
use crate::diary::{Child, Day, Place, Week, nearest_week};

/// The week of a date; of today when no date is given. Without a pupil: one's own, or the first child's.
///
/// # Errors
/// [`AppError::NotFound`] for a pupil whose diary is not for the actor to see.
pub async fn week(
    ctx: &mut Ctx,
    weeks: &Weeks,
    pupil: Option<PupilId>,
    date: Option<NaiveDate>,
) -> Done<Week> {
    let pupil = whose(ctx, pupil)?;
    family_first(ctx, pupil)?;
    let (person, now, today) = (ctx.person(), ctx.now(), ctx.today());
    let monday = monday_of(date.unwrap_or(today));
    let after = |days| monday.checked_add_days(Days::new(days)).ok_or(AppError::NotFound);
    let sunday = after(6)?;
    // towards the weekend the next lessons lie in the next week
    let late = (monday..=sunday).contains(&today) && today.weekday().num_days_from_monday() >= 3;
    let until = if late { after(9)? } else { sunday };
    let span = Span {
        from: monday,
        until,
        today,
    };

    let whose = whose_week(ctx, weeks, pupil, span).await?;
    let one = whose
        .people
        .iter()
        .find(|p| p.pupil == pupil)
        .ok_or(AppError::NotFound)?;
    ctx.must(Action::View, &resource(ctx, pupil, one.leads))?;
    let child = one.child();
    let family = ctx.actor().role.family();
    let children = family
        .unwrap_or_default()
        .iter()
        .filter_map(|id| whose.people.iter().find(|p| p.pupil == *id));
    let children = children.map(PersonRow::child).collect();
    let family = family.is_some();

    let frame = frame_of(ctx, weeks, &whose, span).await?;
    let mut given = given(ctx, pupil, &frame, span, monday).await?;
    let signed = std::mem::take(&mut given.signed);
    let mut owed = std::mem::take(&mut given.owed);
    crate::owed::list::sort(&mut owed);
    // staff who look in leave no visit: nothing is new for them
    let individual = std::mem::take(&mut given.homework);
    let (told, timetable) = (std::mem::take(&mut given.told), given.timetable.take());
    let changes = if family {
        changes(pupil, told, timetable, (&frame.homework, &individual))
    } else {
        Changes::default()
    };
    let (marks, absences) = plan::marks(&frame, given, family);
    let news = plan::news(&marks);
    // what is ahead is told where one looks at today
    let assessments = if (monday..=sunday).contains(&today) {
        frame.assessments(today)
    } else {
        Vec::new()
    };
    let years: Vec<(NaiveDate, NaiveDate)> = whose.years.iter().map(|y| (y.starts_on, y.ends_on)).collect();
    let place = nearest_week(monday, &years);
    let (mut days, mut ahead) = match place {
        Place::Inside => plan::part(
            plan::days(&frame, &whose.spans, marks, absences, &individual, span),
            monday,
            today,
        ),
        Place::Outside { .. } => (Vec::new(), None),
    };
    // a tick is of whoever looks; staff have none
    if family {
        let mut shown: Vec<&mut Day> = days.iter_mut().chain(ahead.as_mut()).collect();
        super::tick::put(ctx, pupil, &mut shown).await?;
    }
    Ok(Week {
        viewer: person,
        family,
        child,
        children,
        monday,
        today,
        as_of: now,
        utc_offset: ctx.actor().utc_offset,
        place,
        days,
        ahead,
        news,
        changes,
        assessments,
        owed,
        may_sign: matches!(ctx.actor().role, Role::Guardian { .. })
            && place == Place::Inside
            && may_sign(monday, today),
        signed,
    })
}

/// The days of a span without marks and absences, for a calendar of the pupil's family: first and last day, and today.
///
/// # Errors
/// [`AppError::NotFound`] for a pupil whose diary is not for the actor to see.
pub(crate) async fn calendar_days(
    ctx: &mut Ctx,
    weeks: &Weeks,
    pupil: PupilId,
    (from, until, today): (NaiveDate, NaiveDate, NaiveDate),
) -> Done<(Child, Vec<Day>)> {
    family_first(ctx, pupil)?;
    let span = Span { from, until, today };
    let whose = whose_week(ctx, weeks, pupil, span).await?;
    let one = whose
        .people
        .iter()
        .find(|p| p.pupil == pupil)
        .ok_or(AppError::NotFound)?;
    ctx.must(Action::View, &resource(ctx, pupil, one.leads))?;
    let frame = frame_of(ctx, weeks, &whose, span).await?;
    let individual = individual(ctx, pupil, span).await?;
    let days = plan::days(&frame, &whose.spans, Vec::new(), Vec::new(), &individual, span);
    Ok((one.child(), days))
}

/// What is alike for the whole class, remembered.
async fn frame_of(ctx: &mut Ctx, weeks: &Weeks, whose: &Own, span: Span) -> Done<Arc<Frame>> {
    let key = FrameKey::new(ctx.school(), whose, span);
    let at = At {
        school: ctx.school(),
        now: ctx.now(),
    };
    if let Some(known) = weeks.frame(at, &key) {
        return Ok(known);
    }
    let epoch = weeks.epoch(at.school);
    let read = Arc::new(frame(ctx, &key).await?);
    if let Some(epoch) = epoch {
        weeks.keep_frame(at, epoch, key, Arc::clone(&read));
    }
    Ok(read)
}

/// Whose week it is: a family's is remembered, what staff ask is not.
async fn whose_week(ctx: &mut Ctx, weeks: &Weeks, pupil: PupilId, span: Span) -> Done<Arc<Own>> {
    let at = At {
        school: ctx.school(),
        now: ctx.now(),
    };
    let key = ctx.actor().role.family().map(|family| OwnKey {
        school: at.school,
        pupil,
        family: family.to_vec(),
        from: span.from,
        until: span.until,
        today: span.today,
    });
    if let Some(known) = key.as_ref().and_then(|key| weeks.family(at, key)) {
        return Ok(known);
    }
    let epoch = weeks.epoch(at.school);
    let read = Arc::new(own(ctx, pupil, span).await?);
    if let (Some(key), Some(epoch)) = (key, epoch) {
        weeks.keep_family(at, epoch, key, Arc::clone(&read));
    }
    Ok(read)
}
