//! Empty, loading and error states: every page has all three.

use base::AppError;
use leptos::prelude::*;

use crate::{icon::Icon, lang, t, today_path, with_return_to};

/// A page's or a part's error: what happened, what to do, and a way on.
#[component]
pub fn ErrorState(
    /// What happened.
    error: AppError,
) -> impl IntoView {
    let lang = lang();
    let title = match &error {
        AppError::SignIn => t::error_title_sign_in(lang),
        AppError::NotFound => t::error_title_not_found(lang),
        AppError::Forbidden => t::error_title_forbidden(lang),
        AppError::Network | AppError::Unavailable => t::error_title_network(lang),
        AppError::MustChangePassword => t::error_title_password(lang),
        _ => t::error_title_other(lang),
    };
    let (href, action) = match &error {
        AppError::SignIn => (with_return_to(&today_path()), t::action_sign_in(lang)),
        AppError::MustChangePassword => ("/password".to_owned(), t::action_change_password(lang)),
        AppError::NotFound | AppError::Forbidden => ("/".to_owned(), t::action_home(lang)),
        _ => (today_path(), t::action_reload(lang)),
    };
    view! {
        <section class="error-state" role="alert">
            <Icon name="warning"/>
            <h2>{title}</h2>
            <p>{error.message(lang)}</p>
            // a real navigation, so that everything is asked for anew
            <a class="btn btn-primary" href=href rel="external">{action}</a>
        </section>
    }
}

/// [`ErrorState`] as a page's whole body, for a resource that failed.
#[component]
pub fn LoadError(
    /// What happened.
    error: AppError,
) -> impl IntoView {
    let lang = lang();
    view! {
        <div class="page page-narrow">
            <h1 class="visually-hidden">{t::error_title_other(lang)}</h1>
            <ErrorState error=error/>
        </div>
    }
}

/// An error above a form or a list that stays usable.
#[component]
pub fn ErrorBanner(
    /// What happened; nothing is drawn while there is none.
    #[prop(into)]
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let lang = lang();
    move || {
        // what is drawn anew may be asked once more when its signal has gone already
        error.try_get().flatten().map(|error| {
            view! { <div class="banner banner-error" role="alert"><p>{error.message(lang)}</p></div> }
        })
    }
}

/// The message of one field of a form.
#[component]
pub fn FieldErrorText(
    /// What the form was told.
    #[prop(into)]
    error: Signal<Option<AppError>>,
    /// The field's name.
    field: &'static str,
    /// For `aria-describedby`.
    id: &'static str,
) -> impl IntoView {
    let text = move || match error.get() {
        Some(AppError::Invalid { fields }) => fields
            .into_iter()
            .find(|f| f.field == field)
            .map(|f| f.message)
            .unwrap_or_default(),
        _ => String::new(),
    };
    view! { <p class="field-error" id=id>{text}</p> }
}

/// Nothing here yet, and what to do about it.
#[component]
pub fn Empty(
    /// What is missing.
    #[prop(into)]
    title: String,
    /// Why, or what to do.
    #[prop(into)]
    text: String,
    /// The sign.
    #[prop(default = "empty")]
    icon: &'static str,
    /// A button or link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name=icon/>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|c| c())}
        </div>
    }
}

/// Lines that stand where a page will be.
#[component]
pub fn Busy(
    /// How many lines.
    #[prop(default = 6)]
    lines: u8,
) -> impl IntoView {
    let lang = lang();
    view! {
        <div class="page stack" aria-busy="true">
            <p class="visually-hidden" role="status">{t::loading(lang)}</p>
            <div class="skeleton skeleton-title" aria-hidden="true"></div>
            {(0..lines).map(|_| view! { <div class="skeleton skeleton-line" aria-hidden="true"></div> }).collect_view()}
        </div>
    }
}

/// Something that takes longer than a second: what is being done, in words, a bar that moves, and for how long it has been going on.
#[component]
pub fn Working(
    /// What is being done.
    #[prop(into)]
    words: String,
) -> impl IntoView {
    let lang = lang();
    let seconds = RwSignal::new(0i64);
    // in the browser alone
    Effect::new(move || {
        let beat = move || {
            let _ = seconds.try_update(|s| *s += 1);
        };
        if let Ok(beats) = set_interval_with_handle(beat, std::time::Duration::from_secs(1)) {
            on_cleanup(move || beats.clear());
        }
    });
    view! {
        <div class="stack stack-s" aria-busy="true">
            <p role="status">{words.clone()}</p>
            <progress class="progress" aria-label=words></progress>
            // for the eye: spoken each second it would be a torment
            <p class="small muted" aria-hidden="true">{move || t::working_seconds(lang, seconds.get())}</p>
        </div>
    }
}
