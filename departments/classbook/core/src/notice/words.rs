//! A notice in words, in the list and in letters.

use base::Lang;
use chrono::{Datelike as _, NaiveDate};

use super::{HomeworkChange, Kind, Notice};
use crate::attendance::in_words;
use crate::distance::Format;
use crate::t;

/// «25.11»: the browser's half of the dates' library does not write by a pattern.
fn day(date: NaiveDate) -> String {
    format!("{:02}.{:02}", date.day(), date.month())
}

/// «23.11», or «23.11–27.11»: the days that it is about.
fn days(one: &Notice) -> String {
    match (one.date, one.until) {
        (Some(from), Some(until)) if until > from => format!("{}–{}", day(from), day(until)),
        (Some(from), _) => day(from),
        (None, _) => String::new(),
    }
}

/// «Занятия дистанционно 23.11–27.11», «Урок дистанционный».
fn from_home(one: &Notice, lang: Lang) -> String {
    let format = |key: &Option<String>| key.as_deref().and_then(Format::from_key);
    let (was, now) = (format(&one.old), format(&one.new));
    let lesson = one.until.is_none();
    match (now, lesson) {
        (Some(Format::Distance | Format::Mixed), true) if was == now => {
            t::notice_distance_lesson_changed(lang).to_owned()
        }
        (Some(Format::Distance), true) => t::notice_distance_lesson(lang).to_owned(),
        (Some(Format::Mixed), true) => t::notice_distance_lesson_mixed(lang).to_owned(),
        (_, true) => t::notice_distance_lesson_over(lang).to_owned(),
        (Some(Format::Distance | Format::Mixed), false) if was == now => {
            t::notice_distance_changed(lang, days(one))
        }
        (Some(Format::Distance), false) => t::notice_distance(lang, days(one)),
        (Some(Format::Mixed), false) => t::notice_distance_mixed(lang, days(one)),
        (_, false) => t::notice_distance_over(lang, days(one)),
    }
}

/// «Отметка исправлена: 3 → 4».
#[must_use]
pub fn said(one: &Notice, lang: Lang) -> String {
    let (old, new) = (one.old.clone(), one.new.clone());
    match (one.kind, old, new) {
        (Kind::MarkNew, _, new) => t::notice_mark_new(lang, new.unwrap_or_default()),
        (Kind::MarkChanged, old, new) => {
            t::notice_mark_changed(lang, new.unwrap_or_default(), old.unwrap_or_default())
        }
        (Kind::MarkRemoved, old, _) => t::notice_mark_removed(lang, old.unwrap_or_default()),
        (Kind::Owed, old, Some(new)) => match (new.parse::<NaiveDate>(), old) {
            (Ok(until), None) => t::notice_owed_until(lang, day(until)),
            (Ok(until), Some(_)) => t::notice_owed_until_now(lang, day(until)),
            (Err(_), None) => t::notice_owed(lang).to_owned(),
            (Err(_), Some(_)) => t::notice_owed_some_day(lang).to_owned(),
        },
        (Kind::Owed, _, None) => t::notice_owed_gone(lang).to_owned(),
        (Kind::Absence, _, Some(new)) => t::notice_absence(lang, in_words(&new, lang)),
        (Kind::Absence, old, None) => t::notice_absence_gone(lang, in_words(&old.unwrap_or_default(), lang)),
        (Kind::Homework, old, new) => homework(old, new, one.change.as_ref(), lang),
        (Kind::DisputeAnswered, ..) => t::notice_dispute_answered(lang).to_owned(),
        (Kind::WorkChanged, old, new) => {
            t::notice_work_changed(lang, new.unwrap_or_default(), old.unwrap_or_default())
        }
        (Kind::PeriodMark, None, new) => t::notice_period_mark(lang, new.unwrap_or_default()),
        (Kind::PeriodMark, Some(old), Some(new)) => t::notice_period_mark_changed(lang, new, old),
        (Kind::PeriodMark, Some(old), None) => t::notice_period_mark_gone(lang, old),
        // the reason is the school's own: who teaches reads it, a family does not
        (Kind::Cancellation, _, Some(why)) if one.pupil.is_none() => t::notice_cancelled_why(lang, why),
        (Kind::Cancellation, _, Some(_)) => t::notice_cancelled(lang).to_owned(),
        (Kind::Substitution, _, Some(who)) if one.pupil.is_some() => t::notice_other_teacher(lang, who),
        (Kind::Substitution, ..) if one.pupil.is_some() => t::notice_own_teacher(lang).to_owned(),
        (Kind::DayOff, None, new) => t::notice_day_off(lang, days(one), new.unwrap_or_default()),
        (Kind::DayOff, Some(_), Some(new)) => t::notice_day_off_moved(lang, days(one), new),
        (Kind::DayOff, Some(old), None) => t::notice_day_off_over(lang, days(one), old),
        (Kind::Distance, ..) => from_home(one, lang),
        (Kind::Timetable, _, Some(_)) if one.pupil.is_none() => t::notice_timetable_own(lang, days(one)),
        (Kind::Timetable, _, Some(_)) => t::notice_timetable(lang, days(one)),
        (Kind::Timetable, ..) => t::notice_timetable_back(lang, days(one)),
        (Kind::DisputeAsked, _, mark) if one.period_mark.is_some() => {
            t::notice_dispute_asked_period(lang, mark.unwrap_or_default(), one.child.clone())
        }
        (Kind::DisputeAsked, _, mark) => {
            t::notice_dispute_asked(lang, mark.unwrap_or_default(), one.child.clone())
        }
        (Kind::AbsenceTold, _, Some(_)) => t::notice_absence_told(lang, one.child.clone(), days(one)),
        (Kind::AbsenceTold, _, None) => t::notice_absence_told_gone(lang, one.child.clone(), days(one)),
        (Kind::RequestAsked, _, who) => t::notice_request_asked(lang, who.unwrap_or_default()),
        (Kind::RequestAnswered, _, answer) if answer.as_deref() == Some("allowed") => {
            t::notice_request_allowed(lang).to_owned()
        }
        (Kind::RequestAnswered, ..) => t::notice_request_refused(lang).to_owned(),
        (Kind::Substitution, _, Some(number)) => t::notice_substitution(lang, number),
        (Kind::Substitution, number, None) => t::notice_substitution_over(lang, number.unwrap_or_default()),
        (Kind::Cancellation, _, None) => t::notice_restored(lang).to_owned(),
    }
}

/// «Задание «№ 5»: срок теперь 03.12; добавлен файл «карточка.pdf»».
fn homework(old: Option<String>, new: Option<String>, change: Option<&HomeworkChange>, lang: Lang) -> String {
    let Some(change) = change else {
        return t::notice_homework(lang, new.or(old).unwrap_or_default());
    };
    // a homework without words is said by what it has
    let words = |text: String| match text.trim() {
        "" if change.linked => t::notice_by_link(lang).to_owned(),
        "" => t::notice_in_file(lang).to_owned(),
        _ => text,
    };
    let (known, text) = match (old, new) {
        (None, new) => return t::notice_homework(lang, words(new.unwrap_or_default())),
        (Some(old), None) => return t::notice_homework_gone(lang, words(old)),
        (Some(_), Some(new)) => (change.text, words(new)),
    };
    let mut what = vec![];
    if change.moved {
        what.push(match change.due {
            Some(due) => t::notice_homework_due(lang, day(due)),
            None => t::notice_homework_due_next(lang).to_owned(),
        });
    }
    what.extend(change.links.then(|| t::notice_homework_links(lang).to_owned()));
    what.extend(
        change
            .added
            .iter()
            .map(|name| t::notice_homework_file(lang, name)),
    );
    what.extend(
        change
            .removed
            .iter()
            .map(|name| t::notice_homework_file_gone(lang, name)),
    );
    match (known, what.is_empty()) {
        (true, true) => t::notice_homework_changed(lang, text),
        (true, false) => format!("{}; {}", t::notice_homework_changed(lang, text), what.join("; ")),
        (false, _) => t::notice_homework_of(lang, text, what.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_changed_of_a_homework_is_said_in_words() {
        let said = |old: Option<&str>, new: Option<&str>, change: HomeworkChange| {
            homework(old.map(Into::into), new.map(Into::into), Some(&change), Lang::Ru)
        };
        let none = HomeworkChange::default;
        assert_eq!(
            homework(Some("№ 5".into()), Some("№ 6".into()), None, Lang::Ru),
            "Задано: № 6"
        );
        assert_eq!(said(None, Some("№ 5"), none()), "Задано: № 5");
        let linked = HomeworkChange {
            linked: true,
            ..none()
        };
        assert_eq!(said(None, Some(""), linked), "Задано: по ссылке");
        assert_eq!(said(Some("№ 5"), None, none()), "Задание отменено: № 5");
        let text = HomeworkChange { text: true, ..none() };
        assert_eq!(
            said(Some("№ 5"), Some("№ 6"), text.clone()),
            "Задание изменено: № 6"
        );
        let all = HomeworkChange {
            moved: true,
            due: "2026-12-03".parse().ok(),
            links: true,
            added: vec!["карточка.pdf".into()],
            removed: vec!["старая.pdf".into()],
            ..none()
        };
        assert_eq!(
            said(Some("№ 5"), Some("№ 5"), all.clone()),
            "Задание «№ 5»: срок теперь 03.12; изменились ссылки; добавлен файл «карточка.pdf»; убран файл «старая.pdf»"
        );
        let both = HomeworkChange {
            text: true,
            moved: true,
            ..none()
        };
        assert_eq!(
            said(Some("№ 5"), Some("№ 6"), both),
            "Задание изменено: № 6; срок теперь — следующий урок"
        );
    }
}
