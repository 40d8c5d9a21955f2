//! What a file says beside its constraints and a draft has no word for: told by name and count, so that nothing is lost in silence.

use super::FetFile;
use super::error::shortened;
use crate::draft::Ignored;
use std::collections::HashMap;

/// Counts what is not understood, by its name.
pub(super) fn count(ignored: &mut HashMap<String, Ignored>, kind: &str, line: u32) {
    let entry = ignored.entry(kind.to_owned());
    let new = || Ignored::of(&shortened(kind), line);
    entry.or_insert_with(new).add(line);
}

/// Tells each such thing with its line.
pub(super) fn beside(file: &FetFile, mut tell: impl FnMut(&str, u32)) {
    if !matches!(file.mode.trim(), "" | "Official") {
        // days and hours are taken as they stand, mornings and afternoons or terms are not told apart
        tell(&format!("Mode ({})", shortened(file.mode.trim())), 1);
    }
    for tag in &file.tags {
        tell("Activity_Tag", tag.line);
    }
    for line in &file.untaken.qualified {
        tell("Qualified_Subject", *line);
    }
    for line in &file.untaken.seats {
        tell("Activity (Number_Of_Students)", *line);
    }
    for line in &file.untaken.off {
        tell("Constraint (not active)", *line);
    }
}
