//! The region as a list of institutions, each made from its shape, its seat and the seed.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::calendar::Calendar;
use super::cast::{self, Place};
use super::layout::{Layout, Shape};
use super::names::Name;
use super::people::{self, BLOCK, Person, SHARED, Seat};
use super::rows::{Rows, Table};
use super::school::{self, Institution};
use super::{Demo, journal, week};

/// The organisation at the root.
pub const ROOT: i64 = 1;
/// The organisation that is entered last: with it the region is complete.
pub const LAST: i64 = 9;
const TOWN: i64 = 2;
const DISTRICT: i64 = 3;

/// What is to be made.
#[derive(Clone, Debug)]
pub struct Region {
    demo: Demo,
    calendar: Calendar,
    /// The institutions.
    pub seats: Vec<(Seat, Shape)>,
}

/// Solved weeks, by shape.
pub type Layouts = BTreeMap<Shape, Arc<Layout>>;

impl Region {
    /// Plans a region.
    pub fn new(demo: Demo) -> Self {
        let mut seats = vec![];
        let mut seat = |id, place, parent, kind, name, short, shape| {
            let ordinal = i64::try_from(seats.len()).unwrap_or(0);
            seats.push((
                Seat {
                    id,
                    ordinal,
                    place,
                    parent,
                    kind,
                    name,
                    short,
                    last: false,
                },
                shape,
            ));
        };
        for n in 1..=i64::from(demo.schools) {
            let shape = match n {
                1 => Shape::Large,
                2 => Shape::Middle,
                3 => Shape::Small,
                n if n % 10 == 1 => Shape::Large,
                n => [Shape::Common, Shape::Basic, Shape::Middle, Shape::Small]
                    [usize::try_from(n % 4).unwrap_or(0)],
            };
            let (parent, town) = if n % 3 == 0 {
                (DISTRICT, "Озёрного района")
            } else {
                (TOWN, "города Светлоречье")
            };
            let name = format!("Средняя школа № {n} {town}");
            seat(
                10 + n,
                Some(Place::School(n)),
                parent,
                "school",
                name,
                format!("Школа № {n}"),
                shape,
            );
        }
        let name = "Детский сад № 7 «Ромашка»";
        seat(
            4,
            None,
            DISTRICT,
            "kindergarten",
            name.to_owned(),
            "Детский сад № 7".to_owned(),
            Shape::Kindergarten,
        );
        let name = "Светлореченский колледж информатики и права";
        seat(
            5,
            Some(Place::College),
            TOWN,
            "college",
            name.to_owned(),
            "Колледж".to_owned(),
            Shape::College,
        );
        if let Some((last, _)) = seats.last_mut() {
            last.last = true;
        }
        Self {
            calendar: Calendar::around(demo.today),
            demo,
            seats,
        }
    }

    /// Finds the weeks of all shapes in use; takes a second or so.
    pub fn solve(&self) -> anyhow::Result<Layouts> {
        let mut layouts = Layouts::new();
        for (_, shape) in &self.seats {
            if !layouts.contains_key(shape) {
                layouts.insert(*shape, Arc::new(week::solve(Layout::new(*shape))?));
            }
        }
        Ok(layouts)
    }

    /// The rows of an institution.
    pub fn institution(&self, seat: &Seat, layout: &Layout) -> Rows {
        let people = people::settle(layout, seat, self.demo.seed, self.calendar.year.from);
        let institution = Institution {
            seat,
            layout,
            people: &people,
            calendar: &self.calendar,
            now: self.demo.now,
        };
        let mut rows = Rows::default();
        institution.write(&mut rows);
        journal::write(&institution, self.demo.seed, &mut rows);
        rows
    }

    /// The rows that come first: the tree's upper part, and everyone who is known in two institutions.
    pub fn ground(&self) -> Rows {
        let mut rows = Rows::default();
        let region = "Заречная область (вымышленная)";
        rows.add(
            Table::Organisation,
            &[&ROOT, &"\\N", &"region", &region, &"Заречная область", &"{1}"],
        );
        for (id, name) in [
            (TOWN, "Городской округ Светлоречье"),
            (DISTRICT, "Озёрный муниципальный район"),
        ] {
            let path = format!("{{{ROOT},{id}}}");
            rows.add(
                Table::Organisation,
                &[&id, &ROOT, &"municipality", &name, &name, &path],
            );
        }
        for (n, actor) in (0..).zip(cast::ACTORS) {
            write_cast(&mut rows, actor.id, actor.name, actor.sex, date(1979 + n, 3, 14));
        }
        for child in cast::CHILDREN {
            let years: i32 = child
                .class
                .trim_end_matches(char::is_alphabetic)
                .parse()
                .unwrap_or(7);
            let year = chrono::Datelike::year(&self.calendar.year.from) - 7 - years;
            write_cast(
                &mut rows,
                child.id,
                child.name,
                child.sex,
                date(year, 10, 2 + u32::try_from(child.id).unwrap_or(0) % 20),
            );
        }
        let schools = i64::try_from(self.seats.len()).unwrap_or(0);
        for ordinal in 1..schools {
            for n in 0..SHARED {
                school::write_person(&mut rows, &people::shared_family(self.demo.seed, ordinal, n).2);
            }
        }
        rows
    }

    /// The rows that come last: the operator, whose organisation says that the region is complete.
    pub fn roof(&self) -> Rows {
        let mut rows = Rows::default();
        let path = format!("{{{ROOT},{LAST}}}");
        let name = "Центр цифрового образования";
        rows.add(
            Table::Organisation,
            &[&LAST, &ROOT, &"operator", &name, &name, &path],
        );
        school::write_positions(&mut rows, ROOT, Shape::Common);
        let since = self.calendar.year.from;
        let positions = base::rights::POSITIONS.iter();
        for (n, (actor, post)) in (1..).zip(
            cast::ACTORS
                .iter()
                .flat_map(|a| a.posts.iter().map(move |p| (a, p))),
        ) {
            let (Place::Region, cast::Post::Office(key)) = post else {
                continue;
            };
            let id = ROOT * BLOCK + n;
            let position = (1..)
                .zip(positions.clone())
                .find(|(_, t)| t.key == *key)
                .map_or(0, |(n, _)| ROOT * BLOCK + n);
            rows.add(Table::SchoolPerson, &[&ROOT, &actor.id]);
            school::write_account(
                &mut rows,
                actor.id,
                actor.login,
                true,
                actor.newcomer,
                self.demo.now,
            );
            rows.add(Table::Employee, &[&ROOT, &id, &actor.id]);
            rows.add(
                Table::Appointment,
                &[&ROOT, &id, &id, &position, &since, &"1-к", &since],
            );
        }
        rows
    }

    /// A number above all ids in use.
    pub fn next_id(&self) -> i64 {
        (self.seats.iter().map(|(s, _)| s.id).max().unwrap_or(0) + 1) * BLOCK
    }
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn write_cast(rows: &mut Rows, id: i64, name: [&str; 3], sex: super::names::Sex, born: NaiveDate) {
    let [last, first, middle] = name.map(str::to_owned);
    let person = Person {
        id,
        name: Name {
            last,
            first,
            middle,
            sex,
        },
        born,
        shared: true,
        login: None,
    };
    school::write_person(rows, &person);
}
