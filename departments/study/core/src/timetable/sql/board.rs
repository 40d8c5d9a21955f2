//! One version with everything the judge needs: one short query a list, joined here into dense indices.

use std::collections::HashMap;

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, ClassId, EmployeeId, LoadId, RoomId, SubgroupId, SubjectId, VersionId, YearId};
use chrono::NaiveDate;
use timetable::{Audience, ClassIx, GroupIx, RoomIx, RoomKind, SubjectIx, TeacherIx, TimeSet};

use super::cards::cards;
use super::{Sight, sight, times};
use crate::timetable::board::{
    BoardData, ClassRow, GroupRow, LoadRow, OrgKind, RoomRow, SubjectRow, TeacherRow, VersionInfo,
    VersionState,
};
use crate::timetable::days::in_language;
use crate::timetable::later::Dated;
use crate::timetable::norms::law::law_on;
use crate::timetable::single::{Person, Single};

/// Positions of ids in their lists.
pub(super) type Places = HashMap<i64, usize>;

fn places(ids: impl Iterator<Item = i64>) -> Places {
    ids.enumerate().map(|(n, id)| (id, n)).collect()
}

pub(super) fn small(n: i16) -> u16 {
    u16::try_from(n).unwrap_or(0)
}

fn count(n: Option<i64>) -> u32 {
    u32::try_from(n.unwrap_or(0)).unwrap_or(u32::MAX)
}

/// Loads the editor's board.
///
/// # Errors
/// Not found for a version of another school, and for a draft to those who may not edit.
pub async fn board(ctx: &mut Ctx, version: VersionId) -> Done<BoardData> {
    board_on(ctx, version, None).await
}

/// The same as it is on a day of the version, rather than today.
pub(super) async fn board_on(ctx: &mut Ctx, version: VersionId, on: Option<NaiveDate>) -> Done<BoardData> {
    let sight = sight(ctx)?;
    let head = head(ctx, version, sight, on).await?;
    let whole = Resource::of_school(Kind::Timetable, ctx.school());
    let draft = head.info.state == VersionState::Draft;
    let publishes = ctx.may(Action::Publish, &whole);
    let (may_edit, may_publish) = (draft && sight == Sight::Everything, draft && publishes);
    let holds = head.info.state == VersionState::Published && head.last >= ctx.today();
    let year = head.year;
    let buildings = crate::building::sql::buildings(ctx).await?;
    let building_at = places(buildings.iter().map(|b| b.id.0));
    let mut rooms = rooms(ctx, &building_at).await?;
    let room_at = places(rooms.iter().map(|r| r.0.id.0));
    let mut room_kinds: Vec<String> = Vec::new();
    for (row, kind) in &mut rooms {
        row.kind = kind_ix(&mut room_kinds, kind);
    }
    let mut rooms: Vec<RoomRow> = rooms.into_iter().map(|(row, _)| row).collect();
    let mut classes = classes(ctx, year, head.norms_on, &room_at).await?;
    let class_at = places(classes.iter().map(|c| c.id.0));
    let mut groups = groups(ctx, year, head.norms_on, &class_at).await?;
    let group_at = places(groups.iter().map(|g| g.id.0));
    let apart = apart(ctx, &group_at).await?;
    let mut teachers = teachers(ctx, year).await?;
    let teacher_at = places(teachers.iter().map(|t| t.id.0));
    let subjects = subjects(ctx, year).await?;
    let subject_at = places(subjects.iter().map(|s| s.id.0));
    let raw = loads(ctx, year, &head).await?;
    let load_at = places(raw.iter().map(|l| l.id));
    let mut loads: Vec<LoadRow> = raw
        .into_iter()
        .map(|l| LoadRow {
            id: LoadId(l.id),
            subject: SubjectIx::at(subject_at.get(&l.subject).copied().unwrap_or(0)),
            teachers: l
                .teachers
                .iter()
                .filter_map(|id| teacher_at.get(id))
                .map(|n| TeacherIx::at(*n))
                .collect(),
            audience: l
                .classes
                .iter()
                .zip(&l.groups)
                .filter_map(|(class, group)| match group {
                    0 => class_at.get(class).map(|n| Audience::Class(ClassIx::at(*n))),
                    id => group_at.get(id).map(|n| Audience::Group(GroupIx::at(*n))),
                })
                .collect(),
            room_kind: l.room_kind.map(|kind| kind_ix(&mut room_kinds, &kind)),
            rooms: l
                .rooms
                .iter()
                .filter_map(|id| room_at.get(id))
                .map(|n| RoomIx::at(*n))
                .collect(),
            difficulty: small(l.points),
            away: TimeSet::new(),
            unwanted: vec![],
        })
        .collect();
    let (cards, activities) = cards(ctx, version, &load_at, &room_at).await?;
    let rings = times::bells(ctx, year, &mut classes, &head).await?;
    // who cannot come when, and what is wished, is the planner's knowledge; a reader does not need it
    let mut requirements = vec![];
    let mut dated = Dated::default();
    let mut single = Single::default();
    let mut lists = vec![];
    if sight == Sight::Everything {
        let mut things = times::Things {
            teachers: (&mut teachers, &teacher_at),
            classes: (&mut classes, &class_at),
            groups: (&mut groups, &group_at),
            rooms: (&mut rooms, &room_at),
            loads: &mut loads,
            subjects: &subjects,
        };
        times::unavailable(ctx, year, head.norms_on, &mut things).await?;
        requirements = crate::requirement::sql::in_force(ctx, Some(head.norms_on)).await?;
        dated.hours = times::dated(ctx, year, (head.norms_on, head.last)).await?;
        dated.requirements = crate::requirement::sql::in_force(ctx, None).await?;
        if !activities.is_empty() {
            let of_file = super::single::of_file(ctx, version).await?;
            let at = |places: &Places, id: i64| places.get(&id).and_then(|n| i64::try_from(*n).ok());
            let person = |of| match of {
                Person::Teacher(id) => at(&teacher_at, id).map(Person::Teacher),
                Person::Class(id) => at(&class_at, id).map(Person::Class),
                Person::Group(id) => at(&group_at, id).map(Person::Group),
            };
            lists = super::single::lists(ctx, version, &activities).await?;
            single = of_file.turned(|activity| activities.get(activity).copied(), person);
        }
    }
    let laws = times::laws(ctx, (head.norms_on, head.last), &head.org_kind).await?;
    let law = law_on(&laws, head.norms_on);
    let of_law = law.len();
    let norms = crate::requirement::facts::with_own(law, &requirements, ctx.lang());
    dated.own_norms = norms.len().saturating_sub(of_law);
    if sight == Sight::Everything {
        dated.law = laws;
    }
    let mut data = BoardData {
        version: head.info,
        org_name: head.org_name,
        org: OrgKind::from_key(&head.org_kind),
        days: head.days,
        slots: head.slots,
        teachers,
        classes,
        groups,
        apart,
        rooms,
        buildings,
        walks: crate::building::sql::walks(ctx).await?,
        room_kinds,
        subjects,
        loads,
        cards,
        norms,
        requirements,
        dated,
        single,
        lists,
        rings,
        plans: sight == Sight::Everything,
        may_edit,
        may_publish,
        may_withdraw: publishes && holds,
        person: ctx.person(),
        today: ctx.today(),
        utc_offset: ctx.actor().utc_offset,
    };
    // most versions see no change: nothing is carried along for nothing
    if data.later_days().is_empty() {
        data.dated = Dated::default();
    }
    Ok(data)
}

fn kind_ix(kinds: &mut Vec<String>, kind: &str) -> RoomKind {
    let n = kinds.iter().position(|k| k == kind).unwrap_or_else(|| {
        kinds.push(kind.to_owned());
        kinds.len() - 1
    });
    RoomKind::at(n)
}

pub(super) struct Head {
    pub info: VersionInfo,
    pub year: YearId,
    pub days: Vec<String>,
    pub slots: Vec<String>,
    pub norms_on: NaiveDate,
    /// The last day of the version.
    pub last: NaiveDate,
    pub org_name: String,
    /// `organisation.kind`
    pub org_kind: String,
}

async fn head(ctx: &mut Ctx, version: VersionId, sight: Sight, on: Option<NaiveDate>) -> Done<Head> {
    let (school, today) = (ctx.school(), on.unwrap_or(ctx.today()));
    let r = sqlx::query!(
        r#"select v.title, v.state, v.valid_from, v.valid_to, v.revision, v.cycle_weeks, v.changed_at, v.year_id,
            v.day_names, v.slot_names, y.starts_on, y.ends_on, o.short_name as org_name, o.kind as org_kind,
            p.last_name as "last_name?", p.first_name as "first_name?", p.middle_name,
            made.id as "made_id?", made.title as "made_title?", exists (
                select from compose_run g where g.school_id = v.school_id and g.version_id = v.id and g.state in ('waiting', 'running')
            ) as "composing!"
         from timetable_version v
         join academic_year y on y.school_id = v.school_id and y.id = v.year_id
         join organisation o on o.id = v.school_id
         left join person p on p.id = v.changed_by
         left join lateral (
            select s.id, s.title from compose_run c
            join timetable_version s on s.school_id = c.school_id and s.id = c.version_id
            where c.school_id = v.school_id and c.result_id = v.id order by c.id desc limit 1
         ) made on true
         where v.school_id = $1 and v.id = $2"#,
        school.0,
        version.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let state = VersionState::from_key(&r.state);
    if sight == Sight::Published && state != VersionState::Published {
        return Err(AppError::NotFound.into());
    }
    // judged by the law of today, or of the nearest day on which it can be in force
    let first = r.valid_from.unwrap_or(r.starts_on);
    let last = r.valid_to.unwrap_or(r.ends_on).max(first);
    let norms_on = today.clamp(first, last);
    Ok(Head {
        info: VersionInfo {
            id: version,
            title: r.title,
            state,
            valid_from: r.valid_from,
            valid_to: r.valid_to,
            revision: r.revision,
            cycle_weeks: r.cycle_weeks,
            changed_by: r
                .last_name
                .zip(r.first_name)
                .filter(|_| sight == Sight::Everything)
                .map(|(last, first)| base::name::short(&last, &first, r.middle_name.as_deref())),
            changed_at: r.changed_at,
            made_from: r
                .made_id
                .zip(r.made_title)
                .filter(|_| sight == Sight::Everything)
                .map(|(id, title)| (VersionId(id), title)),
            composing: r.composing && sight == Sight::Everything,
            year_from: r.starts_on,
            year_to: r.ends_on,
        },
        year: YearId(r.year_id),
        days: in_language(ctx.lang(), r.day_names),
        slots: r.slot_names,
        norms_on,
        last,
        org_name: r.org_name,
        org_kind: r.org_kind,
    })
}

async fn rooms(ctx: &mut Ctx, building_at: &Places) -> Done<Vec<(RoomRow, String)>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select id, name, kind, capacity, shared_by, building_id, floor from room where school_id = $1 order by name, id",
        school.0
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let row = RoomRow {
                id: RoomId(r.id),
                name: r.name,
                kind: RoomKind(0),
                capacity: r.capacity.and_then(|n| u32::try_from(n).ok()),
                shared_by: small(r.shared_by),
                away: TimeSet::new(),
                building: r
                    .building_id
                    .and_then(|id| building_at.get(&id))
                    .and_then(|n| u32::try_from(*n).ok()),
                floor: r.floor,
            };
            (row, r.kind)
        })
        .collect())
}

async fn classes(ctx: &mut Ctx, year: YearId, on: NaiveDate, room_at: &Places) -> Done<Vec<ClassRow>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select c.id, c.name, c.grade, c.shift, c.home_room_id, p.week_days,
            greatest((select count(*) from enrolment e where e.school_id = c.school_id and e.class_id = c.id
                and e.starts_on <= $3 and coalesce(e.ends_on, $3) >= $3), 0) as enrolled, c.planned_pupils::bigint as planned
         from class c join parallel p on p.school_id = c.school_id and p.year_id = c.year_id and p.grade = c.grade
         where c.school_id = $1 and c.year_id = $2 order by c.grade = 0, c.grade, c.name, c.id"#,
        school.0,
        year.0,
        on,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| ClassRow {
            id: ClassId(r.id),
            name: r.name,
            grade: r.grade,
            shift: r.shift,
            week_days: r.week_days,
            pupils: count(r.enrolled.filter(|n| *n > 0).or(r.planned)),
            home_room: r
                .home_room_id
                .and_then(|id| room_at.get(&id))
                .map(|n| RoomIx::at(*n)),
            bells: TimeSet::new(),
            starts: vec![],
            ends: vec![],
            away: TimeSet::new(),
            unwanted: vec![],
        })
        .collect())
}

async fn groups(ctx: &mut Ctx, year: YearId, on: NaiveDate, class_at: &Places) -> Done<Vec<GroupRow>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select g.id, g.class_id, g.name, g.planned_pupils::bigint as planned,
            dense_rank() over (order by g.class_id, g.split) as "split!",
            (select count(*) from subgroup_member m where m.school_id = g.school_id and m.subgroup_id = g.id
                and m.starts_on <= $3 and coalesce(m.ends_on, $3) >= $3) as members
         from subgroup g join class c on c.school_id = g.school_id and c.id = g.class_id
         where g.school_id = $1 and c.year_id = $2 order by g.class_id, g.split, g.name, g.id"#,
        school.0,
        year.0,
        on,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|r| {
            Some(GroupRow {
                id: SubgroupId(r.id),
                class: ClassIx::at(*class_at.get(&r.class_id)?),
                name: r.name,
                split: u16::try_from(r.split).unwrap_or(u16::MAX),
                pupils: count(r.members.filter(|n| *n > 0).or(r.planned)),
                away: TimeSet::new(),
            })
        })
        .collect())
}

async fn apart(ctx: &mut Ctx, group_at: &Places) -> Done<Vec<(GroupIx, GroupIx)>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select subgroup_id, other_id from subgroup_apart where school_id = $1 order by subgroup_id, other_id",
        school.0
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|r| {
            Some((
                GroupIx::at(*group_at.get(&r.subgroup_id)?),
                GroupIx::at(*group_at.get(&r.other_id)?),
            ))
        })
        .collect())
}

pub(crate) async fn teachers(ctx: &mut Ctx, year: YearId) -> Done<Vec<TeacherRow>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select e.id, p.last_name, p.first_name, p.middle_name
         from employee e join person p on p.id = e.person_id
         where e.school_id = $1 and exists (
            select from load_teacher t join teaching_load l on l.school_id = t.school_id and l.id = t.load_id
            where t.school_id = e.school_id and t.employee_id = e.id and l.year_id = $2)
         order by p.last_name, p.first_name, p.middle_name, e.id",
        school.0,
        year.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| TeacherRow {
            id: EmployeeId(r.id),
            name: base::name::short(&r.last_name, &r.first_name, r.middle_name.as_deref()),
            away: TimeSet::new(),
            unwanted: vec![],
        })
        .collect())
}

async fn subjects(ctx: &mut Ctx, year: YearId) -> Done<Vec<SubjectRow>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select id, name, short_name, template from subject s where school_id = $1
         and exists (select from teaching_load l where l.school_id = s.school_id and l.subject_id = s.id and l.year_id = $2)
         order by name, id",
        school.0,
        year.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| SubjectRow {
            id: SubjectId(r.id),
            name: r.name,
            short_name: r.short_name,
            template: r.template,
        })
        .collect())
}

struct RawLoad {
    id: i64,
    subject: i64,
    room_kind: Option<String>,
    teachers: Vec<i64>,
    classes: Vec<i64>,
    groups: Vec<i64>,
    rooms: Vec<i64>,
    points: i16,
}

async fn loads(ctx: &mut Ctx, year: YearId, head: &Head) -> Done<Vec<RawLoad>> {
    let school = ctx.school();
    Ok(sqlx::query_as!(
        RawLoad,
        r#"select l.id, l.subject_id as subject, l.room_kind,
            array(select t.employee_id from load_teacher t where t.school_id = l.school_id and t.load_id = l.id
                order by t.employee_id) as "teachers!",
            array(select a.class_id from load_audience a where a.school_id = l.school_id and a.load_id = l.id
                order by a.id) as "classes!",
            array(select coalesce(a.subgroup_id, 0) from load_audience a where a.school_id = l.school_id
                and a.load_id = l.id order by a.id) as "groups!",
            array(select r.room_id from load_room r where r.school_id = l.school_id and r.load_id = l.id
                order by r.room_id) as "rooms!",
            -- a stream over several grades counts as its hardest
            coalesce((select max(d.points) from load_audience a
                join class c on c.school_id = a.school_id and c.id = a.class_id
                join subject s on s.school_id = l.school_id and s.id = l.subject_id
                join norm_difficulty d on d.org_kind = $4 and d.subject = s.template and d.grade = c.grade
                    and d.valid_from <= $3 and coalesce(d.valid_to, $3) >= $3
                where a.school_id = l.school_id and a.load_id = l.id), 0)::smallint as "points!"
         from teaching_load l where l.school_id = $1 and l.year_id = $2 order by l.id"#,
        school.0,
        year.0,
        head.norms_on,
        head.org_kind,
    )
    .fetch_all(ctx.db())
    .await?)
}
