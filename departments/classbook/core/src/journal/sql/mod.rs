//! The journal's questions and acts. [`facts`] finds what the policy needs to know, [`list`](mod@list) and [`read`] ask, [`save`] takes what a
//! teacher types (one statement a change), [`works`] keeps the works of a lesson, [`history`] tells who changed what,
//! [`news`] what others do while one looks, `planned` which works the schedule has for
//! the lessons, [`looked`](fn@looked) who of the family has seen a mark, `stand_in` who stands in at which lessons, `period` which period is looked at, `laid` up to which day it has lessons.

pub(crate) mod facts;
mod history;
mod laid;
mod lesson;
mod list;
mod looked;
mod news;
mod period;
mod planned;
mod read;
mod save;
mod stand_in;
mod works;

pub(crate) use history::changed_works;
pub use history::history;
pub(crate) use laid::{Of, laid_until};
pub use list::{journals, places};
pub use looked::looked;
pub use news::{Look, follow, told};
pub(crate) use period::periods;
pub use read::grid;
pub(crate) use read::{codes, pupils};
pub use save::save_cells;
pub(crate) use save::{done_before, local};
pub use works::{remove_work, save_work};
