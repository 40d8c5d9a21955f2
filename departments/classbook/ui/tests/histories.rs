//! A hundred thousand random histories of three clients of one journal: cut networks, answers that are lost, requests that come
//! twice and late, windows that die, news of others in between. Nothing that was acknowledged is lost or done twice, and
//! in the end all show what the server holds.
//!
//! The clients are the real sheet and the real queue, driven as `journal::desk` drives them. The server is a model of
//! `journal::sql::save`, whose verdicts it takes over one by one; that the database gives the same ones is held by
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
use classbook_core::journal::cell::{Change, Place};
use classbook_core::journal::grid::{
    Assignment, AttendanceRow, Grid, Lesson, MarkRow, OwedRow, Pupil, Scale, ScaleItem,
};
use classbook_core::journal::news::Pulse;
use classbook_core::journal::sheet::{Local, Sheet, State};
use classbook_core::owed::{Owed, Wish};
use kit::outbox::queue::{Queue, Write};
use kit::outbox::{Op, Progress, Verdict};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

#[path = "histories/server.rs"]
mod server;

use server::Server;

const HISTORIES: u64 = 100_000;
const STEPS: usize = 40;
const PUPILS: usize = 2;
const LESSONS: usize = 2;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 16).unwrap()
}

/// The journal as the server would send it.
fn grid(cells: &Cells) -> Grid {
    let lesson_id = |l: usize| LessonId(700 + i64::try_from(l).unwrap());
    let work_id = |l: usize| AssignmentId(800 + i64::try_from(l).unwrap());
    let pupil_id = |p: usize| PupilId(1000 + i64::try_from(p).unwrap());
    let small = |n: usize| u16::try_from(n).unwrap();
    let (mut marks, mut owed, mut attendance) = (vec![], vec![], vec![]);
    for (place, (Value { code, owed: dot }, version)) in cells {
        match *place {
            Place::Mark {
                assignment: Some(a),
                pupil,
                ..
            } => {
                let row = small((0..PUPILS).find(|p| pupil_id(*p) == pupil).unwrap());
                let work = small((0..LESSONS).find(|l| work_id(*l) == a).unwrap());
                marks.push(MarkRow(row, work, code.clone(), *version, None));
                owed.extend(dot.map(|dot| OwedRow(row, work, dot)));
            }
            Place::Attendance { lesson, pupil } => attendance.push(AttendanceRow(
                small((0..PUPILS).find(|p| pupil_id(*p) == pupil).unwrap()),
                small((0..LESSONS).find(|l| lesson_id(*l) == lesson).unwrap()),
                code.clone(),
                *version,
            )),
            _ => unreachable!("the model knows no other place"),
        }
    }
    let item = |code: &str| ScaleItem {
        code: code.to_owned(),
        title: code.to_owned(),
        ..ScaleItem::default()
    };
    Grid {
        person: PersonId(1),
        school: SchoolId(10),
        load: LoadId(500),
        subject: String::new(),
        audience: String::new(),
        today: day(),
        periods: vec![],
        period: None,
        may_edit: true,
        may_see_history: false,
        pupils: (0..PUPILS)
            .map(|p| Pupil {
                id: pupil_id(p),
                name: String::new(),
                spans: vec![(day(), day())],
                gone: false,
            })
            .collect(),
        lessons: (0..LESSONS)
            .map(|l| Lesson {
                id: lesson_id(l),
                date: day(),
                slot: i16::try_from(l).unwrap(),
                topic: None,
                homework: None,
                cancelled: false,
                locked: false,
                version: 1,
            })
            .collect(),
        assignments: (0..LESSONS)
            .map(|l| Assignment {
                id: work_id(l),
                lesson: lesson_id(l),
                work_type: WorkTypeId(1),
                scale: ScaleId(1),
                title: None,
                weight: Hundredths::whole(1),
                version: 1,
            })
            .collect(),
        marks,
        attendance,
        scales: vec![Scale {
            id: ScaleId(1),
            items: vec![item("5"), item("4"), item("3")],
        }],
        work_types: vec![],
        codes: vec![],
        owed,
        owed_until: day().succ_opt(),
        read_at: None,
        pulse: Pulse::default(),
        plan: vec![],
        scheduled: vec![],
        all_scales: vec![],
        results: None,
        markless: false,
        replaced: vec![],
        exempt: vec![],
        cancelled: vec![],
        off: vec![],
        asked: vec![],
        may_cancel: false,
        substitutes: vec![],
        stands_in: vec![],
        hints: vec![],
    }
}

/// What a place holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Value {
    code: Option<String>,
    owed: Option<Owed>,
}

type Cells = BTreeMap<Place, (Value, i32)>;

/// What a place holds after a change.
fn after(held: &Value, change: &Change) -> Value {
    match change {
        Change::Mark { code, owed, .. } => Value {
            code: code.clone(),
            owed: owed.after(held.owed, code.is_some(), day()),
        },
        Change::Attendance { code, .. } => Value {
            code: code.clone(),
            owed: None,
        },
        Change::Lesson { .. } | Change::Individual { .. } => unreachable!("the model knows no lessons"),
    }
}

/// What is typed: a mark or a code, nothing, or a dot with a day or without.
#[derive(Clone, Copy, Debug)]
enum Typed {
    Code(&'static str),
    Nothing,
    Dot(Option<NaiveDate>),
}

/// One window of the journal.
struct Client {
    sheet: Sheet,
    queue: Queue,
    /// What the browser has written down, in the order of names.
    disk: BTreeMap<String, Op>,
    /// The request under way, until its answer comes or the window gives it up.
    waiting: bool,
}

impl Client {
    fn open(server: &Server, disk: BTreeMap<String, Op>) -> Self {
        let mut client = Self {
            sheet: Sheet::new(grid(&server.cells)),
            queue: Queue::restore(disk.values().cloned().collect()),
            disk,
            waiting: false,
        };
        client.show();
        client
    }

    fn write(&mut self, writes: Vec<Write>) {
        for write in writes {
            match write {
                Write::Put(op) => {
                    self.disk.insert(op.id.clone(), op);
                }
                Write::Forget(id) => {
                    self.disk.remove(&id);
                }
            }
        }
    }

    /// As `Desk::show_line`, of every line: what waits is seen over what the server holds.
    fn show(&mut self) {
        for place in places(&self.sheet) {
            let line = place.line();
            let head = self.queue.line(&line).next();
            let last = self.queue.last(&line);
            let local = last.zip(head).map(|(last, head)| Local {
                change: serde_json::from_str(&last.body).unwrap(),
                state: match &head.state {
                    Progress::Waiting => State::Waiting,
                    Progress::Refused { message } => State::Refused(message.clone()),
                    Progress::Conflict { .. } => State::Refused("conflict".to_owned()),
                },
            });
            self.sheet.set_local(place, local);
        }
    }

    fn type_one(&mut self, place: Place, typed: Typed, id: String, world: &mut World) {
        let (row, column) = self.sheet.find(place).unwrap();
        let made = match (place, typed) {
            (Place::Mark { .. }, Typed::Code(code)) => self.sheet.mark(row, column, Some(code.to_owned())),
            (Place::Mark { .. }, Typed::Nothing) => self.sheet.mark(row, column, None),
            (Place::Mark { .. }, Typed::Dot(until)) => self.sheet.owe(row, column, until),
            (_, Typed::Code(code)) => self.sheet.attend(row, column, Some(code.to_owned())),
            (_, Typed::Nothing | Typed::Dot(_)) => self.sheet.attend(row, column, None),
        };
        if let Some((change, expected)) = made {
            self.make(change, expected, id, world);
        }
    }

    /// As `Desk::make`.
    fn make(&mut self, change: Change, expected: i32, id: String, world: &mut World) {
        let change = self.sheet.told(change);
        let place = change.place();
        let op = Op {
            id: id.clone(),
            seq: self.queue.next_seq(),
            line: place.line(),
            expected,
            body: serde_json::to_string(&change).unwrap(),
            state: Progress::Waiting,
        };
        // typing over a refusal or a conflict gives up what was stuck: the person saw it and chose
        let stuck = self
            .queue
            .line(&op.line)
            .next()
            .is_some_and(|o| o.state != Progress::Waiting);
        if stuck {
            world
                .chosen
                .extend(self.queue.line(&op.line).map(|o| o.id.clone()));
        }
        world.typed.push(id);
        let writes = self.queue.push(op);
        self.write(writes);
        self.show();
    }

    fn hear(&mut self, sent: &[Op], verdicts: &[(String, Verdict, Option<Owed>)], world: &mut World) {
        for (id, verdict, dot) in verdicts {
            let op = sent.iter().find(|op| op.id == *id).unwrap();
            let known = self.queue.ops().iter().any(|o| o.id == *id);
            if let Verdict::Saved { version } = verdict {
                let change: Change = serde_json::from_str(&op.body).unwrap();
                self.sheet.saved(&change, None, *version);
                self.sheet.saved_with(change.place(), *version, *dot);
                world.acknowledged.push((id.clone(), *version));
            }
            if known && matches!(verdict, Verdict::Refused { .. }) && self.queue.line(&op.line).count() > 1 {
                // the person has typed something newer there: that takes its place
                world.chosen.insert(id.clone());
            }
            let writes = self.queue.settle(id, verdict.clone());
            self.write(writes);
        }
        self.show();
    }

    /// As the stream of news and `Desk::overhear` do it: everything the server holds, which is more than what changed.
    fn overhear(&mut self, server: &Server) {
        for (place, (Value { code, owed }, version)) in &server.cells {
            if self.sheet.version(*place) < *version {
                let change = match *place {
                    Place::Mark {
                        lesson,
                        assignment,
                        pupil,
                    } => Change::Mark {
                        lesson,
                        assignment,
                        pupil,
                        code: code.clone(),
                        comment: Some(String::new()),
                        owed: Wish::back_to(*owed),
                    },
                    Place::Attendance { lesson, pupil } => Change::Attendance {
                        lesson,
                        pupil,
                        code: code.clone(),
                    },
                    Place::Lesson { .. } | Place::Individual { .. } => {
                        unreachable!("the model knows no lessons")
                    }
                };
                self.sheet.saved(&change, None, *version);
            }
        }
    }

    fn stuck(&self) -> Option<Op> {
        self.queue
            .ops()
            .iter()
            .find(|op| op.state != Progress::Waiting)
            .cloned()
    }

    /// «Взять чужое», «Убрать».
    fn give_up(&mut self, op: &Op, world: &mut World) {
        world
            .chosen
            .extend(self.queue.line(&op.line).map(|o| o.id.clone()));
        let writes = self.queue.give_up(&op.line);
        self.write(writes);
        self.show();
    }
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
        verdicts: Vec<(String, Verdict, Option<Owed>)>,
    },
}

/// What is remembered for the judgement at the end.
#[derive(Default)]
struct World {
    typed: Vec<String>,
    acknowledged: Vec<(String, i32)>,
    /// Acts that a person gave up or replaced.
    chosen: HashSet<String>,
}

#[derive(Clone, Copy, Debug)]
enum Happening {
    Types,
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
    Arrives, ArrivesTwice, Chooses, Dies, GivesUpWaiting, IsLost, News, Sends, ServerSaysNo, Types,
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
        let what = match self.rng.random_range(0..20) {
            0 => Chooses,
            1 if self.rng.random_ratio(1, 4) => ServerSaysNo,
            _ => *HAPPENINGS.choose(&mut self.rng).unwrap(),
        };
        match what {
            Types => self.types(who),
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

    fn types(&mut self, who: usize) {
        let place = *places(&self.clients[who].sheet).choose(&mut self.rng).unwrap();
        let marks = [
            Typed::Code("5"),
            Typed::Code("4"),
            Typed::Code("3"),
            Typed::Nothing,
            Typed::Dot(None),
            Typed::Dot(Some(day())),
        ];
        let typed = match place {
            Place::Mark { .. } => *marks.choose(&mut self.rng).unwrap(),
            _ => *[Typed::Code("н"), Typed::Code("б"), Typed::Nothing]
                .choose(&mut self.rng)
                .unwrap(),
        };
        self.ids += 1;
        let id = format!("{who}-{}", self.ids);
        self.clients[who].type_one(place, typed, id, &mut self.world);
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
                        let (verdict, dot) = self.server.answer(op);
                        (op.id.clone(), verdict, dot)
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
            let wanted: Change =
                serde_json::from_str(&self.clients[who].queue.last(&op.line).unwrap().body).unwrap();
            self.ids += 1;
            let id = format!("{who}-{}", self.ids);
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
            let before = versions.insert(*place, *version).unwrap_or(0);
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
                assert_eq!(client.sheet.now(place).0, value.code, "{place:?}");
                assert_eq!(client.sheet.owed(place), value.owed, "{place:?}");
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
    }
    assert!(
        conflicts > 500 && same > 100 && twice > 100 && acknowledged > 2500,
        "{conflicts} {same} {twice} {acknowledged}"
    );
}
