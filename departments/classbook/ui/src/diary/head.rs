//! The head of the diary's pages: whose it is, the other children, the two tabs.

use base::{Lang, PupilId};
use classbook_core::diary::Child;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::t;

/// Which page of the diary is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// The week.
    Week,
    /// The subjects.
    Subjects,
}

/// The address of a pupil's page.
fn href(pupil: PupilId, tab: Tab) -> String {
    match tab {
        Tab::Week => format!("/diary/{pupil}"),
        Tab::Subjects => format!("/diary/{pupil}/subjects"),
    }
}

/// The letters of an avatar.
fn initials(child: &Child) -> String {
    child
        .first_name
        .chars()
        .take(1)
        .chain(child.last_name.chars().take(1))
        .collect()
}

/// Title, switcher of children, tabs.
pub fn head(child: &Child, children: &[Child], family: bool, tab: Tab, lang: Lang) -> impl IntoView + use<> {
    let name = if !family || children.len() > 1 {
        format!("{} {}", child.first_name, child.last_name)
    } else {
        child.first_name.clone()
    };
    let title = match tab {
        Tab::Week => t::diary_title_of(lang, &name),
        Tab::Subjects => t::diary_subjects_title(lang, &name),
    };
    let heading = if family {
        t::diary_title(lang).to_owned()
    } else {
        name
    };
    let note = match (&child.class, family) {
        (Some(class), true) => format!("{}, {class}", child.first_name),
        (Some(class), false) => class.clone(),
        (None, _) => String::new(),
    };
    let current = |is: bool| is.then_some("page");
    view! {
        <Title text=title/>
        <div class="page-head"><h1>{heading}</h1><p class="page-note">{note}</p></div>
        {switcher(child.pupil, children, tab, lang)}
        <nav class="tabs" aria-label=t::diary_tabs(lang)>
            // a family's pages are documents: they are loaded, not routed to, so that the service worker can answer for them
            <a href=href(child.pupil, Tab::Week) rel="external" aria-current=current(tab == Tab::Week)>{t::diary_tab_week(lang)}</a>
            <a href=href(child.pupil, Tab::Subjects) rel="external" aria-current=current(tab == Tab::Subjects)>{t::diary_tab_subjects(lang)}</a>
        </nav>
    }
}

fn switcher(open: PupilId, children: &[Child], tab: Tab, lang: Lang) -> Option<AnyView> {
    if children.len() < 2 {
        return None;
    }
    let links = children
        .iter()
        .zip([2, 7, 10, 4, 0, 8].into_iter().cycle())
        .map(|(child, hue)| {
            // a colour by place: brothers and sisters are told apart
            view! {
                <a href=href(child.pupil, tab) rel="external" aria-current=(child.pupil == open).then_some("true")>
                    <span class="avatar" data-hue=hue.to_string() aria-hidden="true">{initials(child)}</span>
                    <span><b>{child.first_name.clone()}</b><small>{child.class.clone()}</small></span>
                </a>
            }
        })
        .collect_view();
    Some(view! { <nav class="switcher" aria-label=t::diary_children(lang)>{links}</nav> }.into_any())
}
