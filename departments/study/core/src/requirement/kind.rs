//! What a school can ask of its timetable. **The one table** of weights: what each word costs stands here and nowhere else.
//!
//! The figures are prices of one breach, in the currency of [`timetable::Verdict::penalty`]: one lesson in a wrong place, one
//! window, one day that is too long. They are compared with each other, so a line is read against the others. What stands for
//! [`Kind::usual`] is what a school without rows has.

use serde::{Deserialize, Serialize};

use super::weight::Weight;

/// Of whom something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// One teacher.
    Teacher,
    /// One class.
    Class,
    /// A subject, or one load of it.
    Subject,
    /// The lessons of two loads, one to the other.
    Pair,
    /// The whole school: how much a wish weighs.
    School,
    /// A norm, for its grades.
    Norm,
}

/// The figure of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Figure {
    /// None: only the weight is chosen.
    None,
    /// A number from the first to the second, both included.
    Number(i32, i32),
    /// A day of the week, 0 = Monday.
    Weekday,
    /// Rooms or a kind of room.
    Rooms,
    /// The law's figure or a smaller one.
    LawLess,
    /// The law's figure or a larger one.
    LawMore,
}

/// What a breach does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// It is a clash.
    pub hard: bool,
    /// What it costs; 0: nothing, and it is not told.
    pub penalty: u16,
}

/// A line of the table.
#[derive(Clone, Copy, Debug)]
struct Line {
    key: &'static str,
    about: About,
    figure: Figure,
    /// Prices of «если получится», «желательно», «очень важно».
    prices: [u16; 3],
    /// Without a row, or offered for a new one.
    usual: Weight,
    /// The lightest that may be chosen: the law may be made heavier, never lighter.
    least: Weight,
    /// The heaviest that the judge and the search know.
    most: Weight,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $about:ident, $figure:expr, [$maybe:literal, $rather:literal, $very:literal],
        $usual:ident, $least:ident .. $most:ident;)*) => {
        /// What can be asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Kind { $($(#[$doc])* #[serde(rename = $key)] $name),* }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            const fn line(self) -> Line {
                match self {
                    $(Self::$name => Line {
                        key: $key,
                        about: About::$about,
                        figure: $figure,
                        prices: [$maybe, $rather, $very],
                        usual: Weight::$usual,
                        least: Weight::$least,
                        most: Weight::$most,
                    }),*
                }
            }
        }
    };
}

use Figure::{LawLess, LawMore, None as Nothing, Number, Rooms, Weekday};

kinds! {
    //                                                    figure           maybe rather very  usual    from .. to
    /// Hours of a teacher, class, subgroup, room, subject or load, cell by cell; rows of `unavailability`, not of `requirement`.
    Hours = "hours",                           Teacher, Nothing,            [2, 6, 20],   Must,   Maybe .. Must;
    /// A day without lessons (методический день).
    TeacherFreeDay = "teacher_free_day",       Teacher, Weekday,            [2, 6, 20],   Very,   Maybe .. Must;
    /// Most lessons a day.
    TeacherLessons = "teacher_lessons_a_day",  Teacher, Number(1, 12),      [4, 12, 40],  Rather, Maybe .. Must;
    /// Most windows a day.
    TeacherWindows = "teacher_windows_a_day",  Teacher, Number(0, 8),       [4, 12, 40],  Rather, Maybe .. Must;
    /// Most days of a week with lessons: the others are free, whichever they are (методический день, любой).
    TeacherDays = "teacher_days_a_week",       Teacher, Number(1, 6),       [4, 12, 40],  Very,   Maybe .. Must;
    /// Most windows of a week together.
    TeacherWindowsWeek = "teacher_windows_a_week", Teacher, Number(0, 20),  [4, 12, 40],  Rather, Maybe .. Must;
    /// Fewest lessons on a day with any: nobody comes for one lesson. As a must it closes a cell only where the tray cannot fill the day.
    TeacherLeast = "teacher_lessons_at_least", Teacher, Number(2, 6),       [2, 6, 20],   Rather, Maybe .. Must;
    /// Most lessons one after the other.
    TeacherInRow = "teacher_lessons_in_a_row", Teacher, Number(1, 8),       [2, 6, 20],   Rather, Maybe .. Must;
    /// Fewest days of a week with lessons: hours are not to be crammed into one or two days.
    TeacherDaysLeast = "teacher_days_at_least", Teacher, Number(2, 6),      [4, 12, 40],  Rather, Maybe .. Must;
    /// Most changes of building a day; goes before the rule for all teachers.
    TeacherMoves = "teacher_moves_a_day",     Teacher, Number(0, 6),       [4, 12, 40],  Very,   Maybe .. Must;
    /// Most lessons a day; where the law says less, the law counts.
    ClassLessons = "class_lessons_a_day",      Class,   Number(1, 12),      [4, 12, 40],  Very,   Maybe .. Must;
    /// Most windows a day of any pupil.
    ClassWindows = "class_windows_a_day",      Class,   Number(0, 8),       [4, 12, 40],  Very,   Maybe .. Must;
    /// Fewest lessons on a day with any. As a must it closes a cell only where the tray cannot fill the day any more.
    ClassLeast = "class_lessons_at_least",     Class,   Number(2, 12),      [2, 6, 20],   Rather, Maybe .. Must;
    /// Fewest days of a week with lessons.
    ClassDaysLeast = "class_days_at_least",    Class,   Number(1, 7),       [4, 12, 40],  Very,   Maybe .. Must;
    /// Most changes of building a day of any pupil; goes before the rule for all classes.
    ClassMoves = "class_moves_a_day",         Class,   Number(0, 6),       [4, 12, 40],  Very,   Maybe .. Must;
    /// Largest sum of difficulty a day, in points.
    PointsADay = "points_a_day",               Class,   Number(10, 90),     [2, 6, 18],   Rather, Maybe .. Must;
    /// Rooms, the first wish first, or a kind of room.
    Rooms = "rooms",                           Subject, Rooms,              [3, 10, 30],  Rather, Maybe .. Must;
    /// Days from one lesson to the next: 1 = not on one day, 2 = not on neighbouring ones.
    Spread = "spread",                         Subject, Number(1, 4),       [2, 6, 18],   Rather, Maybe .. Must;
    /// The only day of the week that a subject may have («Разговоры о важном»: Monday).
    SubjectDay = "subject_day",                Subject, Weekday,            [4, 12, 40],  Very,   Maybe .. Must;
    /// The first lesson of the class's day that a subject may have: 2 = never first.
    SubjectFrom = "subject_lesson_from",       Subject, Number(1, 12),      [2, 6, 20],   Rather, Maybe .. Must;
    /// The last lesson of the class's day that a subject may have: 1 = only first.
    SubjectTo = "subject_lesson_to",           Subject, Number(1, 12),      [2, 6, 20],   Rather, Maybe .. Must;
    /// The lessons of two loads are held at once (language groups of several classes).
    Together = "loads_together",              Pair,    Nothing,            [4, 12, 40],  Very,   Maybe .. Must;
    /// The lessons of the first load come before those of the second, one by one through the week (a lecture before its practice).
    InOrder = "loads_in_order",               Pair,    Nothing,            [2, 6, 20],   Rather, Maybe .. Must;
    /// The lessons of the second load begin where those of the first end, on the same day (a lecture and its seminar).
    RightAfter = "loads_right_after",         Pair,    Nothing,            [4, 12, 40],  Very,   Maybe .. Must;
    /// The lessons of two loads lie side by side on one day, whichever is first.
    NextTo = "loads_next_to",                 Pair,    Nothing,            [4, 12, 40],  Very,   Maybe .. Must;
    /// No lesson of one load is held at the same time as one of the other.
    Apart = "loads_apart",                    Pair,    Nothing,            [4, 12, 40],  Must,   Maybe .. Must;
    /// After a lesson of it its pupils have none of another load that day.
    EndsDay = "subject_ends_day",              Subject, Nothing,            [4, 12, 40],  Very,   Maybe .. Must;
    /// So many pairs of lessons a week are one card of two: how a new draft is cut from the load, and nothing that costs.
    Doubles = "double_lessons",                Subject, Number(1, 10),      [0, 0, 0],    Must,   Must .. Must;
    /// There is much homework for it: a mark that [`Kind::HomeworkADay`] counts, and nothing that costs by itself.
    MuchHomework = "much_homework",            Subject, Nothing,            [0, 0, 0],    Must,   Must .. Must;
    /// It is held beside the lessons (внеурочное занятие): norms of lessons a day and hours a week do not count it. A mark that costs nothing.
    Extracurricular = "extracurricular",       Subject, Nothing,            [0, 0, 0],    Must,   Must .. Must;
    /// All its lessons, of each load by itself, take at most so many different rooms.
    RoomsAtMost = "rooms_at_most",             Subject, Number(1, 20),      [4, 12, 40],  Rather, Maybe .. Must;
    /// Lessons of it, of each load by itself, that follow at once are in one room.
    SameRoom = "same_room_in_a_row",           Subject, Nothing,            [4, 12, 40],  Very,   Maybe .. Must;
    /// A window of a teacher.
    TeacherWindow = "teacher_window",          School,  Nothing,            [1, 3, 9],    Rather, Off .. Very;
    /// A window of a class. As a must: no class has any, unless [`Kind::ClassWindows`] says otherwise.
    ClassWindow = "class_window",              School,  Nothing,            [3, 8, 24],   Rather, Off .. Must;
    /// A day of a class that begins later than with the first bell at which it can be there. As a must it closes a cell only where the
    /// tray cannot begin the day any more.
    LateStart = "late_start",                  School,  Nothing,            [2, 6, 20],   Off,    Off .. Must;
    /// Another room than the one wished first (home room, first of the list).
    FirstRoom = "first_room",                  School,  Nothing,            [1, 2, 6],    Off,    Off .. Very;
    /// A lesson without a room that suits.
    NoRoom = "no_room",                        School,  Nothing,            [3, 10, 30],  Rather, Off .. Very;
    /// Lessons of a series (an imported file says which) too close, where the file does not say how much that weighs. `Off` switches all
    /// series off, `Must` makes all of them a must.
    Series = "series",                         School,  Nothing,            [2, 6, 18],   Rather, Off .. Must;
    /// What an imported file requires of single lessons, hour by hour and pair by pair. It counts or it does not: the file says no price.
    FileLessons = "file_lessons",               School,  Nothing,            [4, 12, 40],  Must,   Off .. Must;
    /// Most hard lessons of a class one after the other.
    HardInRow = "hard_in_a_row",               School,  Number(1, 6),       [2, 6, 18],   Rather, Maybe .. Must;
    /// There is time to walk from building to building, for teachers and classes. Without walks that take time it asks nothing.
    Walk = "walk",                             School,  Nothing,            [4, 12, 40],  Must,   Off .. Must;
    /// Most changes of building a day of every teacher.
    TeachersMoves = "teachers_moves_a_day",   School,  Number(0, 6),       [4, 12, 40],  Very,   Maybe .. Must;
    /// Most changes of building a day of every class.
    ClassesMoves = "classes_moves_a_day",     School,  Number(0, 6),       [4, 12, 40],  Very,   Maybe .. Must;
    /// Lessons that follow at once are in the same building and on the same floor.
    RoomsNear = "rooms_near",                 School,  Nothing,            [1, 3, 9],    Off,    Off .. Very;
    /// A subject so many times a day; a usual setting, no law.
    SubjectADay = "subject_a_day",             Norm,    Number(1, 4),       [2, 6, 18],   Rather, Off .. Must;
    /// From how many points a subject counts as hard; a usual setting, no law.
    HardFrom = "hard_points_from",             Norm,    Number(1, 20),      [0, 0, 0],    Rather, Rather .. Rather;
    /// Lessons a day.
    LessonsADay = "lessons_a_day",             Norm,    LawLess,            [10, 20, 40], Very,   Very .. Must;
    /// Lessons on the one longer day with physical education.
    LongDay = "lessons_one_day_with_pe",       Norm,    LawLess,            [10, 20, 40], Very,   Very .. Must;
    /// Lessons a week.
    LessonsAWeek = "lessons_a_week",           Norm,    LawLess,            [15, 30, 60], Very,   Very .. Must;
    /// The first bell, minutes after midnight.
    FirstBell = "first_bell_not_before",       Norm,    LawMore,            [10, 20, 40], Very,   Very .. Must;
    /// The last bell, minutes after midnight.
    LastBell = "last_bell_not_after",          Norm,    LawLess,            [10, 20, 40], Very,   Very .. Must;
    /// Hard lessons in the middle of the day. Known at second hand, so it may be switched off.
    HardLessons = "hard_lessons",              Norm,    Nothing,            [1, 2, 6],    Rather, Off .. Very;
    /// The first of these lessons, where a school sees it otherwise.
    HardLessonFrom = "hard_lesson_from",       Norm,    Number(1, 8),       [0, 0, 0],    Rather, Rather .. Rather;
    /// The last of them.
    HardLessonTo = "hard_lesson_to",           Norm,    Number(1, 12),      [0, 0, 0],    Rather, Rather .. Rather;
    /// The hardest days in the middle of the week. Known at second hand, so it may be switched off.
    PeakDays = "peak_days",                    Norm,    Nothing,            [1, 3, 9],    Maybe,  Off .. Very;
    /// One day in the middle of the week is easier than an average one; the price of each point that is missing.
    LightDay = "light_days",                   Norm,    Nothing,            [1, 2, 3],    Off,    Off .. Very;
    /// The first and the last day are no harder than an average one; the price of each point too many.
    EdgeDays = "lighter_edge_days",            Norm,    Nothing,            [1, 2, 3],    Off,    Off .. Very;
    /// Lessons with much homework a day: a figure of the school, no law says one.
    HomeworkADay = "homework_lessons_a_day",   Norm,    Number(1, 6),       [2, 6, 18],   Off,    Off .. Very;
    /// Length of a lesson in minutes: of the bells, told and not priced.
    LessonMinutes = "lesson_minutes",          Norm,    LawLess,            [0, 0, 0],    Very,   Very .. Very;
    /// Length of a break in minutes.
    BreakMinutes = "break_minutes",            Norm,    LawMore,            [0, 0, 0],    Very,   Very .. Very;
    /// Length of the long break in minutes.
    BigBreakMinutes = "big_break_minutes",     Norm,    LawMore,            [0, 0, 0],    Very,   Very .. Very;
}

impl Kind {
    /// The key in the database and on the wire.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.line().key
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }

    /// The kind that speaks of a norm, by `norm.kind`; `None`: nothing about it is the school's to set.
    #[must_use]
    pub fn of_norm(kind: &str) -> Option<Self> {
        Self::from_key(kind).filter(|k| k.about() == About::Norm)
    }

    /// Whether it may be asked of all teachers, or of all classes and of grades, too. One's own row goes before the grades', that
    /// one before the school's. (Changes of building had kinds of their own for that.)
    #[must_use]
    pub const fn of_all(self) -> bool {
        matches!(
            self,
            Self::TeacherDays
                | Self::TeacherLessons
                | Self::TeacherLeast
                | Self::TeacherDaysLeast
                | Self::TeacherInRow
                | Self::TeacherWindows
                | Self::TeacherWindowsWeek
                | Self::ClassLessons
                | Self::ClassLeast
                | Self::ClassDaysLeast
                | Self::ClassWindows
                | Self::PointsADay
        )
    }

    /// The kinds that may be asked of all teachers ([`About::Teacher`]) or of all classes.
    pub fn all_of(about: About) -> impl Iterator<Item = Self> {
        let all = Self::ALL.iter().copied();
        all.filter(move |kind| kind.of_all() && kind.about() == about)
    }

    /// Of whom it is asked.
    #[must_use]
    pub const fn about(self) -> About {
        self.line().about
    }

    /// Its figure.
    #[must_use]
    pub const fn figure(self) -> Figure {
        self.line().figure
    }

    /// What it weighs without a row, or what is offered for a new one.
    #[must_use]
    pub const fn usual(self) -> Weight {
        self.line().usual
    }

    /// The weights that may be chosen, the heaviest first.
    pub fn weights(self) -> impl Iterator<Item = Weight> {
        let line = self.line();
        Weight::ALL
            .into_iter()
            .filter(move |w| (line.least..=line.most).contains(w))
            .filter(move |w| self != Self::FileLessons || matches!(w, Weight::Off | Weight::Must))
    }

    /// Whether a weight may be chosen.
    #[must_use]
    pub fn may_weigh(self, weight: Weight) -> bool {
        self.weights().any(|w| w == weight)
    }

    /// What a breach costs. A weight that may not be chosen counts as the nearest that may.
    #[must_use]
    pub fn cost(self, weight: Weight) -> Cost {
        let line = self.line();
        let [maybe, rather, very] = line.prices;
        let (hard, penalty) = match weight.clamp(line.least, line.most) {
            Weight::Off => (false, 0),
            Weight::Maybe => (false, maybe),
            Weight::Rather => (false, rather),
            Weight::Very => (false, very),
            // what lies there all the same costs as much as it can
            Weight::Must => (true, very),
        };
        Cost { hard, penalty }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back_and_differ() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_key(kind.key()), Some(*kind));
        }
        for weight in Weight::ALL {
            assert_eq!(Weight::from_key(weight.key()), Some(weight));
        }
    }

    #[test]
    fn a_heavier_word_never_costs_less() {
        for kind in Kind::ALL {
            let costs: Vec<Cost> = kind.weights().map(|w| kind.cost(w)).collect();
            assert!(costs.windows(2).all(|w| w[0].penalty >= w[1].penalty), "{kind:?}");
            assert!(kind.may_weigh(kind.usual()), "{kind:?}");
        }
    }

    /// A school without rows is judged as it was before there were rows.
    #[test]
    fn the_usual_weights_are_what_the_judge_has_always_had() {
        let price = |kind: Kind| kind.cost(kind.usual()).penalty;
        let before = timetable::Wishes::default();
        assert_eq!(price(Kind::TeacherWindow), before.teacher_window);
        assert_eq!(price(Kind::ClassWindow), before.class_window);
        assert_eq!(price(Kind::FirstRoom), before.other_room);
        assert_eq!(price(Kind::NoRoom), before.no_room);
        let law = [
            (Kind::Series, 6),
            (Kind::SubjectADay, 6),
            (Kind::LessonsADay, 40),
            (Kind::LongDay, 40),
            (Kind::LessonsAWeek, 60),
            (Kind::FirstBell, 40),
            (Kind::LastBell, 40),
            (Kind::HardLessons, 2),
            (Kind::PeakDays, 1),
        ];
        for (kind, was) in law {
            let cost = kind.cost(kind.usual());
            assert_eq!((cost.penalty, cost.hard), (was, false), "{kind:?}");
        }
        assert!(Kind::Hours.cost(Kind::Hours.usual()).hard);
    }

    #[test]
    fn the_law_may_be_made_heavier_and_never_lighter() {
        for kind in [Kind::LessonsADay, Kind::LessonsAWeek, Kind::FirstBell] {
            assert!(!kind.may_weigh(Weight::Rather) && kind.may_weigh(Weight::Must));
            assert_eq!(
                kind.cost(Weight::Off),
                kind.cost(Weight::Very),
                "as if it were not said"
            );
        }
    }
}
