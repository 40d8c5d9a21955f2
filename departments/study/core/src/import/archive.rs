//! An archive of the XHSTT benchmark comes in as the school's file of FET that it can be: its rules go the way of a file's rules, and what no
//! such file says is told.

use base::{AppError, Lang};
use timetable::schools::archive::{Adopted, NoSchool, adopt, is_one};
use timetable::schools::convert::{Left, Stays};
use timetable::xhstt::Fault;

use super::LARGEST_FILE;
use crate::t;

/// The file to read in place of this one, and what stays behind of it, a line each.
///
/// # Errors
/// Invalid with line and reason for an archive that is refused.
pub(super) fn school(lang: Lang, file: Vec<u8>) -> Result<(Vec<u8>, Vec<String>), AppError> {
    if file.len() > LARGEST_FILE || !is_one(&file) {
        return Ok((file, vec![]));
    }
    let Adopted { fet, left } = adopt(&file).map_err(|why| refused(lang, &why))?;
    let about_groups = std::iter::once(t::archive_groups(lang).to_owned());
    let lines = about_groups.chain(left.iter().map(|l| words(lang, l)));
    Ok((fet.into_bytes(), lines.collect()))
}

fn words(lang: Lang, left: &Left) -> String {
    let n = i64::from(left.count);
    match &left.what {
        Stays::Rule {
            name,
            kind,
            required: true,
            ..
        } => t::archive_must(lang, n, kind, name),
        Stays::Rule { name, kind, .. } => t::archive_wish(lang, n, kind, name),
        Stays::SecondRoom => t::archive_second_room(lang, n),
        Stays::Chosen(kind) => t::archive_chosen(lang, n, kind),
        Stays::Pieces => t::archive_pieces(lang, n),
        Stays::GapsOfSomeDays => t::archive_gaps(lang, n),
    }
}

fn refused(lang: Lang, why: &NoSchool) -> AppError {
    let at = |line, reason: String| t::import_refused(lang, line, reason);
    let words = match why {
        NoSchool::Count(0) => t::archive_none(lang).to_owned(),
        NoSchool::Count(n) => t::archive_several(lang, i64::from(*n)),
        NoSchool::NoWeek(_) => t::archive_no_week(lang).to_owned(),
        NoSchool::File(error) => at(
            error.line,
            match &error.fault {
                Fault::Markup(detail) => t::archive_markup(lang, detail),
                Fault::NotAnArchive(root) => t::archive_not_one(lang, root),
                Fault::Missing(what) => t::archive_missing(lang, what),
                Fault::NotA(what, found) => t::archive_not_a(lang, found, what),
                Fault::Unknown(what, id) => t::archive_unknown(lang, id, what),
                Fault::Twice(what, id) => t::archive_twice(lang, id, what),
                Fault::UnknownConstraint(name) => t::archive_rule(lang, name),
                Fault::TooMany(what, most) => t::archive_too_many(lang, *most, what),
                Fault::TooDear(id) => t::archive_too_dear(lang, id),
                Fault::BadSolution(event, _) => t::archive_solution(lang, event),
            },
        ),
    };
    AppError::invalid("file", words)
}
