//! An institution without people: classes, subgroups, places of teachers, rooms, loads. Worked out once for each
//! [`Shape`]; every school of the shape fills it with its own people.

use super::subjects::{Area, COLLEGE, KINDERGARTEN, MATHS, SCHOOL, Subject};

/// What kind of institution, and how large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// 30 classes.
    Large,
    /// 22 classes; a mathematician of the large school comes on Thursdays.
    Middle,
    /// 11 classes, small ones, no subgroups.
    Small,
    /// 16 classes.
    Common,
    /// 9 classes: no upper grades.
    Basic,
    /// Groups of children.
    Kindergarten,
    /// Groups of students.
    College,
}

/// A class (a group).
#[derive(Clone, Debug)]
pub struct Class {
    /// Grade or course; 0 in a kindergarten.
    pub grade: i16,
    /// What people call it.
    pub name: String,
    /// Which column of the subjects' hours it follows.
    pub plan: usize,
    /// Fewest and most pupils.
    pub size: (usize, usize),
    /// Its room.
    pub room: usize,
    /// Its class teacher.
    pub teacher: usize,
}

/// Half of a class for some subject.
#[derive(Clone, Debug)]
pub struct Group {
    /// The class.
    pub class: usize,
    /// «Англ. 1».
    pub name: String,
    /// The subject it is halved for.
    pub split: &'static str,
    /// 0 or 1: which half.
    pub half: usize,
}

/// The place of a teacher.
#[derive(Clone, Copy, Debug)]
pub struct Teacher {
    /// Department.
    pub area: Area,
    /// Own room.
    pub room: usize,
    /// The only weekday on which the teacher is here.
    pub only: Option<u16>,
    /// The weekday on which the teacher is elsewhere.
    pub away: Option<u16>,
    /// Weekly hours.
    pub hours: u16,
}

/// A room.
#[derive(Clone, Debug)]
pub struct Room {
    /// Number or name.
    pub name: String,
    /// Kind.
    pub kind: &'static str,
    /// Seats.
    pub seats: i32,
}

/// A subject for an audience by a teacher.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Into [`Layout::subjects`].
    pub subject: usize,
    /// Class.
    pub class: usize,
    /// Half of it.
    pub group: Option<usize>,
    /// Teacher.
    pub teacher: usize,
    /// Weekly hours.
    pub hours: u16,
    /// The load of the other half, held at the same time.
    pub twin: Option<usize>,
}

/// A lesson of the week.
#[derive(Clone, Copy, Debug)]
pub struct Card {
    /// The load.
    pub load: usize,
    /// Weekday from 0.
    pub day: u16,
    /// Slot from 0.
    pub slot: u16,
    /// In slots.
    pub duration: u16,
}

/// The whole.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its shape.
    pub shape: Shape,
    /// Its subjects.
    pub subjects: &'static [Subject],
    /// Classes.
    pub classes: Vec<Class>,
    /// Subgroups.
    pub groups: Vec<Group>,
    /// Teachers' places.
    pub teachers: Vec<Teacher>,
    /// Rooms.
    pub rooms: Vec<Room>,
    /// Loads.
    pub loads: Vec<Load>,
    /// The week; filled by [`super::week::solve`].
    pub cards: Vec<Card>,
}

/// The weekday on which a mathematician of the large school teaches in the middle one.
pub const GUEST_DAY: u16 = 3;
/// The class that the logins of the demo revolve around.
pub const STAR_CLASS: &str = "7А";

impl Shape {
    /// Lessons of one card.
    pub fn duration(self) -> u16 {
        if self == Self::College { 2 } else { 1 }
    }

    /// Slots of a day.
    pub fn slots(self) -> u16 {
        if self == Self::Kindergarten { 4 } else { 8 }
    }

    /// Is it a school with grades?
    pub fn is_school(self) -> bool {
        !matches!(self, Self::Kindergarten | Self::College)
    }

    /// Weekly hours that a department's teacher should not pass by much.
    fn usual_hours(self) -> u16 {
        if self == Self::College { 20 } else { 17 }
    }

    fn classes(self) -> Vec<(i16, String, usize, (usize, usize))> {
        let counts: [usize; 11] = match self {
            Self::Large => [3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 1],
            Self::Middle => [2; 11],
            Self::Small => [1; 11],
            Self::Common => [2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1],
            Self::Basic => [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0],
            Self::Kindergarten => {
                let names = ["Ясельная", "Младшая", "Средняя", "Старшая", "Подготовительная"];
                return names.iter().map(|n| (0, (*n).to_owned(), 0, (18, 24))).collect();
            }
            Self::College => {
                let groups = [
                    ("ИС", 1, 0),
                    ("ИС", 2, 1),
                    ("ИС", 3, 2),
                    ("ИС", 4, 3),
                    ("ПД", 1, 4),
                    ("ПД", 2, 5),
                    ("ПД", 3, 6),
                    ("ПД", 4, 7),
                ];
                return groups
                    .iter()
                    .map(|(p, course, plan)| (*course, format!("{p}-{course}1"), *plan, (20, 25)))
                    .collect();
            }
        };
        let size = match self {
            Self::Large => (26, 28),
            Self::Middle => (24, 28),
            Self::Common => (20, 25),
            _ => (12, 20),
        };
        let mut classes = vec![];
        for (grade, count) in (1i16..).zip(counts) {
            let plan = usize::try_from(grade).unwrap_or(0);
            for letter in ["А", "Б", "В"].iter().take(count) {
                classes.push((grade, format!("{grade}{letter}"), plan, size));
            }
        }
        classes
    }
}

/// What one teacher takes over as a whole: the subjects of a department in a class (or two for its halves).
struct Bundle {
    area: Area,
    class: usize,
    subjects: Vec<usize>,
    hours: u16,
    halves: bool,
}

impl Layout {
    /// Everything except the week.
    pub fn new(shape: Shape) -> Self {
        let subjects = match shape {
            Shape::Kindergarten => KINDERGARTEN,
            Shape::College => COLLEGE,
            _ => SCHOOL,
        };
        let classes = shape.classes().into_iter();
        let mut layout = Self {
            shape,
            subjects,
            classes: classes
                .map(|(grade, name, plan, size)| Class {
                    grade,
                    name,
                    plan,
                    size,
                    room: 0,
                    teacher: 0,
                })
                .collect(),
            groups: vec![],
            teachers: vec![],
            rooms: vec![],
            loads: vec![],
            cards: vec![],
        };
        let bundles = layout.bundles();
        layout.hire(&bundles);
        layout.share_out(bundles);
        layout.choose_class_teachers();
        layout.furnish();
        layout.send_guest();
        layout
    }

    fn bundles(&self) -> Vec<Bundle> {
        let mut bundles: Vec<Bundle> = vec![];
        for (class, facts) in self.classes.iter().enumerate() {
            for (index, subject) in self.subjects.iter().enumerate() {
                let hours = subject.hours[facts.plan];
                if hours == 0 {
                    continue;
                }
                let area = self.area(facts, subject);
                let halves = self.shape != Shape::Small
                    && self.shape != Shape::Basic
                    && subject.split_from.is_some_and(|from| facts.grade >= from);
                match bundles
                    .iter_mut()
                    .find(|b| b.class == class && b.area == area && b.halves == halves)
                {
                    Some(bundle) => {
                        bundle.subjects.push(index);
                        bundle.hours += hours;
                    }
                    None => bundles.push(Bundle {
                        area,
                        class,
                        subjects: vec![index],
                        hours,
                        halves,
                    }),
                }
            }
        }
        // The largest first, so that the small ones even out.
        bundles.sort_by_key(|b| (b.area, !b.halves, std::cmp::Reverse(b.hours), b.class));
        bundles
    }

    /// Which department teaches a subject in a class.
    fn area(&self, class: &Class, subject: &Subject) -> Area {
        let by_specialist = matches!(subject.area, Area::Tongues | Area::Music | Area::Body);
        if self.shape.is_school() && class.grade <= 4 && !by_specialist {
            return Area::Own;
        }
        if self.shape == Shape::Middle && subject.name == "Вероятность и статистика" && class.grade <= 9
        {
            return Area::Guest;
        }
        match self.shape {
            Shape::Small | Shape::Basic | Shape::Common => {
                let area = subject.area.merged();
                // halves need two teachers of one department
                if self.shape == Shape::Common && subject.split_from.is_some() {
                    subject.area
                } else {
                    area
                }
            }
            _ => subject.area,
        }
    }

    fn hire(&mut self, bundles: &[Bundle]) {
        let mut areas: Vec<Area> = bundles.iter().map(|b| b.area).collect();
        areas.dedup();
        for area in areas {
            let of_area = || bundles.iter().filter(|b| b.area == area);
            let hours: u16 = of_area()
                .map(|b| if b.halves { 2 * b.hours } else { b.hours })
                .sum();
            let needed = match area {
                Area::Own => self
                    .classes
                    .iter()
                    .filter(|c| c.grade <= 4 && self.shape != Shape::College)
                    .count(),
                _ => usize::from(hours.div_ceil(self.shape.usual_hours())),
            };
            let least = if of_area().any(|b| b.halves) { 2 } else { 1 };
            for _ in 0..needed.max(least) {
                self.teachers.push(Teacher {
                    area,
                    room: 0,
                    only: (area == Area::Guest).then_some(GUEST_DAY),
                    away: None,
                    hours: 0,
                });
            }
        }
    }

    fn share_out(&mut self, bundles: Vec<Bundle>) {
        for bundle in bundles {
            let hours = bundle.hours;
            let first = self.least_busy(bundle.area, None);
            self.teachers[first].hours += hours;
            let second = bundle.halves.then(|| {
                let second = self.least_busy(bundle.area, Some(first));
                self.teachers[second].hours += hours;
                second
            });
            for subject in bundle.subjects {
                let load = |group, teacher, twin| Load {
                    subject,
                    class: bundle.class,
                    group,
                    teacher,
                    hours: self.subjects[subject].hours[self.classes[bundle.class].plan],
                    twin,
                };
                let here = self.loads.len();
                match second {
                    None => self.loads.push(load(None, first, None)),
                    Some(second) => {
                        let group = self.groups.len();
                        let pair = [
                            load(Some(group), first, Some(here + 1)),
                            load(Some(group + 1), second, Some(here)),
                        ];
                        self.loads.extend(pair);
                        let facts = &self.subjects[subject];
                        for half in 0..2 {
                            self.groups.push(Group {
                                class: bundle.class,
                                name: format!("{} {}", facts.short, half + 1),
                                split: facts.name,
                                half,
                            });
                        }
                    }
                }
            }
        }
    }

    fn least_busy(&self, area: Area, except: Option<usize>) -> usize {
        let places = self.teachers.iter().enumerate();
        places
            .filter(|(n, t)| t.area == area && Some(*n) != except)
            .min_by_key(|(n, t)| (t.hours, *n))
            .map_or(0, |(n, _)| n)
    }

    fn choose_class_teachers(&mut self) {
        let mut taken = vec![false; self.teachers.len()];
        // The mathematician of the demo leads no class; the class has its language teacher.
        if let Some(star) = self.star_mathematician() {
            taken[star] = true;
        }
        let mut order: Vec<usize> = (0..self.classes.len()).collect();
        order.sort_by_key(|c| self.classes[*c].name != STAR_CLASS);
        for class in order {
            let mut own: Vec<&Load> = self
                .loads
                .iter()
                .filter(|l| l.class == class && self.teachers[l.teacher].area != Area::Guest)
                .collect();
            own.sort_by_key(|l| (self.teachers[l.teacher].area, std::cmp::Reverse(l.hours)));
            let free = own.iter().find(|l| !taken[l.teacher]).or(own.first());
            let teacher = free.map_or(0, |l| l.teacher);
            taken[teacher] = true;
            self.classes[class].teacher = teacher;
        }
    }

    /// Rooms: everyone who teaches has one; so a free teacher is a free room.
    fn furnish(&mut self) {
        let mut counts = std::collections::BTreeMap::<&str, usize>::new();
        for teacher in 0..self.teachers.len() {
            let kind = self
                .loads
                .iter()
                .filter(|l| l.teacher == teacher)
                .max_by_key(|l| l.hours)
                .map_or("ordinary", |l| self.subjects[l.subject].room);
            let kind = if self.teachers[teacher].area == Area::Own {
                "ordinary"
            } else {
                kind
            };
            let n = counts.entry(kind).or_default();
            *n += 1;
            let (name, seats) = match (kind, *n) {
                ("gym", 1) => ("Спортзал".to_owned(), 60),
                ("gym", 2) => ("Малый спортзал".to_owned(), 40),
                ("gym", 3) => ("Гимнастический зал".to_owned(), 40),
                ("gym", 4) => ("Спортплощадка".to_owned(), 60),
                ("gym", n) => (format!("Стадион, сектор {n}"), 60),
                ("workshop", n) => (format!("Мастерская {n}"), 30),
                ("computer", n) => (format!("Компьютерный класс {n}"), 30),
                ("lab", n) => (format!("Лаборатория {n}"), 32),
                (_, n) => ((100 + (n - 1) / 15 * 100 + (n - 1) % 15 + 1).to_string(), 32),
            };
            self.teachers[teacher].room = self.rooms.len();
            self.rooms.push(Room { name, kind, seats });
        }
        let hall = Room {
            name: "Актовый зал".to_owned(),
            kind: "hall",
            seats: 200,
        };
        let library = Room {
            name: "Читальный зал".to_owned(),
            kind: "library",
            seats: 40,
        };
        self.rooms.extend([hall, library]);
        for class in 0..self.classes.len() {
            self.classes[class].room = self.teachers[self.classes[class].teacher].room;
        }
    }

    /// The mathematician of the star class of the large school is at the middle school on the guest's day.
    fn send_guest(&mut self) {
        if self.shape == Shape::Large
            && let Some(star) = self.star_mathematician()
        {
            self.teachers[star].away = Some(GUEST_DAY);
        }
    }

    /// The class by name.
    pub fn class(&self, name: &str) -> Option<usize> {
        self.classes.iter().position(|c| c.name == name)
    }

    /// Who teaches mathematics in the star class.
    pub fn star_mathematician(&self) -> Option<usize> {
        let class = self.class(STAR_CLASS)?;
        let sums = self.loads.iter().find(|l| {
            l.class == class
                && (self.subjects[l.subject].name == "Алгебра" || self.subjects[l.subject].name == MATHS)
        });
        sums.map(|l| l.teacher)
    }

    /// The place of the guest, where there is one.
    pub fn guest(&self) -> Option<usize> {
        self.teachers.iter().position(|t| t.area == Area::Guest)
    }

    /// The room that a load is taught in.
    pub fn room_of(&self, load: usize) -> usize {
        self.teachers[self.loads[load].teacher].room
    }
}
