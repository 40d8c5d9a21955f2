//! `/journal/:load/totals`: the marks of periods, year and exam of one journal, typed by the manners of the grade grid.

use base::{AppError, Lang, LoadId, PeriodId, PupilId};
use classbook_core::grading::Indicators;
use classbook_core::grading::totals::{Column, Shut, Stage, Suggestion, Totals};
use kit::grid::Key;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::ask_change::{About, AskChange};
use super::desk::{Desk, Fate, Opened, cell_id};
use super::figure_sheet::FigureSheet;
use super::interim_form::InterimForm;
use super::pad::pad;
use super::reason_dialog::ReasonDialog;
use super::unattested_dialog::{self, UnattestedDialog};
use super::{api, explain};
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let params = use_params_map();
    let address = move || params.read().get("load").and_then(|l| l.parse::<LoadId>().ok());
    let data: Resource<Result<Totals, AppError>> = Resource::new_blocking(address, |load| async move {
        match load {
            Some(load) => api::totals(load).await,
            None => not_found(),
        }
    });
    let lang = kit::lang();
    let query = use_query_map();
    view! {
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(totals) => {
                        let number = |key: &str| query.with_untracked(|q| q.get(key)).and_then(|n| n.parse().ok());
                        let at = number("pupil").map(PupilId).zip(number("period").map(PeriodId));
                        page(totals, at, lang)
                    }
                    Err(error) => view! { <Title text=t::totals_title(lang)/><kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn not_found() -> Result<Totals, AppError> {
    #[cfg(feature = "ssr")]
    return kit::server::status(Err(AppError::NotFound));
    #[cfg(not(feature = "ssr"))]
    Err(AppError::NotFound)
}

/// «1 четверть», «Год».
#[must_use]
pub fn column_name(column: &Column, lang: Lang) -> String {
    stage_name(column.stage, &column.kind, column.number, lang)
}

/// The same, of a stage; `kind` and `number` are its period's.
#[must_use]
pub fn stage_name(stage: Stage, kind: &str, number: i16, lang: Lang) -> String {
    match (stage, kind) {
        (Stage::Coursework(id), _) => {
            t::totals_coursework_of(lang, stage_name(Stage::Period(id), kind, number, lang))
        }
        (Stage::HalfYear(half), _) => t::journal_period_half_year(lang, half.number()),
        (Stage::Interim, _) => t::totals_interim(lang).to_owned(),
        (Stage::Year, _) => t::totals_year(lang).to_owned(),
        (Stage::Exam, _) => t::totals_exam(lang).to_owned(),
        (Stage::Final, _) => t::totals_final(lang).to_owned(),
        (_, "quarter") => t::journal_period_quarter(lang, number),
        (_, "trimester") => t::journal_period_trimester(lang, number),
        (_, "half_year") => t::journal_period_half_year(lang, number),
        (_, "semester") => t::journal_period_semester(lang, number),
        (_, "module") => t::journal_period_module(lang, number),
        _ => t::journal_period_year(lang).to_owned(),
    }
}

/// `at`: what is open from the start.
fn page(totals: Totals, at: Option<(PupilId, PeriodId)>, lang: Lang) -> AnyView {
    let title = t::totals_title_of(lang, &totals.audience, &totals.subject);
    let (load, may_edit) = (totals.load, totals.may_edit);
    let empty = totals.pupils.is_empty();
    let markless = totals.columns.last().is_some_and(|c| totals.is_markless(c));
    let journal = format!("{}, {}", totals.subject, totals.audience);
    let desk = Desk::new(totals, lang);
    if let Some((pupil, period)) = at {
        desk.open_at(pupil, Stage::Period(period));
    }
    let body = if empty {
        view! { <kit::Empty title=t::journal_no_pupils(lang) text=t::journal_no_pupils_text(lang)/> }
            .into_any()
    } else {
        view! {
            {markless.then(|| view! { <div class="banner banner-info"><p>{t::totals_first_grade(lang)}</p></div> })}
            {bar(desk, may_edit)}
            {unsaved(desk)}
            {may_edit.then(|| ask(desk))}
            <InterimForm totals=desk.totals/>
            {table(desk)}
            {may_edit.then(|| pad(desk))}
            {figures(desk)}
            <FigureSheet desk/>
            <ReasonDialog desk/>
            <UnattestedDialog desk/>
        }
        .into_any()
    };
    view! {
        <Title text=title.clone()/>
        <div class="page page-wide stack tm-page">
            <nav class="crumbs" aria-label=t::grading_path(lang)>
                <a href="/journal">{t::journal_journals(lang)}</a><a href=format!("/journal/{load}")>{journal}</a><span>{t::totals_title(lang)}</span>
            </nav>
            <div class="page-head">
                <h1>{title}</h1>
                {(!may_edit).then(|| view! { <p class="page-note">{t::journal_read_only(lang)}</p> })}
            </div>
            {body}
        </div>
    }
    .into_any()
}

fn bar(desk: Desk, may_edit: bool) -> AnyView {
    let lang = desk.lang;
    let origin = move |_| {
        let (row, column) = desk.active.get_untracked();
        let stage = untrack(move || desk.columns()).get(column).map(|c| c.stage);
        desk.open.set(stage.map(|stage| Opened::Figure(row, stage)));
    };
    let shown = desk.exams;
    let works = desk.totals.with_untracked(|t| {
        let mut all = t.columns.iter();
        all.any(|c| matches!(c.stage, Stage::Coursework(_)))
    });
    let works = works.then(|| {
        let shown = desk.coursework;
        view! {
            <label class="check"><input type="checkbox" prop:checked=shown on:change=move |e| {
                desk.stand(desk.active.get_untracked().0, 0, false);
                shown.set(event_target_checked(&e));
            }/>" "<span>{t::totals_courseworks(lang)}</span></label>
        }
    });
    view! {
        <div class="grid-bar">
            <button class="btn" type="button" on:click=origin><kit::Icon name="history"/>{t::totals_origin(lang)}</button>
            // as over the grade grid: on a phone the pupils come first, and what else can be done is behind this
            <button class="btn grid-more" type="button" popovertarget="tm-tools" title=t::journal_tools(lang) aria-label=t::journal_tools(lang)>"⋯"</button>
            <div class="grid-tools" id="tm-tools" popover="auto">
                {may_edit.then(|| view! { <button class="btn" type="button" popovertarget="tm-tools" popovertargetaction="hide"
                    on:click=move |_| desk.accept_column()>{t::totals_accept_column(lang)}</button> })}
                {may_edit.then(|| unattested_dialog::button(desk))}
                <label class="check"><input type="checkbox" prop:checked=shown on:change=move |e| {
                    desk.stand(desk.active.get_untracked().0, 0, false);
                    shown.set(event_target_checked(&e));
                }/>" "<span>{t::totals_exams(lang)}</span></label>
                {works}
                <a class="btn" href="/journal/rules">{t::grading_title(lang)}</a>
                // a phone lacks most of the keys below
                <details class="small muted tm-keys-touch"><summary>{t::totals_signs(lang)}</summary><p>{t::totals_keys_touch(lang)}</p></details>
            </div>
        </div>
        <p class="small muted tm-keys">{if may_edit { t::totals_keys(lang) } else { t::totals_keys_read(lang) }}</p>
        <p class="tm-hint" role="status">{move || desk.hint.get()}</p>
    }
    .into_any()
}

/// In a closed period: how one's last question stands, and the way to ask for a change. In a closed year: that it is.
fn ask(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let standing = Memo::new(move |_| {
        let (_, at) = desk.active.get();
        let column = desk.columns().into_iter().nth(at)?;
        let period = desk.totals.with_untracked(|t| t.closed_with(&column));
        let asked = desk
            .totals
            .with_untracked(|t| t.asked.iter().find(|a| Some(a.period) == period).cloned());
        let told = column.shut == Some(Shut::Locked) || asked.as_ref().is_some_and(|a| a.open);
        told.then_some((period, asked))
    });
    let load = desk.totals.with_untracked(|t| t.load);
    (move || {
        standing.get().map(|(period, asked)| match period {
            Some(period) => view! { <AskChange about=About::Journal(load) period asked/> }.into_any(),
            None => view! { <div class="banner banner-info"><p>{t::totals_year_locked(lang)}</p></div> }
                .into_any(),
        })
    })
    .into_any()
}

/// What is not saved, and a way to send it again. Whoever leaves with it is asked by the browser.
fn unsaved(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let count = move |wanted: fn(&Fate) -> bool| {
        desk.fates
            .with(|f| i64::try_from(f.values().filter(|fate| wanted(fate)).count()).unwrap_or(0))
    };
    let failed = Memo::new(move |_| count(|f| matches!(f, Fate::Failed(_))));
    let waiting = Memo::new(move |_| count(|f| matches!(f, Fate::Waiting(_))));
    #[cfg(not(feature = "ssr"))]
    {
        let asked = window_event_listener_untyped("beforeunload", move |event| {
            let open = desk
                .fates
                .try_with_untracked(|f| f.values().any(|fate| !matches!(fate, Fate::Refused(_))));
            if open == Some(true) {
                event.prevent_default();
            }
        });
        on_cleanup(move || asked.remove());
    }
    view! {
        <Show when=move || { failed.get() > 0 }>
            <div class="banner banner-warn" role="alert">
                <p>{move || t::totals_failed(lang, failed.get())}</p>
                <button class="btn btn-small" type="button" on:click=move |_| desk.again()>{t::journal_again(lang)}</button>
            </div>
        </Show>
        <p class="visually-hidden" role="status">{move || (waiting.get() > 0).then(|| t::totals_saving(lang))}</p>
    }
    .into_any()
}

fn on_key(desk: Desk, event: &web_sys::KeyboardEvent) {
    let (key, code) = (event.key(), event.code());
    let ours = desk.key(Key {
        key: &key,
        code: &code,
        ctrl: event.ctrl_key() || event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
        editing: desk.typed.with_untracked(Option::is_some),
    });
    if ours {
        event.prevent_default();
        event.stop_propagation();
    }
}

fn table(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let label = desk
        .totals
        .with_untracked(|t| t::totals_title_of(lang, &t.audience, &t.subject));
    let heads = move || {
        let head = |(n, c): (usize, Column)| {
            let shut = c.shut.map(|s| match s {
                Shut::Locked => t::journal_closed(lang),
                Shut::ToCome => t::totals_later(lang),
            });
            view! {
                <th scope="col" role="columnheader" aria-colindex=(n + 2).to_string()>{column_name(&c, lang)}
                    {shut.map(|s| view! { <small class="muted">{s}</small> })}</th>
            }
        };
        desk.columns().into_iter().enumerate().map(head).collect_view()
    };
    let rows = desk.totals.with_untracked(|t| {
        let row = |(n, p): (usize, &classbook_core::journal::grid::Pupil)| {
            let (name, gone) = (p.name.clone(), p.gone);
            let cells = move || {
                let cell = |(at, c)| cell(desk, n, at, c);
                desk.columns().into_iter().enumerate().map(cell).collect_view()
            };
            view! {
                <tr role="row" aria-rowindex=(n + 2).to_string()>
                    <th scope="row" role="rowheader" aria-colindex="1" data-gone=gone.then_some("")>{name}
                        {gone.then(|| view! { <small class="muted">{t::journal_gone(lang)}</small> })}</th>
                    {cells}
                </tr>
            }
        };
        t.pupils.iter().enumerate().map(row).collect_view()
    });
    let copy = move |event: web_sys::ClipboardEvent, cut: bool| {
        let ok = event
            .clipboard_data()
            .is_some_and(|data| data.set_data("text/plain", &desk.copied()).is_ok());
        if ok {
            event.prevent_default();
            if cut {
                desk.cut();
            }
        }
    };
    let paste = move |event: web_sys::ClipboardEvent| {
        let text = event.clipboard_data().and_then(|d| d.get_data("text/plain").ok());
        if let Some(text) = text.filter(|t| !t.is_empty()) {
            event.prevent_default();
            desk.pasted(&text);
        }
    };
    let read_only = (!desk.totals.with_untracked(|t| t.may_edit)).then_some("true");
    view! {
        <div class="table-wrap tm-wrap">
            <table class="table tm" role="grid" aria-label=label aria-readonly=read_only on:keydown=move |e| on_key(desk, &e)
                on:copy=move |e| copy(e, false) on:cut=move |e| copy(e, true) on:paste=paste>
                <thead><tr role="row" aria-rowindex="1"><th scope="col" role="columnheader" aria-colindex="1">{t::journal_pupil(lang)}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The tone of a mark of the results' scale: its level.
pub(super) fn tone(totals: &Totals, code: &str) -> Option<&'static str> {
    totals.item(code)?.standing.tone()
}

/// «4 · 4,35», and what a reader of the screen hears instead.
fn proposed(made: &Suggestion, lang: Lang) -> Option<AnyView> {
    let code = made.code()?.to_owned();
    if let Suggestion::Exempt(_) = made {
        let words = t::totals_is_exempt(lang);
        return Some(view! { <small class="tm-made"><span aria-hidden="true">{code}</span><span class="visually-hidden">{words}</span></small> }.into_any());
    }
    if let Some((count, minimum)) = made.not_attested() {
        // «н/а · 1/3», read out in words
        let words = t::totals_proposed_not_attested(lang, &code, count, minimum);
        let seen = format!("{code} · {count}/{minimum}");
        return Some(view! { <small class="tm-made"><span aria-hidden="true">{seen}</span><span class="visually-hidden">{words}</span></small> }.into_any());
    }
    let average = explain::fixed(made.average()?, lang);
    let few = (!made.is_enough()).then_some("?");
    let words = t::totals_proposed(lang, &average, &code);
    let seen = format!("{code}{} · {average}", few.unwrap_or_default());
    Some(view! { <small class="tm-made"><span aria-hidden="true">{seen}</span><span class="visually-hidden">{words}</span></small> }.into_any())
}

fn cell(desk: Desk, row: usize, at: usize, column: Column) -> AnyView {
    let lang = desk.lang;
    let Some(pupil) = desk.totals.with_untracked(|t| t.pupils.get(row).map(|p| p.id)) else {
        return ().into_any();
    };
    let there = desk
        .totals
        .with_untracked(|t| t.pupils.get(row).is_some_and(|p| Totals::belongs(p, &column)));
    let (shut, stage) = (column.shut, column.stage);
    let place = (pupil, stage);
    let is_active = move || desk.active.get() == (row, at);
    let code = Memo::new(move |_| desk.code(place));
    let text = move || {
        let typing = is_active().then(|| desk.typed.get()).flatten();
        typing.or_else(|| code.get()).unwrap_or_default()
    };
    let mark_tone = move || {
        code.get()?;
        desk.totals.with(|t| t.level(pupil, stage))?.tone()
    };
    let state = move || {
        desk.fates.with(|f| match f.get(&place) {
            Some(Fate::Waiting(_) | Fate::Failed(_)) => Some("waiting"),
            Some(Fate::Refused(_)) => Some("refused"),
            None => None,
        })
    };
    let state_words = move || {
        desk.fates.with(|f| match f.get(&place) {
            Some(Fate::Waiting(_) | Fate::Failed(_)) => Some(t::journal_cell_waiting(lang).to_owned()),
            Some(Fate::Refused(words)) => Some(t::journal_cell_refused(lang, words)),
            None => None,
        })
    };
    // counted again when a mark of the row changes: a year hangs on its periods
    let made = Memo::new(move |_| desk.totals.with(|t| SuggestionShown(t.suggest(row, &column))));
    let reason = move || {
        desk.totals
            .with(|t| t.given(pupil, stage).is_some_and(|g| g.reason.is_some()))
    };
    let point = move |event: web_sys::MouseEvent| {
        if desk.active.get_untracked() == (row, at) && desk.typed.with_untracked(Option::is_some) {
            return;
        }
        desk.stand(row, at, event.shift_key());
    };
    view! {
        <td role="gridcell" class="tm-cell" id=cell_id(row, at) aria-colindex=(at + 2).to_string()
            tabindex=move || if is_active() { "0" } else { "-1" } aria-selected=move || (is_active() || desk.is_selected(row, at)).to_string()
            aria-readonly=(shut.is_some() || !there).then_some("true")
            data-active=move || is_active().then_some("") data-selected=move || desk.is_selected(row, at).then_some("")
            data-shut=(shut.is_some() || !there).then_some("") data-state=state
            on:click=point on:dblclick=move |_| desk.open.set(Some(Opened::Figure(row, stage)))>
            <b class="tm-mark" data-tone=mark_tone data-reason=move || reason().then_some("")>{text}</b>
            {move || reason().then(|| view! { <span class="visually-hidden">{t::totals_has_reason(lang)}</span> })}
            {move || state_words().map(|words| view! { <span class="visually-hidden">{words}</span> })}
            {move || there.then(|| made.with(|m| proposed(&m.0, lang))).flatten()}
        </td>
    }
    .into_any()
}

#[derive(Clone, PartialEq)]
struct SuggestionShown(Suggestion);

/// A figure of the indicators.
type Figure = fn(&Indicators) -> Option<base::number::Hundredths>;

/// % успеваемости, % качества, СОУ of each column; each figure opens.
fn figures(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let lines: [(&'static str, Figure); 3] = [
        (t::totals_progress(lang), Indicators::progress),
        (t::totals_quality(lang), Indicators::quality),
        (t::totals_learnedness(lang), Indicators::learnedness),
    ];
    let heads = move || {
        let head = |c: &Column| view! { <th scope="col">{column_name(c, lang)}</th> };
        desk.columns().iter().map(head).collect_view()
    };
    let line = move |(name, of): (&'static str, Figure)| {
        let cells = move || {
            let cell = |c: Column| {
                let stage = c.stage;
                let label = format!("{name}, {}", column_name(&c, lang));
                let figure = move || desk.totals.with(|t| of(&t.indicators(&c)));
                let words = move || figure().map(|f| explain::fixed(f, lang));
                view! {
                    <td class="num">{move || match words() {
                        Some(words) => view! { <button class="tm-figure" type="button" aria-label=format!("{label}: {words}")
                            on:click=move |_| desk.open.set(Some(Opened::Column(stage)))>{words.clone()}</button> }.into_any(),
                        None => view! { <span class="muted">"—"</span> }.into_any(),
                    }}</td>
                }
            };
            desk.columns().into_iter().map(cell).collect_view()
        };
        view! { <tr><th scope="row">{name}</th>{cells}</tr> }
    };
    view! {
        <section class="stack stack-s">
            <h2 id="tm-figures">{t::totals_indicators(lang)}</h2>
            <div class="table-wrap" tabindex="0" role="region" aria-labelledby="tm-figures">
                <table class="table"><thead><tr><th scope="col">{t::totals_indicator(lang)}</th>{heads}</tr></thead>
                    <tbody>{lines.into_iter().map(line).collect_view()}</tbody></table>
            </div>
        </section>
    }
    .into_any()
}

/// The focus goes back to the sheet when a dialog over it has closed.
pub(super) fn focus_later(desk: Desk) {
    request_animation_frame(move || {
        let elsewhere = document().active_element().is_none_or(|e| e.tag_name() == "BODY");
        if elsewhere {
            desk.focus();
        }
    });
}
