//! `/accounts/:group`: people of the staff or of a class; passwords are issued to those who are ticked, a dozen at a time.

use access_core::accounts::{AS_MANY_AT_ONCE, Group, GroupPage, Holder, Part, Slip, State};
use base::{AppError, Lang, PersonId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api::{group, issue, reissue};
use super::slips;
use crate::t;

/// Where the person is. Slips outlive the list, which is drawn anew after each issue.
#[derive(Clone, Copy)]
pub(super) struct Work {
    lang: Lang,
    chosen: RwSignal<Vec<PersonId>>,
    /// Done of all, while passwords are being issued.
    progress: RwSignal<Option<(usize, usize)>>,
    pub(super) slips: RwSignal<Vec<Slip>>,
    error: RwSignal<Option<AppError>>,
    data: Resource<Result<GroupPage, AppError>>,
}

impl Work {
    fn busy(self) -> bool {
        self.progress.with(Option::is_some)
    }

    /// Issues to everyone who is ticked. What went well stays, whatever happens to the rest.
    fn issue(self, of: Group) {
        let people = self.chosen.get_untracked();
        let all = people.len();
        self.error.set(None);
        self.progress.set(Some((0, all)));
        spawn_local(async move {
            let mut done = 0;
            for part in people.chunks(AS_MANY_AT_ONCE) {
                match issue(of, part.to_vec()).await {
                    Ok(slips) => self.slips.update(|all| all.extend(slips)),
                    Err(error) => {
                        self.error.set(Some(error));
                        break;
                    }
                }
                done += part.len();
                self.chosen.update(|c| c.retain(|p| !part.contains(p)));
                self.progress.set(Some((done, all)));
            }
            self.progress.set(None);
            self.data.refetch();
        });
    }

    /// A new password for one person; of who has their own it is asked twice.
    fn again(self, holder: &Holder) {
        let question = match holder.state {
            State::Own => t::accounts_sure_own(self.lang, &holder.name),
            _ => t::accounts_sure(self.lang, &holder.name),
        };
        let sure = web_sys::window().is_some_and(|w| w.confirm_with_message(&question).unwrap_or(false));
        if !sure {
            return;
        }
        let (person, name) = (holder.person, holder.name.clone());
        self.error.set(None);
        self.progress.set(Some((0, 1)));
        spawn_local(async move {
            match reissue(person).await {
                Ok(issued) => self.slips.update(|all| {
                    all.retain(|s| s.person != person);
                    all.push(Slip {
                        person,
                        name,
                        login: issued.login,
                        password: issued.password,
                        expires_at: issued.expires_at,
                    });
                }),
                Err(error) => self.error.set(Some(error)),
            }
            self.progress.set(None);
            self.data.refetch();
        });
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let params = use_params_map();
    let of = move || params.with(|p| p.get("group").unwrap_or_default());
    let data = Resource::new_blocking(of, group);
    let lang = kit::lang();
    let work = Work {
        lang,
        chosen: RwSignal::new(vec![]),
        progress: RwSignal::new(None),
        slips: RwSignal::new(vec![]),
        error: RwSignal::new(None),
        data,
    };
    view! {
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(group) => page(&group, work),
                    Err(error) => view! { <Title text=t::accounts_title(lang)/><kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(group: &GroupPage, work: Work) -> AnyView {
    let lang = work.lang;
    let title = match group.group {
        Group::Staff => t::accounts_staff(lang).to_owned(),
        Group::Class(_) => t::accounts_class(lang, &group.name),
    };
    // ticked to begin with: who has no password, or whose has died; drawn anew, the ticks of now
    let due = || group.people.iter().filter(|h| h.state.is_due()).map(|h| h.person);
    if work.slips.with_untracked(Vec::is_empty) && work.error.with_untracked(Option::is_none) {
        work.chosen.set(due().collect());
    }
    let head = view! {
        <Title text=title.clone()/>
        <nav class="crumbs no-print" aria-label=t::accounts_path(lang)><a href="/accounts">{t::accounts_title(lang)}</a><span>{title.clone()}</span></nav>
        <div class="page-head no-print"><h1>{title}</h1>
            <p class="page-note">{t::accounts_people(lang, i64::try_from(group.people.len()).unwrap_or(0))}</p></div>
    };
    if group.people.is_empty() {
        return view! {
            <div class="page page-narrow stack">{head}
                <kit::Empty title=t::accounts_empty(lang) icon="class" text=t::accounts_empty_text(lang)/></div>
        }
        .into_any();
    }
    let rows = group
        .people
        .iter()
        .map(|holder| row(holder, group.may_issue, work))
        .collect_view();
    view! {
        <div class="page page-narrow stack">
            {head}
            {slips::section(work, group, lang)}
            {group.may_issue.then(|| act(group, work))}
            <ul class="list card card-flush no-print">{rows}</ul>
        </div>
    }
    .into_any()
}

/// What may be done with those who are ticked.
fn act(group: &GroupPage, work: Work) -> AnyView {
    let lang = work.lang;
    let of = group.group;
    let some = |wanted: fn(&Holder) -> bool| {
        let people = group
            .people
            .iter()
            .filter(|h| h.state.may_be_chosen() && wanted(h));
        people.map(|h| h.person).collect::<Vec<_>>()
    };
    let sets = [
        (t::accounts_tick_due(lang), some(|h| h.state.is_due())),
        (
            t::accounts_tick_pupils(lang),
            some(|h| h.state.is_due() && h.part == Part::Pupil),
        ),
        (
            t::accounts_tick_guardians(lang),
            some(|h| h.state.is_due() && matches!(h.part, Part::Guardian(_))),
        ),
        (
            t::accounts_tick_waiting(lang),
            some(|h| h.state == State::Waiting),
        ),
        (t::accounts_tick_none(lang), vec![]),
    ];
    let last = sets.len() - 1;
    let sets = sets
        .into_iter()
        .enumerate()
        .filter(|(n, (_, people))| *n == last || !people.is_empty());
    let ticks = sets.map(|(_, (name, people))| {
        view! { <button class="chip" type="button" disabled=move || work.busy() on:click=move |_| work.chosen.set(people.clone())>{name}</button> }
    });
    let number = move || i64::try_from(work.chosen.with(Vec::len)).unwrap_or(0);
    view! {
        <section class="card stack no-print" aria-labelledby="accounts-issue">
            <h2 id="accounts-issue">{t::accounts_issue_title(lang)}</h2>
            <p class="muted">{t::accounts_issue_note(lang)}</p>
            <kit::ErrorBanner error=work.error/>
            <div class="cluster" role="group" aria-label=t::accounts_tick(lang)>{ticks.collect_view()}</div>
            <button class="btn btn-primary" type="button" disabled=move || work.busy() || number() == 0
                aria-busy=move || work.busy().to_string() on:click=move |_| work.issue(of)>
                {move || if number() == 0 { t::accounts_issue_nobody(lang).to_owned() } else { t::accounts_issue(lang, number()) }}
            </button>
            <div role="status" aria-live="polite">{move || work.progress.get().map(|(done, all)| view! {
                <div class="stack stack-s"><p>{t::accounts_progress(lang, all, done)}</p>
                    <progress class="progress" max=all.to_string() value=done.to_string() aria-label=t::accounts_issue_title(lang)></progress></div>
            })}</div>
        </section>
    }
    .into_any()
}

fn row(holder: &Holder, may_issue: bool, work: Work) -> AnyView {
    let lang = work.lang;
    let person = holder.person;
    let part = match &holder.part {
        Part::Staff => None,
        Part::Pupil => Some(t::accounts_pupil(lang).to_owned()),
        Part::Guardian(wards) => Some(t::accounts_guardian(lang, wards)),
    };
    let login = holder.login.clone().map(|login| t::accounts_login(lang, login));
    let words = part.into_iter().chain(login).collect::<Vec<_>>().join(" · ");
    let (tone, state) = match holder.state {
        State::None => ("warn", t::state_none(lang)),
        State::Waiting => ("info", t::state_waiting(lang)),
        State::Expired => ("warn", t::state_expired(lang)),
        State::Own => ("ok", t::state_own(lang)),
        State::Disabled => ("", t::state_disabled(lang)),
        State::Elsewhere => ("", t::state_elsewhere(lang)),
        State::Above => ("", t::state_above(lang)),
        State::Oneself => ("", t::state_oneself(lang)),
    };
    let tick = move |event: leptos::ev::Event| {
        let on = event_target_checked(&event);
        work.chosen.update(|chosen| {
            chosen.retain(|p| *p != person);
            if on {
                chosen.push(person);
            }
        });
    };
    let ticked = move || work.chosen.with(|c| c.contains(&person));
    let may_tick = may_issue && holder.state.may_be_chosen();
    let may_again = may_issue
        && !matches!(
            holder.state,
            State::None | State::Disabled | State::Elsewhere | State::Above | State::Oneself
        );
    // one's own is changed with the old one
    let oneself = holder.state == State::Oneself;
    let label = t::accounts_again_label(lang, &holder.name);
    let one = holder.clone();
    let name = view! { <span><b>{holder.name.clone()}</b><br/><small class="muted">{words}</small></span> };
    view! {
        <li class="cluster">
            {if may_tick {
                view! { <label class="check account-holder"><input type="checkbox" prop:checked=ticked on:change=tick disabled=move || work.busy()/>{name}</label> }.into_any()
            } else {
                view! { <span class="account-holder">{name}</span> }.into_any()
            }}
            <span class="spacer"></span>
            <span class="badge" data-tone=tone>{state}</span>
            {may_again.then(|| view! {
                <button class="btn btn-small btn-quiet" type="button" aria-label=label disabled=move || work.busy()
                    on:click=move |_| work.again(&one)>{t::accounts_again(lang)}</button>
            })}
            {oneself.then(|| view! {
                <a class="btn btn-small btn-quiet" href="/password">{t::password_title(lang)}</a>
            })}
        </li>
    }
    .into_any()
}
