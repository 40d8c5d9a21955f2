//! The rules of the queue, without a browser: who waits for whom, what an answer does, what is written down.
//!
//! Acts of one line (one cell) go one after another: the second learns the version that the first made, and only then is it
//! sent. What must survive is a list of [`Write`]s, in an order that loses nothing when it is cut short: the successor is
//! written before the predecessor is forgotten, and sending an act twice does no harm.
//!
//! What lay here for longer than [`KEPT`] is not sent by itself any more ([`Queue::age`]): a term may have been closed over it. Its person
//! is asked, and until then it stays.

use serde::{Deserialize, Serialize};

/// So long an act is sent without asking, in milliseconds: thirty days.
pub const KEPT: i64 = 30 * 24 * 3600 * 1000;

/// One act that the server has not taken yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Op {
    /// Made once, sent as often as needed.
    pub id: String,
    /// Order of typing.
    pub seq: u64,
    /// Acts of one line wait for each other.
    pub line: String,
    /// The version the person saw.
    pub expected: i32,
    /// What to do, in the words of its feature.
    pub body: String,
    /// How far it got.
    pub state: Progress,
    /// When it was typed, in milliseconds of the device's clock; 0: by a page that wrote none down.
    #[serde(default)]
    pub made: i64,
    /// When its person said last that it is to be sent after all, the same way; 0: was never asked.
    #[serde(default)]
    pub wished: i64,
}

/// How far an act got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Progress {
    /// To be sent.
    Waiting,
    /// The server said no.
    Refused {
        /// Its words.
        message: String,
    },
    /// Somebody changed the place meanwhile.
    Conflict {
        /// The version there is now.
        version: i32,
        /// What it holds, in the words of its feature.
        body: String,
    },
    /// It waited for longer than [`KEPT`]: whether it is still to be sent is for its person to say.
    Old,
}

/// What the server said of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Taken, now or before.
    Saved {
        /// The version it made.
        version: i32,
    },
    /// Somebody changed the place meanwhile.
    Conflict {
        /// The version there is now.
        version: i32,
        /// What it holds.
        body: String,
    },
    /// No.
    Refused {
        /// Its words.
        message: String,
    },
}

/// What must be written down, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Keep (or replace) an act.
    Put(Op),
    /// Forget one.
    Forget(String),
}

/// The acts of one person, in the order of typing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    ops: Vec<Op>,
}

impl Queue {
    /// What was written down.
    #[must_use]
    pub fn restore(mut ops: Vec<Op>) -> Self {
        ops.sort_by(|a, b| a.seq.cmp(&b.seq).then_with(|| a.id.cmp(&b.id)));
        Self { ops }
    }

    /// All acts.
    #[must_use]
    pub fn ops(&self) -> &[Op] {
        &self.ops
    }

    /// The acts of a line.
    pub fn line(&self, line: &str) -> impl Iterator<Item = &Op> {
        self.ops.iter().filter(move |op| op.line == line)
    }

    /// The last act of a line: what the person wants there.
    #[must_use]
    pub fn last(&self, line: &str) -> Option<&Op> {
        self.ops.iter().rev().find(|op| op.line == line)
    }

    /// The next sequence number.
    #[must_use]
    pub fn next_seq(&self) -> u64 {
        self.ops.last().map_or(1, |op| op.seq + 1)
    }

    /// Takes a new act. A refused or an old one of its line is given up for it; typing over a conflict is choosing one's own, on top of
    /// what the other wrote.
    pub fn push(&mut self, mut op: Op) -> Vec<Write> {
        let mut gone = vec![];
        if let Some(head) = self.line(&op.line).next() {
            match &head.state {
                Progress::Waiting => {}
                Progress::Refused { .. } | Progress::Old => {
                    gone.extend(self.line(&op.line).map(|o| o.id.clone()))
                }
                Progress::Conflict { version, .. } => {
                    op.expected = *version;
                    gone.extend(self.line(&op.line).map(|o| o.id.clone()));
                }
            }
        }
        self.ops.retain(|o| !gone.contains(&o.id));
        self.ops.push(op.clone());
        std::iter::once(Write::Put(op))
            .chain(gone.into_iter().map(Write::Forget))
            .collect()
    }

    /// What may be sent now: the first act of each line, if it waits; at most so many.
    #[must_use]
    pub fn sendable(&self, most: usize) -> Vec<Op> {
        let mut lines: Vec<&str> = vec![];
        let mut out = vec![];
        for op in &self.ops {
            if lines.contains(&op.line.as_str()) {
                continue;
            }
            lines.push(&op.line);
            if op.state == Progress::Waiting {
                out.push(op.clone());
                if out.len() == most {
                    break;
                }
            }
        }
        out
    }

    /// What has waited for too long by the clock of the device is not sent before its person was asked. What has no date, or one that is
    /// still to come (a clock that was put right), gets today's.
    pub fn age(&mut self, now: i64) -> Vec<Write> {
        let mut writes = vec![];
        for op in self.ops.iter_mut().filter(|op| op.state == Progress::Waiting) {
            if op.made <= 0 || op.made > now || op.wished > now {
                op.made = if op.made > 0 { op.made.min(now) } else { now };
                op.wished = op.wished.min(now);
            } else if now - op.made.max(op.wished) >= KEPT {
                op.state = Progress::Old;
            } else {
                continue;
            }
            writes.push(Write::Put(op.clone()));
        }
        writes
    }

    /// «Отправить»: what is old in a line waits again, for another month. It was typed when it was typed.
    pub fn send_again(&mut self, line: &str, now: i64) -> Vec<Write> {
        let old = |op: &&mut Op| op.line == line && op.state == Progress::Old;
        let again = self.ops.iter_mut().filter(old).map(|op| {
            op.state = Progress::Waiting;
            op.wished = now;
            Write::Put(op.clone())
        });
        again.collect()
    }

    /// Takes an answer. An act that is not here any more (another window had its answer first) is left alone.
    pub fn settle(&mut self, id: &str, verdict: Verdict) -> Vec<Write> {
        let Some(at) = self.ops.iter().position(|op| op.id == id) else {
            return vec![];
        };
        let line = self.ops[at].line.clone();
        let next = self
            .ops
            .iter()
            .skip(at + 1)
            .position(|op| op.line == line)
            .map(|i| i + at + 1);
        match verdict {
            Verdict::Saved { version } => {
                let mut writes = vec![];
                if let Some(next) = next.and_then(|i| self.ops.get_mut(i)) {
                    next.expected = version;
                    writes.push(Write::Put(next.clone()));
                }
                self.ops.remove(at);
                writes.push(Write::Forget(id.to_owned()));
                writes
            }
            Verdict::Refused { message } => {
                // a later act of the line takes its place: it saw the same version
                if let Some(i) = next {
                    let expected = self.ops[at].expected;
                    self.ops[i].expected = expected;
                    let put = Write::Put(self.ops[i].clone());
                    self.ops.remove(at);
                    return vec![put, Write::Forget(id.to_owned())];
                }
                self.ops[at].state = Progress::Refused { message };
                vec![Write::Put(self.ops[at].clone())]
            }
            Verdict::Conflict { version, body } => {
                self.ops[at].state = Progress::Conflict { version, body };
                vec![Write::Put(self.ops[at].clone())]
            }
        }
    }

    /// Gives up what waits in a line: the other's value stays, or nothing was to be had.
    pub fn give_up(&mut self, line: &str) -> Vec<Write> {
        let gone: Vec<String> = self.line(line).map(|op| op.id.clone()).collect();
        self.ops.retain(|op| op.line != line);
        gone.into_iter().map(Write::Forget).collect()
    }

    /// Gives the acts of a line another address: a place has learned its id.
    pub fn readdress(&mut self, line: &str, to: &str, body: impl Fn(&str) -> String) -> Vec<Write> {
        let mut writes = vec![];
        for op in self.ops.iter_mut().filter(|op| op.line == line) {
            op.line = to.to_owned();
            op.body = body(&op.body);
            writes.push(Write::Put(op.clone()));
        }
        writes
    }
}

#[cfg(test)]
mod tests;
