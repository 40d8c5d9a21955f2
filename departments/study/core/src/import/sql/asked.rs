//! Requirements of a file against those of the school: what is added, what stays as the school has it.

use std::collections::{BTreeMap, HashMap};

use base::sql::{Ctx, Done};
use base::{ClassId, EmployeeId, Lang, LoadId, RoomId, SubjectId};
use timetable::draft::{DraftGap, Ignored};
use timetable::{CardIx, SchoolDraft};

use super::Found;
use super::write::Ids;
use crate::import::beside::extracurricular;
use crate::import::bounds;
use crate::import::last::last;
use crate::import::limits::{Asked, MUST, Whom, limits};
use crate::import::pairs::pairs;
use crate::import::rooming::{Listed, roomings};
use crate::import::rooms::rooms;
use crate::requirement::sql::{add, add_missing, in_force};
use crate::requirement::terms::{Target, Terms};
use crate::requirement::{Kind, Weight, words};
use crate::t;

/// What the file asks, seen from the school.
pub(super) struct Wishes {
    /// What the school asks just so, or will.
    taken: Vec<Asked>,
    /// Names of those among them that are extracurricular by their name.
    beside: Vec<String>,
    /// What is asked of lessons that the file names together: new with each import, as its lessons are.
    pub lists: Vec<Listed>,
    /// Of how many the school asks something else already.
    differ: u32,
    /// What no requirement says.
    pub lost: Vec<Ignored>,
    /// The school counts nothing that a file requires of single lessons.
    pub single_off: bool,
    /// What becomes of the file's rules of days between.
    pub series: Firm,
}

/// How many of a file's rules of days between lessons must be, seen from the school.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Firm {
    /// They must be here as well.
    pub must: u32,
    /// The school has days between of its own for subjects or loads of theirs.
    own: u32,
    /// The school counts no series, so none of these holds.
    off: u32,
}

impl Firm {
    fn of(draft: &SchoolDraft, found: &Found, known: &HashMap<(Kind, Target), Vec<Terms>>) -> Self {
        let firm =
            |g: &&DraftGap| g.days > 0 && g.cards.len() > 1 && g.weight.is_some_and(|weight| weight >= MUST);
        let firm = draft.gaps.iter().filter(firm);
        let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let all_off = known.get(&(Kind::Series, Target::School));
        if all_off.is_some_and(|rows| rows.iter().any(|row| row.weight == Weight::Off)) {
            return Self {
                off: size(firm.count()),
                ..Self::default()
            };
        }
        let asks = |target: Option<Target>| {
            let rows = target.and_then(|target| known.get(&(Kind::Spread, target)));
            rows.is_some_and(|rows| rows.iter().any(|row| row.weight < Weight::Must))
        };
        let id = |all: &[Option<i64>], n: usize| all.get(n).copied().flatten();
        // by card: whether the school's own word goes before the series
        let mut own: Vec<bool> = vec![];
        for (n, load) in draft.loads.iter().enumerate() {
            let mine = id(&found.loads, n).map(|id| Target::Load(LoadId(id)));
            let subject = id(&found.subjects, load.subject.ix()).map(|id| Target::Subject(SubjectId(id)));
            let asked = asks(mine) || asks(subject);
            own.extend(load.cards.iter().map(|_| asked));
        }
        let is_own = |card: &CardIx| own.get(card.ix()).copied().unwrap_or(false);
        let (own, must): (Vec<&DraftGap>, _) = firm.partition(|g| g.cards.iter().any(is_own));
        Self {
            must: size(must.len()),
            own: size(own.len()),
            off: 0,
        }
    }

    /// What the school makes softer, in sentences.
    fn softer(self, lang: Lang) -> impl Iterator<Item = String> {
        let off = (self.off > 0).then(|| {
            let (title, weight) = (words::title(lang, Kind::Series), words::weight(lang, Weight::Off));
            t::import_lost_series_off(lang, i64::from(self.off), title, weight)
        });
        let own = (self.own > 0)
            .then(|| t::import_lost_series_own(lang, i64::from(self.own), words::title(lang, Kind::Spread)));
        off.into_iter().chain(own)
    }
}

/// Compares, changes nothing.
pub(super) async fn compare(ctx: &mut Ctx, draft: &SchoolDraft, found: &Found) -> Done<Wishes> {
    let mut known: HashMap<(Kind, Target), Vec<Terms>> = HashMap::new();
    for row in in_force(ctx, None).await? {
        let at = known.entry((row.terms.kind, row.terms.target)).or_default();
        at.push(row.terms);
    }
    let (limits, pairs, last) = (limits(draft), pairs(draft), last(draft));
    let together = roomings(draft);
    let mut out = Wishes {
        taken: vec![],
        beside: extracurricular(draft, &found.subjects)
            .filter_map(|asked| match asked.whom {
                Whom::Subject(n) => draft.subjects.get(n).cloned(),
                _ => None,
            })
            .collect(),
        lists: together.lists,
        differ: 0,
        lost: [
            limits.lost,
            pairs.lost,
            last.lost,
            bounds::lost(draft),
            together.lost,
        ]
        .concat(),
        single_off: known
            .get(&(Kind::FileLessons, Target::School))
            .is_some_and(|rows| rows.iter().any(|row| row.weight == Weight::Off)),
        series: Firm::of(draft, found, &known),
    };
    let rooms = rooms(draft).into_keys().map(|whom| Asked {
        kind: Kind::Rooms,
        whom,
        value: None,
        weight: Weight::Must,
        must: true,
    });
    let asked = [limits.asked, pairs.asked, last.asked, together.asked].concat();
    let beside = extracurricular(draft, &found.subjects);
    for asked in asked.into_iter().chain(rooms).chain(beside) {
        let there = target(
            asked,
            [&found.teachers, &found.classes, &found.loads, &found.subjects],
        )
        .and_then(|target| known.get(&(asked.kind, target)));
        let says = |t: &Terms| t.value == asked.value && t.weight == asked.weight;
        match there {
            Some(rows) if !rows.iter().any(says) => out.differ += 1,
            _ => out.taken.push(asked),
        }
    }
    Ok(out)
}

/// `None`: a teacher, class or load that the school does not have yet.
fn target(asked: Asked, [teachers, classes, loads, subjects]: [&[Option<i64>]; 4]) -> Option<Target> {
    let id = |all: &[Option<i64>], n: usize| all.get(n).copied().flatten();
    let target = match asked.whom {
        Whom::Teacher(n) => Target::Teacher(EmployeeId(id(teachers, n)?)),
        Whom::Class(n) => Target::Class(ClassId(id(classes, n)?)),
        Whom::School => Target::School,
        Whom::Subject(n) => Target::Subject(SubjectId(id(subjects, n)?)),
        Whom::Load(n) => Target::Load(LoadId(id(loads, n)?)),
        Whom::Pair(one, other) => Target::Pair(LoadId(id(loads, one)?), LoadId(id(loads, other)?)),
    };
    Some(Terms::new(asked.kind, target, asked.value).settled().target)
}

impl Wishes {
    /// What comes along, in sentences: of teachers, of classes, of the school, of pairs of loads.
    pub(super) fn kept(&self, lang: Lang) -> Vec<String> {
        let mut groups: BTreeMap<(u8, Kind), Vec<Weight>> = BTreeMap::new();
        let by_name = |asked: &&Asked| asked.kind == Kind::Extracurricular;
        for asked in self.taken.iter().filter(|asked| !by_name(asked)) {
            let of = match asked.whom {
                Whom::Teacher(_) => 0,
                Whom::Class(_) => 1,
                Whom::School => 2,
                Whom::Pair(..) => 3,
                Whom::Subject(_) | Whom::Load(_) => 4,
            };
            groups.entry((of, asked.kind)).or_default().push(asked.weight);
        }
        for list in &self.lists {
            groups.entry((5, list.kind)).or_default().push(list.weight);
        }
        let line = |((of, kind), weights): ((u8, Kind), Vec<Weight>)| {
            let said = Weight::ALL.into_iter().filter_map(|w| {
                let n = weights.iter().filter(|x| **x == w).count();
                (n > 0).then(|| format!("{} — {n}", words::weight(lang, w).to_lowercase()))
            });
            let said = said.collect::<Vec<_>>().join(", ");
            let n = i64::try_from(weights.len()).unwrap_or(i64::MAX);
            let title = words::title(lang, kind);
            match of {
                0 => t::import_kept_teachers(lang, n, title, said),
                1 => t::import_kept_classes(lang, n, title, said),
                2 => t::import_kept_school(lang, title, said),
                3 => t::import_kept_pairs(lang, n, title, said),
                5 => t::import_kept_lists(lang, n, title, said),
                _ => t::import_kept_subjects(lang, n, title, said),
            }
        };
        let beside = (!self.beside.is_empty()).then(|| {
            let n = i64::try_from(self.beside.len()).unwrap_or(i64::MAX);
            t::import_kept_extracurricular(lang, n, self.beside.join(", "))
        });
        groups.into_iter().map(line).chain(beside).collect()
    }

    /// What the file holds for a must and the school can only wish.
    pub(super) fn softer(&self, lang: Lang) -> Vec<String> {
        let mut counts: BTreeMap<(Kind, Weight), i64> = BTreeMap::new();
        for asked in self
            .taken
            .iter()
            .filter(|asked| asked.must && asked.weight < Weight::Must)
        {
            *counts.entry((asked.kind, asked.weight)).or_default() += 1;
        }
        let line = |((kind, weight), n): ((Kind, Weight), i64)| {
            t::import_lost_softer(lang, n, words::title(lang, kind), words::weight(lang, weight))
        };
        counts
            .into_iter()
            .map(line)
            .chain(self.series.softer(lang))
            .collect()
    }

    /// What does not, though a requirement could say it.
    pub(super) fn left(&self, lang: Lang) -> Option<String> {
        (self.differ > 0).then(|| t::import_lost_differ(lang, i64::from(self.differ)))
    }
}

/// Writes what the school does not ask yet.
pub(super) async fn write(
    ctx: &mut Ctx,
    draft: &SchoolDraft,
    wishes: &Wishes,
    of: &Ids,
    loads: &[i64],
) -> Done<()> {
    if wishes.taken.is_empty() {
        return Ok(());
    }
    let ids = |all: &[i64]| all.iter().copied().map(Some).collect::<Vec<_>>();
    let (teachers, classes) = (ids(&of.teachers), ids(&of.classes));
    let (loads, subjects) = (ids(loads), ids(&of.subjects));
    let rooms = rooms(draft);
    let terms = wishes.taken.iter().filter_map(|asked| {
        let target = target(*asked, [&teachers, &classes, &loads, &subjects])?;
        let named = rooms.get(&asked.whom).filter(|_| asked.kind == Kind::Rooms);
        let named = named.into_iter().flatten().filter_map(|n| of.rooms.get(*n));
        Some(Terms {
            weight: asked.weight,
            rooms: named.map(|id| RoomId(*id)).collect(),
            ..Terms::new(asked.kind, target, asked.value)
        })
    });
    add_missing(ctx, &terms.collect::<Vec<_>>()).await
}

/// Writes what is asked of lessons that the file names together; `kept`: what of the file is kept for its versions.
pub(super) async fn write_lists(
    ctx: &mut Ctx,
    draft: &SchoolDraft,
    wishes: &Wishes,
    kept: Option<i64>,
) -> Done<()> {
    let Some(kept) = kept else { return Ok(()) };
    let numbers: Vec<u32> = draft.card_list().map(|(_, _, card)| card.source_id).collect();
    let named = |list: &Listed| {
        let number = |card: &CardIx| numbers.get(card.ix()).copied();
        // of whom it is asked is known once the list has a number
        let terms = Terms {
            weight: list.weight,
            ..Terms::new(list.kind, Target::School, list.value)
        };
        (list.cards.iter().filter_map(number).collect(), terms)
    };
    let asked: Vec<(Vec<u32>, Terms)> = wishes.lists.iter().map(named).collect();
    add(ctx, kept, &asked).await
}
