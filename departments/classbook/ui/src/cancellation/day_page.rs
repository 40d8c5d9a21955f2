//! `/cancellations`: the lessons of a class on a day, of which some fall out.

use std::collections::BTreeSet;

use base::{AppError, ClassId, Lang, LessonId};
use chrono::NaiveDate;
use classbook_core::cancellation::{Day, Line};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api;
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let query = use_query_map();
    let asked = move || {
        query.with(|q| {
            let class = q.get("class").and_then(|c| c.parse::<ClassId>().ok());
            (class, q.get("day").and_then(|d| d.parse::<NaiveDate>().ok()))
        })
    };
    let data = Resource::new_blocking(asked, |(class, day)| api::day(class, day));
    let lang = kit::lang();
    view! {
        <Title text=t::cancellation_page(lang)/>
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
struct Desk {
    lang: Lang,
    day: RwSignal<Day>,
    chosen: RwSignal<BTreeSet<LessonId>>,
    reason: RwSignal<String>,
    error: RwSignal<Option<AppError>>,
    busy: RwSignal<bool>,
    said: RwSignal<Option<&'static str>>,
}

impl Desk {
    /// Does an act, and asks for the day anew whatever came of it.
    fn act(self, what: impl Future<Output = Result<(), AppError>> + 'static, words: &'static str) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.said.set(None);
        let (class, day) = self.day.with_untracked(|d| (d.class, d.day));
        spawn_local(async move {
            let answer = what.await;
            let now = api::day(class, Some(day)).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            if let Ok(now) = now {
                self.day.set(now);
            }
            if answer.is_ok() {
                self.chosen.set(BTreeSet::new());
                self.reason.set(String::new());
                self.said.set(Some(words));
            }
            self.error.set(answer.err());
        });
    }
}

/// The choice of class and day, which is the address of the page.
fn choice(day: &Day, lang: Lang) -> AnyView {
    let chosen = day.class;
    let options = day.classes.clone().into_iter().map(|(id, name)| {
        view! { <option value=id.to_string() selected=Some(id) == chosen>{name}</option> }
    });
    view! {
        <form class="field-row" method="get" action="/cancellations">
            <div class="field"><label for="cancel-class">{t::cancellation_class(lang)}</label>
                <select id="cancel-class" class="select" name="class">{options.collect_view()}</select></div>
            <div class="field"><label for="cancel-day">{t::cancellation_day(lang)}</label>
                <input id="cancel-day" class="input" type="date" name="day" required value=day.day.to_string()/></div>
            <div class="field"><span aria-hidden="true">" "</span><button class="btn" type="submit">{t::cancellation_show(lang)}</button></div>
        </form>
    }
    .into_any()
}

fn line(desk: Desk, line: Line) -> AnyView {
    let lang = desk.lang;
    let id = line.lesson;
    let name = format!("{}. {}, {}", line.slot + 1, line.subject, line.audience);
    let about = view! { <small class="muted">{line.teachers.clone()}</small> };
    if line.cancelled {
        let label = t::cancellation_restore_label(lang, &name);
        let why = line
            .reason
            .map(|r| view! { <p class="small">{t::cancellation_because(lang, r)}</p> });
        let back = move |_| desk.act(api::restore(id), t::cancellation_restored(lang));
        return view! {
            <li class="card stack stack-s" data-cancelled="">
                <div class="card-head"><div><s>{name}</s>" "<b>{t::cancellation_is(lang)}</b>" "{about}</div>
                    <button class="btn btn-small" type="button" aria-label=label on:click=back>{t::cancellation_restore(lang)}</button></div>
                {why}
            </li>
        }
        .into_any();
    }
    let checked = move || desk.chosen.with(|c| c.contains(&id));
    let choose = move |e: web_sys::Event| {
        let on = event_target_checked(&e);
        desk.chosen.update(|chosen| {
            if on {
                chosen.insert(id);
            } else {
                chosen.remove(&id);
            }
        });
    };
    let marks = line
        .has_marks
        .then(|| view! { <p class="small muted">{t::cancellation_marked(lang)}</p> });
    view! {
        <li class="card stack stack-s">
            <label class="check"><input type="checkbox" disabled=line.has_marks prop:checked=checked on:change=choose/>" "<span>{name}" "{about}</span></label>
            {marks}
        </li>
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
    let desk = Desk {
        lang,
        day: RwSignal::new(day),
        chosen: RwSignal::new(BTreeSet::new()),
        reason: RwSignal::new(String::new()),
        error: RwSignal::new(None),
        busy: RwSignal::new(false),
        said: RwSignal::new(None),
    };
    let open = move || {
        desk.day.with(|d| {
            let open = d.lessons.iter().filter(|l| !l.cancelled && !l.has_marks);
            open.map(|l| l.lesson).collect::<BTreeSet<_>>()
        })
    };
    let all = move |_| desk.chosen.set(untrack(open));
    let lines = move || desk.day.with(|d| d.lessons.clone());
    let cancel = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let lessons = desk
            .chosen
            .with_untracked(|c| c.iter().copied().collect::<Vec<_>>());
        desk.act(
            api::cancel(lessons, desk.reason.get_untracked()),
            t::cancellation_done(lang),
        );
    };
    let list = move || {
        let lines = lines();
        if lines.is_empty() {
            return view! { <p class="muted">{t::cancellation_none(lang)}</p> }.into_any();
        }
        view! { <ul class="stack stack-s cn-list">{lines.into_iter().map(|l| line(desk, l)).collect_view()}</ul> }
            .into_any()
    };
    view! {
        <div class="page page-narrow stack">
            <nav class="crumbs" aria-label=t::cancellation_path(lang)><a href="/journal">{t::journal_journals(lang)}</a><span>{t::cancellation_page(lang)}</span></nav>
            <div class="page-head"><h1>{t::cancellation_page(lang)}</h1></div>
            <p class="muted">{t::cancellation_note(lang)}</p>
            {choice}
            <form class="stack" aria-labelledby="cancel-list" on:submit=cancel>
                <div class="card-head"><h2 id="cancel-list">{date}</h2>
                    <Show when=move || { open().len() > 1 }>
                        <button class="btn btn-small btn-quiet" type="button" on:click=all>{t::cancellation_all(lang)}</button>
                    </Show></div>
                {list}
                <Show when=move || !open().is_empty()>
                    <div class="field"><label for="cancel-reason">{t::cancellation_reason(lang)}</label>
                        <input id="cancel-reason" required minlength="3" maxlength="200" aria-describedby="cancel-reason-hint" prop:value=desk.reason
                            on:input=move |e| desk.reason.set(event_target_value(&e))/>
                        <p class="field-hint" id="cancel-reason-hint">{t::cancellation_hint(lang)}</p></div>
                    <div><button class="btn btn-primary" type="submit" disabled=move || desk.busy.get() || desk.chosen.with(BTreeSet::is_empty)>
                        {t::cancellation_cancel_chosen(lang)}</button></div>
                </Show>
                <kit::ErrorBanner error=desk.error/>
            </form>
            <div role="status">{move || desk.said.get().map(|words| view! { <div class="banner banner-ok"><p>{words}</p></div> })}</div>
        </div>
    }
    .into_any()
}
