use proptest::prelude::*;

use super::*;

fn name(last: &str, first: &str) -> PersonName {
    PersonName {
        last: last.into(),
        first: first.into(),
        middle: None,
    }
}

fn born(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2013, 9, day).unwrap()
}

fn guardian(last: &str, first: &str, phone: Option<&str>) -> RowGuardian {
    RowGuardian {
        name: name(last, first),
        phone: phone.map(Into::into),
        kin: Kin::Mother,
    }
}

fn record(row: u32, last: &str, first: &str, class: &str, guardians: Vec<RowGuardian>) -> Record {
    Record {
        row,
        name: name(last, first),
        born: born(5),
        sex: None,
        class: class.into(),
        subgroups: vec![],
        guardians,
    }
}

fn group(id: i64, name: &str, split: &str) -> KnownGroup {
    KnownGroup {
        id: SubgroupId(id),
        name: name.into(),
        split: split.into(),
    }
}

fn school() -> Known {
    Known {
        people: vec![],
        classes: vec![
            KnownClass {
                id: ClassId(1),
                name: "7А".into(),
                groups: vec![
                    group(10, "7А Англ 1", "1"),
                    group(11, "7А Англ 2", "1"),
                    group(12, "Труд М", "2"),
                    group(13, "Труд Д", "2"),
                ],
            },
            KnownClass {
                id: ClassId(2),
                name: "7Б".into(),
                groups: vec![group(20, "Англ 1", "1"), group(21, "Англ 2", "1")],
            },
            KnownClass {
                id: ClassId(3),
                name: "8".into(),
                groups: vec![],
            },
        ],
    }
}

/// The school after the plan was written.
fn after(mut known: Known, plan: &Plan) -> Known {
    let first = 1_000 + i64::try_from(known.people.len()).unwrap();
    let id = |who: &Who| match who {
        Who::Known(id) => *id,
        Who::New(n) => PersonId(first + i64::try_from(*n).unwrap()),
    };
    for (n, person) in plan.people.iter().enumerate() {
        known.people.push(KnownPerson {
            id: id(&Who::New(n)),
            name: person.name.clone(),
            born: person.born,
            phones: person.phone.clone().into_iter().collect(),
            pupil: None,
            class: None,
            seats: vec![],
            guardians: vec![],
        });
    }
    let names: HashMap<ClassId, String> = known.classes.iter().map(|c| (c.id, c.name.clone())).collect();
    let mut change = |who: PersonId, act: &mut dyn FnMut(&mut KnownPerson)| {
        act(known.people.iter_mut().find(|p| p.id == who).unwrap());
    };
    for who in &plan.pupils {
        change(id(who), &mut |p| p.pupil = Some(PupilId(p.id.0)));
    }
    for (who, class) in &plan.enrolments {
        change(id(who), &mut |p| p.class = Some((*class, names[class].clone())));
    }
    for (who, seat) in &plan.seats {
        change(id(who), &mut |p| p.seats.push(*seat));
    }
    for (guardian, ward, _) in &plan.ties {
        change(id(ward), &mut |p| p.guardians.push(id(guardian)));
    }
    for (who, phone) in &plan.phones {
        change(*who, &mut |p| p.phones = vec![phone.clone()]);
    }
    for (who, date) in &plan.births {
        change(*who, &mut |p| p.born = Some(*date));
    }
    known
}

#[test]
fn siblings_share_a_guardian_and_are_one_family() {
    let mother = || guardian("Котова", "Анна", Some("79161234567"));
    let other = guardian("Котова", "Анна", Some("79160000000"));
    let rows = [
        record(2, "Котов", "Пётр", "7А", vec![mother()]),
        record(3, "Котова", "Вера", "7-б", vec![mother()]),
        record(4, "Котова", "Нина", "7Б", vec![other]),
        record(5, "Лосев", "Ян", "8 класс", vec![]),
    ];
    let out = compare(Lang::Ru, &rows, &school());
    assert_eq!(out.bad, []);
    let counts = out.plan.counts;
    assert_eq!(
        (counts.new_pupils, counts.new_guardians, counts.families),
        (4, 2, 2)
    );
    assert_eq!((counts.ties, counts.enrolled), (3, 4));
    let told: Vec<_> = out.classes.iter().map(|c| (c.name.as_str(), c.rows)).collect();
    assert_eq!(told, [("7А", 1), ("7Б", 2), ("8", 1)]);
}

#[test]
fn what_contradicts_the_school_is_told_and_brings_nothing() {
    let known = {
        let first = compare(Lang::Ru, &[record(2, "Котов", "Пётр", "7А", vec![])], &school());
        after(school(), &first.plan)
    };
    let with = |row, class: &str, groups: &[&str]| Record {
        subgroups: groups
            .iter()
            .map(|g| ("Подгруппа".to_owned(), (*g).to_owned()))
            .collect(),
        ..record(
            row,
            "Лосев",
            &"я".repeat(usize::try_from(row).unwrap()),
            class,
            vec![],
        )
    };
    let rows = [
        record(2, "котов", "петр", "7Б", vec![guardian("Новая", "Анна", None)]),
        record(3, "Лосев", "Ян", "9Я", vec![guardian("Новая", "Анна", None)]),
        record(4, "Лосев", "Ом", "9-я", vec![]),
        with(5, "7А", &["Физика"]),
        with(6, "8", &["1"]),
        with(7, "7Б", &["Англ 1", "Англ 2"]),
        with(8, "7А", &["1"]),
    ];
    let out = compare(Lang::Ru, &rows, &known);
    assert_eq!(out.plan, Plan::default(), "nothing of a bad row");
    let words = ["7А", "9Я", "9-я", "Труд М", "нет подгрупп", "Англ 2", "Англ 1"];
    assert_eq!(out.bad.len(), words.len());
    for (bad, word) in out.bad.iter().zip(words) {
        assert!(bad.reason.contains(word), "{bad:?} — {word}");
    }
    assert_eq!(
        out.unmatched,
        [ClassCount {
            name: "9Я".into(),
            rows: 2
        }]
    );
}

#[test]
fn a_subgroup_is_meant_by_name_or_number() {
    let known = school();
    let (first, second) = (&known.classes[0], &known.classes[1]);
    let meant = |class, header: &str, cell: &str| subgroup(class, header, cell).map(|g| g.id.0);
    assert_eq!(meant(first, "", "7А Англ 1"), Some(10));
    assert_eq!(meant(first, "", "англ-2"), Some(11));
    assert_eq!(meant(first, "", "труд д"), Some(13));
    assert_eq!(meant(second, "", "7Б Англ 2"), Some(21));
    assert_eq!(meant(second, "Подгруппа", "2"), Some(21), "the only split");
    assert_eq!(meant(first, "Подгруппа", "1"), None, "of two splits");
    assert_eq!(meant(first, "Подгруппа (английский)", "2"), Some(11));
    assert_eq!(meant(first, "Подгруппа по труду", "1"), Some(12));
    for nothing in ["3", "0", "99999999999999999999", "", "—", "я"] {
        assert_eq!(meant(second, "Подгруппа", nothing), None, "{nothing}");
    }
}

#[test]
fn a_known_guardian_gets_a_number_and_no_double() {
    let first = compare(
        Lang::Ru,
        &[record(
            2,
            "Котов",
            "Пётр",
            "7А",
            vec![guardian("Котова", "Анна", None)],
        )],
        &school(),
    );
    let known = after(school(), &first.plan);
    let again = [record(
        2,
        "Котов",
        "Пётр",
        "7А",
        vec![guardian("Котова", "Анна", Some("79161234567"))],
    )];
    let second = compare(Lang::Ru, &again, &known);
    assert_eq!(second.plan.people, [], "the mother is known by the child");
    assert_eq!(second.plan.phones.len(), 1);
    let known = after(known, &second.plan);
    assert!(!compare(Lang::Ru, &again, &known).plan.counts.changes_anything());
}

#[test]
fn two_numbers_of_one_mother_do_not_take_turns() {
    let mother = |phone| vec![guardian("Котова", "Анна", Some(phone))];
    let first = compare(
        Lang::Ru,
        &[record(2, "Котов", "Пётр", "7А", mother("79160000000"))],
        &school(),
    );
    let known = after(school(), &first.plan);
    let list = [
        record(2, "Котов", "Пётр", "7А", mother("79161111111")),
        record(3, "Котова", "Вера", "7Б", mother("79160000000")),
    ];
    let second = compare(Lang::Ru, &list, &known);
    assert_eq!((second.plan.people.len(), second.plan.phones.len()), (1, 0));
    let known = after(known, &second.plan);
    assert!(!compare(Lang::Ru, &list, &known).plan.counts.changes_anything());
    // a list that has only the new one brings it
    let third = compare(Lang::Ru, &list[..1], &known);
    assert_eq!(third.plan.phones.len(), 1);
}

#[test]
fn a_pupil_without_a_date_of_birth_is_known_by_the_class() {
    let first = compare(Lang::Ru, &[record(2, "Котов", "Пётр", "7А", vec![])], &school());
    let mut known = after(school(), &first.plan);
    known.people[0].born = None;
    let here = compare(Lang::Ru, &[record(2, "Котов", "Пётр", "7А", vec![])], &known);
    assert_eq!((here.plan.counts.new_pupils, here.plan.births.len()), (0, 1));
    let elsewhere = compare(Lang::Ru, &[record(2, "Котов", "Пётр", "7Б", vec![])], &known);
    assert_eq!(elsewhere.plan.counts.new_pupils, 1, "a namesake");
}

fn any_guardian() -> impl Strategy<Value = RowGuardian> {
    let phone = proptest::option::of(prop_oneof![Just("79160000001"), Just("79160000002")]);
    let names = (
        prop_oneof![Just("Котова"), Just("Лосева")],
        prop_oneof![Just("Анна"), Just("Вера")],
    );
    (names, phone).prop_map(|((last, first), phone)| guardian(last, first, phone))
}

fn any_list() -> impl Strategy<Value = Vec<Record>> {
    let class = prop_oneof![Just("7А"), Just("7 б"), Just("8"), Just("9Я")];
    let seat = proptest::option::of(prop_oneof![Just("Англ 1"), Just("2"), Just("труд м")]);
    let row = (
        class,
        seat,
        1u32..4,
        proptest::collection::vec(any_guardian(), 0..3),
    );
    proptest::collection::vec(row, 0..12).prop_map(|rows| {
        (2u32..)
            .zip(rows)
            .map(|(n, (class, seat, day, guardians))| Record {
                born: born(day),
                subgroups: seat
                    .map(|s| ("Подгруппа".to_owned(), s.to_owned()))
                    .into_iter()
                    .collect(),
                // each row another child: doubles within a list are refused before
                ..record(
                    n,
                    "Котов",
                    &"а".repeat(usize::try_from(n).unwrap()),
                    class,
                    guardians,
                )
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn a_second_import_of_a_list_changes_nothing(list in any_list()) {
        let first = compare(Lang::Ru, &list, &school());
        let good = list.len() - first.bad.len();
        let counts = first.plan.counts;
        prop_assert_eq!(usize::try_from(counts.new_pupils + counts.known_pupils).unwrap(), good);
        prop_assert!(counts.families <= counts.new_pupils);
        let known = after(school(), &first.plan);
        // nobody has a guardian twice, nobody two places in a split
        for person in &known.people {
            let guardians: HashSet<_> = person.guardians.iter().collect();
            prop_assert_eq!(guardians.len(), person.guardians.len());
        }
        let second = compare(Lang::Ru, &list, &known);
        prop_assert!(!second.plan.counts.changes_anything(), "{:?}", second.plan);
        prop_assert_eq!(second.bad.len(), first.bad.len());
    }
}
