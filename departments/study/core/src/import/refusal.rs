//! Why a FET file is refused, in the person's language.

use base::{AppError, Lang};
use timetable::fet::{FetError, FetReason};

use crate::t;

/// The line and the reason.
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
        FetReason::PastDayEnd { activity } => t::fet_past_day_end(lang, activity),
    };
    AppError::invalid("file", t::import_refused(lang, error.line, reason))
}
