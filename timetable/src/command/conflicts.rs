//! What collides, in English or Russian, with names.

use timetable::problem::{Problem, Rule, Subject};
use timetable::search::explain::{Conflict, Requirement, Why};

use super::language::{Language, needed_lessons, needed_windows};

/// Most names in one list.
const MOST_NAMES: usize = 8;

/// Sentences about a problem.
pub struct Words<'a> {
    pub problem: &'a Problem,
    pub language: Language,
}

/// The name of an event without the number of its activity, "Русский 5А [12]": a course has many.
pub(super) fn course(name: &str) -> &str {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    name.strip_suffix(']')
        .and_then(|rest| rest.rsplit_once(" ["))
        .filter(|(_, inside)| number(inside))
        .map_or(name, |(course, _)| course)
}

pub(super) fn wide(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

impl Words<'_> {
    pub(super) fn pick<'t>(&self, english: &'t str, russian: &'t str) -> &'t str {
        match self.language {
            Language::En => english,
            Language::Ru => russian,
        }
    }

    pub(super) fn list(&self, names: Vec<&str>) -> String {
        let more = names.len().saturating_sub(MOST_NAMES);
        let text = names[..names.len() - more].join(", ");
        match more {
            0 => text,
            _ => format!("{text} {} {more}", self.pick("and more:", "и ещё")),
        }
    }

    pub(super) fn event(&self, at: u32) -> &str {
        &self.problem.event(at).label.name
    }

    pub(super) fn who(&self, at: u32) -> &str {
        &self.problem.resources[wide(at)].label.name
    }

    pub(super) fn time(&self, at: u32) -> &str {
        &self.problem.times[wide(at)].name
    }

    pub(super) fn events(&self, all: &[u32]) -> String {
        let mut once: Vec<&str> = vec![];
        for event in all {
            let course = course(self.event(*event));
            if !once.contains(&course) {
                once.push(course);
            }
        }
        self.list(once)
    }

    fn people(&self, all: &[u32]) -> String {
        self.list(all.iter().map(|r| self.who(*r)).collect())
    }

    /// A conflict: what cannot be, what it follows from, what would help.
    pub fn conflict(&self, conflict: &Conflict) -> Vec<String> {
        let mut lines = vec![self.why(&conflict.why, conflict.lack)];
        let cards: Vec<u32> = conflict
            .requirements
            .iter()
            .filter_map(|r| r.card(self.problem))
            .collect();
        if !cards.is_empty() {
            let word = self.pick("lessons", "уроки");
            lines.push(format!("{word} ({}): {}", cards.len(), self.events(&cards)));
        }
        lines.extend(self.rules(conflict));
        let help = match conflict.loosen.first() {
            Some(best) => format!(
                "{} {}",
                self.pick(
                    "would help most to loosen:",
                    "больше всего поможет уступить здесь:"
                ),
                self.requirement(*best)
            ),
            None => format!(
                "{} {}",
                self.pick("lessons that must go:", "уроков придётся убрать:"),
                conflict.lack
            ),
        };
        lines.push(help);
        if !conflict.minimal {
            let cut = self.pick(
                "not everything needless was left out: --steps was used up",
                "лишнее убрано не до конца: исчерпано --steps",
            );
            lines.push(cut.to_owned());
        }
        lines
    }

    /// The requirements that are neither lessons nor nature, those of one constraint about events in one line.
    fn rules(&self, conflict: &Conflict) -> Vec<String> {
        let mut lines = vec![];
        let mut told: Vec<(u32, Vec<u32>)> = vec![];
        for requirement in &conflict.requirements {
            if requirement.is_nature(self.problem) || requirement.card(self.problem).is_some() {
                continue;
            }
            match requirement {
                Requirement::Point(at, Subject::Event(event) | Subject::Seat(event, _)) => {
                    match told.iter_mut().find(|t| t.0 == *at) {
                        Some((_, events)) => events.push(*event),
                        None => told.push((*at, vec![*event])),
                    }
                }
                other => lines.push(self.requirement(*other)),
            }
        }
        let chosen = |event: &u32| {
            told.iter().any(|(at, events)| {
                let rule = &self.problem.constraints[wide(*at)].rule;
                matches!(rule, Rule::PreferResources(_)) && events.contains(event)
            })
        };
        for (at, events) in &told {
            let constraint = &self.problem.constraints[wide(*at)];
            // That a room is needed goes without saying where it is said which.
            if matches!(constraint.rule, Rule::AssignResource(_)) && events.iter().all(chosen) {
                continue;
            }
            let said = self.said(&constraint.rule, Subject::Event(events[0]));
            lines.push(format!(
                "{}: {said} [{}]",
                self.events(events),
                constraint.label.name
            ));
        }
        lines
    }

    fn why(&self, why: &Why, lack: u32) -> String {
        let lacking = |text: String| match lack {
            0 | 1 => text,
            _ => format!(
                "{text}; {} {lack}",
                self.pick("lacking in all:", "всего не хватает:")
            ),
        };
        let ru = self.language == Language::Ru;
        match why {
            Why::Nowhere { event } if ru => format!("«{}» некуда поставить", self.event(*event)),
            Why::Nowhere { event } => format!("{} cannot start anywhere", self.event(*event)),
            Why::Clash {
                resource,
                time,
                events,
            } => {
                let (who, time, events) = (self.who(*resource), self.time(*time), self.events(events));
                if ru {
                    format!("{who}: {time} сразу два урока, которые больше некуда поставить: {events}")
                } else {
                    format!("{who} is needed at {time} by two lessons that cannot be elsewhere: {events}")
                }
            }
            Why::Together { events, resource } => {
                let events = self.events(events);
                match (resource, ru) {
                    (Some(who), true) => format!(
                        "{events} должны идти одновременно, но всем нужен {}",
                        self.who(*who)
                    ),
                    (Some(who), false) => {
                        format!("{events} must run at once, and all need {}", self.who(*who))
                    }
                    (None, true) => format!("{events} должны идти одновременно, но разной длины"),
                    (None, false) => format!("{events} must run at once, but differ in length"),
                }
            }
            Why::Times {
                resource,
                needed,
                available,
            } => {
                let who = self.who(*resource);
                lacking(if ru {
                    format!("{who}: {}, помещается {available}", needed_lessons(*needed))
                } else {
                    format!("{who} needs {needed} times, and {available} can be given")
                })
            }
            Why::Days { resource, allowed } => {
                let who = self.who(*resource);
                if ru {
                    format!("{who}: за {allowed} дн. уроки не разместить")
                } else {
                    format!("{who} may be busy on {allowed} days, and the lessons do not fit into so many")
                }
            }
            Why::Gaps { resource, allowed } => {
                let who = self.who(*resource);
                if ru {
                    format!("{who}: {}", needed_windows(*allowed))
                } else {
                    format!("{who} may have {allowed} gaps, and more cannot be avoided")
                }
            }
            Why::TooLittle {
                resource,
                needed,
                available,
            } => {
                let who = self.who(*resource);
                if ru {
                    format!("{who}: требуется не меньше {needed}, а выйдет не больше {available}")
                } else {
                    format!("{who} must be busy for at least {needed}, and at most {available} can be")
                }
            }
            Why::Work {
                resource,
                needed,
                available,
            } => {
                let who = self.who(*resource);
                if ru {
                    format!("{who}: нагрузка {needed} при разрешённых {available}")
                } else {
                    format!("{who} has work of {needed}, and {available} is allowed")
                }
            }
            Why::Rooms {
                resources,
                needed,
                available,
            } => {
                let rooms = self.people(resources);
                lacking(if ru {
                    let needed = needed_lessons(*needed);
                    format!("кабинетов не хватает ({rooms}): {needed}, помещается {available}")
                } else {
                    format!(
                        "too few of these: {rooms}; {needed} times are needed, and {available} can be given"
                    )
                })
            }
            Why::NoRoom { event } => {
                let (event, more) = (self.event(*event), lack.saturating_sub(1));
                match (ru, more) {
                    (true, 0) => format!("для «{event}» нет подходящего кабинета"),
                    (true, _) => format!("для «{event}» (и ещё уроков: {more}) нет подходящего кабинета"),
                    (false, 0) => format!("nothing suits {event}"),
                    (false, _) => format!("nothing suits {event}, nor {more} other lessons"),
                }
            }
            Why::Spread {
                group,
                needed,
                available,
            } => {
                let events = self.events(&self.problem.event_groups[wide(*group)].events);
                if ru {
                    format!("{events}: разнести нужно {needed}, получается {available}")
                } else {
                    format!("{events}: {needed} must be spread, and {available} find a place")
                }
            }
            Why::Related {
                events: [first, second],
            } => {
                let (first, second) = (self.event(*first), self.event(*second));
                if ru {
                    format!("«{first}» и «{second}» не могут стоять так, как требуется")
                } else {
                    format!("{first} and {second} cannot lie to one another as demanded")
                }
            }
            Why::Partners { events } => {
                let events = self.events(events);
                if ru {
                    format!("{events}: не каждому находится пара, которая стояла бы как требуется")
                } else {
                    format!("{events}: not each finds a partner that lies to it as demanded")
                }
            }
            Why::Way { resource, events } => {
                let (who, events) = (self.who(*resource), self.events(events));
                if ru {
                    format!("{who}: не успеть на дорогу между уроками, как их ни ставь: {events}")
                } else {
                    format!("{who} has no time for the way between these, wherever they lie: {events}")
                }
            }
            Why::Places { resource, allowed } => {
                let who = self.who(*resource);
                if ru {
                    format!("{who}: переходов будет больше, чем разрешено ({allowed})")
                } else {
                    format!("{who} changes place more often than the {allowed} allowed")
                }
            }
            Why::Early {
                resource,
                needed,
                available,
            } => {
                let who = self.who(*resource);
                if ru {
                    format!("{who}: дней с уроками {needed}, а начаться вовремя могут {available}")
                } else {
                    format!("{who} has lessons on {needed} days, and {available} of them can begin in time")
                }
            }
            Why::Order {
                events: [first, second],
            } => {
                let (first, second) = (self.event(*first), self.event(*second));
                if ru {
                    format!("«{second}» не может следовать за «{first}»")
                } else {
                    format!("{second} cannot follow {first}")
                }
            }
        }
    }

    /// A requirement with the name of its constraint.
    pub fn requirement(&self, requirement: Requirement) -> String {
        match requirement {
            Requirement::Lock(event) => {
                let time = self.problem.event(event).time.map_or("", |t| self.time(t));
                format!(
                    "{}: {} {time}",
                    self.event(event),
                    self.pick("is fixed at", "закреплено на")
                )
            }
            Requirement::Point(at, subject) => {
                let constraint = &self.problem.constraints[wide(at)];
                let said = self.rule(&constraint.rule, subject);
                format!("{said} [{}]", constraint.label.name)
            }
        }
    }

    fn bounds(&self, min: u32, max: u32) -> String {
        let (least, most) = (
            self.pick("at least", "не меньше"),
            self.pick("at most", "не больше"),
        );
        // a limit beyond any school's is none
        match (min, max) {
            (0, max) => format!("{most} {max}"),
            (min, 10_000..) => format!("{least} {min}"),
            (min, max) => format!("{least} {min}, {most} {max}"),
        }
    }

    fn rule(&self, rule: &Rule, subject: Subject) -> String {
        let name = match subject {
            Subject::Event(e) | Subject::Seat(e, _) => self.event(e).to_owned(),
            Subject::Group(g) => self.events(&self.problem.event_groups[wide(g)].events),
            Subject::Resource(r) => self.who(r).to_owned(),
            Subject::Pair(_) => return self.said(rule, subject),
        };
        format!("{name}: {}", self.said(rule, subject))
    }

    /// What a rule says of its subject.
    pub(super) fn said(&self, rule: &Rule, subject: Subject) -> String {
        let ru = self.language == Language::Ru;
        match rule {
            Rule::AssignTime(_) => self.pick("takes place", "проводится").to_owned(),
            Rule::AssignResource(_) => self
                .pick("needs a room or person", "нужен кабинет или человек")
                .to_owned(),
            Rule::PreferTimes(rule) => {
                let groups = rule.time_groups.iter();
                let grouped = groups.flat_map(|g| self.problem.time_groups[wide(*g)].times.iter().copied());
                let mut times: Vec<u32> = grouped.chain(rule.times.iter().copied()).collect();
                times.sort_unstable();
                times.dedup();
                format!(
                    "{} {}",
                    self.pick("starts at one of:", "начинается только:"),
                    self.times(&times)
                )
            }
            Rule::PreferResources(rule) => {
                format!(
                    "{} {}",
                    self.pick("only in:", "только:"),
                    self.people(&rule.good(self.problem))
                )
            }
            Rule::SplitEvents(_) | Rule::DistributeSplitEvents(_) => self
                .pick("in pieces of certain lengths", "деление на части")
                .to_owned(),
            Rule::AvoidSplitAssignments(rule) if rule.max > 1 => {
                self.counted("different ones:", "разных:", 0, rule.max)
            }
            Rule::AvoidSplitAssignments(_) => {
                self.pick("the same throughout", "везде одно и то же").to_owned()
            }
            Rule::SpreadEvents(rule) => {
                let most = rule.limits.iter().map(|l| l.2).min().unwrap_or(0);
                match (self.days_in(rule), ru) {
                    (Some(1), true) => format!("не больше {most} в день"),
                    (Some(1), false) => format!("at most {most} a day"),
                    (Some(days), true) => format!("не больше {most} за {days} дн. подряд"),
                    (Some(days), false) => format!("at most {most} in {days} days in a row"),
                    (None, true) => format!("не больше {most} за часть недели"),
                    (None, false) => format!("at most {most} in each of some parts of the week"),
                }
            }
            Rule::LinkEvents(_) => self.pick("run at once", "идут одновременно").to_owned(),
            Rule::OrderEvents(rule) => match subject {
                Subject::Pair(pair) => match rule.pairs.get(wide(pair)) {
                    Some(pair) => {
                        let (first, second) = (self.event(pair.first), self.event(pair.second));
                        format!("{first} {} {second}", self.pick("before", "раньше, чем"))
                    }
                    None => String::new(),
                },
                _ => String::new(),
            },
            Rule::RelateEvents(_) | Rule::LimitRunning(_) | Rule::LimitTogether(_) => self
                .pick("lie so to one another", "расположены так друг к другу")
                .to_owned(),
            Rule::LimitLateStarts(rule) => self.counted(
                "free before the first lesson:",
                "пусто до первого урока:",
                0,
                rule.max,
            ),
            Rule::AvoidClashes(_) => self
                .pick("is in one place at a time", "не в двух местах сразу")
                .to_owned(),
            Rule::AvoidUnavailableTimes(rule) => {
                let times = self.times(&rule.avoided(self.problem));
                format!("{} {times}", self.pick("is not available at:", "недоступно:"))
            }
            Rule::LimitIdleTimes(rule) => self.counted("gaps:", "окна:", rule.min, rule.max),
            Rule::ClusterBusyTimes(rule) => {
                let days = rule.time_groups.len();
                let bounds = self.bounds(rule.min, rule.max);
                if ru {
                    format!("занятые дни (из {days}): {bounds}")
                } else {
                    format!("busy days (of {days}): {bounds}")
                }
            }
            Rule::LimitBusyTimes(rule) => {
                self.counted("lessons a day:", "уроков в день:", rule.min, rule.max)
            }
            Rule::StartEarly(_) => self
                .pick(
                    "days begin with the first lesson",
                    "день начинается с первого урока",
                )
                .to_owned(),
            Rule::LimitWholeDays(rule) => self.counted(
                "days with morning and afternoon:",
                "дни и с утра, и после обеда:",
                0,
                rule.max,
            ),
            Rule::LimitPlaceChanges(rule) => self.counted("changes of place:", "смены места:", 0, rule.max),
            Rule::WalkInTime(_) => self
                .pick(
                    "gets from place to place in time",
                    "успевает перейти с места на место",
                )
                .to_owned(),
            Rule::LimitWorkload(rule) => self.counted("work:", "нагрузка:", rule.min, rule.max),
        }
    }

    fn counted(&self, english: &'static str, russian: &'static str, min: u32, max: u32) -> String {
        format!("{} {}", self.pick(english, russian), self.bounds(min, max))
    }
}
