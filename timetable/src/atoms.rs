//! From splits to atoms: which pupils the subgroups of a class share.

use crate::spec::BoardSpec;
use std::collections::{BTreeMap, BTreeSet};

/// Up to how many combinations of subgroups are made into atoms of their own.
const PRODUCT: usize = 64;

/// Atoms of every class and of every group.
pub(crate) struct Atoms {
    pub classes: Vec<Vec<u32>>,
    pub groups: Vec<Vec<u32>>,
    pub count: u32,
}

/// Takes the atoms given, makes the others.
///
/// For a class of few splits the atoms are the combinations of one subgroup from each split (real pupils: "English 1 and
/// boys"), without combinations told disjoint. Where that would be too many, every pair of subgroups that share pupils
/// gets one atom: conflicts stay exact, only counts per pupil (windows, lessons a day) become a lower bound.
pub(crate) fn resolve(spec: &BoardSpec) -> Atoms {
    let given = spec
        .classes
        .iter()
        .flat_map(|c| &c.atoms)
        .chain(spec.groups.iter().flat_map(|g| &g.atoms));
    let mut next = given.copied().max().map_or(0, |m| m.saturating_add(1));
    let apart: BTreeSet<(u32, u32)> = spec
        .disjoint
        .iter()
        .flat_map(|(a, b)| [(a.0, b.0), (b.0, a.0)])
        .collect();
    let mut classes: Vec<Vec<u32>> = spec.classes.iter().map(|c| c.atoms.clone()).collect();
    let mut groups: Vec<Vec<u32>> = spec.groups.iter().map(|g| g.atoms.clone()).collect();
    let mut groups_of: Vec<Vec<usize>> = vec![vec![]; classes.len()];
    for (g, group) in spec.groups.iter().enumerate() {
        if let Some(own) = groups_of.get_mut(group.class.ix()) {
            own.push(g);
        }
    }
    for (own, members) in classes.iter_mut().zip(groups_of) {
        let mut splits: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
        let mut given = !own.is_empty();
        for (g, group) in members.iter().filter_map(|g| Some((*g, spec.groups.get(*g)?))) {
            given |= !group.atoms.is_empty();
            splits.entry(group.split).or_default().push(g);
        }
        if !given {
            let sets = if splits
                .values()
                .map(Vec::len)
                .try_fold(1usize, usize::checked_mul)
                .is_some_and(|n| n <= PRODUCT)
            {
                product(&splits, &apart)
            } else {
                pairs(&splits, &apart)
            };
            for set in sets {
                own.push(next);
                for g in set {
                    groups[g].push(next);
                }
                next += 1;
            }
        }
        own.extend(members.iter().flat_map(|g| groups[*g].clone()));
    }
    for list in classes.iter_mut().chain(groups.iter_mut()) {
        list.sort_unstable();
        list.dedup();
    }
    Atoms {
        classes,
        groups,
        count: next,
    }
}

fn product(splits: &BTreeMap<u16, Vec<usize>>, apart: &BTreeSet<(u32, u32)>) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = vec![vec![]];
    for members in splits.values() {
        let mut longer = vec![];
        for set in &sets {
            let fits = members
                .iter()
                .filter(|g| set.iter().all(|h| !is_apart(apart, **g, *h)));
            let before = longer.len();
            longer.extend(fits.map(|g| set.iter().copied().chain([*g]).collect::<Vec<_>>()));
            if longer.len() == before {
                longer.push(set.clone());
            }
        }
        sets = longer;
    }
    for pair in pairs(splits, apart) {
        if !sets.iter().any(|set| pair.iter().all(|g| set.contains(g))) {
            sets.push(pair);
        }
    }
    sets
}

fn pairs(splits: &BTreeMap<u16, Vec<usize>>, apart: &BTreeSet<(u32, u32)>) -> Vec<Vec<usize>> {
    let all: Vec<(u16, usize)> = splits
        .iter()
        .flat_map(|(s, m)| m.iter().map(move |g| (*s, *g)))
        .collect();
    let mut sets: Vec<Vec<usize>> = all.iter().map(|(_, g)| vec![*g]).collect();
    for (i, (split, g)) in all.iter().enumerate() {
        for (other, h) in &all[i + 1..] {
            if split != other && !is_apart(apart, *g, *h) {
                sets.push(vec![*g, *h]);
            }
        }
    }
    sets
}

fn is_apart(apart: &BTreeSet<(u32, u32)>, a: usize, b: usize) -> bool {
    apart.contains(&(crate::ids::narrow(a), crate::ids::narrow(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ClassIx, GroupIx, TimeSet};
    use crate::spec::{ClassSpec, GroupSpec};

    fn school(splits: &[u16], disjoint: &[(u32, u32)]) -> Atoms {
        let group = |split: &u16| GroupSpec {
            class: ClassIx(0),
            split: *split,
            pupils: 0,
            away: TimeSet::new(),
            atoms: vec![],
        };
        resolve(&BoardSpec {
            classes: vec![ClassSpec::default()],
            groups: splits.iter().map(group).collect(),
            disjoint: disjoint.iter().map(|(a, b)| (GroupIx(*a), GroupIx(*b))).collect(),
            ..BoardSpec::default()
        })
    }

    fn meet(a: &Atoms, g: usize, h: usize) -> bool {
        a.groups[g].iter().any(|x| a.groups[h].contains(x))
    }

    #[test]
    fn a_class_without_subgroups_is_one_atom() {
        assert_eq!(school(&[], &[]).classes, vec![vec![0]]);
    }

    #[test]
    fn subgroups_of_one_split_are_apart_and_of_two_splits_meet() {
        let a = school(&[1, 1, 2, 2], &[(0, 3)]);
        assert!(!meet(&a, 0, 1) && !meet(&a, 2, 3));
        assert!(meet(&a, 0, 2) && meet(&a, 1, 2) && meet(&a, 1, 3));
        assert!(!meet(&a, 0, 3), "told disjoint");
        assert_eq!(a.classes[0].len(), 3);
    }

    #[test]
    fn the_same_relation_with_many_splits() {
        let splits: Vec<u16> = (0..20).map(|n| n / 2).collect();
        let a = school(&splits, &[(0, 19)]);
        for g in 0..20 {
            for h in 0..20 {
                let told = (g, h) == (0, 19) || (g, h) == (19, 0);
                assert_eq!(meet(&a, g, h), g == h || (g / 2 != h / 2 && !told), "{g} {h}");
            }
        }
    }

    #[test]
    fn a_group_apart_from_everybody_still_exists() {
        let a = school(&[1, 2, 2], &[(0, 1), (0, 2)]);
        assert!(a.groups.iter().all(|g| !g.is_empty()));
        assert!(!meet(&a, 0, 1) && !meet(&a, 0, 2) && !meet(&a, 1, 2));
    }
}
