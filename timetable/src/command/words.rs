//! Breaches, moves and places in sentences of a language, with names.

use std::time::Duration;

use timetable::problem::{Breach, Cost, Meet, Named, Rule, Solution, Subject};
use timetable::search::Move;
use timetable::search::suggest::{Cell, Chain, Reason};

use super::conflicts::{Words, wide};
use super::language::Language;

/// Most names in a list of a breach.
const MOST_NAMES: usize = 6;

impl Words<'_> {
    fn names<'a>(&self, names: impl Iterator<Item = &'a Named>) -> String {
        let mut names: Vec<&str> = names.map(|n| n.name.as_str()).collect();
        let more = names.len().saturating_sub(MOST_NAMES);
        names.truncate(MOST_NAMES);
        let text = names.join(", ");
        match more {
            0 => text,
            _ => format!("{text} {} {more}", self.pick("and more:", "и ещё")),
        }
    }

    fn price(&self, hard: bool, cost: i64) -> String {
        let sort = match hard {
            true => self.pick("hard", "обязательно"),
            false => self.pick("soft", "пожелание"),
        };
        format!("{sort} {cost}")
    }

    /// What kind of rule it is, and which one of the file.
    fn rule_name(&self, at: u32, subject: Subject) -> String {
        let constraint = &self.problem.constraints[wide(at)];
        let name = &constraint.label.name;
        match self.language {
            Language::En => format!("{}\t{name}", constraint.rule.kind()),
            Language::Ru => format!("{}\t{name}", self.said(&constraint.rule, subject)),
        }
    }

    fn subject(&self, at: u32, subject: Subject) -> String {
        let problem = self.problem;
        let rule = &problem.constraints[wide(at)].rule;
        match subject {
            Subject::Event(e) => self.event(e).to_owned(),
            Subject::Seat(e, seat) => {
                let role = problem.event(e).seats.get(wide(seat)).and_then(|s| s.role);
                match role.and_then(|r| problem.roles.get(wide(r))) {
                    Some(role) => format!("{} ({role})", self.event(e)),
                    None => self.event(e).to_owned(),
                }
            }
            // a group has no name that a person gave it, or one that says the rule and not the lessons
            Subject::Group(g) => self.events(&problem.event_groups[wide(g)].events),
            Subject::Resource(r) => self.who(r).to_owned(),
            Subject::Pair(p) => match rule {
                Rule::OrderEvents(rule) => {
                    let pair = &rule.pairs[wide(p)];
                    let (first, second) = (self.event(pair.first), self.event(pair.second));
                    format!("{first} {} {second}", self.pick("before", "раньше, чем"))
                }
                Rule::RelateEvents(rule) => {
                    let (first, second) = rule.pairs[wide(p)];
                    format!(
                        "{} {} {}",
                        self.event(first),
                        self.pick("and", "и"),
                        self.event(second)
                    )
                }
                Rule::LimitTogether(rule) => {
                    let set = rule.sets[wide(p)].iter();
                    self.names(set.map(|r| &problem.resources[wide(*r)].label))
                }
                _ => String::new(),
            },
        }
    }

    /// Why a point is broken, without whom it is about.
    fn broken(&self, breach: &Breach) -> String {
        let problem = self.problem;
        let notes = &breach.notes;
        let times = self.names(notes.times.iter().map(|t| &problem.times[wide(*t)]));
        let events = self.names(notes.events.iter().map(|e| &problem.event(*e).label));
        let people = self.names(notes.resources.iter().map(|r| &problem.resources[wide(*r)].label));
        let by = breach.deviation;
        let ru = self.language == Language::Ru;
        let count = |(found, least, most): &(i64, i64, i64)| match (ru, least == most, found < least) {
            (false, true, _) => format!("{found} instead of {least}"),
            (false, _, true) => format!("{found}, at least {least} wanted"),
            (false, _, false) => format!("{found}, at most {most} wanted"),
            (true, true, _) => format!("{found} вместо {least}"),
            (true, _, true) => format!("{found}, а нужно не меньше {least}"),
            (true, _, false) => format!("{found}, а можно не больше {most}"),
        };
        let counts: Vec<String> = notes.counts.iter().map(count).collect();
        let counts = counts.join("; ");
        match &problem.constraints[wide(breach.constraint)].rule {
            Rule::AssignTime(_) if ru => format!("без места в расписании часов: {by}"),
            Rule::AssignTime(_) => format!("{by} of its times have no place"),
            Rule::AssignResource(_) if ru => format!("без кабинета или человека часов: {by}"),
            Rule::AssignResource(_) => format!("nobody sits there for {by} of its times"),
            Rule::PreferTimes(_) if ru => format!("начинается {times}, а это не то время"),
            Rule::PreferTimes(_) => format!("starts at {times}, which is not among the good times"),
            Rule::PreferResources(_) if ru => format!("{people}: сюда не подходит"),
            Rule::PreferResources(_) => format!("{people} is not among the good ones"),
            Rule::SplitEvents(_) if counts.is_empty() && ru => {
                format!("слишком коротких или длинных частей: {by}")
            }
            Rule::SplitEvents(_) if counts.is_empty() => {
                format!("{by} of its meets are too short or too long")
            }
            Rule::SplitEvents(_) => format!("{} {counts}", self.pick("meets:", "частей:")),
            Rule::DistributeSplitEvents(rule) if ru => format!("частей длины {}: {counts}", rule.duration),
            Rule::DistributeSplitEvents(rule) => format!("meets of duration {}: {counts}", rule.duration),
            Rule::AvoidSplitAssignments(_) if ru => format!("делят между собой {people}"),
            Rule::AvoidSplitAssignments(_) => format!("shared out among {people}"),
            Rule::SpreadEvents(_) if ru => format!("начинается {counts} ({times})"),
            Rule::SpreadEvents(_) => format!("starts: {counts} ({times})"),
            Rule::LinkEvents(_) if ru => format!("{times}: не идут одновременно: {events}"),
            Rule::LinkEvents(_) => format!("{events} do not run together at {times}"),
            Rule::OrderEvents(_) => format!("{} {counts}", self.pick("times between:", "часов между ними:")),
            Rule::AvoidClashes(_) if ru => format!("{times} сразу в двух местах: {events}"),
            Rule::AvoidClashes(_) => format!("in two places at {times}: {events}"),
            Rule::AvoidUnavailableTimes(_) if ru => format!("{times} недоступно, а стоит: {events}"),
            Rule::AvoidUnavailableTimes(_) => format!("not available at {times}: {events}"),
            Rule::LimitIdleTimes(_) => format!("{} {counts} ({times})", self.pick("idle times:", "окон:")),
            Rule::ClusterBusyTimes(_) => {
                format!("{} {counts}", self.pick("busy groups of times:", "занятых дней:"))
            }
            Rule::LimitBusyTimes(_) => format!("{} {counts} ({times})", self.pick("busy times:", "уроков:")),
            Rule::LimitWorkload(_) => format!("{} {counts}", self.pick("workload:", "нагрузка:")),
            Rule::RelateEvents(_) if ru => format!("стоят не так: {times}"),
            Rule::RelateEvents(_) => format!("not so: they start at {times}"),
            Rule::LimitRunning(_) => format!("{} {counts} ({times})", self.pick("at once:", "сразу:")),
            Rule::LimitLateStarts(_) => {
                format!(
                    "{} {counts} ({times})",
                    self.pick("free times before the first:", "пусто до первого урока:")
                )
            }
            Rule::LimitTogether(_) => {
                format!(
                    "{} {counts} ({times}; {events})",
                    self.pick("together:", "вместе:")
                )
            }
            Rule::StartEarly(_) => {
                format!(
                    "{} {times}",
                    self.pick("days that begin late:", "день начинается поздно:")
                )
            }
            Rule::LimitWholeDays(_) => format!(
                "{} {counts} ({times})",
                self.pick(
                    "days with morning and afternoon:",
                    "дней и с утра, и после обеда:"
                )
            ),
            Rule::LimitPlaceChanges(_) => {
                format!(
                    "{} {counts} ({times}; {events})",
                    self.pick("changes of place:", "смен места:")
                )
            }
            Rule::WalkInTime(_) if ru => format!("не успеть перейти ({times}): {events}"),
            Rule::WalkInTime(_) => format!("no time for the way between {times}: {events}"),
        }
    }

    /// One breach: what it costs, which constraint, who or what, and why.
    pub fn breach(&self, breach: &Breach) -> String {
        let all = self.breaches(std::slice::from_ref(breach).iter());
        all.into_iter().next().unwrap_or_default()
    }

    /// The requirements among some breaches, at most so many lines and how many more there are.
    pub fn unmet(&self, all: &[Breach], most: usize) -> Vec<String> {
        let is_hard = |b: &&Breach| self.problem.constraints[wide(b.constraint)].required;
        let lines = self.breaches(all.iter().filter(is_hard));
        let more = lines.len().saturating_sub(most);
        let word = self.pick("not met:", "не выполнено:");
        let mut told: Vec<String> = lines
            .iter()
            .take(most)
            .map(|line| format!("{word} {line}"))
            .collect();
        if more > 0 {
            told.push(format!("{word} {} {more}", self.pick("and more:", "и ещё")));
        }
        told
    }

    /// What a search has reached, and when; of a search in rounds, in which.
    pub fn reached(&self, after: Duration, cost: Cost, round: Option<usize>) -> String {
        let (seconds, id) = (after.as_secs_f64(), &self.problem.id);
        let Cost { hard, soft } = cost;
        let round = round.map(|n| format!("  ({} {n})", self.pick("round", "круг")));
        let round = round.unwrap_or_default();
        match self.language {
            Language::En => format!("{seconds:8.2} s  {id}  hard {hard}  soft {soft}{round}"),
            Language::Ru => format!("{seconds:8.2} с  {id}  обязательное {hard}  пожелания {soft}{round}"),
        }
    }

    /// A line for each breach; what one rule says of several, as of the halves of a class, in one.
    pub fn breaches<'b>(&self, all: impl Iterator<Item = &'b Breach>) -> Vec<String> {
        let mut told: Vec<(&Breach, String, i64, Vec<String>)> = vec![];
        for breach in all {
            let (why, who) = (
                self.broken(breach),
                self.subject(breach.constraint, breach.subject),
            );
            let same = |t: &&mut (&Breach, String, i64, Vec<String>)| {
                t.0.constraint == breach.constraint && t.1 == why
            };
            match told.iter_mut().find(same) {
                Some((_, _, cost, people)) => {
                    *cost += breach.cost;
                    people.push(who);
                }
                None => told.push((breach, why, breach.cost, vec![who])),
            }
        }
        let line = |(breach, why, cost, people): (&Breach, String, i64, Vec<String>)| {
            let hard = self.problem.constraints[wide(breach.constraint)].required;
            format!(
                "{}\t{}\t{}: {why}",
                self.price(hard, cost),
                self.rule_name(breach.constraint, breach.subject),
                people.join(", ")
            )
        };
        told.into_iter().map(line).collect()
    }

    fn place(&self, time: Option<u32>) -> &str {
        let found = time.and_then(|t| self.problem.times.get(wide(t)));
        found.map_or(self.pick("nowhere", "нигде"), |t| t.name.as_str())
    }

    fn person(&self, who: Option<u32>) -> &str {
        let found = who.and_then(|r| self.problem.resources.get(wide(r)));
        found.map_or(self.pick("nobody", "никого"), |r| r.label.name.as_str())
    }

    /// A card at its place.
    pub fn card(&self, meet: &Meet) -> String {
        let event = self.problem.event(meet.event);
        let chosen = event.seats.iter().zip(&meet.resources);
        let chosen = chosen.filter(|(seat, _)| seat.fixed.is_none());
        let mut text = format!(
            "{}{} {}",
            event.label.name,
            self.pick(" at", ":"),
            self.place(meet.time)
        );
        for (_, who) in chosen {
            text.push_str(&format!(", {}", self.person(*who)));
        }
        text
    }

    /// A card's move.
    pub fn moved(&self, way: &Move) -> String {
        let name = &self.problem.event(way.event).label.name;
        let (from, to) = (self.place(way.from), self.place(way.to));
        let ru = self.language == Language::Ru;
        let mut text = match (way.from, way.to) {
            (None, None) if ru => format!("{name}: места не нашлось"),
            (None, None) => format!("{name} has no place"),
            (None, Some(_)) if ru => format!("{name}: новая карточка, {to}"),
            (None, Some(_)) => format!("{name} is new at {to}"),
            (Some(_), None) if ru => format!("{name}: {from} — снято, места не нашлось"),
            (Some(_), None) => format!("{name} is taken off {from} and has no place"),
            (Some(a), Some(b)) if a == b && ru => format!("{name}: {to}, как и было"),
            (Some(a), Some(b)) if a == b => format!("{name} stays at {to}"),
            _ if ru => format!("{name}: {from} → {to}"),
            _ => format!("{name} goes from {from} to {to}"),
        };
        // who sits on a card that lies nowhere is nothing to tell
        for seat in way.seats.iter().filter(|_| way.to.is_some()) {
            let to = self.person(seat.to);
            text.push_str(&match (seat.from, ru) {
                (Some(_), true) => format!(", {to} вместо {}", self.person(seat.from)),
                (Some(_), false) => format!(", with {to} instead of {}", self.person(seat.from)),
                (None, true) => format!(", {to}"),
                (None, false) => format!(", with {to}"),
            });
        }
        text
    }

    /// A place for a card: what it costs more than now, who would sit there, and a line for each rule because of which it costs.
    pub fn cell(&self, solution: &Solution, cell: &Cell, here: bool, barred: bool) -> Vec<String> {
        let (hard, soft) = (self.pick("hard", "обязательно"), self.pick("soft", "пожелания"));
        let mut text = format!(
            "{}\t{hard} {:+}\t{soft} {:+}",
            self.place(Some(cell.start)),
            cell.delta.hard,
            cell.delta.soft
        );
        let seats: Vec<&str> = cell.seats.iter().map(|s| self.person(s.who)).collect();
        text.push_str(&format!("\t{}", seats.join(", ")));
        let marks = [
            (here, self.pick("(now)", "(сейчас)")),
            (barred, self.pick("(blocked)", "(закрыто)")),
        ];
        for (_, word) in marks.iter().filter(|(wanted, _)| *wanted) {
            text.push_str(&format!("\t{word}"));
        }
        let mut lines = vec![text];
        lines.extend(self.reasons(solution, &cell.reasons));
        lines
    }

    /// That an event's fixed time gave way.
    pub fn released(&self, event: u32) -> String {
        let word = self.pick(
            "its fixed time gave way",
            "закрепление снято: этого требует новый факт",
        );
        format!("{}: {word}", self.event(event))
    }

    /// What is left unmet is not proved impossible.
    pub fn longer(&self, seconds: u64) -> String {
        let more = seconds.saturating_mul(10).max(10);
        match self.language {
            Language::En => format!("not proved impossible: a longer search may meet it (--seconds {more})"),
            Language::Ru => {
                format!(
                    "не доказано, что это невыполнимо: может помочь более долгий поиск (--seconds {more})"
                )
            }
        }
    }

    /// How many cards have moved, and what the timetable costs.
    pub fn summary(&self, moved: usize, of: u32, cost: Cost) -> String {
        match self.language {
            Language::En => format!("{moved} of {of} cards moved; cost {cost}"),
            Language::Ru => format!("переставлено карточек: {moved} из {of}; цена {cost}"),
        }
    }

    /// That a card's time is fixed.
    pub fn fixed(&self, time: u32) -> String {
        let time = self.time(time);
        match self.language {
            Language::En => format!("its time is fixed at {time}; what follows would hold if it were not"),
            Language::Ru => format!("закреплено: {time}; ниже — что было бы, если открепить"),
        }
    }

    /// A chain of moves, or that none of so many was found.
    pub fn chain(&self, found: Option<&Chain>, longest: u32) -> String {
        match (found, self.language) {
            (Some(chain), Language::En) => format!(
                "shortest chain: {} moves, hard {:+}, soft {:+}",
                chain.steps, chain.delta.hard, chain.delta.soft
            ),
            (Some(chain), Language::Ru) => format!(
                "самая короткая цепочка, перестановок: {}; обязательно {:+}, пожелания {:+}",
                chain.steps, chain.delta.hard, chain.delta.soft
            ),
            (None, Language::En) => format!("no chain of at most {longest} moves was found"),
            (None, Language::Ru) => format!("цепочки не длиннее {longest} перестановок не нашлось"),
        }
    }

    /// The reasons, those of one rule in one line with all whom it is about.
    fn reasons(&self, solution: &Solution, all: &[Reason]) -> Vec<String> {
        let mut told: Vec<(Reason, Vec<String>)> = vec![];
        for why in all {
            let who = self.subject(why.constraint, why.subject);
            match told.iter_mut().find(|t| t.0.constraint == why.constraint) {
                Some((of, people)) => {
                    of.price += why.price;
                    of.meets.extend(&why.meets);
                    people.push(who);
                }
                None => told.push((why.clone(), vec![who])),
            }
        }
        let line = |(of, people): (Reason, Vec<String>)| {
            let (at, subject, price, mut meets) = (of.constraint, of.subject, of.price, of.meets);
            meets.sort_unstable();
            meets.dedup();
            let constraint = &self.problem.constraints[wide(at)];
            let events: Vec<u32> = meets.iter().map(|m| solution.meets[wide(*m)].event).collect();
            let because = match events.is_empty() {
                true => String::new(),
                false => format!(
                    "; {} {}",
                    self.pick("because of", "мешают:"),
                    self.events(&events)
                ),
            };
            format!(
                "{}: {}: {} [{}]{because}",
                self.price(constraint.required, price),
                people.join(", "),
                self.said(&constraint.rule, subject),
                constraint.label.name
            )
        };
        told.into_iter().map(line).collect()
    }
}
