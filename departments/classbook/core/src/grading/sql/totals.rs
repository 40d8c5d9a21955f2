//! The sheet of totals, read in a fixed number of statements whatever its size; what lies behind a figure of it.

use std::collections::HashMap;

use base::number::Hundredths;
use base::rights::{Action, Kind};
use base::sql::{Ctx, Done};
use base::{AppError, LoadId, PeriodId, PupilId, ScaleId, SubjectId, YearId};
use chrono::NaiveDate;

use super::all;
use crate::grading::rules::{Interim, Rule, terms_on};
use crate::grading::totals::{
    Behind, BehindRow, Column, Current, Given, Giver, Other, Shut, Stage, Topic, Totals, Work, half_years,
};
use crate::journal::cell::Past;
use crate::journal::grid::Pupil;
use crate::journal::sql::facts::of_load;
use crate::journal::sql::{local, periods, pupils};
use crate::scale::Book;

/// A sheet, and what saving needs beside it.
pub(super) struct Read {
    pub totals: Totals,
    pub year: YearId,
    pub scale: i64,
}

/// The totals of a journal.
///
/// # Errors
/// [`AppError::NotFound`] for a journal that is not there for this actor.
pub async fn totals(ctx: &mut Ctx, load: LoadId) -> Done<Totals> {
    let whose = of_load(ctx, load).await?;
    let journal = whose.resource(ctx, Kind::Journal);
    ctx.must(Action::View, &whose.to_read(ctx))?;
    let may_edit = ctx.may(Action::Edit, &journal);
    Ok(read(ctx, load, None, may_edit).await?.totals)
}

/// One pupil's line of the totals: as the sheet has it, without the others.
///
/// # Errors
/// [`AppError::NotFound`] for a journal that is not there for this actor, and for a pupil who is not of it.
pub async fn line(ctx: &mut Ctx, load: LoadId, pupil: PupilId) -> Done<Totals> {
    let whose = of_load(ctx, load).await?;
    let journal = whose.resource(ctx, Kind::Journal);
    ctx.must(Action::View, &whose.to_read(ctx))?;
    let may_edit = ctx.may(Action::Edit, &journal);
    let totals = read(ctx, load, Some(pupil), may_edit).await?.totals;
    if totals.pupils.is_empty() {
        return Err(AppError::NotFound.into());
    }
    Ok(totals)
}

pub(super) struct Head {
    pub subject_id: i64,
    subject: String,
    pub year_id: i64,
    pub week_hours: i64,
    interim_form: Option<String>,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    year_closed: bool,
    audience: String,
    pub grade: i16,
    pub is_school: bool,
    is_college: bool,
}

pub(super) async fn head(ctx: &mut Ctx, load: LoadId) -> Done<Head> {
    let (school, now) = (ctx.school(), ctx.now());
    Ok(sqlx::query_as!(
        Head,
        r#"select l.subject_id, s.name as subject, l.year_id, (l.week_hours * 100)::bigint as "week_hours!", l.interim_form, y.starts_on, y.ends_on,
            coalesce(y.closed_at <= $3, false) as "year_closed!", coalesce(a.audience, '') as "audience!", coalesce(a.grade, 0::smallint) as "grade!",
            exists (select from organisation o where o.id = $1 and o.kind = 'school') as "is_school!",
            exists (select from organisation o where o.id = $1 and o.kind = 'college') as "is_college!"
           from teaching_load l
           join subject s on s.school_id = l.school_id and s.id = l.subject_id
           join academic_year y on y.school_id = l.school_id and y.id = l.year_id
           cross join lateral audience_of($1, l.id) a
           where l.school_id = $1 and l.id = $2"#,
        school.0,
        load.0,
        now,
    )
    .fetch_one(ctx.db())
    .await?)
}

/// The sheet, or the line of `only` one pupil, whoever asks: the right is the caller's to ask.
pub(super) async fn read(ctx: &mut Ctx, load: LoadId, only: Option<PupilId>, may_edit: bool) -> Done<Read> {
    let head = head(ctx, load).await?;
    let rules = all(ctx).await?;
    let columns = columns(ctx, load, &head, &rules).await?;
    let mut pupils = pupils(ctx, load, head.starts_on, head.ends_on).await?;
    pupils.retain(|p| only.is_none_or(|id| p.id == id));
    let days = (head.starts_on, head.ends_on);
    let book = crate::scale::sql::book(ctx).await?;
    let (works, current) = current(ctx, &head, &pupils, days, None, &book).await?;
    let (given, others, topics) = given(ctx, &head, &pupils, &book).await?;
    let ids: Vec<PupilId> = pupils.iter().map(|p| p.id).collect();
    let subject = SubjectId(head.subject_id);
    let exempt = crate::exemption::sql::spells(ctx, subject, &ids, (head.starts_on, head.ends_on)).await?;
    let scale = book.results(subject).unwrap_or(ScaleId(0));
    let (person, school, today) = (ctx.person(), ctx.school(), ctx.today());
    Ok(Read {
        totals: Totals {
            person,
            school,
            load,
            subject_id: subject,
            subject: head.subject,
            audience: head.audience,
            grade: head.grade,
            week_hours: Hundredths(head.week_hours),
            today,
            may_edit,
            columns,
            pupils,
            scale: book.items(scale, scale),
            works,
            current,
            given,
            others,
            rules,
            interim_form: head.interim_form,
            topics,
            exempt,
            asked: super::requests::asked(ctx, load).await?,
            is_school: head.is_school,
        },
        year: YearId(head.year_id),
        scale: scale.0,
    })
}

async fn columns(ctx: &mut Ctx, load: LoadId, head: &Head, rules: &[Rule]) -> Done<Vec<Column>> {
    let today = ctx.today();
    let shut = |locked: bool, from: NaiveDate| {
        if locked || head.year_closed {
            Some(Shut::Locked)
        } else {
            (from > today).then_some(Shut::ToCome)
        }
    };
    let year_locked = super::locks::year_is_locked(ctx, load).await?;
    let periods = periods(ctx, load).await?;
    // the year is summed up once its last period runs
    let last = periods
        .iter()
        .map(|p| p.starts_on)
        .max()
        .unwrap_or(head.starts_on);
    let taught_until = periods.iter().map(|p| p.ends_on).max().unwrap_or(head.ends_on);
    let mut columns: Vec<Column> = periods
        .into_iter()
        .map(|p| Column {
            stage: Stage::Period(p.id),
            shut: shut(p.locked, p.starts_on),
            kind: p.kind,
            number: p.number,
            starts_on: p.starts_on,
            ends_on: p.ends_on,
        })
        .collect();
    for half in half_years(&columns) {
        // by the rule in force on its last day, as everything of a period
        if terms_on(rules, head.grade, half.ends_on).half_years {
            let quarters = columns.iter().rposition(|c| c.ends_on == half.ends_on);
            columns.insert(quarters.map_or(columns.len(), |at| at + 1), half);
        }
    }
    if head.is_college {
        let with_work = |c: Column| {
            let work = c.stage.period().map(|id| Column {
                stage: Stage::Coursework(id),
                ..c.clone()
            });
            std::iter::once(c).chain(work)
        };
        columns = columns.into_iter().flat_map(with_work).collect();
    }
    if terms_on(rules, head.grade, taught_until).interim != Interim::None {
        columns.push(Column {
            stage: Stage::Interim,
            kind: String::new(),
            number: 0,
            starts_on: head.starts_on,
            ends_on: taught_until,
            // held whenever the school says, closed with the year
            shut: shut(year_locked, head.starts_on),
        });
    }
    columns.extend([Stage::Year, Stage::Exam, Stage::Final].map(|stage| Column {
        stage,
        kind: String::new(),
        number: 0,
        starts_on: head.starts_on,
        ends_on: taught_until,
        shut: shut(year_locked, last),
    }));
    Ok(columns)
}

/// The current marks of these pupils in the subject between two days, in whatever journals of the year but `without`: who has changed
/// class or subgroup brings theirs along.
pub(super) async fn current(
    ctx: &mut Ctx,
    head: &Head,
    pupils: &[Pupil],
    (from, to): (NaiveDate, NaiveDate),
    without: Option<LoadId>,
    book: &Book,
) -> Done<(Vec<Work>, Vec<Current>)> {
    let school = ctx.school();
    let without = without.map_or(0, |load| load.0);
    let ids: Vec<i64> = pupils.iter().map(|p| p.id.0).collect();
    let row_of: HashMap<i64, u16> = ids.iter().copied().zip(0u16..).collect();
    let rows = sqlx::query!(
        r#"with taught as materialized (
            select distinct t.id from teaching_load t
            join load_audience u on u.school_id = t.school_id and u.load_id = t.id
            join enrolment e on e.school_id = u.school_id and e.class_id = u.class_id
            where t.school_id = $1 and t.year_id = $2 and t.subject_id = $3 and e.pupil_id = any ($4::bigint[]) and t.id <> $7)
           select m.pupil_id, a.id, l.held_on, (a.weight * 100)::bigint as "weight!", m.scale_id, m.code as "code!"
           from taught t
           join lesson l on l.school_id = $1 and l.load_id = t.id and l.held_on between $5 and $6
           join assignment a on a.school_id = $1 and a.lesson_id = l.id
           join mark m on m.school_id = $1 and m.assignment_id = a.id and m.pupil_id = any ($4::bigint[]) and m.code is not null
           order by l.held_on, l.slot, a.position, a.id"#,
        school.0,
        head.year_id,
        head.subject_id,
        &ids,
        from,
        to,
        without,
    )
    .fetch_all(ctx.db())
    .await?;
    let results = book.results(SubjectId(head.subject_id)).unwrap_or(ScaleId(0));
    let (mut works, mut current, mut place): (Vec<Work>, Vec<Current>, HashMap<i64, u16>) =
        Default::default();
    for r in rows {
        let Some(row) = row_of.get(&r.pupil_id) else {
            continue;
        };
        let next = u16::try_from(works.len()).unwrap_or(u16::MAX);
        let at = *place.entry(r.id).or_insert_with(|| {
            works.push(Work {
                date: r.held_on,
                weight: Hundredths(r.weight),
            });
            next
        });
        current.push(Current(
            *row,
            at,
            book.counts(results, ScaleId(r.scale_id), &r.code),
        ));
    }
    Ok((works, current))
}

/// The marks that were given to these pupils, the topics of their coursework, and what those of another scale than that of the results say on it.
pub(super) async fn given(
    ctx: &mut Ctx,
    head: &Head,
    pupils: &[Pupil],
    book: &Book,
) -> Done<(Vec<Given>, Vec<Other>, Vec<Topic>)> {
    let school = ctx.school();
    let ids: Vec<i64> = pupils.iter().map(|p| p.id.0).collect();
    let results = book.results(SubjectId(head.subject_id)).unwrap_or(ScaleId(0));
    let rows = sqlx::query!(
        "select pupil_id, stage, period_id, scale_id, code, reason, version, topic from period_mark
         where school_id = $1 and year_id = $2 and subject_id = $3 and pupil_id = any ($4::bigint[])",
        school.0,
        head.year_id,
        head.subject_id,
        &ids,
    )
    .fetch_all(ctx.db())
    .await?;
    let (mut given, mut others, mut topics) = (vec![], vec![], vec![]);
    for r in rows {
        let Some(stage) = Stage::from_key(&r.stage, r.period_id.map(PeriodId)) else {
            continue;
        };
        let (pupil, scale) = (PupilId(r.pupil_id), ScaleId(r.scale_id));
        topics.extend(r.topic.map(|topic| Topic { pupil, stage, topic }));
        if let Some(code) = r.code.as_deref().filter(|_| scale != results) {
            others.push(Other {
                pupil,
                stage,
                version: r.version,
                counts: book.counts(results, scale, code),
                standing: book
                    .entry(scale, code)
                    .map(|e| e.counting.standing)
                    .unwrap_or_default(),
            });
        }
        given.push(Given {
            pupil,
            stage,
            code: r.code,
            reason: r.reason,
            version: r.version,
        });
    }
    Ok((given, others, topics))
}

/// The key of a place in the events.
pub(super) fn key_of(pupil: PupilId, subject: SubjectId, year: YearId, stage: Stage) -> String {
    let period = stage.term().map(|p| format!(":{p}")).unwrap_or_default();
    format!("{pupil}:{subject}:{year}:{}{period}", stage.key())
}

/// What lies behind a figure: the marks of the period with who gave them, and who gave and changed the mark of the column.
///
/// # Errors
/// [`AppError::NotFound`] for a journal that is not there for this actor, a pupil or a period that is not of it.
pub async fn behind(ctx: &mut Ctx, load: LoadId, pupil: PupilId, stage: Stage) -> Done<Behind> {
    let whose = of_load(ctx, load).await?;
    ctx.must(Action::View, &whose.to_read(ctx))?;
    let may_see_history = ctx.may(Action::View, &whose.resource(ctx, Kind::Audit));
    let head = head(ctx, load).await?;
    let theirs = pupils(ctx, load, head.starts_on, head.ends_on).await?;
    let rules = all(ctx).await?;
    let columns = columns(ctx, load, &head, &rules).await?;
    let column = columns.iter().find(|c| c.stage == stage);
    let (Some(column), true) = (column, theirs.iter().any(|p| p.id == pupil)) else {
        return Err(AppError::NotFound.into());
    };
    let rows = match stage {
        Stage::Period(_) => rows(ctx, &head, pupil, column).await?,
        _ => vec![],
    };
    let key = key_of(pupil, SubjectId(head.subject_id), YearId(head.year_id), stage);
    let history = if may_see_history {
        history(ctx, &key).await?
    } else {
        vec![]
    };
    let givers = match stage {
        Stage::HalfYear(_) | Stage::Year | Stage::Final => givers(ctx, &head, &[pupil.0], None).await?,
        Stage::Period(_) | Stage::Coursework(_) | Stage::Interim | Stage::Exam => vec![],
    };
    let works = match stage {
        Stage::Period(_) if may_see_history => {
            let span = (column.starts_on, column.ends_on);
            let of = (head.year_id, head.subject_id);
            crate::journal::sql::changed_works(ctx, pupil, of, span).await?
        }
        _ => vec![],
    };
    Ok(Behind {
        rows,
        history,
        givers,
        works,
    })
}

/// Who gave the marks of a column, for its figures.
///
/// # Errors
/// [`AppError::NotFound`] for a journal that is not there for this actor.
pub async fn column_givers(ctx: &mut Ctx, load: LoadId, stage: Stage) -> Done<Vec<Giver>> {
    let whose = of_load(ctx, load).await?;
    ctx.must(Action::View, &whose.to_read(ctx))?;
    let head = head(ctx, load).await?;
    let pupils = pupils(ctx, load, head.starts_on, head.ends_on).await?;
    let ids: Vec<i64> = pupils.iter().map(|p| p.id.0).collect();
    givers(ctx, &head, &ids, Some(stage)).await
}

async fn givers(ctx: &mut Ctx, head: &Head, pupils: &[i64], only: Option<Stage>) -> Done<Vec<Giver>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select m.pupil_id, m.stage, m.period_id, m.changed_at, concat_ws(' ', p.last_name, p.first_name, p.middle_name) as "by!"
           from period_mark m left join person p on p.id = m.changed_by
           where m.school_id = $1 and m.year_id = $2 and m.subject_id = $3 and m.pupil_id = any ($4::bigint[]) and m.code is not null
             and ($5::text is null or m.stage = $5 and m.period_id is not distinct from $6)"#,
        school.0,
        head.year_id,
        head.subject_id,
        pupils,
        only.map(Stage::key),
        only.and_then(Stage::period).map(|p| p.0),
    )
    .fetch_all(ctx.db())
    .await?;
    let giver = rows.into_iter().filter_map(|r| {
        Some(Giver {
            pupil: PupilId(r.pupil_id),
            stage: Stage::from_key(&r.stage, r.period_id.map(PeriodId))?,
            by: r.by,
            at: local(ctx, r.changed_at),
        })
    });
    Ok(giver.collect())
}

async fn rows(ctx: &mut Ctx, head: &Head, pupil: PupilId, column: &Column) -> Done<Vec<BehindRow>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select l.held_on, w.title as work, a.title, m.code as "code!", (a.weight * 100)::bigint as "weight!",
            m.scale_id, m.version, m.changed_at,
            full_name(p.last_name, p.first_name, p.middle_name) as "by!"
           from mark m
           join assignment a on a.school_id = m.school_id and a.id = m.assignment_id
           join work_type w on w.school_id = a.school_id and w.id = a.work_type_id
           join lesson l on l.school_id = a.school_id and l.id = a.lesson_id and l.held_on between $5 and $6
           join teaching_load t on t.school_id = l.school_id and t.id = l.load_id and t.year_id = $3 and t.subject_id = $4
           left join person p on p.id = m.changed_by
           where m.school_id = $1 and m.pupil_id = $2 and m.code is not null
           order by l.held_on, l.slot, a.position, a.id"#,
        school.0,
        pupil.0,
        head.year_id,
        head.subject_id,
        column.starts_on,
        column.ends_on,
    )
    .fetch_all(ctx.db())
    .await?;
    let book = crate::scale::sql::book(ctx).await?;
    let results = book.results(SubjectId(head.subject_id)).unwrap_or(ScaleId(0));
    let row = rows.into_iter().map(|r| BehindRow {
        date: r.held_on,
        work: crate::journal::work_name(&r.work, r.title.as_deref()),
        value: book.counts(results, ScaleId(r.scale_id), &r.code),
        code: r.code,
        weight: Hundredths(r.weight),
        by: r.by,
        at: local(ctx, r.changed_at),
        corrected: r.version > 1,
    });
    Ok(row.collect())
}

async fn history(ctx: &mut Ctx, key: &str) -> Done<Vec<Past>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select e.at, full_name(p.last_name, p.first_name, p.middle_name) as "by!",
            e.old ->> 'code' as old, e.new ->> 'code' as new, e.new ->> 'reason' as reason
           from audit_event e left join person p on p.id = e.actor_id
           where e.school_id = $1 and e.entity = 'period_mark' and e.entity_key = $2
           order by e.id desc limit 50"#,
        school.0,
        key,
    )
    .fetch_all(ctx.db())
    .await?;
    let past = rows.into_iter().map(|r| Past {
        by: r.by,
        at: local(ctx, r.at),
        old: r.old,
        new: r.new,
        comment: r.reason,
    });
    Ok(past.collect())
}
