//! Rules of a file that no requirement says: kept with the draft, told where a timetable is composed, written back into a file of FET.

use serde::{Deserialize, Serialize};

/// Rules of a version's file that are not taken into account, as a person reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// How many of them must be, by the file.
    pub must: u32,
    /// All of them, a line each kind.
    pub lines: Vec<String>,
}

#[cfg(feature = "sql")]
mod lost {
    use base::Lang;
    use timetable::SchoolDraft;
    use timetable::draft::Ignored;
    use timetable::fet::kept::Told;

    use super::LeftOut;
    use crate::import::{bounds, kinds, last, limits, pairs, rooming, times};
    use crate::t;

    /// Everything of a draft's file that neither the draft nor a requirement says.
    #[must_use]
    pub fn lost(draft: &SchoolDraft) -> Vec<Ignored> {
        let mut all = draft.ignored.clone();
        all.extend(limits::limits(draft).lost);
        all.extend(pairs::pairs(draft).lost);
        all.extend(last::last(draft).lost);
        all.extend(times::times(draft).lost);
        all.extend(bounds::lost(draft));
        all.extend(rooming::roomings(draft).lost);
        all
    }

    /// The same as a person reads it.
    #[must_use]
    pub fn left_out(lang: Lang, told: &[Told]) -> LeftOut {
        let line = |told: &Told| {
            let words = match kinds::words(lang, &told.kind) {
                Some(words) => t::import_lost_known(lang, told.count, &told.kind, told.line, words),
                None => t::import_lost_unknown(lang, told.count, &told.kind, told.line),
            };
            let must = (told.must > 0).then(|| t::kept_must(lang, told.must));
            let dropped = (told.dropped > 0).then(|| t::kept_dropped(lang, told.dropped));
            let all = [Some(words), must, dropped];
            all.into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        LeftOut {
            must: told.iter().map(|t| t.must).fold(0, u32::saturating_add),
            lines: told.iter().map(line).collect(),
        }
    }
}

#[cfg(feature = "sql")]
pub use lost::{left_out, lost};
