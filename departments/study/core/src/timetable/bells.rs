//! When lessons begin and end, for whom: what ways between buildings are reckoned by.

use chrono::{NaiveTime, Timelike as _};

use super::board::{BoardData, ClassRow, RingRow};

/// From and to, in minutes of the day.
type Bell = (u16, u16);

fn minute(at: NaiveTime) -> u16 {
    u16::try_from(at.num_seconds_from_midnight() / 60).unwrap_or(0)
}

impl BoardData {
    /// When most classes have the lesson of a slot: for lessons of classes whose own bells nobody has entered.
    #[must_use]
    pub fn usual_bell(&self, slot: usize) -> Option<Bell> {
        let bells = self.classes.iter().filter_map(|c| {
            let at = |list: &[Option<NaiveTime>]| list.get(slot).copied().flatten().map(minute);
            Some((at(&c.starts)?, at(&c.ends)?))
        });
        let mut counts: std::collections::BTreeMap<Bell, usize> = std::collections::BTreeMap::new();
        bells.for_each(|bell| *counts.entry(bell).or_default() += 1);
        let most = counts
            .into_iter()
            .max_by_key(|(bell, count)| (*count, std::cmp::Reverse(*bell)));
        most.map(|(bell, _)| bell)
    }

    /// The bells of a class on each day of the version, day after day, by slot: a primary school has its own breaks, and a Monday that
    /// begins with a gathering its own bells. Empty where the class has none.
    pub(crate) fn bells_of(&self, class: &ClassRow) -> Vec<Option<Bell>> {
        let mine: Vec<(&RingRow, i16)> = self
            .rings
            .iter()
            .flat_map(|ring| ring.uses.iter().map(move |of| (ring, *of)))
            .filter(|(_, (grade, _))| *grade == class.grade)
            .map(|(ring, (_, weekday))| (ring, weekday))
            .collect();
        if mine.is_empty() {
            return vec![];
        }
        let week = self.days_a_week().max(1);
        let day_of = |weekday: i16| usize::try_from(weekday - 1).ok();
        let mut all = vec![None; self.days.len() * self.slots.len()];
        for (day, bells) in all.chunks_mut(self.slots.len().max(1)).enumerate() {
            for (ring, _) in mine
                .iter()
                .filter(|(_, weekday)| day_of(*weekday) == Some(day % week))
            {
                for time in &ring.times {
                    let slot = usize::try_from(time.number - 1).ok();
                    if let Some(bell @ None) = slot.and_then(|slot| bells.get_mut(slot)) {
                        *bell = Some((minute(time.starts), minute(time.ends)));
                    }
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use timetable::{Placement, Reason, RoomIx, RoomKind, TeacherIx};

    use super::*;
    use crate::building::{BuildingRow, BuildingTerms, WalkRow};
    use crate::requirement::{Kind, Requirement, Target, Terms, Weight};
    use crate::timetable::board::{RingTime, RoomRow, TeacherRow};
    use crate::timetable::samples;
    use base::{BuildingId, ClassId, EmployeeId, RequirementId, RoomId};

    /// Hours and minutes.
    type At = (u32, u32);

    fn ring(title: &str, grades: &[i16], weekdays: &[i16], times: &[(At, At)]) -> RingRow {
        let time = |(hour, minute): (u32, u32)| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        let uses = weekdays
            .iter()
            .flat_map(|day| grades.iter().map(move |grade| (*grade, *day)));
        RingRow {
            title: title.into(),
            shift: 1,
            times: (1..)
                .zip(times)
                .map(|(number, (starts, ends))| RingTime {
                    number,
                    starts: time(*starts),
                    ends: time(*ends),
                })
                .collect(),
            uses: uses.collect(),
        }
    }

    /// Two classes of the fifth grade and one of the second, which on Monday has a long first break; the others have theirs after the
    /// second lesson. On Tuesday all have short breaks. Two buildings, a quarter of an hour from one another.
    fn school() -> BoardData {
        let mut data = samples::data(vec![
            samples::class("5А", 5),
            samples::class("5Б", 5),
            samples::class("2А", 2),
        ]);
        for (n, class) in (1..).zip(&mut data.classes) {
            class.id = ClassId(n);
        }
        let usual = [((8, 0), (8, 45)), ((8, 55), (9, 40)), ((10, 0), (10, 45))];
        let primary = [((8, 0), (8, 40)), ((9, 0), (9, 40)), ((9, 50), (10, 30))];
        let short = [((8, 0), (8, 40)), ((8, 45), (9, 25)), ((9, 30), (10, 10))];
        data.rings = vec![
            ring("Обычные", &[5], &[1], &usual),
            ring("Начальная школа", &[2], &[1], &primary),
            ring("Сокращённые", &[2, 5], &[2], &short),
        ];
        // as they are loaded: by the longest of the weekdays
        for class in &mut data.classes {
            let (starts, ends): (Vec<_>, Vec<_>) = data.rings[0]
                .times
                .iter()
                .map(|t| (Some(t.starts), Some(t.ends)))
                .unzip();
            (class.starts, class.ends) = (starts, ends);
        }
        let building = |n: i64, name: &str| BuildingRow {
            id: BuildingId(n),
            terms: BuildingTerms {
                name: name.into(),
                address: None,
            },
        };
        data.buildings = vec![building(1, "Главное"), building(2, "Начальная школа")];
        data.walks = vec![WalkRow {
            one: BuildingId(1),
            other: BuildingId(2),
            minutes: 15,
        }];
        let room = |n: u32| RoomRow {
            id: RoomId(i64::from(n) + 1),
            name: format!("{n}"),
            kind: RoomKind(0),
            capacity: None,
            shared_by: 1,
            away: timetable::TimeSet::new(),
            building: Some(n),
            floor: None,
        };
        data.rooms = vec![room(0), room(1)];
        data.room_kinds = vec!["обычный".into()];
        data.teachers = vec![TeacherRow {
            id: EmployeeId(1),
            name: "Волкова Е. А.".into(),
            away: timetable::TimeSet::new(),
            unwanted: vec![],
        }];
        data.requirements = vec![Requirement {
            id: RequirementId(1),
            revision: 0,
            terms: Terms {
                weight: Weight::Must,
                ..Terms::new(Kind::Walk, Target::School, None)
            },
        }];
        data
    }

    /// The teacher has these lessons: class, day, slot, room. What the review finds of her ways, in minutes that there are.
    fn breaks(lessons: &[(u32, u16, u16, u32)]) -> Vec<u16> {
        let mut data = school();
        for (class, day, slot, room) in lessons {
            samples::placed(&mut data, *class, Some(*slot));
            data.loads.last_mut().unwrap().teachers = vec![TeacherIx(0)];
            data.cards.last_mut().unwrap().place = Some(Placement {
                day: *day,
                slot: *slot,
                room: Some(RoomIx(*room)),
            });
        }
        let board = data.board().unwrap();
        let of_hers = |reason: &Reason| match reason {
            Reason::TeacherTooFar { minutes, .. } => Some(*minutes),
            _ => None,
        };
        let found = board.conflicts();
        found.iter().filter_map(|p| of_hers(&p.reason)).collect()
    }

    #[test]
    fn a_primary_class_with_its_own_breaks_is_reckoned_by_them() {
        // by the bells of most classes this would be ten minutes: a clash that is none
        assert_eq!(breaks(&[(2, 0, 0, 1), (2, 0, 1, 0)]), [0_u16; 0]);
        // and this would be twenty: a clash that would be missed
        assert_eq!(breaks(&[(2, 0, 1, 1), (2, 0, 2, 0)]), [10]);
        // the others go by theirs
        assert_eq!(breaks(&[(0, 0, 0, 0), (1, 0, 1, 1)]), [10]);
        assert_eq!(breaks(&[(0, 0, 1, 0), (1, 0, 2, 1)]), [0_u16; 0]);
    }

    #[test]
    fn from_one_class_to_another_the_end_is_of_the_one_and_the_beginning_of_the_other() {
        // 2А ends at 8:40, 5А begins at 8:55; 5А ends at 8:45, 2А begins at 9:00
        assert_eq!(breaks(&[(2, 0, 0, 1), (0, 0, 1, 0)]), [0_u16; 0]);
        assert_eq!(breaks(&[(0, 0, 0, 0), (2, 0, 1, 1)]), [0_u16; 0]);
        // both end at 9:40, but 2А begins at 9:50 and 5А at 10:00
        assert_eq!(breaks(&[(0, 0, 1, 0), (2, 0, 2, 1)]), [10]);
        assert_eq!(breaks(&[(2, 0, 1, 1), (0, 0, 2, 0)]), [0_u16; 0]);
    }

    #[test]
    fn each_weekday_has_its_bells_and_a_grade_without_any_goes_by_those_of_most() {
        assert_eq!(breaks(&[(0, 1, 1, 0), (1, 1, 2, 1)]), [5]);
        let mut data = school();
        assert_eq!(
            data.bells_of(&data.classes[0])[1],
            Some((8 * 60 + 55, 9 * 60 + 40))
        );
        assert_eq!(
            data.bells_of(&data.classes[0]).len(),
            data.days.len() * data.slots.len()
        );
        data.rings.clear();
        assert_eq!(data.bells_of(&data.classes[0]), []);
        let spec = data.spec();
        assert_eq!(spec.site.clock[2], Some((600, 645)));
    }
}
