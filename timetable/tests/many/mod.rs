//! FET files of any size: each thing and each reference on a line of its own.
#![allow(dead_code, reason = "each test file uses some of it")]

/// Lists of a file, as text.
#[derive(Clone, Default)]
pub struct Fet {
    pub days: usize,
    pub hours: usize,
    pub subjects: Vec<String>,
    pub tags: Vec<String>,
    pub teachers: Vec<String>,
    pub years: Vec<String>,
    pub activities: Vec<String>,
    pub rooms: Vec<String>,
    pub time: Vec<String>,
    pub space: Vec<String>,
}

fn list(name: &str, lines: &[String]) -> String {
    let lines: String = lines.iter().map(|l| l.clone() + "\n").collect();
    format!("<{name}>\n{lines}</{name}>\n")
}

fn named(item: &str, name: &str) -> String {
    format!("<{item}><Name>{name}</Name></{item}>")
}

/// So many of one sort: «t0», «t1»…
pub fn several(item: &str, letter: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| named(item, &format!("{letter}{n}"))).collect()
}

/// A parallel «p» of so many classes «c0», «c1»…
pub fn parallel(count: usize) -> String {
    format!(
        "<Year><Name>p</Name>{}</Year>",
        several("Group", "c", count).concat()
    )
}

/// An activity with a number, and these elements inside.
pub fn activity(id: usize, inside: &str) -> String {
    format!("<Activity><Id>{id}</Id><Duration>1</Duration><Subject>s0</Subject>{inside}</Activity>")
}

/// Long lessons of the class «c0»: so many that its parallel stays one, however often the parallel itself is named (of which a
/// fifth of the hours would make a class).
pub fn long_lessons(from: usize, count: usize) -> impl Iterator<Item = String> {
    (from..from + count).map(|id| {
        format!(
            "<Activity><Id>{id}</Id><Duration>6</Duration><Subject>s0</Subject><Students>c0</Students></Activity>"
        )
    })
}

impl Fet {
    /// Three of everything, five days of six hours.
    pub fn small() -> Self {
        Self {
            days: 5,
            hours: 6,
            subjects: several("Subject", "s", 3),
            tags: several("Activity_Tag", "g", 3),
            teachers: several("Teacher", "t", 3),
            years: vec![parallel(3)],
            activities: (1..=3)
                .map(|id| activity(id, "<Teacher>t0</Teacher><Students>c0</Students>"))
                .collect(),
            rooms: several("Room", "r", 3),
            ..Self::default()
        }
    }

    pub fn text(&self) -> String {
        let mut text = "<fet version=\"6.9.0\">\n".to_owned();
        for (name, lines) in [
            ("Days_List", &several("Day", "d", self.days)),
            ("Hours_List", &several("Hour", "h", self.hours)),
            ("Subjects_List", &self.subjects),
            ("Activity_Tags_List", &self.tags),
            ("Teachers_List", &self.teachers),
            ("Students_List", &self.years),
            ("Activities_List", &self.activities),
            ("Rooms_List", &self.rooms),
            ("Time_Constraints_List", &self.time),
            ("Space_Constraints_List", &self.space),
        ] {
            text.push_str(&list(name, lines));
        }
        text + "</fet>\n"
    }
}

/// The text without the line (from 1), and without what follows it in its list.
pub fn cut_at(text: &str, line: u32) -> String {
    let line = usize::try_from(line).unwrap() - 1;
    let lines: Vec<&str> = text.lines().collect();
    let end = line
        + lines[line..]
            .iter()
            .position(|l| l.starts_with("</") && l.ends_with("_List>"))
            .unwrap();
    [&lines[..line], &lines[end..]].concat().join("\n")
}

/// The most memory that this process has had, in megabytes; zero where the system does not say.
pub fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:"));
    let number = line.and_then(|l| l.split_whitespace().nth(1));
    number.and_then(|n| n.parse::<usize>().ok()).unwrap_or(0) / 1024
}
