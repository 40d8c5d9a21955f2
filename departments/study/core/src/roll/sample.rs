//! A list to fill in: what the import understands, shown by an invented family.

use base::Lang;

use crate::t;

/// A CSV of three invented pupils, two of them siblings, in the first classes of the school: UTF-8 with its mark, semicolons,
/// CRLF, as Excel in Russia opens it by itself.
#[must_use]
pub fn sample(lang: Lang, classes: &[String]) -> String {
    let class = |n: usize, other: &str| classes.get(n).map_or(other, String::as_str).to_owned();
    let (first, second) = (class(0, "5А"), class(1, "7Б"));
    let rows = [
        t::roll_sample_head(lang).to_owned(),
        t::roll_sample_one(lang, cell(&first)),
        t::roll_sample_two(lang, cell(&second)),
        t::roll_sample_three(lang, cell(&first)),
    ];
    let mut text = String::from("\u{feff}");
    for row in rows {
        text.push_str(&row);
        text.push_str("\r\n");
    }
    text
}

/// A class's name as a cell: quoted where it must be, never a formula (ASVS 1.2.10).
fn cell(name: &str) -> String {
    let formula = name.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = format!("{}{name}", if formula { "'" } else { "" });
    if safe.contains([';', '"', '\n', '\r']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}
