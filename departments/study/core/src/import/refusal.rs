//! Why a file is refused, in the person's language.

use base::{AppError, Lang};
use timetable::fet::{FetError, FetReason};
use timetable::schools::asc::{AscFault, AscReason, MarkupFault};

use crate::t;

/// The line and the reason, of a FET file.
pub(super) fn words(lang: Lang, error: &FetError) -> AppError {
    let reason = match &error.reason {
        FetReason::DocumentType => t::fet_document_type(lang).to_owned(),
        FetReason::Entity { name } => t::fet_entity(lang, name),
        FetReason::NotUtf8 => t::fet_not_utf8(lang).to_owned(),
        FetReason::TooLarge { .. } => t::fet_too_large(lang).to_owned(),
        FetReason::TooDeep { .. } => t::fet_too_deep(lang).to_owned(),
        FetReason::TextTooLong { .. } => t::fet_text_too_long(lang).to_owned(),
        FetReason::NotXml { detail } => t::fet_not_xml(lang, detail),
        FetReason::Truncated { element } => t::fet_truncated(lang, element),
        FetReason::NotFet { root } => t::fet_not_fet(lang, root),
        FetReason::Missing { element } => t::fet_missing(lang, element),
        FetReason::NotANumber { element, text } => t::fet_not_a_number(lang, element, text),
        FetReason::OutOfRange {
            element,
            text,
            min,
            max,
        } => t::fet_out_of_range(lang, element, max, min, text),
        FetReason::CountDiffers { element, told, found } => t::fet_count_differs(lang, element, found, told),
        FetReason::EmptyName { element } => t::fet_empty_name(lang, element),
        FetReason::Duplicate { element, name } => t::fet_duplicate(lang, element, name),
        FetReason::Unknown { element, name } => t::fet_unknown(lang, element, name),
        FetReason::TooMany { element, limit } => t::fet_too_many(lang, element, limit),
        FetReason::TooMuch { element, limit } => t::fet_too_much(lang, element, limit),
        FetReason::PastDayEnd { activity } => t::fet_past_day_end(lang, activity),
    };
    AppError::invalid("file", t::import_refused(lang, error.line, reason))
}

/// The line and the reason, of a file of aSc Timetables.
pub(super) fn asc_words(lang: Lang, error: &AscFault) -> AppError {
    let reason = match &error.reason {
        AscReason::Markup(fault) => markup(lang, fault),
        AscReason::Encoding(name) => t::asc_encoding(lang, name),
        AscReason::NotEncoded(name) => t::asc_not_encoded(lang, name),
        AscReason::NotAsc(root) => t::asc_not_asc(lang, root),
        AscReason::None("days") => t::asc_no_days(lang).to_owned(),
        AscReason::None(_) => t::asc_no_periods(lang).to_owned(),
        AscReason::TooMuch(lesson, most) => t::asc_too_much(lang, lesson, most),
        AscReason::TooMany(what, found, most) => t::asc_too_many(lang, found, most, thing(lang, what)),
        AscReason::NoId(element) => t::asc_no_id(lang, element),
        AscReason::Twice(element, id) => t::asc_twice(lang, element, id),
        AscReason::Missing(what, id) => t::asc_missing(lang, id, thing(lang, what)),
        AscReason::NotANumber(attribute, text) => t::asc_not_a_number(lang, attribute, text),
        AscReason::TooLong(lesson) => t::asc_too_long(lang, lesson),
        AscReason::PastDayEnd(lesson) => t::asc_past_day_end(lang, lesson),
        AscReason::Misfit => t::asc_misfit(lang).to_owned(),
    };
    AppError::invalid("file", t::import_refused(lang, error.line, reason))
}

fn markup(lang: Lang, fault: &MarkupFault) -> String {
    match fault {
        MarkupFault::TooLarge(_) => t::fet_too_large(lang).to_owned(),
        MarkupFault::TooDeep(_) => t::asc_too_deep(lang).to_owned(),
        MarkupFault::TooMany(limit) => t::asc_too_many_elements(lang, limit),
        MarkupFault::TooManyAttributes(limit) => t::asc_too_many_attributes(lang, limit),
        MarkupFault::TextTooLong(_) => t::fet_text_too_long(lang).to_owned(),
        MarkupFault::NotUtf8 => t::fet_not_utf8(lang).to_owned(),
        MarkupFault::DocumentType => t::fet_document_type(lang).to_owned(),
        MarkupFault::Entity(name) => t::fet_entity(lang, name),
        MarkupFault::NotXml(detail) => t::fet_not_xml(lang, detail),
        MarkupFault::Truncated(element) => t::fet_truncated(lang, element),
        MarkupFault::Empty => t::import_empty(lang).to_owned(),
    }
}

/// What the file's word is called.
fn thing(lang: Lang, word: &str) -> &str {
    match word {
        "days" => t::asc_what_days(lang),
        "weeks" => t::asc_what_weeks(lang),
        "terms" => t::asc_what_terms(lang),
        "cards" => t::asc_what_cards(lang),
        "periods of a week" => t::asc_what_periods(lang),
        "groups" => t::asc_what_groups(lang),
        "groups of a class" => t::asc_what_groups_of_class(lang),
        "rooms of a card" => t::asc_what_rooms_of_card(lang),
        "subjects" => t::asc_what_subjects(lang),
        "teachers" => t::asc_what_teachers(lang),
        "classrooms" => t::asc_what_classrooms(lang),
        "classes" => t::asc_what_classes(lang),
        "buildings" => t::asc_what_buildings(lang),
        "teacher" => t::asc_what_teacher(lang),
        "class" => t::asc_what_class(lang),
        "group" => t::asc_what_group(lang),
        "subject" => t::asc_what_subject(lang),
        "classroom" => t::asc_what_classroom(lang),
        "student" => t::asc_what_student(lang),
        own => own,
    }
}
