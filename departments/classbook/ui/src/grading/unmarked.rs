//! Before a period is closed: in which journals marks are missing, with the way there. Asked for when the line of closing opens.

use base::{AppError, Lang, PeriodId};
use classbook_core::grading::periods::Unmarked;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use crate::t;

/// So many journals stand in the open; the others behind a line.
const SHOWN: usize = 8;

/// What was found so far.
type Found = RwSignal<Option<Result<Vec<Unmarked>, AppError>>>;

/// What is missing in a period.
#[derive(Clone, Copy)]
pub struct Missing {
    lang: Lang,
    period: PeriodId,
    found: Found,
}

impl Missing {
    /// Nothing is asked before the line opens.
    pub fn new(lang: Lang, period: PeriodId) -> Self {
        Self {
            lang,
            period,
            found: RwSignal::new(None),
        }
    }

    /// Asks, each time that the line opens: journals go on meanwhile.
    pub fn ask(self) {
        spawn_local(async move {
            let answer = api::unmarked(self.period).await;
            // the page may have been left meanwhile
            let _ = self.found.try_set(Some(answer));
        });
    }

    /// Draws it.
    pub fn view(self) -> AnyView {
        let lang = self.lang;
        let body = move || match self.found.get() {
            None => view! { <kit::Busy/> }.into_any(),
            Some(Ok(all)) if all.is_empty() => {
                view! { <p class="small">{t::periods_missing_none(lang)}</p> }.into_any()
            }
            Some(Ok(all)) => list(all, lang),
            Some(Err(error)) => {
                let error = RwSignal::new(Some(error));
                view! { <kit::ErrorBanner error=error/> }.into_any()
            }
        };
        view! { <div role="status">{body}</div> }.into_any()
    }
}

fn list(all: Vec<Unmarked>, lang: Lang) -> AnyView {
    let (missing, few) = Unmarked::all(&all);
    let line = |j: &Unmarked| {
        let parts = [
            (j.missing > 0).then(|| t::periods_missing_here(lang, j.missing)),
            (j.few > 0).then(|| t::periods_few_here(lang, j.few)),
        ];
        let parts = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let teacher = (!j.teacher.is_empty()).then(|| format!(" ({})", j.teacher));
        let name = format!("{}, {}", j.audience, j.subject);
        view! { <li><a href=format!("/journal/{}/totals", j.load)>{name}</a>{teacher}": "{parts}</li> }
    };
    let (first, rest) = all.split_at(all.len().min(SHOWN));
    let open = RwSignal::new(false);
    let more = (!rest.is_empty()).then(|| {
        let n = i64::try_from(rest.len()).unwrap_or(i64::MAX);
        let rest = rest.iter().map(line).collect_view();
        view! {
            <div><button class="btn btn-small btn-quiet" type="button" aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|o| *o = !*o)>{t::periods_missing_more(lang, n)}</button></div>
            <ul hidden=move || !open.get()>{rest}</ul>
        }
    });
    view! {
        <div class="banner banner-warn"><div class="stack stack-s">
            {(missing > 0).then(|| view! { <p><b>{t::periods_missing(lang, missing)}</b></p> })}
            {(few > 0).then(|| view! { <p>{t::periods_too_few(lang, few)}</p> })}
            <ul>{first.iter().map(line).collect_view()}</ul>
            {more}
        </div></div>
    }
    .into_any()
}
