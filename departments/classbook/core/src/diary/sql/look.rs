//! Remembers which marks were seen on a page that does not show all that is new.
//!
//! A week shows what is new since the last visit, wherever it lies, so its visit is one moment ([`super::write::seen`]). The subjects of
//! a period show that period, a list of notices what it tells: there each mark is remembered by itself ([`mark_look`](self)), and only one that nobody
//! of the two says to be seen yet. A page is reported by the browser once somebody looks at it (`public/diary.js`), never by its being fetched: what a
//! service worker keeps or a browser draws ahead has been seen by nobody.

use base::rights::Action;
use base::sql::{Ctx, Done};
use base::{NoticeId, PeriodId, PupilId};
use chrono::{DateTime, Duration, Utc};

use super::write::{leads, moment};
use super::{family_first, resource};
use crate::notice::{KEPT_DAYS, SHOWN};

/// The family has looked at the marks of a period as they were at the moment `shown`. Nothing is remembered about staff.
///
/// # Errors
/// [`base::AppError::NotFound`] for a pupil whose diary is not for the actor to see.
pub async fn looked(ctx: &mut Ctx, pupil: PupilId, period: PeriodId, shown: DateTime<Utc>) -> Done<()> {
    family_first(ctx, pupil)?;
    if ctx.actor().role.family().is_none() {
        let leads = leads(ctx, pupil).await?;
        ctx.must(Action::View, &resource(ctx, pupil, leads))?;
        return Ok(());
    }
    let shown = moment(ctx, shown);
    remember(ctx, &[pupil.0], Shown::Period(period), shown).await
}

/// What a page has shown of some pupils.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shown {
    /// The marks of a period.
    Period(PeriodId),
    /// What the list of notices tells, up to this one: of a mark that is still as it is told there.
    Notices(NoticeId),
}

/// Writes what is not known to be seen yet. The caller has asked whether these are the actor's own children; row-level security asks again.
pub(crate) async fn remember(ctx: &mut Ctx, pupils: &[i64], shown: Shown, at: DateTime<Utc>) -> Done<()> {
    let (school, person, today) = (ctx.school(), ctx.person(), ctx.today());
    let since = ctx.now() - Duration::days(KEPT_DAYS);
    let (period, upto) = match shown {
        Shown::Period(period) => (Some(period.0), None),
        Shown::Notices(upto) => (None, Some(upto.0)),
    };
    sqlx::query!(
        "with span as materialized (
            select q.starts_on, q.ends_on, e.pupil_id from enrolment e
            join class_period q on q.school_id = $1 and q.class_id = e.class_id and q.period_id = $5
            where e.school_id = $1 and e.pupil_id = any ($3) and e.starts_on <= $7 and (e.ends_on is null or e.ends_on >= $7)
         ), told as materialized (
            -- as the list has them
            select n.pupil_id, n.assignment_id, n.kind, n.new, n.at from notice n
            left join notice_choice c on c.school_id = $1 and c.person_id = $2 and c.pupil_id = n.pupil_id and c.kind = n.kind
            where n.school_id = $1 and n.pupil_id = any ($3) and n.id <= $6 and n.at > $8 and coalesce(c.in_app, true)
            order by n.id desc limit $9
         ), stands as (
            select m.assignment_id, m.pupil_id, m.changed_at from span s
            join mark m on m.school_id = $1 and m.pupil_id = s.pupil_id and m.code is not null
            join assignment a on a.school_id = $1 and a.id = m.assignment_id
            join lesson l on l.school_id = $1 and l.id = a.lesson_id and l.held_on between s.starts_on and s.ends_on
            union
            select m.assignment_id, m.pupil_id, m.changed_at from told t
            join mark m on m.school_id = $1 and m.assignment_id = t.assignment_id and m.pupil_id = t.pupil_id
                and m.code = t.new and m.changed_at <= t.at
            where t.kind in ('mark_new', 'mark_changed')
         )
         insert into mark_look (school_id, assignment_id, pupil_id, person_id, seen_at)
         select $1, s.assignment_id, s.pupil_id, $2, $4 from stands s
         where s.changed_at <= $4
           and not exists (select from diary_visit v where v.school_id = $1 and v.pupil_id = s.pupil_id and v.person_id = $2
                and v.seen_at >= s.changed_at)
           and not exists (select from mark_look k where k.school_id = $1 and k.assignment_id = s.assignment_id and k.pupil_id = s.pupil_id
                and k.person_id = $2 and k.seen_at >= s.changed_at)
         on conflict (school_id, assignment_id, pupil_id, person_id) do update set seen_at = greatest(mark_look.seen_at, excluded.seen_at)",
        school.0,
        person.0,
        pupils,
        at,
        period,
        upto,
        today,
        since,
        SHOWN,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}
