//! How marks become averages, proposals of period marks and indicators, and by which rules of the school.
//!
//! * [`rules`]: the rules as a school sets them, each from a day, by its own act; which of them holds for a grade and a period.
//! * [`proposal`]: from marks to an average, a proposed mark and why; a year from its periods.
//! * [`indicators`]: % успеваемости, % качества, СОУ by one definition (domain facts 2.1).
//! * [`totals`]: the sheet of a journal's period marks, each with what is proposed for it.
//! * [`periods`]: periods, holidays, closing, and questions for a change in a closed period.
//! * `sql` (feature): reading and changing them.
//!
//! All but `sql` is pure and the same in browser and server. To add a setting: a field of [`rules::Terms`], its bounds in
//! `fault`, a column in a migration, a field of the form.

pub mod indicators;
pub mod periods;
pub mod proposal;
pub mod rules;
#[cfg(feature = "sql")]
pub mod sql;
pub mod totals;

pub use indicators::{Indicators, Standing, indicators};
pub use proposal::{Counted, Proposal, YearProposal, attest, has_borders, propose, propose_year};
pub use rules::{Interim, Minimum, Rewritten, Rule, Rules, Terms, in_force};
pub use totals::{Stage, Suggestion, TotalEdit, Totals};
