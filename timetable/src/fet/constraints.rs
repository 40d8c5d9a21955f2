//! What a [`SchoolDraft`] asks, as constraints of a FET file.

use super::broken::{Lying, MUST};
use super::kept::Written;
use super::marks;
use super::write::{Names, id};
use crate::draft::{
    DraftLimit, DraftRooming, DraftTie, DraftTimes, Limited, LimitedOf, SchoolDraft, TimesOf,
};
use crate::ids::{CardIx, ClassIx, RoomIx, TimeSet};
use crate::markup::Writer;
use crate::rooming::Rooming;
use crate::ties::Tie;

/// What rooms that are only preferred weigh, where nobody says.
const PREFERRED: u32 = 95_000;

/// A constraint that a draft has no word for: a flat list of fields, in FET's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// Its element, with `Constraint`.
    pub kind: &'static str,
    /// Weight in thousandths of a percent.
    pub weight: u32,
    /// Elements and their texts.
    pub fields: Vec<(&'static str, String)>,
}

/// A constraint in the making.
struct Said<'a> {
    w: &'a mut Writer,
}

impl<'a> Said<'a> {
    fn begin(w: &'a mut Writer, kind: &str, weight: u32) -> Self {
        w.open(kind, &[]);
        w.text("Weight_Percentage", &percent(weight));
        Self { w }
    }

    fn text(self, element: &str, text: &str) -> Self {
        self.w.text(element, text);
        self
    }

    fn number(self, element: &str, number: usize) -> Self {
        self.text(element, &number.to_string())
    }

    fn times(self, (element, day, hour): (&str, &str, &str), times: &TimeSet, names: &Names) -> Self {
        for (d, h) in places(times, names) {
            self.w.open(element, &[]);
            self.w.text(day, d);
            self.w.text(hour, h);
            self.w.close();
        }
        self
    }

    fn end(self) {
        self.end_unless(false);
    }

    /// Ends it; a wish that the file's own timetable breaks is not in force.
    fn end_unless(self, broken: bool) {
        self.w.text("Active", truth(!broken));
        self.w.text("Comments", if broken { marks::BROKEN } else { "" });
        self.w.close();
    }
}

/// Thousandths of a percent as FET writes them: «95», «33.3».
fn percent(weight: u32) -> String {
    let weight = weight.min(MUST);
    let text = format!("{}.{:03}", weight / 1000, weight % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Days and hours by name.
fn places<'n>(times: &TimeSet, names: &'n Names) -> Vec<(&'n str, &'n str)> {
    let name = |(day, slot): (u16, u16)| {
        let day = names.days.get(usize::from(day))?;
        Some((day.as_str(), names.hours.get(usize::from(slot))?.as_str()))
    };
    times.iter().filter_map(name).collect()
}

/// Somebody, or a room, cannot at some times.
fn away(w: &mut Writer, kind: &str, (element, name): (&str, &str), times: &TimeSet, names: &Names) {
    let count = places(times, names).len();
    if count > 0 {
        Said::begin(w, kind, MUST)
            .text(element, name)
            .number("Number_of_Not_Available_Times", count)
            .times(("Not_Available_Time", "Day", "Hour"), times, names)
            .end();
    }
}

/// The time constraints.
pub(super) fn times(
    w: &mut Writer,
    draft: &SchoolDraft,
    names: &Names,
    (more, kept): (&[Plain], &Written),
    starts: &mut [usize],
) {
    let lying = Lying::of(draft);
    w.open("Time_Constraints_List", &[]);
    Said::begin(w, "ConstraintBasicCompulsoryTime", MUST).end();
    let breaks = places(&draft.breaks, names).len();
    if breaks > 0 {
        Said::begin(w, "ConstraintBreakTimes", MUST)
            .number("Number_of_Break_Times", breaks)
            .times(("Break_Time", "Day", "Hour"), &draft.breaks, names)
            .end();
    }
    for (teacher, name) in draft.teachers.iter().zip(&names.teachers) {
        let kind = "ConstraintTeacherNotAvailableTimes";
        away(w, kind, ("Teacher", name), &teacher.away, names);
    }
    let classes = draft.classes.iter().map(|c| &c.away).zip(&names.classes);
    let groups = draft.groups.iter().map(|g| &g.away).zip(&names.groups);
    for (times, name) in classes.chain(groups) {
        let kind = "ConstraintStudentsSetNotAvailableTimes";
        away(w, kind, ("Students", name), times, names);
    }
    for limit in draft.limits.iter().filter(|l| !in_space(l)) {
        limits(w, limit, names, &lying);
    }
    for gap in draft.gaps.iter().filter(|g| g.cards.len() > 1 && g.days > 0) {
        Said::begin(
            w,
            "ConstraintMinDaysBetweenActivities",
            gap.weight.unwrap_or(PREFERRED),
        )
        .text("Consecutive_If_Same_Day", "false")
        .number("Number_of_Activities", gap.cards.len())
        .all("Activity_Id", gap.cards.iter().map(|card| id(*card)))
        .text("MinDays", &gap.days.to_string())
        .end_unless(lying.breaks_gap(gap));
    }
    for tie in &draft.ties {
        tied(w, tie, &lying);
    }
    for last in draft.last.iter().filter(|last| last.weight >= MUST) {
        for card in &last.cards {
            // FET takes it as a must only
            Said::begin(w, "ConstraintActivityEndsStudentsDay", MUST)
                .text("Activity_Id", &id(*card))
                .end();
        }
    }
    for hours in &draft.times {
        good_times(w, hours, names, &lying);
    }
    for plain in more {
        let fields = plain.fields.iter();
        fields
            .fold(Said::begin(w, plain.kind, plain.weight), |said, (name, text)| {
                said.text(name, text)
            })
            .end();
    }
    for (card, _, row) in draft.card_list() {
        let Some(at) = row.placement else { continue };
        let (day, hour) = (
            names.days.get(usize::from(at.day)),
            names.hours.get(usize::from(at.slot)),
        );
        if let (Some(day), Some(hour)) = (day, hour) {
            Said::begin(w, "ConstraintActivityPreferredStartingTime", MUST)
                .text("Activity_Id", &id(card))
                .text("Preferred_Day", day)
                .text("Preferred_Hour", hour)
                .text("Permanently_Locked", truth(row.locked))
                .end_unless(row.off);
        }
    }
    kept.put(w, "Time_Constraints_List", starts);
    w.close();
}

const fn truth(is: bool) -> &'static str {
    if is { "true" } else { "false" }
}

impl Said<'_> {
    fn all(self, element: &str, texts: impl Iterator<Item = String>) -> Self {
        for text in texts {
            self.w.text(element, &text);
        }
        self
    }

    /// The head of a filter: nothing but whose lessons.
    fn filter(self, teacher: &str, students: &str, subject: &str) -> Self {
        // the form of older files, which every version of FET reads
        self.text("Teacher_Name", teacher)
            .text("Students_Name", students)
            .text("Subject_Name", subject)
            .text("Activity_Tag_Name", "")
            .text("Duration", "")
    }
}

/// Two activities that belong together in time.
fn tied(w: &mut Writer, tie: &DraftTie, lying: &Lying<'_>) {
    let kind = match tie.tie {
        Tie::Together => "ConstraintActivitiesSameStartingTime",
        Tie::InOrder => "ConstraintTwoActivitiesOrdered",
        Tie::RightAfter => "ConstraintTwoActivitiesConsecutive",
        Tie::NextTo => "ConstraintTwoActivitiesGrouped",
        Tie::Apart => "ConstraintActivitiesNotOverlapping",
        Tie::SameHour => "ConstraintActivitiesSameStartingHour",
        Tie::WithinDays(0) => "ConstraintActivitiesSameStartingDay",
        Tie::WithinDays(_) => "ConstraintMaxDaysBetweenActivities",
        Tie::Spaced(_) => "ConstraintMinGapsBetweenActivities",
        Tie::BeforeOnDay => "ConstraintTwoActivitiesOrderedIfSameDay",
        // a draft has a list of its own for these
        Tie::EndsDay => return,
    };
    let ids = [tie.first, tie.second].map(id);
    let said = Said::begin(w, kind, tie.weight);
    let said = match (tie.tie, ids) {
        (Tie::Together | Tie::Apart | Tie::SameHour | Tie::WithinDays(_) | Tie::Spaced(_), ids) => said
            .number("Number_of_Activities", ids.len())
            .all("Activity_Id", ids.into_iter()),
        (_, [first, second]) => said
            .text("First_Activity_Id", &first)
            .text("Second_Activity_Id", &second),
    };
    let said = match tie.tie {
        Tie::WithinDays(most) if most > 0 => said.text("MaxDays", &most.to_string()),
        Tie::Spaced(least) => said.text("MinGaps", &least.to_string()),
        _ => said,
    };
    said.end_unless(lying.breaks_tie(tie));
}

fn good_times(w: &mut Writer, hours: &DraftTimes, names: &Names, lying: &Lying<'_>) {
    let count = places(&hours.good, names).len();
    if count == 0 {
        return;
    }
    let (plural, cell) = if hours.starts {
        (
            "StartingTimes",
            (
                "Preferred_Starting_Time",
                "Preferred_Starting_Day",
                "Preferred_Starting_Hour",
            ),
        )
    } else {
        (
            "TimeSlots",
            ("Preferred_Time_Slot", "Preferred_Day", "Preferred_Hour"),
        )
    };
    let number = format!("Number_of_{}s", cell.0);
    let slots = |said: Said<'_>, card: Option<CardIx>| {
        said.number(&number, count)
            .times(cell, &hours.good, names)
            .end_unless(lying.breaks_times(hours, card));
    };
    let all = &format!("ConstraintActivitiesPreferred{plural}");
    match &hours.of {
        TimesOf::Cards(cards) => {
            for card in cards {
                let said = Said::begin(w, &format!("ConstraintActivityPreferred{plural}"), hours.weight);
                slots(said.text("Activity_Id", &id(*card)), Some(*card));
            }
        }
        TimesOf::Teacher(teacher) => {
            if let Some(name) = names.teachers.get(teacher.ix()) {
                slots(Said::begin(w, all, hours.weight).filter(name, "", ""), None);
            }
        }
        TimesOf::Class(class) => {
            if let Some(name) = names.classes.get(class.ix()) {
                slots(Said::begin(w, all, hours.weight).filter("", name, ""), None);
            }
        }
        TimesOf::Subject(subject) => {
            if let Some(name) = names.subjects.get(subject.ix()) {
                slots(Said::begin(w, all, hours.weight).filter("", "", name), None);
            }
        }
    }
}

/// A limit, for each of whom it is. Changes of building are a constraint of space.
fn limits(w: &mut Writer, limit: &DraftLimit, names: &Names, lying: &Lying<'_>) {
    let (rest, figure) = match limit.what {
        Limited::DaysAWeek => ("MaxDaysPerWeek", "Max_Days_Per_Week"),
        Limited::GapsAWeek => ("MaxGapsPerWeek", "Max_Gaps"),
        Limited::GapsADay => ("MaxGapsPerDay", "Max_Gaps"),
        Limited::HoursADay => ("MaxHoursDaily", "Maximum_Hours_Daily"),
        Limited::LeastHoursADay | Limited::LeastHoursEveryDay => ("MinHoursDaily", "Minimum_Hours_Daily"),
        Limited::LeastDaysAWeek => ("MinDaysPerWeek", "Minimum_Days_Per_Week"),
        Limited::HoursInARow => ("MaxHoursContinuously", "Maximum_Hours_Continuously"),
        Limited::LateStartsAWeek => ("EarlyMaxBeginningsAtSecondHour", "Max_Beginnings_At_Second_Hour"),
        Limited::MovesADay => ("MaxBuildingChangesPerDay", "Max_Building_Changes_Per_Day"),
    };
    let (whose, element, whom): (&str, &str, Vec<Option<&String>>) = match &limit.of {
        LimitedOf::Teachers(all) => {
            let named = all.iter().map(|t| names.teachers.get(t.ix()));
            let element = if in_space(limit) {
                "Teacher"
            } else {
                "Teacher_Name"
            };
            ("Teacher", element, named.collect())
        }
        LimitedOf::Classes(all) => {
            let named = all.iter().map(|c| names.classes.get(c.ix()));
            ("StudentsSet", "Students", named.collect())
        }
    };
    for (nth, name) in whom.into_iter().enumerate() {
        let Some(name) = name else { continue };
        let said = Said::begin(w, &format!("Constraint{whose}{rest}"), limit.weight);
        // FET writes these two in either order; readers go by name
        let said = said.text(element, name).text(figure, &limit.value.to_string());
        let said = match limit.what {
            Limited::LeastHoursADay => said.text("Allow_Empty_Days", "true"),
            Limited::LeastHoursEveryDay => said.text("Allow_Empty_Days", "false"),
            _ => said,
        };
        // FET refuses a whole file with a wish about changes of building
        let refused = in_space(limit) && limit.weight < MUST;
        said.end_unless(refused || lying.breaks_limit(limit, nth));
    }
}

fn in_space(limit: &DraftLimit) -> bool {
    limit.what == Limited::MovesADay
}

/// The space constraints.
pub(super) fn spaces(
    w: &mut Writer,
    draft: &SchoolDraft,
    names: &Names,
    kept: &Written,
    starts: &mut [usize],
) {
    let lying = Lying::of(draft);
    w.open("Space_Constraints_List", &[]);
    Said::begin(w, "ConstraintBasicCompulsorySpace", MUST).end();
    for (room, name) in draft.rooms.iter().zip(&names.rooms) {
        let kind = "ConstraintRoomNotAvailableTimes";
        away(w, kind, ("Room", name), &room.away, names);
    }
    for limit in draft.limits.iter().filter(|l| in_space(l)) {
        limits(w, limit, names, &lying);
    }
    for of in draft.roomings.iter().filter(|of| of.cards.len() > 1) {
        rooming(w, of, &lying);
    }
    let name = |room: RoomIx| names.rooms.get(room.ix());
    for (at, (class, students)) in draft.classes.iter().zip(&names.classes).enumerate() {
        if let Some(room) = class.home_room.and_then(name) {
            Said::begin(w, "ConstraintStudentsSetHomeRoom", PREFERRED)
                .text("Students", students)
                .text("Room", room)
                .end_unless(lying.breaks_home(ClassIx::at(at)));
        }
    }
    for (card, _, row) in draft.card_list() {
        let rooms: Vec<&String> = row.rooms.iter().filter_map(|room| name(*room)).collect();
        if !rooms.is_empty() {
            let weight = if row.rooms_must {
                MUST
            } else {
                row.rooms_weight.unwrap_or(PREFERRED)
            };
            rooms_of(w, card, &rooms, weight, Lying::breaks_rooms(row));
        }
        if let Some(room) = row.placement.and_then(|at| at.room).and_then(name) {
            Said::begin(w, "ConstraintActivityPreferredRoom", MUST)
                .text("Activity_Id", &id(card))
                .text("Room", room)
                .text("Permanently_Locked", "false")
                .end_unless(row.off);
        }
    }
    kept.put(w, "Space_Constraints_List", starts);
    w.close();
}

/// Activities that take rooms together.
fn rooming(w: &mut Writer, of: &DraftRooming, lying: &Lying<'_>) {
    let kind = match of.what {
        Rooming::AtMost(_) => "ConstraintActivitiesOccupyMaxDifferentRooms",
        Rooming::InARow => "ConstraintActivitiesSameRoomIfConsecutive",
    };
    let said = Said::begin(w, kind, of.weight)
        .number("Number_of_Activities", of.cards.len())
        .all("Activity_Id", of.cards.iter().map(|card| id(*card)));
    let said = match of.what {
        Rooming::AtMost(most) => said.number("Max_Number_of_Different_Rooms", most.into()),
        Rooming::InARow => said,
    };
    said.end_unless(lying.breaks_rooming(of));
}

fn rooms_of(w: &mut Writer, card: CardIx, rooms: &[&String], weight: u32, broken: bool) {
    Said::begin(w, "ConstraintActivityPreferredRooms", weight)
        .text("Activity_Id", &id(card))
        .number("Number_of_Preferred_Rooms", rooms.len())
        .all("Preferred_Room", rooms.iter().map(|room| (*room).clone()))
        .end_unless(broken);
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn weights_are_written_as_fet_does() {
        for (weight, text) in [
            (100_000, "100"),
            (95_000, "95"),
            (33_300, "33.3"),
            (1, "0.001"),
            (0, "0"),
            (10_000, "10"),
        ] {
            assert_eq!(percent(weight), text);
        }
    }
}
