//! What is taught: subjects with weekly hours by grade, their rooms, their departments, their splits.

/// One subject.
#[derive(Debug)]
pub struct Subject {
    /// Full name, also the key.
    pub name: &'static str,
    /// For narrow columns.
    pub short: &'static str,
    /// Key of the difficulty table.
    pub template: Option<&'static str>,
    /// Kind of room.
    pub room: &'static str,
    /// Who teaches it: the department.
    pub area: Area,
    /// Weekly hours for grades 0 … 11.
    pub hours: [u16; 12],
    /// From which grade a class is halved for it.
    pub split_from: Option<i16>,
    /// Rough difficulty, for spreading the lessons over the day.
    pub points: u16,
}

/// A department: its teachers take each other's loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// The one teacher of a primary class (in a kindergarten: of a group).
    Own,
    /// Russian and literature.
    Words,
    /// Mathematics.
    Sums,
    /// A few lessons of a mathematician from another school.
    Guest,
    /// Foreign languages.
    Tongues,
    /// Informatics.
    Machines,
    /// History and social studies.
    Past,
    /// Geography.
    Earth,
    /// Biology.
    Life,
    /// Chemistry.
    Matter,
    /// Physics.
    Forces,
    /// Music.
    Music,
    /// Drawing.
    Drawing,
    /// Labour.
    Labour,
    /// Physical education.
    Body,
    /// Safety.
    Safety,
    /// College: programming.
    Code,
    /// College: law and economics.
    Law,
}

impl Area {
    /// In a small school one teacher covers several departments.
    pub fn merged(self) -> Self {
        match self {
            Self::Machines => Self::Forces,
            Self::Matter | Self::Earth => Self::Life,
            Self::Drawing | Self::Labour => Self::Music,
            Self::Safety => Self::Body,
            other => other,
        }
    }
}

const fn s(
    name: &'static str,
    short: &'static str,
    template: &'static str,
    room: &'static str,
    area: Area,
    hours: [u16; 12],
    points: u16,
) -> Subject {
    Subject {
        name,
        short,
        template: if template.is_empty() { None } else { Some(template) },
        room,
        area,
        hours,
        split_from: None,
        points,
    }
}

const fn halved(from: i16, subject: Subject) -> Subject {
    Subject {
        split_from: Some(from),
        ..subject
    }
}

/// Russian, for the mathematician and the language teacher of the README.
pub const RUSSIAN: &str = "Русский язык";
/// Mathematics of grades 1–6.
pub const MATHS: &str = "Математика";

/// A school's subjects; the sums stay inside the weekly limits of a five-day week (domain facts 2.4).
#[rustfmt::skip]
pub const SCHOOL: &[Subject] = &[
    s(RUSSIAN, "Рус. яз.", "русский", "ordinary", Area::Words, [0, 5, 5, 5, 5, 5, 6, 4, 3, 3, 2, 2], 8),
    s("Литературное чтение", "Лит. чт.", "литература", "ordinary", Area::Words, [0, 4, 4, 4, 4, 0, 0, 0, 0, 0, 0, 0], 5),
    s("Литература", "Лит-ра", "литература", "ordinary", Area::Words, [0, 0, 0, 0, 0, 3, 3, 2, 2, 3, 3, 3], 4),
    halved(2, s("Английский язык", "Англ.", "иностранный", "ordinary", Area::Tongues, [0, 0, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3], 9)),
    s(MATHS, "Матем.", "математика", "ordinary", Area::Sums, [0, 4, 4, 4, 4, 5, 5, 0, 0, 0, 0, 0], 10),
    s("Алгебра", "Алгебра", "алгебра", "ordinary", Area::Sums, [0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 4, 4], 9),
    s("Геометрия", "Геом.", "геометрия", "ordinary", Area::Sums, [0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 3, 3], 10),
    s("Вероятность и статистика", "Вер. и ст.", "", "ordinary", Area::Sums, [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 6),
    halved(7, s("Информатика", "Инф.", "информатика", "computer", Area::Machines, [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2], 6)),
    s("Окружающий мир", "Окр. мир", "природоведение", "ordinary", Area::Life, [0, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0], 6),
    s("История", "История", "история", "ordinary", Area::Past, [0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2], 6),
    s("Обществознание", "Общ.", "обществознание", "ordinary", Area::Past, [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 3, 3], 6),
    s("География", "Геогр.", "география", "ordinary", Area::Earth, [0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 1, 1], 5),
    s("Биология", "Биол.", "биология", "ordinary", Area::Life, [0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 1, 1], 7),
    s("Физика", "Физика", "физика", "lab", Area::Forces, [0, 0, 0, 0, 0, 0, 0, 2, 2, 3, 3, 3], 9),
    s("Химия", "Химия", "химия", "lab", Area::Matter, [0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 1, 1], 11),
    s("Музыка", "Музыка", "музыка", "ordinary", Area::Music, [0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0], 2),
    s("Изобразительное искусство", "ИЗО", "изо", "ordinary", Area::Drawing, [0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0], 3),
    halved(5, s("Труд", "Труд", "труд", "workshop", Area::Labour, [0, 1, 1, 1, 1, 2, 2, 2, 1, 1, 0, 0], 2)),
    s("Физическая культура", "Физ-ра", "физкультура", "gym", Area::Body, [0, 2, 2, 2, 2, 3, 3, 2, 2, 2, 3, 3], 2),
    s("Основы безопасности и защиты Родины", "ОБЗР", "обж", "ordinary", Area::Safety, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1], 3),
];

/// A kindergarten's activities: one «grade» for all groups.
#[rustfmt::skip]
pub const KINDERGARTEN: &[Subject] = &[
    s("Развитие речи", "Речь", "", "ordinary", Area::Own, [2; 12], 3),
    s("Математические представления", "Счёт", "", "ordinary", Area::Own, [1; 12], 3),
    s("Рисование и лепка", "Лепка", "", "ordinary", Area::Own, [2; 12], 2),
    s("Музыкальное занятие", "Музыка", "", "ordinary", Area::Music, [2; 12], 1),
    s("Физкультурное занятие", "Физ-ра", "", "gym", Area::Body, [3; 12], 1),
];

const fn c(
    name: &'static str,
    short: &'static str,
    room: &'static str,
    area: Area,
    hours: [u16; 12],
) -> Subject {
    s(name, short, "", room, area, hours, 6)
}

/// A college's disciplines, in academic hours by course: 0 … 3 are courses 1–4 of programmers, 4 … 7 of lawyers.
#[rustfmt::skip]
pub const COLLEGE: &[Subject] = &[
    c(RUSSIAN, "Рус. яз.", "ordinary", Area::Words, [2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]),
    c("Литература", "Лит-ра", "ordinary", Area::Words, [4, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]),
    c("Английский язык", "Англ.", "ordinary", Area::Tongues, [2, 2, 2, 2, 4, 2, 2, 2, 0, 0, 0, 0]),
    c(MATHS, "Матем.", "ordinary", Area::Sums, [6, 4, 0, 0, 4, 2, 0, 0, 0, 0, 0, 0]),
    c("Физика", "Физика", "lab", Area::Sums, [4, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]),
    c("История России", "История", "ordinary", Area::Past, [4, 2, 0, 0, 4, 2, 0, 0, 0, 0, 0, 0]),
    c("Обществознание", "Общ.", "ordinary", Area::Past, [2, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]),
    c("Информатика", "Инф.", "computer", Area::Code, [4, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0]),
    c("Физическая культура", "Физ-ра", "gym", Area::Body, [2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0]),
    c("Основы программирования", "Прогр.", "computer", Area::Code, [0, 6, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    c("Базы данных", "БД", "computer", Area::Code, [0, 4, 6, 4, 0, 0, 0, 0, 0, 0, 0, 0]),
    c("Операционные системы", "ОС", "computer", Area::Code, [0, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    c("Разработка приложений", "Прилож.", "computer", Area::Code, [0, 0, 6, 8, 0, 0, 0, 0, 0, 0, 0, 0]),
    c("Экономика отрасли", "Экон.", "ordinary", Area::Law, [0, 2, 2, 4, 0, 4, 4, 4, 0, 0, 0, 0]),
    c("Теория государства и права", "ТГП", "ordinary", Area::Law, [0, 0, 0, 0, 2, 6, 4, 0, 0, 0, 0, 0]),
    c("Гражданское право", "Гр. право", "ordinary", Area::Law, [0, 0, 0, 0, 0, 6, 6, 6, 0, 0, 0, 0]),
    c("Трудовое право", "Тр. право", "ordinary", Area::Law, [0, 0, 0, 2, 0, 0, 6, 6, 0, 0, 0, 0]),
];
