//! When: bells, who is away, and the law of a day.

use std::collections::HashMap;

use base::YearId;
use base::sql::{Ctx, Done};
use chrono::{NaiveDate, NaiveTime};
use timetable::TimeSet;

use super::board::{Head, Places, small};
use crate::timetable::board::{ClassRow, RoomRow, TeacherRow};
use crate::timetable::norms::NormRow;

/// Bells of each grade and weekday, put on every day of the version's cycle. A grade without any bells may have
/// lessons in all slots: its school has not said yet when they ring.
pub(super) async fn bells(ctx: &mut Ctx, year: YearId, classes: &mut [ClassRow], head: &Head) -> Done<()> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select u.grade, u.weekday, b.number, b.starts_at from bell_use u
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
    let mut by_grade: HashMap<i16, (TimeSet, Vec<Option<NaiveTime>>)> = HashMap::new();
    for r in rows {
        let (set, starts) = by_grade
            .entry(r.grade)
            .or_insert_with(|| (TimeSet::new(), vec![None; head.slots.len()]));
        let (Ok(weekday), Ok(slot)) = (u16::try_from(r.weekday - 1), u16::try_from(r.number - 1)) else {
            continue;
        };
        // the day of the first week, and of the second where there is one
        for day in (0..days).filter(|d| week > 0 && d % week == weekday) {
            set.insert(day, slot);
        }
        if let Some(start @ None) = starts.get_mut(usize::from(slot)) {
            *start = Some(r.starts_at);
        }
    }
    for class in classes {
        match by_grade.get(&class.grade) {
            Some((set, starts)) => {
                class.bells = set.clone();
                class.starts.clone_from(starts);
            }
            None => class.bells = TimeSet::daily(days, 0, slots),
        }
    }
    Ok(())
}

#[expect(
    clippy::too_many_arguments,
    reason = "three lists with their positions, filled in one pass"
)]
pub(super) async fn unavailable(
    ctx: &mut Ctx,
    year: YearId,
    teachers: &mut [TeacherRow],
    teacher_at: &Places,
    classes: &mut [ClassRow],
    class_at: &Places,
    rooms: &mut [RoomRow],
    room_at: &Places,
) -> Done<()> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select employee_id, class_id, room_id, day, slot from unavailability where school_id = $1 and year_id = $2",
        school.0,
        year.0,
    )
    .fetch_all(ctx.db())
    .await?;
    for r in rows {
        let away = if let Some(n) = r.employee_id.and_then(|id| teacher_at.get(&id)) {
            teachers.get_mut(*n).map(|t| &mut t.away)
        } else if let Some(n) = r.class_id.and_then(|id| class_at.get(&id)) {
            classes.get_mut(*n).map(|c| &mut c.away)
        } else {
            r.room_id
                .and_then(|id| room_at.get(&id))
                .and_then(|n| rooms.get_mut(*n))
                .map(|r| &mut r.away)
        };
        if let Some(away) = away {
            away.insert(small(r.day), small(r.slot));
        }
    }
    Ok(())
}

/// The law of a day; where a lower level has a row of its own for the same thing, that one counts.
pub(super) async fn norms(ctx: &mut Ctx, on: NaiveDate) -> Done<Vec<NormRow>> {
    Ok(sqlx::query_as!(
        NormRow,
        r#"select kind, grade_from, grade_to, week_days, value, clause,
            -- a school's own setting needs no confirmation
            (confirmed or level = 'school') as "confirmed!" from norm
         where valid_from <= $1 and coalesce(valid_to, $1) >= $1
         order by kind, case level when 'school' then 0 when 'regional' then 1 else 2 end, grade_from, week_days"#,
        on,
    )
    .fetch_all(ctx.db())
    .await?)
}
