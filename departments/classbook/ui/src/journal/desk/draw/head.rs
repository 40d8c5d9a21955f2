//! The two rows of the head: lessons over their works, and what stands over the ends of the rows.

use std::fmt::Write as _;

use chrono::Datelike as _;
use classbook_core::journal::sheet::Column;
use kit::date;

use super::{Drawing, first, safe};
use crate::t;

impl Drawing<'_> {
    /// The two rows of the head.
    #[must_use]
    pub fn head(&self) -> String {
        let (lang, mut out) = (self.lang, String::with_capacity(8192));
        let last = self.sheet.columns().len() + 2;
        out.push_str(r#"<div class="grid-row" role="row" aria-rowindex="1"><div class="grid-name" role="columnheader" aria-colindex="1">"#);
        out.push_str(t::journal_pupil(lang));
        out.push_str(r#"</div><div class="grid-gap" data-side="before" aria-hidden="true"></div>"#);
        for (column, c) in self.columns().filter(|(_, c)| c.first) {
            self.lesson_head(column, c, &mut out);
        }
        out.push_str(r#"<div class="grid-gap" data-side="after" aria-hidden="true"></div>"#);
        let ends = self.end_heads();
        for (i, (title, short)) in ends.iter().enumerate() {
            let _ = write!(
                out,
                r#"<div class="grid-avg"{} role="columnheader" aria-colindex="{}" title=""#,
                first(i),
                last + i
            );
            safe(title, &mut out);
            let _ = write!(out, "\">{short}</div>");
        }
        out.push_str("</div>");
        let _ = write!(
            out,
            r#"<div class="grid-row" role="row" aria-rowindex="2"><div class="grid-name" role="columnheader" aria-colindex="1"><span class="visually-hidden">{}</span></div><div class="grid-gap" data-side="before" aria-hidden="true"></div>"#,
            t::journal_work(lang),
        );
        for (column, c) in self.columns() {
            self.work_head(column, c, &mut out);
        }
        out.push_str(r#"<div class="grid-gap" data-side="after" aria-hidden="true"></div>"#);
        for (i, (title, _)) in ends.iter().enumerate() {
            let _ = write!(
                out,
                r#"<div class="grid-avg"{} role="columnheader" aria-colindex="{}"><span class="visually-hidden">"#,
                first(i),
                last + i
            );
            safe(title, &mut out);
            out.push_str("</span></div>");
        }
        out.push_str("</div>");
        out
    }

    fn lesson_head(&self, column: usize, c: &Column, out: &mut String) {
        let (Some(lesson), lang) = (self.lesson(c), self.lang) else {
            return;
        };
        // one lesson of so many works has several heads: the sheet of styles knows six columns
        let span = c.span.min(6);
        let _ = write!(
            out,
            r#"<div class="grid-cell grid-lesson" role="columnheader" aria-colindex="{}""#,
            column + 2
        );
        if c.span > 1 {
            let _ = write!(out, r#" data-span="{span}" aria-colspan="{}""#, c.span);
        }
        self.marks_of_column(c, out);
        if lesson.cancelled {
            out.push_str(" data-cancelled");
        }
        let mut label = format!(
            "{}, {}, {}",
            date::day_month(lesson.date, lang),
            date::weekday(lesson.date, lang),
            t::journal_lesson_number(lang, lesson.slot + 1)
        );
        if let Some(topic) = &lesson.topic {
            label.push_str(". ");
            label.push_str(topic);
        }
        if lesson.cancelled {
            label.push_str(". ");
            let off = self.sheet.grid().off.iter().find(|(id, _)| *id == lesson.id);
            match off {
                Some((_, title)) => label.push_str(&t::journal_is_off(lang, title)),
                None => label.push_str(t::journal_is_cancelled(lang)),
            }
        }
        if let Some(name) = self.sheet.grid().substitute(lesson.id) {
            label.push_str(". ");
            label.push_str(&t::journal_instead_by(lang, name));
        }
        if self.is_to_come(c) {
            label.push_str(", ");
            label.push_str(t::journal_is_to_come(lang));
        }
        out.push_str(" aria-label=\"");
        safe(&label, out);
        out.push_str("\" title=\"");
        safe(&label, out);
        let second = if self.turns(c) || column == self.window.start {
            date::month_short(lesson.date, lang)
        } else {
            date::weekday_short(lesson.date, lang)
        };
        let _ = write!(
            out,
            r#""><b>{}</b><small>{second}</small></div>"#,
            lesson.date.day()
        );
        for _ in 0..c.span.saturating_sub(6) {
            out.push_str(r#"<div class="grid-cell grid-lesson" aria-hidden="true"></div>"#);
        }
    }

    fn work_head(&self, column: usize, c: &Column, out: &mut String) {
        let grid = self.sheet.grid();
        let work = c.assignment.and_then(|a| grid.assignments.get(a));
        let kind = work.and_then(|a| grid.work_types.iter().find(|w| w.id == a.work_type));
        let _ = write!(
            out,
            r#"<div class="grid-cell grid-work" role="columnheader" aria-colindex="{}""#,
            column + 2
        );
        self.marks_of_column(c, out);
        if self.lesson(c).is_some_and(|l| l.locked || l.cancelled) {
            out.push_str(" data-locked");
        }
        let label = match (work, kind) {
            (Some(a), kind) => {
                let title = a
                    .title
                    .as_deref()
                    .or(kind.map(|k| k.title.as_str()))
                    .unwrap_or_default();
                t::journal_work_label(self.lang, title, self.lang.decimal(&a.weight.to_string()))
            }
            (None, _) => t::journal_no_work_yet(self.lang).to_owned(),
        };
        out.push_str(" title=\"");
        safe(&label, out);
        out.push_str("\"><b aria-hidden=\"true\">");
        safe(work.map_or("·", |_| kind.map_or("?", |k| k.code.as_str())), out);
        out.push_str("</b>");
        if let Some(a) = work {
            let _ = write!(
                out,
                "<small aria-hidden=\"true\">×{}</small>",
                self.lang.decimal(&a.weight.to_string())
            );
        }
        out.push_str("<span class=\"visually-hidden\">");
        safe(&label, out);
        out.push_str("</span></div>");
    }

    /// What stands over the two ends: whole and short.
    fn end_heads(&self) -> [(String, &'static str); 2] {
        let lang = self.lang;
        let Some(results) = &self.sheet.grid().results else {
            return [
                (
                    t::journal_average(lang).to_owned(),
                    t::journal_average_short(lang),
                ),
                (
                    t::journal_weighted(lang).to_owned(),
                    t::journal_weighted_short(lang),
                ),
            ];
        };
        let terms = &results.terms;
        let average = match terms.weighted {
            true => t::journal_weighted(lang),
            false => t::journal_average(lang),
        };
        let average = match terms.act_number.as_str() {
            "" => average.to_owned(),
            act => format!("{average}. {act}"),
        };
        [
            (average, t::journal_average_short(lang)),
            (
                t::journal_result_more(lang).to_owned(),
                t::journal_result_short(lang),
            ),
        ]
    }
}
