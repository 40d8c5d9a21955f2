//! An open diary as it goes on: that something has happened, told within a moment. What it is the page asks for itself, with
//! its rights, so nothing of a child travels here.

use std::time::Duration;

use base::rights::{Action, Actor};
use base::sql::{Ctx, Done, Store};
use base::{AppError, Lang, LessonId, PupilId, SchoolId};
use chrono::{DateTime, Days, TimeDelta, Utc};
use futures_util::stream::unfold;
use futures_util::{Stream, StreamExt as _};
use tokio::time::Instant;

use super::write::leads;
use super::{family_first, resource};
use crate::diary::Beat;
use crate::live::{Listener, Live, Topic};

/// Nobody is told longer than this: a new request is asked for its session and its rights again.
const LONGEST: Duration = Duration::from_secs(120);
/// What happens within this time is told at once.
const GATHER: Duration = Duration::from_millis(300);
/// A change carries the moment its request began and is seen when its transaction has ended.
const OVERLAP: TimeDelta = TimeDelta::seconds(5);
/// Lessons of so many days before and after today are listened to: their topics and homework.
const AROUND: Days = Days::new(8);

/// Who looks at whose diary, since when.
#[derive(Debug)]
pub struct Watch {
    /// The database.
    pub store: Store,
    /// Who.
    pub actor: Actor,
    /// In which language.
    pub lang: Lang,
    /// Whose diary.
    pub pupil: PupilId,
    /// The moment of what is shown.
    pub since: DateTime<Utc>,
    /// The moment of the request.
    pub now: DateTime<Utc>,
}

/// What is known when the listening begins.
#[derive(Debug)]
struct Known {
    lessons: Vec<LessonId>,
    changed: bool,
}

struct Following {
    listener: Listener,
    live: Live,
    now: DateTime<Utc>,
    begun: Instant,
    first: Option<bool>,
}

/// A first beat at once, which tells whether marks or absences have changed since [`Watch::since`], and one whenever something
/// has happened. After two minutes, and where the server ends, it stops: whoever still looks asks again. With `once` it
/// stops after the first.
///
/// # Errors
/// [`AppError::NotFound`] for a pupil whose diary is not for the actor to see.
pub async fn watch(
    live: &Live,
    watch: Watch,
    once: bool,
) -> Result<impl Stream<Item = Beat> + Send + 'static, AppError> {
    let school = watch.actor.school;
    // heard before it is looked at: what happens in between is not missed
    let mut listener = live.listen([Topic::Pupil(school, watch.pupil)]);
    let mut ctx = watch.store.begin(watch.actor, watch.now, watch.lang).await?;
    let out = known(&mut ctx, watch.pupil, watch.since).await;
    let known = ctx.close(out).await?;
    listener.also(known.lessons.into_iter().map(|l| Topic::Lesson(school, l)));
    let following = Following {
        listener,
        live: live.clone(),
        now: watch.now,
        begun: Instant::now(),
        first: Some(known.changed),
    };
    let beats = unfold(following, move |mut this| async move {
        let changed = match this.first.take() {
            Some(changed) => changed,
            None if once || !this.wait().await => return None,
            None => true,
        };
        let at = this.now + this.begun.elapsed();
        Some((Beat { at, changed }, this))
    });
    // whoever packs the answer asks once more behind its end
    Ok(beats.fuse())
}

impl Following {
    /// Waits until something has happened; false when it is time to let go.
    async fn wait(&self) -> bool {
        let until = self.begun + LONGEST;
        tokio::select! {
            () = tokio::time::sleep_until(until) => false,
            () = self.listener.heard() => {
                tokio::time::sleep(GATHER).await;
                !self.live.has_ended()
            }
        }
    }
}

async fn known(ctx: &mut Ctx, pupil: PupilId, since: DateTime<Utc>) -> Done<Known> {
    family_first(ctx, pupil)?;
    if ctx.actor().role.family().is_none() {
        let leads = leads(ctx, pupil).await?;
        ctx.must(Action::View, &resource(ctx, pupil, leads))?;
    }
    let today = ctx.today();
    let from = today.checked_sub_days(AROUND).unwrap_or(today);
    let to = today.checked_add_days(AROUND).unwrap_or(today);
    let SchoolId(school) = ctx.school();
    let row = sqlx::query!(
        r#"select coalesce((
                select array_agg(distinct l.id) from enrolment e
                join load_audience u on u.school_id = e.school_id and u.class_id = e.class_id
                join lesson l on l.school_id = u.school_id and l.load_id = u.load_id and l.held_on between $4 and $5
                where e.school_id = $1 and e.pupil_id = $2 and e.starts_on <= l.held_on and coalesce(e.ends_on, 'infinity') >= l.held_on), '{}') as "lessons!",
            exists (select from mark m where m.school_id = $1 and m.pupil_id = $2 and m.changed_at > $3)
            or exists (select from attendance a where a.school_id = $1 and a.pupil_id = $2 and a.changed_at > $3) as "changed!""#,
        school,
        pupil.0,
        since - OVERLAP,
        from,
        to,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(Known {
        lessons: row.lessons.into_iter().map(LessonId).collect(),
        changed: row.changed,
    })
}
