//! The school's decision about homework in the first grade, for who may decide.

use base::AppError;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use crate::t;

/// A switch.
#[component]
pub(crate) fn FirstGrade() -> impl IntoView {
    let lang = kit::lang();
    let data = Resource::new(|| (), |()| api::first_grade());
    let error = RwSignal::new(None::<AppError>);
    let said = RwSignal::new(false);
    view! {
        <section class="card stack stack-s" aria-labelledby="homework-first-grade">
            <h2 id="homework-first-grade">{t::homework_rules(lang)}</h2>
            <Suspense fallback=|| view! { <div class="skeleton skeleton-line" aria-hidden="true"></div> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(on) => {
                            let on = RwSignal::new(on);
                            let change = move |_| {
                                let to = !on.get_untracked();
                                on.set(to);
                                said.set(false);
                                error.set(None);
                                spawn_local(async move {
                                    match api::set_first_grade(to).await {
                                        Ok(()) => { said.try_set(true); }
                                        Err(e) => {
                                            on.try_set(!to);
                                            error.try_set(Some(e));
                                        }
                                    }
                                });
                            };
                            view! { <label class="check switch"><input type="checkbox" role="switch" prop:checked=on on:change=change/> <span>{t::homework_first_grade(lang)}</span></label> }.into_any()
                        }
                        Err(e) => view! { <p class="muted">{e.message(lang)}</p> }.into_any(),
                    }
                })}
            </Suspense>
            <p class="small muted">{t::homework_first_grade_note(lang)}</p>
            <p class="small" role="status">{move || said.get().then(|| t::homework_rule_saved(lang))}</p>
            <kit::ErrorBanner error/>
        </section>
    }
}
