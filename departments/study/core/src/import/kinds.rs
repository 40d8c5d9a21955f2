//! What a constraint of FET says, in words, for those that school files use, and what a file of aSc says that no draft does.

use base::Lang;

use crate::t;

/// Words for a kind of thing that a file says; `None`: its own name is all that can be told.
pub(super) fn words(lang: Lang, tag: &str) -> Option<&'static str> {
    let found = match tag.strip_prefix("Constraint") {
        Some(rest) => exact(rest).or_else(|| family(rest)),
        None => beside(tag),
    };
    found.map(|words| words(lang))
}

/// A text in the person's language.
type Text = fn(Lang) -> &'static str;

/// Constraints that are known one by one.
fn exact(rest: &str) -> Option<Text> {
    Some(match rest {
        "StudentsMaxGapsPerWeek"
        | "StudentsSetMaxGapsPerWeek"
        | "StudentsMaxGapsPerDay"
        | "StudentsSetMaxGapsPerDay" => t::fet_kind_students_gaps,
        "TeachersMaxGapsPerWeek"
        | "TeacherMaxGapsPerWeek"
        | "TeachersMaxGapsPerDay"
        | "TeacherMaxGapsPerDay" => t::fet_kind_teachers_gaps,
        "TeachersMinHoursDaily" | "TeacherMinHoursDaily" => t::fet_kind_teachers_min_hours,
        "TeachersMaxHoursDaily" | "TeacherMaxHoursDaily" => t::fet_kind_teachers_max_hours,
        "StudentsMinHoursDaily" | "StudentsSetMinHoursDaily" => t::fet_kind_students_min_hours,
        "StudentsMaxHoursDaily" | "StudentsSetMaxHoursDaily" => t::fet_kind_students_max_hours,
        "TeacherMaxDaysPerWeek" | "TeachersMaxDaysPerWeek" => t::fet_kind_teacher_days,
        "TeacherMinDaysPerWeek" | "TeachersMinDaysPerWeek" => t::fet_kind_teacher_min_days,
        "StudentsEarlyMaxBeginningsAtSecondHour" | "StudentsSetEarlyMaxBeginningsAtSecondHour" => {
            t::fet_kind_students_early
        }
        "ActivityPreferredStartingTime" => t::fet_kind_start,
        "ActivitiesSameStartingTime" => t::fet_kind_same_time,
        "ActivitiesSameStartingHour" => t::fet_kind_same_hour,
        "ActivitiesSameStartingDay" => t::fet_kind_same_day,
        "ActivitiesNotOverlapping" | "ActivityTagsNotOverlapping" => t::fet_kind_not_overlapping,
        "TwoActivitiesConsecutive" | "TwoActivitiesGrouped" | "ThreeActivitiesGrouped" => {
            t::fet_kind_together
        }
        "TwoActivitiesOrdered" => t::fet_kind_ordered,
        "TwoActivitiesOrderedIfSameDay" => t::fet_kind_ordered_if_same_day,
        "ActivityEndsStudentsDay" | "ActivitiesEndStudentsDay" => t::fet_kind_ends_day,
        "ActivityPreferredRoom"
        | "ActivityPreferredRooms"
        | "SubjectPreferredRoom"
        | "SubjectPreferredRooms"
        | "ActivityTagPreferredRoom"
        | "ActivityTagPreferredRooms"
        | "SubjectActivityTagPreferredRoom"
        | "SubjectActivityTagPreferredRooms" => t::fet_kind_rooms,
        "StudentsSetHomeRoom" | "StudentsSetHomeRooms" => t::fet_kind_home_rooms,
        "TeacherHomeRoom" | "TeacherHomeRooms" => t::fet_kind_teacher_rooms,
        "ActivitiesMaxInATerm" | "ActivitiesOccupyMaxTerms" => t::fet_kind_terms,
        "ActivitiesOccupyMaxDifferentRooms" | "ActivitiesSameRoomIfConsecutive" => t::fet_kind_same_room,
        "MaxDaysBetweenActivities" => t::fet_kind_max_days,
        "MinGapsBetweenActivities" => t::fet_kind_min_gaps,
        "MinDaysBetweenActivities (Consecutive_If_Same_Day)" => t::fet_kind_in_a_row_if_same_day,
        " (not active)" => t::fet_kind_off,
        _ => return None,
    })
}

/// Constraints that are many and say alike: by what their names have in common.
fn family(rest: &str) -> Option<Text> {
    let families: [(&[&str], Text); 12] = [
        (&["Preferred"], t::fet_kind_times),
        (&["RealDay"], t::fet_kind_real_days),
        (&["ActivityTag", "Activity_Tag"], t::fet_kind_tagged),
        (
            &[
                "Afternoon",
                "Morning",
                "HalfDay",
                "ZeroGaps",
                "ThreeConsecutiveDays",
            ],
            t::fet_kind_half_days,
        ),
        (&["IntervalMaxDays"], t::fet_kind_interval_days),
        (&["Simultaneous"], t::fet_kind_simultaneous),
        (
            &["TimeSlotsFromSelection", "InSelectedTimeSlots"],
            t::fet_kind_selection,
        ),
        (&["BuildingChange"], t::fet_kind_building_moves),
        (&["RoomChange"], t::fet_kind_room_moves),
        (&["Span"], t::fet_kind_span),
        (&["RestingHours"], t::fet_kind_rest),
        (&["TeacherRoomNotAvailable"], t::fet_kind_teacher_rooms),
    ];
    let mine = |names: &[&str]| names.iter().any(|name| rest.contains(name));
    families
        .into_iter()
        .find(|(names, _)| mine(names))
        .map(|(_, words)| words)
}

/// What stands beside the constraints.
fn beside(tag: &str) -> Option<Text> {
    Some(match tag {
        "Activity (not active)" => t::fet_kind_inactive,
        "Activity (several lists of rooms)" => t::fet_kind_room_lists,
        "Activity (several lists of rooms, 100 %)" => t::fet_kind_room_lists_must,
        "Activity (Number_Of_Students)" => t::fet_kind_seats,
        "Activity_Tag" => t::fet_kind_tags,
        "Qualified_Subject" => t::fet_kind_qualified,
        "Room (virtual)" => t::fet_kind_virtual,
        "StudentsSetHomeRoom (100 %)" => t::fet_kind_home_room_softer,
        "GroupActivitiesInInitialOrder" => t::fet_kind_options,
        "termsdef" => t::asc_kind_terms,
        "weeksdef" => t::asc_kind_weeks,
        "card (second room)" => t::asc_kind_second_room,
        "card (no lesson or no place)" => t::asc_kind_stray_card,
        "card (past the end of a day)" => t::asc_kind_past_day_end,
        "lesson (of single students)" => t::asc_kind_single_students,
        "lesson (days)" => t::asc_kind_days,
        _ if tag.starts_with("Mode (") => t::fet_kind_mode,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_words_by_name_or_by_family() {
        for tag in [
            "ConstraintActivityPreferredStartingTime",
            "ConstraintSubactivitiesPreferredTimeSlots",
            "ConstraintActivityPreferredDay",
            "ConstraintTeachersMaxAfternoonsPerWeek",
            "ConstraintStudentsSetActivityTagMaxHoursDailyRealDays",
            "ConstraintTeacherActivityTagMaxHoursDaily",
            "ConstraintTeacherMinGapsBetweenBuildingChanges",
            "ConstraintActivitiesMinSimultaneousInSelectedTimeSlots",
            "Constraint (not active)",
            "Mode (Terms)",
        ] {
            assert!(
                words(Lang::Ru, tag).is_some() && words(Lang::En, tag).is_some(),
                "{tag}"
            );
        }
        assert_eq!(words(Lang::Ru, "ConstraintOfAYearToCome"), None);
        let rooms = words(Lang::En, "ConstraintActivityTagPreferredRooms");
        assert_eq!(
            rooms,
            Some(t::fet_kind_rooms(Lang::En)),
            "no tag before a name of its own"
        );
    }
}
