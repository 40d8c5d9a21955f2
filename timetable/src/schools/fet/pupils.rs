//! Pupils of a FET file as atoms.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::read::{PUPILS, Reading};
use crate::ids::{narrow, wide};
use crate::markup::Element;
use crate::problem::{Named, Resource};

/// Sets of pupils as lists of atoms. Subgroups that are in the same used sets are one atom.
pub(super) fn pupils<'a>(root: &'a Element, reading: &mut Reading<'a>) {
    let mut leaves: HashMap<&str, u32> = HashMap::new();
    let mut members: HashMap<&str, BTreeSet<u32>> = HashMap::new();
    let mut leaf = |name: &'a str| {
        let next = narrow(leaves.len());
        *leaves.entry(name).or_insert(next)
    };
    let name_of = |e: &'a Element| e.text_of("Name").unwrap_or_default();
    for year in root.list("Students_List").iter().filter(|e| e.name == "Year") {
        let mut of_year = BTreeSet::new();
        for group in year.all("Group") {
            let mut of_group: BTreeSet<u32> = group.all("Subgroup").map(|s| leaf(name_of(s))).collect();
            if of_group.is_empty() {
                of_group.insert(leaf(name_of(group)));
            }
            for subgroup in group.all("Subgroup") {
                members
                    .entry(name_of(subgroup))
                    .or_default()
                    .insert(leaf(name_of(subgroup)));
            }
            of_year.extend(&of_group);
            members.entry(name_of(group)).or_default().extend(of_group);
        }
        if of_year.is_empty() {
            of_year.insert(leaf(name_of(year)));
        }
        members.entry(name_of(year)).or_default().extend(of_year);
    }
    for year in root.list("Students_List") {
        let groups = year.all("Group");
        let sets = groups.flat_map(|g| std::iter::once(g).chain(g.all("Subgroup")));
        for set in std::iter::once(year).chain(sets) {
            let heads = set.text_of("Number_of_Students").and_then(|n| n.parse().ok());
            reading.heads.insert(name_of(set), heads.unwrap_or(0));
        }
    }
    // Which sets are spoken of: by activities and by constraints.
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for activity in &reading.activities {
        used.extend(activity.all("Students").map(|s| s.text.as_str()));
    }
    for constraint in root.list("Time_Constraints_List") {
        used.extend(constraint.text_of("Students"));
        used.extend(constraint.text_of("Students_Name"));
    }
    let used: Vec<&str> = used.into_iter().filter(|u| members.contains_key(u)).collect();
    let mut signature: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (at, set) in (0..).zip(&used) {
        for leaf in members.get(set).into_iter().flatten() {
            signature.entry(*leaf).or_default().push(at);
        }
    }
    let mut atom_of: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
    for places in signature.values() {
        if !atom_of.contains_key(places) {
            // The smallest set that it is in gives it its name.
            let smallest = places
                .iter()
                .map(|p| used[wide(*p)])
                .min_by_key(|s| members.get(s).map_or(0, BTreeSet::len));
            let at = narrow(reading.problem.resources.len());
            reading.problem.resources.push(Resource {
                label: Named {
                    id: format!("{PUPILS}:{at}"),
                    name: smallest.unwrap_or_default().to_owned(),
                },
                kind: PUPILS,
            });
            atom_of.insert(places.clone(), at);
        }
    }
    for (name, leaves) in &members {
        let atoms: BTreeSet<u32> = leaves
            .iter()
            .filter_map(|l| signature.get(l).and_then(|s| atom_of.get(s)).copied())
            .collect();
        reading.sets.insert(name, atoms.into_iter().collect());
    }
}
