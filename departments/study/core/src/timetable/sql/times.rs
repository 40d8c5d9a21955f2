//! When: bells, who is away, and the law of a day.

use std::collections::{BTreeMap, HashMap};

use base::sql::{Ctx, Done};
use base::{LoadId, SubjectId, YearId};
use chrono::{NaiveDate, NaiveTime};
use timetable::TimeSet;

use super::board::{Head, Places, small};
use crate::requirement::sql::who;
use crate::requirement::{Cell, Term, Weight, Who};
use crate::timetable::board::{
    ClassRow, GroupRow, LoadRow, RingRow, RingTime, RoomRow, SubjectRow, TeacherRow,
};
use crate::timetable::later::{Lessons, close_lessons, times_of};
use crate::timetable::norms::NormRow;
use crate::timetable::norms::law::{LawRow, law_on};

/// Bells of each grade and weekday, put on every day of the version's cycle. A grade without any bells may have
/// lessons in all slots: its school has not said yet when they ring. The schedules themselves come back.
pub(super) async fn bells(
    ctx: &mut Ctx,
    year: YearId,
    classes: &mut [ClassRow],
    head: &Head,
) -> Done<Vec<RingRow>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select u.grade, u.weekday, u.schedule_id, s.title, s.shift, b.number, b.starts_at, b.ends_at from bell_use u
         join bell_schedule s on s.school_id = u.school_id and s.id = u.schedule_id
         join bell b on b.school_id = u.school_id and b.schedule_id = u.schedule_id
         where u.school_id = $1 and u.year_id = $2 order by u.grade, u.weekday, b.number",
        school.0,
        year.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let size = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let (days, slots) = (size(head.days.len()), size(head.slots.len()));
    let week = days / small(head.info.cycle_weeks).max(1);
    let mut by_grade: HashMap<i16, (TimeSet, Clock, Clock)> = HashMap::new();
    let mut rings: BTreeMap<i64, RingRow> = BTreeMap::new();
    for r in rows {
        let ring = rings.entry(r.schedule_id).or_insert_with(|| RingRow {
            title: r.title,
            shift: r.shift,
            times: vec![],
            uses: vec![],
        });
        if ring.uses.last() != Some(&(r.grade, r.weekday)) {
            ring.uses.push((r.grade, r.weekday));
        }
        if ring.uses.len() == 1 {
            ring.times.push(RingTime {
                number: r.number,
                starts: r.starts_at,
                ends: r.ends_at,
            });
        }
        let (set, starts, ends) = by_grade.entry(r.grade).or_insert_with(|| {
            let none = || vec![None; head.slots.len()];
            (TimeSet::new(), none(), none())
        });
        let (Ok(weekday), Ok(slot)) = (u16::try_from(r.weekday - 1), u16::try_from(r.number - 1)) else {
            continue;
        };
        // the day of the first week, and of the second where there is one; a version has no more slots than it was made with, however
        // many bells the school has since
        for day in (0..days).filter(|d| slot < slots && week > 0 && d % week == weekday) {
            set.insert(day, slot);
        }
        if let Some(start @ None) = starts.get_mut(usize::from(slot)) {
            *start = Some(r.starts_at);
        }
        if let Some(end @ None) = ends.get_mut(usize::from(slot)) {
            *end = Some(r.ends_at);
        }
    }
    for class in classes {
        match by_grade.get(&class.grade) {
            Some((set, starts, ends)) => {
                class.bells = set.clone();
                class.starts.clone_from(starts);
                class.ends.clone_from(ends);
            }
            None => class.bells = TimeSet::daily(days, 0, slots),
        }
    }
    Ok(rings.into_values().collect())
}

/// Times of a day, by slot.
type Clock = Vec<Option<NaiveTime>>;

/// The lists whose times away are filled in, with the positions of their ids.
pub(super) struct Things<'a> {
    pub teachers: (&'a mut [TeacherRow], &'a Places),
    pub classes: (&'a mut [ClassRow], &'a Places),
    pub groups: (&'a mut [GroupRow], &'a Places),
    pub rooms: (&'a mut [RoomRow], &'a Places),
    pub loads: &'a mut [LoadRow],
    pub subjects: &'a [SubjectRow],
}

/// Hours that are closed on a day, or rather not wished: of several terms of one hour the heaviest counts.
pub(super) async fn unavailable(
    ctx: &mut Ctx,
    year: YearId,
    on: NaiveDate,
    things: &mut Things<'_>,
) -> Done<()> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select employee_id, class_id, subgroup_id, room_id, subject_id, load_id, day, slot,
            (array_agg(weight order by array_position(array['must', 'very', 'rather', 'maybe'], weight)))[1] as "weight!"
         from unavailability
         where school_id = $1 and year_id = $2 and daterange(valid_from, valid_to, '[]') @> $3::date
         group by employee_id, class_id, subgroup_id, room_id, subject_id, load_id, day, slot"#,
        school.0,
        year.0,
        on,
    )
    .fetch_all(ctx.db())
    .await?;
    for r in rows {
        let at = |id: Option<i64>, places: &Places| id.and_then(|id| places.get(&id)).copied();
        // what is only wished has its weight; of subgroups and rooms nothing is only wished
        let wish = Weight::from_key(&r.weight).filter(|w| *w < Weight::Must);
        let lessons = match (r.subject_id, r.load_id) {
            (Some(id), _) => Some(Lessons::Subject(SubjectId(id))),
            (_, Some(id)) => Some(Lessons::Load(LoadId(id))),
            (None, None) => None,
        };
        if let Some(lessons) = lessons {
            close_lessons(
                things.loads,
                things.subjects,
                lessons,
                wish,
                (small(r.day), small(r.slot)),
            );
            continue;
        }
        let away = if let Some(n) = at(r.employee_id, things.teachers.1) {
            let row = things.teachers.0.get_mut(n);
            row.map(|t| times_of(wish, &mut t.away, &mut t.unwanted))
        } else if let Some(n) = at(r.class_id, things.classes.1) {
            let row = things.classes.0.get_mut(n);
            row.map(|c| times_of(wish, &mut c.away, &mut c.unwanted))
        } else if let Some(n) = at(r.subgroup_id, things.groups.1) {
            things.groups.0.get_mut(n).map(|g| &mut g.away)
        } else {
            let room = at(r.room_id, things.rooms.1);
            room.and_then(|n| things.rooms.0.get_mut(n)).map(|r| &mut r.away)
        };
        if let Some(away) = away {
            away.insert(small(r.day), small(r.slot));
        }
    }
    Ok(())
}

/// A row of hours.
struct Hour {
    employee_id: Option<i64>,
    class_id: Option<i64>,
    subgroup_id: Option<i64>,
    room_id: Option<i64>,
    subject_id: Option<i64>,
    load_id: Option<i64>,
    day: i16,
    slot: i16,
    weight: String,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
}

/// The hours with their dates, of those that hold on some day from the first to the last.
pub(super) async fn dated(
    ctx: &mut Ctx,
    year: YearId,
    (first, last): (NaiveDate, NaiveDate),
) -> Done<Vec<(Who, Cell)>> {
    let school = ctx.school();
    let rows = sqlx::query_as!(
        Hour,
        "select employee_id, class_id, subgroup_id, room_id, subject_id, load_id, day, slot, weight, valid_from, valid_to
         from unavailability
         where school_id = $1 and year_id = $2 and daterange(valid_from, valid_to, '[]') && daterange($3, $4, '[]')
         order by id",
        school.0,
        year.0,
        first,
        last,
    )
    .fetch_all(ctx.db())
    .await?;
    let row = |r: &Hour| {
        let columns = [
            r.employee_id,
            r.class_id,
            r.subgroup_id,
            r.room_id,
            r.subject_id,
            r.load_id,
        ];
        let who = who(columns);
        let cell = Cell {
            day: r.day,
            slot: r.slot,
            weight: Weight::from_key(&r.weight)?,
            term: Term {
                from: r.valid_from,
                to: r.valid_to,
            },
        };
        Some((who?, cell))
    };
    Ok(rows.iter().filter_map(row).collect())
}

/// The law of some days for the kind of organisation, with its dates; where a lower level has a row of its own for the same thing, that one
/// comes first, and a row for some months before one for the whole year.
pub(super) async fn laws(
    ctx: &mut Ctx,
    (first, last): (NaiveDate, NaiveDate),
    org_kind: &str,
) -> Done<Vec<LawRow>> {
    let rows = sqlx::query!(
        r#"select kind, grade_from, grade_to, week_days, value, clause, valid_from, valid_to, month_from, month_to,
            -- a school's own setting needs no confirmation
            (confirmed or level = 'school') as "confirmed!" from norm
         where valid_from <= $2 and coalesce(valid_to, $1) >= $1 and org_kind = $3
         order by kind, case level when 'school' then 0 when 'regional' then 1 else 2 end, month_from is null,
            grade_from, week_days"#,
        first,
        last,
        org_kind,
    )
    .fetch_all(ctx.db())
    .await?;
    let month = |n: i16| u32::try_from(n).ok();
    let row = rows.into_iter().map(|r| LawRow {
        norm: NormRow {
            kind: r.kind,
            grade_from: r.grade_from,
            grade_to: r.grade_to,
            week_days: r.week_days,
            value: r.value,
            clause: r.clause,
            valid_from: r.valid_from,
            confirmed: r.confirmed,
        },
        valid_to: r.valid_to,
        months: r.month_from.and_then(month).zip(r.month_to.and_then(month)),
    });
    Ok(row.collect())
}

/// The law of a day.
pub(crate) async fn norms(ctx: &mut Ctx, on: NaiveDate, org_kind: &str) -> Done<Vec<NormRow>> {
    Ok(law_on(&laws(ctx, (on, on), org_kind).await?, on))
}
