//! A small Russian school as a FET file: six classes, halves in English, crafts and computing, doubles, rooms of a kind.

#![allow(dead_code, reason = "each test file uses its part")]

use std::fmt::Write;

pub const DAYS: [&str; 5] = ["Пн", "Вт", "Ср", "Чт", "Пт"];
pub const HOURS: u32 = 7;
pub const CLASSES: [&str; 6] = ["5А", "5Б", "6А", "6Б", "7А", "7Б"];

/// Subject, lessons a week, teacher of the first and of the other three classes.
const PLAN: [(&str, u32, [&str; 2]); 9] = [
    ("Русский", 5, ["Иванова", "Петрова"]),
    ("Литература", 3, ["Иванова", "Петрова"]),
    ("Математика", 5, ["Сидорова", "Кузнецова"]),
    ("История", 2, ["Орлов", "Орлов"]),
    ("Биология", 2, ["Белова", "Белова"]),
    ("География", 1, ["Белова", "Белова"]),
    ("Физкультура", 3, ["Быстров", "Быстров"]),
    ("Музыка", 1, ["Чижова", "Чижова"]),
    ("ИЗО", 1, ["Чижова", "Чижова"]),
];

/// Subjects in halves: lessons, their length, teachers of the halves.
const HALVES: [(&str, u32, u32, [&str; 2]); 3] = [
    ("Английский", 3, 1, ["Браун", "Смит"]),
    ("Информатика", 1, 1, ["Байтов", "Битов"]),
    ("Труд", 1, 2, ["Столяров", "Швец"]),
];

/// Rooms with their seats.
const ROOMS: [(&str, u32); 14] = [
    ("Спортзал", 60),
    ("Мастерская 1", 16),
    ("Мастерская 2", 16),
    ("Компьютеры 1", 16),
    ("Компьютеры 2", 16),
    ("Лингафон 1", 16),
    ("Лингафон 2", 16),
    ("201", 30),
    ("202", 30),
    ("203", 30),
    ("204", 30),
    ("205", 30),
    ("206", 30),
    ("Каморка", 10),
];

/// A lesson of the file.
#[derive(Clone)]
pub struct Lesson {
    pub id: u32,
    pub teacher: String,
    pub subject: String,
    pub students: String,
    pub duration: u32,
}

/// The file, still to be changed.
#[derive(Clone)]
pub struct School {
    pub lessons: Vec<Lesson>,
    teachers: Vec<String>,
    time: String,
    space: String,
}

impl School {
    /// The school, whose requirements can all be met.
    pub fn new() -> Self {
        let mut school = Self {
            lessons: vec![],
            teachers: vec![],
            time: String::new(),
            space: String::new(),
        };
        for (at, class) in CLASSES.iter().enumerate() {
            for (subject, lessons, teachers) in PLAN {
                let ids: Vec<u32> = (0..lessons)
                    .map(|_| school.lesson(teachers[at / 3], subject, class, 1))
                    .collect();
                school.apart(&ids, 1);
            }
            for (subject, lessons, length, teachers) in HALVES {
                let mut ids = [vec![], vec![]];
                for half in [0, 1] {
                    let part = format!("{class} {}", half + 1);
                    for _ in 0..lessons {
                        let id = school.lesson(teachers[half], subject, &part, length);
                        ids[half].push(id);
                    }
                    school.apart(&ids[half], 1);
                }
                for (a, b) in ids[0].iter().zip(&ids[1]) {
                    school.at_once(&[*a, *b]);
                }
            }
            // The seventh hour is for Mondays.
            let late: Vec<(u32, u32)> = (1..5).map(|day| (day, 6)).collect();
            school.class_away(class, &late);
        }
        school.time("StudentsMaxGapsPerWeek", "<Max_Gaps>0</Max_Gaps>");
        school.time(
            "TeacherMaxDaysPerWeek",
            "<Teacher_Name>Чижова</Teacher_Name><Max_Days_Per_Week>4</Max_Days_Per_Week>",
        );
        for (subject, rooms) in [
            ("Физкультура", &["Спортзал"][..]),
            ("Труд", &["Мастерская 1", "Мастерская 2"]),
            ("Информатика", &["Компьютеры 1", "Компьютеры 2"]),
            ("Английский", &["Лингафон 1", "Лингафон 2"]),
            ("Математика", &["201", "202", "203", "204"]),
            ("Русский", &["203", "204", "205", "206"]),
            ("Музыка", &["206"]),
        ] {
            school.rooms_of(subject, rooms);
        }
        school
    }

    pub fn lesson(&mut self, teacher: &str, subject: &str, students: &str, duration: u32) -> u32 {
        let id = u32::try_from(self.lessons.len()).unwrap() + 1;
        if !self.teachers.iter().any(|t| t == teacher) {
            self.teachers.push(teacher.to_owned());
        }
        self.lessons.push(Lesson {
            id,
            teacher: teacher.to_owned(),
            subject: subject.to_owned(),
            students: students.to_owned(),
            duration,
        });
        id
    }

    /// Activities of a subject and a class or half.
    pub fn ids(&self, subject: &str, students: &str) -> Vec<u32> {
        let of = self
            .lessons
            .iter()
            .filter(|l| l.subject == subject && l.students == students);
        of.map(|l| l.id).collect()
    }

    pub fn time(&mut self, name: &str, body: &str) {
        writeln!(
            self.time,
            "<Constraint{name}><Weight_Percentage>100</Weight_Percentage>{body}<Active>true</Active></Constraint{name}>"
        )
        .unwrap();
    }

    pub fn space(&mut self, name: &str, body: &str) {
        writeln!(
            self.space,
            "<Constraint{name}><Weight_Percentage>100</Weight_Percentage>{body}<Active>true</Active></Constraint{name}>"
        )
        .unwrap();
    }

    fn numbers(ids: &[u32]) -> String {
        let numbers = ids.iter().map(|id| format!("<Activity_Id>{id}</Activity_Id>"));
        format!(
            "<Number_of_Activities>{}</Number_of_Activities>{}",
            ids.len(),
            numbers.collect::<String>()
        )
    }

    pub fn apart(&mut self, ids: &[u32], days: u32) {
        if ids.len() > 1 {
            let body = format!(
                "<Consecutive_If_Same_Day>true</Consecutive_If_Same_Day>{}<MinDays>{days}</MinDays>",
                Self::numbers(ids)
            );
            self.time("MinDaysBetweenActivities", &body);
        }
    }

    pub fn at_once(&mut self, ids: &[u32]) {
        self.time("ActivitiesSameStartingTime", &Self::numbers(ids));
    }

    fn cells(cells: &[(u32, u32)]) -> String {
        let cells = cells.iter().map(|(day, hour)| {
            let day = DAYS[usize::try_from(*day).unwrap()];
            format!(
                "<Not_Available_Time><Day>{day}</Day><Hour>{}</Hour></Not_Available_Time>",
                hour + 1
            )
        });
        cells.collect()
    }

    /// No lesson of a teacher or a class starts at these days and hours.
    #[allow(dead_code, reason = "not all tests that include this need it")]
    pub fn none_starts(&mut self, teacher: &str, class: &str, cells: &[(u32, u32)]) {
        let all = (0..5).flat_map(|day| (0..HOURS).map(move |hour| (day, hour)));
        let wanted = all.filter(|cell| !cells.contains(cell)).map(|(day, hour)| {
            let (day, hour) = (DAYS[usize::try_from(day).unwrap()], hour + 1);
            format!("<Preferred_Starting_Time><Preferred_Day>{day}</Preferred_Day><Preferred_Hour>{hour}</Preferred_Hour></Preferred_Starting_Time>")
        });
        let body = format!(
            "<Teacher_Name>{teacher}</Teacher_Name><Students_Name>{class}</Students_Name><Subject_Name></Subject_Name><Activity_Tag_Name></Activity_Tag_Name><Duration></Duration>{}",
            wanted.collect::<String>()
        );
        self.time("ActivitiesPreferredStartingTimes", &body);
    }

    pub fn class_away(&mut self, class: &str, cells: &[(u32, u32)]) {
        let body = format!("<Students>{class}</Students>{}", Self::cells(cells));
        self.time("StudentsSetNotAvailableTimes", &body);
    }

    pub fn teacher_away(&mut self, teacher: &str, cells: &[(u32, u32)]) {
        let body = format!("<Teacher>{teacher}</Teacher>{}", Self::cells(cells));
        self.time("TeacherNotAvailableTimes", &body);
    }

    pub fn room_away(&mut self, room: &str, cells: &[(u32, u32)]) {
        let body = format!("<Room>{room}</Room>{}", Self::cells(cells));
        self.space("RoomNotAvailableTimes", &body);
    }

    pub fn lock(&mut self, id: u32, day: u32, hour: u32) {
        let day = DAYS[usize::try_from(day).unwrap()];
        let body = format!(
            "<Activity_Id>{id}</Activity_Id><Preferred_Day>{day}</Preferred_Day><Preferred_Hour>{}</Preferred_Hour><Permanently_Locked>true</Permanently_Locked>",
            hour + 1
        );
        self.time("ActivityPreferredStartingTime", &body);
    }

    pub fn rooms_of(&mut self, subject: &str, rooms: &[&str]) {
        match rooms {
            [only] => self.space(
                "SubjectPreferredRoom",
                &format!("<Subject>{subject}</Subject><Room>{only}</Room>"),
            ),
            several => {
                let rooms = several
                    .iter()
                    .map(|r| format!("<Preferred_Room>{r}</Preferred_Room>"));
                let body = format!("<Subject>{subject}</Subject>{}", rooms.collect::<String>());
                self.space("SubjectPreferredRooms", &body);
            }
        }
    }

    /// The file.
    pub fn text(&self) -> String {
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<fet version=\"6.8.5\">\n<Institution_Name>Школа</Institution_Name>\n",
        );
        let mut put = |part: String| {
            text.push_str(&part);
            text.push('\n');
        };
        let days = DAYS.map(|d| format!("<Day><Name>{d}</Name></Day>")).concat();
        put(format!(
            "<Days_List><Number_of_Days>5</Number_of_Days>{days}</Days_List>"
        ));
        let hours: String = (1..=HOURS)
            .map(|h| format!("<Hour><Name>{h}</Name></Hour>"))
            .collect();
        put(format!(
            "<Hours_List><Number_of_Hours>{HOURS}</Number_of_Hours>{hours}</Hours_List>"
        ));
        let mut subjects: Vec<&str> = self.lessons.iter().map(|l| l.subject.as_str()).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let subjects = subjects
            .iter()
            .map(|s| format!("<Subject><Name>{s}</Name></Subject>"));
        put(format!(
            "<Subjects_List>{}</Subjects_List>",
            subjects.collect::<String>()
        ));
        let teachers = self
            .teachers
            .iter()
            .map(|t| format!("<Teacher><Name>{t}</Name></Teacher>"));
        put(format!(
            "<Teachers_List>{}</Teachers_List>",
            teachers.collect::<String>()
        ));
        let classes = CLASSES.map(|c| {
            let halves = [1, 2].map(|half| {
                format!("<Group><Name>{c} {half}</Name><Number_of_Students>13</Number_of_Students></Group>")
            });
            format!(
                "<Year><Name>{c}</Name><Number_of_Students>26</Number_of_Students>{}</Year>",
                halves.concat()
            )
        });
        put(format!("<Students_List>{}</Students_List>", classes.concat()));
        put("<Activities_List>".to_owned());
        for lesson in &self.lessons {
            let Lesson {
                id,
                teacher,
                subject,
                students,
                duration,
            } = lesson;
            put(format!(
                "<Activity><Teacher>{teacher}</Teacher><Subject>{subject}</Subject><Students>{students}</Students><Duration>{duration}</Duration><Total_Duration>{duration}</Total_Duration><Id>{id}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>"
            ));
        }
        put("</Activities_List>".to_owned());
        let rooms = ROOMS
            .map(|(name, seats)| format!("<Room><Name>{name}</Name><Capacity>{seats}</Capacity></Room>"));
        put(format!("<Rooms_List>{}</Rooms_List>", rooms.concat()));
        put(format!(
            "<Time_Constraints_List>\n<ConstraintBasicCompulsoryTime><Weight_Percentage>100</Weight_Percentage><Active>true</Active></ConstraintBasicCompulsoryTime>\n{}</Time_Constraints_List>",
            self.time
        ));
        put(format!(
            "<Space_Constraints_List>\n<ConstraintBasicCompulsorySpace><Weight_Percentage>100</Weight_Percentage><Active>true</Active></ConstraintBasicCompulsorySpace>\n{}</Space_Constraints_List>",
            self.space
        ));
        text.push_str("</fet>\n");
        text
    }
}
