//! Around the grid: how saving stands, the pad for the thumb, the choice of period and lesson.

use std::time::Duration;

use base::{Lang, LoadId};
use classbook_core::journal::grid::{Grid, OUTSIDE, Period};
use classbook_core::owed::DOT;
use kit::date;
use kit::outbox::{Standing, Trouble};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::desk::{DeskRef, Open, QUIET, Signals};
use crate::t;

/// «1 четверть».
#[must_use]
pub fn period_name(period: &Period, lang: Lang) -> String {
    let number = period.number;
    match period.kind.as_str() {
        "quarter" => t::journal_period_quarter(lang, number),
        "trimester" => t::journal_period_trimester(lang, number),
        "half_year" => t::journal_period_half_year(lang, number),
        "semester" => t::journal_period_semester(lang, number),
        "module" => t::journal_period_module(lang, number),
        _ => t::journal_period_year(lang).to_owned(),
    }
}

/// How an outbox stands, without what is over before it could be read: that an act waits is told when it has waited for [`QUIET`]. Words that
/// come and go with every key tell nobody anything, least of all who has them read out.
fn unhurried(standing: RwSignal<Standing>) -> RwSignal<Standing> {
    let said = RwSignal::new(standing.get_untracked());
    let rings = StoredValue::new(false);
    let quiet = i64::try_from(QUIET.as_millis()).unwrap_or(0);
    Effect::new(move || {
        let now = standing.get();
        let left = quiet - (kit::outbox::now() - now.since);
        if now.is_under_way() && left > 0 {
            if !rings.get_value() {
                rings.set_value(true);
                let ring = move || {
                    let _ = rings.try_set_value(false);
                    let _ = standing.try_update(|_| ());
                };
                set_timeout(ring, Duration::from_millis(left.unsigned_abs()));
            }
        } else if said.with_untracked(|s| *s != now) {
            said.set(now);
        }
    });
    said
}

/// Saved, waiting, refused: a sign and words.
#[component]
pub fn SaveStatus(
    /// How the outbox stands.
    standing: RwSignal<Standing>,
    /// The signals of the desk.
    signals: Signals,
) -> impl IntoView {
    let lang = kit::lang();
    let said = unhurried(standing);
    let state = move || {
        said.with(|s| match s {
            s if s.stuck() > 0 => "refused",
            s if s.waiting > 0 && s.trouble != Trouble::None => "offline",
            s if s.waiting > 0 => "waiting",
            _ => "saved",
        })
    };
    let words = move || {
        said.with(|s| match (s.refused + s.conflicts, s.old, s.waiting) {
            (0, 0, 0) => t::journal_status_saved(lang).to_owned(),
            (0, 0, n) => t::journal_status_waiting(lang, i64::from(n)),
            (0, n, _) => t::journal_status_old(lang, i64::from(n)),
            (n, old, _) => t::journal_status_refused(lang, i64::from(n + old)),
        })
    };
    let problems = move || standing.with(|s| s.stuck() > 0);
    // as it is, this very moment: for who waits for it with no eyes
    let busy = move || standing.with(|s| (s.waiting > 0).then_some(""));
    view! {
        <p class="save-status" data-state=state data-busy=busy role="status">{words}</p>
        <Show when=problems>
            <button class="btn btn-small" on:click=move |_| signals.open.set(Some(Open::Problems))>{t::journal_look(lang)}</button>
        </Show>
    }
}

/// Who else has the journal open: names, shortened where there is no room for them.
#[component]
pub fn Others(
    /// «Петрова М. И.»
    others: RwSignal<Vec<String>>,
) -> impl IntoView {
    let lang = kit::lang();
    let words = move || others.with(|o| (!o.is_empty()).then(|| t::journal_also_here(lang, o.join(", "))));
    view! { <p class="grid-others" role="status" title=words>{words}</p> }
}

/// That the journal is a copy, and how old.
#[component]
pub fn Kept(
    /// When it was stored, in milliseconds of the device's clock.
    stored: RwSignal<Option<f64>>,
    /// What is said of it: day, month, time.
    said: fn(Lang, i64, i64, String) -> String,
) -> impl IntoView {
    let lang = kit::lang();
    let words = move || {
        stored.get().map(|at| {
            let at = js_sys::Date::new(&at.into());
            let number = |n: u32| i64::from(n);
            said(
                lang,
                number(at.get_date()),
                number(at.get_month() + 1),
                format!("{:02}:{:02}", at.get_hours(), at.get_minutes()),
            )
        })
    };
    view! {
        <Show when=move || stored.get().is_some()>
            <div class="banner banner-offline" role="status"><p>{words}</p></div>
        </Show>
    }
}

/// So long nothing changes before the copy is made anew.
const REST: Duration = Duration::from_secs(3);

/// The copy for a cut network follows what is saved and heard: a page that is opened again without a network shows what was typed
/// before the cut, and what is typed on top of it is no conflict with oneself.
pub fn keep_up(load: LoadId, signals: Signals, standing: RwSignal<Standing>) {
    let (turn, kept) = (StoredValue::new(0_u32), StoredValue::new(0_u32));
    Effect::new(move || {
        let (changed, waiting) = (signals.changed.get(), standing.with(|s| s.waiting > 0));
        let mine = turn.get_value().wrapping_add(1);
        turn.set_value(mine);
        if waiting || changed == kept.get_value() {
            return;
        }
        let rested = move || {
            if turn.try_get_value() == Some(mine) {
                kept.set_value(changed);
                // however young the copy is that there is
                kit::keep_pages(&[format!("/journal/{load}")], 1.0);
            }
        };
        set_timeout(rested, REST);
    });
}

/// What stands in the way of saving, with what to do.
#[component]
pub fn SaveTrouble(
    /// How the outbox stands.
    standing: RwSignal<Standing>,
    /// The desk.
    desk: DeskRef,
    /// The page is a copy: its own banner says already that there is no network.
    #[prop(into)]
    kept: Signal<bool>,
) -> impl IntoView {
    let lang = kit::lang();
    let trouble = Memo::new(move |_| {
        standing.with(|s| {
            if s.waiting > 0 {
                s.trouble.clone()
            } else {
                Trouble::None
            }
        })
    });
    let unsafe_storage = Memo::new(move |_| standing.with(|s| s.unsafe_storage && s.waiting > 0));
    // on somebody else's computer what waits lives in this tab alone
    let fleeting = Memo::new(move |_| trouble.get() != Trouble::None && kit::shared_device());
    let again = move |_| {
        desk.run(|d| d.outbox().send_now());
    };
    view! {
        {move || match trouble.get() {
            Trouble::None => ().into_any(),
            Trouble::Offline if kept.get() => ().into_any(),
            Trouble::SignIn => view! {
                <div class="banner banner-warn" role="alert">
                    <p>{t::journal_trouble_sign_in(lang)}</p>
                    <a class="btn btn-small" rel="external" href=kit::with_return_to(&kit::today_path())>{t::journal_sign_in(lang)}</a>
                </div>
            }.into_any(),
            Trouble::Offline => view! {
                <div class="banner banner-offline" role="status">
                    <p>{t::journal_trouble_offline(lang)}</p>
                    <button class="btn btn-small" on:click=again>{t::journal_again(lang)}</button>
                </div>
            }.into_any(),
            Trouble::Other(words) => view! {
                <div class="banner banner-warn" role="alert">
                    <p>{words}</p>
                    <button class="btn btn-small" on:click=again>{t::journal_again(lang)}</button>
                </div>
            }.into_any(),
        }}
        <Show when=move || fleeting.get()>
            <div class="banner banner-warn" role="status"><p>{t::journal_trouble_shared(lang)}</p></div>
        </Show>
        <Show when=move || unsafe_storage.get()>
            <div class="banner banner-warn" role="alert"><p>{t::journal_trouble_storage(lang)}</p></div>
        </Show>
    }
}

/// The pad: every mark and code under the thumb.
#[component]
pub fn Pad(
    /// The desk.
    desk: DeskRef,
    /// Its signals.
    signals: Signals,
    /// The grid it types into.
    grid: StoredValue<Grid>,
) -> impl IntoView {
    let lang = kit::lang();
    // the scale of the active column; works may be added to the grid, its scales stay
    let items = Memo::new(move |_| {
        signals.changed.track();
        let column = signals.column.get();
        let here = desk
            .run(|d| d.sheet().scale(column).map(|s| s.items.clone()))
            .flatten();
        here.unwrap_or_else(|| grid.with_value(|g| super::desk::scale_of(g, column)))
    });
    let key = move |text: String, label: String, tone: Option<String>, kind: Option<&'static str>| {
        let shown = if text.is_empty() {
            "⌫".to_owned()
        } else {
            text.clone()
        };
        view! {
            <button type="button" data-tone=tone data-kind=kind aria-label=label
                on:pointerdown=|e| e.prevent_default()
                on:click=move |_| { desk.run(|d| d.press(&text)); }>{shown}</button>
        }
    };
    let of_scale = move |valued: bool| {
        let scale = items.get();
        let best = scale.iter().filter_map(|i| i.value).max().unwrap_or_default();
        let tone = |v| super::desk::draw::tone(v, best).map(str::to_owned);
        let these = scale.into_iter().filter(|i| i.value.is_some() == valued);
        let one = |i: classbook_core::journal::grid::ScaleItem| {
            let label = format!("{}, {}", i.code, i.title);
            key(
                i.code,
                label,
                i.value.and_then(tone),
                (!valued).then_some("absence"),
            )
        };
        these.map(one).collect_view()
    };
    // where no mark of the scale has a value, its marks are what is typed
    let plain = Memo::new(move |_| items.with(|all| all.iter().all(|i| i.value.is_none())));
    let codes = grid.with_value(|g| {
        let code = |c: &classbook_core::journal::grid::AttendanceCode| {
            let label = format!("{}, {}", c.code, c.title);
            key(c.code.clone(), label, None, Some("absence"))
        };
        g.codes.iter().map(code).collect_view()
    });
    let more = RwSignal::new(false);
    view! {
        <div class="pad pad-six" role="group" aria-label=t::journal_pad(lang)>
            {move || of_scale(!plain.get())}
            {key(String::new(), t::journal_erase(lang).to_owned(), None, None)}
            <button type="button" aria-label=t::journal_undo(lang) on:pointerdown=|e| e.prevent_default()
                on:click=move |_| { desk.run(super::desk::Desk::take_back); }>"↶"</button>
            {codes}
            {key(DOT.to_string(), t::owed_key(lang).to_owned(), None, Some("absence"))}
            <button type="button" aria-label=t::journal_more_marks(lang) aria-expanded=move || more.get().to_string()
                on:pointerdown=|e| e.prevent_default() on:click=move |_| more.update(|m| *m = !*m)>"…"</button>
            <button type="button" aria-label=t::journal_next(lang) on:pointerdown=|e| e.prevent_default()
                on:click=move |_| { desk.run(super::desk::Desk::next); }>"↓"</button>
            <div class="pad-more" hidden=move || !more.get()>{move || of_scale(plain.get())}</div>
        </div>
    }
}

/// Which period: a link each, so that the address says what is seen.
#[component]
pub fn Periods(
    /// The grid.
    grid: StoredValue<Grid>,
) -> impl IntoView {
    let lang = kit::lang();
    let go = leptos_router::hooks::use_navigate();
    grid.with_value(|g| {
        let (load, chosen) = (g.load, g.period);
        let options = g.periods.iter().map(|p| {
            let locked = if p.locked { format!(" · {}", t::journal_closed(lang)) } else { String::new() };
            let name = format!("{}{locked}", period_name(p, lang));
            view! { <option value=p.id.to_string() selected=chosen == Some(p.id)>{name}</option> }
        }).collect_view();
        let outside = chosen == Some(OUTSIDE);
        let beside = (outside || g.outside > 0).then(|| view! {
            <option value=OUTSIDE.to_string() selected=outside>{t::journal_outside_name(lang)}</option>
        });
        (g.periods.len() > 1 || beside.is_some()).then(|| view! {
            <select class="select" aria-label=t::journal_period(lang)
                on:change=move |e| go(&format!("/journal/{load}?period={}", event_target_value(&e)), Default::default())>
                {options}{beside}
            </select>
        })
    })
}

/// Lessons that were held and lie in no period: where they are, or, looking at them, what they are.
#[component]
pub fn Outside(
    /// The grid.
    grid: StoredValue<Grid>,
) -> impl IntoView {
    let lang = kit::lang();
    let (load, there, shown) = grid.with_value(|g| (g.load, g.outside, g.period == Some(OUTSIDE)));
    if shown {
        return view! { <p class="page-note">{t::journal_outside_note(lang)}</p> }.into_any();
    }
    let link = (there > 0).then(|| {
        let href = format!("/journal/{load}?period={OUTSIDE}");
        view! { <p class="page-note"><a href=href>{t::journal_outside(lang, there)}</a></p> }
    });
    link.into_any()
}

/// The whole table, or one lesson (the phone's view).
#[component]
pub fn Views(
    /// The desk.
    desk: DeskRef,
    /// The grid.
    grid: StoredValue<Grid>,
    /// The signals of the desk.
    signals: Signals,
) -> impl IntoView {
    let lang = kit::lang();
    let options = grid.with_value(|g| {
        g.lessons.iter().rev().map(|l| {
            let id = l.id;
            let name = format!("{}, {}, {}", date::day_month_short(l.date, lang), date::weekday_short(l.date, lang), l.slot + 1);
            view! { <option value=l.id.to_string() selected=move || signals.lesson.get() == Some(id)>{name}</option> }
        }).collect_view()
    });
    let choose = move |e: web_sys::Event| {
        let id = e
            .target()
            .and_then(|t| t.dyn_into::<web_sys::HtmlSelectElement>().ok())
            .and_then(|s| s.value().parse().ok());
        desk.run(|d| d.show_lesson(id));
    };
    view! {
        <select class="select" aria-label=t::journal_view(lang) on:change=choose>
            <option value="" selected=move || signals.lesson.get().is_none()>{t::journal_view_all(lang)}</option>
            {options}
        </select>
    }
}
