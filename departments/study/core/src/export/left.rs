//! What a format has no word for, in sentences.

use base::Lang;
use timetable::fet::kept::Gone;

use crate::requirement::{Kind, Terms, Weight, words};
use crate::t;

/// Why a requirement stays behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The program knows it as a must only.
    OnlyMust,
    /// The program counts it over both weeks of the version together.
    Fortnight,
    /// The program has no such thing.
    Unknown,
}

/// Something that the file does not say, or not as the school does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// So many lessons clash and are written without a place.
    Clashes(u32),
    /// Lessons of odd or even weeks: how many, and how many of them are switched off.
    Alternating(u32, u32),
    /// Lessons in a room that is too small, written for as many as find a seat.
    Crowded(u32),
    /// Lessons that share a room with others, written without one.
    Shared(u32),
    /// Lessons that cannot lie anywhere and are no part of the problem.
    Impossible(u32),
    /// Wishes that the timetable itself breaks: written, but not in force.
    Broken(u32),
    /// Rows of a kind.
    Asked(Kind, Why, u32),
    /// Wishes of the whole school, by kind.
    Wishes(Vec<Kind>),
    /// Norms other than the number of lessons a day.
    Norms,
    /// A format that carries the timetable only: everything that is asked, and hours away.
    Everything {
        /// Rows of requirements.
        rows: u32,
        /// Hours of teachers, classes, subgroups and rooms.
        hours: u32,
    },
    /// Pairs of subgroups without common pupils whom the format takes for divided differently.
    Apart(u32),
    /// Rules that are none of the format's, by kind.
    Unsaid(Vec<Kind>),
    /// Rules of the file that the version came from, for a format that is not that file's.
    Kept(u32),
    /// Such rules that are written, but not in force: the timetable breaks them, or nobody can say that it does not.
    KeptOff(u32),
    /// Such rules of a kind that are not written, and why.
    KeptGone(String, Gone, u32),
}

/// The sentence.
#[must_use]
pub fn sentence(lang: Lang, left: &Left) -> String {
    let plural = |n: u32| i64::from(n);
    match left {
        Left::Clashes(n) => t::export_left_clashes(lang, plural(*n)),
        Left::Alternating(n, 0) => t::export_left_alternating(lang, plural(*n)),
        Left::Alternating(n, off) => t::export_left_alternating_off(lang, plural(*n), off),
        Left::Crowded(n) => t::export_left_crowded(lang, plural(*n)),
        Left::Shared(n) => t::export_left_shared(lang, plural(*n)),
        Left::Impossible(n) => t::export_left_impossible(lang, plural(*n)),
        Left::Broken(n) => t::export_left_broken(lang, plural(*n)),
        Left::Asked(kind, why, n) => {
            let title = words::title(lang, *kind);
            match why {
                Why::OnlyMust => t::export_left_only_must(lang, plural(*n), title),
                Why::Fortnight => t::export_left_fortnight(lang, plural(*n), title),
                Why::Unknown => t::export_left_unknown(lang, plural(*n), title),
            }
        }
        Left::Wishes(kinds) => {
            let titles: Vec<&str> = kinds.iter().map(|kind| words::title(lang, *kind)).collect();
            t::export_left_wishes(lang, titles.join("; "))
        }
        Left::Norms => t::export_left_norms(lang).to_owned(),
        Left::Everything { rows, hours } => t::export_left_everything(lang, hours, rows),
        Left::Apart(n) => t::export_left_apart(lang, plural(*n)),
        Left::Unsaid(kinds) => {
            let titles: Vec<&str> = kinds.iter().map(|kind| words::title(lang, *kind)).collect();
            t::export_left_unsaid(lang, titles.join("; "))
        }
        Left::Kept(n) => t::export_left_kept(lang, plural(*n)),
        Left::KeptOff(n) => t::export_left_kept_off(lang, plural(*n)),
        Left::KeptGone(kind, Gone::Missing, n) => t::export_left_kept_missing(lang, plural(*n), kind),
        Left::KeptGone(kind, Gone::Unknown, n) => t::export_left_kept_unknown(lang, plural(*n), kind),
    }
}

/// Why FET cannot say a row; `None`: it can, or it is told with the wishes and the norms.
pub(super) fn why_not(terms: &Terms, fortnight: bool) -> Option<Why> {
    let must = terms.weight == Weight::Must;
    match terms.kind {
        Kind::TeacherWindows | Kind::ClassWindows if !must => Some(Why::OnlyMust),
        Kind::TeacherMoves | Kind::ClassMoves | Kind::TeachersMoves | Kind::ClassesMoves if !must => {
            Some(Why::OnlyMust)
        }
        Kind::TeacherDays | Kind::TeacherWindowsWeek if !must => Some(Why::OnlyMust),
        Kind::TeacherLeast | Kind::ClassLeast | Kind::TeacherDaysLeast if !must => Some(Why::OnlyMust),
        Kind::TeacherDaysLeast if fortnight => Some(Why::Fortnight),
        Kind::TeacherDays if fortnight => Some(Why::Fortnight),
        Kind::TeacherWindowsWeek if fortnight && terms.value != Some(0) => Some(Why::Fortnight),
        Kind::EndsDay if !must => Some(Why::OnlyMust),
        Kind::HardInRow | Kind::PointsADay => Some(Why::Unknown),
        _ => None,
    }
}
