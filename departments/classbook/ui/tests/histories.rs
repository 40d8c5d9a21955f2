//! A hundred thousand random histories of three clients of one journal: cut networks, answers that are lost, requests that come
//! twice and late, windows that die, news of others in between; marks, dots, comments, absences, topics with homework, what is taken back,
//! and a lesson whose first mark makes its work. Nothing that was acknowledged is lost or done twice, and in the end all show what the
//! server holds.
//!
//! The clients are the real sheet and the real queue, and what `journal::desk` does between them (`journal::lines`). The server is a model
//! of `journal::sql::save`, whose verdicts it takes over one by one; that the database gives the same ones is held by
//! `classbook-core`'s database tests. To add a kind of trouble: a variant of [`Happening`].
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::panic
)]

use std::collections::{BTreeMap, HashMap, HashSet};

use base::number::Hundredths;
use base::{AssignmentId, LessonId, LoadId, PersonId, PupilId, ScaleId, SchoolId, WorkTypeId};
use chrono::NaiveDate;
use classbook_core::journal::cell::{Change, Homework, Place};
use classbook_core::journal::grid::{
    Assignment, AttendanceRow, Grid, Lesson, MarkRow, OwedRow, Pupil, Scale, ScaleItem,
};
use classbook_core::journal::news::Pulse;
use classbook_core::journal::sheet::{Local, Sheet, State};
use classbook_core::owed::{Owed, Wish};
use classbook_ui::journal::lines::{self, Told};
use kit::outbox::queue::{Queue, Write};
use kit::outbox::{Op, Progress, Verdict};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

#[path = "histories/client.rs"]
mod client;
#[path = "histories/server.rs"]
mod server;

use client::{Client, Typed};
use server::{Server, Value};

const HISTORIES: u64 = 100_000;
const STEPS: usize = 40;
const PUPILS: usize = 2;
/// The last of them has no work at first.
const LESSONS: usize = 2;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 16).unwrap()
}

fn lesson_id(l: usize) -> LessonId {
    LessonId(700 + i64::try_from(l).unwrap())
}

fn pupil_id(p: usize) -> PupilId {
    PupilId(1000 + i64::try_from(p).unwrap())
}

fn places(sheet: &Sheet) -> Vec<Place> {
    (0..PUPILS)
        .flat_map(|row| (0..sheet.columns().len()).map(move |column| (row, column)))
        .flat_map(|(row, column)| {
            [
                sheet.mark_place(row, column).unwrap(),
                sheet.attendance_place(row, column).unwrap(),
            ]
        })
        .chain((0..LESSONS).map(|l| Place::Lesson { lesson: lesson_id(l) }))
        .collect()
}

/// A request on its way to the server, or its answer on the way back.
#[derive(Clone)]
enum Travelling {
    There {
        client: usize,
        life: u32,
        ops: Vec<Op>,
    },
    Back {
        client: usize,
        life: u32,
        ops: Vec<Op>,
        verdicts: Vec<(String, Verdict, Told)>,
    },
}

/// What is remembered for the judgement at the end.
#[derive(Default)]
struct World {
    typed: Vec<String>,
    acknowledged: Vec<(String, i32)>,
    /// Acts that a person gave up or replaced.
    chosen: HashSet<String>,
    /// Steps of undo and redo that did something.
    turned: usize,
    /// Those of them about a topic and its homework.
    described: usize,
}

#[derive(Clone, Copy, Debug)]
enum Happening {
    Types,
    /// A sheet is opened beside the grid, of a cell or a lesson.
    Opens,
    TakesBack,
    DoesAgain,
    Sends,
    /// Something on its way arrives; which, is chance: so the order changes.
    Arrives,
    ArrivesTwice,
    IsLost,
    /// The window gives a request up as failed; what it had sent may still arrive.
    GivesUpWaiting,
    /// The window dies and is opened again, with what was written down.
    Dies,
    News,
    Chooses,
    ServerSaysNo,
}

use Happening::{
    Arrives, ArrivesTwice, Chooses, Dies, DoesAgain, GivesUpWaiting, IsLost, News, Opens, Sends,
    ServerSaysNo, TakesBack, Types,
};

const HAPPENINGS: [Happening; 16] = [
    Types,
    Types,
    Types,
    Types,
    Sends,
    Sends,
    Sends,
    Arrives,
    Arrives,
    Arrives,
    Arrives,
    ArrivesTwice,
    IsLost,
    GivesUpWaiting,
    Dies,
    News,
];

struct History {
    rng: StdRng,
    server: Server,
    clients: Vec<Client>,
    lives: Vec<u32>,
    net: Vec<Travelling>,
    world: World,
    ids: u32,
}

impl History {
    fn new(seed: u64) -> Self {
        let server = Server::default();
        let clients = (0..3).map(|_| Client::open(&server, BTreeMap::new())).collect();
        Self {
            rng: StdRng::seed_from_u64(seed),
            server,
            clients,
            lives: vec![0; 3],
            net: vec![],
            world: World::default(),
            ids: 0,
        }
    }

    fn step(&mut self) {
        let who = self.rng.random_range(0..3);
        let what = match self.rng.random_range(0..24) {
            0 => Chooses,
            2 => Opens,
            3 => TakesBack,
            4 if self.rng.random_ratio(1, 2) => DoesAgain,
            1 if self.rng.random_ratio(1, 4) => ServerSaysNo,
            _ => *HAPPENINGS.choose(&mut self.rng).unwrap(),
        };
        match what {
            Types => self.types(who),
            Opens => {
                let place = self.somewhere(who);
                self.clients[who].stand_on(place);
            }
            TakesBack | DoesAgain => {
                let id = self.id(who);
                self.clients[who].turn(matches!(what, DoesAgain), id, &mut self.world);
            }
            Sends => self.sends(who),
            Arrives => self.arrives(false),
            ArrivesTwice => self.arrives(true),
            IsLost => {
                if !self.net.is_empty() {
                    let at = self.rng.random_range(0..self.net.len());
                    self.net.swap_remove(at);
                }
            }
            GivesUpWaiting => self.clients[who].waiting = false,
            Dies => {
                self.lives[who] += 1;
                let disk = std::mem::take(&mut self.clients[who].disk);
                self.clients[who] = Client::open(&self.server, disk);
            }
            News => self.clients[who].overhear(&self.server),
            Chooses => self.chooses(who),
            ServerSaysNo => self.server.closed = !self.server.closed,
        }
    }

    fn id(&mut self, who: usize) -> String {
        self.ids += 1;
        format!("{who}-{}", self.ids)
    }

    fn somewhere(&mut self, who: usize) -> Place {
        *places(&self.clients[who].sheet).choose(&mut self.rng).unwrap()
    }

    fn types(&mut self, who: usize) {
        let place = self.somewhere(who);
        let id = self.id(who);
        if let Place::Lesson { lesson } = place {
            let change = self.describes(lesson);
            return self.clients[who].make_beside(change, id, &mut self.world);
        }
        let marks = [
            Typed::Code("5"),
            Typed::Code("4"),
            Typed::Code("3"),
            Typed::Nothing,
            Typed::Dot(None),
            Typed::Dot(Some(day())),
            Typed::Comment("well done"),
            Typed::Comment(""),
        ];
        let codes = [Typed::Code("н"), Typed::Code("б"), Typed::Nothing];
        let typed = match place {
            Place::Mark { .. } => *marks.choose(&mut self.rng).unwrap(),
            _ => *codes.choose(&mut self.rng).unwrap(),
        };
        self.clients[who].type_one(place, typed, id, &mut self.world);
    }

    /// A topic, homework, or nothing of a lesson.
    fn describes(&mut self, lesson: LessonId) -> Change {
        let topics = [None, Some("Fractions"), Some("Percents")];
        let homework = ["nos 1–5", "no. 7"].choose(&mut self.rng).map(|text| Homework {
            text: (*text).to_owned(),
            due_on: None,
            minutes: None,
            links: Some(vec![]),
        });
        Change::Lesson {
            files_go: None,
            lesson,
            topic: topics.choose(&mut self.rng).copied().flatten().map(str::to_owned),
            homework: homework.filter(|_| self.rng.random_ratio(1, 2)),
        }
    }

    fn sends(&mut self, who: usize) {
        let ops = self.clients[who].queue.sendable(self.rng.random_range(1..5));
        if ops.is_empty() || self.clients[who].waiting {
            return;
        }
        self.clients[who].waiting = true;
        self.net.push(Travelling::There {
            client: who,
            life: self.lives[who],
            ops,
        });
    }

    fn arrives(&mut self, twice: bool) {
        if self.net.is_empty() {
            return;
        }
        let at = self.rng.random_range(0..self.net.len());
        let what = self.net.swap_remove(at);
        if twice {
            self.net.push(what.clone());
        }
        match what {
            Travelling::There { client, life, ops } => {
                let verdicts = ops
                    .iter()
                    .map(|op| {
                        let (verdict, told) = self.server.answer(op);
                        (op.id.clone(), verdict, told)
                    })
                    .collect();
                self.net.push(Travelling::Back {
                    client,
                    life,
                    ops,
                    verdicts,
                });
            }
            // what a window that is dead had asked nobody hears
            Travelling::Back { client, life, .. } if self.lives[client] != life => {}
            Travelling::Back {
                client,
                ops,
                verdicts,
                ..
            } => {
                self.clients[client].waiting = false;
                self.clients[client].hear(&ops, &verdicts, &mut self.world);
            }
        }
    }

    fn chooses(&mut self, who: usize) {
        let Some(op) = self.clients[who].stuck() else {
            return;
        };
        if self.rng.random_ratio(1, 2) {
            self.clients[who].give_up(&op, &mut self.world);
        } else {
            // «Оставить моё»: typed once more, over what the server holds
            let wanted = self.clients[who].wanted(&op);
            let id = self.id(who);
            let expected = self.clients[who].sheet.version(wanted.place());
            self.clients[who].make(wanted, expected, id, &mut self.world);
        }
    }

    /// The network is back and stays, and people decide what they are asked.
    fn settle(&mut self) {
        self.server.closed = false;
        for round in 0.. {
            assert!(round < 1000, "it never comes to rest");
            while !self.net.is_empty() {
                self.arrives(false);
            }
            let mut rest = true;
            for who in 0..3 {
                self.clients[who].waiting = false;
                self.clients[who].overhear(&self.server);
                if self.clients[who].stuck().is_some() {
                    self.chooses(who);
                    rest = false;
                }
                if !self.clients[who].queue.sendable(1).is_empty() {
                    self.sends(who);
                    rest = false;
                }
            }
            if rest && self.net.is_empty() {
                return;
            }
        }
    }

    fn judge(&self) {
        // each cell went one version at a time
        let mut versions: HashMap<Place, i32> = HashMap::new();
        for (_, place, _, version) in &self.server.history {
            let before = versions
                .insert(*place, *version)
                .unwrap_or(i32::from(matches!(place, Place::Lesson { .. })));
            assert_eq!(*version, before + 1);
        }
        // what was acknowledged was done once, as the version that was told
        let mut done: HashMap<&str, i32> = HashMap::new();
        for (id, _, _, version) in &self.server.history {
            assert!(done.insert(id, *version).is_none(), "{id} was done twice");
        }
        for (id, version) in &self.world.acknowledged {
            let held =
                done.get(id.as_str()) == Some(version) || self.server.same.contains(&(id.clone(), *version));
            assert!(
                held,
                "{id} was acknowledged as version {version} and is not there"
            );
        }
        // nothing that was typed vanished: it was acknowledged, or its person chose otherwise
        let acknowledged: HashSet<&str> = self
            .world
            .acknowledged
            .iter()
            .map(|(id, _)| id.as_str())
            .collect();
        for id in &self.world.typed {
            assert!(
                acknowledged.contains(id.as_str()) || self.world.chosen.contains(id),
                "{id} vanished"
            );
        }
        // all show what the server holds, and nothing waits anywhere
        for client in &self.clients {
            assert!(client.queue.ops().is_empty() && client.disk.is_empty());
            for place in places(&client.sheet) {
                let (value, version) = self.server.cells.get(&place).cloned().unwrap_or_default();
                let seen = match place {
                    Place::Lesson { lesson } => {
                        let lesson = lines::lesson_now(&client.sheet, &client.queue, lesson).unwrap();
                        Value {
                            code: lesson.topic,
                            homework: lesson.homework,
                            ..Value::default()
                        }
                    }
                    _ => {
                        let (code, comment) = client.sheet.now(place);
                        Value {
                            code,
                            comment,
                            owed: client.sheet.owed(place),
                            homework: None,
                        }
                    }
                };
                assert_eq!(seen, value, "{place:?}");
                assert_eq!(client.sheet.version(place), version, "{place:?}");
            }
        }
    }
}

fn run(seed: u64) -> History {
    let mut history = History::new(seed);
    for _ in 0..STEPS {
        history.step();
    }
    history.settle();
    history
}

#[test]
fn nothing_acknowledged_is_lost_and_all_end_equal() {
    let parts = 4;
    std::thread::scope(|scope| {
        for part in 0..parts {
            scope.spawn(move || {
                for seed in (part..HISTORIES).step_by(usize::try_from(parts).unwrap()) {
                    let judged = std::panic::catch_unwind(|| run(seed).judge());
                    assert!(judged.is_ok(), "history {seed} went wrong");
                }
            });
        }
    });
}

#[test]
fn the_histories_have_every_trouble_in_them() {
    let (mut conflicts, mut same, mut twice, mut acknowledged) = (0, 0, 0, 0);
    let (mut made, mut turned, mut described, mut topics, mut comments) = (0, 0, 0, 0, 0);
    for seed in 0..500 {
        let history = run(seed);
        let mut heard = HashSet::new();
        twice += history
            .world
            .acknowledged
            .iter()
            .filter(|(id, _)| !heard.insert(id))
            .count();
        conflicts += history.world.chosen.len();
        same += history.server.same.len();
        acknowledged += history.world.acknowledged.len();
        made += history.server.made;
        turned += history.world.turned;
        described += history.world.described;
        for (_, place, value, _) in &history.server.history {
            topics += usize::from(matches!(place, Place::Lesson { .. }));
            comments += usize::from(value.comment.is_some());
        }
    }
    assert!(
        conflicts > 500 && same > 100 && twice > 100 && acknowledged > 2500,
        "{conflicts} {same} {twice} {acknowledged}"
    );
    assert!(
        made > 200 && turned > 200 && described > 50 && topics > 300 && comments > 100,
        "{made} {turned} {described} {topics} {comments}"
    );
}
