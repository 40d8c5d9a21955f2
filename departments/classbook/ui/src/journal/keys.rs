//! The keys of the grid, for who looks for them: a button, and the browser's own popover.

use base::Lang;
use leptos::prelude::*;

use crate::t;

/// A key as it stands on the keyboard, and what it does.
type Line = (&'static str, fn(Lang) -> &'static str);

const LINES: [Line; 19] = [
    ("← ↑ → ↓", t::journal_key_arrows),
    ("Home, End", t::journal_key_ends),
    ("Ctrl Home, Ctrl End", t::journal_key_corners),
    ("PgUp, PgDn", t::journal_key_pages),
    ("Enter, Shift Enter", t::journal_key_enter),
    ("5  4  н", t::journal_key_mark),
    (".", t::journal_key_dot),
    ("Del", t::journal_key_clear),
    ("F2", t::journal_key_edit),
    ("Ctrl C, Ctrl X, Ctrl V", t::journal_key_copy),
    ("Ctrl A, Ctrl Space, Shift Space", t::journal_key_select),
    ("Ctrl D", t::journal_key_down),
    ("Ctrl Enter", t::journal_key_fill),
    ("=", t::journal_key_proposed),
    ("Alt Enter", t::journal_key_lesson),
    ("Shift F2", t::journal_key_cell),
    ("Alt End", t::journal_key_result),
    ("Ctrl Z, Ctrl Y", t::journal_key_undo),
    ("Tab", t::journal_key_tab),
];

/// The button and the list behind it; not where a finger is all there is.
#[component]
pub fn Keys() -> impl IntoView {
    let lang = kit::lang();
    let lines = LINES
        .into_iter()
        .map(|(key, does)| view! { <dt><kbd class="kbd">{key}</kbd></dt><dd>{does(lang)}</dd> })
        .collect_view();
    view! {
        <button class="btn btn-icon btn-quiet grid-keys-open" type="button" popovertarget="grid-keys"
            title=t::journal_keys_title(lang) aria-label=t::journal_keys_title(lang)>"?"</button>
        <div class="menu grid-keys" id="grid-keys" popover="auto" role="dialog" tabindex="0" aria-labelledby="grid-keys-title">
            <p class="menu-title" id="grid-keys-title">{t::journal_keys_title(lang)}</p>
            <dl class="facts">{lines}</dl>
        </div>
    }
}
