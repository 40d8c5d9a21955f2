//! Between the desk and the outbox: acts become lines of the queue, answers become cells.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use base::{PersonId, SchoolId};
use classbook_core::journal::cell::{Answer, Batch, Change, Edit, Outcome, Place};
use classbook_core::journal::grid::Grid;
use classbook_core::journal::sheet::State;
use kit::outbox::{Op, Outbox, Progress, Standing, Verdict};
use leptos::prelude::*;

use super::{Act, Desk, DeskRef};
use crate::journal::api::save_cells;
use crate::journal::lines::{self, Told, change_of, state};

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
            desk.run(|d| d.hear(op, verdict, &told));
        }),
    )
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
        comment: answer.comment,
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
        let offset = self.sheet.grid().utc_offset;
        let wanted = self.outbox.with(|q| lines::shown(q, line, offset));
        self.sheet.set_local(place, wanted);
    }

    /// An answer has come.
    pub(super) fn hear(&mut self, op: &Op, verdict: &Verdict, told: &Told) {
        let Some(change) = change_of(&op.body) else { return };
        if let Verdict::Saved { version } = verdict {
            self.stand_on_answer(&op.id, change.place(), *version);
            if matches!(change, Change::Individual { .. }) {
                self.individual = self.individual.wrapping_add(1);
            }
        }
        let Some(heard) = lines::learn(&mut self.sheet, op, verdict, told) else {
            return;
        };
        if let Verdict::Saved { version } = verdict
            && heard.place != change.place()
        {
            // the open sheet has learned of the work before its own answer came
            self.stand_on_answer(&op.id, heard.place, *version);
        }
        if heard.grown {
            self.readdress_first_marks();
            self.draw();
        }
        self.show_line(&heard.line, Some(heard.place));
        if !matches!(verdict, Verdict::Saved { .. }) {
            self.unhush(heard.place);
        }
        self.repaint_place(heard.place);
        self.tell_changed();
    }

    /// Acts for a lesson's first mark get the address of the work that it has meanwhile.
    fn readdress_first_marks(&mut self) {
        let mut moved = vec![];
        self.outbox.change(|queue| {
            let (writes, lines) = lines::readdress(&mut self.sheet, queue);
            moved = lines;
            writes
        });
        for (line, place) in moved {
            self.stand_moved(&line, place);
        }
        for act in self.undo.iter_mut().chain(&mut self.redo).flatten() {
            if let Act::Cell(back, wrote) = act {
                lines::address(&self.sheet, back);
                lines::address(&self.sheet, wrote);
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
        let offset = self.sheet.grid().utc_offset;
        self.outbox.with(|q| {
            q.ops()
                .iter()
                .filter(|op| op.state != Progress::Waiting)
                .filter_map(|op| {
                    let state = state(op, offset)?;
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

    /// «Оставить моё»: once more, on top of what the other wrote. What is old is sent as it was typed: what has happened since is a conflict
    /// then, and asked about as any other.
    pub fn keep_mine(&mut self, problem: &Problem) {
        if matches!(problem.state, State::Old(_)) {
            self.outbox.send_again(&problem.line);
            let place = problem.change.place();
            self.show_line(&problem.line, Some(place));
            self.repaint_place(place);
            return self.tell_changed();
        }
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
            if let Some(theirs) = lines::theirs(&problem.change, now) {
                self.sheet.saved(&theirs, None, now.version);
            }
        }
        self.outbox.change(|q| q.give_up(&problem.line));
        self.sheet.set_local(place, None);
        self.repaint_place(place);
        self.tell_changed();
    }
}
