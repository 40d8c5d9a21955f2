//! `/timetable/compare`: any two versions of the year side by side. A plain form and tables: it works before the page does.

use base::{AppError, Lang, VersionId};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use study_core::compose::{Compared, Moved, Pair, Titled};

use super::api::weigh;
use super::{change, outcome, wishes};
use crate::t;

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy, Debug)]
struct Loaded {
    asked: Memo<(Option<VersionId>, Option<VersionId>)>,
    data: Resource<Result<Compared, AppError>>,
}

impl Loaded {
    fn ask() -> Self {
        let query = use_query_map();
        let asked = Memo::new(move |_| {
            let of = |key: &str| query.read().get(key).and_then(|id| id.parse::<VersionId>().ok());
            (of("first"), of("second"))
        });
        let data = Resource::new_blocking(move || asked.get(), |(first, second)| weigh(first, second));
        Self { asked, data }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    view! {
        <Title text=t::compose_weigh_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match this.data.await {
                    Ok(compared) => page(&compared, this.asked.get_untracked(), lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(of: &Compared, asked: (Option<VersionId>, Option<VersionId>), lang: Lang) -> AnyView {
    let body = match &of.pair {
        Some(pair) => sides(pair, lang),
        None if of.versions.len() < 2 => note(t::compose_weigh_one(lang)),
        None => note(t::compose_weigh_choose(lang)),
    };
    view! {
        <div class="page stack">
            <div class="page-head">
                <a class="btn btn-icon btn-quiet" href="/timetable" aria-label=t::compose_weigh_back(lang)><kit::Icon name="previous"/></a>
                <h1>{t::compose_weigh_title(lang)}</h1>
            </div>
            {form(of, asked, lang)}
            {body}
        </div>
    }
    .into_any()
}

fn note(words: &'static str) -> AnyView {
    view! { <p class="muted">{words}</p> }.into_any()
}

/// The two that are asked about; of what is not asked the newest that is another one.
fn chosen(versions: &[Titled], asked: (Option<VersionId>, Option<VersionId>)) -> [Option<VersionId>; 2] {
    let other_than = |id: Option<VersionId>| versions.iter().map(|v| v.id).find(|other| Some(*other) != id);
    match asked {
        (Some(first), None) => [Some(first), other_than(Some(first))],
        (first, second) => {
            let second = second.or_else(|| other_than(None));
            [first.or_else(|| other_than(second)), second]
        }
    }
}

fn form(of: &Compared, asked: (Option<VersionId>, Option<VersionId>), lang: Lang) -> AnyView {
    let [first, second] = chosen(&of.versions, asked);
    let options = |of_side: Option<VersionId>, pair: Option<&Titled>| {
        let listed = of.versions.iter();
        // one of another year is no part of the list
        let strange = pair.filter(|one| of.versions.iter().all(|v| v.id != one.id));
        let options = listed.chain(strange).map(|v| {
            view! { <option value=v.id.to_string() selected=Some(v.id) == of_side>{v.title.clone()}</option> }
        });
        options.collect_view()
    };
    let pair = of.pair.as_ref();
    view! {
        <form class="card field-row tt-new" method="get" action="/timetable/compare">
            <div class="field">
                <label for="tt-first">{t::compose_weigh_first(lang)}</label>
                <select class="select" id="tt-first" name="first">{options(first, pair.map(|p| &p.first))}</select>
            </div>
            <div class="field">
                <label for="tt-second">{t::compose_weigh_second(lang)}</label>
                <select class="select" id="tt-second" name="second">{options(second, pair.map(|p| &p.second))}</select>
            </div>
            <button class="btn btn-primary" type="submit">{t::compose_weigh_action(lang)}</button>
        </form>
    }
    .into_any()
}

/// Whether the first is as good as empty and the second is not: every timetable is worse than none.
fn is_first(pair: &Pair) -> bool {
    let empty = |of| outcome::is_first(of, usize::try_from(pair.cards).unwrap_or_default());
    empty(pair.before) && !empty(pair.after)
}

fn sides(pair: &Pair, lang: Lang) -> AnyView {
    let link = |one: &Titled| view! { <a href=format!("/timetable/{}", one.id)>{one.title.clone()}</a> };
    let name = |n: usize| pair.teachers.get(n).cloned().unwrap_or_else(|| "—".to_owned());
    let rest = usize::try_from(pair.elsewhere)
        .unwrap_or(usize::MAX)
        .saturating_sub(pair.moved.len());
    let line = |m: &Moved| {
        let place = |at: &Option<String>| at.clone().unwrap_or_else(|| t::advice_tray(lang).to_owned());
        view! { <li>{t::advice_moves(lang, place(&m.from), m.lesson.clone(), place(&m.to))}</li> }
    };
    let moved = if pair.moved.is_empty() {
        note(t::compose_weigh_same(lang))
    } else {
        view! {
            <ul class="tt-problems" tabindex="0" aria-label=t::compose_weigh_moved(lang)>
                {pair.moved.iter().map(line).collect_view()}
                {(rest > 0).then(|| view! { <li>{t::compose_impossible_more(lang, i64::try_from(rest).unwrap_or(i64::MAX))}</li> })}
            </ul>
        }
        .into_any()
    };
    view! {
        <section class="card stack">
            <h2>{link(&pair.first)}" → "{link(&pair.second)}</h2>
            {pair.composed.as_ref().map(|of| wishes::told(lang, of))}
            {if is_first(pair) {
                view! {
                    {note(t::compose_weigh_empty(lang))}
                    {outcome::first(lang, Some(pair.after), usize::try_from(pair.cards).unwrap_or_default())}
                }
                .into_any()
            } else {
                view! {
                    {outcome::comparison(lang, pair.before, pair.after)}
                    {change::told(lang, &pair.change, name)}
                }
                .into_any()
            }}
            <p class="small muted">{t::compose_weigh_own(lang)}</p>
        </section>
        <section class="card stack" aria-labelledby="tt-elsewhere">
            <h2 id="tt-elsewhere">{t::compose_weigh_moved(lang)}<span class="count">{pair.elsewhere}</span></h2>
            {moved}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_asked_is_the_newest_that_is_another_one() {
        let titled = |id| Titled {
            id: VersionId(id),
            title: String::new(),
        };
        let versions = [titled(9), titled(7), titled(5)];
        let chosen = |first: Option<i64>, second: Option<i64>| {
            let asked = (first.map(VersionId), second.map(VersionId));
            super::chosen(&versions, asked).map(|id| id.map(|id| id.0))
        };
        assert_eq!(
            chosen(None, None),
            [Some(7), Some(9)],
            "the newest beside the one before it"
        );
        assert_eq!(chosen(Some(9), None), [Some(9), Some(7)]);
        assert_eq!(chosen(Some(5), None), [Some(5), Some(9)]);
        assert_eq!(chosen(Some(5), Some(7)), [Some(5), Some(7)]);
        assert_eq!(
            super::chosen(&versions[..1], (None, None)),
            [None, Some(VersionId(9))]
        );
    }
}
