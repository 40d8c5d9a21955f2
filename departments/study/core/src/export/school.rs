//! A board as a school with names: what a file says, and what it does not.

use std::collections::{BTreeMap, BTreeSet};

use timetable::compose::{Composition, Labels, take_off_clashes, taking_turns};
use timetable::draft::{
    DraftCard, DraftClass, DraftGap, DraftGroup, DraftLast, DraftLoad, DraftRoom, DraftTeacher, DraftTie,
    TimesOf,
};
use timetable::fet::kept::{Kept, Written};
use timetable::{
    Board, BoardError, BoardSpec, CardIx, ClassIx, GroupIx, RoomIx, Rooming, SchoolDraft, TeacherIx, Tie,
    TimeSet, Weeks,
};

use super::asked::{Asked, MUST, weight, without};
use super::left::{Left, Why, why_not};
use crate::requirement::Kind;
use crate::timetable::BoardData;

/// A version with what only an export needs.
#[derive(Clone, Debug)]
pub struct Source {
    /// As the editor has it.
    pub data: BoardData,
    /// Full names of its teachers, in its order.
    pub teachers: Vec<String>,
    /// Rules of the file that it came from.
    pub(super) kept: Kept,
}

/// A school ready to be written.
#[derive(Clone, Debug)]
pub struct School {
    /// What the file says.
    pub draft: SchoolDraft,
    /// What it does not.
    pub left: Vec<Left>,
    /// Rules of the file that it came from, for a format that has them.
    pub kept: Written,
}

fn size(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Source {
    /// The board without clashes: those of its cards that clash lie nowhere, as few as it seems, locked ones last.
    fn board(&self) -> Result<(Board, u32), BoardError> {
        Self::laid(self.data.board()?)
    }

    fn laid(mut board: Board) -> Result<(Board, u32), BoardError> {
        let locked: Vec<bool> = board.cards().iter().map(|card| card.locked).collect();
        let rank = |card: CardIx| Some(u8::from(locked.get(card.ix()).copied().unwrap_or(false)));
        let gone = take_off_clashes(&mut board, 2, rank);
        Ok((board, size(gone.len())))
    }

    /// The school for FET.
    ///
    /// # Errors
    /// [`BoardError`] for a version larger than the judge handles.
    pub fn for_fet(&self) -> Result<School, BoardError> {
        // what its file says of single lessons comes back as it stood there: see `keep`
        let (board, clashes) = Self::laid(self.data.without_single().board()?)?;
        let mut left = vec![];
        if clashes > 0 {
            left.push(Left::Clashes(clashes));
        }
        let off = taking_turns(board.spec())?;
        let alternating = self
            .data
            .cards
            .iter()
            .filter(|card| card.weeks != Weeks::Every)
            .count();
        if alternating > 0 {
            left.push(Left::Alternating(size(alternating), size(off.len())));
        }
        let mut draft = self.draft(&board, &off);
        let crammed = one_at_a_time(&mut draft);
        if crammed > 0 {
            left.push(Left::Shared(crammed));
        }
        self.ask(&board, &mut draft, &mut left);
        let crowded = draft.card_list();
        let crowded =
            crowded.filter(|(_, load, card)| timetable::fet::write::crowded(&draft, load, card).is_some());
        let crowded = size(crowded.count());
        if crowded > 0 {
            left.push(Left::Crowded(crowded));
        }
        let broken = timetable::fet::broken(&draft);
        if broken > 0 {
            left.push(Left::Broken(broken));
        }
        let kept = self.keep(&draft, &mut left);
        Ok(School { draft, left, kept })
    }

    /// The school for aSc Timetables: who, what and where; nothing of what is asked.
    ///
    /// # Errors
    /// As [`Self::for_fet`].
    pub fn for_asc(&self) -> Result<School, BoardError> {
        let (board, clashes) = self.board()?;
        let mut left = vec![];
        if clashes > 0 {
            left.push(Left::Clashes(clashes));
        }
        let data = &self.data;
        let away = data.teachers.iter().map(|t| t.away.len());
        let away = away.chain(data.classes.iter().map(|c| c.away.len()));
        let away = away.chain(data.groups.iter().map(|g| g.away.len()));
        let hours = away.chain(data.rooms.iter().map(|r| r.away.len())).sum::<usize>();
        let rows = data
            .requirements
            .iter()
            .filter(|r| r.terms.kind != Kind::Doubles)
            .count();
        let rows = rows + self.kept.rules.iter().filter(|rule| rule.is_on()).count();
        if hours + rows > 0 {
            left.push(Left::Everything {
                rows: size(rows),
                hours: size(hours),
            });
        }
        if !data.apart.is_empty() {
            left.push(Left::Apart(size(data.apart.len())));
        }
        let mut draft = self.draft(&board, &BTreeSet::new());
        let crammed = one_at_a_time(&mut draft);
        if crammed > 0 {
            left.push(Left::Shared(crammed));
        }
        Ok(School {
            draft,
            left,
            kept: Written::default(),
        })
    }

    /// The problem of our own search with the timetable as its solution, as text of the archive.
    ///
    /// # Errors
    /// As [`Self::for_fet`].
    pub fn for_xhstt(&self) -> Result<(String, Vec<Left>), BoardError> {
        let (board, clashes) = self.board()?;
        let mut left = vec![];
        if clashes > 0 {
            left.push(Left::Clashes(clashes));
        }
        let locked: Vec<bool> = board
            .cards()
            .iter()
            .map(|c| c.locked && c.placement.is_some())
            .collect();
        let composition = Composition::new(&board, &locked);
        let labels = Labels {
            school: self.data.org_name.clone(),
            days: self.data.days.clone(),
            slots: self.data.slots.clone(),
            teachers: self.teachers.clone(),
            classes: self.data.classes.iter().map(|c| c.name.clone()).collect(),
            rooms: self.data.rooms.iter().map(|r| r.name.clone()).collect(),
            cards: board.card_indices().map(|card| self.title(card)).collect(),
            subjects: board
                .card_indices()
                .map(|card| self.subject(card).to_owned())
                .collect(),
        };
        let impossible = size(composition.impossible().len());
        if impossible > 0 {
            left.push(Left::Impossible(impossible));
        }
        let (archive, left_out) = composition.archive(&labels, &timetable::compose::places(&board));
        let site = &board.spec().site;
        let ways = site.walk.is_some() && !site.walks.is_empty();
        let without = |rules: &[&str]| rules.iter().any(|rule| left_out.contains_key(rule));
        let ties = &board.spec().ties;
        let tied =
            |tie: Tie| without(&["RelateEvents"]) && ties.iter().any(|of| of.tie == tie && of.counts());
        let roomings = &board.spec().roomings;
        let together = |is: fn(Rooming) -> bool| roomings.iter().any(|of| is(of.what) && of.counts());
        let unsaid = [
            (Kind::Together, tied(Tie::Together)),
            (Kind::RightAfter, tied(Tie::RightAfter)),
            (Kind::NextTo, tied(Tie::NextTo)),
            (Kind::Apart, tied(Tie::Apart)),
            (Kind::EndsDay, tied(Tie::EndsDay)),
            (Kind::LateStart, without(&["LimitLateStarts", "StartEarly"])),
            (Kind::Walk, without(&["WalkInTime"]) && ways),
            (Kind::RoomsNear, without(&["WalkInTime"]) && site.near.is_some()),
            (Kind::TeachersMoves, without(&["LimitPlaceChanges"])),
            (Kind::PeakDays, without(&["SpreadEvents"])),
            (
                Kind::RoomsAtMost,
                without(&["AvoidSplitAssignments"]) && together(|of| matches!(of, Rooming::AtMost(_))),
            ),
            (
                Kind::SameRoom,
                without(&["WalkInTime"]) && together(|of| of == Rooming::InARow),
            ),
        ];
        let unsaid: Vec<Kind> = unsaid
            .iter()
            .filter(|(_, out)| *out)
            .map(|(kind, _)| *kind)
            .collect();
        if !unsaid.is_empty() {
            left.push(Left::Unsaid(unsaid));
        }
        let kept = self.kept.rules.iter().filter(|rule| rule.is_on()).count();
        if kept > 0 {
            left.push(Left::Kept(size(kept)));
        }
        Ok((timetable::xhstt::write(&archive), left))
    }

    /// «Алгебра 7А»
    fn title(&self, card: CardIx) -> String {
        format!("{} {}", self.subject(card), self.data.audience_of(card))
    }

    fn subject(&self, card: CardIx) -> &str {
        self.data.subject_of(card).map_or("", |s| s.name.as_str())
    }

    fn draft(&self, board: &Board, off: &BTreeSet<CardIx>) -> SchoolDraft {
        let data = &self.data;
        let spec = board.spec();
        let whole = TimeSet::daily(spec.days, 0, spec.slots);
        let teacher = |(name, spec): (&String, &timetable::TeacherSpec)| DraftTeacher {
            name: name.clone(),
            away: spec.away.clone(),
        };
        let class = |(row, spec): (&crate::timetable::ClassRow, &timetable::ClassSpec)| {
            // outside its bells a class has no lessons either
            let mut away = without(&whole, &spec.bells);
            away.union(&spec.away);
            DraftClass {
                name: row.name.clone(),
                grade: u8::try_from(row.grade).ok().filter(|grade| *grade > 0),
                pupils: row.pupils,
                away,
                home_room: row.home_room,
                ..DraftClass::default()
            }
        };
        let group = |row: &crate::timetable::GroupRow| DraftGroup {
            class: row.class,
            name: row.name.clone(),
            pupils: row.pupils,
            split: row.split,
            away: row.away.clone(),
            atoms: vec![],
        };
        let room = |row: &crate::timetable::RoomRow| DraftRoom {
            name: row.name.clone(),
            building: row.building,
            capacity: row.capacity,
            away: row.away.clone(),
            shared_by: row.shared_by.max(1),
            // an ordinary room is what any other is as well
            kind: data
                .room_kinds
                .get(row.kind.ix())
                .filter(|kind| *kind != "ordinary")
                .cloned(),
        };
        let mut draft = SchoolDraft {
            name: data.org_name.clone(),
            days: data.days.clone(),
            slots: data.slots.clone(),
            subjects: data.subjects.iter().map(|s| s.name.clone()).collect(),
            teachers: self.teachers.iter().zip(&spec.teachers).map(teacher).collect(),
            buildings: data.buildings.iter().map(|b| b.terms.name.clone()).collect(),
            rooms: data.rooms.iter().map(room).collect(),
            classes: data.classes.iter().zip(&spec.classes).map(class).collect(),
            groups: data.groups.iter().map(group).collect(),
            loads: self.loads(spec, off),
            ..SchoolDraft::default()
        };
        let apart: Vec<(GroupIx, GroupIx)> = data.apart.clone();
        draft.cut_into_atoms(&apart);
        draft
    }

    /// The cards, load by load: so they are numbered in a draft.
    fn order(&self) -> Vec<CardIx> {
        let mut order: Vec<CardIx> = (0..self.data.cards.len()).map(CardIx::at).collect();
        order.sort_by_key(|card| (self.data.cards.get(card.ix()).map(|c| c.load), *card));
        order
    }

    fn loads(&self, spec: &BoardSpec, off: &BTreeSet<CardIx>) -> Vec<DraftLoad> {
        let mut loads: Vec<(u32, DraftLoad)> = vec![];
        for card in self.order() {
            let (Some(row), Some(of), Some(load)) = (
                self.data.cards.get(card.ix()),
                spec.cards.get(card.ix()),
                self.data.load_of(card),
            ) else {
                continue;
            };
            if loads.last().is_none_or(|(at, _)| *at != row.load) {
                let made = DraftLoad {
                    subject: load.subject,
                    teachers: load.teachers.clone(),
                    audience: load.audience.clone(),
                    cards: vec![],
                };
                loads.push((row.load, made));
            }
            let rooms = self.rooms_of(&of.room);
            let price = of.room.penalty.unwrap_or(spec.wishes.no_room);
            let made = DraftCard {
                source_id: card.0,
                duration: of.duration,
                weeks: row.weeks,
                off: off.contains(&card),
                rooms_must: of.room.hard && !rooms.is_empty(),
                rooms,
                rooms_weight: Some(weight(Kind::Rooms, false, price)),
                placement: of.placement,
                locked: of.locked,
            };
            if let Some((_, load)) = loads.last_mut() {
                load.cards.push(made);
            }
        }
        loads.into_iter().map(|(_, load)| load).collect()
    }

    /// The rooms that a need names, or those of its kind.
    fn rooms_of(&self, need: &timetable::RoomNeed) -> Vec<RoomIx> {
        let of_kind = |room: &RoomIx| {
            let row = self.data.rooms.get(room.ix());
            need.kind
                .is_none_or(|kind| row.is_some_and(|row| row.kind == kind))
        };
        let named = need.allowed.iter().copied().filter(of_kind);
        if need.allowed.is_empty() && need.kind.is_some() {
            (0..self.data.rooms.len())
                .map(RoomIx::at)
                .filter(of_kind)
                .collect()
        } else {
            named.collect()
        }
    }

    /// Adds what is asked, as far as FET has a word for it, and notes the rest.
    fn ask(&self, board: &Board, draft: &mut SchoolDraft, left: &mut Vec<Left>) {
        let spec = board.spec();
        let fortnight = self.data.version.cycle_weeks > 1;
        let mut asked = Asked {
            limits: vec![],
            times: vec![],
            whole: TimeSet::daily(spec.days, 0, spec.slots),
        };
        let teachers = (0..).map(TeacherIx).zip(&spec.teachers);
        for (at, teacher) in teachers {
            asked.teacher(at, teacher, fortnight);
        }
        for (at, class) in (0..).map(ClassIx).zip(&spec.classes) {
            asked.class(at, class);
        }
        let places: BTreeMap<CardIx, CardIx> = self.order().into_iter().zip((0..).map(CardIx)).collect();
        for (card, of) in (0..).map(CardIx).zip(&spec.cards) {
            let Some(at) = places.get(&card) else { continue };
            let whose = TimesOf::Cards(vec![*at]);
            if !of.away.is_empty() {
                asked.keep_out(whose.clone(), &of.away, MUST);
            }
            asked.unwanted(&whose, &of.unwanted, Kind::Hours);
        }
        for gap in &spec.gaps {
            let mut cards: Vec<CardIx> = gap.cards.iter().filter_map(|c| places.get(c).copied()).collect();
            cards.sort_unstable();
            draft.gaps.push(DraftGap {
                cards,
                days: gap.days,
                weight: Some(weight(Kind::Spread, gap.hard, gap.penalty)),
            });
        }
        // a file names lessons: partners are who lies so now, whoever waits comes last
        for of in &spec.ties {
            let kind = match of.tie {
                Tie::Together => Kind::Together,
                Tie::InOrder => Kind::InOrder,
                Tie::RightAfter => Kind::RightAfter,
                Tie::NextTo => Kind::NextTo,
                Tie::Apart => Kind::Apart,
                // no row says these
                Tie::SameHour | Tie::WithinDays(_) | Tie::Spaced(_) | Tie::BeforeOnDay => continue,
                Tie::EndsDay => {
                    let mut cards: Vec<CardIx> =
                        of.second.iter().filter_map(|c| places.get(c).copied()).collect();
                    cards.sort_unstable();
                    draft.last.push(DraftLast {
                        cards,
                        weight: weight(Kind::EndsDay, of.hard, of.penalty),
                        kind: String::new(),
                        line: 0,
                    });
                    continue;
                }
            };
            let pairs = board.partners(of).into_iter();
            draft.ties.extend(pairs.filter_map(|(one, other)| {
                Some(DraftTie {
                    first: *places.get(&one)?,
                    second: *places.get(&other)?,
                    tie: of.tie,
                    weight: weight(kind, of.hard, of.penalty),
                    kind: String::new(),
                    line: 0,
                })
            }));
        }
        draft.roomings = super::asked::roomings(&spec.roomings, &places);
        draft.limits = asked.limits;
        draft.times = asked.times;
        self.unasked(spec, fortnight, left);
    }

    /// Rows, wishes and norms that FET has no word for.
    fn unasked(&self, spec: &BoardSpec, fortnight: bool, left: &mut Vec<Left>) {
        let mut rows: BTreeMap<(Kind, Why), u32> = BTreeMap::new();
        for row in &self.data.requirements {
            if let Some(why) = why_not(&row.terms, fortnight) {
                *rows.entry((row.terms.kind, why)).or_default() += 1;
            }
        }
        left.extend(rows.into_iter().map(|((kind, why), n)| Left::Asked(kind, why, n)));
        let wishes = &spec.wishes;
        // as a must it is a limit of each class
        let late = spec.classes.iter().filter_map(|c| c.limits.late_start);
        let late = late.into_iter().any(|limit| !limit.hard);
        let kinds = [
            (Kind::TeacherWindow, wishes.teacher_window > 0),
            (Kind::ClassWindow, wishes.class_window > 0),
            (Kind::LateStart, late),
            (Kind::FirstRoom, wishes.other_room > 0),
            (
                Kind::Walk,
                spec.site.walk.is_some() && !spec.site.walks.is_empty(),
            ),
            (Kind::RoomsNear, spec.site.near.is_some()),
        ];
        let kinds: Vec<Kind> = kinds
            .iter()
            .filter(|(_, on)| *on)
            .map(|(kind, _)| *kind)
            .collect();
        if !kinds.is_empty() {
            left.push(Left::Wishes(kinds));
        }
        if !self.data.norms.is_empty() {
            left.push(Left::Norms);
        }
    }
}

/// Other programs hold one lesson at a time in a room. Of those that share one the first keeps it; the others keep their hour and have no
/// room, and need none. How many.
fn one_at_a_time(draft: &mut SchoolDraft) -> u32 {
    let mut taken: BTreeMap<(RoomIx, u16, u16), Vec<Weeks>> = BTreeMap::new();
    let mut moved = 0;
    for card in draft.loads.iter_mut().flat_map(|load| &mut load.cards) {
        let Some((mut at, room)) = card.placement.and_then(|at| Some((at, at.room?))) else {
            continue;
        };
        let hours = (at.slot..at.slot.saturating_add(card.duration)).map(move |slot| (room, at.day, slot));
        let meets =
            |weeks: &Weeks| *weeks == card.weeks || *weeks == Weeks::Every || card.weeks == Weeks::Every;
        let full = hours
            .clone()
            .any(|hour| taken.get(&hour).is_some_and(|all| all.iter().any(meets)));
        if full {
            at.room = None;
            card.placement = Some(at);
            card.rooms_must = false;
            moved += 1;
        } else {
            hours.for_each(|hour| taken.entry(hour).or_default().push(card.weeks));
        }
    }
    moved
}
