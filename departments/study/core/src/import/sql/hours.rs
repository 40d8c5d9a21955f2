//! Hours of a file against those of the school, as with requirements: whoever has hours in the school keeps them, whoever has none gets
//! the file's.

use std::collections::BTreeMap;

use base::sql::{Ctx, Done};
use base::{ClassId, EmployeeId, Lang, RoomId, SubgroupId, YearId};
use timetable::{SchoolDraft, TimeSet};

use super::Found;
use super::write::{Ids, short};
use crate::requirement::hours::{Cell, Hours, MOST, Term, Who};
use crate::requirement::sql::{add_hours, hours};
use crate::requirement::weight::Weight;
use crate::t;
use crate::timetable::sql::year_now;

/// Whose hours, by position in the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Teacher(usize),
    Class(usize),
    Group(usize),
    Room(usize),
}

impl Whose {
    /// `None`: the school does not have them yet.
    fn who(self, teachers: &[i64], classes: &[i64], groups: &[i64], rooms: &[i64]) -> Option<Who> {
        let id = |all: &[i64], n: usize| all.get(n).copied().filter(|id| *id != 0);
        Some(match self {
            Self::Teacher(n) => Who::Teacher(EmployeeId(id(teachers, n)?)),
            Self::Class(n) => Who::Class(ClassId(id(classes, n)?)),
            Self::Group(n) => Who::Group(SubgroupId(id(groups, n)?)),
            Self::Room(n) => Who::Room(RoomId(id(rooms, n)?)),
        })
    }
}

/// The hours of a file, seen from the school.
#[derive(Default)]
pub(super) struct Away {
    /// What the school has just so, or will.
    taken: Vec<(Whose, Hours)>,
    /// Of how many the school has other hours already.
    differ: u32,
    /// Of those that will get some, how many the school has already: what is in force is judged by them, too.
    known: u32,
}

/// A draft's hours as the school keeps them: always, and without exception.
fn as_hours(times: &TimeSet) -> Hours {
    let cells = times.iter().map(|(day, slot)| Cell {
        day: short(day),
        slot: short(slot),
        weight: Weight::Must,
        term: Term::ALWAYS,
    });
    Hours::from(
        cells
            .filter(|c| c.day < MOST.0 && c.slot < MOST.1)
            .collect::<Vec<_>>(),
    )
}

/// Whoever has hours in the file. Breaks are nobody's, so all classes are away then.
fn of_file(draft: &SchoolDraft) -> Vec<(Whose, Hours)> {
    let class = |times: &TimeSet| {
        let mut all = times.clone();
        all.union(&draft.breaks);
        as_hours(&all)
    };
    let teachers = draft.teachers.iter().map(|t| as_hours(&t.away)).enumerate();
    let classes = draft.classes.iter().map(|c| class(&c.away)).enumerate();
    let groups = draft.groups.iter().map(|g| as_hours(&g.away)).enumerate();
    let rooms = draft.rooms.iter().map(|r| as_hours(&r.away)).enumerate();
    let all = teachers
        .map(|(n, hours)| (Whose::Teacher(n), hours))
        .chain(classes.map(|(n, hours)| (Whose::Class(n), hours)))
        .chain(groups.map(|(n, hours)| (Whose::Group(n), hours)))
        .chain(rooms.map(|(n, hours)| (Whose::Room(n), hours)));
    all.filter(|(_, hours)| !hours.is_empty()).collect()
}

/// Compares, changes nothing.
pub(super) async fn compare(ctx: &mut Ctx, draft: &SchoolDraft, found: &Found) -> Done<Away> {
    let there: BTreeMap<Who, Hours> = match year_now(ctx).await? {
        Some((year, _)) => {
            let all = hours(ctx, year).await?;
            all.into_iter().map(|of| (of.who, of.hours)).collect()
        }
        None => BTreeMap::new(),
    };
    let ids = |all: &[Option<i64>]| all.iter().map(|id| id.unwrap_or(0)).collect::<Vec<_>>();
    let (teachers, classes) = (ids(&found.teachers), ids(&found.classes));
    let (groups, rooms) = (ids(&found.groups), ids(&found.rooms));
    let mut out = Away::default();
    for (whose, hours) in of_file(draft) {
        let who = whose.who(&teachers, &classes, &groups, &rooms);
        match who.and_then(|who| there.get(&who)) {
            Some(has) if *has != hours => out.differ += 1,
            Some(_) => out.taken.push((whose, hours)),
            None => {
                out.known += u32::from(who.is_some());
                out.taken.push((whose, hours));
            }
        }
    }
    Ok(out)
}

impl Away {
    /// So many hours come along: of teachers, classes, subgroups, rooms.
    pub(super) fn kept(&self) -> [usize; 4] {
        let sum = |of: fn(Whose) -> bool| {
            let mine = self.taken.iter().filter(|(whose, _)| of(*whose));
            mine.map(|(_, hours)| hours.cells().count()).sum()
        };
        [
            sum(|w| matches!(w, Whose::Teacher(_))),
            sum(|w| matches!(w, Whose::Class(_))),
            sum(|w| matches!(w, Whose::Group(_))),
            sum(|w| matches!(w, Whose::Room(_))),
        ]
    }

    /// What to know before saying yes.
    pub(super) fn warning(&self, lang: Lang) -> Option<String> {
        (self.known > 0).then(|| t::import_warn_hours(lang, self.known))
    }

    /// What does not come along.
    pub(super) fn left(&self, lang: Lang) -> Option<String> {
        (self.differ > 0).then(|| t::import_lost_hours(lang, self.differ))
    }
}

/// Writes the hours of those who have none yet.
pub(super) async fn write(ctx: &mut Ctx, year: YearId, away: &Away, of: &Ids) -> Done<()> {
    let mut all: BTreeMap<Who, Hours> = BTreeMap::new();
    for (whose, hours) in &away.taken {
        let Some(who) = whose.who(&of.teachers, &of.classes, &of.groups, &of.rooms) else {
            continue;
        };
        let mine = all.entry(who).or_default();
        for cell in hours.cells() {
            mine.set(cell.term, cell.day, cell.slot, Some(cell.weight));
        }
    }
    add_hours(ctx, year, &all).await
}
