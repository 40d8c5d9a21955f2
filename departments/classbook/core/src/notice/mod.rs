//! Notices (уведомления): what happened for a child, told to its family where and about what each person chose; of cancelled lessons
//! whoever teaches them is told, too, of substitutions whoever stands in, and of what waits for them who teaches, leads a class or closes periods.
//!
//! A change leaves its event; the event leaves a pending entry in the same transaction (migration 0222). The worker (`sql::work`) takes
//! entries that have been at rest for a minute and makes one notice of what came of them, so that a slip of a teacher's finger
//! is told to nobody. A notice is the child's; who has read it, and by which channel it goes, is each person's own. Devices that are
//! told by push are in [`device`], how they are told in `push`.
//!
//! To tell of one more thing: a variant of [`Kind`], the checks of the migration, the entity in its trigger, a statement in `sql::make`.

pub mod device;
#[cfg(feature = "sql")]
mod letter;
#[cfg(feature = "sql")]
pub mod mail;
#[cfg(feature = "sql")]
pub mod push;
#[cfg(feature = "sql")]
pub mod sql;
mod words;

use base::{AssignmentId, ClassId, LessonId, LoadId, NoticeId, PeriodMarkId, PupilId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use words::said;

use crate::dispute::About;

/// What is kept for a family to read, in days.
pub const KEPT_DAYS: i64 = 60;
/// So many are shown at most.
pub const SHOWN: i64 = 100;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $key:literal),* $(,)?) => {
        /// What a notice is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($(#[$doc])* $name),* }

        impl Kind {
            /// All of them, in the order of the settings.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its key in the database.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key),* }
            }

            /// Reads a key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$name),)* _ => None }
            }
        }
    };
}

kinds! {
    /// A mark where there was none.
    MarkNew = "mark_new",
    /// Another mark than before: both are told.
    MarkChanged = "mark_changed",
    /// A mark was taken away.
    MarkRemoved = "mark_removed",
    /// A work is owed, by another day than before, or not any more.
    Owed = "owed",
    /// Absent or late, or that was taken back.
    Absence = "absence",
    /// Homework was given, changed or withdrawn.
    Homework = "homework",
    /// The school has answered a question about a mark.
    DisputeAnswered = "dispute_answered",
    /// A mark of a period, a year.
    PeriodMark = "period_mark",
    /// A work weighs more or less than before, and the average with it.
    WorkChanged = "work_changed",
    /// A lesson falls out, or takes place after all.
    Cancellation = "cancellation",
    /// One is to give another teacher's lesson, or need not any more; `old` and `new` are the number of the lesson. To a family: who
    /// gives it, by name.
    Substitution = "substitution",
    /// Days without lessons, by their title, or other days than was said, or lessons after all.
    DayOff = "day_off",
    /// A lesson, or some days, from home: `old` and `new` are the keys of [`Format`](crate::distance::Format); none: at school.
    Distance = "distance",
    /// Lessons lie otherwise from a day on: another timetable holds, `new` by its title; `old`: that one was taken back.
    Timetable = "timetable",
    /// A family asks about a mark; `new` is the mark.
    DisputeAsked = "dispute_asked",
    /// A child will not come on some days, or comes after all.
    AbsenceTold = "absence_told",
    /// A teacher, by name, asks for a change in a closed period.
    RequestAsked = "request_asked",
    /// The answer to one's own request: `allowed` or `refused`.
    RequestAnswered = "request_answered",
}

/// A way to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The list in the application.
    App,
    /// The e-mail of the day.
    Email,
    /// Web Push.
    Push,
}

impl Kind {
    /// What a person who never chose wants: everything in the application; homework, of which there is much, nowhere else.
    #[must_use]
    pub fn by_default(self, channel: Channel) -> bool {
        channel == Channel::App || self != Self::Homework
    }

    /// Is it told to people at work? Requests for changes only to who closes periods.
    #[must_use]
    pub fn is_for_staff(self, decides: bool) -> bool {
        match self {
            Self::RequestAsked => decides,
            Self::Cancellation
            | Self::Substitution
            | Self::Timetable
            | Self::DisputeAsked
            | Self::AbsenceTold
            | Self::RequestAnswered => true,
            _ => false,
        }
    }

    /// Is it told to families?
    #[must_use]
    pub fn is_for_families(self) -> bool {
        !matches!(
            self,
            Self::DisputeAsked | Self::AbsenceTold | Self::RequestAsked | Self::RequestAnswered
        )
    }

    /// The keys of those that a person who never chose wants by this channel.
    #[must_use]
    pub fn by_default_in(channel: Channel) -> Vec<String> {
        let wanted = Self::ALL.iter().filter(|kind| kind.by_default(channel));
        wanted.map(|kind| kind.key().to_owned()).collect()
    }
}

/// Something told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its number; later ones are higher.
    pub id: NoticeId,
    /// Of whom; `None`: it is told to oneself, at work.
    pub pupil: Option<PupilId>,
    /// «Артём»; at work the child that it is about, «Абрамов Артём».
    pub child: String,
    /// That child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<PupilId>,
    /// What about.
    pub kind: Kind,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The subject.
    pub subject: Option<String>,
    /// The day of the lesson, or the first of the days that it is about.
    pub date: Option<NaiveDate>,
    /// The last of those days; none: it is about one lesson, or about no day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// The work a mark is for.
    pub assignment: Option<AssignmentId>,
    /// The lesson and its journal, for who teaches it.
    pub lesson: Option<(LoadId, LessonId)>,
    /// The mark of a period that was asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_mark: Option<PeriodMarkId>,
    /// The journal that was asked to be opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<LoadId>,
    /// The class whose absences were asked to be opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassId>,
    /// Before. Of what is owed: the day by which, empty for none named.
    pub old: Option<String>,
    /// After.
    pub new: Option<String>,
    /// What of a homework it is that has changed; a server before this told of another text alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<HomeworkChange>,
    /// Not yet read.
    pub unread: bool,
}

/// What of a homework has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HomeworkChange {
    /// Its text.
    pub text: bool,
    /// The day by which.
    pub moved: bool,
    /// That day now; none: by the next lesson.
    pub due: Option<NaiveDate>,
    /// Its addresses.
    pub links: bool,
    /// It has addresses: where it has no words, they are what is to be done; else its files are.
    pub linked: bool,
    /// The names of files that came.
    pub added: Vec<String>,
    /// The names of files that went.
    pub removed: Vec<String>,
}

impl Notice {
    /// The address of what it is about.
    #[must_use]
    pub fn href(&self) -> String {
        let Some(pupil) = self.pupil else {
            return self.at_work();
        };
        match (self.kind, self.asked(), self.date) {
            (Kind::DisputeAnswered, Some(about), _) => about.href(pupil),
            (Kind::PeriodMark | Kind::WorkChanged, _, _) => format!("/diary/{pupil}/subjects"),
            (_, _, Some(date)) => format!("/diary/{pupil}/{date}"),
            _ => format!("/diary/{pupil}"),
        }
    }
}

impl Notice {
    /// The mark that was asked about.
    fn asked(&self) -> Option<About> {
        let period = self.period_mark.map(About::Period);
        period.or(self.assignment.map(About::Work))
    }

    /// The address of what one is told of at work.
    fn at_work(&self) -> String {
        match (self.kind, self.about, self.asked()) {
            (Kind::DisputeAsked, Some(pupil), Some(about)) => about.href(pupil),
            (Kind::AbsenceTold, Some(pupil), _) => format!("/absences/{pupil}"),
            (Kind::RequestAsked, ..) => "/journal/periods".to_owned(),
            (Kind::RequestAnswered, ..) => match (self.load, self.class) {
                (Some(load), _) => format!("/journal/{load}"),
                (None, Some(class)) => format!("/attendance/{class}"),
                (None, None) => "/journal".to_owned(),
            },
            // the journal of a lesson that one need not give may be closed to one again
            (Kind::Substitution, ..) if self.new.is_none() => "/journal".to_owned(),
            _ => match self.lesson {
                Some((load, lesson)) => format!("/journal/{load}?lesson={lesson}"),
                None => "/journal".to_owned(),
            },
        }
    }
}

/// What a person is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notices {
    /// There are several children, so each notice says whose it is.
    pub several: bool,
    /// Told is of one's work, not of one's children.
    #[serde(default)]
    pub own: bool,
    /// The school's offset from UTC, in seconds.
    pub utc_offset: i32,
    /// The newest first.
    pub notices: Vec<Notice>,
}

/// Where one kind is told of one child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What about.
    pub kind: Kind,
    /// In the application.
    pub in_app: bool,
    /// In the e-mail of the day.
    pub by_email: bool,
    /// By Web Push.
    pub by_push: bool,
}

impl Choice {
    /// Of who never chose.
    #[must_use]
    pub fn default_of(kind: Kind) -> Self {
        Self {
            kind,
            in_app: kind.by_default(Channel::App),
            by_email: kind.by_default(Channel::Email),
            by_push: kind.by_default(Channel::Push),
        }
    }

    /// With one channel opened or closed.
    #[must_use]
    pub fn with(self, channel: Channel, on: bool) -> Self {
        match channel {
            Channel::App => Self { in_app: on, ..self },
            Channel::Email => Self { by_email: on, ..self },
            Channel::Push => Self { by_push: on, ..self },
        }
    }

    /// Is this channel open?
    #[must_use]
    pub fn is(self, channel: Channel) -> bool {
        match channel {
            Channel::App => self.in_app,
            Channel::Email => self.by_email,
            Channel::Push => self.by_push,
        }
    }
}

/// Where the letter of the day goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email {
    /// The server sends letters at all.
    pub available: bool,
    /// The address; none yet.
    pub address: Option<String>,
    /// Its owner has typed in what was sent there.
    pub confirmed: bool,
    /// The hour, by the school's clock.
    pub hour: i16,
}

impl Email {
    /// The hour that is proposed: lessons are over, the evening is still long.
    pub const HOUR: i16 = 18;
}

/// The choices about one child, or about one's own work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfChild {
    /// The child; `None`: oneself, at work.
    pub pupil: Option<PupilId>,
    /// «Артём»; empty for oneself.
    pub name: String,
    /// One of each kind.
    pub choices: Vec<Choice>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back_and_nothing_else_does() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_key(kind.key()), Some(*kind));
        }
        assert_eq!(Kind::from_key("mark"), None);
    }

    #[test]
    fn a_choice_changes_one_channel() {
        for kind in Kind::ALL {
            let before = Choice::default_of(*kind);
            for channel in [Channel::App, Channel::Email, Channel::Push] {
                assert_eq!(before.is(channel), kind.by_default(channel));
                for on in [true, false] {
                    let after = before.with(channel, on);
                    assert_eq!(after.is(channel), on);
                    for other in [Channel::App, Channel::Email, Channel::Push] {
                        assert!(other == channel || after.is(other) == before.is(other));
                    }
                }
            }
        }
    }

    #[test]
    fn each_notice_opens_its_place() {
        let notice = |kind, assignment, date: Option<&str>| Notice {
            id: NoticeId(1),
            pupil: Some(PupilId(7)),
            child: String::new(),
            about: None,
            kind,
            at: DateTime::UNIX_EPOCH,
            subject: None,
            date: date.map(|d| d.parse().unwrap()),
            until: None,
            assignment,
            lesson: Some((LoadId(500), LessonId(700))),
            period_mark: None,
            load: None,
            class: None,
            old: None,
            new: None,
            change: None,
            unread: true,
        };
        let some = Some(AssignmentId(800));
        let day = Some("2026-11-16");
        assert_eq!(notice(Kind::MarkNew, some, day).href(), "/diary/7/2026-11-16");
        assert_eq!(notice(Kind::DisputeAnswered, some, day).href(), "/disputes/7/800");
        let of_period = Notice {
            period_mark: Some(PeriodMarkId(9)),
            ..notice(Kind::DisputeAnswered, None, None)
        };
        assert_eq!(of_period.href(), "/disputes/7/period/9");
        assert_eq!(notice(Kind::PeriodMark, None, None).href(), "/diary/7/subjects");
        assert_eq!(notice(Kind::Homework, None, None).href(), "/diary/7");
        assert_eq!(
            notice(Kind::Cancellation, None, day).href(),
            "/diary/7/2026-11-16"
        );
        let own = Notice {
            pupil: None,
            ..notice(Kind::Cancellation, None, day)
        };
        assert_eq!(own.href(), "/journal/500?lesson=700");
        let stands_in = |old: Option<&str>, new: Option<&str>| Notice {
            pupil: None,
            old: old.map(Into::into),
            new: new.map(Into::into),
            ..notice(Kind::Substitution, None, day)
        };
        assert_eq!(stands_in(None, Some("3")).href(), "/journal/500?lesson=700");
        assert_eq!(stands_in(Some("3"), None).href(), "/journal");
        let at_work = |kind, load, class| Notice {
            pupil: None,
            about: Some(PupilId(7)),
            load,
            class,
            ..notice(kind, some, day)
        };
        let (load, class) = (Some(LoadId(500)), Some(ClassId(100)));
        assert_eq!(at_work(Kind::DisputeAsked, None, None).href(), "/disputes/7/800");
        assert_eq!(at_work(Kind::AbsenceTold, None, None).href(), "/absences/7");
        assert_eq!(at_work(Kind::RequestAsked, load, None).href(), "/journal/periods");
        assert_eq!(at_work(Kind::RequestAnswered, load, None).href(), "/journal/500");
        assert_eq!(
            at_work(Kind::RequestAnswered, None, class).href(),
            "/attendance/100"
        );
    }
}
