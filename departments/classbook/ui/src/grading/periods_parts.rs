//! Parts of the page of periods: questions of teachers, systems of grades, holidays.

use classbook_core::grading::periods::{
    Assignment, ClassSystem, Holiday, HolidayTerms, Locking, Request, SystemId,
};
use classbook_core::grading::rules::GRADES;
use leptos::html;
use leptos::prelude::*;

use super::periods_page::{About, Desk, day, part_name, span_of};
use super::{api, fallen};
use crate::t;

/// For how many hours a journal may be opened.
const CHOICES: [i16; 4] = [4, 24, 72, 168];

/// The questions: those that wait with an answer to give, the others with theirs.
pub fn requests(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let list = move || {
        let all = desk.calendar.with(|c| c.requests.clone());
        (!all.is_empty()).then(|| {
            view! {
                <section class="card stack" aria-labelledby="pr-requests">
                    <h2 id="pr-requests">{t::periods_requests(lang)}</h2>
                    <ul class="stack pr-parts">{all.into_iter().map(|r| request(desk, r)).collect_view()}</ul>
                </section>
            }
        })
    };
    list.into_any()
}

/// What was closed and opened, by whom and why: a reason stays to be read when the period is open again.
pub fn lockings(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let line = move |l: Locking| {
        let place = match l.number {
            Some(number) => part_name(&l.kind, number, lang),
            None => t::periods_year_marks(lang).to_owned(),
        };
        let name = format!("{place} ({})", l.system);
        let what = if l.closed {
            t::periods_locking_closed(lang, name)
        } else {
            t::periods_locking_opened(lang, name)
        };
        let day = kit::date::full(l.at.date(), lang);
        let when = format!("{day}, {}", kit::date::clock(l.at.time()));
        let who = [when, l.by].into_iter().filter(|words| !words.is_empty());
        let who = who.collect::<Vec<_>>().join(", ");
        view! { <li><p><b>{what}</b>" "<small class="muted">{who}</small></p><p>{l.reason}</p></li> }
    };
    let list = move || {
        let all = desk.calendar.with(|c| c.lockings.clone());
        (!all.is_empty()).then(|| {
            view! {
                <details class="card"><summary>{t::periods_lockings(lang)}</summary>
                    <ul class="stack stack-s pr-parts">{all.into_iter().map(line).collect_view()}</ul>
                </details>
            }
        })
    };
    list.into_any()
}

fn request(desk: Desk, r: Request) -> AnyView {
    let lang = desk.lang;
    let id = r.id;
    let when = |at: chrono::NaiveDateTime| {
        format!(
            "{}, {}",
            kit::date::day_month(at.date(), lang),
            kit::date::clock(at.time())
        )
    };
    let head = format!("{}, {}", r.journal, part_name(&r.period.0, r.period.1, lang));
    let answer = match r.answer {
        Some(a) => {
            let words = match a.until {
                Some(until) => t::periods_allowed(lang, &a.by, when(until)),
                None => t::periods_refused(lang, &a.by),
            };
            view! { <p class="small">{words}{a.note.map(|n| format!(": {n}"))}</p> }.into_any()
        }
        None => {
            let (hours, note) = (RwSignal::new(24i16), RwSignal::new(String::new()));
            let give = move |allow: bool| {
                let words = Some(note.get_untracked()).filter(|n| !n.trim().is_empty());
                let hours = allow.then(|| hours.get_untracked());
                desk.act(About::Request(id.0), api::answer_change(id, hours, words));
            };
            let options = CHOICES
                .map(|h| view! { <option value=h.to_string() selected=h == 24>{t::periods_hours(lang, i64::from(h))}</option> })
                .into_iter()
                .collect_view();
            let change = move |e| {
                if let Ok(h) = event_target_value(&e).parse() {
                    hours.set(h);
                }
            };
            view! {
                <div class="cluster">
                    <label>{t::periods_for(lang)}" "<select class="select" on:change=change>{options}</select></label>
                    <label class="pr-note">{t::periods_note(lang)}" "<input class="input" maxlength="500" prop:value=note on:input=move |e| note.set(event_target_value(&e))/></label>
                    <button class="btn btn-primary" type="button" disabled=move || desk.busy.get() on:click=move |_| give(true)>{t::periods_allow(lang)}</button>
                    <button class="btn" type="button" disabled=move || desk.busy.get() on:click=move |_| give(false)>{t::periods_refuse(lang)}</button>
                </div>
                <kit::ErrorBanner error=desk.error_of(About::Request(id.0))/>
            }
            .into_any()
        }
    };
    view! {
        <li class="stack stack-s">
            <p><b>{head}</b>" "<small class="muted">{r.by}", "{when(r.at)}</small></p>
            <p>{r.text}</p>
            {answer}
        </li>
    }
    .into_any()
}

/// Gives a grade or a class another system, or asks first where lessons in which something is written would lie in no period.
fn assign<F>(
    desk: Desk,
    about: About,
    wish: Assignment,
    asked: fallen::Asked<Assignment>,
    send: impl FnOnce(Option<i64>) -> F + 'static,
) where
    F: Future<Output = Result<(), base::AppError>> + 'static,
{
    asked.set(None);
    desk.act_if(about, async move {
        let fallen = api::assignment_falls_out(wish).await?;
        if fallen.is_empty() {
            return send(None).await.map(|()| true);
        }
        asked.set(Some((wish, fallen)));
        Ok(false)
    });
}

/// The question below a list of systems. When it is not meant, the list shows again what holds.
fn question(
    desk: Desk,
    place: String,
    (list, now): (NodeRef<html::Select>, String),
    asked: fallen::Asked<Assignment>,
    anyway: impl Fn(Assignment, i64) + Copy + Send + Sync + 'static,
) -> AnyView {
    let now = StoredValue::new(now);
    let back = move || {
        if let Some(list) = list.get_untracked() {
            list.set_value(&now.get_value());
            let _ = list.focus();
        }
    };
    let why = fallen::Why {
        place,
        text: t::periods_assign_falls_text,
    };
    fallen::question(desk, why, asked, anyway, back)
}

/// Which grade has which system.
pub fn grades(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let line = move |grade: i16, now: SystemId| {
        let options = desk.calendar.with(|c| {
            let option = |s: &classbook_core::grading::periods::System| {
                view! { <option value=s.id.to_string() selected=s.id == now>{s.title.clone()}</option> }
            };
            c.systems.iter().map(option).collect_view()
        });
        let (list, asked) = (NodeRef::<html::Select>::new(), RwSignal::new(None));
        let send = move |system, accepted| api::assign_grade(grade, now, system, accepted);
        let change = move |e| {
            if let Ok(system) = event_target_value(&e).parse().map(SystemId) {
                let wish = Assignment::Grade(grade, system);
                assign(desk, About::Grade(grade), wish, asked, move |accepted| {
                    send(system, accepted)
                });
            }
        };
        let anyway = move |wish, lessons| {
            if let Assignment::Grade(_, system) = wish {
                asked.set(None);
                desk.act(About::Grade(grade), send(system, Some(lessons)));
            }
        };
        let question = question(
            desk,
            format!("grade-{grade}"),
            (list, now.to_string()),
            asked,
            anyway,
        );
        let may = desk.calendar.with(|c| c.may_edit);
        view! {
            <li class="pr-part"><label>{t::grading_one_grade(lang, grade)}" "
                <select class="select" node_ref=list disabled=move || !may || desk.busy.get() on:change=change>{options}</select></label>
                <kit::ErrorBanner error=desk.error_of(About::Grade(grade))/>{question}
                {apart(desk, grade, may)}</li>
        }
    };
    let lines = move || {
        let mut all: Vec<(i16, SystemId)> = desk.calendar.with(|c| {
            c.systems
                .iter()
                .flat_map(|s| s.grades.iter().map(|g| (*g, s.id)))
                .collect()
        });
        all.sort();
        all.into_iter()
            .map(|(grade, now)| line(grade, now))
            .collect_view()
    };
    view! {
        <section class="card stack" aria-labelledby="pr-grades">
            <h2 id="pr-grades">{t::periods_grades(lang)}</h2>
            <p class="muted small">{t::periods_grades_note(lang)}</p>
            <ul class="pr-parts pr-columns">{lines}</ul>
        </section>
    }
    .into_any()
}

/// The classes of a grade, each with the system that it has of its own. Open where one has.
fn apart(desk: Desk, grade: i16, may: bool) -> Option<AnyView> {
    let lang = desk.lang;
    let classes: Vec<ClassSystem> = desk
        .calendar
        .with(|c| c.classes.iter().filter(|c| c.grade == grade).cloned().collect());
    if classes.is_empty() {
        return None;
    }
    let open = classes.iter().any(|c| c.own.is_some());
    let line = |class: ClassSystem| {
        let (id, own) = (class.id, class.own);
        let options = desk.calendar.with(|c| {
            let option = |s: &classbook_core::grading::periods::System| {
                view! { <option value=s.id.to_string() selected=Some(s.id) == own>{s.title.clone()}</option> }
            };
            c.systems.iter().map(option).collect_view()
        });
        let (list, asked) = (NodeRef::<html::Select>::new(), RwSignal::new(None));
        let send = move |system, accepted| api::assign_class(id, own, system, accepted);
        let change = move |e| {
            let system = event_target_value(&e).parse().ok().map(SystemId);
            let wish = Assignment::Class(id, system);
            assign(desk, About::Class(id.0), wish, asked, move |accepted| {
                send(system, accepted)
            });
        };
        let anyway = move |wish, lessons| {
            if let Assignment::Class(_, system) = wish {
                asked.set(None);
                desk.act(About::Class(id.0), send(system, Some(lessons)));
            }
        };
        let shown = own.map(|own| own.to_string()).unwrap_or_default();
        let question = question(desk, format!("class-{id}"), (list, shown), asked, anyway);
        view! {
            <li><label>{class.name}" "
                <select class="select" node_ref=list disabled=move || !may || desk.busy.get() on:change=change>
                    <option value="" selected=own.is_none()>{t::periods_as_grade(lang)}</option>{options}
                </select></label>
                <kit::ErrorBanner error=desk.error_of(About::Class(id.0))/>{question}</li>
        }
    };
    let lines = classes.into_iter().map(line).collect_view();
    Some(
        view! {
            <details open=open><summary>{t::periods_apart(lang, grade)}</summary><ul class="stack stack-s pr-parts">{lines}</ul></details>
        }
        .into_any(),
    )
}

/// For whom holidays are, as the value of their list: «», a grade, or a system.
fn for_whom(grade: Option<i16>, system: Option<SystemId>) -> String {
    match (grade, system) {
        (Some(grade), _) => grade.to_string(),
        (None, Some(system)) => format!("system-{system}"),
        (None, None) => String::new(),
    }
}

/// What [`for_whom`] wrote.
fn whom(value: &str) -> (Option<i16>, Option<SystemId>) {
    match value.strip_prefix("system-") {
        Some(system) => (None, system.parse().ok().map(SystemId)),
        None => (value.parse().ok(), None),
    }
}

/// Holidays: a line each, and an empty one for new ones.
pub fn holidays(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let may = desk.calendar.with_untracked(|c| c.may_edit);
    view! {
        <section class="card stack" aria-labelledby="pr-holidays">
            <h2 id="pr-holidays">{t::periods_holidays(lang)}</h2>
            <p class="muted small">{t::periods_holidays_note(lang)}</p>
            <ul class="stack stack-s pr-parts">
                <For each=move || desk.calendar.with(|c| c.holidays.clone()) key=|h| format!("{h:?}") let:one><li>{holiday(desk, Some(one), may)}</li></For>
                {may.then(|| view! { <li>{holiday(desk, None, may)}</li> })}
            </ul>
        </section>
    }
    .into_any()
}

/// The grades that the school has classes of, and the one that was chosen once.
fn grades_there(desk: Desk, chosen: Option<i16>) -> Vec<i16> {
    let classes = desk
        .calendar
        .with_untracked(|c| c.classes.iter().map(|c| c.grade).collect::<Vec<_>>());
    let there = |g: &i16| classes.is_empty() || classes.contains(g) || chosen == Some(*g);
    GRADES.filter(there).collect()
}

fn holiday(desk: Desk, holiday: Option<Holiday>, may: bool) -> AnyView {
    let lang = desk.lang;
    let seen = StoredValue::new(holiday.clone());
    let about = About::Holiday(holiday.as_ref().map(|h| h.id.0));
    let terms = holiday.map(|h| h.terms);
    let day_of = |pick: fn(&HolidayTerms) -> chrono::NaiveDate| {
        RwSignal::new(terms.as_ref().map(|t| pick(t).to_string()).unwrap_or_default())
    };
    let (from, to) = (day_of(|t| t.span.from), day_of(|t| t.span.to));
    let title = RwSignal::new(terms.as_ref().map(|t| t.title.clone()).unwrap_or_default());
    let (grade, system) = terms.as_ref().map_or((None, None), |t| (t.grade, t.system));
    let of = RwSignal::new(for_whom(grade, system));
    let unread = RwSignal::new(false);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let span = span_of(from, to);
        unread.set(span.is_none());
        if let Some(span) = span {
            let (grade, system) = of.with_untracked(|of| whom(of));
            let terms = HolidayTerms {
                title: title.get_untracked(),
                span,
                grade,
                system,
            };
            let at = seen.get_value().map(|h| (h.id, h.terms));
            let fresh = at.is_none();
            desk.act(about, async move {
                api::save_holiday(at, terms).await?;
                if fresh {
                    let _ = (
                        title.try_set(String::new()),
                        from.try_set(String::new()),
                        to.try_set(String::new()),
                    );
                }
                Ok(())
            });
        }
    };
    let remove = move |_| {
        if let Some(h) = seen.get_value() {
            desk.act(about, api::remove_holiday(h.id, h.terms));
        }
    };
    // as it stood when the line was drawn: asked of what is typed, each letter would draw the page anew and lose itself
    let name = title.get_untracked();
    let name = if name.is_empty() {
        t::periods_new_holiday(lang).to_owned()
    } else {
        name
    };
    let options = grades_there(desk, grade)
        .into_iter()
        .map(|g| view! { <option value=g.to_string() selected=grade == Some(g)>{t::grading_one_grade(lang, g)}</option> })
        .collect_view();
    // a system is told by its title, as it stood when the line was drawn
    let systems = desk.calendar.with_untracked(|c| {
        let option = |s: &classbook_core::grading::periods::System| {
            view! { <option value=for_whom(None, Some(s.id)) selected=system == Some(s.id)>{t::periods_of_system(lang, &s.title)}</option> }
        };
        c.systems.iter().map(option).collect_view()
    });
    let has = seen.with_value(Option::is_some);
    view! {
        <form class="pr-part" on:submit=save novalidate>
            <input class="input pr-note" maxlength="120" aria-label=t::periods_holiday_title(lang) placeholder=t::periods_new_holiday(lang) disabled=!may
                prop:value=title on:input=move |e| title.set(event_target_value(&e))/>
            <span class="pr-days">{day(t::periods_from_of(lang, &name), from, !may)}" – "{day(t::periods_to_of(lang, &name), to, !may)}</span>
            <select class="select" aria-label=t::periods_holiday_grade(lang) disabled=!may on:change=move |e| of.set(event_target_value(&e))>
                <option value="" selected=grade.is_none() && system.is_none()>{t::grading_all_grades(lang)}</option>{options}{systems}
            </select>
            {may.then(|| view! {
                <button class="btn btn-small" type="submit" disabled=move || desk.busy.get()>{if has { t::periods_save_one(lang) } else { t::periods_add(lang) }}</button>
                {has.then(|| view! { <button class="btn btn-small btn-quiet" type="button" aria-label=t::periods_remove_of(lang, &name) disabled=move || desk.busy.get() on:click=remove>{t::periods_remove(lang)}</button> })}
            })}
            {move || unread.get().then(|| view! { <p class="field-error" role="alert">{t::periods_unread(lang)}</p> })}
            <kit::ErrorBanner error=desk.error_of(about)/>
        </form>
    }
    .into_any()
}
