//! Families of a list: children who share a guardian.

use std::collections::HashMap;

use super::Who;

/// How many groups of rows there are that share no guardian.
pub(super) fn families(rows: &[Vec<Who>]) -> usize {
    fn root(parents: &mut [usize], mut n: usize) -> usize {
        while let Some(up) = parents.get(n).copied().filter(|up| *up != n) {
            let above = parents.get(up).copied().unwrap_or(up);
            if let Some(place) = parents.get_mut(n) {
                *place = above;
            }
            n = up;
        }
        n
    }
    let mut parents: Vec<usize> = (0..rows.len()).collect();
    let mut first: HashMap<Who, usize> = HashMap::new();
    for (n, guardians) in rows.iter().enumerate() {
        for who in guardians {
            let other = *first.entry(*who).or_insert(n);
            let (a, b) = (root(&mut parents, n), root(&mut parents, other));
            if let Some(place) = parents.get_mut(a) {
                *place = b;
            }
        }
    }
    parents.iter().enumerate().filter(|(n, up)| n == *up).count()
}
