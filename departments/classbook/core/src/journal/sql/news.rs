//! An open journal as it goes on: what others did in it, told within a moment.

use std::collections::BTreeSet;
use std::time::Duration;

use base::rights::{Action, Actor};
use base::sql::{Ctx, Done, Store};
use base::{AppError, AssignmentId, Lang, LessonId, LoadId, PeriodId, PupilId, SchoolId};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::stream::unfold;
use futures_util::{Stream, StreamExt as _};
use tokio::time::Instant;

use super::facts::{employee, of_load};
use super::period::span;
use crate::journal::cell::{Answer, Batch, Edit, Outcome, Place};
use crate::journal::news::{AttendanceNews, MarkNews, Pulse, Step};
use crate::live::{Listener, Live, Topic};
use crate::owed::Owed;

/// Nobody is told longer than this: a new request is asked for its session again.
const LONGEST: Duration = Duration::from_secs(60);
/// Looked at anew, should nothing be heard.
const LOOK: Duration = Duration::from_secs(15);
/// What happens within this time is told in one step.
const GATHER: Duration = Duration::from_millis(60);
/// A change carries the moment its request began and is seen when its transaction has ended: so far back is looked.
const OVERLAP: TimeDelta = TimeDelta::seconds(20);

/// What to tell to whoever looks, once the transaction of a batch has ended: of what was saved now, the lessons and pupils.
#[must_use]
pub fn told(batch: &Batch, answers: &[Answer]) -> BTreeSet<Topic> {
    let saved = |edit: &&Edit| {
        answers
            .iter()
            .any(|a| a.op_id == edit.op_id && matches!(a.outcome, Outcome::Saved { .. }))
    };
    let topics = batch.edits.iter().filter(saved).flat_map(|edit| {
        let (school, place) = (batch.school, edit.change.place());
        match place {
            // a mark of one child is no news to the families of the class
            Place::Mark { lesson, pupil, .. } | Place::Attendance { lesson, pupil } => {
                vec![Topic::Cells(school, lesson), Topic::Pupil(school, pupil)]
            }
            Place::Lesson { lesson } | Place::Individual { lesson, .. } => {
                vec![Topic::Lesson(school, lesson)]
            }
        }
    });
    topics.collect()
}

/// Who looks at which journal, since when.
#[derive(Debug)]
pub struct Look {
    /// The database.
    pub store: Store,
    /// Who.
    pub actor: Actor,
    /// In which language.
    pub lang: Lang,
    /// The journal.
    pub load: LoadId,
    /// The period; `None`: today's.
    pub period: Option<PeriodId>,
    /// What happened after this is told first.
    pub since: DateTime<Utc>,
    /// The moment of the request.
    pub now: DateTime<Utc>,
}

impl Look {
    async fn step(
        &self,
        begun: Instant,
        since: DateTime<Utc>,
        live: &Live,
    ) -> Result<(Step, Vec<LessonId>), AppError> {
        let now = self.now + begun.elapsed();
        let mut ctx = self.store.begin(self.actor.clone(), now, self.lang).await?;
        let out = step(&mut ctx, self, since, live).await;
        ctx.close(out).await
    }
}

struct Following {
    look: Look,
    live: Live,
    listener: Listener,
    begun: Instant,
    /// When it was looked at last.
    since: DateTime<Utc>,
    said: Option<Step>,
    over: bool,
}

/// What others do in a journal: a first step at once, with whatever happened since [`Look::since`], and one whenever
/// something has happened. After a minute, and where the server ends, it stops: whoever still looks asks again. With `once`
/// it stops after the first step.
///
/// # Errors
/// As [`grid`](super::grid), as the last thing that is said.
pub fn follow(
    live: &Live,
    look: Look,
    once: bool,
) -> impl Stream<Item = Result<Step, AppError>> + Send + 'static {
    let (school, load, person) = (look.actor.school, look.load, look.actor.person);
    // heard before it is looked at: what happens in between is not missed
    let mut listener = live.listen([Topic::Present(school, load), Topic::Periods(school)]);
    if !once {
        listener.sit_down(school, load, person);
    }
    let following = Following {
        since: look.since,
        live: live.clone(),
        listener,
        begun: Instant::now(),
        said: None,
        over: false,
        look,
    };
    let steps = unfold(following, move |mut this| async move {
        if this.over {
            return None;
        }
        loop {
            if this.said.is_some() && !this.wait().await {
                return None;
            }
            match this.look.step(this.begun, this.since, &this.live).await {
                Ok((step, lessons)) => {
                    this.since = step.at;
                    // a lesson that is new is heard from now on, and was just looked at
                    let topics = |l| [Topic::Lesson(school, l), Topic::Cells(school, l)];
                    this.listener.also(lessons.into_iter().flat_map(topics));
                    let news = this.said.as_ref().is_none_or(|said| said.differs(&step));
                    this.said = Some(step.clone());
                    this.over = once;
                    if news {
                        return Some((Ok(step), this));
                    }
                }
                Err(error) => {
                    this.over = true;
                    return Some((Err(error), this));
                }
            }
        }
    });
    // whoever packs the answer asks once more behind its end
    steps.fuse()
}

impl Step {
    /// Has something happened between this step and the next one?
    fn differs(&self, next: &Self) -> bool {
        let told = |step: &Self| -> Vec<(Place, i32)> {
            step.changes()
                .map(|(change, version)| (change.place(), version))
                .collect()
        };
        let before = told(self);
        self.pulse != next.pulse
            || self.others != next.others
            || told(next).iter().any(|cell| !before.contains(cell))
    }
}

impl Following {
    /// Waits until something may have changed; false when it is time to let go.
    async fn wait(&mut self) -> bool {
        let until = self.begun + LONGEST;
        tokio::select! {
            () = tokio::time::sleep_until((Instant::now() + LOOK).min(until)) => {}
            () = self.listener.heard() => tokio::time::sleep(GATHER).await,
        }
        Instant::now() < until && !self.live.has_ended()
    }
}

async fn step(ctx: &mut Ctx, look: &Look, since: DateTime<Utc>, live: &Live) -> Done<(Step, Vec<LessonId>)> {
    let whose = of_load(ctx, look.load).await?;
    ctx.must(Action::View, &whose.to_read(ctx))?;
    let (from, to) = span(ctx, look.load, look.period).await?;
    let after = since - OVERLAP;
    let (pulse, lessons) = pulse(ctx, look.load, from, to).await?;
    let marks = marks(ctx, &lessons, after).await?;
    let attendance = attendance(ctx, &lessons, after).await?;
    let (school, me) = (ctx.school(), ctx.person());
    let there = live.present(school, look.load);
    let others = names(ctx, there.into_iter().filter(|p| *p != me).map(|p| p.0).collect()).await?;
    let step = Step {
        at: ctx.now(),
        pulse,
        others,
        marks,
        attendance,
    };
    Ok((step, lessons))
}

/// How the lessons and works of a span stand, with the marks of periods given in the journal, what of it is closed and how the actor's own questions
/// about that stand, and which lessons they are. So an answer that opens a closed period opens the grid as well, and its end closes it.
pub async fn pulse(
    ctx: &mut Ctx,
    load: LoadId,
    from: NaiveDate,
    to: NaiveDate,
) -> Done<(Pulse, Vec<LessonId>)> {
    let SchoolId(school) = ctx.school();
    let (now, employee) = (ctx.now(), employee(ctx));
    let row = sqlx::query!(
        r#"select coalesce(array_agg(l.id order by l.held_on, l.slot), '{}') as "lessons!",
            md5(coalesce(string_agg(concat_ws(',', l.id, l.version, l.state, 's' || l.substitute_id, h.version, h.id, w.works), ';' order by l.held_on, l.slot, l.id), '')
                || (select concat('/', sum(m.version)) from period_mark m where m.school_id = $1 and m.load_id = $2)
                || (select concat('/', string_agg(distinct d.period_id::text, ',')) from load_audience u
                    join class_period d on d.school_id = u.school_id and d.class_id = u.class_id
                    where u.school_id = $1 and u.load_id = $2 and d.locked_at <= $5)
                || (select concat('/', y.closed_at <= $5) from teaching_load k
                    join academic_year y on y.school_id = k.school_id and y.id = k.year_id where k.school_id = $1 and k.id = $2)
                || (select concat('/', string_agg(concat_ws(':', q.id, q.answer, q.open_until > $5), ',' order by q.id)) from period_request q
                    where q.school_id = $1 and q.load_id = $2 and q.employee_id = $6)) as "pulse!"
           from lesson l
           left join homework h on h.school_id = l.school_id and h.load_id = l.load_id and h.lesson_id = l.id
           left join lateral (
               select string_agg(concat_ws(':', a.id, a.version), ',' order by a.id) as works
               from assignment a where a.school_id = l.school_id and a.lesson_id = l.id) w on true
           where l.school_id = $1 and l.load_id = $2 and l.held_on between $3 and $4"#,
        school,
        load.0,
        from,
        to,
        now,
        employee,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok((Pulse(row.pulse), row.lessons.into_iter().map(LessonId).collect()))
}

async fn marks(ctx: &mut Ctx, lessons: &[LessonId], after: DateTime<Utc>) -> Done<Vec<MarkNews>> {
    let SchoolId(school) = ctx.school();
    let lessons: Vec<i64> = lessons.iter().map(|l| l.0).collect();
    let rows = sqlx::query!(
        "select a.lesson_id, m.assignment_id, m.pupil_id, m.code, m.comment, m.version, m.owed, m.owed_until, m.handed_in
         from assignment a join mark m on m.school_id = a.school_id and m.assignment_id = a.id
         where a.school_id = $1 and a.lesson_id = any ($2::bigint[]) and m.changed_at >= $3
         order by m.changed_at, m.assignment_id, m.pupil_id",
        school,
        &lessons,
        after,
    )
    .fetch_all(ctx.db())
    .await?;
    let marks = rows.into_iter().map(|r| MarkNews {
        lesson: LessonId(r.lesson_id),
        assignment: AssignmentId(r.assignment_id),
        pupil: PupilId(r.pupil_id),
        code: r.code,
        comment: r.comment,
        owed: r.owed.then_some(Owed {
            until: r.owed_until,
            handed_in: r.handed_in,
        }),
        version: r.version,
    });
    Ok(marks.collect())
}

async fn attendance(ctx: &mut Ctx, lessons: &[LessonId], after: DateTime<Utc>) -> Done<Vec<AttendanceNews>> {
    let SchoolId(school) = ctx.school();
    let lessons: Vec<i64> = lessons.iter().map(|l| l.0).collect();
    let rows = sqlx::query!(
        "select lesson_id, pupil_id, code, version from attendance
         where school_id = $1 and lesson_id = any ($2::bigint[]) and changed_at >= $3
         order by changed_at, lesson_id, pupil_id",
        school,
        &lessons,
        after,
    )
    .fetch_all(ctx.db())
    .await?;
    let attendance = rows.into_iter().map(|r| AttendanceNews {
        lesson: LessonId(r.lesson_id),
        pupil: PupilId(r.pupil_id),
        code: r.code,
        version: r.version,
    });
    Ok(attendance.collect())
}

async fn names(ctx: &mut Ctx, people: Vec<i64>) -> Done<Vec<String>> {
    if people.is_empty() {
        return Ok(vec![]);
    }
    let SchoolId(school) = ctx.school();
    Ok(sqlx::query_scalar!(
        r#"select short_name(p.last_name, p.first_name, p.middle_name) as "name!"
           from employee e join person p on p.id = e.person_id
           where e.school_id = $1 and e.person_id = any ($2::bigint[])
           group by p.id order by p.last_name, p.first_name, p.id"#,
        school,
        &people,
    )
    .fetch_all(ctx.db())
    .await?)
}
