//! What a school wishes beyond what FET can say: few windows of teachers, and the hardest days in the middle of the week.

use std::collections::BTreeMap;

use super::{FetSchool, read};
use crate::ids::{narrow, wide};
use crate::problem::rules::limit_idle_times::LimitIdleTimes;
use crate::problem::rules::spread_events::SpreadEvents;
use crate::problem::{Constraint, CostFunction, EventGroup, Named, Rule, Scope, Span};

/// Points of difficulty that count as one: a difference of less is none.
const UNIT: u32 = 4;

/// Points of a lesson for grades 5, 6, 7, 8, 9 and 10–11 by the beginning of the subject's name (lower case); zero: the scale has
/// no figure. СанПиН 1.2.3685-21, tables 6.10 and 6.11, as in Parta's own norms.
const POINTS: [(&str, [u32; 6]); 30] = [
    ("алгебра", [0, 0, 10, 9, 7, 10]),
    ("геометри", [0, 0, 12, 10, 8, 11]),
    ("вероятность", [0, 0, 10, 9, 7, 10]),
    ("математик", [10, 13, 10, 9, 7, 10]),
    ("русск", [8, 12, 11, 7, 6, 9]),
    ("литератур", [4, 6, 4, 4, 7, 8]),
    ("английск", [9, 11, 10, 8, 9, 8]),
    ("немецк", [9, 11, 10, 8, 9, 8]),
    ("французск", [9, 11, 10, 8, 9, 8]),
    ("иностранн", [9, 11, 10, 8, 9, 8]),
    ("природоведение", [7, 8, 0, 0, 0, 0]),
    ("информатик", [4, 10, 4, 7, 7, 6]),
    ("истори", [5, 8, 6, 8, 10, 5]),
    ("обществознание", [6, 9, 9, 5, 5, 5]),
    ("географ", [7, 7, 6, 6, 5, 3]),
    ("биолог", [10, 8, 7, 7, 7, 7]),
    ("физика", [0, 0, 8, 9, 13, 12]),
    ("хими", [0, 0, 13, 10, 12, 11]),
    ("астроном", [0, 0, 0, 0, 0, 4]),
    ("эколог", [3, 3, 3, 6, 1, 3]),
    ("экономик", [0, 0, 0, 0, 11, 6]),
    ("краевед", [7, 9, 5, 5, 0, 2]),
    ("музык", [2, 1, 1, 1, 0, 0]),
    ("изо", [3, 3, 1, 3, 0, 0]),
    ("черчение", [0, 0, 0, 5, 4, 0]),
    ("труд", [4, 3, 2, 1, 4, 0]),
    ("технолог", [4, 3, 2, 1, 4, 0]),
    ("физическ", [3, 4, 2, 2, 2, 1]),
    ("физкультур", [3, 4, 2, 2, 2, 1]),
    ("об", [1, 2, 3, 3, 3, 2]),
];

impl FetSchool {
    /// Adds the wish that teachers have no gaps, at a price of one each: FET itself only knows limits.
    pub fn wish_few_gaps(&mut self) {
        let resources = self.all_of(read::TEACHER);
        let rule = LimitIdleTimes {
            time_groups: self.days().into_iter().map(|(day, _)| day).collect(),
            min: 0,
            max: 0,
        };
        let scope = Scope {
            resources,
            ..Scope::default()
        };
        self.wish(
            "few gaps",
            "teachers have no gaps",
            scope,
            Rule::LimitIdleTimes(rule),
        );
    }

    /// Whether the file itself speaks of teachers' gaps, so that fewer of them are better.
    #[must_use]
    pub fn speaks_of_gaps(&self) -> bool {
        let constraints = self.root.list("Time_Constraints_List").iter();
        let mut active = constraints.filter(|c| c.text_of("Active") != Some("false"));
        active.any(|c| c.name.starts_with("ConstraintTeacher") && c.name.contains("MaxGaps"))
    }

    /// Adds the wish that a class's hardest day is Tuesday or Wednesday, where classes and subjects are those of a Russian school:
    /// no other day has more than a day's mean of the points of difficulty (`СанПиН 1.2.3685-21`, annex: the largest load of the
    /// week on Tuesday and (or) Wednesday).
    pub fn wish_hard_days_in_the_middle(&mut self) {
        let days = self.days();
        let is_peak = |name: &str| {
            let name = name.to_lowercase();
            name.starts_with("вт") || name.starts_with("ср")
        };
        let others: Vec<u32> = days
            .iter()
            .filter(|(_, n)| !is_peak(n))
            .map(|(d, _)| *d)
            .collect();
        if others.is_empty() || others.len() == days.len() {
            return;
        }
        let count = narrow(days.len());
        for (class, units) in self.units_of_classes() {
            let mean = narrow(units.len()) / count;
            if mean == 0 {
                continue;
            }
            let group = narrow(self.problem.event_groups.len());
            self.problem.event_groups.push(EventGroup {
                label: Named {
                    id: format!("difficulty {class}"),
                    name: format!("difficulty of {class}"),
                },
                course: false,
                events: units,
            });
            let scope = Scope {
                event_groups: vec![group],
                ..Scope::default()
            };
            let limits = others.iter().map(|day| (*day, 0, mean)).collect();
            let rule = Rule::SpreadEvents(SpreadEvents { limits });
            let id = format!("peak {class}");
            self.wish(&id, "hardest in the middle of the week", scope, rule);
        }
    }

    /// For each class the events of one pupil, each as often as it has units of difficulty.
    fn units_of_classes(&self) -> BTreeMap<String, Vec<u32>> {
        let mut pupil: BTreeMap<String, u32> = BTreeMap::new();
        for who in self.all_of(read::PUPILS) {
            let name = &self.problem.resources[wide(who)].label.name;
            let class = name.split_whitespace().next().unwrap_or_default();
            pupil.entry(class.to_owned()).or_insert(who);
        }
        let subjects: Vec<&str> = self
            .root
            .list("Activities_List")
            .iter()
            .filter(|a| a.name == "Activity" && a.text_of("Active") != Some("false"))
            .map(|a| a.text_of("Subject").unwrap_or_default())
            .collect();
        let mut classes = BTreeMap::new();
        for (class, who) in pupil {
            let Some(grade) = grade(&class) else { continue };
            let mut units = vec![];
            for (at, (event, subject)) in (0..).zip(self.problem.events.iter().zip(&subjects)) {
                if event.seats.iter().any(|s| s.fixed == Some(who)) {
                    let points = (points(subject, grade) * event.duration + UNIT / 2) / UNIT;
                    units.extend(std::iter::repeat_n(at, wide(points)));
                }
            }
            classes.insert(class, units);
        }
        classes
    }

    fn all_of(&self, kind: u32) -> Vec<u32> {
        let all = (0..).zip(&self.problem.resources);
        all.filter(|(_, r)| r.kind == kind).map(|(at, _)| at).collect()
    }

    fn days(&self) -> Vec<(u32, String)> {
        let groups = (0..).zip(&self.problem.time_groups);
        let days = groups.filter(|(_, g)| g.span == Span::Day);
        days.map(|(at, g)| (at, g.label.name.clone())).collect()
    }

    fn wish(&mut self, id: &str, name: &str, scope: Scope, rule: Rule) {
        self.problem.constraints.push(Constraint {
            label: Named {
                id: id.to_owned(),
                name: name.to_owned(),
            },
            required: false,
            weight: 1,
            cost: CostFunction::Linear,
            scope,
            rule,
        });
    }
}

/// The grade of a class's name such as «7Б», from the fifth to the eleventh.
fn grade(class: &str) -> Option<u32> {
    let digits: String = class.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|g| (5..=11).contains(g))
}

/// Points of difficulty of one lesson.
fn points(subject: &str, grade: u32) -> u32 {
    let name = subject.trim().to_lowercase();
    let found = POINTS.iter().find(|(start, _)| name.starts_with(start));
    let column = wide(grade.clamp(5, 10) - 5);
    found
        .and_then(|(_, points)| points.get(column))
        .copied()
        .unwrap_or(0)
}
