//! One lesson of the day: who gives it.

use base::{EmployeeId, Lang, LessonId};
use classbook_core::substitution::{Act, Candidate, Day, Line, Wish};
use leptos::prelude::*;

use super::api;
use super::day_page::Desk;
use crate::t;

fn option(c: &Candidate<'_>, chosen: Option<EmployeeId>, lang: Lang) -> AnyView {
    let id = c.person.employee;
    let name = c.person.name.clone();
    let words = match c.busy {
        Some(what) => t::substitution_busy_with(lang, name, what),
        None => name,
    };
    view! { <option value=id.to_string() selected=Some(id) == chosen>{words}</option> }.into_any()
}

/// Who could give it, in groups: free and of the subject, free, busy.
fn options(day: &Day, line: &Line, lang: Lang) -> AnyView {
    let all = day.candidates(line);
    let chosen = line.substitute.as_ref().map(|(id, _)| *id);
    let group = |title: &'static str, of: fn(&Candidate<'_>) -> bool| {
        let some: Vec<AnyView> = all
            .iter()
            .filter(|c| of(c))
            .map(|c| option(c, chosen, lang))
            .collect();
        (!some.is_empty()).then(|| view! { <optgroup label=title>{some}</optgroup> })
    };
    // whoever stands in and is not offered any more is named all the same
    let gone = line
        .substitute
        .clone()
        .filter(|(id, _)| all.iter().all(|c| c.person.employee != *id));
    view! {
        <option value="" selected=chosen.is_none()>{t::substitution_nobody(lang)}</option>
        {gone.map(|(id, name)| view! { <option value=id.to_string() selected=true>{name}</option> })}
        {group(t::substitution_of_subject(lang), |c| c.busy.is_none() && c.of_subject)}
        {group(t::substitution_free(lang), |c| c.busy.is_none() && !c.of_subject)}
        {group(t::substitution_busy(lang), |c| c.busy.is_some())}
    }
    .into_any()
}

/// The choice of who gives a lesson; nothing is saved by it yet.
fn choice(desk: Desk, day: &Day, line: &Line, name: &str) -> AnyView {
    let lang = desk.lang;
    let id = line.lesson;
    let was = line.substitute.as_ref().map(|(id, _)| *id);
    let choose = move |e: web_sys::Event| {
        let to = event_target_value(&e).parse::<EmployeeId>().ok();
        desk.choose(Wish { lesson: id, to, was });
    };
    let field = field_of(id);
    view! {
        <div class="field">
            <label for=field.clone()>{t::substitution_who(lang)}</label>
            <select id=field class="select" autocomplete="off" aria-label=t::substitution_who_label(lang, name) on:change=choose>{options(day, line, lang)}</select>
        </div>
    }
    .into_any()
}

fn field_of(lesson: LessonId) -> String {
    format!("substitute-{lesson}")
}

/// A lesson with who gives it.
pub(super) fn line(desk: Desk, day: &Day, line: &Line) -> AnyView {
    let lang = desk.lang;
    let name = format!("{}. {}, {}", line.slot + 1, line.title, line.audience);
    let closed = if line.locked {
        Some(t::substitution_locked(lang))
    } else {
        line.off.then(|| t::substitution_off(lang))
    };
    let stands_in = line
        .substitute
        .clone()
        .map(|(_, who)| view! { " "<b>{t::substitution_is(lang, who)}</b> });
    let end = line.substitute.as_ref().filter(|_| !line.locked).map(|(was, _)| {
        let wish = Wish {
            lesson: line.lesson,
            to: None,
            was: Some(*was),
        };
        let end = move |_| {
            let act = Act {
                wishes: vec![wish],
                ..Act::default()
            };
            desk.act(api::give(act), t::substitution_ended(lang));
        };
        let label = t::substitution_end_label(lang, &name);
        view! { <button class="btn btn-small" type="button" aria-label=label on:click=end>{t::substitution_end(lang)}</button> }
    });
    let why = line
        .reason
        .clone()
        .map(|r| view! { <p class="small">{t::substitution_because(lang, r)}</p> });
    let choice = closed.is_none().then(|| choice(desk, day, line, &name));
    view! {
        <li class="card stack stack-s" data-changed=line.substitute.is_some().then_some("")>
            <div class="card-head"><div>{name.clone()}{stands_in}" "<small class="muted">{line.teachers.clone()}</small></div>{end}</div>
            {why}
            {closed.map(|words| view! { <p class="small muted">{words}</p> })}
            {choice}
        </li>
    }
    .into_any()
}
