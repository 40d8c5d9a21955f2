//! The frame around every page: head, position switcher, navigation by what the active position may do.

use access_core::positions::{Me, PositionKey};
use access_ui::positions::{PositionSwitcher, use_me};
use access_ui::sessions::PersonMenu;
use base::Lang;
use base::rights::{Action, Kind};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_location;

use crate::t;

/// Head, navigation and the page. The pages of entering stand alone.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let lang = kit::lang();
    let path = use_location().pathname;
    let alone = Memo::new(move |_| path.with(|p| p == "/sign-in" || p == "/password"));
    // a grid scrolls inside the window; the page around it does not
    let full = Memo::new(move |_| path.with(|p| works_in_full(p)));
    view! {
        <a class="skip" href="#main">{t::skip(lang)}</a>
        <div class:shell=move || !alone.get() class:shell-full=full>
            {move || (!alone.get()).then(|| view! { <Head/> })}
            <main id="main" class:shell-main=move || !alone.get() tabindex="-1">{children()}</main>
        </div>
    }
}

fn works_in_full(path: &str) -> bool {
    let board = |start| {
        path.strip_prefix(start)
            .is_some_and(|rest: &str| !rest.is_empty())
    };
    let alone = [
        "/timetable/requirements",
        "/timetable/bells",
        "/timetable/compare",
        "/journal/rules",
        "/journal/periods",
        "/journal/scales",
    ]
    .contains(&path)
        || path.ends_with("/totals");
    !alone && (board("/journal/") || board("/timetable/"))
}

#[component]
fn Head() -> impl IntoView {
    let lang = kit::lang();
    let me = use_me();
    let known = move || me.get().and_then(Result::ok).flatten();
    view! {
        <header class="shell-head">
            <a class="brand" href="/"><img class="brand-mark" src="/logo.svg" alt="" width="30" height="30"/><span class="brand-name">{t::brand(lang)}</span></a>
            <Suspense>
                {move || known().map(|me| view! { <PositionSwitcher me=me.clone()/><span class="spacer"></span><PersonMenu me/> })}
            </Suspense>
        </header>
        <nav class="shell-nav" aria-label=t::nav(lang)>
            <Suspense>{move || known().map(|me| items(&me, lang))}</Suspense>
        </nav>
    }
}

fn items(me: &Me, lang: Lang) -> impl IntoView + use<> {
    sections(me, lang)
        .into_iter()
        .map(|(icon, title, href)| view! { <Item icon title href/> })
        .collect_view()
}

/// The sections of a position: never more than five, so that they fit a phone's bottom bar. Accounts are reached from the
/// classes by whoever has those.
fn sections(me: &Me, lang: Lang) -> Vec<(&'static str, &'static str, String)> {
    let may = |kind, action| me.may.contains(&(kind, action));
    let mut items: Vec<(&'static str, &'static str, String)> = Vec::new();
    match me.active {
        Some(PositionKey::Guardian(_) | PositionKey::Pupil(..)) => {
            items.push(("diary", t::nav_diary(lang), "/diary".to_owned()));
            if let Some(pupil) = me.child {
                items.push((
                    "subjects",
                    t::nav_subjects(lang),
                    format!("/diary/{pupil}/subjects"),
                ));
            }
            items.push(("bell", t::nav_notices(lang), "/notices".to_owned()));
        }
        Some(PositionKey::Staff(..)) => {
            if may(Kind::Journal, Action::View) {
                items.push(("journal", t::nav_journal(lang), "/journal".to_owned()));
            }
            if may(Kind::Timetable, Action::View) {
                items.push(("timetable", t::nav_timetable(lang), "/timetable".to_owned()));
            }
            if may(Kind::SchoolData, Action::Edit) {
                items.push(("import", t::nav_import(lang), "/import".to_owned()));
            }
            if may(Kind::People, Action::View) {
                items.push(("class", t::nav_classes(lang), "/classes".to_owned()));
            } else if may(Kind::Accounts, Action::View) {
                items.push(("lock", t::nav_accounts(lang), "/accounts".to_owned()));
            }
            // who has more sections finds it among the journals
            if may(Kind::Journal, Action::View) && items.len() < 4 {
                items.push(("bell", t::nav_notices(lang), "/notices".to_owned()));
            }
        }
        None => {}
    }
    items.push(("account", t::nav_account(lang), "/account".to_owned()));
    items
}

#[component]
fn Item(icon: &'static str, title: &'static str, href: String) -> impl IntoView {
    let path = use_location().pathname;
    let current = {
        let href = href.clone();
        move || path.with(|p| is_current(p, &href)).then_some("page")
    };
    // a family's pages are documents: they are loaded, not routed to, so that the service worker can answer for them
    let rel = href.starts_with("/diary").then_some("external");
    view! { <a href=href rel=rel aria-current=current><kit::Icon name=icon/><span>{title}</span></a> }
}

/// «Дневник» is not current on the page of subjects, which has a place of its own.
fn is_current(path: &str, href: &str) -> bool {
    let subjects = path.ends_with("/subjects");
    if href.ends_with("/subjects") || subjects {
        return subjects && href.ends_with("/subjects");
    }
    if href == "/classes" && (path == "/accounts" || path.starts_with("/accounts/")) {
        return true;
    }
    path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'))
}

/// Where a person lands: the first page of their position.
#[component]
pub fn Home() -> impl IntoView {
    let me = use_me();
    view! {
        <Suspense fallback=|| view! { <kit::Busy/> }>
            {move || me.get().map(|me| match access_ui::positions::signed_in(me) {
                Ok(me) => Either::Left(view! { <Redirect path=first_page(&me)/> }),
                Err(error) => Either::Right(view! { <kit::LoadError error/> }),
            })}
        </Suspense>
    }
}

fn first_page(me: &Me) -> &'static str {
    if me.must_change_password {
        return "/password";
    }
    let may = |kind, action| me.may.contains(&(kind, action));
    match me.active {
        Some(PositionKey::Guardian(_) | PositionKey::Pupil(..)) => "/diary",
        Some(PositionKey::Staff(..)) if may(Kind::Timetable, Action::Edit) => "/timetable",
        Some(PositionKey::Staff(..)) if may(Kind::Journal, Action::View) => "/journal",
        Some(PositionKey::Staff(..)) if may(Kind::People, Action::View) => "/classes",
        Some(PositionKey::Staff(..)) if may(Kind::Accounts, Action::View) => "/accounts",
        _ => "/account",
    }
}

/// No such page.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(http::StatusCode::NOT_FOUND);
    }
    let lang = kit::lang();
    view! {
        <div class="page page-narrow">
            <h1 class="visually-hidden">{t::not_found(lang)}</h1>
            <kit::ErrorState error=base::AppError::NotFound/>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_position_has_more_sections_than_a_phone_shows() {
        for template in base::rights::POSITIONS {
            let may: Vec<_> = template.grants.iter().map(|g| (g.kind, g.action)).collect();
            let me = Me {
                name: String::new(),
                short_name: String::new(),
                initials: String::new(),
                login: String::new(),
                positions: vec![],
                active: Some(PositionKey::Staff(base::SchoolId(1), base::AppointmentId(1))),
                child: None,
                may: may.clone(),
                must_change_password: false,
                session: uuid::Uuid::nil(),
                utc_offset: 0,
            };
            let found = sections(&me, Lang::Ru);
            assert!((2..=5).contains(&found.len()), "{}: {found:?}", template.key);
            let accounts = found
                .iter()
                .any(|(_, _, href)| href == "/classes" || href == "/accounts");
            assert!(
                accounts || !may.contains(&(Kind::Accounts, Action::View)),
                "{}",
                template.key
            );
        }
    }

    #[test]
    fn one_section_is_current() {
        assert!(is_current("/accounts/5", "/classes") && is_current("/classes/import", "/classes"));
        assert!(!is_current("/accounts", "/account"));
        assert!(is_current("/diary/5/2026-11-16", "/diary"));
        assert!(!is_current("/diary/5/subjects", "/diary"));
        assert!(is_current("/diary/5/subjects", "/diary/5/subjects"));
        assert!(is_current("/diary/6/subjects", "/diary/5/subjects"));
        assert!(!is_current("/journals", "/journal"));
        assert!(works_in_full("/timetable/5") && !works_in_full("/timetable/requirements"));
        assert!(!works_in_full("/timetable/bells"));
        assert!(!works_in_full("/journal/rules") && !works_in_full("/journal/5/totals"));
        assert!(works_in_full("/journal/5") && !works_in_full("/journal") && !works_in_full("/journal/"));
    }
}
