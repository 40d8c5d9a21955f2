//! The parts of the page: of teachers, classes, rooms, subjects, the school, the law.

use base::{ClassId, EmployeeId, LoadId, RoomId, SubgroupId, SubjectId};
use leptos::prelude::*;
use study_core::requirement::{Kind, Sheet, Target, Term, Who, words};

use super::desk::{Desk, Subject};
use super::form::{dates, slot};
use super::{buildings, hours, lists, norms, scale, school};
use crate::t;

/// A part, by its word in the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Teachers,
    Classes,
    Rooms,
    Buildings,
    Subjects,
    School,
    Norms,
}

impl Part {
    pub const ALL: [Self; 7] = [
        Self::Teachers,
        Self::Classes,
        Self::Rooms,
        Self::Buildings,
        Self::Subjects,
        Self::School,
        Self::Norms,
    ];

    pub fn key(self) -> &'static str {
        match self {
            Self::Teachers => "teachers",
            Self::Classes => "classes",
            Self::Rooms => "rooms",
            Self::Buildings => "buildings",
            Self::Subjects => "subjects",
            Self::School => "school",
            Self::Norms => "norms",
        }
    }

    pub fn title(self, lang: base::Lang) -> &'static str {
        match self {
            Self::Teachers => t::requirement_part_teachers(lang),
            Self::Classes => t::requirement_part_classes(lang),
            Self::Rooms => t::requirement_part_rooms(lang),
            Self::Buildings => t::requirement_part_buildings(lang),
            Self::Subjects => t::requirement_part_subjects(lang),
            Self::School => t::requirement_part_school(lang),
            Self::Norms => t::requirement_part_norms(lang),
        }
    }

    pub fn draw(self, desk: Desk, of: Option<&str>) -> AnyView {
        match self {
            Self::Teachers | Self::Classes | Self::Rooms => of_people(desk, self, of),
            Self::Buildings => buildings::draw(desk),
            Self::Subjects => subjects(desk, of),
            Self::School => school::draw(desk),
            Self::Norms => norms::draw(desk),
        }
    }
}

/// Somebody who can be chosen: value and name.
type Item = (String, String);

/// A line of what is already asked: whom to choose for it, who, what.
type Line = (String, String, String);

fn items(sheet: &Sheet, part: Part) -> Vec<Item> {
    match part {
        Part::Teachers => sheet
            .teachers
            .iter()
            .map(|t| (t.id.to_string(), t.name.clone()))
            .collect(),
        Part::Classes => {
            let mut all = vec![];
            for class in &sheet.classes {
                all.push((class.id.to_string(), class.name.clone()));
                let groups = sheet.groups.iter().filter(|g| g.class == class.id);
                all.extend(groups.map(|g| (group_value(g.id), g.name.clone())));
            }
            all
        }
        Part::Rooms => sheet
            .rooms
            .iter()
            .map(|r| (r.id.to_string(), r.name.clone()))
            .collect(),
        _ => sheet
            .subjects
            .iter()
            .map(|s| (s.id.to_string(), s.name.clone()))
            .collect(),
    }
}

/// How a subgroup stands among the classes.
fn group_value(id: SubgroupId) -> String {
    format!("{GROUP}{id}")
}

const GROUP: &str = "group-";

fn choose(desk: Desk, label: &'static str, items: &[Item], chosen: RwSignal<String>) -> AnyView {
    let options = items.iter().map(|(value, name)| {
        let mine = value.clone();
        view! { <option value=value.clone() selected=chosen.get_untracked() == *value prop:selected=move || chosen.get() == mine>{name.clone()}</option> }
    });
    let change = move |event| {
        // what was painted for a time is painted for that person only
        desk.term.set(Term::ALWAYS);
        chosen.set(event_target_value(&event));
    };
    view! {
        <div class="field rq-choose"><label for="rq-of">{label}</label>
            <select class="select" id="rq-of" on:change=change>{options.collect_view()}</select></div>
    }
    .into_any()
}

fn first(items: &[Item], of: Option<&str>) -> RwSignal<String> {
    let wanted = items.iter().find(|(value, _)| Some(value.as_str()) == of);
    let found = wanted.or_else(|| items.first());
    RwSignal::new(found.map(|(value, _)| value.clone()).unwrap_or_default())
}

/// Teachers, classes, rooms: one is chosen, their week is painted, their rows stand below.
fn of_people(desk: Desk, part: Part, of: Option<&str>) -> AnyView {
    let lang = desk.lang;
    let items = desk.sheet.with_untracked(|s| items(s, part));
    if items.is_empty() {
        let text = if desk.may_edit() {
            t::requirement_empty_text(lang)
        } else {
            t::requirement_empty_read(lang)
        };
        return view! { <kit::Empty title=t::requirement_empty(lang) text=text/> }.into_any();
    }
    let chosen = first(&items, of);
    let label = match part {
        Part::Teachers => t::requirement_choose_teacher(lang),
        Part::Classes => t::requirement_choose_class(lang),
        _ => t::requirement_choose_room(lang),
    };
    let names = StoredValue::new(items.clone());
    let one = move || {
        let value = chosen.get();
        let name = names.with_value(|all| all.iter().find(|(v, _)| *v == value).map(|(_, n)| n.clone()));
        name.map(|name| somebody(desk, part, &value, &name))
    };
    view! {
        {choose(desk, label, &items, chosen)}
        {one}
        {asked(desk, part, chosen)}
    }
    .into_any()
}

fn somebody(desk: Desk, part: Part, value: &str, name: &str) -> AnyView {
    let group = value.strip_prefix(GROUP);
    let Ok(id) = group.unwrap_or(value).parse::<i64>() else {
        return ().into_any();
    };
    let (who, kinds): (Who, &[Kind]) = match part {
        Part::Teachers => (
            Who::Teacher(EmployeeId(id)),
            &[
                Kind::TeacherFreeDay,
                Kind::TeacherDays,
                Kind::TeacherDaysLeast,
                Kind::TeacherLessons,
                Kind::TeacherLeast,
                Kind::TeacherInRow,
                Kind::TeacherWindows,
                Kind::TeacherWindowsWeek,
                Kind::TeacherMoves,
            ],
        ),
        Part::Classes if group.is_some() => (Who::Group(SubgroupId(id)), &[]),
        Part::Classes => (
            Who::Class(ClassId(id)),
            &[
                Kind::ClassLessons,
                Kind::ClassLeast,
                Kind::ClassDaysLeast,
                Kind::ClassWindows,
                Kind::PointsADay,
                Kind::ClassMoves,
            ],
        ),
        _ => (Who::Room(RoomId(id)), &[]),
    };
    let target = match who {
        Who::Teacher(id) => Target::Teacher(id),
        Who::Class(id) => Target::Class(id),
        Who::Group(_) | Who::Room(_) | Who::Subject(_) | Who::Load(_) => Target::School,
    };
    let home = match who {
        Who::Class(class) => Some(home_room(desk, class)),
        _ => None,
    };
    let rows = kinds
        .iter()
        .map(|kind| slot(desk, *kind, target, None))
        .collect_view();
    let any = !kinds.is_empty();
    view! {
        {hours::week(desk, who, name)}
        {any.then(|| view! { <section class="card stack" aria-label=t::requirement_rows_of(desk.lang, name)>{home}{rows}</section> })}
    }
    .into_any()
}

fn home_room(desk: Desk, class: ClassId) -> AnyView {
    let lang = desk.lang;
    let now = Memo::new(move |_| {
        desk.sheet
            .with(|s| s.classes.iter().find(|c| c.id == class).and_then(|c| c.home_room))
    });
    let sheet = desk.sheet.get_untracked();
    let title = view! { <p class="rq-title"><b>{t::requirement_home_room(lang)}</b> <span class="muted small">{t::requirement_home_room_hint(lang)}</span></p> };
    if !desk.may_edit() {
        let name = now.get_untracked().map_or_else(
            || t::requirement_nothing(lang).to_owned(),
            |id| sheet.room_name(id).to_owned(),
        );
        return view! { <div class="rq-slot">{title}<p>{name}</p></div> }.into_any();
    }
    let change = move |event| {
        let room = event_target_value(&event).parse::<RoomId>().ok();
        desk.home_room(class, now.get_untracked(), room);
    };
    let options = sheet.rooms.iter().map(|room| {
        let id = room.id;
        view! { <option value=id.to_string() selected=now.get_untracked() == Some(id) prop:selected=move || now.get() == Some(id)>{room.name.clone()}</option> }
    });
    view! {
        <div class="rq-slot">
            {title}
            <div class="rq-form">
                <select class="select" aria-label=t::requirement_home_room(lang) disabled=move || desk.busy.get() on:change=change>
                    <option value="" selected=now.get_untracked().is_none() prop:selected=move || now.get().is_none()>{t::requirement_not_set(lang)}</option>
                    {options.collect_view()}
                </select>
            </div>
            <kit::ErrorBanner error=desk.error_of(Subject::HomeRoom(class))/>
        </div>
    }
    .into_any()
}

/// Subjects, and loads of them that ask for something else.
fn subjects(desk: Desk, of: Option<&str>) -> AnyView {
    let lang = desk.lang;
    let items = desk.sheet.with_untracked(|s| items(s, Part::Subjects));
    if items.is_empty() {
        return view! { <kit::Empty title=t::requirement_empty(lang) text=t::requirement_empty_text(lang)/> }
            .into_any();
    }
    let chosen = first(&items, of);
    let one = move || {
        let subject = SubjectId(chosen.get().parse().unwrap_or(0));
        subject_of(desk, subject)
    };
    view! {
        {choose(desk, t::requirement_choose_subject(lang), &items, chosen)}
        {one}
        {scale::pointless(desk)}
        {asked(desk, Part::Subjects, chosen)}
        {lists::draw(desk)}
    }
    .into_any()
}

fn subject_of(desk: Desk, subject: SubjectId) -> AnyView {
    let lang = desk.lang;
    let sheet = desk.sheet.get_untracked();
    let load = RwSignal::new(None::<LoadId>);
    let subject_name = sheet.subjects.iter().find(|s| s.id == subject);
    let subject_name = subject_name.map_or_else(|| "—".to_owned(), |s| s.name.clone());
    let week = move || match load.get() {
        Some(id) => hours::week(
            desk,
            Who::Load(id),
            &desk.sheet.with_untracked(|s| s.load_name(id)),
        ),
        None => hours::week(desk, Who::Subject(subject), &subject_name),
    };
    let loads: Vec<_> = sheet
        .loads
        .iter()
        .filter(|l| l.subject == subject)
        .cloned()
        .collect();
    let options = loads
        .iter()
        .map(|l| view! { <option value=l.id.to_string()>{l.name.clone()}</option> })
        .collect_view();
    let change = move |event| {
        // what was painted for a time is painted for that load only
        desk.term.set(Term::ALWAYS);
        load.set(event_target_value(&event).parse().ok());
    };
    let kept = StoredValue::new(loads);
    let rows = move || {
        let target = load.get().map_or(Target::Subject(subject), Target::Load);
        let from_file = load.get().and_then(|id| {
            let sheet = desk.sheet.get_untracked();
            kept.with_value(|all| all.iter().find(|l| l.id == id).cloned())
                .and_then(|l| {
                    let names: Vec<String> = l
                        .room_kind
                        .into_iter()
                        .chain(l.rooms.iter().map(|r| sheet.room_name(*r).to_owned()))
                        .collect();
                    (!names.is_empty()).then(|| t::requirement_from_file(lang, names.join(", ")))
                })
        });
        view! {
            {from_file.map(|words| view! { <p class="muted small">{words}</p> })}
            {slot(desk, Kind::SubjectDay, target, None)}
            {slot(desk, Kind::SubjectFrom, target, None)}
            {slot(desk, Kind::SubjectTo, target, None)}
            {slot(desk, Kind::EndsDay, target, None)}
            {slot(desk, Kind::Rooms, target, None)}
            {slot(desk, Kind::RoomsAtMost, target, None)}
            {slot(desk, Kind::SameRoom, target, None)}
            {slot(desk, Kind::Spread, target, None)}
            {slot(desk, Kind::Doubles, target, None)}
            {slot(desk, Kind::Extracurricular, target, None)}
            {slot(desk, Kind::MuchHomework, target, None)}
            {load.get().map(|load| super::pairs::draw(desk, load))}
        }
    };
    view! {
        <section class="card stack">
            {scale::draw(desk, subject)}
            <div class="field"><label for="rq-load">{t::requirement_for_whom(lang)}</label>
                <select class="select" id="rq-load" on:change=change>
                    <option value="">{t::requirement_all_loads(lang)}</option>
                    {options}
                </select></div>
            {rows}
        </section>
        {week}
    }
    .into_any()
}

/// What is already asked of a part, one line each.
fn lines(desk: Desk, sheet: &Sheet, part: Part) -> Vec<Line> {
    let lang = desk.lang;
    let mut lines: Vec<Line> = vec![];
    let name = |items: &[Item], value: &str| items.iter().find(|(v, _)| v == value).map(|(_, n)| n.clone());
    let all = items(sheet, part);
    for row in &sheet.hours {
        let value = match (part, row.who) {
            (Part::Teachers, Who::Teacher(id)) => id.to_string(),
            (Part::Classes, Who::Class(id)) => id.to_string(),
            (Part::Classes, Who::Group(id)) => group_value(id),
            (Part::Rooms, Who::Room(id)) => id.to_string(),
            (Part::Subjects, Who::Subject(id)) => id.to_string(),
            (Part::Subjects, Who::Load(id)) => match sheet.loads.iter().find(|l| l.id == id) {
                Some(load) => load.subject.to_string(),
                None => continue,
            },
            _ => continue,
        };
        let full = match row.who {
            Who::Load(id) => Some(sheet.load_name(id)),
            _ => name(&all, &value),
        };
        if let Some(name) = full {
            lines.push((value, name, words::hours(lang, sheet, &row.hours)));
        }
    }
    for row in &sheet.rows {
        let load = |id: LoadId| sheet.loads.iter().find(|l| l.id == id);
        let (value, of) = match (part, row.terms.target) {
            (Part::Teachers, Target::Teacher(id)) => (id.to_string(), None),
            (Part::Classes, Target::Class(id)) => (id.to_string(), None),
            (Part::Subjects, Target::Subject(id)) => (id.to_string(), None),
            (Part::Subjects, Target::Load(id)) => match load(id) {
                Some(load) => (load.subject.to_string(), Some(load.name.clone())),
                None => continue,
            },
            // the sentence names both
            (Part::Subjects, Target::Pair(id, _)) => match load(id) {
                Some(load) => (load.subject.to_string(), None),
                None => continue,
            },
            _ => continue,
        };
        let Some(name) = name(&all, &value) else { continue };
        let name = of.map_or(name.clone(), |of| format!("{name}, {of}"));
        let mut said = words::sentence(lang, sheet, &row.terms);
        if let Some(dates) = dates(desk, &row.terms) {
            said = format!("{said} · {dates}");
        }
        lines.push((value, name, said));
    }
    lines.sort_by(|a, b| a.1.cmp(&b.1));
    lines
}

fn asked(desk: Desk, part: Part, chosen: RwSignal<String>) -> AnyView {
    let lang = desk.lang;
    let lines = Memo::new(move |_| desk.sheet.with(|s| lines(desk, s, part)));
    let line = move |(value, name, said): Line| {
        let go = move |_| {
            desk.term.set(Term::ALWAYS);
            chosen.set(value.clone());
            let choice = web_sys::window()
                .and_then(|w| w.document())
                .and_then(|d| d.get_element_by_id("rq-of"));
            if let Some(choice) = choice {
                choice.scroll_into_view();
            }
        };
        view! { <li class="rq-line"><button type="button" class="rq-who" on:click=go>{name}</button><span>{said}</span></li> }
    };
    let list = move || {
        let lines = lines.get();
        if lines.is_empty() {
            return view! { <p class="muted">{t::requirement_asked_none(lang)}</p> }.into_any();
        }
        view! {
            <section class="stack" aria-labelledby="rq-asked">
                <h2 id="rq-asked">{t::requirement_asked(lang)} " " <span class="count">{lines.len()}</span></h2>
                <ul class="list card card-flush">{lines.into_iter().map(line).collect_view()}</ul>
            </section>
        }
        .into_any()
    };
    list.into_any()
}
