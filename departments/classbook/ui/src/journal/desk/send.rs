//! Between the desk and the outbox: acts become lines of the queue, answers become cells.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use base::{AssignmentId, PersonId, SchoolId};
use classbook_core::journal::cell::{Answer, Batch, Change, Edit, Meanwhile, Outcome, Place};
use classbook_core::journal::grid::Grid;
use classbook_core::journal::sheet::{Local, State};
use classbook_core::owed::{Owed, Wish};
use kit::outbox::{Op, Outbox, Progress, Standing, Verdict};
use leptos::prelude::*;

use super::{Act, Desk, DeskRef};
use crate::journal::api::save_cells;

/// A change as the queue keeps it.
pub fn body(change: &Change) -> Option<String> {
    serde_json::to_string(change).ok()
}

pub(super) fn change_of(body: &str) -> Option<Change> {
    serde_json::from_str(body).ok()
}

/// The outbox of journals of a person in a school, whose answers go to a desk.
#[must_use]
pub fn open_outbox(
    desk: DeskRef,
    person: PersonId,
    school: SchoolId,
    standing: RwSignal<Standing>,
) -> Outbox {
    // what else an answer tells, until the desk hears of it
    let told: Rc<RefCell<HashMap<String, Told>>> = Rc::default();
    let learned = Rc::clone(&told);
    Outbox::open(
        "journal",
        person.0,
        school.0,
        standing,
        Box::new(move |ops| {
            let learned = Rc::clone(&learned);
            Box::pin(async move {
                let edits = ops.iter().filter_map(edit_of).collect();
                let answers = save_cells(Batch {
                    person,
                    school,
                    edits,
                })
                .await?;
                Ok(answers
                    .into_iter()
                    .map(|answer| verdict(answer, &learned))
                    .collect())
            })
        }),
        Box::new(move |op, verdict| {
            let told = told.borrow_mut().remove(&op.id).unwrap_or_default();
            desk.run(|d| d.hear(op, verdict, told));
        }),
    )
}

/// What an answer tells beside its outcome.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    /// Which work a mark went to.
    work: Option<AssignmentId>,
    /// The dot that stands there.
    owed: Option<Owed>,
}

fn edit_of(op: &Op) -> Option<Edit> {
    Some(Edit {
        op_id: op.id.parse().ok()?,
        change: change_of(&op.body)?,
        expected: op.expected,
    })
}

fn verdict(answer: Answer, learned: &RefCell<HashMap<String, Told>>) -> (String, Verdict) {
    let id = answer.op_id.to_string();
    let told = Told {
        work: answer.assignment,
        owed: answer.owed,
    };
    learned.borrow_mut().insert(id.clone(), told);
    let verdict = match answer.outcome {
        Outcome::Saved { version } | Outcome::Duplicate { version } => Verdict::Saved { version },
        Outcome::Refused { message } => Verdict::Refused { message },
        Outcome::Conflict(now) => Verdict::Conflict {
            version: now.version,
            body: serde_json::to_string(&now).unwrap_or_default(),
        },
    };
    (id, verdict)
}

/// What a queued act looks like in its cell.
fn local(op: &Op) -> Option<Local> {
    let state = match &op.state {
        Progress::Waiting => State::Waiting,
        Progress::Refused { message } => State::Refused(message.clone()),
        Progress::Conflict { body, .. } => State::Conflict(meanwhile(body)?),
    };
    Some(Local {
        change: change_of(&op.body)?,
        state,
    })
}

/// What somebody else did, as the queue keeps it.
#[must_use]
pub fn meanwhile(body: &str) -> Option<Meanwhile> {
    serde_json::from_str(body).ok()
}

/// A queued act for the list of problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its line in the queue.
    pub line: String,
    /// What the person wanted.
    pub change: Change,
    /// What stands in the way.
    pub state: State,
}

impl Desk {
    pub(super) fn tell_changed(&self) {
        self.signals.changed.update(|n| *n = n.wrapping_add(1));
    }

    /// What an earlier window left waiting is typed here again.
    pub(super) fn take_over_queue(&mut self) {
        self.readdress_first_marks();
        let ops: Vec<Op> = self.outbox.with(|q| q.ops().to_vec());
        for op in ops {
            self.show_line(&op.line, change_of(&op.body).map(|c| c.place()));
        }
    }

    /// A cell shows what its line in the queue wants last.
    fn show_line(&mut self, line: &str, place: Option<Place>) {
        let beside = |p: &Place| matches!(p, Place::Lesson { .. } | Place::Individual { .. });
        let Some(place) = place.filter(|p| !beside(p)) else {
            return;
        };
        let wanted = self.outbox.with(|q| {
            let head = q.line(line).next().cloned();
            // a line that is stuck shows where; one that moves shows what comes last
            match head {
                Some(op) if op.state != Progress::Waiting => {
                    let mut shown = local(&op)?;
                    if let Some(last) = q.last(line).and_then(|l| change_of(&l.body)) {
                        shown.change = last;
                    }
                    Some(shown)
                }
                _ => q.last(line).and_then(local),
            }
        });
        self.sheet.set_local(place, wanted);
    }

    /// An answer has come.
    pub(super) fn hear(&mut self, op: &Op, verdict: &Verdict, told: Told) {
        let Told { work, owed } = told;
        let Some(change) = change_of(&op.body) else { return };
        if let Verdict::Saved { version } = verdict {
            self.stand_on_answer(&op.id, change.place(), *version);
            if matches!(change, Change::Individual { .. }) {
                self.individual = self.individual.wrapping_add(1);
            }
            if self.sheet.saved(&change, work, *version) {
                self.readdress_first_marks();
                self.draw();
            }
        }
        let mut place = change.place();
        let mut line = op.line.clone();
        // what is in conflict or refused stays in its line, and so at the place that it was typed at
        let known = work.filter(|_| matches!(verdict, Verdict::Saved { .. }));
        if let (
            Place::Mark {
                lesson,
                assignment: None,
                pupil,
            },
            Some(id),
        ) = (place, known)
        {
            place = Place::Mark {
                lesson,
                assignment: Some(id),
                pupil,
            };
            line = place.line();
        }
        if let Verdict::Saved { version } = verdict {
            self.sheet.saved_with(place, *version, owed);
        }
        self.show_line(&line, Some(place));
        self.repaint_place(place);
        self.tell_changed();
    }

    /// Acts for a lesson's first mark get the address of the work that it has meanwhile.
    fn readdress_first_marks(&mut self) {
        let waiting: Vec<(String, Place, Change)> = self.outbox.with(|q| {
            q.ops()
                .iter()
                .filter_map(|op| Some((op.line.clone(), change_of(&op.body)?)))
                .filter_map(|(line, change)| {
                    let Place::Mark {
                        lesson,
                        assignment: None,
                        pupil,
                    } = change.place()
                    else {
                        return None;
                    };
                    let column = self.sheet.columns_of(lesson).start;
                    let row = self.sheet.grid().pupils.iter().position(|p| p.id == pupil)?;
                    let place = self.sheet.mark_place(row, column)?;
                    matches!(place, Place::Mark { lesson: l, assignment: Some(_), .. } if l == lesson)
                        .then_some((line, place, change))
                })
                .collect()
        });
        for (line, place, _) in waiting {
            let Place::Mark {
                assignment: known, ..
            } = place
            else {
                continue;
            };
            let with_work = |text: &str| {
                let changed = change_of(text).map(|mut change| {
                    if let Change::Mark { assignment, .. } = &mut change {
                        *assignment = known;
                    }
                    change
                });
                changed.as_ref().and_then(body).unwrap_or_else(|| text.to_owned())
            };
            self.outbox
                .change(|q| q.readdress(&line, &place.line(), with_work));
            self.stand_moved(&line, place);
        }
        let kept = self.undo.iter_mut().chain(&mut self.redo).flatten();
        let changes = kept.flat_map(|act| match act {
            Act::Cell(back, wrote) => vec![back, wrote],
            Act::Result { .. } => vec![],
        });
        for change in changes {
            if let Change::Mark {
                lesson,
                assignment: assignment @ None,
                pupil,
                ..
            } = change
            {
                let column = self.sheet.columns_of(*lesson).start;
                let row = self.sheet.grid().pupils.iter().position(|p| p.id == *pupil);
                if let Some(Place::Mark {
                    assignment: known, ..
                }) = row.and_then(|r| self.sheet.mark_place(r, column))
                {
                    *assignment = known;
                }
            }
        }
    }

    /// A newer state of the period, from the server; `false`: not now, a cell is being typed in.
    pub fn merge(&mut self, grid: Grid) -> bool {
        if self.input.is_some() {
            return false;
        }
        let lesson = self.signals.lesson.get_untracked();
        let at = self.sheet.mark_place(self.active.row, self.active.column);
        self.sheet.merge(grid);
        self.take_over_queue();
        self.all = match lesson {
            Some(id) => self.sheet.columns_of(id),
            None => 0..self.sheet.columns().len(),
        };
        // the same pupil and lesson stay active, wherever they are now
        if let Some((row, column)) = at.and_then(|p| self.sheet.find(p)) {
            self.active = kit::grid::Spot { row, column };
        }
        let last = kit::grid::Spot {
            row: self.sheet.rows().saturating_sub(1),
            column: self.all.end.saturating_sub(1),
        };
        self.active.row = self.active.row.min(last.row);
        self.active.column = self.active.column.min(last.column).max(self.all.start);
        self.anchor = self.active;
        self.count();
        self.draw();
        self.tell_changed();
        true
    }

    /// What was refused or is in conflict, of this journal and others.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        self.outbox.with(|q| {
            q.ops()
                .iter()
                .filter(|op| op.state != Progress::Waiting)
                .filter_map(|op| {
                    let state = match &op.state {
                        Progress::Refused { message } => State::Refused(message.clone()),
                        Progress::Conflict { body, .. } => State::Conflict(meanwhile(body)?),
                        Progress::Waiting => State::Waiting,
                    };
                    let wanted = q.last(&op.line).unwrap_or(op);
                    Some(Problem {
                        line: op.line.clone(),
                        change: change_of(&wanted.body)?,
                        state,
                    })
                })
                .collect()
        })
    }

    /// «Оставить моё»: once more, on top of what the other wrote.
    pub fn keep_mine(&mut self, problem: &Problem) {
        let expected = match problem.change {
            // the sheet does not know it; over a conflict the queue takes the other's version
            Change::Individual { .. } => self
                .outbox
                .with(|q| q.line(&problem.line).next().map_or(0, |op| op.expected)),
            _ => self.sheet.version(problem.change.place()),
        };
        self.make(problem.change.clone(), expected);
        self.repaint_place(problem.change.place());
        self.tell_changed();
    }

    /// «Взять чужое», «Убрать»: what waited is given up; the server's value stays.
    pub fn give_up(&mut self, problem: &Problem) {
        let place = problem.change.place();
        if let State::Conflict(now) = &problem.state {
            // learned without asking again
            let theirs = match problem.change.clone() {
                Change::Mark {
                    lesson,
                    assignment,
                    pupil,
                    ..
                } => Some(Change::Mark {
                    lesson,
                    assignment,
                    pupil,
                    code: now.value.clone(),
                    comment: Some(now.comment.clone().unwrap_or_default()),
                    owed: Wish::back_to(now.owed),
                }),
                Change::Attendance { lesson, pupil, .. } => Some(Change::Attendance {
                    lesson,
                    pupil,
                    code: now.value.clone(),
                }),
                Change::Lesson { .. } | Change::Individual { .. } => None,
            };
            if let Some(theirs) = theirs {
                self.sheet.saved(&theirs, None, now.version);
            }
        }
        self.outbox.change(|q| q.give_up(&problem.line));
        self.sheet.set_local(place, None);
        self.repaint_place(place);
        self.tell_changed();
    }
}
