//! `/journal/:load/plan`: the plan of a journal against its lessons.

use base::{AppError, Lang, LoadId};
use classbook_core::plan::{Book, Fact, lay};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api;
use super::copying::CopySheet;
use super::desk::{Desk, Open, undo_words};
use super::lesson_sheet::LessonSheet;
use super::lines;
use super::row_sheet::RowSheet;
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let params = use_params_map();
    let load = move || params.with(|p| p.get("load").and_then(|l| l.parse::<LoadId>().ok()));
    let data = Resource::new_blocking(load, |load| async move {
        match load {
            Some(load) => api::book(load).await,
            None => missing(),
        }
    });
    let lang = kit::lang();
    view! {
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(book) => page(book, lang),
                    // a plan that was kept opens without a network, too
                    Err(AppError::Network) if kit::may_be_kept() => kit::load_document(),
                    Err(error) => view! { <Title text=t::plan_title(lang)/><kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// An address that is no number.
fn missing() -> Result<Book, AppError> {
    #[cfg(feature = "ssr")]
    return kit::server::status(Err(AppError::NotFound));
    #[cfg(not(feature = "ssr"))]
    Err(AppError::NotFound)
}

fn page(book: Book, lang: Lang) -> AnyView {
    let name = format!("{}, {}", book.subject, book.audience);
    let title = t::plan_of(lang, &name);
    let load = book.load;
    let may_edit = book.may_edit;
    let whose = book.whose.clone();
    let stored = RwSignal::new(None);
    if may_edit {
        Effect::new(move || kit::when_stored(move |at| stored.set(Some(at))));
    }
    let desk = Desk::new(book, lang);
    let empty = move || desk.book.with(|b| b.plan.rows.is_empty());
    // a plan is read where the year stands, not at the first of September
    Effect::new(move || request_animation_frame(lines::show_now));
    view! {
        <Title text=title.clone()/>
        <div class="page stack" data-person=whose>
            <nav class="crumbs" aria-label=t::plan_path(lang)>
                <a href="/journal">{t::journal_journals(lang)}</a><a href=format!("/journal/{load}")>{name}</a><span>{t::plan_title(lang)}</span>
            </nav>
            <crate::journal::Kept stored said=t::plan_kept_copy/>
            <div class="page-head">
                <h1>{title}</h1>
                {(!may_edit).then(|| view! { <p class="page-note">{t::journal_read_only(lang)}</p> })}
                <div class="page-actions">{may_edit.then(|| actions(desk))}</div>
            </div>
            {move || summary(desk)}
            <kit::ErrorBanner error=desk.error/>
            <p class="visually-hidden" role="status">{move || desk.said.get()}</p>
            {move || if empty() { nothing(desk) } else { lines::list(desk) }}
            {may_edit.then(|| view! { <RowSheet desk/><LessonSheet desk/><CopySheet desk/> })}
        </div>
    }
    .into_any()
}

fn actions(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let undo = move || {
        desk.book.with(|b| b.undo.clone()).map(|undo| {
            let words = undo_words(lang, &undo.kind);
            view! {
                <button class="btn" type="button" disabled=move || desk.busy.get() title=t::plan_undo_by(lang, undo.by) on:click=move |_| desk.undo()>
                    <kit::Icon name="undo"/>{words}
                </button>
            }
        })
    };
    let rows = move || desk.book.with(|b| !b.plan.rows.is_empty());
    let others = move || desk.book.with(|b| !b.parallels.is_empty());
    let load = desk.book.with_untracked(|b| b.load);
    view! {
        {undo}
        <a class="btn" href=format!("/journal/{load}/plan/import")><kit::Icon name="import"/>{t::plan_file_link(lang)}</a>
        {move || (rows() && others()).then(|| view! {
            <button class="btn" type="button" on:click=move |_| desk.show(Open::Copy)>{t::plan_copy(lang)}</button>
        })}
        {move || rows().then(|| view! {
            <button class="btn btn-primary" type="button" on:click=move |_| {
                let last = desk.book.with_untracked(|b| b.plan.rows.last().map(|r| r.id));
                desk.show(Open::New(last));
            }><kit::Icon name="plus"/>{t::plan_add_last(lang)}</button>
        })}
    }
    .into_any()
}

/// How the plan and the year agree, and what of the past is not as planned.
fn summary(desk: Desk) -> AnyView {
    let lang = desk.lang;
    desk.book.with(|b| {
        if b.plan.rows.is_empty() {
            return ().into_any();
        }
        let laid = lay(&b.plan, &b.lessons);
        let usable = i64::try_from(laid.seats.iter().flatten().count()).unwrap_or(0) + laid.spare;
        let fact = |wanted: Fact| {
            let is = |(n, seat): (usize, &Option<_>)| -> Option<()> {
                let seat: &classbook_core::plan::lay::Seat = seat.as_ref()?;
                let row = b.plan.row(seat.row)?;
                (Fact::of(&row.terms.topic, b.lessons.get(n)?, b.today) == wanted).then_some(())
            };
            i64::try_from(laid.seats.iter().enumerate().filter_map(is).count()).unwrap_or(0)
        };
        let (missing, other) = (fact(Fact::Missing), fact(Fact::Other));
        let fit = if laid.over > 0 {
            ("bad", t::plan_over(lang, laid.over))
        } else if laid.spare > 0 {
            ("warn", t::plan_spare(lang, laid.spare))
        } else {
            ("ok", t::plan_fits(lang).to_owned())
        };
        view! {
            <ul class="cluster plan-summary" aria-label=t::plan_summary(lang)>
                <li>{t::plan_hours(lang, b.plan.hours())}</li>
                <li>{t::plan_lessons(lang, usable)}</li>
                <li><span class="badge" data-tone=fit.0>{fit.1}</span></li>
                {(missing > 0).then(|| view! { <li><span class="badge" data-tone="warn">{t::plan_missing(lang, missing)}</span></li> })}
                {(other > 0).then(|| view! { <li><span class="badge">{t::plan_other(lang, other)}</span></li> })}
            </ul>
        }
        .into_any()
    })
}

/// No rows yet: what to do.
fn nothing(desk: Desk) -> AnyView {
    let lang = desk.lang;
    if !desk.may_edit() {
        return view! { <kit::Empty title=t::plan_empty(lang) icon="diary" text=t::plan_empty_read(lang)/> }
            .into_any();
    }
    let ready = desk.book.with(|b| {
        let ready = b.parallels.iter().filter(|p| p.rows > 0);
        ready.map(|p| (p.load, p.audience.clone())).collect::<Vec<_>>()
    });
    let others = ready.into_iter().map(move |(load, audience)| {
        view! {
            <button class="btn" type="button" disabled=move || desk.busy.get() on:click=move |_| desk.take_from(load)>
                {t::plan_take_from(lang, audience)}
            </button>
        }
    });
    view! {
        <kit::Empty title=t::plan_empty(lang) icon="diary" text=t::plan_empty_text(lang)>
            <div class="cluster">
                <button class="btn btn-primary" type="button" on:click=move |_| desk.show(Open::New(None))>{t::plan_add_first(lang)}</button>
                {others.collect_view()}
            </div>
        </kit::Empty>
    }
    .into_any()
}
