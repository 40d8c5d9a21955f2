//! The server as the histories know it.

use classbook_core::journal::cell::Meanwhile;

use super::*;

/// What a place holds: of a lesson the topic as its code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    pub code: Option<String>,
    pub comment: Option<String>,
    pub owed: Option<Owed>,
    pub homework: Option<Homework>,
}

pub type Cells = BTreeMap<Place, (Value, i32)>;

/// What a place holds after a change.
pub fn after(held: &Value, change: &Change) -> Value {
    match change {
        Change::Mark {
            code, comment, owed, ..
        } => Value {
            code: code.clone(),
            comment: match comment {
                None => held.comment.clone(),
                Some(text) => Some(text.clone()).filter(|t| !t.is_empty()),
            },
            owed: owed.after(held.owed, code.is_some(), day()),
            homework: None,
        },
        Change::Attendance { code, .. } => Value {
            code: code.clone(),
            ..Value::default()
        },
        Change::Lesson { topic, homework, .. } => Value {
            code: topic.clone(),
            homework: homework.clone(),
            ..Value::default()
        },
        Change::Individual { .. } => unreachable!("homework for some is not in the model"),
    }
}

/// `journal::sql::save` without a database.
pub struct Server {
    pub cells: Cells,
    /// The works of lessons; a lesson without one gets it with its first mark.
    pub works: BTreeMap<LessonId, AssignmentId>,
    /// What the audit holds: acts that changed something, and the version that each made.
    pub done: HashMap<String, (Place, i32)>,
    pub history: Vec<(String, Place, Value, i32)>,
    /// Acts that found their value there already, and the version at which they did.
    pub same: HashSet<(String, i32)>,
    /// Says no to everything for a while: a right that ends, a period that is locked.
    pub closed: bool,
    /// Works that a first mark has made.
    pub made: usize,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            // a lesson has a version before anybody writes of it
            cells: (0..LESSONS)
                .map(|l| (Place::Lesson { lesson: lesson_id(l) }, (Value::default(), 1)))
                .collect(),
            works: (0..LESSONS - 1)
                .map(|l| (lesson_id(l), AssignmentId(800 + i64::try_from(l).unwrap())))
                .collect(),
            done: HashMap::new(),
            history: vec![],
            same: HashSet::new(),
            closed: false,
            made: 0,
        }
    }
}

impl Server {
    /// Its verdict, and what it tells beside it.
    pub fn answer(&mut self, op: &Op) -> (Verdict, Told) {
        let mut change = lines::change_of(&op.body).unwrap();
        let mut made = None;
        if let Change::Mark {
            lesson,
            assignment: assignment @ None,
            code,
            comment,
            owed,
            ..
        } = &mut change
        {
            *assignment = self.works.get(lesson).copied();
            if assignment.is_none() {
                let said = comment.as_deref().is_some_and(|text| !text.is_empty());
                if code.is_none() && !said && !matches!(owed, Wish::Owed(_)) {
                    // clearing what was never there
                    self.same.insert((op.id.clone(), 0));
                    return (Verdict::Saved { version: 0 }, Told::default());
                }
                *assignment = Some(AssignmentId(900 + lesson.0));
                made = Some((*lesson, AssignmentId(900 + lesson.0)));
            }
        }
        let place = change.place();
        let verdict = self.save(op, place, &change);
        // a mark that is refused leaves no trace of the work that was made for it
        let kept = matches!(verdict, Verdict::Saved { .. });
        if kept && let Some((lesson, work)) = made {
            self.works.insert(lesson, work);
            self.made += 1;
        }
        let work = match place {
            Place::Mark { assignment, .. } if kept || made.is_none() => assignment,
            _ => None,
        };
        let held = self
            .cells
            .get(&place)
            .map(|(value, _)| value.clone())
            .unwrap_or_default();
        let told = match place {
            Place::Mark { .. } => Told {
                work,
                owed: held.owed,
                comment: held.comment,
            },
            _ => Told::default(),
        };
        (verdict, told)
    }

    fn save(&mut self, op: &Op, place: Place, change: &Change) -> Verdict {
        if let Some((at, version)) = self.done.get(&op.id) {
            assert_eq!(*at, place, "an act never changes its place");
            return Verdict::Saved { version: *version };
        }
        if self.closed {
            return Verdict::Refused {
                message: "locked".to_owned(),
            };
        }
        let (now, version) = self.cells.get(&place).cloned().unwrap_or_default();
        let value = after(&now, change);
        if now == value {
            self.same.insert((op.id.clone(), version));
            return Verdict::Saved { version };
        }
        if version != op.expected {
            let now = Meanwhile {
                value: now.code,
                comment: now.comment.or(now.homework.map(|h| h.text)),
                owed: now.owed,
                version,
                by: String::new(),
                at: day().and_hms_opt(12, 0, 0).unwrap(),
            };
            return Verdict::Conflict {
                version,
                body: serde_json::to_string(&now).unwrap(),
            };
        }
        self.cells.insert(place, (value.clone(), version + 1));
        self.done.insert(op.id.clone(), (place, version + 1));
        self.history.push((op.id.clone(), place, value, version + 1));
        Verdict::Saved { version: version + 1 }
    }
}
