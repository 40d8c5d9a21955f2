//! Norms and wishes as data. No figure of a norm is written in this crate.

use crate::ids::NormId;
use serde::{Deserialize, Serialize};

/// One number of a norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limit {
    /// The number.
    pub value: u16,
    /// The row that it comes from, for showing the clause.
    pub norm: NormId,
    /// What one breach costs.
    pub penalty: u16,
    /// A breach is a clash (cannot be placed), not only poor.
    pub hard: bool,
}

/// Lessons of the day (1 = the first bell of the class) within which something should lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SlotRange {
    /// First good lesson of the day, from 1.
    pub from: u16,
    /// Last good lesson of the day.
    pub to: u16,
    /// The row.
    pub norm: NormId,
    /// What one breach costs.
    pub penalty: u16,
}

/// Days of a week that should carry more or less than others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PeakDays {
    /// Bit `n` is day `n`, 0 = Monday.
    pub days: u64,
    /// The row.
    pub norm: NormId,
    /// What one breach costs.
    pub penalty: u16,
}

/// The sanitary limits of one class. `None` = no such rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Most lessons a day.
    pub per_day: Option<Limit>,
    /// Most lessons on a day with physical education that uses the exception.
    pub per_day_with_pe: Option<Limit>,
    /// On how many days of a week the exception may be used.
    pub long_days: u16,
    /// Most lessons a week.
    pub per_week: Option<Limit>,
    /// The first slot of the board that may be used (no "zero" lessons).
    pub earliest_slot: Option<Limit>,
    /// The last slot of the board that may be used.
    pub latest_slot: Option<Limit>,
    /// Most cards of one subject a day (a double lesson is one card).
    pub subject_per_day: Option<Limit>,
    /// The day begins with the first bell at which the class can be there (`value` is not looked at). The first card of a day may be a later one: as a must it closes a
    /// cell only where no card of the tray can begin the day any more.
    #[serde(default)]
    pub late_start: Option<Limit>,
    /// Most windows a day for any pupil.
    pub windows_per_day: Option<Limit>,
    /// Largest sum of difficulty a day.
    pub points_per_day: Option<Limit>,
    /// From how many points a lesson counts as hard; 0 = none does.
    pub hard_from: u16,
    /// Where in the day hard lessons belong.
    pub hard_lessons: Option<SlotRange>,
    /// Most hard lessons in a row.
    pub hard_in_row: Option<Limit>,
    /// Days that should carry the largest sum.
    pub peak_days: Option<PeakDays>,
    /// Most changes of building on a day of any pupil.
    #[serde(default)]
    pub moves_per_day: Option<Limit>,
    /// Days of which at least one should be lighter than an average day.
    #[serde(default)]
    pub light_days: Option<PeakDays>,
    /// Days none of which should be harder than an average one: the first and the last.
    #[serde(default)]
    pub edge_days: Option<PeakDays>,
    /// Most lessons with much homework a day ([`CardSpec::homework`](crate::CardSpec)). A wish, never a clash.
    #[serde(default)]
    pub homework_per_day: Option<Limit>,
    /// Fewest lessons of any pupil on a day with any.
    #[serde(default)]
    pub least_per_day: Option<Limit>,
    /// Fewest days of a week with lessons, of any pupil.
    #[serde(default)]
    pub least_days: Option<Limit>,
}

/// Which rule of [`Limits`] (or of a teacher) is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LimitKind {
    /// [`Limits::per_day`].
    LessonsPerDay,
    /// [`Limits::per_day_with_pe`].
    LessonsPerDayWithPe,
    /// [`Limits::per_week`].
    LessonsPerWeek,
    /// [`Limits::earliest_slot`].
    EarliestSlot,
    /// [`Limits::latest_slot`].
    LatestSlot,
    /// [`Limits::subject_per_day`].
    SubjectPerDay,
    /// [`Limits::late_start`]; `found` is 1 and `limit` 0.
    LateStart,
    /// [`Limits::windows_per_day`].
    WindowsPerDay,
    /// [`Limits::points_per_day`].
    PointsPerDay,
    /// [`Limits::hard_lessons`]; `found` is the lesson of the day from 1, `limit` the end of the range that is passed.
    HardAtEdge,
    /// [`Limits::hard_in_row`].
    HardInRow,
    /// [`Limits::peak_days`]; `found` is the day's sum, `limit` the largest sum of the peak days.
    PeakDay,
    /// Of a teacher or a class: fewest lessons on a day with any.
    LeastPerDay,
    /// Of a teacher: most lessons without a break of a free slot.
    LessonsInRow,
    /// Of a teacher: most days with lessons in a week.
    DaysPerWeek,
    /// Of a teacher: most windows of a week together.
    WindowsPerWeek,
    /// Of a teacher or a class: most changes of building on a day.
    MovesPerDay,
    /// [`Limits::light_days`]; `found` is the sum of the lightest of the days, `limit` the largest that is below the average.
    LightDay,
    /// [`Limits::edge_days`]; `found` is the day's sum, `limit` an average day's.
    EdgeDay,
    /// [`Limits::homework_per_day`].
    HomeworkPerDay,
    /// Of a teacher or a class: fewest days with lessons in a week.
    LeastDays,
}

/// What soft wishes cost; 0 switches one off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// One more window for a teacher (one fewer earns as much).
    pub teacher_window: u16,
    /// One more window for a class (one fewer earns as much). The norm is [`Limits::windows_per_day`].
    pub class_window: u16,
    /// A room other than the first wish (home room, first of the allowed).
    pub other_room: u16,
    /// A needed room is not there.
    pub no_room: u16,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            teacher_window: 3,
            class_window: 8,
            other_room: 0,
            no_room: 10,
        }
    }
}
