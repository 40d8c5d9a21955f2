//! Publishing: the day, what stands in the way, what to know.

use base::{AppError, Lang};
use chrono::NaiveDate;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::timetable::moves::{Beside, LATER, Published, Why};
use study_core::timetable::words;
use timetable::{Audience, Board, Level, Problem};

use super::api::publish;
use super::desk::Desk;
use crate::t;

/// How many problems are listed.
const LISTED: usize = 40;

/// The dialog. It is opened by `showModal` on its node.
#[component]
pub fn PublishDialog(desk: Desk, node: NodeRef<html::Dialog>) -> impl IntoView {
    let lang = desk.lang;
    let outcome = RwSignal::new(None::<Result<Published, AppError>>);
    let busy = RwSignal::new(false);
    let anyway = RwSignal::new(false);
    // classes that stay without a lesson are agreed to, too
    let agreed = RwSignal::new(false);
    let data = desk.data();
    // the coming Monday: a timetable begins with a week
    let monday = kit::date::plus_days(kit::date::monday(data.today), 7)
        .clamp(data.version.year_from, data.version.year_to);
    let date = RwSignal::new(monday.to_string());
    let version = data.version.id;
    let clashes = move || desk.problems.with(|p| p.iter().any(|p| p.level == Level::Clash));
    let lonely = Memo::new(move |_| {
        desk.unplaced.track();
        !without_lessons(desk).is_empty()
    });
    let send = move |_| {
        // once is enough, however long it takes
        if busy.get_untracked() {
            return;
        }
        let Ok(day) = date.get_untracked().parse::<NaiveDate>() else {
            outcome.set(Some(Err(AppError::invalid(
                "valid_from",
                t::publish_no_date(lang),
            ))));
            return;
        };
        busy.set(true);
        // what was refused before goes; drawn anew for nothing, the button would lose the keyboard
        if outcome.with_untracked(Option::is_some) {
            outcome.set(None);
        }
        spawn_local(async move {
            outcome.set(Some(publish(version, day, anyway.get_untracked()).await));
            busy.set(false);
        });
    };
    // while it runs the dialog stays: how it ends is told here
    let stay = move |event: leptos::ev::Event| {
        if busy.get_untracked() {
            event.prevent_default();
        }
    };
    let escape = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && busy.get_untracked() {
            event.prevent_default();
        }
    };
    let close = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    // what is published is no draft any more: whoever closes the dialog goes on with the page as it is now
    let closed = move |_| {
        if matches!(outcome.get_untracked(), Some(Ok(_)))
            && let Some(window) = web_sys::window()
        {
            let _ = window.location().reload();
        }
    };
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby="tt-publish" on:cancel=stay on:keydown=escape on:close=closed>
            <h2 class="dialog-title" id="tt-publish">{t::publish_title(lang)}</h2>
            {move || match outcome.get() {
                Some(Ok(done)) => published(desk, &done),
                other => view! {
                    <div class="stack">
                        {other.and_then(Result::err).map(|e| refusal(desk, &e, anyway))}
                        <div class="field">
                            <label for="tt-date">{t::publish_from(lang)}</label>
                            <input id="tt-date" type="date" disabled=move || busy.get() min=data.version.year_from.to_string() max=data.version.year_to.to_string()
                                prop:value=move || date.get()
                                on:input=move |e| { date.set(event_target_value(&e)); anyway.set(false); }/>
                            <p class="field-hint">{t::publish_hint(lang)}</p>
                        </div>
                        {move || (!busy.get()).then(|| checks(desk))}
                        <Show when=move || lonely.get() && !busy.get()>
                            <label class="check">
                                <input type="checkbox" prop:checked=move || agreed.get() on:change=move |e| agreed.set(event_target_checked(&e))/>
                                <span>{t::publish_agree(lang)}</span>
                            </label>
                        </Show>
                        <Show when=move || busy.get()><kit::Working words=t::publish_working(lang)/></Show>
                    </div>
                    <div class="dialog-actions">
                        <button class="btn" type="button" disabled=move || busy.get() on:click=close>{t::action_cancel(lang)}</button>
                        <button class="btn btn-primary" type="button" aria-busy=move || busy.get().to_string()
                            disabled=move || busy.get() || clashes() || !desk.all_saved() || (lonely.get() && !agreed.get()) on:click=send>{t::action_publish_now(lang)}</button>
                    </div>
                }
                .into_any(),
            }}
        </dialog>
    }
}

/// What was refused and why. Clashes that begin later are agreed to by who will mend them by then.
fn refusal(desk: Desk, error: &AppError, anyway: RwSignal<bool>) -> AnyView {
    let lines: Vec<String> = match error {
        AppError::Invalid { fields } => fields.iter().map(|f| f.message.clone()).collect(),
        other => vec![other.message(desk.lang)],
    };
    let later = matches!(error, AppError::Invalid { fields } if fields.iter().all(|f| f.field == LATER));
    let tone = if later {
        "banner banner-warn"
    } else {
        "banner banner-error"
    };
    view! {
        <div class=tone role="alert">
            <div>{lines.into_iter().map(|l| view! { <p>{l}</p> }).collect_view()}</div>
        </div>
        {later.then(|| view! {
            <label class="check">
                <input type="checkbox" prop:checked=move || anyway.get() on:change=move |e| anyway.set(event_target_checked(&e))/>
                <span>{t::publish_anyway(desk.lang)}<small>{t::publish_anyway_hint(desk.lang)}</small></span>
            </label>
        })}
    }
    .into_any()
}

fn published(desk: Desk, done: &Published) -> AnyView {
    let lang = desk.lang;
    view! {
        <div class="stack">
            <div class="banner banner-ok" role="status">
                <div>
                    <p><b>{t::publish_done(lang)}</b></p>
                    <p>{t::publish_lessons(lang, done.lessons.added + done.lessons.changed)}</p>
                    {done.closed.clone().map(|title| view! { <p>{t::publish_closed(lang, title)}</p> })}
                </div>
            </div>
            {beside(&done.beside, (done.beside_count, t::publish_beside(lang, done.beside_count)), lang)}
        </div>
        <div class="dialog-actions"><a class="btn btn-primary" href="/timetable" rel="external">{t::publish_to_list(lang)}</a></div>
    }
    .into_any()
}

/// Lessons that stayed beside the timetable: the class may have two of one subject on such a day, and somebody has to know.
/// `count`: how many they are, in words too.
pub(super) fn beside(list: &[Beside], (count, head): (i64, String), lang: Lang) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let rest = count.saturating_sub(i64::try_from(list.len()).unwrap_or(i64::MAX));
    let line = |b: &Beside| {
        let day = format!(
            "{}, {}",
            kit::date::day_month(b.date, lang),
            kit::date::weekday(b.date, lang)
        );
        let what = format!("{}, {}", b.audience, b.subject);
        let why = match (b.was, b.why) {
            (Some(was), _) => t::publish_beside_moved(lang, i64::from(b.number), i64::from(was)),
            (None, Why::Substitute) => t::publish_beside_substitute(lang, i64::from(b.number)),
            (None, Why::Written) => t::publish_beside_written(lang, i64::from(b.number)),
        };
        let also = b
            .also
            .map(|n| view! { " "<b>{t::publish_beside_also(lang, i64::from(n))}</b> });
        view! { <li><b>{day}</b>" · "{what}" — "{why}{also}</li> }
    };
    Some(
        view! {
            <div class="banner banner-warn">
                <div>
                    <p><b>{head}</b></p>
                    <p class="small">{t::publish_beside_hint(lang)}</p>
                    <ul>{list.iter().map(line).collect_view()}</ul>
                    {(rest > 0).then(|| view! { <p>{t::publish_beside_more(lang, rest)}</p> })}
                </div>
            </div>
        }
        .into_any(),
    )
}

/// The classes of which nothing lies on the board: whatever is in force now, from that day on they have no lessons.
fn without_lessons(desk: Desk) -> Vec<String> {
    let unplaced = desk.ask(Board::unplaced);
    desk.data.with_value(|data| {
        let mut learns = vec![false; data.classes.len()];
        let index = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        let mut waits = unplaced.iter().map(|c| index(c.0)).peekable();
        for (at, card) in data.cards.iter().enumerate() {
            // both are in the order of the cards
            if waits.next_if_eq(&at).is_some() {
                continue;
            }
            let audience = data.loads.get(index(card.load)).map(|l| l.audience.as_slice());
            for one in audience.unwrap_or_default() {
                let class = match one {
                    Audience::Class(class) => Some(index(class.0)),
                    Audience::Group(group) => data.groups.get(index(group.0)).map(|g| index(g.class.0)),
                };
                if let Some(learns) = class.and_then(|c| learns.get_mut(c)) {
                    *learns = true;
                }
            }
        }
        let all = data.classes.iter().zip(learns);
        all.filter(|(_, learns)| !learns)
            .map(|(class, _)| class.name.clone())
            .collect()
    })
}

/// What the board itself says: clashes forbid, the rest is to be known.
fn checks(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let problems = desk.problems.get();
    let list = |level: Level| -> Vec<String> {
        desk.data.with_value(|d| {
            let of = |p: &&Problem| p.level == level;
            problems
                .iter()
                .filter(of)
                .map(|p| words::problem(lang, d, p))
                .collect()
        })
    };
    let (clashes, poor) = (list(Level::Clash), list(Level::Poor));
    let counts = desk.counts();
    let without = without_lessons(desk);
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let shown = |lines: &[String]| {
        lines
            .iter()
            .take(LISTED)
            .map(|l| view! { <li>{l.clone()}</li> })
            .collect_view()
    };
    view! {
        {(!clashes.is_empty()).then(|| view! {
            <div class="banner banner-error"><p><b>{t::publish_clashes(lang, i64::from(counts.clashes))}</b></p></div>
            <ul class="tt-problems">{shown(&clashes)}</ul>
        })}
        {(counts.unplaced > 0).then(|| view! { <div class="banner banner-warn"><p>{t::publish_unplaced(lang, i64::from(counts.unplaced))}</p></div> })}
        {(!without.is_empty()).then(|| view! {
            <div class="banner banner-warn"><p>{t::publish_without(lang, count(without.len()), without.join(", "))}</p></div>
        })}
        {super::review::regime(desk)}
        {(!poor.is_empty()).then(|| view! {
            <details><summary>{t::publish_poor(lang, i64::from(counts.remarks))}</summary><ul class="tt-problems">{shown(&poor)}</ul></details>
        })}
        {counts.is_clean().then(|| view! {
            <div class="banner banner-ok"><p>{t::publish_clean(lang)}</p></div>
        })}
    }
    .into_any()
}
