//! Slips for printing: several a page, with lines to cut along.

use access_core::accounts::{GroupPage, Slip};
use base::Lang;
use leptos::prelude::*;

use super::group_page::Work;
use crate::t;

/// The slips of this sitting; nothing before the first is issued.
pub(super) fn section(work: Work, group: &GroupPage, lang: Lang) -> AnyView {
    let (school, class, offset) = (group.school.clone(), group.name.clone(), group.utc_offset);
    let site = StoredValue::new(address());
    let print = |_: leptos::ev::MouseEvent| {
        if let Some(window) = web_sys::window() {
            let _ = window.print();
        }
    };
    view! {
        {move || {
            let slips = work.slips.get();
            let number = i64::try_from(slips.len()).unwrap_or(0);
            (number > 0).then(|| view! {
                <section class="card stack slips-card" aria-labelledby="slips">
                    <div class="no-print stack stack-s">
                        <h2 id="slips">{t::slips_title(lang, number)}</h2>
                        <div class="banner banner-warn" role="status"><p>{t::slips_once(lang)}</p></div>
                        <div class="cluster">
                            <button class="btn btn-primary" type="button" on:click=print>{t::slips_print(lang)}</button>
                            <button class="btn" type="button" on:click=move |_| work.slips.set(vec![])>{t::slips_hide(lang)}</button>
                        </div>
                    </div>
                    <ul class="slips">{slips.iter().map(|s| slip(s, &school, &class, &site.get_value(), offset, lang)).collect_view()}</ul>
                </section>
            })
        }}
    }
    .into_any()
}

fn slip(slip: &Slip, school: &str, class: &str, site: &str, offset: i32, lang: Lang) -> AnyView {
    // by the clock on the school's wall
    let (day, time) = kit::date::local(slip.expires_at, offset);
    let until = t::slips_moment(lang, kit::date::full(day, lang), kit::date::clock(time));
    let head = if class.is_empty() {
        school.to_owned()
    } else {
        format!("{school} · {class}")
    };
    view! {
        <li class="slip">
            <p class="slip-head">{head}</p>
            <p class="slip-name">{slip.name.clone()}</p>
            <dl class="facts">
                <dt>{t::slips_site(lang)}</dt><dd>{site.to_owned()}</dd>
                <dt>{t::slips_login(lang)}</dt><dd class="slip-secret">{slip.login.clone()}</dd>
                <dt>{t::slips_password(lang)}</dt><dd class="slip-secret">{slip.password.clone()}</dd>
            </dl>
            <p class="slip-note">{t::slips_what_to_do(lang, until)}</p>
        </li>
    }
    .into_any()
}

/// Where this page was opened: the address that goes on the slip. Slips are drawn in the browser only.
fn address() -> String {
    #[cfg(feature = "ssr")]
    {
        String::new()
    }
    #[cfg(not(feature = "ssr"))]
    {
        web_sys::window()
            .and_then(|w| w.location().origin().ok())
            .unwrap_or_default()
    }
}
