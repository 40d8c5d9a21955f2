//! Inputs of these forms.

use leptos::prelude::*;

use crate::t;

/// A password, to be shown by its owner's wish. Pasting is welcome.
#[component]
pub fn PasswordField(
    /// The input's id and name.
    name: &'static str,
    /// Above it.
    label: &'static str,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// Below it.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is wrong with it.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let lang = kit::lang();
    let shown = RwSignal::new(false);
    // without scripts the button could do nothing, so it waits for them
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    let described = format!("{name}-hint {name}-error");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <div class="input-join">
                <input id=name name=name required autocomplete=autocomplete spellcheck="false"
                    autocapitalize="none" type=move || if shown.get() { "text" } else { "password" }
                    aria-describedby=described aria-invalid=move || error.get().map(|_| "true")/>
                <button class="btn btn-quiet" type="button" disabled=move || !ready.get()
                    aria-pressed=move || shown.get().to_string() aria-controls=name
                    on:click=move |_| shown.update(|s| *s = !*s)>
                    {t::password_show(lang)}
                </button>
            </div>
            <p class="field-hint" id=format!("{name}-hint")>{hint}</p>
            <p class="field-error" id=format!("{name}-error")>{move || error.get()}</p>
        </div>
    }
}

/// After success the whole application is loaded anew, as whoever one is now.
pub fn go_on<T: Clone + AsRef<str> + Send + Sync + 'static>(
    value: impl Fn() -> Option<Result<T, base::AppError>> + 'static,
) {
    Effect::new(move |_| {
        if let (Some(Ok(to)), Some(window)) = (value(), web_sys::window()) {
            let _ = window
                .location()
                .replace(access_core::auth::local_path(to.as_ref()));
        }
    });
}
