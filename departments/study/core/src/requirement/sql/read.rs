//! Reading: the rows in force for the board, and everything for the page.

use base::rights::{Action, Kind as Resources, Resource, Role};
use base::sql::{Ctx, Done};
use base::{
    BuildingId, ClassId, EmployeeId, LessonListId, LoadId, RequirementId, RoomId, SubgroupId, SubjectId,
    YearId,
};
use chrono::NaiveDate;

use super::templates::{scale, subjects};
use crate::building::sql::{buildings, walks};
use crate::building::{RoomUse, Spot};
use crate::requirement::hours::{Cell, Hours, Term, Who};
use crate::requirement::sheet::{ClassItem, GroupItem, HoursOf, LoadItem, RoomItem, Sheet, TeacherItem};
use crate::requirement::terms::{Requirement, Target, Terms};
use crate::requirement::{Kind, Weight};
use crate::timetable::OrgKind;
use crate::timetable::sql::{norms, teachers, week_frame, year_now};

struct Raw {
    id: i64,
    revision: i32,
    kind: String,
    employee_id: Option<i64>,
    class_id: Option<i64>,
    subject_id: Option<i64>,
    load_id: Option<i64>,
    other_load_id: Option<i64>,
    lesson_list_id: Option<i64>,
    grade_from: Option<i16>,
    grade_to: Option<i16>,
    value: Option<i32>,
    room_kind: Option<String>,
    weight: String,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    rooms: Vec<i64>,
}

impl Raw {
    /// `None` for a kind that a newer server knows and this one does not.
    fn read(self) -> Option<Requirement> {
        let target = if let Some(id) = self.employee_id {
            Target::Teacher(EmployeeId(id))
        } else if let Some(id) = self.class_id {
            Target::Class(ClassId(id))
        } else if let Some(id) = self.subject_id {
            Target::Subject(SubjectId(id))
        } else if let Some((one, other)) = self.load_id.zip(self.other_load_id) {
            Target::Pair(LoadId(one), LoadId(other))
        } else if let Some(id) = self.load_id {
            Target::Load(LoadId(id))
        } else if let Some(id) = self.lesson_list_id {
            Target::Lessons(LessonListId(id))
        } else if let Some((from, to)) = self.grade_from.zip(self.grade_to) {
            Target::Grades(from, to)
        } else {
            Target::School
        };
        Some(Requirement {
            id: RequirementId(self.id),
            revision: self.revision,
            terms: Terms {
                kind: Kind::from_key(&self.kind)?,
                target,
                value: self.value,
                room_kind: self.room_kind,
                rooms: self.rooms.into_iter().map(RoomId).collect(),
                weight: Weight::from_key(&self.weight)?,
                valid_from: self.valid_from,
                valid_to: self.valid_to,
            },
        })
    }
}

/// The requirements of the school in force on a day; without a day all of them.
///
/// # Errors
/// The database's. Who may see them is the caller's to ask.
pub(crate) async fn in_force(ctx: &mut Ctx, on: Option<NaiveDate>) -> Done<Vec<Requirement>> {
    let school = ctx.school();
    let rows = sqlx::query_as!(
        Raw,
        r#"select r.id, r.revision, r.kind, r.employee_id, r.class_id, r.subject_id, r.load_id, r.other_load_id, r.lesson_list_id,
            r.grade_from, r.grade_to, r.value, r.room_kind, r.weight, r.valid_from, r.valid_to,
            array(select m.room_id from requirement_room m where m.school_id = r.school_id and m.requirement_id = r.id
                order by m.place) as "rooms!"
         from requirement r
         where r.school_id = $1 and ($2::date is null or daterange(r.valid_from, r.valid_to, '[]') @> $2)
         order by r.kind, r.id"#,
        school.0,
        on,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().filter_map(Raw::read).collect())
}

/// The page. Who may only read the timetable sees what holds for the school, the classes and rooms, and their own hours.
///
/// # Errors
/// Not found for those who may not see the timetable of the school.
pub async fn sheet(ctx: &mut Ctx) -> Done<Sheet> {
    let whole = Resource::of_school(Resources::Timetable, ctx.school());
    ctx.must(Action::View, &whole)?;
    let may_edit = ctx.may(Action::Edit, &whole);
    let me = match ctx.actor().role {
        Role::Staff { employee } => Some(employee),
        _ => None,
    };
    let today = ctx.today();
    let mut sheet = Sheet {
        year: None,
        days: vec![],
        slots: vec![],
        week: 0,
        today,
        org: OrgKind::Other,
        teachers: vec![],
        classes: vec![],
        groups: vec![],
        rooms: vec![],
        buildings: vec![],
        walks: vec![],
        subjects: vec![],
        loads: vec![],
        lists: vec![],
        scale: vec![],
        hours: vec![],
        rows: vec![],
        norms: vec![],
        may_edit,
        struck: None,
    };
    let Some((year, title)) = year_now(ctx).await? else {
        return Ok(sheet);
    };
    sheet.year = Some(title);
    let frame = week_frame(ctx, year).await?;
    (sheet.days, sheet.slots, sheet.week) = (frame.days, frame.slots, frame.week);
    let (on, org) = law_of(ctx, year).await?;
    sheet.org = OrgKind::from_key(&org);
    sheet.norms = norms(ctx, on, &org).await?;
    sheet.teachers = teachers(ctx, year)
        .await?
        .into_iter()
        .map(|t| TeacherItem {
            id: t.id,
            name: t.name,
        })
        .collect();
    sheet.classes = classes(ctx, year).await?;
    sheet.groups = groups(ctx, year).await?;
    sheet.rooms = rooms(ctx).await?;
    sheet.buildings = buildings(ctx).await?;
    sheet.walks = walks(ctx).await?;
    sheet.subjects = subjects(ctx, year, (on, org.as_str())).await?;
    sheet.scale = scale(ctx, (on, org.as_str())).await?;
    sheet.loads = loads(ctx, year).await?;
    sheet.lists = super::lists::lists(ctx, year).await?;
    sheet.hours = hours(ctx, year).await?;
    sheet.rows = in_force(ctx, None).await?;
    if may_edit {
        sheet.struck = super::struck::struck(ctx, year).await?;
    } else {
        // when a colleague cannot come is between them and the deputy director
        let mine = |id: EmployeeId| me == Some(id);
        sheet.teachers.retain(|t| mine(t.id));
        sheet
            .hours
            .retain(|h| !matches!(h.who, Who::Teacher(id) if !mine(id)));
        sheet
            .rows
            .retain(|r| !matches!(r.terms.target, Target::Teacher(id) if !mine(id)));
    }
    Ok(sheet)
}

/// The day whose law is shown, inside the year, and the kind of the organisation.
pub(crate) async fn law_of(ctx: &mut Ctx, year: YearId) -> Done<(NaiveDate, String)> {
    let (school, today) = (ctx.school(), ctx.today());
    let row = sqlx::query!(
        "select y.starts_on, y.ends_on, o.kind from academic_year y join organisation o on o.id = y.school_id
         where y.school_id = $1 and y.id = $2",
        school.0,
        year.0,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok((today.clamp(row.starts_on, row.ends_on), row.kind))
}

async fn classes(ctx: &mut Ctx, year: YearId) -> Done<Vec<ClassItem>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select id, name, grade, home_room_id from class where school_id = $1 and year_id = $2
         order by grade = 0, grade, name, id",
        school.0,
        year.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let item = rows.into_iter().map(|r| ClassItem {
        id: ClassId(r.id),
        name: r.name,
        grade: r.grade,
        home_room: r.home_room_id.map(RoomId),
    });
    Ok(item.collect())
}

async fn groups(ctx: &mut Ctx, year: YearId) -> Done<Vec<GroupItem>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select g.id, g.class_id, g.name, c.name as class from subgroup g
         join class c on c.school_id = g.school_id and c.id = g.class_id
         where g.school_id = $1 and c.year_id = $2 order by c.grade = 0, c.grade, c.name, g.split, g.name, g.id",
        school.0,
        year.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let item = rows.into_iter().map(|r| GroupItem {
        id: SubgroupId(r.id),
        class: ClassId(r.class_id),
        // an imported file often names the class already
        name: if r.name.starts_with(&r.class) {
            r.name
        } else {
            format!("{} {}", r.class, r.name)
        },
    });
    Ok(item.collect())
}

async fn rooms(ctx: &mut Ctx) -> Done<Vec<RoomItem>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select id, name, kind, capacity, shared_by, building_id, floor from room where school_id = $1 order by name, id",
        school.0
    )
    .fetch_all(ctx.db())
    .await?;
    let item = rows.into_iter().map(|r| RoomItem {
        id: RoomId(r.id),
        name: r.name,
        uses: RoomUse {
            kind: r.kind,
            seats: r.capacity,
            shared_by: r.shared_by,
        },
        spot: Spot {
            building: r.building_id.map(BuildingId),
            floor: r.floor,
        },
    });
    Ok(item.collect())
}

async fn loads(ctx: &mut Ctx, year: YearId) -> Done<Vec<LoadItem>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select l.id, l.subject_id, l.room_kind,
            array(select r.room_id from load_room r where r.school_id = l.school_id and r.load_id = l.id
                order by r.room_id) as "rooms!",
            (select string_agg(coalesce(nullif(c.name || ' ' || g.name, ''), c.name), ', ' order by c.grade, c.name, g.name)
                from load_audience a join class c on c.school_id = a.school_id and c.id = a.class_id
                left join subgroup g on g.school_id = a.school_id and g.id = a.subgroup_id
                where a.school_id = l.school_id and a.load_id = l.id) as audience,
            (select string_agg(p.last_name, ', ' order by p.last_name) from load_teacher t
                join employee e on e.school_id = t.school_id and e.id = t.employee_id
                join person p on p.id = e.person_id
                where t.school_id = l.school_id and t.load_id = l.id) as teachers
         from teaching_load l where l.school_id = $1 and l.year_id = $2 order by l.subject_id, audience, l.id"#,
        school.0,
        year.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let item = rows.into_iter().map(|r| LoadItem {
        id: LoadId(r.id),
        subject: SubjectId(r.subject_id),
        name: [r.audience, r.teachers]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" — "),
        rooms: r.rooms.into_iter().map(RoomId).collect(),
        room_kind: r.room_kind,
    });
    Ok(item.collect())
}

/// Everybody's painted hours. Who may see them is the caller's to ask.
///
/// # Errors
/// The database's.
pub(crate) async fn hours(ctx: &mut Ctx, year: YearId) -> Done<Vec<HoursOf>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select employee_id, class_id, subgroup_id, room_id, subject_id, load_id, day, slot, weight, valid_from, valid_to
         from unavailability where school_id = $1 and year_id = $2
         order by employee_id, class_id, subgroup_id, room_id, subject_id, load_id, day, slot",
        school.0,
        year.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut all: Vec<HoursOf> = vec![];
    for r in rows {
        let columns = [
            r.employee_id,
            r.class_id,
            r.subgroup_id,
            r.room_id,
            r.subject_id,
            r.load_id,
        ];
        let Some(who) = super::hours::who(columns) else {
            continue;
        };
        let weight = Weight::from_key(&r.weight).unwrap_or(Weight::Must);
        let cell = Cell {
            day: r.day,
            slot: r.slot,
            weight,
            term: Term {
                from: r.valid_from,
                to: r.valid_to,
            },
        };
        match all.last_mut() {
            Some(last) if last.who == who => last.hours.set(cell.term, cell.day, cell.slot, Some(weight)),
            _ => all.push(HoursOf {
                who,
                hours: Hours::from(vec![cell]),
            }),
        }
    }
    Ok(all)
}
