//! `/journal/periods`: the year's periods and holidays, closing and opening, teachers' questions; for the deputy director.

use base::{AppError, Lang};
use classbook_core::grading::periods::{Calendar, KINDS, MOST, Part, Span, System, SystemId, SystemTerms};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

use super::unmarked::Missing;
use super::{api, fallen, periods_parts};
use crate::t;

/// What a change is about, so that a refusal is told beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A system, or a new one.
    System(Option<i64>),
    /// Closing or opening a period.
    Lock(i64),
    /// Closing or opening the marks of the year.
    Year(i64),
    /// The system of a grade.
    Grade(i16),
    /// The system of a class.
    Class(i64),
    /// Holidays, or new ones.
    Holiday(Option<i64>),
    /// A question.
    Request(i64),
}

/// The state of the page. What the server has is asked for anew after each change.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The page's language.
    pub lang: Lang,
    /// As the server has it.
    pub calendar: RwSignal<Calendar>,
    /// A change is on its way.
    pub busy: RwSignal<bool>,
    error: RwSignal<Option<(About, AppError)>>,
    said: RwSignal<Option<&'static str>>,
}

impl Desk {
    /// Does something on the server.
    pub fn act(self, about: About, act: impl Future<Output = Result<(), AppError>> + 'static) {
        self.act_if(about, async move { act.await.map(|()| true) });
    }

    /// Does something on the server, or finds that something is to be asked first (`false`): then nothing has changed.
    pub fn act_if(self, about: About, act: impl Future<Output = Result<bool, AppError>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        self.said.set(None);
        spawn_local(async move {
            let answer = act.await;
            if matches!(
                answer,
                Ok(true) | Err(AppError::Conflict { .. } | AppError::NotFound)
            ) && let Ok(now) = api::calendar().await
            {
                self.calendar.set(now);
            }
            self.busy.set(false);
            match answer {
                Ok(true) => self.said.set(Some(t::periods_saved(self.lang))),
                Ok(false) => {}
                Err(error) => self.error.set(Some((about, error))),
            }
        });
    }

    /// The refusal of a change, if the last one was about this.
    pub fn error_of(self, about: About) -> Signal<Option<AppError>> {
        Signal::derive(move || {
            self.error
                .with(|e| e.as_ref().filter(|(of, _)| *of == about).map(|(_, e)| e.clone()))
        })
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let data: Resource<Result<Calendar, AppError>> = Resource::new_blocking(|| (), |()| api::calendar());
    let lang = kit::lang();
    view! {
        <Title text=t::periods_title(lang)/>
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(calendar) => page(calendar, lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn page(calendar: Calendar, lang: Lang) -> AnyView {
    let year = calendar.year.clone();
    let closed = calendar.closed;
    let desk = Desk {
        lang,
        calendar: RwSignal::new(calendar),
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
        said: RwSignal::new(None),
    };
    let body = match year {
        None => view! { <kit::Empty title=t::periods_none(lang) text=t::periods_none_text(lang)/> }.into_any(),
        Some((title, span)) => view! {
            <p class="muted">{t::periods_year(lang, kit::date::full(span.from, lang), title, kit::date::full(span.to, lang))}</p>
            {closed.then(|| view! { <div class="banner banner-info"><p>{t::periods_closed_year(lang)}</p></div> })}
            <div role="status">{move || desk.said.get().map(|s| view! { <div class="banner banner-ok"><p>{s}</p></div> })}</div>
            {periods_parts::requests(desk)}
            <For each=move || desk.calendar.with(|c| c.systems.clone()) key=move |s| (s.id, s.terms().spans.len(), format!("{s:?}"), own_of(desk, s.id)) let:one>{system(desk, &one)}</For>
            {new_system(desk, span)}
            {periods_parts::grades(desk)}
            {periods_parts::holidays(desk)}
            {periods_parts::lockings(desk)}
        }
        .into_any(),
    };
    view! {
        <div class="page stack">
            <nav class="crumbs" aria-label=t::grading_path(lang)><a href="/journal">{t::journal_journals(lang)}</a><span>{t::periods_title(lang)}</span></nav>
            <div class="page-head"><h1>{t::periods_title(lang)}</h1></div>
            {body}
        </div>
    }
    .into_any()
}

/// The classes that go by a system apart from their grades; a card that names them is drawn anew when they change.
fn own_of(desk: Desk, system: SystemId) -> Vec<base::ClassId> {
    desk.calendar.with_untracked(|c| {
        let own = c.classes.iter().filter(|class| class.own == Some(system));
        own.map(|class| class.id).collect()
    })
}

/// «Четверть 1».
#[must_use]
pub fn part_name(kind: &str, number: i16, lang: Lang) -> String {
    match kind {
        "quarter" => t::journal_period_quarter(lang, number),
        "trimester" => t::journal_period_trimester(lang, number),
        "half_year" => t::journal_period_half_year(lang, number),
        "semester" => t::journal_period_semester(lang, number),
        "module" => t::journal_period_module(lang, number),
        _ => t::journal_period_year(lang).to_owned(),
    }
}

fn kind_name(kind: &str, lang: Lang) -> &'static str {
    match kind {
        "quarter" => t::periods_quarters(lang),
        "trimester" => t::periods_trimesters(lang),
        "half_year" => t::periods_half_years(lang),
        "semester" => t::periods_semesters(lang),
        "module" => t::periods_modules(lang),
        _ => t::periods_whole_year(lang),
    }
}

/// A date of a form.
pub fn day(label: String, to: RwSignal<String>, shut: bool) -> AnyView {
    view! {
        <input class="input" type="date" aria-label=label disabled=shut prop:value=to on:input=move |e| to.set(event_target_value(&e))/>
    }
    .into_any()
}

/// Two dates as they are typed.
pub fn span_of(from: RwSignal<String>, to: RwSignal<String>) -> Option<Span> {
    Some(Span {
        from: from.get_untracked().parse().ok()?,
        to: to.get_untracked().parse().ok()?,
    })
}

type Dates = Vec<(RwSignal<String>, RwSignal<String>)>;

/// A system: its periods with their days, closing and opening.
fn system(desk: Desk, system: &System) -> AnyView {
    let lang = desk.lang;
    let (id, seen) = (system.id, system.terms());
    let may = desk.calendar.with_untracked(|c| c.may_edit);
    let signal = |d: chrono::NaiveDate| RwSignal::new(d.to_string());
    let first: Dates = seen
        .spans
        .iter()
        .map(|s| (signal(s.from), signal(s.to)))
        .collect();
    let dates = RwSignal::new(first);
    let unread = RwSignal::new(false);
    let parts = StoredValue::new(system.parts.clone());
    let kind = StoredValue::new(system.kind.clone());
    let row = move |n: usize, from: RwSignal<String>, to: RwSignal<String>| {
        let part = parts.with_value(|p| p.get(n).cloned());
        let number = i16::try_from(n + 1).unwrap_or(i16::MAX);
        let name = kind.with_value(|k| part_name(k, number, lang));
        let shut = !may || part.as_ref().is_some_and(|p| p.locked.is_some());
        let lock = part.map(|p| lock(desk, &p, &name, may));
        view! {
            <li class="pr-part">
                <b>{name.clone()}</b>
                <span class="pr-days">{day(t::periods_from_of(lang, &name), from, shut)}" – "{day(t::periods_to_of(lang, &name), to, shut)}</span>
                {lock}
            </li>
        }
    };
    let rows = move || {
        let row = |(n, (from, to)): (usize, (RwSignal<String>, RwSignal<String>))| row(n, from, to);
        dates.get().into_iter().enumerate().map(row).collect_view()
    };
    let title = system.title.clone();
    // grades, and classes that go by it apart from theirs
    let mut all: Vec<String> = system.grades.iter().map(ToString::to_string).collect();
    desk.calendar.with_untracked(|c| {
        let own = c.classes.iter().filter(|class| class.own == Some(id));
        all.extend(own.map(|class| class.name.clone()));
    });
    let grades = if all.is_empty() {
        t::periods_no_grades(lang).to_owned()
    } else {
        t::periods_grades_of(lang, all.join(", "))
    };
    let last_closed = system.parts.last().is_some_and(|p| p.locked.is_some());
    let terms = StoredValue::new(seen);
    let asked = RwSignal::new(None);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let spans: Option<Vec<Span>> = dates
            .get_untracked()
            .into_iter()
            .map(|(a, b)| span_of(a, b))
            .collect();
        unread.set(spans.is_none());
        if let Some(spans) = spans {
            let before = terms.get_value();
            let after = SystemTerms {
                spans,
                ..before.clone()
            };
            asked.set(None);
            desk.act_if(About::System(Some(id.0)), async move {
                let fallen = api::falls_out(id, after.clone()).await?;
                if fallen.is_empty() {
                    return api::save_system(Some((id, before)), after, None)
                        .await
                        .map(|_| true);
                }
                asked.set(Some((after, fallen)));
                Ok(false)
            });
        }
    };
    let anyway = move |after: SystemTerms, lessons: i64| {
        let before = terms.get_value();
        asked.set(None);
        desk.act(About::System(Some(id.0)), async move {
            api::save_system(Some((id, before)), after, Some(lessons))
                .await
                .map(|_| ())
        });
    };
    let add = move |_| dates.update(|d| d.push((RwSignal::new(String::new()), RwSignal::new(String::new()))));
    let less = move |_| {
        // what was asked was asked of other dates
        asked.set(None);
        dates.update(|d| {
            d.pop();
        });
    };
    let why = fallen::Why {
        place: id.to_string(),
        text: t::periods_falls_out_text,
    };
    let year = year_lock(desk, system, may);
    let heading = format!("pr-system-{id}");
    view! {
        <section class="card stack" aria-labelledby=heading.clone()>
            <div class="card-head"><h2 id=heading.clone()>{title}</h2><span class="muted">{grades}</span></div>
            <form class="stack stack-s" on:submit=save on:input=move |_| asked.set(None) novalidate>
                <ul class="stack stack-s pr-parts">{rows}<li class="pr-part"><b>{t::totals_year(lang)}</b>{year}</li></ul>
                {move || unread.get().then(|| view! { <p class="field-error" role="alert">{t::periods_unread(lang)}</p> })}
                <kit::ErrorBanner error=desk.error_of(About::System(Some(id.0)))/>
                {may.then(|| view! {
                    <div class="cluster">
                        <button class="btn btn-primary" type="submit" disabled=move || desk.busy.get()>{t::periods_save(lang)}</button>
                        <button class="btn" type="button" disabled=move || dates.with(|d| d.len() >= MOST) on:click=add>{t::periods_more(lang)}</button>
                        <button class="btn btn-quiet" type="button" disabled=move || last_closed || dates.with(|d| d.len() <= 1) on:click=less>{t::periods_less(lang)}</button>
                    </div>
                })}
            </form>
            {fallen::question(desk, why, asked, anyway, || {})}
        </section>
    }
    .into_any()
}

/// Closing and opening a period.
fn lock(desk: Desk, part: &Part, name: &str, may: bool) -> AnyView {
    let (lang, id, close) = (desk.lang, part.id, part.locked.is_none());
    let words = if close {
        (t::periods_lock(lang, name), t::periods_lock_do(lang))
    } else {
        (t::periods_unlock(lang, name), t::periods_unlock_do(lang))
    };
    let begun = desk.calendar.with_untracked(|c| part.span.from <= c.today);
    let runs = desk.calendar.with_untracked(|c| close && part.span.to >= c.today);
    let runs = runs.then(|| t::periods_runs(lang, kit::date::day_month(part.span.to, lang)));
    let send = move |text| desk.act(About::Lock(id.0), api::lock_period(id, close, text));
    let missing = close.then(|| Missing::new(lang, id));
    closing(
        desk,
        About::Lock(id.0),
        (part.locked, part.reason.clone(), runs, missing),
        may && (begun || !close),
        words,
        send,
    )
}

/// Closing and opening the marks of the year, of exams, and the final ones: from the first day of the last period on.
fn year_lock(desk: Desk, system: &System, may: bool) -> AnyView {
    let (lang, id, close) = (desk.lang, system.id, system.year_locked.is_none());
    let name = t::periods_year_marks(lang);
    let words = if close {
        (t::periods_lock(lang, name), t::periods_year_lock_do(lang))
    } else {
        (t::periods_unlock(lang, name), t::periods_year_unlock_do(lang))
    };
    let last = system.parts.last().map(|p| p.span.from);
    let begun = desk
        .calendar
        .with_untracked(|c| last.is_some_and(|from| from <= c.today));
    let send = move |text| desk.act(About::Year(id.0), api::lock_year(id, close, text));
    let state = (system.year_locked, system.year_reason.clone(), None, None);
    closing(
        desk,
        About::Year(id.0),
        state,
        may && (begun || !close),
        words,
        send,
    )
}

/// Since when something is closed and why, and what speaks against closing it; a line that opens into the reason of closing or opening it.
fn closing(
    desk: Desk,
    about: About,
    (locked, why, warning, missing): (
        Option<chrono::NaiveDateTime>,
        Option<String>,
        Option<String>,
        Option<Missing>,
    ),
    may: bool,
    (summary, button): (String, &'static str),
    send: impl Fn(String) + Copy + Send + 'static,
) -> AnyView {
    let lang = desk.lang;
    let reason = RwSignal::new(String::new());
    let field = match about {
        About::Year(id) => format!("pr-reason-year-{id}"),
        About::Lock(id) => format!("pr-reason-{id}"),
        _ => "pr-reason".to_owned(),
    };
    let send = move |_| send(reason.get_untracked());
    let opens = move |event: leptos::ev::Event| {
        let open = event_target::<web_sys::Element>(&event).has_attribute("open");
        if let Some(missing) = missing.filter(|_| open) {
            missing.ask();
        }
    };
    let state = locked.map(|at| {
        let since = t::periods_locked_since(lang, kit::date::full(at.date(), lang));
        let why = why.map(|r| format!(": {r}"));
        view! { <span class="badge" data-tone="info">{t::journal_closed(lang)}</span>" "<small class="muted">{since}{why}</small> }
    });
    view! {
        <div class="pr-lock">
            {state}
            {may.then(|| view! {
                <details on:toggle=opens><summary>{summary}</summary>
                    <div class="stack stack-s">
                        {missing.map(Missing::view)}
                        {warning.map(|words| view! { <p class="banner banner-warn">{words}</p> })}
                        <div class="field"><label for=field.clone()>{t::periods_reason(lang)}</label>
                            <textarea id=field rows="2" maxlength="500" prop:value=reason on:input=move |e| reason.set(event_target_value(&e))></textarea></div>
                        <div><button class="btn" type="button" disabled=move || desk.busy.get() on:click=send>{button}</button></div>
                    </div>
                </details>
            })}
            <kit::ErrorBanner error=desk.error_of(about)/>
        </div>
    }
    .into_any()
}

fn new_system(desk: Desk, year: Span) -> Option<AnyView> {
    let lang = desk.lang;
    if !desk.calendar.with_untracked(|c| c.may_edit) {
        return None;
    }
    let kind = RwSignal::new("module".to_owned());
    let options = KINDS
        .iter()
        .map(|k| view! { <option value=*k selected=*k == "module">{kind_name(k, lang)}</option> })
        .collect_view();
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let kind = kind.get_untracked();
        let taken = desk
            .calendar
            .with_untracked(|c| c.systems.iter().filter(|s| s.kind == kind).count());
        let name = kind_name(&kind, lang);
        let title = if taken == 0 {
            name.to_owned()
        } else {
            format!("{name} {}", taken + 1)
        };
        let terms = SystemTerms {
            kind,
            title,
            spans: vec![year],
        };
        desk.act(About::System(None), async move {
            api::save_system(None::<(SystemId, SystemTerms)>, terms, None)
                .await
                .map(|_| ())
        });
    };
    Some(
        view! {
            <form class="cluster" on:submit=add>
                <label>{t::periods_kind(lang)}" "<select class="select" on:change=move |e| kind.set(event_target_value(&e))>{options}</select></label>
                <button class="btn" type="submit" disabled=move || desk.busy.get()>{t::periods_add_system(lang)}</button>
                <kit::ErrorBanner error=desk.error_of(About::System(None))/>
            </form>
        }
        .into_any(),
    )
}
