//! What a file of ours says in comments because FET has no word for it: that a year is a class, what a subgroup is called within
//! its class, and in which weeks a lesson is held. FET keeps comments as they are.

use crate::ids::Weeks;

/// Of a year: it is a class.
pub(super) const CLASS: &str = "parta:class";
/// Of a group: its name within the class follows.
pub(super) const GROUP: &str = "parta:group:";
/// Of an activity: in odd or in even weeks only.
const ODD: &str = "parta:odd";
const EVEN: &str = "parta:even";

/// Of a constraint that is not in force: only because the timetable in the file breaks it.
pub(super) const BROKEN: &str = "parta:broken";

/// Whether a year's comment says that it is a class.
pub(super) fn is_class(comment: &str) -> bool {
    comment.trim() == CLASS
}

/// The name within its class that a group's comment says.
pub(super) fn group(comment: &str) -> Option<&str> {
    comment
        .trim()
        .strip_prefix(GROUP)
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

/// The weeks that an activity's comment says.
pub(super) fn weeks(comment: &str) -> Weeks {
    match comment.trim() {
        ODD => Weeks::Odd,
        EVEN => Weeks::Even,
        _ => Weeks::Every,
    }
}

/// The comment that says them; empty for every week.
pub(super) const fn of_weeks(weeks: Weeks) -> &'static str {
    match weeks {
        Weeks::Every => "",
        Weeks::Odd => ODD,
        Weeks::Even => EVEN,
    }
}
