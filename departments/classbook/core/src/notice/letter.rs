//! The letter of the day. Its subject says how many things happened and nothing more: it is read on locked screens, over
//! shoulders, by whoever forwards it. What happened stands inside.

use base::Lang;

use super::{Notice, said};
use crate::t;

/// Subject and text. `notices` are those to tell, in the order in which they happened.
#[must_use]
pub fn letter(notices: &[Notice], list: &str, settings: &str, lang: Lang) -> (String, String) {
    let n = i64::try_from(notices.len()).unwrap_or(i64::MAX);
    let mut children: Vec<&Notice> = Vec::new();
    for notice in notices {
        if children.iter().all(|c| c.pupil != notice.pupil) {
            children.push(notice);
        }
    }
    let mut text = String::new();
    for child in children {
        // what is told to oneself stands under one's work
        match child.pupil {
            Some(_) => text.push_str(&child.child),
            None => text.push_str(t::notice_letter_own(lang)),
        }
        text.push('\n');
        for notice in notices.iter().filter(|n| n.pupil == child.pupil) {
            text.push_str("— ");
            if let Some(subject) = &notice.subject {
                text.push_str(&format!("{subject}: "));
            }
            // a homework of several lines stays one thing of the list
            text.push_str(&said(notice, lang).replace('\n', " "));
            // several days are said in the words
            if let Some(date) = notice.date.filter(|_| notice.until.is_none()) {
                text.push_str(&format!(" ({})", date.format("%d.%m")));
            }
            text.push('\n');
        }
        text.push('\n');
    }
    text.push_str(&t::notice_letter_open(lang, list));
    text.push('\n');
    text.push_str(&t::notice_letter_settings(lang, settings));
    text.push('\n');
    (t::notice_letter_subject(lang, n), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::Kind;
    use base::{NoticeId, PupilId};
    use chrono::DateTime;

    fn notice(pupil: i64, child: &str, kind: Kind, old: Option<&str>, new: Option<&str>) -> Notice {
        Notice {
            id: NoticeId(1),
            pupil: (pupil > 0).then_some(PupilId(pupil)),
            child: child.into(),
            about: None,
            kind,
            at: DateTime::UNIX_EPOCH,
            subject: Some("Алгебра".into()),
            date: "2026-11-16".parse().ok(),
            until: None,
            assignment: None,
            lesson: None,
            period_mark: None,
            load: None,
            class: None,
            old: old.map(Into::into),
            new: new.map(Into::into),
            change: None,
            unread: true,
        }
    }

    #[test]
    fn a_letter_tells_child_by_child_and_its_subject_tells_nothing() {
        let all = [
            notice(1, "Артём", Kind::MarkChanged, Some("3"), Some("4")),
            notice(2, "Полина", Kind::Absence, None, Some("болел")),
            notice(1, "Артём", Kind::Homework, None, Some("№ 5\n№ 6")),
        ];
        let (subject, text) = letter(&all, "https://p/notices", "https://p/notices/settings", Lang::Ru);
        assert_eq!(subject, "Парта: 3 новости за день");
        assert_eq!(
            text,
            "Артём\n— Алгебра: Отметка исправлена: 3 → 4 (16.11)\n— Алгебра: Задано: № 5 № 6 (16.11)\n\n\
             Полина\n— Алгебра: Посещаемость: болел (16.11)\n\n\
             Открыть: https://p/notices\nИзменить, о чём сообщать, или отказаться от писем: https://p/notices/settings\n"
        );
        let own = notice(0, "", Kind::Cancellation, None, Some("Мороз"));
        let (_, text) = letter(&[own], "", "", Lang::Ru);
        assert!(
            text.starts_with("По вашей работе\n— Алгебра: Урок отменён: Мороз (16.11)\n"),
            "{text}"
        );
        for secret in ["Артём", "Полина", "4", "Алгебра"] {
            assert!(!subject.contains(secret));
        }
    }
}
