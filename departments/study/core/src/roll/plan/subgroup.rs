//! Which subgroup a cell means.

use super::{KnownClass, KnownGroup};
use crate::roll::fields::class_key;

/// The subgroup a cell means: by name, by name without the class's, or by number in the only split — of several, in the one
/// that the column's head speaks of.
pub(super) fn subgroup<'a>(class: &'a KnownClass, header: &str, written: &str) -> Option<&'a KnownGroup> {
    let (wanted, own) = (class_key(written), class_key(&class.name));
    let short = |name: &str| {
        let key = class_key(name);
        key.strip_prefix(own.as_str()).map_or(key.clone(), str::to_owned)
    };
    let only = |found: Vec<&'a KnownGroup>| match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let all = || class.groups.iter();
    let by_name = only(all().filter(|g| class_key(&g.name) == wanted).collect())
        .or_else(|| only(all().filter(|g| short(&g.name) == short(written)).collect()));
    if by_name.is_some() || wanted.is_empty() {
        return by_name;
    }
    let number: usize = wanted.parse().ok()?;
    let splits: Vec<&str> = all().fold(vec![], |mut known, g| {
        if !known.contains(&g.split.as_str()) {
            known.push(g.split.as_str());
        }
        known
    });
    let words: Vec<String> = header
        .split(|c: char| !c.is_alphanumeric())
        .map(class_key)
        .filter(|w| w.chars().count() > 2 && !w.starts_with("ПОДГРУП"))
        .collect();
    let spoken_of = |split: &str| {
        all().filter(|g| g.split == split).any(|g| {
            let says = format!("{} {}", class_key(&g.split), class_key(&g.name));
            words
                .iter()
                .any(|w| says.contains(w.chars().take(4).collect::<String>().as_str()))
        })
    };
    let split = match splits.as_slice() {
        [one] => *one,
        several => {
            let mut meant = several.iter().copied().filter(|s| spoken_of(s));
            // two that could be meant are none
            meant.next().filter(|_| meant.next().is_none())?
        }
    };
    all().filter(|g| g.split == split).nth(number.checked_sub(1)?)
}
