//! Names that are taken already.

use std::collections::{HashMap, HashSet};

/// Names for showing: without blanks around them, never empty, still different from each other.
#[derive(Default)]
pub(super) struct Taken {
    names: HashSet<String>,
    /// The last number that a name was given, so that equal names are not counted from one each time.
    last: HashMap<String, u32>,
}

impl Taken {
    pub(super) fn name(&mut self, name: &str) -> String {
        let plain = if name.trim().is_empty() {
            "—"
        } else {
            name.trim()
        };
        if self.names.insert(plain.to_owned()) {
            return plain.to_owned();
        }
        let last = self.last.entry(plain.to_owned()).or_insert(1);
        loop {
            *last += 1;
            let name = format!("{plain} ({last})");
            if self.names.insert(name.clone()) {
                return name;
            }
        }
    }
}
