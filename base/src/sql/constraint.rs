//! A database constraint, by its name, in a person's words. The schema's test walks the catalogue and fails on a
//! constraint that [`words_of`] does not know.

use sqlx::error::{DatabaseError, ErrorKind};

use crate::{AppError, Lang, t};

/// How a constraint is told to a person.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The form's field it belongs to; "" for the whole.
    pub field: &'static str,
    /// The text.
    pub text: fn(Lang) -> &'static str,
}

const fn w(field: &'static str, text: fn(Lang) -> &'static str) -> Words {
    Words { field, text }
}

/// Names with a text of their own.
const OWN: &[(&str, Words)] = &[
    ("account_login_key", w("login", t::constraint_account_login_key)),
    (
        "account_login_shape",
        w("login", t::constraint_account_login_shape),
    ),
    ("account_phone_key", w("phone", t::constraint_account_phone_key)),
    (
        "account_phone_shape",
        w("phone", t::constraint_account_phone_shape),
    ),
    (
        "person_phone_shape",
        w("phone", t::constraint_account_phone_shape),
    ),
    (
        "account_person_key",
        w("person", t::constraint_account_person_key),
    ),
    (
        "appointment_not_twice",
        w("position", t::constraint_appointment_not_twice),
    ),
    (
        "enrolment_one_class_at_a_time",
        w("class", t::constraint_enrolment_one_class_at_a_time),
    ),
    (
        "subgroup_member_not_twice",
        w("subgroup", t::constraint_subgroup_member_not_twice),
    ),
    (
        "guardianship_not_twice",
        w("guardian", t::constraint_guardianship_not_twice),
    ),
    (
        "subgroup_member_one_of_split",
        w("subgroup", t::constraint_subgroup_member_one_of_split),
    ),
    (
        "guardianship_not_oneself",
        w("guardian", t::constraint_guardianship_not_oneself),
    ),
    ("lesson_inside_year", w("date", t::constraint_lesson_inside_year)),
    ("lesson_place_key", w("date", t::constraint_lesson_place_key)),
    (
        "grading_rule_one_a_day",
        w("valid_from", t::constraint_grading_rule_one_a_day),
    ),
    ("mark_on_scale", w("mark", t::constraint_mark_on_scale)),
    (
        "mark_owed_until_of_a_debt",
        w("until", t::constraint_mark_owed_until_of_a_debt),
    ),
    (
        "mark_handed_in_with_a_mark",
        w("handed_in", t::constraint_mark_handed_in_with_a_mark),
    ),
    (
        "attendance_known_code",
        w("mark", t::constraint_attendance_known_code),
    ),
    ("card_place_whole", w("", t::constraint_card_place_whole)),
    (
        "timetable_version_one_in_force",
        w("valid_from", t::constraint_timetable_version_one_in_force),
    ),
    (
        "timetable_version_published_has_date",
        w("valid_from", t::constraint_timetable_version_published_has_date),
    ),
    (
        "unavailability_of_one_thing",
        w("", t::constraint_unavailability_of_one_thing),
    ),
];

/// A text in the person's language.
type Text = fn(Lang) -> &'static str;

/// Families of names: the ending says what the constraint guards.
const FAMILIES: &[(&str, Text)] = &[
    ("_text_length", t::constraint_text_length),
    ("_inside_year", t::constraint_inside_year),
    ("_same_year", t::constraint_same_year),
    ("_dates_ordered", t::constraint_dates_ordered),
    ("_grades_ordered", t::constraint_dates_ordered),
    ("_times_ordered", t::constraint_times_ordered),
    ("_not_overlapping", t::constraint_overlapping),
    ("_plausible", t::constraint_plausible),
    ("_positive", t::constraint_plausible),
    ("_length", t::constraint_text_length),
    ("_known", t::constraint_known),
    ("_ends_here", t::constraint_known),
    ("_fk", t::constraint_missing),
    ("_pkey", t::constraint_key),
    ("_key", t::constraint_key),
];

/// The words of a constraint; `None` for a name nobody taught us.
#[must_use]
pub fn words_of(constraint: &str) -> Option<Words> {
    OWN.iter()
        .find(|(name, _)| *name == constraint)
        .map(|(_, words)| *words)
        .or_else(|| {
            FAMILIES
                .iter()
                .find(|(ending, _)| constraint.ends_with(ending))
                .map(|(_, text)| w("", *text))
        })
}

/// What a refusal of the database means to a person; `None` when it is a fault of ours.
pub(super) fn to_app(e: &dyn DatabaseError, lang: Lang) -> Option<AppError> {
    match e.code().as_deref() {
        // row-level security refused a row that the code tried to write: for this person it does not exist
        Some("42501") => return Some(AppError::NotFound),
        // text that is no text (a zero byte), a number too large
        Some("22021" | "22003" | "22P05") => {
            return Some(AppError::invalid("", t::constraint_plausible(lang)));
        }
        // deadlock or serialisation: try again
        Some("40001" | "40P01" | "53300" | "57P01" | "57P03") => return Some(AppError::Unavailable),
        _ => {}
    }
    let deleting = e.kind() == ErrorKind::ForeignKeyViolation && e.message().starts_with("update or delete");
    if deleting {
        return Some(AppError::invalid("", t::constraint_used(lang)));
    }
    match e.kind() {
        ErrorKind::NotNullViolation => Some(AppError::invalid("", t::constraint_required(lang))),
        _ => e
            .constraint()
            .and_then(words_of)
            .map(|words| AppError::invalid(words.field, (words.text)(lang))),
    }
}
