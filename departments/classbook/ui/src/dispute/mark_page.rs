//! `/disputes/:pupil/:assignment`, `/disputes/:pupil/period/:mark`: a mark, what was asked about it and answered; the form to ask.

use base::{AppError, AssignmentId, Lang, PeriodMarkId, PupilId};
use classbook_core::dispute::{About, Dispute, OfMark, OfPeriod};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api::{AskAbout, AskAboutPeriod, CloseDispute, SayIn, of_mark, of_period};
use super::parts::{field, thread};
use crate::t;

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy)]
struct Loaded {
    data: Resource<Result<OfMark, AppError>>,
    ask: ServerAction<AskAbout>,
    ask_period: ServerAction<AskAboutPeriod>,
    say: ServerAction<SayIn>,
    close: ServerAction<CloseDispute>,
}

impl Loaded {
    fn ask() -> Self {
        let params = use_params_map();
        let (ask, ask_period, say, close) = (
            ServerAction::<AskAbout>::new(),
            ServerAction::<AskAboutPeriod>::new(),
            ServerAction::<SayIn>::new(),
            ServerAction::<CloseDispute>::new(),
        );
        let (asked, said, closed) = (ask.version(), say.version(), close.version());
        let asked_period = ask_period.version();
        let wanted = move || {
            let params = params.read();
            let pupil = params.get("pupil").and_then(|p| p.parse::<PupilId>().ok());
            let work = || params.get("assignment")?.parse::<AssignmentId>().ok();
            let about = match params.get("mark") {
                Some(mark) => mark.parse::<PeriodMarkId>().ok().map(About::Period),
                None => work().map(About::Work),
            };
            let asked = (asked.get(), asked_period.get());
            (pupil.zip(about), asked, said.get(), closed.get())
        };
        let data = Resource::new_blocking(wanted, |(mark, ..)| async move {
            match mark {
                Some((pupil, About::Work(assignment))) => of_mark(pupil, assignment).await,
                Some((pupil, About::Period(mark))) => of_period(pupil, mark).await,
                None => crate::diary::mark_not_found(),
            }
        });
        Self {
            data,
            ask,
            ask_period,
            say,
            close,
        }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    view! {
        <Title text=t::dispute_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match this.data.await {
                    Ok(of) => page(this, of, lang),
                    Err(error) => view! { <kit::LoadError error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(this: Loaded, of: OfMark, lang: Lang) -> AnyView {
    let now = of
        .code
        .clone()
        .unwrap_or_else(|| t::dispute_mark_gone(lang).to_owned());
    let (back, back_words) = match (of.family, of.date) {
        (true, Some(date)) => {
            let monday = kit::date::monday(date);
            (format!("/diary/{}/{monday}", of.pupil), t::dispute_to_diary(lang))
        }
        (true, None) => (
            format!("/diary/{}/subjects", of.pupil),
            t::dispute_to_subjects(lang),
        ),
        (false, Some(_)) => (format!("/journal/{}", of.load), t::dispute_to_journal(lang)),
        (false, None) => (format!("/journal/{}/totals", of.load), t::dispute_to_totals(lang)),
    };
    // the page of subjects is no document
    let outside = (of.family && of.date.is_some()).then_some("external");
    let what = what_for(&of, lang);
    let form = of.may_ask.then(|| question(this, &of, lang));
    let (today, offset, family) = (of.today, of.utc_offset, of.family);
    let current = of.code;
    let threads = of
        .disputes
        .into_iter()
        .map(|one| card(this, one, &current, today, offset, family, lang))
        .collect_view();
    view! {
        <div class="page page-narrow stack">
            <div class="page-head">
                <h1>{t::dispute_title(lang)}</h1>
                <p class="page-note">{of.name}", "{of.subject}</p>
            </div>
            <p class="cluster">
                // a family's diary is a document
                <a href=back rel=outside>{back_words}</a>
                <a href="/disputes">{t::dispute_to_list(lang)}</a>
            </p>
            <section class="card">
                <dl class="facts">
                    <dt>{t::dispute_mark(lang)}</dt><dd><b>{now}</b></dd>
                    {what}
                </dl>
            </section>
            {form}
            {threads}
        </div>
    }
    .into_any()
}

/// For what the mark was given: a work and its lesson, or a period.
fn what_for(of: &OfMark, lang: Lang) -> AnyView {
    if let Some(period) = &of.period {
        return view! { <dt>{t::dispute_work(lang)}</dt><dd>{period_words(period, lang)}</dd> }.into_any();
    }
    let date = of.date.map(|date| {
        format!(
            "{}, {}",
            kit::date::day_month(date, lang),
            kit::date::weekday(date, lang)
        )
    });
    view! {
        <dt>{t::dispute_work(lang)}</dt><dd>{of.work.clone()}</dd>
        <dt>{t::dispute_lesson(lang)}</dt><dd>{date}</dd>
    }
    .into_any()
}

/// «1 четверть».
pub(super) fn period_words(of: &OfPeriod, lang: Lang) -> String {
    crate::diary::stage_name(&of.stage, of.kind.as_deref(), of.number, lang)
}

fn question(this: Loaded, of: &OfMark, lang: Lang) -> AnyView {
    let days = i64::from(of.days);
    let pupil = of.pupil.to_string();
    let (error, form) = match &of.period {
        Some(period) => {
            let action = this.ask_period;
            let mark = period.mark.to_string();
            let error = Signal::derive(move || action.value().get().and_then(Result::err));
            let form = view! {
                <ActionForm action>
                    <input type="hidden" name="pupil" value=pupil/>
                    <input type="hidden" name="mark" value=mark/>
                    <div class="stack stack-s">{field("ask".to_owned(), t::dispute_ask(lang), action.pending().into(), lang, NodeRef::new())}</div>
                </ActionForm>
            };
            (error, form.into_any())
        }
        None => {
            let action = this.ask;
            let error = Signal::derive(move || action.value().get().and_then(Result::err));
            let assignment = of.assignment.map(|id| id.to_string());
            let form = view! {
                <ActionForm action>
                    <input type="hidden" name="pupil" value=pupil/>
                    <input type="hidden" name="assignment" value=assignment/>
                    <div class="stack stack-s">{field("ask".to_owned(), t::dispute_ask(lang), action.pending().into(), lang, NodeRef::new())}</div>
                </ActionForm>
            };
            (error, form.into_any())
        }
    };
    view! {
        <section class="card"><div class="stack stack-s">
            <p class="muted">{t::dispute_ask_hint_days(lang, days)}</p>
            <kit::ErrorBanner error/>
            {form}
        </div></section>
    }
    .into_any()
}

fn card(
    this: Loaded,
    one: Dispute,
    current: &Option<String>,
    today: chrono::NaiveDate,
    offset: i32,
    family: bool,
    lang: Lang,
) -> AnyView {
    // the mark was changed since: both are said
    let then = (current.as_deref() != Some(&*one.code)).then(|| t::dispute_mark_then(lang, &one.code));
    let (id, may_close) = (one.id, one.may_close);
    let label = if family {
        t::dispute_reply(lang)
    } else {
        t::dispute_answer(lang)
    };
    let close = may_close.then(|| {
        let words = if family {
            t::dispute_close(lang)
        } else {
            t::dispute_close_staff(lang)
        };
        view! {
            <ActionForm action=this.close>
                <input type="hidden" name="dispute" value=id.to_string()/>
                <button class="btn" type="submit">{words}</button>
            </ActionForm>
        }
    });
    view! {
        <section class="card"><div class="stack stack-s">
            {then.map(|then| view! { <p class="muted small">{then}</p> })}
            {thread(one, today, offset, lang)(this.say, label)}
            {close}
        </div></section>
    }
    .into_any()
}
