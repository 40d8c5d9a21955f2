//! `/substitutions`: the lessons of a day, of an absent teacher or of a class, and who gives them.

use std::collections::BTreeMap;

use base::{AppError, ClassId, EmployeeId, Lang, LessonId};
use chrono::NaiveDate;
use classbook_core::substitution::{Act, Ask, Day, Wish};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{api, line};
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let query = use_query_map();
    let asked = move || {
        query.with(|q| Ask {
            day: q.get("day").and_then(|d| d.parse::<NaiveDate>().ok()),
            teacher: q.get("teacher").and_then(|t| t.parse::<EmployeeId>().ok()),
            class: q.get("class").and_then(|c| c.parse::<ClassId>().ok()),
        })
    };
    let data = Resource::new_blocking(asked, api::day);
    let lang = kit::lang();
    view! {
        <Title text=t::substitution_page(lang)/>
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(day) => page(day, lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// What is shown and chosen.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub lang: Lang,
    day: RwSignal<Day>,
    chosen: RwSignal<BTreeMap<LessonId, Wish>>,
    reason: RwSignal<String>,
    error: RwSignal<Option<AppError>>,
    busy: RwSignal<bool>,
    said: RwSignal<Option<&'static str>>,
}

impl Desk {
    /// Somebody was chosen for a lesson; as it was is no choice.
    pub fn choose(self, wish: Wish) {
        self.error.set(None);
        self.chosen.update(|chosen| {
            if wish.to == wish.was {
                chosen.remove(&wish.lesson);
            } else {
                chosen.insert(wish.lesson, wish);
            }
        });
    }

    /// Does an act. When it is done the day is asked for anew; when it was refused, what was chosen stays chosen.
    pub fn act(self, what: impl Future<Output = Result<(), AppError>> + 'static, words: &'static str) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.said.set(None);
        let ask = self.day.with_untracked(|d| Ask {
            day: Some(d.day),
            teacher: d.teacher,
            class: d.class,
        });
        spawn_local(async move {
            let answer = what.await;
            let anew = matches!(answer, Ok(()) | Err(AppError::Conflict { .. }));
            let now = if anew { api::day(ask).await.ok() } else { None };
            if self.busy.try_set(false).is_some() {
                return;
            }
            if let Some(now) = now {
                self.chosen.set(BTreeMap::new());
                self.day.set(now);
            }
            if answer.is_ok() {
                self.reason.set(String::new());
                self.said.set(Some(words));
            }
            self.error.set(answer.err());
        });
    }

    fn save(self, even_so: bool) {
        let act = Act {
            wishes: self.chosen.with_untracked(|c| c.values().copied().collect()),
            reason: self.reason.get_untracked(),
            even_so,
        };
        self.act(api::give(act), t::substitution_done(self.lang));
    }
}

/// The choice of day, teacher and class, which is the address of the page.
fn choice(day: &Day, lang: Lang) -> AnyView {
    let (teacher, class) = (day.teacher, day.class);
    let teachers = day.people.iter().map(|p| {
        view! { <option value=p.employee.to_string() selected=Some(p.employee) == teacher>{p.name.clone()}</option> }
    });
    let classes = day.classes.clone().into_iter().map(|(id, name)| {
        view! { <option value=id.to_string() selected=Some(id) == class>{name}</option> }
    });
    view! {
        <form class="field-row" method="get" action="/substitutions">
            <div class="field"><label for="instead-day">{t::substitution_day(lang)}</label>
                <input id="instead-day" class="input" type="date" name="day" required value=day.day.to_string()/></div>
            <div class="field"><label for="instead-teacher">{t::substitution_teacher(lang)}</label>
                <select id="instead-teacher" class="select" name="teacher">
                    <option value="" selected=teacher.is_none()>{t::substitution_anybody(lang)}</option>{teachers.collect_view()}</select></div>
            <div class="field"><label for="instead-class">{t::substitution_class(lang)}</label>
                <select id="instead-class" class="select" name="class">
                    <option value="" selected=class.is_none()>{t::substitution_any_class(lang)}</option>{classes.collect_view()}</select></div>
            <div class="field"><span aria-hidden="true">" "</span><button class="btn" type="submit">{t::substitution_show(lang)}</button></div>
        </form>
    }
    .into_any()
}

/// The lessons.
fn list(desk: Desk) -> AnyView {
    let lang = desk.lang;
    desk.day.with(|day| {
        if day.lessons.is_empty() {
            let nobody = day.teacher.is_none() && day.class.is_none();
            let words = if nobody {
                t::substitution_none_given(lang)
            } else {
                t::substitution_none(lang)
            };
            return view! { <p class="muted">{words}</p> }.into_any();
        }
        let lines = day.lessons.iter().map(|l| line::line(desk, day, l));
        view! { <ul class="stack stack-s">{lines.collect_view()}</ul> }.into_any()
    })
}

/// The reason, and the way to save what was chosen. After the answer that somebody is busy it can be asked for again.
fn saving(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let asks_again = move || {
        desk.error.with(|e| match e {
            Some(AppError::Invalid { fields }) => fields.iter().any(|f| f.field == "busy"),
            _ => false,
        })
    };
    let nothing = move || desk.busy.get() || desk.chosen.with(BTreeMap::is_empty);
    view! {
        <div class="field"><label for="instead-reason">{t::substitution_reason(lang)}</label>
            <input id="instead-reason" minlength="3" maxlength="200" aria-describedby="instead-hint" prop:value=desk.reason
                on:input=move |e| desk.reason.set(event_target_value(&e))/>
            <p class="field-hint" id="instead-hint">{t::substitution_reason_hint(lang)}</p></div>
        <kit::ErrorBanner error=desk.error/>
        <div class="cluster">
            <button class="btn btn-primary" type="submit" disabled=nothing>{t::substitution_save(lang)}</button>
            <Show when=asks_again>
                <button class="btn" type="button" disabled=nothing on:click=move |_| desk.save(true)>{t::substitution_all_the_same(lang)}</button>
            </Show>
        </div>
    }
    .into_any()
}

fn page(day: Day, lang: Lang) -> AnyView {
    let choice = choice(&day, lang);
    let date = format!(
        "{}, {}",
        kit::date::day_month(day.day, lang),
        kit::date::weekday(day.day, lang)
    );
    let given = (day.teacher.is_none() && day.class.is_none())
        .then(|| view! { <p class="muted">{t::substitution_given(lang)}</p> });
    let desk = Desk {
        lang,
        day: RwSignal::new(day),
        chosen: RwSignal::new(BTreeMap::new()),
        reason: RwSignal::new(String::new()),
        error: RwSignal::new(None),
        busy: RwSignal::new(false),
        said: RwSignal::new(None),
    };
    let open = move || desk.day.with(|d| d.lessons.iter().any(|l| !l.off && !l.locked));
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        desk.save(false);
    };
    view! {
        <div class="page page-narrow stack">
            <nav class="crumbs" aria-label=t::substitution_path(lang)><a href="/journal">{t::journal_journals(lang)}</a><span>{t::substitution_page(lang)}</span></nav>
            <div class="page-head"><h1>{t::substitution_page(lang)}</h1></div>
            <p class="muted">{t::substitution_note(lang)}</p>
            {choice}
            <form class="stack" aria-labelledby="instead-list" on:submit=save>
                <h2 id="instead-list">{date}</h2>
                {given}
                {move || list(desk)}
                {move || if open() { saving(desk) } else { view! { <kit::ErrorBanner error=desk.error/> }.into_any() }}
            </form>
            <div role="status">{move || desk.said.get().map(|words| view! { <div class="banner banner-ok"><p>{words}</p></div> })}</div>
        </div>
    }
    .into_any()
}
