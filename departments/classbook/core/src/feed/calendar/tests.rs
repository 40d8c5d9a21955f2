use icalendar::parser::unfold;
use icalendar::{CalendarDateTime, DatePerhapsTime};
use proptest::prelude::*;

use super::*;

const SCHOOL: SchoolId = SchoolId(10);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn child() -> Child {
    Child {
        pupil: PupilId(1),
        first_name: "Артём".into(),
        last_name: "Абрамов".into(),
        class: Some("7А".into()),
    }
}

fn one(subject: &str) -> Lesson {
    Lesson {
        id: None,
        load: LoadId(500),
        number: 2,
        starts_at: NaiveTime::from_hms_opt(8, 30, 0),
        ends_at: NaiveTime::from_hms_opt(9, 15, 0),
        subject: subject.into(),
        room: Some("204".into()),
        teacher: Some("Учителева А. И.".into()),
        substitute: false,
        topic: None,
        state: State::Planned,
        homework: vec![],
        marks: vec![],
        absence: None,
        meeting: None,
        assessments: vec![],
    }
}

fn with(lessons: Vec<Lesson>, homework: Vec<Homework>) -> Vec<Day> {
    vec![Day {
        date: day("2026-11-16"),
        holiday: None,
        lessons,
        homework,
    }]
}

fn work(text: &str) -> Homework {
    Homework {
        id: 7,
        subject: "Алгебра".into(),
        text: text.into(),
        minutes: None,
        given_on: day("2026-11-13"),
        links: vec![],
        files: vec![],
        individual: false,
        done: false,
    }
}

fn written(days: &[Day], offset: i32) -> String {
    stamped(days, offset, &BTreeMap::new())
}

fn stamped(days: &[Day], offset: i32, stamps: &BTreeMap<String, Stamp>) -> String {
    let child = child();
    text(
        days,
        &Frame {
            school: SCHOOL,
            stamps,
            child: &child,
            time_zone: "Asia/Kamchatka",
            offsets: &[offset],
            since: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
            lang: Lang::Ru,
        },
    )
}

fn read(text: &str) -> Vec<Event> {
    let calendar: Calendar = text.parse().unwrap();
    calendar.events().cloned().collect()
}

fn at(moment: Option<DatePerhapsTime>) -> DateTime<Utc> {
    match moment {
        Some(DatePerhapsTime::DateTime(CalendarDateTime::Utc(at))) => at,
        other => panic!("no moment in UTC: {other:?}"),
    }
}

#[test]
fn a_lesson_begins_by_the_clock_of_the_school() {
    let text = written(&with(vec![one("Алгебра")], vec![]), 12 * 3600);
    let events = read(&text);
    assert_eq!(events.len(), 1);
    let event = &events[0];
    // half past eight on Kamchatka is the evening before in Greenwich
    assert_eq!(at(event.get_start()).to_rfc3339(), "2026-11-15T20:30:00+00:00");
    assert_eq!(at(event.get_end()).to_rfc3339(), "2026-11-15T21:15:00+00:00");
    assert_eq!(event.get_summary(), Some("Алгебра"));
    assert_eq!(event.get_location(), Some("каб. 204"));
    assert_eq!(event.get_status(), Some(EventStatus::Confirmed));
    assert!(
        event
            .get_description()
            .unwrap()
            .contains("Учитель: Учителева А. И.")
    );
    assert!(text.contains("X-WR-TIMEZONE:Asia/Kamchatka\r\n"), "{text}");
    assert!(text.contains("X-WR-CALNAME:Уроки: Артём (7А)\r\n"), "{text}");
}

#[test]
fn what_becomes_of_a_lesson_leaves_its_name_alone() {
    let planned = read(&written(&with(vec![one("Алгебра")], vec![]), 0));
    let mut later = one("Алгебра и начала анализа");
    later.id = Some(base::LessonId(700));
    later.state = State::Cancelled;
    later.topic = Some("Дроби".into());
    let cancelled = read(&written(&with(vec![later], vec![work("сдать")]), 0));
    assert_eq!(planned[0].get_uid(), cancelled[0].get_uid());
    assert_eq!(cancelled[0].get_status(), Some(EventStatus::Cancelled));
    assert_eq!(
        cancelled[0].get_summary(),
        Some("Отменён: Алгебра и начала анализа")
    );
    // moved to another bell it is the same lesson, a second one of that day is not
    let mut next = one("Алгебра");
    next.number = 3;
    let other = read(&written(&with(vec![next.clone()], vec![]), 0));
    assert_eq!(planned[0].get_uid(), other[0].get_uid());
    let both = read(&written(&with(vec![one("Алгебра"), next], vec![]), 0));
    assert_eq!(both[0].get_uid(), planned[0].get_uid());
    assert_ne!(both[0].get_uid(), both[1].get_uid());
}

#[test]
fn each_event_says_since_when_it_is_so_and_how_often_it_changed() {
    let days = with(vec![one("Алгебра")], vec![work("№ 5")]);
    let known = events(&days, &[0], SCHOOL, PupilId(1));
    assert_eq!(known.len(), 2);
    let moment = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
    let stamp = Stamp {
        sequence: 3,
        at: moment(1_795_600_000),
    };
    let stamps = BTreeMap::from([(known[0].0.clone(), stamp)]);
    let text = stamped(&days, 0, &stamps);
    let said = read(&text);
    assert_eq!(said[0].get_uid(), Some(known[0].0.as_str()));
    assert_eq!(said[0].get_sequence(), Some(3));
    assert_eq!(said[0].get_timestamp(), Some(stamp.at));
    assert_eq!(said[0].get_last_modified(), Some(stamp.at));
    // the other has not changed with it
    assert_eq!(said[1].get_sequence(), Some(0));
    assert_eq!(said[1].get_timestamp(), Some(moment(1_795_000_000)));

    let mut later = one("Алгебра");
    later.topic = Some("Дроби".into());
    let changed = events(&with(vec![later], vec![work("№ 5")]), &[0], SCHOOL, PupilId(1));
    assert_eq!(changed[0].0, known[0].0);
    assert_ne!(changed[0].1, known[0].1);
    assert_eq!(changed[1], known[1]);
}

fn meeting(format: Format, starts_at: Option<(u32, u32)>) -> Meeting {
    Meeting {
        format,
        platform: Some("Сферум".into()),
        starts_at: starts_at.and_then(|(h, m)| NaiveTime::from_hms_opt(h, m, 0)),
        link: Some("https://sferum.ru/?call_link=secret".into()),
    }
}

fn held(meeting: Meeting) -> Vec<Day> {
    let mut lesson = one("Алгебра");
    lesson.meeting = Some(meeting);
    told(with(vec![lesson], vec![]))
}

#[test]
fn a_lesson_from_home_says_so_instead_of_its_room() {
    let text = written(&held(meeting(Format::Distance, None)), 0);
    let event = &read(&text)[0];
    assert_eq!(event.get_location(), Some("дистанционно, Сферум"));
    assert_eq!(at(event.get_start()).to_rfc3339(), "2026-11-16T08:30:00+00:00");
    assert_eq!(at(event.get_end()).to_rfc3339(), "2026-11-16T09:15:00+00:00");
    assert!(
        !unfold(&text).contains("secret"),
        "whoever has the address is not let in: {text}"
    );
    let nameless = Meeting {
        platform: None,
        ..meeting(Format::Distance, None)
    };
    let event = &read(&written(&held(nameless), 0))[0];
    assert_eq!(event.get_location(), Some("дистанционно"));
    let here = &read(&written(&held(meeting(Format::InPerson, Some((11, 0)))), 0))[0];
    assert_eq!(here.get_location(), Some("каб. 204"));
    assert_eq!(at(here.get_start()).to_rfc3339(), "2026-11-16T08:30:00+00:00");
}

#[test]
fn a_meeting_has_its_own_time() {
    let span = |starts_at| {
        let event = &read(&written(&held(meeting(Format::Distance, Some(starts_at))), 0))[0];
        let clock = |moment| at(moment).format("%H:%M").to_string();
        (clock(event.get_start()), clock(event.get_end()))
    };
    // as long as the lesson would be by the bell
    assert_eq!(span((11, 0)), ("11:00".to_owned(), "11:45".to_owned()));
    // later within the bell's lesson: it ends with it
    assert_eq!(span((8, 45)), ("08:45".to_owned(), "09:15".to_owned()));

    let mut lesson = one("Алгебра");
    lesson.starts_at = None;
    lesson.meeting = Some(meeting(Format::Distance, Some((11, 0))));
    let event = &read(&written(&told(with(vec![lesson.clone()], vec![])), 0))[0];
    assert_eq!(at(event.get_start()).to_rfc3339(), "2026-11-16T11:00:00+00:00");
    assert_eq!(event.get_end(), None);
    // so late that it would end after midnight: no end rather than one before its beginning
    lesson.starts_at = NaiveTime::from_hms_opt(8, 30, 0);
    lesson.meeting = Some(meeting(Format::Distance, Some((23, 30))));
    let event = &read(&written(&told(with(vec![lesson], vec![])), 0))[0];
    assert_eq!(event.get_end(), None);
}

#[test]
fn a_mixed_lesson_names_both_places_and_when_to_join() {
    let event = &read(&written(&held(meeting(Format::Mixed, Some((8, 40)))), 0))[0];
    assert_eq!(event.get_location(), Some("каб. 204; дистанционно, Сферум"));
    assert_eq!(at(event.get_start()).to_rfc3339(), "2026-11-16T08:30:00+00:00");
    let words = event.get_description().unwrap();
    assert!(words.contains("Подключение в 08:40"), "{words}");
    let mut lesson = one("Алгебра");
    lesson.room = None;
    lesson.meeting = Some(meeting(Format::Mixed, None));
    let event = &read(&written(&told(with(vec![lesson], vec![])), 0))[0];
    assert_eq!(event.get_location(), Some("в школе; дистанционно, Сферум"));
}

#[test]
fn an_event_is_newer_only_by_what_it_tells() {
    let version = |days: &[Day]| events(days, &[0], SCHOOL, PupilId(1)).remove(0).1;
    let at_school = version(&with(vec![one("Алгебра")], vec![]));
    let from_home = version(&held(meeting(Format::Distance, None)));
    assert_ne!(at_school, from_home);
    assert_ne!(
        from_home,
        version(&held(meeting(Format::Distance, Some((11, 0)))))
    );
    assert_ne!(from_home, version(&held(meeting(Format::Mixed, None))));
    let other_link = Meeting {
        link: Some("https://sferum.ru/?call_link=other".into()),
        ..meeting(Format::Distance, None)
    };
    assert_eq!(from_home, version(&held(other_link)));
    assert_eq!(at_school, version(&held(meeting(Format::InPerson, None))));
    let mut planned = one("Алгебра");
    planned.assessments = vec![crate::diary::Assessment {
        date: day("2026-11-16"),
        subject: "Алгебра".into(),
        kind: "Контрольная работа".into(),
        title: "Дроби".into(),
    }];
    assert_eq!(at_school, version(&told(with(vec![planned], vec![]))));
}

#[test]
fn what_has_no_bell_or_lesson_lies_on_its_day() {
    let mut bare = one("Алгебра");
    bare.starts_at = None;
    let events = read(&written(&with(vec![bare], vec![work("№ 5")]), 3 * 3600));
    assert_eq!(events.len(), 2);
    for event in &events {
        assert_eq!(event.get_start(), Some(DatePerhapsTime::Date(day("2026-11-16"))));
        assert_eq!(event.get_end(), Some(DatePerhapsTime::Date(day("2026-11-17"))));
    }
    assert_eq!(events[1].get_summary(), Some("Сдать: Алгебра"));
    assert_eq!(events[1].get_description(), Some("№ 5"));
}

proptest! {
    /// Whatever a teacher types: no line is too long, none is broken, nothing is added to the calendar, and all is read back.
    #[test]
    fn any_text_is_read_back(subject in "\\PC{1,120}", homework in "[^\r\u{0}-\u{9}\u{b}-\u{1f}\u{7f}-\u{9f}]{1,400}") {
        // without words it lies in a file, and says so
        prop_assume!(!homework.trim().is_empty());
        let mut lesson = one(&subject);
        lesson.homework = vec![work(&homework)];
        let text = written(&with(vec![lesson], vec![work(&homework)]), 3 * 3600);
        for line in text.split("\r\n") {
            prop_assert!(line.len() <= 75, "{} octets: {line}", line.len());
            prop_assert!(!line.contains(['\r', '\n']), "{line:?}");
        }
        let begins = unfold(&text).lines().filter(|line| line.starts_with("BEGIN:")).count();
        prop_assert_eq!(begins, 3, "{}", text);
        let events = read(&text);
        prop_assert_eq!(events.len(), 2);
        prop_assert_eq!(events[0].get_summary(), Some(subject.as_str()));
        prop_assert!(events[0].get_description().unwrap().contains(&homework));
        prop_assert_eq!(events[1].get_description(), Some(homework.as_str()));
    }

    #[test]
    fn a_sign_that_steers_is_dropped(text in "\\PC*[\\x00-\\x1f]+\\PC*") {
        let cleaned = clean(&text);
        prop_assert!(cleaned.chars().all(|c| c == '\n' || !c.is_control()));
    }
}
