//! The server as the histories know it.

use super::{Cells, Change, HashMap, HashSet, Op, Owed, Place, Value, Verdict, after};

/// `journal::sql::save` without a database.
#[derive(Default)]
pub struct Server {
    pub cells: Cells,
    /// What the audit holds: acts that changed something, and the version that each made.
    pub done: HashMap<String, (Place, i32)>,
    pub history: Vec<(String, Place, Value, i32)>,
    /// Acts that found their value there already, and the version at which they did.
    pub same: HashSet<(String, i32)>,
    /// Says no to marks of this pupil for a while: a right that ends, a period that is locked.
    pub closed: bool,
}

impl Server {
    /// Its verdict, and the dot that stands there then.
    pub fn answer(&mut self, op: &Op) -> (Verdict, Option<Owed>) {
        let verdict = self.save(op);
        let change: Change = serde_json::from_str(&op.body).unwrap();
        let dot = self.cells.get(&change.place()).and_then(|(value, _)| value.owed);
        (verdict, dot)
    }

    pub fn save(&mut self, op: &Op) -> Verdict {
        let change: Change = serde_json::from_str(&op.body).unwrap();
        let place = change.place();
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
        let value = after(&now, &change);
        if now == value {
            self.same.insert((op.id.clone(), version));
            return Verdict::Saved { version };
        }
        if version != op.expected {
            return Verdict::Conflict {
                version,
                body: now.code.unwrap_or_default(),
            };
        }
        self.cells.insert(place, (value.clone(), version + 1));
        self.done.insert(op.id.clone(), (place, version + 1));
        self.history.push((op.id.clone(), place, value, version + 1));
        Verdict::Saved { version: version + 1 }
    }
}
