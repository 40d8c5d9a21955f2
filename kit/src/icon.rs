//! Our signs: strokes on a 24 × 24 field, drawn by us. A new one is a line in [`path`].

use leptos::prelude::*;

/// A sign beside words; alone it needs a label on its button.
#[component]
pub fn Icon(
    /// Which one; an unknown name draws nothing.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="none" stroke="currentColor"
            stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">
            <path d=path(&name)></path>
        </svg>
    }
}

fn path(name: &str) -> &'static str {
    match name {
        "home" => "M4 11 12 4l8 7M6 9.5V20h12V9.5M10 20v-5h4v5",
        "diary" => "M6 3h12v18H6zM9 3v18M12 8h4M12 12h4",
        "journal" => "M4 5h16v15H4zM4 10h16M4 15h16M9 5v15M14 5v15",
        "timetable" => "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M8 14h3M13 14h3M8 17h3",
        "import" => "M12 3v11M7.5 9.5 12 14l4.5-4.5M4 16v4h16v-4",
        "account" => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c1-4 4-6 7.5-6s6.500 2 7.500 6",
        "subjects" => "M5 20V10M12 20V4M19 20v-7",
        "sign-out" => "M14 4h5v16h-5M4 12h11M8 8l-4 4 4 4",
        "warning" => "M12 4 2.500 20h19L12 4ZM12 10v5M12 17.500v.100",
        "empty" => "M4 7h16l-2 12H6L4 7ZM9 7V4h6v3M10 12h4",
        "check" => "M5 12.500 10 17.500 19 7",
        "cross" => "M6 6l12 12M18 6 6 18",
        "up" => "M6 15l6-6 6 6",
        "down" => "M6 9l6 6 6-6",
        "undo" => "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6",
        "redo" => "M15 7l5 5-5 5M20 12H10a6 6 0 0 0-6 6",
        "lock" => "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
        "print" => "M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z",
        "next" => "M9 5l7 7-7 7",
        "previous" => "M15 5l-7 7 7 7",
        "plus" => "M12 5v14M5 12h14",
        "bell" => "M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15L6 16.500ZM10 20.500a2 2 0 0 0 4 0",
        "comment" => "M4 5h16v11H9l-5 4V5Z",
        "history" => "M4 12a8 8 0 1 0 3-6.200M4 4v4h4M12 8v4l3 2",
        "more" => "M5 12h.010M12 12h.010M19 12h.010",
        "menu" => "M4 7h16M4 12h16M4 17h16",
        "offline" => {
            "M3 3l18 18M5 12a10 10 0 0 1 4-2.500M19 12a10 10 0 0 0-6-3M8.500 15.500a5 5 0 0 1 6 0M12 19h.010"
        }
        "device" => "M7 3h10v18H7zM11 18h2",
        "language" => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
        "theme" => "M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9Z",
        "room" => "M5 21V4h10v17M15 8h4v13M3 21h18M11 12.500v.100",
        "teacher" => "M12 10a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM5 21c0-5 3-8 7-8s7 3 7 8",
        "class" => {
            "M8 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM17 11a2.500 2.500 0 1 0 0-5M2.500 20c0-4 2-7 5.500-7s5.500 3 5.500 7M16 14c3 0 5 2 5.500 6"
        }
        _ => "",
    }
}
