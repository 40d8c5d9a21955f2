//! One window of the journal, as `journal::desk` drives sheet and queue.

use super::*;

/// The journal as the server would send it.
fn grid(server: &Server) -> Grid {
    let small = |n: usize| u16::try_from(n).unwrap();
    let row = |pupil: PupilId| small((0..PUPILS).find(|p| pupil_id(*p) == pupil).unwrap());
    let works: Vec<_> = server.works.iter().collect();
    let (mut marks, mut owed, mut attendance) = (vec![], vec![], vec![]);
    let mut lessons: Vec<Lesson> = (0..LESSONS)
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
        .collect();
    for (place, (value, version)) in &server.cells {
        match *place {
            Place::Mark {
                assignment: Some(a),
                pupil,
                ..
            } => {
                let work = small(works.iter().position(|(_, w)| **w == a).unwrap());
                let (code, comment) = (value.code.clone(), value.comment.clone());
                marks.push(MarkRow(row(pupil), work, code, *version, comment));
                owed.extend(value.owed.map(|dot| OwedRow(row(pupil), work, dot)));
            }
            Place::Attendance { lesson, pupil } => {
                let lesson = lessons.iter().position(|l| l.id == lesson).unwrap();
                attendance.push(AttendanceRow(
                    row(pupil),
                    small(lesson),
                    value.code.clone(),
                    *version,
                ));
            }
            Place::Lesson { lesson } => {
                let lesson = lessons.iter_mut().find(|l| l.id == lesson).unwrap();
                lesson.topic.clone_from(&value.code);
                lesson.homework.clone_from(&value.homework);
                lesson.version = *version;
            }
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
        outside: 0,
        laid_until: None,
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
        lessons,
        assignments: works
            .iter()
            .map(|(lesson, work)| Assignment {
                id: **work,
                lesson: **lesson,
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
        utc_offset: 0,
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

/// What is typed into a cell: a mark or a code, nothing, or a dot with a day or without; or said beside a mark.
#[derive(Clone, Copy, Debug)]
pub enum Typed {
    Code(&'static str),
    Nothing,
    Dot(Option<NaiveDate>),
    Comment(&'static str),
}

/// One window of the journal.
pub struct Client {
    pub sheet: Sheet,
    pub queue: Queue,
    /// What the browser has written down, in the order of names.
    pub disk: BTreeMap<String, Op>,
    /// The request under way, until its answer comes or the window gives it up.
    pub waiting: bool,
    /// The sheet that is open beside the grid, and the version that its person saw.
    stood: Option<(Place, i32)>,
    /// What takes back what was done, and what was written.
    undo: Vec<(Change, Change)>,
    redo: Vec<(Change, Change)>,
}

impl Client {
    pub fn open(server: &Server, disk: BTreeMap<String, Op>) -> Self {
        let mut client = Self {
            sheet: Sheet::new(grid(server)),
            queue: Queue::restore(disk.values().cloned().collect()),
            disk,
            waiting: false,
            stood: None,
            undo: vec![],
            redo: vec![],
        };
        client.take_over_queue();
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

    /// As `Desk::take_over_queue`.
    fn take_over_queue(&mut self) {
        self.readdress();
        for op in self.queue.ops().to_vec() {
            self.show_line(&op.line, lines::change_of(&op.body).unwrap().place());
        }
    }

    /// As `Desk::show_line`.
    fn show_line(&mut self, line: &str, place: Place) {
        if !matches!(place, Place::Lesson { .. }) {
            let wanted = lines::shown(&self.queue, line, 0);
            self.sheet.set_local(place, wanted);
        }
    }

    /// As `Desk::readdress_first_marks`.
    fn readdress(&mut self) {
        let (writes, moved) = lines::readdress(&mut self.sheet, &mut self.queue);
        self.write(writes);
        for (line, place) in moved {
            if let Some(stood) = self.stood.as_mut().filter(|s| s.0.line() == line) {
                stood.0 = place;
            }
        }
        for (back, wrote) in self.undo.iter_mut().chain(&mut self.redo) {
            lines::address(&self.sheet, back);
            lines::address(&self.sheet, wrote);
        }
    }

    /// As `Desk::stand_on`: a sheet opens, and what is said in it goes on top of what was seen then.
    pub fn stand_on(&mut self, place: Place) {
        self.stood = Some((place, self.sheet.version(place)));
    }

    pub fn type_one(&mut self, place: Place, typed: Typed, id: String, world: &mut World) {
        let (row, column) = self.sheet.find(place).unwrap();
        let made = match (place, typed) {
            (Place::Mark { .. }, Typed::Code(code)) => self.sheet.mark(row, column, Some(code.to_owned())),
            (Place::Mark { .. }, Typed::Nothing) => self.sheet.mark(row, column, None),
            (Place::Mark { .. }, Typed::Dot(until)) => self.sheet.owe(row, column, until),
            (
                Place::Mark {
                    lesson,
                    assignment,
                    pupil,
                },
                Typed::Comment(text),
            ) => {
                let change = Change::Mark {
                    lesson,
                    assignment,
                    pupil,
                    code: self.sheet.now(place).0,
                    comment: Some(text.to_owned()),
                    owed: Wish::Kept,
                };
                return self.make_beside(change, id, world);
            }
            (_, Typed::Code(code)) => self.sheet.attend(row, column, Some(code.to_owned())),
            _ => self.sheet.attend(row, column, None),
        };
        if let Some((change, expected)) = made {
            self.remember(&change);
            self.make(change, expected, id, world);
        }
    }

    /// As `Desk::make_beside`.
    pub fn make_beside(&mut self, change: Change, id: String, world: &mut World) {
        let place = change.place();
        let expected = match self.stood {
            Some((stood, expected)) if stood == place => expected,
            _ => self.sheet.version(place),
        };
        self.remember(&change);
        self.make(change, expected, id, world);
    }

    fn remember(&mut self, change: &Change) {
        if let Some(back) = lines::way_back(&self.sheet, &self.queue, change.place()) {
            self.redo.clear();
            self.undo.push((back, change.clone()));
        }
    }

    /// As `Desk::take_back`, and `Desk::do_again`.
    pub fn turn(&mut self, again: bool, id: String, world: &mut World) {
        let steps = if again { &mut self.redo } else { &mut self.undo };
        let Some((change, wrote)) = steps.pop() else {
            return;
        };
        if let lines::Turn::Back {
            expected,
            again: back,
            ..
        } = lines::turn(&self.sheet, &self.queue, &change, &wrote)
        {
            let turned = back.map(|back| (back, change.clone()));
            if again {
                self.undo.extend(turned);
            } else {
                self.redo.extend(turned);
            }
            world.turned += 1;
            world.described += usize::from(matches!(change, Change::Lesson { .. }));
            self.make(change, expected, id, world);
        }
    }

    /// As `Desk::make`.
    pub fn make(&mut self, change: Change, expected: i32, id: String, world: &mut World) {
        let change = self.sheet.told(change);
        let place = change.place();
        if !matches!(place, Place::Lesson { .. }) {
            let local = Local {
                change: change.clone(),
                state: State::Waiting,
            };
            self.sheet.set_local(place, Some(local));
        }
        let op = Op {
            id: id.clone(),
            seq: self.queue.next_seq(),
            line: place.line(),
            expected,
            body: lines::body(&change).unwrap(),
            state: Progress::Waiting,
            made: 1,
            wished: 0,
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
    }

    /// As `Outbox` settles an act and `Desk::hear` hears of it.
    pub fn hear(&mut self, sent: &[Op], verdicts: &[(String, Verdict, Told)], world: &mut World) {
        for (id, verdict, told) in verdicts {
            let op = sent.iter().find(|op| op.id == *id).unwrap();
            // its line may have got another address meanwhile
            let line = self
                .queue
                .ops()
                .iter()
                .find(|o| o.id == *id)
                .map(|o| o.line.clone());
            if let Some(line) = &line
                && matches!(verdict, Verdict::Refused { .. })
                && self.queue.line(line).count() > 1
            {
                // the person has typed something newer there: that takes its place
                world.chosen.insert(id.clone());
            }
            let writes = self.queue.settle(id, verdict.clone());
            self.write(writes);
            if let Verdict::Saved { version } = verdict {
                world.acknowledged.push((id.clone(), *version));
                let place = lines::change_of(&op.body).unwrap().place();
                if let Some(stood) = self.stood.as_mut().filter(|s| s.0 == place) {
                    stood.1 = *version;
                }
            }
            let heard = lines::learn(&mut self.sheet, op, verdict, told).unwrap();
            if let (Verdict::Saved { version }, Some(stood)) = (verdict, &mut self.stood)
                && stood.0 == heard.place
            {
                stood.1 = *version;
            }
            if heard.grown {
                self.readdress();
            }
            self.show_line(&heard.line, heard.place);
        }
    }

    /// As the stream of news and `Desk::overhear` do it: everything the server holds, which is more than what changed. What is no cell
    /// (a topic, a work of a lesson) comes with the grid, which is then asked for whole.
    pub fn overhear(&mut self, server: &Server) {
        let mut whole = self.sheet.grid().assignments.len() != server.works.len();
        for (place, (value, version)) in &server.cells {
            if self.sheet.version(*place) >= *version {
                continue;
            }
            if self.sheet.find(*place).is_none() {
                whole = true;
                continue;
            }
            let change = match *place {
                Place::Mark {
                    lesson,
                    assignment,
                    pupil,
                } => Change::Mark {
                    lesson,
                    assignment,
                    pupil,
                    code: value.code.clone(),
                    comment: Some(value.comment.clone().unwrap_or_default()),
                    owed: Wish::back_to(value.owed),
                },
                Place::Attendance { lesson, pupil } => Change::Attendance {
                    lesson,
                    pupil,
                    code: value.code.clone(),
                },
                _ => unreachable!("found in no row"),
            };
            self.sheet.saved(&change, None, *version);
        }
        if whole {
            self.sheet.merge(grid(server));
            self.take_over_queue();
        }
    }

    pub fn stuck(&self) -> Option<Op> {
        self.queue
            .ops()
            .iter()
            .find(|op| op.state != Progress::Waiting)
            .cloned()
    }

    /// What the person wanted last in the line of an act.
    pub fn wanted(&self, op: &Op) -> Change {
        lines::change_of(&self.queue.last(&op.line).unwrap().body).unwrap()
    }

    /// As `Desk::give_up`: «Взять чужое», «Убрать».
    pub fn give_up(&mut self, op: &Op, world: &mut World) {
        let wanted = self.wanted(op);
        if let Some(State::Conflict(now)) = lines::state(op, 0)
            && let Some(theirs) = lines::theirs(&wanted, &now)
        {
            self.sheet.saved(&theirs, None, now.version);
        }
        world
            .chosen
            .extend(self.queue.line(&op.line).map(|o| o.id.clone()));
        let writes = self.queue.give_up(&op.line);
        self.write(writes);
        self.sheet.set_local(wanted.place(), None);
    }
}
