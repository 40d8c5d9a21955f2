//! `/distance`: which class learns from home, from when till when.

use base::{AppError, ClassId};
use classbook_core::distance::{Format, Meeting, Span, Spans};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

use super::api;
use super::line::{line, words};
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let data = Resource::new_blocking(|| (), |()| api::spans());
    let lang = kit::lang();
    view! {
        <Title text=t::distance_page(lang)/>
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(spans) => page(spans),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// The form, and what is shown.
#[derive(Clone, Copy)]
struct Form {
    spans: RwSignal<Spans>,
    class: RwSignal<String>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    format: RwSignal<Format>,
    platform: RwSignal<String>,
    link: RwSignal<String>,
    reason: RwSignal<String>,
    error: RwSignal<Option<AppError>>,
    said: RwSignal<bool>,
}

impl Form {
    async fn reload(self) {
        if let Ok(now) = api::spans().await {
            self.spans.try_set(now);
        }
    }

    fn save(self) {
        let lang = kit::lang();
        let class: Option<ClassId> = self.class.get_untracked().parse().ok();
        let (Some(class), Ok(starts_on), Ok(ends_on)) = (
            class,
            self.from.get_untracked().parse(),
            self.to.get_untracked().parse(),
        ) else {
            self.error.set(Some(AppError::invalid(
                "ends_on",
                classbook_core::t::distance_days_wrong(lang),
            )));
            return;
        };
        let text = |s: RwSignal<String>| Some(s.get_untracked().trim().to_owned()).filter(|t| !t.is_empty());
        let span = Span {
            id: None,
            class,
            starts_on,
            ends_on,
            meeting: Meeting {
                format: self.format.get_untracked(),
                platform: text(self.platform),
                starts_at: None,
                link: text(self.link),
            },
            reason: text(self.reason),
        };
        self.said.set(false);
        spawn_local(async move {
            let answer = api::save_span(span).await;
            self.reload().await;
            self.said.try_set(answer.is_ok());
            self.error.try_set(answer.err());
        });
    }
}

fn page(spans: Spans) -> AnyView {
    let lang = kit::lang();
    let (classes, today) = (spans.classes.clone(), spans.today);
    let first = classes.first().map(|c| c.0.to_string()).unwrap_or_default();
    let form = Form {
        spans: RwSignal::new(spans),
        class: RwSignal::new(first),
        from: RwSignal::new(today.to_string()),
        to: RwSignal::new(today.to_string()),
        format: RwSignal::new(Format::Distance),
        platform: RwSignal::new(String::new()),
        link: RwSignal::new(String::new()),
        reason: RwSignal::new(String::new()),
        error: RwSignal::new(None),
        said: RwSignal::new(false),
    };
    let options = classes
        .clone()
        .into_iter()
        .map(|(id, name)| view! { <option value=id.to_string()>{name}</option> });
    let formats = [Format::Distance, Format::Mixed]
        .into_iter()
        .map(|f| view! { <option value=f.key()>{words(f, lang)}</option> });
    let names = StoredValue::new(classes);
    let list = move || {
        let spans = form.spans.with(|s| s.spans.clone());
        if spans.is_empty() {
            return view! { <p class="muted">{t::distance_none(lang)}</p> }.into_any();
        }
        let rows = spans.into_iter().map(|span| {
            let class = names.with_value(|all| all.iter().find(|(id, _)| *id == span.class).map(|(_, n)| n.clone())).unwrap_or_default();
            let days = kit::date::span(span.starts_on, span.ends_on, lang);
            let id = span.id;
            let remove = move |_| {
                let Some(id) = id else { return };
                spawn_local(async move {
                    let answer = api::remove_span(id).await;
                    form.reload().await;
                    form.error.try_set(answer.err());
                });
            };
            view! {
                <li class="card stack stack-s">
                    <div class="card-head"><h3>{class.clone()}": "{days}</h3>
                        <button class="btn btn-small btn-quiet" type="button" aria-label=t::distance_remove_label(lang, &class) on:click=remove>{t::distance_remove(lang)}</button></div>
                    {line(&span.meeting, &class, lang)}
                    {span.reason.map(|r| view! { <p class="small muted">{r}</p> })}
                </li>
            }
        });
        view! { <ul class="stack">{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <div class="page page-narrow stack">
            <nav class="crumbs" aria-label=t::distance_path(lang)><a href="/journal">{t::journal_journals(lang)}</a><span>{t::distance_page(lang)}</span></nav>
            <div class="page-head"><h1>{t::distance_page(lang)}</h1></div>
            <p class="muted">{t::distance_note(lang)}</p>
            <form class="card stack" aria-labelledby="distance-form" on:submit=move |e: web_sys::SubmitEvent| { e.prevent_default(); form.save(); }>
                <h2 id="distance-form">{t::distance_add(lang)}</h2>
                <div class="field-row">
                    <div class="field"><label for="distance-class">{t::distance_class(lang)}</label>
                        <select id="distance-class" class="select" on:change=move |e| form.class.set(event_target_value(&e))>{options.collect_view()}</select></div>
                    <div class="field"><label for="distance-how">{t::distance_format(lang)}</label>
                        <select id="distance-how" class="select" on:change={move |e| if let Some(f) = Format::from_key(&event_target_value(&e)) { form.format.set(f) }}>{formats.collect_view()}</select></div>
                </div>
                <div class="field-row">
                    <div class="field"><label for="distance-from">{t::distance_from(lang)}</label>
                        <input id="distance-from" type="date" required prop:value=form.from on:input=move |e| form.from.set(event_target_value(&e))/></div>
                    <div class="field"><label for="distance-to">{t::distance_to(lang)}</label>
                        <input id="distance-to" type="date" required prop:value=form.to on:input=move |e| form.to.set(event_target_value(&e))/></div>
                </div>
                <div class="field"><label for="distance-where">{t::distance_platform(lang)}</label>
                    <input id="distance-where" maxlength="80" prop:value=form.platform on:input=move |e| form.platform.set(event_target_value(&e))/></div>
                <div class="field"><label for="distance-link">{t::distance_link(lang)}</label>
                    <input id="distance-link" type="url" inputmode="url" placeholder="https://" maxlength="1000" prop:value=form.link on:input=move |e| form.link.set(event_target_value(&e))/></div>
                <div class="field"><label for="distance-why">{t::distance_reason(lang)}</label>
                    <input id="distance-why" maxlength="200" prop:value=form.reason on:input=move |e| form.reason.set(event_target_value(&e))/></div>
                <kit::ErrorBanner error=form.error/>
                <div class="cluster"><button class="btn btn-primary" type="submit">{t::distance_set(lang)}</button></div>
            </form>
            <div role="status">{move || form.said.get().then(|| view! { <div class="banner banner-ok"><p>{t::distance_saved(lang)}</p></div> })}</div>
            <section class="stack" aria-labelledby="distance-list"><h2 id="distance-list">{t::distance_list(lang)}</h2>{list}</section>
        </div>
    }
    .into_any()
}
