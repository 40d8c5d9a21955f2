//! Hours of a file against those of the school, as with requirements: whoever has hours in the school keeps them, whoever has none gets
//! the file's.

use std::collections::BTreeMap;

use base::sql::{Ctx, Done};
use base::{ClassId, EmployeeId, Lang, LoadId, RoomId, SubgroupId, SubjectId, YearId};
use timetable::draft::Ignored;
use timetable::{SchoolDraft, TimeSet};

use super::Found;
use super::write::{Ids, short};
use crate::import::times::{Whose, darken, times};
use crate::requirement::hours::{Cell, Hours, MOST, Term, Who};
use crate::requirement::sql::{add_hours, hours};
use crate::requirement::weight::Weight;
use crate::requirement::words;
use crate::t;
use crate::timetable::sql::year_now;

/// Ids of everybody who may have hours, in the draft's order; 0: not in the school yet.
struct Known {
    teachers: Vec<i64>,
    classes: Vec<i64>,
    groups: Vec<i64>,
    rooms: Vec<i64>,
    subjects: Vec<i64>,
    loads: Vec<i64>,
}

impl Known {
    /// `None`: the school does not have them yet.
    fn who(&self, whose: Whose) -> Option<Who> {
        let id = |all: &[i64], n: usize| all.get(n).copied().filter(|id| *id != 0);
        Some(match whose {
            Whose::Teacher(n) => Who::Teacher(EmployeeId(id(&self.teachers, n)?)),
            Whose::Class(n) => Who::Class(ClassId(id(&self.classes, n)?)),
            Whose::Group(n) => Who::Group(SubgroupId(id(&self.groups, n)?)),
            Whose::Room(n) => Who::Room(RoomId(id(&self.rooms, n)?)),
            Whose::Subject(n) => Who::Subject(SubjectId(id(&self.subjects, n)?)),
            Whose::Load(n) => Who::Load(LoadId(id(&self.loads, n)?)),
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
    /// Hours of single lessons, which no painted hours say.
    pub lost: Vec<Ignored>,
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
fn of_file(draft: &SchoolDraft, asked: BTreeMap<Whose, Hours>) -> Vec<(Whose, Hours)> {
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
    let mut all: BTreeMap<Whose, Hours> = all.filter(|(_, hours)| !hours.is_empty()).collect();
    for (whose, hours) in asked {
        let mine = all.entry(whose).or_default();
        hours
            .cells()
            .for_each(|cell| darken(mine, cell.day, cell.slot, cell.weight));
    }
    all.into_iter().collect()
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
    let ids = Known {
        teachers: ids(&found.teachers),
        classes: ids(&found.classes),
        groups: ids(&found.groups),
        rooms: ids(&found.rooms),
        subjects: ids(&found.subjects),
        loads: ids(&found.loads),
    };
    let asked = times(draft);
    let mut out = Away {
        lost: asked.lost,
        ..Away::default()
    };
    for (whose, hours) in of_file(draft, asked.painted) {
        let who = ids.who(whose);
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
        let must = |hours: &Hours| hours.cells().filter(|cell| cell.weight == Weight::Must).count();
        let sum = |of: fn(Whose) -> bool| {
            let mine = self.taken.iter().filter(|(whose, _)| of(*whose));
            mine.map(|(_, hours)| must(hours)).sum()
        };
        [
            sum(|w| matches!(w, Whose::Teacher(_))),
            sum(|w| matches!(w, Whose::Class(_))),
            sum(|w| matches!(w, Whose::Group(_))),
            sum(|w| matches!(w, Whose::Room(_))),
        ]
    }

    /// What else comes along: hours that subjects and loads keep out of, and hours that somebody would rather not have.
    pub(super) fn asked(&self, lang: Lang) -> Vec<String> {
        let mut counts: BTreeMap<(u8, Weight), i64> = BTreeMap::new();
        for (whose, hours) in &self.taken {
            let of = match whose {
                Whose::Subject(_) => 0,
                Whose::Load(_) => 1,
                Whose::Teacher(_) => 2,
                Whose::Class(_) | Whose::Group(_) | Whose::Room(_) => 3,
            };
            for weight in Weight::ALL {
                let painted = hours.cells().any(|cell| cell.weight == weight);
                // when teachers and classes cannot is told by the hour
                if painted && (of < 2 || weight < Weight::Must) {
                    *counts.entry((of, weight)).or_default() += 1;
                }
            }
        }
        let line = |of: u8| {
            let said = counts.iter().rev().filter(|((whose, _), _)| *whose == of);
            let said = said.map(|((_, weight), n)| format!("{} — {n}", words::weight(lang, *weight)));
            let said = said.collect::<Vec<_>>().join(", ");
            let words: fn(Lang, String) -> String = match of {
                0 => t::import_kept_hours_subjects,
                1 => t::import_kept_hours_loads,
                2 => t::import_kept_hours_teachers,
                _ => t::import_kept_hours_classes,
            };
            (!said.is_empty()).then(|| words(lang, said))
        };
        (0..4).filter_map(line).collect()
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
pub(super) async fn write(ctx: &mut Ctx, year: YearId, away: &Away, of: &Ids, loads: &[i64]) -> Done<()> {
    let ids = Known {
        teachers: of.teachers.clone(),
        classes: of.classes.clone(),
        groups: of.groups.clone(),
        rooms: of.rooms.clone(),
        subjects: of.subjects.clone(),
        loads: loads.to_vec(),
    };
    let mut all: BTreeMap<Who, Hours> = BTreeMap::new();
    for (whose, hours) in &away.taken {
        let Some(who) = ids.who(*whose) else { continue };
        let mine = all.entry(who).or_default();
        for cell in hours.cells() {
            mine.set(cell.term, cell.day, cell.slot, Some(cell.weight));
        }
    }
    add_hours(ctx, year, &all).await
}
