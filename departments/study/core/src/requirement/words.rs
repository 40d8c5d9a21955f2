//! Requirements as sentences.

use base::Lang;

use super::hours::Hours;
use super::kind::{Figure, Kind};
use super::sheet::Sheet;
use super::terms::Terms;
use super::weight::Weight;
use crate::t;

/// «Обязательно»
#[must_use]
pub fn weight(lang: Lang, weight: Weight) -> &'static str {
    match weight {
        Weight::Must => t::requirement_weight_must(lang),
        Weight::Very => t::requirement_weight_very(lang),
        Weight::Rather => t::requirement_weight_rather(lang),
        Weight::Maybe => t::requirement_weight_maybe(lang),
        Weight::Off => t::requirement_weight_off(lang),
    }
}

/// What the word means, in one sentence.
#[must_use]
pub fn meaning(lang: Lang, weight: Weight) -> &'static str {
    match weight {
        Weight::Must => t::requirement_means_must(lang),
        Weight::Very => t::requirement_means_very(lang),
        Weight::Rather => t::requirement_means_rather(lang),
        Weight::Maybe => t::requirement_means_maybe(lang),
        Weight::Off => t::requirement_means_off(lang),
    }
}

/// «Уроков в день — не больше»: what is asked, before its figure.
#[must_use]
pub fn title(lang: Lang, kind: Kind) -> &'static str {
    match kind {
        Kind::Hours => t::requirement_kind_hours(lang),
        Kind::TeacherFreeDay => t::requirement_kind_free_day(lang),
        Kind::TeacherLessons | Kind::ClassLessons | Kind::LessonsADay => t::requirement_kind_lessons(lang),
        Kind::TeacherWindows | Kind::ClassWindows => t::requirement_kind_windows(lang),
        Kind::Rooms => t::requirement_kind_rooms(lang),
        Kind::Spread => t::requirement_kind_spread(lang),
        Kind::TeacherWindow => t::requirement_kind_teacher_window(lang),
        Kind::ClassWindow => t::requirement_kind_class_window(lang),
        Kind::FirstRoom => t::requirement_kind_first_room(lang),
        Kind::NoRoom => t::requirement_kind_no_room(lang),
        Kind::Series => t::requirement_kind_series(lang),
        Kind::SubjectADay => t::requirement_kind_subject_a_day(lang),
        Kind::HardFrom => t::requirement_kind_hard_from(lang),
        Kind::LongDay => t::requirement_kind_long_day(lang),
        Kind::LessonsAWeek => t::requirement_kind_week(lang),
        Kind::FirstBell => t::requirement_kind_first_bell(lang),
        Kind::LastBell => t::requirement_kind_last_bell(lang),
        Kind::HardLessons => t::requirement_kind_hard_lessons(lang),
        Kind::PeakDays => t::requirement_kind_peak_days(lang),
        Kind::LessonMinutes => t::requirement_kind_lesson_minutes(lang),
        Kind::BreakMinutes => t::requirement_kind_break_minutes(lang),
        Kind::BigBreakMinutes => t::requirement_kind_big_break(lang),
    }
}

/// One more sentence about it, where the title is not enough.
#[must_use]
pub fn hint(lang: Lang, kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::TeacherFreeDay => t::requirement_hint_free_day(lang),
        Kind::TeacherWindows | Kind::ClassWindows => t::requirement_hint_windows(lang),
        Kind::ClassLessons => t::requirement_hint_class_lessons(lang),
        Kind::Rooms => t::requirement_hint_rooms(lang),
        Kind::Spread => t::requirement_hint_spread(lang),
        Kind::FirstRoom => t::requirement_hint_first_room(lang),
        Kind::Series => t::requirement_hint_series(lang),
        _ => return None,
    })
}

/// A figure as it is read: «5», «Вт», «8:30», «45 мин», «через день».
#[must_use]
pub fn figure(lang: Lang, sheet: &Sheet, kind: Kind, value: i32) -> String {
    match kind {
        Kind::FirstBell | Kind::LastBell => format!("{}:{:02}", value / 60, value % 60),
        Kind::LessonMinutes | Kind::BreakMinutes | Kind::BigBreakMinutes => {
            t::requirement_minutes(lang, value)
        }
        Kind::Spread => match value {
            1 => t::requirement_spread_one(lang).to_owned(),
            2 => t::requirement_spread_two(lang).to_owned(),
            n => t::requirement_spread_more(lang, i64::from(n) - 1),
        },
        _ if kind.figure() == Figure::Weekday => {
            let day = usize::try_from(value).ok().and_then(|n| sheet.days.get(n));
            day.cloned().unwrap_or_else(|| (value + 1).to_string())
        }
        _ => value.to_string(),
    }
}

/// A kind of room in words; a school's own word stays as it is.
#[must_use]
pub fn room_kind(lang: Lang, kind: &str) -> String {
    let known = match kind {
        "ordinary" => t::requirement_room_ordinary(lang),
        "gym" => t::requirement_room_gym(lang),
        "lab" => t::requirement_room_lab(lang),
        "workshop" => t::requirement_room_workshop(lang),
        "computer" => t::requirement_room_computer(lang),
        "library" => t::requirement_room_library(lang),
        "hall" => t::requirement_room_hall(lang),
        own => own,
    };
    known.to_owned()
}

/// «Уроков в день — не больше: 5 — желательно»: a requirement in a list.
#[must_use]
pub fn sentence(lang: Lang, sheet: &Sheet, terms: &Terms) -> String {
    let mut what = vec![];
    if let Some(value) = terms.value {
        what.push(figure(lang, sheet, terms.kind, value));
    }
    what.extend(terms.room_kind.as_deref().map(|kind| room_kind(lang, kind)));
    what.extend(terms.rooms.iter().map(|id| sheet.room_name(*id).to_owned()));
    let mut words = title(lang, terms.kind).to_owned();
    if !what.is_empty() {
        words = format!("{words}: {}", what.join(", "));
    }
    format!("{words} — {}", weight(lang, terms.weight))
}

/// «Пн 1–3, Ср весь день — обязательно; Пт 7 — желательно».
#[must_use]
pub fn hours(lang: Lang, sheet: &Sheet, hours: &Hours) -> String {
    let last_slot = i16::try_from(sheet.slots.len()).unwrap_or(i16::MAX) - 1;
    let name = |list: &[String], n: i16| {
        let found = usize::try_from(n).ok().and_then(|n| list.get(n));
        found.cloned().unwrap_or_else(|| (n + 1).to_string())
    };
    let runs = hours.runs();
    let of_weight = |wanted: Weight| {
        let runs = runs.iter().filter(|(_, _, _, w)| *w == wanted);
        let words: Vec<String> = runs
            .map(|(day, from, to, _)| {
                let day = name(&sheet.days, *day);
                let (first, last) = (name(&sheet.slots, *from), name(&sheet.slots, *to));
                match (from, to) {
                    (0, to) if *to == last_slot => t::requirement_whole_day(lang, day),
                    (from, to) if from == to => format!("{day} {first}"),
                    _ => format!("{day} {first}–{last}"),
                }
            })
            .collect();
        (!words.is_empty()).then(|| format!("{} — {}", words.join(", "), weight(lang, wanted)))
    };
    let parts: Vec<String> = Weight::ALL.into_iter().filter_map(of_weight).collect();
    parts.join("; ")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::requirement::hours::Cell;
    use crate::requirement::terms::Target;
    use base::{EmployeeId, RoomId, SubjectId};
    use chrono::NaiveDate;

    /// A page of two rooms and a week of five days.
    pub fn page() -> Sheet {
        Sheet {
            year: Some("2026/27".into()),
            days: ["Пн", "Вт", "Ср", "Чт", "Пт"].map(Into::into).to_vec(),
            slots: (1..=7).map(|n| n.to_string()).collect(),
            week: 5,
            today: NaiveDate::from_ymd_opt(2026, 11, 21).unwrap(),
            org: crate::timetable::OrgKind::School,
            teachers: vec![],
            classes: vec![],
            rooms: ["12", "14"]
                .map(|name| crate::requirement::sheet::RoomItem {
                    id: RoomId(name.parse().unwrap()),
                    name: name.into(),
                    kind: "ordinary".into(),
                })
                .to_vec(),
            subjects: vec![],
            loads: vec![],
            hours: vec![],
            rows: vec![],
            norms: vec![],
            may_edit: true,
        }
    }

    #[test]
    fn hours_are_told_in_runs_the_firmest_first() {
        let mut painted = Hours::default();
        for slot in 0..7 {
            painted.set(2, slot, Some(Weight::Must));
        }
        painted.set(0, 0, Some(Weight::Must));
        painted.set(0, 1, Some(Weight::Must));
        painted.set(4, 6, Some(Weight::Rather));
        assert_eq!(
            hours(Lang::Ru, &page(), &painted),
            "Пн 1–2, Ср весь день — обязательно; Пт 7 — желательно"
        );
        let beyond = Hours::from(vec![Cell {
            day: 9,
            slot: 30,
            weight: Weight::Must,
        }]);
        assert_eq!(hours(Lang::En, &page(), &beyond), "10 31 — must");
    }

    #[test]
    fn a_requirement_is_a_sentence() {
        let said = |terms: &Terms| sentence(Lang::Ru, &page(), terms);
        let teacher = Target::Teacher(EmployeeId(1));
        assert_eq!(
            said(&Terms::new(Kind::TeacherLessons, teacher, Some(5))),
            "Уроков в день — не больше: 5 — желательно"
        );
        assert_eq!(
            said(&Terms::new(Kind::TeacherFreeDay, teacher, Some(1))),
            "День без уроков: Вт — очень важно"
        );
        let rooms = Terms {
            rooms: vec![RoomId(14), RoomId(12)],
            ..Terms::new(Kind::Rooms, Target::Subject(SubjectId(1)), None)
        };
        assert_eq!(said(&rooms), "Кабинеты: 14, 12 — желательно");
        let kind = |kind: &str| Terms {
            room_kind: Some(kind.into()),
            ..Terms::new(Kind::Rooms, Target::Subject(SubjectId(1)), None)
        };
        assert_eq!(said(&kind("gym")), "Кабинеты: спортзал — желательно");
        assert_eq!(said(&kind("бассейн")), "Кабинеты: бассейн — желательно");
    }

    /// No kind and no weight is without words, in either language.
    #[test]
    fn everything_has_words() {
        for lang in [Lang::Ru, Lang::En] {
            for kind in Kind::ALL {
                assert!(!title(lang, *kind).is_empty());
            }
            for w in Weight::ALL {
                assert!(!weight(lang, w).is_empty() && !meaning(lang, w).is_empty());
            }
        }
    }
}
