//! A mark: its figure, and behind one tap everything about it. The popover is the browser's own, so it opens before any
//! wasm has arrived, and without a network.

use base::number::Hundredths;
use base::{Lang, PupilId};
use chrono::NaiveDate;
use classbook_core::diary::{Mark, proposed};
use classbook_core::grading::Terms;
use classbook_core::journal::grid::ScaleItem;
use leptos::prelude::*;

use crate::t;

/// The tone of an average: of the mark that the school's rule proposes for it.
#[must_use]
pub fn tone_by(average: Option<Hundredths>, terms: &Terms, scale: &[ScaleItem]) -> Option<&'static str> {
    proposed(average?, terms, scale)?.standing.tone()
}

/// A number as the language writes it.
#[must_use]
pub fn number(n: Hundredths, lang: Lang) -> String {
    lang.decimal(&n.to_string())
}

/// An average: always two places.
#[must_use]
pub fn fixed(n: Hundredths, lang: Lang) -> String {
    lang.decimal(&n.fixed())
}

/// What a mark is shown with.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The subject's name.
    pub subject: &'a str,
    /// The day of the lesson.
    pub date: NaiveDate,
    /// The school's offset from UTC, in seconds.
    pub offset: i32,
    /// The language.
    pub lang: Lang,
    /// Where on the page it stands: the same mark may stand there twice.
    pub place: &'static str,
    /// Whose family looks, which may ask about it; none for staff.
    pub asks: Option<PupilId>,
    /// How much it weighs in the average, where that is known.
    pub share: Option<Hundredths>,
}

/// The figure with its weight: `<span>5</span><sup>3</sup>`. Weight 1 is the ordinary one and is not written. Where a
/// sentence stands beside it, it is `hidden` from those who listen.
fn figure(mark: &Mark, hidden: bool, lang: Lang) -> impl IntoView + use<> {
    let weight =
        (mark.weight != Hundredths::whole(1) && mark.value.is_some()).then(|| number(mark.weight, lang));
    let hidden = hidden.then_some("true");
    // the one that it has replaced, where the school shows both
    let was = mark.replaced.clone();
    view! {
        <span aria-hidden=hidden>{mark.code.clone()}</span>
        {was.map(|was| view! { <s class="mark-was" aria-hidden=hidden>{was}</s> })}
        {weight.map(|w| view! { <sup aria-hidden=hidden>{w}</sup> })}
    }
}

/// The mark as a button and its details as a popover.
pub fn mark(mark: &Mark, about: About<'_>) -> AnyView {
    let lang = about.lang;
    let id = format!("{}{}", about.place, mark.assignment);
    let code = match &mark.replaced {
        Some(was) => format!("{} {}", mark.code, t::diary_replaced(lang, was)),
        None => mark.code.clone(),
    };
    let label = if mark.new {
        t::diary_mark_label_new(lang, &code, about.subject, &mark.work)
    } else {
        t::diary_mark_label(lang, &code, about.subject, &mark.work)
    };
    view! {
        <button type="button" class="mark" data-tone=mark.standing.tone() data-new=mark.new.then_some("")
            data-comment=mark.comment.is_some().then_some("") popovertarget=id.clone()>
            <span class="visually-hidden">{label}</span>{figure(mark, true, lang)}
        </button>
        {details(mark, about, id)}
    }
    .into_any()
}

/// A new mark in the strip at the top: the whole line is the button.
#[cfg(feature = "ssr")]
pub fn news(mark: &Mark, about: About<'_>) -> AnyView {
    let lang = about.lang;
    let id = format!("{}{}", about.place, mark.assignment);
    let day = kit::date::day_month_short(about.date, lang);
    view! {
        <button type="button" popovertarget=id.clone()>
            <span class="mark" data-tone=mark.standing.tone() data-new="">{figure(mark, false, lang)}<span class="visually-hidden">{t::diary_new(lang)}</span></span>
            <span>{about.subject.to_owned()}<small>{mark.work.clone()}", "{day}</small></span>
        </button>
        {details(mark, about, id)}
    }
    .into_any()
}

fn details(mark: &Mark, about: About<'_>, id: String) -> AnyView {
    let lang = about.lang;
    let heading = format!("{id}h");
    let weight = if mark.value.is_none() {
        t::diary_not_counted(lang).to_owned()
    } else if mark.weight == Hundredths(0) {
        t::diary_weight_zero(lang).to_owned()
    } else {
        number(mark.weight, lang)
    };
    let work = classbook_core::journal::work_name(&mark.work, mark.title.as_deref());
    let corrected = match &mark.replaced {
        Some(former) => Some(format!(" ({})", t::diary_replaced(lang, former))),
        None => mark.corrected.then(|| format!(" ({})", t::diary_corrected(lang))),
    };
    let comment = mark
        .comment
        .clone()
        .map(|c| view! { <dt>{t::diary_comment(lang)}</dt><dd>{c}</dd> });
    let by = mark
        .by
        .clone()
        .map(|b| view! { <dt>{t::diary_by(lang)}</dt><dd>{b}</dd> });
    let share = about.share.map(|share| {
        // a hundredth of the whole is a percent
        view! { <dt>{t::diary_share(lang)}</dt><dd>{share.0}"\u{a0}%"</dd> }
    });
    let ask = about.asks.map(|pupil| {
        let href = format!("/disputes/{pupil}/{}", mark.assignment);
        view! { <p class="mark-more-ask"><a class="btn btn-wide" href=href>{t::dispute_link(lang)}</a></p> }
    });
    view! {
        <div class="mark-more" popover="auto" id=id.clone() role="dialog" aria-labelledby=heading.clone()>
            <div class="mark-more-head">
                <span class="mark mark-l" data-tone=mark.standing.tone() aria-hidden="true">{mark.code.clone()}</span>
                <div><b id=heading.clone()>{about.subject.to_owned()}": "{mark.code.clone()}</b><small>{mark.words.clone()}{corrected}</small></div>
                <button type="button" class="btn btn-quiet btn-icon" popovertarget=id.clone() popovertargetaction="hide" aria-label=t::diary_close(lang)>
                    <kit::Icon name="cross"/>
                </button>
            </div>
            // above the details: at the foot of a phone lies the navigation
            {ask}
            <dl class="facts">
                <dt>{t::diary_work(lang)}</dt><dd>{work}</dd>
                <dt>{t::diary_weight(lang)}</dt><dd>{weight}</dd>
                {share}
                {comment}
                <dt>{t::diary_lesson_day(lang)}</dt><dd>{kit::date::weekday(about.date, lang)}", "{kit::date::day_month(about.date, lang)}</dd>
                {by}
                <dt>{t::diary_when(lang)}</dt><dd>{kit::date::moment(mark.changed_at, about.offset, lang)}</dd>
            </dl>
        </div>
    }
    .into_any()
}
