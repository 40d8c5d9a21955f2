//! Whose password somebody may issue: nobody's who administers what they do not (`docs/decisions/0008`). Who hands a password
//! out has read it and could sign in with it.

use base::rights::{Action, Grant, Kind, Reach};

/// The rights that put a person beyond an issuer: those of the whole school that change something or show what is confidential,
/// and that the issuer lacks.
#[must_use]
pub fn beyond(issuer: &[Grant]) -> Vec<Grant> {
    let mut lacking = Vec::new();
    for &kind in Kind::ALL {
        for &action in Action::ALL {
            for &reach in Reach::ALL {
                let grant = Grant { kind, action, reach };
                if administers(grant) && !issuer.iter().any(|held| covers(*held, grant)) {
                    lacking.push(grant);
                }
            }
        }
    }
    lacking
}

/// A right of the whole school to change something, or to see marks, accounts or who changed what. What every teacher may
/// (the own journal, the own class, the school's timetable) does not count: else nobody but a teacher could issue to one.
fn administers(grant: Grant) -> bool {
    let confidential = matches!(
        grant.kind,
        Kind::Journal | Kind::Diary | Kind::Accounts | Kind::Audit
    );
    grant.reach >= Reach::School && (grant.action != Action::View || confidential)
}

/// The same right as far or farther; who closes or publishes a thing answers for its changes too.
fn covers(held: Grant, wanted: Grant) -> bool {
    let stronger = wanted.action == Action::Edit && matches!(held.action, Action::Lock | Action::Publish);
    held.kind == wanted.kind && held.reach >= wanted.reach && (held.action == wanted.action || stronger)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::rights::{POSITIONS, template};
    use proptest::prelude::*;

    fn may(issuer: &str, of: &str) -> bool {
        let lacking = beyond(template(issuer).unwrap().grants);
        !template(of).unwrap().grants.iter().any(|g| lacking.contains(g))
    }

    #[test]
    fn the_director_issues_to_all_and_a_secretary_to_teachers() {
        // rows issue to columns, in the templates' order: director, deputy, teacher, secretary, administrator, operator
        let table = [
            ("director", [true, true, true, true, true, false]),
            ("secretary", [false, false, true, true, false, false]),
            ("administrator", [false, false, true, true, true, false]),
            ("operator", [false, false, true, false, false, true]),
        ];
        for (issuer, row) in table {
            let told: Vec<bool> = POSITIONS.iter().map(|of| may(issuer, of.key)).collect();
            assert_eq!(told, row, "{issuer}");
        }
    }

    fn grant() -> impl Strategy<Value = Grant> {
        (
            prop::sample::select(Kind::ALL),
            prop::sample::select(Action::ALL),
            prop::sample::select(Reach::ALL),
        )
            .prop_map(|(kind, action, reach)| Grant { kind, action, reach })
    }

    proptest! {
        #[test]
        fn one_s_equal_is_never_beyond_and_a_right_more_never_shuts_a_door(
            held in prop::collection::vec(grant(), 0..12),
            more in grant(),
        ) {
            let before = beyond(&held);
            prop_assert!(held.iter().all(|g| !before.contains(g)));
            let after = beyond(&[held.clone(), vec![more]].concat());
            prop_assert!(after.iter().all(|g| before.contains(g)));
            prop_assert!(before.iter().all(|g| g.reach >= Reach::School));
        }
    }
}
