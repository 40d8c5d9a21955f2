//! The people of one institution: staff in their places, pupils in their classes, families around them.
//!
//! Persons of two institutions (the cast, and mothers of the families that two neighbours in the list share) are
//! entered with the region; everyone else with the institution.

use chrono::{Datelike, Days, NaiveDate};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::cast::{self, Place, Post};
use super::layout::Layout;
use super::names::{self, House, Name, Sex};

/// Families that each institution shares with the one before it.
pub const SHARED: i64 = 4;

/// Where an institution stands in the region.
#[derive(Clone, Debug)]
pub struct Seat {
    /// `organisation.id`; its ids are `id * BLOCK + n`.
    pub id: i64,
    /// Position in the list of institutions, from 0.
    pub ordinal: i64,
    /// For the cast.
    pub place: Option<Place>,
    /// The municipality.
    pub parent: i64,
    /// `organisation.kind`.
    pub kind: &'static str,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short: String,
    /// Is there an institution after this one?
    pub last: bool,
}

/// Ids of an institution's rows in each table lie in a block of its own.
pub const BLOCK: i64 = 100_000;

/// Somebody.
#[derive(Clone, Debug)]
pub struct Person {
    /// `person.id`.
    pub id: i64,
    /// Name.
    pub name: Name,
    /// Birth date.
    pub born: NaiveDate,
    /// Entered with the region.
    pub shared: bool,
    /// Login; `None`: entered elsewhere.
    pub login: Option<String>,
}

/// A pupil.
#[derive(Clone, Debug)]
pub struct Pupil {
    /// Who.
    pub person: Person,
    /// Class.
    pub class: usize,
    /// Position in the class: decides the halves.
    pub seat: usize,
    /// −1 … 1: how well they learn.
    pub ability: f64,
}

/// Staff of an institution.
#[derive(Clone, Debug)]
pub struct Employee {
    /// Who.
    pub person: Person,
    /// The template of the position.
    pub post: &'static str,
}

/// Everyone.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Teachers first, in the order of the layout's places, then the office.
    pub staff: Vec<Employee>,
    /// Pupils, class after class.
    pub pupils: Vec<Pupil>,
    /// Guardians.
    pub guardians: Vec<Person>,
    /// Guardian's person, ward's person, kind.
    pub wards: Vec<(i64, i64, &'static str)>,
}

/// A family while it may still get children.
struct Family {
    house: House,
    guardians: Vec<(i64, &'static str)>,
    children: usize,
    classes: Vec<usize>,
}

/// The family number `n` that the institution `ordinal` shares with the one before it.
pub fn shared_family(seed: u64, ordinal: i64, n: i64) -> (i64, House, Person) {
    let id = 1000 + ordinal * SHARED + n;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(u64::try_from(id).unwrap_or(0) + (1 << 32));
    let house = names::house(&mut rng);
    let name = names::mother(&mut rng, &house);
    let born = birth(&mut rng, 1978, 14);
    let person = Person {
        id,
        login: Some(names::login(&name.last, id)),
        name,
        born,
        shared: true,
    };
    (id, house, person)
}

fn birth(rng: &mut ChaCha8Rng, from: i32, years: i32) -> NaiveDate {
    let year = from + rng.random_range(0..years);
    let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    day.checked_add_days(Days::new(rng.random_range(0..365)))
        .unwrap_or(day)
}

struct Maker<'a> {
    rng: ChaCha8Rng,
    seat: &'a Seat,
    seed: u64,
    year: i32,
    next: i64,
    people: People,
    families: Vec<Family>,
}

/// Fills a layout with people.
pub fn settle(layout: &Layout, seat: &Seat, seed: u64, year_begins: NaiveDate) -> People {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(u64::try_from(seat.id).unwrap_or(0));
    let mut maker = Maker {
        rng,
        seat,
        seed,
        year: year_begins.year(),
        next: seat.id * BLOCK,
        people: People::default(),
        families: vec![],
    };
    maker.staff(layout);
    maker.neighbours();
    for class in 0..layout.classes.len() {
        maker.class(layout, class);
    }
    maker.people
}

impl Maker<'_> {
    fn person(&mut self, name: Name, born: NaiveDate) -> Person {
        self.next += 1;
        let login = Some(names::login(&name.last, self.next));
        Person {
            id: self.next,
            name,
            born,
            shared: false,
            login,
        }
    }

    fn of_cast(id: i64, name: [&str; 3], sex: Sex, born: NaiveDate, login: Option<String>) -> Person {
        let [last, first, middle] = name.map(str::to_owned);
        Person {
            id,
            name: Name {
                last,
                first,
                middle,
                sex,
            },
            born,
            shared: true,
            login,
        }
    }

    fn staff(&mut self, layout: &Layout) {
        let star = layout.star_mathematician();
        let leader = layout
            .class(super::layout::STAR_CLASS)
            .map(|c| layout.classes[c].teacher);
        for place in 0..layout.teachers.len() {
            let post = match Some(place) {
                p if p == star => Post::StarMathematician,
                p if p == layout.guest() => Post::Guest,
                p if p == leader => Post::StarClassTeacher,
                _ if place == 0 => Post::AnyTeacher,
                _ => Post::Office("teacher"),
            };
            self.employ(
                post,
                "teacher",
                if layout.teachers[place].area == super::subjects::Area::Body {
                    0.3
                } else {
                    0.87
                },
            );
        }
        for post in ["director", "deputy", "deputy", "secretary", "administrator"] {
            self.employ(Post::Office(post), post, 0.7);
        }
    }

    fn employ(&mut self, post: Post, template: &'static str, women: f64) {
        let born = birth(&mut self.rng, 1962, 40);
        let known = self.seat.place.and_then(|place| cast::holder(place, post));
        // one of two deputies is of the cast
        let known = known.filter(|a| self.people.staff.iter().all(|e| e.person.id != a.id));
        let person = match known {
            Some(a) => {
                // the account is entered where the person works first
                let here = a.posts.first().is_some_and(|p| Some(p.0) == self.seat.place);
                Self::of_cast(a.id, a.name, a.sex, born, here.then(|| a.login.to_owned()))
            }
            None => {
                let sex = if self.rng.random_bool(women) {
                    Sex::F
                } else {
                    Sex::M
                };
                let name = names::adult(&mut self.rng, sex);
                self.person(name, born)
            }
        };
        self.people.staff.push(Employee {
            person,
            post: template,
        });
    }

    /// Families shared with the institutions before and after.
    fn neighbours(&mut self) {
        let own = if self.seat.ordinal > 0 {
            Some(self.seat.ordinal)
        } else {
            None
        };
        let next = (!self.seat.last).then_some(self.seat.ordinal + 1);
        for ordinal in own.into_iter().chain(next) {
            for n in 0..SHARED {
                let (id, house, mut person) = shared_family(self.seed, ordinal, n);
                if Some(ordinal) != own {
                    person.login = None;
                }
                self.people.guardians.push(person);
                self.families.push(Family {
                    house,
                    guardians: vec![(id, "mother")],
                    children: 0,
                    classes: vec![],
                });
            }
        }
    }

    fn class(&mut self, layout: &Layout, class: usize) {
        let facts = &layout.classes[class];
        let size = self.rng.random_range(facts.size.0..=facts.size.1);
        let age = match facts.grade {
            0 => 3 + i32::try_from(class).unwrap_or(0),
            g if layout.shape.is_school() => 6 + i32::from(g),
            g => 15 + i32::from(g),
        };
        let of_cast: Vec<&cast::Child> = cast::CHILDREN
            .iter()
            .filter(|c| Some(Place::School(c.school)) == self.seat.place && c.class == facts.name)
            .collect();
        for seat in 0..size {
            let born = birth(&mut self.rng, self.year - age, 1);
            let person = match of_cast.get(seat) {
                Some(child) => self.cast_child(child, born),
                // the last child of a class comes from a neighbour's family, while there are some
                None => self.child(class, born, seat + 1 == size),
            };
            let ability = (0..4).map(|_| self.rng.random_range(-0.5..0.5)).sum::<f64>();
            self.people.pupils.push(Pupil {
                person,
                class,
                seat,
                ability,
            });
        }
    }

    fn cast_child(&mut self, child: &cast::Child, born: NaiveDate) -> Person {
        let parent = cast::ACTORS.iter().find(|a| a.id == child.parent);
        if let Some(a) = parent
            && self.people.guardians.iter().all(|g| g.id != a.id)
        {
            // staff of this school have their account already; a parent's is entered with the first school
            let here = a.posts.is_empty() && self.seat.place == Some(Place::School(1));
            let birth = birth(&mut self.rng, 1980, 8);
            self.people.guardians.push(Self::of_cast(
                a.id,
                a.name,
                a.sex,
                birth,
                here.then(|| a.login.to_owned()),
            ));
        }
        self.people.wards.push((child.parent, child.id, "mother"));
        let login = child
            .login
            .map_or_else(|| names::login(child.name[0], child.id), str::to_owned);
        Self::of_cast(child.id, child.name, child.sex, born, Some(login))
    }

    fn child(&mut self, class: usize, born: NaiveDate, neighbour: bool) -> Person {
        let waiting = self.families.iter().position(|f| neighbour && f.children == 0);
        let family = waiting.unwrap_or_else(|| self.family(class));
        let house = self.families[family].house.clone();
        let name = names::child(&mut self.rng, &house);
        let person = self.person(name, born);
        let facts = &mut self.families[family];
        facts.children += 1;
        facts.classes.push(class);
        self.people
            .wards
            .extend(facts.guardians.iter().map(|(id, kind)| (*id, person.id, *kind)));
        person
    }

    /// A family that has a child in another class already, or a new one.
    fn family(&mut self, class: usize) -> usize {
        if !self.families.is_empty() && self.rng.random_bool(0.22) {
            let known = self.rng.random_range(0..self.families.len());
            let facts = &self.families[known];
            if facts.children < 3 && !facts.classes.contains(&class) {
                return known;
            }
        }
        let house = names::house(&mut self.rng);
        let mut guardians = vec![];
        if self.rng.random_bool(0.97) {
            let (name, born) = (
                names::mother(&mut self.rng, &house),
                birth(&mut self.rng, 1976, 18),
            );
            let mother = self.person(name, born);
            guardians.push((mother.id, "mother"));
            self.people.guardians.push(mother);
        }
        if guardians.is_empty() || self.rng.random_bool(0.6) {
            let (name, born) = (
                names::father(&mut self.rng, &house),
                birth(&mut self.rng, 1973, 18),
            );
            let father = self.person(name, born);
            guardians.push((father.id, "father"));
            self.people.guardians.push(father);
        }
        self.families.push(Family {
            house,
            guardians,
            children: 0,
            classes: vec![],
        });
        self.families.len() - 1
    }
}
