//! Requirements as sentences.

use base::{Lang, LessonListId, LoadId};
use chrono::{Datelike as _, NaiveDate};
use timetable::TimeSet;

use super::hours::{Hours, Term};
use super::kind::{Figure, Kind};
use super::sheet::Sheet;
use super::terms::{Target, Terms};
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
        Kind::TeacherDays => t::requirement_kind_days(lang),
        Kind::TeacherWindowsWeek => t::requirement_kind_windows_week(lang),
        Kind::TeacherLeast | Kind::ClassLeast => t::requirement_kind_least(lang),
        Kind::TeacherDaysLeast | Kind::ClassDaysLeast => t::requirement_kind_days_least(lang),
        Kind::TeacherInRow => t::requirement_kind_in_row(lang),
        Kind::SubjectDay => t::requirement_kind_subject_day(lang),
        Kind::SubjectFrom => t::requirement_kind_subject_from(lang),
        Kind::SubjectTo => t::requirement_kind_subject_to(lang),
        Kind::Together => t::requirement_kind_together(lang),
        Kind::InOrder => t::requirement_kind_in_order(lang),
        Kind::RightAfter => t::requirement_kind_right_after(lang),
        Kind::NextTo => t::requirement_kind_next_to(lang),
        Kind::Apart => t::requirement_kind_apart(lang),
        Kind::EndsDay => t::requirement_kind_ends_day(lang),
        Kind::Doubles => t::requirement_kind_doubles(lang),
        Kind::TeacherMoves | Kind::ClassMoves => t::requirement_kind_moves(lang),
        Kind::Walk => t::requirement_kind_walk(lang),
        Kind::TeachersMoves => t::requirement_kind_teachers_moves(lang),
        Kind::ClassesMoves => t::requirement_kind_classes_moves(lang),
        Kind::RoomsNear => t::requirement_kind_rooms_near(lang),
        Kind::LateStart => t::requirement_kind_late_start(lang),
        Kind::HardInRow => t::requirement_kind_hard_in_row(lang),
        Kind::Rooms => t::requirement_kind_rooms(lang),
        Kind::RoomsAtMost => t::requirement_kind_rooms_at_most(lang),
        Kind::SameRoom => t::requirement_kind_same_room(lang),
        Kind::Spread => t::requirement_kind_spread(lang),
        Kind::TeacherWindow => t::requirement_kind_teacher_window(lang),
        Kind::ClassWindow => t::requirement_kind_class_window(lang),
        Kind::FirstRoom => t::requirement_kind_first_room(lang),
        Kind::NoRoom => t::requirement_kind_no_room(lang),
        Kind::Series => t::requirement_kind_series(lang),
        Kind::FileLessons => t::requirement_kind_file_lessons(lang),
        Kind::SubjectADay => t::requirement_kind_subject_a_day(lang),
        Kind::HardFrom => t::requirement_kind_hard_from(lang),
        Kind::LongDay => t::requirement_kind_long_day(lang),
        Kind::LessonsAWeek => t::requirement_kind_week(lang),
        Kind::FirstBell => t::requirement_kind_first_bell(lang),
        Kind::LastBell => t::requirement_kind_last_bell(lang),
        Kind::PointsADay => t::requirement_kind_points(lang),
        Kind::MuchHomework => t::requirement_kind_much_homework(lang),
        Kind::Extracurricular => t::requirement_kind_extracurricular(lang),
        Kind::HomeworkADay => t::requirement_kind_homework(lang),
        Kind::LightDay => t::requirement_kind_light_day(lang),
        Kind::EdgeDays => t::requirement_kind_edge_days(lang),
        Kind::HardLessonFrom => t::requirement_kind_hard_lesson_from(lang),
        Kind::HardLessonTo => t::requirement_kind_hard_lesson_to(lang),
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
        Kind::TeacherDays => t::requirement_hint_days(lang),
        Kind::TeacherLeast => t::requirement_hint_least(lang),
        Kind::ClassLeast => t::requirement_hint_class_least(lang),
        Kind::TeacherDaysLeast => t::requirement_hint_days_least(lang),
        Kind::SubjectDay => t::requirement_hint_subject_day(lang),
        Kind::SubjectFrom => t::requirement_hint_subject_from(lang),
        Kind::SubjectTo => t::requirement_hint_subject_to(lang),
        Kind::Together => t::requirement_hint_together(lang),
        Kind::InOrder => t::requirement_hint_in_order(lang),
        Kind::RightAfter => t::requirement_hint_right_after(lang),
        Kind::NextTo => t::requirement_hint_next_to(lang),
        Kind::Apart => t::requirement_hint_apart(lang),
        Kind::EndsDay => t::requirement_hint_ends_day(lang),
        Kind::Doubles => t::requirement_hint_doubles(lang),
        Kind::TeacherWindows | Kind::ClassWindows => t::requirement_hint_windows(lang),
        Kind::ClassLessons => t::requirement_hint_class_lessons(lang),
        Kind::Rooms => t::requirement_hint_rooms(lang),
        Kind::RoomsAtMost => t::requirement_hint_rooms_at_most(lang),
        Kind::SameRoom => t::requirement_hint_same_room(lang),
        Kind::Spread => t::requirement_hint_spread(lang),
        Kind::FirstRoom => t::requirement_hint_first_room(lang),
        Kind::Series => t::requirement_hint_series(lang),
        Kind::FileLessons => t::requirement_hint_file_lessons(lang),
        Kind::PointsADay => t::requirement_hint_points(lang),
        Kind::MuchHomework => t::requirement_hint_much_homework(lang),
        Kind::Extracurricular => t::requirement_hint_extracurricular(lang),
        Kind::HomeworkADay => t::requirement_hint_homework(lang),
        Kind::LightDay => t::requirement_hint_light_day(lang),
        Kind::EdgeDays => t::requirement_hint_edge_days(lang),
        Kind::ClassWindow => t::requirement_hint_class_window(lang),
        Kind::TeacherMoves | Kind::ClassMoves => t::requirement_hint_moves(lang),
        Kind::Walk => t::requirement_hint_walk(lang),
        Kind::TeachersMoves => t::requirement_hint_teachers_moves(lang),
        Kind::ClassesMoves => t::requirement_hint_classes_moves(lang),
        Kind::RoomsNear => t::requirement_hint_rooms_near(lang),
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

/// «только в Пн», «не раньше 2-го урока»: what is asked of the times of a subject.
#[must_use]
pub fn rule(lang: Lang, days: &[String], terms: &Terms) -> String {
    let value = terms.value.unwrap_or(0);
    match terms.kind {
        Kind::SubjectFrom => t::requirement_rule_from(lang, value),
        Kind::SubjectTo if value == 1 => t::requirement_rule_first(lang).to_owned(),
        Kind::SubjectTo => t::requirement_rule_to(lang, value),
        _ => {
            let day = usize::try_from(value).ok().and_then(|n| days.get(n));
            t::requirement_rule_day(lang, day.map_or("—", String::as_str))
        }
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
    if let Target::Pair(one, other) = terms.target {
        what.push(t::requirement_pair(
            lang,
            sheet.load_name(one),
            sheet.load_name(other),
        ));
    }
    if let Target::Lessons(list) = terms.target {
        what.push(lessons(lang, sheet, list));
    }
    if !what.is_empty() {
        words = format!("{words}: {}", what.join(", "));
    }
    format!("{words} — {}", weight(lang, terms.weight))
}

/// «Английский язык, 7А — Волкова (2 из 5 уроков); Алгебра, 7А — Орлов»: lessons that a file names together.
#[must_use]
pub fn lessons(lang: Lang, sheet: &Sheet, list: LessonListId) -> String {
    let Some(list) = sheet.lists.iter().find(|of| of.id == list) else {
        return t::requirement_lessons_gone(lang).to_owned();
    };
    let load = |(load, lessons, of_load): &(LoadId, u32, u32)| {
        let name = sheet.load_name(*load);
        if lessons < of_load {
            t::requirement_lessons_part(lang, i64::from(*of_load), name, *lessons)
        } else {
            name
        }
    };
    list.loads.iter().map(load).collect::<Vec<_>>().join("; ")
}

/// «с 01.12.2026 по 14.12.2026»; `None`: always.
#[must_use]
pub fn term(lang: Lang, of: Term) -> Option<String> {
    let date = |d: NaiveDate| format!("{:02}.{:02}.{}", d.day(), d.month(), d.year());
    match (of.from, of.to) {
        (Some(from), Some(to)) if from == to => Some(t::requirement_term_day(lang, date(from))),
        (Some(from), Some(to)) => Some(t::requirement_term_both(lang, date(from), date(to))),
        (Some(from), None) => Some(t::requirement_term_from(lang, date(from))),
        (None, Some(to)) => Some(t::requirement_term_to(lang, date(to))),
        (None, None) => None,
    }
}

/// «Пн 1–3, Ср весь день»: runs of slots by the names of days and slots.
fn spans(
    lang: Lang,
    (days, slots): (&[String], &[String]),
    runs: impl Iterator<Item = (i16, i16, i16, Weight)>,
) -> String {
    let last_slot = i16::try_from(slots.len()).unwrap_or(i16::MAX) - 1;
    let name = |list: &[String], n: i16| {
        let found = usize::try_from(n).ok().and_then(|n| list.get(n));
        found.cloned().unwrap_or_else(|| (n + 1).to_string())
    };
    let words = runs.map(|(day, from, to, _)| {
        let day = name(days, day);
        match (name(slots, from), name(slots, to)) {
            _ if from == 0 && to == last_slot => t::requirement_whole_day(lang, day),
            (first, _) if from == to => format!("{day} {first}"),
            (first, last) => format!("{day} {first}–{last}"),
        }
    });
    words.collect::<Vec<_>>().join(", ")
}

/// «не в часы: Пн 1–3», or «только в часы: …» where that is shorter: what painted hours of a subject leave; `None` where none are.
#[must_use]
pub fn kept_out(lang: Lang, days: &[String], slots: &[String], closed: &TimeSet) -> Option<String> {
    let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let whole = TimeSet::daily(short(days.len()), 0, short(slots.len()));
    let said = |wanted: bool| {
        let mut hours = Hours::default();
        let cells = whole
            .iter()
            .filter(|(day, slot)| closed.contains(*day, *slot) == wanted);
        for (day, slot) in cells {
            if let (Ok(day), Ok(slot)) = (i16::try_from(day), i16::try_from(slot)) {
                hours.set(Term::ALWAYS, day, slot, Some(Weight::Must));
            }
        }
        (
            hours.cells().count(),
            spans(lang, (days, slots), hours.runs(Term::ALWAYS).into_iter()),
        )
    };
    let ((out, closed), (inside, open)) = (said(true), said(false));
    match (out, inside) {
        (0, _) => None,
        (out, inside) if inside > 0 && inside < out => Some(t::requirement_rule_only_hours(lang, open)),
        _ => Some(t::requirement_rule_not_hours(lang, closed)),
    }
}

/// «Пн 1–3, Ср весь день — обязательно; Пт 7 — желательно; с 01.12.2026 по 14.12.2026: Чт весь день — обязательно».
#[must_use]
pub fn hours(lang: Lang, sheet: &Sheet, hours: &Hours) -> String {
    let of_weight = |runs: &[(i16, i16, i16, Weight)], wanted: Weight| {
        let runs = runs.iter().filter(|(_, _, _, w)| *w == wanted).copied();
        let words = spans(lang, (&sheet.days, &sheet.slots), runs);
        (!words.is_empty()).then(|| format!("{words} — {}", weight(lang, wanted)))
    };
    let of_term = |of: Term| {
        let runs = hours.runs(of);
        let parts: Vec<String> = Weight::ALL
            .into_iter()
            .filter_map(|w| of_weight(&runs, w))
            .collect();
        let parts = parts.join("; ");
        match term(lang, of) {
            Some(dates) => format!("{dates}: {parts}"),
            None => parts,
        }
    };
    let parts: Vec<String> = hours.terms().into_iter().map(of_term).collect();
    parts.join("; ")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::requirement::hours::Cell;
    use crate::requirement::sheet::{LoadItem, SubjectItem};
    use base::{EmployeeId, RoomId, SubjectId};

    /// A page of two rooms and a week of five days.
    pub fn page() -> Sheet {
        Sheet {
            year: Some("2026/27".into()),
            days: ["Пн", "Вт", "Ср", "Чт", "Пт"].map(Into::into).to_vec(),
            slots: (1..=7).map(|n| n.to_string()).collect(),
            week: 5,
            today: NaiveDate::from_ymd_opt(2026, 11, 21).unwrap(),
            org: crate::timetable::OrgKind::School,
            struck: None,
            teachers: vec![],
            classes: vec![],
            groups: vec![],
            rooms: ["12", "14"]
                .map(|name| crate::requirement::sheet::RoomItem {
                    id: RoomId(name.parse().unwrap()),
                    name: name.into(),
                    uses: Default::default(),
                    spot: Default::default(),
                })
                .to_vec(),
            buildings: vec![],
            walks: vec![],
            subjects: [(1, "Английский язык"), (2, "Немецкий язык")]
                .map(|(id, name)| SubjectItem {
                    id: SubjectId(id),
                    name: name.into(),
                    template: None,
                    pointless: vec![],
                })
                .to_vec(),
            loads: [(1, "7А — Волкова"), (2, "7Б — Орлов")]
                .map(|(id, name)| LoadItem {
                    id: LoadId(id),
                    subject: SubjectId(id),
                    name: name.into(),
                    rooms: vec![],
                    room_kind: None,
                })
                .to_vec(),
            lists: vec![],
            scale: vec![],
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
            painted.set(Term::ALWAYS, 2, slot, Some(Weight::Must));
        }
        painted.set(Term::ALWAYS, 0, 0, Some(Weight::Must));
        painted.set(Term::ALWAYS, 0, 1, Some(Weight::Must));
        painted.set(Term::ALWAYS, 4, 6, Some(Weight::Rather));
        assert_eq!(
            hours(Lang::Ru, &page(), &painted),
            "Пн 1–2, Ср весь день — обязательно; Пт 7 — желательно"
        );
        let course = Term {
            from: NaiveDate::from_ymd_opt(2026, 12, 1),
            to: NaiveDate::from_ymd_opt(2026, 12, 14),
        };
        painted.set(course, 3, 0, Some(Weight::Must));
        assert!(
            hours(Lang::Ru, &page(), &painted).ends_with("; с 01.12.2026 по 14.12.2026: Чт 1 — обязательно")
        );
        let beyond = Hours::from(vec![Cell {
            day: 9,
            slot: 30,
            weight: Weight::Must,
            term: Term::ALWAYS,
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
        let mut page = page();
        page.lists = vec![crate::requirement::sheet::LessonList {
            id: LessonListId(5),
            version: "Из файла".into(),
            loads: vec![(LoadId(1), 2, 5), (LoadId(2), 3, 3)],
        }];
        let of_list = |list| Terms::new(Kind::RoomsAtMost, Target::Lessons(LessonListId(list)), Some(1));
        assert_eq!(
            sentence(Lang::Ru, &page, &of_list(5)),
            "Кабинетов на все уроки — не больше: 1, Английский язык, 7А — Волкова (2 из 5 уроков); Немецкий язык, 7Б — Орлов — желательно"
        );
        assert!(
            sentence(Lang::En, &page, &of_list(6)).contains("no version of this year"),
            "of another year"
        );
        let pair = Terms::new(Kind::Together, Target::Pair(LoadId(1), LoadId(2)), None);
        assert_eq!(
            said(&pair),
            "Одновременно с другими уроками: Английский язык, 7А — Волкова и Немецкий язык, 7Б — Орлов — очень важно"
        );
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
