//! Three clients, one server, and everything that a network does to them.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};

fn op(id: &str, seq: u64, line: &str, expected: i32) -> Op {
    Op {
        id: id.into(),
        seq,
        line: line.into(),
        expected,
        body: id.into(),
        state: Progress::Waiting,
        made: 0,
        wished: 0,
    }
}

fn ids(ops: &[Op]) -> Vec<&str> {
    ops.iter().map(|o| o.id.as_str()).collect()
}

#[test]
fn later_acts_of_a_line_wait_and_learn_the_version() {
    let mut q = Queue::default();
    q.push(op("a1", 1, "a", 4));
    q.push(op("b1", 2, "b", 0));
    q.push(op("a2", 3, "a", 4));
    assert_eq!(ids(&q.sendable(9)), ["a1", "b1"]);
    let writes = q.settle("a1", Verdict::Saved { version: 5 });
    assert!(matches!(&writes[..], [Write::Put(next), Write::Forget(id)] if next.expected == 5 && id == "a1"));
    assert_eq!(ids(&q.sendable(9)), ["b1", "a2"]);
    assert_eq!(
        q.settle("a1", Verdict::Saved { version: 5 }),
        vec![],
        "a second answer changes nothing"
    );
    assert_eq!(ids(&q.sendable(1)), ["b1"]);
}

#[test]
fn after_a_conflict_the_line_waits_for_a_person() {
    let mut q = Queue::default();
    q.push(op("a1", 1, "a", 1));
    q.push(op("a2", 2, "a", 1));
    q.settle(
        "a1",
        Verdict::Conflict {
            version: 7,
            body: "5".into(),
        },
    );
    assert!(q.sendable(9).is_empty());
    q.push(op("a3", 3, "a", 1));
    assert_eq!(ids(q.ops()), ["a3"]);
    assert_eq!(q.ops()[0].expected, 7);
    q.give_up("a");
    assert!(q.ops().is_empty());
}

#[test]
fn a_refused_act_gives_way_to_the_next() {
    let mut q = Queue::default();
    q.push(op("a1", 1, "a", 1));
    q.push(op("a2", 2, "a", 1));
    q.settle(
        "a1",
        Verdict::Refused {
            message: "нет".into(),
        },
    );
    assert_eq!(ids(&q.sendable(9)), ["a2"]);
    q.settle(
        "a2",
        Verdict::Refused {
            message: "нет".into(),
        },
    );
    assert!(q.sendable(9).is_empty());
    assert_eq!(q.ops().len(), 1, "kept until the person has seen it");
    q.push(op("a3", 3, "a", 1));
    assert_eq!(ids(&q.sendable(9)), ["a3"]);
}

#[test]
fn after_a_month_its_person_is_asked() {
    let day = KEPT / 30;
    let mut q = Queue::default();
    q.push(Op {
        made: day,
        ..op("a1", 1, "a", 1)
    });
    q.push(Op {
        made: 3 * day,
        ..op("a2", 2, "a", 1)
    });
    q.push(Op {
        made: 0,
        ..op("b1", 3, "b", 1)
    });
    assert!(
        q.age(4 * day)
            .iter()
            .all(|w| matches!(w, Write::Put(o) if o.id == "b1" && o.made == 4 * day))
    );
    assert_eq!(ids(&q.sendable(9)), ["a1", "b1"]);
    let aged = q.age(31 * day);
    assert!(matches!(&aged[..], [Write::Put(o)] if o.id == "a1" && o.state == Progress::Old));
    assert_eq!(
        ids(&q.sendable(9)),
        ["b1"],
        "and what comes after it in its line waits with it"
    );
    assert_eq!(q.ops().len(), 3, "nothing is lost");
    // sent after all
    let mut sent = q.clone();
    assert_eq!(sent.send_again("a", 31 * day).len(), 1);
    assert_eq!(ids(&sent.sendable(9)), ["a1", "b1"]);
    assert_eq!(sent.age(32 * day).len(), 0, "and not asked about the next day");
    assert_eq!(sent.ops()[0].made, day, "but it was typed when it was typed");
    sent.age(60 * day);
    assert_eq!(sent.ops()[0].state, Progress::Waiting);
    sent.age(61 * day);
    assert_eq!(sent.ops()[0].state, Progress::Old, "a month later it is");
    // typed over
    q.push(op("a3", 4, "a", 1));
    assert_eq!(ids(&q.sendable(9)), ["b1", "a3"]);
    // a clock that was wrong does not age what it dated
    let mut ahead = Queue::restore(vec![Op {
        made: 900 * day,
        ..op("c", 1, "c", 0)
    }]);
    ahead.age(day);
    assert_eq!((ahead.ops()[0].made, ids(&ahead.sendable(1))), (day, vec!["c"]));
    let mut ahead = Queue::restore(vec![Op {
        made: day,
        wished: 900 * day,
        ..op("c", 1, "c", 0)
    }]);
    ahead.age(2 * day);
    assert_eq!((ahead.ops()[0].made, ahead.ops()[0].wished), (day, 2 * day));
}

#[test]
fn what_a_page_of_before_wrote_down_is_read() {
    let old = r#"{"id":"a","seq":1,"line":"l","expected":2,"body":"b","state":{"is":"waiting"}}"#;
    let op: Op = serde_json::from_str(old).unwrap();
    assert_eq!((op.made, op.wished), (0, 0));
}

/// What the real server does with one act (`classbook_core::journal::sql::save`), over cells of a map.
#[derive(Default)]
struct Server {
    cells: BTreeMap<String, (String, i32)>,
    done: HashMap<String, i32>,
    log: Vec<(String, String, String, i32)>,
}

impl Server {
    fn take(&mut self, op: &Op) -> Verdict {
        if let Some(version) = self.done.get(&op.id) {
            return Verdict::Saved { version: *version };
        }
        if op.body == "refuse" {
            return Verdict::Refused {
                message: "нет".into(),
            };
        }
        let cell = self.cells.entry(op.line.clone()).or_default();
        if cell.1 != op.expected {
            return Verdict::Conflict {
                version: cell.1,
                body: cell.0.clone(),
            };
        }
        *cell = (op.body.clone(), cell.1 + 1);
        self.done.insert(op.id.clone(), cell.1);
        self.log
            .push((op.id.clone(), op.line.clone(), op.body.clone(), cell.1));
        Verdict::Saved { version: cell.1 }
    }
}

/// A browser: its queue, what lies in its storage, what it knows of the cells.
#[derive(Default)]
struct Client {
    queue: Queue,
    disk: BTreeMap<String, Op>,
    known: BTreeMap<String, (String, i32)>,
    acknowledged: Vec<String>,
    typed: u64,
    clock: i64,
}

impl Client {
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

    fn type_value(&mut self, name: usize, line: &str, body: &str) {
        self.typed += 1;
        let op = Op {
            id: format!("{name}-{}", self.typed),
            seq: self.queue.next_seq(),
            line: line.into(),
            expected: self.known.get(line).map_or(0, |k| k.1),
            body: body.into(),
            state: Progress::Waiting,
            made: self.clock,
            wished: 0,
        };
        let writes = self.queue.push(op);
        self.write(writes);
    }

    fn hear(&mut self, op: &Op, verdict: Verdict) {
        if let Verdict::Saved { version } = verdict {
            if !self.acknowledged.contains(&op.id) {
                self.acknowledged.push(op.id.clone());
            }
            let known = self.known.entry(op.line.clone()).or_default();
            if known.1 < version {
                *known = (op.body.clone(), version);
            }
        }
        let writes = self.queue.settle(&op.id, verdict);
        self.write(writes);
    }

    fn restart(&mut self) {
        self.queue = Queue::restore(self.disk.values().cloned().collect());
    }

    fn age(&mut self, days: i64) {
        self.clock += days * (KEPT / 30);
        let writes = self.queue.age(self.clock);
        self.write(writes);
    }

    fn refetch(&mut self, server: &Server) {
        for (line, held) in &server.cells {
            let known = self.known.entry(line.clone()).or_default();
            if known.1 < held.1 {
                *known = held.clone();
            }
        }
    }

    fn decide_conflicts(&mut self, name: usize, mine: bool) {
        let stuck: Vec<Op> = self
            .queue
            .ops()
            .iter()
            .filter(|o| o.state != Progress::Waiting)
            .cloned()
            .collect();
        for op in stuck {
            match op.state {
                Progress::Conflict { .. } if mine => self.type_value(name, &op.line, &op.body),
                Progress::Old if mine => {
                    let writes = self.queue.send_again(&op.line, self.clock);
                    self.write(writes);
                }
                _ => {
                    let writes = self.queue.give_up(&op.line);
                    self.write(writes);
                }
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Type {
        client: usize,
        cell: usize,
        value: u8,
    },
    /// A request goes out; the answers of those whose bit is set are lost on the way back.
    Send {
        client: usize,
        lost: u8,
        most: usize,
    },
    /// An old request arrives once more, long after (a proxy, another window, a retry); nobody hears the answer.
    Replay {
        index: usize,
    },
    Restart {
        client: usize,
    },
    Refetch {
        client: usize,
    },
    Decide {
        client: usize,
        mine: bool,
    },
    /// Days pass on the device.
    Passes {
        client: usize,
        days: i64,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..3usize, 0..3usize, 0..8u8).prop_map(|(client, cell, value)| Step::Type { client, cell, value }),
        5 => (0..3usize, any::<u8>(), 1..4usize).prop_map(|(client, lost, most)| Step::Send { client, lost, most }),
        1 => (0..40usize).prop_map(|index| Step::Replay { index }),
        1 => (0..3usize).prop_map(|client| Step::Restart { client }),
        1 => (0..3usize).prop_map(|client| Step::Refetch { client }),
        1 => (0..3usize, any::<bool>()).prop_map(|(client, mine)| Step::Decide { client, mine }),
        1 => (0..3usize, 1..40i64).prop_map(|(client, days)| Step::Passes { client, days }),
    ];
    proptest::collection::vec(step, 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn nothing_acknowledged_is_lost_and_all_end_equal(steps in steps()) {
        let mut server = Server::default();
        let mut clients: Vec<Client> = (0..3).map(|_| Client::default()).collect();
        let mut sent: Vec<Op> = vec![];
        for step in steps {
            match step {
                Step::Type { client, cell, value } => {
                    let body = if value == 0 { "refuse".to_owned() } else { value.to_string() };
                    clients[client].type_value(client, &format!("cell {cell}"), &body);
                }
                Step::Send { client, lost, most } => {
                    let batch = clients[client].queue.sendable(most);
                    for (i, op) in batch.iter().enumerate() {
                        let verdict = server.take(op);
                        sent.push(op.clone());
                        if lost & (1 << (i % 8)) == 0 {
                            clients[client].hear(op, verdict);
                        }
                    }
                }
                Step::Replay { index } => {
                    if let Some(op) = sent.get(index).cloned() {
                        let _ = server.take(&op);
                    }
                }
                Step::Restart { client } => clients[client].restart(),
                Step::Refetch { client } => clients[client].refetch(&server),
                Step::Decide { client, mine } => clients[client].decide_conflicts(client, mine),
                Step::Passes { client, days } => clients[client].age(days),
            }
            for client in &clients {
                // storage and memory never part
                prop_assert_eq!(&Queue::restore(client.disk.values().cloned().collect()), &client.queue);
            }
        }
        // the network comes back; everyone sends, decides, and looks
        for round in 0..200 {
            for (name, client) in clients.iter_mut().enumerate() {
                client.decide_conflicts(name, round % 2 == 0 && round < 6);
                for op in client.queue.sendable(50) {
                    let verdict = server.take(&op);
                    client.hear(&op, verdict);
                }
            }
            if clients.iter().all(|c| c.queue.ops().is_empty()) {
                break;
            }
        }
        for client in &mut clients {
            prop_assert!(client.queue.ops().is_empty(), "nothing waits for ever");
            client.refetch(&server);
            for (line, held) in &server.cells {
                if held.1 > 0 {
                    prop_assert_eq!(client.known.get(line), Some(held), "all see the same");
                }
            }
            for id in &client.acknowledged {
                prop_assert_eq!(server.log.iter().filter(|e| e.0 == *id).count(), 1, "saved once, and not lost");
            }
        }
        // the log replays to the state
        let mut replayed: BTreeMap<String, (String, i32)> = BTreeMap::new();
        for (_, line, body, version) in &server.log {
            let cell = replayed.entry(line.clone()).or_default();
            prop_assert_eq!(cell.1 + 1, *version, "no version twice, none left out");
            *cell = (body.clone(), *version);
        }
        server.cells.retain(|_, held| held.1 > 0);
        prop_assert_eq!(replayed, server.cells);
    }
}
