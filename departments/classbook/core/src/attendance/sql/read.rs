//! The classes whose attendance one sees, and a month of one of them.

use std::collections::{BTreeMap, BTreeSet};

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done};
use base::{AbsenceReasonId, AppError, ClassId, PupilId};
use chrono::{Datelike as _, Days, Months, NaiveDate};

use super::facts::{may_set, of_class};
use super::open::{Of, open};
use super::rule::{notions, rules};
use crate::attendance::reason::{Document, Paper, Reason, in_words};
use crate::attendance::sheet::{Act, ClassLine, ClassList, Code, Line, Sheet, letter};
use crate::attendance::tally::{DayOf, Tally, tally};
use crate::deadline::rule::terms_on;
use crate::deadline::sql::{Year, terms, year};
use crate::journal::sql::facts::{Reach, employee};

/// The classes of the year whose attendance the actor may see, their own first.
///
/// # Errors
/// [`AppError::NotFound`] for who sees no diary of pupils.
pub async fn classes(ctx: &mut Ctx) -> Done<ClassList> {
    let reach = Reach::of_kind(ctx, Action::View, Kind::Diary);
    if ctx.actor().role.family().is_some() || !(reach.all || reach.class) {
        return Err(AppError::NotFound.into());
    }
    let rules = rules(ctx).await?;
    let Some(year) = year(ctx).await? else {
        return Ok(ClassList {
            classes: vec![],
            rules,
        });
    };
    let (school, employee) = (ctx.school(), employee(ctx));
    let rows = sqlx::query!(
        r#"select c.id, c.name, coalesce(c.class_teacher_id = $3, false) as "own!",
            coalesce((select short_name(n.last_name, n.first_name, n.middle_name)
                from employee e join person n on n.id = e.person_id
                where e.school_id = $1 and e.id = c.class_teacher_id), '') as "teacher!"
           from class c where c.school_id = $1 and c.year_id = $2 and ($4 or c.class_teacher_id = $3)
           order by coalesce(c.class_teacher_id = $3, false) desc, c.grade, c.name"#,
        school.0,
        year.id,
        employee,
        reach.all,
    )
    .fetch_all(ctx.db())
    .await?;
    let terms = terms(ctx).await?;
    let of = match (reach.all, ctx.employee()) {
        (false, Some(teacher)) => Of::Teacher(teacher),
        _ => Of::All,
    };
    let mut pupils: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for (class, run) in open(ctx, year, &terms, of).await? {
        pupils.entry(class.class.0).or_default().insert(run.pupil.0);
    }
    let count = |class| pupils.get(&class).map_or(0, BTreeSet::len);
    let classes = rows
        .into_iter()
        .map(|r| ClassLine {
            class: ClassId(r.id),
            open: i64::try_from(count(r.id)).unwrap_or(i64::MAX),
            name: r.name,
            teacher: r.teacher,
            own: r.own,
        })
        .collect();
    Ok(ClassList { classes, rules })
}

/// A month of a class: the asked one, else today's, kept inside the class's year.
///
/// # Errors
/// [`AppError::NotFound`] for a class that is not for the actor to see.
pub async fn sheet(ctx: &mut Ctx, class: ClassId, month: Option<NaiveDate>) -> Done<Sheet> {
    let facts = of_class(ctx, class).await?;
    let today = ctx.today();
    let from = month
        .unwrap_or(today)
        .clamp(facts.starts_on, facts.ends_on)
        .with_day(1)
        .unwrap_or(today);
    let to = from
        .checked_add_months(Months::new(1))
        .and_then(|next| next.pred_opt())
        .unwrap_or(from);
    let of = Year {
        id: facts.year,
        starts_on: facts.starts_on,
        ends_on: facts.ends_on,
    };
    let terms = terms(ctx).await?;
    let notions = notions(ctx, to).await?;
    let (days_of, recorded) = recorded(ctx, class, (from, to)).await?;
    let codes = codes(ctx).await?;
    let days: BTreeSet<NaiveDate> = days_of
        .values()
        .flatten()
        .filter(|d| d.lessons > 0 && (from..=to).contains(&d.date) && d.date <= today)
        .map(|d| d.date)
        .collect();
    let mut lines = pupils(ctx, class, from, to).await?;
    for line in &mut lines {
        let all = days_of.get(&line.pupil.0).map(Vec::as_slice).unwrap_or_default();
        line.tally = tally(all, (from, to), today, &notions);
        let shown = |d: &&DayOf| (from..=to).contains(&d.date) && d.missed() + d.late > 0;
        line.days = all.iter().filter(shown).copied().collect();
        let stands = |day: &DayOf| {
            let there = recorded.get(&(line.pupil.0, day.date))?;
            Some((day.date, letter(day, there, &codes)?.to_owned()))
        };
        line.letters = line.days.iter().filter_map(stands).collect();
    }
    let runs = open(ctx, of, &terms, Of::Class(class)).await?;
    Ok(Sheet {
        class,
        may_edit: may_set(ctx, facts.leads),
        name: facts.name,
        teacher: facts.teacher,
        today,
        utc_offset: ctx.actor().utc_offset,
        month: from,
        year: (facts.starts_on, facts.ends_on),
        days: days.into_iter().collect(),
        lines,
        open: runs.into_iter().map(|(_, run)| run).collect(),
        acts: acts(ctx, class, from, to).await?,
        codes,
        notions,
        reason_days: terms_on(&terms, today).reason_days,
    })
}

async fn pupils(ctx: &mut Ctx, class: ClassId, from: NaiveDate, to: NaiveDate) -> Done<Vec<Line>> {
    let (school, today) = (ctx.school(), ctx.today());
    let rows = sqlx::query!(
        r#"select e.pupil_id, concat_ws(' ', n.last_name, n.first_name) as "name!",
            not bool_or(coalesce(e.ends_on, 'infinity') >= least($4::date, $5::date)) as "gone!"
           from enrolment e
           join pupil p on p.school_id = $1 and p.id = e.pupil_id
           join person n on n.id = p.person_id
           where e.school_id = $1 and e.class_id = $2 and e.starts_on <= $4 and coalesce(e.ends_on, 'infinity') >= $3
           group by e.pupil_id, n.last_name, n.first_name, n.middle_name
           order by n.last_name, n.first_name, n.middle_name, e.pupil_id"#,
        school.0,
        class.0,
        from,
        to,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Line {
            pupil: PupilId(r.pupil_id),
            name: r.name,
            gone: r.gone,
            days: vec![],
            letters: vec![],
            tally: Tally::default(),
        })
        .collect())
}

/// The days of each pupil of a class, with the whole of the weeks that reach into the span. Lessons that do not take place (cancelled, in a
/// holiday, outside of the class's periods) are none.
pub(crate) async fn days(
    ctx: &mut Ctx,
    class: ClassId,
    span: (NaiveDate, NaiveDate),
) -> Done<BTreeMap<i64, Vec<DayOf>>> {
    Ok(recorded(ctx, class, span).await?.0)
}

/// What stands in the lessons of a pupil's day, in order.
type Recorded = BTreeMap<(i64, NaiveDate), Vec<String>>;

/// As [`days`], and which codes they hold.
async fn recorded(
    ctx: &mut Ctx,
    class: ClassId,
    (from, to): (NaiveDate, NaiveDate),
) -> Done<(BTreeMap<i64, Vec<DayOf>>, Recorded)> {
    let school = ctx.school();
    let monday = from
        .checked_sub_days(Days::new(u64::from(from.weekday().num_days_from_monday())))
        .unwrap_or(from);
    let rows = sqlx::query!(
        r#"with here as materialized (
            select e.pupil_id, e.starts_on, coalesce(e.ends_on, 'infinity') as ends_on from enrolment e
            where e.school_id = $1 and e.class_id = $2 and e.starts_on <= $4 and coalesce(e.ends_on, 'infinity') >= $3
         ), taught as ( -- to the whole class, and to their subgroups
            select h.pupil_id, u.load_id, h.starts_on, h.ends_on
            from here h join load_audience u on u.school_id = $1 and u.class_id = $2 and u.subgroup_id is null
            union
            select h.pupil_id, u.load_id, greatest(h.starts_on, m.starts_on), least(h.ends_on, coalesce(m.ends_on, 'infinity'))
            from here h
            join subgroup_member m on m.school_id = $1 and m.pupil_id = h.pupil_id
            join load_audience u on u.school_id = $1 and u.class_id = $2 and u.subgroup_id = m.subgroup_id
         ), off as materialized (
            select d::date as day from generate_series($3::date, $4::date, interval '1 day') d where class_is_off($1, $2, d::date)
         ), lessons as (
            select distinct t.pupil_id, l.id, l.held_on, l.slot, k.subject_id
            from taught t
            join teaching_load k on k.school_id = $1 and k.id = t.load_id
            join lesson l on l.school_id = $1 and l.load_id = t.load_id and l.held_on between greatest(t.starts_on, $3) and least(t.ends_on, $4)
            where l.state <> 'cancelled'
              and (l.state = 'held' or l.held_on not in (select off.day from off))
         ), seen as (
            select s.pupil_id, s.held_on, s.slot, k.code, k.reason,
                exists (select from exemption x where x.school_id = $1 and x.pupil_id = s.pupil_id and x.subject_id = s.subject_id
                    and s.held_on between x.starts_on and x.ends_on and not x.attends and x.withdrawn_at is null) as exempt
            from lessons s
            left join attendance a on a.school_id = $1 and a.lesson_id = s.id and a.pupil_id = s.pupil_id
            left join attendance_code k on k.school_id = $1 and k.code = a.code
         )
         select pupil_id as "pupil!", held_on as "date!", count(*) filter (where not exempt) as "lessons!",
            count(*) filter (where not exempt and reason = 'unknown') as "unknown!",
            count(*) filter (where not exempt and reason = 'ill') as "ill!",
            count(*) filter (where not exempt and reason = 'excused') as "excused!",
            count(*) filter (where not exempt and reason = 'unexcused') as "unexcused!",
            count(*) filter (where not exempt and reason = 'late') as "late!",
            count(*) filter (where exempt) as "exempt!",
            coalesce(array_agg(code order by slot) filter (where not exempt and code is not null), '{}') as "codes!: Vec<String>"
         from seen group by pupil_id, held_on order by pupil_id, held_on"#,
        school.0,
        class.0,
        monday,
        to,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut days: BTreeMap<i64, Vec<DayOf>> = BTreeMap::new();
    let mut recorded = Recorded::new();
    for r in rows {
        if !r.codes.is_empty() {
            recorded.insert((r.pupil, r.date), r.codes);
        }
        days.entry(r.pupil).or_default().push(DayOf {
            date: r.date,
            lessons: r.lessons,
            unknown: r.unknown,
            ill: r.ill,
            excused: r.excused,
            unexcused: r.unexcused,
            late: r.late,
            exempt: r.exempt,
        });
    }
    Ok((days, recorded))
}

/// The reasons that were set for pupils of the class and days of the span.
async fn acts(ctx: &mut Ctx, class: ClassId, from: NaiveDate, to: NaiveDate) -> Done<Vec<Act>> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let rows = sqlx::query!(
        r#"select r.id, concat_ws(' ', n.last_name, n.first_name) as "name!", r.starts_on, r.ends_on, r.code, k.title,
            r.document_kind, r.document_number, r.document_on, r.made_at, r.withdrawn_at is not null as "withdrawn!",
            (select count(*) from absence_reason_lesson x where x.school_id = $1 and x.reason_id = r.id) as "lessons!",
            coalesce((select short_name(h.last_name, h.first_name, h.middle_name)
                from person h where h.id = r.made_by), '') as "by!"
           from absence_reason r
           join attendance_code k on k.school_id = $1 and k.code = r.code
           join pupil p on p.school_id = $1 and p.id = r.pupil_id
           join person n on n.id = p.person_id
           where r.school_id = $1 and r.starts_on <= $4 and r.ends_on >= $3
             and exists (select from enrolment e where e.school_id = $1 and e.pupil_id = r.pupil_id and e.class_id = $2
                and e.starts_on <= r.ends_on and coalesce(e.ends_on, 'infinity') >= r.starts_on)
           order by r.made_at desc, r.id desc limit 100"#,
        school.0,
        class.0,
        from,
        to,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Act {
            id: AbsenceReasonId(r.id),
            name: r.name,
            starts_on: r.starts_on,
            ends_on: r.ends_on,
            code: r.code,
            title: in_words(&r.title, lang),
            paper: Paper {
                kind: Document::from_key(&r.document_kind).unwrap_or(Document::Other),
                number: r.document_number.unwrap_or_default(),
                on: r.document_on,
            },
            lessons: r.lessons,
            by: r.by,
            at: r.made_at,
            withdrawn: r.withdrawn,
        })
        .collect())
}

/// The codes of the school that mean something.
pub(super) async fn codes(ctx: &mut Ctx) -> Done<Vec<Code>> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let rows = sqlx::query!(
        r#"select code, title, reason as "reason!" from attendance_code
           where school_id = $1 and reason is not null order by position, code"#,
        school.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let codes = rows.into_iter().filter_map(|r| {
        Some(Code {
            code: r.code,
            title: in_words(&r.title, lang),
            reason: Reason::from_key(&r.reason)?,
        })
    });
    Ok(codes.collect())
}
