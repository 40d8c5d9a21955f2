//! The grid in the DOM: where the window lies, which elements a cell is, and how one cell is changed in place. Sizes are
//! asked for once and remembered: nothing here reads the layout after it has changed something.

use std::ops::Range;

use leptos::wasm_bindgen::JsCast as _;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{Element, FocusOptions, HtmlElement, ResizeObserver};

use super::draw::Face;

/// Sizes in CSS pixels, and what of the grid is on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// A column's width.
    pub cell: i32,
    /// A row's height.
    pub row: i32,
    /// The width of the names.
    pub name: i32,
    /// The width of the sticky averages.
    pub sides: i32,
    /// The scroller's inner width.
    pub wide: i32,
    /// The scroller's inner height.
    pub high: i32,
    /// How far it is scrolled.
    pub left: i32,
    /// How far it is scrolled down.
    pub top: i32,
}

/// Columns drawn beyond each edge of the screen: however large the class is, and at most.
const SPARE: (usize, usize) = (1, 8);
/// Rows filled above and below the screen, where not all are.
const SPARE_ROWS: usize = 2;
/// A class of so many pupils is usual.
const USUAL: usize = 32;
/// The most cells in the page where they can be kept to, heads, names and averages among them.
const MOST: usize = 1500;

fn number(text: &str) -> i32 {
    text.trim()
        .trim_end_matches("px")
        .split('.')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
}

impl Metrics {
    /// Asks the browser.
    #[must_use]
    pub fn read(root: &HtmlElement) -> Self {
        let style = web_sys::window().and_then(|w| w.get_computed_style(root).ok().flatten());
        let of = |name: &str| {
            style
                .as_ref()
                .and_then(|s| s.get_property_value(name).ok())
                .map(|v| number(&v))
                .filter(|n| *n > 0)
        };
        let screen = web_sys::window()
            .and_then(|w| w.inner_width().ok())
            .and_then(|w| w.as_f64())
            .unwrap_or(1024.0);
        Self {
            cell: of("--cell-w").unwrap_or(40),
            row: of("--row-h").unwrap_or(36),
            name: of("--name-w").unwrap_or(232),
            // as in `grid.css`: averages scroll along on narrow screens
            sides: if screen < 768.0 {
                0
            } else {
                2 * of("--avg-w").unwrap_or(56)
            },
            wide: root.client_width(),
            high: root.client_height(),
            left: root.scroll_left(),
            top: root.scroll_top(),
        }
    }

    /// Is the grid on the screen at all?
    #[must_use]
    pub fn drawn(self) -> bool {
        self.wide > 0
    }

    /// The same sizes, wherever it is scrolled?
    #[must_use]
    pub fn same_size(self, other: Self) -> bool {
        let at_rest = |m: Self| Self { left: 0, top: 0, ..m };
        at_rest(self) == at_rest(other)
    }

    /// The width inside an element's padding, less the grid's own border.
    #[must_use]
    pub fn inside(self, element: &Element) -> i32 {
        let style = web_sys::window().and_then(|w| w.get_computed_style(element).ok().flatten());
        let of = |name: &str| {
            style
                .as_ref()
                .and_then(|s| s.get_property_value(name).ok())
                .map_or(0, |v| number(&v))
        };
        element.client_width() - of("padding-left") - of("padding-right") - 2
    }

    fn room(self) -> i32 {
        (self.wide - self.name - self.sides).max(self.cell)
    }

    /// Rows of a page.
    #[must_use]
    pub fn page(self) -> usize {
        usize::try_from((self.high - 2 * self.row) / self.row.max(1) - 1)
            .unwrap_or(1)
            .max(1)
    }

    /// The columns on the screen, counted from the first of `all`.
    #[must_use]
    pub fn seen(self, all: &Range<usize>) -> Range<usize> {
        let cell = self.cell.max(1);
        let first = all.start + usize::try_from(self.left / cell).unwrap_or(0);
        let count = usize::try_from(self.room() / cell + 2).unwrap_or(1);
        first.min(all.end)..(first + count).min(all.end)
    }

    /// Columns that fit on the screen, the begun ones at both edges among them.
    fn fitting(self) -> usize {
        usize::try_from(self.room() / self.cell.max(1) + 2).unwrap_or(1)
    }

    /// Columns drawn beyond each edge of the screen, for so many pupils.
    #[must_use]
    pub fn spare(self, pupils: usize) -> usize {
        // each row has a name and two averages, two rows are heads; the rows that are not filled have the former alone
        let ends = 3 * (pupils + 2);
        let columns = MOST.saturating_sub(ends) / (self.filled(pupils) + 2);
        (columns.saturating_sub(self.fitting()) / 2).clamp(SPARE.0, SPARE.1)
    }

    /// How many of so many rows are filled with cells: all of a usual class, where nothing then has to be drawn while one goes down; of a larger
    /// one those that fit on the screen and a few more.
    fn filled(self, pupils: usize) -> usize {
        let fit = usize::try_from(self.high / self.row.max(1)).unwrap_or(0);
        let count = fit + 2 * SPARE_ROWS;
        let all = (self.fitting() + 2 * SPARE.0 + 3) * (pupils + 2);
        if pupils <= USUAL && all <= MOST {
            return pupils;
        }
        count.min(pupils)
    }

    /// The rows to fill with cells, of so many.
    #[must_use]
    pub fn rows(self, pupils: usize) -> Range<usize> {
        let count = self.filled(pupils);
        let first = usize::try_from(self.top / self.row.max(1)).unwrap_or(0);
        let first = first.saturating_sub(SPARE_ROWS).min(pupils - count);
        first..first + count
    }

    /// The rows on the screen, of so many: two rows' height are heads.
    #[must_use]
    pub fn seen_rows(self, pupils: usize) -> Range<usize> {
        let at = |height: i32| usize::try_from(height / self.row.max(1)).unwrap_or(0);
        let end = at(self.top + self.high - 2 * self.row) + 1;
        at(self.top).min(pupils)..end.min(pupils)
    }

    /// The columns to draw around what is seen, for so many pupils.
    #[must_use]
    pub fn window(self, all: &Range<usize>, pupils: usize) -> Range<usize> {
        let (seen, spare) = (self.seen(all), self.spare(pupils));
        seen.start.saturating_sub(spare).max(all.start)..(seen.end + spare).min(all.end)
    }

    /// Is a cell wholly in the free part of the grid, beside what is pinned?
    #[must_use]
    pub fn shows(self, row: usize, column: usize) -> bool {
        self.drawn() && self.scroll_to(row, column).is_none()
    }

    /// The scroll that shows a cell, counted from the first shown column; `None`: it is on the screen.
    #[must_use]
    pub fn scroll_to(self, row: usize, column: usize) -> Option<(i32, i32)> {
        let at = |n: usize, size: i32| i32::try_from(n).unwrap_or(i32::MAX / 256).saturating_mul(size);
        let (x, y) = (at(column, self.cell), at(row, self.row));
        let fit = |now: i32, start: i32, size: i32, room: i32| {
            if start < now {
                start
            } else if start + size > now + room {
                start + size - room
            } else {
                now
            }
        };
        let to = (
            fit(self.left, x, self.cell, self.room()),
            fit(self.top, y, self.row, self.high - 2 * self.row),
        );
        (to != (self.left, self.top)).then_some(to)
    }
}

/// The elements of a cell's row.
#[must_use]
pub fn row_of(body: &Element, row: usize) -> Option<Element> {
    body.children().item(u32::try_from(row).ok()?)
}

/// The element of a column inside a row: name and gap come first.
#[must_use]
pub fn cell_of(row: &Element, window: &Range<usize>, column: usize) -> Option<HtmlElement> {
    if !window.contains(&column) {
        return None;
    }
    row.children()
        .item(u32::try_from(column - window.start + 2).ok()?)?
        .dyn_into()
        .ok()
}

/// Takes cells out of a row.
pub fn remove_cells(row: &Element, at: usize, count: usize) {
    let cells = row.children();
    for _ in 0..count {
        if let Some(cell) = u32::try_from(at).ok().and_then(|i| cells.item(i)) {
            cell.remove();
        }
    }
}

/// Puts cells into a row, before the drawn ones or after them.
pub fn insert_cells(row: &Element, before: bool, html: &str) {
    if html.is_empty() {
        return;
    }
    let cells = row.children();
    // name, gap, cells …, gap, two averages
    let (gap, place) = if before {
        (cells.item(1), "afterend")
    } else {
        (cells.item(cells.length().saturating_sub(3)), "beforebegin")
    };
    if let Some(gap) = gap {
        let _ = gap.insert_adjacent_html(place, html);
    }
}

/// How wide the gaps of a row are, before its cells and after them.
pub fn set_gaps(row: &Element, [before, after]: &[String; 2]) {
    let children = row.children();
    // the name comes first, the two averages last; a row of heads has the same places
    let last = children.length().saturating_sub(3);
    for (at, width) in [(1, before), (last, after)] {
        let gap = children
            .item(at)
            .and_then(|gap| gap.dyn_into::<HtmlElement>().ok());
        if let Some(gap) = gap.filter(|gap| gap.class_name() == "grid-gap") {
            let _ = gap.style().set_property("inline-size", width);
        }
    }
}

/// Sets or removes an attribute.
pub fn attribute(element: &Element, name: &str, value: Option<&str>) {
    // neither can fail for our names
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

/// Makes a cell look so.
pub fn paint(cell: &HtmlElement, face: &Face) {
    cell.set_text_content(Some(&face.text));
    if let (Some(was), Some(document)) = (&face.was, cell.owner_document())
        && let Ok(struck) = document.create_element("s")
    {
        attribute(&struck, "data-text", Some(was));
        let _ = cell.append_child(&struck);
    }
    if let (Some(other), Some(document)) = (&face.other, cell.owner_document())
        && let Ok(small) = document.create_element("small")
    {
        small.set_text_content(Some(&format!("⇄{other}")));
        let _ = cell.append_child(&small);
    }
    attribute(cell, "data-kind", face.kind);
    attribute(cell, "data-tone", face.tone);
    attribute(cell, "data-state", face.state);
    attribute(cell, "data-comment", face.comment.then_some(""));
    attribute(cell, "aria-label", face.label.as_deref());
}

/// Watches the size of an element until it is dropped.
#[derive(Debug)]
pub struct Sizes {
    observer: ResizeObserver,
    /// Held for the observer, which calls it.
    _call: Closure<dyn FnMut()>,
}

impl Sizes {
    /// Calls for the first time when the element is drawn, then whenever it has got another size. A page may be built before
    /// it is put into the document, and has no size until then.
    #[must_use]
    pub fn watch(element: &Element, call: impl FnMut() + 'static) -> Option<Self> {
        let call = Closure::<dyn FnMut()>::new(call);
        let observer = ResizeObserver::new(call.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self {
            observer,
            _call: call,
        })
    }
}

impl Drop for Sizes {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Focuses without letting the browser scroll: we know better where the cell is.
pub fn focus(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

#[cfg(test)]
mod tests {
    use super::*;

    const M: Metrics = Metrics {
        cell: 40,
        row: 36,
        name: 200,
        sides: 112,
        wide: 712,
        high: 432,
        left: 400,
        top: 0,
    };

    #[test]
    fn the_window_holds_what_is_seen_and_a_little_more() {
        let all = 0..150;
        assert_eq!(M.seen(&all), 10..22);
        assert_eq!(M.window(&all, 30), 2..30);
        assert_eq!(M.window(&(0..5), 30), 0..5);
        assert_eq!(Metrics { left: 0, ..M }.window(&(0..3), 30), 0..3);
    }

    #[test]
    fn a_large_class_on_a_wide_screen_is_drawn_with_less_around_it() {
        let wide = Metrics {
            wide: 1400,
            high: 900,
            ..M
        };
        let cells = |m: Metrics, pupils: usize| {
            m.window(&(0..150), pupils).len() * (m.rows(pupils).len() + 2) + 3 * (pupils + 2)
        };
        for pupils in [25, 33, 40] {
            for wide in [wide, Metrics { wide: 1900, ..wide }] {
                assert!(cells(wide, pupils) <= MOST, "{} of {pupils}", cells(wide, pupils));
            }
        }
        assert_eq!(wide.spare(10), 8);
        // whatever it costs, what comes next is there
        assert_eq!(
            Metrics {
                wide: 4000,
                high: 1400,
                ..M
            }
            .spare(40),
            1
        );
    }

    #[test]
    fn rows_far_from_the_screen_are_not_filled_and_those_on_it_are() {
        let tall = Metrics {
            wide: 1400,
            high: 700,
            ..M
        };
        assert_eq!(tall.rows(30), 0..30, "a usual class is drawn whole");
        for top in (0..=40 * tall.row - tall.high + 2 * tall.row).step_by(7) {
            let at = Metrics { top, ..tall };
            let (rows, seen) = (at.rows(40), at.seen_rows(40));
            assert!(rows.len() < 25, "{rows:?}");
            assert!(
                rows.start <= seen.start && seen.end <= rows.end,
                "{rows:?} {seen:?}"
            );
        }
        // before it is on the screen
        assert_eq!(Metrics::default().rows(40), 0..2 * SPARE_ROWS);
        assert_eq!(Metrics::default().rows(0), 0..0);
    }

    #[test]
    fn a_cell_on_the_screen_does_not_scroll() {
        assert_eq!(M.scroll_to(0, 12), None);
        assert_eq!(M.scroll_to(0, 9), Some((360, 0)));
        assert_eq!(M.scroll_to(0, 20), Some((440, 0)));
        assert_eq!(M.scroll_to(10, 12), Some((400, 36)));
    }

    #[test]
    fn a_phone_scrolled_for_other_columns_shows_the_first_of_a_lesson_beside_the_names() {
        // a lesson of two works at 360 px: names, two columns and the first of the averages fit, the second does not
        let phone = Metrics {
            cell: 44,
            row: 44,
            name: 182,
            sides: 0,
            wide: 326,
            high: 184,
            left: 22,
            top: 0,
        };
        assert!(!phone.shows(0, 0), "it begins under the names");
        assert_eq!(phone.scroll_to(0, 0), Some((0, 0)));
        assert!(Metrics { left: 0, ..phone }.shows(0, 1));
        // the pad has grown
        let smaller = Metrics {
            left: 0,
            high: 132,
            ..phone
        };
        assert!(!smaller.shows(1, 0));
        assert_eq!(smaller.scroll_to(1, 0), Some((0, 44)));
        assert!(!Metrics::default().shows(0, 0), "what is not drawn shows nothing");
    }
}
