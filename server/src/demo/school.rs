//! Everything of one institution except its journal: reference data, people, loads, the timetable.

use std::collections::BTreeSet;

use base::rights::POSITIONS;
use chrono::{DateTime, NaiveDate, Utc};

use super::calendar::Calendar;
use super::cast;
use super::layout::{Layout, STAR_CLASS, Shape};
use super::names::Sex;
use super::people::{BLOCK, People, Person, Seat};
use super::rows::{Maybe, Rows, Table};
use super::week::DAYS;

/// What the rows of an institution are made of.
pub struct Institution<'a> {
    /// Where it stands.
    pub seat: &'a Seat,
    /// Its structure and week.
    pub layout: &'a Layout,
    /// Its people.
    pub people: &'a People,
    /// The year.
    pub calendar: &'a Calendar,
    /// When it is made.
    pub now: DateTime<Utc>,
}

impl Institution<'_> {
    /// The id of the n-th row of a table.
    pub fn id(&self, n: usize) -> i64 {
        self.seat.id * BLOCK + i64::try_from(n).unwrap_or(0) + 1
    }

    /// Writes all of it.
    pub fn write(&self, rows: &mut Rows) {
        let seat = self.seat;
        let path = format!("{{1,{},{}}}", seat.parent, seat.id);
        rows.add(
            Table::Organisation,
            &[&seat.id, &seat.parent, &seat.kind, &seat.name, &seat.short, &path],
        );
        self.people(rows);
        self.staff(rows);
        self.year(rows);
        self.bells(rows);
        self.rooms_and_subjects(rows);
        self.classes(rows);
        self.loads(rows);
        self.timetable(rows);
        self.marks_vocabulary(rows);
    }

    fn people(&self, rows: &mut Rows) {
        let mut known = BTreeSet::new();
        let staff = self.people.staff.iter().map(|e| &e.person);
        let pupils = self.people.pupils.iter().map(|p| &p.person);
        for person in staff.chain(pupils).chain(&self.people.guardians) {
            if !known.insert(person.id) {
                continue;
            }
            if !person.shared {
                write_person(rows, person);
            }
            rows.add(Table::SchoolPerson, &[&self.seat.id, &person.id]);
            self.account(rows, person);
        }
        let since = self.calendar.year.from;
        for (guardian, ward, kind) in &self.people.wards {
            rows.add(Table::Guardianship, &[guardian, ward, kind, &since]);
        }
    }

    fn account(&self, rows: &mut Rows, person: &Person) {
        let Some(login) = &person.login else { return };
        let actor = cast::ACTORS.iter().find(|a| a.id == person.id);
        let newcomer = actor.is_some_and(|a| a.newcomer);
        write_account(rows, person.id, login, actor.is_some(), newcomer, self.now);
    }

    fn staff(&self, rows: &mut Rows) {
        let school = self.seat.id;
        write_positions(rows, school, self.layout.shape);
        for (n, employee) in self.people.staff.iter().enumerate() {
            rows.add(Table::Employee, &[&school, &self.id(n), &employee.person.id]);
            let position = POSITIONS.iter().position(|t| t.key == employee.post).unwrap_or(0);
            let number = format!("{}-к", n + 1);
            let since = self.calendar.year.from;
            let order = since.pred_opt().unwrap_or(since);
            rows.add(
                Table::Appointment,
                &[
                    &school,
                    &self.id(n),
                    &self.id(n),
                    &self.id(position),
                    &since,
                    &number,
                    &order,
                ],
            );
        }
    }

    /// The grades (courses) that there are.
    pub fn grades(&self) -> BTreeSet<i16> {
        self.layout.classes.iter().map(|c| c.grade).collect()
    }

    fn rooms_and_subjects(&self, rows: &mut Rows) {
        let (school, layout) = (self.seat.id, self.layout);
        let address = format!("ул. Школьная, {}", self.seat.ordinal + 1);
        rows.add(
            Table::Building,
            &[&school, &self.id(0), &"Главное здание", &address],
        );
        for (n, room) in layout.rooms.iter().enumerate() {
            rows.add(
                Table::Room,
                &[
                    &school,
                    &self.id(n),
                    &self.id(0),
                    &room.name,
                    &room.kind,
                    &room.seats,
                ],
            );
        }
        for (n, subject) in layout.subjects.iter().enumerate() {
            rows.add(
                Table::Subject,
                &[
                    &school,
                    &self.id(n),
                    &subject.name,
                    &subject.short,
                    &Maybe(subject.template),
                ],
            );
        }
        for (n, (grade, plan)) in self.plans().iter().enumerate() {
            let title = match layout.shape {
                Shape::Kindergarten => "Образовательная программа".to_owned(),
                Shape::College if *plan < 4 => {
                    format!("Информационные системы и программирование, {grade} курс")
                }
                Shape::College => format!("Право и организация социального обеспечения, {grade} курс"),
                _ => format!("{grade} класс"),
            };
            rows.add(
                Table::Curriculum,
                &[&school, &self.id(n), &self.id(0), grade, &title],
            );
            for (s, subject) in layout
                .subjects
                .iter()
                .enumerate()
                .filter(|(_, s)| s.hours[*plan] > 0)
            {
                rows.add(
                    Table::CurriculumItem,
                    &[&school, &self.id(n), &self.id(s), &subject.hours[*plan]],
                );
            }
        }
    }

    /// Grades with their columns of hours: one curriculum each.
    fn plans(&self) -> Vec<(i16, usize)> {
        let plans: BTreeSet<_> = self.layout.classes.iter().map(|c| (c.grade, c.plan)).collect();
        plans.into_iter().collect()
    }

    fn classes(&self, rows: &mut Rows) {
        let (school, layout) = (self.seat.id, self.layout);
        let plans = self.plans();
        for (n, c) in layout.classes.iter().enumerate() {
            let plan = plans.iter().position(|p| *p == (c.grade, c.plan)).unwrap_or(0);
            rows.add(
                Table::Class,
                &[
                    &school,
                    &self.id(n),
                    &self.id(0),
                    &c.grade,
                    &c.name,
                    &self.id(plan),
                    &self.id(c.room),
                    &self.id(c.teacher),
                ],
            );
        }
        for (n, group) in layout.groups.iter().enumerate() {
            rows.add(
                Table::Subgroup,
                &[
                    &school,
                    &self.id(n),
                    &self.id(group.class),
                    &group.name,
                    &group.split,
                ],
            );
        }
        let since = self.calendar.year.from;
        for (n, pupil) in self.people.pupils.iter().enumerate() {
            let file = format!("{}-{}", self.seat.id, n + 1);
            rows.add(Table::Pupil, &[&school, &self.id(n), &pupil.person.id, &file]);
            rows.add(
                Table::Enrolment,
                &[&school, &self.id(n), &self.id(n), &self.id(pupil.class), &since],
            );
            for (g, _) in layout
                .groups
                .iter()
                .enumerate()
                .filter(|(g, _)| self.is_in_group(n, *g))
            {
                rows.add(
                    Table::SubgroupMember,
                    &[&school, &self.id(g), &self.id(n), &since],
                );
            }
        }
    }

    /// Languages and informatics divide a class in two halves, labour divides boys and girls.
    pub fn is_in_group(&self, pupil: usize, group: usize) -> bool {
        let (pupil, group) = (&self.people.pupils[pupil], &self.layout.groups[group]);
        let half = match group.split {
            "Труд" => usize::from(pupil.person.name.sex == Sex::M),
            _ => pupil.seat % 2,
        };
        pupil.class == group.class && half == group.half
    }

    fn loads(&self, rows: &mut Rows) {
        let (school, layout) = (self.seat.id, self.layout);
        for (n, load) in layout.loads.iter().enumerate() {
            let room = layout.room_of(n);
            let kind = layout.rooms[room].kind;
            rows.add(
                Table::Load,
                &[
                    &school,
                    &self.id(n),
                    &self.id(0),
                    &self.id(load.subject),
                    &load.hours,
                    &kind,
                ],
            );
            rows.add(
                Table::LoadTeacher,
                &[&school, &self.id(n), &self.id(load.teacher)],
            );
            let group = Maybe(load.group.map(|g| self.id(g)));
            rows.add(
                Table::LoadAudience,
                &[&school, &self.id(n), &self.id(n), &self.id(load.class), &group],
            );
            rows.add(Table::LoadRoom, &[&school, &self.id(n), &self.id(room)]);
        }
    }

    fn timetable(&self, rows: &mut Rows) {
        let (school, layout) = (self.seat.id, self.layout);
        let author = self
            .people
            .staff
            .iter()
            .find(|e| e.post == "deputy")
            .map(|e| e.person.id);
        let since: NaiveDate = self.calendar.year.from;
        let made = format!("{} 12:00Z", since.pred_opt().unwrap_or(since));
        let slots: Vec<String> = (1..=layout.shape.slots()).map(|n| n.to_string()).collect();
        let slots = format!("{{{}}}", slots.join(","));
        let versions = [
            (
                "Основное расписание",
                "published",
                Some(since),
                Some(made.clone()),
                made,
            ),
            (
                "Черновик",
                "draft",
                None,
                None,
                format!("{} 12:00Z", self.calendar.today),
            ),
        ];
        for (n, (title, state, from, published, changed)) in versions.iter().enumerate() {
            rows.add(
                Table::Version,
                &[
                    &school,
                    &self.id(n),
                    &self.id(0),
                    title,
                    state,
                    &Maybe(*from),
                    &"{Пн,Вт,Ср,Чт,Пт}",
                    &slots,
                    &Maybe(author),
                    changed,
                    &Maybe(published.as_ref()),
                ],
            );
            for (c, card) in layout.cards.iter().enumerate() {
                let id = self.id(n * layout.cards.len() + c);
                let load = &layout.loads[card.load];
                // three lessons wait in the draft's tray
                let in_tray = n == 1
                    && layout.classes[load.class].name == STAR_CLASS
                    && layout.subjects[load.subject].name == "Алгебра";
                let (day, slot) = (
                    Maybe((!in_tray).then_some(card.day)),
                    Maybe((!in_tray).then_some(card.slot)),
                );
                let room = Maybe((!in_tray).then(|| self.id(layout.room_of(card.load))));
                rows.add(
                    Table::Card,
                    &[
                        &school,
                        &id,
                        &self.id(n),
                        &self.id(card.load),
                        &card.duration,
                        &day,
                        &slot,
                        &room,
                    ],
                );
            }
        }
        let mut busy = 0;
        for (n, teacher) in layout.teachers.iter().enumerate() {
            for day in 0..DAYS {
                if teacher.away != Some(day) && teacher.only.is_none_or(|only| only == day) {
                    continue;
                }
                for slot in 0..layout.shape.slots() {
                    rows.add(
                        Table::Unavailability,
                        &[&school, &self.id(busy), &self.id(0), &self.id(n), &day, &slot],
                    );
                    busy += 1;
                }
            }
        }
    }
}

/// The row of a person.
pub fn write_person(rows: &mut Rows, person: &Person) {
    let n = &person.name;
    rows.add(
        Table::Person,
        &[
            &person.id,
            &n.last,
            &n.first,
            &n.middle,
            &person.born,
            &n.sex.key(),
        ],
    );
}

/// The row of an account; its number is the person's.
pub fn write_account(
    rows: &mut Rows,
    person: i64,
    login: &str,
    with_phone: bool,
    newcomer: bool,
    now: DateTime<Utc>,
) {
    let phone = Maybe(with_phone.then(|| 79_000_000_000 + person));
    let hash = if newcomer {
        cast::ISSUED_HASH
    } else {
        cast::PASSWORD_HASH
    };
    let expires = Maybe(newcomer.then(|| now + chrono::TimeDelta::days(365)));
    rows.add(
        Table::Account,
        &[
            &person, &person, &login, &phone, &hash, &newcomer, &expires, &now, &now,
        ],
    );
}

/// The positions of an organisation with their rights; ids in the order of the templates.
pub fn write_positions(rows: &mut Rows, school: i64, shape: Shape) {
    for (n, template) in (1..).zip(POSITIONS) {
        let id = school * BLOCK + n;
        let title = match (shape, template.key) {
            (Shape::College, "teacher") => "Преподаватель",
            (Shape::Kindergarten, "teacher") => "Воспитатель",
            _ => template.title,
        };
        rows.add(Table::Position, &[&school, &id, &template.key, &title]);
        for grant in template.grants {
            rows.add(
                Table::Permission,
                &[
                    &school,
                    &id,
                    &grant.kind.key(),
                    &grant.action.key(),
                    &grant.reach.key(),
                ],
            );
        }
    }
}
