//! A table that is wider than its page goes on beside, with the names of its rows before each part.

use crate::{Column, Lie};

/// What a column of words takes at least, in tenths of a millimetre.
const WORDS: u32 = 400;

/// How wide columns are together, in tenths of a millimetre.
pub(crate) fn width(columns: &[Column]) -> u32 {
    columns.iter().map(one).sum()
}

fn one(column: &Column) -> u32 {
    column.shape.width().unwrap_or(WORDS)
}

/// The parts of a table, each as wide as a page at most: for each the places of its columns. Columns that lead their rows stand
/// in every part; the others are shared out evenly, so that no part is a single column. A column that is wider than a page by itself
/// has a part of its own.
#[must_use]
pub(crate) fn parts(columns: &[Column], lie: Lie) -> Vec<Vec<usize>> {
    let leading: Vec<usize> = (0..columns.len())
        .take_while(|n| columns.get(*n).is_some_and(|c| c.shape.leads()))
        .collect();
    let begin: u32 = leading.iter().filter_map(|n| columns.get(*n)).map(one).sum();
    let room = lie.width().saturating_sub(begin).max(1);
    let all = width(columns).saturating_sub(begin);
    let even = all.div_ceil(all.div_ceil(room).max(1));
    let mut parts = vec![];
    let (mut part, mut taken) = (leading.clone(), 0);
    for (n, column) in columns.iter().enumerate().skip(leading.len()) {
        let wide = one(column);
        if (taken >= even || taken + wide > room) && part.len() > leading.len() {
            parts.push(std::mem::replace(&mut part, leading.clone()));
            taken = 0;
        }
        part.push(n);
        taken += wide;
    }
    if part.len() > leading.len() || parts.is_empty() {
        parts.push(part);
    }
    parts
}

/// Neighbours with the same words over them: where they begin, how many they are, the words. Columns without any stand alone.
#[must_use]
pub(crate) fn groups(columns: &[Column]) -> Vec<(usize, usize, Option<&str>)> {
    let mut groups: Vec<(usize, usize, Option<&str>)> = vec![];
    for (n, column) in columns.iter().enumerate() {
        let name = column.group.as_deref();
        match groups.last_mut() {
            Some((_, span, last)) if name.is_some() && *last == name => *span += 1,
            _ => groups.push((n, 1, name)),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;
    use proptest::prelude::*;

    fn column(shape: Shape) -> Column {
        Column {
            group: None,
            head: String::new(),
            shape,
            key: None,
        }
    }

    fn any_shape() -> impl Strategy<Value = Shape> {
        prop_oneof![
            Just(Shape::Day),
            Just(Shape::Upright),
            Just(Shape::Figure),
            Just(Shape::Date),
            Just(Shape::Words)
        ]
    }

    #[test]
    fn a_hundred_and_fifty_days_go_on_beside() {
        let mut columns = vec![column(Shape::Number), column(Shape::Name)];
        columns.extend(std::iter::repeat_n(column(Shape::Day), 150));
        let parts = parts(&columns, Lie::Landscape);
        assert_eq!(parts.len(), 5);
        assert!(parts.iter().all(|part| part.starts_with(&[0, 1])));
    }

    #[test]
    fn what_goes_on_beside_is_shared_out_evenly() {
        let mut columns = vec![column(Shape::Number), column(Shape::Name)];
        columns.extend(std::iter::repeat_n(column(Shape::Day), 38));
        let sizes: Vec<usize> = parts(&columns, Lie::Landscape).iter().map(Vec::len).collect();
        assert_eq!(sizes, [2 + 19, 2 + 19]);
    }

    #[test]
    fn a_month_spans_its_days() {
        let with = |group: Option<&str>| Column {
            group: group.map(str::to_owned),
            ..column(Shape::Day)
        };
        let columns = [None, None, Some("сен"), Some("сен"), Some("окт"), None].map(with);
        let found = groups(&columns);
        assert_eq!(
            found,
            [
                (0, 1, None),
                (1, 1, None),
                (2, 2, Some("сен")),
                (4, 1, Some("окт")),
                (5, 1, None)
            ]
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_too_wide(shapes in proptest::collection::vec(any_shape(), 0..200)) {
            let mut columns = vec![column(Shape::Number), column(Shape::Name)];
            columns.extend(shapes.into_iter().map(column));
            for lie in [Lie::Portrait, Lie::Landscape] {
                let parts = parts(&columns, lie);
                let shown: Vec<usize> = parts.iter().flat_map(|p| p.iter().skip(2).copied()).collect();
                prop_assert_eq!(shown, (2..columns.len()).collect::<Vec<_>>());
                for part in &parts {
                    let wide: u32 = part.iter().map(|n| one(&columns[*n])).sum();
                    prop_assert!(wide <= lie.width());
                }
            }
        }
    }
}
