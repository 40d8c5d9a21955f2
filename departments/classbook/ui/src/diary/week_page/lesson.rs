//! A day and its lessons.

use base::{Lang, PersonId, PupilId};
use chrono::{DateTime, NaiveDate, Utc};
use classbook_core::attendance::in_words;
use classbook_core::diary::{Changes, Day, Homework, Lesson, State};
use leptos::prelude::*;

use crate::diary::mark::{self, About};
use crate::t;

/// What all days of a page have in common.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Whose diary: homework is ticked by pupil.
    pub pupil: PupilId,
    /// Who looks: a tick is theirs.
    pub viewer: PersonId,
    /// The pupil's family looks; else a member of staff.
    pub family: bool,
    /// The school's date.
    pub today: NaiveDate,
    /// The moment of the data.
    pub as_of: DateTime<Utc>,
    /// The school's offset from UTC, in seconds.
    pub offset: i32,
    /// The language.
    pub lang: Lang,
    /// What has changed since the last visit.
    pub fresh: StoredValue<Changes>,
}

/// The flag of what has changed since the last visit.
fn flag(is: bool, lang: Lang) -> Option<AnyView> {
    is.then(|| {
        view! { " "<span class="badge" data-tone="info" data-fresh="">{t::diary_changed_flag(lang)}</span> }
            .into_any()
    })
}

/// One day as a card. `next`: it is the next day with lessons, though not tomorrow.
pub fn day(day: Day, frame: Frame, next: bool) -> AnyView {
    let lang = frame.lang;
    let from_today = day.date.signed_duration_since(frame.today).num_days();
    let (when, name) = match from_today {
        0 => (Some("today"), t::diary_today(lang).to_owned()),
        1 => (Some("tomorrow"), t::diary_tomorrow(lang).to_owned()),
        n => (
            if next {
                Some("tomorrow")
            } else {
                (n < 0).then_some("past")
            },
            capital(kit::date::weekday(day.date, lang)),
        ),
    };
    let note = if matches!(from_today, 0 | 1) {
        format!(
            "{}, {}",
            kit::date::weekday(day.date, lang),
            kit::date::day_month(day.date, lang)
        )
    } else if next {
        format!(
            "{}, {}",
            kit::date::day_month(day.date, lang),
            t::diary_next_day(lang)
        )
    } else {
        kit::date::day_month(day.date, lang)
    };
    let id = format!("d{}", day.date);
    let free = day.lessons.is_empty().then(|| {
        let words = day
            .holiday
            .clone()
            .unwrap_or_else(|| t::diary_no_lessons(lang).to_owned());
        view! { <p class="day-free">{words}</p> }
    });
    let date = day.date;
    let lessons = (!day.lessons.is_empty()).then(|| {
        let items = day
            .lessons
            .into_iter()
            .map(|l| lesson(l, date, frame))
            .collect_view();
        view! { <ol class="lessons">{items}</ol> }
    });
    let other = (!day.homework.is_empty()).then(|| {
        let items = day.homework.into_iter().map(|h| {
            let subject = t::diary_homework_for(lang, &h.subject);
            view! { <p class="muted small">{subject}</p>{homework(h, frame)} }
        });
        view! { <div class="day-more">{items.collect_view()}</div> }
    });
    view! {
        <section class="day" data-when=when aria-labelledby=id.clone()>
            <h2 class="day-head" id=id.clone()><span>{name}</span><small>{note}</small></h2>
            {free}{lessons}{other}
        </section>
    }
    .into_any()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn lesson(lesson: Lesson, date: NaiveDate, frame: Frame) -> AnyView {
    let lang = frame.lang;
    let cancelled = lesson.state == State::Cancelled;
    let (here, clock) = kit::date::local(frame.as_of, frame.offset);
    let now = !cancelled
        && here == date
        && lesson.starts_at.is_some_and(|s| s <= clock)
        && lesson.ends_at.is_some_and(|e| clock <= e);
    let mut notes = Vec::new();
    if cancelled {
        notes.push(t::diary_cancelled(lang).to_owned());
    } else {
        notes.extend(now.then(|| t::diary_now(lang).to_owned()));
        notes.extend(lesson.room.as_ref().map(|r| t::diary_room(lang, r)));
        let teacher = lesson.teacher.clone().map(|name| {
            if lesson.substitute {
                format!("{}: {name}", t::diary_substitute(lang))
            } else {
                name
            }
        });
        notes.extend(teacher);
    }
    let fresh = lesson
        .id
        .is_some_and(|id| frame.fresh.with_value(|c| c.lessons.contains(&id)));
    let time = lesson
        .starts_at
        .map(|s| kit::date::clock(s).trim_start_matches('0').to_owned());
    let about = About {
        subject: &lesson.subject,
        date,
        offset: frame.offset,
        lang,
        place: "m",
        asks: frame.family.then_some(frame.pupil),
        share: None,
    };
    let marks = lesson.marks.iter().map(|m| mark::mark(m, about)).collect_view();
    let absence = lesson.absence.clone().map(|a| {
        let title = in_words(&a.title, lang);
        let hint = title.clone();
        view! { <span class="absence" title=hint data-excused=(!a.absent).then_some("")>
            <span aria-hidden="true">{a.code}</span><span class="visually-hidden">{title}</span>
        </span> }
    });
    let row = (absence.is_some() || !lesson.marks.is_empty())
        .then(|| view! { <div class="mark-row">{marks}{absence}</div> });
    let homework = lesson
        .homework
        .into_iter()
        .map(|h| homework(h, frame))
        .collect_view();
    view! {
        <li class="lesson" data-now=now.then_some("") data-cancelled=cancelled.then_some("") data-changed=lesson.substitute.then_some("")>
            <div class="lesson-no"><b>{lesson.number}</b><small>{time}</small></div>
            <div class="lesson-main">
                <p class="lesson-title"><b>{lesson.subject.clone()}</b>{flag(fresh, lang)}<small>{notes.join(" · ")}</small></p>
                {lesson.meeting.filter(|_| !cancelled).and_then(|m| crate::distance::line(&m, &lesson.subject, lang))}
                {lesson.assessments.into_iter().map(|a| view! { <p class="lesson-work"><b>{a.kind}</b>": "{a.title}</p> }).collect_view()}
                {lesson.topic.map(|topic| view! { <p class="lesson-topic">{topic}</p> })}
                {homework}
            </div>
            {row}
        </li>
    }
    .into_any()
}

/// Homework; for a family with the tick of whoever looks. `public/diary.js` sends it, and keeps it under the name in `data-tick` until the server
/// has it. Staff have none to set, and see none.
fn homework(work: Homework, frame: Frame) -> AnyView {
    let lang = frame.lang;
    let words = work.words(lang);
    let mut notes: Vec<String> = work
        .minutes
        .map(|n| t::diary_minutes(lang, n))
        .into_iter()
        .collect();
    notes.extend(work.individual.then(|| t::homework_for_you(lang).to_owned()));
    notes.push(t::diary_given_on(lang, kit::date::day_month(work.given_on, lang)));
    let fresh = frame.fresh.with_value(|c| {
        let of = if work.individual {
            &c.individual
        } else {
            &c.homework
        };
        of.contains(&work.id)
    });
    // the numbers of the two are counted apart
    let own = if work.individual { "i" } else { "" };
    let body = if frame.family {
        let key = format!(
            "parta.diary.tick.{}.{}.{own}{}",
            frame.viewer, frame.pupil, work.id
        );
        view! {
            <label class="check">
                <input type="checkbox" autocomplete="off" checked=work.done data-tick=key/>
                <span><span class="visually-hidden">{t::diary_done_label(lang, &work.subject)}": "</span>{words}</span>
            </label>
        }
        .into_any()
    } else {
        view! { <p>{words}</p> }.into_any()
    };
    view! {
        <div class="hw" class:hw-tick=frame.family data-done=(frame.family && work.done).then_some("")>
            {body}
            {crate::homework::file_list(&work.links, &work.files, lang)}
            <small>{notes.join(" · ")}{flag(fresh, lang)}</small>
        </div>
    }
    .into_any()
}
